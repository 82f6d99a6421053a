package main

import (
	"fmt"
	"slices"
	"strings"
)

// This file has how targets move when a lever moves: what a fit can trade for what.

// A lever is a group of numbers of a vendor that are moved together.
type lever struct {
	what string
	set  []string
}

// levers are what a fit can move, by a tenth where no other step is named.
var levers = []lever{
	{"all media money", []string{"channels.*.weekly_budget*=1.1", "media.*.weekly_budget*=1.1"}},
	{"brand media money", []string{"media.*.weekly_budget*=1.1"}},
	{"half saturations", []string{"channels.*.half_saturation*=1.1", "media.*.half_saturation*=1.1"}},
	{"touches", []string{"channels.*.max_touches_per_week*=1.1"}},
	{"response", []string{"channels.*.response*=1.1"}},
	{"halos", []string{"channels.*.halo*=1.1"}},
	{"salience weight", []string{"brand.salience_weight*=1.1"}},
	{"real shares", []string{"channels.*.real*=1.1"}},
	{"organic share of branded search", []string{"channels.branded-search.organic*=1.1"}},
	{"rivals", []string{"triggers.*.rival_per_week*=1.1"}},
	{"win rates", []string{"teams.*.win_rate*=1.1"}},
	{"opportunities a seller takes", []string{"teams.*.opportunities_per_week*=1.1"}},
	{"delay of an answer", []string{"teams.*.answer_delay_hours*=1.1"}},
	{"leads never answered", []string{"teams.*.never_answered*=1.1"}},
	{"prices", []string{"products.*.price*=1.1"}},
	{"kept after 12 months (+2%)", []string{"customers.retained_12_months*=1.02"}},
	{"firm deaths", []string{"population.sizes.*.firm_death_per_year*=1.1"}},
}

// pulled are the targets whose pull is measured, by the keys of their rows, with the heads of their columns.
var pulled = []struct{ key, head, format string }{
	{"hands", "leads, % of buyers in the market", "%+.2f"}, {"lead-customer", "lead to customer, %", "%+.2f"},
	{"win-web", "self-service won, %", "%+.2f"}, {"win-people", "people won, %", "%+.2f"},
	{"ltv-cac", "LTV/CAC", "%+.3f"}, {"cac", "CAC, $", "%+.1f"}, {"churn", "churn per month, %", "%+.3f"},
	{"reply", "reply, hours", "%+.2f"}, {"never", "never reached, %", "%+.2f"},
	{"branded", "branded search, %", "%+.2f"}, {"short", "elasticity, short", "%+.4f"},
	{"long", "elasticity, long", "%+.4f"}, {"pause", "pause, %", "%+.2f"},
}

// asFinding is a target of the vendor as a row that can be measured on any setting.
func (v *vendor) asFinding(t target) finding {
	return finding{id: t.key, format: t.format, on: []setting{{scenario: v.name, weeks: v.weeks}}, n: v.record.other,
		of: average(t.of)}
}

// pullOf are the shifts of a vendor's pulled targets under every lever that it has.
func pullOf(v *vendor) []finding {
	targets := map[string]finding{}
	for _, t := range v.targets {
		targets[t.key] = v.asFinding(t)
	}
	for _, f := range recordOf(v) {
		targets[f.id] = f
	}
	var out []finding
	for _, l := range levers {
		for _, p := range pulled {
			f, k := targets[p.key], len(targets[p.key].on)
			g := finding{id: l.what + "/" + p.key, what: l.what, rows: p.head, in: nothing, format: p.format, on: f.on,
				n: max(least, f.n/10)}
			for _, s := range f.on {
				g.on = append(slices.Clone(g.on), s.with(l.set...))
			}
			g.of = func(s *sample) float64 { return f.of(s.from(k)) - f.of(s) }
			out = append(out, g)
		}
	}
	return out
}

// from is the sample of the settings from the k-th on.
func (s *sample) from(k int) *sample {
	t := *s
	t.plans, t.years = s.plans[k:], s.years[k:]
	return &t
}

func measurePull(root string, v *vendor, scale float64, workers int) ([]row, error) {
	if !v.pull {
		return nil, nil
	}
	return rowsOf(root, v.name+" pull", pullOf(v), scale, workers)
}

// renderPull writes how targets move with levers: a line for each lever, a column for each target.
func (v *vendor) renderPull(b *strings.Builder, rows []row) {
	fmt.Fprintf(b, "\n### %s: pull\n\nHow far a target moves when a lever is a tenth higher from the first day "+
		"on, with the same opening state and random numbers; a tenth of the pairs of the table above.\n\n"+
		"| a tenth more |", v.name)
	for _, p := range pulled {
		fmt.Fprintf(b, " %s |", p.head)
	}
	b.WriteString("\n|" + strings.Repeat("---|", len(pulled)+1))
	last := ""
	for _, r := range rows {
		if r.what != last {
			fmt.Fprintf(b, "\n| %s |", r.what)
			last = r.what
		}
		fmt.Fprintf(b, " %s |", r.value())
	}
	b.WriteString("\n")
}
