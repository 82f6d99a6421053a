package dense_test

import (
	"math"
	"strings"
	"testing"

	"windfall/model/dense"
	"windfall/model/known"
	"windfall/model/plan"
)

// This file tests the reference simulator itself against closed forms. Seeds
// are fixed; a value passes within 4 standard errors, which are printed.

// sample collects one number a replication.
type sample []float64

func (x sample) mean() float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// se is the standard error of the mean.
func (x sample) se() float64 {
	m, sum := x.mean(), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	n := float64(len(x))
	return math.Sqrt(sum / (n - 1) / n)
}

// checkMean compares the mean of a sample with a known value.
func checkMean(t *testing.T, what string, x sample, want float64) {
	t.Helper()
	check(t, what, x.mean(), x.se(), want)
}

// checkRatio compares the ratio of the totals of two samples, by replication,
// with a known value; its standard error is that of over - want x under.
func checkRatio(t *testing.T, what string, over, under sample, want float64) {
	t.Helper()
	rest := make(sample, len(over))
	for i := range over {
		rest[i] = over[i] - want*under[i]
	}
	check(t, what, over.mean()/under.mean(), rest.se()/under.mean(), want)
}

func check(t *testing.T, what string, got, se, want float64) {
	t.Helper()
	z := (got - want) / se
	t.Logf("%-40s %10.5f known %10.5f se %.5f z %+.2f", what, got, want, se, z)
	if !(math.Abs(z) <= 4) && math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("%s = %g, known %g: %+.1f standard errors off", what, got, want, z)
	}
}

// replicate runs replications of a plan and gives the results.
func replicate(p *plan.Plan, seed uint64, n int) []*dense.Result {
	out := make([]*dense.Result, n)
	for i := range out {
		out[i] = dense.Simulate(p, seed, i)
	}
	return out
}

// total is a total by replication.
func total(results []*dense.Result, name string) sample {
	x := make(sample, len(results))
	for i, r := range results {
		v, ok := r.Totals[name]
		if !ok {
			panic("no total " + name)
		}
		x[i] = v
	}
	return x
}

// decided counts, by replication, the journeys opened in the run that could be
// followed for the given weeks, and those of them that raised their hand in that time.
func decided(results []*dense.Result, weeks, within float64) (opened, raised sample) {
	for _, r := range results {
		var o, h float64
		for _, j := range r.Journeys {
			if j.InRun && j.Opened+within <= weeks {
				o++
			}
		}
		for _, l := range r.Leads {
			if l.Trigger >= 0 && l.Trigger+within <= weeks && l.Raised-l.Trigger <= within {
				h++
			}
		}
		opened, raised = append(opened, o), append(raised, h)
	}
	return opened, raised
}

// raising is the market of V1: one cell, one channel at constant touch rate 1
// (driver one half), exponential windows of mean 4 weeks.
func raising() *plan.Plan {
	p := selling(4000)
	p.Run.Weeks = 52
	return p
}

// TestRaiseClosedForm is V1: P(raise) = l q/(l q + m), and with n needed
// touches (l/(l+m))^(n-1) of it. Journeys are followed for 30 weeks; what a
// hand raised later could add is below e^-9.
func TestRaiseClosedForm(t *testing.T) {
	const touch, response, end = 1.0, 0.3, 0.25
	p := raising()
	runs := replicate(p, 11, 20)
	opened, raised := decided(runs, p.Run.Weeks, 30)
	checkRatio(t, "P(raise)", raised, opened, known.Raise(touch, response, end))

	var early, all sample
	for _, r := range runs {
		var e, a float64
		for _, l := range r.Leads {
			if l.Trigger >= 0 && l.Trigger+30 <= p.Run.Weeks {
				a++
				if l.Raised-l.Trigger <= 2 {
					e++
				}
			}
		}
		early, all = append(early, e), append(all, a)
	}
	checkRatio(t, "raised within 2 weeks", early, all, known.RaisedBy(2, touch, response, end))

	p = raising()
	p.Journey.ReadinessStep = true
	p.Journey.MemoryWeeks = 1e12
	p.Journey.TouchesNeeded[0] = 2.5
	opened, raised = decided(replicate(p, 12, 20), p.Run.Weeks, 30)
	checkRatio(t, "P(raise), 3 touches needed", raised, opened, known.RaiseAfter(3, touch, response, end))

	p = raising()
	p.Triggers[0].WindowCV = 0.5
	opened, raised = decided(replicate(p, 13, 20), p.Run.Weeks, 20)
	checkRatio(t, "P(raise), gamma window", raised, opened, known.RaiseGamma(touch, response, 4, 0.5))
}

// TestTouchesAreGeometric: touches that never raise a hand.
func TestTouchesAreGeometric(t *testing.T) {
	p := raising()
	p.Channels[0].Response = 0
	runs := replicate(p, 14, 20)
	for n := range 4 {
		var with, all sample
		for _, r := range runs {
			var w, a float64
			for _, j := range r.Journeys {
				if j.InRun && j.Opened <= p.Run.Weeks-30 {
					a++
					if j.Touches == n {
						w++
					}
				}
			}
			with, all = append(with, w), append(all, a)
		}
		checkRatio(t, "P(touches)", with, all, known.TouchesPMF(n, 1, 0.25))
	}
}

// TestMarketStaysStationary: without sales the shares of dormant, in market and
// locked firms hold their stationary values from the first day on.
func TestMarketStaysStationary(t *testing.T) {
	p := small(3000)
	p.Population.Sizes[0].FirmDeathPerYear = 0.4
	addTrigger(p, "growth", 0.5, 8).WindowCV = 0.5
	addTrigger(p, "move", 0.8, 5)
	p.Journey.LockInYears = 0.3
	runs := replicate(p, 21, 40)
	s := known.StationaryMarket([]known.Kind{
		{Rate: 0.5, Window: 8 / known.YearWeeks, CV: 0.5},
		{Rate: 0.8, Window: 5 / known.YearWeeks, CV: 1},
	}, 0.4, 0.3)
	for _, week := range []int{0, 5, 25} {
		for name, want := range map[string]float64{"dormant": s.Dormant, "in_market": s.InMarket, "locked": s.Locked} {
			var x sample
			for _, r := range runs {
				x = append(x, r.Weekly[name][week]/3000)
			}
			// Returns wait for the step's end, half a week on average; the flow
			// (1.3 a year) then keeps this share away from dormant.
			late := 1.3 * 0.5 / known.YearWeeks
			if diff := math.Abs(x.mean() - want); diff > 4*x.se()+late {
				t.Errorf("%s in week %d: %.4f, stationary %.4f, se %.4f", name, week+1, x.mean(), want, x.se())
			}
		}
	}
	// The opening flow is the stated one.
	var first sample
	for _, r := range runs {
		first = append(first, r.Weekly["journeys"][0])
	}
	checkMean(t, "journeys in week 1", first, 3000*1.3/known.YearWeeks*depletion(s.Dormant))
}

// depletion is the mean of the dormant count over a first week without
// returns, in units of its start: triggers lower it at once.
func depletion(dormant float64) float64 {
	x := 1.3 / known.YearWeeks / dormant
	return -math.Expm1(-x) / x
}

// queueing is a market whose sign-ups arrive at a nearly constant rate at one
// team of people: the first of 20 touches per week raises the hand, and nobody
// is won. The lock is short and the market large, so that the
// flow does not feel who is in sales.
func queueing(people, perWeek, window float64) *plan.Plan {
	p := small(5000)
	p.Population.MinDormantShare = 0
	addTrigger(p, "move", 0.104, window)
	p.Journey.LockInYears = 0.01
	p.Journey.TouchesNeeded[0] = 1e-6
	p.Journey.TouchesNeededSD = 0
	addChannel(p, "search", 20, 1).HalfSaturation = 1e-9
	addProduct(p, "phone", 30)
	team := addTeam(p, "desk", "people", 0, 0)
	team.People = people
	team.OpportunitiesPerWeek = perWeek
	p.Run.Weeks = 150
	p.Opening.BurnInWeeks = 40
	return p
}

// waits gives, by replication, the number of sign-ups that ended their wait in
// the run, those that waited, those that left before contact, the sum of waits
// of those served, in weeks.
func waits(runs []*dense.Result) (all, waited, lost, weeks sample) {
	for _, r := range runs {
		var w, sum float64
		for _, c := range r.Contacts {
			if c.Wait > 0 {
				w++
				sum += c.Wait / 168
			}
		}
		l := r.Totals["lost_waiting"]
		all = append(all, float64(len(r.Contacts))+l)
		waited = append(waited, w+l)
		lost = append(lost, l)
		weeks = append(weeks, sum)
	}
	return all, waited, lost, weeks
}

// TestQueueErlang is V3 for queues: Erlang C without a window's end, Erlang A
// with exponential windows. Some 10 sign-ups per week arrive.
func TestQueueErlang(t *testing.T) {
	// flow is the rate of sign-ups that the dormant firms make.
	flow := func(runs []*dense.Result, p *plan.Plan) float64 {
		var firms sample
		for _, r := range runs {
			firms = append(firms, sample(r.Weekly["dormant"]).mean())
		}
		k := &p.Triggers[0]
		kinds := []known.Kind{{Rate: k.RatePerYear[0], Window: k.WindowWeeks / known.YearWeeks, CV: k.WindowCV}}
		d := known.StationaryMarket(kinds, 0, p.Journey.LockInYears).Dormant
		return firms.mean() * k.RatePerYear[0] / d / known.YearWeeks * known.RaiseGamma(20, 1, k.WindowWeeks, k.WindowCV)
	}
	p := queueing(3, 4, 20)
	p.Triggers[0].WindowCV = 0 // no window ends while a sign-up waits
	runs := replicate(p, 31, 16)
	q := known.Queue{Arrivals: flow(runs, p), Services: 4, Servers: 3}
	w := known.ErlangC(q)
	all, waited, _, weeks := waits(runs)
	checkRatio(t, "Erlang C: P(wait)", waited, all, w.Wait)
	checkRatio(t, "Erlang C: mean wait", weeks, all, w.Mean)
	var long sample
	for _, r := range runs {
		n := 0.0
		for _, c := range r.Contacts {
			if c.Wait/168 > 0.5 {
				n++
			}
		}
		long = append(long, n)
	}
	checkRatio(t, "Erlang C: P(wait > 1/2 week)", long, all, known.ErlangCLonger(q, 0.5))

	p = queueing(3, 3, 1)
	runs = replicate(p, 32, 16)
	q = known.Queue{Arrivals: flow(runs, p), Services: 3, Servers: 3, Leaving: 1}
	w = known.ErlangA(q)
	all, waited, lost, _ := waits(runs)
	checkRatio(t, "Erlang A: P(wait)", waited, all, w.Wait)
	checkRatio(t, "Erlang A: P(lost)", lost, all, w.Lost)
	var length, load sample
	for _, r := range runs {
		var l, b float64
		for i := range r.Weekly["waiting.desk"] {
			l += r.Weekly["waiting.desk"][i] / p.Run.Weeks
			b += r.Weekly["load.desk"][i] / p.Run.Weeks
		}
		length, load = append(length, l), append(load, b)
	}
	checkMean(t, "Erlang A: mean number waiting", length, w.Length)
	checkMean(t, "Erlang A: busy share", load, w.Busy)
}

// buying is a market of which a good part becomes customers.
func buying() *plan.Plan {
	p := selling(2000)
	p.Population.Sizes[0].FirmDeathPerYear = 0.15
	p.Run.Weeks = 30
	p.Triggers[0].WindowCV = 0.5
	return p
}

// TestLifetimes is V3 for lifetimes: survival of customers won in the run,
// followed past its end, against Weibull and gamma frailty with firm death
// outside, and the shares of the two causes.
func TestLifetimes(t *testing.T) {
	p := buying()
	runs := replicate(p, 41, 12)
	c := &p.Customers
	for _, year := range []float64{0.1, 0.5, 1, 2, 4} {
		var alive, churned, all sample
		for _, r := range runs {
			var s, ch, n float64
			for _, x := range r.Customers {
				n++
				if !x.Left || x.Lived > year {
					s++
				} else if !x.Died {
					ch++
				}
			}
			alive, churned, all = append(alive, s), append(churned, ch), append(all, n)
		}
		checkRatio(t, "S(t)", alive, all, known.Survival(0.5, c.WeibullShape, c.FrailtyVariance, 0.15, year))
		checkRatio(t, "churned by t", churned, all, known.ChurnBefore(0.5, c.WeibullShape, c.FrailtyVariance, 0.15, year))
	}
	checkRatio(t, "retained", total(runs, "retained"), total(runs, "won"), known.Survival(0.5, c.WeibullShape, c.FrailtyVariance, 0.15, 1))

	p = buying()
	p.Customers.BaseHazard[0] = math.NaN()
	p.Customers.Retained12Months[0] = 0.7
	runs = replicate(p, 42, 12)
	checkRatio(t, "retained_12_months", total(runs, "retained"), total(runs, "won"), 0.7)
}

// TestLifetimeValue: LTV against its closed form for a constant hazard, with
// seat growth and discount, and for customers that pay a year ahead.
func TestLifetimeValue(t *testing.T) {
	p := buying()
	p.Customers.WeibullShape = 1
	p.Customers.FrailtyVariance = 0
	p.Customers.SeatGrowthPerYear[0] = 0.08
	p.Population.Sizes[0].Lowest, p.Population.Sizes[0].Highest = 5, 5
	q := &p.Products[0]
	q.CostOfRevenueShare = 0.3
	q.CostToServePerMonth = 10
	runs := replicate(p, 51, 12)
	revenue := known.LTV(12*5*30*0.7, 0.65, 0.12, 0.08, 5)
	cost := known.LTV(120, 0.65, 0.12, 0, 5)
	checkRatio(t, "LTV", total(runs, "ltv_total"), total(runs, "won"), revenue-cost)

	q.PrepaidShare = 1
	q.PrepaidDiscount = 0.1
	runs = replicate(p, 52, 12)
	revenue = known.LTVPrepaid(12*5*30*0.9*0.7, 0.65, 0.12, 0.08, 5)
	checkRatio(t, "LTV, prepaid", total(runs, "ltv_total"), total(runs, "won"), revenue-cost)
}

// TestOpeningCustomers: frailty given survival to their age, and Weibull from
// their age on. Without sales, those that are left after the run follow
// S(a+t)/S(a); revenue counts the seats of the head-count law.
func TestOpeningCustomers(t *testing.T) {
	p := small(3000)
	p.Population.Sizes[0].FirmDeathPerYear = 0.1
	addTrigger(p, "move", 1, 4)
	addProduct(p, "phone", 20)
	addTeam(p, "web", "web", 1, 0)
	p.Journey.LockInYears = 0.5
	p.Opening.Customers[0] = 1000
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 1.5, ToYears: 1.5, Share: 1}}
	p.Run.Weeks = 52
	c := &p.Customers
	runs := replicate(p, 61, 20)
	s := func(y float64) float64 { return known.Survival(0.5, c.WeibullShape, c.FrailtyVariance, 0.1, y) }
	years := 52 / known.YearWeeks
	checkMean(t, "opening customers left", total(runs, "live_customers"), 1000*s(1.5+years)/s(1.5))
	checkMean(t, "opening MRR", total(runs, "opening_mrr"), 1000*20*known.ParetoMean(5, 9, 1.06))
	lived := known.Simpson(func(y float64) float64 { return s(1.5 + y) }, 0, years, 256) / s(1.5)
	checkMean(t, "customer-months", total(runs, "customer_months"), 1000*12*lived)
	checkMean(t, "revenue", total(runs, "revenue"), 1000*12*lived*20*known.ParetoMean(5, 9, 1.06))
}

// TestSpendFollowsDates: a schedule, a change and a shock on one budget, by their
// share of the days of a week (the run starts on a Tuesday).
func TestSpendFollowsDates(t *testing.T) {
	p := selling(100)
	day := func(n int) plan.Date { return p.Run.Start + plan.Date(n) }
	p.Schedules = []plan.Schedule{{Key: "channels.search.weekly_budget", Entries: []plan.ScheduleEntry{{From: day(10), Value: 2100, Input: -1}}}}
	p.Changes = []plan.Change{{Name: "more", From: day(21), Until: day(28), Effects: []plan.Effect{{Key: "channels.*.weekly_budget", Multiply: true, Value: 1.5, Input: -1}}}}
	p.Shocks = []plan.Shock{{Name: "stop", Probability: 1, From: day(27), Weeks: 1, Effects: []plan.Effect{{Key: "channels.search.weekly_budget", Value: 0, Input: -1}}}}
	p.Run.Weeks = 6
	got := dense.Simulate(p, 1, 0).Weekly["media"]
	for w, want := range []float64{
		1000,
		(3*1000 + 4*2100) / 7.0,
		2100,
		6 * 3150 / 7.0, // the last day of the week is hit by the shock
		1 * 2100 / 7.0,
		2100,
	} {
		if math.Abs(got[w]-want) > 0.005 {
			t.Errorf("media in week %d: %.2f, want %.2f", w+1, got[w], want)
		}
	}
}

// TestStocksFollowKnownMeans: salience starts stationary and loses a medium for
// two weeks; the reference reports the exact means over its steps.
func TestStocksFollowKnownMeans(t *testing.T) {
	p := selling(100)
	addMedium(p, "radio", 1000)
	p.Run.Weeks = 6
	from := p.Run.Start + 14
	p.Changes = []plan.Change{{Name: "pause", From: from, Until: from + 14, Effects: []plan.Effect{{Key: "media.radio.weekly_budget", Value: 0, Input: -1}}}}
	got := dense.Simulate(p, 1, 0).Weekly["salience"]
	level := 1.0
	for w := range got {
		input := 1.0
		if w == 2 || w == 3 {
			input = 0
		}
		if want := known.StockMean(level, input, 0.75, 1); math.Abs(got[w]-want) > 1e-12 {
			t.Errorf("salience in week %d: %.6f, want %.6f", w+1, got[w], want)
		}
		level = known.StockAfter(level, input, 0.75, 1)
	}
}

// TestRegimeShares: the random regime spends its known share of weeks in
// recession; started in expansion, the chance at t is that of the two-state
// chain, r/(e+r) (1 - e^(-(1/e + 1/r) t)).
func TestRegimeShares(t *testing.T) {
	p := small(10)
	p.Population.Sizes[0].FirmDeathPerYear = 0.1
	p.Economy.Regime = "random"
	p.Economy.ExpansionMonths, p.Economy.RecessionMonths = 10, 4
	p.Run.Weeks = 100
	p.Opening.BurnInWeeks = 0
	runs := replicate(p, 81, 400)
	const e, r = 10.0, 4.0
	for _, week := range []int{10, 30, 99} {
		var x sample
		for _, run := range runs {
			x = append(x, run.Weekly["recession"][week])
		}
		months := float64(week) / known.YearWeeks * 12
		checkMean(t, "in recession", x, r/(e+r)*-math.Expm1(-(1/e+1/r)*months))
	}
}

// sliceSum adds a column over the rows of a dimension.
func sliceSum(r *dense.Result, dimension, column string) float64 {
	sum := 0.0
	for key, x := range r.Slices {
		if strings.HasPrefix(key, dimension+"/") && strings.HasSuffix(key, "/"+column) {
			sum += x
		}
	}
	return sum
}

// TestConservation: the firms of the market are conserved, week by week, and so
// are journeys, sign-ups, customers and deferred revenue.
func TestConservation(t *testing.T) {
	for _, m := range markets() {
		for i := range 3 {
			p := m.build()
			conserve(t, m.name, p, dense.Simulate(p, 71, i))
		}
	}
}

func conserve(t *testing.T, name string, p *plan.Plan, r *dense.Result) {
	t.Helper()
	equal := func(what string, a, b, tolerance float64) {
		t.Helper()
		if math.Abs(a-b) > tolerance {
			t.Errorf("%s: %s: %g and %g", name, what, a, b)
		}
	}
	x := r.Totals
	ruined := x["out_of_business"] == 1
	for w := range int(p.Run.Weeks) {
		if d := r.Weekly["dormant"][w]; !math.IsNaN(d) && p.Population.GrowthPerYear == 0 {
			sum := d + r.Weekly["in_market"][w] + r.Weekly["locked"][w] + r.Weekly["live_customers"][w] + r.Weekly["free_users"][w]
			equal("states", sum, p.Population.Firms, 0)
		}
	}
	end := float64(r.OpenSignups[1] + r.FreeUsers[1])
	closed := 0.0
	if ruined {
		closed, end = end, 0
	}
	equal("sign-ups", float64(r.OpenSignups[0]+r.FreeUsers[0])+x["signups"],
		x["won"]+x["refused"]+x["lost_waiting"]+x["died_in_sales"]+x["waiting_to_rivals"]+x["deals_lost_to_rivals"]+closed+end, 0)
	openings := 0.0
	for _, n := range p.Opening.Customers {
		openings += n
	}
	equal("customers", openings+x["won"], x["churned"]+x["customer_deaths"]+x["live_customers"]+x["closed_by_ruin"]-closed, 0)
	for column, want := range map[string]float64{
		"media": x["media_spend"], "brand": x["brand_spend"], "sales": x["sales_spend"],
		"onboarding_fees": x["onboarding_spend"] + x["fee_spend"], "won": x["won"], "signups": x["signups"],
		"leads": x["leads"], "touches": x["touches"], "opportunities": x["opportunities"], "ltv_total": x["ltv_total"],
	} {
		for _, d := range []string{"company", "channel", "size", "industry", "region", "product", "team", "channel-size"} {
			if column == "touches" && (d == "product" || d == "team") {
				continue
			}
			equal(d+" "+column, sliceSum(r, d, column), want, 1e-6*(1+math.Abs(want)))
		}
	}
	cash, revenue, deferred := p.Finance.OpeningCash, 0.0, 0.0
	for w := range int(p.Run.Weeks) {
		at := func(line string) float64 { return r.Weekly[line][w] }
		cash += at("collections") - at("refunds") - at("cost_of_revenue") - at("media") - at("brand") - at("pay") -
			at("commission") - at("onboarding") - at("fees") - at("fixed_cost") + at("financing")
		equal("cash", cash, at("cash"), 1e-4)
		if w > 0 && !(ruined && at("cash") == r.Weekly["cash"][w-1]) {
			revenue = at("collections") - at("refunds") - (at("deferred_revenue") - deferred)
			equal("revenue", revenue, at("revenue"), 0.02)
		}
		deferred = at("deferred_revenue")
	}
}
