package model

// Trace collects individual histories of the run, for tests against the
// reference simulator and for telling the story of a replication.
type Trace struct {
	Leads     []TracedLead
	Contacts  []TracedContact
	Customers []TracedCustomer
}

// TracedLead is one raised hand. Times are weeks since the first day.
type TracedLead struct {
	Trigger, Raised   float64
	Kind, Cell        int
	Touches, Channels int     // touches so far and distinct channels among them
	Path              []uint8 // channels of the last dozen touches, oldest first
}

// TracedContact is one first contact: the wait since the raised hand, in weeks.
type TracedContact struct {
	Team int
	Wait float64
}

// TracedCustomer is one customer won in the run: when it was won and leaves, in
// weeks since the first day (Left may lie beyond the run, or be +Inf).
type TracedCustomer struct {
	Won, Left float64
	Died      bool
	Size      int
	Channel   int
}

func (t *Trace) reset() {
	t.Leads, t.Contacts, t.Customers = t.Leads[:0], t.Contacts[:0], t.Customers[:0]
}

func (t *Trace) lead(s *State, js *journeyState, pt *point, path *Path) {
	n := min(int(js.touches), len(path.Channel))
	channels := make([]uint8, n)
	for i := range channels {
		channels[i] = path.Channel[(int(js.touches)-n+i)%len(path.Channel)]
	}
	t.Leads = append(t.Leads, TracedLead{Trigger: s.weeks(js.born), Raised: s.weeks(pt.tick), Kind: int(js.kind), Cell: int(js.cell),
		Touches: int(js.touches), Channels: distinct(js.touched), Path: channels})
}

func (t *Trace) contact(d *deal, at float64) {
	t.Contacts = append(t.Contacts, TracedContact{Team: int(d.team), Wait: at - d.raised})
}

func (t *Trace) customer(s *State, c *customer) {
	t.Customers = append(t.Customers, TracedCustomer{Won: c.since, Left: c.until, Died: c.died, Size: s.w.cells[c.cell].Size, Channel: int(c.channel)})
}
