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

	"windfall/sim/export"
)

const page = "../../docs/export.md"

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

// What the page shows of Python, R and SQL is what these print of the folder that it makes.
func TestThePageShowsWhatProgramsPrint(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	found := snippet.FindAllStringSubmatch(string(text), -1)
	require.Len(t, found, 3)
	dir := t.TempDir()
	_, err = export.Write(t.Context(), filepath.Join(dir, "data"), export.Options{Plan: load(t, "metro")})
	require.NoError(t, err)
	readers := map[string]string{"python": "pandas", "r": "R", "sql": "DuckDB"}
	for _, s := range found {
		language, code, want := s[1], s[2], s[3]
		t.Run(language, func(t *testing.T) {
			if language == "sql" {
				code = `const { DuckDBInstance } = require("@duckdb/node-api");
(async () => { const c = await (await DuckDBInstance.create(":memory:")).connect();
console.log((await c.runAndReadAll(` + "`" + code + "`" + `)).getRows().map(r => r.join(" ")).join("\n")) })();`
			}
			command := asInstalled(t, readers[language])
			c := exec.Command(command[0], command[1], code)
			c.Dir = dir
			out, err := c.Output()
			require.NoError(t, err)
			require.Equal(t, strings.TrimRight(want, "\n"), strings.TrimRight(string(out), "\n"))
		})
	}
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
