package scenarios

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// sensesOf gives the warnings about sense of a text over the small test vendor, by their kind.
func sensesOf(t *testing.T, text string, opts ...Option) map[string]Problem {
	t.Helper()
	files, err := read(newLoader(append(opts, withBuiltins(testFiles))), &file{display: "mine.toml", id: "mine.toml", name: "mine",
		data: []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\n" + text)})
	if !assert.NoError(t, err, text) {
		return nil
	}
	s, b, err := files.open(nil)
	if !assert.NoError(t, err, text) {
		return nil
	}
	prepared, err := model.Prepare(s.Plan)
	if !assert.NoError(t, err, text) {
		return nil
	}
	out := map[string]Problem{}
	for _, p := range b.sense(prepared) {
		i := slices.IndexFunc(warningKinds, func(k warningKind) bool {
			begins, _, _ := strings.Cut(k.says, "{}")
			return strings.HasPrefix(p.Message, begins)
		})
		require.GreaterOrEqual(t, i, 0, p.Message)
		require.NotContains(t, out, warningKinds[i].name, "one warning per kind")
		out[warningKinds[i].name] = p
	}
	return out
}

// Every kind of warning about sense appears where it is true, names what it is about, and does not appear where one
// number is otherwise.
func TestWarningsAboutSense(t *testing.T) {
	const noRecession = ""
	for _, c := range []struct{ kind, text, place, want, absent string }{
		{"no recession", noRecession, "mine.toml", "write regime = \"random\"", "[economy]\nrecession = {win_rate = 0.9}"},
		{"no recession", noRecession, "mine.toml", "", "[economy]\nregime = \"random\""},
		{"no recession", noRecession, "mine.toml", "", "[triggers.new-office]\nrecession = 0.5"},
		{"idle recession", "[economy]\nregime = \"random\"", "mine.toml:4", "every multiplier is 1", "[economy]\nregime = \"random\"\nrecession = {churn = 1.1}"},
		{"idle recession", "[economy]\npath = [{from = 2013-03-05, regime = \"recession\"}]", "mine.toml:4", "", noRecession},
		{"nobody", "customers = {1-4 = 0, 5-19 = 0}\n[triggers]\nnew-office.enabled = false\nold-phone.enabled = false", "mine.toml:5", "no firm ever comes into the market", ""},
		{"nobody", "[channels]\nsearch.response = 0\ninbound.response = 0\nreferrals.response = 0\ntargeted-mail.response = 0", "mine.toml:4", "no touch leads to a lead", "[channels]\nsearch.response = 0\ninbound.response = 0\nreferrals.response = 0"},
		{"nobody", "[products]\nbasic.price = 90_000\npro.price = 90_000", "mine.toml:4", "that it can pay", "[products]\nbasic.price = 90_000"},
		{"nobody", "[teams]\nweb.win_rate = 0\ndealers.win_rate = 0\nsales.people = 0", "mine.toml:4", "no opportunity is won", "[teams]\nweb.win_rate = 0\ndealers.win_rate = 0"},
		{"price", "[products.pro]\nprice = 150", "mine.toml:5", "pro in class 1-4 (0.0643% can pay), pro in class 5-19 (0.0643% can pay), pro in class 20+ (0.0643% can pay)", "[products.pro]\nprice = 95"},
		{"price", "[products.pro]\nprice = 150", "mine.toml:5", "", "[products.pro]\nprice = 150\nsizes = [\"20+\"]\n[products.basic]\nsizes = [\"1-4\", \"5-19\"]\n[journey]\nwillingness_median = {\"20+\" = 60}"},
		{"reference price", "[products.pro]\nreference_price = 300\nprice_elasticity = 1", "mine.toml:5", "pro (25 against 300)", "[products.pro]\nreference_price = 30\nprice_elasticity = 1"},
		{"price step", "[products.pro]\nreference_price = 19\nprice_elasticity = 1", "mine.toml:5", "pro (+32% against its reference_price)", "[products.pro]\nreference_price = 20\nprice_elasticity = 1"},
		{"price step", "[products.pro]\nprice = [{from = 2013-01-01, value = 25}, {from = 2013-03-05, value = 33}]\nprice_for_all = true\n[customers]\nprice_churn_lasting = 1", "mine.toml:5", "pro (+32% for live customers)",
			"[products.pro]\nprice = [{from = 2013-01-01, value = 25}, {from = 2013-03-05, value = 31}]\nprice_for_all = true\n[customers]\nprice_churn_lasting = 1"},
		{"product", "[products.pro]\nfirst_sale = 2014-06-01", "mine.toml:5", "pro (first_sale is after the run)", "[products.pro]\nfirst_sale = 2013-06-01"},
		{"product", "[products.pro]\nchannels = [\"search\"]\n[channels.search]\nenabled = false", "mine.toml:5", "each of its channels is switched off", "[products.pro]\nchannels = [\"search\", \"inbound\"]\n[channels.search]\nenabled = false"},
		{"reach", "[channels]\nsearch.max_touches_per_week = 0\ninbound.response = 0\nreferrals.reach.region = 0", "mine.toml:6", "inbound (response is 0), referrals (its reach is 0 for every firm), search (max_touches_per_week is 0)", "[channels]\nsearch.max_touches_per_week = 0.1\ninbound.response = 0.1\nreferrals.reach.region = {east = 0}"},
		{"reach", "[channels.search]\ntargets = [\"growth\"]", "mine.toml:5", "search (no trigger kind that it targets is enabled and visible)", "[channels.search]\ntargets = [\"new-office\"]"},
		{"reach", "[channels.search]\nreach.size = {1-4 = 0, 5-19 = 0}\n[products.pro]\nsizes = [\"1-4\", \"5-19\"]", "mine.toml:5", "no product is sold to the firms that it reaches", "[channels.search]\nreach.size = {1-4 = 0, 5-19 = 0}"},
		{"reach", "[channels.search]\nresponse = 0", "mine.toml:5", "", "[channels.search]\nresponse = [{from = 2013-01-01, value = 0}, {from = 2013-03-05, value = 0.02}]"},
		{"budget", "[channels.search]\nweekly_budget = 0\n[channels.targeted-mail]\nweekly_budget = 0", "mine.toml:5", "search, targeted-mail", "[channels.search]\nweekly_budget = [{from = 2013-01-01, value = 0}, {from = 2013-03-05, value = 1}]"},
		{"saturation", "[channels.targeted-mail]\nweekly_budget = 900_000", "mine.toml:5", "targeted-mail (", "[channels.targeted-mail]\nweekly_budget = 5"},
		{"capture", "[channels.search]\ncaptures = \"category\"", "mine.toml:5", "search", "[channels.search]\ncaptures = \"category\"\norganic = 0"},
		{"capture", "[channels.search]\ncaptures = \"category\"", "mine.toml:5", "", "[channels.search]\ncaptures = \"category\"\norganic = 0.4\nfalls_back_to = \"inbound\""},
		{"brand", "[channels.inbound]\nenabled = false", "small.toml:14", "radio, stadium", "[channels.inbound]\nenabled = false\n[channels.search]\nhalo = 0.1"},
		{"unanswered", "[teams.sales]\nnever_answered = 1", "mine.toml:5", "sales", "[teams.sales]\nnever_answered = 0.9"},
		{"winless", "[teams.sales]\nwin_rate = 0", "mine.toml:5", "sales (win_rate is 0", "[teams.sales]\nwin_rate = {5-19 = 0, \"20+\" = 0.1}"},
		{"overload", "[teams.sales]\nopportunities_per_week = 0.1", "mine.toml:5", "sales (even in its quietest quarter", ""},
		{"overload", "[teams.sales]\nopportunities_per_week = 0.1", "mine.toml:5", "", "[teams.sales]\nopportunities_per_week = 0.1\nhire_when_load_above = 0.9"},
		{"idle team", "[teams.extra]\nkind = \"people\"\npeople = 1\nopportunities_per_week = 5\nshare = 0\nwin_rate = 0.2\ncycle_days = 9", "mine.toml:6", "extra", "[teams.extra]\nkind = \"people\"\npeople = 1\nopportunities_per_week = 5\nchannels = [\"search\"]\nwin_rate = 0.2\ncycle_days = 9"},
		{"newborn", "[triggers.old-phone]\nnewborn = true\n[population.sizes.1-4]\ndeath_shape = 0.7", "mine.toml:5", "old-phone", "[triggers.new-office]\nnewborn = true\n[population.sizes.1-4]\ndeath_shape = 0.7"},
		{"idle key", "[triggers.growth]\nrival_per_week = 0.1", "mine.toml:5", "triggers.growth.rival_per_week (trigger kind growth is switched off)", "[triggers.growth]\nenabled = true\nrival_per_week = 0.1"},
		{"idle key", "[triggers.growth]\nenabled = false\nrival_per_week = 0.1", "mine.toml:6", "", "[triggers.growth]\nenabled = false\nwindow_weeks = 9"},
		{"idle key", "[channels.inbound]\nadstock_half_life_weeks = 2", "mine.toml:5", "the key belongs to \"budget\"", "[channels.search]\nadstock_half_life_weeks = 2"},
		{"first week", "[finance]\nopening_cash = 0", "mine.toml:5", "it begins with 0 USD", "[finance]\nopening_cash = 0\nrounds.first = {date = 2013-01-02, amount = 250_000}"},
		{"dormant share", "[triggers.old-phone]\nlife_years = 1", "small-market.toml:8", "(times 0.", "[triggers.old-phone]\nlife_years = 60\n[triggers.new-office]\nrate_per_year = 0.05"},
	} {
		p, ok := sensesOf(t, c.text)[c.kind]
		assert.True(t, ok, "%s:\n%s", c.kind, c.text)
		assert.True(t, strings.HasPrefix(p.Error(), c.place+": "), "%s: %s", c.text, p.Error())
		assert.Contains(t, p.Message, c.want)
		assert.NotContains(t, sensesOf(t, c.absent), c.kind, c.absent)
	}
}

// What is uncertain says nothing of all runs, and what a study gives to another of its settings is not missing.
func TestWarningsAboutSenseKnowWhatMayBeOtherwise(t *testing.T) {
	const none = "[channels.search]\nweekly_budget = 0\n"
	require.Contains(t, sensesOf(t, none), "budget")
	for _, study := range []string{
		"[study]\nkind = \"compare\"\n[study.variants.more]\n\"channels.search.weekly_budget\" = 100",
		"[study]\nkind = \"compare\"\n[study.variants.more.changes.x.set]\n\"channels.*.weekly_budget\" = 100",
		"[study]\nkind = \"vary\"\n[study.vary]\nkeys = [\"channels.{each}.weekly_budget\"]\nvalues = [1]",
	} {
		require.NotContains(t, sensesOf(t, none+study), "budget", study)
	}
	require.Contains(t, sensesOf(t, none+"[study]\nkind = \"vary\"\n[study.vary]\nkeys = [\"channels.inbound.halo\"]\nvalues = [1]"), "budget")
	require.Contains(t, sensesOf(t, "[teams.sales]\nnever_answered = 1"), "unanswered")
	require.NotContains(t, sensesOf(t, "[teams.sales]\nnever_answered = {dist = \"discrete\", values = [0.5, 1], weights = [0.1, 0.9]}"), "unanswered")
	require.NotContains(t, sensesOf(t, none+"[shocks.x]\nfrom = 2013-03-05\nweeks = 2\nprobability = 0.1\nset = {channels.search.weekly_budget = 9}"), "budget")
}

// A goal that is decided before any run is told with the reason of who knows the language of goals.
func TestWarningsAboutSettledGoals(t *testing.T) {
	settled := SettledGoal(func(_ *plan.Plan, expect string) string {
		if expect == "won >= 0" {
			return "holds in every run"
		}
		return ""
	})
	p := sensesOf(t, "[goals]\na.expect = \"won >= 5\"\nb.expect = \"won >= 0\"", settled)["goal"]
	require.Contains(t, p.Error(), "mine.toml:6: goals.b.expect")
	require.Contains(t, p.Message, "won >= 0 (holds in every run)")
	require.NotContains(t, sensesOf(t, "[goals]\na.expect = \"won >= 5\"", settled), "goal")
}

// What is shipped makes sense: a warning there is true, and then the scenario is to be changed.
func TestShippedScenariosMakeSense(t *testing.T) {
	for _, builtin := range List() {
		files, err := Read(builtin.Name)
		require.NoError(t, err)
		s, b, err := files.open(nil)
		require.NoError(t, err)
		prepared, err := model.Prepare(s.Plan)
		require.NoError(t, err)
		require.Empty(t, b.sense(prepared), builtin.Name)
	}
}
