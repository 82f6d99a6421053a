package export

import (
	"math"
	"strings"

	"windfall/model/plan"
	"windfall/sim/store"
	"windfall/sim/table"
)

// column is a column of a table, and what is to be said of it.
type column struct {
	table.Column
	Unit, Meaning string
}

func text(name, meaning string) column {
	return column{table.Column{Name: name, Kind: table.Text}, "", meaning}
}
func whole(name, unit, meaning string) column {
	return column{table.Column{Name: name, Kind: table.Whole}, unit, meaning}
}
func number(name, unit, meaning string) column {
	return column{table.Column{Name: name, Kind: table.Number}, unit, meaning}
}

// sheet is a table of the folder.
type sheet struct {
	name, meaning string
	truth         bool // no analyst has it
	columns       []column
	// rows writes those of a replication; nil: they are told one by one, see tellers.
	rows func(x *exporter, w table.Writer, r *replicated) error
}

// replicated is a replication: the panel of the plan, and those of the worlds without something.
type replicated struct {
	number int
	*Panel
	without []*Panel
}

// Columns with which every table by week begins.
var byWeek = []column{
	whole("replication", "", "The simulated history, from 0, as the tables of a run and windfall why count it."),
	{table.Column{Name: "date", Kind: table.Date}, "", "First day of the week."},
	whole("week", "", "Week of the run, from 1."),
}

func columnsOf(lists ...[]column) (out []column) {
	for _, list := range lists {
		out = append(out, list...)
	}
	return out
}

// key writes the columns of byWeek.
func (r *replicated) key(w table.Writer, week int) {
	w.Whole(r.number)
	w.Date(r.date(week))
	w.Whole(week + 1)
}

func (p *Panel) date(week int) plan.Date { return p.Start + plan.Date(7*week) }

// missing is a number that is not there.
var missing = math.NaN()

// numbers writes some.
func numbers(w table.Writer, list ...float64) {
	for _, x := range list {
		w.Number(x)
	}
}

var regionColumn = text("region", "Region.")

// What a touch is, for every table that counts them.
const touchMeaning = "Touches that reached a firm that was in the market for what the plan sells: a call, an " +
	"advertisement that was taken in, a visit, a search that arrived. Not impressions: those that reach nobody in the " +
	"market are not simulated."

var panelSheet = sheet{name: "panel", meaning: "One row per week, region and channel, then per brand medium: what " +
	"was spent and what came of it by the vendor's own records. A vendor that is out of business has no further rows.",
	columns: columnsOf(byWeek, []column{
		regionColumn,
		text("channel", "Channel, or brand medium."),
		text("kind", "channel or brand: a brand medium never touches a firm and is credited with nothing."),
		number("spend", "MONEY", "Media spend. That of a channel is dealt out over the regions by the firms that it reaches "+
			"there (all firms, if it reaches none), times region_spend, in whole cents. Brand media are bought by region."),
		number("touches", "touches", touchMeaning+" Missing for brand media."),
		number("clicks", "clicks", "Of a channel that captures searches: searches that took the paid link. Missing for all "+
			"others, whose clicks are not simulated."),
		number("leads", "leads", "Firms that contacted the vendor after a touch of the channel, which is credited: last "+
			"touch."),
		number("signups", "sign-ups", "Of these leads, sign-ups."),
		number("customers", "customers", "Customers won in the week whose lead is credited to the channel."),
		number("new_monthly_revenue", "MONEY/month", "First monthly bills of the customers won."),
	}),
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for week := range r.Lived {
			for region := range r.Regions {
				for c := range r.Channels {
					r.key(w, week)
					x.texts(w, "region", r.Regions[region], "channel", r.Channels[c])
					w.Text("channel")
					touches, clicks := r.Touches[c][region][week], missing
					if x.searched[c] {
						clicks = touches
					}
					numbers(w, r.Spend[c][region][week], touches, clicks, r.LeadsBy[c][region][week],
						r.SignupsBy[c][region][week], r.WonBy[c][region][week], r.MRRBy[c][region][week])
					if err := w.EndRow(); err != nil {
						return err
					}
				}
				for q := range r.Media {
					r.key(w, week)
					x.texts(w, "region", r.Regions[region], "medium", r.Media[q])
					w.Text("brand")
					numbers(w, r.MediaSpend[q][region][week], missing, missing, missing, missing, missing, missing)
					if err := w.EndRow(); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}}

// Columns about the week that are the same in every region.
var aboutWeek = []column{
	number("price_index", "index", "List prices: the mean over the products on sale of price over that of the first week "+
		"on sale."),
	number("season", "index", "Needs that are expected to arise at this time of the year, over the mean of a year."),
	number("economy", "index", "Needs that are expected to arise in the economy of the week, over those in expansion."),
	number("recession", "flag", "1 in a recession."),
}

func (r *replicated) aboutWeek(w table.Writer, week int) {
	numbers(w, r.PriceIndex(week), r.Season[week], r.Economy[week], r.Of("recession")[week])
}

// PriceIndex is the mean over the products on sale of the list price over that of their first week; missing where
// nothing is sold.
func (p *Panel) PriceIndex(week int) float64 {
	var sum, products float64
	for _, prices := range p.Price {
		first := 0
		for first < week && !(prices[first] > 0) {
			first++
		}
		if now := prices[week]; now > 0 {
			sum += now / prices[first]
			products++
		}
	}
	return sum / products
}

var regionsSheet = sheet{name: "regions", meaning: "One row per week and region: totals over channels, and what else " +
	"the vendor knows of the region.",
	columns: columnsOf(byWeek, []column{
		regionColumn,
		number("leads", "leads", "Leads."), number("signups", "sign-ups", "Sign-ups."),
		number("customers", "customers", "Customers won in the week."),
		number("new_monthly_revenue", "MONEY/month", "First monthly bills of the customers won."),
		number("live_customers", "customers", "Customers at the week's end."),
		number("firms", "firms", "Firms of the market in the region."),
		number("channel_spend", "MONEY", "Spend on channels, as the table panel deals it out."),
		number("brand_spend", "MONEY", "Spend on brand media."),
	}, aboutWeek),
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for week := range r.Lived {
			for region := range r.Regions {
				r.key(w, week)
				x.texts(w, "region", r.Regions[region])
				cents := 0.0
				for c := range r.Channels {
					cents += math.Round(r.Spend[c][region][week] * 100)
				}
				numbers(w, r.Leads[region][week], r.Signups[region][week], r.Won[region][week], r.MRR[region][week],
					r.Customers[region][week], r.Population[region][week], cents/100, r.BrandSpend[region][week])
				r.aboutWeek(w, week)
				if err := w.EndRow(); err != nil {
					return err
				}
			}
		}
		return nil
	}}

// ofRun are columns of the table of weeks that are those of the run, with their names there.
var ofRun = []struct{ name, column, unit, meaning string }{
	{"leads", "leads", "leads", "Leads."},
	{"signups", "signups", "sign-ups", "Sign-ups."},
	{"customers", "won", "customers", "Customers won in the week."},
	{"churned", "churned", "customers", "Customers that left in the week; those whose firm died are not among them."},
	{"live_customers", "live_customers", "customers", "Customers at the week's end."},
	{"revenue", "revenue", "MONEY", "Revenue accrued in the week, of all customers. The books have it by size, channel " +
		"and product, never by region."},
	{"monthly_recurring_revenue", "mrr", "MONEY/month", "Monthly recurring revenue at the week's end."},
	{"channel_spend", "media", "MONEY", "Spend on channels."},
	{"brand_spend", "brand", "MONEY", "Spend on brand media."},
	{"fees", "fees", "MONEY", "Fees per lead and per customer, and revenue shares of channels."},
}

// weeksSheet is made for a plan: it has the price of each product.
func weeksSheet(products []string) *sheet {
	s := &sheet{name: "weeks", meaning: "One row per week: the vendor as a whole."}
	s.columns = columnsOf(byWeek)
	for _, c := range ofRun {
		s.columns = append(s.columns, number(c.name, c.unit, c.meaning))
	}
	s.columns = append(s.columns, aboutWeek...)
	for i, name := range Snake(products) {
		s.columns = append(s.columns, number("price_"+name, "MONEY", "List price of "+products[i]+
			" per seat or firm and month; missing before it is sold."))
	}
	s.rows = func(x *exporter, w table.Writer, r *replicated) error {
		for week := range r.Lived {
			r.key(w, week)
			for _, c := range ofRun {
				w.Number(r.Of(c.column)[week])
			}
			r.aboutWeek(w, week)
			for _, prices := range r.Price {
				w.Number(prices[week])
			}
			if err := w.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}
	return s
}

var populationSheet = sheet{name: "population", meaning: "One row per size class, industry and region: the firms of " +
	"the market. They are counted and have no identity unless they are in the market, so no table has them one by one.",
	columns: []column{byWeek[0], text("size", "Size class, in employees."), text("industry", "Industry."), regionColumn,
		whole("firms_first_week", "firms", "Firms at the end of the first week."),
		whole("firms_last_week", "firms", "Firms at the end of the last week.")},
	rows: func(x *exporter, w table.Writer, r *replicated) error {
		for i, cell := range x.cells {
			w.Whole(r.number)
			x.cell(w, cell)
			w.Whole(r.Cells[0][i])
			w.Whole(r.Cells[1][i])
			if err := w.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}}

// Snake makes names of columns of any names: small letters, digits and underscores, a letter first, all different.
func Snake(names []string) []string {
	taken := map[string]bool{}
	out := make([]string, len(names))
	for i, name := range names {
		text := strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
				return r
			case r >= 'A' && r <= 'Z':
				return r - 'A' + 'a'
			}
			return '_'
		}, name)
		if text == "" || text[0] < 'a' || text[0] > 'z' {
			text = "x" + text
		}
		for taken[text] {
			text += "_"
		}
		taken[text], out[i] = true, text
	}
	return out
}

// texts writes names, each behind the word for what it names.
func (x *exporter) texts(w table.Writer, named ...string) {
	for i := 0; i < len(named); i += 2 {
		w.Text(store.AsText(named[i], named[i+1]))
	}
}
