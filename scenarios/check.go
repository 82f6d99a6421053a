package scenarios

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// at gives the place of a key: where it was set, else that of its table.
func (b *builder) at(key string) *node {
	for key != "" {
		if n := b.places[key]; n != nil {
			return n
		}
		segs, err := plan.SplitKey(key)
		if err != nil {
			return nil
		}
		if n := b.root.at(segs...); n != nil {
			return n
		}
		key = plan.JoinKey(segs[:len(segs)-1]...)
	}
	return nil
}

// wrong reports a problem of the plan as a whole at the place of a key.
func (b *builder) wrong(key, format string, args ...any) {
	n := b.at(key)
	value := ""
	if n != nil && n == b.places[key] {
		value = n.show()
	}
	b.report(n, key, value, fmt.Sprintf(format, args...), "")
}

func (b *builder) note(key, format string, args ...any) {
	b.warn(b.at(key), key, format, args...)
}

// check looks at what the keys mean together. It runs only on plans whose
// single values are all right.
func (b *builder) check() {
	p := b.plan
	if len(p.Population.Sizes) == 0 || len(p.Population.Industries) == 0 || len(p.Population.Regions) == 0 {
		for _, g := range []struct {
			key string
			n   int
		}{{"sizes", len(p.Population.Sizes)}, {"industries", len(p.Population.Industries)},
			{"regions", len(p.Population.Regions)}} {
			if g.n == 0 {
				b.wrong("population."+g.key, "a market needs at least one; extend one of the shipped markets, or write "+
					"[population.%s.NAME]", g.key)
			}
		}
		return
	}
	b.checkShares()
	b.checkSizes()
	b.checkTriggers()
	b.checkChannels()
	b.checkMedia()
	b.checkTeams()
	b.checkPrices()
	b.checkCustomers()
	b.checkElasticity()
	if !b.oneRow { // these look at keys that do nothing, whatever their numbers are
		b.checkAnswers()
		b.checkMoves()
		b.checkAges()
	}
	b.checkContracts()
	b.checkOpening()
	b.checkReplay()
	if len(b.problems) == 0 && !b.moneyFits {
		b.checkMoney()
	}
}

// counts keeps the plan within what the engine can hold. It looks at the tree, before
// anything is done for each of many names.
func (b *builder) counts() {
	for _, c := range []struct {
		path []string
		most int
		what string
	}{
		{[]string{"channels"}, 64, "channels"},
		{[]string{"products"}, 64, "products"},
		{[]string{"triggers"}, 64, "trigger kinds"},
		{[]string{"population", "sizes"}, 64, "size classes"},
		{[]string{"population", "industries"}, 64, "industries"},
		{[]string{"population", "regions"}, 64, "regions"},
		{[]string{"media"}, 64, "brand media"},
		{[]string{"teams"}, 255, "teams"},
		{[]string{"changes"}, 1000, "changes"},
		{[]string{"shocks"}, 1000, "shocks"},
		{[]string{"goals"}, 1000, "goals"},
		{[]string{"correlations"}, 1000, "correlations"},
	} {
		if n := b.root.at(c.path...); n != nil && len(n.kids) > c.most {
			b.report(n, strings.Join(c.path, "."), "",
				fmt.Sprintf("has %d %s; at most %d are allowed", len(n.kids), c.what, c.most), "")
		}
	}
	if n := b.root.count(); n > mostValues {
		b.report(nil, "", "", fmt.Sprintf("has %d keys and values; at most %d are allowed", n, mostValues), "")
	}
}

// mostValues is the number of keys and list entries of a scenario; the largest that is
// shipped has 2,000.
const mostValues = 50_000

// uncertain tells whether a number of a key is drawn by itself. Of a column of draws each row is checked.
func (b *builder) uncertain(key string) bool { return b.dists[key] != nil && b.dists[key].drawn == nil }

// shares checks that numbers sum to 1, and rescales them if they miss it only
// by rounding. Uncertain shares are rescaled when they are drawn.
func (b *builder) shares(at string, keys []string, values []*float64) {
	var sum float64
	for _, v := range values {
		sum += *v
	}
	slack := 1e-6
	if slices.ContainsFunc(keys, b.uncertain) {
		slack = 0.1
	}
	switch {
	case !(math.Abs(sum-1) <= slack):
		b.wrong(at, "the shares sum to %s; they must sum to 1", short(sum))
	case math.Abs(sum-1) > 1e-12 && slack < 0.1:
		for _, v := range values {
			*v /= sum
		}
	}
}

func (b *builder) checkShares() {
	p := b.plan
	var keys []string
	var values []*float64
	for i := range p.Population.Sizes {
		x := &p.Population.Sizes[i]
		keys, values = append(keys, "population.sizes."+plan.JoinKey(x.Name)+".share"), append(values, &x.Share)
	}
	b.shares("population.sizes", keys, values)
	keys, values = nil, nil
	for i := range p.Population.Industries {
		x := &p.Population.Industries[i]
		keys, values = append(keys, "population.industries."+plan.JoinKey(x.Name)+".share"), append(values, &x.Share)
	}
	b.shares("population.industries", keys, values)
	keys, values = nil, nil
	for i := range p.Population.Regions {
		x := &p.Population.Regions[i]
		keys, values = append(keys, "population.regions."+plan.JoinKey(x.Name)+".share"), append(values, &x.Share)
	}
	b.shares("population.regions", keys, values)
}

func (b *builder) checkSizes() {
	sizes := b.plan.Population.Sizes
	for i, s := range sizes {
		key := "population.sizes." + plan.JoinKey(s.Name)
		if s.Highest < s.Lowest {
			b.wrong(key+".highest", "must not be below lowest, %s", plan.FormatNumber(s.Lowest))
		} else if i > 0 && s.Lowest <= sizes[i-1].Highest {
			b.wrong(key+".lowest", "overlaps class %s, which ends at %s", sizes[i-1].Name,
				plan.FormatNumber(sizes[i-1].Highest))
		}
	}
}

func (b *builder) checkTriggers() {
	p := b.plan
	on := 0
	for i := range p.Triggers {
		t := &p.Triggers[i]
		if !t.Enabled {
			continue
		}
		on++
		key := "triggers." + plan.JoinKey(t.Name)
		switch t.Kind {
		case "event":
			if !slices.ContainsFunc(t.RatePerYear, func(x float64) bool { return x > 0 }) && b.constant(key+".rate_per_year") {
				b.note(key+".rate_per_year", "the trigger never happens: its rate is 0 in every size class")
			}
		case "ageing":
			for s, x := range t.LifeYears {
				if math.IsNaN(x) {
					b.wrong(key+".life_years", "a trigger of kind ageing needs it for every size class; %s has none",
						p.Population.Sizes[s].Name)
					break
				}
			}
		case "threshold":
			b.checkThreshold(t, key)
		}
		var season float64
		for _, x := range t.Season {
			season += x
		}
		if season == 0 {
			b.wrong(key+".season", "the season is 0 in every month; its mean must be above 0")
		}
	}
	if on == 0 && len(p.Channels) > 0 {
		b.note("triggers", "no trigger kind is enabled: no firm ever comes into the market")
	}
}

// constant tells whether nothing moves a key over time.
func (b *builder) constant(key string) bool {
	for _, s := range b.plan.Schedules {
		if s.Key == key || len(s.Key) > len(key) && s.Key[:len(key)+1] == key+"." {
			return false
		}
	}
	return len(b.plan.Changes) == 0 && len(b.plan.Shocks) == 0
}

func (b *builder) checkThreshold(t *plan.Trigger, key string) {
	p := b.plan
	if math.IsNaN(t.Employees) {
		b.wrong(key+".employees", "a trigger of kind threshold needs it: the head-count that is crossed")
	} else if !slices.ContainsFunc(p.Population.Sizes, func(s plan.Size) bool {
		return s.Lowest <= t.Employees && t.Employees <= s.Highest
	}) {
		b.wrong(key+".employees", "no size class holds this head-count")
	}
	switch {
	case math.IsNaN(t.GrowthScale):
		b.wrong(key+".growth_scale", "a trigger of kind threshold needs it: the Laplace scale of yearly log growth, 0.12 "+
			"for US firms")
	case t.GrowthScale*p.Population.TailExponent >= 1:
		b.wrong(key+".growth_scale", "times tail_exponent, %s, it must be below 1", short(p.Population.TailExponent))
	}
}

func (b *builder) checkChannels() {
	p := b.plan
	for i := range p.Channels {
		c := &p.Channels[i]
		key := "channels." + plan.JoinKey(c.Name)
		if c.Enabled || searches(p, c) {
			b.checkCapture(c, key)
		}
		if !c.Enabled {
			continue
		}
		var name string
		var half float64
		switch c.Driver {
		case "budget":
			name, half = "half_saturation", c.HalfSaturation
		case "brand":
			name, half = "half_saturation_equity", c.HalfSaturationEquity
		case "customers":
			name, half = "half_saturation_customers", c.HalfSaturationCustomers
		}
		if math.IsNaN(half) {
			param := b.param("channels.*." + name)
			b.wrong(key+"."+name, "a channel driven by %s needs it: %s", c.Driver, need(param))
		}
		if c.Driver != "budget" && (c.WeeklyBudget > 0 || b.scheduled(key+".weekly_budget")) {
			b.wrong(key+".weekly_budget", "a channel driven by %s has no budget; use fees, or driver = \"budget\"", c.Driver)
		}
		switch {
		case c.Holdout > 0 && c.Driver != "budget":
			b.wrong(key+".holdout", "firms come to a channel driven by %s by themselves, and none can be held out; leave it "+
				"out, or write driver = \"budget\"", c.Driver)
		case c.Holdout > 0 && c.Captures != "":
			b.wrong(key+".holdout", "firms search by themselves, and none can be held out; leave out holdout, or captures")
		}
		if slices.Max(c.Season) == 0 {
			b.wrong(key+".season", "the season is 0 in every month; at least one month must be above 0")
		}
	}
}

// scheduled tells whether a key has dated values.
func (b *builder) scheduled(key string) bool {
	return slices.ContainsFunc(b.plan.Schedules, func(s plan.Schedule) bool { return s.Key == key })
}

func (b *builder) checkMedia() {
	p := b.plan
	regions := p.Dimension("region")
	for i := range p.Media {
		m := &p.Media[i]
		if !m.Enabled {
			continue
		}
		key := "media." + plan.JoinKey(m.Name)
		for _, s := range []struct {
			name string
			of   *plan.Split
		}{{"weekly_budget", &m.WeeklyBudget}, {"half_saturation", &m.HalfSaturation},
			{"reference_weekly_budget", &m.ReferenceBudget}} {
			if s.of.Parts == nil {
				continue
			}
			for r, name := range regions {
				here := key + "." + s.name + "." + plan.JoinKey(name)
				given := b.places[here] != nil
				if covers := len(m.Regions) == 0 || slices.Contains(m.Regions, name); covers && !given {
					param := b.param("media.*." + s.name)
					b.wrong(here, "is missing: the medium covers this region; %s", need(param))
				} else if !covers && given && s.of.Parts[r] != 0 {
					b.wrong(here, "the medium does not cover this region (regions)")
				}
			}
		}
	}
}

func (b *builder) checkCustomers() {
	p := b.plan
	for s := range p.Population.Sizes {
		size := p.Population.Sizes[s].Name
		retained, base := p.Customers.Retained12Months[s], p.Customers.BaseHazard[s]
		entry := func(key string) string {
			if n := b.places[key+"."+plan.JoinKey(size)]; n != nil {
				return key + "." + plan.JoinKey(size)
			}
			return key
		}
		served := slices.ContainsFunc(p.Teams, func(t plan.Team) bool { return t.Enabled && holds(t.Sizes, size) })
		switch {
		case math.IsNaN(retained) && math.IsNaN(base):
			if served || p.Opening.Customers[s] > 0 {
				b.wrong("customers.retained_12_months."+plan.JoinKey(size), "is missing: customers of this size class need "+
					"retained_12_months or base_hazard")
			}
		case !math.IsNaN(retained) && !math.IsNaN(base):
			b.wrong(entry("customers.base_hazard"), "size class %s has both retained_12_months and base_hazard; give one", size)
			return
		case !math.IsNaN(retained) && !(model.BaseHazard(p, cmp.Or(p.OpeningPlan, p), s) > 0):
			b.wrong(entry("customers.retained_12_months"), "firms of class %s alone die so often that at most %s are left "+
				"after 12 months; it must be lower",
				size, short(model.StockSurvival(&p.Population.Sizes[s], 1)))
		}
	}
}

// holds tells whether a list of names, of which an empty one means all, holds a name.
func holds(names []string, name string) bool { return len(names) == 0 || slices.Contains(names, name) }

func (b *builder) checkOpening() {
	p := b.plan
	o := &p.Opening
	var total float64
	for s, n := range o.Customers {
		total += n
		size := p.Population.Sizes[s]
		key := "opening.customers"
		if b.places[key+"."+plan.JoinKey(size.Name)] != nil {
			key += "." + plan.JoinKey(size.Name)
		}
		if firms := p.Population.Firms * size.Share; n > firms {
			b.wrong(key, "class %s has only %s firms", size.Name, short(math.Round(firms)))
		}
		if n > 0 && !slices.ContainsFunc(p.Products, func(x plan.Product) bool {
			return x.Enabled && holds(x.Sizes, size.Name)
		}) {
			b.wrong(key, "no product is sold to class %s, so it has no opening customers", size.Name)
		}
	}
	if len(o.AgeBands) > 0 {
		var values []*float64
		for i := range o.AgeBands {
			values = append(values, &o.AgeBands[i].Share)
		}
		b.shares("opening.age_bands", nil, values)
	} else if total > 0 && o.Groups == nil {
		b.note("opening.customers", "without age_bands every opening customer is new on the first day")
	}
	var values []*float64
	for i := range o.Products {
		if !math.IsNaN(o.Products[i]) {
			values = append(values, &o.Products[i])
			if x := &p.Products[i]; !x.Enabled && o.Products[i] > 0 {
				b.wrong("opening.products."+plan.JoinKey(x.Name), "the product is switched off")
			}
		}
	}
	if len(values) > 0 {
		b.shares("opening.products", nil, values)
	}
	for i := range p.Products {
		x := &p.Products[i]
		if x.FirstSale != 0 && x.LastSale != 0 && x.LastSale < x.FirstSale {
			b.wrong("products."+plan.JoinKey(x.Name)+".last_sale", "must not be before first_sale, %s", x.FirstSale)
		}
	}
}
