package report

import (
	"bytes"
	_ "embed" // the template of the one page
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"windfall/docs"
	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/sim/store"
)

// A Brief is one page of A4 or Letter for a board: the answer, one picture, the most important table, what it rests
// on, and how to get it again. Everything is in it; nothing is loaded and no script runs.
type Brief struct {
	Title    string // what is reported
	Question string
	Of       *page.Document
	Shows    plots.Drawing // nil, or one that cannot be drawn: no picture
	Made     Made
	NoReport bool // there is no report beside the page, as of a run of few replications: all numbers are in its tables
}

// FileName is that of a report in a results folder.
const FileName = "report.html"

// whole is where what the page leaves out is.
func (b *Brief) whole() (name, file string) {
	if b.NoReport {
		return "in the tables beside this page", "the tables"
	}
	return "in the report", FileName
}

//go:embed assets/brief.html
var briefText string

var briefLayout = template.Must(template.New("brief").Funcs(template.FuncMap{
	"signs": func(t page.Tone) string { return signs[t] },
	"whole": whole,
}).Parse(briefText))

// Sizes of the page in tenths of a millimetre: the text area that A4 and Letter both have, and what each kind of line
// takes of it, rounded up.
const (
	briefHeight = 2460
	briefWidth  = 1820 // less than either has, so that letters a little wider than ours do no harm

	briefFrame   = 250 // title, question of one line, foot, and what keeps the parts apart
	answerLine   = 56
	smallLine    = 40
	tableHead    = 150 // caption, and two lines of heads
	tableRow     = 47
	leastPicture = 620
	mostPicture  = 1010

	answerLetters = 84 // of a line
	smallLetters  = 118
	cellLetter    = 16 // wide
	cellGap       = 42
)

// What is said of an answer on its one page is at most so much; all of it is in the report.
const (
	mostAnswers  = 520 // tenths of a millimetre
	mostLetters  = 260 // of a sentence that the answer rests on
	mostRests    = 5
	mostBriefRow = 12
	mostCommand  = 420 // letters
)

// BriefOf is the page of the answer to a question, without a picture.
func BriefOf(d *page.Document, made Made) Brief {
	return Brief{Title: d.Question + ": " + d.Scenario, Question: d.Currency.Words(docs.Of(d.Question).Question), Of: d,
		Made: made}
}

// shownBrief is what the template sees.
type shownBrief struct {
	Title, Question string
	Answers         []page.Cell
	Finding         string
	Picture, Narrow template.HTMLAttr
	Height          string // of the picture, mm
	Table           *page.Table
	Rests           []string
	Command, Foot   string
}

// Write writes the page to a file, whole or not at all.
func (b *Brief) Write(file string) error {
	text, err := b.Render()
	if err != nil {
		return err
	}
	return store.WriteFile(file, text)
}

// Render gives the page. Equal answers give equal bytes.
func (b *Brief) Render() ([]byte, error) {
	if b.Question == "" || len(b.Of.Sentences) == 0 {
		return nil, errors.New("report: a page needs a question and an answer")
	}
	_, file := b.whole()
	s := shownBrief{Title: shortened(b.Title, smallLetters), Question: shortened(b.Question, 240),
		Command: shortened(b.Made.Typed, mostCommand),
		Foot:    "Made by windfall " + b.Made.Version + ". All numbers and pictures are in " + file + " beside this page."}
	free := briefHeight - briefFrame - 70*(lines(s.Question, 66)-1)
	free -= smallLine * (lines(s.Command, smallLetters-12) + 1)
	s.Answers, free = b.answers(free)
	s.Rests = b.rests()
	for _, r := range s.Rests {
		free -= smallLine * lines(r, smallLetters)
	}
	drawn, err := b.picture(&s)
	if err != nil {
		return nil, err
	}
	if drawn {
		free -= leastPicture
	}
	s.Table, free = b.table(free)
	if drawn { // what is left makes the picture larger
		s.Height = fmt.Sprintf("%dmm", min(leastPicture+max(0, free), mostPicture)/10)
	}
	var out bytes.Buffer
	if err := briefLayout.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out.Bytes(), nil
}

// answers are the sentences that fit, the verdict with them.
func (b *Brief) answers(free int) (out []page.Cell, left int) {
	used := 0
	all := b.Of.Lines
	for _, s := range slices.Backward(b.Of.Sentences) {
		all = append([]page.Cell{page.Words(s)}, all...)
	}
	for i, c := range all {
		c.Text = shortened(c.Text, 6*answerLetters)
		height := answerLine * lines(c.Text, answerLetters)
		if i > 0 && used+height > mostAnswers {
			where, _ := b.whole()
			out, used = append(out, page.Words("More "+where+".")), used+answerLine
			break
		}
		out, used = append(out, c), used+height
	}
	return out, free - used
}

// picture draws what is shown, if it can be drawn.
func (b *Brief) picture(s *shownBrief) (drawn bool, err error) {
	if b.Shows == nil {
		return false, nil
	}
	p, err := plots.Compose(b.Shows)
	if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
		return false, nil // the command has said so
	} else if err != nil {
		return false, err
	}
	svg, err := p.SVG()
	if err != nil {
		return false, err
	}
	narrow, err := plots.Narrow(b.Shows)
	s.Finding, s.Picture = p.Title, dataURL("src", "image/svg+xml", svg)
	s.Narrow = dataURL("srcset", "image/svg+xml", narrow)
	return err == nil, err
}

// table is the first table with rows: as many of these, and of the columns from the left, as fit.
func (b *Brief) table(free int) (*page.Table, int) {
	at := slices.IndexFunc(b.Of.Sheets, func(s *page.Sheet) bool { return s.Printed(false) > 0 })
	if at < 0 || free < tableHead+2*tableRow {
		return nil, free
	}
	sheet := b.Of.Sheets[at].Labelled()
	rows := min(sheet.Printed(false), mostBriefRow, (free-tableHead-smallLine)/tableRow)
	whole := sheet.First(rows)
	t := &page.Table{Caption: shortened(sheet.Caption, smallLetters-20)}
	columns := fitting(whole, sheet.Main)
	t.Columns = slices.Clone(whole.Columns[:columns])
	for i := range t.Columns {
		t.Columns[i].Name = shortened(t.Columns[i].Name, mostCell)
	}
	above, used := "", 0
	for k, row := range whole.Rows {
		row, more := slices.Clone(row[:min(columns, len(row))]), 0
		if name, under := strings.CutPrefix(row[0].Text, "  "); under { // of what stands above: it has no name of its own
			row[0].Text = above + ", " + name
		} else {
			above = strings.TrimSuffix(name, " *")
		}
		for _, c := range row {
			more = max(more, lines(c.Text, mostCell)-1)
		}
		if used += tableRow + more*smallLine; k > 0 && tableHead+smallLine+used > free {
			rows, used = k, used-tableRow-more*smallLine
			break
		}
		t.Rows = append(t.Rows, row)
	}
	if rows < len(sheet.Rows) || columns < len(whole.Columns) {
		where, _ := b.whole()
		t.Notes = []string{"The whole table is " + where + "."}
		free -= smallLine
	}
	return t, free - tableHead - used
}

// fitting is how many columns of a table fit, from the left: no more than the main ones, where it says which these are.
func fitting(t page.Table, main int) int {
	wideAll := 0
	for i, c := range t.Columns {
		wide := (min(utf8.RuneCountInString(c.Name), mostCell) + 1) / 2 // a head takes two lines
		for _, w := range strings.Fields(c.Name) {
			wide = max(wide, min(utf8.RuneCountInString(w), 24))
		}
		for _, row := range t.Rows {
			if i < len(row) { // a row may end early
				wide = max(wide, min(utf8.RuneCountInString(row[i].Text)+2, mostCell))
			}
		}
		if wideAll += wide*cellLetter + cellGap; wideAll > briefWidth && i > 1 || main > 0 && i == main {
			return i
		}
	}
	return len(t.Columns)
}

// withoutColumns leaves out the sentences of a note that speak of columns that are not shown: they would explain what
// nobody sees. A name of one word, such as runs, may stand for itself.
func withoutColumns(note string, hidden []page.Column) string {
	var kept []string
	for _, s := range strings.SplitAfter(note, ". ") {
		if !slices.ContainsFunc(hidden, func(c page.Column) bool {
			return strings.Contains(c.Name, " ") && strings.Contains(strings.ToLower(s), strings.ToLower(c.Name))
		}) {
			kept = append(kept, s)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// mostCell is how many letters of a cell stand on one line.
const mostCell = 44

// rests says what the answer rests on: how much was run, what it was warned of, and what is said of the columns of the
// table that are shown.
func (b *Brief) rests() []string {
	out := []string{fmt.Sprintf("%s, seed %d, of the scenario %s.", words.Capital(b.Of.Size), b.Of.Seed, b.Of.Scenario)}
	add := func(text string) {
		if len(out) < mostRests && text != "" {
			out = append(out, sentences(words.Ended(words.Labelled(text)), mostLetters))
		}
	}
	for _, w := range b.Of.Warnings {
		add(words.Capital(w))
	}
	for _, s := range b.Of.Sheets {
		if s.Printed(false) == 0 {
			continue
		}
		s = s.Labelled()
		whole := s.First(min(s.Printed(false), mostBriefRow))
		hidden := whole.Columns[fitting(whole, s.Main):]
		for _, n := range s.Notes {
			if n = withoutColumns(n, hidden); n != "" {
				add(n)
			}
		}
		break
	}
	return out
}

// sentences are those of a text that have so many letters together, the first whatever it has.
func sentences(text string, letters int) string {
	for end := len(text); ; {
		end = strings.LastIndex(text[:end], ". ")
		if utf8.RuneCountInString(text) <= letters || end < 0 {
			return text
		}
		if utf8.RuneCountInString(text[:end+1]) <= letters || !strings.Contains(text[:end], ". ") {
			return text[:end+1]
		}
	}
}

// lines is how many lines a text takes, with so many letters on one.
func lines(text string, letters int) int {
	n, used := 1, 0
	for _, w := range strings.Fields(text) {
		long := utf8.RuneCountInString(w)
		if used > 0 && used+1+long > letters {
			n, used = n+1, 0
		}
		for long > letters { // one that is broken
			n, long = n+1, long-letters
		}
		if used > 0 {
			used++
		}
		used += long
	}
	return n
}

// shortened cuts a text after so many letters, at a space if there is one near.
func shortened(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	runes := []rune(text)[:letters-1]
	if i := strings.LastIndexByte(string(runes), ' '); i > len(string(runes))*2/3 {
		return strings.TrimRight(string(runes)[:i], " ,;:") + " …"
	}
	return string(runes) + "…"
}
