package page

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/metric"
)

// RatioOfTotals is the statistic that the summary gives of a ratio.
const RatioOfTotals = "ratio of totals"

// A Run is what a run showed, and what stands beside it.
type Run struct {
	*analysis.Summary
	Said     Lines
	Columns  []plan.Column // of the outcomes
	Tail     int           // weeks that lifetime_margin counts after the run; 0: not known
	Expected []analysis.Beside
}

// Document lays out the headlines, ruin, what was expected and the goals; its warnings are those of the goals.
func (r Run) Document() *Document {
	d := &Document{Question: "run", Scenario: r.Scenario, Sentences: r.Said.sentences(), Seed: r.Seed,
		Size: words.Counted(r.Replications, "run"), Sheets: append(Held(r.Summary, r.Tail), r.outcomes())}
	if r.Baseline != nil {
		d.Size = words.Counted(r.Baseline.Pairs, "pair") + " of runs"
	}
	if len(r.Expected) > 0 {
		d.Sheets = append(d.Sheets, r.beside())
	}
	if len(r.Goals) > 0 {
		d.Sheets = append(d.Sheets, r.goals())
	}
	for _, g := range r.Goals {
		if why := Undecided(&g); why != "" {
			d.Warnings = append(d.Warnings, fmt.Sprintf("goal %s is %s: %s", g.Name, g.Verdict, why))
		}
	}
	return d
}

// outcomes is the table of headline outcomes, with the chance to go out of business under it.
func (r Run) outcomes() *Sheet {
	rows := slices.DeleteFunc(r.Table(), func(o *analysis.Outcome) bool { return o.Name == "out_of_business" })
	s := NewSheet("outcomes", "Headline numbers", "outcome", "unit", "#mean", "#± 95%", "#5%", "#50%", "#95%")
	missing := slices.ContainsFunc(r.Table(), func(o *analysis.Outcome) bool { return o.MissingShare+o.NeverShare > 0 })
	if missing {
		s.Columns = append(s.Columns, Column{Name: "no number", Numeric: true})
	}
	ratios := false
	for _, o := range rows {
		name, values := o.Name, []float64{o.Estimate.Value, o.Quantiles.P50.Value}
		if v := o.Survivors; v != nil {
			values = append(values, v.Estimate.Value, v.Quantiles.P50.Value)
		}
		f, unit := words.Fitting(o.Name, o.Unit, values...)
		if o.Statistic == RatioOfTotals {
			name, ratios = name+" *", true
		}
		row := spread(name, unit, f, o.Estimate, o.Quantiles)
		if missing {
			row = append(row, Words(withoutNumber(o)))
		}
		s.Rows = append(s.Rows, row)
		if v := o.Survivors; v != nil {
			s.Rows = append(s.Rows, spread("  in business", unit, f, v.Estimate, v.Quantiles))
		}
	}
	if s.Shown = len(s.Rows); r.Baseline != nil {
		s.Lead = r.Scenario + " by itself"
	}
	s.Notes = r.notes(ratios)
	return s
}

// notes say what the table of outcomes cannot.
func (r Run) notes(ratios bool) (out []string) {
	rows := r.Table()
	for _, o := range rows {
		if why := o.Estimate.Reason; why != "" {
			out = append(out, fmt.Sprintf("%s has no number: %s.", words.Measure{Name: o.Name, Unit: o.Unit}.Called(), why))
		}
	}
	if i := slices.IndexFunc(rows, func(o *analysis.Outcome) bool { return o.Estimate.Needs > 0 }); i >= 0 {
		out = append(out, fmt.Sprintf("–: no interval for %s; %s.", rows[i].Name, rows[i].Estimate.Short()))
	}
	for _, o := range rows {
		if stay := words.Staying(o.Unit, o.Estimate.Value); stay != "" {
			out = append(out, words.Capital(stay)+".")
		}
	}
	out = append(out, "± is the margin of error (95%) of the mean: half of what random variation in "+
		words.Counted(r.Replications, "run")+" leaves open.")
	if ratios {
		out = append(out, "* ratio of totals over all runs, jackknife error; the quantiles are those of single runs.")
	}
	if r.Baseline == nil { // else the table of the differences says it
		out = append(out, tailNote(r.Tail))
	}
	if r.Ruin != nil {
		c := r.Ruin.Chance
		out = append(out, "", fmt.Sprintf("Out of business within %s: %s (95%% interval %s to %s; %s of %s)",
			words.Counted(r.Ruin.HorizonWeeks, "week"), words.Percent.Text(c.Value), words.Percent.Text(c.Low),
			words.Percent.Text(c.High), words.Thousands(r.Ruin.Replications), words.Counted(c.N, "run")))
	}
	return out
}

// spread is the row of an outcome: its headline with the error, and three quantiles.
func spread(name, unit string, f words.Format, e analysis.Estimate, q analysis.Quantiles) []Cell {
	row := []Cell{Words(name), Words(unit)}
	values := []float64{e.Value, e.HalfWidth(), q.P5.Value, q.P50.Value, q.P95.Value}
	for i, text := range f.Spread(values[0], values[1], values[2:]...) {
		row = append(row, Num(text, values[i]))
	}
	return row
}

// withoutNumber tells in how many replications an outcome is missing or never.
func withoutNumber(o *analysis.Outcome) string {
	var parts []string
	if o.MissingShare > 0 {
		parts = append(parts, words.Percent.Text(o.MissingShare)+" missing")
	}
	if o.NeverShare > 0 {
		parts = append(parts, words.Percent.Text(o.NeverShare)+" never")
	}
	return strings.Join(parts, ", ")
}

// beside is the table of what the mean-field funnel expects.
func (r Run) beside() *Sheet {
	s := NewSheet("expected", "Expected and simulated", "outcome", "unit", "#expected", "#simulated", "#± 95%",
		"#of expected")
	for _, l := range r.Expected {
		f := words.FormatOf(l.Outcome, l.Unit)
		ratio := ""
		if l.Ratio != nil {
			ratio = words.Percent.Text(*l.Ratio)
		}
		mean, reach := f.WithError(l.Simulated.Value, l.Simulated.HalfWidth())
		s.Row(l.Outcome, l.Unit, Num(f.Text(l.Expected), l.Expected), Num(mean, l.Simulated.Value), reach, ratio)
	}
	s.Shown = len(s.Rows)
	s.Notes = []string{"Expected is the deterministic mean-field funnel: no random variation, no ruin, uncertain " +
		"numbers at their medians."}
	return s
}

// goals is the table of what became of the goals.
func (r Run) goals() *Sheet {
	s := NewSheet("goals", "Goals", "goal", "expected", "#seen", "95% interval", "verdict")
	for _, g := range r.Goals {
		f := GoalFormat(g.Expect, r.Columns)
		s.Row(g.Name, g.Expect, Num(f.Text(g.Estimate.Value), g.Estimate.Value), words.Between(f, g.Estimate),
			GoalVerdict(&g, r.Replications))
	}
	s.Shown = len(s.Rows)
	return s
}

// Undecided says what keeps a goal from being decided; empty if it is.
func Undecided(g *analysis.GoalLine) string {
	switch {
	case g.Reason != "":
		return g.Reason
	case g.Verdict != analysis.Undecided:
		return ""
	case g.Estimate.Needs > 0:
		return g.Estimate.Short()
	}
	return "its interval straddles the line; more runs would decide"
}

// GoalVerdict is a cell that says whether a goal is reached, and in how many of the runs its metric has no number: they
// count neither as met nor as missed.
func GoalVerdict(g *analysis.GoalLine, runs int) Cell {
	tone := map[analysis.Verdict]Tone{analysis.Met: Good, analysis.Missed: Bad, analysis.Undecided: Unsure}[g.Verdict]
	text := string(g.Verdict)
	if g.Unknown > 0 {
		text += fmt.Sprintf(": no number in %s of %s", words.Thousands(g.Unknown), words.Counted(runs, "run"))
	}
	return Toned(text, tone)
}

// GoalFormat is how numbers of a goal's metric are written.
func GoalFormat(expect string, columns []plan.Column) words.Format {
	g, err := metric.ParseGoal(expect, columns)
	if err != nil || g.Metric.When != nil {
		return words.Percent
	}
	for _, c := range columns {
		if c.Name == g.Metric.Outcome {
			return words.FormatOf(c.Name, c.Unit)
		}
	}
	return words.Plain
}

// UnmetGoals says which goals are missed, and with strict which are undecided; empty: none is.
func UnmetGoals(s *analysis.Summary, strict bool) string {
	var parts []string
	for _, v := range []analysis.Verdict{analysis.Missed, analysis.Undecided} {
		var names []string
		for _, g := range s.Goals {
			if g.Verdict == v && (strict || v == analysis.Missed) {
				names = append(names, g.Name)
			}
		}
		if len(names) > 0 {
			parts = append(parts, words.Counted(len(names), "goal")+" "+string(v)+": "+words.List(names))
		}
	}
	return strings.Join(parts, "; ")
}

// Unmet says which expectations do not hold.
func Unmet(names []string) string {
	return words.Counted(len(names), "expectation") + " not met: " + words.List(names)
}
