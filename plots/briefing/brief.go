package briefing

import (
	"slices"

	"windfall/model/plan"
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
	run, question := page.Run{Summary: s, Said: said, Columns: r.Result.Schema.Outcomes}, ""
	if r.Plan != nil {
		run.Tail, question = plan.TailWeeks(r.Plan), r.Plan.Question
	}
	d := run.Document()
	d.Warnings = slices.Concat(s.Warnings, d.Warnings)
	b := report.Brief{Title: s.Scenario, Question: Question(question, s.Scenario), Of: d,
		Made: report.Made{Typed: r.Result.Manifest.CommandLine(), Version: r.Result.Manifest.Version}}
	if s.Title != "" {
		b.Title += ": " + s.Title
	}
	picture := "weekly-live_customers"
	if s.Ruin != nil && s.Ruin.Chance.Value > 0 { // then cash is what matters
		picture = "weekly-cash"
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
