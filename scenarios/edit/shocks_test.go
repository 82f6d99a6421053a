package edit

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// Every shock of the library applies to a shipped vendor in a market with rivals, changes it, and leaves
// a plan that runs.
func TestTheLibraryAppliesToAVendor(t *testing.T) {
	list := Shocks()
	require.GreaterOrEqual(t, len(list), 12)
	for _, s := range list {
		p, err := scenarios.Load("phone-system", scenarios.Set("triggers.*.rival_per_week=0.02"))
		require.NoError(t, err)
		before, err := scenarios.Load("phone-system", scenarios.Set("triggers.*.rival_per_week=0.02"))
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
		"[x]\nmultiply = {\"rivals.strength\" = 2}":            "no trigger kind has rival_per_week, so no firm chooses a rival",
		"[x]\nmultiply = {\"channels.fax.weekly_budget\" = 2}": "the plan has no channels.fax.weekly_budget",
		"[x]\ndelay_rounds_weeks = 3":                          "the plan has no funding round after 2013-07-02",
		"[x]\nfrom = \"2019-01-01\"\nfreeze = true":            "2019-01-01 lies outside of the run",
	} {
		p, err := scenarios.Load("metro", scenarios.Set("triggers.*.rival_per_week=0"))
		require.NoError(t, err)
		p.Finance.Rounds = nil
		list, err := ParseShocks("mine.toml", text)
		require.NoError(t, err)
		var no *NotApplicableError
		err = list[0].Apply(p, p.Run.Start+7*26)
		require.True(t, errors.As(err, &no), text)
		require.EqualError(t, err, want)
	}
}

func TestRolesAreThoseOfThePlan(t *testing.T) {
	list, err := ParseShocks("mine.toml", "[x]\nset = {\"channels.{largest_channel}.weekly_budget\" = 0}")
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
	p.Economy.Path = []plan.RegimeFrom{{From: start + 70, Regime: "recession"}, {From: start + 400, Regime: "expansion"}}
	s := Shock{Name: "x", Regime: "expansion", Weeks: 10}
	require.NoError(t, s.Apply(p, start+140))
	require.Equal(t, []plan.RegimeFrom{{From: start + 70, Regime: "recession"}, {From: start + 140, Regime: "expansion"}, {From: start + 210, Regime: "recession"}, {From: start + 400, Regime: "expansion"}}, p.Economy.Path)
}

func TestBadFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "mine.toml holds no shock",
		"[x]\ntitle = \"y\"":      "mine.toml:1: x does nothing: it needs set, multiply, regime, freeze or delay_rounds_weeks",
		"[x]\nmultipy = {a = 1}":  "mine.toml:2: x.multipy: there is no such key in a shock; known: title, weeks, from, set, multiply, regime, freeze, delay_rounds_weeks",
		"[x]\nregime = \"slump\"": "mine.toml:2: x.regime = \"slump\": must be recession or expansion",
		"x = 3":                   "mine.toml:1: x = 3: must be a table of a shock, as in [x], not a number",

		// Values of another kind.
		"[x]\nweeks = \"a\"":                "mine.toml:2: x.weeks = \"a\": must be a whole number from 0 to 2000 (weeks), not a text",
		"[x]\nfreeze = true\nweeks = 2.5":   "mine.toml:3: x.weeks = 2.5: must be a whole number from 0 to 2000 (weeks)",
		"[x]\nweeks = -1":                   "mine.toml:2: x.weeks = -1: must be a whole number from 0 to 2000 (weeks)",
		"[x]\ndelay_rounds_weeks = true":    "mine.toml:2: x.delay_rounds_weeks = true: must be a whole number from 0 to 2000 (weeks), not true or false",
		"[x]\nfrom = 3":                     "mine.toml:2: x.from = 3: must be a date such as 2013-07-02, not a number",
		"[x]\nfrom = \"soon\"":              "mine.toml:2: x.from = \"soon\": must be a date such as 2013-07-02, not a text",
		"[x]\nfreeze = \"yes\"":             "mine.toml:2: x.freeze = \"yes\": must be true or false, not a text",
		"[x]\ntitle = 3":                    "mine.toml:2: x.title = 3: must be a text, not a number",
		"[x]\nset = 3":                      "mine.toml:2: x.set = 3: must be a table of keys and numbers, not a number",
		"[x]\nset = {a = \"b\"}":            "mine.toml:2: x.set.a = \"b\": must be a number, not a text",
		"[x]\n[x.multiply]\nb = 2\na = [3]": "mine.toml:4: x.multiply.a: must be a number, not a list",
		"[x]\nset = {a = nan}":              "mine.toml:2: x.set.a = NaN: must be a finite number",
		"[x]\nmultiply = {a = -1}":          "mine.toml:2: x.multiply.a = -1: must be a number from 0 to 1_000_000",
	} {
		_, err := ParseShocks("mine.toml", text)
		require.EqualError(t, err, want, text)
	}
}

// What a shock sets is what the key may be.
func TestShocksSetWhatIsAllowed(t *testing.T) {
	for text, want := range map[string]string{
		"[x]\nset = {\"channels.email.response\" = 7}":         "mine.toml:2: x.set.channels.email.response = 7: must be a number from 0 to 1 (chance)",
		"[x]\nset = {\"channels.*.weekly_budget\" = 1e300}":    "mine.toml:2: x.set.channels.*.weekly_budget = 1e+300: must be a number from 0 to 1_000_000_000_000 (USD/week)",
		"[x]\n[x.set]\n\"run.weeks\" = 7":                      "mine.toml:3: x.set.run.weeks: run.weeks does not change over time",
		"[x]\nmultiply = {channels.email.cost_multiplier = 2}": "",
		"[x]\nfrom = 2013-05-07\nfreeze = true":                "",
	} {
		p, err := scenarios.Load("metro")
		require.NoError(t, err)
		list, err := ParseShocks("mine.toml", text)
		require.NoError(t, err)
		err = list[0].Apply(p, p.Run.Start+7*26)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
	}
}

func FuzzParseShocks(f *testing.F) {
	_, library := scenarios.Shocks()
	f.Add(library)
	f.Fuzz(func(_ *testing.T, text string) { _, _ = ParseShocks("mine.toml", text) })
}

// replicate runs one replication of a plan.
func replicate(t *testing.T, p *plan.Plan) *plan.Record {
	t.Helper()
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	rec := pr.Schema().NewRecord()
	pr.NewState().Replicate(1, 0, rec)
	return rec
}

// alike requires two records to be the same, except for how sums round: a value that
// is stated once more splits the span over which a margin is added up.
func alike(t *testing.T, what string, a, b *plan.Record) {
	t.Helper()
	same := func(x, y float64) bool {
		return x == y || math.Abs(x-y) <= 1e-12*math.Abs(y) || math.IsNaN(x) && math.IsNaN(y)
	}
	require.True(t, slices.EqualFunc(a.Outcomes, b.Outcomes, same), "%s: outcomes", what)
	require.True(t, slices.EqualFunc(a.Weekly, b.Weekly, same), "%s: weeks", what)
	require.True(t, slices.EqualFunc(a.Slices, b.Slices, same), "%s: slices", what)
}

func loaded(t *testing.T, text string, options ...scenarios.Option) *plan.Plan {
	t.Helper()
	p, err := scenarios.LoadBytes("mine.toml", []byte("extends = \"metro\"\n[run]\nweeks = 40\n"+text), options...)
	require.NoError(t, err)
	return p
}

// Every shock does to a plan that restates its own values later what it does to the plan.
func TestShocksActOnPlansThatRestateTheirValues(t *testing.T) {
	const restated = `
[changes.later]
from = 2013-08-06
set = {"channels.paid-search.weekly_budget" = 1800, "channels.paid-search.cost_multiplier" = 1, "customers.churn_multiplier" = 1, "teams.inside.people" = 2}
`
	plain, again := loaded(t, ""), loaded(t, restated)
	alike(t, "restated", replicate(t, plain), replicate(t, again))
	for _, s := range Shocks() {
		plain, again := loaded(t, ""), loaded(t, restated)
		err := s.Apply(plain, plain.Run.Start+7*26)
		if err != nil {
			require.EqualError(t, s.Apply(again, plain.Run.Start+7*26), err.Error())
			continue
		}
		require.NoError(t, s.Apply(again, plain.Run.Start+7*26))
		alike(t, s.Name, replicate(t, plain), replicate(t, again))
	}
}

func named(t *testing.T, name string) Shock {
	t.Helper()
	i := slices.IndexFunc(Shocks(), func(s Shock) bool { return s.Name == name })
	require.GreaterOrEqual(t, i, 0)
	return Shocks()[i]
}

// Who is hired, and which channel is the largest, is what the plan has on that day.
func TestShocksSeeThePlanOfTheDay(t *testing.T) {
	freeze, banned := named(t, "hiring-freeze"), named(t, "largest-channel-banned")
	// Nobody is due to be hired, by a plan with other people than it opened with.
	const twice = `
[changes.optimised]
from = "start"
multiply = {"teams.inside.people" = 2}
`
	p := loaded(t, twice)
	want := replicate(t, p)
	require.NoError(t, freeze.Apply(p, p.Run.Start+7*26))
	alike(t, "frozen", want, replicate(t, p))
	// Who is to come after that day does not come; who leaves is not replaced.
	p = loaded(t, `
[changes.a]
from = 2013-07-16
set = {"teams.inside.people" = 9}
[changes.b]
from = 2013-08-13
set = {"teams.inside.people" = 1}
[changes.c]
from = 2013-08-27
set = {"teams.inside.people" = 5}
`, scenarios.Set("teams.inside.people*=2"))
	require.NoError(t, freeze.Apply(p, p.Run.Start+7*26))
	for week, people := range map[int]float64{25: 4, 27: 4, 30: 4, 33: 2, 36: 2} {
		require.Equal(t, people, person(t, p, week), "week %d", week)
	}
	// What is drawn is what is kept.
	p = loaded(t, "[teams.inside]\npeople = \"3 to 9\"\n[opening]\nplan = \"self\"\n")
	want = replicate(t, p)
	require.NoError(t, freeze.Apply(p, p.Run.Start+7*26))
	alike(t, "frozen", want, replicate(t, p))
	// The largest channel is another on that day than on the first.
	p = loaded(t, `
[changes.x]
from = 2013-04-02
multiply = {"channels.paid-search.weekly_budget" = 0.1}
[changes.y]
from = 2013-08-06
multiply = {"channels.email.weekly_budget" = 1000}
`)
	largest := p.On(p.Run.Start + 7*26)
	top := slices.MaxFunc(largest.Channels, func(a, b plan.Channel) int { return cmp.Compare(a.WeeklyBudget, b.WeeklyBudget) })
	require.NotEqual(t, "paid-search", top.Name)
	require.NoError(t, banned.Apply(p, p.Run.Start+7*26))
	require.Equal(t, "channels."+top.Name+".weekly_budget", p.Changes[0].Effects[0].Key)
}

func person(t *testing.T, p *plan.Plan, week int) float64 {
	t.Helper()
	refs, _, err := p.On(p.Run.Start + plan.Date(7*week)).Numbers("teams.inside.people")
	require.NoError(t, err)
	return *refs[0]
}

// A round that is late already, and due after the day, comes later still; one that has
// been paid does not come again.
func TestRoundsSlipFromTheDayOn(t *testing.T) {
	slips := named(t, "round-slips")
	const rounds = `
[finance.rounds.seed]
date = 2013-03-05
amount = 1000000
[finance.rounds.a]
date = 2013-06-04
amount = 2000000
delay_weeks = 2
[changes.late]
from = 2013-05-07
set = {"finance.rounds.a.delay_weeks" = 6}
`
	financed := func(p *plan.Plan) (weeks []int) {
		pr, err := model.Prepare(p)
		require.NoError(t, err)
		rec := replicate(t, p)
		at := slices.IndexFunc(pr.Schema().Weekly, func(c plan.Column) bool { return c.Name == "financing" })
		for w := range pr.Schema().Weeks {
			if rec.Weekly[w*len(pr.Schema().Weekly)+at] > 0 {
				weeks = append(weeks, w+1)
			}
		}
		return weeks
	}
	p := loaded(t, rounds)
	require.Equal(t, []int{10, 29}, financed(p))
	slips.Delay = 5
	require.NoError(t, slips.Apply(p, p.Run.Start+7*26))
	require.Equal(t, []int{10, 34}, financed(p))
	p = loaded(t, rounds+"[shocks.z]\nfrom = 2013-07-02\nweeks = 3\nset = {\"finance.rounds.a.delay_weeks\" = \"3 to 9\"}\n")
	require.EqualError(t, slips.Apply(p, p.Run.Start+7*26), "finance.rounds.a.delay_weeks is uncertain: state it as a number")
}
