package dense_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"windfall/model"
	"windfall/model/dense"
	"windfall/model/plan"
)

// This file turns replications of either simulator into the same numbers and
// compares them. The unit of every comparison is the replication: a histogram
// of waits or lifetimes is one count a bin and replication, so that what is
// dependent within a replication does no harm.

// numbers are named numbers by replication.
type numbers map[string][]float64

func (x numbers) put(name string, rep int, v float64) {
	x.add(name, rep, 0)
	x[name][rep] = v
}

func (x numbers) add(name string, rep int, v float64) {
	for len(x[name]) <= rep {
		x[name] = append(x[name], 0)
	}
	x[name][rep] += v
}

// pad gives every number the same count of replications.
func (x numbers) pad(n int) {
	for name := range x {
		for len(x[name]) < n {
			x[name] = append(x[name], 0)
		}
	}
}

// notCompared are the outcomes and slice columns whose totals are left out of the comparison, with the reason.
// Ratios are left out too: ratios compares those that matter as quotients of totals.
var notCompared = map[string]string{
	"week_of_ruin":        "never comes in most replications; weeks after ruin are compared as weeks without cash",
	"carry_over_margin":   "the reference has none; TestCarryOverIsThatOfEachSetsOwnTouches checks it",
	"arr":                 "12 x mrr",
	"arr_growth_per_year": "of mrr and opening_mrr, which are compared; missing in some replications",
	"media_and_brand":     "of two that are compared",

	"slice acquisition_cost": "of four that are compared",
	"slice media_and_brand":  "of two that are compared",
	"slice lost":             "of two that are compared",
}

// compared says whether the total of an outcome is compared, or of a column of slices ("slice won").
func compared(c *plan.Column, name string) bool { return c.Over == "" && notCompared[name] == "" }

// ratios are compared as quotients of totals, which is sharper where both parts
// swing together.
var ratios = [][2]string{
	{"touches", "in_market_firms"}, {"leads", "judged_touches"}, {"leads", "journeys"}, {"reached", "journeys"},
	{"engaged", "reached"}, {"signups", "leads"}, {"real_leads", "leads"}, {"screened", "leads"}, {"leads_waited", "leads_of_people"}, {"reply_hours", "leads_answered"}, {"never_reached", "leads_of_people"}, {"opportunities", "signups"}, {"lost_waiting", "signups"},
	{"died_in_sales", "signups"}, {"won", "booked"}, {"won_smb", "won"}, {"churned", "customer_months"},
	{"customer_deaths", "customer_months"}, {"revenue", "customer_months"}, {"gross_margin", "revenue"},
	{"ltv_total", "won"}, {"first_margin", "won"}, {"retained", "won"}, {"sales_spend", "won"},
	{"onboarding_spend", "won"}, {"fee_spend", "won"}, {"retained_mrr", "opening_mrr"}, {"revenue_shares", "revenue"},
	{"lost_to_rivals", "journeys"}, {"deals_lost_to_rivals", "opportunities"},
	{"refused", "trials"}, {"onboarding_spend", "trials"},
}

// quotients are the ratios, and for each row of some slices and each team of a
// market those that one rate each decides.
func quotients(x numbers) [][2]string {
	list := slices.Clone(ratios)
	add := func(over, under string) { list = append(list, [2]string{over, under}) }
	for name := range x {
		row, column, _ := cutLast(name, "/")
		switch {
		case strings.HasPrefix(name, "slice channel/") && column == "touches":
			add(name, "in_market_firms")
			add(row+"/leads", name)
			add(row+"/real_leads", row+"/leads")
			add(row+"/won", row+"/opportunities")
		case strings.HasPrefix(name, "slice team/") && column == "signups":
			add(row+"/opportunities", name)
			add(row+"/won", row+"/opportunities")
			add(row+"/sales", row+"/won")
		case strings.HasPrefix(name, "busy "):
			add(name, "slice team/"+strings.TrimPrefix(name, "busy ")+"/opportunities")
		case strings.HasPrefix(name, "hours waited"):
			add(name, strings.Replace(name, "hours waited", "contacts", 1))
		}
		if column == "won" && !strings.HasPrefix(name, "slice channel-size") {
			add(row+"/churned", row+"/customer_months")
			add(row+"/customer_deaths", row+"/customer_months")
			add(row+"/onboarding_fees", name)
			add(row+"/ltv_total", name)
		}
	}
	return list
}

// cutLast cuts at the last separator.
func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// Edges of the histograms: from trigger to raised hand (weeks), lifetimes
// (years), waits (hours; the first bin is no wait).
var (
	handEdges = []float64{0.5, 1, 1.5, 2, 3, 4, 6, 9}
	lifeEdges = []float64{0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3}
	waitEdges = []float64{1e-6, 3, 7, 12, 20, 30, 50, 80, 120, 200, 350}
)

// bin is the histogram bin of a value: the number of edges not above it.
func bin(x float64, edges []float64) int {
	return sort.Search(len(edges), func(i int) bool { return edges[i] > x })
}

// histories puts the samples of one replication into histograms. Both
// simulators number channels and teams in order of name.
type histories struct {
	x   numbers
	rep int
}

func (h histories) lead(trigger, raised float64, touches, channels int, path []int) {
	if trigger >= 0 {
		h.x.add(fmt.Sprintf("hand after, bin %d", bin(raised-trigger, handEdges)), h.rep, 1)
	}
	h.x.add(fmt.Sprintf("touches to the hand %d", min(touches, 8)), h.rep, 1)
	h.x.add(fmt.Sprintf("channels to the hand %d", channels), h.rep, 1)
	first, last := path[0], path[len(path)-1]
	h.x.add(fmt.Sprintf("path %d..%d", first, last), h.rep, 1)
	if len(path) > 1 {
		h.x.add(fmt.Sprintf("path end %d-%d", path[len(path)-2], last), h.rep, 1)
	}
}

func (h histories) contact(team int, hours float64) {
	h.x.add(fmt.Sprintf("wait, team %d, bin %d", team, bin(hours, waitEdges)), h.rep, 1)
	h.x.add(fmt.Sprintf("hours waited, team %d", team), h.rep, hours)
	h.x.add(fmt.Sprintf("contacts, team %d", team), h.rep, 1)
}

func (h histories) customer(years float64, died bool) {
	cause := "churned"
	if died {
		cause = "died"
	}
	b := bin(years, lifeEdges)
	if b == len(lifeEdges) {
		cause = "alive"
	}
	h.x.add(fmt.Sprintf("life, %s, bin %d", cause, b), h.rep, 1)
}

// fromReference runs n replications of the reference and gives their numbers.
func fromReference(p *plan.Plan, seed uint64, n int) numbers {
	x, schema := numbers{}, model.NewSchema(p)
	var mutex sync.Mutex
	inParallel(n, func(reps <-chan int) {
		for rep := range reps {
			r := dense.Simulate(p, seed, rep)
			mutex.Lock()
			x.result(schema, r, rep)
			mutex.Unlock()
		}
	})
	x.pad(n)
	return x
}

// result takes the numbers of a replication of the reference.
func (x numbers) result(schema *plan.Schema, r *dense.Result, rep int) {
	for i := range schema.Outcomes {
		if c := &schema.Outcomes[i]; compared(c, c.Name) {
			x.put(c.Name, rep, r.Totals[c.Name])
		}
	}
	for name, series := range r.Weekly {
		for w, v := range series {
			x.put(weekly(name, w), rep, v)
		}
		if team, ok := strings.CutPrefix(name, "load."); ok {
			for w, load := range series {
				x.add("busy "+team, rep, load*r.Weekly["people."+team][w])
			}
		}
	}
	for key, v := range r.Slices {
		x.put("slice "+key, rep, v)
	}
	h := histories{x, rep}
	for _, l := range r.Leads {
		h.lead(l.Trigger, l.Raised, l.Touches, l.Channels, l.Path)
	}
	for _, c := range r.Contacts {
		h.contact(c.Team, c.Wait)
	}
	for _, c := range r.Customers {
		years := math.Inf(1)
		if c.Left {
			years = c.Lived
		}
		h.customer(years, c.Died)
	}
}

func weekly(name string, week int) string { return fmt.Sprintf("week %02d %s", week+1, name) }

// fromEngine runs replications of the engine and gives their numbers, with
// histories if they are traced.
func fromEngine(p *plan.Plan, seed uint64, n int, traced bool) (numbers, error) {
	pr, err := model.Prepare(p)
	if err != nil {
		return nil, err
	}
	x := numbers{}
	var mutex sync.Mutex
	inParallel(n, func(reps <-chan int) {
		st, rec := pr.NewState(), pr.Schema().NewRecord()
		trace := &model.Trace{}
		if traced {
			st.Observer = trace
		}
		for rep := range reps {
			st.Replicate(seed, rep, rec)
			mutex.Lock()
			x.record(pr.Schema(), rec, rep)
			if traced {
				x.trace(trace, rep)
			}
			mutex.Unlock()
		}
	})
	x.pad(n)
	return x, nil
}

// record takes the numbers of a replication of the engine.
func (x numbers) record(schema *plan.Schema, rec *plan.Record, rep int) {
	at := func(columns []plan.Column, name string) int {
		return slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == name })
	}
	for i := range schema.Outcomes {
		c, v := &schema.Outcomes[i], rec.Outcomes[i]
		if !compared(c, c.Name) {
			continue
		}
		if c.Name == "lifetime_margin" { // without what the reference does not have
			v -= rec.Outcomes[at(schema.Outcomes, "carry_over_margin")]
		}
		x.put(c.Name, rep, v)
	}
	for i, c := range schema.Weekly {
		team, isLoad := strings.CutPrefix(c.Name, "load.")
		for w := range schema.Weeks {
			row := rec.Weekly[w*len(schema.Weekly):]
			x.put(weekly(c.Name, w), rep, row[i])
			if isLoad {
				x.add("busy "+team, rep, row[i]*row[at(schema.Weekly, "people."+team)])
			}
		}
	}
	for row, s := range schema.SliceRows {
		for i := range schema.Slice {
			if c := &schema.Slice[i]; compared(c, "slice "+c.Name) {
				x.put("slice "+s.Dimension+"/"+s.Name+"/"+c.Name, rep, rec.Slices[row*len(schema.Slice)+i])
			}
		}
	}
}

// trace takes the histories of a replication of the engine.
func (x numbers) trace(t *model.Trace, rep int) {
	h := histories{x, rep}
	for _, l := range t.Leads {
		path := make([]int, len(l.Path))
		for i, c := range l.Path {
			path[i] = int(c.Channel)
		}
		h.lead(l.Trigger, l.Raised, l.Touches, l.Channels, path)
	}
	for _, c := range t.Contacts {
		h.contact(c.Team, c.Wait*168)
	}
	for _, c := range t.Customers {
		h.customer((c.Left-c.Won)/(365.25/7), c.Died)
	}
}

// inParallel deals the numbers 0 to n-1 to a worker on each processor.
func inParallel(n int, work func(<-chan int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() { work(next) })
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}

// comparison is one two-sample comparison of the engine with the reference.
type comparison struct {
	name           string
	engine, dense  float64
	se             float64 // of the difference
	z              float64 // normal score of Welch's t
	exact, differs bool    // a number without spread: equal or not
}

// compare compares every number that both simulators give.
func compare(engine, reference numbers) []comparison {
	var out []comparison
	for name, b := range reference {
		a, ok := engine[name]
		if !ok {
			if strings.HasPrefix(name, "slice") || strings.HasPrefix(name, "week") {
				continue // not a column of the engine
			}
			a = []float64{0, 0}
		}
		if c, ok := welch(name, a, b); ok {
			out = append(out, c)
		}
	}
	for _, r := range quotients(engine) {
		a, b := linearised(engine[r[0]], engine[r[1]]), linearised(reference[r[0]], reference[r[1]])
		if c, ok := welch("ratio "+r[0]+" : "+r[1], a, b); ok {
			out = append(out, c)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}

// moments gives mean, squared standard error and degrees of freedom.
func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v
	}
	n := float64(len(x))
	mean /= n
	for _, v := range x {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / (n - 1) / n
}

// rare is the least number of replications in which a number must differ from
// its most common value zero; below, a mean is not near enough to normal.
const rare = 20

// welch compares two samples by their means. Missing numbers (NaN) drop the
// comparison, as do numbers that are nearly always zero on both sides.
func welch(name string, a, b []float64) (comparison, bool) {
	ma, va := moments(a)
	mb, vb := moments(b)
	c := comparison{name: name, engine: ma, dense: mb, se: math.Sqrt(va + vb)}
	if math.IsNaN(ma) || math.IsNaN(mb) {
		return c, false
	}
	scale := max(math.Abs(ma), math.Abs(mb))
	if c.se <= 1e-9*scale {
		// Sums of lines rounded to cents may differ by a cent a line.
		c.exact, c.differs = true, math.Abs(ma-mb) > 1e-7*scale+0.5
		return c, scale > 0
	}
	if nonzero(a)+nonzero(b) < rare {
		return c, false
	}
	t := (ma - mb) / c.se
	na, nb := float64(len(a)), float64(len(b))
	df := (va + vb) * (va + vb) / (va*va/(na-1) + vb*vb/(nb-1))
	c.z = normalScore(t, df)
	return c, true
}

func nonzero(x []float64) (n int) {
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}

// linearised gives, by replication, a number with the mean and the error of the
// quotient of totals.
func linearised(over, under []float64) []float64 {
	if len(over) != len(under) || len(over) == 0 {
		return []float64{math.NaN(), math.NaN()}
	}
	mo, _ := moments(over)
	mu, _ := moments(under)
	out := make([]float64, len(over))
	for i := range over {
		out[i] = mo/mu + (over[i]-mo/mu*under[i])/mu
	}
	return out
}

// normalScore is the normal quantile that has the tail of Student's t with df
// degrees of freedom (Wallace 1959).
func normalScore(t, df float64) float64 {
	z := (8*df + 1) / (8*df + 3) * math.Sqrt(df*math.Log1p(t*t/df))
	return math.Copysign(z, t)
}

// bound is the normal score that one of m comparisons must pass so that the
// chance of any false alarm is alpha (Bonferroni, two-sided).
func bound(alpha float64, m int) float64 {
	p := alpha / float64(m)
	low, high := 0.0, 20.0
	for range 100 {
		mid := (low + high) / 2
		if math.Erfc(mid/math.Sqrt2) > p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
