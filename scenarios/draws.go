package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

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
		b.report(hash, key+".hash", "", fmt.Sprintf("%s is another table than the one that was meant: it has %d rows "+
			"and the hash %s, so it was edited, cut short or written anew; take the old file, or write hash = %q if the new "+
			"one is meant", t.file, t.Rows(), t.Hash, t.Hash), "")
		return nil, nil
	}
	return t, b.exceptOf(n.kid("except"), key+".except", t)
}

// refuseDraws reports overrides of a table of draws: two plans of one file draw the same rows.
func (l *loader) refuseDraws() {
	for _, o := range l.written {
		if at := o.kid("draws"); at != nil {
			l.problems = append(l.problems, Problem{File: o.file, Line: at.line, Key: "draws",
				Message: "cannot be overridden: name the file of draws in the scenario, and take a key out of it by a number, as " +
					"in KEY=0.02"})
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
	id, at, data, err := l.beside(file)
	if err != nil {
		return fail("%s", err)
	}
	return l.parsed(b, name, as, id, at, data)
}

// beside reads a CSV file that a scenario names, from the folder of that scenario.
func (l *loader) beside(file *node) (id, at string, data []byte, err error) {
	as, writer := file.value.(string), l.files[file.file]
	switch {
	case writer == nil:
		return "", "", nil, fmt.Errorf("is set by %s; name the file in the scenario", file.file)
	case writer.builtin:
		return "", "", nil, errors.New("a shipped scenario has no files beside it")
	case filepath.Ext(as) != ".csv":
		return "", "", nil, errors.New("must be a file that ends in .csv")
	}
	if at = as; !filepath.IsAbs(at) {
		at = filepath.Join(writer.dir, at)
	}
	id, err = filepath.EvalSymlinks(at)
	if err == nil {
		id, err = filepath.Abs(id)
	}
	if err == nil && filepath.Ext(id) != ".csv" {
		err = errors.New("is a link to a file that does not end in .csv")
	}
	if err == nil {
		data, err = readFile(id, mostDrawsBytes)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", nil, fmt.Errorf("there is no file %s; put it there, or make it anew as it was made "+
			"(windfall company fit writes posterior.csv)", at)
	case err != nil:
		return "", "", nil, fmt.Errorf("%s: %s", at, reason(err))
	}
	l.currencies[at] = l.currencyIn(file.file)
	l.drawsFiles[at] = id
	return id, at, data, nil
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
	n := &node{kind: table, kids: map[string]*node{"dist": {kind: text, value: "rows", file: t.file}},
		order: []string{"dist"}, file: t.file, line: 1, source: cmp.Or(of.source, t.Factor()), drawn: &column{t, at}}
	if t.lines == nil {
		n.line = of.line
	}
	fields, err := s.names.plan.Fields(key)
	var unknown *plan.UnknownKeyError
	switch {
	case errors.As(err, &unknown):
		text := "unknown key in the header"
		if unknown.Nearest == "" {
			text += ": is the table of another plan? take that of this one, or leave the column out"
		}
		b.report(n, key, "", text, unknown.Nearest)
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
				b.warn(n.kid("file"), t.Factor()+".file", "has no line end after its last row, number %d; if it was cut short, "+
					"write it again", t.Rows())
			}
		}
	}
	slices.SortFunc(b.plan.Draws, func(x, y *plan.Draws) int { return cmp.Compare(x.Name, y.Name) })
}

// drawsLaid gives a table of the plan by its name.
func (b *builder) drawsLaid(name string) *drawsTable { return b.root.at("draws", name).drawn.of }

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
