package scenarios

import (
	"slices"

	"windfall/model/plan"
)

// checkPrices looks at what prices are per: one thing within a size class, since net prices are
// compared there and with one willingness to pay.
func (b *builder) checkPrices() {
	p := b.plan
	for s, size := range p.Dimension("size") {
		var seat, firm string
		for i := range p.Products {
			switch x := &p.Products[i]; {
			case !x.Enabled || !holds(x.Sizes, size):
			case x.PricePer == plan.PerFirm:
				firm = x.Name
			default:
				seat = x.Name
			}
		}
		if firm != "" && seat != "" {
			at := "products." + plan.JoinKey(firm) + ".price_per"
			b.wrong(at, "size class %s is sold %s, whose price is per firm, and %s, whose price is per seat; "+
				"nobody can tell which costs more: give both the same price_per, or sell one of them to other classes (sizes)",
				size, firm, seat)
			return
		}
		if firm != "" {
			b.notePerFirm(s, size, firm)
		}
	}
	for i := range p.Products {
		at := "products." + plan.JoinKey(p.Products[i].Name)
		if n := b.places[at+".adoption"]; n != nil && p.Products[i].PricePer == plan.PerFirm {
			b.doesNothing(n, at+".adoption", at+".price_per", "the product has price_per = \"firm\"; the key belongs to "+
				"\"seat\"")
		}
	}
}

// doesNothing reports a key that cannot do anything because of another: a problem if the file that was
// asked for or the command line sets it, and not only the other, else a warning.
func (b *builder) doesNothing(n *node, key, cause, why string) {
	if b.root.kid("resolved") != nil { // which writes every key
		return
	}
	if layer := b.layer(key); layer >= 2 && layer >= b.layer(cause) && !(b.oneOfSeveral && n.file == SetPlace) {
		b.fail(n, key, "does nothing: %s", why)
		return
	}
	b.warn(n, key, "does nothing: %s", why)
}

// notePerFirm tells what may be wrong in a size class whose products have a price per firm: a
// willingness to pay from a file that does not know of it, and a growth of seats.
func (b *builder) notePerFirm(s int, size, product string) {
	p := b.plan
	place := func(key string) *node {
		if n := b.places[key+"."+plan.JoinKey(size)]; n != nil {
			return n
		}
		return b.places[key]
	}
	cause := "products." + plan.JoinKey(product) + ".price_per"
	per := b.places[cause]
	if w := place("journey.willingness_median"); w != nil && per != nil && w.file != per.file && w.file != SetPlace {
		b.warn(w, "journey.willingness_median", "is read per firm and month in size class %s, since %s has a price per "+
			"firm (%s:%d): state there what a firm would pay", size, product, per.file, per.line)
	}
	growth := "customers.seat_growth_per_year." + plan.JoinKey(size)
	if n := b.places[growth]; n != nil && p.Customers.SeatGrowthPerYear[s] != 0 {
		b.doesNothing(n, growth, cause, "the products of the class have a price per firm")
	}
}

// checkSamePrices reports a product whose price is per something else in the opening plan: its
// customers of the first day pay as that plan says.
func (b *builder) checkSamePrices() {
	p, o := b.plan, b.plan.OpeningPlan
	for i := range p.Products {
		x := &p.Products[i]
		k := slices.IndexFunc(o.Products, func(y plan.Product) bool { return y.Name == x.Name })
		if k >= 0 && o.Products[k].PricePer != x.PricePer {
			b.wrong("products."+plan.JoinKey(x.Name)+".price_per", "is %q in the opening plan %s, whose customers pay so "+
				"on the first day; write plan = %q in [opening] (opening.plan = \"self\" for an override), or give the "+
				"new offer a name of its own", o.Products[k].PricePer, o.Name, p.Name)
		}
	}
	for s, size := range p.Dimension("size") {
		sold := func(x plan.Product) bool { return x.Enabled && holds(x.Sizes, size) }
		if len(b.problems) == 0 && p.PerFirm(s) != o.PerFirm(s) &&
			slices.ContainsFunc(p.Products, sold) && slices.ContainsFunc(o.Products, sold) {
			b.wrong("products", "size class %s has prices per firm here or in the opening plan %s, but not in both: "+
				"customers of the first day would change what they pay for; write plan = %q in [opening]", size, o.Name, p.Name)
		}
	}
}
