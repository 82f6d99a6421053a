package sim_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/sim/analysis"
	"windfall/sim/search"
)

// market is a toy in which levers have Hill responses that add up, less what they
// cost. In each replication the responses are multiplied by chance of mean 1, some
// of it shared by all levers.
type market struct{ most, half, cost []float64 }

var toy = market{[]float64{9, 6, 4}, []float64{0.8, 0.5, 1}, []float64{2, 1, 1.5}}

// The spread of what chance multiplies responses by, and of what it adds to a plan.
const (
	ownChance, sharedChance, addedChance = 0.3, 0.4, 0.1
)

// value is the worth of a plan; chance nil: on average.
func (m *market) value(x, chance []float64) (sum float64) {
	for i := range x {
		response := m.most[i] * x[i] / (x[i] + m.half[i])
		if chance != nil {
			response *= chance[i]
		}
		sum += response - m.cost[i]*x[i]
	}
	return sum
}

func (m *market) spend(x []float64) (sum float64) {
	for i := range x {
		sum += m.cost[i] * x[i]
	}
	return sum
}

// seeds draws replications: what multiplies each lever.
func (m *market) seeds(r *rand.Rand, n int) (out [][]float64) {
	for range n {
		shared := sharedChance * r.NormFloat64()
		chance := make([]float64, len(m.most))
		for i := range chance {
			chance[i] = math.Exp(shared + ownChance*r.NormFloat64() - (sharedChance*sharedChance+ownChance*ownChance)/2)
		}
		out = append(out, chance)
	}
	return out
}

// uncertainChances are those of uncertain inputs: what the levers have of chance of their
// own are inputs in Latin hypercubes.
func (m *market) uncertainChances(r *rand.Rand, n int) (out [][]float64) {
	seed := r.Uint64()
	cube := make([]float64, plan.Hypercube)
	for k := range n {
		chance := make([]float64, len(m.most))
		shared := sharedChance * r.NormFloat64()
		for i := range chance {
			rng.Hypercube(seed, k/plan.Hypercube, uint64(i), plan.Hypercube, cube)
			chance[i] = math.Exp(shared + ownChance*rng.NormalQuantile(cube[k%plan.Hypercube]) - (sharedChance*sharedChance+ownChance*ownChance)/2)
		}
		out = append(out, chance)
	}
	return out
}

// sample runs a plan on replications.
func (m *market) sample(r *rand.Rand, x []float64, seeds [][]float64) *analysis.Sample {
	values := make([]float64, len(seeds))
	for k := range values {
		values[k] = m.value(x, seeds[k]) + addedChance*r.NormFloat64()
	}
	return &analysis.Sample{Columns: []plan.Column{{Name: "margin", Unit: "USD", Direction: plan.More}}, N: len(values), Outcome: func(int) ([]float64, error) { return values, nil }}
}

// foundPlan is what a search found, as optimise runs it: tried on some
// replications, chosen on others, and judged on others again.
type foundPlan struct {
	r           *rand.Rand
	space       *search.Space
	x           []float64
	mean, worst *search.Objective
	held        func(*rand.Rand) [][]float64 // replications on which levers are moved
	ties        analysis.Ties
}

// uncertain moves the levers of the same plan on so many draws of uncertain inputs.
func (f *foundPlan) uncertain(draws int) *foundPlan {
	f.held = func(r *rand.Rand) [][]float64 { return toy.uncertainChances(r, draws) }
	f.ties = analysis.Ties{Cube: plan.Hypercube}
	return f
}

func searched(r *rand.Rand) *foundPlan {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	f := &foundPlan{r: r, held: func(r *rand.Rand) [][]float64 { return toy.seeds(r, 60) }, space: &search.Space{Spend: toy.spend, Budget: toy.spend([]float64{1, 1, 1})}}
	for i, c := range toy.cost {
		f.space.Levers = append(f.space.Levers, search.Lever{Name: string(rune('a' + i)), High: 3, Spend: c})
	}
	columns := toy.sample(r, []float64{1, 1, 1}, nil).Columns
	var err error
	f.mean, err = search.NewObjective("margin", "", columns)
	must(err)
	f.worst, err = search.NewObjective("margin", "cvar:20%", columns)
	must(err)
	tried := toy.seeds(r, 20)
	race := search.Race{Objective: f.mean, Replications: len(tried), Judged: 60, Run: func(trials ...search.Trial) (out []*analysis.Sample, err error) {
		for _, try := range trials {
			out = append(out, toy.sample(r, try.X, tried[:try.Replications]))
		}
		return out, nil
	}}
	looking := search.Search{Space: f.space, Start: [][]float64{{1, 1, 1}}, Evaluations: 30, Seed: r.Uint64(), Evaluate: race.Score}
	points, err := looking.Run()
	must(err)
	short := search.Shortlist(points, 6, false)
	again := toy.seeds(r, 80)
	var samples []*analysis.Sample
	for _, p := range short {
		samples = append(samples, toy.sample(r, p.X, again))
	}
	chosen, err := race.Choose(samples)
	must(err)
	f.x = short[chosen].X
	return f
}

// gain is that over the plan on the hold-out, and what it is in truth.
func (f *foundPlan) gain(o *search.Objective) (analysis.Estimate, float64) {
	plan, pairs := []float64{1, 1, 1}, 60
	truth := toy.value(f.x, nil) - toy.value(plan, nil)
	if o.Worst > 0 {
		pairs = 400
		truth = meanOfWorst(f.x, o.Worst) - worstOfPlan(o.Worst)
	}
	held := toy.seeds(f.r, pairs)
	e, err := o.Difference(toy.sample(f.r, plan, held), toy.sample(f.r, f.x, held))
	if err != nil {
		panic(err)
	}
	return e, truth
}

// meanOfWorst is the mean of the worst replications of a plan, from a fixed sample
// that is a hundred times larger than that of a study.
func meanOfWorst(x []float64, share float64) float64 {
	values := make([]float64, len(many.seeds))
	for k, chance := range many.seeds {
		values[k] = toy.value(x, chance) + many.added[k]
	}
	n := int(share * float64(len(values)))
	lowestFirst(values, n)
	var sum float64
	for _, v := range values[:n] {
		sum += v
	}
	return sum / float64(n)
}

// lowestFirst puts the n lowest numbers of a list into its first places.
func lowestFirst(list []float64, n int) {
	for len(list) > 1 {
		pivot, k := list[len(list)/2], 0
		list[len(list)/2], list[0] = list[0], pivot
		for i, x := range list[1:] {
			if x < pivot {
				k++
				list[k], list[i+1] = x, list[k]
			}
		}
		list[0], list[k] = list[k], pivot
		switch {
		case k > n:
			list = list[:k]
		case k < n:
			list, n = list[k+1:], n-k-1
		default:
			return
		}
	}
}

func TestLowestFirst(t *testing.T) {
	for n := range 100 {
		var list []float64
		for _, x := range many.added[:100] {
			list = append(list, math.Round(20*x)) // many are equal
		}
		sorted := slices.Sorted(slices.Values(list))
		lowestFirst(list, n)
		slices.Sort(list[:n])
		require.Equal(t, sorted[:n], list[:n])
	}
}

// worstOfPlan is that of the plan as it is.
var worstOfPlan = func() func(share float64) float64 {
	known := map[float64]float64{}
	return func(share float64) float64 {
		x, ok := known[share]
		if !ok {
			x = meanOfWorst([]float64{1, 1, 1}, share)
			known[share] = x
		}
		return x
	}
}()

// many is that sample.
var many = func() (m struct {
	seeds [][]float64
	added []float64
}) {
	r := rand.New(rand.NewPCG(1, 23))
	m.seeds = toy.seeds(r, 40_000)
	for range m.seeds {
		m.added = append(m.added, addedChance*r.NormFloat64())
	}
	return m
}()

// marginals moves each lever by a tenth, on other replications than those that
// chose; and what a dollar brings in truth.
func (f *foundPlan) marginals() (list []search.Marginal, moves []search.Move, truth []float64) {
	held := f.held(f.r)
	for i := range f.space.Levers {
		low, high, usd := f.space.Around(i, f.x)
		side := func(x []float64) *analysis.Sample {
			s := toy.sample(f.r, x, held)
			s.Ties = f.ties
			return s
		}
		move := search.Move{Low: side(low), High: side(high), USD: usd}
		e, err := f.mean.PerDollar([]search.Move{move}, []float64{1})
		if err != nil {
			panic(err)
		}
		list, moves = append(list, search.Marginal{Lever: f.space.Levers[i].Name, Dollar: e, USD: usd}), append(moves, move)
		truth = append(truth, (toy.value(high, nil)-toy.value(low, nil))/usd)
	}
	return list, moves, truth
}

// common is the value of a dollar that the levers share, and what it is in truth.
func (f *foundPlan) common() (e analysis.Estimate, is float64) {
	list, moves, truth := f.marginals()
	e, err := search.Common(list, f.space, f.x, false, func(weights []float64) (analysis.Estimate, error) {
		for i, w := range weights {
			is += w * truth[i]
		}
		return f.mean.PerDollar(moves, weights)
	})
	if err != nil {
		panic(err)
	}
	return e, is
}
