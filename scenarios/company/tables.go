package company

import (
	"maps"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// table is a file of rows that mean one thing each: customers, pipeline, curves.
type table struct {
	*reader
	*sheet
	options *fileOptions
	style   style
	order   order
	columns map[string]column
	failed  bool // a problem of the present row was found
}

// openTable finds the headings of a file, of which one at least must be there.
func (r *reader) openTable(o *fileOptions, s *sheet, needed string) *table {
	t := &table{reader: r, sheet: s, options: o, style: style{o.decimal, r.company.Currency}, order: o.dates,
		columns: map[string]column{}}
	var unused []string
	for i, x := range s.rows[:min(len(s.rows), 30)] {
		found := map[string]column{}
		unused = nil
		for at, h := range x.cells {
			role := o.role(h)
			if _, twice := found[role]; role == "" || role == roleIgnore || twice {
				if h != "" && role != roleIgnore {
					unused = append(unused, h)
				}
				continue
			}
			found[role] = column{at: at, heading: h, role: role}
		}
		if _, ok := found[needed]; ok {
			t.columns, t.rows = found, s.rows[i+1:]
			break
		}
	}
	if len(t.columns) == 0 {
		r.add(s.fileProblem("has no column "+needed, "head the columns "+strings.Join(roleNames[o.kind()], ", ")+
			", or map the headings under [files."+o.name+".columns] in company.toml"))
		return nil
	}
	r.channelColumns[s.file] = t.columns["channel"].at + 1
	r.sayUnused(&source{sheet: s, options: o, unused: unused})
	r.checkTimes(o, slices.Collect(maps.Values(t.columns)))
	var numbers, dates []string
	for _, x := range t.rows {
		for role, c := range t.columns {
			switch role {
			case "start", "prepaid_until":
				dates = append(dates, x.cell(c.at))
			case "size", "product", "channel", "team", "stage":
			default:
				numbers = append(numbers, x.cell(c.at))
			}
		}
	}
	if t.style.decimal == 0 {
		t.style.decimal = markOf(numbers, t.style.currency)
	}
	if t.order == "" {
		t.order, _ = orderOf(dates)
	}
	return t
}

// wrong says what is, of a cell.
func (t *table) wrong(x row, role, message, cure string) {
	c, there := t.columns[role]
	if !there {
		c.at, c.heading = 0, role
	}
	t.failed = true
	t.add(t.problem(x, c.at, c.heading, message, strings.ReplaceAll(cure, "[files.NAME]", "[files."+t.options.name+"]")))
}

// text is the cell of a role.
func (t *table) text(x row, role string) string {
	c, there := t.columns[role]
	if !there || isNothing(x.cell(c.at)) {
		return ""
	}
	return x.cell(c.at)
}

// number reads one of at least 0, NaN where there is none.
func (t *table) number(x row, role string) float64 {
	text := t.text(x, role)
	if text == "" {
		return math.NaN()
	}
	n, message, cure := t.style.number(text)
	if message == "" && n < 0 {
		message, cure = "is negative", "write a number of at least 0"
	}
	if message != "" {
		t.wrong(x, role, message, cure)
		return math.NaN()
	}
	if times, scaled := t.options.times[headingKey(t.columns[role].heading)]; scaled {
		return float64(n * times)
	}
	return n
}

// count reads how many a row stands for, 1 where it does not say.
func (t *table) count(x row) float64 {
	n := t.number(x, "count")
	if math.IsNaN(n) && !t.failed {
		return 1
	}
	return n
}

// size reads a size class of the market, or a head-count.
func (t *table) size(x row) string {
	text := strings.ReplaceAll(strings.ReplaceAll(t.text(x, "size"), "–", "-"), " ", "")
	p := t.company.Market.Plan
	if text == "" || p == nil {
		return ""
	}
	var known []string
	for _, s := range p.Population.Sizes {
		known = append(known, s.Name)
	}
	if slices.Contains(known, text) {
		return text
	}
	if n, message, _ := t.style.number(text); message == "" {
		for _, s := range p.Population.Sizes {
			if n >= s.Lowest && n <= s.Highest {
				return s.Name
			}
		}
	}
	t.wrong(x, "size", "is no size class of the market", "write one of "+strings.Join(known,
		", ")+", or the number of employees")
	return ""
}

// oneOf reads a name that company.toml has.
func (t *table) oneOf(x row, role string, names []string) string {
	text := slug(t.text(x, role))
	if role == "channel" {
		text = t.channelName(t.text(x, role))
	}
	if text == "" || slices.Contains(names, text) {
		return text
	}
	cure := "company.toml has " + strings.Join(names, ", ")
	if near := plan.Nearest(text, names); near != "" {
		cure = "did you mean " + near + "?"
	}
	t.wrong(x, role, "is no "+role+" of company.toml", cure)
	return ""
}

// day reads a date.
func (t *table) day(x row, role string) (plan.Date, bool) {
	text := t.text(x, role)
	if text == "" {
		return 0, false
	}
	m, ok, ambiguous := readMoment(text, t.order)
	switch {
	case ambiguous:
		t.wrong(x, role, "can be two days, and no date of the file says which number is the month",
			`write dates = "dmy" (31/01/2026) or dates = "mdy" (01/31/2026) under [files.NAME] in company.toml`)
	case !ok:
		t.wrong(x, role, "is not a date", "write it as 2026-01, Jan 2026 or 2026-01-31")
	}
	return m.day, ok
}

// each calls a function with each row that is not one of totals.
func (t *table) each(f func(x row)) {
	for _, x := range t.rows {
		if slices.Contains(totals, headingKey(x.cell(0))) {
			continue
		}
		t.failed = false
		f(x)
	}
}

// productNames are those of company.toml.
func (c *Company) productNames() (names []string) {
	for _, p := range c.Products {
		names = append(names, p.Name)
	}
	return names
}

func (c *Company) teamNames() (names []string) {
	for _, t := range c.Teams {
		names = append(names, t.Name)
	}
	return names
}

// readGroups reads customers.csv.
func (r *reader) readGroups(o *fileOptions, s *sheet) {
	if t := r.openTable(o, s, "count"); t != nil {
		t.each(func(x row) {
			g := CustomerGroup{Count: t.count(x), Size: t.size(x), Product: t.oneOf(x, "product", r.company.productNames()),
				Channel: r.channelName(t.text(x, "channel")), MonthlyBill: t.number(x, "monthly_bill"), At: Place{s.file, x.line}}
			g.Start, g.HasStart = t.day(x, "start")
			g.PrepaidUntil, g.HasPrepaid = t.day(x, "prepaid_until")
			if !t.failed {
				r.company.Groups = append(r.company.Groups, g)
			}
		})
	}
}

// readPipeline reads pipeline.csv.
func (r *reader) readPipeline(o *fileOptions, s *sheet) {
	t := r.openTable(o, s, "stage")
	if t == nil {
		return
	}
	t.each(func(x row) {
		p := Opportunity{Count: t.count(x), Team: t.oneOf(x, "team", r.company.teamNames()), Days: t.number(x, "age_days"),
			Sold: t.oneOf(x, "product", r.company.productNames()), Size: t.size(x), Value: t.number(x, "value"),
			Source: r.channelName(t.text(x, "channel")), At: Place{s.file, x.line}}
		if w := t.number(x, "age_weeks"); !math.IsNaN(w) {
			p.Days = plan.DaysPerWeek * w
		}
		switch key := headingKey(t.text(x, "stage")); key {
		case "lead", "leads", "new":
			p.Open = OpenLead
		case "opportunity", "opportunities", "deal", "signup", "sign up", "trial":
			p.Open = OpenOpportunity
		default:
			t.wrong(x, "stage", "is no stage", "write lead (nobody has answered yet) or opportunity (a seller works on it)")
		}
		if !t.failed {
			r.company.Pipeline = append(r.company.Pipeline, p)
		}
	})
}

// readCurves reads curves.csv.
func (r *reader) readCurves(o *fileOptions, s *sheet) {
	t := r.openTable(o, s, "channel")
	if t == nil {
		return
	}
	seen := map[string]int{}
	t.each(func(x row) {
		c := Curve{Channel: r.channelName(t.text(x, "channel")), At: Place{s.file, x.line}}
		if c.Channel == "" {
			t.wrong(x, "channel", "names no channel", "write the name that the history has")
			return
		}
		if line, twice := seen[c.Channel]; twice {
			t.wrong(x, "channel", "is in line "+plan.FormatNumber(float64(line))+" too", "write one row per channel")
		}
		seen[c.Channel] = x.line
		c.HalfSaturation, c.Shape, c.HalfLife = t.interval(x, "half_saturation"), t.interval(x, "shape"),
			t.interval(x, "half_life_weeks")
		if !t.failed {
			r.company.Curves = append(r.company.Curves, c)
		}
	})
}

// interval reads a guess and its ends, all above 0, or none of them.
func (t *table) interval(x row, role string) Interval {
	i := Interval{t.number(x, role), t.number(x, role+"_low"), t.number(x, role+"_high")}
	low, high := !math.IsNaN(i.Low), !math.IsNaN(i.High)
	switch {
	case t.failed:
	case i.Value <= 0:
		t.wrong(x, role, "must be above 0", "leave the cell empty if it is not known")
	case low != high:
		t.wrong(x, role, "has one end of its interval", "write both, or neither")
	case low && (i.Low <= 0 || i.Low >= i.High || i.Value < i.Low || i.Value > i.High):
		t.wrong(x, role, "lies outside its interval, or the interval ends before it begins",
			"write low <= value <= high, all above 0")
	case low && math.IsNaN(i.Value):
		i.Value = math.Sqrt(i.Low * i.High)
	}
	return i
}
