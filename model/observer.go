package model

import (
	"math"
)

// Observer is told what happens to single firms in the run of a replication, in the order in which it happens. It
// changes no number: see docs/model.md, section 3.13.
type Observer interface {
	// Asks says what it is told. What nobody asks for is not made.
	Asks() Events
	// Begin forgets what was told before. It comes before the first event of a replication, and again where that
	// begins anew: one that ends in ruin is run twice.
	Begin()
	Lead(*Lead)
	Contact(*Contact)
	Win(*Win) // customers of the first day, too, where they are asked for
	Touch(*TouchMade)
	Week(*Week)
}

// Events are kinds of events of which an observer is told.
type Events uint8

// The kinds. Paths of touches are drawn again from their addresses, which costs as much as following the journey.
const (
	Leads Events = 1 << iota
	Contacts
	Wins
	PathsOfLeads
	PathsOfWins
	Openings // customers of the first day, as wins before it
	Touches  // each touch of the run, when it is known, which may be weeks ahead; of one firm in order of time
	Weeks    // each week of the run
)

// Firm is what leads and wins say of a firm in the market. Times are weeks since the first day.
type Firm struct {
	// ID is the address of the journey: that of the seed, the replication, the cell, the trigger kind, the step and
	// the number of the trigger in it. A firm has no other identity, and has the same one under every plan.
	ID      uint64
	Trigger float64
	Raised  float64 // its lead: when a touch convinced it
	Kind    int     // of trigger
	Cell    int
	Channel int     // that the lead is credited to
	Path    []Touch // up to the lead, oldest first; nil unless asked for
}

// Touch is a touch that reached a firm, by the channel through which it came.
type Touch struct {
	Channel uint8
	At      float64
}

// Lead is one firm that raises its hand.
type Lead struct {
	Firm
	Real              bool
	Signup            bool // it fits and can pay
	Touches, Channels int  // touches so far, distinct channels among them (of a search: that which captures it)
}

// Contact is one first contact: the wait since the lead, in weeks.
type Contact struct {
	Team int
	Wait float64
}

// Win is one customer won in the run: when it is won and leaves (Left may lie beyond the run, or be +Inf), what it
// buys at which net price per seat and month, of how many seats (1 where the price is per firm) times the factor of
// its channel, and what it is worth. Its first monthly bill is price x seats, less what who prepays is given. Of a
// customer of the first day the trigger, the lead, the team and the worth are not known, and the channel is the number
// of channels.
type Win struct {
	Firm
	Won, Left              float64
	Died, Prepaid, Opening bool
	Size                   int
	Product, Team          int
	Price, Seats, LTV      float64
}

// asked says whether an observer is told of a kind of events now: all are of the run.
func (s *State) asked(e Events) bool { return s.asks&e != 0 && s.inRun() }

// observeLead tells of a lead.
func (s *State) observeLead(l *lead, signup bool) {
	if s.asks == 0 {
		return
	}
	if s.asked(Weeks) {
		s.countByRegion(s.watch.told.Leads, l.channel, l.cell)
		if !l.unreal() {
			s.countByRegion(s.watch.told.RealLeads, l.channel, l.cell)
		}
	}
	if !s.asked(Leads) {
		return
	}
	e := Lead{Firm: s.firm(&l.journey, l.at, l.channel, PathsOfLeads), Real: !l.unreal(), Signup: signup,
		Touches: int(l.touches), Channels: int(l.channels &^ notReal)}
	s.Observer.Lead(&e)
}

// observeContact tells of a first contact.
func (s *State) observeContact(d *deal, at float64) {
	if s.asked(Contacts) {
		s.Observer.Contact(&Contact{Team: int(d.team), Wait: at - d.raised})
	}
}

// observeWin tells of a customer won by a deal.
func (s *State) observeWin(d *deal, c *customer, ltv float64) {
	if s.asked(Weeks) {
		k := &s.watch.told
		k.Bills[s.countByRegion(k.Won, d.channel, d.cell)] += float64(c.seats * d.price)
	}
	if !s.asked(Wins) {
		return
	}
	firm := Firm{ID: uint64(d.key), Trigger: d.raised, Raised: d.raised, Kind: int(d.kind), Cell: int(d.cell),
		Channel: int(d.channel)} // of a file's, of whose touches the credited one is known
	if s.asked(PathsOfWins) {
		firm.Path = []Touch{{d.channel, d.raised}}
	}
	if d.is&isListed == 0 {
		at := uint32(math.Round((d.raised + float64(float64(s.w.burnIn)*s.w.h)) * ticksPerWeek))
		js := journey{key: d.key, born: d.born, end: at + 1, cell: d.cell, kind: d.kind}
		firm = s.firm(&js, at, d.channel, PathsOfWins)
	}
	e := Win{Firm: firm, Won: c.since, Left: c.until, Died: c.died, Prepaid: c.prepaid,
		Size: s.w.cells[c.cell].Size, Product: int(d.product), Team: int(d.team), Price: d.price, Seats: c.seats, LTV: ltv}
	s.Observer.Win(&e)
}

// observeOpening tells of a customer of the first day, with the list price that it pays (1 where its price is its own).
func (s *State) observeOpening(c *customer, list float64) {
	s.Observer.Win(&Win{Firm: Firm{ID: uint64(c.key), Trigger: math.NaN(), Raised: math.NaN(), Cell: int(c.cell),
		Channel: int(c.channel)}, Won: c.since, Left: c.until, Died: c.died, Prepaid: c.prepaid, Opening: true,
		Size: s.w.cells[c.cell].Size, Product: int(c.product), Team: -1, Price: c.factor * list,
		Seats: c.seats, LTV: math.NaN()})
}

// firm is what is told of a journey that raised its hand at a tick, with its path where that is asked for.
func (s *State) firm(js *journey, raised uint32, channel uint8, path Events) Firm {
	f := Firm{ID: uint64(js.key), Trigger: s.weeks(js.born), Raised: s.weeks(raised), Kind: int(js.kind),
		Cell: int(js.cell), Channel: int(channel)}
	if s.asked(path) {
		f.Path = s.path(js, raised)
	}
	return f
}

// path lists a journey's touches up to a tick, oldest first. It is not kept
// while the journey runs: its points are drawn again from their addresses and
// held against the rates of their steps.
func (s *State) path(js *journey, until uint32) []Touch {
	w := s.w
	region := int(w.regionOf[js.cell])
	var path []Touch
	for _, pt := range s.draw(js, nil) {
		row, c := s.rowOf(pt.tick), int(pt.channel)
		if pt.tick <= until && pt.level < s.journey.keep[w.rateAt(row, region, c)] &&
			(w.rows[row].needsAware>>c&1 == 0 || s.knows(js.key, row, region)) && !w.holdsOut(js.key, row, c) {
			if through, arrives := s.arrives(c, row, region, pt.level, pt.stream); arrives {
				path = append(path, Touch{uint8(through), s.weeks(pt.tick)})
			}
		}
	}
	return path
}

// Trace is the observer that keeps what it is told, for tests, for telling the story of a replication and for
// matching those of paired plans.
type Trace struct {
	// Only is what it asks for; 0: all but the paths of wins.
	Only      Events
	Leads     []Lead
	Contacts  []Contact
	Customers []Win
	Made      []TouchMade
	Counts    []Count
}

// Count is what happened in a region in a week of the run.
type Count struct {
	Week, Region        int // from 0
	Leads, Signups, Won int
}

// Asks implements Observer.
func (t *Trace) Asks() Events {
	if t.Only == 0 {
		return Leads | Contacts | Wins | PathsOfLeads
	}
	return t.Only
}

// Begin implements Observer.
func (t *Trace) Begin() {
	t.Leads, t.Contacts, t.Customers, t.Made = t.Leads[:0], t.Contacts[:0], t.Customers[:0], t.Made[:0]
	t.Counts = t.Counts[:0]
}

// Lead implements Observer.
func (t *Trace) Lead(l *Lead) { t.Leads = append(t.Leads, *l) }

// Contact implements Observer.
func (t *Trace) Contact(c *Contact) { t.Contacts = append(t.Contacts, *c) }

// Win implements Observer.
func (t *Trace) Win(w *Win) { t.Customers = append(t.Customers, *w) }

// Touch implements Observer.
func (t *Trace) Touch(m *TouchMade) { t.Made = append(t.Made, *m) }

// Week implements Observer: of weeks it keeps what the record lacks, the counts by region.
func (t *Trace) Week(k *Week) {
	regions := len(k.Customers)
	for r := range regions {
		n := Count{Week: k.Week, Region: r}
		for at := r; at < len(k.Leads); at += regions {
			n.Leads, n.Signups, n.Won = n.Leads+int(k.Leads[at]), n.Signups+int(k.Signups[at]), n.Won+int(k.Won[at])
		}
		t.Counts = append(t.Counts, n)
	}
}

// shared keeps what happens in the part of a replication that plans share, for the observers of all of them.
type shared struct {
	Trace
	weeks []Week
	order []Events // the kind of each event
}

func (x *shared) Begin() {
	x.Trace.Begin()
	x.weeks, x.order = x.weeks[:0], x.order[:0]
}

func (x *shared) Touch(m *TouchMade) {
	x.Trace.Touch(m)
	x.order = append(x.order, Touches)
}

func (x *shared) Week(k *Week) {
	next(&x.weeks).copyOf(k)
	x.order = append(x.order, Weeks)
}

func (x *shared) Lead(l *Lead) {
	x.Trace.Lead(l)
	x.order = append(x.order, Leads)
}

func (x *shared) Contact(c *Contact) {
	x.Trace.Contact(c)
	x.order = append(x.order, Contacts)
}

func (x *shared) Win(w *Win) {
	x.Trace.Win(w)
	x.order = append(x.order, Wins)
}

// tell tells an observer what was kept and it asks for, in its order.
func (x *shared) tell(o Observer) {
	asks := o.Asks()
	var l, c, w, m, k int
	for _, kind := range x.order {
		switch kind {
		case Leads:
			if e := x.Leads[l]; asks&Leads != 0 {
				if asks&PathsOfLeads == 0 {
					e.Path = nil
				}
				o.Lead(&e)
			}
			l++
		case Contacts:
			if asks&Contacts != 0 {
				o.Contact(&x.Contacts[c])
			}
			c++
		case Wins:
			e := x.Customers[w]
			if e.Opening && asks&Openings != 0 || !e.Opening && asks&Wins != 0 {
				if asks&PathsOfWins == 0 {
					e.Path = nil
				}
				o.Win(&e)
			}
			w++
		case Touches:
			if asks&Touches != 0 {
				o.Touch(&x.Made[m])
			}
			m++
		case Weeks:
			if asks&Weeks != 0 {
				o.Week(&x.weeks[k])
			}
			k++
		}
	}
}
