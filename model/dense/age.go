package dense

import (
	"math"
	"sync"

	"windfall/model/plan"
)

// life is the law of how long the firms of a size class live, in years: Weibull of a shape, the hazard of an age
// being `mean` on average over a standing stock in which births equal deaths. Shape 1 is a constant hazard.
type life struct{ mean, shape, scale float64 }

func lifeOf(p *plan.Plan, size int) life {
	z := &p.Population.Sizes[size]
	l := life{mean: z.FirmDeathPerYear, shape: 1}
	if z.DeathShape > 0 {
		l.shape = z.DeathShape
	}
	l.scale = 1 / (l.mean * math.Gamma(1+1/l.shape)) // one over the mean hazard is the mean life
	return l
}

// aged tells whether ages matter.
func (l life) aged() bool { return l.shape < 1 && l.mean > 0 }

// hazard is the integrated hazard up to an age.
func (l life) hazard(age float64) float64 { return math.Pow(max(0, age)/l.scale, l.shape) }

// survival is the share of births that reach an age.
func (l life) survival(age float64) float64 { return math.Exp(-l.hazard(age)) }

// stockAge draws the age of a firm of the standing stock: a life met there is met in proportion to its length, at a
// uniform point of it.
func (s *simulation) stockAge(l life) float64 {
	return s.random.Float64() * l.scale * math.Pow(s.random.standardGamma(1+1/l.shape), 1/l.shape)
}

// triggerAge draws the age of a firm at a trigger of a kind.
func (s *simulation) triggerAge(l life, t *plan.Trigger) float64 {
	if t.Newborn || !l.aged() {
		return 0
	}
	return s.stockAge(l)
}

// restOfLife draws how many weeks a firm of a size class, founded at a time, lives from another on at the hazards of
// now: those of its age times what the year and the economy make of them.
func (s *simulation) restOfLife(size int, founded, at float64) float64 {
	l := s.lives[size]
	if !l.aged() {
		return s.random.wait(s.firmDeath(size))
	}
	pace := s.firmDeath(size) * yearWeeks / l.mean
	if pace == 0 {
		return math.Inf(1)
	}
	return yearWeeks * l.rest((at-founded)/yearWeeks, s.random.exponential()/pace)
}

// rest is how many years a firm of an age lives until its integrated hazard has grown by so much.
func (l life) rest(age, more float64) float64 {
	return max(0, l.scale*math.Pow(l.hazard(age)+more, 1/l.shape)-age)
}

// within is the mean of the years that a firm lives on, at most so many: of births the integral of their survival, of
// the standing stock that of 1 - m (integral of survival), which is  t - m integral of (t - s) S(s).
func (l life) within(newborn bool, years float64) float64 {
	return simpson(func(v float64) float64 { // s = years v^4
		at := years * math.Pow(v, 4)
		weight := 4 * years * math.Pow(v, 3)
		if newborn {
			return weight * l.survival(at)
		}
		return weight * (1 - l.mean*(years-at)*l.survival(at))
	}, 0, 1, 200)
}

// away is the mean time in years that window and lock keep a firm away, cut short by its death; a rival's win at a
// hazard a year ends the window. It is the same in every replication, and worked out once.
func (l life) away(t *plan.Trigger, lock, rival float64) float64 {
	key := awayKey{l, t.Newborn, t.WindowWeeks, t.WindowCV, lock, rival}
	if years, ok := aways.Load(key); ok {
		return years.(float64)
	}
	years := l.awayOf(t, lock, rival)
	aways.Store(key, years)
	return years
}

type awayKey struct {
	life        life
	newborn     bool
	window, cv  float64
	lock, rival float64
}

var aways sync.Map // of awayKey to years

func (l life) awayOf(t *plan.Trigger, lock, rival float64) float64 {
	mean := t.WindowWeeks / yearWeeks
	// after is the same for a window of a length: the rival comes first, or the window ends.
	after := func(window float64) float64 {
		ends := l.within(t.Newborn, window+lock)
		if rival == 0 {
			return ends
		}
		first := simpson(func(x float64) float64 {
			return rival * math.Exp(-rival*x) * l.within(t.Newborn, x+lock)
		}, 0, window, 20)
		return first + math.Exp(-rival*window)*ends
	}
	if t.WindowCV == 0 {
		return after(mean)
	}
	shape := 1 / (t.WindowCV * t.WindowCV)
	log, _ := math.Lgamma(shape)
	// The window is gamma; in units of mean/shape it is v^4.
	most := math.Pow(shape+12*math.Sqrt(shape)+30, 0.25)
	return simpson(func(v float64) float64 {
		y := math.Pow(v, 4)
		density := 4 * math.Exp((4*shape-1)*math.Log(v)-y-log)
		if v == 0 {
			density = 0
		}
		return density * after(mean/shape*y)
	}, 0, most, 200)
}

// aliveAfterAYear is the share of the standing stock that is alive a year later.
func (l life) aliveAfterAYear() float64 {
	if !l.aged() {
		return math.Exp(-l.mean)
	}
	return 1 - l.mean*l.within(true, 1)
}

// simpson integrates f by Simpson's rule with n (even) intervals.
func simpson(f func(float64) float64, a, b float64, n int) float64 {
	h := (b - a) / float64(n)
	sum := f(a) + f(b)
	for i := 1; i < n; i++ {
		sum += float64(2+2*(i%2)) * f(a+float64(i)*h)
	}
	return sum * h / 3
}

// agedRemainingLock draws what is left of the lock of a firm that is locked on the first day, and its age: one of
// the journeys of the past whose firm has lived through its window and the lock so far.
func (s *simulation) agedRemainingLock(c *cell, l life) (weeks float64) {
	p := s.times.opening
	rates, sum := make([]float64, len(p.Triggers)), 0.0
	for k := range rates {
		rates[k] = statedRate(p, s.cells, k, c)
		sum += rates[k]
	}
	for {
		kind := s.random.pick(rates, sum)
		t := &p.Triggers[kind]
		since := s.random.Float64() * p.Journey.LockInYears
		market := s.random.gamma(t.WindowWeeks, t.WindowCV) / yearWeeks
		if h := rivalHazard(p, kind) * yearWeeks; h > 0 {
			market = min(market, s.random.exponential()/h)
		}
		before := market + since
		if rest := l.rest(s.triggerAge(l, t), s.random.exponential()); rest > before {
			return yearWeeks * min(p.Journey.LockInYears-since, rest-before)
		}
	}
}
