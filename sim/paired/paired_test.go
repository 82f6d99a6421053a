package paired

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
)

func leafOf(setting, column string) Leaf { return Leaf{setting, Measure{Column: column}} }

// An expression is worked out on the means of its measures, by the usual order
// of operations.
func TestExpressionsAreArithmeticOverMeans(t *testing.T) {
	p := NewPanel(analysis.Ties{}, map[Leaf][]float64{
		leafOf("a", "won"):    {2, 4, 6},
		leafOf("b x2", "won"): {1, math.NaN(), 3},
		{"a", Measure{Column: "signups.own-one", From: 2, To: 2}}:              {2, 3, 4},
		{"a", Measure{Column: "leads", From: 3, To: 4}}:                        {10, 20, 30},
		{"a", Measure{Column: "leads", Dimension: "channel", Name: "own-one"}}: {7, 7, 7},
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

// One chance of one setting has Wilson's interval, and where nobody of ten is
// ruined it is not taken for certain that nobody can be. Differences, ratios and
// replications in blocks have the jackknife's.
func TestChancesHaveWilsonsInterval(t *testing.T) {
	ruin, week := leafOf("a", "out_of_business"), Leaf{"a", Measure{Column: "out_of_business", From: 8, To: 8}}
	none, some := make([]float64, 10), []float64{1, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	p := NewPanel(analysis.Ties{}, map[Leaf][]float64{ruin: none, week: some, leafOf("b", "out_of_business"): some})
	estimate := func(text string, p *Panel) analysis.Estimate {
		e, err := ParseExpression(text)
		require.NoError(t, err)
		return e.Estimate(p)
	}
	require.Equal(t, analysis.Chance(0, 10), estimate("out_of_business(a)", p))
	require.Equal(t, analysis.Chance(2, 10), estimate("(out_of_business(a, week 8))", p))
	require.NotEqual(t, analysis.Chance(2, 10), estimate("out_of_business(b) - out_of_business(a)", p))
	blocks := NewPanel(analysis.Ties{Lucks: 5}, map[Leaf][]float64{ruin: some})
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
		x := e.Estimate(NewPanel(analysis.Ties{}, map[Leaf][]float64{leafOf("a", "won"): a, leafOf("b", "won"): b}))
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
	p := NewPanel(analysis.Ties{}, map[Leaf][]float64{leafOf("a", "won"): a, leafOf("b", "won"): a})
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

// Pairs of one draw of the inputs are never taken as independent, not even where few
// hypercubes leave too little to tell an error by.
func TestGroupsOfNestedDesigns(t *testing.T) {
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=1", "opening.plan=self", "opening.burn_in_weeks=0", `channels.display.response="0.1 to 0.8"`))
	require.NoError(t, err)
	run := func(replications, lucks int) int {
		d := Design{Settings: []Setting{{Name: "plan", Plan: plan}}, Measures: []Leaf{leafOf("plan", "leads")}, Seed: 5, Replications: replications, Lucks: lucks}
		p, err := Run(context.Background(), d)
		require.NoError(t, err)
		return p.Ties.Group(replications)
	}
	require.Equal(t, 20, run(400, 2))
	require.Equal(t, 2, run(60, 2))
	require.Equal(t, 10, run(200, 0))
	require.Equal(t, 1, run(60, 0))
}

// Settings are run with the same random numbers on any number of workers, and
// ratios of totals are those of the run.
func TestRunPairsSettings(t *testing.T) {
	load := func(sets ...string) *model.Plan {
		p, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=6")...))
		require.NoError(t, err)
		return p
	}
	settings := []Setting{{Name: "plan", Plan: load()}, {Name: "more", Plan: load("media.radio.weekly_budget*=3")}}
	e, err := ParseExpression("cac(more) - cac(plan) + signups(more, week 1) - signups(plan, week 1) + leads(more, channel paid-search)*0")
	require.NoError(t, err)
	require.NoError(t, Resolve(settings, e))
	var last *Panel
	for _, workers := range []int{1, 3} {
		calls := 0
		p, err := Run(context.Background(), Design{Settings: settings, Measures: e.Leaves(), Seed: 4, Replications: 5, Workers: workers, Progress: func(done, total int) {
			calls++
			require.Equal(t, calls, done)
			require.Equal(t, 10, total)
		}})
		require.NoError(t, err)
		require.Equal(t, 10, calls)
		if last != nil {
			require.Equal(t, last, p)
		}
		last = p
	}
	engine, err := sim.Prepare(settings[0].Plan)
	require.NoError(t, err)
	rec := engine.Schema.NewRecord()
	engine.NewState().Replicate(4, 3, rec)
	for i, c := range engine.Schema.Outcomes {
		if c.Name == "won" {
			require.Equal(t, rec.Outcomes[i], last.Values(leafOf("plan", "won"))[3])
		}
	}
	x := e.Estimate(last)
	require.False(t, math.IsNaN(x.Value))
	require.Positive(t, x.Error)
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

// Raised hands by the path of their touches are parts of the leads.
func TestRaisedHandsAreCountedByTheirPath(t *testing.T) {
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=6"))
	require.NoError(t, err)
	settings := []Setting{{Name: "plan", Plan: plan}}
	value := func(text string) float64 {
		e, err := ParseExpression(text)
		require.NoError(t, err)
		require.NoError(t, Resolve(settings, e))
		p, err := Run(context.Background(), Design{Settings: settings, Measures: e.Leaves(), Seed: 4, Replications: 2})
		require.NoError(t, err)
		return e.Estimate(p).Value
	}
	require.Zero(t, value("leads(plan) - leads(plan, path touches 1..)"))
	require.Zero(t, value("leads(plan) - leads(plan, path channels 1) - leads(plan, path channels 2..3) - leads(plan, path channels 4..)"))
	require.Zero(t, value("leads(plan, weeks 2..3) - leads(plan, path touches 1.., weeks 2..3)"))
	unpaid, single := value("leads(plan, path unpaid)"), value("leads(plan, path unpaid, touches 1)")
	require.Greater(t, single, 0.0)
	require.Greater(t, unpaid, single)
	require.Less(t, unpaid, value("leads(plan, channel inbound) + leads(plan, channel referrals)"))
	early := value("leads(plan, path within 3 weeks) / leads(plan)")
	require.Greater(t, early, 0.1)
	require.Less(t, early, 0.9)
	require.Equal(t, "leads, path touches 2.., unpaid, within 1.5 weeks, weeks 3..4", func() string {
		e, err := ParseExpression("leads(plan, path unpaid, touches 2.., within 1.5 weeks, weeks 3..4)")
		require.NoError(t, err)
		return e.Leaves()[0].Measure.String()
	}())
	_, err = ParseExpression("crossing(1, 2, 3, 4)")
	require.ErrorContains(t, err, "two pairs")
	_, err = ParseExpression("leads(plan, path touched)")
	require.ErrorContains(t, err, "is no path of touches")
	e, err := ParseExpression("won(plan, path unpaid)")
	require.NoError(t, err)
	require.ErrorContains(t, Resolve(settings, e), "counted for leads")
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
		values := map[Leaf][]float64{}
		for _, l := range q.Leaves() {
			values[l] = []float64{1, 2, 3}
		}
		if len(values) > 0 {
			q.Judge(NewPanel(analysis.Ties{}, values))
		}
	})
}

// A design that gives the inputs runs at them: with the draws of the replications
// themselves it gives what the replications give.
func TestGivenInputs(t *testing.T) {
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=2", "opening.plan=self", "opening.burn_in_weeks=1", "channels.paid-search.response=\"0.1 to 0.8\"", "channels.display.response=\"0.1 to 0.8\""))
	require.NoError(t, err)
	prepared, err := model.Prepare(plan)
	require.NoError(t, err)
	draws := prepared.Draws(5, 6)
	won := leafOf("plan", "leads")
	d := Design{Settings: []Setting{{Name: "plan", Plan: plan}}, Measures: []Leaf{won}, Seed: 5, Replications: 6}
	drawn, err := Run(context.Background(), d)
	require.NoError(t, err)
	d.At = func(i int, u []float64) int {
		copy(u, draws[i])
		return i
	}
	given, err := Run(context.Background(), d)
	require.NoError(t, err)
	require.Equal(t, drawn.Values(won), given.Values(won))
	d.At = func(i int, u []float64) int {
		copy(u, draws[0])
		return 2
	}
	same, err := Run(context.Background(), d)
	require.NoError(t, err)
	require.Equal(t, same.Values(won)[0], same.Values(won)[5])
	require.Zero(t, same.Ties.Cube, "given points are no hypercubes")
}

// A number that is the same in every replication has no error, and none of the
// noise of its sums.
func TestWhatIsSureIsExact(t *testing.T) {
	dear, cheap := make([]float64, 7), make([]float64, 7)
	for i := range dear {
		cheap[i] = 1e6 * math.Sqrt(float64(i+2))
		dear[i] = cheap[i] - 0.1
	}
	p := NewPanel(analysis.Ties{}, map[Leaf][]float64{leafOf("a", "won"): dear, leafOf("b", "won"): cheap})
	less := func(v []float64) float64 { return (v[0] - v[1]) / 0.1 }
	e := p.Combine(less, p.Mean(leafOf("a", "won")), p.Mean(leafOf("b", "won")))
	require.InDelta(t, -1, e.Value, 1e-6)
	e = p.Combine(func(v []float64) float64 { return math.Round(less(v)) * (1 + 1e-15) }, p.Mean(leafOf("a", "won")), p.Mean(leafOf("b", "won")))
	require.Equal(t, []float64{-1, 0, -1, -1}, []float64{e.Value, e.Error, e.Low, e.High})
}

// What rounding leaves of two settings with the same numbers is no difference.
func TestADifferenceOfRoundingIsNone(t *testing.T) {
	p := &Panel{Replications: 6}
	a := meanOf([]float64{1e6, 2e6, 3e6, 4e6, 5e6, 6e6})
	b := meanOf([]float64{1e6, 2e6, 3e6 + 1e-9, 4e6, 5e6, 6e6})
	require.Equal(t, analysis.Estimate{N: 6}, p.Difference(a, b))
	e := p.Difference(a, meanOf([]float64{1e6 + 2, 2e6 + 3, 3e6 + 2, 4e6 + 1, 5e6 + 2, 6e6 + 2}))
	require.InDelta(t, 2, e.Value, 1e-9)
	require.Positive(t, e.Error)
}
