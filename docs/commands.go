package docs

import (
	"embed"
	"strings"
)

// commands are the manual of the command line: a text for each command.
//
//go:embed commands
var commands embed.FS

// A Manual is what the help of a command says.
type Manual struct {
	Short, Long string
	Examples    string // command lines
}

// ManualOf is that of a command by its path: windfall, windfall pause, windfall scenarios list. Ok is false where
// there is none.
func ManualOf(path string) (m Manual, ok bool) {
	name := strings.ReplaceAll(strings.TrimPrefix(path, "windfall "), " ", "-")
	text, err := commands.ReadFile("commands/" + name + ".txt")
	if err != nil {
		return m, false
	}
	m.Short, m.Long, _ = strings.Cut(string(text), "\n\n")
	m.Long, m.Examples, ok = strings.Cut(m.Long, "\n\nExamples:\n\n")
	m.Examples = strings.TrimRight(m.Examples, "\n")
	return m, ok
}
