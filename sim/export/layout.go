package export

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/sim/table"
)

// Layout is a table as a tool of media mix models reads it, beside the tables of its own (docs/export.md).
type Layout string

// The layouts.
const (
	NoLayout Layout = ""
	Meridian Layout = "meridian"
	Robyn    Layout = "robyn"
	PyMC     Layout = "pymc"
)

// ParseLayout reads one.
func ParseLayout(text string) (Layout, error) {
	switch l := Layout(text); l {
	case NoLayout, Meridian, Robyn, PyMC:
		return l, nil
	}
	near := plan.Nearest(text, []string{string(Meridian), string(Robyn), string(PyMC)})
	return "", fmt.Errorf("%q: meridian, robyn or pymc%s", text, plan.DidYouMean(near))
}

// layout is the tables of a layout, and what its tool is to be told of their columns.
type layout struct {
	sheets     []*sheet
	paid, free []driven // what has a price, and what has none
	named      map[string]any
	// say is what the tool is to be told, without columns that are flat: they never vary in time.
	say func(flat map[string]bool) map[string]any
}

// driven is a channel or medium as a media mix model sees it.
type driven struct {
	name           string // of its columns
	spend, touches series
}

// series is a number by region and week.
type series func(p *Panel, region, week int) float64

// newLayout finds the columns from the first replication: paid media are those on which it spends anything, organic
// ones the other channels that touch anybody.
func newLayout(kind Layout, first *Panel, several bool) *layout {
	l := &layout{}
	names := Snake(append(append([]string{}, first.Channels...), first.Media...))
	for c := range first.Channels {
		d := driven{names[c], func(p *Panel, region, week int) float64 { return p.Spend[c][region][week] },
			func(p *Panel, region, week int) float64 { return p.Touches[c][region][week] }}
		switch {
		case Total(first.Spend[c]) > 0:
			l.paid = append(l.paid, d)
		case Total(first.Touches[c]) > 0:
			l.free = append(l.free, d)
		}
	}
	for q := range first.Media {
		if Total(first.MediaSpend[q]) > 0 {
			l.paid = append(l.paid, driven{names[len(first.Channels)+q],
				func(p *Panel, region, week int) float64 { return p.MediaSpend[q][region][week] }, nil})
		}
	}
	var lead []column
	if several {
		lead = byWeek[:1]
	}
	switch kind {
	case Meridian:
		l.meridian(lead)
	case Robyn:
		l.robyn(lead)
	case PyMC:
		l.pymc(lead)
	}
	return l
}

// tell finds out what the tool is to be told, from the rows of the first replication. Tools refuse what never varies,
// or make nothing of it: such columns are in the table, and named apart.
func (l *layout) tell(x *exporter, first *Panel) error {
	s := l.sheets[0]
	w := &varying{columns: s.columns, first: map[string]float64{}, varies: map[int]bool{}}
	if err := s.rows(x, w, &replicated{number: x.First, Panel: first}); err != nil {
		return err
	}
	flat, never := map[string]bool{}, []string{}
	for i, c := range s.columns {
		if c.Kind == table.Number && !w.varies[i] {
			flat[c.Name], never = true, append(never, c.Name)
		}
	}
	l.named = l.say(flat)
	l.named["does_not_vary"] = never
	return nil
}

// varying is a table that is not written: it sees which of its columns vary in time, in any region.
type varying struct {
	columns []column
	at      int
	place   string
	first   map[string]float64 // by region and column
	varies  map[int]bool
}

func (w *varying) Text(s string)  { w.place, w.at = s, w.at+1 }
func (w *varying) Date(plan.Date) { w.at++ }
func (w *varying) Whole(int)      { w.at++ }
func (w *varying) Close() error   { return nil }

func (w *varying) Number(x float64) {
	key := w.place + " " + w.columns[w.at].Name
	if was, known := w.first[key]; !known {
		w.first[key] = x
	} else if was != x {
		w.varies[w.at] = true
	}
	w.at++
}

func (w *varying) EndRow() error {
	w.at = 0
	return nil
}

// vary are those of some columns that vary.
func vary(columns []string, flat map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return flat[c] })
}

// mapping is what the tool is to be told, as JSON, by the names of its own arguments.
func (l *layout) mapping() []byte {
	text, err := json.MarshalIndent(l.named, "", "  ")
	if err != nil {
		panic(err) // texts always encode
	}
	return append(text, '\n')
}

// Columns that every layout has.
var controls = []string{"price_index", "season", "economy"}

func controlColumns() (out []column) {
	for _, c := range aboutWeek[:len(controls)] {
		c.Meaning += " 1 where nothing is sold."
		out = append(out, c)
	}
	return out
}

// controls writes them. Tools take no missing value.
func (r *replicated) controls(w table.Writer, week int) {
	price := r.PriceIndex(week)
	if math.IsNaN(price) {
		price = 1
	}
	numbers(w, price, r.Season[week], r.Economy[week])
}

// begin writes the number of a replication where there are several.
func begin(w table.Writer, lead []column, r *replicated) {
	if lead != nil {
		w.Whole(r.number)
	}
}

// nation sums over regions, in whole cents or counts.
func nation(p *Panel, week int, of series) (sum float64) {
	for region := range p.Regions {
		sum += math.Round(of(p, region, week) * 100)
	}
	return sum / 100
}

// BillPerCustomer is the mean first monthly bill of the customers won in the run; 0 if there are none.
func (p *Panel) BillPerCustomer() float64 {
	if won := Total(p.Won); won > 0 {
		return inCents(Total(p.MRR) / won)
	}
	return 0
}

// meridian is one row per geo and time.
func (l *layout) meridian(lead []column) {
	s := &sheet{name: string(Meridian), meaning: "One row per region and week, as the loaders of Meridian read it; " +
		"meridian.json has their arguments.", columns: columnsOf(lead, []column{
		text("geo", "Region."),
		{table.Column{Name: "time", Kind: table.Date}, "", "First day of the week."},
		number("population", "firms", "Firms of the region at the end of the first week."),
		number("kpi", "customers", "Customers won in the week."),
		number("revenue_per_kpi", "MONEY", "Mean first monthly bill of the customers won in the run, the same in every row."),
	}, controlColumns())}
	l.meridianColumns(s)
	l.sheets = []*sheet{s}
	s.rows = func(x *exporter, w table.Writer, r *replicated) error {
		bill := r.BillPerCustomer()
		for region := range r.Regions {
			for week := range r.Lived {
				begin(w, lead, r)
				x.texts(w, "region", r.Regions[region])
				w.Date(r.date(week))
				numbers(w, r.Population[region][0], r.Won[region][week], bill)
				r.controls(w, week)
				for _, d := range l.paid {
					if d.touches != nil {
						w.Number(d.touches(r.Panel, region, week))
					}
					w.Number(d.spend(r.Panel, region, week))
				}
				for _, d := range l.free {
					w.Number(d.touches(r.Panel, region, week))
				}
				if err := w.EndRow(); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// exposure is the column of Meridian with what reaches firms of a channel or medium: of brand media their spend.
func (d *driven) exposure() string {
	if d.touches == nil {
		return d.name + "_spend"
	}
	return d.name + "_touches"
}

// meridianColumns adds the columns of media, and says what the loaders are to be told of all.
func (l *layout) meridianColumns(s *sheet) {
	for _, d := range l.paid {
		if d.touches != nil {
			s.columns = append(s.columns, number(d.exposure(), "touches", "Touches of "+d.name+"."))
		}
		s.columns = append(s.columns, number(d.name+"_spend", "MONEY", "Spend on "+d.name+"."))
	}
	for _, d := range l.free {
		s.columns = append(s.columns, number(d.exposure(), "touches", "Touches of "+d.name+", which costs nothing."))
	}
	l.say = func(flat map[string]bool) map[string]any {
		var media, spends, organic []string
		toChannel, spendToChannel, organicToChannel := map[string]string{}, map[string]string{}, map[string]string{}
		for _, d := range l.paid {
			if exposure, spend := d.exposure(), d.name+"_spend"; !flat[exposure] {
				media, spends = append(media, exposure), append(spends, spend)
				toChannel[exposure], spendToChannel[spend] = d.name, d.name
			}
		}
		for _, d := range l.free {
			if exposure := d.exposure(); !flat[exposure] {
				organic = append(organic, exposure)
				organicToChannel[exposure] = d.name
			}
		}
		columns := map[string]any{"geo": "geo", "time": "time", "kpi": "kpi", "population": "population",
			"revenue_per_kpi": "revenue_per_kpi", "controls": vary(controls, flat), "media": media, "media_spend": spends}
		named := map[string]any{"kpi_type": "non_revenue", "coord_to_columns": columns, "media_to_channel": toChannel,
			"media_spend_to_channel": spendToChannel}
		if organic != nil {
			columns["organic_media"] = organic
			named["organic_media_to_channel"] = organicToChannel
		}
		return named
	}
}

// robyn is one row per week for the whole country.
func (l *layout) robyn(lead []column) {
	s := &sheet{name: string(Robyn), meaning: "One row per week for all regions together, as robyn_inputs of Robyn " +
		"reads it; robyn.json has its arguments.", columns: columnsOf(lead, []column{
		{table.Column{Name: "DATE", Kind: table.Date}, "", "First day of the week."},
		number("revenue", "MONEY", "Revenue accrued in the week, of all customers."),
		number("customers", "customers", "Customers won in the week: dep_var with dep_var_type conversion."),
		number("new_monthly_revenue", "MONEY/month", "First monthly bills of the customers won."),
	}, controlColumns())}
	for _, d := range l.paid {
		s.columns = append(s.columns, number(d.name+"_S", "MONEY", "Spend on "+d.name+"."))
		if d.touches != nil {
			s.columns = append(s.columns, number(d.name+"_I", "touches", "Touches of "+d.name+"."))
		}
	}
	for _, d := range l.free {
		s.columns = append(s.columns, number(d.name+"_O", "touches", "Touches of "+d.name+", which costs nothing."))
	}
	s.rows = func(_ *exporter, w table.Writer, r *replicated) error {
		mrr := func(p *Panel, region, week int) float64 { return p.MRR[region][week] }
		for week := range r.Lived {
			begin(w, lead, r)
			w.Date(r.date(week))
			numbers(w, r.Of("revenue")[week], r.Of("won")[week], nation(r.Panel, week, mrr))
			r.controls(w, week)
			for _, d := range l.paid {
				w.Number(nation(r.Panel, week, d.spend))
				if d.touches != nil {
					w.Number(nation(r.Panel, week, d.touches))
				}
			}
			for _, d := range l.free {
				w.Number(nation(r.Panel, week, d.touches))
			}
			if err := w.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}
	l.say, l.sheets = l.robynColumns, []*sheet{s}
}

// robynColumns says what robyn_inputs is to be told.
func (l *layout) robynColumns(flat map[string]bool) map[string]any {
	spends, vars, organic := []string{}, []string{}, []string{}
	for _, d := range l.paid {
		spend, exposure := d.name+"_S", d.name+"_I"
		if flat[spend] {
			continue
		}
		if d.touches == nil || flat[exposure] {
			exposure = spend
		}
		spends, vars = append(spends, spend), append(vars, exposure)
	}
	for _, d := range l.free {
		organic = append(organic, d.name+"_O")
	}
	return map[string]any{"date_var": "DATE", "dep_var": "customers", "dep_var_type": "conversion",
		"context_vars": vary(controls, flat), "paid_media_spends": spends, "paid_media_vars": vars,
		"organic_vars": vary(organic, flat)}
}

// pymc is one row per week, and another table with one per week and region.
func (l *layout) pymc(lead []column) {
	var channels []string
	extra := slices.Clone(controls)
	columns := append([]column{number("y", "customers", "Customers won in the week: the target.")}, controlColumns()...)
	for _, d := range l.paid {
		columns = append(columns, number(d.name, "MONEY", "Spend on "+d.name+"."))
		channels = append(channels, d.name)
	}
	for _, d := range l.free {
		columns = append(columns, number(d.name+"_touches", "touches", "Touches of "+d.name+", which costs nothing."))
		extra = append(extra, d.name+"_touches")
	}
	date := []column{{table.Column{Name: "date", Kind: table.Date}, "", "First day of the week."}}
	won := func(p *Panel, region, week int) float64 { return p.Won[region][week] }
	all := &sheet{name: string(PyMC), meaning: "One row per week for all regions together, as MMM of PyMC-Marketing " +
		"reads it (X is all columns but y); pymc.json has its arguments.", columns: columnsOf(lead, date, columns),
		rows: func(_ *exporter, w table.Writer, r *replicated) error {
			for week := range r.Lived {
				begin(w, lead, r)
				w.Date(r.date(week))
				if err := l.mix(w, r, week, won, func(of series) float64 { return nation(r.Panel, week, of) }); err != nil {
					return err
				}
			}
			return nil
		}}
	geo := &sheet{name: "pymc_geo", meaning: "The same by region, for dims = (\"geo\",).",
		columns: columnsOf(lead, date, []column{text("geo", "Region.")}, columns),
		rows: func(x *exporter, w table.Writer, r *replicated) error {
			for week := range r.Lived {
				for region := range r.Regions {
					begin(w, lead, r)
					w.Date(r.date(week))
					x.texts(w, "region", r.Regions[region])
					if err := l.mix(w, r, week, won, func(of series) float64 { return of(r.Panel, region, week) }); err != nil {
						return err
					}
				}
			}
			return nil
		}}
	l.say = func(flat map[string]bool) map[string]any {
		return map[string]any{"date_column": "date", "target_column": "y", "channel_columns": vary(channels, flat),
			"control_columns": vary(extra, flat)}
	}
	l.sheets = []*sheet{all, geo}
}

// mix writes the target, controls and channels of a week.
func (l *layout) mix(w table.Writer, r *replicated, week int, target series, sum func(of series) float64) error {
	w.Number(sum(target))
	r.controls(w, week)
	for _, d := range l.paid {
		w.Number(sum(d.spend))
	}
	for _, d := range l.free {
		w.Number(sum(d.touches))
	}
	return w.EndRow()
}
