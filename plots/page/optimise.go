package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/optimise"
)

// Optimise lays out the plan that was found; file is where it was written, if it was.
func Optimise(a *optimise.Answer, file string, cure Cure) *Document {
	x := optimisePage{a, words.In(a.Currency), words.FormatOf(a.Column.Name, a.Column.Unit), cure}
	said := x.said(file)
	return &Document{Question: "optimise", Scenario: a.Scenario, Currency: x.in, Next: a.Next, Seed: a.Seeds[0],
		Size: fmt.Sprintf("%s of %s, judged on %s", x.tried(), words.Counted(a.Replications, "run"),
			words.Counted(a.HoldOut, "pair")),
		Searched: true, Sentences: said.sentences(), Warnings: x.warnings(cure), Sheets: x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return optimiseData{Warnings: warnings, Currency: x.in, Scenario: a.Scenario, Metric: a.Metric, Weeks: a.Weeks,
				Seeds: a.Seeds, Evaluations: a.Evaluations, Replications: a.Replications, Used: a.Used, HoldOut: a.HoldOut,
				MarginalReplications: a.MarginalReplications, Lines: said, Offered: a.Offered, File: file, Answer: a}
		}}
}

// optimiseData is the answer as programs read it, with what is said of it: before the numbers.
type optimiseData struct {
	Warnings             []string  `json:"warnings,omitempty"`
	Currency             words.In  `json:"currency"`
	Scenario             string    `json:"scenario"`
	Metric               string    `json:"metric"`
	Weeks                int       `json:"weeks"`
	Seeds                [3]uint64 `json:"seeds"`
	Evaluations          int       `json:"evaluations"`
	Replications         int       `json:"replications"`
	Used                 int       `json:"search_replications"`
	HoldOut              int       `json:"hold_out"`
	MarginalReplications int       `json:"replications_at_the_margin"`
	Lines
	Offered bool   `json:"offered"`
	File    string `json:"file,omitempty"`
	*optimise.Answer
}

// optimisePage writes an answer in the unit of its metric.
type optimisePage struct {
	*optimise.Answer
	in   words.In
	f    words.Format
	cure Cure
}

func (x optimisePage) money(usd float64) string { return x.in.Money().Text(usd) }

func (x optimisePage) tried() string { return words.Counted(x.Evaluations, "plan") }

func (x optimisePage) pairs() string { return words.Sized(x.HoldOut, decide.FewPairs, "pair") }

// rival is what the plan that was found has to beat.
func (x optimisePage) rival() string {
	if x.Scaled {
		return "the plan scaled to the budget"
	}
	return "the plan"
}

// per is the amount of which is told what it brings.
func (x optimisePage) per() words.Per {
	var values []float64
	if x.Common != nil {
		values = append(values, x.Common.Value)
	}
	for _, l := range x.Levers {
		if l.Marginal != nil {
			values = append(values, l.Marginal.Dollar.Value)
		}
	}
	return words.PerOf(x.in, x.f.IsMoney(), values...)
}

// perDollar writes what the amount brings, with its interval.
func (x optimisePage) perDollar(e analysis.Estimate) string {
	write := func(v float64) string { return words.Plain.Text(v * x.per().Amount) }
	if x.f.IsMoney() {
		write = x.per().Brings
	}
	return words.Ends(write, e)
}

func (x optimisePage) warnings(cure Cure) (out []string) {
	if len(x.Idle) > 0 {
		out = append(out, fmt.Sprintf("%s: the plan has 0 there, and times nothing is nothing, so it is no lever; %s "+
			"gives it something to multiply", words.List(x.Idle), cure("set", x.Idle[0]+"=VALUE")))
	}
	for _, w := range x.Warnings {
		few, ok := w.(decide.FewRuns)
		if ok && few.Part == "evaluations" {
			few.For = fmt.Sprintf("for %s: the best plan may be far from here", words.Counted(len(x.Levers), "lever"))
		}
		if ok {
			out = append(out, cure.few(few))
		}
	}
	return out
}

// pictures are what the levers spend, and the frontier: the metric against the chance to go out of business.
func (x optimisePage) pictures() (out []Picture) {
	source := picture.Source{Replications: x.HoldOut, Seed: x.Seeds[2], Scenario: x.Scenario, Currency: x.Currency,
		Note: picture.Uncertain(x.Inputs)}
	// What a plan spends is known before it is run: no runs and no seed stand under the picture.
	spends := picture.Bars{Source: picture.Source{Scenario: x.Scenario, Currency: x.Currency}, Names: "lever",
		ValueName: x.in.Axis("Spend of the run"), Finding: "Spend of the best of " + x.tried() + " and of " + x.Scenario +
			", by lever, the largest change first", Lines: []picture.Line{{Name: "best"}, {Name: x.Scenario}}}
	for _, l := range x.ByMove() {
		if l.Spend == 0 && l.PlanSpend == 0 {
			continue
		}
		spends.Labels = append(spends.Labels, lever(l))
		for i, usd := range []float64{l.Spend, l.PlanSpend} {
			spends.Lines[i].Points = append(spends.Lines[i].Points, analysis.Estimate{Value: usd, Low: usd, High: usd})
		}
	}
	if len(spends.Labels) > 0 {
		spends.Sort(func(row int) float64 {
			return math.Abs(spends.Lines[0].Points[row].Value - spends.Lines[1].Points[row].Value)
		})
		out = append(out, Picture{Name: "spend", Data: spends})
	}
	if x.Outcome == "" || len(x.Frontier) < 2 {
		return out
	}
	source.Replications = x.FrontierReplications
	t := picture.Tradeoff{Source: source,
		X: words.Measure{Name: x.Outcome, Unit: x.Column.Unit},
		Y: words.Measure{Name: "out_of_business", Unit: "chance"}, LessX: x.Less, LessY: true,
		Plans: []picture.Choice{{Name: x.Scenario, Plan: true, X: x.Plain.Value, Y: x.Plain.Ruin}}}
	for i, f := range x.Frontier {
		t.Plans = append(t.Plans, picture.Choice{Name: strconv.Itoa(i + 1), X: f.Value, Y: f.Ruin})
	}
	return append(out, Picture{Name: "metric-and-risk", Data: t})
}

// sheets are the tables of the answer: what was found against what, constraints, levers and frontier.
func (x optimisePage) sheets() []*Sheet {
	out := []*Sheet{x.plans()}
	if len(x.Constraints) > 0 {
		out = append(out, x.constraints())
	}
	out = append(out, x.levers())
	if len(x.Frontier) > 0 {
		out = append(out, x.frontier())
	}
	return out
}

func (x optimisePage) spent(usd float64) Cell { return Num(x.money(usd), usd) }

// plans is the table of the plan that was found and those that it has to beat.
func (x optimisePage) plans() *Sheet {
	s := NewSheet("plans", "The plan that was found, on the hold-out", "plan", "±"+x.Metric, "±gain of the best",
		"#spends")
	s.Row("best", With(x.f, x.Best), "", x.spent(x.Spend))
	s.Row(x.Scenario, With(x.f, x.Plan), With(x.f, x.Gain), x.spent(x.PlanSpend))
	if x.Scaled {
		s.Row(x.rival(), With(x.f, x.Split), With(x.f, x.OverSplit), x.spent(x.SplitSpend))
	}
	s.Notes = []string{fmt.Sprintf("On the runs that it chose by, the search saw a gain of %s over %s.",
		x.f.Text(float64(x.Seen)), x.rival())}
	return s
}

// constraints is the table of what the plan has to keep.
func (x optimisePage) constraints() *Sheet {
	s := NewSheet("constraints", "Constraints of the best plan, on the hold-out", "constraint", "±seen", "95% interval",
		"verdict")
	for _, h := range x.Constraints {
		f := words.FormatOf(h.Column.Name, h.Column.Unit)
		s.Row(h.Constraint, Value(f, h.Seen), words.Between(f, h.Seen),
			strings.TrimSuffix(string(h.Verdict)+": "+h.Reason, ": "))
	}
	return s
}

// levers is the table of levers, of what each change brings, and of what their next dollar does.
func (x optimisePage) levers() *Sheet {
	one := x.per().Name()
	s := NewSheet("levers", "Levers, those first whose spend moves most", "lever", "what changes", "±it brings",
		"#plan spends", "#best spends", "±the next "+one+" brings", "off the common value")
	off, unseen := false, false
	for _, l := range x.ByMove() {
		brings, next, reason := Words(""), Words(""), Words("")
		if l.Brings != nil {
			brings = Change(x.f, *l.Brings)
		}
		unseen = unseen || l.Brings == nil && l.Spend != l.PlanSpend
		if m := l.Marginal; m != nil {
			next, reason = Value(words.Plain, m.Dollar), coded(offCommon[m.Reason], m.Reason)
			off = off || m.Reason != ""
			next.Text = x.perDollar(m.Dollar)
		}
		plan, best := any(""), any("")
		if l.Spend != 0 || l.PlanSpend != 0 {
			plan, best = x.spent(l.PlanSpend), x.spent(l.Spend)
		}
		s.Row(Cell{Text: lever(l), Code: l.Lever}, x.change(l), brings, plan, best, next, reason)
	}
	seen := ""
	if unseen {
		seen = " Only the largest changes were taken back to see it."
	}
	s.Notes = []string{fmt.Sprintf("It brings: %s of the best plan, over that with this lever alone as the plan has "+
		"it.%s", x.Metric, seen)}
	if c := x.Common; c != nil && !math.IsNaN(c.Value) {
		s.Notes = append(s.Notes, fmt.Sprintf("The next %s brings %s of %s on the levers that are free to move; "+
			"each was moved by 10%% (95%% intervals, %s).", one, x.perDollar(*c), x.Metric,
			words.Sized(x.MarginalReplications, optimise.FewMarginal, "pair")))
	}
	if off {
		s.Notes = append(s.Notes, fmt.Sprintf("Off the common value: why the next %s on this lever does not bring what it "+
			"brings on the others.", one))
	}
	return s
}

// offCommon are the reasons why a lever's next dollar does not bring what that of others does.
var offCommon = map[string]string{"bound": "it is at its limit", "whole people": "it moves in whole people",
	"noise": "the search could not tell"}

// frontier is the table of plans that no other beat in the metric and the chance to go out of business.
func (x optimisePage) frontier() *Sheet {
	s := NewSheet("frontier", "Plans of the search that no other beat in both", "plan", "±"+x.Metric,
		"±gain over "+x.Scenario, "±out of business", "95% interval", "#spends")
	for i, p := range x.Frontier {
		s.Row(strconv.Itoa(i+1), With(x.f, p.Value), With(x.f, p.Gain), Value(words.Percent, p.Ruin),
			words.Between(words.Percent, p.Ruin), x.spent(p.Spend))
	}
	s.Notes = []string{fmt.Sprintf("Plans of the search that no other beat in both %s and the chance to go out of "+
		"business, judged on %s of the hold-out; their levers are in optimise.json.",
		x.Metric, words.Counted(x.FrontierReplications, "run"))}
	FewFor(s, x.FrontierReplications, decide.FewPairs, "run")
	return s
}
