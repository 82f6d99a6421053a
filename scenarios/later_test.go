package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// valuesOf are the values of a number on the first days of some weeks of the run.
func valuesOf(t *testing.T, p *plan.Plan, key string, weeks ...int) (out []float64) {
	t.Helper()
	for _, w := range weeks {
		numbers, _, err := p.On(p.Run.Start + plan.Date(7*w)).Numbers(key)
		require.NoError(t, err)
		out = append(out, *numbers[0])
	}
	return out
}

// KEY*=x multiplies what the key has on every day: under schedules, dated changes and
// shocks that set it later, under layers of the file and under other multiples.
func TestMultiplesActOnEveryDay(t *testing.T) {
	text := `extends = "small"
[channels.search]
weekly_budget = [{value = 100}, {from = 2013-01-15, value = 200}]
[changes.more]
from = 2013-01-29
set = {"channels.search.weekly_budget" = 300}
[changes.top]
from = 2013-02-12
layer = 4
set = {"channels.search.weekly_budget" = 500}
[shocks.x]
from = 2013-02-05
weeks = 1
set = {"channels.search.weekly_budget" = 400}
`
	const key = "channels.search.weekly_budget"
	weeks := []int{0, 2, 4, 5, 6, 7}
	require.Equal(t, []float64{100, 200, 300, 400, 500, 500}, valuesOf(t, mustLoad(t, text), key, weeks...))
	twice := mustLoad(t, text, Set(key+"*=2"))
	want := []float64{200, 400, 600, 800, 1000, 1000}
	require.Equal(t, want, valuesOf(t, twice, key, weeks...))

	// The resolved plan is the same plan, and what is set over it is set over all of it.
	again, err := LoadBytes("again.toml", []byte(Resolved(twice)))
	require.NoError(t, err)
	require.Equal(t, Digest(twice), Digest(again))
	again, err = LoadBytes("again.toml", []byte(Resolved(twice)), Set(key+"*=0.25"))
	require.NoError(t, err)
	for i := range want {
		want[i] /= 4
	}
	require.Equal(t, want, valuesOf(t, again, key, weeks...))
}

// What a plan holds down is written, read and explained.
func TestNoGrowth(t *testing.T) {
	p := mustLoad(t, `extends = "small"
[changes.more]
from = 2013-01-15
multiply = {"teams.sales.people" = 2}
[changes.freeze]
from = 2013-01-08
layer = 1
no_growth = ["teams.*.people"]
`)
	before := valuesOf(t, p, "teams.sales.people", 0)
	require.Positive(t, before[0])
	require.Equal(t, []float64{before[0], before[0]}, valuesOf(t, p, "teams.sales.people", 1, 2))
	again, err := LoadBytes("again.toml", []byte(Resolved(p)))
	require.NoError(t, err)
	require.Equal(t, Digest(p), Digest(again))
	require.Equal(t, before, valuesOf(t, again, "teams.sales.people", 2))
	for text, want := range map[string]string{
		`no_growth = ["teams.sales.peple"]`: "teams.sales.people?",
		`no_growth = "teams.sales.people"`:  "must be a list of keys",
		`no_growth = [3]`:                   "must be a list of keys",
		`no_growth = ["run.weeks"]`:         "run.weeks does not change over time",
		"layer = -1\nset = {}":              "a whole number from 0 to 1000",
		"layer = 1.5\nset = {}":             "a whole number from 0 to 1000",
	} {
		_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n[changes.x]\nfrom = 2013-01-08\n"+text), withBuiltins(testFiles))
		require.ErrorContains(t, err, want)
	}
}
