package page

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
	"windfall/sim/panel"
)

// valued lays out what a panel says in which plan B is better than A by a number of the
// probability of the uncertain response in a draw.
func valued(t *testing.T, metric string, base float64, better func(u float64) float64) *Document {
	t.Helper()
	const draws = 300
	a := value.Ask{Metric: metric, Draws: draws, Seeds: 1}
	for name, into := range map[string]*value.Plan{"plan": &a.A, "twice": &a.B} {
		sets := []string{"run.weeks=8", `channels.paid-search.response="0.1 to 0.2"`}
		if name == "twice" {
			sets = append(sets, "channels.*.weekly_budget*=2")
		}
		p, err := loaded("town", sets...)
		require.NoError(t, err)
		into.Setting = decide.Setting{Name: name, Plan: p}
	}
	prepared, err := model.Prepare(a.A.Plan)
	require.NoError(t, err)
	at := prepared.Plan().InputDraws(uint64(a.A.Plan.Run.Seed), draws)
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(draws, func(l panel.Leaf, i int) float64 {
		x := base
		if l.Setting == "twice" {
			x += better(at[i][0])
		}
		if l.Measure.Column == decide.Ruin && x != 1 {
			return 0
		}
		return x
	}))
	require.NoError(t, err)
	d := ValueOf(answer, cure)
	sound(t, d)
	return d
}

func TestValueOfAnyNumbers(t *testing.T) {
	turns := func(u float64) float64 {
		if u > 0.5 {
			return 100
		}
		return -120
	}
	d := valued(t, "lifetime_margin", 1000, turns)
	assert.Regexp(t, `^Measure response of paid-search first: to know it is worth \$[\d.]+ \(\$[\d.]+ to \$[\d.]+\) and changes the `+
		`decision in [\d.]+% \([\d.]+% to [\d.]+%\) of cases\.$`, d.Sentences[0])
	assert.Regexp(t, `^On current knowledge, the plan and twice are too close to call: they differ by .* of customer lifetime margin\. Take `+
		`twice if response of paid-search turns out above 1[45](\.\d+)?% \(1[\d.]+% to 1[\d.]+%\)\.$`, d.Sentences[1])
	assert.Equal(t, "95% intervals from 300 draws of 1 seed over 8 weeks, with 1 uncertain input drawn from its stated range.", d.Sentences[2])
	assert.Equal(t, "worth", d.Pictures[0].Name)
	assert.Equal(t, "channels.paid-search.response", d.Sheets[0].Rows[1][0].Text)
	assert.True(t, strings.HasPrefix(d.Sheets[0].Rows[1][3].Text, "above 1"))
	assert.Equal(t, "300 draws of 1 seed, both plans", d.Size)

	assert.Equal(t, "A is the plan, B is twice (95% intervals).", d.Sheets[0].Notes[0])

	worth := func(x float64) func(float64) float64 { return func(float64) float64 { return x } }
	for _, base := range []float64{1000, 0} {
		same := valued(t, "won", base, worth(0))
		assert.Equal(t, []string{"Nothing is worth measuring: to know every uncertain input is not seen to be worth " +
			"anything; it would change the decision in 0% (0% to 1.3%) of cases.", "On current knowledge, the plan and twice are too close to call: they " +
			"differ by 0 customers won."}, same.Sentences[:2])
		assert.Equal(t, "nowhere", same.Sheets[0].Rows[1][3].Text)
		assert.Empty(t, same.Pictures, "one bar of nothing shows nothing")
	}
	assert.Equal(t, "On current knowledge, take twice: it beats the plan by $30 (the same in every run) of cash at the end.",
		valued(t, "cash_end", -5000, worth(30)).Sentences[1])
	assert.Equal(t, "On current knowledge, keep the plan: it beats twice by $30 (the same in every run) of cash at the end.",
		valued(t, "cash_end", -5000, worth(-30)).Sentences[1])
	assert.Contains(t, valued(t, "P(out_of_business)", 1, worth(0)).Sentences[0], "is not seen to be worth anything; it would change")
	missing := valued(t, "won", math.NaN(), worth(0))
	assert.Equal(t, "Not applicable: nothing can be valued, since won has no value with both plans in the same draw.",
		missing.Sentences[0])
	assert.Equal(t, []string{"customers won has no number in 300 draws of 300, which are left out"}, missing.Warnings)
	assert.Empty(t, missing.Pictures)
}

// A plan that multiplies a key is said in words, where they say all of it.
func TestPlansAreSaid(t *testing.T) {
	for name, want := range map[string]string{
		"plan":                                   "the plan",
		"calm":                                   "calm",
		"media.*.weekly_budget*=0.5":             "half the weekly budget of all media",
		"channels.paid-search.weekly_budget*=2":  "twice the weekly budget of paid-search",
		"products.*.price*=1.2":                  "1.2 times the price of all products",
		"rivals.price*=0":                        "no price of rivals",
		"channels.paid-*.weekly_budget*=2":       "channels.paid-*.weekly_budget*=2",
		"channels.paid-search.weekly_budget=200": "channels.paid-search.weekly_budget=200",
		"media.*.weekly_budget*=0.5..1":          "media.*.weekly_budget*=0.5..1",
	} {
		assert.Equal(t, want, thePlan(name))
	}
}

// What is said of inputs that may be worth as much, or of all together.
func TestValueOfSeveralInputs(t *testing.T) {
	d := valued(t, "won", 10, func(float64) float64 { return 0 })
	text, err := json.Marshal(d.Data([]string{"few"}))
	require.NoError(t, err)
	assert.Regexp(t, `^{"warnings":\["few"\],"answer":"[^"]+","what_to_do":"[^"]+","how_sure":"[^"]+","scenario":"town",`+
		`"a":"plan","b":"twice","metric":"won","unit":"customers","draws":300,"seeds_per_draw":1,"draws_left_out":0,`+
		`"seed":1,"weeks":8,`, string(text))
	a := &value.Answer{A: "plan", B: "twice", Metric: "won", Unit: "customers", Draws: 60, SeedsPerDraw: 2, Weeks: 8,
		Column:  plan.Column{Name: "won", Unit: "customers"},
		Verdict: decide.Verdict{Kind: decide.Yes}, Inputs: []value.Knowledge{{Input: "one"}, {Input: "two"}}}
	a.Difference.Value, a.Difference.Low, a.Difference.High, a.Difference.N = 3, 1, 5, 60
	a.Rival = &a.Inputs[1]
	assert.Contains(t, ValueOf(a, cure).Sentences[0], "Too close to call against two.")
	a.Together = true
	assert.Contains(t, ValueOf(a, cure).Sentences[0], "Measure several inputs together: no single one changes the decision")
	a.Warnings = []decide.Warning{decide.FewRuns{Has: 60, Enough: 500, Of: "draw", For: "to learn from", Part: "draws"}}
	assert.Equal(t, []string{"60 draws are few to learn from; draws = 500 would do"}, ValueOf(a, cure).Warnings)
}

// Intervals without a bar are no picture: a page would show lines that end at $239 beside $0.
func TestNothingThatIsWorthAnythingIsNoPicture(t *testing.T) {
	none := analysis.Estimate{High: 239}
	a := &value.Answer{All: none, Inputs: []value.Knowledge{{Input: "a", Value: none}, {Input: "b", Value: none}}}
	assert.Empty(t, valuePage{Answer: a}.pictures())
	a.All.Value = 100
	assert.Len(t, valuePage{Answer: a}.pictures(), 1)
	s := valuePage{Answer: a}.sheet()
	assert.Equal(t, "95% interval", s.Columns[4].Name, "of the value at which B takes over")
	kept, _ := s.Kept(func(name string) string { return name })
	assert.Equal(t, "between", kept[len(kept)-1].Name, "as programs know it")
}
