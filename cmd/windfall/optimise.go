package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/decide"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/scenarios/levers"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/optimise"
	"windfall/sim/paired"
	"windfall/sim/result"
)

// optimiseFlags are the flags of optimise.
type optimiseFlags struct {
	decideFlags
	budget, risk              string
	levers, bounds, subjectTo []string
	evaluations, holdOut      numberFlag
	byQuarter, frontier       bool
}

// Defaults of optimise.
const (
	optimiseEvaluations  = 600
	optimiseReplications = 60
	optimiseHoldOut      = 2000
	optimiseShortlist    = 6  // plans that are looked at again before one is chosen
	optimiseAgain        = 4  // times the replications of the search, for that
	optimiseFrontier     = 8  // plans of the frontier at most
	optimiseMarginal     = 20 // the part of the hold-out on which each lever is moved
)

func (p *program) optimiseCommand() *cobra.Command {
	var flags optimiseFlags
	cmd := &cobra.Command{
		Use:   "optimise SCENARIO",
		Short: "What is the best plan for a budget?",
		Long: `Look for the plan that has most of a metric for a budget of media, brand and
sales pay. Each lever multiplies what the plan has, dated schedules included, by
0 to 3 (--bounds); head-counts stay whole. The budget is what the plan means to
spend, unless --budget names another; a plan may spend less.

A search tries plans on the same random numbers: CMA-ES, then a climb on fitted
parabolas. It runs a plan 60 times, or 10 or 20 times if it then lies behind.
Leading plans are run again on a second seed, and one is chosen. A third seed
judges it, which had no part in the choice: there the gain over the plan is
honest, and a constraint counts as met only if its 95% interval lies inside (of
a chance that of Wilson). A plan that breaks one is not offered, and the exit
code is 3. best.toml in the folder is the plan that was found.

Moving each lever by 10% from there tells what its next dollar brings. At a best
plan all levers bring the same, but for bounds, whole people and noise.

Twice the evaluations matter above twenty levers, where 600 leave some 1% of the
best gain; twice the replications make what luck adds to the choice 1.4 times
smaller; twice the hold-out makes the intervals 1.4 times narrower.`,
		Example: `  windfall optimise metro
  windfall optimise metro --budget 2M --levers media,brand --by-quarter
  windfall optimise metro --maximise live_customers --subject-to 'P(out_of_business)<=5%' --frontier
  windfall optimise metro --levers sales,products.basic.price --bounds products.basic.price=0.8..1.2 --risk cvar:5%`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.optimise(args[0], &flags) },
	}
	flags.register(cmd, "optimise", "replications of each plan that is tried (default: 60)")
	flags.evaluations, flags.holdOut = keyFlag("run.replications"), keyFlag("run.replications")
	f := cmd.Flags()
	f.StringVar(&flags.metric, "maximise", "lifetime_margin", "the `METRIC` to make as good as can be: an outcome, p5(OUTCOME) or P(CONDITION); what is better lower is made low")
	f.StringVar(&flags.budget, "budget", "", "most to spend on media, brand and sales pay over the run, `USD` (default: what the plan spends)")
	f.StringSliceVar(&flags.levers, "levers", []string{levers.Media, levers.Brand, levers.Sales}, "`LEVER`s to move: media, brand, sales, or keys of the scenario")
	f.StringArrayVar(&flags.bounds, "bounds", nil, "multiples of the plan that a lever may take: `KEY=LO..HI`, KEY a lever or group (repeatable; default: 0..3)")
	f.StringArrayVar(&flags.subjectTo, "subject-to", nil, "`CONDITION` to keep, such as 'P(out_of_business) <= 5%' (repeatable)")
	f.StringVar(&flags.risk, "risk", "", "count the worst replications only, `cvar:5%`")
	f.BoolVar(&flags.byQuarter, "by-quarter", false, "one more multiplier for each quarter, on the whole budget (bounds: quarters=LO..HI)")
	f.Var(&flags.evaluations, "evaluations", "plans to try (default: 600)")
	f.Var(&flags.holdOut, "hold-out", "replications that judge the plan that was found (default: 2,000)")
	f.BoolVar(&flags.frontier, "frontier", false, "show the plans that no other beats in both the metric and the chance to go out of business")
	return cmd
}

// optimise looks for the best plan, judges it on other seeds and writes it.
func (p *program) optimise(name string, flags *optimiseFlags) error {
	base, err := p.open(name, flags.sets()...)
	if err != nil {
		return err
	}
	plan := base.Plan
	if _, err := model.Prepare(plan); err != nil {
		return scenarios.Problems{{File: base.Files[0], Message: err.Error()}}
	}
	o := &optimisation{p: p, flags: flags, name: name, base: base, columns: model.NewSchema(plan).Outcomes}
	if err := o.read(); err != nil {
		return err
	}
	o.decision = p.decision(&flags.decideFlags, "optimise", plan.Name, &o.design, o.evaluations, o.holdOut, flags.budget, flags.levers, flags.bounds, flags.subjectTo, flags.risk, flags.byQuarter, flags.frontier)
	var answer *optimum
	err = o.decision.watched(func(ctx context.Context, progress *progress) error {
		o.ctx, o.progress = ctx, progress
		var err error
		answer, err = o.search()
		return err
	})
	if err != nil {
		return err
	}
	if answer.Offered {
		answer.File = filepath.Join(o.decision.dir, "best.toml")
		if err := o.write(answer); err != nil {
			return err
		}
	}
	if err := o.decision.tell(answer, answer.drawn()); err != nil || answer.Offered {
		return err
	}
	return &expectationError{answer.broken()}
}

// optimisation is a search for the best plan.
type optimisation struct {
	p        *program
	flags    *optimiseFlags
	name     string
	base     *scenarios.Scenario
	columns  []model.Column
	decision *decision
	ctx      context.Context
	progress *progress

	design               paired.Design // what all runs share
	done, total          int           // replications
	evaluations, holdOut int
	set                  *levers.Set
	space                *optimise.Space
	race                 optimise.Race
}

// read reads what is asked for.
func (o *optimisation) read() (err error) {
	flags, plan := o.flags, o.base.Plan
	o.evaluations, o.holdOut = firstOf(flags.evaluations.value(), optimiseEvaluations), firstOf(flags.holdOut.value(), optimiseHoldOut)
	if o.holdOut < 2 {
		return usagef("--hold-out %d: two replications at least are needed to judge a plan", o.holdOut)
	}
	o.race = optimise.Race{Replications: firstOf(flags.replications.value(), optimiseReplications), Judged: o.holdOut}
	if o.race.Objective, err = optimise.NewObjective(flags.metric, flags.risk, o.columns); err != nil {
		if strings.HasPrefix(err.Error(), "risk ") {
			return usagef("--%v", err)
		}
		return usagef("--maximise %v", err)
	}
	for _, text := range flags.subjectTo {
		c, err := optimise.NewConstraint(text, o.columns)
		if err != nil {
			return usagef("--subject-to %v", err)
		}
		o.race.Constraints = append(o.race.Constraints, c)
	}
	if o.set, err = levers.New(plan, flags.levers, flags.bounds, flags.byQuarter); err != nil {
		return usagef("--%v", err)
	}
	o.space = &optimise.Space{Spend: o.set.Spend, Budget: o.set.Spend(o.set.Plain())}
	for _, l := range o.set.Levers {
		o.space.Levers = append(o.space.Levers, optimise.Lever{Name: l.Name, Low: l.Low, High: l.High, Steps: l.Steps, Spend: l.Spend, Scales: l.Group == levers.Quarters})
	}
	if flags.budget != "" {
		usd, percent, err := analysis.ParseNumber(strings.TrimPrefix(flags.budget, "$"))
		if err != nil || percent || !(usd > 0) {
			return usagef("--budget %s: an amount in USD above 0 is needed, such as 2_500_000 or 2.5M", flags.budget)
		}
		o.space.Budget = usd
	}
	if least := o.space.Spend(o.space.Least()); !o.space.Fits(o.space.Least()) {
		return usagef("--budget %s: too little; with every lever at its lower bound the plan spends %s", plots.Money.Text(o.space.Budget), plots.Money.Text(least))
	}
	seen := map[string]bool{}
	keep := func(names ...string) {
		for _, c := range names {
			if !seen[c] {
				seen[c] = true
				o.design.Measures = append(o.design.Measures, paired.Leaf{Setting: "plan", Measure: paired.Measure{Column: c}})
			}
		}
	}
	keep(o.race.Objective.Outcomes(o.columns)...)
	for _, c := range o.race.Constraints {
		keep(c.Metric.Outcomes(o.columns)...)
	}
	keep("out_of_business")
	o.design.Seed, o.design.Replications, o.design.Version = uint64(plan.Run.Seed), o.race.Replications, version
	o.design.Settings = []paired.Setting{o.setting(o.set.Plain())}
	if err := o.design.Check(); err != nil {
		return usagef("%v", err)
	}
	return nil
}

func (o *optimisation) setting(x []float64) paired.Setting {
	plan := o.set.Plan(x)
	return paired.Setting{Name: "plan", Plan: plan, Digest: scenarios.Digest(plan)}
}

// seed is the seed of a stage: of the search, of the choice, or of the hold-out.
func (o *optimisation) seed(stage int) uint64 {
	return (o.design.Seed + uint64(stage)) % (1 << 53) // what a scenario can hold
}

// The stages, which have seeds of their own.
const (
	searching = iota
	choosing
	judging
)

// run runs a plan in a folder of what is kept.
func (o *optimisation) run(folder string, stage int, x []float64, replications int) (*analysis.Sample, error) {
	d := o.design
	d.Settings, d.Seed, d.Replications = []paired.Setting{o.setting(x)}, o.seed(stage), replications
	d.Folder = filepath.Join(o.decision.kept(), folder)
	d.Progress = func(done, _ int) {
		o.progress.replicated(sim.Progress{Done: o.done + done, Total: max(o.total, o.done+done)})
	}
	if err := os.MkdirAll(d.Folder, 0o755); err != nil {
		return nil, err
	}
	panel, err := paired.Run(o.ctx, d)
	if err != nil {
		return nil, err
	}
	return panel.Sample("plan", o.columns), nil
}

// search finds the best plan and judges it.
func (o *optimisation) search() (*optimum, error) {
	plain, split := o.space.Project(o.set.Plain()), o.space.Proportional()
	marginals := max(min(o.holdOut, 2), o.holdOut/optimiseMarginal)
	again := optimiseAgain * o.race.Replications
	o.total = o.evaluations*o.race.Replications + optimiseShortlist*again + 3*o.holdOut + 2*len(o.space.Levers)*marginals
	if o.flags.frontier {
		o.total += optimiseFrontier * o.holdOut
	}
	a := &optimum{o: o, Scenario: o.base.Plan.Name, Metric: o.race.Objective.Text, Weeks: int(o.base.Plan.Run.Weeks), Seeds: [3]uint64{o.seed(searching), o.seed(choosing), o.seed(judging)},
		Replications: o.race.Replications, HoldOut: o.holdOut, Budget: o.space.Budget, PlanSpend: o.set.Spend(o.set.Plain())}

	// The search, on the seed of the scenario.
	ruin := map[int]float64{} // by plan
	o.race.Run = func(n int, x []float64, replications int) (*analysis.Sample, error) {
		s, err := o.run(fmt.Sprintf("search-%05d", n), searching, x, replications)
		if err == nil {
			e, _ := s.Headline("out_of_business")
			ruin[n] = e.Value
		}
		return s, err
	}
	search := optimise.Search{Space: o.space, Start: [][]float64{split, plain}, Evaluations: o.evaluations, Seed: o.design.Seed, Evaluate: func(n int, x []float64) (optimise.Score, error) {
		score, err := o.race.Score(n, x)
		o.done += o.race.Replications
		return score, err
	}}
	points, err := search.Run()
	if err != nil {
		return nil, err
	}
	a.Evaluations, a.Used = len(points), o.race.Used
	o.done = o.evaluations * o.race.Replications

	// The choice among the leading plans, on the next seed.
	short := optimise.Shortlist(points, optimiseShortlist, len(o.race.Constraints) > 0)
	if len(short) == 0 {
		return nil, usagef("--maximise %s: it is known for no plan that was tried", a.Metric)
	}
	var samples []*analysis.Sample
	for i, c := range short {
		s, err := o.run(fmt.Sprintf("choice-%02d", i), choosing, c.X, again)
		if err != nil {
			return nil, err
		}
		samples = append(samples, s)
		o.done += again
	}
	chosen, err := o.race.Choose(samples)
	if err != nil {
		return nil, err
	}
	a.x = short[chosen].X
	from := slices.IndexFunc(points, func(p optimise.Point) bool { return slices.Equal(p.X, split) })
	a.Seen = short[chosen].Value - points[max(from, 0)].Value
	if o.race.Objective.Less {
		a.Seen = -a.Seen
	}

	// The judgement, on a seed that had no part in either.
	var judged []*analysis.Sample
	held := [][]float64{o.set.Plain(), split, a.x}
	for i, x := range held {
		if k := slices.IndexFunc(held[:i], func(y []float64) bool { return slices.Equal(x, y) }); k >= 0 {
			judged = append(judged, judged[k])
		} else {
			s, err := o.run(fmt.Sprintf("hold-out-%d", i), judging, x, o.holdOut)
			if err != nil {
				return nil, err
			}
			judged = append(judged, s)
		}
		o.done += o.holdOut
	}
	if err := a.judge(judged[0], judged[1], judged[2]); err != nil {
		return nil, err
	}
	if err := o.marginals(a, marginals); err != nil {
		return nil, err
	}
	if o.flags.frontier {
		if err := o.frontierOf(a, points, ruin, judged[0]); err != nil {
			return nil, err
		}
	}
	a.Answer = a.sentence()
	return a, nil
}

// judge takes what the hold-out says.
func (a *optimum) judge(plan, split, best *analysis.Sample) (err error) {
	race := &a.o.race
	for _, e := range []struct {
		into *analysis.Estimate
		s    *analysis.Sample
	}{{&a.Plan, plan}, {&a.Split, split}, {&a.Best, best}} {
		if *e.into, err = race.Objective.Estimate(e.s); err != nil {
			return err
		}
	}
	if a.Gain, err = race.Objective.Difference(plan, best); err != nil {
		return err
	}
	if a.OverSplit, err = race.Objective.Difference(split, best); err != nil {
		return err
	}
	if a.Constraints, err = optimise.Hold(race.Constraints, best); err != nil {
		return err
	}
	a.Offered = optimise.Met(a.Constraints)
	a.Spend, a.SplitSpend = a.o.set.Spend(a.x), a.o.set.Spend(a.o.space.Proportional())
	for i, l := range a.o.set.Levers {
		spend := a.o.set.SpendOn(i, a.x)
		if l.Group == "" {
			spend = 0
		}
		a.Levers = append(a.Levers, foundLever{Lever: l.Name, Group: l.Group, Multiple: a.x[i], PlanSpend: l.Spend, Spend: spend})
	}
	return nil
}

// marginals moves each lever that spends by a tenth, or a person, from the plan
// that was found, and sees what a dollar of it brings.
func (o *optimisation) marginals(a *optimum, replications int) error {
	var list []optimise.Marginal
	for i := range o.space.Levers {
		low, high, usd := o.space.Around(i, a.x)
		if usd > 0 {
			var sides [2]*analysis.Sample
			for k, x := range [][]float64{low, high} {
				s, err := o.run(fmt.Sprintf("lever-%03d-%d", i, k), judging, x, replications)
				if err != nil {
					return err
				}
				sides[k] = s
				o.done += replications
			}
			d, err := o.race.Objective.Difference(sides[0], sides[1])
			if err != nil {
				return err
			}
			list = append(list, optimise.Marginal{Lever: o.space.Levers[i].Name, Dollar: d.Times(1 / usd)})
		}
	}
	if len(list) == 0 {
		return nil
	}
	common := optimise.Common(list, o.space, a.x)
	a.Common, a.MarginalReplications = &common, replications
	for i := range a.Levers {
		if k := slices.IndexFunc(list, func(m optimise.Marginal) bool { return m.Lever == a.Levers[i].Lever }); k >= 0 {
			a.Levers[i].Marginal = &list[k]
		}
	}
	return nil
}

// frontierOf judges the plans that no other beat in both the metric and the
// chance to go out of business in the search.
func (o *optimisation) frontierOf(a *optimum, points []optimise.Point, ruin map[int]float64, plan *analysis.Sample) error {
	safe := slices.Clone(points)
	for n := range safe {
		safe[n].Slack = 1 - ruin[n]
	}
	for i, c := range optimise.Shortlist(safe, optimiseFrontier, true) {
		s, err := o.run(fmt.Sprintf("frontier-%02d", i), judging, c.X, o.holdOut)
		if err != nil {
			return err
		}
		o.done += o.holdOut
		f := frontierPlan{Multiples: c.X, Spend: o.set.Spend(c.X)}
		if f.Value, err = o.race.Objective.Estimate(s); err != nil {
			return err
		}
		if f.Gain, err = o.race.Objective.Difference(plan, s); err != nil {
			return err
		}
		if f.Ruin, err = s.Headline("out_of_business"); err != nil {
			return err
		}
		a.Frontier = append(a.Frontier, f)
	}
	var err error
	a.ruined, err = plan.Headline("out_of_business")
	return err
}

// write writes the plan that was found. It extends the scenario where that gives
// the very plan that was judged, and else holds the whole plan: where overrides of
// the command line multiply, for one.
func (o *optimisation) write(a *optimum) error {
	head := fmt.Sprintf("# %s\n# Found with: %s\n# Judged on seed %d: windfall run %s --seed %d --replications %d\n\n", a.Answer, shellLine(o.p.command()), a.Seeds[judging], a.File, a.Seeds[judging], a.HoldOut)
	put := func(text string) error {
		return result.WriteFile(a.File, func(w io.Writer) error { _, err := io.WriteString(w, head+text); return err })
	}
	want := o.set.Plan(a.x)
	text := o.set.Scenario(o.extends(), o.base.Plan.Name+", optimised for "+a.Metric, o.flags.sets(), a.x)
	if err := put(text); err != nil {
		return err
	}
	if s, err := o.p.open(a.File); err == nil && scenarios.Digest(s.Plan) == scenarios.Digest(want) {
		a.extends = true
		return nil
	}
	return put(scenarios.Resolved(want))
}

// extends is how a scenario in the folder of results names the one that was
// optimised.
func (o *optimisation) extends() string {
	if slices.ContainsFunc(scenarios.List(), func(b scenarios.Builtin) bool { return b.Name == o.name }) {
		return o.name
	}
	from, err1 := filepath.Abs(o.decision.dir)
	to, err2 := filepath.Abs(o.base.Files[0])
	if rel, err := filepath.Rel(from, to); err1 == nil && err2 == nil && err == nil {
		return filepath.ToSlash(rel)
	}
	return o.base.Files[0]
}

// optimum is what optimise writes and prints as JSON.
type optimum struct {
	o       *optimisation
	x       []float64
	extends bool              // best.toml extends the scenario
	ruined  analysis.Estimate // the plan's chance to go out of business

	Scenario             string             `json:"scenario"`
	Metric               string             `json:"metric"`
	Weeks                int                `json:"weeks"`
	Seeds                [3]uint64          `json:"seeds"` // of the search, the choice and the hold-out
	Evaluations          int                `json:"evaluations"`
	Replications         int                `json:"replications"`
	Used                 int                `json:"search_replications"`
	HoldOut              int                `json:"hold_out"`
	MarginalReplications int                `json:"replications_at_the_margin"`
	Answer               string             `json:"answer"`
	Offered              bool               `json:"offered"`
	File                 string             `json:"file,omitempty"`
	Budget               float64            `json:"budget"`
	PlanSpend            float64            `json:"plan_spends"`
	SplitSpend           float64            `json:"proportional_split_spends"`
	Spend                float64            `json:"best_spends"`
	Plan                 analysis.Estimate  `json:"plan"`
	Split                analysis.Estimate  `json:"proportional_split"`
	Best                 analysis.Estimate  `json:"best"`
	Gain                 analysis.Estimate  `json:"gain"`
	OverSplit            analysis.Estimate  `json:"gain_over_proportional_split"`
	Seen                 float64            `json:"gain_seen_in_search"`
	Constraints          []optimise.Held    `json:"constraints"`
	Levers               []foundLever       `json:"levers"`
	Common               *analysis.Estimate `json:"common_value_of_a_dollar,omitempty"`
	Frontier             []frontierPlan     `json:"frontier,omitempty"`
}

// foundLever is a lever at the plan that was found.
type foundLever struct {
	Lever     string             `json:"lever"`
	Group     string             `json:"group,omitempty"`
	Multiple  float64            `json:"multiple"`
	PlanSpend float64            `json:"plan_spends"`
	Spend     float64            `json:"best_spends"`
	Marginal  *optimise.Marginal `json:"marginal,omitempty"`
}

// frontierPlan is a plan that no other beat in both the metric and the chance to
// go out of business.
type frontierPlan struct {
	Value     analysis.Estimate `json:"value"`
	Gain      analysis.Estimate `json:"gain"`
	Ruin      analysis.Estimate `json:"out_of_business"`
	Spend     float64           `json:"spends"`
	Multiples []float64         `json:"multiples"`
}

// format is how the metric is written.
func (a *optimum) format() plots.Format {
	c := a.o.race.Objective.Column
	return formatOf(c.Name, c.Unit)
}

// perDollar writes what a dollar brings, with its interval.
func (a *optimum) perDollar(e analysis.Estimate) string {
	write := short
	if a.format() == plots.Money {
		write = dollar
	}
	return fmt.Sprintf("%s (%s to %s)", write(e.Value), write(e.Low), write(e.High))
}

// with writes a number with half of its interval.
func (a *optimum) with(e analysis.Estimate) string {
	return decide.With(a.format(), e).Text
}

// ownBudget says whether the budget is what the plan spends.
func (a *optimum) ownBudget() bool { return math.Abs(a.Budget-a.PlanSpend) < 0.005 }

// broken names the constraints that are not met.
func (a *optimum) broken() (out []string) {
	for _, h := range a.Constraints {
		if h.Verdict != analysis.Met {
			out = append(out, h.Constraint)
		}
	}
	return out
}

// sentence is the answer.
func (a *optimum) sentence() string {
	horizon, pairs := counted(a.Weeks, "week"), counted(a.HoldOut, "pair")
	// With another budget the plan at that budget is what it has to beat.
	against, gain, value := a.Scenario, a.Gain, a.Plan.Value
	if !a.ownBudget() {
		against, gain, value = a.Scenario+" scaled to the budget", a.OverSplit, a.Split.Value
	}
	spends := fmt.Sprintf("spends %s of a budget of %s", plots.Money.Text(a.Spend), plots.Money.Text(a.Budget))
	way, better := "more", gain.Low > 0
	if a.o.race.Objective.Less {
		way, better = "less", gain.High < 0
	}
	relative := ""
	if value != 0 {
		relative = fmt.Sprintf(", %+.1f%%", 100*gain.Value/math.Abs(value))
	}
	size := gain
	size.Value = math.Abs(size.Value)
	switch {
	case !a.Offered:
		var seen []string
		for _, h := range a.Constraints {
			if h.Verdict != analysis.Met {
				f := a.constraintFormat(h)
				seen = append(seen, fmt.Sprintf("%s (seen %s, 95%% interval %s)", h.Constraint, f.Text(h.Seen.Value), intervalText(f, h.Seen)))
			}
		}
		return fmt.Sprintf("No plan is offered: of %s tried within %s none was found that keeps %s in %s that had no part in the choice; the nearest has %s of %s.",
			counted(a.Evaluations, "plan"), plots.Money.Text(a.Budget), list(seen), counted(a.HoldOut, "replication"), a.with(a.Best), a.Metric)
	case better:
		return fmt.Sprintf("The best of %s has %s %s %s than %s in %s%s, and %s (95%% interval, %s that had no part in the choice).",
			counted(a.Evaluations, "plan"), a.with(size), way, a.Metric, against, horizon, relative, spends, pairs)
	}
	if slices.Equal(a.x, a.o.set.Plain()) {
		return fmt.Sprintf("No plan better than %s was seen among %s that spend %s at most: it is the best of them (seen on %s).", a.Scenario, counted(a.Evaluations, "plan"), plots.Money.Text(a.Budget), counted(optimiseAgain*a.Replications, "pair"))
	}
	return fmt.Sprintf("No plan better than %s was seen among %s: the best one differs by %s of %s in %s%s, and %s (95%% interval, %s that had no part in the choice).",
		against, counted(a.Evaluations, "plan"), a.with(gain), a.Metric, horizon, relative, spends, pairs)
}

func (a *optimum) constraintFormat(h optimise.Held) plots.Format {
	for _, c := range a.o.race.Constraints {
		if c.Text == h.Constraint {
			column := c.Metric.ColumnAmong(a.o.columns)
			return formatOf(column.Name, column.Unit)
		}
	}
	return plots.Percent
}

func (a *optimum) sentences() []string { return []string{a.Answer} }

func (a *optimum) next() []string {
	switch {
	case !a.Offered:
		return []string{shellLine([]string{"windfall", "respond", a.o.name, "--vary", "media=x0.5..x2:4", "--outcome", "out_of_business"})}
	case a.extends:
		return []string{shellLine(append([]string{"windfall", "compare", a.o.name, a.File}, a.o.flags.typed()...))}
	}
	return []string{shellLine([]string{"windfall", "run", a.File, "--replications", "1000"})}
}

func (a *optimum) warnings() (out []string) {
	if a.HoldOut < fewPairs {
		out = append(out, fmt.Sprintf("%s are few to judge a plan by; --hold-out %d would do", counted(a.HoldOut, "replication"), optimiseHoldOut))
	}
	if n := len(a.Levers); a.Evaluations < 10*n {
		out = append(out, fmt.Sprintf("%s are few for %s: the best plan may be far from here; --evaluations %d would do", counted(a.Evaluations, "evaluation"), counted(n, "lever"), optimiseEvaluations))
	}
	return out
}

// size says what the answer rests on.
func (a *optimum) size() string {
	return fmt.Sprintf("%s of %s, judged on %s", counted(a.Evaluations, "plan"), counted(a.Replications, "replication"), counted(a.HoldOut, "pair"))
}

// drawn is the frontier: the metric against the chance to go out of business.
func (a *optimum) drawn() []gallery.Hung {
	m := a.o.race.Objective.Metric
	if m.When != nil || len(a.Frontier) < 2 {
		return nil
	}
	t := plots.Tradeoff{Source: plots.Source{Replications: a.HoldOut, Seed: a.Seeds[judging], Scenario: a.Scenario},
		X: plots.Measure{Name: m.Outcome, Unit: a.o.race.Objective.Column.Unit}, Y: plots.Measure{Name: "out_of_business", Unit: "chance"}, LessX: a.o.race.Objective.Less, LessY: true,
		Plans: []plots.Choice{{Name: a.Scenario, Plan: true, X: a.Plan, Y: a.ruined}}}
	for i, f := range a.Frontier {
		t.Plans = append(t.Plans, plots.Choice{Name: strconv.Itoa(i + 1), X: f.Value, Y: f.Ruin})
	}
	return []gallery.Hung{{Name: "frontier", Drawing: t}}
}

// sheets are the tables of the answer: what was found against what, constraints,
// levers and frontier.
func (a *optimum) sheets() (out []*decide.Sheet) {
	f, money := a.format(), func(usd float64) report.Cell { return report.Num(plots.Money.Text(usd), usd) }
	plans := decide.NewSheet("plans", "The plan that was found, on the hold-out", "plan", "#"+a.Metric, "#gain of the best", "#spends")
	plans.Row("best", decide.With(f, a.Best), "", money(a.Spend))
	plans.Row(a.Scenario, decide.With(f, a.Plan), decide.With(f, a.Gain), money(a.PlanSpend))
	against := a.Scenario
	if !a.ownBudget() {
		against += " scaled to the budget"
		plans.Row(against, decide.With(f, a.Split), decide.With(f, a.OverSplit), money(a.SplitSpend))
	}
	plans.Notes = []string{fmt.Sprintf("The search, on the replications that it chose by, saw a gain of %s over %s.", f.Text(a.Seen), against)}
	out = append(out, plans)

	if len(a.Constraints) > 0 {
		s := decide.NewSheet("constraints", "Constraints of the best plan, on the hold-out", "constraint", "#seen", "95% interval", "verdict")
		for _, h := range a.Constraints {
			f := a.constraintFormat(h)
			s.Row(h.Constraint, decide.Value(f, h.Seen), intervalText(f, h.Seen), string(h.Verdict))
		}
		out = append(out, s)
	}

	rows := slices.Clone(a.Levers)
	slices.SortStableFunc(rows, func(x, y foundLever) int {
		return cmp.Compare(math.Abs(y.Spend-y.PlanSpend), math.Abs(x.Spend-x.PlanSpend))
	})
	s := decide.NewSheet("levers", "Levers, those first whose spend moves most", "lever", "#times the plan", "#plan spends", "#best spends", "#the next dollar brings", "off the common value")
	for _, l := range rows {
		multiple := report.Num(strconv.FormatFloat(l.Multiple, 'f', 2, 64), l.Multiple)
		switch m := l.Marginal; {
		case l.Spend == 0 && l.PlanSpend == 0:
			s.Row(l.Lever, multiple, "", "", "", "")
		case m == nil:
			s.Row(l.Lever, multiple, money(l.PlanSpend), money(l.Spend), "", "")
		default:
			next := decide.Value(plots.Plain, m.Dollar)
			next.Text = a.perDollar(m.Dollar)
			s.Row(l.Lever, multiple, money(l.PlanSpend), money(l.Spend), next, m.Reason)
		}
	}
	if c := a.Common; c != nil && !math.IsNaN(c.Value) {
		s.Notes = []string{fmt.Sprintf("The next dollar brings %s of %s on the levers that are free to move; each was moved by 10%% (95%% intervals, %s).", a.perDollar(*c), a.Metric, counted(a.MarginalReplications, "pair"))}
	}
	out = append(out, s)

	if len(a.Frontier) > 0 {
		s := decide.NewSheet("frontier", "Plans of the search that no other beat in both", "plan", "#"+a.Metric, "#gain over "+a.Scenario, "#out of business", "95% interval", "#spends")
		for i, p := range a.Frontier {
			s.Row(strconv.Itoa(i+1), decide.With(f, p.Value), decide.With(f, p.Gain), decide.Value(plots.Percent, p.Ruin), intervalText(plots.Percent, p.Ruin), money(p.Spend))
		}
		s.Notes = []string{"Plans of the search that no other beat in both " + a.Metric + " and the chance to go out of business, judged on the hold-out; their levers are in optimise.json."}
		out = append(out, s)
	}
	return out
}
