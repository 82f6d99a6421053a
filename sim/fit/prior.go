package fit

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/sim/fit/learned"
)

// ownKeys are the keys of which the interval that a plan gives is the prior of a kind: * is what it is of.
var ownKeys = map[learned.Kind][]string{
	learned.Level: {"channels", "*", "max_touches_per_week"}, learned.Demand: {"channels", "*", "max_touches_per_week"},
	learned.Response: {"channels", "*", "response"}, learned.Saturation: {"channels", "*", "half_saturation"},
	learned.Capture: {"channels", "*", "half_saturation"}, learned.CarryOver: {"channels", "*", "adstock_half_life_weeks"},
	learned.Halo: {"channels", "*", "halo"}, learned.Salience: {"brand", "salience_half_life_weeks"},
	learned.Equity: {"brand", "equity_half_life_weeks"}, learned.Win: {"teams", "*", "win_rate"},
	learned.Real:  {"channels", "*", "real"},
	learned.Cycle: {"teams", "*", "cycle_days"},
	learned.Churn: {"customers", "base_hazard"}, learned.ChurnShape: {"customers", "weibull_shape"},
	learned.Frailty: {"customers", "frailty_variance"},
	learned.Seats:   {"products", "*", "adoption"}, learned.Price: {"products", "*", "price"},
}

// fromPlan is the prior that a plan has of an unknown: the interval of the first uncertain number on which it acts, on
// the scale of the unknown, around the plan's number.
func fromPlan(p *plan.Plan, u *learned.Unknown) (learned.Prior, bool) {
	for i := range p.Inputs {
		in := &p.Inputs[i]
		segments, err := plan.SplitKey(in.Key)
		if err != nil || !owns(u, segments) {
			continue
		}
		scale := rng.Log
		if u.Kind == learned.Win || u.Kind == learned.Real {
			scale = func(x float64) float64 { return rng.Log(x / (1 - x)) }
		}
		low, high := in.Dist.Quantile(0.05), in.Dist.Quantile(0.95)
		if !(low > 0 && low < high) || high >= 1 && (u.Kind == learned.Win || u.Kind == learned.Real) {
			continue
		}
		sd := snap((scale(high) - scale(low)) / (2 * learned.Reach90))
		if u.Kind == learned.Capture {
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
		return learned.Prior{SD: sd, Source: source}, true
	}
	return learned.Prior{}, false
}

// owns says whether a key, perhaps with an entry of a table behind it, is one on which the unknown acts.
func owns(u *learned.Unknown, segments []string) bool {
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
