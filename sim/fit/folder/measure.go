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
// on. Nil: it has none.
func (f *Fit) measure(ctx context.Context, in *answer.Folder, a *learned.Answer, fitted *plan.Plan,
	draws *plan.Draws, told func(sim.Progress)) (*value.BudgetsAnswer, error) {
	ask := value.Budgets{Plan: decide.Setting{Name: "plan", Plan: fitted}, Table: draws.Name, Share: f.Ask.Share}
	if ask.Share < 1 {
		ask.Plan.Plan = fit.PartOf(fitted, ask.Share)
	}
	budgets, _ := ask.Count()
	if budgets == 0 {
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
	if err := in.Follow(ctx, sequence, func(s sim.Progress) {
		s.Done, s.Resumed, s.Total = before+s.Done, before+s.Resumed, before+s.Total
		told(s)
	}); err != nil {
		return nil, err
	}
	return ask.Answer(numbers())
}
