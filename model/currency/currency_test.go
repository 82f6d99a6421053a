package currency

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i, code := range Codes() {
		require.Regexp(t, "^[A-Z]{3}$", code)
		require.Equal(t, i, Index(code))
		c := At(i)
		require.Equal(t, c, Of(code))
		require.NotEmpty(t, c.One)
		require.False(t, seen[c.Symbol], "two currencies are written %q", c.Symbol)
		seen[c.Symbol] = true
		if strings.HasSuffix(c.Symbol, "\u00a0") {
			continue
		}
		require.NotRegexp(t, "[A-Za-z]$", c.Symbol, "a word needs a space before the number")
	}
	require.Equal(t, Default, At(0).Code)
	require.Equal(t, Default, Of("").Code)
}

func TestWords(t *testing.T) {
	t.Parallel()
	const text = "Dollars: the next dollar of many dollars"
	require.Equal(t, text, Of("CAD").Words(text))
	require.Equal(t, "Euros: the next euro of many euros", Of("EUR").Words(text))
	require.Equal(t, "Amounts: the next yen of many amounts", Of("JPY").Words(text))
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for unit, want := range map[string]string{
		"USD": "EUR", "USD/month": "EUR/month", "USD per seat or firm and month": "EUR per seat or firm and month",
		"weeks": "weeks", "": "", "share of revenue": "share of revenue", "USDX": "USDX", "GBP/year": "GBP/year",
	} {
		require.Equal(t, want, Unit(unit, "EUR"), unit)
		require.Equal(t, unit, Unit(unit, ""))
	}
	for unit, want := range map[string]string{"USD": "USD", "CAD/week": "CAD", "weeks": "", "per year": "", "CADS": ""} {
		code, ok := In(unit)
		require.Equal(t, want != "", ok, unit)
		if ok {
			require.Equal(t, want, code)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sign, like, want string }{
		{"$", "USD", "USD"}, {"$", "CAD", "CAD"}, {"$", "EUR", "USD"}, {"C$", "USD", "CAD"}, {"€", "USD", "EUR"}, {"EUR ", "USD", "EUR"},
		{"CHF", "CHF", "CHF"}, {"¥", "CNY", "CNY"}, {"¥", "USD", "JPY"}, {"R", "ZAR", "ZAR"}, {"xyz", "USD", ""},
	} {
		code, ok := Written(c.sign, c.like)
		require.Equal(t, c.want, code, c)
		require.Equal(t, c.want != "", ok)
	}
}
