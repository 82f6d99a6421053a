package briefing

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/plots"
	"windfall/plots/report"
	"windfall/sim/store"
)

// table gathers numbers of several runs for a CSV: rows have names, which stand
// in the first column.
type table struct {
	head []string
	rows [][]string
	at   map[string]int
}

func newTable(key string) *table { return &table{head: []string{key}, at: map[string]int{}} }

// set puts a number into its row and column; a missing one leaves it empty.
func (t *table) set(row, column string, x float64) {
	c := slices.Index(t.head, column)
	if c < 0 {
		c = len(t.head)
		t.head = append(t.head, column)
	}
	if _, ok := t.at[row]; !ok {
		t.at[row] = len(t.rows)
		t.rows = append(t.rows, []string{row})
	}
	cells := &t.rows[t.at[row]]
	for len(*cells) <= c {
		*cells = append(*cells, "")
	}
	if !math.IsNaN(x) {
		(*cells)[c] = strconv.FormatFloat(x, 'g', -1, 64)
	}
}

func (t *table) csv() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(t.head) // a buffer takes everything
	for _, row := range t.rows {
		for len(row) < len(t.head) {
			row = append(row, "")
		}
		_ = w.Write(append([]string{store.AsText(t.head[0], row[0])}, row[1:]...))
	}
	w.Flush()
	return out.Bytes()
}

// take fills in what a view of several runs shows: their numbers, and their
// static pictures side by side.
func take(v *report.View, t *table, finding string, drawings []plots.Drawing) error {
	v.CSV, v.Finding = t.csv(), finding
	var pictures [][]byte
	for _, d := range drawings {
		p, err := plots.Compose(d)
		if err != nil {
			return err
		}
		svg, err := p.SVG()
		if err != nil {
			return err
		}
		pictures = append(pictures, slim(svg))
	}
	var err error
	v.Picture, err = sideBySide(pictures)
	return err
}

// drawn begins a view of one run's picture.
func drawn(name, file string, d plots.Drawing) (report.View, error) {
	v, err := report.Drawn(name, file, d)
	v.Picture = slim(v.Picture)
	return v, err
}

// slim takes out of a picture what each of its texts repeats, and digits behind
// tenths of a point.
func slim(svg []byte) []byte {
	const family, plain = "font-family:Liberation Sans,Arial,Helvetica,sans-serif;",
		"font-weight:normal;font-style:normal;"
	svg = bytes.ReplaceAll(svg, []byte(plain), nil)
	svg = bytes.ReplaceAll(svg, []byte(family), nil)
	svg = pathData.ReplaceAllFunc(svg, func(d []byte) []byte { return tenths.ReplaceAll(d, []byte("$1")) })
	return bytes.Replace(svg, []byte(" role=\"img\""),
		[]byte(" role=\"img\" style=\""+strings.TrimSuffix(family, ";")+"\""), 1)
}

// sideBySide puts pictures onto one page, two in a row.
func sideBySide(pictures [][]byte) ([]byte, error) {
	if len(pictures) == 1 {
		return pictures[0], nil
	}
	var body bytes.Buffer
	var width, height, rowHeight float64
	for i, p := range pictures {
		m := svgHead.FindSubmatch(p)
		if m == nil {
			return nil, fmt.Errorf("a picture begins with %.80q", p)
		}
		w, _ := strconv.ParseFloat(string(m[1]), 64)
		h, _ := strconv.ParseFloat(string(m[2]), 64)
		if i%2 == 0 {
			height, rowHeight = height+rowHeight, h
		}
		rowHeight = max(rowHeight, h)
		fmt.Fprintf(&body, "<svg x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"%s", float64(i%2)*w, height, w, h, p[len(m[0]):])
		width = max(width, float64(min(len(pictures), 2))*w)
	}
	height += rowHeight
	return fmt.Appendf(nil, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%gpt\" height=\"%gpt\" viewBox=\"0 0 %g "+
		"%g\">\n%s</svg>\n", width, height, width, height, body.Bytes()), nil
}
