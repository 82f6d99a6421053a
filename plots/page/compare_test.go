package page

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/sim/analysis"
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
		plan, err := loaded("metro", append(sets, "run.weeks=6")...)
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
		do     string
	}{
		"more": {"won", 30, plain, more, "half is better than the plan: 50.0 more customers won in 6 weeks (± 0.3), +5.0%.",
			"Take half."},
		"all fail": {"won", 30, func(m panel.Measure, i int) float64 {
			if m.Column == "out_of_business" {
				return 1
			}
			return plain(m, i)
		}, more, "The company goes out of business in all 30 runs of every plan. half is better than the plan: 50.0 more " +
			"customers won in 6 weeks (± 0.3), +5.0%.", "Mend that first: none of these plans keeps the company in business."},
		"identical": {"won", 30, plain, none, "No difference: half and the plan are identical in customers won in every run.",
			"Choose for other reasons."},
		"too close": {"won", 30, plain, straddle, "Too close to call: no difference in customers won between half and the plan is seen in " +
			"6 weeks (0 ± 15, −1.5% to +1.5% of the plan).", "Choose for other reasons, or run more: replications = 2000."},
		"losses": {"lifetime_margin", 30, level(-500), more, "half is better than the plan: $50.00 more customer lifetime margin in 6 " +
			"weeks (± $0.31).", "Take half, which loses less; it still loses money."},
		"nothing": {"lifetime_margin", 30, level(0), more, "half is better than the plan: $50.00 more customer lifetime margin in 6 " +
			"weeks (± $0.31).", "Take half."},
		"missing": {"cac", 30, level(math.NaN()), none, "Not applicable: no difference can be told, since fully loaded CAC of half is " +
			"not known (nobody was won) and fully loaded CAC of the plan is not known (nobody was won).",
			"Choose by another outcome, which has a number here."},
		"all ruined": {"out_of_business", 30, func(panel.Measure, int) float64 { return 1 }, none,
			"No difference: half and the plan are identical in the chance to go out of business in every run.", "Choose for other reasons."},
		"one run": {"won", 1, plain, more, "Too close to call: one run gives no margin of error; use at least 2 (2,000 " +
			"recommended).", "Choose for other reasons, or run more: replications = 2000."},
		"two, alike": {"won", 2, plain, none, "Too close to call: half and the plan have the same customers won in each run, and these " +
			"are too few to say that they always do (an interval needs 6 runs).",
			"Choose for other reasons, or run more: replications = 2000."},
		"less is bad": {"won", 30, plain, func(m panel.Measure, i int) float64 { return -more(m, i) },
			"half is worse than the plan: 50 fewer customers won in 6 weeks (± 0.3), −5.0%.", "Keep the plan."},
		"no way is better": {"journeys", 30, plain, more, "half against the plan: 50.0 more buyers in the market in 6 weeks (± 0.3), +5.0%.",
			"Choose by another outcome: neither way of buyers in the market is better."},
		"the business loses": {"lifetime_margin", 30, plain, func(m panel.Measure, i int) float64 {
			if m.Column == panel.BusinessValue {
				return -more(m, i)
			}
			return more(m, i)
		}, "half is better than the plan: $50.00 more customer lifetime margin in 6 weeks (± $0.31), +5.0%.", "Do not decide by " +
			"customer lifetime margin alone: business value, which counts the whole business, says otherwise."},
		"riskier": {"won", 30, plain, func(m panel.Measure, i int) float64 {
			if m.Column == "out_of_business" {
				return 1
			}
			return more(m, i)
		}, "half is better than the plan: 50.0 more customers won in 6 weeks (± 0.3), +5.0%; it goes out of business in 100% of " +
			"runs, the plan in 0%.", "Take half only if a higher chance to go out of business is acceptable."},
	} {
		d := compared(t, c.metric, c.n, c.base, c.change)
		assert.Equal(t, []string{c.want, c.do}, d.Sentences[:2], name)
	}
	d := compared(t, "won", 30, plain, more)
	assert.Equal(t, []string{"30 pairs are few for quantiles and dominance; replications = 200 would do"}, d.Warnings)
	assert.Equal(t, "tradeoff", d.Pictures[1].Name)
	bars := d.Pictures[0].Data.(picture.Bars)
	for i := range bars.Labels[1:] {
		one, _ := bars.Largest(i)
		next, _ := bars.Largest(i + 1)
		assert.GreaterOrEqual(t, math.Abs(one), math.Abs(next), "the order that the title says")
	}
	assert.Contains(t, bars.Finding, bars.Labels[0]+" differs most")
}

// several lays out three plans and more, of which each wins as many more customers as is said.
func several(t *testing.T, replications int, change map[string]float64, names ...string) *Document {
	t.Helper()
	a := compare.Ask{Metric: "lifetime_margin", Pairs: replications}
	for _, name := range append([]string{"plan"}, names...) {
		plan, err := loaded("metro", "run.weeks=6")
		require.NoError(t, err)
		a.Plans = append(a.Plans, compare.Plan{Setting: decide.Setting{Name: name, Plan: plan}, Changes: []string{"x=" + name}})
	}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(replications, func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "out_of_business" {
			return 0
		}
		x, ok := change[l.Setting]
		if ok && x != 0 {
			x += float64((i*len(l.Setting))%5) - 2
		}
		return 1000 + x + float64(i%7)
	}))
	require.NoError(t, err)
	d := Compare(answer, cure)
	sound(t, d)
	return d
}

// An outcome whose change is no share of one plan is not drawn, and the picture says so.
func TestThePictureSaysWhatItLeavesOut(t *testing.T) {
	note := func(inputs int, last float64) string {
		of := func(won float64) []compare.Outcome {
			at := func(x float64) analysis.Estimate { return analysis.Estimate{Value: x, Low: x, High: x, N: 30} }
			return []compare.Outcome{{Name: "leads", Relative: at(0.5)}, {Name: "won", Relative: at(won)},
				{Name: "cac", Relative: at(math.NaN())}}
		}
		x := comparePage{Answer: &compare.Answer{Plans: []string{"plan", "a", "b"}, Inputs: inputs,
			Against: []compare.Against{{Plan: "a", Outcomes: of(0.2)}, {Plan: "b", Outcomes: of(last)}}}}
		bars := x.pictures()[0].Data.(picture.Bars)
		assert.Equal(t, math.IsNaN(last), len(bars.Labels) == 1)
		return bars.Note
	}
	assert.Equal(t, "without customers won (some plan has no relative difference)", note(0, math.NaN()))
	assert.Equal(t, "inputs uncertain, without customers won (some plan has no relative difference)", note(2, math.NaN()))
	assert.Empty(t, note(0, 0.3), "what no plan has is not missed")
}

// Plans are ranked, each held against each, and pairs that are too close to call are named.
func TestCompareSeveralPlans(t *testing.T) {
	d := several(t, 210, map[string]float64{"two sellers": 90, "no radio": -40, "low radio": -40.01}, "two sellers",
		"no radio", "low radio")
	assert.Equal(t, []string{"The best of 4 plans is two sellers: $1,093 ± $1 of customer lifetime margin in 6 weeks. Too close " +
		"to call: no radio and low radio.", "Take two sellers."}, d.Sentences[:2])
	alike := several(t, 210, map[string]float64{"b": 90}, "a", "b")
	assert.Contains(t, alike.Sentences[0], "The best of 3 plans is b: ")
	assert.Contains(t, alike.Sentences[0], " in 6 weeks. No difference: the plan and a.")
	assert.Equal(t, []string{"No difference: 3 plans have the same customer lifetime margin in every run.",
		"Choose for other reasons."}, several(t, 210, nil, "a", "b").Sentences[:2])
	assert.Equal(t, "ranking", d.Sheets[0].Name)
	assert.Equal(t, []string{"two sellers", "plan", "no radio", "low radio"}, []string{d.Sheets[0].Rows[0][1].Text,
		d.Sheets[0].Rows[1][1].Text, d.Sheets[0].Rows[2][1].Text, d.Sheets[0].Rows[3][1].Text})
	assert.Equal(t, "each-against-each", d.Sheets[1].Name)
	assert.Equal(t, "$90.00 ± $0.19", d.Sheets[1].Rows[0][1].Text)
	assert.Equal(t, []string{"x=two sellers"}, d.Next[0].Changes)
	d = several(t, 210, map[string]float64{"a": -40, "b": -90}, "a", "b")
	assert.Equal(t, "Keep the plan.", d.Sentences[1])
	d = several(t, 210, map[string]float64{"a": 40, "bb": 40.01}, "a", "bb")
	assert.Regexp(t, "^Too close to call between the best of 3 plans: (a and bb|bb and a), at about .1,043", d.Sentences[0])
	assert.Regexp(t, "^Choose between (a and bb|bb and a) for other reasons, or run more.", d.Sentences[1])
	d = several(t, 210, map[string]float64{"a": 1e-9, "bb": -1e-9}, "a", "bb")
	assert.Regexp(t, `^Too close to call: none of 3 plans is seen to be better in customer lifetime margin than another \(.* and `+
		`.*; .* and .*; .* and .*\)\.$`, d.Sentences[0])
	d = several(t, 1, map[string]float64{"a": 40}, "a", "b")
	assert.Equal(t, "Too close to call: one run gives no margin of error; use at least 2 (2,000 recommended).", d.Sentences[0])
}

// A plan that moves a price is judged by the whole business and with its chance to fail; far moves are only to be tested.
func TestCompareAPrice(t *testing.T) {
	of := func(change string) *Document {
		a := compare.Ask{Pairs: 210}
		for _, x := range [][]string{{"plan", "run.weeks=6"}, {"dear", change}} {
			plan, err := loaded("metro", "run.weeks=6", x[1])
			require.NoError(t, err)
			a.Plans = append(a.Plans, compare.Plan{Setting: decide.Setting{Name: x[0], Plan: plan}})
		}
		design, err := a.Design()
		require.NoError(t, err)
		answer, err := a.Answer(design.Panel(210, func(l panel.Leaf, i int) float64 {
			switch {
			case l.Measure.Column == "out_of_business":
				return float64(i % 2)
			case l.Setting == "dear":
				return 1500
			}
			return 1000 + float64(i%7)
		}))
		require.NoError(t, err)
		d := Compare(answer, cure)
		sound(t, d)
		return d
	}
	d := of("products.*.price*=4")
	assert.Regexp(t, `^dear is better than the plan: \$497.* more business value in 6 weeks .*; both go out of business in 50% of runs.$`,
		d.Sentences[0])
	x := comparePage{Answer: &compare.Answer{MovesPrice: true, Outcome: "business_value", Plans: []string{"plan", "dear"}}}
	never := []compare.Outcome{{Name: "out_of_business", A: analysis.Estimate{N: 9}, B: analysis.Estimate{N: 9}}}
	assert.Equal(t, "; neither goes out of business in any run", x.ruin(&compare.Against{Outcomes: never}))
	assert.Equal(t, "Test dear on a small move first: its price goes further than the record of what customers do covers.",
		d.Sentences[1])
	assert.Equal(t, "Take dear.", of("products.*.price*=1.2").Sentences[1])
	assert.Contains(t, of("media.*.weekly_budget*=2").Sentences[0], "more customer lifetime margin in 6 weeks")
}

// With uncertain inputs compare takes draws, and refuses a number of replications.
func TestMoreOfUncertainInputsAreDraws(t *testing.T) {
	x := comparePage{Answer: &compare.Answer{Inputs: 4}, cure: cure}
	assert.Equal(t, "draws = 250", x.more())
	x.Inputs = 0
	assert.Equal(t, "replications = 2000", x.more())
}

// Plans that are level with the best in every run are not told apart by more runs.
func TestCompareWithATwinOfTheBest(t *testing.T) {
	d := several(t, 210, map[string]float64{"no radio": -40}, "no radio", "twin")
	assert.Regexp(t, "^The best of 3 plans are the plan and twin, which are the same in every run: .* in 6 weeks.$", d.Sentences[0])
	assert.Equal(t, "Choose between the plan and twin for other reasons.", d.Sentences[1])
}

// A plan without a name is said in words, at the head of a sentence with a capital letter; one that has a name keeps it.
func TestPlansAreCalledAlike(t *testing.T) {
	b := &compare.Against{Plan: "media.*.weekly_budget*=0.5", Verdict: decide.Verdict{Kind: decide.Yes}}
	x := comparePage{&compare.Answer{Plans: []string{"plan", b.Plan}}, cure}
	assert.Equal(t, "Half the weekly budget of all media is better than the plan:", x.better(b))
	b.Plan = "half"
	assert.Equal(t, "half is better than the plan:", x.better(b))
	assert.Equal(t, []string{"The plan", "half", "No price of rivals"}, []string{aPlan("plan"), aPlan("half"), aPlan("rivals.price*=0")})
}

// The picture of differences has what every plan has a part of its base of, and is drawn of that.
func TestThePictureHasWhatAllPlansHave(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15, N: 60}
	none := analysis.Missing(60, "")
	of := func(plan string, won, cash analysis.Estimate) compare.Against {
		return compare.Against{Plan: plan, Outcomes: []compare.Outcome{{Name: "won", Unit: "customers", Relative: won},
			{Name: "cash_trough", Unit: "USD", Relative: cash}}}
	}
	x := comparePage{&compare.Answer{Plans: []string{"plan", "a", "b"}, Against: []compare.Against{of("a", e, e), of("b", e, none)}}, cure}
	pictures := x.pictures()
	require.Len(t, pictures, 1)
	assert.Equal(t, []string{"Customers won"}, pictures[0].Data.(picture.Bars).Labels)
}

// That runs are few is said once of an answer.
func TestFewRunsAreSaidOnce(t *testing.T) {
	d := pauses(t, 30, func(panel.Measure) float64 { return 100 }, func(panel.Measure) float64 { return -1 })
	assert.Equal(t, 1, strings.Count(printed(d), " are few "), printed(d))
	assert.NotContains(t, printed(d), "Not enough runs")
}
