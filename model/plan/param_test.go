package plan

import (
	"math"
	"reflect"
	"testing"
)

// paramPlan is a plan with two sizes, a channel, a medium of one total and one
// of parts by region.
func paramPlan() *Plan {
	p := &Plan{}
	p.Population.Sizes = []Size{{Name: "1-4", Share: 0.75, Lowest: 1, Highest: 4}, {Name: "500+", Share: 0.25, Lowest: 500, Highest: 900}}
	p.Population.Regions = []Region{{Name: "east", Share: 0.5}, {Name: "west", Share: 0.5}}
	p.Channels = []Channel{
		{Name: "paid-search", Response: 0.1, Reach: Reach{Size: []float64{1, 0.5}, Region: []float64{0.2, 0.3}}},
		{Name: "radio", Response: 0.2, Reach: Reach{Size: []float64{0.7, 0.6}, Region: []float64{1, 1}}},
	}
	p.Media = []Medium{{Name: "sponsor", WeeklyBudget: Split{Total: 500}}, {Name: "tv", WeeklyBudget: Split{Parts: []float64{100, 200}}}}
	p.Teams = []Team{{Name: "smb", WinRate: []float64{0.3, 0.4}, Share: []float64{1, 1}}}
	p.Opening.AgeBands = []AgeBand{{0, 1, 1}}
	return p
}

func TestEveryKeyOfThePlanHasARowWithAMeaning(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Params() {
		if seen[p.Pattern] {
			t.Errorf("%s: twice", p.Pattern)
		}
		seen[p.Pattern] = true
		if p.Doc == "" {
			t.Errorf("%s: no meaning", p.Pattern)
		}
		if p.Low > p.High {
			t.Errorf("%s: empty range", p.Pattern)
		}
	}
	for _, s := range Sections() {
		if s.Doc == "" {
			t.Errorf("%s: no meaning", s.Pattern)
		}
	}
	for _, f := range paramPlan().AllFields() {
		if !seen[f.Param.Pattern] {
			t.Errorf("%s: no row", f.Key)
		}
	}
}

func TestNumbersFindsWhatAKeyNames(t *testing.T) {
	p := paramPlan()
	for _, c := range []struct {
		key  string
		want []float64
	}{
		{"channels.radio.response", []float64{0.2}},
		{"channels.*.response", []float64{0.1, 0.2}},
		{`teams.smb.win_rate."500+"`, []float64{0.4}},
		{"teams.smb.win_rate.500+", []float64{0.4}},
		{"teams.smb.win_rate.1-4", []float64{0.3}},
		{"teams.smb.win_rate", []float64{0.3, 0.4}},
		{"teams.*.win_rate.*", []float64{0.3, 0.4}},
		{"channels.*.reach.size.1-4", []float64{1, 0.7}},
		{"channels.*.reach.size", []float64{1, 0.5, 0.7, 0.6}},
		{"population.sizes.*.share", []float64{0.75, 0.25}},
		{"media.sponsor.weekly_budget", []float64{500}},
		{"media.tv.weekly_budget", []float64{100, 200}},
		{"media.tv.weekly_budget.west", []float64{200}},
		{"media.*.weekly_budget", []float64{500, 100, 200}},
	} {
		got, _, err := p.Numbers(c.key)
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		var values []float64
		for _, x := range got {
			values = append(values, *x)
		}
		if !reflect.DeepEqual(values, c.want) {
			t.Errorf("%s: %v, want %v", c.key, values, c.want)
		}
	}
}

func TestNumbersNamesTheNearestKey(t *testing.T) {
	p := paramPlan()
	for key, want := range map[string]string{
		"channels.radio.respons":           "channels.radio.respons: unknown key; did you mean channels.radio.response?",
		"chanels.radio.response":           "chanels.radio.response: unknown key; did you mean channels.radio.response?",
		"channels.radios.response":         "channels.radios.response: unknown key; did you mean channels.radio.response?",
		"channels.podcast.response":        "channels.podcast.response: unknown key",
		"channels.radio.budget":            "channels.radio.budget: unknown key; did you mean channels.radio.weekly_budget?",
		"channels.radio.half":              "channels.radio.half: unknown key; did you mean channels.radio.half_saturation?",
		"replications":                     "replications: unknown key; did you mean run.replications?",
		"channels.*.respond":               "channels.*.respond: unknown key; did you mean channels.*.response?",
		"channels.radio":                   "channels.radio is a table; name one of its keys",
		"channels":                         "channels is a table; name one of its keys",
		"teams.smb.win_rate.1-5":           "teams.smb.win_rate.1-5: unknown key; did you mean teams.smb.win_rate.1-4?",
		"teams.smb.kind":                   "teams.smb.kind is not a number",
		"channels.radio.response.1-4":      "channels.radio.response.1-4 is no key: channels.radio.response holds one value",
		"media.sponsor.weekly_budget.west": "media.sponsor.weekly_budget is one total for all regions here; it has no part west",
		"channels..response":               `"channels..response" is not a key: a name between its dots is empty`,
		`channels."radio.response`:         `channels."radio.response: a quote is not closed`,
		"":                                 `"" is not a key: a name between its dots is empty`,
		"opening.age_bands":                "opening.age_bands is not a number",
		"brand.initial_equity":             "brand.initial_equity has no entries in this plan",
		"channels.radio.*":                 "channels.radio.*: unknown key",
	} {
		_, _, err := p.Numbers(key)
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", key, err, want)
		}
	}
}

func TestCloneSharesNoNumber(t *testing.T) {
	p := paramPlan()
	q := p.Clone()
	if !reflect.DeepEqual(p, q) {
		t.Fatal("the clone differs")
	}
	want := paramPlan()
	for _, f := range q.AllFields() {
		switch x := f.Ptr.(type) {
		case *float64:
			*x = math.Pi
		case *[]float64:
			for i := range *x {
				(*x)[i] = math.Pi
			}
		case *Split:
			x.Total = math.Pi
			for i := range x.Parts {
				x.Parts[i] = math.Pi
			}
		case *[]AgeBand:
			for i := range *x {
				(*x)[i].Share = math.Pi
			}
		}
	}
	if !reflect.DeepEqual(p, want) {
		t.Error("a number of the clone is a number of the plan")
	}
}

func TestKeysSplitAndJoin(t *testing.T) {
	for _, segs := range [][]string{{"a"}, {"a", "500+"}, {"a b", "c", "*"}, {"x.y", "z"}} {
		got, err := SplitKey(JoinKey(segs...))
		if err != nil || !reflect.DeepEqual(got, segs) {
			t.Errorf("%q: %q %v", segs, got, err)
		}
	}
}

func TestRangesInWords(t *testing.T) {
	for pattern, want := range map[string]string{
		"channels.*.response":          "a number from 0 to 1",
		"journey.memory_weeks":         "a number above 0",
		"population.smb_employees":     "a number of at least 1",
		"run.weeks":                    "a whole number from 1 to 2000",
		"customers.retained_12_months": "a number above 0 and below 1",
		"teams.*.ramp_start":           "a number above 0 and at most 1",
		"population.min_dormant_share": "a number of at least 0.01 and below 1",
	} {
		if got := paramAt(pattern).Range(); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

// Every number has a largest, one that no market reaches and nothing overflows at.
func TestEveryNumberHasALargest(t *testing.T) {
	for pattern, want := range map[string]string{
		"journey.memory_weeks":         "a number above 0 and at most 1_000_000",
		"population.smb_employees":     "a number from 1 to 1_000_000_000",
		"channels.*.weekly_budget":     "a number from 0 to 1_000_000_000_000",
		"media.*.half_saturation":      "a number above 0 and at most 1_000_000_000_000",
		"channels.*.cost_multiplier":   "a number above 0 and at most 100",
		"customers.retained_12_months": "a number above 0 and below 1",
	} {
		if got := paramAt(pattern).Limits(); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
	for _, p := range Params() {
		if p.Kind != "number" {
			continue
		}
		if m := p.Most(); m > 1e16 || p.Allows(2*m) || p.Allows(math.MaxFloat64) || !p.Allows(m) && !p.HighOpen {
			t.Errorf("%s: at most %v", p.Pattern, m)
		}
		if p.Allows(math.SmallestNonzeroFloat64) || p.LowOpen && p.Low == 0 && p.Allows(1e-10) {
			t.Errorf("%s: takes what is too small to tell from 0", p.Pattern)
		}
	}
}
