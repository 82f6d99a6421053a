package stress

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// ask puts three shocks to plans of metro: a recession and dearer search, which apply,
// and one long after the run, which does not.
func ask(t *testing.T, metric string, plans ...string) Ask {
	t.Helper()
	a := Ask{Metric: metric, Shocks: []edit.Shock{{Name: "late", Title: "too late", From: "2031-01-01",
		Regime: "recession"}}}
	for _, s := range edit.Shocks() {
		switch s.Name {
		case "recession", "search-price":
			a.Shocks = append(a.Shocks, s)
		}
	}
	for _, name := range plans {
		plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=20"))
		require.NoError(t, err)
		a.Plans = append(a.Plans, decide.Setting{Name: name, Plan: plan})
	}
	return a
}

// truth gives the number of a setting in a run.
type truth func(setting string, m panel.Measure, i int) float64

func answered(t *testing.T, a Ask, replications int, is truth) *Answer {
	t.Helper()
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(replications, func(l panel.Leaf, i int) float64 { return is(l.Setting, l.Measure, i) }))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

// hit are numbers about level that differ by run, changed under some shocks; nobody is
// ruined.
func hit(level float64, change map[string]float64) truth {
	return func(setting string, m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 0
		}
		return level + float64(i%5) + change[setting]
	}
}

func TestTheWorstShock(t *testing.T) {
	a := answered(t, ask(t, "won", "mine"), 60, hit(1000, map[string]float64{"mine under recession": -100,
		"mine under search-price": -20}))
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, a.Verdict)
	assert.Equal(t, "recession", a.Worst.Shock)
	assert.Contains(t, a.Worst.Shocked.Title, `, under "`+a.Worst.Title+`"`, "who runs it by itself sees what it is")
	assert.InDelta(t, -100, a.Worst.Change.Value, 1e-9)
	assert.InDelta(t, -100/1002.0, a.Worst.Relative.Value, 1e-9)
	assert.True(t, a.Separable)
	assert.Equal(t, []decide.Step{{Question: "run", Shock: "recession"}, {Question: "respond"}}, a.Next)
	require.Len(t, a.Skipped, 1)
	assert.Equal(t, "late", a.Skipped[0].Shock)
	text, err := json.Marshal(a.Skipped)
	require.NoError(t, err)
	assert.Equal(t, `["\"too late\" is not applicable to mine: 2031-01-01 lies outside of the run"]`, string(text))
	assert.Empty(t, a.Warnings)
}

// Of a cost what makes it larger is the worst.
func TestTheWorstShockOfACost(t *testing.T) {
	a := answered(t, ask(t, "acquisition_cost", "mine"), 60, hit(1000,
		map[string]float64{"mine under recession": -100, "mine under search-price": 20}))
	assert.Equal(t, "search-price", a.Worst.Shock)
	assert.Equal(t, decide.Yes, a.Verdict.Kind)
}

// moving gives numbers under which shocks act, on touches alone.
func moving(of func(setting string, m panel.Measure, i int) float64) func(setting string, m panel.Measure, i int) float64 {
	return func(setting string, m panel.Measure, i int) float64 {
		if m.Column == "touches" {
			return float64(len(setting))
		}
		return of(setting, m, i)
	}
}

func TestNothingDiffers(t *testing.T) {
	a := answered(t, ask(t, "won", "mine"), 60, moving(hit(1000, nil)))
	assert.Equal(t, decide.No, a.Verdict.Kind)
	assert.False(t, a.Seen())
	assert.Equal(t, []decide.Step{{Question: "respond"}}, a.Next)
	require.Len(t, a.Cells, 2)
	for _, c := range a.Cells {
		assert.Nil(t, c.Saved, "nothing differs")
		assert.Zero(t, c.Change.Value)
	}
	several := answered(t, ask(t, "won", "mine", "yours"), 60, moving(hit(1000, nil)))
	assert.Equal(t, decide.Verdict{Kind: decide.No, Why: "they are alike under every shock"}, several.Verdict)
	assert.Empty(t, several.LeastRegret)
}

// A shock under which nothing moves in any run cannot act in the plan; with few runs that is not claimed.
func TestAShockThatCannotAct(t *testing.T) {
	a := answered(t, ask(t, "won", "mine"), 60, hit(1000, nil))
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "no shock can act in this plan"}, a.Verdict)
	assert.Empty(t, a.Cells)
	var why []string
	for _, n := range a.Skipped {
		why = append(why, n.String())
	}
	assert.Equal(t, []string{`"too late" is not applicable to mine: 2031-01-01 lies outside of the run`,
		`"a recession of a year" is not applicable to mine: a recession changes nothing in this market`,
		`"the price of search rises by half (paid-search)" is not applicable to mine: nothing in this plan depends on ` +
			"channels.{search_channel}.cost_multiplier"}, why)
	assert.Len(t, answered(t, ask(t, "won", "mine"), 5, hit(1000, nil)).Cells, 2)
	one := answered(t, ask(t, "won", "mine"), 60, hit(1000, map[string]float64{"mine under recession": -100}))
	require.Len(t, one.Cells, 1)
	assert.Equal(t, "recession", one.Worst.Shock)
}

// What a shock takes by its role is named.
func TestTheLargestChannelIsNamed(t *testing.T) {
	a := ask(t, "won", "mine")
	a.Shocks = slices.DeleteFunc(edit.Shocks(), func(s edit.Shock) bool { return s.Name != "largest-channel-banned" })
	got := answered(t, a, 60, moving(hit(1000, nil)))
	largest, most := "", 0.0
	for _, c := range a.Plans[0].Plan.Channels {
		if c.Enabled && c.Driver == "budget" && c.WeeklyBudget > most {
			largest, most = c.Name, c.WeeklyBudget
		}
	}
	assert.Equal(t, "the largest channel is closed ("+largest+")", got.Cells[0].Title)
}

func TestAChangeThatMayBeNone(t *testing.T) {
	a := answered(t, ask(t, "won", "mine"), 60, func(setting string, m panel.Measure, i int) float64 {
		x := hit(1000, nil)(setting, m, i)
		if setting == "mine under recession" && m.Column != "out_of_business" {
			x += 40*float64(i%2*2-1) - 1
		}
		return x
	})
	assert.Equal(t, decide.TooCloseToCall, a.Verdict.Kind)
	assert.Equal(t, "recession", a.Worst.Shock)
	assert.False(t, a.Seen())
}

func TestEverythingIsMissing(t *testing.T) {
	missing := func(string, panel.Measure, int) float64 { return math.NaN() }
	a := answered(t, ask(t, "cac", "mine"), 60, missing)
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "nobody was won"}, a.Verdict)
	several := answered(t, ask(t, "cac", "mine", "yours"), 60, missing)
	assert.Equal(t, decide.NotApplicable, several.Verdict.Kind)
	assert.Empty(t, several.Regrets)
}

// Of numbers below 0 the change keeps its sign, and has no part.
func TestAllRunsLose(t *testing.T) {
	a := answered(t, ask(t, "cash_end", "mine"), 60, hit(-1000, map[string]float64{"mine under recession": -100}))
	assert.Equal(t, "recession", a.Worst.Shock)
	assert.InDelta(t, -100, a.Worst.Change.Value, 1e-9)
	assert.False(t, a.Worst.Relative.Known(), "no part of a loss")
	zero := answered(t, ask(t, "cash_end", "mine"), 60, func(setting string, m panel.Measure, i int) float64 {
		if setting == "mine under recession" && m.Column != "out_of_business" {
			return -100
		}
		return 0
	})
	assert.InDelta(t, -100, zero.Worst.Change.Value, 1e-9)
	assert.False(t, zero.Worst.Relative.Known(), "a part of nothing")
}

func TestRuinInAllRuns(t *testing.T) {
	a := answered(t, ask(t, "won", "mine"), 60, func(setting string, m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return moving(hit(1000, nil))(setting, m, i)
	})
	assert.Equal(t, 1.0, a.Base[0].Ruin.Value)
	assert.Less(t, a.Base[0].Ruin.Low, 1.0)
	assert.Zero(t, a.Cells[0].Ruin.Value)
}

// A shock under which customers never pay back is worse than any that costs.
func TestAPaybackThatIsNeverReached(t *testing.T) {
	a := answered(t, ask(t, "payback_months", "mine"), 60, func(setting string, m panel.Measure, i int) float64 {
		if m.Column == "first_margin" && setting == "mine under recession" {
			return -5
		}
		return hit(1000, nil)(setting, m, i)
	})
	assert.Equal(t, "recession", a.Worst.Shock)
	assert.True(t, a.Worst.Under.Never())
	assert.Equal(t, decide.Yes, a.Verdict.Kind)
}

func TestOneRunHasNoMarginOfError(t *testing.T) {
	a := answered(t, ask(t, "won", "mine"), 1, hit(1000, map[string]float64{"mine under recession": -100}))
	assert.Equal(t, decide.TooCloseToCall, a.Verdict.Kind)
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: Replications, Of: "pair", Part: "replications"}},
		a.Warnings)
}

func TestRegret(t *testing.T) {
	a := answered(t, ask(t, "won", "mine", "yours"), 60, hit(1000, map[string]float64{
		"mine under recession": -100, "yours under recession": -30, "mine under search-price": -10,
		"yours under search-price": -20}))
	assert.Equal(t, "yours", a.LeastRegret)
	assert.True(t, a.Separable)
	require.Len(t, a.Regrets, 2)
	assert.InDelta(t, 10, a.Regrets[0].Regret.Value, 1e-9)
	assert.Equal(t, "search-price", a.Regrets[0].Shock)
	assert.InDelta(t, 70, a.Regrets[1].Regret.Value, 1e-9)
}

// Where the economy is random a recession is held against the plan in a steady one.
func TestASteadyEconomy(t *testing.T) {
	a := ask(t, "won", "mine")
	a.Plans[0].Plan.Economy.Regime = "random"
	d, err := a.Design()
	require.NoError(t, err)
	var names []string
	for _, s := range d.Settings {
		names = append(names, s.Name)
	}
	assert.Equal(t, []string{"mine", "mine in a steady economy", "mine under recession", "mine under search-price"}, names)
	got := answered(t, a, 60, hit(1000, map[string]float64{"mine in a steady economy": 40, "mine under recession": 30}))
	assert.Equal(t, a.Plans[0].Plan.Economy.StartRegime, got.Steady)
	assert.InDelta(t, -10, got.Worst.Change.Value, 1e-9)
}

func TestProblemsOfAnAsk(t *testing.T) {
	a := ask(t, "won", "mine")
	a.From = plan.NewDate(2030, 1, 1)
	_, err := a.Design()
	assert.Equal(t, &decide.Problem{Part: "from", Value: "2030-01-01",
		Wrong: "the run is from 2013-01-01 to 2013-05-20", Low: "2013-01-01", High: "2013-05-20"}, err)
	_, err = ask(t, "wom", "mine").Design()
	var problem *decide.Problem
	require.True(t, errors.As(err, &problem))
	assert.Equal(t, "metric", problem.Part)
	a = ask(t, "won", "mine", "yours")
	a.Shocks = a.Shocks[:1]
	_, err = a.Design()
	assert.ErrorContains(t, err, `no shock applies to mine and yours: "too late" is not applicable to mine: `)
	_, err = ask(t, "won", "mine").Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.ErrorContains(t, err, "was not kept")
}
