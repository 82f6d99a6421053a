package lesson

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/picture"
	"windfall/plots/plotcheck"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/answer"
	"windfall/sim/metric"
	"windfall/sim/study"
)

// TestPicturesOfEveryLesson looks at all pictures of all lessons: no texts
// overlap, none leaves the canvas, every axis has a unit. Texts are those of the
// lessons; numbers are made up, of several sizes, since running all lessons takes
// minutes. The short version gives each lesson one of the sizes, in turn; the long
// one runs the lesson too, with few replications.
func TestPicturesOfEveryLesson(t *testing.T) {
	verifying := os.Getenv("WINDFALL_VERIFY") == "1"
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
			for i, size := range []float64{1, 0.001, 1e6, -40} {
				if i == lessons%4 || verifying {
					look(t, madeUp(s, size), []string{"", "-small", "-large", "-negative"}[i])
				}
			}
			if verifying {
				s.Replications, s.Control = min(s.Replications, 100), nil
				panels, err := answer.InMemory(t.Context(), 2, s.Parts()...)
				require.NoError(t, err)
				look(t, s.Judge(panels...), "-run")
			}
		})
	}
	assert.NotZero(t, lessons)
}

// look checks the pictures of an answer.
func look(t *testing.T, a *study.Answer, suffix string) {
	t.Helper()
	pictures, err := Of(a)
	require.NoError(t, err)
	require.NotEmpty(t, pictures, "a lesson has pictures")
	assert.Equal(t, SlideName, pictures[0].Name)
	for _, h := range pictures {
		p, err := h.Picture()
		require.NoError(t, err, h.Name)
		svg, err := p.SVG()
		require.NoError(t, err, h.Name)
		faults, err := plotcheck.Check(svg)
		require.NoError(t, err, h.Name)
		assert.Empty(t, faults, h.Name+suffix)
		for _, axis := range p.Axes() {
			assert.True(t, axis.Names || axis.Unit != "", "%s: the axis %q has no unit; write NAME, UNIT", h.Name, axis.Name)
		}
		csv, err := p.CSV()
		require.NoError(t, err, h.Name)
		assert.Greater(t, strings.Count(string(csv), "\n"), 1, h.Name)
	}
}

// A line that is worked out is dashed, as good as that too, so that one of the runs under it is seen.
func TestComputedLinesAreDashed(t *testing.T) {
	computed := func(points ...analysis.Estimate) bool { return picture.Line{Points: points}.Computed() }
	assert.True(t, computed(analysis.Estimate{Value: 0.5, Low: 0.5, High: 0.5}, analysis.Estimate{Value: 1, Low: 0.9995, High: 1.0005}))
	assert.False(t, computed(analysis.Estimate{Value: 0.5, Low: 0.48, High: 0.52}, analysis.Estimate{Value: 1, Low: 1, High: 1}))
}

// A series has the same colour in all pictures of a lesson, one that is said shortly too, and another than those beside
// it.
func TestSeriesKeepTheirColors(t *testing.T) {
	colors := colorsOf([][]string{{"affiliates", "SEO"}, {"branded search", "affiliates"},
		{"plain", "twin that sees a tenth"}, {"sees a tenth", "sees all"}, {"alone"}})
	assert.Equal(t, map[string]int{"affiliates": 1, "SEO": 2, "branded search": 2, "plain": 1, "twin that sees a tenth": 2,
		"sees a tenth": 2, "sees all": 1, "alone": 1}, colors)
	for _, l := range study.Lessons() {
		run, err := l.RecordedAnswer()
		require.NoError(t, err, l.ID)
		names := namesOf(run.Pictures)
		colors := colorsOf(names)
		for _, of := range names {
			seen := map[int]string{}
			for _, name := range of {
				assert.Empty(t, seen[colors[name]], "%s: %s has the colour of another", l.ID, name)
				seen[colors[name]] = name
			}
		}
	}
}

// The values of a plan are those that the study ran: its seed and its runs are not the plan's own.
func TestValuesAreThoseOfTheStudy(t *testing.T) {
	l, err := study.FindLesson("L01")
	require.NoError(t, err)
	s, err := study.Open(l.Name, nil)
	require.NoError(t, err)
	of := s.Settings[0].Plan
	seed := of.Run.Seed
	values := map[string]string{}
	for _, a := range scenarios.Assumptions(asRun(of, &study.Answer{Finding: study.Finding{Seed: 11, Replications: 80}})) {
		values[a.Key] = a.Value + ", " + a.Place
	}
	assert.Equal(t, "11, this study", values["run.seed"])
	assert.Equal(t, "80, this study", values["run.replications"])
	assert.Equal(t, seed, of.Run.Seed, "the plan keeps its own")
}

// The next lesson's title has one stop, a question mark or a full stop.
func TestTitlesHaveOneStop(t *testing.T) {
	assert.Equal(t, "L07: who won the customer?", stopped("L07: who won the customer?"))
	assert.Equal(t, "L08: cheap to win.", stopped("L08: cheap to win"))
}

// A page says what is assumed with its sources, what the model leaves out, and what
// comes next; with --set it says where that does not act.
func TestPageSaysWhatIsAssumed(t *testing.T) {
	l, err := study.FindLesson("L08")
	require.NoError(t, err)
	s, err := study.Open(l.Name, []string{"channels.affiliates.churn=1.2"})
	require.NoError(t, err)
	a := madeUp(s, 1)
	a.Warnings = s.Warnings
	a.Expectations[0].Claim, a.Expectations[0].Bound = "won(plan) > won(last-year)", 42
	pictures, err := Of(a)
	require.NoError(t, err)
	next, ok := l.Next()
	require.True(t, ok)
	d, err := Page(a, pictures, Origin{Version: "1", Command: "windfall lesson L08", Title: s.Title, File: s.File, Plan: s.Settings[0].Plan, Next: &next})
	require.NoError(t, err)
	var titles []string
	for _, section := range d.Sections {
		titles = append(titles, section.Title)
		switch section.Title {
		case "Assumptions":
			own := section.Blocks[0].(report.Table)
			var keys []string
			for _, row := range own.Rows {
				keys = append(keys, row[0].Text+" "+row[1].Text+" "+row[3].Text)
			}
			assert.Contains(t, keys, "channels.affiliates.fee_per_customer 50 C13")
			assert.Contains(t, keys, "channels.affiliates.churn 1.2 ")
		case "What is expected":
			table := section.Blocks[0].(report.Table)
			assert.Equal(t, "against", table.Columns[4].Name)
			assert.Equal(t, "42", table.Rows[0][4].Text)
		}
	}
	assert.Equal(t, []string{"More pictures", "What is expected", "The control", "Assumptions", "What the model leaves out", "How to reproduce it", "The next lesson"}, titles)
	page, err := d.Render()
	require.NoError(t, err)
	assert.Contains(t, string(page), "windfall lesson L09")
	assert.Contains(t, string(page), "does not act in")
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// madeUp is an answer of a study with numbers of a size that nobody ran.
func madeUp(s *study.Study, size float64) *study.Answer {
	fill := func(text string) string { return placeholder.ReplaceAllString(text, "44.2% (43.1 to 45.3)") }
	judged := func(list []study.Expectation) (out []study.Judged) {
		for _, x := range list {
			out = append(out, study.Judged{Name: x.Name, Title: x.Title, Verdict: metric.Undecided})
		}
		return out
	}
	a := &study.Answer{Finding: study.Finding{Study: s.Name, Question: s.Question, Sentence: fill(s.Answer),
		Verdict: metric.Undecided, Replications: s.Replications, Seed: s.Seed, Expectations: judged(s.Expectations)}}
	if c := s.Control; c != nil {
		a.Control = &study.Checked{Title: c.Title, Sets: c.Sets, Replications: c.Replications, Expectations: judged(c.Expectations), Verdict: metric.Undecided}
	}
	for i := range s.Pictures {
		p := &s.Pictures[i]
		d := study.Drawn{Picture: p, Name: p.Name, Title: fill(p.Title)}
		for k, c := range p.Series {
			curve := study.DrawnCurve{Name: c.Name, Title: c.Title}
			for n := range c.Values {
				v := size * (1 + 0.3*math.Sin(float64(n)+2*float64(k)))
				half := 0.05 * math.Abs(v)
				curve.Points = append(curve.Points, analysis.Estimate{Value: v, Low: v - half, High: v + half, N: s.Replications})
			}
			d.Series = append(d.Series, curve)
		}
		a.Pictures = append(a.Pictures, d)
	}
	return a
}

// recordedPictures are a lesson's recorded answer and its pictures.
func recordedPictures(t *testing.T, id string) (*study.Answer, []gallery.Named) {
	t.Helper()
	l, err := study.FindLesson(id)
	require.NoError(t, err)
	a, err := l.RecordedAnswer()
	require.NoError(t, err)
	pictures, err := Of(a)
	require.NoError(t, err)
	return a, pictures
}

// Bars stand in the order that their title says, and weeks of a curve are dates.
func TestRecordedPicturesAreInOrder(t *testing.T) {
	drawn := func(id, name string) (d plots.Drawing) {
		_, pictures := recordedPictures(t, id)
		for _, h := range pictures {
			if h.Name == name {
				d = h.Drawing
			}
		}
		return d
	}
	falls := drawn("L05", "channels").(plots.Bars)
	assert.Equal(t, "branded search", falls.Labels[0], "which falls most")
	assert.Equal(t, "partners", falls.Labels[len(falls.Labels)-1], "which fall least")
	for _, bars := range []plots.Bars{falls, drawn("L02", "three-costs").(plots.Bars), drawn("L08", "cac").(plots.Bars)} {
		assert.IsIncreasing(t, bars.Lines[0].Values())
	}
	assert.IsDecreasing(t, drawn("L08", "value").(plots.Bars).Lines[0].Values())
	assert.Equal(t, []string{"1", "2", "3", "4", "5", "6"}, drawn("L04", "paths").(plots.Bars).Labels, "those that count keep theirs")
	assert.Equal(t, 2013, drawn("L06", "built").(plots.Curve).Start.Year())
}

// A time that an answer names is where the line of its picture stands at that height.
func TestTimesAreThoseOfThePicture(t *testing.T) {
	l, err := study.FindLesson("L06")
	require.NoError(t, err)
	a, err := l.RecordedAnswer()
	require.NoError(t, err)
	reaches := func(d study.Drawn, height float64) float64 {
		points := d.Series[0].Points
		for i := range points[1:] {
			if low, high := points[i].Value, points[i+1].Value; low < height && height <= high {
				return d.Picture.X[i] + (d.Picture.X[i+1]-d.Picture.X[i])*(height-low)/(high-low)
			}
		}
		return math.NaN()
	}
	for _, x := range a.Shows {
		if height := map[string]float64{"half": 0.5, "ninety": 0.9}[x.Name]; height > 0 {
			assert.InDelta(t, x.Value.Value, reaches(a.Pictures[0], height), 0.2, x.Name)
		}
	}
}

// What a picture leaves out stands in the line under its title and under that of a page.
func TestPicturesSayWhatTheyLeaveOut(t *testing.T) {
	for _, id := range []string{"L05", "L08", "L11"} {
		a, pictures := recordedPictures(t, id)
		noted := 0
		for i := range a.Pictures {
			note := a.Pictures[i].Picture.Note
			if note == "" {
				continue
			}
			noted++
			drawn, err := pictures[i+1].Picture()
			require.NoError(t, err)
			svg, err := drawn.SVG()
			require.NoError(t, err)
			assert.Contains(t, string(svg), note)
			c, err := chart(&a.Pictures[i], pictures[i+1], nil)
			require.NoError(t, err)
			assert.Contains(t, c.(report.Chart).Views[0].Notes, words.Capital(note)+".")
		}
		assert.Positive(t, noted, id)
	}
}

// A lesson is named once.
func TestHeading(t *testing.T) {
	assert.Equal(t, "L05: pause the brand", heading("L05-pause-the-brand", "L05: pause the brand"))
	assert.Equal(t, "mine: My own", heading("mine", "My own"))
}
