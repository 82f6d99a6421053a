package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
)

const switchedOff = "is switched off"

// idle says why no number that a key names can do anything in a plan, or "".
func idle(p *plan.Plan, key string) (reason string) {
	fields, err := p.Fields(key)
	if err != nil {
		return ""
	}
	for _, f := range fields {
		why := idleField(p, f)
		if why == "" {
			return ""
		}
		reason = why
	}
	return reason
}

func idleField(p *plan.Plan, f plan.Field) string {
	segs, err := plan.SplitKey(f.Key)
	if err != nil || f.Param.Kind != "number" {
		return ""
	}
	if why := unanswered(p, f); why != "" {
		return why
	}
	last := segs[len(segs)-1]
	tables := []string{"half_saturation", "reach", "season", "region_spend"} // by class, region or month
	for _, kind := range append(tables, speedKeys...) {
		if slices.Contains(segs, kind) {
			last = kind
		}
	}
	belongs := func(thing, word, is string, of map[string]string) string {
		if want := of[last]; want != "" && want != is {
			return fmt.Sprintf("%s has %s = %q; the key belongs to %q", thing, word, is, want)
		}
		return ""
	}
	off := func(enabled bool, what string) string {
		if enabled {
			return ""
		}
		return fmt.Sprintf("%s %s %s", what, segs[1], switchedOff)
	}
	switch segs[0] {
	case "economy":
		if (last == "expansion_months" || last == "recession_months") && p.Economy.Regime != "random" {
			return `economy.regime is "scripted"; the key belongs to "random"`
		}
	case "customers":
		if segs[1] == "seat_growth_per_year" && perFirm(p, f.Entry) {
			return "products have a price per firm"
		}
	case "media":
		for i := range p.Media {
			if m := &p.Media[i]; m.Name == segs[1] {
				return off(m.Enabled, "the medium")
			}
		}
	case "products":
		for i := range p.Products {
			x := &p.Products[i]
			switch {
			case x.Name != segs[1]:
			case !x.Enabled:
				return off(false, "product")
			case last == "adoption" && x.PricePer == plan.PerFirm:
				return "the product has price_per = \"firm\"; the key belongs to \"seat\""
			default:
				return idleContract(p, x, last)
			}
		}
	case "triggers":
		for i := range p.Triggers {
			t := &p.Triggers[i]
			if t.Name != segs[1] {
				continue
			}
			if !t.Enabled {
				return off(false, "trigger kind")
			}
			return belongs("the trigger", "kind", t.Kind,
				map[string]string{"rate_per_year": "event", "life_years": "ageing", "employees": "threshold",
					"growth_scale": "threshold"})
		}
	case "channels":
		for i := range p.Channels {
			c := &p.Channels[i]
			switch {
			case c.Name != segs[1]:
				continue
			case !c.Enabled &&
				!(searches(p, c) && slices.Contains([]string{"organic", "max_touches_per_week", "season", "response", "weight",
					"halo", "reach"}, last)):
				return off(false, "channel")
			case last == "organic" && c.Captures == "":
				return "the channel captures nothing"
			case last == "organic" && c.FallsBackTo == "":
				return "the channel names no falls_back_to"
			case last == "region_spend" && f.Entry >= 0 && unreachedIn(p, c, f.Entry):
				return "the channel reaches nobody there (reach.region is 0)"
			case last == "holdout" && c.Captures != "":
				return "the channel captures searches, which firms make by themselves"
			case last == "targeting_cost" && len(c.Targets) == 0:
				return "the channel has no targets"
			}
			return belongs("the channel", "driver", c.Driver,
				map[string]string{"weekly_budget": "budget", "monthly_budget": "budget", "half_saturation": "budget",
					"shape": "budget", "adstock_half_life_weeks": "budget", "region_spend": "budget", "holdout": "budget",
					"cost_multiplier": "budget", "half_saturation_equity": "brand", "half_saturation_customers": "customers"})
		}
	case "teams":
		for i := range p.Teams {
			t := &p.Teams[i]
			if t.Name != segs[1] {
				continue
			}
			if !t.Enabled {
				return off(false, "team")
			}
			if t.Kind != "people" && slices.Contains(peopleKeys, last) {
				return fmt.Sprintf("the team has kind = %q; the key belongs to \"people\"", t.Kind)
			}
			if last == "screening_share" && !slices.ContainsFunc(p.Channels, func(c plan.Channel) bool {
				return c.Enabled && mayBeUnreal(p, &c)
			}) {
				return "every lead is real: no channel has real below 1"
			}
			return belongs("the team", "speed", t.Speed, speedOf(t, last))
		}
	}
	return ""
}

// perFirm says whether a size class has prices per firm; below 0: whether all classes have.
func perFirm(p *plan.Plan, size int) bool {
	for s := range p.Population.Sizes {
		if (size < 0 || s == size) && !p.PerFirm(s) {
			return false
		}
	}
	return true
}

// peopleKeys are the keys of a team that act on people alone, speedKeys those of the ways in which waiting lowers
// the chance to win.
var (
	peopleKeys = []string{"people", "opportunities_per_week", "screening_share", "pay_per_year",
		"ramp_start", "ramp_weeks", "hire_when_load_above", "hire_step", "lead_time_weeks",
		"open_hour", "close_hour", "business_days", "never_answered", "never_answered_at_full_load"}
	speedKeys = []string{"speed_half_life_hours", "speed_slow_share", "speed_slow_half_life_hours", "speed_scale_hours",
		"speed_power"}
)

// speedOf says to which speed a key of a team belongs; one half-life is part of two.
func speedOf(t *plan.Team, key string) map[string]string {
	of := map[string]string{"speed_half_life_hours": "half-life", "speed_slow_share": "two",
		"speed_slow_half_life_hours": "two", "speed_scale_hours": "power", "speed_power": "power"}
	if key == "speed_half_life_hours" && t.Speed == "two" {
		return nil
	}
	return of
}

// mayBeUnreal says whether leads of a channel come to be not real: in the plan, or by a date, a draw or a shock.
func mayBeUnreal(p *plan.Plan, c *plan.Channel) bool {
	return c.Real < 1 || slices.Contains(p.Moved("channels.*.real"), "channels."+plan.JoinKey(c.Name)+".real")
}

// move is a number that a dated change or shock moves: where, as it is named there, and its key.
type move struct {
	n         *node
	name, key string
}

// checkMoves reports keys of dated changes and shocks that cannot do anything in the whole plan: a problem if
// the file that was asked for or the command line says so, else a warning, and so too of
// things that are only switched off.
func (b *builder) checkMoves() {
	for _, m := range b.moved {
		switch why := idle(b.plan, m.key); {
		case why == "" || b.oneOfSeveral && isOverride(m):
		case !strings.HasSuffix(why, switchedOff) && (m.n.file == SetPlace || m.n.file == b.main):
			b.fail(m.n, m.name, "does nothing: %s", why)
		default:
			b.warn(m.n, m.name, "does nothing: %s", why)
		}
	}
}

// isOverride says whether a move is that of an override KEY*=VALUE.
func isOverride(m move) bool {
	_, ok := leverKey(m.name)
	return ok
}

// IdleIn says why an override KEY=VALUE or KEY*=VALUE can do nothing in any of some plans, or "".
func IdleIn(set string, plans ...*plan.Plan) (why string) {
	key, _, _ := strings.Cut(set, "=")
	key = strings.TrimSuffix(strings.TrimSpace(key), "*")
	for _, p := range slices.Backward(plans) {
		if why = idle(p, key); why == "" {
			return ""
		}
	}
	return why
}

// checkOverrides reports overrides that cannot do anything, as they were written.
func (b *builder) checkOverrides(n *node, path []string) {
	for _, k := range n.order {
		kid, here := n.kids[k], append(slices.Clone(path), k)
		switch {
		case len(path) == 0 && slices.Contains(otherTables, k):
		case kid.kind == table && !kid.isDist():
			b.checkOverrides(kid, here)
		default:
			key := plan.JoinKey(here...)
			if why := idle(b.plan, key); why != "" {
				b.fail(kid, key, "does nothing: %s", why)
			} else if c := setsAgain(b.plan, key); c != nil {
				b.note(key, "holds until %s only, when changes.%s sets it again; "+
					"a multiple (*=1.5, or x0.5..x2 with --vary) acts on every value", c.From, c.Name)
			}
		}
	}
}

// setsAgain is the first dated change that sets a number of an overridden key to another value, or nil.
func setsAgain(p *plan.Plan, key string) *plan.Change {
	mine, _, err := p.Numbers(key)
	if err != nil {
		return nil
	}
	var first *plan.Change
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Layer > 0 || first != nil && c.From >= first.From {
			continue
		}
		for _, e := range c.Effects {
			theirs, _, err := p.Numbers(e.Key)
			if err == nil && !e.Multiply && slices.ContainsFunc(theirs, func(x *float64) bool {
				return slices.Contains(mine, x)
			}) {
				first = c
			}
		}
	}
	return first
}

// checkOpeningKeys reports keys that act through the opening state alone, which is that
// of another plan.
func (b *builder) checkOpeningKeys() {
	p, o := b.plan, b.plan.OpeningPlan
	for _, d := range diff(firstDay(p), firstDay(o), "") {
		segs, err := plan.SplitKey(d.Key)
		if err != nil {
			continue
		}
		pattern, ok := patternOf(segs)
		n := b.at(d.Key)
		if !ok || !shapesOpening(pattern) || d.A == "" || n != nil && n.file == SetPlace {
			continue
		}
		b.report(n, d.Key, clip(d.A), fmt.Sprintf("does nothing: the state on the first day is that of the opening plan "+
			"%s, where it is %s; write plan = %q in [opening], or leave it out",
			o.Name, clip(orNone(d.B)), p.Name), "")
	}
}

func orNone(s string) string {
	if s == "" {
		return "not set"
	}
	return s
}

// unreachedIn says whether a channel reaches nobody in a region on any day of the run.
func unreachedIn(p *plan.Plan, c *plan.Channel, region int) bool {
	for _, q := range p.During() {
		for i := range q.Channels {
			if q.Channels[i].Name == c.Name && q.Channels[i].Reach.Region[region] > 0 {
				return false
			}
		}
	}
	return true
}
