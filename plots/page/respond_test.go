package page

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/respond"
	"windfall/sim/panel"
)

// responds lays out what a panel says whose numbers are known.
func responds(t *testing.T, replications int, outcomes, vary []string, of func(l panel.Leaf, i int) float64) *Document {
	t.Helper()
	with := func(changes ...string) (*model.Plan, error) {
		return scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=8"}, changes...)...))
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
	assert.Equal(t, []string{"The next dollar goes to facebook, where it brings $2.00 of lifetime_margin within 8 weeks " +
		"($2.00 to $2.00); the one to take away is on direct-mail, where the last one brought −$1.00 (−$1.00 to −$1.00) " +
		"(95% intervals, 60 replications a point)."}, d.Sentences)
	assert.Empty(t, d.Warnings)
	assert.Equal(t, "channels", d.Sheets[0].Name)
	assert.Equal(t, "facebook", d.Sheets[0].Rows[0][0].Text)
	assert.False(t, d.Sheets[0].Apart)
	assert.True(t, d.Sheets[1].Apart)
	assert.Equal(t, "next-dollar", d.Pictures[0].Name)
	assert.True(t, slices.ContainsFunc(d.Pictures, func(p Picture) bool { return p.Name == "response-facebook" }))
	assert.Equal(t, "compare", d.Next[0].Question)

	none := responds(t, 12, margin, nil, bringing(nil))
	assert.Contains(t, none.Sentences[0], "; not separable from ")
	assert.Contains(t, none.Sentences[0], "; what is given and what is taken may be worth the same: their intervals overlap).")
	assert.Contains(t, none.Sentences[0], "only 12 replications a point")
	assert.Equal(t, []string{"12 replications a point are few for values at the margin; replications = 200 would do"},
		none.Warnings)

	missing := responds(t, 60, margin, nil, func(panel.Leaf, int) float64 { return math.NaN() })
	assert.Equal(t, []string{"What the next dollar brings of lifetime_margin is not known on any channel: not " +
		"known (8 weeks, 60 replications a point)."}, missing.Sentences)
	assert.Empty(t, missing.Pictures)

	idle := responds(t, 60, margin, nil, func(l panel.Leaf, i int) float64 {
		if strings.HasPrefix(l.Setting, "facebook") {
			l.Setting = "plan"
		}
		return bringing(map[string]float64{"paid-search": 1})(l, i)
	})
	assert.Equal(t, []string{"facebook: the plan spends nothing there, and times nothing is nothing; vary =  with dollars " +
		"shows what they would bring"}, idle.Warnings)
	assert.Contains(t, responds(t, 1, margin, nil, bringing(nil)).Sentences[0], "only 1 replication a point")
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
	assert.Equal(t, []string{"lifetime_margin is highest at products.*.price = 30: −$100.50 ± $0.13 in 8 weeks (95% " +
		"interval, 60 replications a point)."}, d.Sentences)
	assert.Len(t, d.Sheets, 2)
	assert.Len(t, d.Pictures, 2)
	assert.Equal(t, "curve-lifetime-margin", d.Pictures[0].Name)
	assert.Equal(t, []decide.Step{{Question: "respond"}}, d.Next)
	assert.Equal(t, []string{"lifetime_margin is the same at every point: $0 ± $0 in 8 weeks (60 replications a point)."},
		responds(t, 60, []string{"lifetime_margin"}, price, func(panel.Leaf, int) float64 { return 0 }).Sentences)
	assert.Equal(t, []string{"cac has no value at any point: nobody was won (8 weeks, 60 replications a point)."},
		responds(t, 60, []string{"cac"}, price, func(panel.Leaf, int) float64 { return math.NaN() }).Sentences)
	assert.Contains(t, responds(t, 60, []string{"out_of_business"}, price,
		func(panel.Leaf, int) float64 { return 1 }).Sentences[0], "out_of_business is the same at every point: 100%")
	assert.Contains(t, responds(t, 60, []string{"cac"}, price, func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "won" && l.Setting == "point 1" {
			return 20
		}
		return 10 + float64(i%2)
	}).Sentences[0], "cac is lowest at products.*.price = 10: ")
	responds(t, 1, []string{"won"}, price, peak)
}

func TestRespondOverTwoKeys(t *testing.T) {
	d := responds(t, 60, []string{"won"}, []string{"media=x1..x2:2", "products.*.price=10..30:3"},
		func(l panel.Leaf, i int) float64 {
			if l.Setting == "point 2-1" {
				return 70
			}
			return 50
		})
	assert.Equal(t, []string{"won is best at media = x2 and products.*.price = 10: 70 ± 0 in 8 weeks (95% interval, 60 " +
		"replications a point)."}, d.Sentences)
	assert.Equal(t, []string{"surface", "points"}, []string{d.Sheets[0].Name, d.Sheets[1].Name})
	assert.Equal(t, "70 ± 0", d.Sheets[0].Rows[1][1].Text)
	assert.Equal(t, "surface", d.Pictures[0].Name)
}

// Programs read what is said before the numbers.
func TestRespondAsData(t *testing.T) {
	d := responds(t, 5, []string{"won"}, []string{"media=x1..x2:2"}, func(panel.Leaf, int) float64 { return 1 })
	text, err := json.Marshal(d.Data([]string{"few"}))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), `{"warnings":["few"],"currency":"USD","scenario":"town",`+
		`"outcomes":["won"],"replications":5,"seed":1,"weeks":8,"answer":"won is the same at every point: 1 (`), "%.160s",
		text)
	assert.Contains(t, string(text), `"axes":[{"key":"media","multiply":true,"values":[1,2]}],"curves":[{"name":"media",`)
}

// The first line names the channels that were looked at in more replications than a point has.
func TestRespondNamesWhatWasRunFurther(t *testing.T) {
	a := respond.Answer{Replications: 50}
	require.Empty(t, respondPage{Answer: &a}.further())
	a.RunFurther, a.FurtherReplications = []string{"partners", "email"}, 1200
	require.Equal(t, "; partners and email in 1,200", respondPage{Answer: &a}.further())
}
