package plan

import (
	"math"
	"slices"
	"strings"

	"windfall/model/rng"
)

// Hypercube is the number of neighbouring replications that share one Latin hypercube
// of the uncertain inputs. The spread between hypercubes is what errors are made of,
// and 20 of them are needed for that: 200 replications. For a function that is linear
// in its inputs a hypercube of 10 takes 99% of their variance out of a mean.
const Hypercube = 10

// inputDraws holds the factors of a plan and its opening plan, by name, and one Latin
// hypercube of them. A factor is what one uniform finds: an uncertain input, or a row of a
// table of draws, which is several inputs.
type inputDraws struct {
	plan, opening *Plan
	names         []string // union, sorted
	of            map[string]int
	tables        []int // into names: tables of draws
	groups        []inputGroup
	number        int // of the hypercube at hand
	seed          uint64
	ready         bool
	cube          [][]float64 // input x replication of the hypercube
	u             []float64   // this replication's uniform by name
	values        []float64   // by plan.Inputs
	given         []float64   // by name: what to take instead of a draw, or nil
	open          []openInput
}

type inputGroup struct {
	members []int // into names
	chol    [][]float64
}

func (d *inputDraws) init(p, o *Plan) {
	d.plan, d.opening, d.of = p, o, map[string]int{}
	for _, list := range [][]Input{p.Inputs, o.Inputs} {
		for _, in := range list {
			if _, ok := d.of[in.Factor()]; !ok {
				d.of[in.Factor()] = 0
				d.names = append(d.names, in.Factor())
			}
		}
	}
	slices.Sort(d.names)
	for i, n := range d.names {
		d.of[n] = i
		if strings.HasPrefix(n, drawsPrefix) {
			d.tables = append(d.tables, i)
		}
	}
	d.values = make([]float64, len(p.Inputs))
	d.u = make([]float64, len(d.names))
	for range d.names {
		d.cube = append(d.cube, make([]float64, Hypercube))
	}
	d.tie()
}

// tie makes the group of the inputs that correlations tie; its order is alphabetical.
func (d *inputDraws) tie() {
	type pair struct{ a, b int }
	rho := map[pair]float64{}
	for _, list := range [][]Correlation{d.opening.Correlations, d.plan.Correlations} {
		for _, c := range list {
			a, okA := d.of[c.A]
			b, okB := d.of[c.B]
			if okA && okB {
				rho[pair{min(a, b), max(a, b)}] = c.Rho
			}
		}
	}
	if len(rho) == 0 {
		return
	}
	var members []int
	for i := range d.names {
		for k := range rho {
			if k.a == i || k.b == i {
				members = append(members, i)
				break
			}
		}
	}
	m := make([][]float64, len(members))
	for i := range m {
		m[i] = make([]float64, len(members))
		for j := range m {
			if i == j {
				m[i][j] = 1
			} else {
				m[i][j] = rho[pair{min(members[i], members[j]), max(members[i], members[j])}]
			}
		}
	}
	chol, ok := rng.Cholesky(m)
	if !ok {
		panic("plan: the correlation matrix is not positive definite")
	}
	d.groups = append(d.groups, inputGroup{members, chol})
}

func (d *inputDraws) fixed() {
	for i := range d.u {
		d.u[i] = 0.5
	}
	d.evaluate()
}

func (d *inputDraws) draw(seed uint64, replication int) {
	if len(d.names) == 0 {
		return
	}
	if d.given != nil {
		copy(d.u, d.given)
		d.evaluate()
		return
	}
	number := replication / Hypercube
	if !d.ready || number != d.number || seed != d.seed {
		d.ready, d.number, d.seed = true, number, seed
		for i, n := range d.names {
			rng.Hypercube(seed, number, rng.Label(n), Hypercube, d.cube[i])
		}
		for _, i := range d.tables {
			spread(d.cube[i])
		}
		for _, g := range d.groups {
			d.correlate(&g)
		}
	}
	for i := range d.u {
		d.u[i] = d.cube[i][replication%Hypercube]
	}
	d.evaluate()
}

// spread puts the uniforms of a hypercube at one place inside of their strata, which is uniform as each of theirs is:
// two of them are then a stratum apart at least, and no row of a table of as many rows or more comes twice.
func spread(cube []float64) {
	size := float64(len(cube))
	first := float64(cube[0] * size)
	place := first - math.Floor(first)
	for i, u := range cube {
		cube[i] = (math.Floor(float64(u*size)) + place) / size
	}
}

// correlate replaces the uniforms of a group by correlated ones: a Gaussian copula of
// the normal scores of the hypercube. Every replication has the stated correlations;
// ranks imposed inside of a hypercube of ten would weaken them by an eighth.
func (d *inputDraws) correlate(g *inputGroup) {
	z := make([]float64, len(g.members))
	for r := range Hypercube {
		for i, m := range g.members {
			z[i] = rng.NormalQuantile(d.cube[m][r])
		}
		for i, m := range g.members {
			var score float64
			for k := 0; k <= i; k++ {
				score += float64(g.chol[i][k] * z[k])
			}
			d.cube[m][r] = min(max(rng.NormalCDF(score), 0x1p-53), 1-0x1p-53)
		}
	}
}

func (d *inputDraws) evaluate() {
	for i := range d.plan.Inputs {
		d.values[i] = d.value(&d.plan.Inputs[i])
	}
}

// value is this replication's draw of an input of the plan or its opening plan.
func (d *inputDraws) value(in *Input) float64 { return in.Dist.Quantile(d.u[d.of[in.Factor()]]) }

// openInput is one number of the opening plan that a draw or a schedule entry sets.
type openInput struct {
	refs  []*float64
	input int // into the opening plan's Inputs, or -1
	value float64
}

// bind finds the numbers of the opening plan's clone that apply sets: the
// uncertain ones and the schedule entries of the first day.
func (d *inputDraws) bind(clone *Plan) {
	add := func(key string, input int, value float64) {
		refs, _, err := clone.Numbers(key)
		if err != nil {
			panic("plan: " + err.Error())
		}
		d.open = append(d.open, openInput{refs, input, value})
	}
	for i, in := range d.opening.Inputs {
		if in.Key != "" {
			add(in.Key, i, 0)
		}
	}
	for _, s := range d.opening.Schedules {
		for _, e := range s.Entries {
			if start := d.opening.Run.Start; e.From <= start && (e.Until == 0 || start < e.Until) {
				add(s.Key, e.Input, e.Value)
			}
		}
	}
}

// apply writes this replication's draws into the opening plan's clone.
func (d *inputDraws) apply() {
	for i := range d.open {
		o := &d.open[i]
		v := o.value
		if o.input >= 0 {
			v = d.value(&d.opening.Inputs[o.input])
		}
		for _, r := range o.refs {
			*r = v
		}
	}
}
