package plots

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/plotcheck"
)

// No picture cuts a name or a title short, on paper or on a phone: what is too wide takes another line. Only names
// that no page has room for, of the data that pictures are to trip over, are cut.
func TestNoPictureCutsAText(t *testing.T) {
	all, bad := testPictures(), nasty()
	cut := regexp.MustCompile(`<text[^>]*>([^<]*…)</text>`)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, slide := all[name].(Slide); slide || bad[name] != nil {
			continue
		}
		p, err := all[name].Picture()
		require.NoError(t, err, name)
		wide, err := p.SVG()
		require.NoError(t, err, name)
		narrow, err := Narrow(all[name])
		require.NoError(t, err, name)
		for form, svg := range map[string][]byte{"paper": wide, "phone": narrow} {
			for _, m := range cut.FindAllSubmatch(svg, -1) {
				t.Errorf("%s on %s: %s", name, form, m[1])
			}
		}
	}
}

// On a screen of 390 pixels with margins of 16 no letter of any picture is smaller than 9, no text overlaps another or
// leaves the canvas, and pictures made afterwards are as wide as ever.
func TestPicturesAreReadOnAPhone(t *testing.T) {
	size := regexp.MustCompile(`font-size:([0-9.]+)px`)
	all := testPictures()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, slide := all[name].(Slide); slide {
			continue // for projectors
		}
		svg, err := Narrow(all[name])
		require.NoError(t, err, name)
		faults, err := plotcheck.Check(svg)
		require.NoError(t, err, name)
		assert.Empty(t, faults, name)
		_, width, _, err := plotcheck.Boxes(svg)
		require.NoError(t, err, name)
		letters := size.FindAllSubmatch(svg, -1)
		require.NotEmpty(t, letters, name)
		least := math.Inf(1)
		for _, m := range letters {
			points, err := strconv.ParseFloat(string(m[1]), 64)
			require.NoError(t, err)
			least = min(least, points)
		}
		assert.GreaterOrEqual(t, least*(390-32)/width, 9.0, name)
	}
	before, err := all["funnel"].Picture()
	require.NoError(t, err)
	svg, err := before.SVG()
	require.NoError(t, err)
	_, width, _, err := plotcheck.Boxes(svg)
	require.NoError(t, err)
	assert.Equal(t, float64(onPaper.width), width)
}
