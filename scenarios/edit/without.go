package edit

import (
	"slices"
	"strings"

	"windfall/model/plan"
)

// AllMedia names all brand media together.
const AllMedia = "brand"

// CanGo names what a plan can be without: its channels that are there, brand, and its brand media.
func CanGo(p *plan.Plan) (channels, media []string) {
	for i := range p.Channels {
		if p.Channels[i].Enabled {
			channels = append(channels, p.Channels[i].Name)
		}
	}
	for i := range p.Media {
		if p.Media[i].Enabled {
			media = append(media, p.Media[i].Name)
		}
	}
	if len(media) > 0 {
		media = append([]string{AllMedia}, media...)
	}
	return channels, media
}

// Without is the plan without some channels and brand media from its first day on. A channel is switched off and not
// only left without budget: one that lives on customers, such as referrals, has none, and what was spent before the
// first day would go on. Of one that captures demand this closes the paid link: firms search on, and what arrives goes
// to the channel that it falls back to. Media have no budget any more; what they built before fades. The opening plan
// stays, so the plans begin alike. The error is an *Error.
func Without(p *plan.Plan, names ...string) (*plan.Plan, error) {
	q := p.Clone()
	if q.OpeningPlan == nil {
		q.OpeningPlan = plan.OpeningOf(p.Clone())
	}
	channels, media := CanGo(p)
	var silent []string
	for _, name := range names {
		switch {
		case slices.Contains(channels, name):
			i := slices.IndexFunc(q.Channels, func(c plan.Channel) bool { return c.Name == name })
			q.Channels[i].Enabled = false
		case slices.Contains(media, name):
			silent = append(silent, name)
		default:
			return nil, unknown("without", name, "there is no such channel or medium in the plan; there are "+
				strings.Join(slices.Concat(channels, media), ", "), slices.Concat(channels, media))
		}
	}
	if len(silent) == 0 {
		return q, nil
	}
	x, err := NewPause(q, silent, nil)
	if err != nil {
		return nil, err
	}
	return x.Plan(q.Run.Start, 0), nil
}
