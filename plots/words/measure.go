package words

import (
	"math"
	"slices"
	"strings"

	"windfall/model"
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

// Called is what people call the measure: Live customers, Fully loaded CAC.
func (m Measure) Called() string {
	if m.Label != "" {
		return m.Label
	}
	return Capital(model.Label(m.Name))
}

// Lies begins the sentence about where the middle of the values lies.
func (m Measure) Lies() string {
	if lies := model.Lies(m.Name); lies != "" && m.Label == "" {
		return lies
	}
	return m.Called() + ":"
}

// OnAxis gives label and unit, for the end of an axis. A label that names its
// unit (Live customers, Sign-ups) is left alone.
func (m Measure) OnAxis() string {
	label, unit := m.Called(), m.UnitWords()
	// Annual revenue in USD per year would say it twice.
	if strings.Contains(label, "nnual") || strings.Contains(label, "ARR") || strings.Contains(label, "onthly") {
		unit = strings.TrimSuffix(strings.TrimSuffix(unit, " per year"), " per month")
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
	return strings.NewReplacer("/", " per ").Replace(unit)
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
		return " per year"
	case "share of revenue":
		return " of revenue"
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

// perMonth is the unit of a rate of which a customer takes part once: as long as it lies below 1 it is near a share.
const perMonth = "share per month"

// Fitting is how numbers of a column are written beside each other, and their unit: more than 100% per month is a rate
// and no share. The values are those by which that is judged: estimates and medians.
func Fitting(name, unit string, values ...float64) (Format, string) {
	beyond := func(v float64) bool { return v > 1 && !math.IsInf(v, 0) }
	if unit == perMonth && slices.ContainsFunc(values, beyond) {
		return Plain, "per customer-month"
	}
	return FormatOf(name, unit), unit
}

// daysOfMonth are those of a mean month.
const daysOfMonth = 365.25 / 12

// Staying says how long customers stay who leave at a rate of more than one per customer-month; empty: at a lower one.
func Staying(unit string, rate float64) string {
	if unit != perMonth || !(rate > 1) || math.IsInf(rate, 0) {
		return ""
	}
	days := Plain.Text(daysOfMonth / rate)
	if days == "1" {
		return "customers leave after 1 day on average"
	}
	return "customers leave after " + days + " days on average"
}

// phrases are what columns are called inside a sentence whose label does not stand well there.
var phrases = map[string]string{"lifetime_margin": "customer lifetime margin", "won": "customers won",
	"live_customers": "customers at the end", "out_of_business": "the chance to go out of business",
	"cash_end": "cash at the end", "cash_trough": "lowest cash", "business_value": "business value"}

// Said is what a metric is called inside a sentence: customer lifetime margin. What is more than the name of a column,
// such as p5(cash_end), stays as it was asked.
func Said(metric string) string {
	if said, ok := phrases[metric]; ok {
		return said
	}
	if strings.Trim(metric, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return metric
	}
	return Measure{Name: metric}.Inside()
}

// InDictionary says whether a name is that of a column, which people call otherwise.
func InDictionary(name string) bool { return phrases[name] != "" || model.Known(name) }

// Labelled is a text in which names of columns are what people call them: gross_margin is gross margin. Keys, formulas
// and names of plans stay as they are typed; so do single words, which mean what they say.
func Labelled(text string) string {
	parts := strings.Split(text, " ")
	for i, part := range parts {
		name := strings.TrimRight(part, ",.;:")
		if i > 0 && strings.HasPrefix(strings.TrimLeft(parts[i-1], "('`"), "--") {
			continue // what a flag is given
		}
		if strings.Contains(name, "_") && InDictionary(name) {
			said := Said(name)
			if i == 0 || strings.HasSuffix(parts[i-1], ".") {
				said = Capital(said)
			}
			parts[i] = said + part[len(name):]
		}
	}
	return strings.Join(parts, " ")
}

// Inside writes a label as it stands inside a sentence: Sign-ups become
// sign-ups, CAC stays CAC.
func Inside(label string) string {
	r := []rune(label)
	if len(r) > 1 && strings.ToUpper(string(r[1])) != string(r[1]) || len(r) > 1 && r[1] == '-' {
		return strings.ToLower(string(r[:1])) + string(r[1:])
	}
	return label
}
