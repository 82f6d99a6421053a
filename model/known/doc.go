// Package known holds the closed forms that the simulators are tested against:
// the chance to raise a hand (raise.go), queues with and without patience
// (queue.go), survival with frailty (survival.go), lifetime value (value.go)
// and the stationary, mean-field state of a market (meanfield.go).
//
// Nothing here is simulated and nothing here is shared with a simulator: each
// function is a formula, named in its comment, on plain numbers. Numbers carry
// no unit of their own; the caller must use one unit of time throughout.
package known
