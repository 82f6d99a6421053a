package company

import (
	"math"

	"windfall/model/plan"
)

// Summary is what was read of a folder, for whoever checks it.
type Summary struct {
	Name     string    `json:"name"`
	Folder   string    `json:"folder"`
	Currency string    `json:"currency"`
	Market   string    `json:"market"`
	Firms    float64   `json:"firms"`
	Monthly  bool      `json:"monthly"`
	Periods  int       `json:"periods"`
	From     string    `json:"from,omitempty"`
	To       string    `json:"to,omitempty"` // the last day
	Columns  []Column  `json:"columns"`
	ByDate   []DatedOf `json:"by_date,omitempty"` // people of teams and prices that are known by date
	Groups   int       `json:"customer_groups"`
	Open     int       `json:"open_rows"`
	Curves   int       `json:"curves"`
	Evidence int       `json:"experiments"`
	Missing  []string  `json:"missing"`
	Problems []Finding `json:"problems"`
	Notes    []Finding `json:"notes"`
}

// Err says that something is wrong, nil if nothing is.
func (s *Summary) Err() error {
	if len(s.Problems) == 0 {
		return nil
	}
	return &wrongError{s.Folder, len(s.Problems)}
}

// wrongError ends a check that found something.
type wrongError struct {
	folder string
	n      int
}

// Error implements error.
func (e *wrongError) Error() string { return e.folder + " has " + counted(e.n, "problem") }

// BadInput marks it.
func (*wrongError) BadInput() {}

// Column is one of the history: of a channel, a medium, a team, or of all.
type Column struct {
	Of    string  `json:"of"`   // channel, medium or team; "all" of the whole company
	Kind  string  `json:"kind"` // of a channel
	What  Outcome `json:"what"`
	Cells int     `json:"cells"` // with a number
	Total float64 `json:"total"` // of a stock the last number
	Stock bool    `json:"stock"`
}

// DatedOf is what a number was from a day on.
type DatedOf struct {
	What  string  `json:"what"` // people or price
	Of    string  `json:"of"`   // the team or product
	From  string  `json:"from"`
	Value float64 `json:"value"`
}

// Finding is a problem for other programs.
type Finding struct {
	File    string `json:"file"`
	Row     int    `json:"row"`
	Column  int    `json:"column"`
	Heading string `json:"heading"`
	Value   string `json:"value"`
	Message string `json:"message"`
	Cure    string `json:"cure"`
	Text    string `json:"text"`
}

func findings(ps []Problem) []Finding {
	out := []Finding{}
	for _, p := range ps {
		out = append(out, Finding{p.File, p.Row, p.Column, p.Heading, p.Value, p.Message, p.Cure, p.Error()})
	}
	return out
}

// Check reads a folder and says what is in it.
func Check(dir string) Summary {
	c, problems := Read(dir)
	wrong, notes := Split(problems)
	s := Summary{Folder: dir, Problems: findings(wrong), Notes: findings(notes), Columns: []Column{}, Missing: []string{}}
	if c == nil {
		return s
	}
	s.Name, s.Currency, s.Market, s.Firms = c.Name, c.Currency, c.Market.Base, c.Market.Firms
	s.Groups, s.Open, s.Curves, s.Evidence = len(c.Groups), len(c.Pipeline), len(c.Curves), len(c.Evidence)
	if h := &c.History; len(h.Periods) > 0 {
		s.Monthly, s.Periods = h.Monthly, len(h.Periods)
		s.From, s.To = h.From().String(), (h.To() - plan.Date(1)).String()
		s.columns(c)
	}
	dated := func(what, of string, all []Dated) { // but for what was over before the history
		for i, x := range all {
			if h := &c.History; len(h.Periods) > 0 && i+1 < len(all) && all[i+1].From <= h.From() {
				continue
			}
			s.ByDate = append(s.ByDate, DatedOf{what, of, x.From.String(), x.Value})
		}
	}
	for _, t := range c.Teams {
		dated("people", t.Name, t.Heads)
	}
	for _, p := range c.Products {
		dated("price", p.Name, p.Prices)
	}
	if c.Example {
		s.Missing = append(s.Missing, "your own numbers: these are the example's, as example = true in company.toml says")
	}
	return s
}

// columns sums the history up, and says what it lacks.
func (s *Summary) columns(c *Company) {
	h := &c.History
	add := func(of, kind string, what Outcome, column []float64) bool {
		sum, cells := Sum(column)
		if cells == 0 {
			return false
		}
		if what.stock() {
			for _, x := range column {
				if !math.IsNaN(x) {
					sum = x
				}
			}
		}
		s.Columns = append(s.Columns, Column{of, kind, what, cells, sum, what.stock()})
		return true
	}
	kinds := map[string]string{}
	for _, ch := range c.Channels {
		kinds[ch.Name] = ch.Kind
	}
	there := map[Outcome]bool{}
	for i := range h.Channels {
		x := &h.Channels[i]
		kind := kinds[x.Name]
		if x.Medium {
			kind = "brand-media"
		}
		for _, o := range []struct {
			what   Outcome
			column []float64
		}{{Spend, x.Spend}, {Leads, x.Leads}, {Signups, x.Signups}, {Won, x.Won}} {
			there[o.what] = add(x.Name, kind, o.what, o.column) || there[o.what]
		}
	}
	for _, t := range h.Teams {
		add("team "+t.Team, "", Won, t.Won)
	}
	for _, o := range []struct {
		what   Outcome
		column []float64
	}{{Won, h.Won}, {Churned, h.Churned}, {Customers, h.Customers}, {Revenue, h.Revenue}, {Cash, h.Cash}} {
		there[o.what] = add("all", "", o.what, o.column) || there[o.what]
	}
	leads := "leads by channel: sign-ups or customers won stand in for them"
	if h.SeenInAll() {
		leads = "leads by channel: what a channel brings is seen in all alone"
	}
	for _, m := range []struct {
		what Outcome
		text string
	}{{Spend, "spend by channel: what a channel costs cannot be learned"},
		{Leads, leads},
		{Won, "customers won: win rates cannot be learned"},
		{Churned, "customers that left: churn stays that of company.toml"},
		{Revenue, "revenue: bills stay those of company.toml"}} {
		if !there[m.what] {
			s.Missing = append(s.Missing, m.text)
		}
	}
	if len(c.Teams) > 1 && len(h.Teams) == 0 {
		s.Missing = append(s.Missing, "customers won by team: win rates of teams cannot be told apart")
	}
}
