package company

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// band is a share of the customers by age.
type band struct{ from, to, share float64 }

// baseHazard is the integrated hazard of the first year at which customers of some ages leave at a rate per year: the
// hazard at age a is H k a^(k-1) / (1 + v H a^k).
func baseHazard(perYear float64, bands []band) float64 {
	rate := func(h float64) (sum float64) {
		for _, b := range bands {
			const parts = 20
			for i := range parts {
				a := b.from + (b.to-b.from)*(float64(i)+0.5)/parts
				sum += b.share / parts * h * tenure * math.Pow(a, tenure-1) / (1 + float64(frailty*h*math.Pow(a, tenure)))
			}
		}
		return sum
	}
	low, high := 1e-4, 100.
	for range 60 {
		middle := math.Sqrt(low * high)
		if rate(middle) < perYear {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// opening writes the customers of the first day.
func (b *planner) opening() {
	window, cycle := 0., 0.
	for _, t := range b.Market.Plan.Triggers {
		if t.Enabled && (!b.Demand.EveryYears.Known() || t.Newborn) {
			window = max(window, t.WindowWeeks)
		}
	}
	if b.Demand.EveryYears.Known() {
		window = b.Demand.WeeksToDecide.Value
	}
	for _, t := range b.Teams {
		cycle = max(cycle, 1.7*t.CycleDays.Value/plan.DaysPerWeek)
	}
	b.w.table("opening")
	burnIn := math.Ceil(3*(window+cycle)) + 1
	if b.o.Fitted != nil && b.moved {
		b.w.set("replay", "true", "")
		burnIn = max(burnIn, float64(int(b.History.To()-b.History.From())/plan.DaysPerWeek))
	}
	b.w.set("burn_in_weeks", digits(min(520, burnIn)), "")
	if b.o.Fitted != nil && b.o.Fitted.Pipeline != "" {
		b.w.set("pipeline_file", fmt.Sprintf("%q", b.o.Fitted.Pipeline), ownPipeline)
	}
	if b.o.Fitted != nil && b.o.Fitted.Customers != "" {
		b.w.set("customers_file", fmt.Sprintf("%q", b.o.Fitted.Customers), ownCustomers)
		return
	}
	now, source := b.customersAtStart()
	sized := b.bySize()
	if sized == nil || b.o.Replay {
		sized, source = b.dealt(), source+"; sizes: assumption (as the firms of the market)"
	} else {
		source += "; " + ownCustomers
	}
	b.w.set("customers", by(b.Market.Plan.Population.Sizes, func(s plan.Size) (string, string) {
		return s.Name, digits(math.Round(now * sized[s.Name]))
	}), source)
	if products := b.byProduct(); products != nil && !b.o.Replay {
		b.w.set("products", by(b.Products, func(p Product) (string, string) { return p.Name, digits(products[p.Name]) }),
			ownCustomers)
	}
	bands, from := b.ages()
	var parts []string
	for _, x := range bands {
		parts = append(parts, fmt.Sprintf("{from_years = %g, to_years = %g, share = %s}", x.from, x.to,
			plan.FormatNumber(x.share)))
	}
	b.w.set("age_bands", "["+strings.Join(parts, ", ")+"]", from)
}

// dealt are the shares of firms by size, of the classes to which something is sold.
func (b *planner) dealt() map[string]float64 {
	out, sum := map[string]float64{}, 0.
	for _, s := range b.classes() {
		if slices.ContainsFunc(b.Products, func(p Product) bool {
			return len(p.Sizes) == 0 ||
				slices.Contains(p.Sizes, s.Name)
		}) {
			out[s.Name] = s.Share
			sum += s.Share
		}
	}
	for name := range out {
		out[name] /= sum
	}
	return out
}

// customersAtStart are those of the plan's first day, and where the number is from.
func (b *planner) customersAtStart() (float64, string) {
	now, source := b.CustomersNow.Value, b.CustomersNow.Source
	if b.o.Replay {
		h := &b.History
		won, left := zeroIfNaN(at(h.Won, 0)), zeroIfNaN(at(h.Churned, 0))
		if first := at(h.Customers, 0); !math.IsNaN(first) {
			now, source = first-won+left, ownHistory
		} else {
			now, source = b.customersBefore(now), own+", "+ownHistory
		}
	}
	return min(max(0, now), b.Market.Firms) * b.o.Scale, source
}

// customersBefore are those of the first day of the history, of those at its end. Where nobody counted who left, they
// left at the churn of company.toml; where nobody counted who came, there were as many.
func (b *planner) customersBefore(now float64) float64 {
	won, known := Sum(b.History.Won)
	left, counted := Sum(b.History.Churned)
	if known > 0 && counted > 0 {
		return now - won + left
	}
	if known == 0 {
		return now
	}
	months := float64(b.History.To()-b.History.From()) / plan.DaysPerWeek / plan.WeeksPerMonth
	kept, each := math.Pow(1-b.ChurnPerMonth.Value, months), 1.0 // of those before; of those won, on average
	if rate := -math.Log(1 - b.ChurnPerMonth.Value); rate > 0 {
		each = (1 - kept) / float64(rate*months)
	}
	// little is left of them where customers leave fast: what is known of their number is its order of size
	return min((now-float64(won*each))/kept, 3*now)
}

// bySize are the shares of customers by size; nil where customers.csv does not say all of them.
func (b *planner) bySize() map[string]float64 {
	return sharesOf(b.Groups, func(g CustomerGroup) string { return g.Size })
}

func (b *planner) byProduct() map[string]float64 {
	return sharesOf(b.Groups, func(g CustomerGroup) string { return g.Product })
}

func sharesOf(groups []CustomerGroup, of func(CustomerGroup) string) map[string]float64 {
	out, sum := map[string]float64{}, 0.
	for _, g := range groups {
		if of(g) == "" {
			return nil
		}
		out[of(g)] += g.Count
		sum += g.Count
	}
	if sum == 0 {
		return nil
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

// ages are the bands of the ages of the customers: those of customers.csv, else those that the churn leaves of a
// steady stream.
func (b *planner) ages() (bands []band, source string) {
	ends := []float64{0, 1, 2, 4, 8}
	shares := make([]float64, len(ends)-1)
	known := len(b.Groups) > 0 && !b.o.Replay
	for _, g := range b.Groups {
		known = known && g.HasStart
	}
	for i := range shares {
		if !known {
			rate := -12 * math.Log(1-min(0.9, max(b.ChurnPerMonth.Value, 0.002)))
			shares[i] = math.Exp(-rate*ends[i]) - math.Exp(-rate*ends[i+1])
		}
	}
	if known {
		for _, g := range b.Groups {
			years := max(0, float64(b.start-g.Start)/365.25)
			i := 0
			for i < len(shares)-1 && years >= ends[i+1] {
				i++
			}
			shares[i] += g.Count
		}
	}
	sum, _ := Sum(shares)
	left := 10_000
	for i := range shares {
		n := int(math.Round(1e4 * shares[i] / max(sum, 1e-9)))
		if i == len(shares)-1 {
			n = left
		}
		n = min(n, left)
		left -= n
		bands = append(bands, band{ends[i], ends[i+1], float64(n) / 1e4})
	}
	if known {
		source = ownCustomers
	} else {
		source = "assumption (a steady stream at the churn of company.toml)"
	}
	return bands, source
}
