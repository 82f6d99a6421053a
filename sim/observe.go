package sim

import (
	"context"
	"sync"

	"windfall/model"
	"windfall/sim/panel"
	"windfall/sim/safely"
)

// Observe runs the first replications of some settings again and shows what happened to single firms in them, one
// replication after the other: by setting, what is asked for. It holds the firms of one replication per worker. The
// traces are its own again when show returns.
func Observe(ctx context.Context, d Design, asks model.Events,
	show func(replication int, traces []*model.Trace) error) error {
	engines, err := d.prepare()
	if err != nil {
		return err
	}
	all := make([]model.Events, len(engines))
	for i := range all {
		all[i] = asks
	}
	groups := make([]*group, min(d.workers(), d.Replications))
	for i := range groups {
		groups[i] = newGroup(&d, engines, all, true)
	}
	for first := 0; first < d.Replications; first += len(groups) {
		now := groups[:min(len(groups), d.Replications-first)]
		failed := make([]error, len(now))
		var wait sync.WaitGroup
		for i, g := range now {
			wait.Go(func() {
				failed[i] = safely.Do(func() error {
					g.run(first+i, first+i+1, func() bool { return ctx.Err() != nil }, func(int, int, *panel.Seen) {})
					return ctx.Err()
				})
			})
		}
		wait.Wait()
		for i, g := range now {
			if failed[i] != nil {
				return failed[i]
			}
			if err := show(first+i, g.traces); err != nil {
				return err
			}
		}
	}
	return nil
}
