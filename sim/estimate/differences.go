package estimate

// assigned is how many sets of regions the test of Differences looks at, the treated one among them.
const assigned = 2000

// Differences is the difference in differences over regions: without the treatment the treated regions, taken
// together, would have changed since before it by the same factor as the others. The effect is what they have beyond
// that, the difference of two differences if all regions are of one size.
//
// The test is by chance assignment (Fisher 1935; for regions, Conley and Taber 2011): all sets of as many regions, or
// a sample of 2,000, are taken for the treated one, and the share of them whose difference is as large is p. The
// interval is that of the effects, proportional to the size of a region before, that the test does not refuse. Both
// have exactly their size if the treated regions were chosen at random, whatever the distribution of the outcome and
// its correlation over time; else if no region is unlike the others in more than its size.
//
// What reaches all regions by the same factor does not matter. An effect that spills over into the other regions is
// subtracted from itself.
func Differences(p Panel) Estimate {
	if fault := p.comparable(1); fault != "" {
		return refuse("%s", fault)
	}
	before, window := p.sums()
	var all []way
	for _, set := range assignments(p.Treated, assigned) {
		all = append(all, contrast(before, window, set, p.Treated))
	}
	size := p.size(before)
	return randomized(all, all[0].value*size, size)
}

// contrast is the change of a set of regions less that of the others, both as a multiple of what they had before; and
// what an effect of 1, as a multiple of what a treated region had before, adds to that.
func contrast(before, window []float64, set, treated []bool) way {
	var size, after, within [2]float64 // of the others, of the set
	for r := range before {
		side := 0
		if set[r] {
			side = 1
		}
		size[side] += before[r]
		after[side] += window[r]
		if treated[r] {
			within[side] += before[r]
		}
	}
	return way{after[1]/size[1] - after[0]/size[0], within[1]/size[1] - within[0]/size[0]}
}
