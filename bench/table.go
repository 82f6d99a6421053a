package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// row is a line of the table.
type row struct{ what, measured, asked, aim string }

// bound is what is asked of a number, or aimed at; the zero value asks nothing.
type bound struct {
	word  string
	limit float64
}

func atMost(x float64) bound  { return bound{"at most", x} }
func atLeast(x float64) bound { return bound{"at least", x} }

// says prints the bound, and whether a number misses it.
func (b bound) says(x float64) string {
	if b.word == "" {
		return ""
	}
	out := fmt.Sprintf("%s %g", b.word, b.limit)
	if holds := x <= b.limit && b.word == "at most" || x >= b.limit && b.word == "at least"; !holds { // NaN too
		out += ": missed"
	}
	return out
}

// part adds a line that begins a part of the table.
func (b *bench) part(name string) {
	b.rows = append(b.rows, row{what: name})
	fmt.Fprintln(os.Stderr, name)
}

// add adds a line of which nothing is asked.
func (b *bench) add(what, format string, a ...any) { b.put(what, fmt.Sprintf(format, a...)) }

// judge adds a line whose number is asked to keep a bound, and may be aimed at a tighter one. The format
// prints the number, and what else is given.
func (b *bench) judge(what string, x float64, asked, aim bound, format string, a ...any) {
	b.put(what, fmt.Sprintf(format, append([]any{x}, a...)...))
	r := &b.rows[len(b.rows)-1]
	r.asked, r.aim = asked.says(x), aim.says(x)
}

func (b *bench) put(what, measured string) {
	b.rows = append(b.rows, row{what: "  " + what, measured: measured})
	fmt.Fprintf(os.Stderr, "  %s: %s\n", what, measured)
}

func (b *bench) print() {
	w := table.NewWriter()
	w.AppendHeader(table.Row{"what", "measured", "asked", "aim"})
	for _, r := range b.rows {
		if b.markdown && r.measured == "" {
			r.what = "**" + r.what + "**"
		} else if b.markdown {
			r.what = strings.TrimSpace(r.what)
		}
		w.AppendRow(table.Row{r.what, r.measured, r.asked, r.aim})
	}
	if b.markdown {
		fmt.Println(w.RenderMarkdown())
		return
	}
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	w.SuppressTrailingSpaces()
	fmt.Println(w.Render())
}

// median is the middle of some numbers.
func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
