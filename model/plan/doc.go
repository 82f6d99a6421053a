// Package plan is the vocabulary of the simulation: what a scenario says once every number is resolved, what those
// numbers are over time, and what results are called.
//
// A [Plan] is the market and the vendor as a scenario writes them. The tags of its fields are the parameter table
// ([Params]): unit, allowed range, default and meaning of every key; [Plan.Fields] and [Plan.Numbers] find keys in a
// plan. A [Timeline] draws what is random about a plan in one replication and says what each number is in each step:
// schedules, dated changes, shocks, spend, the regime of the economy (docs/model.md, section 3.2). A [Schema] is the
// shape of what a replication reports, a [Column] what one of its numbers is, a [Record] the numbers.
//
// The package knows nothing of how a market is simulated: no firm, touch, sale or customer is in it. Package model is
// the engine. Which columns there are is said there, since one entry says what a number means and how it is read.
package plan
