package search

import (
	"errors"

	"windfall/sim/analysis"
)

// Trial is the first replications of the n-th plan, whose levers are at X.
type Trial struct {
	N            int
	X            []float64
	Replications int
}

// Race scores plans with as few replications as will do: what lies behind the best
// plan so far after a sixth or a third of its replications is run no further.
type Race struct {
	Objective    *Objective
	Constraints  []*Constraint
	Replications int // of a plan that is not given up
	Judged       int // replications on which the constraints will be judged
	// Run runs trials, none of which waits for another.
	Run func(trials ...Trial) ([]*analysis.Sample, error)

	// Used counts the replications of all plans that were scored, Scored is those of the last.
	Used   int
	Scored *analysis.Sample

	leader *analysis.Sample
	ahead  Score
	kept   map[lap]*analysis.Sample // what ran ahead of its turn
}

// lap is so many replications of the n-th plan.
type lap struct{ n, replications int }

// errNotRun is of what has yet to be run.
var errNotRun = errors.New("it was not run")

// Ahead runs what Score will ask for of plans that are scored next, the first of them the n-th, many of them at once.
// What a plan is run for may depend on the plan that is ahead then, so that is asked again after each round; a plan
// that takes the lead in the meantime can make a trial idle, and never a score another one.
func (r *Race) Ahead(n int, xs [][]float64) error {
	r.kept = map[lap]*analysis.Sample{}
	for {
		var wanted []Trial
		dry := *r
		dry.Run = func(trials ...Trial) ([]*analysis.Sample, error) {
			wanted = append(wanted, trials...)
			return nil, errNotRun
		}
		for i, x := range xs {
			if _, err := dry.Score(n+i, x); err != nil && !errors.Is(err, errNotRun) {
				return err
			}
		}
		if len(wanted) == 0 {
			return nil
		}
		samples, err := r.Run(wanted...)
		if err != nil {
			return err
		}
		for i, t := range wanted {
			r.kept[lap{t.N, t.Replications}] = samples[i]
		}
	}
}

// run gives the first replications of a plan.
func (r *Race) run(n int, x []float64, replications int) (*analysis.Sample, error) {
	if s := r.kept[lap{n, replications}]; s != nil {
		return s, nil
	}
	samples, err := r.Run(Trial{n, x, replications})
	if err != nil {
		return nil, err
	}
	return samples[0], nil
}

// fewest is the number of replications that a plan is given up on at least.
const fewest = 10

// laps are the parts of the replications after which a plan is given up, and how
// many standard errors behind it has to be then. That is not much: a good plan
// that is given up by bad chance has a score all the same, and there are others near
// it. So most of the replications go to plans that may be the best.
var laps = []struct {
	part   int
	behind float64
}{{6, 2.5}, {3, 1}}

// Score gives the score of a plan.
func (r *Race) Score(n int, x []float64) (Score, error) {
	for _, lap := range laps {
		few := r.Replications / lap.part
		if r.leader == nil || few < fewest || !r.Objective.Adds() {
			continue
		}
		s, err := r.run(n, x, few)
		if err != nil {
			return Score{}, err
		}
		d, err := r.Objective.Difference(leaveOut(r.leader, few, r.leader.N), s)
		if err != nil {
			return Score{}, err
		}
		if r.Objective.Less {
			d.Value = -d.Value
		}
		if d.Value+lap.behind*d.Error < 0 {
			r.Used, r.Scored = r.Used+few, s
			slack, err := Slack(r.Constraints, s, r.Judged)
			return Score{r.ahead.Value + d.Value, slack}, err
		}
	}
	s, err := r.run(n, x, r.Replications)
	if err != nil {
		return Score{}, err
	}
	r.Used, r.Scored = r.Used+r.Replications, s
	score, err := r.score(s, r.Judged)
	if err == nil && score.Slack >= 0 && (r.leader == nil || score.Better(r.ahead)) {
		r.leader, r.ahead = s, score
	}
	return score, err
}

// score is the score of a sample.
func (r *Race) score(s *analysis.Sample, judged int) (Score, error) {
	value, err := r.Objective.Value(s)
	if err != nil {
		return Score{}, err
	}
	slack, err := Slack(r.Constraints, s, judged)
	return Score{value, slack}, err
}

// Choose names the best of samples that had no part in the search. Constraints
// count as met by what each sample itself can tell.
func (r *Race) Choose(samples []*analysis.Sample) (best int, err error) {
	var ahead Score
	for i, s := range samples {
		score, err := r.score(s, s.N)
		if err != nil {
			return 0, err
		}
		if i == 0 || score.Better(ahead) {
			best, ahead = i, score
		}
	}
	return best, nil
}
