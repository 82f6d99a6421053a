package model

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// Young firms die more often than old ones (P30-P35). The life of a firm is Weibull of a shape k below 1,
//
//	S(a) = exp(-(a/c)^k)        m = 1/(c Gamma(1 + 1/k))
//
// so that m, the mean hazard over the standing stock of a market in which births equal deaths, is one over the
// mean life. Ages in that stock have the density m S(a): (a/c)^k is gamma of shape 1/k. No firm is
// followed; a journey draws the age of its firm (docs/model.md, section 3.3).

// firmLife is how long the firms of a size class live: the law of the opening plan.
type firmLife struct {
	aged     bool    // the hazard of death falls with age; else it is constant and nothing below is used
	shape    float64 // k
	perShape float64
	scale    float64   // c, weeks
	perWeek  float64   // m, a week
	ages     []float64 // see agesOf
}

// set works out the law of a size class.
func (l *firmLife) set(z *plan.Size) {
	was := l.shape
	l.aged = z.Aged()
	if !l.aged {
		return
	}
	l.shape, l.perShape = z.DeathShape, 1/z.DeathShape
	l.perWeek = z.FirmDeathPerYear / plan.WeeksPerYear
	l.scale = lifeScale(z) * plan.WeeksPerYear
	if l.ages == nil || l.shape != was {
		l.ages = agesOf(l.shape, l.ages)
	}
}

// lifeScale is c in years.
func lifeScale(z *plan.Size) float64 {
	return rng.Exp(-rng.LogGamma(1+1/z.DeathShape)) / z.FirmDeathPerYear
}

// used is the integrated hazard up to an age in weeks.
func (l *firmLife) used(age float64) float64 {
	if age <= 0 {
		return 0
	}
	return rng.Pow(age/l.scale, l.shape)
}

// lives is how many weeks a firm of an age lives on, by a unit exponential, if its hazard is pace times that
// of its age.
func (l *firmLife) lives(age, exponential, pace float64) float64 {
	if !(pace > 0) {
		return inf
	}
	return max(0, float64(l.scale*rng.Pow(l.used(age)+exponential/pace, l.perShape))-age)
}

// Ages of the standing stock are looked up by the root of x, where a share e^-x of the stock is older: agesPerUnit
// entries a unit, up to agesUnits, where e^-25 of it is left. A straight line between entries is right within
// 10^-4 of the law.
const (
	agesPerUnit = 256
	agesUnits   = 5
)

// agesOf tabulates, in units of the scale, the age that a share e^-x of the standing stock exceeds, by the root of x in
// steps of 1/agesPerUnit. The share above an age is the integral of e^-y y^(1/k-1) from y = age^k on over the whole;
// it is summed from its far end, where it is small.
func agesOf(shape float64, into []float64) []float64 {
	const steps, perUnit = 64 * 40, 64 // of y
	a := 1 / shape
	density := func(y float64) float64 {
		if y == 0 {
			return 0
		}
		return rng.Exp(float64((a-1)*rng.Log(y)) - y)
	}
	above := make([]float64, steps+1)
	end := float64(steps) / perUnit
	right := density(end)
	above[steps] = float64(right * (1 + (a-1)/end))
	for i := steps - 1; i > 0; i-- {
		left, middle := density(float64(i)/perUnit), density((float64(i)+0.5)/perUnit)
		above[i] = above[i+1] + (left+float64(4*middle)+right)/(6*perUnit)
		right = left
	}
	// Next to 0 the power is not smooth: y^a (1/a - y/(a+1) + y^2/(2(a+2)) - ...).
	first := 1.0 / perUnit
	above[0] = above[1] + float64(rng.Pow(first, a)*(1/a-float64(first*(1/(a+1)-float64(first*(0.5/(a+2)))))))
	into = slices.Grow(into[:0], agesPerUnit*agesUnits+1)[:agesPerUnit*agesUnits+1]
	at := func(i int) (x, age float64) {
		return rng.Log(above[0] / above[i]), rng.Pow(float64(i)/perUnit, a)
	}
	i := 0
	x0, age0 := 0.0, 0.0
	x1, age1 := at(1)
	for e := range into {
		root := float64(e) / agesPerUnit
		x := float64(root * root)
		for x > x1 && i+2 <= steps {
			i++
			x0, age0 = x1, age1
			x1, age1 = at(i + 1)
		}
		into[e] = age0 + float64((age1-age0)*((x-x0)/(x1-x0)))
	}
	return into
}

// older is the age in weeks of a firm of the standing stock that is at least so old, by a unit exponential.
func (l *firmLife) older(least, exponential float64) float64 {
	x := exponential
	if least > 0 {
		x += l.above(least / l.scale)
	}
	x = math.Sqrt(x) * agesPerUnit
	i := int(min(x, agesPerUnit*agesUnits-1)) // beyond the table its last line goes on
	return max(least, float64(l.scale*(l.ages[i]+float64((l.ages[i+1]-l.ages[i])*(x-float64(i))))))
}

// above is the x of agesOf at an age in units of the scale.
func (l *firmLife) above(age float64) float64 {
	i, _ := slices.BinarySearch(l.ages, age)
	i = min(max(i, 1), len(l.ages)-1)
	root := (float64(i-1) + (age-l.ages[i-1])/(l.ages[i]-l.ages[i-1])) / agesPerUnit
	return float64(root * root)
}

// fillLives works out how long firms live.
func (w *world) fillLives(open *plan.Plan) {
	if w.life == nil {
		w.life = make([]firmLife, len(open.Population.Sizes))
	}
	for z := range w.life {
		w.life[z].set(&open.Population.Sizes[z])
	}
}

// founded is when the firm of a journey was founded, in weeks since the first day; 0 where its age does not matter.
func (s *State) founded(key rng.Key, born uint32, cell uint16, kind uint8) float64 {
	w := s.w
	life := &w.life[w.cells[cell].Size]
	if !life.aged {
		return 0
	}
	at := s.weeks(born)
	if w.rows[s.rowOf(born)].plan.Triggers[kind].Newborn {
		return at
	}
	return at - life.older(0, rng.Exponential(key, purposeFirmAge))
}

// cutByAge ends those journeys of a block, which stand in the batch from an index on, whose firms die in
// their windows.
func (s *State) cutByAge(at, size int, death float64, windows []float64) {
	w, b := s.w, &s.journey.batch
	life := &w.life[size]
	pace := death / life.perWeek
	for i, length := range windows {
		x := &b.js[at+i]
		length = min(length, longestWeeks)
		e := -rng.Log1p(-deathUnit(b.word[at+i]))
		age := s.weeks(x.born) - s.founded(x.key, x.born, x.cell, x.kind)
		if t := life.lives(age, e, pace); t < length {
			end := uint32(min(uint64(x.born)+uint64(int64(t*ticksPerWeek)), w.lastTick))
			if x.fate == windowEnds || end < x.end { // else it has chosen a rival by then
				x.end, x.fate = end, firmDies
			}
		}
	}
}

// dies is when a firm of a size class that was founded at a time and lives at another dies, by a unit
// exponential, if its hazard stays pace times that of its age.
func (l *firmLife) dies(founded, now, exponential, pace float64) float64 {
	return now + l.lives(now-founded, exponential, pace)
}

// regularGamma is the regularised lower incomplete gamma function P(a, x), by its series (Abramowitz and
// Stegun 6.5.29), all of whose terms are positive.
func regularGamma(a, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x > 60+float64(4*a): // what is left out is below e^-40
		return 1
	}
	term, sum := 1/a, 1/a
	for n := a + 1; term > sum*0x1p-54; n++ {
		term = float64(term * (x / n))
		sum += term
	}
	return min(1, sum*rng.Exp(float64(a*rng.Log(x))-x-rng.LogGamma(a)))
}

// yearsWithin is the mean of the years that a firm of a size class lives on, at most so many: of the standing stock,
// or of a newborn firm.
//
//	newborn: integral of S = P(1/k, y)/m, y = (x/c)^k
//	stock: integral of 1 - P(1/k, y) = x (1 - P(1/k, y)) + m c^2/k Gamma(2/k) P(2/k, y)
func yearsWithin(z *plan.Size, newborn bool, years float64) float64 {
	k, m, c := z.DeathShape, z.FirmDeathPerYear, lifeScale(z)
	y := rng.Pow(years/c, k)
	dead := regularGamma(1/k, y)
	if newborn {
		return dead / m
	}
	return float64(years*(1-dead)) + float64(m*c*c/k*rng.Exp(rng.LogGamma(2/k))*regularGamma(2/k, y))
}

// agedAwayYears is awayYears where firms age: the mean of yearsWithin over the window, at the two points that
// give the gamma law its first three moments, plus the lock; rival is the hazard a week to choose a rival first.
func agedAwayYears(k *plan.Trigger, z *plan.Size, lockYears, rival float64) float64 {
	var sum float64
	for _, p := range windowPoints(k, rival) {
		sum += float64(p.share * yearsWithin(z, k.Newborn, p.years+lockYears))
	}
	return sum
}

// windowPoint is a length of a window that stands for a share of them.
type windowPoint struct{ years, share float64 }

// windowPoints are the two points of Gauss and Laguerre: a +- sqrt(a) in units of the gamma law's scale, a its
// shape plus 1. Where a rival may be chosen first they stand for the earlier of the two times, with its first
// three moments.
func windowPoints(k *plan.Trigger, rival float64) [2]windowPoint {
	if float64(rival*k.WindowWeeks) < 1e-4 { // hardly any window ends so
		return gammaPoints(k)
	}
	// psi(s) = E[e^(-s w)] and its derivatives at the rival's hazard; E[t^n] = n (-1)^(n-1) (d/ds)^(n-1) (1 - psi)/s.
	r, w, cv2 := rival, k.WindowWeeks, float64(k.WindowCV*k.WindowCV)
	psi := windowLaplace(k, r)
	base := 1 + float64(r*cv2*w)
	first := -float64(w * psi / base)
	second := float64(w * w * (1 + cv2) * psi / (base * base))
	left := (1 - psi) / r
	mean := left
	square := float64(2 * (left/r + first/r))
	cube := float64(3 * (float64(2*left/(r*r)) + float64(2*first/(r*r)) - second/r))
	variance := square - float64(mean*mean)
	if !(variance > 0) { // of a window of one length, by rounding
		return [2]windowPoint{{mean / plan.WeeksPerYear, 1}, {mean / plan.WeeksPerYear, 0}}
	}
	sd := math.Sqrt(variance)
	skew := (cube - float64(3*mean*variance) - float64(mean*mean*mean)) / (variance * sd)
	root := math.Sqrt(1 + float64(skew*skew/4))
	upper := (1 - skew/(2*root)) / 2
	return [2]windowPoint{
		{max(0, mean+float64(sd*(skew/2-root))) / plan.WeeksPerYear, 1 - upper},
		{(mean + float64(sd*(skew/2+root))) / plan.WeeksPerYear, upper},
	}
}

func gammaPoints(k *plan.Trigger) [2]windowPoint {
	w := k.WindowWeeks / plan.WeeksPerYear
	cv2 := float64(k.WindowCV * k.WindowCV)
	if cv2 == 0 {
		return [2]windowPoint{{w, 1}, {w, 0}}
	}
	a := 1/cv2 + 1
	root := math.Sqrt(a)
	upper := (root - 1) / (2 * root)
	scale := float64(w * cv2)
	return [2]windowPoint{{float64(scale * (a - root)), 1 - upper}, {float64(scale * (a + root)), upper}}
}

// StockSurvival is the share of the standing stock of firms of a size class that is alive some years later.
func StockSurvival(z *plan.Size, years float64) float64 {
	if !z.Aged() {
		return rng.Exp(-float64(z.FirmDeathPerYear * years))
	}
	return 1 - regularGamma(1/z.DeathShape, rng.Pow(years/lifeScale(z), z.DeathShape))
}

// agedLocks fills the chances that one of the opening locked firms of a size class is released in each step.
// Entries into the lock are steady, so that of the locked firms the share that stays longer than t is
//
//	sum over k of rate_k E[Y_k(W + L) - Y_k(W + t)]        Y = yearsWithin, W the window
//
// over that at t = 0: kinds by their flow in the class.
func (p *pools) agedLocks(w *world, size int) {
	o := w.tl.Opening()
	z, lock := &o.Population.Sizes[size], o.Journey.LockInYears
	rates := make([]float64, len(o.Triggers))
	bySize := w.firmsBySize()
	for i := range w.cells {
		if c := &w.cells[i]; c.Size == size {
			for k := range o.Triggers {
				rates[k] += float64(float64(w.firms[i]) * yearlyRate(o, &o.Triggers[k], c, bySize))
			}
		}
	}
	stays := func(years float64) (sum float64) {
		if years >= lock {
			return 0
		}
		for k, rate := range rates {
			if t := &o.Triggers[k]; rate > 0 {
				for _, x := range windowPoints(t, o.Rivals.Hazard(t)) {
					to, from := yearsWithin(z, t.Newborn, x.years+lock), yearsWithin(z, t.Newborn, x.years+years)
					sum += float64(rate * x.share * (to - from))
				}
			}
		}
		return sum
	}
	S := len(o.Population.Sizes)
	a := stays(0)
	for step := range w.steps {
		b := stays(float64(float64(step+1)*w.h) / plan.WeeksPerYear)
		p.chance[step*S+size] = 1
		if a > 0 {
			p.chance[step*S+size] = min(1, max(0, 1-b/a))
		}
		a = b
	}
}
