package company

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// How a plan cites what it was made from.
const (
	ownHistory   = "your history"
	ownCustomers = "your customers.csv"
	ownCurves    = "your curves.csv"
	ownPipeline  = "your pipeline.csv"
)

// PlanOptions say which plan is made.
type PlanOptions struct {
	// Scale is the part of the firms that is simulated, 1 for all. Customers and what the people of the teams can do
	// are scaled with it; money buys the same share of a market of any size, so spend is not, and cash is no limit.
	Scale float64
	// Replay makes a plan that runs over the history, with its spend; else it runs for a year behind it, with the mean
	// spend of its last year.
	Replay bool
	// Base replaces what the plan extends; "" as company.toml says.
	Base string
	// Fitted is what a fit of the history found: the plan begins behind the history, which its opening replays. Nil: a
	// first plan.
	Fitted *Fitted
}

// Plan is a first plan, before anything is fitted: a scenario in which each number has its source. What a fit can
// learn has a 90% interval, the prior. The company was read without problems, except notes.
func (c *Company) Plan(o PlanOptions) string {
	if o.Scale == 0 {
		o.Scale = 1
	}
	b := &planner{Company: c, o: o, w: &writer{fitted: o.Fitted}}
	b.start, b.weeks = c.History.To(), 52
	if o.Replay {
		b.start, b.weeks = c.History.From(), int(c.History.To()-c.History.From())/plan.DaysPerWeek
	}
	b.head()
	b.market()
	b.journey()
	b.sold()
	b.brand()
	b.channels()
	b.teams()
	b.opening()
	if o.Fitted != nil && o.Fitted.Draws != "" {
		b.w.table("draws", "posterior")
		b.w.line("file = %q", o.Fitted.Draws)
		b.w.line("hash = %q", o.Fitted.Hash)
	}
	b.w.close()
	return b.w.b.String()
}

// Scenario is the plan, loaded and checked.
func (c *Company) Scenario(o PlanOptions, options ...scenarios.Option) (*scenarios.Scenario, error) {
	if o.Base == "" && strings.HasSuffix(c.Market.Base, ".toml") {
		o.Base = c.Market.Base
		if !filepath.IsAbs(o.Base) {
			full, err := filepath.Abs(filepath.Join(c.Dir, o.Base))
			if err != nil {
				return nil, err
			}
			o.Base = full
		}
	}
	return scenarios.OpenBytes(filepath.Join(c.Dir, "plan.toml"), []byte(c.Plan(o)), options...)
}

// planner makes a plan.
type planner struct {
	*Company
	o       PlanOptions
	w       *writer
	start   plan.Date
	weeks   int
	inbound string // the channel of those who come by themselves
	moved   bool   // some spend of the history moves, so that its replay is another opening than what stands still
}

func (b *planner) head() {
	title := "A first plan of " + b.Name
	if b.o.Fitted == nil {
		b.w.line("# The first plan of %s, made from company.toml and its history. Each number says where it comes from;",
			b.Name)
		b.w.line("# an interval is what was known before the history was looked at closely.")
	} else {
		title = "The plan of " + b.Name + ", fitted to its history"
		b.w.line("# The plan of %s from the end of its history on. Each number says where it comes from. What was "+
			"fitted stands",
			b.Name)
		b.w.line("# at its median, with its 90%% interval above it; runs take joint draws of these numbers from %s.",
			b.o.Fitted.Draws)
	}
	base := b.o.Base
	if base == "" {
		base = b.Market.Base
	}
	b.w.line("extends = %q", base)
	b.w.line("title = %q", title)
	b.w.line("question = \"What do we win, lose and have in the bank if we go on like this?\"")
	b.w.table("run")
	b.w.set("start", b.start.String(), "")
	b.w.set("weeks", fmt.Sprint(b.weeks), "")
}

// market writes the part of the market and what opens a journey there.
func (b *planner) market() {
	p := b.Market.Plan.Population
	b.w.table("population")
	b.w.set("firms", digits(max(1, math.Round(b.Market.Firms*b.o.Scale))), "your company.toml (part of "+b.Market.Base+")")
	if b.o.Fitted != nil { // the market that the draws are of
		b.w.set("media_firms", digits(max(1, math.Round(b.Market.Firms*b.o.Scale))), "your company.toml (all firms)")
	}
	shares(b.w, "regions", b.Market.Regions, p.Regions, func(x plan.Region) (string, float64) { return x.Name, x.Share })
	shares(b.w, "sizes", b.Market.Sizes, p.Sizes, func(x plan.Size) (string, float64) { return x.Name, x.Share })
	shares(b.w, "industries", b.Market.Industries, p.Industries,
		func(x plan.Industry) (string, float64) { return x.Name, x.Share })
	if !b.Demand.EveryYears.Known() {
		return
	}
	rival := fmt.Sprintf("%.3g", 0.8/b.Demand.WeeksToDecide.Value)
	decide := func() {
		b.w.set("window_weeks", digits(b.Demand.WeeksToDecide.Value), b.Demand.WeeksToDecide.Source)
		b.w.set("window_cv", "0.8", "T11")
		b.w.set("rival_per_week", rival, "F47; assumption")
	}
	for _, t := range b.Market.Plan.Triggers {
		if !t.Enabled {
			continue
		}
		b.w.table("triggers", t.Name)
		if t.Newborn && t.Kind == "event" {
			decide()
			continue
		}
		b.w.set("enabled", "false", "")
	}
	b.w.table("triggers", b.replacement())
	b.w.set("kind", `"ageing"`, "")
	b.w.set("life_years", digits(b.Demand.EveryYears.Value), b.Demand.EveryYears.Source)
	decide()
}

// replacement is the trigger of firms that buy again: a name that the market does not have.
func (b *planner) replacement() string {
	name := "next-purchase"
	for slices.ContainsFunc(b.Market.Plan.Triggers, func(t plan.Trigger) bool { return t.Name == name }) {
		name += "-2"
	}
	return name
}

// shares writes those of the classes that are sold to, and 0 for the others.
func shares[T any](w *writer, kind string, named []string, classes []T, of func(T) (string, float64)) {
	if len(named) == 0 {
		return
	}
	sum := 0.
	last := ""
	for _, c := range classes {
		if name, share := of(c); slices.Contains(named, name) && share > 0 {
			sum += share
			last = name
		}
	}
	left := 1_000_000 // millionths, so that they add up
	for _, c := range classes {
		if name, share := of(c); slices.Contains(named, name) && name != last {
			left -= int(math.Round(1e6 * share / sum))
		}
	}
	for _, c := range classes {
		name, share := of(c)
		w.table("population", kind, name)
		value := int(math.Round(1e6 * share / sum))
		switch {
		case !slices.Contains(named, name):
			value = 0
		case name == last:
			value = left
		}
		w.set("share", plan.FormatNumber(float64(value)/1e6), "your company.toml")
	}
}

// sold are the size classes that the company sells to.
func (b *planner) classes() (out []plan.Size) {
	for _, s := range b.Market.Plan.Population.Sizes {
		if len(b.Market.Sizes) == 0 || slices.Contains(b.Market.Sizes, s.Name) {
			out = append(out, s)
		}
	}
	return out
}

// journey writes what firms would pay, and how customers leave.
func (b *planner) journey() {
	highest := 0.
	for _, p := range b.Products {
		highest = max(highest, p.Price.Value)
	}
	b.w.table("journey")
	b.w.set("willingness_median", digits(2*highest), "assumption (twice the highest price)")
	b.w.set("willingness_sigma", "0.5", "assumption")
	b.w.table("customers")
	b.w.set("weibull_shape", digits(tenure), "F33, F7")
	b.w.set("frailty_variance", digits(frailty), "F33")
	// Customers leave at the monthly rate at the ages that they have; the deaths of firms are the market's.
	bands, _ := b.ages()
	b.w.set("base_hazard", by(b.Market.Plan.Population.Sizes, func(s plan.Size) (string, string) {
		return s.Name, digits(baseHazard(float64(-12*math.Log(1-b.ChurnPerMonth.Value))-s.FirmDeathPerYear, bands))
	}), b.ChurnPerMonth.Source+" (churn per month at the ages of the customers, without the deaths of firms)")
}

// The tenure of customers (docs/facts.md, F33 and F7): the exponent and the frailty of the plan.
const (
	tenure  = 0.85
	frailty = 0.7
)

// band is a share of the customers by age.
type band struct{ from, to, share float64 }

// baseHazard is the integrated hazard of the first year at which customers of some ages leave at a rate per year: the
// hazard at age a is H k a^(k-1) / (1 + v H a^k).
func baseHazard(perYear float64, bands []band) float64 {
	rate := func(h float64) (sum float64) {
		for _, b := range bands {
			const parts = 20
			for i := range parts {
				a := b.from + (b.to-b.from)*(float64(i)+0.5)/parts
				sum += b.share / parts * h * tenure * math.Pow(a, tenure-1) / (1 + float64(frailty*h*math.Pow(a, tenure)))
			}
		}
		return sum
	}
	low, high := 1e-4, 100.
	for range 60 {
		middle := math.Sqrt(low * high)
		if rate(middle) < perYear {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// sold writes the products and the money.
func (b *planner) sold() {
	for _, p := range b.Products {
		b.w.table("products", p.Name)
		b.w.set("price", digits(p.Price.Value), p.Price.Source)
		if p.PerFirm {
			b.w.set("price_per", `"firm"`, own)
		} else {
			b.w.set("adoption", digits(p.Seats.Value), p.Seats.Source)
		}
		if len(p.Sizes) > 0 {
			b.w.set("sizes", list(b.served(p.Sizes)), own)
		}
		b.w.set("cost_of_revenue_share", digits(1-p.GrossMargin.Value), p.GrossMargin.Source)
		if p.Prepaid.Value > 0 {
			b.w.set("prepaid_share", digits(p.Prepaid.Value), p.Prepaid.Source)
		}
	}
	b.w.table("finance")
	cash, source := b.Cash.Value, b.Cash.Source
	if first := at(b.History.Cash, 0); b.o.Replay && !math.IsNaN(first) {
		cash, source = max(0, first), ownHistory
	}
	if b.o.Scale != 1 {
		cash, source = 1e9, "assumption (a part of the market does not pay for all of the spend)"
	}
	b.w.set("opening_cash", digits(cash), source)
	b.w.set("fixed_cost_per_month", digits(b.FixedCostPerMonth.Value), b.FixedCostPerMonth.Source)
}

// served are size classes, and those that have no firms in this part of the market: nobody need serve them.
func (b *planner) served(sizes []string) []string {
	out := slices.Clone(sizes)
	for _, s := range b.Market.Plan.Population.Sizes {
		if len(b.Market.Sizes) > 0 && !slices.Contains(b.Market.Sizes, s.Name) && !slices.Contains(out, s.Name) {
			out = append(out, s.Name)
		}
	}
	return out
}

// brand writes the brand media.
func (b *planner) brand() {
	if len(b.Media) == 0 {
		return
	}
	b.w.table("brand")
	b.w.set("salience_half_life_weeks", "0.75", "section 4.1")
	b.w.set("equity_half_life_weeks", "60", "B13, B3")
	b.w.set("salience_weight", "0.6", "section 4.1")
	b.w.set("awareness_max", "0.5", "assumption")
	b.w.set("half_saturation_equity", "1", "assumption")
	for _, m := range b.Media {
		b.w.table("media", m.Name)
		mean := b.spend(m.Name, m.SpendPerMonth)
		b.w.set("half_saturation", spread(mean, HalfSaturation), "C36")
		b.w.set("reference_weekly_budget", digits(mean), ownHistory)
		b.w.set("shape", "1.2", "C35")
	}
}

// spend writes the budget of a channel or medium and gives its mean per week, over the periods with any.
func (b *planner) spend(name string, perMonth Number) float64 {
	h := b.History.Channel(name)
	sum, cells := 0., 0
	if h != nil {
		sum, cells = Sum(h.Spend)
	}
	if sum == 0 {
		week := 1.
		if perMonth.Known() && perMonth.Value > 0 {
			week = perMonth.Value * 12 / plan.WeeksPerYear
			b.w.set("weekly_budget", digits(week), perMonth.Source)
		} else {
			b.w.set("weekly_budget", "1", "assumption (no spend is known; a token keeps the channel running)")
		}
		return week
	}
	mean := sum / float64(cells)
	filled := slices.Clone(h.Spend)
	days, money := 0., 0.
	for i, x := range filled {
		if math.IsNaN(x) {
			filled[i] = mean
		}
		if filled[i] > 0 {
			days += float64(b.History.Periods[i].To - b.History.Periods[i].From)
			money += filled[i]
		}
	}
	switch {
	case b.o.Fitted != nil:
		b.w.set("weekly_budget", b.pastAndMean(filled), ownHistory+" (dated: what was spent; then the mean of its "+
			"last year)")
	case !b.o.Replay:
		b.w.set("weekly_budget", digits(b.lastYear(filled)), ownHistory)
	case b.History.Monthly:
		var parts []string
		for i, x := range filled {
			parts = append(parts, b.History.name(i)+" = "+digits(x))
		}
		b.w.set("monthly_budget", "{"+strings.Join(parts, ", ")+"}", ownHistory)
	default:
		parts := []string{"{value = " + digits(filled[0]) + "}"}
		for i := 1; i < len(filled); i++ {
			if filled[i] != filled[i-1] {
				parts = append(parts, fmt.Sprintf("{from = %s, value = %s}", b.History.Periods[i].From, digits(filled[i])))
			}
		}
		b.w.set("weekly_budget", "["+strings.Join(parts, ", ")+"]", ownHistory)
	}
	return money * plan.DaysPerWeek / days
}

// lastYear is the mean spend per week of the last year.
func (b *planner) lastYear(filled []float64) float64 {
	last := filled[max(0, len(filled)-b.year()):]
	sum, _ := Sum(last)
	from := b.History.Periods[len(filled)-len(last)].From
	return sum * plan.DaysPerWeek / float64(b.History.To()-from)
}

// pastAndMean are the dated budgets of the history, one per period in which another was spent, and behind them
// the mean of its last year.
func (b *planner) pastAndMean(filled []float64) string {
	var parts []string
	last := ""
	add := func(from plan.Date, week float64) {
		switch value := digits(week); {
		case value == last:
			return
		case last == "":
			parts, last = append(parts, "{value = "+value+"}"), value
		default:
			parts, last = append(parts, fmt.Sprintf("{from = %s, value = %s}", from, value)), value
		}
	}
	for i, x := range filled {
		add(b.History.Periods[i].From, x/b.History.Periods[i].Weeks())
	}
	b.moved = b.moved || len(parts) > 1
	if add(b.start, b.lastYear(filled)); len(parts) == 1 {
		return last
	}
	return "[\n  " + strings.Join(parts, ",\n  ") + ",\n]"
}

// year is how many periods are one.
func (b *planner) year() int {
	if b.History.Monthly {
		return 12
	}
	return 52
}

// teams writes who sells.
func (b *planner) teams() {
	for _, t := range b.Teams {
		b.w.table("teams", t.Name)
		b.w.set("kind", fmt.Sprintf("%q", t.Kind), own)
		if len(t.Sizes) > 0 {
			b.w.set("sizes", list(b.served(t.Sizes)), own)
		}
		if len(t.Channels) > 0 {
			b.w.set("channels", list(t.Channels), own)
		} else if b.rivalsOf(t) > 1 {
			b.w.set("share", by(b.Market.Plan.Population.Sizes, func(s plan.Size) (string, string) {
				return s.Name, digits(1 / float64(max(1, b.serving(s.Name))))
			}), "assumption (teams of a size class share its sign-ups evenly)")
		}
		rate, source := b.winRate(t)
		b.w.set("win_rate", fmt.Sprintf(`"%s to %s"`, digits(0.6*rate), digits(min(0.95, 1.6*rate))), source)
		b.w.set("cycle_days", spread(max(t.CycleDays.Value, 0.5), Range{0.6, 1.7}), t.CycleDays.Source)
		if t.Kind != "people" {
			continue
		}
		slower := b.people(t) // than in the whole market
		if t.PayPerYear.Known() {
			b.w.set("pay_per_year", digits(t.PayPerYear.Value), t.PayPerYear.Source)
		}
		each, source := t.DealsPerMonth.Value*12/plan.WeeksPerYear/b.netWinRate(t), t.DealsPerMonth.Source
		if came := b.cameToEach(t); came > each {
			each, source = came, ownHistory+" (they answered what came)"
		}
		b.w.set("opportunities_per_week", digits(each*slower), source)
		if slower != 1 {
			b.w.set("speed_half_life_hours", digits(24/slower), "T20 (in the slower time of a part of the market)")
		}
	}
}

// rivalsOf counts the teams that share the sign-ups of a team's classes, itself among them.
func (b *planner) rivalsOf(t Team) (n int) {
	for _, x := range b.Teams {
		if len(x.Channels) > 0 {
			continue
		}
		if len(t.Sizes) == 0 || len(x.Sizes) == 0 ||
			slices.ContainsFunc(t.Sizes, func(s string) bool { return slices.Contains(x.Sizes, s) }) {
			n++
		}
	}
	return max(n, 1)
}

// serving counts the teams without channels of their own that serve a size class.
func (b *planner) serving(size string) (n int) {
	for _, t := range b.Teams {
		if len(t.Channels) == 0 && (len(t.Sizes) == 0 || slices.Contains(b.served(t.Sizes), size)) {
			n++
		}
	}
	return n
}

// winRate is the chance to win a sign-up that no rival takes and that can pay, which is what a plan has. What the
// company says and what its history shows is what is left after these two.
func (b *planner) winRate(t Team) (float64, string) {
	rate, source := b.netWinRateOf(t)
	if source == "S12" || source == "V5; assumption" { // of opportunities that were decided
		return rate, source
	}
	const pays = 0.9 // at twice the price in the middle
	rival := 0.
	if b.Demand.EveryYears.Known() {
		rival = 0.8 / b.Demand.WeeksToDecide.Value
	}
	return min(0.8, rate/pays/math.Exp(-rival*t.CycleDays.Value/plan.DaysPerWeek)),
		source + ", without what rivals take"
}

// netWinRate is the part of the sign-ups that is won.
func (b *planner) netWinRate(t Team) float64 {
	rate, _ := b.netWinRateOf(t)
	return rate
}

// netWinRateOf also says where it is from: the company, its history, or a benchmark.
func (b *planner) netWinRateOf(t Team) (float64, string) {
	if t.WinRate.Known() {
		return t.WinRate.Value, t.WinRate.Source
	}
	signups, won := b.signups(), 0.
	if b.History.Won != nil {
		won, _ = Sum(b.History.Won)
	}
	if signups > 0 && won > 0 {
		return min(0.8, max(0.02, won/signups)), ownHistory + " (customers won per sign-up)"
	}
	if t.Kind == "web" {
		return 0.25, "V5; assumption"
	}
	return 0.2, "S12"
}

// signups are those of the history, of channels that count leads alone the real ones among them.
func (b *planner) signups() (sum float64) {
	for _, ch := range b.Channels {
		h, k := b.History.Channel(ch.Name), kindOf(ch)
		if h == nil {
			continue
		}
		s, n := Sum(h.Signups)
		if n == 0 {
			l, _ := Sum(h.Leads)
			s = l * k.Real
		}
		sum += s
	}
	return sum
}

func kindOf(ch Channel) Kind {
	k, _ := KindOf(ch.Kind)
	return k
}

// opening writes the customers of the first day.
func (b *planner) opening() {
	window, cycle := 0., 0.
	for _, t := range b.Market.Plan.Triggers {
		if t.Enabled && (!b.Demand.EveryYears.Known() || t.Newborn) {
			window = max(window, t.WindowWeeks)
		}
	}
	if b.Demand.EveryYears.Known() {
		window = b.Demand.WeeksToDecide.Value
	}
	for _, t := range b.Teams {
		cycle = max(cycle, 1.7*t.CycleDays.Value/plan.DaysPerWeek)
	}
	b.w.table("opening")
	burnIn := math.Ceil(3*(window+cycle)) + 1
	if b.o.Fitted != nil && b.moved {
		b.w.set("replay", "true", "")
		burnIn = max(burnIn, float64(int(b.History.To()-b.History.From())/plan.DaysPerWeek))
	}
	b.w.set("burn_in_weeks", digits(min(520, burnIn)), "")
	if b.o.Fitted != nil && b.o.Fitted.Pipeline != "" {
		b.w.set("pipeline_file", fmt.Sprintf("%q", b.o.Fitted.Pipeline), ownPipeline)
	}
	if b.o.Fitted != nil && b.o.Fitted.Customers != "" {
		b.w.set("customers_file", fmt.Sprintf("%q", b.o.Fitted.Customers), ownCustomers)
		return
	}
	now, source := b.customersAtStart()
	sized := b.bySize()
	if sized == nil || b.o.Replay {
		sized, source = b.dealt(), source+"; sizes: assumption (as the firms of the market)"
	} else {
		source += "; " + ownCustomers
	}
	b.w.set("customers", by(b.Market.Plan.Population.Sizes, func(s plan.Size) (string, string) {
		return s.Name, digits(math.Round(now * sized[s.Name]))
	}), source)
	if products := b.byProduct(); products != nil && !b.o.Replay {
		b.w.set("products", by(b.Products, func(p Product) (string, string) { return p.Name, digits(products[p.Name]) }),
			ownCustomers)
	}
	bands, from := b.ages()
	var parts []string
	for _, x := range bands {
		parts = append(parts, fmt.Sprintf("{from_years = %g, to_years = %g, share = %s}", x.from, x.to,
			plan.FormatNumber(x.share)))
	}
	b.w.set("age_bands", "["+strings.Join(parts, ", ")+"]", from)
}

// dealt are the shares of firms by size, of the classes to which something is sold.
func (b *planner) dealt() map[string]float64 {
	out, sum := map[string]float64{}, 0.
	for _, s := range b.classes() {
		if slices.ContainsFunc(b.Products, func(p Product) bool {
			return len(p.Sizes) == 0 ||
				slices.Contains(p.Sizes, s.Name)
		}) {
			out[s.Name] = s.Share
			sum += s.Share
		}
	}
	for name := range out {
		out[name] /= sum
	}
	return out
}

// customersAtStart are those of the plan's first day, and where the number is from.
func (b *planner) customersAtStart() (float64, string) {
	now, source := b.CustomersNow.Value, b.CustomersNow.Source
	if b.o.Replay {
		h := &b.History
		won, left := zeroIfNaN(at(h.Won, 0)), zeroIfNaN(at(h.Churned, 0))
		if first := at(h.Customers, 0); !math.IsNaN(first) {
			now, source = first-won+left, ownHistory
		} else {
			now, source = b.customersBefore(now), own+", "+ownHistory
		}
	}
	return min(max(0, now), b.Market.Firms) * b.o.Scale, source
}

// customersBefore are those of the first day of the history, of those at its end. Where nobody counted who left, they
// left at the churn of company.toml; where nobody counted who came, there were as many.
func (b *planner) customersBefore(now float64) float64 {
	won, known := Sum(b.History.Won)
	left, counted := Sum(b.History.Churned)
	if known > 0 && counted > 0 {
		return now - won + left
	}
	if known == 0 {
		return now
	}
	months := float64(b.History.To()-b.History.From()) / plan.DaysPerWeek / plan.WeeksPerMonth
	kept, each := math.Pow(1-b.ChurnPerMonth.Value, months), 1.0 // of those before; of those won, on average
	if rate := -math.Log(1 - b.ChurnPerMonth.Value); rate > 0 {
		each = (1 - kept) / float64(rate*months)
	}
	// little is left of them where customers leave fast: what is known of their number is its order of size
	return min((now-float64(won*each))/kept, 3*now)
}

// bySize are the shares of customers by size; nil where customers.csv does not say all of them.
func (b *planner) bySize() map[string]float64 {
	return sharesOf(b.Groups, func(g CustomerGroup) string { return g.Size })
}

func (b *planner) byProduct() map[string]float64 {
	return sharesOf(b.Groups, func(g CustomerGroup) string { return g.Product })
}

func sharesOf(groups []CustomerGroup, of func(CustomerGroup) string) map[string]float64 {
	out, sum := map[string]float64{}, 0.
	for _, g := range groups {
		if of(g) == "" {
			return nil
		}
		out[of(g)] += g.Count
		sum += g.Count
	}
	if sum == 0 {
		return nil
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

// ages are the bands of the ages of the customers: those of customers.csv, else those that the churn leaves of a
// steady stream.
func (b *planner) ages() (bands []band, source string) {
	ends := []float64{0, 1, 2, 4, 8}
	shares := make([]float64, len(ends)-1)
	known := len(b.Groups) > 0 && !b.o.Replay
	for _, g := range b.Groups {
		known = known && g.HasStart
	}
	for i := range shares {
		if !known {
			rate := -12 * math.Log(1-min(0.9, max(b.ChurnPerMonth.Value, 0.002)))
			shares[i] = math.Exp(-rate*ends[i]) - math.Exp(-rate*ends[i+1])
		}
	}
	if known {
		for _, g := range b.Groups {
			years := max(0, float64(b.start-g.Start)/365.25)
			i := 0
			for i < len(shares)-1 && years >= ends[i+1] {
				i++
			}
			shares[i] += g.Count
		}
	}
	sum, _ := Sum(shares)
	left := 10_000
	for i := range shares {
		n := int(math.Round(1e4 * shares[i] / max(sum, 1e-9)))
		if i == len(shares)-1 {
			n = left
		}
		n = min(n, left)
		left -= n
		bands = append(bands, band{ends[i], ends[i+1], float64(n) / 1e4})
	}
	if known {
		source = ownCustomers
	} else {
		source = "assumption (a steady stream at the churn of company.toml)"
	}
	return bands, source
}
