package page

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/respond"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// responds lays out what a panel says whose numbers are known.
func responds(t *testing.T, replications int, outcomes, vary []string, of func(l panel.Leaf, i int) float64) *Document {
	t.Helper()
	with := func(changes ...string) (*plan.Plan, error) {
		return loaded("town", append([]string{"run.weeks=8"}, changes...)...)
	}
	plan, err := with()
	require.NoError(t, err)
	a := respond.Ask{Plan: plan, With: with, Outcomes: outcomes}
	for _, text := range vary {
		r, err := respond.ParseRange(text)
		require.NoError(t, err)
		a.Vary = append(a.Vary, r)
	}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(replications, of))
	require.NoError(t, err)
	d := Respond(answer, cure)
	sound(t, d)
	return d
}

// bringing is a plan that spends 800 on each channel, where a dollar brings gain.
func bringing(gain map[string]float64) func(l panel.Leaf, i int) float64 {
	return func(l panel.Leaf, i int) float64 {
		channel, text, moved := strings.Cut(l.Setting, " x")
		more := 0.0
		if moved {
			if err := json.Unmarshal([]byte(text), &more); err != nil {
				panic(err)
			}
			more = 800 * (more - 1)
		}
		switch l.Measure.Column {
		case "out_of_business":
			return 0
		case "media":
			return 800
		case "media_spend", "media_and_brand", "lifetime_media", "acquisition_cost":
			return 10_000 + more
		case "won":
			return 200 + more/100
		}
		return 5000 + float64(i%5) + gain[channel]*more
	}
}

func TestRespondByChannel(t *testing.T) {
	margin := []string{"lifetime_margin"}
	d := responds(t, 60, margin, nil, bringing(map[string]float64{"facebook": 2, "paid-search": 1, "direct-mail": -1}))
	const sixty = "95% intervals from 60 runs at each point over 8 weeks; random variation only, since no input is uncertain."
	assert.Equal(t, []string{"The next dollar goes to facebook: $3.00 (the same in every run) comes back as customer lifetime margin.",
		"Add to facebook, and take it from direct-mail, where nothing of the last dollar came back ($0.00 in every run).",
		sixty}, d.Sentences)
	assert.Empty(t, d.Warnings)
	assert.Equal(t, "channels", d.Sheets[0].Name)
	assert.Equal(t, "facebook", d.Sheets[0].Rows[0][0].Text)
	assert.False(t, d.Sheets[0].Apart)
	assert.True(t, d.Sheets[1].Apart)
	assert.Equal(t, "next-dollar", d.Pictures[0].Name)
	assert.True(t, slices.ContainsFunc(d.Pictures, func(p Picture) bool { return p.Name == "response-facebook" }))
	assert.Equal(t, "compare", d.Next[0].Question)

	none := responds(t, 12, margin, nil, bringing(nil))
	assert.Equal(t, "Too close to call: the next dollar is not seen to come back on any channel or brand medium, nor "+
		"to be lost on all of them. The best guess is branded-search, where $1.00 (the same in every run) comes back as customer lifetime margin.",
		none.Sentences[0])
	assert.Equal(t, "Add to none of them on this evidence. What a cut would save is too close to call; replications = 200 "+
		"may tell.", none.Sentences[1])
	assert.Contains(t, none.Sentences[2], "only 12 runs at each point")
	assert.Equal(t, []string{"12 runs at each point are few for values at the margin; replications = 200 would do"},
		none.Warnings)

	missing := responds(t, 60, margin, nil, func(panel.Leaf, int) float64 { return math.NaN() })
	assert.Equal(t, []string{"Not applicable: what the next dollar brings of customer lifetime margin is not known on any channel or " +
		"brand medium: not known.", "Judge by another outcome, which has a number here.",
		"It rests on 60 runs at each point over 8 weeks."}, missing.Sentences)
	assert.Empty(t, missing.Pictures)

	idle := responds(t, 60, margin, nil, func(l panel.Leaf, i int) float64 {
		if strings.HasPrefix(l.Setting, "facebook") {
			l.Setting = "plan"
		}
		return bringing(map[string]float64{"paid-search": 1})(l, i)
	})
	assert.Equal(t, []string{"facebook: the plan spends nothing there, and times nothing is nothing; vary =  with dollars " +
		"shows what they would bring"}, idle.Warnings)
	assert.Contains(t, responds(t, 1, margin, nil, bringing(nil)).Sentences[2], "only 1 run at each point")
}

// gains are what a dollar brings by place.
type gains map[string]float64

// and is that with another gain in one place.
func (g gains) and(place string, gain float64) gains {
	g[place] = gain
	return g
}

// losing is a gain of a dollar, less for direct-mail.
func losing(gain float64) gains {
	out := gains{"direct-mail": gain - 0.3}
	for _, name := range []string{"branded-search", "facebook", "paid-search", "partners", "review-sites", "billboards",
		"radio"} {
		out[name] = gain
	}
	return out
}

// Where every dollar is lost the answer is nowhere, and what to cut. Nothing is advised that the numbers deny.
func TestRespondNowhere(t *testing.T) {
	margin := []string{"lifetime_margin"}
	d := responds(t, 60, margin, nil, bringing(losing(-0.62)))
	assert.Equal(t, []string{"Nowhere: the next dollar loses money on every channel and brand medium. Least bad is " +
		"branded-search, where $0.38 (the same in every run) comes back as customer lifetime margin.", "Add to none of them. Cut " +
		"direct-mail first, where the last dollar brought back $0.08 (the same in every run)."}, d.Sentences[:2])
	assert.Contains(t, responds(t, 60, margin, nil, bringing(losing(-0.62).and("facebook", -0.92))).Sentences[1], " Too close to call against facebook.",
		"which to cut first is not known")
	assert.Equal(t, "Add to none of them. Cut any of them: nothing of the last dollar came back on any.", responds(t, 60, margin, nil,
		bringing(losing(-0.999).and("direct-mail", -0.999))).Sentences[1], "$0.001 reads as nothing")
	d = responds(t, 60, margin, nil, bringing(losing(-1.5)))
	assert.Contains(t, d.Sentences[0], "where none of it comes back (−$0.50 in every run) as customer lifetime margin.")
	assert.NotContains(t, responds(t, 60, margin, nil, bringing(map[string]float64{})).Sentences[0], "Least bad",
		"a dollar is worth the same everywhere")
	doomed := responds(t, 60, margin, nil, func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "out_of_business" {
			return 1
		}
		return bringing(losing(-0.62))(l, i)
	})
	assert.Equal(t, "The company goes out of business in all 60 runs of the plan. Not applicable: what the next dollar brings "+
		"does not show in it.", doomed.Sentences[0])
	shaky := responds(t, 60, margin, nil, func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "out_of_business" {
			return float64(min(i%10, 1))
		}
		return bringing(losing(-0.62))(l, i)
	})
	assert.Contains(t, shaky.Sentences[0], "The company goes out of business in 90% of runs of the plan. Nowhere: ")
	assert.Equal(t, []string{"some runs go out of business: 90% of the plan"}, shaky.Warnings)
	assert.Equal(t, "Mend that first: what is spent to win customers does not show its worth in a company that fails.",
		doomed.Sentences[1])
	assert.Equal(t, []decide.Step{{Question: "run"}}, doomed.Next)
	d = responds(t, 60, []string{"journeys"}, nil, bringing(nil))
	assert.Equal(t, []string{"Nowhere: the next dollar is not seen to change buyers in the market on any channel or brand medium.",
		"Judge budgets by another outcome: they are not seen to move buyers in the market here."}, d.Sentences[:2])
	d = responds(t, 60, []string{"signups"}, nil, bringing(map[string]float64{"facebook": 0.0021, "radio": -0.001}))
	assert.Equal(t, "The next $1,000 goes to facebook: it raises sign-ups by 2.1 (the same in every run).", d.Sentences[0])
	assert.Equal(t, "Add to facebook, and take it from radio, where the last $1,000 brought −1 (the same in every run) of sign-ups.",
		d.Sentences[1])
	assert.NotContains(t, printed(d), "e−")
}

// An amount is ranked over channels, brand media and hiring.
func TestRespondWithAnAmount(t *testing.T) {
	with := func(changes ...string) (*plan.Plan, error) {
		return loaded("town", append([]string{"run.weeks=8"}, changes...)...)
	}
	plan, err := with()
	require.NoError(t, err)
	a := respond.Ask{Plan: plan, With: with, Outcomes: []string{"lifetime_margin"}, Amount: 10_000}
	design, err := a.Design()
	require.NoError(t, err)
	of := func(gain float64) *Document {
		answer, err := a.Answer(design.Panel(60, func(l panel.Leaf, i int) float64 {
			at, more := strings.CutSuffix(l.Setting, " more")
			spent, brings := 0.0, -9000.0
			if at == "facebook" {
				brings = gain
			}
			if !more {
				brings = 0
			} else if at != "sellers" {
				spent = 10_000
			}
			if strings.Contains(l.Measure.Column, "media") {
				return spent
			}
			return brings
		}))
		require.NoError(t, err)
		d := Respond(answer, cure)
		sound(t, d)
		return d
	}
	d := of(4000)
	assert.Equal(t, []string{"The next $10,000 goes to facebook: $14.0k (the same in every run) comes back as customer lifetime margin.",
		"Spend $10,000 on facebook: channels.facebook.weekly_budget*=26."}, d.Sentences[:2])
	assert.Equal(t, []string{"facebook", "channel"}, []string{d.Sheets[0].Rows[0][0].Text, d.Sheets[0].Rows[0][1].Text})
	assert.Contains(t, printed(d), "brand medium\n")
	assert.Contains(t, printed(d), "team\n")
	d = of(-8000)
	assert.Equal(t, []string{"Nowhere: the next $10,000 loses money on every channel, brand medium and team. Least bad is " +
		"facebook, where $2,000 (the same in every run) comes back as customer lifetime margin.", "Keep the $10,000."}, d.Sentences[:2])
}

func TestRespondAlongAKey(t *testing.T) {
	price := []string{"products.*.price=10..40:4"}
	peak := func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "lifetime_margin" && l.Setting == "point 3" {
			return -100 - float64(i%2)
		}
		return -900 - float64(i%2)
	}
	d := responds(t, 60, []string{"lifetime_margin", "won"}, price, peak)
	assert.Equal(t, []string{"Customer lifetime margin is highest at products.*.price = 30: −$101 ± $1 in 8 weeks, a loss " +
		"even there.", "Test a small move of the price first: products.*.price = 30 goes further than the record of what customers do " +
		"covers."},
		d.Sentences[:2])
	lost := responds(t, 60, []string{"lifetime_margin", "won"}, []string{"teams.sellers.people=1..4:4"}, peak)
	assert.Equal(t, "teams.sellers.people = 3 loses least, and does not make the plan pay: look at other levers too.",
		lost.Sentences[1])
	assert.Len(t, d.Sheets, 2)
	assert.Len(t, d.Pictures, 2)
	assert.Equal(t, "curve-lifetime-margin", d.Pictures[0].Name)
	assert.Equal(t, []decide.Step{{Question: "respond"}}, d.Next)
	assert.Equal(t, []string{"Flat: customer lifetime margin is the same at every point: $0 in 8 weeks.",
		"Leave products.*.price as it is: it does not move customer lifetime margin here."},
		responds(t, 60, []string{"lifetime_margin"}, price, func(panel.Leaf, int) float64 { return 0 }).Sentences[:2])
	assert.Equal(t, "Not applicable: fully loaded CAC has no value at any point: nobody was won.",
		responds(t, 60, []string{"cac"}, price, func(panel.Leaf, int) float64 { return math.NaN() }).Sentences[0])
	noise := responds(t, 60, []string{"won"}, price, func(l panel.Leaf, i int) float64 {
		return 50 + float64((7*i+3*int(l.Setting[len(l.Setting)-1]))%11)
	})
	assert.Regexp(t, "^Flat: no point of products.*.price is seen to be better than another for customers won. Highest in these runs is ",
		noise.Sentences[0])
	assert.Equal(t, "Leave products.*.price as it is: no change of it is seen to help.", noise.Sentences[1])
	some := responds(t, 60, []string{"won"}, price, func(l panel.Leaf, i int) float64 {
		switch l.Setting {
		case "point 2":
			return 90 + float64(i%7)
		case "point 3":
			return 90 + float64((i+3)%7)
		}
		return 50
	})
	assert.Contains(t, some.Sentences[0], "Too close to call against 1 other point, such as products.*.price = ")
	assert.Equal(t, "Choose among these points for other reasons; replications = 240 may tell them apart.", some.Sentences[1])
	assert.Contains(t, responds(t, 60, []string{"out_of_business"}, price,
		func(panel.Leaf, int) float64 { return 1 }).Sentences[0], "Flat: the chance to go out of business is the same at every point: 100%")
	assert.Contains(t, responds(t, 60, []string{"cac"}, price, func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "won" && l.Setting == "point 1" {
			return 20
		}
		return 10 + float64(i%2)
	}).Sentences[0], "Fully loaded CAC is lowest at products.*.price = 10: ")
	responds(t, 1, []string{"won"}, price, peak)
}

func TestRespondOverTwoKeys(t *testing.T) {
	d := responds(t, 60, []string{"won"}, []string{"media=x1..x2:2", "teams.sellers.people=1..3:3"},
		func(l panel.Leaf, i int) float64 {
			if l.Setting == "point 2-1" {
				return 70
			}
			return 50
		})
	assert.Equal(t, []string{"Customers won is best at media = x2 and teams.sellers.people = 1: 70 in 8 weeks.",
		"Set media = x2 and teams.sellers.people = 1, and look further: the best point is the end of the range."},
		d.Sentences[:2])
	assert.Equal(t, []string{"surface", "points"}, []string{d.Sheets[0].Name, d.Sheets[1].Name})
	assert.Equal(t, "70", d.Sheets[0].Rows[1][1].Text)
	assert.Equal(t, "both-keys", d.Pictures[0].Name)
}

// Programs read what is said before the numbers.
func TestRespondAsData(t *testing.T) {
	d := responds(t, 5, []string{"won"}, []string{"media=x1..x2:2"}, func(panel.Leaf, int) float64 { return 1 })
	text, err := json.Marshal(d.Data([]string{"few"}))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), `{"warnings":["few"],"currency":"USD","scenario":"town",`+
		`"outcomes":["won"],"replications":5,"seed":1,"weeks":8,"answer":"The company goes out of business in all 5 runs of the plan. Flat: customers won is the same at every point: 1 (`), "%.160s",
		text)
	assert.Contains(t, string(text), `"axes":[{"key":"media","multiply":true,"values":[1,2]}],"curves":[{"name":"media",`)
}

// The third line names the places that were looked at in more runs than a point has.
func TestRespondNamesWhatWasRunFurther(t *testing.T) {
	a := respond.Answer{Replications: 50}
	require.Empty(t, respondPage{Answer: &a}.further())
	a.RunFurther, a.FurtherReplications = []string{"partners", "email"}, 1200
	require.Equal(t, " (partners and email in 1,200)", respondPage{Answer: &a}.further())
}

// Along a key nothing is advised of a company that fails wherever the plan stands, and no end is looked past that is 0.
func TestRespondAlongAKeyOfSpecialPlans(t *testing.T) {
	budget := []string{"channels.paid-search.weekly_budget=x0..x3:4"}
	of := func(ruin func(i int) float64) *Document {
		return responds(t, 60, []string{"lifetime_margin"}, budget, func(l panel.Leaf, i int) float64 {
			switch {
			case l.Measure.Column == decide.Ruin:
				return ruin(i)
			case l.Setting == "point 1":
				return 900
			}
			return 500
		})
	}
	assert.Equal(t, "Set channels.paid-search.weekly_budget = x0.", of(func(int) float64 { return 0 }).Sentences[1])
	assert.Contains(t, of(func(i int) float64 { return float64(min(i%10, 1)) }).Sentences[0],
		"The company goes out of business in 90% of runs of the plan. Customer lifetime margin is highest at ")
	assert.Equal(t, "Mend that first; outcome = out_of_business shows whether it lasts at any of these points.",
		of(func(int) float64 { return 1 }).Sentences[1])
}

// Where nothing comes back anywhere no place is least bad.
func TestRespondWhereNothingComesBack(t *testing.T) {
	lost := respond.Ranked{Channel: "radio", Next: analysis.Estimate{Value: -1, Low: -1, High: -1, N: 20}}
	worse := respond.Ranked{Channel: "sellers", Kind: respond.Team, Next: analysis.Estimate{Value: -1.3, Low: -1.3, High: -1.3, N: 20}}
	zero := 0.0
	a := &respond.Answer{Amount: 10_000, BreakEven: &zero, Ranked: []respond.Ranked{lost, worse}, Goes: &lost,
		Verdict: decide.Verdict{Kind: decide.No}, Metrics: []*metric.Metric{{Text: "lifetime_margin", Column: plan.Column{Name: "lifetime_margin", Unit: "USD"}}}}
	assert.Equal(t, "Nowhere: none of the next $10,000 comes back as customer lifetime margin on any channel or team ($0 in every run).",
		respondPage{Answer: a, money: "USD", cure: cure}.nextDollar())
}
