// Package search looks for better values of the levers of a plan under a
// budget, and says honestly how good they are.
//
// A Space says where a search may go: bounds, whole numbers, a budget. A Search
// tries points of it; what a point is worth it learns from a function that it is
// given, so it runs no engine itself and can be tested on functions whose best
// point is known. An Objective is what is to be as good as possible, over
// replications: with it the points are scored on the replications of the search,
// and the one that was chosen is judged on others, which chose nothing.
//
// Where it looks may differ in the last bit between processors, and so may the plan
// that it finds: CMA-ES and least squares are gonum's, whose kernels are assembly on
// amd64 and compiled elsewhere. What a plan brings is measured by the engine, the same
// everywhere.
package search
