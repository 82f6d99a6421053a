package estimate

// Beside holds the treated regions, taken together, against the others week by week: what the treated have over what
// the others have, times the ratio of the two before the treatment, is 0 on average while nothing is done, whatever
// reaches all regions alike. The errors of that difference are AR(1), as in Series, without a trend or a season; the
// interval is that of the forecast of its sum.
//
// It does with two regions, where Differences, whose test is by chance assignment, needs seven or more. For that its
// size is approximate: regions must go up and down together but for such errors.
func Beside(p Panel) Estimate {
	if fault := p.fault(leastBefore); fault != "" {
		return refuse("%s", fault)
	}
	if p.treated() == len(p.Treated) {
		return refuse("all regions were treated, and none is left to compare with")
	}
	var with, without []float64 = make([]float64, p.until()), make([]float64, p.until())
	for r, weeks := range p.Outcome {
		side := without
		if p.Treated[r] {
			side = with
		}
		for t := range side {
			side[t] += weeks[t]
		}
	}
	var a, b float64
	for t := range p.From {
		a, b = a+with[t], b+without[t]
	}
	if b <= 0 {
		return refuse("the regions without treatment have no outcome before it")
	}
	x := make([][]float64, len(with))
	for t := range with {
		with[t] -= float64(a / b * without[t])
		x[t] = []float64{1}
	}
	rho := correlation(x[:p.From], with[:p.From])
	beta, inverse, variance := regress(x[:p.From], with[:p.From], rho)
	if beta == nil {
		return refuse("the weeks before the treatment do not tell a level")
	}
	return forecast(x, with, p.From, rho, beta, inverse, variance)
}

// Decides says whether the test by chance assignment of Differences and Synthetic can find an effect at 5%: of as many
// regions as were treated there are sets enough. Where half were treated a set and its complement say the same.
func Decides(treated []bool) bool {
	n, k := len(treated), Panel{Treated: treated}.treated()
	least := float64(leastWays)
	if 2*k == n {
		least *= 2
	}
	return k > 0 && k < n && ways(n, k) >= least
}
