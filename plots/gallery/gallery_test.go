package gallery

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/plotcheck"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/result"
)

// few is a run of a few weeks of the metropolitan market.
func few(t *testing.T, sets ...string) (*result.Result, *plan.Plan) {
	t.Helper()
	sets = append([]string{"run.weeks=6", "run.replications=30", "opening.plan=\"self\"", "opening.burn_in_weeks=2"}, sets...)
	plan, err := scenarios.Load("metro", scenarios.Set(sets...))
	require.NoError(t, err)
	r, err := sim.Run(t.Context(), sim.Design{Settings: []sim.Setting{{Plan: plan, Digest: "few"}}, Version: "test", Seed: 1})
	require.NoError(t, err)
	return r, plan
}

func TestEveryPictureOfARunIsDrawn(t *testing.T) {
	r, plan := few(t)
	pictures, err := Of(r, plan)
	require.NoError(t, err)
	var names []string
	for _, h := range pictures {
		names = append(names, h.Name)
		p, err := h.Picture()
		require.NoError(t, err, h.Name)
		svg, err := p.SVG()
		require.NoError(t, err, h.Name)
		assert.Contains(t, string(svg), "metro", h.Name)
		faults, err := plotcheck.Check(svg)
		require.NoError(t, err, h.Name)
		assert.Empty(t, faults, h.Name)
		for _, axis := range p.Axes() {
			assert.True(t, axis.Names || axis.Unit != "", "%s: the axis %q has no unit", h.Name, axis.Name)
		}
		csv, err := p.CSV()
		require.NoError(t, err, h.Name)
		assert.Greater(t, strings.Count(string(csv), "\n"), 1, h.Name)
	}
	// Retention is per year or, in a run as short as this one, over the run.
	assert.Equal(t, slices.DeleteFunc(Names(), func(name string) bool { return name == "outcome-net_revenue_retention" }), names)
	byDefault := slices.DeleteFunc(names, func(name string) bool { return !ByDefault(name) })
	assert.Equal(t, []string{"outcomes", "weekly-signups", "weekly-live_customers", "weekly-cash", "paths-cash", "brand", "funnel", "cac", "value", "heat-ltv_cac", "retained", "retention-size", "retention-channel"}, byDefault)
}

// The brand of a vendor that is out of business is none, and is left out of the mean.
func TestTheBrandIsThatOfVendorsInBusiness(t *testing.T) {
	r, p := few(t, `finance.opening_cash="1e4 to 1.2e5"`)
	pictures, err := Of(r, p)
	require.NoError(t, err)
	at := slices.IndexFunc(pictures, func(h Named) bool { return h.Name == "brand" })
	drawn := pictures[at].Drawing.(plots.Brand)
	require.Greater(t, drawn.Ruined, 5)
	require.Less(t, drawn.Ruined, 25)
	salience, err := r.Weekly("salience")
	require.NoError(t, err)
	for w, got := range drawn.Salience.Mean {
		var in []float64
		for _, x := range salience.Week(w) {
			if x > 0 {
				in = append(in, x)
			}
		}
		assert.InEpsilon(t, stat.Mean(in, nil), got, 1e-12, "week %d", w+1)
	}
}

// A vendor that wins nobody and goes out of business at once still has pictures.
func TestARunInWhichNothingHappensIsDrawn(t *testing.T) {
	r, plan := few(t, "channels.*.response=0", "finance.opening_cash=0", "run.replications=2")
	pictures, err := Of(r, plan)
	require.NoError(t, err)
	for _, h := range pictures {
		_, err := h.Picture()
		assert.NoError(t, err, h.Name)
		assert.NotContains(t, []string{"cac", "value", "heat-ltv_cac", "retained", "retention-size", "retention-channel"}, h.Name)
	}
}

func TestPicturesDoNotDependOnHowManyAreDrawnAtATime(t *testing.T) {
	r, plan := few(t)
	pictures, err := Of(r, plan)
	require.NoError(t, err)
	pictures = pictures[1:7]
	one, four := t.TempDir(), t.TempDir()
	require.NoError(t, Write(pictures, one, 1, nil))
	last := 0
	require.NoError(t, Write(pictures, four, 4, func(n int) {
		assert.Equal(t, last+1, n)
		last = n
	}))
	assert.Equal(t, len(pictures), last)
	for _, h := range pictures {
		for _, end := range []string{".png", ".svg", ".csv"} {
			a, err := os.ReadFile(filepath.Join(one, Folder, h.Name+end))
			require.NoError(t, err)
			b, err := os.ReadFile(filepath.Join(four, Folder, h.Name+end))
			require.NoError(t, err)
			assert.True(t, string(a) == string(b), h.Name+end)
		}
	}
}

func TestDatesOnWhichBrandMediaAreMovedAreShaded(t *testing.T) {
	load := func(text string) *plan.Plan {
		p, err := scenarios.LoadBytes("test.toml", []byte("extends = \"metro\"\n"+text))
		require.NoError(t, err)
		return p
	}
	spans := func(p *plan.Plan) (out []string) {
		for _, s := range mediaSpans(p) {
			out = append(out, s.Name+" "+s.From.Format("2006-01-02")+" "+s.To.Format("2006-01-02"))
		}
		return out
	}
	assert.Empty(t, spans(nil))
	assert.Empty(t, spans(load("")))
	assert.Equal(t, []string{"Autumn pause 2013-10-01 2013-10-22"}, spans(load(`
[changes.autumn-pause]
from = 2013-10-01
until = 2013-10-22
set = {"media.*.weekly_budget" = 0}
[changes.dearer]
from = 2013-11-01
multiply = {"channels.paid-search.cost_multiplier" = 1.5}`)))
	assert.Equal(t, []string{"Radio off 2013-07-01 2013-08-01", "Radio off 2014-12-01 2014-12-30"}, spans(load(`
[media.radio]
weekly_budget = [{value = 3_000}, {from = 2013-07-01, value = 0}, {from = 2013-08-01, value = 3_000}, {from = 2014-12-01, value = 0}]`)),
		"the last until the end of the run")
	assert.Equal(t, []string{"Strike 2013-05-01 2013-05-15"}, spans(load(`
[shocks.strike]
probability = 1
from = 2013-05-01
weeks = 2
set = {"media.radio.weekly_budget" = 0}
[shocks.perhaps]
probability = 0.5
from = 2013-06-01
weeks = 2
set = {"media.radio.weekly_budget" = 0}`)))
}
