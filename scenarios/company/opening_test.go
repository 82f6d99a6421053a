package company

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A plan takes the rows of customers.csv where each says what a plan needs, and says which does not.
func TestCustomersOfAPlan(t *testing.T) {
	c, problems := Read(newFolder(t, "ca", nil))
	wrong, _ := Split(problems)
	require.Empty(t, wrong)
	text, why := c.CustomersFile()
	assert.Empty(t, why)
	assert.Contains(t, text, "count,size,start,product,channel,monthly_bill,prepaid_until\n")
	assert.Contains(t, text, ",1-4,")
	for want, change := range map[string]func(g *CustomerGroup){
		"has no size":                           func(g *CustomerGroup) { g.Size = "" },
		"has no start":                          func(g *CustomerGroup) { g.HasStart = false },
		"starts after the history":              func(g *CustomerGroup) { g.Start = c.History.To() },
		"has no whole number of customers":      func(g *CustomerGroup) { g.Count = 2.5 },
		"has no product that is sold to its si": func(g *CustomerGroup) { g.Product = "other" },
		"is of a size outside of the market":    func(*CustomerGroup) { c.Market.Sizes = []string{"5-9"} },
	} {
		was, sizes, products := c.Groups[0], c.Market.Sizes, c.Products
		if want == "has no product that is sold to its si" {
			c.Products = append(products[:1:1], Product{Name: "second"})
		}
		change(&c.Groups[0])
		text, why := c.CustomersFile()
		assert.Empty(t, text, want)
		assert.Contains(t, why, want)
		c.Groups[0], c.Market.Sizes, c.Products = was, sizes, products
	}
	c.Groups = nil
	text, why = c.CustomersFile()
	assert.Empty(t, text+why)
}
