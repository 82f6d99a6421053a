package value

import (
	"math"
	"slices"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Answer is what knowing is worth before a choice between two plans.
type Answer struct {
	Scenario     string            `json:"scenario"`
	A            string            `json:"a"`
	B            string            `json:"b"`
	Metric       string            `json:"metric"`
	Unit         string            `json:"unit"`
	Draws        int               `json:"draws"`
	SeedsPerDraw int               `json:"seeds_per_draw"`
	Missing      int               `json:"draws_left_out"`
	Seed         uint64            `json:"seed"`
	Weeks        int               `json:"weeks"`
	Uncertain    int               `json:"uncertain_inputs"`
	Difference   analysis.Estimate `json:"difference"` // above 0: B is better
	All          analysis.Estimate `json:"value_of_all"`
	Changes      analysis.Estimate `json:"changes_decision"`
	Explained    analysis.Number   `json:"explained"`
	Worth        bool              `json:"worth_measuring"`
	Inputs       []Knowledge       `json:"inputs"` // from the most valuable

	Currency string      `json:"-"` // of A
	Column   plan.Column `json:"-"` // of the metric
	// Verdict says whether anything is worth measuring.
	Verdict decide.Verdict `json:"-"`
	// Together says that it is the inputs together: no single one changes the decision.
	Together bool `json:"-"`
	// Rival is an input that may be worth as much as the first; nil: none is.
	Rival *Knowledge `json:"-"`
	// Fails says that the company goes out of business in every run of both plans.
	Fails    bool             `json:"fails_always,omitempty"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// Knowledge is what knowing one input is worth.
type Knowledge struct {
	Input   string            `json:"input"`
	Value   analysis.Estimate `json:"value"`
	Changes analysis.Estimate `json:"changes_decision"`
	Turns   *Turn             `json:"turns,omitempty"`

	Of decide.Input `json:"-"`
}

// Turn is the value of an input at which one plan takes over from the other.
type Turn struct {
	At    analysis.Number `json:"at"`
	Low   analysis.Number `json:"low"`
	High  analysis.Number `json:"high"`
	Above bool            `json:"b_is_better_above"`

	Chances [3]float64 `json:"-"` // of the input to lie below At, Low and High
}

// Answer is what a panel of the design says. The error is one of Design, or that the panel
// is of another design.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	c.Draws = p.Replications / c.Seeds
	inputs, at := c.joined()
	difference, known, err := c.differences(p, at)
	if err != nil {
		return nil, err
	}
	x := analysis.InformationOf(difference, known)
	run, m := c.A.Plan.Run, c.metric
	out := &Answer{Scenario: c.A.Plan.Name, A: c.A.Name, B: c.B.Name, Metric: m.Text, Unit: m.Column.Unit, Draws: c.Draws,
		SeedsPerDraw: c.Seeds, Missing: c.Draws - len(difference), Seed: uint64(run.Seed), Weeks: int(run.Weeks),
		Currency: currency.Of(run.Currency).Code, Column: m.Column, Difference: x.Difference, All: x.All,
		Changes: x.Changes, Explained: analysis.Number(x.Explained), Worth: x.Worth, Next: c.next()}
	out.Uncertain = len(inputs)
	for _, k := range x.Inputs {
		out.Inputs = append(out.Inputs, knowledgeOf(inputs[k.Input], k))
	}
	out.conclude()
	if out.Draws < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: out.Draws, Enough: Draws, Of: "draw", For: "to " +
			"learn from",
			Part: "draws"})
	}
	if out.Missing > 0 {
		out.Warnings = append(out.Warnings, decide.LeftOut{What: out.Metric, Has: out.Missing, Of: out.Draws})
	}
	if !decide.AsksOfRuin(m.Outcomes()...) {
		out.Fails = decide.FailsAlways(p, a.A.Name, a.B.Name)
		if r := (decide.RuinSeen{Plan: a.B.Name, Base: a.A.Name, With: decide.RuinOf(p, a.B.Name),
			Without: decide.RuinOf(p, a.A.Name)}); r.With.Value > 0 || r.Without.Value > 0 {
			out.Warnings = append(out.Warnings, r)
		}
	}
	return out, nil
}

// differences are how much better B is than A in each draw, and the inputs of that draw;
// draws without a value are left out.
func (c *checked) differences(p *panel.Panel, at [][]float64) (difference []float64, known [][]float64, err error) {
	one, err := c.metric.Values(p, c.A.Name)
	if err != nil {
		return nil, nil, err
	}
	two, err := c.metric.Values(p, c.B.Name)
	if err != nil {
		return nil, nil, err
	}
	one, two = analysis.Finite(one), analysis.Finite(two)
	for k := range c.Draws {
		from, to := k*c.Seeds, (k+1)*c.Seeds
		x := gain(one[from:to], two[from:to])
		if math.IsNaN(x) {
			continue
		}
		if c.metric.Column.Direction == plan.Less {
			x = 0 - x
		}
		difference, known = append(difference, x), append(known, at[k])
	}
	return difference, known, nil
}

// gain is the mean of the second plan less the first over seeds.
func gain(one, two []float64) (sum float64) {
	for i := range one {
		sum += (two[i] - one[i]) / float64(len(one))
	}
	return sum
}

// The ends of a distribution may lie at infinity: no turn is sought beyond these chances.
const lowest, highest = 0.001, 0.999

func knowledgeOf(in decide.Input, k analysis.Knowing) Knowledge {
	out := Knowledge{Input: in.Name, Value: k.Value, Changes: k.Changes, Of: in}
	if t := k.Turns; t != nil {
		low, high := math.Max(t.Low, lowest), math.Min(t.High, highest)
		at := func(chance float64) analysis.Number { return analysis.Number(in.Dist.Quantile(chance)) }
		out.Turns = &Turn{at(t.Value), at(low), at(high), k.Above, [3]float64{t.Value, low, high}}
	}
	return out
}

// conclude finds the verdict of what is known.
func (a *Answer) conclude() {
	switch {
	case !a.Difference.Known():
		a.Verdict = decide.Verdict{Kind: decide.NotApplicable,
			Why: a.Metric + " has no value with both plans in the same draw"}
	case !a.Worth:
		a.Verdict = decide.Verdict{Kind: decide.No}
	case a.Inputs[0].Value.Value == 0:
		a.Verdict, a.Together = decide.Verdict{Kind: decide.Yes}, true
	default:
		a.Verdict = decide.Verdict{Kind: decide.Yes}
		top := a.Inputs[0]
		same := func(k Knowledge) bool { return !analysis.Apart(top.Value, k.Value) }
		if k := slices.IndexFunc(a.Inputs[1:], same); k >= 0 {
			a.Rival = &a.Inputs[1+k]
		}
	}
}

// Better says which plan is better as things are known, and by how much.
func (a *Answer) Better() (one, other string, by analysis.Estimate) {
	if a.Difference.Value > 0 {
		return a.B, a.A, a.Difference
	}
	return a.A, a.B, a.Difference.Minus()
}

// next are a comparison of the plans, where it takes one line to ask for it, and what the
// metric rests on.
func (c *checked) next() []decide.Step {
	learn := decide.Step{Question: "sensitivity", Metric: c.metric.Text}
	switch {
	case c.A.Base && c.B.Change != "":
		return []decide.Step{{Question: "compare", Changes: []string{c.B.Change}, Metric: c.metric.Text}, learn}
	case c.A.Change == "" && c.B.Change == "":
		return []decide.Step{{Question: "compare", All: true, Metric: c.metric.Text}, learn}
	}
	return []decide.Step{learn}
}
