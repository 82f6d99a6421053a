package model

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// Tests make thousands of small plans, and the memory that they leave is small.
func init() { debug.SetGCPercent(400) }

// zLimit is how many standard errors a simulated number may lie from its known
// value. Beyond 5.2 lie 2 in 10 million normal numbers: over the about one
// thousand comparisons of this package a false alarm has a chance of 2 in ten
// thousand for a new choice of seeds, and none for the seeds that are fixed here.
const zLimit = 5.2

// heavy asks for the long versions of the statistical tests.
var heavy = os.Getenv("WINDFALL_VERIFY") == "1"

// more is half of n, or with the long versions factor times n.
func more(n, factor int) int {
	if heavy {
		return n * factor
	}
	return (n + 1) / 2
}

// tester is what the checks need of a test, be it plain or a property's.
type tester interface {
	require.TestingT
	Helper()
	Fatalf(format string, args ...any)
}

// near holds a simulated number against its known value, in standard errors.
func near(t testing.TB, what string, got, want, se float64) {
	t.Helper()
	z := (got - want) / se
	if heavy {
		t.Logf("%s: %.6g, known %.6g, z = %.2f", what, got, want, z)
	}
	if !(math.Abs(z) <= zLimit) {
		t.Errorf("%s = %.6g, known value %.6g, standard error %.3g: z = %.2f", what, got, want, se, z)
	}
}

// nearShare holds k successes among n against a known chance.
func nearShare(t testing.TB, what string, k, n int, p float64) {
	t.Helper()
	require.Greater(t, float64(n)*p*(1-p), 5.0, "%s: too few cases to judge", what)
	near(t, fmt.Sprintf("%s (%d of %d)", what, k, n), float64(k)/float64(n), p, math.Sqrt(p*(1-p)/float64(n)))
}

// nearCounts holds counts by class against known chances by Pearson's
// chi-square, turned into a normal score by Wilson and Hilferty.
func nearCounts(t testing.TB, what string, counts []int, chances []float64) {
	t.Helper()
	var n int
	for _, k := range counts {
		n += k
	}
	var x float64
	for i, k := range counts {
		e := float64(n) * chances[i]
		require.Greater(t, e, 5.0, "%s: class %d is too rare to judge", what, i)
		x += (float64(k) - e) * (float64(k) - e) / e
	}
	d := float64(len(counts) - 1)
	z := (math.Cbrt(x/d) - (1 - 2/(9*d))) / math.Sqrt(2/(9*d))
	if heavy {
		t.Logf("%s: chi-square %.1f on %.0f, z = %.2f", what, x, d, z)
	}
	if !(z <= zLimit) {
		t.Errorf("%s: chi-square %.1f on %.0f degrees of freedom, z = %.2f; counts %v", what, x, d, z, counts)
	}
}

// uniformCounts sorts numbers that should be uniform on (0,1) into classes.
func uniformCounts(list []float64, classes int) (counts []int, chances []float64) {
	counts, chances = make([]int, classes), make([]float64, classes)
	for _, u := range list {
		counts[min(max(int(u*float64(classes)), 0), classes-1)]++
	}
	for i := range chances {
		chances[i] = 1 / float64(classes)
	}
	return counts, chances
}

// moments are mean and variance of a sample.
func moments(list []float64) (mean, variance float64) {
	for _, x := range list {
		mean += x
	}
	mean /= float64(len(list))
	for _, x := range list {
		variance += (x - mean) * (x - mean)
	}
	return mean, variance / float64(len(list)-1)
}

// batchError is the standard error of the mean of a correlated series, from the
// spread of the means of batches.
func batchError(list []float64, batches int) float64 {
	n := len(list) / batches
	means := make([]float64, batches)
	for b := range means {
		means[b], _ = moments(list[b*n : (b+1)*n])
	}
	_, v := moments(means)
	return math.Sqrt(v / float64(batches))
}

// oneCell is the smallest market: one size class of one-person firms that never
// die, one industry, one region, one trigger kind of the given rate a firm and
// year with exponential windows, one channel whose every touch may raise a hand,
// one product that everybody can afford, self-service that wins at once.
func oneCell(firms, rate, windowWeeks float64) *plan.Plan {
	nan := math.NaN()
	one := func() []float64 { return []float64{1} }
	p := &plan.Plan{Name: "one cell"}
	p.Run = plan.Run{Start: plan.NewDate(2013, 1, 1), Weeks: 52, Step: "week", Replications: 50, Seed: 1}
	p.Population = plan.Population{Firms: firms, TailExponent: 1.06, SMBEmployees: 100, SMBSales: 1e8,
		Sizes: []plan.Size{{Name: "all", Share: 1, Lowest: 1, Highest: 1}}, Industries: []plan.Industry{{Name: "all", Share: 1, RevenuePerEmployee: 150000}}, Regions: []plan.Region{{Name: "all", Share: 1}}}
	p.Triggers = []plan.Trigger{{Name: "need", Enabled: true, Kind: "event", RatePerYear: []float64{rate}, LifeYears: []float64{nan}, Employees: nan, GrowthScale: nan,
		Industry: one(), Region: one(), Season: fill(12, 1), Recession: 1, WindowWeeks: windowWeeks, WindowCV: 1, Urgency: 1}}
	p.Economy = plan.Economy{Regime: "scripted", StartRegime: "expansion", ExpansionMonths: 60, RecessionMonths: 11, Recession: plan.Recession{WinRate: 1, Willingness: 1, Churn: 1, FirmDeath: 1}}
	p.Journey = plan.Journey{MemoryWeeks: 1e12, ReadinessSteepness: 4, ReadinessStep: true, TouchesNeeded: []float64{0.5}, LockInYears: 2, WillingnessMedian: []float64{1e9}, WillingnessSigma: []float64{0}}
	p.Brand = plan.Brand{SalienceHalfLifeWeeks: 0.75, EquityHalfLifeWeeks: 60, SalienceWeight: 0.8, AwarenessMax: 0.6, HalfSaturationEquity: 1, InitialSalience: []float64{nan}, InitialEquity: []float64{nan}}
	p.Channels = []plan.Channel{testChannel(p, "ads", 4, 1)}
	p.Products = []plan.Product{{Name: "service", Enabled: true, Price: 20, Adoption: 1}}
	p.Teams = []plan.Team{testTeam(p, "web", "web")}
	p.Customers = plan.Customers{WeibullShape: 1, Retained12Months: []float64{nan}, BaseHazard: []float64{0.4}, ChurnMultiplier: 1, SeatGrowthPerYear: []float64{0}}
	p.Finance = plan.Finance{OpeningCash: 1e12, DiscountRate: 0.12, LTVHorizonYears: 5}
	p.Opening = plan.Opening{Customers: []float64{0}, Products: []float64{nan}}
	return p
}

// testChannel reaches every firm with touches a week at the first day's spend;
// each raises the hand of a ready firm with chance response.
func testChannel(p *plan.Plan, name string, touches, response float64) plan.Channel {
	nan := math.NaN()
	pop := &p.Population
	return plan.Channel{Name: name, Enabled: true, Driver: "budget", WeeklyBudget: 100, HalfSaturation: 100, Shape: 1, AdstockHalfLifeWeeks: 0.2, InitialAdstock: nan, CostMultiplier: 1,
		HalfSaturationEquity: nan, HalfSaturationCustomers: nan, Reach: plan.Reach{Size: fill(len(pop.Sizes), 1), Industry: fill(len(pop.Industries), 1), Region: fill(len(pop.Regions), 1)}, TargetingCost: 20,
		MaxTouchesPerWeek: 2 * touches, Season: fill(12, 1), Response: response, Weight: 1, Churn: 1, DealSize: 1, Discount: 1, Real: 1, Win: 1}
}

// testTeam serves every size class, wins always, and books at once.
func testTeam(p *plan.Plan, name, kind string) plan.Team {
	S := len(p.Population.Sizes)
	return plan.Team{Name: name, Enabled: true, Kind: kind, Share: fill(S, 1), WinRate: fill(S, 1), CycleDays: fill(S, 0), SpeedHalfLifeHours: fill(S, 1e12), CommissionPerWin: fill(S, 0),
		OpportunitiesPerWeek: 1, ScreeningShare: 0.25, RampStart: 1, HireWhenLoadAbove: math.NaN(), HireStep: 1, LeadTimeWeeks: 8,
		Speed: "half-life", SpeedSlowShare: fill(S, math.NaN()), SpeedSlowHalfLifeHours: fill(S, math.NaN()), SpeedScaleHours: fill(S, math.NaN()), SpeedPower: fill(S, math.NaN()),
		CloseHour: 24, BusinessDays: 7, NeverAnsweredAtFullLoad: math.NaN()}
}

// from is a dated change of one key to a value.
func from(p *plan.Plan, week int, key string, value float64) plan.Change {
	return plan.Change{Name: fmt.Sprintf("%s at %d", key, week), From: p.Run.Start + plan.Date(7*week), Effects: []plan.Effect{{Key: key, Value: value, Input: -1}}}
}

// traced makes a plan ready with a state that keeps individual histories.
func traced(t testing.TB, p *plan.Plan) (*Prepared, *State, *plan.Record) {
	t.Helper()
	pr, s, rec := prepared(t, p)
	s.Observer = &Trace{}
	return pr, s, rec
}

// sumOf adds up a weekly column over weeks [first, end).
func sumOf(t testing.TB, pr *Prepared, rec *plan.Record, name string, first, end int) (sum float64) {
	t.Helper()
	for _, x := range weekly(t, pr, rec, name)[first:end] {
		sum += x
	}
	return sum
}

// traceOf is what was kept of the last replication of a state with a Trace.
func traceOf(s *State) *Trace { return s.Observer.(*Trace) }
