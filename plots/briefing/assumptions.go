package briefing

import (
	"fmt"
	"slices"
	"strings"

	"windfall/docs"
	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
)

// assumptions lists the values of the plan, or of the first that is known.
func (b *briefing) assumptions() []report.Block {
	at := slices.IndexFunc(b.runs, func(r *run) bool { return r.Plan != nil })
	if at < 0 {
		return nil
	}
	r := b.runs[at]
	of := ""
	if !b.single() {
		of = " of " + r.name + ", from which the others differ as listed above"
	}
	return Assumptions(r.Plan, of, b.variance(r)...)
}

// assumptionRow is a value with its source.
func assumptionRow(a scenarios.Assumption) []page.Cell {
	source := a.Source
	if a.Place == "" {
		source = "default"
	}
	return []page.Cell{page.Words(a.Key), page.Words(a.Value), page.Words(a.Unit), page.Words(source),
		page.Words(a.Place), page.Words(a.Meaning)}
}

// Own is the table of the values that a plan's own file sets, and --set; those of
// the files that it extends are left out. Nil if there are none. File is as the
// plan names it.
func Own(p *plan.Plan, caption, file string) []report.Block {
	t := report.Table{Caption: caption, Columns: assumptionColumns}
	for _, a := range scenarios.Assumptions(p) {
		if a.SetIn(file) {
			t.Rows = append(t.Rows, assumptionRow(a))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Find = len(t.Rows) > 20
	return []report.Block{t}
}

// Assumptions lists the values of a plan with their sources, and the facts that
// these name. Of says whose they are, if that is not plain; spread stands under
// the uncertain values.
func Assumptions(p *plan.Plan, of string, spread ...report.Block) []report.Block {
	drawn := report.Table{Caption: "Uncertain values: drawn anew in each run", Columns: assumptionColumns}
	every := report.Table{Caption: "Every value", Columns: assumptionColumns, Find: true}
	var sources []string
	cited, assumed := 0, 0
	for _, a := range scenarios.Assumptions(p) {
		switch {
		case a.Place == "", a.Source == "":
		case strings.Contains(a.Source, "assumption"):
			assumed++
		default:
			cited++
		}
		sources = append(sources, a.Source)
		row := assumptionRow(a)
		every.Rows = append(every.Rows, row)
		if a.Uncertain {
			drawn.Rows = append(drawn.Rows, row)
		}
	}
	out := []report.Block{report.Paragraph(fmt.Sprintf("%s%s: %s cite evidence or its calibration, %s are called "+
		"assumptions, the rest are choices of the plan and defaults.",
		words.Counted(len(every.Rows), "value"), of, words.Thousands(cited), words.Thousands(assumed)))}
	if len(drawn.Rows) > 0 {
		out = append(out, drawn)
		out = append(out, spread...)
	} else {
		out = append(out, report.Paragraph("No value is uncertain: runs differ by random variation alone."))
	}
	out = append(out, report.Fold{Title: "Every value with its source", Blocks: []report.Block{every}})
	if facts := evidence("The evidence that the sources name", sources); facts != nil {
		out = append(out, report.Fold{Title: "Sources", Blocks: []report.Block{*facts}})
	}
	return out
}

// evidence is the table of the rows of docs/facts.md that some texts name, nil if they name none.
func evidence(caption string, texts []string) *report.Table {
	t := report.Table{Caption: caption,
		Columns: []page.Column{{Name: "Row"}, {Name: "Quantity"}, {Name: "Value"}, {Name: "Where it comes from"}}}
	for _, f := range docs.Facts(texts) {
		t.Rows = append(t.Rows, []page.Cell{page.Words(f.ID), page.Words(f.Quantity), page.Words(f.Value),
			page.Words(f.Source)})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Find = len(t.Rows) > 20
	return &t
}

// variance says how much of the spread comes from the uncertain values.
func (b *briefing) variance(r *run) []report.Block {
	v := r.summary.Variance
	if v == nil || len(v.Shares) == 0 {
		return nil
	}
	t := report.Table{Caption: "How much of the spread the uncertain values explain; the rest is random variation",
		Columns: []page.Column{{Name: "Outcome"}, {Name: "Share of the variance", Numeric: true},
			{Name: "95% interval", Numeric: true}}, Notes: []string{v.Method + "."}}
	for _, s := range v.Shares {
		o := r.summary.Outcome(s.Outcome)
		t.Rows = append(t.Rows, []page.Cell{page.Words(measure(s.Outcome, o.Unit).Called()),
			page.Num(words.Percent.Text(s.Inputs.Value), s.Inputs.Value), between(words.Percent, s.Inputs)})
	}
	return []report.Block{t}
}
