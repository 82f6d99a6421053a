package metric

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"windfall/model/plan"
)

// Error says what is wrong with a text of the language, and where in it.
type Error struct {
	Text    string // as it was read
	Column  int    // of the place in it, in characters, from 1
	Problem string // what is wrong there, and what is expected
	Hint    string // the nearest known name, or empty
}

// Error writes the error in one line.
func (e *Error) Error() string {
	return fmt.Sprintf("%q, column %d: %s", e.Text, e.Column, e.Message())
}

// Message is the error without the text and its place, to stand above Caret.
func (e *Error) Message() string {
	if e.Hint == "" {
		return e.Problem
	}
	return e.Problem + plan.DidYouMean(strconv.Quote(e.Hint))
}

// Lengths of the line that Caret shows, in characters.
const (
	widest = 100
	before = 60 // of a longer line, those that are shown before the place
)

// Caret shows the place: the line of the text, or the part of it around the place, and below it
// a caret.
func (e *Error) Caret() string {
	text, at := []rune(e.Text), e.Column-1
	at = max(0, min(at, len(text)))
	from, to := at, at
	for from > 0 && text[from-1] != '\n' {
		from--
	}
	for to < len(text) && text[to] != '\n' {
		to++
	}
	head, tail := "", ""
	if to-from > widest {
		if at-from > before {
			from, head = at-before, "…"
		}
		if to-from > widest {
			to, tail = from+widest, "…"
		}
	}
	line := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' ' // one character, so that the caret keeps its place
		}
		return r
	}, string(text[from:to]))
	return fmt.Sprintf("  %s%s%s\n  %s^", head, line, tail, strings.Repeat(" ", len([]rune(head))+at-from))
}
