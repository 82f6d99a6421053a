package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// outcomeColumn is one number per replication: all that is to be said of it, in one place. To add one, add an entry to
// outcomeColumns (and what it reads to the totals, if nothing counts it yet).
type outcomeColumn struct {
	plan.Column
	read  func(*closing) float64   // from what the run counted; nil: a ratio of its parts, or what comes later
	later func(*aftermath) float64 // what the time after the last day adds
	only  func(*plan.Plan) bool    // plans that have it; nil: all
	none  func(weeks int) string   // why a run of so many weeks has no number, or ""
	// headline is its place in the summary table, low first; 0: it is not in it.
	headline int
	// atEnd: it holds the state at the end of the run, and is given over the replications that are still in business too.
	atEnd bool
}

// Headlines are the outcomes of the summary table, in its order.
func Headlines() (names []string) {
	list := slices.DeleteFunc(slices.Clone(outcomeColumns), func(o outcomeColumn) bool { return o.headline == 0 })
	slices.SortStableFunc(list, func(a, b outcomeColumn) int { return cmp.Compare(a.headline, b.headline) })
	for _, o := range list {
		names = append(names, o.Name)
	}
	return names
}

// HoldsAtEnd says whether an outcome is the state at the end of the run.
func HoldsAtEnd(name string) bool {
	return slices.ContainsFunc(outcomeColumns, func(o outcomeColumn) bool { return o.Name == name && o.atEnd })
}

// NoNumber says why an outcome has no number in any run of some weeks, or "".
func NoNumber(name string, weeks int) string {
	for i := range outcomeColumns {
		if o := &outcomeColumns[i]; o.Name == name && o.none != nil {
			return o.none(weeks)
		}
	}
	return ""
}

// weeksOfAYear is the length of a run from which on it holds a year.
const weeksOfAYear = 52

func shorterThanAYear(weeks int) string {
	if weeks < weeksOfAYear {
		return "the run is shorter than a year; retention_over_the_run has it"
	}
	return ""
}

func aYearOrLonger(weeks int) string {
	if weeks >= weeksOfAYear {
		return "the run is a year or longer; net_revenue_retention has it"
	}
	return ""
}

// addOutcomes lists the outcomes of a plan. One without a number in its run is no ratio there.
func (d *dictionary) addOutcomes(p *plan.Plan) {
	for _, o := range outcomeColumns {
		if o.only != nil && !o.only(p) {
			continue
		}
		if o.none != nil {
			if why := o.none(d.schema.Weeks); why != "" {
				o.Over, o.Under, o.Missing = "", "", why
				o.read = func(*closing) float64 { return math.NaN() }
			}
		}
		d.outcomes = append(d.outcomes, o)
		d.schema.Outcomes = append(d.schema.Outcomes, o.Column)
	}
}

// report fills the outcomes of a row at the end of the run.
func (d *dictionary) report(row []float64, c *closing) {
	for i := range d.outcomes {
		if read := d.outcomes[i].read; read != nil {
			row[i] = read(c)
		} else {
			row[i] = 0
		}
	}
	fillQuotients(d.ratios, row)
}

// reportLater adds what comes after the last day.
func (d *dictionary) reportLater(row []float64, a *aftermath) {
	for i := range d.outcomes {
		if o := &d.outcomes[i]; o.later != nil && o.read != nil {
			row[i] += o.later(a)
		} else if o.later != nil {
			row[i] = o.later(a)
		}
	}
}

// closing is a replication at the end of its run: what the outcomes are read from.
type closing struct {
	tally               *tally
	money               *money
	base                *customerBase
	weeks               float64 // of the run
	live, closedByRuin  int
	freeUsers           int
	mrr                 float64
	media, brand, sales float64
}

// aftermath is what a run brings after its last day (docs/model.md, section 3.12).
type aftermath struct{ margin, media, carried float64 }

// close takes stock of a replication at the end of its run.
func (s *State) close() *closing {
	m, b, c := &s.money, &s.base, &s.books.closing
	*c = closing{
		tally: &s.tally, money: m, base: b, weeks: s.w.end(),
		media: total(m.mediaOf), brand: total(m.brandIn), sales: total(m.payOf) + m.commissions,
	}
	if m.ruined {
		c.closedByRuin = b.live + s.sales.inProgress + s.free.users
	} else {
		c.live, c.freeUsers, c.mrr = b.live, s.free.users, s.mrr(s.w.at(s.w.steps-1))
	}
	return c
}

func (c *closing) acquisition() float64 {
	return c.media + c.brand + c.sales + c.money.onboardings + c.money.oneOffFees
}

func (c *closing) weekOfRuin() float64 {
	if !c.money.ruined {
		return plan.Never
	}
	return float64(c.money.ruinWeek)
}

// growth is the yearly rate at which recurring revenue grew.
func (c *closing) growth() float64 {
	switch opening := c.base.openingMRR; {
	case c.mrr > 0 && opening > 0:
		return rng.Pow(c.mrr/opening, plan.WeeksPerYear/c.weeks) - 1
	case opening > 0: // nothing is left
		return -1
	}
	return math.NaN()
}

// retainedMRR is what is left of the opening customers' recurring revenue after a year.
func (c *closing) retainedMRR() float64 {
	if c.money.ruined && float64(c.money.ruinWeek) <= plan.WeeksPerYear {
		return 0
	}
	return c.base.retainedMRR
}

// oneIf is 1 for what holds, else 0.
func oneIf(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

func total(list []float64) (x float64) {
	for _, v := range list {
		x += v
	}
	return x
}

// outcomeColumns are the scalar outcomes of a replication. "In the run" means from the first day to the last day or
// the week of ruin.
var outcomeColumns = []outcomeColumn{
	{Column: plan.Column{Name: "journeys", Unit: "buyers", Label: "Buyers in the market",
		Lies:    "Buyers in the market number",
		Meaning: "Buyers whom a trigger brought into the market in the run."},
		read: func(c *closing) float64 { return float64(c.tally.journeys) }},
	{Column: plan.Column{Name: "in_market_firms", Unit: "firms", Label: "Firms in market", Lies: "Firms in market number",
		Meaning: "Firms in market, mean over week ends."},
		headline: 210, read: func(c *closing) float64 { return c.tally.inMarketSum / float64(c.tally.weeks) }},
	{Column: plan.Column{Name: "reached", Unit: "buyers", Direction: plan.More,
		Meaning: "Buyers with a first touch in the run."},
		headline: 220, read: func(c *closing) float64 { return float64(c.tally.reached) }},
	{Column: plan.Column{Name: "engaged", Unit: "buyers", Direction: plan.More,
		Meaning: "Buyers whose progress reached their need (readiness one half) in the run."},
		read: func(c *closing) float64 { return float64(c.tally.engaged[1]) }},
	{Column: plan.Column{Name: "touches", Unit: "touches",
		Meaning: "Touches made in the run, wasted ones too."},
		read: func(c *closing) float64 { return float64(c.tally.touches) }},
	{Column: plan.Column{Name: "leads", Unit: "leads", Label: "Leads", Lies: "Leads number",
		Direction: plan.More,
		Meaning:   "Leads in the run."},
		headline: 230, read: func(c *closing) float64 { return float64(c.tally.leads) }},
	{Column: plan.Column{Name: "real_leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads with a real intention: those that sign up and those that are unqualified."},
		read: func(c *closing) float64 { return float64(c.tally.real) }},
	{Column: plan.Column{Name: "unqualified_fit", Unit: "leads", Label: "Unqualified: no product fits",
		Direction: plan.Less,
		Meaning:   "Leads to whose kind no product is sold."},
		read: func(c *closing) float64 { return float64(c.tally.unfit) }},
	{Column: plan.Column{Name: "unqualified_price", Unit: "leads", Label: "Unqualified: price too high",
		Direction: plan.Less,
		Meaning:   "Leads that can afford no product sold to them."},
		read: func(c *closing) float64 { return float64(c.tally.unaffordable) }},
	{Column: plan.Column{Name: "signups", Unit: "sign-ups", Label: "Sign-ups", Lies: "Sign-ups number",
		Direction: plan.More,
		Meaning:   "Qualified leads (sign-ups), dated when the firm became a lead."},
		headline: 240, read: func(c *closing) float64 { return float64(c.tally.signups) }},
	{Column: plan.Column{Name: "signup_share", Unit: "share", Label: "Leads per buyer in the market",
		Lies: "The share of buyers in the market that become a lead lies", Direction: plan.More, Over: "leads",
		Under: "journeys", Rate: true,
		Meaning: "Leads per buyer who came into the market.",
		Missing: "no buyer came into the market"}},
	{Column: plan.Column{Name: "opportunities", Unit: "opportunities", Direction: plan.More,
		Meaning: "First contacts made by sales in the run."},
		read: func(c *closing) float64 { return float64(c.tally.opportunities) }},
	{Column: plan.Column{Name: "refused", Unit: "sign-ups", Direction: plan.Less,
		Meaning: "Opportunities booked as lost (the firm said no)."},
		read: func(c *closing) float64 { return float64(c.tally.refused) }},
	{Column: plan.Column{Name: "lost_waiting", Unit: "sign-ups", Label: "Lost while waiting",
		Direction: plan.Less,
		Meaning:   "Sign-ups whose window ended before first contact."},
		read: func(c *closing) float64 { return float64(c.tally.lostWaiting) }},
	{Column: plan.Column{Name: "died_in_sales", Unit: "sign-ups", Label: "Died while in sales",
		Meaning: "Sign-ups whose firm died while waiting, in service or in the cycle."},
		read: func(c *closing) float64 { return float64(c.tally.diedInSales) }},
	{Column: plan.Column{Name: "screened", Unit: "leads", Direction: plan.Less,
		Meaning: "Leads that a person found not to be real."},
		read: func(c *closing) float64 { return float64(c.tally.screenings) }},
	{Column: plan.Column{Name: "p_wait", Unit: "share", Label: "Share of leads that wait",
		Direction: plan.Less, Over: "leads_waited",
		Under:   "leads_of_people",
		Share:   true,
		Meaning: "Share of the leads of teams of people that had to wait for a free person.",
		Missing: "no lead went to a team of people"}},
	{Column: plan.Column{Name: "leads_waited", Unit: "leads", Direction: plan.Less,
		Meaning: "Of leads_of_people, those that had to wait for a free person."},
		read: func(c *closing) float64 { return float64(c.tally.replies.waited) }},
	{Column: plan.Column{Name: "leads_of_people", Unit: "leads", Label: "Leads of teams of people",
		Meaning: "Leads that a team of people answered in the run, or that went before it did."},
		read: func(c *closing) float64 { return float64(c.tally.replies.answered + c.tally.replies.unanswered) }},
	{Column: plan.Column{Name: "reply_hours_mean", Unit: "hours", Direction: plan.Less, Over: "reply_hours",
		Under:   "leads_answered",
		Meaning: "Mean time from lead to first contact, of the leads that people answered.",
		Missing: "nobody was reached"}},
	{Column: plan.Column{Name: "reply_hours", Unit: "hours", Direction: plan.Less,
		Meaning: "Hours from lead to first contact, summed over the leads that people answered."},
		read: func(c *closing) float64 { return c.tally.replies.hours }},
	{Column: plan.Column{Name: "leads_answered", Unit: "leads", Direction: plan.More,
		Meaning: "Leads that a team of people answered in the run: first contacts and screenings."},
		read: func(c *closing) float64 { return float64(c.tally.replies.answered) }},
	{Column: plan.Column{Name: "reply_hours_median", Unit: "hours", Direction: plan.Less,
		Meaning: "Median time from lead to first contact, of the leads that people answered (within 1.6% of itself).",
		Missing: "nobody was reached"},
		read: func(c *closing) float64 { return c.tally.replies.median() }},
	{Column: plan.Column{Name: "never_reached_share", Unit: "share", Direction: plan.Less, Over: "never_reached",
		Under: "leads_of_people", Share: true,
		Meaning: "Share of the leads of teams of people whose window or firm ended before anybody answered.",
		Missing: "no lead went to a team of people"}},
	{Column: plan.Column{Name: "never_reached", Unit: "leads", Direction: plan.Less,
		Meaning: "Of leads_of_people, those whose window or firm ended before anybody answered."},
		read: func(c *closing) float64 { return float64(c.tally.replies.unanswered) }},
	{Column: plan.Column{Name: "won", Also: "wins",
		Unit: "customers", Label: "Customers won", Lies: "Customers won number",
		Direction: plan.More,
		Meaning:   "Customers won in the run."},
		headline: 20, read: func(c *closing) float64 { return float64(c.tally.wins) }},
	{Column: plan.Column{Name: "win_rate", Unit: "share", Label: "Win rate", Lies: "The win rate lies",
		Direction: plan.More,
		Over:      "won", Under: "booked", Share: true,
		Meaning: "Customers won per opportunity booked (won, refused or lost to a rival).",
		Missing: "no opportunity was booked"}},
	{Column: plan.Column{Name: "booked", Unit: "opportunities",
		Meaning: "Opportunities booked in the run: won, refused or lost to a rival."},
		read: func(c *closing) float64 { return float64(c.tally.wins + c.tally.refused + c.tally.rivalInSales) }},
	{Column: plan.Column{Name: "smb_share", Unit: "share", Label: "SMB share of customers won",
		Over: "won_smb", Under: "won", Share: true,
		Meaning: "Share of customers won that pass the SMB test.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "won_smb", Unit: "customers", Label: "SMB customers won",
		Direction: plan.More,
		Meaning:   "Customers won that pass the SMB test (employees or sales)."},
		read: func(c *closing) float64 { return float64(c.tally.winsSMB) }},
	{Column: plan.Column{Name: "churned", Unit: "customers", Label: "Churned customers", Direction: plan.Less,
		Meaning: "Customers that left while their firm lived."},
		read: func(c *closing) float64 { return float64(c.tally.churned) }},
	{Column: plan.Column{Name: "customer_deaths", Unit: "customers", Label: "Customers whose firm died",
		Direction: plan.Less,
		Meaning:   "Customers lost because their firm died."},
		read: func(c *closing) float64 { return float64(c.tally.customerDeaths) }},
	{Column: plan.Column{Name: "closed_by_ruin", Unit: "customers and sign-ups", Label: "Closed by ruin",
		Direction: plan.Less,
		Meaning:   "Live customers and sign-ups in progress when the vendor went out of business."},
		read: func(c *closing) float64 { return float64(c.closedByRuin) }},
	{Column: plan.Column{Name: "live_customers", Also: "customers",
		Unit: "customers", Label: "Live customers", Lies: "Live customers end",
		Direction: plan.More,
		Meaning:   "Customers at the end of the run; 0 after ruin."},
		headline: 10, atEnd: true, read: func(c *closing) float64 { return float64(c.live) }},
	{Column: plan.Column{Name: "monthly_logo_churn", Also: "churn", Unit: "share per month", Label: "Monthly churn",
		Lies: "Monthly churn lies", Direction: plan.Less, Over: "customers_lost", Under: "customer_months",
		Rate:    true,
		Meaning: "Customers lost (churn and firm death) per customer-month.",
		Missing: "there were no customers"},
		headline: 170},
	{Column: plan.Column{Name: "customers_lost", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers lost to churn and firm death."},
		read: func(c *closing) float64 { return float64(c.tally.churned + c.tally.customerDeaths) }},
	{Column: plan.Column{Name: "customer_months", Unit: "customer-months", Direction: plan.More,
		Meaning: "Months lived by customers in the run."},
		read: func(c *closing) float64 { return c.base.months }},
	{Column: plan.Column{Name: "retained_12_months", Unit: "share", Label: "Retained after 12 months",
		Lies: "Retention after 12 months lies", Direction: plan.More, Over: "retained", Under: "won", Share: true,
		Meaning: "Share of customers won in the run that are still customers 12 months after the win (beyond the " +
			"run's end as for LTV).",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "retained", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won in the run still customers 12 months after the win."},
		read: func(c *closing) float64 { return float64(c.tally.retained) }},
	{Column: plan.Column{Name: "mrr", Unit: "USD/month", Label: "Monthly recurring revenue",
		Lies: "Monthly recurring revenue ends", Direction: plan.More,
		Meaning: "Monthly recurring revenue at the end of the run; 0 after ruin."},
		atEnd: true, read: func(c *closing) float64 { return c.mrr }},
	{Column: plan.Column{Name: "arr", Unit: "USD/year", Label: "Annual recurring revenue",
		Lies: "Annual recurring revenue ends", Direction: plan.More,
		Meaning: "Annual recurring revenue at the end: 12 x mrr."},
		headline: 30, atEnd: true, read: func(c *closing) float64 { return float64(12 * c.mrr) }},
	{Column: plan.Column{Name: "revenue", Unit: "USD", Label: "Revenue", Lies: "Revenue lies", Direction: plan.More,
		Meaning: "Revenue accrued in the run."},
		headline: 40, read: func(c *closing) float64 { return c.money.revenue }},
	{Column: plan.Column{Name: "bill", Unit: "USD/month", Label: "Monthly bill per customer",
		Lies: "The monthly bill of a customer lies", Over: "revenue", Under: "customer_months",
		Meaning: "Revenue per customer-month.",
		Missing: "there were no customers"}},
	{Column: plan.Column{Name: "gross_margin", Also: "margin",
		Unit: "USD", Label: "Gross margin", Lies: "Gross margin lies",
		Direction: plan.More,
		Signed:    true,
		Meaning:   "Revenue less cost of revenue and cost to serve."},
		read: func(c *closing) float64 { return c.money.revenue - c.money.costs }},
	{Column: plan.Column{Name: "gross_margin_share", Unit: "share", Direction: plan.More, Over: "gross_margin",
		Under:  "revenue",
		Signed: true, Share: true,
		Meaning: "Gross margin over revenue.",
		Missing: "there was no revenue"},
		headline: 100},
	{Column: plan.Column{Name: "media_spend", Also: "spend", Unit: "USD", Label: "Media spend", Lies: "Media spend lies",
		Direction: plan.Less,
		Meaning:   "Spend on channel budgets."},
		read: func(c *closing) float64 { return c.media }},
	{Column: plan.Column{Name: "brand_spend", Unit: "USD", Label: "Brand media spend", Lies: "Brand media take",
		Direction: plan.Less,
		Meaning:   "Spend on brand media."},
		read: func(c *closing) float64 { return c.brand }},
	{Column: plan.Column{Name: "sales_spend", Unit: "USD", Label: "Sales spend", Lies: "Sales take", Direction: plan.Less,
		Meaning: "Pay and commission of sales teams, partner margins on wins."},
		read: func(c *closing) float64 { return c.sales }},
	{Column: plan.Column{Name: "onboarding_spend", Unit: "USD", Direction: plan.Less,
		Meaning: "Onboarding cost."},
		read: func(c *closing) float64 { return c.money.onboardings }},
	{Column: plan.Column{Name: "fee_spend", Unit: "USD", Direction: plan.Less,
		Meaning: "One-off fees for leads and customers."},
		read: func(c *closing) float64 { return c.money.oneOffFees }},
	{Column: plan.Column{Name: "revenue_shares", Unit: "USD", Direction: plan.Less,
		Meaning: "Recurring shares of revenue paid to partners and marketplaces."},
		read: func(c *closing) float64 { return c.money.revShares }},
	{Column: plan.Column{Name: "acquisition_cost", Unit: "USD", Direction: plan.Less,
		Meaning: "Media, brand, sales, onboarding and one-off fees of the run."},
		read: func(c *closing) float64 { return c.acquisition() }},
	{Column: plan.Column{Name: "sales_and_marketing_share", Unit: "share of revenue", Label: "Sales and marketing share",
		Lies: "Sales and marketing take", Direction: plan.Less, Over: "sales_and_marketing", Under: "revenue",
		Meaning: "Media, brand, sales and one-off fees over revenue.",
		Missing: "there was no revenue"},
		headline: 110},
	{Column: plan.Column{Name: "sales_and_marketing", Unit: "USD", Direction: plan.Less,
		Meaning: "Media, brand, sales and one-off fees of the run."},
		read: func(c *closing) float64 { return c.media + c.brand + c.sales + c.money.oneOffFees }},
	{Column: plan.Column{Name: "cac_media", Unit: "USD", Label: "Media CAC", Lies: "The media cost of a customer lies",
		Direction: plan.Less, Over: "media_spend", Under: "won",
		Meaning: "Media spend per customer won.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "cac_media_brand", Unit: "USD", Label: "Media and brand CAC",
		Lies: "The media and brand cost of a customer lies", Direction: plan.Less, Over: "media_and_brand",
		Under:   "won",
		Meaning: "Media and brand spend per customer won.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "media_and_brand", Unit: "USD", Direction: plan.Less,
		Meaning: "Media and brand spend."},
		read: func(c *closing) float64 { return c.media + c.brand }},
	{Column: plan.Column{Name: "cac", Unit: "USD", Label: "Fully loaded CAC", Lies: "A customer costs",
		Direction: plan.Less,
		Over:      "acquisition_cost", Under: "won",
		Meaning: "Fully loaded cost of acquiring a customer: acquisition cost per customer won.",
		Missing: "nobody was won"},
		headline: 120},
	{Column: plan.Column{Name: "ltv", Unit: "USD", Label: "LTV", Lies: "The lifetime value of a customer lies",
		Direction: plan.More,
		Over:      "ltv_total", Under: "won", Signed: true,
		Meaning: "Mean lifetime value of customers won: discounted gross margin less revenue shares up to the LTV " +
			"horizon.",
		Missing: "nobody was won"},
		headline: 130},
	{Column: plan.Column{Name: "ltv_total", Unit: "USD", Label: "Total LTV",
		Direction: plan.More, Signed: true,
		Meaning: "Lifetime value summed over customers won."},
		read: func(c *closing) float64 { return c.tally.ltv }},
	{Column: plan.Column{Name: "ltv_cac", Unit: "ratio", Label: "LTV/CAC", Lies: "LTV/CAC lies", Direction: plan.More,
		Over: "ltv_total", Under: "acquisition_cost", NoneAtZero: true, Signed: true,
		Meaning: "Lifetime value over acquisition cost, ratio of totals.",
		Missing: "nobody was won", Free: "nothing was spent on acquisition"},
		headline: 140},
	{Column: plan.Column{Name: "first_margin", Unit: "USD/month", Label: "First month's margin",
		Direction: plan.More, Signed: true,
		Meaning: "First month's gross margin less revenue shares, summed over customers won."},
		read: func(c *closing) float64 { return c.tally.firstMargin }},
	{Column: plan.Column{Name: "payback_months", Unit: "months", Label: "Pay-back", Lies: "Pay-back takes",
		Direction: plan.Less,
		Over:      "acquisition_cost", Under: "first_margin",
		Meaning: "Acquisition cost over the first month's margin of customers won; never (inf) where they bring no " +
			"margin.",
		Missing: "nobody was won",
		Never:   "the customers won bring no margin, so they never pay back"},
		headline: 150},
	{Column: plan.Column{Name: "pipeline_margin", Unit: "USD", Direction: plan.More, Signed: true,
		Meaning: "Lifetime value of customers won after the last day from buyers in the market by then, less what " +
			"winning them costs; 0 after ruin."},
		later: func(a *aftermath) float64 { return a.margin }},
	{Column: plan.Column{Name: "carry_over_margin", Unit: "USD", Label: "Carry-over margin",
		Direction: plan.More, Signed: true,
		Meaning: "What brand and adstock of the last day bring later, over what those of the first day would bring " +
			"in their place; 0 after ruin."},
		later: func(a *aftermath) float64 { return a.carried }},
	{Column: plan.Column{Name: "lifetime_margin", Also: "lifetime profit profits",
		Unit: "USD", Label: "Customer lifetime margin",
		Lies: "Customer lifetime margin lies", Direction: plan.More, Signed: true,
		Meaning: "Lifetime value less acquisition cost of the customers that the run brings: of those won in it, of " +
			"its pipeline (pipeline_margin) and of the brand that it leaves (carry_over_margin)."},
		headline: 160,
		read:     func(c *closing) float64 { return c.tally.ltv - c.acquisition() },
		later:    func(a *aftermath) float64 { return a.margin + a.carried }},
	{Column: plan.Column{Name: "lifetime_media", Unit: "USD", Label: "Lifetime media and brand",
		Direction: plan.Less,
		Meaning:   "Media and brand that lifetime_margin counts: of the run, and what its pipeline is charged after it."},
		read:  func(c *closing) float64 { return c.media + c.brand },
		later: func(a *aftermath) float64 { return a.media }},
	{Column: plan.Column{Name: "cash_end", Also: "cash",
		Unit: "USD", Label: "Cash at the end", Lies: "Cash ends", Direction: plan.More,
		Signed:  true,
		Meaning: "Cash at the end of the run, or at ruin."},
		headline: 60, atEnd: true, read: func(c *closing) float64 { return c.money.cash.usd() }},
	{Column: plan.Column{Name: "cash_trough", Unit: "USD", Label: "Lowest cash", Lies: "Cash at its lowest lies",
		Direction: plan.More, Signed: true,
		Meaning: "Lowest cash at a week's end."},
		headline: 50, read: func(c *closing) float64 { return c.money.trough.usd() }},
	{Column: plan.Column{Name: "cash_trough_week", Unit: "week", Label: "Week of lowest cash",
		Lies:    "The week of lowest cash lies",
		Meaning: "Week (from 1) of the lowest cash."},
		read: func(c *closing) float64 { return float64(c.money.troughAt) }},
	{Column: plan.Column{Name: "out_of_business", Also: "bankrupt bankruptcy ruin ruined failure insolvent",
		Unit: "chance", Label: "Out of business", Direction: plan.Less,
		Share:   true,
		Meaning: "1 if cash fell below zero at a week's end in the run, else 0."},
		headline: 70, read: func(c *closing) float64 { return oneIf(c.money.ruined) }},
	{Column: plan.Column{Name: "week_of_ruin", Unit: "week", Label: "Week of ruin", Lies: "The week of ruin lies",
		Direction: plan.More,
		Meaning:   "Week (from 1) in which the vendor went out of business; never (inf) if it did not.",
		Never:     "the vendor stays in business"},
		read: func(c *closing) float64 { return c.weekOfRuin() }},
	{Column: plan.Column{Name: "net_burn", Unit: "USD", Direction: plan.Less, Signed: true,
		Meaning: "Cash used in the run, financing left out."},
		read: func(c *closing) float64 { return (c.money.opening - c.money.cash + c.money.total.financing).usd() }},
	{Column: plan.Column{Name: "net_new_arr", Unit: "USD/year", Label: "Net new ARR",
		Lies: "Net new annual recurring revenue lies", Direction: plan.More, Signed: true,
		Meaning: "Annual recurring revenue at the end less that on the first day."},
		atEnd: true, read: func(c *closing) float64 { return float64(12 * (c.mrr - c.base.openingMRR)) }},
	{Column: plan.Column{Name: "burn_multiple", Unit: "ratio", Label: "Burn multiple", Lies: "The burn multiple lies",
		Direction: plan.Less, Over: "net_burn", Under: "net_new_arr", NeverAtZero: true, Signed: true,
		Meaning: "Cash used over net new annual recurring revenue; below 0 for a vendor that grows and makes cash, " +
			"never (inf) for one that burns cash and does not grow.",
		Missing: "recurring revenue does not grow, and no cash burns",
		Never:   "cash burns and recurring revenue does not grow"},
		headline: 80},
	{Column: plan.Column{Name: "arr_growth_per_year", Unit: "per year", Label: "Growth of ARR",
		Lies: "Annual recurring revenue grows", Direction: plan.More, Signed: true,
		Meaning: "Growth rate of annual recurring revenue, as a yearly rate; −1 after ruin, missing without opening " +
			"revenue.",
		Missing: "there was no recurring revenue on the first day"},
		read: func(c *closing) float64 { return c.growth() }},
	{Column: plan.Column{Name: "net_revenue_retention", Unit: "share per year", Label: "Net revenue retention",
		Lies: "Net revenue retention lies", Direction: plan.More, Over: "retained_mrr", Under: "opening_mrr",
		Meaning: "Recurring revenue at the end of the first 12 months of those customers that were live on the first " +
			"day, over their recurring revenue then; of a run of a year or longer.",
		Missing: "there was no recurring revenue on the first day"},
		headline: 180, none: shorterThanAYear},
	{Column: plan.Column{Name: "retention_over_the_run", Unit: "share over the run",
		Label: "Revenue retention over the run",
		Lies:  "Revenue retention over the run lies", Direction: plan.More, Over: "retained_mrr",
		Under:   "opening_mrr",
		Meaning: "The same at the end of a run that is shorter than a year.",
		Missing: "there was no recurring revenue on the first day"},
		headline: 190, none: aYearOrLonger},
	{Column: plan.Column{Name: "retained_mrr", Unit: "USD/month", Direction: plan.More,
		Meaning: "Monthly recurring revenue of opening customers 12 months after the first day, or at the end of a " +
			"shorter run."},
		read: func(c *closing) float64 { return c.retainedMRR() }},
	{Column: plan.Column{Name: "opening_mrr", Unit: "USD/month", Direction: plan.More,
		Meaning: "Monthly recurring revenue on the first day."},
		read: func(c *closing) float64 { return c.base.openingMRR }},
	{Column: plan.Column{Name: "capped_touches", Unit: "share", Label: "Share of capped touches",
		Over: "capped", Under: "judged_touches", Share: true,
		Meaning: "Share of touches on which the cap of the response chance at 1 bound.",
		Missing: "nobody was touched"}},
	{Column: plan.Column{Name: "capped", Unit: "touches",
		Meaning: "Touches on which the cap of the response chance at 1 bound."},
		read: func(c *closing) float64 { return float64(c.tally.capped[1]) }},
	{Column: plan.Column{Name: "judged_touches", Unit: "touches",
		Meaning: "Touches that could bring a lead."},
		read: func(c *closing) float64 { return float64(c.tally.judged[1]) }},
	{Column: plan.Column{Name: "recession_weeks", Unit: "weeks",
		Meaning: "Weeks of the run in recession."},
		read: func(c *closing) float64 { return float64(c.tally.recessionWeeks) }},
	{Column: plan.Column{Name: "lowest_dormant_share", Unit: "share", Share: true,
		Meaning: "Smallest share of dormant firms over cells (of at least 1,000 firms) and week ends."},
		read: func(c *closing) float64 { return c.tally.lowestDormant }},
	{Column: plan.Column{Name: "lost_to_rivals", Unit: "firms", Direction: plan.Less,
		Meaning: "Firms that chose another vendor first: in market, or as a sign-up before its result was booked."},
		read: func(c *closing) float64 {
			return float64(c.tally.toRivals + c.tally.rivalWaiting + c.tally.rivalInSales)
		}},
	{Column: plan.Column{Name: "deals_lost_to_rivals", Unit: "opportunities", Direction: plan.Less,
		Meaning: "Of these, opportunities: the firm chose another vendor after first contact."},
		read: func(c *closing) float64 { return float64(c.tally.rivalInSales) }},
	{Column: plan.Column{Name: "share_of_voice", Unit: "share", Direction: plan.More, Over: "brand_spend",
		Under:   "brand_of_all",
		Share:   true,
		Meaning: "Brand media of the vendor over those of the vendor and its rivals (rivals.media_per_week).",
		Missing: "nobody spent on brand media"}},
	{Column: plan.Column{Name: "brand_of_all", Unit: "USD", Label: "Brand media of all vendors",
		Meaning: "Brand media of the vendor and its rivals."},
		read: func(c *closing) float64 { return c.brand + c.money.rivalBrand }},
	{Column: plan.Column{Name: "trials", Unit: "trials", Direction: plan.More,
		Meaning: "Trials and free use begun in the run; each ends as won, refused or dead, or goes on beyond it."},
		only: (*plan.Plan).OffersTrials, read: func(c *closing) float64 { return float64(c.tally.trials) }},
	{Column: plan.Column{Name: "free_users", Unit: "firms", Direction: plan.More,
		Meaning: "Free users at the end of the run; 0 after ruin."},
		only: (*plan.Plan).OffersFree, read: func(c *closing) float64 { return float64(c.freeUsers) }},
}
