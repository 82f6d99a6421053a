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
