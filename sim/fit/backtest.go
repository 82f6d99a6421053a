package fit

import (
	"context"
	"math"

	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/fit/learned"
)

// quarterDays are held back where nobody says how many periods: three months, or 13 weeks.
const quarterDays = 92

// backTest learns from the time before the last quarter, or so many periods, from the runs that are there: the emulator
// is a regression on values of the unknowns, so that no new ones are needed. It predicts them with draws that are run.
func (f *fitting) backTest(ctx context.Context) error {
	l := f.layout
	cut := len(l.periods) - f.ask.LastPeriods
	for f.ask.LastPeriods == 0 && cut > 0 && l.periods[cut-1].From >= f.ask.History.To()-quarterDays {
		cut--
	}
	if cut < 2 || cut == len(l.periods) {
		return nil
	}
	list := newSummaries(l, f.plan, f.ask.History, f.data, cut, f.at, f.ask.Unknowns, nil)
	if len(list) == 0 {
		return nil
	}
	y := values(list, f.data)
	e := emulate(f.near, summed(list, f.far))
	g := f.given(e, list, f.data, y, e.ratio(noiseOf(summed(list, f.noisy))))
	z := make([][]float64, checked)
	for d := range z {
		z[d] = f.draw(g, "back-test", d, 1)
	}
	r, err := f.newRunner(l, f.plan, nil, nil)
	if err != nil {
		return err
	}
	series, err := f.run(ctx, r, "back-test", z)
	if err != nil {
		return err
	}
	f.disturb(l, series)
	f.whole(l, series)
	missed := f.widen(l, series, cut)
	if f.answer.BackTest = f.scores(l, series, cut); f.answer.BackTest != nil {
		f.answer.BackTest.Missed = missed
	}
	return nil
}

// scores scores predictions of all series from a period on; nil where the history has nothing there.
func (f *fitting) scores(l *layout, series [][]float64, cut int) *learned.BackTest {
	b := &learned.BackTest{Periods: len(f.layout.periods) - cut}
	inside, known := 0, 0
	for s := range l.observed {
		if score := scoreOf(l, f.layout.of(f.seen, s), series, s, cut); score.Known > 0 {
			b.Scores = append(b.Scores, score)
			inside, known = inside+score.Inside, known+score.Known
		}
	}
	if known == 0 {
		return nil
	}
	b.Cover = float64(inside) / float64(known)
	return b
}

// scoreOf scores a series from a period on.
func scoreOf(l *layout, seen []float64, series [][]float64, s, cut int) (out learned.Score) {
	out.Series = l.series[s]
	column := make([]float64, len(series))
	for i := cut; i < len(seen); i++ {
		if math.IsNaN(seen[i]) {
			continue
		}
		out.Known++
		for d := range series {
			column[d] = l.of(series[d], s)[i]
		}
		sorted := sortedOf(column)
		if seen[i] >= quantile(sorted, 0.05) && seen[i] <= quantile(sorted, 0.95) {
			out.Inside++
		}
		out.Fit += crps(sorted, seen[i])
	}
	out.Fit /= float64(out.Known)
	out.LastYear, out.Smoothing = lastYear(l.periods, seen, cut), smoothing(seen, cut)
	return out
}

// crps is the continuous ranked probability score of a sorted sample, without the bias of its size.
func crps(sorted []float64, seen float64) float64 {
	n := float64(len(sorted))
	var away, apart float64
	for i, x := range sorted {
		away += math.Abs(x - seen)
		apart += float64((2*float64(i) - n + 1) * x)
	}
	return away/n - apart/(n*(n-1))
}

// crpsNormal is that of a normal distribution.
func crpsNormal(mean, sd, seen float64) float64 {
	if sd <= 0 {
		return math.Abs(seen - mean)
	}
	z := (seen - mean) / sd
	density := rng.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return sd * (float64(z*(2*rng.NormalCDF(z)-1)) + 2*density - 1/math.Sqrt(math.Pi))
}

// lastYear scores the number of the same time a year before, or of the last such time before the cut, with the spread
// of such differences before the cut; where there is no year of them, with that of differences between neighbours.
func lastYear(periods []company.Period, seen []float64, cut int) float64 {
	before := func(i int) float64 { // the period that holds the middle of this one, whole years before
		middle := (periods[i].From + periods[i].To) / 2
		for middle >= periods[0].From {
			middle -= 365
			for k := range min(i, cut) {
				if periods[k].From <= middle && middle < periods[k].To {
					return seen[k]
				}
			}
		}
		return math.NaN()
	}
	spread := rootMean(cut, func(i int) float64 { return seen[i] - before(i) })
	if spread != spread {
		spread = rootMean(cut, func(i int) float64 { return seen[i] - seen[max(0, i-1)] })
	}
	return meanFrom(cut, seen, func(i int) float64 { return crpsNormal(before(i), spread, seen[i]) })
}

// rootMean is the root of the mean square of numbers that are there.
func rootMean(cut int, of func(i int) float64) float64 {
	sum, n := 0.0, 0
	for i := range cut {
		if x := of(i); x == x {
			sum += float64(x * x)
			n++
		}
	}
	return math.Sqrt(sum / float64(n))
}

// meanFrom is the mean of scores from a period on.
func meanFrom(cut int, seen []float64, of func(i int) float64) float64 {
	sum, n := 0.0, 0
	for i := cut; i < len(seen); i++ {
		if seen[i] == seen[i] {
			sum += of(i)
			n++
		}
	}
	return sum / float64(n)
}

// smoothing scores simple exponential smoothing, with the weight that was best before the cut. Its errors grow with the
// square root of 1 + (steps - 1) weight^2.
func smoothing(seen []float64, cut int) float64 {
	best, level, weight, spread := math.Inf(1), math.NaN(), math.NaN(), math.NaN()
	for k := 1; k <= 20; k++ {
		w := float64(k) / 20
		at, squares, n := math.NaN(), 0.0, 0
		for _, x := range seen[:cut] {
			switch {
			case x != x:
			case at != at:
				at = x
			default:
				squares += float64((x - at) * (x - at))
				n++
				at += float64((x - at) * w)
			}
		}
		if n > 0 && squares < best {
			best, level, weight, spread = squares, at, w, math.Sqrt(squares/float64(n))
		}
	}
	return meanFrom(cut, seen, func(i int) float64 {
		steps := float64(i - cut)
		return crpsNormal(level, float64(spread*math.Sqrt(1+float64(steps*weight*weight))), seen[i])
	})
}
