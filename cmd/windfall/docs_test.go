package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// transcript is a block of a page that shows a command and what it prints.
var transcript = regexp.MustCompile("(?s)```\n\\$ (windfall [^\n]*)\n(.*?)```\n")

// progressLine is what a run that takes more than half a minute says of itself.
var progressLine = regexp.MustCompile(`(?m)^[\d,]+ of [\d,]+ (replications|pictures).*\n`)

// The pages of the questions show what their commands print, lines with ... alone
// standing for any others. Each page has a folder of its own, in which its
// commands are run in turn; the short version parses them. WINDFALL_RECORD=1 writes what is printed into the
// pages; the order of the pages is that of their cost.
func TestPagesShowWhatTheirCommandsPrint(t *testing.T) {
	for _, page := range []string{"why", "pause", "compare", "stress", "respond", "optimise", "uncertainty"} {
		t.Run(page, func(t *testing.T) {
			run := os.Getenv("WINDFALL_VERIFY") == "1" || os.Getenv("WINDFALL_RECORD") == "1"
			file, err := filepath.Abs(filepath.Join("../../docs", page+".md"))
			require.NoError(t, err)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			found := 0
			text = transcript.ReplaceAllFunc(text, func(block []byte) []byte {
				found++
				m := transcript.FindSubmatch(block)
				if !run {
					requireCommand(t, &program{}, typedWords(t, string(m[1])))
					return block
				}
				var printed bytes.Buffer
				code := Main(typedWords(t, string(m[1])), nil, &printed, &printed)
				require.Equal(t, exitDone, code, "%s\n%s", m[1], &printed)
				shown := progressLine.ReplaceAllString(printed.String(), "")
				if os.Getenv("WINDFALL_RECORD") == "1" {
					return []byte("```\n$ " + string(m[1]) + "\n" + shown + "```\n")
				}
				assert.Regexp(t, pattern(string(m[2])), shown, "%s", m[1])
				return block
			})
			require.NotZero(t, found)
			if os.Getenv("WINDFALL_RECORD") == "1" {
				require.NoError(t, os.WriteFile(file, text, 0o600))
			}
		})
	}
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
