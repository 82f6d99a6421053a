package analysis

import (
	"math"
	"math/rand/v2"

	"windfall/model/plan"
)

// columns are a few outcomes of the kinds that there are.
var columns = []plan.Column{
	{Name: "live_customers", Unit: "customers", Direction: plan.More},
	{Name: "won", Unit: "customers", Direction: plan.More},
	{Name: "acquisition_cost", Unit: "USD", Direction: plan.Less},
	{Name: "cac", Unit: "USD", Direction: plan.Less, Over: "acquisition_cost", Under: "won", Missing: "nobody was won"},
	{Name: "cash_end", Unit: "USD", Direction: plan.More, Signed: true},
	{Name: "out_of_business", Unit: "chance", Direction: plan.Less, Share: true},
	{Name: "week_of_ruin", Unit: "week", Direction: plan.More, Never: "the vendor stays in business"},
	{Name: "capped_touches", Unit: "share", Over: "capped", Under: "judged_touches", Missing: "nobody was touched", Share: true},
	{Name: "spend_share", Unit: "share of revenue"},
	{Name: "leaving", Unit: "share per month", Rate: true},
	{Name: "capped", Unit: "touches"},
	{Name: "judged_touches", Unit: "touches"},
	{Name: "lowest_dormant_share", Unit: "share"},
}

// sampleOf makes a sample of named outcomes; those not named are 0.
func sampleOf(n int, t Ties, values map[string][]float64) *Sample {
	return &Sample{Columns: columns, N: n, Ties: t, Outcome: func(i int) ([]float64, error) {
		if x := values[columns[i].Name]; x != nil {
			return x, nil
		}
		return make([]float64, n), nil
	}}
}

// random gives n draws.
func random(n int, draw func() float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = draw()
	}
	return out
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// hypercube gives n uniforms in Latin hypercubes of size members.
func hypercube(r *rand.Rand, n, size int) []float64 {
	out := make([]float64, 0, n)
	for len(out) < n {
		for _, i := range r.Perm(size) {
			out = append(out, (float64(i)+r.Float64())/float64(size))
		}
	}
	return out[:n]
}

var nan = math.NaN()

// tenReplications: customers 1,000 to 10,000, ruin in the first two.
func tenReplications() *Sample {
	v := map[string][]float64{
		"out_of_business": {1, 1, 0, 0, 0, 0, 0, 0, 0, 0},
		"week_of_ruin":    {10, 60, never, never, never, never, never, never, never, never},
	}
	for i := range 10 {
		v["live_customers"] = append(v["live_customers"], float64(1000*(i+1)))
		v["won"] = append(v["won"], float64(i))
		v["acquisition_cost"] = append(v["acquisition_cost"], 4500)
		v["cac"] = append(v["cac"], 4500/float64(i))
		v["cash_end"] = append(v["cash_end"], float64(i)*1e6)
	}
	v["cac"][0] = nan
	return sampleOf(10, Ties{}, v)
}

var never = plan.Never
