package expected

import (
	"math"
	"math/rand/v2"

	"windfall/model/plan"
)

// journey follows one sampled journey at a time; its slices are reused.
type journey struct {
	f      *funnel
	pcg    *rand.PCG
	random *rand.Rand
	reach  []int // channels that reach it
	fast   []float64
	held   []float64 // place of the firm among those that a channel holds out
	seen   []bool

	size, region, kind int
	industry           int
	plan               *plan.Plan    // of the week in which it opens
	trigger            *plan.Trigger // likewise
	opens, ends, dies  float64
	visible            bool
	aware, need        float64
	ceiling            float64 // touches per week at the most
	progress, last     float64 // after its last touch, and when that was
	touched            bool
	weight, left       float64 // the journeys that it stands for, and those that have not raised a hand
}

// follow samples n journeys that open in week w in size s, region r, by kind k,
// and books flow of them. Every journey has a seed of its own, so that two
// plans follow the same ones.
func (j *journey) follow(w, s, r, k, n int, flow float64) {
	for i := range n {
		j.pcg.Seed(uint64(w+j.f.burn)<<32|uint64(i), uint64((s*j.f.nr+r)*j.f.nk+k))
		j.one(float64(w)+(float64(i)+j.random.Float64())/float64(n), s, r, k, flow/float64(n))
	}
}

// one follows a journey through its touches and books what comes of it.
func (j *journey) one(opens float64, s, r, k int, weight float64) {
	f := j.f
	j.size, j.region, j.kind, j.opens, j.weight, j.left = s, r, k, opens, weight, weight
	j.plan = f.at(int(math.Floor(opens)))
	j.trigger = &j.plan.Triggers[k]
	j.drawFirm()
	j.drawReach()
	j.progress, j.last, j.touched = 0, 0, false
	j.seen = j.seen[:0]
	for range f.nc {
		j.seen = append(j.seen, false)
	}
	end := min(j.ends, j.dies, float64(f.weeks))
	for now := opens; j.ceiling > 0 && j.left > 0; {
		now += j.random.ExpFloat64() / j.ceiling
		if now >= end {
			break
		}
		if c, made := j.touch(now); made {
			j.answer(now, c)
		}
	}
	if end == float64(f.weeks) {
		return
	}
	if week := int(math.Floor(end)) + f.burn; end == j.ends {
		f.ended[week][s] += j.left
	} else {
		f.died[week][s] += j.left
	}
}

// drawFirm draws when the journey ends and what its firm is.
func (j *journey) drawFirm() {
	f, p, t, s, opens := j.f, j.plan, j.trigger, j.size, j.opens
	j.ends = opens + gammaDraw(j.random, t.WindowWeeks, t.WindowCV)
	recession := f.recession(int(math.Floor(opens)))
	death := p.Population.Sizes[s].FirmDeathPerYear * times(recession, p.Economy.Recession.FirmDeath)
	j.dies = math.Inf(1)
	if z := &f.open.Population.Sizes[s]; z.Aged() {
		j.dies = opens + plan.WeeksPerYear*f.lifetime(s).rest(j.random, t.Newborn, death/z.FirmDeathPerYear)
	} else if death > 0 {
		j.dies = opens + j.random.ExpFloat64()/death*plan.WeeksPerYear
	}
	if f.rivals { // either way the firm is locked
		j.ends = min(j.ends, f.choosesRival(opens, j.random.ExpFloat64(), j.kind))
	}
	j.visible = j.random.Float64() < t.Visible
	j.aware = j.random.Float64()
	j.need = p.Journey.TouchesNeeded[s] * math.Exp(p.Journey.TouchesNeededSD*j.random.NormFloat64())
	j.industry = j.drawIndustry()
}

// drawIndustry draws the firm's industry.
func (j *journey) drawIndustry() int {
	u := j.random.Float64()
	industries := j.f.plan.Population.Industries
	for i := range industries {
		if u -= industries[i].Share; u < 0 {
			return i
		}
	}
	return len(industries) - 1
}

// drawReach draws which channels reach the firm.
func (j *journey) drawReach() {
	j.reach, j.fast, j.held, j.ceiling = j.reach[:0], j.fast[:0], j.held[:0], 0
	for c := range j.plan.Channels {
		ch := &j.plan.Channels[c]
		if !ch.Enabled && ch.Captures == "" {
			continue
		}
		u := j.random.Float64()
		reached := at(ch.Reach.Size, j.size) * at(ch.Reach.Industry, j.industry) * at(ch.Reach.Region, j.region)
		if u >= reached {
			continue
		}
		if len(ch.Targets) > 0 && (!j.visible || !targeted(ch, j.trigger.Name)) {
			continue
		}
		j.reach = append(j.reach, c)
		j.held = append(j.held, u/reached)
		j.fast = append(j.fast, j.ceiling+ch.MaxTouchesPerWeek)
		j.ceiling += ch.MaxTouchesPerWeek
	}
}

// touch draws the channel of a touch that is proposed at a time, and whether it is made.
func (j *journey) touch(now float64) (channel int, made bool) {
	f := j.f
	pick := j.random.Float64() * j.ceiling
	i := 0
	for j.fast[i] <= pick {
		i++
	}
	c := j.reach[i]
	week := int(math.Floor(now))
	p := f.at(week)
	ch := &p.Channels[c]
	rate := season(ch.Season, largest(ch.Season), p.Run.Start+plan.Date(7*week))
	rate *= f.share(week, c, j.region)
	if j.random.Float64() >= rate || j.held[i] < ch.Holdout {
		return c, false
	}
	e := f.equity[week+f.burn][j.region]
	unknown := j.aware >= p.Brand.AwarenessMax*e/(e+p.Brand.HalfSaturationEquity)
	return c, !unknown || !ch.NeedsAwareness && ch.Captures != "brand"
}

// answer books a touch and the leads that it brings.
func (j *journey) answer(now float64, c int) {
	f, s, r := j.f, j.size, j.region
	week := int(math.Floor(now))
	p := f.at(week)
	ch := &p.Channels[c]
	paid, organic, through := f.searches(week, c, r)
	own := paid / (paid + organic) // of what arrives
	f.book(week, s, c, j.left*own)
	if organic > 0 {
		f.book(week, s, through, j.left*(1-own))
	}
	ready := j.step(now, c, p)
	salience := p.Brand.SalienceWeight * f.salience[week+f.burn][r]
	lift := 1 + ch.Halo*(salience+(1-p.Brand.SalienceWeight)*f.equity[week+f.burn][r])
	q := min(1, ch.Response*ready*lift*j.trigger.Urgency)
	real, rest := own*ch.Real, min(j.ends, j.dies)-now
	f.raise(week, s, c, j.kind, j.industry, j.left*q*own, ch.Real, rest)
	if organic > 0 {
		other := p.Channels[through].Real
		real += (1 - own) * other
		f.raise(week, s, through, j.kind, j.industry, j.left*q*(1-own), other, rest)
	}
	j.left *= 1 - q*real
	if j.left < 1e-4*j.weight {
		j.left = 0
	}
}

// step moves the journey on by a touch and gives how ready it is then.
func (j *journey) step(now float64, c int, p *plan.Plan) (ready float64) {
	if j.touched {
		j.progress *= math.Exp2(-(now - j.last) / p.Journey.MemoryWeeks)
	}
	add := p.Channels[c].Weight
	if j.touched && !j.seen[c] {
		add *= 1 + p.Journey.CrossChannelBonus
	}
	j.progress += add
	j.touched, j.last, j.seen[c] = true, now, true
	switch {
	case !p.Journey.ReadinessStep:
		return 1 / (1 + math.Pow(j.need/j.progress, p.Journey.ReadinessSteepness))
	case j.progress >= j.need:
		return 1
	}
	return 0
}
