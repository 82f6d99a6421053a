package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// Output is the one way out to a terminal. Control characters of texts that are not
// ours (titles, sources, names of files) are shown as text, in the way of JSON, which
// means the same in a JSON document. It remembers that a write failed.
type Output struct {
	io.Writer
	Colors bool // let our own colours through
	err    error
}

// colors are the sequences with which a table paints its cells.
var colors = regexp.MustCompile(`^\x1b\[(0|1|3[1-3])m`)

// Write implements io.Writer. What cannot be written is told at the end of the
// command, not by each of its lines.
func (o *Output) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.Writer.Write(o.shown(p))
	}
	return len(p), nil
}

// shown writes control characters as text.
func (o *Output) shown(p []byte) []byte {
	if !bytes.ContainsFunc(p, Hidden) && utf8.Valid(p) {
		return p
	}
	var out []byte
	for len(p) > 0 {
		if own := colors.Find(p); own != nil && o.Colors {
			out, p = append(out, own...), p[len(own):]
			continue
		}
		r, size := utf8.DecodeRune(p)
		if Hidden(r) || r == utf8.RuneError {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, p[:size]...)
		}
		p = p[size:]
	}
	return out
}

// Hidden tells whether a character commands a terminal or turns the direction of what
// follows.
func Hidden(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// OneLine is a text of a scenario as one line, so that none of it passes for a line of
// ours.
func OneLine(text string) string {
	return string(bytes.ReplaceAll([]byte(text), []byte("\n"), []byte(`\n`)))
}

// Failure is the error of writes that failed.
func (o *Output) Failure() error {
	if o.err == nil {
		return nil
	}
	cause := o.err
	var path *fs.PathError
	if errors.As(cause, &path) {
		cause = path.Err
	}
	return fmt.Errorf("cannot write to standard output: %w", cause)
}

// Next are the lines that say which commands come next.
func Next(commands []string) (lines []string) {
	for _, c := range commands {
		lines = append(lines, "next: "+c)
	}
	return lines
}
