package plots

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// Data for the tests: made up, but of the size and shape that results have.

var testSource = picture.Source{Scenario: "pause-the-brand", Replications: 1000, Seed: 42}

func date(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

var testPause = picture.Span{Name: "Brand media off", From: date(2013, 10, 1), To: date(2013, 10, 22)}

func generator(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// normals draws n numbers around a mean.
func normals(n int, mean, sd float64) []float64 {
	r := generator(uint64(n))
	out := make([]float64, n)
	for i := range out {
		out[i] = mean + sd*r.NormFloat64()
	}
	return out
}

func rounded(values []float64) []float64 {
	for i, v := range values {
		values[i] = math.Round(v)
	}
	return values
}

// skewed draws numbers whose largest are far out.
func skewed(n int, median, spread float64) []float64 {
	out := normals(n, 0, spread)
	for i, z := range out {
		out[i] = median * math.Pow(10, z)
	}
	return out
}

// testFan simulates n paths of a weekly number and takes its quantiles.
func testFan(n, weeks int, path func(r *rand.Rand) func(week int) float64) Fan {
	f := Fan{Source: testSource, Start: date(2012, 12, 31)}
	f.Replications = n
	byWeek := make([][]float64, weeks)
	r := generator(uint64(weeks))
	for range n {
		next := path(r)
		for w := range byWeek {
			byWeek[w] = append(byWeek[w], next(w))
		}
	}
	for _, values := range byWeek {
		slices.Sort(values)
		f.P5 = append(f.P5, analysis.Quantile(values, 0.05))
		f.P25 = append(f.P25, analysis.Quantile(values, 0.25))
		f.P50 = append(f.P50, analysis.Quantile(values, 0.50))
		f.P75 = append(f.P75, analysis.Quantile(values, 0.75))
		f.P95 = append(f.P95, analysis.Quantile(values, 0.95))
	}
	return f
}

// signupWave is a year and a half of sign-ups, with a dip in the pause.
func signupWave(w int, paused bool) float64 {
	level := 2000 + 5*float64(w) + 120*math.Sin(float64(w)/8)
	if since := w - 39; paused && since >= 0 {
		drop := 0.17
		if since > 2 {
			drop *= math.Exp(-float64(since-2) / 2)
		}
		level *= 1 - drop
	}
	return level
}

func signupFan() Fan {
	f := testFan(1000, 78, func(r *rand.Rand) func(int) float64 {
		level := 1 + 0.01*r.NormFloat64()
		return func(w int) float64 { return math.Round(signupWave(w, true) * (level + 0.022*r.NormFloat64())) }
	})
	f.Measure = words.Measure{Name: "signups", Unit: "sign-ups"}
	f.Spans = []picture.Span{testPause}
	f.Compare = &Series{Name: "without the pause"}
	for w := range 78 {
		f.Compare.Values = append(f.Compare.Values, math.Round(signupWave(w, false)))
	}
	return f
}

func customerFan() Fan {
	f := testFan(1000, 104, func(r *rand.Rand) func(int) float64 {
		level, growth := 300_000.0, 1+0.0024+0.0004*r.NormFloat64()
		return func(w int) float64 {
			level *= growth + 0.0005*r.NormFloat64()
			return math.Round(level)
		}
	})
	f.Measure, f.AtWeekEnd = words.Measure{Name: "live_customers", Unit: "customers"}, true
	return f
}

// narrowFan is what fixed inputs give: chance alone hardly moves it.
func narrowFan() Fan {
	f := testFan(400, 104, func(r *rand.Rand) func(int) float64 {
		return func(w int) float64 {
			return math.Round(300_000 * math.Exp(0.0024*float64(w)) * (1 + 0.0008*r.NormFloat64()))
		}
	})
	f.Measure, f.AtWeekEnd = words.Measure{Name: "live_customers", Unit: "customers"}, true
	return f
}

func cashFan() Fan {
	var ruin []int
	f := testFan(1000, 104, func(r *rand.Rand) func(int) float64 {
		cash, drift := 900_000.0, 2500+6000*r.NormFloat64()
		ruined := false
		return func(w int) float64 {
			if ruined {
				return cash
			}
			cash += drift - 14_000*math.Cos(float64(w)/30) + 15_000*r.NormFloat64()
			if cash < 0 {
				ruined = true
				ruin = append(ruin, w+1)
			}
			return cash
		}
	})
	f.Source = picture.Source{Scenario: "metro-uncertain", Replications: 1000, Seed: 42, Note: "inputs uncertain"}
	f.Measure, f.AtWeekEnd = words.Measure{Name: "cash", Unit: "USD"}, true
	f.RuinWeeks = ruin
	return f
}

func customersDistribution() Distribution {
	return Distribution{Source: testSource, Measure: words.Measure{Name: "live_customers", Unit: "customers"},
		Sample: NewSample(rounded(normals(1000, 380_000, 5400)))}
}

func ruinDistribution() Distribution {
	values := make([]float64, 1000)
	for i := range 54 {
		values[i*17] = 1
	}
	return Distribution{Source: testSource, Measure: words.Measure{Name: "out_of_business", Unit: "chance"},
		Sample: NewSample(values)}
}

func headlinePanel() Panel {
	outcome := func(name, unit string, values []float64) Distribution {
		return Distribution{Measure: words.Measure{Name: name, Unit: unit}, Sample: NewSample(values)}
	}
	return Panel{Source: testSource, Outcomes: []Distribution{
		outcome("live_customers", "customers", rounded(normals(1000, 380_000, 5400))),
		outcome("won", "customers", rounded(normals(999, 118_400, 900))),
		outcome("cac", "USD", normals(998, 634, 13)),
		outcome("ltv_cac", "ratio", normals(997, 3.1, 0.12)),
		outcome("arr", "USD/year", normals(996, 204e6, 3.2e6)),
		outcome("monthly_logo_churn", "share per month", normals(995, 0.0192, 0.0006)),
		outcome("cash_trough", "USD", normals(994, 31e6, 2.1e6)),
		outcome("payback_months", "months", skewed(993, 22, 0.02)),
		{Measure: words.Measure{Name: "out_of_business", Unit: "chance"}, Sample: ruinDistribution().Sample},
	}}
}

func brandStocks(regions int) Brand {
	b := Brand{Source: testSource, Start: date(2012, 12, 31), Spans: []picture.Span{testPause}}
	stock := func(base, fade float64, scale float64) []float64 {
		var out []float64
		v := base
		for w := range 78 {
			spend := 1.0
			if w >= 39 && w < 42 {
				spend = 0
			}
			v += fade * (base*spend*(1+0.1*math.Sin(float64(w)/6)) - v)
			out = append(out, v*scale)
		}
		return out
	}
	b.Salience.Mean, b.Equity.Mean = stock(0.31, 0.45, 1), stock(0.22, 0.008, 1)
	for i := range regions {
		name := []string{"Northeast", "Midwest", "South", "West"}[i%4]
		if i > 3 {
			name += " " + string(rune('A'+i/4))
		}
		b.Salience.Regions = append(b.Salience.Regions, Series{name, stock(0.31, 0.45, 0.8+0.12*float64(i))})
		b.Equity.Regions = append(b.Equity.Regions, Series{name, stock(0.22, 0.008, 0.9+0.07*float64(i))})
	}
	return b
}

func testFunnel() Funnel {
	return Funnel{Source: testSource, Stages: []Stage{
		{"Buyers in the market", 2_812_400, 2_790_000, 2_835_000},
		{"Reached", 1_934_000, 1_915_000, 1_953_000},
		{"Engaged", 412_300, 402_000, 422_900},
		{"Leads", 296_100, 286_000, 307_100},
		{"Sign-ups", 214_800, 207_900, 222_000},
		{"Opportunities", 201_500, 195_200, 208_400},
		{"Customers won", 118_400, 114_700, 122_300},
	}}
}

var channelNames = []string{"referrals", "inbound", "branded search", "generic search", "display", "radio", "TV",
	"direct mail",
	"e-mail", "partners", "resellers", "app marketplaces", "events", "outbound calls", "social", "affiliates",
	"podcasts", "billboards"}

func channelCosts(n int) CAC {
	c := CAC{Source: testSource, Company: &ChannelCost{Name: "company", Won: 118_400, Media: 280, WithBrand: 352,
		Full: 634}}
	r := generator(3)
	for i := range n {
		media := 60 + 70*float64(i)*(0.5+r.Float64())
		brand := media + 40 + 60*r.Float64()
		c.Channels = append(c.Channels, ChannelCost{Name: channelNames[i%len(channelNames)],
			Won:   math.Round(14_000 / float64(i+1)),
			Media: media, WithBrand: brand, Full: brand + 200 + 120*r.Float64()})
	}
	return c
}

const longName = "inbound from the partner portal of the north-western metropolitan area"

// easy are pictures of good data, one or two of a kind.
func easy() map[string]Drawing {
	all := map[string]Drawing{
		"fan-signups":    signupFan(),
		"fan-customers":  customerFan(),
		"fan-narrow":     narrowFan(),
		"fan-cash":       cashFan(),
		"dist-customers": customersDistribution(),
		"dist-ruin":      ruinDistribution(),
		"panel":          headlinePanel(),
		"brand-mean":     brandStocks(0),
		"brand-regions":  brandStocks(4),
		"brand-many":     brandStocks(9),
		"funnel":         testFunnel(),
		"cac":            channelCosts(18),
	}
	maps.Copy(all, easyStudies())
	maps.Copy(all, easyPlans())
	return all
}

// nasty are pictures of data that a picture could trip over.
func nasty() map[string]Drawing {
	nan := math.NaN()
	out := map[string]Drawing{}
	for name, d := range nastyDistributions() {
		out["dist-"+name] = d
	}

	var all []Distribution
	for _, name := range slices.Sorted(maps.Keys(nastyDistributions())) {
		all = append(all, nastyDistributions()[name])
	}
	out["panel-nasty"] = Panel{Source: testSource, Outcomes: all}
	out["panel-one"] = Panel{Source: testSource, Outcomes: all[:1]}
	out["panel-two"] = Panel{Source: testSource, Outcomes: []Distribution{customersDistribution(), ruinDistribution()}}

	one := signupFan()
	one.Replications = 1
	one.P5, one.P25, one.P75, one.P95 = one.P50, one.P50, one.P50, one.P50
	out["fan-one-run"] = one

	week := Fan{Source: testSource, Measure: words.Measure{Name: "signups", Unit: "sign-ups"}, Start: date(2013, 1, 7),
		P5: []float64{90}, P25: []float64{95}, P50: []float64{100}, P75: []float64{105}, P95: []float64{110}}
	out["fan-one-week"] = week

	short := cutFan(customerFan(), 5)
	short.Spans = []picture.Span{{Name: longName, From: date(2013, 1, 10), To: date(2013, 1, 12)}}
	out["fan-five-weeks"] = short

	long := testFan(50, 520, func(r *rand.Rand) func(int) float64 {
		v := -4e12
		return func(int) float64 { v += 4e10 * r.NormFloat64(); return v }
	})
	long.Measure, long.AtWeekEnd = words.Measure{Name: "cash", Unit: "USD"}, true
	long.Scenario = longName + " and " + longName
	out["fan-ten-years-negative"] = long

	gaps := customerFan()
	for _, values := range [][]float64{gaps.P5, gaps.P25, gaps.P50, gaps.P75, gaps.P95} {
		for _, w := range []int{0, 20, 21, 22, 24, 90, 91, 92, 103} {
			values[w] = nan
		}
	}
	out["fan-missing-weeks"] = gaps

	nothing := Fan{Source: testSource, Measure: words.Measure{Name: "won.x", Unit: "customers"}, Start: date(2013, 1, 7)}
	nothing.P50 = make([]float64, 30)
	nothing.P5, nothing.P25, nothing.P75, nothing.P95 = nothing.P50, nothing.P50, nothing.P50, nothing.P50
	out["fan-all-zero"] = nothing

	spans := signupFan()
	spans.Compare.Name = longName
	for m := 1; m <= 9; m++ {
		spans.Spans = append(spans.Spans, picture.Span{Name: longName, From: date(2013, m, 3), To: date(2013, m, 20)})
	}
	out["fan-ten-spans"] = spans

	flat := cashFan()
	flat.RuinWeeks = nil
	for w := range flat.P5 {
		flat.P5[w] -= 3e6
	}
	out["fan-cash-below-zero"] = flat

	bare := brandStocks(0)
	bare.Spans = nil
	for w := range bare.Equity.Mean {
		bare.Equity.Mean[w] = 0
	}
	out["brand-zero"] = bare
	crowd := brandStocks(4)
	crowd.Salience.Regions[1].Name = longName
	crowd.Equity.Regions = crowd.Equity.Regions[:1]
	out["brand-long-name"] = crowd
	out["brand-64"] = brandStocks(64)

	out["funnel-empty"] = Funnel{Source: testSource, Stages: []Stage{{"Buyers in the market", 0, 0, 0}, {"Won", 0, 0, 0}}}
	out["funnel-growing"] = Funnel{Source: testSource, Stages: []Stage{{"Leads", 3, nan, nan},
		{longName, 4.4, nan, nan}, {"Won", 0, nan, nan}}}
	wide := Funnel{Source: testSource}
	for i := range 14 {
		v := 9.8e14 / math.Pow(7, float64(i))
		wide.Stages = append(wide.Stages, Stage{longName, v, v * 0.2, v * 1.9})
	}
	out["funnel-wide"] = wide

	none := channelCosts(3)
	for i := range none.Channels {
		none.Channels[i] = ChannelCost{Name: longName, Media: nan, WithBrand: nan, Full: nan}
	}
	none.Company = nil
	out["cac-none-won"] = none
	outlier := channelCosts(18)
	outlier.Channels[4].Full *= 90
	outlier.Channels[6].Full *= 700
	outlier.Channels[7] = ChannelCost{Name: longName, Media: nan, WithBrand: nan, Full: nan}
	out["cac-outlier"] = outlier
	out["cac-64"] = channelCosts(64)
	single := channelCosts(1)
	single.Company = nil
	out["cac-one"] = single
	maps.Copy(out, nastyStudies())
	maps.Copy(out, nastyPlans())
	return out
}

func nastyDistributions() map[string]Distribution {
	nan := math.NaN()
	of := func(name, unit string, values []float64) Distribution {
		return Distribution{Source: picture.Source{Scenario: "nasty", Replications: len(values), Seed: math.MaxUint64},
			Measure: words.Measure{Name: name, Unit: unit}, Sample: NewSample(values)}
	}
	repeat := func(n int, v float64) []float64 { return slices.Repeat([]float64{v}, n) }
	withGaps := skewed(1000, 9_000, 0.05)
	for i := range 370 {
		withGaps[i*2] = nan
	}
	spike := append(repeat(970, 0), normals(30, -4e6, 1e6)...)
	long := of("won", "customers", rounded(normals(200, 300, 20)))
	long.Measure.Label = strings.ToUpper(longName[:1]) + longName[1:] + ", customers won in the run"
	long.Scenario = strings.Repeat(longName+" ", 3)
	ratio := of("cac", "USD", skewed(400, 640, 0.08))
	ratio.Headline = &Mark{Name: "ratio of totals", Value: 655}
	return map[string]Distribution{
		"constant":      of("live_customers", "customers", repeat(1000, 300_000)),
		"constant-zero": of("churned", "customers", repeat(1000, 0)),
		"single":        of("revenue", "USD", []float64{163.2e6}),
		"few":           of("cash_end", "USD", []float64{-12e6, 3e6, 3.1e6, 4e6, 9e6, 9.05e6, 9.1e6}),
		"few-equal":     of("won", "customers", repeat(19, 12)),
		"skewed":        of("lifetime_margin", "USD", skewed(1000, 1e6, 0.6)),
		"missing":       of("cac", "USD", withGaps),
		"all-missing":   of("week_of_ruin", "week", repeat(1000, nan)),
		"huge":          of("journeys", "journeys", normals(300, 4e17, 1e17)),
		"negative":      of("cash_end", "USD", normals(300, -8e5, 4e5)),
		"tiny":          of("capped_touches", "share", skewed(300, 2e-7, 0.2)),
		"close":         of("arr", "USD/year", normals(300, 204_000_000, 3)),
		"small-counts":  of("week_of_ruin", "week", rounded(normals(400, 4, 1.3))),
		"two-values":    of("recession_weeks", "weeks", append(repeat(500, 0), repeat(500, 26)...)),
		"spike":         of("cash_trough", "USD", spike),
		"long-name":     long,
		"ratio":         ratio,
		"nobody-ruined": of("out_of_business", "chance", repeat(1000, 0)),
		"all-ruined":    of("out_of_business", "chance", repeat(40, 1)),
		"half-ruined":   of("out_of_business", "chance", append(repeat(20, 1), repeat(20, 0)...)),
		"one-ruined":    of("out_of_business", "chance", []float64{1}),
	}
}

// cutFan keeps the first weeks of a fan.
func cutFan(f Fan, weeks int) Fan {
	f.P5, f.P25, f.P50, f.P75, f.P95 = f.P5[:weeks], f.P25[:weeks], f.P50[:weeks], f.P75[:weeks], f.P95[:weeks]
	return f
}
