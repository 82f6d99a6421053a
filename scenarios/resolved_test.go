package scenarios

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"windfall/model/plan"
)

// roundTrip checks that a plan written as a resolved scenario loads back to
// the same plan, down to origins and the bits of numbers.
func roundTrip(t testing.TB, p *plan.Plan) {
	t.Helper()
	text := Resolved(p)
	q, err := LoadBytes("resolved.toml", []byte(text))
	if err != nil {
		t.Fatalf("%s: the resolved scenario does not load:\n%v\n%s", p.Name, err, text)
	}
	if again := Resolved(q); again != text {
		t.Errorf("%s: the resolved scenario resolves to another text:\n%s", p.Name, firstDifference(text, again))
	}
	if Digest(p) != Digest(q) {
		t.Errorf("%s: the digest changes", p.Name)
	}
	if d := Diff(p, q); len(d) > 0 {
		t.Errorf("%s: %+v", p.Name, d)
	}
	a, b := noNaN(p), noNaN(q)
	if !reflect.DeepEqual(a, b) {
		va, vb := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
		for i := range va.NumField() {
			if !reflect.DeepEqual(va.Field(i).Interface(), vb.Field(i).Interface()) {
				t.Errorf("%s: %s: %+v\nbecomes %+v", p.Name, va.Type().Field(i).Name, va.Field(i), vb.Field(i))
			}
		}
	}
}

// noNaN replaces NaN by a number, since NaN equals nothing.
func noNaN(p *plan.Plan) *plan.Plan {
	q := p.Clone()
	fix := func(x *float64) {
		if math.IsNaN(*x) {
			*x = -12345
		}
	}
	for _, f := range q.AllFields() {
		switch v := f.Ptr.(type) {
		case *float64:
			fix(v)
		case *[]float64:
			for i := range *v {
				fix(&(*v)[i])
			}
		case *plan.Split:
			fix(&v.Total)
		case *[]string:
			if len(*v) == 0 {
				*v = nil
			}
		}
	}
	if q.OpeningPlan != nil {
		q.OpeningPlan = noNaN(q.OpeningPlan)
	}
	if q.BaselinePlan != nil {
		q.BaselinePlan = noNaN(q.BaselinePlan)
	}
	return q
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range la {
		if i >= len(lb) || la[i] != lb[i] {
			return la[i] + "\n" + strings.Join(lb[min(i, len(lb)-1):min(i+1, len(lb))], "")
		}
	}
	return "(longer)"
}

func TestResolvedPlansLoadBack(t *testing.T) {
	for _, name := range []string{"small", "small-uncertain"} {
		roundTrip(t, mustOpen(t, name).Plan)
	}
	for _, set := range []string{
		"channels.search.response=0.5", "channels.search.weekly_budget*=1.5", "channels.*.enabled=false", "run.step=day",
		"channels.search.response=\"0.1 to 0.2\"", "changes.x={from = 2013-05-07, set = {teams.sales.people = 5}}",
		"title=a \"quoted\" \\ title\u0007 with \u00e9", "products.pro.first_sale=2013-04-01",
		"economy.path=[{from = 2013-03-05, regime = \"recession\"}]", "teams.sales.people=[{from = 2013-01-01, value = 3}]",
		"media.radio.enabled=false", "customers.seat_growth_per_year={1-4 = \"1% to 3%\"}",
	} {
		roundTrip(t, mustOpen(t, "small", Set(set)).Plan)
		roundTrip(t, mustOpen(t, "small-uncertain", Set(set)).Plan)
	}
}

// A resolved file writes every key, and is not scolded for those that do nothing.
func TestResolvedFilesAreNotScolded(t *testing.T) {
	p, err := Load("town")
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenBytes("worst.toml", []byte(Resolved(p)))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Warnings.Error(); strings.Contains(got, "does nothing") {
		t.Error(got)
	}
}

func TestOverridesOfAResolvedScenarioKeepItsOpening(t *testing.T) {
	p := mustOpen(t, "small", Set("channels.search.response=0.5")).Plan
	q, err := LoadBytes("r.toml", []byte(Resolved(p)), Set("channels.search.response=0.6"))
	if err != nil {
		t.Fatal(err)
	}
	if q.OpeningPlan == nil || Digest(q.OpeningPlan) != Digest(p.OpeningPlan) {
		t.Error("the opening plan is lost")
	}
	if o := q.Origins["channels.search.response"]; o.File != "--set" {
		t.Errorf("origin %+v", o)
	}
	if o := q.Origins["channels.search.halo"]; o != p.Origins["channels.search.halo"] {
		t.Errorf("origin %+v", o)
	}
}

func TestDigestSeesWhatMatters(t *testing.T) {
	base := Digest(mustOpen(t, "small").Plan)
	for _, set := range []string{"run.seed=7", "run.replications=10", "title=other", "question=other", `goals.x={expect = "a"}`} {
		if Digest(mustOpen(t, "small", Set(set)).Plan) != base {
			t.Errorf("%s changes the digest", set)
		}
	}
	for _, set := range []string{
		"run.weeks=10", "run.step=day", "run.start=2013-01-08", "channels.search.response=0.021", "channels.search.response*=1",
		"channels.search.enabled=false", "channels.search.targets=[\"new-office\"]", "teams.sales.people=\"1 to 4\"",
		"shocks.s={from = 2013-02-05, weeks = 2, multiply = {channels.search.response = 0.5}}",
	} {
		if Digest(mustOpen(t, "small", Set(set)).Plan) == base {
			t.Errorf("%s does not change the digest", set)
		}
	}
	moved := strings.ReplaceAll(Resolved(mustOpen(t, "small").Plan), "small.toml", "other.toml")
	p, err := LoadBytes("r.toml", []byte(moved))
	if err != nil || Digest(p) != base {
		t.Errorf("origins change the digest (%v)", err)
	}
}

func TestDiffNamesWhatDiffers(t *testing.T) {
	a := mustOpen(t, "small").Plan
	b := mustOpen(t, "small", Set("channels.search.response=0.03", "changes.x={from = 2013-05-07, set = {teams.sales.people = 5}}", "title=b")).Plan
	d := Diff(a, b)
	var got []string
	for _, x := range d {
		got = append(got, x.Key+": "+x.A+" -> "+x.B)
	}
	want := []string{
		"channels.search.response: 0.02 -> 0.03",
		"changes.x.from:  -> 2013-05-07",
		"changes.x.set.teams.sales.people:  -> 5",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	if d[0].FromA.File != "small.toml" || d[0].FromB.File != "--set" {
		t.Errorf("%+v", d[0])
	}
}
