package plots

import (
	"sync"

	"gonum.org/v1/plot/vg"
)

// A form is how wide the pages of pictures are. Letters are as large in each, so that a page that is as narrow as a
// telephone is read there without being made smaller.
type form struct {
	width, margin vg.Length
	// titleLines and noteLines are the most that a title and the notes have.
	titleLines, noteLines int
	columns               int // of small pictures
}

var (
	onPaper = form{width: 720, margin: 24, titleLines: 3, noteLines: 3, columns: 3}
	onPhone = form{width: 356, margin: 8, titleLines: 5, noteLines: 6, columns: 2}
)

// current is the form in which pictures are composed and drawn. Whoever does so holds forms for reading; Narrow alone
// changes it.
var (
	current = &onPaper
	forms   sync.RWMutex
)

func pageWidth() vg.Length  { return current.width }
func pageMargin() vg.Length { return current.margin }
func panelColumns() int     { return current.columns }

// isNarrow says whether a page has room for one column beside its bars, not two.
func isNarrow() bool { return current == &onPhone }

// Narrow draws the picture of some data for a narrow screen, as SVG. No letter is smaller than 9 pixels on a screen of
// 390.
func Narrow(d Drawing) ([]byte, error) {
	forms.Lock()
	defer forms.Unlock()
	current = &onPhone
	defer func() { current = &onPaper }()
	p, err := d.Picture()
	if err != nil {
		return nil, &UndrawableError{err}
	}
	return p.svg()
}
