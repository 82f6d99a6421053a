package dense

import (
	"windfall/model/plan"
)

// costs keeps, for the run, who did and caused what: the ground on which cost
// is shared out over slices (docs/model.md, section 3.10).
type costs struct {
	media      [][]float64 // by channel and region
	brand, pay []float64   // by region, by team
	rows       []*deeds
	byWho      map[who]*deeds
}

// who is what a slice can ask about an event; -1 stands for no channel, product
// or team.
type who struct {
	channel       int
	cell          *cell
	product, team int
}

// deeds are the events and direct costs of one who.
type deeds struct {
	who
	touches, leads, real, signups, contacts, won     float64
	churned, deaths, customerMonths, retained, value float64
	screening                                        float64 // opportunities whose time went into it
	sales, fees                                      float64 // commission; fees and onboarding
	kept                                             [len(keptMonths)]float64
}

// keptMonths are the months after the win at which it is recorded who is left,
// beside the twelfth.
var keptMonths = [...]float64{1, 3, 6, 18, 24}

func newCosts(p *plan.Plan) costs {
	var media [][]float64
	for range p.Channels {
		media = append(media, make([]float64, len(p.Population.Regions)))
	}
	return costs{
		media: media,
		brand: make([]float64, len(p.Population.Regions)),
		pay:   make([]float64, len(p.Teams)),
		byWho: map[who]*deeds{},
	}
}

// of gives the row of a who.
func (c *costs) of(w who) *deeds {
	d := c.byWho[w]
	if d == nil {
		d = &deeds{who: w}
		c.byWho[w] = d
		c.rows = append(c.rows, d)
	}
	return d
}

// deeds gives the row of a journey that raised its hand.
func (s *simulation) deeds(j *journey) *deeds {
	if s.burning {
		return &deeds{}
	}
	if j.team == nil {
		return s.costs.of(who{j.channel, j.cell, -1, -1})
	}
	return s.costs.of(who{j.channel, j.cell, j.product, j.team.index})
}

// countTouch notes a touch for the week and the slices.
func (s *simulation) countTouch(j *journey, channel int) {
	s.week.touches++
	if !s.burning {
		s.costs.of(who{channel, j.cell, -1, -1}).touches++
	}
}

// dimension is one way to slice.
type dimension struct {
	name string
	of   func(who) string
}

func (s *simulation) dimensions() []dimension {
	p := s.plan
	named := func(i int, name func(int) string) string {
		if i < 0 {
			return plan.Unassigned
		}
		return name(i)
	}
	channel := func(w who) string { return named(w.channel, func(i int) string { return p.Channels[i].Name }) }
	size := func(w who) string { return p.Population.Sizes[w.cell.size].Name }
	return []dimension{
		{"company", func(who) string { return "company" }},
		{"channel", channel},
		{"size", size},
		{"industry", func(w who) string { return p.Population.Industries[w.cell.industry].Name }},
		{"region", func(w who) string { return p.Population.Regions[w.cell.region].Name }},
		{"product", func(w who) string { return named(w.product, func(i int) string { return p.Products[i].Name }) }},
		{"team", func(w who) string { return named(w.team, func(i int) string { return p.Teams[i].Name }) }},
		{"channel-size", func(w who) string { return channel(w) + " x " + size(w) }},
	}
}

// slices shares every cost of the run out over the rows of each dimension and
// counts what happened in them. Keys are dimension/name/column.
func (s *simulation) slices() map[string]float64 {
	out := map[string]float64{}
	for _, d := range s.dimensions() {
		s.slice(d, out)
	}
	return out
}

// part bears a weight of a cost.
type part struct {
	who
	weight float64
}

func (s *simulation) slice(d dimension, out map[string]float64) {
	add := func(w who, column string, amount float64) { out[d.name+"/"+d.of(w)+"/"+column] += amount }
	s.shareCosts(d, add)
	for _, w := range s.costs.rows {
		for column, x := range w.columns() {
			add(w.who, column, x)
		}
	}
}

// columns are the columns of the slices that a who counts for directly.
func (w *deeds) columns() map[string]float64 {
	return map[string]float64{
		"sales": w.sales, "onboarding_fees": w.fees,
		"touches": w.touches, "leads": w.leads, "real_leads": w.real,
		"signups": w.signups, "opportunities": w.contacts, "won": w.won,
		"churned": w.churned, "customer_deaths": w.deaths, "customer_months": w.customerMonths,
		"retained": w.retained, "ltv_total": w.value,
		"kept_1": w.kept[0], "kept_3": w.kept[1], "kept_6": w.kept[2], "kept_18": w.kept[3], "kept_24": w.kept[4],
	}
}

// shareCosts shares media, brand and pay out.
func (s *simulation) shareCosts(d dimension, add func(w who, column string, amount float64)) {
	share := func(column string, amount float64, parts []part) {
		sum := 0.0
		for _, p := range parts {
			sum += p.weight
		}
		for _, p := range parts {
			add(p.who, column, amount*p.weight/sum)
		}
	}
	for i, byRegion := range s.costs.media {
		amount := 0.0
		for _, x := range byRegion {
			amount += x
		}
		if d.name == "region" && s.uneven(i) {
			for r, x := range byRegion {
				share("media", x, s.firmParts(i, r))
			}
			continue
		}
		var parts []part
		switch d.name {
		case "channel":
		case "product", "team":
			parts = s.parts(func(w *deeds) float64 { return w.signups }, func(w *deeds) bool { return w.channel == i })
		default:
			parts = s.parts(func(w *deeds) float64 { return w.touches }, func(w *deeds) bool { return w.channel == i })
		}
		if len(parts) == 0 {
			parts = s.firmParts(i, -1)
		}
		share("media", amount, parts)
	}
	for r, amount := range s.costs.brand {
		var parts []part
		if d.name != "region" {
			parts = s.parts(func(w *deeds) float64 { return w.signups }, func(w *deeds) bool { return w.cell.region == r })
		}
		if len(parts) == 0 {
			parts = s.firmParts(-1, r)
		}
		share("brand", amount, parts)
	}
	for t, amount := range s.costs.pay {
		if d.name == "team" {
			add(who{-1, s.cells[0], -1, t}, "sales", amount)
			continue
		}
		parts := s.parts(func(w *deeds) float64 { return w.contacts + w.screening },
			func(w *deeds) bool { return w.team == t })
		if len(parts) == 0 {
			parts = s.firmParts(-1, -1)
		}
		share("sales", amount, parts)
	}
}

// parts are the rows of some who, weighted by what they did; none if nobody did.
func (s *simulation) parts(weight func(*deeds) float64, some func(*deeds) bool) []part {
	var parts []part
	for _, w := range s.costs.rows {
		if x := weight(w); x > 0 && some(w) {
			parts = append(parts, part{w.who, x})
		}
	}
	return parts
}

// firmParts are the firms of the first day by cell, of one region or of all.
func (s *simulation) firmParts(channel, region int) []part {
	var parts []part
	for _, c := range s.cells {
		if region < 0 || c.region == region {
			parts = append(parts, part{who{channel, c, -1, -1}, float64(c.opening)})
		}
	}
	return parts
}
