package estimate

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Schedule is the regression on a schedule: the sum over the treated regions goes on along a trend and a season, as in
// Series, and is higher or lower by the same in every week in which the schedule is on. On says so by week, from the
// first of the panel. All weeks until the last that counts are regressed at once by generalized least squares with
// AR(1) errors; the effect is that of a week times the weeks that are on, with an interval by Student's t that takes
// the correlation as known.
//
// Its size is approximately the stated one while errors are AR(1) around such a trend and season. What a week that is
// on does to weeks that are off, as a brand that fades slowly, is taken for the level of those: the effect comes out
// too small.
func Schedule(p Panel, on []bool) Estimate {
	if fault := p.fault(leastBefore); fault != "" {
		return refuse("%s", fault)
	}
	terms := 2
	for _, weeks := range []int{52, 104} {
		if p.until() >= weeks {
			terms += 2
		}
	}
	y := make([]float64, p.until())
	for r, weeks := range p.Outcome {
		if p.Treated[r] {
			for t := range y {
				y[t] += weeks[t]
			}
		}
	}
	x, counts := make([][]float64, len(y)), 0.0
	for t := range x {
		x[t] = append(season(t, len(y), terms), 0)
		if t < len(on) && on[t] {
			x[t][terms] = 1
			counts++
		}
	}
	if counts == 0 || len(y) < terms+1+leastFree {
		return refuse("%d weeks, of which the schedule is on in %v", len(y), counts)
	}
	rho := correlation(x, y)
	beta, inverse, variance := regress(x, y, rho)
	if beta == nil {
		return refuse("trend, season and schedule are not told apart")
	}
	sd := math.Sqrt(variance * inverse.At(terms, terms))
	t := distuv.StudentsT{Sigma: 1, Nu: float64(len(y) - len(beta))}
	total, half := float64(counts*beta[terms]), float64(counts*sd*t.Quantile(0.975))
	e := Estimate{Total: total, Low: total - half, High: total + half, P: 1, Applicable: true}
	switch {
	case sd > 0:
		e.P = 2 * t.CDF(-math.Abs(beta[terms])/sd)
	case total != 0:
		e.P = 0
	}
	return e
}
