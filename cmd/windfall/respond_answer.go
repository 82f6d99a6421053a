package main

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"windfall/model"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// responsePictures draws the response of every channel and what its next
// customer costs.
func responsePictures(numbers *panel.Panel, plan *model.Plan, r *response) (out []page.Picture, err error) {
	source := picture.Source{Scenario: plan.Name, Replications: r.Replications, Seed: r.Seed, Currency: string(r.Currency)}
	of := func(m panel.Measure) []float64 { return numbers.Values(panel.Leaf{Setting: "plan", Measure: m}) }
	worth := analysis.Ratio(of(panel.Measure{Column: "ltv_total"}), of(panel.Measure{Column: "won"}), 1,
		numbers.Ties).Value
	for _, c := range plan.Channels {
		spent := analysis.Mean(of(channelSpend(c.Name)), numbers.Ties).Value / float64(r.Weeks)
		if !c.Enabled || c.Driver != "budget" || !(spent > 0) {
			continue
		}
		var levels []gallery.Level
		for _, x := range respondPoints {
			s := "plan"
			if x != 1 {
				s = fmt.Sprintf("%s x%v", c.Name, x)
			}
			levels = append(levels, gallery.Level{Setting: s, Spend: x * spent})
		}
		x, err := gallery.ResponseOf(numbers, source, c.Name, r.Weeks, levels, worth, spent)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Picture{Name: "response-" + c.Name, Data: x})
	}
	return out, nil
}

// response is what respond writes and prints as JSON.
type response struct {
	name    string // as typed
	flags   *respondFlags
	metrics []*metric.Metric
	idle    []string // channels on which the plan spends nothing
	doubts
	inMoney

	Scenario     string      `json:"scenario"`
	Outcomes     []string    `json:"outcomes"`
	Replications int         `json:"replications"`
	Seed         uint64      `json:"seed"`
	Weeks        int         `json:"weeks"`
	Answer       string      `json:"answer"`
	Axes         []variedKey `json:"axes,omitempty"`
	Curves       []curve     `json:"curves"`
	Ranked       []ranked    `json:"ranked,omitempty"`
	// Lead is what the next dollar brings on the first channel over the next that it is not told from, else over the
	// second.
	Lead    *analysis.Estimate `json:"lead_of_the_first,omitempty"`
	Surface []cell             `json:"surface,omitempty"`
}

// curve is the response of one outcome.
type curve struct {
	format  words.Format
	Name    string       `json:"name"`
	Outcome string       `json:"outcome"`
	Points  []curvePoint `json:"points"`
}

// curvePoint is one value of the key. Average and Marginal are per dollar of
// media and brand where that moves, else per unit of the key: against the first
// point, and against the point before. Saved is the variance of the step of
// unpaired points over that of paired ones.
type curvePoint struct {
	X        float64            `json:"x"`
	Name     string             `json:"name"`
	Value    analysis.Estimate  `json:"value"`
	Spend    analysis.Estimate  `json:"media_and_brand"`
	Average  *analysis.Estimate `json:"average,omitempty"`
	Marginal *analysis.Estimate `json:"marginal,omitempty"`
	Saved    *float64           `json:"variance_reduction,omitempty"`
}

// ranked is a channel by what its next dollar brings.
type ranked struct {
	Channel string            `json:"channel"`
	Next    analysis.Estimate `json:"next_dollar"` // from 1x to 1.5x
	Last    analysis.Estimate `json:"last_dollar"` // from 0.75x to 1x
	Spend   analysis.Number   `json:"media"`
	Won     analysis.Estimate `json:"customers_added"` // against 0x
	CAC     analysis.Estimate `json:"media_a_customer_added"`
}

// cell is a point of a surface; Down and Across are the marginal values against
// the neighbours before it, as in a curve.
type cell struct {
	X      float64            `json:"x"`
	Y      float64            `json:"y"`
	Value  analysis.Estimate  `json:"value"`
	Down   *analysis.Estimate `json:"marginal_down,omitempty"`
	Across *analysis.Estimate `json:"marginal_across,omitempty"`
}

// amount writes what a dollar brings of the metric, in its unit.
func (r *response) amount(x float64) string {
	if c := r.metrics[0].Column; words.FormatOf(c.Name, c.Unit).IsMoney() {
		return r.Currency.Near(x)
	}
	return strings.Replace(short(x), "-", "−", 1)
}

func (r *response) sentences() []string { return []string{r.Answer} }

// each are the replications of a point.
func (r *response) each() string { return words.Sized(r.Replications, fewPoints, "replication") }

func (r *response) size() string { return words.Counted(r.Replications, "replication") + " a point" }

func (r *response) next() []string {
	words := func(command string, more ...string) string {
		return shellLine(append(append([]string{"windfall", command, r.name}, more...), r.flags.typed()...))
	}
	if len(r.Ranked) == 0 {
		return []string{words("respond")}
	}
	key := "channels." + r.Ranked[0].Channel + ".weekly_budget"
	out := []string{words("respond", "--vary", key+"=x0..x3:13")}
	if len(r.flags.set) == 0 { // there each --set is a plan of its own
		out = append([]string{words("compare", "--set", key+"*=1.5")}, out...)
	}
	return out
}

func (r *response) warnings() (out []string) {
	if r.Replications < fewPoints {
		out = append(out, fmt.Sprintf("%s a point are few for values at the margin; --replications %d would do",
			words.Counted(r.Replications, "replication"), respondReplications))
	}
	if len(r.idle) > 0 {
		out = append(out, fmt.Sprintf("%s: the plan spends nothing there, and times nothing is nothing; --vary with %s "+
			"shows what they would bring", words.List(r.idle), r.Currency.Many()))
	}
	return out
}

// perDollar is a cell of what a dollar brings, with its interval.
func (r *response) perDollar(e analysis.Estimate) page.Cell {
	c := page.Value(words.Plain, e)
	if !e.Known() {
		return c
	}
	c.Text = words.Ends(r.amount, e)
	return c
}

// slope is a cell of an average or marginal value: of a metric that is written in
// some format, a dollar or a unit of the key.
func (r *response) slope(e *analysis.Estimate, metric words.Format, aDollar bool) page.Cell {
	if e == nil || math.IsNaN(e.Value) {
		return page.Words("")
	}
	write := metric.Text
	switch {
	case aDollar && metric.IsMoney() && math.Abs(e.Value) >= 0.1:
		write = r.Currency.Near
	case aDollar && metric.IsMoney(): // of a price such as cac
		write = r.Currency.Money().Text
	case aDollar:
		write = short // customers a dollar are few
	}
	c := page.Value(words.Plain, *e)
	c.Text = words.Ends(write, *e)
	return c
}

// sheets are the tables of how outcomes respond.
func (r *response) sheets() (out []*page.Sheet) {
	if len(r.Ranked) > 0 {
		s := page.NewSheet("channels", "Channels by what the next "+r.Currency.One()+" on them brings", "channel",
			"#"+r.Outcomes[0]+" of the next "+r.Currency.One(), "#of the last "+r.Currency.One(), "#media",
			"#customers added", "#media a customer added")
		for _, x := range r.Ranked {
			cac := page.Words("none added")
			if x.Won.Low > 0 {
				cac = page.With(r.Currency.Money(), x.CAC)
			}
			s.Row(x.Channel, r.perDollar(x.Next), r.perDollar(x.Last),
				page.Num(r.Currency.Money().Text(float64(x.Spend)), float64(x.Spend)), page.With(words.Plain, x.Won), cac)
		}
		s.Notes = []string{"The next " + r.Currency.One() + ": from 1 to 1.5 times the plan; the last one: from 0.75 " +
			"times (95% intervals)."}
		out = append(out, s)
	}
	if len(r.Surface) > 0 {
		out = append(out, r.surfaceSheets()...)
	}
	for i, c := range r.Curves {
		per, aDollar := "per unit of the key", len(r.Ranked) > 0 || r.Axes[0].dollars()
		if aDollar {
			per = "per " + r.Currency.One()
		}
		s := page.NewSheet(fmt.Sprintf("curve-%d", i+1), c.Outcome+" over "+c.Name, c.Name, "#"+c.Outcome,
			"#media and brand", "#average "+per, "#marginal "+per, "#variance saved")
		s.Apart = len(r.Ranked) > 0
		for _, x := range c.Points {
			saved := page.Words("")
			if x.Saved != nil {
				saved = page.Num(words.Times(*x.Saved), *x.Saved)
			}
			s.Row(x.Name, page.With(c.format, x.Value), page.Value(r.Currency.Money(), x.Spend),
				r.slope(x.Average, c.format, aDollar), r.slope(x.Marginal, c.format, aDollar), saved)
		}
		out = append(out, s)
	}
	return out
}

// surfaceSheets are the surface as a table of both keys, and its points with the
// marginal values along each.
func (r *response) surfaceSheets() []*page.Sheet {
	a, b, m := &r.Axes[0], &r.Axes[1], r.metrics[0]
	f := words.FormatOf(m.Column.Name, m.Column.Unit)
	head := []string{m.Text + ": " + a.Text + " down, " + b.Text + " across"}
	for k := range b.Values {
		head = append(head, "#"+b.name(k))
	}
	grid := page.NewSheet("surface", m.Text+" over both keys", head...)
	list := page.NewSheet("points", "Marginal values between neighbouring points", a.Text, b.Text, "#"+m.Text,
		"#marginal of "+a.Text, "#marginal of "+b.Text)
	for i := range a.Values {
		row := []any{a.name(i)}
		for k := range b.Values {
			c := &r.Surface[i*len(b.Values)+k]
			row = append(row, page.With(f, c.Value))
			list.Row(a.name(i), b.name(k), page.With(f, c.Value), r.slope(c.Down, f, a.dollars()),
				r.slope(c.Across, f, b.dollars()))
		}
		grid.Row(row...)
	}
	return []*page.Sheet{grid, list}
}

// drawn are the pictures of a curve, a surface, or the ranking.
func (r *response) drawn() (out []page.Picture) {
	source := picture.Source{Scenario: r.Scenario, Replications: r.Replications, Seed: r.Seed,
		Currency: string(r.Currency)}
	switch {
	case len(r.Ranked) > 0:
		bars := picture.Bars{Source: source, Names: "channel", ValueName: fmt.Sprintf("%s of the next %s (%s)",
			r.Outcomes[0], r.Currency.One(), r.metrics[0].Column.Unit), Finding: "What the next " + r.Currency.One() +
			" brings, by channel", Lines: []picture.Line{{Name: "next " + r.Currency.One()}, {Name: "last " + r.Currency.One()}}}
		for _, x := range r.Ranked {
			if page.Drawable(x.Next) && page.Drawable(x.Last) {
				bars.Labels = append(bars.Labels, x.Channel)
				bars.Lines[0].Points, bars.Lines[1].Points = append(bars.Lines[0].Points, x.Next),
					append(bars.Lines[1].Points, x.Last)
			}
		}
		if len(bars.Labels) > 0 {
			out = append(out, page.Picture{Name: "next-dollar", Data: bars})
		}
	case len(r.Surface) > 0:
		a, b, m := &r.Axes[0], &r.Axes[1], r.metrics[0]
		h := picture.Heat{Source: source, Measure: words.Measure{Name: m.Column.Name, Unit: m.Column.Unit},
			RowsAre: a.Text, ColumnsAre: b.Text, Missing: "not known"}
		for k := range b.Values {
			h.Columns = append(h.Columns, b.name(k))
		}
		for i := range a.Values {
			h.Rows = append(h.Rows, a.name(i))
			var row []float64
			for k := range b.Values {
				row = append(row, r.Surface[i*len(b.Values)+k].Value.Value)
			}
			h.Values = append(h.Values, row)
		}
		out = append(out, page.Picture{Name: "surface", Data: h})
	default:
		for i, c := range r.Curves {
			m := r.metrics[i]
			line := picture.Line{Name: m.Text}
			var xs []float64
			for _, x := range c.Points {
				if page.Drawable(x.Value) {
					xs, line.Points = append(xs, x.X), append(line.Points, x.Value)
				}
			}
			if len(xs) > 1 {
				out = append(out, page.Picture{Name: "curve-" + slug(m.Text),
					Data: picture.Curve{Source: source, Finding: m.Text + " over " + c.Name, XName: r.Axes[0].axis(),
						YName: fmt.Sprintf("%s (%s)", m.Text, m.Column.Unit), X: xs, Lines: []picture.Line{line}}})
			}
		}
	}
	return out
}

// slug makes a name of a file of a metric: p5(cash_end) is p5-cash-end.
func slug(metric string) string {
	return strings.Join(strings.FieldsFunc(metric, func(r rune) bool {
		return !unicode.IsLetter(r) &&
			!unicode.IsDigit(r)
	}), "-")
}

// axis names the key on an axis.
func (v *variedKey) axis() string {
	if v.Multiply {
		return v.Text + " (times the plan)"
	}
	return v.Text
}
