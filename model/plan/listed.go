package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// group is a row of a table of the first day: customers, or what is open in sales, that are alike.
type group[G any] interface {
	*G
	Label() string     // all that its members have in common
	class() string     // its size class
	counted() *float64 // how many there are
	record() []string  // the row of a file
}

// listed puts groups in one order, joins those that are alike, and gives them as the text of a file and its hash too.
func listed[G any, P group[G]](p *Plan, groups []G, columns []string) (kept []G, text, hash string) {
	groups = slices.Clone(groups)
	slices.SortFunc(groups, func(a, b G) int {
		return cmp.Or(p.sizeAt(P(&a).class())-p.sizeAt(P(&b).class()), cmp.Compare(P(&a).Label(), P(&b).Label()))
	})
	kept = groups[:0]
	for i := range groups {
		g := groups[i]
		if n := len(kept); n > 0 && P(&kept[n-1]).Label() == P(&g).Label() {
			*P(&kept[n-1]).counted() += *P(&g).counted()
			continue
		}
		kept = append(kept, g)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(columns) // a builder takes all
	for i := range kept {
		_ = w.Write(P(&kept[i]).record())
	}
	w.Flush()
	return kept, b.String(), fmt.Sprintf("%x", sha256.Sum256([]byte(b.String())))
}

// sizeAt is the place of a size class; negative: the market has none of that name.
func (p *Plan) sizeAt(name string) int {
	return slices.IndexFunc(p.Population.Sizes, func(z Size) bool { return z.Name == name })
}
