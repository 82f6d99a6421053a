package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// aPast is a plan of a small vendor with a dated past that its opening replays.
const aPast = `extends = "small"
[run]
weeks = 10
[opening]
plan = "self"
replay = true
burn_in_weeks = 20
[channels.search]
weekly_budget = [{from = 2012-08-01, value = 400}, {from = 2012-11-20, value = 1500}, {from = 2013-02-05, value = "500 to 600"}]
[changes.campaign]
from = 2012-10-02
until = 2012-12-04
multiply = {"media.*.weekly_budget" = "2 to 4"}
[changes.later]
from = 2013-02-05
multiply = {"channels.*.response" = "0.8 to 1.2"}
`

// Changes that begin before the first day are of the opening plan, with their draws; later ones are not.
func TestAPastIsOfTheOpeningPlan(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, aPast, Set("run.weeks=11"))
	o := openingOf(p)
	require.Len(t, o.Changes, 1)
	require.Equal(t, "campaign", o.Changes[0].Name)
	require.Equal(t, p.Changes[0].Effects[0].Value, o.Changes[0].Effects[0].Value)
	require.Len(t, o.Inputs, len(p.Inputs)-1)
	for _, c := range []*plan.Plan{p, o} {
		for _, e := range c.Changes[0].Effects {
			require.Contains(t, c.Inputs[e.Input].Name, "changes.campaign")
		}
		for _, s := range c.Schedules {
			for _, e := range s.Entries {
				if e.Input >= 0 {
					require.Equal(t, s.Key+"@"+e.From.String(), c.Inputs[e.Input].Name)
				}
			}
		}
	}
	again, err := LoadBytes("mine.toml", []byte(Resolved(p)), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, Digest(p), Digest(again))
	x, err := trace(p)
	require.NoError(t, err)
	y, err := trace(again)
	require.NoError(t, err)
	require.Equal(t, x, y)
}

// Without replay an opening plan has no changes; its schedules find their draws all the same.
func TestSchedulesOfAnOpeningPlanFindTheirDraws(t *testing.T) {
	t.Parallel()
	q := mustLoad(t, `extends = "small"
[opening]
plan = "self"
[channels.search]
weekly_budget = [{value = 400}, {from = 2013-01-01, value = "500 to 600"}]
[changes.later]
from = 2013-02-05
multiply = {"channels.*.response" = "0.8 to 1.2"}
`)
	o := openingOf(q)
	require.Empty(t, o.Changes)
	require.Len(t, o.Inputs, len(q.Inputs)-1)
	for _, s := range o.Schedules {
		for _, e := range s.Entries {
			if e.Input >= 0 {
				require.Equal(t, s.Key+"@"+e.From.String(), o.Inputs[e.Input].Name)
			}
		}
	}
}

// The start may be moved: what is replayed is what comes before it.
func TestThePastEndsWhereTheRunBegins(t *testing.T) {
	t.Parallel()
	text := `extends = "small"
[opening]
plan = "mine"
replay = true
burn_in_weeks = 20
[channels.search]
weekly_budget = [{value = 400}, {from = 2013-06-04, value = 1500}]
`
	now, err := OpenBytes("mine.toml", []byte(text), withBuiltins(testFiles), Set("run.start=2013-07-02"))
	require.NoError(t, err)
	o := openingOf(now.Plan)
	require.Equal(t, plan.NewDate(2013, 7, 2), o.Run.Start)
	past := plan.NewTimeline(now.Plan)
	past.SetFixed()
	at := func(step int) float64 {
		for i, c := range past.Plan(step).Channels {
			if c.Name == "search" {
				return past.Plan(step).Channels[i].WeeklyBudget
			}
		}
		return 0
	}
	require.Equal(t, []float64{400, 400, 1500, 1500}, []float64{at(-20), at(-5), at(-4), at(-1)})
	for _, w := range now.Warnings {
		require.NotContains(t, w.Message, "replays")
	}
	still, err := OpenBytes("mine.toml", []byte(text), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Contains(t, still.Warnings.Error(), "opening.replay = true: replays 2012-08-14 to 2012-12-31, in which no schedule and no "+
		"dated change of the opening plan moves a number: the first day is as without replay")
}

// What cannot be replayed is refused, and what does nothing is said.
func TestOpeningsThatReplayNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[opening]\nreplay = true\nburn_in_weeks = 0\n":                                                                      "mine.toml:3: opening.replay = true: has no weeks to replay; opening.burn_in_weeks says how far back it goes",
		"[changes.x]\nfrom = 2012-10-02\nmultiply = {\"channels.*.response\" = 2}\n":                                         "lies outside the run",
		"[opening]\nreplay = true\n[shocks.x]\nfrom = 2012-10-02\nweeks = 2\nmultiply = {\"channels.*.response\" = 2}\n":     "shocks.x.from = 2012-10-02: lies outside the run",
		"[opening]\nreplay = true\n[changes.x]\nfrom = 2014-10-02\nmultiply = {\"channels.*.response\" = 2}\n[run]\nweeks=9": "changes.x.from = 2014-10-02: lies outside the run",
	} {
		_, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n"+text), withBuiltins(testFiles))
		require.ErrorContains(t, err, want)
	}
	s, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\nreplay = true\nburn_in_weeks = 8\n"+
		"[changes.x]\nfrom = 2012-08-07\nuntil = 2012-09-04\nmultiply = {\"channels.*.response\" = 2}\n"), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Contains(t, s.Warnings.Error(), "changes.x.until = 2012-09-04: does nothing: it ends before 2012-11-06, from which on opening.replay replays")
	require.Contains(t, s.Warnings.Error(), "the last dated number before that begins on 2012-09-04, which a longer opening.burn_in_weeks would reach")
}

// Plans with another past start from other states; one with another later date does not. With replay half-lives and
// ramps are of the opening state, too.
func TestAnotherPastIsAnotherOpening(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, aPast)
	for set, key := range map[string]string{
		"changes.campaign.multiply.media.*.weekly_budget=5": "changes.campaign",
		"brand.equity_half_life_weeks=30":                   "brand.equity_half_life_weeks",
		"teams.sales.ramp_start=0.5":                        "teams.sales.ramp_start",
		"economy.path=[{from = 2012-12-04, regime = \"recession\"}, {from = 2012-12-25, regime = \"expansion\"}]": "economy.path",
		"changes.later.from=2013-02-12": "none",
		"finance.discount_rate=0.5":     "none",
	} {
		t.Run(set, func(t *testing.T) {
			q := mustLoad(t, aPast, Set(set))
			d, differs := OpeningDifference(p, q)
			require.Equal(t, key != "none", differs, d.Key)
			if differs {
				require.Contains(t, d.Key, key)
			}
		})
	}
}

// Keys that the opening state depends on only where it replays a past.
func TestKeysOfAReplayedOpeningAct(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, everything+scripted, Set("opening.replay=true", "teams.sales.opportunities_per_week=0.5", "teams.sales.people=[{value = 1}, {from = 2012-12-11, value = 4}]",
		"media.radio.weekly_budget=[{value = 2000}, {from = 2012-12-04, value = 250}]"))
	want, err := trace(p)
	require.NoError(t, err)
	for _, param := range plan.Params() {
		if !leavesOpening(param.Pattern) || !replayed(param.Pattern) {
			continue
		}
		acts := false
		for _, f := range p.AllFields() {
			if acts || f.Param.Pattern != param.Pattern {
				continue
			}
			for _, o := range changed(unmoved(p), f.Key) {
				q := p.Clone()
				q.OpeningPlan = o
				got, err := trace(q)
				acts = acts || err == nil && got != want
			}
		}
		require.True(t, acts, param.Pattern)
	}
}
