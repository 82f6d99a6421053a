package model

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"windfall/model/rng"
)

// What a run leaves in salience, equity and adstock works on firms that come into the market after the
// last day. Following all of them for the years that equity takes to fade would cost as much as the run
// itself, and all that they bring without these stocks has to be taken out again. So a number of
// such journeys is drawn, and each is followed under two sets of stocks, those of the last day and those of
// the first in their place, through the same touches. A touch counts by how likely it is under each set and by
// its chance to raise the hand, so that only the difference is left (docs/model.md, section 3.12).

// The journeys that are followed are an eighth of those that open in the run, within limits: enough for
// their random variation to be small beside that of the run, at a tenth to a quarter of its cost.
const (
	carryShare = 1.0 / 8
	carryLeast = 512
	carryMost  = 1 << 14
)

// carryMeans is how many of its half-lives a stock is followed, and carryLeft what is left of it then.
const (
	carryMeans = 8
	carryLeft  = 1.0 / (1 << carryMeans)
)

// leastGap is the relative difference of a stock from that of the first day below which there is none.
const leastGap = 0x1p-20

// carry holds what the journeys after the last day need.
type carry struct {
	flow    []float64 // cumulative by (cell, kind): journeys a week at season and economy 1, times weight
	weight  []float64 // by size: large firms, whose leads are worth more, are followed more often and count for less
	half    []float64 // half-lives of the stocks that are not as on the first day
	stocks  [2]stocks // of the last day, and of the first in their place
	to      stocks    // what both tend to
	moved   uint64    // channels whose adstocks differ between the two sets
	still   []bool    // by region: salience and equity do not
	at      *numbers
	bound   []float64 // channel x region: the rate at which touches are proposed
	touch   []carryTouch
	journey carryJourney
	worth   []float64 // channel x size: what a real lead of the run brought
	leads   []float64 // channel x size

	customers float64 // live ones, for referrals
	perFirm   float64 // see world.perFirm
}

// stocks is salience and equity by region, and adstock by channel and region.
type stocks struct{ salience, equity, adstock []float64 }

// carryTouch is a proposed touch of a journey after the last day.
type carryTouch struct {
	at      float64 // weeks after the last day
	level   float64 // a touch if it lies below the channel's rate over its bound
	channel int
	number  uint64 // of its channel
}

// mostCarryTouches is room for the proposed touches of a journey: few have more.
const mostCarryTouches = 256

// carryPath is what a journey's touches mean under one of the two sets of stocks.
type carryPath struct {
	likely    float64 // chance of the touches so far over that with which they were drawn
	left      float64 // chance that no hand has been raised yet
	low, high float64 // the firm's uniform for awareness lies between, as far as its touches have shown
}

// carryOver is what brand and adstock of the last day bring from then on, less what those of the first
// day would bring in their place; spending, rates and responses stay as they are then.
func (s *State) carryOver() float64 {
	w, x := s.w, &s.carry
	if !x.setWorth(s) || !x.setFlow(s) {
		return 0
	}
	x.setBounds(w)
	root := s.root.Child(purposeCarryOver)
	perHalf := x.journeys(w) / len(x.half)
	all := x.flow[len(x.flow)-1] / float64(perHalf*len(x.half))
	var sum float64
	for h, half := range x.half {
		for i := range perHalf {
			key := root.Child(uint64(h*perHalf + i))
			// Times are dealt over the half-lives, each with the density with which its stock fades.
			u := (float64(i) + key.Unit(purposeCarryTime)) / float64(perHalf)
			at := -half * rng.Log1p(float64(-u*(1-carryLeft))) / math.Ln2
			var density float64
			for _, other := range x.half {
				if at < carryMeans*other {
					density += float64(math.Ln2 / other * rng.FastExp2Neg(at/other) / (1 - carryLeft))
				}
			}
			density /= float64(len(x.half))
			sum += float64(all / density * s.carryJourney(key, at))
		}
	}
	return sum
}

// setStocks keeps, on the day after the run, where the two sets of stocks begin and what they tend to, and
// says whether they differ.
func (x *carry) setStocks(s *State) bool {
	x.at, x.customers, x.perFirm = s.w.at(s.step), s.customersAtWeek, s.w.perFirm[s.w.burnIn+s.w.steps-1]
	w, d, p := s.w, s.drivers, x.at.plan
	x.half = x.half[:0]
	fades := func(now, first []float64, half func(i int) float64) {
		for i := range now {
			if math.Abs(now[i]-first[i]) < leastGap*max(now[i], first[i]) {
				now[i] = first[i]
			}
			if now[i] != first[i] && !slices.Contains(x.half, half(i)) {
				x.half = append(x.half, half(i))
			}
		}
	}
	// They tend to what the spending of the day after the run presses, cuts of the last week included.
	cut := s.money.cut
	step, R := min(s.step, w.steps+w.tail-1), len(w.byRegion)
	salienceTo, equityTo := w.pressureS[step*R:][:R], w.pressureE[step*R:][:R]
	if cut.brand > 0 {
		d.brand.pressStep(w, step, cut.brand)
		salienceTo, equityTo = d.brand.pressureS, d.brand.pressureE
	}
	now, first, to := &x.stocks[0], &x.stocks[1], &x.to
	to.salience, to.equity = append(to.salience[:0], salienceTo...), append(to.equity[:0], equityTo...)
	to.adstock = to.adstock[:0]
	for at := range d.adstock {
		_, effective := w.tl.RegionSpend(s.step, at/R, at%R)
		to.adstock = append(to.adstock, float64(effective*(1-cut.media)))
	}
	now.salience, now.equity = append(now.salience[:0], d.brand.salience...), append(now.equity[:0], d.brand.equity...)
	*first = w.first
	now.adstock = append(now.adstock[:0], d.adstock...)
	for c := range p.Channels {
		if p.Channels[c].Driver != "budget" || !p.Channels[c].Enabled { // its adstock moves nothing
			copy(now.adstock[c*R:(c+1)*R], first.adstock[c*R:])
		}
	}
	x.moved, x.still = 0, x.still[:0]
	fades(now.salience, first.salience, func(int) float64 { return p.Brand.SalienceHalfLifeWeeks })
	fades(now.equity, first.equity, func(int) float64 { return p.Brand.EquityHalfLifeWeeks })
	fades(now.adstock, first.adstock, func(at int) float64 { return p.Channels[at/R].AdstockHalfLifeWeeks })
	for at := range now.adstock {
		if now.adstock[at] != first.adstock[at] {
			x.moved |= 1 << (at / R)
		}
	}
	for r := range now.salience {
		x.still = append(x.still, now.salience[r] == first.salience[r] && now.equity[r] == first.equity[r])
	}
	slices.Sort(x.half)
	return len(x.half) > 0
}

// fewLeads is the number of leads of a channel and size that tell as much as all leads of the size.
const fewLeads = 20

// setWorth finds what a real lead of each channel and size brought: the lifetime value of those won of the
// leads of the run and its tail, less what winning them cost at once, over all these leads. It says
// whether there was any lead. (Those that are not real bring their fee alone, see carryJourney.)
func (x *carry) setWorth(s *State) bool {
	t, w := &s.tally, s.w
	C, S, n := t.channels, t.sizes, len(w.cells)
	x.worth, x.leads = slices.Grow(x.worth[:0], C*S)[:C*S], slices.Grow(x.leads[:0], C*S)[:C*S]
	clear(x.leads)
	for c := range C {
		for i, k := range t.realCell[c*n : (c+1)*n] {
			x.leads[c*S+w.cells[i].Size] += float64(k)
		}
	}
	for size := range S {
		var brought, leads float64
		for at := size; at < C*S; at += S {
			brought += t.brought[at]
			leads += x.leads[at]
		}
		mean := brought / max(1, leads)
		for at := size; at < C*S; at += S {
			x.worth[at] = (t.brought[at] + float64(fewLeads*mean)) / (x.leads[at] + fewLeads)
		}
	}
	return t.leads > 0
}

// setFlow cumulates the journeys a week that open in each cell and kind, times their weight, and says
// whether there are any.
func (x *carry) setFlow(s *State) bool {
	w := s.w
	var firms, atFirst float64
	for i := range w.firms {
		firms, atFirst = firms+float64(s.pools.firms[i]), atFirst+float64(w.firms[i])
	}
	x.flow, x.weight = x.flow[:0], x.weight[:0]
	for size := range w.plan.Population.Sizes {
		x.weight = append(x.weight, max(1, x.at.headsAt(size, 0.5)))
	}
	K := len(w.plan.Triggers)
	var sum float64
	for i := range w.cells {
		// Who leaves within a step is not dormant for the rest of it: (1 - e^-felt)/felt of it.
		open := float64(w.dormant[i]) * firms / atFirst
		if felt := w.perStep[i]; felt > 0 {
			open *= -rng.Expm1(-felt) / felt
		}
		for k := range K {
			sum += float64(open * x.at.felt[i*K+k] * x.weight[w.cells[i].Size])
			x.flow = append(x.flow, sum)
		}
	}
	return sum > 0
}

// journeys is the number of journeys that are followed.
func (x *carry) journeys(w *world) int {
	K := len(w.plan.Triggers)
	var flow float64
	for i := range w.cells {
		for k := range K {
			flow += float64(float64(w.dormant[i]) * w.open.felt[i*K+k])
		}
	}
	return int(min(max(flow*w.end()*carryShare, carryLeast), carryMost))
}

// room is the rate at which touches are proposed over the highest that there is. Without room hardly any
// proposal would be refused at the higher rate of the two, and one that is would speak for the lower alone.
const room = 2

// setBounds finds the rate at which touches of each channel are proposed in each region; all rates lie between
// those of the stocks that the two sets begin with and those that they tend to.
func (x *carry) setBounds(w *world) {
	C, R := len(w.plan.Channels), len(w.byRegion)
	x.bound = slices.Grow(x.bound[:0], C*R)[:C*R]
	a, b, to := &x.stocks[0], &x.stocks[1], &x.to
	for c := range C {
		for r := range R {
			arrive := func(st *stocks) float64 { return x.arrive(c, x.share(c, st.adstock[c*R+r], st.equity[r])) }
			x.bound[c*R+r] = room * x.at.plan.Channels[c].MaxTouchesPerWeek * max(arrive(a), arrive(b), arrive(to))
		}
	}
}

// share is the share of its highest touch rate at which a channel works, or of the searches that its paid
// link takes.
func (x *carry) share(c int, adstock, equity float64) float64 {
	ch := &x.at.plan.Channels[c]
	switch {
	case !ch.Enabled:
		return 0
	case ch.Driver == "budget":
		return min(1, hill(adstock, float64(ch.HalfSaturation*x.at.targeting[c]), ch.Shape)*x.perFirm)
	case ch.Driver == "brand":
		return equity / (equity + ch.HalfSaturationEquity)
	}
	return min(1, x.customers/(x.customers+ch.HalfSaturationCustomers)*x.perFirm)
}

// arrive is the share of a channel's highest touch rate that arrives, given its share: of a channel that
// captures, the searches that arrive without the paid link too.
func (x *carry) arrive(c int, share float64) float64 {
	if q := x.at.organic[c]; q > 0 {
		return share + float64((1-share)*q)
	}
	return share
}

// fading is what is left some weeks after the last day of what the stocks have to go to what they tend to.
type fading struct{ salience, equity, adstock float64 }

// fadingOf is that of both sets of stocks, for a touch in a region.
func (x *carry) fadingOf(t *carryTouch, region, at int) (f fading) {
	p, a, b := x.at.plan, &x.stocks[0], &x.stocks[1]
	left := func(one, other, to, half float64) float64 {
		if one == to && other == to {
			return 0
		}
		return rng.FastExp2Neg(t.at / half)
	}
	f.salience = left(a.salience[region], b.salience[region], x.to.salience[region], p.Brand.SalienceHalfLifeWeeks)
	f.equity = left(a.equity[region], b.equity[region], x.to.equity[region], p.Brand.EquityHalfLifeWeeks)
	f.adstock = left(a.adstock[at], b.adstock[at], x.to.adstock[at], p.Channels[t.channel].AdstockHalfLifeWeeks)
	return f
}

// seasonOf is the season of a touch over the highest of its channel.
func (x *carry) seasonOf(w *world, t *carryTouch) float64 {
	ch := &x.at.plan.Channels[t.channel]
	if row := w.burnIn + w.steps + int(t.at*w.perWeek); row < w.span {
		return w.season[row*len(x.at.plan.Channels)+t.channel]
	} else if top := slices.Max(ch.Season); top > 0 {
		return yearMean(ch.Season) / top
	}
	return 1
}

// carryFirm is a firm that comes into the market after the last day. It stands for pace/weight of those
// among which it was drawn.
type carryFirm struct {
	size, region, kind int
	pace, weight       float64
}

// proposeTouches draws a firm that comes into the market some weeks after the last day, and lists its
// proposed touches in order of time: none where none is of a kind that the two sets of stocks tell apart, since then
// nothing of the journey is.
func (s *State) proposeTouches(key rng.Key, opens float64) carryFirm {
	w, x := s.w, &s.carry
	p := x.at.plan
	K, C, R := len(p.Triggers), len(p.Channels), len(w.byRegion)
	place, _ := slices.BinarySearch(x.flow, key.Unit(purposeSlot)*x.flow[len(x.flow)-1]) // uniforms lie inside 0 and 1
	cell, kind := place/K, place%K
	size, region := w.cells[cell].Size, w.cells[cell].Region
	row := w.burnIn + w.steps + int(opens*w.perWeek)
	pace := 1.0
	if row < w.span {
		pace = w.pace[row*K+kind]
	}
	length := min(x.at.window[kind].Draw(key, purposeWindow), longestWeeks)
	if life, u := &w.life[size], deathUnit(key.Word(purposeTrigger)); life.aged {
		age := 0.0
		if !p.Triggers[kind].Newborn {
			age = life.older(0, rng.Exponential(key, purposeFirmAge))
		}
		length = min(length, life.lives(age, -rng.Log1p(-u), x.at.death[size]/life.perWeek))
	} else if m := x.at.death[size]; m > 0 {
		length = min(length, -rng.Log1p(-u)/m)
	}
	if h := x.at.rival[kind]; h > 0 {
		length = min(length, rng.Exponential(key, purposeRival)/h)
	}
	group := 2 * kind
	if w.targets {
		group += visibleTo(key, x.at.visible[kind])
	}
	x.touch = x.touch[:0]
	propose := func(channels uint64) {
		for channels &= x.at.mayTouch[group]; channels != 0; channels &= channels - 1 {
			c := bits.TrailingZeros64(channels)
			if rate := x.bound[c*R+region]; rate > 0 {
				x.proposeOf(c, key.Child(w.node[c]), rate, x.at.reach[cell*C+c], opens, length)
			}
		}
	}
	all := uint64(1)<<C - 1
	if x.still[region] {
		propose(x.moved)
		if len(x.touch) == 0 {
			return carryFirm{size, region, kind, pace, x.weight[size]}
		}
		all &^= x.moved
	}
	propose(all)
	slices.SortFunc(x.touch, func(a, b carryTouch) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.number, b.number))
	})
	return carryFirm{size, region, kind, pace, x.weight[size]}
}

// proposeOf lists the proposed touches of a channel, if it reaches the firm.
func (x *carry) proposeOf(c int, child rng.Key, rate float64, reach uint64, opens, length float64) {
	if ch := &x.at.plan.Channels[c]; ch.Response == 0 && ch.Weight == 0 {
		return // its touches do nothing
	}
	if child.Word(purposeReach)>>32 >= reach || x.at.holdout[c] > 0 && heldAt(child) < x.at.holdout[c] {
		return
	}
	points := child.Child(uint64(purposeCarryOver))
	for n, at := uint64(0), 0.0; ; n++ {
		if at += rng.ExponentialInv(points.Unit(2*n)) / rate; at >= length {
			return
		}
		x.touch = append(x.touch, carryTouch{opens + at, points.Unit(2*n + 1), c, n})
	}
}

// carryJourney is what a journey that opens some weeks after the last day brings with the stocks of the
// last day, less what it brings with those of the first.
func (s *State) carryJourney(key rng.Key, opens float64) (more float64) {
	w, x := s.w, &s.carry
	firm := s.proposeTouches(key, opens)
	if len(x.touch) == 0 {
		return 0
	}
	j := &x.journey
	*j = carryJourney{
		paths: [2]carryPath{{1, 1, 0, 1}, {1, 1, 0, 1}}, drawn: carryPath{1, 1, 0, 1},
		need:  rng.Exp(x.at.needLog[firm.size] + float64(x.at.needSpread*rng.Normal(key, purposeNeed))),
		aware: key.Unit(purposeAware),
	}
	for i := range x.touch {
		t := &x.touch[i]
		lift, organic, made := x.makes(w, j, t, firm.region)
		if !made {
			continue
		}
		ready := x.moves(j, t)
		var raised [2]float64
		for k := range j.paths {
			p := &j.paths[k]
			response := x.at.plan.Channels[t.channel].Response
			hand := float64(p.left * min(1, response*lift[k]*x.at.urgency[firm.kind]*ready))
			p.left -= float64(hand * x.realOf(t.channel, organic[k])) // else the journey goes on
			raised[k] = float64(hand * p.likely * max(0, p.high-p.low) / (j.drawn.high - j.drawn.low))
		}
		more += x.worthOf(t.channel, firm.size, raised, organic)
	}
	return float64(more * firm.pace / firm.weight)
}

// carryJourney is a journey at work. Both sets of stocks see the same touches, drawn at the mean of their rates and
// awareness, so that what can happen under one can be drawn; each counts them by how likely they are under it. A small
// difference of stocks is a small one here, then, and not a rare touch more or less.
type carryJourney struct {
	paths          [2]carryPath
	drawn          carryPath
	need, aware    float64
	progress, last float64
	touched        uint64
}

// makes draws whether a proposed touch is made, and gives the lift of its response and the share of what arrives
// without the paid link under each set of stocks.
func (x *carry) makes(w *world, j *carryJourney, t *carryTouch, region int) (lift, organic [2]float64, made bool) {
	var keep, knows [2]float64
	at := t.channel*len(w.byRegion) + region
	f, season := x.fadingOf(t, region, at), x.seasonOf(w, t)
	keep[0], knows[0], lift[0], organic[0] = x.chances(&x.stocks[0], t, region, at, f, season)
	if x.still[region] && x.moved>>t.channel&1 == 0 {
		keep[1], knows[1], lift[1], organic[1] = keep[0], knows[0], lift[0], organic[0]
	} else {
		keep[1], knows[1], lift[1], organic[1] = x.chances(&x.stocks[1], t, region, at, f, season)
	}
	mean := (keep[0] + keep[1]) / 2
	kept := t.level < mean
	for k := range j.paths {
		j.paths[k].weigh(keep[k], mean, kept)
	}
	if !kept || !x.at.plan.Channels[t.channel].ForAware() {
		return lift, organic, kept
	}
	mean = (knows[0] + knows[1]) / 2
	known := j.aware < mean
	j.drawn.learn(mean, known)
	for k := range j.paths {
		j.paths[k].learn(knows[k], known)
	}
	return lift, organic, known
}

// moves moves the progress of a journey on by a touch and gives how ready it is then.
func (x *carry) moves(j *carryJourney, t *carryTouch) (ready float64) {
	c, p := t.channel, x.at.plan
	own := isZero(j.touched) | bit(j.touched, uint(c))
	if j.progress > 0 {
		j.progress = float64(j.progress * rng.FastExp2Neg((t.at-j.last)/p.Journey.MemoryWeeks))
	}
	j.progress += x.at.weight[2*c+int(own)]
	j.last = t.at
	if p.Channels[c].Weight > 0 {
		j.touched |= 1 << c
	}
	reached := power(j.progress, x.at.steep)
	if !x.at.stepwise {
		return reached / (reached + j.need)
	}
	return oneIf(reached >= j.need)
}

// worthOf is what the hands raised by a channel's touch under the two sets of stocks are worth, the first less the
// second, given the share of either that arrives without the paid link: that is another channel's lead.
func (x *carry) worthOf(c, size int, raised, organic [2]float64) float64 {
	own := x.bringsOf(c, size)
	more := float64((raised[0] - raised[1]) * own)
	if x.at.organic[c] == 0 {
		return more
	}
	other := x.bringsOf(int(x.at.fallsBack[c]), size)
	return more + float64((float64(raised[0]*organic[0])-float64(raised[1]*organic[1]))*(other-own))
}

// bringsOf is what a lead of a channel and size brings: a real one its worth, another one its fee.
func (x *carry) bringsOf(c, size int) float64 {
	worth, ch := x.worth[c*len(x.weight)+size], &x.at.plan.Channels[c]
	if ch.Real < 1 {
		worth = float64(ch.Real*worth) - float64((1-ch.Real)*ch.FeePerLead)
	}
	return worth
}

// realOf is the share of the leads of a channel's touch that are real, given the share of them that arrives without
// the paid link.
func (x *carry) realOf(c int, organic float64) float64 {
	real := x.at.plan.Channels[c].Real
	if x.at.organic[c] > 0 {
		real += float64(organic * (x.at.plan.Channels[x.at.fallsBack[c]].Real - real))
	}
	return real
}

// weigh counts a proposal that was made a touch with a mean chance, or not, by the path's own chance.
func (j *carryPath) weigh(keep, mean float64, kept bool) {
	if !kept {
		keep, mean = 1-keep, 1-mean
	}
	j.likely *= keep / mean
}

// learn narrows what is known of a firm's uniform for awareness: it lies below a share of firms that know
// the brand, or not.
func (j *carryPath) learn(share float64, below bool) {
	if below {
		j.high = min(j.high, share)
	} else {
		j.low = max(j.low, share)
	}
}

// chances gives, under a set of stocks, the chance that a proposed touch is made, the share of firms that
// know the brand then, the lift of its response, and the chance that one made is a search that arrives
// without the paid link.
func (x *carry) chances(st *stocks, t *carryTouch, region, at int, f fading, season float64) (keep, knows, lift,
	organic float64) {
	p := x.at.plan
	c, ch := t.channel, &p.Channels[t.channel]
	fade := func(from, to, left float64) float64 { return to + float64((from-to)*left) }
	salience := fade(st.salience[region], x.to.salience[region], f.salience)
	equity := fade(st.equity[region], x.to.equity[region], f.equity)
	adstock := fade(st.adstock[at], x.to.adstock[at], f.adstock)
	share := x.share(c, adstock, equity)
	all := x.arrive(c, share)
	if all > share {
		organic = 1 - share/all
	}
	keep = min(1, ch.MaxTouchesPerWeek*all*season/x.bound[at])
	knows = p.Brand.AwarenessMax * equity / (equity + p.Brand.HalfSaturationEquity)
	lift = 1 + float64(ch.Halo*(float64(p.Brand.SalienceWeight*salience)+float64((1-p.Brand.SalienceWeight)*equity)))
	return keep, knows, lift, organic
}
