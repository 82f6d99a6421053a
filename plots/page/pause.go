package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/pause"
)

// Pause lays out what pauses do.
func Pause(a *pause.Answer, cure Cure) *Document {
	x := pausePage{a, words.In(a.Currency), cure}
	d := &Document{Question: "pause", Scenario: a.Scenario, Currency: x.money, Next: a.Next, Seed: a.Seed,
		Size: words.Counted(a.Replications, "pair") + " of each length", Warnings: x.warnings(cure), Sheets: x.sheets(),
		Pictures: x.pictures()}
	data := pauseData{Answer: a, Do: x.do(), Sure: x.sure()}
	for i := range a.Pauses {
		said := x.sentence(&a.Pauses[i])
		if why := x.none(); why == "" {
			if i == 0 {
				said = failsMostly(a.Pauses[0].RuinA, " without a pause") + said
			}
			d.Sentences = append(d.Sentences, said)
		} else if i == 0 {
			d.Sentences = append(d.Sentences, why)
		}
		data.Pauses = append(data.Pauses, effectData{a.Pauses[i].Length, said, &a.Pauses[i]})
	}
	d.Sentences = append(d.Sentences, data.Do, data.Sure)
	if hole := x.hole(&a.Pauses[len(a.Pauses)-1]); hole != "" {
		d.Sentences = append(d.Sentences, hole)
	}
	d.Data = func(warnings []string) any { data.Warnings = warnings; return data }
	return d
}

// pauseData is the answer as programs read it, with what is said of it.
type pauseData struct {
	Warnings []string `json:"warnings,omitempty"`
	*pause.Answer
	Do     string       `json:"what_to_do"`
	Sure   string       `json:"how_sure"`
	Pauses []effectData `json:"pauses"`
}

type effectData struct {
	Length int    `json:"weeks"`
	Answer string `json:"answer"`
	*pause.Effect
}

// pausePage writes an answer in its currency.
type pausePage struct {
	*pause.Answer
	money words.In
	cure  Cure
}

func (x pausePage) in(e analysis.Estimate) Cell { return With(x.money.Money(), e) }

// lengthOf words the length of a pause: 3 weeks.
func lengthOf(e *pause.Effect) string { return words.Counted(e.Length, "week") }

func (x pausePage) warnings(cure Cure) (out []string) {
	var without analysis.Estimate
	var with []string
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.FewRuns:
			out = append(out, cure.few(w))
		case decide.RuinSeen:
			without, with = w.Without, append(with, fmt.Sprintf("%s with a pause of %s", words.Percent.Text(w.With.Value),
				words.Counted(w.Weeks, "week")))
		}
	}
	if len(with) > 0 && without.Value < 1 { // else the finding says so
		out = append(out, fmt.Sprintf("some runs go out of business: %s without a pause, %s",
			words.Percent.Text(without.Value), words.List(with)))
	}
	return out
}

// pictures are the sign-ups of each pause week by week, then its dollars.
func (x pausePage) pictures() (out []Picture) {
	source := picture.Source{Scenario: x.Scenario, Replications: x.Replications, Seed: x.Seed, Currency: x.Currency,
		Note: picture.Uncertain(x.Inputs)}
	for i := range x.Pauses {
		e := &x.Pauses[i]
		b := e.Bands
		var change *float64
		if words.Number(e.InPause.Value) {
			change = &e.InPause.Value
		}
		out = append(out, Picture{Name: words.File("pause", lengthOf(e)), Title: "Sign-ups, pause of " + lengthOf(e),
			Data: picture.Pause{Source: source, Measure: words.Measure{Name: "signups", Unit: "sign-ups"},
				Start: words.Day(x.Start),
				Base:  "as planned", Spans: []picture.Span{{Name: "Pause of " + x.What, From: words.Day(e.From),
					To: words.Day(e.Until)}},
				With: b.With, Without: b.Without, P5: b.P5, P25: b.P25, P50: b.P50, P75: b.P75, P95: b.P95,
				Change: change, Total: &picture.Quantiles{P5: b.Total[0], P50: b.Total[1], P95: b.Total[2]}}})
	}
	for i := range x.Pauses {
		e := &x.Pauses[i]
		c := picture.Curve{Source: source, Start: words.Day(x.Start), AtWeekEnd: true,
			Spans: []picture.Span{{Name: "Pause of " + x.What, From: words.Day(e.From), To: words.Day(e.Until)}},
			YName: x.money.Axis("Since the first day"),
			Finding: fmt.Sprintf("Pause of %s: within the run the gross margin lost stays below what is saved%s",
				lengthOf(e), afterwards(e)),
			Lines: []picture.Line{{Name: "Not spent", Points: e.SavedBy}, {Name: "Gross margin " +
				"lost", Points: e.LostBy}}}
		if e.Crossing > 0 {
			c.Finding = fmt.Sprintf("Pause of %s: the gross margin lost passes what is saved "+
				"in %s", lengthOf(e), ending(x.Start, e.Crossing))
		}
		for w := range e.SavedBy {
			c.X = append(c.X, float64(w+1))
		}
		if len(c.X) > 1 {
			out = append(out, Picture{Name: words.File("dollars", lengthOf(e)), Title: x.money.Words("Dollars, pause of ") +
				lengthOf(e), Data: c})
		}
	}
	return out
}

// afterwards says that the loss of a pause comes after the run, where it is one in the end.
func afterwards(e *pause.Effect) string {
	if e.Lifetime.High < 0 {
		return "; more is lost after it"
	}
	return ""
}

// crossing words the week from which the gross margin lost exceeds the saving.
func crossing(e *pause.Effect) string {
	if e.Crossing > 0 {
		return fmt.Sprintf("in week %d", e.Crossing)
	}
	return "not within the run"
}

// sheets are the tables of what pauses do.
func (x pausePage) sheets() []*Sheet {
	out := []*Sheet{x.signups(), x.dollars()}
	for i := range x.Pauses {
		s := x.slices(&x.Pauses[i])
		s.Apart = i < len(x.Pauses)-1 // the longest is printed
		out = append(out, s)
	}
	return append(out, x.weekly())
}

func (x pausePage) signups() *Sheet {
	s := NewSheet("signups", "Sign-ups: the plan with a pause against the plan without it", "pause", "±in the pause",
		"±worst week", "recovers after", "±never regained", "±sign-ups of the run", "±customers won",
		"#variance saved in the pause", "#of the run")
	saved := func(x float64) Cell {
		if x == 0 {
			return Words("identical")
		}
		return Num(words.Times(x), x)
	}
	for i := range x.Pauses {
		e := &x.Pauses[i]
		recovers := "not within the run"
		if !(e.Depth.Value < 0) {
			recovers = "–"
		} else if e.Recovery >= 0 {
			recovers = words.Counted(e.Recovery, "week")
		}
		back := Value(words.Percent, e.NeverBack)
		if back.Text = ""; back.Value != nil {
			back.Text = words.Ends(words.Percent.Text, e.NeverBack)
		}
		during, worst := Relative(e.InPause), Relative(e.Depth)
		switch {
		case e.InPause.Needs > 0:
			during.Text += " (" + e.InPause.Short() + ")"
		case e.InPause.Known():
			during.Text += " ± " + words.Percentage(e.InPause.HalfWidth())
		}
		if e.Depth.Known() {
			worst.Text += fmt.Sprintf(" (week %d)", e.DepthWeek)
		}
		s.Row(lengthOf(e), during, worst, recovers, back, With(words.Plain, e.Signups), With(words.Plain, e.Won),
			saved(e.Reduction), saved(e.RunSaved))
	}
	if x.Shortfall > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("A pause is over when two weeks running miss less than %s of the "+
			"plan's sign-ups: a tenth of the deepest dip of all lengths.", words.Percentage(float64(x.Shortfall))))
	}
	return s
}

func (x pausePage) dollars() *Sheet {
	s := NewSheet("dollars", x.money.Words("Dollars"), "pause", "±media and brand saved", "±all not spent",
		"±gross margin lost", "loss passes saving", fmt.Sprintf("±customer lifetime margin, %v years", x.Years),
		"±cash at the end",
		"±out of business, points")
	for i := range x.Pauses {
		e := &x.Pauses[i]
		s.Row(lengthOf(e), x.in(e.Saved), x.in(e.SavedBy[len(e.SavedBy)-1]), x.in(e.Margin), crossing(e), x.in(e.Lifetime),
			x.in(e.CashEnd), Points(e.Ruin))
	}
	s.Notes = []string{"Not spent by the end of the run are revenue shares too, which the answer counts with the " +
		"margin of the customers."}
	return s
}

// slices is the change of sign-ups in each part of the run, the largest loss first.
func (x pausePage) slices(e *pause.Effect) *Sheet {
	s := NewSheet(words.File("slices", lengthOf(e)), fmt.Sprintf("Sign-ups of the run, pause of %s", lengthOf(e)),
		fmt.Sprintf("pause of %s", lengthOf(e)), "of", "±sign-ups of the run", "±relative", "#share of sign-ups")
	rows := slices.Clone(e.By)
	slices.SortStableFunc(rows, func(a, b pause.Slice) int { return cmp.Compare(a.Change.Value, b.Change.Value) })
	for _, r := range rows {
		s.Row(r.Name, r.Dimension, With(words.Plain, r.Change), Relative(r.Relative),
			Num(words.Percent.Text(float64(r.Share)), float64(r.Share)))
	}
	return s
}

func (x pausePage) weekly() *Sheet {
	s := NewSheet("weekly", "Week by week, mean of pairs", "pause", "#week", "±sign-ups",
		"±not spent since the first day", "±gross margin lost since the first day")
	s.Apart = true
	for i := range x.Pauses {
		e := &x.Pauses[i]
		for w := range e.Weekly {
			s.Row(lengthOf(e), Num(strconv.Itoa(w+1), float64(w+1)), With(words.Plain, e.Weekly[w]), x.in(e.SavedBy[w]),
				x.in(e.LostBy[w]))
		}
	}
	return s
}
