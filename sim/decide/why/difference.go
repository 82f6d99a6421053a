package why

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// Difference is the first week, from 1, in which a replication differs from that of
// another plan, with the numbers that do; 0: all weeks are the same to the last bit.
type Difference struct {
	Run     string // of the other plan
	Week    int
	Numbers []Differing
	Firm    *Firm // nil: no firm raises its hand otherwise
}

// Differing is a weekly number of two plans.
type Differing struct {
	Name        string
	Here, There float64
}

// Firm is the first whose raised hand two plans do not share, or not alike. Only firms that
// raise their hand in one of them leave a trace.
type Firm struct {
	journeyOf
	Here, There *Hand // nil: it raises none
}

// journeyOf names a journey, alike in all plans: draws are addressed by names, so one that
// exists in two plans opens at the same time to the last bit.
type journeyOf struct {
	Name, Trigger string
	Opened        float64 // weeks since the first day
}

// Hand is how a journey raises its hand: when, in weeks since the first day, and by which
// touches.
type Hand struct {
	Raised float64
	Path   string // channels joined by commas
}

// differenceOf finds the first week and numbers in which two replications differ, and the
// first firm.
func differenceOf(a *Run, here *Replayed, b *Run, there *Replayed) *Difference {
	out := &Difference{Run: b.Name}
	x, y := weekly{a.Schema, here.Record}, weekly{b.Schema, there.Record}
	for w := range min(a.Schema.Weeks, b.Schema.Weeks) {
		for _, c := range a.Schema.Weekly {
			if !slices.ContainsFunc(b.Schema.Weekly, func(d plan.Column) bool { return d.Name == c.Name }) {
				continue
			}
			if u, v := x.at(w, c.Name), y.at(w, c.Name); u != v && !(math.IsNaN(u) && math.IsNaN(v)) {
				out.Numbers = append(out.Numbers, Differing{c.Name, u, v})
			}
		}
		if len(out.Numbers) > 0 {
			out.Week = w + 1
			out.Firm = firstFirm(hands(a.Plan, here.Trace), hands(b.Plan, there.Trace))
			break
		}
	}
	return out
}

// hands lists the raised hands of a replication.
func hands(plan *plan.Plan, trace *model.Trace) map[journeyOf]Hand {
	cells := model.CellNames(plan)
	out := map[journeyOf]Hand{}
	for _, l := range trace.Leads {
		out[journeyOf{cells[l.Cell], plan.Triggers[l.Kind].Name, l.Trigger}] =
			Hand{l.Raised, strings.Join(channels(plan, l.Path), ", ")}
	}
	return out
}

// firstFirm finds the first firm whose raised hand two plans do not share, or not alike.
func firstFirm(here, there map[journeyOf]Hand) *Firm {
	var first journeyOf
	at := math.Inf(1)
	for _, pair := range [][2]map[journeyOf]Hand{{here, there}, {there, here}} {
		for j, h := range pair[0] {
			other, both := pair[1][j]
			if both && other == h {
				continue
			}
			if h.Raised < at || h.Raised == at && j.before(first) {
				first, at = j, h.Raised
			}
		}
	}
	if math.IsInf(at, 1) {
		return nil
	}
	out := &Firm{journeyOf: first}
	if h, is := here[first]; is {
		out.Here = &h
	}
	if h, is := there[first]; is {
		out.There = &h
	}
	return out
}

// before orders journeys whose hands are raised at once.
func (j journeyOf) before(k journeyOf) bool {
	return cmp.Or(strings.Compare(j.Name, k.Name), strings.Compare(j.Trigger, k.Trigger),
		cmp.Compare(j.Opened, k.Opened)) < 0
}
