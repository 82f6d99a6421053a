package search

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Score is what a point was found to be worth.
type Score struct {
	Value float64 // the higher the better; NaN: not known
	Slack float64 // how far inside its constraints; below 0: they are broken
}

// Better says whether a is better than b: what keeps the constraints before what
// does not, then the higher value or the lesser breach.
func (a Score) Better(b Score) bool {
	switch {
	case math.IsNaN(a.Value) || math.IsNaN(b.Value):
		return !math.IsNaN(a.Value)
	case a.Slack < 0 || b.Slack < 0:
		return a.Slack > b.Slack
	}
	return a.Value > b.Value
}

// breach is how far constraints are broken.
func (a Score) breach() float64 { return max(-a.Slack, 0) }

// Point is a point that was tried.
type Point struct {
	X []float64
	Score
}

// Search looks for the best point of a space.
//
// Two thirds of the evaluations go to CMA-ES (gonum's CmaEsChol, after Krause,
// Arbonès and Igel 2016), which takes nothing for granted and looks wide. The
// rest climbs from the best point: a sum of parabolas, one a lever, is fitted to
// the points around it, its highest point under the budget is tried, and the step
// that is trusted grows or shrinks with success (a trust region; Conn, Scheinberg
// and Vicente 2009). Where responses add up, as budgets nearly do, that comes to
// the top in a few steps, which CMA-ES alone does not in a few hundred.
//
// What is tried depends on the scores alone and not on who works on them: points are
// scored one after the other, and those of a generation are known before the first of
// them is.
type Search struct {
	Space       *Space
	Start       [][]float64 // points to try first; the best of them is where the search begins
	Evaluations int
	Seed        uint64
	// Evaluate scores a point, the n-th that is tried. It is called once a point;
	// its error ends the search.
	Evaluate func(n int, x []float64) (Score, error)
	// Ahead is told of points that are scored next whatever their scores are, the first
	// of them the n-th; nil: nobody asks.
	Ahead func(n int, xs [][]float64) error

	points []Point
	seen   map[string]int // points by their text
	scale  []float64
	best   int
	err    error
}

// globalShare is the share of evaluations that go to CMA-ES.
const globalShare = 2. / 3

// firstStep is the spread of the first generation, in multiples of the plan.
const firstStep = 0.3

// Run gives the points in the order in which they were tried. Equal points are
// tried once, so there may be fewer than Evaluations.
func (s *Search) Run() ([]Point, error) {
	s.points, s.seen, s.scale, s.best, s.err = nil, map[string]int{}, s.Space.scales(), -1, nil
	var begin [][]float64
	for _, x := range s.Start {
		begin = append(begin, s.Space.Project(x))
	}
	s.tell(begin)
	for _, x := range begin {
		s.try(x)
	}
	s.wide(int(globalShare * float64(s.Evaluations)))
	s.climb()
	return s.points, s.err
}

// try scores a point, which must be one of the space.
func (s *Search) try(x []float64) (score Score, isNew bool) {
	key := textOf(x)
	if i, ok := s.seen[key]; ok {
		return s.points[i].Score, false
	}
	if s.err != nil || len(s.points) >= s.Evaluations {
		return Score{Value: math.NaN()}, false
	}
	score, s.err = s.Evaluate(len(s.points), x)
	if s.err != nil {
		return Score{Value: math.NaN()}, false
	}
	s.seen[key] = len(s.points)
	s.points = append(s.points, Point{slices.Clone(x), score})
	if s.best < 0 || score.Better(s.points[s.best].Score) {
		s.best = len(s.points) - 1
	}
	return score, true
}

// textOf tells points apart: what lies closer is the same point.
func textOf(x []float64) string { return fmt.Sprintf("%.6f", x) }

func (s *Search) done() bool { return s.err != nil || len(s.points) >= s.Evaluations }

// wide runs CMA-ES until so many points were tried, a generation at a time.
func (s *Search) wide(until int) {
	n := len(s.Space.Levers)
	if n < 2 || len(s.points) >= until || s.err != nil {
		return
	}
	population := 4 + int(3*math.Log(float64(n)))
	generations := (until - len(s.points) + population - 1) / population
	from := s.points[s.best].X
	evolve(&optimize.CmaEsChol{InitStepSize: firstStep, Population: population,
		Src: rand.NewPCG(s.Seed, 0x6f7074696d697365)}, n, population, generations, func(zs [][]float64) []float64 {
		asked, points := make([][]float64, len(zs)), make([][]float64, len(zs))
		for k, z := range zs {
			x := make([]float64, n)
			for i := range z {
				x[i] = from[i] + z[i]/s.scale[i]
			}
			asked[k], points[k] = x, s.Space.Project(x)
		}
		s.tell(points)
		losses := make([]float64, len(zs))
		for k := range zs {
			losses[k] = s.loss(asked[k], points[k])
		}
		return losses
	})
}

// loss is what CMA-ES makes as small as can be: that of what it asked for, whose point in the space is tried.
func (s *Search) loss(asked, point []float64) float64 {
	score, _ := s.try(point)
	switch {
	case math.IsNaN(score.Value):
		return math.Inf(1)
	case score.Slack < 0: // behind all that keep the constraints
		return math.MaxFloat64 * score.Slack / (score.Slack - 1)
	}
	// What lies outside of the space is worth what its nearest point is, less
	// something for the distance, so that the search does not wander off.
	var far float64
	for i := range asked {
		d := (asked[i] - point[i]) * s.scale[i]
		far += d * d
	}
	return -score.Value + s.spread()*far/float64(len(asked))
}

// tell says which new points are tried next.
func (s *Search) tell(points [][]float64) {
	if s.Ahead == nil || s.err != nil {
		return
	}
	var next [][]float64
	known := map[string]bool{}
	for _, x := range points {
		key := textOf(x)
		if _, tried := s.seen[key]; !tried && !known[key] && len(s.points)+len(next) < s.Evaluations {
			known[key] = true
			next = append(next, x)
		}
	}
	if len(next) > 1 {
		s.err = s.Ahead(len(s.points), next)
	}
}

// evolve runs a method for so many generations, each of which is evaluated as one. It ends early if the method does,
// since its spread has shrunk to nothing, or where nothing can be better. The method has a task for each member of a
// generation, so that it asks for all of them before it waits for a value (see optimize.Method).
func evolve(m *optimize.CmaEsChol, dim, population, generations int, losses func(zs [][]float64) []float64) {
	tasks := make([]optimize.Task, m.Init(dim, population))
	for i := range tasks {
		tasks[i].Location = &optimize.Location{X: make([]float64, dim)}
	}
	operations, results := make(chan optimize.Task, population), make(chan optimize.Task, population)
	go m.Run(operations, results, tasks)
	for g := 1; ; g++ {
		zs, asked := make([][]float64, population), make([]optimize.Task, population)
		for range population {
			t := <-operations
			zs[t.ID], asked[t.ID] = t.X, t
		}
		for i, loss := range losses(zs) {
			asked[i].F = loss
			results <- asked[i]
		}
		t := <-operations
		if g == generations || t.Op == optimize.MethodDone || math.IsInf(t.F, -1) {
			break
		}
		results <- t
	}
	results <- optimize.Task{Op: optimize.PostIteration}
	close(results)
	for range operations {
	}
}

// spread is the range of values among the points that keep the constraints.
func (s *Search) spread() float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range s.points {
		if p.Slack >= 0 && !math.IsNaN(p.Value) {
			low, high = min(low, p.Value), max(high, p.Value)
		}
	}
	return max(high-low, 0)
}

// Bounds of the step that is trusted in the climb, in multiples of the plan.
const (
	widestStep, firstClimb, smallestStep = 1, 0.3, 0.05
)

// climb goes up from the best point, a fitted summit at a time.
func (s *Search) climb() {
	random := rand.New(rand.NewPCG(s.Seed, 0x636c696d62))
	step := firstClimb
	turn := 0 // of failures
	for idle := 0; !s.done() && s.best >= 0 && idle < 100; {
		best := s.points[s.best]
		before := len(s.points)
		if summit, ok := s.summit(best, best.X, step, false); ok {
			s.try(summit)
		}
		if !s.points[s.best].Better(best.Score) {
			// Nothing better there: what is known around the best point must be wrong.
			// Another point near it tells more; or it takes a whole step, which parabolas
			// do not see.
			step = max(0.8*step, smallestStep)
			x, stepped := s.stepAside(best.X, turn)
			if stepped {
				if summit, ok := s.summit(best, x, widestStep, true); ok {
					x = summit
				}
			} else {
				for i := range x {
					x[i] += random.NormFloat64() * step / s.scale[i]
				}
			}
			s.try(s.Space.Project(x))
			turn++
		}
		switch {
		case s.points[s.best].Better(best.Score):
			step, idle = min(1.6*step, widestStep), 0
		case len(s.points) == before:
			step, idle = min(2*step, widestStep), idle+1
		}
	}
}

// stepAside moves, every other time, the next of the levers with steps up or down
// by one.
func (s *Search) stepAside(from []float64, turn int) (x []float64, stepped bool) {
	x = slices.Clone(from)
	var whole []int
	for i := range s.Space.Levers {
		if s.Space.Levers[i].Steps != nil {
			whole = append(whole, i)
		}
	}
	if len(whole) == 0 || turn%2 > 0 {
		return x, false
	}
	i := whole[turn/4%len(whole)]
	steps := s.Space.Levers[i].Steps
	k, _ := slices.BinarySearch(steps, x[i])
	if k += 1 - turn%4; k < 0 || k >= len(steps) {
		return x, false
	}
	x[i] = steps[k]
	return x, true
}

// summit is where the sum of parabolas through the points around the best one is
// highest, within the budget and a step of from. Held: levers with steps stay
// where they are in from, and the others make room for them.
func (s *Search) summit(best Point, from []float64, step float64, held bool) ([]float64, bool) {
	n := len(s.scale)
	slope, bend, ok := s.parabolas(best)
	if !ok {
		return nil, false
	}
	levers := s.Space.Levers
	price := make([]float64, n) // of the scale of the search
	for i, l := range levers {
		price[i] = l.Spend / s.scale[i]
	}
	x := make([]float64, n)
	at := func(value float64) []float64 { // where every dollar brings that much at the margin
		for i := range x {
			if x[i] = from[i]; held && levers[i].Steps != nil {
				continue
			}
			d := (slope[i] - value*price[i]) / -bend[i]
			x[i] = best.X[i] + min(max(d, -step), step)/s.scale[i]
			x[i] = min(max(x[i], levers[i].Low), levers[i].High)
		}
		return x
	}
	if s.Space.Spend == nil || s.Space.Spend(at(0)) <= s.Space.Budget {
		return s.Space.Project(at(0)), true
	}
	low, high := 0.0, 0.0
	for i := range slope {
		if price[i] > 0 {
			high = max(high, (slope[i]-step*bend[i])/price[i])
		}
	}
	for range 60 {
		if mid := (low + high) / 2; s.Space.Spend(at(mid)) <= s.Space.Budget {
			high = mid
		} else {
			low = mid
		}
	}
	return s.Space.Project(at(high)), true
}

// parabolas fits value = a + sum of slope d + bend d²/2 to the points around the
// best one, d the distance from it on the scale of the search, by weighted least
// squares: tricube weights to the distance of the farthest of three points a
// coefficient. Bends are made to go down, if only a little.
func (s *Search) parabolas(best Point) (slope, bend []float64, ok bool) {
	n := len(s.scale)
	near := s.nearest(best, 3*(2*n+1))
	if len(near) < n+2 {
		return nil, nil, false
	}
	farthest := 1.001 * near[len(near)-1].far
	if farthest == 0 {
		return nil, nil, false
	}
	unit, toll := tollOf(near)
	// Rows below the points pull weakly to 0 what they leave open.
	const pull = 1e-3
	rows := len(near) + 2*n
	a, y := mat.NewDense(rows, 2*n+1, nil), mat.NewDense(rows, 1, nil)
	for k, p := range near {
		u := p.far / farthest
		w := 1 - u*u*u
		w *= w * w
		a.Set(k, 0, w)
		for i := range p.X {
			d := (p.X[i] - best.X[i]) * s.scale[i] / farthest
			a.Set(k, 1+2*i, w*d)
			a.Set(k, 2+2*i, w*d*d/2)
		}
		y.Set(k, 0, w*(p.Value-toll*p.breach()-best.Value+toll*best.breach())/unit)
	}
	for i := range 2 * n {
		a.Set(len(near)+i, 1+i, pull)
	}
	var fit mat.Dense
	if err := fit.Solve(a, y); err != nil {
		return nil, nil, false
	}
	slope, bend = make([]float64, n), make([]float64, n)
	steepest := 0.0
	for i := range slope {
		slope[i] = fit.At(1+2*i, 0) * unit / farthest
		bend[i] = fit.At(2+2*i, 0) * unit / (farthest * farthest)
		steepest = max(steepest, math.Abs(slope[i]))
	}
	for i := range bend {
		bend[i] = min(bend[i], -steepest/100-math.SmallestNonzeroFloat64)
	}
	return slope, bend, true
}

// neighbour is a point at a distance from another.
type neighbour struct {
	Point
	far float64
}

// nearest are the points next to a point, at most so many, near ones first.
func (s *Search) nearest(to Point, most int) (near []neighbour) {
	for _, p := range s.points {
		if math.IsNaN(p.Value) {
			continue
		}
		var far float64
		for i := range p.X {
			d := (p.X[i] - to.X[i]) * s.scale[i]
			far += d * d
		}
		near = append(near, neighbour{p, math.Sqrt(far)})
	}
	slices.SortStableFunc(near, func(a, b neighbour) int { return cmp.Compare(a.far, b.far) })
	return near[:min(len(near), most)]
}

// tollOf is how far apart the values of some points lie, and what a breach of constraints costs: so much that it
// outweighs the values here.
func tollOf(near []neighbour) (unit, toll float64) {
	lowest, highest, breach := math.Inf(1), math.Inf(-1), 0.0
	for _, p := range near {
		lowest, highest, breach = min(lowest, p.Value), max(highest, p.Value), max(breach, p.breach())
	}
	if breach > 0 {
		toll = 2 * (highest - lowest) / breach
	}
	return max(highest-lowest, math.SmallestNonzeroFloat64), toll
}
