package page

import (
	"fmt"
	"math"
	"strings"

	"windfall/plots/words"
	"windfall/sim/study"
)

// cores is for how many processors the run time of a lesson is told.
const cores = 2

// Lessons lists lessons with what it takes to run them.
func Lessons(list []study.Lesson) *Sheet {
	const wide = 42
	s := NewSheet("lessons", "Lessons", "id", "lesson", "question", "#run time")
	s.Columns[1].Wrap, s.Columns[2].Wrap = 15, wide
	for _, l := range list {
		s.Row(l.ID, titleOf(l), l.Question, RunTime(l))
	}
	s.Notes = []string{
		fmt.Sprintf("Run time: the CPU time that the recording of each lesson took, on %d cores.", cores),
		"Recorded answers and pictures are shown at once: windfall lesson " + list[0].ID}
	return s
}

// titleOf is the title of a lesson without its number.
func titleOf(l study.Lesson) string {
	return strings.TrimPrefix(l.Title, l.ID+": ")
}

// RunTime says how long a lesson runs, as it was measured.
func RunTime(l study.Lesson) string {
	r, err := l.RecordedRun()
	if r == nil || err != nil {
		return "not measured"
	}
	seconds := r.CPUSeconds / cores
	if seconds < 90 {
		return fmt.Sprintf("%.0f s", math.Ceil(seconds))
	}
	return fmt.Sprintf("%.0f min", math.Ceil(seconds/60))
}

// Recorded lays out the answer that was recorded of a lesson.
func Recorded(l study.Lesson, a *study.Answer) *Document {
	d := Study(a)
	d.Lines = append(d.Lines, Words(RecordedBy(l)))
	return d
}

// RecordedBy says where a recorded answer is from.
func RecordedBy(l study.Lesson) string {
	r := l.Recorded
	return fmt.Sprintf("Recorded by version %s: %s of each of %s, seed %d. Nothing was run now.", r.Version,
		words.Counted(r.Replications, "run"), words.Counted(r.Settings, "plan"), r.Seed)
}

// Exercise lays out what an exercise gave, beside the number of the lesson as it ships.
func Exercise(x *study.Exercise, a *study.Answer, shipped *study.Record) *Document {
	d := &Document{Question: "study", Scenario: a.Study, Seed: a.Seed, Warnings: a.Warnings,
		Size: words.Counted(a.Replications, "run"), Data: func([]string) any { return a }}
	for _, s := range a.Shows {
		d.Sentences = append(d.Sentences, words.Capital(s.Title)+": "+s.Text(true))
		for _, was := range shipped.Shows {
			if was.Name == s.Name {
				d.Lines = append(d.Lines, Words("In the lesson: "+was.Text(true)))
			}
		}
	}
	d.Lines = append(d.Lines, Words("Changed: "+strings.Join(x.Sets, ", ")))
	return d
}

// Marked says whether an answer to an exercise is right, and never more than was recorded: the number and how far
// from it is right. Who is not right is told which number is asked for, and not what it is.
func Marked(x *study.Exercise, mark study.Mark) Cell {
	asked := "Asked for: " + x.Asked + "."
	switch mark {
	case study.Right:
		return Toned("Right. The lesson gives "+x.Shown().Text(false)+"; right is "+x.Shown().Text(true)+".", Good)
	case study.OtherSign:
		return Words("The size is right, with the other sign. " + asked)
	}
	return Words("Not yet. " + asked + " Run it and look again: " + x.Command())
}

// Control lays out the control of a study that was run alone.
func Control(a *study.Answer, title string, sets []string) *Document {
	d := &Document{Question: "study", Scenario: a.Study, Seed: a.Seed, Warnings: a.Warnings,
		Size: words.Counted(a.Replications, "run"), Data: func([]string) any { return a }}
	d.Sentences = []string{"The control: " + title}
	text := study.Disappears(a.Verdict)
	d.Lines = []Cell{ToneOfAnswer(a, words.Capital(text))}
	if len(sets) > 0 {
		d.Lines = append(d.Lines, Words("Set: "+strings.Join(sets, ", ")))
	}
	d.Sheets = append(d.Sheets, Judged("expected of the control", a.Expectations, len(a.Changed) > 0))
	return d
}
