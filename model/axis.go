package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/plan"
)

// An axis is the rate axis on which the touch proposals of the opening plan's
// channels lie (docs/model.md, section 3.4). Each channel
// owns an interval of it as wide as its base rate, in order of name. The
// proposals of a journey are one Poisson process over time and the intervals of
// the channels that reach it; one that falls into a channel's interval below
// the channel's rate of the moment is a touch of that channel. All that is
// drawn depends on the opening plan alone, so that plans which share it see the
// same proposals and differ only in which they keep.
//
// What a plan adds to the opening plan (a new channel, a rate above the
// channel's interval, a wider reach) is drawn apart, see [source].
type axis struct {
	unit    float64 // touches a week of one unit of the axis
	channel []uint8 // by interval: channel of the run's plan, or one beyond the last
	open    []int   // by interval: channel of the opening plan
	of      []int8  // by channel of the run's plan: interval, or -1
	width   []uint32
	widthOf []uint32 // by channel of the run's plan, and one beyond the last: 0 off the axis

	// What depends on which of six neighbouring channels reach a journey, by
	// (span of six, set of those that do). Spans come in threes, the last ones may
	// be empty.
	spans  int
	totals []uint32              // units of those that do
	upTo   [][perSpan + 2]uint32 // units before the first, second, ... of the six (padded to 32 bytes)

	// The set of channels that reach a journey is drawn span by span from alias
	// tables, one table for all cells that are reached alike.
	tables [][perWord]aliases // (distinct reach) x three spans
	rows   []axisRow          // distinct reach of a cell
	rowOf  []uint16           // by cell

	allowed []uint64 // by (kind x visible): intervals that may touch such a journey, by targets of the opening plan
	targets bool     // some channel has targets
}

const (
	perSpan  = 6
	perSets  = 1 << perSpan
	perWord  = 3  // alias draws from one word, 21 bits each
	axisMost = 60 // intervals: sets of them are 64-bit words
)

// aliases is Walker's table over the 64 subsets of a span: 15 bits of threshold
// above 6 of the other subset.
type aliases [perSets]uint32

type axisRow struct{ reach []uint64 } // by interval: chances on 32 bits

// headroom is the width of a channel's interval over its highest rate in the
// burn-in: a plan that grows by less draws no layer above it.
const headroom = 1.25

// leastBase is the least rate of a channel that its interval is made for, as a
// share of the most that it can be: what it grows by beyond that takes ten layers.
const leastBase = 1.0 / 1024

// finestUnit is the smallest unit of the axis in touches a week. Rates up to the
// largest that a plan allows, and times between proposals on a single unit, fit
// into 63 bits.
const finestUnit = 0x1p-36

// baseRate is the width of a channel's interval in touches a week: some room
// above its highest rate in the burn-in of the opening plan, which the axis so
// holds whole, or all that it can be where live customers drive it or firms search.
func (w *world) baseRate(o *plan.Channel) float64 {
	if o.Driver == "customers" || o.Captures != "" {
		return o.MaxTouchesPerWeek
	}
	first := w.openRate(o)
	if first == 0 {
		first = o.MaxTouchesPerWeek * 0.5
	}
	return float64(max(first, o.MaxTouchesPerWeek*leastBase) * headroom)
}

// fillAxis lays out the axis from the opening plan.
func (w *world) fillAxis() {
	a := &w.axis
	open := w.tl.Opening()
	a.channel, a.open, a.width = a.channel[:0], a.open[:0], a.width[:0]
	if a.of == nil {
		a.of = make([]int8, len(w.plan.Channels))
		a.widthOf = make([]uint32, len(w.plan.Channels)+1)
		a.rowOf = make([]uint16, len(w.cells))
	}
	for c := range a.of {
		a.of[c] = -1
	}
	var base [axisMost]float64
	var sum float64
	byName := make([]int, len(open.Channels))
	for o := range byName {
		byName[o] = o
	}
	slices.SortFunc(byName, func(x, y int) int { return cmp.Compare(open.Channels[x].Name, open.Channels[y].Name) })
	for _, o := range byName {
		ch := &open.Channels[o]
		if !open.Acts(ch) || ch.MaxTouchesPerWeek == 0 || len(a.open) == axisMost {
			continue
		}
		i := len(a.open)
		base[i] = w.baseRate(ch)
		sum += base[i]
		a.open = append(a.open, o)
		at := slices.IndexFunc(w.plan.Channels, func(c plan.Channel) bool { return c.Name == ch.Name })
		if at < 0 {
			a.channel = append(a.channel, uint8(len(w.plan.Channels))) // keeps nothing
			continue
		}
		a.channel = append(a.channel, uint8(at))
		a.of[at] = int8(i)
	}
	a.unit = 0x1p-24
	if sum > 0 {
		a.unit = max(sum*0x1p-30, finestUnit)
	}
	clear(a.widthOf)
	for i := range a.open {
		a.width = append(a.width, uint32(max(1, int64(math.RoundToEven(base[i]/a.unit)))))
		if c := int(a.channel[i]); c < len(w.plan.Channels) {
			a.widthOf[c] = a.width[i]
		}
	}
	a.fillSpans()
	a.fillRows(w, open)
	a.fillAllowed(w, open)
}

func (a *axis) fillSpans() {
	const perThree = perSpan * perWord
	a.spans = (len(a.width) + perThree - 1) / perThree * perWord
	a.totals, a.upTo = a.totals[:0], a.upTo[:0]
	for j := range a.spans {
		for set := range perSets {
			var sum uint32
			var upTo [perSpan + 2]uint32
			for i := range perSpan {
				upTo[i] = sum
				if at := j*perSpan + i; at < len(a.width) && set>>i&1 == 1 {
					sum += a.width[at]
				}
			}
			upTo[perSpan], upTo[perSpan+1] = sum, math.MaxUint32
			a.totals, a.upTo = append(a.totals, sum), append(a.upTo, upTo)
		}
	}
}

// fillRows finds the distinct reaches of the cells under the opening plan, and
// their alias tables.
func (a *axis) fillRows(w *world, open *plan.Plan) {
	used := 0
	row := make([]uint64, len(a.open))
	for i := range w.cells {
		for k, o := range a.open {
			row[k] = reachOf(&open.Channels[o], &w.cells[i])
		}
		at := -1
		for r := 0; r < used; r++ {
			if slices.Equal(a.rows[r].reach, row) {
				at = r
				break
			}
		}
		if at < 0 {
			at = used
			used++
			if at == len(a.rows) {
				a.rows = append(a.rows, axisRow{})
			}
			a.rows[at].reach = append(a.rows[at].reach[:0], row...)
		}
		a.rowOf[i] = uint16(at)
	}
	a.rows = a.rows[:used]
	n := a.spans / perWord
	a.tables = slices.Grow(a.tables[:0], used*n)[:used*n]
	for r := range a.rows {
		reach := a.rows[r].reach
		for j := range a.spans {
			a.tables[r*n+j/perWord][j%perWord].fill(reach[min(j*perSpan, len(reach)):min((j+1)*perSpan, len(reach))])
		}
	}
}

// reachOf is the chance that a channel reaches a firm of a cell, on 32 bits.
func reachOf(ch *plan.Channel, c *Cell) uint64 {
	r := &ch.Reach
	return uint64(int64(min(1, r.Size[c.Size]*r.Industry[c.Industry]*r.Region[c.Region]) * threshold32))
}

// fill makes the table of subsets of channels that each reach a firm with their
// own chance (Walker 1977, Vose 1991). A threshold of 15 bits leaves an error of
// at most 2^-22 in each of the 64 columns: some 2^-20 for a subset, 2^-19 for a
// channel.
func (t *aliases) fill(reach []uint64) {
	const n = perSets
	var weight [n]float64
	for set := range weight {
		p := float64(n)
		for i := 0; i < perSpan; i++ {
			x := 0.0
			if i < len(reach) {
				x = float64(reach[i]) / threshold32
			}
			if set>>i&1 == 1 {
				p = float64(p * x)
			} else {
				p = float64(p * (1 - x))
			}
		}
		weight[set] = p
	}
	var small, large [n]int
	s, l := 0, 0
	for set, p := range weight {
		if p < 1 {
			small[s] = set
			s++
		} else {
			large[l] = set
			l++
		}
	}
	put := func(set, other int, p float64) {
		t[set] = uint32(int32(math.RoundToEven(min(p, 1)*(1<<15))))<<perSpan | uint32(other)
	}
	for s > 0 && l > 0 {
		s--
		a, b := small[s], large[l-1]
		put(a, b, weight[a])
		weight[b] -= 1 - weight[a]
		if weight[b] < 1 {
			l--
			small[s] = b
			s++
		}
	}
	for ; l > 0; l-- {
		put(large[l-1], large[l-1], 1)
	}
	for ; s > 0; s-- {
		put(small[s-1], small[s-1], 1)
	}
}

// fillAllowed finds which intervals may touch journeys of a kind, visible or
// not, by the targets of the opening plan.
func (a *axis) fillAllowed(w *world, open *plan.Plan) {
	a.targets = false
	a.allowed = slices.Grow(a.allowed[:0], 2*len(w.plan.Triggers))[:2*len(w.plan.Triggers)]
	for g := range a.allowed {
		a.allowed[g] = 0
		for i, o := range a.open {
			t := open.Channels[o].Targets
			a.targets = a.targets || len(t) > 0
			if mayTouch(t, w.plan.Triggers[g/2].Name, g&1 == 1) {
				a.allowed[g] |= 1 << i
			}
		}
	}
}

// mayTouch says whether a channel with these targets touches a journey.
func mayTouch(targets []string, kind string, visible bool) bool {
	return len(targets) == 0 || visible && slices.Contains(targets, kind)
}

// pick is the subset that 21 bits of a word draw.
func (t *aliases) pick(word uint64) uint64 {
	own := word >> 15 & (perSets - 1)
	entry := uint64(t[own])
	return choose(below(word&(1<<15-1), entry>>perSpan), own, entry&(perSets-1))
}

// reach draws for each journey the set of intervals whose channel reaches it.
func (a *axis) reach(js []journey, sets []uint64) {
	sets = sets[:len(js)]
	tables, rows, words := a.tables, a.rowOf, a.spans/perWord
	for q := range js {
		x := &js[q]
		at := int(rows[x.cell]) * words
		var set uint64
		for n := range words {
			word := x.key.Word(purposeReach + uint64(n)<<32)
			t := &tables[at+n]
			three := t[0].pick(word) | t[1].pick(word>>21)<<perSpan | t[2].pick(word>>42)<<(2*perSpan)
			set |= three << (n * perSpan * perWord & 63)
		}
		sets[q] = set
	}
}

// total is the width of a set of intervals.
func (a *axis) total(set uint64) uint64 {
	var sum uint32
	for j := 0; j < len(a.totals); j += perSets * perWord {
		t := (*[perSets * perWord]uint32)(a.totals[j:])
		sum += t[set&(perSets-1)] + t[perSets+set>>perSpan&(perSets-1)] + t[2*perSets+set>>(2*perSpan)&(perSets-1)]
		set >>= perSpan * perWord
	}
	return uint64(sum)
}

// find gives the channel and the level of each listed journey's proposal, whose
// position on the intervals of its route is the total scaled by low. It has no
// branch that depends on the draw.
func (a *axis) find(routes []route, list, low []uint32, hits []hit) {
	low, hits = low[:len(list)], hits[:len(list)]
	totals := a.totals
	for k, q := range list {
		// The entry of the span that holds the position, which is counted from there.
		r := &routes[q]
		position, live := uint64(low[k])*uint64(r.total)>>32, r.live
		entry := live & (perSets - 1)
		for next := uint64(perSets); next < uint64(len(totals)); next += perSets {
			live >>= perSpan
			total := uint64(totals[entry])
			past := below(position, total) - 1 // all ones if position >= total
			position -= total & past
			entry ^= (entry ^ (next + live&(perSets-1))) & past
		}
		hits[k] = hit{level: position, journey: q, entry: uint16(entry)}
	}
	a.split(hits)
}

// split turns positions within a span into channels and levels.
func (a *axis) split(hits []hit) {
	entries, channels := a.upTo, a.channel
	for k := range hits {
		h := &hits[k]
		upTo := &entries[h.entry]
		at := h.level
		i := 5 - below(at, uint64(upTo[1])) - below(at, uint64(upTo[2])) - below(at, uint64(upTo[3])) -
			below(at, uint64(upTo[4])) - below(at, uint64(upTo[5]))
		h.level = at - uint64(upTo[i&7])
		h.channel = channels[uint64(h.entry)>>perSpan*perSpan+i]
	}
}
