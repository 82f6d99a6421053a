package page

import (
	"fmt"
	"math"
	"strings"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/stress"
)

// Stress lays out what shocks do to plans.
func Stress(a *stress.Answer, cure Cure) *Document {
	x := stressPage{a, words.FormatOf(a.Metric, a.Column.Unit)}
	said := x.sentence()
	return &Document{Question: "stress", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next, Seed: a.Seed,
		Size:      words.Counted(a.Replications, "pair") + " of each plan and shock",
		Sentences: []string{said}, Warnings: x.warnings(cure), Sheets: []*Sheet{x.sheet()}, Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return stressData{Warnings: warnings, Plans: a.Plans, Metric: a.Metric, Replications: a.Replications,
				Seed: a.Seed, Weeks: a.Weeks,
				From: a.From, Said: said, Answer: a}
		}}
}

// stressData is the answer as programs read it, with what is said of it: before the
// numbers.
type stressData struct {
	Warnings     []string `json:"warnings,omitempty"`
	Plans        []string `json:"plans"`
	Metric       string   `json:"metric"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	From         string   `json:"from"`
	Said         string   `json:"answer"`
	*stress.Answer
}

// stressPage writes an answer in the unit of its metric.
type stressPage struct {
	*stress.Answer
	f words.Format
}

// one says whether there is one plan, whose shocks are ranked.
func (x stressPage) one() bool { return len(x.Plans) == 1 }

func (x stressPage) change(e analysis.Estimate) string { return words.Change(x.f, e) }

// pairs are those of each plan and shock.
func (x stressPage) pairs() string { return words.Sized(x.Replications, stress.Few, "pair") }

func (x stressPage) horizon() string { return words.Counted(x.Weeks, "week") }

// sentence is the answer.
func (x stressPage) sentence() string {
	if !x.one() {
		return x.regret()
	}
	shocks, plan, w := words.Counted(len(x.Ranked(x.Plans[0])), "shock"), x.Plans[0], x.Worst
	switch x.Verdict.Kind {
	case decide.NotApplicable:
		return fmt.Sprintf("Shocks cannot be ranked by %s: %s (%s, %s).", x.Metric, x.Verdict.Why, shocks, x.pairs())
	case decide.No:
		return fmt.Sprintf("None of %s makes %s of %s worse in %s (%s).", shocks, x.Metric, plan, x.horizon(), x.pairs())
	case decide.TooCloseToCall:
		return fmt.Sprintf("None of %s is seen to make %s of %s worse in %s: the largest change for the worse, under %s, "+
			"is %s (95%% interval, %s).",
			shocks, x.Metric, plan, x.horizon(), w.Title, x.change(w.Change), x.pairs())
	}
	if !w.Change.Known() {
		return fmt.Sprintf("The worst of %s for %s is %s: %s is never reached, since %s, and the chance to go out of "+
			"business changes by %s points (95%% intervals, %s).",
			shocks, plan, w.Title, x.Metric, w.Under.Reason, words.Points(w.Ruin), x.pairs())
	}
	tail := ""
	switch {
	case x.Larger != nil:
		tail = fmt.Sprintf("; the change under %s, %s, may be none", x.Larger.Title, x.change(x.Larger.Change))
	case x.Rival != nil:
		tail = "; not separable from " + x.Rival.Title + ": their intervals overlap"
	}
	return fmt.Sprintf("The worst of %s for %s is %s: %s changes by %s (%s) in %s, and the chance to go out of "+
		"business by %s points (95%% intervals, %s%s).",
		shocks, plan, w.Title, x.Metric, x.change(w.Change), words.Signed(w.Relative.Value), x.horizon(),
		words.Points(w.Ruin), x.pairs(), tail)
}

// regret is the answer of several plans: the one whose largest regret is least.
func (x stressPage) regret() string {
	if x.Verdict.Kind == decide.NotApplicable {
		return "No regret can be told: " + x.Verdict.Why + "."
	}
	if x.Verdict.Kind == decide.No {
		return fmt.Sprintf("No plan has less regret than another: %s (%s).", x.Verdict.Why, x.pairs())
	}
	least, tail := x.Regrets[0], ""
	if x.Verdict.Kind == decide.TooCloseToCall {
		tail = "; not separable from " + x.Regrets[1].Plan + ": their intervals overlap"
	}
	return fmt.Sprintf("%s has the least regret: at worst %s of %s behind the best plan (under %s) in %s "+
		"(95%% interval, %s%s).",
		least.Plan, x.change(*least.Regret), x.Metric, least.Title, x.horizon(), x.pairs(), tail)
}

func (x stressPage) warnings(cure Cure) (out []string) {
	for _, n := range x.Skipped {
		out = append(out, n.String())
	}
	for _, w := range x.Warnings {
		if few, ok := w.(decide.FewRuns); ok {
			out = append(out, cure.few(few))
		}
	}
	return out
}

// sheet is the table of plans and shocks.
func (x stressPage) sheet() *Sheet {
	head := []string{"shock from " + x.From}
	for _, plan := range x.Plans {
		if x.one() {
			head = append(head, "±change of "+x.Metric, "±relative", "±out of business, points", "#variance saved")
			continue
		}
		head = append(head, "±"+plan+": change of "+x.Metric, "±"+plan+": regret",
			"±"+plan+": out of business, points")
	}
	s := NewSheet("shocks", "What shocks change, against the same plan without them", head...)
	s.Row(x.calm()...)
	for _, c := range x.Shocks() {
		row := []any{c.Title}
		for _, plan := range x.Plans {
			row = append(row, x.cells(x.Cell(plan, c.Shock))...)
		}
		s.Row(row...)
	}
	s.Shown = 13 // with the line of no shock
	if x.Steady != "" {
		s.Notes = append(s.Notes, fmt.Sprintf("The economy is random. A shock that scripts it is held against the same "+
			"plan in %s throughout.", x.Steady))
	}
	return s
}

// calm is the row of the plans without a shock.
func (x stressPage) calm() []any {
	none := Words("")
	row := []any{"no shock: " + x.Metric + " and chance to go out of business"}
	for _, b := range x.Base {
		chance := Points(b.Ruin) // 0 ± half of 0 to 7 would look surer than it is
		chance.Text = words.Ends(words.Plain.Text, b.Ruin.Times(100))
		row = append(row, With(x.f, b.Value), none, chance)
		if x.one() {
			row = append(row, none)
		}
	}
	return row
}

// cells are those of a plan under a shock; nil: the shock does not apply.
func (x stressPage) cells(c *stress.Cell) []any {
	none := Words("")
	switch {
	case c == nil && x.one():
		return []any{"does not apply", none, none, none}
	case c == nil:
		return []any{"does not apply", none, none}
	case x.one():
		return []any{Change(x.f, c.Change), Relative(c.Relative), Points(c.Ruin), Saved(false, c.Saved, c.Change)}
	}
	regret := none
	if c.Regret != nil {
		regret = Change(x.f, *c.Regret)
	}
	return []any{Change(x.f, c.Change), regret, Points(c.Ruin)}
}

// pictures are a heat map of plans and shocks, and the changes with their intervals.
func (x stressPage) pictures() (out []Picture) {
	source := picture.Source{Scenario: strings.Join(x.Plans, ", "), Replications: x.Replications, Seed: x.Seed}
	heat := picture.Heat{Source: source, Measure: words.Measure{Name: x.Metric, Unit: "share",
		Label: "Relative change of " + x.Metric},
		RowsAre: "shock", ColumnsAre: "plan", Columns: x.Plans, Missing: "the shock does not apply",
		LowDark: x.Column.Direction != plan.Less}
	bars := picture.Bars{Source: source, Names: "shock", ValueName: "Change of " + x.Metric, Percent: true,
		Finding: x.Metric + " under each shock, against the same plan without it"}
	for _, plan := range x.Plans {
		bars.Lines = append(bars.Lines, picture.Line{Name: plan})
	}
	shocks := x.Shocks()
	if c := x.First(shocks); c != nil && Drawable(c.Relative) {
		heat.Finding = fmt.Sprintf("%s changes most for the worse under %s: %s for %s", x.Metric, c.Title,
			words.Signed(c.Relative.Value), c.Plan)
	}
	for _, c := range shocks {
		var values []float64
		whole := true
		for _, plan := range x.Plans {
			if at := x.Cell(plan, c.Shock); at != nil && Drawable(at.Relative) {
				values = append(values, at.Relative.Value)
				continue
			}
			values, whole = append(values, math.NaN()), false
		}
		heat.Rows, heat.Values = append(heat.Rows, c.Title), append(heat.Values, values)
		if !whole {
			continue
		}
		bars.Labels = append(bars.Labels, c.Title)
		for i, plan := range x.Plans {
			bars.Lines[i].Points = append(bars.Lines[i].Points, x.Cell(plan, c.Shock).Relative)
		}
	}
	if len(bars.Labels) > 0 {
		out = append(out, Picture{"changes", bars})
	}
	return append(out, Picture{"heat", heat})
}
