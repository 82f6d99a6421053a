package metric

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// What is missing or beyond all numbers in one plan has no difference from the
// other, keeps its reason, and leaves the other plan alone.
func TestNumbersThatAreNone(t *testing.T) {
	columns := []plan.Column{
		{Name: "cost", Unit: "USD", Direction: plan.Less}, {Name: "won", Unit: "customers", Direction: plan.More},
		{Name: "margin", Unit: "USD/month", Direction: plan.More, Signed: true},
		{Name: "cac", Direction: plan.Less, Over: "cost", Under: "won", Missing: "nobody was won"},
		{Name: "payback", Direction: plan.Less, Over: "cost", Under: "margin",
			Missing: "nobody was won", Never: "they never pay back"},
		{Name: "out_of_business", Unit: "chance", Direction: plan.Less, Share: true},
	}
	at := func(setting, column string) panel.Leaf {
		return panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}}
	}
	values := map[panel.Leaf][]float64{}
	for name, of := range map[string][][]float64{
		"good": {{100, 120, 110, 90}, {10, 11, 12, 9}, {50, 60, 55, 45}},
		"bad":  {{100, 120, 110, 90}, {10, 11, 12, 9}, {-50, -60, -55, -45}},
		"none": {{100, 120, 110, 90}, {0, 0, 0, 0}, {0, 0, 0, 0}},
	} {
		for i, column := range []string{"cost", "won", "margin"} {
			values[at(name, column)] = of[i]
		}
		values[at(name, "cac")], values[at(name, "payback")] = make([]float64, 4), make([]float64, 4)
		for i := range 4 {
			values[at(name, "cac")][i] = columns[3].Quotient(of[0][i], of[1][i])
			values[at(name, "payback")][i] = columns[4].Quotient(of[0][i], of[2][i])
		}
		values[at(name, "out_of_business")] = make([]float64, 4)
	}
	p := panel.NewPanel(analysis.Ties{}, values)
	of := func(metric, setting string) panel.Statistic {
		m, err := ParseMetric(metric, columns)
		require.NoError(t, err)
		s, err := m.Of(p, setting)
		require.NoError(t, err)
		return s
	}
	for _, c := range []struct {
		metric, setting string
		value           float64
		reason          string
	}{
		{"cac", "good", 10, ""},
		{"cac", "none", math.NaN(), "nobody was won"},
		{"payback", "good", 2, ""},
		{"payback", "bad", plan.Never, "they never pay back"},
		{"payback", "none", math.NaN(), "nobody was won"},
		{"p50(payback)", "bad", plan.Never, "they never pay back"},
		{"p50(cac)", "none", math.NaN(), "nobody was won"},
		{"P(payback > 24)", "bad", 1, ""},
		{"P(cac > 24)", "none", math.NaN(), "cac has no number in 100% of runs: nobody was won"},
	} {
		e := p.Estimate(of(c.metric, c.setting))
		if math.IsNaN(c.value) {
			assert.True(t, math.IsNaN(e.Value), "%s of %s", c.metric, c.setting)
		} else {
			order := analysis.Order(e, analysis.Estimate{Value: c.value}, plan.Less)
			assert.Zero(t, order, "%s of %s is %v", c.metric, c.setting, e.Value)
		}
		assert.Equal(t, c.reason, e.Reason, "%s of %s", c.metric, c.setting)
		if c.reason != "" {
			d := p.Difference(of(c.metric, "good"), of(c.metric, c.setting))
			assert.True(t, math.IsNaN(d.Value))
			assert.Equal(t, c.reason, d.Reason)
		}
	}
	// Never is worse than any number of what should be low, and better of what
	// should be high; what is missing is behind both.
	never, number, missing := analysis.Estimate{Value: plan.Never}, analysis.Estimate{Value: 7}, analysis.Missing(4, "")
	assert.Positive(t, analysis.Order(never, number, plan.Less))
	assert.Negative(t, analysis.Order(never, number, plan.More))
	for _, way := range []plan.Direction{plan.Less, plan.More} {
		assert.Negative(t, analysis.Order(never, missing, way))
		assert.Positive(t, analysis.Order(missing, number, way))
	}

	// A chance has the interval of pairs, the same in every command.
	ruin := of("out_of_business", "good")
	want := analysis.ChanceChange(values[at("good", "out_of_business")], values[at("bad", "out_of_business")], 1)
	assert.Positive(t, want.High)
	assert.Equal(t, want, p.Difference(ruin, of("out_of_business", "bad")))
	assert.Equal(t, want, p.Difference(p.Mean(at("good", "out_of_business")), p.Mean(at("bad", "out_of_business"))))
	sides := [2][]float64{values[at("good", "out_of_business")], values[at("bad", "out_of_business")]}
	c := analysis.Compare(analysis.Sides{Column: columns[5], Over: sides})
	assert.Equal(t, want, c.Difference)
	e, err := ParseExpression("out_of_business(bad) - out_of_business(good)")
	require.NoError(t, err)
	assert.Equal(t, want, e.Estimate(p))

	// In expressions and their verdicts, too.
	root := quotient{&columns[4], leaf{Leaf: at("bad", "cost")}, leaf{Leaf: at("bad", "margin")}}
	q, err := ParseInequality("x(bad) <= 24")
	require.NoError(t, err)
	q.Left.root, q.diff.root = root, binary{'-', root, number24}
	assert.Equal(t, DoesNotHold, q.Judge(p).Verdict)
	q, err = ParseInequality("x(bad) > 24")
	require.NoError(t, err)
	q.Left.root, q.diff.root = root, binary{'-', root, number24}
	assert.Equal(t, Holds, q.Judge(p).Verdict)
}

const number24 = number(24)
