package plots

import (
	"strings"
	"sync"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// houseText measures and draws the text of all pictures.
var houseText = &measured{Handler: plot.DefaultTextHandler}

// measured remembers the measures of lines of text. Layouts ask for the same ones
// again and again: while they wrap and place them, and for PNG, SVG and report.
type measured struct {
	text.Handler
	boxes sync.Map // of line to box
}

type line struct {
	text string
	font font.Font
}

type box struct{ width, height, depth vg.Length }

// Box implements text.Handler.
func (m *measured) Box(txt string, fnt font.Font) (width, height, depth vg.Length) {
	if known, ok := m.boxes.Load(line{txt, fnt}); ok {
		b := known.(box)
		return b.width, b.height, b.depth
	}
	width, height, depth = m.Handler.Box(txt, fnt)
	m.boxes.Store(line{txt, fnt}, box{width, height, depth})
	return width, height, depth
}

// put draws one line of text with its baseline at y, where the style's XAlign
// says which end stands at x. (FillText of the library aligns boxes, not
// baselines.)
func put(c draw.Canvas, s text.Style, x, y vg.Length, line string) {
	s.YAlign = draw.YBottom
	c.FillText(s, vg.Point{X: x, Y: y + s.FontExtents().Ascent - s.Font.Size}, line)
}

// putMiddle draws one line of text whose small letters are centred on y.
func putMiddle(c draw.Canvas, s text.Style, x, y vg.Length, line string) {
	put(c, s, x, y-0.35*s.Font.Size, line)
}

// hideBehind puts paper behind a line of text that begins at x and is centred on
// y, so that lines of the grid do not cross it.
func hideBehind(c draw.Canvas, s text.Style, x, y vg.Length, line string) {
	w, h := s.Width(line)+2, 0.6*s.Font.Size
	x -= 2
	c.FillPolygon(paper, []vg.Point{{X: x, Y: y - h}, {X: x + w + 2, Y: y - h}, {X: x + w + 2, Y: y + h},
		{X: x, Y: y + h}})
}

// elide shortens a line with an ellipsis until it fits a width.
func elide(s text.Style, line string, width vg.Length) string {
	if s.Width(line) <= width {
		return line
	}
	r := []rune(line)
	for n := len(r) - 1; n > 0; n-- {
		short := strings.TrimRight(string(r[:n]), " ,.;:-") + "…"
		if s.Width(short) <= width {
			return short
		}
	}
	return "…"
}

// wrap breaks a sentence into at most so many lines of a width, about equally
// long; what does not fit is elided.
func wrap(s text.Style, sentence string, width vg.Length, lines int) []string {
	out, whole := fill(s, sentence, width, lines)
	if !whole || len(out) < 2 {
		return out
	}
	for w := width; ; w -= width / 50 { // narrower, as long as nothing is lost
		narrow, whole := fill(s, sentence, w, len(out))
		if !whole {
			return out
		}
		out = narrow
	}
}

// fill breaks a sentence into lines, each as full as can be, and says whether
// nothing had to be elided.
func fill(s text.Style, sentence string, width vg.Length, lines int) (out []string, whole bool) {
	parts := pieces(s, sentence, width)
	whole = true
	for len(parts) > 0 && len(out) < lines {
		n := 1
		for n < len(parts) && (s.Width(strings.TrimSpace(strings.Join(parts[:n+1], ""))) <= width || len(out) == lines-1) {
			n++
		}
		line := strings.TrimSpace(strings.Join(parts[:n], ""))
		short := elide(s, line, width)
		whole = whole && short == line
		out = append(out, short)
		parts = parts[n:]
	}
	return out, whole
}

// pieces are what a sentence may be broken into: words, each with the space behind it, and of a word that is wider
// than a line, such as a key, the parts up to its dots, hyphens and strokes.
func pieces(s text.Style, sentence string, width vg.Length) (out []string) {
	for _, word := range strings.Fields(sentence) {
		if s.Width(word) > width {
			for i := strings.IndexAny(word, ".-_/"); i >= 0 && i < len(word)-1; i = strings.IndexAny(word, ".-_/") {
				out, word = append(out, word[:i+1]), word[i+1:]
			}
		}
		out = append(out, word+" ")
	}
	return out
}
