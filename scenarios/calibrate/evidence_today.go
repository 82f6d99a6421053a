package main

import "math"

// This file has the rows on the two vendors of today, which use captured searches, rivals, prices that are
// answered, leads that are not real, trials, contracts and firms that age.

const todayNote = "`scheduling` sells itself, on a trial; its leads are firms that ask for one, so they become " +
	"customers more often than the marketing leads of C25. `payroll` has people and yearly contracts; its leads of " +
	"people wait for office hours, and some are never answered. Both were fitted to the cost of a lead and to the " +
	"response to media ([calibration.md](calibration.md)); what rivals take, how prices are answered and which leads " +
	"are real are assumptions."

// costOfToday is the public cost of a lead where newer rows differ from those of 2013.
var costOfToday = []leadCost{
	{"facebook", "C3", "$22-49", 22, 49}, {"paid-search", "V8, C1", "$80-200 (C1: 53-87)", 53, 200},
	{"linkedin", "V8", "$150-350", 150, 350}, {"seo-content", "V8", "$30-80", 30, 80},
	{"email", "C24, C7", "$53-55", 53, 55},
	{"webinars", "C24", "$72", 72, 72}, {"outbound-calls", "C12", "$300-500", 300, 500},
	{"branded-search", "section 8.1", "$10-30 (clicks $1-3 at 10%)", 10, 30},
}

func todayRows() []finding {
	var out []finding
	for _, v := range today {
		on := []setting{v.setting}
		out = append(out, leadCostsOf("today lead", v, costOfToday)...)
		row := func(id, what, rows, public string, low, high float64, format string, of func(*sample) float64) {
			out = append(out, finding{id: idOf("today", id, v.scenario), what: what, rows: rows, public: public,
				in:     span{low, high},
				format: format, on: on, n: v.n, of: of})
		}
		row("leads", "leads that become customers, %", "C25, V6", "1-3 (best 5-10)", 1, 10, "%.1f",
			quotient(100, outcome("won"), outcome("leads")))
		row("order", "the same, referrals over website (inbound)", "C16", "2.34", 2.34, 2.34, "%.2f", referralsOverWebsite)
		row("payback", "months to pay back the cost of a customer", "V18", "16 (quartiles 6 and 24)", 6, 24, "%.1f",
			quotient(1, outcome("acquisition_cost"), outcome("first_margin")))
		row("value", "LTV/CAC, five years", "F23", "at least 3 (3-5)", 3, 5, "%.2f",
			quotient(1, outcome("ltv_total"), outcome("acquisition_cost")))
		row("lost", "firms in market that chose another vendor, of those that bought from nobody here, %", "F47", "40-60", 40,
			60,
			"%.0f", func(s *sample) float64 {
				lost := s.sum(0, outcome("lost_to_rivals"))
				return 100 * lost / (s.sum(0, weeksOf("journeys", 1, 52)) - s.sum(0, outcome("won")))
			})
		out = append(out, finding{id: idOf("today C39", v.scenario), what: "branded search: incremental share of its " +
			"sign-ups, %",
			rows: "C39", public: "0.5, no measurable gain", in: span{0, 0.5}, format: "%.1f", on: withoutBranded(v.setting),
			n:     v.n,
			later: "the row is of a brand that everybody knows; of a small one 92% of searches are taken to arrive anyway",
			of:    brandedIncrement})
		out = append(out, finding{id: idOf("today C30", v.scenario), what: "elasticity of sign-ups to all media, " +
			"weeks 1 to 8",
			rows: "C30", public: "0.12 (0.05-0.25)", in: span{0.05, 0.25}, format: "%.3f", on: moreMedia(v.setting), n: v.n,
			of: elasticityOf(1.1, weeksOf("signups", 1, 8))})
		higher := []setting{v.setting, v.with("products.*.price*=1.1")}
		out = append(out, finding{id: idOf("today V16", v.scenario), what: "prices 10% higher: churn of live customers, " +
			"change, %",
			rows: "V16, F46", public: "+12 to +15 (unclear of what)", in: nothing, format: "%.1f", on: higher, n: v.n,
			later: "an assumption (F46), and the year holds the passing part of the answer",
			of:    churnChange})
	}
	return append(out, oneOfToday()...)
}

// oneOfToday are the rows that hold one of the two alone.
func oneOfToday() []finding {
	row := func(id, what, rows, public string, low, high float64, format string, s setting,
		of func(*sample) float64) finding {
		return finding{id: "today " + id, what: what, rows: rows, public: public, in: span{low, high}, format: format,
			on: []setting{s}, n: 8, of: of}
	}
	born := func(age, rows, public string, years, low, high float64) finding {
		return finding{id: "today born " + age, what: "newborn firms alive at the age of " + age +
			", % (sizes at birth: P33)",
			rows: rows, public: public, in: span{low, high}, format: "%.1f", on: []setting{booking}, file: newborns(years)}
	}
	monthly := quotient(100, outcome("customers_lost"), outcome("customer_months"))
	margin := quotient(100, outcome("gross_margin"), outcome("revenue"))
	return []finding{
		row("V5", "trials that become paying customers, %", "V5", "15-25 (no card)", 15, 25, "%.1f", booking,
			quotient(100, outcome("won"), outcome("trials"))),
		row("V3", "customers of scheduling that leave in a month, %", "V3, V2, V4", "3-5 (SMB; V2, V4: 3.5)", 3, 5, "%.2f",
			booking,
			monthly),
		row("V21 scheduling", "gross margin of scheduling, %", "V21", "80-85 (self-service)", 80, 85, "%.1f", booking,
			margin),
		row("V20 payroll", "gross margin of payroll, %", "V20, V21", "76 (high-touch 70-75)", 70, 76, "%.1f", paying, margin),
		row("F8", "payroll customers kept over a year, %", "F8", "80-83 (Paychex), 91-92 (ADP)", 80, 92, "%.1f", paying,
			func(s *sample) float64 { return 100 * math.Pow(1-monthly(s)/100, 12) }),
		row("S12", "first contacts of people that are won, %", "S12", "15-25", 15, 25, "%.1f", paying,
			func(s *sample) float64 {
				p := s.plans[0]
				return quotient(100, teamTotal(p, "people", "won"), teamTotal(p, "people", "opportunities"))(s)
			}),
		row("T18 mean", "hours until people answer, mean", "T18", "42 (all firms)", 42, 42, "%.1f", paying,
			average(outcome("reply_hours_mean"))),
		row("T18 never", "leads of people that are never reached, %", "T18", "23", 23, 23, "%.0f", paying,
			neverReached),
		born("1", "P34", "74.3-75.2 (P35, establishments: 79.6)", 1, 74.3, 75.2),
		born("5", "P34", "43.4-48.7 (P35: 50.6)", 5, 43.4, 48.7),
		born("10", "P35", "34.7 (establishments)", 10, 34.7, 34.7),
	}
}
