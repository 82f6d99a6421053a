package estimate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// noisy is a panel of regions of different sizes around a level, with AR(1) noise, of which some at random are treated.
func noisy(source *rand.Rand, regions, weeks, treated, from, to int, rho float64) Panel {
	p := Panel{Outcome: make([][]float64, regions), Treated: make([]bool, regions), From: from, To: to}
	for r := range regions {
		level, e := 20+float64(60*source.Float64()), source.NormFloat64()
		for range weeks {
			p.Outcome[r] = append(p.Outcome[r], level+float64(math.Sqrt(level)*e))
			e = float64(rho*e) + float64(math.Sqrt(1-float64(rho*rho))*source.NormFloat64())
		}
	}
	for _, r := range source.Perm(regions)[:treated] {
		p.Treated[r] = true
	}
	return p
}

func national(p Panel) Panel {
	for r := range p.Treated {
		p.Treated[r] = true
	}
	return p
}

// The size of every test, and what its interval covers, in worlds that keep what it takes for granted: errors without
// and with correlation, and an effect.
func TestSizes(t *testing.T) {
	const panels = 900
	for _, c := range []struct {
		method string
		rho    float64
		most   float64 // share of false wins that is allowed beside chance; a test by assignment is exact
	}{
		{"series", 0, 0.05}, {"series", 0.5, 0.07},
		{"differences", 0, 0.05}, {"differences", 0.5, 0.05},
		{"synthetic", 0, 0.05}, {"synthetic", 0.5, 0.05},
	} {
		var method Method
		for _, m := range Methods {
			if m.Name == c.method {
				method = m
			}
		}
		source := rand.New(rand.NewPCG(7, 7))
		n := panels
		if c.method == "synthetic" {
			n /= 3
		}
		wins, covered, significant := 0, 0, 0
		for range n {
			p := noisy(source, 12, 60, 4, 52, 58, c.rho)
			e := method.Estimate(p)
			require.True(t, e.Applicable, e.Reason)
			if e.Wins() {
				wins++
			}
			if e.P <= 0.05 {
				significant++
			}
			before, _ := p.sums()
			for r := range p.Outcome {
				if p.Treated[r] {
					p.Outcome[r][55] -= 0.02 * before[r]
				}
			}
			if method.Estimate(p).Covers(-0.02 * p.size(before)) {
				covered++
			}
		}
		slack := 3 * math.Sqrt(0.05*0.95/float64(n))
		size, cover := float64(wins)/float64(n), float64(covered)/float64(n)
		t.Logf("%s, correlation %g: size %.3f, p below 5%% in %.3f, interval covers %.3f",
			c.method, c.rho, size, float64(significant)/float64(n), cover)
		assert.InDelta(t, size, float64(significant)/float64(n), 0.002, "interval and test say the same")
		assert.Less(t, size, c.most+slack, "%s %g", c.method, c.rho)
		assert.Greater(t, size, 0.03-slack/2, "%s %g", c.method, c.rho)
		assert.Greater(t, cover, 1-c.most-slack, "%s %g", c.method, c.rho)
	}
}

// What is added to the weeks that count, in proportion to what a region had, moves estimate and interval by that.
func TestAnEffectMovesTheEstimate(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		p := noisy(source, 10, 40, 3, 30, 34, 0.3)
		before, _ := p.sums()
		for _, m := range Methods {
			a := m.Estimate(p)
			q := p
			q.Outcome = make([][]float64, len(p.Outcome))
			for r, weeks := range p.Outcome {
				q.Outcome[r] = append([]float64{}, weeks...)
				if p.Treated[r] {
					q.Outcome[r][31] -= before[r] / 50
					q.Outcome[r][34] -= before[r] // a week that does not count
				}
			}
			b, shift := m.Estimate(q), -p.size(before)/50
			assert.InDelta(t, a.Total+shift, b.Total, 1e-6, m.Name)
			assert.InDelta(t, a.Low+shift, b.Low, 1e-4, m.Name)
			assert.InDelta(t, a.High+shift, b.High, 1e-4, m.Name)
		}
	}
}

// Regions of one size: the difference of the differences, and a p of all ways to choose.
func TestDifferencesByHand(t *testing.T) {
	p := Panel{From: 2, To: 4, Treated: []bool{true, false, false, false, false, true, false}}
	for _, change := range []float64{-5, 1, 2, 0, -1, -4, 3} {
		p.Outcome = append(p.Outcome, []float64{10, 10, 10 + change, 10})
	}
	e := Differences(p)
	require.True(t, e.Applicable)
	assert.InDelta(t, 2*(-4.5-1), e.Total, 1e-9)
	assert.InDelta(t, 1./21, e.P, 1e-9, "no other two of seven fell as much, and none rose as much")
	assert.True(t, e.Wins())
}

// Until: the weeks after the treatment in which its effect is still counted.
func TestWeeksAfterTheTreatmentCount(t *testing.T) {
	source := rand.New(rand.NewPCG(3, 2))
	p := noisy(source, 10, 40, 3, 30, 34, 0)
	q := p
	q.Until = 38
	longer := p
	longer.To = 38
	for _, m := range Methods {
		assert.NotEqual(t, m.Estimate(p), m.Estimate(q), m.Name)
		assert.Equal(t, m.Estimate(longer), m.Estimate(q), m.Name)
	}
}

// Without noise the series finds the effect to the last digits, through trend and season.
func TestSeriesWithoutNoise(t *testing.T) {
	p := Panel{From: 110, To: 118, Treated: []bool{true, true}, Outcome: [][]float64{make([]float64, 120), make([]float64, 120)}}
	for t := range 120 {
		angle := 2 * math.Pi * float64(t) / weeksOfYear
		p.Outcome[0][t] = 50 + float64(0.2*float64(t)) + float64(8*math.Sin(angle+1))
		p.Outcome[1][t] = 30 - float64(0.1*float64(t)) + float64(3*math.Cos(2*angle))
		if t >= 110 && t < 118 {
			p.Outcome[0][t] -= 4
			p.Outcome[1][t] -= 1
		}
	}
	e := Series(p)
	assert.InDelta(t, -40, e.Total, 1e-6)
	assert.InDelta(t, -40, e.Low, 1e-3)
	assert.InDelta(t, -40, e.High, 1e-3)
}

// The forecast and its error are those of the textbook for a mean with white noise, and those of the whole covariance
// matrix with AR(1) errors.
func TestForecastByOtherMeans(t *testing.T) {
	source := rand.New(rand.NewPCG(5, 5))
	const n, h = 30, 5
	x, y := make([][]float64, n+h), make([]float64, n+h)
	for i := range x {
		x[i], y[i] = []float64{1}, 10+source.NormFloat64()
	}
	beta, inverse, variance := regress(x[:n], y[:n], 0)
	e := forecast(x, y, n, 0, beta, inverse, variance)
	var mean, square, after float64
	for i := range n {
		mean += y[i] / n
	}
	for i := range n {
		square += float64((y[i] - mean) * (y[i] - mean))
	}
	for _, v := range y[n:] {
		after += v - mean
	}
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * math.Sqrt(square/(n-1)*(h+float64(h*h)/n))
	assert.InDelta(t, after, e.Total, 1e-9)
	assert.InDelta(t, after+half, e.High, 1e-9)

	for i := range x {
		x[i] = season(i, n, 4)
	}
	const rho = 0.6
	beta, inverse, variance = regress(x[:n], y[:n], rho)
	e = forecast(x, y, n, rho, beta, inverse, variance)
	total, sd := kriged(t, x, y, n, rho)
	assert.InDelta(t, total, e.Total, 1e-8)
	assert.InDelta(t, sd*distuv.StudentsT{Sigma: 1, Nu: n - 4}.Quantile(0.975), (e.High-e.Low)/2, 1e-8)
}

// kriged is the best linear forecast of a sum, from the covariance matrix of all weeks.
func kriged(t *testing.T, x [][]float64, y []float64, n int, rho float64) (total, sd float64) {
	h, k := len(y)-n, len(x[0])
	cov := func(i, j int) float64 { return math.Pow(rho, math.Abs(float64(i-j))) / (1 - float64(rho*rho)) }
	v, design, known := mat.NewDense(n, n, nil), mat.NewDense(n, k, nil), mat.NewVecDense(n, y[:n])
	target, ahead := mat.NewVecDense(n, nil), mat.NewVecDense(k, nil) // of the sum
	var own, came float64
	for i := range n {
		for j := range n {
			v.Set(i, j, cov(i, j))
		}
		design.SetRow(i, x[i])
		for j := n; j < n+h; j++ {
			target.SetVec(i, target.AtVec(i)+cov(i, j))
		}
	}
	for i := n; i < n+h; i++ {
		came += y[i]
		for j := n; j < n+h; j++ {
			own += cov(i, j)
		}
		for c := range k {
			ahead.SetVec(c, ahead.AtVec(c)+x[i][c])
		}
	}
	var vi, vx, cross mat.Dense
	require.NoError(t, vi.Inverse(v))
	vx.Mul(&vi, design)
	cross.Mul(design.T(), &vx)
	var inv mat.Dense
	require.NoError(t, inv.Inverse(&cross))
	var xy, beta, fit, rest, weighted, left mat.VecDense
	xy.MulVec(vx.T(), known)
	beta.MulVec(&inv, &xy)
	fit.MulVec(design, &beta)
	rest.SubVec(known, &fit)
	weighted.MulVec(&vi, &rest)
	total = came - mat.Dot(ahead, &beta) - mat.Dot(target, &weighted)
	var gain mat.VecDense
	gain.MulVec(&vi, target)
	left.MulVec(design.T(), &gain)
	left.SubVec(ahead, &left)
	variance := mat.Dot(&rest, &weighted) / float64(n-k)
	return total, math.Sqrt(variance * (own - mat.Dot(target, &gain) + mat.Inner(&left, &inv, &left)))
}

// Non-negative least squares, against every set of free columns for itself, and by the conditions of its optimum.
func TestNonNegative(t *testing.T) {
	source := rand.New(rand.NewPCG(9, 9))
	for trial := range 300 {
		rows, n := 8+source.IntN(8), 1+source.IntN(6)
		a, b := mat.NewDense(rows, n, nil), mat.NewVecDense(rows, nil)
		for i := range rows {
			b.SetVec(i, source.NormFloat64())
			for j := range n {
				a.Set(i, j, source.NormFloat64()+float64(trial%3))
			}
			if n > 2 && trial%5 == 0 { // two columns alike
				a.Set(i, 1, 2*a.At(i, 0))
			}
		}
		var gram mat.SymDense
		gram.SymOuterK(1, a.T())
		var moment mat.VecDense
		moment.MulVec(a.T(), b)
		x := NonNegative(&gram, moment.RawVector().Data)
		left := func(x []float64) float64 {
			var r mat.VecDense
			r.MulVec(a, mat.NewVecDense(n, x))
			r.SubVec(b, &r)
			return mat.Dot(&r, &r)
		}
		for i := range n {
			require.GreaterOrEqual(t, x[i], 0.0)
			fall := moment.AtVec(i)
			for j := range n {
				fall -= float64(gram.At(i, j) * x[j])
			}
			assert.Less(t, fall, 1e-7, "a column that would help")
			if x[i] > 0 {
				assert.InDelta(t, 0, fall, 1e-7, "a free column that is not at its best")
			}
		}
		best := left(make([]float64, n))
		for set := 1; set < 1<<n; set++ {
			if y := subset(a, b, set); y != nil {
				best = min(best, left(y))
			}
		}
		assert.InDelta(t, best, left(x), 1e-7*(1+best))
	}
}

// subset is least squares over some columns, nil if one is negative or they are not told apart.
func subset(a *mat.Dense, b *mat.VecDense, set int) []float64 {
	rows, n := a.Dims()
	var columns []int
	for j := range n {
		if set>>j&1 == 1 {
			columns = append(columns, j)
		}
	}
	part := mat.NewDense(rows, len(columns), nil)
	for k, j := range columns {
		part.SetCol(k, mat.Col(nil, j, a))
	}
	var y mat.VecDense
	if y.SolveVec(part, b) != nil {
		return nil
	}
	out := make([]float64, n)
	for k, j := range columns {
		if out[j] = y.AtVec(k); out[j] < 0 {
			return nil
		}
	}
	return out
}

// A treated region that is a mix of others is found as that.
func TestSyntheticFindsTheMix(t *testing.T) {
	source := rand.New(rand.NewPCG(4, 4))
	p := noisy(source, 24, 60, 1, 50, 54, 0)
	var own int
	for r, yes := range p.Treated {
		if yes {
			own = r
		}
	}
	a, b := (own+3)%24, (own+7)%24
	for t := range p.Outcome[own] {
		p.Outcome[own][t] = float64(0.3*p.Outcome[a][t]) + float64(1.2*p.Outcome[b][t])
		if t >= p.From && t < p.To {
			p.Outcome[own][t] -= 5
		}
	}
	weights, miss := mix(crossProducts(p), p.Treated)
	assert.InDelta(t, 0.3, weights[a], 1e-6)
	assert.InDelta(t, 1.2, weights[b], 1e-6)
	assert.InDelta(t, 0, miss, 1e-4)
	e := Synthetic(p)
	assert.InDelta(t, -20, e.Total, 1e-5)
	assert.InDelta(t, 1./24, e.P, 1e-9)
}

func TestWhatIsRefused(t *testing.T) {
	source := rand.New(rand.NewPCG(6, 6))
	good := func() Panel { return noisy(source, 12, 40, 4, 30, 34, 0) }
	for _, c := range []struct {
		change func(*Panel)
		reason [3]string // of Methods; empty: applies
	}{
		{func(p *Panel) {}, [3]string{}},
		{func(p *Panel) { p.Treated = make([]bool, 12) },
			[3]string{"no region was treated", "no region was treated", "no region was treated"}},
		{func(p *Panel) { *p = national(*p) }, [3]string{"", "all regions were treated", "all regions were treated"}},
		{func(p *Panel) { p.From = 8 }, [3]string{"8 weeks before", "", "8 weeks before"}},
		{func(p *Panel) { p.Treated = append(make([]bool, 11), true) }, [3]string{"", "too few regions", "too few regions"}},
		{func(p *Panel) { p.Outcome[2] = p.Outcome[2][:39] }, [3]string{"region 2 has 39 weeks", "region 2", "region 2"}},
		{func(p *Panel) { p.Outcome[2][3] = math.NaN() },
			[3]string{"no number in week 3", "no number in week 3", "no number in week 3"}},
		{func(p *Panel) { clear(p.Outcome[2]) },
			[3]string{"", "region 2 has no outcome", "region 2 has no outcome"}},
		{func(p *Panel) { p.To = 41 }, [3]string{"no part of the 40 weeks", "no part of", "no part of"}},
		{func(p *Panel) { p.Until = 32 }, [3]string{"counted until 32", "no part of", "no part of"}},
		{func(p *Panel) { p.Treated = p.Treated[1:] }, [3]string{"12 regions", "12 regions", "12 regions"}},
		{func(p *Panel) { p.Outcome = nil }, [3]string{"no region", "no region", "no region"}},
	} {
		p := good()
		c.change(&p)
		for i, m := range Methods {
			e := m.Estimate(p)
			assert.Equal(t, c.reason[i] == "", e.Applicable, "%s: %s", m.Name, e.Reason)
			if !e.Applicable {
				assert.Contains(t, e.Reason, "not applicable: ")
				assert.Contains(t, e.Reason, c.reason[i])
				assert.True(t, math.IsNaN(e.Total) && !e.Wins() && !e.Covers(0))
			}
		}
	}
}

func BenchmarkMethods(b *testing.B) {
	p := noisy(rand.New(rand.NewPCG(1, 1)), 24, 110, 8, 78, 84, 0.2)
	for _, m := range Methods {
		b.Run(m.Name, func(b *testing.B) {
			for b.Loop() {
				m.Estimate(p)
			}
		})
	}
}
