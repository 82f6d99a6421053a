package gallery

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// totals gives columns of the slices of some dimensions, by dimension and name.
func (h *collector) totals(dimensions, columns []string) (map[plan.SliceRow]map[string]analysis.Estimate, error) {
	lines, err := h.result.SliceTotals(dimensions, columns)
	out := map[plan.SliceRow]map[string]analysis.Estimate{}
	for _, l := range lines {
		row := plan.SliceRow{Dimension: l.Dimension, Name: l.Name}
		if out[row] == nil {
			out[row] = map[string]analysis.Estimate{}
		}
		out[row][l.Column] = l.Estimate
	}
	return out, err
}

// names are those of a dimension, in the order of the plan.
func (h *collector) names(dimension string) (names []string) {
	for _, row := range h.result.Schema.SliceRows {
		if row.Dimension == dimension && row.Name != plan.Unassigned {
			names = append(names, row.Name)
		}
	}
	return names
}

// winners are the channels that won any customer.
func (h *collector) winners(totals map[plan.SliceRow]map[string]analysis.Estimate) (names []string) {
	for _, name := range h.names("channel") {
		if totals[plan.SliceRow{Dimension: "channel", Name: name}]["won"].Value > 0 {
			names = append(names, name)
		}
	}
	return names
}

// value adds LTV against CAC by channel.
func (h *collector) value() error {
	totals, err := h.totals([]string{"channel"}, []string{"won", "cac", "ltv"})
	if err != nil {
		return err
	}
	v := plots.Value{Source: h.source}
	costs := false
	for _, name := range h.winners(totals) {
		t := totals[plan.SliceRow{Dimension: "channel", Name: name}]
		v.Channels = append(v.Channels, plots.ChannelValue{Name: name, Won: t["won"].Value, CAC: t["cac"].Value,
			LTV: t["ltv"].Value})
		costs = costs || t["cac"].Value > 0
	}
	if costs {
		h.add("value", v)
	}
	return nil
}

// heat adds LTV/CAC by channel and size.
func (h *collector) heat() error {
	totals, err := h.totals([]string{"channel", "channel-size"}, []string{"won", "ltv_cac"})
	if err != nil {
		return err
	}
	m := plots.Heat{Source: h.source, Measure: words.Measure{Name: "ltv_cac", Unit: "ratio"}, RowsAre: "channel",
		ColumnsAre: "size",
		Rows:       h.winners(totals), Columns: h.names("size"), Missing: "no customer won or nothing spent"}
	for _, channel := range m.Rows {
		var row, won []float64
		for _, size := range m.Columns {
			t := totals[plan.SliceRow{Dimension: "channel-size", Name: channel + " x " + size}]
			v := math.NaN()
			if t["won"].Value > 0 {
				v = t["ltv_cac"].Value
			}
			row, won = append(row, v), append(won, t["won"].Value)
		}
		m.Values, m.Weights = append(m.Values, row), append(m.Weights, won)
	}
	if len(m.Rows) > 0 {
		h.add("heat-ltv_cac", m)
	}
	return nil
}

// retained adds the share of customers that are left after 12 months.
func (h *collector) retained() error {
	const share = "retained_12_months"
	totals, err := h.totals([]string{"company", "channel", "size"}, []string{"won", share})
	if err != nil {
		return err
	}
	of := func(dimension, name string) plots.RetainedSlice {
		t := totals[plan.SliceRow{Dimension: dimension, Name: name}]
		return plots.RetainedSlice{Name: name, Won: t["won"].Value, Share: ofAll(t[share])}
	}
	channels, sizes := plots.RetainedGroup{Name: "Channel"}, plots.RetainedGroup{Name: "Size"}
	for _, name := range h.winners(totals) {
		channels.Slices = append(channels.Slices, of("channel", name))
	}
	slices.SortStableFunc(channels.Slices, func(a, b plots.RetainedSlice) int {
		switch d := b.Share.Value - a.Share.Value; {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	for _, name := range h.names("size") {
		sizes.Slices = append(sizes.Slices, of("size", name))
	}
	if len(channels.Slices) > 0 {
		h.add("retained", plots.Retained{Source: h.source, Months: 12, Groups: []plots.RetainedGroup{channels, sizes},
			Company: of("company", "company").Share.Value})
	}
	return nil
}

// ofAll is a share whose interval ends where shares do: at none and at all.
func ofAll(e analysis.Estimate) analysis.Estimate {
	if e.Known() && e.Needs == 0 {
		e.Low, e.High = max(0, e.Low), min(1, e.High)
	}
	return e
}

// keptColumns are the shares of customers left so many months after the win.
var keptColumns = []struct {
	months float64
	column string
}{{1, "retained_1_month"}, {3, "retained_3_months"}, {6, "retained_6_months"}, {12, "retained_12_months"},
	{18, "retained_18_months"}, {24, "retained_24_months"}}

// mostRetention are the lines of a picture of retention; of more slices those
// that keep most and least are drawn.
const mostRetention = 6

// retention adds the share of customers that are left by months since the win,
// by slice of a dimension.
func (h *collector) retention(dimension string) error {
	columns := []string{"won"}
	c := plots.Curve{Source: h.source, XName: "After the win, months", YName: "Still a customer", X: []float64{0},
		Percent: true}
	for _, k := range keptColumns {
		columns, c.X = append(columns, k.column), append(c.X, k.months)
	}
	totals, err := h.totals([]string{"company", dimension}, columns)
	if err != nil {
		return err
	}
	line := func(dimension, name, called string) picture.Line {
		l := picture.Line{Name: called, Points: []analysis.Estimate{{Value: 1, Low: 1, High: 1}}}
		for _, k := range keptColumns {
			l.Points = append(l.Points, ofAll(totals[plan.SliceRow{Dimension: dimension, Name: name}][k.column]))
		}
		return l
	}
	all := totals[plan.SliceRow{Dimension: "company", Name: "company"}]["won"].Value
	var lines []picture.Line
	few := 0
	for _, name := range h.names(dimension) {
		// The title would else speak of a slice of a few customers.
		won := totals[plan.SliceRow{Dimension: dimension, Name: name}]["won"].Value
		if won >= 0.01*all && won*float64(h.source.Replications) >= plots.FewCustomers {
			lines = append(lines, line(dimension, name, name))
		} else if won > 0 {
			few++
		}
	}
	if len(lines) < 2 {
		return nil
	}
	end := func(l picture.Line) float64 { return l.Points[len(l.Points)-1].Value }
	slices.SortStableFunc(lines, func(a, b picture.Line) int { return cmp.Compare(end(b), end(a)) })
	best, worst := lines[0], lines[len(lines)-1]
	of := map[string]string{"size": "with %s employees", "channel": "from %s"}[dimension]
	share := func(l picture.Line) string { return words.Percent.Texts([]float64{end(l)}, 0.01)[0] }
	c.Finding = fmt.Sprintf("%s of customers "+of+" are still customers after 24 months, %s "+of, share(best), best.Name,
		share(worst), worst.Name)
	if few > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("Not drawn, with less than 1%% of the customers won: %s.",
			words.Counted(few, dimension)))
	}
	if n := len(lines); n > mostRetention {
		c.Notes = append(c.Notes, fmt.Sprintf("Drawn are the %d that keep most and the %d that keep least, of %s.",
			mostRetention/2, mostRetention/2, words.Counted(n, dimension)))
		lines = append(lines[:mostRetention/2:mostRetention/2], lines[n-mostRetention/2:]...)
	}
	c.Lines = append([]picture.Line{line("company", "company", "all")}, lines...)
	h.add("retention-"+dimension, c)
	return nil
}

// mostPaths are drawn of the paths of cash; more would be a grey area.
const mostPaths = 100

// paths adds the cash of single replications.
func (h *collector) paths() error {
	cash, err := h.result.WeeklyPaths("cash", mostPaths)
	if err != nil {
		return err
	}
	weeks, err := h.result.Outcome("week_of_ruin")
	if err != nil {
		return err
	}
	bands, err := h.result.WeeklyBands("cash")
	if err != nil {
		return err
	}
	p := plots.Paths{Source: h.source, Start: h.start(), Spans: h.onCash()}
	for _, b := range bands {
		p.Median = append(p.Median, b.P50)
	}
	for i, week := range weeks {
		path := plots.Path{Replication: i}
		if week != plan.Never {
			p.Ruined++
			path.Ruin = int(week)
		}
		if i < len(cash) {
			path.USD = cash[i]
			p.Cash = append(p.Cash, path)
		}
	}
	h.add("paths-cash", p)
	return nil
}
