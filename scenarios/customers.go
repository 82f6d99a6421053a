package scenarios

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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
	switch {
	case len(b.problems) > 0:
		return
	case o.CustomersFile == "" && o.CustomersHash != "":
		b.wrong("opening.customers_hash", "does nothing without customers_file")
	}
	if o.CustomersFile == "" || n == nil || len(b.problems) > 0 {
		return
	}
	for _, key := range []string{"customers", "products", "age_bands"} {
		if other := b.root.at("opening", key); other != nil && other.file == n.file && b.root.kid("resolved") == nil {
			b.fail(other, "opening."+key, "is said by the file of customers: leave it out, or leave out customers_file")
		}
	}
	if len(b.problems) > 0 {
		return
	}
	display, data := n.file, []byte(l.drawsTexts[o.CustomersHash])
	if len(data) == 0 {
		_, at, read, err := l.beside(n)
		if err != nil {
			b.report(n, customersFile, n.show(), err.Error(), "")
			return
		}
		display, data = at, read
	}
	t := &customersTable{b: b, file: display}
	if t.read(data); len(t.problems) > 0 {
		if more := len(t.problems) - mostOfATable; more > 0 {
			t.problems = append(t.problems[:mostOfATable], Problem{File: display,
				Message: fmt.Sprintf("and %d more problems in the file", more)})
		}
		b.problems = append(b.problems, t.problems...)
		return
	}
	stated := o.CustomersHash
	b.plan.SetCustomers(t.groups)
	if stated != "" && stated != o.CustomersHash {
		b.wrong("opening.customers_hash", "%s lists other customers than were meant: its hash is %s; take the old file, or "+
			"write the new hash if the new one is meant", display, o.CustomersHash)
	}
	b.checkListed(n)
}

// mostOfATable is the number of problems of a table that are shown.
const mostOfATable = 20

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
	b        *builder
	file     string
	columns  []string
	dated    bool // some row says until when it is prepaid
	line     int
	groups   []plan.CustomerGroup
	problems Problems
}

func (t *customersTable) fail(column, value, hint, format string, args ...any) {
	p := Problem{File: t.file, Line: t.line, Key: column, Message: fmt.Sprintf(format, args...), Hint: hint}
	if value != "" {
		p.Value = strconv.Quote(clip(value))
	}
	if at := slices.Index(t.columns, column); at >= 0 {
		p.Col = at + 1
	}
	t.problems = append(t.problems, p)
}

// read reads all rows.
func (t *customersTable) read(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		t.fail("", "", "", "is empty; its first line is %s", strings.Join(plan.CustomerColumns, ","))
		return
	case !utf8.Valid(data):
		t.fail("", "", "", "is not UTF-8; save it as CSV in UTF-8")
		return
	}
	r := csv.NewReader(bytes.NewReader(data))
	var rows [][]string
	var lines []int
	for {
		record, err := r.Read()
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			t.line = wrong.Line
			t.fail("", "", "", "is no CSV: %v; each row needs the commas of the first line", wrong.Err)
			return
		}
		if err != nil {
			break
		}
		t.line, _ = r.FieldPos(0)
		if t.columns == nil {
			if !t.header(record) {
				return
			}
			continue
		}
		rows, lines = append(rows, record), append(lines, t.line)
		t.dated = t.dated || t.cell(record, "prepaid_until") != ""
	}
	for i, record := range rows {
		t.line = lines[i]
		t.row(record)
	}
	if len(rows) == 0 {
		t.fail("", "", "", "lists no customer; leave out customers_file if there is none")
	}
}

// header reads the names of the columns.
func (t *customersTable) header(record []string) bool {
	for _, s := range record {
		s = strings.ToLower(strings.TrimSpace(s))
		switch {
		case slices.Contains(t.columns, s):
			t.fail(s, "", "", "is the name of two columns")
		case !slices.Contains(plan.CustomerColumns, s):
			t.fail(cmp.Or(s, "(no name)"), "", plan.Nearest(s, plan.CustomerColumns), "is no column of a file of customers: %s",
				strings.Join(plan.CustomerColumns, ", "))
		}
		t.columns = append(t.columns, s)
	}
	for _, s := range []string{"size", "start"} {
		if !slices.Contains(t.columns, s) {
			t.fail(s, "", "", "is a column that the file lacks; count, product, channel, monthly_bill and prepaid_until may be "+
				"left out")
		}
	}
	return len(t.problems) == 0
}

// cell is what a row has in a column, or nothing.
func (t *customersTable) cell(record []string, column string) string {
	if at := slices.Index(t.columns, column); at >= 0 {
		return strings.TrimSpace(record[at])
	}
	return ""
}

// row reads one group of customers.
func (t *customersTable) row(record []string) {
	p, before := t.b.plan, len(t.problems)
	g := plan.CustomerGroup{Count: 1, Bill: math.NaN(), Drawn: !t.dated, Size: t.cell(record, "size"),
		Product: t.cell(record, "product"), Channel: t.cell(record, "channel")}
	if s := t.cell(record, "count"); s != "" {
		if x, err := strconv.ParseFloat(s, 64); err != nil || !(x >= 1 && x <= 1e9) || x != math.Trunc(x) {
			t.fail("count", s, "", "must be a whole number of customers above 0")
		} else {
			g.Count = x
		}
	}
	if sizes := p.Dimension("size"); !slices.Contains(sizes, g.Size) {
		t.fail("size", g.Size, plan.Nearest(g.Size, sizes), "is no size class of this market: %s", join(sizes))
	} else {
		t.product(&g)
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

// product finds the product of a group: that of the only one that is sold to its class where none is said.
func (t *customersTable) product(g *plan.CustomerGroup) {
	p := t.b.plan
	var sold []string
	for i := range p.Products {
		if x := &p.Products[i]; x.Enabled && holds(x.Sizes, g.Size) {
			sold = append(sold, x.Name)
		}
	}
	at := slices.IndexFunc(p.Products, func(x plan.Product) bool { return x.Name == g.Product })
	switch {
	case g.Product == "" && len(sold) == 1:
		g.Product = sold[0]
	case g.Product == "":
		t.fail("product", "", "", "is needed: class %s is sold %s", g.Size, cmp.Or(join(sold), "nothing"))
	case at < 0:
		t.fail("product", g.Product, plan.Nearest(g.Product, p.Dimension("product")), "is no product of this plan; one "+
			"that is sold no more needs a table [products.NAME] with enabled = false")
	case !holds(p.Products[at].Sizes, g.Size):
		t.fail("product", g.Product, "", "is not sold to class %s; that is sold %s", g.Size, cmp.Or(join(sold), "nothing"))
	}
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
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x >= 0 && x <= 1e12) {
		t.fail("monthly_bill", s, "", "must be what one customer pays for a month, a number with a decimal point such as "+
			"59.90")
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
