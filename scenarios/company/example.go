package company

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// What the invented company is, beside its answers.
const (
	exampleMonths = 24   // of its history
	exampleMargin = 0.78 // of its revenue
	exampleCycle  = 20   // days
	exampleSeats  = 0.5  // per employee, where it is sold by seats
)

// example is the invented company. It lives by its own numbers: the channels' customers won make its customers, those
// and the price its revenue, that and its cost the cash. A first fit would otherwise speak of what does not agree.
type example struct {
	Answers
	kinds                              map[string]string
	market                             *plan.Plan
	base                               string
	price, customers, churn, deals     float64
	cash, fixed, pay                   float64
	team                               Team   // who sells: its people
	people                             string // as company.toml has them
	periods                            []Period
	channels, media                    []string
	rows                               [][]string         // of history.csv by month
	leads, won                         [][]float64        // by month and channel
	bills                              map[string]float64 // per month, of a firm by size
	bill                               float64            // the mean one of the customers
	spend, signups, churned, firms, at []float64          // by month, of all; firms: customers, at: cash at its end
}

func newExample(a Answers, kinds map[string]string, market *plan.Plan, base string, today plan.Date) (*example, error) {
	e := &example{Answers: a, kinds: kinds, market: market, base: base, channels: splitNames(a.Channels),
		media: splitNames(a.Media)}
	for _, q := range Questions() {
		if err := q.Check(*q.Of(&a)); err != nil {
			return nil, Problems{{File: q.Title, Value: *q.Of(&a), Message: err.Error()}}
		}
	}
	for to, text := range map[*float64]string{&e.price: a.Price, &e.customers: a.Customers, &e.churn: a.Churn,
		&e.deals: a.Deals, &e.cash: a.Cash, &e.fixed: a.FixedCost, &e.pay: a.Pay} {
		*to, _ = readAnswer(text, limits{math.Inf(-1), math.Inf(1)})
	}
	e.customers = math.Round(e.customers)
	e.team, e.people, _ = readSellers(a.Sellers)
	d := firstOfMonth(today)
	for range exampleMonths {
		y, m, _ := d.YMD()
		before := plan.NewDate(y, m-1, 1)
		e.periods = slices.Insert(e.periods, 0, Period{before, d})
		d = before
	}
	e.attract()
	e.keep()
	e.earn()
	return e, nil
}

// sells says whether people sell; else customers buy on the web.
func (e *example) sells() bool { return e.team.People.Value > 0 }

func (e *example) month(i int) string { return monthText(e.periods[i].From) }

func monthText(day plan.Date) string { return day.String()[:len("2026-01")] }

// season is the example's by month, in percent.
var season = [12]float64{115, 110, 105, 100, 100, 95, 90, 85, 100, 105, 100, 95}

// attract makes what was spent by channel, and what it brought. Spend goes up and down on its own in each channel: a
// history in which it never moves says nothing of saturation.
func (e *example) attract() {
	n := len(e.periods)
	e.rows, e.leads, e.won = make([][]string, n), make([][]float64, n), make([][]float64, n)
	e.spend, e.signups = make([]float64, n), make([]float64, n)
	scale := max(e.customers, 60) / 1200
	weight := 0.
	for c := range e.channels {
		weight += float64(5 - c%4)
	}
	for i, p := range e.periods {
		_, month, _ := p.From.YMD()
		for c, name := range e.channels {
			part := float64(5-c%4) / weight
			moved := float64(70+(i*i*(5+c)+13*i+7*c)%61) / 100
			leads := math.Round(300*scale*part*season[month-1]/100*moved) + 2
			signups := math.Floor(0.5 * leads)
			won := math.Floor(0.3 * signups)
			spend := ""
			if k := e.kind(name); k.Driver == "budget" {
				x := toTens(300 * scale * part * math.Sqrt(k.CostPerLead.Low*max(k.CostPerLead.High, 1)) * moved * moved)
				spend, e.spend[i] = digits(x), e.spend[i]+x
			}
			e.leads[i], e.won[i] = append(e.leads[i], leads), append(e.won[i], won)
			e.signups[i] += signups
			e.rows[i] = append(e.rows[i], fmt.Sprintf("%s,%s,%s,%s,%s,%s,,,,", e.month(i), name, spend, digits(leads),
				digits(signups), digits(won)))
		}
		for c, name := range e.media {
			spend := toTens(50 * scale * float64(60+(i*i*(7+c)+17*i+11*c)%81))
			e.spend[i] += spend
			e.rows[i] = append(e.rows[i], fmt.Sprintf("%s,%s,%s,,,,,,,", e.month(i), name, digits(spend)))
		}
	}
}

// toTens rounds an amount of money to tens, the same on every processor.
func toTens(x float64) float64 { return float64(math.Round(x/10) * 10) }

// kind is that of a channel: the one that was answered, else the one that its name tells.
func (e *example) kind(channel string) Kind {
	name := e.kinds[channel]
	if name == "" {
		name = guessKind(channel)
	}
	k, _ := KindOf(name)
	return k
}

// keep makes those that left and those that stayed, from today backwards. Where more were won than there are customers
// today, as many more left again.
func (e *example) keep() {
	e.churned, e.firms = make([]float64, len(e.periods)), make([]float64, len(e.periods))
	customers := e.customers
	for i := len(e.periods) - 1; i >= 0; i-- {
		e.firms[i] = customers
		won := sum(e.won[i])
		e.churned[i] = max(math.Round(e.churn*customers), won-customers)
		customers += e.churned[i] - won
	}
}

// earn makes the cash, from today backwards: a month's revenue without the cost of service, less pay, fixed cost, spend
// and what some kinds of channels cost per customer. It may be below zero long ago, where a company that earns money
// has little today: an overdraft.
func (e *example) earn() {
	e.bills = map[string]float64{}
	for _, s := range e.market.Population.Sizes {
		e.bills[s.Name] = e.billOf(s)
	}
	bills := 0.
	for _, g := range e.grouped() {
		bills += float64(g.count * e.bills[g.size.Name])
	}
	e.bill = bills / e.customers
	e.at = make([]float64, len(e.periods))
	fees := e.fees()
	cash := e.cash
	for i := len(e.periods) - 1; i >= 0; i-- {
		e.at[i] = cash
		cash -= float64(exampleMargin*e.revenue(i)) - e.spend[i] - fees[i] - e.paid(i) - e.fixed
	}
}

// revenue is that of a month.
func (e *example) revenue(i int) float64 { return math.Round(e.firms[i] * e.bill) }

// paid is the pay of a month, by the people of each of its days.
func (e *example) paid(i int) float64 {
	if !e.sells() {
		return 0
	}
	return e.team.peopleIn(e.periods[i]) * e.pay / 12
}

// fees are what is owed to channels for the customers that they brought, by month.
func (e *example) fees() []float64 {
	out := make([]float64, len(e.periods))
	for c, name := range e.channels {
		k, customers := e.kind(name), 0.
		for i := range e.periods {
			won := e.won[i][c]
			customers = float64(customers*e.stayed(i)) + won
			out[i] += float64(e.bill * (float64(k.FeeInBills*won) + float64(k.RevenueShare*customers)))
		}
	}
	return out
}

// stayed is the share of the customers before a month that were there at its end.
func (e *example) stayed(i int) float64 {
	before := e.firms[i] - sum(e.won[i]) + e.churned[i]
	if before <= 0 {
		return 0
	}
	return max(0, 1-e.churned[i]/before)
}

func sum(all []float64) float64 {
	x, _ := Sum(all)
	return x
}

// history writes history.csv.
func (e *example) history() string {
	var b strings.Builder
	b.WriteString("month,channel,spend,leads,signups,won,churned,customers,revenue,cash\n")
	for i, rows := range e.rows {
		fmt.Fprintf(&b, "%s\n%s,,,,,,%s,%s,%s,%s\n", strings.Join(rows, "\n"), e.month(i), digits(e.churned[i]),
			digits(e.firms[i]), digits(e.revenue(i)), digits(math.Round(e.at[i])))
	}
	return b.String()
}

// divided are whole numbers in proportion to shares, which add up to n.
func divided(n float64, shares []float64) (out []float64) {
	all, before, done := sum(shares), 0., 0.
	for _, s := range shares {
		before += s
		x := math.Round(n * before / all)
		out, done = append(out, x-done), x
	}
	return out
}

// sizeShares are those of the market's firms.
func (e *example) sizeShares() (shares []float64) {
	for _, s := range e.market.Population.Sizes {
		shares = append(shares, s.Share)
	}
	return shares
}

// group are customers of a size since a month.
type group struct {
	count float64
	size  plan.Size
	since string
}

// grouped are today's customers: those of each size that were there before the history, and those of its first and its
// second year, as many as stayed.
func (e *example) grouped() (out []group) {
	n := len(e.periods)
	y, m, _ := e.periods[0].From.YMD()
	since := []string{monthText(plan.NewDate(y-1, m, 1)), e.month(n / 4), e.month(3 * n / 4)}
	left := []float64{e.firms[0] - sum(e.won[0]) + e.churned[0], 0, 0}
	for i := range e.periods {
		for k := range left {
			left[k] *= e.stayed(i)
		}
		left[1+2*i/n] += sum(e.won[i])
	}
	for s, count := range divided(e.customers, e.sizeShares()) {
		for k, x := range divided(count, left) {
			if x > 0 {
				out = append(out, group{x, e.market.Population.Sizes[s], since[k]})
			}
		}
	}
	return out
}

// groups writes customers.csv.
func (e *example) groups() string {
	var b strings.Builder
	b.WriteString("count,size,start,product,channel,monthly_bill,prepaid_until\n")
	for _, g := range e.grouped() {
		fmt.Fprintf(&b, "%s,%s,%s,main,,%s,\n", digits(g.count), g.size.Name, g.since,
			plan.FormatNumber(e.bills[g.size.Name]))
	}
	return b.String()
}

// billOf is what a firm of a size pays per month: for the seats that a plan has of the firms of the size on average,
// without the giants of a class that has no upper end, of which it sells to none.
func (e *example) billOf(s plan.Size) float64 {
	if e.Per != "seat" {
		return e.price
	}
	seats, all := 0., 0.
	z := e.market.Population.TailExponent
	for heads := s.Lowest; heads <= min(s.Highest, 10*s.Lowest); heads++ {
		share := math.Pow(heads, -z) - math.Pow(heads+1, -z)
		seats, all = seats+float64(share*max(1, math.Floor(float64(exampleSeats*heads)+0.5))), all+share
	}
	return math.Round(100*e.price*seats/all) / 100
}

// pipeline writes pipeline.csv: the sign-ups of the last month on which a seller still works, half through their cycle,
// and the leads of its last day, by size. On the web nobody need answer. No row names a channel: who puts in a history
// of other channels would have to mend them all.
func (e *example) pipeline() string {
	var b strings.Builder
	b.WriteString("stage,count,team,age_days,size,value\n")
	last := len(e.periods) - 1
	days := float64(e.periods[last].To - e.periods[last].From)
	team := "web"
	stages := []struct {
		name      string
		count     float64
		age       int
		withValue bool
	}{{"opportunity", e.signups[last] * exampleCycle / days, exampleCycle / 2, true}}
	if e.sells() {
		team = "sales"
		stages = slices.Insert(stages, 0, stages[0])
		stages[0].name, stages[0].count, stages[0].age, stages[0].withValue = "lead", sum(e.leads[last])/days, 1, false
	}
	for _, stage := range stages {
		for s, n := range divided(max(1, math.Round(stage.count)), e.sizeShares()) {
			size := e.market.Population.Sizes[s]
			value := ""
			if stage.withValue {
				value = plan.FormatNumber(e.bills[size.Name])
			}
			if n > 0 {
				fmt.Fprintf(&b, "%s,%s,%s,%d,%s,%s\n", stage.name, digits(n), team, stage.age, size.Name, value)
			}
		}
	}
	return b.String()
}
