// Package pause asks what a pause of brand media or channels saves, what it costs, how
// deep the hole is, how long it lasts and what never comes back: the plan with pauses
// of some lengths beside the same plan without one, on the same random numbers.
package pause

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Replications are the pairs of each length that show single weeks and channels.
const Replications = 1000

// defaultWeek is the week of the run in which a pause begins that has no date.
const defaultWeek = 40

// Lengths are the weeks of the pauses that nobody named.
var Lengths = []int{1, 2, 3, 6}

// Ask is a question about pauses.
type Ask struct {
	Plan *plan.Plan
	// What is paused: brand for all brand media, or names of media and channels that
	// have a budget.
	What []string
	// Weeks are the lengths of the pauses; none: those of Lengths that end within the run.
	Weeks []int
	// From is the first day; 0: the first of the run's week 40, or of its middle.
	From plan.Date
	// Regions are those in which media pause; none: all.
	Regions []string
	// Replications are the pairs of each length; 0: Replications.
	Replications int
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	pause *edit.Pause
}

// basis is the setting without a pause.
const basis = "plan"

func name(weeks int) string { return "pause of " + decide.Weeks(weeks) }

// check fills in what was not asked and finds what is wrong: a *decide.Problem.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a}
	if c.Replications == 0 {
		c.Replications = Replications
	}
	var err error
	if c.pause, err = edit.NewPause(a.Plan, a.What, a.Regions); err != nil {
		return nil, decide.OfEdit(err)
	}
	c.Plan = c.pause.Without()
	run := c.Plan.Run
	weeks := int(run.Weeks)
	end := run.Start + plan.Date(7*weeks)
	if c.From == 0 {
		c.From = run.Start + plan.Date(7*(min(defaultWeek, weeks/2+1)-1))
	}
	if len(a.Weeks) == 0 {
		a.Weeks = slices.DeleteFunc(slices.Clone(Lengths), func(n int) bool { return n > 1 && c.until(n) > end })
	}
	c.Weeks = slices.Compact(slices.Sorted(slices.Values(a.Weeks)))
	if len(c.Weeks) == 0 || c.Weeks[0] < 1 || c.Weeks[len(c.Weeks)-1] > weeks {
		p := decide.Wrong("weeks", joined(a.Weeks), "whole numbers from 1 to %d joined by commas are needed", weeks)
		p.Low, p.High = "1", fmt.Sprint(weeks)
		return nil, p
	}
	if c.From < run.Start || c.From >= end {
		p := decide.Wrong("from", c.From.String(), "the run is from %s to %s", run.Start, end-1)
		p.Low, p.High = run.Start.String(), (end - 1).String()
		return nil, p
	}
	for _, n := range c.Weeks {
		if c.until(n) > end {
			p := decide.Wrong("weeks", fmt.Sprint(n), "the pause would end after the run")
			p.High = fmt.Sprint(int(end-c.From) / 7)
			return nil, p
		}
	}
	return c, nil
}

// joined writes numbers as they are asked.
func joined(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = fmt.Sprint(n)
	}
	return strings.Join(texts, ",")
}

// until is the day after the last of a pause.
func (c *checked) until(weeks int) plan.Date { return c.From + plan.Date(7*weeks) }

// first is the week of the run (from 1) in which pauses begin.
func (c *checked) first() int { return int(c.From-c.Plan.Run.Start)/7 + 1 }

// last is the last week of the run that lies in a pause, if only in part.
func (c *checked) last(weeks int) int { return (int(c.until(weeks)-c.Plan.Run.Start) + 6) / 7 }

// Weekly money that a pause moves: what is spent on winning customers, and what
// they bring. Fees hold revenue shares too, which are no cost of acquiring.
var (
	spentWeekly = []string{"media", "brand", "pay", "commission", "onboarding", "fees"}
	wholeRun    = []string{"signups", "won", "lifetime_margin", "acquisition_cost", "ltv_total", "pipeline_margin",
		"carry_over_margin",
		"media_and_brand", "cash_end", "cash_trough", "out_of_business", "leads", "journeys"}
	dimensions = []string{"channel", "size", "region"}
)

// Design is what is to be run: the plan, and the plan with a pause of each length. The
// error is a *decide.Problem.
func (a Ask) Design() (*decide.Design, error) { return decide.DesignOf(a.check) }

// Designed is the design of an ask that was checked.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.Replications, Seed: uint64(c.Plan.Run.Seed),
		Settings: []decide.Setting{{Name: basis, Plan: c.Plan}}}
	for _, n := range c.Weeks {
		d.Settings = append(d.Settings, decide.Setting{Name: name(n), Plan: c.pause.Plan(c.From, c.until(n))})
	}
	schema := model.NewSchema(c.Plan)
	for _, s := range d.Settings {
		for w := 1; w <= schema.Weeks; w++ {
			for _, column := range append([]string{"signups", "won", "revenue", "cost_of_revenue"}, spentWeekly...) {
				d.Keep(s.Name, weekly(column, w))
			}
		}
		for _, column := range wholeRun {
			d.Keep(s.Name, panel.Measure{Column: column})
		}
		for _, r := range slicesOf(schema) {
			d.Keep(s.Name, signupsOf(r))
		}
	}
	return d
}

func weekly(column string, week int) panel.Measure {
	return panel.Measure{Column: column, From: week, To: week}
}

// slicesOf lists the parts of the run whose sign-ups are told.
func slicesOf(s *plan.Schema) (out []plan.SliceRow) {
	for _, r := range s.SliceRows {
		if slices.Contains(dimensions, r.Dimension) && r.Name != plan.Unassigned {
			out = append(out, r)
		}
	}
	return out
}

func signupsOf(r plan.SliceRow) panel.Measure {
	return panel.Measure{Column: "signups", Dimension: r.Dimension, Name: r.Name}
}
