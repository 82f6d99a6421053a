package folder

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit"
)

// A fit of a new folder begins near its history, channel by channel, whatever the weight of the channel, well within what
// is assumed of touch rates: else what is learned would lie at the end of that.
func TestAFirstPlanIsNearItsHistoryByChannel(t *testing.T) {
	usual := company.Defaults("acme", "").Channels
	for i, market := range []string{"ca", "us", "ca"} {
		dir := filepath.Join(t.TempDir(), "acme")
		answers := company.Defaults("acme", market)
		answers.Channels = []string{usual, usual, "branded-search, partners, review-sites, direct-mail, webinars, direct"}[i]
		require.NoError(t, company.New(dir, answers, nil, plan.NewDate(2026, 11, 1)))
		f, err := Open(dir, Options{Workers: 1})
		require.NoError(t, err)
		p, err := fit.History(f.Ask.Plan, f.Ask.History, nil)
		require.NoError(t, err)
		share := f.Ask.Share
		if share < 1 {
			p = fit.Smaller(p, share)
		}
		x, err := export.Observe(p, 0)
		require.NoError(t, err)
		for c, name := range x.Channels {
			h := f.Ask.History.Channel(name)
			if h == nil {
				continue
			}
			want, n := company.Sum(h.Leads)
			require.Positive(t, n, name)
			ratio := export.Total(x.LeadsBy[c]) / share / want
			t.Logf("%s, %s: %.2f of the history", market, name, ratio)
			assert.True(t, ratio > 0.4 && ratio < 2.2, "%s, %s: %.2f of the history", market, name, ratio)
		}
	}
}
