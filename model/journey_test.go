package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
	"windfall/model/rng"
)

// Numbers of a draw made once act with their value at the trigger: need and
// window of a journey do not follow later changes.
func TestNeedAndWindowAreThoseOfTheTrigger(t *testing.T) {
	t.Parallel()
	const l, m = 0.8, 0.2
	for name, change := range map[string]plan.Change{
		"need":          {Effects: []plan.Effect{{Key: "journey.touches_needed", Value: 900, Input: -1}}},
		"spread of it":  {Effects: []plan.Effect{{Key: "journey.touches_needed", Value: 900, Input: -1}, {Key: "journey.touches_needed_sd", Value: 0.1, Input: -1}}},
		"window":        {Effects: []plan.Effect{{Key: "triggers.need.window_weeks", Value: 0.001, Input: -1}}},
		"reach":         {Effects: []plan.Effect{{Key: "channels.ads.reach.size", Value: 0, Input: -1}}},
		"firm's death":  {Effects: []plan.Effect{{Key: "population.sizes.all.firm_death_per_year", Value: 5, Input: -1}}},
		"no change":     {},
		"trigger rates": {Effects: []plan.Effect{{Key: "triggers.need.rate_per_year", Value: 0, Input: -1}}},
	} {
		p := oneChannel(l, 1, m)
		p.Run.Weeks = 60
		change.From = p.Run.Start + 7*3
		p.Changes = []plan.Change{change}
		n, leads := raised(t, p, 1, 3) // triggers in the first three weeks
		nearShare(t, name+": raised", len(leads), n, known.Raise(l, 1, m))
	}
}

// Response, urgency, touches a week and lift act with their value now.
func TestRatesAndChancesAreThoseOfNow(t *testing.T) {
	t.Parallel()
	const l, m = 0.8, 0.2
	for key, value := range map[string]float64{"channels.ads.response": 0, "triggers.need.urgency": 0, "channels.ads.max_touches_per_week": 0, "channels.ads.weekly_budget": 0} {
		p := oneChannel(l, 1, m)
		p.Channels[0].AdstockHalfLifeWeeks = 1e-6
		p.Changes = []plan.Change{from(p, 3, key, value)}
		_, leads := raised(t, p, 1, 3)
		for _, x := range leads {
			require.Less(t, x.Raised, 3.02, key)
		}
	}
}

// Within a step dormant firms run out one by one: of D dormant firms that each
// open a journey at rate l the number that do within a week is binomial.
func TestDormantFirmsRunOutWithinAStep(t *testing.T) {
	t.Parallel()
	const N, rate = 150, 70.0 // 1.34 a week
	p := oneCell(N, 1e-9, 10)
	p.Run.Weeks, p.Channels[0].Response, p.Journey.LockInYears = 3, 0, 50
	p.OpeningPlan = p.Clone()
	p.Changes = []plan.Change{from(p, 0, "triggers.need.rate_per_year", rate)}
	// Another kind at half the rate, in layers of its own.
	second := p.Triggers[0]
	second.Name, second.RatePerYear = "other", fill(1, 1e-9)
	p.Triggers = append(p.Triggers, second)
	p.Changes = append(p.Changes, from(p, 0, "triggers.other.rate_per_year", rate/2))
	pr, s, rec := prepared(t, p)
	chance := -math.Expm1(-1.5 * rate / plan.WeeksPerYear)
	var first, second2 []float64
	n := more(1000, 30)
	for r := range n {
		s.Replicate(8, r, rec)
		x := weekly(t, pr, rec, "journeys")
		first, second2 = append(first, x[0]), append(second2, x[0]+x[1])
	}
	for i, list := range [][]float64{first, second2} {
		q := chance
		if i == 1 {
			q = 1 - (1-chance)*(1-chance)
		}
		mean, variance := moments(list)
		v := N * q * (1 - q)
		near(t, "journeys opened", mean, N*q, math.Sqrt(v/float64(n)))
		near(t, "their variance", variance, v, v*math.Sqrt(2/float64(n)))
	}
}

// Channels with targets touch visible journeys of those kinds only, visibility
// being one yes or no shared by all channels; their half-saturation is scaled by
// the share of firms that they address, times the price of targeting.
func TestTargetsAreVisibleJourneysOfTheirKinds(t *testing.T) {
	t.Parallel()
	p := oneCell(1e8, 1e4*plan.WeeksPerYear/1e8, 4)
	p.Run.Weeks, p.Opening.BurnInWeeks = 30, 0
	second := p.Triggers[0]
	second.Name, second.Visible, second.WindowWeeks, second.RatePerYear = "seen", 0.3, 6, fill(1, second.RatePerYear[0])
	p.Triggers = append(p.Triggers, second)
	a := second.RatePerYear[0] * 6 / plan.WeeksPerYear * 0.3
	for i, name := range []string{"calls", "visits"} {
		c := testChannel(p, name, 1, 1)
		c.Targets, c.TargetingCost = []string{"seen"}, 25
		c.WeeklyBudget, c.HalfSaturation = 300, 100/(a*25) // half as much again as now: 3/4 of the most
		c.MaxTouchesPerWeek = 1.5 + float64(i)
		p.Channels = append(p.Channels, c)
	}
	p.Channels[0].Response = 0
	p.Channels[2].Response = 0
	p.Changes = []plan.Change{from(p, 12, "triggers.*.rate_per_year", 0)}
	pr, s, rec := traced(t, p)
	require.InEpsilon(t, 25*a, func() float64 { s.w.set(1, 0, rng.Root(1, 0)); return s.w.open.targeting[1] }(), 1e-9)
	s.Replicate(5, 0, rec)
	for _, l := range traceOf(s).Leads {
		require.Equal(t, 1, l.Kind)
	}
	n := outcome(t, pr, rec, "journeys") / 2
	rate := 1.5 * 0.75
	raise := 0.3 * known.Raise(rate, 1, 1.0/6)
	leads := outcome(t, pr, rec, "leads")
	near(t, "raised of the seen kind", leads/n, raise, math.Sqrt(raise/n)+0.002*raise)
	// Whoever calls found is seen by visits too: touches of visits before the hand
	// come at rate 2.5 x 3/4 from the trigger on.
	visits := 0.0
	for _, l := range traceOf(s).Leads {
		for _, c := range l.Path {
			if c.Channel == 2 {
				visits++
			}
		}
	}
	k := rate + 1.0/6
	near(t, "visits before the hand", visits/leads, 2.5*0.75/k, math.Sqrt((2.5*0.75/k)*(1+2.5*0.75/k)/leads)+0.002)
}

// A channel's touches follow its season, divided by its largest month.
func TestTouchesFollowTheSeason(t *testing.T) {
	t.Parallel()
	p := oneCell(1e8, 2e4*plan.WeeksPerYear/1e8, 4)
	p.Run.Weeks, p.Opening.BurnInWeeks, p.Channels[0].Response = 52, 20, 0
	p.Channels[0] = testChannel(p, "ads", 1, 0)
	p.Channels[0].Season = []float64{2, 1, 1, 0, 4, 4, 4, 4, 1, 1, 1, 3}
	pr, s, rec := prepared(t, p)
	s.Replicate(5, 0, rec)
	touches, inMarket := weekly(t, pr, rec, "touches"), weekly(t, pr, rec, "in_market")
	for _, c := range []struct {
		week   int
		season float64
	}{{1, 0.5}, {6, 0.25}, {15, 0}, {20, 1}, {49, 0.75}, {4, (3*2 + 4*1) / 7.0 / 4}} {
		want := c.season * (inMarket[c.week-1] + inMarket[c.week]) / 2
		near(t, "touches", touches[c.week], want, math.Sqrt(want)*1.5+1+0.003*want)
	}
}

// No two decisions of a journey share a random word: whoever was hard to win at
// the first touch waits no longer for later ones. (Response one half in the week
// of the triggers, none later; survivors are touched 16 times a week.)
func TestLaterTouchesDoNotKnowOfEarlierChances(t *testing.T) {
	t.Parallel()
	firms := more(2e5, 5) * 4000
	p := oneCell(float64(firms), plan.WeeksPerYear/4000, 3)
	p.Run.Weeks, p.Triggers[0].WindowCV = 3, 0
	p.Channels[0] = testChannel(p, "ads", 16, 0.5)
	p.Changes = []plan.Change{from(p, 1, "triggers.need.rate_per_year", 0), from(p, 1, "channels.ads.response", 0)}
	pr, s, rec := prepared(t, p)
	s.Replicate(5, 0, rec)
	n := outcome(t, pr, rec, "journeys") - outcome(t, pr, rec, "leads")
	x := weekly(t, pr, rec, "touches")
	near(t, "touches of survivors", (x[1]+x[2])/n, 32, math.Sqrt(32/n))
}

// Touches go on between the raised hand and first contact, to no effect; none is
// made after it, nor on a lead that does not qualify.
func TestTouchesGoOnUntilFirstContact(t *testing.T) {
	t.Parallel()
	const l, m = 1.2, 0.4
	for _, c := range []struct {
		name   string
		change func(p *plan.Plan)
		known  float64 // touches a journey
	}{
		{"answered at once", func(p *plan.Plan) {}, l / (l + m)},
		{"never answered", func(p *plan.Plan) { p.Teams[0].AnswerDelayHours = 1e4 }, l / m},
		// The first touch, and those of three weeks more if the window lasts.
		{"answered after three weeks", func(p *plan.Plan) { p.Teams[0].AnswerDelayHours = 3 * plan.HoursPerWeek }, l / (l + m) * (1 + l/m*(1-math.Exp(-3*m)))},
		{"unqualified", func(p *plan.Plan) { p.Products[0].Price = 1e12 }, l / (l + m)},
	} {
		p := oneChannel(l, 1, m)
		p.Run.Weeks = 60
		c.change(p)
		p.Changes = []plan.Change{from(p, 6, "triggers.need.rate_per_year", 0)}
		pr, s, rec := prepared(t, p)
		s.Replicate(4, 0, rec)
		n := outcome(t, pr, rec, "journeys")
		near(t, c.name+": touches a journey", outcome(t, pr, rec, "touches")/n, c.known, math.Sqrt((l/m+l*l/m/m)/n))
		require.InDelta(t, outcome(t, pr, rec, "leads"), outcome(t, pr, rec, "judged_touches"), 0.5, "only touches before the hand are judged")
	}
}

// Engaged journeys are those whose progress reached their need.
func TestEngagedJourneysReachedTheirNeed(t *testing.T) {
	t.Parallel()
	const l, m = 1.2, 0.4
	p := oneChannel(l, 0, m)
	p.Run.Weeks = 60
	p.Journey.TouchesNeeded[0] = 2.5
	p.Changes = []plan.Change{from(p, 6, "triggers.need.rate_per_year", 0)}
	pr, s, rec := prepared(t, p)
	s.Replicate(4, 0, rec)
	nearShare(t, "engaged", int(outcome(t, pr, rec, "engaged")), int(outcome(t, pr, rec, "journeys")), math.Pow(l/(l+m), 3))
}

// Rates and reach are those of the plan, wherever those of the opening plan lie:
// far below, above, or nowhere, alone or beside others.
func TestRatesFarAboveTheOpeningOnes(t *testing.T) {
	t.Parallel()
	leads := func(open func(p *plan.Plan)) (mean, v float64) {
		var list []float64
		for r := range 10 {
			p := oneCell(60000, 0.2, 4)
			p.Run.Weeks, p.Channels[0].Shape, p.Channels[0].Response = 10, 3, 0.1
			p.Channels = append(p.Channels, testChannel(p, "b", 1, 0.1))
			p.Channels[0].InitialAdstock, p.Channels[1].InitialAdstock = 100, 100
			p.Channels[0].Reach.Size[0], p.Channels[1].Reach.Size[0] = 0.7, 0.6
			p.OpeningPlan = p.Clone()
			open(p.OpeningPlan)
			pr, s, rec := prepared(t, p)
			s.Replicate(1, r, rec)
			list = append(list, outcome(t, pr, rec, "leads"))
		}
		mean, v = moments(list)
		return mean, v / float64(len(list))
	}
	want, v := leads(func(p *plan.Plan) {})
	for name, open := range map[string]func(p *plan.Plan){
		"reaches fewer":  func(p *plan.Plan) { p.Channels[0].Reach.Size[0], p.Channels[1].Reach.Size[0] = 0.3, 0.1 },
		"reaches more":   func(p *plan.Plan) { p.Channels[0].Reach.Size[0], p.Channels[1].Reach.Size[0] = 0.99, 1 },
		"has no b":       func(p *plan.Plan) { p.Channels = p.Channels[:1] },
		"has only b":     func(p *plan.Plan) { p.Channels = p.Channels[1:] },
		"touches less":   func(p *plan.Plan) { p.Channels[0].MaxTouchesPerWeek /= 30 },
		"touches more":   func(p *plan.Plan) { p.Channels[0].MaxTouchesPerWeek *= 30 },
		"touches nobody": func(p *plan.Plan) { p.Channels[0].MaxTouchesPerWeek, p.Channels[1].Enabled = 0, false },
	} {
		got, u := leads(open)
		near(t, "leads, the opening plan "+name, got, want, math.Sqrt(u+v))
	}
	for _, spend := range []float64{10, 1, 1e-3, 1e-6, 1e-100} {
		for _, beside := range []bool{true, false} {
			got, u := leads(func(p *plan.Plan) {
				p.Channels[0].WeeklyBudget = spend
				if !beside {
					p.Channels[1].WeeklyBudget = spend
				}
			})
			near(t, fmt.Sprintf("leads, opening spend %g", spend), got, want, math.Sqrt(u+v))
		}
	}
}

// The edges of what a plan may be: no channel, 64 of them, no burn-in, one week,
// windows longer than the run, ruin in the first week.
func TestEdgesConserve(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p *plan.Plan){
		"no channels": func(p *plan.Plan) { p.Channels = nil },
		"64 channels": func(p *plan.Plan) {
			for len(p.Channels) < 64 {
				p.Channels = append(p.Channels, testChannel(p, fmt.Sprint("z", len(p.Channels)), 0.2, 0.1))
			}
			p.Changes = []plan.Change{from(p, 2, "channels.*.max_touches_per_week", 3), from(p, 4, "channels.*.reach.size", 1)}
		},
		"no burn-in":   func(p *plan.Plan) { p.Opening.BurnInWeeks = 0 },
		"one week":     func(p *plan.Plan) { p.Run.Weeks, p.Opening.BurnInWeeks = 1, 0 },
		"long windows": func(p *plan.Plan) { p.Triggers[0].WindowWeeks, p.Triggers[2].WindowWeeks = 520, 520 },
		"ruin in the first week": func(p *plan.Plan) {
			p.Finance.OpeningCash = 0
			p.CashRules = []plan.CashRule{{Name: "low", Below: 1e9, CutMedia: 0.5, CutBrand: 0.5, FreezeHiring: true}}
		},
		"a market that shrinks": func(p *plan.Plan) { p.Population.GrowthPerYear = -1 },
		"a market that grows":   func(p *plan.Plan) { p.Population.GrowthPerYear = 1 },
		"many touches": func(p *plan.Plan) {
			p.Population.Firms, p.Channels[0].MaxTouchesPerWeek, p.Channels[0].Response = 300, 1000, 0
			p.Channels[0].Reach.Size = fill(4, 1)
		},
	} {
		for _, step := range []string{"week", "day"} {
			p := testMarket(3000, 1)
			p.Run.Step, p.Run.Weeks, p.Opening.BurnInWeeks = step, 8, 3
			p.Opening.Customers = []float64{5, 0, 0, 0}
			change(p)
			pr, s, rec := prepared(t, p)
			s.eachStep = func() { require.NoError(t, s.Conserved(), name) }
			for r := range 2 {
				s.Replicate(7, r, rec)
				requireSlicesSum(t, pr, rec)
				requireMonthsSum(t, pr, rec)
				requireRatios(t, pr, rec)
				requireWeeksHang(t, pr, rec, p.Finance.OpeningCash, 5)
			}
		}
	}
}
