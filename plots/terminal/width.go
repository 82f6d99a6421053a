package terminal

import (
	"os"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// UnknownWidth is how wide a terminal is taken to be where that is not known, as of a pipe.
const UnknownWidth = 80

// Width is how many columns a stream shows: those of its terminal, or else what COLUMNS says.
func Width(stream any) int {
	if f, ok := stream.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	if w, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && w > 0 {
		return w
	}
	return UnknownWidth
}

// Wrap breaks a text into lines of at most so many columns, at spaces. What stands before its first word stands before
// every line. A word that is longer, such as a path, has a line of its own and stays whole, so that it can be copied.
func Wrap(line string, width int) []string {
	if width <= 0 || text.StringWidth(line) <= width {
		return []string{line}
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var out []string
	now := ""
	for _, word := range strings.Fields(line) {
		switch {
		case now == "":
			now = indent + word
		case text.StringWidth(now)+1+text.StringWidth(word) > width:
			out, now = append(out, now), indent+word
		default:
			now += " " + word
		}
	}
	return append(out, now)
}
