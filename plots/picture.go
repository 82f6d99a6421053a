package plots

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"image"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"windfall/sim/store"
)

// A Drawing is data that can become a picture.
type Drawing interface {
	// Picture composes the picture, or says what is wrong with the data.
	Picture() (*Picture, error)
}

// UndrawableError says why numbers make no picture.
type UndrawableError struct{ reason error }

// Error implements error.
func (e *UndrawableError) Error() string { return e.reason.Error() }

// Unwrap gives the reason.
func (e *UndrawableError) Unwrap() error { return e.reason }

// Compose composes a picture; the error is an *UndrawableError.
func Compose(d Drawing) (*Picture, error) {
	forms.RLock()
	defer forms.RUnlock()
	p, err := d.Picture()
	if err != nil {
		return nil, &UndrawableError{err}
	}
	return p, nil
}

// Draw composes a picture and writes it to STEM.png, STEM.svg and STEM.csv.
func Draw(d Drawing, stem string) error {
	p, err := Compose(d)
	if err != nil {
		return err
	}
	return p.Write(stem)
}

// A Picture is a composed page and the table of what it shows.
type Picture struct {
	Title    string // the finding, in one sentence
	Subtitle string // scenario, replications, seed
	page     *page
	table    table
}

func newPicture(p *page, t table) *Picture {
	return &Picture{Title: p.title, Subtitle: p.subtitle, page: p, table: t}
}

// SVG draws the picture as vector graphics. The text stays text: a viewer
// without the house font shows Arial or Helvetica, which are as wide.
func (p *Picture) SVG() ([]byte, error) {
	forms.RLock()
	defer forms.RUnlock()
	return p.svg()
}

func (p *Picture) svg() ([]byte, error) {
	c := vgsvg.New(p.page.size())
	page := draw.New(c)
	page.SetColor(paper)
	page.Fill(page.Rectangle.Path())
	p.page.draw(page)
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return nil, err
	}
	svg := strings.ReplaceAll(buf.String(), "font-family:Liberation Sans",
		"font-family:Liberation Sans,Arial,Helvetica,sans-serif")
	svg = strings.ReplaceAll(svg, "font-variant:normal;", "")
	head := fmt.Sprintf(" role=\"img\">\n<title>%s</title>\n<desc>%s</desc>\n", html.EscapeString(p.Title),
		html.EscapeString(p.Subtitle))
	before, after, ok := strings.Cut(svg, "xlink\">\n")
	if !ok {
		return nil, fmt.Errorf("plots: the SVG writer changed its head")
	}
	return []byte(before + "xlink\"" + head + after), nil
}

// PNG draws the picture as an image, 1920 pixels wide.
func (p *Picture) PNG() ([]byte, error) {
	pixels := p.pixels()
	defer sheets.Put(pixels)
	return encodePNG(pixels)
}

// pixels draws the picture.
func (p *Picture) pixels() *image.RGBA {
	forms.RLock()
	defer forms.RUnlock()
	c := newRaster(p.page.size())
	p.page.draw(draw.New(c))
	return c.pixels
}

// CSV writes the numbers that the picture shows.
func (p *Picture) CSV() ([]byte, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	if err := w.WriteAll(p.table); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// Suffixes end the names of the files of a picture.
var Suffixes = []string{".png", ".svg", ".csv"}

// Write puts the picture into STEM.png, STEM.svg and STEM.csv, each whole or not at
// all.
func (p *Picture) Write(stem string) error {
	for i, encode := range []func() ([]byte, error){p.PNG, p.SVG, p.CSV} {
		data, err := encode()
		if err != nil {
			return fmt.Errorf("picture %s%s: %w", stem, Suffixes[i], err)
		}
		if err := store.WriteFile(stem+Suffixes[i], data); err != nil {
			return err
		}
	}
	return nil
}

// A table is the text twin of a picture, a header and rows.
type table [][]string

func newTable(columns ...string) table { return table{columns} }

func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		switch v := cell.(type) {
		case float64:
			row[i] = number(v)
		case string:
			row[i] = store.AsText((*t)[0][i], v)
		default:
			row[i] = fmt.Sprint(v)
		}
	}
	*t = append(*t, row)
}

// number writes a number that reads back as the same bits; a missing one is an
// empty field.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
