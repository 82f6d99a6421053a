package result

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/table"
)

// decimals is a number as tables have it.
func decimals(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func TestParquetTablesHaveAllRows(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, 120, func(m *Manifest) { m.TableFormat = table.Parquet })
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
			words = append(words, decimals(v))
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
