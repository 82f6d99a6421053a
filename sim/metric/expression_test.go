package metric

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

func leafOf(setting, column string) panel.Leaf {
	return panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}}
}

// An expression is worked out on the means of its measures, by the usual order
// of operations.
func TestExpressionsAreArithmeticOverMeans(t *testing.T) {
	p := panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{
		leafOf("a", "won"):    {2, 4, 6},
		leafOf("b x2", "won"): {1, math.NaN(), 3},
		{Setting: "a", Measure: panel.Measure{Column: "signups.own-one", From: 2, To: 2}}:              {2, 3, 4},
		{Setting: "a", Measure: panel.Measure{Column: "leads", From: 3, To: 4}}:                        {10, 20, 30},
		{Setting: "a", Measure: panel.Measure{Column: "leads", Dimension: "channel", Name: "own-one"}}: {7, 7, 7},
	})
	for text, want := range map[string]float64{
		"won(a)":                                     4,
		"signups.own-one(a, week 2)-won(a)":          -1,
		"won(a) - won(b x2) * 3":                     -2,
		"-won(a) / (won(b x2) + 2)":                  -1,
		"1 - 50%":                                    0.5,
		"2k - 1.5M/1000":                             500,
		"leads(a, weeks 3..4) / won( a )":            5,
		"leads(a, channel own-one)":                  7,
		"max(won(a), won(b x2), 3)":                  4,
		"min(won(a), 3) + abs(-2)":                   5,
		"log(won(a) / 4)":                            0,
		"crossing(0, 1, 5, 2, 0)":                    2,
		"crossing(0, 1, -5, 2, 0)":                   2,
		"crossing(3, 10, 1, 20, won(a), 30, 2)":      10 + 10*2./3,
		"crossing(3, 10, 4, 20, 3.5, 30, won(b x2))": 20 + 10*.5/1.5,
	} {
		e, err := ParseExpression(text)
		require.NoError(t, err, text)
		require.InDelta(t, want, e.Estimate(p).Value, 1e-12, text)
	}
}

// One chance of one setting has Wilson's interval, and where nobody of ten is
// ruined it is not taken for certain that nobody can be. Differences, ratios and
// replications in blocks have the jackknife's.
func TestChancesHaveWilsonsInterval(t *testing.T) {
	ruin := leafOf("a", "out_of_business")
	week := panel.Leaf{Setting: "a", Measure: panel.Measure{Column: "out_of_business", From: 8, To: 8}}
	none, some := make([]float64, 10), []float64{1, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	p := panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{
		ruin: none, week: some, leafOf("b", "out_of_business"): some,
	})
	estimate := func(text string, p *panel.Panel) analysis.Estimate {
		e, err := ParseExpression(text)
		require.NoError(t, err)
		return e.Estimate(p)
	}
	require.Equal(t, analysis.Chance(0, 10), estimate("out_of_business(a)", p))
	require.Equal(t, analysis.Chance(2, 10), estimate("(out_of_business(a, week 8))", p))
	require.NotEqual(t, analysis.Chance(2, 10), estimate("out_of_business(b) - out_of_business(a)", p))
	blocks := panel.NewPanel(analysis.Ties{SeedsPerDraw: 5}, map[panel.Leaf][]float64{ruin: some})
	require.NotEqual(t, analysis.Chance(2, 10), estimate("out_of_business(a)", blocks))

	for text, want := range map[string]Verdict{
		"out_of_business(a) < 10%":                    Undecided,
		"out_of_business(a) < 60%":                    Holds,
		"out_of_business(a) > 60%":                    DoesNotHold,
		"out_of_business(a) <= out_of_business(a)":    Holds,
		"out_of_business(a, week 8) < 90%":            Holds,
		"out_of_business(b) - out_of_business(a) > 0": Undecided,
	} {
		q, err := ParseInequality(text)
		require.NoError(t, err)
		require.Equal(t, want, q.Judge(p).Verdict, text)
	}
}

// The 95% interval of a paired ratio covers the truth in 95% of studies, and
// pairing cancels what the settings share.
func TestIntervalsOfPairedRatiosCover(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	e, err := ParseExpression("won(b) / won(a) - 1")
	require.NoError(t, err)
	covered, studies := 0, 2000
	for range studies {
		a, b := make([]float64, 40), make([]float64, 40)
		for i := range a {
			shared := r.NormFloat64()
			a[i] = 100 + 10*shared + r.NormFloat64()
			b[i] = 90 + 9*shared + r.NormFloat64()
		}
		both := map[panel.Leaf][]float64{leafOf("a", "won"): a, leafOf("b", "won"): b}
		x := e.Estimate(panel.NewPanel(analysis.Ties{}, both))
		require.Less(t, x.Error, 0.004) // unpaired: 0.02
		if x.Low <= -0.1 && -0.1 <= x.High {
			covered++
		}
	}
	require.InDelta(t, 0.95, float64(covered)/float64(studies), 4*math.Sqrt(0.95*0.05/float64(studies)))
}

// An inequality holds where its one-sided 99.9% bound clears, and the same the
// other way round.
func TestInequalitiesAreJudgedByTheirBound(t *testing.T) {
	const n = 400
	a := make([]float64, n)
	for i := range a {
		a[i] = 10 + math.Mod(float64(i)*0.7390851, 1) // mean 10.5, standard error 0.0144
	}
	p := panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{leafOf("a", "won"): a, leafOf("b", "won"): a})
	for text, want := range map[string]Verdict{
		"won(a) > 10.4":           Holds,
		"won(a) > 10.48":          Undecided,
		"won(a) > 10.6":           DoesNotHold,
		"won(a) < 10.6":           Holds,
		"won(a) < 10.4":           DoesNotHold,
		"won(a) - won(b) < 0":     DoesNotHold,
		"won(a) - won(b) <= 0":    Holds,
		"won(a) >= won(b)":        Holds,
		"won(a) > won(b)":         DoesNotHold,
		"won(a)/0 - won(a)/0 > 0": Undecided,
	} {
		q, err := ParseInequality(text)
		require.NoError(t, err)
		require.Equal(t, want, q.Judge(p).Verdict, text)
	}
}

func TestUnknownNamesAreNamed(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=6"))
	require.NoError(t, err)
	for text, want := range map[string]string{
		"won(plam)":                   `"won(plam)", column 5: there is no setting "plam"; did you mean "plan"?`,
		"wom(plan)":                   `"wom(plan)", column 1: wom is no outcome; did you mean "won"?`,
		"signups(plan, week 7)":       `"signups(plan, week 7)", column 1: weeks 7..7 are not in the run of 6 weeks`,
		"leads(plan, region nowhere)": `column 1: there is no region nowhere; known: ` + p.Population.Regions[0].Name,
	} {
		e, err := ParseExpression(text)
		require.NoError(t, err)
		err = Resolve([]Setting{{Name: "plan", Plan: p}}, e)
		require.Error(t, err, text)
		require.Contains(t, err.Error(), want, text)
	}
}
