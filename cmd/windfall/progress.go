package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"windfall/plots/terminal"
	"windfall/plots/words"
	"windfall/sim"
)

// progress tells how far a run is, or its pictures: a bar on a terminal, a line now and then elsewhere, nothing with
// --quiet.
type progress struct{ *terminal.Progress }

func (p *program) progress(quiet bool) progress {
	return progress{terminal.NewProgress(p.stderr, p.screen, p.said, quiet)}
}

// replicated is called after each replication.
func (g progress) replicated(s sim.Progress) {
	total := fmt.Sprintf("of %s", words.Counted(s.Total, "run"))
	if s.Forecast {
		total = fmt.Sprintf("of about %s", words.Counted(s.Total, "run"))
	}
	if s.Done == s.Total && !s.Forecast {
		total += ", summing up"
	}
	g.Tell(s.Done, s.Resumed, s.Total, total)
}

// picture is called before each picture.
func (g progress) picture(drawn, total int) {
	g.Tell(drawn, 0, total, fmt.Sprintf("of %s", words.Counted(total, "picture")))
}

// interruptible gives a context that ends at the first Ctrl-C (or SIGTERM, which
// is how schedulers ask). The second ends the program at once; a later run makes
// the blocks that were in progress again. Release gives the signals back.
func (p *program) interruptible(progress progress) (ctx context.Context, release func()) {
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
				progress.End()
				fmt.Fprintln(p.stderr, "windfall: stopped at once; finished blocks are kept, and the same command goes on "+
					"from there")
				os.Exit(exitInterrupted)
			}
			progress.Say("ending after the replications in progress; Ctrl-C again stops at once")
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(released)
		cancel()
	}
}
