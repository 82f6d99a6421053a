package estimate

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	weeksOfYear   = 365.25 / 7
	leastBefore   = 12  // weeks before the treatment
	leastFree     = 6   // degrees of freedom of the regression
	mostCorrelate = 0.9 // of neighbouring weeks: beyond it a series this short says nothing
)

// Series is the interrupted time series: the sum over the treated regions goes on as before, and what differs is the
// effect. The weeks before the treatment are regressed on a trend and, from a year of them on, on a wave of a year
// (from two years on also of half a year) by generalized least squares with AR(1) errors (Prais and Winsten 1954; the
// correlation of residuals is corrected for its bias as in Marriott and Pope 1954). The forecast of the weeks that
// count, the best linear one (Goldberger 1962), is held against what came; the interval is that of the sum of its
// errors, by Student's t, and takes the correlation as known.
//
// It needs no region without treatment, so that it is the one method for a national treatment. Its size is
// approximately the stated one while errors are AR(1) around such a trend and season. It takes everything that happens
// at the same time, a recession or a campaign of a rival, for the effect.
func Series(p Panel) Estimate {
	if fault := p.fault(leastBefore); fault != "" {
		return refuse("%s", fault)
	}
	y := make([]float64, p.until())
	for r, weeks := range p.Outcome {
		if p.Treated[r] {
			for t := range y {
				y[t] += weeks[t]
			}
		}
	}
	terms := 2
	if p.From >= 52 {
		terms += 2
	}
	if p.From >= 104 {
		terms += 2
	}
	if p.From < terms+leastFree {
		return refuse("%d weeks before the treatment do not hold %d terms", p.From, terms)
	}
	x := make([][]float64, len(y))
	for t := range x {
		x[t] = season(t, p.From, terms)
	}
	rho := correlation(x[:p.From], y[:p.From])
	beta, inverse, variance := regress(x[:p.From], y[:p.From], rho)
	if beta == nil {
		return refuse("the weeks before the treatment do not tell trend and season apart")
	}
	return forecast(x, y, p.From, rho, beta, inverse, variance)
}

// season are the regressors of a week: constant, trend, waves.
func season(t, before, terms int) []float64 {
	x := []float64{1, float64(t)/float64(before) - 0.5}
	for wave := 1; len(x) < terms; wave++ {
		angle := 2 * math.Pi * float64(wave) * float64(t) / weeksOfYear
		x = append(x, math.Sin(angle), math.Cos(angle))
	}
	return x
}

// correlation is that of the errors of neighbouring weeks, from the residuals of ordinary least squares.
//
// Residuals are less correlated than errors. Of white noise their correlation is the sum of M(t, t-1) over that of
// M(t, t), where M makes residuals of errors; of an AR(1) series around its mean, whose M gives -1/n, it is
// rho - (1 + 4 rho)/n. Both are met by dividing by 1 + 4 times the first.
func correlation(x [][]float64, y []float64) float64 {
	beta, inverse, _ := regress(x, y, 0)
	if beta == nil {
		return 0
	}
	e := residuals(x, y, beta)
	var square, product, trace, beside float64
	for t := range e {
		square += float64(e[t] * e[t])
		trace += 1 - form(x[t], inverse, x[t])
		if t > 0 {
			product += float64(e[t] * e[t-1])
			beside -= form(x[t], inverse, x[t-1])
		}
	}
	if square == 0 {
		return 0
	}
	bias := beside / trace
	return min(max((product/square-bias)/max(1+float64(4*bias), 0.5), 0), mostCorrelate)
}

func residuals(x [][]float64, y, beta []float64) []float64 {
	e := make([]float64, len(y))
	for t := range e {
		e[t] = y[t] - dot(x[t], beta)
	}
	return e
}

// regress is generalized least squares with AR(1) errors: coefficients, the inverse of the matrix of cross products,
// the variance of the innovations. beta is nil if the regressors are not told apart.
func regress(x [][]float64, y []float64, rho float64) (beta []float64, inverse *mat.SymDense, variance float64) {
	n, k := len(x), len(x[0])
	design, answer := mat.NewDense(n, k, nil), mat.NewVecDense(n, nil)
	first := math.Sqrt(1 - float64(rho*rho))
	for t := range n {
		for i := range k {
			if t == 0 {
				design.Set(t, i, first*x[t][i])
			} else {
				design.Set(t, i, x[t][i]-float64(rho*x[t-1][i]))
			}
		}
		if t == 0 {
			answer.SetVec(t, first*y[t])
		} else {
			answer.SetVec(t, y[t]-float64(rho*y[t-1]))
		}
	}
	var cross mat.SymDense
	cross.SymOuterK(1, design.T())
	var chol mat.Cholesky
	if !chol.Factorize(&cross) || chol.Cond() > 1e12 {
		return nil, nil, 0
	}
	inverse = new(mat.SymDense)
	if chol.InverseTo(inverse) != nil {
		return nil, nil, 0
	}
	var qr mat.QR
	qr.Factorize(design)
	var b mat.VecDense
	if qr.SolveVecTo(&b, false, answer) != nil {
		return nil, nil, 0
	}
	var fitted mat.VecDense
	fitted.MulVec(design, &b)
	fitted.SubVec(answer, &fitted)
	return b.RawVector().Data, inverse, mat.Dot(&fitted, &fitted) / float64(n-k)
}

// forecast holds the weeks from one on against what the weeks before let expect.
func forecast(x [][]float64, y []float64, from int, rho float64, beta []float64, inverse *mat.SymDense,
	variance float64,
) Estimate {
	last := y[from-1] - dot(x[from-1], beta) // the error with which the forecast begins
	apart := make([]float64, len(beta))      // by which the sum of forecasts moves with the coefficients
	var total, noise, reach float64
	kept := 1.0
	for t := from; t < len(y); t++ {
		kept *= rho
		total += y[t] - dot(x[t], beta) - float64(kept*last)
		for i := range apart {
			apart[i] += x[t][i] - float64(kept*x[from-1][i])
		}
		// An innovation of the m-th week before the end is felt in m weeks: 1 + rho + ... + rho^(m-1).
		reach = 1 + float64(rho*reach)
		noise += float64(reach * reach)
	}
	sd := math.Sqrt(variance * (noise + form(apart, inverse, apart)))
	t := distuv.StudentsT{Sigma: 1, Nu: float64(from - len(beta))}
	half := float64(sd * t.Quantile(0.975))
	e := Estimate{Total: total, Low: total - half, High: total + half, P: 1, Applicable: true}
	switch {
	case sd > 0:
		e.P = 2 * t.CDF(-math.Abs(total)/sd)
	case total != 0:
		e.P = 0
	}
	return e
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

// form is a' M b.
func form(a []float64, m *mat.SymDense, b []float64) (sum float64) {
	for i := range a {
		for j := range b {
			sum += float64(a[i] * m.At(i, j) * b[j])
		}
	}
	return sum
}
