package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
)

// scenarioFiles writes files into a folder and opens one of them.
func scenarioFiles(t *testing.T, files map[string]string, name string, opts ...Option) (*Scenario, string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	s, err := Open(filepath.Join(dir, name), append(opts, withBuiltins(testFiles))...)
	if err != nil {
		return nil, strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), ""), err
	}
	return s, "", nil
}

// canada is a market with a vendor whose money is in Canadian dollars: all that the small ones say.
const canada = `extends = "small"
[run]
currency = "CAD"
[opening]
plan = "canada"
[population]
smb_sales = "120M"
[population.industries]
retail.revenue_per_employee = 310_000
services.revenue_per_employee = 190_000
[journey]
willingness_median = "C$36"
[media.radio]
weekly_budget = {east = 400, west = "$250"}
half_saturation = 500
reference_weekly_budget = {east = 400, west = 250}
[media.stadium]
weekly_budget = 100
half_saturation = {west = 200}
reference_weekly_budget = 100
[channels.search]
weekly_budget = [{from = 2013-01-01, value = 2_400}]
half_saturation = 5_000
[channels.targeted-mail]
weekly_budget = 700
half_saturation = 3_600
[products.basic]
price = 15
[products.pro]
price = 31
[teams.sales]
pay_per_year = "75k"
[finance]
opening_cash = 600_000
fixed_cost_per_week = 3_600
rounds.seed.amount = 300_000
[cash_rules.careful]
below = 60_000
`

// A scenario counts in one currency: units say it, amounts may be written in it, and it comes back.
func TestAScenarioInAnotherCurrency(t *testing.T) {
	t.Parallel()
	s, text, err := scenarioFiles(t, map[string]string{"canada.toml": canada}, "canada.toml")
	require.NoError(t, err, text)
	p := s.Plan
	require.Equal(t, "CAD", p.Run.Currency)
	require.Equal(t, 36.0, p.Journey.WillingnessMedian[0])
	fields, err := p.Fields("products.pro.price")
	require.NoError(t, err)
	require.Equal(t, "CAD per seat or firm and month", fields[0].Param.Unit)
	for _, c := range model.NewSchema(p).Outcomes {
		require.NotContains(t, c.Unit, "USD", c.Name)
	}
	require.Equal(t, "CAD", model.NewSchema(p).Currency())
	explained, err := Explain(p, "finance.fixed_cost_per_week")
	require.NoError(t, err)
	require.Contains(t, explained, "CAD/week")
	require.NotContains(t, explained, "USD")
	for _, a := range Assumptions(p) {
		require.NotContains(t, a.Unit, "USD", a.Key)
	}
	require.Contains(t, Resolved(p), "currency = \"CAD\"")
	roundTrip(t, p)

	// What extends it counts in it without a word, also in messages.
	mine := "extends = \"canada.toml\"\n[finance]\n"
	s, text, err = scenarioFiles(t, map[string]string{"canada.toml": canada, "mine.toml": mine + "fixed_cost_per_week = \"$4k\"\n"}, "mine.toml")
	require.NoError(t, err, text)
	require.Equal(t, "CAD", s.Plan.Run.Currency)
	_, text, _ = scenarioFiles(t, map[string]string{"canada.toml": canada, "mine.toml": mine + "fixed_cost_per_week = -1\n"}, "mine.toml")
	require.Equal(t, "mine.toml:3: finance.fixed_cost_per_week = -1: must be a number of at least 0 (CAD/week)", text)
	_, text, _ = scenarioFiles(t, map[string]string{"canada.toml": canada, "mine.toml": mine + "fixed_cost_per_week = \"USD 4k\"\n"}, "mine.toml")
	require.Equal(t, "mine.toml:3: finance.fixed_cost_per_week = \"USD 4k\": is in USD, and the scenario counts in CAD (run.currency); nothing is converted: write what it is in CAD", text)
}

// Another currency than the market's is refused with the keys concerned, wherever the amounts stand.
func TestAnotherCurrencyThanTheMarketsIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mine, want string
		drop       string // a line of canada.toml that is left out
	}{
		{drop: "willingness_median = \"C$36\"\n", want: "canada.toml:3: run.currency = \"CAD\": small-market.toml counts in USD, and nothing is converted: state journey.willingness_median in CAD, or leave run.currency as it is there (it states none; if its amounts are in another, write currency under its [run])"},
		{drop: "retail.revenue_per_employee = 310_000\n", want: "canada.toml:3: run.currency = \"CAD\": small-market.toml counts in USD, and nothing is converted: state population.industries.retail.revenue_per_employee in CAD, or leave run.currency as it is there (it states none; if its amounts are in another, write currency under its [run])"},
		{mine: "extends = \"canada.toml\"\n[run]\ncurrency = \"EUR\"\n", want: "mine.toml:3: run.currency = \"EUR\": canada.toml counts in CAD, and nothing is converted: state cash_rules.careful.below, channels.search.half_saturation, channels.search.weekly_budget, " +
			"channels.targeted-mail.half_saturation, channels.targeted-mail.weekly_budget, finance.fixed_cost_per_week, finance.opening_cash, finance.rounds.seed.amount and 15 more keys in EUR, or leave run.currency as it is there"},
		{mine: "extends = [\"canada.toml\", \"extra.toml\"]\n", want: "mine.toml:1: run.currency: extra.toml counts in USD, and nothing is converted: state changes.more.set.channels.search.weekly_budget, channels.search.fee_per_lead in CAD, or leave run.currency as it is there (it states none; if its amounts are in another, write currency under its [run])"},
		{mine: "extends = \"canada.toml\"\n[run]\ncurrency = \"DM\"\n", want: "mine.toml:3: run.currency = \"DM\": must be one of USD, AUD, BRL, CAD, CHF, CLP, CNY, COP, CZK, DKK, EUR, GBP, HKD, HUF, IDR, ILS, INR, ISK, JPY, KRW, MXN, MYR, NOK, NZD, PHP, PLN, RON, SEK, SGD, THB, TRY, TWD, ZAR"},
	} {
		files := map[string]string{"canada.toml": strings.Replace(canada, c.drop, "", 1), "mine.toml": c.mine,
			"extra.toml": "[channels.search]\nfee_per_lead = 3\n[changes.more]\nfrom = \"start\"\nset = {\"channels.search.weekly_budget\" = 500}\n"}
		name := "mine.toml"
		if c.mine == "" {
			name = "canada.toml"
		}
		_, text, err := scenarioFiles(t, files, name)
		require.Error(t, err)
		require.Contains(t, text, c.want)
	}
	_, err := Load("small", withBuiltins(testFiles), Set("run.currency=EUR"))
	require.ErrorContains(t, err, "--set: run.currency = \"EUR\": small-market.toml counts in USD, and nothing is converted: state ")
	_, err = Load("small", withBuiltins(testFiles), Set("run.currency=USD"))
	require.NoError(t, err)
	s, _, err := scenarioFiles(t, map[string]string{"canada.toml": strings.Replace(canada, "smb_sales = \"120M\"\n", "", 1)}, "canada.toml")
	require.NoError(t, err)
	require.Contains(t, s.Warnings.Error(), "population.smb_sales has a default that is meant in USD; state it in CAD")
}
