package result

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/store"
	"windfall/sim/table"
)

// writeBook writes the run as one workbook for people: what it says, its outcomes and goals, slices,
// bands over runs by week, month and quarter, notes and the dictionary.
func (r *Result) writeBook(dir *store.Folder, tables []written) error {
	book := table.NewBook()
	defer book.Close()
	said := r.summary.Said
	empty := func(line string) bool { return line == "" }
	book.Answer(slices.DeleteFunc([]string{said.Finding, said.Do, said.Sure}, empty))
	first := []written{{"outcomes", r.outcomeSheet().Fill}}
	if len(r.summary.Goals) > 0 {
		first = append(first, written{"goals", goalSheet(r.summary.Goals).Fill})
	}
	for _, t := range append(first, tables...) {
		if t.name == "replications" {
			continue // single runs are for programs
		}
		err := t.write(func(columns []table.Column) table.Writer { return book.Table(t.name, columns) })
		if err != nil {
			return err
		}
	}
	book.Notes(r.notes())
	err := table.DictionaryOf(r.Schema, r.Start).Fill(func(columns []table.Column) table.Writer {
		return book.Table("dictionary", columns)
	})
	if err != nil {
		return err
	}
	return dir.Write(table.BookName, book.Write)
}

// errorColumns are a number with its error and its interval.
var errorColumns = []table.Column{{Name: "value", Kind: table.Number},
	{Name: "error", Kind: table.Number, Head: "standard error"},
	{Name: "low", Kind: table.Number, Head: "95% interval from"}, {Name: "high", Kind: table.Number, Head: "to"}}

// outcomeSheet has a row for each outcome with its errors and quantiles, the headlines first, in their order.
func (r *Result) outcomeSheet() table.Rows {
	rows := table.Rows{Columns: slices.Concat(
		table.Text.Named("outcome", "unit", "better", "headline", "statistic"), errorColumns,
		table.Number.Named("n", "missing_share", "never_share", "p5", "p25", "p50", "p75", "p95"),
		table.Text.Named("reason", "meaning"))}
	place := func(o analysis.Outcome) int {
		if i := slices.Index(r.summary.Headlines, o.Name); i >= 0 {
			return i
		}
		return len(r.summary.Headlines)
	}
	sorted := slices.Clone(r.summary.Outcomes)
	slices.SortStableFunc(sorted, func(a, b analysis.Outcome) int { return cmp.Compare(place(a), place(b)) })
	columns := map[string]plan.Column{}
	for _, c := range r.Schema.Outcomes {
		columns[c.Name] = c
	}
	for _, o := range sorted {
		headline := "no"
		if place(o) < len(r.summary.Headlines) {
			headline = "yes"
		}
		e, q := o.Estimate, o.Quantiles
		rows.Rows = append(rows.Rows, []any{columns[o.Name].Label, o.Unit, o.Direction, headline, o.Statistic,
			e.Value, e.Error, e.Low, e.High, float64(e.N), o.MissingShare, o.NeverShare,
			q.P5.Value, q.P25.Value, q.P50.Value, q.P75.Value, q.P95.Value, e.Reason, columns[o.Name].Meaning})
	}
	return rows
}

// goalSheet has a row for each goal with its verdict.
func goalSheet(goals []analysis.GoalLine) table.Rows {
	rows := table.Rows{Columns: slices.Concat(table.Text.Named("goal", "expect", "verdict"),
		errorColumns, table.Text.Named("reason"))}
	for _, g := range goals {
		e := g.Estimate
		rows.Rows = append(rows.Rows, []any{g.Name, g.Expect, string(g.Verdict), e.Value, e.Error, e.Low, e.High, g.Reason})
	}
	return rows
}

// notes say what was run, and what the sheets are.
func (r *Result) notes() []table.Note {
	m, s := r.Manifest, r.summary
	out := []table.Note{{Name: "scenario", Text: m.Scenario}, {Name: "title", Text: s.Title},
		{Name: "command", Text: store.ShellLine(store.Essential(m.Command))}, {Name: "version", Text: m.Version},
		{Name: "seed", Text: fmt.Sprint(m.Seed)},
		{Name: "runs", Text: fmt.Sprint(m.Replications)}, {Name: "weeks", Text: fmt.Sprint(m.Weeks)},
		{Name: "first day", Text: m.Start}, {Name: "digest of the plan", Text: m.Digest},
		{Name: "currency", Text: r.Schema.Currency()},
		{Name: "rests on", Text: "All tables are made from all runs; slices and variance with their " +
			"errors are in summary.json, values with their sources in scenario.toml."}}
	for _, w := range s.Warnings {
		out = append(out, table.Note{Name: "warning", Text: w})
	}
	out = append(out, table.Note{Name: "sheet outcomes", Text: "One row per outcome, the headlines first: its mean, " +
		"chance or ratio of totals (statistic) with its standard error and 95% interval, and quantiles over all " +
		"runs."})
	if len(s.Goals) > 0 {
		out = append(out, table.Note{Name: "sheet goals", Text: "One row per goal of the scenario, with its verdict."})
	}
	return append(out, table.BookNotes()...)
}
