package model

import "windfall/model/plan"

// Week is the market and the vendor at the end of a week of the run, for an observer (docs/model.md, section 3.13).
// Counts and money are those of the week. Lists are the engine's own and hold until the observer returns; in one by
// channel and region, region r of channel c is at c*regions + r.
type Week struct {
	Week      int        // from 0
	Plan      *plan.Plan // the numbers in its last step: to be read only, while the replication lasts
	Row       []float64  // the week in the weekly table
	Recession bool

	Touches, Leads, RealLeads, Signups, Won []uint32  // by channel and region
	Bills                                   []float64 // likewise: first monthly bills of the customers won
	Media                                   []float64 // by channel: USD spent
	MediaIn                                 []float64 // by channel and region: USD spent
	Brand                                   []float64 // by medium and region: USD spent
	Firms                                   []int     // by cell
	Customers                               []int     // by region, at the week's end

	// What moves firms in the market, in the last step of the week.
	Adstock          []float64 // by channel and region: at its end, USD a week
	Targeting        []float64 // by channel: factor on half_saturation
	Rate             []float64 // by channel and region: touches (or searches) a week on a reached firm
	Lift             []float64 // by channel and region: factor on the response
	Salience, Equity []float64 // by region: means over the step
	Season           float64   // triggers that are expected in expansion, over those of the mean week of a year
	Economy          float64   // triggers that are expected in the economy of the week, over those in expansion
	PerFirm          float64   // firms for which money is stated over those there are; 1 if none are stated
}

// TouchMade is a touch that reached a firm in the market. A late one came between its lead and the first contact.
type TouchMade struct {
	ID            uint64 // of the firm, as Firm has it
	Trigger, At   float64
	Kind          int // of trigger
	Cell, Channel int
	Late          bool
}

// watch counts what is told of weeks. It is there only where an observer asks for them.
type watch struct {
	touches []uint32 // week x channel x region: counted ahead of time
	told    Week

	flow   []float64 // by trigger kind: those that are expected in expansion, at some numbers
	flowOf *numbers
}

func newWatch(s *State) *watch {
	C, R := len(s.w.plan.Channels), len(s.w.byRegion)
	n := C * R
	return &watch{touches: make([]uint32, s.w.steps/s.w.tl.StepsPerWeek()*n),
		flow: make([]float64, len(s.w.plan.Triggers)), told: Week{Leads: make([]uint32, n),
			RealLeads: make([]uint32, n), Signups: make([]uint32, n), Won: make([]uint32, n), Bills: make([]float64, n),
			Media: make([]float64, C), MediaIn: make([]float64, n), Brand: make([]float64, len(s.w.plan.Media)*R),
			Customers: make([]int, R)}}
}

// clearWeek forgets the counts of a week.
func (x *watch) clearWeek() {
	k := &x.told
	for _, counts := range [...][]uint32{k.Leads, k.RealLeads, k.Signups, k.Won} {
		clear(counts)
	}
	clear(k.Bills)
	clear(k.Media)
	clear(k.MediaIn)
	clear(k.Brand)
}

// takeOver takes the counts of another state.
func (x *watch) takeOver(o *watch) {
	copy(x.touches, o.touches)
	k, l := &x.told, &o.told
	for _, counts := range [...]struct{ to, from []uint32 }{{k.Leads, l.Leads}, {k.RealLeads, l.RealLeads},
		{k.Signups, l.Signups}, {k.Won, l.Won}} {
		copy(counts.to, counts.from)
	}
	copy(k.Bills, l.Bills)
	copy(k.Media, l.Media)
	copy(k.MediaIn, l.MediaIn)
	copy(k.Media, l.Media)
	copy(k.Brand, l.Brand)
}

// copyOf makes a week one that holds longer than what it is told of.
func (k *Week) copyOf(o *Week) {
	k.Week, k.Plan, k.Recession = o.Week, o.Plan, o.Recession
	k.Season, k.Economy, k.PerFirm = o.Season, o.Economy, o.PerFirm
	for _, counts := range [...]struct {
		to   *[]uint32
		from []uint32
	}{{&k.Touches, o.Touches}, {&k.Leads, o.Leads}, {&k.RealLeads, o.RealLeads}, {&k.Signups, o.Signups},
		{&k.Won, o.Won}} {
		again(counts.to, counts.from)
	}
	again(&k.Firms, o.Firms)
	again(&k.Customers, o.Customers)
	for _, numbers := range [...]struct {
		to   *[]float64
		from []float64
	}{{&k.Row, o.Row}, {&k.Bills, o.Bills}, {&k.Media, o.Media}, {&k.MediaIn, o.MediaIn},
		{&k.Brand, o.Brand}, {&k.Adstock, o.Adstock},
		{&k.Targeting, o.Targeting}, {&k.Rate, o.Rate}, {&k.Lift, o.Lift}, {&k.Salience, o.Salience},
		{&k.Equity, o.Equity}} {
		again(numbers.to, numbers.from)
	}
}

// beginObserving tells an observer, if there is one, that a replication begins.
func (s *State) beginObserving() {
	s.asks = 0
	if s.Observer == nil {
		return
	}
	s.Observer.Begin()
	if s.asks = s.Observer.Asks(); s.asks&Weeks == 0 {
		return
	}
	if s.watch == nil {
		s.watch = newWatch(s)
	}
	if n := len(s.w.plan.Media) * len(s.w.byRegion); len(s.watch.told.Brand) != n {
		s.watch.told.Brand = make([]float64, n) // plans of one shape may have other media
	}
	s.watch.flowOf = nil
	clear(s.watch.touches)
	s.watch.clearWeek()
}

// observeTouches notes the touches of a round.
func (s *State) observeTouches(hits []hit) {
	b := &s.journey.batch
	for i := range hits {
		h := &hits[i]
		tick := b.process[h.journey].Tick
		s.observeTouch(&b.js[h.journey], tick, int(s.w.rows[s.rowOf(tick)].through(h)), false)
	}
}

// observeTouch notes a touch of the run.
func (s *State) observeTouch(js *journey, tick uint32, channel int, late bool) {
	w := s.w
	row := s.rowOf(tick)
	if row < w.burnIn || row >= w.burnIn+w.steps {
		return
	}
	if s.asks&Weeks != 0 {
		at := (row-w.burnIn)/w.tl.StepsPerWeek()*len(w.plan.Channels) + channel
		s.watch.touches[at*len(w.byRegion)+int(w.regionOf[js.cell])]++
	}
	if s.asks&Touches != 0 {
		s.touch = TouchMade{ID: uint64(js.key), Trigger: s.weeks(js.born), At: s.weeks(tick), Kind: int(js.kind),
			Cell: int(js.cell), Channel: channel, Late: late}
		s.Observer.Touch(&s.touch)
	}
}

// countByRegion counts one of what happens in the week.
func (s *State) countByRegion(counts []uint32, channel uint8, cell uint16) int {
	at := int(channel)*len(s.w.byRegion) + int(s.w.regionOf[cell])
	counts[at]++
	return at
}

// observeSpend notes what a step spends, channel by channel and medium by medium.
func (s *State) observeSpend() {
	if s.asks&Weeks == 0 {
		return
	}
	w, k := s.w, &s.watch.told
	for c, x := range s.drivers.spend {
		k.Media[c] += float64(x * w.h)
	}
	for at, part := range w.at(s.step).parts {
		k.MediaIn[at] += float64(part * s.drivers.inside[at] * w.h)
	}
	media := w.at(s.step).plan.Media
	for q := range media {
		if !media[q].Enabled {
			continue
		}
		for _, seg := range w.tl.MediaSegments(s.step, q, w.byRegion) {
			for r, x := range seg.Spend {
				k.Brand[q*len(w.byRegion)+r] += float64(x * (1 - s.money.cut.brand) * seg.Share * w.h)
			}
		}
	}
}

// observeWeek tells of a week that is closed.
func (s *State) observeWeek(week int, row []float64, recession bool) {
	if s.asks&Weeks == 0 {
		return
	}
	w, k, d := s.w, &s.watch.told, s.drivers
	n := len(w.plan.Channels) * len(w.byRegion)
	num := w.at(s.step)
	k.Week, k.Plan, k.Row, k.Recession = week, num.plan, row, recession
	k.Touches, k.Firms = s.watch.touches[week*n:(week+1)*n], s.pools.firms
	clear(k.Customers)
	for cell, customers := range s.pools.customers {
		k.Customers[w.regionOf[cell]] += customers
	}
	k.Adstock, k.Targeting, k.Rate, k.Lift = d.adstock, num.targeting, d.rate, d.lift
	k.Salience, k.Equity = d.brand.meanSal, d.brand.meanEq
	k.PerFirm = w.perFirm[s.row()]
	k.Season, k.Economy = s.watch.demand(w, s.step)
	s.Observer.Week(k)
	s.watch.clearWeek()
}

// demand is how many triggers a step expects for the season and for the economy, each over a mean of 1.
func (x *watch) demand(w *world, step int) (season, economy float64) {
	num := w.at(step)
	K := len(x.flow)
	if x.flowOf != num {
		clear(x.flow)
		for cell, firms := range w.firms {
			for k := range x.flow {
				x.flow[k] += float64(float64(firms) * num.felt[cell*K+k])
			}
		}
		x.flowOf = num
	}
	var days [7]int
	months := days[:w.tl.StepDays()]
	w.monthsOf(step, months)
	all := 0.0
	for k, flow := range x.flow {
		t := &num.plan.Triggers[k]
		slump := 1.0
		if w.slump[step+w.burnIn] {
			slump = t.Recession
		}
		all += flow
		season += float64(flow * meanOver(months, t.Season) / yearMean(t.Season))
		economy += float64(flow * slump)
	}
	if all == 0 {
		return 1, 1
	}
	return season / all, economy / all
}
