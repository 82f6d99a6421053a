package scenarios

import (
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// checkContracts looks at terms, trials and free plans: keys that need each other, and keys that can do nothing.
func (b *builder) checkContracts() {
	for i := range b.plan.Products {
		if x := &b.plan.Products[i]; x.Enabled {
			b.checkContract(x, "products."+plan.JoinKey(x.Name))
		}
	}
}

func (b *builder) checkContract(x *plan.Product, key string) {
	given := func(name string) bool { return b.places[key+"."+name] != nil }
	for _, name := range []string{"renewal", "trial_converts", "free_converts", "free_converts_months",
		"free_life_months"} {
		if why := idleContract(b.plan, x, name); why != "" && given(name) {
			if !atDefault(x, name) {
				b.wrong(key+"."+name, "does nothing: %s", why)
			}
		}
	}
	if !x.FreePlan {
		return
	}
	if x.TrialDays > 0 || movesContract(b.plan, x, "trial_days") {
		b.wrong(key+".free_plan", "the product has trial_days too; give it a trial or a free plan, not both")
	}
	if math.IsNaN(x.FreeConverts) {
		b.wrong(key+".free_converts", "a product with a free plan needs it: the share of free users that buy in the end")
	} else if x.FreeConverts > 0 && math.IsNaN(x.FreeConvertsMonths) {
		b.wrong(key+".free_converts_months", "a product whose free users buy needs it: how many months they take on average")
	}
	if x.FreeConverts == 1 && !math.IsNaN(x.FreeLifeMonths) && b.constant(key+".free_converts") {
		b.note(key+".free_life_months", "does nothing: every free user buys (free_converts = 1)")
	}
}

// atDefault tells whether a number of a product's term, trial or free plan is as if it were not stated.
func atDefault(x *plan.Product, name string) bool {
	switch name {
	case "renewal":
		return math.IsNaN(x.Renewal)
	case "trial_converts":
		return x.TrialConverts == 1
	case "free_converts":
		return math.IsNaN(x.FreeConverts)
	case "free_converts_months":
		return math.IsNaN(x.FreeConvertsMonths)
	}
	return math.IsNaN(x.FreeLifeMonths)
}

// idleContract says why a number of a product's term, trial or free plan can do nothing, or "".
func idleContract(p *plan.Plan, x *plan.Product, name string) string {
	switch {
	case name == "renewal" && x.TermMonths == 0 && !movesContract(p, x, "term_months"):
		return "the product has no term; set term_months, at whose end the chance to renew decides"
	case name == "trial_converts" && x.TrialDays == 0 && !movesContract(p, x, "trial_days"):
		return "the product has no trial; set trial_days"
	case strings.HasPrefix(name, "free_") && name != "free_plan" && !x.FreePlan:
		return "the product has no free plan; set free_plan = true"
	}
	return ""
}

// movesContract says whether a schedule, dated change, shock or draw moves a key of a product.
func movesContract(p *plan.Plan, x *plan.Product, name string) bool {
	return slices.Contains(p.Moved("products.*."+name), "products."+plan.JoinKey(x.Name)+"."+name)
}

// checkAges says where the age of firms can do nothing.
func (b *builder) checkAges() {
	p := b.plan
	aged := false
	for i := range p.Population.Sizes {
		z := &p.Population.Sizes[i]
		aged = aged || z.Aged()
		if z.DeathShape < 1 && z.FirmDeathPerYear == 0 {
			b.note("population.sizes."+plan.JoinKey(z.Name)+".death_shape", "does nothing: no firm of this class dies "+
				"(firm_death_per_year = 0)")
		}
	}
	for i := range p.Triggers {
		if t := &p.Triggers[i]; t.Enabled && t.Newborn && !aged {
			b.note("triggers."+plan.JoinKey(t.Name)+".newborn", "does nothing: the age of a firm matters where death_shape "+
				"of its size class is below 1")
		}
	}
}
