package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"

	"windfall/model"
	"windfall/model/expected"
)

// fitVendor moves max_touches_per_week of every channel until the mean-field
// funnel of the first year meets the vendor's channel goals, and writes the
// values into the scenario file.
func fitVendor(root string, v vendor) error {
	p, err := load(root, v.name, 52)
	if err != nil {
		return err
	}
	for round := range 15 {
		e := expected.Funnel(p)
		var hands, worst float64
		for i := range e.Channels {
			hands += e.Channels[i].Leads
		}
		for _, g := range v.goals {
			c := indexOf(p, g.channel)
			goal := g.aim * hands // raised hands a year
			if !g.share {
				goal = e.Channels[c].Media / g.aim
			}
			off := math.Log(goal / e.Channels[c].Leads)
			worst = max(worst, math.Abs(off))
			setTouches(p, g.channel, p.Channels[c].MaxTouchesPerWeek*math.Exp(0.8*max(-1.5, min(1.5, off))))
		}
		fmt.Printf("%s: round %d, largest residual %.1f%%\n", v.name, round+1, 100*worst)
		if worst < 0.005 {
			break
		}
	}
	file := filepath.Join(root, "scenarios", v.name+".toml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for i := range p.Channels {
		c := &p.Channels[i]
		key := regexp.MustCompile(`(?s)(\[channels\.` + regexp.QuoteMeta(c.Name) + `\].*?\nmax_touches_per_week = )[0-9._]+`)
		if !key.Match(text) {
			return fmt.Errorf("%s: no max_touches_per_week of channel %s to write", file, c.Name)
		}
		text = key.ReplaceAll(text, []byte(fmt.Sprintf("${1}%.4g", c.MaxTouchesPerWeek)))
	}
	return os.WriteFile(file, text, 0o644)
}

func indexOf(p *model.Plan, channel string) int {
	for i := range p.Channels {
		if p.Channels[i].Name == channel {
			return i
		}
	}
	panic("no channel " + channel)
}

// setTouches sets the number in the plan and in its opening plan.
func setTouches(p *model.Plan, channel string, x float64) {
	for _, q := range []*model.Plan{p, p.OpeningPlan} {
		if q != nil {
			q.Channels[indexOf(q, channel)].MaxTouchesPerWeek = x
		}
	}
}
