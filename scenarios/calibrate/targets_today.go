package main

import "maps"

// This file has the vendors of today, on the market us-smb-2022: what they are held to and what their channels
// are fitted to.

// anchorsOfToday are the anchors of channels where the newer rows (V7-V9) replace those of 2013, or where a free
// channel also takes in searches that the paid link does not take.
var anchorsOfToday = map[string]goal{
	"inbound": {rows: "-", anchor: "share, organic searches among it: assumption", low: 0.10, high: 0.35,
		share: true},
	"linkedin":       {rows: "V8", anchor: "$150-350 per lead", low: 150, high: 350},
	"marketplaces":   {rows: "C15", anchor: "15-25% of revenue; share: assumption", low: 0.03, high: 0.12, share: true},
	"branded-search": {rows: "section 8.1", anchor: "clicks $1-3 at 10%: $10-30 a paid lead", low: 10, high: 30},
	"paid-search":    {rows: "C1, V8, V9", anchor: "$53-200 a paid lead", low: 53, high: 200},
	"partners": {rows: "C13", anchor: "10-15% of the bill for life; share: assumption", low: 0.02, high: 0.12,
		share: true},
	"seo-content": {rows: "V8", anchor: "$30-80 per lead", low: 30, high: 80},
}

func goalsOfToday(aims map[string]float64) []goal {
	all := maps.Clone(anchors)
	maps.Copy(all, anchorsOfToday)
	return goalsOf(all, aims)
}

const (
	searchNote = "For a channel that captures demand, the number of searches per week is fitted: of a firm in market " +
		"that knows the brand (branded-search), or of any firm in market (paid-search). It is fitted to the cost per " +
		"lead of the *paid* link. Organic searches are touches of inbound; they count in its target, a share of all " +
		"leads."
	realNote = "Shares of real leads are in the order of C16 (referrals, website, social, e-mail); with them leads " +
		"become customers " +
		"as often as in the best cases of C25 and V6. C16's ratios themselves (e-mail a twentieth of the website) do " +
		"not hold: a customer of e-mail would cost more than it brings at any cost per lead of C7 and C24."
	answerNote = "How wins and churn answer a price is an assumption (F42, F46), and so is what rivals take (0.8 over " +
		"the mean window; F47 limits it): nothing is fitted to them."
	mediaNote = "Half saturations are a third of the budgets, so that a tenth more money brings about 2% more sign-ups " +
		"in a year (C30, C31)."
)

// Rows of both vendors of today.
var (
	journeysToday = target{"journeys", "buyers who come into the market per week", "-", none, none,
		"%.0f", func(y *year) float64 { return y.journeys / y.weeks }}
	leadsToday = target{"hands", "leads, % of buyers in the market", "at most a third", 0, 33.4,
		"%.1f", func(y *year) float64 { return 100 * y.leads / y.journeys }}
	lowestCashToday = target{"cash-least", "lowest cash in two years, $M", "-", none, none,
		"%.2f", func(y *year) float64 { return y.trough / 1e6 }}
	growthToday = target{"growth", "growth of annualised subscriptions, %", "-", none, none,
		"%.1f", (*year).growth}
	billToday = target{"bill", "bill per customer and month, $", "-", none, none,
		"%.2f", (*year).bill}
	leadToCustomerToday = target{"lead-customer", "leads that become customers, %", "C25, V6", 1, 10,
		"%.2f", (*year).leadToCustomer}
	marketingShareToday = target{"sales-marketing", "sales and marketing, % of revenue", "-", none, none,
		"%.1f", (*year).salesMarketing}
	ltvToday = target{"ltv-cac", "LTV/CAC", "F23: 3", 2.2, 4,
		"%.2f", (*year).ltvCAC}
)

var scheduling = vendor{
	name: "scheduling", replications: todayReplications, weeks: 104, elasticity: 0.205,
	goals: goalsOfToday(map[string]float64{
		"affiliates": 0.05, "email": 40, "facebook": 25, "inbound": 0.25, "marketplaces": 0.08, "branded-search": 12,
		"paid-search": 62, "referrals": 0.12, "review-sites": 50, "seo-content": 33,
	}),
	targets: []target{
		leadToCustomerToday,
		{"trial-customer", "sign-ups that become customers, %", "V5", 15, 25, "%.1f", (*year).winWeb},
		{"churn", "churn per month, %", "V1-V4", 3, 5, "%.2f", (*year).churn},
		{"gross-margin", "gross margin, % of revenue", "V20, V21", 80, 85, "%.1f", (*year).grossMargin},
		{"payback", "months to pay back the cost of a customer", "V19", 5, 12, "%.1f", (*year).payback},
		ltvToday,
		marketingShareToday,
		billToday,
		{"cac", "fully loaded CAC, $", "-", none, none, "%.0f", (*year).cac},
		growthToday,
		lowestCashToday,
		journeysToday,
		leadsToday,
		touchesTarget,
		cappedTarget,
	},
	notes: []string{
		"A lead asks for a trial, so that it becomes a customer more often than the marketing leads of C25. Of the trials " +
			"24 in 100 would convert (V5); rivals take some of them in those two weeks.",
		searchNote, realNote, answerNote, mediaNote,
	},
}

var payroll = vendor{
	name: "payroll", replications: todayReplications, weeks: 104, elasticity: 0.215,
	goals: goalsOfToday(map[string]float64{
		"email": 45, "inbound": 0.24, "linkedin": 155, "outbound-calls": 350, "branded-search": 14, "paid-search": 82,
		"partners": 0.11, "referrals": 0.12, "review-sites": 60, "seo-content": 40, "trade-shows": 300, "webinars": 65,
	}),
	targets: []target{
		leadToCustomerToday,
		{"win-web", "sign-ups won by self-service, %", "V5", 15, 25, "%.1f", (*year).winWeb},
		{"win-people", "first contacts won by people, %", "S12: 15 to 30", 15, 30, "%.1f", (*year).winPeople},
		{"never", "leads of people that are never reached, %", "T18", 5, 23, "%.1f",
			func(y *year) float64 { return 100 * y.outcome("never_reached_share") }},
		{"reply", "mean hours to reply", "T18: 42, all firms", 1, 42, "%.1f",
			func(y *year) float64 { return y.outcome("reply_hours_mean") }},
		{"churn", "churn per month, %", "F8", 0.69, 1.84, "%.2f", (*year).churn},
		{"gross-margin", "gross margin, % of revenue", "V20, V21", 70, 80, "%.1f", (*year).grossMargin},
		{"payback", "months to pay back the cost of a customer", "V18", 6, 24, "%.1f", (*year).payback},
		ltvToday,
		marketingShareToday,
		billToday,
		{"cac", "fully loaded CAC, $", "F24", 500, 2500, "%.0f", (*year).cac},
		growthToday,
		lowestCashToday,
		journeysToday,
		leadsToday,
		touchesTarget,
		leastLoadTarget,
		mostLoadTarget,
		cappedTarget,
	},
	notes: []string{
		"Win rates of people are stated at no wait and without rivals (0.44 and 0.54); nights, week-ends and rivals leave " +
			"what the table shows (S12). F8 has customers kept for a year; the churn per month is its root.",
		"LTV/CAC is near the low end of its range: six of ten new customers have 1 to 4 employees, and their firms die " +
			"early (US5, P35).",
		searchNote, realNote, answerNote, mediaNote,
	},
}
