package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
	"windfall/sim/decide/discover"
	"windfall/sim/decide/sensitivity"
	"windfall/sim/decide/value"
)

// A company that fails in most runs is said to, before whatever else is found of it.
func TestMostRunsFail(t *testing.T) {
	of := func(share float64) string { return failsMostly(analysis.Estimate{Value: share}, " of the plan") }
	assert.Equal(t, "The company goes out of business in 95% of runs of the plan. ", of(0.95))
	assert.Empty(t, of(0.5))
	assert.Empty(t, of(1), "failsAlways says so")
}

// Questions about uncertain inputs say so too.
func TestMostRunsFailWhateverIsUncertain(t *testing.T) {
	most := decide.Ruined{Ruin: analysis.Estimate{Value: 0.8, N: 300}}
	d := Discover(&discover.Answer{When: "won < 3", Replications: 300, Ruined: most}, cure)
	assert.Contains(t, d.Sentences[0], "The company goes out of business in 80% of runs of the plan. Not applicable: ")
	s := func(r decide.Ruined) []string {
		return Sensitivity(&sensitivity.Answer{Runs: 900, Ruined: r, Outcomes: []sensitivity.Outcome{{Text: "won"}}}, cure).Sentences
	}
	assert.Contains(t, s(most)[0], "The company goes out of business in 80% of runs of the plan. ")
	always := s(decide.Ruined{Fails: true})
	assert.Contains(t, always[0], "The company goes out of business in all 900 runs of the plan. ")
	assert.Equal(t, mendFirst, always[1])
	seen := decide.RuinSeen{Plan: "media.*.weekly_budget*=0.5", Base: "plan", With: analysis.Estimate{Value: 0.3},
		Without: analysis.Estimate{Value: 0.8}}
	v := &value.Answer{Verdict: decide.Verdict{Kind: decide.No}, A: "plan", B: seen.Plan, Metric: "won", Draws: 300, SeedsPerDraw: 2, Warnings: []decide.Warning{seen}}
	d = ValueOf(v, cure)
	assert.Contains(t, d.Sentences[0], "The company goes out of business in 80% of runs of the plan. Nothing is worth measuring")
	assert.Equal(t, []string{"some runs go out of business: 30% of half the weekly budget of all media against 80% of the plan"},
		d.Warnings)
	v.A, v.B = "a.toml", "b.toml"
	finding := func(without, with float64) string {
		v.Warnings = []decide.Warning{decide.RuinSeen{Plan: v.B, Base: v.A, With: analysis.Estimate{Value: with},
			Without: analysis.Estimate{Value: without}}}
		said, _, _ := strings.Cut(ValueOf(v, cure).Sentences[0], ". ")
		return said
	}
	assert.Equal(t, "The company goes out of business in 95% of runs of b.toml", finding(0.1, 0.95))
	assert.Equal(t, "The company goes out of business in 100% of runs of b.toml", finding(0.1, 1))
	assert.Equal(t, "The company goes out of business in 60% of runs of a.toml and 95% of runs of b.toml", finding(0.6, 0.95))
	assert.NotContains(t, finding(0.1, 0.2), "out of business")
	v.Warnings = []decide.Warning{seen}
	v.Fails = true
	d = ValueOf(v, cure)
	assert.Contains(t, d.Sentences[0], "The company goes out of business in all 600 runs of both plans. ")
	assert.Equal(t, "Mend that first: neither plan keeps the company in business.", d.Sentences[1])
	assert.Empty(t, d.Warnings)
}

// The best of several plans is said to fail in most runs, too.
func TestTheBestPlanFails(t *testing.T) {
	at := func(plan string, value, ruin float64) compare.Place {
		return compare.Place{Plan: plan, Value: analysis.Estimate{Value: value, N: 30}, Ruin: analysis.Estimate{Value: ruin}}
	}
	won := &analysis.Comparison{Column: plan.Column{Name: "won", Unit: "customers", Direction: plan.More}}
	x := comparePage{Answer: &compare.Answer{Plans: []string{"plan", "a", "b"}, Replications: 30,
		Against: []compare.Against{{Plan: "a", Metric: won}, {Plan: "b", Metric: won}},
		Ranking: []compare.Place{at("b", 3, 0.9), at("a", 2, 0.8), at("plan", 1, 0)}}, cure: cure}
	assert.Regexp(t, "^The company goes out of business in 90% of runs of b. The best of 3 plans is b: ", x.said().Finding)
	x.Ranking[2].Ruin.Value = 1
	assert.Regexp(t, "^The company goes out of business in 100% of runs of the plan and 90% of runs of b. The", x.said().Finding)
}
