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
// from the spread between them. With uncertain inputs ten draws of them are a Latin
// hypercube: its members are tied to each other, hypercubes are independent, and an
// error comes from the spread between hypercubes, if there are at least 20
// ([LeastGroups]); a partial last one counts by its size. The spread between fewer
// says too little. Then draws are taken as independent, which gives too large an
// error, and never too small a one to speak of (Owen 1997: a Latin hypercube of n
// points has at most n/(n-1) times the variance of n independent ones, so that at
// worst 93.5% are covered). Intervals of chances and quantiles count replications
// and are safe for the same reason.
//
// In a nested design replications that share a draw of the inputs are alike, which
// is the other way round: as independent ones they would give too small an error.
// There errors come from the spread between hypercubes or between draws, and
// intervals of chances and quantiles count what the replications are worth ([Ties]).
//
// Products are written float64(a*b) so that no compiler fuses them with a sum
// and all machines print the same digits.
package analysis
