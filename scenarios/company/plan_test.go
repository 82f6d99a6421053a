package company

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// outcomes are the means of a plan's outcomes over some replications.
func outcomes(t *testing.T, p *plan.Plan, replications int) map[string]float64 {
	t.Helper()
	prepared, err := model.Prepare(p)
	require.NoError(t, err)
	state, record := prepared.NewState(), prepared.Schema().NewRecord()
	sums := map[string]float64{}
	for r := range replications {
		state.Replicate(1, r, record)
		for i, column := range prepared.Schema().Outcomes {
			sums[column.Name] += record.Outcomes[i] / float64(replications)
		}
	}
	return sums
}

// The first plan is no fit, and is in the right order: within twice the history, either way.
func TestPlanIsNearItsHistory(t *testing.T) {
	for name, change := range map[string]func(*Answers){
		"firm, sellers": nil,
		"seat, web":     func(a *Answers) { a.Per, a.Sellers, a.Media, a.Price = "seat", "0", "", "19" },
	} {
		c, _ := Read(newFolder(t, "ca", change))
		const scale = 0.1
		s, err := c.Scenario(PlanOptions{Replay: true, Scale: scale})
		require.NoError(t, err)
		got := outcomes(t, s.Plan, 20)
		want := map[string]float64{"leads": 0, "signups": 0}
		for _, ch := range c.History.Channels {
			leads, _ := Sum(ch.Leads)
			signups, _ := Sum(ch.Signups)
			want["leads"] += leads
			want["signups"] += signups
		}
		want["won"], _ = Sum(c.History.Won)
		want["churned"], _ = Sum(c.History.Churned)
		for k, x := range want {
			ratio := got[k] / (scale * x)
			t.Logf("%s: %s %.2f of the history", name, k, ratio)
			assert.True(t, ratio > 1/2.2 && ratio < 2.2, "%s: %s %.2f of the history", name, k, ratio)
		}
	}
}

// The hazard of the first year is the one at which customers of some ages leave at the monthly rate.
func TestBaseHazard(t *testing.T) {
	bands := []band{{0, 1, 0.5}, {1, 4, 0.5}}
	h := baseHazard(0.4, bands)
	// the expected share of a year's leavers, by a fine sum over ages and a step of a day
	sum, n := 0., 200_000
	survival := func(a float64) float64 { return math.Pow(1+frailty*h*math.Pow(a, tenure), -1/frailty) }
	for i := range n {
		b := bands[i%2]
		a := b.from + (b.to-b.from)*(float64(i/2)+0.5)/float64(n/2)
		const day = 1. / 365
		sum += (1 - survival(a+day)/survival(a)) / day / float64(n)
	}
	assert.InDelta(t, 0.4, sum, 0.01)
	assert.Less(t, baseHazard(-1, bands), 1e-3)
}

// Plans of companies of many kinds load, and say where each number is from.
func TestPlansOfManyKinds(t *testing.T) {
	week := func() string {
		text := "week,spend brand-search,leads brand-search,partners leads,won partners,spend tv,direct leads,spend affiliates,affiliates won\n"
		for i := range 60 {
			text += fmt.Sprintf("%s,%d,%d,%d,%d,%d,3,,1\n", plan.NewDate(2025, 1, 6)+plan.Date(7*i), 100+i%2, 5, 3, 1, 50*(i%3))
		}
		return text
	}
	for name, x := range map[string]struct{ toml, history string }{
		"weeks, all kinds":   {"[teams.partner-team]\nkind = \"partners\"\nchannels = [\"partners\"]\n", week()},
		"without media":      {"[channels.tv]\nkind = \"display\"\n[teams.web]\nkind = \"web\"\nsizes = [\"1-4\"]\nwin_rate = \"15%\"\n", strings.Replace(week(), "spend tv", "leads tv", 1)},
		"part of the market": {"", "month,google spend,google leads,revenue\n2026-01,5,1,\n2026-02,5,2,9\n2026-03,,3,\n"},
		"the company alone":  {"", "month,won,churned,customers\n2026-01,5,1,500\n2026-02,5,2,503\n2026-03,5,3,505\n"},
		"unknown kinds":      {"", "month,channel,spend,won\n" + rowsOf(14, "pigeons,10,1") + rowsOf(14, "none-2,10,1")},
		"won in all":         {"", "month,spend seo,spend pigeons,won\n" + rowsOf(14, "10,20,3")},
		"revenue in all":     {"", "month,spend seo,spend tv,revenue\n" + rowsOf(14, "10,20,3000")},
		"spend alone says":   {"[media.sky]\nspend_per_month = 500\n", "month,channel,spend,signups\n" + rowsOf(14, "seo,10,1")},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, x.toml, map[string]string{historyFile: x.history})
			if name == "part of the market" {
				text := strings.Replace(smallTOML, `base = "de-smb"`, "base = \"de\"\nregions = [\"bavaria\", \"hesse\"]\n"+
					"sizes = [\"1-4\", \"5-9\"]\nindustries = [\"health\", \"retail\", \"construction\"]\nshare = \"30%\"", 1)
				require.NoError(t, os.WriteFile(filepath.Join(dir, tomlFile), []byte(text), 0o600))
			}
			c, problems := Read(dir)
			wrong, _ := Split(problems)
			require.Empty(t, wrong)
			for _, o := range []PlanOptions{{}, {Replay: true}, {Replay: true, Scale: 0.2}} {
				s, err := c.Scenario(o)
				require.NoError(t, err, c.Plan(o))
				assert.Empty(t, s.Warnings, c.Plan(o))
				for key, origin := range s.Plan.Origins {
					if strings.HasSuffix(origin.File, "plan.toml") && sourced(key) {
						assert.NotEmpty(t, origin.Source, key)
					}
				}
				if o.Scale > 0 {
					outcomes(t, s.Plan, 2)
				}
			}
		})
	}
}

// sourced says whether a key of a plan is a number that somebody claims.
func sourced(key string) bool {
	for _, free := range []string{"title", "question", "run.", "opening.burn_in_weeks", ".enabled", ".driver", ".captures", ".falls_back_to"} {
		if strings.HasPrefix(key, free) || strings.HasSuffix(key, free) {
			return false
		}
	}
	if strings.HasSuffix(key, "next-purchase.kind") { // replaces the triggers of the market
		return false
	}
	return key != "customers.base_hazard" && key != "opening.customers" && !strings.HasSuffix(key, ".share") // their entries have a source each
}

// The schedule of a plan is the spend of the history: to the cent over the whole of it.
func TestReplayedSpend(t *testing.T) {
	for name, text := range map[string]string{
		"months": "month,channel,spend,leads\n2026-01,email,310,1\n2026-02,email,280,1\n2026-03,email,155.5,1\n2026-04,email,,1\n",
		"weeks": func() string {
			text := "week,channel,spend,leads\n"
			for i := range 20 {
				text += fmt.Sprintf("%s,email,%d,1\n", plan.NewDate(2026, 1, 5)+plan.Date(7*i), 100*(1+i%3))
			}
			return text
		}(),
	} {
		c, _, _ := history(t, "", map[string]string{historyFile: text})
		s, err := c.Scenario(PlanOptions{Replay: true})
		require.NoError(t, err)
		want := 0.
		spend := c.History.Channel("email").Spend
		sum, cells := Sum(spend)
		for i, x := range spend {
			if math.IsNaN(x) {
				x = sum / float64(cells)
			}
			p := c.History.Periods[i]
			last := c.History.From() + plan.Date(7*s.Plan.Run.Weeks)
			want += x * float64(min(p.To, last)-p.From) / float64(p.To-p.From)
		}
		assert.InDelta(t, want, outcomes(t, s.Plan, 1)["media_spend"], 1, name)
	}
}

// Customers of the first day are those of the last, less who came and with who left: by count, else by churn.
func TestCustomersOfTheFirstDay(t *testing.T) {
	for _, x := range []struct {
		won, churned []float64
		churn, want  float64
	}{
		{[]float64{5, 5, 5, 5}, []float64{1, 2, 3, 4}, 0.5, 990},
		{[]float64{30, 30, 30, 30}, nil, 0.03, 1000}, // as many as leave, within what a discrete month makes
		{[]float64{0, 0, 0, 0}, nil, 0.1, 1000 / math.Pow(0.9, 4)},
		{[]float64{5, 5, 5, 5}, nil, 0, 980},
		{[]float64{0, 0, 0, 0}, nil, 0.8, 3000},
		{nil, nil, 0.1, 1000},
	} {
		h := History{Monthly: true, Won: x.won, Churned: x.churned}
		for m := range 4 {
			h.Periods = append(h.Periods, Period{plan.NewDate(2026, 1+m, 1), plan.NewDate(2026, 2+m, 1)})
		}
		b := &planner{Company: &Company{History: h, ChurnPerMonth: Number{Value: x.churn}}}
		assert.InDelta(t, x.want, b.customersBefore(1000), 0.02*x.want, "%v", x)
	}
}

// The first periods of a history are a history of their own: changing one leaves the other.
func TestFirstPeriods(t *testing.T) {
	c, _, _ := history(t, "", map[string]string{historyFile: "month,spend seo,leads seo,won team sales,won,revenue\n" +
		rowsOf(6, "10,3,1,1,500")})
	h := c.History.First(4)
	assert.Len(t, h.Periods, 4)
	assert.Len(t, h.Channel("seo").Leads, 4)
	assert.Len(t, h.Teams[0].Won, 4)
	assert.Len(t, h.Revenue, 4)
	assert.Nil(t, h.Cash)
	assert.Len(t, c.History.Channel("seo").Leads, 6)
	h.Channel("seo").Leads[0], h.Teams[0].Won[0], h.Revenue[0] = 99, 99, 99
	assert.Equal(t, 3., c.History.Channel("seo").Leads[0])
	assert.Equal(t, 1., c.History.Teams[0].Won[0])
	assert.Equal(t, 500., c.History.Revenue[0])
	assert.False(t, c.History.SeenInAll())
	for i := range c.History.Channels {
		c.History.Channels[i].Leads = nil
	}
	assert.True(t, c.History.SeenInAll())
	c.History.Won, c.History.Revenue = nil, nil
	assert.False(t, c.History.SeenInAll())
}

// A market of one's own is found from inside the folder.
func TestOwnMarket(t *testing.T) {
	parent := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(parent, "cut.toml"), []byte("extends = \"uk-smb\"\n[population]\nfirms = 50_000\n"), 0o600))
	t.Chdir(parent)
	require.NoError(t, New("acme", Defaults("acme", "cut.toml"), nil, today))
	c, problems := Read("acme")
	wrong, _ := Split(problems)
	require.Empty(t, wrong)
	assert.Equal(t, "../cut.toml", c.Market.Base)
	assert.Equal(t, "GBP", c.Currency)
	assert.False(t, c.Demand.EveryYears.Known())
	s, err := c.Scenario(PlanOptions{})
	require.NoError(t, err)
	assert.Equal(t, 50_000., s.Plan.Population.Firms)
}
