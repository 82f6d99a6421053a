package dense

import "windfall/model"

// costs keeps, for the run, who caused what: the ground on which cost is shared
// out over slices (model specification, section 6, CAC).
type costs struct {
	media, brand, pay []float64     // by channel, by region, by team
	touches           []touchCounts // by channel
	leads             []*journey
	signups           []*journey
	contacts          []*journey
	wins              []*account
	direct            []directCost
}

// touchCounts are touches by cell.
type touchCounts map[*cell]float64

// directCost is a cost caused by one lead or customer.
type directCost struct {
	journey *journey
	column  string
	amount  float64
}

func newCosts(p *model.Plan) costs {
	c := costs{
		media: make([]float64, len(p.Channels)),
		brand: make([]float64, len(p.Population.Regions)),
		pay:   make([]float64, len(p.Teams)),
	}
	for range p.Channels {
		c.touches = append(c.touches, touchCounts{})
	}
	return c
}

// countTouch, countLead, countSignup, countContact and countWin note an event in the week and, in the run, for the slices.
func (s *simulation) countTouch(j *journey, channel int) {
	s.week.touches++
	if !s.burning {
		s.costs.touches[channel][j.cell]++
	}
}

func (s *simulation) countLead(j *journey) {
	s.week.leads++
	if !s.burning {
		s.costs.leads = append(s.costs.leads, j)
	}
}

func (s *simulation) countSignup(j *journey) {
	s.week.signups++
	if !s.burning {
		s.week.signupsByChannel[j.channel]++
		s.costs.signups = append(s.costs.signups, j)
	}
}

func (s *simulation) countContact(j *journey) {
	s.week.opportunities++
	if !s.burning {
		s.costs.contacts = append(s.costs.contacts, j)
	}
}

func (s *simulation) countWin(j *journey, a *account) {
	s.week.won++
	if a.smb {
		s.week.wonSMB++
	}
	s.costs.wins = append(s.costs.wins, a)
}

// dimension is one way to slice: a name for every channel, cell, product and
// team ("" where the dimension does not tell), and whether firms decide where
// nothing else does.
type dimension struct {
	name string
	// of gives the names of an event; -1 stands for no channel, product, team.
	of func(channel int, c *cell, product, team int) string
	// byCell tells that the name follows from the cell alone.
	byCell bool
}

func (s *simulation) dimensions() []dimension {
	p := s.plan
	named := func(i int, name func(int) string) string {
		if i < 0 {
			return model.Unassigned
		}
		return name(i)
	}
	channel := func(i int) string { return named(i, func(i int) string { return p.Channels[i].Name }) }
	return []dimension{
		{"company", func(int, *cell, int, int) string { return "company" }, true},
		{"channel", func(i int, _ *cell, _, _ int) string { return channel(i) }, false},
		{"size", func(_ int, c *cell, _, _ int) string { return p.Population.Sizes[c.size].Name }, true},
		{"industry", func(_ int, c *cell, _, _ int) string { return p.Population.Industries[c.industry].Name }, true},
		{"region", func(_ int, c *cell, _, _ int) string { return p.Population.Regions[c.region].Name }, true},
		{"product", func(_ int, _ *cell, q, _ int) string {
			return named(q, func(i int) string { return p.Products[i].Name })
		}, false},
		{"team", func(_ int, _ *cell, _, t int) string {
			return named(t, func(i int) string { return p.Teams[i].Name })
		}, false},
		{"channel-size", func(i int, c *cell, _, _ int) string {
			return channel(i) + " x " + p.Population.Sizes[c.size].Name
		}, false},
	}
}

// part is a share of a cost: the event that bears it and its weight.
type part struct {
	channel       int
	cell          *cell
	product, team int
	weight        float64
}

func partOf(j *journey) part {
	q, t := -1, -1
	if j.team != nil {
		q, t = j.product, j.team.index
	}
	return part{j.channel, j.cell, q, t, 1}
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

func (s *simulation) slice(d dimension, out map[string]float64) {
	add := func(p part, column string, amount float64) {
		out[d.name+"/"+d.of(p.channel, p.cell, p.product, p.team)+"/"+column] += amount
	}
	share := func(column string, amount float64, parts []part) {
		sum := 0.0
		for _, p := range parts {
			sum += p.weight
		}
		for _, p := range parts {
			if sum > 0 {
				add(p, column, amount*p.weight/sum)
			}
		}
	}
	some := func(parts []part) bool {
		for _, p := range parts {
			if p.weight > 0 {
				return true
			}
		}
		return false
	}

	for i, amount := range s.costs.media {
		touches, signups := s.touchParts(i), []part{}
		for _, j := range s.costs.signups {
			if j.channel == i {
				signups = append(signups, partOf(j))
			}
		}
		switch {
		case d.name == "channel" || d.name == "company" || !amountMatters(amount):
			add(part{channel: i, cell: s.cells[0], product: -1, team: -1}, "media", amount)
		case d.byCell || d.name == "channel-size":
			if !some(touches) {
				touches = s.firmParts(i, -1)
			}
			share("media", amount, touches)
		case some(signups):
			share("media", amount, signups)
		default:
			add(part{channel: -1, cell: s.cells[0], product: -1, team: -1}, "media", amount)
		}
	}
	for r, amount := range s.costs.brand {
		var signups []part
		for _, j := range s.costs.signups {
			if j.cell.region == r {
				signups = append(signups, partOf(j))
			}
		}
		if d.name == "region" || len(signups) == 0 {
			signups = s.firmParts(-1, r)
		}
		share("brand", amount, signups)
	}
	for t, amount := range s.costs.pay {
		var contacts []part
		for _, j := range s.costs.contacts {
			if j.team.index == t {
				contacts = append(contacts, partOf(j))
			}
		}
		if d.name == "team" {
			add(part{channel: -1, cell: s.cells[0], product: -1, team: t}, "sales", amount)
			continue
		}
		if len(contacts) == 0 {
			contacts = s.firmParts(-1, -1)
		}
		share("sales", amount, contacts)
	}
	for _, c := range s.costs.direct {
		add(partOf(c.journey), c.column, c.amount)
	}

	for i := range s.costs.touches {
		for _, p := range s.touchParts(i) {
			add(p, "touches", p.weight)
		}
	}
	for _, j := range s.costs.leads {
		add(partOf(j), "leads", 1)
	}
	for _, j := range s.costs.signups {
		add(partOf(j), "signups", 1)
	}
	for _, j := range s.costs.contacts {
		add(partOf(j), "opportunities", 1)
	}
	for _, a := range s.costs.wins {
		p := partOf(a.journey)
		add(p, "won", 1)
		add(p, "ltv_total", a.ltv)
		if a.retained {
			add(p, "retained", 1)
		}
		add(p, "customer_months", 12*a.inRun)
		switch {
		case a.leftInRun && a.died:
			add(p, "customer_deaths", 1)
		case a.leftInRun:
			add(p, "churned", 1)
		}
	}
}

func amountMatters(x float64) bool { return x != 0 }

// touchParts are the touches of a channel by cell.
func (s *simulation) touchParts(channel int) []part {
	var parts []part
	for _, c := range s.cells {
		if n := s.costs.touches[channel][c]; n > 0 {
			parts = append(parts, part{channel, c, -1, -1, n})
		}
	}
	return parts
}

// firmParts are the firms of the first day by cell, of one region or all.
func (s *simulation) firmParts(channel, region int) []part {
	var parts []part
	for _, c := range s.cells {
		if region < 0 || c.region == region {
			parts = append(parts, part{channel, c, -1, -1, float64(c.opening)})
		}
	}
	return parts
}
