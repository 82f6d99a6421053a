// Package panel holds the numbers that settings, plans set side by side, gave
// replication by replication, and takes statistics of them: means, ratios of
// totals, chances, percentiles, and any number made of those, each with its
// Monte Carlo error. The same replications (hypercubes where inputs are
// uncertain) are left out of all settings at once, so what chance the settings
// share cancels.
//
// It is data: no file is read, nothing is run, and a panel may hold given numbers
// whose truth is known ([NewPanel]). Package sim fills panels by running plans,
// package metric is the language in which numbers of them are asked for.
package panel
