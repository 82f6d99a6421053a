package docs

import (
	"embed"
	"strings"
	"sync"
)

// commands are the manual of the command line: a text for each command.
//
//go:embed commands
var commands embed.FS

// A Manual is what the help of a command says.
type Manual struct {
	Short, Long string
	Examples    string            // command lines
	Flags       map[string]string // what each does, but for those of which several commands say the same
}

// ManualOf is that of a command by its path: windfall, windfall pause, windfall scenarios list. A command that has a
// short form (windfall check for windfall scenarios check) has the manual of that. Ok is false where there is none.
func ManualOf(path string) (m Manual, ok bool) {
	path = strings.TrimPrefix(path, "windfall ")
	text, err := commands.ReadFile("commands/" + strings.ReplaceAll(path, " ", "-") + ".txt")
	if short, long := strings.CutPrefix(path, "scenarios "); err != nil && long {
		text, err = commands.ReadFile("commands/" + short + ".txt")
	}
	if err != nil {
		return m, false
	}
	rest, flags, _ := strings.Cut(string(text), "\n\nFlags:\n\n")
	m.Short, m.Long, _ = strings.Cut(rest, "\n\n")
	m.Long, m.Examples, _ = strings.Cut(m.Long, "\n\nExamples:\n\n")
	m.Examples, m.Flags = strings.TrimRight(m.Examples, "\n"), flagsIn(flags)
	return m, true
}

// CommonFlags says what the flags do that several commands have.
var CommonFlags = sync.OnceValue(func() map[string]string {
	m, _ := ManualOf("flags")
	return m.Flags
})

// flagsIn reads lines NAME: WORDS, which go on where a line is indented further.
func flagsIn(text string) map[string]string {
	out := map[string]string{}
	for _, entry := range strings.Split("\n"+strings.ReplaceAll(text, "\n      ", " "), "\n  ")[1:] {
		name, words, _ := strings.Cut(entry, ": ")
		out[name] = strings.Join(strings.Fields(words), " ")
	}
	return out
}
