package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// leastWays is how many sets of regions of the size of the treated one there must be: with fewer no test by chance
// assignment reaches 5%.
const leastWays = 20

// way is what a method says of one set of regions, as if that had been treated: a statistic, and by how much it falls
// with a point of effect on the regions that were.
type way struct{ value, slope float64 }

// assignments are sets of regions of the size of the treated one: first the treated, then all others if there are at
// most as many, else a sample. The sample depends on the number of regions alone.
func assignments(treated []bool, most int) [][]bool {
	n, k := len(treated), 0
	for _, yes := range treated {
		if yes {
			k++
		}
	}
	sets := [][]bool{slices.Clone(treated)}
	if ways(n, k) <= float64(most) {
		chosen := make([]int, k)
		var choose func(i, from int)
		choose = func(i, from int) {
			if i == k {
				set := make([]bool, n)
				for _, r := range chosen {
					set[r] = true
				}
				if !slices.Equal(set, treated) {
					sets = append(sets, set)
				}
				return
			}
			for r := from; r < n; r++ {
				chosen[i] = r
				choose(i+1, r+1)
			}
		}
		choose(0, 0)
		return sets
	}
	source := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for len(sets) < most {
		set := make([]bool, n)
		for i := range k {
			j := i + source.IntN(n-i)
			order[i], order[j] = order[j], order[i]
			set[order[i]] = true
		}
		sets = append(sets, set)
	}
	return sets
}

// ways is the number of sets of k out of n.
func ways(n, k int) float64 {
	out := 1.0
	for i := range k {
		out *= float64(n-i) / float64(i+1)
	}
	return math.Round(out)
}

// chance is the share of sets whose statistic is at least as far from 0 as that of the treated one, the first, were the
// effect as given. Ties that rounding parts count.
func chance(all []way, effect float64) float64 {
	far := func(w way) float64 { return math.Abs(w.value - float64(effect*w.slope)) }
	own, count := far(all[0])*(1-1e-9), 0
	for _, w := range all {
		if far(w) >= own {
			count++
		}
	}
	return float64(count) / float64(len(all))
}

// notRefused gives the effects that are not refused at 5%: the interval around the one at which the statistic of the
// treated set is 0. An end that is not reached within a million times the spread of the statistics is infinite.
func notRefused(all []way) (low, high float64) {
	centre := all[0].value / all[0].slope
	step := 0.0
	for _, w := range all {
		step = max(step, math.Abs(w.value/all[0].slope-centre))
	}
	if step == 0 { // every set says the same
		step = max(math.Abs(centre), 1) * 1e-9
	}
	end := func(side float64) float64 {
		reach := step / 8
		for chance(all, centre+float64(side*reach)) > 0.05 {
			if reach *= 2; reach > 1e6*step {
				return side * math.Inf(1)
			}
		}
		in, out := 0.0, reach
		for range 40 {
			middle := (in + out) / 2
			if chance(all, centre+float64(side*middle)) > 0.05 {
				in = middle
			} else {
				out = middle
			}
		}
		return centre + float64(side*out)
	}
	return end(-1), end(1)
}

// randomized is an estimate from the statistics of all sets. scale turns an effect into a total.
func randomized(all []way, total, scale float64) Estimate {
	low, high := notRefused(all)
	return Estimate{Total: total, Low: low * scale, High: high * scale, P: chance(all, 0), Applicable: true}
}

// comparable says why the treated regions of a panel have no others to be compared with; empty: they have.
func (p Panel) comparable(weeksBefore int) string {
	fault := p.fault(weeksBefore)
	switch n, k := len(p.Treated), p.treated(); {
	case fault != "":
		return fault
	case k == n:
		return "all regions were treated, and none is left to compare with"
	case ways(n, k) < leastWays:
		return "too few regions: with these numbers of treated and other regions chance alone reaches no test of 5%"
	}
	before, _ := p.sums()
	for r, x := range before {
		if x <= 0 {
			return fmt.Sprintf("region %d has no outcome before the treatment", r)
		}
	}
	return ""
}
