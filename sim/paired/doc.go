// Package paired compares plans under common random numbers. It runs several
// settings, plans that are meant to be compared, with the same seed and the
// same replications, keeps from each replication the few numbers that were
// asked for (measures), and works out expressions of their means, such as
//
//	signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1
//
// with their Monte Carlo error. The error comes from leaving out one
// replication (a block where inputs are uncertain) from all settings at once,
// so what luck the settings share cancels.
//
// Every command that sets one plan beside another works on this package; none
// has a loop over the engine of its own.
package paired
