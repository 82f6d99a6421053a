package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"windfall/model/plan"
	"windfall/plots/kept"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/terminal"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/store"
	"windfall/sim/table"
)

// decision runs what a question asks in the folder of its answer, and shows that.
type decision struct {
	p *program
	*printer
	place  answer.Place
	folder *answer.Folder // once it is taken
	tables table.Format
	notes  []string     // warnings of the command itself
	late   []string     // about plans that move people, hiring or prices too late
	plans  []*plan.Plan // that are set side by side: what the answer says of a price rests on them
	tail   int          // weeks that lifetime_margin counts after the run
	// own is the command line of a step that only this command can write; empty: it is as any other.
	own func(decide.Step) string
}

// decision names the folder of a design; asked is what else the answer depends on.
func (p *program) decision(o *options, command string, base *plan.Plan, d *decide.Design, asked ...any) *decision {
	name, design := answer.Keys(version, command, o.metric, d, asked...)
	x := &decision{p: p, printer: p.printer(command, o), place: p.placed(o, command, base.Name, name, design)}
	for _, s := range d.Settings {
		x.tail, x.plans = max(x.tail, plan.TailWeeks(s.Plan)), append(x.plans, s.Plan)
	}
	x.late = x.lateMoves(d, x.plans...)
	return x
}

// lateMoves are notes about plans of a design that move people, hiring or prices too late for their runs.
func (x *decision) lateMoves(d *decide.Design, plans ...*plan.Plan) []string {
	if !d.AsksForMargin() {
		return nil
	}
	return page.LateMoves(plans, func(part, weeks string) string {
		if x.command == "pause" || x.command == "experiment" { // whose --weeks are those of the pause or the test
			return "--set run.weeks=" + weeks
		}
		return asFlag(part, weeks)
	})
}

// placed is where the answer to a command goes.
func (p *program) placed(o *options, command, subject, name, design string) answer.Place {
	return answer.Place{Dir: cmp.Or(o.out, answer.DirOf(command, subject, name, o.shard)), After: o.after,
		Workers: o.workers.value(), Resume: o.resume, Joined: p.joined,
		Manifest: store.Manifest{Windfall: command, Subject: subject, Design: design, Version: version,
			Command: p.command(), Shard: o.shard}}
}

// take takes the folder of the answer, if it is not taken.
func (x *decision) take() (err error) {
	if x.p.gauge != nil || x.folder != nil {
		return nil
	}
	if x.tables, err = table.ParseFormat(cmp.Or(x.format, string(table.CSV))); err != nil {
		return usagef("--format: %v", err)
	}
	x.folder, err = answer.Take(x.place)
	if x.folder != nil {
		x.p.hold(x.folder)
	}
	if err != nil {
		return flagged(err)
	}
	x.p.answers = append(x.p.answers, x.folder)
	return nil
}

// follow runs what is to be run with progress; Ctrl-C keeps what is done. Of a shard, or of the rounds of one, it is
// told what comes next.
func (x *decision) follow(s decide.Sequence) error {
	if x.p.gauge != nil {
		return x.p.gauge.Sequence(s)
	}
	err := x.watched(func(ctx context.Context, _ *answer.Folder, told func(sim.Progress)) error {
		return x.folder.Follow(ctx, s, told)
	})
	begun, failed := x.folder.Settled(err)
	if failed != nil {
		return failed
	}
	if begun != nil {
		_ = x.begun(begun)
	}
	return err
}

// watched runs something in the folder, which is taken, with progress; what Ctrl-C leaves is kept to go on from.
func (x *decision) watched(run func(ctx context.Context, in *answer.Folder, told func(sim.Progress)) error) error {
	if err := x.take(); err != nil {
		return err
	}
	progress := x.p.progress(x.quiet)
	ctx, release := progress.Interruptible(exitInterrupted)
	defer release()
	err := run(ctx, x.folder, progress.replicated)
	progress.End()
	if errors.Is(err, context.Canceled) {
		err = &stoppedError{"interrupted; what is done is kept, go on with:\n  " + store.ShellLine(x.p.command())}
	}
	return err
}

// show prints the answer of a question, keeps it with its tables, pictures and pages, and says where they are and which
// command lines come next.
func (x *decision) show(d *page.Document, next []string) error {
	d.Warnings = slices.Concat(x.notes, x.p.overrideWarnings(), x.late, d.Warnings, scenarios.PriceNotes(x.plans...))
	d.Remark(x.tail)
	return x.close(d, kept.Of(d, x.p.made()), next)
}

// made says how an answer is had.
func (p *program) made() report.Made {
	words := p.fromTheStart()
	return report.Made{Typed: store.ShellLine(words), Again: store.ShellLine(store.Essential(words)), Version: version}
}

// close prints an answer, fills its folder and says what is there. What was kept to go on from is removed.
func (x *decision) close(d *page.Document, a *kept.Answer, next []string) error {
	if x.printsTables() {
		x.Document(d, x.all, func() { x.p.warn(d.Warnings) })
	}
	progress := x.p.progress(x.quiet)
	file, notes, err := a.Keep(x.folder.Folder, kept.How{Tables: x.tables, NoPictures: x.pictures.None(),
		NoReport: x.noReport, Workers: runtime.GOMAXPROCS(0), Drawn: progress.picture})
	progress.End()
	x.p.warn(notes)
	if err != nil {
		return err
	}
	if err := x.folder.Finish(); err != nil {
		return err
	}
	switch {
	case x.open && file == "":
		x.p.warn([]string{"--open: with --no-report there is nothing to open"})
	case x.open:
		x.p.openInBrowser(file)
	}
	if x.json {
		x.p.warn(d.Warnings)
	}
	lines := []string{"Results in " + x.place.Dir}
	if file != "" {
		lines = append(lines, "Report: "+file)
	}
	return x.end(a.Data, x.place.Dir, append(lines, terminal.Next(next)...)...)
}

// openInBrowser shows a page, or warns that nothing could be opened and says where it is.
func (p *program) openInBrowser(file string) {
	if err := report.Open(file); err != nil {
		p.warn([]string{fmt.Sprintf("--open: nothing could be opened (%v); the report is %s", err, file)})
	}
}
