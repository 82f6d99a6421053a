package fit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// How much is run: docs/fit.md says why.
const (
	noiseRuns  = 40
	ensemble   = 150 // of a round
	rounds     = 3   // of the ensemble smoother; its alpha is their number
	mostExtra  = 3   // further rounds at draws of the posterior, widened
	lastRounds = 3   // that the emulator is fitted to: those before were farther from the answer
	widened    = 1.3
	draws      = 1000
	checked    = 100  // draws that are run to be held against the history, and forward
	mostMisses = 1.15 // variance of what the emulator misses against chance, up to which it is good enough
	mostMoved  = 0.2  // standard deviations by which a mean may move in a further round
)

// ModelError is what the engine is taken to miss, beside chance.
type ModelError struct {
	Channel float64 // log-sd of what a channel brings, for good
	Market  float64 // log-sd of what all channels bring in a calendar month
}

// UsualError is the model error of a real history: an assumption of 5% each. A synthetic one has none.
var UsualError = ModelError{0.05, 0.05}

// Ask is what is to be fitted.
type Ask struct {
	// Plan is the plan of the company as it is known: its market, products, teams, and the opening state of the first
	// day of the history.
	Plan     *plan.Plan
	History  *company.History
	Heads    map[string][]float64 // people by team and period; of other teams the plan's
	Unknowns []learned.Unknown
	Evidence []company.Evidence
	Errors   *ModelError // nil: UsualError

	// Share is the part of the firms on which the fit is run, for large markets: a hundredth of a national one is still
	// tens of thousands. 0: all.
	Share float64
	// Ahead is how many weeks after the history are forecast, with the spend of the same weeks a year before, or what
	// Future says; 0: none. NoBackTest leaves out what predicts the end of the history from the time before; LastPeriods
	// is how many periods it predicts, 0: a quarter.
	Ahead       int
	Future      []plan.Schedule
	NoBackTest  bool
	LastPeriods int
	// HoldBack is how many periods at the end of the history nothing is learned from but what was spent: they are
	// predicted, in place of the last quarter, by a fit that never saw them. Who makes the plan should not have seen
	// them either. 0: none.
	HoldBack int

	Seed     uint64
	Workers  int    // 0: one per CPU
	Keeper   Keeper // nil: nothing is kept
	Progress func(done, atMost int)
}

// MostRuns is the number of runs that a fit makes at most, each of the length of the history (those that are run
// forward somewhat longer), with one more run for each piece of evidence from its first day on.
func (a *Ask) MostRuns() int {
	n := 1 + noiseRuns + (rounds+mostExtra)*ensemble + checked
	if !a.NoBackTest && a.HoldBack == 0 {
		n += checked
	}
	return n
}

// fitting is a fit in work.
type fitting struct {
	ask       *Ask
	wrong     ModelError
	plan      *plan.Plan // of the history, of a share of the market
	share     float64
	layout    *layout
	data      []float64 // of the layout; what is held back is NaN
	seen      []float64 // the same with what is held back
	cut       int       // the first period that is held back
	at        *export.Panel
	numbers   []number
	tests     []test
	changes   []plan.Change
	runner    *runner
	list      []summary
	y         []float64
	noise     *mat.SymDense
	noisy     [][]float64        // series of the runs at the centre
	off       map[string]float64 // variance of what summaries are off by, of those that no values of unknowns make
	unlike    float64            // factor on the variance of all errors
	far       [][]float64        // series and unknowns of the runs near the answer
	near      [][]float64
	emulator  *emulator
	posterior *gaussian
	answer    *learned.Answer
	done      int
}

// Run fits. If ctx ends, what single runs gave is kept by the Keeper.
func (a *Ask) Run(ctx context.Context) (*learned.Answer, error) {
	f, err := a.begin()
	if err != nil {
		return nil, err
	}
	z, err := f.smooth(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.narrow(ctx, z); err != nil {
		return nil, err
	}
	f.estimates()
	if err := f.check(ctx); err != nil {
		return nil, err
	}
	if !a.NoBackTest && a.HoldBack == 0 {
		if err := f.backTest(ctx); err != nil {
			return nil, err
		}
	}
	f.answer.Runs = f.done
	return f.answer, nil
}

// begin checks what is asked and makes it ready.
func (a *Ask) begin() (*fitting, error) {
	f := &fitting{ask: a, share: cmp.Or(a.Share, 1), answer: &learned.Answer{}, done: 1}
	if !(f.share > 0 && f.share <= 1) {
		return nil, problem("share", "%g: a part of the firms is above 0 and at most 1", a.Share)
	}
	if f.wrong = UsualError; a.Errors != nil {
		f.wrong = *a.Errors
	}
	if w := f.wrong; !(w.Channel >= 0 && w.Channel <= 1 && w.Market >= 0 && w.Market <= 1) {
		return nil, problem("model error", "%g and %g: each lies between 0 and 1", w.Channel, w.Market)
	}
	if err := checkUnknowns(a.Plan, a.Unknowns); err != nil {
		return nil, err
	}
	p, err := History(a.Plan, a.History, a.Heads)
	if err != nil {
		return nil, err
	}
	if f.share < 1 {
		p = Smaller(p, f.share)
		f.share = p.Population.Firms / a.Plan.Population.Firms
	}
	f.plan = p
	if err := f.read(); err != nil {
		return nil, err
	}
	for i := range a.Evidence {
		t, c, err := newTest(p, a.History, &a.Evidence[i])
		if err != nil {
			return nil, err
		}
		f.tests, f.changes = append(f.tests, t), append(f.changes, c)
	}
	if f.at, err = export.Observe(p, 0); err != nil {
		return nil, err
	}
	if f.numbers, err = bind(p, a.Unknowns, f.at); err != nil {
		return nil, err
	}
	if f.runner, err = f.newRunner(f.layout, p, f.tests, f.changes); err != nil {
		return nil, err
	}
	f.list = newSummaries(f.layout, p, a.History, f.data, f.cut, f.at, a.Unknowns, f.tests)
	f.y = values(f.list, observed(f.data, f.tests))
	return f, nil
}

// read takes the numbers of the history, and those from which something may be learned.
func (f *fitting) read() error {
	a := f.ask
	f.layout, f.seen = newLayout(f.plan, a.History)
	n := len(f.layout.periods)
	if f.cut = n - a.HoldBack; a.HoldBack < 0 || a.HoldBack > 0 && f.cut < 2 {
		return problem("held back", "%d of %d periods: at least 2 must be left to learn from", a.HoldBack, n)
	}
	if a.LastPeriods < 0 || a.LastPeriods > n-2 && a.LastPeriods > 0 {
		return problem("back-test", "%d of %d periods: at least 2 must be left to learn from", a.LastPeriods, n)
	}
	known := 0
	f.data = slices.Clone(f.seen)
	for k := range f.data {
		if k%n >= f.cut {
			f.data[k] = math.NaN()
		} else if f.data[k] == f.data[k] {
			known++
		}
	}
	if known == 0 {
		return problem("history", "it has no leads, sign-ups, customers or revenue: there is nothing to learn from")
	}
	for i := range a.Evidence {
		if e := &a.Evidence[i]; a.HoldBack > 0 && e.Until > f.layout.periods[f.cut].From {
			return problem("evidence "+e.Name, "it lies in the periods that are held back, from %s on",
				f.layout.periods[f.cut].From)
		}
	}
	return nil
}

// newRunner makes a runner of members that live the plan.
func (f *fitting) newRunner(l *layout, p *plan.Plan, tests []test, changes []plan.Change) (*runner, error) {
	r := &runner{layout: l, share: f.share, seed: f.ask.Seed, workers: f.ask.Workers, numbers: f.numbers, tests: tests,
		keeper: f.ask.Keeper}
	if f.ask.Progress != nil {
		r.done = func() { f.ask.Progress(f.done+r.ran, f.ask.MostRuns()) }
	}
	return r, r.prepare(p, changes)
}

// run runs members at some standard values of the unknowns, and gives their series.
func (f *fitting) run(ctx context.Context, r *runner, name string, z [][]float64) ([][]float64, error) {
	all := make([]member, len(z))
	for i := range z {
		all[i].x = f.x(z[i])
	}
	r.ran = 0
	if err := r.run(ctx, name, all); err != nil {
		return nil, err
	}
	f.done += len(z)
	out := make([][]float64, len(z))
	for i := range z {
		out[i] = all[i].series
	}
	return out, nil
}

// x turns standard units into values of the unknowns.
func (f *fitting) x(z []float64) []float64 {
	out := make([]float64, len(z))
	for i := range z {
		p := &f.ask.Unknowns[i].Prior
		out[i] = p.Mean + float64(p.SD*z[i])
	}
	return out
}

// key is where the fit draws, by name.
func (f *fitting) key(name string) rng.Key {
	return rng.Root(f.ask.Seed, 0).Child(rng.Label("fit " + name))
}

// draw is one of the draws of a name from what is known.
func (f *fitting) draw(g *gaussian, name string, number int, wide float64) []float64 {
	labels := make([]uint64, len(f.ask.Unknowns))
	for i := range labels {
		labels[i] = rng.Label(f.ask.Unknowns[i].Name)
	}
	return g.draw(f.key(name).Child(uint64(number)), labels, wide)
}

// summed are the summaries of some series.
func summed(list []summary, series [][]float64) [][]float64 {
	out := make([][]float64, len(series))
	for i := range series {
		out[i] = values(list, series[i])
	}
	return out
}

// prior is the first ensemble: a Latin hypercube of the priors.
func (f *fitting) prior() [][]float64 {
	out, u := make([][]float64, ensemble), make([]float64, ensemble)
	for i := range f.ask.Unknowns {
		rng.Hypercube(f.ask.Seed, 0, rng.Label("fit prior "+f.ask.Unknowns[i].Name), ensemble, u)
		for m := range out {
			out[m] = append(out[m], snap(rng.NormalQuantile(u[m])))
		}
	}
	return out
}

// smooth runs the rounds of the ensemble smoother, and gives the members after the last.
func (f *fitting) smooth(ctx context.Context) ([][]float64, error) {
	centre := make([][]float64, noiseRuns)
	for i := range centre {
		centre[i] = make([]float64, len(f.ask.Unknowns))
	}
	var err error
	if f.noisy, err = f.run(ctx, f.runner, "noise", centre); err != nil {
		return nil, err
	}
	f.noise = noiseOf(summed(f.list, f.noisy))
	z := f.prior()
	var labels []uint64
	for s := range f.list {
		labels = append(labels, rng.Label(f.list[s].name))
	}
	for k := 1; k <= rounds; k++ {
		series, err := f.run(ctx, f.runner, fmt.Sprintf("round %d", k), z)
		if err != nil {
			return nil, err
		}
		g := summed(f.list, series)
		if k > 1 {
			f.keep(z, series)
		} else {
			f.misfit(g)
		}
		z = update(z, g, f.y, f.extra(rounds, f.unlike), f.key(fmt.Sprintf("round %d", k)), labels)
	}
	return z, nil
}

// extra is what is added to the covariance of members at the first of some steps of the smoother, where the variance of
// all errors is taken some times: members carry the chance of one run each.
func (f *fitting) extra(steps int, times float64) *mat.SymDense {
	return f.errors(f.list, f.data, scaled(f.noise, f.factors(f.list, func(share float64) float64 {
		return max(0, float64(times*(float64(steps)*share))-1)
	})), float64(steps)*times)
}

// keep takes a round to those to which the emulator is fitted.
func (f *fitting) keep(z, series [][]float64) {
	f.near, f.far = append(f.near, z...), append(f.far, series...)
	if n := len(f.near) - lastRounds*ensemble; n > 0 {
		f.near, f.far = f.near[n:], f.far[n:]
	}
}

// factors are those on the variance of each summary's chance in a run: that of the history is of more firms, and that
// of evidence is in its interval.
func (f *fitting) factors(list []summary, of func(share float64) float64) []float64 {
	out := make([]float64, len(list))
	for s := range list {
		out[s] = of(f.share)
		if list[s].test >= 0 {
			out[s] = of(0)
		}
	}
	return out
}

// errors adds to a covariance of chance what evidence and the model may be wrong by, so many times.
func (f *fitting) errors(list []summary, data []float64, chance *mat.SymDense, times float64) *mat.SymDense {
	out := mat.NewSymDense(len(list), nil)
	out.CopySym(chance)
	for s := range list {
		if list[s].test >= 0 {
			out.SetSym(s, s, out.At(s, s)+times)
		}
		if off, ok := f.off[list[s].name]; ok {
			out.SetSym(s, s, out.At(s, s)+float64(times*off))
		}
	}
	for _, j := range f.directions(list, data) {
		out.SymRankOne(out, times, mat.NewVecDense(len(j), j))
	}
	return out
}

// directions are by how much each error of the model, of one standard deviation, moves the summaries.
func (f *fitting) directions(list []summary, data []float64) (out [][]float64) {
	const step = 0.01
	at := values(list, observed(data, f.tests))
	move := func(sd float64, moves func(s learned.Series, period int) bool) {
		if sd == 0 {
			return
		}
		moved := slices.Clone(data)
		n := len(f.layout.periods)
		for k := range moved {
			if moves(f.layout.series[k/n], k%n) {
				moved[k] *= 1 + step
			}
		}
		to := values(list, observed(moved, f.tests))
		for s := range to {
			to[s] = (to[s] - at[s]) * (sd / step)
		}
		out = append(out, to)
	}
	for i := range f.ask.History.Channels {
		name := f.ask.History.Channels[i].Name
		move(f.wrong.Channel, func(s learned.Series, _ int) bool { return s.Channel == name })
	}
	for _, month := range months(f.layout.periods) {
		move(f.wrong.Market, func(s learned.Series, period int) bool {
			return f.layout.ofMarket(s) && slices.Contains(month, period)
		})
	}
	return out
}

// ofMarket says of a series whether what all firms in the market do moves the series at once; of revenue where that is
// all that is seen of them.
func (l *layout) ofMarket(s learned.Series) bool {
	switch s.Outcome {
	case company.Leads, company.Signups, company.Won:
		return true
	case company.Revenue:
		return l.revenueAlone
	}
	return false
}

// months groups periods by the calendar month in which they begin.
func months(periods []company.Period) (out [][]int) {
	last := -1
	for i, p := range periods {
		y, m, _ := p.From.YMD()
		if at := 12*y + m; at != last {
			out, last = append(out, nil), at
		}
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	return out
}

// narrow fits the emulator, and adds rounds until it is good enough. z are the members after the rounds of the
// smoother.
func (f *fitting) narrow(ctx context.Context, z [][]float64) error {
	_, before := centred(rows(z))
	for k := 1; ; k++ {
		f.emulate()
		moved := 0.0
		for i := range before {
			moved = max(moved, math.Abs(f.posterior.mean[i]-before[i])/f.posterior.sd(i))
		}
		f.answer.Moved, before = moved, f.posterior.mean
		if k > mostExtra || f.answer.Misses <= mostMisses && moved <= mostMoved {
			return nil
		}
		name := fmt.Sprintf("extra %d", k)
		z := make([][]float64, ensemble)
		for m := range z {
			z[m] = f.draw(f.posterior, name, m, widened)
		}
		series, err := f.run(ctx, f.runner, name, z)
		if err != nil {
			return err
		}
		f.keep(z, series)
		f.answer.Extra = k
	}
}

// emulate fits the emulator to all runs near the answer, and gives the posterior.
func (f *fitting) emulate() {
	f.emulator = emulate(f.near, summed(f.list, f.far))
	f.answer.Misses = f.emulator.ratio(f.noise)
	f.posterior = f.given(f.emulator, f.list, f.data, f.y, f.answer.Misses)
}

// given is the posterior of an emulator of some summaries.
func (f *fitting) given(e *emulator, list []summary, data, y []float64, misses float64) *gaussian {
	return e.posterior(y, f.uncertain(e, list, data, misses))
}

// uncertain is the covariance of what the summaries of the history may be off from the emulator.
func (f *fitting) uncertain(e *emulator, list []summary, data []float64, misses float64) *mat.SymDense {
	chance := (1 - e.used) / max(1, misses)
	v := scaled(e.v, f.factors(list, func(share float64) float64 {
		return float64(f.unlike * (float64(chance*share) + 1 - chance))
	}))
	return f.errors(list, data, v, f.unlike)
}

// Identity says what the runs of a fit depend on: what a Keeper keeps of another is not taken.
func (a *Ask) Identity() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%v\n%v\n%v\n%x\n%d\n", scenarios.Digest(a.Plan), *a.History, a.Heads, a.Unknowns, a.Share, a.Seed)
	wrong := UsualError
	if a.Errors != nil {
		wrong = *a.Errors
	}
	fmt.Fprintf(h, "%v\n%v\n%d\n%v\n%d\n", a.Evidence, wrong, a.Ahead, a.Future, a.HoldBack)
	if a.LastPeriods > 0 { // which draws are run follows from it
		fmt.Fprintf(h, "back-test %d\n", a.LastPeriods)
	}
	return hex.EncodeToString(h.Sum(nil))
}
