package scenarios

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/model/plan"
)

// rows gives the tables of a list, and checks their keys.
func (b *builder) rows(n *node, key string, keys ...string) []*node {
	if n == nil {
		return nil
	}
	if n.kind != array {
		b.fail(n, key, "must be a list of tables, not %s", n.kind)
		return nil
	}
	var out []*node
	for _, e := range n.elems {
		if e.kind != table {
			b.fail(e, key, "must be a list of tables, not of %s", e.kind)
			continue
		}
		for _, k := range e.order {
			if !slices.Contains(keys, k) {
				b.unknown(e.kids[k], key, k, keys)
			}
		}
		for _, k := range keys {
			if e.kid(k) == nil {
				b.report(e, key, "", "an entry lacks "+k, "")
			}
		}
		out = append(out, e)
	}
	return out
}

// regimes reads the scripted path of the economy.
func (b *builder) regimes(n *node, key string) []plan.RegimeFrom {
	var out []plan.RegimeFrom
	for _, e := range b.rows(n, key, "from", "regime") {
		r := plan.RegimeFrom{}
		if k := e.kid("from"); k != nil {
			r.From = b.date(k, key+".from", "")
			b.insideRun(k, key+".from", r.From, false)
		}
		if k := e.kid("regime"); k != nil {
			p, _ := paramOf("economy.start_regime")
			r.Regime = b.text(k, key+".regime", p)
		}
		for _, o := range out {
			if o.From == r.From && r.From != 0 {
				b.report(e, key, "", fmt.Sprintf("two entries from %s", r.From), "")
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(x, y plan.RegimeFrom) int { return cmp.Compare(x.From, y.From) })
	return out
}

// ageBands reads the ages of opening customers.
func (b *builder) ageBands(n *node, key string) []plan.AgeBand {
	var out []plan.AgeBand
	years := plan.Param{Kind: "number", Low: 0, High: 100, Unit: "years"}
	share := plan.Param{Kind: "number", Low: 0, High: 1, Unit: "share of customers"}
	for _, e := range b.rows(n, key, "from_years", "to_years", "share") {
		var band plan.AgeBand
		for _, c := range []struct {
			name string
			to   *float64
			p    plan.Param
		}{{"from_years", &band.FromYears, years}, {"to_years", &band.ToYears, years}, {"share", &band.Share, share}} {
			if k := e.kid(c.name); k != nil {
				*c.to, _ = b.quantity(k, key+"."+c.name, c.p, "")
			}
		}
		if band.FromYears >= band.ToYears && e.kid("to_years") != nil {
			b.fail(e.kid("to_years"), key+".to_years", "must be above from_years, %s", plan.FormatNumber(band.FromYears))
		}
		out = append(out, band)
	}
	slices.SortStableFunc(out, func(x, y plan.AgeBand) int { return cmp.Compare(x.FromYears, y.FromYears) })
	return out
}

// ramping reads the people of a team who began lately: the latest first.
func (b *builder) ramping(n *node, key string) []plan.Began {
	var out []plan.Began
	for _, e := range b.rows(n, key, "people", "weeks_ago") {
		var x plan.Began
		if k := e.kid("people"); k != nil {
			x.People, _ = b.quantity(k, key+".people", plan.Param{Kind: "number", Low: 1, High: 1000, Whole: true,
				Unit: "people"}, "")
		}
		if k := e.kid("weeks_ago"); k != nil {
			x.WeeksAgo, _ = b.quantity(k, key+".weeks_ago", plan.Param{Kind: "number", Low: 0, High: 520, Whole: true,
				Unit: "weeks"}, "")
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(x, y plan.Began) int { return cmp.Compare(x.WeeksAgo, y.WeeksAgo) })
	return out
}
