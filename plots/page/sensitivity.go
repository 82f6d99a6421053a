package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/sensitivity"
)

// Sensitivity lays out what the variance of outcomes comes from.
func Sensitivity(a *sensitivity.Answer, cure Cure) *Document {
	x := sensitivityPage{a, inputs{words.In(a.Currency)}, cure}
	d := &Document{Question: "sensitivity", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next,
		Seed: a.Seed, Size: fmt.Sprintf("%s of the design, %s in all", words.Counted(a.Rows, "row"),
			words.Counted(a.Runs, "run")), Warnings: x.warnings(cure), Pictures: x.pictures()}
	data := sensitivityData{Answer: a}
	for i := range a.Outcomes {
		o := outcomePage{x, &a.Outcomes[i], words.FormatOf(a.Outcomes[i].Column.Name, a.Outcomes[i].Unit)}
		said := o.sentence()
		if i == 0 {
			said = ruined(a.Ruined, a.Runs, " of the plan") + said
		}
		d.Sentences = append(d.Sentences, said)
		data.Outcomes = append(data.Outcomes, outcomeData{o.Text, o.Unit, said, o.Outcome})
		if o.Deviation == 0 {
			continue
		}
		of := ""
		if len(a.Outcomes) > 1 {
			of = fmt.Sprintf("-%d", i+1)
		}
		d.Sheets = append(d.Sheets, o.indices(of), o.tornado(of))
	}
	data.Do, data.Sure = x.do(), x.sure()
	d.Sentences = append(d.Sentences, data.Do, data.Sure)
	d.Data = func(warnings []string) any { data.Warnings = warnings; return data }
	return d
}

// sensitivityData is the answer as programs read it, with what is said of it.
type sensitivityData struct {
	Warnings []string `json:"warnings,omitempty"`
	*sensitivity.Answer
	Do       string        `json:"what_to_do"`
	Sure     string        `json:"how_sure"`
	Outcomes []outcomeData `json:"outcomes"`
}

type outcomeData struct {
	Text string `json:"outcome"`
	Unit string `json:"unit"`
	Said string `json:"answer"`
	*sensitivity.Outcome
}

// sensitivityPage writes an answer with its inputs in their units.
type sensitivityPage struct {
	*sensitivity.Answer
	inputs inputs
	cure   Cure
}

// outcomePage writes one outcome in its unit.
type outcomePage struct {
	page sensitivityPage
	*sensitivity.Outcome
	f words.Format
}

// tied names a group of inputs.
func tied(x *sensitivity.Index) string {
	if n := len(x.Inputs) - 1; n > 0 {
		return fmt.Sprintf("%s and %d tied to it", x.Inputs[0], n)
	}
	return x.Inputs[0]
}

// leastTold is the share of the variance below which an input is not among those that matter most.
const leastTold = 0.01

// sentence is the finding of an outcome: which inputs are seen to matter most for it, and how much is chance.
func (o outcomePage) sentence() string {
	percent, chance := words.Percent, o.chance()
	switch {
	case o.Verdict.Kind == decide.NotApplicable && o.Missing == 0:
		return fmt.Sprintf("Not applicable: nothing can be said of %s, for which %d rows of the design are needed "+
			"at least.",
			words.Said(o.Text), analysis.LeastRows)
	case o.Verdict.Kind == decide.NotApplicable:
		return fmt.Sprintf("Not applicable: nothing can be said of %s, which has no value in some run of %s of %s "+
			"of the design.",
			words.Said(o.Text), words.Thousands(o.Missing), words.Counted(o.Missing+o.Rows, "row"))
	case o.Still():
		return fmt.Sprintf("Not applicable: %s does not vary; it is %s in every run.", words.Said(o.Text),
			o.f.Text(o.Mean.Value))
	}
	seen, next := o.first()
	if len(seen) == 0 {
		return fmt.Sprintf("Too close to call: no input is seen to matter for %s; %s of its variance.", words.Said(o.Text),
			chance)
	}
	var top []string
	for _, x := range seen {
		top = append(top, fmt.Sprintf("%s (%s of the variance)", o.called(x), words.Between(percent, x.Total)))
	}
	verb, most := "matter", " most"
	if len(top) == 1 {
		verb = "matters"
	}
	if open := o.open(); open != nil {
		verb, most = "are seen to matter", ""
		if len(top) == 1 {
			verb = "is seen to matter"
		}
		chance = fmt.Sprintf("%s (%s) may matter more; %s", o.called(open), words.Between(percent, open.Total), chance)
	} else if next != nil {
		how := "may come next"
		if rivalling(next, seen[0]) != nil {
			how = "may matter as much"
		}
		chance = fmt.Sprintf("%s (%s) %s; %s", o.called(next), words.Between(percent, next.Total), how, chance)
	}
	return words.Capital(fmt.Sprintf("%s %s%s for %s; %s.", words.List(top), verb, most, words.Said(o.Text), chance))
}

// open is an input that is not seen to matter and may matter more than the first of those that are; nil: there is none.
func (o outcomePage) open() *sensitivity.Index {
	seen := o.seen()
	for i := range o.Indices {
		x := &o.Indices[i]
		if len(seen) > 0 && x.Total.Known() && !(x.Total.Low > 0) && x.Total.Value > seen[0].Total.Value {
			return x
		}
	}
	return nil
}

// mostTold is the number of inputs that a sentence names.
const mostTold = 3

// first are the inputs to name, the most first: those that are seen to matter, as far as none that is not seen to
// stands before them. Next is that one, if it hides others that are seen to or may matter as much as the first.
func (o outcomePage) first() (named []*sensitivity.Index, next *sensitivity.Index) {
	for i := range o.Indices {
		x := &o.Indices[i]
		switch {
		case !x.Total.Known():
		case len(named) == mostTold, len(named) > 0 && x.Total.Value < leastTold:
			return named, rivalling(next, named[0])
		case x.Total.Low > 0 && next != nil:
			return named, next
		case x.Total.Low > 0:
			named = append(named, x)
		case len(named) > 0 && next == nil:
			next = x
		}
	}
	if len(named) == 0 {
		return nil, nil
	}
	return named, rivalling(next, named[0])
}

// rivalling is an input if it may matter as much as the first.
func rivalling(x, first *sensitivity.Index) *sensitivity.Index {
	if x != nil && x.Total.High > first.Total.Value {
		return x
	}
	return nil
}

// chance says how much of the variance is random variation. An estimate that was cut at 0 says only how much it is at
// most.
func (o outcomePage) chance() string {
	if percent := words.Percent; percent.Text(o.Chance.Value) == percent.Text(0) && o.Chance.High > leastTold {
		return fmt.Sprintf("random variation alone explains at most %s", percent.Text(o.Chance.High))
	}
	return "random variation alone explains " + words.Share(o.Chance)
}

// seen are the inputs that are seen to matter, the most first.
func (o outcomePage) seen() (out []*sensitivity.Index) {
	for i := range o.Indices {
		if x := &o.Indices[i]; x.Total.Low > 0 && x.Total.Known() {
			out = append(out, x)
		}
	}
	return out
}

// called names a group of inputs as people do.
func (o outcomePage) called(x *sensitivity.Index) string {
	for i := range o.Tornado {
		if b := &o.Tornado[i]; b.Name == x.Inputs[0] {
			name := o.page.inputs.name(b.Input)
			if n := len(x.Inputs) - 1; n > 0 {
				name += fmt.Sprintf(" and %d tied to it", n)
			}
			return name
		}
	}
	return tied(x)
}

// do says what to find out, by the first outcome that is known to vary.
func (x sensitivityPage) do() string {
	if x.Fails {
		return mendFirst
	}
	for i := range x.Outcomes {
		o := outcomePage{x, &x.Outcomes[i], words.FormatOf(x.Outcomes[i].Column.Name, x.Outcomes[i].Unit)}
		if o.Verdict.Kind == decide.NotApplicable && o.Missing == 0 {
			return fmt.Sprintf("Run more: %s.", x.cure("replications", fmt.Sprint(sensitivity.Few)))
		}
		if o.Verdict.Kind == decide.NotApplicable || o.Still() {
			continue
		}
		seen := o.seen()
		switch {
		case len(seen) == 0:
			return fmt.Sprintf("Find out nothing on this evidence; %s may tell.",
				x.cure("replications", fmt.Sprint(max(sensitivity.Few, 4*x.Rows))))
		case o.Chance.Low > 0.5:
			return fmt.Sprintf("Do not expect to foresee %s: chance decides most of it. Of the inputs find out %s "+
				"first.", words.Said(o.Text),
				o.called(seen[0]))
		}
		if o.open() != nil {
			return fmt.Sprintf("Find out %s first, of what is seen to matter; %s may tell whether another matters more.",
				o.called(seen[0]), x.cure("replications", fmt.Sprint(max(sensitivity.Few, 4*x.Rows))))
		}
		return fmt.Sprintf("Find out %s first: no other input is seen to explain more of the variance of %s.",
			o.called(seen[0]), words.Said(o.Text))
	}
	return "Ask about another outcome, which varies and has a number in each run."
}

// sure says what the answer rests on.
func (x sensitivityPage) sure() string {
	inputs := 0
	if len(x.Outcomes) > 0 {
		inputs = len(x.Outcomes[0].Tornado)
	}
	known := func(o sensitivity.Outcome) bool { return o.Verdict.Kind != decide.NotApplicable }
	if !slices.ContainsFunc(x.Outcomes, known) {
		return fmt.Sprintf("It rests on %s of the design (%s over %s).", words.Counted(x.Rows, "row"),
			words.Counted(x.Runs, "run"), words.Counted(x.Weeks, "week"))
	}
	return fmt.Sprintf("95%% intervals from %s of the design (%s over %s), %s; the share of an input "+
		"counts what it explains together with others.", words.Sized(x.Rows, sensitivity.Few, "row"),
		words.Counted(x.Runs, "run"), words.Counted(x.Weeks, "week"), drawn(inputs))
}

func (x sensitivityPage) warnings(cure Cure) (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.FewRuns:
			out = append(out, fmt.Sprintf("%s: intervals are wide and cover less than they say; %s would do",
				words.Few(w.Has, words.Counted(w.Has, w.Of)), cure(w.Part, fmt.Sprint(w.Enough))))
		case decide.LeftOut:
			out = append(out, fmt.Sprintf("%s has no number in %s of %s, which are left out", words.Said(w.What),
				words.Counted(w.Has, "row"), words.Thousands(w.Of)))
		}
	}
	return out
}

// indices is the table of how the variance splits.
func (o outcomePage) indices(of string) *Sheet {
	s := NewSheet("indices"+of, "Shares of the variance of "+o.Text, o.Text+": share of variance", "±first order",
		"±total")
	for i := range o.Indices {
		x := &o.Indices[i]
		s.Row(tied(x), share(x.First), share(x.Total))
	}
	s.Notes = []string{fmt.Sprintf("All inputs explain %s of the variance, random variation alone %s, what they do "+
		"only together %s.",
		words.Share(o.Inputs), words.Share(o.Chance), words.Share(o.Mix)),
		"First order: what the input explains by itself; total: with what it explains together with others."}
	if o.impossible() {
		s.Notes[1] += " In truth the first order is never the larger; where it is here, that is chance."
	}
	if groups := o.groups(); len(groups) > 0 {
		s.Notes = append(s.Notes, "Tied to each other: "+strings.Join(groups, "; ")+".")
	}
	return s
}

// impossible says whether a share of an input by itself came out larger than that with others.
func (o outcomePage) impossible() bool {
	return slices.ContainsFunc(o.Indices, func(x sensitivity.Index) bool { return x.First.Value > x.Total.Value+0.005 })
}

// groups names the inputs of each group that a correlation ties.
func (o outcomePage) groups() (out []string) {
	for _, x := range o.Indices {
		if len(x.Inputs) > 1 {
			out = append(out, words.List(x.Inputs))
		}
	}
	return out
}

// tornado is the table of single inputs.
func (o outcomePage) tornado(of string) *Sheet {
	s := NewSheet("tornado"+of, "Each input moved by itself: change of "+o.Text, "moved by itself", "#5%",
		"±change at 5%", "#95%", "±change at 95%")
	for _, b := range o.Tornado {
		s.Row(b.Name, Num(o.page.inputs.value(b.Input, b.Ends[0]), float64(b.LowAt)), Change(o.f, b.Low),
			Num(o.page.inputs.value(b.Input, b.Ends[1]), float64(b.HighAt)), Change(o.f, b.High))
	}
	s.Notes = []string{fmt.Sprintf("Others at their medians, paired over %s.", words.Counted(o.page.SeedsPerDraw, "seed"))}
	if slices.ContainsFunc(o.Tornado, func(b sensitivity.Bar) bool { return b.Input.Table() }) {
		s.Notes = append(s.Notes, "A table of draws is one input: its rows are in order of their first principal component, "+
			"and its median is the medoid, the row nearest to all others.")
	}
	return s
}

// pictures are the shares of variance, and the tornado.
func (x sensitivityPage) pictures() (out []Picture) {
	for i := range x.Outcomes {
		o := &x.Outcomes[i]
		if o.Deviation == 0 {
			continue
		}
		if shares := x.shares(o); len(shares.Labels) > 0 {
			out = append(out, Picture{Name: "variance-" + words.Slug(o.Text), Data: shares})
		}
		if ends := x.ends(o); len(ends.Labels) > 0 {
			out = append(out, Picture{Name: "tornado-" + words.Slug(o.Text), Data: ends})
		}
	}
	return out
}

func (x sensitivityPage) source() picture.Source {
	return picture.Source{Scenario: x.Scenario, Replications: x.Runs, Seed: x.Seed, Note: picture.Uncertain(1)}
}

// pairs adds a bar of two estimates that can be drawn.
func pairs(b *picture.Bars, name string, first, second analysis.Estimate) {
	if Drawable(first) && Drawable(second) {
		b.Labels = append(b.Labels, name)
		b.Lines[0].Points = append(b.Lines[0].Points, first)
		b.Lines[1].Points = append(b.Lines[1].Points, second)
	}
}

// shares is the picture of what the variance comes from.
func (x sensitivityPage) shares(o *sensitivity.Outcome) picture.Bars {
	b := picture.Bars{Source: x.source(), Names: "input", ValueName: "Share of the variance of " + words.Said(o.Text),
		Percent: true, Ends: "95% intervals",
		Finding: "What the variance of " + words.Said(o.Text) + " comes from, the largest share first",
		Lines:   []picture.Line{{Name: "total"}, {Name: "first order"}}}
	pairs(&b, "random variation", o.ChanceInAll(), o.Chance)
	for i := range min(mostRows, len(o.Indices)) {
		pairs(&b, tied(&o.Indices[i]), o.Indices[i].Total, o.Indices[i].First)
	}
	b.Sort(func(row int) float64 { return b.Lines[0].Points[row].Value })
	return b
}

// ends is the picture of the tornado.
func (x sensitivityPage) ends(o *sensitivity.Outcome) picture.Bars {
	change := "Change of " + words.Said(o.Text)
	source := x.source() // each end is run on so many seeds, and no input is drawn
	source.Replications, source.Note = x.SeedsPerDraw, "inputs set, not drawn"
	b := picture.Bars{Source: source, Names: "input", ValueName: fmt.Sprintf("%s (%s)", change, o.Unit),
		Finding: change + " with each input at its 5% and its 95%, the others at their medians, the widest first",
		Lines:   []picture.Line{{Name: "at 5%"}, {Name: "at 95%"}}}
	for _, bar := range o.Tornado[:min(mostRows, len(o.Tornado))] {
		pairs(&b, bar.Name, bar.Low, bar.High)
	}
	b.Sort(func(row int) float64 {
		return math.Abs(b.Lines[1].Points[row].Value - b.Lines[0].Points[row].Value)
	})
	return b
}
