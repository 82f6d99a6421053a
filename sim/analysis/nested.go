package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Nested is what a nested design says about a number: draws of the uncertain
// inputs, each under several seeds.
type Nested struct {
	Draws, SeedsPerDraw int // Draws without those in which a number is missing
	// Variance of one replication, split: Between is due to the inputs (the
	// variance of the draws' means less the random variation in them), Within to random variation.
	Between, Within float64
	BetweenLow      float64 // 95% interval of Between, by a bootstrap over draws
	BetweenHigh     float64
	Mean            Estimate
	// Positive is the chance that the number is above 0 on average over seeds,
	// given the inputs. Nil where Between is not above 0: then the inputs do not
	// change the sign that random variation lets us see.
	Positive *Estimate
}

// Share is the part of the variance that the inputs bring.
func (n *Nested) Share() float64 { return n.Between / (n.Between + n.Within) }

// nestedResamples is the number of resamples of the bootstrap over draws.
const nestedResamples = 2000

// NestedOf splits values, each run of neighbours, one for each seed, being of one draw. A draw in which a
// number is missing is left out; with fewer than two others nothing is known but
// their number.
//
// The chance of a positive mean is the share of draws whose mean is positive once
// random variation is taken out of it: each is drawn towards the mean of all, so far that the
// variance between them is the one between draws, and random variation alone does not make
// many change sign.
func NestedOf(values []float64, seeds int) Nested {
	d := newDraws(values, seeds)
	draws := len(d.means)
	n := Nested{Draws: draws, SeedsPerDraw: seeds, Mean: missing(draws)}
	if draws < 2 {
		return n
	}
	all := func(i int) int { return i }
	var centre float64
	n.Between, n.Within, centre = d.split(all)
	n.Mean = Mean(d.means, Ties{})
	n.Mean.Value = centre
	between, chances := d.resample()
	n.BetweenLow, n.BetweenHigh = Quantile(between, 0.025), Quantile(between, 0.975)
	if n.BetweenLow > 0 {
		e := Estimate{Value: d.positive(all), Low: Quantile(chances, 0.025), High: Quantile(chances, 0.975), N: draws}
		e.Error = (e.High - e.Low) / (2 * Reach95)
		n.Positive = &e
	}
	return n
}

// draws are the draws of the inputs: the mean of each over its seeds, and the variance between them.
type draws struct {
	means, within []float64
	seeds         float64
}

// newDraws leaves draws with a missing number out.
func newDraws(values []float64, seeds int) *draws {
	x := &draws{seeds: float64(seeds)}
	for d := range len(values) / seeds {
		list := values[d*seeds : (d+1)*seeds]
		if slices.ContainsFunc(list, math.IsNaN) {
			continue
		}
		var mean, squares float64
		for _, v := range list {
			mean += v / x.seeds
		}
		for _, v := range list {
			squares += float64((v - mean) * (v - mean))
		}
		x.means, x.within = append(x.means, mean), append(x.within, squares/float64(seeds-1))
	}
	return x
}

// split is the variance between some draws and between seeds, and the mean.
func (x *draws) split(pick func(i int) int) (between, noise, centre float64) {
	n := len(x.means)
	for d := range n {
		centre += x.means[pick(d)] / float64(n)
		noise += x.within[pick(d)] / float64(n)
	}
	for d := range n {
		e := x.means[pick(d)] - centre
		between += float64(e * e)
	}
	return between/float64(n-1) - noise/x.seeds, noise, centre
}

// positive is the share of some draws whose mean over all seeds lies above 0. Shrunk means keep the variance between
// draws.
func (x *draws) positive(pick func(i int) int) float64 {
	between, noise, centre := x.split(pick)
	if between <= 0 {
		return math.NaN()
	}
	keep := math.Sqrt(between / (between + noise/x.seeds))
	k := 0.0
	for d := range x.means {
		if v := centre + float64(keep*(x.means[pick(d)]-centre)); v > 0 {
			k++
		} else if v == 0 {
			k += 0.5
		}
	}
	return k / float64(len(x.means))
}

// resample gives the variance between draws and the share above 0 of resampled draws, in order.
func (x *draws) resample() (between, chances []float64) {
	n := len(x.means)
	r := rand.New(rand.NewPCG(0x9e3779b97f4a7c15, uint64(n)))
	between = make([]float64, nestedResamples)
	index := make([]int, n)
	for k := range between {
		for i := range index {
			index[i] = r.IntN(n)
		}
		pick := func(i int) int { return index[i] }
		between[k], _, _ = x.split(pick)
		if p := x.positive(pick); !math.IsNaN(p) {
			chances = append(chances, p)
		}
	}
	slices.Sort(between)
	slices.Sort(chances)
	return between, chances
}
