package scenarios

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// everything is a vendor of whose keys every one has something to act on; random and
// scripted make its economy.
const (
	everything = `extends = "small"
[run]
weeks = 20
[opening]
plan = "self"
burn_in_weeks = 10
[population]
media_firms = 30_000
growth_per_year = 0.05
smb_employees = 30
smb_sales = 3_000_000
[population.sizes."1-4"]
firm_death_per_year = 0.3
death_shape = 0.4
[triggers.growth]
enabled = true
visible = 0.5
[triggers.new-office]
rival_per_week = 0.02
[triggers.old-phone]
visible = 0.5
rival_per_week = 0.01
recession = 0.5
[economy.recession]
win_rate = 0.9
willingness = 0.9
churn = 1.2
firm_death = 1.1
[media.stadium]
half_saturation = {west = 100}
[media.radio]
half_saturation = {east = 500, west = 300}
reference_weekly_budget = {east = 250, west = 250}
[channels.named]
weekly_budget = 300
half_saturation = 1_000
max_touches_per_week = 1
response = 0.1
captures = "brand"
organic = 0.1
falls_back_to = "inbound"
halo = 0.5
[channels.affiliates]
weekly_budget = [{value = 250}, {from = 2012-12-11, value = 300}]
half_saturation = 1_000
max_touches_per_week = 1
response = 0.1
fee_per_lead = 5
fee_per_customer = 5
fee_in_monthly_bills = 1
revenue_share = 0.1
[rivals]
strength = 1.1
price = 0.9
price_elasticity = 1
media_per_week = 300
[changes.dearer]
from = 2013-02-05
multiply = {products.basic.price = 1.2}
[products.pro]
prepaid_share = 0.3
reference_price = 25
price_elasticity = 1
term_months = 1
renewal = 0.8
trial_days = 5
trial_converts = 0.9
[products.basic]
onboarding_cost = 10
price_for_all = true
reference_price = 12
price_elasticity = 1
cost_of_revenue_share = 0.1
cost_to_serve_per_month = 1
prepaid_share = 0.3
prepaid_discount = 0.1
discount = 0.05
free_plan = true
free_converts = 0.6
free_converts_months = 0.3
free_life_months = 2
[teams.sales]
win_rate = {5-19 = 0.5, "20+" = 0.9}
cycle_days = {"20+" = 10}
hire_when_load_above = 0.05
hire_step = 2
lead_time_weeks = 2
ramp_start = 0.5
ramp_weeks = 4
answer_delay_hours = 20
commission_share = 0.1
commission_per_win = 20
[customers]
seat_growth_per_year = 0.1
price_churn_lasting = 1
price_churn_transient = 2
price_churn_half_life_weeks = 6
[finance]
opening_cash = 60_000
[finance.rounds.seed]
date = 2013-02-26
[cash_rules.careful]
below = 100_000
cut_media = 0.2
cut_brand = 0.2
`
	random   = "[economy]\nregime = \"random\"\nexpansion_months = 2\nrecession_months = 2\n"
	scripted = "[economy]\nstart_regime = \"recession\"\npath = [{from = 2013-03-05, regime = \"expansion\"}]\n"
)

// answering is what makes the keys of real leads and of replies act in that vendor.
var answering = []string{"channels.search.real=0.6", "channels.affiliates.win=0.9",
	"teams.sales.open_hour=7", "teams.sales.close_hour=21", "teams.sales.business_days=6", "teams.sales.people=1",
	"teams.sales.never_answered=0.05", "teams.sales.never_answered_at_full_load=0.15",
	"teams.sales.speed=two", "teams.sales.speed_slow_share=0.5", "teams.sales.speed_slow_half_life_hours=30",
	"teams.web.answer_delay_hours=10", "teams.web.speed=power", "teams.web.speed_scale_hours=5", "teams.web.speed_power=0.5"}

// trace is a hash of what a replication gives; an error is a plan that cannot run.
func trace(p *plan.Plan) (sum [32]byte, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	pr, err := model.Prepare(p)
	if err != nil {
		return sum, err
	}
	h := sha256.New()
	rec, state := pr.Schema().NewRecord(), pr.NewState()
	for r := range 2 {
		state.Replicate(3, r, rec)
		for _, list := range [][]float64{rec.Outcomes, rec.Weekly, rec.Months, rec.Slices} {
			for _, x := range list {
				if math.IsNaN(x) {
					x = -1
				}
				_ = binary.Write(h, binary.LittleEndian, math.Float64bits(x))
			}
		}
	}
	return [32]byte(h.Sum(nil)), nil
}

// others are values that a number might have instead.
func others(x float64, p plan.Param) (out []float64) {
	for _, y := range []float64{x * 0.5, x * 1.5, x * 3, x + 1, x - 1, 0.3, 0.6, 2, 5, 40} {
		if p.Whole {
			y = math.Round(y)
		}
		if y != x && p.Allows(y) && !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	return out
}

// changed gives copies of a plan in which a field has other values.
func changed(p *plan.Plan, key string) (out []*plan.Plan) {
	fields, err := p.Fields(key)
	if err != nil {
		return nil
	}
	f := fields[0]
	with := func(set func(ptr any)) {
		q := p.Clone()
		at, _ := q.Fields(key)
		set(at[0].Ptr)
		out = append(out, q)
	}
	numbers := func(xs []float64, list func(ptr any) []float64) {
		for k := range 10 {
			with(func(ptr any) {
				for i := range xs {
					if o := others(xs[i], f.Param); k < len(o) {
						list(ptr)[i] = o[k]
					}
				}
			})
		}
	}
	switch v := f.Ptr.(type) {
	case *float64:
		for _, y := range others(*v, f.Param) {
			with(func(ptr any) { *ptr.(*float64) = y })
		}
	case *[]float64:
		numbers(*v, func(ptr any) []float64 { return *ptr.(*[]float64) })
	case *plan.Split:
		if v.Parts == nil {
			for _, y := range others(v.Total, f.Param) {
				with(func(ptr any) { ptr.(*plan.Split).Total = y })
			}
			break
		}
		numbers(v.Parts, func(ptr any) []float64 { return ptr.(*plan.Split).Parts })
	case *string:
		for _, y := range f.Param.OneOf {
			if y != *v {
				with(func(ptr any) { *ptr.(*string) = y })
			}
		}
	case *bool:
		with(func(ptr any) { *ptr.(*bool) = !*ptr.(*bool) })
	case *plan.Date:
		for _, d := range []plan.Date{30, 60, 100} {
			with(func(ptr any) { *ptr.(*plan.Date) = p.Run.Start + d })
		}
	case *[]string:
		for _, name := range p.Dimension(f.Param.Names) {
			with(func(ptr any) { *ptr.(*[]string) = []string{name} })
		}
	case *[]plan.AgeBand:
		with(func(ptr any) { *ptr.(*[]plan.AgeBand) = []plan.AgeBand{{FromYears: 1, ToYears: 2, Share: 1}} })
	case *[]plan.Began:
		with(func(ptr any) { *ptr.(*[]plan.Began) = []plan.Began{{People: 1, WeeksAgo: 2}} })
	case *[]plan.RegimeFrom:
		with(func(ptr any) {
			*ptr.(*[]plan.RegimeFrom) = []plan.RegimeFrom{{From: p.Run.Start, Regime: "recession"}}
		})
	default:
		panic(reflect.TypeOf(v))
	}
	return out
}

// silent says why another value of a key in a plan, whose opening plan stays, moves
// nothing.
func silent(pattern string) string {
	param, _ := paramOf(pattern)
	switch {
	case param.Writes != "":
		return "turned into " + param.Writes + " when a file is read"
	case shapesOpening(pattern):
		return "refused: it acts through the opening state alone"
	case slices.Contains([]string{"title", "question", "baseline", "run.replications", "run.seed", "opening.plan"}, pattern):
		return "no part of the plan"
	}
	return ""
}

// Every key that may be changed acts, or is refused with the reason; so does every key
// of the opening plan, or it leaves the opening state as it is. (What dated changes do
// is tested in package model.)
func TestEveryKeyActs(t *testing.T) {
	t.Parallel()
	var bases []*plan.Plan
	var traces [][32]byte
	for _, economy := range []string{random, scripted} {
		p := mustLoad(t, everything+economy)
		x, err := trace(p)
		require.NoError(t, err)
		bases, traces = append(bases, p), append(traces, x)
	}
	p := mustLoad(t, everything+scripted, Set(answering...))
	x, err := trace(p)
	require.NoError(t, err)
	bases, traces = append(bases, p), append(traces, x)
	// moves tries other values of a key in all its places, or in some, until one moves the run.
	moves := func(pattern string, most int, try func(p *plan.Plan, key string) []*plan.Plan) bool {
		for i, p := range bases {
			tried := 0
			for _, f := range p.AllFields() {
				if f.Param.Pattern != pattern || tried >= most {
					continue
				}
				for _, q := range try(p, f.Key) {
					got, err := trace(q)
					if err == nil && got != traces[i] {
						return true
					}
					if tried++; tried >= most {
						break
					}
				}
			}
		}
		return false
	}
	for i, param := range plan.Params() {
		if os.Getenv("WINDFALL_VERIFY") != "1" && i%18 != 0 {
			continue // the others with WINDFALL_VERIFY=1
		}
		if param.Kind == "text" { // kinds and drivers: their keys are checked where they are read
			continue
		}
		pattern, all := param.Pattern, 1000
		most := all
		if silent(pattern) != "" {
			most = 2
		}
		require.Equal(t, silent(pattern) == "", moves(pattern, most, func(p *plan.Plan, key string) []*plan.Plan {
			list := changed(p, key)
			for _, q := range list {
				q.OpeningPlan = unmoved(p)
			}
			return list
		}), "%s of the plan", pattern)
		if slices.Contains([]string{"brand.salience_weight", "teams.*.speed_half_life_hours", "teams.*.speed_slow_share",
			"teams.*.speed_slow_half_life_hours", "teams.*.speed_scale_hours", "teams.*.speed_power", "teams.*.screening_share", "teams.*.open_hour",
			"teams.*.close_hour", "teams.*.business_days", "teams.*.never_answered", "teams.*.never_answered_at_full_load", "products.*.last_sale"}, pattern) {
			continue // they can matter: stocks may differ, and queues be long
		}
		most = all
		if leavesOpening(pattern) {
			most = 2
		}
		require.Equal(t, !leavesOpening(pattern), moves(pattern, most, func(p *plan.Plan, key string) (list []*plan.Plan) {
			for _, o := range changed(unmoved(p), key) {
				q := p.Clone()
				q.OpeningPlan = o
				list = append(list, q)
			}
			return list
		}), "%s of the opening plan", pattern)
	}
}

// Overrides that can do nothing are refused as they were written; with a star one that
// acts is enough.
func TestOverridesThatDoNothingAreRefused(t *testing.T) {
	for set, want := range map[string]string{
		"channels.search.targeting_cost=100":         "channels.search.targeting_cost = 100: does nothing: the channel has no targets",
		"channels.inbound.half_saturation=100":       `channels.inbound.half_saturation = 100: does nothing: the channel has driver = "brand"; the key belongs to "budget"`,
		"channels.search.half_saturation_equity=100": `channels.search.half_saturation_equity = 100: does nothing: the channel has driver = "budget"; the key belongs to "brand"`,
		"triggers.new-office.life_years*=2":          `triggers.new-office.life_years*=2: does nothing: the trigger has kind = "event"; the key belongs to "ageing"`,
		"triggers.growth.growth_scale=0.2":           "triggers.growth.growth_scale = 0.2: does nothing: trigger kind growth is switched off",
		"teams.web.people=3":                         `teams.web.people = 3: does nothing: the team has kind = "web"; the key belongs to "people"`,
		"teams.web.open_hour=9":                      `teams.web.open_hour = 9: does nothing: the team has kind = "web"; the key belongs to "people"`,
		"teams.sales.speed_power=2":                  `teams.sales.speed_power = 2: does nothing: the team has speed = "half-life"; the key belongs to "power"`,
		"teams.sales.speed_slow_share.5-19=0.2":      `teams.sales.speed_slow_share.5-19 = 0.2: does nothing: the team has speed = "half-life"; the key belongs to "two"`,
		"teams.sales.screening_share=0.5":            "teams.sales.screening_share = 0.5: does nothing: every lead is real: no channel has real below 1",
		"teams.sales.close_hour=18":                  "",
		"economy.recession_months*=2":                `economy.recession_months*=2: does nothing: economy.regime is "scripted"; the key belongs to "random"`,
		"channels.search.organic=0.5":                "channels.search.organic = 0.5: does nothing: the channel captures nothing",
		"rivals.strength=2":                          "rivals.strength = 2: does nothing: no trigger kind has rival_per_week, so no firm chooses a rival",
		"rivals.strength*=2":                         "rivals.strength*=2: does nothing: no trigger kind has rival_per_week, so no firm chooses a rival",
		"rivals.media_per_week=1000":                 "",
		"products.basic.reference_price=12":          "products.basic.reference_price = 12: does nothing: the product's price_elasticity is 0",
		"products.basic.price_elasticity=1":          "products.basic.price_elasticity = 1: needs reference_price, the net price at which the win rates hold",
		"customers.price_churn_lasting=1":            "customers.price_churn_lasting = 1: does nothing: no product has price_for_all, so no change of price reaches live customers",
		"products.basic.renewal=0.5":                 "products.basic.renewal = 0.5: does nothing: the product has no term; set term_months, at whose end the chance to renew decides",
		"products.basic.trial_converts=0.5":          "products.basic.trial_converts = 0.5: does nothing: the product has no trial; set trial_days",
		"population.sizes.1-4.death_shape=0.5":       "shapes the opening state",
		"channels.targeted-mail.targeting_cost=100":  "",
		"channels.*.targeting_cost=100":              "",
		"triggers.*.rate_per_year*=0.7":              "",
		"teams.*.people=3":                           "",
	} {
		_, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n"), withBuiltins(testFiles), Set(set))
		if want == "" {
			require.NoError(t, err, set)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}
