package company

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// CustomersFile is customers.csv as a plan that begins behind the history reads it (opening.customers_file);
// "" and why where it says too little.
func (c *Company) CustomersFile() (text, why string) {
	start := c.History.To()
	var b strings.Builder
	b.WriteString(strings.Join(plan.CustomerColumns, ",") + "\n")
	for i := range c.Groups {
		g := &c.Groups[i]
		if why := c.lacks(g, start); why != "" {
			return "", fmt.Sprintf("%s:%d %s", g.At.File, g.At.Line, why)
		}
		bill, until := "", ""
		if !math.IsNaN(g.MonthlyBill) {
			bill = plan.FormatNumber(g.MonthlyBill)
		}
		if g.HasPrepaid && g.PrepaidUntil > start {
			until = min(g.PrepaidUntil, start+365).String()
		}
		channel := g.Channel
		if !slices.ContainsFunc(c.Channels, func(x Channel) bool { return x.Name == channel }) {
			channel = ""
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", plan.FormatNumber(g.Count), g.Size, g.Start.String()[:7], g.Product,
			channel,
			bill, until)
	}
	if len(c.Groups) == 0 {
		return "", ""
	}
	return b.String(), ""
}

// lacks says what a group does not say, or says otherwise than a plan can have it.
func (c *Company) lacks(g *CustomerGroup, start plan.Date) string {
	sold := 0
	for i := range c.Products {
		p := &c.Products[i]
		if len(p.Sizes) == 0 || slices.Contains(p.Sizes, g.Size) {
			if g.Product == p.Name {
				sold = 1
				break
			}
			sold++
		}
	}
	switch {
	case g.Size == "":
		return "has no size"
	case !g.HasStart:
		return "has no start"
	case g.Start >= start:
		return "starts after the history"
	case g.Count < 1 || g.Count != math.Trunc(g.Count):
		return "has no whole number of customers"
	case len(c.Market.Sizes) > 0 && !slices.Contains(c.Market.Sizes, g.Size):
		return "is of a size outside of the market"
	case sold != 1:
		return "has no product that is sold to its size"
	}
	return ""
}
