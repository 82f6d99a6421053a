package main

import (
	"fmt"
	"math"
	"os"
	"regexp"

	"windfall/model/expected"
	"windfall/model/plan"
	"windfall/scenarios"
)

// fitVendor moves max_touches_per_week of every channel until the mean-field
// funnel of the first year meets the vendor's channel goals and, where the
// vendor has a goal for it, all half saturations by one factor until the
// elasticity to all media is met; it writes both into the scenario file.
func fitVendor(root string, v vendor) error {
	p, err := load(root, v.name, 52)
	if err != nil {
		return err
	}
	more, err := load(root, v.name, 52, scenarios.Set("channels.*.weekly_budget*=1.1", "media.*.weekly_budget*=1.1"))
	if err != nil {
		return err
	}
	both := []*plan.Plan{p, more}
	saturation := 1.0
	for {
		if err := fitTouches(v, p, both); err != nil {
			return err
		}
		if v.elasticity == 0 {
			break
		}
		e := meanFieldElasticity(p, more)
		fmt.Printf("%s: half saturations x%.3f, elasticity %.3f\n", v.name, saturation, e)
		if math.Abs(e-v.elasticity) < 0.01 {
			break
		}
		step := math.Exp(max(-0.3, min(0.3, 3*(v.elasticity-e)))) // d elasticity / d ln half is about 1/4
		saturation *= step
		for _, q := range both {
			scaleSaturation(q, step)
			if q.OpeningPlan != nil {
				scaleSaturation(q.OpeningPlan, step)
			}
		}
	}
	return write(fileOf(root, v.name), p, saturation != 1)
}

// fitTouches brings every channel of p to its goal, and the same numbers into all plans.
func fitTouches(v vendor, p *plan.Plan, all []*plan.Plan) error {
	for round := range 15 {
		e := expected.Funnel(p)
		var hands, worst float64
		for i := range e.Channels {
			hands += e.Channels[i].Leads
		}
		for _, g := range v.goals {
			c := indexOf(p, g.channel)
			goal := g.aim * hands // leads per year
			if !g.share {
				goal = e.Channels[c].Media / g.aim
			}
			off := math.Log(goal / e.Channels[c].Leads)
			if math.IsNaN(off) || math.IsInf(off, 0) {
				return fmt.Errorf("%s: channel %s brings no lead", v.name, g.channel)
			}
			worst = max(worst, math.Abs(off))
			x := p.Channels[c].MaxTouchesPerWeek * math.Exp(0.8*max(-1.5, min(1.5, off)))
			for _, q := range all {
				q.Channels[indexOf(q, g.channel)].MaxTouchesPerWeek = x
				if o := q.OpeningPlan; o != nil {
					o.Channels[indexOf(o, g.channel)].MaxTouchesPerWeek = x
				}
			}
		}
		fmt.Printf("%s: round %d, largest residual %.1f%%\n", v.name, round+1, 100*worst)
		if worst < 0.005 {
			break
		}
	}
	return nil
}

func meanFieldElasticity(p, more *plan.Plan) float64 {
	a, b := expected.Funnel(p), expected.Funnel(more)
	x, y := a.Sum(0, 52), b.Sum(0, 52)
	return math.Log(y.Signups/x.Signups) / math.Log(1.1)
}

func scaleSaturation(p *plan.Plan, by float64) {
	for i := range p.Channels {
		p.Channels[i].HalfSaturation *= by
	}
	for i := range p.Media {
		p.Media[i].HalfSaturation.Total *= by
		for r := range p.Media[i].HalfSaturation.Parts {
			p.Media[i].HalfSaturation.Parts[r] *= by
		}
	}
}

// write puts the fitted numbers of a plan into its scenario file.
func write(file string, p *plan.Plan, saturation bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	put := func(table, name, key, value string) error {
		line := regexp.MustCompile(`(?s)(\[` + table + `\.` + regexp.QuoteMeta(name) + `\].*?\n` + key + ` = )[0-9._]+`)
		if !line.Match(text) {
			return fmt.Errorf("%s: no %s of %s to write", file, key, name)
		}
		text = line.ReplaceAll(text, []byte("${1}"+value))
		return nil
	}
	for i := range p.Channels {
		c := &p.Channels[i]
		if err := put("channels", c.Name, "max_touches_per_week", fmt.Sprintf("%.4g", c.MaxTouchesPerWeek)); err != nil {
			return err
		}
		if saturation && c.Driver == "budget" {
			if err := put("channels", c.Name, "half_saturation", dollars(c.HalfSaturation)); err != nil {
				return err
			}
		}
	}
	for i := range p.Media {
		if m := &p.Media[i]; saturation {
			if err := put("media", m.Name, "half_saturation", dollars(m.HalfSaturation.Total)); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(file, text, 0o644)
}

// dollars writes an amount with three significant digits.
func dollars(x float64) string {
	unit := math.Pow(10, math.Floor(math.Log10(x))-2)
	return fmt.Sprintf("%.0f", math.Round(x/unit)*unit)
}

func indexOf(p *plan.Plan, channel string) int {
	for i := range p.Channels {
		if p.Channels[i].Name == channel {
			return i
		}
	}
	panic("no channel " + channel)
}
