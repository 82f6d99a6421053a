package plots

import (
	"image/color"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The house style. Sizes are in points on a page of 720 x 405, which is
// 1920 x 1080 pixels: a slide, or the width of a text column in print.
const (
	// dotsPerInch is twice the density of a plain screen.
	dotsPerInch = 192

	titleSize    vg.Length = 18
	subtitleSize vg.Length = 11.5
	labelSize    vg.Length = 12
	tickSize     vg.Length = 11.5
	smallSize    vg.Length = 10
	noteSize     vg.Length = 9

	thickLine vg.Length = 2.25
	plainLine vg.Length = 1.4
	thinLine  vg.Length = 0.75
)

// The palette follows Okabe and Ito (Color Universal Design, 2008), which
// colour-blind people can tell apart; the tints are steps of its blue. Their
// lightness differs too, so that a grey print keeps the order.
var (
	ink       = rgb(0x1F1F1F) // titles, labels, marks
	softInk   = rgb(0x4D4D4D) // subtitles, ticks
	paleInk   = rgb(0x6E6E6E) // notes, leaders
	gridColor = rgb(0xE4E4E4)
	spanColor = rgb(0xF2EBDD) // a shaded span of dates
	spanEdge  = rgb(0x8A7B5C)
	paper     = rgb(0xFFFFFF)

	blue       = rgb(0x0072B2)
	blueMid    = rgb(0x7FB4D6)
	bluePale   = rgb(0xCCE1EF)
	vermillion = rgb(0xD55E00)
	green      = rgb(0x009E73)
	purple     = rgb(0xA6528A) // Okabe-Ito's reddish purple, darkened for thin lines
	orange     = rgb(0xE69F00)
	sky        = rgb(0x56B4E9)
	brown      = rgb(0x7A5230)
	greyLine   = rgb(0xA8A8A8)
)

// seriesStyles tell lines of one picture apart by colour and by dashes; there are as many as
// fit into one picture (mostSeries).
var seriesStyles = []draw.LineStyle{
	{Color: blue, Width: thickLine},
	{Color: vermillion, Width: plainLine, Dashes: []vg.Length{6, 2.5}},
	{Color: green, Width: plainLine},
	{Color: purple, Width: plainLine, Dashes: []vg.Length{2, 2}},
	{Color: orange, Width: plainLine, Dashes: []vg.Length{8, 2, 2, 2}},
	{Color: ink, Width: plainLine},
	{Color: sky, Width: thickLine, Dashes: []vg.Length{6, 2.5}},
	{Color: brown, Width: thickLine, Dashes: []vg.Length{1.5, 1.5}},
}

// seriesGlyphs are the dots of those lines, which differ in shape for a grey
// print.
var seriesGlyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.TriangleGlyph{},
}

// barFills differ in lightness as well as in colour.
var barFills = []color.Color{blue, orange, green, ink, sky, vermillion, purple, brown}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// typeStyle gives a text style in the house font.
func typeStyle(size vg.Length, c color.Color) text.Style {
	return text.Style{
		Color:   c,
		Font:    plotfont.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		XAlign:  draw.XLeft,
		YAlign:  draw.YBottom,
		Handler: houseText,
	}
}

// bold makes a text style heavy.
func bold(s text.Style) text.Style {
	s.Font.Weight = font.WeightBold
	return s
}

// newPlot makes a plot in the house style: no frame, horizontal grid lines, a
// thin line under the data, ticks in the house font.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil // the page is filled once
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = typeStyle(tickSize, nil).Font // its space parts labels and ticks
		axis.Tick.Label.Font = typeStyle(tickSize, nil).Font
		axis.Tick.Label.Color = softInk
		axis.LineStyle = draw.LineStyle{Color: softInk, Width: thinLine}
		axis.Tick.LineStyle = draw.LineStyle{Color: softInk, Width: thinLine}
		axis.Tick.Length = 6 // a label under the corner clears that of the vertical axis
		axis.Padding = 0
	}
	p.Y.LineStyle.Width = 0
	p.Y.Tick.Length = 0
	p.Y.Tick.Label.YAlign = -0.6 // digits, not letters, are centred on the tick
	return p
}

// horizontalGrid is the grid of most pictures: horizontal lines only.
func horizontalGrid() plot.Plotter {
	return &plotter.Grid{Horizontal: draw.LineStyle{Color: gridColor, Width: thinLine}}
}

// verticalGrid serves pictures of horizontal bars.
func verticalGrid() plot.Plotter {
	return &plotter.Grid{Vertical: draw.LineStyle{Color: gridColor, Width: thinLine}}
}
