package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// prepared makes a plan ready, with a state and a record.
func prepared(t testing.TB, p *plan.Plan) (*Prepared, *State, *plan.Record) {
	t.Helper()
	pr, err := Prepare(p)
	require.NoError(t, err)
	return pr, pr.NewState(), pr.Schema().NewRecord()
}

// outcome is the value of a named outcome of a record.
func outcome(t tester, pr *Prepared, rec *plan.Record, name string) float64 {
	t.Helper()
	for i, c := range pr.Schema().Outcomes {
		if c.Name == name {
			return rec.Outcomes[i]
		}
	}
	t.Fatalf("no outcome %s", name)
	return 0
}

func weekly(t tester, pr *Prepared, rec *plan.Record, name string) []float64 {
	t.Helper()
	W := len(pr.Schema().Weekly)
	for i, c := range pr.Schema().Weekly {
		if c.Name == name {
			out := make([]float64, pr.Schema().Weeks)
			for w := range out {
				out[w] = rec.Weekly[w*W+i]
			}
			return out
		}
	}
	t.Fatalf("no weekly column %s", name)
	return nil
}

func TestEveryStepConservesFirmsJourneysSignupsCustomersAndCash(t *testing.T) {
	plans := map[string]func(p *plan.Plan){
		"as it is":         func(p *plan.Plan) {},
		"daily":            func(p *plan.Plan) { p.Run.Step, p.Run.Weeks = "day", 12 },
		"growing market":   func(p *plan.Plan) { p.Population.GrowthPerYear = 0.05 },
		"shrinking market": func(p *plan.Plan) { p.Population.GrowthPerYear = -0.3 },
		"recessions": func(p *plan.Plan) {
			p.Economy.Regime, p.Economy.ExpansionMonths, p.Economy.RecessionMonths = "random", 3, 3
		},
		"ruin": func(p *plan.Plan) { p.Finance.OpeningCash = 3e5 },
		"cash rules": func(p *plan.Plan) {
			p.CashRules = []plan.CashRule{{Name: "low", Below: 1e6, CutMedia: 0.5, CutBrand: 1, FreezeHiring: true}}
		},
		"short locks": func(p *plan.Plan) { p.Journey.LockInYears = 0.2 },
		"slow sales": func(p *plan.Plan) {
			p.Teams[0].AnswerDelayHours, p.Teams[1].People, p.Teams[2].AnswerDelayHours = 100, 1, 300
		},
		"hiring": func(p *plan.Plan) {
			p.Teams[1].People, p.Teams[1].HireWhenLoadAbove, p.Teams[1].LeadTimeWeeks = 1, 0.6, 2
		},
		"no burn-in": func(p *plan.Plan) { p.Opening.BurnInWeeks = 0 },
		"few firms":  func(p *plan.Plan) { p.Population.Firms = 600; p.Opening.Customers = []float64{10, 5, 2, 1} },
		"prices for all": func(p *plan.Plan) {
			p.Products[0].PriceForAll = true
			p.Changes = []plan.Change{{Name: "war", From: p.Run.Start + 70, Until: p.Run.Start + 143, Effects: []plan.Effect{{Key: "products.*.price", Multiply: true, Value: 0.8, Input: -1}}}}
		},
		"fired": func(p *plan.Plan) {
			p.Schedules = []plan.Schedule{{Key: "teams.small.people", Entries: []plan.ScheduleEntry{{From: p.Run.Start, Value: 4, Input: -1}, {From: p.Run.Start + 60, Value: 1, Input: -1}, {From: p.Run.Start + 120, Value: 5, Input: -1}}}}
		},
	}
	for name, change := range plans {
		t.Run(name, func(t *testing.T) {
			p := testMarket(30000, 3)
			change(p)
			pr, s, rec := prepared(t, p)
			for r := 0; r < 3; r++ {
				s.eachStep = func() { require.NoError(t, s.Conserved()) }
				s.Replicate(7, r, rec)
				requireSlicesSum(t, pr, rec)
				requireMonthsSum(t, pr, rec)
			}
		})
	}
}

// requireSlicesSum holds every slicing of every summed column against the company's row.
func requireSlicesSum(t tester, pr *Prepared, rec *plan.Record) {
	sc := pr.Schema()
	sums := map[string][]float64{}
	for r, row := range sc.SliceRows {
		if sums[row.Dimension] == nil {
			sums[row.Dimension] = make([]float64, colSums)
		}
		for c := 0; c < colSums; c++ {
			if x := rec.Slices[r*len(sc.Slice)+c]; !math.IsNaN(x) {
				sums[row.Dimension][c] += x
			}
		}
	}
	for dim, got := range sums {
		for c, want := range sums["company"] {
			if (dim == "product" || dim == "team") && (c == colTouches || c == colLeads || c == colRealLeads) {
				continue
			}
			require.InDelta(t, want, got[c], 1e-9*math.Abs(want)+1e-6, "%s of %s", sc.Slice[c].Name, dim)
		}
	}
	for c, name := range map[int]string{colWon: "won", colLTV: "ltv_total", colSignups: "signups", colLeads: "leads", colRealLeads: "real_leads", colTouches: "touches", colOpportunities: "opportunities", colMedia: "media_spend", colBrand: "brand_spend", colSales: "sales_spend"} {
		require.InDelta(t, outcome(t, pr, rec, name), sums["company"][c], 1e-9*math.Abs(sums["company"][c])+1e-6, name)
	}
	require.InDelta(t, outcome(t, pr, rec, "acquisition_cost"), rec.Slices[colSums], 1e-9*math.Abs(rec.Slices[colSums])+1e-6)
}

// requireMonthsSum holds the months against the run's totals.
func requireMonthsSum(t tester, pr *Prepared, rec *plan.Record) {
	for col, name := range map[int]string{monJourneys: "journeys", monLeads: "leads", monRealLeads: "real_leads", monSignups: "signups", monOpportunities: "opportunities", monWon: "won", monChurned: "churned", monDeaths: "customer_deaths",
		monRevenue: "revenue", monMedia: "media_spend", monBrand: "brand_spend", monSales: "sales_spend"} {
		var sum float64
		for m := range pr.Schema().MonthStart {
			sum += rec.Months[m*monColumns+col]
		}
		want := outcome(t, pr, rec, name)
		require.InDelta(t, want, sum, 1e-9*math.Abs(want)+1e-6, name)
	}
}

func TestLook(t *testing.T) {
	pr, s, rec := prepared(t, testMarket(116000, 4))
	s.Replicate(1, 0, rec)
	for i, c := range pr.Schema().Outcomes {
		fmt.Printf("%-28s %14.3f\n", c.Name, rec.Outcomes[i])
	}
}

func BenchmarkReplicate(b *testing.B) {
	p := testMarket(5.8e6, 15)
	p.Run.Weeks = 104
	for c := range p.Channels {
		p.Channels[c].MaxTouchesPerWeek *= 0.3
	}
	_, s, rec := prepared(b, p)
	s.Replicate(1, 0, rec)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		s.Replicate(1, i+1, rec)
	}
	b.ReportMetric(rec.Outcomes[0], "journeys")
	b.ReportMetric(rec.Outcomes[4], "touches")
	b.ReportMetric(rec.Outcomes[8], "signups")
}
