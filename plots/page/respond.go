package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/respond"
)

// Respond lays out how outcomes respond.
func Respond(a *respond.Answer, cure Cure) *Document {
	x := respondPage{a, words.In(a.Currency)}
	said := x.sentence()
	return &Document{Question: "respond", Scenario: a.Scenario, Currency: x.money, Next: a.Next, Seed: a.Seed,
		Size: words.Counted(a.Replications, "replication") + " a point", Sentences: []string{said},
		Warnings: x.warnings(cure), Sheets: x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return respondData{Warnings: warnings, Currency: a.Currency, Scenario: a.Scenario, Outcomes: a.Outcomes,
				Replications: a.Replications, Seed: a.Seed, Weeks: a.Weeks, Said: said, Answer: a}
		}}
}

// respondData is the answer as programs read it, with what is said of it: before the
// numbers.
type respondData struct {
	Warnings     []string `json:"warnings,omitempty"`
	Currency     string   `json:"currency"`
	Scenario     string   `json:"scenario"`
	Outcomes     []string `json:"outcomes"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	Said         string   `json:"answer"`
	*respond.Answer
}

// respondPage writes an answer in its currency.
type respondPage struct {
	*respond.Answer
	money words.In
}

// metric is the text of the first outcome.
func (x respondPage) metric() string { return x.Metrics[0].Text }

func (x respondPage) unit() string { return x.Metrics[0].Column.Unit }

func (x respondPage) format() words.Format { return words.FormatOf(x.Metrics[0].Column.Name, x.unit()) }

// amount writes what a dollar brings of the first outcome, in its unit.
func (x respondPage) amount(v float64) string {
	if x.format().IsMoney() {
		return x.money.Near(v)
	}
	return strings.Replace(fewDigits(v), "-", "−", 1)
}

// fewDigits writes a number that may be of any size.
func fewDigits(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// each are the replications of a point.
func (x respondPage) each() string { return words.Sized(x.Replications, respond.Few, "replication") }

func (x respondPage) horizon() string { return words.Counted(x.Weeks, "week") }

// sentence is the answer.
func (x respondPage) sentence() string {
	if x.Best == nil {
		return x.nextDollar()
	}
	best := x.Best.Value
	switch x.Verdict.Kind {
	case decide.NotApplicable:
		what := "no value"
		if best.Never() {
			what = "no number"
		}
		return fmt.Sprintf("%s has %s at any point: %s (%s, %s a point).", x.metric(), what, x.Verdict.Why, x.horizon(),
			x.each())
	case decide.No:
		return fmt.Sprintf("%s is the same at every point: %s in %s (%s a point).", x.metric(),
			words.With(x.format(), best), x.horizon(), x.each())
	}
	tail := ""
	if x.Rival != nil {
		tail = "; not separable from " + x.at(x.Rival)
	}
	return fmt.Sprintf("%s is %s at %s: %s in %s (95%% interval, %s a point%s).", x.metric(), x.way(), x.at(x.Best),
		words.With(x.format(), best), x.horizon(), x.each(), tail)
}

// way says what the best is of the first outcome.
func (x respondPage) way() string {
	switch {
	case len(x.Axes) > 1:
		return "best"
	case x.Metrics[0].Column.Direction == model.Less:
		return "lowest"
	}
	return "highest"
}

// at names a point: KEY = 500 and OTHER = x2.
func (x respondPage) at(p *respond.Point) string {
	var out []string
	for i, k := range p.Place {
		out = append(out, x.Axes[i].Key+" = "+x.Axes[i].Name(k))
	}
	return strings.Join(out, " and ")
}

// nextDollar is the answer of channels: where the next dollar goes, and where one is taken
// away.
func (x respondPage) nextDollar() string {
	if x.Verdict.Kind == decide.NotApplicable {
		return fmt.Sprintf("What the next %s brings of %s is not known on any channel: %s (%s, %s a point).", x.money.One(),
			x.metric(), x.Verdict.Why, x.horizon(), x.each())
	}
	top, tail := x.Ranked[0], x.further()
	next := fmt.Sprintf("The next %s goes to %s, where it brings %s of %s within %s (%s)", x.money.One(), top.Channel,
		x.amount(top.Next.Value), x.metric(), x.horizon(), words.Interval(x.amount, top.Next))
	if x.RivalChannel != "" {
		tail += "; not separable from " + x.RivalChannel
	}
	take := x.Take
	if take == nil {
		return fmt.Sprintf("%s (95%% intervals, %s a point%s).", next, x.each(), tail)
	}
	switch {
	case take.Alike:
		tail += "; what is given and what is taken may be worth the same: their intervals overlap"
	case take.Loses:
		tail += "; to move one would lose by it"
	}
	return fmt.Sprintf("%s; the one to take away is on %s, where the last one brought %s (95%% intervals, %s a point%s).",
		next, take.Channel, words.Ends(x.amount, take.Last), x.each(), tail)
}

// further says which channels the first line looks at in more replications than a point has.
func (x respondPage) further() string {
	if x.FurtherReplications == 0 {
		return ""
	}
	return fmt.Sprintf("; %s in %s", words.List(x.RunFurther), words.Thousands(x.FurtherReplications))
}

func (x respondPage) warnings(cure Cure) (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.FewRuns:
			out = append(out, fmt.Sprintf("%s a point are few %s; %s would do", words.Counted(w.Has, w.Of), w.For,
				cure(w.Part, fmt.Sprint(w.Enough))))
		case decide.NothingSpent:
			out = append(out, fmt.Sprintf("%s: the plan spends nothing there, and times nothing is nothing; %s with %s shows "+
				"what they would bring", words.List(w.Channels), cure("vary", ""), x.money.Many()))
		}
	}
	return out
}

// sheets are the tables of how outcomes respond.
func (x respondPage) sheets() (out []*Sheet) {
	switch {
	case len(x.Ranked) > 0:
		out = append(out, x.channels())
	case len(x.Surface) > 0:
		out = append(out, x.grid(), x.list())
	}
	for i := range x.Curves {
		s := x.curve(i)
		s.Apart = len(x.Ranked) > 0
		out = append(out, s)
	}
	return out
}

// channels is the table of channels, from the one that gets the next dollar.
func (x respondPage) channels() *Sheet {
	one, money := x.money.One(), x.money.Money()
	s := NewSheet("channels", "Channels by what the next "+one+" on them brings", "channel",
		"#"+x.Outcomes[0]+" of the next "+one, "#of the last "+one, "#media", "#customers added", "#media a customer added")
	for _, r := range x.Ranked {
		cac := Words("none added")
		if r.Won.Low > 0 {
			cac = With(money, r.CAC)
		}
		s.Row(r.Channel, x.perDollar(r.Next), x.perDollar(r.Last),
			Num(money.Text(float64(r.Spend)), float64(r.Spend)), With(words.Plain, r.Won), cac)
	}
	s.Notes = []string{"The next " + one + ": from 1 to 1.5 times the plan; the last one: from 0.75 times " +
		"(95% intervals)."}
	return s
}

// perDollar is a cell of what a dollar brings, with its interval.
func (x respondPage) perDollar(e analysis.Estimate) Cell {
	c := Value(words.Plain, e)
	if e.Known() {
		c.Text = words.Ends(x.amount, e)
	}
	return c
}

// slope is a cell of an average or marginal value: of a metric that is written in some
// format, a dollar or a unit of the key.
func (x respondPage) slope(e *analysis.Estimate, metric words.Format, aDollar bool) Cell {
	if e == nil || math.IsNaN(e.Value) {
		return Words("")
	}
	write := metric.Text
	switch {
	case aDollar && metric.IsMoney() && math.Abs(e.Value) >= 0.1:
		write = x.money.Near
	case aDollar && metric.IsMoney(): // of a price such as cac
		write = x.money.Money().Text
	case aDollar:
		write = fewDigits // customers a dollar are few
	}
	c := Value(words.Plain, *e)
	c.Text = words.Ends(write, *e)
	return c
}

// curve is the table of one curve.
func (x respondPage) curve(i int) *Sheet {
	c := &x.Curves[i]
	per, aDollar := "per unit of the key", len(x.Ranked) > 0 || x.Axes[0].Dollars()
	if aDollar {
		per = "per " + x.money.One()
	}
	f := words.FormatOf(c.Column.Name, c.Column.Unit)
	s := NewSheet(fmt.Sprintf("curve-%d", i+1), c.Outcome+" over "+c.Name, c.Name, "#"+c.Outcome,
		"#media and brand", "#average "+per, "#marginal "+per, "#variance saved")
	for _, p := range c.Points {
		saved := Words("")
		if p.Saved != nil {
			saved = Num(words.Times(*p.Saved), *p.Saved)
		}
		s.Row(p.Name, With(f, p.Value), Value(x.money.Money(), p.Spend), x.slope(p.Average, f, aDollar),
			x.slope(p.Marginal, f, aDollar), saved)
	}
	return s
}

// cell is a point of the surface.
func (x respondPage) cell(i, k int) *respond.Cell { return &x.Surface[i*len(x.Axes[1].Values)+k] }

// grid is the surface as a table of both keys.
func (x respondPage) grid() *Sheet {
	a, b := x.Axes[0], x.Axes[1]
	head := []string{x.metric() + ": " + a.Key + " down, " + b.Key + " across"}
	for k := range b.Values {
		head = append(head, "#"+b.Name(k))
	}
	s := NewSheet("surface", x.metric()+" over both keys", head...)
	for i := range a.Values {
		row := []any{a.Name(i)}
		for k := range b.Values {
			row = append(row, With(x.format(), x.cell(i, k).Value))
		}
		s.Row(row...)
	}
	return s
}

// list is the table of the points of the surface with the marginal values along each key.
func (x respondPage) list() *Sheet {
	a, b, f := x.Axes[0], x.Axes[1], x.format()
	s := NewSheet("points", "Marginal values between neighbouring points", a.Key, b.Key, "#"+x.metric(),
		"#marginal of "+a.Key, "#marginal of "+b.Key)
	for i := range a.Values {
		for k := range b.Values {
			c := x.cell(i, k)
			s.Row(a.Name(i), b.Name(k), With(f, c.Value), x.slope(c.Down, f, a.Dollars()), x.slope(c.Across, f, b.Dollars()))
		}
	}
	return s
}

func (x respondPage) source() picture.Source {
	return picture.Source{Scenario: x.Scenario, Replications: x.Replications, Seed: x.Seed, Currency: x.Currency}
}

// pictures are those of a curve, a surface, or the channels.
func (x respondPage) pictures() []Picture {
	switch {
	case len(x.Ranked) > 0:
		return append(x.bars(), x.responses()...)
	case len(x.Surface) > 0:
		return []Picture{{"surface", x.heat()}}
	}
	return x.lines()
}

// bars show what the next dollar and the last one bring, by channel.
func (x respondPage) bars() []Picture {
	one := x.money.One()
	bars := picture.Bars{Source: x.source(), Names: "channel",
		ValueName: fmt.Sprintf("%s of the next %s (%s)", x.Outcomes[0], one, x.unit()),
		Finding:   "What the next " + one + " brings, by channel",
		Lines:     []picture.Line{{Name: "next " + one}, {Name: "last " + one}}}
	next, last := &bars.Lines[0], &bars.Lines[1]
	for _, r := range x.Ranked {
		if Drawable(r.Next) && Drawable(r.Last) {
			bars.Labels = append(bars.Labels, r.Channel)
			next.Points, last.Points = append(next.Points, r.Next), append(last.Points, r.Last)
		}
	}
	if len(bars.Labels) == 0 {
		return nil
	}
	return []Picture{{"next-dollar", bars}}
}

// responses show what each channel wins by what is spent on it.
func (x respondPage) responses() (out []Picture) {
	for _, r := range x.Responses {
		out = append(out, Picture{"response-" + r.Channel, picture.Response{Source: x.source(), Channel: r.Channel,
			Spend: r.Spend, Won: r.Won, Marginal: r.Marginal, Worth: x.Worth, Now: r.Now}})
	}
	return out
}

func (x respondPage) heat() picture.Heat {
	a, b, m := x.Axes[0], x.Axes[1], x.Metrics[0].Column
	h := picture.Heat{Source: x.source(), Measure: words.Measure{Name: m.Name, Unit: m.Unit}, RowsAre: a.Key,
		ColumnsAre: b.Key, Missing: "not known"}
	for k := range b.Values {
		h.Columns = append(h.Columns, b.Name(k))
	}
	for i := range a.Values {
		h.Rows = append(h.Rows, a.Name(i))
		var row []float64
		for k := range b.Values {
			row = append(row, x.cell(i, k).Value.Value)
		}
		h.Values = append(h.Values, row)
	}
	return h
}

// lines show each outcome along the key.
func (x respondPage) lines() (out []Picture) {
	axis := x.Axes[0].Key
	if x.Axes[0].Times {
		axis += " (times the plan)"
	}
	for _, c := range x.Curves {
		line := picture.Line{Name: c.Outcome}
		var values []float64
		for _, p := range c.Points {
			if Drawable(p.Value) {
				values, line.Points = append(values, p.X), append(line.Points, p.Value)
			}
		}
		if len(values) > 1 {
			out = append(out, Picture{"curve-" + words.Slug(c.Outcome), picture.Curve{Source: x.source(),
				Finding: c.Outcome + " over " + c.Name, XName: axis, YName: fmt.Sprintf("%s (%s)", c.Outcome, c.Column.Unit),
				X: values, Lines: []picture.Line{line}}})
		}
	}
	return out
}
