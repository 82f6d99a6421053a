package export_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/answer"
	"windfall/sim/decide/truth"
	"windfall/sim/export"
	"windfall/sim/panel"
	"windfall/sim/store"
	"windfall/sim/table"
)

// read gives a CSV table as rows by name of column.
func read(t testing.TB, dir, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name+".csv"))
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

func value(t testing.TB, row map[string]string, column string) float64 {
	t.Helper()
	require.Contains(t, row, column)
	if row[column] == "" {
		return 0
	}
	x, err := strconv.ParseFloat(row[column], 64)
	require.NoError(t, err)
	return x
}

// total sums a column over the rows of which something holds.
func total(t testing.TB, rows []map[string]string, column string, when ...string) (sum float64) {
	t.Helper()
	for _, row := range rows {
		all := true
		for i := 0; i < len(when); i += 2 {
			all = all && row[when[i]] == when[i+1]
		}
		if all {
			sum += value(t, row, column)
		}
	}
	return sum
}

// everything asks for all tables.
func everything(p *plan.Plan) export.Options {
	return export.Options{Plan: p, Journeys: true, Customers: true, Population: true, Workers: 2, Version: "test"}
}

func written(t testing.TB, o export.Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	_, err := export.Write(context.Background(), dir, o)
	require.NoError(t, err)
	return dir
}

// Every table adds up to the panel, and that to the run: firms one by one, too.
func TestTablesAddUp(t *testing.T) {
	p := load(t, "town", "run.weeks=26")
	o := everything(p)
	o.First, o.Replications = 3, 2
	dir := written(t, o)
	rows, weeks := read(t, dir, "panel"), read(t, dir, "weeks")
	regions, touches := read(t, dir, "regions"), read(t, dir, "touches")
	leads, customers := read(t, dir, "leads"), read(t, dir, "customers")
	for _, replication := range []string{"3", "4"} {
		n, err := strconv.Atoi(replication)
		require.NoError(t, err)
		x, err := export.Observe(p, n)
		require.NoError(t, err)
		in := []string{"replication", replication}
		for column, want := range map[string]float64{"leads": export.Total(x.Leads), "signups": export.Total(x.Signups),
			"customers": export.Total(x.Won)} {
			require.Positive(t, want)
			assert.Equal(t, want, total(t, rows, column, in...), column)
			assert.Equal(t, want, total(t, regions, column, in...), column)
			assert.Equal(t, want, total(t, weeks, column, in...), column)
		}
		spend := total(t, weeks, "channel_spend", in...)
		assert.Equal(t, cents(spend), cents(total(t, rows, "spend", append(in, "kind", "channel")...)))
		assert.Equal(t, cents(spend), cents(total(t, regions, "channel_spend", in...)))
		assert.Equal(t, cents(total(t, weeks, "brand_spend", in...)),
			cents(total(t, rows, "spend", append(in, "kind", "brand")...)))
		assert.Len(t, only(leads, replication), int(export.Total(x.Leads)))
		won := 0.0
		for _, row := range only(customers, replication) {
			won += 1 - value(t, row, "first_day")
		}
		assert.Equal(t, export.Total(x.Won), won)
		alive := 0.0
		for _, row := range only(customers, replication) {
			alive += 1 - value(t, row, "has_left")
		}
		assert.Equal(t, x.Of("live_customers")[x.Weeks-1], alive, "who has not left is there")
		assert.Equal(t, cents(export.Total(x.MRR)), cents(total(t, customers, "monthly_bill", append(in, "first_day", "0")...)))
		made := map[string]float64{}
		for _, row := range only(touches, replication) {
			week := int(value(t, row, "at_week"))
			made[strconv.Itoa(week+1)+row["region"]+row["channel"]]++
		}
		for _, row := range only(rows, replication) {
			if row["kind"] == "channel" {
				require.Equal(t, value(t, row, "touches"), made[row["week"]+row["region"]+row["channel"]])
			}
		}
	}
	var m export.Manifest
	require.NoError(t, store.ReadManifest(dir, export.Kind, &m))
	require.True(t, m.Complete)
	require.True(t, store.Intact(dir, m.Files))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, len(m.Files)+1, "nothing but the files of the manifest")
	require.NoDirExists(t, dir+".part")
}

func only(rows []map[string]string, replication string) (out []map[string]string) {
	for _, row := range rows {
		if row["replication"] == replication {
			out = append(out, row)
		}
	}
	return out
}

// Increments add up to what windfall truth says of the same replications, channel by channel.
func TestIncrementsAreThoseOfTruth(t *testing.T) {
	p := load(t, "town", "run.weeks=26", "channels.direct-mail.response=0", "channels.direct-mail.weight=0")
	dir := written(t, export.Options{Plan: p, Replications: 4, Workers: 2})
	rows := read(t, dir, "truth_channels")
	course, err := truth.Ask{Plan: p, Replications: 4}.Course()
	require.NoError(t, err)
	round, err := course.Next(nil)
	require.NoError(t, err)
	panels, err := answer.InMemory(context.Background(), 2, round...)
	require.NoError(t, err)
	of := func(world, column string, r int) float64 {
		return panels[0].Values(panel.Leaf{Setting: world, Measure: panel.Measure{Column: column}})[r]
	}
	names := append(p.Dimension("channel"), "brand")
	for _, name := range names {
		for r := range 4 {
			when := []string{"channel", name, "replication", strconv.Itoa(r)}
			for column, outcome := range map[string]string{"incremental_signups": "signups", "incremental_customers": "won"} {
				require.Equal(t, of("plan", outcome, r)-of("without "+name, outcome, r), total(t, rows, column, when...),
					"%s of %s in run %d", column, name, r)
			}
		}
	}
	require.Zero(t, total(t, rows, "incremental_customers", "channel", "direct-mail"))
	require.NotZero(t, total(t, rows, "incremental_customers", "channel", "facebook"))
}

// A vendor that fails is run twice by the engine: its firms are written once, and nothing after its last week.
func TestAFailedVendorIsWrittenOnce(t *testing.T) {
	p := load(t, "town", "run.weeks=40", "finance.fixed_cost_per_week=25000", "finance.opening_cash=30000")
	dir := written(t, everything(p))
	x, err := export.Observe(p, 0)
	require.NoError(t, err)
	require.Less(t, x.Lived, 40)
	require.Len(t, read(t, dir, "weeks"), x.Lived)
	require.Len(t, read(t, dir, "leads"), int(export.Total(x.Leads)))
	touches := 0.0
	for _, n := range x.Of("touches") {
		touches += n
	}
	require.Len(t, read(t, dir, "touches"), int(touches))
}

// Any number of workers writes the same bytes, and so does a second time.
func TestWorkersWriteTheSameBytes(t *testing.T) {
	p := load(t, "town", "run.weeks=12")
	o := everything(p)
	o.Replications, o.Layout, o.Formats = 4, export.PyMC, []table.Format{table.CSV, table.Parquet}
	var sums []map[string]store.Sum
	for _, workers := range []int{1, 3, 1} {
		o.Workers = workers
		var m export.Manifest
		require.NoError(t, store.ReadManifest(written(t, o), export.Kind, &m))
		sums = append(sums, m.Files)
	}
	require.Greater(t, len(sums[0]), 20)
	require.Equal(t, sums[0], sums[1])
	require.Equal(t, sums[0], sums[2])
}

// Parquet has what CSV has: the same columns, rows and numbers.
func TestParquetIsWhatCSVIs(t *testing.T) {
	o := everything(load(t, "town", "run.weeks=8"))
	o.Formats, o.Layout = []table.Format{table.CSV, table.Parquet}, export.Meridian
	dir := written(t, o)
	files, err := filepath.Glob(filepath.Join(dir, "*.parquet"))
	require.NoError(t, err)
	require.Len(t, files, 13)
	for _, path := range files {
		f, err := os.Open(path)
		require.NoError(t, err)
		defer f.Close()
		r := parquet.NewReader(f)
		name := strings.TrimSuffix(filepath.Base(path), ".parquet")
		rows := read(t, dir, name)
		require.EqualValues(t, len(rows), r.NumRows(), name)
		columns := r.Schema().Columns()
		batch := make([]parquet.Row, 1)
		for i := 0; ; i++ {
			n, err := r.ReadRows(batch)
			if n == 0 {
				require.ErrorIs(t, err, io.EOF)
				break
			}
			for c, v := range batch[0] {
				cell := rows[i][columns[c][0]]
				switch {
				case v.IsNull():
					require.Empty(t, cell, "%s, row %d, %s", name, i, columns[c])
				case v.Kind() == parquet.ByteArray:
					require.Equal(t, cell, string(v.ByteArray()))
				case v.Kind() == parquet.Int32: // a date
					require.Equal(t, cell, plan.Date(v.Int32()).String())
				case v.Kind() == parquet.Int64:
					require.Equal(t, cell, strconv.FormatInt(v.Int64(), 10))
				default:
					x, err := strconv.ParseFloat(cell, 64)
					require.NoError(t, err)
					require.Equal(t, x, v.Double())
				}
			}
		}
	}
}

// A folder that exists is left as it is.
func TestAFolderThatExistsIsRefused(t *testing.T) {
	o := export.Options{Plan: load(t, "town", "run.weeks=4")}
	dir := written(t, o)
	before, err := os.ReadFile(filepath.Join(dir, "panel.csv"))
	require.NoError(t, err)
	_, err = export.Write(context.Background(), dir, o)
	var exists *export.ExistsError
	require.ErrorAs(t, err, &exists)
	require.Contains(t, err.Error(), "exists already; nothing was written")
	after, err := os.ReadFile(filepath.Join(dir, "panel.csv"))
	require.NoError(t, err)
	require.Equal(t, before, after)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
	_, err = export.Write(context.Background(), file, o)
	require.ErrorAs(t, err, &exists)
	foreign := filepath.Join(t.TempDir(), "new")
	require.NoError(t, os.MkdirAll(foreign+".part", 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(foreign+".part", "mine"), []byte("mine"), 0o600))
	var occupied *store.OccupiedError
	_, err = export.Write(context.Background(), foreign, o)
	require.ErrorAs(t, err, &occupied)
	require.FileExists(t, filepath.Join(foreign+".part", "mine"))
}

// What stops an export leaves nothing of it; what a killed one left is written over.
func TestWhatStopsAnExportLeavesNothing(t *testing.T) {
	o := export.Options{Plan: load(t, "town", "run.weeks=6"), Replications: 5, Workers: 1}
	dir := filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithCancel(context.Background())
	o.Progress = func(int, int) { cancel() }
	_, err := export.Write(ctx, dir, o)
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	require.Empty(t, entries)

	o.Progress = nil
	want := written(t, o)
	f, _, err := store.Take(dir+".part", export.Kind, false, new(export.Manifest)) // one that is killed
	require.NoError(t, err)
	require.NoError(t, f.Commit(&export.Manifest{Manifest: store.Manifest{Windfall: export.Kind}}))
	require.NoError(t, f.WriteBytes("touches.csv", []byte("half")))
	f.Close()
	_, err = export.Write(context.Background(), dir, o)
	require.NoError(t, err)
	var m, n export.Manifest
	require.NoError(t, store.ReadManifest(dir, export.Kind, &m))
	require.NoError(t, store.ReadManifest(want, export.Kind, &n))
	require.Equal(t, n, m)
	require.NoFileExists(t, filepath.Join(dir, "touches.csv"))
}

// variedPlan is metro with a pause of all that has a budget, so that spend varies.
func variedPlan(t testing.TB) *plan.Plan {
	p := load(t, "metro", "run.weeks=10")
	first, err := export.Observe(p, 0)
	require.NoError(t, err)
	names := first.Media
	for c, name := range first.Channels {
		if export.Total(first.Spend[c]) > 0 {
			names = append(names, name)
		}
	}
	x, err := edit.NewPause(p, names, nil)
	require.NoError(t, err)
	return x.Plan(p.Run.Start+14, p.Run.Start+35)
}

// told is what a tool is told of a layout.
func told(t testing.TB, dir string, layout export.Layout) (named map[string]any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, string(layout)+".json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &named))
	return named
}

// The columns that the tools are told of are there, whole, with a number in every row that is not the same in all.
func TestLayoutsHaveTheColumnsThatTheirToolsRead(t *testing.T) {
	p := variedPlan(t)
	x, err := export.Observe(p, 0)
	require.NoError(t, err)
	for layout, want := range map[export.Layout]struct {
		date, kpi, spend string
		rows             int
	}{
		export.Meridian: {"time", "kpi", "_spend", 10 * len(p.Dimension("region"))},
		export.Robyn:    {"DATE", "customers", "_S", 10},
		export.PyMC:     {"date", "y", "", 10},
	} {
		dir := written(t, export.Options{Plan: p, Layout: layout})
		rows := read(t, dir, string(layout))
		require.Len(t, rows, want.rows)
		columns := columnsSaid(told(t, dir, layout))
		require.Greater(t, len(columns), 15)
		spend := 0.0
		for _, column := range columns {
			values := map[string]bool{}
			for _, row := range rows {
				require.Contains(t, row, column)
				switch values[row[column]] = true; column {
				case want.date:
					_, err := plan.ParseDate(row[column])
					require.NoError(t, err)
				case "geo":
					require.NotEmpty(t, row[column])
				default:
					_, err := strconv.ParseFloat(row[column], 64)
					require.NoError(t, err, column)
				}
			}
			if column != "revenue_per_kpi" {
				require.Greater(t, len(values), 1, "%s, %s", layout, column)
			}
			if want.spend != "" && strings.HasSuffix(column, want.spend) {
				spend += total(t, rows, column)
			}
		}
		require.Equal(t, export.Total(x.Won), total(t, rows, want.kpi))
		if want.spend != "" {
			require.Equal(t, cents(runs(x.Of("media"))+runs(x.Of("brand"))), cents(spend), layout)
		}
	}
}

func TestALayoutIsNamedWithItsNearest(t *testing.T) {
	_, err := export.ParseLayout("meridien")
	require.EqualError(t, err, `"meridien": meridian, robyn or pymc; did you mean meridian?`)
	_, err = export.ParseLayout("x")
	require.EqualError(t, err, `"x": meridian, robyn or pymc`)
}

// What never varies is not told to a tool, which would refuse it, and is named apart.
func TestWhatNeverVariesIsNotTold(t *testing.T) {
	p := load(t, "metro", "run.weeks=10")
	named := told(t, written(t, export.Options{Plan: p, Layout: export.Robyn}), export.Robyn)
	require.Empty(t, named["paid_media_spends"], "every budget is the same in each week")
	require.Contains(t, named["does_not_vary"], "facebook_S")
	require.Contains(t, named["does_not_vary"], "price_index")
	named = told(t, written(t, export.Options{Plan: p, Layout: export.Meridian}), export.Meridian)
	columns := named["coord_to_columns"].(map[string]any)
	require.Contains(t, columns["media"], "facebook_touches", "its touches vary by chance")
	require.NotContains(t, columns["media"], "radio_spend")
	require.Len(t, columns["media_spend"], len(columns["media"].([]any)))
}

func runs(list []float64) (sum float64) {
	for _, x := range list {
		sum += x
	}
	return sum
}

func contains(list []string, text string) bool {
	for _, x := range list {
		if x == text {
			return true
		}
	}
	return false
}

// columnsSaid are the columns that a mapping names, each once.
func columnsSaid(named any) (out []string) {
	add := func(text string) {
		if !contains(out, text) {
			out = append(out, text)
		}
	}
	var walk func(key string, x any)
	walk = func(key string, x any) {
		switch x := x.(type) {
		case map[string]any:
			for k, v := range x {
				if strings.HasSuffix(key, "_to_channel") {
					add(k)
					continue
				}
				walk(k, v)
			}
		case []any:
			for _, v := range x {
				walk(key, v)
			}
		case string:
			if key != "kpi_type" && key != "dep_var_type" && key != "does_not_vary" {
				add(x)
			}
		}
	}
	walk("", named)
	return out
}

// Every column of every table is in the dictionary.
func TestTheDictionaryHasEveryColumn(t *testing.T) {
	o := everything(load(t, "town", "run.weeks=4"))
	o.Layout = export.PyMC
	dir := written(t, o)
	known := map[string]bool{}
	for _, row := range read(t, dir, "dictionary") {
		known[row["table_name"]+"."+row["name"]] = true
		require.NotEmpty(t, row["meaning"])
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	require.NoError(t, err)
	columns := 0
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		if name == "dictionary" {
			continue
		}
		rows := read(t, dir, name)
		require.NotEmpty(t, rows, name)
		for column := range rows[0] {
			require.True(t, known[name+"."+column], "%s.%s", name, column)
			columns++
		}
	}
	require.Greater(t, columns, 120)
}

// readers are programs that sum up a column of every table of a folder: of customers of the panel, in both formats where
// they read both. What is not installed is skipped by name.
var readers = map[string]string{
	"pandas": `
import glob, json, pandas as pd
for f in glob.glob("*.csv"): pd.read_csv(f)
p = pd.read_csv("panel.csv", parse_dates=["date"])
assert str(p.dtypes["date"]).startswith("datetime64") and p.dtypes["spend"].kind in "if" and p.dtypes["touches"].kind in "if"
print(int(p.customers.sum()), len(p))
m = json.load(open("pymc.json")); d = pd.read_csv("pymc.csv", parse_dates=[m["date_column"]])
X, y = d[[m["date_column"]] + m["channel_columns"] + m["control_columns"]], d[m["target_column"]]
assert not X.isna().any().any() and len(y) == len(d)
`,
	"R": `
for (f in Sys.glob("*.csv")) invisible(read.csv(f))
p <- read.csv("panel.csv"); p$date <- as.Date(p$date)
stopifnot(is.numeric(p$spend), is.numeric(p$touches), !anyNA(p$date))
cat(sum(p$customers, na.rm = TRUE), nrow(p), "\n")
`,
	"DuckDB": `
(async () => {
const { DuckDBInstance } = require("@duckdb/node-api");
const c = await (await DuckDBInstance.create(":memory:")).connect();
const one = async q => (await c.runAndReadAll(q)).getRows();
for (const [f] of await one("select file from glob('*.parquet')")) await one("select * from '" + f + "' limit 1");
for (const f of ["panel.csv", "panel.parquet"]) {
  const r = (await one("select sum(customers), count(*), typeof(any_value(date)), typeof(any_value(spend)) from '" + f + "'"))[0];
  if (r[2] !== "DATE" || r[3] !== "DOUBLE") throw r.join();
  console.log(String(r[0]), String(r[1]));
}})().catch(e => { console.error(e); process.exit(1) });
`,
}

// installed says whether a reader is there.
var installed = map[string][]string{
	"pandas": {"python3", "-c", "import pandas"},
	"R":      {"Rscript", "-e", "1"},
	"DuckDB": {"node", "-e", `require("@duckdb/node-api")`},
}

func TestProgramsReadTheTables(t *testing.T) {
	p := load(t, "metro", "run.weeks=6")
	o := everything(p)
	o.Layout, o.Formats = export.PyMC, []table.Format{table.CSV, table.Parquet}
	dir := written(t, o)
	x, err := export.Observe(p, 0)
	require.NoError(t, err)
	rows := 6 * len(x.Regions) * (len(x.Channels) + len(x.Media))
	want := strconv.Itoa(int(export.Total(x.Won))) + " " + strconv.Itoa(rows)
	for name, command := range readers {
		t.Run(name, func(t *testing.T) {
			run := asInstalled(t, name)
			c := exec.Command(run[0], run[1], command)
			c.Dir = dir
			c.Stderr = os.Stderr
			out, err := c.Output()
			require.NoError(t, err)
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			for _, line := range lines {
				require.Equal(t, want, strings.TrimSpace(line))
			}
		})
	}
}
