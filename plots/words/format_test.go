package words

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		f    Format
		v    float64
		want string
	}{
		{Count, 0, "0"}, {Count, 7, "7"}, {Count, 12.34, "12.3"}, {Count, 8412, "8,412"}, {Count, 35_000, "35.0k"},
		{Count, 371_234, "371k"}, {Count, 999_900, "1.00M"}, {Count, 2_812_400, "2.81M"}, {Count, -52_000, "−52.0k"},
		{Money, 1_240_000, "$1.24M"}, {Money, 640, "$640"}, {Money, 44.1, "$44.10"}, {Money, 44, "$44"},
		{Money, -3e9, "−$3.00B"}, {Money, 916_500, "$917k"}, {Money, -1294.5, "−$1,295"}, {Percent, 0.00125, "0.13%"},
		{Percent, 0.124, "12.4%"}, {Percent, 0.05, "5%"}, {Percent, 0.00384, "0.38%"}, {Percent, 1, "100%"},
		{Percent, 0, "0%"}, {Percent, 1e-9, "<0.0001%"},
		{Plain, 3.1, "3.1"}, {Plain, 0.02, "0.02"}, {Plain, 1e-7, "1e-07"}, {Plain, 4e18, "4e18"}, {Plain, math.NaN(), "–"},
	} {
		if got := c.f.Text(c.v); got != c.want {
			t.Errorf("Text(%v) = %s, want %s", c.v, got, c.want)
		}
	}
}

func TestPairTellsNumbersApart(t *testing.T) {
	for _, c := range []struct {
		f    Format
		a, b float64
		want string
	}{
		{Count, 371_234, 389_111, "371k 389k"},
		{Money, 1_020_000, 1_214_000, "$1.02M $1.21M"},
		{Count, 371_234, 371_260, "371,234 371,260"},
		{Money, 999_600, 1_401_000, "$1.00M $1.40M"},
		{Percent, 0.0415, 0.0699, "4.2% 7.0%"},
		{Count, 2, 6, "2 6"},
		{Money, -12e6, 9e6, "−$12M $9M"},
		{Money, -40, 2.4e6, "$0 $2.4M"},
		{Count, 1000, 1000.4, "1,000.0 1,000.4"},
		{Plain, 12_345.67, 12_345.61, "12,345.67 12,345.61"},
		{Money, 5000, 5000.4, "$5,000.00 $5,000.40"},
		{MoneyIn("JPY"), 5000, 5003, "¥5,000 ¥5,003"},
		{Money, 5000, 5000 + 2e-8, "$5,000 $5,000"}, // noise of a sum
	} {
		a, b := c.f.Pair(c.a, c.b)
		if got := a + " " + b; got != c.want {
			t.Errorf("Pair(%v, %v) = %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestAxesNameTheirUnits(t *testing.T) {
	for _, c := range []struct{ name, unit, want string }{
		{"live_customers", "customers", "Live customers"},
		{"cash", "USD", "Cash (USD)"},
		{"arr", "USD/year", "Annual recurring revenue (USD)"},
		{"first_margin", "USD/month", "First month's margin (USD per month)"},
		{"monthly_logo_churn", "share per month", "Monthly churn (%)"},
		{"net_revenue_retention", "share per year", "Net revenue retention (% per year)"},
		{"retention_over_the_run", "share over the run", "Revenue retention over the run (% over the run)"},
		{"sales_and_marketing_share", "share of revenue", "Sales and marketing share (% of revenue)"},
		{"ltv_cac", "ratio", "LTV/CAC (ratio)"},
		{"smb_share", "share", "SMB share of customers won (%)"},
		{"signups.radio", "sign-ups", "Sign-ups, radio"},
		{"", "", "Value (no unit)"},
	} {
		if got := (Measure{Name: c.name, Unit: c.unit}).OnAxis(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Cents are two decimals, and what is all or more of something has none: three digits are enough.
func TestNoDigitTooMany(t *testing.T) {
	for v, want := range map[float64]string{0.52: "$0.52", 0.5: "$0.50", 0.523: "$0.523", 0.0412: "$0.0412", 0.04: "$0.04",
		1.62: "$1.62"} {
		assert.Equal(t, want, Money.Text(v))
	}
	for x, want := range map[float64]string{1: "100%", 0.9996: "100%", 0.999: "99.9%", 1.017: "102%", 12.345: "1,235%",
		0.29: "29.0%"} {
		assert.Equal(t, want, Percentage(x))
	}
	assert.Equal(t, "+102%", Signed(1.017))
	assert.Equal(t, "−100%", Signed(-1))
}

// More than all of something is no share: customers who leave faster than one per month are said to stay for days.
func TestMoreThanAllPerMonthIsARate(t *testing.T) {
	for _, x := range []struct {
		unit   string
		values []float64
		want   Format
		of     string
	}{
		{perMonth, []float64{0.02, 0.3, math.NaN(), math.Inf(1)}, Percent, perMonth},
		{perMonth, []float64{0.02, 4.54}, Plain, "per customer-month"},
		{"share per year", []float64{1.35}, Percent, "share per year"}, // net revenue retention
		{"share of revenue", []float64{2}, Percent, "share of revenue"},
	} {
		f, unit := Fitting("any", x.unit, x.values...)
		assert.Equal(t, x.want, f, "%v", x)
		assert.Equal(t, x.of, unit)
	}
	assert.Equal(t, "customers leave after 6.7 days on average", Staying(perMonth, 4.54))
	assert.Equal(t, "customers leave after 1 day on average", Staying(perMonth, daysOfMonth))
	assert.Empty(t, Staying(perMonth, 0.9))
	assert.Empty(t, Staying("share per year", 1.35))
}
