package export

import (
	"context"
	"fmt"
	"math"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/table"
)

// passes are the runs of a replication for the tables of single firms: one to learn how often the engine begins it
// anew (a vendor that goes out of business is run twice) and who is won, and one in which rows are written as they are
// told, so that memory does not grow with them.
const passes = 2

// What is said of a firm in every table that has them one by one.
var aboutFirm = []column{text("size", "Size class, in employees."), text("industry", "Industry."), regionColumn}

var touchesSheet = sheet{name: "touches", meaning: "One row per touch of a firm in the market, whether it became a " +
	"lead or not. Rows of a firm are in order of time; firms come in the order in which the engine follows them. " +
	"Their number by week, region and channel is that of the table panel.",
	columns: columnsOf([]column{byWeek[0],
		text("firm", "The firm, for as long as it is in the market: the key to leads and customers."),
		{table.Column{Name: "date", Kind: table.Date}, "", "Day of the touch."},
		number("at_week", "weeks", "Time since the first day of the run."),
		text("channel", "Channel through which it came."),
		whole("after_lead", "flag", "1 if the firm had become a lead and waited for an answer: the touch was wasted."),
	}, aboutFirm)}

var leadsSheet = sheet{name: "leads", meaning: "One row per lead. A firm that asked without meaning to buy may be a " +
	"lead again; which leads are such is not known to the vendor, and is in no column.",
	columns: columnsOf([]column{byWeek[0], text("firm", "The firm, as in touches."),
		{table.Column{Name: "date", Kind: table.Date}, "", "Day of the lead."},
		number("at_week", "weeks", "Time since the first day of the run."),
		text("channel", "Channel of the touch that made it: last touch."),
		whole("touches", "touches", "Touches of the firm up to the lead, this one included; those before the run, too."),
		whole("won", "flag", "1 if the firm was won as a customer within the run."),
		number("won_week", "weeks", "When; missing if it was not."),
	}, aboutFirm)}

var customersSheet = sheet{name: "customers", meaning: "One row per customer: those of the first day, then those won " +
	"in the run. For tools of customer lifetime value: duration is weeks, event is has_left.",
	columns: columnsOf([]column{byWeek[0],
		text("customer", "The customer: of one won in the run the firm, as in touches and leads."),
		{table.Column{Name: "start", Kind: table.Date}, "", "Day on which it became a customer."},
		number("start_week", "weeks", "The same since the first day of the run; below 0 for customers of the first day."),
		number("end_week", "weeks", "When it left; missing if it was still there at the end."),
		number("weeks", "weeks", "Time as a customer up to that, or to the end of the run."),
		whole("has_left", "flag", "1 if it left within the run, 0 if it was still there: censored."),
		text("channel", "Channel that is credited; opening for customers of the first day."),
		text("product", "Product."),
		number("seats", "seats", "What the price is multiplied with at the start."),
		number("price", "MONEY", "Net price per seat or firm and month at the start."),
		number("monthly_bill", "MONEY/month", "First monthly bill: price x seats."),
		whole("prepaid", "flag", "1 if it pays twelve months ahead."),
		whole("first_day", "flag", "1 for customers of the first day."),
	}, aboutFirm)}

var lifetimesSheet = sheet{name: "truth_customers", truth: true, meaning: "One row per row of customers: what will " +
	"become of it.",
	columns: []column{byWeek[0], text("customer", "The customer, as in customers."),
		number("end_week", "weeks", "When it leaves, after the run as well; missing if it never does."),
		whole("firm_dies", "flag", "1 if it leaves because its firm dies."),
		number("lifetime_value", "MONEY", "Margin from the win on, discounted to it; missing for customers of the first "+
			"day."),
	}}

// firmWriter writes single firms as they are told.
type firmWriter struct {
	*exporter
	asks        model.Events
	number      int
	begun, last int // how often the replication began, and will begin
	writing     bool
	lived       int                // weeks
	won         map[uint64]float64 // when, by firm
	err         error
}

var _ model.Observer = (*firmWriter)(nil)

// firms writes the tables of single firms, replication by replication.
func (x *exporter) firms(ctx context.Context) error {
	t := firmWriter{exporter: x, won: map[uint64]float64{}}
	if x.Journeys {
		t.asks |= model.Touches | model.Leads | model.Wins
	}
	if x.Customers {
		t.asks |= model.Wins | model.Openings
	}
	if t.asks == 0 {
		return nil
	}
	prepared, err := model.Prepare(x.Plan)
	if err != nil {
		return err
	}
	state, record := prepared.NewState(), prepared.Schema().NewRecord()
	state.Observer = &t
	for r := range x.Replications {
		t.number, t.begun, t.writing = x.First+r, 0, false
		state.Replicate(uint64(x.Plan.Run.Seed), t.number, record)
		x.tell()
		t.last, t.begun, t.writing = t.begun, 0, true
		if err := ctx.Err(); err != nil {
			return err
		}
		state.Replicate(uint64(x.Plan.Run.Seed), t.number, record)
		x.tell()
		if t.err != nil {
			return t.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// Asks implements model.Observer.
func (t *firmWriter) Asks() model.Events {
	if !t.writing {
		return model.Wins | model.Weeks
	}
	return t.asks
}

// Begin implements model.Observer.
func (t *firmWriter) Begin() {
	if t.begun++; !t.writing {
		t.lived = 0
		clear(t.won)
	}
}

// writes says whether what is told is to be written.
func (t *firmWriter) writes() bool { return t.writing && t.begun == t.last && t.err == nil }

// Week implements model.Observer.
func (t *firmWriter) Week(k *model.Week) { t.lived = k.Week + 1 }

// Contact implements model.Observer.
func (t *firmWriter) Contact(*model.Contact) {}

// Touch implements model.Observer.
func (t *firmWriter) Touch(m *model.TouchMade) {
	if !t.writes() {
		return
	}
	w := t.begin("touches", m.ID, m.At)
	w.Number(m.At)
	t.texts(w, "channel", t.Plan.Channels[m.Channel].Name)
	w.Whole(flag(m.Late))
	t.cell(w, t.cells[m.Cell])
	t.err = w.EndRow()
}

// Lead implements model.Observer.
func (t *firmWriter) Lead(l *model.Lead) {
	if !t.writes() {
		return
	}
	w := t.begin("leads", l.ID, l.Raised)
	w.Number(l.Raised)
	t.texts(w, "channel", t.Plan.Channels[l.Channel].Name)
	w.Whole(l.Touches)
	at, won := t.won[l.ID]
	if w.Whole(flag(won)); !won {
		at = missing
	}
	w.Number(at)
	t.cell(w, t.cells[l.Cell])
	t.err = w.EndRow()
}

// Win implements model.Observer.
func (t *firmWriter) Win(c *model.Win) {
	if !t.writing {
		t.won[c.ID] = c.Won
	}
	if !t.writes() || !t.Customers {
		return
	}
	end, until := c.Left, float64(t.lived)
	left := c.Left < until
	if left {
		until = c.Left
	} else {
		end = missing
	}
	w := t.begin("customers", c.ID, c.Won)
	numbers(w, c.Won, end, until-c.Won)
	w.Whole(flag(left))
	channel := "opening"
	if !c.Opening {
		channel = t.Plan.Channels[c.Channel].Name
	}
	t.texts(w, "channel", channel, "product", t.Plan.Products[c.Product].Name)
	numbers(w, c.Seats, c.Price, inCents(c.Seats*c.Price))
	w.Whole(flag(c.Prepaid))
	w.Whole(flag(c.Opening))
	t.cell(w, t.cells[c.Cell])
	if t.err = w.EndRow(); t.err != nil {
		return
	}
	w = t.open["truth_customers"]
	w.Whole(t.number)
	w.Text(nameOf(c.ID))
	if end = c.Left; math.IsInf(end, 1) {
		end = missing
	}
	w.Number(end)
	w.Whole(flag(c.Died))
	w.Number(c.LTV)
	t.err = w.EndRow()
}

// begin begins a row about a firm at a time.
func (t *firmWriter) begin(name string, id uint64, at float64) table.Writer {
	w := t.open[name]
	w.Whole(t.number)
	w.Text(nameOf(id))
	w.Date(t.Plan.Run.Start + plan.Date(int(math.Floor(at*plan.DaysPerWeek))))
	return w
}

// nameOf is how a firm is called: never a number, which programs would round.
func nameOf(id uint64) string { return fmt.Sprintf("f%016x", id) }

// cell writes the size, industry and region of a firm.
func (x *exporter) cell(w table.Writer, c model.Cell) {
	m := &x.Plan.Population
	x.texts(w, "size", m.Sizes[c.Size].Name, "industry", m.Industries[c.Industry].Name, "region", m.Regions[c.Region].Name)
}

func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
