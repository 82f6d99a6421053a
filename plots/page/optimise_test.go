package page

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/optimise"
	"windfall/sim/panel"
)

// optimised lays out what panels say in which the numbers of a plan follow from what it spends on media, beside that of
// the plan as it is.
func optimised(t *testing.T, change func(*optimise.Ask), of func(media float64, column string, i int) float64) *Document {
	t.Helper()
	plan, err := loaded("metro", "run.weeks=20")
	require.NoError(t, err)
	a := optimise.Ask{Plan: plan, Metric: "won", Levers: []string{"channels.paid-search.weekly_budget"}, Budget: 1e7,
		Evaluations: 20, Replications: 6, HoldOut: 240}
	change(&a)
	c, err := a.Course()
	require.NoError(t, err)
	defer c.Stop()
	var panels []*panel.Panel
	for {
		round, err := c.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			break
		}
		panels = nil
		for _, part := range round {
			media := map[string]float64{}
			for _, s := range part.Settings {
				media[s.Name] = 1
				if k := len(s.Plan.Changes) - 1; k >= 0 && s.Plan.Changes[k].Name == "optimised" {
					media[s.Name] = s.Plan.Changes[k].Effects[0].Value
				}
			}
			panels = append(panels, part.Panel(part.Replications, func(l panel.Leaf, i int) float64 {
				return of(media[l.Setting], l.Measure.Column, i)
			}))
		}
	}
	d := Optimise(c.Answer(), "best.toml", cure)
	sound(t, d)
	return d
}

func TestOptimiseOfAnyNumbers(t *testing.T) {
	as := func(*optimise.Ask) {}
	alive := func(of func(media float64, i int) float64) func(float64, string, int) float64 {
		return func(media float64, column string, i int) float64 {
			if column == "out_of_business" {
				return 0
			}
			return of(media, i)
		}
	}
	best := optimised(t, as, alive(func(m float64, i int) float64 { return 100 - 10*math.Abs(m-1.5) + float64(i%2) }))
	assert.Regexp(t, `^A better plan was found: 15 more customers won than the plan scaled to the budget in 20 weeks \(\+17\.5%\), `+
		`spending \$[0-9.]+k of a budget of \$10\.0M\.$`, best.Sentences[0])
	assert.Regexp(t, `^Take best.toml. Raise paid-search from \$[0-9.]+k to \$[0-9.]+k \(brings [0-9.]+\)\.$`,
		best.Sentences[1])
	assert.Regexp(t, `^95% intervals from 240 pairs that had no part in the choice among \d+ plans; random variation only, `+
		`since no input is uncertain\.$`, best.Sentences[2])
	assert.Contains(t, printed(best), "the plan scaled to the budget")
	assert.Empty(t, best.Warnings)
	assert.True(t, best.Searched)
	assert.Equal(t, "Scenario metro", best.Pictures[0].Data.(picture.Bars).Subtitle(), "what a plan spends comes from no run")

	flat := optimised(t, func(a *optimise.Ask) { a.Budget = 0 }, alive(func(m float64, i int) float64 { return 5 }))
	assert.Regexp(t, `^Keep the plan: no better one was seen among \d+ plans? that spend \$[0-9.]+k at most\.$`,
		flat.Sentences[0])
	assert.Equal(t, "Keep the plan; evaluations = 600 looks further.", flat.Sentences[1])

	x := optimisePage{Answer: &optimise.Answer{Unchanged: true, Offered: true, Over: analysis.Estimate{N: 60},
		Verdict: decide.Verdict{Kind: decide.No}}, f: words.Money, cure: cure}
	assert.Equal(t, "Not applicable: a budget of $0 leaves nothing to try.", x.finding())
	assert.Equal(t, "Say what may be spent: budget = AMOUNT.", x.do(""))

	stop := optimised(t, func(a *optimise.Ask) { a.Budget, a.Metric = 0, "lifetime_margin" },
		alive(func(m float64, i int) float64 { return -50 - 1000*m + float64(i%2) }))
	assert.Regexp(t, `^The best plan found is to stop selling: it spends \$[0-9.k]+ where the plan spends \$[0-9.]+k, and has \$1,000 `+
		`more customer lifetime margin than the plan in 20 weeks\.$`, stop.Sentences[0], "no share of a loss")
	assert.Contains(t, stop.Sentences[1], "no budget that was tried pays as things stand. Look at price, churn and margin first, or hold what "+
		"must stay: keep = teams.")
	tiny := optimised(t, as, alive(func(m float64, i int) float64 { return 1e-9 + 10*m*float64(int(m*10)/11) }))
	assert.NotContains(t, tiny.Sentences[0], "%", "no share of a trifle")
	risky := optimised(t, as, func(m float64, column string, i int) float64 {
		if column == "out_of_business" {
			return map[bool]float64{true: float64(i % 2), false: 0}[m > 1.2]
		}
		return 100 - 10*math.Abs(m-1.5) + float64(i%2)
	})
	assert.Contains(t, risky.Sentences[1], "but only if going out of business in 50% of runs, against 0%, is acceptable.")
	loss := optimised(t, as, alive(func(m float64, i int) float64 { return -1000 + 10*m }))
	assert.Regexp(t, `^Keep the plan: |^Too close to call: the best of \d+ plans is not told from the plan scaled`, loss.Sentences[0],
		"3 is at the bound")
	assert.NotContains(t, loss.Sentences[0], "%", "no share of a loss")

	ruin := optimised(t, func(a *optimise.Ask) { a.SubjectTo = []string{"P(out_of_business) <= 5%"} },
		func(m float64, _ string, _ int) float64 { return 1 })
	assert.Regexp(t, `^No plan is offered: none of \d+ plans tried within \$10\.0M keeps P\(out_of_business\) <= 5% \(seen 100%, `+
		`95% interval 9\d\.\d% to 100%\)`, ruin.Sentences[0])
	assert.Equal(t, "Relax a constraint, raise the budget, or widen the bounds of the levers.", ruin.Sentences[1])
	assert.Contains(t, printed(ruin), "Constraints of the best plan, on the hold-out")
	assert.Contains(t, printed(ruin), "Plans of the search that no other beat in both")

	doomed := optimised(t, as, func(m float64, column string, i int) float64 {
		if column == "out_of_business" {
			return 1
		}
		return 100 - 10*math.Abs(m-1.5) + float64(i%2)
	})
	assert.Contains(t, doomed.Sentences[0], "The company goes out of business in all 240 runs of the plan and of the best one "+
		"found. A better plan was found")
	assert.Equal(t, "Mend that first: look at price, costs and cash, or search for a plan that lasts: subject-to = "+
		"P(out_of_business)<=5%.", doomed.Sentences[1])

	few := optimised(t, func(a *optimise.Ask) { a.HoldOut, a.Evaluations = 2, 3 },
		alive(func(m float64, i int) float64 { return m + float64(i) }))
	assert.Equal(t, []string{"2 runs are few to judge a plan by; hold-out = 2000 would do",
		"3 evaluations are few for 1 lever: the best plan may be far from here; evaluations = 300 would do"}, few.Warnings)

	never := optimised(t, func(a *optimise.Ask) { a.Metric, a.Budget = "payback_months", 0 },
		func(m float64, column string, i int) float64 {
			switch {
			case column == "out_of_business":
				return 0
			case column == "first_margin" && m >= 0.99:
				return -5
			}
			return 100 + float64(i%5)
		})
	assert.Regexp(t, `^A better plan was found: its pay-back is .*, and the plan has none at all: .+\.$`, never.Sentences[0])
}

// What each change brings is said with it; that all are too close to call is said once.
func TestMovesAreAdvice(t *testing.T) {
	at := func(name string, before, after, brings float64) optimise.Lever {
		e := analysis.Estimate{Value: brings, Low: brings - 10, High: brings + 10, N: 50}
		return optimise.Lever{Lever: "channels." + name + ".weekly_budget", Group: "media", Multiple: after / before,
			PlanSpend: before, Spend: after, Brings: &e}
	}
	says := func(levers ...optimise.Lever) string {
		return optimisePage{Answer: &optimise.Answer{Levers: levers}, f: words.Count}.moves()
	}
	radio, mail := at("radio", 300, 100, 5), at("mail", 100, 0, -2)
	assert.Equal(t, "Cut radio from $300 to $100; what this brings by itself is too close to call", says(radio))
	assert.Equal(t, "Cut radio from $300 to $100; stop mail; what each brings by itself is too close to call",
		says(radio, mail))
	assert.Equal(t, "Cut radio from $300 to $100 (brings 30 ± 10); stop mail (by itself too close to call)",
		says(at("radio", 300, 100, 30), mail))
	assert.Equal(t, "Stop mail; what this brings by itself is too close to call; leave radio as planned, whose change is "+
		"seen to lose by itself", says(at("radio", 300, 100, -30), mail))
	start := radio
	start.Started = true
	assert.Contains(t, says(start), "Start radio with $100; ")
}

// A change that was not taken back has no number, and the table says why.
func TestChangesWithoutANumberAreExplained(t *testing.T) {
	levers := []optimise.Lever{{Lever: "channels.mail.weekly_budget", PlanSpend: 100, Spend: 90, Multiple: 0.9}}
	says := func() string {
		return optimisePage{Answer: &optimise.Answer{Levers: levers, Metric: "won"}, f: words.Count}.levers().Notes[0]
	}
	assert.Contains(t, says(), "Only the largest changes were taken back to see it.")
	levers[0].Spend, levers[0].Multiple = 100, 1
	assert.NotContains(t, says(), "Only the largest")
}

// Programs read what is said beside the numbers: the sentence before them, and the file after it.
func TestOptimiseAsData(t *testing.T) {
	d := optimised(t, func(*optimise.Ask) {}, func(m float64, column string, i int) float64 { return 0 })
	text, err := json.Marshal(d.Data([]string{"few"}))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text),
		`{"warnings":["few"],"currency":"USD","scenario":"metro","metric":"won","weeks":20,"seeds":[1,2,3],"evaluations":`),
		"%.150s", text)
	assert.Contains(t, string(text), `"answer":"`)
	assert.Contains(t, string(text), `"offered":true,"file":"best.toml","uncertain_inputs":0,`)
}
