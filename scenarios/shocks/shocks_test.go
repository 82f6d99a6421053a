package shocks

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
)

// Every shock of the library applies to a shipped vendor, changes it, and leaves
// a plan that runs.
func TestTheLibraryAppliesToAVendor(t *testing.T) {
	list := Library()
	require.GreaterOrEqual(t, len(list), 12)
	for _, s := range list {
		p, err := scenarios.Load("phone-system")
		require.NoError(t, err)
		before, err := scenarios.Load("phone-system")
		require.NoError(t, err)
		require.NoError(t, s.Apply(p, p.Run.Start+7*26), s.Name)
		require.NotEmpty(t, scenarios.Diff(before, p), s.Name)
		_, err = model.Prepare(p)
		require.NoError(t, err, s.Name)
	}
}

// A shock that a plan has nothing for says so.
func TestShocksThatDoNotApply(t *testing.T) {
	for text, want := range map[string]string{
		"[x]\nmultiply = {\"channels.fax.weekly_budget\" = 2}": "the plan has no channels.fax.weekly_budget",
		"[x]\ndelay_rounds_weeks = 3":                          "the plan has no funding round after 2013-07-02",
		"[x]\nfrom = \"2019-01-01\"\nfreeze = true":            "2019-01-01 lies outside of the run",
	} {
		p, err := scenarios.Load("metro")
		require.NoError(t, err)
		p.Finance.Rounds = nil
		list, err := Parse("mine.toml", text)
		require.NoError(t, err)
		var no *NotApplicableError
		err = list[0].Apply(p, p.Run.Start+7*26)
		require.True(t, errors.As(err, &no), text)
		require.EqualError(t, err, want)
	}
}

func TestRolesAreThoseOfThePlan(t *testing.T) {
	list, err := Parse("mine.toml", "[x]\nset = {\"channels.{largest_channel}.weekly_budget\" = 0}")
	require.NoError(t, err)
	p, err := scenarios.Load("phone-system")
	require.NoError(t, err)
	require.NoError(t, list[0].Apply(p, p.Run.Start+7*26))
	require.Equal(t, "channels.paid-search.weekly_budget", p.Changes[len(p.Changes)-1].Effects[0].Key)
}

func TestARecessionEndsWithWhatWasThere(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	start := p.Run.Start
	p.Economy.Regime, p.Economy.StartRegime = "scripted", "expansion"
	p.Economy.Path = []model.RegimeFrom{{From: start + 70, Regime: "recession"}, {From: start + 400, Regime: "expansion"}}
	s := Shock{Name: "x", Regime: "expansion", Weeks: 10}
	require.NoError(t, s.Apply(p, start+140))
	require.Equal(t, []model.RegimeFrom{{From: start + 70, Regime: "recession"}, {From: start + 140, Regime: "expansion"}, {From: start + 210, Regime: "recession"}, {From: start + 400, Regime: "expansion"}}, p.Economy.Path)
}

func TestBadFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "mine.toml holds no shock",
		"[x]\ntitle = \"y\"":      "mine.toml: x does nothing: it needs set, multiply, regime, freeze or delay_rounds_weeks",
		"[x]\nmultipy = {a = 1}":  "mine.toml: x.multipy: there is no such key in a shock; known: title, weeks, from, set, multiply, regime, freeze, delay_rounds_weeks",
		"[x]\nregime = \"slump\"": "mine.toml: x: weeks from 0 on are needed, and a regime that is recession or expansion",
	} {
		_, err := Parse("mine.toml", text)
		require.EqualError(t, err, want, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(library)
	f.Fuzz(func(_ *testing.T, text string) { _, _ = Parse("mine.toml", text) })
}
