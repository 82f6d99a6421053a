package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A value such as x0.5 multiplies what a key holds, on every day, wherever an override is given.
func TestMultiplesInOverrides(t *testing.T) {
	const text = `extends = "small"
[study.variants.half]
title = "half the search"
channels.search.weekly_budget = "x0.5"
teams.sales = {people = "x3", pay_per_year = 70_000}
[study.variants.starred]
channels."*".weekly_budget = "x50%"
`
	want := mustLoad(t, text, Set("channels.search.weekly_budget*=0.5", "teams.sales.people*=3", "teams.sales.pay_per_year=70_000"))
	require.Equal(t, Content(want), Content(mustLoad(t, text, Variant("half"))))
	require.Equal(t, Content(want), Content(mustLoad(t, text, Set("channels.search.weekly_budget=x0.5", "teams.sales.people=\"x3\"",
		"teams.sales.pay_per_year=70_000"))))
	starred := mustLoad(t, text, Set("channels.*.weekly_budget*=50%"))
	require.Equal(t, Content(starred), Content(mustLoad(t, text, Variant("starred"))))
	require.NotEqual(t, Content(starred), Content(mustLoad(t, text)))
	both := mustLoad(t, text, Variant("half"), Set("channels.search.weekly_budget=x0.5"))
	require.Equal(t, Content(mustLoad(t, text, Set("channels.search.weekly_budget*=0.5", "teams.sales.people*=3",
		"channels.search.weekly_budget*=0.5", "teams.sales.pay_per_year=70_000"))), Content(both))
	require.Equal(t, "x2", mustLoad(t, text, Set("title=x2")).Title)
}

// Where a value is no override it is refused, with how to write it.
func TestMultiplesElsewhereAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"[channels.search]\nresponse = \"x0.5\"": `mine.toml:3: channels.search.response = "x0.5": must be a number from 0 to 1; a file multiplies what it takes over ` +
			`by a dated change: [changes.NAME] with from = "start" and multiply = {"channels.search.response" = 0.5}`,
		"[changes.a]\nfrom = 2013-03-05\nset = {channels.search.response = \"x0.5\"}": `mine.toml:4: changes.a.set.channels.search.response = "x0.5": ` +
			`must be a number from 0 to 1; write multiply = {"channels.search.response" = 0.5} in place of set`,
		"[changes.a]\nfrom = 2013-03-05\nmultiply = {channels.search.response = \"x0.5\"}": `mine.toml:4: changes.a.multiply.channels.search.response = "x0.5": ` +
			`must be a number of at least 0; write 0.5`,
	} {
		_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n"+text), withBuiltins(testFiles))
		require.EqualError(t, err, want)
	}
}

// Words that people write for a key lead to it.
func TestUnknownKeysThatAreWordsForAnother(t *testing.T) {
	for word, want := range map[string]string{"fallback": "falls_back_to", "budget": "weekly_budget"} {
		_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n[channels.search]\n"+word+" = 3"), withBuiltins(testFiles))
		require.EqualError(t, err, "mine.toml:3: channels.search."+word+" = 3: unknown key; did you mean channels.search."+want+"?")
	}
}
