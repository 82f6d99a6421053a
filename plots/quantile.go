package plots

import "math"

// quantile of sorted values, between order statistics (type 7, the default of R
// and NumPy).
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	h := p * float64(len(sorted)-1)
	i := int(h)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}

// wilson is the 95% interval of a chance of which k of n cases were seen (E. B.
// Wilson, 1927).
func wilson(k, n int) (lo, hi float64) {
	const z = 1.959963984540054
	share, m := float64(k)/float64(n), float64(n)
	centre := (share + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(share*(1-share)/m+z*z/(4*m*m))
	return math.Max(0, centre-half), math.Min(1, centre+half)
}
