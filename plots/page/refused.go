package page

import (
	"errors"
	"fmt"

	"windfall/plots/words"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
	"windfall/sim/decide/optimise"
	"windfall/sim/decide/respond"
	"windfall/sim/decide/stress"
	"windfall/sim/decide/why"
)

// Refused says why a question cannot be asked of its plans, with how that is cured; empty: for another reason than
// what was asked, or one that is about a single part of it.
func Refused(err error, cure Cure) string {
	var (
		market  *decide.IncomparableError
		opening *decide.OpeningError
		size    *compare.SizeError
		shock   *stress.ShockError
		none    *stress.NoShockError
		sure    *decide.CertainError
		nothing *respond.NothingError
		budget  *respond.NoBudgetError
		absent  *why.MissingError
		seeds   *why.SeedError
		short   *why.ShortError
		little  *optimise.BudgetError
	)
	part := func(name string) string { return cure(name, "") }
	switch {
	case errors.As(err, &opening):
		return fmt.Sprintf("%v. Give both the same [opening] plan, so that they differ from the first day on; or compare "+
			"them as they are with %s", opening, part("allow-different-opening"))
	case errors.As(err, &size) && size.Uncertain:
		return fmt.Sprintf("inputs are uncertain: %s and %s say how much is run, not %s", part("draws"),
			part("seeds-per-draw"), part("replications"))
	case errors.As(err, &size):
		return fmt.Sprintf("no input is uncertain: %s says how much is run, not %s and %s", part("replications"),
			part("draws"), part("seeds-per-draw"))
	case errors.As(err, &little):
		money := words.In(little.Currency).Money()
		return fmt.Sprintf("%s %s: too little; with every lever at its lower bound the plan spends %s", part("budget"),
			money.Text(little.Budget), money.Text(little.Least))
	case errors.As(err, &sure):
		return fmt.Sprintf("%s has no uncertain inputs to look into; write one as a 90%% interval, such as %s "+
			"'customers.weibull_shape=\"0.7 to 0.95\"', or take metro-uncertain", sure.Plan, part("set"))
	case errors.As(err, &nothing):
		return fmt.Sprintf("%s %v; give values: %s %s=0..500:%d", part("vary"), nothing, part("vary"), nothing.First,
			nothing.Points)
	case errors.As(err, &budget) && budget.Idle:
		return fmt.Sprintf("%v; ask what an amount would bring, such as %s, or follow one key over values of its own with %s",
			budget, cure("amount", "10000"), part("vary"))
	case errors.As(err, &budget):
		return fmt.Sprintf("%v: %s names a key", budget, part("vary"))
	case errors.As(err, &market), errors.As(err, &shock), errors.As(err, &none), errors.As(err, &absent),
		errors.As(err, &seeds), errors.As(err, &short):
		return err.Error()
	}
	return ""
}
