package plan

import (
	"math"
	"strconv"
	"strings"
)

// CustomerColumns are the columns of a file of opening customers.
var CustomerColumns = []string{"count", "size", "start", "product", "channel", "monthly_bill", "prepaid_until"}

// SetCustomers makes groups the customers of the first day, in place of counts by size, shares of products and bands of
// ages. Their order makes no difference, and groups that are alike are one.
func (p *Plan) SetCustomers(groups []CustomerGroup) {
	o := &p.Opening
	o.Groups, o.CustomersText, o.CustomersHash = listed(p, groups, CustomerColumns)
	o.AgeBands = nil
	o.Customers = make([]float64, len(p.Population.Sizes))
	for _, g := range o.Groups {
		if z := p.sizeAt(g.Size); z >= 0 {
			o.Customers[z] += g.Count
		}
	}
	for i := range o.Products {
		o.Products[i] = math.NaN()
	}
}

// Label names a group by all that its customers have in common; it is the address of what is drawn for them.
func (g *CustomerGroup) Label() string { return strings.Join(g.record()[1:], "|") }

func (g *CustomerGroup) class() string { return g.Size }

func (g *CustomerGroup) counted() *float64 { return &g.Count }

// record is the group as a row of a file.
func (g *CustomerGroup) record() []string {
	start, bill, until := g.From.String(), "", ""
	if g.Until != g.From+1 {
		start = start[:len("2026-01")]
	}
	if g.Bill == g.Bill {
		bill = FormatNumber(g.Bill)
	}
	switch {
	case g.PrepaidUntil != 0:
		until = g.PrepaidUntil.String()
	case !g.Drawn:
		until = Monthly
	}
	return []string{strconv.FormatFloat(g.Count, 'f', -1, 64), g.Size, start, g.Product, g.Channel, bill, until}
}

// Monthly in the column prepaid_until is a customer who pays by the month. An empty cell is that too, where another row
// of the file has a date.
const Monthly = "monthly"
