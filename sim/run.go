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
	"windfall/sim/result"
	"windfall/sim/safely"
)

// Run runs a design to its end, or takes up an earlier run of it. If ctx ends,
// the blocks in progress are finished and the error is an *Interrupted; a later
// Run of the same design goes on from there, as it does after any other error. The
// folder of the result is this process's until it is closed.
func Run(ctx context.Context, d Design) (*result.Result, error) {
	engine, err := d.prepare()
	if err != nil {
		return nil, err
	}
	if err := d.check(engine.Schema); err != nil {
		return nil, err
	}
	folder, err := result.Create(d.Out, d.setup(engine))
	if err != nil {
		return nil, err
	}
	r, err := d.runIn(ctx, folder, engine)
	if err != nil {
		folder.Close()
	}
	return r, err
}

// runIn runs a design in its folder.
func (d *Design) runIn(ctx context.Context, folder *result.Folder, engine *Engine) (*result.Result, error) {
	blocks, err := newQueue(d, engine.Schema, folder)
	if err != nil {
		return nil, err
	}
	var workers errgroup.Group
	for range d.workers() {
		workers.Go(func() error {
			err := safely.Do(func() error { return work(ctx, d, engine, folder, blocks) })
			if err != nil {
				blocks.stop()
			}
			return err
		})
	}
	if err := workers.Wait(); err != nil {
		return nil, &Unfinished{Cause: err, Out: d.Out, Done: folder.Done(), Total: folder.Manifest.Replications}
	}
	// The workers' states are garbage now, a hundred megabytes each for a national market. Nothing was
	// allocated beside them, so the collector would let what comes next double the heap before it looks.
	runtime.GC()
	if !blocks.finished() {
		return nil, &Interrupted{Out: d.Out, Done: folder.Done(), Total: folder.Manifest.Replications}
	}
	if err := blocks.close(); err != nil {
		return nil, err
	}
	return folder.Finish(d.Summed)
}

// work takes blocks from the queue, runs them and keeps them. When none is left it
// helps with those of others.
func work(ctx context.Context, d *Design, e *Engine, folder *result.Folder, blocks *queue) error {
	state, record := e.NewState(), e.Schema.NewRecord()
	for ctx.Err() == nil {
		b, err := blocks.take(e.Schema)
		if err != nil || b == nil {
			return err
		}
		if !b.run(d, state, record, blocks) {
			continue
		}
		if err := folder.Put(b.Block); err != nil {
			return err
		}
		blocks.put(b)
	}
	return nil
}

// shared is a block in progress. Its replications go to whoever asks next, and
// each has a place of its own in the block: who ran them leaves no trace.
type shared struct {
	*result.Block
	next, done atomic.Int64 // replications taken, and finished
}

// run runs replications of the block until none is left to take, and tells
// whether it finished the block. It does not if others are still at work on it, or
// if the run ended in the meantime without the block.
func (b *shared) run(d *Design, state Replicator, record *model.Record, blocks *queue) bool {
	for {
		if blocks.endsBefore(b.Number) {
			return false
		}
		i := int(b.next.Add(1)) - 1
		if i >= b.Count {
			return false
		}
		state.Replicate(d.Seed, b.First()+i, record)
		b.Set(i, record)
		blocks.replicated()
		if int(b.done.Add(1)) == b.Count {
			return true
		}
	}
}

// Interrupted says that a run was stopped before its end. What was finished is
// kept.
type Interrupted struct {
	Out         string
	Done, Total int // replications
}

// Error implements error.
func (e *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %d of %d replications; %s", e.Done, e.Total, goOn(e.Out))
}

// Unfinished says that a run could not go on, such as for a full disk. What was
// finished is kept.
type Unfinished struct {
	Cause       error
	Out         string
	Done, Total int // replications
}

// Error implements error.
func (e *Unfinished) Error() string {
	return fmt.Sprintf("%v; %d of %d replications are complete; %s", e.Cause, e.Done, e.Total, goOn(e.Out))
}

// Unwrap gives the cause.
func (e *Unfinished) Unwrap() error { return e.Cause }

func goOn(out string) string {
	if out == "" {
		return "they were in memory and are lost"
	}
	return "they are kept in " + out + ": the same command with --resume goes on from there"
}

// queue hands out the blocks that are still to be run, in order.
type queue struct {
	mu      sync.Mutex
	todo    []int     // without a precision target
	pursuit *pursuit  // with one
	open    []*shared // blocks in progress
	folder  *result.Folder
	stopped bool
	left    int // blocks of todo that are not finished

	report   func(Progress)
	progress Progress
}

func newQueue(d *Design, schema *model.Schema, folder *result.Folder) (*queue, error) {
	q := &queue{folder: folder, report: d.Progress}
	q.progress = Progress{Done: folder.Done(), Resumed: folder.Done(), Total: folder.Manifest.Replications}
	if d.Precision.Metric != "" {
		var err error
		q.progress.Forecast = true
		q.pursuit, err = newPursuit(d, schema, folder)
		return q, err
	}
	q.todo = folder.Missing()
	q.left = len(q.todo)
	if s := folder.Manifest.Shard; s != nil {
		q.progress.Total = q.progress.Done
		for _, b := range q.todo {
			q.progress.Total += folder.Wanted(b) - folder.Count(b)
		}
	}
	return q, nil
}

// take gives the next block to run, or one in progress that has replications
// left; nil if there is none.
func (q *queue) take(schema *model.Schema) (*shared, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var number, count int
	switch {
	case q.stopped:
		return nil, nil
	case q.pursuit != nil:
		block, ok, err := q.pursuit.take()
		if err != nil || !ok {
			return nil, err
		}
		number, count = block, BlockSize
	case len(q.todo) > 0:
		number, q.todo = q.todo[0], q.todo[1:]
		count = q.folder.Wanted(number)
	default:
		for _, b := range q.open {
			if int(b.next.Load()) < b.Count {
				return b, nil
			}
		}
		return nil, nil
	}
	b := &shared{Block: result.NewBlock(schema, number, count)}
	q.open = append(q.open, b)
	return b, nil
}

// put tells that a block is finished and kept.
func (q *queue) put(b *shared) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left--
	q.open = slices.DeleteFunc(q.open, func(other *shared) bool { return other == b })
	if q.pursuit != nil {
		q.pursuit.put(b.Block)
		if n := q.pursuit.forecast(); n > 0 {
			q.progress.Total = n
		}
	}
}

// stop lets the other workers end after their block.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
}

// endsBefore tells whether the run was found to end before a block.
func (q *queue) endsBefore(block int) bool {
	if q.pursuit == nil {
		return false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pursuit.end > 0 && block >= q.pursuit.end
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

// finished tells whether every block that the run needs is kept.
func (q *queue) finished() bool {
	if q.pursuit != nil {
		return q.pursuit.end > 0
	}
	return q.left == 0
}

// close fixes the length of a run with a precision target.
func (q *queue) close() error {
	if q.pursuit == nil {
		return nil
	}
	return q.pursuit.close(q.folder)
}
