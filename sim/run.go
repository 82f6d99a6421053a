package sim

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"windfall/model"
	"windfall/sim/result"
)

// Run runs a design to its end, or takes up an earlier run of it. If ctx ends,
// the blocks in progress are finished and the error is an *Interrupted; a later
// Run of the same design goes on from there, as it does after any other error.
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
	blocks, err := newQueue(&d, engine.Schema, folder)
	if err != nil {
		return nil, err
	}
	var workers errgroup.Group
	for range d.workers() {
		workers.Go(func() error { return work(ctx, &d, engine, folder, blocks) })
	}
	if err := workers.Wait(); err != nil {
		return nil, &Unfinished{Cause: err, Out: d.Out, Done: folder.Done(), Total: folder.Manifest.Replications}
	}
	if !blocks.finished() {
		return nil, &Interrupted{Out: d.Out, Done: folder.Done(), Total: folder.Manifest.Replications}
	}
	if err := blocks.close(); err != nil {
		return nil, err
	}
	return folder.Finish()
}

// work takes blocks from the queue, runs them and keeps them.
func work(ctx context.Context, d *Design, e *Engine, folder *result.Folder, blocks *queue) error {
	state, record := e.NewState(), e.Schema.NewRecord()
	for ctx.Err() == nil {
		number, count, ok, err := blocks.take()
		if err != nil || !ok {
			return err
		}
		block := runBlock(d, state, record, result.NewBlock(e.Schema, number, count), blocks)
		if block == nil {
			return nil
		}
		if err := folder.Put(block); err != nil {
			blocks.stop()
			return err
		}
		blocks.put(block)
	}
	return nil
}

// runBlock runs the replications of a block. It is nil if the run ended in the
// meantime without the block.
func runBlock(d *Design, state Replicator, record *model.Record, block *result.Block, blocks *queue) *result.Block {
	for i := range block.Count {
		if blocks.endsBefore(block.Number) {
			return nil
		}
		state.Replicate(d.Seed, block.First()+i, record)
		block.Set(i, record)
		blocks.replicated()
	}
	return block
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
	todo    []int    // without a precision target
	pursuit *pursuit // with one
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

// take gives the next block to run and its number of replications.
func (q *queue) take() (block, count int, ok bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.stopped:
	case q.pursuit != nil:
		block, ok, err = q.pursuit.take()
		return block, BlockSize, ok, err
	case len(q.todo) > 0:
		block, q.todo = q.todo[0], q.todo[1:]
		return block, q.folder.Wanted(block), true, nil
	}
	return 0, 0, false, nil
}

// put tells that a block is finished and kept.
func (q *queue) put(b *result.Block) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left--
	if q.pursuit != nil {
		q.pursuit.put(b)
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
