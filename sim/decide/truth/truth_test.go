package truth_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/decide/truth"
	"windfall/sim/panel"
)

func town(t *testing.T, sets ...string) *plan.Plan {
	t.Helper()
	p, err := scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=26"}, sets...)...))
	require.NoError(t, err)
	return p
}

// run follows a question to its end on real runs, and gives the panels too.
func run(t *testing.T, a truth.Ask) (*truth.Answer, []*panel.Panel) {
	t.Helper()
	c, err := a.Course()
	require.NoError(t, err)
	var panels, all []*panel.Panel
	for {
		round, err := c.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			return c.Answer(), all
		}
		panels, err = answer.InMemory(context.Background(), 2, round...)
		require.NoError(t, err)
		all = append(all, panels...)
	}
}

// given answers on made-up numbers.
func given(t *testing.T, a truth.Ask, of func(l panel.Leaf, r int) float64) *truth.Answer {
	t.Helper()
	c, err := a.Course()
	require.NoError(t, err)
	var panels []*panel.Panel
	for {
		round, err := c.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			return c.Answer()
		}
		panels = nil
		for _, p := range round {
			panels = append(panels, p.Panel(p.Replications, of))
		}
	}
}

// Firms by their label add up to the customers of both worlds in every replication, so that their difference is the
// paired difference of the outcome to the customer. A channel without effect brings exactly nothing.
func TestLabelsAddUpToThePairedDifference(t *testing.T) {
	p := town(t, "channels.direct-mail.response=0", "channels.direct-mail.weight=0")
	a, panels := run(t, truth.Ask{Plan: p, Without: []string{"direct-mail", "branded-search", "paid-search", "brand"},
		Pause: 4, Pairs: true, Replications: 6})
	of := func(world string, m panel.Measure, r int) float64 {
		return panels[0].Values(panel.Leaf{Setting: world, Measure: m})[r]
	}
	moved := 0.0
	for _, world := range []string{"without direct-mail", "without branded-search", "without paid-search", "without brand",
		"without direct-mail and branded-search", "without paid-search and brand", "pause"} {
		for r := range 6 {
			won := panel.Measure{Column: "won"}
			count := map[panel.Label]float64{}
			for _, l := range panel.Labels {
				count[l] = of(world, panel.Measure{Column: "won", Against: "plan", Label: l}, r)
				if l != panel.Alike {
					moved += count[l]
				}
			}
			both := count[panel.Alike] + count[panel.Later] + count[panel.Sooner] + count[panel.OtherChannel]
			require.Equal(t, of("plan", won, r), both+count[panel.OnlyWith], "%s, run %d", world, r)
			require.Equal(t, of(world, won, r), both+count[panel.OnlyWithout], "%s, run %d", world, r)
		}
	}
	require.Greater(t, moved, 20.0)
	none := a.World("direct-mail")
	require.True(t, none.Nothing)
	require.Zero(t, none.Won.Value)
	require.Zero(t, none.Won.Error)
	for _, l := range none.Firms {
		if l.Label == panel.Alike {
			require.Equal(t, a.Won.Value, l.Firms.Value)
			continue
		}
		require.Zero(t, l.Firms.Value, l.Label)
	}
	require.False(t, a.World("brand").Nothing)
	require.Empty(t, a.Budgets, "the truth of some channels with a budget was not asked for")
}

// What rules credit adds up to the customers that were touched: all of them.
func TestRulesDealOutTheCustomersOfTheRuns(t *testing.T) {
	a, _ := run(t, truth.Ask{Plan: town(t), Replications: 4})
	require.Len(t, a.Rules, len(analysis.Attributions))
	for _, r := range a.Rules {
		sum := 0.0
		for _, c := range r.Credits {
			sum += c.Customers.Value
		}
		assert.InDelta(t, a.Won.Value, sum, 1e-9, r.Rule)
		assert.Equal(t, 28, r.Pairs, "of eight channels")
		assert.LessOrEqual(t, math.Abs(float64(r.Ranks)), 1.0)
	}
	require.Len(t, a.Budgets, 1+len(a.Rules))
	require.Equal(t, "the truth", a.Budgets[0].Rule)
	require.Zero(t, a.Budgets[0].AgainstTruth.Value)
	for _, b := range a.Budgets {
		sum := 0.0
		for _, s := range b.Shares {
			sum += s.Part
		}
		assert.InDelta(t, 1, sum, 1e-9, "the same budget in all")
	}
}

// without says whether a world lacks something.
func without(world, name string) bool {
	return slices.Contains(strings.Split(strings.TrimPrefix(world, "without "), " and "), name)
}

// With one glove on the left and two on the right the Shapley values are 4/6, 1/6 and 1/6; two that do the same
// overlap by what each brings; what adds by itself has its own number.
func TestPairsAndShapleyValuesOfKnownGames(t *testing.T) {
	of := func(l panel.Leaf, r int) float64 {
		left, one, two := !without(l.Setting, "facebook"), !without(l.Setting, "partners"), !without(l.Setting, "direct-mail")
		switch {
		case l.Measure.Column != "won" || l.Measure.Rule != "" || l.Measure.Against != "":
			return 1
		case left && (one || two):
			return 70 + float64(r%2)
		}
		return 10 + float64(r%2)
	}
	a := given(t, truth.Ask{Plan: town(t), Without: []string{"facebook", "partners", "direct-mail"}, Pairs: true,
		Shapley: true, Replications: 10}, of)
	require.True(t, a.Exact)
	require.Equal(t, 8, a.Plans)
	want := map[string]float64{"facebook": 40, "partners": 10, "direct-mail": 10}
	for _, v := range a.Shapley {
		assert.InDelta(t, want[v.Name], v.Won.Value, 1e-9, v.Name)
		assert.Zero(t, v.Sampling)
	}
	require.Len(t, a.Pairs, 3)
	for _, p := range a.Pairs {
		assert.InDelta(t, 60, p.Won.Value, 1e-9)
		if p.A == "facebook" {
			assert.InDelta(t, 0, p.Overlap.Value, 1e-9, "the other glove is there, so only the left one is missed")
		} else {
			assert.InDelta(t, 60, p.Overlap.Value, 1e-9, "each does what the other does")
		}
	}
}

// Beyond eight the orders are drawn: what adds by itself has no sampling error, what is shared has one that holds.
func TestSampledShapleyValues(t *testing.T) {
	p := town(t)
	names := append(p.Dimension("channel"), "brand")
	require.Greater(t, len(names), truth.MostExact)
	of := func(l panel.Leaf, r int) float64 {
		if l.Measure.Column != "won" || l.Measure.Rule != "" || l.Measure.Against != "" {
			return 1
		}
		won := 5 + float64(r%3)
		if !without(l.Setting, "partners") {
			won += 7
		}
		if !without(l.Setting, "brand") || !without(l.Setting, "facebook") {
			won += 12
		}
		return won
	}
	a := given(t, truth.Ask{Plan: p, Shapley: true, Replications: 12}, of)
	require.False(t, a.Exact)
	sum := 0.0
	for _, v := range a.Shapley {
		sum += v.Won.Value
		switch v.Name {
		case "partners":
			assert.InDelta(t, 7, v.Won.Value, 1e-9)
			assert.InDelta(t, 0, v.Sampling, 1e-9)
		case "brand", "facebook":
			assert.Positive(t, v.Sampling)
			assert.InDelta(t, 6, v.Won.Value, 4*v.Sampling)
			assert.GreaterOrEqual(t, v.Won.Error, v.Sampling)
			assert.Less(t, v.Won.Low, 6.0)
			assert.Greater(t, v.Won.High, 6.0)
		default:
			assert.InDelta(t, 0, v.Won.Value, 1e-9, v.Name)
		}
	}
	assert.InDelta(t, 19, sum, 1e-9)
}

// What cannot be asked is refused with the part that is wrong.
func TestWhatIsRefused(t *testing.T) {
	for part, ask := range map[string]truth.Ask{
		"without": {Without: []string{"facebok"}},
		"pause":   {Pause: 40},
		"from":    {Pause: 4, From: 1},
	} {
		ask.Plan = town(t)
		_, err := ask.Course()
		var problem *decide.Problem
		require.ErrorAs(t, err, &problem, part)
		require.Equal(t, part, problem.Part)
	}
	for _, names := range [][]string{{"facebook"}, {"brand", "radio"}} {
		_, err := truth.Ask{Plan: town(t), Without: names, Pairs: true}.Course()
		require.Error(t, err)
	}
}
