package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Pause is the effect of a pause on a weekly count: a plan with the pause less
// the same plan without it, week by week, paired.
type Pause struct {
	Weeks      []Estimate // by week of the run: mean paired difference
	Relative   []Estimate // the same over the mean without the pause, where that carries it (RelativeTo)
	Depth      Estimate   // the worst week's relative difference
	DepthWeek  int        // from 1
	Total      Estimate   // summed from the first week of the pause to the end
	Lost       Estimate   // cumulative difference at its lowest
	NeverBack  Estimate   // share of that which is still missing at the end of the run: with a bootstrap interval
	Replicates int
}

// pauseResamples is the number of resamples behind the interval of NeverBack.
const pauseResamples = 1000

// PauseOf compares weekly counts by week and replication, without and with a
// pause that begins in week first (from 1).
func PauseOf(without, with [][]float64, first int, t Ties) Pause {
	x := Pause{}
	if len(without) == 0 {
		return x
	}
	x.Replicates = len(without[0])
	diff := make([][]float64, len(without))
	for w := range diff {
		diff[w] = make([]float64, x.Replicates)
		for i := range diff[w] {
			diff[w][i] = with[w][i] - without[w][i]
		}
		x.Weeks = append(x.Weeks, Mean(diff[w], t))
		x.Relative = append(x.Relative, RelativeTo(Mean(without[w], t), Ratio(diff[w], without[w], 1, t)))
	}
	x.findDepth(first)
	x.findReturn(sumsFrom(diff, first), first, t)
	return x
}

// findDepth finds the week of the largest loss, of those that have a relative one.
func (x *Pause) findDepth(first int) {
	x.DepthWeek = first
	for w := first; w <= len(x.Weeks); w++ {
		least, here := x.Relative[x.DepthWeek-1], x.Relative[w-1]
		if here.Value < least.Value || here.Known() && !least.Known() {
			x.DepthWeek = w
		}
	}
	x.Depth = x.Relative[x.DepthWeek-1]
}

// Recovery is the number of weeks from the end of the pause, its week last, until two weeks running fall short of the
// plan by less than a share of it; -1: not within the run, or the share is none. A week that has no relative loss does
// not fall short.
func (x *Pause) Recovery(last int, shortfall float64) int {
	for w := last + 1; w < len(x.Weeks) && shortfall > 0; w++ {
		if !(x.Relative[w-1].Value <= -shortfall || x.Relative[w].Value <= -shortfall) {
			return w - last - 1
		}
	}
	return -1
}

// sumsFrom sums the weeks from the first one of the pause on, by replication; it has none of the weeks before.
func sumsFrom(diff [][]float64, first int) [][]float64 {
	sums := make([][]float64, len(diff))
	for w := first - 1; w < len(diff); w++ {
		sums[w] = slices.Clone(diff[w])
		if w >= first {
			for i := range sums[w] {
				sums[w][i] += sums[w-1][i]
			}
		}
	}
	return sums
}

// findReturn finds what the pause lost at the worst, and the share of it that never comes back.
func (x *Pause) findReturn(sums [][]float64, first int, t Ties) {
	weeks, n := len(sums), x.Replicates
	x.Total = Mean(sums[weeks-1], t)
	back := func(mean func(list []float64) float64) (lowest int, share float64) {
		least := math.Inf(1)
		for w := first - 1; w < weeks; w++ {
			if m := mean(sums[w]); m < least {
				least, lowest = m, w
			}
		}
		if least >= 0 {
			return lowest, math.NaN()
		}
		return lowest, mean(sums[weeks-1]) / least
	}
	lowest, share := back(meanOf)
	x.Lost = Mean(sums[lowest], t)
	x.NeverBack = Estimate{Value: share, Error: math.NaN(), Low: math.NaN(), High: math.NaN(), N: n}
	if math.IsNaN(share) {
		return
	}
	var shares []float64
	resampledMeans(n, t, pauseResamples, func(mean func(list []float64) float64) {
		if _, s := back(mean); !math.IsNaN(s) {
			shares = append(shares, s)
		}
	})
	slices.Sort(shares)
	x.NeverBack.Low, x.NeverBack.High = Quantile(shares, 0.025), Quantile(shares, 0.975)
	x.NeverBack.Error = (x.NeverBack.High - x.NeverBack.Low) / (2 * Reach95)
	x.NeverBack = x.NeverBack.carried(t.Groups(n), true)
}

// resampledMeans gives the mean over resampled groups of replications, again and again.
func resampledMeans(n int, t Ties, times int, with func(mean func(list []float64) float64)) {
	r := rand.New(rand.NewPCG(0x9e3779b97f4a7c15, uint64(n)))
	group := t.Group(n)
	picked := make([]int, t.Groups(n))
	for range times {
		for i := range picked {
			picked[i] = r.IntN(len(picked))
		}
		with(func(list []float64) float64 {
			var sum, k float64
			for _, g := range picked {
				for i := g * group; i < min((g+1)*group, n); i++ {
					sum += list[i]
					k++
				}
			}
			return sum / k
		})
	}
}

func meanOf(list []float64) float64 {
	var sum float64
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

// Crossing is the first week (from 1) from which on the cumulative loss exceeds
// the cumulative saving to the end of the run; 0: never within the run.
func Crossing(saved, lost [][]float64) int {
	var s, l float64
	week := 0
	for w := range saved {
		s += meanOf(saved[w])
		l += meanOf(lost[w])
		if l > s && week == 0 {
			week = w + 1
		} else if l <= s {
			week = 0
		}
	}
	return week
}
