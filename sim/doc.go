// Package sim runs the replications of a plan: in blocks, on any number of
// goroutines, whole or as one of several shards, from the beginning or from
// where an earlier run stopped, and always to the same bytes.
//
// A replication depends on the plan, the seed and its number alone, so who runs
// it does not matter. Goroutines take blocks of 50 replications from a queue,
// and share the last ones; a finished block is written to disk at once (package
// result), so an interrupted or killed run loses at most the blocks in progress.
// Tables and summary are made from the blocks at the end, in their order.
//
// The package knows no scenario files and no command line; see [Design] for
// what it is given.
package sim
