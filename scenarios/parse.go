package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/pelletier/go-toml/v2/unstable"

	"windfall/model/plan"
)

const (
	maxBytes    = 4 << 20                     // of a scenario file
	maxResolved = maxBytes + mostDrawsBytes*2 // of one that has its tables of draws in itself
	maxDepth    = 32                          // of tables, lists and dotted keys
)

// parse reads one file into a tree. The decoder gives the values; a second
// scanner gives the places of keys, which the decoder does not tell.
func parse(file string, data []byte) (*node, Problems) {
	fail := func(line int, format string, args ...any) (*node, Problems) {
		return nil, Problems{{File: file, Line: line, Message: fmt.Sprintf(format, args...)}}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > maxResolved || len(data) > maxBytes && !bytes.Contains(data, []byte(drawsTexts)):
		return fail(0, "the file has %d bytes; a scenario has at most 4 MB", len(data))
	case len(bytes.TrimSpace(data)) == 0:
		return fail(0, "the file is empty; `windfall new` writes one to start from")
	case !utf8.Valid(data):
		line, at := 1, data
		for len(at) > 0 {
			r, n := utf8.DecodeRune(at)
			if r == utf8.RuneError && n == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			at = at[n:]
		}
		return fail(line, "the text is not UTF-8; save the file as UTF-8")
	}
	if m := loneReturn.FindIndex(data); m != nil {
		return fail(1+bytes.Count(data[:m[0]], []byte("\n")), "a line ends in a carriage return alone; save the file with "+
			"line ends LF or CRLF")
	}
	line, values := skim(data)
	if line > 0 {
		return fail(line, "tables, lists or dotted keys are nested more than %d deep", maxDepth)
	}
	if values > mostValues {
		return fail(0, "has %d keys and values; at most %d are allowed", values, mostValues)
	}
	var raw map[string]any
	if _, err := toml.Decode(string(data), &raw); err != nil {
		var pe toml.ParseError
		if errors.As(err, &pe) {
			line := pe.Position.Line
			// the decoder counts the line end itself too
			if at := pe.Position.Start; at >= 0 && at < len(data) && data[at] == '\n' {
				line = 1 + bytes.Count(data[:at], []byte("\n"))
			}
			if p, ok := misread(data, line, pe.Position.Start); ok {
				p.File = file
				return nil, Problems{p}
			}
			if m := definedTwice.FindStringSubmatch(pe.Message); m != nil {
				return nil, Problems{{File: file, Line: line, Key: m[1], Message: "is set twice" + firstSet(data, m[1], line)}}
			}
			return nil, Problems{{File: file, Line: line, Message: "not valid TOML: " + syntaxMessage(pe)}}
		}
		return fail(0, "not valid TOML: %v", err)
	}
	r := reader{file: file, places: findPlaces(data)}
	root := r.table(raw, "", place{line: 1, col: 1})
	if len(root.kids) == 0 {
		return fail(0, "the file sets nothing; `windfall new` writes one to start from")
	}
	r.sources(root, "")
	r.moves(root)
	return root, r.problems
}

var (
	loneReturn   = regexp.MustCompile(`\r(?:[^\n]|$)`)
	definedTwice = regexp.MustCompile(`^Key '(.*)' has already been defined\.`)
	unseen       = regexp.MustCompile(`got '\\u[0-9a-f]{4}'`)
)

// firstSet says where a key was set before a line, if that is known.
func firstSet(data []byte, key string, line int) string {
	segs, err := plan.SplitKey(key)
	if err != nil {
		return ""
	}
	first, ok := findPlaces(data)[joinPath(segs)]
	if !ok || first.line >= line {
		return ""
	}
	return fmt.Sprintf(", here and in line %d; put both together", first.line)
}

func syntaxMessage(pe toml.ParseError) string {
	switch wanted, isKey := strings.CutPrefix(pe.Message, "expected '.' or '=', but got "); {
	case unseen.MatchString(pe.Message):
		return pe.Message + "; delete this character, which looks like a space or like nothing"
	case isKey && (strings.HasPrefix(wanted, "';'") || strings.HasPrefix(wanted, "'/'")):
		return pe.Message + "; comments begin with #"
	case isKey && strings.HasPrefix(wanted, "':'"):
		return pe.Message + "; write KEY = VALUE"
	}
	if pe.LastKey != "" && !strings.Contains(pe.Message, pe.LastKey) {
		return pe.Message + " (after key " + pe.LastKey + ")"
	}
	return pe.Message
}

// skim gives the line at which brackets or dotted keys nest deeper than maxDepth, or 0,
// and about the number of keys and list entries. The decoder's time grows with the
// square of the depth, and many values take seconds.
func skim(data []byte) (deep, values int) {
	line, depth, dots := 1, 0, 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '\n':
			line++
			dots = 0
		case '[', '{':
			depth++
			dots = 0
		case ']', '}':
			depth = max(0, depth-1)
			dots = 0
		case '=', ',':
			dots = 0
			values++
		case '.':
			dots++
		case '#':
			for i+1 < len(data) && data[i+1] != '\n' {
				i++
			}
		case '"', '\'':
			n := skipString(data[i:])
			line += bytes.Count(data[i:i+n], []byte("\n"))
			i += n - 1
		}
		if depth > maxDepth || dots > maxDepth {
			return line, values
		}
	}
	return 0, values
}

// skipString gives the length of the string that data starts with.
func skipString(data []byte) int {
	q := data[0]
	if len(data) >= 3 && data[1] == q && data[2] == q {
		for i := 3; i < len(data); i++ {
			if data[i] == '\\' && q == '"' {
				i++
			} else if bytes.HasPrefix(data[i:], []byte{q, q, q}) {
				return i + 3
			}
		}
		return len(data)
	}
	for i := 1; i < len(data); i++ {
		switch {
		case data[i] == '\\' && q == '"':
			i++
		case data[i] == q:
			return i + 1
		case data[i] == '\n':
			return i
		}
	}
	return len(data)
}

// place is where a key stands and how its value is written.
type place struct {
	line, col, offset int
	text              string
}

// Lines gives the line of a key of a TOML text by its path; 0 if it has none.
func Lines(text []byte) func(path ...string) int {
	places := findPlaces(text)
	return func(path ...string) int { return places[joinPath(path)].line }
}

// findPlaces maps every key, its segments joined by NUL and list elements by
// their number, to its place.
func findPlaces(data []byte) map[string]place {
	f := finder{places: map[string]place{}, counts: map[string]int{}, lines: []int{0}}
	for i, c := range data {
		if c == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	f.parser.Reset(data)
	var at []string
	for f.parser.NextExpression() {
		switch e := f.parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			at = f.key(nil, e.Key())
			if e.Kind == unstable.ArrayTable {
				path := joinPath(at)
				n := f.counts[path]
				f.counts[path]++
				at = append(at, strconv.Itoa(n))
				f.places[joinPath(at)] = f.last
			}
		case unstable.KeyValue:
			f.keyValue(at, e)
		}
	}
	return f.places
}

type finder struct {
	parser unstable.Parser
	places map[string]place
	counts map[string]int
	lines  []int // offsets of line starts
	last   place
}

func joinPath(segs []string) string { return strings.Join(segs, "\x00") }

// key records the segments of a key under at and returns the whole path. A
// segment that is a list of tables stands for its latest element.
func (f *finder) key(at []string, it unstable.Iterator) []string {
	at = slices.Clone(at)
	for it.Next() {
		if n := f.counts[joinPath(at)]; n > 0 && len(at) > 0 {
			at = append(at, strconv.Itoa(n-1))
		}
		k := it.Node()
		at = append(at, string(k.Data))
		off := int(k.Raw.Offset)
		line := sort.SearchInts(f.lines, off+1)
		f.last = place{line: line, col: off - f.lines[line-1] + 1, offset: off}
		if _, ok := f.places[joinPath(at)]; !ok {
			f.places[joinPath(at)] = f.last
		}
	}
	return at
}

func (f *finder) keyValue(at []string, e *unstable.Node) {
	path := f.key(at, e.Key())
	f.value(path, e.Value())
}

func (f *finder) value(path []string, v *unstable.Node) {
	p := joinPath(path)
	here := f.places[p]
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			f.keyValue(path, it.Node())
		}
	case unstable.Array:
		n := 0
		for it := v.Children(); it.Next(); n++ {
			e := append(slices.Clone(path), strconv.Itoa(n))
			f.places[joinPath(e)] = place{line: here.line, col: here.col, offset: here.offset}
			f.value(e, it.Node())
			// An element that is a table stands where its first key stands.
			if it.Node().Kind == unstable.InlineTable {
				if c := it.Node().Child(); c != nil {
					if k := c.Key(); k.Next() {
						first := f.places[joinPath(append(slices.Clone(e), string(k.Node().Data)))]
						first.text = ""
						f.places[joinPath(e)] = first
					}
				}
			}
		}
	case unstable.Integer, unstable.Float, unstable.Bool, unstable.DateTime, unstable.LocalDateTime, unstable.LocalTime:
		here.text = string(v.Data)
		f.places[p] = here
	}
}

// reader turns decoded values into nodes with places.
type reader struct {
	file     string
	places   map[string]place
	problems Problems
}

func (r *reader) problem(n *node, key, value, message string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: n.line, Col: n.col, Key: key, Value: value,
		Message: message})
}

func (r *reader) node(v any, path string, near place) *node {
	p, ok := r.places[path]
	if !ok {
		p = near
	}
	var n *node
	switch x := v.(type) {
	case map[string]any:
		return r.table(x, path, p)
	case []any:
		n = &node{kind: array}
		for i, e := range x {
			n.elems = append(n.elems, r.node(e, path+"\x00"+strconv.Itoa(i), p))
		}
	case []map[string]any:
		n = &node{kind: array}
		for i, e := range x {
			n.elems = append(n.elems, r.table(e, path+"\x00"+strconv.Itoa(i), p))
		}
	default:
		n = newScalar(v)
		if p.text != "" {
			n.text = p.text
		}
	}
	n.file, n.line, n.col = r.file, p.line, p.col
	return n
}

func (r *reader) table(m map[string]any, path string, near place) *node {
	n := newTable(r.file)
	p, ok := r.places[path]
	if !ok {
		p = near
	}
	n.line, n.col = p.line, p.col
	prefix := path
	if prefix != "" {
		prefix += "\x00"
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := r.places[prefix+keys[i]].offset, r.places[prefix+keys[j]].offset
		return a < b || (a == b && keys[i] < keys[j])
	})
	lower := map[string]string{}
	for _, k := range keys {
		v := r.node(m[k], prefix+k, p)
		if twin, ok := lower[strings.ToLower(k)]; ok {
			r.problem(v, keyOf(prefix+k), "", fmt.Sprintf("differs from %s in line %d only in case", twin, n.kids[twin].line))
			continue
		}
		lower[strings.ToLower(k)] = k
		n.set(k, v)
	}
	return n
}

// keyOf writes a path as a key.
func keyOf(path string) string { return plan.JoinKey(strings.Split(path, "\x00")...) }

// moves rewrites the tables set and multiply of dated changes and shocks so
// that a key written in quotes ("channels.radio.response") and the same key
// written with dots are one.
func (r *reader) moves(root *node) {
	for _, group := range []string{"changes", "shocks"} {
		g := root.kid(group)
		if g == nil || g.kind != table {
			continue
		}
		for _, name := range g.order {
			for _, verb := range []string{"set", "multiply"} {
				if m := g.at(name, verb); m != nil && m.kind == table {
					r.undot(m, plan.JoinKey(group, name, verb))
				}
			}
		}
	}
}

// undot splits the dotted keys of a table into tables.
func (r *reader) undot(n *node, at string) {
	old := n.kids
	keys := n.order
	n.kids, n.order = map[string]*node{}, nil
	for _, k := range keys {
		v := old[k]
		segs := []string{k}
		if strings.Contains(k, ".") {
			var err error
			if segs, err = plan.SplitKey(k); err != nil {
				r.problem(v, at, "", err.Error())
				continue
			}
		}
		r.put(n, segs, v, at)
	}
}

// put lays a value under a path of new tables.
func (r *reader) put(n *node, segs []string, v *node, at string) {
	key := segs[0]
	here := at + "." + plan.JoinKey(key)
	old := n.kid(key)
	if len(segs) > 1 {
		if old == nil {
			old = newTable(r.file)
			old.line, old.col = v.line, v.col
			n.set(key, old)
		}
		if old.isLeaf() {
			r.problem(v, here, "", fmt.Sprintf("is set in line %d already", old.line))
			return
		}
		r.put(old, segs[1:], v, here)
		return
	}
	if v.isLeaf() {
		if old != nil {
			r.problem(v, here, "", fmt.Sprintf("is set in line %d already", old.line))
			return
		}
		n.set(key, v)
		return
	}
	if old == nil {
		old = newTable(r.file)
		old.line, old.col = v.line, v.col
		n.set(key, old)
	} else if old.isLeaf() {
		r.problem(v, here, "", fmt.Sprintf("is set in line %d already", old.line))
		return
	}
	for _, k := range v.order {
		segs := []string{k}
		if strings.Contains(k, ".") {
			var err error
			if segs, err = plan.SplitKey(k); err != nil {
				r.problem(v.kids[k], here, "", err.Error())
				continue
			}
		}
		r.put(old, segs, v.kids[k], here)
	}
}
