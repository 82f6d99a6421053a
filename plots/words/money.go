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
		x = -x
		if x >= 0.005 { // what is written as 0.00 has no sign
			sign = "−"
		}
	}
	return sign + currency.Of(string(c)).Symbol + strconv.FormatFloat(x, 'f', 2, 64)
}

// Per is an amount of a currency of which something is told: what the next one brings.
type Per struct {
	In
	Amount float64 // 1, or where one is too small to tell something of, 1,000
}

// PerOf is the amount of which numbers are told that are values of one unit of the currency: so many that the largest
// of them can be read. Values in that currency are money themselves.
func PerOf(in In, money bool, values ...float64) Per {
	largest := 0.0
	for _, v := range values {
		if Number(v) {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	least := 0.01 // of what is counted; of money one of its cents
	if money && !in.Money().Currency().Cents {
		least = 10
	}
	p := Per{in, 1}
	for largest > 0 && largest*p.Amount < least && p.Amount < 1e6 {
		p.Amount *= 1000
	}
	return p
}

// Name is what the amount is called: dollar, or $1,000.
func (p Per) Name() string {
	if p.Amount == 1 {
		return p.One()
	}
	return p.Money().Texts([]float64{p.Amount}, 1)[0]
}

// Brings writes what the amount brings of money, given what one unit of the currency brings.
func (p Per) Brings(x float64) string {
	if p.Amount == 1 {
		return p.Near(x)
	}
	return p.Money().Text(x * p.Amount)
}
