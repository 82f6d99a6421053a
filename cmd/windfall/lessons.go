package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
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

func (p *program) lessonsCommand() *cobra.Command {
	var o options
	cmd := command("lessons", 0, 0, "", nil, func(_ []string) error {
		if o.json {
			return printJSON(p.stdout, study.Records())
		}
		t := p.teller("lessons", &o)
		list := page.Lessons(study.Lessons())
		t.Table(list)
		t.Lines(list.Notes...)
		return nil
	})
	o.declare(cmd, "json")
	return cmd
}

// lessonOptions are the flags of a lesson beside those of a study.
type lessonOptions struct {
	options
	run, full, control, page, slides bool
	exercise                         numberFlag
	answer, handout, save            string
}

func (p *program) lessonCommand() *cobra.Command {
	o := lessonOptions{exercise: numberFlag{param: whole(1, 9)}}
	cmd := command("lesson ID", 1, 1, "one lesson, such as L05 or pause-the-brand", completeLesson, nil)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		l, err := study.FindLesson(args[0])
		if err != nil {
			return usagef("%v", err)
		}
		for _, name := range []string{"set", "replications", "seed", "full", "shard", "resume", "workers"} {
			o.run = o.run || cmd.Flags().Changed(name)
		}
		return p.lesson(l, &o)
	}
	o.declare(cmd, studyFlags)
	flags := cmd.Flags()
	for name, in := range map[string]*bool{"run": &o.run, "full": &o.full, "control": &o.control, "page": &o.page,
		"slides": &o.slides} {
		flags.BoolVar(in, name, false, "")
	}
	for name, in := range map[string]*string{"answer": &o.answer, "handout": &o.handout, "save": &o.save} {
		flags.StringVar(in, name, "", "")
	}
	flags.Var(&o.exercise, "exercise", "")
	_ = cmd.RegisterFlagCompletionFunc("handout", cobra.FixedCompletions([]string{"student", "teacher"},
		cobra.ShellCompDirectiveNoFileComp))
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

// lesson does what is asked of a lesson; what was recorded is shown where nothing asks for a run.
func (p *program) lesson(l study.Lesson, o *lessonOptions) error {
	switch {
	case o.page:
		text, err := l.Page()
		return p.printed(text, err)
	case o.save != "":
		text, _ := scenarios.Source(l.Name) // a lesson is a shipped scenario
		return p.write(o.save, text, "%s exists: it is left as it is", "%s is written. Change it, then: windfall study %s\n")
	case o.slides || o.handout != "":
		return p.forClass(l, o)
	case o.exercise.text != "" || o.answer != "":
		return p.exercise(l, o)
	case o.control:
		return p.controlAlone(l, o)
	case o.run:
		return p.lessonAnew(l, o)
	}
	return p.recorded(l, o)
}

// recorded shows what was recorded of a lesson, and writes its page.
func (p *program) recorded(l study.Lesson, o *lessonOptions) error {
	a, err := l.RecordedAnswer()
	if err != nil {
		return err
	}
	if a == nil {
		return usagef("nothing is recorded of %s: windfall lesson %s --run", l.ID, l.ID)
	}
	t := p.teller("lesson", &o.options)
	if t.talks() {
		t.Title(l.Name, l.Title, l.Question)
		t.Document(page.Recorded(l, a), o.all, func() {})
	}
	var lines []string
	dir := "" // of the pictures
	if !o.noReport {
		if dir, err = folderOf(l, o); err != nil {
			return err
		}
		s, err := scenarios.Open(l.Name)
		if err != nil {
			return err
		}
		d, err := lesson.RecordedPage(l, a, lesson.Origin{Version: version, Command: "windfall lesson " + l.ID + " --run",
			Title: s.Plan.Title, File: s.Files[0], Plan: s.Plan})
		if err != nil {
			return err
		}
		file := filepath.Join(dir, reportFile)
		if err := report.Write(file, d); err != nil {
			return err
		}
		if lines = append(lines, "Pictures: "+file); o.open {
			p.openInBrowser(file)
		}
	}
	lines = append(lines, fmt.Sprintf("Run it again: windfall lesson %s --run  (%s on two cores)", l.ID, page.RunTime(l)),
		fmt.Sprintf("Exercises: windfall lesson %s --exercise 1  (or 2, 3)", l.ID),
		fmt.Sprintf("For class: windfall lesson %s --slides --handout student", l.ID))
	if next, ok := l.Next(); ok {
		lines = append(lines, fmt.Sprintf("next: windfall lesson %s  (%s)", next.ID, next.Question))
	}
	return t.end(a, dir, lines...)
}

// folderOf makes the folder for files about a lesson that need no run.
func folderOf(l study.Lesson, o *lessonOptions) (string, error) {
	dir := cmp.Or(o.out, filepath.Join("results", "lesson-"+l.ID))
	return dir, os.MkdirAll(dir, 0o777)
}

// forClass writes slides and a hand-out.
func (p *program) forClass(l study.Lesson, o *lessonOptions) error {
	if o.handout != "" && o.handout != "student" && o.handout != "teacher" {
		return usagef("--handout is student or teacher, not %s", o.handout)
	}
	c, err := lesson.Prepare(l, version)
	if err != nil {
		return err
	}
	dir, err := folderOf(l, o)
	if err != nil {
		return err
	}
	var lines []string
	keep := func(name, what string, made func() ([]byte, error)) error {
		text, err := made()
		if err != nil {
			return err
		}
		file := filepath.Join(dir, name)
		lines = append(lines, what+": "+file)
		if err := store.WriteFile(file, text); err != nil {
			return err
		}
		if o.open {
			p.openInBrowser(file)
		}
		return nil
	}
	if o.slides {
		if err := keep("slides.html", "Slides (keys: arrows, n notes, d dark, f full screen; printed: one a page)",
			c.Slides); err != nil {
			return err
		}
	}
	if o.handout != "" {
		if err := keep("handout-"+o.handout+".html", "Hand-out, two pages when printed on A4",
			func() ([]byte, error) { return c.Handout(o.handout == "teacher") }); err != nil {
			return err
		}
	}
	return p.teller("lesson", &o.options).end(map[string]any{"lesson": l.ID, "files": lines}, dir, lines...)
}

// exercise runs what one exercise needs, or marks an answer to it.
func (p *program) exercise(l study.Lesson, o *lessonOptions) error {
	_, list, err := l.Exercises()
	if err != nil {
		return err
	}
	n := o.exercise.value()
	if n < 1 || n > len(list) {
		return usagef("%s has exercises 1 to %d: windfall lesson %s --exercise 1", l.ID, len(list), l.ID)
	}
	x := &list[n-1]
	t := p.teller("lesson", &o.options)
	if o.answer != "" {
		a, err := study.ParseAnswer(o.answer)
		if err != nil {
			return usagef("--answer %v", err)
		}
		t.Document(&page.Document{Lines: []page.Cell{page.Marked(x, x.Right(a))}}, true, func() {})
		return nil
	}
	o.set = append(x.Sets, o.set...)
	s, err := p.openStudy(l.Name, &o.options, timesOf(o))
	if err != nil {
		return err
	}
	s.Only(x.Show)
	return p.part(s, o, fmt.Sprintf("%s, exercise %d: %s", l.ID, n, x.Title), x.Question,
		func(a *study.Answer) *page.Document { return page.Exercise(x, a, l.Recorded) })
}

// controlAlone runs the control of a lesson.
func (p *program) controlAlone(l study.Lesson, o *lessonOptions) error {
	s, err := p.openStudy(l.Name, &o.options, timesOf(o))
	if err != nil {
		return err
	}
	if s.Control == nil {
		return usagef("%s has no control", l.ID)
	}
	title, sets := s.Control.Title, s.Control.Sets
	s.OnlyControl()
	return p.part(s, o, l.ID+", the control", l.Question,
		func(a *study.Answer) *page.Document { return page.Control(a, title, sets) })
}

// part runs a part of a study.
func (p *program) part(s *study.Study, o *lessonOptions, name, question string,
	shown func(*study.Answer) *page.Document) error {
	digest := s.Digest(version)
	subject := s.Name + " " + name
	x := &decision{p: p, teller: p.teller("study", &o.options), place: p.placed(&o.options, "study", subject, digest,
		digest)}
	x.head(name, "", question, fmt.Sprintf("%s of each of %s, seed %d", words.Counted(s.Replications, "replication"),
		words.Counted(s.Needed(), "setting"), s.Seed))
	once := &answer.Once{Parts: s.Parts()}
	if err := x.follow(once); err != nil {
		return err
	}
	d := shown(s.Judge(once.Panels...))
	return x.close(d, kept{file: "answer.json", data: d.Data(nil)})
}

// timesOf is how many times the replications of a lesson are asked for.
func timesOf(o *lessonOptions) int {
	if o.full && o.replications.text == "" {
		return fullSize
	}
	return 1
}

// lessonAnew runs a lesson and names the next one.
func (p *program) lessonAnew(l study.Lesson, o *lessonOptions) error {
	s, err := p.openStudy(l.Name, &o.options, timesOf(o))
	if err != nil {
		return err
	}
	var next *study.Lesson
	if l, ok := l.Next(); ok {
		next = &l
	}
	shown, err := p.study(s, &o.options, next)
	if t := p.teller("lesson", &o.options); next != nil && shown && t.talks() {
		t.Print("next: windfall lesson %s  (%s)\n", next.ID, next.Question)
	}
	return err
}
