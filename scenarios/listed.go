package scenarios

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"windfall/model/plan"
)

// This file reads what the tables of the first day have in common, which a plan names under [opening]: customers and
// what is open in sales.

// firstDay reads the tables of a plan's first day.
func (l *loader) firstDay(b *builder) {
	l.customers(b)
	l.openPipeline(b)
}

// listTable is such a file as it is read.
type listTable struct {
	b             *builder
	key, what     string // that names it; what it lists
	known, needed []string
	file          string // as messages name it
	columns       []string
	line          int
	problems      Problems
}

// listed gives the text of the file that a key of the opening names, nil where there is none or something is wrong with
// it. Other keys of the opening say the same and may not stand beside it.
func (l *loader) listed(t *listTable, n *node, file, hash string, others ...string) []byte {
	b := t.b
	key := strings.TrimPrefix(t.key, "opening.")
	switch {
	case len(b.problems) > 0:
		return nil
	case file == "" && hash != "":
		b.wrong(strings.TrimSuffix(t.key, "_file")+"_hash", "does nothing without %s", key)
	}
	if file == "" || n == nil || len(b.problems) > 0 {
		return nil
	}
	for _, name := range others {
		if other := b.root.at("opening", name); other != nil && other.file == n.file && b.root.kid("resolved") == nil {
			b.fail(other, "opening."+name, "is said by the file of %s: leave it out, or leave out %s", t.what, key)
		}
	}
	if len(b.problems) > 0 {
		return nil
	}
	if text := l.drawsTexts[hash]; text != "" {
		t.file = n.file
		return []byte(text)
	}
	_, at, read, err := l.beside(n)
	if err != nil {
		b.report(n, t.key, n.show(), err.Error(), "")
		return nil
	}
	t.file = at
	if read == nil {
		read = []byte{}
	}
	return read
}

// mostOfATable is the number of problems of a table that are shown.
const mostOfATable = 20

// report hands the problems of the file on, if there are any.
func (t *listTable) report() bool {
	if more := len(t.problems) - mostOfATable; more > 0 {
		t.problems = append(t.problems[:mostOfATable], Problem{File: t.file,
			Message: fmt.Sprintf("and %d more problems in the file", more)})
	}
	t.b.problems = append(t.b.problems, t.problems...)
	return len(t.problems) > 0
}

func (t *listTable) fail(column, value, hint, format string, args ...any) {
	p := Problem{File: t.file, Line: t.line, Key: column, Message: fmt.Sprintf(format, args...), Hint: hint}
	if value != "" {
		p.Value = strconv.Quote(clip(value))
	}
	if at := slices.Index(t.columns, column); at >= 0 {
		p.Col = at + 1
	}
	t.problems = append(t.problems, p)
}

// rowsOf gives the rows below the first line, with their lines.
func (t *listTable) rowsOf(data []byte) (rows [][]string, lines []int) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		t.fail("", "", "", "is empty; its first line is %s", strings.Join(t.known, ","))
		return nil, nil
	case !utf8.Valid(data):
		t.fail("", "", "", "is not UTF-8; save it as CSV in UTF-8")
		return nil, nil
	}
	r := csv.NewReader(bytes.NewReader(data))
	for {
		record, err := r.Read()
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			t.line = wrong.Line
			t.fail("", "", "", "is no CSV: %v; each row needs the commas of the first line", wrong.Err)
			return nil, nil
		}
		if err != nil {
			break
		}
		t.line, _ = r.FieldPos(0)
		if t.columns == nil {
			if !t.header(record) {
				return nil, nil
			}
			continue
		}
		rows, lines = append(rows, record), append(lines, t.line)
	}
	return rows, lines
}

// header reads the names of the columns.
func (t *listTable) header(record []string) bool {
	for _, s := range record {
		s = strings.ToLower(strings.TrimSpace(s))
		switch {
		case slices.Contains(t.columns, s):
			t.fail(s, "", "", "is the name of two columns")
		case !slices.Contains(t.known, s):
			t.fail(cmp.Or(s, "(no name)"), "", plan.Nearest(s, t.known), "is no column of a file of %s: %s",
				t.what, strings.Join(t.known, ", "))
		}
		t.columns = append(t.columns, s)
	}
	var others []string
	for _, s := range t.known {
		if !slices.Contains(t.needed, s) {
			others = append(others, s)
		}
	}
	last := len(others) - 1
	for _, s := range t.needed {
		if !slices.Contains(t.columns, s) {
			t.fail(s, "", "", "is a column that the file lacks; %s and %s may be left out", strings.Join(others[:last], ", "),
				others[last])
		}
	}
	return len(t.problems) == 0
}

// cell is what a row has in a column, or nothing.
func (t *listTable) cell(record []string, column string) string {
	if at := slices.Index(t.columns, column); at >= 0 {
		return strings.TrimSpace(record[at])
	}
	return ""
}

// count is how many a row lists: one, where it does not say.
func (t *listTable) count(record []string) float64 {
	s := t.cell(record, "count")
	if s == "" {
		return 1
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x >= 1 && x <= 1e9) || x != math.Trunc(x) {
		t.fail("count", s, "", "must be a whole number of %s above 0", t.what)
	}
	return x
}

// amount reads what one customer pays, or would pay, for a month.
func (t *listTable) amount(column, s, pays string) (x float64, ok bool) {
	x, err := strconv.ParseFloat(s, 64)
	if ok = err == nil && x >= 0 && x <= 1e12; !ok {
		t.fail(column, s, "", "must be what one customer %s for a month, a number with a decimal point such as 59.90", pays)
	}
	return x, ok
}

// size says whether a size class is one of the market.
func (t *listTable) size(name string) bool {
	sizes := t.b.plan.Dimension("size")
	if !slices.Contains(sizes, name) {
		t.fail("size", name, plan.Nearest(name, sizes), "is no size class of this market: %s", join(sizes))
		return false
	}
	return true
}

// product is that of a row: of the only one that is sold to its class where none is said.
func (t *listTable) product(size, name string) string {
	p := t.b.plan
	var sold []string
	for i := range p.Products {
		if x := &p.Products[i]; x.Enabled && holds(x.Sizes, size) {
			sold = append(sold, x.Name)
		}
	}
	at := slices.IndexFunc(p.Products, func(x plan.Product) bool { return x.Name == name })
	switch {
	case name == "" && len(sold) == 1:
		return sold[0]
	case name == "":
		t.fail("product", "", "", "is needed: class %s is sold %s", size, cmp.Or(join(sold), "nothing"))
	case at < 0:
		t.fail("product", name, plan.Nearest(name, p.Dimension("product")), "is no product of this plan; one "+
			"that is sold no more needs a table [products.NAME] with enabled = false")
	case !holds(p.Products[at].Sizes, size):
		t.fail("product", name, "", "is not sold to class %s; that is sold %s", size, cmp.Or(join(sold), "nothing"))
	}
	return name
}
