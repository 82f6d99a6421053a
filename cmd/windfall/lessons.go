package main

import (
	"cmp"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots/lesson"
	"windfall/plots/page"
	"windfall/plots/terminal"
	"windfall/scenarios"
	"windfall/sim/study"
)

func (p *program) lessonsCommand() *cobra.Command {
	var o options
	cmd := command("lessons", 0, 0, "", nil, func(_ []string) error {
		if o.json {
			return terminal.JSON(p.stdout, study.Records())
		}
		t, list := p.printer("lessons", &o), page.Lessons(study.Lessons())
		t.Table(list)
		t.Lines(list.Notes...)
		return nil
	})
	o.declare(cmd, "json")
	return cmd
}

func (p *program) lessonCommand() *cobra.Command {
	var o options
	var w lesson.Wish
	var save string
	exercise, times, full := numberFlag{param: whole(1, 9)}, 1, false
	what := "one lesson, such as L05 or pause-the-brand"
	cmd := command("lesson ID", 1, 1, what, completeLesson, func(args []string) error {
		l, err := study.FindLesson(args[0])
		if err != nil {
			return usagef("%v", err)
		}
		if save != "" {
			text, _ := scenarios.Source(l.Name) // a lesson is a shipped scenario
			return p.write(save, text, "%s exists: it is left as it is", "%s is written. Change it, then: windfall study %s\n")
		}
		if full && o.replications.text == "" {
			times = fullSize
		}
		w.Run = w.Run || full || o.resume || o.shard != nil || p.joined != nil || len(o.set) > 0 ||
			o.replications.text+o.seed.text+o.workers.text != ""
		w.Exercise, w.NoReport = exercise.value(), o.noReport
		return p.lesson(l, w, &o, times)
	})
	o.declare(cmd, studyFlags)
	flags := cmd.Flags()
	for name, in := range map[string]*bool{"run": &w.Run, "full": &full, "control": &w.Control, "page": &w.Page,
		"slides": &w.Slides} {
		flags.BoolVar(in, name, false, "")
	}
	for name, in := range map[string]*string{"answer": &w.Answer, "handout": &w.Handout, "save": &save} {
		flags.StringVar(in, name, "", "")
	}
	flags.Var(&exercise, "exercise", "")
	return cmd
}

// fullSize is how many times the replications of a lesson its full size has.
const fullSize = 10

// completeLesson completes the number of a lesson.
func completeLesson(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	return beginning(study.Named(), strings.ToUpper(start)), cobra.ShellCompDirectiveNoFileComp
}

// lesson meets a wish, and runs, times over, what it needs.
func (p *program) lesson(l study.Lesson, w lesson.Wish, o *options, times int) error {
	r, err := w.Meet(l, version)
	t := p.printer("lesson", o)
	switch impossible := new(lesson.WishError); {
	case errors.As(err, &impossible):
		return usagef("%v", err)
	case err != nil || r.Text != "":
		return p.printed(r.Text, err)
	case r.Part != nil:
		o.set = append(r.Part.Sets, o.set...)
		s, err := p.openStudy(l.Name, o, times)
		if err != nil {
			return err
		}
		return p.study(s, o, &l, r.Part)
	case r.Document != nil && t.printsTables():
		if w.Answer == "" {
			t.Title(l.Name, l.Title, l.Question)
		}
		t.Document(r.Document, o.all, func() {})
	}
	dir := cmp.Or(o.out, filepath.Join("results", "lesson-"+l.ID))
	files, lines, err := r.Write(dir)
	if o.open && err == nil {
		for _, file := range files {
			p.openInBrowser(file)
		}
	}
	return errors.Join(err, t.end(r.Data, dir, lines...))
}
