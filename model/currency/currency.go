// Package currency knows the currencies in which a scenario may count: how money is written in each,
// and how a unit names it. Nothing is ever converted. It knows neither plans nor pictures.
package currency

import (
	"slices"
	"strings"
)

// Default is the currency of a scenario that states none. Tables that hold for every scenario name
// units in it; Unit puts the scenario's own in its place.
const Default = "USD"

// A Currency is a currency of ISO 4217.
type Currency struct {
	Code   string
	Symbol string // as it stands before a number, with the space that belongs between the two
	One    string // what people call one of it, in English: dollar
	Cents  bool   // amounts below 100 have two decimals
}

// all lists the currencies, the default first. Symbols are those of English texts, where a dollar
// that is not that of the United States names its country.
var all = []Currency{
	{"USD", "$", "dollar", true},
	{"AUD", "A$", "dollar", true},
	{"BRL", "R$", "real", true},
	{"CAD", "C$", "dollar", true},
	{"CHF", "CHF\u00a0", "franc", true},
	{"CLP", "CLP\u00a0", "peso", false},
	{"CNY", "CN¥", "yuan", true},
	{"COP", "COP\u00a0", "peso", false},
	{"CZK", "CZK\u00a0", "koruna", true},
	{"DKK", "DKK\u00a0", "krone", true},
	{"EUR", "€", "euro", true},
	{"GBP", "£", "pound", true},
	{"HKD", "HK$", "dollar", true},
	{"HUF", "HUF\u00a0", "forint", false},
	{"IDR", "IDR\u00a0", "rupiah", false},
	{"ILS", "₪", "shekel", true},
	{"INR", "₹", "rupee", true},
	{"ISK", "ISK\u00a0", "krona", false},
	{"JPY", "¥", "yen", false},
	{"KRW", "₩", "won", false},
	{"MXN", "MX$", "peso", true},
	{"MYR", "RM\u00a0", "ringgit", true},
	{"NOK", "NOK\u00a0", "krone", true},
	{"NZD", "NZ$", "dollar", true},
	{"PHP", "₱", "peso", true},
	{"PLN", "PLN\u00a0", "zloty", true},
	{"RON", "RON\u00a0", "leu", true},
	{"SEK", "SEK\u00a0", "krona", true},
	{"SGD", "S$", "dollar", true},
	{"THB", "฿", "baht", true},
	{"TRY", "₺", "lira", true},
	{"TWD", "NT$", "dollar", false},
	{"ZAR", "R\u00a0", "rand", true},
}

// Codes lists the codes of all currencies, the default first.
func Codes() []string {
	out := make([]string, len(all))
	for i := range all {
		out[i] = all[i].Code
	}
	return out
}

// Index is the place of a code among Codes, 0 for one that is unknown or empty: the default.
func Index(code string) int {
	return max(0, slices.IndexFunc(all, func(c Currency) bool { return c.Code == code }))
}

// At gives the currency at a place among Codes.
func At(index int) Currency { return all[index] }

// Of gives the currency of a code; one that is unknown or empty is the default.
func Of(code string) Currency { return all[Index(code)] }

// Many is what people call several of it, in English: dollars, and amounts where there is no plural
// by s.
func (c Currency) Many() string {
	switch c.One {
	case "dollar", "euro", "pound", "franc", "peso", "rupee":
		return c.One + "s"
	}
	return "amounts"
}

// Words puts the currency into a text that speaks of dollars.
func (c Currency) Words(text string) string {
	title := func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
	return strings.NewReplacer("dollars", c.Many(), "Dollars", title(c.Many()),
		"dollar", c.One, "Dollar", title(c.One)).Replace(text)
}

// In finds the currency that a unit is in: USD in "USD/month", nothing in "weeks".
func In(unit string) (code string, ok bool) {
	if len(unit) < 3 || len(unit) > 3 && unit[3] != '/' && unit[3] != ' ' {
		return "", false
	}
	code = unit[:3]
	return code, slices.ContainsFunc(all, func(c Currency) bool { return c.Code == code })
}

// Unit puts a currency in the place of the default in a unit: "USD/month" in euros is "EUR/month".
func Unit(unit, code string) string {
	if at, ok := In(unit); ok && at == Default && code != "" {
		return code + strings.TrimPrefix(unit, Default)
	}
	return unit
}

// Written finds the currency that stands before a number as people write it: a code, with or without
// a space behind it, or a symbol. A dollar or yuan sign alone is that of whoever
// writes it: like is the currency of the text around it.
func Written(sign, like string) (code string, ok bool) {
	sign = strings.TrimRight(sign, " \u00a0")
	mine := Of(like)
	if sign == "$" && strings.HasSuffix(mine.Symbol, "$") || sign == "¥" && strings.HasSuffix(mine.Symbol, "¥") {
		return mine.Code, true
	}
	for _, c := range all {
		if sign == c.Code || sign == strings.TrimRight(c.Symbol, "\u00a0") {
			return c.Code, true
		}
	}
	return "", false
}
