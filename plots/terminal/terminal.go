// Package terminal shows a page.Document as text: sentences, tables with their columns in line, and notes.
package terminal

import (
	"fmt"
	"io"
	"os"

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
}

// Print writes a text.
func (t *Text) Print(format string, args ...any) { fmt.Fprintf(t.Out, format, args...) }

// Lines writes texts, one a line.
func (t *Text) Lines(lines ...string) {
	for _, line := range lines {
		t.Print("%s\n", line)
	}
}

// Title names scenario and question.
func (t *Text) Title(name, title, question string) {
	if title != "" {
		name += ": " + title
	}
	t.Print("%s\n", t.Strong(OneLine(name)))
	if question != "" {
		t.Print("%s\n", OneLine(question))
	}
	t.Print("\n")
}

// Document writes an answer: its sentences, and the rows of its tables, all or the first of each.
// Between them stands what else there is to say.
func (t *Text) Document(d *page.Document, all bool, between func()) {
	for _, line := range d.Sentences {
		t.Lines(t.Strong(line))
	}
	for _, line := range d.Lines {
		t.Lines(t.paint(line))
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
	if s.Lead != "" {
		t.Lines(s.Lead)
	}
	t.table(&s.Table, s.Rows[:n])
	switch {
	case n == len(s.Rows):
	case s.Rest != nil:
		t.Lines(s.Rest(len(s.Rows) - n))
	default:
		t.Print("All %d rows: --all\n", len(s.Rows))
	}
	t.Lines(s.Notes...)
	t.Print("\n")
}

// Table writes a table.
func (t *Text) Table(s *page.Sheet) { t.table(&s.Table, s.Rows) }

func (t *Text) table(s *page.Table, rows [][]page.Cell) {
	w := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	var head table.Row
	var columns []table.ColumnConfig
	for i, c := range s.Columns {
		head = append(head, c.Name)
		if c.Numeric {
			columns = append(columns, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	w.AppendHeader(head)
	w.SetColumnConfigs(columns)
	w.SuppressTrailingSpaces()
	for _, cells := range rows {
		var row table.Row
		for i, c := range cells {
			if wide := s.Columns[i].Wrap; wide > 0 {
				c.Text = text.WrapSoft(c.Text, wide)
			}
			row = append(row, t.paint(c))
		}
		w.AppendRow(row)
	}
	t.Print("%s\n", w.Render())
}

// Strong makes text bold.
func (t *Text) Strong(s string) string { return t.color(s, text.Bold) }

// paint writes a cell with the sign and the colour of its tone.
func (t *Text) paint(c page.Cell) string {
	switch c.Tone {
	case page.Good:
		return t.color("✓ "+c.Text, text.FgGreen)
	case page.Bad:
		return t.color("✗ "+c.Text, text.FgRed)
	case page.Unsure:
		return t.color("? "+c.Text, text.FgYellow)
	}
	return c.Text
}

func (t *Text) color(s string, c text.Color) string {
	if !t.Colors {
		return s
	}
	return text.Colors{c}.Sprint(s)
}
