package paired

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"windfall/model"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/panel"
	"windfall/sim/safely"
	"windfall/sim/store"
)

// Setting is one of the plans that are set beside each other.
type Setting struct {
	Name   string
	Plan   *model.Plan
	Digest string // of the plan, where a folder keeps what is done
}

// Design says what is run and what is kept of it.
type Design struct {
	Settings     []Setting
	Measures     []panel.Leaf // what to keep; see Expression.Leaves
	Seed         uint64
	Replications int
	// Lucks is the number of neighbouring replications that share one draw of the
	// uncertain inputs (a nested design); 0 or 1: none do.
	Lucks int
	// At gives replication i its inputs, on the scale of probabilities in the order
	// of model.Prepared.Inputs, and the address of its luck; nil: drawn. Points
	// names what it gives, so that what a folder keeps of others is not taken.
	At     func(i int, inputs []float64) (luck int)
	Points string

	Workers int // goroutines; 0: one a processor

	// Folder keeps what is done of each setting, so that an interrupted study
	// goes on from there; nil: nothing is kept. Version is of the program.
	Folder  *store.Folder
	Version string

	// Progress is called after each replication of a setting, by one goroutine
	// at a time.
	Progress func(done, total int)
	// Prepare makes the engine; nil: that of package model.
	Prepare func(*model.Plan) (*sim.Engine, error)
}

// Check says what is wrong with a design before anything is run: a setting that
// does not exist, or a measure that its plan does not have.
func (d *Design) Check() error {
	schema := map[string]*model.Schema{}
	var names []string
	for _, s := range d.Settings {
		schema[s.Name] = model.NewSchema(s.Plan)
		names = append(names, s.Name)
	}
	for _, l := range d.Measures {
		s := schema[l.Setting]
		if s == nil {
			return fmt.Errorf("there is no setting %s%s", l.Setting, didYouMean(l.Setting, names))
		}
		if _, err := l.Measure.In(s); err != nil {
			return fmt.Errorf("setting %s: %w", l.Setting, err)
		}
	}
	if most := mostKept / 8 / max(1, len(d.Measures)); d.Replications > most {
		return fmt.Errorf("%d replications of %d numbers each do not fit into %d GB: at most %d replications", d.Replications, len(d.Measures), mostKept>>30, most)
	}
	return nil
}

// Run runs every setting with the same seed and replications, or what an earlier
// run in the same folder left undone. If ctx ends, its error is returned.
func Run(ctx context.Context, d Design) (*panel.Panel, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	if d.Workers == 0 {
		d.Workers = runtime.GOMAXPROCS(0)
	}
	if d.Prepare == nil {
		d.Prepare = sim.Prepare
	}
	values := map[panel.Leaf][]float64{}
	bySetting := map[string][]panel.Leaf{}
	for _, l := range d.Measures {
		if values[l] == nil {
			values[l] = make([]float64, d.Replications)
			bySetting[l.Setting] = append(bySetting[l.Setting], l)
		}
	}
	p := panel.NewPanel(analysis.Ties{Lucks: d.Lucks}, values)
	p.Replications = d.Replications
	for _, s := range d.Settings {
		if len(s.Plan.Inputs) > 0 && d.At == nil {
			p.Ties.Cube = model.Hypercube
		}
	}
	list := d.asked()
	r := &runner{d: &d, total: d.Total()}
	for i, s := range list {
		identity := fmt.Sprintf("%s %s %d %d%s", d.Version, s.Digest, d.Seed, d.Lucks, d.Points)
		done := d.recall(i, identity, bySetting[s.Name], p)
		if done == nil {
			done = make([]bool, d.Replications)
		}
		if !slices.Contains(done, false) {
			r.count(len(done))
			continue
		}
		err := r.setting(ctx, s, bySetting[s.Name], done, p)
		if kept := d.remember(i, identity, bySetting[s.Name], done, p); err == nil {
			err = kept
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// asked lists the settings that something is asked of.
func (d *Design) asked() (out []Setting) {
	for _, s := range d.Settings {
		if slices.ContainsFunc(d.Measures, func(l panel.Leaf) bool { return l.Setting == s.Name }) {
			out = append(out, s)
		}
	}
	return out
}

// Total is the number of replications that Run makes, over all settings.
func (d *Design) Total() int { return len(d.asked()) * d.Replications }

func didYouMean(name string, known []string) string {
	if near := model.Nearest(name, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// runner counts what is done.
type runner struct {
	d           *Design
	mutex       sync.Mutex
	done, total int
}

// setting runs one setting, its replications that are not done dealt to the
// workers.
func (r *runner) setting(ctx context.Context, s Setting, leaves []panel.Leaf, done []bool, p *panel.Panel) error {
	var todo []int
	for i, is := range done {
		if is {
			r.count(1)
		} else {
			todo = append(todo, i)
		}
	}
	engine, err := r.d.Prepare(s.Plan)
	if err != nil {
		return fmt.Errorf("setting %s: %w", s.Name, err)
	}
	read := make([]func(*model.Record, *model.Trace) float64, len(leaves))
	traced := false
	for i, l := range leaves {
		if read[i], err = l.Measure.Reader(s.Plan, engine.Schema); err != nil {
			return err
		}
		traced = traced || l.Measure.Path.Asked
	}
	inputs := 0
	if r.d.At != nil {
		prepared, err := model.Prepare(s.Plan)
		if err != nil {
			return fmt.Errorf("setting %s: %w", s.Name, err)
		}
		inputs = len(prepared.Inputs())
	}
	var next atomic.Int64 // of todo
	group, inner := errgroup.WithContext(ctx)
	for range min(r.d.Workers, len(todo)) {
		safely.Go(group, func() error {
			state, rec := engine.NewState(), engine.Schema.NewRecord()
			trace := &model.Trace{}
			if st, ok := state.(*model.State); ok && traced {
				st.Trace = trace
			}
			at := make([]float64, inputs)
			for inner.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(todo) {
					break
				}
				i := todo[n]
				switch k := r.d.Lucks; {
				case r.d.At != nil:
					luck := r.d.At(i, at)
					state.ReplicateAt(r.d.Seed, luck, at, rec)
				case k > 1:
					state.ReplicateNested(r.d.Seed, i/k, i%k, rec)
				default:
					state.Replicate(r.d.Seed, i, rec)
				}
				for k, l := range leaves {
					p.Values(l)[i] = read[k](rec, trace)
				}
				done[i] = true
				r.count(1)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// count counts replications that are done.
func (r *runner) count(n int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for range n {
		r.done++
		if r.d.Progress != nil {
			r.d.Progress(r.done, r.total)
		}
	}
}
