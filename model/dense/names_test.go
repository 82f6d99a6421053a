package dense_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/dense"
	"windfall/model/plan"
)

// Every number of the dictionary that is no ratio is in the reference, by its name: an outcome that is added to the
// engine alone would be compared with nothing.
func TestTheReferenceHasEveryColumn(t *testing.T) {
	at := slices.IndexFunc(markets(), func(m market) bool {
		return slices.ContainsFunc(model.NewSchema(m.build()).Outcomes, func(c plan.Column) bool { return c.Name == "free_users" })
	})
	require.GreaterOrEqual(t, at, 0, "no market has free users, whose plans have most outcomes")
	p := markets()[at].build()
	schema, r := model.NewSchema(p), dense.Simulate(p, 1, 0)
	for _, c := range schema.Outcomes {
		if _, has := r.Totals[c.Name]; c.Over == "" && c.Name != "carry_over_margin" {
			over := c.Name == "retention_over_the_run" || c.Name == "net_revenue_retention" // the one that the run does not have
			assert.True(t, has || over, "the reference does not report %s", c.Name)
		}
	}
	for _, c := range schema.Weekly {
		assert.Len(t, r.Weekly[c.Name], schema.Weeks, "the reference does not report %s", c.Name)
	}
	for i := range schema.Slice {
		if c := &schema.Slice[i]; compared(c, "slice "+c.Name) {
			assert.Contains(t, r.Slices, "company/company/"+c.Name)
		}
	}
	for name := range notCompared {
		column := func(c plan.Column) bool { return c.Name == name || "slice "+c.Name == name }
		assert.True(t, slices.ContainsFunc(schema.Outcomes, column) || slices.ContainsFunc(schema.Slice, column), name)
	}
}
