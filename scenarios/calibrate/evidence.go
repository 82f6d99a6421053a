package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// A setting is a plan that is run for the page of evidence: a shipped scenario,
// with further lines of TOML (a file that extends it) and overrides.
type setting struct {
	scenario string
	weeks    int
	text     string   // lines of a file that extends the scenario
	set      []string // overrides
	trace    bool     // individual histories are kept: touches, waits, customers
}

// with is the setting with one or more overrides; the opening state is the same.
func (s setting) with(set ...string) setting {
	s.set = slices.Concat(s.set, set)
	return s
}

// over is the setting as a file that extends it with some lines.
func (s setting) over(text string) setting {
	s.text += text + "\n"
	return s
}

// run is the setting over a number of weeks.
func (s setting) run(weeks int) setting {
	s.weeks = weeks
	return s
}

// traced is the setting with individual histories.
func (s setting) traced() setting {
	s.trace = true
	return s
}

func (s setting) key() string { return fmt.Sprintf("%+v", s) }

func (s setting) load(root string) (*plan.Plan, error) {
	if s.text == "" {
		return load(root, s.scenario, s.weeks, scenarios.Set(s.set...))
	}
	p, err := scenarios.LoadBytes(s.scenario, fmt.Appendf(nil, "extends = %q\n%s", s.scenario, s.text),
		scenarios.Set(s.set...))
	if err != nil {
		return nil, err
	}
	if s.weeks > 0 {
		p.Run.Weeks = float64(s.weeks)
	}
	return p, nil
}

// A finding is one row of docs/evidence.md: a public number and where the
// simulated one comes from. A new row is one entry of a table in one of the
// evidence_*.go files.
type finding struct {
	id     string // what the recorded number is kept under
	what   string
	rows   string // of docs/facts.md, the first of them with the public number
	public string // the public number, as it is printed
	in     span   // its range as published
	format string

	on   []setting // what it is measured on: the plan, then what it is compared with on the same random numbers
	n    int       // replications
	of   func(*sample) float64
	file func(*plan.Plan) float64 // instead of of: a number that the scenario states

	later string // why the row cannot hold, or cannot be expressed, and the key that will change that
}

// span is a range as published; both ends alike: one number without a range.
type span struct{ low, high float64 }

func exactly(x float64) span { return span{x, x} }

// nothing is the range of a row against which no public number stands.
var nothing = span{none, none}

// A sample is what the settings of a row gave, without the replications that a
// jackknife leaves out.
type sample struct {
	plans   []*plan.Plan
	years   [][]*year // by setting and replication
	skip    int       // the group of replications that is left out, of groups; -1: none
	groups  int
	perPlan int
}

// sum adds a number over the replications of setting i.
func (s *sample) sum(i int, of func(*year) float64) float64 {
	var t float64
	for r, y := range s.years[i][:s.perPlan] {
		if s.skip < 0 || r%s.groups != s.skip {
			t += of(y)
		}
	}
	return t
}

// mean is a number's mean over the replications of the first setting.
func (s *sample) mean(of func(*year) float64) float64 {
	return s.sum(0, of) / s.sum(0, func(*year) float64 { return 1 })
}

// jackknifeGroups is the largest number of groups of replications of which one at a time is left out.
const jackknifeGroups = 20

// estimate gives the row's number and its standard error: the jackknife over
// groups of replications, which keeps the pairs of paired settings together.
func (f *finding) estimate(s *sample) (mean, se float64) {
	s.skip = -1
	mean = f.of(s)
	s.groups = min(s.perPlan, jackknifeGroups)
	left := make(series, s.groups)
	for g := range left {
		s.skip = g
		left[g] = f.of(s)
	}
	var v float64
	for _, x := range left {
		v += (x - left.mean()) * (x - left.mean())
	}
	return mean, math.Sqrt(v * float64(s.groups-1) / float64(s.groups))
}

// A recorded number is what the page prints of a row, as it is kept in evidence.json.
type recorded struct {
	ID   string  `json:"id"`
	Mean float64 `json:"mean"`
	SE   float64 `json:"se"`
	N    int     `json:"n"` // replications; 0: the scenario states it
}

// least is the smallest number of replications with an error: four groups of the jackknife.
const least = 4

// measureFindings gives the numbers of some rows, with scale times their replications.
// Settings that several rows name are run once.
func measureFindings(root string, rows []finding, scale float64, workers int) ([]recorded, error) {
	need := map[string]int{}
	last := map[string]int{} // the row after which the runs of a setting are not needed any more
	settings := map[string]setting{}
	for i, f := range rows {
		for _, s := range f.on {
			k := s.key()
			settings[k], last[k] = s, i
			need[k] = max(need[k], f.replications(scale))
		}
	}
	plans, years := map[string]*plan.Plan{}, map[string][]*year{}
	var out []recorded
	for i, f := range rows {
		s := &sample{perPlan: f.replications(scale)}
		for _, on := range f.on {
			k := on.key()
			if plans[k] == nil {
				p, y, err := runSetting(root, on, need[k], workers, f.of != nil || usedLater(rows[i+1:], k))
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", f.id, on.scenario, err)
				}
				plans[k], years[k] = p, y
			}
			s.plans, s.years = append(s.plans, plans[k]), append(s.years, years[k])
		}
		r := recorded{ID: f.id}
		switch {
		case f.file != nil:
			r.Mean = f.file(s.plans[0])
		case f.of != nil:
			r.N = s.perPlan
			r.Mean, r.SE = f.estimate(s)
		}
		if math.IsNaN(r.Mean) || math.IsNaN(r.SE) || math.IsInf(r.Mean, 0) {
			return nil, fmt.Errorf("%s: no number (%g ± %g)", f.id, r.Mean, r.SE)
		}
		if f.file != nil || f.of != nil {
			out = append(out, r)
		}
		for k, at := range last {
			if at == i {
				delete(years, k)
			}
		}
	}
	return out, nil
}

// usedLater says whether a later row measures on the runs of a setting.
func usedLater(rows []finding, key string) bool {
	return slices.ContainsFunc(rows, func(f finding) bool {
		return f.of != nil && slices.ContainsFunc(f.on, func(s setting) bool { return s.key() == key })
	})
}

func (f *finding) replications(scale float64) int {
	if f.of == nil {
		return 0
	}
	return max(least, scaled(f.n, scale))
}

// runSetting loads a setting and, if a row measures on it, runs it.
func runSetting(root string, s setting, n, workers int, measured bool) (*plan.Plan, []*year, error) {
	p, err := s.load(root)
	if err != nil || !measured {
		return p, nil, err
	}
	var years []*year
	err = replicate(p, n, workers, s.trace, func(schema *plan.Schema, rec *plan.Record, trace *model.Trace) {
		y := newYear(p, schema, rec)
		y.trace = trace
		years = append(years, y)
	})
	return p, years, err
}

// verdict compares a row's number with its range. A number whose 95% interval holds an end
// of the range is too close to call; against a single number, one that does not round to it.
func (f *finding) verdict(r recorded) string {
	switch {
	case f.of == nil && f.file == nil:
		return "not expressible: " + f.later
	case math.IsNaN(f.in.low):
		return sentence("reported", f.later)
	}
	low, high := f.in.low, f.in.high
	if low == high { // one number: what rounds to it
		half := 0.5 * lastDigit(f.in.low)
		low, high = low-half, high+half
	}
	margin := 1.96 * r.SE
	inside := r.Mean >= low && r.Mean <= high
	atAnEnd := math.Abs(r.Mean-low) <= margin || math.Abs(r.Mean-high) <= margin
	switch {
	case inside && (!atAnEnd || f.in.low == f.in.high || r.N == 0):
		return "met"
	case inside || atAnEnd:
		return "too close to call"
	case r.Mean < low:
		return sentence("**missed**: "+far(f.in.low-r.Mean)+" below", f.later)
	}
	return sentence("**missed**: "+far(r.Mean-f.in.high)+" above", f.later)
}

func sentence(verdict, why string) string {
	if why == "" {
		return verdict
	}
	return verdict + "; " + why
}

// far is a distance from the range, in the row's own unit.
func far(by float64) string { return strconv.FormatFloat(digits(by, 2), 'f', -1, 64) }

// lastDigit is the value of the last digit of a number as it is written: 0.1 of 2.3, 1 of 45.
func lastDigit(x float64) float64 {
	_, after, _ := strings.Cut(fmt.Sprintf("%g", x), ".")
	return math.Pow(10, -float64(len(after)))
}

// where says what a row was measured on.
func (f *finding) where(r recorded) string {
	if len(f.on) == 0 {
		return "-"
	}
	name := f.on[0].scenario
	if f.file != nil {
		return name + ", as stated"
	}
	what := "runs"
	if len(f.on) > 1 {
		what = "pairs"
	}
	return fmt.Sprintf("%s, %d %s", name, r.N, what)
}

// byID finds the recorded number of a row.
func byID(numbers []recorded, id string) (recorded, bool) {
	i := slices.IndexFunc(numbers, func(r recorded) bool { return r.ID == id })
	if i < 0 {
		return recorded{}, false
	}
	return numbers[i], true
}

// sameFindings lists the rows of a fresh, shorter run that lie more than four
// standard errors of the difference from the recorded ones.
func sameFindings(fresh, kept []recorded) []string {
	var out []string
	for _, r := range fresh {
		was, ok := byID(kept, r.ID)
		if !ok {
			out = append(out, r.ID+": not recorded")
			continue
		}
		spread := 0.0
		if r.N > 0 {
			spread = max(r.SE, was.SE*math.Sqrt(float64(was.N)/float64(r.N)))
		}
		allowed := max(4*math.Hypot(spread, was.SE), 1e-5*math.Abs(was.Mean)) // recorded with six digits
		if math.Abs(r.Mean-was.Mean) > allowed {
			out = append(out, fmt.Sprintf("%s: %.4g now, %.4g recorded (%.3g apart, %.3g allowed)", r.ID, r.Mean, was.Mean,
				math.Abs(r.Mean-was.Mean), allowed))
		}
	}
	return out
}
