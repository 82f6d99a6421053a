package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

var columns = []plan.Column{
	{Name: "margin", Unit: "USD", Direction: plan.More},
	{Name: "cac", Unit: "USD", Direction: plan.Less, Over: "cost", Under: "won"},
	{Name: "cost", Unit: "USD", Direction: plan.Less},
	{Name: "won", Unit: "customers", Direction: plan.More},
	{Name: "out_of_business", Unit: "chance", Direction: plan.Less},
}

// sample holds values by column name.
func sample(values map[string][]float64) *analysis.Sample {
	s := &analysis.Sample{Columns: columns}
	for _, v := range values {
		s.N = len(v)
	}
	s.Outcome = func(i int) ([]float64, error) {
		v := values[columns[i].Name]
		if v == nil {
			return nil, fmt.Errorf("%s was not kept", columns[i].Name)
		}
		return v, nil
	}
	return s
}

func TestObjectives(t *testing.T) {
	s := sample(map[string][]float64{"margin": {4, 1, 3, 2, 5, 6, 7, 8, 9, 10}, "cost": {10, 20, 30, 40, 0, 0, 0, 0, 0, 0}, "won": {1, 2, 3, 4, 0, 0, 0, 0, 0, 0},
		"out_of_business": {0, 1, 0, 1, 0, 0, 0, 0, 0, 0}, "cac": make([]float64, 10)})
	for _, c := range []struct {
		metric, risk string
		want         float64
		adds         bool
	}{
		{"margin", "", 5.5, true},
		{"mean(margin)", "", 5.5, true},
		{"p50(margin)", "", 5.5, false},
		{"cac", "", -10, true}, // the lower the better
		{"P(out_of_business)", "", -0.2, false},
		{"P(not out_of_business)", "", 0.8, false},
		{"P(margin > 8)", "", 0.2, false},
		{"margin", "cvar:20%", 1.5, false},
		{"margin", "cvar:25%", (1 + 2 + 0.5*3) / 2.5, false},
		{"cost", "cvar:10%", -40, false}, // the worst are the dearest
	} {
		o, err := NewObjective(c.metric, c.risk, columns)
		require.NoError(t, err, c.metric)
		x, err := o.Value(s)
		require.NoError(t, err)
		require.InDelta(t, c.want, x, 1e-12, "%s %s", c.metric, c.risk)
		require.Equal(t, c.adds, o.Adds())
	}
	for risk, want := range map[string]string{"var:5%": "risk var:5%: cvar:5% is needed", "cvar:0%": "cvar:5% is needed", "cvar:5": "cvar:5% is needed"} {
		_, err := NewObjective("margin", risk, columns)
		require.ErrorContains(t, err, want)
	}
	_, err := NewObjective("p5(margin)", "cvar:5%", columns)
	require.ErrorContains(t, err, "p5(margin) is a statistic already")
}

// The interval of a paired difference covers the truth in 95% of studies: of a
// mean, of a ratio of totals, of a quantile, of a chance, and of the mean of the
// worst. All are of normal numbers whose truth is known.
func TestIntervalsOfDifferencesCover(t *testing.T) {
	const shift = 0.3
	studies, bootstrapped := 100, 100 // a bootstrap sorts each of its samples
	if os.Getenv("WINDFALL_VERIFY") == "1" {
		studies, bootstrapped = 2000, 400
	}
	tail := math.Exp(-1.6448536269514722*1.6448536269514722/2) / math.Sqrt(2*math.Pi) / 0.05 // mean of the worst 5%: -tail
	for _, c := range []struct {
		metric, risk string
		truth        float64
	}{
		{"margin", "", shift},
		{"p25(margin)", "", shift + 0.2*-0.6744897501960817},
		{"margin", "cvar:5%", shift - 0.2*tail},
		{"cac", "", 1},
		{"P(margin > 0.3)", "", 0.5 - 0.38208857781104733},
	} {
		o, err := NewObjective(c.metric, c.risk, columns)
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(5, 6))
		n := 400
		if o.Metric.P != 0 {
			n = bootstrapped
		}
		covered := 0
		for range studies {
			var side [2]*analysis.Sample
			a, b := make([]float64, n), make([]float64, n)
			won, costA, costB := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range a {
				a[i] = r.NormFloat64()
				b[i] = shift + 1.2*a[i] // the same chance, more of it
				won[i] = 20 + r.NormFloat64()
				costA[i] = 10*won[i] + r.NormFloat64()
				costB[i] = 11*won[i] + r.NormFloat64()
			}
			side[0] = sample(map[string][]float64{"margin": a, "won": won, "cost": costA, "cac": won})
			side[1] = sample(map[string][]float64{"margin": b, "won": won, "cost": costB, "cac": won})
			e, err := o.Difference(side[0], side[1])
			require.NoError(t, err)
			if e.Low <= c.truth && c.truth <= e.High {
				covered++
			}
		}
		share := float64(covered) / float64(studies)
		t.Logf("%s %s: %.1f%% covered", c.metric, c.risk, 100*share)
		require.InDelta(t, 0.95, share, 0.02+3*math.Sqrt(0.95*0.05/float64(studies)), c.metric)
	}
}

// Slack leaves room for what the hold-out will be unsure of.
func TestSlack(t *testing.T) {
	ruin := make([]float64, 60)
	ruin[3], ruin[9] = 1, 1
	s := sample(map[string][]float64{"out_of_business": ruin, "margin": make([]float64, 60)})
	c, err := NewConstraint("P(out_of_business) <= 10%", columns)
	require.NoError(t, err)
	e := analysis.Chance(2, 60)
	slack, err := Slack([]*Constraint{c}, s, 2000)
	require.NoError(t, err)
	require.InDelta(t, 0.1-2./60-(e.High-e.Low)/2*math.Sqrt(60./2000), slack, 1e-12)
	exact, err := Slack([]*Constraint{c}, s, 60)
	require.NoError(t, err)
	require.Less(t, exact, slack)
	none, err := Slack(nil, s, 2000)
	require.NoError(t, err)
	require.Zero(t, none)
	held, err := Hold([]*Constraint{c}, s)
	require.NoError(t, err)
	require.False(t, Met(held), "Wilson's interval reaches to %v", e.High)
}

// toRun runs plans of known worth on shared random numbers and a little of their own, and counts rounds.
func toRun(worth, shared []float64, rounds *int) func(trials ...Trial) ([]*analysis.Sample, error) {
	return func(trials ...Trial) (out []*analysis.Sample, err error) {
		if rounds != nil {
			*rounds++
		}
		for _, t := range trials {
			own := rand.New(rand.NewPCG(3, uint64(t.N)))
			v := make([]float64, t.Replications)
			for i := range v {
				v[i] = worth[t.N] + shared[i] + own.NormFloat64()
			}
			out = append(out, sample(map[string][]float64{"margin": v}))
		}
		return out, nil
	}
}

// Plans that are run ahead of their turn have the scores that they have one after the other, also where some take the
// lead on the way, in fewer rounds.
func TestPlansRunAheadHaveTheSameScores(t *testing.T) {
	o, err := NewObjective("margin", "", columns)
	require.NoError(t, err)
	chance := rand.New(rand.NewPCG(1, 2))
	shared, worth := make([]float64, 60), make([]float64, 40)
	for i := range shared {
		shared[i] = 5 * chance.NormFloat64()
	}
	for n := range worth {
		worth[n] = 10 + chance.NormFloat64() + 0.05*float64(n)
	}
	xs := make([][]float64, len(worth))
	var one, many int
	alone := Race{Objective: o, Replications: 60, Judged: 2000, Run: toRun(worth, shared, &one)}
	ahead := Race{Objective: o, Replications: 60, Judged: 2000, Run: toRun(worth, shared, &many)}
	for n := range worth {
		if n%8 == 0 {
			require.NoError(t, ahead.Ahead(n, xs[n:n+8]))
		}
		before := many
		want, err := alone.Score(n, nil)
		require.NoError(t, err)
		got, err := ahead.Score(n, nil)
		require.NoError(t, err)
		require.Equal(t, want, got, "plan %d", n)
		require.Equal(t, alone.Scored.N, ahead.Scored.N)
		require.Equal(t, before, many, "it was run")
	}
	require.Equal(t, alone.Used, ahead.Used)
	require.Less(t, 2*many, one, "rounds")
	t.Logf("%d rounds in place of %d", many, one)
}

// A plan behind the best one is given up after a part of its replications, and
// stands in the order where it belongs.
func TestPlansBehindAreGivenUp(t *testing.T) {
	o, err := NewObjective("margin", "", columns)
	require.NoError(t, err)
	chance := rand.New(rand.NewPCG(1, 2))
	shared := make([]float64, 60)
	for i := range shared {
		shared[i] = 5 * chance.NormFloat64()
	}
	worth := []float64{10, 2, 9.2, 12}
	r := Race{Objective: o, Replications: 60, Judged: 2000, Run: toRun(worth, shared, nil)}
	var scores []Score
	var used []int
	for n := range worth {
		before := r.Used
		s, err := r.Score(n, nil)
		require.NoError(t, err)
		scores, used = append(scores, s), append(used, r.Used-before)
	}
	require.Equal(t, []int{60, 10, 20, 60}, used, "far behind, a little behind, ahead")
	require.True(t, scores[3].Better(scores[0]) && scores[0].Better(scores[1]))
	require.InDelta(t, -8, scores[1].Value-scores[0].Value, 4*math.Sqrt(2./10), "against the best one on the same replications")
}

// The shortlist under constraints holds what lies farther inside, too.
func TestShortlist(t *testing.T) {
	at := func(x, value, slack float64) Point { return Point{[]float64{x}, Score{value, slack}} }
	points := []Point{at(0, 5, 0.1), at(1, 9, 0), at(2, 7, 0.05), at(3, 6, 0.02), at(1.01, 8.9, 0), at(4, 20, -0.1), at(5, math.NaN(), 1)}
	values := func(list []Point) (out []float64) {
		for _, p := range list {
			out = append(out, p.Value)
		}
		return out
	}
	require.Equal(t, []float64{9, 7, 5}, values(Shortlist(points, 6, true)))
	require.Equal(t, []float64{9, 5}, values(Shortlist(points, 2, true)))
	require.Equal(t, []float64{9, 7, 6}, values(Shortlist(points, 3, false)), "the one next to the best is no news")
}

// Levers off the common value get their reason.
func TestCommonValue(t *testing.T) {
	s := &Space{Levers: []Lever{{Name: "a", High: 3}, {Name: "b", High: 3}, {Name: "c", High: 3}, {Name: "d", High: 3, Steps: []float64{0, 1, 2, 3}}, {Name: "e", High: 3}}}
	around := func(value, err float64) analysis.Estimate {
		return analysis.Estimate{Value: value, Error: err, Low: value - 2*err, High: value + 2*err}
	}
	list := []Marginal{{"a", around(1, 0.1), 10, ""}, {"b", around(1.2, 0.2), 40, ""}, {"c", around(0.2, 0.1), 10, ""}, {"d", around(3, 0.2), 10, ""}, {"e", around(2.2, 0.3), 30, ""}}
	sum := func(weights []float64) (e analysis.Estimate, err error) {
		for i, w := range weights {
			e.Value += w * list[i].Dollar.Value
		}
		return e, nil
	}
	c, err := Common(list, s, []float64{1, 1, 0, 2, 1}, false, sum)
	require.NoError(t, err)
	// The free levers a, b and e by their dollars; how precise each is has no say.
	require.InDelta(t, (10*1+40*1.2+30*2.2)/80., c.Value, 1e-12)
	var reasons []string
	for _, m := range list {
		reasons = append(reasons, m.Reason)
	}
	require.Equal(t, []string{"noise", "", "bound", "whole people", "noise"}, reasons)

	// A bound is no reason where the lever could have moved to where its dollar brings more.
	for _, c := range []struct {
		at    float64 // of a lever whose dollar brings 0.2, less than the others
		less  bool
		third string
	}{{0, false, "bound"}, {3, false, "noise"}, {0, true, "noise"}, {3, true, "bound"}} {
		for i := range list {
			list[i].Reason = ""
		}
		_, err := Common(list, s, []float64{1, 1, c.at, 2, 1}, c.less, sum)
		require.NoError(t, err)
		require.Equal(t, c.third, list[2].Reason, "%+v", c)
	}
	c, err = Common(list, s, []float64{0, 3, 0, 2, 0}, false, sum)
	require.NoError(t, err)
	require.True(t, math.IsNaN(c.Value), "no lever is free")
}

// What levers bring together has the error of chance that they share: with the same
// chance in two of them it is that of one, with opposite chance there is none.
func TestLeversShareTheirLuck(t *testing.T) {
	o, err := NewObjective("margin", "", columns)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(8, 8))
	const n = 50
	none, same, opposite := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		same[i] = 10 + r.NormFloat64()
		opposite[i] = 20 - same[i]
	}
	move := func(high []float64) Move {
		return Move{sample(map[string][]float64{"margin": none}), sample(map[string][]float64{"margin": high}), 5}
	}
	one, err := o.PerDollar([]Move{move(same)}, []float64{1})
	require.NoError(t, err)
	require.InDelta(t, 2, one.Value, 0.1)
	two, err := o.PerDollar([]Move{move(same), move(same)}, []float64{0.5, 0.5})
	require.NoError(t, err)
	require.InDelta(t, one.Error, two.Error, 1e-12)
	sure, err := o.PerDollar([]Move{move(same), move(opposite)}, []float64{0.5, 0.5})
	require.NoError(t, err)
	require.InDelta(t, 2, sure.Value, 1e-12)
	require.InDelta(t, 0, sure.Error, 1e-12)
}
