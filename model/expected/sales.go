package expected

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// sales sends the sign-ups of each week to their teams and books customers won
// by the week of the result.
func (f *funnel) sales() {
	total := f.burn + f.weeks
	f.won = table3(total, f.ns, f.nc)
	f.useCost, f.freeUsers = make([]float64, f.weeks), make([]float64, f.weeks)
	f.out.Teams = make([]Part, f.nt)
	busy := make([][2]float64, f.nt) // summed load and waits, by weeks
	waits := make([]float64, f.nt)
	for t := range f.out.Teams {
		f.out.Teams[t].Name = f.plan.Teams[t].Name
	}
	waiting := f.listOpen()
	for w := -f.burn; w < f.weeks; w++ {
		p := f.at(w)
		to, screened := f.arrivals(w, f.signups), f.arrivals(w, f.unreal)
		for t := range p.Teams {
			team := &p.Teams[t]
			var all, work float64
			for s := range to[t] {
				all += sum(to[t][s])
				work += sum(to[t][s]) + team.ScreeningShare*sum(screened[t][s])
			}
			people := f.people(t, w)
			if w >= 0 && len(waiting[t]) > 0 {
				work += f.answerWaiting(w, t, waiting[t], people)
			}
			load, never := 0.0, 0.0
			if team.Kind == "people" && people > 0 {
				load, never = answered(team, work/(people*team.OpportunitiesPerWeek))
			}
			if w >= 0 {
				f.out.Teams[t].Signups += all
				busy[t][0] += min(load, 1)
				busy[t][1]++
			}
			for s := range to[t] {
				contact, speed, wait := f.firstContact(team, s, people, load)
				contact *= 1 - never
				if team.Kind == "people" && people == 0 {
					contact = 0
				}
				waits[t] += wait * sum(to[t][s])
				for c, n := range to[t][s] {
					if n > 0 {
						chance := team.WinRate[s] * times(f.recession(w), p.Economy.Recession.WinRate) * f.priceResponse(w, s, c)
						f.bookWins(w, t, s, c, n, n*contact, min(1, chance*p.Channels[c].Win*speed), team, wait)
					}
				}
			}
		}
	}
	for t := range f.out.Teams {
		f.out.Teams[t].Load = busy[t][0] / max(1, busy[t][1])
		if f.out.Teams[t].Signups > 0 {
			f.out.Teams[t].Wait = waits[t] / f.out.Teams[t].Signups * plan.HoursPerWeek
		}
	}
}

func sum(xs []float64) float64 {
	var t float64
	for _, x := range xs {
		t += x
	}
	return t
}

// arrivals deals the sign-ups of a week (or other leads) over teams: first to a team that lists
// the channel, else by the teams' shares of the class.
func (f *funnel) arrivals(w int, leads [][][]float64) [][][]float64 {
	p := f.at(w)
	to := table3(f.nt, f.ns, f.nc)
	for s := range f.ns {
		size := p.Population.Sizes[s].Name
		for c := range f.nc {
			n := leads[w+f.burn][s][c]
			if n == 0 {
				continue
			}
			own := -1
			for t := range p.Teams {
				x := &p.Teams[t]
				if x.Enabled && len(x.Channels) > 0 && names(x.Sizes, size) && slices.Contains(x.Channels, p.Channels[c].Name) {
					own = t
				}
			}
			if own >= 0 {
				to[own][s][c] += n
				continue
			}
			for t := range p.Teams {
				if x := &p.Teams[t]; x.Enabled && len(x.Channels) == 0 && names(x.Sizes, size) {
					to[t][s][c] += n * at(x.Share, s)
				}
			}
		}
	}
	return to
}

// people is the head-count of a team in a week in units of a fully ramped person: who starts in the run, or in the past
// that its burn-in replays, works at the ramp factor of the week, and so does who is said to have begun lately.
func (f *funnel) people(t, w int) float64 {
	less := 0.0
	for _, x := range f.plan.Teams[t].Ramping { // as the opening plan has them: no override enters
		speed, team := 0.0, &f.at(w).Teams[t]
		if age := x.WeeksAgo + float64(w) + 0.5; age >= team.RampWeeks {
			speed = 1
		} else if age > 0 {
			speed = team.RampStart + (1-team.RampStart)*age/team.RampWeeks
		}
		less += x.People * (1 - speed)
	}
	return max(0, f.ramped(t, w)-less)
}

// ramped is the same without who began lately.
func (f *funnel) ramped(t, w int) float64 {
	team := &f.at(w).Teams[t]
	if team.Kind != "people" {
		return 0
	}
	now := team.People
	first, full := 0, f.open.Teams[t].People
	if f.line.Replays() && f.burn > 0 {
		first, full = -f.burn, f.at(-f.burn).Teams[t].People
	}
	if w < first || team.RampWeeks == 0 {
		return now
	}
	before := full
	ramped := min(full, now)
	for v := first; v <= w; v++ {
		n := f.at(v).Teams[t].People
		if n > before {
			age := float64(w-v) + 0.5
			ramped += (n - before) * min(1, team.RampStart+(1-team.RampStart)*age/team.RampWeeks)
		} else if n < before {
			ramped = min(ramped, n)
		}
		before = n
	}
	return min(ramped, now)
}

// erlangC is the chance to wait for one of n servers under offered load a < n.
func erlangC(n, a float64) float64 {
	b := 1.0
	for k := 1.0; k <= n; k++ {
		b = a * b / (k + a*b)
	}
	if whole := math.Floor(n); n > whole && n > 1 {
		k := n
		b = a * b / (k + a*b)
	}
	return b / (1 - a/n*(1-b))
}

// bookWins spreads the customers won of n sign-ups over the weeks in which
// their results are booked.
func (f *funnel) bookWins(w, t, s, c int, n, contacts, chance float64, team *plan.Team, wait float64) {
	service := 0.0
	if team.Kind == "people" {
		service = 1 / team.OpportunitiesPerWeek
	}
	cycle := team.CycleDays[s] / plan.DaysPerWeek
	mean := wait + service + cycle
	variance := service*service + math.Pow(cycle*team.CycleCV, 2)
	alive := math.Exp(-f.at(w).Population.Sizes[s].FirmDeathPerYear / plan.WeeksPerYear * mean)
	if f.lifetime(s).k < 1 {
		alive = f.alive(s, mean/plan.WeeksPerYear)
	}
	if w >= 0 {
		f.out.Teams[t].Opportunities += contacts
		f.out.Weeks[w].Opportunities += contacts
		f.out.Channels[c].Opportunities += contacts
		f.out.Sizes[s].Opportunities += contacts
	}
	f.ended[w+f.burn][s] += n - contacts
	f.died[w+f.burn][s] += contacts * (1 - alive)
	stays := 1.0 // does not choose a rival in service and cycle
	if r := f.rivalInSales(w, s); r > 0 {
		stays = gammaLaplace(r, service+cycle, variance)
	}
	won := contacts * chance * alive * stays
	refused := contacts*alive - won // or chose a rival: locked either way
	d, sold := delay{mean, variance}, won
	f.spread(w, d, func(week int, share float64) {
		if f.replaced(w, week) {
			f.listed[s] -= (refused + won) * share
			return
		}
		f.ended[week+f.burn][s] += refused * share
	})
	if f.offers {
		for i, share := range f.chosen(w, s, c) {
			if x := &f.at(w).Products[i]; share > 0 && (x.TrialDays > 0 || x.FreePlan) {
				f.use(w, t, s, c, x, sold*share, d)
				won -= sold * share
			}
		}
	}
	f.spread(w, d, func(week int, share float64) {
		if f.replaced(w, week) {
			return
		}
		f.won[week+f.burn][s][c] += won * share
		if week >= 0 {
			f.out.Teams[t].Won += won * share
		}
	})
}

// gammaCDFMean is the share of delays, gamma with a mean and variance, that end
// within k+1 weeks from the start of the week in which they began, the start
// being uniform in that week.
func gammaCDFMean(k, mean, variance float64) float64 {
	const points = 4
	var total float64
	for i := range points {
		x := k + 1 - (float64(i)+0.5)/points
		switch {
		case mean <= 0 || variance <= 0:
			if x >= mean {
				total++
			}
		default:
			total += gammaP(mean*mean/variance, x*mean/variance)
		}
	}
	return total / points
}

// gammaP is the regularised lower incomplete gamma function, by its series
// below the mean and its continued fraction above (Abramowitz and Stegun
// 6.5.29, 6.5.31).
func gammaP(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 {
		term := 1 / a
		total := term
		for n := a + 1; term > total*1e-12; n++ {
			term *= x / n
			total += term
		}
		return front * total
	}
	b := x + 1 - a
	c := 1e300
	d := 1 / b
	h := d
	for i := 1.0; i < 500; i++ {
		an := -i * (i - a)
		b += 2
		d = 1 / (an*d + b)
		c = b + an/c
		h *= d * c
		if math.Abs(d*c-1) < 1e-12 {
			break
		}
	}
	return 1 - front*h
}

// customers follows cohorts of customers won and the opening customers.
func (f *funnel) customers() {
	f.churned, f.deaths = table2(f.weeks, f.ns), table2(f.weeks, f.ns)
	for w := range f.weeks {
		k := &f.out.Weeks[w]
		k.Won, k.Live, k.MRR, k.Revenue, k.CostOfRevenue, k.CustomerMonths, k.RevenueShares = 0, 0, 0, 0, 0, 0, 0
		k.Churned, k.CustomerDeaths, k.LTV, k.Onboarding, k.Fees, k.Sales = 0, 0, 0, 0, 0, 0
	}
	for c := range f.out.Channels {
		f.out.Channels[c].Won, f.out.Channels[c].LTV, f.out.Channels[c].Fees, f.out.Channels[c].Name = 0, 0, 0,
			f.plan.Channels[c].Name
	}
	for s := range f.out.Sizes {
		f.out.Sizes[s].Won, f.out.Sizes[s].LTV, f.out.Sizes[s].Name = 0, 0, f.plan.Population.Sizes[s].Name
	}
	f.openingCustomers()
	for w := range f.weeks {
		p := f.at(w)
		for s := range f.ns {
			for c := range f.nc {
				n := f.won[w+f.burn][s][c]
				if n == 0 {
					continue
				}
				ch := &p.Channels[c]
				m := f.meanMix(w, s, c)
				f.out.Weeks[w].Won += n
				f.out.Channels[c].Won += n
				f.out.Sizes[s].Won += n
				f.out.Weeks[w].Onboarding += n * m.onboard
				fee := n * (ch.FeePerCustomer + ch.FeeInMonthlyBills*m.bill)
				f.out.Weeks[w].Fees += fee
				f.out.Channels[c].Fees += fee
				f.cohort(w, s, n, 0, ch.Churn, ch.RevenueShare, m, true)
				ltv := n * f.lifetimeValue(p, s, ch, m)
				f.out.Weeks[w].LTV += ltv
				f.out.Channels[c].LTV += ltv
				f.out.Sizes[s].LTV += ltv
			}
		}
		f.commission(w)
	}
	for w := range f.weeks {
		f.out.Weeks[w].Onboarding += f.useCost[w]
		if w+1 <= f.weeks {
			f.live[w+1] = f.out.Weeks[w].Live
		}
		p := f.at(w)
		for c := range p.Channels {
			for s := range f.ns {
				fee := f.leads[w+f.burn][s][c] * p.Channels[c].FeePerLead
				f.out.Weeks[w].Fees += fee
				f.out.Channels[c].Fees += fee
			}
		}
	}
}

// meanMix averages what is bought over trigger kinds and industries.
func (f *funnel) meanMix(w, s, c int) mix {
	p := f.at(w)
	var total mix
	if f.offers {
		total.chances = make([]float64, f.np)
	}
	var weight float64
	for k := range p.Triggers {
		if !p.Triggers[k].Enabled {
			continue
		}
		var flow float64
		for r := range f.nr {
			flow += f.rate[s][r][k]
		}
		for i, industry := range p.Population.Industries {
			m := f.product(w, s, c, k, i)
			total.qualified += flow * industry.Share * m.qualified
			total.winning += flow * industry.Share * m.winning
			for n, chance := range m.chances {
				total.chances[n] += flow * industry.Share * chance
			}
			x := flow * industry.Share * m.buys
			weight += x
			for _, o := range m.terms {
				total.terms = join(total.terms, &plan.Product{TermMonths: 12 * o.term, Renewal: o.renewal}, x*o.share)
			}
			total.bill += x * m.bill
			total.ahead += x * m.ahead
			total.shareCost += x * m.shareCost
			total.serve += x * m.serve
			total.onboard += x * m.onboard
		}
	}
	if weight > 0 {
		total.buys = weight
		for i := range total.terms {
			total.terms[i].share /= weight
		}
		total.bill /= weight
		total.ahead /= weight
		total.shareCost /= weight
		total.serve /= weight
		total.onboard /= weight
	}
	return total
}

// priceResponse is the mean factor of prices on the chance to win of a size class through a channel.
func (f *funnel) priceResponse(w, s, c int) float64 {
	if !slices.ContainsFunc(f.at(w).Products, func(x plan.Product) bool { return x.PriceElasticity > 0 }) {
		return 1
	}
	if m := f.meanMix(w, s, c); m.qualified > 0 {
		return m.winning / m.qualified
	}
	return 1
}

// cohort books n customers of size s of age `age` years at the start of week w
// (won in its middle if fresh) to the end of the run.
func (f *funnel) cohort(w, s int, n, age, churn, revenueShare float64, m mix, fresh bool) (retained float64) {
	base := f.baseHazard(s)
	v, k := f.plan.Customers.FrailtyVariance, f.plan.Customers.WeibullShape
	grow := seatGrowth(f.plan, s)
	hazard0 := base * churn * math.Pow(age, k)
	hazard, deathSum, alive := hazard0, 0.0, 1.0
	terms := m.staying(v, func(years float64) float64 { return base * churn * math.Pow(years, k) }, age)
	firms := func(years float64) float64 { return f.alive(s, years) } // that live so long after the cohort begins
	if !fresh && f.lifetime(s).k < 1 {
		firms = func(years float64) float64 { return f.lifetime(s).older(age+years) / f.lifetime(s).older(age) }
	}
	for week := w; week < f.weeks; week++ {
		p, recession := f.at(week), f.recession(week)
		from, to := float64(week-w), float64(week-w)+1
		if fresh {
			from, to = max(0, from-0.5), to-0.5
		}
		a, b := age+from/plan.WeeksPerYear, age+to/plan.WeeksPerYear
		step := base * churn * p.Customers.ChurnMultiplier * times(recession,
			p.Economy.Recession.Churn) * (math.Pow(b, k) - math.Pow(a, k))
		death := p.Population.Sizes[s].FirmDeathPerYear * times(recession, p.Economy.Recession.FirmDeath) * (b - a)
		if l := f.lifetime(s); l.k < 1 { // the year and the economy over the hazard of the firms' ages
			death *= math.Log(firms(a-age)/firms(b-age)) / (l.m * (b - a))
		}
		hazard += step
		deathSum += death
		stays := 0.0
		for i := range terms {
			times := churn * p.Customers.ChurnMultiplier * times(recession, p.Economy.Recession.Churn)
			stays += terms[i].share * terms[i].live(a, b, hazard, times)
		}
		next := stays * math.Exp(-deathSum)
		gone, mean := n*(alive-next), n*(alive+next)/2
		toDeath := gone
		if f.offers {
			toDeath = n * alive * -math.Expm1(-death)
		} else if step+death > 0 {
			toDeath = gone * death / (death + step/(1+v*hazard))
		}
		scale := m.grown(grow, (a+b)/2)
		bill := m.bill * scale
		months := mean * (b - a) * 12
		o := &f.out.Weeks[week]
		o.CustomerMonths += months
		o.Revenue += months * bill
		o.CostOfRevenue += months * (m.shareCost*scale + m.serve)
		o.RevenueShares += months * bill * revenueShare
		o.Live += n * next
		o.MRR += n * next * m.bill * m.grown(grow, b)
		o.Churned += gone - toDeath
		o.CustomerDeaths += toDeath
		f.churned[week][s] += gone - toDeath
		f.deaths[week][s] += toDeath
		alive = next
		if !fresh && week-w == 51 {
			retained = n * next * m.bill * m.grown(grow, b)
		}
	}
	return retained
}

func survival(hazard, v float64) float64 {
	if v == 0 {
		return math.Exp(-hazard)
	}
	return math.Pow(1+v*hazard, -1/v)
}

// baseHazard is the integrated churn hazard of year 1, given or solved from
// retained_12_months.
func (f *funnel) baseHazard(s int) float64 {
	x := &f.open.Customers
	if len(x.BaseHazard) > 0 && !math.IsNaN(x.BaseHazard[s]) {
		return x.BaseHazard[s]
	}
	if len(x.Retained12Months) == 0 || math.IsNaN(x.Retained12Months[s]) {
		return 0
	}
	product := x.Retained12Months[s] / f.lifetime(s).older(1)
	if v := x.FrailtyVariance; v > 0 {
		return (math.Pow(product, -v) - 1) / v
	}
	return -math.Log(product)
}

// openingCustomers books the stock of the first day, by age band and product.
func (f *funnel) openingCustomers() {
	p := f.line.Opening() // whose products [opening] names
	f.out.OpeningMRR, f.out.RetainedMRR = 0, 0
	if p.Opening.Groups != nil {
		f.listedCustomers()
		return
	}
	for s, n := range p.Opening.Customers {
		if n == 0 {
			continue
		}
		grow := seatGrowth(p, s)
		const cuts = 12
		for _, band := range p.Opening.AgeBands {
			for i := range cuts {
				age := band.FromYears + (band.ToYears-band.FromYears)*(float64(i)+0.5)/cuts
				part, m := n*band.Share/cuts, f.openingMix(p, s, age)
				f.out.OpeningMRR += part * m.bill * m.grown(grow, age)
				f.out.RetainedMRR += f.cohort(0, s, part, age, 1, 0, m, false)
			}
		}
	}
}

// openingMix is what customers of the first day have, of a size class and an age in years: at the price of the day on
// which they were won.
func (f *funnel) openingMix(p *plan.Plan, s int, age float64) (m mix) {
	for i := range p.Products {
		x := &p.Products[i]
		if !x.Enabled || !names(x.Sizes, p.Population.Sizes[s].Name) {
			continue
		}
		share := 1.0
		if len(p.Opening.Products) > 0 && !math.IsNaN(p.Opening.Products[i]) {
			share = p.Opening.Products[i]
		} else if slices.ContainsFunc(p.Opening.Products, func(x float64) bool { return !math.IsNaN(x) }) {
			share = 0 // where some are stated, the others have none
		}
		m.add(x, share, share, share, f.soldAt(p, i, age), f.seats(s, x, 1))
	}
	m.scale()
	return m
}

// soldAt is the net price that a customer of the first day pays for a product, that of the day on which it was won some
// years ago, or today's where that reaches all.
func (f *funnel) soldAt(p *plan.Plan, product int, years float64) float64 {
	x := &p.Products[product]
	forAll := slices.ContainsFunc(f.plan.Products, func(q plan.Product) bool { return q.Name == x.Name && q.PriceForAll })
	if f.burn > 0 && !forAll {
		x = &f.at(max(-f.burn, min(-1, -int(math.Ceil(years*plan.WeeksPerYear))))).Products[product]
	}
	return x.Price * (1 - min(0.9, x.Discount))
}

// listedCustomers books the stock of the first day that a file lists: each group at the middle of its days, with what
// it pays.
func (f *funnel) listedCustomers() {
	p := f.open
	for _, g := range p.Opening.Groups {
		s := slices.IndexFunc(p.Population.Sizes, func(z plan.Size) bool { return z.Name == g.Size })
		i := slices.IndexFunc(p.Products, func(x plan.Product) bool { return x.Name == g.Product })
		if s < 0 || i < 0 {
			continue
		}
		x := p.Products[i]
		if !g.Drawn {
			x.PrepaidShare = 0
			if g.PrepaidUntil != 0 {
				x.PrepaidShare = 1
			}
		}
		var m mix
		won := (float64(g.From) + float64(g.Until)) / 2
		age, churn := (float64(f.plan.Run.Start)-won)/365.25, 1.0
		m.add(&x, 1, 1, 1, f.soldAt(p, i, age), f.seats(s, &x, 1))
		m.scale()
		if c := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == g.Channel }); c >= 0 {
			churn = p.Channels[c].Churn
		}
		grown := m.grown(seatGrowth(p, s), age)
		if !math.IsNaN(g.Bill) && m.bill > 0 {
			times := g.Bill / grown / m.bill
			m.bill, m.ahead, m.shareCost = m.bill*times, m.ahead*times, m.shareCost*times
		}
		f.out.OpeningMRR += g.Count * m.bill * grown
		f.out.RetainedMRR += f.cohort(0, s, g.Count, age, churn, 0, m, false)
	}
}

// lifetimeValue is the discounted margin of one customer up to the horizon.
func (f *funnel) lifetimeValue(p *plan.Plan, s int, ch *plan.Channel, m mix) float64 {
	base, v, k := f.baseHazard(s)*ch.Churn, p.Customers.FrailtyVariance, p.Customers.WeibullShape
	grow := seatGrowth(p, s)
	const steps = 120
	dt := p.Finance.LTVHorizonYears / steps
	terms := m.staying(v, func(years float64) float64 { return base * math.Pow(years, k) }, 0)
	var value float64
	for i := range steps {
		t := (float64(i) + 0.5) * dt
		stays := 0.0
		for i := range terms {
			stays += terms[i].share * terms[i].live(max(0, t-dt), t, base*math.Pow(t, k), ch.Churn)
		}
		alive := stays * math.Exp(-p.Population.Sizes[s].FirmDeathPerYear*t)
		if f.lifetime(s).k < 1 {
			alive = stays * math.Pow(f.alive(s, t), p.Population.Sizes[s].FirmDeathPerYear/f.lifetime(s).m)
		}
		g := m.grown(grow, t)
		value += 12 * dt * alive * (g*(m.bill*(1-ch.RevenueShare)-m.shareCost) - m.serve) * math.Pow(1+p.Finance.DiscountRate,
			-t)
	}
	return value
}

// commission books pay and commission of a week. Wins are dealt over teams as
// the sign-ups of the week, which is exact where the mix of teams is steady.
func (f *funnel) commission(w int) {
	p := f.at(w)
	to := f.arrivals(w, f.signups)
	for s := range f.ns {
		for c := range f.nc {
			n := f.won[w+f.burn][s][c]
			if n == 0 {
				continue
			}
			var weight, cost float64
			bill := f.meanMix(w, s, c).bill
			for t := range p.Teams {
				x := &p.Teams[t]
				if to[t][s][c] == 0 {
					continue
				}
				wins := to[t][s][c] * x.WinRate[s]
				weight += wins
				fixed := 0.0
				if len(x.CommissionPerWin) > 0 {
					fixed = x.CommissionPerWin[s]
				}
				cost += wins * (fixed + x.CommissionShare*12*bill)
			}
			if weight > 0 {
				f.out.Weeks[w].Sales += n * cost / weight
			}
		}
	}
	for t := range p.Teams {
		if x := &p.Teams[t]; x.Enabled && x.Kind == "people" {
			f.out.Weeks[w].Sales += x.People * x.PayPerYear / plan.WeeksPerYear
		}
	}
}

// dormancy follows dormant firms by size class, relative to the opening
// number: journeys leave, released locked firms and newborns come back.
func (f *funnel) dormancy() {
	p := f.open
	for s := range f.ns {
		var firms, inMarket float64
		for r := range f.nr {
			firms += f.firms[s][r]
		}
		// Stationary stock in market from the burn-in.
		for w := -f.burn; w < 0; w++ {
			inMarket += f.stays(w, s)
		}
		inMarket += f.listed[s] // less what this takes the place of
		locked := max(0, firms-f.dormant0[s]-max(0, inMarket))
		if len(p.Opening.Customers) > 0 {
			locked = max(0, locked-p.Opening.Customers[s])
		}
		now, grown := f.dormant0[s], 0.0
		entered := make([]float64, f.weeks)
		for w := range f.weeks {
			back := f.unlocked(s, w, locked, entered)
			entered[w] = f.ended[w+f.burn][s] + f.churned[w][s]
			back += f.died[w+f.burn][s] + f.deaths[w][s]
			now += back - f.opened[w+f.burn][s]
			inMarket += f.stays(w, s)
			f.out.Weeks[w].InMarket += inMarket
			if s == 0 {
				f.out.Weeks[w].InMarket -= f.freeUsers[w]
			}
			// The market of the next week: newborns are dormant, a shrinking one loses dormant firms only.
			before := grown
			grown += f.at(w).Population.GrowthPerYear / plan.WeeksPerYear
			now = max(0, now+firms*(math.Exp(grown)-math.Exp(before)))
			f.dormant[w+1][s] = now / f.dormant0[s]
		}
	}
}

// stays are the firms of a size that come into the market in a week, less those that leave it.
func (f *funnel) stays(w, s int) float64 {
	i := w + f.burn
	return f.opened[i][s] - f.ended[i][s] - f.died[i][s] - sum(f.won[i][s])
}

// unlocked are the firms of a size that are dormant again in a week: of those locked on the first day and of those that
// entered a lock later, the ones that live to its end, and the newborns in place of those that do not.
func (f *funnel) unlocked(s, w int, locked float64, entered []float64) (back float64) {
	lock := f.open.Journey.LockInYears * plan.WeeksPerYear
	m := f.open.Population.Sizes[s].FirmDeathPerYear / plan.WeeksPerYear
	lives := func(weeks float64) float64 { return math.Exp(-m * weeks) }
	if f.lifetime(s).k < 1 {
		lives = func(weeks float64) float64 { return f.alive(s, weeks/plan.WeeksPerYear) }
	}
	if float64(w) < lock {
		if l := f.lifetime(s); l.k < 1 {
			year := plan.WeeksPerYear
			gone := l.within(false, float64(w+1)/year) - l.within(false, float64(w)/year)
			back += locked * gone / l.within(false, lock/year)
		} else if m > 0 {
			back += locked * (math.Exp(-m*float64(w)) - math.Exp(-m*float64(w+1))) / (1 - math.Exp(-m*lock))
		} else {
			back += locked / lock
		}
	}
	for v := range w {
		age := float64(w - v)
		switch {
		case age < lock && age+1 >= lock:
			back += entered[v] * lives(age)
		case age < lock:
			back += entered[v] * (lives(age) - lives(age+1))
		}
	}
	return back
}

// money fills spend, fixed cost and cash.
func (f *funnel) money() {
	byRegion := make([]float64, f.nr)
	for r := range byRegion {
		for s := range f.ns {
			byRegion[r] += f.firms[s][r]
		}
	}
	everywhere := sum(byRegion)
	cash := f.plan.Finance.OpeningCash
	for w := range f.weeks {
		p, o := f.at(w), &f.out.Weeks[w]
		for c := range p.Channels {
			if !p.Channels[c].Enabled || p.Channels[c].Driver != "budget" {
				continue
			}
			for d := range f.perWeek {
				spend, _ := f.line.ChannelSpend(w*f.perWeek+d, c)
				o.Media += spend / float64(f.perWeek)
				f.out.Channels[c].Media += spend / float64(f.perWeek)
			}
		}
		for q := range p.Media {
			for d := range f.perWeek {
				for _, seg := range f.line.MediaSegments(w*f.perWeek+d, q, byRegion) {
					if p.Media[q].Enabled {
						o.Brand += seg.Share * sum(seg.Spend) / float64(f.perWeek)
					}
				}
			}
		}
		for r := range f.nr {
			o.Salience += f.salience[w+f.burn][r] * byRegion[r] / everywhere
			o.Equity += f.equity[w+f.burn][r] * byRegion[r] / everywhere
		}
		o.Recession = f.recession(w)
		o.FixedCost = p.Finance.FixedCostPerWeek
		from := f.plan.Run.Start + plan.Date(7*w)
		for _, x := range p.Finance.Rounds {
			if x.Date >= from && x.Date < from+7 {
				o.Finance += x.Amount
			}
		}
		cash += o.Revenue - o.CostOfRevenue - o.AcquisitionCost() - o.RevenueShares - o.FixedCost + o.Finance
		o.Cash = cash
	}
}
