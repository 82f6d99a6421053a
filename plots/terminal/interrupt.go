package terminal

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// OutliveReaders keeps a program alive whose reader has read enough (head -1): it has a folder to finish. Writes to a
// closed pipe fail then, which Output remembers, and no signal kills.
func OutliveReaders() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// Interruptible gives a context that ends at the first Ctrl-C (or SIGTERM, which
// is how schedulers ask). The second ends the program at once, with an exit code; a later run makes
// the blocks that were in progress again. Release gives the signals back.
func (g *Progress) Interruptible(code int) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	released := make(chan struct{})
	go func() {
		for asked := 0; ; asked++ {
			select {
			case <-released:
				return
			case <-signals:
			}
			if asked > 0 {
				g.End()
				fmt.Fprintln(g.out, "windfall: stopped at once; finished blocks are kept, and the same command goes on "+
					"from there")
				os.Exit(code)
			}
			g.Say("ending after the runs in progress; Ctrl-C again stops at once")
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(released)
		cancel()
	}
}
