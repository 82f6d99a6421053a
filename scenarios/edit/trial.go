package edit

import (
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// Trial moves what a plan spends on a channel, a brand medium or all of those, everywhere or in some regions, for as
// long as a test of it lasts.
type Trial struct {
	plan    *plan.Plan
	effects []plan.Effect
}

// NewTrial reads what is tested: brand for all brand media, or the name of a medium or of a channel that has a budget;
// the regions, none for everywhere; and the multiple of its spend that is spent there. The error is an *Error.
func NewTrial(p *plan.Plan, on string, regions []string, times float64) (*Trial, error) {
	t := &Trial{plan: p.Clone()}
	if _, err := NewPause(p, []string{on}, nil); err != nil {
		return nil, asPart(err, "on")
	}
	for _, r := range regions {
		if all := p.Dimension("region"); !slices.Contains(all, r) {
			return nil, unknown("regions", r, "there is no such region; there are "+strings.Join(all, ", "), all)
		}
	}
	if c := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == on }); c >= 0 && on != AllMedia &&
		!slices.ContainsFunc(p.Media, func(m plan.Medium) bool { return m.Name == on }) {
		return t, t.moveChannel(&p.Channels[c], regions, times)
	}
	return t, t.moveMedia(on, regions, times)
}

// asPart is an error of an edit about another part of what is asked.
func asPart(err error, part string) error {
	if e, ok := err.(*Error); ok {
		e.Part = part
	}
	return err
}

func (t *Trial) times(key string, x float64) {
	t.effects = append(t.effects, plan.Effect{Key: key, Multiply: true, Value: x, Input: -1})
}

// moveMedia moves the budgets of media, by region where only some are moved.
func (t *Trial) moveMedia(on string, regions []string, times float64) error {
	for i := range t.plan.Media {
		m := &t.plan.Media[i]
		switch {
		case !m.Enabled || on != AllMedia && m.Name != on:
		case len(regions) == 0:
			t.times(mediumKey(m.Name), times)
		default:
			if err := t.moveIn(i, regions, times); err != nil {
				return err
			}
		}
	}
	if len(t.effects) == 0 {
		return wrong("regions", strings.Join(regions, ","), "nothing of %s is spent there", on)
	}
	return nil
}

// moveIn moves the budget of a medium in those of the regions that it covers. It is stated by region whether or not
// it covers one of them, so that the plan without a test is the same for all sets of regions.
func (t *Trial) moveIn(medium int, regions []string, times float64) error {
	if err := model.SplitByRegion(t.plan, medium); err != nil {
		return wrong("regions", "", "%v", err)
	}
	for r, name := range t.plan.Dimension("region") {
		if !slices.Contains(regions, name) || !t.plan.Media[medium].Covers(t.plan, r) {
			continue
		}
		t.times(mediumKey(t.plan.Media[medium].Name)+"."+plan.JoinKey(name), times)
	}
	return nil
}

// moveChannel moves the budget of a channel, everywhere or by its factors in some regions.
func (t *Trial) moveChannel(c *plan.Channel, regions []string, times float64) error {
	key := "channels." + plan.JoinKey(c.Name) + "."
	switch {
	case !c.Enabled:
		return wrong("on", c.Name, "the channel is switched off in this plan")
	case len(regions) == 0:
		t.times(key+"weekly_budget", times)
		return nil
	}
	for r, name := range t.plan.Dimension("region") {
		if slices.Contains(regions, name) && c.Reach.Region[r] > 0 {
			t.times(key+"region_spend."+plan.JoinKey(name), times)
		}
	}
	if len(t.effects) == 0 {
		return wrong("regions", strings.Join(regions, ","), "%s reaches nobody there", c.Name)
	}
	return nil
}

// NewHoldout holds a share of firms out of a channel that addresses firms one by one: what it spends falls by as much,
// at a price level that is lower by as much, so that the others see what they saw. The error is an *Error.
func NewHoldout(p *plan.Plan, on string, share float64) (*Trial, error) {
	t := &Trial{plan: p.Clone()}
	if _, err := NewPause(p, []string{on}, nil); err != nil {
		return nil, asPart(err, "on")
	}
	i := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == on })
	switch {
	case i < 0:
		return nil, wrong("on", on, "brand media address no single firm; a channel with a budget can hold firms out")
	case !p.Channels[i].Enabled:
		return nil, wrong("on", on, "the channel is switched off in this plan")
	case p.Channels[i].Captures != "":
		return nil, wrong("on", on, "it captures searches, which firms make by themselves: none can be held out")
	case p.Channels[i].Holdout > 0:
		return nil, wrong("on", on, "the channel holds firms out already (holdout)")
	}
	key := channelKey(on) + "."
	t.effects = append(t.effects, plan.Effect{Key: key + "holdout", Value: share, Input: -1})
	t.times(key+"weekly_budget", 1-share)
	t.times(key+"cost_multiplier", 1-share)
	return t, nil
}

// Without is the plan without a test, to set beside it: a copy, since a test in some regions states the budgets of
// media by region, with and without the test alike.
func (t *Trial) Without() *plan.Plan { return t.plan }

// Plan is the plan with the spend moved in some spans of time, each from a day until the day after its last; until 0:
// for good.
func (t *Trial) Plan(spans ...[2]plan.Date) *plan.Plan {
	out := t.plan
	for _, s := range spans {
		c := out.Final("test", s[0], s[1])
		c.Effects = t.effects
		c.Layer = t.plan.Final("test", 0, 0).Layer
		out = out.With(c)
	}
	return out
}

// Treatable are the regions in which something of what is tested is spent.
func Treatable(p *plan.Plan, on string) (names []string) {
	for r, name := range p.Dimension("region") {
		spent := slices.ContainsFunc(p.Media, func(m plan.Medium) bool {
			return m.Enabled && (on == AllMedia || m.Name == on) && m.Covers(p, r)
		}) || slices.ContainsFunc(p.Channels, func(c plan.Channel) bool {
			return c.Enabled && c.Name == on && c.Reach.Region[r] > 0
		})
		if spent {
			names = append(names, name)
		}
	}
	return names
}
