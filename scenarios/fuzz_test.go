package scenarios

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"windfall/model/plan"
)

// FuzzLoad: a file is refused with problems, or gives a plan whose resolved
// text loads back. Nothing panics.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"small-market", "small", "small-uncertain"} {
		data, err := os.ReadFile("testdata/" + name + ".toml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, c := range refusals {
		f.Add("extends = \"small\"\n" + c.text)
	}
	f.Add("extends = \"small-uncertain\"\n[channels.search]\nweekly_budget = {dist = \"p\"}\n[[economy.path]]\nfrom = 2013-03-05\nregime = \"recession\"\n")
	f.Add(monthsText)
	f.Add(canada)
	f.Add("extends = \"small\"\n[media.radio]\nmonthly_budget = {east = {2013-01 = \"5k\"}, west = 3}\n[finance]\nfixed_cost_per_month = \"$12k\"\n")
	f.Add("extends = \"small\"\n[opening]\nplan = \"fuzz\"\ncustomers = \"0.3k\"\n[products.pro]\nprice_per = \"firm\"\nsizes = [\"20+\"]\n")
	f.Add("\x01") // the decoder gives an offset of -1
	f.Add("[resolved]\nname = \"x\"\n[opening_plan.run]\nweeks = 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := LoadBytes("fuzz.toml", []byte(text), withBuiltins(testFiles))
		if err != nil {
			if _, ok := err.(Problems); !ok || err.Error() == "" {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		roundTrip(t, p)
		if _, err := Explain(p, ""); err != nil {
			t.Error(err)
		}
	})
}

// FuzzKey: any key is found or refused, and its canonical form means the same.
func FuzzKey(f *testing.F) {
	for _, k := range []string{"channels.search.response", "channels.*.halo", `teams.sales.win_rate."20+"`, "teams.sales.win_rate.20+", "media.*.weekly_budget", "a..b", `"`, "*", "*.*.*", "run"} {
		f.Add(k, "1")
	}
	f.Add("channels.search.response", `{dist = "pert", low = 0, mode = 0.1, high = 0.2}`)
	f.Add("changes.x", `{from = 2013-03-05, set = {"channels.*.halo" = 1}}`)
	p, err := Load("small", withBuiltins(testFiles))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		xs, _, err := p.Numbers(key)
		if err == nil {
			segs, err := plan.SplitKey(key)
			if err != nil {
				t.Fatal(err)
			}
			ys, _, err := p.Numbers(plan.JoinKey(segs...))
			if err != nil || len(xs) != len(ys) || xs[0] != ys[0] {
				t.Errorf("%q and %q are not the same", key, plan.JoinKey(segs...))
			}
		} else if err.Error() == "" {
			t.Errorf("%q: no message", key)
		}
		Explain(p, key)
		q, err := Load("small", Set(key+"="+value), withBuiltins(testFiles))
		if err == nil {
			roundTrip(t, q)
		}
	})
}

// TestRandomOverridesRoundTrip sets random keys to random values within their
// ranges, plain, uncertain or dated.
func TestRandomOverridesRoundTrip(t *testing.T) {
	base := mustOpen(t, "small").Plan
	fields := base.AllFields()
	r := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 30 {
		var sets []string
		for range 1 + r.IntN(4) {
			f := fields[r.IntN(len(fields))]
			if f.Param.Kind != "number" || shapesOpening(f.Param.Pattern) || strings.HasPrefix(f.Key, "population") {
				continue
			}
			key := f.Key
			if f.Param.By != "" && r.IntN(2) == 0 {
				names := base.Dimension(f.Param.By)
				key += "." + plan.JoinKey(names[r.IntN(len(names))])
			}
			sets = append(sets, key+"="+randomValue(r, f.Param))
		}
		s, err := Open("small", Set(sets...), withBuiltins(testFiles))
		if err != nil {
			continue
		}
		accepted++
		roundTrip(t, s.Plan)
	}
	if accepted < 10 {
		t.Errorf("only %d of 30 are accepted", accepted)
	}
}

func randomValue(r *rand.Rand, p plan.Param) string {
	lo, hi := max(p.Low, -10), min(p.High, 10)
	if p.High <= p.Low+1 {
		hi = p.High
	}
	x := func() float64 { return lo + (hi-lo)*(0.01+0.98*r.Float64()) }
	plain := func() string {
		if p.Whole {
			return fmt.Sprint(int(max(lo, 1)) + r.IntN(5))
		}
		return plan.FormatNumber(x())
	}
	quantity := func() string {
		a, b := x(), x()
		switch {
		case !p.Draw || p.Whole || a == b || min(a, b) <= 0:
			return plain()
		case r.IntN(2) == 0:
			return fmt.Sprintf("%q", fmt.Sprintf("%s to %s", plan.FormatNumber(min(a, b)), plan.FormatNumber(max(a, b))))
		}
		return fmt.Sprintf("{dist = \"uniform\", low = %s, high = %s}", plan.FormatNumber(min(a, b)), plan.FormatNumber(max(a, b)))
	}
	if p.Vary && r.IntN(3) == 0 {
		return fmt.Sprintf("[{value = %s}, {from = 2013-03-05, until = 2013-04-02, value = %s}, {from = 2013-05-07, value = %s}]", quantity(), quantity(), quantity())
	}
	return quantity()
}

func TestPlacesAreKnownInAllSpellings(t *testing.T) {
	text := "extends = \"small\"\n" + // 1
		"teams.sales = {\n  people = 3,\n  pay_per_year = -1,\n}\n" + // 2-5
		"channels.\"search\".response = 2\n" + // 6
		"[[economy.path]]\nfrom = 2013-03-05\nregime = \"slump\"\n" + // 7-9
		"[[economy.path]]\nfrom = \"x\"\nregime = \"recession\"\n" + // 10-12
		"[opening]\nage_bands = [\n {from_years = 0, to_years = 1, share = 0.5},\n {from_years = 1, to_years = 2, share = 5},\n]\n" // 13-17
	want := strings.Join([]string{
		"mine.toml:4: teams.sales.pay_per_year = -1: must be a number of at least 0 (USD per person and year)",
		"mine.toml:6: channels.search.response = 2: a chance lies between 0 and 1",
		"mine.toml:9: economy.path.regime = \"slump\": must be one of expansion, recession",
		"mine.toml:11: economy.path.from = \"x\": must be a date such as 2013-10-01, not a text",
		"mine.toml:16: opening.age_bands.share = 5: a share lies between 0 and 1",
	}, "\n")
	_, err := LoadBytes("mine.toml", []byte(text), withBuiltins(testFiles))
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
