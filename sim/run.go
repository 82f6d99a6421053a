package sim

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"windfall/model"
	"windfall/sim/panel"
	"windfall/sim/result"
	"windfall/sim/safely"
	"windfall/sim/store"
)

// Run runs a plan to its end and makes its tables, or takes up an earlier run of it. A second setting is the baseline
// that the plan is held against, in pairs. If ctx ends, the replications in progress are given up and the
// error is an *Interrupted; a later Run of the same design goes on from there, as it
// does after any other error. The folder of the result is this process's until it is
// closed.
func Run(ctx context.Context, d Design) (*result.Result, error) {
	engines, err := d.prepare()
	if err != nil {
		return nil, err
	}
	engine := engines[0]
	if err := d.check(engine.Schema); err != nil {
		return nil, err
	}
	folder, err := result.Create(d.Out, d.setup(engines))
	if err != nil {
		return nil, err
	}
	r, err := d.runIn(ctx, folder, engines)
	if err != nil {
		folder.Close()
	}
	return r, err
}

// runIn runs a design in its folder.
func (d *Design) runIn(ctx context.Context, folder *result.Folder, engines []*Engine) (*result.Result, error) {
	if err := d.after(folder); err != nil {
		return nil, err
	}
	keep := d.beside(folder, engines)
	if d.ToVerdict && d.Shard == nil {
		if err := d.toVerdict(ctx, folder, engines, keep); err != nil {
			return nil, err
		}
		return folder.Finish(d.Summed)
	}
	rule, err := d.rule(folder)
	if err != nil {
		return nil, err
	}
	if err := d.fill(ctx, folder.Series, rule, engines, keep); err != nil {
		return nil, err
	}
	if err := end(folder, rule); err != nil {
		return nil, err
	}
	return folder.Finish(d.Summed)
}

// kept is what is kept of the replications of a setting: some columns of the block.
type kept struct {
	asks   model.Events // of single firms that are read
	paired bool         // they are held against those of other settings
	set    func(b *store.Block, i int, seen *panel.Seen)
}

// fill runs the blocks of a design that are not there, in any order on any number of
// goroutines: what a block holds does not depend on it.
func (d *Design) fill(ctx context.Context, series *store.Series, rule rule, engines []*Engine, keep []kept) error {
	w := &work{d: d, series: series, engines: engines, keep: keep}
	first := w.states()
	w.queue = newQueue(d, series, rule, len(engines), len(first.sets))
	if lines := first.apart(); lines != nil && d.Apart != nil {
		d.Apart(lines)
	}
	var workers errgroup.Group
	for i := range d.workers() {
		workers.Go(func() error {
			err := safely.Do(func() error {
				if i == 0 {
					return w.run(ctx, first)
				}
				return w.run(ctx, w.states())
			})
			if err != nil {
				w.queue.stop()
			}
			return err
		})
	}
	err := workers.Wait()
	// The workers' states are garbage now, a hundred megabytes each for a national market. Nothing was
	// allocated beside them, so the collector would let what comes next double the heap before it looks.
	runtime.GC()
	if err == nil && !rule.finished() {
		if err = w.keepBegun(); err == nil {
			return &Interrupted{Cause: ctx.Err(), Out: d.out(), Done: series.Done(), Total: series.Replications}
		}
	}
	if err != nil {
		return &Unfinished{Cause: err, Out: d.out(), Done: series.Done(), Total: series.Replications}
	}
	return nil
}

// work is what the workers of a design share.
type work struct {
	d       *Design
	series  *store.Series
	engines []*Engine
	keep    []kept
	queue   *queue
}

// states are those of a goroutine.
func (w *work) states() *group {
	asks, paired := make([]model.Events, len(w.keep)), false
	for i, k := range w.keep {
		asks[i] = k.asks
		paired = paired || k.paired
	}
	return newGroup(w.d, w.engines, asks, paired)
}

// run takes blocks from the queue, runs them and keeps them. When none is left it
// helps with those of others.
func (w *work) run(ctx context.Context, states *group) error {
	for ctx.Err() == nil {
		b, err := w.queue.take()
		if err != nil || b == nil {
			return err
		}
		if !b.run(ctx, w, states) {
			continue
		}
		if err := w.series.Put(b.Block); err != nil {
			return err
		}
		w.queue.put(b)
	}
	return nil
}

// keepBegun keeps of the blocks in progress the replications that are done, up to the
// first that is not.
func (w *work) keepBegun() error {
	for _, b := range w.queue.open {
		n := slices.Index(b.done, false)
		if n > w.series.Count(b.Number) {
			if err := w.series.Put(b.Head(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// blockInProgress is a block in progress. Its replications go to whoever asks next, a few at a
// time, and each has a place of its own in the block: who ran them leaves no trace.
type blockInProgress struct {
	*store.Block
	next atomic.Int64 // first replication that nobody has taken

	mu   sync.Mutex
	done []bool
	left int // replications that are not done
}

// run runs replications of the block until none is left to take, and tells
// whether it finished the block. It does not if others are still at work on it, or
// if the run ended in the meantime without the block.
func (b *blockInProgress) run(ctx context.Context, w *work, states *group) bool {
	ends := func() bool { return ctx.Err() != nil || w.queue.endsBefore(b.Number) }
	for {
		n := w.queue.strip
		to := int(b.next.Add(int64(n)))
		from := to - n
		to = min(to, b.Count)
		if from >= to {
			return false
		}
		first := b.First()
		ok := states.run(first+from, first+to, ends, func(r, setting int, seen *panel.Seen) {
			w.keep[setting].set(b.Block, r-first, seen)
			w.queue.replicated()
		})
		if !ok {
			return false
		}
		if b.finish(from, to) {
			return true
		}
	}
}

// finish takes note of replications that are done and tells whether they were the last.
func (b *blockInProgress) finish(from, to int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := from; i < to; i++ {
		b.done[i] = true
	}
	b.left -= to - from
	return b.left == 0
}

// Interrupted says that a run was stopped before its end. What was finished is
// kept.
type Interrupted struct {
	Cause       error // of the context
	Out         string
	Done, Total int // replications
}

// Error implements error.
func (e *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %d of %d runs; %s", e.Done, e.Total, goOn(e.Out))
}

// Unwrap gives the cause.
func (e *Interrupted) Unwrap() error { return e.Cause }

// Unfinished says that a run could not go on, such as for a full disk. What was
// finished is kept.
type Unfinished struct {
	Cause       error
	Out         string
	Done, Total int // replications
}

// Error implements error.
func (e *Unfinished) Error() string {
	return fmt.Sprintf("%v; %d of %d runs are complete; %s", e.Cause, e.Done, e.Total, goOn(e.Out))
}

// Unwrap gives the cause.
func (e *Unfinished) Unwrap() error { return e.Cause }

// out is the folder of the design, as messages name it.
func (d *Design) out() string {
	if d.Out == "" && d.Folder != nil {
		return d.Folder.Dir
	}
	return d.Out
}

func goOn(out string) string {
	if out == "" {
		return "they were in memory and are lost"
	}
	return "they are kept in " + out + ": the same command with --resume goes on from there"
}

// mostStrip is the most replications of a block that a goroutine takes at a time where
// not all settings are run together.
const mostStrip = 10

// queue hands out the blocks that are still to be run, in order.
type queue struct {
	series *store.Series
	strip  int // replications that are taken at a time

	mu      sync.Mutex
	rule    rule
	open    []*blockInProgress // blocks in progress
	stopped bool

	report   func(Progress)
	progress Progress
	settings int
}

func newQueue(d *Design, series *store.Series, rule rule, settings, sets int) *queue {
	q := &queue{series: series, rule: rule, report: d.Progress, settings: settings, strip: 1}
	if sets > 1 { // few at the end, so that all have something to do
		q.strip = min(max(1, series.Replications/(2*d.workers())), mostStrip)
	}
	done := settings * series.Done()
	q.progress = Progress{Done: done, Resumed: done}
	q.forecast()
	return q
}

// forecast takes over how many replications there will be.
func (q *queue) forecast() {
	n, guess := q.rule.forecast()
	q.progress.Total, q.progress.Forecast = max(q.settings*n, q.progress.Done), guess
}

// take gives the next block to run, or one in progress that has replications
// left; nil if there is none.
func (q *queue) take() (*blockInProgress, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return nil, nil
	}
	number, ok, err := q.rule.next()
	if err != nil {
		return nil, err
	}
	if !ok {
		for _, b := range q.open {
			if int(b.next.Load()) < b.Count {
				return b, nil
			}
		}
		return nil, nil
	}
	b, err := q.begin(number)
	if err == nil {
		q.open = append(q.open, b)
	}
	return b, err
}

// begin makes a block, or goes on with one of which some replications are there.
func (q *queue) begin(number int) (*blockInProgress, error) {
	count, there := q.series.Wanted(number), q.series.Count(number)
	b := &blockInProgress{Block: store.NewBlock(q.series.Shape, number, count), done: make([]bool, count),
		left: count - there}
	if there > 0 {
		head, err := q.series.Read(number)
		if err != nil {
			return nil, err
		}
		b.Begin(head)
		b.next.Store(int64(there))
		for i := range there {
			b.done[i] = true
		}
	}
	return b, nil
}

// put tells that a block is finished and kept.
func (q *queue) put(b *blockInProgress) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = slices.DeleteFunc(q.open, func(other *blockInProgress) bool { return other == b })
	q.rule.put(b.Block)
	q.forecast()
}

// stop lets the other workers end after their replications.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
}

// endsBefore tells whether the run was found to end before a block, or is stopped.
func (q *queue) endsBefore(block int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.stopped || q.rule.endsBefore(block)
}

// replicated counts a replication.
func (q *queue) replicated() {
	if q.report == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.progress.Done++
	q.progress.Total = max(q.progress.Total, q.progress.Done)
	q.report(q.progress)
}
