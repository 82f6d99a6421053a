// Package docs holds the pages of the documentation that a report quotes, so that
// what it says of the model and of the evidence is what the pages say.
package docs

import (
	_ "embed" // the pages
	"regexp"
	"slices"
	"strings"
	"sync"
)

var (
	//go:embed model.md
	model string
	//go:embed facts.md
	facts string
)

// LeftOut gives what the model leaves out, a point each, and a last word on
// where the evidence is thin: section 4 of model.md.
func LeftOut() (points []string, thin string) {
	source := []byte(model)
	for _, blocks := range chapter(source, 1, "4. What it leaves out") {
		for _, p := range paragraphs(source, blocks) {
			points = append(points, p.Points...)
			thin = strings.TrimSpace(thin + " " + p.Text)
		}
	}
	return points, thin
}

// A Fact is a row of facts.md.
type Fact struct{ ID, Quantity, Value, Source string }

var factRow = regexp.MustCompile(`(?m)^\| ([A-Z]{1,2}\d+) \| (.*?) \| (.*) \| (.*) \|$`)

// rows are the rows of facts.md, in the order of the page.
var rows = sync.OnceValue(func() []Fact {
	var out []Fact
	above := ""
	for _, m := range factRow.FindAllStringSubmatch(facts, -1) {
		f := Fact{m[1], m[2], m[3], m[4]}
		// "same" refers to the row above.
		if rest, ok := strings.CutPrefix(f.Source, "same"); ok {
			f.Source = above + rest
		} else {
			above = f.Source
		}
		out = append(out, f)
	}
	return out
})

// Facts gives the rows of facts.md that some sources name, in the order of the
// page. A source names rows by their ids, alone or as a span: "B13, B3; C35-C37".
func Facts(sources []string) []Fact {
	named := map[string]bool{}
	for _, s := range sources {
		for _, id := range ids(s) {
			named[id] = true
		}
	}
	var out []Fact
	for _, f := range rows() {
		if named[f.ID] {
			out = append(out, f)
		}
	}
	return out
}

var (
	span = regexp.MustCompile(`\b([A-Z]{1,2}\d+)-([A-Z]{1,2}\d+)\b`)
	id   = regexp.MustCompile(`\b[A-Z]{1,2}\d+\b`)
)

// ids lists the rows that a source names.
func ids(source string) []string {
	out := id.FindAllString(source, -1)
	for _, s := range span.FindAllStringSubmatch(source, -1) {
		inside := false
		for _, row := range rows() {
			inside = inside || row.ID == s[1]
			if inside {
				out = append(out, row.ID)
			}
			if row.ID == s[2] {
				break
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
