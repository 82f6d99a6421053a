package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"windfall/sim/store"
)

// What became of a task.
const (
	Done    = "done"
	Running = "running"
	Waiting = "waiting" // submitted, and not begun
	Missing = "missing" // neither submitted nor there
	Failed  = "failed"
)

// A Task is how far a shard is, or the merge.
type Task struct {
	Shard  int    `json:"shard"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// A Status is how far a job is.
type Status struct {
	Folder  string         `json:"folder"`
	Command string         `json:"command"`
	Answer  string         `json:"answer"`
	Done    bool           `json:"complete"` // the answer is there
	Rounds  bool           `json:"rounds"`   // it goes in rounds
	Round   int            `json:"round"`
	Counts  map[string]int `json:"counts"` // tasks by state
	Tasks   []Task         `json:"tasks"`
	Merge   Task           `json:"merge"`

	job     *Job
	arrays  []string // jobs of the round that were submitted
	merges  []string
	live    map[string]live
	known   bool // the queue was asked
	account map[string]string
}

// Status looks how far a job is: by what its tasks left in the folder, what the queue says, and the accounting where
// there is one.
func (j *Job) Status(t *Tools) (*Status, error) {
	s := &Status{Folder: j.Dir, Command: "windfall " + store.ShellLine(j.Command), Answer: j.Answer, Rounds: j.Size.Rounds,
		Counts: map[string]int{Done: 0, Running: 0, Waiting: 0, Missing: 0, Failed: 0}, job: j}
	if err := s.submitted(); err != nil {
		return nil, err
	}
	jobs := append(slices.Clone(s.arrays), s.merges...)
	s.live, s.known = t.queue(jobs)
	s.account = t.accounts(jobs)
	for i := range j.Array {
		task := s.task(strconv.Itoa(i), s.arrays)
		task.Shard = i
		if task.State == Done {
			if why := j.fault(i, s.Round); why != "" {
				task.State, task.Reason = Failed, why
			}
		}
		s.Tasks = append(s.Tasks, task)
		s.Counts[task.State]++
	}
	s.Merge = s.task("merge", s.merges)
	s.Merge.Shard = -1
	s.Done = j.answered()
	if s.Done {
		s.Merge = Task{Shard: -1, State: Done}
	}
	return s, nil
}

// submitted reads which jobs were submitted, of which round the last.
func (s *Status) submitted() error {
	s.Round = 1
	text, err := os.ReadFile(s.job.path("state", "jobs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue // half a line, of a full disk
		}
		round, err := strconv.Atoi(f[0])
		if err != nil || round < s.Round {
			continue
		}
		if round > s.Round {
			s.Round, s.arrays, s.merges = round, nil, nil
		}
		if f[1] != "-" {
			s.arrays = append(s.arrays, f[1])
		}
		if f[2] != "-" {
			s.merges = append(s.merges, f[2])
		}
	}
	return nil
}

// task says how far a task is, or the merge, by what it left and what is said of it.
func (s *Status) task(name string, jobs []string) Task {
	begun := strings.Fields(s.left(name, "begun")) // job, host, time
	end := strings.Fields(s.left(name, "ended"))   // exit code, blocks
	called := func(job string) string {
		if name == "merge" {
			return job
		}
		return job + "_" + name
	}
	for _, job := range jobs {
		if l, alive := s.live[called(job)]; alive && (name == "merge" || len(end) == 0 || end[0] != "0") {
			switch {
			case l.why == "DependencyNeverSatisfied":
				return Task{State: Failed, Reason: "a task that it waits for has failed"}
			case l.state == "PENDING":
				return Task{State: Waiting, Reason: l.why}
			}
			return Task{State: Running}
		}
	}
	account := ""
	for _, job := range jobs {
		if a := s.account[called(job)]; a != "" {
			account = a
		}
	}
	switch {
	case len(end) > 0 && (end[0] == "0" || name == "merge" && end[0] == "3"):
		return Task{State: Done}
	case len(end) > 0:
		return Task{State: Failed, Reason: strings.Join(slices.DeleteFunc([]string{account, code(end[0]),
			s.lastWords(name, begun)}, func(w string) bool { return w == "" }), ": ")}
	case len(begun) == 3 && !s.known:
		return Task{State: Running, Reason: fmt.Sprintf("begun on %s at %s; there is no squeue to say whether it still runs",
			begun[1], begun[2])}
	case len(begun) == 3:
		why := fmt.Sprintf("begun on %s at %s, and ended without a word: killed, out of time or memory, or with its machine",
			begun[1], begun[2])
		if account != "" {
			why = account + ": " + why
		}
		return Task{State: Failed, Reason: why}
	case account != "":
		return Task{State: Failed, Reason: account}
	case len(jobs) > 0 && !s.known:
		return Task{State: Waiting, Reason: "submitted; there is no squeue to say whether it still waits"}
	}
	return Task{State: Missing}
}

// left is what a task of the round wrote of itself.
func (s *Status) left(task, what string) string {
	text, err := store.ReadFile(s.job.path("state", mark(s.Round, task)+"."+what), 4096)
	if err != nil {
		return ""
	}
	return string(text)
}

// code says what an exit code means.
func code(text string) string {
	n, err := strconv.Atoi(text)
	if err == nil && n > 128 {
		return fmt.Sprintf("exit code %d, killed by signal %d", n, n-128)
	}
	return "exit code " + text
}

// lastWords is the last line of the log of a task.
func (s *Status) lastWords(name string, begun []string) string {
	if len(begun) == 0 {
		return ""
	}
	file := begun[0] + "_" + name + ".txt"
	if name == "merge" {
		file = "merge-" + begun[0] + ".txt"
	}
	text, err := store.ReadFile(s.job.path("logs", file), 64<<20)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// fault says what is wrong with the folder of a shard that says that it is done; empty: nothing.
func (j *Job) fault(shard, round int) string {
	dir := filepath.Join(j.Dir, "shards", strconv.Itoa(shard))
	of, err := store.Kind(dir)
	if err != nil {
		return "its results are gone: " + err.Error()
	}
	var m store.Manifest
	if err := store.ReadManifest(dir, of, &m); err != nil {
		return err.Error()
	}
	switch {
	case !m.Shard.Same(&store.Shard{Index: shard, Count: j.Array}):
		return fmt.Sprintf("%s holds shard %s", dir, m.Shard.Called())
	case m.Version != j.Version:
		return fmt.Sprintf("%s was made by windfall %s, the job by %s", dir, m.Version, j.Version)
	}
	blocks, damaged, err := store.Inspect(dir)
	switch {
	case err != nil:
		return err.Error()
	case len(damaged) > 0:
		return damaged[0] + " is damaged"
	}
	text, _ := store.ReadFile(j.path("state", mark(round, strconv.Itoa(shard))+".ended"), 4096)
	if f := strings.Fields(string(text)); len(f) == 2 && f[1] != strconv.Itoa(blocks) {
		return fmt.Sprintf("%s has %d blocks, and had %s when it was done", dir, blocks, f[1])
	}
	return ""
}

// answered says whether the answer is there.
func (j *Job) answered() bool {
	of, err := store.Kind(j.Answer)
	if err != nil {
		return false
	}
	var m store.Manifest
	return store.ReadManifest(j.Answer, of, &m) == nil && m.Complete && m.Shard == nil && m.Version == j.Version
}

// between says that a round is merged, and the next was not submitted: some machines that run tasks cannot submit any.
func (s *Status) between() bool {
	return s.Rounds && !s.Done && s.Counts[Done] == len(s.Tasks) && s.Merge.State == Done
}

// in are the shards in one of some states.
func (s *Status) in(states ...string) (out []int) {
	for _, t := range s.Tasks {
		if slices.Contains(states, t.State) {
			out = append(out, t.Shard)
		}
	}
	return out
}

// indices writes numbers in order as an array has them: 0-3,7.
func indices(n []int) string {
	var parts []string
	for i := 0; i < len(n); {
		k := i
		for k+1 < len(n) && n[k+1] == n[k]+1 {
			k++
		}
		if k == i {
			parts = append(parts, strconv.Itoa(n[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", n[i], n[k]))
		}
		i = k + 1
	}
	return strings.Join(parts, ",")
}

// Resubmit submits what is missing or has failed, and the merge, and says what it submitted; nothing else is run again.
func (j *Job) Resubmit(t *Tools) (said string, err error) {
	if err := t.needs("sbatch"); err != nil {
		return "", err
	}
	s, err := j.Status(t)
	if err != nil {
		return "", err
	}
	again, alive := s.in(Missing, Failed), s.in(Running, Waiting)
	mergeAlive := s.Merge.State == Running || s.Merge.State == Waiting
	switch {
	case s.Done:
		return "Nothing is missing: the answer is in " + j.Answer + ".", nil
	case len(again) == 0 && (mergeAlive || len(alive) > 0):
		return fmt.Sprintf("Nothing is missing: of %s %d are done, %d run or wait.", counted(j.Array, "task"), s.Counts[Done],
			len(alive)), nil
	}
	if s.between() {
		return fmt.Sprintf("Round %d is submitted.", s.Round+1), j.submit(t, s.Round+1, "")
	}
	var others []string
	if len(alive) > 0 {
		others = s.arrays
	}
	tasks := "merge"
	if len(again) > 0 {
		tasks = indices(again)
	}
	if err := j.submit(t, s.Round, tasks, others...); err != nil {
		return "", err
	}
	for _, m := range s.merges { // an earlier merge waits for what has failed
		if _, waits := s.live[m]; waits {
			_, _ = t.Run("scancel", m)
		}
	}
	if len(again) == 0 {
		return "All tasks are done: the merge is submitted again.", nil
	}
	return fmt.Sprintf("%d of %s submitted again (%s), and the merge.", len(again), counted(j.Array, "task"), tasks), nil
}
