package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// toy is a function of independent columns, each of which may hold several
// numbers, with its indices in closed form.
type toy struct {
	columns      []func(r *rand.Rand) []float64
	f            func(x [][]float64) float64
	first, total []float64
	chance       int
}

// study evaluates a toy at the points of a design.
func (c *toy) study(r *rand.Rand, rows int) Sobol {
	d := SobolDesign{Rows: rows, Columns: len(c.columns)}
	values := make([]float64, d.Points())
	var a, b [][]float64
	at := -1
	for i := range values {
		row, take := d.Point(i)
		if row != at {
			at, a, b = row, nil, nil
			for _, draw := range c.columns {
				a, b = append(a, draw(r)), append(b, draw(r))
			}
		}
		x := make([][]float64, len(a))
		for k := range x {
			x[k] = a[k]
			if FromB(take, k) {
				x[k] = b[k]
			}
		}
		values[i] = c.f(x)
	}
	return SobolOf(values, d, c.chance)
}

func normal(r *rand.Rand) []float64 { return []float64{r.NormFloat64()} }

// ishigami is the usual test of sensitivity indices (Ishigami and Homma 1990,
// a = 7, b = 0.1).
func ishigami() toy {
	angle := func(r *rand.Rand) []float64 { return []float64{math.Pi * (2*r.Float64() - 1)} }
	const a, b = 7, 0.1
	p4 := math.Pow(math.Pi, 4)
	one := 0.5 * (1 + b*p4/5) * (1 + b*p4/5)
	two := a * a / 8.
	both := b * b * p4 * p4 * (1./18 - 1./50)
	v := one + two + both
	return toy{
		columns: []func(*rand.Rand) []float64{angle, angle, angle},
		f: func(x [][]float64) float64 {
			s1, s2 := math.Sin(x[0][0]), math.Sin(x[1][0])
			return s1 + a*s2*s2 + b*math.Pow(x[2][0], 4)*s1
		},
		first: []float64{one / v, two / v, 0}, total: []float64{(one + both) / v, two / v, both / v}, chance: -1,
	}
}

// tied is 2 x1 + x2 + 3 x3 where x1 and x2 are correlated by 0.6 and make one
// column, and a column that does nothing.
func tied() toy {
	const rho = 0.6
	pair := func(r *rand.Rand) []float64 {
		a, b := r.NormFloat64(), r.NormFloat64()
		return []float64{a, rho*a + math.Sqrt(1-rho*rho)*b}
	}
	group := 4 + 1 + 2*2*rho
	v := group + 9
	share := []float64{group / v, 9 / v, 0}
	return toy{
		columns: []func(*rand.Rand) []float64{pair, normal, normal},
		f:       func(x [][]float64) float64 { return 100 + 2*x[0][0] + x[0][1] + 3*x[1][0] },
		first:   share, total: share, chance: -1,
	}
}

// chancy is 2 x + 1.5 L + x L: inputs alone 4/7.25, chance alone 2.25/7.25, the rest
// is their mix.
func chancy() toy {
	const v = 4 + 2.25 + 1
	return toy{
		columns: []func(*rand.Rand) []float64{normal, normal},
		f:       func(x [][]float64) float64 { return 2*x[0][0] + 1.5*x[1][0] + x[0][0]*x[1][0] },
		first:   []float64{4 / v, 2.25 / v}, total: []float64{5 / v, 3.25 / v}, chance: 1,
	}
}

func TestSobolIndicesOfKnownFunctions(t *testing.T) {
	for name, c := range map[string]toy{"Ishigami": ishigami(), "tied inputs": tied(), "chance": chancy()} {
		s := c.study(rand.New(rand.NewPCG(3, 9)), 40_000)
		for k := range c.columns {
			require.InDelta(t, c.first[k], s.First[k].Value, 0.02, "%s, first order of %d", name, k)
			require.InDelta(t, c.total[k], s.Total[k].Value, 0.02, "%s, total of %d", name, k)
		}
	}
	c := chancy()
	s := c.study(rand.New(rand.NewPCG(3, 10)), 40_000)
	require.InDelta(t, 4/7.25, s.Others.Value, 0.02)
	require.InDelta(t, 2.25/7.25, s.Alone.Value, 0.02)
	require.InDelta(t, 1/7.25, s.Mix.Value, 0.02)
	require.InDelta(t, 7.25, s.Variance, 0.2)
	require.Equal(t, []int{0, 1}, s.ByTotal())
}

// Over repeated small studies the 95% intervals cover the true index in 90 to
// 98% of them. An index without any error is covered.
func TestSobolIntervalsCover(t *testing.T) {
	const studies, rows = 400, 512
	for name, c := range map[string]toy{"Ishigami": ishigami(), "tied inputs": tied(), "chance": chancy()} {
		r := rand.New(rand.NewPCG(8, 1))
		first, total := make([]int, len(c.columns)), make([]int, len(c.columns))
		var split [3]int
		holds := func(e Estimate, x float64) int {
			if e.Low <= x && x <= e.High {
				return 1
			}
			return 0
		}
		for range studies {
			s := c.study(r, rows)
			for k := range c.columns {
				first[k] += holds(s.First[k], c.first[k])
				total[k] += holds(s.Total[k], c.total[k])
			}
			split[0] += holds(s.Others, 4/7.25)
			split[1] += holds(s.Alone, 2.25/7.25)
			split[2] += holds(s.Mix, 1/7.25)
		}
		check := func(count int, what string, args ...any) {
			share := float64(count) / studies
			require.GreaterOrEqual(t, share, 0.9, append([]any{name + " " + what}, args...)...)
			require.LessOrEqual(t, share, 0.98, append([]any{name + " " + what}, args...)...)
		}
		for k := range c.columns {
			t.Logf("%s %d: first %d, total %d of %d", name, k, first[k], total[k], studies)
			if c.total[k] == 0 { // nothing: exact
				require.Equal(t, studies, first[k])
				require.Equal(t, studies, total[k])
				continue
			}
			check(first[k], "first order")
			check(total[k], "total")
		}
		if c.chance >= 0 {
			t.Logf("split %v", split)
			for _, n := range split {
				check(n, "split")
			}
		}
	}
}

// Rows with a missing value are left out; a number that does not vary has no
// indices.
func TestSobolOfWhatIsMissing(t *testing.T) {
	d := SobolDesign{Rows: 4, Columns: 1}
	s := SobolOf([]float64{1, 2, 2, 3, 1, 1, 5, math.NaN(), 4, 2, 4, 4}, d, 0)
	require.Equal(t, 3, s.Rows)
	require.Equal(t, 1, s.Missing)
	s = SobolOf(make([]float64, 12), d, 0)
	require.True(t, math.IsNaN(s.First[0].Value))
	row, take := d.Point(5)
	require.Equal(t, [2]int{1, 0}, [2]int{row, take})
	require.True(t, FromB(AllFromB, 0) && FromB(0, 0) && !FromB(AllFromA, 0))
}

// Under the same seeds the chance cancels.
func TestSwing(t *testing.T) {
	w := SwingOf([]float64{1, 5, 9, 1, 5, 9}, []float64{0, 4, 8, 0, 4, 8}, []float64{3, 7, 11, 3, 7, 11})
	require.Equal(t, -1.0, w.Low.Value)
	require.Equal(t, 2.0, w.High.Value)
	require.Equal(t, 3.0, w.Swing.Value)
	require.Zero(t, w.Swing.HalfWidth())
}
