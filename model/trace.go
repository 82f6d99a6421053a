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
	Real              bool
	Touches, Channels int     // touches so far, distinct channels among them (of a search: that which captures it)
	Path              []uint8 // channels through which the touches came, oldest first
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

func (t *Trace) lead(s *State, l *lead) {
	t.Leads = append(t.Leads, TracedLead{Trigger: s.weeks(l.born), Raised: s.weeks(l.at), Kind: int(l.kind),
		Cell: int(l.cell), Real: !l.unreal(),
		Touches: int(l.touches), Channels: int(l.channels &^ notReal), Path: s.path(l)})
}

// path lists the channels of a lead's touches, oldest first. It is not kept
// while the journey runs: its points are drawn again from their addresses and
// held against the rates of their steps.
func (s *State) path(l *lead) []uint8 {
	w := s.w
	region := int(w.regionOf[l.cell])
	var path []uint8
	for _, pt := range s.draw(&l.journey, nil) {
		row, c := s.rowOf(pt.tick), int(pt.channel)
		if pt.tick <= l.at && pt.level < s.journey.keep[w.rateAt(row, region, c)] &&
			(w.rows[row].needsAware>>c&1 == 0 || s.knows(l.key, row, region)) {
			if through, arrives := s.arrives(c, row, pt.level, pt.stream); arrives {
				path = append(path, uint8(through))
			}
		}
	}
	return path
}

func (t *Trace) contact(d *deal, at float64) {
	t.Contacts = append(t.Contacts, TracedContact{Team: int(d.team), Wait: at - d.raised})
}

func (t *Trace) customer(s *State, c *customer) {
	t.Customers = append(t.Customers, TracedCustomer{Won: c.since, Left: c.until, Died: c.died,
		Size: s.w.cells[c.cell].Size, Channel: int(c.channel)})
}
