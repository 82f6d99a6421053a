// Package company reads the folder in which a company says what it knows of itself (company.toml, history.csv,
// customers.csv, pipeline.csv, curves.csv), writes such a folder to begin with, and makes a first plan of it: the one
// from which a fit starts. docs/company.md describes the files.
package company

import (
	"fmt"
	"math"

	"windfall/model/plan"
)

// Company is all that a folder says. Amounts are in Currency; a number that is not there is NaN.
type Company struct {
	Dir      string
	Name     string
	Currency string // code, as in run.currency
	Example  bool   // the folder still has the numbers that New wrote
	Market   Market
	Demand   Demand
	Products []Product // in the order of the file; at least one
	// CustomersNow and ChurnPerMonth are those of all sizes, at the end of the history.
	CustomersNow, ChurnPerMonth Number
	// Cash is that at the end of the history; FixedCostPerMonth is without pay of teams, spend and cost of service.
	Cash, FixedCostPerMonth Number
	Teams                   []Team    // in the order of the file; at least one
	Channels                []Channel // in the order of the history; those of company.toml alone behind
	Media                   []Medium  // brand media: they touch nobody, they lift the channels
	Evidence                []Evidence
	History                 History
	Groups                  []CustomerGroup // customers.csv; none where there is no such file
	Pipeline                []Opportunity   // pipeline.csv; none where there is no such file
	Curves                  []Curve         // curves.csv; none where there is no such file
}

// Place is where something was said.
type Place struct {
	File string // with the folder, as it was given
	Line int    // from 1; 0 where the place is the file
}

// String is the place as messages name it: acme/company.toml:14.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Number is one number of company.toml, or its default. Source is how a plan cites it: "your company.toml", a row of
// docs/facts.md, "assumption".
type Number struct {
	Value  float64 // NaN: unknown
	Source string
	At     Place // of a default the file
}

// Known says whether there is a number.
func (n Number) Known() bool { return !math.IsNaN(n.Value) }

// Market is the market and the part of it to which the company sells.
type Market struct {
	Base string // a shipped scenario (ca-smb), or a file relative to the folder
	// Regions, Sizes and Industries are the part; none: all.
	Regions, Sizes, Industries []string
	// Share of the firms of that part that could use the product at all.
	Share Number
	At    Place
	// Plan is that of the base as it stands, all regions, sizes and industries.
	Plan *plan.Plan
	// Firms is the number of firms in the part.
	Firms float64
}

// Demand is how often a firm of the market looks for such a product.
type Demand struct {
	EveryYears    Number // mean time between two purchases; unknown: the triggers of the market as they are
	WeeksToDecide Number
}

// Product is one that is sold.
type Product struct {
	Name        string
	Price       Number  // list price per seat or firm, and month, at the end of the history
	Prices      []Dated // what it was from which day on, by date; none where it was always the same
	PriceForAll bool    // a new price is that of customers won before, too
	PerFirm     bool    // else per seat
	Seats       Number  // per employee, for a price per seat
	GrossMargin Number  // share of revenue
	Prepaid     Number  // share of customers that pay a year ahead
	Sizes       []string
	At          Place
}

// Team is who sells.
type Team struct {
	Name          string
	Kind          string  // web, partners, people
	People        Number  // at the end of the history
	Heads         []Dated // how many they were from which day on, by date; none where they were always as many
	PayPerYear    Number  // per person, with all on-costs
	DealsPerMonth Number  // deals that one person closes in a month when busy
	WinRate       Number  // of sign-ups; unknown: from the history, or a benchmark
	CycleDays     Number  // from first contact to the decision
	Sizes         []string
	Channels      []string
	At            Place
}

// HeadsOn is how many people a team had on a day.
func (t *Team) HeadsOn(day plan.Date) float64 { return onDay(t.Heads, day, t.People.Value) }

// PriceOn is the list price on a day.
func (p *Product) PriceOn(day plan.Date) float64 { return onDay(p.Prices, day, p.Price.Value) }

// Channel is one of the history or of company.toml. What its kind says is KindOf(Kind).
type Channel struct {
	Name  string
	Kind  string // one of KindNames; "other" where nobody said and the name tells nothing
	Named bool   // company.toml says the kind
	At    Place
}

// Medium is one of the brand media.
type Medium struct {
	Name          string
	SpendPerMonth Number // today; unknown: the history has it
	At            Place
}

// Outcome is one of the columns of a history.
type Outcome string

// The columns of a history.
const (
	Spend     Outcome = "spend"     // by channel or medium
	Leads     Outcome = "leads"     // by channel
	Signups   Outcome = "signups"   // by channel
	Won       Outcome = "won"       // by channel, by team, or of all
	Churned   Outcome = "churned"   // customers that left in the period
	Customers Outcome = "customers" // at the end of the period
	Revenue   Outcome = "revenue"   // of the period
	Cash      Outcome = "cash"      // at the end of the period
)

// Evidence is what an experiment of the company showed: the spend of channels or media was Factor times what it would
// have been, and the outcome over the same days (those of the regions alone, if regions are named) was changed by
// something between Low and High, a 90% interval.
type Evidence struct {
	Name        string
	Channels    []string // channels and brand media whose spend was changed
	Factor      float64  // 0: they were off; above 1: more than usual
	Regions     []string // none: everywhere
	From, Until plan.Date
	Outcome     Outcome // Leads, Signups, Won or Revenue
	Low, High   float64 // change of the outcome: a count or an amount, or with Relative a share of what would have been
	Relative    bool
	Source      string // who measured it, or ""
	At          Place
}

// Interval is a best guess with its 90% interval. Low and High are NaN where only the guess is known, all three where
// nothing is.
type Interval struct{ Value, Low, High float64 }

// Known says whether there is a best guess.
func (i Interval) Known() bool { return !math.IsNaN(i.Value) }

// Curve is what another tool (Robyn, Meridian, pymc-marketing) found of a channel, in the units of a plan.
type Curve struct {
	Channel        string
	HalfSaturation Interval // money per week at which the response is half of its limit
	Shape          Interval // exponent of the Hill curve
	HalfLife       Interval // of the carry-over of spend, in weeks
	At             Place
}

// CustomerGroup is a row of customers.csv: some customers that are alike.
type CustomerGroup struct {
	Count        float64
	Size         string    // class of the market, or "" where it is not known
	Start        plan.Date // first day of the month in which they began; HasStart: it is known
	HasStart     bool
	Product      string // of company.toml, or ""
	Channel      string // of the history, or ""
	MonthlyBill  float64
	PrepaidUntil plan.Date // HasPrepaid: it is known
	HasPrepaid   bool
	At           Place
}

// Opportunity is a row of pipeline.csv: leads or opportunities that are open and alike.
type Opportunity struct {
	Count  float64
	Open   Stage
	Team   string // of company.toml, or ""
	Days   float64
	Size   string  // class of the market, or ""
	Sold   string  // product of company.toml, or ""
	Value  float64 // per month
	Source string  // channel, or ""
	At     Place
}

// Stage is how far something open is.
type Stage string

// The stages of what is open: nobody has answered yet, or a seller works on it.
const (
	OpenLead        Stage = "lead"
	OpenOpportunity Stage = "opportunity"
)
