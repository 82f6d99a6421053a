package page

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
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
		verdict := learned.Learned
		if r > 0.9 {
			verdict = learned.Unmoved
			a.Cannot = append(a.Cannot, learned.Unlearned{Unknown: "saturation", Why: learned.ConstantSpend})
		} else if r > 0.5 {
			verdict = learned.Partly
		}
		name := "level." + string(rune('a'+i))
		a.Unknowns = append(a.Unknowns, learned.Estimate{Unknown: learned.Unknown{Name: name, Kind: learned.Level, Of: []string{"a"},
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
		scored(a, 0.9, learned.Score{Series: wonSeries, Cover: 1, Fit: 2, LastYear: 3, Smoothing: 4})
		a.Forecast = []learned.Forecast{{Outcome: company.Won, Weeks: 52, Low: 90, Median: 100, High: 115, Width: 0.25,
			Floor: 0.33},
			{Outcome: learned.CAC, Weeks: 52, Low: 900, Median: 1000, High: 1200, Width: 0.3, Floor: 0.33}}
		d := Fit(a, nil)
		assert.Equal(t, "Your history teaches all of 2 numbers; the plan fits: 4.3% of the history lies outside of "+
			"the 95% of "+
			"runs.", d.Sentences[0])
		assert.Equal(t, "Run acme/plan.toml: it begins where the history ends.", d.Sentences[1])
		assert.Contains(t, d.Sentences[2], "No naive forecast was better for any series.")
		assert.Equal(t, "With the spend of the year before the next 52 weeks bring 100 (90 to 115) customers, at "+
			"C$1,000 (C$900 to "+
			"C$1,200) each (90% intervals).", d.Sentences[3])
		assert.Empty(t, sheetOf(d, "unlearned").Rows)
	})
	t.Run("nothing learned", func(t *testing.T) {
		a := fitted(24, 0.95, 1)
		band(a, wonSeries, 12)
		band(a, learned.Series{Outcome: company.Leads, Channel: "search"}, 0)
		d := Fit(a, nil)
		assert.Equal(t, "Your history teaches none of 2 numbers; the plan does not fit: 26.1% of the history lies "+
			"outside of the "+
			"95% of runs, where chance leaves 5%.", d.Sentences[0])
		assert.Contains(t, d.Sentences[1], "Look at customers won first, which is off most; then run acme/plan.toml.")
		assert.Contains(t, d.Sentences[1], "Your data cannot tell saturation, since the spend hardly varied: vary the "+
			"spend by 40%")
		assert.Contains(t, d.Sentences[1], "Nor 1 more")
		assert.Len(t, sheetOf(d, "unlearned").Rows, 2)
	})
	t.Run("naive wins", func(t *testing.T) {
		a := fitted(24, 0.6)
		band(a, wonSeries, 2)
		scored(a, 0.5, learned.Score{Series: wonSeries, Cover: 0.5, Fit: 5, LastYear: 3, Smoothing: 4},
			learned.Score{Series: learned.Series{Outcome: company.Leads, Channel: "search"}, Cover: 1, Fit: 1, LastYear: 3,
				Smoothing: 4})
		d := Fit(a, nil)
		assert.Contains(t, d.Sentences[0], "teaches 0 of 1 number, and 1 in part; the plan fits in part: 8.7%")
		assert.Contains(t, d.Sentences[2], "A naive forecast was better for 1 of 2 series, customers won among them "+
			"(last year).")
		assert.Equal(t, "last year", sheetOf(d, "backtest").Rows[0][5].Text)
		assert.Equal(t, "the fit", sheetOf(d, "backtest").Rows[1][5].Text)
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
	scored(a, 1, learned.Score{Series: wonSeries, Cover: 1, Fit: 1, LastYear: math.NaN(), Smoothing: 2})
	d := Fit(a, nil)
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
	var names []string
	for _, p := range d.Pictures {
		names = append(names, p.Name)
	}
	assert.Equal(t, "history-won history-revenue unknowns", strings.Join(names, " "))
	assert.Len(t, sheetOf(d, "bands").Rows, 12)
	assert.Len(t, sheetOf(d, "keys").Rows, 2)
}
