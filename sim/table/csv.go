package table

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"

	"windfall/model/plan"
)

// csvWriter writes CSV: commas, a header, lines that end in one line feed,
// quotes only where a text needs them, the shortest decimals that give a number
// back.
type csvWriter struct {
	out  *bufio.Writer
	line []byte
}

func newCSV(out io.Writer, columns []Column) *csvWriter {
	w := &csvWriter{out: bufio.NewWriter(out)}
	for _, c := range columns {
		w.Text(c.Name)
	}
	w.end()
	return w
}

func (w *csvWriter) Text(s string) {
	if strings.ContainsAny(s, ",\"\r\n") {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	w.line = append(append(w.line, s...), ',')
}

func (w *csvWriter) Date(d plan.Date) { w.Text(d.String()) }

func (w *csvWriter) Whole(i int) { w.line = append(strconv.AppendInt(w.line, int64(i), 10), ',') }

func (w *csvWriter) Number(x float64) { w.line = append(appendNumber(w.line, x), ',') }

// appendNumber writes the shortest decimals that give x back, without an
// exponent from 1e-6 up to 1e21 (as JSON does).
func appendNumber(out []byte, x float64) []byte {
	size := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return out
	case math.IsInf(x, 1): // never, as readers of tables spell it
		return append(out, "inf"...)
	case size < 1<<53 && x == math.Trunc(x) && (x != 0 || !math.Signbit(x)):
		return strconv.AppendInt(out, int64(x), 10)
	case size < mostCents && math.Round(x*100)/100 == x && x != 0:
		return appendCents(out, int64(math.Round(x*100)))
	case size >= 1e-6 && size < 1e21 || x == 0:
		return strconv.AppendFloat(out, x, 'f', -1, 64)
	}
	return strconv.AppendFloat(out, x, 'g', -1, 64)
}

// mostCents is the size up to which a number of cents has at most 15 digits. Such
// decimals are all different numbers, so no shorter one gives the same.
const mostCents = 1e13

// appendCents writes hundredths, as most money is, without zeros at their end; it is
// several times faster than looking for the shortest decimals.
func appendCents(out []byte, cents int64) []byte {
	if cents < 0 {
		out, cents = append(out, '-'), -cents
	}
	out = append(strconv.AppendInt(out, cents/100, 10), '.', byte('0'+cents/10%10))
	if last := cents % 10; last > 0 {
		out = append(out, byte('0'+last))
	}
	return out
}

func (w *csvWriter) end() error {
	w.line[len(w.line)-1] = '\n'
	_, err := w.out.Write(w.line)
	w.line = w.line[:0]
	return err
}

func (w *csvWriter) EndRow() error { return w.end() }

func (w *csvWriter) Close() error { return w.out.Flush() }
