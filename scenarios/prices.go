package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// PriceNotes says what an answer rests on that moves a price: the elasticities that are assumptions, or that the
// plan does not respond. The plans are those of the answer; there is no note if no price moves within
// them or between them.
func PriceNotes(plans ...*plan.Plan) []string {
	moved := movedPrices(plans)
	if len(moved) == 0 {
		return nil
	}
	var rests, free []string
	stay := false
	for _, p := range plans {
		r, f, s := pricesOf(p, moved)
		rests, free, stay = append(rests, r...), append(free, f...), stay || s
	}
	var silent, out []string
	if free = distinct(free); len(free) > 0 {
		silent = append(silent, "the chance to win does not respond to the price of "+join(free)+" (price_elasticity is 0)")
	}
	if stay {
		silent = append(silent, "live customers do not respond to it (customers.price_churn_lasting and _transient are 0)")
	}
	if len(silent) > 0 {
		out = append(out, fmt.Sprintf("a price moves, and %s: raising it looks free there", strings.Join(silent, ", and ")))
	}
	if rests = distinct(rests); len(rests) > 0 {
		out = append(out, fmt.Sprintf("a price moves, and the answer rests on %s: set another value to see how much it "+
			"matters", join(rests)))
	}
	return out
}

// movedPrices lists the products whose net price moves in plans or differs between them.
func movedPrices(plans []*plan.Plan) (out []string) {
	first := map[string]float64{}
	add := func(p *plan.Plan) {
		for i := range p.Products {
			x := &p.Products[i]
			net := x.Price * (1 - x.Discount)
			if was, ok := first[x.Name]; !ok {
				first[x.Name] = net
			} else if was != net {
				out = append(out, x.Name)
			}
		}
	}
	for _, p := range plans {
		add(p)
		if p.OpeningPlan != nil {
			add(p.OpeningPlan)
		}
		for _, key := range p.Moved("products.*.price", "products.*.discount") {
			segs, _ := plan.SplitKey(key) // a key of the plan
			out = append(out, segs[1])
		}
	}
	return distinct(out)
}

// pricesOf says which assumptions a plan's answers to the prices that move rest on, which products are won
// whatever their price, and whether live customers stay whatever it is.
func pricesOf(p *plan.Plan, moved []string) (rests, free []string, stay bool) {
	assumed := func(key string, x float64) {
		if o := p.Origins[key]; o.Source == "" || strings.Contains(o.Source, "assumption") {
			value := fmt.Sprintf("%.3g", x)
			if slices.ContainsFunc(p.Inputs, func(in plan.Input) bool { return in.Key == key }) {
				value += " (uncertain)"
			}
			rests = append(rests, fmt.Sprintf("%s = %s, an assumption%s", key, value, placeOf(o)))
		}
	}
	forAll := false
	for i := range p.Products {
		x := &p.Products[i]
		if !x.Enabled || !slices.Contains(moved, x.Name) {
			continue
		}
		forAll = forAll || x.PriceForAll
		key := "products." + plan.JoinKey(x.Name) + ".price_elasticity"
		if !(x.PriceElasticity > 0 && !math.IsNaN(x.ReferencePrice)) && !p.Moves("products.*.price_elasticity") {
			free = append(free, x.Name)
			continue
		}
		assumed(key, x.PriceElasticity)
	}
	if !forAll {
		return rests, free, false
	}
	c := &p.Customers
	if c.PriceChurnLasting == 0 && c.PriceChurnTransient == 0 && !p.Moves("customers.price_churn_lasting") &&
		!p.Moves("customers.price_churn_transient") {
		return rests, free, true
	}
	assumed("customers.price_churn_lasting", c.PriceChurnLasting)
	if c.PriceChurnTransient > 0 {
		assumed("customers.price_churn_transient", c.PriceChurnTransient)
	}
	return rests, free, false
}

// distinct lists texts once each, in order of their first place.
func distinct(list []string) (out []string) {
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
