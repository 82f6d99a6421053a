package briefing

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/report"
)

// WriteBrief writes the one page of a run for a board.
func (r Run) WriteBrief(file string) error {
	s, err := r.Result.Summary()
	if err != nil {
		return err
	}
	said := page.RunLines(s, page.Commands{Scenario: s.Scenario, Folder: r.Result.Dir})
	question := ""
	if r.Plan != nil {
		question = r.Plan.Question
	}
	d := page.Run{Summary: s, Said: said, Columns: r.Result.Schema.Outcomes, Tail: r.tail()}.Document()
	d.Warnings = slices.Concat(r.warnings(s), d.Warnings)
	forBoard(d)
	_, none := os.Stat(filepath.Join(filepath.Dir(file), report.FileName))
	b := report.Brief{NoReport: none != nil, Title: s.Scenario, Question: Question(question, s.Scenario), Of: d,
		Made: report.Made{Typed: r.Result.Manifest.CommandLine(), Version: r.Result.Manifest.Version}}
	if s.Title != "" {
		b.Title += ": " + s.Title
	}
	picture := "weekly-live_customers"
	switch {
	case s.Ruin != nil && s.Ruin.Chance.Value > 0: // then cash is what matters
		picture = "weekly-cash"
	case s.Baseline != nil: // and here what the change does to sign-ups
		picture = "weekly-signups"
	}
	if r.Pictures == nil {
		if r.Pictures, err = gallery.Of(r.Result, r.Plan); err != nil {
			return err
		}
	}
	for _, h := range r.Pictures {
		if h.Name == picture {
			b.Shows = h.Drawing
		}
	}
	return b.Write(file)
}

// boardAsks are the outcomes that a board asks for, in the order of its questions: customers, money, what a customer
// costs and brings. Its page has room for so many.
var boardAsks = []string{"live_customers", "won", "arr", "revenue", "cash_end", "cash_trough", "lifetime_margin", "cac",
	"ltv", "ltv_cac", "payback_months", "monthly_logo_churn"}

// forBoard puts those outcomes first in the table of all, each in one row, and says what the quantiles are of.
func forBoard(d *page.Document) {
	at := slices.IndexFunc(d.Sheets, func(s *page.Sheet) bool { return s.Name == "outcomes" })
	if at < 0 {
		return
	}
	s := *d.Sheets[at]
	s.Columns = slices.Clone(s.Columns)
	for i, c := range s.Columns {
		if strings.HasSuffix(c.Name, "%") && !strings.HasPrefix(c.Name, "±") {
			s.Columns[i].Name += " of runs"
		}
	}
	name := func(row []page.Cell) string { return strings.TrimSuffix(row[0].Text, " *") }
	s.Rows = slices.DeleteFunc(slices.Clone(s.Rows), func(row []page.Cell) bool {
		return strings.HasPrefix(name(row), " ")
	})
	rank := func(row []page.Cell) int {
		if i := slices.Index(boardAsks, name(row)); i >= 0 {
			return i
		}
		return len(boardAsks)
	}
	slices.SortStableFunc(s.Rows, func(a, b []page.Cell) int { return cmp.Compare(rank(a), rank(b)) })
	s.Shown = len(s.Rows)
	d.Sheets = slices.Clone(d.Sheets)
	d.Sheets[at] = &s
}
