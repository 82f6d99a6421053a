package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page's template, style and scripts
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/sim/store"
)

// MostBytes is the largest page that is written: one that goes through a mail.
const MostBytes = 3_000_000

// TooLargeError is a page of more than MostBytes.
type TooLargeError struct{ Bytes int }

// Error implements error.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("report: the page has %.1f MB and may have %.0f", float64(e.Bytes)/1e6, MostBytes/1e6)
}

var (
	//go:embed assets/page.html
	pageText string
	//go:embed assets/page.css
	style string
	//go:embed assets/page.js
	wiring string
	//go:embed assets/charts.js
	charts string
	//go:embed assets/charts.LICENSES.txt
	licences string

	layout = template.Must(template.New("page").Funcs(template.FuncMap{
		"kind":    func(b Block) string { return b.kind() },
		"number":  number,
		"signs":   func(t page.Tone) string { return signs[t] },
		"spoken":  func(t page.Tone) string { return spoken[t] },
		"named":   named,
		"whole":   whole,
		"width":   width,
		"heading": func(level int) int { return min(level+1, 6) },
	}).Parse(pageText))
)

// whole keeps amounts and margins of error on their line, and the hyphens of a flag and of a date on one: by a style,
// since a flag is to be copied as it is typed.
func whole(text string) template.HTML {
	text = template.HTMLEscapeString(words.Whole(text))
	text = flagOfCommand.ReplaceAllString(text, `$1<span class="flag">$2</span>`)
	return template.HTML(dayOfText.ReplaceAllString(text, `<span class="flag">$0</span>`))
}

var (
	dayOfText     = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)
	flagOfCommand = regexp.MustCompile(`(^|[\s(;])(--[a-z][a-z-]*)`)
)

// longText is from how many letters on a text of a table takes more than two of the narrow lines that a telephone has
// for it: its column is wider there, so that its row is not mostly empty.
const longText = 28

// longestText is from how many letters on it takes more of a narrow screen than is worth its height: a formula of many
// plans.
const longestText = 300

// longerText is from how many letters on it would take four lines and more of a long text's width.
const longerText = 90

// shortText is what needs no room but its own, such as the name of a row of evidence.
const shortText = 5

// width is the class of a text of a table, by its length, with the space that ends it.
func width(text string) string {
	switch n := utf8.RuneCountInString(text); {
	case n > longestText:
		return "long longest "
	case n > longerText:
		return "long longer "
	case n > longText:
		return "long "
	case n <= shortText:
		return "short "
	}
	return ""
}

// signs and spoken stand beside what has a tone, for eyes and ears.
var (
	signs  = map[page.Tone]string{page.Good: "✓", page.Bad: "✗", page.Unsure: "?"}
	spoken = map[page.Tone]string{page.Good: "Good", page.Bad: "Bad", page.Unsure: "Note"}
)

// Write writes the page to a file, whole or not at all.
func Write(file string, d *Document) error {
	text, err := d.Render()
	if err != nil {
		return err
	}
	return store.WriteFile(file, text)
}

// Render gives the page. It is an error in the caller's code if something that
// is required is not there, and a TooLargeError if there is too much. Equal
// documents give equal bytes.
func (d *Document) Render() ([]byte, error) {
	if d.Question == "" || len(d.Answers) == 0 {
		return nil, errors.New("report: a page needs a question and an answer")
	}
	p := &shown{Document: d, Style: template.CSS(style), Charts: template.JS(charts), Wiring: template.JS(wiring),
		Licences: licences, LicenceLines: strings.Count(strings.TrimSpace(licences), "\n") + 1}
	p.Policy = fmt.Sprintf("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src %s %s; base-uri "+
		"'none'; form-action 'none'", hash(charts), hash(wiring))
	used := map[string]bool{}
	counter := 0
	var err error
	if p.Lead, err = showBlocks(d.Lead, "h2", &counter); err != nil {
		return nil, err
	}
	for _, s := range d.Sections {
		blocks, err := showBlocks(s.Blocks, "h3", &counter)
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", s.Title, err)
		}
		p.Sections = append(p.Sections, shownSection{ID: unique(slug(s.Title), used), Title: s.Title, Blocks: blocks})
	}
	var out bytes.Buffer
	if err := layout.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	if out.Len() > MostBytes {
		return nil, &TooLargeError{out.Len()}
	}
	return out.Bytes(), nil
}

// shown is what the template sees of a document.
type shown struct {
	*Document
	Policy         string
	Style          template.CSS
	Charts, Wiring template.JS
	Licences       string
	LicenceLines   int
	Lead           []Block
	Sections       []shownSection
}

type shownSection struct {
	ID, Title string
	Blocks    []Block
}

// shownChart is a chart with everything in the form of the page.
type shownChart struct {
	Chart
	ID    string
	Head  string // h2 above all sections, h3 in one
	Views []shownView
	Spec  []viewSpec
}

type shownFile struct {
	File
	URL template.HTMLAttr
}

type shownView struct {
	View
	Data, Image template.HTMLAttr
	Narrow      template.HTMLAttr // of the picture on a narrow screen
}

// viewSpec is what the script is told of a view.
type viewSpec struct {
	Name    string   `json:"name"`
	Finding string   `json:"finding"`
	Notes   []string `json:"notes"`
	X       axisSpec `json:"x"`
	Y       axisSpec `json:"y"`
	Spans   []Span   `json:"spans"`
	Slopes  []Slope  `json:"slopes"`
	Marks   []Mark   `json:"marks"`
}

type axisSpec struct {
	Label  string  `json:"label"`
	Format string  `json:"format"`
	Dates  bool    `json:"dates"`
	Days   float64 `json:"days,omitempty"`
	Zero   bool    `json:"zero"`
	Log    bool    `json:"log,omitempty"`
}

var formats = map[words.Format]string{words.Plain: "plain", words.Count: "count", words.Percent: "percent"}

// formatOf tells the script how to write numbers; of money it names decimals and symbol: money:2:$.
func formatOf(f words.Format) string {
	if !f.IsMoney() {
		return formats[f]
	}
	c, decimals := f.Currency(), 0
	if c.Cents {
		decimals = 2
	}
	return fmt.Sprintf("money:%d:%s", decimals, c.Symbol)
}

func (a Axis) spec() axisSpec {
	return axisSpec{a.Label, formatOf(a.Format), a.Dates, a.Days, a.Zero, a.Log}
}

// showBlocks checks blocks and gives charts the form of the page.
func showBlocks(blocks []Block, head string, charts *int) ([]Block, error) {
	out := make([]Block, len(blocks))
	for i, b := range blocks {
		out[i] = b
		switch b := b.(type) {
		case Table:
			for _, row := range b.Rows {
				if len(row) != len(b.Columns) {
					return nil, fmt.Errorf("table %s: a row of %d cells under %d columns", b.Caption, len(row), len(b.Columns))
				}
			}
		case File:
			out[i] = shownFile{b, dataURL("href", "application/octet-stream", b.Data)}
		case Fold:
			inner, err := showBlocks(b.Blocks, head, charts)
			if err != nil {
				return nil, err
			}
			out[i] = Fold{b.Title, inner}
		case Chart:
			*charts++
			c := shownChart{Chart: b, Head: head, ID: "chart-" + strconv.Itoa(*charts)}
			for _, v := range b.Views {
				if err := v.check(); err != nil {
					return nil, fmt.Errorf("chart %s, view %s: %w", b.Title, v.Name, err)
				}
				narrow, err := v.narrowed()
				if err != nil {
					return nil, fmt.Errorf("chart %s, view %s: %w", b.Title, v.Name, err)
				}
				c.Views = append(c.Views, shownView{v, dataURL("href", "text/csv;charset=utf-8", v.CSV),
					dataURL("src", imageType(v.Picture), v.Picture), narrow})
				c.Spec = append(c.Spec, viewSpec{v.Name, v.Finding, v.Notes, v.X.spec(), v.Y.spec(), v.Spans, v.Slopes, v.Marks})
			}
			if len(c.Views) == 0 {
				return nil, fmt.Errorf("chart %s has no view", b.Title)
			}
			out[i] = c
		}
	}
	return out, nil
}

// needed are the columns that a kind of mark draws.
func (m *Mark) needed() []string {
	switch m.Kind {
	case Band:
		return []string{m.X, m.Y, m.Y2}
	case Line, Dots, Rows, Point:
		return []string{m.X, m.Y}
	case Bars, Reach:
		return []string{m.X, m.X2, m.Y}
	case Link:
		return []string{m.X, m.X2, m.Y, m.Y2}
	case Rule:
		return []string{m.X}
	}
	return []string{"a known kind of mark"}
}

// check says what is missing in a view.
func (v *View) check() error {
	switch {
	case len(v.Picture) == 0:
		return errors.New("no static picture")
	case v.Finding == "" || v.File == "":
		return errors.New("finding and file name are required")
	}
	head, err := csv.NewReader(bytes.NewReader(v.CSV)).Read()
	if err != nil {
		return fmt.Errorf("its CSV: %w", err)
	}
	for _, m := range v.Marks {
		columns := m.needed()
		for _, optional := range []string{m.X2, m.Label, m.Where.Column} {
			if optional != "" {
				columns = append(columns, optional)
			}
		}
		for _, c := range columns {
			if !slices.Contains(head, c) {
				return fmt.Errorf("mark %s %s: the CSV has no column %q", m.Kind, m.Name, c)
			}
		}
	}
	return nil
}

func imageType(picture []byte) string {
	if bytes.HasPrefix(picture, []byte("\x89PNG")) {
		return "image/png"
	}
	return "image/svg+xml"
}

// dataURL is an attribute that holds data. The template would write each + of it
// as five characters.
func dataURL(attribute, kind string, data []byte) template.HTMLAttr {
	return template.HTMLAttr(attribute + `="data:` + kind + ";base64," + base64.StdEncoding.EncodeToString(data) + `"`)
}

// hash names a script in the content security policy.
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// number writes a value so that it can be read back to the bit.
func number(x *float64) string { return strconv.FormatFloat(*x, 'g', -1, 64) }

// named cuts "Name: rest" for a list; without a name all is rest.
func named(text string) [2]string {
	name, rest, ok := strings.Cut(text, ": ")
	if !ok || strings.ContainsAny(name, ".;") || len(name) > 160 {
		return [2]string{"", text}
	}
	return [2]string{name, rest}
}

// slug makes an anchor of a title.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return cmp.Or(strings.Join(words, "-"), "section")
}

func unique(id string, used map[string]bool) string {
	for n := 2; used[id]; n++ {
		if other := id + "-" + strconv.Itoa(n); !used[other] {
			id = other
		}
	}
	used[id] = true
	return id
}

func (shownChart) kind() string { return "chart" }
func (shownFile) kind() string  { return "file" }
