package expected

import (
	"math"
	"math/rand/v2"

	"windfall/model/plan"
)

// lifetime is the law of firms of a size class that die by their age: Weibull of shape k and scale c (years), whose
// mean life is one over the mean hazard m of the standing stock.
type lifetime struct{ m, k, c float64 }

func (f *funnel) lifetime(s int) lifetime {
	z := &f.open.Population.Sizes[s]
	l := lifetime{m: z.FirmDeathPerYear, k: 1}
	if z.Aged() {
		l.k = z.DeathShape
	}
	l.c = 1 / (l.m * math.Gamma(1+1/l.k))
	return l
}

// older is the share of the standing stock that is older than so many years, or alive so many years later.
func (l lifetime) older(years float64) float64 {
	if l.k == 1 {
		return math.Exp(-l.m * years)
	}
	return 1 - gammaP(1/l.k, math.Pow(years/l.c, l.k))
}

// within is the mean of the years that a firm lives on, at most so many.
func (l lifetime) within(newborn bool, years float64) float64 {
	y := math.Pow(years/l.c, l.k)
	dead := gammaP(1/l.k, y)
	if newborn {
		return dead / l.m
	}
	return years*(1-dead) + l.m*l.c*l.c/l.k*math.Gamma(2/l.k)*gammaP(2/l.k, y)
}

// away is the mean time that window and lock keep a firm away: over windows at the middles of equal shares, each up
// to the mean time at which a rival's win, at a hazard a year, ends it.
func (l lifetime) away(t *plan.Trigger, windows []float64, lock, rival float64) float64 {
	w := t.WindowWeeks / plan.WeeksPerYear
	until := func(window float64) float64 {
		if rival == 0 {
			return window
		}
		return -math.Expm1(-rival*window) / rival
	}
	var sum float64
	for _, x := range windows {
		sum += l.within(t.Newborn, until(x*w)+lock)
	}
	return sum / float64(len(windows))
}

// windowsOf are windows at the middles of equal shares, in means of a window; they hang on the coefficient of variation
// alone, and are found once for all size classes and kinds that have it.
func (f *funnel) windowsOf(cv float64) []float64 {
	if cv == 0 {
		return []float64{1}
	}
	if list, ok := f.windows[cv]; ok {
		return list
	}
	const parts = 64
	shape := 1 / (cv * cv)
	list := make([]float64, parts)
	for i := range list {
		low, high := 0.0, shape+60*math.Sqrt(shape)+60
		for range 60 {
			if mid := (low + high) / 2; gammaP(shape, mid) < (float64(i)+0.5)/parts {
				low = mid
			} else {
				high = mid
			}
		}
		list[i] = low / shape
	}
	if f.windows == nil {
		f.windows = map[float64][]float64{}
	}
	f.windows[cv] = list
	return list
}

// births is the share of a size class's journeys that newborn firms open.
func (f *funnel) births(s int) float64 {
	var born, all float64
	for r := range f.nr {
		for k, x := range f.rate[s][r] {
			all += x
			if f.open.Triggers[k].Newborn {
				born += x
			}
		}
	}
	if all == 0 {
		return 0
	}
	return born / all
}

// alive is the share of firms of a size class that came into the market that live so many years on: births and firms of
// the standing stock.
func (f *funnel) alive(s int, years float64) float64 {
	l := f.lifetime(s)
	if l.k == 1 {
		return l.older(years)
	}
	born := f.births(s)
	return born*math.Exp(-math.Pow(years/l.c, l.k)) + (1-born)*l.older(years)
}

// rest draws how many years a firm at a trigger lives on, at pace times the hazard of its age.
func (l lifetime) rest(random *rand.Rand, newborn bool, pace float64) float64 {
	age := 0.0
	if !newborn { // a life is met in proportion to its length, at a uniform point
		a := 1 + 1/l.k
		age = random.Float64() * l.c * math.Pow(a*gammaDraw(random, 1, 1/math.Sqrt(a)), 1/l.k)
	}
	return l.c*math.Pow(math.Pow(age/l.c, l.k)+random.ExpFloat64()/pace, 1/l.k) - age
}
