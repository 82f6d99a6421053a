package metric

import (
	"errors"
	"strings"
	"testing"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Whatever is typed, by any rule of the one parser: an error with a place in a text, or
// something that can be worked out and reads back.
func FuzzParser(f *testing.F) {
	for _, text := range append(lines(`
P(out_of_business) <= 5%
p10(live_customers) >= 8_000
mean(cac)<=7.5e2
P(not (won > 1k or cac < 2M) and 5 != won) >= .5
P(((
1e
≤ 5
cac=1%
p5(cash_end) = -3
won > 2 and not out_of_business
-12%
signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1 < -12%
max(won(a), -3k) >= log(abs(leads(b x2, channel own-name)))
crossing(90%, list(13..26 by 13: {x-6}, leads(n, path unpaid, touches 2.., weeks {x-12}..{x}) / {again}))
sum(email, radio: won(without {each})) + key(run.{each}) > 1
{loop}`), strings.Repeat("é", 600), strings.Repeat("\xff", 1001)) {
		f.Add(text)
	}
	s := tenReplications()
	f.Fuzz(func(t *testing.T, text string) {
		check := func(err error) bool { return readOrSaid(t, err) }
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

// readOrSaid says whether a text was read; else the error must have its place.
func readOrSaid(t *testing.T, err error) bool {
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
