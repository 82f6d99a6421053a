package page

import (
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/scenarios/company"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
	"windfall/sim/fit/learned"
)

// fitted is a made-up answer over some months: unknowns of which a ratio is left, series of which some lie outside.
func fitted(months int, ratios ...float64) *learned.Fit {
	h := &company.History{Monthly: true}
	for m := range months {
		h.Periods = append(h.Periods, company.Period{From: plan.NewDate(2025, 1+m, 1), To: plan.NewDate(2025, 2+m, 1)})
	}
	a := &learned.Fit{Answer: &learned.Answer{Runs: 741}, Name: "acme", Currency: "CAD", History: h, Share: 1, Seed: 1,
		Plan: "acme/plan.toml"}
	for i, r := range ratios {
		verdict, name := learned.Learned, "level."+string(rune('a'+i))
		if r > 0.9 {
			verdict = learned.Unmoved
			a.Cannot = append(a.Cannot, learned.Unlearned{Unknown: name, Why: learned.ConstantSpend})
		} else if r > 0.5 {
			verdict = learned.Partly
		}
		a.Unknowns = append(a.Unknowns, learned.Estimate{Unknown: learned.Unknown{Name: name, Kind: learned.Level, Of: []string{name[6:]},
			Prior: learned.Prior{SD: 0.5, Source: "C1"}}, SD: 0.5 * r, Ratio: r, Verdict: verdict})
		a.Keys = append(a.Keys, "channels."+name[6:]+".max_touches_per_week")
	}
	for range 20 {
		row := make([]float64, len(a.Keys))
		for k := range row {
			row[k] = 0.01 * float64(k+1)
		}
		a.Values = append(a.Values, row)
	}
	return a
}

// band adds a series of which some periods lie outside.
func band(a *learned.Fit, s learned.Series, outside int) {
	b := learned.Band{Series: s, Outside: outside}
	for i := range a.History.Periods {
		seen := 10.
		if i == 1 {
			seen = math.NaN() // not known
		} else {
			b.Known++
		}
		b.Seen = append(b.Seen, seen)
		b.Low, b.Median, b.High = append(b.Low, 5), append(b.Median, 9), append(b.High, 14)
	}
	a.Bands = append(a.Bands, b)
}

func scored(a *learned.Fit, cover float64, scores ...learned.Score) {
	a.BackTest = &learned.BackTest{Periods: 3, Cover: cover, Scores: scores}
}

var wonSeries = learned.Series{Outcome: company.Won}

// What stands first says what was learned, whether the plan fits, and where a naive forecast is better.
func TestFitSaysWhatItFound(t *testing.T) {
	t.Run("all learned", func(t *testing.T) {
		a := fitted(24, 0.1, 0.3)
		band(a, wonSeries, 1)
		scored(a, 0.9, learned.Score{Series: wonSeries, Inside: 3, Known: 3, Fit: 2, LastYear: 3, Smoothing: 4})
		a.Forecast = []learned.Forecast{{Outcome: company.Won, Weeks: 52, Low: 90, Median: 100, High: 115, Width: 0.25,
			Floor: 0.33},
			{Outcome: learned.CAC, Weeks: 52, Low: 900, Median: 1000, High: 1200, Width: 0.3, Floor: 0.33}}
		d := Fit(a, nil)
		assert.Equal(t, "Your history teaches all of 2 numbers; the plan fits: 4.3% of the history lies outside "+
			"the range of 95% of runs. With the spend of the year before, the next 52 weeks bring 100 (90 to 115) customers at "+
			"C$1,000 (C$900 to C$1,200) each (90% intervals).", d.Sentences[0])
		assert.Equal(t, "Run acme/plan.toml: it begins where the history ends.", d.Sentences[1])
		assert.Contains(t, d.Sentences[2], "No naive forecast was better for any series.")
		assert.Empty(t, sheetOf(d, "unlearned").Rows)
	})
	t.Run("nothing learned", func(t *testing.T) {
		a := fitted(24, 0.95, 1)
		band(a, wonSeries, 12)
		band(a, learned.Series{Outcome: company.Leads, Channel: "search"}, 0)
		d := Fit(a, nil)
		assert.Equal(t, "Your history teaches none of 2 numbers; the plan does not fit: 26.1% of the history lies "+
			"outside the range of 95% of runs, where chance leaves 5%.", d.Sentences[0])
		assert.Contains(t, d.Sentences[1], "Look at customers won first, which is off most; then run acme/plan.toml.")
		assert.Contains(t, d.Sentences[2], " Your data cannot tell the response of a and the response of b; the column "+
			"\"what would teach it\" says what would.")
		assert.Len(t, sheetOf(d, "unlearned").Rows, 2)
	})
	t.Run("naive wins", func(t *testing.T) {
		a := fitted(24, 0.6)
		band(a, wonSeries, 2)
		scored(a, 0.5, learned.Score{Series: wonSeries, Inside: 1, Known: 2, Fit: 5, LastYear: 3, Smoothing: 4},
			learned.Score{Series: learned.Series{Outcome: company.Leads, Channel: "search"}, Inside: 3, Known: 3, Fit: 1, LastYear: 3,
				Smoothing: 4})
		d := Fit(a, nil)
		assert.Contains(t, d.Sentences[0], "teaches 0 of 1 number, and 1 in part; the plan fits in part: 8.7%")
		assert.Contains(t, d.Sentences[2], "A naive forecast was better for 1 of 2 series, among them customers won "+
			"(last year).")
		assert.Equal(t, "last year", sheetOf(d, "backtest").Rows[0][5].Text)
		assert.Equal(t, "the fit", sheetOf(d, "backtest").Rows[1][5].Text)
	})
	t.Run("all fits except for cash", func(t *testing.T) {
		a := fitted(24, 0.1)
		cash := learned.Series{Outcome: company.Cash}
		for range 20 {
			band(a, wonSeries, 0)
		}
		assert.NotContains(t, Fit(a, nil).Sentences[0], "except")
		pictures := len(Fit(a, nil).Pictures)
		band(a, cash, 23)
		d := Fit(a, nil)
		assert.Contains(t, d.Sentences[0], "; the plan fits except for cash (outside in 23 of 23 periods): 4.8% of the history")
		assert.Len(t, d.Pictures, pictures+1, "what does not fit is shown")
	})
	t.Run("beyond the plan", func(t *testing.T) {
		a := fitted(24, 0.1)
		a.Off = []string{"log bill", "churned, half-year 1"}
		a.Bands = append(a.Bands, learned.Band{Series: learned.Series{Outcome: company.Churned}})
		assert.Contains(t, Fit(a, nil).Sentences[2], "of the history. What no values of these numbers make taught nothing: what a customer "+
			"pays a month and customers lost, half-year 1. The history")
		a.Off = append(a.Off, "won.sales", "leads.email", "leads.seo")
		assert.Contains(t, Fit(a, nil).Sentences[2], "won.sales and 2 more. The history")
		a.Off, a.Misfit = nil, 2.5
		assert.Contains(t, Fit(a, nil).Sentences[2], "of the history. No values of these numbers make the history, so that all its "+
			"errors were taken 2.5 times as large. The history")
	})
	t.Run("predictions that are wider", func(t *testing.T) {
		a := fitted(24, 0.1)
		a.Missed = []learned.Missed{{Series: learned.Series{Outcome: company.Revenue}, SD: 0.3, Stays: 0.5}}
		assert.Contains(t, Fit(a, nil).Sentences[2], "of the history. The plan misses more of revenue than chance, so that predictions "+
			"are wider by that: by 35% in a month. The history")
		a.Missed = append(a.Missed, learned.Missed{Series: wonSeries, SD: 0.1}, learned.Missed{Series: wonSeries}, learned.Missed{})
		assert.Contains(t, Fit(a, nil).Sentences[2], "more of revenue, customers won, customers won and 1 more than chance, so that "+
			"predictions are wider by that: by at most 35% in a month. The history")
		a.History.Monthly = false
		a.BackTest = &learned.BackTest{Periods: 13, Missed: a.Missed[:1], Scores: []learned.Score{{Series: wonSeries}}}
		text, err := json.Marshal(Fit(a, nil).Data(nil))
		require.NoError(t, err)
		assert.Contains(t, string(text), `"missed":[{"series":"revenue","relative_sd":0.3,"stays":0.5}]}`)
		assert.Contains(t, Fit(a, nil).Sentences[2], "in a week. The last 13 weeks")
	})
	t.Run("at the edge of what was assumed", func(t *testing.T) {
		a := fitted(24, 0.1, 0.2, 0.95)
		a.Notes = []string{"a note"}
		assert.Equal(t, a.Notes, Fit(a, nil).Warnings)
		a.Unknowns[0].Mean = 0.73 // 1.46 standard deviations
		assert.Equal(t, a.Notes, Fit(a, nil).Warnings)
		assert.Equal(t, "learned", sheetOf(Fit(a, nil), "unknowns").Rows[0][1].Text)
		a.Unknowns[0].Mean, a.Unknowns[0].SD = 1.1, 0.07
		d := Fit(a, nil)
		assert.Equal(t, []string{"a note", "your history disagrees with what is assumed of the response of a (3 times the first " +
			"plan's number; 0.439 to 2.28 was assumed): check its rows in history.csv and what it rests on, in the table unknowns"},
			d.Warnings)
		assert.Equal(t, "learned, at edge", sheetOf(d, "unknowns").Rows[0][1].Text)
		assert.Equal(t, string(learned.Learned), sheetOf(d, "unknowns").Rows[0][1].Code, "programs have the verdict")
		assert.Contains(t, sheetOf(d, "unknowns").Notes[0], "At edge: ")
		a.Unknowns[1].Mean = -1
		assert.Contains(t, Fit(a, nil).Warnings[1], " was assumed) and the response of b (0.368 times the first plan's number; "+
			"0.439 to 2.28 was assumed): check their rows")
		assert.Len(t, a.Notes, 1)
	})
	t.Run("few months", func(t *testing.T) {
		a := fitted(3, 0.7)
		a.Share = 0.1
		d := Fit(a, nil)
		assert.Equal(t, "Your history teaches 0 of 1 number, and 1 in part; how well it fits is not known.",
			d.Sentences[0])
		assert.Equal(t, "90% intervals from 741 runs of the history with 10% of the firms. The history is too short "+
			"to predict its "+
			"end from the time before.", d.Sentences[2])
		assert.Empty(t, sheetOf(d, "backtest").Rows)
	})
}

func sheetOf(d *Document, name string) *Sheet {
	for _, s := range d.Sheets {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// What programs read is whole, also where numbers are missing, and pictures show each series and the unknowns.
func TestFitForPrograms(t *testing.T) {
	a := fitted(4, 0.2, 1)
	band(a, wonSeries, 0)
	band(a, learned.Series{Outcome: company.Revenue}, 0)
	band(a, learned.Series{Outcome: company.Won, Team: "sales"}, 0)
	scored(a, 1, learned.Score{Series: wonSeries, Inside: 3, Known: 3, Fit: 1, LastYear: math.NaN(), Smoothing: 2})
	a.Beside = 100
	a.Summaries = []learned.Summary{{Name: "won, half-year 1"}, {Name: "wonder"}}
	d := Fit(a, nil)
	score := sheetOf(d, "backtest").Rows[0][1]
	assert.Equal(t, "3 of 3", score.Text, "no percentage of a few periods")
	assert.Equal(t, "customers won, half-year 1", sheetOf(d, "summaries").Rows[0][0].Text)
	assert.Equal(t, "wonder", sheetOf(d, "summaries").Rows[1][0].Text)
	assert.Equal(t, 100, d.Pictures[0].Data.(picture.Curve).Replications, "bands are of the runs beside the history")
	assert.Equal(t, 741, d.Pictures[len(d.Pictures)-1].Data.(picture.Bars).Replications)
	text, err := json.Marshal(d.Data([]string{"a note"}))
	require.NoError(t, err)
	var back struct {
		Warnings []string
		Answer   string
		Verdict  string
		Unknowns []struct {
			Name string
			Now  []float64
		}
		Backtest struct {
			Crps []struct {
				LastYear *float64 `json:"last_year"`
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, []string{"a note"}, back.Warnings)
	assert.Equal(t, d.Sentences[0], back.Answer)
	assert.Equal(t, "fits", back.Verdict)
	assert.InDelta(t, 1, back.Unknowns[0].Now[1], 1e-12)
	assert.Nil(t, back.Backtest.Crps[0].LastYear)
	assert.Contains(t, string(text), `"unexplained":[],"misfit":0`)
	// What no values make, with what the history has of it.
	a.Misfit, a.Off = 2.5, []string{"log bill", "gone"}
	a.Summaries = []learned.Summary{{Name: "log bill", Seen: 560, Expected: 401.5, SD: 160}}
	text, err = json.Marshal(Fit(a, nil).Data(nil))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"unexplained":[{"summary":"log bill","seen":560,"expected":401.5},`+
		`{"summary":"gone","seen":null,"expected":null}],"misfit":2.5`)
	var names []string
	for _, p := range d.Pictures {
		names = append(names, p.Name)
	}
	assert.Equal(t, "history-won history-revenue unknowns", strings.Join(names, " "))
	assert.Len(t, sheetOf(d, "bands").Rows, 12)
	assert.Len(t, sheetOf(d, "keys").Rows, 2)
}

// docs/company.md names every key of what programs read.
func TestKeysOfAFitAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/company.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(page), "| key of fit.json |")
	require.True(t, ok)
	table, _, _ := strings.Cut(rest, "\n\n")
	var walk func(of reflect.Type)
	walk = func(of reflect.Type) {
		for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			return
		}
		for i := range of.NumField() {
			field := of.Field(i)
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if key != "" && key != "-" {
				assert.Contains(t, table, "`"+key+"`", of)
			}
			if field.Anonymous || strings.HasPrefix(field.Type.String(), "[]page.") || strings.HasPrefix(field.Type.String(), "*page.") {
				walk(field.Type)
			}
		}
	}
	walk(reflect.TypeFor[fitData]())
	walk(reflect.TypeFor[value.BudgetsAnswer]())
}

// What to measure next is one sentence with what it is worth, or that nothing is; the table has the budgets that it
// decides, and names for people beside those for programs.
func TestFitSaysWhatToMeasureNext(t *testing.T) {
	money := func(v float64) analysis.Estimate { return analysis.Estimate{Value: v, Low: v / 2, High: 2 * v} }
	a := fitted(24, 0.1, 0.3)
	worth := &value.BudgetsAnswer{Draws: 100, Weeks: 52, Worth: true, All: money(5000), Changes: money(0.4),
		Verdict: decide.Verdict{Kind: decide.Yes}, Small: 2,
		Inputs: []value.Measured{{Input: "level.b", Value: money(3000), Changes: money(0.3), Worth: true, Budgets: []string{"a", "b"}},
			{Input: "level.a", Value: analysis.Estimate{}, Changes: money(0)}},
		Budgets: []value.Budget{{Key: "channels.a.weekly_budget", Name: "a", Spend: 9000, Times: 0.5, Gain: money(700)},
			{Key: "channels.b.weekly_budget", Name: "b", Spend: 800, Times: 1.5, Gain: analysis.Estimate{Low: -1, High: 1}}}}
	d := Fit(a, worth)
	assert.Equal(t, "Run acme/plan.toml: it begins where the history ends. As things are known, halve the budget of a, "+
		"each decided by itself. Measure the response of b next: to know it exactly would be worth C$3,000 (C$1,500 to C$6,000) over the next 52 weeks, since it decides the budgets of a and b. "+
		"To know everything would be worth C$5,000 (C$2,500 to C$10.0k).", d.Sentences[1])
	both := *worth
	both.Budgets = []value.Budget{{Name: "a", Times: 0.5, Gain: money(7)}, {Name: "b", Times: 0.5, Gain: money(7)},
		{Name: "c", Times: 1.5, Gain: money(7)}, {Name: "d", Times: 1, Gain: money(7)}}
	assert.Contains(t, Fit(a, &both).Sentences[1], "halve the budgets of a and b and raise the budget of c by half, each")
	s := sheetOf(d, "measure")
	assert.Equal(t, 2, s.Printed(false), "what is worth nothing is not printed")
	assert.Equal(t, "response of b", s.Rows[1][0].Text)
	assert.Contains(t, s.Notes[2], "the 2 smallest budgets")
	assert.Contains(t, s.Notes[0], "knowing it changes a budget, each known to within 30 percentage points.", "half of 20% to 80%")
	_, rows := s.Kept(func(name string) string { return name })
	assert.Equal(t, []any{"all", "level.b", "level.a"}, []any{rows[0][0], rows[1][0], rows[2][0]})
	b := sheetOf(d, "budgets")
	assert.Equal(t, "halve it", b.Rows[0][2].Text)
	assert.Equal(t, "too close to call", b.Rows[1][2].Text)
	text, err := json.Marshal(d.Data(nil))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"measure":{"draws":100,`)
	assert.Contains(t, string(text), `"input":"level.b"`)

	worth.Inputs[0].Value, worth.Inputs[0].Worth = analysis.Estimate{}, false
	assert.Contains(t, Fit(a, worth).Sentences[1], "No single number is worth measuring before you set budgets; to know all "+
		"of them exactly would be worth C$5,000")
	worth.Verdict.Kind, worth.All = decide.No, analysis.Estimate{High: 100}
	assert.Contains(t, Fit(a, worth).Sentences[1], "Nothing is worth measuring before you set budgets, as far as can be "+
		"seen: to know every number exactly would be worth C$0 (C$0 to C$100) over the next 52 weeks.")
	assert.Equal(t, 1, sheetOf(Fit(a, worth), "measure").Printed(false))
	worth.All.High = 0
	assert.Contains(t, Fit(a, worth).Sentences[1], "to know every number exactly would change none.")
	worth.Verdict.Kind = decide.NotApplicable
	assert.Equal(t, "Run acme/plan.toml: it begins where the history ends.", Fit(a, worth).Sentences[1])
	assert.Empty(t, sheetOf(Fit(a, nil), "measure").Rows)
}
