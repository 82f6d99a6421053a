// Package kept fills the folder of an answer: the answer for programs, its tables, its pictures, its report and its
// one page for a board.
package kept

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"

	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/sim/store"
	"windfall/sim/table"
)

// Names of the pages in a folder.
const (
	Report = report.FileName
	Brief  = "summary.html"
)

// An Answer is what its folder holds.
type Answer struct {
	File     string // the answer for programs
	Data     any
	Tables   []*page.Sheet
	Pictures []gallery.Named
	Page     func(data []byte) (*report.Document, error)
	Brief    report.Brief // but for its data
}

// Of is the answer to a question, with everything that its document has.
func Of(d *page.Document, made report.Made) *Answer {
	a := &Answer{File: d.Question + ".json", Data: d.Data(d.Warnings), Tables: d.Sheets}
	for _, h := range d.Pictures {
		a.Pictures = append(a.Pictures, gallery.Named{Name: h.Name, Drawing: plots.Of(h.Data)})
	}
	a.Page = func(data []byte) (*report.Document, error) {
		made.Data = data
		return report.Of(d, made)
	}
	a.Brief = report.BriefOf(d, made)
	if len(a.Pictures) > 0 {
		a.Brief.Shows = a.Pictures[0].Drawing
	}
	return a
}

// How says what of an answer is kept, and how.
type How struct {
	Tables     table.Format
	NoPictures bool // and no pages, whose pictures they are
	NoReport   bool
	Workers    int
	Drawn      func(n, of int) // is told after each picture
}

// Keep fills a folder. It gives the name of the report, empty if there is none, and notes of pictures that could not be
// drawn.
func (a *Answer) Keep(dir *store.Folder, how How) (file string, notes []string, err error) {
	data, err := json.MarshalIndent(a.Data, "", "  ")
	if err != nil {
		return "", nil, err
	}
	data = append(data, '\n')
	if err := dir.WriteBytes(a.File, data); err != nil {
		return "", nil, err
	}
	if err := a.writeTables(dir, how.Tables); err != nil {
		return "", nil, err
	}
	// Pictures of an earlier answer in the same folder would show other numbers.
	if err := gallery.Clear(dir.Dir, gallery.NamesOf(a.Pictures)); err != nil || how.NoPictures {
		return "", nil, err
	}
	err = gallery.Write(a.Pictures, dir.Dir, how.Workers, func(n int) { how.Drawn(n, len(a.Pictures)) })
	if left := new(gallery.LeftOutError); errors.As(err, &left) {
		notes = left.Warnings()
	} else if err != nil {
		return "", nil, err
	}
	if how.NoReport {
		return "", notes, nil
	}
	document, err := a.Page(data)
	if err != nil {
		return "", notes, err
	}
	file = filepath.Join(dir.Dir, Report)
	if err := report.Write(file, document); err != nil {
		return "", notes, err
	}
	return file, notes, a.Brief.Write(filepath.Join(dir.Dir, Brief))
}

// writeTables keeps the tables of an answer, each as a file or all as one workbook.
func (a *Answer) writeTables(dir *store.Folder, f table.Format) error {
	if f == table.XLSX {
		return dir.Write(table.BookName, a.writeBook)
	}
	for _, s := range a.Tables {
		if err := rowsOf(s).Write(dir, store.Name(s.Name), f); err != nil {
			return err
		}
	}
	return nil
}

// writeBook writes the answer as a workbook: what it says, its tables, notes of what was asked and what it rests on,
// and what the columns hold.
func (a *Answer) writeBook(out io.Writer) error {
	book := table.NewBook()
	defer book.Close()
	book.Answer(a.lines())
	dictionary := table.Rows{Columns: table.Text.Named("sheet", "column", "name_in_files", "holds")}
	for _, s := range a.Tables {
		t, name := rowsOf(s), store.Name(s.Name)
		if len(s.Columns) > 0 && s.Columns[0].Outcomes {
			for i, row := range s.Labelled().Rows { // files have the names of outcomes
				t.Rows[i][0] = row[0].Text
			}
		}
		err := t.Fill(func(columns []table.Column) table.Writer { return book.Table(name, columns) })
		if err != nil {
			return err
		}
		for _, c := range t.Columns {
			holds := "texts"
			if c.Kind == table.Number {
				holds = "numbers; an empty cell: there is none. low and high are the ends of the 95% interval"
			}
			dictionary.Rows = append(dictionary.Rows, []any{name, c.Head, c.Name, holds})
		}
	}
	book.Notes(a.notes())
	err := dictionary.Fill(func(columns []table.Column) table.Writer { return book.Table("dictionary", columns) })
	if err != nil {
		return err
	}
	return book.Write(out)
}

// lines are what the answer says: its sentences, and the verdicts under them.
func (a *Answer) lines() []string {
	lines := slices.Clone(a.Brief.Of.Sentences)
	for _, c := range a.Brief.Of.Lines {
		lines = append(lines, c.Text)
	}
	return lines
}

// notes say what was asked, and what the answer rests on.
func (a *Answer) notes() []table.Note {
	d := a.Brief.Of
	out := []table.Note{{Name: "question", Text: a.Brief.Question}, {Name: "scenario", Text: d.Scenario},
		{Name: "command", Text: a.Brief.Made.Again}, {Name: "version", Text: a.Brief.Made.Version},
		{Name: "seed", Text: strconv.FormatUint(d.Seed, 10)}, {Name: "rests on", Text: d.Size}}
	for _, w := range d.Warnings {
		out = append(out, table.Note{Name: "warning", Text: w})
	}
	for _, s := range a.Tables {
		s, name := s.Labelled(), "sheet "+store.Name(s.Name)
		out = append(out, table.Note{Name: name, Text: s.Caption})
		for _, n := range s.Notes {
			if n != "" {
				out = append(out, table.Note{Name: name, Text: n})
			}
		}
	}
	return append(out, table.Note{Name: "sheet dictionary", Text: "The columns of the sheets."})
}

// rowsOf is a table of an answer as files have it.
func rowsOf(s *page.Sheet) table.Rows {
	columns, rows := s.Kept(store.Column)
	t := table.Rows{Rows: rows}
	for _, c := range columns {
		kind := table.Number
		if c.Text {
			kind = table.Text
		}
		t.Columns = append(t.Columns, table.Column{Name: c.Name, Kind: kind, Head: c.Head})
	}
	return t
}
