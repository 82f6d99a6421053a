package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// Weekly and daily steps agree within 1% of each headline mean and three
// standard errors, on plans whose dates fall on week starts.
func TestWeeklyAndDailyStepsAgree(t *testing.T) {
	t.Parallel()
	names := []string{"journeys", "in_market_firms", "reached", "engaged", "touches", "leads", "signups", "opportunities", "lost_waiting", "died_in_sales", "won", "win_rate", "churned", "customer_deaths", "live_customers", "monthly_logo_churn",
		"retained_12_months", "mrr", "revenue", "gross_margin", "media_spend", "brand_spend", "sales_spend", "fee_spend", "acquisition_cost", "cac", "ltv", "ltv_cac", "payback_months", "cash_end", "cash_trough", "retention_over_the_run"}
	for name, change := range map[string]func(p *plan.Plan){
		"as it is": func(p *plan.Plan) {},
		"pause, recession and few sellers": func(p *plan.Plan) {
			p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + 7*12, Regime: "recession"}, {From: p.Run.Start + 7*20, Regime: "expansion"}}
			p.Changes = []plan.Change{{Name: "pause", From: p.Run.Start + 7*10, Until: p.Run.Start + 7*14, Effects: []plan.Effect{{Key: "media.*.weekly_budget", Value: 0, Input: -1}, {Key: "channels.display.weekly_budget", Value: 0, Input: -1}}}}
			p.Teams[1].People, p.Teams[2].AnswerDelayHours = 1, 30
			p.Population.GrowthPerYear = 0.05
			p.CashRules = []plan.CashRule{{Name: "low", Below: p.Finance.OpeningCash * 0.97, CutMedia: 0.3, CutBrand: 0.3, FreezeHiring: false}}
		},
	} {
		sums := map[string][2][]float64{}
		for i, step := range []string{"week", "day"} {
			p := testMarket(20000, 1)
			p.Run.Weeks, p.Opening.BurnInWeeks = 26, 15
			change(p)
			p.Run.Step = step
			pr, s, rec := prepared(t, p)
			for r := range more(40, 25) {
				s.Replicate(12, r, rec)
				for _, n := range names {
					x := sums[n]
					x[i] = append(x[i], outcome(t, pr, rec, n))
					sums[n] = x
				}
			}
		}
		for _, n := range names {
			a, va := moments(sums[n][0])
			b, vb := moments(sums[n][1])
			se := math.Sqrt((va + vb) / float64(len(sums[n][0])))
			if !(math.Abs(a-b) <= 0.01*math.Abs(a)+3*se) {
				t.Errorf("%s, %s: %.6g by the week, %.6g by the day (%+.2f%%), standard error %.3g", name, n, a, b, 100*(b/a-1), se)
			}
			if heavy {
				t.Logf("%s, %s: %+.2f%%, z = %.2f", name, n, 100*(b/a-1), (b-a)/se)
			}
		}
	}
}

// A run like its opening plan draws one layer of trigger proposals, seasons and all.
func TestOneLayerHoldsTheTriggersOfTheOpeningPlan(t *testing.T) {
	t.Parallel()
	p := testMarket(60000, 1)
	p.Run.Weeks = 104
	for i := range p.Triggers {
		p.Triggers[i].Season = []float64{1.15, 1.15, 1.15, 1, 1, 0.95, 0.9, 0.9, 0.95, 1, 0.95, 0.9}
	}
	for _, step := range []string{"week", "day"} {
		p.Run.Step = step
		_, s, _ := prepared(t, p)
		s.w.set(1, 0, s.root)
		for at, layers := range s.w.layers {
			require.LessOrEqual(t, layers, uint8(1), "block and kind %d", at)
		}
	}
}
