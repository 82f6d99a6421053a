package model

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// plansToRepeat are plans with and without what makes a state draw its world
// anew for each replication.
func plansToRepeat() map[string]*plan.Plan {
	plans := map[string]*plan.Plan{"fixed": testMarket(20000, 3), "random regime and shocks": busyMarket(), "uncertain inputs": testMarket(20000, 2), "ruin": testMarket(20000, 1)}
	plans["fixed"].Run.Weeks, plans["ruin"].Run.Weeks, plans["uncertain inputs"].Run.Weeks = 20, 20, 10
	p := plans["random regime and shocks"]
	p.Economy.Regime, p.Economy.ExpansionMonths, p.Economy.RecessionMonths = "random", 2, 2
	p.Shocks = []plan.Shock{{Name: "m", Probability: 0.5, From: p.Run.Start + 14, FromLatest: p.Run.Start + 42, Weeks: 3, Effects: []plan.Effect{{Key: "channels.*.response", Multiply: true, Value: 0.6, Input: -1}}}}
	p = plans["uncertain inputs"]
	p.Inputs = []plan.Input{{Name: "population.firms", Key: "population.firms", Dist: plan.Dist{Kind: "uniform", A: 15000, B: 30000, High: 1e6, Whole: true}}, {Name: "triggers.dying.window_weeks", Key: "triggers.dying.window_weeks", Dist: plan.Interval90(3, 8, 0.1, 520)}}
	plans["ruin"].Finance.OpeningCash = 2e5
	return plans
}

// Replications do not depend on what a state has done before, nor on which of
// several states does them.
func TestReplicationsDoNotDependOnTheirOrder(t *testing.T) {
	t.Parallel()
	for name, p := range plansToRepeat() {
		pr, s, rec := prepared(t, p)
		words := map[int][]uint64{}
		for _, r := range []int{5, 3, 5, 60, 4, 3} {
			s.Replicate(9, r, rec)
			w := wordsOf(rec)
			if words[r] != nil {
				require.Equal(t, words[r], w, "%s: replication %d again", name, r)
			}
			words[r] = w
		}
		require.NotEqual(t, words[3], words[4])
		// Other states, at the same time.
		var group sync.WaitGroup
		got := make([][]uint64, 3)
		for i, r := range []int{60, 3, 4} {
			group.Go(func() {
				other, rec := pr.NewState(), pr.Schema().NewRecord()
				other.Replicate(9, 1, rec)
				other.Replicate(9, r, rec)
				got[i] = wordsOf(rec)
			})
		}
		group.Wait()
		require.Equal(t, [][]uint64{words[60], words[3], words[4]}, got, name)
		s.Replicate(10, 3, rec)
		require.NotEqual(t, words[3], wordsOf(rec), "another seed")
	}
}

// A run of more weeks begins with the same weeks; a trace changes nothing.
func TestLongerRunsBeginWithTheSameWeeks(t *testing.T) {
	t.Parallel()
	p := testMarket(20000, 2)
	p.Run.Weeks = 12
	q := p.Clone()
	q.Run.Weeks = 30
	pa, ra := replicated(t, p, 3, 2)
	pb, rb := replicated(t, q, 3, 2)
	requireWeeksEqual(t, "12 and 30 weeks", pa, ra, pb, rb, 12)
	_, s, rec := traced(t, p)
	s.Replicate(3, 2, rec)
	require.Equal(t, wordsOf(ra), wordsOf(rec))
	require.NotEmpty(t, traceOf(s).Customers)
}

// After the first replications of a plan with fixed inputs nothing is allocated.
func TestReplicationsAllocateNothing(t *testing.T) {
	poor := func(p *plan.Plan) {
		for i := range p.Channels {
			p.Channels[i].Real = 0.5
		}
		for i := range p.Teams {
			p.Teams[i].OpenHour, p.Teams[i].CloseHour, p.Teams[i].BusinessDays, p.Teams[i].NeverAnswered = 9, 17, 5, 0.2
		}
	}
	for _, change := range []func(p *plan.Plan){func(*plan.Plan) {}, poor} {
		p := testMarket(60000, 3)
		p.Run.Weeks = 20
		change(p)
		_, s, rec := prepared(t, p)
		for r := range 6 { // until every list has had its largest length
			s.Replicate(9, r, rec)
		}
		runtime.GC()
		i := 0
		require.Zero(t, testing.AllocsPerRun(6, func() { s.Replicate(9, i%6, rec); i++ }))
	}
}
