package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"windfall/plots/kept"
	"windfall/plots/lesson"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/store"
	"windfall/sim/study"
)

// studyFlags are those of a study, and of a lesson.
const studyFlags = runsFlags + "replications seed workers shard resume set all open"

func (p *program) studyCommand() *cobra.Command {
	var o options
	what := "one scenario with a table [study]"
	cmd := command("study FILE|NAME", 1, 1, what, completeScenario, func(args []string) error {
		s, err := p.openStudy(args[0], &o, 1)
		if err != nil {
			return err
		}
		return p.study(s, &o, nil, &lesson.Part{Document: page.Study})
	})
	o.declare(cmd, studyFlags)
	return cmd
}

// openStudy reads a study, with times the replications that it has or that are asked for.
func (p *program) openStudy(name string, o *options, times int) (*study.Study, error) {
	s, err := study.Open(name, o.set, p.loading()...)
	if err != nil {
		return nil, err
	}
	s.Repeat(o.replications.value(), times)
	if o.seed.text != "" {
		s.Seed, _ = strconv.ParseUint(o.seed.text, 10, 64)
	}
	return s, nil
}

// study runs a study, or a part of one, keeps its answer and tells what it found. Of a lesson it names the next.
func (p *program) study(s *study.Study, o *options, of *study.Lesson, part *lesson.Part) error {
	name, title, question := s.Name, s.Title, s.Question
	if part.Narrow != nil {
		part.Narrow(s)
		name, title, question, o.noReport = part.Name, "", part.Question, true
	}
	digest := s.Digest(version)
	x := &decision{p: p, printer: p.printer("study", o), place: p.placed(o, "study", name, digest, digest)}
	if err := x.take(); err != nil {
		return err
	}
	x.head(name, title, question, fmt.Sprintf("%s of each of %s, seed %d",
		words.Counted(s.Replications, "run"), words.Counted(s.Needed(), "plan"), s.Seed))
	p.warn(append(scenarios.PriceNotes(s.Plans()...), s.Warnings...))
	once := &answer.Once{Parts: s.Parts()}
	if err := x.follow(once); err != nil {
		return err
	}
	a := s.Judge(once.Panels...)
	d := part.Document(a)
	d.Warnings = nil // they were told before the run
	k := kept.Of(d, p.made())
	k.File, k.Tables, k.Brief.Question = "answer.json", []*page.Sheet{page.Settings(a)}, s.Question
	var err error
	if k.Pictures, err = lesson.Of(a); err != nil {
		return err
	}
	if len(k.Pictures) > 1 { // the first is the slide, with the answer in it
		k.Brief.Shows = k.Pictures[1].Drawing
	}
	k.Page = func([]byte) (*report.Document, error) {
		return lesson.Page(a, k.Pictures, lesson.Origin{Version: version, Command: store.ShellLine(p.fromTheStart()),
			Title: s.Title, File: s.File, Plan: s.Settings[0].Plan, Next: of.After()})
	}
	if err := x.close(d, k, of.NextCommand()); err != nil {
		return err
	}
	if unmet := a.Unmet(x.strict); len(unmet) > 0 && (of == nil || len(a.Changed) == 0) {
		return &unmetError{page.Unmet(unmet)}
	}
	return nil
}
