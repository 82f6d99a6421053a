package plots

import (
	"fmt"
	"math"

	"windfall/plots/picture"
	"windfall/sim/analysis"
)

// estimates makes estimates around values, the intervals as wide as a share of
// them.
func estimates(share float64, values ...float64) []analysis.Estimate {
	var out []analysis.Estimate
	for _, v := range values {
		half := share * math.Abs(v)
		out = append(out, analysis.Estimate{Value: v, Error: half / 2, Low: v - half, High: v + half, N: 100})
	}
	return out
}

var studySource = picture.Source{Scenario: "L03-speed-to-lead", Replications: 100, Seed: 11}

func delayCurve() Curve {
	return Curve{Source: studySource, Finding: "A day of waiting costs 44% of customers.",
		XName: "time to answer, hours", YName: "customers won, share of those at 4 hours", Percent: true,
		X: []float64{4, 8, 24, 48},
		Lines: []picture.Line{
			{Name: "customers won", Points: estimates(0.03, 1, 0.88, 0.56, 0.27)},
			{Name: "2^(-delay / half-life) of 24 hours", Points: estimates(0, 1, 0.89, 0.56, 0.28)},
		}}
}

func budgetCurve(lines int) Curve {
	c := Curve{Source: studySource, Finding: "Doubling the budget of any channel wins less than twice as many customers",
		XName: "weekly budget, USD", YName: "customers won, customers per week", Log: true}
	for x := 1000.0; x <= 128_000; x *= 2 {
		c.X = append(c.X, x)
	}
	for i := range lines {
		l := picture.Line{Name: channelNames[i%len(channelNames)]}
		for _, x := range c.X {
			l.Points = append(l.Points, estimates(0.02, 300*x/(x+8000*float64(i+1)))...)
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

func channelBars() Bars {
	return Bars{Source: studySource, Finding: "Without its brand a channel loses up to 61% of its customers",
		Names:     "channel",
		ValueName: "customers won, share of those as planned", Percent: true,
		Labels: []string{"generic search", "branded search", "display", "referrals", "direct mail"},
		Lines: []picture.Line{
			{Name: "brand media off", Points: estimates(0.04, 0.79, 0.39, 0.71, 0.93, 0.88)},
			{Name: "brand media halved", Points: estimates(0.03, 0.9, 0.68, 0.86, 0.97, 0.94)},
			{Name: "as planned", Points: estimates(0, 1, 1, 1, 1, 1)},
		}}
}

func differenceBars() Bars {
	return Bars{Source: studySource, Finding: "One more rep pays only where leads wait", Names: "team",
		ValueName: "cash at the end, USD more than planned",
		Labels:    []string{"inside", "field", "partners", "self-service"},
		Lines:     []picture.Line{{Name: "one more rep", Points: estimates(0.3, 412_000, -83_000, 12_000, -150_500)}}}
}

func pauseWeeks() Weeks {
	with, without := picture.Line{Name: "with the pause"}, picture.Line{Name: "as planned"}
	for w := 31; w <= 60; w++ {
		with.Points = append(with.Points, estimates(0.01, signupWave(w-1, true))...)
		without.Points = append(without.Points, estimates(0.01, signupWave(w-1, false))...)
	}
	return Weeks{Source: studySource, Finding: "Three weeks without brand media cost sign-ups for two months",
		YName: "sign-ups, sign-ups per week", Start: date(2012, 12, 31), First: 31, Lines: []picture.Line{with, without}}
}

func delaySlide() Slide {
	return Slide{Source: studySource, Shows: delayCurve(),
		Answer: "Answering after 24 hours instead of 4 wins 44.2% (43.1 to 45.3) fewer customers; at any moment " +
			"2.13% of firms are in the market.",
		Verdict: "holds", Expected: "a day's wait costs more than a tenth of customers",
		Control: "if the chance to win does not fall with waiting: the pattern is gone (a day's wait costs under 3%, " +
			"only windows that end)"}
}

func easyStudies() map[string]Drawing {
	return map[string]Drawing{
		"curve-delay":     delayCurve(),
		"curve-budgets":   budgetCurve(4),
		"bars-brand":      channelBars(),
		"bars-difference": differenceBars(),
		"weeks-pause":     pauseWeeks(),
		"slide":           delaySlide(),
	}
}

func nastyStudies() map[string]Drawing {
	nan, inf := math.NaN(), math.Inf(1)
	missing := analysis.Estimate{Value: nan, Low: nan, High: nan}
	open := analysis.Estimate{Value: 3, Low: -inf, High: inf}
	out := map[string]Drawing{"curve-many": budgetCurve(9)}

	long := delayCurve()
	long.Finding = longName + " " + longName + " " + longName
	long.XName, long.YName = longName+", hours", longName+" "+longName+", customers"
	long.Lines = []picture.Line{{Name: longName + " " + longName, Points: estimates(3, 1e9, -3e9, 2, 1e10)},
		{Name: longName, Points: estimates(0, 0, 0, 0, 0)}}
	long.Ticks = []string{longName, longName, longName, longName}
	long.Percent = false
	out["curve-long-names"] = long

	gaps := delayCurve()
	gaps.Lines[0].Points[1], gaps.Lines[0].Points[3], gaps.Lines[1].Points[3] = missing, open, missing
	gaps.Finding = ""
	out["curve-gaps"] = gaps
	nothing := delayCurve()
	nothing.Lines = []picture.Line{{Name: "nothing", Points: []analysis.Estimate{missing, missing, missing, missing}}}
	out["curve-nothing"] = nothing
	flat := delayCurve()
	flat.Lines = []picture.Line{{Name: "flat", Points: estimates(0, 7, 7, 7, 7)}}
	flat.X = []float64{0.001, 0.002, 0.003, 4000}
	out["curve-flat"] = flat
	fine := budgetCurve(1)
	fine.Log, fine.X, fine.Lines[0].Points = false, nil, nil
	for i := range 60 {
		fine.X = append(fine.X, float64(i))
		fine.Lines[0].Points = append(fine.Lines[0].Points, estimates(0.1, 1000+float64(i))...)
	}
	out["curve-fine"] = fine

	bars := differenceBars()
	bars.Lines = nil
	for i := range 5 {
		bars.Lines = append(bars.Lines, picture.Line{Name: longName, Points: estimates(0.4*float64(i), 1, -1e7, 3e7, 0)})
	}
	bars.Lines[2].Points[1], bars.Lines[1].Points[2] = missing, open
	bars.Labels[2], bars.Finding = longName, ""
	bars.ValueName, bars.Names = longName+" "+longName+", USD", longName
	out["bars-long-names"] = bars
	many := Bars{Source: studySource, Finding: "Many", ValueName: "share", Percent: true,
		Lines: []picture.Line{{Name: "a"}, {Name: "b"}}}
	for i := range 40 {
		many.Labels = append(many.Labels, fmt.Sprint("setting ", i))
		many.Lines[0].Points = append(many.Lines[0].Points, estimates(0.3, float64(i)/1000)...)
		many.Lines[1].Points = append(many.Lines[1].Points, estimates(0.3, -float64(i)/1000)...)
	}
	out["bars-many"] = many
	nine := differenceBars()
	nine.Lines = nil
	for i := range 9 {
		nine.Lines = append(nine.Lines, picture.Line{Name: fmt.Sprint("plan ", i), Points: estimates(0.2, float64(1e4*i), -2e4, 3e4, 5)})
	}
	out["bars-nine"] = nine
	dated := budgetCurve(9)
	dated.Log, dated.Start, dated.AtWeekEnd = false, date(2012, 12, 31), true
	for i := range dated.X {
		dated.X[i] = float64(i + 1)
	}
	out["curve-weeks-many"] = dated
	zero := differenceBars()
	zero.Lines = []picture.Line{{Name: "nothing", Points: estimates(0, 0, 0, 0, 0)}}
	out["bars-zero"] = zero
	none := differenceBars()
	none.Lines = []picture.Line{{Name: "nothing", Points: []analysis.Estimate{missing, missing, missing, missing}}}
	out["bars-nothing"] = none

	one := pauseWeeks()
	one.Lines = []picture.Line{{Name: longName, Points: estimates(0.2, 5)}}
	out["weeks-one"] = one
	wide := Weeks{Source: studySource, YName: "cash, USD", Start: date(2012, 12, 31), First: 1,
		Lines: []picture.Line{{Name: "plan"}, {Name: longName}}}
	for w := range 520 {
		wide.Lines[0].Points = append(wide.Lines[0].Points, estimates(0.5, -4e9*math.Sin(float64(w)))...)
		wide.Lines[1].Points = append(wide.Lines[1].Points, missing)
	}
	wide.Lines[1].Points[77] = estimates(0.5, 1e9)[0]
	out["weeks-wide"] = wide

	talk := delaySlide()
	talk.Answer = longName + " " + longName + " " + longName + " " + longName
	talk.Expected, talk.Control = talk.Answer, talk.Answer
	talk.Verdict = "does not hold"
	talk.Shows = many
	out["slide-long"] = talk
	crowd := delaySlide()
	crowd.Shows = budgetCurve(12)
	out["slide-many-lines"] = crowd
	out["slide-six-lines"] = Slide{Source: studySource, Shows: budgetCurve(6), Answer: talk.Answer, Verdict: "holds",
		Expected: talk.Answer, Control: talk.Answer}
	out["slide-bare"] = Slide{Source: studySource, Shows: differenceBars()}
	out["slide-stacked"] = Slide{Source: studySource, Shows: brandStocks(4), Answer: "Equity stays.",
		Verdict: "undecided", Expected: "something"}
	return out
}
