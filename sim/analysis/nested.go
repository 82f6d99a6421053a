package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Nested is what a nested design says about a number: draws of the uncertain
// inputs, each under several lucks.
type Nested struct {
	Draws, Lucks int // Draws without those in which a number is missing
	// Variance of one replication, split: Between is due to the inputs (the
	// variance of the draws' means less what luck leaves in them), Within to luck.
	Between, Within float64
	BetweenLow      float64 // 95% interval of Between, by a bootstrap over draws
	BetweenHigh     float64
	Mean            Estimate
	// Positive is the chance that the number is above 0 on average over luck,
	// given the inputs. Nil where Between is not above 0: then the inputs do not
	// change the sign that luck lets us see.
	Positive *Estimate
}

// Share is the part of the variance that the inputs bring.
func (n *Nested) Share() float64 { return n.Between / (n.Between + n.Within) }

// nestedResamples is the number of resamples of the bootstrap over draws.
const nestedResamples = 2000

// NestedOf splits values, neighbours of lucks being of one draw. A draw in which a
// number is missing is left out; with fewer than two others nothing is known but
// their number.
//
// The chance of a positive mean is the share of draws whose mean is positive once
// luck is taken out of it: each is drawn towards the mean of all, so far that the
// variance between them is the one between draws, and luck alone does not make
// many change sign.
func NestedOf(values []float64, lucks int) Nested {
	var means, within []float64
	for d := range len(values) / lucks {
		list := values[d*lucks : (d+1)*lucks]
		if slices.ContainsFunc(list, math.IsNaN) {
			continue
		}
		var mean, squares float64
		for _, x := range list {
			mean += x / float64(lucks)
		}
		for _, x := range list {
			squares += float64((x - mean) * (x - mean))
		}
		means, within = append(means, mean), append(within, squares/float64(lucks-1))
	}
	draws := len(means)
	n := Nested{Draws: draws, Lucks: lucks, Mean: missing(draws)}
	if draws < 2 {
		return n
	}
	split := func(pick func(i int) int) (between, luck, centre float64) {
		for d := 0; d < draws; d++ {
			centre += means[pick(d)] / float64(draws)
			luck += within[pick(d)] / float64(draws)
		}
		for d := 0; d < draws; d++ {
			e := means[pick(d)] - centre
			between += float64(e * e)
		}
		return between/float64(draws-1) - luck/float64(lucks), luck, centre
	}
	positive := func(pick func(i int) int) float64 {
		between, luck, centre := split(pick)
		if between <= 0 {
			return math.NaN()
		}
		// Shrunk means keep the variance between draws.
		keep := math.Sqrt(between / (between + luck/float64(lucks)))
		k := 0.0
		for d := 0; d < draws; d++ {
			if x := centre + float64(keep*(means[pick(d)]-centre)); x > 0 {
				k++
			} else if x == 0 {
				k += 0.5
			}
		}
		return k / float64(draws)
	}
	all := func(i int) int { return i }
	var centre float64
	n.Between, n.Within, centre = split(all)
	n.Mean = Mean(means, Ties{})
	n.Mean.Value = centre
	r := rand.New(rand.NewPCG(0x9e3779b97f4a7c15, uint64(draws)))
	resampled, chances := make([]float64, nestedResamples), []float64{}
	index := make([]int, draws)
	for k := range resampled {
		for i := range index {
			index[i] = r.IntN(draws)
		}
		pick := func(i int) int { return index[i] }
		resampled[k], _, _ = split(pick)
		if p := positive(pick); !math.IsNaN(p) {
			chances = append(chances, p)
		}
	}
	slices.Sort(resampled)
	n.BetweenLow, n.BetweenHigh = Quantile(resampled, 0.025), Quantile(resampled, 0.975)
	if n.BetweenLow > 0 {
		slices.Sort(chances)
		e := Estimate{Value: positive(all), Low: Quantile(chances, 0.025), High: Quantile(chances, 0.975), N: draws}
		e.Error = (e.High - e.Low) / (2 * Reach95)
		n.Positive = &e
	}
	return n
}
