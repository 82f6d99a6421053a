package plots

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"slices"
	"sync"
)

// encodePNG writes an opaque picture with a palette, which takes less than half of
// the bytes, and a tenth of the time, of red, green and blue for every pixel.
func encodePNG(m *image.RGBA) ([]byte, error) {
	var buf bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &encoders}
	err := e.Encode(&buf, reduced(m))
	return buf.Bytes(), err
}

// encoders keeps the memory of encoders for the next picture.
var encoders encoderPool

type encoderPool struct{ sync.Pool }

// Get implements png.EncoderBufferPool.
func (p *encoderPool) Get() *png.EncoderBuffer {
	b, _ := p.Pool.Get().(*png.EncoderBuffer)
	return b
}

// Put implements png.EncoderBufferPool.
func (p *encoderPool) Put(b *png.EncoderBuffer) { p.Pool.Put(b) }

// mostColors is what one byte a pixel can tell apart.
const mostColors = 256

// A shade is a colour of a picture, 0xRRGGBB, and the number of its pixels.
type shade struct {
	rgb    uint32
	pixels int
}

// A stretch is a number of pixels side by side that have the same colour, which is
// named by its place in a list. Pictures are mostly paper, so they have few.
type stretch struct{ shade, pixels uint32 }

// reduced gives an opaque picture in at most 256 colours. Colours of many pixels
// are kept, and every other pixel takes the nearest of those.
func reduced(m *image.RGBA) *image.Paletted {
	shades, stretches := shadesOf(m)
	kept := keptShades(shades)
	out := image.NewPaletted(m.Bounds(), make(color.Palette, len(kept)))
	for i, s := range kept {
		out.Palette[i] = color.RGBA{uint8(s.rgb >> 16), uint8(s.rgb >> 8), uint8(s.rgb), 255}
	}
	place := make([]uint8, len(shades))
	for i, s := range shades {
		place[i] = uint8(nearest(kept, s.rgb))
	}
	rest := out.Pix // 0 at first, which is the place of the paper
	for _, s := range stretches {
		if c := place[s.shade]; c > 0 {
			for i := range rest[:s.pixels] {
				rest[i] = c
			}
		}
		rest = rest[s.pixels:]
	}
	return out
}

// shadesOf lists the colours of a picture in the order in which they appear, and
// its pixels as stretches of them.
func shadesOf(m *image.RGBA) (shades []shade, stretches []stretch) {
	at := map[uint32]uint32{}
	stretches = make([]stretch, 0, len(m.Pix)/64) // about as many as a picture has
	for from := 0; from < len(m.Pix); {
		to := endOfStretch(m.Pix, from)
		rgb := binary.BigEndian.Uint32(m.Pix[from:]) >> 8
		place, known := at[rgb]
		if !known {
			place = uint32(len(shades))
			at[rgb], shades = place, append(shades, shade{rgb: rgb})
		}
		pixels := (to - from) / 4
		shades[place].pixels += pixels
		stretches = append(stretches, stretch{place, uint32(pixels)})
		from = to
	}
	return shades, stretches
}

// endOfStretch finds where the pixels end that are as the one at from, of four bytes
// each. It looks at two at a time.
func endOfStretch(pixels []byte, from int) int {
	one := binary.LittleEndian.Uint32(pixels[from:])
	two := uint64(one)<<32 | uint64(one)
	to := from + 4
	for to+8 <= len(pixels) && binary.LittleEndian.Uint64(pixels[to:]) == two {
		to += 8
	}
	for to < len(pixels) && binary.LittleEndian.Uint32(pixels[to:]) == one {
		to += 4
	}
	return to
}

// keptShades chooses the colours of a palette, those of most pixels first, and so
// far apart that there are at most 256. Every colour that is left out is nearer than
// that to one that is kept, so a thin line keeps its colour however few pixels it
// has.
func keptShades(shades []shade) (kept []shade) {
	byPixels := slices.Clone(shades)
	slices.SortFunc(byPixels, func(a, b shade) int {
		return cmp.Or(cmp.Compare(b.pixels, a.pixels), cmp.Compare(a.rgb, b.rgb))
	})
	for apart := 1; ; apart++ {
		if kept = farApart(byPixels, apart); len(kept) <= mostColors {
			return kept
		}
	}
}

// farApart takes colours in their order, each that is at least so far from all
// that were taken before, and stops when they are too many for a palette.
func farApart(shades []shade, apart int) (taken []shade) {
	for _, s := range shades {
		near := func(other shade) bool { return distance(other.rgb, s.rgb) < apart }
		if slices.ContainsFunc(taken, near) {
			continue
		}
		if taken = append(taken, s); len(taken) > mostColors {
			break
		}
	}
	return taken
}

// nearest gives the place of the colour that is nearest, the first of several.
func nearest(shades []shade, rgb uint32) int {
	best, least := 0, 256
	for i, s := range shades {
		if d := distance(s.rgb, rgb); d < least {
			if best, least = i, d; d == 0 {
				break
			}
		}
	}
	return best
}

// distance is the largest difference of two colours in red, green or blue, of 255.
func distance(a, b uint32) int {
	red := int(a>>16) - int(b>>16)
	green := int(a>>8&255) - int(b>>8&255)
	blue := int(a&255) - int(b&255)
	return max(red, -red, green, -green, blue, -blue)
}
