package company

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"windfall/model/plan"
)

// files reads the tables of the folder.
func (r *reader) files() {
	for name, file := range ownFiles {
		if r.options[name] == nil {
			if _, err := os.Stat(filepath.Join(r.dir, file)); err == nil {
				r.options[name] = &fileOptions{name: name, file: file}
			}
		}
	}
	var sources []*source
	for _, name := range slices.Sorted(maps.Keys(r.options)) {
		o := r.options[name]
		s, problems := openSheet(r.dir, o.file)
		for i := range problems {
			problems[i].Heading = "" // it is about the file
		}
		r.problems = append(r.problems, problems...)
		if s == nil {
			continue
		}
		switch o.kind() {
		case "history":
			if src := r.readHistory(o, s); src != nil {
				sources = append(sources, src)
			}
		case "customers":
			r.readGroups(o, s)
		case "pipeline":
			r.readPipeline(o, s)
		case "curves":
			r.readCurves(o, s)
		}
	}
	if r.history() {
		r.assemble(sources)
	}
}

// history says whether any file of a history is there, and that one is missing if not.
func (r *reader) history() bool {
	for _, o := range r.options {
		if o.kind() == "history" {
			return true
		}
	}
	r.add(Problem{File: filepath.Join(r.dir, historyFile), Message: "is missing",
		Cure: "write a row per month and channel with " +
			"spend, leads, signups, won, or name the exports that you have under [files.NAME] in company.toml"})
	return false
}

// assemble puts the facts of all files on one grid of periods.
func (r *reader) assemble(sources []*source) {
	before, _ := Split(r.problems)
	facts := 0
	for _, s := range sources {
		facts += len(s.facts)
	}
	if facts == 0 {
		if len(before) == 0 {
			r.add(Problem{File: filepath.Join(r.dir, historyFile), Message: "has no number: the history is empty",
				Cure: "write what you know of each month, as spend and leads by channel; cells that you do not know stay empty"})
		}
		return
	}
	g, ok := r.grid(sources)
	if !ok {
		return
	}
	h := &r.company.History
	h.Monthly, h.Periods = g.monthly, g.periods
	for _, s := range sources {
		r.place(g, s)
	}
	if h.Won == nil {
		h.Won = sumOfChannels(h)
	}
}

// grid are the periods on which everything is put.
type grid struct {
	monthly bool
	periods []Period
}

// at is the period that a day is in, -1 if it is in none.
func (g *grid) at(d plan.Date) int {
	i, _ := slices.BinarySearchFunc(g.periods, d, func(p Period, d plan.Date) int {
		if p.To <= d {
			return -1
		}
		if p.From > d {
			return 1
		}
		return 0
	})
	if i == len(g.periods) || d < g.periods[i].From {
		return -1
	}
	return i
}

// grid finds the periods: months if any file has months, weeks if any has weeks, else months made of days.
func (r *reader) grid(sources []*source) (*grid, bool) {
	g := &grid{monthly: true}
	var anchor *source
	for _, s := range sources {
		switch {
		case len(s.facts) == 0 || s.grain == daily:
		case anchor == nil:
			anchor, g.monthly = s, s.grain == monthly
		case s.grain != anchor.grain:
			r.add(s.fileProblem("has "+grainWords[s.grain]+", and "+anchor.file+" has "+grainWords[anchor.grain],
				"export both by month, or both by week; a file by day goes with either"))
			return nil, false
		}
	}
	first, last := plan.Date(math.MaxInt32), plan.Date(math.MinInt32)
	for _, s := range sources {
		if anchor != nil && s.grain == daily {
			continue
		}
		for _, f := range s.facts {
			first, last = min(first, f.From), max(last, f.To)
		}
	}
	if (last-first)/365 > 60 {
		r.add(sources[0].fileProblem(fmt.Sprintf("goes from %s to %s", first, last),
			"check the years; a history has at most 60"))
		return nil, false
	}
	if g.monthly {
		for d := firstOfMonth(first); d < last; d = nextMonth(d) {
			g.periods = append(g.periods, Period{d, nextMonth(d)})
		}
	} else {
		for d := first; d < last; d += plan.DaysPerWeek {
			g.periods = append(g.periods, Period{d, d + plan.DaysPerWeek})
		}
	}
	if anchor == nil {
		r.trim(g, sources, first, last)
	}
	return g, len(g.periods) > 0 && r.complete(g, sources, anchor)
}

var grainWords = map[grain]string{monthly: "months", weekly: "weeks", daily: "days"}

// trim drops a month at either end of which days are missing.
func (r *reader) trim(g *grid, sources []*source, first, last plan.Date) {
	note := func(p Period) {
		r.add(Problem{File: sources[0].file, Note: true,
			Message: fmt.Sprintf("the days of %s are not all there: the month is "+
				"left out", p.From.String()[:7]), Cure: "export whole months"})
	}
	if p := g.periods[0]; p.From < first {
		note(p)
		g.periods = g.periods[1:]
	}
	if n := len(g.periods); n > 0 && g.periods[n-1].To > last {
		note(g.periods[n-1])
		g.periods = g.periods[:n-1]
	}
}

// complete says which periods no file has a row for.
func (r *reader) complete(g *grid, sources []*source, anchor *source) bool {
	there := make([]bool, len(g.periods))
	for _, s := range sources {
		if s.events && anchor != nil {
			continue
		}
		for _, p := range s.spans {
			if i := g.at(p.From); i >= 0 {
				there[i] = true
				if !g.monthly && s.grain == weekly && g.periods[i].From != p.From {
					r.add(s.fileProblem(fmt.Sprintf("has weeks that begin on another day of the week than those of %s", anchor.file),
						"export both with weeks from Monday"))
					return false
				}
			}
		}
	}
	missing := slices.Index(there, false)
	if missing < 0 {
		return true
	}
	file, unit := sources[0].file, "week"
	if anchor != nil {
		file = anchor.file
	}
	if g.monthly {
		unit = "month"
	}
	n := 0
	for _, ok := range there {
		if !ok {
			n++
		}
	}
	name := g.periods[missing].From.String()
	if g.monthly {
		name = name[:7]
	}
	more := ""
	if n > 1 {
		more = fmt.Sprintf(" and %d more", n-1)
	}
	p := Problem{File: file, Row: r.lineBefore(sources, g.periods[missing].From), Message: "the " + unit + " " + name +
		more +
		" is missing", Cure: "add a row for it; cells that you do not know stay empty"}
	if n > 1 {
		p.Message = "the " + unit + "s " + name + more + " are missing"
	}
	r.add(p)
	return false
}

// lineBefore is the line of the last row before a day.
func (r *reader) lineBefore(sources []*source, d plan.Date) int {
	line, day := 0, plan.Date(math.MinInt32)
	for _, s := range sources {
		for l, p := range s.spans {
			if l > 0 && p.From < d && (p.From > day || p.From == day && l > line) {
				line, day = l, p.From
			}
		}
	}
	return line
}

// cell is one of the history.
type cell struct {
	channel, team string
	what          Outcome
	period        int
}

// origin is where the number of a cell was read first.
type origin struct {
	source *source
	fact   fact
}

// place puts the facts of a file into the columns of the history.
func (r *reader) place(g *grid, s *source) {
	from := map[cell]fact{}
	outside := 0
	for _, f := range s.facts {
		i := g.at(f.From)
		if i < 0 {
			outside++
			continue
		}
		k := cell{f.channel, f.team, f.what, i}
		before, there := from[k]
		from[k] = f
		column, owner := r.column(f), r.origins[k].source
		switch {
		case owner != nil && owner != s && !(s.options.add && owner.options.add):
			r.add(s.problem(f.row, f.column, f.heading, "is in "+owner.file+" too", "leave it out of one of the two files"))
			return
		case math.IsNaN(column[i]), there && f.what.stock() && s.grain == daily && f.From >= before.From:
			column[i] = f.x
		case there && before.x == f.x && !f.what.byChannel(): // repeated in the rows of the period
		case f.what.stock() && s.grain == daily:
		case !f.what.byChannel() && s.grain != daily:
			r.add(s.problem(f.row, f.column, f.heading, fmt.Sprintf("is another number for %s than %s before it",
				g.periods[i].From,
				plan.FormatNumber(column[i])), "write numbers of the whole company once per period"))
		case there && !s.options.add && !s.events && s.grain != daily && s.sameName(before, f):
			r.add(s.problem(f.row, f.column, f.heading,
				fmt.Sprintf("is a second row for %s and %s, after line %d: the dates overlap",
					g.periods[i].From, nameOfCell(f), before.row.line),
				"write one row per period and channel, or add = true under [files."+s.options.name+
					"] in company.toml to add them up"))
		default:
			column[i] += f.x
		}
		if owner == nil {
			r.origins[k] = origin{s, f}
		}
	}
	if outside > 0 {
		p := s.fileProblem(counted(outside, "number")+" before or after the periods of the history "+
			"not used", "")
		p.Note = true
		r.add(p)
	}
	if s.events {
		r.zeros(g, s)
	}
}

// sameName says whether two facts stand under one name in the file: several names may be mapped to one channel.
func (s *source) sameName(a, b fact) bool {
	name := func(f fact) string {
		text := f.heading
		for _, at := range s.namedBy {
			text += "\x00" + f.row.cell(at)
		}
		return text
	}
	return name(a) == name(b)
}

func nameOfCell(f fact) string {
	switch {
	case f.channel != "":
		return f.channel
	case f.team != "":
		return "team " + f.team
	}
	return string(f.what)
}

// zeros fills what a file with one row per lead or customer has nothing in: nobody came.
func (r *reader) zeros(g *grid, s *source) {
	if len(s.facts) == 0 {
		return
	}
	first, last := g.at(s.facts[0].From), 0
	for _, f := range s.facts {
		if i := g.at(f.From); i >= 0 {
			first, last = min(max(first, 0), i), max(last, i)
		}
	}
	for _, f := range s.facts {
		column := r.column(f)
		for i := max(first, 0); i <= last; i++ {
			if math.IsNaN(column[i]) {
				column[i] = 0
			}
		}
	}
}

// column is the one that a fact belongs to, made if it is new.
func (r *reader) column(f fact) []float64 {
	h := &r.company.History
	var to *[]float64
	switch {
	case f.channel != "":
		c := h.Channel(f.channel)
		if c == nil {
			h.Channels = append(h.Channels, ChannelHistory{Name: f.channel})
			c = &h.Channels[len(h.Channels)-1]
		}
		to = map[Outcome]*[]float64{Spend: &c.Spend, Leads: &c.Leads, Signups: &c.Signups, Won: &c.Won}[f.what]
	case f.team != "":
		i := slices.IndexFunc(h.Teams, func(t TeamHistory) bool { return t.Team == f.team })
		if i < 0 {
			h.Teams, i = append(h.Teams, TeamHistory{Team: f.team}), len(h.Teams)
		}
		to = &h.Teams[i].Won
	default:
		to = map[Outcome]*[]float64{Won: &h.Won, Churned: &h.Churned, Customers: &h.Customers, Revenue: &h.Revenue,
			Cash: &h.Cash}[f.what]
	}
	if *to == nil {
		*to = make([]float64, len(h.Periods))
		for i := range *to {
			(*to)[i] = math.NaN()
		}
	}
	return *to
}

// sumOfChannels is what all channels won where each that has the column has a number; else what the teams won; nil if
// neither is there.
func sumOfChannels(h *History) []float64 {
	var columns [][]float64
	for _, c := range h.Channels {
		if c.Won != nil {
			columns = append(columns, c.Won)
		}
	}
	if columns == nil {
		for _, t := range h.Teams {
			columns = append(columns, t.Won)
		}
	}
	if columns == nil {
		return nil
	}
	sum := make([]float64, len(h.Periods))
	for _, c := range columns {
		for i, x := range c {
			sum[i] += x
		}
	}
	return sum
}
