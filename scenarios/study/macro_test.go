package study

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func written(t *testing.T, text string) string {
	file := filepath.Join(t.TempDir(), "a.toml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// A variant for each channel is the variant written out, and sums and lists are
// what they stand for.
func TestNamesAndNumbersAreWrittenOut(t *testing.T) {
	s, err := Open(written(t, `
extends = "metro"
question = "?"
run.weeks = 8
opening.burn_in_weeks = 4
opening.plan = "self"
[study]
kind = "compare"
replications = 2
[study.variants."without {each}"]
each = "budget channels"
title = "no {each}"
"channels.{each}.max_touches_per_week" = 0
[study.variants.by-hand]
"channels.email.max_touches_per_week" = 0
[study.show.sum]
value = "sum(channels: leads(plan, channel {each})) - leads(plan)"
[study.show.two]
value = "sum(email, display: leads(plan, channel {each})) - leads(plan, channel email) - leads(plan, channel display)"
[study.show.list]
value = "crossing(3, list(1..8 by 1: {x}, leads(plan, weeks {x}..{x+0}) * 0 + {x-1}))"
[study.expect.same]
inequality = "abs(leads(without email) - leads(by-hand)) <= 0"
[study.expect.fewer]
each = "budget channels"
inequality = "leads(without {each}, channel {each}) <= 0"
[study.expect.sum]
inequality = "sum(channels: leads(plan, channel {each})) >= leads(plan)"
[study.pictures.weeks]
kind = "weeks"
weeks = [2, 5]
y_title = "leads"
[study.pictures.weeks.series.two]
value = "leads(plan, weeks {week-1}..{week})"
[study.pictures.weeks.series.of]
each = ["email", "display"]
title = "of {each}"
value = "signups.{each}(plan, week {week})"
`), nil)
	require.NoError(t, err)
	require.Len(t, s.Settings, 14)
	require.Equal(t, "without affiliates", s.Settings[1].Name)
	require.Equal(t, "no affiliates", s.Settings[1].Title)
	require.Equal(t, "leads(plan, weeks 3..4)", s.Pictures[0].Series[0].Values[2].Text)
	require.Len(t, s.Pictures[0].Series, 3)
	require.Equal(t, "of display", s.Pictures[0].Series[2].Title)
	require.Equal(t, "signups.display(plan, week 5)", s.Pictures[0].Series[2].Values[3].Text)
	a, err := s.Run(context.Background(), 2, nil)
	require.NoError(t, err)
	for _, x := range a.Shows {
		require.Equal(t, map[string]float64{"sum": 0, "two": 0, "list": 4}[x.Name], x.Value.Value, x.Name)
	}
	require.EqualValues(t, "holds", a.Verdict)
	require.Equal(t, 12, a.Expectations[1].Claims)
}

func TestWhatCannotBeWrittenOutIsRefused(t *testing.T) {
	for value, want := range map[string]string{
		"sum(channels)":                     "sum needs a colon",
		"sum(channels: won(plan)":           "sum needs a colon",
		"list(1..9: {x}, 1)":                "FIRST..LAST by STEP",
		"sum(nobody: won(plan))":            "a list of names is needed",
		"sum(channels: won(plan, week {x})": "sum needs a colon",
	} {
		_, err := Open(written(t, `
extends = "metro"
question = "?"
[study]
kind = "compare"
[study.variants.a]
"finance.opening_cash" = 1
[study.show.x]
value = "`+value+`"
[study.expect.x]
inequality = "won(plan) > 0"
`), nil)
		require.ErrorContains(t, err, want, value)
	}
	_, err := Open(written(t, `
extends = "metro"
question = "?"
[study]
kind = "compare"
[study.variants.a]
each = "channels"
"finance.opening_cash" = 1
[study.expect.x]
inequality = "won(plan) > 0"
`), nil)
	require.ErrorContains(t, err, "{each} in its name")
}

// The studies that docs/studies.md shows run as they stand there.
func TestStudiesOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/studies.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 2)
	for _, b := range blocks {
		s, err := Open(written(t, string(b[1])), nil)
		require.NoError(t, err)
		s.Replications = 3
		if s.Control != nil {
			s.Control.Replications = 3
		}
		a, err := s.Run(context.Background(), 0, nil)
		require.NoError(t, err)
		require.NotContains(t, a.Sentence, "{")
		for _, x := range a.Shows {
			require.False(t, math.IsNaN(x.Value.Value), x.Name)
		}
		for _, j := range a.Expectations {
			require.NotZero(t, j.Claims, j.Name)
		}
	}
}
