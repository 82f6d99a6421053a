package respond

import (
	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Answer is how outcomes respond: along one key (Curves), over two (Surface), or to the
// budget of every channel and brand medium (Ranked, with a curve each), or to an amount
// more on each of those and each team (Ranked).
type Answer struct {
	Currency     string   `json:"currency"`
	Scenario     string   `json:"scenario"`
	Outcomes     []string `json:"outcomes"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	Inputs       int      `json:"uncertain_inputs"`
	Amount       float64  `json:"amount,omitempty"`
	Axes         []*Axis  `json:"axes,omitempty"`
	Curves       []Curve  `json:"curves"`
	Ranked       []Ranked `json:"ranked,omitempty"` // the first gets the next dollar
	// Lead is what the next dollar brings on the first channel over the next that it is
	// not told from, else over the second.
	Lead    *analysis.Estimate `json:"lead_of_the_first,omitempty"`
	Surface []Cell             `json:"surface,omitempty"`
	// BreakEven is what a dollar has to bring of the first outcome to come back: 0 where that counts the dollar as a
	// cost, else 1; nil where it is no money that a dollar could come back as.
	BreakEven *float64 `json:"break_even,omitempty"`
	// RunFurther are the places whose next dollar was looked at in more replications than the points have, since they
	// were not told from the first by those.
	RunFurther          []string `json:"channels_run_further,omitempty"`
	FurtherReplications int      `json:"replications_run_further,omitempty"`
	decide.Ruined
	// RuinThere is the chance to go out of business with the amount where it goes.
	RuinThere analysis.Estimate `json:"-"`

	Metrics []*metric.Metric `json:"-"` // of Outcomes
	// Verdict says whether one point or place is seen to be the best. Of places No is nowhere: no dollar is seen to
	// come back, and each is seen to be lost, or nothing changes whatever is spent.
	Verdict decide.Verdict `json:"-"`
	// Goes is the place where the next dollar goes, the least bad one where it goes nowhere; nil: none has a number.
	Goes *Ranked `json:"-"`
	// Pays says that the next dollar there is seen to come back; Flat that no point, or dollar, is seen to differ.
	Pays, Flat bool `json:"-"`
	// FarPrice says that the best point has a price further from the plan's than the record of what customers do
	// reaches.
	FarPrice bool `json:"-"`
	// Tied are the points that the best is not told from.
	Tied int `json:"-"`
	// Best is the best point, Rival one that it is not told from; nil of channels.
	Best, Rival *Point `json:"-"`
	// RivalChannel is one from which Goes is not told; empty: none.
	RivalChannel string           `json:"-"`
	Take         *Take            `json:"-"` // where a dollar is taken away; nil: there is no place for it
	Responses    []Response       `json:"-"` // of channels on which the plan spends
	Worth        float64          `json:"-"` // lifetime value of a customer
	Warnings     []decide.Warning `json:"-"`
	Next         []decide.Step    `json:"-"`
}

// Point is one by its place on the axes.
type Point struct {
	Place []int
	Value analysis.Estimate // of the first outcome
}

// Curve is the response of one outcome.
type Curve struct {
	Name    string       `json:"name"` // of the key, or of the channel
	Outcome string       `json:"outcome"`
	Points  []CurvePoint `json:"points"`

	Column plan.Column `json:"-"` // of the outcome
}

// CurvePoint is one value of the key. Average and Marginal are per dollar of media and
// brand where that moves, else per unit of the key: against the first point, and against
// the point before. Saved is the variance of the step of unpaired points over that of
// paired ones.
type CurvePoint struct {
	X        float64            `json:"x"`
	Name     string             `json:"name"`
	Value    analysis.Estimate  `json:"value"`
	Spend    analysis.Estimate  `json:"media_and_brand"`
	Average  *analysis.Estimate `json:"average,omitempty"`
	Marginal *analysis.Estimate `json:"marginal,omitempty"`
	Saved    *float64           `json:"variance_reduction,omitempty"`
}

// Ranked is a place by what its next dollar brings. Of an amount Last, Won and CAC are not asked.
type Ranked struct {
	Channel string             `json:"channel"`
	Kind    string             `json:"kind"`                      // Channel, Brand or Team
	Next    analysis.Estimate  `json:"next_dollar"`               // from 1x to 1.5x, or of the amount
	Last    *analysis.Estimate `json:"last_dollar,omitempty"`     // from 0.75x to 1x
	Spend   analysis.Number    `json:"media"`                     // of an amount that of the plan
	Won     *analysis.Estimate `json:"customers_added,omitempty"` // against 0x
	CAC     *analysis.Estimate `json:"media_a_customer_added,omitempty"`
	// Costs is what the amount came to: what was spent of it, or the pay of whole people.
	Costs  *analysis.Estimate `json:"costs,omitempty"`
	Change string             `json:"change,omitempty"` // of the plan, KEY=VALUE, that spends it

	key string
}

// Cell is a point of a surface; Down and Across are the marginal values against the
// neighbours before it, as in a curve.
type Cell struct {
	X      float64            `json:"x"`
	Y      float64            `json:"y"`
	Value  analysis.Estimate  `json:"value"`
	Down   *analysis.Estimate `json:"marginal_down,omitempty"`
	Across *analysis.Estimate `json:"marginal_across,omitempty"`
}

// Take is the place whose last dollar brings least, that where the next one goes aside.
type Take struct {
	Channel string
	Last    analysis.Estimate
	Cut     bool // the last dollar there is seen to be lost, so it is saved by a cut
	Alike   bool // what is given and what is taken may be worth the same
	Loses   bool // to move one would lose by it
	// Rivals are the other places whose last dollar is lost and not told from the one here.
	Rivals []string
}

// Response is what a channel wins at each of Levels, in all channels, and what the next
// customer costs from each to the one above.
type Response struct {
	Channel  string
	Spend    []float64 // a week
	Won      []analysis.Estimate
	Marginal []analysis.Estimate
	Now      float64 // spend of the plan, a week
}

// Answer is what a panel of the design says. The error is one of Design, that the panel
// is of another design, or a *NoBudgetError where nothing is spent.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	run := c.Plan.Run
	out := &Answer{Currency: currency.Of(run.Currency).Code, Scenario: c.Plan.Name, Outcomes: c.Outcomes,
		Replications: p.Replications, Seed: uint64(run.Seed), Weeks: int(run.Weeks), Axes: c.axes, Metrics: c.metrics,
		Amount: c.Amount, BreakEven: breakEven(c.metrics[0])}
	if out.Inputs, err = decide.InputsOf(c.Plan); err != nil {
		return nil, err
	}
	if p.Replications < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: p.Replications, Enough: Replications, Of: "run",
			For: "for values at the margin", Part: "replications"})
	}
	x := responses{Panel: p, checked: c, Answer: out}
	out.Ruined = decide.RuinedOf(p, basis)
	switch len(c.axes) {
	case 0:
		return out, x.answerPlaces()
	case 1:
		err = x.answerCurve()
	default:
		err = x.answerSurface()
	}
	out.Next = []decide.Step{decide.Respond(c.Plan)}
	return out, err
}

// responses fills an answer with numbers of a panel.
type responses struct {
	*panel.Panel
	*checked
	*Answer
}

// first is the outcome that decides.
func (x responses) first() *metric.Metric { return x.metrics[0] }

// kept are the statistics of a setting: the metric, and what is kept besides.
func (x responses) kept(m *metric.Metric, setting string, more ...string) ([]panel.Statistic, error) {
	s, err := m.Of(x.Panel, setting)
	out := []panel.Statistic{s}
	for _, column := range more {
		out = append(out, x.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}}))
	}
	return out, err
}

// brought is the first metric of some settings, each with the dollars that it costs.
func (x responses) brought(settings []string) (out []panel.Statistic, err error) {
	for _, s := range settings {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return nil, err
		}
		out = append(out, kept...)
	}
	return out, nil
}
