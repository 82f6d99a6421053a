package scenarios

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	var b strings.Builder
	small := mustOpen(t, "small", Set("channels.search.response=0.03")).Plan
	uncertain := mustOpen(t, "small-uncertain").Plan
	for _, key := range []string{
		"channels.search.response", "channels.search.weekly_budget", "channels.search.reach.size.1-4", "channels.search.reach.size",
		"triggers.new-office.rate_per_year", "population.firms", "products.basic.sizes", "run.start", "finance.rounds", "teams.*.share",
		"channels.search.respons", "opening.products",
	} {
		writeExplained(&b, "small", key, func() (string, error) { return Explain(small, key) })
	}
	for _, key := range []string{"channels.search.response", "channels.search.cost_multiplier", "customers.retained_12_months.5-19", `teams.sales.win_rate."20+"`, "population.firms"} {
		writeExplained(&b, "small-uncertain", key, func() (string, error) { return Explain(uncertain, key) })
	}
	golden(t, "testdata/explain.txt", b.String())
}

func writeExplained(b *strings.Builder, name, key string, explain func() (string, error)) {
	b.WriteString("$ explain " + name + " " + key + "\n")
	text, err := explain()
	if err != nil {
		text = "error: " + err.Error() + "\n"
	}
	b.WriteString(text + "\n")
}

func TestExplainWithoutKeyListsEveryKey(t *testing.T) {
	p := mustOpen(t, "small").Plan
	text, err := Explain(p, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.AllFields() {
		switch f.Ptr.(type) {
		case *float64, *bool:
			if !strings.Contains(text, f.Key+" = ") && f.Param.Default != "none" {
				t.Errorf("%s is not listed", f.Key)
			}
		}
	}
}

// TestTheStarterRunsAsItIsAndWithEveryExampleOn loads the starter as it is and
// with every commented key switched on.
func TestTheStarterRunsAsItIsAndWithEveryExampleOn(t *testing.T) {
	if _, ok := Source("metro"); !ok {
		t.Skip("there is no scenario metro yet")
	}
	if _, err := LoadBytes("mine.toml", []byte(New())); err != nil {
		t.Error(err)
	}
	var on []string
	for _, line := range strings.Split(New(), "\n") {
		if s, ok := strings.CutPrefix(line, "# "); ok && (strings.HasPrefix(s, "[") || strings.Contains(s, " = ")) && !strings.HasPrefix(s, "source") {
			line = s
		}
		on = append(on, line)
	}
	s, err := OpenBytes("mine.toml", []byte(strings.Join(on, "\n")))
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(on, "\n"))
	}
	if len(s.Plan.Changes) != 1 || len(s.Plan.Shocks) != 1 || len(s.Plan.Goals) != 1 || len(s.Plan.Inputs) == 0 {
		t.Error("an example of the starter is not switched on")
	}
}

func TestListNamesTheScenarios(t *testing.T) {
	list := listBuiltins(testFiles)
	if len(list) != 3 || list[0].Name != "small" || list[0].Question != "Does it load?" || list[0].Extends[0] != "small-market" {
		t.Errorf("%+v", list)
	}
}
