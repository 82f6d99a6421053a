package cluster

import (
	"fmt"
	"strconv"
	"strings"

	"windfall/sim/store"
)

// here is the folder as a shell reads it.
func here(dir string) string { return store.ShellLine([]string{dir}) }

// grouped is a whole number with commas, as people read it.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// counted is a number of things.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// Lines say what a job is, and what comes next.
func (j *Job) Lines(submitted bool) []string {
	of := ""
	if j.Size.Rounds {
		of = " a round"
	}
	known := "measured on " + grouped(j.Size.Timed)
	if j.Size.Timed == 0 {
		known = "as given"
	}
	lines := []string{
		fmt.Sprintf("%s%s in %s, %.3g seconds each (%s): %s of %s.", counted(j.Size.Replications, "run"), of,
			counted(j.Size.Blocks, "block"), j.Size.Seconds, known, counted(j.Array, "task"), about(j.Task)),
		"Job in " + j.Dir + ": array.sh, merge.sh, submit.sh, commands.txt, logs/",
		"The answer will be in " + j.Answer,
	}
	if submitted {
		return append(lines, "Submitted.", "next: windfall cluster status "+here(j.Dir))
	}
	return append(lines, "Nothing is submitted.", "next: sh "+here(j.Dir)+"/submit.sh")
}

// mostTold is the number of tasks with a reason that are told one by one.
const mostTold = 20

// Lines say how far a job is.
func (s *Status) Lines() []string {
	round := ""
	if s.Rounds {
		round = fmt.Sprintf("round %d: ", s.Round)
	}
	var counts []string
	for _, state := range []string{Done, Running, Waiting, Missing, Failed} {
		counts = append(counts, fmt.Sprintf("%d %s", s.Counts[state], state))
	}
	lines := []string{s.Command, fmt.Sprintf("%s%s: %s", round, counted(len(s.Tasks), "task"), strings.Join(counts, ", "))}
	told := 0
	for _, t := range s.Tasks {
		if t.Reason == "" || t.State == Waiting {
			continue
		}
		if told++; told <= mostTold {
			lines = append(lines, fmt.Sprintf("  task %d %s: %s", t.Shard, t.State, t.Reason))
		}
	}
	if told > mostTold {
		lines = append(lines, fmt.Sprintf("  and %d more: --json lists all", told-mostTold))
	}
	merge := "merge " + s.Merge.State
	if s.Merge.Reason != "" {
		merge += ": " + s.Merge.Reason
	}
	lines = append(lines, merge)
	switch {
	case s.Done:
		lines = append(lines, "The answer is in "+s.Answer)
	case s.Counts[Missing]+s.Counts[Failed] > 0 || s.Merge.State == Failed || s.between():
		lines = append(lines, "next: windfall cluster resubmit "+here(s.Folder))
	}
	return lines
}

// Look is how far the job in a folder is, as programs and as people read it.
func Look(dir string, t *Tools) (v any, lines []string, err error) {
	j, err := Open(dir)
	if err != nil {
		return nil, nil, err
	}
	s, err := j.Status(t)
	if err != nil {
		return nil, nil, err
	}
	return s, s.Lines(), nil
}

// Resubmit runs again what is missing of the job in a folder, and says what that is.
func Resubmit(dir string, t *Tools) (v any, lines []string, err error) {
	j, err := Open(dir)
	if err != nil {
		return nil, nil, err
	}
	said, err := j.Resubmit(t)
	if err != nil {
		return nil, nil, err
	}
	return map[string]string{"folder": dir, "said": said}, []string{said}, nil
}
