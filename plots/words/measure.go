package words

import (
	"strings"

	"windfall/model/currency"
)

// A Measure says what a number is, in the words of the column dictionary.
type Measure struct {
	Name string // the column: live_customers
	Unit string // its unit: customers, USD, share
	// Label is what people call it; empty means the label known for the name,
	// or one made from the name.
	Label string
}

// spoken are how a measure is spoken of: Label stands at an axis, Lies begins
// the sentence "... between 371k and 389k in 9 of 10 runs".
type spoken struct{ Label, Lies string }

var known = map[string]spoken{
	"arr":                       {"Annual recurring revenue", "Annual recurring revenue ends"},
	"arr_growth_per_year":       {"Growth of ARR", "Annual recurring revenue grows"},
	"bill":                      {"Monthly bill a customer", "The monthly bill of a customer lies"},
	"brand":                     {"Brand media spend", ""},
	"brand_spend":               {"Brand media spend", "Brand media take"},
	"burn_multiple":             {"Burn multiple", "The burn multiple lies"},
	"cac":                       {"Fully loaded CAC", "A customer costs"},
	"cac_media":                 {"Media CAC", "The media cost of a customer lies"},
	"cac_media_brand":           {"Media and brand CAC", "The media and brand cost of a customer lies"},
	"cash":                      {"Cash", "Cash ends"},
	"cash_end":                  {"Cash at the end", "Cash ends"},
	"cash_trough":               {"Lowest cash", "Cash at its lowest lies"},
	"cash_trough_week":          {"Week of lowest cash", "The week of lowest cash lies"},
	"churned":                   {"Churned customers", ""},
	"closed_by_ruin":            {"Closed by ruin", ""},
	"customer_deaths":           {"Customers whose firm died", ""},
	"equity":                    {"Brand equity", "Brand equity ends"},
	"gross_margin":              {"Gross margin", "Gross margin lies"},
	"in_market":                 {"Firms in market", "Firms in market end"},
	"in_market_firms":           {"Firms in market", "Firms in market number"},
	"journeys":                  {"Journeys", "Journeys number"},
	"leads":                     {"Raised hands (leads)", "Leads number"},
	"lifetime_margin":           {"Lifetime margin", "The lifetime margin of customers won lies"},
	"live_customers":            {"Live customers", "Live customers end"},
	"ltv":                       {"LTV", "The lifetime value of a customer lies"},
	"ltv_cac":                   {"LTV/CAC", "LTV/CAC lies"},
	"media":                     {"Media spend", ""},
	"media_spend":               {"Media spend", "Media spend lies"},
	"monthly_logo_churn":        {"Monthly logo churn", "Monthly logo churn lies"},
	"mrr":                       {"Monthly recurring revenue", "Monthly recurring revenue ends"},
	"net_new_arr":               {"Net new ARR", "Net new annual recurring revenue lies"},
	"net_revenue_retention":     {"Net revenue retention", "Net revenue retention lies"},
	"out_of_business":           {"Out of business", ""},
	"payback_months":            {"Pay-back", "Pay-back takes"},
	"retained_12_months":        {"Retained after 12 months", "Retention after 12 months lies"},
	"retention_over_the_run":    {"Revenue retention over the run", "Revenue retention over the run lies"},
	"revenue":                   {"Revenue", "Revenue lies"},
	"sales_and_marketing_share": {"Sales and marketing", "Sales and marketing take"},
	"sales_spend":               {"Sales spend", "Sales take"},
	"salience":                  {"Brand salience", "Brand salience ends"},
	"signup_share":              {"Raised hands a journey", "The share of journeys that raise a hand lies"},
	"signups":                   {"Sign-ups", "Sign-ups number"},
	"week_of_ruin":              {"Week of ruin", "The week of ruin lies"},
	"win_rate":                  {"Win rate", "The win rate lies"},
	"won":                       {"Customers won", "Customers won number"},
}

// Called is what people call the measure: Live customers, Fully loaded CAC.
func (m Measure) Called() string {
	if m.Label != "" {
		return m.Label
	}
	if w, ok := known[m.Name]; ok {
		return w.Label
	}
	// One column of a channel, region or team: signups.radio.
	if base, of, ok := strings.Cut(m.Name, "."); ok && of != "" {
		return Measure{Name: base, Unit: m.Unit}.Called() + ", " + of
	}
	parts := strings.Split(m.Name, "_")
	for i, part := range parts {
		switch part {
		case "arr", "cac", "ltv", "mrr", "smb":
			parts[i] = strings.ToUpper(part)
		case "signups":
			parts[i] = "sign-ups"
		}
	}
	return Capital(strings.Join(parts, " "))
}

// Lies begins the sentence about where the middle of the values lies.
func (m Measure) Lies() string {
	if w, ok := known[m.Name]; ok && w.Lies != "" && m.Label == "" {
		return w.Lies
	}
	return m.Called() + ":"
}

// OnAxis gives label and unit, for the end of an axis. A label that names its
// unit (Live customers, Journeys) is left alone.
func (m Measure) OnAxis() string {
	label, unit := m.Called(), m.UnitWords()
	// Annual revenue in USD a year would say it twice.
	if strings.Contains(label, "nnual") || strings.Contains(label, "ARR") || strings.Contains(label, "onthly") {
		unit = strings.TrimSuffix(strings.TrimSuffix(unit, " a year"), " a month")
	}
	if strings.Contains(strings.ToLower(label), strings.ToLower(unit)) {
		return label
	}
	return label + " (" + unit + ")"
}

// UnitWords writes the unit as an axis shows it.
func (m Measure) UnitWords() string {
	switch m.Unit {
	case "share", "chance":
		return "%"
	case "share of revenue":
		return "% of revenue"
	case "":
		return "no unit"
	}
	unit := m.Unit
	if strings.HasPrefix(unit, "share per ") || strings.HasPrefix(unit, "share over ") {
		unit = "% " + strings.TrimPrefix(unit, "share ")
	}
	if unit == "per year" {
		unit = "% per year"
	}
	return strings.NewReplacer("/", " a ", " per ", " a ").Replace(unit)
}

// Format gives the way in which its numbers are written.
func (m Measure) Format() Format {
	if code, ok := currency.In(m.Unit); ok {
		return MoneyIn(code)
	}
	switch {
	case strings.HasPrefix(m.Unit, "share"), m.Unit == "chance", m.Unit == "per year":
		return Percent
	case m.Unit == "ratio", m.Unit == "months", m.Unit == "salience", m.Unit == "equity":
		return Plain
	}
	return Count
}

// Suffix is what a number of this measure lacks in a sentence.
func (m Measure) Suffix() string {
	switch m.Unit {
	case "months", "weeks":
		return " " + m.Unit
	case "per year", "share per year":
		return " a year"
	}
	return ""
}

// Capital begins a text with a capital letter, but for the name of a key or an
// outcome (brand.equity_half_life_weeks), which is written as it is typed.
func Capital(s string) string {
	if s == "" {
		return "Value"
	}
	if first, _, _ := strings.Cut(s, " "); strings.ContainsAny(first, "_.") {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// Inside is the same as it stands inside a sentence.
func (m Measure) Inside() string { return Inside(m.Called()) }

// FormatOf is the way in which numbers of a column are written.
func FormatOf(name, unit string) Format { return Measure{Name: name, Unit: unit}.Format() }

// Inside writes a label as it stands inside a sentence: Sign-ups become
// sign-ups, CAC stays CAC.
func Inside(label string) string {
	r := []rune(label)
	if len(r) > 1 && strings.ToUpper(string(r[1])) != string(r[1]) || len(r) > 1 && r[1] == '-' {
		return strings.ToLower(string(r[:1])) + string(r[1:])
	}
	return label
}
