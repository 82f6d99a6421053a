package edit

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
)

// groupBound holds what several levers spend together over the run between two amounts.
type groupBound struct {
	text      string
	levers    []int
	low, high float64
}

// mostStarts is how many times what a start spends a channel or medium may spend at most.
const mostStarts = 3

// keep takes groups and keys out of the levers; teams are those of sales.
func (s *LeverSet) keep(names []string) error {
	for _, name := range names {
		group := name
		if name == "teams" {
			group = Sales
		}
		before := len(s.Levers)
		s.Levers = slices.DeleteFunc(s.Levers, func(l Lever) bool {
			return l.Group == group || l.Name == name || matches(name, l.Name)
		})
		if len(s.Levers) == before && !slices.Contains([]string{Media, Brand, Sales}, group) {
			if _, err := s.plan.Fields(name); err != nil {
				return &Error{"keep", name, "there is no such lever", s.near(name, err)}
			}
		}
	}
	return nil
}

// started is a channel or medium that the plan has at 0 as it is started.
type started struct {
	usual   float64 // what it spends a week by itself, where the plan has none of its kind to go by
	regions float64 // how many times its key is spent: once, or where budgets are by region once in each that it covers
}

// start makes levers of what the plan has at 0 of a group: each multiple above 1 is a weekly budget, that of a channel
// or medium of the plan on average (0: none spends), else its usual one.
func (s *LeverSet) start(group string, average float64, t *plan.Timeline, charged []float64) {
	for i := range s.Levers {
		l := &s.Levers[i]
		at, ok := s.usual(l.Name)
		if l.Group != group || l.Spend > 0 || !ok {
			continue
		}
		weekly := average
		if weekly == 0 {
			weekly = at.usual
		}
		l.Starts, l.Low, l.High = weekly/at.regions, 1, 1+mostStarts
		l.budget = make([]float64, len(s.quarters))
		for step := range t.Steps() {
			l.budget[s.quarterOf(t.Date(step))] += float64(weekly * t.StepWeeks())
		}
		for _, share := range charged {
			l.after += float64(weekly * t.StepWeeks() * share)
		}
	}
}

// usual finds how a budget is started: of a channel with what half saturates it, of a medium with its reference.
func (s *LeverSet) usual(key string) (started, bool) {
	for i := range s.plan.Channels {
		if c := &s.plan.Channels[i]; key == "channels."+plan.JoinKey(c.Name)+".weekly_budget" {
			spends := c.SpendFactor(s.plan) // what a unit of its budget comes to in all regions
			return started{c.HalfSaturation * spends, spends}, c.HalfSaturation > 0 && spends > 0
		}
	}
	firms := make([]float64, len(s.plan.Population.Regions))
	for i, r := range s.plan.Population.Regions {
		firms[i] = r.Share
	}
	for i := range s.plan.Media {
		m := &s.plan.Media[i]
		if key != "media."+plan.JoinKey(m.Name)+".weekly_budget" {
			continue
		}
		one := plan.Split{Total: 1}
		if m.WeeklyBudget.Parts != nil {
			one = plan.Split{Parts: slices.Repeat([]float64{1}, len(m.WeeklyBudget.Parts))}
		}
		sum := func(x *plan.Split) (all float64) {
			for _, v := range m.ByRegion(x, s.plan, firms) {
				all += v
			}
			return all
		}
		out := started{sum(&m.ReferenceBudget), sum(&one)}
		return out, out.usual > 0 && out.regions > 0
	}
	return started{}, false
}

// none is the multiple at which a lever spends nothing.
func (l *Lever) none() float64 {
	if l.Starts > 0 {
		return 1
	}
	return 0
}

// Unit is what one multiple of a lever spends over the run.
func (l *Lever) Unit() float64 {
	if l.Starts == 0 {
		return l.Spend
	}
	sum := 0.0
	for _, usd := range l.budget {
		sum += usd
	}
	return sum
}

// isMoney says whether an end of bounds is an amount: it begins with the sign or the code of the plan's currency.
func (s *LeverSet) isMoney(end string) bool {
	_, ok := s.amount(end)
	return ok
}

// amount reads $40k, $1.2M, $1_000 or EUR 500.
func (s *LeverSet) amount(text string) (float64, bool) {
	in := currency.Of(s.plan.Run.Currency)
	rest, ok := strings.CutPrefix(text, strings.TrimRight(in.Symbol, "\u00a0"))
	if !ok {
		if rest, ok = strings.CutPrefix(text, in.Code); !ok {
			return 0, false
		}
	}
	rest, times := strings.ReplaceAll(strings.TrimSpace(rest), "_", ""), 1.0
	for suffix, factor := range map[string]float64{"k": 1e3, "M": 1e6, "B": 1e9} {
		if cut, ok := strings.CutSuffix(rest, suffix); ok {
			rest, times = cut, factor
			break
		}
	}
	x, err := strconv.ParseFloat(rest, 64)
	return x * times, err == nil && x >= 0 && !math.IsInf(x, 0)
}

// boundMoney bounds what the levers that a name means spend together over the run.
func (s *LeverSet) boundMoney(text, key, from, to string) error {
	low, _ := s.amount(from)
	high, ok := s.amount(to)
	switch {
	case !ok:
		return wrong("bounds", text, "two amounts are needed, such as %s=%s..%s", key, from, from)
	case low > high:
		return wrong("bounds", text, "the lower one comes first: %s=%s..%s", key, to, from)
	}
	b := groupBound{text: text, low: low, high: high}
	for i := range s.Levers[:s.keys] {
		l := &s.Levers[i]
		if l.Name == key || l.Group == key || key == "teams" && l.Group == Sales || matches(key, l.Name) {
			if l.Group == "" {
				return wrong("bounds", text, "%s spends nothing that an amount could bound", l.Name)
			}
			b.levers = append(b.levers, i)
		}
	}
	if len(b.levers) == 0 {
		return &Error{"bounds", text, key + " is no lever that spends", ""}
	}
	if i := b.levers[0]; len(b.levers) == 1 && len(s.quarters) == 1 {
		l := &s.Levers[i]
		l.Low, l.High = l.none()+low/l.Unit(), l.none()+high/l.Unit()
		return nil
	}
	s.caps = append(s.caps, b)
	return nil
}

// reachable says whether the levers of each group can spend what its bounds ask for.
func (s *LeverSet) reachable() error {
	for _, b := range s.caps {
		if s.together(b, s.moved(b, s.Plain(), 0)) > b.high+cent {
			return wrong("bounds", b.text, "with these levers at their lowest it is passed")
		}
		if s.together(b, s.moved(b, s.Plain(), math.Inf(1))) < b.low-cent {
			return wrong("bounds", b.text, "with these levers at their highest it is not reached")
		}
	}
	return nil
}

// cent is the amount by which a bound may be missed.
const cent = 0.005

// together is what the levers of a group spend.
func (s *LeverSet) together(b groupBound, x []float64) (sum float64) {
	for _, i := range b.levers {
		sum += s.SpendOn(i, x)
	}
	return sum
}

// Within is the plan nearest to x that keeps the bounds of groups: where one spends too much, or too little, all its
// levers give way by the same factor, as far as their own bounds allow.
func (s *LeverSet) Within(x []float64) []float64 {
	for _, b := range s.caps {
		switch sum := s.together(b, x); {
		case sum > b.high+cent:
			x = s.moved(b, x, s.factorFor(b, x, 0, 1, func(usd float64) bool { return usd <= b.high }))
		case sum < b.low-cent:
			x = s.moved(b, x, s.factorFor(b, x, most, 1, func(usd float64) bool { return usd >= b.low }))
		}
	}
	return x
}

// most is a factor by which every lever comes to its upper bound.
const most = 1e6

// factorFor finds the factor nearest to far, from near on, at which what a group spends is right.
func (s *LeverSet) factorFor(b groupBound, x []float64, near, far float64, right func(usd float64) bool) float64 {
	for range 80 {
		if mid := near + (far-near)/2; right(s.together(b, s.moved(b, x, mid))) {
			near = mid
		} else {
			far = mid
		}
	}
	return near
}

// moved multiplies what the levers of a group spend.
func (s *LeverSet) moved(b groupBound, x []float64, times float64) []float64 {
	out := slices.Clone(x)
	for _, i := range b.levers {
		l := &s.Levers[i]
		at := max(x[i]-l.none(), 1e-3) // what is at nothing can be begun
		if times <= 1 {
			at = x[i] - l.none()
		}
		out[i] = l.nearest(l.none() + min(at*times, l.High))
	}
	return out
}

// nearest is the multiple that a lever can take next to x: of a head-count a whole number of people.
func (l *Lever) nearest(x float64) float64 {
	x = min(max(x, l.Low), l.High)
	if l.Steps == nil {
		return x
	}
	return slices.MinFunc(l.Steps, func(a, b float64) int {
		switch d, e := math.Abs(a-x), math.Abs(b-x); {
		case d < e:
			return -1
		case d > e:
			return 1
		}
		return 0
	})
}
