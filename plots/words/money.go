package words

import (
	"math"
	"strconv"

	"windfall/model/currency"
)

// In is the code of the currency in which something counts; empty: US dollars.
// Nothing is converted.
type In string

// Money is how amounts are written.
func (c In) Money() Format { return MoneyIn(string(c)) }

// One is what people call one of it: dollar.
func (c In) One() string { return currency.Of(string(c)).One }

// Many is what people call several of it: dollars.
func (c In) Many() string { return currency.Of(string(c)).Many() }

// Words puts it into a text that is written for US dollars.
func (c In) Words(text string) string { return currency.Of(string(c)).Words(text) }

// Axis writes the name of an axis with its unit.
func (c In) Axis(name string) string { return name + " (" + currency.Of(string(c)).Code + ")" }

// Near writes an amount near one: what a dollar brings.
func (c In) Near(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	sign := ""
	if x < 0 {
		sign, x = "−", -x
	}
	return sign + currency.Of(string(c)).Symbol + strconv.FormatFloat(x, 'f', 2, 64)
}
