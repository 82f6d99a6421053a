package metric

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is wrong is said with its place, what is expected, and the nearest name.
func TestWhatIsNoFormulaIsRefused(t *testing.T) {
	place, path := strings.TrimPrefix(noPlace, "%q"), strings.TrimPrefix(noPath, "%q")
	const endless = "the text is too long once its sums and lists are written out"
	for text, want := range map[string]string{
		"":                              `column 1: a number or a column was expected, not the end`,
		"won":                           `column 4: won needs a setting in parentheses, as in won(plan)`,
		"won(a":                         `column 6: a ) was expected, not the end`,
		"won(a) won(b)":                 `column 8: "won" is not expected here`,
		"won(a) < 3":                    `column 8: "<" is one comparison too many; join comparisons with and`,
		"(won(a) + 1":                   `column 12: a ) was expected, not the end`,
		"won(a))":                       `column 7: ")" without "("`,
		"won()":                         `column 5: won needs a setting, as in won(plan)`,
		"won(a, weeks 4..3)":            `column 14: "4..3"` + place,
		"won(a, week 1.5)":              `column 13: "1.5"` + place,
		"won(a, weeks 4..)":             `column 14: "4.."` + place,
		"won(a, weekly)":                `column 8: "weekly"` + place,
		"leads(a, path touched)":        `column 15: "touched"` + path,
		"leads(a, path within soon)":    `column 15: "within soon"` + path,
		"leads(a, path unpaid touches)": `column 22: a ) was expected, not touches`,
		"abs(1, 2)":                     `column 1: abs takes one number`,
		"pow(2)":                        `column 1: pow takes two numbers: the base and the exponent`,
		"1 + crossing(1, 2, 3, 4)":      `column 5: crossing takes a level and two pairs x, y or more`,
		"1..2":                          `column 2: ".." is not expected here`,
		"1__0":                          `column 1: "1__0" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"1_.5 + 1":                      `column 1: "1_.5" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"won(a) - 1._5":                 `column 10: "1._5" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"1_e3":                          `column 1: "1_e3" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"2 * 5_%":                       `column 5: "5_%" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"7oo + 1":                       `column 1: "7oo" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"{fims} + 1":                    `column 1: {fims} stands for nothing here; did you mean "firms"?`,
		"won(plan, week {x})":           `column 16: {x} stands for nothing here`,
		"won({firms})":                  `column 5: {firms} is an expression, and here a name or a number is needed`,
		"{firms":                        `column 1: "{" without "}"`,
		"{loop}":                        `column 5: in {pool}: {loop} is made of itself`,
		"1 + {open}":                    `column 7: in {open}: a ) was expected, not the end`,
		"max({two})":                    `column 2: in {two}: "," is not expected here`,
		"sum(channels)":                 `column 13: ` + sumForm,
		"sum(channels: won({each})":     `column 26: ` + sumForm,
		"sum(none: won({each}))":        `column 5: none: the plan has none`,
		"max(list(1..9: {x}))":          `column 14: ` + listForm,
		"max(list(9..1 by 1: {x}))":     `column 10: a list has 1 to 1001 numbers, rising: ` + listForm,
		"1 + key(gone.x)":               `column 9: key(gone.x): there is no such key`,
		"won(a) & 1":                    `column 8: "&" has no meaning here`,
		strings.Repeat("(", 101):        `column 101: parentheses are nested deeper than 100`,
		strings.Repeat("-", 101) + "1":  `column 101: parentheses are nested deeper than 100`,
		"max(list(1..999 by 1: list(1..999 by 1: {x})))": `column 40: ` + endless,
	} {
		_, err := marks.ParseExpression(text)
		var e *Error
		require.ErrorAs(t, err, &e, text)
		_, message, _ := strings.Cut(err.Error(), `", `)
		assert.Equal(t, want, message, text)
	}
	_, err := ParseExpression("sum(channels: won({each}))")
	assert.ErrorContains(t, err, "column 5: there are no names to go over here")
	_, err = ParseExpression("key(run.weeks)")
	assert.ErrorContains(t, err, "column 5: there are no keys of a scenario here")
}

func TestWhatIsNoClaimIsRefused(t *testing.T) {
	const sides = "an expression, <, <=, > or >= and another expression are expected, not "
	for text, want := range map[string]string{
		"won(a) = 3":    `"won(a) = 3", column 8: ` + sides + `=`,
		"won(a)":        `"won(a)", column 7: ` + sides + `the end`,
		"won(a) < 3 >2": `"won(a) < 3 >2", column 12: ">" is one comparison too many; join comparisons with and`,
	} {
		_, err := ParseInequality(text)
		assert.EqualError(t, err, want)
	}
}

// An error is shown under the text, at its place, however long the text is.
func TestCarets(t *testing.T) {
	long := strings.Repeat("won(plan) + ", 30) + "wom(plan)"
	for _, c := range []struct {
		text   string
		column int
		want   string
	}{
		{"won >=", 7, "  won >=\n        ^"},
		{"", 1, "  \n  ^"},
		{"é ≥ x", 5, "  é ≥ x\n      ^"},
		{"a\tb", 3, "  a b\n    ^"},
		{"1 +\n  wom(plan) +\n2", 7, "    wom(plan) +\n    ^"},
		{long, 361, "  …" + long[300:] + "\n  " + strings.Repeat(" ", 61) + "^"},
		{long, 1, "  " + long[:100] + "…\n  ^"},
	} {
		assert.Equal(t, c.want, (&Error{Text: c.text, Column: c.column}).Caret())
	}
	e := &Error{Text: "wom", Column: 1, Problem: "there is no outcome", Hint: "won"}
	assert.Equal(t, `there is no outcome; did you mean "won"?`, e.Message())
	assert.Equal(t, `"wom", column 1: there is no outcome; did you mean "won"?`, e.Error())
}
