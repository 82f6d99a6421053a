package main

import (
	"math"
	"strconv"

	"windfall/model"
	"windfall/model/currency"
	"windfall/plots"
)

// inMoney is the currency in which an answer counts: that of its plan. Nothing is converted.
type inMoney struct {
	Currency string `json:"currency"`
}

// moneyOf is the currency of a plan.
func moneyOf(p *model.Plan) inMoney { return inMoney{currency.Of(p.Run.Currency).Code} }

// money is how amounts are written.
func (c inMoney) money() plots.Format { return plots.MoneyIn(c.Currency) }

// one is what people call one of it: dollar.
func (c inMoney) one() string { return currency.Of(c.Currency).One }

// many is what people call several of it: dollars.
func (c inMoney) many() string { return currency.Of(c.Currency).Many() }

// named writes the name of an axis with its unit.
func (c inMoney) named(axis string) string {
	return axis + " (" + currency.Of(c.Currency).Code + ")"
}

// near writes an amount near one: what a dollar brings.
func (c inMoney) near(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	sign := ""
	if x < 0 {
		sign, x = "−", -x
	}
	return sign + currency.Of(c.Currency).Symbol + strconv.FormatFloat(x, 'f', 2, 64)
}
