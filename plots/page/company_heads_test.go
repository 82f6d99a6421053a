package page

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/scenarios/company"
)

// People by date stand in one line per team.
func TestPeopleByDateOfACompany(t *testing.T) {
	_, _, below := Company(company.Summary{Folder: "acme", Heads: []company.HeadsOf{{Team: "sales", From: "2025-01-01", People: 3},
		{Team: "sales", From: "2026-04-01", People: 5}, {Team: "field", From: "2025-01-01", People: 1}}})
	assert.Equal(t, []string{"people of sales: 3 at first, 5 from 2026-04-01", "people of field: 1 at first", "acme: ok"}, below)
}
