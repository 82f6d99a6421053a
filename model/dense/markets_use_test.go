package dense_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// The keys that no market need give a second value to.
var noNumberOfARun = map[string]string{
	"title":            "a text",
	"baseline":         "another plan beside this one",
	"question":         "a text",
	"run.replications": "how often, not what",
	"run.seed":         "how often, not what",

	"channels.*.monthly_budget":    "the loader turns it into weekly_budget",
	"media.*.monthly_budget":       "the loader turns it into weekly_budget",
	"finance.fixed_cost_per_month": "the loader turns it into fixed_cost_per_week",
	"run.currency":                 "a unit",
	"opening.plan":                 "where a plan is from; the markets set the plan itself",
	"opening.customers_file":       "where customers are from; the markets list them themselves",
	"opening.pipeline_file":        "where the open pipeline is from; the markets list it themselves",
}

// The markets of the comparison use every key of the parameter table: somewhere in
// them it has another value than elsewhere, so that a key that one of the two
// simulators leaves out, or reads for another, is seen.
func TestMarketsUseEveryKey(t *testing.T) {
	values := map[string]map[string]bool{}
	see := func(pattern, value string) {
		if values[pattern] == nil {
			values[pattern] = map[string]bool{}
		}
		values[pattern][value] = true
	}
	for _, m := range markets() {
		p := m.build()
		for _, q := range []*plan.Plan{p, p.OpeningPlan} {
			if q == nil {
				continue
			}
			for _, f := range q.AllFields() {
				see(f.Param.Pattern, fmt.Sprint(reflect.ValueOf(f.Ptr).Elem()))
			}
			moved := []string{}
			for _, c := range q.Schedules {
				moved = append(moved, c.Key)
			}
			for _, c := range q.Changes {
				for _, e := range c.Effects {
					moved = append(moved, e.Key)
				}
			}
			for _, c := range q.Shocks {
				for _, e := range c.Effects {
					moved = append(moved, e.Key)
				}
			}
			for _, key := range moved {
				fields, err := q.Fields(key)
				require.NoError(t, err)
				see(fields[0].Param.Pattern, "dated")
			}
		}
	}
	for _, p := range plan.Params() {
		why, exempt := noNumberOfARun[p.Pattern]
		if varied := len(values[p.Pattern]) > 1; varied == exempt {
			assert.Fail(t, "the markets and "+p.Pattern, "used: %v; exempt: %q; values: %v", varied, why, values[p.Pattern])
		}
	}
}
