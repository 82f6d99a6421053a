package scenarios

import (
	"fmt"
	"math"
	"slices"
	"time"

	"windfall/model/plan"
)

// This file reads opening.customers_file: the customers of the first day, by size, month of the win, product and
// channel, with what they pay.

// customersFile is the key.
const customersFile = "opening.customers_file"

// customers reads the file of opening customers that a plan names, in place of counts, shares and bands of ages.
func (l *loader) customers(b *builder) {
	o := &b.plan.Opening
	n := b.root.at("opening", "customers_file")
	t := &customersTable{listTable: listTable{b: b, key: customersFile, what: "customers", known: plan.CustomerColumns,
		needed: []string{"size", "start"}}}
	data := l.listed(&t.listTable, n, o.CustomersFile, o.CustomersHash, "customers", "products", "age_bands")
	if data == nil {
		return
	}
	if t.read(data); t.report() {
		return
	}
	stated := o.CustomersHash
	b.plan.SetCustomers(t.groups)
	if stated != "" && stated != o.CustomersHash {
		b.wrong("opening.customers_hash", "%s lists other customers than were meant: its hash is %s; take the old file, or "+
			"write the new hash if the new one is meant", t.file, o.CustomersHash)
	}
	b.checkListed(n)
}

// checkListed reports more customers of a size class than it has firms.
func (b *builder) checkListed(n *node) {
	p := b.plan
	for s, z := range p.Population.Sizes {
		if count, firms := p.Opening.Customers[s], math.Round(p.Population.Firms*z.Share); count > firms {
			b.report(n, customersFile, n.show(), fmt.Sprintf("lists %s customers of size class %s, which has %s firms; correct "+
				"their size, or raise population.firms or the share of the class", short(count), z.Name, short(firms)), "")
		}
	}
}

// customersTable is a file of customers as it is read.
type customersTable struct {
	listTable
	dated  bool // some row says until when it is prepaid
	groups []plan.CustomerGroup
}

// read reads all rows.
func (t *customersTable) read(data []byte) {
	rows, lines := t.rowsOf(data)
	for _, record := range rows {
		t.dated = t.dated || t.cell(record, "prepaid_until") != ""
	}
	for i, record := range rows {
		t.line = lines[i]
		t.row(record)
	}
	if len(rows) == 0 && len(t.problems) == 0 {
		t.fail("", "", "", "lists no customer; leave out customers_file if there is none")
	}
}

// row reads one group of customers.
func (t *customersTable) row(record []string) {
	p, before := t.b.plan, len(t.problems)
	g := plan.CustomerGroup{Bill: math.NaN(), Drawn: !t.dated, Size: t.cell(record, "size"),
		Product: t.cell(record, "product"), Channel: t.cell(record, "channel")}
	g.Count = t.count(record)
	if t.size(g.Size) {
		g.Product = t.product(g.Size, g.Product)
	}
	if channels := p.Dimension("channel"); g.Channel != "" && !slices.Contains(channels, g.Channel) {
		t.fail("channel", g.Channel, plan.Nearest(g.Channel, channels), "is no channel of this plan; leave the cell empty "+
			"if it is not known")
	}
	t.start(&g, t.cell(record, "start"))
	t.prepaid(&g, t.cell(record, "prepaid_until"))
	if len(t.problems) == before {
		t.bill(&g, t.cell(record, "monthly_bill"))
	}
	t.groups = append(t.groups, g)
}

// start reads the month or the day of the win.
func (t *customersTable) start(g *plan.CustomerGroup, s string) {
	first := t.b.plan.Run.Start
	if at, err := time.Parse("2006-01", s); err == nil {
		g.From = plan.NewDate(at.Year(), int(at.Month()), 1)
		next := at.AddDate(0, 1, 0)
		g.Until = min(first, plan.NewDate(next.Year(), int(next.Month()), 1))
	} else if at, err := time.Parse(time.DateOnly, s); err == nil {
		g.From = plan.NewDate(at.Year(), int(at.Month()), at.Day())
		g.Until = g.From + 1
	} else {
		t.fail("start", s, "", "must be the month or the day of the win, as in 2012-07 or 2012-07-24")
		return
	}
	switch {
	case g.From >= first:
		t.fail("start", s, "", "is not before the run's first day, %s: such customers are won in the run; leave the row "+
			"out, or begin the run later (run.start)", first)
	case float64(first-g.From) > 100*365.25:
		t.fail("start", s, "", "is more than a century before the run's first day, %s", first)
	}
}

// prepaid reads until when a group has paid.
func (t *customersTable) prepaid(g *plan.CustomerGroup, s string) {
	if s == "" || s == plan.Monthly {
		return
	}
	first := t.b.plan.Run.Start
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.fail("prepaid_until", s, "", "must be a day, as in 2013-04-30, or empty for customers who pay by the month")
		return
	}
	g.PrepaidUntil = plan.NewDate(at.Year(), int(at.Month()), at.Day())
	switch {
	case g.PrepaidUntil <= first:
		t.fail("prepaid_until", s, "", "is not after the run's first day, %s; leave the cell empty for customers who pay by "+
			"the month, or write the end of the year that is paid for", first)
	case g.PrepaidUntil > first+365:
		t.fail("prepaid_until", s, "", "is more than a year after the run's first day, %s: bills are for a year at most; "+
			"write the end of the year that is running", first)
	}
}

// bill reads what each of a group pays.
func (t *customersTable) bill(g *plan.CustomerGroup, s string) {
	if s == "" {
		return
	}
	x, ok := t.amount("monthly_bill", s, "pays")
	if !ok {
		return
	}
	p := t.b.plan
	at := slices.IndexFunc(p.Products, func(q plan.Product) bool { return q.Name == g.Product })
	pr := &p.Products[at]
	if net := pr.Price * (1 - min(0.9, pr.Discount)) * (1 - pr.PrepaidDiscount); !(net > 0) {
		t.fail("monthly_bill", s, "", "is what seats at the price of %s make, and that is 0; give the product its price",
			g.Product)
		return
	}
	g.Bill = x
}
