package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/respond"
	"windfall/sim/optimise"
)

// optimum is what optimise writes and prints as JSON.
type optimum struct {
	o       *optimisation
	x       []float64
	extends bool         // best.toml extends the scenario
	plain   frontierPlan // the plan itself, beside the frontier
	doubts
	inMoney

	Scenario             string             `json:"scenario"`
	Metric               string             `json:"metric"`
	Weeks                int                `json:"weeks"`
	Seeds                [3]uint64          `json:"seeds"` // of the search, the choice and the hold-out
	Evaluations          int                `json:"evaluations"`
	Replications         int                `json:"replications"`
	Used                 int                `json:"search_replications"`
	HoldOut              int                `json:"hold_out"`
	MarginalReplications int                `json:"replications_at_the_margin"`
	Answer               string             `json:"answer"`
	Offered              bool               `json:"offered"`
	File                 string             `json:"file,omitempty"`
	Budget               float64            `json:"budget"`
	PlanSpend            float64            `json:"plan_spends"`
	SplitSpend           float64            `json:"proportional_split_spends"`
	Spend                float64            `json:"best_spends"`
	Plan                 analysis.Estimate  `json:"plan"`
	Split                analysis.Estimate  `json:"proportional_split"`
	Best                 analysis.Estimate  `json:"best"`
	Gain                 analysis.Estimate  `json:"gain"`
	OverSplit            analysis.Estimate  `json:"gain_over_proportional_split"`
	Seen                 analysis.Number    `json:"gain_seen_in_search"`
	Constraints          []optimise.Held    `json:"constraints"`
	Levers               []foundLever       `json:"levers"`
	Common               *analysis.Estimate `json:"common_value_of_a_dollar,omitempty"`
	Frontier             []frontierPlan     `json:"frontier,omitempty"`
	FrontierReplications int                `json:"replications_of_the_frontier,omitempty"`
}

// foundLever is a lever at the plan that was found.
type foundLever struct {
	Lever     string             `json:"lever"`
	Group     string             `json:"group,omitempty"`
	Multiple  float64            `json:"multiple"`
	PlanSpend float64            `json:"plan_spends"`
	Spend     float64            `json:"best_spends"`
	Marginal  *optimise.Marginal `json:"marginal,omitempty"`
}

// frontierPlan is a plan that no other beat in both the metric and the chance to
// go out of business.
type frontierPlan struct {
	Value     analysis.Estimate `json:"value"`
	Gain      analysis.Estimate `json:"gain"`
	Ruin      analysis.Estimate `json:"out_of_business"`
	Spend     float64           `json:"spends"`
	Multiples []float64         `json:"multiples"`
}

// format is how the metric is written.
func (a *optimum) format() words.Format {
	c := a.o.race.Objective.Column
	return words.FormatOf(c.Name, c.Unit)
}

// perDollar writes what a dollar brings, with its interval.
func (a *optimum) perDollar(e analysis.Estimate) string {
	write := short
	if a.format().IsMoney() {
		write = a.Currency.Near
	}
	return words.Ends(write, e)
}

// with writes a number with half of its interval.
func (a *optimum) with(e analysis.Estimate) string {
	return page.With(a.format(), e).Text
}

// ownBudget says whether the budget is what the plan spends.
func (a *optimum) ownBudget() bool { return math.Abs(a.Budget-a.PlanSpend) < 0.005 }

// broken names the constraints that are not met.
func (a *optimum) broken() (out []string) {
	for _, h := range a.Constraints {
		if h.Verdict != analysis.Met {
			out = append(out, h.Constraint)
		}
	}
	return out
}

// sentence is the answer.
func (a *optimum) sentence() string {
	horizon, pairs := words.Counted(a.Weeks, "week"), words.Sized(a.HoldOut, decide.FewPairs, "pair")
	// With another budget the plan at that budget is what it has to beat.
	against, gain, value := a.Scenario, a.Gain, a.Plan.Value
	if !a.ownBudget() {
		against, gain, value = a.Scenario+" scaled to the budget", a.OverSplit, a.Split.Value
	}
	spends := fmt.Sprintf("spends %s of a budget of %s", a.Currency.Money().Text(a.Spend),
		a.Currency.Money().Text(a.Budget))
	way, better := "more", gain.Low > 0
	if a.o.race.Objective.Less {
		way, better = "less", gain.High < 0
	}
	relative := ""
	if value > 0 && gain.Known() {
		relative = fmt.Sprintf(", %+.1f%%", 100*gain.Value/math.Abs(value))
	}
	if !gain.Known() && a.Offered {
		return a.without(against, map[bool]analysis.Estimate{true: a.Plan, false: a.Split}[a.ownBudget()])
	}
	size := gain
	size.Value = math.Abs(size.Value)
	switch {
	case !a.Offered:
		var seen []string
		for _, h := range a.Constraints {
			if h.Verdict != analysis.Met {
				if h.Reason != "" {
					seen = append(seen, fmt.Sprintf("%s (%s)", h.Constraint, h.Reason))
					continue
				}
				f := a.constraintFormat(h)
				seen = append(seen, fmt.Sprintf("%s (seen %s, 95%% interval %s)", h.Constraint, f.Text(h.Seen.Value),
					intervalText(f, h.Seen)))
			}
		}
		return fmt.Sprintf("No plan is offered: of %s tried within %s none was found that keeps %s in %s that had no "+
			"part in the choice; the nearest has %s of %s.",
			words.Counted(a.Evaluations, "plan"), a.Currency.Money().Text(a.Budget), words.List(seen),
			words.Sized(a.HoldOut, decide.FewPairs, "replication"), a.with(a.Best), a.Metric)
	case better:
		return fmt.Sprintf("The best of %s has %s %s %s than %s in %s%s, and %s (95%% interval, %s that had no part in "+
			"the choice).",
			words.Counted(a.Evaluations, "plan"), a.with(size), way, a.Metric, against, horizon, relative, spends, pairs)
	}
	if slices.Equal(a.x, a.o.set.Plain()) {
		return fmt.Sprintf("No plan better than %s was seen among %s that spend %s at most: it is the best of them (seen "+
			"on %s).", a.Scenario, words.Counted(a.Evaluations, "plan"), a.Currency.Money().Text(a.Budget),
			words.Counted(optimiseAgain*a.Replications, "pair"))
	}
	return fmt.Sprintf("No plan better than %s was seen among %s: the best one differs by %s of %s in %s%s, and %s "+
		"(95%% interval, %s that had no part in the choice).",
		against, words.Counted(a.Evaluations, "plan"), a.with(gain), a.Metric, horizon, relative, spends, pairs)
}

// without is the answer where the metric of a plan is no number.
func (a *optimum) without(against string, base analysis.Estimate) string {
	pairs := words.Sized(a.HoldOut, decide.FewPairs, "pair")
	if base.Never() && a.Best.Known() && a.o.race.Objective.Less {
		return fmt.Sprintf("The best of %s has %s of %s, and %s has none at all: %s (%s that had no part in the choice).",
			words.Counted(a.Evaluations, "plan"), a.with(a.Best), a.Metric, against, base.Reason, pairs)
	}
	return fmt.Sprintf("No plan can be told to be better than %s in %s: %s (%s that had no part in the choice).",
		against, a.Metric, cmp.Or(a.Best.Reason, base.Reason, "it has no value"), pairs)
}

func (a *optimum) constraintFormat(h optimise.Held) words.Format {
	for _, c := range a.o.race.Constraints {
		if c.Text == h.Constraint {
			column := c.Metric.Column
			return words.FormatOf(column.Name, column.Unit)
		}
	}
	return words.Percent
}

func (a *optimum) sentences() []string { return []string{a.Answer} }

func (a *optimum) next() []string {
	switch {
	case !a.Offered:
		return []string{shellLine([]string{"windfall", "respond", a.o.name, "--vary", "media=x0.5..x2:4", "--outcome",
			"out_of_business"})}
	case a.extends: // on a seed that has had no part in anything yet
		flags := a.o.flags.decideFlags
		flags.seed.text = strconv.FormatUint(a.o.seed(judging+1), 10)
		return []string{shellLine(append([]string{"windfall", "compare", a.o.name, a.File}, flags.typed()...))}
	}
	return []string{shellLine([]string{"windfall", "run", a.File, "--replications", "1000"})}
}

func (a *optimum) warnings() (out []string) {
	if idle := a.o.set.Idle; len(idle) > 0 {
		out = append(out, fmt.Sprintf("%s: the plan has 0 there, and times nothing is nothing, so it is no lever; --set "+
			"%s=VALUE gives it something to multiply", words.List(idle), idle[0]))
	}
	if a.HoldOut < decide.FewPairs {
		out = append(out, fmt.Sprintf("%s are few to judge a plan by; --hold-out %d would do",
			words.Counted(a.HoldOut, "replication"), optimiseHoldOut))
	}
	if n := len(a.Levers); a.Evaluations < 10*n {
		out = append(out, fmt.Sprintf("%s are few for %s: the best plan may be far from here; --evaluations %d would do",
			words.Counted(a.Evaluations, "evaluation"), words.Counted(n, "lever"), optimiseEvaluations))
	}
	return out
}

// size says what the answer rests on.
func (a *optimum) size() string {
	return fmt.Sprintf("%s of %s, judged on %s", words.Counted(a.Evaluations, "plan"),
		words.Counted(a.Replications, "replication"), words.Counted(a.HoldOut, "pair"))
}

// drawn are what the levers spend, and the frontier: the metric against the chance
// to go out of business.
func (a *optimum) drawn() (out []page.Picture) {
	source := picture.Source{Replications: a.HoldOut, Seed: a.Seeds[judging], Scenario: a.Scenario,
		Currency: string(a.Currency)}
	spends := picture.Bars{Source: source, Names: "lever", ValueName: a.Currency.Axis("Spend of the run"),
		Finding: "Spend of the best of " + words.Counted(a.Evaluations, "plan") + " and of " + a.Scenario + ", by lever",
		Lines:   []picture.Line{{Name: "best"}, {Name: a.Scenario}}}
	for _, l := range a.byMove() {
		if l.Spend == 0 && l.PlanSpend == 0 {
			continue
		}
		spends.Labels = append(spends.Labels, l.Lever)
		for i, usd := range []float64{l.Spend, l.PlanSpend} {
			spends.Lines[i].Points = append(spends.Lines[i].Points, analysis.Estimate{Value: usd, Low: usd, High: usd})
		}
	}
	if len(spends.Labels) > 0 {
		out = append(out, page.Picture{Name: "spend", Data: spends})
	}
	m := a.o.race.Objective.Metric
	if m.When != nil || len(a.Frontier) < 2 {
		return out
	}
	source.Replications = a.FrontierReplications
	t := picture.Tradeoff{Source: source,
		X: words.Measure{Name: m.Outcome, Unit: a.o.race.Objective.Column.Unit},
		Y: words.Measure{Name: "out_of_business", Unit: "chance"}, LessX: a.o.race.Objective.Less, LessY: true,
		Plans: []picture.Choice{{Name: a.Scenario, Plan: true, X: a.plain.Value, Y: a.plain.Ruin}}}
	for i, f := range a.Frontier {
		t.Plans = append(t.Plans, picture.Choice{Name: strconv.Itoa(i + 1), X: f.Value, Y: f.Ruin})
	}
	return append(out, page.Picture{Name: "frontier", Data: t})
}

// byMove are the levers, those first whose spend moves most.
func (a *optimum) byMove() []foundLever {
	rows := slices.Clone(a.Levers)
	slices.SortStableFunc(rows, func(x, y foundLever) int {
		return cmp.Compare(math.Abs(y.Spend-y.PlanSpend), math.Abs(x.Spend-x.PlanSpend))
	})
	return rows
}

// sheets are the tables of the answer: what was found against what, constraints,
// levers and frontier.
func (a *optimum) sheets() (out []*page.Sheet) {
	f, money := a.format(), func(usd float64) page.Cell { return page.Num(a.Currency.Money().Text(usd), usd) }
	plans := page.NewSheet("plans", "The plan that was found, on the hold-out", "plan", "#"+a.Metric,
		"#gain of the best", "#spends")
	plans.Row("best", page.With(f, a.Best), "", money(a.Spend))
	plans.Row(a.Scenario, page.With(f, a.Plan), page.With(f, a.Gain), money(a.PlanSpend))
	against := a.Scenario
	if !a.ownBudget() {
		against += " scaled to the budget"
		plans.Row(against, page.With(f, a.Split), page.With(f, a.OverSplit), money(a.SplitSpend))
	}
	plans.Notes = []string{fmt.Sprintf("The search, on the replications that it chose by, saw a gain of %s over %s.",
		f.Text(float64(a.Seen)), against)}
	out = append(out, plans)

	if len(a.Constraints) > 0 {
		s := page.NewSheet("constraints", "Constraints of the best plan, on the hold-out", "constraint", "#seen",
			"95% interval", "verdict")
		for _, h := range a.Constraints {
			f := a.constraintFormat(h)
			s.Row(h.Constraint, page.Value(f, h.Seen), intervalText(f, h.Seen),
				strings.TrimSuffix(string(h.Verdict)+": "+h.Reason, ": "))
		}
		out = append(out, s)
	}

	s := page.NewSheet("levers", "Levers, those first whose spend moves most", "lever", "#times the plan",
		"#plan spends", "#best spends", "#the next "+a.Currency.One()+" brings", "off the common value")
	for _, l := range a.byMove() {
		multiple := page.Num(strconv.FormatFloat(l.Multiple, 'f', 2, 64), l.Multiple)
		switch m := l.Marginal; {
		case l.Spend == 0 && l.PlanSpend == 0:
			s.Row(l.Lever, multiple, "", "", "", "")
		case m == nil:
			s.Row(l.Lever, multiple, money(l.PlanSpend), money(l.Spend), "", "")
		default:
			next := page.Value(words.Plain, m.Dollar)
			next.Text = a.perDollar(m.Dollar)
			s.Row(l.Lever, multiple, money(l.PlanSpend), money(l.Spend), next, m.Reason)
		}
	}
	if c := a.Common; c != nil && !math.IsNaN(c.Value) {
		s.Notes = []string{fmt.Sprintf("The next %s brings %s of %s on the levers that are free to move; each was moved "+
			"by 10%% (95%% intervals, %s).", a.Currency.One(), a.perDollar(*c), a.Metric,
			words.Sized(a.MarginalReplications, respond.Few, "pair"))}
	}
	out = append(out, s)

	if len(a.Frontier) > 0 {
		s := page.NewSheet("frontier", "Plans of the search that no other beat in both", "plan", "#"+a.Metric,
			"#gain over "+a.Scenario, "#out of business", "95% interval", "#spends")
		for i, p := range a.Frontier {
			s.Row(strconv.Itoa(i+1), page.With(f, p.Value), page.With(f, p.Gain), page.Value(words.Percent, p.Ruin),
				intervalText(words.Percent, p.Ruin), money(p.Spend))
		}
		s.Notes = []string{fmt.Sprintf("Plans of the search that no other beat in both %s and the chance to go out of "+
			"business, judged on %s of the hold-out; their levers are in optimise.json.",
			a.Metric, words.Counted(a.FrontierReplications, "replication"))}
		page.FewFor(s, a.FrontierReplications, decide.FewPairs, "replication")
		out = append(out, s)
	}
	return out
}
