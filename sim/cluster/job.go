package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"windfall/sim/store"
)

// Options are what the user says of a job.
type Options struct {
	Command    []string // as typed, from the name of the command on
	Version    string
	Folder     string  // of the job; empty: one below cluster/
	Array      int     // tasks; 0: as many as take some minutes each
	Seconds    float64 // that a replication costs; 0: it is measured
	Partition  string
	Account    string
	Time       string // that a task may take; empty: several times what it should
	MaxRunning int    // tasks at a time; 0: any number
	DryRun     bool   // the folder is written, nothing is submitted

}

// A Job is what the folder of a job says of it, in cluster.json.
type Job struct {
	Windfall string   `json:"windfall"` // kind of the folder
	Version  string   `json:"version"`  // of the program
	Command  []string `json:"command"`  // as typed
	Array    int      `json:"array"`    // tasks: shard I of so many
	Size     Size     `json:"size"`
	Task     float64  `json:"task_seconds"` // that a task should take
	// Program runs the tasks, From is the folder in which they start, Answer is where their answer goes.
	Program string `json:"program"`
	From    string `json:"from"`
	Answer  string `json:"answer"`

	Partition  string               `json:"partition,omitempty"`
	Account    string               `json:"account,omitempty"`
	Time       string               `json:"time"`
	MaxRunning int                  `json:"max_running,omitempty"`
	Files      map[string]store.Sum `json:"files"` // that are not to be changed

	Dir   string   `json:"-"`
	Notes []string `json:"-"` // what is worth knowing
}

// kind marks the folder of a job, jobFile is the file that says what it is.
const (
	kind    = "cluster"
	jobFile = "cluster.json"
)

// A task takes 1 to 10 minutes where that can be: what a scheduler takes to start it is little then, and what is lost
// with it is little, too.
const (
	taskSeconds = 300
	mostSeconds = 600
)

// defaultArray is the number of tasks that Slurm takes in an array where nothing is said (MaxArraySize 1001).
const defaultArray = 1001

// Plan makes the folder of a job for Slurm.
func (o Options) Plan(size Size, t *Tools) (*Job, error) {
	j, err := o.job(size)
	if err != nil {
		return nil, err
	}
	if err := j.cut(o.Array, t.MaxArray()); err != nil {
		return nil, err
	}
	if j.Time == "" {
		j.Time = limit(j.Task)
	}
	return j, j.write(map[string]string{"array.sh": j.arrayScript(), "merge.sh": j.mergeScript(),
		"submit.sh": j.submitScript(), "commands.txt": j.commands()})
}

// slurmTime is a time as sbatch reads it: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
// days-hours:minutes or days-hours:minutes:seconds.
var slurmTime = regexp.MustCompile(`^(\d+(:\d+){0,2}|\d+-\d+(:\d+){0,2})$`)

// job is a job without its tasks.
func (o Options) job(size Size) (*Job, error) {
	for flag, text := range map[string]string{"partition": o.Partition, "account": o.Account, "time": o.Time} {
		if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			return nil, problem("--%s %q: a word without spaces is needed", flag, text)
		}
	}
	if o.Time != "" && !slurmTime.MatchString(o.Time) {
		return nil, problem("--time %s: minutes, or a time such as 0:30:00 (hours, minutes, seconds) or 1-12 (days, hours), "+
			"is needed", o.Time)
	}
	if o.Seconds < 0 || math.IsNaN(o.Seconds) || math.IsInf(o.Seconds, 0) {
		return nil, problem("--seconds-per-replication %v: a number above 0 is needed", o.Seconds)
	}
	j := &Job{Windfall: kind, Version: o.Version, Command: o.Command, Size: size, Partition: o.Partition,
		Account: o.Account, Time: o.Time, MaxRunning: o.MaxRunning, Dir: o.Folder}
	if j.Dir == "" {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %q", o.Version, o.Command))
		j.Dir = filepath.Join(kind, store.Name(strings.Join(o.Command[:min(2, len(o.Command))], "-")+"-"+
			hex.EncodeToString(sum[:4])))
	}
	var err error
	if j.Program, err = os.Executable(); err != nil {
		return nil, err
	}
	if j.From, err = os.Getwd(); err != nil {
		return nil, err
	}
	if j.Answer = valueOf(o.Command, "--out"); j.Answer == "" {
		j.Answer = filepath.Join(j.Dir, "answer")
	}
	if j.Answer, err = filepath.Abs(j.Answer); err != nil {
		return nil, err
	}
	return j, nil
}

// cut says how many tasks there are: as many as were asked for, or such that each takes some minutes.
func (j *Job) cut(array, most int) error {
	all := j.Size.Seconds * float64(j.Size.Replications)
	switch {
	case array > most:
		return problem("--array %d: this cluster takes up to %d tasks in an array (MaxArraySize)", array, most)
	case array > 0:
		j.Array = array
	default:
		if j.Size.Rounds {
			j.Notes = append(j.Notes, "later rounds may have more to run than the first: --array N gives them more tasks")
		}
		j.Array = max(1, min(int(math.Ceil(all/taskSeconds)), j.Size.Blocks, most))
	}
	// A task has whole blocks: the longest has one more than others.
	share := math.Ceil(float64(j.Size.Blocks)/float64(j.Array)) / float64(j.Size.Blocks)
	j.Task = all * share
	if idle := j.Array - j.Size.Blocks; idle > 0 {
		j.Notes = append(j.Notes, fmt.Sprintf("%d of %s have nothing to do in the first round: it has %s of %d runs",
			idle, counted(j.Array, "task"), counted(j.Size.Blocks, "block"), store.BlockSize))
	}
	if j.Task > mostSeconds {
		j.Notes = append(j.Notes, fmt.Sprintf("a task takes %s: more than 10 minutes are lost where it is killed "+
			"inside a block, and the limits of the cluster must allow it", about(j.Task)))
	}
	return nil
}

// limit is the time that a task may take: four times what it should, on slower processors, and half an hour at least.
func limit(seconds float64) string {
	minutes := max(30, int(math.Ceil(seconds*4/60)))
	return fmt.Sprintf("%d:%02d:00", minutes/60, minutes%60)
}

// about is a span of which it is said that it is a rough one.
func about(seconds float64) string {
	if seconds < 1 {
		return span(seconds)
	}
	return "about " + span(seconds)
}

// span is how long something takes, roughly.
func span(seconds float64) string {
	switch {
	case seconds < 1:
		return "less than a second"
	case seconds < 90:
		return fmt.Sprintf("%.0f seconds", seconds)
	case seconds < 5400:
		return fmt.Sprintf("%.0f minutes", seconds/60)
	}
	return fmt.Sprintf("%.1f hours", seconds/3600)
}

// write makes the folder, which must not be there, or be empty; cluster.json is its last file.
func (j *Job) write(files map[string]string) error {
	entries, err := os.ReadDir(j.Dir)
	if err == nil && len(entries) > 0 {
		for _, e := range entries {
			if e.Name() == jobFile {
				return problem("%s holds a job already; nothing was written: windfall cluster status %s says how far it is, "+
					"--folder takes another folder", j.Dir, store.ShellLine([]string{j.Dir}))
			}
		}
		return problem("%s is not empty; nothing was written: choose another --folder", j.Dir)
	}
	for _, sub := range []string{"", "logs", "shards", "state"} {
		if err := os.MkdirAll(filepath.Join(j.Dir, sub), 0o777); err != nil {
			return problem("%s: no folder can be made there (%v); choose another --folder", j.Dir, err)
		}
	}
	j.Files = map[string]store.Sum{}
	for name, text := range files {
		if err := store.WriteFile(filepath.Join(j.Dir, name), []byte(text)); err != nil {
			return err
		}
		j.Files[name] = store.SumOf([]byte(text))
	}
	text, err := store.Seal(j)
	if err != nil {
		return err
	}
	return store.WriteFile(filepath.Join(j.Dir, jobFile), text)
}

// Open reads the folder of a job. One that was edited is refused.
func Open(dir string) (*Job, error) {
	text, err := store.ReadFile(filepath.Join(dir, jobFile), 8<<20)
	if err != nil {
		return nil, problem("%s is no folder of a job: it has no %s that can be read; windfall cluster slurm makes one",
			dir, jobFile)
	}
	j := &Job{Dir: dir}
	if err := store.Unseal(text, kind, j); err != nil {
		return nil, problem("%s: %v; nothing was done", filepath.Join(dir, jobFile), err)
	}
	for name, sum := range j.Files {
		if name != store.Name(name) {
			return nil, problem("%s names a file %q", jobFile, name)
		}
		if path := filepath.Join(dir, name); !store.Intact(dir, map[string]store.Sum{name: sum}) {
			return nil, problem("%s was changed since it was written, or is gone, and nothing was done: what all tasks need "+
				"beside (module load, limits) goes into %s; another command, or another array, is another job", path,
				filepath.Join(dir, "env.sh"))
		}
	}
	return j, nil
}

// path is the name of something in the folder, from anywhere.
func (j *Job) path(name ...string) string {
	whole, err := filepath.Abs(filepath.Join(append([]string{j.Dir}, name...)...))
	if err != nil {
		return filepath.Join(append([]string{j.Dir}, name...)...)
	}
	return whole
}

// mark is the name of a file in state/: a task of a round, or its merge.
func mark(round int, task string) string { return strconv.Itoa(round) + "-" + task }

// Make makes the folder of a job for Slurm, and submits it, or one with files for other schedulers, and says what it
// made; gauge takes the designs of the command.
func (o Options) Make(scheduler string, t *Tools, gauge func(*Gauge) error) ([]string, error) {
	if err := Check(o.Command); err != nil {
		return nil, err
	}
	var g Gauge
	if err := gauge(&g); err != nil {
		return nil, err
	}
	if scheduler != "slurm" {
		return o.Files(&g)
	}
	if !o.DryRun { // before anything is measured
		if err := t.needs("sbatch"); err != nil {
			return nil, err
		}
	}
	size, err := g.Size(context.Background(), o.Seconds)
	if err != nil {
		return nil, err
	}
	j, err := o.Plan(size, t)
	if err != nil {
		return nil, err
	}
	if !o.DryRun {
		if err := j.Submit(t); err != nil {
			return nil, err
		}
	}
	lines := j.Lines(!o.DryRun)
	for _, n := range j.Notes {
		lines = append(lines, "note: "+n)
	}
	return lines, nil
}
