package company

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
)

// ready times a channel's weight is about the share of its touches that find a journey still open and ready to become
// a lead. A firm acts on all touches that it remembers: where they are rare the share grows with the square of the
// weight and more, where they are many it is the same for all channels; this lies between. It was set so that the plan
// of a new folder wins about the leads of its history in the shipped markets, channel by channel
// (TestAFirstPlanIsNearItsHistoryByChannel); the intervals of the touch rates cover what is wrong with it.
const ready = 0.055

// ofBrand is the part of that which is left where only those can search who know the name.
const ofBrand = 0.25

// channels writes all channels, and who comes by itself.
func (b *planner) channels() {
	all := slices.Clone(b.Channels)
	if i := slices.IndexFunc(all, func(c Channel) bool { return c.Kind == InboundKind }); i >= 0 {
		b.inbound = all[i].Name
	} else {
		b.inbound = b.free(InboundKind)
		all = append(all, Channel{Name: b.inbound, Kind: InboundKind})
	}
	for _, ch := range all {
		b.channel(ch)
	}
}

// free is a name that no channel or medium has.
func (b *planner) free(name string) string {
	for b.History.Channel(name) != nil || slices.ContainsFunc(b.Channels, func(c Channel) bool { return c.Name == name }) {
		name += "-2"
	}
	return name
}

// channel writes one.
func (b *planner) channel(ch Channel) {
	k := kindOf(ch)
	b.w.table("channels", ch.Name)
	if k.Captures == "brand" && len(b.Media) == 0 {
		k.Captures = "" // nothing makes the name known, so nobody searches for it
	}
	if k.Driver == "brand" && len(b.Media) == 0 {
		k.Driver = "customers"
	}
	leads, source := b.leadsPerWeek(ch, k)
	// the touch rate that brings them, to be had at the spend of the history
	lift := 1.
	if len(b.Media) > 0 {
		lift += k.Halo
	}
	share := ready * k.Weight
	if k.Captures == "brand" {
		share *= ofBrand
	}
	touches := min(20, max(1e-5, leads/max(b.inMarket()*k.Response*lift*share, 1e-9)))
	drive := 0.5 // at one half-saturation
	switch k.Driver {
	case "brand":
		b.w.set("driver", `"brand"`, "")
		b.w.set("half_saturation_equity", "1.5", "assumption")
		drive = 0.4
	case "customers":
		b.w.set("driver", `"customers"`, "")
		now, _ := b.customersAtStart()
		half := max(1, math.Round(now))
		if f := b.o.Fitted; f != nil { // of the first day of the history, as in the fit
			if x, ok := f.Middle(plan.JoinKey("channels", ch.Name, "half_saturation_customers")); ok {
				half = x
			}
		}
		b.w.set("half_saturation_customers", digits(half), "assumption (as many as there are)")
		if h := b.History.Channel(ch.Name); h != nil {
			if sum, _ := Sum(h.Spend); sum > 0 {
				if won, _ := Sum(h.Won); won > 0 {
					b.w.set("fee_per_customer", digits(sum/won), ownHistory)
				}
			}
		}
	default:
		b.saturation(ch, k)
	}
	if k.Captures != "" {
		b.w.set("captures", fmt.Sprintf("%q", k.Captures), "")
		organic := map[string]string{"brand": "0.92", "category": "0.2"}[k.Captures]
		b.w.set("organic", organic, "C39; assumption")
		b.w.set("falls_back_to", fmt.Sprintf("%q", b.inbound), "")
	}
	b.w.set("max_touches_per_week", spread(touches/drive, k.Level), source)
	rows := k.Rows
	if rows == "" {
		rows = "assumption"
	}
	for _, x := range []struct {
		key   string
		value float64
		not   float64
	}{{"response", k.Response, -1}, {"weight", k.Weight, -1}, {"halo", k.Halo, 0}, {"churn", k.Churn, 1},
		{"real", k.Real, -1},
		{"win", k.Win, 1}, {"fee_in_monthly_bills", k.FeeInBills, 0}, {"revenue_share", k.RevenueShare, 0}} {
		if x.value == x.not || x.key == "halo" && len(b.Media) == 0 {
			continue
		}
		from := "assumption"
		if x.key == "churn" || x.key == "halo" || x.key == "fee_in_monthly_bills" || x.key == "revenue_share" {
			from = rows + "; assumption"
		}
		b.w.set(x.key, digits(x.value), from)
	}
}

// saturation writes the budget and its curve: that of curves.csv, else the priors of docs/facts.md.
func (b *planner) saturation(ch Channel, k Kind) {
	mean := b.spend(ch.Name, Number{Value: math.NaN()})
	var curve Curve
	curve.HalfSaturation.Value, curve.Shape.Value, curve.HalfLife.Value = math.NaN(), math.NaN(), math.NaN()
	for _, c := range b.Curves {
		if c.Channel == ch.Name {
			curve = c
		}
	}
	write := func(key string, i Interval, otherwise, source string) {
		switch {
		case !i.Known():
			b.w.set(key, otherwise, source)
		case math.IsNaN(i.Low):
			b.w.set(key, digits(i.Value), ownCurves)
		default:
			b.w.set(key, fmt.Sprintf(`"%s to %s"`, digits(i.Low), digits(i.High)), ownCurves)
		}
	}
	write("half_saturation", curve.HalfSaturation, spread(mean, HalfSaturation), "C35-C37")
	write("shape", curve.Shape, fmt.Sprintf(`"%s to %s"`, digits(Shape.Low), digits(Shape.High)), "C35; assumption")
	write("adstock_half_life_weeks", curve.HalfLife, fmt.Sprintf(`"%s to %s"`, digits(k.HalfLife.Low),
		digits(k.HalfLife.High)),
		"C35, C38, section 8.1")
}

// leadsPerWeek are those of the history, else what the channel's sign-ups, customers or spend suggest.
func (b *planner) leadsPerWeek(ch Channel, k Kind) (float64, string) {
	h := b.History.Channel(ch.Name)
	perWeek := func(column []float64) (float64, bool) {
		sum, days := 0., 0.
		for i, x := range column {
			if !math.IsNaN(x) {
				sum += x
				days += float64(b.History.Periods[i].To - b.History.Periods[i].From)
			}
		}
		return sum * plan.DaysPerWeek / max(days, 1), sum > 0
	}
	if h != nil {
		if x, ok := perWeek(h.Leads); ok {
			return x, ownHistory + " (leads)"
		}
		if x, ok := perWeek(h.Signups); ok {
			return x / k.Real, ownHistory + " (sign-ups)"
		}
		if x, ok := perWeek(h.Won); ok {
			rate := b.netWinRate(b.Teams[0])
			return x / k.Real / rate, ownHistory + " (customers won)"
		}
		if x, ok := perWeek(h.Spend); ok && k.CostPerLead.High > 0 {
			return x / math.Sqrt(k.CostPerLead.Low*k.CostPerLead.High), ownHistory + " (spend); " + k.Rows
		}
	}
	if k.Driver != "budget" && b.History.SeenInAll() {
		return b.allLeads(k) / 2, ownHistory + "; assumption (half of all come by themselves)"
	}
	// nothing is known: a tenth of all leads
	total := 0.
	for _, other := range b.Channels {
		if h := b.History.Channel(other.Name); h != nil && other.Name != ch.Name {
			if x, ok := perWeek(h.Leads); ok {
				total += x
			} else if x, ok := perWeek(h.Signups); ok {
				total += x / kindOf(other).Real
			}
		}
	}
	return max(total, 0.1) / 10, "assumption"
}

// allLeads are those per week that the customers of all need: as many as were won, else as make up for those who leave.
func (b *planner) allLeads(k Kind) float64 {
	won := b.CustomersNow.Value * b.ChurnPerMonth.Value / plan.WeeksPerMonth
	if x, n := Sum(b.History.Won); n > 0 {
		won = x * plan.DaysPerWeek / float64(b.History.To()-b.History.From())
	}
	return won / k.Real / b.netWinRate(b.Teams[0])
}

// inMarket is about how many firms are in market at a time.
func (b *planner) inMarket() float64 {
	var sum float64
	sizes := b.classes()
	all := 0.
	for _, s := range sizes {
		all += s.Share
	}
	for _, s := range sizes {
		i := slices.IndexFunc(b.Market.Plan.Population.Sizes, func(x plan.Size) bool { return x.Name == s.Name })
		rate := 0. // weeks in market per year
		for _, t := range b.Market.Plan.Triggers {
			window := t.WindowWeeks
			switch {
			case !t.Enabled, b.Demand.EveryYears.Known() && !t.Newborn:
				continue
			case b.Demand.EveryYears.Known():
				window = b.Demand.WeeksToDecide.Value
			}
			switch t.Kind {
			case "event":
				rate += float64(t.RatePerYear[i] * window)
			case "ageing":
				rate += window / t.LifeYears[i]
			}
		}
		if b.Demand.EveryYears.Known() {
			rate += b.Demand.WeeksToDecide.Value / b.Demand.EveryYears.Value
		}
		sum += float64(s.Share / all * rate)
	}
	return max(1, b.Market.Firms*sum/plan.WeeksPerYear)
}
