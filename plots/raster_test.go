package plots

import (
	"image"
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// TestTextLooksAsTheLibraryDrawsIt compares pictures, and text that is rotated, with
// those of the canvas of the library, whose letters may be off by a rounding.
func TestTextLooksAsTheLibraryDrawsIt(t *testing.T) {
	fan, err := testPictures()["fan-cash"].Picture()
	if err != nil {
		t.Fatal(err)
	}
	upward := &page{compose: func(c draw.Canvas) {
		style := typeStyle(labelSize, vermillion)
		style.Rotation = math.Pi / 2
		c.FillText(style, vg.Point{X: 100, Y: 100}, "Upward")
		c.FillText(typeStyle(labelSize, blue), vg.Point{X: 100, Y: 100}, "and level")
	}}
	for name, p := range map[string]*page{"a fan": fan.page, "rotated text": upward} {
		library := vgimg.NewWith(vgimg.UseWH(p.size()), vgimg.UseDPI(dotsPerInch))
		p.draw(draw.New(library))
		got := (&Picture{page: p}).pixels()
		if got.Rect != library.Image().Bounds() {
			t.Errorf("%s: %v pixels, the library has %v", name, got.Rect, library.Image().Bounds())
		}
		if far := farthest(got, library.Image()); far > 2 {
			t.Errorf("%s: a pixel is %d steps from that of the library", name, far)
		}
	}
}

// TestSmallerTextIsSharp scales text down, as a slide does: its letters are those of
// a smaller font, not a smaller picture of letters.
func TestSmallerTextIsSharp(t *testing.T) {
	drawn := func(size vg.Length, scale float64) *image.RGBA {
		p := &page{compose: func(c draw.Canvas) {
			c.Scale(scale, scale)
			c.FillText(typeStyle(size, ink), vg.Point{X: 100 / vg.Length(scale), Y: 100 / vg.Length(scale)}, "Customers won")
		}}
		return (&Picture{page: p}).pixels()
	}
	if far := farthest(drawn(10, 1), drawn(20, 0.5)); far > 2 {
		t.Errorf("a pixel is %d steps from that of the smaller font", far)
	}
}
