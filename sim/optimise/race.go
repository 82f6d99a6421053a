package optimise

import (
	"windfall/sim/analysis"
)

// Race scores plans with as few replications as will do: what lies behind the best
// plan so far after a sixth or a third of its replications is run no further.
type Race struct {
	Objective    *Objective
	Constraints  []*Constraint
	Replications int // of a plan that is not given up
	Judged       int // replications on which the constraints will be judged
	// Run runs the first replications of the n-th plan, whose levers are at x.
	Run func(n int, x []float64, replications int) (*analysis.Sample, error)

	// Used counts the replications of all plans that were scored.
	Used int

	leader *analysis.Sample
	ahead  Score
}

// fewest is the number of replications that a plan is given up on at least.
const fewest = 10

// laps are the parts of the replications after which a plan is given up, and how
// many standard errors behind it has to be then. That is not much: a good plan
// that is given up by bad luck has a score all the same, and there are others near
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
		s, err := r.Run(n, x, few)
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
			r.Used += few
			slack, err := Slack(r.Constraints, s, r.Judged)
			return Score{r.ahead.Value + d.Value, slack}, err
		}
	}
	s, err := r.Run(n, x, r.Replications)
	if err != nil {
		return Score{}, err
	}
	r.Used += r.Replications
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
