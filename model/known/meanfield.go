package known

import "math"

// Kind is a trigger kind as the stationary market sees it: its rate per firm
// over all firms and year, and its gamma window (mean in years, coefficient of
// variation).
type Kind struct {
	Rate   float64
	Window float64
	CV     float64
}

// Stationary is the state of a market in which no firm ever buys: shares of
// firms by state.
type Stationary struct {
	Dormant, InMarket, Locked float64
}

// StationaryMarket gives the shares of firms dormant, in market and locked
// when triggers open journeys at the stated rates, firms die at rate death a
// year (a dead firm is replaced by a dormant newborn) and every window ends in
// a lock of lock years. With phi the chance to outlive the window,
//
//	in market = sum rate (1 - phi)/m,  locked = sum rate phi (1 - e^(-m L))/m,
//
// and for m = 0: sum rate w and sum rate L (docs/model.md, section 3.3).
func StationaryMarket(kinds []Kind, death, lock float64) Stationary {
	var s Stationary
	for _, k := range kinds {
		if death == 0 {
			s.InMarket += k.Rate * k.Window
			s.Locked += k.Rate * lock
			continue
		}
		phi := GammaLaplace(death, k.Window, k.CV)
		s.InMarket += k.Rate * (1 - phi) / death
		s.Locked += k.Rate * phi * -math.Expm1(-death*lock) / death
	}
	s.Dormant = 1 - s.InMarket - s.Locked
	return s
}

// Hill is x^a/(x^a + half^a), zero at zero.
func Hill(x, half, shape float64) float64 {
	if x <= 0 {
		return 0
	}
	return 1 / (1 + math.Pow(half/x, shape))
}

// StockAfter is a stock S with dS/dt = (ln 2/halfLife)(input - S) after a time
// step with constant input.
func StockAfter(stock, input, halfLife, step float64) float64 {
	return input + (stock-input)*math.Exp2(-step/halfLife)
}

// StockMean is the mean of the same stock over the step:
//
//	input + (S - input) (1 - e^(-x))/x,  x = ln 2 step/halfLife.
func StockMean(stock, input, halfLife, step float64) float64 {
	x := math.Ln2 * step / halfLife
	return input + (stock-input)*-math.Expm1(-x)/x
}

// ParetoTail is the chance that the head-count of a size class is at least x:
// floor of a Pareto law of exponent z cut to [lowest, highest+1), for a whole x
// in that range.
func ParetoTail(x, lowest, highest, z float64) float64 {
	end := math.Pow(highest+1, -z)
	return (math.Pow(x, -z) - end) / (math.Pow(lowest, -z) - end)
}

// ParetoMean is the mean head-count of a size class: lowest - 1 + the sum of
// the tail over whole numbers.
func ParetoMean(lowest, highest, z float64) float64 {
	mean := lowest - 1
	for x := lowest; x <= highest; x++ {
		mean += ParetoTail(x, lowest, highest, z)
	}
	return mean
}

// ThresholdFlow is the number of firms per year that grow past a head-count when
// above firms are at least that large, sizes follow a Pareto law of exponent z
// and yearly log growth is Laplace with scale b:
// F = N(>= X) z b/(2 (1 - z b)).
func ThresholdFlow(above, z, b float64) float64 {
	return above * z * b / (2 * (1 - z*b))
}

// YearWeeks is the length of a year in weeks, 365.25 days.
const YearWeeks = 365.25 / 7
