package fit

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// ownKeys are the keys of which the interval that a plan gives is the prior of a kind: * is what it is of.
var ownKeys = map[Kind][]string{
	Level: {"channels", "*", "max_touches_per_week"}, Demand: {"channels", "*", "max_touches_per_week"},
	Response: {"channels", "*", "response"}, Saturation: {"channels", "*", "half_saturation"},
	Capture: {"channels", "*", "half_saturation"}, CarryOver: {"channels", "*", "adstock_half_life_weeks"},
	Halo: {"channels", "*", "halo"}, Salience: {"brand", "salience_half_life_weeks"},
	Equity: {"brand", "equity_half_life_weeks"}, Win: {"teams", "*", "win_rate"}, Real: {"channels", "*", "real"},
	Cycle: {"teams", "*", "cycle_days"},
	Churn: {"customers", "base_hazard"}, ChurnShape: {"customers", "weibull_shape"},
	Frailty: {"customers", "frailty_variance"},
	Seats:   {"products", "*", "adoption"}, Price: {"products", "*", "price"},
}

// fromPlan is the prior that a plan has of an unknown: the interval of the first uncertain number on which it acts, on
// the scale of the unknown, around the plan's number.
func fromPlan(p *plan.Plan, u *Unknown) (Prior, bool) {
	for i := range p.Inputs {
		in := &p.Inputs[i]
		segments, err := plan.SplitKey(in.Key)
		if err != nil || !owns(u, segments) {
			continue
		}
		scale := rng.Log
		if u.Kind == Win || u.Kind == Real {
			scale = func(x float64) float64 { return rng.Log(x / (1 - x)) }
		}
		low, high := in.Dist.Quantile(0.05), in.Dist.Quantile(0.95)
		if !(low > 0 && low < high) || high >= 1 && (u.Kind == Win || u.Kind == Real) {
			continue
		}
		sd := snap((scale(high) - scale(low)) / (2 * z95))
		if u.Kind == Capture {
			for c := range p.Channels {
				if p.Channels[c].Name == segments[1] {
					sd = snap(float64(sd * p.Channels[c].Shape))
				}
			}
		}
		if !(sd > 0) || math.IsInf(sd, 0) {
			continue
		}
		source := p.Origins[in.Key].Source
		if source == "" {
			source = "the plan"
		}
		return Prior{SD: sd, Source: source}, true
	}
	return Prior{}, false
}

// owns says whether a key, perhaps with an entry of a table behind it, is one on which the unknown acts.
func owns(u *Unknown, segments []string) bool {
	own := ownKeys[u.Kind]
	if len(segments) < len(own) {
		return false
	}
	for i, s := range own {
		if s != "*" && segments[i] != s || s == "*" && len(u.Of) > 0 && !slices.Contains(u.Of, segments[i]) {
			return false
		}
	}
	return true
}
