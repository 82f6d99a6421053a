package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

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
		_, err = p.study(s, &o, nil)
		return err
	})
	o.declare(cmd, studyFlags)
	return cmd
}

func (p *program) lessonsCommand() *cobra.Command {
	var o options
	cmd := command("lessons", 0, 0, "", nil, func(_ []string) error {
		if o.json {
			return printJSON(p.stdout, study.Records())
		}
		t := p.teller("lessons", &o)
		t.Lines(page.Lessons(study.Lessons(), t.Strong)...)
		return nil
	})
	o.declare(cmd, "json")
	return cmd
}

func (p *program) lessonCommand() *cobra.Command {
	var o options
	var full, forClass bool
	var save string
	what := "one lesson, such as L05 or pause-the-brand"
	cmd := command("lesson ID", 1, 1, what, completeLesson, func(args []string) error {
		l, err := study.FindLesson(args[0])
		switch {
		case err != nil:
			return usagef("%v", err)
		case forClass:
			text, err := l.Page()
			return p.printed(text, err)
		case save != "":
			text, _ := scenarios.Source(l.Name) // a lesson is a shipped scenario
			return p.write(save, text, "%s exists: it is left as it is", "%s is written. Change it, then: windfall study %s\n")
		}
		return p.lesson(l, &o, full)
	})
	o.declare(cmd, studyFlags)
	cmd.Flags().BoolVar(&full, "full", false, fmt.Sprintf("%d times the replications, for narrow intervals", fullSize))
	cmd.Flags().BoolVar(&forClass, "page", false, "")
	cmd.Flags().StringVar(&save, "save", "", "")
	return cmd
}

// fullSize is how many times the replications of a lesson its full size has.
const fullSize = 10

// completeLesson completes the number of a lesson.
func completeLesson(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, l := range study.Lessons() {
		out = append(out, l.ID+"\t"+l.Question)
	}
	return beginning(out, strings.ToUpper(start)), cobra.ShellCompDirectiveNoFileComp
}

// lesson runs a lesson and names the next one.
func (p *program) lesson(l study.Lesson, o *options, full bool) error {
	times := 1
	if full && o.replications.text == "" {
		times = fullSize
	}
	s, err := p.openStudy(l.Name, o, times)
	if err != nil {
		return err
	}
	var next *study.Lesson
	if l, ok := l.Next(); ok {
		next = &l
	}
	shown, err := p.study(s, o, next)
	if t := p.teller("lesson", o); next != nil && shown && t.talks() {
		t.Print("next: windfall lesson %s  (%s)\n", next.ID, next.Question)
	}
	return err
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

// study runs a study, keeps its answer and tells what it found; shown says that it did. Next is the lesson that comes
// after, if it is one.
func (p *program) study(s *study.Study, o *options, next *study.Lesson) (shown bool, err error) {
	digest := s.Digest(version)
	x := &decision{p: p, teller: p.teller("study", o), place: p.placed(o, "study", s.Name, digest, digest)}
	if err := x.take(); err != nil {
		return false, err
	}
	x.head(s.Name, s.Title, s.Question, fmt.Sprintf("%s of each of %s, seed %d",
		words.Counted(s.Replications, "replication"), words.Counted(len(s.Settings), "setting"), s.Seed))
	p.warn(append(scenarios.PriceNotes(s.Plans()...), s.Warnings...))
	once := &answer.Once{Parts: s.Parts()}
	if err := x.follow(once); err != nil {
		return false, err
	}
	a := s.Judge(once.Panels...)
	d := page.Study(a)
	d.Warnings = nil // they were told before the run
	k := kept{file: "answer.json", data: d.Data(nil), tables: []*page.Sheet{page.Settings(a)}}
	if k.pictures, err = lesson.Of(a); err != nil {
		return false, err
	}
	k.page = func([]byte) (*report.Document, error) {
		return lesson.Page(a, k.pictures, lesson.Origin{Version: version, Command: store.ShellLine(p.fromTheStart()),
			Title: s.Title, File: s.File, Plan: s.Settings[0].Plan, Next: next})
	}
	if err := x.close(d, k); err != nil {
		return false, err
	}
	if unmet := a.Unmet(x.strict); len(unmet) > 0 {
		return true, &unmetError{page.Unmet(unmet)}
	}
	return true, nil
}
