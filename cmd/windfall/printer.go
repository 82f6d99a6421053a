package main

import (
	"fmt"

	"windfall/plots/page"
	"windfall/plots/terminal"
	"windfall/plots/words"
	"windfall/sim/answer"
	"windfall/sim/store"
)

// printer prints what a command does and where its results are, on standard output.
type printer struct {
	terminal.Text
	*options
	command string
}

func (p *program) printer(command string, o *options) *printer {
	return &printer{terminal.Text{Out: p.stdout, Colors: p.colors, Width: p.width}, o, command}
}

// printsTables says whether tables are wanted.
func (o *options) printsTables() bool { return !o.json && !o.quiet }

// head tells what is asked, and how it is answered.
func (t *printer) head(name, title, question, how string) {
	if t.printsTables() {
		t.Title(name, title, question)
		t.Prose(how, "")
	}
}

// end tells what there is in the end: a value for programs, with --quiet a name alone, and else some lines.
func (t *printer) end(v any, name string, lines ...string) error {
	switch {
	case t.json:
		return terminal.JSON(t.Out, v)
	case t.quiet:
		t.Lines(name)
	default:
		t.Lines(lines...)
	}
	return nil
}

// outline says how much there is of a run.
func (t *printer) outline(dir string, complete bool, shard *store.Shard, replications int) page.Outline {
	return page.Outline{Format: page.OutlineFormat, Command: t.command, Folder: dir, Complete: complete, Shard: shard,
		Replications: replications, Pictures: []string{}}
}

// begun tells what there is of an answer, or of a run, and what comes next.
func (t *printer) begun(b *answer.Begun) error {
	said := fmt.Sprintf("Shard %s of %s is in %s.", b.Shard, b.Command, b.Folder)
	if b.Shard != nil {
		b.Next = []string{mergeLine(b.Shard)}
	} else {
		verb := "are"
		if b.Rounds == 1 {
			verb = "is"
		}
		said = fmt.Sprintf("%s of %s %s merged in %s; the next is to be run, and merged again.",
			words.Counted(b.Rounds, "round"), b.Command, verb, b.Folder)
	}
	return t.end(b, b.Folder, append([]string{said}, terminal.Next(b.Next)...)...)
}

// mergeLine says how the parts of something are put together.
func mergeLine(s *store.Shard) string {
	return "windfall merge DIR... --out WHOLE, with the folders of all " + words.Counted(s.Count, "shard")
}
