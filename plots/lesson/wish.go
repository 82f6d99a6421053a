package lesson

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/sim/store"
	"windfall/sim/study"
)

// A Wish is what somebody wants of a lesson. Without any the recorded answer is shown.
type Wish struct {
	Run, Control, Page, Slides bool
	Exercise                   int    // by number; 0: none
	Answer                     string // to that exercise
	Handout                    string // student or teacher
	NoReport                   bool
}

// WishError is a wish that cannot be met.
type WishError struct{ text string }

// Error implements error.
func (e *WishError) Error() string { return e.text }

func wishf(format string, args ...any) error { return &WishError{fmt.Sprintf(format, args...)} }

// A Reply is what a wish gives: something to show, or a part of the lesson to be run first.
type Reply struct {
	Text     string // as it is; the rest is empty then
	Document *page.Document
	Files    []File
	Lines    []string // at the end
	Data     any      // for programs
	Part     *Part
}

// File is a file that a reply gives.
type File struct {
	Name, What string
	Text       []byte
}

// Write writes the files of a reply into a folder, and gives their names and what there is to say at the end.
func (r *Reply) Write(dir string) (files, lines []string, err error) {
	for _, f := range r.Files {
		file := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return files, nil, err
		}
		if err := store.WriteFile(file, f.Text); err != nil {
			return files, nil, err
		}
		files, lines = append(files, file), append(lines, f.What+": "+file)
	}
	return files, append(lines, r.Lines...), nil
}

// Part is what is run of a lesson, and how what it finds is shown; the zero value is all of it.
type Part struct {
	Name, Question string
	Sets           []string
	Narrow         func(*study.Study)
	Document       func(*study.Answer) *page.Document
}

// Meet meets a wish.
func (w Wish) Meet(l study.Lesson, version string) (*Reply, error) {
	switch {
	case w.Page:
		text, err := l.Page()
		return &Reply{Text: text}, err
	case w.Slides || w.Handout != "":
		return w.forClass(l, version)
	case w.Exercise > 0 || w.Answer != "":
		return w.exercise(l)
	case w.Control:
		return controlAlone(l)
	case w.Run:
		return &Reply{Part: &Part{Document: page.Study}}, nil
	}
	return w.recorded(l, version)
}

// recorded shows what was recorded.
func (w Wish) recorded(l study.Lesson, version string) (*Reply, error) {
	a, err := l.RecordedAnswer()
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, wishf("nothing is recorded of %s: windfall lesson %s --run", l.ID, l.ID)
	}
	r := &Reply{Document: page.Recorded(l, a), Data: a}
	if !w.NoReport {
		s, err := scenarios.Open(l.Name)
		if err != nil {
			return nil, err
		}
		d, err := recordedPage(l, a, Origin{Version: version, Command: "windfall lesson " + l.ID + " --run",
			Title: s.Plan.Title, File: s.Files[0], Plan: s.Plan})
		if err != nil {
			return nil, err
		}
		text, err := d.Render()
		if err != nil {
			return nil, err
		}
		r.Files = []File{{report.FileName, "Pictures", text}}
	}
	r.Lines = []string{
		fmt.Sprintf("Run it again: windfall lesson %s --run  (%s on two cores)", l.ID, page.RunTime(l)),
		fmt.Sprintf("Exercises: windfall lesson %s --exercise 1  (or 2, 3)", l.ID),
		fmt.Sprintf("For class: windfall lesson %s --slides --handout student", l.ID)}
	if next, ok := l.Next(); ok {
		r.Lines = append(r.Lines, fmt.Sprintf("next: windfall lesson %s  (%s)", next.ID, next.Question))
	}
	return r, nil
}

// recordedPage makes the page of the answer that was recorded of a lesson: the same as that of a run, without a run.
func recordedPage(l study.Lesson, a *study.Answer, from Origin) (*report.Document, error) {
	pictures, err := Of(a)
	if err != nil {
		return nil, err
	}
	if next, ok := l.Next(); ok {
		from.Next = &next
	}
	from.Recorded, from.Settings = page.RecordedBy(l), l.Recorded.Settings
	return Page(a, pictures, from)
}

// forClass makes slides and a hand-out.
func (w Wish) forClass(l study.Lesson, version string) (*Reply, error) {
	if w.Handout != "" && w.Handout != "student" && w.Handout != "teacher" {
		return nil, wishf("--handout is student or teacher, not %s", w.Handout)
	}
	c, err := Prepare(l, version)
	if err != nil {
		return nil, err
	}
	r := &Reply{}
	var failed error
	if w.Slides {
		text, err := c.Slides()
		failed = errors.Join(failed, err)
		r.Files = append(r.Files, File{"slides.html",
			"Slides (keys: arrows, n notes, d dark, f full screen; printed: one a page)", text})
	}
	if w.Handout != "" {
		text, err := c.Handout(w.Handout == "teacher")
		failed = errors.Join(failed, err)
		r.Files = append(r.Files, File{"handout-" + w.Handout + ".html", "Hand-out, two pages when printed on A4", text})
	}
	var names []string
	for _, f := range r.Files {
		names = append(names, f.Name)
	}
	r.Data = map[string]any{"lesson": l.ID, "files": names}
	return r, failed
}

// exercise asks for what one exercise needs, or marks an answer to it.
func (w Wish) exercise(l study.Lesson) (*Reply, error) {
	_, list, err := l.Exercises()
	if err != nil {
		return nil, err
	}
	if w.Exercise < 1 || w.Exercise > len(list) {
		return nil, wishf("%s has exercises 1 to %d: windfall lesson %s --exercise 1", l.ID, len(list), l.ID)
	}
	x := &list[w.Exercise-1]
	if w.Answer == "" {
		return &Reply{Part: &Part{Name: fmt.Sprintf("%s, exercise %d: %s", l.ID, w.Exercise, x.Title),
			Question: strings.Join(strings.Fields(x.Question), " "), Sets: x.Sets,
			Narrow:   func(s *study.Study) { s.Only(x.Show) },
			Document: func(a *study.Answer) *page.Document { return page.Exercise(x, a, l.Recorded) }}}, nil
	}
	mark, err := x.Mark(w.Answer)
	if err != nil {
		return nil, wishf("--answer %v", err)
	}
	return &Reply{Document: &page.Document{Lines: []page.Cell{page.Marked(x, mark)}},
		Data: map[string]any{"lesson": l.ID, "exercise": w.Exercise, "right": mark == study.Right}}, nil
}

// controlAlone asks for the control of a lesson.
func controlAlone(l study.Lesson) (*Reply, error) {
	if l.Recorded != nil && l.Recorded.Control == nil {
		return nil, wishf("%s has no control", l.ID)
	}
	p := &Part{Name: l.ID + ", the control", Question: l.Question}
	var title string
	var sets []string
	p.Narrow = func(s *study.Study) {
		if s.Control != nil {
			title, sets = s.Control.Title, s.Control.Sets
		}
		s.OnlyControl()
	}
	p.Document = func(a *study.Answer) *page.Document { return page.Control(a, title, sets) }
	return &Reply{Part: p}, nil
}
