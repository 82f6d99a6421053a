package main

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios"
)

// This file holds a vendor to the record as a whole: what a fit by eye of single numbers would miss.

// runs are how many replications stand behind the rows that compare two runs of a vendor; none: it has no such rows.
type runs struct {
	short, long, pause, other int
}

func (r runs) String() string {
	return fmt.Sprintf("%d pairs for the elasticity of the fifth year, %d for that of the first weeks and branded "+
		"search, "+
		"%d for the pause, %d replications or pairs for the rest; errors by the jackknife.", r.long, r.short, r.pause,
		r.other)
}

// ofC16 are the channels of a kind of lead, with what C16 says becomes a customer, in its order.
var ofC16 = []struct {
	kind, key string
	public    float64
	channels  []string
}{
	{"referrals", "c16-referrals", 3.63, []string{"referrals"}},
	{"the website", "c16-website", 1.55, []string{"inbound"}},
	{"social media", "c16-social", 1.47, []string{"facebook", "linkedin"}},
	{"e-mail campaigns", "c16-email", 0.07, []string{"email"}},
	{"lists", "c16-lists", 0.02, []string{"direct-mail"}},
}

// ofChannels adds a number of the slices of some channels.
func ofChannels(channels []string, column string) func(*year) float64 {
	return func(y *year) (t float64) {
		for _, c := range channels {
			t += y.slice("channel", c, column)
		}
		return t
	}
}

// recordOf are the rows that hold a vendor to the record as a whole.
func recordOf(v *vendor) []finding {
	p, err := scenarios.Load(v.name)
	if err != nil {
		panic(err)
	}
	one := setting{scenario: v.name, weeks: 52}
	return slices.Concat(v.leadRecord(p, one), v.replyRecord(one), v.mediaRecord(one), v.pauseRecord(p, one),
		v.priceRecord(one), v.worthRecord(p))
}

// leadRecord has the rows on leads that become customers.
func (v *vendor) leadRecord(p *plan.Plan, one setting) []finding {
	n := v.record.other
	out := []finding{{id: "lead-customer", what: "leads that become customers, %", rows: "C25, V6: 1-3, best 5-10",
		in: span{1, 10}, format: "%.1f", on: []setting{one}, n: n,
		of: quotient(100, outcome("won"), outcome("leads"))}}
	per := func(channels []string) func(*sample) float64 {
		return quotient(100, ofChannels(channels, "won"), ofChannels(channels, "leads"))
	}
	var kinds []func(*sample) float64
	for _, k := range ofC16 {
		has := slices.DeleteFunc(slices.Clone(k.channels), func(c string) bool {
			return !slices.Contains(p.Dimension("channel"), c)
		})
		if len(has) > 0 {
			kinds = append(kinds, per(has))
			out = append(out, finding{id: k.key, what: "leads of " + k.kind + " that become customers, %",
				rows: "C16: " + number(k.public), in: nothing, format: "%.1f", on: []setting{one}, n: n, of: per(has)})
		}
	}
	return append(out, finding{id: "c16-order", what: "neighbours of these that stand in the order of C16, %", rows: "C16",
		in: exactly(100), format: "%.0f", on: []setting{one}, n: n, of: func(s *sample) (share float64) {
			for i := range kinds[1:] {
				if kinds[i](s) > kinds[i+1](s) {
					share += 100 / float64(len(kinds)-1)
				}
			}
			return share
		}})
}

// aboutOne is the range of an anchor that is one number.
func aboutOne(x float64) span { return span{x / 1.5, x * 1.5} }

// replyRecord has the rows on the time that a lead waits for people.
func (v *vendor) replyRecord(one setting) []finding {
	n := v.record.other
	return []finding{
		{id: "reply", what: "hours until people answer a lead, mean", rows: "T18: 42", in: aboutOne(42), format: "%.1f",
			on: []setting{one}, n: n, of: average(outcome("reply_hours_mean"))},
		{id: "reply-median", what: "the same, median", rows: "-", in: nothing, format: "%.1f", on: []setting{one}, n: n,
			of: average(outcome("reply_hours_median"))},
		{id: "never", what: "leads of people that are never reached, %", rows: "T18: 23", in: aboutOne(23), format: "%.1f",
			on: []setting{one}, n: n, of: neverReached},
		{id: "hour", what: "answered leads of people that are answered within an hour, %", rows: "T18: 37",
			in: aboutOne(37), format: "%.1f", on: []setting{one.traced()}, n: max(least, n/4), of: withinAnHour},
	}
}

// mediaRecord has the rows on what media bring: branded search, and the elasticity of sign-ups to all media.
func (v *vendor) mediaRecord(one setting) []finding {
	five := moreMedia(ampleCash(one).run(260))
	short := elasticityOf(1.1, weeksOf("signups", 1, 8))
	long := elasticityOf(1.1, weeksOf("signups", 209, 260))
	return []finding{
		{id: "branded", what: "branded search: incremental share of its sign-ups, %", rows: "C39: 0.5", in: span{0, 20},
			format: "%.1f", on: withoutBranded(one), n: v.record.short, of: brandedIncrement},
		{id: "short", what: "elasticity of sign-ups to all media, weeks 1 to 8", rows: "C30: 0.12", in: span{0.05, 0.25},
			format: "%.3f", on: moreMedia(one.run(8)), n: v.record.short, of: short},
		{id: "long", what: "the same, fifth year", rows: "C30, C31: 0.24 and 0.41", in: span{0.24, 0.41}, format: "%.3f",
			on: five, n: v.record.long, of: long},
		{id: "ratio", what: "long over short", rows: "B5, C30", in: span{1.5, 2.5}, format: "%.2f", on: five,
			n: v.record.long, of: func(s *sample) float64 { return long(s) / short(s) }},
	}
}

// pauseRecord has the rows on two weeks without brand media.
func (v *vendor) pauseRecord(p *plan.Plan, one setting) []finding {
	on := pauseOf(one.run(44), "*")
	row := func(key, what, rows string, in span, of func(*sample) float64) finding {
		return finding{id: key, what: what, rows: rows, in: in, format: "%.1f", on: on, n: v.record.pause, of: of}
	}
	out := []finding{row("pause", "sign-ups in two weeks without brand media, change, %", "section 4.1: -15",
		span{-18, -12},
		change(weeksOf("signups", 40, 41)))}
	for _, c := range p.Dimension("channel") {
		out = append(out, row("pause-"+c, "the same, "+c, "section 8.1", span{-25, -5}, change(channelSignups(40, 41, c))))
	}
	return out
}

// priceRecord has the rows on prices that are a tenth higher for all from the first day.
func (v *vendor) priceRecord(one setting) []finding {
	on := []setting{one, one.with("products.*.price*=1.1")}
	return []finding{
		{id: "price-wins", what: "price elasticity of customers won, weeks 14 to 52", rows: "F42: an assumption",
			in: span{-2.5, -0.3}, format: "%.2f", on: on, n: v.record.other, of: elasticityOf(1.1, weeksOf("won", 14, 52))},
		{id: "price-churn", what: "churn of live customers, change with prices 10% higher, %", rows: "F46: an assumption",
			in: nothing, format: "%.1f", on: on, n: v.record.other, of: churnChange},
	}
}

// worthRecord has what customers of each team and size cost, over what they are worth; a size with under 1% of the
// firms brings too few to say.
func (v *vendor) worthRecord(p *plan.Plan) []finding {
	all := []setting{{scenario: v.name, weeks: v.weeks}}
	var out []finding
	for _, d := range []string{"team", "size"} {
		for i, name := range p.Dimension(d) {
			if d == "size" && p.Population.Sizes[i].Share < 0.01 {
				continue
			}
			what := fmt.Sprintf("cost of the customers of %s %s, over what they are worth", d, name)
			out = append(out, finding{id: "worth-" + name, what: what, rows: "no blunder: below 2.5", in: span{0, 2.5},
				format: "%.2f", on: all, n: v.record.other,
				of: quotient(1, ofSlice(d, name, "acquisition_cost"), ofSlice(d, name, "ltv_total"))})
		}
	}
	return out
}

// ampleCash is a setting whose vendor cannot run out of money: one that dies has no sign-ups any more.
func ampleCash(s setting) setting { return s.with("finance.opening_cash=1e9") }

// neverReached is the share of the leads of people whom nobody answers in time, in per cent.
func neverReached(s *sample) float64 {
	return quotient(100, outcome("never_reached"), func(y *year) float64 {
		if share := y.outcome("never_reached_share"); share > 0 {
			return y.outcome("never_reached") / share
		}
		return 0
	})(s)
}

// withinAnHour is the share of the leads answered by people that wait for an hour at most, in per cent.
func withinAnHour(s *sample) float64 {
	return ofWaits(100, func(hours float64) float64 {
		if hours <= 1 {
			return 1
		}
		return 0
	})(s)
}

// churnChange is by how many per cent the second setting's churn differs from the first's.
func churnChange(s *sample) float64 {
	lost, months := outcome("churned"), outcome("customer_months")
	return 100 * (s.sum(1, lost)/s.sum(1, months)/(s.sum(0, lost)/s.sum(0, months)) - 1)
}

// measureRecord gives the rows of a vendor's table of the record.
func measureRecord(root string, v *vendor, scale float64, workers int) ([]row, error) {
	if v.record == (runs{}) {
		return nil, nil
	}
	return rowsOf(root, v.name+" record", recordOf(v), scale, workers)
}

// rowsOf measures findings as rows of a table of this page.
func rowsOf(root, table string, all []finding, scale float64, workers int) ([]row, error) {
	numbers, err := measureFindings(root, all, scale, workers)
	if err != nil {
		return nil, err
	}
	var out []row
	for i, f := range all {
		r := numbers[i]
		low, high := f.in.low, f.in.high
		if math.IsNaN(low) {
			low, high = none, none
		}
		out = append(out, row{table: table, key: f.id, what: f.what, rows: f.rows, low: low, high: high, format: f.format,
			mean: r.Mean, se: r.SE, n: r.N, whole: f.n})
	}
	return out, nil
}
