package company

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
)

// teams writes who sells.
func (b *planner) teams() {
	for _, t := range b.Teams {
		b.w.table("teams", t.Name)
		b.w.set("kind", fmt.Sprintf("%q", t.Kind), own)
		if len(t.Sizes) > 0 {
			b.w.set("sizes", list(b.served(t.Sizes)), own)
		}
		if len(t.Channels) > 0 {
			b.w.set("channels", list(t.Channels), own)
		} else if b.rivalsOf(t) > 1 {
			b.w.set("share", by(b.Market.Plan.Population.Sizes, func(s plan.Size) (string, string) {
				return s.Name, digits(1 / float64(max(1, b.serving(s.Name))))
			}), "assumption (teams of a size class share its sign-ups evenly)")
		}
		rate, source := b.winRate(t)
		b.w.set("win_rate", fmt.Sprintf(`"%s to %s"`, digits(0.6*rate), digits(min(0.95, 1.6*rate))), source)
		b.w.set("cycle_days", spread(max(t.CycleDays.Value, 0.5), Range{0.6, 1.7}), t.CycleDays.Source)
		if t.Kind != "people" {
			continue
		}
		slower := b.people(t) // than in the whole market
		if t.PayPerYear.Known() {
			b.w.set("pay_per_year", digits(t.PayPerYear.Value), t.PayPerYear.Source)
		}
		each, source := t.DealsPerMonth.Value*12/plan.WeeksPerYear/b.netWinRate(t), t.DealsPerMonth.Source
		if came := b.cameToEach(t); came > each {
			each, source = came, ownHistory+" (they answered what came)"
		}
		b.w.set("opportunities_per_week", digits(each*slower), source)
		if slower != 1 {
			b.w.set("speed_half_life_hours", digits(24/slower), "T20 (in the slower time of a part of the market)")
		}
	}
}

// rivalsOf counts the teams that share the sign-ups of a team's classes, itself among them.
func (b *planner) rivalsOf(t Team) (n int) {
	for _, x := range b.Teams {
		if len(x.Channels) > 0 {
			continue
		}
		if len(t.Sizes) == 0 || len(x.Sizes) == 0 ||
			slices.ContainsFunc(t.Sizes, func(s string) bool { return slices.Contains(x.Sizes, s) }) {
			n++
		}
	}
	return max(n, 1)
}

// serving counts the teams without channels of their own that serve a size class.
func (b *planner) serving(size string) (n int) {
	for _, t := range b.Teams {
		if len(t.Channels) == 0 && (len(t.Sizes) == 0 || slices.Contains(b.served(t.Sizes), size)) {
			n++
		}
	}
	return n
}

// winRate is the chance to win a sign-up that no rival takes and that can pay, which is what a plan has. What the
// company says and what its history shows is what is left after these two.
func (b *planner) winRate(t Team) (float64, string) {
	rate, source := b.netWinRateOf(t)
	if source == "S12" || source == "V5; assumption" { // of opportunities that were decided
		return rate, source
	}
	const pays = 0.9 // at twice the price in the middle
	rival := 0.
	if b.Demand.EveryYears.Known() {
		rival = 0.8 / b.Demand.WeeksToDecide.Value
	}
	return min(0.8, rate/pays/math.Exp(-rival*t.CycleDays.Value/plan.DaysPerWeek)),
		source + ", without what rivals take"
}

// netWinRate is the part of the sign-ups that is won.
func (b *planner) netWinRate(t Team) float64 {
	rate, _ := b.netWinRateOf(t)
	return rate
}

// netWinRateOf also says where it is from: the company, its history, or a benchmark.
func (b *planner) netWinRateOf(t Team) (float64, string) {
	if t.WinRate.Known() {
		return t.WinRate.Value, t.WinRate.Source
	}
	signups, won := b.signups(), 0.
	if b.History.Won != nil {
		won, _ = Sum(b.History.Won)
	}
	if signups > 0 && won > 0 {
		return min(0.8, max(0.02, won/signups)), ownHistory + " (customers won per sign-up)"
	}
	if t.Kind == "web" {
		return 0.25, "V5; assumption"
	}
	return 0.2, "S12"
}

// signups are those of the history, of channels that count leads alone the real ones among them.
func (b *planner) signups() (sum float64) {
	for _, ch := range b.Channels {
		h, k := b.History.Channel(ch.Name), kindOf(ch)
		if h == nil {
			continue
		}
		s, n := Sum(h.Signups)
		if n == 0 {
			l, _ := Sum(h.Leads)
			s = l * k.Real
		}
		sum += s
	}
	return sum
}

func kindOf(ch Channel) Kind {
	k, _ := KindOf(ch.Kind)
	return k
}
