package main

import (
	"math"
	"strings"
	"sync"

	"windfall/model/plan"
)

// A subject is a section of docs/evidence.md: one table, with what to know before reading it.
type subject struct {
	title, note string
	rows        []finding
}

// subjects are the tables of the page, in order.
var subjects = sync.OnceValue(func() []subject {
	return []subject{
		{"The market: flows and stocks", marketNote, marketRows()},
		{"Other markets", otherNote, otherMarketRows()},
		{"Firms that are born and die", firmsNote, firmRows()},
		{"Recessions", recessionNote, recessionRows()},
		{"Channels: cost of a lead", costNote, costRows()},
		{"Channels: touches, and leads that become customers", leadNote, leadRows()},
		{"Branded search and the halo of brand media", haloNote, haloRows()},
		{"Response to media, short and long", elasticityNote, elasticityRows()},
		{"Sales: reply, win rate, cycle", salesNote, salesRows()},
		{"Churn and retention", churnNote, churnRows()},
		{"Cost and value of a customer", valueNote, valueRows()},
		{"Whole companies", companyNote, companyRows()},
		{"Price", priceNote, priceRows()},
		{"Vendors of today", todayNote, todayRows()},
	}
})

// findings are the rows of all tables.
func findings() []finding {
	var out []finding
	for _, s := range subjects() {
		out = append(out, s.rows...)
	}
	return out
}

// vendorRuns is a vendor, with the replications that its rows are measured on.
type vendorRuns struct {
	setting
	n int
}

// The settings that many rows share.
var (
	usMarket = setting{scenario: "us-smb", weeks: 52}
	big      = setting{scenario: "phone-system", weeks: 52}
	small    = setting{scenario: "phone-system-small", weeks: 52}
	metro    = setting{scenario: "metro", weeks: 52}
	town     = setting{scenario: "town", weeks: 52}
	booking  = setting{scenario: "scheduling", weeks: 52} // software for appointments
	paying   = setting{scenario: "payroll", weeks: 52}
	// sellers are the vendors, with replications that give each a like error.
	sellers = []vendorRuns{{big, 8}, {small, 8}, {metro, 100}, {town, 600}}
	// today are the vendors of today: where older rows stand beside newer ones they are held to the newer.
	today = []vendorRuns{{booking, 8}, {paying, 8}}
)

const saidThere = "why is on [calibration.md](calibration.md)"

// outcome reads an outcome of a replication.
func outcome(name string) func(*year) float64 {
	return func(y *year) float64 { return y.outcome(name) }
}

// quotient is scale times one number over another, each summed over the replications of the plan.
func quotient(scale float64, over, under func(*year) float64) func(*sample) float64 {
	return func(s *sample) float64 { return scale * s.sum(0, over) / s.sum(0, under) }
}

// average is the mean over replications.
func average(of func(*year) float64) func(*sample) float64 {
	return func(s *sample) float64 { return s.mean(of) }
}

// change is by how many per cent the second setting's sum differs from the first's.
func change(of func(*year) float64) func(*sample) float64 {
	return func(s *sample) float64 { return 100 * (s.sum(1, of)/s.sum(0, of) - 1) }
}

// elasticityOf is the elasticity of a number where the second setting has by times the input.
func elasticityOf(by float64, of func(*year) float64) func(*sample) float64 {
	return func(s *sample) float64 { return math.Log(s.sum(1, of)/s.sum(0, of)) / math.Log(by) }
}

// weeksOf adds a weekly number over some weeks.
func weeksOf(name string, from, to int) func(*year) float64 {
	return func(y *year) float64 { return y.span(name, from, to) }
}

// ofSlice reads a number of a slice.
func ofSlice(dimension, name, column string) func(*year) float64 {
	return func(y *year) float64 { return y.slice(dimension, name, column) }
}

// firms is the number of firms of a plan.
func firms(p *plan.Plan) float64 { return p.Population.Firms }

// overSizes is the mean of a number by size class, weighted by firms.
func overSizes(p *plan.Plan, of func(*plan.Size) float64) float64 {
	var t float64
	for i := range p.Population.Sizes {
		t += float64(p.Population.Sizes[i].Share * of(&p.Population.Sizes[i]))
	}
	return t
}

// deathsOfFirms is the share of firms that die in a year, in per cent.
func deathsOfFirms(p *plan.Plan) float64 {
	return 100 * overSizes(p, func(c *plan.Size) float64 { return c.FirmDeathPerYear })
}

// idOf puts the parts of a row's id together.
func idOf(parts ...string) string { return strings.Join(parts, " ") }
