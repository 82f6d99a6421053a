package plan

// Branches of a replication's root from which what is random about a plan is drawn. They are the first of the purposes
// of random numbers; those of the market and the vendor go on behind them.
const (
	PurposeShock  uint64 = 1
	PurposeRegime uint64 = 2
)
