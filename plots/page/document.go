// Package page lays out answers: what stands first, which sentences and tables say
// it, which pictures show it. The terminal, the page in HTML and the JSON of a command
// render one Document, so they cannot say different things.
//
// Each question has a file here with the layout of its answer. Nothing here knows how
// a number was found, draws, or touches a file.
package page

import (
	"fmt"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// A Document is an answer as it is shown.
type Document struct {
	Question  string // the command that asked: pause
	Scenario  string
	Currency  words.In
	Sentences []string // the answer, one each
	Lines     []Cell   // what else is said under it, such as a verdict
	Warnings  []string
	Sheets    []*Sheet // the first stands under the answer
	Pictures  []Picture
	Next      []decide.Step
	Seed      uint64
	Size      string // 2,000 pairs
	// Data is the answer as programs read it, with all warnings.
	Data func(warnings []string) any
}

// A Picture is one that is not drawn yet, with the name of its files.
type Picture struct {
	Name string
	picture.Data
}

// A Cure says in the reader's own terms how a part of an ask is set to a value: on the
// command line --replications 1000.
type Cure func(part, value string) string

// few words the warning that an answer rests on few runs.
func (c Cure) few(w decide.FewRuns) string {
	text := words.Few(w.Has, words.Counted(w.Has, w.Of))
	if w.For != "" {
		text += " " + w.For
	}
	return text + "; " + c(w.Part, fmt.Sprint(w.Enough)) + " would do"
}

// FewFor is a note under a table that rests on few.
func FewFor(s *Sheet, n, enough int, noun string) {
	if n < enough {
		s.Notes = append(s.Notes, fmt.Sprintf("Few for this table: %s.", words.Counted(n, noun)))
	}
}

// Drawable says whether an estimate has a value and an interval.
func Drawable(e analysis.Estimate) bool {
	return words.Number(e.Value) && words.Number(e.Low) && words.Number(e.High)
}
