package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/store"
)

// Retained is the share of customers that still are customers some months after
// the win, by channel, size and whatever else, with 95% intervals.
type Retained struct {
	picture.Source
	Months int
	Groups []RetainedGroup
	// Company is the share over all customers; NaN leaves its line out.
	Company float64
}

// RetainedGroup is one way to divide customers: Channel, Size.
type RetainedGroup struct {
	Name   string
	Slices []RetainedSlice
}

// RetainedSlice is a part of the customers.
type RetainedSlice struct {
	Name  string
	Won   float64           // mean customers won
	Share analysis.Estimate // retained; missing where no customer was won
}

// Picture implements Drawing.
func (r Retained) Picture() (*Picture, error) {
	var names []string
	var dots []retainedDot
	ends := []float64{}
	if !math.IsNaN(r.Company) {
		ends = append(ends, r.Company)
	}
	t := newTable("grouping", "name", "won", "retained", "low95", "high95")
	for _, g := range r.Groups {
		if len(names) > 0 {
			names = append(names, "")
		}
		names = append(names, "") // the name of the group, in bold
		dots = append(dots, retainedDot{row: len(names) - 1, head: g.Name})
		for k := range g.Slices {
			s := g.Slices[k]
			if math.IsInf(s.Share.Value, 0) {
				return nil, fmt.Errorf("plots: retention: %s is infinite", s.Name)
			}
			names = append(names, s.Name)
			dots = append(dots, retainedDot{row: len(names) - 1, RetainedSlice: s, of: &g.Slices[k]})
			low, high := picture.Line{Points: []analysis.Estimate{s.Share}}.Ends()
			ends = append(append(ends, low...), high...)
			t.addRetained(g.Name, s)
		}
	}
	if len(dots) == len(r.Groups) {
		return nil, errors.New("plots: retention of no customers")
	}
	p := newRows(fmt.Sprintf("Still a customer %s after the win (%%)", words.Counted(r.Months, "month")), "", names)
	rows := len(names)
	lo, hi := extent(ends)
	p.X.Min, p.X.Max = valueRange(lo, hi, false)
	p.X.Max = math.Min(p.X.Max, 1)
	p.X.Tick.Marker = NiceTicks{Format: words.Percent, Want: 5, Size: tickSize,
		Width: pageWidth() - 2*pageMargin() - rowLabelWidth(names) - 160}
	p.right, p.top = 150, 12
	_, named := r.named()
	for i := range dots {
		dots[i].named = slices.ContainsFunc(named, func(s *RetainedSlice) bool { return s == dots[i].of })
	}
	d := retainedDots{rows, dots}
	if !math.IsNaN(r.Company) {
		all := topMarks{{x: r.Company, lines: []string{"all " + oneDecimal(r.Company)},
			style: draw.LineStyle{Color: vermillion, Width: 1.2, Dashes: []vg.Length{4, 2}}}}
		p.top = all.height()
		p.label(all)
	}
	p.Add(d)
	p.label(d)
	page := &page{height: rowsPage(names), title: r.finding(), subtitle: r.Subtitle(), notes: []string{
		"Bars through the dots: 95% intervals. Customers won in the run, followed beyond its end; last touch. Red: the " +
			"slices of the title, which " + titleLeavesOut}}
	if p.X.Min > 0 {
		page.notes = append(page.notes, "The axis leaves zero out.")
	}
	page.show(p)
	return newPicture(page, t), nil
}

func (t *table) addRetained(group string, s RetainedSlice) {
	t.addEstimate(s.Share, group, store.AsText(strings.ToLower(group), s.Name), s.Won)
}

// retainedDot is a row: a dot, or the name of a group.
type retainedDot struct {
	RetainedSlice
	row   int
	head  string
	of    *RetainedSlice
	named bool // the title speaks of it
}

type retainedDots struct {
	rows int
	list []retainedDot
}

// Plot implements plot.Plotter.
func (r retainedDots) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, d := range r.list {
		if d.head != "" || math.IsNaN(d.Share.Value) {
			continue
		}
		y := trY(rowY(d.row, r.rows))
		low, high := picture.Line{Points: []analysis.Estimate{d.Share}}.Ends()
		color := blue
		if d.named {
			color = vermillion
		}
		c.StrokeLine2(draw.LineStyle{Color: color, Width: 1.6}, trX(math.Max(low[0], p.X.Min)), y,
			trX(math.Min(high[0], p.X.Max)), y)
		c.DrawGlyph(draw.GlyphStyle{Color: color, Radius: 4, Shape: draw.CircleGlyph{}},
			vg.Point{X: trX(d.Share.Value), Y: y})
	}
}

func (r retainedDots) annotate(area, c draw.Canvas, p *plot.Plot) {
	_, trY := p.Transforms(&c)
	head := bold(typeStyle(labelSize, ink))
	small, value := typeStyle(smallSize, softInk), bold(typeStyle(smallSize+1, ink))
	small.XAlign, value.XAlign = draw.XRight, draw.XRight
	for i, line := range []string{"customers", "won"} {
		put(c, small, area.Max.X, c.Max.Y+8+vg.Length(1-i)*smallSize*1.2, line)
	}
	put(c, small, area.Max.X-80, c.Max.Y+8, "retained")
	for _, d := range r.list {
		y := trY(rowY(d.row, r.rows))
		if d.head != "" {
			putMiddle(c, head, area.Min.X, y, elide(head, d.head, 0.24*pageWidth()))
			continue
		}
		text := "–"
		if !math.IsNaN(d.Share.Value) {
			text = oneDecimal(d.Share.Value)
		}
		putMiddle(c, value, area.Max.X-80, y, text)
		won := wholeNumber(int(math.Round(d.Won)))
		if d.Won > 0 && d.Won < 1 {
			won = "<1"
		}
		putMiddle(c, small, area.Max.X, y, won)
	}
}

// oneDecimal writes a share so that shares stand level in a column.
func oneDecimal(share float64) string { return words.Percent.Texts([]float64{share}, 0.001)[0] }

// fewCustomers is the share of customers below which a part of them is not worth
// a title.
const fewCustomers = 0.01

// FewCustomers are those, of all runs, below which no title speaks of the share of them that stay.
const FewCustomers = 30

// titleLeavesOut is what the title of who stays does not speak of.
const titleLeavesOut = "leaves out those with less than 1% of the customers won, or fewer than 30 in all runs."

// LeftOut is the note on slices of which the title does not speak; empty: there are none.
func (r Retained) LeftOut() string {
	var out []string
	for _, g := range r.Groups {
		won := 0.0
		for _, s := range g.Slices {
			won += s.Won
		}
		for _, s := range g.Slices {
			if !math.IsNaN(s.Share.Value) && r.few(s, won) {
				out = append(out, s.Name)
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "The sentence above " + strings.TrimSuffix(titleLeavesOut, ".") + ": " + words.List(out) + "."
}

// few says whether so few customers are behind a slice that no title speaks of it.
func (r Retained) few(s RetainedSlice, won float64) bool {
	return s.Won < fewCustomers*won || s.Won*float64(max(1, r.Replications)) < FewCustomers
}

// finding names the group whose slices differ most, with both ends.
func (r Retained) finding() string {
	title, _ := r.named()
	return title
}

// named is the title with the slices of which it speaks.
func (r Retained) named() (title string, of []*RetainedSlice) {
	widest := -1.0
	title = "Too few customers were won to tell who stays"
	for _, g := range r.Groups {
		won := 0.0
		for _, s := range g.Slices {
			won += s.Won
		}
		var lo, hi *RetainedSlice
		for i := range g.Slices {
			s := &g.Slices[i]
			if math.IsNaN(s.Share.Value) || r.few(*s, won) {
				continue
			}
			if lo == nil || s.Share.Value < lo.Share.Value {
				lo = s
			}
			if hi == nil || s.Share.Value > hi.Share.Value {
				hi = s
			}
		}
		if lo == nil || hi.Share.Value-lo.Share.Value <= widest {
			continue
		}
		widest = hi.Share.Value - lo.Share.Value
		high, low, is := oneDecimal(hi.Share.Value), oneDecimal(lo.Share.Value), words.Inside(g.Name)
		of = []*RetainedSlice{hi, lo}
		title = fmt.Sprintf("After %s %s of customers %s are still there, and %s %s",
			words.Counted(r.Months, "month"), high, fromSlice(is, hi.Name), low, fromSlice(is, lo.Name))
		if lo == hi || high == low {
			title = fmt.Sprintf("After %s %s of customers are still there, whatever the %s", words.Counted(r.Months, "month"),
				high, is)
			of = nil
		}
	}
	return title, of
}

// fromSlice says which customers are meant: from a channel, with so many employees, of an industry.
func fromSlice(slicedBy, name string) string {
	switch slicedBy {
	case "channel":
		return "from " + name
	case "size":
		return "with " + name + " employees"
	}
	return "of " + slicedBy + " " + name
}
