// Package paired runs plans under common random numbers: several settings,
// plans that are meant to be compared, with the same seed and the same
// replications. It keeps from each replication the few numbers that were asked
// for, in a panel (package panel); expressions of package metric say what is asked
// and take the answer from it.
//
// Every command that sets one plan beside another works on this package; none
// has a loop over the engine of its own.
package paired
