package scenarios

import (
	"slices"
	"strings"

	"windfall/model/plan"
)

// sources takes the keys named source out of a tree and writes what they say
// onto the values that they are about. A table may hold
//
//	source = "P1-P6"                               for all its values
//	source = {share = "P1", default = "assumption"}  by key, which may be dotted
//
// The nearest table that says something about a value wins, and within it the
// key before the default.
func (r *reader) sources(n *node, at string) {
	for _, k := range n.order {
		if k == "source" || (at == "" && k == "study") {
			continue
		}
		r.descend(n.kids[k], joinKeys(at, plan.JoinKey(k)))
	}
	s := n.kid("source")
	if s == nil {
		return
	}
	n.remove("source")
	key := joinKeys(at, "source")
	switch {
	case s.kind == text:
		fillSource(n, s.value.(string))
		if n.source == "" {
			n.source = s.value.(string)
		}
	case s.kind == table:
		var said []statement
		r.sourceTable(n, s, nil, key, &said)
		slices.SortStableFunc(said, func(a, b statement) int { return b.depth - a.depth })
		for _, x := range said {
			fillSource(x.of, x.source)
		}
		if d := s.kid("default"); d != nil && d.kind == text {
			fillSource(n, d.value.(string))
		}
	default:
		r.problem(s, key, s.show(), "must be a text such as \"P1\", or a table of them by key")
	}
}

// joinKeys joins canonical keys.
func joinKeys(a, b string) string {
	if a == "" {
		return b
	}
	return a + "." + b
}

func (r *reader) descend(n *node, at string) {
	switch n.kind {
	case table:
		r.sources(n, at)
	case array:
		for _, e := range n.elems {
			if e.kind == table {
				r.sources(e, at)
			}
		}
	}
}

// statement is one source of a table of sources.
type statement struct {
	of     *node
	source string
	depth  int // segments of the key: the longer key wins
}

// sourceTable reads a table of sources; at is the path below n.
func (r *reader) sourceTable(n, s *node, at []string, key string, out *[]statement) {
	for _, k := range s.order {
		v := s.kids[k]
		if len(at) == 0 && k == "default" {
			if v.kind != text {
				r.problem(v, key+".default", v.show(), "must be a text such as \"P1\"")
			}
			continue
		}
		segs, err := plan.SplitKey(k)
		if err != nil {
			r.problem(v, key, "", err.Error())
			continue
		}
		path := append(slices.Clone(at), segs...)
		here := joinKeys(key, plan.JoinKey(segs...))
		switch {
		case v.kind == table:
			r.sourceTable(n, v, path, here, out)
		case v.kind != text:
			r.problem(v, here, v.show(), "must be a text such as \"P1\"")
		default:
			target := n.at(path...)
			if target == nil {
				p := Problem{File: r.file, Line: v.line, Col: v.col, Key: here, Value: v.show(),
					Message: "names a key that this table does not set"}
				if parent := n.at(path[:len(path)-1]...); parent != nil {
					if near := plan.Nearest(path[len(path)-1], parent.order); near != "" {
						p.Hint = strings.TrimSuffix(here, plan.JoinKey(path[len(path)-1])) + plan.JoinKey(near)
					}
				}
				r.problems = append(r.problems, p)
				continue
			}
			*out = append(*out, statement{target, v.value.(string), len(path)})
		}
	}
}

// fillSource gives a source to every value under n that has none.
func fillSource(n *node, source string) {
	if n.isLeaf() {
		if n.source == "" {
			n.source = source
		}
	}
	for _, k := range n.kids {
		fillSource(k, source)
	}
	for _, e := range n.elems {
		if e.kind == table && n.isSchedule() {
			fillSource(e, source)
			if e.source == "" {
				e.source = source
			}
		}
	}
}
