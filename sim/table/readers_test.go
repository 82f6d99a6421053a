package table

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/sim/store"
)

// readers are programs that read table.csv and print its first column, a name a line.
// What is not installed is skipped by name.
var readers = map[string][]string{
	"pandas":      {"python3", "-c", "import pandas; print('\\n'.join(str(x) for x in pandas.read_csv('table.csv').channel))"},
	"R":           {"Rscript", "-e", "writeLines(as.character(read.csv('table.csv')$channel))"},
	"DuckDB":      {"python3", "-c", "import duckdb; print('\\n'.join(str(x[0]) for x in duckdb.sql(\"select channel from 'table.csv'\").fetchall()))"},
	"LibreOffice": {"sh", "-c", `soffice --headless --infilter='CSV:44,34,76,1,,0,false,true,false' --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false' --outdir out table.csv >&2 && tail -n +2 out/table.csv | sed 's/,[^,]*$//'`},
}

// Tables are read as they are written, whatever a channel is called.
func TestReadersReadNamesAsTheyAreWritten(t *testing.T) {
	dir := t.TempDir()
	f, _, err := store.Take(filepath.Join(dir, "x"), "test", false, &struct{}{})
	require.NoError(t, err)
	defer f.Close()
	table := Rows{Columns: []Column{{Name: "channel", Kind: Text}, {Name: "value", Kind: Number}}}
	for i, name := range []string{"NA", "null", "NaN", "TRUE", "1-4", "10-19", "1e5", "007", "=1+2", "+5", "-x", "@sum", "MARCH1", "SEPT2", "500+", "radio", "paid-search"} {
		table.Rows = append(table.Rows, []any{name, float64(i)})
	}
	require.NoError(t, table.Write(f, "table", CSV))
	file, err := os.Open(filepath.Join(f.Dir, "table.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var written []string
	for _, row := range rows[1:] {
		written = append(written, row[0])
	}
	for name, command := range readers {
		t.Run(name, func(t *testing.T) {
			c := exec.Command(command[0], command[1:]...)
			c.Dir = f.Dir
			c.Env = append(os.Environ(), "HOME="+dir)
			out, err := c.Output()
			if err != nil {
				t.Skipf("%s is not installed: %v", name, err)
			}
			require.Equal(t, written, strings.Split(strings.TrimRight(string(out), "\n"), "\n"))
		})
	}
}
