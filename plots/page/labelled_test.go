package page

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Tables that people read have no names of code: outcomes and columns are what people call them.
func TestTablesSpeakInWords(t *testing.T) {
	s := NewSheet("outcomes", "What business_value does", "outcome", "±change of lifetime_margin")
	s.Row("burn_multiple *", "1")
	s.Row("  in business", "2")
	s.Row("cac", "3")
	got := s.Labelled()
	assert.Equal(t, "What business value does", got.Caption)
	assert.Equal(t, "change of customer lifetime margin", got.Columns[1].Name)
	assert.Equal(t, []string{"Burn multiple *", "  in business", "Fully loaded CAC"},
		[]string{got.Rows[0][0].Text, got.Rows[1][0].Text, got.Rows[2][0].Text})
	wide := NewSheet("x", "", "plan", "half_price: change of won", "media and brand saved", "cac", "#leads of the one")
	wide.Notes = []string{"Note. lifetime_margin counts it (--metric lifetime_margin ranks by it); half_price is a plan."}
	told := wide.Labelled()
	assert.Equal(t, []Column{{Name: "plan"}, {Name: "half_price: change of customers won"}, {Name: "media and brand saved"},
		{Name: "fully loaded CAC"}, {Name: "leads of the one", Numeric: true}}, told.Columns, "words and names of plans stay")
	assert.Equal(t, "Note. Customer lifetime margin counts it (--metric lifetime_margin ranks by it); half_price is a plan.",
		told.Notes[0], "what a flag is given stays")
	assert.Equal(t, "burn_multiple *", s.Rows[0][0].Text, "files keep the names that files have")
}
