package page

import (
	"fmt"
	"math"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/respond"
)

// Respond lays out how outcomes respond.
func Respond(a *respond.Answer, cure Cure) *Document {
	x := respondPage{a, words.In(a.Currency), cure}
	said := x.said()
	return &Document{Question: "respond", Scenario: a.Scenario, Currency: x.money, Next: a.Next, Seed: a.Seed,
		Size: words.Counted(a.Replications, "run") + " at each point", Sentences: said.sentences(),
		Warnings: x.warnings(cure), Sheets: x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return respondData{Warnings: warnings, Currency: a.Currency, Scenario: a.Scenario, Outcomes: a.Outcomes,
				Replications: a.Replications, Seed: a.Seed, Weeks: a.Weeks, Lines: said, Answer: a}
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
	Lines
	*respond.Answer
}

// respondPage writes an answer in its currency.
type respondPage struct {
	*respond.Answer
	money words.In
	cure  Cure
}

// metric is the text of the first outcome.
func (x respondPage) metric() string { return x.Metrics[0].Text }

// named is what it is called in a sentence.
func (x respondPage) named() string { return words.Said(x.metric()) }

func (x respondPage) unit() string { return x.Metrics[0].Column.Unit }

func (x respondPage) format() words.Format { return words.FormatOf(x.Metrics[0].Column.Name, x.unit()) }

// inMoney says whether the metric is money.
func (x respondPage) inMoney() bool { return x.format().IsMoney() }

// per is the amount of which is told what it brings.
func (x respondPage) per() words.Per {
	if x.Amount > 0 {
		return words.Per{In: x.money, Amount: x.Amount}
	}
	var values []float64
	for _, r := range x.Ranked {
		values = append(values, r.Next.Value)
	}
	return words.PerOf(x.money, x.inMoney(), values...)
}

// brings writes what the amount brings of the metric, given what one unit of the currency brings.
func (x respondPage) brings(v float64) string {
	if x.inMoney() {
		return x.per().Brings(v)
	}
	return words.Plain.Text(v * x.per().Amount)
}

func (x respondPage) horizon() string { return words.Counted(x.Weeks, "week") }

// rests is what the answer rests on.
func (x respondPage) rests() string {
	return words.Sized(x.Replications, respond.Few, "run") + " at each point" + x.further() + " over " + x.horizon()
}

// said is the answer.
func (x respondPage) said() Lines {
	l := Lines{Sure: sure(x.rests(), x.Inputs)}
	if x.Best == nil {
		l.Finding, l.Do = x.nextDollar(), x.doWithDollar()
	} else {
		l.Finding, l.Do = x.bestPoint(), x.doWithKey()
	}
	switch {
	case x.Fails:
		if x.Best == nil && !x.Pays {
			l.Finding = fmt.Sprintf("Not applicable: what the next %s brings does not show in it.", x.per().Name())
		}
		l.Finding = failsAlways(x.Replications, " of the plan") + l.Finding
		switch {
		case x.Best == nil:
			l.Do = "Mend that first: what is spent to win customers does not show its worth in a company that fails."
		case x.Metrics[0].Column.Name != decide.Ruin: // a point may be where it lasts
			l.Do = fmt.Sprintf("Mend that first; %s shows whether it lasts at any of these points.",
				x.cure("outcome", decide.Ruin))
		}
	case x.Best == nil || x.Metrics[0].Column.Name != decide.Ruin:
		l.Finding = failsMostly(x.Ruin, " of the plan") + l.Finding
	}
	if x.Verdict.Kind == decide.NotApplicable {
		l.Sure = "It rests on " + x.rests() + "."
	}
	return l
}

// further says which places the first line looks at in more runs than a point has.
func (x respondPage) further() string {
	if x.FurtherReplications == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s in %s)", words.List(x.RunFurther), words.Thousands(x.FurtherReplications))
}

func (x respondPage) warnings(cure Cure) (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.FewRuns:
			few := words.Few(w.Has, words.Counted(w.Has, "run")+" at each point")
			out = append(out, fmt.Sprintf("%s %s; %s would do", few, w.For,
				cure(w.Part, fmt.Sprint(w.Enough))))
		case decide.NothingSpent:
			out = append(out, fmt.Sprintf("%s: the plan spends nothing there, and times nothing is nothing; %s with "+
				"%s shows what they would bring", words.List(w.Channels), cure("vary", ""), x.money.Many()))
		}
	}
	if x.Best == nil && !x.Fails && (x.Ruin.Value > 0 || x.RuinThere.Value > 0) {
		text := "some runs go out of business: " + words.Percent.Text(x.Ruin.Value) + " of the plan"
		if x.Amount > 0 && x.Goes != nil {
			text += fmt.Sprintf(", %s with the %s on %s", words.Percent.Text(x.RuinThere.Value), x.per().Name(), x.Goes.Channel)
		}
		out = append(out, text)
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

// channels is the table of places, from the one where the next dollar brings most.
func (x respondPage) channels() *Sheet {
	if x.Amount > 0 {
		return x.amounts()
	}
	one, money := x.per().Name(), x.money.Money()
	s := NewSheet("channels", "Channels and brand media by what the next "+one+" on them brings", "channel", "kind",
		"±"+x.Outcomes[0]+" of the next "+one, "±of the last "+one, "#spend", "±customers added",
		"±spend per customer added")
	for _, r := range x.Ranked {
		cac := Words("none added")
		if r.Won.Low > 0 {
			cac = With(money, *r.CAC)
		}
		s.Row(r.Channel, r.Kind, x.perDollar(r.Next), x.perDollar(*r.Last),
			Num(money.Text(float64(r.Spend)), float64(r.Spend)), With(words.Plain, *r.Won), cac)
	}
	s.Notes = []string{"The next " + one + ": from 1 to 1.5 times the plan; the last one: from 0.75 times " +
		"(95% intervals)." + x.counted()}
	return s
}

// counted says whether what a dollar brings is told after the dollar itself.
func (x respondPage) counted() string {
	if x.BreakEven == nil || *x.BreakEven != 0 {
		return ""
	}
	return fmt.Sprintf(" %s counts the %s itself as a cost: above 0 it earns more than it costs.",
		words.Capital(x.metric()), x.per().Name())
}

// amounts is the table of places with an amount more on each.
func (x respondPage) amounts() *Sheet {
	amount, money := x.per().Name(), x.money.Money()
	s := NewSheet("channels", "Channels, brand media and hiring by what the next "+amount+" on them "+
		"brings", "place", "kind",
		"±"+x.Outcomes[0]+" of the next "+amount, "#the plan spends", "±the step costs", "change")
	for _, r := range x.Ranked {
		s.Row(r.Channel, r.Kind, x.perDollar(r.Next), Num(money.Text(float64(r.Spend)), float64(r.Spend)),
			With(money, *r.Costs), r.Change)
	}
	s.Notes = []string{fmt.Sprintf("What a step brings is told per %s of what it costs: people are hired whole, and a "+
		"budget is charged for its pipeline after the run too (95%% intervals).%s", amount, x.counted())}
	return s
}

// slope is a cell of an average or marginal value: of a metric that is written in some
// format, a dollar or a unit of the key.
func (x respondPage) slope(e *analysis.Estimate, metric words.Format, aDollar bool) Cell {
	if e == nil || math.IsNaN(e.Value) {
		return Words("")
	}
	write, of := metric.Text, *e
	switch {
	case aDollar && metric.IsMoney() && math.Abs(e.Value) >= 0.1:
		write = x.money.Near
	case aDollar && metric.IsMoney(): // of a price such as cac
		write = x.money.Money().Text
	case aDollar:
		write, of = words.Plain.Text, e.Times(manyDollars)
	}
	c := Value(words.Plain, of)
	c.Text = words.Ends(write, of)
	return c
}

// manyDollars is the amount of which is told what it brings of what is counted.
const manyDollars = 1000

// perKey says of what a value at the margin is told: a unit of the key, or money.
func (x respondPage) perKey(metric words.Format, dollars bool) string {
	switch {
	case !dollars:
		return "per unit of the key"
	case metric.IsMoney():
		return "per " + x.money.One()
	}
	return "per " + x.money.Money().Text(manyDollars)
}

// curve is the table of one curve.
func (x respondPage) curve(i int) *Sheet {
	c := &x.Curves[i]
	aDollar := len(x.Ranked) > 0 || x.Axes[0].Dollars()
	f := words.FormatOf(c.Column.Name, c.Column.Unit)
	per := x.perKey(f, aDollar)
	s := NewSheet(fmt.Sprintf("curve-%d", i+1), c.Outcome+" over "+c.Name, c.Name, "±"+c.Outcome,
		"±media and brand", "±average "+per, "±marginal "+per, "#variance saved")
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
		head = append(head, "±"+b.Name(k))
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
	s := NewSheet("points", "Marginal values between neighbouring points", a.Key, b.Key, "±"+x.metric(),
		"±marginal of "+a.Key+" "+x.perKey(f, a.Dollars()), "±marginal of "+b.Key+" "+x.perKey(f, b.Dollars()))
	for i := range a.Values {
		for k := range b.Values {
			c := x.cell(i, k)
			s.Row(a.Name(i), b.Name(k), With(f, c.Value), x.slope(c.Down, f, a.Dollars()), x.slope(c.Across, f, b.Dollars()))
		}
	}
	return s
}

func (x respondPage) source() picture.Source {
	return picture.Source{Scenario: x.Scenario, Replications: x.Replications, Seed: x.Seed, Currency: x.Currency,
		Note: picture.Uncertain(x.Inputs)}
}

// pictures are those of a curve, a surface, or the channels.
func (x respondPage) pictures() []Picture {
	switch {
	case len(x.Ranked) > 0:
		return append(x.bars(), x.responses()...)
	case len(x.Surface) > 0:
		return []Picture{{Name: "both-keys", Data: x.heat()}}
	}
	return x.lines()
}

// bars show what the next dollar and the last one bring, by channel.
func (x respondPage) bars() []Picture {
	one := x.money.One()
	if x.Amount > 0 {
		one = x.per().Name()
	}
	places := x.places("or")
	bars := picture.Bars{Source: x.source(), Names: places,
		ValueName: words.Capital(fmt.Sprintf("%s of the next %s (%s)", words.Said(x.Outcomes[0]), one, x.unit())),
		Finding:   "What the next " + one + " brings after its own cost, by " + places + ", the most first",
		Lines:     []picture.Line{{Name: "next " + one}, {Name: "last " + one}}}
	next, last := &bars.Lines[0], &bars.Lines[1]
	for _, r := range x.Ranked {
		if Drawable(r.Next) && r.Last != nil && Drawable(*r.Last) {
			bars.Labels = append(bars.Labels, r.Channel)
			next.Points, last.Points = append(next.Points, r.Next), append(last.Points, *r.Last)
		}
		if Drawable(r.Next) && r.Last == nil {
			bars.Labels, next.Points = append(bars.Labels, r.Channel), append(next.Points, r.Next.Times(x.Amount))
		}
	}
	if len(bars.Labels) == 0 {
		return nil
	}
	if x.Amount > 0 {
		bars.Lines = bars.Lines[:1]
	}
	bars.Sort(func(row int) float64 { return bars.Lines[0].Points[row].Value })
	return []Picture{{Name: "next-dollar", Data: bars}}
}

// responses show what each channel wins by what is spent on it.
func (x respondPage) responses() (out []Picture) {
	for _, r := range x.Responses {
		out = append(out, Picture{Name: "response-" + r.Channel, Data: picture.Response{Source: x.source(),
			Channel: r.Channel,
			Spend:   r.Spend, Won: r.Won, Marginal: r.Marginal, Worth: x.Worth, Now: r.Now}})
	}
	return out
}

func (x respondPage) heat() picture.Heat {
	a, b, m := x.Axes[0], x.Axes[1], x.Metrics[0].Column
	h := picture.Heat{Source: x.source(), Measure: words.Measure{Name: m.Name, Unit: m.Unit}, RowsAre: a.Key,
		RowsNamed:  true,
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
			out = append(out, Picture{Name: "curve-" + words.Slug(c.Outcome), Data: picture.Curve{Source: x.source(),
				Finding: c.Outcome + " over " + c.Name, XName: axis, YName: fmt.Sprintf("%s "+
					"(%s)", c.Outcome, c.Column.Unit),
				X: values, Lines: []picture.Line{line}}})
		}
	}
	return out
}
