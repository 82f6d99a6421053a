package plots

import (
	"math"
	"math/rand/v2"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

func signupPause() Pause {
	with := signupFan()
	d := testFan(1000, 78, func(r *rand.Rand) func(int) float64 {
		level := 1 + 0.05*r.NormFloat64()
		return func(w int) float64 {
			return math.Round((signupWave(w, true)-signupWave(w, false))*level +
				12*r.NormFloat64()*math.Min(1, math.Max(0, float64(w-38))))
		}
	})
	return Pause{Source: testSource, Measure: words.Measure{Name: "signups", Unit: "sign-ups"}, Start: with.Start,
		Spans: with.Spans,
		With:  with.P50, Without: with.Compare.Values, Base: "without the pause",
		P5: d.P5, P25: d.P25, P50: d.P50, P75: d.P75, P95: d.P95, Total: &picture.Quantiles{P5: -1950, P50: -1820,
			P95: -1690}}
}

func cashPaths(n int) Paths {
	p := Paths{Source: picture.Source{Scenario: "metro-uncertain", Replications: 1000, Seed: 42,
		Note: "inputs uncertain"}, Start: date(2012, 12, 31), Ruined: 82}
	r := generator(5)
	byWeek := make([][]float64, 104)
	for i := range n {
		path := Path{Replication: i}
		cash, drift := 900_000.0, 2500+6000*r.NormFloat64()
		for w := range 104 {
			if path.Ruin == 0 {
				cash += drift - 14_000*math.Cos(float64(w)/30) + 15_000*r.NormFloat64()
			}
			if cash < 0 && path.Ruin == 0 {
				path.Ruin = w + 1
			}
			path.USD = append(path.USD, cash)
			byWeek[w] = append(byWeek[w], cash)
		}
		p.Cash = append(p.Cash, path)
	}
	for _, v := range byWeek {
		p.Median = append(p.Median, analysis.BandOf(v).P50)
	}
	return p
}

var sizeNames = []string{"1 to 4", "5 to 9", "10 to 19", "20 to 49", "50 to 99", "100 to 499"}

func valueHeat(rows int) Heat {
	h := Heat{Source: testSource, Measure: words.Measure{Name: "ltv_cac", Unit: "ratio"}, RowsAre: "channel",
		ColumnsAre: "size", Columns: sizeNames,
		Missing: "no customer won"}
	r := generator(8)
	for i := range rows {
		h.Rows = append(h.Rows, channelNames[i%len(channelNames)])
		var row []float64
		for k := range sizeNames {
			v := 0.4 + 1.1*float64(k)*(0.5+r.Float64())/(1+0.2*float64(i))
			if i > 3 && k == 5 {
				v = math.NaN()
			}
			row = append(row, v)
		}
		h.Values = append(h.Values, row)
	}
	return h
}

func channelValues(n int) Value {
	v := Value{Source: testSource}
	r := generator(9)
	for i, c := range channelCosts(n).Channels {
		v.Channels = append(v.Channels, ChannelValue{c.Name, math.Round(14_000 / float64(i+1)), c.Full, 1400 +
			900*r.Float64()})
	}
	return v
}

func retainedShares(channels int) Retained {
	r := Retained{Source: testSource, Months: 12, Company: 0.791,
		Groups: []RetainedGroup{{Name: "Channel"}, {Name: "Size"}}}
	g := generator(4)
	slice := func(name string, v, won float64) RetainedSlice {
		half := 0.4 / math.Sqrt(won)
		return RetainedSlice{name, won, analysis.Estimate{Value: v, Low: v - half, High: v + half}}
	}
	for i := range channels {
		r.Groups[0].Slices = append(r.Groups[0].Slices, slice(channelNames[i%len(channelNames)], 0.84-0.1*g.Float64(),
			math.Round(9000/float64(i+1))))
	}
	for i, name := range sizeNames {
		r.Groups[1].Slices = append(r.Groups[1].Slices, slice(name, 0.72+0.035*float64(i), math.Round(12000/float64(i*i+1))))
	}
	return r
}

func searchResponse() Response {
	r := Response{Source: testSource, Channel: "generic search", Worth: 2466, Now: 8000}
	won := func(s float64) float64 { return 60 * s / (s + 14_000) }
	for _, s := range []float64{0, 2000, 4000, 6000, 8000, 12_000, 16_000, 24_000} {
		r.Spend = append(r.Spend, s)
		r.Won = append(r.Won, estimates(0.02, won(s))...)
		if n := len(r.Spend); n > 1 {
			r.Marginal = append(r.Marginal, estimates(0.1, (s-r.Spend[n-2])/(won(s)-won(r.Spend[n-2])))...)
		}
	}
	r.Worth = 1100
	return r
}

func ruinTradeoff() Tradeoff {
	t := Tradeoff{Source: testSource, X: words.Measure{Name: "live_customers", Unit: "customers"},
		Y: words.Measure{Name: "out_of_business", Unit: "chance"}, LessY: true}
	for _, c := range []struct {
		name string
		x, y float64
	}{{"as planned", 4541, 0.082}, {"half the radio", 4430, 0.021}, {"no radio", 4210, 0.006},
		{"one more rep", 4690, 0.171}, {"twice the search", 4905, 0.305},
		{"dearer leads", 4390, 0.11}, {"two more reps", 4702, 0.262}} {
		t.Plans = append(t.Plans, picture.Choice{Name: c.name, X: estimates(0.004, c.x)[0],
			Y: analysis.Chance(int(c.y*1000), 1000), Plan: c.name == "as planned"})
	}
	return t
}

func easyPlans() map[string]Drawing {
	return map[string]Drawing{
		"pause":    signupPause(),
		"paths":    cashPaths(100),
		"heat":     valueHeat(9),
		"value":    channelValues(12),
		"retained": retainedShares(9),
		"response": searchResponse(),
		"tradeoff": ruinTradeoff(),
	}
}

func nastyPlans() map[string]Drawing {
	nan, inf := math.NaN(), math.Inf(1)
	missing := analysis.Estimate{Value: nan, Low: nan, High: nan}
	out := map[string]Drawing{}

	bare := signupPause()
	bare.Spans, bare.Base, bare.Total = nil, longName, &picture.Quantiles{P5: -3, P50: 1, P95: 9}
	for w := range bare.With {
		bare.P5[w], bare.P25[w], bare.P50[w], bare.P75[w], bare.P95[w] = 0, 0, 0, 0, 0
		if w > 60 {
			bare.With[w] = nan
		}
	}
	out["pause-no-difference"] = bare
	cash := signupPause()
	cash.Measure, cash.AtWeekEnd, cash.Total = words.Measure{Name: "cash", Unit: "USD"}, true,
		&picture.Quantiles{P5: -4.1e9, P50: -2e9, P95: -1e9}
	cash.Spans[0].Name = longName
	for w := range cash.With {
		cash.With[w] *= -1e6
	}
	out["pause-cash"] = cash

	all := cashPaths(1)
	all.Ruined, all.Median = 0, nil
	all.Cash[0].Ruin = 0
	out["paths-one"] = all
	doomed := cashPaths(3)
	for i := range doomed.Cash {
		doomed.Cash[i].Ruin = 1 + i*103/2
		for w := range doomed.Cash[i].USD {
			doomed.Cash[i].USD[w] = -5e9
		}
	}
	doomed.Spans = []picture.Span{testPause}
	out["paths-doomed"] = doomed

	out["heat-many"] = valueHeat(60)
	weighted := valueHeat(3)
	weighted.Weights = [][]float64{{1, 500, 500, 500, 500, 1}, {1, 500, 500, 500, 500, 1}, {1, 500, 500, 500, 500, 1}}
	out["heat-weighted"] = weighted
	ruined := brandStocks(4)
	ruined.Ruined = 82
	out["brand-ruined"] = ruined
	one := Heat{Source: testSource, Measure: words.Measure{Name: "cac", Unit: "USD"}, RowsAre: "channel",
		ColumnsAre: "size", Rows: []string{longName}, Columns: []string{longName}, Values: [][]float64{{nan}}}
	out["heat-empty"] = one
	wideHeat := Heat{Source: testSource, Measure: words.Measure{Name: "won", Unit: "customers", Label: longName},
		RowsAre: "channel", ColumnsAre: "size"}
	for k := range 24 {
		wideHeat.Columns = append(wideHeat.Columns, longName)
		_ = k
	}
	for i := range 3 {
		wideHeat.Rows = append(wideHeat.Rows, longName)
		var row []float64
		for k := range 24 {
			row = append(row, -1e6*float64(i*k))
		}
		wideHeat.Values = append(wideHeat.Values, row)
	}
	out["heat-wide"] = wideHeat

	out["value-many"] = channelValues(64)
	single := channelValues(1)
	single.Channels[0].Name = longName
	out["value-one"] = single
	spread := channelValues(12)
	spread.Channels[3].CAC, spread.Channels[4].CAC, spread.Channels[5].LTV, spread.Channels[6].Won = 12, 90_000, 3, 0
	spread.Ratios = []float64{0.5, 1, 3, 5, 10}
	out["value-wide"] = spread
	loss := channelValues(12)
	loss.Channels[2].LTV = -800
	for i := range loss.Channels {
		loss.Channels[i].CAC = 700 + float64(i%3)
		loss.Channels[i].Name = longName
	}
	out["value-loss"] = loss

	crowd := retainedShares(40)
	crowd.Groups[0].Slices[3].Share, crowd.Groups[0].Slices[4].Name = missing, longName
	crowd.Groups[1].Name, crowd.Company = longName, nan
	out["retained-many"] = crowd
	lonely := retainedShares(1)
	lonely.Groups = lonely.Groups[:1]
	lonely.Groups[0].Slices[0].Share = analysis.Estimate{Value: 1, Low: -inf, High: inf}
	out["retained-one"] = lonely

	flat := searchResponse()
	flat.Channel, flat.Worth, flat.Now = longName, nan, nan
	for i := range flat.Marginal {
		flat.Won[i+1] = flat.Won[0]
		flat.Marginal[i] = missing
	}
	out["response-flat"] = flat
	steep := searchResponse()
	steep.Marginal[5], steep.Marginal[6] = estimates(0.9, 4e7)[0], estimates(0.9, 9e9)[0]
	steep.Marginal[2] = estimates(0.1, -300)[0]
	steep.Now = 24_000
	out["response-steep"] = steep

	pile := ruinTradeoff()
	for i := range pile.Plans {
		pile.Plans[i].Name = longName
		pile.Plans[i].X, pile.Plans[i].Y = pile.Plans[0].X, pile.Plans[0].Y
	}
	pile.Plans = append(pile.Plans, picture.Choice{Name: "missing", X: missing, Y: missing, Plan: false})
	out["tradeoff-pile"] = pile
	many := ruinTradeoff()
	g := generator(6)
	for range 60 {
		many.Plans = append(many.Plans, picture.Choice{Name: longName, X: estimates(0.001, 4000+1000*g.Float64())[0],
			Y: analysis.Chance(int(500*g.Float64()), 1000), Plan: false})
	}
	out["tradeoff-many"] = many
	return out
}
