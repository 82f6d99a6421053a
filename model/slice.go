package model

import (
	"math"

	"windfall/model/plan"
)

// monthColumn is one number per replication and calendar month: a sum that the tally keeps.
type monthColumn struct {
	plan.Column
	sum int // its place in the tally's month
}

// sliceColumn is one number per replication and slice: all that is to be said of it, in one place.
type sliceColumn struct {
	plan.Column
	read      func(sums []float64) float64 // from the tally's row; nil: a ratio of its parts
	missingOf []string                     // dimensions whose rows have none
}

// sumAt reads a sum that the tally keeps.
func sumAt(at int) func([]float64) float64 { return func(sums []float64) float64 { return sums[at] } }

// spreadWeek shares the week's evenly accruing money over calendar months by days, and media and brand
// by what is spent on them.
func (s *State) spreadWeek(week int) {
	t, m := &s.tally, &s.money.week
	for d := 0; d < 7; {
		mon, from := s.w.monthOf[week*7+d], d
		for ; d < 7 && s.w.monthOf[week*7+d] == mon; d++ {
		}
		share := float64(d-from) / 7
		media, brand := share, share
		if from > 0 || d < 7 {
			media, brand = s.w.tl.SpendShares(week, from, d)
		}
		row := t.month[int(mon)*monColumns:]
		row[monRevenue] += float64(m.revenue * share)
		row[monCost] += float64(m.costOfRevenue * share)
		row[monMedia] += float64(m.media * media)
		row[monBrand] += float64(m.brand * brand)
		row[monSales] += float64(m.pay * share)
		row[monOnboardingFees] += float64(m.free * share)
	}
}

// reportMonths fills the calendar months from the sums.
func (d *dictionary) reportMonths(rec *plan.Record, t *tally) {
	n := len(d.months)
	for m := range d.schema.MonthStart {
		row, sums := rec.Months[m*n:(m+1)*n], t.month[m*monColumns:(m+1)*monColumns]
		for i := range d.months {
			row[i] = sums[d.months[i].sum]
		}
	}
}

// reportSlices fills the slices from the sums of a run that ended at a time.
func (d *dictionary) reportSlices(rec *plan.Record, t *tally, end float64) {
	n := len(d.slice)
	for r := range d.schema.SliceRows {
		sums, row, absent := t.row(r), rec.Slices[r*n:(r+1)*n], d.absent[r*n:(r+1)*n]
		sums[colMonths] += float64((sums[colWon] - sums[colChurned] - sums[colDeaths]) * (end / plan.WeeksPerMonth))
		for k := len(keptMonths) - 2; k >= 0; k-- {
			sums[colKept+k] += sums[colKept+k+1]
		}
		for i := range d.slice {
			if read := d.slice[i].read; absent[i] {
				row[i] = math.NaN()
			} else if read != nil {
				row[i] = read(sums)
			}
		}
		fillQuotients(d.sliceRatios, row)
	}
}

// monthColumns are the numbers by calendar month: events by their date, media and brand by what is spent on each day,
// other money that accrues evenly by time share. Quarters are sums of months.
var monthColumns = []monthColumn{
	{Column: plan.Column{Name: "journeys", Unit: "buyers",
		Meaning: "Buyers who came into the market."},
		sum: monJourneys},
	{Column: plan.Column{Name: "leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads."},
		sum: monLeads},
	{Column: plan.Column{Name: "real_leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads with a real intention."},
		sum: monRealLeads},
	{Column: plan.Column{Name: "signups", Unit: "sign-ups", Direction: plan.More,
		Meaning: "Sign-ups."},
		sum: monSignups},
	{Column: plan.Column{Name: "opportunities", Unit: "opportunities", Direction: plan.More,
		Meaning: "First contacts."},
		sum: monOpportunities},
	{Column: plan.Column{Name: "won", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won."},
		sum: monWon},
	{Column: plan.Column{Name: "churned", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers that churned."},
		sum: monChurned},
	{Column: plan.Column{Name: "customer_deaths", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers whose firm died."},
		sum: monDeaths},
	{Column: plan.Column{Name: "revenue", Unit: "USD", Direction: plan.More,
		Meaning: "Revenue."},
		sum: monRevenue},
	{Column: plan.Column{Name: "cost_of_revenue", Unit: "USD", Direction: plan.Less,
		Meaning: "Cost of revenue and cost to serve."},
		sum: monCost},
	{Column: plan.Column{Name: "media", Unit: "USD", Direction: plan.Less,
		Meaning: "Channel budgets."},
		sum: monMedia},
	{Column: plan.Column{Name: "brand", Unit: "USD", Direction: plan.Less,
		Meaning: "Brand media budgets."},
		sum: monBrand},
	{Column: plan.Column{Name: "sales", Unit: "USD", Direction: plan.Less,
		Meaning: "Pay, commission and partner margins."},
		sum: monSales},
	{Column: plan.Column{Name: "onboarding_fees", Unit: "USD", Direction: plan.Less,
		Meaning: "Onboarding and one-off fees."},
		sum: monOnboardingFees},
}

// sliceColumns are the numbers of a slice (docs/results.md).
var sliceColumns = []sliceColumn{
	{Column: plan.Column{Name: "media", Unit: "USD", Direction: plan.Less,
		Meaning: "Channel budgets of the slice."},
		read: sumAt(colMedia)},
	{Column: plan.Column{Name: "brand", Unit: "USD", Direction: plan.Less,
		Meaning: "Brand media of the slice."},
		read: sumAt(colBrand)},
	{Column: plan.Column{Name: "sales", Unit: "USD", Direction: plan.Less,
		Meaning: "Pay, commission and partner margins of the slice."},
		read: sumAt(colSales)},
	{Column: plan.Column{Name: "onboarding_fees", Unit: "USD", Direction: plan.Less,
		Meaning: "Onboarding and one-off fees of the slice."},
		read: sumAt(colOnboardingFees)},
	{Column: plan.Column{Name: "touches", Unit: "touches",
		Meaning: "Touches made (missing for products and teams)."},
		missingOf: []string{"product", "team"}, read: sumAt(colTouches)},
	{Column: plan.Column{Name: "leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads (missing for products and teams)."},
		missingOf: []string{"product", "team"}, read: sumAt(colLeads)},
	{Column: plan.Column{Name: "real_leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads with a real intention (missing for products and teams)."},
		missingOf: []string{"product", "team"}, read: sumAt(colRealLeads)},
	{Column: plan.Column{Name: "signups", Unit: "sign-ups", Direction: plan.More,
		Meaning: "Sign-ups."},
		read: sumAt(colSignups)},
	{Column: plan.Column{Name: "opportunities", Unit: "opportunities", Direction: plan.More,
		Meaning: "First contacts."},
		read: sumAt(colOpportunities)},
	{Column: plan.Column{Name: "won", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won."},
		read: sumAt(colWon)},
	{Column: plan.Column{Name: "churned", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers won in the run that churned in it."},
		read: sumAt(colChurned)},
	{Column: plan.Column{Name: "customer_deaths", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers won in the run whose firm died in it."},
		read: sumAt(colDeaths)},
	{Column: plan.Column{Name: "customer_months", Unit: "customer-months", Direction: plan.More,
		Meaning: "Months lived in the run by customers won in it."},
		read: sumAt(colMonths)},
	{Column: plan.Column{Name: "retained", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won still customers 12 months after the win."},
		read: sumAt(colRetained)},
	{Column: plan.Column{Name: "ltv_total", Unit: "USD", Direction: plan.More,
		Meaning: "Lifetime value summed over customers won."},
		read: sumAt(colLTV)},
	{Column: plan.Column{Name: "kept_1", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won still customers 1 month after the win."},
		read: sumAt(colKept)},
	{Column: plan.Column{Name: "kept_3", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won still customers 3 months after the win."},
		read: sumAt(colKept + 1)},
	{Column: plan.Column{Name: "kept_6", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won still customers 6 months after the win."},
		read: sumAt(colKept + 2)},
	{Column: plan.Column{Name: "kept_18", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won still customers 18 months after the win."},
		read: sumAt(colKept + 3)},
	{Column: plan.Column{Name: "kept_24", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won still customers 24 months after the win."},
		read: sumAt(colKept + 4)},
	{Column: plan.Column{Name: "acquisition_cost", Unit: "USD", Direction: plan.Less,
		Meaning: "Media, brand, sales, onboarding and one-off fees."},
		read: func(sums []float64) float64 { return total(sums[colMedia : colOnboardingFees+1]) }},
	{Column: plan.Column{Name: "media_and_brand", Unit: "USD", Direction: plan.Less,
		Meaning: "Media and brand."},
		read: func(sums []float64) float64 { return sums[colMedia] + sums[colBrand] }},
	{Column: plan.Column{Name: "cac_media", Unit: "USD", Direction: plan.Less, Over: "media", Under: "won",
		Meaning: "Media per customer won.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "cac_media_brand", Unit: "USD", Direction: plan.Less, Over: "media_and_brand", Under: "won",
		Meaning: "Media and brand per customer won.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "cac", Unit: "USD", Direction: plan.Less, Over: "acquisition_cost", Under: "won",
		Meaning: "Acquisition cost per customer won, fully loaded.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "ltv", Unit: "USD", Direction: plan.More, Over: "ltv_total", Under: "won",
		Meaning: "Mean lifetime value of customers won.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "ltv_cac", Unit: "ratio", Direction: plan.More, Over: "ltv_total",
		Under:      "acquisition_cost",
		NoneAtZero: true,
		Meaning:    "Lifetime value over acquisition cost.",
		Missing:    "nobody was won", Free: "nothing was spent on acquisition"}},
	{Column: plan.Column{Name: "monthly_churn", Unit: "share per month", Direction: plan.Less, Over: "lost",
		Under:   "customer_months",
		Meaning: "Customers won and lost in the run (churn and firm death) per customer-month.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "lost", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers won and lost in the run."},
		read: func(sums []float64) float64 { return sums[colChurned] + sums[colDeaths] }},
	{Column: plan.Column{Name: "retained_12_months", Unit: "share", Direction: plan.More, Over: "retained", Under: "won",
		Meaning: "Share still customers 12 months after the win.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "retained_1_month", Unit: "share", Direction: plan.More, Over: "kept_1", Under: "won",
		Meaning: "Share still customers 1 month after the win.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "retained_3_months", Unit: "share", Direction: plan.More, Over: "kept_3", Under: "won",
		Meaning: "Share still customers 3 months after the win.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "retained_6_months", Unit: "share", Direction: plan.More, Over: "kept_6", Under: "won",
		Meaning: "Share still customers 6 months after the win.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "retained_18_months", Unit: "share", Direction: plan.More, Over: "kept_18", Under: "won",
		Meaning: "Share still customers 18 months after the win.",
		Missing: "nobody was won"}},
	{Column: plan.Column{Name: "retained_24_months", Unit: "share", Direction: plan.More, Over: "kept_24", Under: "won",
		Meaning: "Share still customers 24 months after the win.",
		Missing: "nobody was won"}},
}
