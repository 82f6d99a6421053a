package sim

import (
	"runtime"
	"runtime/metrics"

	"windfall/model"
)

// Replicator runs replications one after the other, reusing its memory. Each
// goroutine has one of its own.
type Replicator interface {
	Replicate(seed uint64, replication int, rec *model.Record)
	// ReplicateNested simulates one draw of the uncertain inputs under one of
	// several lucks.
	ReplicateNested(seed uint64, draw, luck int, rec *model.Record)
	// ReplicateAt simulates a replication whose uncertain inputs are given on the
	// scale of probabilities; luck addresses all else.
	ReplicateAt(seed uint64, luck int, inputs []float64, rec *model.Record)
}

// Engine is a plan made ready to run.
type Engine struct {
	Schema   *model.Schema
	Warnings []string // what the plan makes doubtful before it is run
	Inputs   int      // uncertain inputs, where replications are run at given ones
	NewState func() Replicator
}

// Prepare makes the engine of package model.
func Prepare(p *model.Plan) (*Engine, error) {
	prepared, err := model.Prepare(p)
	if err != nil {
		return nil, err
	}
	return &Engine{
		Schema:   prepared.Schema(),
		Warnings: prepared.Warnings(),
		Inputs:   len(prepared.Inputs()),
		NewState: func() Replicator { return prepared.NewState() },
	}, nil
}

// group is the states in which one goroutine runs the settings of a design. All that
// settings may share of a replication is shared here: whoever runs them together gets
// the numbers of some replications, and hands back records.
type group struct {
	d       *Design
	engines []*Engine
	traced  []bool // settings of which histories are read
	states  []Replicator
	records []*model.Record
	trace   *model.Trace
	at      [][]float64
	heap    []metrics.Sample
}

func newGroup(d *Design, engines []*Engine, traced []bool) *group {
	g := &group{d: d, engines: engines, traced: traced, states: make([]Replicator, len(engines)), trace: &model.Trace{},
		heap: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	for _, e := range engines {
		g.records = append(g.records, e.Schema.NewRecord())
		g.at = append(g.at, make([]float64, e.Inputs))
	}
	return g
}

// run runs neighbouring replications of every setting and hands each record to done, until ends says that it is
// enough; then it gives false. A record is the group's own again when done returns.
func (g *group) run(from, to int, ends func() bool,
	done func(replication, setting int, rec *model.Record, t *model.Trace)) bool {
	for setting := range g.engines {
		state := g.state(setting)
		for r := from; r < to; r++ {
			if ends() {
				return false
			}
			rec := g.records[setting]
			switch at, k := g.at[setting], g.d.Lucks; {
			case g.d.At != nil:
				luck := g.d.At(r, at)
				state.ReplicateAt(g.d.Seed, luck, at, rec)
			case k > 1:
				state.ReplicateNested(g.d.Seed, r/k, r%k, rec)
			default:
				state.Replicate(g.d.Seed, r, rec)
			}
			done(r, setting, rec, g.trace)
		}
	}
	return true
}

// mostHeap is the memory, in bytes for each goroutine, up to which it has a state of
// every setting at a time. Beyond, it has one: that of a national market takes a hundred
// megabytes, and to make it anew for some replications costs next to nothing.
const mostHeap = 96 << 20

// state is the state of a setting.
func (g *group) state(setting int) Replicator {
	if g.states[setting] == nil {
		if metrics.Read(g.heap); len(g.engines) > 1 && g.heap[0].Value.Uint64() > uint64(mostHeap*g.d.workers()) {
			clear(g.states)
			runtime.GC() // or the next would lie beside what is left of the last
		}
		s := g.engines[setting].NewState()
		if traceable, ok := s.(*model.State); ok && g.traced[setting] {
			traceable.Trace = g.trace
		}
		g.states[setting] = s
	}
	return g.states[setting]
}
