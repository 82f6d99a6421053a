package main

import (
	"fmt"

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
	g.TellPart(terminal.Step{Done: s.Done, Before: s.Resumed, Total: s.Total, Of: total, Part: s.Part, Work: s.Work})
}

// picture is called before each picture.
func (g progress) picture(drawn, total int) {
	g.Tell(drawn, 0, total, fmt.Sprintf("of %s", words.Counted(total, "picture")))
}

// tabled is called while the tables of a long run are written.
func (g progress) tabled(done, total int) {
	g.Tell(done, 0, total, fmt.Sprintf("of %s series of the tables", words.Thousands(total)))
}
