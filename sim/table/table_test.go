package table

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

var firstDay = plan.NewDate(2013, 11, 12)

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	w := New(CSV, &out, []Column{{Name: "name", Kind: Text}, {Name: "day", Kind: Date}, {Name: "i", Kind: Whole}, {Name: "x", Kind: Number}})
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
		w := New(Parquet, &out, []Column{{Name: "zeta", Kind: Text}, {Name: "day", Kind: Date}, {Name: "i", Kind: Whole}, {Name: "alpha.x", Kind: Number}})
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
