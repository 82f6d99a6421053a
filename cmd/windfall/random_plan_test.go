package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// parts are tables that a random plan may have, each with numbers of its own. They go where model's random plans go:
// sizes of the market, triggers, channels of each driver, teams of each kind, products, churn, economy, cash, dates,
// shocks, uncertain inputs and the step. A and B stand for a random number of a list, T for a trigger of the plan, W for
// a week of the run.
var parts = []struct {
	text string
	a, b []string
}{
	{"[population]\nfirms = A\n", []string{"1", "40", "600", "3000"}, []string{""}},
	{"[population]\ngrowth_per_year = A\nmin_dormant_share = B\n", []string{"-0.9", "0.3", "1"}, []string{"0", "0.4", "0.9"}},
	{"[journey]\nlock_in_years = A\nmemory_weeks = B\n", []string{"0.01", "0.5", "20"}, []string{"0.1", "2", "50"}},
	{"[journey]\nreadiness_step = true\ncross_channel_bonus = A\ntouches_needed = B\n", []string{"0", "2"}, []string{"0.1", "1", "5"}},
	{"[triggers.T]\nwindow_weeks = A\nwindow_cv = B\n", []string{"0.5", "2", "60"}, []string{"0", "0.5", "2"}},
	{"[triggers.T]\nurgency = A\nvisible = B\n", []string{"0", "1", "5"}, []string{"0", "0.5", "1"}},
	{"[triggers.fire]\nkind = \"event\"\nrate_per_year = A\nwindow_weeks = B\n", []string{"0", "0.5", "5"}, []string{"1", "8"}},
	{"[channels.fair]\nweekly_budget = A\nhalf_saturation = 500\nmax_touches_per_week = 1\nresponse = B\nfee_per_customer = 90\n", []string{"0", "10", "3000"}, []string{"0", "0.05", "1"}},
	{"[channels.fame]\ndriver = \"brand\"\nhalf_saturation_equity = A\nmax_touches_per_week = 0.5\nresponse = B\nhalo = 2\n", []string{"0.1", "2"}, []string{"0.02", "0.4"}},
	{"[channels.word]\ndriver = \"customers\"\nhalf_saturation_customers = A\nmax_touches_per_week = 0.3\nresponse = B\nrevenue_share = 0.3\n", []string{"20", "500"}, []string{"0.05", "0.5"}},
	{"[channels.list]\nweekly_budget = A\nhalf_saturation = 300\nmax_touches_per_week = 1\nresponse = B\ntargets = [\"T\"]\ntargeting_cost = 3\nfee_per_lead = 15\n", []string{"100", "900"}, []string{"0.02", "0.3"}},
	{"[channels.paid]\nweekly_budget = \"A\"\nhalf_saturation = 400\nmax_touches_per_week = 1\nresponse = \"B\"\n", []string{"100 to 400", "10 to 3000"}, []string{"1% to 5%", "5% to 30%"}},
	{"[products.cheap]\nprice = A\ndiscount = B\n", []string{"0", "1", "9"}, []string{"0", "0.5"}},
	{"[products.year]\nprice = A\nprepaid_share = B\nprepaid_discount = 0.1\nprice_for_all = true\nonboarding_cost = 200\n", []string{"15", "60"}, []string{"0.5", "1"}},
	{"[customers]\nweibull_shape = A\nfrailty_variance = B\n", []string{"0.5", "1", "2"}, []string{"0", "0.7", "4"}},
	{"[customers]\nchurn_multiplier = A\nseat_growth_per_year = B\n", []string{"0", "1", "30"}, []string{"-0.5", "0", "3"}},
	{"[economy]\nregime = \"random\"\nexpansion_months = A\nrecession_months = B\n", []string{"0.3", "6"}, []string{"0.3", "6"}},
	{"[economy]\nregime = \"scripted\"\nstart_regime = \"recession\"\n[economy.recession]\nwin_rate = A\nchurn = B\n", []string{"0", "0.5", "2"}, []string{"0", "1.3", "4"}},
	{"[finance]\nopening_cash = A\nfixed_cost_per_week = B\n", []string{"0", "9000", "4e4", "1e8"}, []string{"0", "3000.3", "2e4"}},
	{"[finance]\ndiscount_rate = A\nltv_horizon_years = B\n", []string{"0", "0.12", "3"}, []string{"1", "5"}},
	{"[cash_rules.low]\nbelow = A\ncut_media = B\ncut_brand = 1\nfreeze_hiring = true\n", []string{"1e4", "3e5"}, []string{"0", "0.5", "1"}},
	{"[changes.one]\nfrom = W\n[changes.one.multiply]\n\"channels.*.weekly_budget\" = A\n\"teams.*.win_rate\" = B\n", []string{"0", "0.2", "20"}, []string{"0", "0.5", "1"}},
	{"[changes.two]\nfrom = W\n[changes.two.set]\n\"customers.churn_multiplier\" = A\n\"products.*.price\" = B\n", []string{"0", "2", "50"}, []string{"1", "40"}},
	{"[changes.three]\nfrom = W\nlayer = 2\n[changes.three.multiply]\n\"media.*.weekly_budget\" = A\n\"teams.*.people\" = B\n", []string{"0", "3"}, []string{"0", "2"}},
	{"[shocks.bad]\nfrom = W\nprobability = A\nweeks = 2\n[shocks.bad.multiply]\n\"triggers.*.window_weeks\" = B\n", []string{"0.3", "1"}, []string{"0.3", "1.5"}},
}

// bases are the plans that a random one is made of, with names of their triggers: the small vendor is that of the
// loader's tests, with two regions and all kinds of teams.
var bases = []struct {
	extends  string
	triggers []string
}{
	{"town", []string{"planned-replacement", "dying-phone", "new-firm"}},
	{"../../scenarios/testdata/small.toml", []string{"new-office", "old-phone"}},
}

// plan writes a random plan of some weeks and gives its file.
func (d *dice) plan(t *testing.T, weeks int) string {
	t.Helper()
	base := bases[d.of(len(bases))]
	if strings.HasSuffix(base.extends, ".toml") {
		file, err := filepath.Abs(base.extends)
		require.NoError(t, err)
		base.extends = filepath.ToSlash(file)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "extends = %q\ntitle = \"random\"\n[run]\nweeks = %d\nstep = %q\n[opening]\nplan = %q\nburn_in_weeks = %s\n",
		base.extends, weeks, d.pick("week", "week", "day"), d.pick("self", ""), d.pick("0", "2", "8"))
	used := map[string]bool{}
	for range 1 + d.of(6) {
		part := parts[d.of(len(parts))]
		day := fmt.Sprintf("= 2013-01-%02d", 1+d.of(7*weeks)%28)
		body := strings.NewReplacer("A", d.pick(part.a...), "B", d.pick(part.b...), ".T]", "."+d.pick(base.triggers...)+"]", `"T"`, `"`+d.pick(base.triggers...)+`"`, "= W", day).Replace(part.text)
		if head, _, _ := strings.Cut(body, "\n"); !used[head] { // a table is written once
			used[head] = true
			text.WriteString(body)
		}
	}
	file := filepath.Join(t.TempDir(), "random.toml")
	require.NoError(t, os.WriteFile(file, []byte(text.String()), 0o666))
	return file
}
