package page

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
	"windfall/sim/panel"
)

// compared lays out what a panel says in which the numbers of the plan are base, and
// those of another base and change.
func compared(t *testing.T, metric string, replications int, base,
	change func(m panel.Measure, i int) float64) *Document {
	t.Helper()
	of := func(name string, sets ...string) compare.Plan {
		plan, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=6")...))
		require.NoError(t, err)
		return compare.Plan{Setting: decide.Setting{Name: name, Plan: plan}, Changes: sets}
	}
	a := compare.Ask{Plans: []compare.Plan{of("plan"), of("half", "channels.*.weekly_budget*=0.5")}, Metric: metric,
		Pairs: replications}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(replications, func(l panel.Leaf, i int) float64 {
		if l.Setting == "half" {
			return base(l.Measure, i) + change(l.Measure, i)
		}
		return base(l.Measure, i)
	}))
	require.NoError(t, err)
	d := Compare(answer, cure)
	sound(t, d)
	return d
}

func TestCompareOfAnyNumbers(t *testing.T) {
	plain := func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 0
		}
		return 1000 + float64(i%7)
	}
	level := func(x float64) func(panel.Measure, int) float64 {
		return func(m panel.Measure, i int) float64 {
			if m.Column == "out_of_business" {
				return 0
			}
			return x
		}
	}
	none := func(panel.Measure, int) float64 { return 0 }
	more := func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 0
		}
		return 49 + float64(i%3)
	}
	straddle := func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 0
		}
		return 40 * float64(i%2*2-1)
	}
	for name, c := range map[string]struct {
		metric string
		n      int
		base   func(panel.Measure, int) float64
		change func(panel.Measure, int) float64
		want   string
	}{
		"more": {"won", 30, plain, more, "half wins 50.00 more customers than plan in 6 weeks, +5.0% (+5.0% to " +
			"+5.0%), 30 pairs."},
		"identical": {"won", 30, plain, none, "half and plan are identical in won: every difference is exactly 0 (30 " +
			"pairs)."},
		"too close": {"won", 30, plain, straddle, "No difference in won between half and plan seen in 6 weeks at n = " +
			"30 (95% interval −1.5% to +1.5% of plan's mean); about 130 pairs would show 1% with 80% power."},
		"losses": {"lifetime_margin", 30, level(-500), more, "half has $50.00 more lifetime_margin than plan in 6 " +
			"weeks (± $0.31), 30 pairs."},
		"nothing": {"lifetime_margin", 30, level(0), more, "half has $50.00 more lifetime_margin than plan in 6 " +
			"weeks (± $0.31), 30 pairs."},
		"missing": {"cac", 30, level(math.NaN()), none, "No difference can be told: cac of half is not known (nobody " +
			"was won), cac of plan is not known (nobody was won) (30 pairs)."},
		"all ruined": {"out_of_business", 30, func(panel.Measure, int) float64 { return 1 }, none,
			"half and plan are identical in out_of_business: every difference is exactly 0 (30 pairs)."},
		"one run": {"won", 1, plain, more, "One pair says nothing of how sure a difference is: two at least are " +
			"needed, and replications = 2,000 would do."},
		"two, alike": {"won", 2, plain, none, "half and plan have the same won in each of 2 pairs: too few to say that " +
			"they always do (an interval needs 6 runs)."},
		"less is bad": {"won", 30, plain, func(m panel.Measure, i int) float64 { return -more(m, i) },
			"half wins 50 fewer customers than plan in 6 weeks, −5.0% (−5.0% to −5.0%), 30 pairs."},
	} {
		d := compared(t, c.metric, c.n, c.base, c.change)
		assert.Equal(t, []string{c.want}, d.Sentences, name)
	}
	d := compared(t, "won", 30, plain, more)
	assert.Equal(t, []string{"30 pairs are few for quantiles and dominance; replications = 200 would do"}, d.Warnings)
	assert.Equal(t, "tradeoff", d.Pictures[0].Name)
	assert.Equal(t, "bars", d.Pictures[1].Kind())
}
