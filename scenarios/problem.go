package scenarios

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
)

// Problem is one thing that is wrong, or worth knowing, about a scenario file:
// where it stands, the key and its value, what is allowed and what may have
// been meant.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"` // from 1; 0 where a place is not known, as for Col
	Col     int    `json:"column"`
	Key     string `json:"key"`     // full key, or empty
	Value   string `json:"value"`   // as written, or empty
	Message string `json:"message"` // what is allowed
	Hint    string `json:"hint"`    // the nearest known name, or empty
	Excerpt string `json:"-"`       // lines that show the place in the value, or empty
}

// marked is an error of a text whose language this package does not know: a goal, a
// formula.
type marked interface {
	error
	Message() string
	Caret() string // lines that show the place
}

// Misread is the problem with a text that another package could not read.
func Misread(p Problem, err error) Problem {
	p.Message = err.Error()
	var m marked
	if errors.As(err, &m) {
		p.Value, p.Message, p.Excerpt = "", m.Message(), m.Caret()
	}
	return p
}

// Error writes the problem as
//
//	library/metro.toml:14: channels.radio.response = 1.4: a chance lies between 0 and 1
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key)
		if p.Value != "" {
			b.WriteString(" = " + p.Value)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	b.WriteString(plan.DidYouMean(p.Hint))
	if p.Excerpt != "" {
		b.WriteString("\n" + p.Excerpt)
	}
	return b.String()
}

// Problems are all problems of a scenario at once, by file and line. They are
// an error.
type Problems []Problem

// MarshalJSON writes a list, of none an empty one.
func (ps Problems) MarshalJSON() ([]byte, error) { return json.Marshal(append([]Problem{}, ps...)) }

// BadInput marks it: nothing was written.
func (Problems) BadInput() {}

// TypedWith says of problems of overrides which flag they were typed with; another error it gives back.
func TypedWith(err error, flag string) error {
	var problems Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = strings.Replace(problems[i].File, SetPlace, flag, 1)
		}
	}
	return err
}

// mostShown is the number of problems that are written.
const mostShown = 20

// Error writes one problem a line, of many the first and the number of the others.
func (ps Problems) Error() string {
	var lines []string
	for i, p := range ps {
		if i == mostShown {
			lines = append(lines, fmt.Sprintf("and %d more", len(ps)-i))
			break
		}
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

// sorted orders problems by place and drops repetitions.
func (ps Problems) sorted() Problems {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(out)
}

// grouped puts warnings that say the same of one key of several things into one, at the place of the first, which
// names the others.
func (ps Problems) grouped() (out Problems) {
	type same struct{ file, last, value, message string }
	first, others := map[same]int{}, map[int][]string{}
	for _, p := range ps {
		k := same{p.File, lastSegment(p.Key), p.Value, p.Message}
		if i, ok := first[k]; ok && p.Key != "" && p.Excerpt == "" {
			name := p.Key
			if p.Line > 0 {
				name += fmt.Sprintf(" (line %d)", p.Line)
			}
			others[i] = append(others[i], name)
			continue
		}
		first[k] = len(out)
		out = append(out, p)
	}
	for i, names := range others {
		out[i].Message += "; so it is with " + some(names)
	}
	return out
}

// First are the first few as lines, and how many more there are, which a format says.
func (ps Problems) First(most int, more string) (out []string) {
	for i, w := range ps {
		if i == most && len(ps) > most+1 {
			return append(out, fmt.Sprintf(more, len(ps)-i))
		}
		out = append(out, w.Error())
	}
	return out
}
