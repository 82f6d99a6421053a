// Package estimate holds the estimators with which an analyst who has a panel of regions and weeks, and no second
// world, looks for the effect of a treatment: an interrupted time series, a difference in differences over regions,
// a synthetic control. They see numbers alone: no plan, no truth, no files. What they find is set beside the truth of
// paired worlds by others (docs/benchmark.md).
//
// An estimator that cannot say anything about a panel says why (Estimate.Reason) and gives no number.
//
// Results are the same in every run on one machine. Linear algebra is gonum's, whose kernels are assembly on some
// architectures, so that the last digits may differ between them.
package estimate
