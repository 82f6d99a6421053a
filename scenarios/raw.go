package scenarios

// Raw is a value of a scenario file that the loader does not interpret, with
// its place: a table, a list, or a single value.
type Raw struct {
	Keys   []string        // of a table, in order
	Tables map[string]*Raw // of a table
	List   []*Raw
	Value  any // int64, float64, string, bool or plan.Date; nil for tables and lists
	File   string
	Line   int
}

// rawOf copies a tree.
func rawOf(n *node) *Raw {
	if n == nil {
		return nil
	}
	r := &Raw{File: n.file, Line: n.line}
	switch n.kind {
	case table:
		r.Tables = map[string]*Raw{}
		for _, k := range n.order {
			r.Keys = append(r.Keys, k)
			r.Tables[k] = rawOf(n.kids[k])
		}
	case array:
		for _, e := range n.elems {
			r.List = append(r.List, rawOf(e))
		}
	default:
		r.Value = n.value
	}
	return r
}

// At follows keys down the tables; nil where there is none.
func (r *Raw) At(keys ...string) *Raw {
	for _, k := range keys {
		if r == nil {
			return nil
		}
		r = r.Tables[k]
	}
	return r
}

// Problem makes a problem at the value's place.
func (r *Raw) Problem(key, message string) Problem {
	return Problem{File: r.File, Line: r.Line, Key: key, Message: message}
}
