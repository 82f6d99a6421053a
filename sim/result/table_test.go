package result

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	w := newTable(CSV, &out, []field{{"name", text}, {"day", date}, {"i", whole}, {"x", number}})
	for _, x := range []float64{0.1, 1e6, 1234567.25, math.NaN(), -3, 1e21, 1e-7, 2.5e-6} {
		w.Text(`a "b", c`)
		w.Date(firstDay)
		w.Whole(-4)
		w.Number(x)
		require.NoError(t, w.EndRow())
	}
	require.NoError(t, w.Close())
	lines := strings.Split(out.String(), "\n")
	assert.Equal(t, "name,day,i,x", lines[0])
	for i, want := range []string{"0.1", "1000000", "1234567.25", "", "-3", "1e+21", "1e-07", "0.0000025"} {
		assert.Equal(t, `"a ""b"", c",2013-11-12,-4,`+want, lines[i+1])
	}
}

func TestCSVNumbersReadBack(t *testing.T) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1.0 / 3, math.Pi * 1e20, 1<<53 + 2, 5e-324, math.MaxFloat64, -1e15 / 7} {
		back, err := strconv.ParseFloat(string(appendNumber(nil, x)), 64)
		require.NoError(t, err)
		assert.Equal(t, math.Float64bits(x), math.Float64bits(back), x)
	}
}

// Hundredths have a way of their own to be written; it gives the decimals that
// strconv finds for any number.
func TestNumbersAreTheShortestDecimals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		x := float64(r.Int64N(1<<r.IntN(60)+1)) / []float64{10, 100, 1000, 3}[r.IntN(4)]
		if r.IntN(2) == 0 {
			x = -x
		}
		for _, x := range []float64{x, math.Nextafter(x, 0), math.Nextafter(x, math.Inf(1))} {
			if size := math.Abs(x); size < 1e-6 || size >= 1e21 {
				continue
			}
			require.Equal(t, strconv.FormatFloat(x, 'f', -1, 64), string(appendNumber(nil, x)))
		}
	}
}

func TestParquetReadsBack(t *testing.T) {
	write := func() []byte {
		var out bytes.Buffer
		w := newTable(Parquet, &out, []field{{"zeta", text}, {"day", date}, {"i", whole}, {"alpha.x", number}})
		for i := range 1000 {
			w.Text("row" + strconv.Itoa(i%3))
			w.Date(firstDay + plan.Date(i))
			w.Whole(i)
			if i%10 == 0 {
				w.Number(math.NaN())
			} else {
				w.Number(float64(i) / 3)
			}
			require.NoError(t, w.EndRow())
		}
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	content := write()
	assert.Equal(t, content, write(), "the same rows are the same bytes")

	f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	var names []string
	for _, field := range f.Schema().Fields() {
		names = append(names, field.Name())
	}
	assert.Equal(t, []string{"zeta", "day", "i", "alpha.x"}, names, "columns keep their order")
	var rows []parquet.Row
	for _, group := range f.RowGroups() {
		r := group.Rows()
		for {
			buffer := make([]parquet.Row, 100)
			n, err := r.ReadRows(buffer)
			for _, row := range buffer[:n] {
				rows = append(rows, row.Clone())
			}
			if err != nil {
				break
			}
		}
		r.Close()
	}
	require.Len(t, rows, 1000)
	for i, row := range rows {
		assert.Equal(t, "row"+strconv.Itoa(i%3), row[0].String())
		assert.Equal(t, int32(firstDay)+int32(i), row[1].Int32())
		assert.Equal(t, int64(i), row[2].Int64())
		if i%10 == 0 {
			assert.True(t, row[3].IsNull())
		} else {
			assert.Equal(t, float64(i)/3, row[3].Double())
		}
	}
}

func TestParquetTablesHaveAllRows(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, 120, func(m *Manifest) { m.TableFormat = Parquet })
	for name, want := range map[string]int64{"replications": 120, "weekly": 1200, "months": 360, "quarters": 240, "slices": 360} {
		content, err := os.ReadFile(filepath.Join(dir, name+".parquet"))
		require.NoError(t, err)
		f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
		require.NoError(t, err)
		assert.Equal(t, want, f.NumRows(), name)
	}
}

// The tables of a run of two replications, in full.
func TestTables(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, 2, nil)
	read := func(name string) []string {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	}
	num := func(x ...float64) string {
		var words []string
		for _, v := range x {
			words = append(words, string(appendNumber(nil, v)))
		}
		return strings.Join(words, ",")
	}
	zero, one := fill(small(), 0), fill(small(), 1)

	lines := read("replications.csv")
	assert.Equal(t, "replication,won,spend,cac,out_of_business,week_of_ruin,input.channels.radio.response", lines[0])
	assert.Equal(t, "0,"+num(zero.Outcomes...)+","+num(zero.Inputs...), lines[1])
	assert.Equal(t, "1,"+num(one.Outcomes...)+","+num(one.Inputs...), lines[2])
	assert.Len(t, lines, 3)

	lines = read("weekly.csv")
	assert.Equal(t, "replication,week,first_day,won,cash,load.inside", lines[0])
	assert.Equal(t, "0,1,2013-11-12,"+num(zero.Weekly[:3]...), lines[1])
	assert.Equal(t, "1,10,2014-01-14,"+num(one.Weekly[27:]...), lines[20])
	assert.Contains(t, lines[20], "2014-01-14,,", "a missing number is an empty field")

	lines = read("months.csv")
	assert.Equal(t, "replication,month,won,media", lines[0])
	assert.Equal(t, "1,2013-12,"+num(one.Months[2:4]...), lines[5])

	lines = read("quarters.csv")
	assert.Equal(t, "replication,quarter,won,media", lines[0])
	assert.Equal(t, "0,2013Q4,"+num(zero.Months[0]+zero.Months[2], zero.Months[1]+zero.Months[3]), lines[1])
	assert.Equal(t, "1,2014Q1,"+num(one.Months[4:]...), lines[4])

	lines = read("slices.csv")
	assert.Equal(t, "replication,dimension,name,won,spend,cac", lines[0])
	assert.Equal(t, `0,channel,"radio, AM",`+num(zero.Slices[3:6]...), lines[2])
	assert.Len(t, lines, 7)

	lines = read("columns.csv")
	assert.Equal(t, "table_name,name,unit,meaning,direction", lines[0])
	assert.Equal(t, `outcomes,spend,USD,"Spend, all of it.",less`, lines[2])
	assert.Len(t, lines, 1+5+1+3+2+3)
}
