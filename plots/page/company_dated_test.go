package page

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/scenarios/company"
)

// People and prices by date stand in one line per team and product.
func TestNumbersByDateOfACompany(t *testing.T) {
	_, _, below := Company(company.Summary{Folder: "acme", Currency: "EUR", ByDate: []company.DatedOf{
		{What: "people", Of: "sales", From: "2025-01-01", Value: 3}, {What: "people", Of: "sales", From: "2026-04-01", Value: 5},
		{What: "people", Of: "main", From: "2025-01-01", Value: 1},
		{What: "price", Of: "main", From: "2025-01-01", Value: 49}, {What: "price", Of: "main", From: "2026-02-01", Value: 59.5}}})
	assert.Equal(t, []string{"people of sales: 3 at first, 5 from 2026-04-01", "people of main: 1 at first",
		"price of main: €49 at first, €59.50 from 2026-02-01", "acme: ok"}, below)
}
