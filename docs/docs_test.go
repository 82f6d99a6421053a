package docs

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLeftOut(t *testing.T) {
	points, thin := LeftOut()
	require.Greater(t, len(points), 10)
	assert.Regexp(t, "^Competitors as actors\\. They are a hazard .* by date; else .* price, brand or size, and take live customers through churn alone\\.", points[0])
	assert.Contains(t, points[len(points)-1], "Learning.")
	for _, p := range points {
		assert.NotContains(t, p, "*")
	}
	assert.Regexp(t, "^Where the evidence is thin: .*nearest\\)\\.$", thin)
}

func TestFactsThatSourcesName(t *testing.T) {
	var got []string
	for _, f := range Facts([]string{"P2, P3", "calibration (C1, C24)", "assumption", "C35-C37", "section 8", ""}) {
		assert.NotEmpty(t, f.Quantity)
		assert.NotEmpty(t, f.Value)
		got = append(got, f.ID)
	}
	assert.Equal(t, []string{"P2", "P3", "C1", "C24", "C35", "C36", "C37"}, got)
	assert.Contains(t, Facts([]string{"P3"})[0].Source, "Census counts", "the row says: same")
}

// TestFactsOfOtherMarkets: rows of section 9 have two letters, and a source names them alone or as a span.
func TestFactsOfOtherMarkets(t *testing.T) {
	var got []string
	for _, f := range Facts([]string{"US5, CA1-CA3", "V16"}) {
		got = append(got, f.ID)
	}
	assert.Equal(t, []string{"CA1", "CA2", "CA3", "US5", "V16"}, got)
}

// TestFactsHaveIDsOfTheirOwn: no id stands twice on the page, and every row says where it comes from.
func TestFactsHaveIDsOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range rows() {
		assert.False(t, seen[f.ID], f.ID)
		seen[f.ID] = true
		assert.NotEmpty(t, f.Quantity, f.ID)
		assert.NotEmpty(t, f.Value, f.ID)
		assert.NotEmpty(t, f.Source, f.ID)
	}
	assert.Greater(t, len(seen), 200)
}
