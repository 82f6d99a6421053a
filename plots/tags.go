package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"windfall/plots/words"
)

// A tag is the name of a point.
type tag struct {
	x, y   float64
	radius vg.Length // of the dot
	text   string
	heavy  bool
}

// tags stand beside their points, where they touch neither other names nor dots
// of others as far as there is room; a name for which there is no room is left
// out, the last of the list first. Where a name had to move away, a thin line
// leads to its point.
type tags struct {
	list  []tag
	avoid func(c draw.Canvas, p *plot.Plot) []vg.Rectangle // texts that stand already
	shun  func(c draw.Canvas, p *plot.Plot) []vg.Rectangle // lines, crossed if there is no other place
	// unnamed takes the names for which there is no room.
	unnamed *unnamed
}

// unnamed are the names of points that a picture has no room for. Where names stand follows
// from the size of the page, so they are known once it is drawn.
type unnamed struct {
	names []string
	done  bool
}

// unnamedMost is how many of those names a note gives.
const unnamedMost = 8

// nameTheRest draws a page on no paper, and adds a note of the points without names, as
// often as that note, which takes room itself, changes.
func (p *page) nameTheRest(u *unnamed) {
	notes := p.notes
	for range 4 {
		u.names = nil
		width, height := p.size()
		p.draw(draw.NewCanvas(new(recorder.Canvas), width, height))
		before := len(p.notes)
		if p.notes = notes; len(u.names) > 0 {
			names := u.names
			if len(names) > unnamedMost {
				names = append(slices.Clone(names[:unnamedMost]), fmt.Sprintf("%d more", len(names)-unnamedMost))
			}
			p.notes = append(slices.Clone(notes), "Without room for a name: "+words.List(names)+".")
		}
		if len(p.notes) == before {
			break
		}
	}
	u.done = true
}

func (t tags) annotate(area, c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	var taken []vg.Rectangle
	if t.avoid != nil {
		taken = t.avoid(c, p)
	}
	var write []func() // after the thin lines
	var lines []vg.Rectangle
	if t.shun != nil {
		lines = t.shun(c, p)
	}
	around := func(g tag, r vg.Length) vg.Rectangle {
		x, y := trX(g.x), trY(g.y)
		return vg.Rectangle{Min: vg.Point{X: x - r, Y: y - r}, Max: vg.Point{X: x + r, Y: y + r}}
	}
	dots, discs := make([]vg.Rectangle, len(t.list)), make([]vg.Rectangle, len(t.list))
	for i, g := range t.list {
		dots[i], discs[i] = around(g, min(g.radius, 7)), around(g, g.radius)
	}
	for i, g := range t.list {
		s := tagStyle(g.heavy)
		w, h := s.Width(g.text), 0.95*s.Font.Size
		x, y := trX(g.x), trY(g.y)
		if x < c.Min.X || x > c.Max.X || y < c.Min.Y || y > c.Max.Y {
			continue
		}
		var free []vg.Rectangle // the places that are
		for _, box := range tagPlaces(x, y, g.radius, w, h) {
			if box.Min.X >= c.Min.X && box.Max.X <= area.Max.X && box.Min.Y >= c.Min.Y+2 && box.Max.Y <= c.Max.Y+4 &&
				!touches(box, taken, nil, 0) && !touches(box, dots, dots, i) {
				free = append(free, box)
			}
		}
		clear := slices.IndexFunc(free, func(box vg.Rectangle) bool {
			return !touches(box, lines, nil, 0) && !touches(box, discs, nil, 0)
		})
		if len(free) == 0 && t.unnamed != nil && !t.unnamed.done {
			t.unnamed.names = append(t.unnamed.names, g.text)
		}
		if len(free) > 0 {
			box := free[max(clear, 0)]
			near := vg.Point{X: max(box.Min.X-2, min(x, box.Max.X+2)), Y: max(box.Min.Y, min(y, box.Max.Y))}
			if d := math.Hypot(float64(near.X-x), float64(near.Y-y)); d > float64(g.radius)+8 {
				c.StrokeLine2(draw.LineStyle{Color: greyLine, Width: 0.6}, x, y, near.X, near.Y)
			}
			taken = append(taken, box)
			write = append(write, func() {
				if !touches(box, discs, nil, 0) { // paper would cut into a disc
					hideBehind(c, s, box.Min.X, (box.Min.Y+box.Max.Y)/2, g.text)
				}
				putMiddle(c, s, box.Min.X, (box.Min.Y+box.Max.Y)/2, g.text)
			})
		}
	}
	for _, w := range write {
		w()
	}
}

func tagStyle(heavy bool) text.Style {
	s := typeStyle(smallSize+0.5, ink)
	if heavy {
		s = bold(s)
	}
	return s
}

// tagPlaces are the places to try for a name, nearest first.
func tagPlaces(x, y, radius, w, h vg.Length) (out []vg.Rectangle) {
	at := func(left, bottom vg.Length) {
		out = append(out, vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: left + w, Y: bottom + h}})
	}
	for ring := range 9 {
		r := radius + 3 + 9*vg.Length(ring)
		d := 0.72 * r
		at(x+r, y-h/2)
		at(x-r-w, y-h/2)
		at(x-w/2, y+r)
		at(x-w/2, y-r-h)
		at(x+d, y+d)
		at(x+d, y-d-h)
		at(x-d-w, y+d)
		at(x-d-w, y-d-h)
	}
	return out
}

// alongLine covers a line with small boxes.
func alongLine(from, to vg.Point) (out []vg.Rectangle) {
	n := max(1, int(math.Hypot(float64(to.X-from.X), float64(to.Y-from.Y))/6))
	for i := range n + 1 {
		share := vg.Length(i) / vg.Length(n)
		at := vg.Point{X: from.X + share*(to.X-from.X), Y: from.Y + share*(to.Y-from.Y)}
		out = append(out, vg.Rectangle{Min: vg.Point{X: at.X - 0.5, Y: at.Y - 0.5},
			Max: vg.Point{X: at.X + 0.5, Y: at.Y + 0.5}})
	}
	return out
}

// touches says whether a box touches one of others; of dots, not its own.
func touches(box vg.Rectangle, others, dots []vg.Rectangle, own int) bool {
	for i, o := range others {
		if dots != nil && i == own {
			continue
		}
		if box.Min.X < o.Max.X+2 && o.Min.X < box.Max.X+2 && box.Min.Y < o.Max.Y+1 && o.Min.Y < box.Max.Y+1 {
			return true
		}
	}
	return false
}

// A scale is a linear or logarithmic axis of points.
type scale struct {
	log    bool
	lo, hi float64
}

// newScale takes logarithms where the largest number is far larger than the
// smallest, so that the small ones do not lie on one another; else it begins at
// zero.
func newScale(log bool, values []float64) scale {
	lo, hi := extent(values)
	if log {
		return scale{true, math.Log10(lo) - 0.12, math.Log10(hi) + 0.12}
	}
	lo, hi = valueRange(lo, hi, true)
	return scale{false, lo, hi}
}

// wide says whether numbers want logarithms.
func wide(values []float64) bool {
	lo, hi := extent(values)
	return lo > 0 && hi > 12*lo
}

func (s scale) place(v float64) float64 {
	if s.log {
		return math.Log10(v)
	}
	return v
}

// ticks of a logarithmic scale stand at 1, 2 and 5 times powers of ten.
func (s scale) ticks(f words.Format, width vg.Length) plot.Ticker {
	if !s.log {
		return NiceTicks{Format: f, Want: 5, Width: width, Size: tickSize}
	}
	steps := []float64{1, 2, 5}
	if s.hi-s.lo > 2.2 {
		steps = []float64{1}
	}
	var out plot.ConstantTicks
	for e := math.Floor(s.lo); e <= s.hi; e++ {
		for _, m := range steps {
			if at := e + math.Log10(m); at >= s.lo && at <= s.hi {
				out = append(out, plot.Tick{Value: at, Label: words.Short(f, m*math.Pow(10, e))})
			}
		}
	}
	return out
}

// largestFirst gives the order of numbers from the largest.
func largestFirst(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] > values[b]:
			return -1
		case values[a] < values[b]:
			return 1
		}
		return 0
	})
	return order
}
