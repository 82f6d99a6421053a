package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// An answer that moves a price says what it rests on; one that does not says nothing.
func TestAnswersThatMoveAPriceSayWhatTheyRestOn(t *testing.T) {
	load := func(text string, sets ...string) *plan.Plan {
		t.Helper()
		p, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n"+text), withBuiltins(testFiles), Set(sets...))
		require.NoError(t, err)
		return p
	}
	plain := load("")
	require.Empty(t, PriceNotes(plain))
	require.Empty(t, PriceNotes(plain, load("", "channels.search.weekly_budget*=2")))
	require.Empty(t, PriceNotes(plain, load("", "products.pro.price*=1")))
	far := "the price of pro goes to 2 times that of the scenario, and the record of what customers do covers moves of up to 25%: what is said beyond that rests on assumptions alone"
	require.Equal(t, []string{far, "a price moves, and the chance to win does not respond to the price of pro (price_elasticity is 0): raising it looks free there"},
		PriceNotes(plain, load("", "products.pro.price*=2")))
	require.Len(t, PriceNotes(plain, load("", "products.pro.price=30")), 1)
	require.Len(t, PriceNotes(load("", "products.pro.price=30")), 1, "against the opening plan")
	require.Len(t, PriceNotes(load("[products.pro]\nprice = \"20 to 30\"")), 1)
	for price, warned := range map[string]bool{"31.25": false, "31.3": true, "18.75": false, "18.7": true, "100": true} {
		notes := PriceNotes(plain, load("", "products.pro.price="+price))
		require.Equal(t, warned, strings.HasPrefix(notes[0], "the price of pro goes to "), "%s: %s", price, notes)
	}
	require.False(t, MovesPrice(plain))
	require.False(t, MovesPrice(plain, load("", "channels.search.weekly_budget*=2"), load("", "products.pro.price*=1")))
	require.True(t, MovesPrice(plain, load("", "channels.search.weekly_budget*=2"), load("", "products.pro.discount=0.1")))
	dated := load("[changes.dearer]\nfrom = 2013-02-04\nset = {\"products.pro.price\" = 30}\n")
	require.True(t, MovesPrice(plain, dated))
	schedule := func(last string) *plan.Plan {
		return load("[products.pro]\nprice = [{value = 15}, {from = 2012-06-01, value = 25}" + last + "]\n[opening]\nplan = \"self\"\nreplay = true\n")
	}
	require.Empty(t, PriceNotes(schedule("")), "what moved before the first day moves no more")
	require.Empty(t, PriceNotes(schedule(""), load("", "channels.search.weekly_budget*=2")))
	require.Contains(t, PriceNotes(schedule(", {from = 2013-03-01, value = 50}"))[0], "goes to 2 times", "of that of the first day")
	require.False(t, MovesPrice(dated, dated), "what both do is no difference")
	require.Contains(t, PriceNotes(plain, load("", "products.pro.price*=0.5"))[0], "goes to 0.5 times that of the scenario")

	assumed := "[products.pro]\nprice_for_all = true\nreference_price = 25\nprice_elasticity = 1.5\nsource = {price_elasticity = \"assumption\", default = \"C1\"}\n"
	require.Equal(t, []string{far,
		"a price moves, and live customers do not respond to it (customers.price_churn_lasting and _transient are 0): raising it looks free there",
		"a price moves, and the answer rests on products.pro.price_elasticity = 1.5, an assumption (mine.toml:5): set another value to see how much it matters",
	}, PriceNotes(load(assumed), load(assumed, "products.pro.price*=2")))
	cited := "[products.pro]\nprice_for_all = true\nreference_price = 25\nprice_elasticity = 1.5\nsource = \"F40\"\n[customers]\nprice_churn_lasting = \"0.2 to 2\"\nsource = \"assumption\"\n"
	require.Equal(t, []string{far, "a price moves, and the answer rests on customers.price_churn_lasting = 0.632 (uncertain), an assumption (mine.toml:8): set another value to see how much it matters"},
		PriceNotes(load(cited), load(cited, "products.pro.price*=2")))
}

// Keys of a file that can do nothing are told with the reason, and those that wait for a dated change are not.
func TestKeysOfRivalsAndPricesThatDoNothingAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"[rivals]\nstrength = 2":         "mine.toml:3: rivals.strength = 2: does nothing: no trigger kind has rival_per_week, so no firm chooses a rival",
		"[rivals]\nstrength = 1":         "",
		"[rivals]\nmedia_per_week = 500": "",
		"[triggers.new-office]\nrival_per_week = 0.1\n[rivals]\nprice = 0.8":                                       "mine.toml:5: rivals.price = 0.8: does nothing: rivals.price_elasticity is 0",
		"[triggers.new-office]\nrival_per_week = 0.1\n[rivals]\nprice_elasticity = 1":                              "",
		"[rivals]\nstrength = 2\n[changes.x]\nfrom = 2013-03-05\nset = {triggers.new-office.rival_per_week = 0.1}": "",
		"[products.pro]\nreference_price = 25":                                                                     "mine.toml:3: products.pro.reference_price = 25: does nothing: the product's price_elasticity is 0",
		"[customers]\nprice_churn_lasting = 1":                                                                     "mine.toml:3: customers.price_churn_lasting = 1: does nothing: no product has price_for_all, so no change of price reaches live customers",
		"[products.pro]\nprice_for_all = true\n[customers]\nprice_churn_lasting = 1":                               "",
		"[products.pro]\nprice_for_all = true\n[customers]\nprice_churn_half_life_weeks = 5":                       "mine.toml:5: customers.price_churn_half_life_weeks = 5: does nothing: customers.price_churn_transient is 0",
	} {
		s, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n"+text), withBuiltins(testFiles))
		require.NoError(t, err, text)
		var told []string
		for _, w := range s.Warnings {
			if w.Key != "" && w.File == "mine.toml" && w.Line > 0 {
				told = append(told, w.Error())
			}
		}
		if want == "" {
			require.NotContains(t, fmt.Sprint(told), "does nothing", text)
			continue
		}
		require.Contains(t, told, want, text)
	}
}
