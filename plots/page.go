package plots

import (
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// footLines breaks notes into lines that are as full as can be.
func footLines(s text.Style, notes string, width vg.Length) []string {
	lines, _ := fill(s, notes, width, current.noteLines)
	return lines
}

// A page is the composition that all pictures share: the finding, the source,
// the body, and notes at the foot.
type page struct {
	height   vg.Length // 0 means the height of a slide
	title    string
	subtitle string
	notes    []string // one sentence each
	axes     []Axis
	body     func(draw.Canvas)
	// least is the least height of the body, 0 that of its own page. On a slide a
	// body that needs more than there is becomes smaller, letters and all.
	least vg.Length
	// compose replaces the composition, for a slide.
	compose func(draw.Canvas)
}

const (
	titleLeading = 1.2 // lines of text, as a multiple of their size
	noteLeading  = 1.3
)

func (p *page) size() (width, height vg.Length) {
	height = p.height
	if height == 0 {
		height = pageHeight()
	}
	const usual = 2 // lines of a title, and of notes: those beyond take nothing from the body
	room := pageWidth() - 2*pageMargin()
	title := wrap(bold(typeStyle(titleSize, ink)), p.title, room, current.titleLines)
	notes := footLines(typeStyle(noteSize, paleInk), strings.Join(p.notes, " "), room)
	height += titleLeading*titleSize*vg.Length(max(0, len(title)-usual)) +
		noteLeading*noteSize*vg.Length(max(0, len(notes)-usual)) +
		titleLeading*subtitleSize*vg.Length(len(p.subtitleLines(room))-1)
	return pageWidth(), height
}

// subtitleLines are those of the subtitle on a page so wide: one, as a rule.
func (p *page) subtitleLines(width vg.Length) []string {
	style := typeStyle(subtitleSize, softInk)
	if style.Width(p.subtitle) <= width {
		return []string{p.subtitle} // with the spaces around its points
	}
	return wrap(style, p.subtitle, width, 2)
}

// bodyLeast is the least height of the body.
func (p *page) bodyLeast() vg.Length {
	if p.least > 0 {
		return p.least
	}
	_, height := p.size()
	return height - 120
}

// draw puts the page on a canvas of paper, from the top down and then the foot; the
// body gets what is left.
func (p *page) draw(c draw.Canvas) {
	if p.compose != nil {
		p.compose(c)
		return
	}
	c = draw.Crop(c, pageMargin(), -pageMargin(), 16, -20)
	width := c.Max.X - c.Min.X

	style := bold(typeStyle(titleSize, ink))
	y := c.Max.Y
	for i, line := range wrap(style, p.title, width, current.titleLines) {
		if i == 0 {
			y -= 0.76 * titleSize // to the baseline of the first line
		} else {
			y -= titleLeading * titleSize
		}
		put(c, style, c.Min.X, y, line)
	}
	style = typeStyle(subtitleSize, softInk)
	y -= 10 + 0.76*subtitleSize
	for i, line := range p.subtitleLines(width) {
		if i > 0 {
			y -= titleLeading * subtitleSize
		}
		put(c, style, c.Min.X, y, line)
	}
	top := y - 13

	style = typeStyle(noteSize, paleInk)
	lines := footLines(style, strings.Join(p.notes, " "), width)
	y = c.Min.Y + noteLeading*noteSize*vg.Length(len(lines)-1)
	bottom := c.Min.Y
	if len(lines) > 0 {
		bottom = y + noteSize + 7
	}
	for _, line := range lines {
		put(c, style, c.Min.X, y, line)
		y -= noteLeading * noteSize
	}
	p.body(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: c.Min.X, Y: bottom},
		Max: vg.Point{X: c.Max.X, Y: top},
	}})
}
