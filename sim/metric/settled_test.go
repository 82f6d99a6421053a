package metric

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// A goal that its numbers cannot miss, or cannot reach, is told from one that a run decides.
func TestGoalsThatAreSettledBeforeARun(t *testing.T) {
	columns := model.NewSchema(&plan.Plan{}).Outcomes
	read := 0
	for text, want := range map[string][2]bool{
		"won >= 0":                                  {true, false},
		"won > 0":                                   {},
		"won < 0":                                   {false, true},
		"mean(won) >= 100":                          {},
		"p10(won) >= 0":                             {true, false},
		"cash_end >= 0":                             {},
		"win_rate <= 100%":                          {true, false},
		"win_rate > 100%":                           {false, true},
		"win_rate >= 20%":                           {},
		"P(out_of_business) <= 100%":                {true, false},
		"P(out_of_business) < 0":                    {false, true},
		"P(out_of_business) <= 5%":                  {},
		"P(out_of_business) >= 0%":                  {true, false},
		"P(won >= 0) >= 95%":                        {true, false},
		"P(won < 0) >= 95%":                         {false, true},
		"P(won < 0) <= 5%":                          {true, false},
		"P(not won >= 0) >= 95%":                    {false, true},
		"P(won >= 0 and cash_end >= 0) >= 95%":      {},
		"P(won >= 0 or cash_end >= 0) >= 95%":       {true, false},
		"P(won < 0 and cash_end >= 0) >= 95%":       {false, true},
		"P(won < 0 or cash_end >= 0) >= 95%":        {},
		"P(out_of_business >= 0) <= 5%":             {false, true},
		"P(win_rate <= 1 and win_rate >= 0) >= 10%": {true, false},
		"P(won == 7) >= 10%":                        {},
	} {
		g, err := ParseGoal(text, columns)
		if err != nil { // the parser refuses what a bound alone decides
			require.True(t, want[0] || want[1], "%s: %v", text, err)
			continue
		}
		read++
		always, never := g.Settled()
		require.Equal(t, want, [2]bool{always, never}, text)
	}
	require.Greater(t, read, 10)
}
