package plots

import (
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"windfall/plots/words"
	"windfall/sim/analysis"
)

func TestNiceTicks(t *testing.T) {
	for _, c := range []struct {
		ticks  NiceTicks
		lo, hi float64
		want   string
	}{
		{NiceTicks{Format: words.Money}, 0, 2.4e6, "$0 $0.5M $1.0M $1.5M $2.0M"},
		{NiceTicks{Format: words.Money}, 0, 140, "$0 $25 $50 $75 $100 $125"},
		{NiceTicks{Format: words.Count}, 297_000, 417_000, "300k 325k 350k 375k 400k"},
		{NiceTicks{Format: words.Count}, 300_010, 300_090, "300,020 300,040 300,060 300,080"},
		{NiceTicks{Format: words.Count, Whole: true}, 0, 2.2, "0 1 2"},
		{NiceTicks{Format: words.Percent}, 0, 0.09, "0% 2% 4% 6% 8%"},
		{NiceTicks{Format: words.Percent, Want: 4}, 0.017, 0.0215, "1.7% 1.8% 1.9% 2.0% 2.1%"},
		{NiceTicks{Format: words.Plain}, -0.3, 0.31, "−0.3 −0.2 −0.1 0 0.1 0.2 0.3"},
		{NiceTicks{Format: words.Count}, 5, 5, "5"},
		{NiceTicks{Format: words.Count, Width: 100, Size: 10}, 0, 1_000_000, "0 0.5M 1.0M"},
	} {
		var got []string
		for _, tick := range c.ticks.Ticks(c.lo, c.hi) {
			got = append(got, tick.Label)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("ticks of %v to %v: %s, want %s", c.lo, c.hi, s, c.want)
		}
	}
}

func TestDateTicks(t *testing.T) {
	start := date(2012, 12, 31)
	for _, c := range []struct {
		weeks int
		want  string
	}{
		{4, "31 Dec/2012|7 Jan/2013|14 Jan|21 Jan|28 Jan"},
		{30, "Jan/2013|Feb|Mar|Apr|May|Jun|Jul"},
		{104, "Jan/2013|Apr|Jul|Oct|Jan/2014|Apr|Jul|Oct"},
		{260, "Jan/2013|Jul|Jan/2014|Jul|Jan/2015|Jul|Jan/2016|Jul|Jan/2017|Jul"},
		{520, "2013|2014|2015|2016|2017|2018|2019|2020|2021|2022"},
	} {
		var got []string
		for _, tick := range (DateTicks{Start: start}).Ticks(0, float64(7*c.weeks)) {
			if tick.Label != "" {
				got = append(got, strings.TrimSuffix(strings.Replace(tick.Label, "\n", "/", 1), "/ "))
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%d weeks: %s, want %s", c.weeks, s, c.want)
		}
	}
}

// TestBinsHoldEveryRun checks that bars and tails add up to the sample.
func TestBinsHoldEveryRun(t *testing.T) {
	for name, d := range nastyDistributions() {
		s := d.Sample
		if s.n < fewRuns || s.constant() {
			continue
		}
		b := s.bars[barring{mostBars, d.whole(&s)}]
		sum := float64(b.below + b.above)
		for _, bar := range b.bars {
			sum += bar.Weight
		}
		if sum != float64(s.n) || s.runs() != d.Replications || len(b.bars) > 60 {
			t.Errorf("%s: %d bars hold %v of %d runs", name, len(b.bars), sum, s.n)
		}
	}
}

func TestSpreadKeepsLabelsApart(t *testing.T) {
	r := generator(5)
	for range 200 {
		n := 1 + r.IntN(12)
		want, size := make([]vg.Length, n), make([]vg.Length, n)
		for i := range want {
			want[i], size[i] = vg.Length(400*r.Float64()), vg.Length(5+20*r.Float64())
		}
		at := spread(want, size, 3, 0, 400)
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			switch {
			case at[a] < at[b]:
				return -1
			case at[a] > at[b]:
				return 1
			}
			return 0
		})
		for k, i := range order {
			if at[i]-size[i]/2 < -1e-9 || at[i]+size[i]/2 > 400+1e-9 {
				t.Fatalf("label %d of %v at %v leaves the room", i, want, at)
			}
			if k > 0 {
				left := order[k-1]
				if at[i]-size[i]/2-at[left]-size[left]/2 < 3-1e-9 {
					t.Fatalf("labels %d and %d of %v at %v are too near", left, i, want, at)
				}
			}
		}
	}
	// Alone, a label stands where it wants to.
	if at := spread([]vg.Length{50, 200}, []vg.Length{20, 20}, 3, 0, 400); at[0] != 50 || at[1] != 200 {
		t.Errorf("labels that do not touch moved: %v", at)
	}
}

func TestWrapBalancesLines(t *testing.T) {
	s := typeStyle(10, ink)
	if got := wrap(s, "one two three four", s.Width("one two three")+1, 2); strings.Join(got,
		"|") != "one two|three four" {
		t.Errorf("lines: %q", got)
	}
	if got := wrap(s, "one two three four five six", s.Width("one two"), 2); len(got) != 2 ||
		!strings.HasSuffix(got[1], "…") {
		t.Errorf("lines: %q", got)
	}
}

// The number at the end of a line has four digits at most, and no interval that they do not show.
func TestEndsOfLinesHaveFourDigits(t *testing.T) {
	for want, e := range map[string]analysis.Estimate{
		"25.82%":                       {Value: 0.25818, Low: 0.25817, High: 0.25819},
		"25.10% (24.90% to 25.30%)":    {Value: 0.251, Low: 0.249, High: 0.253},
		"−0.081% (−0.088% to −0.074%)": {Value: -0.00081, Low: -0.00088, High: -0.00074},
	} {
		if got := endText(words.Percent, e); got != want {
			t.Errorf("%v is written %s, not %s", e.Value, got, want)
		}
	}
}
