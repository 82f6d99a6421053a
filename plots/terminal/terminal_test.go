package terminal

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"windfall/plots/page"
)

// Where there is no terminal the first line comes when the pace is known, and says the time left.
func TestTheFirstLineOfProgressSaysTheTimeLeft(t *testing.T) {
	var b strings.Builder
	g := NewProgress(&b, nil, false)
	g.begun = g.begun.Add(-time.Minute)
	g.Tell(2, 0, 40, "of 40 runs")
	assert.Empty(t, b.String(), "two runs do not tell the pace")
	g.Tell(10, 0, 40, "of 40 runs")
	assert.Equal(t, "10 of 40 runs, 3m0s left\n", b.String())
	g.Tell(11, 0, 40, "of 40 runs")
	g.Tell(40, 0, 40, "of 40 runs")
	assert.Equal(t, 1, strings.Count(b.String(), "\n"), "the next comes later")
}

func TestADocumentAsText(t *testing.T) {
	s := page.NewSheet("plans", "Plans", "plan", "#won")
	for range 14 {
		s.Row("A", page.Num("412", 412))
	}
	s.Lead, s.Notes = "Before the table.", []string{"After it."}
	apart := page.NewSheet("apart", "Kept", "x")
	apart.Apart = true
	apart.Row("hidden")
	d := &page.Document{Sentences: []string{"Yes."}, Lines: []page.Cell{page.Toned("holds", page.Good)},
		Sheets: []*page.Sheet{s, apart}}
	show := func(all, colors bool) string {
		var b strings.Builder
		x := Text{Out: &b, Colors: colors}
		x.Document(d, all, func() { x.Lines("warned") })
		return b.String()
	}
	row := "A     412\n"
	assert.Equal(t, "Yes.\n✓ holds\n\nwarned\nBefore the table.\nplan  won\n───────────\n"+strings.Repeat(row, 12)+
		"All 14 rows: --all\nAfter it.\n\n", show(false, false))
	assert.Contains(t, show(true, false), strings.Repeat(row, 14)+"After it.\n")
	assert.Contains(t, show(true, true), "\x1b[1mYes.\x1b[0m\n\x1b[32m✓ holds\x1b[0m\n")
	s.Rest = func(rows int) string { return strings.Repeat("+", rows) }
	assert.Contains(t, show(false, false), "\n++\nAfter it.")
}
