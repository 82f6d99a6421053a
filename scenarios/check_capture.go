package scenarios

import (
	"slices"

	"windfall/model/plan"
)

// checkCapture looks at what a channel captures and where its searches fall back to.
func (b *builder) checkCapture(c *plan.Channel, key string) {
	if c.Captures == "" {
		const nothing = "does nothing: the channel captures nothing; write captures = \"brand\" or \"category\", or " +
			"leave it out"
		if c.Organic > 0 {
			b.note(key+".organic", nothing)
		}
		if c.FallsBackTo != "" {
			b.note(key+".falls_back_to", nothing)
		}
		return
	}
	switch {
	case c.Driver != "budget":
		b.wrong(key+".captures", "spend decides which share of the searches the paid link takes, and a channel driven by "+
			"%s has none; write driver = \"budget\"", c.Driver)
	case len(c.Targets) > 0:
		b.wrong(key+".targets", "firms search whether or not their event can be seen from outside; leave out targets, or "+
			"captures")
	case c.Captures == "category" && c.NeedsAwareness:
		b.wrong(key+".needs_awareness", "who searches for the category need not know the brand; write captures = "+
			"\"brand\", or needs_awareness = false")
	}
	b.checkFallsBack(c, key)
}

// checkFallsBack looks at the channel through which searches arrive that the paid link does not take.
func (b *builder) checkFallsBack(c *plan.Channel, key string) {
	p := b.plan
	if c.FallsBackTo == "" {
		if c.Organic > 0 || b.scheduled(key+".organic") {
			b.wrong(key+".falls_back_to", "is missing: organic searches arrive through a free channel; name one that brand or "+
				"customers drive, such as inbound")
		}
		return
	}
	at := slices.IndexFunc(p.Channels, func(x plan.Channel) bool { return x.Name == c.FallsBackTo })
	switch {
	case at < 0:
		n := b.at(key + ".falls_back_to")
		b.report(n, key+".falls_back_to", quote(c.FallsBackTo), "unknown channel",
			plan.Nearest(c.FallsBackTo, p.Dimension("channel")))
	case c.FallsBackTo == c.Name:
		b.wrong(key+".falls_back_to", "a search that the paid link does not take cannot come back to it; name a free "+
			"channel that brand or customers drive")
	case p.Channels[at].Driver == "budget":
		b.wrong(key+".falls_back_to", "channel %s has a budget of its own; name a free channel that brand or customers drive",
			c.FallsBackTo)
	case !p.Channels[at].Enabled:
		b.note(key+".falls_back_to", "channel %s %s: no search arrives without the paid link", c.FallsBackTo, switchedOff)
	case c.Organic == 0 && !b.scheduled(key+".organic") && !b.uncertain(key+".organic") && b.constant(key+".organic"):
		b.note(key+".falls_back_to", "does nothing while organic is 0: what the paid link does not take is lost")
	case !c.Enabled && c.Organic > 0 && c.MaxTouchesPerWeek > 0:
		b.note(key+".enabled", "closes the paid link; firms go on searching and %s of the searches arrive through %s "+
			"(max_touches_per_week = 0 ends the searches)", percent(c.Organic), c.FallsBackTo)
	}
}

// percent writes a share.
func percent(x float64) string { return short(100*x) + "%" }

// searches says whether firms arrive through a channel that is switched off: it captures, and organic
// searches go on.
func searches(p *plan.Plan, c *plan.Channel) bool {
	return c.Captures != "" && c.Organic > 0 && slices.ContainsFunc(p.Channels,
		func(x plan.Channel) bool { return x.Name == c.FallsBackTo && x.Enabled })
}

// receives says whether leads of a size class may come through a channel: it touches, or takes in searches of
// another.
func receives(p *plan.Plan, c *plan.Channel, size int) bool {
	if !c.Enabled {
		return false
	}
	touches := func(x *plan.Channel) bool { return x.MaxTouchesPerWeek > 0 && x.Reach.Size[size] > 0 }
	return touches(c) || slices.ContainsFunc(p.Channels, func(x plan.Channel) bool {
		return x.FallsBackTo == c.Name && searches(p, &x) && touches(&x)
	})
}

// noteMediaFirms says what media are taken to reach where the number of firms is not the one that the file
// states it for, or does not stand still.
func (b *builder) noteMediaFirms() {
	p := b.plan
	if len(p.Channels)+len(p.Media) == 0 {
		return
	}
	firms, stated := p.Population.Firms, p.Population.MediaFirms
	at, what := "", ""
	switch {
	case b.uncertain("population.firms") && b.drawnAround(stated):
		return // the file says what its money is for, and draws the number of firms around it
	case b.uncertain("population.firms"):
		at, what = "population.firms", "the number of firms is drawn"
	case p.Population.GrowthPerYear != 0 || p.Moves("population.growth_per_year"):
		at, what = "population.growth_per_year", "the number of firms moves"
	case stated > 0 && firms != stated:
		at, what = "population.media_firms", "the market has "+plan.FormatNumber(firms)+" firms"
	case !(stated > 0) && b.outgrown():
		at, what = "population.firms", "the half-saturations are those of another file's market"
	default:
		return
	}
	if stated > 0 {
		b.note(at, "%s: the file's money and touch rates are for %s (population.media_firms), and the same money or live "+
			"customers reach the same number of firms, at most all",
			what, plan.FormatNumber(stated))
		return
	}
	b.note(at, "%s: money and live customers reach a share of the firms however many there are, so that twice the firms "+
		"see twice the advertising for the same money; population.media_firms = N, the firms that half-saturations and "+
		"touch rates are for, makes it a number of firms", what)
}

// drawnAround says whether the number of firms that media reach is stated and lies in the 90% interval of the
// number of firms.
func (b *builder) drawnAround(stated float64) bool {
	return slices.ContainsFunc(b.plan.Inputs, func(in plan.Input) bool {
		return in.Key == "population.firms" && in.Dist.Quantile(0.05) <= stated && stated <= in.Dist.Quantile(0.95)
	})
}

// outgrown says whether the number of firms was set above a half-saturation: by the command line over a file,
// or by the file over one that it extends.
func (b *builder) outgrown() bool {
	const firms = "population.firms"
	above := func(key string) bool { return b.places[key] != nil && b.layer(key) < b.layer(firms) }
	for i := range b.plan.Channels {
		c := &b.plan.Channels[i]
		key := "channels." + plan.JoinKey(c.Name)
		if c.Enabled && (c.Driver == "budget" && above(key+".half_saturation") || c.Driver == "customers" &&
			above(key+".half_saturation_customers")) {
			return true
		}
	}
	return slices.ContainsFunc(b.plan.Media, func(m plan.Medium) bool {
		return m.Enabled && above("media."+plan.JoinKey(m.Name)+".half_saturation")
	})
}
