package export

import (
	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/table"
)

// lacking are the worlds without something, by what they lack: each channel, and the brand media together, as windfall
// truth takes them out.
func lacking(p *plan.Plan) (names []string, plans []*plan.Plan, err error) {
	names, media := edit.CanGo(p)
	if len(media) > 0 {
		names = append(names, edit.AllMedia)
	}
	for _, name := range names {
		q, err := edit.Without(p, name)
		if err != nil {
			return nil, nil, err
		}
		plans = append(plans, q)
	}
	return names, plans, nil
}

var channelsSheet = sheet{name: "truth_channels", truth: true, meaning: "One row per week, region and channel: what " +
	"it really brings, from the same history run again without it from the first day on, on the same random numbers. " +
	"Their sums are the differences of windfall truth. The row brand is all brand media together.",
	columns: columnsOf(byWeek, []column{
		regionColumn, text("channel", "Channel that is taken out; brand: all brand media."),
		number("incremental_leads", "leads", "Leads with it less leads without it."),
		number("incremental_signups", "sign-ups", "Sign-ups with it less sign-ups without it."),
		number("incremental_customers", "customers", "Customers won with it less those won without it."),
		number("incremental_monthly_revenue", "MONEY/month", "First monthly bills of customers won, likewise."),
		number("touch_rate", "touches/week", "Touches per week on a firm in the market that the channel reaches, in the "+
			"last "+
			"step of the week. Missing for brand."),
		number("adstock", "MONEY/week", "Adstocked spend at the week's end, as the firms of the region see it: what it "+
			"would be if all regions had its region_spend. Missing for brand."),
		number("lift", "multiplier", "What the brand multiplies the channel's response with. Missing for brand."),
	}),
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for week := range r.Weeks {
			for region := range r.Regions {
				for i, name := range x.lacks {
					o := r.without[i]
					r.key(w, week)
					x.texts(w, "region", r.Regions[region], "channel", name)
					numbers(w, r.Leads[region][week]-o.Leads[region][week], r.Signups[region][week]-o.Signups[region][week],
						r.Won[region][week]-o.Won[region][week], inCents(r.MRR[region][week]-o.MRR[region][week]))
					rate, adstock, lift := missing, missing, missing
					if c := x.channelOf[name]; c >= 0 && week < r.Lived {
						rate, adstock, lift = r.Rate[c][region][week], r.AdstockIn[c][region][week], r.Lift[c][region][week]
					}
					numbers(w, rate, adstock, lift)
					if err := w.EndRow(); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}}

var curvesSheet = sheet{name: "truth_curves", truth: true, meaning: "One row per week and channel: its carry-over " +
	"and its curve as they are in the plan that week. With A the adstock, touches per week on a firm that it reaches " +
	"are max_touches_per_week x season x min(1, per_firm x A^shape/(A^shape + half_saturation^shape)); A moves by " +
	"dA/dt = (ln 2/half-life)(region_spend x spend/cost_multiplier - A), t in weeks. Where region_spend differs between " +
	"regions, so do A (truth_channels) and touches.",
	columns: columnsOf(byWeek, []column{
		text("channel", "Channel."),
		text("driver", "What drives it: budget, brand (equity) or customers."),
		number("adstock", "MONEY/week", "Adstocked spend at the week's end: the mean over regions, each by its part of the "+
			"budget."),
		number("adstock_half_life_weeks", "weeks", "Half-life of the carry-over."),
		number("half_saturation", "MONEY/week", "Adstock at which the curve is one half, for the firms that it addresses; "+
			"missing for other drivers."),
		number("half_saturation_equity", "equity", "Of driver brand: equity at which it runs at half its maximum."),
		number("half_saturation_customers", "customers", "Of driver customers: live customers, likewise."),
		number("shape", "", "Exponent of the curve."),
		number("cost_multiplier", "multiplier", "Price level: divides spend."),
		number("per_firm", "multiplier", "Firms for which money is stated over those there are."),
		number("max_touches_per_week", "touches/week", "Touches at full drive."),
		number("response", "chance", "Chance that a touch makes a ready firm a lead."),
		number("weight", "touches", "What a touch adds to a buyer's progress."),
		number("halo", "", "How strongly the brand lifts its response."),
	}),
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for week := range r.Lived {
			for c, name := range r.Channels {
				k := &r.Curves[c][week]
				r.key(w, week)
				x.texts(w, "channel", name)
				driver := x.Plan.Channels[c].Driver
				w.Text(driver)
				half := missing
				if driver == "budget" {
					half = r.HalfSaturation[c][week]
				}
				numbers(w, r.Adstock[c][week], k.HalfLife, half, k.Equity, k.Live, k.Shape, k.Cost, r.PerFirm[week], k.Most,
					k.Response, k.Weight, k.Halo)
				if err := w.EndRow(); err != nil {
					return err
				}
			}
		}
		return nil
	}}

var brandSheet = sheet{name: "truth_brand", truth: true, meaning: "One row per week and region: what is remembered " +
	"of the brand. Both are 1 where spend is that of the reference for long.",
	columns: columnsOf(byWeek, []column{regionColumn,
		number("salience", "salience", "Mean over the last step of the week: what is remembered of advertising just seen."),
		number("equity", "equity", "Mean over the last step of the week: what years have built."),
		number("salience_half_life_weeks", "weeks", "Half-life of salience."),
		number("equity_half_life_weeks", "weeks", "Half-life of equity."),
		number("salience_weight", "share", "Weight of salience in what lifts the response of channels, against equity."),
	}),
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for week := range r.Lived {
			for region := range r.Regions {
				r.key(w, week)
				x.texts(w, "region", r.Regions[region])
				b := &r.Brand[week]
				numbers(w, r.Salience[region][week], r.Equity[region][week], b.SalienceHalfLifeWeeks, b.EquityHalfLifeWeeks,
					b.SalienceWeight)
				if err := w.EndRow(); err != nil {
					return err
				}
			}
		}
		return nil
	}}

var mediaSheet = sheet{name: "truth_media", truth: true, meaning: "One row per brand medium and region that it " +
	"covers: its curve in the first week. Its pressure is Hill(spend/cost_multiplier)/Hill(reference_budget), " +
	"weighted by to_salience and to_equity.",
	columns: []column{byWeek[0], text("medium", "Brand medium."), regionColumn,
		number("half_saturation", "MONEY/week", "Spend at which the curve is one half."),
		number("reference_budget", "MONEY/week", "Spend whose pressure is 1."),
		number("shape", "", "Exponent of the curve."),
		number("cost_multiplier", "multiplier", "Price level: divides spend."),
		number("to_salience", "weight", "Weight in the pressure on salience."),
		number("to_equity", "weight", "Weight in the pressure on equity."),
	},
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for q, name := range r.Media {
			for region := range r.Regions {
				k := &r.MediaCurves[q][region]
				if !(k.HalfSaturation > 0) {
					continue // it does not cover the region
				}
				w.Whole(r.number)
				x.texts(w, "medium", name, "region", r.Regions[region])
				numbers(w, k.HalfSaturation, k.Reference, k.Shape, k.Cost, k.ToSalience, k.ToEquity)
				if err := w.EndRow(); err != nil {
					return err
				}
			}
		}
		return nil
	}}
