// Package scenarios reads scenario files: TOML in, a resolved plan.Plan out.
//
// A file is parsed into a tree of values that know their places (parse.go,
// tree.go), merged with its bases (load.go) and with overrides (override.go),
// turned into a plan along the parameter table of package model (build.go,
// quantity.go, moves.go) and checked as a whole (check.go, check_sales.go,
// notes.go). Everything that is wrong is reported at once. What ships stands in
// library and lessons (builtin.go); plans made from plans are package edit's. The package also
// writes plans: resolved, explained, compared, as a schema and as a manual page.
//
// The vocabulary is not here: it stands in the field tags of plan.Plan.
package scenarios

//go:generate env WINDFALL_RECORD=1 go test -count=1 -run TestGeneratedFilesAreCurrent .
