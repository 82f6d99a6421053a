package why

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

const weeks = 9

// kept is a run of made-up numbers.
type kept struct {
	replications int
	outcome      func(name string, replication int) float64
	weekly       func(name string, replication, week int) float64 // weeks from 1
	schema       *plan.Schema
}

func (k kept) Replications() int { return k.replications }

func (k kept) Outcome(name string) (out []float64, _ error) {
	for r := range k.replications {
		out = append(out, k.outcome(name, r))
	}
	return out, nil
}

func (k kept) byWeek(name string) (out [][]float64) {
	for w := range weeks {
		var list []float64
		for r := range k.replications {
			list = append(list, k.weekly(name, r, w+1))
		}
		out = append(out, list)
	}
	return out
}

func (k kept) Weekly(name string) (analysis.Paths, error) {
	return analysis.PathsByWeek(k.byWeek(name)), nil
}

func (k kept) WeeklyBands(name string) (out []analysis.Band, _ error) {
	for _, list := range k.byWeek(name) {
		out = append(out, analysis.BandOf(list))
	}
	return out, nil
}

func (k kept) Record(replication int) (*plan.Record, error) {
	rec := k.schema.NewRecord()
	for w := range weeks {
		for i, c := range k.schema.Weekly {
			rec.Weekly[w*len(k.schema.Weekly)+i] = k.weekly(c.Name, replication, w+1)
		}
	}
	for i, c := range k.schema.Outcomes {
		rec.Outcomes[i] = k.outcome(c.Name, replication)
	}
	return rec, nil
}

// run is one of made-up numbers.
func run(t *testing.T, replications int, outcome func(string, int) float64,
	weekly func(string, int, int) float64) *Run {
	t.Helper()
	plan, err := scenarios.Load("town", scenarios.Set(fmt.Sprintf("run.weeks=%d", weeks)))
	require.NoError(t, err)
	schema := model.NewSchema(plan)
	return &Run{Name: "mine", Plan: plan, Seed: 7, Schema: schema, Kept: kept{replications, outcome, weekly, schema}}
}

// answered tells the story of the made-up numbers.
func answered(t *testing.T, a Ask, leads ...model.Lead) *Answer {
	t.Helper()
	c, err := a.check()
	require.NoError(t, err)
	replayed := func(r *Run) *Replayed {
		rec, err := r.Kept.Record(c.k)
		require.NoError(t, err)
		return &Replayed{rec, &model.Trace{Leads: leads}}
	}
	var there *Replayed
	if a.Against != nil {
		there = replayed(a.Against)
	}
	got, err := a.Answer(replayed(a.Run), there)
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

func byNumber(_ string, replication int) float64 { return float64(replication) }

// broke is cash that is that of the replication's number, but of replication 3, which
// loses all from week 5 on; by then it had 10 touches a week less than others.
func broke(name string, replication, week int) float64 {
	switch {
	case name == "cash" && replication == 3 && week >= 5:
		return -1000
	case name == "cash" && replication == 3:
		return 25
	case name == "touches" && replication == 3:
		return 90
	case name == "recession" && (week == 3 || week == 4):
		return 1
	case name == "recession":
		return 0
	case name == "signups":
		return 2
	}
	return 100 + float64(replication%5)
}

func TestAPartingOfKnownWeek(t *testing.T) {
	a := answered(t, Ask{Run: run(t, 50, byNumber, func(name string, r, w int) float64 {
		if name == "cash" && r != 3 {
			return float64(r)
		}
		return broke(name, r, w)
	}), Choose: Numbered, Replication: 3})
	assert.Equal(t, analysis.Parting{Week: 5, Below: true}, a.Parted)
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, a.Verdict)
	require.NotEmpty(t, a.Causes)
	assert.Zero(t, a.Ruined)
	assert.Equal(t, weeks, a.Until)
	assert.NotNil(t, a.Causes[0].Dollars, "lines of cash come before what stands behind them")
	behind := slices.IndexFunc(a.Causes, func(c Cause) bool { return c.Dollars == nil })
	require.Greater(t, behind, 0)
	assert.Equal(t, "touches", a.Causes[behind].Name)
	assert.Equal(t, 810.0, a.Causes[behind].Sum, "nine weeks")
	assert.Less(t, a.Causes[behind].Score, -3.0)
	assert.Equal(t, []Turn{{3, true}, {5, false}}, a.Economy)
	assert.Len(t, a.Weeks, weeks)
	assert.Equal(t, analysis.Number(206), a.Weeks[0].Lost, "churned, and those whose firm died")
	assert.Equal(t, 25.0, a.Bands[0].P50, "of 0 to 49 with 25 in place of 3")
	assert.Equal(t, []decide.Step{{Question: "why", Choose: "worst"}, {Question: "report"}}, a.Next)
	assert.Empty(t, a.Warnings)
	// Three spans of four weeks: sums, and the rest as it stands at their ends.
	spans := a.Spans(12)
	require.Len(t, spans, 3)
	assert.Equal(t, Week{Week: 4, Cash: 25, Signups: 8, Won: 412, Lost: 824, Live: 103, MRR: 103, Brand: 103}, spans[0])
	assert.Equal(t, 9, spans[2].Week)
	assert.Equal(t, analysis.Number(2), spans[2].Signups)
}

// Causes are told by dollars, until ruin and not after it: a failure of fixed cost is one of fixed cost.
func TestCausesAreDollarsUntilRuin(t *testing.T) {
	outcome := func(name string, r int) float64 {
		switch {
		case name == "out_of_business" && r == 3:
			return 1
		case name == "week_of_ruin" && r == 3:
			return 6
		case name == "out_of_business":
			return 0
		case name == "week_of_ruin":
			return plan.Never
		}
		return float64(r)
	}
	numbers := func(name string, r, w int) float64 {
		switch name {
		case "cash":
			if r == 3 {
				return 50 - 30*float64(min(w, 6))
			}
			return 1000 + float64(r)
		case "fixed_cost":
			if r == 3 {
				return 300
			}
			return 100
		case "collections":
			if r == 3 && w <= 6 {
				return 90
			}
			return 100
		case "churned":
			if r == 3 && w == 1 {
				return 700 // far from the mean, and hardly a dollar
			}
			return 0
		}
		return 0
	}
	lead := model.Lead{Firm: model.Firm{Trigger: 1, Raised: 8, Path: []model.Touch{{}}}, Real: true, Channels: 1}
	a := answered(t, Ask{Run: run(t, 50, outcome, numbers), Choose: Numbered, Replication: 3}, lead)
	assert.Equal(t, 6, a.Ruined)
	assert.Equal(t, 0.02, a.Failing)
	assert.Len(t, a.Weeks, 6, "nothing after ruin")
	assert.Len(t, a.Bands, 6)
	assert.Empty(t, a.Journeys, "its hand is raised after ruin")
	assert.Equal(t, "fixed_cost", a.Causes[0].Name)
	assert.InDelta(t, -6*(300-104.0), *a.Causes[0].Dollars, 1e-9)
	assert.Equal(t, "collections", a.Causes[1].Name)
	assert.Equal(t, Line{"fixed_cost", -1800}, a.Lines[0])
	assert.Less(t, float64(a.Gap), -1000.0)
}

// Inputs that were drawn come first, with what cash moves with them.
func TestDrawnInputsComeFirst(t *testing.T) {
	p, err := scenarios.Load("town", scenarios.Set(fmt.Sprintf("run.weeks=%d", weeks),
		`finance.fixed_cost_per_week="1000 to 3000"`, `customers.churn_multiplier="0.9 to 1.1"`))
	require.NoError(t, err)
	schema := model.NewSchema(p)
	prepared, err := model.Prepare(p)
	require.NoError(t, err)
	at := slices.IndexFunc(prepared.Plan().UncertainInputs(), func(in plan.Input) bool { return in.Key == "finance.fixed_cost_per_week" })
	draws := prepared.Plan().InputDraws(7, 60)
	fixed := func(r int) float64 { return prepared.Plan().UncertainInputs()[at].Dist.Quantile(draws[r][at]) }
	highest := 0
	for r := range draws {
		if fixed(r) > fixed(highest) {
			highest = r
		}
	}
	r := &Run{Name: "mine", Plan: p, Seed: 7, Schema: schema, Kept: kept{60, func(string, int) float64 { return 0 },
		func(name string, r, w int) float64 {
			switch name {
			case "cash":
				return 1e5 - float64(w)*fixed(r)
			case "fixed_cost":
				return fixed(r)
			}
			return 0
		}, schema}}
	a := answered(t, Ask{Run: r, Choose: Numbered, Replication: highest})
	require.NotEmpty(t, a.Causes)
	assert.True(t, a.Causes[0].Input)
	assert.Equal(t, prepared.Plan().UncertainInputs()[at].Name, a.Causes[0].Name)
	assert.InDelta(t, float64(a.Gap), *a.Causes[0].Dollars, 1e-6*math.Abs(float64(a.Gap)))
	assert.False(t, a.Causes[1].Input && math.Abs(*a.Causes[1].Dollars) > 0.5*math.Abs(float64(a.Gap)))
}

// Which one is the worst hangs on which way of an outcome is better; what is missing is
// none, and what lies beyond all numbers is worst where less is better.
func TestWhichReplication(t *testing.T) {
	values := map[string][]float64{
		"cash_trough":     {5, -3, 8, 1, math.NaN()},
		"cac":             {20, math.Inf(1), 10, 30, math.NaN()},
		"out_of_business": {0, 0, 1, 1, 1},
	}
	r := run(t, 5, func(name string, i int) float64 {
		if list := values[name]; list != nil {
			return list[i]
		}
		return 0
	}, func(string, int, int) float64 { return 1 })
	for _, c := range []struct {
		choose  Choice
		outcome string
		want    int
		value   float64
	}{
		{"", "", 1, -3}, {Worst, "cash_trough", 1, -3}, {Best, "cash_trough", 2, 8}, {Median, "cash_trough", 0, 5},
		{Worst, "cac", 1, math.Inf(1)}, {Best, "cac", 2, 10}, {Worst, "out_of_business", 2, 1},
		{Best, "out_of_business", 1, 0},
	} {
		a := answered(t, Ask{Run: r, Choose: c.choose, Outcome: c.outcome})
		assert.Equal(t, c.want, a.Replication, "%s %s", c.choose, c.outcome)
		assert.Equal(t, c.value, a.Value)
	}
	assert.Equal(t, "best", answered(t, Ask{Run: r}).Next[0].Choose)
	assert.False(t, answered(t, Ask{Run: r}).Alike)
	assert.True(t, answered(t, Ask{Run: r, Outcome: "won"}).Alike, "0 in all runs")
}

func TestNothingDiffers(t *testing.T) {
	r := run(t, 50, byNumber, func(name string, _, _ int) float64 {
		if name == "recession" {
			return 0
		}
		return 5
	})
	a := answered(t, Ask{Run: r, Choose: Best, Against: r})
	assert.Equal(t, decide.Verdict{Kind: decide.No}, a.Verdict)
	assert.Zero(t, a.Parted.Week)
	assert.Empty(t, a.Causes)
	assert.Empty(t, a.Economy)
	assert.Equal(t, &Difference{Run: "mine"}, a.Against)
}

func TestEverythingIsMissing(t *testing.T) {
	missing := func(string, int, int) float64 { return math.NaN() }
	r := run(t, 50, func(string, int) float64 { return math.NaN() }, missing)
	_, err := Ask{Run: r}.Answer(nil, nil)
	assert.Equal(t, &MissingError{"cash_trough"}, err)
	a := answered(t, Ask{Run: r, Choose: Numbered, Replication: 2, Against: r})
	assert.Equal(t, decide.NotApplicable, a.Verdict.Kind)
	assert.NotEmpty(t, a.Verdict.Why)
	assert.Zero(t, a.Against.Week, "what is missing in both differs in neither")
}

// All end in losses and in ruin: the worst of them still parts from the others.
func TestRuinInAllRuns(t *testing.T) {
	ruin := func(name string, i int) float64 {
		if name == "out_of_business" {
			return 1
		}
		return -1000 - float64(i)
	}
	a := answered(t, Ask{Run: run(t, 50, ruin, func(name string, r, w int) float64 {
		if name == "cash" {
			return -1000 - float64(r*w)
		}
		return 0
	})})
	assert.Equal(t, 49, a.Replication)
	assert.Equal(t, analysis.Parting{Week: 1, Below: true}, a.Parted)
	assert.Empty(t, a.Causes, "nothing else is unlike in any")
	assert.Equal(t, -1049.0, a.Value)
}

func TestOneRun(t *testing.T) {
	a := answered(t, Ask{Run: run(t, 1, byNumber, broke)})
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "there is no other run to compare with"}, a.Verdict)
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: Few, Of: "run",
		For: "for their middle half", Part: "replications"}}, a.Warnings)
}

// Journeys are told by their channels, the most first; those that are no raised hand of a
// real need are not.
func TestJourneys(t *testing.T) {
	lead := func(channels int, real bool, path ...uint8) model.Lead {
		l := model.Lead{Firm: model.Firm{Trigger: 1.5, Raised: 2}, Real: real, Touches: len(path), Channels: channels}
		for _, c := range path {
			l.Path = append(l.Path, model.Touch{Channel: c})
		}
		return l
	}
	a := Ask{Run: run(t, 2, byNumber, broke), Journeys: 2}
	leads := []model.Lead{lead(1, true, 0), lead(9, false, 0), lead(3, true, 0, 1, 2), lead(2, true, 1, 0)}
	got := answered(t, a, leads...)
	require.Len(t, got.Journeys, 2)
	plan := a.Run.Plan
	assert.Equal(t, []string{plan.Channels[0].Name, plan.Channels[1].Name, plan.Channels[2].Name}, got.Journeys[0].Path)
	assert.Equal(t, 2, got.Journeys[1].Touches)
	assert.Equal(t, plan.Triggers[0].Name, got.Journeys[0].Trigger)
	a.Journeys = 0
	assert.Len(t, answered(t, a, leads...).Journeys, Journeys)
}

// The first week in which a number differs is told with all numbers that do.
func TestTheFirstWeekThatDiffers(t *testing.T) {
	here := run(t, 3, byNumber, broke)
	there := run(t, 3, byNumber, func(name string, r, w int) float64 {
		if w >= 4 && (name == "won" || name == "revenue") {
			return broke(name, r, w) + 1
		}
		return broke(name, r, w)
	})
	there.Name = "yours"
	d := answered(t, Ask{Run: here, Choose: Numbered, Replication: 1, Against: there}).Against
	assert.Equal(t, 4, d.Week)
	assert.Equal(t, "yours", d.Run)
	assert.ElementsMatch(t, []Differing{{"won", 101, 102}, {"revenue", 101, 102}}, d.Numbers)
	assert.Nil(t, d.Firm)
}

// The firm that is named is the first one whose raised hand two plans do not share
// or not alike.
func TestTheFirstFirmThatDiffers(t *testing.T) {
	a, b := journeyOf{"1-4/retail/city", "new-firm", 0.25}, journeyOf{"5-19/retail/city", "new-office", -2}
	c := journeyOf{"1-4/health/city", "new-firm", 1}
	plan := map[journeyOf]Hand{a: {0.5, "display"}, b: {3, "email, display"}, c: {4, "email"}}
	with := func(change func(m map[journeyOf]Hand)) map[journeyOf]Hand {
		m := maps.Clone(plan)
		change(m)
		return m
	}
	assert.Nil(t, firstFirm(plan, maps.Clone(plan)))
	gone := with(func(m map[journeyOf]Hand) { delete(m, c); delete(m, b) })
	assert.Equal(t, &Firm{journeyOf: b, Here: &Hand{3, "email, display"}}, firstFirm(plan, gone))
	assert.Equal(t, &Firm{journeyOf: b, There: &Hand{3, "email, display"}}, firstFirm(gone, plan))
	// It is c in one plan at week 3.5 and b in the other at week 3: b comes first.
	later := with(func(m map[journeyOf]Hand) { m[c] = Hand{2.5, "display, email"}; m[b] = Hand{2, "email"} })
	assert.Equal(t, &Firm{b, &Hand{3, "email, display"}, &Hand{2, "email"}}, firstFirm(plan, later))
	// Of two at once the first by name.
	both := with(func(m map[journeyOf]Hand) { m[a], m[c] = Hand{0.5, "email"}, Hand{0.5, "email"} })
	assert.Equal(t, c, firstFirm(plan, both).journeyOf)
}

// The ask says which of its parts is wrong, and what would be right.
func TestProblemsOfAnAsk(t *testing.T) {
	r := run(t, 5, byNumber, broke)
	for name, c := range map[string]struct {
		change func(*Ask)
		want   error
	}{
		"outcome": {func(a *Ask) { a.Choose, a.Outcome = Best, "woon" },
			&decide.Problem{Part: "best", Value: "woon", Wrong: "there is no such outcome", Near: "won"}},
		"neither": {func(a *Ask) { a.Outcome = "touches" },
			&decide.Problem{Part: "worst", Value: "touches", Wrong: "neither way of it is better"}},
		"number": {func(a *Ask) { a.Choose, a.Replication = Numbered, 5 }, &decide.Problem{Part: "replication", Value: "5",
			Wrong: "there are runs 0 to 4", Low: "0", High: "4"}},
		"seed": {func(a *Ask) { a.Against = &Run{Name: "other", Seed: 8} }, &SeedError{"mine", "other", 7, 8}},
		"short": {func(a *Ask) {
			a.Choose, a.Replication, a.Against = Numbered, 4, run(t, 3, byNumber, broke)
			a.Against.Name = "short"
		}, &ShortError{"short", 4}},
	} {
		a := Ask{Run: r}
		c.change(&a)
		_, _, err := a.Replay()
		assert.Equal(t, c.want, err, name)
		_, err = a.Answer(nil, nil)
		assert.Equal(t, c.want, err, name)
	}
	// Another start is refused unless it is allowed.
	other := run(t, 5, byNumber, broke)
	plan, err := scenarios.Load("town", scenarios.Set(fmt.Sprintf("run.weeks=%d", weeks),
		"economy.start_regime=recession"))
	require.NoError(t, err)
	other.Plan = plan
	a := Ask{Run: r, Against: other}
	_, err = a.check()
	var opening *decide.OpeningError
	require.ErrorAs(t, err, &opening)
	assert.Equal(t, "economy.start_regime", opening.Key)
	a.OtherOpening = true
	_, err = a.check()
	assert.NoError(t, err)
}

// A replication is run again to the numbers that were kept of it; else it says that they
// were changed.
func TestReplay(t *testing.T) {
	r := run(t, 1, nil, nil)
	prepared, err := model.Prepare(r.Plan)
	require.NoError(t, err)
	rec := prepared.Schema().NewRecord()
	prepared.NewState().Replicate(r.Seed, 0, rec)
	r.Kept = recorded{rec}
	a := Ask{Run: r, Choose: Numbered}
	here, there, err := a.Replay()
	require.NoError(t, err)
	assert.Nil(t, there)
	assert.NotEmpty(t, here.Trace.Leads, "with the touches that no run keeps")
	rec.Weekly[3]++
	_, _, err = a.Replay()
	assert.Equal(t, &ChangedError{"mine", 0}, err)
}

// recorded is a run of one replication.
type recorded struct{ record *plan.Record }

func (recorded) Replications() int                               { return 1 }
func (recorded) Outcome(string) ([]float64, error)               { return nil, nil }
func (recorded) Weekly(string) (p analysis.Paths, err error)     { return }
func (recorded) WeeklyBands(string) (b []analysis.Band, _ error) { return b, nil }
func (r recorded) Record(int) (*plan.Record, error)              { return r.record, nil }

// A company that is out of business pays nothing any more: those that failed earlier are not what the others are set against.
func TestThoseThatFailedEarlierAreNoMeasure(t *testing.T) {
	failedInWeek2 := func(r int) bool { return r >= 40 }
	outcome := func(name string, r int) float64 {
		switch {
		case name == "out_of_business" && (failedInWeek2(r) || r == 3):
			return 1
		case name == "week_of_ruin" && failedInWeek2(r):
			return 2
		case name == "week_of_ruin" && r == 3:
			return weeks
		case name == "week_of_ruin":
			return math.Inf(1)
		case name == "out_of_business":
			return 0
		}
		return float64(r)
	}
	numbers := func(name string, r, w int) float64 {
		gone := failedInWeek2(r) && w > 2
		switch {
		case name == "cash" && gone:
			return -10
		case name == "cash" && r == 3:
			return 100 - 15*float64(w)
		case name == "cash":
			return 100 + float64(r)
		case name == "fixed_cost" && !gone:
			return 1000
		case name == "collections" && r == 3:
			return 985
		case name == "collections" && !gone:
			return 1000 + float64(r%2)
		}
		return 0
	}
	a := answered(t, Ask{Run: run(t, 50, outcome, numbers), Choose: Numbered, Replication: 3})
	assert.Equal(t, weeks, a.Ruined)
	assert.Equal(t, 40, a.Beside, "this one, and those in business until its last week")
	assert.Equal(t, "collections", a.Causes[0].Name, "all 40 paid the same fixed cost")
	assert.InDelta(t, -9*15.0, *a.Causes[0].Dollars, 9)
	assert.Len(t, a.Causes, 1)
	first := answered(t, Ask{Run: run(t, 50, outcome, numbers), Choose: Numbered, Replication: 45})
	assert.Equal(t, 50, first.Beside, "nobody failed before it")
}
