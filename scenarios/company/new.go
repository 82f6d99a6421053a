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
		FixedCost: "40000", EveryYears: "8", Sellers: "2", Pay: "75000", Deals: "8",
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

// readSellers reads a number of people, or one from each of some dates on: 2025-01 = 3, 2026-04 = 5. It gives them as a
// team, and as company.toml has them.
func readSellers(text string) (people Team, written string, err error) {
	if !strings.Contains(text, "=") {
		people.People.Value, err = readAnswer(text, mostPeople)
		return people, digits(people.People.Value), err
	}
	_, s := parseDocument("", []byte("people = {"+strings.Trim(strings.TrimSpace(text), "{}")+"}"))
	if s == nil {
		return people, "", errors.New("write it as 2025-01 = 3, 2026-04 = 5")
	}
	people.People, people.Heads = s.dated("people", mostPeople, "", peopleByDate, Number{})
	if len(s.doc.problems) > 0 {
		p := s.doc.problems[0]
		return people, "", errors.New(p.Value + " " + p.Message + ": " + p.Cure)
	}
	var parts []string
	for _, h := range people.Heads {
		parts = append(parts, h.From.String()+" = "+digits(h.Value))
	}
	return people, "{" + strings.Join(parts, ", ") + "}", nil
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
		seats = fmt.Sprintf("seats_per_employee = %g        # seats that a customer takes for each of its employees\n",
			exampleSeats)
	}
	team := "[teams.web]                     # customers buy on the web, nobody sells\nkind = \"web\"\n"
	if e.sells() {
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
		strconv.Quote(e.market.Run.Currency), "{margin}", fmt.Sprintf("\"%g%%\"", 100*exampleMargin),
		"{cycle}", digits(exampleCycle),
		"{regions}", list(regions[:min(2, len(regions))]), "{sizes}", list(sizes),
		"{industries}", list(industries[:min(2, len(industries))]), "{demand}", demand, "{price}", number(e.Price), "{per}",
		strconv.Quote(e.Per), "{seats}", seats, "{customers}", number(e.Customers), "{churn}", strconv.Quote(e.Churn),
		"{cash}",
		number(e.Cash), "{fixed}", number(e.FixedCost), "{team}", team, "{extra}", extra.String()).Replace(template)
}
