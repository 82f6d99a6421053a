package main

import (
	"maps"
	"math"
)

// A target is a public figure that a vendor must come near.
type target struct {
	key    string
	what   string
	rows   string // rows of docs/facts.md, or where the range comes from
	low    float64
	high   float64 // NaN ends: reported, not demanded
	format string
	of     func(*year) float64 // of one replication
}

// A vendor is a shipped scenario with its targets, channel goals and notes.
type vendor struct {
	name         string
	replications int
	weeks        int
	targets      []target
	goals        []goal
	elasticity   float64 // of sign-ups to all media, fitted by the half saturations; 0: not fitted
	record       runs    // replications behind its rows of the record; none: no such rows
	// pull asks for the table of how targets move with levers: some 400 runs, so of the small vendors alone.
	pull bool
	// gives are the targets that give way, by the key of their row, with the reason.
	gives map[string]string
	notes []string
}

var none = math.NaN()

// Replications behind the tables that compare two plans or watch ruin.
const (
	metroReplications = 200 // metro, also its elasticity
	townReplications  = 1000
	todayReplications = 8 // scheduling and payroll, in all tables
	pauseReplications = 24
	ruinReplications  = 1000
)

// A goal is what the touches of a channel are fitted to: a cost per lead in
// USD, or a share of all leads where no public cost exists.
type goal struct {
	channel   string
	rows      string
	anchor    string
	aim       float64 // fitted value
	low, high float64 // what the anchor allows
	share     bool    // aim and range are a share of leads
}

// The anchors of the paid channels (docs/facts.md, section 8.1). Where a row
// gives one number and no range, the range is that number times or divided by
// 1.5 (assumption).
var anchors = map[string]goal{
	"affiliates": {rows: "section 8.1", anchor: "fee of 1-3 monthly bills per sale; share: assumption", low: 0.03,
		high: 0.10, share: true},
	"direct-mail":    {rows: "C7", anchor: "$51-54 per lead", low: 34, high: 81},
	"display":        {rows: "C4, C24", anchor: "$63-76 per lead, retargeting $31", low: 31, high: 113},
	"email":          {rows: "C7, C24", anchor: "$53-55 per lead", low: 35, high: 83},
	"facebook":       {rows: "C3", anchor: "$22-49 per lead", low: 22, high: 49},
	"inbound":        {rows: "-", anchor: "share: assumption", low: 0.04, high: 0.15, share: true},
	"linkedin":       {rows: "C24", anchor: "$75 per lead", low: 50, high: 113},
	"marketplaces":   {rows: "C15", anchor: "15-25% of revenue; share: assumption", low: 0.01, high: 0.05, share: true},
	"outbound-calls": {rows: "C12", anchor: "$300-500 per meeting", low: 300, high: 500},
	"branded-search": {rows: "section 8.1", anchor: "clicks $1-3 at 10%: $10-30 per lead", low: 10, high: 30},
	"paid-search":    {rows: "C1, C7, C24", anchor: "$53-110 per lead", low: 53, high: 110},
	"partners": {rows: "C13", anchor: "10-15% of the bill for life; share: assumption", low: 0.02, high: 0.08,
		share: true},
	"podcasts":     {rows: "C5", anchor: "$23 per thousand; a lead from 5,000 heard: assumption", low: 77, high: 173},
	"referrals":    {rows: "C16", anchor: "$50-100 per reward; share: assumption", low: 0.04, high: 0.15, share: true},
	"review-sites": {rows: "C14", anchor: "click $2-11 at 6-8%, aim under $100 per lead", low: 25, high: 183},
	"seo-content":  {rows: "C21, C24", anchor: "$31-164 per lead", low: 31, high: 164},
	"trade-shows":  {rows: "C9, C24", anchor: "$96-1,100 per lead", low: 96, high: 1100},
	"webinars":     {rows: "C24", anchor: "$72 per lead", low: 48, high: 108},
}

// anchorsWithSearches are those of vendors whose inbound takes in the searches that the paid links do not take.
var anchorsWithSearches = map[string]goal{
	"inbound": {rows: "-", anchor: "share, organic searches among it: assumption", low: 0.25, high: 0.35, share: true},
}

// goalsWithSearches are the goals of a vendor that captures searches.
func goalsWithSearches(aims map[string]float64) []goal {
	all := maps.Clone(anchors)
	maps.Copy(all, anchorsWithSearches)
	return goalsOf(all, aims)
}

func goalsOf(anchors map[string]goal, aims map[string]float64) []goal {
	var out []goal
	for _, name := range sortedKeys(aims) {
		g := anchors[name]
		g.channel, g.aim = name, aims[name]
		out = append(out, g)
	}
	return out
}

var vendors = []vendor{
	{
		name: "phone-system", replications: 20, weeks: 52,
		record: runs{short: 6, long: 4, pause: 16, other: 8},
		goals: goalsWithSearches(map[string]float64{
			"affiliates": 0.055, "direct-mail": 55, "display": 78, "email": 57, "facebook": 43,
			"inbound": 0.275, "linkedin": 78, "marketplaces": 0.025, "outbound-calls": 420, "branded-search": 26,
			"paid-search": 90, "partners": 0.045, "podcasts": 120, "referrals": 0.13, "review-sites": 88,
			"seo-content": 70, "trade-shows": 350, "webinars": 75,
		}),
		targets: append([]target{
			{"revenue", "revenue, $M", "F10, F11", 150, 170, "%.1f", func(y *year) float64 { return y.revenue / 1e6 }},
			{"bill", "bill per customer and month, $", "F12", 40, 50, "%.2f", (*year).bill},
			{"gross-margin", "gross margin, % of revenue", "F11", 60, 65, "%.1f", (*year).grossMargin},
			{"sales-marketing", "sales and marketing, % of revenue", "F11", 42, 52, "%.1f", (*year).salesMarketing},
			{"subscriptions", "growth of annualised subscriptions, %", "F10", 30, 45, "%.1f", (*year).growth},
			{"quarter-least", "new customers, weakest quarter", "F10-F12", 22_000, 35_000, "%.0f",
				func(y *year) float64 { return y.quarter(false) }},
			{"quarter-most", "new customers, strongest quarter", "F10-F12", 22_000, 35_000, "%.0f",
				func(y *year) float64 { return y.quarter(true) }},
			{"cac", "fully loaded CAC, $", "F10-F12", 500, 900, "%.0f", (*year).cac},
			{"churn", "churn per month, %", "F1-F7", 1.5, 3.5, "%.2f", (*year).churn},
			{"dollars-kept", "net subscription dollars kept per month, %", "F10", 98.5, 99.5, "%.2f", (*year).dollarsKept},
			{"brand-share", "brand media, % of all media", "B7", 40, 46, "%.1f", (*year).brandShare},
			{"cash-september", "cash before the stock-market launch, end of week 38, $M", "F10: 25.5", 20, 31, "%.1f",
				func(y *year) float64 { return y.cash(37) / 1e6 }},
			{"ltv-cac", "LTV/CAC", "F23: reported", none, none, "%.2f", (*year).ltvCAC},
		}, market(25_000, 28_000)...),
		gives: map[string]string{
			"lead-customer": "They are twice the best case of C25. What the company reports leaves no choice: 22,000 new " +
				"customers per quarter (F10-F12) of 26,300 buyers in the market per week (T1-T8), a third of which may " +
				"become leads, are 19 in 100 leads. A lead here is not the marketing lead of C25: two in three come " +
				"from firms of 1 to 4 employees and ask for a trial, of which 40 to 60% convert (V5, with a card). Of " +
				"the leads of firms that people sell to, 11, 7 and 6 in 100 become customers (10-19, 20-99 and 100-499 " +
				"employees), which is C25's best " +
				"case.",
			"hour": oneDelay,
		},
		notes: []string{
			"The order of C16 holds: referrals, website, social, e-mail, lists. Its ratios do not: an e-mail lead at " +
				"a twentieth of a website lead would cost more than its customer brings at any cost per lead of C7 " +
				"and C24. Outbound calls count meetings (C12).",
			"What the figures imply: a customer of 1-4 employees brings less than it costs (LTV/CAC 0.8) and " +
				"the classes above carry the company; LTV/CAC of the whole is well below the rule of 3 (F23), as " +
				"with most vendors that spend close to half of their revenue on growth (F20).",
			"No team sells to 1-4 employees: a seller's deal there would cost more than six times what it brings. " +
				"Self-service has them all and closes " +
				"57% of its sign-ups (30 to 60% allowed, assumption). A deal of the team for 5-9 costs 1.9 times, " +
				"one for 10-19 1.3 times what it brings.",
			"Customers stay longer than section 8 proposes (3.0, 2.1, 1.9 and 1.4% per month by class, inside its " +
				"ranges): fewer new customers have to carry the growth of F10. For the same reason channels reach " +
				"more firms of 20-499 employees than before.",
			"A seller's seat costs $125,000 to $230,000 per year: the seller, an eighth of a manager and two " +
				"thirds of a person who develops leads (S3, S4, S13). At the seller's own pay alone sales and " +
				"marketing would be near 35% of revenue.",
			"Win rates of people are stated at no wait and without rivals (0.60 to 0.75); office hours, the " +
				"queue and rivals leave what the table shows (S12).",
			"Inside their ranges but off the default of docs/facts.md: the window of a planned replacement is 7 " +
				"weeks and not 8 (T11), the cycle of 100-499 employees 60 days and not 75 (S10, S11), so that a " +
				"burn-in of 48 weeks fills the market; an answer a day later halves the chance to win in 48 hours " +
				"and not 24 (T20).",
			touchesNote, searchNote, pricesNote,
			"Half saturations are 0.43 of the budgets of 2013, so that those of 2014 stay within 3 of them; the " +
				"medium that works while it is on air (radio) saturates early, the one that builds what is known late: so " +
				"sign-ups move with all media little at first and more in the long run (C30, C31, B5).",
			"A team as small as the one for 100-499 employees waits for its sellers at any load.",
		},
	},
	{
		name: "phone-system-small", replications: 20, weeks: 52,
		record: runs{short: 6, long: 4, pause: 16, other: 8},
		gives:  map[string]string{"hour": oneDelay},
		goals: goalsWithSearches(map[string]float64{
			"affiliates": 0.04, "display": 73, "email": 57, "inbound": 0.30, "linkedin": 80,
			"outbound-calls": 420, "branded-search": 26, "paid-search": 85, "partners": 0.06, "referrals": 0.13,
			"review-sites": 80, "seo-content": 65, "trade-shows": 350, "webinars": 75,
		}),
		targets: append([]target{
			{"bill", "bill per customer and month, $", "F6", 250, 310, "%.0f", (*year).bill},
			{"quarter-least", "new customers, weakest quarter", "C26", 2600, 2950, "%.0f",
				func(y *year) float64 { return y.quarter(false) }},
			{"quarter-most", "new customers, strongest quarter", "C26", 2600, 2950, "%.0f",
				func(y *year) float64 { return y.quarter(true) }},
			{"cac", "fully loaded CAC, $", "C26", 1300, 1700, "%.0f", (*year).cac},
			{"churn", "churn per month, %", "F6, C26", 1.8, 2.7, "%.2f", (*year).churn},
			{"gross-margin", "gross margin, % of revenue", "F22", 60, 70, "%.1f", (*year).grossMargin},
			{"revenue", "revenue, $M", "-", none, none, "%.1f", func(y *year) float64 { return y.revenue / 1e6 }},
			{"sales-marketing", "sales and marketing, % of revenue", "-", none, none, "%.1f", (*year).salesMarketing},
			{"ltv-cac", "LTV/CAC", "F23: reported", none, none, "%.2f", (*year).ltvCAC},
		}, market(25_000, 29_000)...),
		notes: []string{
			"C26 is the cost of acquiring that the vendor itself reports; what else it spends on sales and " +
				"marketing is in fixed cost.",
			"Leads become customers in the order of C16 and at the best case of C25. At its usual 1 to 3% the media of a " +
				"customer alone would cost more than C26 has in all, at these costs per lead. " +
				"A lead of 1-4 employees asks for a trial and becomes a customer more often than the mean, one of " +
				"20 employees and more less often.",
			"No seller calls a firm of 1-4 employees: the deal would cost several times what it brings. A deal of either team " +
				"brings more than it costs.",
			"Win rates of people are stated at no wait and without rivals (0.52 to 0.58); office hours, the " +
				"queue and rivals leave what the table shows (S12).",
			touchesNote, searchNote, pricesNote,
		},
	},
	{
		name: "metro", replications: metroReplications, weeks: 104,
		record: runs{short: 120, long: 60, pause: 240, other: 60}, pull: true,
		goals: goalsWithSearches(map[string]float64{
			"affiliates": 0.045, "direct-mail": 53, "display": 75, "email": 55, "facebook": 42,
			"inbound": 0.28, "linkedin": 75, "branded-search": 26, "paid-search": 85, "partners": 0.045,
			"referrals": 0.14, "review-sites": 85, "seo-content": 65, "webinars": 72,
		}),
		targets: append([]target{
			{"gross-margin", "gross margin, % of revenue", "F22", 60, 70, "%.1f", (*year).grossMargin},
			{"ltv-cac", "LTV/CAC", "F23: 3", 2.2, 4, "%.2f", (*year).ltvCAC},
			{"cac", "fully loaded CAC, $", "F24", 500, 2500, "%.0f", (*year).cac},
			{"churn", "churn per month, %", "F1-F7", 1.5, 3.5, "%.2f", (*year).churn},
			{"brand-share", "brand media, % of all media", "B7", 40, 46, "%.1f", (*year).brandShare},
			{"revenue", "revenue of year 1, $M", "-", none, none, "%.2f", func(y *year) float64 { return y.revenue / 1e6 }},
			{"growth", "growth of annualised subscriptions, %", "-", none, none, "%.1f", (*year).growth},
			{"quarter-least", "new customers, weakest quarter", "-", none, none, "%.0f",
				func(y *year) float64 { return y.quarter(false) }},
			{"quarter-most", "new customers, strongest quarter", "-", none, none, "%.0f",
				func(y *year) float64 { return y.quarter(true) }},
			{"cash-least", "lowest cash in two years, $M", "-", none, none, "%.2f",
				func(y *year) float64 { return y.trough / 1e6 }},
		}, market(500, 580)...),
		gives: map[string]string{
			"hour": oneDelay,
		},
		notes: []string{
			"The vendor is invented: its figures need only be plausible.",
			trialNote,
			"Paid leads are expensive beside what a customer is worth, so budgets of display, e-mail and webinars are small: " +
				"leads stay under a third of buyers in the market. Direct mail, display, e-mail, facebook and affiliates still " +
				"cost more than their customers are worth, " +
				"because C16 makes their leads the poorest and C3-C24 say what a lead costs.",
			ordersNote,
			sharesNote,
			halvesNote,
			"Win rates of people are stated at no wait and without rivals (0.54 and 0.50, in the field 0.60, 0.58 " +
				"and 0.30); waiting, nights, week-ends and rivals leave what the table shows (S12). Two sellers in " +
				"the field take 5 opportunities per week each (S13 has 6 to 9, for smaller deals).",
			"Self-service takes nine of ten sign-ups of 1 to 4 employees: a seller's time costs more than most of them are " +
				"worth. Of firms with " +
				"100 and more employees 5% of the people get a telephone; with 2% a deal would cost 2.7 times its worth.",
			"Leads become customers at the upper end of C25, and LTV/CAC is at the low end of its range: the two are tied, " +
				"since a lead costs what C1-C24 say and at most a third of buyers in the market become leads. At 3% a customer " +
				"would cost more than twice as much. Customers stay as long as the low end of churn in section 8 allows (fewer " +
				"firms of 5 and more employees die than P39 said, US5).",
			answersNote,
		},
	},
	{
		name: "town", replications: townReplications, weeks: 104,
		record: runs{short: 400, long: 200, pause: 800, other: 200}, pull: true,
		goals: goalsWithSearches(map[string]float64{
			"direct-mail": 53, "facebook": 42, "inbound": 0.28, "branded-search": 26, "paid-search": 85,
			"partners": 0.045, "referrals": 0.14, "review-sites": 85,
		}),
		targets: append([]target{
			{"gross-margin", "gross margin, % of revenue", "F22", 60, 70, "%.1f", (*year).grossMargin},
			{"ltv-cac", "LTV/CAC", "F23: 3", 2.2, 4, "%.2f", (*year).ltvCAC},
			{"cac", "fully loaded CAC, $", "F24", 500, 2500, "%.0f", (*year).cac},
			{"churn", "churn per month, %", "F1-F7", 1.5, 3.5, "%.2f", (*year).churn},
			{"brand-share", "brand media, % of all media", "B7", 40, 46, "%.1f", (*year).brandShare},
			{"revenue", "revenue of year 1, $k", "-", none, none, "%.0f", func(y *year) float64 { return y.revenue / 1e3 }},
			{"growth", "growth of annualised subscriptions, %", "-", none, none, "%.1f", (*year).growth},
			{"won", "customers won in two years", "200 to 400", 200, 400, "%.0f",
				func(y *year) float64 { return y.outcome("won") }},
			{"ruin", "out of business within 104 weeks, % of replications", "1 to 10", 1, 10, "%.1f",
				func(y *year) float64 { return 100 * y.outcome("out_of_business") }},
		}, market(40, 50)...),
		gives: map[string]string{
			"lead-customer": costsForbid,
			"hour":          oneDelay,
		},
		notes: []string{
			"The dealer is invented: its figures need only be plausible. Most of its gross margin pays for installers, " +
				"support and a shop (fixed cost).",
			trialNote,
			"Its one seller sells half of the week and installs for the other half, which is in fixed cost: for a whole " +
				"seller there are too few " +
				"opportunities.",
			"Its halos (1.1 times the ratios of section 8.1) and salience weight (0.55) give the share of sign-ups that " +
				"depends on salience as 1.1 " +
				"x 0.55 / 2.1 = 0.29, and 0.24 to equity, whose half-life of 40 weeks is the short end of section 4.1.",
			ordersNote,
			sharesNote,
			halvesNote,
			"Its cash is set so that a few runs in a hundred go out of business.",
			answersNote,
		},
	},
	scheduling,
	payroll,
}

// What metro and town say alike.
const (
	costsForbid = "With C25's ten in a hundred it would win 145 customers in two years: leads are a third of 44 " +
		"buyers in the market per week."
	oneDelay = "A team has one delay before it answers, and office hours: 16 hours or more bring the mean of T18, so " +
		"that no lead is " +
		"answered within an hour. Firms that answer at once and firms that answer in days are not one vendor."
	trialNote = "A lead here contacts the vendor; C25 and C16 count marketing leads, of which many only wanted to " +
		"read something. A sign-up is what is left of the leads that mean to buy, fit and can pay, about a third of " +
		"them: it is nearer to a trial, and becomes a customer nearly half of the time on the web (V5 has 15 to 25% " +
		"of trials without a card and 40 to 60% with one)."
	ordersNote = "Which leads are real is an assumption: those of partners and referrals most often, those of lists " +
		"least, so that the order of " +
		"C16 holds for customers too, but not its ratios (e-mail a twentieth of the website)."
	sharesNote = "Inbound takes in the searches that the paid links do not take, so its share of leads is 25 to 35% " +
		"(assumption), and not the 4 to 15% of a vendor without captured searches. Branded search is less than a " +
		"fifth incremental because nine of ten searches arrive anyway; C39's half a per cent is of a brand that " +
		"everybody knows. Closing the channel (enabled = false) ends the searches themselves: the truth about the " +
		"paid link is its budget at zero."
	halvesNote = "Half saturations are 0.35 of the budgets, of radio 0.25 (C36 allows 0.1 to 10 times, the default of " +
		"section 8 is 1): " +
		"this brings the elasticity of the first weeks down to C30. Radio gives salience and outdoor equity: this, and the " +
		"searches that follow awareness, bring the long run to about twice the short one."
	answersNote = "What rivals take (0.7 over the mean window) and how wins and churn answer a price are assumptions " +
		"(F47, F42, F46); nothing is fitted to them."
)

// Rows of several vendors.
var (
	touchesTarget = target{"touches", "touches per buyer in the market", "-", none, none,
		"%.2f", func(y *year) float64 { return y.touches / y.journeys }}
	cappedTarget = target{"capped", "touches on which a chance was capped at 1, %", "below 1", 0, 1,
		"%.2f", func(y *year) float64 { return 100 * y.capped }}
	leastLoadTarget = target{"load-least", "load of the least loaded sales team, %", "-", none, none,
		"%.0f", func(y *year) float64 { return 100 * y.load(false) }}
	mostLoadTarget = target{"load-most", "load of the most loaded sales team, %", "below 95", 0, 95,
		"%.0f", func(y *year) float64 { return 100 * y.load(true) }}
)

// touchesNote says of what the touches of a lead consist.
const touchesNote = "A lead has had 1.7 to 3.5 touches of the vendor's channels, by size; T15 and T16 have 2 to 5 " +
	"with self-service, 5 to 12 " +
	"with a seller and 12 to 24 in the mid-market. They count the seller's own calls and mails too, which come after " +
	"the lead here, and what rivals and " +
	"colleagues say. To make up the difference with media every buyer would need about twice the touches."

const pricesNote = "How wins and churn answer a price is an assumption (F42, F44-F46), and so is what rivals take " +
	"(0.7 over the mean window; F47 limits it): nothing is fitted to them."

// market are the rows that every vendor reports on the market and its funnel.
func market(low, high float64) []target {
	return []target{
		{"journeys", "buyers who come into the market per week", "T1-T8", low, high, "%.0f", func(y *year) float64 {
			return y.journeys / y.weeks
		}},
		{"hands", "buyers in the market that become leads, %", "at most a third", 0, 33.4, "%.1f",
			func(y *year) float64 { return 100 * y.leads / y.journeys }},
		{"signups", "buyers in the market that sign up, %", "-", none, none, "%.1f", func(y *year) float64 {
			return 100 * y.signups / y.journeys
		}},
		touchesTarget,
		{"win-web", "sign-ups won by self-service, %", "30 to 60, assumption", 30, 60, "%.1f", (*year).winWeb},
		{"win-people", "first contacts won by people, %", "S12: 15 to 30", 15, 30, "%.1f", (*year).winPeople},
		leastLoadTarget,
		mostLoadTarget,
		cappedTarget,
	}
}
