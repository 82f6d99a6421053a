package sim

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/panel"
)

// Replicator runs replications one after the other, reusing its memory. Each
// goroutine has one of its own.
type Replicator interface {
	Replicate(seed uint64, replication int, rec *plan.Record)
	// ReplicateNested simulates one draw of the uncertain inputs under one of
	// several seeds.
	ReplicateNested(seed uint64, draw, chance int, rec *plan.Record)
	// ReplicateAt simulates a replication whose uncertain inputs are given on the
	// scale of probabilities; chance addresses all else.
	ReplicateAt(seed uint64, chance int, inputs []float64, rec *plan.Record)
}

// Engine is a plan made ready to run.
type Engine struct {
	Schema   *plan.Schema
	Warnings []string // what the plan makes doubtful before it is run
	Inputs   int      // factors of the plan, where replications are run at given ones
	// Prepared is the plan for the engine of package model, which runs it together with the other settings of a
	// design; nil: it is run by itself, by what NewState makes.
	Prepared *model.Prepared
	NewState func() Replicator
}

// Prepare makes the engine of package model.
func Prepare(p *plan.Plan) (*Engine, error) {
	prepared, err := model.Prepare(p)
	if err != nil {
		return nil, err
	}
	return &Engine{
		Schema:   prepared.Schema(),
		Warnings: prepared.Warnings(),
		Inputs:   len(prepared.Plan().Factors()),
		Prepared: prepared,
	}, nil
}

// together runs a replication of some settings, those that have a record: a *model.Group, or alone.
type together interface {
	Replicate(seed uint64, replication int, records []*plan.Record)
	ReplicateNested(seed uint64, draw, chance int, records []*plan.Record)
	ReplicateAt(seed uint64, chance int, inputs [][]float64, records []*plan.Record)
	Release()
}

// group is the states in which one goroutine runs the settings of a design. What settings share of a replication is
// done once, by the engine: sets are those that may share, and are run one after the other.
type group struct {
	d       *Design
	engines []*Engine
	runs    together
	sets    []model.Class
	made    []bool // by set: it has states

	records []*plan.Record // by setting
	asked   []*plan.Record // of them: those of the set in hand
	traces  []*model.Trace // by setting: of single firms, of the replication in hand
	paired  bool           // settings are held against each other: each has a trace of its own
	at      [][]float64
	heap    []metrics.Sample

	finished func(setting int) (more bool)
}

// newGroup makes the states of a goroutine; asks is what is read of single firms, by setting.
func newGroup(d *Design, engines []*Engine, asks []model.Events, paired bool) *group {
	g := &group{d: d, engines: engines, paired: paired, asked: make([]*plan.Record, len(engines)),
		heap: []metrics.Sample{{Name: liveHeap}}}
	var plans []*model.Prepared
	one := &model.Trace{} // of settings that are looked at one after the other
	for i, e := range engines {
		if i == 0 || paired {
			one = &model.Trace{}
		}
		one.Only |= asks[i]
		g.traces = append(g.traces, one)
		g.records = append(g.records, e.Schema.NewRecord())
		g.at = append(g.at, make([]float64, e.Inputs))
		if e.Prepared != nil {
			plans = append(plans, e.Prepared)
		}
	}
	if len(plans) == len(engines) {
		g.share(plans, asks)
	} else {
		g.runs = &alone{group: g, states: make([]Replicator, len(engines))}
		for i := range engines {
			g.sets = append(g.sets, model.Class{Plans: []int{i}})
		}
	}
	g.made = make([]bool, len(g.sets))
	return g
}

// share lets the engine run all settings.
func (g *group) share(plans []*model.Prepared, asks []model.Events) {
	all := model.NewGroup(plans)
	all.FirstDays = g.d.FirstDays
	all.Finished = func(setting int) bool { return g.finished(setting) }
	for i, events := range asks {
		if events != 0 && all.Observers == nil {
			all.Observers = make([]model.Observer, len(plans))
		}
		if events != 0 {
			all.Observers[i] = g.traces[i]
		}
	}
	g.runs, g.sets = all, all.Classes()
}

// apart says which settings are not run together with the first, and why.
func (g *group) apart() (lines []string) {
	for _, s := range g.sets {
		if s.Why == "" {
			continue
		}
		var names []string
		for _, i := range s.Plans {
			names = append(names, g.d.Settings[i].Name)
		}
		lines = append(lines, fmt.Sprintf("%s: %s", strings.Join(names, ", "), s.Why))
	}
	return lines
}

// run runs neighbouring replications of every setting and hands what each shows to done, until ends says that it is
// enough; then it gives false. What is shown is the group's own again when done returns.
func (g *group) run(from, to int, ends func() bool, done func(replication, setting int, seen *panel.Seen)) bool {
	if g.paired {
		return g.runPaired(from, to, ends, done)
	}
	for k := range g.sets {
		for r := from; r < to; r++ {
			if ends() || !g.runSet(k, r, func(setting int) bool {
				done(r, setting, g.seen(setting))
				return !ends()
			}) {
				return false
			}
		}
	}
	return true
}

// runPaired is run where settings are held against each other: all of a replication are run before the next.
func (g *group) runPaired(from, to int, ends func() bool, done func(replication, setting int, seen *panel.Seen)) bool {
	for r := from; r < to; r++ {
		for k := range g.sets {
			if ends() || !g.runSet(k, r, func(int) bool { return !ends() }) {
				return false
			}
		}
		for setting := range g.records {
			done(r, setting, g.seen(setting))
		}
	}
	return true
}

// runSet runs a replication of a set. It gives false if that ended before its last setting, since one of the others
// said so.
func (g *group) runSet(k, r int, finished func(setting int) (more bool)) bool {
	set := g.sets[k]
	clear(g.asked)
	for _, i := range set.Plans {
		g.asked[i] = g.records[i]
	}
	g.makeRoomFor(k)
	left := len(set.Plans)
	g.finished = func(setting int) bool {
		left--
		more := finished(setting)
		return left == 0 || more
	}
	g.replicate(r)
	return left == 0
}

// seen is what the replication in hand shows of a setting.
func (g *group) seen(setting int) *panel.Seen {
	return &panel.Seen{Record: g.records[setting], Trace: g.traces[setting], Other: func(name string) *model.Trace {
		for i, s := range g.d.Settings {
			if s.Name == name {
				return g.traces[i]
			}
		}
		return nil
	}}
}

// replicate runs a replication of the set in hand.
func (g *group) replicate(r int) {
	switch k := g.d.SeedsPerDraw; {
	case g.d.At != nil:
		chance := 0
		for i, at := range g.at {
			if g.asked[i] != nil {
				chance = g.d.At(r, at)
			}
		}
		g.runs.ReplicateAt(g.d.Seed, chance, g.at, g.asked)
	case k > 1:
		g.runs.ReplicateNested(g.d.Seed, r/k, r%k, g.asked)
	default:
		g.runs.Replicate(g.d.Seed, r, g.asked)
	}
}

// mostHeap is the memory, in bytes for each goroutine, up to which it has the states of
// every set at a time. Beyond, it has those of one: a state of a national market takes a
// hundred megabytes, and to make it anew for some replications costs next to nothing.
const mostHeap = 96 << 20

// What the heap holds: by the last collection, and with what was made since and may be garbage.
const liveHeap, wholeHeap = "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes"

// NewFirstDays keeps first days of designs with so many workers (0: one a processor) while there is memory for another.
func NewFirstDays(workers int) *model.FirstDays {
	d := Design{Workers: workers}
	most := uint64(mostHeap * d.workers())
	return model.NewFirstDays(func() bool {
		heap := []metrics.Sample{{Name: wholeHeap}}
		metrics.Read(heap)
		return heap[0].Value.Uint64() < most
	})
}

// makeRoomFor sees to it that there is memory for the states of a set.
func (g *group) makeRoomFor(set int) {
	if g.made[set] {
		return
	}
	if metrics.Read(g.heap); len(g.sets) > 1 && g.heap[0].Value.Uint64() > uint64(mostHeap*g.d.workers()) {
		clear(g.made)
		g.runs.Release()
		runtime.GC() // or the next would lie beside what is left of the last
	}
	g.made[set] = true
}

// alone runs settings by engines that know nothing of each other.
type alone struct {
	*group
	states []Replicator
}

// each gives the settings that have a record, with the state of each.
func (a *alone) each(records []*plan.Record, replicate func(setting int, s Replicator, rec *plan.Record)) {
	for i, rec := range records {
		if rec == nil {
			continue
		}
		if a.states[i] == nil {
			a.states[i] = a.engines[i].NewState()
		}
		replicate(i, a.states[i], rec)
		a.finished(i)
	}
}

// Replicate implements together.
func (a *alone) Replicate(seed uint64, replication int, records []*plan.Record) {
	a.each(records, func(_ int, s Replicator, rec *plan.Record) { s.Replicate(seed, replication, rec) })
}

// ReplicateNested implements together.
func (a *alone) ReplicateNested(seed uint64, draw, chance int, records []*plan.Record) {
	a.each(records, func(_ int, s Replicator, rec *plan.Record) { s.ReplicateNested(seed, draw, chance, rec) })
}

// ReplicateAt implements together.
func (a *alone) ReplicateAt(seed uint64, chance int, inputs [][]float64, records []*plan.Record) {
	a.each(records, func(i int, s Replicator, rec *plan.Record) { s.ReplicateAt(seed, chance, inputs[i], rec) })
}

// Release implements together.
func (a *alone) Release() { clear(a.states) }
