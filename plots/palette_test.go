package plots

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// mostChange is how far a colour may be from the one that was drawn, in steps of 255
// of red, green or blue; the eye cannot tell such colours apart.
const mostChange = 16

// TestPNGsKeepTheirColors compares PNGs with the pictures as they were drawn: those
// of most colours among the test pictures, and one whose colours all fit.
func TestPNGsKeepTheirColors(t *testing.T) {
	for name, exact := range map[string]bool{"paths": false, "slide-many-lines": false, "heat": false, "dist-constant": true} {
		p, err := testPictures()[name].Picture()
		if err != nil {
			t.Fatal(err)
		}
		drawn := p.pixels()
		encoded, err := encodePNG(drawn)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(encoded))
		if err != nil {
			t.Fatal(err)
		}
		switch far := farthest(drawn, got); {
		case exact && far > 0:
			t.Errorf("%s: a pixel is %d steps from its colour, though all colours fit into a palette", name, far)
		case !exact && (far == 0 || far > mostChange):
			t.Errorf("%s: a pixel is %d steps from its colour; at most %d are wanted, and some, since there are more colours than a palette has", name, far, mostChange)
		}
	}
}

// TestARareColorIsKept has 5,000 shades of blue, of two pixels each, and one pixel
// of orange.
func TestARareColorIsKept(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 100, 101))
	for i := range 10_000 {
		m.SetRGBA(i%100, i/100, color.RGBA{uint8(i / 2 % 50), uint8(i / 100), 255, 255})
	}
	for x := range 100 {
		m.SetRGBA(x, 100, color.RGBA{0, 0, 255, 255})
	}
	m.SetRGBA(50, 100, color.RGBA{230, 159, 0, 255})
	r := reduced(m)
	if got := r.At(50, 100); got != (color.RGBA{230, 159, 0, 255}) {
		t.Errorf("orange became %v", got)
	}
	if far := farthest(m, r); far > mostChange {
		t.Errorf("a pixel is %d steps from its colour", far)
	}
	if len(r.Palette) > mostColors {
		t.Errorf("%d colours in a palette", len(r.Palette))
	}
}

// farthest gives the largest distance of two pictures, pixel by pixel.
func farthest(drawn *image.RGBA, got image.Image) (far int) {
	for y := range drawn.Rect.Dy() {
		for x := range drawn.Rect.Dx() {
			a, b := drawn.RGBAAt(x, y), color.RGBAModel.Convert(got.At(x, y)).(color.RGBA)
			far = max(far, distance(packed(a), packed(b)))
		}
	}
	return far
}

func packed(c color.RGBA) uint32 { return uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B) }
