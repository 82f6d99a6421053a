// Package analysis turns the outcomes of a run into statistics, each with its
// Monte Carlo error: means, quantiles, chances and ratios of totals, the
// summary of a run, the goals of a scenario and the warnings.
//
// It works on plain numbers. It never runs the engine and never opens a file:
// whoever holds a run hands it over as a [Sample].
//
// # How the errors are made
//
// Replications of a run with fixed inputs are independent, and an error comes
// from the spread between them. With uncertain inputs each block of
// replications is a Latin hypercube of its own: its members are tied to each
// other, the blocks are independent, and an error comes from the spread between
// blocks. A single block has no spread between blocks; its replications are
// then taken as independent, which gives too large an error and never too small
// a one to speak of (Owen 1997: a Latin hypercube of n points has at most
// n/(n-1) times the variance of n independent ones). Intervals of chances and
// quantiles count replications and are safe for the same reason.
//
// In a nested design replications that share a draw of the inputs are alike, which
// is the other way round: as independent ones they would give too small an error.
// There errors come from the spread between blocks or between draws, and intervals
// of chances and quantiles count what the replications are worth ([Sides]).
//
// Products are written float64(a*b) so that no compiler fuses them with a sum
// and all machines print the same digits.
package analysis
