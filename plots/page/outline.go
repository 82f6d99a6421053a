package page

import "windfall/sim/analysis"

// Outline is what --json prints of a run. New fields may come; those that are here stay.
type Outline struct {
	Format       int               `json:"format"`
	Command      string            `json:"command"`
	Folder       string            `json:"folder"`
	Complete     bool              `json:"complete"`
	Shard        any               `json:"shard"` // the part of a run that was asked for, or null
	Replications int               `json:"replications"`
	Pictures     []string          `json:"pictures"`
	Answer       string            `json:"answer,omitempty"` // in one sentence
	Report       string            `json:"report,omitempty"` // the HTML file, if one was written
	Expected     []analysis.Beside `json:"expected,omitempty"`
	Summary      *analysis.Summary `json:"summary"`
}

// OutlineFormat is the version of the layout that --json prints.
const OutlineFormat = 1
