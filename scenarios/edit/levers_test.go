package edit

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
)

// moving is a small plan in which budgets and head-counts have schedules, dated
// changes and shocks of their own.
const moving = `
extends = "metro"
[run]
weeks = 30
[finance]
opening_cash = 1e9 # no ruin
[channels.display]
weekly_budget = [{value = 400}, {from = 2013-02-05, until = 2013-03-05, value = 900}]
[teams.inside]
people = [{value = 4}, {from = 2013-03-12, value = 6}]
[media.radio.weekly_budget]
city = 2_000
suburbs = 1_500
[changes.stop]
from = 2013-05-09
until = 2013-06-02
set = {"media.*.weekly_budget" = 0, "channels.email.weekly_budget" = 123}
[changes.wider]
from = 2013-03-01
multiply = {"channels.*.weekly_budget" = 1.5}
`

func load(t *testing.T, text string) *plan.Plan {
	t.Helper()
	p, err := scenarios.LoadBytes("moving.toml", []byte(text))
	require.NoError(t, err)
	return p
}

// spent is what a replication of a plan spends on media, brand and pay.
func spent(t *testing.T, p *plan.Plan) (media, brand, pay float64) {
	t.Helper()
	engine, err := sim.Prepare(p)
	require.NoError(t, err)
	rec := engine.Schema.NewRecord()
	engine.Prepared.NewState().Replicate(1, 0, rec)
	for w := range engine.Schema.Weeks {
		for i, c := range engine.Schema.Weekly {
			x := rec.Weekly[w*len(engine.Schema.Weekly)+i]
			switch c.Name {
			case "media":
				media += x
			case "brand":
				brand += x
			case "pay":
				pay += x
			}
		}
	}
	return media, brand, pay
}

// What a set of levers says that a plan spends is what the engine spends, on every
// day, whatever schedules and changes do; each week's lines are rounded to the
// cent.
func TestSpendIsWhatTheEngineSpends(t *testing.T) {
	plan := load(t, moving)
	for _, byQuarter := range []bool{false, true} {
		s, err := NewLevers(plan, []string{"media", "brand", "sales"}, nil, byQuarter)
		require.NoError(t, err)
		for k, x := range [][]float64{s.Plain(), s.Plain(), s.Plain()} {
			for i := range x {
				switch l := s.Levers[i]; {
				case k == 0:
				case l.Steps != nil:
					x[i] = l.Steps[(7*i+5*k)%len(l.Steps)]
				default:
					x[i] = float64((5*i+3*k)%11) / 4
				}
			}
			media, brand, pay := spent(t, s.Plan(x))
			require.InDelta(t, media+brand+pay, s.Spend(x), 3*30*0.005+1e-6, "%v", x)
		}
	}
}

// A lever multiplies what its key has on each day: under a dated change that sets
// the key, too. So the plan at a multiple spends that multiple on it.
func TestALeverMultipliesEveryDay(t *testing.T) {
	plan := load(t, moving)
	s, err := NewLevers(plan, []string{"channels.email.weekly_budget"}, nil, false)
	require.NoError(t, err)
	require.Len(t, s.Levers, 1)
	a, _, _ := spent(t, s.Plan([]float64{1}))
	b, _, _ := spent(t, s.Plan([]float64{3}))
	require.InDelta(t, 2*s.Levers[0].Spend, b-a, 30*0.01)
	require.Equal(t, scenarios.Digest(plan), scenarios.Digest(s.Plan([]float64{1})))
}

// The scenario that is written is the plan that was run, to the digest.
func TestTheScenarioThatIsWrittenIsThePlan(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "moving.toml"), []byte(moving), 0o600))
	for _, byQuarter := range []bool{false, true} {
		plan, err := scenarios.Load(filepath.Join(dir, "moving.toml"))
		require.NoError(t, err)
		s, err := NewLevers(plan, []string{"media", "sales", "products.basic.price"}, nil, byQuarter)
		require.NoError(t, err)
		x := s.Plain()
		for i := range x {
			x[i] = 0.123456789 + float64(i)/7
		}
		file := filepath.Join(dir, "best.toml")
		text := s.Scenario("moving.toml", "best", nil, x)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		best, err := scenarios.Load(file)
		require.NoError(t, err)
		require.Equal(t, scenarios.Digest(s.Plan(x)), scenarios.Digest(best), text)
		require.Contains(t, text, `"products.basic.price" = `)
		require.Contains(t, text, "# was 17, is ")
	}
}

func TestLeversOfWholePeople(t *testing.T) {
	s, err := NewLevers(load(t, moving), []string{"sales"}, []string{"teams.field.people=0.4..2"}, false)
	require.NoError(t, err)
	i := slices.IndexFunc(s.Levers, func(l Lever) bool { return l.Name == "teams.field.people" })
	require.Equal(t, []float64{0.5, 1, 1.5, 2}, s.Levers[i].Steps)
}

func TestQuarters(t *testing.T) {
	s, err := NewLevers(load(t, moving), []string{"media"}, []string{"quarters=0.5..2"}, true)
	require.NoError(t, err)
	n := len(s.Levers)
	require.Equal(t, "2013-Q1", s.Levers[n-3].Name)
	require.Equal(t, "2013-Q2", s.Levers[n-2].Name)
	require.Equal(t, "2013-Q3", s.Levers[n-1].Name, "four weeks of it")
	require.Equal(t, 0.5, s.Levers[n-1].Low)
	var keys, quarters float64
	for _, l := range s.Levers {
		if l.Group == Quarters {
			quarters += l.Spend
		} else {
			keys += l.Spend
		}
	}
	require.InDelta(t, keys, quarters, 1e-6)
}

func TestWhatIsNoLeverIsRefused(t *testing.T) {
	plan := load(t, moving)
	for _, c := range []struct {
		levers, bounds []string
		byQuarter      bool
		want           string
	}{
		{levers: []string{"medai"}, want: "levers medai: there is no such lever; did you mean media?"},
		{levers: []string{"channels.paid-serch.weekly_budget"}, want: "levers channels.paid-serch.weekly_budget: there is no such lever; did you mean channels.paid-search.weekly_budget?"},
		{levers: nil, want: "levers: there is none to move; name media, brand, sales or keys of the scenario that are above 0"},
		{levers: []string{"run.weeks"}, want: "levers run.weeks: it does not change over time, so it is no lever"},
		{levers: []string{"teams.*.pay_per_year"}, want: "levers teams.field.pay_per_year: pay is a price and no lever; teams.*.people is one"},
		{levers: []string{"media"}, bounds: []string{"media=2..1"}, want: "bounds media=2..1: the lower one comes first: media=1..2"},
		{levers: []string{"media"}, bounds: []string{"brand=1..2"}, want: "bounds brand=1..2: brand is no lever; did you mean channels.branded-search.weekly_budget?"},
		{levers: []string{"media"}, bounds: []string{"channels.emial.weekly_budget=1..2"}, want: "bounds channels.emial.weekly_budget=1..2: channels.emial.weekly_budget is no lever; did you mean channels.email.weekly_budget?"},
		{levers: []string{"media"}, bounds: []string{"media=1"}, want: "bounds media=1: KEY=LO..HI is needed, in multiples of the plan, such as channels.affiliates.weekly_budget=0.5..2"},
		{levers: []string{"media"}, bounds: []string{"media=-1..1"}, want: "bounds media=-1..1: two multiples of the plan of at least 0 are needed"},
		{levers: []string{"channels.email.response"}, bounds: []string{"channels.email.response=1..4"}, want: "bounds channels.email.response=1..4: makes channels.email.response 1.6; a number from 0 to 1 is allowed"},
		{levers: []string{"sales"}, bounds: []string{"teams.field.people=1.1..1.2"}, want: "bounds of teams.field.people: no whole number of people lies between 1.1 and 1.2 times 2"},
		{levers: []string{"products.basic.price"}, byQuarter: true, want: "by-quarter: no lever spends anything that quarters could multiply"},
	} {
		_, err := NewLevers(plan, c.levers, c.bounds, c.byQuarter)
		require.EqualError(t, err, c.want)
	}
}

// A channel at 0 can be started, levers can stay, and what a group spends together can be bounded in money.
func TestStartedKeptAndBoundedLevers(t *testing.T) {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=26", "channels.facebook.weekly_budget=0"))
	require.NoError(t, err)
	s, err := NewLevers(p, []string{Media, Brand, Sales}, []string{"brand=$2k..$6_000", "channels.paid-search.weekly_budget=$1k..$9k",
		"channels.facebook.weekly_budget=$0..$520"}, false, "teams")
	require.NoError(t, err)
	require.Empty(t, s.Idle)
	x := s.Plain()
	at := func(name string) int {
		return slices.IndexFunc(s.Levers, func(l Lever) bool { return l.Name == name })
	}
	require.Equal(t, -1, at("teams.sellers.people"), "teams stay")
	facebook, search := at("channels.facebook.weekly_budget"), at("channels.paid-search.weekly_budget")
	planned := s.Spend(x)
	require.Zero(t, s.SpendOn(facebook, x), "the plan as it is spends nothing there")
	require.Equal(t, scenarios.Digest(p), scenarios.Digest(s.Plan(x)))
	x[facebook] = s.Levers[facebook].High
	require.InDelta(t, 520, s.SpendOn(facebook, x), 1e-6)
	require.InDelta(t, planned+520, s.Spend(x), 1e-6)
	started := s.Plan(x)
	k := len(started.Changes) - 1
	require.Equal(t, []plan.Effect{{Key: "channels.facebook.weekly_budget", Value: 20, Input: -1}},
		[]plan.Effect{{Key: started.Changes[k].Effects[0].Key, Value: math.Round(started.Changes[k].Effects[0].Value*1e6) / 1e6,
			Input: -1}})
	require.Contains(t, s.Scenario("town", "t", nil, x), "[changes.optimised.set]\n\"channels.facebook.weekly_budget\" = ")
	for end, usd := range map[float64]float64{s.Levers[search].Low: 1000, s.Levers[search].High: 9000} {
		x[search] = end
		require.InDelta(t, usd, s.SpendOn(search, x), 1e-6)
	}
	brand := func(x []float64) float64 {
		return s.SpendOn(at("media.radio.weekly_budget"), x) + s.SpendOn(at("media.billboards.weekly_budget"), x)
	}
	require.Greater(t, brand(s.Plain()), 6000.0)
	require.InDelta(t, 6000, brand(s.Within(s.Plain())), 0.01)
	none := s.Plain()
	none[at("media.radio.weekly_budget")], none[at("media.billboards.weekly_budget")] = 0, 0
	require.InDelta(t, 2000, brand(s.Within(none)), 0.01)
	require.Equal(t, s.Within(none), s.Within(s.Within(none)))
	for _, c := range []struct{ bound, want string }{
		{"brand=$9M..$10M", "with these levers at their highest it is not reached"},
		{"brand=$2..$1", "the lower one comes first"},
		{"brand=$2..1", "two amounts are needed"},
		{"nothing=$1..$2", "nothing is no lever that spends"},
	} {
		_, err := NewLevers(p, []string{Brand}, []string{c.bound}, false)
		require.ErrorContains(t, err, c.want)
	}
	_, err = NewLevers(p, []string{Media}, nil, false, "team")
	require.ErrorContains(t, err, "keep team: there is no such lever; did you mean teams?")
	_, err = NewLevers(p, []string{Media}, nil, false, Media)
	require.ErrorContains(t, err, "there is none to move")
}

// Where nothing of a kind is spent, a channel starts with what half saturates it and a medium with its reference; beside
// others with what those spend on average.
func TestStartsWhereNothingIsSpent(t *testing.T) {
	load := func(overrides ...string) *LeverSet {
		set := []scenarios.Option{scenarios.Set("run.weeks=26")}
		for _, o := range overrides {
			set = append(set, scenarios.Set(o))
		}
		p, err := scenarios.Load("town", set...)
		require.NoError(t, err)
		s, err := NewLevers(p, []string{Media, Brand}, nil, false)
		require.NoError(t, err)
		require.Empty(t, s.Idle)
		return s
	}
	starts := func(s *LeverSet, name string) float64 {
		i := slices.IndexFunc(s.Levers, func(l Lever) bool { return l.Name == name })
		x := s.Plain()
		require.Zero(t, s.SpendOn(i, x))
		x[i] = 2
		require.InDelta(t, 26*s.Levers[i].Starts, s.SpendOn(i, x), 1e-6)
		plain := s.Plan(s.Plain())
		require.Len(t, s.Plan(x).Changes, len(plain.Changes)+1)
		return s.Levers[i].Starts
	}
	none := load("channels.*.weekly_budget=0", "media.*.weekly_budget=0")
	require.InDelta(t, 98, starts(none, "channels.paid-search.weekly_budget"), 1e-9)
	require.InDelta(t, 17.5, starts(none, "channels.facebook.weekly_budget"), 1e-9)
	require.InDelta(t, 300, starts(none, "media.radio.weekly_budget"), 1e-9)
	require.InDelta(t, 120, starts(none, "media.billboards.weekly_budget"), 1e-9)
	require.InDelta(t, 300, starts(load("media.billboards.weekly_budget=0"), "media.billboards.weekly_budget"), 1e-9)
}

// A lever that is named by its channel alone, or with a typing error, is known by its key.
func TestTheNearestLever(t *testing.T) {
	p, err := scenarios.Load("town")
	require.NoError(t, err)
	for name, want := range map[string]string{"radoi": "media.radio.weekly_budget", "facebok": "channels.facebook.weekly_budget",
		"medai": "media", "media.radoi.weekly_budget": "media.radio.weekly_budget", "xyzzy": ""} {
		_, err := NewLevers(p, []string{name}, nil, false)
		var wrong *Error
		require.ErrorAs(t, err, &wrong, name)
		assert.Equal(t, want, wrong.Near, name)
	}
}
