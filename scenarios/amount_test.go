package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// Amounts are written as people write them wherever money or a count is allowed, in a file and
// on the command line, and come back as plain numbers.
func TestAmounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"650k": 650_000, "2.5M": 2_500_000, "1.2bn": 1.2e9, "1.2B": 1.2e9, "$650k": 650_000, "$40_000": 40_000, "USD 5k": 5_000, "USD5k": 5_000, "0.3k": 300, " 7k ": 7_000, "1_500k": 1_500_000,
	} {
		file := mustLoad(t, "extends = \"small\"\n[finance]\nfixed_cost_per_week = \""+text+"\"\n")
		require.Equal(t, want, file.Finance.FixedCostPerWeek, text)
		set := mustOpen(t, "small", Set("finance.fixed_cost_per_week="+text)).Plan
		require.Equal(t, want, set.Finance.FixedCostPerWeek, text)
		require.Contains(t, Resolved(file), "fixed_cost_per_week = "+plan.FormatNumber(want)+" ", text)
		roundTrip(t, file)
	}
	p := mustLoad(t, `extends = "small"
[population]
firms = "20k"
[opening]
plan = "self"
[channels.search]
weekly_budget = [{value = "2k"}, {from = 2013-07-02, value = "2.5k to 3k"}]
[channels.targeted-mail]
half_saturation = {dist = "lognormal", p5 = "2k", p95 = "4k"}
fee_per_lead = {dist = "discrete", values = ["1k", 2_000]}
[changes.more]
from = 2013-03-05
set = {"channels.targeted-mail.weekly_budget" = "1.5k"}
[media.radio]
weekly_budget = {east = "0.3k", west = "$0.2k"}
`)
	require.Equal(t, 20_000.0, p.Population.Firms)
	require.Equal(t, 2_000.0, p.Channels[2].WeeklyBudget)
	require.Equal(t, []float64{300, 200}, p.Media[0].WeeklyBudget.Parts)
	require.Equal(t, 1_500.0, p.Changes[0].Effects[0].Value)
	var texts []string
	for _, in := range p.Inputs {
		texts = append(texts, in.Dist.Text)
	}
	require.Equal(t, []string{`"2500 to 3000"`, `{dist = "discrete", values = [1000, 2000], weights = [1, 1]}`, `{dist = "lognormal", p5 = 2000, p95 = 4000}`}, texts)
	roundTrip(t, p)
}

// What is no amount is refused with what to write instead.
func TestOtherAmountsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, text, want string }{
		{"finance.fixed_cost_per_week", "650K dollars", `must be a number of at least 0, not a text; write "650k" or 650000`},
		{"finance.fixed_cost_per_week", "2,5M", `must be a number of at least 0, not a text; write "2.5M" or 2500000`},
		{"finance.fixed_cost_per_week", "650 k", `must be a number of at least 0, not a text; write "650k" or 650000`},
		{"finance.fixed_cost_per_week", "650m", `must be a number of at least 0, not a text; write "650M" or 650000000`},
		{"finance.fixed_cost_per_week", "2.5M$", `must be a number of at least 0, not a text; write "2.5M" or 2500000`},
		{"finance.fixed_cost_per_week", "€650k", "is in EUR, and the scenario counts in USD (run.currency); nothing is converted: write what it is in USD"},
		{"finance.fixed_cost_per_week", "C$650k", "is in CAD, and the scenario counts in USD (run.currency); nothing is converted: write what it is in USD"},
		{"finance.fixed_cost_per_week", "x650k", `"x" is no currency; write 650000`},
		{"finance.fixed_cost_per_week", "-650k", "must be a number of at least 0 (USD/week)"},
		{"finance.fixed_cost_per_week", "2000bn", "must be a number from 0 to 1_000_000_000_000 (USD/week)"},
		{"finance.fixed_cost_per_week", "6__5k", "must be a number of at least 0, not a text; write \"65k\" or 65000"},
		{"finance.fixed_cost_per_week", "40 to 60k", "write the scale (k, M or B) at both ends or at none"},
		{"finance.fixed_cost_per_week", "60k to 40k", "the ends of the interval are swapped"},
		{"population.firms", "$20k", "is a number of firms, not money; write 20000"},
		{"channels.search.response", "1k", "must be a number from 0 to 1, not a text; write 1000"},
		{"customers.weibull_shape", "1k", "must be a number above 0 and at most 10, not a text; write 1000"},
	} {
		table, name := c.key[:strings.LastIndex(c.key, ".")], c.key[strings.LastIndex(c.key, ".")+1:]
		_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n["+table+"]\n"+name+" = \""+c.text+"\"\n"), withBuiltins(testFiles))
		require.EqualError(t, err, fmt.Sprintf("mine.toml:3: %s = %q: %s", c.key, c.text, c.want))
		_, err = Load("small", Set("opening.plan=self", c.key+"="+c.text), withBuiltins(testFiles))
		require.ErrorContains(t, err, c.want)
	}
}

// FuzzAmount: what is read as an amount is a finite number, and what is advised for a number reads as it.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"650k", "2.5M", "$1.2bn", "USD 5", "-3k", "1_000k", "€", "k", "0k", "1e3k", "9999999999999999999999B", "£ 5k", "１k"} {
		f.Add(s, 650_000.0)
	}
	f.Fuzz(func(t *testing.T, s string, x float64) {
		if a, ok := readAmount(s); ok && (math.IsNaN(a.value) || math.IsInf(a.value, 0)) {
			t.Errorf("%q is %v", s, a.value)
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return
		}
		short, _, both := strings.Cut(writeAmount(x), " or ")
		if !both {
			return
		}
		if a, ok := readAmount(strings.Trim(short, `"`)); !ok || a.value != x {
			t.Errorf("%v is advised as %s, which is %v", x, short, a.value)
		}
		p, err := LoadBytes("fuzz.toml", []byte("extends = \"small\"\n[finance]\nopening_cash = "+short+"\n"), withBuiltins(testFiles))
		if err == nil {
			if p.Finance.OpeningCash != x {
				t.Errorf("%s loads as %v", short, p.Finance.OpeningCash)
			}
			roundTrip(t, p)
		}
	})
}

// A single number of opening customers is their total: dealt over the classes that products serve by
// their firms, said once, and written as a table.
func TestOpeningCustomersAsOneNumberAreATotal(t *testing.T) {
	t.Parallel()
	load := func(text string) *Scenario {
		s, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n"+text), withBuiltins(testFiles))
		require.NoError(t, err)
		return s
	}
	told := func(s *Scenario) (out []string) {
		for _, w := range s.Warnings {
			if w.Key == "opening.customers" {
				out = append(out, w.Error())
			}
		}
		return out
	}
	s := load("[opening]\nplan = \"mine\"\ncustomers = 301\n")
	firms := s.Plan.Population
	sizes := []float64{firms.Sizes[0].Share, firms.Sizes[1].Share, firms.Sizes[2].Share}
	require.InDelta(t, 1, sizes[0]+sizes[1]+sizes[2], 1e-9)
	var sum float64
	for i, n := range s.Plan.Opening.Customers {
		require.Equal(t, math.Trunc(n), n)
		require.InDelta(t, 301*sizes[i], n, 1)
		sum += n
	}
	require.Equal(t, 301.0, sum)
	require.Len(t, told(s), 1)
	require.Contains(t, told(s)[0], `mine.toml:4: opening.customers = 301: is the total of all size classes, dealt over those that enabled products serve by their firms: {1-4 = `)
	require.Contains(t, Resolved(s.Plan), "\ncustomers = {1-4 = ")
	roundTrip(t, s.Plan)

	// Of classes that no product serves nobody is a customer; a table says what it says.
	only := load("[opening]\nplan = \"mine\"\ncustomers = \"0.3k\"\nproducts = {basic = 1, pro = 0}\n[products.pro]\nenabled = false\n[teams.sales]\nsizes = [\"5-19\", \"20+\"]\n").Plan.Opening.Customers
	require.Zero(t, only[2])
	require.Equal(t, 300.0, only[0]+only[1])
	same := load("[opening]\nplan = \"mine\"\ncustomers = {1-4 = 30, 5-19 = 30, \"20+\" = 30}\n")
	require.Empty(t, told(same))
	require.Equal(t, []float64{30, 30, 30}, same.Plan.Opening.Customers)
	roundTrip(t, same.Plan)

	_, err := OpenBytes("mine.toml", []byte("extends = [\"small\", \"total.toml\"]\n[opening]\ncustomers = {1-4 = 10}\n"), withBuiltins(testFiles))
	require.Error(t, err)
	_, err = Open("small", withBuiltins(testFiles), Set("opening.plan=self", "opening.customers=100", "opening.customers.1-4=10"))
	require.EqualError(t, err, "--set: opening.customers: names some entries only, and the value under it (--set:0) is the total of all; name every entry")

	// A variant that sells to fewer classes starts from the opening plan's customers.
	_, err = OpenBytes("mine.toml", []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\ncustomers = 300\nproducts = \"none\"\n"), withBuiltins(testFiles), Set("products.pro.sizes=[\"1-4\", \"5-19\"]"))
	require.NoError(t, err)
}

// A count by class or region of which one number could mean each or all is a total.
func TestCountsByClassAreTotals(t *testing.T) {
	t.Parallel()
	for _, p := range plan.Params() {
		if p.Count() && p.By != "" {
			require.True(t, p.Dealt || p.Total, "%s: one number for a table of counts means their total", p.Pattern)
		}
	}
	require.True(t, reflect.ValueOf(paramTable["opening.customers"]).FieldByName("Dealt").Bool())
}
