package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"

	"windfall/sim/analysis"
)

// fewRuns is the number of replications below which a picture shows each of
// them, since quantiles would say more than is known.
const fewRuns = 20

// A sample is what a distribution picture knows of an outcome.
type sample struct {
	sorted             []float64 // the numbers, what is none left out
	missing, never     int
	p5, p50, p95, mean float64
}

func newSample(values []float64) (sample, error) {
	var s sample
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			s.missing++
		case math.IsInf(v, 1):
			s.never++
		case math.IsInf(v, -1):
			return s, fmt.Errorf("value %d is infinite", i+1)
		default:
			s.sorted = append(s.sorted, v)
		}
	}
	slices.Sort(s.sorted)
	ranked := s.sorted
	if len(s.sorted) >= fewRuns { // as in the tables: what is never lies beyond all numbers, what is missing is left out
		ranked = slices.Concat(s.sorted, slices.Repeat([]float64{math.Inf(1)}, s.never))
	}
	s.p5, s.p50, s.p95 = analysis.Quantile(ranked, 0.05), analysis.Quantile(ranked, 0.50),
		analysis.Quantile(ranked, 0.95)
	sum := 0.0
	for _, v := range s.sorted {
		sum += v
	}
	s.mean = sum / float64(len(s.sorted)) // NaN of an empty sample
	return s, nil
}

// reach is how far the middle nine tenths of the runs go, of those with a number if the end is never.
func (s sample) reach() float64 { return math.Min(s.p95, s.high()) - math.Min(s.p5, s.high()) }

// partial says whether some replications have no number.
func (s sample) partial() bool { return s.missing+s.never > 0 }

func (s sample) n() int        { return len(s.sorted) }
func (s sample) low() float64  { return s.sorted[0] }
func (s sample) high() float64 { return s.sorted[len(s.sorted)-1] }

// constant says whether all numbers are one, up to what arithmetic rounds: a ratio of
// totals that grow alike differs in its last digits, and a picture of those would be a
// bell of rounding.
func (s sample) constant() bool {
	return alike(s.low(), s.high())
}

// alike says whether two numbers differ by no more than rounding.
func alike(lo, hi float64) bool { return hi-lo <= 1e-9*math.Max(math.Abs(lo), math.Abs(hi)) }

// yesNo says whether all numbers are 0 or 1.
func (s sample) yesNo() bool {
	for _, v := range s.sorted {
		if v != 0 && v != 1 {
			return false
		}
	}
	return true
}

// bins are the bars of a histogram, with what lies outside of them.
type bins struct {
	bars         []plotter.HistogramBin
	middle       []bool // most of the bar lies between the 5% and the 95% quantile
	width        float64
	below, above int
}

// bin sorts the sample into bars between round numbers, at most so many. The
// width follows Freedman and Diaconis (1981). A tail that is longer than the
// middle 98% of the values is left out and counted: with it the picture would
// be one bar and a desert.
func (s sample) bin(most int, whole bool) bins {
	lo, hi := s.low(), s.high()
	q1, q99 := analysis.Quantile(s.sorted, 0.01), analysis.Quantile(s.sorted, 0.99)
	if middle := q99 - q1; !alike(q1, q99) {
		if hi-q99 > middle {
			hi = q99
		}
		if q1-lo > middle {
			lo = q1
		}
	}
	width := 2 * (analysis.Quantile(s.sorted, 0.75) - analysis.Quantile(s.sorted, 0.25)) / math.Cbrt(float64(s.n()))
	fewest := 8.0
	if s.n() >= 100 {
		fewest = 13
	}
	width = min(max(width, (hi-lo)/float64(most)), (hi-lo)/fewest)
	width = niceStep(width, whole)

	b := bins{width: width}
	shift := 0.0
	if whole && width == 1 {
		shift = 0.5 // a bar stands around its whole number
	}
	first := math.Floor((lo + shift) / width)
	last := math.Floor((hi + shift) / width)
	for k := first; k <= last; k++ {
		b.bars = append(b.bars, plotter.HistogramBin{Min: k*width - shift, Max: (k+1)*width - shift})
	}
	within := make([]float64, len(b.bars))
	for _, v := range s.sorted {
		switch k := int(math.Floor((v+shift)/width) - first); {
		case k < 0:
			b.below++
		case k >= len(b.bars):
			b.above++
		default:
			b.bars[k].Weight++
			if v >= s.p5 && v <= s.p95 {
				within[k]++
			}
		}
	}
	b.middle = make([]bool, len(b.bars))
	for k, bar := range b.bars {
		b.middle[k] = within[k] >= bar.Weight/2
	}
	return b
}

// tallest is the number of replications in the tallest bar.
func (b bins) tallest() float64 {
	top := 0.0
	for _, bar := range b.bars {
		top = math.Max(top, bar.Weight)
	}
	return top
}

// dots stacks single replications: each at its value, on the lowest level that
// has room for a dot of that width. It also gives the number of levels.
func (s sample) dots(width float64) (dots plotter.XYs, levels float64) {
	var ends []float64 // of the last dot on each level; values come sorted
	for _, v := range s.sorted {
		level := 0
		for level < len(ends) && v-ends[level] < width {
			level++
		}
		if level == len(ends) {
			ends = append(ends, 0)
		}
		ends[level] = v
		dots = append(dots, plotter.XY{X: v, Y: float64(level) + 0.5})
	}
	return dots, float64(len(ends))
}
