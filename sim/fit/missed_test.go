package fit

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/fit/learned"
)

// madeUp is a fit of one series of weeks: runs lie around 1,000 with a spread of 50, and the history by some share of it
// farther, of which a part stays from week to week.
func madeUp(weeks int, sd, stays float64, seed uint64) (*fitting, [][]float64) {
	l := &layout{series: []learned.Series{{Outcome: company.Revenue}}, observed: 1, weeks: weeks}
	key := rng.Root(seed, 0)
	var data []float64
	off := rng.Normal(key, 1_000_000)
	for i := range weeks {
		l.periods = append(l.periods, company.Period{From: plan.Date(7 * i), To: plan.Date(7*i + 7)})
		off = stays*off + math.Sqrt(1-stays*stays)*rng.Normal(key, uint64(i))
		data = append(data, (1000+50*rng.Normal(key.Child(1), uint64(i)))*math.Exp(sd*off))
	}
	series := make([][]float64, checked)
	for d := range series {
		for i := range weeks {
			series[d] = append(series[d], 1000+50*rng.Normal(key.Child(2).Child(uint64(d)), uint64(i)))
		}
	}
	return &fitting{ask: &Ask{Seed: seed}, wrong: UsualError, layout: l, data: data, seen: data}, series
}

// Where the history is one that the runs could be nothing is missed, and where it is not its predictions hold as much as
// they say.
func TestWhatWasMissedIsMissedAgain(t *testing.T) {
	const weeks, cut = 300, 150
	for _, x := range []struct{ sd, stays float64 }{{0, 0}, {0.3, 0}, {0.3, 0.8}, {0.1, 0.5}} {
		var covers, before float64
		const fits = 20
		for seed := range uint64(fits) {
			f, series := madeUp(weeks, x.sd, x.stays, seed+1)
			before += f.scores(f.layout, series, cut).Cover / fits
			missed := f.widen(f.layout, series, cut)
			covers += f.scores(f.layout, series, cut).Cover / fits
			if x.sd == 0 {
				if len(missed) > 0 {
					t.Logf("seed %d: %v", seed, missed)
					assert.Less(t, missed[0].SD, 0.04)
				}
				continue
			}
			require.Len(t, missed, 1)
			assert.InDelta(t, x.sd, missed[0].SD, 0.5*x.sd, "%v", x)
			if x.sd > 0.2 {
				assert.InDelta(t, x.stays, missed[0].Stays, 0.25, "%v", x)
			}
		}
		t.Logf("%v: inside of 90%%: %.3f, was %.3f", x, covers, before)
		assert.InDelta(t, 0.9, covers, 0.045, "%v", x)
		if x.sd > 0.2 {
			assert.Less(t, before, 0.4)
		}
	}
}

// What is taken to be right, cash, and a history of few periods widen nothing.
func TestWhatIsNotWidened(t *testing.T) {
	for name, change := range map[string]func(f *fitting){
		"an engine that is right": func(f *fitting) { f.wrong = ModelError{} },
		"cash":                    func(f *fitting) { f.layout.series[0].Outcome = company.Cash },
		"few periods": func(f *fitting) {
			for i := range f.data[:23] {
				f.data[i] = math.NaN()
			}
		},
	} {
		f, series := madeUp(40, 0.5, 0, 3)
		want := fmt.Sprint(series)
		change(f)
		assert.Empty(t, f.widen(f.layout, series, 30), name)
		assert.Equal(t, want, fmt.Sprint(series), name)
	}
	f, series := madeUp(40, 0.5, 0, 3)
	assert.Len(t, f.widen(f.layout, series, 30), 1)
}

// A year of what comes anew each week has a 52nd of its variance, of what stays all of it.
func TestSpreadOverAYear(t *testing.T) {
	assert.InDelta(t, 1/math.Sqrt(52), spreadOver(0, 52), 1e-12)
	assert.InDelta(t, 1, spreadOver(1, 52), 1e-12)
	assert.InDelta(t, 1, spreadOver(0.5, 1), 1e-12)
	assert.InDelta(t, math.Sqrt((2+2*0.5)/4), spreadOver(0.5, 2), 1e-12)
	f, _ := madeUp(8, 0, 0, 1)
	f.layout.periods = append(f.layout.periods, company.Period{From: 56, To: 56 + 364})
	assert.InDelta(t, 52, f.layout.lasting(8), 0)
	assert.InDelta(t, 1, f.layout.lasting(0), 0)
}
