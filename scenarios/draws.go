package scenarios

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"windfall/model/plan"
)

// This file reads [draws.NAME], joint draws of uncertain inputs, and lays their columns over the tree of a scenario:
// from there on a column is a distribution of its key.

// Bounds of a table of draws.
const (
	mostDrawsBytes = 16 << 20
	mostRows       = 20_000
	mostColumns    = 500
	mostTables     = 100
)

// drawsKeys are those of a table [draws.NAME].
var drawsKeys = []string{"file", "hash", "except", "enabled"}

// column is what a key has of a table of draws, in place of a value.
type column struct {
	of *drawsTable
	at int // column of the table
}

// drawsTable is a table of draws and where its rows are written.
type drawsTable struct {
	*plan.Draws
	file  string // as messages name it
	open  bool   // the text has no line end at its end
	lines []int  // of the rows as they are written; nil: inside of a scenario, whose lines are not told
}

// row says where a row is written, given by its place in the order of drawing.
func (t *drawsTable) row(drawn int) (line, number int) {
	k := t.Given(drawn)
	if t.lines != nil {
		line = t.lines[k]
	}
	return line, k + 1
}

// withDraws is a tree over which its draws were laid, or what is wrong with them.
type withDraws struct {
	tree     *node
	problems Problems
}

// drawn lays the draws of a tree over it. What is wrong is added to the problems.
func (l *loader) drawn(tree *node) *node {
	if texts := tree.at("resolved", "draws"); texts != nil && texts.kind == table {
		for _, k := range texts.order {
			if s, ok := texts.kids[k].value.(string); ok {
				l.drawsTexts[k] = s
			}
		}
	}
	group := tree.kid("draws")
	if group == nil || group.kind != table || len(group.kids) == 0 {
		return tree
	}
	done, ok := l.laid[tree]
	if !ok {
		done = l.layDraws(tree, group)
		if l.laid[tree] = done; len(done.problems) == 0 {
			l.laid[done.tree] = &withDraws{tree: done.tree} // it has them
		}
	}
	l.problems = append(l.problems, done.problems...)
	return done.tree
}

// layDraws lays all tables of draws over a copy of a tree.
func (l *loader) layDraws(tree, group *node) *withDraws {
	s := &layer{tree: tree.copy(), of: map[string]*node{}}
	s.names = &builder{plan: &plan.Plan{}, root: tree}
	s.names.names(reflect.ValueOf(s.names.plan).Elem(), tree, "")
	b := &builder{plan: &plan.Plan{}, root: tree, main: group.file}
	if len(group.kids) > mostTables {
		b.report(group, "draws", "", fmt.Sprintf("has %d tables; at most %d are allowed", len(group.kids), mostTables), "")
		return &withDraws{tree, b.problems}
	}
	for _, name := range b.checkedNames(group, "draws") {
		n, key := group.kids[name], "draws."+plan.JoinKey(name)
		t, except := l.drawsTable(b, n, key, name)
		if t == nil {
			continue
		}
		for k, at := range t.Keys {
			if !slices.Contains(except, at) {
				s.lay(b, t, k, n)
			}
		}
		s.tree.at("draws", name).drawn = &column{of: t}
	}
	if len(b.problems) > 0 {
		return &withDraws{tree, b.problems}
	}
	return &withDraws{tree: s.tree}
}

// drawsTable reads one table [draws.NAME], and which of its columns are left out; nil where it is off or wrong.
func (l *loader) drawsTable(b *builder, n *node, key, name string) (*drawsTable, []string) {
	if n.kind != table {
		b.fail(n, key, "must be a table, as in [%s] file = \"posterior.csv\"", key)
		return nil, nil
	}
	for _, k := range n.order {
		if !slices.Contains(drawsKeys, k) {
			b.unknown(n.kids[k], key, k, drawsKeys)
		}
	}
	if e := n.kid("enabled"); e != nil && !b.flag(e, key+".enabled", plan.Param{Kind: "flag"}) {
		return nil, nil
	}
	file, hash := n.kid("file"), n.kid("hash")
	for k, x := range map[string]*node{"file": file, "hash": hash} {
		if x != nil && x.kind != text {
			b.fail(x, key+"."+k, "must be a text, not %s", x.kind)
			return nil, nil
		}
	}
	if file == nil {
		b.report(n, key+".file", "", "is missing: a CSV file whose header is full keys, with one draw a row", "")
		return nil, nil
	}
	want := ""
	if hash != nil {
		want = hash.value.(string)
	}
	t := l.readDraws(b, name, key, file, want)
	if t == nil {
		return nil, nil
	}
	if want != "" && want != t.Hash {
		b.report(hash, key+".hash", "", fmt.Sprintf("%s is another table than the one that was meant: it has %d rows and the "+
			"hash %s, so it was edited, cut short or written anew; take the old file, or write hash = %q if the new one is "+
			"meant", t.file, t.Rows(), t.Hash, t.Hash), "")
		return nil, nil
	}
	return t, b.exceptOf(n.kid("except"), key+".except", t)
}

// refuseDraws reports overrides of a table of draws: two plans of one file draw the same rows.
func (l *loader) refuseDraws() {
	for _, o := range l.written {
		if at := o.kid("draws"); at != nil {
			l.problems = append(l.problems, Problem{File: o.file, Line: at.line, Key: "draws", Message: "cannot be overridden: " +
				"name the file of draws in the scenario, and take a key out of it by a number, as in KEY=0.02"})
		}
	}
}

// exceptOf reads the list of columns that are left out.
func (b *builder) exceptOf(n *node, key string, t *drawsTable) (out []string) {
	if n == nil {
		return nil
	}
	if n.kind != array {
		b.fail(n, key, "must be a list of columns, as in [%q]", t.Keys[0])
		return nil
	}
	for _, e := range n.elems {
		s, _ := e.value.(string)
		if segs, err := plan.SplitKey(s); err == nil {
			s = plan.JoinKey(segs...)
		}
		if t.Column(s) < 0 {
			b.report(e, key, e.show(), "is no column of "+t.file, plan.Nearest(s, t.Keys))
		}
		out = append(out, s)
	}
	return out
}

// readDraws reads the table that a file holds, or the scenario itself where windfall has put it there.
func (l *loader) readDraws(b *builder, name, key string, file *node, hash string) *drawsTable {
	as := file.value.(string)
	fail := func(format string, args ...any) *drawsTable {
		b.report(file, key+".file", file.show(), fmt.Sprintf(format, args...), "")
		return nil
	}
	if s, ok := l.drawsTexts[hash]; ok {
		t := l.parsed(b, name, as, hash, file.file, []byte(s))
		if t != nil {
			t.lines = nil
		}
		return t
	}
	writer := l.files[file.file]
	switch {
	case writer == nil:
		return fail("is set by %s; name the file in the scenario", file.file)
	case writer.builtin:
		return fail("a shipped scenario has no files of draws")
	case filepath.Ext(as) != ".csv":
		return fail("must be a file that ends in .csv")
	}
	at := as
	if !filepath.IsAbs(at) {
		at = filepath.Join(writer.dir, at)
	}
	id, err := filepath.EvalSymlinks(at)
	if err == nil {
		id, err = filepath.Abs(id)
	}
	if err == nil && filepath.Ext(id) != ".csv" {
		err = errors.New("is a link to a file that does not end in .csv")
	}
	var data []byte
	if err == nil {
		data, err = readFile(id, mostDrawsBytes)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail("there is no file %s", at)
	case err != nil:
		return fail("%s: %s", at, reason(err))
	}
	l.currencies[at] = l.currencyIn(file.file)
	l.drawsFiles[at] = id
	return l.parsed(b, name, as, id, at, data)
}

// parsed makes a table of its text, once for each place that it is read from.
func (l *loader) parsed(b *builder, name, as, id, display string, data []byte) *drawsTable {
	key := strings.Join([]string{name, as, id, display}, "\x00")
	t, ok := l.drawsRead[key]
	if !ok {
		var problems Problems
		if t, problems = parseDraws(name, as, display, data); len(problems) > 0 {
			b.problems = append(b.problems, problems...)
			return nil
		}
		l.drawsRead[key] = t
	}
	return t
}

// parseDraws reads a table of draws: a header of full keys, and a draw a row.
func parseDraws(name, as, display string, data []byte) (*drawsTable, Problems) {
	var problems Problems
	fail := func(line, col int, key, value, format string, args ...any) {
		problems = append(problems, Problem{File: display, Line: line, Col: col, Key: key, Value: value,
			Message: fmt.Sprintf(format, args...)})
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > mostDrawsBytes:
		fail(0, 0, "", "", "has more than %d MB; a thousand draws are enough for most questions", mostDrawsBytes>>20)
	case len(bytes.TrimSpace(data)) == 0:
		fail(0, 0, "", "", "is empty; its first line is a header of full keys, such as channels.paid-search.response")
	case !utf8.Valid(data):
		fail(0, 0, "", "", "is not UTF-8; save it as CSV in UTF-8")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	t := &drawsTable{file: display, open: data[len(data)-1] != '\n'}
	var keys []string
	var rows [][]float64
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			fail(wrong.Line, 0, "", "", "is no CSV: %v; write the file again", wrong.Err)
			return nil, problems
		}
		line, _ := r.FieldPos(0)
		if keys == nil {
			if keys = headerOf(record, line, fail); len(problems) > 0 {
				return nil, problems
			}
			continue
		}
		if len(rows) == mostRows {
			fail(line, 0, "", "", "has more than %d rows; take every tenth", mostRows)
			return nil, problems
		}
		t.lines = append(t.lines, line)
		rows = append(rows, rowOf(record, keys, len(rows)+1, line, fail))
		if len(problems) >= mostListed {
			return nil, problems
		}
	}
	if len(rows) == 0 {
		fail(0, 0, "", "", "has a header and no rows; each row is one draw")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	t.Draws = plan.NewDraws(name, as, keys, rows)
	return t, nil
}

// aFault says what is wrong at a place of a table.
type aFault func(line, col int, key, value, format string, args ...any)

// headerOf reads the keys of a table, in canonical form.
func headerOf(record []string, line int, fail aFault) (keys []string) {
	if len(record) == 1 && strings.ContainsAny(record[0], ";\t") {
		fail(line, 0, "", "", "is separated by semicolons or tabs; save it with commas between columns and points in numbers")
		return nil
	}
	if len(record) > mostColumns {
		fail(line, 0, "", "", "has %d columns; at most %d are allowed", len(record), mostColumns)
		return nil
	}
	for i, s := range record {
		segs, err := plan.SplitKey(strings.TrimSpace(s))
		switch key := plan.JoinKey(segs...); {
		case strings.TrimSpace(s) == "":
			fail(line, i+1, "", "", "column %d has no name; its header is a full key, such as channels.paid-search.response; "+
				"leave out a column of row numbers", i+1)
		case err != nil:
			fail(line, i+1, s, "", "%v", err)
		case slices.Contains(segs, "*"):
			fail(line, i+1, key, "", "has a star; give each key a column of its own")
		case slices.Contains(keys, key):
			fail(line, i+1, key, "", "is the header of two columns")
		default:
			keys = append(keys, key)
		}
	}
	return keys
}

// rowOf reads the numbers of a row, which is given by its number and line.
func rowOf(record, keys []string, number, line int, fail aFault) []float64 {
	out := make([]float64, len(keys))
	if len(record) != len(keys) {
		fail(line, 0, "", "", "row %d has %d of %d values: the file was cut short or edited; write it again", number,
			len(record), len(keys))
		return out
	}
	for i, s := range record {
		s = strings.TrimSpace(s)
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			fail(line, i+1, keys[i], strconv.Quote(clip(s)), "row %d: must be a finite number with a decimal point, such as "+
				"0.025; correct the row or leave it out", number)
		}
		out[i] = x
	}
	return out
}

// layer lays columns over a tree.
type layer struct {
	tree  *node
	names *builder         // of a plan that has the names of the tree and no values
	of    map[string]*node // where columns of tables were laid, by key
}

// lay puts a column of a table [draws.NAME] into the place of its key.
func (s *layer) lay(b *builder, t *drawsTable, at int, of *node) {
	key := t.Keys[at]
	n := &node{kind: table, kids: map[string]*node{"dist": {kind: text, value: "rows", file: t.file}}, order: []string{"dist"},
		file: t.file, line: 1, source: cmp.Or(of.source, t.Factor()), drawn: &column{t, at}}
	if t.lines == nil {
		n.line = of.line
	}
	fields, err := s.names.plan.Fields(key)
	var unknown *plan.UnknownKeyError
	switch {
	case errors.As(err, &unknown):
		b.report(n, key, "", "unknown key in the header", unknown.Nearest)
		return
	case err != nil:
		b.report(n, key, "", err.Error(), "")
		return
	case fields[0].Param.Writes != "":
		b.report(n, key, "", "is turned into "+fields[0].Param.Writes+" when a file is read; give a column to that", "")
		return
	case !fields[0].Param.Draw:
		b.report(n, key, "", "takes no draws: it is the same in all replications; leave the column out", "")
		return
	}
	for other := range s.of {
		if other == key || strings.HasPrefix(other, key+".") || strings.HasPrefix(key, other+".") {
			b.report(n, key, "", fmt.Sprintf("is drawn twice: also by column %s of %s", other, s.of[other].file), "")
			return
		}
	}
	segs, _ := plan.SplitKey(key)
	if own := s.ownDraw(segs); own != nil {
		b.report(own, key, own.show(), fmt.Sprintf("is drawn or dated here and a column of %s; write one number here, or "+
			"except = [%q] under [%s]", t.file, key, t.Factor()), "")
		return
	}
	s.of[key] = n
	s.put(segs, n)
}

// ownDraw gives the value of a key, of a table that it is an entry of, or of an entry of it, that is more than one
// number: uncertain, dated, or a table.
func (s *layer) ownDraw(segs []string) *node {
	n := s.tree
	for _, k := range segs {
		if n == nil || n.isLeaf() {
			break
		}
		n = n.kid(k)
	}
	if n == nil || n.kind != table && !n.isSchedule() && (n.kind != text || !strings.Contains(n.value.(string), " to ")) {
		return nil
	}
	return n
}

// put sets a key of the tree. A value by class or month for all stays under the entry.
func (s *layer) put(segs []string, n *node) {
	at := s.tree
	last := len(segs) - 1
	for _, k := range segs[:last] {
		kid := at.kid(k)
		switch {
		case kid == nil:
			kid = newTable(n.file)
			at.set(k, kid)
		case kid.isLeaf():
			under := newTable(kid.file)
			under.line, under.col, under.source, under.plain = kid.line, kid.col, kid.source, kid
			kid = under
			at.set(k, kid)
		}
		at = kid
	}
	if gone := replaces(strings.Join(segs[:last], "."), segs[last]); gone != "" && s.of[plan.JoinKey(append(
		slices.Clone(segs[:last]), gone)...)] == nil {
		at.remove(gone)
	}
	at.set(segs[last], n)
}

// column reads a column of draws: every row must be a value that the key allows.
func (b *builder) column(n *node, key string, p plan.Param) (float64, int) {
	t := n.drawn.of
	values := t.Values[n.drawn.at]
	first, bad := -1, 0
	for i, x := range values {
		if problem(x, p) != "" {
			if bad++; first < 0 || t.Given(i) < t.Given(first) {
				first = i
			}
		}
	}
	if bad > 0 {
		line, number := t.row(first)
		more := ""
		if bad > 1 {
			more = fmt.Sprintf(" (as are %d more rows)", bad-1)
		}
		b.problems = append(b.problems, Problem{File: t.file, Line: line, Key: key, Value: plan.FormatNumber(values[first]),
			Message: fmt.Sprintf("row %d%s: %s; correct the rows or leave them out, or write except = [%q] under [%s]", number,
				more, problem(values[first], p), key, t.Factor())})
		return math.NaN(), -1
	}
	in := t.Input(n.drawn.at)
	b.dists[key] = n
	b.plan.Inputs = append(b.plan.Inputs, in)
	return in.Dist.Quantile(0.5), len(b.plan.Inputs) - 1
}

// draws lists the tables of which the plan has a column.
func (b *builder) draws() {
	group := b.root.kid("draws")
	if group == nil || group.kind != table {
		return
	}
	for _, name := range group.order {
		if n := group.kids[name]; n.drawn != nil && slices.ContainsFunc(b.plan.Inputs, func(in plan.Input) bool {
			return in.Draws == name
		}) {
			b.plan.Draws = append(b.plan.Draws, n.drawn.of.Draws)
			if t := n.drawn.of; t.open {
				b.warn(n.kid("file"), t.Factor()+".file", "has no line end after its last row, number %d; if it was cut short, write "+
					"it again", t.Rows())
			}
		}
	}
	slices.SortFunc(b.plan.Draws, func(x, y *plan.Draws) int { return cmp.Compare(x.Name, y.Name) })
}

// drawsLaid gives a table of the plan by its name.
func (b *builder) drawsLaid(name string) *drawsTable { return b.root.at("draws", name).drawn.of }

// rowsOf is a plan of a tree, as far as the check of its rows goes: the columns that it draws.
type rowsOf struct {
	tree    *node
	columns string
}

// checkRowsOnce is checkRows where no plan of the tree with the same columns was found to be right.
func (l *loader) checkRowsOnce(b *builder, tree *node) {
	of := rowsOf{tree: tree}
	for _, in := range b.plan.Inputs {
		if in.Draws != "" {
			of.columns += in.Key + "\n"
		}
	}
	if len(b.problems) == 0 && !l.rowsRight[of] {
		b.checkRows()
		l.rowsRight[of] = len(b.problems) == 0
	}
}

// checkRows holds every row of draws against what the keys mean together, as check does with the medoids.
func (b *builder) checkRows() {
	for _, d := range b.plan.Draws {
		t := b.drawsLaid(d.Name)
		if t.lines == nil { // written by windfall, which had checked it
			continue
		}
		for i := range d.Rows() {
			wrong := b.checkRow(d, i)
			if len(wrong) == 0 {
				continue
			}
			p := wrong[0]
			line, number := t.row(i)
			b.problems = append(b.problems, Problem{File: t.file, Line: line, Key: p.Key,
				Message: fmt.Sprintf("row %d of %s: %s; correct the row or leave it out", number, d.Factor(), p.Message)})
			if len(b.problems) >= mostListed {
				return
			}
		}
	}
}

// checkRow holds one row of draws against what the keys mean together.
func (b *builder) checkRow(d *plan.Draws, row int) Problems {
	c := *b
	c.plan, c.problems, c.warnings, c.oneRow = b.plan.Clone(), nil, nil, true
	c.plan.Inputs = slices.Clone(b.plan.Inputs)
	for i := range c.plan.Inputs {
		in := &c.plan.Inputs[i]
		if in.Draws != d.Name {
			continue
		}
		in.Dist.Values = in.Dist.Values[row : row+1]
		refs, _, _ := c.plan.Numbers(in.Key) // it was there when the column was laid
		for _, x := range refs {
			*x = in.Dist.Values[0]
		}
	}
	c.check()
	return c.problems
}

// checkSameDraws reports a table that the opening plan has from another file.
func (b *builder) checkSameDraws() {
	for _, d := range b.plan.Draws {
		for _, o := range b.plan.OpeningPlan.Draws {
			if d.Name == o.Name && d.Hash != o.Hash {
				b.wrong("draws."+plan.JoinKey(d.Name)+".file", "the opening plan %s has another table under this name, and a row "+
					"of both would be drawn together; give one of them another name", b.plan.OpeningPlan.Name)
			}
		}
	}
}
