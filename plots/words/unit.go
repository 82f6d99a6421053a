package words

import (
	"slices"
	"strings"

	"windfall/model/currency"
)

// counted are things that are counted: an axis named after one needs no other
// unit.
var counted = []string{
	"buyers", "channels", "customers", "customer-months", "dates", "days", "firms", "hours", "leads", "months",
	"opportunities", "people",
	"replications", "run", "runs", "sign-ups", "touches", "week", "weeks", "years",
}

// MoneyNamed is the format of the first currency that a text names by its code,
// as in "Cash (EUR)", and whether there is one.
func MoneyNamed(text string) (Format, bool) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < 'A' || r > 'Z' && r < 'a' || r > 'z' }) {
		if code, ok := currency.In(word); ok && code == word {
			return MoneyIn(code), true
		}
	}
	return Plain, false
}

// UnitIn finds the unit in the name of an axis: what stands in brackets or, in
// the name of something that is counted, that thing.
func UnitIn(name string) string {
	if i := strings.LastIndexByte(name, '('); i >= 0 && strings.HasSuffix(name, ")") {
		return name[i+1 : len(name)-1]
	}
	if money, ok := MoneyNamed(name); ok {
		return strings.ToLower(money.Currency().Code)
	}
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == ',' }) {
		if slices.Contains(counted, word) {
			return word
		}
	}
	return ""
}

// An Axis is the text of an axis that somebody else wrote, as NAME, UNIT or
// NAME (UNIT): "customers won, share of those as planned".
type Axis string

// Split parts the text into name and unit. A unit is short and stands at the
// end.
func (a Axis) Split() (name, unit string) {
	s := strings.TrimSpace(string(a))
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1 : len(s)-1])
	}
	if i := strings.LastIndex(s, ", "); i > 0 {
		return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+2:])
	}
	return s, ""
}

// Format is how numbers of the axis are written. Percent says that they are
// shares that are to be shown in percent.
func (a Axis) Format(percent bool) Format {
	name, unit := a.Split()
	if unit == "" {
		unit = name
	}
	money, isMoney := MoneyNamed(unit)
	_, unit = a.Split()
	switch {
	case percent:
		return Percent
	case isMoney:
		return money
	case strings.HasPrefix(unit, "$"):
		return Money
	case slices.Contains(counted, UnitIn(unit)) || unit == "" && UnitIn(name) != "":
		return Count
	}
	return Plain
}

// Text writes the text for the end of an axis: "Customers won (% of those as
// planned)".
func (a Axis) Text(percent bool) string {
	name, unit := a.Split()
	if percent {
		switch {
		case unit == "" || unit == "share":
			unit = "%"
		case strings.HasPrefix(unit, "share of"):
			unit = "%" + strings.TrimPrefix(unit, "share")
		case !strings.Contains(unit, "%"): // no unit but a part of the name
			name, unit = string(a), "%"
		}
	}
	if unit == "" {
		return Capital(name)
	}
	return Capital(name) + " (" + unit + ")"
}

// Shares says whether numbers of the axis are shares, though it is not said
// that they are to be shown in percent.
func (a Axis) Shares() bool {
	_, unit := a.Split()
	return unit == "share" || len(unit) > 6 && unit[:6] == "share "
}

// Unit is what the text says of its unit; names need none.
func (a Axis) Unit(names bool) string {
	if _, unit := a.Split(); unit != "" || names {
		return unit
	}
	return UnitIn(string(a))
}
