package pause

import (
	"math"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Answer is what pauses do.
type Answer struct {
	Currency     string   `json:"currency"`
	Scenario     string   `json:"scenario"`
	What         string   `json:"what"`
	Regions      string   `json:"regions,omitempty"`
	From         string   `json:"from"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	Years        float64  `json:"ltv_horizon_years"`
	Inputs       int      `json:"uncertain_inputs"`
	Pauses       []Effect `json:"pauses"` // from the shortest
	// Shortfall is the share of the plan's weekly sign-ups that two weeks running miss by less when a pause is over: a
	// tenth of the deepest dip of all pauses, so that they are held to one line.
	Shortfall analysis.Number `json:"recovered_within"`

	Start    plan.Date        `json:"-"` // first day of the run
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// Effect is what a pause of one length does, against the plan without it.
type Effect struct {
	Length int  `json:"weeks"`
	Idle   bool `json:"no_signups,omitempty"` // with or without the pause
	// Gone says that the company is out of business before the pause begins, in every run; Nothing that the pause spends
	// as much as the plan in every run, and changes nothing.
	Gone      bool                `json:"out_of_business_before,omitempty"`
	Nothing   bool                `json:"nothing_to_pause,omitempty"`
	Signups   analysis.Estimate   `json:"signups"`          // of the run
	InPause   analysis.Estimate   `json:"signups_in_pause"` // relative, over the pause and no longer
	Won       analysis.Estimate   `json:"won"`
	Depth     analysis.Estimate   `json:"depth"`
	DepthWeek int                 `json:"depth_week"`
	Recovery  int                 `json:"weeks_to_recover"` // -1: not within the run
	NeverBack analysis.Estimate   `json:"never_regained"`
	Saved     analysis.Estimate   `json:"saved"`       // media and brand not spent
	Unspent   analysis.Estimate   `json:"not_spent"`   // all cost of acquiring not spent
	Margin    analysis.Estimate   `json:"margin_lost"` // gross margin within the run
	Crossing  int                 `json:"crossing_week"`
	Lifetime  analysis.Estimate   `json:"lifetime_margin"` // change
	Lost      analysis.Estimate   `json:"lifetime_value_lost"`
	CashEnd   analysis.Estimate   `json:"cash_end"`
	RuinA     analysis.Estimate   `json:"out_of_business_plan"`
	RuinB     analysis.Estimate   `json:"out_of_business_pause"`
	Reduction float64             `json:"variance_reduction"`     // of sign-ups in the pause; 0: nothing differs
	RunSaved  float64             `json:"variance_reduction_run"` // of sign-ups of the run
	Ruin      analysis.Estimate   `json:"out_of_business_change"`
	Weekly    []analysis.Estimate `json:"weekly"`
	SavedBy   []analysis.Estimate `json:"not_spent_by_week"` // since the first day
	LostBy    []analysis.Estimate `json:"margin_lost_by_week"`
	By        []Slice             `json:"by"`

	Verdict     decide.Verdict `json:"-"` // whether the pause pays
	From, Until plan.Date      `json:"-"` // Until: the day after the last
	Bands       Bands          `json:"-"`

	path analysis.Pause // of sign-ups
}

// Slice is the change of sign-ups in one slice of the run.
type Slice struct {
	Dimension string            `json:"dimension"`
	Name      string            `json:"name"`
	Change    analysis.Estimate `json:"change"`
	Relative  analysis.Estimate `json:"relative"`
	Share     analysis.Number   `json:"share"` // of the plan's sign-ups
}

// Bands are weekly sign-ups: medians of both plans, quantiles of their differences by
// pair, and those of the difference summed over the run.
type Bands struct {
	Without, With          []float64
	P5, P25, P50, P75, P95 []float64
	Total                  [3]float64 // 5%, 50%, 95%
}

// Answer is what a panel of the design says. The error is a *decide.Problem, or that the
// panel is of another design.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	run := c.Plan.Run
	out := &Answer{Currency: currency.Of(run.Currency).Code, Scenario: c.Plan.Name, What: strings.Join(c.What, ","),
		Regions: strings.Join(c.Regions, ","),
		From:    c.From.String(), Replications: p.Replications, Seed: uint64(run.Seed), Weeks: int(run.Weeks),
		Years: c.Plan.Finance.LTVHorizonYears,
		Start: run.Start, Next: []decide.Step{decide.Respond(c.Plan), {Lesson: "L05"}}}
	if p.Replications < decide.FewPairs {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: p.Replications, Enough: Replications, Of: "pair",
			For: "for single weeks and channels", Part: "replications"})
	}
	if out.Inputs, err = decide.InputsOf(c.Plan); err != nil {
		return nil, err
	}
	schema := model.NewSchema(c.Plan)
	for _, n := range c.Weeks {
		e := effects{Panel: p, schema: schema, with: name(n)}.of(c, n)
		if e.Depth.Known() {
			out.Shortfall = max(out.Shortfall, analysis.Number(-dip*e.Depth.Value))
		}
		out.Pauses = append(out.Pauses, e)
		if e.RuinA.Value > 0 || e.RuinB.Value > 0 {
			out.Warnings = append(out.Warnings, decide.RuinSeen{Weeks: n, With: e.RuinB, Without: e.RuinA})
		}
	}
	for i := range out.Pauses {
		e := &out.Pauses[i]
		e.Recovery = e.path.Recovery(c.last(e.Length), float64(out.Shortfall))
	}
	return out, nil
}

// dip is the share of the deepest dip from which on a pause is over.
const dip = 0.1

// effects takes numbers of one pause from a panel.
type effects struct {
	*panel.Panel
	schema *plan.Schema
	with   string // the setting with the pause
}

// of works out the effect of a pause.
func (x effects) of(c *checked, length int) Effect {
	first, last := c.first(), c.last(length)
	p := analysis.PauseOf(x.weekly(basis, "signups"), x.weekly(x.with, "signups"), first, x.Ties)
	saved, lost := x.money()
	during := x.signups(x.during(basis, first, last), x.during(x.with, first, last))
	whole := x.signups(x.run(basis, "signups"), x.run(x.with, "signups"))
	ruinA, ruinB := x.run(basis, "out_of_business"), x.run(x.with, "out_of_business")
	out := Effect{Length: length, From: c.From, Until: c.until(length),
		Signups: p.Total, InPause: during.Relative, Won: x.change("won"),
		Depth: p.Depth, DepthWeek: p.DepthWeek, path: p, NeverBack: p.NeverBack,
		Saved: x.change("media_and_brand").Minus(), Unspent: x.change("acquisition_cost").Minus(), Margin: x.total(lost),
		Crossing: analysis.Crossing(saved, lost),
		Lifetime: x.change("lifetime_margin"), Lost: x.change("ltv_total", "pipeline_margin", "carry_over_margin").Minus(),
		CashEnd: x.change("cash_end"),
		RuinA:   analysis.ChanceAlike(ruinA, 1), RuinB: analysis.ChanceAlike(ruinB, 1),
		Ruin:      analysis.ChanceChange(ruinA, ruinB, 1),
		Reduction: orNone(during.Reduction), RunSaved: orNone(whole.Reduction),
		Weekly: p.Weeks, SavedBy: x.since(saved), LostBy: x.since(lost), Bands: x.bands()}
	var all float64
	for _, v := range x.run(basis, "signups") {
		all += v
	}
	out.Idle = all == 0 && p.Total.Value == 0
	out.Verdict = decide.Gains(out.Lifetime)
	out.Gone, out.Nothing = x.gone(first), x.nothing()
	switch {
	case out.Gone:
		out.Verdict = decide.Verdict{Kind: decide.NotApplicable,
			Why: "the company is out of business before the pause begins"}
	case out.Nothing:
		out.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: "nothing is spent on what is paused"}
	}
	for _, r := range slicesOf(x.schema) {
		out.By = append(out.By, x.slice(r, all))
	}
	return out
}

// gone says whether the company is out of business before a week, in every run of the plan.
func (x effects) gone(first int) bool {
	if !decide.FailsAlways(x.Panel, basis) {
		return false
	}
	for _, week := range x.weekly(basis, "revenue")[first-1:] {
		if slices.ContainsFunc(week, func(v float64) bool { return v != 0 }) {
			return false
		}
	}
	return true
}

// nothing says whether the pause saves nothing and changes nothing, in every run.
func (x effects) nothing() bool {
	for _, column := range wholeRun {
		a, b := x.run(basis, column), x.run(x.with, column)
		if !slices.Equal(a, b) { // what is not known is not equal
			return false
		}
	}
	return true
}

// FailsAlways says whether the company goes out of business in every run, with each pause and without.
func (a *Answer) FailsAlways() bool {
	return !slices.ContainsFunc(a.Pauses, func(e Effect) bool { return !(e.RuinA.Value == 1 && e.RuinB.Value == 1) })
}

// orNone is a factor, 0 where it is none.
func orNone(x float64) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0
	}
	return x
}

// run is a number of the whole run by replication.
func (x effects) run(setting, column string) []float64 {
	return x.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// weekly is a weekly number, by week and replication.
func (x effects) weekly(setting, column string) [][]float64 {
	out := make([][]float64, x.schema.Weeks)
	for w := range out {
		out[w] = x.Values(panel.Leaf{Setting: setting, Measure: weekly(column, w+1)})
	}
	return out
}

// change is the mean change of the sum of some numbers of the run.
func (x effects) change(columns ...string) analysis.Estimate {
	d := make([]float64, x.Replications)
	for _, column := range columns {
		a, b := x.run(basis, column), x.run(x.with, column)
		for i := range d {
			d[i] += b[i] - a[i]
		}
	}
	return analysis.Mean(d, x.Ties)
}

// money is what is not spent on winning customers, and the gross margin lost, by week
// and replication.
func (x effects) money() (saved, lost [][]float64) {
	for _, column := range spentWeekly {
		saved = plus(saved, less(x.weekly(basis, column), x.weekly(x.with, column)))
	}
	lost = plus(less(x.weekly(basis, "revenue"), x.weekly(x.with, "revenue")),
		less(x.weekly(x.with, "cost_of_revenue"), x.weekly(basis, "cost_of_revenue")))
	return saved, lost
}

// less is a - b.
func less(a, b [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for w := range a {
		out[w] = decide.Less(a[w], b[w])
	}
	return out
}

// plus adds b to a; nil is 0.
func plus(a, b [][]float64) [][]float64 {
	if a == nil {
		return b
	}
	for w := range a {
		for i := range a[w] {
			a[w][i] += b[w][i]
		}
	}
	return a
}

// total is the mean of a sum over the weeks.
func (x effects) total(list [][]float64) analysis.Estimate {
	return x.since(list)[len(list)-1]
}

// since gives the mean of the sum up to each week.
func (x effects) since(list [][]float64) (out []analysis.Estimate) {
	sum := make([]float64, x.Replications)
	for _, week := range list {
		for i, v := range week {
			sum[i] += v
		}
		out = append(out, analysis.Mean(sum, x.Ties))
	}
	return out
}

// during is the number of sign-ups in the weeks of the pause.
func (x effects) during(setting string, first, last int) []float64 {
	sum := make([]float64, x.Replications)
	for _, week := range x.weekly(setting, "signups")[first-1 : last] {
		for i, v := range week {
			sum[i] += v
		}
	}
	return sum
}

// signups compares a number of sign-ups, without and with the pause.
func (x effects) signups(without, with []float64) analysis.Comparison {
	return analysis.Compare(analysis.Sides{Column: plan.Column{Name: "signups", Direction: plan.Neither},
		Ties: x.Ties, Over: [2][]float64{without, with}})
}

// slice is the change of sign-ups in a part of the run, all being those of the plan.
func (x effects) slice(r plan.SliceRow, all float64) Slice {
	a := x.Values(panel.Leaf{Setting: basis, Measure: signupsOf(r)})
	d := decide.Less(x.Values(panel.Leaf{Setting: x.with, Measure: signupsOf(r)}), a)
	var sum float64
	for _, v := range a {
		sum += v
	}
	return Slice{r.Dimension, r.Name, analysis.Mean(d, x.Ties),
		analysis.RelativeTo(analysis.Mean(a, x.Ties), analysis.Ratio(d, a, 1, x.Ties)),
		analysis.Number(sum / all)}
}

// bands are the weekly sign-ups of both plans.
func (x effects) bands() (out Bands) {
	sums := make([]float64, x.Replications)
	a, b := x.weekly(basis, "signups"), x.weekly(x.with, "signups")
	for w := range a {
		d := decide.Less(b[w], a[w])
		for i, v := range d {
			if !math.IsNaN(v) {
				sums[i] += v
			}
		}
		band := analysis.BandOf(d)
		out.P5, out.P25, out.P50 = append(out.P5, band.P5), append(out.P25, band.P25), append(out.P50, band.P50)
		out.P75, out.P95 = append(out.P75, band.P75), append(out.P95, band.P95)
		out.Without = append(out.Without, analysis.BandOf(slices.Clone(a[w])).P50)
		out.With = append(out.With, analysis.BandOf(slices.Clone(b[w])).P50)
	}
	all := analysis.BandOf(sums)
	out.Total = [3]float64{all.P5, all.P50, all.P95}
	return out
}
