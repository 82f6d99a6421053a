// Package metric is the language in which numbers are asked for. A metric is a
// number of one plan, such as p5(cash_end) or P(cash_trough < 0); an [Expression]
// is arithmetic over means of settings that are run side by side, such as
//
//	signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1
//
// and an [Inequality] claims that one of them is above another. Both are worked out on
// a panel (package panel), with their Monte Carlo error.
package metric
