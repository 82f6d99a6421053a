package folder

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/decide/value"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
	"windfall/sim/store"
)

// small is a folder of a company in a market of some thousand firms, with a year of history.
func small(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "acme")
	require.NoError(t, os.Mkdir(dir, 0o755))
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("cut.toml", "extends = \"ca-smb\"\n[population]\nfirms = 4_000\n")
	write("company.toml", `name = "Acme"
[market]
base = "cut.toml"
[demand]
bought_every_years = 5
[products.main]
price = 59
[customers]
now = 150
churn_per_month = "2%"
[money]
cash = "900k"
[teams.web]
kind = "web"
`)
	rows := "month,channel,spend,leads,won,churned,customers\n"
	for m, x := range [][4]string{{"2025-01", "4000", "21", "5"}, {"2025-02", "6000", "26", "6"}, {"2025-03",
		"3000", "15", "4"},
		{"2025-04", "5000", "24", "7"}, {"2025-05", "7000", "30", "8"}, {"2025-06", "3500", "17", "4"}, {"2025-07",
			"4500", "22", "6"},
		{"2025-08", "6500", "29", "7"}, {"2025-09", "3000", "16", "3"}, {"2025-10", "5500", "25", "6"}} {
		rows += x[0] + ",search," + x[1] + "," + x[2] + ",,,\n" + x[0] + ",,,," + x[3] + ",3," + []string{"132",
			"135", "136", "140",
			"145", "146", "149", "153", "153", "156"}[m] + "\n"
	}
	write("history.csv", rows)
	write("customers.csv", "count,size,start,monthly_bill,prepaid until\n100,1-4,2024-01,49,\n50,5-9,2025-06,,2026-03-01\n")
	return dir
}

// run fits a folder and gives the files that it writes.
func run(t *testing.T, dir string, workers int) (planText, draws string, f *Fit) {
	t.Helper()
	f, err := Open(dir, Options{Workers: workers})
	require.NoError(t, err)
	in, err := answer.Take(answer.Place{Dir: f.Results(), Manifest: store.Manifest{Windfall: Kind, Subject: f.Company.Name,
		Design: f.Ask.Identity()}})
	require.NoError(t, err)
	defer in.Close()
	part, whole := "", 0
	require.NoError(t, f.Run(context.Background(), in, func(p sim.Progress) {
		if whole = max(whole, p.Total); p.Part != part { // what is asked for after the fit is known from its beginning
			assert.Contains(t, map[string][]string{"": {partOfFit, partMeasure}, partOfFit: {partMeasure}}[part], p.Part,
				"a fit that is kept is not run again")
			part = p.Part
		}
		assert.LessOrEqual(t, p.Done, p.Total)
		assert.Greater(t, p.Work(p.Total), p.Work(p.Done-1))
	}))
	assert.Equal(t, partMeasure, part)
	later, _ := f.later()
	assert.Equal(t, f.Budgets.Draws*value.Plans(len(f.Budgets.Budgets)), later)
	assert.Contains(t, []int{f.Ask.MostRuns() + later, f.Answer.Runs + later}, whole)
	return read(t, dir, PlanFile), read(t, dir, DrawsFile), f
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(text)
}

// A fit gives the same bytes for any workers, and when it was interrupted; its plan can be run, has every number that
// was fitted with its source, and its draws lie inside of what keys allow.
func TestFitOfAFolder(t *testing.T) {
	dir := small(t)
	text, draws, f := run(t, dir, 2)
	checkBudgets(t, f)
	assert.NoFileExists(t, filepath.Join(dir, Results, runsFile))
	if os.Getenv("WINDFALL_VERIFY") == "1" { // as make test does
		interruptedTwice(t, f, text, draws)
	}

	s, err := scenarios.Open(filepath.Join(dir, PlanFile))
	require.NoError(t, err)
	assert.Empty(t, s.Warnings)
	assert.Equal(t, plan.NewDate(2025, 11, 1), s.Plan.Run.Start)
	assert.True(t, s.Plan.Opening.Replay)
	assert.Equal(t, "count,size,start,product,channel,monthly_bill,prepaid_until\n100,1-4,2024-01,,,49,\n"+
		"50,5-9,2025-06,,,,2026-03-01\n", read(t, dir, CustomersFile))
	assert.Equal(t, []float64{100, 50}, s.Plan.Opening.Customers[:2])
	header, rest, _ := strings.Cut(draws, "\n")
	assert.Equal(t, 1000, strings.Count(rest, "\n"))
	var inputs []string
	for _, in := range s.Plan.UncertainInputs() {
		inputs = append(inputs, in.Key)
	}
	assert.ElementsMatch(t, f.Answer.Keys, inputs, "nothing else is uncertain")
	assert.Equal(t, len(inputs), strings.Count(header, ",")+1)
	for _, key := range f.Answer.Keys {
		path, err := plan.SplitKey(key)
		require.NoError(t, err)
		name := path[min(len(path), 3)-1]
		if path[0] == "customers" {
			name = path[1]
		}
		assert.Contains(t, text, name+` = "your history, fitted"`, key)
		assert.Contains(t, text, "# "+name+": 90% interval", key)
	}
	assert.NotRegexp(t, `(?m)^[a-z_]+ = "[0-9.]+ to `, text, "intervals are remarks")
}

// interruptedTwice is the same fit, interrupted twice and by one worker: it gives the same bytes.
func interruptedTwice(t *testing.T, f *Fit, text, draws string) {
	t.Helper()
	other := small(t)
	runs := 0
	interrupted(t, other, func(sim.Progress) bool { runs++; return runs == 230 })
	assert.NoFileExists(t, filepath.Join(other, PlanFile))
	path, kept := filepath.Join(other, Results, runsFile), read(t, filepath.Join(other, Results), runsFile)
	assert.Greater(t, strings.Count(kept, "\n"), 200)
	require.NoError(t, os.WriteFile(path, []byte(kept[:len(kept)-20]), 0o600)) // cut short, as a kill may
	interrupted(t, other, func(p sim.Progress) bool { return !p.Forecast && p.Done > f.Answer.Runs+20 })
	assert.FileExists(t, path, "the plan is written, and what to measure next is still asked")
	again, drawsAgain, g := run(t, other, 1)
	assert.Equal(t, draws, drawsAgain)
	assert.Equal(t, text, again)
	assert.Equal(t, f.Budgets, g.Budgets)
}

// checkBudgets looks at what is to be measured next: of each unknown, about the one budget of the company.
func checkBudgets(t *testing.T, f *Fit) {
	t.Helper()
	b := f.Budgets
	require.NotNil(t, b)
	assert.Len(t, b.Inputs, len(f.Ask.Unknowns))
	require.Len(t, b.Budgets, 1)
	assert.Equal(t, "search", b.Budgets[0].Name)
	assert.Equal(t, b.All, b.Budgets[0].All, "there is one decision")
	assert.True(t, b.All.Known() && b.All.Low <= b.All.Value && b.All.Value <= b.All.High)
	assert.GreaterOrEqual(t, b.Draws, fewestDraws)
}

// interrupted begins a fit, or goes on with it, and stops it at some point.
func interrupted(t *testing.T, dir string, at func(sim.Progress) bool) {
	t.Helper()
	f, err := Open(dir, Options{Workers: 2})
	require.NoError(t, err)
	in, err := answer.Take(answer.Place{Dir: f.Results(), Manifest: store.Manifest{Windfall: Kind, Subject: f.Company.Name,
		Design: f.Ask.Identity()}})
	require.NoError(t, err)
	defer in.Close()
	ctx, stop := context.WithCancel(context.Background())
	err = f.Run(ctx, in, func(p sim.Progress) {
		if at(p) {
			stop()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
}

// What is asked after a fit costs at most half of what the fit may, whatever the budgets and teams, and the least that
// says something is always run.
func TestWhatToMeasureIsBounded(t *testing.T) {
	f, err := Open(small(t), Options{})
	require.NoError(t, err)
	p := f.Ask.Plan
	most := float64(f.Ask.MostRuns()) * (p.Opening.BurnInWeeks + p.Run.Weeks)
	for _, burnIn := range []float64{0, 26, 104} {
		for budgets := 1; budgets <= 64; budgets++ {
			draws, looked := f.size(burnIn, 26, budgets)
			cost := float64(draws) * (burnIn + float64(value.Plans(looked))*26)
			assert.True(t, cost <= ofFit*most || draws == fewestDraws && looked == 1, "%g, %d", burnIn, budgets)
			assert.True(t, looked >= 1 && looked <= budgets && draws >= fewestDraws && draws <= mostDraws)
			assert.Zero(t, draws%plan.BlockSize)
		}
	}
	draws, looked := f.size(5, 5, 3)
	assert.Equal(t, []int{mostDraws, 3}, []int{draws, looked}, "short years are cheap")
	p.Population.Firms *= 1e4 // a fit that takes all the time that there is
	slow, _ := f.size(5, 5, 1)
	assert.Less(t, slow, draws)
}

// Budgets are not judged by people who have less than half of the work: half a person works as one.
func TestBudgetsNeedTheirPeople(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	require.NoError(t, company.New(dir, company.Defaults("acme", "ca"), nil, plan.NewDate(2026, 11, 1)))
	for share, idle := range map[string]bool{"1": false, "40%": false, "10%": true} { // two sellers
		f, err := Open(dir, Options{Share: share, Workers: 1})
		require.NoError(t, err)
		assert.Equal(t, idle, strings.Contains(strings.Join(f.Notes, "\n"), "so budgets are not looked at"), share)
		if idle {
			budgets, err := f.measure(context.Background(), nil, nil, f.Ask.Plan, &plan.Draws{Name: "posterior"}, nil)
			require.NoError(t, err)
			assert.Nil(t, budgets)
			runs, _ := f.later()
			assert.Zero(t, runs)
		}
	}
}

// A part of a company is like the whole: its opening customers in groups are as many, and so is the plan that makes its
// opening state.
func TestPartOfAPlan(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	for range 7 {
		p.Opening.Groups = append(p.Opening.Groups, plan.CustomerGroup{Count: 3})
		p.Opening.Pipeline = append(p.Opening.Pipeline, plan.PipelineGroup{Count: 9})
	}
	p.Teams[0].Ramping = []plan.Began{{People: 6, WeeksAgo: 1}, {People: 6, WeeksAgo: 3}}
	p.OpeningPlan = p.Clone()
	q := fit.PartOf(p, 0.1)
	assert.Equal(t, []plan.Began{{People: 1, WeeksAgo: 1}, {People: 0, WeeksAgo: 3}}, q.Teams[0].Ramping)
	assert.Equal(t, 6., p.Teams[0].Ramping[0].People)
	customers, open := 0., 0.
	for i := range q.Opening.Groups {
		customers, open = customers+q.Opening.Groups[i].Count, open+q.Opening.Pipeline[i].Count
	}
	assert.Equal(t, []float64{2, 6}, []float64{customers, open}, "a tenth of 21 and of 63, whole")
	assert.Equal(t, 3., p.Opening.Groups[0].Count, "the plan itself stays")
	assert.Equal(t, q.Population.Firms, q.OpeningPlan.Population.Firms)
	assert.InDelta(t, p.Population.Firms/10, q.Population.Firms, 0.5)
	assert.Greater(t, q.Finance.OpeningCash, 1e9)
}

// What was kept counts line by line; another fit's counts nothing.
func TestKeeper(t *testing.T) {
	dir := t.TempDir()
	k, err := keep(dir, "one")
	require.NoError(t, err)
	require.NoError(t, k.Keep("round 1 0", []float64{1, -0.5}))
	require.NoError(t, k.Keep("round 1 1", nil))
	k.file.Close()
	text := read(t, dir, runsFile)
	for name, x := range map[string]struct {
		text, identity string
		kept           int
	}{
		"whole": {text, "one", 2}, "other": {text, "two", 0}, "cut": {text[:len(text)-1], "one", 1},
		"changed": {strings.Replace(text, "round 1 0", "round 1 9", 1), "one", 0}, "empty": {"", "one", 0},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, runsFile), []byte(x.text), 0o600))
		k, err := keep(dir, x.identity)
		require.NoError(t, err)
		assert.Len(t, k.kept, x.kept, name)
		require.NoError(t, k.Keep("last", []float64{7}))
		k.file.Close()
		k, err = keep(dir, x.identity)
		require.NoError(t, err)
		assert.Len(t, k.kept, x.kept+1, name)
		assert.Equal(t, []float64{7}, k.kept["last"], name)
		k.file.Close()
	}
}

// A plan that somebody edited, or wrote, is not replaced; line ends of another system are no edit.
func TestAnEditedPlanIsKept(t *testing.T) {
	dir := small(t)
	for name, x := range map[string]struct {
		text string
		ok   bool
	}{
		"as written":     {signed("a = 1\n"), true},
		"other ends":     {strings.ReplaceAll(signed("a = 1\n"), "\n", "\r\n"), true},
		"edited":         {strings.Replace(signed("a = 1\n"), "1\n", "2\n", 1), false},
		"one's own":      {"a = 1\n", false},
		"line taken out": {strings.SplitAfter(signed("a = 1\n"), "\n")[1], false},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, PlanFile), []byte(x.text), 0o600))
		_, err := Open(dir, Options{})
		var edited *EditedError
		assert.Equal(t, !x.ok, errors.As(err, &edited), name)
		_, err = Open(dir, Options{Force: true})
		assert.NoError(t, err, name)
	}
}

// The share of the firms follows from what a fit costs; a wrong one is refused.
func TestShare(t *testing.T) {
	metro, err := scenarios.Load("metro", scenarios.Set("run.weeks=104"))
	require.NoError(t, err)
	assert.Equal(t, 1., share(metro), "%v", buyers(metro))
	us, err := scenarios.Load("us-smb-2022")
	require.NoError(t, err)
	us.Run.Weeks = 104
	q := share(us)
	assert.Less(t, q, 0.1)
	assert.Greater(t, q*us.Population.Firms, 1000.)
	assert.LessOrEqual(t, buyers(us)*q, float64(affordable))
	// Four sellers stay together while ten minutes allow it; 400 of them are divided as the time asks.
	sold := metro.Clone()
	sold.Population.Firms *= 5
	for i := range sold.Teams {
		sold.Teams[i].People = 4
	}
	assert.Equal(t, 1., share(sold))
	sold.Population.Firms *= 2
	assert.Equal(t, 1/math.Ceil(buyers(sold)/(slower*affordable)), share(sold))
	for i := range sold.Teams {
		sold.Teams[i].People = 400
	}
	assert.Equal(t, 1/math.Ceil(buyers(sold)/affordable), share(sold))
	tiny := metro.Clone()
	tiny.Population.Firms = 100
	assert.Equal(t, 1., share(tiny))
	for text, want := range map[string]float64{"": 0, "10%": 0.1, "0.25": 0.25, "1": 1} {
		x, err := shareOf(text)
		require.NoError(t, err)
		assert.InDelta(t, want, x, 1e-12)
	}
	for _, text := range []string{"0", "-1", "1.5", "120%", "much", "NaN"} {
		_, err := shareOf(text)
		assert.ErrorContains(t, err, "such as 0.1 or 10%")
	}
}

// How many periods the back-test predicts leaves a history that can be fitted; what is asked is run, and kept runs of
// another are not taken.
func TestHoldBack(t *testing.T) {
	dir := small(t) // ten months
	for text, want := range map[string]int{"": 0, "1": 1, "7": 7} {
		f, err := Open(dir, Options{HoldBack: text})
		require.NoError(t, err)
		assert.Equal(t, want, f.Ask.LastPeriods)
	}
	for _, text := range []string{"0", "-1", "8", "2.5", "half"} {
		_, err := Open(dir, Options{HoldBack: text})
		assert.EqualError(t, err, "--hold-back "+text+": a whole number of months is needed, from 1 to 7: at least 3 of 10 must "+
			"be left to learn from")
	}
	h := company.History{Periods: make([]company.Period, 13)}
	_, err := lastPeriods("1", &h)
	assert.EqualError(t, err, "--hold-back 1: the history has 13 weeks, and at least 13 must be left to learn from; leave "+
		"--hold-back out")
	h.Periods = make([]company.Period, 20)
	n, err := lastPeriods("7", &h)
	require.NoError(t, err)
	assert.Equal(t, 7, n)
}

// What another tool found of a channel is the prior of its own saturation; the others share one.
func TestCurvesArePriors(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	u := []learned.Unknown{{Name: "level.paid-search", Kind: learned.Level, Of: []string{"paid-search"}},
		{Name: "carry-over.paid-search", Kind: learned.CarryOver, Of: []string{"paid-search"}},
		{Name: "level.email", Kind: learned.Level, Of: []string{"email"}}, {Name: "saturation", Kind: learned.Saturation}}
	curve := company.Curve{Channel: "paid-search", HalfSaturation: company.Interval{Value: 20, Low: 10, High: 40},
		HalfLife: company.Interval{Value: 1, Low: 0.5, High: 2}}
	out := curved(u, p, []company.Curve{curve})
	require.Len(t, out, 5)
	assert.Equal(t, []string{"email"}, out[3].Of)
	assert.Equal(t, "saturation.paid-search", out[4].Name)
	assert.InDelta(t, 0.4214, out[4].Prior.SD, 0.001)
	assert.Equal(t, "your curves.csv", out[1].Prior.Source)
	assert.Len(t, curved(out[:2:2], p, []company.Curve{curve}), 2, "nothing asks for saturation")
}
