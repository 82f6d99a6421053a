package fit

import "windfall/sim/fit/learned"

// The data of an answer, which are those of package learned.
type (
	Answer    = learned.Answer
	BackTest  = learned.BackTest
	Band      = learned.Band
	Estimate  = learned.Estimate
	Forecast  = learned.Forecast
	Kind      = learned.Kind
	Prior     = learned.Prior
	Score     = learned.Score
	Series    = learned.Series
	Summary   = learned.Summary
	Unknown   = learned.Unknown
	Unlearned = learned.Unlearned
	Verdict   = learned.Verdict
	Why       = learned.Why
)

// The kinds of unknowns.
const (
	Level      = learned.Level
	Demand     = learned.Demand
	Response   = learned.Response
	Real       = learned.Real
	Saturation = learned.Saturation
	Capture    = learned.Capture
	CarryOver  = learned.CarryOver
	Halo       = learned.Halo
	Salience   = learned.Salience
	Equity     = learned.Equity
	Win        = learned.Win
	Cycle      = learned.Cycle
	Churn      = learned.Churn
	ChurnShape = learned.ChurnShape
	Frailty    = learned.Frailty
	Seats      = learned.Seats
	Price      = learned.Price
)

// Verdicts, reasons, and an outcome that no history has.
const (
	Learned       = learned.Learned
	Partly        = learned.Partly
	Unmoved       = learned.Unmoved
	ConstantSpend = learned.ConstantSpend
	NoSpend       = learned.NoSpend
	TooFew        = learned.TooFew
	NoColumn      = learned.NoColumn
	OneNumber     = learned.OneNumber
	CAC           = learned.CAC
)

// Factor is a value as people say it: what the numbers (or the odds) are multiplied by.
func Factor(x float64) float64 { return learned.Factor(x) }
