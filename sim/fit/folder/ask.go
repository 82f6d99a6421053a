package folder

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/decide/value"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
	"windfall/sim/store"
)

// Kind is the command whose answer the folder of a fit holds.
const Kind = "fit"

// Ahead is how many weeks after the history are forecast.
const Ahead = 52

// Options say how a folder is fitted.
type Options struct {
	Share    string // of the firms, as 0.1 or 10%; "": as many as keep the fit within its time
	HoldBack string // how many periods the back-test predicts; "": a quarter
	Seed     string // "": that of the plan
	Workers  int
	Force    bool // replace a plan that was edited
}

// Fit is the fit of a folder.
type Fit struct {
	Company *company.Company
	Ask     *fit.Ask
	Notes   []string             // what is worth knowing before anything is run
	Answer  *learned.Fit         // once it was run
	Budgets *value.BudgetsAnswer // likewise: what to measure next; nil: the plan has no budget to decide on
	idle    bool                 // people of the part of the market could do more than twice the work of those of the plan
	next    *plan.Plan           // the plan that will be written, with numbers as they are known before the fit
}

// Results is the folder of the answer.
func (f *Fit) Results() string { return filepath.Join(f.Company.Dir, Results) }

// Next are the commands that come next.
func (f *Fit) Next() []string {
	file := store.ShellLine([]string{filepath.Join(f.Company.Dir, PlanFile)})
	next := []string{"windfall run " + file, "windfall respond " + file, "windfall sensitivity " + file}
	if b := f.Budgets; b != nil && b.Worth && len(b.Inputs[0].Budgets) > 0 {
		on := store.ShellLine([]string{b.Inputs[0].Budgets[0]})
		next = append(next, fmt.Sprintf("windfall experiment %s --design pulse --on %s", file, on))
	}
	return next
}

// shareOf reads a share: 0.1 or 10%.
func shareOf(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	number, percent := strings.CutSuffix(text, "%")
	x, err := strconv.ParseFloat(number, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x > 0 && x <= 1) {
		return 0, &fit.ProblemError{Part: "--share " + text, Problem: "a part of the firms is needed, such as 0.1 or 10%"}
	}
	return x, nil
}

// lastPeriods reads how many periods of a history the back-test predicts. What is left is as long as the shortest
// history that can be fitted; 0: a quarter.
func lastPeriods(text string, h *company.History) (int, error) {
	if text == "" {
		return 0, nil
	}
	unit, left := "weeks", company.LeastWeeks
	if h.Monthly {
		unit, left = "months", company.LeastMonths
	}
	wrong := func(format string, args ...any) error {
		return &fit.ProblemError{Part: "--hold-back " + text, Problem: fmt.Sprintf(format, args...)}
	}
	n, err := strconv.Atoi(text)
	if most := len(h.Periods) - left; most < 1 {
		return 0, wrong("the history has %d %s, and at least %d must be left to learn from; leave --hold-back out",
			len(h.Periods), unit, left)
	} else if err != nil || n < 1 || n > most {
		return 0, wrong("a whole number of %s is needed, from 1 to %d: at least %d of %d must be left to learn from",
			unit, most, left, len(h.Periods))
	}
	return n, nil
}

// fewestPeople of a team in a part of the market, who work as one: where they were fewer, that one could do more than
// twice their work, and budgets would look better or worse than they are.
const fewestPeople = 0.5

// Open reads a folder and makes ready what is asked. What is wrong with the folder is an error of
// company.Problems; an edited plan is refused before anything is run.
func Open(dir string, o Options) (*Fit, error) {
	part, err := shareOf(o.Share)
	if err != nil {
		return nil, err
	}
	c, problems := company.Read(dir)
	wrong, notes := company.Split(problems)
	if len(wrong) > 0 {
		return nil, company.Problems(wrong)
	}
	last, err := lastPeriods(o.HoldBack, &c.History)
	if err != nil {
		return nil, err
	}
	s, err := c.Scenario(company.PlanOptions{Replay: true}, seeded(o.Seed)...)
	if err != nil {
		return nil, err
	}
	f := &Fit{Company: c}
	if err := f.writable(o.Force); err != nil {
		return nil, err
	}
	for _, n := range notes {
		f.Notes = append(f.Notes, n.Error())
	}
	if cash := c.CashAtStart(); cash < 0 {
		s.Plan.Finance.OpeningCash = cash // an overdraft: the plan of a history never runs out of money
	}
	s.Plan.Schedules = fit.Joined(s.Plan.Schedules, c.After(Ahead))
	h := c.History
	a := &fit.Ask{Plan: s.Plan, History: &h, Evidence: c.Evidence, Share: part, Ahead: Ahead,
		LastPeriods: last, Seed: uint64(s.Plan.Run.Seed), Workers: o.Workers}
	if a.Share == 0 {
		a.Share = share(s.Plan)
	}
	f.lookAtPeople(s.Plan, a.Share)
	if a.Share < 1 && h.Cash != nil {
		h.Cash = nil
		f.Notes = append(f.Notes, fmt.Sprintf("%.3g%% of the firms are simulated, whose cash is no part of the "+
			"company's: the column cash is not compared", 100*a.Share))
	}
	kinds := map[string]string{}
	for _, ch := range c.Channels {
		kinds[ch.Name] = ch.Kind
	}
	a.Unknowns = curved(fit.Defaults(s.Plan, &h, kinds), s.Plan, c.Curves)
	if len(a.Unknowns) == 0 {
		return nil, &fit.ProblemError{Part: filepath.Join(dir, "history.csv"),
			Problem: "nothing in it can teach a number of the " +
				"plan; write leads, sign-ups or customers won beside spend, or customers won and churned"}
	}
	f.Ask = a
	next, err := c.Scenario(company.PlanOptions{Fitted: &company.Fitted{Middle: f.middle}})
	if err != nil {
		return nil, err // said before the fit is run
	}
	f.next = next.Plan
	return f, nil
}

// lookAtPeople notes teams of whom a part of the firms needs less than one person.
func (f *Fit) lookAtPeople(p *plan.Plan, share float64) {
	for i := range p.Teams {
		t := &p.Teams[i]
		if t.Kind != "people" || t.People*share >= 1 {
			continue
		}
		note := fmt.Sprintf("%.3g%% of the firms need less than one person of team %s, who is less busy in the fit than in "+
			"the plan: if that team is near its limit, its win rate and the forecast come out too low", 100*share, t.Name)
		if t.People*share < fewestPeople {
			f.idle, note = true, note+"; so budgets are not looked at: take a larger --share"
		}
		f.Notes = append(f.Notes, note)
	}
}

// curved gives unknowns the intervals that another tool found of a channel's curve, around the numbers of the plan,
// which has them.
func curved(unknowns []learned.Unknown, p *plan.Plan, curves []company.Curve) []learned.Unknown {
	at := slices.IndexFunc(unknowns, func(u learned.Unknown) bool { return u.Kind == learned.Saturation })
	var own []learned.Unknown
	with := map[string]bool{}
	for _, c := range curves {
		if x := c.HalfSaturation; at >= 0 && spends(unknowns, c.Channel) && x.Low > 0 && x.High > x.Low {
			own = append(own, learned.Unknown{Name: "saturation." + c.Channel, Kind: learned.Saturation, Of: []string{c.Channel},
				Prior: around(x)})
			with[c.Channel] = true
		}
		for i := range unknowns {
			if u := &unknowns[i]; u.Name == "carry-over."+c.Channel && c.HalfLife.Low > 0 && c.HalfLife.High > c.HalfLife.Low {
				u.Prior = around(c.HalfLife)
			}
		}
	}
	if len(own) == 0 {
		return unknowns
	}
	var others []string
	for i := range p.Channels {
		if name := p.Channels[i].Name; !with[name] && spends(unknowns, name) {
			others = append(others, name)
		}
	}
	if unknowns[at].Of = others; len(others) == 0 {
		unknowns = slices.Delete(unknowns, at, at+1)
	}
	return append(unknowns, own...)
}

// spends says whether the saturation of a channel can be asked for: its touch rate is an unknown, and it captures no
// demand.
func spends(unknowns []learned.Unknown, channel string) bool {
	has := func(kind learned.Kind) bool {
		return slices.ContainsFunc(unknowns, func(u learned.Unknown) bool {
			return u.Kind == kind && slices.Contains(u.Of, channel)
		})
	}
	return has(learned.Level) && !has(learned.Capture)
}

// around is the prior of an interval around its own middle.
func around(x company.Interval) learned.Prior {
	by := math.Sqrt(x.High / x.Low)
	return fit.Between(1/by, by, "your curves.csv")
}

// affordable is about how many buyers come into the market in a run whose fit takes the CPU time of 2,500
// replications of metro: those of metro's own 52 weeks, burn-in included, over 104 (docs/fit.md, large markets). A
// fit may take slower times that, some ten minutes, where fewer firms would leave a team with less than fewPeople:
// the queue of a few people is not that of one, at the same load.
const (
	affordable = 200_000
	slower     = 6
	fewPeople  = 3
)

// leastFirms are simulated whatever it costs.
const leastFirms = 500

// share is the part of the firms that keeps a fit within its time: all, or one in a whole number.
func share(p *plan.Plan) float64 {
	in := buyers(p)
	parts := math.Ceil(in / affordable)
	for t := range p.Teams {
		if team := &p.Teams[t]; team.Enabled && team.Kind == "people" && team.People > 0 {
			parts = min(parts, max(math.Floor(team.People/fewPeople), math.Ceil(in/(slower*affordable))))
		}
	}
	parts = min(parts, math.Floor(p.Population.Firms/leastFirms))
	return 1 / max(1, parts)
}

// buyers are about how many firms come into the market in a run.
func buyers(p *plan.Plan) (sum float64) {
	years := (p.Run.Weeks + p.Opening.BurnInWeeks) / plan.WeeksPerYear
	for s := range p.Population.Sizes {
		rate := 0.0
		for _, t := range p.Triggers {
			switch {
			case !t.Enabled:
			case t.Kind == "ageing":
				rate += 1 / t.LifeYears[s]
			case t.Kind == "event":
				rate += t.RatePerYear[s]
			}
		}
		sum += float64(p.Population.Firms * p.Population.Sizes[s].Share * rate * years)
	}
	return sum
}
