package company

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
)

// writer writes a scenario: tables whose numbers have their sources beside them.
type writer struct {
	b      strings.Builder
	path   []string // of the open table
	srcs   []string // of the open table
	fitted *Fitted  // nil: nothing was fitted
}

// line writes one as it is.
func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// table begins one; the sources of the one before are written first.
func (w *writer) table(path ...string) {
	w.close()
	w.path = path
	w.line("\n[%s]", plan.JoinKey(path...))
}

// close writes the sources of the open table.
func (w *writer) close() {
	if len(w.srcs) > 0 {
		w.line("source = {%s}", strings.Join(w.srcs, ", "))
	}
	w.srcs = nil
}

// set writes a key with its source.
func (w *writer) set(key, value, source string) {
	if w.fitted != nil {
		var remark string
		if value, source, remark = w.fitted.settled(plan.JoinKey(append(slices.Clone(w.path), key)...), value,
			source); remark != "" {
			w.line("# %s: %s", key, remark)
		}
	}
	w.line("%s = %s", key, value)
	if source != "" {
		w.srcs = append(w.srcs, fmt.Sprintf("%s = %q", plan.JoinKey(key), source))
	}
}

// digits writes a number with at most five significant digits, and all those of a whole one.
func digits(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 5, 64), 64)
	return plan.FormatNumber(y)
}

// spread writes a number as a 90% interval of some factors of it.
func spread(x float64, r Range) string {
	return fmt.Sprintf(`"%s to %s"`, digits(x*r.Low), digits(x*r.High))
}

// list writes names.
func list(names []string) string {
	var quoted []string
	for _, n := range names {
		quoted = append(quoted, strconv.Quote(n))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// by writes a number for each class.
func by[T any](classes []T, of func(T) (name, value string)) string {
	var parts []string
	for _, c := range classes {
		name, value := of(c)
		parts = append(parts, plan.JoinKey(name)+" = "+value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
