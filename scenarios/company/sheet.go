package company

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	mostBytes = 32 << 20 // of a file
	mostCells = 2_000_000
)

// sheet is a CSV file as people have it: its rows with their lines, before anything is understood.
type sheet struct {
	file  string // as messages name it
	comma rune
	rows  []row
}

// row is one row with something in it.
type row struct {
	line  int
	cells []string
}

// cell is the text of a column from 0, "" behind the end.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// openSheet reads a file of the folder.
func openSheet(dir, name string) (*sheet, []Problem) {
	file := filepath.Join(dir, name)
	f, err := os.Open(file)
	if err != nil {
		return nil, []Problem{{File: file, Message: "cannot be read: " + reason(err), Cure: "put the file into the folder, " +
			"or take its name out of company.toml"}}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return nil, []Problem{{File: file, Message: "cannot be read: " + reason(err)}}
	}
	return readSheet(file, data)
}

// reason is what an error of the system says, without the name of the file.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// readSheet takes a text apart: any of the encodings, delimiters and line ends that spreadsheets write.
func readSheet(file string, data []byte) (*sheet, []Problem) {
	if len(data) > mostBytes {
		return nil, []Problem{{File: file, Message: "is larger than 32 MB", Cure: "export it by week or month, not by click"}}
	}
	text := decode(data)
	s := &sheet{file: file}
	firstLine := 1
	if first, rest, _ := strings.Cut(text, "\n"); len(strings.TrimSpace(first)) == len("sep=;") &&
		strings.HasPrefix(strings.ToLower(first), "sep=") { // a line for Excel
		s.comma, _ = utf8.DecodeRuneInString(first[len("sep="):])
		text, firstLine = rest, 2
	}
	if s.comma == 0 || !strings.ContainsRune(",;\t|", s.comma) {
		s.comma = delimiter(text)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = s.comma, -1, s.comma != '\t'
	count := 0
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, []Problem{{File: file, Row: wrong.StartLine + firstLine - 1, Column: max(1, len(cells)+1),
				Message: "has a quotation mark that stands inside a cell or is not closed",
				Cure:    `put the cell into quotation marks and write those inside it twice: "5"" pipe"`}}
		}
		if count += len(cells); count > mostCells {
			return nil, []Problem{{File: file, Message: "has more than two million cells",
				Cure: "export it by week or month, not by click"}}
		}
		line, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\u00a0", " "))
		}
		if strings.Join(cells, "") != "" {
			s.rows = append(s.rows, row{line + firstLine - 1, cells})
		}
	}
}

// decode gives the text: UTF-8, UTF-16 as advertising tools write it, or the code page of Windows.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		low, high := 0, 1
		if data[0] == 0xfe {
			low, high = 1, 0
		}
		var units []uint16
		for i := 2; i+1 < len(data); i += 2 {
			units = append(units, uint16(data[i+low])|uint16(data[i+high])<<8)
		}
		data = []byte(string(utf16.Decode(units)))
	}
	if !utf8.Valid(data) {
		var b strings.Builder
		for _, c := range data {
			switch c {
			case 0x80:
				b.WriteRune('€')
			case 0x96, 0x97:
				b.WriteRune('–')
			case 0x91, 0x92:
				b.WriteRune('’')
			default:
				b.WriteRune(rune(c))
			}
		}
		data = []byte(b.String())
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n")
}

// delimiter is what stands between the cells: what parts the first lines into the same number of cells most often.
// Between figures with a decimal comma a semicolon wins.
func delimiter(text string) rune {
	lines := strings.SplitN(text, "\n", 12)
	best, most := ',', 0
	for _, c := range ";\t,|" {
		counts := map[int]int{}
		for _, l := range lines[:min(len(lines), 11)] {
			if n := outsideQuotes(l, c); n > 0 {
				counts[n]++
			}
		}
		score := 0
		for n, times := range counts {
			score = max(score, 100*times+min(n, 99))
		}
		if score > most {
			best, most = c, score
		}
	}
	return best
}

// outsideQuotes counts a character outside quotation marks.
func outsideQuotes(line string, c rune) (n int) {
	inside := false
	for _, r := range line {
		switch {
		case r == '"':
			inside = !inside
		case r == c && !inside:
			n++
		}
	}
	return n
}

// problem is one about a cell, its column from 0.
func (s *sheet) problem(r row, column int, heading, message, cure string) Problem {
	return Problem{File: s.file, Row: r.line, Column: column + 1, Heading: heading, Value: brief(r.cell(column)),
		Message: message, Cure: cure}
}

// brief is a text short enough for a message, in one line.
func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 40 {
		return string(r[:37]) + "..."
	}
	return text
}

// fileProblem is one about the file as a whole.
func (s *sheet) fileProblem(message, cure string) Problem {
	return Problem{File: s.file, Message: message, Cure: cure}
}

func counted(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
