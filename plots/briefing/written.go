package briefing

import (
	"fmt"
	"path/filepath"
	"slices"

	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/words"
)

// Written is what a command says of a report that it wrote.
type Written struct {
	Format   int      `json:"format"`
	Command  string   `json:"command"`
	Report   string   `json:"report"`
	Answers  []string `json:"answers"`  // of each run
	Pictures []string `json:"pictures"` // files

	Lines    []string `json:"-"`
	Warnings []string `json:"-"`
}

// WrittenOf tells what the report of some runs answers, where it is, and which pictures were drawn.
func WrittenOf(file string, runs []Run, drawn [][]string) (*Written, error) {
	t := &Written{Format: page.OutlineFormat, Command: "report", Report: file, Answers: []string{}, Pictures: []string{}}
	var where []string
	for i, r := range runs {
		s, err := r.Result.Summary()
		if err != nil {
			return nil, err
		}
		answer, dir := page.RunLines(s, page.Commands{}).Finding, r.Result.Dir
		t.Answers, t.Pictures = append(t.Answers, answer), append(t.Pictures, gallery.Files(dir, drawn[i])...)
		if u := r.Result.Unfinished; u != nil {
			t.Warnings = append(t.Warnings, fmt.Sprintf("%s is not finished: the first %s of %s are shown", dir,
				words.Counted(r.Result.Replications(), "run"), words.Thousands(u.Wanted)))
		}
		if len(runs) > 1 {
			answer = dir + ": " + answer
		}
		t.Lines = append(t.Lines, answer)
		if n := len(drawn[i]); n > 0 {
			where = append(where, fmt.Sprintf("Results in %s: %s in %s", dir, words.Counted(n, "picture"),
				filepath.Join(dir, gallery.Folder)))
		}
	}
	t.Lines = slices.Concat(t.Lines, []string{""}, where, []string{"Report: " + file})
	return t, nil
}
