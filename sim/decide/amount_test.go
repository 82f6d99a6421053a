package decide

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
)

// An amount is written as people write it, in the currency of the plan; what is none names its flag and what is right.
func TestParseAmount(t *testing.T) {
	p, err := scenarios.Load("town")
	require.NoError(t, err)
	for text, want := range map[string]float64{"": 0, "10000": 10_000, "10_000": 10_000, "2.5M": 2.5e6, "$10k": 10_000} {
		got, err := ParseAmount("amount", text, p)
		require.NoError(t, err, text)
		assert.InDelta(t, want, got, 1e-9, text)
	}
	for text, want := range map[string]string{"10.000": "10_000 or 10", "$1.500": "1_500 or 1"} {
		_, err := ParseAmount("amount", text, p)
		assert.EqualError(t, err, "amount "+text+": a point before three digits may group thousands or not: write "+want)
	}
	for _, text := range []string{"-5", "0", "lots", "10%", "€100"} {
		_, err := ParseAmount("amount", text, p)
		assert.EqualError(t, err, "amount "+text+": an amount in USD above 0 is needed, such as 2_500_000 or 2.5M")
	}
}
