package main

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"windfall/model"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// stressAnswer is what stress writes and prints as JSON.
type stressAnswer struct {
	args  []string // as typed
	typed []string
	file  string // of the first plan under its worst shock
	doubts

	Plans        []string     `json:"plans"`
	Metric       string       `json:"metric"`
	Replications int          `json:"replications"`
	Seed         uint64       `json:"seed"`
	Weeks        int          `json:"weeks"`
	From         string       `json:"from"`
	Answer       string       `json:"answer"`
	Base         []stressBase `json:"without_shock"`
	Cells        []stressCell `json:"cells"`
	LeastRegret  string       `json:"least_regret,omitempty"`
	Separable    bool         `json:"separable"`
	Skipped      []string     `json:"not_applicable"`
	// Steady is the regime in which the plan without the shock stays, where the
	// economy is random and the shock is one of it.
	Steady    string `json:"steady_economy,omitempty"`
	direction model.Direction
	unit      string
}

type stressBase struct {
	Plan  string            `json:"plan"`
	Value analysis.Estimate `json:"value"`
	Ruin  analysis.Estimate `json:"out_of_business"`
}

// stressCell is a plan under a shock.
type stressCell struct {
	Plan     string             `json:"plan"`
	Shock    string             `json:"shock"`
	Title    string             `json:"title"`
	Under    analysis.Estimate  `json:"under_the_shock"`
	Change   analysis.Estimate  `json:"change"`
	Relative analysis.Estimate  `json:"relative"`
	Ruin     analysis.Estimate  `json:"out_of_business_change"`
	Regret   *analysis.Estimate `json:"regret,omitempty"`
	Saved    *float64           `json:"variance_reduction"` // null: nothing differs
	rank     int                // below 0: worse under the shock than without it
}

// ranked are the shocks of a plan, from the worst.
func (a *stressAnswer) ranked(plan string) []stressCell {
	rows := slices.DeleteFunc(slices.Clone(a.Cells), func(c stressCell) bool { return c.Plan != plan })
	slices.SortStableFunc(rows, a.worse)
	return rows
}

// worse orders cells from the worst.
func (a *stressAnswer) worse(x, y stressCell) int {
	// First what the shock puts beyond all numbers, for the worse, then changes by
	// their size, then what it brings back from there, and at last what is not known.
	class := func(c stressCell) int {
		switch {
		case c.Change.Known():
			return 1
		case math.IsNaN(c.Under.Value) || c.rank == 0:
			return 3
		case c.rank < 0:
			return 0
		}
		return 2
	}
	if by := cmp.Compare(class(x), class(y)); by != 0 {
		return by
	}
	if a.direction == model.Less {
		return cmp.Compare(y.Change.Value, x.Change.Value)
	}
	return cmp.Compare(x.Change.Value, y.Change.Value)
}

// hurts says whether the plan is worse under the shock than without it.
func (a *stressAnswer) hurts(c stressCell) bool {
	switch {
	case !c.Change.Known():
		return c.rank < 0 && !math.IsNaN(c.Under.Value)
	case a.direction == model.Less:
		return c.Change.Value > 0
	}
	return c.Change.Value < 0
}

// shown says whether that is seen: the interval of the change does not reach to no
// change.
func (a *stressAnswer) shown(c stressCell) bool {
	switch {
	case !a.hurts(c) || !c.Change.Known():
		return a.hurts(c)
	case a.direction == model.Less:
		return c.Change.Low > 0
	}
	return c.Change.High < 0
}

// worst is the first of ranked cells that is seen to make things worse.
func (a *stressAnswer) worst(rows []stressCell) (stressCell, bool) {
	if i := slices.IndexFunc(rows, a.shown); i >= 0 {
		return rows[i], true
	}
	return stressCell{}, false
}

// conclude finds the answer.
func (a *stressAnswer) conclude() {
	f := words.FormatOf(a.Metric, a.unit)
	write := func(e analysis.Estimate) string { return page.Change(f, e).Text }
	if len(a.Plans) == 1 {
		rows := a.ranked(a.Plans[0])
		x, seen := a.worst(rows)
		if !seen {
			x = rows[0]
		}
		switch {
		case !x.Change.Known() && !a.hurts(x):
			a.Answer = fmt.Sprintf("Shocks cannot be ranked by %s: %s (%s, %s).", a.Metric, cmp.Or(x.Change.Reason, "it has no value"), words.Counted(len(rows), "shock"), a.pairs())
			return
		case !x.Change.Known():
			a.Answer = fmt.Sprintf("The worst of %s for %s is %s: %s is never reached, since %s, and the chance to go out of business changes by %s points (95%% intervals, %s).",
				words.Counted(len(rows), "shock"), a.Plans[0], x.Title, a.Metric, x.Under.Reason, page.Points(x.Ruin).Text, a.pairs())
			return
		case !a.hurts(x):
			a.Answer = fmt.Sprintf("None of %s makes %s of %s worse in %s (%s).", words.Counted(len(rows), "shock"), a.Metric, a.Plans[0], words.Counted(a.Weeks, "week"), a.pairs())
			return
		case !seen:
			a.Answer = fmt.Sprintf("None of %s is seen to make %s of %s worse in %s: the largest change for the worse, under %s, is %s (95%% interval, %s).",
				words.Counted(len(rows), "shock"), a.Metric, a.Plans[0], words.Counted(a.Weeks, "week"), x.Title, write(x.Change), a.pairs())
			return
		}
		tail := ""
		if first := rows[0]; first.Shock != x.Shock { // whose change is larger and may be none
			tail = fmt.Sprintf("; the change under %s, %s, may be none", first.Title, write(first.Change))
		} else if k := slices.IndexFunc(rows[1:], func(c stressCell) bool { return c.Change.Known() && !analysis.Apart(x.Change, c.Change) }); k >= 0 {
			tail = "; not separable from " + rows[1+k].Title + ": their intervals overlap"
		}
		a.Separable = tail == ""
		a.Answer = fmt.Sprintf("The worst of %s for %s is %s: %s changes by %s (%s) in %s, and the chance to go out of business by %s points (95%% intervals, %s%s).",
			words.Counted(len(rows), "shock"), a.Plans[0], x.Title, a.Metric, write(x.Change), words.Signed(x.Relative.Value), words.Counted(a.Weeks, "week"), page.Points(x.Ruin).Text, a.pairs(), tail)
		return
	}
	// The plan whose largest regret is least.
	type worst struct {
		plan string
		cell stressCell
	}
	var list []worst
	for _, plan := range a.Plans {
		w := worst{plan: plan}
		largest := math.Inf(-1)
		for _, c := range a.Cells {
			if c.Plan == plan && c.Regret != nil && c.Regret.Value > largest {
				largest, w.cell = c.Regret.Value, c
			}
		}
		if w.cell.Regret != nil {
			list = append(list, w)
		}
	}
	if len(list) == 0 {
		a.Answer = "No regret can be told: no shock applies to all plans, or " + a.Metric + " has no value under it."
		return
	}
	slices.SortStableFunc(list, func(x, y worst) int { return cmp.Compare(x.cell.Regret.Value, y.cell.Regret.Value) })
	if most := list[len(list)-1].cell.Regret; list[0].cell.Regret.Never() || most.Value == 0 && !(most.High > 0) {
		a.Answer = fmt.Sprintf("No plan has less regret than another: %s (%s).", map[bool]string{true: "each falls behind without bounds under some shock", false: "they are alike under every shock"}[list[0].cell.Regret.Never()], a.pairs())
		return
	}
	a.LeastRegret = list[0].plan
	a.Separable = len(list) > 1 && list[0].cell.Regret.High < list[1].cell.Regret.Low
	tail := ""
	if !a.Separable && len(list) > 1 {
		tail = "; not separable from " + list[1].plan + ": their intervals overlap"
	}
	a.Answer = fmt.Sprintf("%s has the least regret: at worst %s of %s behind the best plan (under %s) in %s (95%% interval, %s%s).", list[0].plan, write(*list[0].cell.Regret), a.Metric, list[0].cell.Title, words.Counted(a.Weeks, "week"), a.pairs(), tail)
}

func (a *stressAnswer) sentences() []string { return []string{a.Answer} }

// pairs are those of each plan and shock.
func (a *stressAnswer) pairs() string { return words.Sized(a.Replications, fewStressed, "pair") }

func (a *stressAnswer) size() string {
	return words.Counted(a.Replications, "pair") + " of each plan and shock"
}

func (a *stressAnswer) next() (out []string) {
	if a.file != "" {
		dir := filepath.Join(filepath.Dir(a.file), "worst")
		out = append(out, shellLine([]string{"windfall", "run", a.file, "--replications", "200", "--out", dir})+" && "+shellLine([]string{"windfall", "why", dir, "--worst"}))
	}
	return append(out, shellLine(append([]string{"windfall", "respond", a.args[0]}, a.typed...)))
}

func (a *stressAnswer) warnings() []string {
	out := slices.Clone(a.Skipped)
	if a.Replications < fewStressed {
		out = append(out, fmt.Sprintf("%s are few; --replications %d would do", words.Counted(a.Replications, "pair"), stressReplications))
	}
	return out
}

// sheets is the table of plans and shocks.
func (a *stressAnswer) sheets() []*page.Sheet {
	f := words.FormatOf(a.Metric, a.unit)
	head := []string{"shock from " + a.From}
	for _, plan := range a.Plans {
		if len(a.Plans) == 1 {
			head = append(head, "#change of "+a.Metric, "#relative", "#out of business, points", "#variance saved")
			continue
		}
		head = append(head, "#"+plan+": change of "+a.Metric, "#"+plan+": regret", "#"+plan+": out of business, points")
	}
	s := page.NewSheet("shocks", "What shocks change, against the same plan without them", head...)
	none := page.Words("")
	row := []any{"no shock: " + a.Metric + " and chance to go out of business"}
	for _, b := range a.Base {
		chance := page.Points(b.Ruin) // 0 ± half of 0 to 7 would look surer than it is
		chance.Text = words.Ends(words.Plain.Text, b.Ruin.Times(100))
		row = append(row, page.With(f, b.Value), none, chance)
		if len(a.Plans) == 1 {
			row = append(row, none)
		}
	}
	s.Row(row...)
	for _, c := range a.shocks() {
		row := []any{c.Title}
		for _, plan := range a.Plans {
			x := a.cell(plan, c.Shock)
			switch {
			case x == nil && len(a.Plans) == 1:
				row = append(row, "does not apply", none, none, none)
			case x == nil:
				row = append(row, "does not apply", none, none)
			case len(a.Plans) == 1:
				saved := page.Words("")
				switch {
				case x.Saved != nil:
					saved = page.Num(words.Times(*x.Saved), *x.Saved)
				case x.Change.Error == 0: // the same change in every pair
					saved = page.Words("exact")
				}
				row = append(row, page.Change(f, x.Change), page.Relative(x.Relative), page.Points(x.Ruin), saved)
			default:
				regret := none
				if x.Regret != nil {
					regret = page.Change(f, *x.Regret)
				}
				row = append(row, page.Change(f, x.Change), regret, page.Points(x.Ruin))
			}
		}
		s.Row(row...)
	}
	s.Shown = 13 // with the line of no shock
	if a.Steady != "" {
		s.Notes = append(s.Notes, fmt.Sprintf("The economy is random. A shock that scripts it is held against the same plan in %s throughout.", a.Steady))
	}
	return []*page.Sheet{s}
}

// shocks lists each shock once, from the worst of any plan.
func (a *stressAnswer) shocks() (out []stressCell) {
	rows := slices.Clone(a.Cells)
	slices.SortStableFunc(rows, a.worse)
	for _, c := range rows {
		if !slices.ContainsFunc(out, func(x stressCell) bool { return x.Shock == c.Shock }) {
			out = append(out, c)
		}
	}
	return out
}

// cell is a plan under a shock; nil if the shock does not apply.
func (a *stressAnswer) cell(plan, shock string) *stressCell {
	if k := slices.IndexFunc(a.Cells, func(x stressCell) bool { return x.Plan == plan && x.Shock == shock }); k >= 0 {
		return &a.Cells[k]
	}
	return nil
}

// drawn are the pictures: a heat map of plans and shocks, and the changes with
// their intervals.
func (a *stressAnswer) drawn() []page.Picture {
	source := picture.Source{Scenario: strings.Join(a.Plans, ", "), Replications: a.Replications, Seed: a.Seed}
	heat := picture.Heat{Source: source, Measure: words.Measure{Name: a.Metric, Unit: "share", Label: "Relative change of " + a.Metric}, RowsAre: "shock", ColumnsAre: "plan", Columns: a.Plans, Missing: "the shock does not apply", LowDark: a.direction != model.Less}
	bars := picture.Bars{Source: source, Names: "shock", ValueName: "Change of " + a.Metric, Percent: true, Finding: a.Metric + " under each shock, against the same plan without it"}
	for _, plan := range a.Plans {
		bars.Lines = append(bars.Lines, picture.Line{Name: plan})
	}
	if c, seen := a.worst(a.shocks()); seen && page.Drawable(c.Relative) {
		heat.Finding = fmt.Sprintf("%s changes most for the worse under %s: %s for %s", a.Metric, c.Title, words.Signed(c.Relative.Value), c.Plan)
	}
	for _, c := range a.shocks() {
		var values []float64
		whole := true
		for _, plan := range a.Plans {
			x := a.cell(plan, c.Shock)
			if x == nil || !page.Drawable(x.Relative) {
				values, whole = append(values, math.NaN()), false
				continue
			}
			values = append(values, x.Relative.Value)
		}
		heat.Rows, heat.Values = append(heat.Rows, c.Title), append(heat.Values, values)
		if !whole {
			continue
		}
		bars.Labels = append(bars.Labels, c.Title)
		for i, plan := range a.Plans {
			bars.Lines[i].Points = append(bars.Lines[i].Points, a.cell(plan, c.Shock).Relative)
		}
	}
	var out []page.Picture
	if len(bars.Labels) > 0 {
		out = append(out, page.Picture{Name: "changes", Data: bars})
	}
	return append(out, page.Picture{Name: "heat", Data: heat})
}
