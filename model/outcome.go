package model

import (
	"math"
	"slices"
	"strings"

	"windfall/model/currency"
)

// This file is the dictionary of everything a replication reports. The results
// folder, the summary, the goal language and the pictures work from it.

// Direction says which way of an outcome is better.
type Direction int8

// The three directions.
const (
	Neither Direction = iota
	More
	Less
)

// String gives the word used in the column dictionary.
func (d Direction) String() string { return [...]string{"neither", "more", "less"}[d] }

// Column describes one column of a results table.
type Column struct {
	Name      string
	Unit      string
	Meaning   string
	Direction Direction
	// Over and Under are set for a ratio: the columns whose quotient it is. The
	// headline of a ratio is the quotient of totals over replications.
	Over, Under string
	// Scale multiplies the quotient; 0 means 1.
	Scale float64
	// Missing says why there may be no number: nobody was won. Such a number is
	// left out of statistics (NaN here, an empty field in a file).
	Missing string
	// Never says why the number may lie beyond all numbers: who burns cash and
	// does not grow has no burn multiple, and is worse off than with any (+Inf
	// here, inf in a file). A week of ruin that never comes is better than any.
	Never string
	// NeverAtZero: a ratio is never where its denominator is 0, too.
	NeverAtZero bool
	// Signed numbers may lie below 0, and a Share may not exceed 1. A Rate is a share but
	// in a run of a few days, where most were there before it began: then it may.
	Signed, Share, Rate bool
}

// Never is the number of what never comes; Column.Never says what that means.
var Never = math.Inf(1)

// Quotient is the value of a ratio whose parts are known: a number, Never, or
// missing (NaN).
func (c *Column) Quotient(over, under float64) float64 {
	switch {
	case under > 0 && c.Scale != 0:
		return float64(c.Scale*over) / under
	case under > 0:
		return over / under
	case c.Never != "" && over > 0 && (under < 0 || c.NeverAtZero):
		return Never
	}
	return math.NaN()
}

// Reason says why a value of the column is no number; empty: it is one.
func (c *Column) Reason(x float64) string {
	switch {
	case x == Never && c.Never != "":
		return c.Never
	case !math.IsNaN(x) && !math.IsInf(x, 0):
		return ""
	case c.Missing != "":
		return c.Missing
	}
	return "not known"
}

// Range is where the numbers of the column lie.
func (c *Column) Range() (low, high float64) {
	high = math.Inf(1)
	if c.Signed {
		low = math.Inf(-1)
	}
	if c.Share {
		high = 1
	}
	return low, high
}

// SliceRow is one row of the slices table: a dimension (company, channel, size,
// industry, region, product, team, channel-size) and the name in it; a row of
// channel-size is named "CHANNEL x SIZE".
type SliceRow struct {
	Dimension string
	Name      string
}

// Schema fixes the columns and rows of the results of one plan.
type Schema struct {
	Outcomes []Column // one number a replication
	Weekly   []Column // one number a replication and week
	Months   []Column // one number a replication and calendar month
	Slice    []Column // one number a replication and slice row

	Weeks      int
	MonthStart []Date // first days of the calendar months that the run touches
	SliceRows  []SliceRow
	Inputs     []string // names of the uncertain inputs, in Plan order
}

// Record is what one replication reports, in the order of a Schema. Missing
// numbers are NaN.
type Record struct {
	Replication int
	Outcomes    []float64 // by Schema.Outcomes
	Weekly      []float64 // week x Schema.Weekly
	Months      []float64 // month x Schema.Months
	Slices      []float64 // row x Schema.Slice
	Inputs      []float64 // the value drawn for each input
}

// NewRecord makes an empty record of the right shape.
func (s *Schema) NewRecord() *Record {
	return &Record{
		Outcomes: make([]float64, len(s.Outcomes)),
		Weekly:   make([]float64, s.Weeks*len(s.Weekly)),
		Months:   make([]float64, len(s.MonthStart)*len(s.Months)),
		Slices:   make([]float64, len(s.SliceRows)*len(s.Slice)),
		Inputs:   make([]float64, len(s.Inputs)),
	}
}

// weeksOfAYear is the length of a run from which on it holds a year.
const weeksOfAYear = 52

// NewSchema gives the schema of a plan's results.
func NewSchema(p *Plan) *Schema {
	s := &Schema{
		Months: slices.Clone(monthColumns),
		Slice:  slices.Clone(sliceColumns),
		Weeks:  int(p.Run.Weeks),
	}
	s.Outcomes = slices.Clone(outcomeColumns)
	for i := range s.Outcomes {
		switch c := &s.Outcomes[i]; {
		case c.Name == "net_revenue_retention" && s.Weeks < weeksOfAYear:
			c.Over, c.Under, c.Missing = "", "", "the run is shorter than a year; retention_over_the_run has it"
		case c.Name == "retention_over_the_run" && s.Weeks >= weeksOfAYear:
			c.Over, c.Under, c.Missing = "", "", "the run is a year or longer; net_revenue_retention has it"
		}
	}
	if trials(p) {
		s.Outcomes = append(s.Outcomes, trialColumn)
	}
	if offersFree(p) {
		s.Outcomes = append(s.Outcomes, freeColumn)
	}
	s.Weekly = append(s.Weekly, weeklyColumns...)
	for _, c := range p.Channels {
		s.Weekly = append(s.Weekly, Column{Name: "signups." + c.Name, Unit: "sign-ups", Meaning: "Sign-ups whose raised hand followed a touch of " + c.Name + ".", Direction: More})
	}
	for _, r := range p.Population.Regions {
		s.Weekly = append(s.Weekly,
			Column{Name: "salience." + r.Name, Unit: "salience", Meaning: "Mean salience over the week's last step in " + r.Name + "."},
			Column{Name: "equity." + r.Name, Unit: "equity", Meaning: "Mean equity over the week's last step in " + r.Name + "."})
	}
	for _, t := range p.Teams {
		if t.Kind == "people" {
			s.Weekly = append(s.Weekly,
				Column{Name: "people." + t.Name, Unit: "people", Meaning: "Head-count of " + t.Name + " at the week's end."},
				Column{Name: "load." + t.Name, Unit: "share", Meaning: "Mean busy share of the people of " + t.Name + " in the week."},
				Column{Name: "waiting." + t.Name, Unit: "sign-ups", Meaning: "Sign-ups waiting for " + t.Name + " at the week's end.", Direction: Less})
		}
	}
	if offersFree(p) {
		s.Weekly = append(s.Weekly, Column{Name: "free_users", Unit: "firms", Meaning: "Free users at the week's end.", Direction: More})
	}
	last := p.Run.Start + Date(7*int(p.Run.Weeks)) - 1
	y, m, _ := p.Run.Start.YMD()
	for d := NewDate(y, m, 1); d <= last; {
		s.MonthStart = append(s.MonthStart, d)
		m++
		if m > 12 {
			y, m = y+1, 1
		}
		d = NewDate(y, m, 1)
	}
	row := func(dim string, names ...string) {
		for _, n := range names {
			s.SliceRows = append(s.SliceRows, SliceRow{dim, n})
		}
	}
	row("company", "company")
	for _, c := range p.Channels {
		row("channel", c.Name)
	}
	row("channel", Unassigned)
	for _, c := range p.Population.Sizes {
		row("size", c.Name)
	}
	for _, c := range p.Population.Industries {
		row("industry", c.Name)
	}
	for _, c := range p.Population.Regions {
		row("region", c.Name)
	}
	for _, c := range p.Products {
		row("product", c.Name)
	}
	row("product", Unassigned)
	for _, c := range p.Teams {
		row("team", c.Name)
	}
	row("team", Unassigned)
	for _, c := range p.Channels {
		for _, z := range p.Population.Sizes {
			row("channel-size", c.Name+" x "+z.Name)
		}
	}
	for _, z := range p.Population.Sizes {
		row("channel-size", Unassigned+" x "+z.Name)
	}
	for _, in := range p.Inputs {
		s.Inputs = append(s.Inputs, in.Name)
	}
	s.count(p.Run.Currency)
	return s
}

// count puts a plan's currency into the units: the one place where columns take it on.
func (s *Schema) count(code string) {
	for _, list := range [][]Column{s.Outcomes, s.Weekly, s.Months, s.Slice} {
		for i := range list {
			list[i].Unit = currency.Unit(list[i].Unit, code)
		}
	}
}

// Currency is the code of the currency that results are in, as their units say.
func (s *Schema) Currency() string {
	for _, c := range s.Outcomes {
		if code, ok := currency.In(c.Unit); ok {
			return code
		}
	}
	return currency.Default
}

// trialColumn and freeColumn are outcomes of plans that offer trials or free plans.
var (
	trialColumn = Column{Name: "trials", Unit: "trials", Meaning: "Trials and free use begun in the run; each ends as won, refused or dead, or goes on beyond it.", Direction: More}
	freeColumn  = Column{Name: "free_users", Unit: "firms", Meaning: "Free users at the end of the run; 0 after ruin.", Direction: More}
)

// trials says whether a plan may offer a trial or a free plan at some time.
func trials(p *Plan) bool {
	of := func(key string) bool { return strings.HasSuffix(key, ".trial_days") }
	for i := range p.Products {
		if x := &p.Products[i]; x.TrialDays > 0 || x.FreePlan {
			return true
		}
	}
	return slices.ContainsFunc(p.Schedules, func(x Schedule) bool { return of(x.Key) }) ||
		slices.ContainsFunc(p.Changes, func(x Change) bool { return slices.ContainsFunc(x.Effects, func(e Effect) bool { return of(e.Key) }) }) ||
		slices.ContainsFunc(p.Shocks, func(x Shock) bool { return slices.ContainsFunc(x.Effects, func(e Effect) bool { return of(e.Key) }) })
}

// Unassigned names the slice row of cost that no rule can place.
const Unassigned = "unassigned"

// outcomeColumns are the scalar outcomes of a replication. "In the run" means
// from the first day to the last day or the week of ruin. The constants below
// name their positions.
var outcomeColumns = []Column{
	{Name: "journeys", Unit: "journeys", Meaning: "Journeys opened by triggers in the run."},
	{Name: "in_market_firms", Unit: "firms", Meaning: "Firms in market, mean over week ends."},
	{Name: "reached", Unit: "journeys", Meaning: "Journeys with a first touch in the run.", Direction: More},
	{Name: "engaged", Unit: "journeys", Meaning: "Journeys whose progress reached their need (readiness one half) in the run.", Direction: More},
	{Name: "touches", Unit: "touches", Meaning: "Touches made in the run, wasted ones too."},
	{Name: "leads", Unit: "leads", Meaning: "Raised hands in the run.", Direction: More},
	{Name: "real_leads", Unit: "leads", Meaning: "Leads with a real intention: those that sign up and those that are unqualified.", Direction: More},
	{Name: "unqualified_fit", Unit: "leads", Meaning: "Leads to whose kind no product is sold.", Direction: Less},
	{Name: "unqualified_price", Unit: "leads", Meaning: "Leads that can afford no product sold to them.", Direction: Less},
	{Name: "signups", Unit: "sign-ups", Meaning: "Qualified leads (sign-ups), dated at the raised hand.", Direction: More},
	{Name: "signup_share", Unit: "share", Meaning: "Raised hands a journey opened.", Direction: More, Over: "leads", Under: "journeys", Missing: "no journey opened", Rate: true},
	{Name: "opportunities", Unit: "opportunities", Meaning: "First contacts made by sales in the run.", Direction: More},
	{Name: "refused", Unit: "sign-ups", Meaning: "Opportunities booked as lost (the firm said no).", Direction: Less},
	{Name: "lost_waiting", Unit: "sign-ups", Meaning: "Sign-ups whose window ended before first contact.", Direction: Less},
	{Name: "died_in_sales", Unit: "sign-ups", Meaning: "Sign-ups whose firm died while waiting, in service or in the cycle."},
	{Name: "screened", Unit: "leads", Meaning: "Leads that a person found not to be real.", Direction: Less},
	{Name: "p_wait", Unit: "share", Meaning: "Share of the leads of teams of people that had to wait for a free person.", Direction: Less, Over: "leads_waited", Under: "leads_of_people", Missing: "no lead went to a team of people", Share: true},
	{Name: "leads_waited", Unit: "leads", Meaning: "Of leads_of_people, those that had to wait for a free person.", Direction: Less},
	{Name: "leads_of_people", Unit: "leads", Meaning: "Leads that a team of people answered in the run, or that went before it did."},
	{Name: "reply_hours_mean", Unit: "hours", Meaning: "Mean time from lead to first contact, of the leads that people answered.", Direction: Less, Over: "reply_hours", Under: "leads_answered", Missing: "nobody was reached"},
	{Name: "reply_hours", Unit: "hours", Meaning: "Hours from lead to first contact, summed over the leads that people answered.", Direction: Less},
	{Name: "leads_answered", Unit: "leads", Meaning: "Leads that a team of people answered in the run: first contacts and screenings.", Direction: More},
	{Name: "reply_hours_median", Unit: "hours", Meaning: "Median time from lead to first contact, of the leads that people answered (within 1.6% of itself).", Direction: Less, Missing: "nobody was reached"},
	{Name: "never_reached_share", Unit: "share", Meaning: "Share of the leads of teams of people whose window or firm ended before anybody answered.", Direction: Less, Over: "never_reached", Under: "leads_of_people", Missing: "no lead went to a team of people", Share: true},
	{Name: "never_reached", Unit: "leads", Meaning: "Of leads_of_people, those whose window or firm ended before anybody answered.", Direction: Less},
	{Name: "won", Unit: "customers", Meaning: "Customers won in the run.", Direction: More},
	{Name: "win_rate", Unit: "share", Meaning: "Customers won per opportunity booked (won, refused or lost to a rival).", Direction: More, Over: "won", Under: "booked", Missing: "no opportunity was booked", Share: true},
	{Name: "booked", Unit: "opportunities", Meaning: "Opportunities booked in the run: won, refused or lost to a rival."},
	{Name: "smb_share", Unit: "share", Meaning: "Share of customers won that pass the SMB test.", Over: "won_smb", Under: "won", Missing: "nobody was won", Share: true},
	{Name: "won_smb", Unit: "customers", Meaning: "Customers won that pass the SMB test (employees or sales).", Direction: More},
	{Name: "churned", Unit: "customers", Meaning: "Customers that left while their firm lived.", Direction: Less},
	{Name: "customer_deaths", Unit: "customers", Meaning: "Customers lost because their firm died.", Direction: Less},
	{Name: "closed_by_ruin", Unit: "customers and sign-ups", Meaning: "Live customers and sign-ups in progress when the vendor went out of business.", Direction: Less},
	{Name: "live_customers", Unit: "customers", Meaning: "Customers at the end of the run; 0 after ruin.", Direction: More},
	{Name: "monthly_logo_churn", Unit: "share per month", Meaning: "Customers lost (churn and firm death) a customer-month.", Direction: Less, Over: "customers_lost", Under: "customer_months", Missing: "there were no customers", Rate: true},
	{Name: "customers_lost", Unit: "customers", Meaning: "Customers lost to churn and firm death.", Direction: Less},
	{Name: "customer_months", Unit: "customer-months", Meaning: "Months lived by customers in the run.", Direction: More},
	{Name: "retained_12_months", Unit: "share", Meaning: "Share of customers won in the run that are still customers 12 months after the win (beyond the run's end as for LTV).", Direction: More, Over: "retained", Under: "won", Missing: "nobody was won", Share: true},
	{Name: "retained", Unit: "customers", Meaning: "Customers won in the run still customers 12 months after the win.", Direction: More},
	{Name: "mrr", Unit: "USD/month", Meaning: "Monthly recurring revenue at the end of the run; 0 after ruin.", Direction: More},
	{Name: "arr", Unit: "USD/year", Meaning: "Annual recurring revenue at the end: 12 x mrr.", Direction: More},
	{Name: "revenue", Unit: "USD", Meaning: "Revenue accrued in the run.", Direction: More},
	{Name: "bill", Unit: "USD/month", Meaning: "Revenue a customer-month.", Over: "revenue", Under: "customer_months", Missing: "there were no customers"},
	{Name: "gross_margin", Unit: "USD", Meaning: "Revenue less cost of revenue and cost to serve.", Direction: More, Signed: true},
	{Name: "gross_margin_share", Unit: "share", Meaning: "Gross margin over revenue.", Direction: More, Over: "gross_margin", Under: "revenue", Missing: "there was no revenue", Signed: true, Share: true},
	{Name: "media_spend", Unit: "USD", Meaning: "Spend on channel budgets.", Direction: Less},
	{Name: "brand_spend", Unit: "USD", Meaning: "Spend on brand media.", Direction: Less},
	{Name: "sales_spend", Unit: "USD", Meaning: "Pay and commission of sales teams, partner margins on wins.", Direction: Less},
	{Name: "onboarding_spend", Unit: "USD", Meaning: "Onboarding cost.", Direction: Less},
	{Name: "fee_spend", Unit: "USD", Meaning: "One-off fees for leads and customers.", Direction: Less},
	{Name: "revenue_shares", Unit: "USD", Meaning: "Recurring shares of revenue paid to partners and marketplaces.", Direction: Less},
	{Name: "acquisition_cost", Unit: "USD", Meaning: "Media, brand, sales, onboarding and one-off fees of the run.", Direction: Less},
	{Name: "sales_and_marketing_share", Unit: "share of revenue", Meaning: "Media, brand, sales and one-off fees over revenue.", Direction: Less, Over: "sales_and_marketing", Under: "revenue", Missing: "there was no revenue"},
	{Name: "sales_and_marketing", Unit: "USD", Meaning: "Media, brand, sales and one-off fees of the run.", Direction: Less},
	{Name: "cac_media", Unit: "USD", Meaning: "Media spend a customer won.", Direction: Less, Over: "media_spend", Under: "won", Missing: "nobody was won"},
	{Name: "cac_media_brand", Unit: "USD", Meaning: "Media and brand spend a customer won.", Direction: Less, Over: "media_and_brand", Under: "won", Missing: "nobody was won"},
	{Name: "media_and_brand", Unit: "USD", Meaning: "Media and brand spend.", Direction: Less},
	{Name: "cac", Unit: "USD", Meaning: "Fully loaded cost of acquiring a customer: acquisition cost a customer won.", Direction: Less, Over: "acquisition_cost", Under: "won", Missing: "nobody was won"},
	{Name: "ltv", Unit: "USD", Meaning: "Mean lifetime value of customers won: discounted gross margin less revenue shares up to the LTV horizon.", Direction: More, Over: "ltv_total", Under: "won", Missing: "nobody was won", Signed: true},
	{Name: "ltv_total", Unit: "USD", Meaning: "Lifetime value summed over customers won.", Direction: More, Signed: true},
	{Name: "ltv_cac", Unit: "ratio", Meaning: "Lifetime value over acquisition cost, ratio of totals.", Direction: More, Over: "ltv_total", Under: "acquisition_cost", Missing: "nothing was spent on acquisition", Signed: true},
	{Name: "first_margin", Unit: "USD/month", Meaning: "First month's gross margin less revenue shares, summed over customers won.", Direction: More, Signed: true},
	{Name: "payback_months", Unit: "months", Meaning: "Acquisition cost over the first month's margin of customers won; never (inf) where they bring no margin.", Direction: Less, Over: "acquisition_cost", Under: "first_margin", Missing: "nobody was won", Never: "the customers won bring no margin, so they never pay back"},
	{Name: "pipeline_margin", Unit: "USD", Meaning: "Lifetime value of customers won after the last day from journeys that opened by then, less what winning them costs; 0 after ruin.", Direction: More, Signed: true},
	{Name: "carry_over_margin", Unit: "USD", Meaning: "What brand and adstock of the last day bring later, over what those of the first day would bring in their place; 0 after ruin.", Direction: More, Signed: true},
	{Name: "lifetime_margin", Unit: "USD", Meaning: "Lifetime value less acquisition cost of the customers that the run brings: of those won in it, of its pipeline (pipeline_margin) and of the brand that it leaves (carry_over_margin).", Direction: More, Signed: true},
	{Name: "lifetime_media", Unit: "USD", Meaning: "Media and brand that lifetime_margin counts: of the run, and what its pipeline is charged after it.", Direction: Less},
	{Name: "cash_end", Unit: "USD", Meaning: "Cash at the end of the run, or at ruin.", Direction: More, Signed: true},
	{Name: "cash_trough", Unit: "USD", Meaning: "Lowest cash at a week's end.", Direction: More, Signed: true},
	{Name: "cash_trough_week", Unit: "week", Meaning: "Week (from 1) of the lowest cash."},
	{Name: "out_of_business", Unit: "chance", Meaning: "1 if cash fell below zero at a week's end in the run, else 0.", Direction: Less, Share: true},
	{Name: "week_of_ruin", Unit: "week", Meaning: "Week (from 1) in which the vendor went out of business; never (inf) if it did not.", Direction: More, Never: "the vendor stays in business"},
	{Name: "net_burn", Unit: "USD", Meaning: "Cash used in the run, financing left out.", Direction: Less, Signed: true},
	{Name: "net_new_arr", Unit: "USD/year", Meaning: "Annual recurring revenue at the end less that on the first day.", Direction: More, Signed: true},
	{Name: "burn_multiple", Unit: "ratio", Meaning: "Cash used over net new annual recurring revenue; below 0 for a vendor that grows and makes cash, never (inf) for one that burns cash and does not grow.", Direction: Less, Over: "net_burn", Under: "net_new_arr", Missing: "recurring revenue does not grow, and no cash burns", Never: "cash burns and recurring revenue does not grow", NeverAtZero: true, Signed: true},
	{Name: "arr_growth_per_year", Unit: "per year", Meaning: "Growth rate of annual recurring revenue, as a yearly rate; −1 after ruin, missing without opening revenue.", Direction: More, Missing: "there was no recurring revenue on the first day", Signed: true},
	{Name: "net_revenue_retention", Unit: "share per year", Meaning: "Recurring revenue at the end of the first 12 months of those customers that were live on the first day, over their recurring revenue then; of a run of a year or longer.", Direction: More, Over: "retained_mrr", Under: "opening_mrr", Missing: "there was no recurring revenue on the first day"},
	{Name: "retention_over_the_run", Unit: "share over the run", Meaning: "The same at the end of a run that is shorter than a year.", Direction: More, Over: "retained_mrr", Under: "opening_mrr", Missing: "there was no recurring revenue on the first day"},
	{Name: "retained_mrr", Unit: "USD/month", Meaning: "Monthly recurring revenue of opening customers 12 months after the first day, or at the end of a shorter run.", Direction: More},
	{Name: "opening_mrr", Unit: "USD/month", Meaning: "Monthly recurring revenue on the first day.", Direction: More},
	{Name: "capped_touches", Unit: "share", Meaning: "Share of touches on which the cap of the response chance at 1 bound.", Over: "capped", Under: "judged_touches", Missing: "nobody was touched", Share: true},
	{Name: "capped", Unit: "touches", Meaning: "Touches on which the cap of the response chance at 1 bound."},
	{Name: "judged_touches", Unit: "touches", Meaning: "Touches that could raise a hand."},
	{Name: "recession_weeks", Unit: "weeks", Meaning: "Weeks of the run in recession."},
	{Name: "lowest_dormant_share", Unit: "share", Meaning: "Smallest share of dormant firms over cells (of at least 1,000 firms) and week ends.", Share: true},
	{Name: "lost_to_rivals", Unit: "firms", Meaning: "Firms that chose another vendor first: in market, or as a sign-up before its result was booked.", Direction: Less},
	{Name: "deals_lost_to_rivals", Unit: "opportunities", Meaning: "Of these, opportunities: the firm chose another vendor after first contact.", Direction: Less},
	{Name: "share_of_voice", Unit: "share", Meaning: "Brand media of the vendor over those of the vendor and its rivals (rivals.media_per_week).", Direction: More, Over: "brand_spend", Under: "brand_of_all", Missing: "nobody spent on brand media", Share: true},
	{Name: "brand_of_all", Unit: "USD", Meaning: "Brand media of the vendor and its rivals."},
}

// weeklyColumns are the weekly numbers of every plan; NewSchema adds those by
// channel, region and team. After ruin counts and spend of the vendor are 0,
// cash keeps its last value and market counts are missing.
var weeklyColumns = []Column{
	{Name: "journeys", Unit: "journeys", Meaning: "Journeys opened in the week."},
	{Name: "dormant", Unit: "firms", Meaning: "Dormant firms at the week's end."},
	{Name: "in_market", Unit: "firms", Meaning: "Firms in market at the week's end."},
	{Name: "locked", Unit: "firms", Meaning: "Locked firms at the week's end."},
	{Name: "reached", Unit: "journeys", Meaning: "Journeys with their first touch in the week."},
	{Name: "touches", Unit: "touches", Meaning: "Touches made in the week."},
	{Name: "leads", Unit: "leads", Meaning: "Raised hands in the week.", Direction: More},
	{Name: "real_leads", Unit: "leads", Meaning: "Leads with a real intention.", Direction: More},
	{Name: "signups", Unit: "sign-ups", Meaning: "Sign-ups in the week.", Direction: More},
	{Name: "opportunities", Unit: "opportunities", Meaning: "First contacts in the week.", Direction: More},
	{Name: "won", Unit: "customers", Meaning: "Customers won in the week.", Direction: More},
	{Name: "churned", Unit: "customers", Meaning: "Customers that churned in the week.", Direction: Less},
	{Name: "customer_deaths", Unit: "customers", Meaning: "Customers whose firm died in the week.", Direction: Less},
	{Name: "live_customers", Unit: "customers", Meaning: "Customers at the week's end.", Direction: More},
	{Name: "in_sales", Unit: "sign-ups", Meaning: "Sign-ups in progress (waiting, in service or in the cycle) at the week's end."},
	{Name: "mrr", Unit: "USD/month", Meaning: "Monthly recurring revenue at the week's end.", Direction: More},
	{Name: "revenue", Unit: "USD", Meaning: "Revenue accrued in the week.", Direction: More},
	{Name: "collections", Unit: "USD", Meaning: "Money collected from customers.", Direction: More},
	{Name: "refunds", Unit: "USD", Meaning: "Unused prepaid money paid back.", Direction: Less},
	{Name: "deferred_revenue", Unit: "USD", Meaning: "Prepaid and not yet earned at the week's end."},
	{Name: "cost_of_revenue", Unit: "USD", Meaning: "Cost of revenue and cost to serve.", Direction: Less},
	{Name: "media", Unit: "USD", Meaning: "Channel budgets spent.", Direction: Less},
	{Name: "brand", Unit: "USD", Meaning: "Brand media budgets spent.", Direction: Less},
	{Name: "pay", Unit: "USD", Meaning: "Pay of sales teams.", Direction: Less},
	{Name: "commission", Unit: "USD", Meaning: "Commission and partner margins on wins.", Direction: Less},
	{Name: "onboarding", Unit: "USD", Meaning: "Onboarding cost.", Direction: Less},
	{Name: "fees", Unit: "USD", Meaning: "One-off fees and revenue shares.", Direction: Less},
	{Name: "fixed_cost", Unit: "USD", Meaning: "Fixed cost.", Direction: Less},
	{Name: "financing", Unit: "USD", Meaning: "Financing rounds paid in."},
	{Name: "cash", Unit: "USD", Meaning: "Cash at the week's end.", Direction: More},
	{Name: "salience", Unit: "salience", Meaning: "Mean salience over the week's last step, regions weighted by firms."},
	{Name: "equity", Unit: "equity", Meaning: "Mean equity over the week's last step, regions weighted by firms."},
	{Name: "recession", Unit: "flag", Meaning: "1 if the week began in recession."},
}

// monthColumns are the numbers by calendar month: events by their date, media and
// brand by what is spent on each day, other money that accrues evenly by time share.
// Quarters are sums of months.
var monthColumns = []Column{
	{Name: "journeys", Unit: "journeys", Meaning: "Journeys opened."},
	{Name: "leads", Unit: "leads", Meaning: "Raised hands.", Direction: More},
	{Name: "real_leads", Unit: "leads", Meaning: "Leads with a real intention.", Direction: More},
	{Name: "signups", Unit: "sign-ups", Meaning: "Sign-ups.", Direction: More},
	{Name: "opportunities", Unit: "opportunities", Meaning: "First contacts.", Direction: More},
	{Name: "won", Unit: "customers", Meaning: "Customers won.", Direction: More},
	{Name: "churned", Unit: "customers", Meaning: "Customers that churned.", Direction: Less},
	{Name: "customer_deaths", Unit: "customers", Meaning: "Customers whose firm died.", Direction: Less},
	{Name: "revenue", Unit: "USD", Meaning: "Revenue.", Direction: More},
	{Name: "cost_of_revenue", Unit: "USD", Meaning: "Cost of revenue and cost to serve.", Direction: Less},
	{Name: "media", Unit: "USD", Meaning: "Channel budgets.", Direction: Less},
	{Name: "brand", Unit: "USD", Meaning: "Brand media budgets.", Direction: Less},
	{Name: "sales", Unit: "USD", Meaning: "Pay, commission and partner margins.", Direction: Less},
	{Name: "onboarding_fees", Unit: "USD", Meaning: "Onboarding and one-off fees.", Direction: Less},
}

// sliceColumns are the numbers of a slice (model specification, section 6).
var sliceColumns = []Column{
	{Name: "media", Unit: "USD", Meaning: "Channel budgets of the slice.", Direction: Less},
	{Name: "brand", Unit: "USD", Meaning: "Brand media of the slice.", Direction: Less},
	{Name: "sales", Unit: "USD", Meaning: "Pay, commission and partner margins of the slice.", Direction: Less},
	{Name: "onboarding_fees", Unit: "USD", Meaning: "Onboarding and one-off fees of the slice.", Direction: Less},
	{Name: "touches", Unit: "touches", Meaning: "Touches made (missing for products and teams).", Direction: Neither},
	{Name: "leads", Unit: "leads", Meaning: "Raised hands (missing for products and teams).", Direction: More},
	{Name: "real_leads", Unit: "leads", Meaning: "Leads with a real intention (missing for products and teams).", Direction: More},
	{Name: "signups", Unit: "sign-ups", Meaning: "Sign-ups.", Direction: More},
	{Name: "opportunities", Unit: "opportunities", Meaning: "First contacts.", Direction: More},
	{Name: "won", Unit: "customers", Meaning: "Customers won.", Direction: More},
	{Name: "churned", Unit: "customers", Meaning: "Customers won in the run that churned in it.", Direction: Less},
	{Name: "customer_deaths", Unit: "customers", Meaning: "Customers won in the run whose firm died in it.", Direction: Less},
	{Name: "customer_months", Unit: "customer-months", Meaning: "Months lived in the run by customers won in it.", Direction: More},
	{Name: "retained", Unit: "customers", Meaning: "Customers won still customers 12 months after the win.", Direction: More},
	{Name: "ltv_total", Unit: "USD", Meaning: "Lifetime value summed over customers won.", Direction: More},
	{Name: "kept_1", Unit: "customers", Meaning: "Customers won still customers 1 month after the win.", Direction: More},
	{Name: "kept_3", Unit: "customers", Meaning: "Customers won still customers 3 months after the win.", Direction: More},
	{Name: "kept_6", Unit: "customers", Meaning: "Customers won still customers 6 months after the win.", Direction: More},
	{Name: "kept_18", Unit: "customers", Meaning: "Customers won still customers 18 months after the win.", Direction: More},
	{Name: "kept_24", Unit: "customers", Meaning: "Customers won still customers 24 months after the win.", Direction: More},
	{Name: "acquisition_cost", Unit: "USD", Meaning: "Media, brand, sales, onboarding and one-off fees.", Direction: Less},
	{Name: "media_and_brand", Unit: "USD", Meaning: "Media and brand.", Direction: Less},
	{Name: "cac_media", Unit: "USD", Meaning: "Media a customer won.", Direction: Less, Over: "media", Under: "won", Missing: "nobody was won"},
	{Name: "cac_media_brand", Unit: "USD", Meaning: "Media and brand a customer won.", Direction: Less, Over: "media_and_brand", Under: "won", Missing: "nobody was won"},
	{Name: "cac", Unit: "USD", Meaning: "Acquisition cost a customer won, fully loaded.", Direction: Less, Over: "acquisition_cost", Under: "won", Missing: "nobody was won"},
	{Name: "ltv", Unit: "USD", Meaning: "Mean lifetime value of customers won.", Direction: More, Over: "ltv_total", Under: "won", Missing: "nobody was won"},
	{Name: "ltv_cac", Unit: "ratio", Meaning: "Lifetime value over acquisition cost.", Direction: More, Over: "ltv_total", Under: "acquisition_cost", Missing: "nothing was spent on acquisition"},
	{Name: "monthly_churn", Unit: "share per month", Meaning: "Customers won and lost in the run (churn and firm death) a customer-month.", Direction: Less, Over: "lost", Under: "customer_months", Missing: "nobody was won"},
	{Name: "lost", Unit: "customers", Meaning: "Customers won and lost in the run.", Direction: Less},
	{Name: "retained_12_months", Unit: "share", Meaning: "Share still customers 12 months after the win.", Direction: More, Over: "retained", Under: "won", Missing: "nobody was won"},
	{Name: "retained_1_month", Unit: "share", Meaning: "Share still customers 1 month after the win.", Direction: More, Over: "kept_1", Under: "won", Missing: "nobody was won"},
	{Name: "retained_3_months", Unit: "share", Meaning: "Share still customers 3 months after the win.", Direction: More, Over: "kept_3", Under: "won", Missing: "nobody was won"},
	{Name: "retained_6_months", Unit: "share", Meaning: "Share still customers 6 months after the win.", Direction: More, Over: "kept_6", Under: "won", Missing: "nobody was won"},
	{Name: "retained_18_months", Unit: "share", Meaning: "Share still customers 18 months after the win.", Direction: More, Over: "kept_18", Under: "won", Missing: "nobody was won"},
	{Name: "retained_24_months", Unit: "share", Meaning: "Share still customers 24 months after the win.", Direction: More, Over: "kept_24", Under: "won", Missing: "nobody was won"},
}
