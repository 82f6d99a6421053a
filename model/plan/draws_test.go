package plan

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// someRows are rows of three keys: the second falls with the first, the third goes alone.
func someRows(n int) (keys []string, rows [][]float64) {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	for range n {
		z := r.NormFloat64()
		rows = append(rows, []float64{math.Exp(0.5 * z), 3 - z + 0.3*r.NormFloat64(), math.Floor(4 * r.Float64())})
	}
	return []string{"channels.b.response", "channels.a.weight", "brand.initial_equity"}, rows
}

// drawsPlan is a plan whose inputs are a table, and one that is drawn by itself.
func drawsPlan(d *Draws) *Plan {
	p := &Plan{Draws: []*Draws{d}}
	for k := range d.Keys {
		p.Inputs = append(p.Inputs, d.Input(k))
	}
	p.Inputs = append(p.Inputs, Input{Name: "finance.opening_cash", Dist: Dist{Kind: "uniform", B: 1, High: 1}})
	return p
}

// The order of rows and columns in the file makes no difference, and every cell does.
func TestATableIsItsKeysAndRows(t *testing.T) {
	keys, rows := someRows(200)
	d := NewDraws("posterior", "p.csv", keys, rows)
	mixed := slices.Clone(rows)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	for i, row := range mixed {
		mixed[i] = []float64{row[2], row[0], row[1]}
	}
	o := NewDraws("posterior", "p.csv", []string{keys[2], keys[0], keys[1]}, mixed)
	require.Equal(t, d.Hash, o.Hash)
	require.Equal(t, d.Values, o.Values)
	require.Equal(t, d.Text(), o.Text())
	for i := range d.Rows() { // rows are told by their place in the file
		require.Equal(t, rows[d.Given(i)][0], d.Values[d.Column(keys[0])][i])
		require.Equal(t, mixed[o.Given(i)][1], o.Values[o.Column(keys[0])][i])
	}
	rows[17][2]++
	require.NotEqual(t, d.Hash, NewDraws("posterior", "p.csv", keys, rows).Hash)
	require.NotEqual(t, d.Hash, NewDraws("posterior", "p.csv", keys, rows[1:]).Hash)
}

// Each row has the chance 1 of the number of rows, and none comes twice in a hypercube that it can be spread over.
func TestEachRowIsAsLikely(t *testing.T) {
	const cubes = 4000
	for _, n := range []int{1, 3, 10, 11, 15, 49, 1000} {
		keys, rows := someRows(n)
		for i := range rows {
			rows[i][1] += float64(10 * i) // tell them apart
		}
		p := drawsPlan(NewDraws("posterior", "p.csv", keys, rows))
		times := map[float64]int{}
		draws := inputsOf(p)
		for c := range cubes {
			var seen []float64
			for r := range Hypercube {
				draws.draw(3, c*Hypercube+r)
				x := draws.values[slices.IndexFunc(p.Inputs, func(in Input) bool { return in.Key == keys[1] })]
				times[x]++
				seen = append(seen, x)
			}
			slices.Sort(seen)
			require.Len(t, slices.Compact(seen), min(n, Hypercube), "%d rows", n)
		}
		require.Len(t, times, n)
		mean := float64(cubes*Hypercube) / float64(n)
		sum := 0.0
		for _, k := range times {
			sum += (float64(k) - mean) * (float64(k) - mean) / mean
		}
		// Rows of a hypercube are spread, so their numbers vary less than independent ones: chi-square is at most that of
		// n - 1 degrees of freedom.
		require.Less(t, sum, float64(n-1)+5*math.Sqrt(2*float64(n)), "%d rows", n)
	}
}

// What is drawn has the means, deviations and correlations of the table.
func TestDrawsHaveTheMomentsOfTheTable(t *testing.T) {
	keys, rows := someRows(300)
	p := drawsPlan(NewDraws("posterior", "p.csv", keys, rows))
	inputs := p.UncertainInputs()
	require.Len(t, inputs, 4)
	const n = 20_000
	drawn := make([][]float64, 4)
	for _, u := range p.InputDraws(9, n) {
		for i := range inputs {
			drawn[i] = append(drawn[i], inputs[i].Dist.Quantile(u[i]))
		}
	}
	table := make([][]float64, 4)
	for i, in := range inputs {
		if k := slices.Index(keys, in.Name); k >= 0 {
			for _, row := range rows {
				table[i] = append(table[i], row[k])
			}
		}
	}
	moments := func(x, y []float64) (mean, sd, corr float64) {
		var mx, my, xx, yy, xy float64
		for i := range x {
			mx, my = mx+x[i]/float64(len(x)), my+y[i]/float64(len(x))
		}
		for i := range x {
			xx, yy, xy = xx+(x[i]-mx)*(x[i]-mx), yy+(y[i]-my)*(y[i]-my), xy+(x[i]-mx)*(y[i]-my)
		}
		return mx, math.Sqrt(xx / float64(len(x))), xy / math.Sqrt(xx*yy)
	}
	for i := range inputs {
		for j := range inputs {
			mean, sd, corr := moments(drawn[i], drawn[j])
			if table[i] == nil || table[j] == nil {
				if i != j {
					require.InDelta(t, 0, corr, 5/math.Sqrt(n), "%s is independent of %s", inputs[i].Name, inputs[j].Name)
				}
				continue
			}
			tm, ts, tc := moments(table[i], table[j])
			require.InDelta(t, tm, mean, 5*ts/math.Sqrt(n))
			require.InDelta(t, ts, sd, 0.05*ts)
			require.InDelta(t, tc, corr, 5/math.Sqrt(n))
		}
	}
	// One row gives all columns, and 0.5 the medoid.
	d := p.Draws[0]
	medoid, best := -1, math.Inf(1)
	for i := range d.Rows() {
		far := 0.0
		for j := range d.Rows() {
			for k := range d.Keys {
				c := centred(d.Values[k])
				far += (c[i] - c[j]) * (c[i] - c[j]) / dot(c, c)
			}
		}
		if far < best-1e-9 {
			medoid, best = i, far
		}
	}
	require.Equal(t, d.Rows()/2, medoid)
	for k := range d.Keys {
		in := d.Input(k)
		require.Equal(t, d.Values[k][medoid], in.Dist.Quantile(0.5))
	}
}

// Rows lie in order of what most of their columns have in common, but for the medoid.
func TestRowsAreInOrder(t *testing.T) {
	keys, rows := someRows(400)
	d := NewDraws("posterior", "p.csv", keys, rows)
	first := d.Values[d.Column(keys[0])]
	r, place := ranksOf(first), make([]float64, len(first))
	for i := range place {
		place[i] = float64(i)
	}
	c, q := centred(r), centred(place)
	require.Greater(t, math.Abs(dot(c, q)/math.Sqrt(dot(c, c)*dot(q, q))), 0.95)
	one := NewDraws("posterior", "p.csv", []string{"brand.initial_equity"}, [][]float64{{2}, {2}, {2}})
	require.Equal(t, [][]float64{{2, 2, 2}}, one.Values)
}

// A table is one factor; its columns are inputs by themselves, on the scale of their ranks.
func TestATableIsOneFactor(t *testing.T) {
	keys, rows := someRows(40)
	d := NewDraws("posterior", "p.csv", keys, rows)
	p := drawsPlan(d)
	p.Correlations = []Correlation{{A: "finance.opening_cash", B: "x", Rho: 0.5}}
	factors := p.Factors()
	require.Len(t, factors, 2)
	require.Equal(t, "draws.posterior", factors[0].Name)
	require.Equal(t, []int{0, 1, 2}, factors[0].Columns)
	require.Equal(t, "finance.opening_cash", factors[1].Name)
	require.Equal(t, [][]int{{0}, {1}}, p.TiedFactors())
	at, ranks := p.FactorDraws(4, 30), p.InputDraws(4, 30)
	draws := inputsOf(p)
	for r := range at {
		draws.give(at[r])
		draws.draw(4, 0)
		for k, in := range p.UncertainInputs()[:3] {
			require.Equal(t, draws.values[k], in.Dist.Quantile(ranks[r][k]), in.Name)
		}
		require.Equal(t, at[r][1], ranks[r][3])
	}
	narrow := d.Within(map[string][2]float64{keys[0]: {0.5, 1}})
	require.Equal(t, 20, narrow.Rows())
	require.Greater(t, slices.Min(narrow.Values[narrow.Column(keys[0])]),
		slices.Sorted(slices.Values(d.Values[d.Column(keys[0])]))[19])
	require.Nil(t, d.Within(map[string][2]float64{keys[0]: {1.5, 2}}))
}

// A number that goes with the rows of a table is drawn with them: a column of the table as that column is, and a
// number that falls with it the other way round.
func TestNumbersAlongATable(t *testing.T) {
	keys, rows := someRows(333)
	d := NewDraws("posterior", "p.csv", keys, rows)
	p := drawsPlan(d)
	of := d.Column("channels.b.response")
	falling := make([]float64, d.Rows())
	for i, x := range d.Values[of] {
		falling[i] = -x
	}
	const n = 3 * Hypercube
	along, inputs := p.AlongDraws("posterior", [][]float64{d.Values[of], falling}, 5, n), p.InputDraws(5, n)
	at := slices.IndexFunc(p.UncertainInputs(), func(in Input) bool { return in.Name == "channels.b.response" })
	for r := range n {
		require.Equal(t, inputs[r][at], along[r][0])
		require.InDelta(t, 1, along[r][0]+along[r][1], 1e-12)
	}
}
