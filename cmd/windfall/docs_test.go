package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// transcript is a block of a page that shows commands and what they print.
var transcript = regexp.MustCompile("(?s)```\n(\\$ [^\n]*\n.*?)```\n")

// progressLine is what a run that takes more than half a minute says of itself.
var progressLine = regexp.MustCompile(`(?m)^[\d,]+ of [\d,]+ (runs|replications|pictures).*\n`)

// workersUsed is the one thing that a run prints of its machine.
var workersUsed = regexp.MustCompile(`\b\d+ workers?\b`)

// The README and the pages of the questions show what their commands print, lines with ... alone
// standing for any others. Each page has a folder of its own, in which its commands are run in turn and
// the files that it shows (with cat) are written; the short version parses them. WINDFALL_RECORD=1
// writes what is printed into the pages; the order of the pages is that of their cost.
func TestPagesShowWhatTheirCommandsPrint(t *testing.T) {
	bad, err := os.ReadFile("testdata/bad.toml") // the file of the README's mistakes
	require.NoError(t, err)
	for _, page := range []string{"../README", "why", "pause", "compare", "stress", "truth", "experiment", "respond", "optimise",
		"uncertainty", "export", "research"} {
		t.Run(filepath.Base(page), func(t *testing.T) {
			file, err := filepath.Abs(filepath.Join("../../docs", page+".md"))
			require.NoError(t, err)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("bad.toml", bad, 0o600))
			found, code := 0, exitDone
			text = transcript.ReplaceAllFunc(text, func(block []byte) []byte {
				var out strings.Builder
				for _, shown := range strings.Split("\n"+string(transcript.FindSubmatch(block)[1]), "\n$ ")[1:] {
					found++
					typed, was, _ := strings.Cut(shown, "\n")
					out.WriteString("$ " + typed + "\n" + tried(t, typed, strings.TrimRight(was, "\n"), &code))
				}
				return []byte("```\n" + strings.TrimSuffix(out.String(), "\n") + "\n```\n")
			})
			require.NotZero(t, found)
			if recording {
				require.NoError(t, os.WriteFile(file, text, 0o600))
			}
		})
	}
}

// tried does what is typed on a page and gives what the page should show: what it showed (was), or, when recording,
// what is printed now. The exit code of the last command is that of $?.
func tried(t *testing.T, typed, was string, code *int) string {
	t.Helper()
	run := recording || os.Getenv("WINDFALL_VERIFY") == "1"
	verb, rest, _ := strings.Cut(typed, " ")
	switch {
	case verb == "cat":
		require.NoError(t, os.WriteFile(rest, []byte(was+"\n"), 0o600))
	case typed == "echo $?" && run:
		require.Equal(t, strconv.Itoa(*code), strings.TrimSpace(was))
	case verb == "windfall" && !run:
		requireCommand(t, &program{}, typedWords(t, typed))
	case verb == "windfall":
		var printed bytes.Buffer
		*code = Main(typedWords(t, typed), nil, &printed, &printed)
		now := progressLine.ReplaceAllString(printed.String(), "")
		now = strings.TrimRight(workersUsed.ReplaceAllString(now, "2 workers"), "\n")
		if recording {
			was = renewedText(t, was, now)
		}
		assert.Regexp(t, pattern(strings.TrimSuffix(was, "\n")), now, "%s", typed)
	default:
		require.Equal(t, "echo $?", typed, "a page shows windfall, cat and echo $? alone")
	}
	return was + "\n"
}

// renewedText is what is printed now, with the lines left out that the old text left out: a line is found again by its
// first word.
func renewedText(t *testing.T, was, now string) string {
	t.Helper()
	if !strings.Contains("\n"+was+"\n", "\n...\n") {
		return now
	}
	first := func(line string) string {
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		return strings.TrimRight(word, "─")
	}
	rest := strings.Split(now, "\n")
	var out []string
	for _, line := range strings.Split(was, "\n") {
		if line == "..." {
			out = append(out, line)
			continue
		}
		at := slices.IndexFunc(rest, func(x string) bool { return first(x) == first(line) })
		require.GreaterOrEqual(t, at, 0, "nothing that is printed now begins as %q: write that part by hand", line)
		out, rest = append(out, rest[at]), rest[at+1:]
	}
	return strings.Join(out, "\n")
}

// pattern matches a text in which ... stands for any lines.
func pattern(shown string) string {
	parts := strings.Split("\n"+shown, "\n...\n")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return "(?s)^" + strings.TrimPrefix(strings.Join(parts, "\n.*"), "\n") + "$"
}

// typedWords takes a command line apart, without the name of the program.
func typedWords(t *testing.T, line string) (out []string) {
	t.Helper()
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	require.NotEmpty(t, out)
	return out[1:]
}

// The tests that pages name exist.
func TestPagesNameTestsThatExist(t *testing.T) {
	known := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	require.NoError(t, filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range function.FindAllSubmatch(text, -1) {
			known[string(m[1])] = true
		}
		return err
	}))
	pages, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	named := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile("`(Test\\w+)`").FindAllSubmatch(text, -1) {
			named++
			assert.True(t, known[string(m[1])], "%s names %s", page, m[1])
		}
	}
	require.Greater(t, named, 50)
}
