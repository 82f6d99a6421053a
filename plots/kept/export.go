package kept

import (
	"fmt"

	"windfall/plots/words"
	"windfall/sim/export"
)

// Exported says what is in the folder of an export.
func Exported(m *export.Manifest, dir string) []string {
	runs := fmt.Sprintf("run %d", m.First)
	if m.Replications > 1 {
		runs = fmt.Sprintf("runs %d to %d", m.First, m.First+m.Replications-1)
	}
	media := "1 brand medium"
	if m.Media != 1 {
		media = fmt.Sprintf("%d brand media", m.Media)
	}
	lines := []string{
		fmt.Sprintf("%s of %s, seed %d: %s, %s, %s, %s.",
			words.Capital(runs), m.Subject, m.Seed, words.Counted(m.Weeks, "week"),
			words.Counted(m.Regions, "region"), words.Counted(m.Channels, "channel"),
			media),
		"What no analyst sees is in the files truth_*; dictionary.csv explains columns.",
	}
	switch {
	case m.Failed > 0 && m.Replications == 1:
		lines = append(lines, "The company goes out of business: its records end with that week.")
	case m.Failed > 0:
		lines = append(lines, fmt.Sprintf("In %d of %s the company goes out of business: its records end with that week.",
			m.Failed, words.Counted(m.Replications, "run")))
	}
	return append(lines, fmt.Sprintf("%s in %s", words.Counted(len(m.Files), "file"), dir))
}
