package lesson

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/gallery"
	"windfall/plots/plotcheck"
	"windfall/scenarios"
	"windfall/scenarios/study"
)

var (
	pictures     = flag.String("pictures", "", "a folder to write the pictures of every lesson to, for looking at")
	replications = flag.Int("replications", 2, "of each study that is drawn")
)

// TestPicturesOfEveryLesson runs every shipped study with few replications and
// looks at its pictures: no texts overlap, none leaves the canvas, every axis
// has a unit.
func TestPicturesOfEveryLesson(t *testing.T) {
	lessons := 0
	for _, b := range scenarios.List() {
		scenario, err := scenarios.Open(b.Name)
		require.NoError(t, err, b.Name)
		if scenario.Study == nil {
			continue
		}
		lessons++
		t.Run(b.Name, func(t *testing.T) {
			s, err := study.Open(b.Name, nil)
			require.NoError(t, err)
			s.Replications = *replications
			if s.Control != nil {
				s.Control.Replications = *replications
			}
			answer, err := s.Run(t.Context(), 2, nil)
			require.NoError(t, err)
			hung, err := Of(answer)
			require.NoError(t, err)
			require.NotEmpty(t, hung, "a lesson has pictures")
			assert.Equal(t, SlideName, hung[0].Name)
			for _, h := range hung {
				p, err := h.Picture()
				require.NoError(t, err, h.Name)
				svg, err := p.SVG()
				require.NoError(t, err, h.Name)
				faults, err := plotcheck.Check(svg)
				require.NoError(t, err, h.Name)
				assert.Empty(t, faults, h.Name)
				for _, axis := range p.Axes() {
					assert.True(t, axis.Names || axis.Unit != "", "%s: the axis %q has no unit; write NAME, UNIT", h.Name, axis.Name)
				}
				csv, err := p.CSV()
				require.NoError(t, err, h.Name)
				assert.Greater(t, strings.Count(string(csv), "\n"), 1, h.Name)
			}
			if *pictures != "" {
				dir := *pictures + "/" + b.Name
				require.NoError(t, os.MkdirAll(dir, 0o755))
				require.NoError(t, gallery.Write(hung, dir, 2, nil))
			}
		})
	}
	assert.NotZero(t, lessons)
}
