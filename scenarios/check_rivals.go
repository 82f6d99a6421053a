package scenarios

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// unanswered says why a number of the rivals or of the answer to a price can do nothing in a plan, or "". It
// looks at the whole plan, dated changes and shocks included.
func unanswered(p *plan.Plan, f plan.Field) string {
	segs, err := plan.SplitKey(f.Key)
	if err != nil {
		return ""
	}
	switch f.Param.Pattern {
	case "rivals.strength", "rivals.price", "rivals.price_elasticity":
		switch {
		case !p.HasRivals():
			return "no trigger kind has rival_per_week, so no firm chooses a rival"
		case segs[1] == "price" && p.Rivals.PriceElasticity == 0 && !p.Moves("rivals.price_elasticity"):
			return "rivals.price_elasticity is 0"
		}
	case "products.*.price_elasticity", "products.*.reference_price":
		i := slices.IndexFunc(p.Products, func(x plan.Product) bool { return x.Name == segs[1] })
		switch {
		case i < 0 || !p.Products[i].Enabled:
		case segs[2] == "price_elasticity" && math.IsNaN(p.Products[i].ReferencePrice):
			return "the product has no reference_price"
		case segs[2] == "reference_price" && p.Products[i].PriceElasticity == 0 && !p.Moves("products.*.price_elasticity"):
			return "the product's price_elasticity is 0"
		}
	case "customers.price_churn_lasting", "customers.price_churn_transient", "customers.price_churn_half_life_weeks":
		switch {
		case !slices.ContainsFunc(p.Products, func(x plan.Product) bool { return x.Enabled && x.PriceForAll }):
			return "no product has price_for_all, so no change of price reaches live customers"
		case segs[1] == "price_churn_half_life_weeks" && p.Customers.PriceChurnTransient == 0 &&
			!p.Moves("customers.price_churn_transient"):
			return "customers.price_churn_transient is 0"
		}
	}
	return ""
}

// checkAnswers reports keys of the rivals and of the answer to a price that lack what they need or do nothing.
func (b *builder) checkElasticity() {
	p := b.plan
	for i := range p.Products {
		x := &p.Products[i]
		key := "products." + plan.JoinKey(x.Name)
		if x.Enabled && x.PriceElasticity > 0 && math.IsNaN(x.ReferencePrice) {
			param, _ := paramOf("products.*.reference_price")
			b.wrong(key+".price_elasticity", "needs reference_price, the net price at which the win rates hold: %s", need(param))
		}
	}
}

// checkAnswers warns of keys of rivals and prices that do nothing.
func (b *builder) checkAnswers() {
	p := b.plan
	for _, f := range p.AllFields() {
		n := b.places[f.Key]
		if why := unanswered(p, f); why != "" && n != nil && n.file != SetPlace && len(b.problems) == 0 && !isDefault(f) {
			b.warn(n, f.Key, "does nothing: %s", why)
		}
	}
}

// isDefault says whether a number is written as it is by default: it asks for nothing.
func isDefault(f plan.Field) bool {
	x, ok := f.Ptr.(*float64)
	return ok && (*x == defaultNumber(f.Param) || math.IsNaN(*x))
}
