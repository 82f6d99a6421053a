package model

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// A ratio without a meaning is no number. Who never pays back, or burns cash
// without growing, is beyond all numbers; where there is nobody to divide by, or
// nothing was burnt, there is none.
func TestRatiosAreNumbersNeverOrMissing(t *testing.T) {
	columns := map[string]*plan.Column{}
	s := NewSchema(&plan.Plan{Run: plan.Run{Weeks: 104}})
	for i := range s.Outcomes {
		columns[s.Outcomes[i].Name] = &s.Outcomes[i]
	}
	nan := math.NaN()
	for _, c := range []struct {
		name              string
		over, under, want float64
		reason            string
	}{
		{"payback_months", 900, 75, 12, ""},
		{"payback_months", 900, -400, plan.Never, "the customers won bring no margin, so they never pay back"},
		{"payback_months", 900, 0, nan, "nobody was won"},
		{"burn_multiple", 3, 2, 1.5, ""},
		{"burn_multiple", -3, 2, -1.5, ""}, // grows and makes cash
		{"burn_multiple", 3, -2, plan.Never, "cash burns and recurring revenue does not grow"},
		{"burn_multiple", 3, 0, plan.Never, "cash burns and recurring revenue does not grow"},
		{"burn_multiple", -3, -2, nan, "recurring revenue does not grow, and no cash burns"},
		{"burn_multiple", 0, 0, nan, "recurring revenue does not grow, and no cash burns"},
		{"cac", 900, 0, nan, "nobody was won"},
		{"win_rate", 0, 0, nan, "no opportunity was booked"},
		{"ltv_cac", -2, 4, -0.5, ""},
		{"ltv_cac", 0, 900, nan, "nobody was won, or nothing was spent on acquisition"},
		{"ltv_cac", 0, 0, nan, "nobody was won, or nothing was spent on acquisition"},
		{"gross_margin_share", 0, 900, 0, ""}, // a true 0
	} {
		x := columns[c.name].Quotient(c.over, c.under)
		if math.IsNaN(c.want) {
			assert.True(t, math.IsNaN(x), "%s of %v over %v is %v", c.name, c.over, c.under, x)
		} else {
			assert.Equal(t, c.want, x, "%s of %v over %v", c.name, c.over, c.under)
		}
		assert.Equal(t, c.reason, columns[c.name].Reason(x))
	}
	assert.Equal(t, "the vendor stays in business", columns["week_of_ruin"].Reason(plan.Never))
	for _, c := range s.Outcomes {
		if c.Over != "" {
			assert.NotEmpty(t, c.Missing, "%s does not say why it may be missing", c.Name)
		}
	}
}

// Retention of a run that holds no year is one over the run, not one per year.
func TestRetentionOfAShortRunIsNotPerYear(t *testing.T) {
	for weeks, per := range map[float64]string{26: "retention_over_the_run", 51: "retention_over_the_run", 52: "net_revenue_retention", 104: "net_revenue_retention"} {
		for _, c := range NewSchema(&plan.Plan{Run: plan.Run{Weeks: weeks}}).Outcomes {
			if c.Name == "retention_over_the_run" || c.Name == "net_revenue_retention" {
				require.Equal(t, c.Name == per, c.Over != "", "%s in %v weeks: %s", c.Name, weeks, c.Missing)
			}
		}
	}
}

// Who asks by another word than the name of an outcome is shown the one that is meant.
func TestOutcomesAreFoundByOtherWords(t *testing.T) {
	columns := NewSchema(&plan.Plan{}).Outcomes
	for word, want := range map[string]string{"lifetime": "lifetime_margin", "lifetime_mar": "lifetime_margin",
		"profit": "lifetime_margin", "bankrupt": "out_of_business", "bankrupcy": "out_of_business", "churn": "monthly_logo_churn",
		"cash": "cash_end", "customers": "live_customers", "lifetime_medai": "lifetime_media", "xyzzy": ""} {
		assert.Equal(t, want, plan.NearestColumn(word, columns), word)
	}
	names := map[string]bool{}
	for _, c := range columns {
		names[c.Name] = true
	}
	for _, c := range columns {
		for _, word := range strings.Fields(c.Also) {
			assert.False(t, names[word], "%s is an outcome of its own", word)
		}
	}
}
