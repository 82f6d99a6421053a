package analysis

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/rng"
)

// Information says what it would be worth to know uncertain inputs before plans are
// chosen, in the unit of the difference.
type Information struct {
	Draws      int
	Difference Estimate  // of the second plan to the first, over the inputs; of several decisions not known
	All        Estimate  // value of knowing all inputs
	Changes    Estimate  // chance that knowing all changes a decision
	Explained  float64   // share of the variance of the differences that the inputs explain, cross-validated
	Inputs     []Knowing // the most valuable first
	// Worth says whether anything is worth measuring: the 95% interval of the value
	// of all inputs, or of one with regard to their number, lies above 0.
	Worth bool
	// Each is the same of each of several decisions alone; nil of one.
	Each []Information
}

// A Decision is one between a plan and others: by how much each of these is better, by draw.
type Decision [][]float64

// Knowing is what it would be worth to know one input.
type Knowing struct {
	Input   int
	Value   Estimate
	Changes Estimate // chance that knowing it changes the decision
	// Worth says that its value lies above 0, with regard to the number of inputs.
	Worth bool
	// Turns is the probability of the input at which the decision turns, the one
	// nearest to its median; nil if it does not turn between 0.5% and 99.5%. Above
	// says that the second plan is better above it.
	Turns *Estimate
	Above bool
}

// Limits of the regressions.
const (
	informationFolds = 10
	mostTerms        = 40
	farthestNormal   = 2.5758293035489 // normal quantile of 0.995
)

// InformationOf works out the value of information from draws of the inputs, on
// the scale of probabilities (draw x input), and the difference of the second plan
// to the first in each draw, as far as random variation lets it be seen.
//
// Nothing is read off the draws themselves, whose largest differences are chance.
// Regressions on the normal scores of the inputs predict the difference: for one
// input a polynomial of degree 3 at most, for all of them linear, squared and
// product terms, taken in as long as they pay for having been chosen. What they
// are worth is then seen on draws that they have not seen (ten folds): the mean of
// the difference where the regression would choose otherwise than the mean of
// the other folds, counted for the choice. That mean is below the true value if
// the regression is poor and above it only by chance, and 0 where knowing
// changes nothing.
func InformationOf(difference []float64, u [][]float64) Information {
	out := InformationOfAll([]Decision{{difference}}, u)
	out.Difference = Mean(difference, Ties{})
	return out
}

// InformationOfAll works out what it is worth to know inputs before several decisions, each of which is made by
// itself: what they gain adds up, draw by draw. Of several plans that is chosen which is predicted to be best (Strong,
// Oakley and Brennan 2014), and judged as in InformationOf.
func InformationOfAll(decisions []Decision, u [][]float64) Information {
	n := len(u)
	if n < 3*informationFolds || len(u[0]) == 0 {
		none := Information{Draws: n, All: missing(n), Changes: missing(n)}
		if out := none; len(decisions) > 1 {
			out.Each = slices.Repeat([]Information{none}, len(decisions))
			return out
		}
		return none
	}
	z := make([][]float64, len(u[0]))
	for i := range z {
		z[i] = make([]float64, n)
		for d := range u {
			z[i][d] = rng.NormalQuantile(u[d][i])
		}
	}
	sum := newPrediction(nil, z, n)
	var each []Information
	for _, d := range decisions {
		x := newPrediction(d, z, n)
		for fold := range informationFolds {
			x.judgeFold(fold)
		}
		sum.add(x)
		each = append(each, x.information())
	}
	if len(decisions) == 1 {
		return each[0]
	}
	out := sum.information()
	out.Each = each
	return out
}

// information is what a prediction, or the sum of several, says.
func (x *prediction) information() Information {
	out := Information{Draws: x.draws, All: x.value(0), Changes: x.changes(0)}
	if x.spread > 0 {
		out.Explained = math.Max(0, 1-x.wrong/x.spread)
	}
	out.Worth = out.All.Low > 0
	far := rng.NormalQuantile(1 - 0.025/float64(len(x.z)))
	for i := range x.z {
		k := Knowing{Input: i, Value: x.value(1 + i), Changes: x.changes(1 + i)}
		k.Worth = k.Value.Value > float64(far*k.Value.Error) && k.Value.Error > 0
		out.Worth = out.Worth || k.Worth
		if len(x.decision) == 1 {
			k.Turns, k.Above = x.turns(i)
		}
		out.Inputs = append(out.Inputs, k)
	}
	// Of those worth the same, those first that may be worth more.
	slices.SortStableFunc(out.Inputs, func(a, b Knowing) int {
		return cmp.Or(cmp.Compare(b.Value.Value, a.Value.Value), cmp.Compare(b.Value.High, a.Value.High))
	})
	return out
}

// prediction judges what one would gain by choosing after one has seen the inputs: the differences are told from them,
// by fits to the draws of the other folds.
type prediction struct {
	decision      Decision
	draws         int
	z             [][]float64 // input x draw
	gains         [][]float64 // all inputs, then each: by draw
	changed       [][]bool    // likewise: the choice is another
	wrong, spread float64     // squares of what the fits to all inputs leave open, and in all
}

func newPrediction(decision Decision, z [][]float64, draws int) *prediction {
	x := &prediction{decision: decision, draws: draws, z: z}
	for range 1 + len(z) {
		x.gains, x.changed = append(x.gains, make([]float64, draws)), append(x.changed, make([]bool, draws))
	}
	return x
}

// add adds what another decision gains.
func (x *prediction) add(other *prediction) {
	for i := range x.gains {
		for d := range x.gains[i] {
			x.gains[i][d] += other.gains[i][d]
			x.changed[i][d] = x.changed[i][d] || other.changed[i][d]
		}
	}
	x.wrong, x.spread = x.wrong+other.wrong, x.spread+other.spread
}

// best is the plan that is best: -1 is that to which the others are alternatives.
func (x *prediction) best(better func(plan int) float64) int {
	at, most := -1, 0.0
	for k := range x.decision {
		if b := better(k); b > most {
			at, most = k, b
		}
	}
	return at
}

// better is by how much a plan is better in a draw.
func (x *prediction) better(plan, draw int) float64 {
	if plan < 0 {
		return 0
	}
	return x.decision[plan][draw]
}

// judgeFold chooses in the draws of a fold by what the others say.
func (x *prediction) judgeFold(fold int) {
	var train, test []int
	for d := range x.draws {
		if d%informationFolds == fold {
			test = append(test, d)
		} else {
			train = append(train, d)
		}
	}
	means, all := make([]float64, len(x.decision)), make([]func(int) float64, len(x.decision))
	for k, difference := range x.decision {
		for _, d := range train {
			means[k] += difference[d] / float64(len(train))
		}
		all[k] = fitAll(x.z, difference, train)
		for _, d := range test {
			off, apart := difference[d]-all[k](d), difference[d]-means[k]
			x.wrong += float64(off * off)
			x.spread += float64(apart * apart)
		}
	}
	usual := x.best(func(k int) float64 { return means[k] })
	judge := func(which int, predict func(k, d int) float64) {
		for _, d := range test {
			if chosen := x.best(func(k int) float64 { return predict(k, d) }); chosen != usual {
				x.changed[which][d] = true
				x.gains[which][d] = x.better(chosen, d) - x.better(usual, d)
			}
		}
	}
	judge(0, func(k, d int) float64 { return all[k](d) })
	for i := range x.z {
		one := make([]polynomial, len(x.decision))
		for k, difference := range x.decision {
			one[k] = fitOne(x.z[i], difference, train, -1)
		}
		judge(1+i, func(k, d int) float64 { return one[k].at(x.z[i][d]) })
	}
}

// value is the mean gain of seeing all inputs (0) or one.
func (x *prediction) value(which int) Estimate {
	e := Mean(x.gains[which], Ties{})
	e.Value, e.Low, e.High = math.Max(e.Value, 0), math.Max(e.Low, 0), math.Max(e.High, 0)
	return e
}

// changes is the chance that seeing them changes the choice.
func (x *prediction) changes(which int) Estimate {
	n := 0
	for _, changed := range x.changed[which] {
		if changed {
			n++
		}
	}
	return Chance(n, x.draws)
}

// turns is the probability of an input's value at which the choice turns, if it does, and whether it is made above it.
func (x *prediction) turns(i int) (at *Estimate, above bool) {
	n, difference := x.draws, x.decision[0]
	everyone := make([]int, n)
	for d := range everyone {
		everyone[d] = d
	}
	whole := fitOne(x.z[i], difference, everyone, -1)
	_, up, ok := whole.turns()
	if !ok {
		return nil, false
	}
	e := JackknifeBy(n, max(1, n/LeastGroups), func(from, to int) float64 {
		rest := slices.DeleteFunc(slices.Clone(everyone), func(d int) bool { return d >= from && d < to })
		p := fitOne(x.z[i], difference, rest, len(whole.c)-1)
		at, _, ok := p.turns()
		if !ok {
			return math.NaN()
		}
		return at
	})
	if math.IsNaN(e.Error) {
		e.Low, e.High = math.Inf(-1), math.Inf(1)
	}
	probability := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	return &Estimate{
		Value: probability(e.Value), Error: math.NaN(), Low: probability(e.Low), High: probability(e.High), N: n,
	}, up
}

// polynomial is a sum of Hermite polynomials of a normal score.
type polynomial struct{ c []float64 }

func hermite(degree int, z float64) float64 {
	switch degree {
	case 0:
		return 1
	case 1:
		return z
	case 2:
		return (float64(z*z) - 1) / math.Sqrt2
	}
	return float64(z*(float64(z*z)-3)) / math.Sqrt(6)
}

func (p polynomial) at(z float64) float64 {
	var sum float64
	for k, c := range p.c {
		sum += float64(c * hermite(k, z))
	}
	return sum
}

// turns finds where the polynomial changes its sign, nearest to the median, and
// whether it does so upwards.
func (p polynomial) turns() (at float64, up, ok bool) {
	const steps = 400
	x := func(i int) float64 { return float64(farthestNormal * (2*float64(i)/steps - 1)) }
	for i := range steps {
		a, b := x(i), x(i+1)
		fa, fb := p.at(a), p.at(b)
		if (fa > 0) == (fb > 0) {
			continue
		}
		root := a + float64((b-a)*fa/(fa-fb))
		if !ok || math.Abs(root) < math.Abs(at) {
			at, up, ok = root, fb > 0, true
		}
	}
	return at, up, ok
}

// fitOne fits a polynomial to some draws, of the given degree, or of the one up to
// 3 that has the least BIC.
func fitOne(z, y []float64, draws []int, degree int) polynomial {
	fit := newFit(y, draws)
	best, least := polynomial{[]float64{fit.mean}}, fit.bic()
	highest := 3
	if degree >= 0 {
		highest = degree
	}
	for k := 1; k <= highest; k++ {
		if !fit.add(func(d int) float64 { return hermite(k, z[d]) }) {
			break
		}
		if b := fit.bic(); b < least || k == degree {
			least, best = b, polynomial{fit.coefficients()}
		}
	}
	return best
}

// fitAll predicts the difference from all inputs: terms are taken in one by one,
// each the one that explains most of what is left, until the best one does not
// pay for having been chosen among so many (a gain in log-likelihood of log terms,
// Foster and George 1994). Products are of inputs that have been taken in.
func fitAll(z [][]float64, y []float64, draws []int) func(d int) float64 {
	type term struct{ a, b int } // b: -1 linear, a: square, else a product
	value := func(t term, d int) float64 {
		switch t.b {
		case -1:
			return z[t.a][d]
		case t.a:
			return hermite(2, z[t.a][d])
		}
		return float64(z[t.a][d] * z[t.b][d])
	}
	var open, taken []term
	for i := range z {
		open = append(open, term{i, -1}, term{i, i})
	}
	fit := newFit(y, draws)
	known := map[int]bool{}
	for len(taken) < min(mostTerms, len(draws)/5) {
		best, gain := -1, 0.0
		for i, t := range open {
			if g := fit.gain(func(d int) float64 { return value(t, d) }); g > gain {
				best, gain = i, g
			}
		}
		if best < 0 || fit.rest <= 0 {
			break
		}
		left := fit.rest - gain
		if left > 0 && float64(len(draws))*math.Log(fit.rest/left)/2 < math.Log(float64(len(open)))+1 {
			break
		}
		t := open[best]
		open = slices.Delete(open, best, best+1)
		if !fit.add(func(d int) float64 { return value(t, d) }) {
			continue
		}
		taken = append(taken, t)
		for _, i := range []int{t.a, t.b} {
			if i >= 0 && !known[i] {
				for k := range z {
					if known[k] {
						open = append(open, term{min(i, k), max(i, k)})
					}
				}
				known[i] = true
			}
		}
	}
	c := fit.coefficients()
	return func(d int) float64 {
		sum := c[0]
		for i, t := range taken {
			sum += float64(c[1+i] * value(t, d))
		}
		return sum
	}
}

// fit is a least-squares regression on a constant and columns that are added one
// by one and made orthogonal to those before (Gram and Schmidt, modified). It is not
// gonum's QR: an answer has the same bits on every processor, and gonum's products are
// assembly on amd64 and compiled, with other roundings, elsewhere. Nor would it be
// shorter: of all open terms the gain is asked for before one is taken.
type fit struct {
	draws []int
	mean  float64
	left  []float64   // what is not explained
	rest  float64     // its sum of squares
	basis [][]float64 // orthonormal
	// Column k is means[k] + sum over j of mix[k][j] basis[j]; y is mean plus sum of along[j] basis[j].
	means, along []float64
	mix          [][]float64
}

func newFit(y []float64, draws []int) *fit {
	f := &fit{draws: draws}
	for _, d := range draws {
		f.left = append(f.left, y[d])
		f.mean += y[d] / float64(len(draws))
	}
	f.left = centred(f.left)
	f.rest = dot(f.left, f.left)
	return f
}

// part is the part of a column that is orthogonal to the basis, and its mean and
// products with the basis.
func (f *fit) part(value func(d int) float64) (c []float64, mean float64, mix []float64, before float64) {
	c = make([]float64, len(f.draws))
	for i, d := range f.draws {
		c[i] = value(d)
		mean += c[i] / float64(len(c))
	}
	c = centred(c)
	before = dot(c, c)
	for _, b := range f.basis {
		m := dot(c, b)
		mix = append(mix, m)
		subtract(c, b, m)
	}
	return c, mean, mix, before
}

// gain is the sum of squares that a column would explain.
func (f *fit) gain(value func(d int) float64) float64 {
	c, _, _, before := f.part(value)
	length := dot(c, c)
	if length <= float64(1e-9*before) || length == 0 {
		return 0
	}
	p := dot(c, f.left)
	return float64(p*p) / length
}

// add takes a column in; false if those before span it.
func (f *fit) add(value func(d int) float64) bool {
	c, mean, mix, before := f.part(value)
	length := math.Sqrt(dot(c, c))
	if float64(length*length) <= float64(1e-9*before) || length == 0 {
		return false
	}
	for i := range c {
		c[i] /= length
	}
	p := dot(c, f.left)
	subtract(f.left, c, p)
	f.rest = dot(f.left, f.left)
	f.basis, f.means, f.along, f.mix = append(f.basis, c), append(f.means, mean), append(f.along, p),
		append(f.mix, append(mix, length))
	return true
}

// bic is the Bayesian information criterion.
func (f *fit) bic() float64 {
	n := float64(len(f.draws))
	return float64(n*math.Log(math.Max(f.rest, 1e-300)/n)) + float64(float64(len(f.basis)+1)*math.Log(n))
}

// coefficients are those of the constant and of each column.
func (f *fit) coefficients() []float64 {
	k := len(f.basis)
	c := make([]float64, 1+k)
	c[0] = f.mean
	for i := k - 1; i >= 0; i-- { // triangular
		sum := f.along[i]
		for j := i + 1; j < k; j++ {
			sum -= float64(c[1+j] * f.mix[j][i])
		}
		c[1+i] = sum / f.mix[i][i]
		c[0] -= float64(c[1+i] * f.means[i])
	}
	return c
}
