package fit

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"windfall/model"
	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/sim/safely"
)

// Keeper keeps what single runs gave, under their names, so that an interrupted fit goes on from there. What it keeps
// belongs to one Identity. It is called by several goroutines at a time.
type Keeper interface {
	Kept(run string) ([]float64, bool)
	Keep(run string, numbers []float64) error
}

// member is one run: its name, which addresses its random numbers, and the values of the unknowns.
type member struct {
	name   string
	x      []float64
	series []float64 // what it gave: layout.series, then one number for each piece of evidence
}

// runner runs members. A prepared plan takes the numbers of each.
type runner struct {
	layout   *layout
	share    float64
	seed     uint64
	workers  int
	plans    []*plan.Plan // that of the history, and for each piece of evidence the one without, or with, the change
	prepared []*model.Prepared
	numbers  []number
	order    []int // of the inputs of a prepared plan: number of each
	tests    []test
	keeper   Keeper
	done     func() // called after each run, by one goroutine at a time
	ran      int    // runs so far
}

// prepare makes the plans ready, with the numbers that unknowns move as inputs.
func (r *runner) prepare(p *plan.Plan, changed []plan.Change) error {
	q := *p
	place := map[string]int{}
	for i := range r.numbers {
		q.Inputs = append(q.Inputs, r.numbers[i].input())
		place[r.numbers[i].key] = i
	}
	r.plans = []*plan.Plan{&q}
	for _, c := range changed {
		r.plans = append(r.plans, q.With(c))
	}
	for _, p := range r.plans {
		pr, err := model.Prepare(p)
		if err != nil {
			return err
		}
		r.prepared = append(r.prepared, pr)
	}
	for _, in := range q.Factors() {
		r.order = append(r.order, place[in.Name])
	}
	return nil
}

// run runs members that are not kept, and fills in what they gave.
func (r *runner) run(ctx context.Context, prefix string, members []member) error {
	workers := r.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	queue := make(chan int, len(members))
	for i := range members {
		members[i].name = fmt.Sprintf("%s %d", prefix, i)
		if r.keeper != nil {
			if numbers, ok := r.keeper.Kept(members[i].name); ok {
				members[i].series = numbers
				r.ran++
				continue
			}
		}
		queue <- i
	}
	close(queue)
	if len(queue) == 0 {
		return nil
	}
	group, ctx := errgroup.WithContext(ctx)
	told := make(chan struct{}, 1)
	for range min(workers, len(queue)) {
		safely.Go(group, func() error {
			w := r.newWorker()
			for i := range queue {
				if err := ctx.Err(); err != nil {
					return err
				}
				members[i].series = w.run(&members[i])
				if r.keeper != nil {
					if err := r.keeper.Keep(members[i].name, members[i].series); err != nil {
						return err
					}
				}
				if r.done != nil {
					told <- struct{}{}
					r.ran++
					r.done()
					<-told
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// worker runs members on one goroutine.
type worker struct {
	*runner
	group    *model.Group
	watchers []*watcher
	records  []*plan.Record
	inputs   [][]float64
}

func (r *runner) newWorker() *worker {
	w := &worker{runner: r, group: model.NewGroup(r.prepared)}
	for i, pr := range r.prepared {
		o := newWatcher(r.plans[i])
		w.watchers, w.group.Observers = append(w.watchers, o), append(w.group.Observers, o)
		w.records = append(w.records, pr.Schema().NewRecord())
		w.inputs = append(w.inputs, make([]float64, len(r.order)))
	}
	return w
}

// run runs a member. Its chance is that of its name.
func (w *worker) run(m *member) []float64 {
	for _, inputs := range w.inputs {
		for i, n := range w.order {
			inputs[i] = w.numbers[n].at(m.x)
		}
	}
	w.group.ReplicateAt(w.seed, int(rng.Label(m.name)>>1), w.inputs, w.records)
	out := w.layout.read(w.watchers[0], w.plans[0], w.share)
	for i := range w.tests {
		out = append(out, w.tests[i].read(w.watchers[0].Panel(), w.watchers[i+1].Panel(), w.share))
	}
	return out
}
