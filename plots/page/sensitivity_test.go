package page

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/sensitivity"
	"windfall/sim/panel"
)

// split lays out what a panel says of outcomes: a number of the opening cash and chance of a
// run.
func split(t *testing.T, rows int, outcomes []string, of func(cash, chance float64) float64) *Document {
	t.Helper()
	a := sensitivity.Ask{Plan: unsure(t), Outcomes: outcomes, Rows: rows}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(design.Replications, func(_ panel.Leaf, i int) float64 {
		at := make([]float64, 2) // in the order of their names
		chance := rand.New(rand.NewPCG(uint64(design.At(i, at)), 1)).Float64()
		return of(at[1], chance)
	}))
	require.NoError(t, err)
	d := Sensitivity(answer, cure)
	sound(t, d)
	return d
}

func TestSensitivityOfAnyNumbers(t *testing.T) {
	of := func(cash, chance float64) float64 { return float64(30*cash) + float64(10*chance) }
	d := split(t, 200, []string{"cash_end"}, of)
	assert.Regexp(t, `^Opening cash \([\d.]+% to 100% of the variance\) matters most for cash at the end; random variation alone explains `+
		`[\d.]+% \(.*\)\.$`, d.Sentences[0], "an input whose share is 0 does not matter")
	assert.Equal(t, []string{"Find out opening cash first: no other input is seen to explain more of the variance of cash at the end.", "95% intervals from 200 rows " +
		"of the design (1,080 runs over 4 weeks), with 2 uncertain inputs drawn from their stated ranges; the share of an " +
		"input counts what it explains together with others."}, d.Sentences[1:])
	chance := split(t, 200, []string{"cash_end"}, func(cash, chance float64) float64 { return float64(cash) + float64(30*chance) })
	assert.Contains(t, chance.Sentences[1], "Do not expect to foresee cash at the end: chance decides most of it.")
	assert.Equal(t, "200 rows of the design, 1,080 runs in all", d.Size)
	assert.Empty(t, d.Warnings)
	require.Len(t, d.Sheets, 2)
	assert.Equal(t, []string{"indices", "tornado"}, []string{d.Sheets[0].Name, d.Sheets[1].Name})
	assert.Regexp(t, `^\$\d`, d.Sheets[1].Rows[0][1].Text, "cash at its 5% is money")
	assert.Equal(t, "95% intervals", d.Pictures[0].Data.(picture.Bars).Ends, "a share of a variance is no mean")
	assert.Equal(t, []string{"variance-cash-end", "tornado-cash-end"}, []string{d.Pictures[0].Name, d.Pictures[1].Name})
	assert.Contains(t, d.Pictures[0].Data.(picture.Bars).Subtitle(), "inputs uncertain")
	tornado := d.Pictures[1].Data.(picture.Bars)
	assert.Equal(t, "inputs set, not drawn", tornado.Note)
	assert.Contains(t, sheetOf(d, "tornado").Notes[0], words.Counted(tornado.Replications, "seed"), "the runs of each end, not all")
	text, err := json.Marshal(d.Data(nil))
	require.NoError(t, err)
	assert.Regexp(t, `^{"scenario":"town","rows":200,"runs":1080,"tornado_seeds":16,"seed":1,"weeks":4,"what_to_do":".*","how_sure":".*","outcomes":`+
		`\[{"outcome":"cash_end","unit":"USD","answer":".*","rows":200,"rows_left_out":0,"mean":`, string(text))

	// An input that is not seen to matter may matter more than one that is: then neither is said to matter most.
	open := sensitivity.Outcome{Text: "won", Indices: []sensitivity.Index{
		{Inputs: []string{"a"}, Total: analysis.Estimate{Value: 0.05, Low: 0, High: 0.14, N: 16}},
		{Inputs: []string{"b"}, Total: analysis.Estimate{Value: 0.016, Low: 0.0014, High: 0.031, N: 16}}},
		Chance: analysis.Estimate{Value: 0.3, Low: 0.2, High: 0.4, N: 16}, Verdict: decide.Verdict{Kind: decide.Yes},
		Deviation: 1}
	x := sensitivityPage{&sensitivity.Answer{Rows: 16, Outcomes: []sensitivity.Outcome{open}}, inputs{}, cure}
	assert.Equal(t, "B (0.14% to 3.1% of the variance) is seen to matter for customers won; a (0% to 14%) may matter more; "+
		"random variation alone explains 30% (20% to 40%).", outcomePage{x, &open, words.Plain}.sentence())
	assert.Equal(t, "Find out b first, of what is seen to matter; replications = 100 may tell whether another matters more.",
		x.do())

	// What explains next to nothing does not matter most beside what does.
	trifle := sensitivity.Outcome{Text: "won", Indices: []sensitivity.Index{
		{Inputs: []string{"a"}, Total: analysis.Estimate{Value: 0.13, Low: 0.003, High: 0.258, N: 16}},
		{Inputs: []string{"b"}, Total: analysis.Estimate{Value: 0.0017, Low: 0.0005, High: 0.0029, N: 16}}},
		Chance: analysis.Estimate{Value: 0.9, Low: 0.83, High: 0.98, N: 16}, Verdict: decide.Verdict{Kind: decide.Yes},
		Deviation: 1}
	assert.Equal(t, "A (0.3% to 25.8% of the variance) matters most for customers won; random variation alone explains 90% "+
		"(83% to 98%).", outcomePage{x, &trifle, words.Plain}.sentence())

	// What is not seen to matter and brings more than what is hides the latter: nothing far down the list matters most.
	index := func(name string, v, low, high float64) sensitivity.Index {
		e := analysis.Estimate{Value: v, Low: low, High: high, N: 8}
		return sensitivity.Index{Inputs: []string{name}, First: e, Total: e}
	}
	ranked := sensitivity.Outcome{Text: "won", Indices: []sensitivity.Index{index("a", 0.52, 0.05, 0.99),
		index("b", 0.216, 0, 0.43), index("c", 0.173, 0.015, 0.33), index("d", 0.023, 0.002, 0.044)},
		Chance: analysis.Estimate{Value: 0, Low: 0, High: 0.346, N: 8}, Verdict: decide.Verdict{Kind: decide.Yes},
		Deviation: 1}
	assert.Equal(t, "A (5% to 99% of the variance) matters most for customers won; b (0% to 43%) may come next; random "+
		"variation alone explains at most 34.6%.", outcomePage{x, &ranked, words.Plain}.sentence(), "cut at 0, it is not 0")
	ranked.Indices[1], ranked.Indices[2] = ranked.Indices[2], ranked.Indices[1]
	assert.Contains(t, outcomePage{x, &ranked, words.Plain}.sentence(), "A (5% to 99% of the variance) and c (1.5% to 33% of "+
		"the variance) matter most for customers won; b (0% to 43%) may come next; ")

	ranked.Indices = ranked.Indices[:3]
	ranked.Indices[2].Total.High = 0.9
	assert.Contains(t, outcomePage{x, &ranked, words.Plain}.sentence(), " matter most for customers won; b (0% to 90%) may "+
		"matter as much; ", "as the first of them")

	// A share by itself that is larger than with others is chance, and the table says so; tied inputs are named.
	assert.Len(t, outcomePage{x, &ranked, words.Plain}.indices("").Notes, 2)
	ranked.Indices[0].First.Value, ranked.Indices[0].Inputs = 0.69, []string{"a", "e"}
	notes := outcomePage{x, &ranked, words.Plain}.indices("").Notes
	assert.Contains(t, notes[1], "In truth the first order is never the larger; where it is here, that is chance.")
	assert.Equal(t, "Tied to each other: a and e.", notes[2])

	two := split(t, 200, []string{"won", "P(cash_end < 15)"}, of)
	assert.Len(t, two.Sentences, 4)
	assert.Contains(t, two.Sentences[0], "matters most for customers won")
	assert.Equal(t, "tornado-2", two.Sheets[3].Name)
	assert.Equal(t, "variance-P-cash-end-15", two.Pictures[2].Name)

	for name, c := range map[string]struct {
		rows int
		of   func(cash, chance float64) float64
		want string
	}{
		"still": {200, func(float64, float64) float64 { return 0 }, "Not applicable: cash at the end does not vary; it is $0 in every run."},
		"losses alike": {200, func(float64, float64) float64 { return -5000 }, "Not applicable: cash at the end does not vary; it is " +
			"−$5,000 in every run."},
		"missing": {200, func(float64, float64) float64 { return math.NaN() }, "Not applicable: nothing can be said of cash at the end, " +
			"which has no value in some run of 200 of 200 rows of the design."},
		"one row": {1, of, "Not applicable: nothing can be said of cash at the end, for which 3 rows of the design are needed at least."},
	} {
		assert.Equal(t, c.want, split(t, c.rows, []string{"cash_end"}, c.of).Sentences[0], name)
	}
	few := split(t, 10, []string{"cac"}, func(cash, _ float64) float64 {
		if cash > 0.9 {
			return math.NaN()
		}
		return cash
	})
	require.Len(t, few.Warnings, 2)
	assert.Equal(t, "10 rows are few: intervals are wide and cover less than they say; replications = 200 would do",
		few.Warnings[0])
	assert.Regexp(t, `^fully loaded CAC has no number in \d rows? of 10, which are left out$`, few.Warnings[1])
}
