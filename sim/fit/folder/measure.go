package folder

import (
	"context"

	"windfall/model/plan"
	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// What is asked after the fit takes at most half of the weeks that a fit may run, and no more than those of a fit that
// takes the CPU time of affordable buyers (docs/fit.md, what to measure next). Fewer than fewestDraws leave too little
// to learn from and to judge on.
const (
	ofFit       = 0.5
	fewestDraws = 2 * plan.BlockSize
	mostDraws   = 10 * plan.BlockSize
)

// The parts of a fit, as its progress names them.
const (
	partOfFit   = "fitting"
	partMeasure = "what to measure"
)

// later is how many runs are asked for after the fit, as far as that can be known before it, and how long one of them
// is against one of the fit: the plan that will be written has the weeks and the budgets of the plan as it is known.
func (f *Fit) later() (runs int, each float64) {
	budgets, _ := (value.Budgets{Plan: decide.Setting{Name: "plan", Plan: f.next}}).Count()
	if budgets == 0 || f.idle {
		return 0, 1
	}
	burnIn, weeks := f.next.Opening.BurnInWeeks, f.next.Run.Weeks
	draws, looked := f.size(burnIn, weeks, budgets)
	plans := value.Plans(looked)
	return draws * plans, f.longer(burnIn, weeks, plans)
}

// longer is how long a run of some plans, which share their burn-in, is against one of the fit.
func (f *Fit) longer(burnIn, weeks float64, plans int) float64 {
	p := f.Ask.Plan
	return (burnIn/float64(plans) + weeks) / (p.Opening.BurnInWeeks + float64(f.Ask.History.Weeks()))
}

// workOf is what runs take where those behind the first so many take another time each.
func workOf(first int, each float64) func(runs int) float64 {
	return func(runs int) float64 { return float64(min(runs, first)) + float64(float64(max(0, runs-first))*each) }
}

// size is how many draws are run, and of how many budgets, of so many, under a plan of so many weeks after a burn-in.
func (f *Fit) size(burnIn, weeks float64, budgets int) (draws, looked int) {
	p := f.Ask.Plan
	most := float64(f.Ask.MostRuns()) * (p.Opening.BurnInWeeks + p.Run.Weeks) *
		min(ofFit, affordable/max(1, float64(buyers(p)*f.Ask.Share)))
	each := func(looked int) float64 { return burnIn + float64(float64(value.Plans(looked))*weeks) }
	for looked = budgets; looked > 1 && float64(fewestDraws*each(looked)) > most; {
		looked--
	}
	draws = int(most/each(looked)) / plan.BlockSize * plan.BlockSize
	return min(max(draws, fewestDraws), mostDraws), looked
}

// measure asks of the fitted plan and its joint draws what knowing each unknown is worth before its budgets are decided
// on. Nil: it has none, or fewer people than fewestPeople.
func (f *Fit) measure(ctx context.Context, in *answer.Folder, a *learned.Answer, fitted *plan.Plan,
	draws *plan.Draws, told func(sim.Progress)) (*value.BudgetsAnswer, error) {
	ask := value.Budgets{Plan: decide.Setting{Name: "plan", Plan: fitted}, Table: draws.Name, Share: f.Ask.Share}
	if ask.Share < 1 {
		ask.Plan.Plan = fit.PartOf(fitted, ask.Share)
	}
	budgets, _ := ask.Count()
	if budgets == 0 || f.idle {
		return nil, nil
	}
	ask.Draws, ask.Most = f.size(fitted.Opening.BurnInWeeks, fitted.Run.Weeks, budgets)
	for i, u := range f.Ask.Unknowns {
		k := value.Known{Name: u.Name}
		for row := range draws.Rows() {
			k.Rows = append(k.Rows, a.Draws[draws.Given(row)][i])
		}
		ask.Known = append(ask.Known, k)
	}
	design, err := ask.Design()
	if err != nil {
		return nil, err
	}
	sequence, numbers := answer.SequenceOf(design)
	before := a.Runs
	work := workOf(before, f.longer(fitted.Opening.BurnInWeeks, fitted.Run.Weeks, value.Plans(ask.Most)))
	if err := in.Follow(ctx, sequence, func(s sim.Progress) {
		s.Done, s.Resumed, s.Total = before+s.Done, before+s.Resumed, before+s.Total
		s.Part, s.Work = partMeasure, work
		told(s)
	}); err != nil {
		return nil, err
	}
	return ask.Answer(numbers())
}
