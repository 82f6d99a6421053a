package plots

import (
	"sync"

	"gonum.org/v1/plot/vg"
)

// A form is how wide the pages of pictures are. Letters are as large in each, so that a page that is as narrow as a
// telephone is read there without being made smaller.
type form struct {
	width, margin vg.Length
	height        vg.Length // of a page whose body needs no more
	grows         bool      // the page is higher where the names at the ends of its lines need it
	// titleLines and noteLines are the most that a title and the notes have.
	titleLines, noteLines int
	columns               int // of small pictures
}

var (
	onPaper = form{width: 720, margin: 24, height: 405, titleLines: 3, noteLines: 3, columns: 3}
	onPhone = form{width: 356, margin: 8, height: 405, titleLines: 5, noteLines: 6, columns: 2}
	// Beside the text of a slide, and on a hand-out in print, a picture is made smaller: a page of less width keeps its
	// letters readable.
	onSlide   = form{width: 600, margin: 12, height: 360, grows: true, titleLines: 4, noteLines: 4, columns: 3}
	onHandout = form{width: 620, margin: 8, height: 264, grows: true, titleLines: 3, noteLines: 3, columns: 3}
)

// current is the form in which pictures are composed and drawn. Whoever does so holds forms for reading; drawnIn
// alone changes it.
var (
	current = &onPaper
	forms   sync.RWMutex
)

func pageWidth() vg.Length  { return current.width }
func pageMargin() vg.Length { return current.margin }
func pageHeight() vg.Length { return current.height }
func panelColumns() int     { return current.columns }

// isNarrow says whether a page has room for one column beside its bars, not two.
func isNarrow() bool { return current == &onPhone }

// Narrow draws the picture of some data for a narrow screen, as SVG. No letter is smaller than 9 pixels on a screen of
// 390.
func Narrow(d Drawing) ([]byte, error) { return drawnIn(&onPhone, d) }

// BesideText draws the picture of some data for a slide that has text beside it, as SVG.
func BesideText(d Drawing) ([]byte, error) { return drawnIn(&onSlide, d) }

// InPrint draws the picture of some data for a page of print that it shares with texts and other pictures, as SVG.
func InPrint(d Drawing) ([]byte, error) { return drawnIn(&onHandout, d) }

// drawnIn draws a picture in a form.
func drawnIn(f *form, d Drawing) ([]byte, error) {
	forms.Lock()
	defer forms.Unlock()
	current = f
	defer func() { current = &onPaper }()
	p, err := d.Picture()
	if err != nil {
		return nil, &UndrawableError{err}
	}
	return p.svg()
}
