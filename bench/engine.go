package main

import (
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios"
)

// paired is what the paired meter prints.
type paired struct {
	Ratio        float64
	RatioOfLeast float64 `json:"ratio_of_least"`
	OldHashes    float64 `json:"old_million_hashes"`
	NewHashes    float64 `json:"new_million_hashes"`
	OldBy        map[string]float64
	NewBy        map[string]float64
}

// share is the part of a replication that some stages take.
func (p *paired) share(stages ...string) (part float64) {
	all := 0.0
	for stage, ms := range p.NewBy {
		all += ms
		if slices.Contains(stages, stage) {
			part += ms
		}
	}
	return part / all
}

// pair runs the paired meter: the engine before the speed work against this one, step by step in turn.
func (b *bench) pair(scenario string, n int) (p paired, err error) {
	program, err := b.build("", "./bench/pair")
	if err != nil {
		return p, err
	}
	return p, output(&p, program, "-json", "-n", fmt.Sprint(n), scenario)
}

// engine measures the replication of the shipped national vendor against the first engine.
func (b *bench) engine() error {
	p, err := b.pair("phone-system", b.rounds)
	if err != nil {
		return err
	}
	s, err := b.fullSize()
	if err != nil {
		return err
	}
	q := s.plan
	b.part(fmt.Sprintf("full-size replication: phone-system, %.2f million firms, %.0f weeks and %.0f of burn-in, %d "+
		"channels", q.Population.Firms/1e6, q.Run.Weeks, q.Opening.BurnInWeeks, len(q.Channels)))
	b.judge("million hashes, in turn with the first engine", p.NewHashes, atMost(450), atMost(350),
		"%.0f (first engine: %.0f)", p.OldHashes)
	b.add("time over the first engine's", "%.2f (of the least times %.2f)", p.Ratio, p.RatioOfLeast)
	stages := slices.SortedFunc(maps.Keys(p.OldBy), func(a, b string) int { return cmp.Compare(p.OldBy[b], p.OldBy[a]) })
	for _, stage := range stages {
		if share := p.share(stage); share > 0.01 {
			b.add("stage "+stage, "%.2f of the first engine's; %.0f%% of the time", p.NewBy[stage]/p.OldBy[stage], 100*share)
		}
	}
	b.add("million hashes, by itself", "%.0f (%.0f ms)", s.hashes, s.ms)
	b.add("per buyer in the market", "%.0f ns (%.2f million in the run)", s.ms*1e6/s.outcome("journeys"),
		s.outcome("journeys")/1e6)
	return nil
}

// beyond measures plans that go beyond what the opening plan's process of touches holds, each in turn with
// the plain plan, replication by replication.
func (b *bench) beyond() error {
	scenario := "phone-system"
	if b.quick {
		scenario = "metro"
	}
	sets := func(sets ...string) (*plan.Plan, error) { return scenarios.Load(scenario, scenarios.Set(sets...)) }
	plans := []struct {
		name string
		plan func() (*plan.Plan, error)
	}{
		{"all budgets x 1.5", func() (*plan.Plan, error) {
			return sets("channels.*.weekly_budget*=1.5", "media.*.weekly_budget*=1.5")
		}},
		{"paid-search x 3", func() (*plan.Plan, error) { return sets("channels.paid-search.weekly_budget*=3") }},
		{"reach of paid-search x 0.9", func() (*plan.Plan, error) { return sets("channels.paid-search.reach.size*=0.9") }},
		{"a channel that the opening plan lacks", func() (*plan.Plan, error) { return addedChannel(scenario) }},
		{"targets for display", func() (*plan.Plan, error) {
			return sets(`channels.display.targets=["new-firm", "new-office"]`)
		}},
		{"no targets for direct-mail", func() (*plan.Plan, error) { return sets("channels.direct-mail.targets=[]") }},
	}
	opening, err := sets()
	if err != nil {
		return err
	}
	b.part("plans beyond the opening plan of " + scenario + ": processor time over the plain plan's, median of " +
		"replications in turn")
	for _, p := range plans {
		plan, err := p.plan()
		if err != nil {
			return err
		}
		ratio, least, plain, beyond, err := b.inTurn(opening, plan, b.rounds)
		if err != nil {
			return err
		}
		b.judge(p.name, ratio, atMost(1.2), atMost(1.1), "%.2f (of the least times %.2f; touches %.2f, leads %.2f)", least,
			beyond.outcome("touches")/plain.outcome("touches"), beyond.outcome("leads")/plain.outcome("leads"))
	}
	return nil
}

// inTurn replicates two plans in turn, and gives the median ratio of their processor times, and that of the
// least.
func (b *bench) inTurn(plain, changed *plan.Plan, n int) (ratio, least float64, a, c *subject, err error) {
	if a, err = newSubject(plain); err != nil {
		return
	}
	if c, err = newSubject(changed); err != nil {
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a.warmUp()
	c.warmUp()
	var ratios, plainMS, changedMS []float64
	for r := range n {
		x, y := a.replicate(first+r, 1), c.replicate(first+r, 1)
		ratios, plainMS, changedMS = append(ratios, y/x), append(plainMS, x), append(changedMS, y)
	}
	return median(ratios), slices.Min(changedMS) / slices.Min(plainMS), a, c, nil
}

// addedChannel is a vendor with a channel that its opening plan lacks: another search engine.
func addedChannel(scenario string) (*plan.Plan, error) {
	opening, err := scenarios.Load(scenario)
	if err != nil {
		return nil, err
	}
	p := opening.Clone()
	p.OpeningPlan = opening
	for _, c := range opening.Channels {
		if c.Name == "paid-search" {
			c.Name, c.WeeklyBudget = "second-search", 2*c.HalfSaturation
			p.Channels = append(p.Channels, c)
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s has no channel paid-search to copy", scenario)
}

// small measures the markets that people play with.
func (b *bench) small() error {
	b.part("small markets")
	p, err := b.pair("metro", 10*b.rounds)
	if err != nil {
		return err
	}
	b.judge("metro: replication over the first engine's", p.Ratio, atMost(0.7), atMost(0.5),
		"%.2f (of the least times %.2f)", p.RatioOfLeast)
	for _, name := range []string{"metro", "town"} {
		plan, err := scenarios.Load(name)
		if err != nil {
			return err
		}
		s, err := b.cost(plan, 50)
		if err != nil {
			return err
		}
		if name == "town" {
			b.judge("town: milliseconds per replication", s.ms, atMost(2), bound{},
				"%.2f (%.2f million hashes, %.0f customers won)", s.hashes, s.outcome("won"))
		} else {
			b.add("metro: milliseconds per replication", "%.1f (%.1f million hashes)", s.ms, s.hashes)
		}
	}
	return nil
}

// allocations counts what replications allocate after the first one.
func (b *bench) allocations() error {
	b.part("allocations per replication, after the first")
	for _, c := range []struct {
		name string
		n    int
	}{{"phone-system", 20}, {"metro", 100}, {"town", 500}} {
		if b.quick && c.name == "phone-system" {
			continue
		}
		plan, err := scenarios.Load(c.name)
		if err != nil {
			return err
		}
		s, err := newSubject(plan)
		if err != nil {
			return err
		}
		s.state.Replicate(1, 0, s.record)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for r := range c.n {
			s.state.Replicate(1, 1+r, s.record)
		}
		runtime.ReadMemStats(&after)
		count := float64(after.Mallocs - before.Mallocs)
		b.judge(c.name, count/float64(c.n), atMost(0), bound{}, "%.2f (%.0f in %d replications, %.2f MB)", count, c.n,
			float64(after.TotalAlloc-before.TotalAlloc)/(1<<20))
	}
	return nil
}
