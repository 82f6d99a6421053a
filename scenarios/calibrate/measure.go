package main

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// A row is one measured number: its mean over replications, the standard error
// of the mean and what it should be.
type row struct {
	table     string // phone-system, phone-system channels, pause, ...
	key       string
	what      string
	rows      string // of docs/facts.md
	anchor    string
	low, high float64
	format    string
	mean, se  float64
	n         int
	whole     int      // replications behind the value on the page; 0: those of the vendor or the table
	extra     []string // further columns, not compared
}

func (r *row) inside() string {
	switch {
	case math.IsNaN(r.low):
		return "reported"
	case r.mean >= r.low && r.mean <= r.high:
		return "yes"
	}
	return "**no**"
}

// year is what one replication gave in the year 2013, its first 52 weeks, or in
// the part of it before the vendor went out of business.
type year struct {
	s     *plan.Schema
	rec   *plan.Record
	trace *model.Trace // individual histories, if they were kept

	weeks                                      float64
	journeys, touches, leads, signups, won     float64
	revenue, cost, spend, onboarding, brand    float64
	media, churned, live, openingMRR, mrr      float64
	retainedMRR, ltv, acquisition, capped      float64
	trough, firstMargin                        float64
	contactsWeb, wonWeb, contactsMen, wonMen   float64
	channelLeads, channelSignups, channelMedia []float64
	channelWon, channelCost, channelWorth      []float64
}

func newYear(p *plan.Plan, s *plan.Schema, rec *plan.Record) *year {
	y := &year{s: s, rec: rec}
	n := min(52, s.Weeks)
	for n > 1 && math.IsNaN(y.week("journeys")[n-1]) {
		n--
	}
	y.weeks = float64(n)
	total := func(name string) float64 { return sumOf(y.week(name)[:n]) }
	y.journeys, y.touches, y.leads, y.signups, y.won = total("journeys"), total("touches"), total("leads"),
		total("signups"), total("won")
	y.revenue, y.cost = total("revenue"), total("cost_of_revenue")
	y.media, y.brand, y.onboarding = total("media"), total("brand"), total("onboarding")
	y.spend = y.media + y.brand + total("pay") + total("commission")
	y.churned = total("churned") + total("customer_deaths")
	y.live = total("live_customers") / y.weeks
	y.mrr = y.week("mrr")[n-1]
	y.openingMRR, y.retainedMRR = y.outcome("opening_mrr"), y.outcome("retained_mrr")
	y.ltv, y.acquisition = y.outcome("ltv_total"), y.outcome("acquisition_cost")
	y.capped, y.trough = y.outcome("capped_touches"), y.outcome("cash_trough")
	y.firstMargin = y.outcome("first_margin")
	// Weekly fees hold revenue shares too; one-off fees are known for the run
	// only and are dealt to the year by its part of them.
	y.spend += y.outcome("fee_spend") * total("won") / max(1, sumOf(y.week("won")))
	for i, t := range s.SliceRows {
		v := rec.Slices[i*len(s.Slice):]
		get := func(name string) float64 { return v[columnOf(s.Slice, name)] }
		switch t.Dimension {
		case "channel":
			y.channelLeads = append(y.channelLeads, get("leads"))
			y.channelSignups = append(y.channelSignups, get("signups"))
			y.channelMedia = append(y.channelMedia, get("media"))
			y.channelWon = append(y.channelWon, get("won"))
			y.channelCost = append(y.channelCost, get("acquisition_cost"))
			y.channelWorth = append(y.channelWorth, get("ltv_total"))
		case "team":
			for _, team := range p.Teams {
				switch {
				case team.Name != t.Name:
				case team.Kind == "web":
					y.contactsWeb += get("signups")
					y.wonWeb += get("won")
				case team.Kind == "people":
					y.contactsMen += get("opportunities")
					y.wonMen += get("won")
				}
			}
		}
	}
	return y
}

func columnOf(columns []plan.Column, name string) int {
	i := slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == name })
	if i < 0 {
		panic("no column " + name)
	}
	return i
}

func (y *year) week(name string) []float64 {
	i := columnOf(y.s.Weekly, name)
	out := make([]float64, y.s.Weeks)
	for w := range out {
		out[w] = y.rec.Weekly[w*len(y.s.Weekly)+i]
	}
	return out
}

func (y *year) outcome(name string) float64 { return y.rec.Outcomes[columnOf(y.s.Outcomes, name)] }

// span adds a weekly number over the weeks from (counted from 1) to to, without
// weeks of which it is missing.
func (y *year) span(name string, from, to int) float64 {
	var t float64
	for _, x := range y.week(name)[from-1 : min(to, y.s.Weeks)] {
		if !math.IsNaN(x) {
			t += x
		}
	}
	return t
}

// slice gives a number of a slice of the run: of a channel, a size or a team.
func (y *year) slice(dimension, name, column string) float64 {
	i := slices.Index(y.s.SliceRows, plan.SliceRow{Dimension: dimension, Name: name})
	if i < 0 {
		panic("no slice " + dimension + " " + name)
	}
	return y.rec.Slices[i*len(y.s.Slice)+columnOf(y.s.Slice, column)]
}

func (y *year) bill() float64           { return y.revenue / (y.live * 12) }
func (y *year) grossMargin() float64    { return 100 * (1 - y.cost/y.revenue) }
func (y *year) salesMarketing() float64 { return 100 * y.spend / y.revenue }
func (y *year) growth() float64         { return 100 * (y.mrr/y.openingMRR - 1) }
func (y *year) cac() float64            { return (y.spend + y.onboarding) / y.won }
func (y *year) churn() float64          { return 100 * y.churned / (y.live * 12) }
func (y *year) dollarsKept() float64    { return 100 * math.Pow(y.retainedMRR/y.openingMRR, 1.0/12) }
func (y *year) brandShare() float64     { return 100 * y.brand / (y.brand + y.media) }
func (y *year) ltvCAC() float64         { return y.ltv / y.acquisition }
func (y *year) payback() float64        { return y.acquisition / y.firstMargin }
func (y *year) leadToCustomer() float64 { return 100 * y.won / y.leads }
func (y *year) winWeb() float64         { return 100 * y.wonWeb / y.contactsWeb }
func (y *year) winPeople() float64      { return 100 * y.wonMen / y.contactsMen }
func (y *year) cash(week int) float64   { return y.week("cash")[week] }

// quarter is the number of customers won in the strongest or weakest quarter.
func (y *year) quarter(most bool) float64 {
	won := y.week("won")
	var q []float64
	for i := range 4 {
		q = append(q, sumOf(won[13*i:13*i+13]))
	}
	if most {
		return slices.Max(q)
	}
	return slices.Min(q)
}

// load is the mean busy share of the most or least loaded team of people.
func (y *year) load(most bool) float64 {
	var loads []float64
	for _, c := range y.s.Weekly {
		if strings.HasPrefix(c.Name, "load.") {
			loads = append(loads, sumOf(y.week(c.Name)[:int(y.weeks)])/y.weeks)
		}
	}
	if most {
		return slices.Max(loads)
	}
	return slices.Min(loads)
}

func sumOf(xs []float64) float64 {
	var t float64
	for _, x := range xs {
		t += x
	}
	return t
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// replicate runs a plan and hands each record to use, in order, with its
// individual histories if they are wanted.
func replicate(p *plan.Plan, replications, workers int, traced bool,
	use func(*plan.Schema, *plan.Record, *model.Trace)) error {
	pr, err := model.Prepare(p)
	if err != nil {
		return err
	}
	const seed = 1
	records, traces := make([]*plan.Record, replications), make([]*model.Trace, replications)
	var wait sync.WaitGroup
	next := make(chan int)
	for range max(1, workers) {
		wait.Go(func() {
			st := pr.NewState()
			for r := range next {
				records[r] = pr.Schema().NewRecord()
				if traced {
					traces[r] = &model.Trace{}
					st.Observer = traces[r]
				}
				st.Replicate(seed, r, records[r])
			}
		})
	}
	for r := range replications {
		next <- r
	}
	close(next)
	wait.Wait()
	for r, rec := range records {
		use(pr.Schema(), rec, traces[r])
	}
	return nil
}

// fileOf is the file of a shipped scenario in the working tree.
func fileOf(root, name string) string {
	return filepath.Join(root, "scenarios", "library", name+".toml")
}

// load reads a scenario of the working tree and gives it a length in weeks.
func load(root, name string, weeks int, opts ...scenarios.Option) (*plan.Plan, error) {
	p, err := scenarios.Load(fileOf(root, name), opts...)
	if err != nil {
		return nil, err
	}
	if weeks > 0 {
		p.Run.Weeks = float64(weeks)
	}
	return p, nil
}

// series is a value by replication.
type series []float64

func (s series) mean() float64 { return sumOf(s) / float64(len(s)) }

// se is the standard error of the mean.
func (s series) se() float64 {
	if len(s) < 2 {
		return 0
	}
	m, v := s.mean(), 0.0
	for _, x := range s {
		v += (x - m) * (x - m)
	}
	return math.Sqrt(v / float64(len(s)-1) / float64(len(s)))
}

// ratio gives the ratio of two means with its standard error (delta method).
func ratio(a, b series) (mean, se float64) {
	mean = a.mean() / b.mean()
	d := make(series, len(a))
	for i := range a {
		d[i] = (a[i] - mean*b[i]) / b.mean()
	}
	return mean, d.se()
}

func scaled(n int, by float64) int { return max(2, int(math.Round(float64(n)*by))) }

// measureAll gives every row of the page.
func measureAll(root string, scale float64, workers int) ([]row, error) {
	var out []row
	for _, v := range vendors {
		rows, err := measureWhole(root, &v, scale, workers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.name, err)
		}
		out = append(out, rows...)
	}
	for _, c := range common {
		rows, err := c.measure(root, scale, workers)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// measureWhole gives every row of a vendor's part of the page.
func measureWhole(root string, v *vendor, scale float64, workers int) ([]row, error) {
	rows, err := measureVendor(root, *v, scaled(v.replications, scale), workers)
	if err != nil {
		return nil, err
	}
	for _, measure := range []func(string, *vendor, float64, int) ([]row, error){measureRecord, measurePull} {
		more, err := measure(root, v, scale, workers)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func measureVendor(root string, v vendor, replications, workers int) ([]row, error) {
	p, err := load(root, v.name, v.weeks)
	if err != nil {
		return nil, err
	}
	values := make([]series, len(v.targets))
	n := len(p.Channels)
	leads, signups, media := make([]series, n), make([]series, n), make([]series, n)
	won, cost, worth := make([]series, n), make([]series, n), make([]series, n)
	var allLeads, allSignups series
	err = replicate(p, replications, workers, false, func(s *plan.Schema, rec *plan.Record, _ *model.Trace) {
		y := newYear(p, s, rec)
		for i, t := range v.targets {
			values[i] = append(values[i], t.of(y))
		}
		for c := range n {
			leads[c] = append(leads[c], y.channelLeads[c])
			signups[c] = append(signups[c], y.channelSignups[c])
			media[c] = append(media[c], y.channelMedia[c])
			won[c] = append(won[c], y.channelWon[c])
			cost[c] = append(cost[c], y.channelCost[c])
			worth[c] = append(worth[c], y.channelWorth[c])
		}
		allLeads = append(allLeads, y.outcome("leads"))
		allSignups = append(allSignups, y.outcome("signups"))
	})
	if err != nil {
		return nil, err
	}
	var out []row
	for i, t := range v.targets {
		out = append(out, row{table: v.name, key: t.key, what: t.what, rows: t.rows, low: t.low, high: t.high,
			format: t.format,
			mean:   values[i].mean(), se: values[i].se(), n: replications})
	}
	for c := range p.Channels {
		ch := &p.Channels[c]
		i := slices.IndexFunc(v.goals, func(g goal) bool { return g.channel == ch.Name })
		if i < 0 {
			return nil, fmt.Errorf("channel %s has no goal", ch.Name)
		}
		g := v.goals[i]
		r := row{table: v.name + " channels", key: ch.Name, what: ch.Name, rows: g.rows, anchor: g.anchor, low: g.low,
			high: g.high, n: replications}
		if g.share {
			r.format = "%.1f%% of leads"
			r.mean, r.se = ratio(leads[c], allLeads)
			r.mean, r.se, r.low, r.high = 100*r.mean, 100*r.se, 100*r.low, 100*r.high
		} else {
			r.format = "$%.0f per lead"
			r.mean, r.se = ratio(media[c], leads[c])
		}
		share, _ := ratio(signups[c], allSignups)
		perWin, _ := ratio(media[c], won[c])
		loaded, _ := ratio(cost[c], won[c])
		customers, _ := ratio(won[c], leads[c])
		blunder, _ := ratio(cost[c], worth[c])
		saturation := "-"
		if ch.Driver == "budget" {
			saturation = fmt.Sprintf("%.2f", ch.HalfSaturation/(media[c].mean()/p.Run.Weeks))
			if len(ch.Targets) > 0 {
				saturation += " (targeted)"
			}
		}
		r.extra = []string{
			fmt.Sprintf("%.1f%%", 100*share), fmt.Sprintf("%.1f%%", 100*customers), fmt.Sprintf("$%.0f", perWin),
			fmt.Sprintf("$%.0f", loaded), fmt.Sprintf("%.2f", blunder),
			fmt.Sprintf("%g", ch.MaxTouchesPerWeek), fmt.Sprintf("%g", ch.Response), saturation,
		}
		out = append(out, r)
	}
	return out, nil
}

// measureElasticity raises all media money, channels and brand, by a tenth
// from the first day and compares the sign-ups of the year.
func measureElasticity(root string, scale float64, workers int) ([]row, error) {
	var out []row
	for _, v := range []struct {
		name      string
		n         int
		low, high float64
	}{
		{scheduling.name, todayReplications, 0.05, 0.25}, {payroll.name, todayReplications, 0.05, 0.25},
	} {
		n := scaled(v.n, scale)
		var signups [2]series
		for i, opts := range [][]scenarios.Option{nil,
			{scenarios.Set("channels.*.weekly_budget*=1.1", "media.*.weekly_budget*=1.1")}} {
			p, err := load(root, v.name, 52, opts...)
			if err != nil {
				return nil, err
			}
			if err := replicate(p, n, workers, false, func(s *plan.Schema, rec *plan.Record, _ *model.Trace) {
				signups[i] = append(signups[i], rec.Outcomes[columnOf(s.Outcomes, "signups")])
			}); err != nil {
				return nil, err
			}
		}
		r, se := ratio(signups[1], signups[0])
		out = append(out, row{table: "elasticity", key: v.name, what: v.name + ": elasticity of sign-ups to all media",
			rows: "C30, C31",
			low:  v.low, high: v.high, format: "%.3f", mean: math.Log(r) / math.Log(1.1), se: se / r / math.Log(1.1), n: n})
	}
	return out, nil
}

// measureBranded closes the paid link of branded search from the first day on: the
// sign-ups that are missing over those that the link brings by last touch.
func measureBranded(root string, scale float64, workers int) ([]row, error) {
	var out []row
	for _, name := range []string{scheduling.name, payroll.name} {
		n := scaled(todayReplications, scale)
		var signups [2]series
		var credited series
		for i, opts := range [][]scenarios.Option{nil, {scenarios.Set("channels.branded-search.weekly_budget=0")}} {
			p, err := load(root, name, 52, opts...)
			if err != nil {
				return nil, err
			}
			if err := replicate(p, n, workers, false, func(s *plan.Schema, rec *plan.Record, _ *model.Trace) {
				y := newYear(p, s, rec)
				signups[i] = append(signups[i], y.signups)
				if i == 0 {
					credited = append(credited, y.slice("channel", "branded-search", "signups"))
				}
			}); err != nil {
				return nil, err
			}
		}
		missing := make(series, n)
		for r := range missing {
			missing[r] = signups[0][r] - signups[1][r]
		}
		share, se := ratio(missing, credited)
		out = append(out, row{table: "branded search", key: name, what: name + ": incremental share of branded search, %",
			rows: "C39: 0.5", low: 0, high: 20, format: "%.1f", mean: 100 * share, se: 100 * se, n: n})
	}
	return out, nil
}

// measurePause compares the pause of the brand with the plan, on the same
// random numbers, over the first two weeks of October (weeks 40 and 41).
func measurePause(root string, scale float64, workers int) ([]row, error) {
	n := scaled(pauseReplications, scale)
	var total, won [2]series
	var channels [2][]series
	var names []string
	for i, name := range []string{"phone-system", "pause-the-brand"} {
		p, err := load(root, name, 44)
		if err != nil {
			return nil, err
		}
		names = p.Dimension("channel")
		channels[i] = make([]series, len(names))
		if err := replicate(p, n, workers, false, func(s *plan.Schema, rec *plan.Record, _ *model.Trace) {
			two := func(name string) float64 {
				c := columnOf(s.Weekly, name)
				return rec.Weekly[39*len(s.Weekly)+c] + rec.Weekly[40*len(s.Weekly)+c]
			}
			total[i] = append(total[i], two("signups"))
			won[i] = append(won[i], two("won"))
			for c, name := range names {
				channels[i][c] = append(channels[i][c], two("signups."+name))
			}
		}); err != nil {
			return nil, err
		}
	}
	change := func(with, without series) (mean, se float64) {
		r, se := ratio(with, without)
		return 100 * (r - 1), 100 * se
	}
	out := []row{{table: "pause", key: "all", what: "sign-ups", rows: "story, section 4.1", low: -18, high: -12,
		format: "%.1f%%", n: n}}
	out[0].mean, out[0].se = change(total[1], total[0])
	w := row{table: "pause", key: "won", what: "customers won (they lag by the cycle)", rows: "-", low: none, high: none,
		format: "%.1f%%", n: n}
	w.mean, w.se = change(won[1], won[0])
	out = append(out, w)
	for c, name := range names {
		share, _ := ratio(channels[0][c], total[0])
		r := row{table: "pause", key: name, what: name, rows: "story", low: -25, high: -5, format: "%.1f%%", n: n}
		if share < 0.01 {
			r.low, r.high, r.rows = none, none, "under 1% of sign-ups"
		}
		r.mean, r.se = change(channels[1][c], channels[0][c])
		r.extra = []string{fmt.Sprintf("%.1f%%", 100*share)}
		out = append(out, r)
	}
	return out, nil
}

const uncertainName = "metro-uncertain"

// measureRuin gives the chance of metro-uncertain to go out of business.
func measureRuin(root string, scale float64, workers int) ([]row, error) {
	n := (scaled(ruinReplications, scale) + plan.BlockSize - 1) / plan.BlockSize * plan.BlockSize
	p, err := load(root, uncertainName, 0)
	if err != nil {
		return nil, err
	}
	var ruin, capped series
	if err := replicate(p, n, workers, false, func(s *plan.Schema, rec *plan.Record, _ *model.Trace) {
		ruin = append(ruin, 100*rec.Outcomes[columnOf(s.Outcomes, "out_of_business")])
		capped = append(capped, 100*rec.Outcomes[columnOf(s.Outcomes, "capped_touches")])
	}); err != nil {
		return nil, err
	}
	return []row{
		{table: "ruin", key: "ruin", what: "metro-uncertain: out of business within 104 weeks, % of replications",
			rows: "2 to 10", low: 2, high: 10, format: "%.1f", mean: ruin.mean(), se: ruin.se(), n: n},
		{table: "ruin", key: "capped", what: "metro-uncertain: touches on which a chance was capped at 1, %", rows: "below 1",
			low: 0, high: 1, format: "%.2f", mean: capped.mean(), se: capped.se(), n: n},
	}, nil
}
