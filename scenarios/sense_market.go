package scenarios

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/expected"
	"windfall/model/plan"
)

// recessionComes says whether some day of the run may lie in a recession.
func (s *sense) recessionComes() bool {
	e := &s.p.Economy
	return e.Regime == "random" || e.StartRegime == "recession" ||
		slices.ContainsFunc(e.Path, func(x plan.RegimeFrom) bool { return x.Regime == "recession" })
}

// recessionActs says whether a recession would change anything.
func (s *sense) recessionActs() bool {
	return !s.never(func(q *plan.Plan) bool {
		return q.Economy.Recession != plan.Recession{WinRate: 1, Willingness: 1, Churn: 1, FirmDeath: 1} ||
			slices.ContainsFunc(q.Triggers, func(t plan.Trigger) bool { return t.Enabled && t.Recession != 1 })
	})
}

func noRecession(s *sense) []finding {
	if s.recessionComes() || s.recessionActs() {
		return nil
	}
	return []finding{{key: "economy"}}
}

func idleRecession(s *sense) []finding {
	if !s.recessionComes() || s.recessionActs() {
		return nil
	}
	return []finding{{key: "economy"}}
}

// nobody is the number of firms in a run below which none is expected.
const nobody = 1e-3

// noBuyers says at which stage of the funnel the last firm is lost, where nobody is expected to be won. A market
// without channels has no vendor yet.
func noBuyers(s *sense) []finding {
	if len(s.p.Channels) == 0 {
		return nil
	}
	all := s.outline()
	if all.Winnable < nobody && s.expectsBuyers() {
		return nil
	}
	for _, stage := range []struct {
		left      float64
		key, name string
	}{
		{all.Journeys, "triggers", "no firm ever comes into the market; a trigger needs a rate"},
		{all.Touches, "channels", "no channel touches a firm; a channel needs a budget or another driver, reach and touches"},
		{all.Leads, "channels", "no touch leads to a lead; a channel needs a response above 0"},
		{all.Signups, "products", "no lead finds a product that fits and that it can pay; look at prices, and at whom and " +
			"through which channels products are sold"},
		{all.Answered, "teams", "no sign-up is answered; a team needs people, and never_answered below 1"},
		{all.Winnable, "teams", "no opportunity is won; a team needs a win_rate above 0"},
	} {
		if stage.left < nobody {
			return []finding{{stage.key, stage.name}}
		}
	}
	return nil
}

// expectsBuyers looks at the whole funnel: what is rare may have no journey in its outline.
func (s *sense) expectsBuyers() bool {
	e := expected.Funnel(s.p)
	all := e.Sum(0, len(e.Weeks))
	return all.Won >= nobody
}

// leastBuyers is the share of a size class that must be able to pay a price.
const leastBuyers = 0.01

func unaffordable(s *sense) (out []finding) {
	for i := range s.p.Products {
		x := &s.p.Products[i]
		for c, size := range s.p.Dimension("size") {
			if !x.Enabled || !holds(x.Sizes, size) || s.drawn("journey.willingness_median") {
				continue
			}
			can := s.most(func(q *plan.Plan) float64 {
				j := &q.Journey
				return expected.Affords(lowestPrice(q, &q.Products[i]), j.WillingnessMedian[c], j.WillingnessSigma[c])
			})
			if can <= leastBuyers {
				out = append(out, finding{"products." + plan.JoinKey(x.Name) + ".price",
					fmt.Sprintf("%s in class %s (%s%% can pay)", x.Name, size, rough(100*can))})
			}
		}
	}
	return out
}

// lowestPrice is the net price of a product through the channel with the largest discount.
func lowestPrice(p *plan.Plan, x *plan.Product) float64 {
	discount := 1.0
	for i := range p.Channels {
		if c := &p.Channels[i]; c.Enabled && holds(x.Channels, c.Name) {
			discount = max(discount, c.Discount)
		}
	}
	return x.Price * (1 - min(0.9, x.Discount*discount))
}

// farFrom is the factor by which a reference price that is far away is, recordEnds that up to which there is a record
// of what a change of price does.
const (
	farFrom    = 2
	recordEnds = 1 + PriceRecord
)

// furthest is the net price of a product through the run that lies furthest from another, over it.
func (s *sense) furthest(product int, from float64) float64 {
	far := 1.0
	for _, q := range s.on {
		x := &q.Products[product]
		if r := x.Price * (1 - x.Discount) / from; r > 0 && math.Abs(math.Log(r)) > math.Abs(math.Log(far)) {
			far = r
		}
	}
	return far
}

// beyond says whether a ratio lies further from 1 than a factor, either way. Rounding is no step.
func beyond(ratio, factor float64) bool { return math.Abs(math.Log(ratio)) > math.Log(factor)+1e-9 }

// respondsToPrice says whether the chance to win a product follows its price against a reference price.
func (s *sense) respondsToPrice(x *plan.Product) bool {
	return x.Enabled && x.ReferencePrice > 0 && (x.PriceElasticity > 0 || s.p.Moves("products.*.price_elasticity")) &&
		!s.drawn("products."+plan.JoinKey(x.Name)+".reference_price")
}

func farReference(s *sense) (out []finding) {
	for i := range s.p.Products {
		x := &s.p.Products[i]
		if !s.respondsToPrice(x) {
			continue
		}
		if first := s.on[0].Products[i]; beyond(first.Price*(1-first.Discount)/x.ReferencePrice, farFrom) {
			out = append(out, finding{"products." + plan.JoinKey(x.Name) + ".reference_price", fmt.Sprintf("%s (%s against %s)",
				x.Name, rough(first.Price*(1-first.Discount)), rough(x.ReferencePrice))})
		}
	}
	return out
}

func farPrices(s *sense) (out []finding) {
	far := farReference(s)
	churns := s.p.Customers.PriceChurnLasting > 0 || s.p.Customers.PriceChurnTransient > 0
	for i := range s.p.Products {
		x := &s.p.Products[i]
		key := "products." + plan.JoinKey(x.Name) + ".price"
		reference := "products." + plan.JoinKey(x.Name) + ".reference_price"
		first := s.on[0].Products[i]
		today := first.Price * (1 - first.Discount)
		switch isFar := slices.ContainsFunc(far, func(f finding) bool { return f.key == reference }); {
		case !x.Enabled || isFar:
		case s.respondsToPrice(x) && beyond(s.furthest(i, x.ReferencePrice), recordEnds):
			out = append(out, finding{s.latest(key, reference), fmt.Sprintf("%s (%s against its reference_price)", x.Name,
				change(s.furthest(i, x.ReferencePrice)))})
		case x.PriceForAll && churns && today > 0 && beyond(s.furthest(i, today), recordEnds):
			out = append(out, finding{key, fmt.Sprintf("%s (%s for live customers)", x.Name, change(s.furthest(i, today)))})
		}
	}
	return out
}

// change writes a ratio as a change in percent.
func change(ratio float64) string { return fmt.Sprintf("%+.0f%%", 100*(ratio-1)) }

// unsold lists products that no firm meets: sold through channels or for triggers that are all off, or on no day of
// the run.
func unsold(s *sense) (out []finding) {
	end := s.p.Run.Start + plan.Date(7*s.p.Run.Weeks)
	for i := range s.p.Products {
		x := &s.p.Products[i]
		key := "products." + plan.JoinKey(x.Name) + "."
		channel := func(c plan.Channel) bool { return s.p.Acts(&c) && holds(x.Channels, c.Name) }
		trigger := func(t plan.Trigger) bool { return t.Enabled && holds(x.Triggers, t.Name) }
		switch {
		case !x.Enabled:
		case x.FirstSale >= end:
			out = append(out, finding{key + "first_sale", x.Name + " (first_sale is after the run)"})
		case x.LastSale != 0 && x.LastSale < s.p.Run.Start:
			out = append(out, finding{key + "last_sale", x.Name + " (last_sale is before the run)"})
		case len(x.Channels) > 0 && !slices.ContainsFunc(s.p.Channels, channel):
			out = append(out, finding{key + "channels", x.Name + " (each of its channels is switched off)"})
		case len(x.Triggers) > 0 && !slices.ContainsFunc(s.p.Triggers, trigger):
			out = append(out, finding{key + "triggers", x.Name + " (each of its trigger kinds is switched off)"})
		}
	}
	return out
}

func newbornAgeing(s *sense) (out []finding) {
	for i := range s.p.Triggers {
		if t := &s.p.Triggers[i]; t.Enabled && t.Newborn && t.Kind == "ageing" {
			out = append(out, finding{"triggers." + plan.JoinKey(t.Name) + ".newborn", t.Name})
		}
	}
	return out
}

func settledGoals(s *sense) (out []finding) {
	if s.b.settledGoal == nil {
		return nil
	}
	for _, g := range s.p.Goals {
		if why := s.b.settledGoal(s.p, g.Expect); why != "" {
			out = append(out, finding{"goals." + plan.JoinKey(g.Name) + ".expect", fmt.Sprintf("%s (%s)", g.Expect, why)})
		}
	}
	return out
}

// brokeAtOnce compares the cash of the first day with what the first week is expected to bring. Cash rules may cut
// spend from then on, and who pays a year ahead brings more than is earned.
func brokeAtOnce(s *sense) []finding {
	f := &s.p.Finance
	first := s.outline().FirstWeek
	cash := first.Cash
	var media, brand, ahead float64
	for _, r := range s.p.CashRules {
		if r.Below > f.OpeningCash {
			media, brand = max(media, r.CutMedia), max(brand, r.CutBrand)
		}
	}
	for i := range s.p.Products {
		if x := &s.p.Products[i]; x.Enabled {
			ahead = max(ahead, x.PrepaidShare)
		}
	}
	cash += float64(media*first.Media) + float64(brand*first.Brand) + float64(12*ahead*s.outline().OpeningMRR)
	if cash >= 0 || s.drawn("finance.opening_cash") {
		return nil
	}
	return []finding{{"finance.opening_cash", fmt.Sprintf("it begins with %s %s and is expected to be %s short "+
		"at the end of that week", rough(f.OpeningCash), s.p.Run.Currency, rough(-cash))}}
}

func scaledCells(s *sense) (out []finding) {
	for _, c := range s.prepared.Scaled() {
		out = append(out, finding{"population.min_dormant_share", fmt.Sprintf("%s (times %.3f)", c.Cell, c.Factor)})
	}
	return out
}

func saturated(s *sense) (out []finding) {
	for _, c := range s.prepared.Saturated() {
		out = append(out, finding{budgetOf(c.Channel), fmt.Sprintf("%s (%.1f)", c.Channel, c.Halves)})
	}
	return out
}

func budgetOf(channel string) string { return "channels." + plan.JoinKey(channel) + ".weekly_budget" }
