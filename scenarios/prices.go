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
// them or between them. Prices far from that of the scenario come first.
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
	var silent []string
	out := beyondRecord(plans)
	if free = distinct(free); len(free) > 0 {
		silent = append(silent, "the chance to win does not respond to the price of "+
			""+join(free)+" (price_elasticity is 0)")
	}
	if stay {
		silent = append(silent, "live customers do not respond to it (customers.price_churn_lasting and _transient "+
			"are 0)")
	}
	if len(silent) > 0 {
		out = append(out, fmt.Sprintf("a price moves, and %s: raising it looks free there", strings.Join(silent, ", "+
			"and ")))
	}
	if rests = distinct(rests); len(rests) > 0 {
		out = append(out, fmt.Sprintf("a price moves, and the answer rests on %s: set another value to see how much "+
			"it matters", join(rests)))
	}
	return out
}

// MovesPrice says whether plans of one market differ in a price on any day. One that moves in all of them alike, as the
// scenario has it, is no part of what they differ in.
func MovesPrice(plans ...*plan.Plan) bool {
	first := plan.NewTimeline(plans[0])
	first.SetFixed()
	for _, p := range plans[1:] {
		t := plan.NewTimeline(p)
		t.SetFixed()
		for step := range min(t.Steps(), first.Steps()) {
			for i := range t.Plan(step).Products {
				if x := &t.Plan(step).Products[i]; x.Enabled && differs(x, first.Plan(step)) {
					return true
				}
			}
		}
	}
	return false
}

// differs says whether a product has another net price in a plan that sells it too.
func differs(x *plan.Product, in *plan.Plan) bool {
	for i := range in.Products {
		if other := &in.Products[i]; other.Name == x.Name && other.Enabled {
			return net(other) != net(x)
		}
	}
	return false
}

// PriceRecord is how far from the price of the scenario the record of what customers do reaches, up or down.
const PriceRecord = 0.25

// PricesBeyondRecord says whether a price of the second plan lies further from the first's than the record reaches.
func PricesBeyondRecord(first, second *plan.Plan) bool {
	return MovesPrice(first, second) && len(beyondRecord([]*plan.Plan{first, second})) > 0
}

// beyondRecord warns of prices further than that from the one with which the first plan opens, else with which it
// begins: elasticities come from small moves, and say nothing of large ones.
func beyondRecord(plans []*plan.Plan) (out []string) {
	first := plan.NewTimeline(plans[0])
	first.SetFixed()
	opening := first.Opening()
	least, most := 1.0, 1.0
	var names []string
	for i := range opening.Products {
		product := &opening.Products[i]
		base := net(product)
		if !(base > 0) {
			continue
		}
		far := false
		for _, p := range plans {
			low, high := pricesRange(p, product.Name)
			least, most = min(least, low/base), max(most, high/base)
			far = far || high > base*(1+PriceRecord+rounding) || low < base*(1-PriceRecord-rounding)
		}
		if far {
			names = append(names, product.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	times := least
	if most-1 > 1-least {
		times = most
	}
	return []string{fmt.Sprintf("the price of %s goes to %.3g times that of the scenario, and the record of what "+
		"customers "+
		"do covers moves of up to %.0f%%: what is said beyond that rests on assumptions alone", join(names), times,
		100*PriceRecord)}
}

// rounding is what the ends of a range may miss by.
const rounding = 1e-9

// net is what is paid of a price.
func net(p *plan.Product) float64 { return p.Price * (1 - p.Discount) }

// pricesRange gives the lowest and highest net price of a product in a run; none if the plan does not sell it.
func pricesRange(p *plan.Plan, name string) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, day := range p.During() {
		for i := range day.Products {
			if x := &day.Products[i]; x.Name == name && x.Enabled {
				low, high = min(low, net(x)), max(high, net(x))
			}
		}
	}
	return low, high
}

// movedPrices lists the products whose net price moves in plans or differs between them.
func movedPrices(plans []*plan.Plan) (out []string) {
	first := map[string]float64{}
	add := func(p *plan.Plan) {
		for i := range p.Products {
			x := &p.Products[i]
			paid := net(x)
			if was, ok := first[x.Name]; !ok {
				first[x.Name] = paid
			} else if was != paid {
				out = append(out, x.Name)
			}
		}
	}
	for _, p := range plans {
		t := plan.NewTimeline(p)
		t.SetFixed()
		add(t.Plan(0))
		add(t.Opening())
		for _, key := range withoutPast(p).Moved("products.*.price", "products.*.discount") {
			segs, _ := plan.SplitKey(key) // a key of the plan
			out = append(out, segs[1])
		}
	}
	return distinct(out)
}

// withoutPast is a plan without the schedules whose last value holds on the first day of the run: what moved before it
// moves no more.
func withoutPast(p *plan.Plan) *plan.Plan {
	q := *p
	q.Schedules = slices.DeleteFunc(slices.Clone(p.Schedules), func(s plan.Schedule) bool {
		return !slices.ContainsFunc(s.Entries, func(e plan.ScheduleEntry) bool {
			return e.From > p.Run.Start || e.Until > p.Run.Start || e.Input >= 0
		})
	})
	return &q
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
