package main

import (
	"fmt"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// firms grows the market while the number of buyers stays: rates fall as firms rise.
func (b *bench) firms() error {
	b.part("firms, at a fixed number of buyers (trigger rates fall as firms rise): time over that of the first line")
	const national = 5_771_290
	series := []struct {
		base  float64 // firms at which the rates are those of the scenario
		firms []float64
		asked bound
	}{
		{10_000, []float64{10_000, 100_000, 1e6, national, 10 * national}, bound{}}, // fewer firms lie in fewer blocks
		{national, []float64{national, 10 * national}, atMost(1.2)},
	}
	for _, s := range series {
		var base *sample
		for _, firms := range s.firms {
			c, err := b.market(firms, s.base/firms, b.replicationsOf(s.base))
			if err != nil {
				return err
			}
			what := fmt.Sprintf("%.0f thousand firms, %.1f thousand buyers", firms/1000, c.outcome("journeys")/1000)
			if base == nil {
				base = c
				b.add(what, "1 (%.1f million hashes, %.1f ms)", c.hashes, c.ms)
				continue
			}
			b.judge(what, c.hashes/base.hashes, s.asked, bound{}, "%.2f (%.1f million hashes)", c.hashes)
		}
	}
	return nil
}

// journeys lets more triggers fire in the same market.
func (b *bench) journeys() error {
	b.part("buyers in the national market (trigger rates scaled): cost of each over that of the first line")
	first := 0.0
	for _, factor := range []float64{0.125, 0.25, 0.5, 1} {
		c, err := b.market(5_771_290, factor, b.replicationsOf(5_771_290*factor))
		if err != nil {
			return err
		}
		each := c.hashes * 1e6 / c.outcome("journeys")
		what := fmt.Sprintf("%.2f million buyers", c.outcome("journeys")/1e6)
		if first == 0 {
			first = each
			b.add(what, "1 (%.0f hashes each)", each)
			continue
		}
		b.judge(what, each/first, atMost(1.2), bound{}, "%.2f (%.0f hashes each)", each)
	}
	return nil
}

// replicationsOf gives more replications to small markets.
func (b *bench) replicationsOf(size float64) int { return int(max(1, min(50, 2e6/size))) }

// market measures the national vendor on another market: a number of firms, all
// trigger rates multiplied, no opening customers, and cash enough to see the end.
func (b *bench) market(firms, factor float64, replications int) (*sample, error) {
	p, err := scenarios.Load("phone-system")
	if err != nil {
		return nil, err
	}
	p = p.Clone()
	p.OpeningPlan = nil // the plan as it is here
	p.Population.Firms = firms
	for k := range p.Triggers {
		t := &p.Triggers[k]
		for i := range t.RatePerYear {
			t.RatePerYear[i] *= factor
		}
		for i := range t.LifeYears {
			t.LifeYears[i] /= factor
		}
	}
	clear(p.Opening.Customers)
	p.Finance.OpeningCash = 1e12
	return b.cost(p, replications)
}

// channels spreads the same touches over more channels.
func (b *bench) channels() error {
	b.part("channels, at an equal number of touches in all: time over that of 4")
	first := 0.0
	for _, n := range []int{4, 16, 32} {
		p, err := withChannels(n)
		if err != nil {
			return err
		}
		c, err := b.cost(p, 1)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%d channels, %.2f million touches", n, c.outcome("touches")/1e6)
		if first == 0 {
			first = c.hashes
			b.add(what, "1 (%.0f million hashes)", c.hashes)
			continue
		}
		b.judge(what, c.hashes/first, atMost(1.4), bound{}, "%.2f (%.0f million hashes)", c.hashes)
	}
	return nil
}

// withChannels is a vendor with n equal channels in the national market.
func withChannels(n int) (*plan.Plan, error) {
	const touchesAWeek = 1.2 // of all channels together on a firm that all reach, at full drive
	var text strings.Builder
	text.WriteString(`extends = "us-smb"
title = "Equal channels"
[opening]
customers = 0
burn_in_weeks = 48
[finance]
opening_cash = 1e9
[journey]
willingness_median = 30
[customers]
retained_12_months = 0.75
[products.phone]
price = 20
[teams.web]
kind = "web"
win_rate = 0.4
cycle_days = 5
`)
	for i := range n {
		fmt.Fprintf(&text, "[channels.c%02d]\nweekly_budget = 10_000\nhalf_saturation = 10_000\nmax_touches_per_week = "+
			"%g\nresponse = 0.3\nreach.size = 0.4\n", i, touchesAWeek/float64(n))
	}
	return scenarios.LoadBytes(fmt.Sprintf("channels-%d.toml", n), []byte(text.String()))
}
