package scenarios

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"windfall/model/plan"
)

// testFiles stand in for the shipped scenarios.
var testFiles = func() fs.FS {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		panic(err)
	}
	return os.DirFS(dir)
}()

func mustOpen(t testing.TB, name string, opts ...Option) *Scenario {
	t.Helper()
	s, err := Open(name, append(opts, withBuiltins(testFiles))...)
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return s
}

func mustLoad(t testing.TB, text string, opts ...Option) *plan.Plan {
	t.Helper()
	p, err := LoadBytes("mine.toml", []byte(text), append(opts, withBuiltins(testFiles))...)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return p
}

func TestPercentagesAreTheNumbersThatTheyMean(t *testing.T) {
	const plain = `extends = "small"
[channels.search]
response = 0.029
season = [1, 1, 1, 1, 1, 1, 0.8, 0.8, 1, 1, 1, 1.1]
cost_multiplier = [{from = 2013-03-05, value = 0.07}]
[teams.sales]
win_rate = {5-19 = 0.3}
[opening]
plan = "mine"
age_bands = [{from_years = 0, to_years = 1, share = 0.4}, {from_years = 1, to_years = 4, share = 0.6}]
[changes.x]
from = 2013-03-05
multiply = {channels.search.response = 0.5}
[shocks.y]
from = 2013-03-05
weeks = 2
probability = 0.001
set = {teams.web.win_rate = 0.55}
`
	percent := strings.NewReplacer("= 0.029", `= "2.9%"`, "0.8, 0.8", `"80%", "80 %"`, "1.1]", `"110%"]`, "0.07", `"7%"`, "0.3}", `"30%"}`,
		"0.4}", `"40%"}`, "0.6}", `"60%"}`, "0.5}", `"50%"}`, "0.001", `"0.1%"`, "0.55}", `"55%"}`).Replace(plain)
	p, q := mustLoad(t, plain), mustLoad(t, percent)
	if a, b := Resolved(p), Resolved(q); a != b {
		t.Error(firstDifference(a, b))
	}
	roundTrip(t, q)

	p, q = mustLoad(t, `extends = "small"`, Set("teams.web.win_rate=0.29", "channels.search.response*=0.57", "channels.*.churn=0.9")),
		mustLoad(t, `extends = "small"`, Set("teams.web.win_rate=29%", "channels.search.response*=57%", "channels.*.churn=\"90%\""))
	if a, b := Resolved(p), Resolved(q); a != b {
		t.Error(firstDifference(a, b))
	}
	roundTrip(t, q)

	t.Chdir(t.TempDir())
	write(t, "all.toml", "extends = \"small\"\n[teams.sales]\nwin_rate = \"20%\"")
	write(t, "one.toml", "extends = \"all.toml\"\n[teams.sales]\nwin_rate = {5-19 = \"30%\"}")
	one := mustOpen(t, "one.toml").Plan
	if a, b := value(t, one, "teams.sales.win_rate.5-19"), value(t, one, "teams.sales.win_rate.20+"); a != 0.3 || b != 0.2 {
		t.Errorf("win rates %v and %v", a, b)
	}
}

func value(t testing.TB, p *plan.Plan, key string) float64 {
	t.Helper()
	xs, _, err := p.Numbers(key)
	if err != nil {
		t.Fatal(err)
	}
	return *xs[0]
}

func TestAFileOverridesItsBasesByName(t *testing.T) {
	p := mustOpen(t, "small").Plan
	for key, want := range map[string]float64{
		"finance.opening_cash":                                500_000,
		"channels.search.reach.size.5-19":                     0.8,
		"channels.search.reach.industry.retail":               1,
		"population.sizes.20+.lowest":                         20,
		"triggers.new-office.rate_per_year.20+":               0.2,
		"triggers.new-office.season.1":                        1.2,
		"media.radio.weekly_budget.west":                      200,
		"media.radio.half_saturation":                         400,
		"media.stadium.half_saturation.west":                  150,
		"finance.rounds.seed.amount":                          250_000,
		"population.industries.services.revenue_per_employee": 150_000,
	} {
		if got := value(t, p, key); got != want {
			t.Errorf("%s = %v, want %v", key, got, want)
		}
	}
	if got := p.Dimension("size"); !reflect.DeepEqual(got, []string{"1-4", "5-19", "20+"}) {
		t.Errorf("sizes %v are not in order of head-count", got)
	}
	if p.Title != "A small vendor" || p.Name != "small" || p.OpeningPlan != nil {
		t.Errorf("title %q, name %q, opening plan %v", p.Title, p.Name, p.OpeningPlan)
	}
	if !math.IsNaN(value(t, p, "channels.search.half_saturation_equity")) {
		t.Error("an optional number without value is not NaN")
	}
}

func TestLaterBasesOverrideEarlierOnes(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a.toml", "extends = \"small\"\n[finance]\nopening_cash = 1\nfixed_cost_per_week = 1")
	write(t, dir+"/b.toml", "[finance]\nopening_cash = 2\nfixed_cost_per_week = 2")
	write(t, dir+"/c.toml", "extends = [\"a\", \"b.toml\"]\n[finance]\nopening_cash = 3")
	p := mustOpen(t, dir+"/c.toml").Plan
	if p.Finance.OpeningCash != 3 || p.Finance.FixedCostPerWeek != 2 {
		t.Errorf("cash %v, cost %v", p.Finance.OpeningCash, p.Finance.FixedCostPerWeek)
	}
	if p.Name != "c" || p.Title != "" {
		t.Errorf("name %q, title %q: a title is not inherited", p.Name, p.Title)
	}
}

func TestATableOverANumberKeepsItForOtherClasses(t *testing.T) {
	p := mustLoad(t, "extends = \"small\"\n[triggers.new-office]\nwindow_cv = 0.5\nindustry = 2\n[channels.search]\nreach.size = {1-4 = 0.1}\nseason = {2 = 0.5}")
	q := mustLoad(t, "extends = \"small\"\n[customers]\nbase_hazard = 0.3\nseat_growth_per_year = 0.1")
	r, err := Open("-", Stdin(strings.NewReader("extends = \"small\"\n[teams.web]\nwin_rate = {1-4 = 0.6}")), withBuiltins(testFiles))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Channels[2].Reach.Size; !reflect.DeepEqual(got, []float64{0.1, 0.8, 0.8}) {
		t.Errorf("reach %v", got)
	}
	if s := p.Channels[2].Season; s[0] != 1 || s[1] != 0.5 || s[6] != 0.8 {
		t.Errorf("season %v", s)
	}
	if q.Customers.BaseHazard[0] != 0.3 || !math.IsNaN(q.Customers.Retained12Months[0]) {
		t.Error("base_hazard does not replace an inherited retained_12_months")
	}
	if r.Plan.Name != "stdin" || r.Plan.Teams[2].WinRate[0] != 0.6 || r.Plan.Teams[2].WinRate[1] != 0.4 {
		t.Errorf("standard input: %q %v", r.Plan.Name, r.Plan.Teams[2].WinRate)
	}
}

func TestUncertainNumbersBecomeInputsAtTheirMedians(t *testing.T) {
	p := mustOpen(t, "small-uncertain").Plan
	var names []string
	for _, in := range p.Inputs {
		names = append(names, in.Name)
	}
	want := []string{
		"channels.inbound.halo", "channels.inbound.response", "channels.search.response", "channels.search.weekly_budget@2013-04-02",
		"channels.targeted-mail.targeting_cost", "customers.frailty_variance", "customers.retained_12_months", "customers.weibull_shape",
		`journey.willingness_median."20+"`, "journey.willingness_median.1-4", "population.firms", "teams.sales.people", "teams.sales.win_rate.5-19",
		"changes.pause.multiply.channels.search.response", "shocks.dearer.multiply.channels.*.cost_multiplier",
	}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("inputs\n%q, want\n%q", names, want)
	}
	if got := value(t, p, "channels.search.response"); math.Abs(got-0.0174) > 1e-3 {
		t.Errorf("the median of 0.01 to 0.03 is %v", got)
	}
	if got := p.Customers.Retained12Months; got[0] != got[2] || math.Abs(got[0]-0.7) > 0.02 {
		t.Errorf("retained %v", got)
	}
	if got := value(t, p, "channels.search.weekly_budget"); got != 1900 {
		t.Errorf("the value before all dates is %v", got)
	}
	for _, s := range p.Schedules {
		for _, e := range s.Entries {
			if e.Input >= 0 && p.Inputs[e.Input].Name != s.Key+"@"+e.From.String() {
				t.Errorf("%s: input %q", s.Key, p.Inputs[e.Input].Name)
			}
		}
	}
	if e := p.Changes[0].Effects; len(e) != 2 || e[0].Key != "media.*.weekly_budget" || e[1].Input < 0 || p.Inputs[e[1].Input].Key != "" {
		t.Errorf("effects %+v", e)
	}
	if len(p.Correlations) != 2 || p.Correlations[0].A != "channels.inbound.response" {
		t.Errorf("correlations %+v", p.Correlations)
	}
	if d := p.Inputs[11].Dist; !d.Whole || d.Quantile(0.5) != 2 {
		t.Errorf("people %+v", d)
	}
}

func TestOverridesNeverEnterTheOpeningPlan(t *testing.T) {
	plain := mustOpen(t, "small").Plan
	for _, set := range []string{"channels.search.response=0.5", "teams.*.win_rate=0.1", "channels.search.weekly_budget=100"} {
		p := mustOpen(t, "small", Set(set)).Plan
		if p.OpeningPlan == nil {
			t.Fatalf("%s: no opening plan", set)
		}
		if Digest(p.OpeningPlan) != Digest(plain) {
			t.Errorf("%s: the opening plan is another", set)
		}
		if Digest(p) == Digest(plain) {
			t.Errorf("%s: nothing changed", set)
		}
	}
	p := mustOpen(t, "small", Set("channels.search.weekly_budget*=2", "run.weeks=26")).Plan
	if p.OpeningPlan != nil {
		t.Error("a lever acts by a change and needs no other opening plan")
	}
	if c := p.Changes[0]; c.From != p.Run.Start || c.Effects[0].Value != 2 || !c.Effects[0].Multiply {
		t.Errorf("lever %+v", c)
	}
	if p := mustOpen(t, "small", Set("channels.search.response=0.02")).Plan; p.OpeningPlan != nil {
		t.Error("an override with the same value makes another opening plan")
	}
	if p := mustOpen(t, "small", Set("opening.customers=10", "opening.plan=self")).Plan; p.OpeningPlan != nil || p.Opening.Customers[0]+p.Opening.Customers[1]+p.Opening.Customers[2] != 10 {
		t.Error("opening.plan=self does not let overrides into the opening state")
	}
}

func TestOpeningPlanIsInheritedByName(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/mine.toml", "extends = \"small\"\n[channels.search]\nresponse = 0.03")
	p := mustOpen(t, dir+"/mine.toml").Plan
	if p.OpeningPlan == nil || p.OpeningPlan.Name != "small" || value(t, p.OpeningPlan, "channels.search.response") != 0.02 {
		t.Error("the opening plan is not the vendor's")
	}
	write(t, dir+"/base.toml", "extends = \"small\"\n[opening]\nplan = \"base\"\n[channels.search]\nresponse = 0.03")
	write(t, dir+"/top.toml", "extends = \"base\"\n[channels.search]\nresponse = 0.04\n[changes.x]\nfrom = 2013-03-05\nset = {channels.search.halo = 2}")
	p = mustOpen(t, dir+"/top.toml").Plan
	if o := p.OpeningPlan; o == nil || o.Name != "base" || value(t, o, "channels.search.response") != 0.03 || len(o.Changes) != 0 {
		t.Error("a base that names itself is not the opening plan")
	}
	if p := mustOpen(t, dir+"/base.toml").Plan; p.OpeningPlan != nil {
		t.Error("a scenario that names itself has another opening plan")
	}
}

func TestVariantsAreReadFromTheStudy(t *testing.T) {
	text := "extends = \"small\"\n[study]\nkind = \"compare\"\n[study.variants.flat]\ntitle = \"No halo\"\n\"channels.*.halo\" = 0\n[study.variants.flat.changes.c]\nfrom = 2013-03-05\nset = {channels.search.weight = 2}\n"
	s, err := OpenBytes("mine.toml", []byte(text), Variant("flat"), withBuiltins(testFiles))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Plan.Channels {
		if c.Halo != 0 {
			t.Errorf("halo of %s is %v", c.Name, c.Halo)
		}
	}
	if len(s.Plan.Changes) != 1 || s.Plan.OpeningPlan == nil {
		t.Error("the change of the variant is missing, or it entered the opening plan")
	}
	if k := s.Study.At("kind"); k == nil || k.Value != "compare" || k.Line != 3 {
		t.Errorf("study %+v", k)
	}
	_, err = OpenBytes("mine.toml", []byte(text), Variant("flatt"), withBuiltins(testFiles))
	if err == nil || err.Error() != "mine.toml: study.variants.flatt: the study has no such variant; did you mean flat?" {
		t.Errorf("%v", err)
	}
}

func TestOriginsTellFileLineAndSource(t *testing.T) {
	p := mustOpen(t, "small").Plan
	for key, want := range map[string]plan.Origin{
		"channels.search.response":                 {File: "small.toml", Line: 42, Source: "C1"},
		"channels.search.halo":                     {},
		"channels.search.half_saturation":          {File: "small.toml", Line: 40, Source: "assumption"},
		"channels.search.weekly_budget@2013-07-02": {File: "small.toml", Line: 39, Source: "C2"},
		"channels.search.weekly_budget@2013-09-03": {File: "small.toml", Line: 39, Source: "assumption"},
		"population.firms":                         {File: "small-market.toml", Line: 9, Source: "P7"},
		"population.sizes.1-4.share":               {File: "small-market.toml", Line: 13, Source: "P7"},
		`triggers.new-office.rate_per_year."20+"`:  {File: "small-market.toml", Line: 40, Source: "T6"},
		"triggers.new-office.rate_per_year.1-4":    {File: "small-market.toml", Line: 40, Source: "T7"},
		"media.radio.weekly_budget.east":           {File: "small.toml", Line: 14, Source: "B7"},
	} {
		if got := p.Origins[key]; got != want {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
}

func TestShippedScenariosLoad(t *testing.T) {
	for _, b := range List() {
		s, err := Open(b.Name)
		if err != nil {
			t.Errorf("%s:\n%v", b.Name, err)
			continue
		}
		if b.Title == "" || b.Question == "" {
			t.Errorf("%s: no title or no question", b.Name)
		}
		roundTrip(t, s.Plan)
	}
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
