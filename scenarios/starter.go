package scenarios

import _ "embed"

// starter is the text of New. It is kept in a file that is no shipped scenario.
//
//go:embed starter.txt
var starter string

// starterBase is what New extends.
const starterBase = "metro"

// New gives the text of a scenario to start from: it runs as it is, and shows
// as comments the few things that people change.
func New() string { return starter }
