package main

import (
	"windfall/model"
	"windfall/model/currency"
	"windfall/plots/words"
)

// inMoney is the currency in which an answer counts: that of its plan. Nothing is converted.
type inMoney struct {
	Currency words.In `json:"currency"`
}

// moneyOf is the currency of a plan.
func moneyOf(p *model.Plan) inMoney { return inMoney{words.In(currency.Of(p.Run.Currency).Code)} }
