// Package report writes a page: one HTML file that answers a question, with
// charts to touch, tables to sort, and everything it needs inside.
//
// A caller fills a Document and writes it:
//
//	err := report.Write("results/report.html", &report.Document{
//		Title:    "pause-the-brand",
//		Question: "What does a pause of the brand cost?",
//		Answers:  []report.Answer{{Text: "A pause of 3 weeks costs 1,850 sign-ups (1,700 to 2,000 in 9 of 10 futures)."}},
//		Lead:     []report.Block{report.Table{...}, report.Notice{...}},
//		Sections: []report.Section{{Title: "Pictures", Blocks: []report.Block{report.Chart{...}}}},
//	})
//
// The page is read from the top: banner, question, answers, lead, then the
// sections in their order with a list of contents. It loads nothing, which its
// content security policy enforces, so it works from a memory stick and in a
// mail. It follows the reader's light or dark theme, prints on A4 and Letter,
// and can be used with the keyboard.
//
// A chart is a CSV, marks that name columns of that CSV, and a static picture
// that stands in its place where no script runs. What a pointer shows is read
// from the CSV that the page offers to download, so the two cannot differ. A
// Drawing of package plots gives both picture and CSV: see Drawn.
//
// The package knows nothing of runs and results; who has numbers brings them in
// as text and value. The charts are drawn by Observable Plot, which is kept
// minified with its licences in assets (see charts/README.md).
package report

import (
	"html/template"

	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/words"
)

// A Document is a page before it is written. Question and at least one answer
// are required.
type Document struct {
	Title    string // what is reported, the title of the window: "metro: A telephone service"
	Banner   string // first line of the page, if something must be said before all else: a partial run
	Question string // what the page answers; its heading
	Answers  []Answer
	Lead     []Block // what belongs to the answer: headline numbers, goals, warnings
	Sections []Section
	Foot     string // last line: who made the page
}

// An Answer is one sentence; things side by side have one each, with a name.
type Answer struct{ Name, Text string }

// A Section is a chapter with an entry in the contents.
type Section struct {
	Title  string
	Blocks []Block
}

// A Block is one piece of a page: Paragraph, List, Notice, Facts, Code, File,
// Table, Chart or Fold.
type Block interface{ kind() string }

// Paragraph is plain text.
type Paragraph string

// List is a list of plain texts. A text of the form "Name: rest" begins with its
// name in bold.
type List []string

// Code is text that is copied as it is, such as a command.
type Code string

// File is a text that the reader can save.
type File struct {
	Name, About string
	Data        []byte
}

// Notice is something to be heeded.
type Notice struct {
	Tone page.Tone
	Text string
}

// Facts are names with their values.
type Facts []Fact

// A Fact is a name with its value; a value to be copied is Mono.
type Fact struct {
	Name, Value string
	Mono        bool
}

// Fold holds blocks that are shown when asked for, and in print if they were
// open.
type Fold struct {
	Title  string
	Blocks []Block
}

// Table is a table of a page.
type Table page.Table

// A Chart is one or several views of which the reader chooses one.
type Chart struct {
	Title  string
	Choice string // what is chosen between views: "Outcome", "Channel"
	Views  []View
	Note   string
	Small  bool // one of many alike: on a wide screen they stand side by side
}

// A View is one picture: numbers, how they are drawn, and the same as a static
// picture. All but Name, Notes, Marks, Spans and Slopes are required; a chart one of
// whose views has no marks stays with its static pictures, such as a heat map.
type View struct {
	Name    string // in the list of choices
	Finding string // what it shows, in one sentence; also read out in place of the picture
	Notes   []string
	X, Y    Axis
	Spans   []Span // of X, to be shaded
	Slopes  []Slope
	Marks   []Mark // in the order in which they are drawn
	CSV     []byte // with a header
	File    string // name under which the CSV is saved: "weekly-cash.csv"
	Picture []byte // static: SVG or PNG
	of      plots.Drawing
}

// A Slope is a line on which Y is so many times X.
type Slope struct {
	Name  string  `json:"name"`
	Times float64 `json:"times"`
}

// An Axis says what numbers along it mean.
type Axis struct {
	Label  string       // of dates: when the numbers are; empty: in each week
	Format words.Format // of numbers
	Dates  bool         // the column holds dates: 2013-10-01
	// Days is where in the week that begins on its date a number stands: 7 at the week's
	// end, 3.5 in its middle.
	Days float64
	Zero bool // zero is always shown
	Log  bool // logarithmic
}

// A Span is a stretch of the X axis, dates or numbers as a CSV has them.
type Span struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"` // as From: a moment, marked by a line
}

// A MarkKind is a way of drawing.
type MarkKind string

// The kinds of marks, with the columns that each needs.
const (
	Band  MarkKind = "band"  // area between Y and Y2 along X
	Line  MarkKind = "line"  // Y along X
	Dots  MarkKind = "dots"  // Y over X, one dot a row; its Label beside it where there is room
	Bars  MarkKind = "bars"  // from X to X2, as high as Y: a histogram
	Rows  MarkKind = "rows"  // a horizontal bar for each name in Y, as long as X; X2 starts it elsewhere than at 0
	Reach MarkKind = "reach" // a horizontal line from X to X2 for each name in Y
	Rule  MarkKind = "rule"  // an upright line at X, named by Label
	Point MarkKind = "point" // a dot at X for each name in Y
	Link  MarkKind = "link"  // a line from X, Y to X2, Y2, upright or level
)

// A Mark draws columns of a view's CSV. Values that are empty there are left
// out.
type Mark struct {
	Kind   MarkKind `json:"kind"`
	Name   string   `json:"name"` // in the legend and beside the value: "half of the futures"
	X      string   `json:"x"`    // columns
	X2     string   `json:"x2"`
	Y      string   `json:"y"`
	Y2     string   `json:"y2"`
	Label  string   `json:"label"` // column of the names of rules and dots
	Where  Where    `json:"where"` // only some rows
	Color  Color    `json:"color"`
	Dashed bool     `json:"dashed"`
	// Lane and Lanes put bars of the same name under each other: lane 1 of 3 is
	// the upper third.
	Lane  int `json:"lane"`
	Lanes int `json:"lanes"`
	// Toggle lets the reader hide and show all marks of this name; Off hides
	// them at first.
	Toggle bool `json:"toggle"`
	Off    bool `json:"off"`
}

// Where picks the rows of a CSV whose column is one of some texts; without a
// column all rows.
type Where struct {
	Column string   `json:"column"`
	Is     []string `json:"is"`
}

// A Color is a role in the palette of the page, which has a light and a dark
// side; Blue, Red, Green and Purple can be told apart by the colour-blind. Bands
// take them pale.
type Color string

// The colours.
const (
	Blue   Color = "blue"
	Red    Color = "red"
	Green  Color = "green"
	Purple Color = "purple"
	Orange Color = "orange"
	Ink    Color = "ink"
	Sky    Color = "sky"
	Brown  Color = "brown"
	Grey   Color = "grey"
)

// Palette are the colours for series side by side, in order, each another. More series
// stay with their static picture, which has a panel for each.
var Palette = []Color{Blue, Red, Green, Purple, Orange, Ink, Sky, Brown}

// Drawn begins a view with finding, static picture and CSV of a drawing; File
// is its name with .csv.
func Drawn(name, file string, d plots.Drawing) (View, error) {
	p, err := plots.Compose(d)
	if err != nil {
		return View{}, err
	}
	v := View{Name: name, Finding: p.Title, File: file + ".csv", of: d}
	if v.Picture, err = p.SVG(); err != nil {
		return View{}, err
	}
	v.CSV, err = p.CSV()
	return v, err
}

// narrowed is the static picture for a narrow screen, of a view that stays with it; empty: there is none.
func (v *View) narrowed() (template.HTMLAttr, error) {
	if len(v.Marks) > 0 || v.of == nil {
		return "", nil
	}
	svg, err := plots.Narrow(v.of)
	return dataURL("srcset", "image/svg+xml", svg), err
}

func (Paragraph) kind() string { return "paragraph" }
func (List) kind() string      { return "list" }
func (Code) kind() string      { return "code" }
func (File) kind() string      { return "file" }
func (Notice) kind() string    { return "notice" }
func (Facts) kind() string     { return "facts" }
func (Fold) kind() string      { return "fold" }
func (Table) kind() string     { return "table" }
func (Chart) kind() string     { return "chart" }
