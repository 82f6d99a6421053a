// Package plots draws the pictures of a result, as PNG and SVG, each beside a
// CSV file with the numbers that it draws.
//
// A picture starts as plain data: a Distribution, Fan or Funnel is a struct of
// numbers and names that its caller took from wherever the results are. Draw writes it:
//
//	err := plots.Draw(plots.Distribution{
//		Source:  picture.Source{Scenario: "metro", Replications: 1000, Seed: 42},
//		Measure: words.Measure{Name: "live_customers", Unit: "customers"},
//		Sample:  plots.NewSample(values),
//	}, "results/plots/live_customers")
//
// The title of a picture is a finding in one sentence, composed from the data
// (findings.go); the line under it names scenario, replications and seed. The
// house style is decided in one file (style.go), the composition of a page in
// another (page.go). Equal data give equal bytes.
//
// To add a picture: write a struct of plain data with a Picture method that
// checks it, makes panels (panel.go), adds plotters of gonum and annotations
// (annotate.go, timeline.go, rows.go), composes the finding and fills the table.
// Add one easy and several nasty sets of data to the tests, which then hold it
// to the rule that no texts overlap (plotcheck), name it in goldens, and look at
// what make record writes into testdata.
//
// Axes say their units: NAME (UNIT), or the name of something that is counted.
// Tests hold every picture to that (Picture.Axes).
//
// The package reads no results, runs no simulation and knows no file but those
// that it writes.
package plots
