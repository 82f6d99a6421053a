package metric

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// marks is a reader of forms for the tests: keys are 3, lists have two names, and one
// expression has a name.
var marks = &Names{
	Let: map[string]string{"half-life": "key(teams.web.speed_half_life_hours)", "firms": "key(population.firms)", "again": "{firms} * 2", "loop": "{pool} + 1", "pool": "1 + {loop}",
		"in-market": "sum(sizes: key(population.sizes.{each}.share) * 2)", "open": "(1 + 2", "two": "1, 2"},
	List: func(list []string) ([]string, error) {
		if len(list) > 1 {
			return list, nil
		}
		if list[0] == "none" {
			return nil, nil
		}
		return map[string][]string{"channels": {"email", "own-name"}, "budget channels": {"display"}, "sizes": {"1-4", "5-9"}}[list[0]], nil
	},
	Key: func(key string) (float64, error) {
		if strings.HasPrefix(key, "gone") {
			return 0, errors.New("there is no such key")
		}
		return 3, nil
	},
}

// said writes what was understood of an expression.
func said(n node) string {
	switch x := n.(type) {
	case number:
		return model.FormatNumber(float64(x))
	case leaf:
		return "[" + x.Setting + ": " + x.Measure.String() + "]"
	case binary:
		return "(" + said(x.a) + string(x.op) + said(x.b) + ")"
	case call:
		var args []string
		for _, a := range x.args {
			args = append(args, said(a))
		}
		return x.name + "(" + strings.Join(args, " ") + ")"
	}
	return "?"
}

// Every form of a formula that lessons, shipped studies and docs/studies.md use, and what it
// stands for.
func TestFormsOfFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"won(plan)":                                 "[plan: won]",
		" won ( plan ) ":                            "[plan: won]",
		"won(churn 1.7 deal 0.5)":                   "[churn 1.7 deal 0.5: won]",
		"won(x0.5, weeks 1..26)":                    "[x0.5: won, weeks 1..26]",
		"cash(3-weeks, week 41)":                    "[3-weeks: cash, week 41]",
		"won(plan, weeks 3 .. 4)":                   "[plan: won, weeks 3..4]",
		"ltv(field-sales, size 100-249)":            "[field-sales: ltv, size 100-249]",
		"sales(meter, team web) / won(meter)":       "([meter: sales, team web]/[meter: won])",
		"signups.own-name(1-week, weeks 40..41)":    "[1-week: signups.own-name, weeks 40..41]",
		"load.field(plan, weeks 1..104) / 104":      "([plan: load.field, weeks 1..104]/104)",
		"won(a)-won(b)":                             "([a: won]-[b: won])",
		"signups.own(a)-won(b)":                     "([a: signups.own]-[b: won])",
		"1 - 50%":                                   "(1-0.5)",
		"2k - 1.5M/1_000":                           "(2000-(1500000/1000))",
		"10% - out_of_business(x1)":                 "(0.1-[x1: out_of_business])",
		"- -3 * (1 + 2)":                            "((0-(0-3))*(1+2))",
		"1e3 + 2E-1":                                "(1000+0.2)",
		".5 + 5.":                                   "(0.5+5)",
		"leads(plan, path unpaid)":                  "[plan: leads, path unpaid]",
		"leads(plan, path touches 4..)":             "[plan: leads, path touches 4..]",
		"leads(plan, path channels 2..3, weeks 5)":  "[plan: leads, path channels 2..3, weeks 5]",
		"leads(p, path within 1.5 weeks, unpaid)":   "[p: leads, path unpaid, within 1.5 weeks]",
		"leads(p, path within 3, touches 1)":        "[p: leads, path touches 1, within 3 weeks]",
		"leads(p, path unpaid, week 7)":             "[p: leads, path unpaid, weeks 7]",
		"max(won(a), won(b x2), 3)":                 "max([a: won] [b x2: won] 3)",
		"abs(-2) + log(won(a))":                     "(abs((0-2))+log([a: won]))",
		"crossing(50%, 1, 2, 3, won(a))":            "crossing(0.5 1 2 3 [a: won])",
		"pow(2, (4 - 8) / {half-life})":             "pow(2 ((4-8)/3))",
		"{again} / 4":                               "((3*2)/4)",
		"{in-market}":                               "((3*2)+(3*2))",
		"sum(channels: won(plan, channel {each}))":  "([plan: won, channel email]+[plan: won, channel own-name])",
		"sum(email, radio: won(without {each}))":    "([without email: won]+[without radio: won])",
		"2 * sum(budget channels: load.{each}(p))":  "(2*[p: load.display])",
		"1 - sum(sizes: key(a.{each}.share)) / 2":   "(1-((3+3)/2))",
		"key(teams.*.win_rate)":                     "3",
		"max(list(1..3 by 2: {x}, {x+1}, {x-3}))":   "max(1 2 -2 3 4 0)",
		"min(9, list(1..2 by 1: won(p, week {x})))": "min(9 [p: won, week 1] [p: won, week 2])",
		"crossing(90%, list(13..26 by 13: {x-6}, leads(n, path unpaid, weeks {x-12}..{x}) / 2))":        "crossing(0.9 7 ([n: leads, path unpaid, weeks 1..13]/2) 20 ([n: leads, path unpaid, weeks 14..26]/2))",
		"sum(channels: max(list(1..2 by 1: won({each}, week {x}))))":                                    "(max([email: won, week 1] [email: won, week 2])+max([own-name: won, week 1] [own-name: won, week 2]))",
		"(media_spend(display x0.5) - media_spend(display x0)) / (won(display x0.5) - won(display x0))": "(([display x0.5: media_spend]-[display x0: media_spend])/([display x0.5: won]-[display x0: won]))",
		"sum(sizes: sum(channels: won(plan, size {each})))":                                             "(([plan: won, size 1-4]+[plan: won, size 1-4])+([plan: won, size 5-9]+[plan: won, size 5-9]))",
	} {
		e, err := marks.ParseExpression(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, said(e.root), text)
		assert.Equal(t, text, e.Text)
		for _, sign := range []string{"<", "<=", ">", ">="} {
			q, err := marks.ParseInequality(text + sign + "-12%")
			require.NoError(t, err, text)
			assert.Equal(t, sign, q.Sign)
			assert.Equal(t, want, said(q.Left.root))
			assert.Equal(t, "(0-0.12)", said(q.Right.root))
			assert.Equal(t, strings.TrimSpace(text), q.Left.Text)
		}
	}
	q, err := ParseInequality("won(a) ≥ 2 * won(b)")
	require.NoError(t, err)
	assert.Equal(t, ">=", q.Sign)
}

// Every form of a goal, a metric, a condition and a target of precision that scenarios, help and
// documentation use; TestGoals, TestMetrics and TestConditions have their values.
func TestFormsOfGoals(t *testing.T) {
	outcomes := panel.Columns(model.NewSchema(&model.Plan{}))
	for _, text := range []string{
		"P(out_of_business) <= 5%", "P(out_of_business) <= 10%", "mean(live_customers) >= 500", "ltv_cac >= 2", "mean(cac) <= 700", "p10(live_customers) >= 8000",
		"P(cash_end < 1_000_000) <= 10%", "mean(cash_end) >= 900M", "net_revenue_retention >= 0.5", "P(live_customers >= 8000 and not out_of_business) >= 80%",
		"P(1k < won or (recession_weeks == 0 and cac != 5)) > .25", "p2.5(cash_end) > -1.5M", "cash_end ≥ - 5",
	} {
		_, err := ParseGoal(text, outcomes)
		assert.NoError(t, err, text)
	}
	for _, text := range []string{
		"won", "signups", "cac", "business_value", "lifetime_margin", "payback_months", "week_of_ruin", "p5(won)", "p25(signups)", "p5(cash_end)", "mean(won)",
		"P(signups < 44)", "P(cash_trough < 0)", "P(out_of_business)",
	} {
		m, err := ParseMetric(text, outcomes)
		require.NoError(t, err, text)
		assert.Equal(t, text, m.Text)
	}
	for _, text := range []string{"out_of_business", "live_customers < 8000", "signups >= 0", "net_revenue_retention < 0.9", "leads > 10", "not (won < 5 and 3 > leads)"} {
		_, err := ParseCondition(text, outcomes)
		assert.NoError(t, err, text)
	}
	for text, want := range map[string]Precision{
		"cac=1%": {HalfWidth: 0.01, Relative: true}, "live_customers=0.2%": {HalfWidth: 0.002, Relative: true}, "cash_end=50k": {HalfWidth: 5e4},
		"P(live_customers >= 8_000)=0.5%": {HalfWidth: 0.005, Relative: true}, "p10(live_customers) = 25": {HalfWidth: 25}, "P(recession_weeks == 0) = 0.01": {HalfWidth: 0.01},
	} {
		p, err := ParsePrecision(text, outcomes)
		require.NoError(t, err, text)
		want.Metric = p.Metric
		assert.Equal(t, want, *p)
	}
	for text, want := range map[string]float64{"1_000_000": 1e6, "2.5M": 2.5e6, "20k": 2e4, "5%": 0.05, " -3 ": -3, "+1e-3": 1e-3} {
		x, percent, err := ParseNumber(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, x)
		assert.Equal(t, strings.Contains(text, "%"), percent)
	}
}

// Whatever the shipped files and the pages write in the language is read.
func TestShippedTextsAreRead(t *testing.T) {
	outcomes := panel.Columns(model.NewSchema(&model.Plan{}))
	texts := map[string]int{}
	each := &Names{Let: map[string]string{}, List: func([]string) ([]string, error) { return []string{"email"}, nil }, Key: func(string) (float64, error) { return 1, nil }}
	place := regexp.MustCompile(`\{(each|label|x|week)([+-][0-9]+)?\}`)
	formula := func(text string) {
		if !strings.Contains(text, "list(") && !strings.Contains(text, "sum(") {
			text = place.ReplaceAllString(text, "9") // what a study puts in before
		}
		_, err := each.ParseExpression(text)
		if strings.ContainsAny(text, "<>") {
			_, err = each.ParseInequality(text)
		}
		assert.NoError(t, err)
		texts["formula"]++
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for k, inner := range x {
				walk(path+"."+k, inner)
			}
		case []any:
			for _, inner := range x {
				walk(path, inner)
			}
		case string:
			switch {
			case regexp.MustCompile(`^\.goals\..*\.expect$`).MatchString(path):
				_, err := ParseGoal(x, outcomes)
				assert.NoError(t, err)
				texts["goal"]++
			case regexp.MustCompile(`^\.study\.(control\.)?(let\.|expect.*\.(inequality|where)|show.*\.value|pictures.*\.series.*\.values?)`).MatchString(path):
				formula(x)
			}
		}
	}
	read := func(text string) {
		var tree map[string]any
		if _, err := toml.Decode(text, &tree); err != nil {
			return // a part of a file
		}
		if study, ok := tree["study"].(map[string]any); ok {
			if lets, ok := study["let"].(map[string]any); ok {
				for name, text := range lets {
					each.Let[name] = text.(string)
				}
			}
		}
		walk("", tree)
	}
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "testdata") {
			return err
		}
		switch filepath.Ext(path) {
		case ".toml":
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			read(string(text))
		case ".md":
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, block := range regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
				read(block[1])
			}
			for _, flag := range regexp.MustCompile(`--(metric|maximise|outcome|when|subject-to|precision) ('[^'\n]+'|"[^"\n]+"|[a-z_]+(=[0-9.]+%?)?)`).FindAllStringSubmatch(string(text), -1) {
				value := strings.Trim(flag[2], `'"`)
				var err error
				switch flag[1] {
				case "when":
					_, err = ParseCondition(value, outcomes)
				case "subject-to":
					_, err = ParseGoal(value, outcomes)
				case "precision":
					if strings.Contains(value, "=") { // else it is said of the flag
						_, err = ParsePrecision(value, outcomes)
					}
				default:
					_, err = ParseMetric(value, outcomes)
				}
				if err != nil && !strings.ContainsAny(value, "(<>=") && find(outcomes, value) < 0 {
					continue // prose behind the name of a flag
				}
				assert.NoError(t, err, path)
				texts["flag"]++
			}
		}
		return nil
	}))
	assert.Greater(t, texts["formula"], 300)
	assert.Greater(t, texts["goal"], 3)
	assert.Greater(t, texts["flag"], 10)
}

// What is wrong is said with its place, what is expected, and the nearest name.
func TestWhatIsNoFormulaIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                              `column 1: a number or a column was expected, not the end`,
		"won":                           `column 4: won needs a setting in parentheses, as in won(plan)`,
		"won(a":                         `column 6: a ) was expected, not the end`,
		"won(a) won(b)":                 `column 8: "won" is not expected here`,
		"won(a) < 3":                    `column 8: "<" is one comparison too many; join comparisons with and`,
		"(won(a) + 1":                   `column 12: a ) was expected, not the end`,
		"won(a))":                       `column 7: ")" without "("`,
		"won()":                         `column 5: won needs a setting, as in won(plan)`,
		"won(a, weeks 4..3)":            `column 14: "4..3" is no place: week N, weeks N..M, path ..., or a slice such as channel paid-search`,
		"won(a, week 1.5)":              `column 13: "1.5" is no place: week N, weeks N..M, path ..., or a slice such as channel paid-search`,
		"won(a, weeks 4..)":             `column 14: "4.." is no place: week N, weeks N..M, path ..., or a slice such as channel paid-search`,
		"won(a, weekly)":                `column 8: "weekly" is no place: week N, weeks N..M, path ..., or a slice such as channel paid-search`,
		"leads(a, path touched)":        `column 15: "touched" is no path of touches: touches N..M, channels N..M, unpaid, within N weeks, weeks N..M`,
		"leads(a, path within soon)":    `column 15: "within soon" is no path of touches: touches N..M, channels N..M, unpaid, within N weeks, weeks N..M`,
		"leads(a, path unpaid touches)": `column 22: a ) was expected, not touches`,
		"abs(1, 2)":                     `column 1: abs takes one number`,
		"pow(2)":                        `column 1: pow takes two numbers: the base and the exponent`,
		"1 + crossing(1, 2, 3, 4)":      `column 5: crossing takes a level and two pairs x, y or more`,
		"1..2":                          `column 2: ".." is not expected here`,
		"1__0":                          `column 1: "1__0" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"7oo + 1":                       `column 1: "7oo" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"{fims} + 1":                    `column 1: {fims} stands for nothing here; did you mean "firms"?`,
		"won(plan, week {x})":           `column 16: {x} stands for nothing here`,
		"won({firms})":                  `column 5: {firms} is an expression, and here a name or a number is needed`,
		"{firms":                        `column 1: "{" without "}"`,
		"{loop}":                        `column 5: in {pool}: {loop} is made of itself`,
		"1 + {open}":                    `column 7: in {open}: a ) was expected, not the end`,
		"max({two})":                    `column 2: in {two}: "," is not expected here`,
		"sum(channels)":                 `column 13: sum needs a colon and a closing parenthesis, as in sum(channels: won(plan, channel {each}))`,
		"sum(channels: won({each})":     `column 26: sum needs a colon and a closing parenthesis, as in sum(channels: won(plan, channel {each}))`,
		"sum(none: won({each}))":        `column 5: none: the plan has none`,
		"max(list(1..9: {x}))":          `column 14: list needs FIRST..LAST by STEP, as in list(1..9 by 2: {x}, won(plan, week {x}))`,
		"max(list(9..1 by 1: {x}))":     `column 10: a list has 1 to 1001 numbers, rising: list needs FIRST..LAST by STEP, as in list(1..9 by 2: {x}, won(plan, week {x}))`,
		"1 + key(gone.x)":               `column 9: key(gone.x): there is no such key`,
		"won(a) & 1":                    `column 8: "&" has no meaning here`,
		strings.Repeat("(", 101):        `column 101: parentheses are nested deeper than 100`,
		strings.Repeat("-", 101) + "1":  `column 101: parentheses are nested deeper than 100`,
		"max(list(1..999 by 1: list(1..999 by 1: {x})))": `column 40: the text is too long once its sums and lists are written out`,
	} {
		_, err := marks.ParseExpression(text)
		var e *Error
		require.ErrorAs(t, err, &e, text)
		_, message, _ := strings.Cut(err.Error(), `", `)
		assert.Equal(t, want, message, text)
	}
	for text, want := range map[string]string{
		"won(a) = 3":    `"won(a) = 3", column 8: an expression, <, <=, > or >= and another expression are expected, not =`,
		"won(a)":        `"won(a)", column 7: an expression, <, <=, > or >= and another expression are expected, not the end`,
		"won(a) < 3 >2": `"won(a) < 3 >2", column 12: ">" is one comparison too many; join comparisons with and`,
	} {
		_, err := ParseInequality(text)
		assert.EqualError(t, err, want)
	}
	_, err := ParseExpression("sum(channels: won({each}))")
	assert.ErrorContains(t, err, "column 5: there are no names to go over here")
	_, err = ParseExpression("key(run.weeks)")
	assert.ErrorContains(t, err, "column 5: there are no keys of a scenario here")
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

// Whatever is typed, by any rule of the one parser: an error with a place in a text, or
// something that can be worked out and reads back.
func FuzzParser(f *testing.F) {
	for _, text := range []string{"P(out_of_business) <= 5%", "p10(live_customers) >= 8_000", "mean(cac)<=7.5e2", "P(not (won > 1k or cac < 2M) and 5 != won) >= .5", "P(((", "1e", "≤ 5",
		strings.Repeat("é", 600), strings.Repeat("\xff", 1001), "cac=1%", "p5(cash_end) = -3", "won > 2 and not out_of_business", "-12%",
		"signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1 < -12%", "max(won(a), -3k) >= log(abs(leads(b x2, channel own-name)))",
		"crossing(90%, list(13..26 by 13: {x-6}, leads(n, path unpaid, touches 2.., weeks {x-12}..{x}) / {again}))", "sum(email, radio: won(without {each})) + key(run.{each}) > 1", "{loop}"} {
		f.Add(text)
	}
	s := tenReplications()
	f.Fuzz(func(t *testing.T, text string) {
		check := func(err error) bool {
			var problem *Error
			if errors.As(err, &problem) {
				if problem.Column < 1 || problem.Column > len([]rune(problem.Text))+1 {
					t.Fatalf("column %d of %q", problem.Column, problem.Text)
				}
				if !strings.HasSuffix(problem.Caret(), "^") {
					t.Fatal("no caret")
				}
			} else if err != nil {
				t.Fatalf("an error of another kind: %v", err)
			}
			return err == nil
		}
		if g, err := ParseGoal(text, columns); check(err) {
			e, err := g.Metric.Estimate(s)
			if err != nil {
				t.Fatal(err)
			}
			if v := g.Judge(e); v != analysis.Met && v != analysis.Missed && v != analysis.Undecided {
				t.Fatal(v)
			}
			again, err := ParseMetric(g.Metric.Text, columns)
			if err != nil || again.Text != g.Metric.Text {
				t.Fatalf("%q does not read back: %v", g.Metric.Text, err)
			}
		}
		if c, err := ParseCondition(text, columns); check(err) {
			if _, err := c.Holds(s); err != nil {
				t.Fatal(err)
			}
		}
		_, err := ParsePrecision(text, columns)
		check(err)
		_, _, err = ParseNumber(text)
		check(err)
		if e, err := marks.ParseExpression(text); check(err) {
			workedOut(e.Leaves(), func(p *panel.Panel) { e.Estimate(p) })
		}
		if q, err := marks.ParseInequality(text); check(err) {
			workedOut(q.Leaves(), func(p *panel.Panel) { q.Judge(p) })
		}
	})
}

// workedOut gives a panel with a few numbers of each measure.
func workedOut(leaves []panel.Leaf, work func(*panel.Panel)) {
	values := map[panel.Leaf][]float64{}
	for _, l := range leaves {
		values[l] = []float64{1, 2, 3}
	}
	if len(values) > 0 && len(values) < 100 {
		work(panel.NewPanel(analysis.Ties{}, values))
	}
}
