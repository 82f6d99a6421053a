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
var progressLine = regexp.MustCompile(`(?m)^(?:[a-z ]+: )?[\d,]+ of (?:about )?[\d,]+ (runs|replications|pictures).*\n`)

// workersUsed is the one thing that a run prints of its machine.
var workersUsed = regexp.MustCompile(`\b\d+ workers?\b`)

// The README and the pages of the questions show what their commands print, lines with ... alone
// standing for any others. Each page has a folder of its own, in which its commands are run in turn and
// the files that it shows (with cat) are written; the short version parses them. WINDFALL_RECORD=1
// writes what is printed into the pages; the order of the pages is that of their cost.
func TestPagesShowWhatTheirCommandsPrint(t *testing.T) {
	folder, err := filepath.Abs("../../scenarios/company/testdata/dayplan") // of the page about companies
	require.NoError(t, err)
	for _, page := range []string{"../README", "why", "pause", "compare", "stress", "truth", "experiment", "respond", "optimise",
		"uncertainty", "export", "research", "company"} {
		t.Run(filepath.Base(page), func(t *testing.T) {
			file, err := filepath.Abs(filepath.Join("../../docs", page+".md"))
			require.NoError(t, err)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			if page == "company" {
				require.NoError(t, os.CopyFS("dayplan", os.DirFS(folder)))
			}
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

// renewedText is what is printed now, with the lines left out that the old text left out. The words of the two texts are
// aligned, ... standing for any words of now, so that it follows sentences that are wrapped at other places and numbers
// that changed.
func renewedText(t *testing.T, was, now string) string {
	t.Helper()
	if !strings.Contains("\n"+was+"\n", "\n...\n") {
		return now
	}
	lines := strings.Split(now, "\n")
	printed := wordsOf(lines)
	shown := wordsOf(strings.Split(was, "\n"))
	var out []string
	next := 0 // line that is not shown yet
	for _, p := range aligned(shown, printed) {
		if p.gap {
			out = append(out, "...")
			continue
		}
		require.Less(t, p.from, p.to, "nothing that is printed now is like %q: write that part by hand", p.said)
		require.LessOrEqual(t, p.strange, p.words/2, "what is printed now is too unlike %q: write that part by hand", p.said)
		from, to := max(next, printed[p.from].line), printed[p.to-1].line+1
		if from < to {
			out, next = append(out, lines[from:to]...), to
		}
	}
	return strings.Join(out, "\n")
}

// aWord is one of a text, any number standing for another; an empty line is one, too.
type aWord struct {
	text        string
	line        int
	first, last bool // of its line
}

var someNumber = regexp.MustCompile(`\d`)

func wordsOf(lines []string) (out []aWord) {
	for i, line := range lines {
		words := strings.Fields(line)
		if len(words) == 0 {
			words = []string{"¶"}
		}
		for k, w := range words {
			if someNumber.MatchString(w) {
				w = "#"
			}
			out = append(out, aWord{strings.TrimRight(w, "─"), i, k == 0, k == len(words)-1})
		}
	}
	return out
}

// A part of a text stands in another from a word to before another, with so many of its words changed, missing or new.
type part struct {
	gap            bool
	said           string
	words, strange int
	from, to       int
}

// aligned finds the parts of shown between its gaps (...) in printed, with the fewest changes. A part that begins a line
// had better begin one, and one that ends a line end one.
func aligned(shown, printed []aWord) []part {
	const gap, within = "...", 0.3
	n := len(printed)
	cost := make([][]float64, len(shown)+1)
	for i := range cost {
		cost[i] = make([]float64, n+1)
		for j := range cost[i] {
			switch {
			case i == 0:
				cost[i][j] = float64(j)
			case shown[i-1].text == gap:
				cost[i][j] = cost[i-1][j]
				if j > 0 {
					if !printed[j-1].last {
						cost[i][j] += within
					}
					cost[i][j] = min(cost[i][j], cost[i][j-1])
				}
			default:
				cost[i][j] = entered(shown, printed, cost, i, j) + 1
				if j > 0 {
					cost[i][j] = min(cost[i][j], cost[i][j-1]+1,
						entered(shown, printed, cost, i, j-1)+differ(shown[i-1], printed[j-1]))
				}
			}
		}
	}
	var out []part
	at := part{to: n}
	end := func(j int) {
		if at.from = j; at.words > 0 {
			out = append(out, at)
		}
		at = part{to: j}
	}
	i, j := len(shown), n
	for i > 0 {
		w := shown[i-1]
		switch here := cost[i][j]; {
		case w.text == gap && j > 0 && cost[i][j-1] == here:
			j--
		case w.text == gap:
			out = append(out, part{gap: true})
			i, at = i-1, part{to: j}
		case j > 0 && entered(shown, printed, cost, i, j-1)+differ(w, printed[j-1]) == here:
			at.words, at.strange, at.said = at.words+1, at.strange+int(differ(w, printed[j-1])), w.text+" "+at.said
			i, j = i-1, j-1
		case j > 0 && cost[i][j-1]+1 == here:
			at.strange, j = at.strange+1, j-1
		default:
			at.words, at.strange, at.said = at.words+1, at.strange+1, w.text+" "+at.said
			i--
		}
		if i == 0 || w.text != gap && shown[max(i-1, 0)].text == gap {
			if i == 0 && w.text != gap {
				j = 0 // a text that does not begin with a gap is shown from its beginning
			}
			end(j)
		}
	}
	slices.Reverse(out)
	return out
}

// entered is the cost before a word that is shown, with that of beginning within a line after a gap.
func entered(shown, printed []aWord, cost [][]float64, i, j int) float64 {
	if i > 1 && shown[i-2].text == "..." && j < len(printed) && !printed[j].first {
		return cost[i-1][j] + 0.3
	}
	return cost[i-1][j]
}

// differ is 1 for two words, else 0.
func differ(a, b aWord) float64 {
	if a.text == b.text {
		return 0
	}
	return 1
}

// What is shown of a text follows it where numbers change and sentences are wrapped elsewhere.
func TestRenewedText(t *testing.T) {
	was := "The best of 3 plans is A: $2.74M more\nin 104 weeks.\n...\nrank  plan  margin\n──────\n   1  A     $9k ± $1k\n...\nnext: windfall run metro"
	now := "The best of 3 plans is A: $12.74M\nmore in 104 weeks.\nKeep A.\n\nrank  plan  margin\n────────\n   1  A     $11k ± $10k\n   2  B     $1k ± $1k\nnote\nnext: windfall run metro"
	assert.Equal(t, "The best of 3 plans is A: $12.74M\nmore in 104 weeks.\n...\nrank  plan  margin\n────────\n   1  A     $11k ± $10k\n...\nnext: windfall run metro",
		renewedText(t, was, now))
	// A sentence that is left in its middle, and a text that begins and ends with what is left out.
	was = "...\nL05  pause the brand  30 s\n...\nThree weeks lose 15.5% of sign-ups in the first two\nweeks; every channel falls, but not\n..."
	now = "L04  many channels  20 s\nL05  pause the brand  31 s\nL06  a name  3 s\n\nThree weeks lose 5% of sign-ups in\nthe first two weeks; every channel\nfalls, but not alike: radio falls\nmost.\nRecorded."
	assert.Equal(t, "...\nL05  pause the brand  31 s\n...\nThree weeks lose 5% of sign-ups in\nthe first two weeks; every channel\nfalls, but not alike: radio falls\n...",
		renewedText(t, was, now))
	for _, same := range []string{strings.TrimSuffix(was, "\n..."), "a\n...\nb", "...\nb"} {
		now := strings.ReplaceAll(same, "...", "x y\nz")
		assert.Equal(t, same, renewedText(t, same, now))
		assert.Regexp(t, pattern(same), now)
	}
	assert.Equal(t, "all of it", renewedText(t, "nothing of this", "all of it"))
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
