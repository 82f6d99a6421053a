// Package decide is the ground that all questions stand on: what an ask, a design
// and an answer are. Each question has a package of its own below this one.
//
//	Ask              what is asked: a plan and numbers with units, checked
//	Design(ask)      the settings to run and the measures to keep of each
//	Answer(ask, p)   what the panel of those says: numbers with errors, a verdict,
//	                 warnings and next steps, all of it data
//
// Nothing here reads flags or files, prints or draws, or runs a replication (but package
// why, which runs one again), so an answer can be had of a panel whose truth is known, and
// in a browser.
package decide

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// A Setting is one of the plans that are run with the same random numbers.
type Setting struct {
	Name string
	Plan *plan.Plan
}

// A Design is what is to be run for an answer, and what is to be kept of it.
type Design struct {
	Settings     []Setting
	Measures     []panel.Leaf
	Replications int // of each setting; in Rounds at most
	// Rounds is how the design goes on until it says enough; nil: all replications are run.
	Rounds *Rounds
	// SeedsPerDraw is the number of neighbouring replications that share one draw of the
	// uncertain inputs; 0 or 1: none do.
	SeedsPerDraw int
	Seed         uint64
	// At gives replication i its inputs, on the scale of probabilities in the order of
	// model.Prepared.Inputs, and the address of its chance; nil: drawn. Points names what
	// it gives.
	At     func(i int, inputs []float64) (chance int)
	Points string
	// Asked is what of an ask neither settings, measures nor replications show.
	Asked []string
}

// DesignOf is the design of an ask that check finds nothing wrong with.
func DesignOf[C interface{ Designed() *Design }](check func() (C, error)) (*Design, error) {
	c, err := check()
	if err != nil {
		return nil, err
	}
	return c.Designed(), nil
}

// Given is an ask that check finds nothing wrong with, whose answer a panel holds all numbers for.
func Given[C interface{ Designed() *Design }](check func() (C, error), p *panel.Panel) (c C, err error) {
	if c, err = check(); err != nil {
		return c, err
	}
	return c, c.Designed().Kept(p)
}

// Keep adds measures to what is kept of a setting, each once.
func (d *Design) Keep(setting string, measures ...panel.Measure) {
	for _, m := range measures {
		if l := (panel.Leaf{Setting: setting, Measure: m}); !slices.Contains(d.Measures, l) {
			d.Measures = append(d.Measures, l)
		}
	}
}

// Kept says which measure of the design a panel lacks.
func (d *Design) Kept(p *panel.Panel) error {
	for _, l := range d.Measures {
		if p.Values(l) == nil {
			return fmt.Errorf("%s of %s was not kept", l.Measure, l.Setting)
		}
	}
	return nil
}

// AsksForMargin says whether something is asked of what comes after the last day.
func (d *Design) AsksForMargin() bool {
	return slices.ContainsFunc(d.Measures, func(l panel.Leaf) bool {
		return slices.Contains([]string{"lifetime_margin", "pipeline_margin", "carry_over_margin", panel.BusinessValue},
			l.Measure.Column)
	})
}

// Panel is one of given numbers in place of those that a run of the design gives: for
// tests with a known truth.
func (d *Design) Panel(replications int, of func(l panel.Leaf, replication int) float64) *panel.Panel {
	values := map[panel.Leaf][]float64{}
	for _, l := range d.Measures {
		v := make([]float64, replications)
		for i := range v {
			v[i] = of(l, i)
		}
		values[l] = v
	}
	return panel.NewPanel(analysis.Ties{SeedsPerDraw: d.SeedsPerDraw}, values)
}

// A Kind of verdict answers yes or no, or says that neither can be said.
type Kind string

// The kinds of verdicts.
const (
	Yes            Kind = "yes"
	No             Kind = "no"
	TooCloseToCall Kind = "too close to call" // the interval holds no difference
	NotApplicable  Kind = "not applicable"    // the question cannot be asked here
)

// A Verdict is the answer in one word; Why says what keeps it from being yes or no.
type Verdict struct {
	Kind Kind
	Why  string
}

// Gains is yes where an interval lies above 0, no where it lies below.
func Gains(e analysis.Estimate) Verdict {
	switch {
	case !e.Known():
		return Verdict{NotApplicable, e.Reason}
	case e.Low > 0:
		return Verdict{Kind: Yes}
	case e.High < 0:
		return Verdict{Kind: No}
	}
	return Verdict{TooCloseToCall, e.Short()}
}

// A Problem is what is wrong with an ask: which part of it (what, weeks, from), its
// value, and what would be right. Who reads the ask says how it is changed: the
// command line knows the part as --PART.
type Problem struct {
	Part  string
	Value string // empty: it is the part itself, whatever its value
	Wrong string
	Near  string // the known name that is nearest, if one is near
	// Low and High are the ends of what is allowed, where that is a range.
	Low, High string
	// Err is what reading the value came to; it says all there is to say.
	Err error
}

// Error implements error.
func (p *Problem) Error() string {
	text := p.Part
	if p.Err != nil {
		return text + " " + p.Err.Error()
	}
	if p.Value != "" {
		text += " " + p.Value
	}
	return text + ": " + p.Wrong + plan.DidYouMean(p.Near)
}

// Wrong is a problem without a known name that is near.
func Wrong(part, value, format string, args ...any) *Problem {
	return &Problem{Part: part, Value: value, Wrong: fmt.Sprintf(format, args...)}
}

// OfEdit is the problem of an ask for which no plan can be made; other errors stay as they are.
func OfEdit(err error) error {
	var e *edit.Error
	if !errors.As(err, &e) {
		return err
	}
	return &Problem{Part: e.Part, Value: e.Value, Wrong: e.Wrong, Near: e.Near}
}

// Unwrap gives the error of reading the value.
func (p *Problem) Unwrap() error { return p.Err }

// Invalid is a problem with a value that cannot be read.
func Invalid(part string, err error) *Problem { return &Problem{Part: part, Err: err} }

// Unknown is a problem with a name that is none of those that are known.
func Unknown(part, name, wrong string, known []string) *Problem {
	return &Problem{Part: part, Value: name, Wrong: wrong, Near: plan.Nearest(name, known)}
}

// UnknownOutcome is a problem with the name of an outcome that is none of those that are known.
func UnknownOutcome(part, name string, known []plan.Column) *Problem {
	return &Problem{Part: part, Value: name, Wrong: "there is no such outcome", Near: plan.NearestColumn(name, known)}
}

// A Warning is something that the reader of an answer must know.
type Warning interface{ warning() }

// FewRuns warns that an answer rests on few of something, and how many would do.
type FewRuns struct {
	Has, Enough int
	Of          string // pair, draw
	For         string // what they are too few for
	Part        string // of the ask that makes them more
}

// RuinSeen warns that the vendor goes out of business in some runs of a plan, or of
// that beside which it is set.
type RuinSeen struct {
	Plan, Base    string // names; empty where the question has one plan
	Weeks         int    // of what differs, where that is a length
	With, Without analysis.Estimate
}

// SaysOtherwise warns that another metric answers otherwise than the one that was asked.
type SaysOtherwise struct {
	Metric, Unit string
	Plan, Base   string
	Difference   analysis.Estimate
}

// LeftOut warns that something has no value in some runs, or rows of runs, which are
// left out.
type LeftOut struct {
	What    string // an outcome, or a condition
	Has, Of int
	Why     string
}

// NothingSpent warns that a plan spends nothing on some channels: multiples of that do
// not show what they would bring.
type NothingSpent struct{ Channels []string }

func (FewRuns) warning()       {}
func (LeftOut) warning()       {}
func (NothingSpent) warning()  {}
func (RuinSeen) warning()      {}
func (SaysOtherwise) warning() {}

// A Step is what one may ask next: another question of the same plan, or a lesson.
type Step struct {
	Question string // respond
	Lesson   string // L05
	// Changes of the plan, KEY=VALUE each, with which it is asked.
	Changes []string
	// Shock is the one under which the plan is asked about; empty: none.
	Shock string
	// All says that the question is asked of all plans that were set side by side.
	All bool
	// When is the condition that is asked about, and Replications how many are run;
	// empty and 0: as the question has it.
	When         string
	Replications int
	// Inside says that the plan is that whose inputs are drawn from the box that was found.
	Inside bool
	// Choose says of which replication of a run it is asked: worst, best.
	Choose string
	// Between are the plans of a choice: plan, or KEY=VALUE of its changes.
	Between []string
	// Metric is the one that is asked about; empty: as the question has it.
	Metric string
	// Vary is a number of the plan that takes several values; nil: none does.
	Vary *Varied
	// Amount is what is spent more, in one place at a time; 0: none is.
	Amount float64
}

// Weeks counts weeks: 1 week, 3 weeks.
func Weeks(n int) string {
	if n == 1 {
		return "1 week"
	}
	return fmt.Sprintf("%d weeks", n)
}

// startAmount is one to ask about where a plan spends nothing, of which there are no multiples.
const startAmount = 10_000

// Respond is the step that asks where the next dollar goes, in a way that a plan can answer.
func Respond(p *plan.Plan) Step {
	s := Step{Question: "respond"}
	set, err := edit.NewLevers(p, []string{edit.Media, edit.Brand}, nil, false)
	if err == nil && !slices.ContainsFunc(set.Levers, func(l edit.Lever) bool { return l.Spend > 0 }) {
		s.Amount = startAmount
	}
	return s
}

// Parts are those of the ask that a step sets, each with its values: the part when with a condition.
func (s *Step) Parts() (out [][]string) {
	if s.When != "" {
		out = append(out, []string{"when", s.When})
	}
	if len(s.Between) > 0 {
		out = append(out, append([]string{"decide"}, s.Between...))
	}
	if s.Amount > 0 {
		out = append(out, []string{"amount", plan.FormatNumber(s.Amount)})
	}
	if v := s.Vary; v != nil {
		times := ""
		if v.Times {
			times = "x"
		}
		out = append(out, []string{"vary", fmt.Sprintf("%s=%s%.4g..%s%.4g:%d", v.Key, times, v.Low, times, v.High, v.Values)})
	}
	if s.Question == "compare" && len(s.Changes) > 0 { // there a set acts on both plans
		out = append(out, []string{"plan", strings.Join(s.Changes, "; ")})
	} else {
		for _, c := range s.Changes {
			out = append(out, []string{"set", c})
		}
	}
	switch {
	case s.Metric != "" && s.Question == "sensitivity":
		out = append(out, []string{"outcome", s.Metric})
	case s.Metric != "":
		out = append(out, []string{"metric", s.Metric})
	}
	return out
}

// Varied is a key of a plan with the range over which it is moved.
type Varied struct {
	Key       string
	Times     bool // Low and High are multiples of what the plan has
	Low, High float64
	Values    int // how many, the ends among them
}

// Less is a - b, replication by replication.
func Less(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}

// FewPairs is the number of pairs below which numbers of parts of a run, quantiles in
// the tails and dominance are doubtful.
const FewPairs = 200

// Reduction is the variance of the difference of unpaired numbers over that of the paired
// one: what sharing chance saves.
func Reduction(a, b, difference analysis.Estimate) float64 {
	return (float64(a.Error*a.Error) + float64(b.Error*b.Error)) / float64(difference.Error*difference.Error)
}
