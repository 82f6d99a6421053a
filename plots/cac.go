package plots

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/sim/analysis"
)

// CAC is the cost of a customer by channel: media only, with brand media, and
// fully loaded with sales, onboarding and fees.
type CAC struct {
	picture.Source
	Channels []ChannelCost // in any order; the cheapest is drawn on top
	// Company is the cost over all channels; nil leaves its line out.
	Company *ChannelCost
}

// ChannelCost is what a customer of a channel costs, in USD, each a ratio of totals
// over replications (last touch). Each cost includes
// the one before; all are NaN where no customer was won.
type ChannelCost struct {
	Name                   string
	Won                    float64 // mean customers won
	Media, WithBrand, Full float64
}

// Picture implements Drawing.
func (c CAC) Picture() (*Picture, error) {
	if len(c.Channels) == 0 {
		return nil, errors.New("plots: CAC without channels")
	}
	channels := slices.Clone(c.Channels)
	slices.SortStableFunc(channels, func(a, b ChannelCost) int {
		switch an, bn := math.IsNaN(a.Full), math.IsNaN(b.Full); {
		case an && bn:
			return 0
		case an:
			return 1
		case bn:
			return -1
		case a.Full < b.Full:
			return -1
		case a.Full > b.Full:
			return 1
		}
		return 0
	})
	rows := len(channels)
	names := make([]string, rows)
	parts := [3]plotter.Values{}
	for k := range parts {
		parts[k] = make(plotter.Values, rows)
	}
	limit := c.limit()
	ends := barEnds{rows: rows}
	won := textColumn{rows: rows, right: 0, head: []string{"customers", "won"}}
	cut := cutMarks{rows: rows}
	t := newTable("channel", "won", "cac_media", "cac_media_brand", "cac")
	for i, ch := range channels {
		for _, v := range []float64{ch.Media, ch.WithBrand, ch.Full} {
			if math.IsInf(v, 0) {
				return nil, fmt.Errorf("plots: CAC: %s has an infinite cost; where no customer was won it is missing", ch.Name)
			}
		}
		names[i] = ch.Name
		t.add(ch.Name, ch.Won, ch.Media, ch.WithBrand, ch.Full)
		won.texts = append(won.texts, rowText{row: i, text: wholeNumber(int(math.Round(ch.Won)))})
		if math.IsNaN(ch.Full) {
			ends.texts = append(ends.texts, rowText{row: i, text: "no customer won"})
			continue
		}
		edge := 0.0
		for k, v := range []float64{ch.Media, ch.WithBrand, ch.Full} {
			next := math.Max(edge, math.Min(limit, v))
			parts[k][rows-1-i] = next - edge
			edge = next
		}
		ends.texts = append(ends.texts, rowText{row: i, x: edge, text: c.Money().Text(ch.Full), heavy: true})
		if ch.Full > limit {
			cut.at = append(cut.at, plotter.XY{X: limit * 0.95, Y: rowY(i, rows)})
		}
	}
	height := rowsPage(append(slices.Clone(names), "")) // a row for the key
	p := newRows(c.In("Cost of a customer won (USD)"), "Channel", names)
	p.X.Min, p.X.Max = 0, limit*1.005
	p.X.Tick.Marker = NiceTicks{Format: c.Money(), Want: 5, Size: tickSize,
		Width: pageWidth() - 2*pageMargin() - rowLabelWidth(names) - 140}
	p.right = 128
	colors := []color.Color{blue, blueMid, bluePale}
	width := barWidth(height, rows)
	key := keyRow{names: []string{"media", "brand media", "sales, onboarding, fees"}, colors: colors}
	if isNarrow() {
		key.beside = 62
	}
	var below *plotter.BarChart
	for k := range parts {
		bar := &plotter.BarChart{Values: parts[k], Width: width, Color: colors[k], Horizontal: true}
		if below != nil {
			bar.StackOn(below)
		}
		below = bar
		p.Add(bar)
	}
	cut.height = width
	p.Add(cut)
	if c.Company != nil && !math.IsNaN(c.Company.Full) && c.Company.Full <= limit {
		all := topMarks{{
			x: c.Company.Full, lines: []string{"all channels " + c.Money().Text(c.Company.Full)},
			style: draw.LineStyle{Color: vermillion, Width: 1.2, Dashes: []vg.Length{4, 2}},
		}}
		p.top = all.height() + key.height() - 12
		p.label(all)
	}
	p.top = max(p.top, key.height())
	p.label(ends, won, key)
	page := &page{height: height, title: c.finding(channels), subtitle: c.Subtitle()}
	page.show(p)
	if c.Company != nil {
		t.add("all", c.Company.Won, c.Company.Media, c.Company.WithBrand, c.Company.Full)
	}
	if len(cut.at) > 0 {
		page.notes = append(page.notes, "Broken bars are longer than drawn.")
	}
	page.notes = append(page.notes, "Costs are ratios of totals over runs; customers count for the channel of their "+
		"last touch.")
	return newPicture(page, t), nil
}

// limit is the longest bar. A channel that costs far more per customer than the others is cut there.
func (c CAC) limit() float64 {
	var costs []float64
	for _, ch := range c.Channels {
		if !math.IsNaN(ch.Full) {
			costs = append(costs, ch.Full)
		}
	}
	if c.Company != nil && !math.IsNaN(c.Company.Full) {
		costs = append(costs, c.Company.Full)
	}
	slices.Sort(costs)
	if len(costs) == 0 || costs[len(costs)-1] <= 0 {
		return 1
	}
	usual := 3 * analysis.Quantile(costs, 0.75)
	limit := costs[len(costs)-1]
	if limit <= usual || len(costs) < 4 {
		return limit
	}
	for i := len(costs) - 1; i >= 0 && costs[i] > usual; i-- {
		limit = usual
	}
	return limit
}

// cutMarks break bars that are longer than the picture is wide.
type cutMarks struct {
	rows   int
	at     plotter.XYs
	height vg.Length
}

// Plot implements plot.Plotter.
func (m cutMarks) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, at := range m.at {
		x, y, h := trX(at.X), trY(at.Y), m.height/2+1
		c.FillPolygon(paper, []vg.Point{{X: x, Y: y - h}, {X: x + 4, Y: y - h}, {X: x + 8, Y: y + h}, {X: x + 4, Y: y + h}})
	}
}

// finding names the cheapest and the dearest channel.
func (c CAC) finding(sorted []ChannelCost) string {
	var with []ChannelCost
	for _, ch := range sorted {
		if !math.IsNaN(ch.Full) {
			with = append(with, ch)
		}
	}
	switch len(with) {
	case 0:
		return "No channel won a customer"
	case 1:
		return fmt.Sprintf("A customer costs %s, all through %s", c.Money().Text(with[0].Full), with[0].Name)
	}
	title := fmt.Sprintf("A customer costs %s through %s and %s through %s",
		c.Money().Text(with[0].Full), with[0].Name, c.Money().Text(with[len(with)-1].Full), with[len(with)-1].Name)
	if c.Company != nil && !math.IsNaN(c.Company.Full) {
		title += fmt.Sprintf(", %s over all channels", c.Money().Text(c.Company.Full))
	}
	return title
}
