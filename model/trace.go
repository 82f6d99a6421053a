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
	Path              []uint8 // channels of the touches, oldest first
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

func (t *Trace) lead(s *State, js *journeyState, pt *point) {
	t.Leads = append(t.Leads, TracedLead{Trigger: s.weeks(js.born), Raised: s.weeks(pt.tick()), Kind: int(js.kind), Cell: int(js.cell),
		Touches: int(js.touches), Channels: distinct(js.touched), Path: s.path(js, pt.tick())})
}

// path lists the channels of a journey's touches up to a tick, oldest first. It
// is not kept while the journey runs: its points are drawn again from their
// addresses and held against the rates of their steps.
func (s *State) path(js *journeyState, until uint32) []uint8 {
	w := s.w
	row := int(uint64(js.born) * uint64(w.tl.perWeek) >> tickBits)
	num := w.at(row - w.burnIn)
	var b births
	b.reset(1)
	b.key[0], b.span[0] = uint64(js.key), uint64(js.end-js.born)
	b.group[0] = uint8(int(js.kind)*2 + visibleTo(js.key, num.visible[js.kind]))
	b.points(&s.journey, num.reach[int(js.cell)*len(w.base):])
	b.byJourney()
	region := w.cells[js.cell].Region
	var path []uint8
	for _, pt := range b.of(0) {
		tick := pt.tick() + js.born
		at := int(uint64(tick) * uint64(w.tl.perWeek) >> tickBits)
		if tick <= until && s.journey.made(w, &pt, js.key, region, at, w.at(at - w.burnIn).plan.Channels[pt.channel()].NeedsAwareness) {
			path = append(path, uint8(pt.channel()))
		}
	}
	return path
}

func (t *Trace) contact(d *deal, at float64) {
	t.Contacts = append(t.Contacts, TracedContact{Team: int(d.team), Wait: at - d.raised})
}

func (t *Trace) customer(s *State, c *customer) {
	t.Customers = append(t.Customers, TracedCustomer{Won: c.since, Left: c.until, Died: c.died, Size: s.w.cells[c.cell].Size, Channel: int(c.channel)})
}
