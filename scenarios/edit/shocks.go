package edit

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// Shock is something that happens to a plan from one date on: what a stress test tries. It
// names keys of a scenario, and things by the role that they have in a plan, so that one shock
// fits many plans.
type Shock struct {
	Name     string
	Title    string
	Weeks    int    // 0: for good
	From     string // YYYY-MM-DD; empty: the date of the test
	Set      map[string]float64
	Multiply map[string]float64
	Regime   string // recession or expansion, for the weeks
	Freeze   bool   // no team grows any more
	Delay    int    // of funding rounds, in weeks

	places map[string]string // FILE:LINE of what set and multiply say, by key
}

// Shocks gives the shipped shocks.
func Shocks() []Shock {
	list, err := ParseShocks(scenarios.Shocks())
	if err != nil {
		panic("edit: " + err.Error()) // shipped, tested
	}
	return list
}

// OpenShocks reads shocks from a file.
func OpenShocks(file string) ([]Shock, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file", file)
	}
	if err != nil {
		return nil, err
	}
	return ParseShocks(file, string(text))
}

// NotApplicableError says why a shock does not apply to a plan.
type NotApplicableError struct{ Reason string }

// Error implements error.
func (e *NotApplicableError) Error() string { return e.Reason }

// Apply changes a plan, which must not be shared, from a date on.
func (s *Shock) Apply(p *plan.Plan, from plan.Date) error {
	if s.From != "" {
		d, err := plan.ParseDate(s.From)
		if err != nil {
			return fmt.Errorf("%s: from %s: a date such as 2013-07-02 is needed", s.Name, s.From)
		}
		from = d
	}
	end := p.Run.Start + plan.Date(7*int(p.Run.Weeks))
	if from < p.Run.Start || from >= end {
		return &NotApplicableError{fmt.Sprintf("%s lies outside of the run", from)}
	}
	var until plan.Date
	if s.Weeks > 0 {
		until = from + plan.Date(7*s.Weeks)
	}
	c := p.Final("stress", from, until)
	now := p.On(from)
	for _, keys := range []struct {
		of       map[string]float64
		multiply bool
	}{{s.Set, false}, {s.Multiply, true}} {
		for _, key := range sorted(keys.of) {
			named, err := role(now, key)
			if err != nil {
				return err
			}
			if segs, err := plan.SplitKey(named); err == nil {
				named = plan.JoinKey(segs...)
			}
			if why := lacks(p, named); why != "" {
				return &NotApplicableError{why}
			}
			_, param, err := p.Numbers(named)
			if err != nil {
				return err
			}
			if err := s.allowed(key, named, keys.of[key], keys.multiply, param); err != nil {
				return err
			}
			c.Effects = append(c.Effects, plan.Effect{Key: named, Multiply: keys.multiply, Value: keys.of[key], Input: -1})
		}
	}
	if s.Freeze {
		grows := false
		for i := range p.Teams {
			t := &p.Teams[i]
			if !t.Enabled || t.Kind != "people" {
				continue
			}
			key := "teams." + plan.JoinKey(t.Name)
			c.Effects = append(c.Effects, plan.Effect{Key: key + ".hire_when_load_above", Value: 1, Input: -1},
				plan.Effect{Key: key + ".people", Hold: true, Input: -1})
			grows = true
		}
		if !grows {
			return &NotApplicableError{"the plan has no team of people"}
		}
	}
	if s.Delay > 0 {
		late := 0
		for _, r := range now.Finance.Rounds {
			if r.Date+plan.Date(7*r.DelayWeeks) < acts(p, from) {
				continue
			}
			key := "finance.rounds." + plan.JoinKey(r.Name) + ".delay_weeks"
			if slices.ContainsFunc(p.Inputs, func(in plan.Input) bool { return strings.Contains(in.Name, key) }) {
				return &NotApplicableError{key + " is uncertain: state it as a number"}
			}
			c.Effects = append(c.Effects, plan.Effect{Key: key, Value: r.DelayWeeks + float64(s.Delay), Input: -1})
			late++
		}
		if late == 0 {
			return &NotApplicableError{"the plan has no funding round after " + from.String()}
		}
	}
	if s.Regime != "" {
		scripted(p, s.Regime, from, until)
	}
	if len(c.Effects) > 0 {
		*p = *p.With(c)
	}
	return nil
}

// lacks says why a key can do nothing in a plan, or "".
func lacks(p *plan.Plan, key string) string {
	refs, _, err := p.Numbers(key)
	switch {
	case err != nil || len(refs) == 0:
		return "the plan has no " + key
	case strings.HasPrefix(key, "rivals.") && key != "rivals.media_per_week" && !p.HasRivals():
		return "no trigger kind has rival_per_week, so no firm chooses a rival"
	}
	return ""
}

// acts is the first day on which a number other than spend follows a date: that of
// the next step.
func acts(p *plan.Plan, from plan.Date) plan.Date {
	if p.Run.Step == "day" {
		return from
	}
	return p.Run.Start + (from-p.Run.Start+6)/7*7
}

func sorted(m map[string]float64) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// role puts the name of a channel into a key, by what the plan has on the day.
func role(p *plan.Plan, key string) (string, error) {
	if strings.Contains(key, "{largest_channel}") {
		name, most := "", math.Inf(-1)
		for i := range p.Channels {
			c := &p.Channels[i]
			if c.Enabled && c.Driver == "budget" && c.WeeklyBudget > most {
				name, most = c.Name, c.WeeklyBudget
			}
		}
		if !(most > 0) {
			return "", &NotApplicableError{"the plan has no channel with a budget"}
		}
		key = strings.ReplaceAll(key, "{largest_channel}", plan.JoinKey(name))
	}
	if strings.Contains(key, "{search_channel}") {
		i := slices.IndexFunc(p.Channels, func(c plan.Channel) bool {
			return c.Enabled && c.Driver == "budget" && !c.NeedsAwareness && c.Captures != "brand" &&
				strings.Contains(c.Name, "search")
		})
		if i < 0 {
			return "", &NotApplicableError{"the plan has no search channel"}
		}
		key = strings.ReplaceAll(key, "{search_channel}", plan.JoinKey(p.Channels[i].Name))
	}
	return key, nil
}

// Still takes the chance out of a random economy: it stays in the regime of the
// first day, as it does elsewhere under a shock that scripts it for a time.
func Still(p *plan.Plan) { p.Economy.Regime, p.Economy.Path = "scripted", nil }

// scripted puts a regime into the plan's path for a time; a random economy stays in
// the regime of the first day elsewhere.
func scripted(p *plan.Plan, regime string, from, until plan.Date) {
	path := []plan.RegimeFrom{}
	before := p.Economy.StartRegime
	if p.Economy.Regime == "scripted" {
		for _, r := range p.Economy.Path {
			if r.From < from {
				path = append(path, r)
				before = r.Regime
			}
		}
	}
	path = append(path, plan.RegimeFrom{From: from, Regime: regime})
	if until != 0 {
		after := before
		if p.Economy.Regime == "scripted" {
			for _, r := range p.Economy.Path {
				if r.From >= from && r.From <= until {
					after = r.Regime
				}
			}
		}
		path = append(path, plan.RegimeFrom{From: until, Regime: after})
		if p.Economy.Regime == "scripted" {
			for _, r := range p.Economy.Path {
				if r.From > until {
					path = append(path, r)
				}
			}
		}
	}
	p.Economy.Regime, p.Economy.Path = "scripted", path
}
