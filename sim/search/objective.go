package search

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/metric"
)

// Objective is what is to be as good as possible, over replications.
type Objective struct {
	Text   string
	Metric *metric.Metric
	Column plan.Column // what the metric is
	// Worst, if it is not 0, is the share of replications whose mean counts, those
	// with the worst numbers (conditional value at risk), in place of all.
	Worst float64
	Less  bool // the lower the better
}

// A RiskError is of a risk that cannot be read, or that a metric cannot have.
type RiskError struct{ Risk, Wrong string }

// Error implements error.
func (e *RiskError) Error() string { return "risk " + e.Risk + ": " + e.Wrong }

// NewObjective reads a metric of the goal language and a risk: "" or cvar:5%.
// Which way is better follows its outcomes, and is up where they do not say. The error
// is a *RiskError, or one of the metric.
func NewObjective(text, risk string, columns []plan.Column) (*Objective, error) {
	m, err := metric.ParseMetric(text, columns)
	if err != nil {
		return nil, err
	}
	o := &Objective{Text: text, Metric: m, Column: m.Column}
	o.Less = o.Column.Direction == plan.Less
	if risk == "" {
		return o, nil
	}
	share, ok := strings.CutPrefix(risk, "cvar:")
	x, percent, err := metric.ParseNumber(share)
	switch {
	case !ok || err != nil || !percent || !(x > 0 && x < 1):
		return nil, &RiskError{risk, "cvar:5% is needed, with a share between 0% and 100%"}
	case m.When != nil || m.P != 0:
		return nil, &RiskError{risk, fmt.Sprintf("needs an outcome; %s is a statistic already", text)}
	}
	o.Worst = x
	o.Text = fmt.Sprintf("%s in the worst %s of runs", m.Outcome, strings.TrimSpace(share))
	return o, nil
}

// Outcomes names the outcomes that the objective reads.
func (o *Objective) Outcomes() []string { return o.Metric.Outcomes() }

// Adds says whether replications add up to the objective, so that a few of them
// say something about all.
func (o *Objective) Adds() bool { return o.Worst == 0 && o.Metric.When == nil && o.Metric.P == 0 }

// Of is the objective in a sample.
func (o *Objective) Of(s *analysis.Sample) (float64, error) {
	if o.Worst == 0 {
		e, err := o.Metric.Estimate(s)
		return e.Value, err
	}
	values, err := s.Values(o.Metric.Outcome)
	if err != nil {
		return 0, err
	}
	sorted := analysis.Present(values) // what lies beyond all numbers counts, too
	slices.Sort(sorted)
	if o.Less {
		slices.Reverse(sorted)
	}
	// The worst n·share replications; of the last one a part.
	rest := o.Worst * float64(len(sorted))
	sum, all := 0.0, rest
	for _, x := range sorted {
		part := min(rest, 1)
		sum += part * x
		if rest -= part; rest <= 0 {
			break
		}
	}
	return sum / all, nil
}

// Value is the objective of a sample so that the higher is the better.
func (o *Objective) Value(s *analysis.Sample) (float64, error) {
	x, err := o.Of(s)
	if o.Less {
		x = -x
	}
	return x, err
}

// jackknifed is the largest number of parts of which the jackknife leaves out one at
// a time.
const jackknifed = 50

// Difference is what the objective is in b less what it is in a, replication i of
// both under the same random numbers, with its 95% interval.
func (o *Objective) Difference(a, b *analysis.Sample) (analysis.Estimate, error) {
	if o.Worst == 0 {
		x, err := o.Metric.Estimate(a)
		if err != nil {
			return x, err
		}
		y, err := o.Metric.Estimate(b)
		if err != nil || !x.Known() || !y.Known() {
			return analysis.NoDifference(x, y), err
		}
		if o.chance() {
			return o.changeOfChance(a, b)
		}
	}
	return o.estimate(a, func(part func(*analysis.Sample) *analysis.Sample) (float64, error) {
		x, err := o.Of(part(a))
		if err != nil {
			return 0, err
		}
		y, err := o.Of(part(b))
		return y - x, err
	})
}

// Estimate is the objective in a sample with its 95% interval.
func (o *Objective) Estimate(s *analysis.Sample) (analysis.Estimate, error) {
	if o.Worst == 0 && o.Metric.P == 0 {
		if e, err := o.Metric.Estimate(s); err != nil || !e.Known() || o.chance() {
			return e, err
		}
	}
	return o.estimate(s, func(part func(*analysis.Sample) *analysis.Sample) (float64, error) { return o.Of(part(s)) })
}

// chance says whether the objective is one.
func (o *Objective) chance() bool {
	return o.Metric.P == 0 && analysis.Statistic(o.Column) == "chance"
}

// changeOfChance is the change of a chance in pairs.
func (o *Objective) changeOfChance(a, b *analysis.Sample) (analysis.Estimate, error) {
	x, err := o.Metric.ByReplication(a)
	if err != nil {
		return analysis.Estimate{}, err
	}
	y, err := o.Metric.ByReplication(b)
	return analysis.ChanceChange(x, y, 1), err
}

// estimate is a statistic of replications with its error. The statistic is asked
// for with what has to be done to the samples that it reads.
func (o *Objective) estimate(s *analysis.Sample,
	of func(part func(*analysis.Sample) *analysis.Sample) (float64, error)) (analysis.Estimate, error) {
	var failed error
	ask := func(part func(*analysis.Sample) *analysis.Sample) float64 {
		x, err := of(part)
		if err != nil {
			failed = err
		}
		return x
	}
	if o.Metric.P != 0 {
		picked := make([]int, 0, s.N)
		e := analysis.Bootstrap(s.N, s.Ties, []float64{o.Metric.P}, func(times []int) float64 {
			if times == nil {
				return ask(func(s *analysis.Sample) *analysis.Sample { return s })
			}
			picked = picked[:0]
			for i, n := range times {
				for range n {
					picked = append(picked, i)
				}
			}
			return ask(func(s *analysis.Sample) *analysis.Sample { return pick(s, picked) })
		})
		return e, failed
	}
	e := analysis.JackknifeBy(s.N, groupSize(s), func(from, to int) float64 {
		return ask(func(s *analysis.Sample) *analysis.Sample { return leaveOut(s, from, to) })
	})
	return e, failed
}

// groupSize is the number of replications of a part that the jackknife leaves out.
func groupSize(s *analysis.Sample) int {
	size := s.Ties.Group(s.N)
	return size * ((s.N + jackknifed*size - 1) / (jackknifed * size))
}

// Groups is the number of parts of a sample from which errors of objectives come.
func Groups(s *analysis.Sample) int {
	size := groupSize(s)
	return (s.N + size - 1) / size
}

// leaveOut is a sample without its replications from one to another.
func leaveOut(s *analysis.Sample, from, to int) *analysis.Sample {
	if from == to {
		return s
	}
	return changed(s, s.N-(to-from), func(v []float64) []float64 { return slices.Concat(v[:from], v[to:]) })
}

// pick is a sample of some replications of another.
func pick(s *analysis.Sample, replications []int) *analysis.Sample {
	return changed(s, len(replications), func(v []float64) []float64 {
		out := make([]float64, len(replications))
		for i, k := range replications {
			out[i] = v[k]
		}
		return out
	})
}

func changed(s *analysis.Sample, n int, change func([]float64) []float64) *analysis.Sample {
	out := *s
	out.N = n
	out.Outcome = func(column int) ([]float64, error) {
		v, err := s.Outcome(column)
		if err != nil {
			return nil, err
		}
		return change(v), nil
	}
	return &out
}

// Constraint is a goal that a plan has to meet.
type Constraint struct {
	Text string
	*metric.Goal
}

// NewConstraint reads a constraint in the goal language, such as
// "P(out_of_business) <= 5%".
func NewConstraint(text string, columns []plan.Column) (*Constraint, error) {
	g, err := metric.ParseGoal(text, columns)
	if err != nil {
		return nil, err
	}
	return &Constraint{text, g}, nil
}

// Held is a constraint on a sample: met if its whole 95% interval is on the right
// side of the bound; of a chance that is the bound of Wilson's interval.
type Held struct {
	Constraint string            `json:"constraint"`
	Seen       analysis.Estimate `json:"seen"`
	Verdict    analysis.Verdict  `json:"verdict"`
	Reason     string            `json:"reason,omitempty"` // why more replications would not decide it
	Column     plan.Column       `json:"-"`                // what is held against the bound
}

// Hold judges constraints on a sample.
func Hold(list []*Constraint, s *analysis.Sample) ([]Held, error) {
	out := make([]Held, 0, len(list))
	for _, c := range list {
		line, err := c.Goal.Hold(s)
		if err != nil {
			return nil, err
		}
		out = append(out, Held{c.Text, line.Estimate, line.Verdict, line.Reason, c.Metric.Column})
	}
	return out, nil
}

// Met says whether all constraints are met.
func Met(list []Held) bool {
	return !slices.ContainsFunc(list, func(h Held) bool { return h.Verdict != analysis.Met })
}

// Slack is how far inside of its tightest constraint a sample lies, in shares of
// the bound, or of 1 for a chance. It leaves room for half of the interval that
// judged replications will give, since a plan at the bound itself would not be
// found to keep it. Without constraints it is 0.
func Slack(list []*Constraint, s *analysis.Sample, judged int) (float64, error) {
	least := math.Inf(1)
	for _, c := range list {
		e, err := c.Metric.Estimate(s)
		if err != nil {
			return 0, err
		}
		room := c.Bound - e.Value
		if c.Sign[0] == '>' {
			room = -room
		}
		half := (e.High - e.Low) / 2 * math.Sqrt(float64(s.N)/float64(judged))
		if !math.IsNaN(half) && !math.IsInf(half, 0) {
			room -= half
		}
		if c.Metric.When == nil && c.Bound != 0 {
			room /= math.Abs(c.Bound)
		}
		if math.IsNaN(room) {
			room = math.Inf(-1)
		}
		least = min(least, room)
	}
	if len(list) == 0 {
		return 0, nil
	}
	return least, nil
}

// Shortlist picks points to look at again, the best first: with constraints those
// that no other beats in both value and slack, since those nearest to the bound
// may be there by chance; else the best that are not next to each other.
func Shortlist(points []Point, most int, constrained bool) []Point {
	sorted := slices.Clone(points)
	sorted = slices.DeleteFunc(sorted, func(p Point) bool { return math.IsNaN(p.Value) })
	slices.SortStableFunc(sorted, func(a, b Point) int {
		switch {
		case a.Better(b.Score):
			return -1
		case b.Better(a.Score):
			return 1
		}
		return 0
	})
	var out []Point
	if constrained {
		for _, p := range sorted { // from the best value on
			if len(out) == 0 || p.Slack > out[len(out)-1].Slack {
				out = append(out, p)
			}
		}
		return spreadOver(out, most)
	}
	for _, p := range sorted {
		if len(out) == most {
			break
		}
		if !slices.ContainsFunc(out, func(q Point) bool { return apart(p.X, q.X) < neighbours }) {
			out = append(out, p)
		}
	}
	return out
}

// neighbours is the largest difference of a multiple up to which two points count
// as one on a shortlist.
const neighbours = 0.1

func apart(a, b []float64) (far float64) {
	for i := range a {
		far = max(far, math.Abs(a[i]-b[i]))
	}
	return far
}

// spreadOver takes so many of a list, evenly, with both ends.
func spreadOver(list []Point, most int) []Point {
	if len(list) <= most {
		return list
	}
	out := make([]Point, most)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(most-1)]
	}
	return out
}

// Move is a lever moved down and up from a plan, under the same random numbers, and the
// dollars between the two.
type Move struct {
	Low, High *analysis.Sample
	USD       float64
}

// PerDollar is what a dollar brings on moves of levers, each with a weight: the
// sum over them, with the error of all together, since they share their random numbers.
func (o *Objective) PerDollar(moves []Move, weights []float64) (analysis.Estimate, error) {
	return o.estimate(moves[0].Low, func(part func(*analysis.Sample) *analysis.Sample) (float64, error) {
		var sum float64
		for i, m := range moves {
			if weights[i] == 0 {
				continue
			}
			low, err := o.Of(part(m.Low))
			if err != nil {
				return 0, err
			}
			high, err := o.Of(part(m.High))
			if err != nil {
				return 0, err
			}
			sum += weights[i] * (high - low) / m.USD
		}
		return sum, nil
	})
}

// Marginal is what another dollar on a lever brings.
type Marginal struct {
	Lever  string            `json:"lever"`
	Dollar analysis.Estimate `json:"per_dollar"`
	USD    float64           `json:"-"`                              // between the two moves of the lever
	Reason string            `json:"off_the_common_value,omitempty"` // bound, whole people or noise; empty: on it
}

// Common is the value of a dollar that the levers share at the best point: what a
// dollar brings that is spread over those that are free to move as their moves were.
// The weights are known before a replication is run; weights from the errors would
// favour levers whose errors came out small by chance. together gives
// the sum of what they bring by weight, with its error (PerDollar). Levers whose
// interval does not hold the common value get the reason why: at a bound that keeps
// them from moving there, in whole people, or noise, more than the search could see.
// Without a free lever it is missing. Less says that the metric is the better the lower.
func Common(list []Marginal, s *Space, x []float64, less bool,
	together func(weights []float64) (analysis.Estimate, error)) (analysis.Estimate, error) {
	at := func(m *Marginal) (*Lever, float64) {
		i := slices.IndexFunc(s.Levers, func(l Lever) bool { return l.Name == m.Lever })
		return &s.Levers[i], x[i]
	}
	bound := func(l *Lever, v float64) bool { return v <= l.Low+1e-6 || v >= l.High-1e-6 }
	weights := make([]float64, len(list))
	var all float64
	for i := range list {
		l, v := at(&list[i])
		if m := &list[i]; !bound(l, v) && l.Steps == nil && m.Dollar.Known() {
			weights[i] = m.USD
			all += weights[i]
		}
	}
	common := analysis.Missing(0, "")
	if all > 0 {
		for i := range weights {
			weights[i] /= all
		}
		var err error
		if common, err = together(weights); err != nil {
			return common, err
		}
	}
	for i := range list {
		m := &list[i]
		l, v := at(m)
		// A lever at nothing whose next dollar brings more than that of others could have been raised.
		free := v <= l.Low+1e-6 && m.above(common.Value, less) || v >= l.High-1e-6 && m.above(common.Value, !less)
		switch {
		case m.Dollar.Low <= common.Value && common.Value <= m.Dollar.High:
		case bound(l, v) && !free:
			m.Reason = "bound"
		case l.Steps != nil:
			m.Reason = "whole people"
		default:
			m.Reason = "noise"
		}
	}
	return common, nil
}

// above says whether the whole interval is better than a value; where less is better, below it.
func (m *Marginal) above(value float64, less bool) bool {
	if less {
		return m.Dollar.High < value
	}
	return m.Dollar.Low > value
}
