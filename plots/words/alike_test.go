package words

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNumbersOfARowAreWrittenAlike(t *testing.T) {
	assert.Equal(t, []string{"116,900", "117,040", "117,200"}, Count.Alike(116_900, 117_040, 117_200))
	assert.Equal(t, []string{"$1.2M", "–", "$2.4M"}, Money.Alike(1.2e6, math.NaN(), 2.4e6))
	assert.Equal(t, []string{"1,000.0", "1,000.2", "1,000.4"}, Count.Alike(1000, 1000.2, 1000.4))
	assert.Equal(t, []string{"5", "5"}, Count.Alike(5, 5))
	assert.Equal(t, []string{"–", "–"}, Count.Alike(math.NaN(), math.NaN()))
}

func TestOneIsNotMany(t *testing.T) {
	assert.Equal(t, "30 pairs are few", Few(30, Counted(30, "pair")))
	assert.Equal(t, "1 replication a point is too few", Few(1, Counted(1, "replication")+" a point"))
	assert.Equal(t, []string{"week", "weeks", "weeks", "customers"},
		[]string{Measured(1, "week"), Measured(0.687, "week"), Measured(-1, "week"), Measured(1, "customers")})
}

func TestANumberIsWrittenToTheSecondDigitOfItsError(t *testing.T) {
	for _, c := range []struct {
		f          Format
		v, err     float64
		text, plus string
	}{
		{Count, 32_058.4, 32.7, "32.06k", "0.03k"},
		{Count, 2461.04, 2.41, "2,461", "2"},
		{Money, 8.325e6, 43_000, "$8,325k", "$43k"},
		{Percent, 0.68480, 0.000103, "68.48%", "0.01%"},
		{Plain, -0.195, 0.0128, "−0.195", "0.013"},
		{Money, 500, 0, "$500", "$0"},
		{Money, 4.78e5, 1.28e-9, "$478k", "$0"}, // noise of a sum
		{Money, 4.78e5, 1e-4, "$478.0k", "$0.1k"},
		{Percent, 3.14e-8, 6.7e-9, "<0.0001%", "<0.0001%"},
		{Percent, -3.14e-8, 6.7e-9, ">−0.0001%", "<0.0001%"},
		{Money, 500, math.NaN(), "$500", "–"},
		{Money, math.NaN(), math.NaN(), "–", "–"},
		{Plain, 6.1, math.Inf(1), "6.1", "–"}, // an interval that ends at never
	} {
		text, plus := c.f.WithError(c.v, c.err)
		assert.Equal(t, []string{c.text, c.plus}, []string{text, plus})
	}
}

// Numbers of one row are in one scale, also where one is ten times as sure as the other.
func TestARowHasOneScale(t *testing.T) {
	assert.Equal(t, []string{"$2.40M", "$1.24M"}, Money.WithErrors([]float64{2.4034e6, 1.24e6}, []float64{36e3, 310e3}))
	assert.Equal(t, []string{"$2.25M", "$0.15M"}, Money.WithErrors([]float64{2.25e6, 152e3}, []float64{140e3, 30e3}))
	assert.Equal(t, []string{"$284k", "$173k"}, Money.WithErrors([]float64{284e3, 173e3}, []float64{12e3, 83e3}))
	assert.Equal(t, []string{"$5,000k", "$12k"}, Money.WithErrors([]float64{5e6, 12e3}, []float64{400e3, 1e3}))
	assert.Equal(t, []string{"1,446", "12.4k"}, Count.WithErrors([]float64{1446, 12_400}, []float64{30, 1000}), "below 10,000 in full")
	assert.Equal(t, []string{"$0", "never"}, Money.WithErrors([]float64{0, math.Inf(1)}, []float64{0, math.NaN()}))
	assert.Equal(t, []string{"$0.43M", "$0.18M", "$0", "$0", "$1.90M"}, Money.Spread(430e3, 182e3, 0, 0, 1.9e6))
	assert.Equal(t, []string{"3.4", "1.4", "0", "0", "14"}, Count.Spread(3.37, 1.4, 0, 0, 14))
}
