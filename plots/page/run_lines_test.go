package page

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/sim/analysis"
)

// ran is the summary of some runs of 104 weeks from 2013-01-01.
func ran(n, ruined int, weeks analysis.Quantiles, outcomes ...analysis.Outcome) *analysis.Summary {
	s := &analysis.Summary{Run: analysis.Run{Scenario: "metro", Replications: n, Weeks: 104, Start: "2013-01-01"},
		Ruin: &analysis.Ruin{Replications: ruined, Chance: analysis.Chance(ruined, n)}, Outcomes: outcomes}
	if ruined > 0 {
		s.Ruin.Weeks = &weeks
	}
	return s
}

func number(name, unit string, value, half float64, n int) analysis.Outcome {
	e := analysis.Estimate{Value: value, Error: half / analysis.Reach95, Low: value - half, High: value + half, N: n}
	return analysis.Outcome{Name: name, Unit: unit, Estimate: e, Quantiles: fiveTo(value-4*half, value, value+4*half)}
}

func fiveTo(low, middle, high float64) analysis.Quantiles {
	return analysis.Quantiles{P5: analysis.Estimate{Value: low}, P50: analysis.Estimate{Value: middle},
		P95: analysis.Estimate{Value: high}}
}

func TestTheFirstLinesOfARun(t *testing.T) {
	nan, none := math.NaN(), analysis.Quantiles{}
	won, live := number("won", "customers", 200, 4, 300), number("live_customers", "customers", 347_100, 300, 300)
	margin := func(value, half float64) analysis.Outcome { return number("lifetime_margin", "USD", value, half, 300) }
	goals := func(s *analysis.Summary, verdicts ...analysis.Verdict) *analysis.Summary {
		for i, v := range verdicts {
			s.Goals = append(s.Goals, analysis.GoalLine{Name: string(rune('a' + i)), Verdict: v})
		}
		return s
	}
	uncertain := ran(300, 0, none, won, live, margin(2e6, 1e5))
	uncertain.Inputs = 3
	one := ran(1, 0, none, number("won", "customers", 3, 0, 1), number("live_customers", "customers", 1, 0, 1),
		number("lifetime_margin", "USD", -50_000, nan, 1))
	const (
		only = "No input of this scenario is uncertain: the range is random variation only."
		ends = "; after 104 weeks it has 347k customers on average, 346k to 348k in 9 of 10 runs."
	)
	for name, c := range map[string]struct {
		s    *analysis.Summary
		want Lines
	}{
		"it pays": {ran(300, 0, none, won, live, margin(2e6, 1e5)), Lines{
			"The company stays in business in all 300 runs, and winning customers pays: they bring $2.00M ± $0.10M more than " +
				"it costs" + ends, "Ask where the next dollar goes: windfall respond metro", "300 runs. " + only}},
		"inputs": {uncertain, Lines{
			"The company stays in business in all 300 runs, and winning customers pays: they bring $2.00M ± $0.10M more than " +
				"it costs" + ends, "Ask which uncertain input matters most: windfall sensitivity metro",
			"300 runs. 3 uncertain inputs drawn anew: the range is what they and random variation leave open."}},
		"all channels lose": {ran(300, 0, none, won, live, margin(-2e6, 1e5)), Lines{
			"The company stays in business in all 300 runs, and winning customers does not pay: they bring $2.00M ± $0.10M " +
				"less than it costs" + ends, "Ask what to cut first: windfall respond metro", "300 runs. " + only}},
		"too close": {ran(300, 0, none, won, live, margin(2e4, 1e5)), Lines{
			"The company stays in business in all 300 runs, and whether winning customers pays is too close to call ($20k ± " +
				"$100k)" + ends, "Ask where the next dollar goes: windfall respond metro", "300 runs. " + only}},
		"a constant margin": {ran(300, 0, none, won, number("live_customers", "customers", 500, 0, 300), margin(3e4, 0)), Lines{
			"The company stays in business in all 300 runs, and winning customers pays: they bring $30.0k more than it costs; " +
				"after 104 weeks it has 500 customers.", "Ask where the next dollar goes: windfall respond metro", "300 runs. " + only}},
		"nobody": {ran(300, 0, none, number("won", "customers", 0, 0, 300), number("live_customers", "customers", 0, 0, 300),
			margin(-2e6, 1e5)), Lines{
			"The company stays in business in all 300 runs, and nobody is won; after 104 weeks it has 0 customers.",
			"Ask what keeps customers away: windfall scenarios check metro", "300 runs. " + only}},
		"some fail": {ran(300, 15, fiveTo(20, 41, 90), won, live, margin(2e6, 1e5)), Lines{
			"The company fails in 5% of runs (3.1% to 8.1%), in week 41 (ending 2013-10-14) in the median one, weeks 20 to 90 in 9 " +
				"of 10; winning customers pays: they bring $2.00M ± $0.10M more than it costs" + ends,
			"Ask why it fails: windfall why metro-run --worst", "300 runs. " + only}},
		"all fail": {ran(30, 30, fiveTo(3, 3, 3), won, live, margin(2e6, 1e5)), Lines{
			"The plan fails: the company goes out of business in all 30 runs, in week 3 (ending 2013-01-21) in 9 of 10 of them.",
			"Ask why it fails: windfall why metro-run --worst", "Only 30 runs. " + only}},
		"one run": {one, Lines{
			"The company stays in business in the one run that was made, and its customers bring $50.0k less than winning them " +
				"costs; after 104 weeks it has 1 customer.", "Ask where the next dollar goes: windfall respond metro",
			"One run gives no margin of error; use at least 2 (2,000 recommended). " + only}},
		"goals met": {goals(ran(300, 0, none, won), analysis.Met, analysis.Met), Lines{
			"Yes: all 2 goals are met. The company stays in business in all 300 runs, and what the customers won bring is not " +
				"known.", "Ask where the next dollar goes: windfall respond metro", "300 runs. " + only}},
		"a goal missed": {goals(ran(300, 0, none, won), analysis.Met, analysis.Missed, analysis.Undecided), Lines{
			"No: of 3 goals 1 is missed (b). The company stays in business in all 300 runs, and what the customers won bring " +
				"is not known.", "Ask where the next dollar goes: windfall respond metro", "300 runs. " + only}},
		"goals open": {goals(ran(300, 0, none, won), analysis.Undecided, analysis.Undecided), Lines{
			"Too close to call: of 2 goals 2 are not decided (a and b). The company stays in business in all 300 runs, and " +
				"what the customers won bring is not known.", "Ask where the next dollar goes: windfall respond metro",
			"300 runs. " + only}},
	} {
		assert.Equal(t, c.want, RunLines(c.s, Commands{"metro", "metro-run"}), name)
	}
	most := ran(300, 210, fiveTo(20, 41, 90), won, live, margin(2e6, 1e5))
	assert.Contains(t, RunLines(most, Commands{}).Finding, "in 9 of 10; its customers bring $2.00M ± $0.10M more than winning them "+
		"costs, which does not keep it in business; after 104 weeks", "what is won in a company that fails does not pay")
	gone := ran(300, 0, none, won, live, margin(2e6, 1e5), number("monthly_logo_churn", "share per month", 2.36, 0.4, 300))
	assert.Contains(t, RunLines(gone, Commands{}).Finding, "and its customers bring $2.00M ± $0.10M more than winning them costs, "+
		"though customers leave after 12.9 days on average; after 104 weeks")
	s := ran(30, 30, fiveTo(3, 3, 3), won)
	Say(s)
	assert.Equal(t, "Ask why it fails: windfall why RESULTS --worst", s.Do, "a summary does not know where it is kept")
}

// heldAgainst is a run with a baseline, whose customer lifetime margin differs by so much.
func heldAgainst(value, half float64, pairs, most int) *analysis.Summary {
	s := ran(pairs, 0, analysis.Quantiles{})
	change := func(value, half float64) analysis.Estimate {
		return number("", "", value, half, pairs).Estimate
	}
	s.Baseline = &analysis.Baseline{Scenario: "base", Pairs: pairs, AtMost: most, Metric: "lifetime_margin",
		Outcomes: []analysis.Held{
			{Name: "lifetime_margin", Unit: "USD", Direction: "more", Difference: change(value, half),
				Relative: change(value/1e7, half/1e7), Identical: value == 0 && half == 0},
			{Name: "signups", Unit: "sign-ups", Difference: change(-80, 5), Relative: change(-0.1, 0.01)},
			{Name: "out_of_business", Unit: "chance"}},
		Signups: &analysis.Dip{First: 40, Last: 42, Depth: change(-0.25, 0.01), DepthWeek: 42, Shortfall: 0.025, Recovery: 9},
		Channels: []analysis.ChannelChange{{Name: "radio", Change: change(2, 1)}, {Name: "search", Change: change(-60, 4)},
			{Name: "partners", Change: change(-1, 4)}, {Name: "inbound", Change: change(-21, 2)}}}
	return s
}

// The table that a board sees first says what lifetime margin is, and the document that its runs are pairs.
func TestARunWithABaselineIsLaidOut(t *testing.T) {
	d := Run{Summary: heldAgainst(-2e6, 1e5, 20, 50), Tail: 65}.Document()
	assert.Equal(t, "20 pairs of runs", d.Size)
	notes := strings.Join(d.Sheets[0].Notes, " ")
	assert.Contains(t, notes, "lifetime_margin is that of the customers whom the run wins")
	assert.Contains(t, notes, "65 weeks")
	outcomes := d.Sheets[2]
	assert.Equal(t, "outcomes", outcomes.Name)
	assert.NotContains(t, strings.Join(outcomes.Notes, " "), "lifetime_margin is that", "it is said once")
}

func TestTheFirstLinesOfARunWithABaseline(t *testing.T) {
	const (
		only = " of runs under the same random variation. No input of this scenario is uncertain: the range is random " +
			"variation only."
		enough  = "20 pairs of runs under the same random variation, as many as the verdict needs (at least 20, at most 50)."
		signups = " It loses 80.0 ± 5.0 sign-ups (−10.0%), most on search (−60.0 ± 4.0) and inbound (−21.0 ± 2.0); in the " +
			"worst week, week 42 (ending 2013-10-21), sign-ups fall by 25%; they are back within 2.5% of base 9 weeks after week 42."
		compare = "; for all outcomes side by side: windfall compare base metro.toml"
	)
	lines := func(s *analysis.Summary) Lines { return RunLines(s, Commands{"metro.toml", "out"}) }
	got := lines(heldAgainst(-2e6, 1e5, 20, 50))
	assert.Equal(t, "metro is worse than base: $2.00M ± $0.10M less customer lifetime margin (−20.0%)."+signups, got.Finding)
	assert.Equal(t, "Prefer base"+compare, got.Do)
	assert.Equal(t, enough+" No input of this scenario is uncertain: the range is random variation only.", got.Sure)
	got = lines(heldAgainst(2e6, 1e5, 500, 0))
	assert.Equal(t, "metro is better than base: $2.00M ± $0.10M more customer lifetime margin (+20.0%)."+signups, got.Finding)
	assert.Equal(t, "Prefer metro"+compare, got.Do)
	assert.Equal(t, "500 pairs"+only, got.Sure)
	got = lines(heldAgainst(2e4, 1e5, 50, 50))
	assert.Equal(t, "Too close to call: metro against base differs by $20k ± $100k of customer lifetime margin.", got.Finding)
	assert.Equal(t, "Run more pairs before choosing: windfall run metro.toml --replications 200", got.Do)
	assert.Contains(t, got.Sure, "50 pairs of runs under the same random variation, the maximum (50). ")
	got = lines(heldAgainst(0, 0, 50, 50))
	assert.Equal(t, "No difference: metro and base have the same customer lifetime margin in every run.", got.Finding)
	assert.Equal(t, "Ask how the two plans differ: windfall scenarios diff base metro.toml", got.Do)

	s := heldAgainst(-2e6, 1e5, 20, 50)
	s.Ruin.Replications, s.Ruin.Weeks = 2, &analysis.Quantiles{P5: analysis.Estimate{Value: 7}, P50: analysis.Estimate{Value: 8},
		P95: analysis.Estimate{Value: 9}}
	s.Baseline.Outcomes[2].Plan.Value, s.Baseline.Signups.Recovery = 0.1, -1
	got = lines(s)
	assert.Contains(t, got.Finding, "fall by 25%; they are not back within 2.5% of base in this run. The company fails in "+
		"10% of runs, under base in 0%, in week 8 (ending 2013-02-25) in the median one of 2.")

	d := Run{Summary: heldAgainst(-2e6, 1e5, 20, 50), Said: got}.Document()
	assert.Equal(t, []string{got.Finding, got.Do, got.Sure}, d.Sentences)
	assert.Equal(t, "metro against base", d.Sheets[0].Lead)
	assert.Len(t, d.Sheets, 3)
	assert.Equal(t, "search", d.Sheets[1].Rows[0][0].Text, "the largest loss first")
}

// All goals that are missed are told as all; a plan that spends nothing is not asked where the next dollar goes.
func TestTheFirstLinesOfARunThatMissesAll(t *testing.T) {
	goal := func(names ...string) *analysis.Summary {
		s := &analysis.Summary{}
		for _, name := range names {
			s.Goals = append(s.Goals, analysis.GoalLine{Name: name, Verdict: analysis.Missed})
		}
		return s
	}
	assert.Equal(t, "No: all 3 goals are missed (a, b and c).", runLines{goal("a", "b", "c"), Commands{}}.goals())
	assert.Equal(t, "No: its goal is missed (a).", runLines{goal("a"), Commands{}}.goals())

	fails := func(n int, low, high float64) string {
		q := fiveTo(low, high, high)
		s := &analysis.Summary{Ruin: &analysis.Ruin{Replications: n, Weeks: &q}}
		return runLines{s, Commands{}}.when()
	}
	assert.Equal(t, ", in week 86 in both of them", fails(2, 86, 86), "9 of 10 of 2 say nothing")
	assert.Equal(t, ", in week 86 in the median one of 3", fails(3, 70, 86))
	assert.Equal(t, ", in week 86 in the median one, weeks 70 to 86 in 9 of 10", fails(10, 70, 86))

	spends := func(media, brand float64) string {
		s := &analysis.Summary{}
		for name, v := range map[string]float64{"media_spend": media, "brand_spend": brand} {
			s.Outcomes = append(s.Outcomes, analysis.Outcome{Name: name, Estimate: analysis.Estimate{Value: v, N: 50}})
		}
		return runLines{s, Commands{Scenario: "mine.toml"}}.do()
	}
	assert.Equal(t, "Ask what a first budget would bring: windfall respond mine.toml --amount 10000", spends(0, 0))
	assert.Equal(t, "Ask where the next dollar goes: windfall respond mine.toml", spends(0, 5))
}
