package experiment

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

func metro(t *testing.T, sets ...string) *plan.Plan {
	t.Helper()
	p, err := scenarios.Load("metro", scenarios.Set(append([]string{"run.weeks=60"}, sets...)...))
	require.NoError(t, err)
	return p
}

// many is a market of eight regions.
func many(t *testing.T) *plan.Plan {
	t.Helper()
	text := "extends = \"metro\"\ntitle = \"Eight regions\"\n[run]\nweeks = 60\n[opening]\nplan = \"\"\n"
	for _, r := range []string{"city", "suburbs", "a", "b", "c", "d", "e", "f"} {
		text += fmt.Sprintf("[population.regions.%s]\nshare = 0.125\n", r)
	}
	file := filepath.Join(t.TempDir(), "many.toml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	p, err := scenarios.Load(file)
	require.NoError(t, err)
	return p
}

// world is a made-up one: counts around a level with the noise of a number of firms, in each region and week, and what
// a week of the test changes where it acts.
type world struct {
	level, noise, effect float64
	cost                 float64 // lifetime margin of the test
	good                 float64 // of going on with it, by the effect of the draw
	draws                func(run int) float64
	unspent              float64 // what a test would save, of 100, but the plan does not spend
	ruin                 float64 // 1: in every run
}

// answered is what a panel of a world says.
func answered(t *testing.T, a Ask, runs int, w world) *Answer {
	t.Helper()
	c, err := a.check()
	require.NoError(t, err)
	d, err := a.Design()
	require.NoError(t, err)
	type place struct {
		measure panel.Measure
		run     int
	}
	noise := map[place]float64{}
	source := rand.New(rand.NewPCG(3, 5))
	names := make([]string, len(c.tests))
	for k := range c.tests {
		names[k] = c.tests[k].name()
	}
	got, err := a.Answer(d.Panel(runs, func(l panel.Leaf, i int) float64 {
		effect := w.effect
		if w.draws != nil {
			effect = w.draws(i / seedsPerDraw)
		}
		if l.Measure.From == 0 {
			switch x := 1000 + float64(i%7); {
			case l.Setting == changed && l.Measure.Column == "lifetime_margin":
				return x + w.good*effect
			case l.Setting != basis && l.Measure.Column == "lifetime_margin":
				return x - w.cost
			case l.Measure.Column == decide.Ruin:
				return w.ruin
			case l.Setting != basis && l.Measure.Column == "acquisition_cost":
				return x - 100 + w.unspent
			default:
				return x
			}
		}
		at := place{l.Measure, i} // the same with and without a test
		if _, known := noise[at]; !known {
			noise[at] = w.noise * source.NormFloat64()
		}
		x := w.level + noise[at]
		for k := range c.tests {
			test := &c.tests[k]
			if l.Setting != names[k] || !c.off(test.weeks, l.Measure.To)[l.Measure.To-1] {
				continue
			}
			for r, yes := range c.mask(test.treated) {
				if yes && (!c.byRegion() || c.Plan.Dimension("region")[r] == l.Measure.Name) {
					x += effect
				}
			}
		}
		return x
	}))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

func asks(t *testing.T, p *plan.Plan) map[Kind]Ask {
	t.Helper()
	return map[Kind]Ask{
		Geo:     {Plan: p, Kind: Geo, On: "brand", EffectOn: "leads", Weeks: 8, Treated: "0.5"},
		Holdout: {Plan: p, Kind: Holdout, On: "direct-mail", EffectOn: "won", Weeks: 8, Treated: "0.5"},
		Dark:    {Plan: p, Kind: Dark, On: "paid-search", EffectOn: "signups", Weeks: 8},
		Pulse:   {Plan: p, Kind: Pulse, On: "paid-search", EffectOn: "signups", Weeks: 8},
	}
}

// Where the spend acts on nothing the size is 5% within binomial error, for each design whose errors are what its
// method takes for granted (here: independent); the power is the size then.
func TestSizeInNullWorlds(t *testing.T) {
	const runs = 250
	sd := math.Sqrt(Nominal * (1 - Nominal) / runs)
	for kind, a := range asks(t, metro(t)) {
		got := answered(t, a, runs, world{level: 50, noise: 7}).Planned
		assert.InDelta(t, Nominal, got.Size.Value, 3*sd+0.015, "%s: approximate", kind)
		assert.Equal(t, got.Size, got.Power, "%s", kind)
		assert.Zero(t, got.Effect.Value)
		assert.InDelta(t, 0.95, got.Coverage.Value, 3*sd+0.015, "%s", kind)
		assert.InDelta(t, 0, got.Bias.Value, 4*got.Bias.Error, "%s", kind)
		assert.False(t, got.Deceives)
		assert.Equal(t, decide.No, got.Verdict.Kind, "%s", kind)
	}
	// By chance assignment the size is exact, at most 5%: the most extreme of 35 pairs of a set and its complement, which
	// say the same.
	a := asks(t, many(t))[Geo]
	got := answered(t, a, runs, world{level: 50, noise: 7})
	assert.Equal(t, "differences", got.Planned.Method)
	assert.InDelta(t, 1./35, got.Planned.Size.Value, 3*sd)
	assert.LessOrEqual(t, got.Planned.Size.Low, Nominal)
}

// In a simple world the power is that of the normal formula: an estimate that is normal, and an effect.
func TestPowerAgreesWithTheNormalFormula(t *testing.T) {
	const runs = 200
	for kind, a := range asks(t, metro(t)) {
		for _, effect := range []float64{-2, -5, -12} {
			got := answered(t, a, runs, world{level: 50, noise: 7, effect: effect}).Planned
			// Intervals by Student's t, with a correlation that is estimated, are a little off the normal ones.
			assert.InDelta(t, float64(got.Formula), got.Power.Value, 3*math.Sqrt(0.25/runs)+0.05, "%s, %v a week", kind, effect)
			weeks := 8.
			if kind == Pulse {
				weeks = 4
			}
			assert.InDelta(t, weeks*effect, got.Effect.Value, 1e-9, "%s", kind)
			assert.InDelta(t, 0, got.Bias.Value, 4*got.Bias.Error, "%s", kind)
		}
	}
	// By hand: eight weeks of a difference of two regions, of sd 7 each a week, against the mean of 30 weeks before.
	a := asks(t, metro(t))[Geo]
	got := answered(t, a, runs, world{level: 50, noise: 7, effect: -12}).Planned
	sd := math.Sqrt(2*49*8 + 64*2*49./30)
	assert.InDelta(t, normalPower(-96, sd), float64(got.Formula), 0.05)
	assert.InDelta(t, sd, float64(got.Spread), 3*sd/math.Sqrt(2*runs))
}

func TestNormalPower(t *testing.T) {
	assert.InDelta(t, 0.05, normalPower(0, 1), 1e-3)
	assert.InDelta(t, 0.80, normalPower(2.8016, 1), 1e-3)
	assert.InDelta(t, 0.80, normalPower(-28.016, 10), 1e-3)
	assert.True(t, math.IsNaN(normalPower(1, 0)))
}

// A strong effect is found by the shortest test, one that is not there by none, and between the two the smallest is
// found: power grows with length.
func TestTheSmallestTest(t *testing.T) {
	a := asks(t, metro(t))[Geo]
	got := answered(t, a, 400, world{level: 50, noise: 5, effect: -30})
	assert.Equal(t, decide.Yes, got.Verdict.Kind)
	require.NotNil(t, got.Search.Test)
	assert.Equal(t, got.Tests[0].Weeks, got.Search.Test.Weeks)

	got = answered(t, a, 400, world{level: 50, noise: 5})
	assert.Equal(t, decide.No, got.Search.Kind, "nowhere")
	assert.Nil(t, got.Search.Test)
	assert.Equal(t, [2]int{2, 24}, [2]int{got.Search.From, got.Search.To})

	got = answered(t, a, 400, world{level: 50, noise: 7, effect: -10})
	require.NotNil(t, got.Search.Test)
	assert.Greater(t, got.Search.Test.Weeks, 2)
	last := 0.0
	for _, x := range got.Tests {
		assert.Greater(t, x.Power.Value, last-0.05, "%d weeks", x.Weeks)
		last = x.Power.Value
	}
	// Of a power on the line the 95% interval has 80% in it.
	close := answered(t, Ask{Plan: a.Plan, Kind: Geo, On: "brand", EffectOn: "leads", Weeks: 8, Treated: "0.5"}, 60,
		world{level: 50, noise: 7, effect: -12})
	assert.Equal(t, decide.TooCloseToCall, close.Verdict.Kind, "%v", close.Planned.Power)
}

// One run has no power, and says so.
func TestOneRun(t *testing.T) {
	got := answered(t, asks(t, metro(t))[Dark], 1, world{level: 50, noise: 7, effect: -3})
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: Replications, Of: "run", For: "for a power",
		Part: "replications"}}, got.Warnings)
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.Equal(t, decide.TooCloseToCall, got.Search.Kind)
}

// A test of what the plan does not spend has nothing to find, and is no null world: there money is spent, for nothing. A
// company that is out of business before is told from it.
func TestNothingIsTested(t *testing.T) {
	a := asks(t, metro(t))[Dark]
	got := answered(t, a, 60, world{level: 50, noise: 7, unspent: 100})
	assert.True(t, got.Nothing)
	assert.False(t, got.Fails)
	assert.Equal(t, decide.NotApplicable, got.Verdict.Kind)
	assert.Equal(t, decide.NotApplicable, got.Search.Kind)

	got = answered(t, a, 60, world{level: 50, noise: 7})
	assert.False(t, got.Nothing)
	assert.Equal(t, decide.No, got.Verdict.Kind)

	got = answered(t, a, 60, world{level: 50, noise: 7, unspent: 100, ruin: 1})
	assert.True(t, got.Nothing && got.Fails)
}

// Intervals that are too narrow deceive: power does not count then.
func TestAnIntervalThatDeceives(t *testing.T) {
	a := asks(t, metro(t))[Dark]
	c, err := a.check()
	require.NoError(t, err)
	d, err := a.Design()
	require.NoError(t, err)
	source := rand.New(rand.NewPCG(3, 5))
	jump := map[int]float64{}
	got, err := a.Answer(d.Panel(200, func(l panel.Leaf, i int) float64 {
		if jump[i] == 0 {
			jump[i] = 30 * source.NormFloat64()
		}
		if l.Measure.Column == "acquisition_cost" && l.Setting != basis {
			return 0
		}
		if l.Measure.From >= c.first { // something else happens at the same time
			return 50 + jump[i]
		}
		return 50 + float64((l.Measure.From*7919+i)%11)
	}))
	require.NoError(t, err)
	assert.True(t, got.Planned.Deceives)
	assert.Equal(t, decide.No, got.Verdict.Kind)
	assert.NotEmpty(t, got.Verdict.Why)
	assert.Nil(t, got.Search.Test)
}

// Half of the draws have an effect and half have none. Where there is none, to stop the spend brings 100; where there
// is one it costs 300. The test tells them apart, so that its answer is worth half of 100; it costs 20.
func TestWhatATestIsWorth(t *testing.T) {
	p := metro(t, `channels.paid-search.response="0.1 to 0.5"`)
	a := Ask{Plan: p, Kind: Dark, On: "paid-search", EffectOn: "signups", Weeks: 8}
	source := rand.New(rand.NewPCG(8, 8))
	coin := make([]bool, 500)
	for i := range coin {
		coin[i] = i%2 == 0
	}
	source.Shuffle(len(coin), func(i, k int) { coin[i], coin[k] = coin[k], coin[i] })
	w := world{level: 50, noise: 3, cost: 20, draws: func(draw int) float64 {
		if coin[draw] {
			return -15
		}
		return 5 // an effect the other way
	}, good: 20}
	got := answered(t, a, 1000, w)
	assert.Empty(t, got.Worth.Reason)
	assert.Equal(t, 500, got.Worth.Draws)
	assert.InDelta(t, -100, got.Worth.Change.Value, 1, "half of 100 less half of 300")
	assert.InDelta(t, 50, got.Worth.Learned.Value, 5)
	assert.InDelta(t, 30, got.Worth.Net.Value, 5)
	assert.Equal(t, decide.Yes, got.Worth.Verdict.Kind)
	w.cost = 90
	got = answered(t, a, 1000, w)
	assert.Equal(t, decide.No, got.Worth.Verdict.Kind, "it costs more than it is worth")

	a.On = "facebook"
	assert.Equal(t, "no input that moves facebook is uncertain", answered(t, a, 40, w).Worth.Reason)
	a.Plan = metro(t)
	w.draws = nil
	assert.Equal(t, "no input is uncertain", answered(t, a, 40, w).Worth.Reason)
}

// The calendar is that of the plan, in whole weeks.
func TestCalendar(t *testing.T) {
	early := Ask{Plan: metro(t), Kind: Holdout, On: "email", EffectOn: "leads", Firms: "10%"}
	early.From = early.Plan.Run.Start
	_, err := early.Design()
	require.NoError(t, err, "no week before is needed")
	a := asks(t, metro(t))[Dark]
	a.From, a.Wait = a.Plan.Run.Start+7*30+3, 2
	got := answered(t, a, 20, world{level: 50, noise: 7}).Planned
	day := func(week int) string { return (a.Plan.Run.Start + plan.Date(7*week)).String() }
	assert.Equal(t, []string{day(30), (a.Plan.Run.Start + 7*38 - 1).String(), day(40)},
		[]string{got.Starts, got.Ends, got.Answered})
}

// Regions are drawn by the seed; another seed may draw others.
func TestRegionsAreDrawnByTheSeed(t *testing.T) {
	p := many(t)
	seen := map[string]bool{}
	for seed := range 20 {
		p.Run.Seed = float64(seed)
		c, err := Ask{Plan: p, Kind: Geo, On: "brand", EffectOn: "leads"}.check()
		require.NoError(t, err)
		planned := c.tests[c.planned]
		require.Len(t, planned.treated, 4)
		seen[planned.name()] = true
		again, err := Ask{Plan: p, Kind: Geo, On: "brand", EffectOn: "leads"}.check()
		require.NoError(t, err)
		require.Equal(t, planned.treated, again.tests[again.planned].treated)
		require.Len(t, c.tests[c.planned-1].treated, 1, "one region alone is tried, too")
	}
	assert.Greater(t, len(seen), 5)
}

func TestProblemsOfAnAsk(t *testing.T) {
	good := Ask{Plan: metro(t), Kind: Geo, On: "brand", EffectOn: "leads", Weeks: 8}
	one, err := scenarios.Load("town", scenarios.Set("run.weeks=60"))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(a *Ask)
		part   string
		says   string
	}{
		"kind":         {func(a *Ask) { a.Kind = "gio" }, "design", "did you mean geo?"},
		"no kind":      {func(a *Ask) { a.Kind = "" }, "design", "geo, pulse, holdout, dark"},
		"metric":       {func(a *Ask) { a.EffectOn = "revenue" }, "effect-on", "leads, signups, won"},
		"near":         {func(a *Ask) { a.EffectOn = "lead" }, "effect-on", "did you mean leads?"},
		"on":           {func(a *Ask) { a.On = "radoi" }, "on", "did you mean radio?"},
		"no spend":     {func(a *Ask) { a.Kind, a.On = Dark, "inbound" }, "on", "the brand drives it, and it has no spend"},
		"one region":   {func(a *Ask) { a.Plan = one }, "design", "one region"},
		"all regions":  {func(a *Ask) { a.Regions = []string{"city", "suburbs"} }, "regions", "every region would be treated"},
		"unknown":      {func(a *Ask) { a.Regions = []string{"citi"} }, "regions", "did you mean city?"},
		"none treated": {func(a *Ask) { a.Treated = "0" }, "treated", "with none there is no test"},
		"too small":    {func(a *Ask) { a.Treated = "0.1" }, "treated", "needs a treated region"},
		"all treated":  {func(a *Ask) { a.Treated = "1" }, "treated", "with all nothing to compare with"},
		"no number":    {func(a *Ask) { a.Treated = "half" }, "treated", "a share of the regions"},
		"firms":        {func(a *Ask) { a.Firms = "10%" }, "firms", "in a holdout alone"},
		"share":        {func(a *Ask) { a.Kind, a.On, a.Firms = Holdout, "email", "100%" }, "firms", "above 0 and below 1"},
		"few firms":    {func(a *Ask) { a.Kind, a.On, a.Firms = Holdout, "email", "0.0001%" }, "firms", "less than one"},
		"both":         {func(a *Ask) { a.Kind, a.On, a.Firms, a.Treated = Holdout, "email", "0.1", "0.5" }, "firms", "by firms or by regions"},
		"firms of TV":  {func(a *Ask) { a.Kind, a.On, a.Firms = Holdout, "radio", "10%" }, "on", "address no single firm"},
		"searchers":    {func(a *Ask) { a.Kind, a.On, a.Firms = Holdout, "paid-search", "10%" }, "on", "captures searches"},
		"dark region":  {func(a *Ask) { a.Kind, a.Regions = Dark, []string{"city"} }, "regions", "is everywhere"},
		"long":         {func(a *Ask) { a.Weeks = 40 }, "weeks", "at most 30 weeks fits"},
		"wait":         {func(a *Ask) { a.Weeks, a.Wait = 28, 3 }, "weeks", "at most 27 weeks fits"},
		"early":        {func(a *Ask) { a.From = a.Plan.Run.Start + 28 }, "from", "12 weeks of the run before"},
		"outside":      {func(a *Ask) { a.From = a.Plan.Run.Start - 1 }, "from", "the run is from"},
		"spend":        {func(a *Ask) { a.Spend = 1 }, "spend", "other than 1"},
		"negative":     {func(a *Ask) { a.Spend = -1 }, "spend", "from 0 (off) to 100"},
		"dark spend":   {func(a *Ask) { a.Kind, a.Spend = Dark, 0.5 }, "spend", "nothing is spent"},
		"pulse":        {func(a *Ask) { a.Kind, a.Weeks = Pulse, 6 }, "weeks", "a multiple of 4 weeks"},
	} {
		a := good
		c.change(&a)
		_, err := a.Design()
		var problem *decide.Problem
		require.ErrorAs(t, err, &problem, name)
		assert.Equal(t, c.part, problem.Part, name)
		assert.Contains(t, problem.Error(), c.says, name)
	}
}

// In the engine a channel may spend more or less in a region. That costs its part of the budget times the factor, leads
// move the same way, and the power is that of the normal formula, whose noise is that of runs in which nothing is changed.
func TestAChannelIsTestedByRegion(t *testing.T) {
	small, err := filepath.Abs("../../../cmd/windfall/testdata/small.toml")
	require.NoError(t, err)
	const runs = 100
	p, err := scenarios.Load(small, scenarios.Set("run.weeks=22", "channels.email.response=1",
		"channels.email.max_touches_per_week=1", "channels.email.weight=6", "channels.email.weekly_budget=50"))
	require.NoError(t, err)
	email := p.Channels[slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "email" })]
	for _, times := range []float64{0, 0.5, 1.5, 3, 10} {
		a := Ask{Plan: p, Kind: Geo, On: "email", EffectOn: "leads", Regions: []string{"city"}, Spend: times,
			From: p.Run.Start + 7*16, Weeks: 4, Replications: runs}
		d, err := a.Design()
		require.NoError(t, err)
		spent := panel.Measure{Column: "media_spend"}
		d.Keep(basis, spent)
		d.Keep("test of 4 weeks in city", spent)
		panels, err := answer.InMemory(context.Background(), 2, decide.Part{Design: d})
		require.NoError(t, err)
		of := func(setting string) float64 {
			return panels[0].Values(panel.Leaf{Setting: setting, Measure: spent})[0]
		}
		part := p.Population.Regions[0].Share
		assert.InDelta(t, 4*(times-1)*part*email.WeeklyBudget, of("test of 4 weeks in city")-of(basis), 0.1, "cents by week")
		answer, err := a.Answer(panels[0])
		require.NoError(t, err)
		got := answer.Planned
		if times > 1 {
			assert.Positive(t, got.Effect.Low, "%v: %v", times, got.Effect)
		} else {
			assert.Negative(t, got.Effect.High, "%v: %v", times, got.Effect)
		}
		t.Logf("%v: effect %.2f, power %.3f, by the formula %.3f, size %.3f", times, got.Effect.Value, got.Power.Value,
			float64(got.Formula), got.Size.Value)
		assert.InDelta(t, float64(got.Formula), got.Power.Value, 3*math.Sqrt(0.25/runs)+0.05, "%v", times)
		assert.InDelta(t, Nominal, got.Size.Value, 3*math.Sqrt(Nominal*(1-Nominal)/runs)+0.015)
		assert.InDelta(t, 0, got.Bias.Value, 4*got.Bias.Error)
	}
}

// Firms are held out one by one. In a simple world, of one channel beside inbound, the power is that of the normal formula for two proportions, and where nothing is changed the size is 5%.
func TestFirmsAreHeldOut(t *testing.T) {
	small, err := filepath.Abs("../../../cmd/windfall/testdata/small.toml")
	require.NoError(t, err)
	const runs, share = 200, 0.2
	p, err := scenarios.Load(small, scenarios.Set("run.weeks=24", "channels.*.response=0", "channels.*.weight=0",
		"channels.email.response=1", "channels.email.weight=50", "channels.email.max_touches_per_week=0.25",
		"channels.email.reach.size=0.3", "channels.inbound.response=0.5", "channels.inbound.weight=50"))
	require.NoError(t, err)
	for _, column := range []string{"leads", "signups"} {
		a := Ask{Plan: p, Kind: Holdout, On: "email", EffectOn: column, Firms: "20%", From: p.Run.Start + 7*14, Weeks: 8,
			Replications: runs}
		d, err := a.Design()
		require.NoError(t, err)
		panels, err := answer.InMemory(context.Background(), 2, decide.Part{Design: d})
		require.NoError(t, err)
		answer, err := a.Answer(panels[0])
		require.NoError(t, err)
		got := answer.Planned
		r := got.Rates
		require.Equal(t, []float64{2400, 9600}, []float64{float64(r.HeldFirms), float64(r.OtherFirms)})
		pHeld, pOthers := r.Held.Value, r.Others.Value
		assert.Less(t, pHeld, pOthers)
		sd := math.Sqrt(pHeld*(1-pHeld)/2400 + pOthers*(1-pOthers)/9600)
		far := (pOthers - pHeld) / sd
		sure := math.Sqrt(pOthers * (1 - pOthers) * (1./2400 + 1./9600)) // if nothing differs
		power := rng.NormalCDF(far - 1.96*sure/sd)
		t.Logf("%s: rates %.4f and %.4f, power %.3f, of two proportions %.3f, by the formula %.3f, size %.3f", column, pHeld,
			pOthers, got.Power.Value, power, float64(got.Formula), got.Size.Value)
		assert.InDelta(t, power, got.Power.Value, 3*math.Sqrt(0.25/runs)+0.02)
		assert.InDelta(t, Nominal, got.Size.Value, 3*math.Sqrt(Nominal*(1-Nominal)/runs)+0.01)
		assert.InDelta(t, 0.95, got.Coverage.Value, 3*math.Sqrt(Nominal*(1-Nominal)/runs)+0.02)
		assert.InDelta(t, 0, got.Bias.Value, 4*got.Bias.Error)
		assert.Negative(t, got.Effect.High, "firms held out bring fewer")
		assert.InDelta(t, 1.96*sure, float64(r.Half), 0.05*sure)
		assert.Positive(t, got.Saved.Value)
	}
}

// In the engine a channel that cannot act leaves every count as it is, in every region and week: the truth is exactly
// 0, and the power is the size. A brand that acts lowers leads where it is off, and the truth is what is counted less.
func TestRunsOfTheEngine(t *testing.T) {
	small, err := filepath.Abs("../../../cmd/windfall/testdata/small.toml")
	require.NoError(t, err)
	run := func(a Ask, keep []string, sets ...string) (*Answer, *panel.Panel) {
		a.Plan, err = scenarios.Load(small, scenarios.Set(append([]string{"run.weeks=20"}, sets...)...))
		require.NoError(t, err)
		a.From, a.Weeks, a.Replications = a.Plan.Run.Start+7*14, 4, 100
		d, err := a.Design()
		require.NoError(t, err)
		for _, column := range keep {
			for w := 1; w <= 18; w++ {
				d.Keep(basis, panel.Measure{Column: column, From: w, To: w})
				for _, r := range a.Plan.Dimension("region") {
					d.Keep(basis, panel.OfRegion(column, r, w))
				}
			}
		}
		panels, err := answer.InMemory(context.Background(), 2, decide.Part{Design: d})
		require.NoError(t, err)
		got, err := a.Answer(panels[0])
		require.NoError(t, err)
		return got, panels[0]
	}
	got, _ := run(Ask{Kind: Geo, On: "direct-mail", EffectOn: "leads", Regions: []string{"city"}}, nil,
		"channels.direct-mail.response=0", "channels.direct-mail.weight=0")
	assert.Zero(t, got.Planned.Effect.Value)
	assert.Equal(t, got.Planned.Size, got.Planned.Power)
	assert.Positive(t, got.Planned.Saved.Low, "its budget is not spent all the same")

	got, p := run(Ask{Kind: Geo, On: "brand", EffectOn: "leads", Regions: []string{"suburbs"}}, panel.Regional())
	for _, column := range panel.Regional() { // what is counted by region adds up to what the company has
		counted := 0.0
		for w := 1; w <= 18; w++ {
			for i, v := range p.Values(panel.Leaf{Setting: basis, Measure: panel.Measure{Column: column, From: w, To: w}}) {
				for _, r := range []string{"city", "suburbs"} {
					n := p.Values(panel.Leaf{Setting: basis, Measure: panel.OfRegion(column, r, w)})[i]
					counted += n
					v -= n
				}
				require.Zero(t, v, "%s, week %d, run %d", column, w, i)
			}
		}
		require.Greater(t, counted, 100.)
	}
	assert.Negative(t, got.Planned.Effect.High)
	off := got.Planned.Weeks
	var change float64
	for w := 15; w < 15+off; w++ {
		for i, v := range p.Values(panel.Leaf{Setting: "test of 4 weeks in suburbs",
			Measure: panel.OfRegion("leads", "suburbs", w)}) {
			change += (v - p.Values(panel.Leaf{Setting: basis, Measure: panel.OfRegion("leads", "suburbs", w)})[i]) / 100
		}
	}
	assert.InDelta(t, change, got.Planned.Effect.Value, 1e-9)
}

// A test without a date begins where there are weeks enough before it; a run that has none says so.
func TestATestWithoutADateHasWeeksBefore(t *testing.T) {
	a := Ask{Plan: metro(t, "run.weeks=20"), Kind: Dark, On: "paid-search", EffectOn: "leads", Weeks: 4}
	c, err := a.check()
	require.NoError(t, err)
	assert.Equal(t, leastBefore+1, c.first, "its middle is the eleventh week")
	a.Weeks = 9
	_, err = a.check()
	assert.EqualError(t, err, "weeks 9: the run ends 8 weeks after 2013-03-26: a test of at most 8 weeks fits")
	a.Wait = 1
	_, err = a.check()
	assert.ErrorContains(t, err, "the run ends 8 weeks after 2013-03-26, and 1 week after the test count: a test of at most 7 weeks fits")
	a.Wait, a.Plan = 0, metro(t, "run.weeks=12")
	_, err = a.check()
	assert.ErrorContains(t, err, "an estimator needs 12 weeks of the run before the test, and the run has 12: ask of a longer one")
}
