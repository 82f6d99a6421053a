package sim_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
	"windfall/sim/decide/optimise"
	"windfall/sim/decide/respond"
	"windfall/sim/decide/sensitivity"
	"windfall/sim/decide/value"
	"windfall/sim/panel"
)

// verdict is what a question says first, at what price.
type verdict struct {
	says string
	sure bool // what it says is told from all else
	cost int  // replications of all settings
}

// tenth opens a scenario with a tenth of the metropolitan market and a short run, so that twenty seeds take minutes.
func tenth(t *testing.T, name string) func(weeks, seed int, changes ...string) (*plan.Plan, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tenth.toml")
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf(`extends = %q
title = "A tenth"
question = "Is it the same?"
[population]
firms = 12_000
media_firms = 12_000
[opening]
plan = ""
burn_in_weeks = 2
customers = {1-4 = 190, 5-19 = 80, 20-99 = 28, 100-499 = 2}
`, name)), 0o600))
	return func(weeks, seed int, changes ...string) (*plan.Plan, error) {
		return scenarios.Load(file, scenarios.Set(append([]string{fmt.Sprintf("run.weeks=%d", weeks), fmt.Sprintf("run.seed=%d", seed)}, changes...)...))
	}
}

// simulate runs a design of a question.
func simulate(t *testing.T, d *decide.Design) *panel.Panel {
	t.Helper()
	run := sim.Design{Measures: d.Measures, Replications: d.Replications, SeedsPerDraw: d.SeedsPerDraw, Seed: d.Seed, At: d.At, Points: d.Points}
	for _, s := range d.Settings {
		run.Settings = append(run.Settings, sim.Setting{Name: s.Name, Plan: s.Plan})
	}
	p, err := sim.Measure(context.Background(), run)
	require.NoError(t, err)
	return p
}

// bothWays gives the panel of all replications of a design, and that at which its rounds end.
func bothWays(t *testing.T, d *decide.Design) (all, some *panel.Panel) {
	t.Helper()
	require.NotNil(t, d.Rounds)
	all = simulate(t, d)
	some = inRounds(d, func(l panel.Leaf, i int) float64 { return all.Values(l)[i] })
	some.Ties = all.Ties
	return all, some
}

// The whole market in half a year. Points that the first line does not read are not run: they have the numbers of the
// nearest that is.
func respondVerdicts(t *testing.T, seed int) (was, is verdict) {
	with := func(changes ...string) (*plan.Plan, error) {
		return scenarios.Load("metro", scenarios.Set(append([]string{"run.weeks=26", fmt.Sprintf("run.seed=%d", seed)}, changes...)...))
	}
	a := respond.Ask{Plan: must(with()), With: with, Outcomes: []string{"lifetime_margin"}}
	d := must(a.Design())
	nearest := func(setting string) string {
		return strings.NewReplacer(" x0.5", " x0.75", " x2", " x1.5", " x3", " x1.5").Replace(strings.TrimSuffix(setting, " x0") + map[bool]string{true: " x0.75"}[strings.HasSuffix(setting, " x0")])
	}
	read := *d
	read.Settings = nil
	for _, s := range d.Settings {
		if nearest(s.Name) == s.Name {
			read.Settings = append(read.Settings, s)
		}
	}
	read.Measures = slices.DeleteFunc(slices.Clone(d.Measures), func(l panel.Leaf) bool { return nearest(l.Setting) != l.Setting })
	run := simulate(t, &read)
	of := func(p *panel.Panel) verdict {
		x := must(a.Answer(p))
		top := x.Goes
		cost := len(d.Settings) * p.Replications
		if p.Further != nil { // the plan, and channels above their plan
			cost += (1 + len(x.RunFurther)) * p.Further.Replications
		}
		return verdict{fmt.Sprintf("%s %t", top.Channel, top.Next.Value > 0), x.Verdict.Kind == decide.Yes, cost}
	}
	number := func(l panel.Leaf, i int) float64 {
		l.Setting = nearest(l.Setting)
		return run.Values(l)[i]
	}
	return of(d.Panel(d.Replications, number)), of(inRounds(d, number))
}

func optimiseVerdicts(t *testing.T, seed int) (was, is verdict) {
	plan := must(tenth(t, "metro")(2, seed))
	of := func(a optimise.Ask) verdict {
		a.Plan, a.Metric, a.Levers = plan, "lifetime_margin", []string{"media", "brand"}
		c := must(a.Course())
		defer c.Stop()
		var panels []*panel.Panel
		cost := 0
		for {
			round := must(c.Next(panels))
			if len(round) == 0 {
				break
			}
			panels = nil
			for _, part := range round {
				panels = append(panels, simulate(t, part.Design))
			}
		}
		x := c.Answer()
		cost, _ = c.Progress()
		return verdict{fmt.Sprintf("%s %t", x.Verdict.Kind, x.Gain.Value > 0), x.Verdict.Kind == decide.Yes, cost - x.Evaluations*x.Replications + x.Used}
	}
	return of(optimise.Ask{Evaluations: 600, HoldOut: 2000}), of(optimise.Ask{})
}

func valueVerdicts(t *testing.T, seed int) (was, is verdict) {
	a := value.Ask{A: value.Plan{Setting: decide.Setting{Name: "plan", Plan: must(tenth(t, "metro-uncertain")(4, seed))}},
		B: value.Plan{Setting: decide.Setting{Name: "half", Plan: must(tenth(t, "metro-uncertain")(4, seed, "media.*.weekly_budget*=0.5"))}}, Metric: "lifetime_margin"}
	of := func(p *panel.Panel) verdict {
		x := must(a.Answer(p))
		one, _, _ := x.Better()
		return verdict{fmt.Sprintf("%s, %s", x.Verdict.Kind, one), true, 2 * p.Replications}
	}
	all, some := bothWays(t, must(a.Design()))
	return of(all), of(some)
}

func discoverVerdicts(t *testing.T, seed int) (was, is verdict) {
	a := discover.Ask{Plan: must(tenth(t, "metro-uncertain")(4, seed)), When: "lifetime_margin < -130_000", Metric: "lifetime_margin"}
	of := func(p *panel.Panel) verdict {
		x := must(a.Answer(p))
		first := "none"
		if x.Box != nil { // the condition without which the density falls most
			least := math.Inf(1)
			for _, c := range x.Box.Conditions {
				if c.DensityWithout.Value < least {
					least, first = c.DensityWithout.Value, c.Name
				}
			}
		}
		return verdict{first, true, p.Replications}
	}
	all, some := bothWays(t, must(a.Design()))
	return of(all), of(some)
}

// Fewer rows and seeds of a design are the first of more.
func sensitivityVerdicts(t *testing.T, seed int) (was, is verdict) {
	plan := must(tenth(t, "metro-uncertain")(2, seed))
	ask := func(rows int) (sensitivity.Ask, *decide.Design) {
		a := sensitivity.Ask{Plan: plan, Metric: "lifetime_margin", Rows: rows}
		return a, must(a.Design())
	}
	many, most := ask(92) // what came to 15,000 runs
	few, least := ask(0)
	p := simulate(t, most)
	at := make([]float64, len(must(decide.UncertainOf(plan)).Inputs))
	points := map[string]int{}
	name := func(d *decide.Design, i int) string { chance := d.At(i, at); return fmt.Sprint(chance, at) }
	for i := range most.Replications {
		points[name(most, i)] = i
	}
	where := make([]int, least.Replications)
	for i := range where {
		k, ok := points[name(least, i)]
		require.True(t, ok, "point %d", i)
		where[i] = k
	}
	of := func(a sensitivity.Ask, p *panel.Panel) verdict {
		x := must(a.Answer(p)).Outcomes[0]
		return verdict{x.Indices[0].Inputs[0], analysis.Apart(x.Indices[0].Total, x.Indices[1].Total), p.Replications}
	}
	return of(many, p), of(few, least.Panel(least.Replications, func(l panel.Leaf, i int) float64 { return p.Values(l)[where[i]] }))
}

// The defaults of questions say first what those before them said, on 20 seeds; docs/performance.md has the table, and
// WINDFALL_RECORD=1 writes it there.
func TestDefaultsSayWhatTheySaid(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" && os.Getenv("WINDFALL_RECORD") != "1" {
		t.Skip("half an hour: with WINDFALL_VERIFY=1")
	}
	const seeds = 20
	const head = "| command | says first | the same in | not told apart in either where it differs | replications before | replications now |\n|---|---|---|---|---|---|\n"
	var rows []string
	commands := []struct {
		command, says string
		ask           func(t *testing.T, seed int) (was, is verdict)
	}{
		{"respond", "the channel of the next dollar, whether it earns more than it costs", respondVerdicts},
		{"value", "whether anything is worth measuring, the better plan", valueVerdicts},
		{"discover", "the input of the box that matters most", discoverVerdicts},
		{"optimise", "whether the best plan is better, and which way", optimiseVerdicts},
		{"sensitivity", "the input with the largest total index", sensitivityVerdicts},
	}
	for _, c := range commands {
		t.Run(c.command, func(t *testing.T) {
			same, close, before, now := 0, 0, 0, 0
			begun := time.Now()
			for seed := 1; seed <= seeds; seed++ {
				was, is := c.ask(t, seed)
				switch {
				case was.says == is.says:
					same++
				case !was.sure || !is.sure:
					close++
				default:
					assert.Fail(t, "another verdict", "%s, seed %d: %q, now %q", c.command, seed, was.says, is.says)
				}
				before, now = before+was.cost, now+is.cost
				t.Logf("seed %d: %+v, now %+v", seed, was, is)
			}
			rows = append(rows, fmt.Sprintf("| %s | %s | %d of %d | %d | %d | %d |\n", c.command, c.says, same, seeds, close, before/seeds, now/seeds))
			t.Logf("%v\n%s", time.Since(begun), rows[len(rows)-1])
		})
	}
	if len(rows) == len(commands) { // not where one of them was asked for alone
		recordIn(t, "../docs/performance.md", "verdicts", head+strings.Join(rows, ""))
	}
}
