package metric

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/panel"
)

// marks is a reader of forms for the tests: keys are 3, lists have two names, and one
// expression has a name.
var marks = &Names{
	Let: map[string]string{
		"half-life": "key(teams.web.speed_half_life_hours)",
		"firms":     "key(population.firms)",
		"again":     "{firms} * 2",
		"in-market": "sum(sizes: key(population.sizes.{each}.share) * 2)",
		"loop":      "{pool} + 1", "pool": "1 + {loop}",
		"open": "(1 + 2", "two": "1, 2",
	},
	List: func(list []string) ([]string, error) {
		if len(list) > 1 {
			return list, nil
		}
		if list[0] == "none" {
			return nil, nil
		}
		return map[string][]string{
			"channels": {"email", "own-name"}, "budget channels": {"display"}, "sizes": {"1-4", "5-9"},
		}[list[0]], nil
	},
	Key: func(key string) (float64, error) {
		if strings.HasPrefix(key, "gone") {
			return 0, errors.New("there is no such key")
		}
		return 3, nil
	},
}

// said writes what was understood of an expression.
func said(n node) string {
	switch x := n.(type) {
	case number:
		return plan.FormatNumber(float64(x))
	case leaf:
		return "[" + x.Setting + ": " + x.Measure.String() + "]"
	case binary:
		return "(" + said(x.a) + string(x.op) + said(x.b) + ")"
	case call:
		var args []string
		for _, a := range x.args {
			args = append(args, said(a))
		}
		return x.name + "(" + strings.Join(args, " ") + ")"
	}
	return "?"
}

// formulas are every form that lessons, shipped studies and docs/studies.md use, and what it
// stands for.
var formulas = map[string]string{
	"won(plan)":                                   "[plan: won]",
	" won ( plan ) ":                              "[plan: won]",
	"won(churn 1.7 deal 0.5)":                     "[churn 1.7 deal 0.5: won]",
	"won(x0.5, weeks 1..26)":                      "[x0.5: won, weeks 1..26]",
	"cash(3-weeks, week 41)":                      "[3-weeks: cash, week 41]",
	"won(plan, weeks 3 .. 4)":                     "[plan: won, weeks 3..4]",
	"ltv(field-sales, size 100-249)":              "[field-sales: ltv, size 100-249]",
	"sales(meter, team web) / won(meter)":         "([meter: sales, team web]/[meter: won])",
	"signups.web-2(plan) - 2":                     "([plan: signups.web-2]-2)",
	"load.a+b-(plan)+signups.r2-d2+(plan)*-1":     "([plan: load.a+b-]+([plan: signups.r2-d2+]*(0-1)))",
	"signups.own-name(1-week, weeks 40..41)":      "[1-week: signups.own-name, weeks 40..41]",
	"load.field(plan, weeks 1..104) / 104":        "([plan: load.field, weeks 1..104]/104)",
	"won(a)-won(b)":                               "([a: won]-[b: won])",
	"signups.own(a)-won(b)":                       "([a: signups.own]-[b: won])",
	"1 - 50%":                                     "(1-0.5)",
	"2k - 1.5M/1_000":                             "(2000-(1500000/1000))",
	"10% - out_of_business(x1)":                   "(0.1-[x1: out_of_business])",
	"- -3 * (1 + 2)":                              "((0-(0-3))*(1+2))",
	"1e3 + 2E-1":                                  "(1000+0.2)",
	".5 + 5.":                                     "(0.5+5)",
	"leads(plan, path unpaid)":                    "[plan: leads, path unpaid]",
	"leads(plan, path touches 4..)":               "[plan: leads, path touches 4..]",
	"leads(plan, path channels 2..3, weeks 5)":    "[plan: leads, path channels 2..3, weeks 5]",
	"leads(p, path within 1.5 weeks, unpaid)":     "[p: leads, path unpaid, within 1.5 weeks]",
	"leads(p, path within 3, touches 1)":          "[p: leads, path touches 1, within 3 weeks]",
	"leads(p, path unpaid, week 7)":               "[p: leads, path unpaid, weeks 7]",
	"max(won(a), won(b x2), 3)":                   "max([a: won] [b x2: won] 3)",
	"abs(-2) + log(won(a))":                       "(abs((0-2))+log([a: won]))",
	"crossing(50%, 1, 2, 3, won(a))":              "crossing(0.5 1 2 3 [a: won])",
	"pow(2, (4 - 8) / {half-life})":               "pow(2 ((4-8)/3))",
	"{again} / 4":                                 "((3*2)/4)",
	"{in-market}":                                 "((3*2)+(3*2))",
	"sum(channels: won(plan, channel {each}))":    "([plan: won, channel email]+[plan: won, channel own-name])",
	"1 - sum(email, radio: won(p) - won({each}))": "(1-((([p: won]-[email: won])+[p: won])-[radio: won]))",
	"sum(email, radio: won(without {each}))":      "([without email: won]+[without radio: won])",
	"2 * sum(budget channels: load.{each}(p))":    "(2*[p: load.display])",
	"1 - sum(sizes: key(a.{each}.share)) / 2":     "(1-((3+3)/2))",
	"key(teams.*.win_rate)":                       "3",
	"max(list(1..3 by 2: {x}, {x+1}, {x-3}))":     "max(1 2 -2 3 4 0)",
	"min(9, list(1..2 by 1: won(p, week {x})))":   "min(9 [p: won, week 1] [p: won, week 2])",
	"crossing(9%, list(13..26 by 13: {x-6}, leads(n, path unpaid, weeks {x-12}..{x}) / 2))": "crossing(0.09 " +
		"7 ([n: leads, path unpaid, weeks 1..13]/2) 20 ([n: leads, path unpaid, weeks 14..26]/2))",
	"sum(channels: max(list(1..2 by 1: won({each}, week {x}))))": "(max([email: won, week 1] [email: won, week 2])" +
		"+max([own-name: won, week 1] [own-name: won, week 2]))",
	"(media_spend(tv x0.5) - media_spend(tv x0)) / (won(tv x0.5) - won(tv x0))": "(([tv x0.5: media_spend]" +
		"-[tv x0: media_spend])/([tv x0.5: won]-[tv x0: won]))",
	"sum(sizes: sum(channels: won(plan, size {each})))": "(([plan: won, size 1-4]+[plan: won, size 1-4])" +
		"+([plan: won, size 5-9]+[plan: won, size 5-9]))",
}

func TestFormsOfFormulas(t *testing.T) {
	for text, want := range formulas {
		e, err := marks.ParseExpression(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, said(e.root), text)
		assert.Equal(t, text, e.Text)
		for _, sign := range []string{"<", "<=", ">", ">="} {
			q, err := marks.ParseInequality(text + sign + "-12%")
			require.NoError(t, err, text)
			assert.Equal(t, sign, q.Sign)
			assert.Equal(t, want, said(q.Left.root))
			assert.Equal(t, "(0-0.12)", said(q.Right.root))
			assert.Equal(t, strings.TrimSpace(text), q.Left.Text)
		}
	}
	q, err := ParseInequality("won(a) ≥ 2 * won(b)")
	require.NoError(t, err)
	assert.Equal(t, ">=", q.Sign)
}

// lines are the lines of a text.
func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// Every form of a goal, a metric, a condition and a target of precision that scenarios, help and
// documentation use; TestGoals, TestMetrics and TestConditions have their values.
func TestFormsOfGoals(t *testing.T) {
	outcomes := panel.Columns(model.NewSchema(&plan.Plan{}))
	for _, text := range lines(`
P(out_of_business) <= 5%
P(out_of_business) <= 10%
mean(live_customers) >= 500
ltv_cac >= 2
mean(cac) <= 700
p10(live_customers) >= 8000
P(cash_end < 1_000_000) <= 10%
mean(cash_end) >= 900M
net_revenue_retention >= 0.5
P(live_customers >= 8000 and not out_of_business) >= 80%
P(1k < won or (recession_weeks == 0 and cac != 5)) > .25
p2.5(cash_end) > -1.5M
cash_end ≥ - 5`) {
		_, err := ParseGoal(text, outcomes)
		assert.NoError(t, err, text)
	}
	for _, text := range lines(`
won
cac
business_value
lifetime_margin
payback_months
week_of_ruin
p5(won)
p25(signups)
p5(cash_end)
mean(won)
P(signups < 44)
P(cash_trough < 0)
P(out_of_business)`) {
		m, err := ParseMetric(text, outcomes)
		require.NoError(t, err, text)
		assert.Equal(t, text, m.Text)
	}
	for _, text := range lines(`
out_of_business
live_customers < 8000
signups >= 0
net_revenue_retention < 0.9
leads > 10
not (won < 5 and 3 > leads)`) {
		_, err := ParseCondition(text, outcomes)
		assert.NoError(t, err, text)
	}
}

func TestFormsOfNumbers(t *testing.T) {
	outcomes := panel.Columns(model.NewSchema(&plan.Plan{}))
	for text, want := range map[string]Precision{
		"cac=1%":                          {HalfWidth: 0.01, Relative: true},
		"live_customers=0.2%":             {HalfWidth: 0.002, Relative: true},
		"cash_end=50k":                    {HalfWidth: 5e4},
		"P(live_customers >= 8_000)=0.5%": {HalfWidth: 0.005, Relative: true},
		"p10(live_customers) = 25":        {HalfWidth: 25},
		"P(recession_weeks == 0) = 0.01":  {HalfWidth: 0.01},
	} {
		p, err := ParsePrecision(text, outcomes)
		require.NoError(t, err, text)
		want.Metric = p.Metric
		assert.Equal(t, want, *p)
	}
	for text, want := range map[string]float64{
		"1_000_000": 1e6, "2.5M": 2.5e6, "20k": 2e4, "5%": 0.05, " -3 ": -3, "+1e-3": 1e-3,
	} {
		x, percent, err := ParseNumber(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, x)
		assert.Equal(t, strings.Contains(text, "%"), percent)
	}
}
