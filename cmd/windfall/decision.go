package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/store"
	"windfall/sim/table"
)

// decision runs what a question asks in the folder of its answer, and shows that.
type decision struct {
	p *program
	*teller
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
	x := &decision{p: p, teller: p.teller(command, o), place: p.placed(o, command, base.Name, name, design)}
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
		if x.command == "pause" { // whose --weeks are those of the pause
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

// take takes the folder of the answer.
func (x *decision) take() (err error) {
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
	if x.folder == nil {
		if err := x.take(); err != nil {
			return err
		}
	}
	progress := x.p.progress(x.quiet)
	ctx, release := x.p.interruptible(progress)
	defer release()
	err := x.folder.Follow(ctx, s, progress.replicated)
	progress.End()
	if errors.Is(err, context.Canceled) {
		err = &stoppedError{"interrupted; what is done is kept, go on with:\n  " + store.ShellLine(x.p.command())}
	}
	begun, failed := x.folder.Settled(err)
	if failed != nil {
		return failed
	}
	if begun != nil {
		_ = x.begun(begun)
	}
	return err
}

// show prints the answer of a question, keeps it with its tables, pictures and page, and says where they are and which
// command lines come next.
func (x *decision) show(d *page.Document, next []string) error {
	d.Warnings = slices.Concat(x.notes, x.p.told(), x.late, d.Warnings, scenarios.PriceNotes(x.plans...))
	d.Remark(x.tail)
	k := kept{file: x.command + ".json", data: d.Data(d.Warnings), tables: d.Sheets, next: next}
	for _, h := range d.Pictures {
		k.pictures = append(k.pictures, gallery.Hung{Name: h.Name, Drawing: plots.Of(h.Data)})
	}
	if !x.pictures.None() {
		k.page = func(data []byte) (*report.Document, error) {
			return report.Of(d, report.Made{Typed: store.ShellLine(x.p.fromTheStart()), Version: version, Data: data})
		}
	}
	return x.close(d, k)
}

// kept is what the folder of an answer holds.
type kept struct {
	file     string // the answer for programs
	data     any
	tables   []*page.Sheet
	pictures []gallery.Hung
	page     func(data []byte) (*report.Document, error) // nil: none
	next     []string                                    // command lines
}

// close prints an answer, fills its folder and says what is there. What was kept to go on from is removed.
func (x *decision) close(d *page.Document, k kept) error {
	if x.talks() {
		x.Document(d, x.all, func() { x.p.warn(d.Warnings) })
	}
	file, err := x.keep(k)
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
	return x.end(k.data, x.place.Dir, append(lines, nexts(k.next)...)...)
}

// keep fills the folder and gives the name of the page.
func (x *decision) keep(k kept) (file string, err error) {
	data, err := json.MarshalIndent(k.data, "", "  ")
	if err != nil {
		return "", err
	}
	data = append(data, '\n')
	if err := x.folder.WriteBytes(k.file, data); err != nil {
		return "", err
	}
	for _, s := range k.tables {
		if err := writeSheet(x.folder.Folder, s, x.tables); err != nil {
			return "", err
		}
	}
	// Pictures of an earlier answer in the same folder would show other numbers.
	if err := gallery.Clear(x.place.Dir, gallery.NamesOf(k.pictures)); err != nil {
		return "", err
	}
	if !x.pictures.None() {
		progress := x.p.progress(x.quiet)
		err := x.p.leftOut(gallery.Write(k.pictures, x.place.Dir, runtime.GOMAXPROCS(0),
			func(drawn int) { progress.picture(drawn, len(k.pictures)) }))
		progress.End()
		if err != nil {
			return "", err
		}
	}
	if x.noReport || k.page == nil {
		return "", nil
	}
	document, err := k.page(data)
	if err != nil {
		return "", err
	}
	file = filepath.Join(x.place.Dir, reportFile)
	return file, report.Write(file, document)
}

// openInBrowser shows a page, or warns that nothing could be opened and says where it is.
func (p *program) openInBrowser(file string) {
	if err := report.Open(file); err != nil {
		p.warn([]string{fmt.Sprintf("--open: nothing could be opened (%v); the report is %s", err, file)})
	}
}

// reportFile is the page in the folder of an answer or a run.
const reportFile = "report.html"

// writeSheet keeps a table of an answer as a file in a folder.
func writeSheet(dir *store.Folder, s *page.Sheet, f table.Format) error {
	columns, rows := s.Kept(store.Column)
	t := table.Rows{Rows: rows}
	for _, c := range columns {
		kind := table.Number
		if c.Text {
			kind = table.Text
		}
		t.Columns = append(t.Columns, kind.Named(c.Name)...)
	}
	return t.Write(dir, store.Name(s.Name), f)
}
