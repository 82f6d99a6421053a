package main

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios"
)

// This file has the rows on channels: what a lead costs, who becomes a customer,
// what brand media carry and how sign-ups follow the money.

const costNote = `Budget of a channel per lead, in the first year. The range is that of the rows, not that of
the fit ([calibration.md](calibration.md) allows two thirds to one and a half times a single number): a number
without a range is met when the simulated one rounds to it.`

// leadCost is the public cost of a lead of a channel.
type leadCost struct {
	channel, rows, public string
	low, high             float64
}

// Of docs/facts.md, sections 3 and 8.1.
var costPerLead = []leadCost{
	{"branded-search", "section 8.1", "$10-30 (clicks $1-3 at 10%)", 10, 30},
	{"paid-search", "C1, C7, C24", "$53-110", 53, 110},
	{"facebook", "C3", "$22-49", 22, 49},
	{"linkedin", "C24", "$75", 75, 75},
	{"display", "C4, C24", "$63-76", 63, 76},
	{"email", "C7, C24", "$53-55", 53, 55},
	{"direct-mail", "C7", "$51-54", 51, 54},
	{"seo-content", "C21, C24", "$31-164", 31, 164},
	{"webinars", "C24", "$72", 72, 72},
	{"review-sites", "C14", "under $100", 0, 100},
	{"outbound-calls", "C12", "$300-500", 300, 500},
	{"trade-shows", "C9, C24", "$96-1,100", 96, 1100},
}

// channelsOf names the channels of a shipped scenario.
func channelsOf(scenario string) []string {
	p, err := scenarios.Load(scenario)
	if err != nil {
		panic(err)
	}
	return p.Dimension("channel")
}

// leadCostsOf are the rows on the costs of a lead of the channels that a vendor has.
func leadCostsOf(id string, v vendorRuns, costs []leadCost) (out []finding) {
	has := channelsOf(v.scenario)
	for _, c := range costs {
		if slices.Contains(has, c.channel) {
			out = append(out, finding{id: idOf(id, c.channel, v.scenario), what: c.channel + ", $ per lead", rows: c.rows,
				public: c.public, in: span{c.low, c.high}, format: "%.0f", on: []setting{v.setting}, n: v.n,
				of: quotient(1, ofSlice("channel", c.channel, "media"), ofSlice("channel", c.channel, "leads"))})
		}
	}
	return out
}

func costRows() []finding {
	var out []finding
	for _, v := range sellers {
		out = append(out, leadCostsOf("lead", v, costPerLead)...)
	}
	share := func(channel string) func(*plan.Plan) float64 {
		return func(p *plan.Plan) float64 {
			return 100 * p.Channels[slices.Index(p.Dimension("channel"), channel)].RevenueShare
		}
	}
	return append(out,
		finding{id: "C13", what: "what partners get of the bill, %", rows: "C13", public: "10-15 for life",
			in: span{10, 15}, format: "%.0f", on: []setting{big}, file: share("partners")},
		finding{id: "C15", what: "what marketplaces get of the bill, %", rows: "C15", public: "15-25 (3-30)",
			in: span{15, 25}, format: "%.0f", on: []setting{big}, file: share("marketplaces")},
		finding{id: "C5", what: "podcasts, radio and television by listeners and viewers", rows: "C5",
			public: "$6.75-36 per thousand",
			later:  "a channel has touches and a medium has pressure, not an audience; no key is planned"},
		finding{id: "C20", what: "visitors that become leads, %", rows: "C20", public: "0.3-2.6",
			later: "there are no visits: the dictionary begins at the lead"},
		finding{id: "C40", what: "money that reaches a number of firms, whatever the size of the market",
			rows: "C35, C40", public: "-",
			later: "a property, not a number: it holds where `population.media_firms` says of how many firms a " +
				"half-saturation speaks, as in `scheduling` and `payroll`"},
	)
}

const leadNote = `A lead of the model is a firm that contacts the vendor, most of them for a trial; C16, C25 and V6
count marketing leads, of which many never meant to buy. Touches are those of the vendor's channels; a firm also
meets rivals, colleagues and its own memory, which the model does not count.`

func leadRows() []finding {
	touched := func(y *year) (touches float64) {
		for i := range y.trace.Leads {
			touches += float64(y.trace.Leads[i].Touches)
		}
		return touches
	}
	raised := func(y *year) float64 { return float64(len(y.trace.Leads)) }
	var out []finding
	for _, v := range sellers[1:3] {
		out = append(out, finding{id: idOf("T15", v.scenario), what: "touches before a firm becomes a lead", rows: "T15",
			public: "5-12 (mean 8)", in: span{5, 12}, format: "%.2f",
			on: []setting{v.traced()}, n: v.n, of: quotient(1, touched, raised),
			later: "only the vendor's own touches are counted, at " + "`touches_needed` 4 to 12 of weight 1 while a touch " +
				"weighs 1.5 to 3.5"})
		for _, c := range []struct {
			class, kind, public string
			low, high           float64
		}{{"1-4", "self-service", "2-5", 2, 5}, {"20-99", "inside-sold", "5-12", 5, 12}, {"100-499", "mid-market",
			"12-24", 12, 24}} {
			out = append(out, finding{id: idOf("T16", c.class, v.scenario),
				what: "the same, firms with " + c.class + " employees (" + c.kind + ")", rows: "T16", public: c.public,
				in:     span{c.low, c.high},
				format: "%.2f", on: []setting{v.traced()}, n: v.n, of: touchesOf(c.class)})
		}
	}
	return append(out, qualityRows()...)
}

// qualityRows are the rows on leads that become customers.
func qualityRows() []finding {
	const quality = "a lead here asks for a trial or a price; C16 and V7 count all who left an address. The order " +
		"holds, the level does not ([calibration.md](calibration.md))"
	var out []finding
	for _, v := range sellers {
		out = append(out, finding{id: idOf("C25", v.scenario), what: "leads that become customers, %", rows: "C25, V6",
			public: "1-3 (best 5-10)", in: span{1, 10}, format: "%.1f",
			on: []setting{v.setting}, n: v.n, of: quotient(100, outcome("won"), outcome("leads")),
			later: saidThere})
	}
	for _, c := range []struct {
		channel, kind string
		public        float64
	}{{"referrals", "referral", 3.63}, {"inbound", "website", 1.55}, {"facebook", "social", 1.47}, {"email",
		"e-mail campaign", 0.07}} {
		out = append(out, finding{id: idOf("C16", c.channel),
			what: "leads of " + c.channel + " that become customers, % (" + c.kind + ")", rows: "C16",
			public: number(c.public), in: exactly(c.public),
			format: "%.1f", on: []setting{big}, n: 4, of: quotient(100, ofSlice("channel", c.channel, "won"),
				ofSlice("channel", c.channel, "leads")), later: quality})
	}
	return append(out,
		finding{id: "C16 order", what: "the same, referrals over website", rows: "C16", public: "2.34", in: exactly(2.34),
			format: "%.2f",
			on:     []setting{big}, n: 4, of: referralsOverWebsite, later: quality},
		finding{id: "V5", what: "trials that become paying customers, %", rows: "V5",
			public: "15-25 (no card), 40-60 (card)",
			later: "the vendors of 2013 have no trial (`products.P.trial_days`, `trial_converts`), the self-service win rate " +
				"stands for it; `scheduling` has one, below"},
		finding{id: "V7 search", what: "leads of seo-content that become customers, % (organic search)", rows: "V7",
			public: "14-16", in: span{14, 16}, format: "%.1f", on: []setting{big}, n: 4, later: quality,
			of: quotient(100, ofSlice("channel", "seo-content", "won"), ofSlice("channel", "seo-content", "leads"))},
		finding{id: "V7 social", what: "leads of linkedin that become customers, % (social media)", rows: "V7",
			public: "1-2", in: span{1, 2}, format: "%.1f", on: []setting{big}, n: 4, later: quality,
			of: quotient(100, ofSlice("channel", "linkedin", "won"), ofSlice("channel", "linkedin", "leads"))},
	)
}

// referralsOverWebsite is how much more often a lead of referrals becomes a customer than one of inbound.
func referralsOverWebsite(s *sample) float64 {
	per := func(channel string) float64 {
		return quotient(1, ofSlice("channel", channel, "won"), ofSlice("channel", channel, "leads"))(s)
	}
	return per("referrals") / per("inbound")
}

// touchesOf is the mean number of touches before the leads of a size class.
func touchesOf(class string) func(*sample) float64 {
	return func(s *sample) float64 {
		p := s.plans[0]
		each := len(p.Population.Industries) * len(p.Population.Regions) // cells are numbered by size first
		size := slices.Index(p.Dimension("size"), class)
		of := func(count func(touches int) float64) func(*year) float64 {
			return func(y *year) (t float64) {
				for i := range y.trace.Leads {
					if y.trace.Leads[i].Cell/each == size {
						t += count(y.trace.Leads[i].Touches)
					}
				}
				return t
			}
		}
		return quotient(1, of(func(touches int) float64 { return float64(touches) }),
			of(func(int) float64 { return 1 }))(s)
	}
}

const haloNote = `The branded-search rows compare a run with one in which the channel has no budget, over the
same random numbers: its *incremental share* is the sign-ups lost without it, as a share of those that
it brings by last touch. The pause rows stop media on 1 October 2013 and look at the weeks named.`

// pauseOf are a vendor's runs with and without some media from 1 October 2013 on.
func pauseOf(base setting, media string) []setting {
	return []setting{base,
		base.over("changes.evidence.from = 2013-10-01\nchanges.evidence.set = {\"media." + media + ".weekly_budget\" = 0}")}
}

// channelSignups adds the sign-ups of channels over some weeks.
func channelSignups(from, to int, channels ...string) func(*year) float64 {
	return func(y *year) (t float64) {
		for _, c := range channels {
			t += y.span("signups."+c, from, to)
		}
		return t
	}
}

// withoutBranded are a vendor's runs with and without a budget for branded search.
func withoutBranded(s setting) []setting {
	return []setting{s, s.with("channels.branded-search.weekly_budget=0")}
}

// brandedIncrement is the share of the sign-ups of branded search by last touch that are missing without it, in per
// cent.
func brandedIncrement(s *sample) float64 {
	all := weeksOf("signups", 1, 52)
	return 100 * (s.sum(0, all) - s.sum(1, all)) / s.sum(0, channelSignups(1, 52, "branded-search"))
}

func haloRows() []finding {
	const small = "the row is of a brand that everybody knows; of a small one a tenth of the searches " +
		"would go elsewhere (`organic`, assumption)"
	var out []finding
	for _, v := range sellers {
		out = append(out, finding{id: idOf("C39", v.scenario),
			what: "branded search: incremental share of its sign-ups, %", rows: "C39", public: "0.5, no measurable gain",
			in: span{0, 0.5}, format: "%.1f",
			on: withoutBranded(v.setting), n: v.n, later: small, of: brandedIncrement})
	}
	return append(out, slices.Concat(pauseRows(), orderRows(), notYetRows())...)
}

// pauseRows are the rows on brand media that change.
func pauseRows() []finding {
	return []finding{
		{id: "B9", what: "elasticity of branded searching to television (sign-ups of the channel, second half-year)",
			rows: "B9", public: "0.17 (0.07-0.17)", in: span{0.07, 0.17}, format: "%.3f",
			on: []setting{big, big.with("media.television.weekly_budget*=1.1")}, n: 8, of: elasticityOf(1.1,
				channelSignups(27, 52, "branded-search")),
			later: "searches themselves are no outcome: `channels.C.captures`"},
		{id: "B12", what: "search and social without radio, weeks 3 to 8 of the pause, change of sign-ups, %",
			rows: "B12", public: "-13 to -17", in: span{-17, -13}, format: "%.1f",
			on: pauseOf(big.run(48), "radio"), n: 6, of: change(channelSignups(42, 47, "paid-search", "branded-search",
				"facebook",
				"linkedin"))},
		{id: "B11", what: "branded search without radio, weeks 3 to 8 of the pause, change of sign-ups, %", rows: "B11",
			public: "-22 (inverse of +29)", in: exactly(-22), format: "%.1f",
			on: pauseOf(big.run(48), "radio"), n: 6, of: change(channelSignups(42, 47, "branded-search")),
			later: "the row counts searches, not sign-ups"},
		{id: "pause", what: "all sign-ups without brand media, first two weeks, change, %", rows: "section 4.1",
			public: "-15 (a practitioner's statement)", in: exactly(-15), format: "%.1f",
			on: pauseOf(big.run(48), "*"), n: 12, of: change(weeksOf("signups", 40, 41))},
		{id: "pause won", what: "customers won without brand media, first two weeks, change, %", rows: "section 4.1",
			public: "-4 to -7 (derived from cycles)", in: span{-7, -4}, format: "%.1f",
			on: pauseOf(big.run(48), "*"), n: 12, of: change(weeksOf("won", 40, 41))},
	}
}

// orderRows are the rows on the order of halos.
func orderRows() []finding {
	var out []finding
	for _, c := range haloOrder {
		out = append(out, finding{id: idOf("halo", c.channel),
			what: c.channel + ": fall in four weeks of the pause, of the mean fall", rows: "section 8.1",
			public: number(c.halo), in: exactly(c.halo),
			format: "%.2f", on: pauseOf(big.run(48), "*"), n: 12, of: relativeFall(c.channel)})
	}
	return append(out,
		finding{id: "halo order",
			what: "pairs of channels that differ in section 8.1 by 0.1 or more and fall in that order, %",
			rows: "section 8.1", public: "100", in: exactly(100),
			format: "%.0f", on: pauseOf(big.run(48), "*"), n: 12, of: inOrder,
			later: "a channel of few sign-ups falls by a number that 12 pairs do not know well"})
}

// notYetRows are the rows on brand that have no number.
func notYetRows() []finding {
	return []finding{
		{id: "B8", what: "share of market after share of voice 10 points above it, points per year", rows: "B8",
			public: "+0.7", later: "rivals' media (`rivals.media_per_week`) give the share of voice and move nothing else"},
		{id: "B6", what: "weeks before forgetting starts", rows: "B6", public: "about 3",
			later: "stocks decay from the first day without spend (docs/model.md, section 4); no key is planned"},
		{id: "T14", what: "buyers with a list in mind before they search, %", rows: "T14", public: "80-90",
			later: "a firm keeps no list of vendors; awareness of the own brand is in it (`brand.awareness_max`)"},
	}
}

// haloOrder are the halos of section 8.1 of docs/facts.md, relative to the mean of the channels.
var haloOrder = []struct {
	channel string
	halo    float64
}{
	{"branded-search", 1.35}, {"seo-content", 1.1}, {"paid-search", 1}, {"email", 1}, {"direct-mail", 1}, {"referrals",
		1},
	{"linkedin", 0.9}, {"facebook", 0.9}, {"display", 0.9}, {"review-sites", 0.9}, {"webinars", 0.9}, {"podcasts", 0.9},
	{"marketplaces", 0.9}, {"outbound-calls", 0.9},
	{"affiliates", 0.8}, {"trade-shows", 0.8}, {"partners", 0.7},
}

// fall is the loss of a channel's sign-ups in the first four weeks of the pause.
func fall(s *sample, channel string) float64 { return -change(channelSignups(40, 43, channel))(s) }

// relativeFall is a channel's fall over the mean fall of all channels, each counted once.
func relativeFall(channel string) func(*sample) float64 {
	return func(s *sample) float64 {
		var all float64
		for _, c := range haloOrder {
			all += fall(s, c.channel)
		}
		return fall(s, channel) / (all / float64(len(haloOrder)))
	}
}

// inOrder is the share of pairs of channels that fall in the order of their halos, in per cent.
func inOrder(s *sample) float64 {
	var right, pairs float64
	falls := map[string]float64{}
	for _, c := range haloOrder {
		falls[c.channel] = fall(s, c.channel)
	}
	for i, a := range haloOrder {
		for _, b := range haloOrder[i+1:] {
			if a.halo-b.halo >= 0.0999 {
				pairs++
				if falls[a.channel] > falls[b.channel] {
					right++
				}
			}
		}
	}
	return 100 * right / pairs
}

const elasticityNote = `All media money, channels and brand, is a tenth higher from the first day on; the
elasticity is the logarithm of the ratio of sign-ups over that of the money. *Short* is weeks 1 to 8. *Long* is
the fifth year, when equity has reached nine tenths of what it can gain. C30 and C31 are means over hundreds of
studies of mostly consumer goods.`

// moreMedia are a vendor's runs as they are and with a tenth more money for all media.
func moreMedia(s setting) []setting {
	return []setting{s, s.with("channels.*.weekly_budget*=1.1", "media.*.weekly_budget*=1.1")}
}

func elasticityRows() []finding {
	short, long := elasticityOf(1.1, weeksOf("signups", 1, 8)), elasticityOf(1.1, weeksOf("signups", 209, 260))
	var out []finding
	for _, v := range []struct {
		setting
		n int
	}{{big, 4}, {metro, 200}, {town, 1000}} {
		five := moreMedia(ampleCash(v.run(260)))
		out = append(out,
			finding{id: idOf("C30 short", v.scenario), what: "elasticity of sign-ups to all media, short", rows: "C30",
				public: "0.12 (0.05-0.25)", in: span{0.05, 0.25}, format: "%.3f", on: five, n: v.n, of: short,
				later: saidThere},
			finding{id: idOf("C30 long", v.scenario), what: "the same, long", rows: "C30, C31", public: "0.24 and 0.41",
				in: span{0.24, 0.41}, format: "%.3f", on: five, n: v.n, of: long},
			finding{id: idOf("B5", v.scenario), what: "long over short", rows: "B5", public: "2 (1.5-2.5)",
				in: span{1.5, 2.5}, format: "%.2f", on: five, n: v.n, later: saidThere,
				of: func(s *sample) float64 { return long(s) / short(s) }})
	}
	return append(out, memoryRows()...)
}

// memoryRows are the rows on people in sales, cuts of media and bursts.
func memoryRows() []finding {
	cut := metro.run(104)
	fewer := cut.over("changes.first.from = 2013-01-01\nchanges.first.multiply = {\"channels.*.weekly_budget\" = " +
		"0.537, \"media.*.weekly_budget\" = 0.537}\n" +
		"changes.second.from = 2014-01-01\nchanges.second.multiply = {\"channels.*.weekly_budget\" = 0.42, " +
		"\"media.*.weekly_budget\" = 0.42}")
	burst := big.run(208)
	fourWeeks := burst.over("changes.burst.from = 2013-02-05\nchanges.burst.until = " +
		"2013-03-05\nchanges.burst.multiply = {\"channels.*.weekly_budget\" = 2, \"media.*.weekly_budget\" = 2}")
	return []finding{
		{id: "C32", what: "elasticity of customers won to people in sales", rows: "C32", public: "0.31-0.34",
			in: span{0.31, 0.34}, format: "%.3f",
			on: []setting{big, big.with("teams.*.people*=1.1")}, n: 8, of: elasticityOf(1.1, weeksOf("won", 14, 52)),
			later: "queues are short and self-service wins most customers, so more sellers wait for leads"},
		{id: "B13 first", what: "media cut by 46% for a year: customers won, change in the year, %", rows: "B13",
			public: "-14", in: exactly(-14), format: "%.1f",
			on: []setting{cut, fewer}, n: 60, of: change(weeksOf("won", 1, 52))},
		{id: "B13 second", what: "cut by 77% in the second: change in that year, %", rows: "B13", public: "-38",
			in: exactly(-38), format: "%.1f",
			on: []setting{cut, fewer}, n: 60, of: change(weeksOf("won", 53, 104)),
			later: "the row is of one medicine by mail in 1934-36, customers of old among the buyers"},
		{id: "B3", what: "weeks until 90% of what four weeks of double media bring is there", rows: "B3",
			public: "26-39 (6-9 months)", in: span{26, 39}, format: "%.0f",
			on: []setting{burst, fourWeeks}, n: 6, of: weeksUntil(0.9, 6)},
		{id: "B14", what: "months in which half of what comes after the burst is there", rows: "B14", public: "1.06",
			in: exactly(1.06), format: "%.2f",
			on: []setting{burst, fourWeeks}, n: 6, of: func(s *sample) float64 {
				return weeksUntil(0.5,
					10)(s) * 12 / plan.WeeksPerYear
			}},
		{id: "C35 salience", what: "salience that a week leaves, share", rows: "C35, C38", public: "0.3-0.8 (television)",
			in: span{0.3, 0.8}, format: "%.2f", on: []setting{big},
			file: func(p *plan.Plan) float64 { return math.Exp2(-1 / p.Brand.SalienceHalfLifeWeeks) }},
		{id: "C35 search", what: "adstock of paid search that a week leaves, share", rows: "C35, C38",
			public: "0-0.3 (digital)", in: span{0, 0.3}, format: "%.2f", on: []setting{big},
			file: func(p *plan.Plan) float64 {
				i := slices.Index(p.Dimension("channel"), "paid-search")
				return math.Exp2(-1 / p.Channels[i].AdstockHalfLifeWeeks)
			}},
		{id: "C33", what: "elasticity of sign-ups to word of mouth", rows: "C33", public: "0.53",
			later: "referrals follow the number of customers, whether they are content is not modelled (docs/model.md, " +
				"section 4)"},
		{id: "C34", what: "cross effects of channels as large as own effects", rows: "C34", public: "about 1",
			later: "channels act on each other through progress, `cross_channel_bonus` and awareness; no outcome splits " +
				"them"},
	}
}

// weeksUntil counts the weeks from a burst in week first until a share of its effect on sign-ups is there.
func weeksUntil(share float64, first int) func(*sample) float64 {
	return func(s *sample) float64 {
		weeks := s.plans[0].Run.Weeks
		extra := func(to int) float64 {
			f := weeksOf("signups", first, to)
			return s.sum(1, f) - s.sum(0, f)
		}
		all := extra(int(weeks))
		before := 0.0
		for w := first; w <= int(weeks); w++ {
			now := extra(w)
			if now >= share*all { // between the two week ends
				return float64(w-first) + (share*all-before)/(now-before)
			}
			before = now
		}
		return weeks
	}
}
