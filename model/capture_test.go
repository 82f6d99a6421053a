package model

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// searched is oneChannel with a channel that captures what firms search for: they search at rate l, the paid
// link takes a share of the searches, and of the others some arrive through inbound, which touches nobody.
func searched(l, q, m, paid, organic float64, captures string) *plan.Plan {
	p := oneChannel(l, q, m)
	free := testChannel(p, "inbound", 0, 0)
	free.Driver, free.WeeklyBudget, free.HalfSaturationEquity, free.MaxTouchesPerWeek = "brand", 0, 1, 0
	c := testChannel(p, "search", 0, q)
	c.Captures, c.Organic, c.FallsBackTo, c.MaxTouchesPerWeek = captures, organic, "inbound", l
	c.HalfSaturation = c.WeeklyBudget * (1 - paid) / paid
	p.Channels = []plan.Channel{free, c}
	p.Brand.InitialEquity[0], p.Brand.EquityHalfLifeWeeks, p.Brand.AwarenessMax = 1, 1e9, 1 // half of the firms know the brand
	return p
}

// closings are plans without the paid link: no budget, by plan or for a time, or the channel switched off.
func closings(p *plan.Plan) map[string]*plan.Plan {
	closed := func(change func(q *plan.Plan)) *plan.Plan {
		q := p.Clone()
		q.OpeningPlan = p
		change(q)
		return q
	}
	at := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "search" })
	return map[string]*plan.Plan{
		"no budget": closed(func(q *plan.Plan) { q.Channels[at].WeeklyBudget = 0 }),
		"a dated stop": closed(func(q *plan.Plan) {
			q.Changes = append(slices.Clone(q.Changes), from(q, 0, "channels.search.weekly_budget", 0))
		}),
		"switched off": closed(func(q *plan.Plan) { q.Channels[at].Enabled = false }),
	}
}

// Of branded search with 99.5% of the searches arriving anyway half a per cent of the sign-ups are the paid
// link's own doing, whatever last touch says.
func TestBrandedSearchBringsWhatWouldNotHaveComeAnyway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		captures, closing string
		paid, organic, l  float64
		flow              float64 // journeys a week, in ten thousands
	}{
		{"brand", "no budget", 1 - 1e-9, 0.995, 0.008, 10},
		{"category", "switched off", 1 - 1e-9, 0.995, 0.008, 5},
		{"category", "no budget", 0.7, 0.6, 0.4, 1},
		{"category", "switched off", 0.7, 0.6, 0.4, 1},
	} {
		const q, m = 1, 0.4
		p := searched(c.l, q, m, c.paid, c.organic, c.captures)
		p.Channels[1].AdstockHalfLifeWeeks, p.Channels[1].InitialAdstock = 1e-6, 0
		p.Run.Weeks, p.Opening.BurnInWeeks = 40, 0
		p.Triggers[0].RatePerYear[0] *= c.flow
		p.Changes = append(p.Changes, from(p, 15, "triggers.need.rate_per_year", 0)) // all windows end in the run
		n := more(1, 10)
		with, without := replicatedSum(t, p, n), replicatedSum(t, closings(p)[c.closing], n)
		share := 1 - without["signups"]/with["signups"]
		want := known.Incremental(c.l, c.paid, c.organic, q, m)
		t.Logf("%s, organic %.3f, %s: %.4f of %.0f sign-ups, known %.4f", c.captures, c.organic, c.closing, share, with["signups"], want)
		// What the other searches of a firm make good varies less than independent losses would.
		near(t, "incremental share", share, want, math.Sqrt(want/with["signups"]))
		if c.organic == 0.995 {
			near(t, "half a per cent", share, 0.005, math.Sqrt(0.005/with["signups"]))
			require.Equal(t, with["signups"], with["signups search"], "last touch gives all of them to the paid link")
		}
		require.Zero(t, without["signups search"])
		require.Equal(t, without["signups"], without["signups inbound"])
	}
}

// replicatedSum sums outcomes over replications, and touches, leads and sign-ups by channel.
func replicatedSum(t testing.TB, p *plan.Plan, replications int) map[string]float64 {
	t.Helper()
	pr, s, rec := prepared(t, p)
	sums := map[string]float64{}
	for r := range replications {
		s.Replicate(4, r, rec)
		for i, c := range pr.Schema().Outcomes {
			sums[c.Name] += rec.Outcomes[i]
		}
		for i, row := range pr.Schema().SliceRows {
			if row.Dimension != "channel" {
				continue
			}
			for k, c := range pr.Schema().Slice {
				sums[c.Name+" "+row.Name] += rec.Slices[i*len(pr.Schema().Slice)+k]
			}
		}
	}
	return sums
}

// Searches come at one rate whatever is spent; spend and the organic share decide how many arrive, and
// through which channel.
func TestSearchesHaveTheirClosedForm(t *testing.T) {
	t.Parallel()
	const l, m = 0.8, 0.4
	for _, c := range []struct{ paid, organic, q float64 }{{0.5, 0.5, 1}, {0.8, 0.25, 0.4}, {0.3, 1, 0.3}, {0.6, 0, 1}} {
		p := searched(l, c.q, m, c.paid, c.organic, "category")
		n, leads := raised(t, p, 1, 20)
		a := known.Arrivals(1, c.paid, c.organic)
		nearShare(t, "raised", len(leads), n, known.Raise(l*a, c.q, m))
		sums := replicatedSum(t, p, 2)
		if c.organic > 0 {
			nearShare(t, "leads of the paid link", int(sums["leads search"]), int(sums["leads"]), c.paid/a)
			nearShare(t, "touches of the paid link", int(sums["touches search"]), int(sums["touches"]), c.paid/a)
		}
		require.Equal(t, sums["touches"], sums["touches search"]+sums["touches inbound"])
		require.Equal(t, sums["signups"], sums["signups search"]+sums["signups inbound"])
	}
}

// Where all searches arrive without it, the paid link moves money and credit, and not one event.
func TestThePaidLinkAloneMovesCreditOnly(t *testing.T) {
	t.Parallel()
	p := searching(1)
	pr, on := replicated(t, p, 5, 1)
	for name, off := range closings(p) {
		other, without := replicated(t, off, 5, 1)
		for _, c := range pr.Schema().Outcomes {
			a, b := outcome(t, pr, on, c.Name), outcome(t, other, without, c.Name)
			if slices.Contains([]string{"journeys", "touches", "reached", "engaged", "leads", "signups", "opportunities", "won", "refused", "lost_waiting", "churned", "customer_deaths", "live_customers"}, c.Name) {
				require.Equal(t, a, b, "%s, %s", name, c.Name)
			}
			if slices.Contains([]string{"ltv_total", "revenue", "mrr"}, c.Name) {
				require.InEpsilon(t, a, b, 1e-9, "%s, %s", name, c.Name)
			}
		}
		require.Less(t, outcome(t, other, without, "media_spend"), outcome(t, pr, on, "media_spend"))
	}
}

// searching is the busy market with a branded and a category search whose searches arrive through inbound.
func searching(organic float64) *plan.Plan {
	p := busyMarket()
	inbound := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "inbound" })
	free := &p.Channels[inbound]
	for _, x := range []struct{ from, to, captures string }{{"branded-search", "own", "brand"}, {"paid-search", "search", "category"}} {
		i := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == x.from })
		c := &p.Channels[i]
		c.Name, c.Captures, c.Organic, c.FallsBackTo, c.NeedsAwareness = x.to, x.captures, organic, "inbound", false
		c.MaxTouchesPerWeek = 1
		// Equal economics, so that who is credited moves nothing else.
		c.Churn, c.DealSize, c.Discount, c.FeePerLead, c.FeePerCustomer, c.FeeInMonthlyBills, c.RevenueShare = free.Churn, free.DealSize, free.Discount,
			free.FeePerLead, free.FeePerCustomer, free.FeeInMonthlyBills, free.RevenueShare
	}
	slices.SortFunc(p.Channels, func(a, b plan.Channel) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	for i := range p.Teams { // each takes leads of all channels
		p.Teams[i].Channels = nil
	}
	p.CashRules, p.Finance.OpeningCash = nil, 1e8
	return p
}

// A search is the same event in all plans: less spend makes paid searches organic or loses them, more spend
// the reverse; all other touches stay, journey by journey.
func TestASearchIsTheSameEventInEveryPlan(t *testing.T) {
	t.Parallel()
	capture := func(p *plan.Plan) *plan.Channel {
		c := byName(p.Channels, func(c *plan.Channel) string { return c.Name }, "paid-search")
		c.Captures, c.Organic, c.FallsBackTo, c.MaxTouchesPerWeek = "category", 0.5, "inbound", 1
		return c
	}
	// inbound itself touches nobody here, so that all that it shows are searches.
	base := func(p *plan.Plan) *plan.Channel {
		for _, q := range []*plan.Plan{p, p.OpeningPlan} {
			byName(q.Channels, func(c *plan.Channel) string { return c.Name }, "inbound").MaxTouchesPerWeek = 0
			capture(q)
		}
		return capture(p)
	}
	names, leads, _ := witnessed(t, func(p *plan.Plan) { base(p) })
	paths := pathsWithout(names, leads, "")
	for name, c := range map[string]struct {
		more   int
		change func(c *plan.Channel)
	}{
		"no budget":           {-1, func(c *plan.Channel) { c.WeeklyBudget = 0 }},
		"switched off":        {-1, func(c *plan.Channel) { c.Enabled = false }},
		"a third":             {-1, func(c *plan.Channel) { c.WeeklyBudget /= 3 }},
		"ten times":           {1, func(c *plan.Channel) { c.WeeklyBudget *= 10 }},
		"fewer arrive":        {0, func(c *plan.Channel) { c.Organic = 0.2 }},
		"more arrive":         {0, func(c *plan.Channel) { c.Organic = 0.9 }},
		"none without a link": {0, func(c *plan.Channel) { c.Organic = 0 }},
	} {
		n, l, _ := witnessed(t, func(p *plan.Plan) { c.change(base(p)) })
		after := pathsWithout(n, l, "")
		require.Equal(t, len(paths), len(after), name)
		turned, gone := 0, 0
		for at, path := range paths {
			full, left := path, after[at]
			if c.more > 0 || name == "more arrive" {
				full, left = left, full
			}
			require.True(t, remains(full, left, c.more != 0), "%s: the journey of %v: %v, %v", name, at, path, after[at])
			gone += len(full) - len(left)
			turned += count(full, "paid-search") - count(left, "paid-search") - len(full) + len(left)
		}
		require.Greater(t, gone, 100, name)
		if c.more != 0 {
			require.Greater(t, turned, 100, name)
			nearShare(t, name+": of those that lose the link some arrive", turned, turned+gone, 0.5)
		}
	}
}

// remains says whether a path is what is left of a fuller one: where spend is less some paid searches are
// organic now and others gone; where fewer arrive some organic ones are.
func remains(full, left []string, spend bool) bool {
	if len(full) == 0 {
		return len(left) == 0
	}
	if len(left) > 0 && full[0] == left[0] && remains(full[1:], left[1:], spend) {
		return true
	}
	if !spend {
		return full[0] == "inbound" && remains(full[1:], left, spend)
	}
	return full[0] == "paid-search" && (remains(full[1:], left, spend) || len(left) > 0 && left[0] == "inbound" && remains(full[1:], left[1:], spend))
}

// count is how often a channel is in a path.
func count(path []string, channel string) (n int) {
	for _, c := range path {
		if c == channel {
			n++
		}
	}
	return n
}

// Searches whose paid share is known only in their own step are waited for, and come out as if it had been
// known: a cash rule that never acts changes nothing.
func TestSearchesThatWaitComeOutTheSame(t *testing.T) {
	t.Parallel()
	p := searching(0.4)
	pr, rec := replicated(t, p, 6, 2)
	q := p.Clone()
	q.CashRules = []plan.CashRule{{Name: "never", Below: 0, CutMedia: 0.5, CutBrand: 0.5}}
	other, waited := replicated(t, q, 6, 2)
	requireWeeksEqual(t, "with a rule that never acts", pr, rec, other, waited, pr.Schema().Weeks)
	require.Equal(t, wordsOf(rec), wordsOf(waited))

	// One that acts from the first day on is a smaller budget; touches of a journey are those of its path.
	q.CashRules[0].Below, q.CashRules[0].CutBrand = 1e9, 0
	_, s, cut := traced(t, q)
	s.Replicate(6, 2, cut)
	requirePaths(t, s)
	r := p.Clone()
	r.OpeningPlan = p
	r.Changes = append(slices.Clone(r.Changes), plan.Change{Name: "z", Layer: 1, From: r.Run.Start, Effects: []plan.Effect{{Key: "channels.*.weekly_budget", Multiply: true, Value: 0.5, Input: -1}}})
	smaller, half := replicated(t, r, 6, 2)
	require.Equal(t, outcome(t, smaller, half, "leads"), outcome(t, other, cut, "leads"))
	require.NotEqual(t, outcome(t, pr, rec, "leads"), outcome(t, other, cut, "leads"))
}

// A channel that receives searches and is switched off receives none.
func TestNothingFallsBackToAChannelThatIsOff(t *testing.T) {
	t.Parallel()
	p := searched(0.8, 1, 0.4, 0.5, 0.5, "category")
	p.Channels[0].Enabled = false
	n, leads := raised(t, p, 1, 20)
	nearShare(t, "raised", len(leads), n, known.Raise(0.8*0.5, 1, 0.4))
}
