package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Draws is a table of joint draws of uncertain inputs, such as the posterior of a fit: a replication takes one
// row of it, whole (docs/model.md, section 3.2). Values are in the order in which one uniform finds them: rows by
// their first principal component, and the medoid in the middle, so that 0.5 finds it.
type Draws struct {
	Name   string // of the table in the scenario
	File   string // as the scenario names it
	Keys   []string
	Values [][]float64 // by key and row
	Hash   string      // of keys and rows, whatever their order in the file
	text   string
	rows   []int // by row: its place among the rows that NewDraws was given
}

// NewDraws makes a table of its rows, each of which has a value for every key. The order of keys and rows makes no
// difference.
func NewDraws(name, file string, keys []string, rows [][]float64) *Draws {
	d := &Draws{Name: name, File: file}
	columns, order := make([]int, len(keys)), make([]int, len(rows))
	for k := range columns {
		columns[k] = k
	}
	slices.SortFunc(columns, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		for _, k := range columns {
			if c := cmp.Compare(rows[a][k], rows[b][k]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a, b)
	})
	for _, k := range columns {
		d.Keys = append(d.Keys, keys[k])
	}
	d.write(rows, order, columns)
	order = inOrderOfDrawing(rows, order, columns)
	for _, k := range columns {
		values := make([]float64, len(order))
		for i, r := range order {
			values[i] = rows[r][k] + 0 // + 0 turns -0 into 0
		}
		d.Values = append(d.Values, values)
	}
	d.rows = order
	return d
}

// write makes the text of the table and its hash.
func (d *Draws) write(rows [][]float64, order, columns []int) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(d.Keys) // a builder takes all
	record := make([]string, len(columns))
	for _, r := range order {
		for i, k := range columns {
			record[i] = FormatNumber(rows[r][k] + 0)
		}
		_ = w.Write(record)
	}
	w.Flush()
	d.text = b.String()
	d.Hash = fmt.Sprintf("%x", sha256.Sum256([]byte(d.text)))
}

// Text is the table as CSV: keys and rows in order of their values.
func (d *Draws) Text() string { return d.text }

// Rows is the number of rows.
func (d *Draws) Rows() int { return len(d.rows) }

// Given is the place of a row, in order of drawing, among the rows that NewDraws was given.
func (d *Draws) Given(row int) int { return d.rows[row] }

// Factor is the name under which the uniform of the table is addressed.
func (d *Draws) Factor() string { return drawsPrefix + d.Name }

// drawsPrefix begins the names of tables of draws among those of inputs, which begin as keys do.
const drawsPrefix = "draws."

// Column is the place of a key among the columns, or -1.
func (d *Draws) Column(key string) int { return slices.Index(d.Keys, key) }

// Input is the uncertain input that a column is.
func (d *Draws) Input(column int) Input {
	return Input{Name: d.Keys[column], Key: d.Keys[column], Draws: d.Name,
		Dist: Dist{Kind: "rows", Values: d.Values[column], Low: math.Inf(-1), High: math.Inf(1), Text: d.Factor()}}
}

// Within gives the rows that lie in parts of the ranges of columns, which are given by key on the scale of
// probabilities, as a table of the same name; nil if there is none.
func (d *Draws) Within(ranges map[string][2]float64) *Draws {
	var rows [][]float64
	ranks := make([][]float64, len(d.Keys))
	for k := range d.Keys {
		ranks[k] = ranksOf(d.Values[k])
	}
	for i := range d.Rows() {
		in, row := true, make([]float64, len(d.Keys))
		for k, key := range d.Keys {
			row[k] = d.Values[k][i]
			r, ok := ranges[key]
			in = in && (!ok || r[0] <= ranks[k][i] && ranks[k][i] <= r[1])
		}
		if in {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return NewDraws(d.Name, d.File, d.Keys, rows)
}

// ranksOf gives the place of each value among all on the scale of probabilities; equal ones share the middle of theirs.
func ranksOf(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, c := range centred(values) {
		out[i] = (c + float64(len(values))) / float64(2*len(values))
	}
	return out
}

// centred gives twice the rank of each value less its mean over all values: whole numbers, so that what is made of
// them is the same on every architecture.
func centred(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	out := make([]float64, len(values))
	for first := 0; first < len(order); {
		last := first
		for last+1 < len(order) && values[order[last+1]] == values[order[first]] {
			last++
		}
		for _, i := range order[first : last+1] {
			out[i] = float64(first + last - (len(values) - 1))
		}
		first = last + 1
	}
	return out
}

// inOrderOfDrawing sorts rows by the first principal component of the ranks of their columns, and puts the medoid,
// the row whose ranks are together nearest to those of all others, into the middle. Ranks make both the same for a
// number and its logarithm.
func inOrderOfDrawing(rows [][]float64, order, columns []int) []int {
	ranks := make([][]float64, 0, len(columns)) // scaled to length 1; a column of one value says nothing
	values := make([]float64, len(order))
	for _, k := range columns {
		for i, r := range order {
			values[i] = rows[r][k]
		}
		c := centred(values)
		if length := math.Sqrt(dot(c, c)); length > 0 {
			for i := range c {
				c[i] /= length
			}
			ranks = append(ranks, c)
		}
	}
	first := principal(ranks)
	score, far := make([]float64, len(order)), make([]float64, len(order))
	at := make([]int, len(order))
	for i := range order {
		at[i] = i
		for k, c := range ranks {
			score[i] += float64(first[k] * c[i])
			far[i] += float64(c[i] * c[i])
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(score[a], score[b]) })
	medoid := 0
	for i := range at {
		if far[at[i]] < far[at[medoid]] {
			medoid = i
		}
	}
	m := at[medoid]
	at = slices.Insert(slices.Delete(at, medoid, medoid+1), len(order)/2, m)
	for i, x := range at {
		at[i] = order[x]
	}
	return at
}

// principal is the first principal component of columns of length 1, by powers of their correlations. It begins with
// the column that has most to do with all, and its largest part is positive.
func principal(columns [][]float64) []float64 {
	n := len(columns)
	if n == 0 {
		return nil
	}
	corr := make([][]float64, n)
	best := 0
	for i := range corr {
		corr[i] = make([]float64, n)
		for j := range corr[i] {
			corr[i][j] = dot(columns[i], columns[j])
		}
		if dot(corr[i], corr[i]) > dot(corr[best], corr[best]) {
			best = i
		}
	}
	v, next := slices.Clone(corr[best]), make([]float64, n)
	const powers = 200 // what is left of the second component is then lost among ties of rows
	for range powers {
		for i := range next {
			next[i] = dot(corr[i], v)
		}
		length := math.Sqrt(dot(next, next))
		for i := range v {
			v[i] = next[i] / length
		}
	}
	largest := 0
	for i := range v {
		if math.Abs(v[i]) > math.Abs(v[largest]) {
			largest = i
		}
	}
	if v[largest] < 0 {
		for i := range v {
			v[i] = -v[i]
		}
	}
	return v
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}
