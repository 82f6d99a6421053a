package docs

// The rules of the house, as tests over the source: which way imports point, how long a function and a line may be.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The line: a package imports only from its own part and from the parts to the left of it. docs is text for any of
// them; bench measures them all, and none imports it.
var parts = []string{"docs", "model", "scenarios", "sim", "plots", "cmd", "bench"}

// edges are the imports inside this module, folder by folder. A new one is added here: it must point left.
var edges = map[string]string{
	"model":            "model/currency model/plan model/rng",
	"model/dense":      "model/plan",
	"model/expected":   "model/plan",
	"model/plan":       "model/currency model/rng",
	"model/rng/stream": "model/rng",

	"scenarios":              "model model/currency model/expected model/plan model/rng",
	"scenarios/calibrate":    "docs model model/expected model/plan scenarios", // a program
	"scenarios/company":      "model/currency model/plan scenarios",
	"scenarios/company/form": "model/plan scenarios/company",
	"scenarios/edit":         "model model/currency model/plan scenarios",

	"sim":                 "model model/plan sim/analysis sim/metric sim/panel sim/result sim/safely sim/store sim/table",
	"sim/analysis":        "model model/plan model/rng",
	"sim/answer":          "model model/plan scenarios sim sim/decide sim/firms sim/panel sim/store sim/table",
	"sim/cluster":         "sim sim/answer sim/decide sim/panel sim/store",
	"sim/decide":          "model model/currency model/plan scenarios scenarios/edit sim/analysis sim/metric sim/panel",
	"sim/decide/compare":  "model model/currency model/plan scenarios sim/analysis sim/decide sim/metric sim/panel",
	"sim/decide/discover": "model/currency model/plan scenarios sim/analysis sim/decide sim/metric sim/panel",
	"sim/decide/experiment": "model/currency model/plan model/rng scenarios/edit sim/analysis sim/decide " +
		"sim/estimate sim/panel",
	"sim/decide/optimise": "model model/currency model/plan scenarios/edit sim/analysis sim/decide " +
		"sim/panel sim/search",
	"sim/decide/pause": "model model/currency model/plan scenarios/edit sim/analysis sim/decide sim/panel",
	"sim/decide/respond": "model model/currency model/plan scenarios scenarios/edit sim/analysis sim/decide " +
		"sim/metric sim/panel",
	"sim/decide/sensitivity": "model/currency model/plan sim/analysis sim/decide sim/metric sim/panel",
	"sim/decide/stress": "model model/currency model/plan scenarios/edit sim/analysis sim/decide sim/metric " +
		"sim/panel",
	"sim/decide/truth": "model/currency model/plan model/rng scenarios/edit sim/analysis sim/decide sim/panel",
	"sim/decide/value": "model model/currency model/plan scenarios/edit sim/analysis sim/decide sim/metric " +
		"sim/panel",
	"sim/decide/why": "model model/plan sim/analysis sim/decide",
	"sim/export":     "model model/currency model/plan scenarios/edit sim/safely sim/store sim/table",
	"sim/firms":      "model model/plan sim sim/analysis sim/panel sim/store sim/table",
	"sim/fit":        "model model/plan model/rng scenarios scenarios/company sim/export sim/fit/learned sim/safely",
	"sim/fit/folder": "model/plan scenarios scenarios/company sim sim/answer sim/decide sim/decide/value sim/fit " +
		"sim/fit/learned sim/store",
	"sim/fit/learned": "model/rng scenarios/company",
	"sim/metric":      "model model/plan sim/analysis sim/panel",
	"sim/panel":       "model model/plan model/rng sim/analysis",
	"sim/result":      "model/plan sim/analysis sim/metric sim/safely sim/store sim/table",
	"sim/search":      "model/plan sim/analysis sim/metric",
	"sim/store":       "model/plan",
	"sim/study":       "docs model model/currency model/plan scenarios sim/analysis sim/decide sim/metric sim/panel",
	"sim/table":       "model/plan sim/store",

	"plots": "plots/picture plots/words sim/analysis sim/store",
	"plots/briefing": "docs model/plan plots plots/gallery plots/page plots/report plots/words scenarios " +
		"sim/analysis sim/result sim/safely sim/store",
	"plots/gallery": "model model/plan plots plots/picture plots/words sim/analysis sim/result sim/safely sim/store",
	"plots/kept":    "plots plots/gallery plots/page plots/report plots/words sim/export sim/store sim/table",
	"plots/lesson": "model/plan plots plots/briefing plots/gallery plots/page plots/picture plots/report " +
		"plots/words scenarios sim/analysis sim/metric sim/store sim/study",
	"plots/page": "model model/plan plots/picture plots/words scenarios scenarios/company sim/analysis sim/decide " +
		"sim/decide/compare sim/decide/discover sim/decide/experiment sim/decide/optimise sim/decide/pause " +
		"sim/decide/respond sim/decide/sensitivity sim/decide/stress sim/decide/truth sim/decide/value " +
		"sim/decide/why sim/fit/learned sim/metric sim/panel sim/study",
	"plots/picture":  "model/currency model/plan plots/words sim/analysis",
	"plots/report":   "docs model/currency plots plots/page plots/picture plots/words sim/store",
	"plots/terminal": "plots/page plots/words",
	"plots/words":    "model model/currency model/plan sim/analysis",

	"cmd/windfall": "docs model model/expected model/plan plots/briefing plots/gallery plots/kept plots/lesson " +
		"plots/page plots/report plots/terminal plots/words scenarios scenarios/company " +
		"scenarios/company/form scenarios/edit sim sim/analysis sim/answer sim/cluster sim/decide " +
		"sim/decide/compare sim/decide/discover sim/decide/experiment sim/decide/optimise sim/decide/pause " +
		"sim/decide/respond sim/decide/sensitivity sim/decide/stress sim/decide/truth sim/decide/value " +
		"sim/decide/why sim/export sim/fit/folder sim/metric sim/panel sim/result sim/safely sim/store " +
		"sim/study sim/table",

	"bench":           "bench/clock bench/draws bench/history model model/plan model/rng scenarios",
	"bench/burnin":    "bench/clock model scenarios",
	"bench/clock":     "model/rng",
	"bench/dense":     "bench/clock model/plan scenarios",
	"bench/draws":     "model/rng",
	"bench/pair":      "bench/history",
	"bench/pause":     "bench/clock model/plan scenarios sim/estimate sim/export sim/safely sim/store",
	"bench/replicate": "bench/clock bench/draws model scenarios",
}

// The command reads flags, writes files, tells progress and gives an exit code; what decides, computes, words or lays
// out belongs to the parts before it.
const mostLinesOfTheCommand = 3000

func TestTheCommandIsThin(t *testing.T) {
	lines := 0
	eachFile(t, parser.SkipObjectResolution, func(file string, f *ast.File, set *token.FileSet, text []byte) {
		if path.Dir(file) != "cmd/windfall" {
			return
		}
		lines += strings.Count(string(text), "\n")
		for _, n := range arithmetic(f) {
			assert.Fail(t, "arithmetic", "%s: it belongs to the package that owns the numbers", set.Position(n.Pos()))
		}
	})
	assert.Greater(t, lines, 1000, "the command was not found")
	assert.Less(t, lines, mostLinesOfTheCommand)
}

// arithmetic finds products and quotients, those inside float64(...) among them.
func arithmetic(f *ast.File) (found []ast.Node) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.MUL || n.Op == token.QUO || n.Op == token.REM {
				found = append(found, n)
			}
		case *ast.AssignStmt:
			if n.Tok == token.MUL_ASSIGN || n.Tok == token.QUO_ASSIGN || n.Tok == token.REM_ASSIGN {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

func TestArithmeticIsFound(t *testing.T) {
	for text, want := range map[string]int{
		"x := float64(a * b)": 1, "x *= 2": 1, "x := a + b/c": 1, "x := a[i+1] - 1": 0, "var x *int": 0, "y := *x": 0,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() {\n"+text+"\n}", 0)
		require.NoError(t, err)
		assert.Len(t, arithmetic(f), want, text)
	}
}

// leftward says whether an import of a folder points the right way.
func leftward(from, to string) bool {
	part := func(folder string) int { head, _, _ := strings.Cut(folder, "/"); return slices.Index(parts, head) }
	if head, _, _ := strings.Cut(to, "/"); head == "bench" || head == "cmd" {
		return strings.HasPrefix(from, head+"/") || from == head
	}
	return part(from) >= 0 && part(to) >= 0 && part(to) <= part(from)
}

func TestImportsPointLeft(t *testing.T) {
	for _, wrong := range [][2]string{
		{"model", "scenarios"}, {"scenarios/edit", "sim"}, {"sim", "plots"}, {"plots", "cmd/windfall"}, {"sim", "bench"},
		{"docs", "model"}, {"model", "else"},
	} {
		require.False(t, leftward(wrong[0], wrong[1]), "%s", wrong)
	}
	seen := map[string]map[string]bool{}
	eachFile(t, parser.ImportsOnly, func(file string, f *ast.File, _ *token.FileSet, _ []byte) {
		if strings.HasPrefix(file, "bench/pair/driver/") {
			return // bench/pair copies it beside two engines, whose paths it imports
		}
		folder := path.Dir(file)
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			require.NoError(t, err)
			to, ours := strings.CutPrefix(name, "windfall/")
			if !ours || strings.Contains(to, "/internal/") {
				continue
			}
			if seen[folder] == nil {
				seen[folder] = map[string]bool{}
			}
			seen[folder][to] = true
			assert.True(t, leftward(folder, to), "%s imports %s: imports point left (%s)", file, to, strings.Join(parts, " < "))
			assert.Contains(t, strings.Fields(edges[folder]), to, "%s: if it should import %s, say so in edges", folder, to)
		}
	})
	for folder, list := range edges {
		for _, to := range strings.Fields(list) {
			assert.True(t, seen[folder][to], "%s no longer imports %s: take it out of edges", folder, to)
		}
	}
}

// Functions of model and sim can be read on one screen.
const mostLinesOfAFunction = 60

func TestFunctionsAreShort(t *testing.T) {
	long := map[string]bool{}
	eachFile(t, parser.SkipObjectResolution, func(file string, f *ast.File, set *token.FileSet, _ []byte) {
		if part, _, _ := strings.Cut(file, "/"); part != "model" && part != "sim" {
			return
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				lines := set.Position(d.End()).Line - set.Position(d.Pos()).Line + 1
				if name := file + ":" + d.Name.Name; lines > mostLinesOfAFunction {
					long[name] = true
					assert.Contains(t, longFunctions, name, "it has %d lines: split it by subject", lines)
				}
			}
		}
	})
	for _, name := range longFunctions {
		assert.True(t, long[name], "%s is short: take it out of longFunctions", name)
	}
}

// A section of the model that a comment cites exists.
func TestCitedSectionsExist(t *testing.T) {
	text, err := os.ReadFile("model.md")
	require.NoError(t, err)
	cited := regexp.MustCompile(`docs/model\.md,\s+(?://\s+)?sections? ([0-9]+(?:\.[0-9]+)?)`)
	found := 0
	eachFile(t, parser.PackageClauseOnly, func(file string, _ *ast.File, _ *token.FileSet, source []byte) {
		for _, m := range cited.FindAllSubmatch(source, -1) {
			found++
			heading := regexp.MustCompile(`(?m)^#+ ` + regexp.QuoteMeta(string(m[1])) + `[. ]`)
			assert.Regexp(t, heading, string(text), "%s cites section %s of docs/model.md", file, m[1])
		}
	})
	require.Greater(t, found, 30)
}

// switches are the environment that tests may read: two change what they do, the others tell a process that a test
// starts what to be, or where programs are.
var switches = []string{"WINDFALL_VERIFY", "WINDFALL_RECORD", "childTask", "holdTask", "WINDFALL_TEST_OUT", "PATH"}

func TestTestsHaveTwoSwitches(t *testing.T) {
	reads := regexp.MustCompile(`\b(?:Getenv|LookupEnv)\((.*?)\)`)
	other := regexp.MustCompile(`flag\.(?:\w*Var|Bool|String|(?:Int|Uint)(?:64)?|Float64|Duration|\w*Func)\(|\btesting\.Short\(`)
	seen := map[string]bool{}
	eachOf(t, "_test.go", func(file string, text []byte) {
		if file == "docs/house_test.go" {
			return
		}
		for _, m := range reads.FindAllSubmatch(text, -1) {
			name := strings.Trim(string(m[1]), `"`)
			seen[name] = true
			assert.Contains(t, switches, name, "%s: WINDFALL_VERIFY and WINDFALL_RECORD are enough", file)
		}
		assert.Empty(t, other.FindAllString(string(text), -1), "%s: WINDFALL_VERIFY and WINDFALL_RECORD are enough", file)
	})
	for _, name := range switches {
		assert.True(t, seen[name], "no test reads %s: take it out of switches", name)
	}
}

// A line fits on a screen; a tab is one column.
const mostColumns = 120

// What is still too long, to be mended: files with long lines, and functions. Nothing is added here.
var (
	longLines     []string
	longFunctions []string
)

func TestLinesAreShort(t *testing.T) {
	long := map[string]bool{}
	eachFile(t, parser.PackageClauseOnly, func(file string, _ *ast.File, _ *token.FileSet, text []byte) {
		for i, line := range strings.Split(string(text), "\n") {
			if n := utf8.RuneCountInString(line); n > mostColumns && !isTag(file, line) {
				long[file] = true
				assert.Contains(t, longLines, file, "line %d has %d columns", i+1, n)
			}
		}
	})
	for _, file := range longLines {
		assert.True(t, long[file], "%s has no long line: take it out of longLines", file)
	}
}

// isTag says whether a line is a field with its tags in the parameter table: a tag cannot be broken.
func isTag(file, line string) bool {
	return file == "model/plan/plan.go" && strings.HasSuffix(line, "`") && strings.Contains(line, "`toml:")
}

// eachFile gives every source file of the module but tests and generated ones.
func eachFile(t *testing.T, mode parser.Mode, with func(file string, f *ast.File, set *token.FileSet, text []byte)) {
	t.Helper()
	files := 0
	eachOf(t, ".go", func(file string, text []byte) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, text, mode|parser.ParseComments)
		require.NoError(t, err)
		if !ast.IsGenerated(f) {
			files++
			with(file, f, set, text)
		}
	})
	require.Greater(t, files, 200, "the source was not found")
}

// eachOf gives every file of the module whose name ends so, but those of testdata.
func eachOf(t *testing.T, ending string, with func(file string, text []byte)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == "testdata" || name != ".." && name[0] == '.') {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ending) {
			return nil
		}
		text, err := os.ReadFile(file)
		if err == nil {
			with(strings.TrimPrefix(filepath.ToSlash(file), "../"), text)
		}
		return err
	}))
}

// The top level holds the parts of the house, the usual files of a repository, and nothing else: results that were
// committed by mistake, for one.
func TestTheTopLevelIsTidy(t *testing.T) {
	entries, err := os.ReadDir("..")
	require.NoError(t, err)
	known := []string{"sim", "model", "scenarios", "cmd", "plots", "bench", "docs", "Makefile", "go.mod", "go.sum", "README.md",
		"LICENSE", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CITATION.cff", "results", "dist", "windfall"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") { // results, dist and windfall are made, and not kept
			assert.Contains(t, known, e.Name())
		}
	}
}

// Imports stand in three groups: the standard library, other modules, this one.
func TestImportsStandInGroups(t *testing.T) {
	kindOf := func(path string) int {
		first, _, _ := strings.Cut(path, "/")
		switch {
		case first == "windfall":
			return 2
		case strings.Contains(first, "."):
			return 1
		}
		return 0
	}
	eachFile(t, parser.ImportsOnly, func(path string, file *ast.File, set *token.FileSet, _ []byte) {
		kind, line := -1, 0
		for _, s := range file.Imports {
			name, err := strconv.Unquote(s.Path.Value)
			require.NoError(t, err)
			at := set.Position(s.Pos()).Line
			if line > 0 {
				assert.GreaterOrEqual(t, kindOf(name), kind, "%s: %s stands below another group", path, name)
			}
			if line > 0 && kindOf(name) == kind { // comments may stand between groups
				assert.LessOrEqual(t, at, line+1, "%s: an empty line before %s", path, name)
			} else if line > 0 {
				assert.Greater(t, at, line+1, "%s: no empty line before %s", path, name)
			}
			kind, line = kindOf(name), at
		}
	})
}
