package briefing

import (
	"math"
	"slices"
	"strings"

	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/analysis"
)

// headlines is the table of headline outcomes with their intervals.
func (b *briefing) headlines() report.Block {
	if !b.single() {
		return b.headlinesSideBySide()
	}
	s := b.runs[0].summary
	t := report.Table{Caption: "Headline numbers", Columns: []page.Column{{Name: "Outcome"}, {Name: "Unit"},
		{Name: "Mean", Numeric: true}, {Name: "± 95%", Numeric: true},
		{Name: "95% interval", Note: "of the mean", Numeric: true},
		{Name: "5%", Note: "of runs", Numeric: true}, {Name: "50%", Note: "of runs", Numeric: true},
		{Name: "95%", Note: "of runs", Numeric: true}}}
	row := func(name page.Cell, unit string, f words.Format, e analysis.Estimate, q analysis.Quantiles, chance bool) {
		mean, reach := f.WithError(e.Value, e.HalfWidth())
		around := page.Num(reach, e.HalfWidth())
		if chance { // Wilson's interval does not lie evenly around the mean
			around = page.Words("")
		}
		cells := []page.Cell{name, page.Words(unit), page.Num(mean, e.Value), around, between(f, e)}
		values := []float64{q.P5.Value, q.P50.Value, q.P95.Value}
		for i, text := range f.Alike(values...) {
			cell := page.Num(text, values[i])
			if chance { // it is 0 or 1 in each run
				cell = page.Words("")
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	ratios := false
	for _, o := range s.Table() {
		m := measure(o.Name, o.Unit)
		name := page.Words(m.Called())
		if o.Statistic == ratioOfTotals {
			name.Text, ratios = name.Text+" *", true
		}
		var none []string
		if o.MissingShare > 0 {
			none = append(none, "no number in "+words.Percent.Text(o.MissingShare))
		}
		if o.NeverShare > 0 {
			none = append(none, "never in "+words.Percent.Text(o.NeverShare))
		}
		name.Sub = strings.Join(none, ", ")
		row(name, o.Unit, m.Format(), o.Estimate, o.Quantiles, o.Statistic == chance)
		if v := o.Survivors; v != nil {
			in := page.Words(m.Called() + ", in business")
			in.Sub = "of runs that stay in business"
			row(in, o.Unit, m.Format(), v.Estimate, v.Quantiles, false)
		}
	}
	t.Notes = b.headNotes(ratios)
	t.Notes = append(t.Notes, "The columns of runs say how different single runs are.")
	return t
}

func (b *briefing) headNotes(ratios bool) []string {
	lengths := map[int]bool{}
	for _, r := range b.runs {
		lengths[r.summary.Replications] = true
	}
	of := words.Counted(b.runs[0].summary.Replications, "run")
	if len(lengths) > 1 {
		of = "the runs"
	}
	notes := []string{"The 95% interval of the mean is what random variation in " + of +
		" leaves open; it says nothing about how good the assumptions are."}
	if ratios {
		notes = append(notes, "* Ratio of totals over all runs, jackknife error; the quantiles are those of "+
			"single runs.")
	}
	return notes
}

func (b *briefing) headlinesSideBySide() report.Block {
	t := report.Table{Caption: "Headline numbers", Columns: []page.Column{{Name: "Outcome"}, {Name: "Unit"}}}
	for _, r := range b.runs {
		t.Columns = append(t.Columns, page.Column{Name: r.name, Note: "mean, 95% interval", Numeric: true})
	}
	ratios := false
	for _, o := range b.runs[0].summary.Table() {
		m := measure(o.Name, o.Unit)
		name := page.Words(m.Called())
		if o.Statistic == ratioOfTotals {
			name.Text, ratios = name.Text+" *", true
		}
		row := []page.Cell{name, page.Words(o.Unit)}
		for _, r := range b.runs {
			e := analysis.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
			if o := r.summary.Outcome(o.Name); o != nil {
				e = o.Estimate
			}
			row = append(row, withInterval(m.Format(), e))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = append(b.headNotes(ratios), b.pairing())
	return t
}

// pairing says how far the runs can be compared.
func (b *briefing) pairing() string {
	first := b.runs[0].summary
	for _, r := range b.runs {
		s := r.summary
		if s.Seed != first.Seed || s.Replications != first.Replications || s.Start != first.Start {
			return "The runs have unlike seeds, numbers of runs or first days, so part of what differs is random " +
				"variation."
		}
	}
	return "The runs share their seed and their random variation, so differences between them are surer than the " +
		"intervals say; compare them run by run."
}

// withInterval is a cell of a mean with its interval under it.
func withInterval(f words.Format, e analysis.Estimate) page.Cell {
	mean, _ := f.WithError(e.Value, e.HalfWidth())
	c := page.Num(mean, e.Value)
	if in := between(f, e); in.Text != unknown {
		c.Sub, c.Low, c.High = in.Text, in.Low, in.High
	}
	return c
}

// between is a cell of the interval of an estimate.
func between(f words.Format, e analysis.Estimate) page.Cell {
	end := func(x float64, text string) string {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "open"
		}
		return text
	}
	if e.Never() && e.Low == e.High {
		return page.Words(unknown)
	}
	if e.Needs > 0 {
		return page.Between(e.Short(), e.Low, e.High)
	}
	if math.IsNaN(e.Low) && math.IsNaN(e.High) {
		return page.Words(unknown)
	}
	texts := f.Alike(e.Low, e.High)
	return page.Between(end(e.Low, texts[0])+" to "+end(e.High, texts[1]), e.Low, e.High)
}

// goals is the table of goals, met or missed.
func (b *briefing) goals() []report.Block {
	t := report.Table{Caption: "Goals", Columns: []page.Column{{Name: "Goal"}, {Name: "Expected"}, {Name: "Verdict"},
		{Name: "Seen", Numeric: true}, {Name: "95% interval", Numeric: true}}}
	if !b.single() {
		t.Columns = slices.Insert(t.Columns, 1, page.Column{Name: "Run"})
	}
	for _, r := range b.runs {
		for _, g := range r.summary.Goals {
			f := page.GoalFormat(g.Expect, r.Result.Schema.Outcomes)
			verdict := page.GoalVerdict(&g, r.summary.Replications)
			if why := page.Undecided(&g); why != "" {
				verdict.Sub = why
			}
			row := []page.Cell{page.Words(g.Name), page.Words(g.Expect), verdict,
				page.Num(f.Text(g.Estimate.Value), g.Estimate.Value), between(f, g.Estimate)}
			if !b.single() {
				row = slices.Insert(row, 1, page.Words(r.name))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []report.Block{t}
}

// slices are tables of leads, customers and their cost and value by slice.
func (b *briefing) slices() (out []report.Block) {
	for _, d := range dimensions {
		t := report.Table{Caption: d.title, Columns: []page.Column{{Name: strings.ToUpper(d.name[:1]) + d.name[1:]}}}
		if !b.single() {
			t.Columns = append(t.Columns, page.Column{Name: "Run"})
		}
		head := len(t.Columns)
		for _, r := range b.runs {
			last := ""
			for _, l := range r.summary.Slices {
				if l.Dimension != d.name && l.Dimension != "company" {
					continue
				}
				m := measure(l.Column, l.Unit)
				if !slices.ContainsFunc(t.Columns[head:], func(c page.Column) bool { return c.Name == m.Called() }) {
					t.Columns = append(t.Columns, page.Column{Name: m.Called(), Note: l.Unit, Numeric: true})
				}
				if l.Dimension == "company" {
					continue
				}
				if l.Name != last {
					row := []page.Cell{page.Words(l.Name)}
					if !b.single() {
						row = append(row, page.Words(r.name))
					}
					t.Rows = append(t.Rows, row)
					last = l.Name
				}
				at := len(t.Rows) - 1
				t.Rows[at] = append(t.Rows[at], sliceCell(m.Format(), l.Estimate))
			}
		}
		t.Rows = slices.DeleteFunc(t.Rows, func(row []page.Cell) bool {
			return len(row) != len(t.Columns) || emptyRow(row[head:])
		})
		var order []string // rows of one slice stand together
		for _, row := range t.Rows {
			order = append(order, row[0].Text)
		}
		slices.SortStableFunc(t.Rows, func(a, b []page.Cell) int {
			return slices.Index(order, a[0].Text) - slices.Index(order, b[0].Text)
		})
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return []report.Block{report.Paragraph("This run has no slices.")}
	}
	return append([]report.Block{report.Paragraph("Means over all runs, and for costs and values ratios of " +
		"totals; under each half of its 95% interval. A customer belongs to the channel of the last touch.")}, out...)
}

// emptyRow says whether there is nothing of a slice: all that is known of it is 0.
func emptyRow(cells []page.Cell) bool {
	return !slices.ContainsFunc(cells, func(c page.Cell) bool { return c.Value != nil && *c.Value != 0 })
}

// sliceCell is a number with its error under it; what a slice does not have is
// missing.
func sliceCell(f words.Format, e analysis.Estimate) page.Cell {
	if math.IsNaN(e.Value) {
		return page.Num(unknown, e.Value)
	}
	text, reach := f.WithError(e.Value, e.HalfWidth())
	c := page.Num(text, e.Value)
	if half := e.HalfWidth(); !math.IsNaN(half) && !math.IsInf(half, 0) {
		c.Sub = "± " + reach
	}
	return c
}

// differences lists the keys in which plans differ.
func (b *briefing) differences() []report.Block {
	if b.single() {
		return nil
	}
	t := report.Table{Caption: "Keys that differ from " + b.runs[0].name, Columns: []page.Column{{Name: "Key"}},
		Find: true}
	values := map[string][]string{}
	var keys []string
	for i, r := range b.runs {
		t.Columns = append(t.Columns, page.Column{Name: r.name})
		if r.Plan == nil || b.runs[0].Plan == nil {
			continue
		}
		for _, d := range scenarios.Diff(b.runs[0].Plan, r.Plan) {
			if values[d.Key] == nil {
				keys = append(keys, d.Key)
				values[d.Key] = slices.Repeat([]string{orUnknown(d.A)}, len(b.runs))
			}
			values[d.Key][i] = orUnknown(d.B)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		row := []page.Cell{page.Words(k)}
		for _, v := range values[k] {
			row = append(row, page.Words(v))
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return []report.Block{report.Paragraph("The plans have the same values in every key.")}
	}
	return []report.Block{t}
}
