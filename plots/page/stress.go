package page

import (
	"fmt"
	"math"
	"slices"
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
	x := stressPage{a, words.FormatOf(a.Metric, a.Column.Unit), cure}
	said := x.said()
	return &Document{Question: "stress", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next, Seed: a.Seed,
		Size:      words.Counted(a.Replications, "pair") + " of each plan and shock",
		Sentences: said.sentences(), Warnings: x.warnings(cure), Sheets: []*Sheet{x.sheet(), x.levels()},
		Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return stressData{Warnings: warnings, Plans: a.Plans, Metric: a.Metric, Replications: a.Replications,
				Seed: a.Seed, Weeks: a.Weeks,
				From: a.From, Lines: said, Answer: a}
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
	Lines
	*stress.Answer
}

// stressPage writes an answer in the unit of its metric.
type stressPage struct {
	*stress.Answer
	f    words.Format
	cure Cure
}

// one says whether there is one plan, whose shocks are ranked.
func (x stressPage) one() bool { return len(x.Plans) == 1 }

func (x stressPage) change(e analysis.Estimate) string { return words.SayChange(x.f, e) }

// pairs are those of each plan and shock.
func (x stressPage) pairs() string { return words.Sized(x.Replications, stress.Few, "pair") }

func (x stressPage) horizon() string { return words.Counted(x.Weeks, "week") }

func (x stressPage) warnings(cure Cure) (out []string) {
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
	for _, c := range x.Shocks() {
		row := []any{c.Title}
		for _, plan := range x.Plans {
			row = append(row, x.cells(x.Cell(plan, c.Shock))...)
		}
		s.Row(row...)
	}
	for _, n := range x.unableRows() {
		s.Row(n...)
	}
	s.Shown = len(s.Rows)
	s.Notes = append(s.Notes, x.calm())
	for _, n := range x.Skipped {
		s.Notes = append(s.Notes, words.Capital(n.String())+".")
	}
	if x.Steady != "" {
		s.Notes = append(s.Notes, fmt.Sprintf("The economy is random. A shock that scripts it is held against the "+
			"same plan in %s throughout.", x.Steady))
	}
	return s
}

// calm says what the plans have without a shock, which is no change.
func (x stressPage) calm() string {
	var plans []string
	for _, b := range x.Base {
		of := ""
		if !x.one() {
			of = " with " + thePlan(b.Plan)
		}
		plans = append(plans, fmt.Sprintf("%s is %s and the chance to go out of business %s%s", words.Said(x.Metric),
			words.Say(x.f, b.Value), words.Share(b.Ruin), of))
	}
	return "Without a shock " + strings.Join(plans, "; ") + "."
}

// levels is the table of what the plans have without a shock.
func (x stressPage) levels() *Sheet {
	s := NewSheet("without", "Plans without a shock", "plan", "±"+x.Metric, "±chance to go out of business")
	for _, b := range x.Base {
		s.Row(b.Plan, With(x.f, b.Value), share(b.Ruin))
	}
	s.Apart = true
	return s
}

// unableRows are those of shocks that act in no plan.
func (x stressPage) unableRows() (out [][]any) {
	var names []string
	for _, n := range x.Skipped {
		if slices.Contains(names, n.Shock) || slices.ContainsFunc(x.Cells, func(c stress.Cell) bool {
			return c.Shock == n.Shock
		}) {
			continue
		}
		names = append(names, n.Shock)
		row := []any{n.Title}
		for range x.Plans {
			row = append(row, x.cells(nil)...)
		}
		out = append(out, row)
	}
	return out
}

// cells are those of a plan under a shock; nil: the shock does not apply.
func (x stressPage) cells(c *stress.Cell) []any {
	none := Words("")
	switch {
	case c == nil && x.one():
		return []any{"not applicable", none, none, none}
	case c == nil:
		return []any{"not applicable", none, none}
	case x.one():
		return []any{Change(x.f, c.Change), Relative(c.Relative), Points(c.Ruin), Saved(false, c.Saved, c.Change)}
	}
	regret := none
	if c.Regret != nil {
		regret = Change(x.f, *c.Regret)
	}
	return []any{Change(x.f, c.Change), regret, Points(c.Ruin)}
}

// worse is a change, larger for the worse.
func (x stressPage) worse(change float64) float64 {
	if x.Column.Direction == plan.Less {
		return change
	}
	return -change
}

// pictures are the changes with their intervals, and of several plans a heat map of plans and shocks, which would
// repeat the bars of one: as parts of the plan without the shock, or where that is a loss or next to nothing as
// they are.
func (x stressPage) pictures() (out []Picture) {
	shocks := x.Shocks()
	if len(shocks) == 0 {
		return nil
	}
	parts := !slices.ContainsFunc(x.Cells, func(c stress.Cell) bool {
		return !Drawable(c.Relative) && Drawable(c.Change)
	})
	size := func(c *stress.Cell) analysis.Estimate {
		if parts {
			return c.Relative
		}
		return c.Change
	}
	source := picture.Source{Scenario: strings.Join(x.Plans, ", "), Replications: x.Replications, Seed: x.Seed,
		Currency: x.Currency, Note: picture.Uncertain(x.Inputs)}
	measure := words.Measure{Name: x.Metric, Unit: "share", Label: "Relative change of " + words.Said(x.Metric)}
	name := "Change of " + words.Said(x.Metric)
	if !parts {
		measure.Unit, measure.Label = x.Column.Unit, "Change of "+words.Said(x.Metric)
		name += " (" + x.Column.Unit + ")"
	}
	heat := picture.Heat{Source: source, Measure: measure,
		RowsAre: "shock", ColumnsAre: "plan", Columns: x.Plans, Missing: "not applicable",
		LowDark: x.Column.Direction != plan.Less}
	bars := picture.Bars{Source: source, Names: "shock", ValueName: name, Percent: parts,
		Finding: words.Capital(words.Said(x.Metric)) + " under each shock, against the same plan without it, the worst first"}
	for _, plan := range x.Plans {
		bars.Lines = append(bars.Lines, picture.Line{Name: plan})
	}
	if c := x.First(shocks); c != nil && parts && Drawable(c.Relative) {
		heat.Finding = fmt.Sprintf("%s changes most for the worse under %q: %s for %s", words.Capital(words.Said(x.Metric)),
			c.Title,
			words.Signed(c.Relative.Value), c.Plan)
	}
	for row, c := range shocks {
		var values []float64
		whole := true
		for _, plan := range x.Plans {
			if at := x.Cell(plan, c.Shock); at != nil && Drawable(size(at)) {
				values = append(values, size(at).Value)
				if at == x.First(shocks) {
					heat.Named = [][2]int{{row, len(values) - 1}}
				}
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
			bars.Lines[i].Points = append(bars.Lines[i].Points, size(x.Cell(plan, c.Shock)))
		}
	}
	if len(bars.Labels) > 0 {
		bars.Sort(func(row int) float64 {
			worst := math.Inf(-1)
			for i := range bars.Lines {
				worst = max(worst, x.worse(bars.Lines[i].Points[row].Value))
			}
			return worst
		})
		out = append(out, Picture{Name: "changes", Data: bars})
		if x.one() {
			return out
		}
	}
	return append(out, Picture{Name: "heat", Data: heat})
}
