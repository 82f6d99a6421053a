package plots

import (
	"errors"
	"image/color"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// A Slide is a picture for the projector: an answer in large letters, one
// picture under it, and at the foot what speaks for the answer. It is 1920 x
// 1080 pixels, whatever the picture is by itself.
type Slide struct {
	picture.Source
	Answer string
	Shows  Drawing
	// Verdict is one word or a few (confirmed, not confirmed, too close to call), Expected
	// what it is about. Control is one line about the control; empty if there
	// is none.
	Verdict, Expected string
	Control           string
}

// The sizes of a slide.
const (
	answerLines              = 3
	slideHeading   vg.Length = 13.5
	slideFoot      vg.Length = 12.5
	slideFootLines           = 2 // of each of verdict and control
)

// answerSizes are tried until the answer fits.
var answerSizes = []struct {
	size  vg.Length
	lines int
}{{26, 2}, {24, 2}, {22, 2}, {22, 3}, {20, 3}, {18, 3}, {16.5, 3}}

// Picture implements Drawing.
func (s Slide) Picture() (*Picture, error) {
	if s.Shows == nil {
		return nil, errors.New("plots: a slide without a picture")
	}
	inner, err := s.Shows.Picture()
	if err != nil {
		return nil, err
	}
	p := &page{title: s.Answer, subtitle: s.Subtitle(), axes: inner.page.axes, height: pageHeight()}
	if p.title == "" {
		p.title = inner.Title
	}
	p.compose = func(c draw.Canvas) { s.compose(c, p, inner.page) }
	return newPicture(p, inner.table), nil
}

// compose puts the slide on a canvas, from the top down, then from the foot up;
// the picture gets what is left.
func (s Slide) compose(c draw.Canvas, p, inner *page) {
	c = draw.Crop(c, pageMargin(), -pageMargin(), 16, -18)
	width := c.Max.X - c.Min.X
	y := c.Max.Y

	var style text.Style
	for _, try := range answerSizes {
		style = bold(typeStyle(try.size, ink))
		if _, whole := fill(style, p.title, width, try.lines); whole {
			break
		}
	}
	answer := wrap(style, p.title, width, answerLines)
	for i, line := range answer {
		if i == 0 {
			y -= 0.76 * style.Font.Size
		} else {
			y -= 1.16 * style.Font.Size
		}
		put(c, style, c.Min.X, y, line)
	}
	style = typeStyle(subtitleSize, softInk)
	y -= 12 + 0.76*subtitleSize
	put(c, style, c.Min.X, y, elide(style, p.subtitle, width))
	if inner.title != p.title {
		style = bold(typeStyle(slideHeading, blue))
		y -= 14 + 0.76*slideHeading
		put(c, style, c.Min.X, y, elide(style, inner.title, width))
	}
	top := y - 11

	bottom := s.foot(c)
	style = typeStyle(noteSize, paleInk)
	if notes := strings.Join(inner.notes, " "); notes != "" {
		put(c, style, c.Min.X, bottom, elide(style, notes, width))
		bottom += noteSize + 5
	}
	scale := float64(min(1, (top-bottom)/inner.bodyLeast()))
	c.Push()
	defer c.Pop()
	c.Translate(vg.Point{X: c.Min.X, Y: bottom})
	c.Scale(scale, scale)
	inner.body(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Max: vg.Point{X: width / vg.Length(scale), Y: (top - bottom) / vg.Length(scale)},
	}})
}

// foot writes verdict and control under a rule and says where the room above
// them begins.
func (s Slide) foot(c draw.Canvas) vg.Length {
	type part struct {
		head, text string
		color      color.Color
	}
	var parts []part
	if s.Verdict != "" {
		shade := color.Color(ink)
		switch s.Verdict {
		case "confirmed", "holds":
			shade = green
		case "not confirmed", "does not hold":
			shade = vermillion
		}
		parts = append(parts, part{words.Capital(s.Verdict), s.Expected, shade})
	}
	if s.Control != "" {
		parts = append(parts, part{"Control", s.Control, greyLine})
	}
	y := c.Min.Y
	const mark = 9
	head, plain := bold(typeStyle(slideFoot, ink)), typeStyle(slideFoot, softInk)
	for i := len(parts) - 1; i >= 0; i-- {
		p := parts[i]
		left := c.Min.X + mark + 6
		indent := left + head.Width(p.head) + 9
		lines, _ := fill(plain, p.text, c.Max.X-indent, slideFootLines)
		y += 1.25 * slideFoot * vg.Length(max(0, len(lines)-1))
		c.FillPolygon(p.color, []vg.Point{
			{X: c.Min.X, Y: y}, {X: c.Min.X + mark, Y: y}, {X: c.Min.X + mark, Y: y + mark}, {X: c.Min.X, Y: y + mark},
		})
		put(c, head, left, y, p.head)
		for k, line := range lines {
			put(c, plain, indent, y-1.25*slideFoot*vg.Length(k), line)
		}
		y += 1.45 * slideFoot
	}
	if len(parts) > 0 {
		c.StrokeLine2(draw.LineStyle{Color: greyLine, Width: thinLine}, c.Min.X, y+1, c.Max.X, y+1)
		y += 8
	}
	return y
}
