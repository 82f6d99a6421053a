// Package terminal shows a page.Document as text: sentences, tables with their columns in line, and notes.
package terminal

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/mattn/go-isatty"

	"windfall/plots/page"
)

// Moves says whether a stream is a terminal that can move its cursor.
func Moves(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// Text writes answers as text.
type Text struct {
	Out    io.Writer
	Colors bool // the terminal shows them
	Width  int  // in columns; 0: UnknownWidth
}

// width is that of the terminal.
func (t *Text) width() int { return cmp.Or(t.Width, UnknownWidth) }

// Print writes a text.
func (t *Text) Print(format string, args ...any) { fmt.Fprintf(t.Out, format, args...) }

// Lines writes texts, one a line.
func (t *Text) Lines(lines ...string) {
	for _, line := range lines {
		t.Print("%s\n", line)
	}
}

// Prose writes texts that are read, each on as many lines as it takes.
func (t *Text) Prose(texts ...string) {
	for _, text := range texts {
		t.Lines(Wrap(text, t.width())...)
	}
}

// prose writes a text each of whose lines is painted.
func (t *Text) prose(text string, paint func(string) string) {
	for _, line := range Wrap(text, t.width()) {
		t.Lines(paint(line))
	}
}

// Title names scenario and question.
func (t *Text) Title(name, title, question string) {
	if title != "" {
		name += ": " + title
	}
	t.prose(OneLine(name), t.Strong)
	if question != "" {
		t.Prose(OneLine(question))
	}
	t.Print("\n")
}

// Document writes an answer: its sentences, and the rows of its tables, all or the first of each.
// Between them stands what else there is to say.
func (t *Text) Document(d *page.Document, all bool, between func()) {
	for _, line := range d.Sentences {
		t.prose(line, t.Strong)
	}
	for _, line := range d.Lines {
		t.prose(signed(line), func(s string) string { return t.tint(s, line.Tone) })
	}
	t.Print("\n")
	between()
	for _, s := range d.Sheets {
		t.sheet(s, all)
	}
}

// sheet writes a table of an answer, with its lead and its notes.
func (t *Text) sheet(s *page.Sheet, all bool) {
	n := s.Printed(all)
	if n == 0 {
		return
	}
	if s = s.Labelled(); s.Lead != "" {
		t.Prose(s.Lead)
	}
	t.table(s.First(n))
	switch {
	case n == len(s.Rows):
	case s.Rest != nil:
		t.Prose(s.Rest(len(s.Rows) - n))
	default:
		t.Print("All %d rows: --all\n", len(s.Rows))
	}
	t.Prose(s.Notes...)
	t.Print("\n")
}

// Table writes a table.
func (t *Text) Table(s *page.Sheet) { t.table(s.First(len(s.Rows))) }

// Sheet writes lines, a table if it has rows, and lines below it.
func (t *Text) Sheet(above []string, s *page.Sheet, below []string) {
	t.Lines(above...)
	if len(s.Rows) > 0 {
		t.Table(s)
	}
	t.Lines(below...)
}

// table writes a table, in parts below one another if it is wider than the terminal.
func (t *Text) table(s page.Table) {
	for i, part := range fit(&s, t.width()) {
		rows := s.Rows
		if i > 0 {
			t.Print("\n")
			rows = filled(rows, part.columns[1:])
		}
		t.part(&s, part, rows)
	}
}

// filled are the rows with something in some of the columns, each below the row that it belongs to: that of a name
// that is set in.
func filled(rows [][]page.Cell, columns []int) (some [][]page.Cell) {
	isSetIn := func(row []page.Cell) bool { return strings.HasPrefix(row[0].Text, " ") }
	var head []page.Cell
	for _, row := range rows {
		if !isSetIn(row) {
			head = row
		}
		if !slices.ContainsFunc(columns, func(i int) bool { return i < len(row) && row[i].Text != "" }) {
			continue
		}
		if isSetIn(row) && head != nil {
			some = append(some, head)
		}
		some, head = append(some, row), nil
	}
	return some
}

// part writes some columns of some rows of a table.
func (t *Text) part(s *page.Table, part fitted, rows [][]page.Cell) {
	w := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	var head table.Row
	var columns []table.ColumnConfig
	for k, i := range part.columns {
		c := s.Columns[i]
		head = append(head, folded(c.Name, part.widths[k]))
		config := table.ColumnConfig{Number: k + 1, VAlignHeader: text.VAlignBottom}
		if c.Numeric {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		columns = append(columns, config)
	}
	w.AppendHeader(head)
	w.SetColumnConfigs(columns)
	w.SuppressTrailingSpaces()
	for _, cells := range rows {
		var row table.Row
		for k, i := range part.columns {
			if i >= len(cells) {
				continue
			}
			c := cells[i]
			if wide := s.Columns[i].Wrap; wide > 0 {
				c.Text = text.WrapSoft(c.Text, min(wide, part.widths[k]))
			}
			row = append(row, t.tint(folded(signed(c), part.widths[k]), c.Tone))
		}
		w.AppendRow(row)
	}
	t.Print("%s\n", w.Render())
}

// Strong makes text bold.
func (t *Text) Strong(s string) string { return t.color(s, text.Bold) }

// signed is the text of a cell with the sign of its tone.
func signed(c page.Cell) string {
	if sign := map[page.Tone]string{page.Good: "✓ ", page.Bad: "✗ ", page.Unsure: "? "}[c.Tone]; sign != "" {
		return sign + c.Text
	}
	return c.Text
}

// tint gives a text the colour of a tone.
func (t *Text) tint(s string, tone page.Tone) string {
	switch tone {
	case page.Good:
		return t.color(s, text.FgGreen)
	case page.Bad:
		return t.color(s, text.FgRed)
	case page.Unsure:
		return t.color(s, text.FgYellow)
	}
	return s
}

func (t *Text) color(s string, c text.Color) string {
	if !t.Colors {
		return s
	}
	return text.Colors{c}.Sprint(s)
}
