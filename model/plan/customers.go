package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// CustomerColumns are the columns of a file of opening customers.
var CustomerColumns = []string{"count", "size", "start", "product", "channel", "monthly_bill", "prepaid_until"}

// SetCustomers makes groups the customers of the first day, in place of counts by size, shares of products and bands of
// ages. Their order makes no difference, and groups that are alike are one.
func (p *Plan) SetCustomers(groups []CustomerGroup) {
	o := &p.Opening
	o.Groups = slices.Clone(groups)
	slices.SortFunc(o.Groups, func(a, b CustomerGroup) int {
		return cmp.Or(p.sizeAt(a.Size)-p.sizeAt(b.Size), cmp.Compare(a.Label(), b.Label()))
	})
	kept := o.Groups[:0]
	for _, g := range o.Groups {
		if n := len(kept); n > 0 && kept[n-1].Label() == g.Label() {
			kept[n-1].Count += g.Count
			continue
		}
		kept = append(kept, g)
	}
	o.Groups, o.AgeBands = kept, nil
	o.Customers = make([]float64, len(p.Population.Sizes))
	for _, g := range o.Groups {
		if z := p.sizeAt(g.Size); z >= 0 {
			o.Customers[z] += g.Count
		}
	}
	for i := range o.Products {
		o.Products[i] = math.NaN()
	}
	o.CustomersText = textOf(o.Groups)
	o.CustomersHash = fmt.Sprintf("%x", sha256.Sum256([]byte(o.CustomersText)))
}

func (p *Plan) sizeAt(name string) int {
	return slices.IndexFunc(p.Population.Sizes, func(z Size) bool { return z.Name == name })
}

// Label names a group by all that its customers have in common; it is the address of what is drawn for them.
func (g *CustomerGroup) Label() string { return strings.Join(g.record()[1:], "|") }

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

// textOf writes groups as a file of customers.
func textOf(groups []CustomerGroup) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(CustomerColumns) // a builder takes all
	for i := range groups {
		_ = w.Write(groups[i].record())
	}
	w.Flush()
	return b.String()
}
