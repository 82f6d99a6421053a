package page

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/panel"
)

// Remark adds notes to tables: the first that speaks of lifetime margin says how far that looks, of which tail is
// the weeks after the run (0: nobody asked), the first of business value what it counts.
func (d *Document) Remark(tail int) {
	note := func(text string, about ...string) {
		if i := slices.IndexFunc(d.Sheets, func(s *Sheet) bool { return s.speaksOf(about...) }); i >= 0 {
			d.Sheets[i].Notes = append(d.Sheets[i].Notes, text)
		}
	}
	if tail > 0 {
		note(tailNote(tail), "lifetime_margin", "lifetime margin")
	}
	note("business_value is cash at the end of the run and what its customers then, those of the first day among them, "+
		"its pipeline and its brand still bring; an estimate, at the run's margin and churn.", panel.BusinessValue)
}

// tailNote says how far lifetime_margin looks beyond the run, where that is known.
func tailNote(weeks int) string {
	after := "after it"
	if weeks > 0 {
		after = fmt.Sprintf("in the %s after it", words.Counted(weeks, "week"))
	}
	return fmt.Sprintf("lifetime_margin is that of the customers whom the run wins, of those whom its last buyers in the "+
		"market bring %s, and of what it leaves in brand and adstock. Customers of the first day and fixed cost are in "+
		"gross_margin and cash_end.", after)
}

// speaksOf says whether a table has one of some words in its name, its columns or its first column.
func (s *Sheet) speaksOf(about ...string) bool {
	all := []string{s.Name, s.Caption}
	for _, c := range s.Columns {
		all = append(all, c.Name)
	}
	for _, row := range s.Rows {
		all = append(all, row[0].Text)
	}
	text := strings.Join(all, " ")
	return slices.ContainsFunc(about, func(w string) bool { return strings.Contains(text, w) })
}

// mostLate is the number of plans of which it is said that they move people, hiring or prices late.
const mostLate = 3

// LateMoves are notes about plans that move people, hiring or prices too late for their runs, of many the first.
func LateMoves(plans []*plan.Plan, length Cure) (out []string) {
	for _, p := range plans {
		move := scenarios.LateMoveOf(p)
		if move == nil || len(out) == mostLate {
			continue
		}
		if note := late(move, length); !slices.Contains(out, note) {
			out = append(out, note)
		}
	}
	return out
}

// late says what a late move keeps an answer from seeing, and how a run becomes longer: length writes it so.
func late(m *scenarios.LateMove, length Cure) string {
	what := m.Keys[0] + " changes"
	if n := len(m.Keys) - 1; n > 0 {
		what = fmt.Sprintf("%s and %d more change", m.Keys[0], n)
	}
	return fmt.Sprintf("%s on %s, and the run ends %s after that: customer lifetime margin does not follow what people, "+
		"hiring and prices do to later customers; judge it on a longer run, %s", what, m.On, words.Counted(m.Left, "week"),
		length("weeks", fmt.Sprint(m.Enough)))
}
