package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// sensitivity is what sensitivity writes and prints as JSON.
type sensitivity struct {
	name  string // as typed
	flags *sensitivityFlags
	doubts

	Scenario string      `json:"scenario"`
	Rows     int         `json:"rows"`
	Runs     int         `json:"runs"`
	Lucks    int         `json:"tornado_lucks"`
	Seed     uint64      `json:"seed"`
	Weeks    int         `json:"weeks"`
	Outcomes []explained `json:"outcomes"`
}

// explained is one outcome, its variance split.
type explained struct {
	format words.Format

	Outcome   string            `json:"outcome"`
	Unit      string            `json:"unit"`
	Answer    string            `json:"answer"`
	Rows      int               `json:"rows"`
	Missing   int               `json:"rows_left_out"`
	Mean      analysis.Estimate `json:"mean"`
	Deviation analysis.Number   `json:"standard_deviation"`
	Inputs    analysis.Estimate `json:"inputs"` // all of them, without luck
	Luck      analysis.Estimate `json:"luck"`   // alone
	Mix       analysis.Estimate `json:"inputs_and_luck"`
	Indices   []index           `json:"indices"` // by total, the largest first
	Tornado   []bar             `json:"tornado"` // by swing, the largest first
}

// index is the share of variance of a group of inputs.
type index struct {
	Inputs []string          `json:"inputs"`
	First  analysis.Estimate `json:"first_order"`
	Total  analysis.Estimate `json:"total"`
}

func (x *index) name() string {
	if n := len(x.Inputs) - 1; n > 0 {
		return fmt.Sprintf("%s and %d tied to it", x.Inputs[0], n)
	}
	return x.Inputs[0]
}

// bar is one input at its ends.
type bar struct {
	Input    string            `json:"input"`
	LowAt    analysis.Number   `json:"at_5"`
	HighAt   analysis.Number   `json:"at_95"`
	Low      analysis.Estimate `json:"change_at_5"`
	High     analysis.Estimate `json:"change_at_95"`
	Swing    analysis.Estimate `json:"swing"`
	lowText  string
	highText string
}

// fill takes the numbers over; tornado holds the values by setting and luck.
func (e *explained) fill(u *uncertainPlan, groups [][]int, s analysis.Sobol, tornado []float64) {
	e.Rows, e.Missing, e.Mean, e.Deviation = s.Rows, s.Missing, s.Mean, analysis.Number(math.Sqrt(s.Variance))
	e.Inputs, e.Luck, e.Mix = s.Others, s.Alone, s.Mix
	for _, c := range s.ByTotal() {
		if c == len(groups) {
			continue // luck has its own line
		}
		x := index{First: s.First[c], Total: s.Total[c]}
		for _, m := range groups[c] {
			x.Inputs = append(x.Inputs, u.inputs[m].Name)
		}
		e.Indices = append(e.Indices, x)
	}
	at := func(setting int) []float64 { return tornado[setting*tornadoLucks : (setting+1)*tornadoLucks] }
	for i, in := range u.inputs {
		w := analysis.SwingOf(at(0), at(1+2*i), at(2+2*i))
		e.Tornado = append(e.Tornado, bar{Input: in.Name, LowAt: analysis.Number(in.Dist.Quantile(tornadoEnds[0])),
			HighAt: analysis.Number(in.Dist.Quantile(tornadoEnds[1])), Low: w.Low, High: w.High, Swing: w.Swing,
			lowText: u.value(i, tornadoEnds[0]), highText: u.value(i, tornadoEnds[1])})
	}
	slices.SortStableFunc(e.Tornado, func(a, b bar) int {
		return cmp.Compare(math.Abs(b.Swing.Value),
			math.Abs(a.Swing.Value))
	})
}

// sentence is the answer.
func (e *explained) sentence(a *sensitivity) string {
	percent := words.Percent
	over := fmt.Sprintf("%s within %s", e.Outcome, words.Counted(a.Weeks, "week"))
	if !e.Mean.Known() {
		return fmt.Sprintf("Nothing can be said of %s: it has no value in some run of %s of %s of the design.", over,
			words.Thousands(e.Missing), words.Counted(e.Missing+e.Rows, "row"))
	}
	if e.Deviation == 0 || math.IsNaN(e.Luck.Value) {
		return fmt.Sprintf("%s does not vary: it is %s in all of n = %s runs.", over, e.format.Text(e.Mean.Value),
			words.Thousands(a.Runs))
	}
	var top []string
	for i := 0; i < min(3, len(e.Indices)); i++ {
		x := &e.Indices[i]
		top = append(top, fmt.Sprintf("%s (%s to %s)", x.name(), percent.Text(x.Total.Low), percent.Text(x.Total.High)))
	}
	verb := "matter"
	if len(top) == 1 {
		verb = "matters"
	}
	unit := ""
	if !e.format.IsMoney() && e.format != words.Percent {
		unit = " " + e.Unit
	}
	return fmt.Sprintf("%s %s most for %s; luck alone is %s of its variance (standard deviation %s%s; shares of "+
		"variance in all with 95%% intervals, n = %s, %s runs).",
		words.List(top), verb, over, words.Ends(percent.Text, e.Luck), e.format.Text(float64(e.Deviation)), unit,
		words.Sized(e.Rows, fewRows, "row"), words.Thousands(a.Runs))
}

func (a *sensitivity) sentences() (out []string) {
	for _, e := range a.Outcomes {
		out = append(out, e.Answer)
	}
	return out
}

func (a *sensitivity) size() string {
	return fmt.Sprintf("%s of the design, %s in all", words.Counted(a.Rows, "row"), words.Counted(a.Runs, "run"))
}

func (a *sensitivity) next() []string {
	words := func(command string, more ...string) string {
		return shellLine(append(append([]string{"windfall", command, a.name}, more...), a.flags.typed()...))
	}
	// What to measure depends on what is to be decided: a decision about brand as
	// a first one.
	out := []string{words("value", "--decide", "plan", "media.*.weekly_budget*=0.5")}
	if e := &a.Outcomes[0]; len(e.Tornado) > 0 {
		in := e.Tornado[0].Input
		if !strings.Contains(in, "@") && !strings.HasPrefix(in, "changes.") && !strings.HasPrefix(in, "shocks.") {
			out = append(out, words("respond", "--vary", fmt.Sprintf("%s=%s..%s:5", in, short(float64(e.Tornado[0].LowAt)),
				short(float64(e.Tornado[0].HighAt)))))
		}
	}
	return out
}

func (a *sensitivity) warnings() (out []string) {
	if a.Rows < fewRows {
		out = append(out, fmt.Sprintf("%s are few: intervals are wide and cover less than they say; --replications %d "+
			"would do", words.Counted(a.Rows, "row"), 2*fewRows))
	}
	for _, e := range a.Outcomes {
		if e.Missing > 0 {
			out = append(out, fmt.Sprintf("%s is missing in %s of %s, which are left out", e.Outcome,
				words.Counted(e.Missing, "row"), words.Thousands(a.Rows)))
		}
	}
	return out
}

// sheets are the tables of how the variance splits, and of single inputs.
func (a *sensitivity) sheets() (out []*page.Sheet) {
	percent := words.Percent
	for i := range a.Outcomes {
		e := &a.Outcomes[i]
		if e.Deviation == 0 {
			continue
		}
		file := func(name string) string {
			if len(a.Outcomes) == 1 {
				return name
			}
			return fmt.Sprintf("%s-%d", name, i+1)
		}
		share := func(x analysis.Estimate) page.Cell {
			c := page.Value(percent, x)
			c.Text = words.Ends(percent.Text, x)
			return c
		}
		s := page.NewSheet(file("indices"), "Shares of the variance of "+e.Outcome, e.Outcome+": share of variance",
			"#first order", "#total")
		for _, x := range e.Indices {
			s.Row(x.name(), share(x.First), share(x.Total))
		}
		s.Notes = []string{fmt.Sprintf("All inputs without luck bring %s of the variance, luck alone %s, both together "+
			"%s.", words.Ends(percent.Text, e.Inputs), words.Ends(percent.Text, e.Luck), words.Ends(percent.Text, e.Mix))}
		out = append(out, s)
		s = page.NewSheet(file("tornado"), "Each input moved by itself: change of "+e.Outcome, "moved by itself", "#5%",
			"#change at 5%", "#95%", "#change at 95%")
		for _, x := range e.Tornado {
			s.Row(x.Input, page.Num(x.lowText, float64(x.LowAt)), page.Change(e.format, x.Low),
				page.Num(x.highText, float64(x.HighAt)), page.Change(e.format, x.High))
		}
		s.Notes = []string{fmt.Sprintf("Others at their medians, paired over %s.", words.Counted(a.Lucks, "luck"))}
		out = append(out, s)
	}
	return out
}

// drawn are the pictures: shares of variance, and the tornado.
func (a *sensitivity) drawn() (out []page.Picture) {
	source := picture.Source{Scenario: a.Scenario, Replications: a.Runs, Seed: a.Seed, Note: "inputs uncertain"}
	for i := range a.Outcomes {
		e := &a.Outcomes[i]
		if e.Deviation == 0 {
			continue
		}
		shares := picture.Bars{Source: source, Names: "input", ValueName: "Share of the variance of " + e.Outcome,
			Percent: true, Finding: "What the variance of " + e.Outcome + " comes from",
			Lines: []picture.Line{{Name: "total"}, {Name: "first order"}}}
		add := func(name string, total, first analysis.Estimate) {
			if page.Drawable(total) && page.Drawable(first) {
				shares.Labels = append(shares.Labels, name)
				shares.Lines[0].Points, shares.Lines[1].Points = append(shares.Lines[0].Points, total),
					append(shares.Lines[1].Points, first)
			}
		}
		all := e.Inputs
		all.Value, all.Low, all.High = 1-all.Value, 1-all.High, 1-all.Low
		add("luck", all, e.Luck) // the total of luck is what inputs alone do not bring
		for _, x := range e.Indices[:min(mostRows, len(e.Indices))] {
			add(x.name(), x.Total, x.First)
		}
		if len(shares.Labels) > 0 {
			out = append(out, page.Picture{Name: "variance-" + words.Slug(e.Outcome), Data: shares})
		}
		ends := picture.Bars{Source: source, Names: "input", ValueName: fmt.Sprintf("Change of %s (%s)", e.Outcome,
			e.Unit), Finding: "Change of " + e.Outcome + " with each input at its 5% and its 95%, the others at their " +
			"medians", Lines: []picture.Line{{Name: "at 5%"}, {Name: "at 95%"}}}
		for _, x := range e.Tornado[:min(mostRows, len(e.Tornado))] {
			if page.Drawable(x.Low) && page.Drawable(x.High) {
				ends.Labels = append(ends.Labels, x.Input)
				ends.Lines[0].Points, ends.Lines[1].Points = append(ends.Lines[0].Points, x.Low),
					append(ends.Lines[1].Points, x.High)
			}
		}
		if len(ends.Labels) > 0 {
			out = append(out, page.Picture{Name: "tornado-" + words.Slug(e.Outcome), Data: ends})
		}
	}
	return out
}
