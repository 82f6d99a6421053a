package table

import (
	"io"
	"math"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"windfall/model/plan"
)

// parquetWriter writes Parquet with zstd. It holds no time and no version, so
// the same rows are the same bytes.
type parquetWriter struct {
	out   *parquet.GenericWriter[any]
	rows  []parquet.Row
	row   parquet.Row
	width int
}

const (
	rowGroupValues = 1 << 20 // what a row group holds at most; it is kept in memory
	parquetBatch   = 256     // rows handed over at a time
)

func newParquet(out io.Writer, columns []Column) *parquetWriter {
	group := orderedGroup{}
	for _, c := range columns {
		var node parquet.Node
		switch c.Kind {
		case Text:
			node = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		case Date:
			node = parquet.Date()
		case Whole:
			node = parquet.Int(64)
		case Number:
			node = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		}
		group.fields = append(group.fields, namedNode{parquet.Compressed(node, &parquet.Zstd), c.Name})
	}
	return &parquetWriter{width: len(columns), out: parquet.NewGenericWriter[any](out,
		parquet.NewSchema("windfall", group),
		parquet.CreatedBy("windfall", "", ""),
		parquet.MaxRowsPerRowGroup(int64(max(1, rowGroupValues/len(columns)))),
	)}
}

// orderedGroup is a group whose fields keep their order; parquet.Group sorts
// them by name.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func (g orderedGroup) Fields() []parquet.Field { return g.fields }

// namedNode is a field of the group. Rows are handed over as values, so it is
// never asked for the value of a Go field.
type namedNode struct {
	parquet.Node
	name string
}

func (n namedNode) Name() string { return n.name }

func (n namedNode) Value(reflect.Value) reflect.Value { panic("table: rows are written as values") }

func (w *parquetWriter) add(v parquet.Value, defined int) {
	w.row = append(w.row, v.Level(0, defined, len(w.row)))
}

func (w *parquetWriter) Text(s string)    { w.add(parquet.ByteArrayValue([]byte(s)), 0) }
func (w *parquetWriter) Date(d plan.Date) { w.add(parquet.Int32Value(int32(d)), 0) }
func (w *parquetWriter) Whole(i int)      { w.add(parquet.Int64Value(int64(i)), 0) }

func (w *parquetWriter) Number(x float64) {
	if math.IsNaN(x) {
		w.add(parquet.NullValue(), 0)
		return
	}
	w.add(parquet.DoubleValue(x), 1)
}

func (w *parquetWriter) EndRow() error {
	w.rows = append(w.rows, w.row)
	w.row = make(parquet.Row, 0, w.width)
	if len(w.rows) < parquetBatch {
		return nil
	}
	return w.flush()
}

func (w *parquetWriter) flush() error {
	_, err := w.out.WriteRows(w.rows)
	w.rows = w.rows[:0]
	return err
}

func (w *parquetWriter) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.out.Close()
}
