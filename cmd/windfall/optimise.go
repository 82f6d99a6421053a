package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/model/currency"
	"windfall/scenarios"
	"windfall/scenarios/levers"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/optimise"
	"windfall/sim/panel"
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
	optimisePart         = 5  // the part of the hold-out on which the frontier is judged unless asked for
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
	registerAfter(cmd, &flags.after)
	flags.evaluations, flags.holdOut = keyFlag("run.replications"), keyFlag("run.replications")
	f := cmd.Flags()
	f.StringVar(&flags.metric, "maximise", "lifetime_margin", "the `METRIC` to make as good as can be: an outcome, "+
		"p5(OUTCOME) or P(CONDITION); what is better lower is made low")
	f.StringVar(&flags.budget, "budget", "", "most to spend on media, brand and sales pay over the run, `AMOUNT` in "+
		"the currency of the plan (default: what the plan spends)")
	f.StringSliceVar(&flags.levers, "levers", []string{levers.Media, levers.Brand, levers.Sales},
		"`LEVER`s to move: media, brand, sales, or keys of the scenario")
	f.StringArrayVar(&flags.bounds, "bounds", nil, "multiples of the plan that a lever may take: `KEY=LO..HI`, KEY a "+
		"lever or group (repeatable; default: 0..3)")
	f.StringArrayVar(&flags.subjectTo, "subject-to", nil, "`CONDITION` to keep, such as 'P(out_of_business) <= 5%' "+
		"(repeatable)")
	f.StringVar(&flags.risk, "risk", "", "count the worst replications only, `cvar:5%`")
	f.BoolVar(&flags.byQuarter, "by-quarter", false, "one more multiplier for each quarter, on the whole budget "+
		"(bounds: quarters=LO..HI)")
	f.Var(&flags.evaluations, "evaluations", "plans to try (default: 600)")
	f.Var(&flags.holdOut, "hold-out", "replications that judge the plan that was found (default: 2,000)")
	f.BoolVar(&flags.frontier, "frontier", false, "judge the plans that no other beats in both the metric and the "+
		"chance to go out of business on the whole hold-out (default: on a fifth of it, if the plan or the best goes out "+
		"of business)")
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
	o.decision = p.decision(&flags.decideFlags, "optimise", plan, &o.design, o.evaluations, o.holdOut, flags.budget,
		flags.levers, flags.bounds, flags.subjectTo, flags.risk, flags.byQuarter, flags.frontier)
	most := o.set.Plain()
	for i, l := range o.set.Levers {
		most[i] = l.High
	}
	o.decision.plans = append(o.decision.plans, o.set.Plan(most)) // a lever may be a price
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
	if asksForMargin(o.design.Measures) {
		o.decision.late(o.set.Plan(answer.x))
	}
	if answer.Offered {
		answer.File = filepath.Join(o.decision.dir, bestFile)
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

	design               sim.Design // what all runs share
	done, total          int        // replications
	evaluations, holdOut int
	set                  *levers.Set
	space                *optimise.Space
	race                 optimise.Race
}

// read reads what is asked for.
func (o *optimisation) read() (err error) {
	flags, plan := o.flags, o.base.Plan
	o.evaluations, o.holdOut = firstOf(flags.evaluations.value(), optimiseEvaluations),
		firstOf(flags.holdOut.value(), optimiseHoldOut)
	if o.holdOut < 2 {
		return usagef("--hold-out %d: two replications at least are needed to judge a plan", o.holdOut)
	}
	o.race = optimise.Race{Replications: firstOf(flags.replications.value(), optimiseReplications), Judged: o.holdOut}
	if o.race.Objective, err = optimise.NewObjective(flags.metric, flags.risk, o.columns); err != nil {
		if strings.HasPrefix(err.Error(), "risk ") {
			return usagef("--%v", err)
		}
		return misread("--maximise", err)
	}
	for _, text := range flags.subjectTo {
		c, err := optimise.NewConstraint(text, o.columns)
		if err != nil {
			return misread("--subject-to", err)
		}
		o.race.Constraints = append(o.race.Constraints, c)
	}
	if o.set, err = levers.New(plan, flags.levers, flags.bounds, flags.byQuarter); err != nil {
		return usagef("--%v", err)
	}
	o.space = &optimise.Space{Spend: o.set.Spend, Budget: o.set.Spend(o.set.Plain())}
	for _, l := range o.set.Levers {
		o.space.Levers = append(o.space.Levers, optimise.Lever{Name: l.Name, Low: l.Low, High: l.High, Steps: l.Steps,
			Spend: l.Spend, Scales: l.Group == levers.Quarters})
	}
	if flags.budget != "" {
		usd, percent, err := metric.ParseNumber(strings.TrimPrefix(flags.budget,
			strings.TrimRight(currency.Of(plan.Run.Currency).Symbol, "\u00a0")))
		if err != nil || percent || !(usd > 0) {
			return usagef("--budget %s: an amount in %s above 0 is needed, such as 2_500_000 or 2.5M", flags.budget,
				moneyOf(plan).Currency)
		}
		o.space.Budget = usd
	}
	if least := o.space.Spend(o.space.Least()); !o.space.Fits(o.space.Least()) {
		return usagef("--budget %s: too little; with every lever at its lower bound the plan spends %s",
			moneyOf(plan).Currency.Money().Text(o.space.Budget), moneyOf(plan).Currency.Money().Text(least))
	}
	seen := map[string]bool{}
	keep := func(names ...string) {
		for _, c := range names {
			if !seen[c] {
				seen[c] = true
				o.design.Measures = append(o.design.Measures, panel.Leaf{Setting: "plan", Measure: panel.Measure{Column: c}})
			}
		}
	}
	keep(o.race.Objective.Outcomes()...)
	for _, c := range o.race.Constraints {
		keep(c.Metric.Outcomes()...)
	}
	keep("out_of_business")
	o.design.Seed, o.design.Replications, o.design.Version = uint64(plan.Run.Seed), o.race.Replications, version
	o.design.Settings = []sim.Setting{o.setting(o.set.Plain())}
	if err := o.design.Check(); err != nil {
		return usagef("%v", err)
	}
	return nil
}

func (o *optimisation) setting(x []float64) sim.Setting {
	plan := o.set.Plan(x)
	return sim.Setting{Name: "plan", Plan: plan, Digest: scenarios.Digest(plan)}
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

// run runs plans side by side, as a round of the search by its name.
func (o *optimisation) run(name string, stage, replications int, xs ...[]float64) (out []*analysis.Sample, err error) {
	d := o.design
	d.Settings, d.Measures, d.Seed, d.Replications = nil, nil, o.seed(stage), replications
	for i, x := range xs {
		setting := o.setting(x)
		if i > 0 {
			setting.Name = fmt.Sprintf("plan %d", i+1)
		}
		d.Settings = append(d.Settings, setting)
		for _, l := range o.design.Measures {
			d.Measures = append(d.Measures, panel.Leaf{Setting: setting.Name, Measure: l.Measure})
		}
	}
	d.Progress = func(s sim.Progress) {
		o.progress.replicated(sim.Progress{Done: o.done + s.Done, Total: max(o.total, o.done+s.Done)})
	}
	panels, err := o.decision.folder.measure(o.ctx, o.progress, design{name, &d})
	if err != nil {
		return nil, err
	}
	for _, s := range d.Settings {
		out = append(out, panels[0].Sample(s.Name, o.columns))
	}
	return out, nil
}

// judged runs plans side by side in a stage after the search.
func (o *optimisation) judged(name string, stage, replications int, xs ...[]float64) ([]*analysis.Sample, error) {
	out, err := o.run(name, stage, replications, xs...)
	o.done += len(xs) * replications
	return out, err
}

// search finds the best plan and judges it.
func (o *optimisation) search() (*optimum, error) {
	plain, split := o.space.Project(o.set.Plain()), o.space.Proportional()
	marginals := max(min(o.holdOut, 2), o.holdOut/optimiseMarginal)
	again := optimiseAgain * o.race.Replications
	o.total = o.evaluations*o.race.Replications + optimiseShortlist*again + 3*o.holdOut + 2*len(o.space.Levers)*marginals
	a := &optimum{inMoney: moneyOf(o.base.Plan), o: o, Scenario: o.base.Plan.Name, Metric: o.race.Objective.Text,
		Weeks: int(o.base.Plan.Run.Weeks), Seeds: [3]uint64{o.seed(searching), o.seed(choosing), o.seed(judging)},
		Replications: o.race.Replications, HoldOut: o.holdOut, Budget: o.space.Budget, PlanSpend: o.set.Spend(o.set.Plain())}
	if o.flags.frontier {
		a.FrontierReplications = o.holdOut
		o.total += optimiseFrontier * o.holdOut
	}

	// The search, on the seed of the scenario.
	ruin := map[int]float64{} // by plan
	o.race.Run = func(n int, x []float64, replications int) (*analysis.Sample, error) {
		s, err := o.run(fmt.Sprintf("search-%05d", n), searching, replications, x)
		if err != nil {
			return nil, err
		}
		e, _ := s[0].Headline("out_of_business")
		ruin[n] = e.Value
		return s[0], nil
	}
	search := optimise.Search{Space: o.space, Start: [][]float64{split, plain}, Evaluations: o.evaluations,
		Seed: o.design.Seed, Evaluate: func(n int, x []float64) (optimise.Score, error) {
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
	var leading [][]float64
	for _, c := range short {
		leading = append(leading, c.X)
	}
	samples, err := o.judged("choice", choosing, again, leading...)
	if err != nil {
		return nil, err
	}
	chosen, err := o.race.Choose(samples)
	if err != nil {
		return nil, err
	}
	a.x = short[chosen].X
	from := slices.IndexFunc(points, func(p optimise.Point) bool { return slices.Equal(p.X, split) })
	a.Seen = analysis.Number(short[chosen].Value - points[max(from, 0)].Value)
	if o.race.Objective.Less {
		a.Seen = -a.Seen
	}

	// The judgement, on a seed that had no part in either.
	held := [][]float64{o.set.Plain(), split, a.x}
	var distinct [][]float64
	place := func(x []float64) int {
		return slices.IndexFunc(distinct, func(y []float64) bool { return slices.Equal(x, y) })
	}
	for _, x := range held {
		if place(x) < 0 {
			distinct = append(distinct, x)
		}
	}
	one, err := o.judged("hold-out", judging, o.holdOut, distinct...)
	if err != nil {
		return nil, err
	}
	o.done += (len(held) - len(distinct)) * o.holdOut
	var judged []*analysis.Sample
	for _, x := range held {
		judged = append(judged, one[place(x)])
	}
	if err := a.judge(judged[0], judged[1], judged[2]); err != nil {
		return nil, err
	}
	for _, s := range judged {
		if e, err := s.Headline("out_of_business"); err == nil && e.Value > 0 && a.FrontierReplications == 0 {
			a.FrontierReplications = max(2, o.holdOut/optimisePart)
			o.total += (optimiseFrontier + 1) * a.FrontierReplications
		}
	}
	if err := o.marginals(a, marginals); err != nil {
		return nil, err
	}
	if a.FrontierReplications > 0 {
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
		a.Levers = append(a.Levers, foundLever{Lever: l.Name, Group: l.Group, Multiple: a.x[i], PlanSpend: l.Spend,
			Spend: spend})
	}
	return nil
}

// marginals moves each lever that spends by a tenth, or a person, from the plan
// that was found, and sees what a dollar of it brings.
func (o *optimisation) marginals(a *optimum, replications int) error {
	var list []optimise.Marginal
	var moves []optimise.Move
	var xs [][]float64 // below and above
	for i := range o.space.Levers {
		low, high, usd := o.space.Around(i, a.x)
		if !(usd > 0) {
			continue
		}
		if o.race.Objective.Column.Name == "lifetime_margin" {
			usd = o.set.Counted(high) - o.set.Counted(low)
		}
		list, xs = append(list, optimise.Marginal{Lever: o.space.Levers[i].Name, USD: usd}), append(xs, low, high)
	}
	if len(list) == 0 {
		return nil
	}
	sides, err := o.judged("levers", judging, replications, xs...)
	if err != nil {
		return err
	}
	for i := range list {
		move := optimise.Move{Low: sides[2*i], High: sides[2*i+1], USD: list[i].USD}
		if list[i].Dollar, err = o.race.Objective.PerDollar([]optimise.Move{move}, []float64{1}); err != nil {
			return err
		}
		moves = append(moves, move)
	}
	common, err := optimise.Common(list, o.space, a.x, func(weights []float64) (analysis.Estimate,
		error) {
		return o.race.Objective.PerDollar(moves, weights)
	})
	if err != nil {
		return err
	}
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
func (o *optimisation) frontierOf(a *optimum, points []optimise.Point, ruin map[int]float64,
	plan *analysis.Sample) error {
	safe := slices.Clone(points)
	for n := range safe {
		safe[n].Slack = 1 - ruin[n]
	}
	best := optimise.Shortlist(safe, optimiseFrontier, true)
	var xs [][]float64
	if a.FrontierReplications != o.holdOut {
		xs = append(xs, o.set.Plain())
	}
	for _, c := range best {
		xs = append(xs, c.X)
	}
	samples, err := o.judged("frontier", judging, a.FrontierReplications, xs...)
	if err != nil {
		return err
	}
	if a.FrontierReplications != o.holdOut {
		plan, samples = samples[0], samples[1:]
	}
	place := func(s *analysis.Sample, x []float64) (f frontierPlan, err error) {
		f.Multiples, f.Spend = x, o.set.Spend(x)
		if f.Value, err = o.race.Objective.Estimate(s); err != nil {
			return f, err
		}
		if f.Gain, err = o.race.Objective.Difference(plan, s); err != nil {
			return f, err
		}
		f.Ruin, err = s.Headline("out_of_business")
		return f, err
	}
	if a.plain, err = place(plan, o.set.Plain()); err != nil {
		return err
	}
	for i, c := range best {
		f, err := place(samples[i], c.X)
		if err != nil {
			return err
		}
		a.Frontier = append(a.Frontier, f)
	}
	return nil
}

// bestFile is the plan that was found.
const bestFile = "best.toml"

// write writes the plan that was found. It extends the scenario where that gives
// the very plan that was judged, and else holds the whole plan: where overrides of
// the command line multiply, for one.
func (o *optimisation) write(a *optimum) error {
	head := fmt.Sprintf("# %s\n# Found with: %s\n# Judged on seed %d: windfall run %s --seed %d --replications %d\n\n",
		a.Answer, shellLine(o.p.fromTheStart()), a.Seeds[judging], a.File, a.Seeds[judging], a.HoldOut)
	put := func(text string) error {
		return o.decision.folder.WriteBytes(bestFile, []byte(head+text))
	}
	want := o.set.Plan(a.x)
	text := o.set.Scenario(o.extends(), o.base.Plan.Name+", optimised for "+a.Metric, o.flags.sets(), a.x)
	if err := put(text); err != nil {
		return err
	}
	if s, err := scenarios.Open(a.File, o.p.options()...); err == nil &&
		scenarios.Digest(s.Plan) == scenarios.Digest(want) {
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
