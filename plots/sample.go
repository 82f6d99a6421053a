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

// A Sample is what pictures know of an outcome over replications: counts, quantiles and bars, not the numbers
// themselves, of which there may be millions.
type Sample struct {
	n, missing, never  int // replications with a number, without one, and those in which it lies beyond all numbers
	low, high          float64
	p5, p50, p95, mean float64
	whole, yesNo       bool      // all numbers are whole; all are 0 or 1
	each               []float64 // the numbers, ascending, of fewer than fewRuns
	bars               map[barring]bins
	infinite           int // which value is infinite below, counted from 1; 0: none
}

// A barring says how a sample is sorted into bars: at most so many, and whether around whole numbers.
type barring struct {
	most  int
	whole bool
}

// The most bars of a picture of one outcome, and of one among others.
const (
	mostBars   = 45
	mostInCell = 24
)

// NewSample reduces an outcome to what pictures need: one number a replication, in any order; NaN is missing, and +Inf
// lies beyond all numbers: never.
func NewSample(values []float64) Sample {
	var s Sample
	sorted := make([]float64, 0, len(values))
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			s.missing++
		case math.IsInf(v, 1):
			s.never++
		case math.IsInf(v, -1):
			return Sample{infinite: i + 1}
		default:
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	s.n = len(sorted)
	ranked := sorted
	if s.n >= fewRuns { // as in the tables: what is never lies beyond all numbers, what is missing is left out
		ranked = append(sorted, slices.Repeat([]float64{math.Inf(1)}, s.never)...)
	}
	s.p5, s.p50, s.p95 = analysis.Quantile(ranked, 0.05), analysis.Quantile(ranked, 0.50),
		analysis.Quantile(ranked, 0.95)
	sum := 0.0
	s.whole, s.yesNo = true, true
	for _, v := range sorted {
		sum += v
		s.whole = s.whole && v == math.Trunc(v)
		s.yesNo = s.yesNo && (v == 0 || v == 1)
	}
	s.mean = sum / float64(s.n) // NaN of an empty sample
	if s.n == 0 {
		return s
	}
	s.low, s.high = sorted[0], sorted[s.n-1]
	if s.n < fewRuns {
		s.each = sorted
	} else if !s.constant() {
		s.barAll(sorted)
	}
	return s
}

// check refuses a sample with a number that no picture has a place for.
func (s *Sample) check() error {
	if s.infinite > 0 {
		return fmt.Errorf("value %d is infinite", s.infinite)
	}
	return nil
}

// barAll sorts the numbers, which ascend, into the bars of all pictures.
func (s *Sample) barAll(sorted []float64) {
	s.bars = map[barring]bins{}
	for _, most := range []int{mostBars, mostInCell} {
		s.bars[barring{most, false}] = s.bin(sorted, barring{most, false})
		if s.whole {
			s.bars[barring{most, true}] = s.bin(sorted, barring{most, true})
		}
	}
}

// runs is the number of replications.
func (s *Sample) runs() int { return s.n + s.missing + s.never }

// yes is the number of replications in which a yes or no is a yes.
func (s *Sample) yes() int { return int(math.Round(s.mean * float64(s.n))) }

// reach is how far the middle nine tenths of the runs go, of those with a number if the end is never.
func (s *Sample) reach() float64 { return math.Min(s.p95, s.high) - math.Min(s.p5, s.high) }

// partial says whether some replications have no number.
func (s *Sample) partial() bool { return s.missing+s.never > 0 }

// constant says whether all numbers are one, up to what arithmetic rounds: a ratio of
// totals that grow alike differs in its last digits, and a picture of those would be a
// bell of rounding.
func (s *Sample) constant() bool { return alike(s.low, s.high) }

// alike says whether two numbers differ by no more than rounding.
func alike(lo, hi float64) bool { return hi-lo <= 1e-9*math.Max(math.Abs(lo), math.Abs(hi)) }

// bins are the bars of a histogram, with what lies outside of them.
type bins struct {
	bars         []plotter.HistogramBin
	middle       []bool // most of the bar lies between the 5% and the 95% quantile
	width        float64
	below, above int
}

// bin sorts numbers, which ascend, into bars between round numbers. The
// width follows Freedman and Diaconis (1981). A tail that is longer than the
// middle 98% of the values is left out and counted: with it the picture would
// be one bar and a desert.
func (s *Sample) bin(sorted []float64, how barring) bins {
	lo, hi := s.low, s.high
	q1, q99 := analysis.Quantile(sorted, 0.01), analysis.Quantile(sorted, 0.99)
	if middle := q99 - q1; !alike(q1, q99) {
		if hi-q99 > middle {
			hi = q99
		}
		if q1-lo > middle {
			lo = q1
		}
	}
	width := 2 * (analysis.Quantile(sorted, 0.75) - analysis.Quantile(sorted, 0.25)) / math.Cbrt(float64(s.n))
	fewest := 8.0
	if s.n >= 100 {
		fewest = 13
	}
	width = min(max(width, (hi-lo)/float64(how.most)), (hi-lo)/fewest)
	width = niceStep(width, how.whole)

	b := bins{width: width}
	shift := 0.0
	if how.whole && width == 1 {
		shift = 0.5 // a bar stands around its whole number
	}
	first := math.Floor((lo + shift) / width)
	last := math.Floor((hi + shift) / width)
	for k := first; k <= last; k++ {
		b.bars = append(b.bars, plotter.HistogramBin{Min: k*width - shift, Max: (k+1)*width - shift})
	}
	within := make([]float64, len(b.bars))
	for _, v := range sorted {
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
func (s *Sample) dots(width float64) (dots plotter.XYs, levels float64) {
	var ends []float64 // of the last dot on each level; values come sorted
	for _, v := range s.each {
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
