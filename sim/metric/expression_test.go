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
		"crossing(3, 10, 1, 20, won(a), 30, 2)":      10 + 10*2./3,
		"crossing(3, 10, 4, 20, 3.5, 30, won(b x2))": 20 + 10*.5/1.5,
	} {
		e, err := ParseExpression(text)
		require.NoError(t, err, text)
		require.InDelta(t, want, e.Estimate(p).Value, 1e-12, text)
	}
}

func TestChancesHaveWilsonsInterval(t *testing.T) {
	ruin, week := leafOf("a", "out_of_business"), panel.Leaf{Setting: "a", Measure: panel.Measure{Column: "out_of_business", From: 8, To: 8}}
	none, some := make([]float64, 10), []float64{1, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	p := panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{ruin: none, week: some, leafOf("b", "out_of_business"): some})
	estimate := func(text string, p *panel.Panel) analysis.Estimate {
		e, err := ParseExpression(text)
		require.NoError(t, err)
		return e.Estimate(p)
	}
	require.Equal(t, analysis.Chance(0, 10), estimate("out_of_business(a)", p))
	require.Equal(t, analysis.Chance(2, 10), estimate("(out_of_business(a, week 8))", p))
	require.NotEqual(t, analysis.Chance(2, 10), estimate("out_of_business(b) - out_of_business(a)", p))
	blocks := panel.NewPanel(analysis.Ties{Lucks: 5}, map[panel.Leaf][]float64{ruin: some})
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

func TestWhatIsNoExpressionIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                   `"", column 1: a number or a column was expected`,
		"won":                `"won", column 4: won needs a setting in parentheses, as in won(plan)`,
		"won(a":              `"won(a", column 5: a ) was expected`,
		"won(a) won(b)":      `"won(a) won(b)", column 8: an operator or the end was expected`,
		"(won(a) + 1":        `"(won(a) + 1", column 12: a ) was expected`,
		"won()":              `"won()", column 5: won needs a setting, as in won(plan)`,
		"won(a, weeks 4..3)": `"won(a, weeks 4..3)", column 5: "weeks 4..3" is no place: week N, weeks N..M, or a slice such as channel paid-search`,
		"won(a, weekly)":     `"won(a, weekly)", column 5: "weekly" is no place: week N, weeks N..M, or a slice such as channel paid-search`,
		"abs(1, 2)":          `"abs(1, 2)", column 10: abs takes one number`,
		"1..2":               `"1..2", column 1: "1..2" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
	} {
		_, err := ParseExpression(text)
		require.EqualError(t, err, want, text)
	}
	_, err := ParseInequality("won(a) = 3")
	require.EqualError(t, err, `"won(a) = 3" has no <, <=, > or >=`)
}

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
		x := e.Estimate(panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{leafOf("a", "won"): a, leafOf("b", "won"): b}))
		require.Less(t, x.Error, 0.004) // unpaired: 0.02
		if x.Low <= -0.1 && -0.1 <= x.High {
			covered++
		}
	}
	require.InDelta(t, 0.95, float64(covered)/float64(studies), 4*math.Sqrt(0.95*0.05/float64(studies)))
}

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
		"won(plam)":                   `"won(plam)": there is no setting "plam"; did you mean plan?`,
		"wom(plan)":                   `"wom(plan)": wom is no outcome; did you mean won?`,
		"signups(plan, week 7)":       `"signups(plan, week 7)": weeks 7..7 are not in the run of 6 weeks`,
		"leads(plan, region nowhere)": `"leads(plan, region nowhere)": there is no region nowhere; known: ` + p.Population.Regions[0].Name,
	} {
		e, err := ParseExpression(text)
		require.NoError(t, err)
		err = Resolve([]Setting{{Name: "plan", Plan: p}}, e)
		require.Error(t, err, text)
		require.Contains(t, err.Error(), want, text)
	}
}

func FuzzInequality(f *testing.F) {
	f.Add("signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1 < -12%")
	f.Add("max(won(a), -3k) >= log(abs(leads(b x2, channel own-name)))")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseInequality(text)
		if err != nil {
			return
		}
		q.Leaves()
		values := map[panel.Leaf][]float64{}
		for _, l := range q.Leaves() {
			values[l] = []float64{1, 2, 3}
		}
		if len(values) > 0 {
			q.Judge(panel.NewPanel(analysis.Ties{}, values))
		}
	})
}
