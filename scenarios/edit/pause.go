package edit

import (
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// Pause stops what a plan spends on some media and channels.
type Pause struct {
	plan *plan.Plan
	keys []string // that it sets to 0
}

// NewPause reads what is paused: brand for all brand media, or names of media and of
// channels that have a budget; and the regions in which they pause, none for all. The
// error is an *Error.
func NewPause(p *plan.Plan, what, regions []string) (*Pause, error) {
	x := &Pause{plan: p.Clone()}
	var media, known []string
	for _, m := range p.Media {
		media = append(media, m.Name)
	}
	known = append(known, media...)
	for _, c := range p.Channels {
		if c.Driver == "budget" {
			known = append(known, c.Name)
		}
	}
	for _, name := range what {
		name = strings.TrimSpace(name)
		switch {
		case name == "brand" && len(media) == 0:
			return nil, wrong("what", "brand", "the scenario has no brand media")
		case name == "brand":
			for _, m := range media {
				x.keys = append(x.keys, mediumKey(m))
			}
		case slices.Contains(media, name):
			x.keys = append(x.keys, mediumKey(name))
		case slices.Contains(known, name):
			x.keys = append(x.keys, channelKey(name)+".weekly_budget")
		case slices.Contains(p.Dimension("channel"), name):
			return nil, wrong("what", name, "%s", unpaid(p, name))
		default:
			return nil, unknown("what", name, "there is no such medium or channel with a budget", append(known, "brand"))
		}
	}
	if len(regions) > 0 {
		if err := x.split(what, regions); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// unpaid says why a channel cannot be paused.
func unpaid(p *plan.Plan, name string) string {
	by := "live customers drive it"
	for i := range p.Channels {
		if p.Channels[i].Name == name && p.Channels[i].Driver == "brand" {
			by = "the brand drives it"
		}
	}
	return by + ", and it has no spend that could be paused"
}

func channelKey(name string) string { return "channels." + plan.JoinKey(name) }

func mediumKey(name string) string { return "media." + plan.JoinKey(name) + ".weekly_budget" }

// split puts what is spent in the regions asked for in place of whole budgets: of media their budgets there, of
// channels their factors.
func (x *Pause) split(what, regions []string) error {
	var keys []string
	for _, r := range regions {
		r = strings.TrimSpace(r)
		region := slices.Index(x.plan.Dimension("region"), r)
		if region < 0 {
			return unknown("regions", r, "there is no such region", x.plan.Dimension("region"))
		}
		for _, k := range x.keys {
			medium := slices.IndexFunc(x.plan.Media, func(m plan.Medium) bool { return k == mediumKey(m.Name) })
			if medium < 0 {
				c := slices.IndexFunc(x.plan.Channels, func(c plan.Channel) bool {
					return k == channelKey(c.Name)+".weekly_budget"
				})
				if x.plan.Channels[c].Reach.Region[region] > 0 {
					keys = append(keys, channelKey(x.plan.Channels[c].Name)+".region_spend."+plan.JoinKey(r))
				}
				continue
			}
			if !x.plan.Media[medium].Covers(x.plan, region) {
				continue
			}
			if err := model.SplitByRegion(x.plan, medium); err != nil {
				return wrong("regions", "", "%v", err)
			}
			keys = append(keys, k+"."+plan.JoinKey(r))
		}
	}
	if len(keys) == 0 {
		return wrong("regions", strings.Join(regions, ","), "nothing of %s covers it", strings.Join(what, ","))
	}
	x.keys = keys
	return nil
}

// Without is the plan without a pause, to set beside it: a copy, since a pause in some
// regions states its budgets by region, with and without the pause alike, so that both are
// equal to the bit until it begins.
func (x *Pause) Without() *plan.Plan { return x.plan }

// Plan is the plan with a pause from a day until the day after its last.
func (x *Pause) Plan(from, until plan.Date) *plan.Plan {
	c := x.plan.Final("pause", from, until)
	for _, k := range x.keys {
		c.Effects = append(c.Effects, plan.Effect{Key: k, Value: 0, Input: -1})
	}
	return x.plan.With(c)
}
