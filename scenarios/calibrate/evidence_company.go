package main

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// This file has the rows on sales, customers, whole companies and price.

const salesNote = `Waits are those of first contacts by teams of people. A row "as stated" is a number of the
scenario file: it is an input, and the table says whether it lies in the public range.`

// waits reads the waits of first contacts by people, in hours.
func waits(y *year, p *plan.Plan, use func(hours float64)) {
	for _, c := range y.trace.Contacts {
		if p.Teams[c.Team].Kind == "people" {
			use(c.Wait * 168)
		}
	}
}

// ofWaits is scale times the mean over first contacts by people of a number of the wait.
func ofWaits(scale float64, of func(hours float64) float64) func(*sample) float64 {
	return func(s *sample) float64 {
		p := s.plans[0]
		over := func(y *year) (t float64) {
			waits(y, p, func(h float64) { t += of(h) })
			return t
		}
		under := func(y *year) (t float64) {
			waits(y, p, func(float64) { t++ })
			return t
		}
		return quotient(scale, over, under)(s)
	}
}

// teamTotal adds a number of the slices of the teams of a kind.
func teamTotal(p *plan.Plan, kind, column string) func(*year) float64 {
	return func(y *year) (t float64) {
		for _, team := range p.Teams {
			if team.Kind == kind {
				t += y.slice("team", team.Name, column)
			}
		}
		return t
	}
}

// ofTeam reads a number of the class of a size from a team.
func ofTeam(team, size string, of func(*plan.Team) []float64) func(*plan.Plan) float64 {
	return func(p *plan.Plan) float64 {
		i := slices.IndexFunc(p.Teams, func(t plan.Team) bool { return t.Name == team })
		return of(&p.Teams[i])[slices.Index(p.Dimension("size"), size)]
	}
}

func salesRows() []finding {
	var out []finding
	for _, v := range sellers[1:3] {
		on := []setting{v.traced()}
		out = append(out,
			finding{id: idOf("T18 hour", v.scenario), what: "leads that people answer within an hour, %", rows: "T18",
				public: "37", in: exactly(37), format: "%.0f", on: on, n: v.n, later: saidThere,
				of: withinAnHour},
			finding{id: idOf("T18 mean", v.scenario), what: "hours until people answer, mean", rows: "T18", public: "42",
				in: exactly(42), format: "%.1f", on: on, n: v.n, later: saidThere,
				of: ofWaits(1, func(h float64) float64 { return h })},
			finding{id: idOf("T18 never", v.scenario), what: "leads of people that are never reached, %",
				rows: "T18", public: "23 (never answered)", in: exactly(23), format: "%.2f", on: on, n: v.n,
				later: saidThere,
				of:    neverReached})
	}
	const speed = "the row is of the chance to qualify a lead; the chance to win falls by half in 48 hours (T20: 4-48)"
	slow := func(hours string) []setting {
		s := setting{scenario: "metro", weeks: 52}
		return []setting{s.with("teams.*.answer_delay_hours=0"), s.with("teams.*.answer_delay_hours=" + hours)}
	}
	lossOf := func(s *sample) float64 {
		won := func(i int) float64 { return s.sum(i, teamTotal(s.plans[i], "people", "won")) }
		return won(0) / won(1)
	}
	out = append(out,
		finding{id: "T18 one hour", what: "customers won by people at once, over those won an hour later", rows: "T18",
			public: "nearly 7 (to qualify)", in: exactly(7), format: "%.2f", on: slow("1"), n: 60, of: lossOf, later: speed},
		finding{id: "T18 one day", what: "the same, over those won a day later", rows: "T18",
			public: "over 60 (to qualify)", in: exactly(60), format: "%.2f", on: slow("24"), n: 60, of: lossOf, later: speed},
	)
	return append(out, slices.Concat(winRows(), teamRows())...)
}

// winRows are the rows on win rates and cycles.
func winRows() []finding {
	var out []finding
	for _, v := range sellers {
		out = append(out, finding{id: idOf("S12", v.scenario), what: "opportunities that people win, %", rows: "S12",
			public: "19-27 (SMB demo to deal 15-25)", in: span{15, 27}, format: "%.1f",
			on: []setting{v.setting}, n: v.n, of: func(s *sample) float64 {
				return quotient(100, teamTotal(s.plans[0], "people", "won"), teamTotal(s.plans[0], "people",
					"opportunities"))(s)
			}})
	}
	for _, v := range sellers {
		out = append(out, finding{id: idOf("S11", v.scenario), what: "days from sign-up to decision, all teams",
			rows: "S11, S10, V12", public: "7-60 (self-service 7-30, inside SMB 30-60)", in: span{7, 60}, format: "%.1f",
			on: []setting{v.setting}, n: v.n, of: quotient(7, weeksOf("in_sales", 1, 52), weeksOf("signups", 1, 52))})
	}
	cycle := func(t *plan.Team) []float64 { return t.CycleDays }
	for _, c := range []struct {
		team, size, kind, public string
		low, high                float64
	}{
		{"web", "1-4", "self-service", "7-30", 7, 30}, {"small", "5-9", "inside SMB", "30-60", 30, 60}, {"growing",
			"10-19", "inside SMB", "30-60", 30, 60},
		{"mid", "20-99", "mid-market", "60-90", 60, 90}, {"large", "100-499", "mid-market", "60-90", 60, 90},
	} {
		out = append(out, finding{id: idOf("S11", c.team),
			what: "cycle of team " + c.team + " for " + c.size + " employees, days (" + c.kind + ")", rows: "S11",
			public: c.public, in: span{c.low, c.high}, format: "%.0f",
			on: []setting{big}, file: ofTeam(c.team, c.size, cycle),
			later: "S10 has 14-30 days for deals of $5-25K: the two rows conflict"})
	}
	return out
}

// teamRows are the rows on what the scenario states of its teams, and what a seller does.
func teamRows() []finding {
	first := func(of func(*plan.Team) float64, team string) func(*plan.Plan) float64 {
		return func(p *plan.Plan) float64 { return of(&p.Teams[slices.Index(p.Dimension("team"), team)]) }
	}
	return []finding{
		{id: "S5 small", what: "months until a seller of team small is up to speed", rows: "S5, V14", public: "5-6 (3-6)",
			in: span{3, 6}, format: "%.1f", on: []setting{big},
			file:  first(func(t *plan.Team) float64 { return t.RampWeeks * 12 / plan.WeeksPerYear }, "small"),
			later: "at 3.0 months it is at the end of the range"},
		{id: "S5 mid", what: "months until a seller of team mid is up to speed", rows: "S5, V14", public: "5-6 (3-6)",
			in: span{3, 6}, format: "%.1f", on: []setting{big},
			file: first(func(t *plan.Team) float64 { return t.RampWeeks * 12 / plan.WeeksPerYear }, "mid")},
		{id: "S4", what: "commission, % of first-year value", rows: "S4", public: "8-10", in: span{8, 10}, format: "%.0f",
			on:   []setting{big},
			file: first(func(t *plan.Team) float64 { return 100 * t.CommissionShare }, "mid")},
		{id: "T20", what: "hours of waiting that halve the chance to win", rows: "T20", public: "24 (4-48)",
			in: span{4, 48}, format: "%.0f", on: []setting{big},
			file: ofTeam("mid", "20-99", func(t *plan.Team) []float64 { return t.SpeedHalfLifeHours }),
			later: "a team of 48 hours lies at the end of the range: replies take days (T18), and firms that " +
				"wait are not lost at once"},
		{id: "S13", what: "opportunities per seller and week (people for classes 10-19)", rows: "S13", public: "6-9",
			in: span{6, 9}, format: "%.1f", on: []setting{big}, n: 4,
			of: func(s *sample) float64 {
				return s.sum(0, ofSlice("team", "growing", "opportunities")) / s.sum(0, weeksOf("people.growing", 1, 52))
			}},
		{id: "S6", what: "sellers that reach their quota, %", rows: "S6", public: "50-60",
			later: "sellers of a team are alike and have no quota; no key is planned"},
		{id: "T17", what: "touches and people of a large deal", rows: "T17", public: "76 and 6.8",
			later: "a firm is one buyer (docs/model.md, section 4); no key is planned"},
	}
}

const churnNote = `Churn by size is that of customers won in a run of two years, so of young customers.
Retention is the share of customers won in the first year of ` + "`metro`" + ` that are still there after that time,
followed past the end of the run.`

// kept is the share of customers won that stay some years, in per cent.
func kept(years float64) func(*sample) float64 {
	count := func(years float64) func(*year) float64 {
		return func(y *year) (n float64) {
			for _, c := range y.trace.Customers {
				if c.Left-c.Won > years*plan.WeeksPerYear {
					n++
				}
			}
			return n
		}
	}
	return quotient(100, count(years), count(0))
}

// monthly is the churn of customers won in the run, of a slice, in per cent per month.
func monthly(dimension, name string) func(*sample) float64 {
	return quotient(100, ofSlice(dimension, name, "lost"), ofSlice(dimension, name, "customer_months"))
}

func churnRows() []finding {
	var out []finding
	two := big.run(104)
	for _, c := range []struct {
		size, rows, public string
		low, high          float64
	}{
		{"1-4", "F1, F2", "3-7", 3, 7}, {"5-9", "F1, F2", "3-7", 3, 7}, {"10-19", "F1, F2", "3-7", 3, 7}, {"20-99",
			"F1, F2", "1-2", 1, 2}, {"100-499", "F1, F2", "1-2", 1, 2},
	} {
		out = append(out, finding{id: idOf("F1", c.size),
			what: "customers with " + c.size + " employees that leave in a month, %", rows: c.rows, public: c.public,
			in: span{c.low, c.high}, format: "%.2f",
			on: []setting{two}, n: 4, of: monthly("size", c.size)})
	}
	all := quotient(100, outcome("customers_lost"), outcome("customer_months"))
	out = append(out,
		finding{id: "F7", what: "all customers that leave in a month, %", rows: "F7", public: "2.5-2.6 (Vonage)",
			in: span{2.5, 2.6}, format: "%.2f", on: []setting{big}, n: 4, of: all},
		finding{id: "F6 churn", what: "the same", rows: "F6, C26", public: "1.8-2.7 (8x8)", in: span{1.8, 2.7},
			format: "%.2f", on: []setting{small}, n: 4, of: all},
		finding{id: "F1 metro", what: "the same", rows: "F1, F2", public: "3-7 (SMB)", in: span{3, 7}, format: "%.2f",
			on: []setting{metro}, n: 60, of: all},
		finding{id: "F4 net", what: "recurring revenue of opening customers kept over a year, %", rows: "F4",
			public: "100-110", in: span{100, 110}, format: "%.1f", on: []setting{small}, n: 4,
			of:    quotient(100, outcome("retained_mrr"), outcome("opening_mrr")),
			later: "the row is of contracts sold by size, not of small firms on monthly bills"},
		finding{id: "F3", what: "customers of the small plan (some $20 per month) that leave in a month, %", rows: "F3, V1",
			public: "6.1 (bill under $25)", in: exactly(6.1), format: "%.2f", on: []setting{two}, n: 4,
			of: monthly("product", "professional")},
		finding{id: "F5", what: "gross dollar churn per year, %", rows: "F5, F4",
			public: "13 (private firms), 7-10 (by size)",
			later:  "recurring revenue lost is no outcome: what opening customers keep has the growth of their seats in it"},
	)
	return append(out, retentionRows()...)
}

// retentionRows are the rows on how long customers stay, and on who stays longer.
func retentionRows() []finding {
	var out []finding
	two := big.run(104)
	for _, c := range []struct {
		years     float64
		public    string
		low, high float64
	}{{1, "63.1 and 86.9", 63.1, 86.9}, {2, "46.8 and 74.3", 46.8, 74.3}, {3, "38.2 and 65.3", 38.2, 65.3}, {4,
		"32.6 and 59.3", 32.6, 59.3}} {
		out = append(out, finding{id: idOf("F32", number(c.years)),
			what: "customers kept for " + number(c.years) + " x 12 months, %", rows: "F32", public: c.public,
			in: span{c.low, c.high}, format: "%.1f",
			on: []setting{metro.traced()}, n: 60, of: kept(c.years)})
	}
	out = append(out,
		finding{id: "F32 second", what: "of those kept a year, kept a second, %", rows: "F32", public: "74.2 and 85.5",
			in: span{74.2, 85.5}, format: "%.1f", on: []setting{metro.traced()}, n: 60,
			of: func(s *sample) float64 { return 100 * kept(2)(s) / kept(1)(s) }},
		finding{id: "F33", what: "variance of frailty", rows: "F33", public: "0.77 and 1.32 (0.5-1.3)",
			in: span{0.5, 1.3}, format: "%.2f", on: []setting{big},
			file: func(p *plan.Plan) float64 { return p.Customers.FrailtyVariance }},
		finding{id: "F30", what: "churn of referred customers, of that of all", rows: "F30", public: "0.82",
			in: exactly(0.82), format: "%.2f", on: []setting{two}, n: 4,
			of:    func(s *sample) float64 { return monthly("channel", "referrals")(s) / monthly("company", "company")(s) },
			later: "sizes differ by channel, and firms that die leave whatever the channel"},
		finding{id: "F31", what: "churn of customers of direct mail, of that of all", rows: "F31", public: "above 1",
			in: span{1, math.Inf(1)}, format: "%.2f", on: []setting{two}, n: 4,
			of: func(s *sample) float64 {
				return monthly("channel", "direct-mail")(s) / monthly("company", "company")(s)
			}},
	)
	return out
}

const valueNote = `Sales and marketing are media, brand, pay, commission and one-off fees. New recurring revenue
is twelve times the monthly recurring revenue at the end of the first year that opening customers do not bring;
what was won and lost within the year is not in it.`

func valueRows() []finding {
	var out []finding
	newRevenue := func(y *year) float64 { return 12 * (y.mrr - y.retainedMRR) }
	spend := func(y *year) float64 { return y.spend }
	for _, v := range sellers {
		on := []setting{v.setting}
		out = append(out,
			finding{id: idOf("F20", v.scenario), what: "sales and marketing per $ of new recurring revenue, $", rows: "F20",
				public: "1.76-2.00", in: span{1.76, 2}, format: "%.2f", on: on, n: v.n, of: quotient(1, spend, newRevenue)},
			finding{id: idOf("F21", v.scenario), what: "months to pay back the cost of a customer", rows: "F21, V18",
				public: "14-18 (quartiles 6 and 24)", in: span{6, 24}, format: "%.1f", on: on, n: v.n, of: quotient(1,
					outcome("acquisition_cost"), outcome("first_margin"))},
			finding{id: idOf("F23", v.scenario), what: "LTV/CAC, five years", rows: "F23", public: "at least 3 (3-5)",
				in: span{3, 5}, format: "%.2f", on: on, n: v.n, of: quotient(1, outcome("ltv_total"),
					outcome("acquisition_cost"))},
			finding{id: idOf("F24", v.scenario), what: "cost of a customer, $", rows: "F24", public: "1,000-5,000 (SMB)",
				in: span{1000, 5000}, format: "%.0f", on: on, n: v.n, of: quotient(1, outcome("acquisition_cost"),
					outcome("won"))},
			finding{id: idOf("F22", v.scenario), what: "gross margin, % of revenue", rows: "F22",
				public: "60-70 (telephony)", in: span{60, 70}, format: "%.1f", on: on, n: v.n, of: quotient(100,
					outcome("gross_margin"), outcome("revenue"))},
		)
	}
	for _, c := range []struct {
		channel string
		public  float64
	}{{"email", 510}, {"webinars", 603}, {"seo-content", 647}, {"paid-search", 802}, {"linkedin", 982}} {
		out = append(out, finding{id: idOf("C23", c.channel),
			what: "cost of a customer of " + c.channel + ", all cost, $", rows: "C23, C22", public: number(c.public),
			in: exactly(c.public), format: "%.0f",
			on: []setting{big}, n: 4, of: quotient(1, ofSlice("channel", c.channel, "acquisition_cost"), ofSlice("channel",
				c.channel, "won")), later: "tables of vendors differ fivefold (C22)"})
	}
	return append(out, finding{id: "F25", what: "discount rate, % per year", rows: "F25",
		public: "10 (public firms) to 15-20", in: span{10, 20}, format: "%.0f", on: []setting{big},
		file: func(p *plan.Plan) float64 { return 100 * p.Finance.DiscountRate }})
}

const companyNote = "`phone-system` is compared with RingCentral in 2013, `phone-system-small` with 8x8 in its " +
	"fiscal year 2013; both in the first 52 weeks."

func companyRows() []finding {
	row := func(id, what, rows, public string, low, high float64, format string, s setting,
		of func(*sample) float64) finding {
		return finding{id: id, what: what, rows: rows, public: public, in: span{low, high}, format: format,
			on: []setting{s}, n: 4, of: of}
	}
	live := func(week int) func(*year) float64 { return weeksOf("live_customers", week, week) }
	quarters := func(of func(...float64) float64) func(*sample) float64 {
		return func(s *sample) float64 {
			var won []float64
			for q := range 4 {
				won = append(won, s.mean(weeksOf("won", 13*q+1, 13*q+13)))
			}
			return of(won...)
		}
	}
	return []finding{
		row("F11 revenue", "revenue, $M", "F11", "160.5", 160.5, 160.5, "%.1f", big,
			average(func(y *year) float64 { return y.revenue / 1e6 })),
		row("F11 sales", "sales and marketing, % of revenue", "F11", "46-48", 46, 48, "%.1f", big, quotient(100,
			func(y *year) float64 { return y.spend }, func(y *year) float64 { return y.revenue })),
		row("F11 margin", "gross margin, % of revenue", "F11", "60-62", 60, 62, "%.1f", big, quotient(100,
			outcome("gross_margin"), outcome("revenue"))),
		row("F11 customers", "customers at the end of the year, thousands", "F11", "over 300", 300, math.Inf(1), "%.0f",
			big, average(func(y *year) float64 { return live(52)(y) / 1000 })),
		row("F12", "bill per customer and month, $", "F12", "45", 45, 45, "%.1f", big, quotient(1, outcome("revenue"),
			outcome("customer_months"))),
		row("F10 growth", "growth of annualised subscriptions in a year, %", "F10", "39", 39, 39, "%.1f", big,
			quotient(100, func(y *year) float64 { return y.mrr - y.openingMRR },
				func(y *year) float64 { return y.openingMRR })),
		row("F10 kept", "net subscription dollars kept per month, %", "F10", "99", 99, 99, "%.2f", big,
			func(s *sample) float64 {
				return 100 * math.Pow(quotient(1, outcome("retained_mrr"), outcome("opening_mrr"))(s), 1.0/12)
			}),
		row("F10 cash", "cash before the stock-market launch, $M", "F10", "25.5", 25.5, 25.5, "%.1f", big,
			average(func(y *year) float64 { return y.cash(37) / 1e6 })),
		row("B7", "brand media, % of all media", "B7", "46 (B2B)", 46, 46, "%.1f", big, quotient(100,
			outcome("brand_spend"), outcome("media_and_brand"))),
		row("C26 least", "new customers, weakest quarter", "C26", "2,617", 2617, 2617, "%.0f", small,
			quarters(func(q ...float64) float64 { return slices.Min(q) })),
		row("C26 most", "new customers, strongest quarter", "C26", "2,943", 2943, 2943, "%.0f", small,
			quarters(func(q ...float64) float64 { return slices.Max(q) })),
		row("C26 cac", "cost of a customer, $", "C26", "1,310-1,670", 1310, 1670, "%.0f", small, quotient(1,
			outcome("acquisition_cost"), outcome("won"))),
		row("F6 growth", "growth of customers in a year, %", "F6", "13.5 (28,671 to 32,535)", 13.5, 13.5, "%.1f", small,
			func(s *sample) float64 {
				return 100 * (s.sum(0, live(52))/s.sum(0, live(1)) - 1)
			}),
		row("F6 bill", "bill per customer and month, $", "F6", "273-305", 273, 305, "%.0f", small, quotient(1,
			outcome("revenue"), outcome("customer_months"))),
		row("C27", "new customers of the first quarter, of the mean of the others", "C27", "above 1 (strongest)", 1,
			math.Inf(1), "%.3f", small, quarters(func(q ...float64) float64 { return 3 * q[0] / (q[1] + q[2] + q[3]) })),
	}
}

const priceNote = `All list prices are a tenth higher from the first day on. No public study of churn after a
price rise was found (V16); at equal margin a rise of 10% may lose 9.1% of customers before it loses money
(V17).`

func priceRows() []finding {
	const price = "an assumption (F42, F46)"
	var out []finding
	for _, v := range sellers[:3] {
		on := []setting{v.setting, v.with("products.*.price*=1.1")}
		out = append(out, finding{id: idOf("V17", v.scenario), what: "customers won in weeks 14 to 52, change, %",
			rows: "V17", public: "-9.1 breaks even", in: nothing, format: "%.1f", on: on, n: v.n,
			of: change(weeksOf("won", 14, 52)), later: price})
		out = append(out, finding{id: idOf("V16", v.scenario), what: "churn of live customers, change, %", rows: "V16",
			public: "+12 to +15 (unclear of what)", in: nothing, format: "%.2f", on: on, n: v.n,
			of: churnChange, later: price})
	}
	return out
}
