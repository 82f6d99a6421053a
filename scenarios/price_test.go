package scenarios

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// What a price is per is one thing within a size class; what then does nothing is refused.
func TestPricePer(t *testing.T) {
	t.Parallel()
	const firms = "extends = \"small\"\n[opening]\nplan = \"mine\"\nproducts = \"none\"\n[products.pro]\nprice_per = \"firm\"\nsizes = [\"20+\"]\n"
	open := func(text string, opts ...Option) (*Scenario, error) {
		return OpenBytes("mine.toml", []byte(text), append(opts, withBuiltins(testFiles))...)
	}
	s, err := open(firms)
	require.NoError(t, err)
	require.Equal(t, plan.PerFirm, s.Plan.Products[1].PricePer)
	require.Equal(t, "seat", s.Plan.Products[0].PricePer)
	require.Equal(t, []bool{false, false, true}, []bool{s.Plan.PerFirm(0), s.Plan.PerFirm(1), s.Plan.PerFirm(2)})
	require.Contains(t, Resolved(s.Plan), "price_per = \"firm\"")
	require.Contains(t, s.Warnings.Error(), "is read per firm and month in size class 20+, since pro has a price per firm (mine.toml:6): state there what a firm would pay")
	require.Contains(t, s.Warnings.Error(), "products.pro.adoption = 0.6: does nothing: the product has price_per = \"firm\"; the key belongs to \"seat\"")
	roundTrip(t, s.Plan)

	for _, c := range []struct{ text, want string }{
		{"extends = \"small\"\n[opening]\nplan = \"mine\"\n[products.pro]\nprice_per = \"firm\"\n",
			"mine.toml:5: products.pro.price_per = \"firm\": size class 1-4 is sold pro, whose price is per firm, and basic, whose price is per seat; " +
				"nobody can tell which costs more: give both the same price_per, or sell one of them to other classes (sizes)"},
		{firms + "adoption = 0.5\n", "mine.toml:8: products.pro.adoption = 0.5: does nothing: the product has price_per = \"firm\"; the key belongs to \"seat\""},
		{firms + "[customers]\nseat_growth_per_year = {1-4 = 0, 5-19 = 0, \"20+\" = 0.1}\n",
			"mine.toml:9: customers.seat_growth_per_year.\"20+\" = 0.1: does nothing: the products of the class have a price per firm"},
		{firms + "[changes.x]\nfrom = \"start\"\nset = {\"products.pro.adoption\" = 0.5}\n",
			"mine.toml:10: changes.x.set.products.pro.adoption = 0.5: does nothing: the product has price_per = \"firm\"; the key belongs to \"seat\""},
		{"extends = \"small\"\n[products.pro]\nprice_per = \"month\"\n", "mine.toml:3: products.pro.price_per = \"month\": must be one of seat, firm"},
		{"extends = \"small\"\n[products.pro]\nprice_per = \"firm\"\n[products.basic]\nprice_per = \"firm\"\n",
			"mine.toml:3: products.pro.price_per = \"firm\": is \"seat\" in the opening plan small, whose customers pay so on the first day; " +
				"write plan = \"mine\" in [opening] (opening.plan = \"self\" for an override), or give the new offer a name of its own"},
	} {
		_, err := open(c.text)
		require.ErrorContains(t, err, c.want)
	}
	_, err = Open("small", withBuiltins(testFiles), Set("products.*.price_per=firm", "opening.plan=self"))
	require.NoError(t, err)
}

// A growth of the market that changes at dates acts as its integral says, up and down.
func TestMarketGrowthByDates(t *testing.T) {
	t.Parallel()
	const text = `extends = "small"
[run]
weeks = 60
[opening]
plan = "mine"
[population]
growth_per_year = [{value = "20%"}, {from = 2013-03-05, until = 2013-07-04, value = -0.9}, {from = 2013-07-04, value = 0.1}]
[changes.slump]
from = 2013-10-01
until = 2014-01-07
set = {"population.growth_per_year" = -0.5}
[changes.half]
from = 2014-01-14
multiply = {"population.growth_per_year" = 0.5}
`
	p := mustLoad(t, text)
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	schema := pr.Schema()
	rec, state := schema.NewRecord(), pr.NewState()
	state.Replicate(1, 0, rec)
	firms := func(week int) (sum float64) { // whatever they do
		for i, c := range schema.Weekly {
			if slices.Contains([]string{"dormant", "in_market", "locked", "live_customers"}, c.Name) {
				sum += rec.Weekly[week*len(schema.Weekly)+i]
			}
		}
		return sum
	}
	rates := func(week int) float64 { // weeks begin on Tuesdays; a date inside a week acts from the next
		switch d := p.Run.Start + plan.Date(7*week); {
		case d >= plan.NewDate(2014, 1, 14):
			return 0.05
		case d >= plan.NewDate(2013, 10, 1) && d < plan.NewDate(2014, 1, 7):
			return -0.5
		case d >= plan.NewDate(2013, 7, 4):
			return 0.1
		case d >= plan.NewDate(2013, 3, 5):
			return -0.9
		}
		return 0.2
	}
	require.NotZero(t, rates(0))
	grown, least := 0.0, 0.0
	for week := range int(p.Run.Weeks) {
		want := p.Population.Firms * math.Exp(grown)
		require.InDelta(t, want, firms(week), 0.5*float64(len(model.CellNames(p))), "week %d", week) // each cell is rounded
		grown += rates(week) / plan.WeeksPerYear
		least = min(least, grown)
	}
	require.Less(t, least, -0.2, "the market shrinks much")
	roundTrip(t, p)
}
