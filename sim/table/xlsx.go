package table

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"math"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"windfall/model/plan"
)

// MostRows is how many rows a sheet of a workbook holds under its head.
const MostRows = excelize.TotalRows - 1

// TooLongError is a table that has more rows than a sheet holds.
type TooLongError struct{ Table string }

// Error implements error.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("the table %s has more rows than a sheet holds (%d): take --format parquet or csv", e.Table,
		MostRows)
}

// A Book is a workbook: the lines of an answer, a sheet for each table, notes, and a dictionary of the columns. Sheets
// are written one after the other. Equal content gives equal bytes.
type Book struct {
	file        *excelize.File
	head, dated int // styles
	names       map[string]bool
	err         error
}

// A Note is a line of the sheet of notes.
type Note struct{ Name, Text string }

// NewBook begins a workbook.
func NewBook() *Book {
	b := &Book{file: excelize.NewFile(), names: map[string]bool{}}
	b.file.SetZipWriter(func(out io.Writer) excelize.ZipWriter {
		return &sortedZip{out: out, parts: map[string]*zipPart{}}
	})
	iso := "yyyy-mm-dd"
	var errs [3]error
	b.head, errs[0] = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	b.dated, errs[1] = b.file.NewStyle(&excelize.Style{CustomNumFmt: &iso})
	errs[2] = b.file.SetDocProps(&excelize.DocProperties{Creator: "windfall", LastModifiedBy: "windfall",
		Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}) // a time would make each run another file
	b.err = errors.Join(errs[:]...)
	return b
}

// Answer writes the sheet of what an answer says, line by line.
func (b *Book) Answer(lines []string) {
	s := b.Table("answer", append(Whole.Named("line"), Text.Named("text")...))
	for i, line := range lines {
		s.Whole(i + 1)
		s.Text(line)
		b.keep(s.EndRow())
	}
	b.keep(s.Close())
}

// Notes writes the sheet of what the tables rest on.
func (b *Book) Notes(notes []Note) {
	s := b.Table("notes", Text.Named("note", "text"))
	for _, n := range notes {
		s.Text(n.Name)
		s.Text(n.Text)
		b.keep(s.EndRow())
	}
	b.keep(s.Close())
}

// keep remembers the first error.
func (b *Book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// named is the name of a sheet: at most 31 characters, none of those that have a meaning, and another for each.
func (b *Book) named(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '-'
		}
		return r
	}, name)
	for n := 1; ; n++ {
		mark := ""
		if n > 1 {
			mark = fmt.Sprintf("-%d", n)
		}
		short := name
		for utf8.RuneCountInString(short) > excelize.MaxSheetNameLength-len(mark) {
			_, size := utf8.DecodeLastRuneInString(short)
			short = short[:len(short)-size]
		}
		if key := strings.ToLower(short + mark); !b.names[key] {
			b.names[key] = true
			return short + mark
		}
	}
}

// Table begins the sheet of a table.
func (b *Book) Table(name string, columns []Column) Writer {
	first := len(b.names) == 0
	name = b.named(name)
	if first { // a new workbook has a sheet
		b.keep(b.file.SetSheetName("Sheet1", name))
	} else {
		_, err := b.file.NewSheet(name)
		b.keep(err)
	}
	return b.sheet(name, columns)
}

// sheet begins a sheet that is there.
func (b *Book) sheet(name string, columns []Column) *sheetWriter {
	s := &sheetWriter{book: b, name: name, columns: columns}
	if b.err != nil {
		return s
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		b.keep(err)
		return s
	}
	s.stream = stream
	for i, c := range columns {
		width := map[Kind]float64{Text: 24, Date: 12, Whole: 12, Number: 16}[c.Kind]
		if c.Name == "text" || c.Name == "meaning" {
			width = 100
		}
		b.keep(stream.SetColWidth(i+1, i+1, width))
	}
	b.keep(stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	var head []any
	for _, c := range columns {
		head = append(head, excelize.Cell{StyleID: b.head, Value: c.head()})
	}
	b.keep(stream.SetRow("A1", head))
	return s
}

// Close ends a workbook, written or not.
func (b *Book) Close() { _ = b.file.Close() }

// Write writes the workbook.
func (b *Book) Write(out io.Writer) error {
	if b.err != nil {
		return b.err
	}
	return b.file.Write(out)
}

// sheetWriter takes the cells of a sheet.
type sheetWriter struct {
	book    *Book
	name    string
	columns []Column
	stream  *excelize.StreamWriter
	cells   []any
	rows    int
}

func (s *sheetWriter) Text(text string) { s.cells = append(s.cells, text) }

// Date is the number of days that spreadsheets count, shown as a date.
func (s *sheetWriter) Date(d plan.Date) {
	const epoch = 25569 // 1970-01-01, from which dates of plans are counted
	s.cells = append(s.cells, excelize.Cell{StyleID: s.book.dated, Value: int(d) + epoch})
}

func (s *sheetWriter) Whole(i int) { s.cells = append(s.cells, i) }

// Number leaves out a missing number; what is infinite has no number in a sheet.
func (s *sheetWriter) Number(x float64) {
	switch {
	case math.IsNaN(x):
		s.cells = append(s.cells, nil)
	case math.IsInf(x, 0):
		s.cells = append(s.cells, string(appendNumber(nil, x)))
	default:
		s.cells = append(s.cells, x)
	}
}

func (s *sheetWriter) EndRow() error {
	if s.rows++; s.rows > MostRows {
		return &TooLongError{Table: s.name}
	}
	cells := s.cells
	s.cells = s.cells[:0]
	if s.book.err != nil {
		return s.book.err
	}
	return s.stream.SetRow(fmt.Sprintf("A%d", s.rows+1), cells)
}

func (s *sheetWriter) Close() error {
	if s.book.err != nil {
		return s.book.err
	}
	return s.stream.Flush()
}

// sortedZip is a zip archive whose parts stand in the order of their names, whatever the order in which they come, and
// have no times.
type sortedZip struct {
	out   io.Writer
	parts map[string]*zipPart
	last  *zipPart
}

// zipPart is a part of an archive, compressed as it comes.
type zipPart struct {
	packed bytes.Buffer
	pack   *flate.Writer
	sum    hash.Hash32
	size   uint64
}

// Write implements io.Writer.
func (p *zipPart) Write(text []byte) (int, error) {
	_, _ = p.sum.Write(text) // never fails
	p.size += uint64(len(text))
	return p.pack.Write(text)
}

// Create begins a part and ends the one before.
func (z *sortedZip) Create(name string) (io.Writer, error) {
	if err := z.end(); err != nil {
		return nil, err
	}
	p := &zipPart{sum: crc32.NewIEEE()}
	var err error
	p.pack, err = flate.NewWriter(&p.packed, flate.BestSpeed)
	z.parts[name], z.last = p, p
	return p, err
}

func (z *sortedZip) end() error {
	if z.last == nil {
		return nil
	}
	return z.last.pack.Close()
}

// AddFS is not needed by a workbook that was made here.
func (z *sortedZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the archive. What tells programs the kind of the file stands first.
func (z *sortedZip) Close() error {
	if err := z.end(); err != nil {
		return err
	}
	archive := zip.NewWriter(z.out)
	var names []string
	for name := range maps.Keys(z.parts) {
		names = append(names, name)
	}
	sort.Strings(names) // [Content_Types].xml is the first
	for _, name := range names {
		p := z.parts[name]
		w, err := archive.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: p.sum.Sum32(),
			CompressedSize64: uint64(p.packed.Len()), UncompressedSize64: p.size})
		if err != nil {
			return err
		}
		if _, err := w.Write(p.packed.Bytes()); err != nil {
			return err
		}
	}
	return archive.Close()
}
