package page

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/why"
	"windfall/sim/panel"
)

// files lists the files of an answer's tables with their columns.
func files(d *Document) (out []string) {
	for _, s := range d.Sheets {
		columns, _ := s.Kept(func(name string) string { return strings.ReplaceAll(name, " ", "_") })
		line := s.Name + ":"
		for _, c := range columns {
			line += " " + c.Name
			if c.Text {
				line += " (text)"
			}
		}
		out = append(out, line)
	}
	return out
}

// Which files an answer has, and which columns they have, follows from what was asked: they are the same whatever the
// numbers are.
func TestFilesFollowFromTheAsk(t *testing.T) {
	number := func(x float64) func(panel.Measure, int) float64 { return func(panel.Measure, int) float64 { return x } }
	spread := func(_ panel.Measure, i int) float64 { return 49 + float64(i%3) }
	want := files(compared(t, "won", 30, number(1000), spread))
	assert.Contains(t, want[0], " difference difference_low difference_high relative")
	assert.Contains(t, want, "quantiles: won (text) 5% 5%_low 5%_high 25% 25%_low 25%_high 50% 50%_low 50%_high "+
		"75% 75%_low 75%_high 95% 95%_low 95%_high")
	for name, d := range map[string]*Document{
		"identical": compared(t, "won", 30, number(1000), number(0)),
		"missing":   compared(t, "won", 30, number(math.NaN()), number(0)),
		"one run":   compared(t, "won", 1, number(1000), spread),
	} {
		assert.Equal(t, want, files(d), name)
	}

	want = files(discovered(t, "cash_end < 0", 1000, func(at float64, _ int) float64 { return 1000 * (at - 0.3) }))
	assert.Len(t, want, 1)
	assert.Equal(t, want, files(discovered(t, "cash_end < 0", 60, func(float64, int) float64 { return math.NaN() })), "no box")

	normal := func(panel.Measure) float64 { return 0.5 }
	want = files(pauses(t, 30, func(panel.Measure) float64 { return 10 }, normal))
	for _, x := range []float64{0, math.NaN()} {
		none := func(panel.Measure) float64 { return x }
		assert.Equal(t, want, files(pauses(t, 30, none, none)), "%v", x)
	}
	assert.Equal(t, want, files(pauses(t, 1, func(panel.Measure) float64 { return 10 }, normal)), "one run")

	a := story(50)
	want = files(Why(a, cure))
	a.Parted, a.Verdict = analysis.Parting{Week: 5, Below: true}, decide.Verdict{Kind: decide.Yes}
	a.Causes = []why.Cause{{Cause: analysis.Cause{Name: "touches", Sum: 450, Mean: 509, Score: -3.25}}}
	a.Journeys = []why.Journey{{Trigger: "new-firm", Firm: "1-4/trades/town", Opened: -1.5, Raised: 2, Path: []string{"email"}}}
	assert.Equal(t, want, files(Why(a, cure)))
	assert.Contains(t, want, "causes: cause (text) here mean_of_all did_to_cash standard_deviations")
}
