package company

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// How a plan cites what it was made from.
const (
	ownHistory   = "your history"
	ownCustomers = "your customers.csv"
	ownCurves    = "your curves.csv"
	ownPipeline  = "your pipeline.csv"
)

// PlanOptions say which plan is made.
type PlanOptions struct {
	// Scale is the part of the firms that is simulated, 1 for all. Customers and what the people of the teams can do
	// are scaled with it; money buys the same share of a market of any size, so spend is not, and cash is no limit.
	Scale float64
	// Replay makes a plan that runs over the history, with its spend; else it runs for a year behind it, with the mean
	// spend of its last year.
	Replay bool
	// Base replaces what the plan extends; "" as company.toml says.
	Base string
	// Fitted is what a fit of the history found: the plan begins behind the history, which its opening replays. Nil: a
	// first plan.
	Fitted *Fitted
}

// Plan is a first plan, before anything is fitted: a scenario in which each number has its source. What a fit can
// learn has a 90% interval, the prior. The company was read without problems, except notes.
func (c *Company) Plan(o PlanOptions) string {
	if o.Scale == 0 {
		o.Scale = 1
	}
	b := &planner{Company: c, o: o, w: &writer{fitted: o.Fitted}}
	b.start, b.weeks = c.History.To(), planWeeks
	if o.Replay {
		b.start, b.weeks = c.History.From(), int(c.History.To()-c.History.From())/plan.DaysPerWeek
	}
	b.head()
	b.market()
	b.journey()
	b.sold()
	b.brand()
	b.channels()
	b.teams()
	b.opening()
	if o.Fitted != nil && o.Fitted.Draws != "" {
		b.w.table("draws", "posterior")
		b.w.line("file = %q", o.Fitted.Draws)
		b.w.line("hash = %q", o.Fitted.Hash)
	}
	b.w.close()
	return b.w.b.String()
}

// Scenario is the plan, loaded and checked.
func (c *Company) Scenario(o PlanOptions, options ...scenarios.Option) (*scenarios.Scenario, error) {
	if o.Base == "" && strings.HasSuffix(c.Market.Base, ".toml") {
		o.Base = c.Market.Base
		if !filepath.IsAbs(o.Base) {
			full, err := filepath.Abs(filepath.Join(c.Dir, o.Base))
			if err != nil {
				return nil, err
			}
			o.Base = full
		}
	}
	return scenarios.OpenBytes(filepath.Join(c.Dir, "plan.toml"), []byte(c.Plan(o)), options...)
}

// planWeeks are the weeks of a plan from the end of the history on.
const planWeeks = 52

// planner makes a plan.
type planner struct {
	*Company
	o       PlanOptions
	w       *writer
	start   plan.Date
	weeks   int
	inbound string // the channel of those who come by themselves
	moved   bool   // spend, people or a price of the history moves, so that its replay is another opening
}

func (b *planner) head() {
	title := "A first plan of " + b.Name
	if b.o.Fitted == nil {
		b.w.line("# The first plan of %s, made from company.toml and its history. Each number says where it comes from;",
			b.Name)
		b.w.line("# an interval is what was known before the history was looked at closely.")
	} else {
		title = "The plan of " + b.Name + ", fitted to its history"
		b.w.line("# The plan of %s from the end of its history on. Each number says where it comes from. What was "+
			"fitted stands",
			b.Name)
		b.w.line("# at its median, with its 90%% interval above it; runs take joint draws of these numbers from %s.",
			b.o.Fitted.Draws)
	}
	base := b.o.Base
	if base == "" {
		base = b.Market.Base
	}
	b.w.line("extends = %q", base)
	b.w.line("title = %q", title)
	b.w.line("question = \"What do we win, lose and have in the bank if we go on like this?\"")
	b.w.table("run")
	b.w.set("start", b.start.String(), "")
	b.w.set("weeks", fmt.Sprint(b.weeks), "")
}

// market writes the part of the market and what opens a journey there.
func (b *planner) market() {
	p := b.Market.Plan.Population
	b.w.table("population")
	b.w.set("firms", digits(max(1, math.Round(b.Market.Firms*b.o.Scale))), "your company.toml (part of "+b.Market.Base+")")
	if b.o.Fitted != nil { // the market that the draws are of
		b.w.set("media_firms", digits(max(1, math.Round(b.Market.Firms*b.o.Scale))), "your company.toml (all firms)")
	}
	shares(b.w, "regions", b.Market.Regions, p.Regions, func(x plan.Region) (string, float64) { return x.Name, x.Share })
	shares(b.w, "sizes", b.Market.Sizes, p.Sizes, func(x plan.Size) (string, float64) { return x.Name, x.Share })
	shares(b.w, "industries", b.Market.Industries, p.Industries,
		func(x plan.Industry) (string, float64) { return x.Name, x.Share })
	if !b.Demand.EveryYears.Known() {
		return
	}
	rival := fmt.Sprintf("%.3g", 0.8/b.Demand.WeeksToDecide.Value)
	decide := func() {
		b.w.set("window_weeks", digits(b.Demand.WeeksToDecide.Value), b.Demand.WeeksToDecide.Source)
		b.w.set("window_cv", "0.8", "T11")
		b.w.set("rival_per_week", rival, "F47; assumption")
	}
	for _, t := range b.Market.Plan.Triggers {
		if !t.Enabled {
			continue
		}
		b.w.table("triggers", t.Name)
		if t.Newborn && t.Kind == "event" {
			decide()
			continue
		}
		b.w.set("enabled", "false", "")
	}
	b.w.table("triggers", b.replacement())
	b.w.set("kind", `"ageing"`, "")
	b.w.set("life_years", digits(b.Demand.EveryYears.Value), b.Demand.EveryYears.Source)
	decide()
}

// replacement is the trigger of firms that buy again: a name that the market does not have.
func (b *planner) replacement() string {
	name := "next-purchase"
	for slices.ContainsFunc(b.Market.Plan.Triggers, func(t plan.Trigger) bool { return t.Name == name }) {
		name += "-2"
	}
	return name
}

// shares writes those of the classes that are sold to, and 0 for the others.
func shares[T any](w *writer, kind string, named []string, classes []T, of func(T) (string, float64)) {
	if len(named) == 0 {
		return
	}
	sum := 0.
	last := ""
	for _, c := range classes {
		if name, share := of(c); slices.Contains(named, name) && share > 0 {
			sum += share
			last = name
		}
	}
	left := 1_000_000 // millionths, so that they add up
	for _, c := range classes {
		if name, share := of(c); slices.Contains(named, name) && name != last {
			left -= int(math.Round(1e6 * share / sum))
		}
	}
	for _, c := range classes {
		name, share := of(c)
		w.table("population", kind, name)
		value := int(math.Round(1e6 * share / sum))
		switch {
		case !slices.Contains(named, name):
			value = 0
		case name == last:
			value = left
		}
		w.set("share", plan.FormatNumber(float64(value)/1e6), "your company.toml")
	}
}

// sold are the size classes that the company sells to.
func (b *planner) classes() (out []plan.Size) {
	for _, s := range b.Market.Plan.Population.Sizes {
		if len(b.Market.Sizes) == 0 || slices.Contains(b.Market.Sizes, s.Name) {
			out = append(out, s)
		}
	}
	return out
}

// journey writes what firms would pay, and how customers leave.
func (b *planner) journey() {
	highest := 0.
	for _, p := range b.Products {
		highest = max(highest, p.PriceOn(b.History.From()))
		for _, x := range p.Prices { // of those that the history and the year after it see
			if x.From > b.History.From() && x.From < b.History.To()+planWeeks*plan.DaysPerWeek {
				highest = max(highest, x.Value)
			}
		}
	}
	b.w.table("journey")
	b.w.set("willingness_median", digits(2*highest), "assumption (twice the highest price)")
	b.w.set("willingness_sigma", "0.5", "assumption")
	b.w.table("customers")
	b.w.set("weibull_shape", digits(tenure), "F33, F7")
	b.w.set("frailty_variance", digits(frailty), "F33")
	// Customers leave at the monthly rate at the ages that they have; the deaths of firms are the market's.
	bands, _ := b.ages()
	b.w.set("base_hazard", by(b.Market.Plan.Population.Sizes, func(s plan.Size) (string, string) {
		return s.Name, digits(baseHazard(float64(-12*math.Log(1-b.ChurnPerMonth.Value))-s.FirmDeathPerYear, bands))
	}), b.ChurnPerMonth.Source+" (churn per month at the ages of the customers, without the deaths of firms)")
}

// The tenure of customers (docs/facts.md, F33 and F7): the exponent and the frailty of the plan.
const (
	tenure  = 0.85
	frailty = 0.7
)

// sold writes the products and the money.
func (b *planner) sold() {
	for _, p := range b.Products {
		b.w.table("products", p.Name)
		b.byDate("price", p.Price, p.Prices, same)
		if p.PriceForAll {
			b.w.set("price_for_all", "true", own)
		}
		if p.PerFirm {
			b.w.set("price_per", `"firm"`, own)
		} else {
			b.w.set("adoption", digits(p.Seats.Value), p.Seats.Source)
		}
		if len(p.Sizes) > 0 {
			b.w.set("sizes", list(b.served(p.Sizes)), own)
		}
		b.w.set("cost_of_revenue_share", digits(1-p.GrossMargin.Value), p.GrossMargin.Source)
		if p.Prepaid.Value > 0 {
			b.w.set("prepaid_share", digits(p.Prepaid.Value), p.Prepaid.Source)
		}
	}
	b.w.table("finance")
	cash, source := b.Cash.Value, b.Cash.Source
	if first := b.CashAtStart(); b.o.Replay && !math.IsNaN(first) {
		cash, source = max(0, math.Round(first)), ownHistory
	}
	if b.o.Scale != 1 {
		cash, source = 1e9, "assumption (a part of the market does not pay for all of the spend)"
	}
	b.w.set("opening_cash", digits(cash), source)
	b.w.set("fixed_cost_per_month", digits(b.FixedCostPerMonth.Value), b.FixedCostPerMonth.Source)
}

// served are size classes, and those that have no firms in this part of the market: nobody need serve them.
func (b *planner) served(sizes []string) []string {
	out := slices.Clone(sizes)
	for _, s := range b.Market.Plan.Population.Sizes {
		if len(b.Market.Sizes) > 0 && !slices.Contains(b.Market.Sizes, s.Name) && !slices.Contains(out, s.Name) {
			out = append(out, s.Name)
		}
	}
	return out
}

// brand writes the brand media.
func (b *planner) brand() {
	if len(b.Media) == 0 {
		return
	}
	b.w.table("brand")
	b.w.set("salience_half_life_weeks", "0.75", "section 4.1")
	b.w.set("equity_half_life_weeks", "60", "B13, B3")
	b.w.set("salience_weight", "0.6", "section 4.1")
	b.w.set("awareness_max", "0.5", "assumption")
	b.w.set("half_saturation_equity", "1", "assumption")
	for _, m := range b.Media {
		b.w.table("media", m.Name)
		mean := b.spend(m.Name, m.SpendPerMonth)
		b.w.set("half_saturation", spread(mean, HalfSaturation), "C36")
		b.w.set("reference_weekly_budget", digits(mean), ownHistory)
		b.w.set("shape", "1.2", "C35")
	}
}
