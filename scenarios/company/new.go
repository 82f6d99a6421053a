package company

import (
	_ "embed" // the texts of a new folder
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
)

// Answers are what a new folder is made from. Each is a text as somebody types it; Check says what is wrong with one.
type Answers struct {
	Name, Market, Per, Price, Customers, Churn, Cash, FixedCost, EveryYears, Sellers, Pay, Deals, Channels, Media string
}

// Question asks for one answer.
type Question struct {
	Title  string
	Source string // of the default
	Of     func(*Answers) *string
	Check  func(string) error
}

// Defaults are the answers of somebody who gives none.
func Defaults(name, market string) Answers {
	return Answers{Name: name, Market: market, Per: "firm", Price: "59", Customers: "1200", Churn: "3%", Cash: "900000",
		FixedCost: "65000", EveryYears: "8", Sellers: "2", Pay: "75000", Deals: "8",
		Channels: "paid-search, facebook, linkedin, email, referrals, direct", Media: "radio"}
}

// Questions are those of --ask, in their order.
func Questions() []Question {
	amount := func(l limits) func(string) error {
		return func(text string) error {
			_, err := readAnswer(text, l)
			return err
		}
	}
	names := func(text string) error {
		for _, n := range splitNames(text) {
			if n == "" {
				return errors.New("write names with letters or digits, with commas between them")
			}
		}
		return nil
	}
	oneOf := func(words ...string) func(string) error {
		return func(text string) error {
			if !slices.Contains(words, strings.TrimSpace(text)) {
				return errors.New("write one of " + strings.Join(words, ", "))
			}
			return nil
		}
	}
	return []Question{
		{"Is the price per firm or per seat?", "assumption", func(a *Answers) *string { return &a.Per },
			oneOf("firm", "seat")},
		{"List price per month", "assumption", func(a *Answers) *string { return &a.Price }, amount(someMoney)},
		{"Customers now", "assumption", func(a *Answers) *string { return &a.Customers }, amount(someCount)},
		{"Share of customers that leave per month", "F1, F2: 3-7% for small firms",
			func(a *Answers) *string { return &a.Churn },
			amount(limits{0, 0.9})},
		{"Cash in the bank", "assumption", func(a *Answers) *string { return &a.Cash }, amount(anyMoney)},
		{"Fixed cost per month, without sellers' pay and advertising", "assumption",
			func(a *Answers) *string { return &a.FixedCost }, amount(anyMoney)},
		{"A firm buys what you sell once in how many years?", "T2-T4: 3 to 8 years for software and phones",
			func(a *Answers) *string { return &a.EveryYears }, amount(aDuration)},
		{"Sellers (0: customers buy on the web; or by date: 2025-01 = 3, 2026-04 = 5)", "assumption",
			func(a *Answers) *string { return &a.Sellers }, checkSellers},
		{"Pay of a seller per year, with all on-costs", "S13: $90-110k with commission",
			func(a *Answers) *string { return &a.Pay }, amount(anyMoney)},
		{"Deals that a busy seller closes per month", "S12, S13; assumption", func(a *Answers) *string { return &a.Deals },
			amount(limits{0.01, 1e4})},
		{"Channels, with commas between them", "assumption", func(a *Answers) *string { return &a.Channels }, names},
		{"Brand media (radio, TV, ...; none: write none)", "assumption", func(a *Answers) *string { return &a.Media }, names},
	}
}

// UnknownKinds are the channels of some answers whose names tell no kind.
func UnknownKinds(a Answers) (out []string) {
	for _, n := range splitNames(a.Channels) {
		if n != "" && guessKind(n) == OtherKind {
			out = append(out, n)
		}
	}
	return out
}

func splitNames(text string) (out []string) {
	if text = strings.ToLower(strings.TrimSpace(text)); text == "" || text == "none" || text == "-" {
		return nil
	}
	for _, n := range strings.Split(text, ",") {
		out = append(out, slug(n))
	}
	return out
}

// readSellers reads a number of people, or one from each of some dates on: 2025-01 = 3, 2026-04 = 5. It gives the last,
// and all as company.toml has them.
func readSellers(text string) (last float64, written string, err error) {
	if !strings.Contains(text, "=") {
		last, err = readAnswer(text, mostPeople)
		return last, digits(last), err
	}
	_, s := parseDocument("", []byte("people = {"+strings.Trim(strings.TrimSpace(text), "{}")+"}"))
	if s == nil {
		return 0, "", errors.New("write it as 2025-01 = 3, 2026-04 = 5")
	}
	n, heads := s.heads("people", Number{})
	if len(s.doc.problems) > 0 {
		p := s.doc.problems[0]
		return 0, "", errors.New(p.Value + " " + p.Message + ": " + p.Cure)
	}
	var parts []string
	for _, h := range heads {
		parts = append(parts, h.From.String()+" = "+digits(h.People))
	}
	return n.Value, "{" + strings.Join(parts, ", ") + "}", nil
}

func checkSellers(text string) error {
	_, _, err := readSellers(text)
	return err
}

// readAnswer reads a number as people write it.
func readAnswer(text string, l limits) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	s := style{decimal: '.'}
	f, ok := takeApart(digits, "")
	if ok {
		if mark := decimalMark(f.digits); mark != 0 {
			s.decimal = mark
		}
		s.currency = f.currency
	}
	x, message, _ := s.number(digits)
	if percent {
		x /= 100
	}
	switch {
	case message != "":
		return 0, errors.New(message)
	case x < l.low || x > l.high:
		return 0, errors.New(l.words())
	}
	return x, nil
}

//go:embed template.toml
var template string

//go:embed template.txt
var readme string

// New writes a folder with the numbers of an invented company, which its owner replaces. Kinds are those of channels
// whose names tell none. Nothing is left behind where it fails.
func New(dir string, a Answers, kinds map[string]string, today plan.Date) error {
	market, base, err := whereAndWhat(dir, a.Market)
	if err != nil {
		return err
	}
	e, err := newExample(a, kinds, market, base, today)
	if err != nil {
		return err
	}
	clean := filepath.Clean(dir)
	temporary := filepath.Join(filepath.Dir(clean), fmt.Sprintf(".%s.%d", filepath.Base(clean), os.Getpid()))
	if err := os.Mkdir(temporary, 0o777); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return Problems{{File: filepath.Dir(clean), Message: "is no folder", Cure: "make it first"}}
		}
		return err
	}
	defer os.RemoveAll(temporary)
	for _, f := range e.files() {
		if err := os.WriteFile(filepath.Join(temporary, f.name), []byte(f.text), 0o666); err != nil {
			return err
		}
	}
	return os.Rename(temporary, dir)
}

// Writable says why no folder can be written there, or no market is of that name.
func Writable(dir, market string) error {
	_, _, err := whereAndWhat(dir, market)
	return err
}

// NameOf is what a company is called whose folder has a name.
func NameOf(dir string) string {
	full, err := filepath.Abs(dir)
	if err != nil {
		full = dir
	}
	return filepath.Base(full)
}

// whereAndWhat loads the market for a new folder: its plan, and what company.toml calls it.
func whereAndWhat(dir, name string) (*plan.Plan, string, error) {
	if _, err := os.Lstat(dir); err == nil {
		return nil, "", Problems{{File: dir, Message: "exists and is left as it is", Cure: "choose another name"}}
	}
	base := name
	if full, known := Markets[name]; known {
		base = full
	} else if strings.HasSuffix(name, ".toml") { // company.toml names it from inside the folder
		inside, err := fromInside(dir, name)
		if err != nil {
			return nil, "", err
		}
		base = inside
	}
	market, wrong := marketPlan(dir, base)
	if market == nil {
		return nil, "", Problems{{File: name, Message: strings.TrimPrefix(strings.Join(wrong, "; "), name+": "),
			Cure: "take us, ca, uk, de, fr, au, or the file of a market"}}
	}
	return market, base, nil
}

// fromInside is the path of a file as seen from inside a folder.
func fromInside(dir, file string) (string, error) {
	if filepath.IsAbs(file) {
		return file, nil
	}
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	inside, err := filepath.Rel(from, to)
	return filepath.ToSlash(inside), err
}

// example is the invented company.
type example struct {
	Answers
	kinds                          map[string]string
	market                         *plan.Plan
	base                           string
	price, customers, churn, deals float64
	sellers                        float64
	people                         string // as company.toml has them
	periods                        []Period
	channels, media                []string
}

// months is how long the example's history is.
const exampleMonths = 24

func newExample(a Answers, kinds map[string]string, market *plan.Plan, base string, today plan.Date) (*example, error) {
	e := &example{Answers: a, kinds: kinds, market: market, base: base, channels: splitNames(a.Channels),
		media: splitNames(a.Media)}
	for _, q := range Questions() {
		if err := q.Check(*q.Of(&a)); err != nil {
			return nil, Problems{{File: q.Title, Value: *q.Of(&a), Message: err.Error()}}
		}
	}
	for to, text := range map[*float64]string{&e.price: a.Price, &e.customers: a.Customers, &e.churn: a.Churn,
		&e.deals: a.Deals} {
		*to, _ = readAnswer(text, limits{math.Inf(-1), math.Inf(1)})
	}
	e.sellers, e.people, _ = readSellers(a.Sellers)
	d := firstOfMonth(today)
	for range exampleMonths {
		y, m, _ := d.YMD()
		before := plan.NewDate(y, m-1, 1)
		e.periods = slices.Insert(e.periods, 0, Period{before, d})
		d = before
	}
	return e, nil
}

// file is one of the folder.
type file struct{ name, text string }

func (e *example) files() []file {
	return []file{{tomlFile, e.toml()}, {historyFile, e.history()}, {customersFile, e.groups()},
		{pipelineFile, e.pipeline()},
		{"README.txt", strings.ReplaceAll(readme, "NAME", e.Name)}}
}

// toml fills company.toml.
func (e *example) toml() string {
	number := func(text string) string {
		x, _ := readAnswer(text, limits{math.Inf(-1), math.Inf(1)})
		return digits(x)
	}
	sizes, regions, industries := []string{}, []string{}, []string{}
	for _, s := range e.market.Population.Sizes {
		sizes = append(sizes, s.Name)
	}
	for _, x := range e.market.Population.Regions {
		regions = append(regions, x.Name)
	}
	for _, x := range e.market.Population.Industries {
		industries = append(industries, x.Name)
	}
	demand := "bought_every_years = " + number(e.EveryYears)
	if strings.HasSuffix(e.base, ".toml") {
		demand = "# " + demand // the file says how often its firms look
	}
	seats := ""
	if e.Per == "seat" {
		seats = "seats_per_employee = 0.5        # seats that a customer takes for each of its employees\n"
	}
	team := "[teams.web]                     # customers buy on the web, nobody sells\nkind = \"web\"\n"
	if e.sellers > 0 {
		team = "[teams.sales]                   # a table for each team: kind = \"people\", \"partners\" or \"web\"\n" +
			"kind = \"people\"\n" +
			"people = " + e.people + "                      # or by date: {2025-01 = 3, 2026-04 = 5}\npay_per_year = " +
			number(e.Pay) +
			"            # per person, with all on-costs\n" +
			"deals_per_month = " + number(e.Deals) + "             # that one person closes when busy\n"
	}
	var extra strings.Builder
	for _, m := range e.media {
		fmt.Fprintf(&extra,
			"\n[media.%s]                   # a brand medium: it makes the name known; its spend is in history.csv\n", m)
	}
	for _, c := range e.channels {
		if k := e.kinds[c]; k != "" {
			fmt.Fprintf(&extra, "\n[channels.%s]\nkind = %q\n", c, k)
		}
	}
	return strings.NewReplacer("{name}", strconv.Quote(e.Name), "{base}", strconv.Quote(e.base), "{currency}",
		strconv.Quote(e.market.Run.Currency), "{regions}", list(regions[:min(2, len(regions))]), "{sizes}", list(sizes),
		"{industries}", list(industries[:min(2, len(industries))]), "{demand}", demand, "{price}", number(e.Price), "{per}",
		strconv.Quote(e.Per), "{seats}", seats, "{customers}", number(e.Customers), "{churn}", strconv.Quote(e.Churn),
		"{cash}",
		number(e.Cash), "{fixed}", number(e.FixedCost), "{team}", team, "{extra}", extra.String()).Replace(template)
}

// season is the example's by month, in percent.
var season = [12]float64{115, 110, 105, 100, 100, 95, 90, 85, 100, 105, 100, 95}

// history writes history.csv. Spend goes up and down on its own in each channel: a history in which it never moves says
// nothing of saturation.
func (e *example) history() string {
	var b strings.Builder
	b.WriteString("month,channel,spend,leads,signups,won,churned,customers,revenue,cash\n")
	scale := max(e.customers, 60) / 1200
	won := make([]float64, len(e.periods))
	rows := make([][]string, len(e.periods))
	weight := 0.
	for c := range e.channels {
		weight += float64(5 - c%4)
	}
	for i, p := range e.periods {
		_, month, _ := p.From.YMD()
		for c, name := range e.channels {
			part := float64(5-c%4) / weight
			moved := float64(70+(i*i*(5+c)+13*i+7*c)%61) / 100
			leads := math.Round(300*scale*part*season[month-1]/100*moved) + 2
			signups := math.Floor(0.5 * leads)
			w := math.Floor(0.3 * signups)
			won[i] += w
			k, _ := KindOf(guessKind(name))
			spend := ""
			if k.Driver == "budget" {
				spend = digits(math.Round(300*scale*part*math.Sqrt(k.CostPerLead.Low*max(k.CostPerLead.High,
					1))*moved*moved/10) * 10)
			}
			rows[i] = append(rows[i], fmt.Sprintf("%s,%s,%s,%s,%s,%s,,,,", e.month(i), name, spend, digits(leads),
				digits(signups), digits(w)))
		}
		for c, name := range e.media {
			spend := math.Round(5000*scale*float64(60+(i*i*(7+c)+17*i+11*c)%81)/1000) * 10
			rows[i] = append(rows[i], fmt.Sprintf("%s,%s,%s,,,,,,,", e.month(i), name, digits(spend)))
		}
	}
	e.company(won, rows)
	for _, r := range rows {
		b.WriteString(strings.Join(r, "\n") + "\n")
	}
	return b.String()
}

func (e *example) month(i int) string { return e.periods[i].From.String()[:len("2026-01")] }

// company adds the rows of the whole company, from today backwards.
func (e *example) company(won []float64, rows [][]string) {
	customers := e.customers
	cash, _ := readAnswer(e.Cash, limits{math.Inf(-1), math.Inf(1)})
	for i := len(e.periods) - 1; i >= 0; i-- {
		churned := min(math.Round(e.churn*customers), customers)
		rows[i] = append(rows[i], fmt.Sprintf("%s,,,,,,%s,%s,%s,%s", e.month(i), digits(churned), digits(customers),
			digits(math.Round(customers*e.price)), digits(cash)))
		customers = max(0, customers-won[i]+churned)
		cash += float64(math.Round(0.02*cash/100) * 100)
	}
}

// groups writes customers.csv.
func (e *example) groups() string {
	var b strings.Builder
	b.WriteString("count,size,start,product,channel,monthly_bill,prepaid_until\n")
	sizes := e.market.Population.Sizes
	sizes = sizes[:min(3, len(sizes))]
	sum := 0.
	for _, s := range sizes {
		sum += s.Share
	}
	left := e.customers
	for i, s := range sizes {
		n := math.Round(e.customers * s.Share / sum)
		if i == len(sizes)-1 {
			n = left
		}
		left -= n
		for half, start := range []string{e.month(0), e.month(len(e.periods) / 2)} {
			count := math.Floor(n / 2)
			if half == 1 {
				count = n - count
			}
			if count > 0 {
				fmt.Fprintf(&b, "%s,%s,%s,main,,%s,\n", digits(count), s.Name, start, e.bill(s))
			}
		}
	}
	return b.String()
}

// bill is what a firm of a size pays.
func (e *example) bill(s plan.Size) string {
	if e.Per == "seat" {
		return digits(math.Round(e.price * max(1, math.Round(0.5*math.Sqrt(s.Lowest*s.Highest)))))
	}
	return digits(e.price)
}

func (e *example) pipeline() string {
	team := "web"
	if e.sellers > 0 {
		team = "sales"
	}
	size := e.market.Population.Sizes[0]
	return fmt.Sprintf("stage,count,team,age_days,size,value\nlead,6,%s,2,%s,\nopportunity,9,%s,12,%s,%s\n", team,
		size.Name, team,
		size.Name, e.bill(size))
}
