package fit

import (
	"math"

	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/fit/learned"
)

// Predictions have the spread of the engine: of what is open of its numbers, of chance, of the months of the market.
// Where a series lay farther from the runs than these leave open in the time learned from, its predictions are widened
// by that. Bands over the history are not: they show it.
const (
	fewestPeriods = 8 // of a series that can show what was missed
	beyondChance  = 2 // standard deviations of the mean square of so many, up to which nothing was
)

// widen widens the predictions of all series from a cut on by what was missed before.
func (f *fitting) widen(l *layout, series [][]float64, cut int) (all []learned.Missed) {
	if f.wrong == (ModelError{}) {
		return nil // the engine is taken to be right
	}
	for s := range f.layout.observed {
		m, ok := f.missed(l, series, s, cut)
		if !ok {
			continue
		}
		all = append(all, m)
		key := f.key("missed " + m.Name())
		for d := range series {
			for i := cut; i < len(l.periods); i++ {
				by := float64(m.SD*spreadOver(m.Stays, l.lasting(i))) * rng.Normal(key.Child(uint64(d)), uint64(i))
				l.of(series[d], s)[i] *= rng.Exp(by)
			}
		}
	}
	return all
}

// lasting is how many periods of the history a period is as long as: a year of weeks 52.
func (l *layout) lasting(i int) float64 {
	first := l.periods[0]
	return max(1, math.Round(float64(l.periods[i].To-l.periods[i].From)/float64(first.To-first.From)))
}

// spreadOver is the standard deviation of a mean over some periods, over that of one, where what is missed in one stays
// by a part in the next.
func spreadOver(stays, periods float64) float64 {
	sum, power := 1.0, 1.0
	for k := 1.0; k < periods; k++ {
		power *= stays
		sum += float64(2 * (1 - k/periods) * power)
	}
	return math.Sqrt(sum / periods)
}

// missed is by how much a series lay farther from runs before a cut than they leave open; false: no farther than chance
// would have it.
func (f *fitting) missed(l *layout, series [][]float64, s, cut int) (m learned.Missed, ok bool) {
	if m.Series = l.series[s]; m.Outcome == company.Cash {
		return m, false // it has no scale
	}
	seen, column := f.layout.of(f.data, s), make([]float64, len(series))
	var n, squares, open, level, along, before float64
	last := math.NaN()
	for i, x := range seen[:cut] {
		if x != x {
			last = x
			continue
		}
		for d := range series {
			column[d] = l.of(series[d], s)[i]
		}
		mean, sd := meanAndSD(column)
		off := x - mean
		n, squares, open, level = n+1, squares+float64(off*off), open+float64(sd*sd), level+float64(mean*mean)
		if last == last {
			along, before = along+float64(off*last), before+float64(last*last)
		}
		last = off
	}
	if n < fewestPeriods || level <= 0 || squares <= float64(open*(1+float64(beyondChance*math.Sqrt(2/n)))) {
		return m, false
	}
	m.SD = snap(math.Sqrt(rng.Log(1 + (squares-open)/level)))
	m.Stays = snap(min(max(along/max(before, 1e-300), 0), 1))
	return m, true
}
