package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
)

// An answer that moves a price says what it rests on; one that does not says nothing.
func TestAnswersThatMoveAPriceSayWhatTheyRestOn(t *testing.T) {
	load := func(text string, sets ...string) *model.Plan {
		t.Helper()
		p, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n"+text), withBuiltins(testFiles), Set(sets...))
		require.NoError(t, err)
		return p
	}
	plain := load("")
	require.Empty(t, PriceNotes(plain))
	require.Empty(t, PriceNotes(plain, load("", "channels.search.weekly_budget*=2")))
	require.Empty(t, PriceNotes(plain, load("", "products.pro.price*=1")))
	require.Equal(t, []string{"a price moves, and the chance to win does not respond to the price of pro (price_elasticity is 0): raising it looks free there"},
		PriceNotes(plain, load("", "products.pro.price*=2")))
	require.Len(t, PriceNotes(plain, load("", "products.pro.price=30")), 1)
	require.Len(t, PriceNotes(load("", "products.pro.price=30")), 1, "against the opening plan")
	require.Len(t, PriceNotes(load("[products.pro]\nprice = \"20 to 30\"")), 1)

	assumed := "[products.pro]\nprice_for_all = true\nreference_price = 25\nprice_elasticity = 1.5\nsource = {price_elasticity = \"assumption\", default = \"C1\"}\n"
	require.Equal(t, []string{
		"a price moves, and live customers do not respond to it (customers.price_churn_lasting and _transient are 0): raising it looks free there",
		"a price moves, and the answer rests on products.pro.price_elasticity = 1.5, an assumption (mine.toml:5): set another value to see how much it matters",
	}, PriceNotes(load(assumed), load(assumed, "products.pro.price*=2")))
	cited := "[products.pro]\nprice_for_all = true\nreference_price = 25\nprice_elasticity = 1.5\nsource = \"F40\"\n[customers]\nprice_churn_lasting = \"0.2 to 2\"\nsource = \"assumption\"\n"
	require.Equal(t, []string{"a price moves, and the answer rests on customers.price_churn_lasting = 0.632 (uncertain), an assumption (mine.toml:8): set another value to see how much it matters"},
		PriceNotes(load(cited), load(cited, "products.pro.price*=2")))
}
