package page

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/study"
)

// texts are the cells of a table, row by row.
func texts(s *Sheet) (out []string) {
	for _, row := range s.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, c.Text)
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

func TestARunIsLaidOut(t *testing.T) {
	sure := analysis.Estimate{Value: 400, Low: 390, High: 410, N: 100}
	at := func(x float64) analysis.Estimate { return analysis.Estimate{Value: x} }
	s := &analysis.Summary{Run: analysis.Run{Scenario: "metro", Replications: 100, Weeks: 52}, Headlines: []string{"won", "cac"},
		Outcomes: []analysis.Outcome{
			{Name: "won", Unit: "customers", Estimate: sure, Quantiles: analysis.Quantiles{P5: at(300), P50: at(400), P95: at(500)},
				Survivors: &analysis.Survivors{Estimate: sure, Quantiles: analysis.Quantiles{P5: at(310), P50: at(400), P95: at(500)}}},
			{Name: "cac", Unit: "USD", Statistic: RatioOfTotals, Estimate: analysis.Missing(100, "no customer was won"),
				MissingShare: 1, Quantiles: analysis.Quantiles{P5: at(math.NaN()), P50: at(math.NaN()), P95: at(math.NaN())}}},
		Ruin: &analysis.Ruin{HorizonWeeks: 52, Replications: 5, Chance: analysis.Estimate{Value: 0.05, Low: 0.02, High: 0.11, N: 100}},
		Goals: []analysis.GoalLine{{Name: "grow", Expect: "won >= 395", Verdict: analysis.Undecided, Estimate: sure},
			{Name: "lose", Expect: "won >= 500", Verdict: analysis.Missed, Estimate: sure},
			{Name: "sure", Expect: "won >= 100", Verdict: analysis.Met, Estimate: sure}}}
	d := Run{Summary: s, Said: Lines{Finding: "Said.", Sure: "Sure."}, Columns: model.NewSchema(&plan.Plan{}).Outcomes, Tail: 3,
		Expected: s.Beside(map[string]float64{"won": 200})}.Document()
	assert.Equal(t, []string{"Said.", "Sure."}, d.Sentences)
	assert.Equal(t, []string{"goal grow is undecided: its interval straddles the line; more runs would decide"},
		d.Warnings)
	require.Len(t, d.Sheets, 3)
	rows := texts(d.Sheets[0])
	assert.Equal(t, "won|customers|400|10|300|400|500|", rows[0])
	assert.Equal(t, "  in business|customers|400|10|310|400|500", rows[1], "those that stay in business stand below")
	assert.True(t, strings.HasPrefix(rows[2], "cac *|USD|") && strings.HasSuffix(rows[2], "|100% missing"), rows[2])
	notes := strings.Join(d.Sheets[0].Notes, "\n")
	assert.Contains(t, notes, "Fully loaded CAC has no number: no customer was won.\n")
	assert.Contains(t, notes, "in the 3 weeks after it")
	assert.Contains(t, notes, "\n\nOut of business within 52 weeks: 5% (95% interval 2% to 11%; 5 of 100 runs)")
	assert.Equal(t, []string{"won|customers|200|400|10|200%"}, texts(d.Sheets[1]))
	assert.Equal(t, "grow|won >= 395|400|390 to 410|undecided", texts(d.Sheets[2])[0])
	assert.Equal(t, Unsure, d.Sheets[2].Rows[0][4].Tone)
	assert.Equal(t, "1 goal missed: lose", UnmetGoals(s, false))
	assert.Equal(t, "1 goal missed: lose; 1 goal undecided: grow", UnmetGoals(s, true))
}

// Churn is written as a rate where the estimate or the median run is one, not where one of the worst is.
func TestTheUnitOfARowIsThatOfMostRuns(t *testing.T) {
	at := func(x float64) analysis.Estimate { return analysis.Estimate{Value: x, Low: x, High: x, N: 100} }
	row := func(mean, p5, p50, p95 float64) string {
		o := analysis.Outcome{Name: "monthly_logo_churn", Unit: "share per month", Estimate: at(mean),
			Quantiles: analysis.Quantiles{P5: at(p5), P50: at(p50), P95: at(p95)}}
		return texts(Run{Summary: &analysis.Summary{Run: analysis.Run{Replications: 100}, Headlines: []string{o.Name},
			Outcomes: []analysis.Outcome{o}}}.outcomes())[0]
	}
	assert.Equal(t, "monthly_logo_churn|share per month|4%|0%|1%|3%|120%", row(0.04, 0.01, 0.03, 1.2))
	assert.Equal(t, "monthly_logo_churn|per customer-month|1.1|0|0.2|0.9|3.0", row(1.1, 0.2, 0.9, 3))
	assert.Equal(t, "monthly_logo_churn|per customer-month|0.9|0|0.2|1.1|3.0", row(0.9, 0.2, 1.1, 3))
}

// A claim that holds in every run, and in too few of them, is not contradicted: no tick stands beside it. What stands in
// braces in a claim is explained under the table.
func TestClaimsAreExplained(t *testing.T) {
	list := []study.Judged{{Title: "as many", Claim: "a - b < 1%", Bound: 0.01, Verdict: metric.Holds,
		Value: analysis.Estimate{Low: -0.037, High: 0.037, N: 100}},
		{Title: "more", Claim: "{bill-up} / sum(channels: won(plan, channel {each})) > {bill-stays}", Bound: 1,
			Let:   map[string]string{"bill-up": "sales(up) / won(up)", "bill-stays": strings.Repeat("won(plan) + ", 30)},
			Value: analysis.Estimate{Value: 2, Low: 1.9, High: 2.1}, Verdict: metric.Holds}}
	s := Judged("expected of the control", list, false)
	last := len(s.Columns) - 1
	assert.Equal(t, Toned("not contradicted", Unsure), s.Rows[0][last])
	assert.Equal(t, Toned("confirmed", Good), s.Rows[1][last])
	assert.Equal(t, []string{"As many: no difference in any of 100 runs; so few leave a margin of error of 3.7 points.",
		"In the claims {bill-stays} is a formula of the study's own file, in its table study.let.",
		"In the claims {bill-up} is sales(up) / won(up)."}, s.Notes)
	assert.Empty(t, Judged("expected", []study.Judged{{Claim: "a > 0"}}, false).Notes)
}

func TestAStudyIsLaidOut(t *testing.T) {
	e := analysis.Estimate{Value: 0.5, Low: 0.4, High: 0.6, N: 20}
	judged := []study.Judged{{Name: "more", Title: "radio brings more", Claim: "a > 0", Claims: 2, Each: "won", Value: e,
		Verdict: metric.Holds}}
	control := &study.Checked{Title: "no radio", Sets: []string{"x=0"}, Verdict: metric.DoesNotHold,
		Expectations: []study.Judged{{Name: "gone", Title: "gone", Claim: "a <= 0", Claims: 1, Value: e,
			Verdict: metric.DoesNotHold}}}
	a := &study.Answer{Finding: study.Finding{Study: "radio", Sentence: "It does.", Verdict: metric.Holds,
		Expectations: judged, Control: control},
		Changed: []string{"run.weeks=2"}, Table: []study.Row{
			{Setting: "plan", Outcomes: []study.Outcome{{Name: "won", Value: analysis.Estimate{Value: math.Inf(1)}}}},
			{Setting: "off", Outcomes: []study.Outcome{{Name: "won", Value: e, Difference: &e}}}}}
	d := Study(a)
	assert.Equal(t, []Cell{Toned(study.VerdictOf(&a.Finding), Good), Words("Not the shipped numbers: run.weeks=2. What is expected was written for the shipped ones.")}, d.Lines)
	require.Len(t, d.Sheets, 3)
	assert.Equal(t, "3 rows more: --all", d.Sheets[0].Rest(3))
	assert.Equal(t, []string{"radio brings more (nearest of 2: won)|0.5|0.4 to 0.6|a > 0|confirmed"}, texts(d.Sheets[1]))
	assert.Equal(t, "Control: no radio (x=0)", d.Sheets[2].Lead)
	assert.Equal(t, Neutral, d.Sheets[2].Rows[0][4].Tone, "with numbers of the reader's own there is no cross")
	a.Changed = nil
	assert.Equal(t, Bad, Study(a).Sheets[2].Rows[0][4].Tone)
	columns, rows := Settings(a).Kept(strings.ToUpper)
	require.Len(t, columns, 9)
	assert.Equal(t, "DIFFERENCE_LOW", columns[7].Name)
	assert.Equal(t, math.Inf(1), rows[0][2], "one that is never reached is kept so")
	assert.Nil(t, rows[0][6], "the plan has no difference from itself")
	assert.InDelta(t, 0.5, rows[1][6], 0)
}
