package company

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"windfall/scenarios"
)

// Problem is one thing that is wrong, or with Note worth knowing, about a file of the folder.
type Problem struct {
	File    string // with the folder, as it was given
	Row     int    // line of the file from 1; 0: the file as a whole
	Column  int    // from 1; 0: the row as a whole
	Heading string // what the column is called, or the key in company.toml
	Value   string // as written, or ""
	Message string // what is wrong
	Cure    string // what to do
	Note    bool   // nothing is wrong: the folder can be used as it is
}

// Letter is the column as spreadsheets name it: A, B, ..., Z, AA.
func (p Problem) Letter() string {
	name := ""
	for n := p.Column; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// scenario is the problem as one of a scenario, of which a command line shows lists.
func (p Problem) scenario() scenarios.Problem {
	key := p.Heading
	if p.Column > 0 && !strings.HasSuffix(p.File, ".toml") {
		key = strings.TrimSpace("column " + p.Letter() + " " + quoted(p.Heading))
	}
	message := p.Message
	if p.Cure != "" {
		message += "; " + p.Cure
	}
	return scenarios.Problem{File: p.File, Line: p.Row, Col: p.Column, Key: key, Value: p.Value, Message: message}
}

func quoted(heading string) string {
	if heading == "" {
		return ""
	}
	return fmt.Sprintf("%q", heading)
}

// Error is the problem in one line:
//
//	acme/history.csv:14: column C "spend" = 12x: is not a number; write it as 1234.50 or 1.234,50
func (p Problem) Error() string { return p.scenario().Error() }

// Problems are all that were found; they are an error, of which nothing was written.
type Problems []Problem

// BadInput marks it.
func (Problems) BadInput() {}

// Error is one line for each.
func (ps Problems) Error() string { return ps.Unwrap().Error() }

// Unwrap gives them as problems of a scenario.
func (ps Problems) Unwrap() error {
	var out scenarios.Problems
	for _, p := range ps {
		out = append(out, p.scenario())
	}
	return out
}

// Split takes what is wrong and what is only worth knowing apart.
func Split(ps []Problem) (wrong, notes Problems) {
	for _, p := range ps {
		if p.Note {
			notes = append(notes, p)
		} else {
			wrong = append(wrong, p)
		}
	}
	return wrong, notes
}

// sorted orders problems by place: file, row, column.
func sorted(ps []Problem) []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(ps)
}
