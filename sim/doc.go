// Package sim runs designs: settings (plans), each as often, in blocks, on any number
// of goroutines, whole or as one of several shards, from the beginning or from where
// an earlier run stopped, and always to the same bytes. A run is a design of one
// setting.
//
// A replication depends on the plan, the seed and its number alone, so who runs
// it does not matter. Goroutines take blocks of 50 replications from a queue, run
// each replication for every setting, and share the last blocks; a finished block is
// written to disk at once (package store), so a killed run loses at most the blocks in
// progress, and an interrupted one only the replications in progress. What is
// made of the blocks is made at the end, in their order.
//
// The package knows no scenario files and no command line; see [Design] for
// what it is given.
package sim
