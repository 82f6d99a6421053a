package page

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/pause"
	"windfall/sim/panel"
)

// cure says how a part of an ask is set, in a test.
func cure(part, value string) string { return part + " = " + value }

// printed is all that a document says.
func printed(d *Document) string {
	var b strings.Builder
	for _, line := range append(append([]string{}, d.Sentences...), d.Warnings...) {
		fmt.Fprintln(&b, line)
	}
	for _, s := range d.Sheets {
		fmt.Fprintln(&b, s.Caption)
		for _, row := range s.Rows {
			for _, c := range row {
				fmt.Fprintln(&b, c.Text)
			}
		}
		for _, note := range s.Notes {
			fmt.Fprintln(&b, note)
		}
	}
	return b.String()
}

// sound checks what holds of the document of any answer.
func sound(t *testing.T, d *Document) {
	t.Helper()
	require.NotEmpty(t, d.Sentences)
	for _, line := range strings.Split(printed(d), "\n") {
		for _, bad := range []string{"NaN", "Inf", "%!", "--"} {
			assert.NotContains(t, line, bad)
		}
	}
	_, err := json.Marshal(d.Data(d.Warnings))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, p := range d.Pictures {
		names[p.Name] = true
	}
	for _, s := range d.Sheets {
		assert.False(t, names[s.Name], "a table and the numbers of a picture are files of one name: %s", s.Name)
		for _, row := range s.Rows {
			assert.Len(t, row, len(s.Columns), s.Name)
		}
	}
	for _, p := range d.Pictures { // a picture says so, too, where inputs are drawn: it is looked at by itself
		source := reflect.ValueOf(p.Data).FieldByName("Source").Interface().(picture.Source)
		switch said := strings.Join(d.Sentences, " "); {
		case source.Replications == 0:
		case strings.Contains(said, "no input is uncertain"):
			assert.Empty(t, source.Note, p.Name)
		case strings.Contains(said, drawn(1)) || strings.Contains(said, "drawn from their stated ranges"):
			assert.Contains(t, []string{picture.Uncertain(1), "inputs set, not drawn"}, source.Note, p.Name)
		}
	}
}

// pauses lays out what a panel says in which all numbers are base, and with the pause
// base and change.
func pauses(t *testing.T, replications int, base, change func(m panel.Measure) float64) *Document {
	t.Helper()
	plan, err := loaded("metro", "run.weeks=8")
	require.NoError(t, err)
	a := pause.Ask{Plan: plan, What: []string{"brand"}, Weeks: []int{1, 2}}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(replications, func(l panel.Leaf, i int) float64 {
		x := base(l.Measure) + float64(i%2)
		if l.Setting != "plan" {
			x += change(l.Measure)
		}
		if l.Measure.Column == "out_of_business" {
			x = base(l.Measure)
		}
		return x
	}))
	require.NoError(t, err)
	d := Pause(answer, cure)
	sound(t, d)
	return d
}

func TestPauseOfAnyNumbers(t *testing.T) {
	plain := func(m panel.Measure) float64 {
		if m.Column == "out_of_business" {
			return 0
		}
		return 100
	}
	none := func(panel.Measure) float64 { return 0 }
	same := pauses(t, 300, plain, none)
	assert.Equal(t, []string{"Not applicable: nothing is spent on the brand in the weeks from 2013-01-29, so there is nothing " +
		"to pause.", "Ask about a pause of something on which the plan spends.", "95% intervals from 300 pairs of " +
		"each length over 8 weeks; random variation only, since no input is uncertain."}, same.Sentences)
	assert.Contains(t, printed(same), "identical")
	lost := pauses(t, 300, plain, func(m panel.Measure) float64 {
		switch m.Column {
		case "lifetime_margin", "ltv_total":
			return -700
		case "acquisition_cost":
			return -250
		}
		return 0
	})
	assert.Equal(t, []string{"Pausing for 2 weeks saves $250 and costs $700 of customer lifetime margin over 5 years: a net " +
		"loss of $700.", "Do not pause the brand."}, lost.Sentences[1:3])
	gains := pauses(t, 300, plain, func(m panel.Measure) float64 {
		switch m.Column {
		case "lifetime_margin":
			return 450
		case "acquisition_cost":
			return -450
		}
		return 0
	})
	assert.Equal(t, []string{"Pausing for 2 weeks saves $450 and costs $0 of customer lifetime margin over 5 years: a net gain " +
		"of $450.", "Pause the brand for 1 or 2 weeks: which gains more is too close to call."}, gains.Sentences[1:3])
	missing := pauses(t, 300, func(panel.Measure) float64 { return math.NaN() }, none)
	assert.Equal(t, []string{"Not applicable: what pausing for 1 week comes to is not known.",
		"Not applicable: what pausing for 2 weeks comes to is not known.",
		"Ask about a plan with sign-ups, or a pause of something that brings some."}, missing.Sentences[:3])
	idle := pauses(t, 300, func(m panel.Measure) float64 { return plain(m) - 100 }, none)
	assert.NotContains(t, idle.Sentences[0], "no sign-ups", "there is one in every other run")
	ruin := pauses(t, 300, func(m panel.Measure) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return 100
	}, none)
	assert.Empty(t, ruin.Warnings, "the finding says that all fail")
	assert.Equal(t, "Mend the plan first: the company goes out of business in all 300 runs, with a pause or without.",
		ruin.Sentences[1])
	one := pauses(t, 1, plain, none)
	assert.Equal(t, []string{"1 pair is too few for single weeks and channels; replications = 1000 would do"}, one.Warnings)
	assert.NotContains(t, printed(one), "Not enough runs", "which the warning says of the whole answer")
	assert.Equal(t, []decide.Step{{Question: "respond"}, {Lesson: "L05"}}, one.Next)
}

// What holds of all pauses is said once: the company is gone before they begin, or nothing is spent.
func TestPauseOfNothing(t *testing.T) {
	say := func(of ...pause.Effect) []string {
		x := pausePage{&pause.Answer{What: "radio", From: "2013-10-01", Replications: 30, Pauses: of}, "USD", cure}
		return []string{x.none(), x.do()}
	}
	certain := analysis.Estimate{Value: 1, Low: 0.9, High: 1, N: 30}
	gone := pause.Effect{Length: 1, Gone: true, Nothing: true, RuinA: certain, RuinB: certain}
	assert.Equal(t, []string{"Not applicable: the company is out of business before the pause begins, in all 30 runs.",
		"Mend the plan first: the company goes out of business in all 30 runs, with a pause or without."}, say(gone, gone))
	idle := pause.Effect{Length: 2, Nothing: true}
	assert.Equal(t, []string{"Not applicable: nothing is spent on radio in the weeks from 2013-10-01, so there is nothing to pause.",
		"Ask about a pause of something on which the plan spends."}, say(idle))
	assert.Empty(t, say(idle, pause.Effect{Length: 3, RuinA: certain})[0], "the longer one saves something")
}

// Where nobody signs up a pause saves its spend and loses nothing.
func TestPauseWhereNobodySignsUp(t *testing.T) {
	say := func(saves, lost float64) []string {
		x := pausePage{&pause.Answer{What: "radio", Replications: 30, Years: 5, Pauses: []pause.Effect{{Length: 1, Idle: true,
			Verdict: decide.Verdict{Kind: decide.Yes}, Unspent: analysis.Estimate{Value: saves, N: 30},
			Lost:     analysis.Estimate{Value: lost, N: 30},
			Lifetime: analysis.Estimate{Value: saves - lost, Low: saves - lost, High: saves - lost, N: 30}}}}, "USD", cure}
		return []string{x.sentence(&x.Pauses[0]), x.do()}
	}
	assert.Equal(t, []string{"Pausing for 1 week saves $420 and loses nothing, since nobody signs up with the pause or without: " +
		"a net gain of $420.", "Spend nothing on radio until firms sign up: ask first what keeps them away."}, say(420, 0))
	assert.Contains(t, say(420, 20)[0], "costs $20 of customer lifetime margin", "what the brand would have left after the run")
}

// An amount below one unit of the currency is only that, beside others in hundreds.
func TestPauseThatCostsNextToNothing(t *testing.T) {
	d := pauses(t, 300, func(m panel.Measure) float64 {
		return map[bool]float64{true: 0, false: 100}[m.Column == "out_of_business"]
	}, func(m panel.Measure) float64 {
		return map[string]float64{"lifetime_margin": 450.08, "acquisition_cost": -450, "ltv_total": 0.08}[m.Column]
	})
	assert.Contains(t, d.Sentences[1], "saves $450 and adds less than one dollar of customer lifetime margin over 5 years: a net gain")
}

// Programs read what is said beside the numbers: the sentence after the length.
func TestPauseAsData(t *testing.T) {
	d := pauses(t, 5, func(m panel.Measure) float64 { return float64(len(m.Column) % 2) },
		func(panel.Measure) float64 { return -1 })
	text, err := json.Marshal(d.Data([]string{"few"}))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text),
		`{"warnings":["few"],"currency":"USD","scenario":"metro","what":"brand","from":`), "%.120s", text)
	assert.Contains(t, string(text), `"pauses":[{"weeks":1,"answer":"Pausing for 1 week saves `)
}
