package company

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"windfall/model/plan"
)

// fact is one number of a history file.
type fact struct {
	Period
	channel, team string
	what          Outcome
	x             float64
	row           row
	column        int
	heading       string
}

// grain is how long the periods of a file are.
type grain int

const (
	monthly grain = iota
	weekly
	daily
)

// source is a history file that was read.
type source struct {
	*sheet
	options *fileOptions
	style   style
	order   order
	grain   grain
	events  bool // each row is one lead or customer
	facts   []fact
	spans   map[int]Period // of rows, by their line
	unused  []string       // headings that nobody uses
	namedBy []int          // the columns of channel and team
}

// column is one column of a file with what it holds.
type column struct {
	at            int
	heading       string
	role          string // of roleNames
	channel, team string // of a wide layout
	period        string // of a layout with periods side by side, as written
}

// layout finds the heading row and reads it: files of advertising tools begin with lines that are not the table. The
// index is that of the first row below, and the message says what is missing.
func (src *source) layout() (columns []column, first int, message string) {
	for i, r := range src.rows[:min(len(src.rows), 30)] {
		found, unused := src.headings(r)
		has := func(role string) bool {
			return slices.ContainsFunc(found, func(c column) bool { return c.role == role })
		}
		numbers := slices.ContainsFunc(found, func(c column) bool {
			return slices.Contains(outcomeNames, c.role) || c.role == roleValue || c.period != ""
		})
		across := slices.ContainsFunc(found, func(c column) bool { return c.period != "" })
		if (has(rolePeriod) || across) && (numbers || src.events) {
			src.unused = unused
			return found, i + 1, ""
		}
	}
	return nil, 0, "has no row of headings with a period and something that is counted"
}

// headings reads a row as one of headings.
func (src *source) headings(r row) (found []column, unused []string) {
	dates := 0
	for i, h := range r.cells {
		if h == "" {
			continue
		}
		c := column{at: i, heading: h, role: src.options.role(h)}
		if m, mapped := src.options.columns[headingKey(h)]; mapped {
			c.channel, c.team = m.channel, m.team
		}
		if c.role == "" {
			var what Outcome
			if what, c.channel, c.team = wideHeading(headingKey(h)); what != "" {
				c.role = string(what)
			}
		}
		if _, ok, ambiguous := readMoment(h, src.order); c.role == "" && (ok || ambiguous) {
			c.period = h
			dates++
		}
		switch {
		case c.role == roleIgnore:
		case c.role == "" && c.period == "", src.taken(found, c):
			unused = append(unused, h)
		default:
			found = append(found, c)
		}
	}
	if dates < 2 { // a date in a heading alone is no layout of periods side by side
		found = slices.DeleteFunc(found, func(c column) bool { return c.period != "" })
	}
	return found, unused
}

// taken says whether another column has the role already.
func (src *source) taken(found []column, c column) bool {
	return slices.ContainsFunc(found, func(x column) bool {
		return c.period == "" && x.role == c.role && x.channel == c.channel && x.team == c.team
	})
}

// readHistory reads one history file into facts.
func (r *reader) readHistory(o *fileOptions, s *sheet) *source {
	src := &source{sheet: s, options: o, style: style{o.decimal, r.company.Currency}, order: o.dates, events: o.rows != ""}
	columns, first, message := src.layout()
	switch {
	case len(s.rows) == 0:
		r.add(s.fileProblem("is empty",
			"write a row of headings, as month, channel, spend, leads, and a row per month and channel"))
		return nil
	case message != "":
		r.add(s.fileProblem(message, "head the columns month (or week), channel, spend, leads, signups, won, or map the "+
			"headings under [files."+o.name+".columns] in company.toml"))
		return nil
	}
	across := slices.ContainsFunc(columns, func(c column) bool { return c.period != "" })
	measured := slices.ContainsFunc(columns, func(c column) bool { return c.role == roleMeasure })
	if across && !measured && o.measure == "" {
		r.add(s.fileProblem("does not say what its numbers are",
			"add a column measure with spend, leads, won, ..., or write "+
				"numbers_are = \"spend\" under [files."+o.name+"] in company.toml"))
		return nil
	}
	for _, c := range columns {
		if c.role == roleChannel || c.role == roleTeam {
			src.namedBy = append(src.namedBy, c.at)
		}
	}
	rows := r.withoutTotals(src, columns, s.rows[first:])
	src.rows = rows
	if !r.dated(src, columns) {
		return nil
	}
	src.learnStyle(columns)
	r.sayUnused(src)
	r.checkTimes(o, columns)
	for _, x := range rows {
		src.facts = append(src.facts, r.factsOf(src, columns, x)...)
	}
	return src
}

// add keeps a problem.
func (r *reader) add(p Problem) { r.problems = append(r.problems, p) }

// totals are how a row of totals begins.
var totals = []string{"total", "totals", "grand total", "sum", "summe", "gesamt", "somme", "totaux"}

// withoutTotals leaves out rows of totals.
func (r *reader) withoutTotals(src *source, columns []column, rows []row) (out []row) {
	for _, x := range rows {
		total := false
		for _, c := range columns {
			key := headingKey(x.cell(c.at))
			total = total || (c.role == rolePeriod || c.role == roleChannel) && (slices.Contains(totals, key) ||
				strings.HasPrefix(key, "total "))
		}
		if total {
			p := src.problem(x, 0, "", "is a row of totals and is left out", "")
			p.Note = true
			r.add(p)
			continue
		}
		out = append(out, x)
	}
	return out
}

// sayUnused notes columns that nobody uses.
func (r *reader) sayUnused(src *source) {
	if len(src.unused) == 0 {
		return
	}
	names := src.unused[:min(8, len(src.unused))]
	p := src.fileProblem(counted(len(src.unused), "column")+" not used: "+strings.Join(quotedAll(names), ", "),
		"if one of them matters, say what it is under [files."+src.options.name+".columns] in company.toml")
	p.Note = true
	r.add(p)
}

func quotedAll(names []string) (out []string) {
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", brief(n)))
	}
	return out
}

// checkTimes says which factor is of no column with numbers.
func (r *reader) checkTimes(o *fileOptions, columns []column) {
	var known []string
	for _, c := range columns {
		known = append(known, headingKey(c.heading))
	}
	for _, heading := range slices.Sorted(maps.Keys(o.times)) {
		if !slices.Contains(known, heading) {
			r.sayAt(o.at, 1, "files."+o.name+".times", heading, "is the heading of no column that is read",
				nearest(heading, known))
		}
	}
}

// learnStyle finds the decimal mark of the numbers of a file, where company.toml does not say it.
func (src *source) learnStyle(columns []column) {
	if src.style.decimal != 0 {
		return
	}
	var texts []string
	for _, x := range src.rows {
		for _, c := range columns {
			if isNumber(c) {
				texts = append(texts, x.cell(c.at))
			}
		}
	}
	src.style.decimal = markOf(texts, src.style.currency)
}

// isNumber says whether a column holds numbers.
func isNumber(c column) bool {
	return slices.Contains(outcomeNames, c.role) || c.role == roleValue || c.period != ""
}

// markOf is the decimal mark that the first of some numbers shows which cannot be read in two ways.
func markOf(texts []string, like string) byte {
	for _, t := range texts {
		if f, ok := takeApart(t, like); ok {
			if mark := decimalMark(f.digits); mark != 0 {
				return mark
			}
		}
	}
	return 0
}

// factsOf are the numbers of a row.
func (r *reader) factsOf(src *source, columns []column, x row) (out []fact) {
	channel, team, measure := src.options.channel, src.options.team, src.options.measure
	for _, c := range columns {
		switch c.role {
		case roleChannel:
			if t := x.cell(c.at); t != "" {
				channel = r.channelName(t)
			}
		case roleTeam:
			if c.channel == "" && x.cell(c.at) != "" {
				team = slug(x.cell(c.at))
			}
		case roleMeasure:
			measure = r.measureOf(src, x, c)
		}
	}
	span, dated := src.spans[x.line]
	if src.events && dated {
		return eventFacts(fact{Period: span, channel: channel, team: team, what: src.options.rows, x: 1, row: x})
	}
	for _, c := range columns {
		if !isNumber(c) || isNothing(x.cell(c.at)) {
			continue
		}
		f := fact{Period: span, channel: channel, team: team, what: Outcome(c.role), row: x, column: c.at, heading: c.heading}
		known := dated
		switch {
		case c.period != "":
			f.Period, known = src.spans[-c.at-1]
			f.what = measure
		case c.role == roleValue:
			f.what = measure
		case c.channel != "":
			f.channel, f.team = r.channelName(c.channel), ""
		case c.team != "":
			f.channel, f.team = "", c.team
		}
		if !known || f.what == "" {
			continue
		}
		whole := f
		if !r.readFact(src, &f) {
			continue
		}
		if out = append(out, f); f.what == Won && whole.channel != "" && whole.team != "" { // both are known
			f.channel, f.team = "", whole.team
			out = append(out, f)
		}
	}
	return out
}

// eventFacts are those of a row that is one lead or customer.
func eventFacts(f fact) []fact {
	switch {
	case f.what == Churned:
		f.channel, f.team = "", ""
	case f.what != Won:
		f.team = ""
		if f.channel == "" {
			f.channel = InboundKind
		}
	case f.channel != "" && f.team != "":
		g := f
		f.team, g.channel = "", ""
		return []fact{f, g}
	}
	return []fact{f}
}

// channelName is the channel that a file means.
func (r *reader) channelName(text string) string {
	name := slug(text)
	if to, mapped := r.names[name]; mapped {
		return to
	}
	return name
}

// measureOf reads what the number of a row is.
func (r *reader) measureOf(src *source, x row, c column) Outcome {
	text := x.cell(c.at)
	role := src.options.columns[headingKey(text)].role
	if role == "" {
		role = roleOf("history", headingKey(text))
	}
	if !slices.Contains(outcomeNames, role) {
		r.add(src.problem(x, c.at, c.heading, "does not say what the number is", "write one of "+strings.Join(outcomeNames,
			", ")))
		return ""
	}
	return Outcome(role)
}

// readFact reads the number of a fact and settles whose it is.
func (r *reader) readFact(src *source, f *fact) bool {
	x, message, cure := src.style.number(f.row.cell(f.column))
	switch {
	case message != "":
	case !f.what.Money() && hasSign(f.row.cell(f.column), src.style.currency):
		message, cure = "has a currency sign and is a count", "write the number alone, or map the column to what it is"
	case x < 0 && f.what != Cash:
		message, cure = "is negative",
			"write what was spent, counted or billed; put refunds into the period that they belong to"
	case f.what == Spend && f.channel == "":
		message, cure = "is spend of no channel",
			"name the channel in the row, in the heading (spend google-ads), or as channel = "+
				"\"google-ads\" under [files."+src.options.name+"]"
	case (f.what == Leads || f.what == Signups) && f.channel == "":
		f.channel = InboundKind
	}
	if message != "" {
		r.add(src.problem(f.row, f.column, f.heading, message, strings.ReplaceAll(cure, "[files.NAME]",
			"[files."+src.options.name+"]")))
		return false
	}
	f.x = x
	if times, scaled := src.options.times[headingKey(f.heading)]; scaled {
		f.x = float64(x * times)
	}
	if !f.what.byChannel() { // of the whole company, in whatever row it stands
		f.channel, f.team = "", ""
	} else if f.what != Won || f.channel != "" {
		f.team = ""
	}
	return true
}

// dated finds the period of each row, and of each column of a layout with periods side by side.
func (r *reader) dated(src *source, columns []column) bool {
	src.spans = map[int]Period{}
	from := slices.IndexFunc(columns, func(c column) bool { return c.role == rolePeriod })
	until := slices.IndexFunc(columns, func(c column) bool { return c.role == roleUntil })
	var cells []dateCell
	if from < 0 {
		for _, c := range columns {
			if c.period != "" {
				cells = append(cells, dateCell{key: -c.at - 1, from: c.period, row: row{src.rows0(), nil}, column: c.at,
					heading: c.heading})
			}
		}
	} else {
		for _, x := range src.rows {
			d := dateCell{key: x.line, from: x.cell(columns[from].at), row: x, column: columns[from].at,
				heading: columns[from].heading}
			if until >= 0 {
				d.until = x.cell(columns[until].at)
			}
			d.split()
			cells = append(cells, d)
		}
	}
	return r.readDates(src, cells)
}

// rows0 is the line above the first row of numbers: that of the headings, when they stand right above.
func (s *sheet) rows0() int {
	if len(s.rows) == 0 {
		return 1
	}
	return s.rows[0].line - 1
}

// dateCell is what says the period of a row or column.
type dateCell struct {
	key         int
	from, until string
	row         row
	column      int
	heading     string
	a, b        moment
}

// split takes a range in one cell apart.
func (d *dateCell) split() {
	for _, mark := range []string{" - ", " – ", " to ", " bis ", " au "} {
		if a, b, two := strings.Cut(d.from, mark); two && d.until == "" {
			d.from, d.until = strings.TrimSpace(a), strings.TrimSpace(b)
		}
	}
}

// readDates reads the dates of a file, finds whether they are of months, weeks or days, and gives each its period.
func (r *reader) readDates(src *source, cells []dateCell) bool {
	before := len(r.problems)
	var texts []string
	for _, d := range cells {
		texts = append(texts, d.from, d.until)
	}
	if src.order == "" {
		src.order, _ = orderOf(texts)
	}
	asked := false
	for i := range cells {
		d := &cells[i]
		for _, part := range []struct {
			text string
			to   *moment
		}{{d.from, &d.a}, {d.until, &d.b}} {
			if part.text == "" && part.to == &d.b {
				continue
			}
			m, ok, ambiguous := readMoment(part.text, src.order)
			*part.to = m
			if ok || ambiguous && asked {
				continue
			}
			r.add(src.dateProblem(d, part.text, ambiguous))
			asked = asked || ambiguous
		}
	}
	if len(r.problems) > before {
		return false
	}
	return r.spans(src, cells)
}

// dateProblem says what is wrong with a date.
func (src *source) dateProblem(d *dateCell, text string, ambiguous bool) Problem {
	p := src.problem(d.row, d.column, d.heading, "is not a date",
		"write it as 2026-01, Jan 2026, 2026-01-31 or 31/01/2026")
	p.Value = brief(text)
	switch {
	case ambiguous:
		p.Message = "can be two days, and no date of the file says which number is the month"
		p.Cure = "write dates = \"dmy\" (31/01/2026) or dates = \"mdy\" (01/31/2026) under [files." + src.options.name +
			"] in company.toml"
	case text == "":
		p.Message, p.Cure = "has no period", "write the month, week or day of the row, as 2026-01"
	case triple.MatchString(text) && src.order != "":
		p.Message += " when read as " +
			map[order]string{dayFirst: "day, month, year", monthFirst: "month, day, year"}[src.order] +
			", as other dates of the file or company.toml say"
	}
	return p
}

// spans gives each cell its period.
func (r *reader) spans(src *source, cells []dateCell) bool {
	if len(cells) == 0 {
		return true
	}
	for _, d := range cells {
		if d.a.month != cells[0].a.month || (d.until == "") != (cells[0].until == "") {
			r.add(src.problem(d.row, d.column, d.heading, "is of another kind than the first period, "+brief(cells[0].from),
				"write months (2026-01) or days (2026-01-05) in the whole column"))
			return false
		}
	}
	if cells[0].until != "" && !cells[0].a.month {
		return r.ranges(src, cells)
	}
	days := map[plan.Date]bool{}
	for _, d := range cells {
		days[d.a.day] = true
	}
	sorted := slices.Sorted(maps.Keys(days))
	if src.grain = grainOf(cells, sorted); src.events && !cells[0].a.month {
		src.grain = daily
	}
	length := func(d plan.Date) Period {
		switch src.grain {
		case monthly:
			return Period{firstOfMonth(d), nextMonth(d)}
		case weekly:
			return Period{d, d + plan.DaysPerWeek}
		}
		return Period{d, d + 1}
	}
	at := map[plan.Date]plan.Date{} // the day that stands for a period
	for _, d := range cells {
		p := length(d.a.day)
		if other, there := at[p.From]; there && other != d.a.day {
			r.add(src.overlap(d, "has the same month as "+other.String()))
			return false
		}
		at[p.From] = d.a.day
		src.spans[d.key] = p
	}
	return src.grain != weekly || r.evenWeeks(src, cells)
}

// overlap says that two periods do.
func (src *source) overlap(d dateCell, how string) Problem {
	return src.problem(d.row, d.column, d.heading, how+": the dates overlap",
		"give each month or week one date, and each day one row")
}

// grainOf tells months, weeks and days apart by the least distance of two dates.
func grainOf(cells []dateCell, days []plan.Date) grain {
	least := plan.Date(1 << 20)
	for i := 1; i < len(days); i++ {
		least = min(least, days[i]-days[i-1])
	}
	_, _, first := days[0].YMD()
	switch {
	case cells[0].a.month || len(days) == 1 && first == 1, len(days) > 1 && least >= 26:
		return monthly
	case cells[0].a.week || len(days) > 1 && least >= 5:
		return weekly
	}
	return daily
}

// evenWeeks holds weeks to one day of the week.
func (r *reader) evenWeeks(src *source, cells []dateCell) bool {
	sorted := slices.SortedFunc(slices.Values(cells), func(a, b dateCell) int {
		return cmp.Or(cmp.Compare(a.a.day, b.a.day), cmp.Compare(a.row.line, b.row.line))
	})
	for i, d := range sorted {
		if i == 0 {
			continue
		}
		switch gap := int(d.a.day - sorted[i-1].a.day); {
		case gap%plan.DaysPerWeek == 0:
		case gap < plan.DaysPerWeek:
			r.add(src.overlap(d, fmt.Sprintf("begins %s after the week before", counted(gap, "day"))))
			return false
		default:
			r.add(src.problem(d.row, d.column, d.heading,
				fmt.Sprintf("begins %d days after the week before, on another day of the week",
					gap), "begin all weeks on one day of the week"))
			return false
		}
	}
	return true
}

// ranges are the periods of rows with a first and a last day.
func (r *reader) ranges(src *source, cells []dateCell) bool {
	exclusive := true
	for _, d := range cells {
		_, _, a := d.a.day.YMD()
		_, _, b := d.b.day.YMD()
		exclusive = exclusive && (a == 1 && b == 1 || (d.b.day-d.a.day)%plan.DaysPerWeek == 0) && d.b.day > d.a.day
	}
	lengths := map[grain]bool{}
	for _, d := range cells {
		p := Period{d.a.day, d.b.day}
		if !exclusive {
			p.To++
		}
		g, ok := lengthOf(p)
		if !ok {
			r.add(src.problem(d.row, d.column, d.heading, fmt.Sprintf("covers %s", counted(int(p.To-p.From), "day")),
				"a row covers a calendar month, a week of seven days, or a day"))
			return false
		}
		src.spans[d.key], src.grain = p, g
		lengths[g] = true
		if len(lengths) > 1 {
			r.add(src.problem(d.row, d.column, d.heading, "is of another length than the rows above",
				"write months, weeks or days in the whole file"))
			return false
		}
	}
	sorted := slices.SortedFunc(slices.Values(cells), func(a, b dateCell) int {
		return cmp.Or(cmp.Compare(a.a.day, b.a.day), cmp.Compare(a.row.line, b.row.line))
	})
	for i, d := range sorted[1:] {
		p, q := src.spans[sorted[i].key], src.spans[d.key]
		if q != p && q.From < p.To {
			r.add(src.overlap(d, "begins before "+p.To.String()+", where the period before ends"))
			return false
		}
	}
	return true
}

// lengthOf is the grain of a period.
func lengthOf(p Period) (grain, bool) {
	switch {
	case p.To-p.From == plan.DaysPerWeek:
		return weekly, true
	case p.To-p.From == 1:
		return daily, true
	case p.From == firstOfMonth(p.From) && p.To == nextMonth(p.From):
		return monthly, true
	}
	return daily, false
}
