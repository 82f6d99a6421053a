package model

import (
	"math"
	"testing"

	"windfall/model/known"
	"windfall/model/plan"
)

// raised runs a plan, with triggers in the first weeks only, and gives the
// journeys opened and their leads; the run must be long enough for all windows
// to end.
func raised(t *testing.T, p *plan.Plan, replications, weeks int) (journeys int, leads []Lead) {
	t.Helper()
	p.Changes = append(p.Changes, from(p, weeks, "triggers.need.rate_per_year", 0))
	pr, s, rec := traced(t, p)
	for r := range replications {
		s.Replicate(11, r, rec)
		journeys += int(outcome(t, pr, rec, "journeys"))
		leads = append(leads, traceOf(s).Leads...)
	}
	return journeys, leads
}

// oneChannel is a market of ten thousand journeys a week in which touches come
// at rate l a week, raise the hand with chance q, and windows end at rate m.
func oneChannel(l, q, m float64) *plan.Plan {
	p := oneCell(1e8, 1e4*plan.WeeksPerYear/1e8, 1/m)
	p.Run.Weeks = 40
	p.Channels[0] = testChannel(p, "ads", l, q)
	return p
}

func TestChanceToRaiseIsTheClosedForm(t *testing.T) {
	t.Parallel()
	const l, q, m = 0.8, 0.3, 0.4
	cases := []struct {
		name   string
		change func(p *plan.Plan)
		known  float64
	}{
		{"as it is", func(p *plan.Plan) {}, known.Raise(l, q, m)},
		{"daily steps", func(p *plan.Plan) { p.Run.Step = "day" }, known.Raise(l, q, m)},
		{"every touch", func(p *plan.Plan) { p.Channels[0].Response = 1 }, known.Raise(l, 1, m)},
		{"half reached", func(p *plan.Plan) { p.Channels[0].Reach.Size[0] = 0.5 }, known.Raise(l, q, m) / 2},
		{"two channels", func(p *plan.Plan) { p.Channels = append(p.Channels, testChannel(p, "mail", 0.5, 0.9)) }, known.Raise(l+0.5, (l*q+0.5*0.9)/(l+0.5), m)},
		{"smooth readiness, no need", func(p *plan.Plan) { p.Journey.ReadinessStep, p.Journey.TouchesNeeded[0] = false, 1e-6 }, known.Raise(l, q, m)},
		{"urgency", func(p *plan.Plan) { p.Triggers[0].Urgency = 1.7 }, known.Raise(l, 1.7*q, m)},
		{"capped at 1", func(p *plan.Plan) { p.Triggers[0].Urgency = 50 }, known.Raise(l, 1, m)},
		{"gamma window", func(p *plan.Plan) { p.Triggers[0].WindowCV = 0.6 }, known.RaiseGamma(l, q, 1/m, 0.6)},
		{"wide gamma window", func(p *plan.Plan) { p.Triggers[0].WindowCV = 1.5 }, known.RaiseGamma(l, q, 1/m, 1.5)},
		{"window of one length", func(p *plan.Plan) { p.Triggers[0].WindowCV = 0 }, known.RaiseGamma(l, q, 1/m, 0)},
		// The rate from the first day on is 5.6 times that of the opening plan, in
		// the fourth layer of the proposals' level, or a twentieth of it.
		{"rate in upper layers", func(p *plan.Plan) {
			p.Channels[0].MaxTouchesPerWeek /= 5.6
			p.Changes = []plan.Change{from(p, 0, "channels.ads.max_touches_per_week", 2*l)}
		}, known.Raise(l, q, m)},
		{"rate low in the first layer", func(p *plan.Plan) {
			p.Channels[0].MaxTouchesPerWeek *= 20
			p.Changes = []plan.Change{from(p, 0, "channels.ads.max_touches_per_week", 2*l)}
		}, known.Raise(l, q, m)},
		// A firm's death ends the window too.
		{"firms die", func(p *plan.Plan) { p.Population.Sizes[0].FirmDeathPerYear = 4 }, known.Raise(l, q, m+4/plan.WeeksPerYear)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := oneChannel(l, q, m)
			c.change(p)
			n, leads := raised(t, p, more(1, 20), 6)
			nearShare(t, "raised", len(leads), n, c.known)
		})
	}
}

func TestChanceToRaiseAfterRequiredTouches(t *testing.T) {
	t.Parallel()
	const l, q, m = 1.5, 0.25, 0.3
	for needed := 1; needed <= 5; needed++ {
		p := oneChannel(l, q, m)
		p.Journey.TouchesNeeded[0] = float64(needed) - 0.5
		n, leads := raised(t, p, more(1, 10), 10)
		nearShare(t, "raised", len(leads), n, known.RaiseAfter(needed, l, q, m))
		// The n-1 touches that only make ready come first, then each may raise: the
		// touches beyond the needed ones are geometric.
		counts, chances := make([]int, 6), make([]float64, 6)
		again := l / (l + m) * (1 - q)
		for _, x := range leads {
			counts[min(x.Touches-needed, 5)]++
		}
		for i := range chances {
			chances[i] = math.Pow(again, float64(i)) * (1 - again)
		}
		chances[5] = math.Pow(again, 5)
		nearCounts(t, "touches before the hand", counts, chances)
	}
}

// The touches of a journey that never raises its hand are geometric, and a hand
// that goes up does so after an exponential time of rate l q + m.
func TestTouchesAndTimeToRaise(t *testing.T) {
	t.Parallel()
	const l, q, m = 2.0, 0.2, 0.5
	_, leads := raised(t, oneChannel(l, q, m), more(1, 5), 12)
	var u []float64
	for _, x := range leads {
		u = append(u, known.RaisedBy(x.Raised-x.Trigger, l, q, m))
	}
	counts, chances := uniformCounts(u, 20)
	nearCounts(t, "time to the hand", counts, chances)

	// Without response nobody leaves early: one touch or more before the window
	// ends, and touches at rate l a week in market.
	p := oneChannel(l, 0, m)
	p.Changes = []plan.Change{from(p, 12, "triggers.need.rate_per_year", 0)}
	pr, s, rec := prepared(t, p)
	s.Replicate(11, 0, rec)
	n := outcome(t, pr, rec, "journeys")
	nearShare(t, "reached", int(outcome(t, pr, rec, "reached")), int(n), known.Raise(l, 1, m))
	near(t, "touches a journey", outcome(t, pr, rec, "touches")/n, l/m, math.Sqrt((l/m+l*l/(m*m))/n))
}

// A ready firm's chance is response x R: with need lognormal and one touch (the
// second would come after the window) R is averaged over the law of need.
func TestSmoothReadinessAveragesOverNeed(t *testing.T) {
	t.Parallel()
	const m = 1.0
	p := oneChannel(0.02, 0.9, m)
	p.Journey.ReadinessStep, p.Journey.TouchesNeeded[0], p.Journey.TouchesNeededSD = false, 1.3, 0.5
	n, leads := raised(t, p, more(3, 10), 30)
	// Mean of 1/(1 + need^4) over the lognormal law, for journeys with one touch;
	// of the 2% with a touch 2% have a second, whose readiness is at progress 2.
	ready := func(progress float64) float64 {
		f := func(z float64) float64 {
			need := 1.3 * math.Exp(0.5*z)
			return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / (1 + math.Pow(need/progress, 4))
		}
		return known.Simpson(f, -8, 8, 2000)
	}
	both := func() float64 { // not at the first touch, but at the second
		f := func(z float64) float64 {
			need := 1.3 * math.Exp(0.5*z)
			return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * (1 - 0.9/(1+math.Pow(need, 4))) * 0.9 / (1 + math.Pow(need/2, 4))
		}
		return known.Simpson(f, -8, 8, 2000)
	}()
	touch := 0.02 / (0.02 + m)
	nearShare(t, "raised", len(leads), n, touch*0.9*ready(1)+touch*touch*both)
}

// Progress is forgotten with half-life memory_weeks: of journeys with exactly a
// second touch, those ready at the second are the ones whose gap is short enough.
func TestProgressIsForgotten(t *testing.T) {
	t.Parallel()
	const l, m, memory = 0.5, 0.5, 2.0
	p := oneChannel(l, 1, m)
	p.Journey.MemoryWeeks, p.Journey.TouchesNeeded[0] = memory, 1.6
	n, leads := raised(t, p, more(2, 5), 12)
	// Second touch with gap g raises if 1 + 2^(-g/memory) >= 1.6.
	gap := memory * -math.Log2(0.6)
	raise := 0
	for _, x := range leads {
		if x.Touches == 2 {
			raise++
		}
	}
	p1 := l / (l + m)
	nearShare(t, "raised at the second touch", raise, n, p1*p1*(1-math.Exp(-(l+m)*gap)))

	// A second channel, new to the journey, adds weight x (1 + bonus).
	p = oneChannel(l, 1, m)
	p.Channels = append(p.Channels, testChannel(p, "mail", l, 1))
	p.Journey.TouchesNeeded[0], p.Journey.CrossChannelBonus = 2.1, 0.2
	n, leads = raised(t, p, more(2, 5), 12)
	raise = 0
	for _, x := range leads {
		if x.Touches == 2 {
			raise++
		}
	}
	p2 := 2 * l / (2*l + m)
	nearShare(t, "raised by the bonus at the second touch", raise, n, p2*p2/2)
}
