package export_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/export"
	"windfall/sim/table"
)

const (
	page     = "../../docs/export.md"
	research = "../../docs/research.md"
)

var columnTables = regexp.MustCompile(`(?s)(<!-- from the program.*?-->\n).*(<!-- end -->\n)`)

// The page has every column of every table as the program says it; WINDFALL_RECORD=1 writes them there.
func TestThePageHasEveryColumn(t *testing.T) {
	var out strings.Builder
	tables := map[string]bool{}
	for _, layout := range []export.Layout{export.NoLayout, export.Meridian, export.Robyn, export.PyMC} {
		o := everything(load(t, "town", "run.weeks=2"))
		o.Layout = layout
		last := ""
		for _, row := range read(t, written(t, o), "dictionary") {
			name := row["table_name"]
			if name != last && name != "" && !tables[name] {
				fmt.Fprintf(&out, "\n### `%s`\n\n| column | type | unit | meaning |\n|---|---|---|---|\n", name)
			}
			if name != "" && (name == last || !tables[name]) {
				fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", row["name"], row["type"], row["unit"], row["meaning"])
				last, tables[name] = name, true
			}
		}
	}
	require.Len(t, tables, 16)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	now := columnTables.ReplaceAllStringFunc(string(text), func(block string) string {
		m := columnTables.FindStringSubmatch(block)
		return m[1] + out.String() + "\n" + m[2]
	})
	if os.Getenv("WINDFALL_RECORD") == "1" {
		require.NoError(t, os.WriteFile(page, []byte(now), 0o600))
		return
	}
	require.Equal(t, now, string(text))
}

var snippet = regexp.MustCompile("(?s)```(python|r|sql)\n(.*?)```\n\n```text\n(.*?)```\n")

// What the pages show of Python, R and SQL is what these print of the folders that the pages make. WINDFALL_RECORD=1
// writes it there.
func TestThePageShowsWhatProgramsPrint(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" && os.Getenv("WINDFALL_RECORD") != "1" {
		t.Skip("some seconds of CPU time: with WINDFALL_VERIFY=1, as make test does")
	}
	for file, p := range map[string]struct {
		snippets int
		folders  func(t *testing.T, dir string)
	}{page: {3, aPanel}, research: {5, runsAndTheirPanels}} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			dir, found := t.TempDir(), 0
			p.folders(t, dir)
			now := snippet.ReplaceAllStringFunc(string(text), func(block string) string {
				s := snippet.FindStringSubmatch(block)
				found++
				shown := s[3]
				t.Run(s[1], func(t *testing.T) { shown = printed(t, dir, s[1], s[2], s[3]) })
				return strings.TrimSuffix(block, s[3]+"```\n") + shown + "```\n"
			})
			require.Equal(t, p.snippets, found)
			if os.Getenv("WINDFALL_RECORD") == "1" {
				require.NoError(t, os.WriteFile(file, []byte(now), 0o600))
			}
		})
	}
}

// aPanel makes the folder of the page of the export.
func aPanel(t *testing.T, dir string) {
	t.Helper()
	_, err := export.Write(t.Context(), filepath.Join(dir, "data"), export.Options{Plan: load(t, "metro")})
	require.NoError(t, err)
}

// runsAndTheirPanels makes the two folders of the page for researchers.
func runsAndTheirPanels(t *testing.T, dir string) {
	t.Helper()
	p := load(t, "town")
	r, err := sim.Run(t.Context(), sim.Design{Settings: []sim.Setting{{Name: "plan", Plan: p, Digest: scenarios.Digest(p)}},
		Seed: 1, Replications: 200, Out: filepath.Join(dir, "results")})
	require.NoError(t, err)
	r.Close()
	_, err = export.Write(t.Context(), filepath.Join(dir, "data"),
		export.Options{Plan: p, Replications: 20, Formats: []table.Format{table.CSV, table.Parquet}})
	require.NoError(t, err)
}

// printed is what a program of a page prints, which is what the page shows unless that is recorded.
func printed(t *testing.T, dir, language, code, want string) string {
	t.Helper()
	if language == "sql" {
		code = `const { DuckDBInstance } = require("@duckdb/node-api");
(async () => { const c = await (await DuckDBInstance.create(":memory:")).connect();
console.log((await c.runAndReadAll(` + "`" + code + "`" + `)).getRows().map(r => r.join(" ")).join("\n")) })();`
	}
	command := asInstalled(t, map[string]string{"python": "pandas", "r": "R", "sql": "DuckDB"}[language])
	c := exec.Command(command[0], command[1], code)
	c.Dir = dir
	out, err := c.Output()
	require.NoError(t, err)
	now := strings.TrimRight(string(out), "\n") + "\n"
	if os.Getenv("WINDFALL_RECORD") != "1" {
		require.Equal(t, want, now)
	}
	return now
}

// asInstalled is how code is given to a reader of tables, or skips by name what is not there.
func asInstalled(t *testing.T, name string) []string {
	t.Helper()
	probe := installed[name]
	if exec.Command(probe[0], probe[1:]...).Run() == nil {
		return probe[:2]
	}
	if name == "pandas" { // Debian's own Python has Debian's pandas
		if exec.Command("/usr/bin/python3", probe[1:]...).Run() == nil {
			return []string{"/usr/bin/python3", probe[1]}
		}
	}
	t.Skipf("%s is not installed", name)
	return nil
}
