// Package plotcheck finds what is wrong with the text of a picture: texts that
// overlap, and texts that leave the canvas. It is for tests.
//
// It reads the SVG, so that it sees what a reader sees, whoever drew it. The
// width of a text is that in its font, which is why only fonts known to
// gonum.org/v1/plot can be checked.
package plotcheck

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	xfont "golang.org/x/image/font"
	_ "gonum.org/v1/plot" // makes the fonts known
	"gonum.org/v1/plot/font"
)

// A Box is a piece of text and the room that it takes on the canvas, in points
// from the upper left corner.
type Box struct {
	Text                   string
	Left, Top, Right, Base float64
}

// String says what stands where.
func (b Box) String() string {
	return fmt.Sprintf("%q at %.0f..%.0f x %.0f..%.0f", b.Text, b.Left, b.Right, b.Top, b.Base)
}

// overlaps says whether two boxes share more than a hair's breadth.
func (b Box) overlaps(o Box) bool {
	const hair = 0.25
	return min(b.Right, o.Right)-max(b.Left, o.Left) > hair && min(b.Base, o.Base)-max(b.Top, o.Top) > hair
}

// Check lists the faults of a picture, one sentence each.
func Check(svg []byte) ([]string, error) {
	boxes, width, height, err := Boxes(svg)
	if err != nil {
		return nil, err
	}
	var faults []string
	for i, b := range boxes {
		if b.Left < 0 || b.Top < 0 || b.Right > width || b.Base > height {
			faults = append(faults, fmt.Sprintf("%v leaves the canvas of %.0f x %.0f", b, width, height))
		}
		for _, o := range boxes[i+1:] {
			if b.overlaps(o) {
				faults = append(faults, fmt.Sprintf("%v overlaps %v", b, o))
			}
		}
	}
	return faults, nil
}

// Boxes finds the texts of an SVG file and its size.
func Boxes(svg []byte) (boxes []Box, width, height float64, err error) {
	d := xml.NewDecoder(bytes.NewReader(svg))
	stack := []matrix{identity}
	var text *element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return boxes, width, height, nil
		}
		if err != nil {
			return nil, 0, 0, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := element{attributes: map[string]string{}}
			for _, a := range t.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			m, err := parseTransform(e.attributes["transform"])
			if err != nil {
				return nil, 0, 0, err
			}
			stack = append(stack, stack[len(stack)-1].times(m))
			switch t.Name.Local {
			case "svg":
				if _, err := fmt.Sscanf(e.attributes["viewBox"], "0 0 %g %g", &width, &height); err != nil {
					return nil, 0, 0, fmt.Errorf("viewBox %q: %w", e.attributes["viewBox"], err)
				}
			case "text":
				text = &e
			}
		case xml.CharData:
			if text != nil {
				text.content += string(t)
			}
		case xml.EndElement:
			if text != nil && t.Name.Local == "text" {
				if strings.TrimSpace(text.content) != "" {
					b, err := text.box(stack[len(stack)-1])
					if err != nil {
						return nil, 0, 0, err
					}
					boxes = append(boxes, b)
				}
				text = nil
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// element is a text element while it is read.
type element struct {
	attributes map[string]string
	content    string
}

// The ink of Liberation Sans reaches this far over and under the base line, as a
// share of the size: capitals, digits and descenders.
const (
	inkOver  = 0.74
	inkUnder = 0.21
)

// box is the room that the text takes on the canvas.
func (e element) box(m matrix) (Box, error) {
	x, errX := strconv.ParseFloat(e.attributes["x"], 64)
	y, errY := strconv.ParseFloat(e.attributes["y"], 64)
	f, errF := parseFont(e.attributes["style"])
	if err := errors.Join(errX, errY, errF); err != nil {
		return Box{}, fmt.Errorf("text %q: %w", e.content, err)
	}
	face := font.DefaultCache.Lookup(f, f.Size)
	w, size := float64(face.Width(e.content)), float64(f.Size)
	b := Box{Text: e.content, Left: math.Inf(1), Top: math.Inf(1), Right: math.Inf(-1), Base: math.Inf(-1)}
	for _, corner := range [][2]float64{{x, y - inkOver*size}, {x + w, y - inkOver*size}, {x, y + inkUnder*size},
		{x + w, y + inkUnder*size}} {
		px, py := m.apply(corner[0], corner[1])
		b.Left, b.Right = min(b.Left, px), max(b.Right, px)
		b.Top, b.Base = min(b.Top, py), max(b.Base, py)
	}
	return b, nil
}

// parseFont reads family, weight and size of a style attribute.
func parseFont(style string) (font.Font, error) {
	f := font.Font{Typeface: "Liberation", Variant: "Serif"}
	for _, part := range strings.Split(style, ";") {
		key, value, _ := strings.Cut(part, ":")
		switch strings.TrimSpace(key) {
		case "font-family":
			family, _, _ := strings.Cut(value, ",")
			variant, ok := strings.CutPrefix(family, "Liberation ")
			if !ok {
				return f, fmt.Errorf("font %q is not known", family)
			}
			f.Variant = font.Variant(variant)
		case "font-weight":
			if value == "bold" {
				f.Weight = xfont.WeightBold
			}
		case "font-size":
			size, err := strconv.ParseFloat(strings.TrimSuffix(value, "px"), 64)
			if err != nil {
				return f, err
			}
			f.Size = font.Length(size)
		}
	}
	if f.Size == 0 {
		return f, fmt.Errorf("no font size in %q", style)
	}
	return f, nil
}

// A matrix maps (x, y) to (a x + c y + e, b x + d y + f), as in SVG.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// times applies n first, then m.
func (m matrix) times(n matrix) matrix {
	var out matrix
	out.a, out.b = m.a*n.a+m.c*n.b, m.b*n.a+m.d*n.b
	out.c, out.d = m.a*n.c+m.c*n.d, m.b*n.c+m.d*n.d
	out.e, out.f = m.apply(n.e, n.f)
	return out
}

// parseTransform reads a list of scale, translate and rotate.
func parseTransform(s string) (matrix, error) {
	m := identity
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		name, rest, ok := strings.Cut(s, "(")
		inside, after, closed := strings.Cut(rest, ")")
		if !ok || !closed {
			return m, fmt.Errorf("transform %q cannot be read", s)
		}
		var v []float64
		for _, field := range strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' }) {
			x, err := strconv.ParseFloat(field, 64)
			if err != nil {
				return m, err
			}
			v = append(v, x)
		}
		if len(v) == 0 {
			return m, fmt.Errorf("transform %q has no numbers", s)
		}
		second := func(otherwise float64) float64 {
			if len(v) > 1 {
				return v[1]
			}
			return otherwise
		}
		switch strings.TrimSpace(name) {
		case "scale":
			m = m.times(matrix{a: v[0], d: second(v[0])})
		case "translate":
			m = m.times(matrix{a: 1, d: 1, e: v[0], f: second(0)})
		case "rotate":
			sin, cos := math.Sincos(v[0] * math.Pi / 180)
			m = m.times(matrix{a: cos, b: sin, c: -sin, d: cos})
		default:
			return m, fmt.Errorf("transform %q is not known", name)
		}
		s = after
	}
	return m, nil
}
