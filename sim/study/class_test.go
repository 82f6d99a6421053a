package study

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/metric"
)

// The recorded pictures of every lesson are those that its study draws now: the same names, titles, positions and
// series, dates of the same calendar, each with a point a position. (That the points are those of a run the long version of TestLessons holds.)
func TestRecordedPicturesAreThoseOfTheStudy(t *testing.T) {
	bytes := 0
	for _, l := range Lessons() {
		text, err := scenarios.Lesson(l.Name, PicturesFile)
		require.NoError(t, err, l.ID)
		bytes += len(text)
		run, err := l.RecordedRun()
		require.NoError(t, err, l.ID)
		assert.Positive(t, run.CPUSeconds, l.ID)
		s, err := opened(l.Name)
		require.NoError(t, err)
		require.Len(t, run.Pictures, len(s.Pictures), l.ID)
		for i := range s.Pictures {
			p := &s.Pictures[i]
			kept, err := run.Pictures[i].drawn(1)
			require.NoError(t, err, l.ID)
			assert.Equal(t, p.X, kept.Picture.X, "%s %s", l.ID, p.Name)
			if p.Kind == "weeks" {
				assert.Equal(t, s.Settings[0].Plan.Run.Start, kept.Picture.Start, "%s %s: the axis of dates", l.ID, p.Name)
			}
			assert.Equal(t, l.Recorded.fill(p.Title), kept.Title, l.ID)
			assert.Equal(t, []any{p.Kind, p.Name, p.XTitle, p.YTitle, p.Labels, p.Percent, p.Log, p.Note}, []any{kept.Picture.Kind,
				kept.Name, kept.Picture.XTitle, kept.Picture.YTitle, kept.Picture.Labels, kept.Picture.Percent, kept.Picture.Log, kept.Picture.Note}, l.ID)
			require.Len(t, kept.Series, len(p.Series), l.ID)
			for k, c := range p.Series {
				assert.Equal(t, l.Recorded.fill(c.Title), kept.Series[k].Title, "%s %s", l.ID, p.Name)
				assert.Len(t, kept.Series[k].Points, len(c.Values), "%s %s %s", l.ID, p.Name, c.Name)
			}
		}
	}
	assert.Less(t, bytes, 400_000, "all pictures together")
}

// A point keeps its interval, says so in one number where that is all, and says null where there is none.
func TestPointsAreKept(t *testing.T) {
	for text, p := range map[string]Point{"[0.12346,0.1,0.2]": {0.1234567, 0.1, 0.2}, "[3]": {3, 3, 3}, "[-1.5e+06,-2e+06,null]": {-1.5e6, -2e6, math.Inf(1)}} {
		made, err := json.Marshal(p)
		require.NoError(t, err)
		assert.Equal(t, text, string(made))
		var back Point
		require.NoError(t, json.Unmarshal(made, &back))
		assert.InDelta(t, p.Value, back.Value, 1e-4*math.Abs(p.Value))
		assert.Equal(t, math.IsInf(p.High, 0), math.IsNaN(back.High))
	}
	assert.Error(t, json.Unmarshal([]byte(`{"a":1}`), &Point{}))
}

func TestAnswersAreRightWithinTheError(t *testing.T) {
	marked := func(x *Exercise, answers map[Mark][]string) {
		for mark, texts := range answers {
			for _, text := range texts {
				got, err := x.Mark(text)
				require.NoError(t, err, text)
				assert.Equal(t, mark, got, text)
			}
		}
	}
	x := &Exercise{Lesson: "L05", Number: 1, Value: 0.101, Tolerance: 0.004, unit: "%"}
	marked(x, map[Mark][]string{ // a share may be told with and without its sign
		Right:     {"0.101", "10.1%", "10%", "0.097", "10.5 %", "0.1", ".1", "10", "10.1", "0,101", "10,1 %", "10 percent", "+10%"},
		OtherSign: {"-10.1%", "−10%", "-0.1", "(10%)"},
		Wrong:     {"9%", "15.5%", "15.5", "101", "0.1%", "1,010", "-15.5%"},
	})
	marked(&Exercise{Value: 374.5, Tolerance: 46, unit: "USD"}, map[Mark][]string{
		Right: {"$374", "0.4k", "420", "$ 374.50", "374 USD", "374 dollars"}, Wrong: {"$1,300", "500", "1.300"}})
	marked(&Exercise{Value: -214_000, Tolerance: 12_000, unit: "USD"}, map[Mark][]string{
		Right:     {"-$214k", "−$0.21M", "-0.21m", "(214,000)", "-$214 000", "$-214,000", "-214_000", "-0.21 million"},
		OtherSign: {"$214k"}})
	marked(&Exercise{Value: 18.9, Tolerance: 1.6, unit: "weeks"}, map[Mark][]string{Right: {"19 weeks", "19", "18.9 week"}})
	marked(&Exercise{Value: 5.39, Tolerance: 0.7}, map[Mark][]string{Right: {"5.4 times", "5.4x", "$5.40", "5"}, Wrong: {"4"}})
	marked(&Exercise{Value: 2.13, Tolerance: 0.5, unit: "%"}, map[Mark][]string{Right: {"213%", "2.1", "2.1 times", "213"}})
	for _, text := range []string{"", "ten", "%", "NaN", "1e999", "Inf", "12 days", "--3", "(5", "1,23,4"} {
		_, err := x.Mark(text)
		assert.Error(t, err, text)
	}
	// Another seed: who is off by more than the tolerance, with an interval that reaches it, is right too.
	assert.True(t, x.Right(analysis.Estimate{Value: 0.109, Low: 0.104, High: 0.114}))
	assert.False(t, x.Right(analysis.Estimate{Value: 0.109, Low: 0.107, High: 0.111}))
	assert.True(t, x.Right(analysis.Estimate{Value: 0.101, Low: math.NaN(), High: math.NaN()}))
	assert.Equal(t, "10.1% (9.7 to 10.5)", x.Shown().Text(true))
	assert.Equal(t, "windfall lesson L05 --exercise 1", x.Command())
}

// A text follows the verdict, one that is too close to call too.
func TestTextsFollowTheVerdict(t *testing.T) {
	say := func(v metric.Verdict, text string) string {
		f := Finding{Expectations: []Judged{{Name: "bad", Verdict: v}}}
		return f.fill(text)
	}
	three, two := "{bad? No. | Too close to call. | They may be.} So.", "{bad? adds only | adds} it"
	assert.Equal(t, "No. So.", say(metric.Holds, three))
	assert.Equal(t, "Too close to call. So.", say(metric.Undecided, three))
	assert.Equal(t, "They may be. So.", say(metric.DoesNotHold, three))
	assert.Equal(t, "adds only it", say(metric.Holds, two))
	assert.Equal(t, "adds it", say(metric.Undecided, two))
	assert.Equal(t, "adds it", say(metric.DoesNotHold, two))
}

// No answer of a lesson says No, only or never whatever it finds: with every expectation too close to call these words
// are gone, unless they are part of what is assumed.
func TestUndecidedLessonsSayNothingFirm(t *testing.T) {
	for _, l := range Lessons() {
		s, err := opened(l.Name)
		require.NoError(t, err)
		f := l.Recorded.Finding
		f.Expectations = append([]Judged(nil), f.Expectations...)
		for i := range f.Expectations {
			f.Expectations[i].Verdict = metric.Undecided
		}
		text := " " + f.fill(s.Answer) + " "
		for _, word := range []string{" only ", " never ", "No. ", " cheapest ", "pays little", "add little", "Hardly"} {
			assert.NotContains(t, text, word, l.ID)
		}
	}
}

func TestVerdictsAreWorded(t *testing.T) {
	holds := Judged{Verdict: metric.Holds, Claim: "a - b < 1%", Bound: 0.01, Value: analysis.Estimate{Low: -0.037, High: 0.037, N: 100}}
	assert.Equal(t, "no difference in any of 100 runs; so few leave a margin of error of 3.7 points", holds.Note())
	clear, open := holds, holds
	clear.Value.High, open.Verdict = 0.005, metric.Undecided
	assert.Empty(t, clear.Note())
	assert.Empty(t, open.Note())
	assert.Equal(t, []string{NotContradicted, "confirmed", "too close to call"}, []string{holds.Word(), clear.Word(), open.Word()})
	paired := Judged{Verdict: metric.Holds, Claim: "won(x2) > won(x1)", Bound: 455, Value: analysis.Estimate{Value: 472.3, Low: 445.3, High: 499.3, N: 100}}
	assert.Equal(t, "confirmed", paired.Word(), "by the difference in the same runs")
	assert.Contains(t, paired.Note(), "the difference of both sides in the same runs")
	for _, c := range []struct {
		own, control metric.Verdict
		want         string
	}{
		{metric.Holds, metric.Holds, "confirmed; disappears when the mechanism is switched off, as it should"},
		{metric.Undecided, metric.Holds, "too close to call; disappears when the mechanism is switched off, as it should"},
		{metric.DoesNotHold, metric.Undecided, "not confirmed; whether it disappears when the mechanism is switched off is too close to call"},
		{metric.Holds, metric.DoesNotHold, "confirmed; does not disappear when the mechanism is switched off, as it should"},
	} {
		f := &Finding{Verdict: c.own, Expectations: []Judged{{Verdict: c.own}}, Control: &Checked{Verdict: c.control, Expectations: []Judged{clear}}}
		assert.Equal(t, c.want, VerdictOf(f))
	}
	l, err := FindLesson("L12")
	require.NoError(t, err)
	assert.Contains(t, VerdictOf(&l.Recorded.Finding), "nothing contradicts that it disappears")
	assert.Contains(t, VerdictOf(&l.Recorded.Finding), "margin of error of 3.7 points")
}

func TestNumbersOnSlidesAreShort(t *testing.T) {
	for text, x := range map[string]Shown{
		"$3.01M": {Unit: "USD", Value: analysis.Estimate{Value: 3006043, Low: 2.8e6, High: 3.2e6}}, "$917k": {Unit: "USD", Value: analysis.Estimate{Value: 916600, Low: 9e5, High: 9.3e5}},
		"−$1.68M": {Unit: "USD", Value: analysis.Estimate{Value: -1677068, Low: -1.7e6, High: -1.6e6}}, "$1,170": {Unit: "USD", Value: analysis.Estimate{Value: 1169.6, Low: 1056, High: 1283}},
		"$1.00M": {Unit: "USD", Value: analysis.Estimate{Value: 999_600, Low: 9e5, High: 1.1e6}}, "45.9%": {Unit: "%", Value: analysis.Estimate{Value: 0.458671, Low: 0.458671, High: 0.458671}},
		"0.3%": {Unit: "%", Value: analysis.Estimate{Value: 0.0032, Low: 0.001, High: 0.005}}, "688 customers": {Unit: "customers", Value: analysis.Estimate{Value: 687.6, Low: 670, High: 700}},
		"$52": {Unit: "USD", Value: analysis.Estimate{Value: 51.74, Low: 49.8, High: 53.7}}, "3,059": {Value: analysis.Estimate{Value: 3059.2, Low: 3000, High: 3100}},
	} {
		assert.Equal(t, text, x.Text(false), fmt.Sprint(x.Value.Value))
	}
}

// No number that a lesson says has more than three figures, except counts and amounts below 10,000, which stand in full.
func TestNumbersOfLessonsHaveThreeFigures(t *testing.T) {
	number := regexp.MustCompile(`[0-9][0-9,]*(\.[0-9]+)?`)
	for _, l := range Lessons() {
		d, err := l.Deck()
		require.NoError(t, err, l.ID)
		texts := []string{l.Recorded.Sentence}
		for _, s := range d.Slides {
			texts = append(texts, s.Picture.Title, s.Text)
			for _, c := range s.Picture.Series {
				texts = append(texts, c.Title)
			}
		}
		for _, text := range texts {
			for _, n := range number.FindAllString(text, -1) {
				plain := strings.ReplaceAll(strings.TrimSuffix(n, ","), ",", "")
				v, err := strconv.ParseFloat(plain, 64)
				require.NoError(t, err, n)
				digits := strings.TrimLeft(strings.ReplaceAll(plain, ".", ""), "0")
				whole := !strings.Contains(plain, ".") && (v < 10_000 || strings.Trim(digits[3:], "0") == "")
				assert.True(t, len(digits) <= 3 || whole, "%s: %s in %q", l.ID, n, text)
			}
		}
	}
}

// Every exercise ends with a question, for one number: that which is marked.
func TestExercisesAskForANumber(t *testing.T) {
	for _, l := range Lessons() {
		_, list, err := l.Exercises()
		require.NoError(t, err, l.ID)
		for _, x := range list {
			sentences := strings.SplitAfter(strings.Join(strings.Fields(x.Question), " "), ". ")
			last := sentences[len(sentences)-1]
			assert.Regexp(t, `\?$`, last, "%s, exercise %d", l.ID, x.Number)
			assert.Regexp(t, `(?i)what|how m|how l|which`, last, "%s, exercise %d asks yes or no", l.ID, x.Number)
			assert.NotRegexp(t, `(?i)\bthe same\b`, x.Asked, "%s, exercise %d: what is asked for stands alone", l.ID, x.Number)
			assert.NotEmpty(t, x.Asked)
		}
	}
}

// The hand-out prints the pictures of the first two slides: what the others say stands without theirs. A plan is as
// planned everywhere, and not as shipped in a legend.
func TestSlidesSpeakOfNoPictureThatIsNotThere(t *testing.T) {
	shown := regexp.MustCompile(`(?i)\b(pictures?|bars?|lines?|axis|slides?)\b`)
	for _, l := range Lessons() {
		d, err := l.Deck()
		require.NoError(t, err, l.ID)
		for i, s := range d.Slides {
			if i > 1 { // plots/lesson/assets/handout.html
				assert.NotRegexp(t, shown, s.Text, "%s, %s", l.ID, s.Title)
			}
		}
		for _, text := range []string{d.Setting, d.Control, d.Assumed} {
			assert.NotRegexp(t, shown, text, l.ID)
		}
		for _, name := range []string{"study.toml", SlidesFile, ExercisesFile, PageFile} {
			text, err := os.ReadFile(filepath.Join("../../scenarios/lessons", l.Name, name))
			require.NoError(t, err)
			assert.NotContains(t, strings.ToLower(string(text)), "as shipped", "%s, %s", l.ID, name)
		}
	}
}

// A number may be said with its sign turned: what is lower by an amount, not different by minus that.
func TestNumbersWithTheirSignTurned(t *testing.T) {
	r := &Record{Finding: Finding{Shows: []Shown{{Name: "loss", Unit: "USD", Value: analysis.Estimate{Value: -1.68e6, Low: -1.7e6, High: -1.64e6, N: 100}}}}}
	text, err := r.Fill("{-loss.value} lower ({-loss}), {loss.value}")
	require.NoError(t, err)
	assert.Equal(t, "$1.68M lower ($1.68M ($1.64M to $1.70M)), −$1.68M", text)
	_, err = r.Fill("{-none}")
	require.Error(t, err)
}

// What is wrong with a deck or an exercise is said, and nothing is left out in silence.
func TestDecksAndExercisesAreRefused(t *testing.T) {
	l, err := FindLesson("L05")
	require.NoError(t, err)
	run, err := l.RecordedRun()
	require.NoError(t, err)
	for text, problem := range map[string]string{
		"# L05\n\nGlossary: halo, lead\n":                     "a glossary of 10 lines, not 2",
		"# L05\n\nGlossary: hallo\n":                          `the glossary has no "hallo"`,
		"# L05\n\n{nothing}\n":                                `there is no recorded number "nothing"`,
		"# L05\n\n## A\n\n```picture\nnone\n```\n":            `there is no recorded picture "none"`,
		"# L05\n\n## A\n\n```bars\ntitle: a\n```\n":           "bars need a title, an axis and numbers",
		"# L05\n\n## A\n\n```bars\nx = control.none\n```\n":   `there is no recorded number "control.none"`,
		"# L05\n\n## A\n\n```bars\nx = fortnight | week\n```": `"x" has 2 numbers, not 1`,
		"# L05\n\n## A\n\n```bars\nwhat is this\n```\n":       "is no LABEL = NUMBER",
		"# L05\n\n## A\n\n{control.no-loss.high:%}\n":         `there is no recorded number "control.no-loss.high"`,
	} {
		_, err := readDeck(l, run, text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), problem)
	}
	for text, problem := range map[string]string{
		"A\nwhy?\n":                                "it has no \"### Solution\"",
		"A\nwhy?\n### Solution\nso":                "it has no block exercise",
		"A\n```exercise\nx\n```\n### Solution\nso": "it needs --set",
		"A\n```exercise\n--set 'a=1'\nexpect none = 1 +- 1\n```\n### Solution\nso":            "none is no number that the lesson shows",
		"A\n```exercise\n--set 'a=1'\nexpect fortnight = 1 +- 1\n```\n### Solution\n{nought}": `there is no recorded number "nought"`,
	} {
		_, err := l.exercise(1, text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), problem)
	}
	nowhere := Lesson{ID: "L99", Name: "L99-none"}
	_, err = nowhere.Deck()
	require.Error(t, err)
	_, _, err = nowhere.Exercises()
	require.Error(t, err)
}

// No text for class has a number of the record typed by hand: a percentage or an amount of money with a fraction, in a
// slide or a solution, comes from {NAME}. What a scenario sets may be said.
func TestNumbersForClassComeFromTheRecord(t *testing.T) {
	allowed := map[string]bool{"95%": true, "75%": true, "15%": true, "1%": true, "5%": true, "100%": true, "$50": true, "$10,000": true,
		"$900,000": true, "$450,000": true}
	for _, l := range Lessons() {
		for _, name := range []string{SlidesFile, ExercisesFile} {
			text, err := os.ReadFile(filepath.Join("../../scenarios/lessons", l.Name, name))
			require.NoError(t, err)
			plain := string(text)
			if name == ExercisesFile { // the questions name what is set
				plain = ""
				for _, part := range strings.Split(string(text), solutionTitle)[1:] {
					solution, _, _ := strings.Cut(part, "\n## ")
					plain += solution
				}
			}
			for _, word := range strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(" \n();:|{}", r) }) {
				word = strings.TrimRight(word, ".,?!")
				number := strings.HasPrefix(word, "$") && word != "$" || strings.HasSuffix(word, "%") && strings.ContainsAny(word, "0123456789")
				if number && !allowed[word] {
					assert.Fail(t, "typed by hand", "%s, %s: %s", l.ID, name, word)
				}
			}
		}
	}
}
