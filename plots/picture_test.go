package plots

import (
	"bytes"
	"errors"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"windfall/plots/picture"
	"windfall/plots/plotcheck"
	"windfall/plots/words"
)

// testPictures are all of them, made once.
var testPictures = sync.OnceValue(func() map[string]Drawing {
	all := easy()
	maps.Copy(all, nasty())
	return all
})

// TestNoTextOverlapsOrLeavesTheCanvas looks at every kind of picture, with good
// data and with data that a picture could trip over.
func TestNoTextOverlapsOrLeavesTheCanvas(t *testing.T) {
	all := testPictures()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			p, err := all[name].Picture()
			if err != nil {
				t.Fatal(err)
			}
			svg, err := p.SVG()
			if err != nil {
				t.Fatal(err)
			}
			faults, err := plotcheck.Check(svg)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range faults {
				t.Error(fault)
			}
		})
	}
}

// TestEveryAxisHasAUnit looks at every picture; what an author forgets in the
// text of an axis must be seen.
func TestEveryAxisHasAUnit(t *testing.T) {
	all := testPictures()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p, err := all[name].Picture()
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Axes()) < 1 {
			t.Errorf("%s has no axes", name)
		}
		for _, a := range p.Axes() {
			if !a.Names && a.Unit == "" {
				t.Errorf("%s: the axis %q has no unit", name, a.Name)
			}
		}
	}
	forgotten := delayCurve()
	forgotten.XName, forgotten.YName, forgotten.Percent = "time to answer", "how good it is", false
	p, err := forgotten.Picture()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range p.Axes() {
		if a.Unit != "" {
			t.Errorf("the axis %q is said to have the unit %s", a.Name, a.Unit)
		}
	}
}

// TestEqualDataGiveEqualBytes draws from new data each time, in every format.
func TestEqualDataGiveEqualBytes(t *testing.T) {
	for name, make := range map[string]func() Drawing{
		"fan": func() Drawing { return signupFan() },
		"cac": func() Drawing { return channelCosts(18) },
	} {
		first, err := make().Picture()
		if err != nil {
			t.Fatal(err)
		}
		second, err := make().Picture()
		if err != nil {
			t.Fatal(err)
		}
		for format, encode := range map[string]func(*Picture) ([]byte, error){"PNG": (*Picture).PNG, "SVG": (*Picture).SVG,
			"CSV": (*Picture).CSV} {
			a, errA := encode(first)
			b, errB := encode(second)
			if err := errors.Join(errA, errB); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) {
				t.Errorf("%s: %s differs from one drawing to the next", name, format)
			}
		}
	}
}

// TestDrawWritesThreeFiles and nothing else.
func TestDrawWritesThreeFiles(t *testing.T) {
	dir := t.TempDir()
	if err := Draw(testFunnel(), filepath.Join(dir, "funnel")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "funnel.csv funnel.png funnel.svg"; got != want {
		t.Errorf("files: %s, want %s", got, want)
	}
	f, err := os.Open(filepath.Join(dir, "funnel.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	image, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	if image.Width != 1920 || image.Height != 1080 {
		t.Errorf("PNG of %d x %d, want 1920 x 1080", image.Width, image.Height)
	}
}

func TestDrawSaysWhereItCannotWrite(t *testing.T) {
	err := Draw(testFunnel(), filepath.Join(t.TempDir(), "missing", "funnel"))
	if err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("error: %v", err)
	}
}

// TestDrawingsRefuseUnusableData holds one input for each check.
func TestDrawingsRefuseUnusableData(t *testing.T) {
	short := customerFan()
	short.P25 = short.P25[:50]
	infinite := customerFan()
	infinite.P95[3] = math.Inf(1)
	empty := customerFan()
	for w := range empty.P50 {
		empty.P50[w] = math.NaN()
	}
	backward, logarithm, fewer := delayCurve(), delayCurve(), channelBars()
	backward.X = []float64{4, 24, 8, 48}
	logarithm.Log, logarithm.X = true, []float64{0, 1, 2, 3}
	fewer.Labels = fewer.Labels[1:]
	brand := brandStocks(1)
	brand.Equity.Regions[0].Values = nil
	for _, c := range []struct {
		d    Drawing
		want string
	}{
		{short, "plots: fan of Live customers: p25 has 50 weeks, p5 has 104"},
		{infinite, "plots: fan of Live customers: p95 of week 4 is infinite"},
		{empty, "plots: fan of Live customers: every week is missing"},
		{Fan{}, "plots: fan of Value: no weeks to draw"},
		{Distribution{Sample: NewSample([]float64{1, math.Inf(-1)})}, "plots: distribution of Value: value 2 is infinite"},
		{Panel{}, "plots: a panel without outcomes"},
		{Panel{Outcomes: []Distribution{{Sample: NewSample([]float64{math.Inf(-1)})}}}, "plots: panel: Value: value 1 is infinite"},
		{brand, "plots: brand: Northeast has 0 weeks, salience has 78"},
		{Funnel{Stages: []Stage{{Name: "Buyers in the market"}}}, "plots: a funnel needs two stages at least"},
		{Funnel{Stages: []Stage{{Name: "Buyers in the market", Mean: 3}, {Name: "Won", Mean: -1}}},
			"plots: funnel: stage Won has the mean -1"},
		{CAC{}, "plots: CAC without channels"},
		{CAC{Channels: []ChannelCost{{Name: "radio", Media: math.Inf(1)}}},
			"plots: CAC: radio has an infinite cost; where no customer was won it is missing"},
		{backward, "plots: curve A day of waiting costs 44% of customers.: positions must ascend"},
		{logarithm, "plots: curve A day of waiting costs 44% of customers.: a logarithmic axis has no place for 0"},
		{Curve{X: []float64{1}}, "plots: curve : two positions are needed at least"},
		{Curve{X: []float64{1, 2}}, "plots: curve : nothing to draw"},
		{fewer, "plots: bars Without its brand a channel loses up to 61% of its customers: brand media off has 5 points, " +
			"and there are 4 positions"},
		{Bars{}, "plots: bars : no bars to draw"},
		{Weeks{}, "plots: weeks : no weeks to draw"},
		{Weeks{Lines: []picture.Line{{Name: "x", Points: estimates(0, math.Inf(1))}}},
			"plots: weeks : point 1 of x is infinite"},
		{Slide{}, "plots: a slide without a picture"},
		{Pause{}, "plots: pause of Value: no weeks to draw"},
		{Pause{With: []float64{1}, Without: []float64{1}, P5: []float64{1}, P25: []float64{1}, P50: []float64{math.NaN()},
			P75: []float64{1}, P95: []float64{1}}, "plots: pause of Value: every week is missing"},
		{Paths{}, "plots: no paths of cash to draw"},
		{Paths{Cash: []Path{{USD: []float64{1}}, {Replication: 1}}},
			"plots: paths of cash: run 1 has 0 weeks, run 0 has 1"},
		{Heat{}, "plots: a heat map without cells"},
		{Heat{Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{}}},
			"plots: heat map: a has 0 numbers for 1 column"},
		{Heat{Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{math.Inf(1)}}},
			"plots: heat map: a, b is infinite"},
		{Heat{Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{1}}, Weights: [][]float64{{}}},
			"plots: heat map: the weights have another shape than the numbers"},
		{Value{}, "plots: LTV against CAC: no channel has both"},
		{Value{Channels: []ChannelValue{{"radio", 1, math.Inf(1), 1}}}, "plots: LTV against CAC: radio is infinite"},
		{Retained{Groups: []RetainedGroup{{Name: "Size"}}}, "plots: retention of no customers"},
		{Response{Channel: "radio", Spend: []float64{1}}, "plots: response of radio: two levels of spend are needed at " +
			"least"},
		{Response{Channel: "radio", Spend: []float64{1, 1}, Won: estimates(0, 1, 2), Marginal: estimates(0, 1)},
			"plots: response of radio: levels of spend must ascend"},
		{Tradeoff{}, "plots: trade-off: two plans are needed at least"},
	} {
		if _, err := c.d.Picture(); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// TestTitlesAreFindings shows the title of every test picture that is not a
// variation of another.
func TestTitlesAreFindings(t *testing.T) {
	all := testPictures()
	for name, want := range map[string]string{
		"dist-customers":     "Live customers end between 371k and 389k in 9 of 10 runs",
		"dist-constant":      "Live customers: 300k in every run",
		"dist-single":        "Revenue: $163M in the one run",
		"dist-few":           "Cash ends between −$12M and $9M in all 7 runs",
		"dist-missing":       "A customer costs between $7.4k and $10.9k in 9 of 10 runs that have a value",
		"dist-all-missing":   "Week of ruin: no run has a value",
		"dist-spike":         "Lowest cash: $0 in at least 9 of 10 runs",
		"dist-ruin":          "5.4% of runs go out of business (95% interval 4.2% to 7.0%)",
		"dist-nobody-ruined": "No run goes out of business (95% interval 0% to 0.38%)",
		"dist-all-ruined":    "All runs go out of business (95% interval 91.2% to 100%)",
		"panel": "In 9 of 10 runs: live customers 371k to 389k; customers won 116.9k to 119.9k; fully " +
			"loaded CAC $614 to $656",
		"fan-signups":         "Brand media off, 1 to 21 Oct 2013: median sign-ups 17% below “without the pause”",
		"fan-customers":       "Live customers end between 361k and 411k in 9 of 10 runs",
		"fan-cash":            "Cash: 5.4% of runs go out of business, the first in July 2013",
		"fan-one-week":        "Sign-ups per week end between 90 and 110 in 9 of 10 runs",
		"fan-all-zero":        "Customers won, x: 0 at the end of every run",
		"fan-cash-below-zero": "Cash ends between −$3.0M and $2.4M in 9 of 10 runs",
		"brand-mean":          "Brand media off, 1 to 21 Oct 2013: salience falls by 83%, equity by 2%",
		"brand-zero":          "Salience goes from 0.310 to 0.312, equity ends where it began, at 0",
		"funnel": "4.2% of 2.81M buyers in the market end as customers won; the narrowest step is from reached to " +
			"engaged (21.3%)",
		"funnel-empty": "The funnel is empty",
		"cac":          "A customer costs $371 through referrals and $1,888 through social, $634 over all channels",
		"cac-one":      "A customer costs $371, all through referrals",
		"cac-none-won": "No channel won a customer",
		"curve-delay":  "A day of waiting costs 44% of customers",
		"curve-gaps":   "Customers won by time to answer",
		"weeks-wide":   "Cash, weeks 1 to 520",
		"pause": "Brand media off, 1 to 21 Oct 2013: sign-ups 17% below “without the pause”; 1,820 fewer over " +
			"the run (90%: 1,690 to 1,950)",
		"pause-no-difference": "Sign-ups with and without the change; 1 over the run (90%: −3 to 9)",
		"paths":               "Cash runs out in 8.2% of runs, the first of those drawn in September 2013",
		"paths-one":           "No run goes out of business; the lowest cash of the runs drawn is $538k",
		"heat":                "LTV/CAC: highest for referrals, size 100 to 499 (7.77), lowest for referrals, size 1 to 4 (0.40)",
		"heat-empty":          "Fully loaded CAC: no cell has a value",
		"value": "3 of 12 channels bring customers worth 3 times their cost; referrals 5.41 times, direct " +
			"mail 1.34",
		"retained": "After 12 months 89.5% of customers with 100 to 499 employees are still there, and 72.0% with " +
			"1 to 4 employees",
		"response": "Generic search: the next customer costs $267 at first and $1,357 at the end; above $16k " +
			"per week more than it is worth ($1,100)",
		"response-flat": words.Capital(longName) + ": more spend wins no more customers",
		"tradeoff": "Live customers and out of business: 6 of 7 plans are unbeaten, from no radio (4,210, " +
			"0.6%) to twice the search (4,905, 30.5%)",
	} {
		p, err := all[name].Picture()
		if err != nil {
			t.Fatal(err)
		}
		if p.Title != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, p.Title, want)
		}
	}
}
