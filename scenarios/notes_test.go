package scenarios

import (
	"strings"
	"testing"
)

func TestWarningsTellWhatIsWorthKnowing(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"a change of what is switched off", "[opening]\nplan = \"mine\"\n[channels.search]\nenabled = false\n[changes.x]\nfrom = 2013-03-05\nset = {channels.search.response = 0.5}",
			"mine.toml:8: changes.x.set.channels.search.response = 0.5: does nothing: channel search is switched off"},
		{"another first day", "[channels.search]\nresponse = 0.03",
			"mine.toml:3: channels.search.response: is 0.03 on the first day, and 0.02 in the opening plan small; to begin with a market that has always had this plan, write plan = \"mine\" in [opening]"},
		{"several keys on another first day", "[channels.search]\nresponse = 0.03\nweekly_budget = 1",
			"mine.toml:3: channels.search.response: is 0.03 on the first day, and 0.02 in the opening plan small; channels.search.weekly_budget (line 4) changes on that day too; to begin with a market that has always had this plan, write plan = \"mine\" in [opening]"},
		{"another first day by schedule", "[channels.search]\nweekly_budget = [{from = 2013-01-01, value = 1}, {from = 2013-01-29, value = 2}]",
			"mine.toml:3: channels.search.weekly_budget: is 1 on the first day, and 2000 in the opening plan small; to begin with a market that has always had this plan, write plan = \"mine\" in [opening]"},
		{"the same first day", "[channels.search]\nweekly_budget = [{from = 2013-01-01, value = 2000}, {from = 2013-01-29, value = 2}]", ""},
		{"a new channel", "[channels.tv]\nhalf_saturation = 3\nmax_touches_per_week = 1\nresponse = 0.1\nenabled = false",
			"mine.toml:2: channels.tv: is not in the opening plan: it starts cold on the first day"},
		{"a date inside a week, spend", "[changes.x]\nfrom = 2013-03-07\nset = {\"media.*.weekly_budget\" = 0}",
			"mine.toml:3: changes.x.from: 2013-03-07 lies inside a week of the run: spend changes by its share of the days"},
		{"a date inside a week, other", "[changes.x]\nfrom = 2013-03-07\nset = {channels.search.response = 0}",
			"mine.toml:3: changes.x.from: 2013-03-07 lies inside a week of the run: numbers follow from the next week on"},
		{"a date inside a week, both", "[changes.x]\nfrom = 2013-03-05\nuntil = 2013-03-10\nset = {channels.search.response = 0}\nmultiply = {channels.search.cost_multiplier = 2}",
			"mine.toml:4: changes.x.until: 2013-03-10 lies inside a week of the run: spend changes by its share of the days, other numbers follow from the next week on"},
		{"daily steps", "[run]\nstep = \"day\"\n[changes.x]\nfrom = 2013-03-07\nset = {channels.search.response = 0}", ""},
		{"a cut distribution", "[opening]\nplan = \"mine\"\n[channels.search]\nhalo = {dist = \"normal\", mean = 1, sd = 1}",
			"mine.toml:5: channels.search.halo: 16% of the distribution lie outside the allowed range (a number from 0 to 100) and are put at its ends"},
		{"a short burn-in", "[opening]\nplan = \"mine\"\nburn_in_weeks = 20",
			"mine.toml:4: opening.burn_in_weeks = 20: 20 weeks are few: 3 x (longest mean window 6 + longest mean cycle 5.71 weeks) = 36 fill the market and pipelines"},
		{"a burn-in of a week", "[opening]\nplan = \"mine\"\nburn_in_weeks = 1",
			"mine.toml:4: opening.burn_in_weeks = 1: 1 week is too few: 3 x (longest mean window 6 + longest mean cycle 5.71 weeks) = 36 fill the market and pipelines"},
		{"a path that a random regime ignores", "[opening]\nplan = \"mine\"\n[economy]\nregime = \"random\"\npath = [{from = 2013-03-05, regime = \"recession\"}]",
			"mine.toml:6: economy.path: has no effect: economy.regime is \"random\""},
		{"a correlation of a plain number", "[opening]\nplan = \"mine\"\n[channels.search]\nresponse = \"0.01 to 0.03\"\n[correlations.c]\nbetween = [\"channels.search.response\", \"channels.inbound.response\"]\nrho = 0.5",
			"mine.toml:7: correlations.c.between = \"channels.inbound.response\": is a plain number here; the correlation is left out"},
		{"a size class without product", "[opening]\nplan = \"mine\"\n[products.pro]\nsizes = [\"5-19\"]",
			"mine.toml:4: products: no product is sold to size class 20+: its leads are unqualified"},
		{"ages that do not matter", "[opening]\nplan = \"mine\"\n[triggers.new-office]\nnewborn = true",
			"mine.toml:5: triggers.new-office.newborn = true: does nothing: the age of a firm matters where death_shape of its size class is below 1"},
		{"ages of firms that do not die", "[opening]\nplan = \"mine\"\n[population.sizes.1-4]\ndeath_shape = 0.5\nfirm_death_per_year = 0",
			"mine.toml:5: population.sizes.1-4.death_shape = 0.5: does nothing: no firm of this class dies (firm_death_per_year = 0)"},
		{"a life of free users who all buy", "[opening]\nplan = \"mine\"\n[products.basic]\nfree_plan = true\nfree_converts = 1\nfree_converts_months = 2\nfree_life_months = 3",
			"mine.toml:8: products.basic.free_life_months = 3: does nothing: every free user buys (free_converts = 1)"},
		{"an empty team", "[opening]\nplan = \"mine\"\n[teams.sales]\npeople = 0",
			"mine.toml:5: teams.sales.people = 0: the team has nobody: its sign-ups wait until their windows end"},
		{"office hours of a web shop", "[opening]\nplan = \"mine\"\n[teams.web]\nopen_hour = 9",
			"mine.toml:5: teams.web.open_hour = 9: does nothing: the team has kind = \"web\"; the key belongs to \"people\""},
		{"a power without its speed", "[opening]\nplan = \"mine\"\n[teams.sales]\nspeed_power = 2",
			"mine.toml:5: teams.sales.speed_power = 2: does nothing: the team has speed = \"half-life\"; the key belongs to \"power\""},
		{"screening where all is real", "[opening]\nplan = \"mine\"\n[teams.sales]\nscreening_share = 0.5",
			"mine.toml:5: teams.sales.screening_share = 0.5: does nothing: every lead is real: no channel has real below 1"},
		{"screening of what a date makes unreal", "[opening]\nplan = \"mine\"\n[teams.sales]\nscreening_share = 0.5\n[changes.x]\nfrom = 2013-03-05\nset = {\"channels.*.real\" = 0.5}", ""},
		{"a budget by month", "[channels.targeted-mail]\nmonthly_budget = 2_345",
			"mine.toml:3: channels.targeted-mail.monthly_budget: is 529.5 per week on the first day, and 500 in the opening plan small; to begin with a market that has always had this plan, write plan = \"mine\" in [opening]"},
		{"what two channels share", "[changes.x]\nfrom = 2013-03-07\nset = {channels.search.response = 0}\n[changes.y]\nfrom = 2013-03-07\nset = {channels.inbound.response = 0}",
			"mine.toml:3: changes.x.from: 2013-03-07 lies inside a week of the run: numbers follow from the next week on; so it is with changes.y.from (line 6)"},
		{"organic searches of a channel that captures nothing", "[opening]\nplan = \"mine\"\n[channels.search]\norganic = 0.4\nfalls_back_to = \"inbound\"",
			"mine.toml:5: channels.search.organic = 0.4: does nothing: the channel captures nothing; write captures = \"brand\" or \"category\", or leave it out\n" +
				"mine.toml:6: channels.search.falls_back_to = \"inbound\": does nothing: the channel captures nothing; write captures = \"brand\" or \"category\", or leave it out"},
		{"a channel that receives searches is off", "[opening]\nplan = \"mine\"\n[channels.inbound]\nenabled = false\n[channels.search]\ncaptures = \"category\"\norganic = 0.4\nfalls_back_to = \"inbound\"",
			"mine.toml:9: channels.search.falls_back_to = \"inbound\": channel inbound is switched off: no search arrives without the paid link"},
		{"a paid link that is closed", "[opening]\nplan = \"mine\"\n[channels.search]\nenabled = false\ncaptures = \"category\"\norganic = 0.4\nfalls_back_to = \"inbound\"",
			"mine.toml:5: channels.search.enabled = false: closes the paid link; firms go on searching and 40% of the searches arrive through inbound (max_touches_per_week = 0 ends the searches)"},
		{"no organic searches", "[opening]\nplan = \"mine\"\n[channels.search]\ncaptures = \"category\"\nfalls_back_to = \"inbound\"",
			"mine.toml:6: channels.search.falls_back_to = \"inbound\": does nothing while organic is 0: what the paid link does not take is lost"},
		{"a captured search", "[opening]\nplan = \"mine\"\n[channels.search]\ncaptures = \"category\"\norganic = 0.4\nfalls_back_to = \"inbound\"", ""},
		{"more firms than the file is for", "[opening]\nplan = \"mine\"\n[population]\nfirms = 40_000",
			"mine.toml:5: population.firms = 40_000: the half-saturations are those of another file's market: money and live customers reach a share of the firms however many there are, so that twice the firms see twice the advertising for the same money; population.media_firms = N, the firms that half-saturations and touch rates are for, makes it a number of firms"},
		{"a number of firms in more of them", "[opening]\nplan = \"mine\"\n[population]\nfirms = 40_000\nmedia_firms = 20_000",
			"mine.toml:6: population.media_firms = 20_000: the market has 40000 firms: the file's money and touch rates are for 20000 (population.media_firms), and the same money or live customers reach the same number of firms, at most all"},
		{"a number of firms", "[opening]\nplan = \"mine\"\n[population]\nmedia_firms = 20_000", ""},
		{"a number of firms that is drawn around it", "[opening]\nplan = \"mine\"\n[population]\nfirms = \"18_000 to 23_000\"\nmedia_firms = 20_000", ""},
		{"a number of firms that is drawn above it", "[opening]\nplan = \"mine\"\n[population]\nfirms = \"21_000 to 23_000\"\nmedia_firms = 20_000",
			"mine.toml:5: population.firms = \"21_000 to 23_000\": the number of firms is drawn: the file's money and touch rates are for 20000 (population.media_firms), and the same money or live customers reach the same number of firms, at most all"},
		{"a market that grows", "[opening]\nplan = \"mine\"\n[population]\ngrowth_per_year = 0.1\nmedia_firms = 20_000",
			"mine.toml:5: population.growth_per_year = 0.1: the number of firms moves: the file's money and touch rates are for 20000 (population.media_firms), and the same money or live customers reach the same number of firms, at most all"},
		{"inherited dates outside the run", "[run]\nweeks = 20",
			"small.toml:39: channels.search.weekly_budget.from = 2013-07-02: lies outside the run, 2013-01-01 to 2013-05-20\n" +
				"small.toml:39: channels.search.weekly_budget.from = 2013-09-03: lies outside the run, 2013-01-01 to 2013-05-20"},
	} {
		s, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n"+c.text), withBuiltins(testFiles))
		if err != nil {
			t.Errorf("%s:\n%v", c.name, err)
			continue
		}
		got := s.Warnings.Error()
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestAThingThatTheOpeningPlanAloneHasIsOneNote(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "with-tv.toml", "extends = \"small\"\n[channels.tv]\nhalf_saturation = 3\nmax_touches_per_week = 1\nresponse = 0.1")
	write(t, "mine.toml", "extends = \"small\"\n[opening]\nplan = \"with-tv.toml\"")
	s := mustOpen(t, "mine.toml")
	if got, want := s.Warnings.Error(), "mine.toml:3: channels.tv: is in the opening plan with-tv only: it ends before the first day"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestAnUncertainNumberForAllIsNotTakenApart(t *testing.T) {
	_, err := LoadBytes("mine.toml", []byte("extends = \"small-uncertain\"\n[customers]\nretained_12_months = {1-4 = 0.7}"), withBuiltins(testFiles))
	want := "mine.toml:3: customers.retained_12_months: names some entries only, and the value under it is uncertain or dated for all at once; name every entry"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}

func TestOverriddenDatesWarnOnly(t *testing.T) {
	text := "extends = \"small\"\n[changes.x]\nfrom = 2013-10-01\nset = {\"media.*.weekly_budget\" = 0}"
	s, err := OpenBytes("mine.toml", []byte(text), Set("run.weeks=30"), withBuiltins(testFiles))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Warnings.Error(); !strings.Contains(got, "mine.toml:3: changes.x.from = 2013-10-01: lies outside the run, 2013-01-01 to 2013-07-29") {
		t.Error(got)
	}
}

func TestCheckPreparesThePlan(t *testing.T) {
	r := Check([]string{"small", "smal", "small-uncertain"}, withBuiltins(testFiles))
	if len(r[0].Problems) != 0 || len(r[1].Problems) != 1 || len(r[2].Problems) != 0 {
		t.Errorf("%v", r)
	}
}

func TestGoalsAreCheckedByTheCommandsParser(t *testing.T) {
	_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n[goals.g]\nexpect = \"more\""), withBuiltins(testFiles),
		CheckGoal(func(s string) error { return errText("no comparison in " + s) }))
	if err == nil || err.Error() != "mine.toml:3: goals.g.expect = \"more\": no comparison in more" {
		t.Errorf("%v", err)
	}
}

type errText string

func (e errText) Error() string { return string(e) }

// An override that a later change sets again holds until then, which is said; a multiple acts on all.
func TestAnOverrideThatAChangeSetsAgainIsTold(t *testing.T) {
	text := "extends = \"metro\"\n[changes.more]\nfrom = 2013-07-02\nset = {\"channels.paid-search.weekly_budget\" = 3000}\n"
	for set, want := range map[string]bool{
		"channels.paid-search.weekly_budget=2000": true,
		"channels.facebook.weekly_budget=2000":    false,
		"channels.paid-search.weekly_budget*=2":   false,
	} {
		s, err := OpenBytes("mine.toml", []byte(text), Set(set))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(s.Warnings.Error(), "holds until 2013-07-02 only, when changes.more sets it again"); got != want {
			t.Errorf("--set %s: told %v, want %v: %s", set, got, want, s.Warnings.Error())
		}
	}
}
