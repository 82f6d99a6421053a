package gallery

import (
	"fmt"

	"windfall/model"
	"windfall/plots/picture"
	"windfall/plots/words"
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
func ResponseOf(p *panel.Panel, source picture.Source, channel string, weeks int, levels []Level, worth, now float64) (picture.Response, error) {
	out := picture.Response{Source: source, Channel: channel, Worth: worth, Now: now}
	var before [2][]float64
	for i, l := range levels {
		won := p.Values(panel.Leaf{Setting: l.Setting, Measure: panel.Measure{Column: "won"}})
		cost := p.Values(panel.Leaf{Setting: l.Setting, Measure: panel.Measure{Column: "acquisition_cost"}})
		if won == nil || cost == nil {
			return out, fmt.Errorf("picture of the response of %s: won and acquisition_cost of %s were not kept", channel, l.Setting)
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

// TradeoffOf sets two outcomes of settings against each other, the first of
// which is the plan: of every setting it needs both outcomes, of a ratio its
// parts.
func TradeoffOf(p *panel.Panel, source picture.Source, x, y model.Column, settings []string) (picture.Tradeoff, error) {
	out := picture.Tradeoff{Source: source, X: words.Measure{Name: x.Name, Unit: x.Unit}, Y: words.Measure{Name: y.Name, Unit: y.Unit},
		LessX: x.Direction == model.Less, LessY: y.Direction == model.Less}
	for i, s := range settings {
		c := picture.Choice{Name: s, Plan: i == 0}
		for _, side := range []struct {
			column model.Column
			to     *analysis.Estimate
		}{{x, &c.X}, {y, &c.Y}} {
			var err error
			if *side.to, err = estimateOf(p, s, side.column); err != nil {
				return out, fmt.Errorf("picture of the trade-off: %w", err)
			}
		}
		out.Plans = append(out.Plans, c)
	}
	return out, nil
}

// estimateOf is an outcome of a setting: mean, share or ratio of totals.
func estimateOf(p *panel.Panel, setting string, c model.Column) (analysis.Estimate, error) {
	values := func(name string) ([]float64, error) {
		v := p.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: name}})
		if v == nil {
			return nil, fmt.Errorf("%s of %s was not kept", name, setting)
		}
		return v, nil
	}
	if c.Over == "" {
		v, err := values(c.Name)
		if err != nil {
			return analysis.Estimate{}, err
		}
		if analysis.Statistic(c) == "chance" {
			return analysis.ChanceAlike(v, p.Ties.Lucks), nil
		}
		return analysis.MeanOf(&c, v, p.Ties), nil
	}
	over, err := values(c.Over)
	if err != nil {
		return analysis.Estimate{}, err
	}
	under, err := values(c.Under)
	if err != nil {
		return analysis.Estimate{}, err
	}
	return analysis.RatioOf(&c, over, under, p.Ties), nil
}
