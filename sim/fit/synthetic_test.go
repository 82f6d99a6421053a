package fit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// market is a share of metro, with a short burn-in.
func market(t *testing.T, share float64) *plan.Plan {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	q := fit.Smaller(p, share)
	q.Opening.BurnInWeeks = 16
	return q
}

// quick is a market that is run fast: firms die at any age alike, and little comes before the first day.
func quick(t *testing.T, share float64) *plan.Plan {
	p := market(t, share)
	p.Opening.BurnInWeeks = 8
	for i := range p.Population.Sizes {
		p.Population.Sizes[i].DeathShape = 1
	}
	return p
}

// months is a history up to a month.
func months(h *company.History, n int) *company.History {
	h.Periods = h.Periods[:n]
	for i := range h.Channels {
		h.Channels[i].Spend = h.Channels[i].Spend[:n]
	}
	return h
}

// spends is a history of 24 calendar months in which nothing is known but what was spent: constant, or varied by
// channel by up to 40% up and down at random.
func spends(p *plan.Plan, varied bool) *company.History {
	h := &company.History{Monthly: true}
	for m := range 24 {
		h.Periods = append(h.Periods, company.Period{From: plan.NewDate(2013, 1+m, 1), To: plan.NewDate(2013, 2+m, 1)})
	}
	for i := range p.Channels {
		ch := &p.Channels[i]
		if ch.Driver != "budget" {
			continue
		}
		x := company.ChannelHistory{Name: ch.Name}
		key := rng.Root(9, 0).Child(rng.Label(ch.Name))
		for m, period := range h.Periods {
			factor := 1.0
			if varied {
				factor = 0.6 + 0.8*key.Unit(uint64(m))
			}
			x.Spend = append(x.Spend, ch.WeeklyBudget*factor*period.Weeks())
		}
		h.Channels = append(h.Channels, x)
	}
	return h
}

// twenty unknowns: the levels of 12 paid channels and of inbound, a common saturation, halo, four win rates, churn.
func twenty(p *plan.Plan) []learned.Unknown {
	var out []learned.Unknown
	for _, ch := range p.Channels {
		switch {
		case ch.Driver == "budget":
			out = append(out, learned.Unknown{Name: "level." + ch.Name, Kind: learned.Level, Of: []string{ch.Name}, Prior: wide})
		case ch.Driver == "brand":
			out = append(out, learned.Unknown{Name: "demand." + ch.Name, Kind: learned.Demand, Of: []string{ch.Name}, Prior: wide})
		}
	}
	for _, team := range p.Teams {
		out = append(out, learned.Unknown{Name: "win." + team.Name, Kind: learned.Win, Of: []string{team.Name}, Prior: narrow})
	}
	return append(out, learned.Unknown{Name: "saturation", Kind: learned.Saturation, Prior: learned.Prior{SD: 0.7, Source: "C36"}},
		learned.Unknown{Name: "halo", Kind: learned.Halo, Prior: narrow}, learned.Unknown{Name: "churn", Kind: learned.Churn, Prior: narrow})
}

var (
	wide   = learned.Prior{SD: 0.6, Source: "the test"}
	narrow = learned.Prior{SD: 0.5, Source: "the test"}
)

// truth draws the values of a company from the priors.
func truth(unknowns []learned.Unknown, company int) (x []float64) {
	key := rng.Root(77, company)
	for i, u := range unknowns {
		x = append(x, u.Prior.Mean+u.Prior.SD*rng.Normal(key, uint64(i)))
	}
	return x
}
