package main

import (
	"math"

	"windfall/model/plan"
)

// This file has the rows on markets: who is in them, who is born and dies, and what a recession changes.

const marketNote = `How large firms are, how many come into the market, and why. A row measured on
` + "`us-smb`" + ` runs the market without a vendor; rows on one trigger run a file that extends it and ` +
	`switches the others off. Mean
head-counts are those of the law in the file (P12), not fitted to classes.`

// alone switches all phone triggers of a market off but those named.
func alone(s setting, triggers ...string) setting {
	keep := map[string]bool{}
	for _, t := range triggers {
		keep[t] = true
	}
	for _, t := range []string{"planned-replacement", "dying-phone", "new-firm", "new-office"} {
		if !keep[t] {
			s = s.over("triggers." + t + ".enabled = false")
		}
	}
	for _, t := range triggers {
		if t == "500-employees" {
			s = s.over("triggers." + t + ".enabled = true")
		}
	}
	return s
}

// perFirm is scale times the journeys of a year per firm.
func perFirm(scale float64) func(*sample) float64 {
	return func(s *sample) float64 {
		perWeek := s.mean(weeksOf("journeys", 1, 52)) / 52
		return scale * perWeek * plan.WeeksPerYear / firms(s.plans[0])
	}
}

// perQuarter is the share of firms that come into the market in 13 weeks, in per cent.
func perQuarter(s *sample) float64 {
	return 100 * s.mean(weeksOf("journeys", 1, 52)) / 4 / firms(s.plans[0])
}

func marketRows() []finding {
	life := func(s *sample) float64 { return 1 / perFirm(1)(s) }
	var heads []finding
	for i, c := range []struct {
		size string
		mean float64
	}{{"1-4", 1.6}, {"5-9", 6.6}, {"10-19", 13.5}, {"20-99", 39.2}, {"100-499", 198}, {"500+", 3441}} {
		heads = append(heads, finding{id: idOf("head-count", c.size),
			what: "mean head-count of firms with " + c.size + " employees", rows: idOf("P"+number(float64(i+1))+",", "P12"),
			public: number(c.mean), in: exactly(c.mean), format: "%.1f", on: []setting{usMarket}, file: headCount(i)})
	}
	offices := alone(usMarket, "new-office").over(`triggers.new-office.rate_per_year = {100-499 = 0, "500+" = 0}`)
	return append(heads, []finding{
		{id: "T1 quarter us-smb", what: "firms that come into the market in a quarter, %", rows: "T1", public: "5 (3-10)",
			in:     span{3, 10},
			format: "%.2f", on: []setting{usMarket}, n: 4, of: perQuarter},
		{id: "T1 quarter metro", what: "the same", rows: "T1", public: "5 (3-10)", in: span{3, 10},
			format: "%.2f", on: []setting{metro}, n: 20, of: perQuarter},
		{id: "T1 quarter town", what: "the same", rows: "T1", public: "5 (3-10)", in: span{3, 10},
			format: "%.2f", on: []setting{town}, n: 40, of: perQuarter},
		{id: "T1 year us-smb", what: "firms that come into the market in a year, %", rows: "T1", public: "20",
			in:     exactly(20),
			format: "%.1f", on: []setting{usMarket}, n: 4, of: perFirm(100),
			later: "replacement alone is 16.7% (T2); new firms and offices come on top"},
		{id: "T1 stock us-smb", what: "firms in the market at a time, %", rows: "T11", public: "-", in: nothing,
			format: "%.2f", on: []setting{usMarket}, n: 4, of: func(s *sample) float64 {
				return 100 * s.mean(weeksOf("in_market", 1, 52)) / 52 / firms(s.plans[0])
			}, later: "windows are judgement (T11), so there is no public number to compare it with"},
		{id: "T2 us-smb", what: "years between two purchases for replacement", rows: "T2, T3", public: "6 (5-8)",
			in:     span{5, 8},
			format: "%.2f", on: []setting{alone(usMarket, "planned-replacement", "dying-phone")}, n: 4, of: life},
		{id: "T7 us-smb", what: "new offices of firms with up to 99 employees, % of all firms per year", rows: "T7",
			public: "1.0 (0.5-2.0)", in: span{0.5, 2},
			format: "%.2f", on: []setting{offices}, n: 4, of: perFirm(100)},
		{id: "P64 us-smb", what: "firms that cross 500 employees upward in a year", rows: "P64", public: "1,200-1,900",
			in:     span{1200, 1900},
			format: "%.0f", on: []setting{alone(usMarket, "500-employees")}, n: 8, of: func(s *sample) float64 {
				return perFirm(firms(s.plans[0]))(s)
			}},
	}...)
}

// headCount is the mean head-count of size class i by the law of docs/model.md, section 3.3: the whole part of
// a Pareto variable cut to the class.
func headCount(i int) func(*plan.Plan) float64 {
	return func(p *plan.Plan) float64 {
		c, z := p.Population.Sizes[i], p.Population.TailExponent
		above := func(n float64) float64 { return math.Pow(n, -z) - math.Pow(c.Highest+1, -z) }
		var sum float64
		for n := c.Lowest; n <= c.Highest; n++ {
			sum += float64(n * (above(n) - above(n+1)))
		}
		return sum / above(c.Lowest)
	}
}

const otherNote = `The newer US market and five other countries. *Births* are what the new-firm trigger brings,
divided by the 0.8 of new firms that buy a fixed line (assumption); *deaths* are those that the file states.
Where a country has no row for a number, its file says "assumption" and this table has no row.`

// country has the public numbers of a shipped market; one without a row is a row of no table.
type country struct {
	name     string
	births   float64 // of employers, % of firms per year
	birthRow string
	deaths   float64
	deathRow string
	note     string
}

func countries() []country {
	return []country{
		{"us-smb-2022", 8.9, "US9", 8.75, "US5",
			"the same rates by size give more where class 1-4 has 63% of firms (US1) than where it has 60% (US7)"},
		{"ca-smb", 7.0, "CA5, CA6", 7.9, "CA5, CA6",
			"the rates by size of CA6 on the classes of CA1, where class 1-4 has 59% and not 65% of firms (CA4)"},
		{"uk-smb", 11.1, "UK6", 9.8, "UK7", ""},
		{"de-smb", 4.8, "DE6", 0, "", ""},
		{"fr-smb", 0, "", 8, "FR5", ""},
		{"au-smb", 0, "", 0, "", ""},
	}
}

func otherMarketRows() []finding {
	var out []finding
	for _, c := range countries() {
		m := setting{scenario: c.name, weeks: 52}
		out = append(out, finding{id: idOf("T1 quarter", c.name), what: "firms that come into the market in a quarter, %",
			rows: "T1", public: "5 (3-10)",
			in: span{3, 10}, format: "%.2f", on: []setting{m}, n: 4, of: perQuarter})
		if c.birthRow != "" {
			out = append(out, finding{id: idOf("births", c.name), what: "births, % of firms per year", rows: c.birthRow,
				public: number(c.births),
				in:     exactly(c.births), format: "%.2f", on: []setting{alone(m, "new-firm")}, n: 4, of: perFirm(100 / 0.8),
				later: c.note})
		}
		if c.deathRow != "" {
			out = append(out, finding{id: idOf("deaths", c.name), what: "deaths, % of firms per year", rows: c.deathRow,
				public: number(c.deaths),
				in:     exactly(c.deaths), format: "%.2f", on: []setting{m}, file: deathsOfFirms, later: c.note})
		}
	}
	return out
}

const firmsNote = `Deaths by size are those of customers won in a run of ` + "`phone-system`" +
	`, in two years. Young firms die
more often (` + "`death_shape`" + `, P35), and customers are younger than the firms of the market, since new ` +
	`firms look for a telephone: so they
die more often than US5 says of all firms of their size.`

func firmRows() []finding {
	two := big.run(104)
	death := func(size string) func(*sample) float64 {
		return quotient(1200, ofSlice("size", size, "customer_deaths"), ofSlice("size", size, "customer_months"))
	}
	const sizes = "customers are younger than the firms of their size, whose deaths are those of US5"
	out := []finding{
		{id: "P40 us-smb", what: "firms that die in a year, %", rows: "P40, P30", public: "7.5 (7.4-7.8)",
			in:     span{7.4, 7.8},
			format: "%.2f", on: []setting{usMarket}, file: deathsOfFirms},
		{id: "T8 us-smb", what: "firms born in a year, % (0.8 of them buy a fixed line: assumption)", rows: "T8",
			public: "8.0 (8-10)", in: span{8, 10},
			format: "%.2f", on: []setting{alone(usMarket, "new-firm")}, n: 4, of: perFirm(100 / 0.8)},
	}
	for _, s := range []struct {
		size, public string
		low, high    float64
	}{
		{"1-4", "11.3-11.5", 11.3, 11.5}, {"5-9", "2.8-3.0", 2.8, 3}, {"10-19", "2.1-2.2", 2.1, 2.2}, {"20-99", "1.3-1.4",
			1.3, 1.4}, {"100-499", "0.6-0.7", 0.6, 0.7},
	} {
		out = append(out, finding{id: idOf("US5", s.size),
			what: "firms with " + s.size + " employees that die in a year, % (2018-19)", rows: "US5, P39",
			public: s.public, in: span{s.low, s.high}, format: "%.2f", on: []setting{two}, n: 4, of: death(s.size),
			later: sizes})
	}
	const ages = "`death_shape` of 0.66 is that of establishments (P35)"
	for _, y := range []struct {
		years     int
		low, high float64
		public    string
	}{{1, 74.3, 75.2, "74.3-75.2"}, {5, 43.4, 48.7, "43.4-48.7"}} {
		out = append(out, finding{id: idOf("P34", number(float64(y.years))),
			what: "newborn firms alive at the age of " + number(float64(y.years)) + ", % (sizes at birth: P33)",
			rows: "P34, P33", public: y.public, in: span{y.low, y.high}, format: "%.1f", on: []setting{usMarket},
			file: newborns(float64(y.years)), later: ages})
	}
	return append(out,
		finding{id: "P30", what: "firm deaths by age: 16.5-17.7% at age 1, 4.4-4.6% from 26 on", rows: "P30, P31, P32",
			public: "see row", later: "ages of the stock are no outcome; " + ages},
		finding{id: "P35", what: "establishments alive after 1 to 10 years, %", rows: "P35, US10", public: "79.6 to 34.7",
			later: "establishments are not modelled; " + ages},
		finding{id: "P37", what: "firm death by industry and region", rows: "P37, P24", public: "0.65 to 1.2 of the mean",
			later: "`firm_death_per_year` is by size only; no key is planned"},
		finding{id: "P63", what: "firms that change size class in a year, %", rows: "P63", public: "1.2-16",
			later: "a firm keeps its class; no key is planned"},
	)
}

// newborns is the share of firms alive some years after birth, with sizes at birth as in P33.
func newborns(years float64) func(*plan.Plan) float64 {
	born := []float64{76.1, 12.8, 6.4, 4.2, 0.45, 0.05}
	return func(p *plan.Plan) float64 {
		var alive float64
		for i, c := range p.Population.Sizes {
			life := c.FirmDeathPerYear * math.Gamma(1+1/c.DeathShape) // one over the Weibull scale (docs/model.md, section 3.3)
			alive += float64(born[i] * math.Exp(-math.Pow(life*years, c.DeathShape)))
		}
		return alive
	}
}

const recessionNote = `A run in recession against the same run in expansion, on the same random numbers.`

func recessionRows() []finding {
	slump := func(s setting) setting { return s.with("economy.start_regime=recession") }
	lost := metro.run(104)
	chain := setting{scenario: "us-smb",
		weeks: 2000}.over("population.firms = 2000").over("economy.regime = \"random\"")
	return []finding{
		{id: "P51 death", what: "firm deaths in a recession, of those in expansion", rows: "P51", public: "1.15",
			in: exactly(1.15), format: "%.3f",
			on: []setting{lost, slump(lost)}, n: 60, of: func(s *sample) float64 {
				months := outcome("customer_months")
				deaths := outcome("customer_deaths")
				return s.sum(1, deaths) / s.sum(1, months) / (s.sum(0, deaths) / s.sum(0, months))
			}},
		{id: "P51 entry", what: "new firms and new offices in a recession, of those in expansion", rows: "P51",
			public: "0.79 (2007), 0.72 (2006)", in: span{0.72, 0.79}, format: "%.3f",
			on: []setting{alone(usMarket, "new-firm", "new-office"), slump(alone(usMarket, "new-firm", "new-office"))},
			n:  4, of: func(s *sample) float64 {
				return 1 + change(outcome("journeys"))(s)/100
			}},
		{id: "P53 recession", what: "length of a recession, months", rows: "P53", public: "10-11", in: span{10, 11},
			format: "%.1f",
			on:     []setting{chain}, n: 200, of: spells(1)},
		{id: "P53 expansion", what: "length of an expansion, months", rows: "P53", public: "58-64", in: span{58, 64},
			format: "%.1f",
			on:     []setting{chain}, n: 200, of: spells(0)},
		{id: "P51 firms", what: "number of firms from 2007 to 2011, %", rows: "P51", public: "-5.3",
			later: "a recession does not move the number of firms; `population.growth_per_year` with dates can, by hand"},
	}
}

// spells is the mean length of a regime in months: weeks in it over times that it ended.
func spells(regime float64) func(*sample) float64 {
	weeks := func(y *year) float64 {
		n := 0.0
		for _, r := range y.week("recession") {
			if r == regime {
				n++
			}
		}
		return n
	}
	ends := func(y *year) float64 {
		n := 0.0
		flags := y.week("recession")
		for i := 1; i < len(flags); i++ {
			if flags[i-1] == regime && flags[i] != regime {
				n++
			}
		}
		return n
	}
	return quotient(12/plan.WeeksPerYear, weeks, ends)
}
