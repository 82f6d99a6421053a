package terminal

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"windfall/plots/page"
)

// A table that is wider than its terminal gives way in this order: heads take several lines, then texts do, and
// then the columns that still have no room stand in a table below, beside the first column.

const (
	columnGap   = 2
	leastOfText = 14 // columns of a text that takes several lines
)

// A fitted table is one part of a table: some of its columns, each with its width.
type fitted struct {
	columns []int
	widths  []int
}

// fit parts the columns of a table so that every part fits a width.
func fit(s *page.Table, width int) []fitted {
	whole, least := widths(s)
	var parts []fitted
	for next := 0; next < len(whole); {
		part := fitted{}
		used := 0
		add := func(i int) {
			part.columns, part.widths = append(part.columns, i), append(part.widths, least[i])
			used += least[i] + columnGap
		}
		if next > 0 {
			add(0)
		}
		for first := true; next < len(whole) && (first || used+least[next]+columnGap <= width); first = false {
			add(next)
			next++
		}
		part.grow(whole, width-used)
		parts = append(parts, part)
	}
	return parts
}

// grow gives columns what room is left, from the left, up to what they would have.
func (f *fitted) grow(whole []int, room int) {
	for k, i := range f.columns {
		more := max(0, min(room, whole[i]-f.widths[k]))
		f.widths[k] += more
		room -= more
	}
}

// widths are how wide each column would be, and the least that it can do with.
func widths(s *page.Table) (whole, least []int) {
	for i, c := range s.Columns {
		head, word := text.StringWidth(c.Name), longestWord(c.Name)
		cell, least1 := 0, 0
		for _, row := range s.Rows {
			if i >= len(row) {
				continue
			}
			w := text.StringWidth(row[i].Text)
			if row[i].Tone != page.Neutral {
				w += 2 // its sign
			}
			cell = max(cell, w)
			least1 = max(least1, longestWord(row[i].Text))
		}
		if c.Wrap > 0 {
			cell = min(cell, c.Wrap)
		}
		if c.Numeric {
			least1 = cell
		} else {
			least1 = min(cell, max(leastOfText, least1))
		}
		whole, least = append(whole, max(head, cell)), append(least, max(min(head, word), least1))
	}
	return whole, least
}

// longestWord is the width of the longest word of a text; of one that is very long only so much as others have.
func longestWord(s string) (most int) {
	const longest = 26
	for _, w := range strings.Fields(s) {
		most = max(most, text.StringWidth(w))
	}
	return min(most, longest)
}

// folded breaks a text into lines of at most so many columns: at spaces, and inside what is longer.
func folded(s string, width int) string {
	if text.StringWidth(s) <= width {
		return s
	}
	indent := s[:len(s)-len(strings.TrimLeft(s, " "))]
	var out []string
	for _, line := range Wrap(s, width) {
		for text.StringWidth(line) > width {
			cut := text.Trim(line, width)
			if i := strings.LastIndexAny(cut, "._-/*=;,"); i > len(cut)/2 {
				cut = cut[:i+1]
			}
			out, line = append(out, cut), indent+line[len(cut):]
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
