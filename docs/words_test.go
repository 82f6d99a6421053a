package docs

// One word per idea: words that people stumble over stand in nothing that is printed or read.

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	engine "windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// bans are what is not written, each with the better word.
var bans = []struct{ name, wrong, say string }{
	{"hand", `rais(es?|ed|ing) (its |the |a |their |his )?hands?|hands? raised`, "lead, becomes a lead, asks for a call"},
	{"luck", `luck(s|y|ily)?`, "random variation, chance, seed"},
	{"future", `futures|(per|each|one|every) future`, "run, runs"},
	{"own name", `own-name(-search)?`, "branded search"},
	{"logo churn", `logo churn`, "churn"},
	{"dear", `dear(er|est)?`, "expensive, more expensive, costs more"},
	{"hang", `(hangs?|hung|hanging) on`, "depends on"},
	{"foretell", `fore(tells?|told|telling)`, "explain, explained by"},
	{"processor", `(a|one) processor|all processors`, "per CPU, all CPUs"},
	{"goroutine", `goroutines?`, "worker"},
	{"nothing but", `nothing but`, "only, nothing except"},
	{"part", `parted from|parts from the others`, "differs from, fell behind, got ahead"},
	{"few", `few for this table`, "not enough runs for this table"},
	{"must be", `as it must be`, "as it should"},
	{"in hand", `(price|plan|share|numbers?|offer|service|sign-up|leads?) in hand`, "current"},
	{"most", `(of|half) its most|most of a metric`, "maximum, highest"},
	{"numbered run", `(^|the |of |in |no )replication (\d[\d,]*|%d|%s)`, "run 178"},
	{"rate", `(\$[\d.,]+[kKM]?|dollars?|USD|budget|spend|costs?|sign-ups|leads|revenue|churn|%) (a|each) (day|week|month|quarter|year)|won (a|each) (week|month|quarter|year)`,
		"per week"},
	{"journey", `(buying )?journeys?`, "buyer in the market, buyers in the market"},
	{"not seen", `is not seen in the end|in the end is not seen`, "too close to call"},
}

// spared are words that stay, with the reason. A file ends the path; the text is part of the line.
var spared = []struct{ file, text, why string }{
	{"docs/model.md", "journey", "the contract, which introduces the word"},
	{"docs/model.md", "Journey", "the contract, which introduces the word"},
	{"docs/performance.md", "journey", "what the code costs, in the words of docs/model.md"},
	{"docs/performance.md", "Journey", "what the code costs, in the words of docs/model.md"},
	{"docs/verification.md", "journey", "what the tests of the code hold, in the words of docs/model.md"},
	{"docs/scenario-reference.md", "A journey is the way of a buyer", "introduces the name of the table"},
	{"model/plan/plan.go", "A journey is the way of a buyer", "introduces the name of the table"},
	{"docs/commands/export.txt", "journeys:", "a flag"},
	{"docs/commands/why.txt", "journeys:", "a flag"},
	{"L01-low-hanging-fruit/study.toml", "journeys(not-served)", "an outcome in a formula"},
	{"docs/verification.md", "channel/own-name/touches", "the name of a channel in a market of TestDenseAgrees"},
}

// owed are files whose words are still to be mended: the names of the bans that they break. Nothing is added here.
var owed = map[string]string{}

// A phrase is something that people read, with its place.
type phrase struct {
	file  string
	line  int
	words string
}

func TestPlainWords(t *testing.T) {
	texts := spoken(t)
	require.Greater(t, len(texts), 8000, "the texts were not found")
	used, broken := make([]bool, len(spared)), map[string]map[string]bool{}
	for _, x := range texts {
	Bans:
		for _, b := range bans {
			found := banned(b.wrong).FindString(namesOfCode.ReplaceAllString(x.words, "."))
			if found == "" {
				continue
			}
			for i, s := range spared {
				if strings.HasSuffix(x.file, s.file) && strings.Contains(x.words, s.text) && banned(b.wrong).MatchString(s.text) {
					used[i] = true
					continue Bans
				}
			}
			if broken[x.file] == nil {
				broken[x.file] = map[string]bool{}
			}
			broken[x.file][b.name] = true
			if !owes(x.file, b.name) {
				assert.Fail(t, "not a plain word", "%s:%d: %q; say: %s\n%s", x.file, x.line, found, b.say, x.words)
			}
		}
	}
	for i, s := range spared {
		assert.True(t, used[i], "%s no longer says %q: take it out of spared", s.file, s.text)
		assert.NotEmpty(t, s.why, s.text)
	}
	for file, names := range owed {
		for _, name := range strings.Split(names, ", ") {
			assert.True(t, broken[file][name], "%s no longer breaks %q: take it out of owed", file, name)
		}
	}
}

// owes says whether a file may still break a ban.
func owes(file, name string) bool {
	for _, n := range strings.Split(owed[file], ", ") {
		if n == name {
			return true
		}
	}
	return false
}

// namesOfCode are names in a text: of keys, columns and tables.
var namesOfCode = regexp.MustCompile("`[a-z0-9_.*]+`|\\[[a-z0-9_.*]+\\]")

var compiled = map[string]*regexp.Regexp{}

// banned is a ban as a pattern for whole words in any case. What is joined by hyphens, dots or underscores is a name.
func banned(wrong string) *regexp.Regexp {
	if compiled[wrong] == nil {
		compiled[wrong] = regexp.MustCompile(`(?i)(?:^|[^\w.-])(?:` + wrong + `)(?:$|[^\w.-]|\.(?:$|\W))`)
	}
	return compiled[wrong]
}

// Each ban finds what it is there for, and leaves alone what is right.
func TestBansFindWhatTheyBan(t *testing.T) {
	for name, texts := range map[string][2]string{
		"hand":         {"Raised hands per firm", "a firm that is at hand"},
		"luck":         {"what luck leaves open", "plucked"},
		"future":       {"in 9 of 10 futures", "the future of the brand"},
		"own name":     {"media lift own-name-search", "its own name"},
		"logo churn":   {"monthly logo churn", "monthly_logo_churn"},
		"dear":         {"the dearer its next customer", "dearth"},
		"hang":         {"all that it hangs on", "hanging together"},
		"foretell":     {"what inputs foretell", "told before"},
		"processor":    {"workers (default: one a processor)", "word processors"},
		"goroutine":    {"goroutines (default: 2)", "routines"},
		"nothing but":  {"shows nothing but noise", "nothing, but noise"},
		"part":         {"it parted from the others in week 1", "a part from the shelf"},
		"few":          {"few for this table: 50 pairs", "few runs"},
		"must be":      {"gone in the control, as it must be", "it must be so"},
		"in hand":      {"at the price in hand", "cash in hand"},
		"most":         {"half of its most", "most of them"},
		"numbered run": {"Cash of replication 178", "replications: 178"},
		"rate":         {"leads a week", "a week of leads"},
		"journey":      {"Leads per buying journey", "journey.touches_needed in weekly_journeys"},
		"not seen":     {"what that is worth in the end is not seen", "not seen yet"},
	} {
		found := false
		for _, b := range bans {
			if b.name == name {
				found = true
				assert.Regexp(t, banned(b.wrong), texts[0], name)
				assert.NotRegexp(t, banned(b.wrong), texts[1], name)
			}
		}
		assert.True(t, found, name)
	}
}

// spoken is all that people read: pages, manuals, scenarios, lessons, meanings of keys and columns, and the texts in
// the code of what prints and draws. Comments of the code are not among it, nor what commands printed into a page, which
// another test holds to be what they print.
func spoken(t *testing.T) (out []phrase) {
	t.Helper()
	for _, pattern := range []string{"../README.md", "../CONTRIBUTING.md", "*.md", "commands/*.txt", "../scenarios/*.txt",
		"../scenarios/library/*.toml", "../scenarios/lessons/*/*.md", "../scenarios/lessons/*/study.toml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			out = append(out, linesOf(named(file), string(data))...)
		}
	}
	out = append(out, meanings(t)...)
	eachFile(t, parser.SkipObjectResolution, func(file string, f *ast.File, set *token.FileSet, _ []byte) {
		if prints.MatchString(file) {
			out = append(out, literals(t, file, f, set)...)
		}
	})
	return out
}

// prints are the folders whose texts reach people.
var prints = regexp.MustCompile(`^(plots|cmd|sim|scenarios)/`)

// named is a file as from the top of the module.
func named(file string) string {
	if rest, above := strings.CutPrefix(filepath.ToSlash(file), "../"); above {
		return rest
	}
	return "docs/" + filepath.ToSlash(file)
}

// linesOf are the lines of a page but those of its transcripts. A line break inside a sentence hides nothing: each line
// is read with the first word of the next.
func linesOf(file, page string) (out []phrase) {
	lines, inside := strings.Split(page, "\n"), false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "```") && inside:
			inside = false
			continue
		case line == "```" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "$ "):
			inside = true
		}
		if inside || strings.TrimSpace(line) == "" {
			continue
		}
		if i+1 < len(lines) {
			first, _, _ := strings.Cut(strings.TrimLeft(lines[i+1], " #>-"), " ")
			line += " " + first
		}
		out = append(out, phrase{file, i + 1, line})
	}
	return out
}

// meanings are what keys and columns mean, as help, reference, tables and pictures say it.
func meanings(t *testing.T) (out []phrase) {
	t.Helper()
	for _, p := range plan.Params() {
		out = append(out, phrase{"model/plan/plan.go", 0, p.Pattern + ": " + p.Doc + " [" + p.Unit + "]"})
	}
	for _, s := range plan.Sections() {
		out = append(out, phrase{"model/plan/plan.go", 0, s.Pattern + ": " + s.Doc})
	}
	s, err := scenarios.Open("metro-uncertain")
	require.NoError(t, err)
	schema := engine.NewSchema(s.Plan)
	for _, columns := range [][]plan.Column{schema.Outcomes, schema.Weekly, schema.Months, schema.Slice} {
		require.NotEmpty(t, columns)
		for _, c := range columns {
			for _, words := range []string{c.Label, c.Lies, c.Unit, c.Meaning, c.Missing, c.Never} {
				out = append(out, phrase{"model, column " + c.Name, 0, words})
			}
		}
	}
	return out
}

// literals are the texts in a file's code: not its imports, nor the tags of its fields, nor single names.
func literals(t *testing.T, file string, f *ast.File, set *token.FileSet) (out []phrase) {
	t.Helper()
	name := regexp.MustCompile(`^[a-z0-9_.*-]*$`)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			n.Tag = nil
		case *ast.BinaryExpr:
			if words := joined(n); words != "" {
				out = append(out, phrase{file, set.Position(n.Pos()).Line, words})
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			words, err := strconv.Unquote(n.Value)
			require.NoError(t, err)
			if !name.MatchString(words) {
				out = append(out, phrase{file, set.Position(n.Pos()).Line, words})
			}
		}
		return true
	})
	return out
}

// joined is a text that is written in two halves where they meet, with something between them or not.
func joined(n *ast.BinaryExpr) string {
	left, right := n.X, n.Y
	if b, ok := left.(*ast.BinaryExpr); ok {
		left = b.Y
	}
	l, ok := left.(*ast.BasicLit)
	r, also := right.(*ast.BasicLit)
	if n.Op != token.ADD || !ok || !also || l.Kind != token.STRING || r.Kind != token.STRING {
		return ""
	}
	a, err := strconv.Unquote(l.Value)
	b, wrong := strconv.Unquote(r.Value)
	if err != nil || wrong != nil {
		return ""
	}
	return fmt.Sprint(a, b)
}
