package scenarios

import (
	"fmt"
	"strings"
	"testing"
)

// refusals are files that must not load, with the whole message. Lines of text
// count from 1; each text extends the small vendor unless it says otherwise.
var refusals = []struct {
	name, text, want string
}{
	{"unknown key", "[channels.search]\nrespons = 0.1",
		"mine.toml:3: channels.search.respons = 0.1: unknown key; did you mean channels.search.response?"},
	{"misspelt channel", "[channels.serch]\nweekly_budget = 3000",
		"mine.toml:2: channels.serch: is new and lacks max_touches_per_week, response; did you mean channels.search?"},
	{"price elasticity without a reference", "[products.pro]\nprice_elasticity = 1.2",
		"mine.toml:3: products.pro.price_elasticity = 1.2: needs reference_price, the net price at which the win rates hold: a number above 0 (USD per seat or firm and month)"},
	{"rivals' price of 0", "[rivals]\nprice = 0",
		"mine.toml:3: rivals.price = 0: must be a number above 0 and at most 100 (multiplier)"},
	{"rivals who are nowhere", "[changes.campaign]\nfrom = 2013-03-05\nset = {rivals.strength = 2}",
		"mine.toml:4: changes.campaign.set.rivals.strength = 2: does nothing: no trigger kind has rival_per_week, so no firm chooses a rival"},
	{"misspelt product", "[products]\nbasics.discount = 0.1",
		"mine.toml:3: products.basics: is new and lacks price; did you mean products.basic?"},
	{"misspelt team that is switched off", "[teams.sale]\nenabled = false",
		"mine.toml:2: teams.sale: is new and lacks kind, win_rate, cycle_days; did you mean teams.sales?"},
	{"misspelt medium", "[media.radoi]\nregions = [\"east\"]",
		"mine.toml:2: media.radoi: is new and lacks weekly_budget, half_saturation, reference_weekly_budget; did you mean media.radio?"},
	{"misspelt trigger", "[triggers.old_phone]\nenabled = false",
		"mine.toml:2: triggers.old_phone: is new and lacks kind, window_weeks; did you mean triggers.old-phone?"},
	{"unknown top-level key", "[chanels.search]\nresponse = 0.1",
		"mine.toml:2: chanels: unknown key; did you mean channels?"},
	{"unknown key far from any", "[channels.search]\nxyzzyplugh = 0.1",
		"mine.toml:3: channels.search.xyzzyplugh = 0.1: unknown key"},
	{"key in another case", "[channels.search]\nResponse = 0.1",
		"mine.toml:3: channels.search.Response = 0.1: unknown key; did you mean channels.search.response?"},
	{"text for a number", "[channels.search]\nresponse = \"high\"",
		"mine.toml:3: channels.search.response = \"high\": must be a number from 0 to 1, not a text"},
	{"flag for a number", "[channels.search]\nhalf_saturation = true",
		"mine.toml:3: channels.search.half_saturation = true: must be a number above 0, not true or false"},
	{"number for a text", "title = 3",
		"mine.toml:2: title = 3: must be a text, not a number"},
	{"number for a flag", "[channels.search]\nenabled = 1",
		"mine.toml:3: channels.search.enabled = 1: must be true or false, not a number; write true"},
	{"text for a date", "[run]\nstart = \"soon\"",
		"mine.toml:3: run.start = \"soon\": must be a date such as 2013-10-01, not a text"},
	{"time for a date", "[run]\nstart = 2013-01-01T12:00:00",
		"mine.toml:3: run.start = 2013-01-01T12:00:00: must be a date such as 2013-10-01, not a time; write 2013-01-01, without a time"},
	{"date before 1971", "[run]\nstart = 1970-01-01",
		"mine.toml:3: run.start = 1970-01-01: a date lies between 1971-01-01 and 2199-12-31"},
	{"number for a table", "channels = 4",
		"mine.toml:2: channels = 4: must be tables by name, as in [channels.NAME], not a number"},
	{"number for a named table", "[channels]\nsearch = 4",
		"mine.toml:3: channels.search = 4: must be a table of keys, not a number"},
	{"list for a number", "[channels.search]\nhalo = [1, 2]",
		"mine.toml:3: channels.search.halo: must be a number from 0 to 100; a list holds dated values, as in [{from = 2013-10-01, value = 1}]"},
	{"list for a number that does not change", "[population]\nfirms = [1, 2]",
		"mine.toml:3: population.firms: must be a whole number from 1 to 1_000_000_000, not a list"},
	{"list for a number by class", "[teams.sales]\nwin_rate = [0.1, 0.2]",
		"mine.toml:3: teams.sales.win_rate: must be a number or a table by size, not a list; a list holds dated values, as in [{from = 2013-10-01, value = 1}]"},
	{"unknown word for what is captured", "[channels.search]\ncaptures = \"brands\"",
		"mine.toml:3: channels.search.captures = \"brands\": must be one of brand, category; did you mean brand?"},
	{"organic searches without a channel", "[channels.search]\ncaptures = \"category\"\norganic = 0.5",
		"mine.toml:2: channels.search.falls_back_to: is missing: organic searches arrive through a free channel; name one that brand or customers drive, such as inbound"},
	{"searches fall back to nobody", "[channels.search]\ncaptures = \"category\"\norganic = 0.5\nfalls_back_to = \"inbuond\"",
		"mine.toml:5: channels.search.falls_back_to = \"inbuond\": unknown channel; did you mean inbound?"},
	{"searches fall back to a paid channel", "[channels.search]\ncaptures = \"category\"\norganic = 0.5\nfalls_back_to = \"targeted-mail\"",
		"mine.toml:5: channels.search.falls_back_to = \"targeted-mail\": channel targeted-mail has a budget of its own; name a free channel that brand or customers drive"},
	{"a channel of searches that holds firms out", "[channels.search]\ncaptures = \"category\"\nholdout = 0.1",
		"mine.toml:4: channels.search.holdout = 0.1: firms search by themselves, and none can be held out; leave out holdout, or captures"},
	{"inbound that holds firms out", "[channels.inbound]\nholdout = 0.1",
		"mine.toml:3: channels.inbound.holdout = 0.1: firms come to a channel driven by brand by themselves, and none can be held out; leave it out, or write driver = \"budget\""},
	{"a dated holdout of searches", "[channels.search]\ncaptures = \"category\"\n[changes.x]\nfrom = 2013-03-05\nset = {channels.search.holdout = 0.1}",
		"mine.toml:6: changes.x.set.channels.search.holdout = 0.1: does nothing: the channel captures searches, which firms make by themselves"},
	{"spend by region of what has none", "[changes.x]\nfrom = 2013-03-05\nset = {channels.inbound.region_spend.east = 2}",
		"mine.toml:4: changes.x.set.channels.inbound.region_spend.east = 2: does nothing: the channel has driver = \"brand\"; the key belongs to \"budget\""},
	{"spend where nobody is reached", "[channels.search]\nreach.region.east = 0\n[changes.x]\nfrom = 2013-03-05\nset = {channels.search.region_spend.east = 2}",
		"mine.toml:6: changes.x.set.channels.search.region_spend.east = 2: does nothing: the channel reaches nobody there (reach.region is 0)"},
	{"searches fall back to their own link", "[channels.search]\ncaptures = \"category\"\norganic = 0.5\nfalls_back_to = \"search\"",
		"mine.toml:5: channels.search.falls_back_to = \"search\": a search that the paid link does not take cannot come back to it; name a free channel that brand or customers drive"},
	{"a captured search without a budget", "[channels.inbound]\ncaptures = \"brand\"",
		"mine.toml:3: channels.inbound.captures = \"brand\": spend decides which share of the searches the paid link takes, and a channel driven by brand has none; write driver = \"budget\""},
	{"a captured search with targets", "[channels.targeted-mail]\ncaptures = \"category\"",
		"small.toml:52: channels.targeted-mail.targets: firms search whether or not their event can be seen from outside; leave out targets, or captures"},
	{"a category search that needs awareness", "[channels.search]\ncaptures = \"category\"\nneeds_awareness = true",
		"mine.toml:4: channels.search.needs_awareness = true: who searches for the category need not know the brand; write captures = \"brand\", or needs_awareness = false"},
	{"a range of firms that media are for", "[opening]\nplan = \"mine\"\n[population]\nmedia_firms = \"1000 to 2000\"",
		"mine.toml:5: population.media_firms = \"1000 to 2000\": must be one number; this key takes no distribution"},
	{"half a key", "[media.radio]\nbudget = 100",
		"mine.toml:3: media.radio.budget = 100: unknown key; did you mean media.radio.weekly_budget?"},
	{"key outside its table", "replications = 10",
		"mine.toml:2: replications = 10: unknown key; did you mean run.replications?"},
	{"table for a number", "[channels.search]\nhalo = {1-4 = 1}",
		"mine.toml:3: channels.search.halo: must be a number from 0 to 100, not a table"},
	{"word outside the choice", "[channels.search]\ndriver = \"budgets\"",
		"mine.toml:3: channels.search.driver = \"budgets\": must be one of budget, brand, customers; did you mean budget?"},
	{"chance above 1", "[channels.search]\nresponse = 1.4",
		"mine.toml:3: channels.search.response = 1.4: a chance lies between 0 and 1"},
	{"share above 1", "[population.sizes.1-4]\nshare = 1.4",
		"mine.toml:3: population.sizes.1-4.share = 1.4: a share lies between 0 and 1"},
	{"negative budget", "[channels.search]\nweekly_budget = -2_000",
		"mine.toml:3: channels.search.weekly_budget = -2_000: must be a number of at least 0 (USD/week)"},
	{"number out of range", "[journey]\nmemory_weeks = 0",
		"mine.toml:3: journey.memory_weeks = 0: must be a number above 0 (weeks)"},
	{"no whole number", "[run]\nweeks = 10.5",
		"mine.toml:3: run.weeks = 10.5: must be a whole number from 1 to 2000 (weeks)"},
	{"not a number", "[channels.search]\nresponse = nan",
		"mine.toml:3: channels.search.response = nan: must be a finite number"},
	{"infinity", "[finance]\nopening_cash = +inf",
		"mine.toml:3: finance.opening_cash = +inf: must be a finite number"},
	{"negative infinity in a table", "[customers]\nseat_growth_per_year = {1-4 = -inf}",
		"mine.toml:3: customers.seat_growth_per_year.1-4 = -inf: must be a finite number"},
	{"shares of sizes", "[population.sizes.1-4]\nshare = 0.5",
		"mine.toml:2: population.sizes: the shares sum to 0.75; they must sum to 1"},
	{"shares of regions", "[population.regions]\neast.share = 0.5\nwest.share = 0.6",
		"mine.toml:2: population.regions: the shares sum to 1.1; they must sum to 1"},
	{"shares of age bands", "[opening]\nage_bands = [{from_years = 0, to_years = 2, share = 0.5}]",
		"mine.toml:3: opening.age_bands: the shares sum to 0.5; they must sum to 1"},
	{"shares of products", "[opening.products]\nbasic = 0.5",
		"mine.toml:2: opening.products: the shares sum to 0.8; they must sum to 1"},
	{"shares of teams", "[teams.sales]\nshare = {5-19 = 0.5}",
		"mine.toml:3: teams.sales.share: the shares of the teams that serve size class 5-19 (sales) sum to 0.5; they must sum to 1: raise teams.sales.share, or give another team the rest"},
	{"date outside the run", "[changes.late]\nfrom = 2014-02-01\nset = {channels.search.response = 0.1}",
		"mine.toml:3: changes.late.from = 2014-02-01: lies outside the run, 2013-01-01 to 2013-12-30"},
	{"date before the run", "[shocks.early]\nfrom = 2012-02-01\nweeks = 2\nset = {channels.search.response = 0.1}",
		"mine.toml:3: shocks.early.from = 2012-02-01: lies outside the run, 2013-01-01 to 2013-12-30"},
	{"schedule after the run", "[channels.search]\nweekly_budget = [{from = 2014-03-01, value = 5}]",
		"mine.toml:3: channels.search.weekly_budget.from = 2014-03-01: lies outside the run, 2013-01-01 to 2013-12-30"},
	{"overlapping schedule", "[channels.search]\nweekly_budget = [\n {from = 2013-02-05, until = 2013-05-07, value = 5},\n {from = 2013-04-02, value = 6},\n]",
		"mine.toml:5: channels.search.weekly_budget.from = 2013-04-02: overlaps the entry from 2013-02-05 until 2013-05-07"},
	{"two entries from one date", "[channels.search]\nweekly_budget = [{from = 2013-02-05, value = 5}, {from = 2013-02-05, value = 6}]",
		"mine.toml:3: channels.search.weekly_budget.from = 2013-02-05: overlaps the entry from 2013-02-05 on"},
	{"until before from", "[channels.search]\nweekly_budget = [{from = 2013-02-05, until = 2013-02-05, value = 5}]",
		"mine.toml:3: channels.search.weekly_budget.until = 2013-02-05: must be after from, 2013-02-05"},
	{"schedule with a gap", "[teams.sales]\nopportunities_per_week = [{from = 2013-03-05, value = 5}]\nwin_rate = 0.3\n[teams.more]\nkind = \"people\"\nwin_rate = 0.1\nsizes = [\"1-4\"]\ncycle_days = [{from = 2013-01-01, until = 2013-03-05, value = 3}]\nopportunities_per_week = 3\nshare = 0",
		"mine.toml:9: teams.more.cycle_days: says nothing about 2013-03-05, and the key has no value without a date"},
	{"schedule of what does not change", "[media.radio]\nreference_weekly_budget = [{from = 2013-02-05, value = 5}]",
		"mine.toml:3: media.radio.reference_weekly_budget: must be one value; this key does not change over time"},
	{"entry without date", "[channels.search]\nweekly_budget = [{from = 2013-02-05, value = 5}, {value = 6}]",
		"mine.toml:3: channels.search.weekly_budget: an entry lacks from; only the first may, and is then the value before all dates"},
	{"entry without value", "[channels.search]\nweekly_budget = [{from = 2013-02-05}]",
		"mine.toml:3: channels.search.weekly_budget: an entry lacks value"},
	{"unknown channel", "[teams.dealers]\nchannels = [\"referals\"]",
		"mine.toml:3: teams.dealers.channels = \"referals\": unknown channel; did you mean referrals?"},
	{"unknown trigger", "[channels.search]\ntargets = [\"new-ofice\"]",
		"mine.toml:3: channels.search.targets = \"new-ofice\": unknown trigger; did you mean new-office?"},
	{"unknown size", "[products.basic]\nsizes = [\"1-4\", \"5-18\"]",
		"mine.toml:3: products.basic.sizes = \"5-18\": unknown size; did you mean 5-19?"},
	{"unknown size in a table", "[teams.sales]\nwin_rate = {5-20 = 0.2}",
		"mine.toml:3: teams.sales.win_rate.5-20 = 0.2: unknown size; did you mean teams.sales.win_rate.5-19?"},
	{"unknown region", "[media.stadium]\nregions = [\"wset\"]",
		"mine.toml:3: media.stadium.regions = \"wset\": unknown region; did you mean west?"},
	{"name twice", "[media.stadium]\nregions = [\"west\", \"west\"]",
		"mine.toml:3: media.stadium.regions = \"west\": is named twice"},
	{"empty list of regions", "[media.stadium]\nregions = []",
		"mine.toml:3: media.stadium.regions: names no region; leave the key out to mean all"},
	{"interval with swapped ends", "[channels.search]\nresponse = \"0.03 to 0.01\"",
		"mine.toml:3: channels.search.response = \"0.03 to 0.01\": the ends of the interval are swapped"},
	{"interval with equal ends", "[channels.search]\nresponse = \"0.03 to 0.03\"",
		"mine.toml:3: channels.search.response = \"0.03 to 0.03\": the ends of the interval are equal; write one number"},
	{"interval out of range", "[channels.search]\nresponse = \"50% to 140%\"",
		"mine.toml:3: channels.search.response = \"50% to 140%\": a chance lies between 0 and 1"},
	{"interval from 0", "[channels.search]\nresponse = \"0 to 0.1\"",
		"mine.toml:3: channels.search.response = \"0 to 0.1\": a 90% interval of a share lies above 0 and below 1"},
	{"half a percent sign", "[channels.search]\nresponse = \"5 to 10%\"",
		"mine.toml:3: channels.search.response = \"5 to 10%\": write the percent sign at both ends or at none"},
	{"interval misspelt", "[channels.search]\nresponse = \"about 5 to 10\"",
		"mine.toml:3: channels.search.response = \"about 5 to 10\": a 90% interval is written \"5 to 10\" or \"5% to 10%\""},
	{"unknown distribution", "[channels.search]\nresponse = {dist = \"log-normal\", median = 1, sigma = 1}",
		"mine.toml:3: channels.search.response.dist = \"log-normal\": must be one of discrete, logitnormal, lognormal, loguniform, normal, pert, triangular, uniform; did you mean lognormal?"},
	{"distribution with wrong parameters", "[channels.search]\nresponse = {dist = \"lognormal\", mean = 1, sigma = 1}",
		"mine.toml:3: channels.search.response: a lognormal distribution takes median, sigma or p5, p95"},
	{"distribution out of range", "[channels.search]\nresponse = {dist = \"uniform\", low = 0.5, high = 1.5}",
		"mine.toml:3: channels.search.response: high: a chance lies between 0 and 1"},
	{"median out of range", "[channels.search]\nresponse = {dist = \"normal\", mean = 3, sd = 0.1}",
		"mine.toml:3: channels.search.response: 100% of the distribution lie outside the allowed range (a number from 0 to 1); narrow the distribution"},
	{"distribution of what is fixed", "[population.sizes.1-4]\nlowest = \"1 to 2\"",
		"mine.toml:3: population.sizes.1-4.lowest = \"1 to 2\": must be one number; this key takes no distribution"},
	{"correlations that cannot hold", "[channels]\nsearch.response = \"0.1 to 0.2\"\ninbound.response = \"0.1 to 0.2\"\nreferrals.response = \"0.1 to 0.2\"\n[correlations]\na = {between = [\"channels.search.response\", \"channels.inbound.response\"], rho = 0.9}\nb = {between = [\"channels.inbound.response\", \"channels.referrals.response\"], rho = 0.9}\nc = {between = [\"channels.search.response\", \"channels.referrals.response\"], rho = -0.9}",
		"mine.toml:9: correlations: cannot hold together: their matrix, of channels.inbound.response, channels.referrals.response, channels.search.response, is not positive definite"},
	{"correlation of 1", "[correlations.c]\nbetween = [\"channels.search.response\", \"channels.inbound.response\"]\nrho = 1\n[channels]\nsearch.response = \"0.1 to 0.2\"\ninbound.response = \"0.1 to 0.2\"",
		"mine.toml:4: correlations.c.rho = 1: must be a number above -1 and below 1"},
	{"correlation of an unknown key", "[correlations.c]\nbetween = [\"channels.search.respons\", \"channels.inbound.response\"]\nrho = 0.5\n[channels]\nsearch.response = \"0.1 to 0.2\"\ninbound.response = \"0.1 to 0.2\"",
		"mine.toml:3: correlations.c.between = \"channels.search.respons\": names no uncertain key; did you mean channels.search.response?"},
	{"keys that differ only in case", "[channels.search]\nhalo = 1\nHalo = 2",
		"mine.toml:4: channels.search.Halo: differs from halo in line 3 only in case"},
	{"names that differ only in case", "[channels.Search]\nresponse = 0.5",
		"mine.toml:2: channels.Search: differs from search (small.toml:38) only in case\n" +
			"mine.toml:2: channels.Search: is new and lacks max_touches_per_week; did you mean channels.search?"},
	{"name with a dot", "[channels.\"a.b\"]\nresponse = 0.5",
		"mine.toml:2: channels.\"a.b\": a name has 1 to 64 letters, digits, - _ or +\n" +
			"mine.toml:2: channels.\"a.b\".max_touches_per_week: is missing: a number from 0 to 1000 (touches/week)"},
	{"reserved name", "[products.unassigned]\nprice = 3",
		"mine.toml:2: products.unassigned: is a name that result tables use themselves; choose another"},
	{"missing key", "[teams.night]\nsizes = [\"1-4\"]\nkind = \"web\"\nshare = 0\ncycle_days = 3",
		"mine.toml:2: teams.night.win_rate: is missing: a number from 0 to 1 (chance)"},
	{"channel without half-saturation", "[channels.tv]\nmax_touches_per_week = 1\nresponse = 0.1",
		"mine.toml:2: channels.tv.half_saturation: a channel driven by budget needs it: a number above 0 (USD/week)"},
	{"brand channel", "[channels.search]\ndriver = \"brand\"\nweekly_budget = 0",
		"mine.toml:2: channels.search.half_saturation_equity: a channel driven by brand needs it: a number above 0 (equity)"},
	{"customer channel", "[channels.referrals]\nhalf_saturation_customers = \"none\"",
		"mine.toml:3: channels.referrals.half_saturation_customers = \"none\": a channel driven by customers needs it: a number above 0 (customers)"},
	{"brand channel with a budget", "[channels.inbound]\nweekly_budget = 50",
		"mine.toml:3: channels.inbound.weekly_budget = 50: a channel driven by brand has no budget; use fees, or driver = \"budget\""},
	{"ageing without life", "[triggers.old-phone]\nlife_years = \"none\"",
		"mine.toml:3: triggers.old-phone.life_years = \"none\": a trigger of kind ageing needs it for every size class; 1-4 has none"},
	{"threshold outside the sizes", "[triggers.growth]\nenabled = true\nemployees = 5000",
		"mine.toml:4: triggers.growth.employees = 5000: no size class holds this head-count"},
	{"threshold with fast growth", "[population]\ntail_exponent = 5\n[triggers.growth]\nenabled = true\ngrowth_scale = 0.3",
		"mine.toml:6: triggers.growth.growth_scale = 0.3: times tail_exponent, 5, it must be below 1"},
	{"season of zeros", "[triggers.old-phone]\nseason = 0",
		"mine.toml:3: triggers.old-phone.season = 0: the season is 0 in every month; its mean must be above 0"},
	{"season of eleven", "[triggers.old-phone]\nseason = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]",
		"mine.toml:3: triggers.old-phone.season: has 11 numbers; a list by month has 12"},
	{"people without speed", "[teams.sales]\nopportunities_per_week = \"none\"",
		"mine.toml:3: teams.sales.opportunities_per_week = \"none\": a team of kind people needs it: a number above 0 and at most 10000 (per person and week)"},
	{"two half-lives without the second", "[teams.sales]\nspeed = \"two\"\nspeed_slow_share = 0.1",
		"mine.toml:2: teams.sales.speed_slow_half_life_hours: a team with speed = \"two\" needs it for every size class that it serves (5-19 has none): a number above 0 (hours)"},
	{"a power for one size", "[teams.sales]\nspeed = \"power\"\nspeed_power = 1\nspeed_scale_hours = {5-19 = 2}",
		"mine.toml:5: teams.sales.speed_scale_hours: a team with speed = \"power\" needs it for every size class that it serves (20+ has none): a number above 0 (hours)"},
	{"unknown speed", "[teams.sales]\nspeed = \"slow\"",
		"mine.toml:3: teams.sales.speed = \"slow\": must be one of half-life, two, power"},
	{"closed before it opens", "[teams.sales]\nopen_hour = 17\nclose_hour = 9",
		"mine.toml:4: teams.sales.close_hour = 9: must be after open_hour, 17, and at most 24; a shift over midnight is not known"},
	{"an hour too late", "[teams.sales]\nclose_hour = 25",
		"mine.toml:3: teams.sales.close_hour = 25: must be a number above 0 and at most 24 (hour of the day)"},
	{"a busy team that forgets less", "[teams.sales]\nnever_answered = 0.3\nnever_answered_at_full_load = 0.2",
		"mine.toml:4: teams.sales.never_answered_at_full_load = 0.2: must not be below never_answered, 0.3, and at most 1: a busy team leaves no fewer leads unanswered"},
	{"two teams for one channel", "[teams.agents]\nkind = \"partners\"\nchannels = [\"referrals\"]\nsizes = [\"1-4\"]\nwin_rate = 0.1\ncycle_days = 1",
		"small.toml:80: teams.dealers.channels: team agents takes sign-ups of size class 1-4 through referrals already"},
	{"size class without team", "[teams.sales]\nsizes = [\"5-19\"]",
		"mine.toml:2: teams: no team serves sign-ups of size class 20+ through inbound"},
	{"retained more than firms survive", "[customers]\nretained_12_months = 0.95",
		"mine.toml:3: customers.retained_12_months = 0.95: firms of class 1-4 alone die so often that at most 0.904837 are left after 12 months; it must be lower"},
	{"retained more than firms that age survive", "[opening]\nplan = \"mine\"\n[population.sizes.1-4]\ndeath_shape = 0.66\n[customers]\nretained_12_months = 0.95",
		"mine.toml:7: customers.retained_12_months = 0.95: firms of class 1-4 alone die so often that at most 0.914592 are left after 12 months; it must be lower"},
	{"a shape above 1", "[population.sizes.1-4]\ndeath_shape = 1.5",
		"mine.toml:3: population.sizes.1-4.death_shape = 1.5: must be a number from 0.3 to 1"},
	{"renewal without a term", "[products.basic]\nrenewal = 0.8",
		"mine.toml:3: products.basic.renewal = 0.8: does nothing: the product has no term; set term_months, at whose end the chance to renew decides"},
	{"half a month", "[products.basic]\nterm_months = 0.5",
		"mine.toml:3: products.basic.term_months = 0.5: must be a whole number from 0 to 120 (months)"},
	{"conversion without a trial", "[products.basic]\ntrial_converts = 0.2",
		"mine.toml:3: products.basic.trial_converts = 0.2: does nothing: the product has no trial; set trial_days"},
	{"conversion without a free plan", "[products.basic]\nfree_converts = 0.2",
		"mine.toml:3: products.basic.free_converts = 0.2: does nothing: the product has no free plan; set free_plan = true"},
	{"a free plan without its shares", "[products.basic]\nfree_plan = true",
		"mine.toml:2: products.basic.free_converts: a product with a free plan needs it: the share of free users that buy in the end"},
	{"a free plan without its time", "[products.basic]\nfree_plan = true\nfree_converts = 0.1",
		"mine.toml:2: products.basic.free_converts_months: a product whose free users buy needs it: how many months they take on average"},
	{"a trial and a free plan", "[products.basic]\nfree_plan = true\nfree_converts = 0\ntrial_days = 14",
		"mine.toml:3: products.basic.free_plan = true: the product has trial_days too; give it a trial or a free plan, not both"},
	{"both hazards", "[customers]\nretained_12_months = 0.7\nbase_hazard = 0.4",
		"mine.toml:4: customers.base_hazard = 0.4: size class 1-4 has both retained_12_months and base_hazard; give one"},
	{"reference budget of 0", "[media.radio]\nreference_weekly_budget = 0",
		"mine.toml:3: media.radio.reference_weekly_budget = 0: must be a number above 0 (USD/week)"},
	{"covered region without amount", "[media.stadium]\nregions = [\"east\", \"west\"]",
		"small.toml:21: media.stadium.half_saturation.east: is missing: the medium covers this region; a number above 0 (USD/week)"},
	{"more opening customers than firms", "[opening]\ncustomers.1-4 = 20_000",
		"mine.toml:3: opening.customers.1-4 = 20_000: class 1-4 has only 15000 firms"},
	{"overlapping sizes", "[population.sizes.5-19]\nlowest = 4",
		"mine.toml:3: population.sizes.5-19.lowest = 4: overlaps class 1-4, which ends at 4"},
	{"change of nothing", "[changes.x]\nfrom = 2013-03-05",
		"mine.toml:2: changes.x: changes nothing: it has neither set, multiply nor no_growth"},
	{"change without date", "[changes.x]\nset = {channels.search.response = 0.1}",
		"mine.toml:2: changes.x.from: is missing: a date such as 2013-10-01"},
	{"change of an unknown key", "[changes.x]\nfrom = 2013-03-05\nset = {\"channels.*.respons\" = 0.1}",
		"mine.toml:4: changes.x.set.channels.*.respons = 0.1: unknown key; did you mean channels.*.response?"},
	{"change out of range", "[changes.x]\nfrom = 2013-03-05\nset = {channels.search.response = 2}",
		"mine.toml:4: changes.x.set.channels.search.response = 2: a chance lies between 0 and 1"},
	{"multiplied out of range", "[changes.x]\nfrom = 2013-03-05\nmultiply.teams.web.win_rate = 3",
		"mine.toml:4: changes.x.multiply.teams.web.win_rate = 3: makes it 1.2: a chance lies between 0 and 1"},
	{"change of what is fixed", "[changes.x]\nfrom = 2013-03-05\nset = {population.firms = 3}",
		"mine.toml:4: changes.x.set.population.firms = 3: population.firms does not change over time"},
	{"change of a text", "[changes.x]\nfrom = 2013-03-05\nset = {channels.search.driver = 3}",
		"mine.toml:4: changes.x.set.channels.search.driver = 3: channels.search.driver is not a number"},
	{"key set twice in two spellings", "[changes.x]\nfrom = 2013-03-05\n[changes.x.set]\nchannels.search.response = 0.1\n\"channels.search.response\" = 0.2",
		"mine.toml:6: changes.x.set.channels.search.response: is set in line 5 already"},
	{"change of a total by region", "[changes.x]\nfrom = 2013-03-05\nset = {media.radio.weekly_budget = 100}",
		"mine.toml:4: changes.x.set.media.radio.weekly_budget = 100: media.radio.weekly_budget is a table by region here; name a region, or set it to 0"},
	{"probability above 1", "[shocks.x]\nfrom = 2013-03-05\nweeks = 3\nprobability = 1.5\nset = {channels.search.response = 0.1}",
		"mine.toml:5: shocks.x.probability = 1.5: a chance lies between 0 and 1"},
	{"shock without length", "[shocks.x]\nfrom = 2013-03-05\nset = {channels.search.response = 0.1}",
		"mine.toml:2: shocks.x.weeks: is missing: a number above 0 and at most 2000 (weeks)"},
	{"goal without condition", "[goals.x]\nexpect = \" \"",
		"mine.toml:3: goals.x.expect = \" \": must be a condition such as \"P(out_of_business) <= 5%\""},
	{"source of a key that is not set", "[channels.search]\nresponse = 0.1\nsource = {respons = \"C1\"}",
		"mine.toml:4: channels.search.source.respons = \"C1\": names a key that this table does not set; did you mean channels.search.source.response?"},
	{"source that is no text", "[channels.search]\nresponse = 0.1\nsource = 4",
		"mine.toml:4: channels.search.source = 4: must be a text such as \"P1\", or a table of them by key"},
	{"unknown opening plan", "[opening]\nplan = \"smal\"",
		"mine.toml:3: opening.plan = \"smal\": neither a shipped scenario nor a file; did you mean small?"},
	{"a key of another plan's opening state", "[opening]\ncustomers = {1-4 = 5}",
		"mine.toml:3: opening.customers = {1-4 = 5, 5-19 = 50, \"20+\" = 0}: does nothing: the state on the first day is that of the opening plan small, where it is {1-4 = 200, 5-19 = 50, \"20+\" = 0}; write plan = \"mine\" in [opening], or leave it out"},
	{"stocks of another plan's opening state", "[brand]\ninitial_equity = 2\n[channels.search]\ninitial_adstock = 5",
		"mine.toml:3: brand.initial_equity = 2: does nothing: the state on the first day is that of the opening plan small, where it is not set; write plan = \"mine\" in [opening], or leave it out\n" +
			"mine.toml:5: channels.search.initial_adstock = 5: does nothing: the state on the first day is that of the opening plan small, where it is not set; write plan = \"mine\" in [opening], or leave it out"},
	{"a change of a key of another kind", "[changes.x]\nfrom = 2013-03-05\nset = {triggers.old-phone.rate_per_year = 1}",
		"mine.toml:4: changes.x.set.triggers.old-phone.rate_per_year = 1: does nothing: the trigger has kind = \"ageing\"; the key belongs to \"event\""},
	{"a change of means that are scripted", "[changes.x]\nfrom = 2013-03-05\nmultiply = {economy.expansion_months = 2}",
		"mine.toml:4: changes.x.multiply.economy.expansion_months = 2: does nothing: economy.regime is \"scripted\"; the key belongs to \"random\""},
	{"region that the opening plan lacks", "[population.regions]\neast.share = 0.4\nnorth.share = 0.1\n[media.radio]\nweekly_budget = 1\nreference_weekly_budget = 1",
		"small.toml:7: opening.plan = \"small\": small divides the market otherwise: its names by region are east, west, here they are east, north, west"},
	{"syntax", "[channels.search\nresponse = 1",
		"mine.toml:2: not valid TOML: expected '.' or ']' to end table name, but got '\\n' instead"},
	{"key twice", "[channels.search]\nhalo = 1\nhalo = 2",
		"mine.toml:4: channels.search.halo: is set twice, here and in line 3; put both together"},
	{"date with slashes", "[run]\nstart = 07/02/2013",
		"mine.toml:3: run.start = 07/02/2013: not valid TOML; write dates as 2013-07-02, with year, month and day in this order (or 2013-02-07 if the day came first)"},
	{"date with the day first, in a list", "[channels.search]\nweekly_budget = [\n  {value = 1},\n  {from = 15/7/2013, value = 2},\n]",
		"mine.toml:5: channels.search.weekly_budget.1.from = 15/7/2013: not valid TOML; write dates as 2013-07-15, with year, month and day in this order"},
	{"comma of thousands", "[channels.search]\nweekly_budget = 2,500 # a week",
		"mine.toml:3: channels.search.weekly_budget = 2,500: not valid TOML; write 2500 or 2_500"},
	{"comma of thousands in a table", "[channels]\nsearch = {weekly_budget = 1_000, initial_adstock = 12,500.50, response = 0.1}",
		"mine.toml:3: channels.search.initial_adstock = 12,500.50: not valid TOML; write 12500.50 or 12_500.50"},
	{"percent sign", "[channels.search]\nresponse = 55%",
		"mine.toml:3: channels.search.response = 55%: not valid TOML; write 0.55 or \"55%\""},
	{"percent sign in a change", "[changes.x]\nfrom = 2013-03-05\nmultiply = {channels.search.response = 50%}",
		"mine.toml:4: changes.x.multiply.channels.search.response = 50%: not valid TOML; write 0.5 or \"50%\""},
	{"percent sign in a list", "[channels.search]\nseason = [1, 1,\n 55%]",
		"mine.toml:4: channels.search.season = 55%: not valid TOML; write 0.55 or \"55%\""},
	{"currency", "[channels.search]\nweekly_budget = $2,500",
		"mine.toml:3: channels.search.weekly_budget = $2,500: not valid TOML; write 2500"},
	{"interval without quotes", "[channels.search]\nresponse = 1% to 3%",
		"mine.toml:3: channels.search.response = 1% to 3%: not valid TOML; write \"1% to 3%\" for a 90% interval"},
	{"currency in quotes", "[channels.search]\nweekly_budget = \"$2,500\"",
		"mine.toml:3: channels.search.weekly_budget = \"$2,500\": must be a number of at least 0, not a text; write 2500"},
	{"percentage of what is no share", "[channels.search]\nweekly_budget = \"55%\"",
		"mine.toml:3: channels.search.weekly_budget = \"55%\": must be a number of at least 0, not a percentage"},
	{"larger than any market", "[channels.search]\nhalf_saturation = 1e300",
		"mine.toml:3: channels.search.half_saturation = 1e300: must be a number above 0 and at most 1_000_000_000_000 (USD/week)"},
	{"too close to 0", "[channels.search]\ncost_multiplier = 5e-324",
		"mine.toml:3: channels.search.cost_multiplier = 5e-324: is too small to tell from 0: at least 1e-09"},
	{"a price that overflows", "[products.basic]\nprice = 1.7e308",
		"mine.toml:3: products.basic.price = 1.7e308: must be a number from 0 to 1_000_000_000_000 (USD per seat or firm and month)"},
	{"a factor that overflows", "[changes.x]\nfrom = 2013-03-05\nmultiply = {channels.search.weekly_budget = 1e300}",
		"mine.toml:4: changes.x.multiply.channels.search.weekly_budget = 1e300: must be a number from 0 to 1_000_000 (multiplier)"},
	{"percentage above 100%", "[channels.search]\nresponse = \"155%\"",
		"mine.toml:3: channels.search.response = \"155%\": a chance lies between 0 and 1"},
	{"two problems at once", "[channels.search]\nresponse = 2\nhalo = -1\n[teams.web]\nsize = [\"1-4\"]",
		"mine.toml:3: channels.search.response = 2: a chance lies between 0 and 1\n" +
			"mine.toml:4: channels.search.halo = -1: must be a number from 0 to 100\n" +
			"mine.toml:6: teams.web.size: unknown key; did you mean teams.web.sizes?"},
}

func TestBadFilesAreRefusedWithTheWholeMessage(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n"+c.text), withBuiltins(testFiles))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestBadBytesAreRefused(t *testing.T) {
	var many strings.Builder
	many.WriteString("extends = \"small\"\n")
	for i := range 61 {
		fmt.Fprintf(&many, "[channels.c%d]\nhalf_saturation = 1\nmax_touches_per_week = 1\nresponse = 0.1\n", i)
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty file", "", "mine.toml: the file is empty; `windfall new` writes one to start from"},
		{"blank file", " \n\t\n", "mine.toml: the file is empty; `windfall new` writes one to start from"},
		{"comments only", "# nothing\n", "mine.toml: the file sets nothing; `windfall new` writes one to start from"},
		{"not UTF-8", "title = \"a\"\nquestion = \"caf\xe9\"\n", "mine.toml:2: the text is not UTF-8; save the file as UTF-8"},
		{"over 4 MB", "#" + strings.Repeat("x", 4<<20), "mine.toml: the file has 4194305 bytes; a scenario has at most 4 MB"},
		{"more than 64 channels", many.String(), "mine.toml:2: channels: has 65 channels; at most 64 are allowed"},
		{"nested too deep", "a = " + strings.Repeat("[", 1_000_000), "mine.toml:1: tables, lists or dotted keys are nested more than 32 deep"},
		{"dotted too deep", strings.Repeat("a.", 1_000_000) + "a = 1", "mine.toml:1: tables, lists or dotted keys are nested more than 32 deep"},
		{"missing base", "extends = \"smal\"", "mine.toml:1: extends = \"smal\": neither a shipped scenario nor a file; did you mean small?"},
		{"missing base file", "extends = [\"small\", \"nowhere.toml\"]", "mine.toml:1: extends = \"nowhere.toml\": no such file"},
		{"extends a number", "extends = 4", "mine.toml:1: extends = 4: must be the name of a scenario, or a list of names"},
		{"no market", "title = \"x\"", "mine.toml: did you forget extends = \"metro\"?\n" +
			"mine.toml: finance.opening_cash: is missing: a number of at least 0 (USD)\n" +
			"mine.toml: journey.touches_needed: is missing: a number above 0 and at most 1000 (touches of weight 1)\n" +
			"mine.toml: journey.willingness_median: is missing: a number above 0 (USD per seat or firm and month)\n" +
			"mine.toml: population.firms: is missing: a whole number from 1 to 1_000_000_000 (firms)"},
	} {
		_, err := LoadBytes("mine.toml", []byte(c.text), withBuiltins(testFiles))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.name, err, c.want)
		}
	}
}

func TestExtendsCyclesAreRefused(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "a.toml", "extends = \"b.toml\"")
	write(t, "b.toml", "title = \"b\"\nextends = \"c.toml\"")
	write(t, "c.toml", "extends = \"a.toml\"")
	write(t, "self.toml", "extends = \"self.toml\"")
	for file, want := range map[string]string{
		"a.toml":    "c.toml:1: extends = \"a.toml\": is a cycle: a.toml extends b.toml extends c.toml extends a.toml",
		"self.toml": "self.toml:1: extends = \"self.toml\": is a cycle: self.toml extends self.toml",
		"none.toml": "none.toml: no such file",
		"smal":      "smal: neither a shipped scenario nor a file; did you mean small?",
		".":         ".: is a folder; a scenario is a file",
	} {
		_, err := Load(file, withBuiltins(testFiles))
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", file, err, want)
		}
	}
}

// How people, spreadsheets and other languages write numbers, dates, flags and texts:
// in or without quotes the message names the key and says what to write.
func TestOtherWaysToWriteAValueGetAdvice(t *testing.T) {
	const price, start, chance, flag = "products.basic.price", "run.start", "channels.search.response", "channels.search.enabled"
	date := func(d string) string { return "write dates as " + d + ", with year, month and day in this order" }
	for _, c := range []struct{ key, value, want string }{
		{price, `49,90`, "write 49.90"}, {price, `1.234,50`, "write 1234.50"}, {price, `1 234,50`, "write 1234.50"}, {price, `1'000`, "write 1000"},
		{price, `1,000`, "write 1000 or 1_000"}, {price, `49 USD`, "write 49"}, {price, `49,90 €`, "write 49.90"}, {price, `1.5M$`, `write "1.5M" or 1500000`},
		{price, `1,5K`, `write 1500`}, {price, `650K dollars`, `write "650k" or 650000`}, {price, `2,5M`, `write "2.5M" or 2500000`}, {price, `2.5 million`, `write "2.5M" or 2500000`}, {price, `.5`, "write 0.5"}, {price, `5.`, "write 5"}, {price, `05`, "write 5"}, {price, `−5,5`, "write -5.5"},
		{price, `9223372036854775808`, "write a number from 0 to 1_000_000_000_000"}, {price, `1e400`, "write a number from 0 to 1_000_000_000_000"},
		{price, `5-10`, `write "5 to 10" for a 90% interval`}, {price, `null`, "leave the key out if it has no value"},
		{start, `31/01/2026`, date("2026-01-31")}, {start, `01/31/2026`, date("2026-01-31")}, {start, `31.01.2026`, date("2026-01-31")}, {start, `01.02.2026`, date("2026-02-01")},
		{start, `01/02/2026`, date("2026-01-02") + " (or 2026-02-01 if the day came first)"}, {start, `2026-1-5`, date("2026-01-05")}, {start, `2026.01.31`, date("2026-01-31")},
		{start, `31.1.26`, date("2026-01-31")}, {start, `Jan 31, 2026`, date("2026-01-31")}, {start, `31-Jan-2026`, date("2026-01-31")},
		{chance, `55,5%`, `write 0.555 or "55.5%"`}, {chance, `0,5`, "write 0.5"}, {chance, `55 percent`, `write 0.55 or "55%"`}, {chance, `1,5% to 3%`, `write "1.5% to 3%" for a 90% interval`},
		{flag, `TRUE`, "write true"}, {flag, `no`, "write false"},
	} {
		table, name := c.key[:strings.LastIndex(c.key, ".")], c.key[strings.LastIndex(c.key, ".")+1:]
		for _, q := range []string{"", `"`} {
			_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n["+table+"]\n"+name+" = "+q+c.value+q+" # as they say\n"), withBuiltins(testFiles))
			if err == nil || !strings.HasPrefix(err.Error(), "mine.toml:3: "+c.key+" = "+q+c.value+q+": ") || !strings.HasSuffix(err.Error(), "; "+c.want) {
				t.Errorf("%s = %s%s%s:\n got %v\nwant ...; %s", c.key, q, c.value, q, err, c.want)
			}
		}
		_, err := Load("small", Set(c.key+"="+c.value), withBuiltins(testFiles))
		if err == nil || !strings.HasSuffix(err.Error(), "; "+c.want) {
			t.Errorf("--set %s=%s:\n got %v\nwant ...; %s", c.key, c.value, err, c.want)
		}
	}
	for text, want := range map[string]string{
		"extends = metro":                    `mine.toml:1: extends = metro: not valid TOML; write "metro", in quotes`,
		"extends = “metro”":                  `mine.toml:1: extends = “metro”: not valid TOML; write "metro", in quotes`,
		"[run]\nweeks = 10\n[run]\nseed = 2": "mine.toml:3: run: is set twice, here and in line 1; put both together",
		"run.weeks = 10\nrun.weeks = 20":     "mine.toml:2: run.weeks: is set twice, here and in line 1; put both together",
		"[run]\rweeks = 10":                  "mine.toml:1: a line ends in a carriage return alone; save the file with line ends LF or CRLF",
		"[run]\nweeks\u00a0= 10":             "mine.toml:2: not valid TOML: expected '.' or '=', but got '\\u00a0' instead; delete this character, which looks like a space or like nothing",
		"[run]\nweeks: 10":                   "mine.toml:2: not valid TOML: expected '.' or '=', but got ':' instead; write KEY = VALUE",
		"// me":                              "mine.toml:1: not valid TOML: expected '.' or '=', but got '/' instead; comments begin with #",
		"[changes.x]\nfrom = 31.01.2013":     "mine.toml:2: changes.x.from = 31.01.2013: not valid TOML; " + date("2013-01-31"),
		"[changes.x.set]\n\"channels.search.weekly_budget\" = 49,90": "mine.toml:2: changes.x.set.\"channels.search.weekly_budget\" = 49,90: not valid TOML; write 49.90",
		"[channels.search]\nweekly_budget = [{value = 3,5}]":         "mine.toml:2: channels.search.weekly_budget.0.value = 3,5: not valid TOML; write 3.5",
		"[channels.search]\nseason = [1,\n  50%,\n1]":                "mine.toml:3: channels.search.season = 50%: not valid TOML; write 0.5 or \"50%\"",
		"[channels.search]\ndriver = budget":                         "mine.toml:2: channels.search.driver = budget: not valid TOML; write \"budget\", in quotes",
		"[run]\nstart = 2026-02-30":                                  "mine.toml:2: run.start = 2026-02-30: not valid TOML; must be a date such as 2013-10-01",
		"[products.basic]\nprice = 1/2":                              "mine.toml:2: products.basic.price = 1/2: not valid TOML; must be a number of at least 0 (USD per seat or firm and month)",
	} {
		_, err := LoadBytes("mine.toml", []byte(text), withBuiltins(testFiles))
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", text, err, want)
		}
	}
	for _, text := range []string{"\xef\xbb\xbfextends = \"small\"\r\n[run]\r\nweeks = 1_0\r\n", "extends = 'small'\n\t[run]\n\tweeks\t=\t+10", "run.weeks = 0xA\nextends = \"small\"\n[run]\nseed = 2", "extends = \"small\"\n[run]\nweeks = 1e1"} {
		p, err := LoadBytes("mine.toml", []byte(text), withBuiltins(testFiles))
		if err != nil || p.Run.Weeks != 10 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The base is right; what a file or the command line lays over it is at fault.
func TestSharesBlameWhatUpsetThem(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "base.toml", "extends = \"small\"\n[teams.sales]\nshare = {5-19 = 0.5}\n"+
		"[teams.helpers]\nkind = \"web\"\nsizes = [\"5-19\"]\nshare = 0.5\nwin_rate = 0.1\ncycle_days = 3\n"+
		"[teams.spare]\nkind = \"web\"\nsizes = [\"5-19\"]\nenabled = false\nwin_rate = 0.1\ncycle_days = 3\n")
	const helpers = "the shares of the teams that serve size class 5-19 (helpers) sum to 0.5; they must sum to 1: raise teams.helpers.share, or give another team the rest"
	for _, c := range []struct{ name, text, set, want string }{
		{"nothing", "title = \"x\"", "", ""},
		{"a team with fewer classes", "[teams.sales]\nsizes = [\"20+\"]", "", "mine.toml:3: teams.sales.sizes: " + helpers},
		{"a team switched off by the command line", "title = \"x\"", "teams.helpers.enabled=false",
			"--set: teams.helpers.enabled = false: the shares of the teams that serve size class 5-19 (sales) sum to 0.5; they must sum to 1: raise teams.sales.share, or give another team the rest"},
		{"a team switched off", "[teams.helpers]\nenabled = false", "",
			"mine.toml:3: teams.helpers.enabled = false: the shares of the teams that serve size class 5-19 (sales) sum to 0.5; they must sum to 1: raise teams.sales.share, or give another team the rest"},
		{"a team switched on", "[teams.spare]\nenabled = true", "",
			"mine.toml:3: teams.spare.enabled = true: the shares of the teams that serve size class 5-19 (helpers, sales, spare) sum to 2; they must sum to 1: lower one of the shares"},
		{"a share that is set", "[teams.helpers]\nshare = 0.4", "",
			"mine.toml:3: teams.helpers.share = 0.4: the shares of the teams that serve size class 5-19 (helpers, sales) sum to 0.9; they must sum to 1: raise one of the shares, or give another team the rest"},
	} {
		write(t, "mine.toml", "extends = \"base.toml\"\n"+c.text)
		opts := []Option{withBuiltins(testFiles)}
		if c.set != "" {
			opts = append(opts, Set(c.set))
		}
		_, err := Load("mine.toml", opts...)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestBadOverridesAreRefused(t *testing.T) {
	for set, want := range map[string]string{
		"channels.search.response=1.4":               "--set: channels.search.response = 1.4: a chance lies between 0 and 1",
		"channels.search.respons=0.1":                "--set: channels.search.respons = 0.1: unknown key; did you mean channels.search.response?",
		"channels.serch.response=0.1":                "--set: channels.serch.response = 0.1: unknown key; did you mean channels.search.response?",
		"channels.serch.reach.size.1-4=0.1":          "--set: channels.serch.reach.size.1-4 = 0.1: unknown key; did you mean channels.search.reach.size.1-4?",
		"teams.sale.enabled=false":                   "--set: teams.sale.enabled = false: unknown key; did you mean teams.sales.enabled?",
		"channels.xyzzyplugh.response=0.1":           "--set: channels.xyzzyplugh.response = 0.1: unknown key",
		"channels.search.response":                   "--set: channels.search.response: must be KEY=VALUE, as in channels.radio.response=0.02",
		"channels..response=1":                       "--set: channels..response=1: \"channels..response\" is not a key: a name between its dots is empty",
		"channels.search.respons*=2":                 "--set: channels.search.respons*=2: unknown key; did you mean channels.search.response?",
		"teams.web.win_rate*=300%":                   "--set: teams.web.win_rate*=\"300%\": makes it 1.2: a chance lies between 0 and 1",
		"channels.search.response*=half":             "--set: channels.search.response*=\"half\": must be a number of at least 0, not a text",
		"channels.search.weekly_budget=2,500":        "--set: channels.search.weekly_budget = \"2,500\": must be a number of at least 0, not a text; write 2500 or 2_500",
		"opening.customers=5":                        "--set: opening.customers = 5: shapes the opening state, which overrides never enter; write it in a scenario file whose [opening] plan is its own name, or add opening.plan = \"self\"",
		"population.firms=5":                         "--set: population.firms = 5: shapes the opening state, which overrides never enter; write it in a scenario file whose [opening] plan is its own name, or add opening.plan = \"self\"",
		"opening.plan=other":                         "--set: opening.plan = \"other\": can be overridden by \"self\" only: the scenario with all overrides makes its own opening state",
		"teams.web.win_rate=[1":                      "--set: teams.web.win_rate = \"[1\": must be a number from 0 to 1, not a text",
		"channels.search.weekly_budget=\"5 to 10\"x": "--set: channels.search.weekly_budget = \"\\\"5 to 10\\\"x\": a 90% interval is written \"5 to 10\" or \"5% to 10%\"",
	} {
		_, err := Load("small", Set(set), withBuiltins(testFiles))
		if want == "" {
			if err == nil {
				t.Errorf("%s is accepted", set)
			}
			continue
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", set, err, want)
		}
	}
}
