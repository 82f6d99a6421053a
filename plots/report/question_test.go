package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// A page has the question of its command, the answer, the rows that are printed
// and all of them, pictures, how to read them, and the command.
func TestPageOfAnAnswer(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	s := page.NewSheet("plans", "Plans", "plan", "±won")
	s.Row("A", page.With(words.Percent, e))
	s.Row("B", page.With(words.Percent, e))
	s.Shown = 1
	pictures := []page.Picture{
		{Name: "changes", Data: picture.Bars{Finding: "Changes", ValueName: "Change", Percent: true,
			Labels: []string{"a", "b"}, Lines: []picture.Line{{Name: "metro", Points: []analysis.Estimate{e, e}}}}},
		{Name: "curve", Data: picture.Curve{Finding: "Curve", XName: "Spend", YName: "Won", X: []float64{1, 2},
			Lines: []picture.Line{{Name: "won", Points: []analysis.Estimate{e, e}}}}},
		{Name: "heat", Data: picture.Heat{RowsAre: "shock", ColumnsAre: "plan", Rows: []string{"a"},
			Columns: []string{"b"}, Values: [][]float64{{1}}}},
	}
	d, err := Of(&page.Document{Question: "stress", Scenario: "metro", Sentences: []string{"The worst is a."},
		Warnings: []string{"few pairs"}, Sheets: []*page.Sheet{s}, Pictures: pictures, Seed: 1, Size: "2 pairs"},
		Made{Typed: "windfall stress metro", Version: "1", Data: []byte("{}")})
	require.NoError(t, err)
	assert.Equal(t, "What would break this plan?", d.Question)
	require.Len(t, d.Lead, 3)
	assert.Equal(t, "Changes", d.Lead[0].(Chart).Title, "the picture first, then the numbers")
	assert.Len(t, d.Lead[2].(Table).Rows, 1)
	var titles []string
	for _, section := range d.Sections {
		titles = append(titles, section.Title)
	}
	assert.Equal(t, []string{"More pictures", "More numbers", "How to read it", "What it cannot say", "Method",
		"How to reproduce it"}, titles)
	_, err = d.Render()
	require.NoError(t, err)
}

// A page does not promise the same plans of a search on every processor, since its method says that there may be others.
func TestWhatTheSameCommandGivesAgain(t *testing.T) {
	for searched, want := range map[bool]string{false: "to the last digit on any machine.", true: "may try other plans;"} {
		d, err := Of(&page.Document{Question: "optimise", Scenario: "metro", Sentences: []string{"A."}, Size: "2 plans",
			Searched: searched}, Made{Typed: "windfall", Version: "1", Data: []byte("{}")})
		require.NoError(t, err)
		last := d.Sections[len(d.Sections)-1]
		require.Equal(t, "How to reproduce it", last.Title)
		assert.Contains(t, last.Blocks[2], want)
	}
}

// A column in which no row says anything is not shown.
func TestAColumnThatSaysNothingIsNotShown(t *testing.T) {
	s := page.NewSheet("ranking", "Plans", "plan", "too close to call against")
	s.Row("A", "")
	s.Row("B", "")
	a := &page.Document{Question: "compare", Scenario: "metro", Sentences: []string{"A."}, Sheets: []*page.Sheet{s}, Size: "2 pairs"}
	d, err := Of(a, Made{Typed: "windfall", Version: "1", Data: []byte("{}")})
	require.NoError(t, err)
	require.Len(t, d.Lead[0].(Table).Columns, 1)
	s.Rows[1][1] = page.Words("A")
	d, err = Of(a, Made{Typed: "windfall", Version: "1", Data: []byte("{}")})
	require.NoError(t, err)
	assert.Len(t, d.Lead[0].(Table).Columns, 2)
}

// A picture without a title of its own is called by what it shows, not by the name of its file.
func TestAPictureIsCalledByWhatItShows(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	d, err := Of(&page.Document{Question: "sensitivity", Scenario: "metro", Sentences: []string{"It is a."}, Size: "2 runs",
		Pictures: []page.Picture{{Name: "variance-lifetime_margin", Data: picture.Bars{Finding: "Where the variance comes from",
			ValueName: "Share", Percent: true, Labels: []string{"a"}, Lines: []picture.Line{{Name: "total",
				Points: []analysis.Estimate{e}}}}}}}, Made{Typed: "windfall", Version: "1", Data: []byte("{}")})
	require.NoError(t, err)
	assert.Equal(t, "Where the variance comes from", d.Lead[0].(Chart).Title)
}

// A value that bars should reach is a line of the chart, with its name.
func TestAChartShowsWhatBarsShouldReach(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	b := picture.Bars{ValueName: "Share", Percent: true, Labels: []string{"a"}, Wanted: 0.8, WantedFor: "a test should reach",
		Lines: []picture.Line{{Points: []analysis.Estimate{e}}}}
	v, err := views(page.Picture{Name: "power", Data: b})
	require.NoError(t, err)
	assert.Equal(t, []Span{{Name: "80%, which a test should reach", From: "0.8", To: "0.8"}}, v[0].Spans)
}

// A page for a board shows the main columns and does not explain those that it leaves out.
func TestABoardReadsOfTheColumnsThatItSees(t *testing.T) {
	s := page.NewSheet("truth", "What each brings", "without", "#customers", "#won only with")
	s.Row("brand", page.Num("656", 656), page.Num("676", 676))
	s.Main = 2
	s.Notes = []string{"Won only with are firms. Customers are per run.", "Of won only with alone."}
	b := BriefOf(&page.Document{Question: "truth", Scenario: "metro", Sentences: []string{"A."}, Sheets: []*page.Sheet{s},
		Size: "2 runs"}, Made{})
	table, _ := b.table(1000)
	require.NotNil(t, table)
	assert.Len(t, table.Columns, 2)
	assert.Equal(t, []string{"2 runs, seed 0, of the scenario metro.", "Customers are per run."}, b.rests())
	s.Main = 0
	table, _ = b.table(1000)
	assert.Len(t, table.Columns, 3)
	assert.Len(t, b.rests(), 3)
}

// What a page for a board rests on ends with a sentence.
func TestTextsAreCutBehindASentence(t *testing.T) {
	assert.Equal(t, "One. Two.", sentences("One. Two. Three is longer.", 14))
	assert.Equal(t, "One.", sentences("One.", 14))
	assert.Equal(t, "A sentence without an end that fits", sentences("A sentence without an end that fits", 14))
}

// The key names all bars before their intervals, and an axis of dates says when its numbers are unless they are weekly.
func TestKeysAndDatesOfQuestions(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	line := func(name string) picture.Line { return picture.Line{Name: name, Points: []analysis.Estimate{e, e}} }
	v, err := views(page.Picture{Name: "power", Data: picture.Bars{ValueName: "Share", Labels: []string{"a", "b"},
		Lines: []picture.Line{line("with"), line("without")}}})
	require.NoError(t, err)
	var kinds []MarkKind
	for _, m := range v[0].Marks {
		kinds = append(kinds, m.Kind)
	}
	assert.Equal(t, []MarkKind{Rows, Rows, Reach, Reach}, kinds)
	c := picture.Curve{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), XName: "Date (middle of each period)", YName: "Won",
		X: []float64{1, 5}, Lines: []picture.Line{line("won")}}
	for _, name := range []string{c.XName, ""} {
		c.XName = name
		v, err = views(page.Picture{Name: "history", Data: c})
		require.NoError(t, err)
		assert.Equal(t, name, v[0].X.Label)
	}
}
