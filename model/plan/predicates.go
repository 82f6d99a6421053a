package plan

import (
	"slices"
	"strings"
)

// What a plan says in several of its numbers together.

// Aged says whether the hazard of death of the firms of a size class depends on their age.
func (z *Size) Aged() bool { return z.FirmDeathPerYear > 0 && z.DeathShape > 0 && z.DeathShape < 1 }

// ForAware says whether the channel touches only firms that know the brand.
func (c *Channel) ForAware() bool { return c.NeedsAwareness || c.Captures == "brand" }

// OrganicShare is the share of the searches not taken by the paid link that arrive all the same, and the
// position of the channel through which they do. A channel that is switched off receives nobody.
func (p *Plan) OrganicShare(c *Channel) (share float64, through uint8) {
	if c.Captures == "" || c.Organic == 0 {
		return 0, 0
	}
	at := slices.IndexFunc(p.Channels, func(x Channel) bool { return x.Name == c.FallsBackTo })
	if at < 0 || !p.Channels[at].Enabled {
		return 0, 0
	}
	return c.Organic, uint8(at)
}

// Acts says whether a channel can touch anyone: it is switched on, or firms search and some arrive
// without its paid link.
func (p *Plan) Acts(c *Channel) bool {
	if c.Enabled {
		return true
	}
	share, _ := p.OrganicShare(c)
	return share > 0
}

// HasRivals says whether some firm in market may choose a rival at some time.
func (p *Plan) HasRivals() bool {
	return p.Moves("triggers.*.rival_per_week") ||
		slices.ContainsFunc(p.Triggers, func(t Trigger) bool { return t.Enabled && t.RivalPerWeek > 0 })
}

// Forgets says whether the team may leave leads unanswered.
func (t *Team) Forgets() bool { return t.NeverAnswered > 0 || t.NeverAnsweredAtFullLoad > 0 }

// OffersFree says whether a plan has a product with a free plan.
func (p *Plan) OffersFree() bool {
	for i := range p.Products {
		if p.Products[i].FreePlan {
			return true
		}
	}
	return false
}

// OffersTrials says whether a plan may offer a trial or a free plan at some time.
func (p *Plan) OffersTrials() bool {
	effect := func(e Effect) bool { return strings.HasSuffix(e.Key, ".trial_days") }
	for i := range p.Products {
		if x := &p.Products[i]; x.TrialDays > 0 || x.FreePlan {
			return true
		}
	}
	return slices.ContainsFunc(p.Schedules, func(x Schedule) bool { return strings.HasSuffix(x.Key, ".trial_days") }) ||
		slices.ContainsFunc(p.Changes, func(x Change) bool { return slices.ContainsFunc(x.Effects, effect) }) ||
		slices.ContainsFunc(p.Shocks, func(x Shock) bool { return slices.ContainsFunc(x.Effects, effect) })
}
