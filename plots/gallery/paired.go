package gallery

import (
	"fmt"

	"windfall/plots/picture"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Pictures of plans that were run with common random numbers. They need of a
// panel what is named at each.

// A Level is a setting that spends so much a week on a channel.
type Level struct {
	Setting string
	Spend   float64 // USD a week
}

// ResponseOf sets what a channel wins against what is spent on it: of every
// level it needs the outcomes won and acquisition_cost. What more spend wins
// anywhere in the company counts, and all that it costs.
func ResponseOf(p *panel.Panel, source picture.Source, channel string, weeks int, levels []Level, worth,
	now float64) (picture.Response, error) {
	out := picture.Response{Source: source, Channel: channel, Worth: worth, Now: now}
	var before [2][]float64
	for i, l := range levels {
		won := p.Values(panel.Leaf{Setting: l.Setting, Measure: panel.Measure{Column: "won"}})
		cost := p.Values(panel.Leaf{Setting: l.Setting, Measure: panel.Measure{Column: "acquisition_cost"}})
		if won == nil || cost == nil {
			return out, fmt.Errorf("picture of the response of %s: won and acquisition_cost of %s were not kept", channel,
				l.Setting)
		}
		out.Spend = append(out.Spend, l.Spend)
		weekly := make([]float64, len(won))
		for k := range weekly {
			weekly[k] = won[k] / float64(weeks)
		}
		out.Won = append(out.Won, analysis.Mean(weekly, p.Ties))
		if i > 0 {
			more, dearer := make([]float64, len(won)), make([]float64, len(won))
			for k := range won {
				more[k], dearer[k] = won[k]-before[0][k], cost[k]-before[1][k]
			}
			out.Marginal = append(out.Marginal, analysis.Ratio(dearer, more, 1, p.Ties))
		}
		before = [2][]float64{won, cost}
	}
	return out, nil
}
