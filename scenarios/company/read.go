package company

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios"
)

// The files of a folder. All but the first may be missing.
const (
	tomlFile      = "company.toml"
	historyFile   = "history.csv"
	customersFile = "customers.csv"
	pipelineFile  = "pipeline.csv"
	curvesFile    = "curves.csv"
)

// reader reads a folder.
type reader struct {
	dir     string
	company *Company
	options map[string]*fileOptions // by the name of [files.NAME]
	// channelColumns are where customers.csv, pipeline.csv and curves.csv name channels, from 1.
	channelColumns map[string]int
	names          map[string]string // of channels: what a file says, as a slug, to the channel
	origins        map[cell]origin   // where the numbers of the history were read
	problems       []Problem
}

// fileOptions are what [files.NAME] says of a file.
type fileOptions struct {
	name, file    string
	columns       map[string]mapping // heading, as headingKey writes it, to what it is
	times         map[string]float64 // heading to what its numbers are multiplied by
	channel, team string             // of all rows
	rows          Outcome            // each row is one of these; "": rows have numbers
	measure       Outcome            // what the numbers under periods side by side are
	decimal       byte
	dates         order
	add           bool // rows of one period and channel are added up
	at            Place
}

// Read reads a folder: all that is in it, and everything that is wrong or worth knowing at once. The company is nil if
// company.toml cannot be read at all; what has a problem is left out of it.
func Read(dir string) (*Company, []Problem) {
	r := &reader{dir: dir, names: map[string]string{}, channelColumns: map[string]int{},
		options: map[string]*fileOptions{}, origins: map[cell]origin{}}
	file := filepath.Join(dir, tomlFile)
	data, err := os.ReadFile(file)
	if err != nil {
		cure := ""
		if errors.Is(err, fs.ErrNotExist) {
			cure = "write the folder with: windfall company new " + dir
		}
		return nil, []Problem{{File: file, Message: "cannot be read: " + reason(err), Cure: cure}}
	}
	doc, top := parseDocument(file, data)
	if top == nil {
		return nil, doc.problems
	}
	r.company = &Company{Dir: dir, Name: filepath.Base(dir)}
	r.toml(top)
	r.problems = doc.problems
	r.files()
	r.check()
	return r.company, sorted(r.problems)
}

// toml reads company.toml.
func (r *reader) toml(top *section) {
	c := r.company
	c.Name = top.text("name", c.Name)
	c.Example = top.flag("example")
	r.market(top)
	c.Currency = top.oneOf("currency", c.Currency, currency.Codes()...)
	if p := c.Market.Plan; p != nil && p.Run.Currency != c.Currency {
		top.wrongValue("currency", c.Currency, "is not that of the market, "+p.Run.Currency,
			"write currency = \""+p.Run.Currency+"\" and all amounts in it, or take a market of your own currency: a FILE "+
				"under [market]")
	}
	r.demand(top.sub("demand"))
	for _, s := range top.each("products") {
		c.Products = append(c.Products, r.product(s))
	}
	r.customers(top.sub("customers"))
	m := top.sub("money")
	c.Cash = m.number("cash", anyMoney, c.Currency, Number{Value: math.NaN()})
	c.FixedCostPerMonth = m.number("fixed_cost_per_month", anyMoney, c.Currency, Number{0, "assumption", Place{}})
	m.done()
	for _, s := range top.each("teams") {
		c.Teams = append(c.Teams, r.team(s))
	}
	for _, s := range top.each("channels") {
		c.Channels = append(c.Channels, r.channel(s))
	}
	for _, s := range top.each("media") {
		c.Media = append(c.Media, Medium{r.nameOf(s), s.number("spend_per_month", anyMoney, c.Currency,
			Number{Value: math.NaN()}), s.at()})
		s.done()
	}
	for _, s := range top.each("evidence") {
		if e, ok := r.evidence(s); ok {
			c.Evidence = append(c.Evidence, e)
		}
	}
	r.namesOfChannels(top.sub("names"))
	for _, s := range top.each("files") {
		r.file(s)
	}
	r.required(top)
	top.done()
}

// required says what company.toml lacks.
func (r *reader) required(top *section) {
	c := r.company
	missing := func(key, cure string) {
		if slices.ContainsFunc(top.doc.problems, func(p Problem) bool { return p.Heading == key }) {
			return // it is there, and wrong
		}
		top.doc.problems = append(top.doc.problems, Problem{File: top.doc.file, Heading: key, Message: "is missing",
			Cure: cure})
	}
	if len(c.Products) == 0 {
		missing("products", "write a table as [products.main] with price = 49 and per = \"firm\" or \"seat\"")
	}
	if len(c.Teams) == 0 {
		missing("teams", "write a table as [teams.web] with kind = \"web\" if nobody sells")
	}
	if !c.CustomersNow.Known() {
		missing("customers.now", "write under [customers] how many there are: now = 1_200")
	}
	if !c.Cash.Known() {
		missing("money.cash", "write under [money] what is in the bank: cash = 900_000")
	}
	for _, p := range c.Products[min(1, len(c.Products)):] {
		if p.PerFirm != c.Products[0].PerFirm {
			top.doc.problems = append(top.doc.problems, Problem{File: top.doc.file, Row: p.At.Line, Heading: "products." +
				p.Name +
				".per", Message: "is not that of " + c.Products[0].Name, Cure: "state all prices per firm, or all per seat"})
		}
	}
}

// market reads the market and the part of it.
func (r *reader) market(top *section) {
	s := top.sub("market")
	m := &r.company.Market
	m.Base, m.At = s.text("base", ""), s.at()
	m.Regions, m.Sizes, m.Industries = s.list("regions"), s.list("sizes"), s.list("industries")
	m.Share = s.number("share", limits{0.0001, 1}, "", Number{1, "assumption", Place{}})
	r.company.Currency = currency.Default
	switch name, known := Markets[m.Base]; {
	case m.Base == "":
		s.missing("base", "write a market under [market]: base = \"us\", \"ca\", \"uk\", \"de\", \"fr\" or \"au\", or a file")
		s.done()
		return
	case known:
		m.Base = name
	}
	p, problems := marketPlan(r.dir, m.Base)
	if p == nil {
		for _, message := range problems {
			s.wrongValue("base", m.Base, message, "write us, ca, uk, de, fr, au, or a file that windfall check accepts")
		}
		s.done()
		return
	}
	m.Plan, r.company.Currency = p, p.Run.Currency
	share := part(s, "regions", m.Regions, p.Population.Regions, func(x plan.Region) (string, float64) {
		return x.Name,
			x.Share
	})
	share *= part(s, "sizes", m.Sizes, p.Population.Sizes, func(x plan.Size) (string, float64) { return x.Name, x.Share })
	share *= part(s, "industries", m.Industries, p.Population.Industries,
		func(x plan.Industry) (string, float64) { return x.Name, x.Share })
	m.Firms = math.Round(p.Population.Firms * share * m.Share.Value)
	s.done()
}

// part is the share of firms in some classes, all if none is named.
func part[T any](s *section, key string, named []string, classes []T, of func(T) (string, float64)) float64 {
	var known []string
	sum, all := 0., 0.
	for _, c := range classes {
		name, share := of(c)
		known = append(known, name)
		all += share
		if len(named) == 0 || slices.Contains(named, name) {
			sum += share
		}
	}
	for _, n := range named {
		if !slices.Contains(known, n) {
			cure := nearest(n, known)
			if cure == "" {
				cure = "known are " + strings.Join(known, ", ")
			}
			s.wrongValue(key, n, "is none of the "+key+" of this market", cure)
		}
	}
	return sum / all
}

// marketPlan loads the market; without one it says why.
func marketPlan(dir, base string) (*plan.Plan, []string) {
	ref := base
	if strings.HasSuffix(base, ".toml") && !filepath.IsAbs(base) {
		ref = filepath.Join(dir, base)
	}
	p, err := scenarios.Load(ref)
	var all scenarios.Problems
	switch {
	case errors.As(err, &all):
		return nil, all.First(3, "and %d more problems")
	case err != nil:
		return nil, []string{err.Error()}
	case len(p.Channels)+len(p.Products)+len(p.Teams)+len(p.Media) > 0:
		return nil,
			[]string{"has a vendor: a market has firms, triggers, an economy and [journey], and no channels, products, " +
				"teams or media"}
	}
	return p, nil
}

// demand reads how often firms look.
func (r *reader) demand(s *section) {
	d := &r.company.Demand
	d.EveryYears = s.number("bought_every_years", aDuration, "", Number{Value: math.NaN()})
	d.WeeksToDecide = s.number("weeks_to_decide", limits{0.1, 104}, "", Number{6, "T10, T11; assumption", Place{}})
	s.done()
}

// product reads one that is sold.
func (r *reader) product(s *section) Product {
	like := r.company.Currency
	p := Product{Name: r.nameOf(s), At: s.at()}
	p.Price, p.Prices = s.dated("price", someMoney, like, priceByDate, Number{Value: math.NaN()})
	p.PriceForAll = s.flag("price_for_all")
	p.PerFirm = s.oneOf("per", "firm", "firm", "seat") == "firm"
	p.Seats = s.number("seats_per_employee", limits{0.001, 10}, "", Number{1, "assumption", Place{}})
	p.GrossMargin = s.number("gross_margin", anyShare, "", Number{0.78, "F22", Place{}})
	p.Prepaid = s.number("prepaid", anyShare, "", Number{0, "assumption", Place{}})
	p.Sizes = s.list("sizes")
	r.sizes(s, p.Sizes)
	if !p.Price.Known() {
		s.missing("price", "write the list price per month: "+priceByDate)
	}
	s.done()
	return p
}

// sizes holds names of size classes against the market.
func (r *reader) sizes(s *section, named []string) {
	if p := r.company.Market.Plan; p != nil {
		part(s, "sizes", named, p.Population.Sizes, func(x plan.Size) (string, float64) { return x.Name, x.Share })
	}
}

func (r *reader) customers(s *section) {
	c := r.company
	c.CustomersNow = s.number("now", anyCount, "", Number{Value: math.NaN()})
	c.ChurnPerMonth = s.number("churn_per_month", limits{0, 0.9}, "", Number{0.03, "section 8; assumption", Place{}})
	s.done()
}

// kindsOfTeams are those of a scenario.
var kindsOfTeams = []string{"web", "partners", "people"}

func (r *reader) team(s *section) Team {
	like := r.company.Currency
	t := Team{Name: r.nameOf(s), At: s.at()}
	t.Kind = s.oneOf("kind", "people", kindsOfTeams...)
	people, pay := Number{Value: math.NaN()}, Number{Value: math.NaN()}
	t.People, t.Heads = s.dated("people", mostPeople, "", peopleByDate, people)
	t.PayPerYear = s.number("pay_per_year", anyMoney, like, pay)
	t.DealsPerMonth = s.number("deals_per_month", limits{0.01, 1e4}, "", Number{8, "S12, S13; assumption", Place{}})
	t.WinRate = s.number("win_rate", limits{0.001, 1}, "", Number{Value: math.NaN()})
	t.CycleDays = s.number("cycle_days", limits{0, 3650}, "", cycleOf(t.Kind))
	t.Sizes, t.Channels = s.list("sizes"), s.list("channels")
	r.sizes(s, t.Sizes)
	for i := range t.Channels {
		t.Channels[i] = slug(t.Channels[i])
	}
	if t.Kind == "people" && !t.People.Known() {
		s.missing("people", "write "+peopleByDate)
	}
	if t.Kind != "people" && (t.People.Known() || t.PayPerYear.Known()) {
		s.wrongValue("people", t.People.Value, "are paid by a team of the kind people alone",
			"write kind = \"people\", or take people and pay_per_year out")
	}
	s.done()
	return t
}

// cycleOf is how long a team takes where nobody says.
func cycleOf(kind string) Number {
	switch kind {
	case "web":
		return Number{10, "S11", Place{}}
	case "partners":
		return Number{21, "S11", Place{}}
	}
	return Number{30, "S10, S11", Place{}}
}

func (r *reader) channel(s *section) Channel {
	ch := Channel{Name: r.nameOf(s), At: s.at()}
	_, ch.Named = s.rest["kind"]
	ch.Kind = s.oneOf("kind", guessKind(ch.Name), KindNames()...)
	s.done()
	return ch
}

// nameOf is the name of a table as one of a plan.
func (r *reader) nameOf(s *section) string {
	n := slug(s.name())
	if n == "" {
		s.wrong("", "has a name without a letter or digit", "use letters, digits and -")
		return "unnamed"
	}
	return n
}

// namesOfChannels reads how files call the channels.
func (r *reader) namesOfChannels(s *section) {
	for _, k := range slices.Sorted(maps.Keys(s.rest)) {
		if to := s.text(k, ""); to != "" {
			r.names[slug(k)] = slug(to)
		}
	}
	s.done()
}

// evidence reads an experiment.
func (r *reader) evidence(s *section) (e Evidence, ok bool) {
	before := len(s.doc.problems)
	e = Evidence{Name: s.name(), At: s.at(), Source: s.text("source", "")}
	for _, c := range s.list("changed") {
		e.Channels = append(e.Channels, slug(c))
	}
	if len(e.Channels) == 0 {
		s.missing("changed", `write which channels or brand media: changed = ["radio"]`)
	}
	e.Factor = s.number("spend_times", limits{0, 100}, "", Number{Value: math.NaN()}).Value
	if math.IsNaN(e.Factor) {
		s.missing("spend_times", "write what spend was multiplied by: 0 for none, 1.5 for half as much again")
	}
	if e.Factor == 1 {
		s.wrongValue("spend_times", 1, "changes nothing", "write 0 for none, 1.5 for half as much again")
	}
	e.Regions = s.list("regions")
	if p := r.company.Market.Plan; p != nil {
		part(s, "regions", e.Regions, p.Population.Regions, func(x plan.Region) (string, float64) { return x.Name, x.Share })
	}
	var from, until bool
	e.From, from = s.date("from")
	e.Until, until = s.date("until")
	s.missing("from", "write the first day: from = 2026-03-02")
	s.missing("until", "write the first day after: until = 2026-03-30")
	if from && until && e.Until <= e.From {
		s.wrong("until", "must be a day after from", "write from = 2026-03-02 and until = 2026-03-30, the first day after")
	}
	e.Outcome = Outcome(s.oneOf("outcome", string(Leads), string(Leads), string(Signups), string(Won), string(Revenue)))
	v, _ := s.rest["effect"].(string)
	e.Relative = strings.Contains(v, "%")
	e.Low, e.High, ok = s.interval("effect", e.Relative)
	if !ok {
		s.missing("effect", `write effect = "-120 to -40", or as a share "-35% to -10%"`)
	}
	s.done()
	return e, len(s.doc.problems) == before
}

// dateText is a date of TOML as a text.
func dateText(v any) string {
	if t, ok := v.(time.Time); ok {
		return t.Format("2006-01-02")
	}
	return fmt.Sprint(v)
}

// files of tables with a meaning of their own; those of any other name add to the history.
var ownFiles = map[string]string{"history": historyFile, "customers": customersFile, "pipeline": pipelineFile,
	"curves": curvesFile}

// file reads [files.NAME].
func (r *reader) file(s *section) {
	o := &fileOptions{name: s.name(), at: s.at(), columns: map[string]mapping{}, times: map[string]float64{}}
	o.file = s.text("file", ownFiles[o.name])
	if o.file == "" {
		s.missing("file", "write the name of the file in this folder: file = \"google-ads.csv\"")
		s.done()
		return
	}
	if o.file != filepath.Base(o.file) {
		s.wrongValue("file", o.file, "must be a file of this folder", "copy it here and write its name alone")
		s.done()
		return
	}
	o.columnMap(s)
	o.channel, o.team = slug(s.text("channel", "")), slug(s.text("team", ""))
	o.rows = Outcome(s.oneOf("each_row_is", "", string(Leads), string(Signups), string(Won), string(Churned)))
	o.measure = Outcome(s.oneOf("numbers_are", "", outcomeNames...))
	if d := s.oneOf("decimal", "", ".", ","); d != "" {
		o.decimal = d[0]
	}
	o.dates = order(s.oneOf("dates", "", string(dayFirst), string(monthFirst)))
	o.add = s.flag("add") || ownFiles[o.name] == ""
	s.done()
	r.options[o.name] = o
}

// columnMap reads what the columns of a file are, and what their numbers are multiplied by.
func (o *fileOptions) columnMap(s *section) {
	columns := s.sub("columns")
	known := append(slices.Clone(roleNames[o.kind()]), roleIgnore)
	for _, heading := range slices.Sorted(maps.Keys(columns.rest)) {
		text := columns.text(heading, "")
		if m, ok := o.mappingOf(text); ok {
			o.columns[headingKey(heading)] = m
		} else if text != "" {
			cure := nearest(text, known)
			if o.kind() == "history" {
				cure = strings.TrimPrefix(cure+"; of one channel or team: \"spend radio\", \"won team field\"", "; ")
			}
			columns.wrongValue(heading, text, "must be one of "+strings.Join(known, ", "), cure)
		}
	}
	times := s.sub("times")
	for _, heading := range slices.Sorted(maps.Keys(times.rest)) {
		if n := times.number(heading, limits{1e-12, 1e12}, "", Number{Value: math.NaN()}); n.Known() {
			o.times[headingKey(heading)] = n.Value
		}
	}
}

// kind says which roles the columns of the file may have.
func (o *fileOptions) kind() string {
	if ownFiles[o.name] != "" {
		return o.name
	}
	return "history"
}

// Markets are the short names of the shipped markets.
var Markets = map[string]string{"us": "us-smb-2022", "ca": "ca-smb", "uk": "uk-smb", "de": "de-smb", "fr": "fr-smb",
	"au": "au-smb"}
