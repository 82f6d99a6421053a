package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// site is a scheduler made up: what its programs print, and which were called.
type site struct {
	prints map[string]string // program that is there: what it prints
	called []string
}

func (s *site) tools() *Tools {
	return &Tools{
		Look: func(name string) (string, error) {
			if _, there := s.prints[name]; !there {
				return "", os.ErrNotExist
			}
			return name, nil
		},
		Run: func(name string, args ...string) (string, error) {
			s.called = append(s.called, name+" "+strings.Join(args, " "))
			if text := s.prints[name]; text != "broken" {
				return text, nil
			}
			return "", errors.New("broken")
		},
	}
}

// ours are the flags of a job in these tests: those that have a value.
func ours(name string) (value, is bool) {
	switch name {
	case "array", "time":
		return true, true
	case "dry-run":
		return false, true
	}
	return false, false
}

func TestFlagsOfTheJobMayStandAnywhere(t *testing.T) {
	for line, want := range map[string][2]string{
		"pause metro --array 8":                    {"--array 8", "pause metro"},
		"--array=8 pause metro --weeks 1,3":        {"--array=8", "pause metro --weeks 1,3"},
		"pause --dry-run metro --time 1 --set a=b": {"--dry-run --time 1", "pause metro --set a=b"},
		"run metro --out --array":                  {"--array", "run metro --out"},
		"run -h":                                   {"--help", "run"},
		"run - --array 3":                          {"--array 3", "run -"},
	} {
		job, command := Split(strings.Fields(line), ours)
		assert.Equal(t, want, [2]string{strings.Join(job, " "), strings.Join(command, " ")}, line)
	}
}

func TestCommandsThatCannotBeShared(t *testing.T) {
	for line, want := range map[string]string{
		"":                        "which command?",
		"merge a b":               `"merge" has no shards; one of run,`,
		"run -":                   "-: no task can read standard input",
		"run metro --shard 0/3":   "--shard: the job gives every task its own",
		"run metro --after=there": "--after: the job gives every task its own",
		"pause metro --resume":    "--resume: the job gives",
		"pause metro --open":      "--open: a cluster has no browser",
	} {
		err := Check(strings.Fields(line))
		require.ErrorContains(t, err, want, line)
		assert.Implements(t, (*interface{ BadInput() })(nil), err)
	}
	for _, d := range Designs {
		require.NoError(t, Check([]string{d, "metro", "--weeks", "3"}))
	}
}

func TestTheFolderOfAShardStandsWhereThatOfTheAnswerDid(t *testing.T) {
	assert.Equal(t, `run metro --out "$dir/1" --seed 2 --shard auto`,
		shard([]string{"run", "metro", "--out", "best", "--seed", "2"}, `"$dir/1"`, "--shard", "auto"))
	assert.Equal(t, `run 'a b' --out "$dir/1" --shard auto`, shard([]string{"run", "a b"}, `"$dir/1"`, "--shard", "auto"))
	assert.Equal(t, []string{"--no-report", "--pictures", "all", "--strict"},
		mergeFlags(strings.Fields("run metro --no-report --pictures all --seed 3 --strict")))
	assert.Empty(t, mergeFlags(strings.Fields("pause metro --no-report")))
	assert.Equal(t, "8", valueOf(strings.Fields("run metro --workers=4 --workers 8"), "--workers"))
}

func TestNumbersHaveCommas(t *testing.T) {
	for n, want := range map[int]string{1: "1 block", 999: "999 blocks", 1000: "1,000 blocks", 1234567: "1,234,567 blocks"} {
		require.Equal(t, want, counted(n, "block"))
	}
	j := Job{Size: Size{Replications: 4000, Blocks: 80, Timed: 1024}, Array: 1}
	require.Contains(t, j.Lines(false)[0], "4,000 runs in 80 blocks")
	require.Contains(t, j.Lines(false)[0], "measured on 1,024")
}

func TestIndices(t *testing.T) {
	for want, n := range map[string][]int{"": nil, "3": {3}, "0-2": {0, 1, 2}, "0,2-4,9": {0, 2, 3, 4, 9}} {
		assert.Equal(t, want, indices(n))
	}
}

// What there is in all is cut such that a task takes 1 to 10 minutes, unless blocks or the cluster do not allow it.
func TestTasksTakeMinutes(t *testing.T) {
	for _, c := range []struct {
		seconds              float64
		replications, blocks int
		asked, most          int
		want                 int
		note                 string
	}{
		{0.001, 1000, 20, 0, 1001, 1, ""},  // a second: one task
		{1, 30_000, 600, 0, 1001, 100, ""}, // 300 s each
		{1, 30_000_000, 600_000, 0, 1001, 1001, "more than 10 minutes"},
		{100, 100, 2, 0, 1001, 2, "more than 10 minutes"}, // no more tasks than blocks
		{1, 30_000, 600, 64, 1001, 64, ""},                // what is asked for wins
		{1, 100, 2, 5, 1001, 5, "3 of 5 tasks have nothing to do"},
	} {
		j := &Job{Size: Size{Replications: c.replications, Blocks: c.blocks, Seconds: c.seconds}}
		require.NoError(t, j.cut(c.asked, c.most))
		assert.Equal(t, c.want, j.Array, "%+v", c)
		if c.note != "" {
			assert.Contains(t, strings.Join(j.Notes, "\n"), c.note)
		} else {
			assert.Empty(t, j.Notes, "%+v", c)
		}
	}
	err := (&Job{}).cut(2000, 1001)
	require.ErrorContains(t, err, "--array 2000: this cluster takes up to 1001 tasks in an array (MaxArraySize)")
	assert.Equal(t, "0:30:00", limit(10))
	assert.Equal(t, "1:00:00", limit(900))
	for seconds, want := range map[float64]string{0.1: "less than a second", 60: "60 seconds", 300: "5 minutes", 7200: "2.0 hours"} {
		assert.Equal(t, want, span(seconds))
	}
	assert.Equal(t, "less than a second", about(0.1))
	assert.Equal(t, "about 5 minutes", about(300))
}

func TestMaxArrayIsAskedFor(t *testing.T) {
	for text, want := range map[string]int{"MaxArraySize            = 4001\nMaxJobCount = 3": 4001, "nothing": 1001, "broken": 1001} {
		assert.Equal(t, want, (&site{prints: map[string]string{"scontrol": text}}).tools().MaxArray())
	}
	assert.Equal(t, 1001, (&site{}).tools().MaxArray())
}

// town is a small run as a design.
func town(t *testing.T) *sim.Design {
	s, err := scenarios.Open("town", scenarios.Set("run.weeks=2", "run.replications=120"))
	require.NoError(t, err)
	return &sim.Design{Settings: []sim.Setting{{Name: "plan", Plan: s.Plan, Digest: "x"}}, Seed: 1}
}

func TestWhatACommandRunsIsMeasured(t *testing.T) {
	var g Gauge
	require.ErrorIs(t, g.Run(town(t)), ErrGauged)
	s, err := g.Size(context.Background(), 0)
	require.NoError(t, err)
	assert.Equal(t, Size{Replications: 120, Blocks: 3, Seconds: s.Seconds, Timed: s.Timed}, s)
	assert.Positive(t, s.Seconds)
	assert.Positive(t, s.Timed)
	s, err = g.Size(context.Background(), 2.5)
	require.NoError(t, err)
	assert.Equal(t, Size{Replications: 120, Blocks: 3, Seconds: 2.5}, s)

	pursued := town(t)
	pursued.Precision = sim.Precision{Metric: "won", HalfWidth: 0.01, Relative: true}
	var p Gauge
	require.ErrorIs(t, p.Run(pursued), ErrGauged)
	s, err = p.Size(context.Background(), 1)
	require.NoError(t, err)
	assert.Equal(t, Size{Replications: 400, Blocks: 8, Seconds: 1, Rounds: true}, s)

	against := town(t) // a plan beside its baseline
	against.Settings = append(against.Settings, sim.Setting{Name: "baseline", Plan: against.Settings[0].Plan, Digest: "y"})
	against.ToVerdict = true
	var b Gauge
	require.ErrorIs(t, b.Run(against), ErrGauged)
	s, err = b.Size(context.Background(), 0)
	require.NoError(t, err)
	assert.Equal(t, Size{Replications: 240, Blocks: 3, Seconds: s.Seconds, Timed: s.Timed, Rounds: true}, s)
	assert.Zero(t, s.Timed%2)

	var none Gauge
	_, err = none.Size(context.Background(), 1)
	require.ErrorContains(t, err, "nothing that could be shared out")
}

func TestQuestionsAreMeasuredByTheirFirstRound(t *testing.T) {
	plan := town(t).Settings[0].Plan
	d := &decide.Design{Replications: 60, Seed: 1}
	for _, name := range []string{"a", "b"} {
		d.Settings = append(d.Settings, decide.Setting{Name: name, Plan: plan})
		d.Measures = append(d.Measures, panel.Leaf{Setting: name, Measure: panel.Measure{Column: "won"}})
	}
	var g Gauge
	require.ErrorIs(t, g.Sequence(&answer.Once{Parts: []decide.Part{{Design: d}}}), ErrGauged)
	s, err := g.Size(context.Background(), 0)
	require.NoError(t, err)
	assert.Equal(t, Size{Replications: 120, Blocks: 2, Seconds: s.Seconds, Timed: s.Timed}, s)
	assert.Positive(t, s.Timed)
}

// job makes the folder of a job of three tasks.
func job(t *testing.T, change func(*Options)) *Job {
	t.Helper()
	o := Options{Command: []string{"run", "town"}, Version: "9", Folder: filepath.Join(t.TempDir(), "job"), Array: 3,
		DryRun: true}
	if change != nil {
		change(&o)
	}
	j, err := o.Plan(Size{Replications: 150, Blocks: 3, Seconds: 1}, (&site{}).tools())
	require.NoError(t, err)
	return j
}

// left writes what a task left.
func (j *Job) left(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(j.path(filepath.FromSlash(name)), []byte(text), 0o600))
}

// results makes the folder of a shard with a block of whatever it is.
func (j *Job) results(t *testing.T, shard int, change func(*store.Manifest)) {
	t.Helper()
	dir := j.path("shards", fmt.Sprint(shard))
	m := store.Manifest{Windfall: "pause", Version: j.Version, Shard: &store.Shard{Index: shard, Count: j.Array}, Complete: true}
	if change != nil {
		change(&m)
	}
	text, err := store.Seal(m)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, store.ManifestName), text, 0o600))
}

func TestStatusWithoutAScheduler(t *testing.T) {
	j := job(t, nil)
	s, err := j.Status((&site{}).tools())
	require.NoError(t, err)
	assert.Equal(t, map[string]int{Done: 0, Running: 0, Waiting: 0, Missing: 3, Failed: 0}, s.Counts)
	assert.Contains(t, s.Lines(), "next: windfall cluster resubmit "+j.Dir)

	j.left(t, "state/jobs", "1 12 -\n1 - 13\n1 1")
	j.results(t, 0, nil)
	j.left(t, "state/1-0.begun", "12 one 2026-01-01T00:00:00Z\n")
	j.left(t, "state/1-0.ended", "0 0\n")
	j.left(t, "state/1-1.begun", "12 two 2026-01-01T00:00:00Z\n")
	j.left(t, "state/1-1.ended", "1 0\n")
	j.left(t, "logs/12_1.txt", "first\nno space left on device\n")
	j.left(t, "state/1-2.begun", "12 two 2026-01-01T00:00:00Z\n")
	s, err = j.Status((&site{}).tools())
	require.NoError(t, err)
	assert.Equal(t, []string{Done, Failed, Running}, states(s))
	assert.Equal(t, "exit code 1: no space left on device", s.Tasks[1].Reason)
	assert.Contains(t, s.Tasks[2].Reason, "begun on two at 2026-01-01T00:00:00Z; there is no squeue")
	assert.Equal(t, Waiting, s.Merge.State)
}

func states(s *Status) (out []string) {
	for _, t := range s.Tasks {
		out = append(out, t.State)
	}
	return out
}

func TestStatusAsksTheQueueAndTheAccounting(t *testing.T) {
	j := job(t, nil)
	j.left(t, "state/jobs", "1 12 -\n1 - 13\n")
	j.left(t, "state/1-1.begun", "12 two 2026-01-01T00:00:00Z\n")
	j.left(t, "state/1-2.begun", "12 two 2026-01-01T00:00:00Z\n")
	here := &site{prints: map[string]string{"sbatch": "", "sh": "", "scancel": "",
		"squeue": "12_0|PENDING|Priority\n12_1|RUNNING|None\n12_2|FAILED|x\n13|PENDING|DependencyNeverSatisfied\n99_2|RUNNING|None\n",
		"sacct":  "12_1|RUNNING\n12_2|OUT_OF_MEMORY\n"}}
	s, err := j.Status(here.tools())
	require.NoError(t, err)
	assert.Equal(t, []string{Waiting, Running, Failed}, states(s))
	assert.Equal(t, "Priority", s.Tasks[0].Reason)
	assert.Equal(t, "OUT_OF_MEMORY: begun on two at 2026-01-01T00:00:00Z, and ended without a word: killed, out of time or "+
		"memory, or with its machine", s.Tasks[2].Reason)
	assert.Equal(t, Task{Shard: -1, State: Failed, Reason: "a task that it waits for has failed"}, s.Merge)

	// What runs or waits is left alone, and the new merge waits for it, too.
	said, err := j.Resubmit(here.tools())
	require.NoError(t, err)
	assert.Equal(t, "1 of 3 tasks submitted again (2), and the merge.", said)
	assert.Contains(t, here.called, "sh "+j.path("submit.sh")+" 1 2 12")
	assert.Contains(t, here.called, "scancel 13")
}

// A later round counts by itself.
func TestRoundsAreTold(t *testing.T) {
	j := job(t, func(o *Options) { o.Command = []string{"optimise", "town"} })
	j.left(t, "state/jobs", "1 12 -\n1 - 13\n2 14 -\n2 - 15\n")
	for i := range 3 {
		j.left(t, fmt.Sprintf("state/1-%d.ended", i), "0 1\n")
	}
	s, err := j.Status((&site{prints: map[string]string{"squeue": ""}}).tools())
	require.NoError(t, err)
	assert.Equal(t, 2, s.Round)
	assert.Equal(t, []string{Missing, Missing, Missing}, states(s))
}

// Where no task can submit, resubmit submits the next round; while the merge runs it may do so itself.
func TestTheNextRoundIsSubmittedFromHere(t *testing.T) {
	o := Options{Command: []string{"optimise", "town"}, Version: "9", Folder: filepath.Join(t.TempDir(), "job"), Array: 3}
	j, err := o.Plan(Size{Replications: 150, Blocks: 3, Seconds: 1, Rounds: true}, (&site{}).tools())
	require.NoError(t, err)
	j.left(t, "state/jobs", "1 12 -\n1 - 13\n")
	for i := range 3 {
		j.results(t, i, nil)
		j.left(t, fmt.Sprintf("state/1-%d.ended", i), "0 0\n")
	}
	j.left(t, "state/1-merge.ended", "0 0\n")
	here := &site{prints: map[string]string{"sbatch": "", "sh": "", "squeue": "13|RUNNING|None\n"}}
	said, err := j.Resubmit(here.tools())
	require.NoError(t, err)
	assert.Equal(t, "Nothing is missing: of 3 tasks 3 are done, 0 run or wait.", said)
	here.prints["squeue"] = ""
	said, err = j.Resubmit(here.tools())
	require.NoError(t, err)
	assert.Equal(t, "Round 2 is submitted.", said)
	assert.Equal(t, "sh "+j.path("submit.sh")+" 2", here.called[len(here.called)-1])

	// Of a merge that failed, the merge alone is submitted again.
	j.left(t, "state/1-merge.ended", "1 0\n")
	said, err = j.Resubmit(here.tools())
	require.NoError(t, err)
	assert.Equal(t, "All tasks are done: the merge is submitted again.", said)
	assert.Equal(t, "sh "+j.path("submit.sh")+" 1 merge ", here.called[len(here.called)-1])
}

func TestResultsThatAreNotWhatTheyWereAreSeen(t *testing.T) {
	j := job(t, nil)
	for i := range 3 {
		j.left(t, fmt.Sprintf("state/1-%d.ended", i), "0 0\n")
	}
	j.results(t, 0, func(m *store.Manifest) { m.Version = "8" })
	j.results(t, 1, func(m *store.Manifest) { m.Shard.Index = 2 })
	s, err := j.Status((&site{}).tools())
	require.NoError(t, err)
	assert.Equal(t, []string{Failed, Failed, Failed}, states(s))
	assert.Contains(t, s.Tasks[0].Reason, "was made by windfall 8, the job by 9")
	assert.Contains(t, s.Tasks[1].Reason, "holds shard 2/3")
	assert.Contains(t, s.Tasks[2].Reason, "its results are gone")

	j.results(t, 0, nil)
	j.left(t, "shards/0/000000.block", "no block at all")
	s, err = j.Status((&site{}).tools())
	require.NoError(t, err)
	assert.Contains(t, s.Tasks[0].Reason, "000000.block is damaged")

	require.NoError(t, os.Remove(j.path("shards", "0", "000000.block")))
	j.left(t, "state/1-0.ended", "0 4\n")
	s, err = j.Status((&site{}).tools())
	require.NoError(t, err)
	assert.Contains(t, s.Tasks[0].Reason, "has 0 blocks, and had 4 when it was done")
}

func TestAFolderThatWasEditedIsRefused(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, j *Job){
		"array.sh was changed": func(t *testing.T, j *Job) { j.left(t, "array.sh", "#!/bin/sh\n") },
		"or is gone":           func(t *testing.T, j *Job) { require.NoError(t, os.Remove(j.path("merge.sh"))) },
		"changed by hand: its checksum": func(t *testing.T, j *Job) {
			text, err := os.ReadFile(j.path(jobFile))
			require.NoError(t, err)
			j.left(t, jobFile, strings.Replace(string(text), `"array": 3`, `"array": 4`, 1))
		},
		"no folder of a job": func(t *testing.T, j *Job) { require.NoError(t, os.Remove(j.path(jobFile))) },
	} {
		j := job(t, nil)
		_, err := Open(j.Dir)
		require.NoError(t, err)
		change(t, j)
		_, err = Open(j.Dir)
		require.ErrorContains(t, err, name)
		assert.Implements(t, (*interface{ BadInput() })(nil), err)
	}
	// What is the user's may be there.
	j := job(t, nil)
	j.left(t, "env.sh", "module load go\n")
	_, err := Open(j.Dir)
	require.NoError(t, err)
}

func TestNothingIsWrittenOverAnything(t *testing.T) {
	j := job(t, nil)
	o := Options{Command: j.Command, Version: "9", Folder: j.Dir, DryRun: true}
	_, err := o.Plan(j.Size, (&site{}).tools())
	require.ErrorContains(t, err, "holds a job already; nothing was written")
	require.NoError(t, os.Remove(j.path(jobFile)))
	_, err = o.Plan(j.Size, (&site{}).tools())
	require.ErrorContains(t, err, "is not empty; nothing was written")
	o.Folder = j.path("array.sh")
	_, err = o.Plan(j.Size, (&site{}).tools())
	require.ErrorContains(t, err, "no folder can be made there")
}

func TestWithoutSlurmNothingIsWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "job")
	_, err := Options{Command: []string{"run", "town"}, Folder: dir}.Make("slurm", (&site{}).tools(),
		func(g *Gauge) error { g.designs = append(g.designs, town(t)); return nil })
	require.ErrorContains(t, err, "there is no Slurm here: sbatch is not on the path")
	assert.NoDirExists(t, dir)
	_, err = job(t, nil).Resubmit((&site{}).tools())
	require.ErrorContains(t, err, "there is no Slurm here")
}
