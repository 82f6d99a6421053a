package company

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"windfall/model/plan"
)

// mostChannels is how many channels and media a company may have: a plan has at most 64, and who comes without an
// advertisement is one more.
const mostChannels = 60

// The shortest history that says anything, and the one of which nothing is said.
const (
	LeastMonths, LeastWeeks   = 3, 13
	enoughMonths, enoughWeeks = 12, 52
)

// check holds what was read against itself.
func (r *reader) check() {
	c := r.company
	r.joinChannels()
	if n := len(c.Channels) + len(c.Media); n > mostChannels {
		r.say(fmt.Sprintf("has %d channels; at most %d are allowed", n, mostChannels),
			`join small ones under [names] in company.toml, as in "Campaign 12" = "paid-search"`)
	}
	r.checkMarket()
	r.checkNames()
	if len(c.History.Periods) == 0 {
		return
	}
	r.checkLength()
	for i := range c.Teams { // the last of them may be of a year to come
		if t := &c.Teams[i]; len(t.Heads) > 0 {
			t.People.Value = t.HeadsOn(c.History.To() - 1)
		}
	}
	for i := range c.Products {
		if p := &c.Products[i]; len(p.Prices) > 0 {
			p.Price.Value = p.PriceOn(c.History.To() - 1)
		}
	}
	r.checkPrices()
	r.checkToday()
	for i := range c.History.Channels {
		r.checkChannel(&c.History.Channels[i])
	}
	r.checkCustomers()
	r.checkPipeline()
	r.checkEvidence()
}

// checkPrices says which prices by date no plan uses, and where it is assumed how many seats a customer pays for.
func (r *reader) checkPrices() {
	h := &r.company.History
	for i := range r.company.Products {
		p := &r.company.Products[i]
		tell := func(message, cure string) {
			r.add(Problem{File: p.Price.At.File, Row: p.Price.At.Line, Column: 1,
				Heading: plan.JoinKey("products", p.Name, "price"), Message: message, Cure: cure, Note: true})
		}
		if !p.PerFirm && p.Seats.Source == "assumption" {
			tell("is per seat, and a seat for each employee is assumed",
				"write how many of them have one: seats_per_employee = 0.5")
		}
		before := slices.ContainsFunc(p.Prices, func(x Dated) bool {
			return x.From < h.From() && x.Value != p.PriceOn(h.From())
		})
		if before && !p.PriceForAll {
			tell("has prices from before the history, which no plan knows: who was won then counts as won at "+
				digits(p.PriceOn(h.From())), "say under monthly_bill in customers.csv what they pay")
		}
		if slices.ContainsFunc(p.Prices, func(x Dated) bool { return x.From >= h.To()+planWeeks*plan.DaysPerWeek }) {
			tell("has prices from after the year that a plan covers, which it leaves out", "leave them for later")
		}
	}
}

// checkToday holds what company.toml says of today against the end of the history.
func (r *reader) checkToday() {
	c, last := r.company, len(r.company.History.Periods)-1
	for _, x := range []struct {
		key  string
		said Number
		ends float64
	}{{"customers.now", c.CustomersNow, at(c.History.Customers, last)}, {"money.cash", c.Cash, at(c.History.Cash, last)}} {
		if d := math.Abs(x.said.Value - x.ends); d > 2+float64(0.05*math.Abs(x.ends)) {
			r.add(Problem{File: x.said.At.File, Row: x.said.At.Line, Column: 1, Heading: x.key, Value: digits(x.said.Value),
				Message: "is not what the history ends with, " + digits(x.ends),
				Cure:    "correct one of them: a plan opens with what company.toml says", Note: true})
		}
	}
}

// history0 is a problem of the history as a whole.
func (r *reader) history0(p Problem) {
	p.File = filepath.Join(r.dir, historyFile)
	if o := r.options["history"]; o != nil {
		p.File = filepath.Join(r.dir, o.file)
	} else if names := r.historyNames(); len(names) > 0 {
		p.File = filepath.Join(r.dir, names[0])
	}
	r.add(p)
}

// say is a problem of the history as a whole.
func (r *reader) say(message, cure string) { r.history0(Problem{Message: message, Cure: cure}) }

// note is something worth knowing about a channel or column of the history.
func (r *reader) note(heading, message, cure string) {
	r.history0(Problem{Heading: heading, Message: message, Cure: cure, Note: true})
}

// sayOf is a problem of a cell of the history: it stands where the cell's number was read first. The message begins
// with whose it is.
func (r *reader) sayOf(k cell, message, cure string) {
	o, known := r.origins[k]
	if !known {
		r.history0(Problem{Heading: string(k.what), Message: message, Cure: cure})
		return
	}
	r.add(o.source.problem(o.fact.row, o.fact.column, o.fact.heading, message, cure))
}

// firstOf is the cell of a channel or team that was read first.
func (r *reader) firstOf(channel, team string) (first cell) {
	line := math.MaxInt
	for k, o := range r.origins {
		at := o.fact.row.line*1000 + o.fact.column
		if k.channel == channel && k.team == team && at < line {
			first, line = k, at
		}
	}
	return first
}

// sayAt is a problem at a place of company.toml or of a table, about the column from 1.
func (r *reader) sayAt(at Place, column int, heading, value, message, cure string) {
	r.add(Problem{File: at.File, Row: at.Line, Column: max(1, column), Heading: heading, Value: value, Message: message,
		Cure: cure})
}

// historyNames are the files that add to the history.
func (r *reader) historyNames() (names []string) {
	for _, o := range r.options {
		if o.kind() == "history" {
			names = append(names, o.file)
		}
	}
	slices.Sort(names)
	return names
}

// joinChannels puts the channels of the history first, and tells brand media apart.
func (r *reader) joinChannels() {
	c := r.company
	said := c.Channels
	c.Channels = nil
	isMedium := func(name string) bool {
		return slices.ContainsFunc(c.Media, func(m Medium) bool { return m.Name == name })
	}
	for i := range c.History.Channels {
		h := &c.History.Channels[i]
		ch := Channel{Name: h.Name, Kind: guessKind(h.Name)}
		if j := slices.IndexFunc(said, func(x Channel) bool { return x.Name == h.Name }); j >= 0 {
			ch = said[j]
			said = slices.Delete(slices.Clone(said), j, j+1)
		}
		if k, _ := KindOf(ch.Kind); k.Medium || isMedium(h.Name) {
			h.Medium = true
			if !isMedium(h.Name) {
				c.Media = append(c.Media, Medium{h.Name, Number{Value: math.NaN()}, ch.At})
			}
			continue
		}
		c.Channels = append(c.Channels, ch)
		if ch.Kind == OtherKind && !ch.Named {
			r.note(ch.Name, "is of no kind that its name tells: what is assumed of it is wide", "write what it is in "+
				"company.toml: [channels."+ch.Name+"] with kind = one of the kinds in docs/company.md")
		}
	}
	for _, ch := range said {
		if isMedium(ch.Name) {
			r.sayAt(ch.At, 1, "channels."+ch.Name, "", "is one of [media] too", "leave one of the two out")
			continue
		}
		if k, _ := KindOf(ch.Kind); k.Medium {
			c.Media = append(c.Media, Medium{ch.Name, Number{Value: math.NaN()}, ch.At})
			continue
		}
		c.Channels = append(c.Channels, ch)
	}
}

// checkMarket holds customers against firms.
func (r *reader) checkMarket() {
	c := r.company
	if c.Market.Plan == nil {
		return
	}
	if c.Market.Firms < 100 {
		r.sayAt(c.Market.At, 1, "market", "", fmt.Sprintf("has %.0f firms in the part that is named", c.Market.Firms),
			"name a larger part, of at least 100 firms")
	}
	if now := c.CustomersNow; now.Known() && now.Value > c.Market.Firms {
		r.sayAt(now.At, 1, "customers.now", plan.FormatNumber(now.Value),
			fmt.Sprintf("is more customers than the market has firms, %.0f", c.Market.Firms),
			"name a larger part of the market, or count firms and not users")
	}
	sum := 0.
	for _, g := range c.Groups {
		sum += g.Count
	}
	if sum > c.Market.Firms {
		r.add(Problem{File: c.Groups[0].At.File,
			Message: fmt.Sprintf("has %.0f customers, more than the market has firms, %.0f", sum, c.Market.Firms),
			Cure:    "name a larger part of the market, or count firms and not users"})
	}
	if now := c.CustomersNow; sum > 0 && now.Known() && math.Abs(sum-now.Value) > float64(0.02*now.Value)+1 {
		r.add(Problem{File: c.Groups[0].At.File, Note: true,
			Message: fmt.Sprintf("has %.0f customers, company.toml %.0f", sum, now.Value),
			Cure:    "the file says how they differ, company.toml how many there are"})
	}
}

// checkNames holds names in one file against those in another.
func (r *reader) checkNames() {
	c := r.company
	var channels []string
	for _, ch := range c.Channels {
		channels = append(channels, ch.Name)
	}
	unknown := func(at Place, heading, name string) {
		r.sayAt(at, r.channelColumns[at.File], heading, name, "is no channel of the history or of company.toml",
			nearest(name, channels))
	}
	for _, t := range c.Teams {
		for _, n := range t.Channels {
			if !slices.Contains(channels, n) {
				unknown(t.At, "teams."+t.Name+".channels", n)
			}
		}
	}
	for _, g := range c.Groups {
		if g.Channel != "" && !slices.Contains(channels, g.Channel) {
			unknown(g.At, "channel", g.Channel)
		}
	}
	for _, o := range c.Pipeline {
		if o.Source != "" && !slices.Contains(channels, o.Source) {
			unknown(o.At, "channel", o.Source)
		}
	}
	for _, x := range c.Curves {
		if !slices.Contains(channels, x.Channel) {
			unknown(x.At, "channel", x.Channel)
		}
	}
	for _, t := range c.History.Teams {
		if !slices.Contains(c.teamNames(), t.Team) {
			r.sayOf(r.firstOf("", t.Team), "team "+t.Team+" is not in company.toml",
				"write [teams."+t.Team+"] there"+orMeant(nearest(t.Team, c.teamNames())))
		}
	}
}

// orMeant adds a name that may have been meant to a cure.
func orMeant(near string) string {
	if near == "" {
		return ""
	}
	return "; " + near
}

// checkLength says that a history is too short, or short.
func (r *reader) checkLength() {
	h := &r.company.History
	unit, least, enough := "month", LeastMonths, enoughMonths
	if !h.Monthly {
		unit, least, enough = "week", LeastWeeks, enoughWeeks
	}
	switch n := len(h.Periods); {
	case n < least:
		r.say("has "+counted(n, unit)+", of which nothing can be learned",
			fmt.Sprintf("write at least %d %ss; 24 months are good", least, unit))
	case n < enough:
		r.note("", "has "+counted(n, unit)+": a year's season is not seen", "24 months are good")
	}
}

// checkChannel finds what cannot be of one channel.
func (r *reader) checkChannel(h *ChannelHistory) {
	spend, _ := Sum(h.Spend)
	leads, nl := Sum(h.Leads)
	signups, ns := Sum(h.Signups)
	won, nw := Sum(h.Won)
	_, spent := Sum(h.Spend)
	say := func(message, cure string) { r.sayOf(r.firstOf(h.Name, ""), h.Name+" "+message, cure) }
	switch {
	case spend+leads+signups+won == 0 && spent+nl+ns+nw > 0:
		say("has zeros alone", "leave the channel out: nothing can be learned of it")
	case h.Medium && nl+ns+nw > 0:
		say("is a brand medium and has leads, sign-ups or customers won",
			"write in company.toml what it is: [channels."+h.Name+"] with a kind, or take those columns out: brand media "+
				"lift the other channels")
	case !h.Medium && spend > 0 && leads+signups+won == 0 && !r.company.History.SeenInAll():
		say("has spend and neither leads, sign-ups nor customers won",
			"fill one of these columns; if it only makes the name known, write [media."+h.Name+"] in company.toml")
	}
	for i := range r.company.History.Periods {
		if h.Leads != nil && h.Signups != nil && h.Signups[i] > h.Leads[i] {
			r.sayOf(cell{h.Name, "", Signups, i}, fmt.Sprintf("%s has more sign-ups than leads in %s (%s and %s)", h.Name,
				r.company.History.name(i),
				plan.FormatNumber(h.Signups[i]), plan.FormatNumber(h.Leads[i])),
				"a sign-up is a lead that was qualified: count it in the period of its lead, or leave leads empty")
			return
		}
	}
	if nw > 0 && ns > 0 && won > signups {
		r.note(h.Name, fmt.Sprintf("has more customers won than sign-ups, %.0f and %.0f", won, signups),
			"check what is counted")
	}
}

// name is what a period is called.
func (h *History) name(i int) string {
	if h.Monthly {
		return h.Periods[i].From.String()[:len("2026-01")]
	}
	return "the week of " + h.Periods[i].From.String()
}

// checkCustomers holds the columns of the whole company against each other.
func (r *reader) checkCustomers() {
	h, firms := &r.company.History, r.company.Market.Firms
	for i := range h.Periods {
		switch {
		case h.Customers == nil:
		case firms > 0 && h.Customers[i] > firms:
			r.sayOf(cell{what: Customers, period: i}, fmt.Sprintf("more customers in %s than the market has firms, %.0f",
				h.name(i), firms), "name a larger part of the market, or count firms and not users")
			return
		case h.Churned != nil && i > 0 && h.Churned[i] > h.Customers[i-1]+zeroIfNaN(at(h.Won, i)):
			r.sayOf(cell{what: Churned, period: i}, fmt.Sprintf("more customers left in %s than there were, %s", h.name(i),
				digits(h.Customers[i-1])), "check both columns")
			return
		}
	}
	if h.Customers == nil || h.Churned == nil || h.Won == nil {
		return
	}
	for i := 1; i < len(h.Periods); i++ {
		should := h.Customers[i-1] + h.Won[i] - h.Churned[i]
		if d := math.Abs(should - h.Customers[i]); d > 2+float64(0.02*h.Customers[i]) {
			r.note("customers", fmt.Sprintf("%s in %s; those before, with those won and without those that left, are %s",
				digits(h.Customers[i]), h.name(i), digits(should)), "check the three columns: a fit believes won and churned")
			return
		}
	}
}

func at(column []float64, i int) float64 {
	if column == nil {
		return math.NaN()
	}
	return column[i]
}

func zeroIfNaN(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// checkEvidence holds experiments against the history.
func (r *reader) checkEvidence() {
	c := r.company
	for _, e := range c.Evidence {
		say := func(key, value, message, cure string) {
			r.sayAt(e.At, 1, "evidence."+e.Name+"."+key, value, message, cure)
		}
		for _, n := range e.Channels {
			h := c.History.Channel(n)
			var names []string
			for _, x := range c.History.Channels {
				names = append(names, x.Name)
			}
			if h == nil {
				say("changed", n, "is no channel or medium of the history", nearest(n, names))
			} else if spend, _ := Sum(h.Spend); spend == 0 {
				say("changed", n, "has no spend in the history", "write what was spent on it")
			}
		}
		if e.From < c.History.From() || e.Until > c.History.To() {
			say("from", e.From.String(),
				"is an experiment outside the history, "+c.History.From().String()+" to "+c.History.To().String(),
				"write the periods of the experiment into the history")
		}
	}
}
