package scenarios

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAssumptionsGiveEveryValueWithItsSource(t *testing.T) {
	p, err := Load("metro-uncertain", Set("teams.inside.people=3"))
	require.NoError(t, err)
	by := map[string]Assumption{}
	uncertain := 0
	for _, a := range Assumptions(p) {
		assert.NotContains(t, by, a.Key)
		by[a.Key] = a
		if a.Uncertain {
			uncertain++
		}
	}
	firms := by["population.firms"]
	assert.Equal(t, "P7, section 8", firms.Source)
	assert.True(t, firms.Uncertain)
	assert.Equal(t, "firms", firms.Unit)
	assert.Equal(t, "Number of firms in the market on the first day.", firms.Meaning)
	assert.Regexp(t, `^library/metro-uncertain\.toml:\d+$`, firms.Place)
	assert.Equal(t, "T8, P33", by["triggers.new-firm.rate_per_year"].Source, "the entries cite it")
	assert.Equal(t, Assumption{}, by["title"])
	assert.Positive(t, uncertain)
	assert.LessOrEqual(t, uncertain, len(p.Inputs))
}
