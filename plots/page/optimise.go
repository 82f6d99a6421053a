package page

import (
	"cmp"
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
	x := optimisePage{a, words.In(a.Currency), words.FormatOf(a.Column.Name, a.Column.Unit)}
	said := x.sentence()
	return &Document{Question: "optimise", Scenario: a.Scenario, Currency: x.in, Next: a.Next, Seed: a.Seeds[0],
		Size: fmt.Sprintf("%s of %s, judged on %s", x.tried(), words.Counted(a.Replications, "replication"),
			words.Counted(a.HoldOut, "pair")),
		Sentences: []string{said}, Warnings: x.warnings(cure), Sheets: x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return optimiseData{Warnings: warnings, Currency: x.in, Scenario: a.Scenario, Metric: a.Metric, Weeks: a.Weeks,
				Seeds: a.Seeds, Evaluations: a.Evaluations, Replications: a.Replications, Used: a.Used, HoldOut: a.HoldOut,
				MarginalReplications: a.MarginalReplications, Said: said, Offered: a.Offered, File: file, Answer: a}
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
	Said                 string    `json:"answer"`
	Offered              bool      `json:"offered"`
	File                 string    `json:"file,omitempty"`
	*optimise.Answer
}

// optimisePage writes an answer in the unit of its metric.
type optimisePage struct {
	*optimise.Answer
	in words.In
	f  words.Format
}

func (x optimisePage) money(usd float64) string { return x.in.Money().Text(usd) }

func (x optimisePage) tried() string { return words.Counted(x.Evaluations, "plan") }

func (x optimisePage) pairs() string { return words.Sized(x.HoldOut, decide.FewPairs, "pair") }

// rival is what the plan that was found has to beat.
func (x optimisePage) rival() string {
	if x.Scaled {
		return x.Scenario + " scaled to the budget"
	}
	return x.Scenario
}

// perDollar writes what a dollar brings, with its interval.
func (x optimisePage) perDollar(e analysis.Estimate) string {
	write := func(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
	if x.f.IsMoney() {
		write = x.in.Near
	}
	return words.Ends(write, e)
}

// sentence is the answer.
func (x optimisePage) sentence() string {
	switch {
	case !x.Offered:
		return x.refusal()
	case !x.Over.Known():
		return x.without()
	}
	relative := ""
	if !math.IsNaN(x.Relative) {
		relative = fmt.Sprintf(", %+.1f%%", 100*x.Relative)
	}
	spends := fmt.Sprintf("spends %s of a budget of %s", x.money(x.Spend), x.money(x.Budget))
	horizon := words.Counted(x.Weeks, "week")
	switch {
	case x.Verdict.Kind == decide.Yes:
		way, size := "more", x.Over
		if x.Less {
			way = "less"
		}
		size.Value = math.Abs(size.Value)
		return fmt.Sprintf("The best of %s has %s %s %s than %s in %s%s, and %s (95%% interval, %s that had no part in "+
			"the choice).",
			x.tried(), words.With(x.f, size), way, x.Metric, x.rival(), horizon, relative, spends, x.pairs())
	case x.Unchanged:
		return fmt.Sprintf("No plan better than %s was seen among %s that spend %s at most: it is the best of them (seen "+
			"on %s).", x.Scenario, x.tried(), x.money(x.Budget), words.Counted(x.ChoicePairs(), "pair"))
	}
	return fmt.Sprintf("No plan better than %s was seen among %s: the best one differs by %s of %s in %s%s, and %s "+
		"(95%% interval, %s that had no part in the choice).",
		x.rival(), x.tried(), words.With(x.f, x.Over), x.Metric, horizon, relative, spends, x.pairs())
}

// refusal is the answer where a constraint is not met.
func (x optimisePage) refusal() string {
	var seen []string
	for _, h := range x.Constraints {
		f := words.FormatOf(h.Column.Name, h.Column.Unit)
		switch {
		case h.Verdict == analysis.Met:
		case h.Reason != "":
			seen = append(seen, fmt.Sprintf("%s (%s)", h.Constraint, h.Reason))
		default:
			seen = append(seen, fmt.Sprintf("%s (seen %s, 95%% interval %s)", h.Constraint, f.Text(h.Seen.Value),
				words.Between(f, h.Seen)))
		}
	}
	return fmt.Sprintf("No plan is offered: of %s tried within %s none was found that keeps %s in %s that had no "+
		"part in the choice; the nearest has %s of %s.",
		x.tried(), x.money(x.Budget), words.List(seen), words.Sized(x.HoldOut, decide.FewPairs, "replication"),
		words.With(x.f, x.Best), x.Metric)
}

// without is the answer where the metric of a plan is no number.
func (x optimisePage) without() string {
	if x.Verdict.Kind == decide.Yes {
		return fmt.Sprintf("The best of %s has %s of %s, and %s has none at all: %s (%s that had no part in the choice).",
			x.tried(), words.With(x.f, x.Best), x.Metric, x.rival(), x.Rival.Reason, x.pairs())
	}
	return fmt.Sprintf("No plan can be told to be better than %s in %s: %s (%s that had no part in the choice).",
		x.rival(), x.Metric, cmp.Or(x.Best.Reason, x.Rival.Reason, "it has no value"), x.pairs())
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
	source := picture.Source{Replications: x.HoldOut, Seed: x.Seeds[2], Scenario: x.Scenario, Currency: x.Currency}
	spends := picture.Bars{Source: source, Names: "lever", ValueName: x.in.Axis("Spend of the run"),
		Finding: "Spend of the best of " + x.tried() + " and of " + x.Scenario + ", by lever",
		Lines:   []picture.Line{{Name: "best"}, {Name: x.Scenario}}}
	for _, l := range x.ByMove() {
		if l.Spend == 0 && l.PlanSpend == 0 {
			continue
		}
		spends.Labels = append(spends.Labels, l.Lever)
		for i, usd := range []float64{l.Spend, l.PlanSpend} {
			spends.Lines[i].Points = append(spends.Lines[i].Points, analysis.Estimate{Value: usd, Low: usd, High: usd})
		}
	}
	if len(spends.Labels) > 0 {
		out = append(out, Picture{"spend", spends})
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
	return append(out, Picture{"frontier", t})
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
	s.Notes = []string{fmt.Sprintf("The search, on the replications that it chose by, saw a gain of %s over %s.",
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

// levers is the table of levers and of what their next dollar brings.
func (x optimisePage) levers() *Sheet {
	s := NewSheet("levers", "Levers, those first whose spend moves most", "lever", "#times the plan", "#plan spends",
		"#best spends", "±the next "+x.in.One()+" brings", "off the common value")
	for _, l := range x.ByMove() {
		multiple := Num(strconv.FormatFloat(l.Multiple, 'f', 2, 64), l.Multiple)
		switch m := l.Marginal; {
		case l.Spend == 0 && l.PlanSpend == 0:
			s.Row(l.Lever, multiple, "", "", "", "")
		case m == nil:
			s.Row(l.Lever, multiple, x.spent(l.PlanSpend), x.spent(l.Spend), "", "")
		default:
			next := Value(words.Plain, m.Dollar)
			next.Text = x.perDollar(m.Dollar)
			s.Row(l.Lever, multiple, x.spent(l.PlanSpend), x.spent(l.Spend), next, m.Reason)
		}
	}
	if c := x.Common; c != nil && !math.IsNaN(c.Value) {
		s.Notes = []string{fmt.Sprintf("The next %s brings %s of %s on the levers that are free to move; each was moved "+
			"by 10%% (95%% intervals, %s).", x.in.One(), x.perDollar(*c), x.Metric,
			words.Sized(x.MarginalReplications, optimise.FewMarginal, "pair"))}
	}
	return s
}

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
		x.Metric, words.Counted(x.FrontierReplications, "replication"))}
	FewFor(s, x.FrontierReplications, decide.FewPairs, "replication")
	return s
}
