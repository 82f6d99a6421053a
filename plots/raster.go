package plots

import (
	"image"
	"image/color"
	"math"
	"sync"

	"git.sr.ht/~sbinet/gg"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// A raster is a canvas of pixels that writes upright text itself: vgimg sends every
// letter through a general transformation of images, which takes longer than all
// lines and areas of a picture.
type raster struct {
	*vgimg.Canvas
	pixels  *image.RGBA
	context *gg.Context // knows where a point of the canvas is among the pixels
	color   color.Color // of text
}

// newRaster makes a canvas of white, which is the paper.
func newRaster(width, height vg.Length) *raster {
	size := image.Rect(0, 0, int(math.Round(width.Dots(dotsPerInch))), int(math.Round(height.Dots(dotsPerInch))))
	c := &raster{pixels: sheet(size)}
	c.context = gg.NewContextForRGBA(c.pixels)
	c.context.SetLineCapButt()
	c.context.InvertY()
	c.Canvas = vgimg.NewWith(vgimg.UseDPI(dotsPerInch), vgimg.UseImageWithContext(c.pixels, c.context))
	return c
}

// sheets are pixels of pictures that are written, for others: each has 8 MB.
var sheets sync.Pool

// sheet gives pixels of any colours.
func sheet(size image.Rectangle) *image.RGBA {
	bytes := 4 * size.Dx() * size.Dy()
	if used, ok := sheets.Get().(*image.RGBA); ok && bytes <= cap(used.Pix) {
		return &image.RGBA{Pix: used.Pix[:bytes], Stride: 4 * size.Dx(), Rect: size}
	}
	return image.NewRGBA(size)
}

// SetColor implements vg.Canvas.
func (c *raster) SetColor(clr color.Color) {
	if c.color = clr; clr == nil {
		c.color = color.Black
	}
	c.Canvas.SetColor(clr)
}

// FillString implements vg.Canvas. The colour is that of the last SetColor, which
// every text handler calls first.
func (c *raster) FillString(face font.Face, at vg.Point, text string) {
	x, y := c.context.TransformPoint(at.X.Dots(dotsPerInch), at.Y.Dots(dotsPerInch))
	nextX, nextY := c.context.TransformPoint(at.X.Dots(dotsPerInch)+1, at.Y.Dots(dotsPerInch))
	scale := nextX - x
	if nextY != y || scale <= 0 { // rotated
		c.Canvas.FillString(face, at, text)
		return
	}
	pen := xfont.Drawer{Dst: c.pixels, Src: image.NewUniform(c.color), Face: face.FontFace(dotsPerInch * scale),
		Dot: fixed.Point26_6{X: in64ths(x), Y: in64ths(y)}}
	pen.DrawString(text)
}

func in64ths(x float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(64 * x)) }
