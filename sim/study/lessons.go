package study

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/metric"
)

// Lesson is a shipped study.
type Lesson struct {
	ID       string // L05
	Slug     string // pause-the-brand
	Name     string // of the scenario: L05-pause-the-brand
	Title    string
	Question string
	Recorded *Record // nil if none was recorded
}

// What stands in the folder of a lesson beside its scenario.
const (
	PageFile   = "page.md"       // for class, without exercises
	RecordFile = "recorded.json" // a Record
)

// Record is what a lesson found when it was shipped.
type Record struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Finding
	Settings int      `json:"settings_run"`      // how many were run side by side
	First    []string `json:"first_replication"` // its numbers, one a line, to the last digit
}

var lessonName = regexp.MustCompile(`^(L[0-9]{2})-(.+)$`)

// IsLesson says whether a shipped scenario is a lesson.
func IsLesson(name string) bool { return lessonName.MatchString(name) }

// Lessons lists the shipped lessons in their order.
func Lessons() []Lesson { return slices.Clone(shipped()) }

// shipped reads the lessons that are in the program.
var shipped = sync.OnceValue(func() []Lesson {
	var out []Lesson
	for _, b := range scenarios.List() {
		if m := lessonName.FindStringSubmatch(b.Name); m != nil {
			out = append(out, Lesson{ID: m[1], Slug: m[2], Name: b.Name, Title: b.Title, Question: b.Question,
				Recorded: recordOf(b.Name)})
		}
	}
	slices.SortFunc(out, func(a, b Lesson) int { return strings.Compare(a.ID, b.ID) })
	return out
})

// recordOf reads what was recorded of a lesson, or gives nil.
func recordOf(name string) *Record {
	text, err := scenarios.Lesson(name, RecordFile)
	if err != nil {
		return nil
	}
	r := &Record{}
	if err := json.Unmarshal([]byte(text), r); err != nil {
		panic("study: " + name + ": " + err.Error()) // shipped, tested
	}
	return r
}

var numbered = regexp.MustCompile(`^(?:l|lesson)?[ -]?0*([0-9]{1,3})(?:-.*)?$`)

// FindLesson finds a lesson by id (L05, l5) or name (pause-the-brand). The error
// names the nearest one: by its number, if there is one, else by its name.
func FindLesson(word string) (Lesson, error) {
	all := Lessons()
	named, known := map[string]Lesson{}, []string{}
	want := strings.ToLower(word)
	for _, l := range all {
		id := strings.ToLower(l.ID)
		short := "l" + strings.TrimLeft(id[1:], "0")
		if want == id || want == short || want == l.Slug || want == strings.ToLower(l.Name) {
			return l, nil
		}
		named[l.Slug] = l
		known = append(known, l.Slug)
	}
	hint := "; windfall lessons lists them"
	near, ok := named[plan.Nearest(want, known)]
	if m := numbered.FindStringSubmatch(want); m != nil {
		n, _ := strconv.Atoi(m[1]) // of digits alone
		near, ok = all[min(max(n, 1), len(all))-1], true
	}
	if ok {
		hint = plan.DidYouMean(fmt.Sprintf("%s (%s)", near.ID, near.Slug))
	}
	return Lesson{}, fmt.Errorf("there is no lesson %q%s", word, hint)
}

// Listed is a record with what its run cost.
type Listed struct {
	*Record
	CPUSeconds float64 `json:"cpu_seconds,omitempty"`
}

// Records are those of the lessons that have one.
func Records() []Listed {
	records := []Listed{}
	for _, l := range Lessons() {
		if l.Recorded == nil {
			continue
		}
		x := Listed{Record: l.Recorded}
		if r, err := l.RecordedRun(); err == nil && r != nil {
			x.CPUSeconds = r.CPUSeconds
		}
		records = append(records, x)
	}
	return records
}

// Next is the lesson after this one; false after the last.
func (l Lesson) Next() (Lesson, bool) {
	all := Lessons()
	i := slices.IndexFunc(all, func(x Lesson) bool { return x.ID == l.ID })
	if i < 0 || i+1 >= len(all) {
		return Lesson{}, false
	}
	return all[i+1], true
}

// Named are the lessons by id, each with its question behind a tab.
func Named() (out []string) {
	for _, l := range shipped() {
		out = append(out, l.ID+"\t"+l.Question)
	}
	return out
}

// After is the lesson after this one; nil if there is none, or no lesson.
func (l *Lesson) After() *Lesson {
	if l == nil {
		return nil
	}
	if next, ok := l.Next(); ok {
		return &next
	}
	return nil
}

// NextCommand shows the lesson after this one, if there is one.
func (l *Lesson) NextCommand() []string {
	next := l.After()
	if next == nil {
		return nil
	}
	return []string{fmt.Sprintf("windfall lesson %s  (%s)", next.ID, next.Question)}
}

// indexHead is what stands before the lessons of Index.
const indexHead = `# Lessons

<!-- Written by "make record"; do not edit. -->

Twelve claims about selling to small firms, each as a study: a question, settings side by side under the
same random numbers, what is expected as inequalities, and a control in which the mechanism is switched
off and the pattern should disappear. They are examples of scenarios, material for class, and a check of
the model by its patterns. No shipped number was fitted to a lesson, except the halos and the share of
salience (docs/calibration.md).

` + "`windfall lessons` lists them, `windfall lesson L05` shows one at once, as it was recorded, with its" + `
` + "pictures; `windfall lesson L05 --run` runs it again. Slides, hand-outs and exercises:" + `
[teaching.md](teaching.md). Everything is in the binary.

A pattern is confirmed if each of its claims holds with 99.9% confidence (one-sided); otherwise it is too close
to call, or not confirmed. The answers below were recorded with the version named; a test runs all of them
again and compares them to the byte.

`

// Index is the page that lists all lessons with their recorded answers
// (docs/lessons.md).
func Index() string {
	var b strings.Builder
	b.WriteString(indexHead)
	for _, l := range Lessons() {
		fmt.Fprintf(&b, "## %s\n\n*%s*\n\n", strings.TrimSpace(l.Title), l.Question)
		if r := l.Recorded; r != nil {
			fmt.Fprintf(&b, "%s\n\n", r.Sentence)
			fmt.Fprintf(&b, "**%s** (version %s, %d runs of each of %d plans).", VerdictOf(&r.Finding), r.Version,
				r.Replications, r.Settings)
			var open []string
			for _, j := range r.Expectations {
				if j.Verdict != metric.Holds {
					open = append(open, fmt.Sprintf("%s: %s (seen %.4g, %.4g to %.4g)", Word(j.Verdict), j.Title,
						j.Value.Value, j.Value.Low, j.Value.High))
				}
			}
			if len(open) > 0 {
				fmt.Fprintf(&b, " %s.", strings.Join(open, "; "))
			}
			if r.Control != nil {
				fmt.Fprintf(&b, " Control: %s.", r.Control.Title)
			}
			b.WriteString("\n\n")
		}
		folder := "../scenarios/lessons/" + l.Name
		fmt.Fprintf(&b, "[Page for class](%s/%s), [slides](%s/%s), [exercises](%s/%s), "+
			"[scenario](%s/study.toml)\n\n", folder, PageFile,
			folder, SlidesFile, folder, ExercisesFile, folder)
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Record makes the record of an answer; first are the numbers of the first replication.
func (l Lesson) Record(version string, a *Answer, first []string) *Record {
	return &Record{ID: l.ID, Version: version, Finding: a.Finding, Settings: len(a.Table), First: first}
}
