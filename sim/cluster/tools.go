package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// Tools are the programs of the scheduler.
type Tools struct {
	// Look finds a program and gives its path; Run runs it and gives what it prints. A test has its own.
	Look func(name string) (string, error)
	Run  func(name string, args ...string) (string, error)
}

// OnPath are the tools of this machine.
func OnPath() *Tools {
	return &Tools{Look: exec.LookPath, Run: func(name string, args ...string) (string, error) {
		var problems bytes.Buffer
		cmd := exec.Command(name, args...)
		cmd.Stderr = &problems
		out, err := cmd.Output()
		if err != nil {
			err = fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(problems.String()))
		}
		return string(out), err
	}}
}

func (t *Tools) has(name string) bool {
	_, err := t.Look(name)
	return err == nil
}

// needs refuses to go on without a program.
func (t *Tools) needs(name string) error {
	if t.has(name) {
		return nil
	}
	return problem("there is no Slurm here: %s is not on the path, and nothing was written or submitted; go to a machine "+
		"that submits jobs, or write the folder alone with --dry-run", name)
}

var arraySize = regexp.MustCompile(`(?m)^MaxArraySize\s*=\s*(\d+)`)

// MaxArray is the number of tasks that an array may have: indices run from 0 to MaxArraySize less 1.
func (t *Tools) MaxArray() int {
	if t.has("scontrol") {
		if out, err := t.Run("scontrol", "show", "config"); err == nil {
			if m := arraySize.FindStringSubmatch(out); m != nil {
				if n, err := strconv.Atoi(m[1]); err == nil && n > 0 {
					return n
				}
			}
		}
	}
	return defaultArray
}

// A live is what the scheduler says of a task or a job that has not ended.
type live struct{ state, why string }

// queue asks what of some jobs has not ended, by their names (12_3 is task 3 of array 12). Known is false where nobody
// can say.
func (t *Tools) queue(jobs []string) (out map[string]live, known bool) {
	out = map[string]live{}
	if !t.has("squeue") {
		return out, false
	}
	text, err := t.Run("squeue", "--me", "-h", "-r", "-t", "all", "-o", "%i|%T|%r")
	if err != nil {
		return out, false
	}
	for line := range strings.Lines(text) {
		f := strings.SplitN(strings.TrimSpace(line), "|", 3)
		if len(f) == 3 && contains(jobs, f[0]) && !ended[f[1]] {
			out[f[0]] = live{f[1], f[2]}
		}
	}
	return out, true
}

// ended are the states of what is over.
var ended = map[string]bool{"COMPLETED": true, "FAILED": true, "CANCELLED": true, "TIMEOUT": true, "NODE_FAIL": true,
	"OUT_OF_MEMORY": true, "BOOT_FAIL": true, "DEADLINE": true, "PREEMPTED": true}

// contains says whether a name is that of one of some jobs, or of a task of it.
func contains(jobs []string, name string) bool {
	array, _, _ := strings.Cut(name, "_")
	for _, j := range jobs {
		if j == array {
			return true
		}
	}
	return false
}

// accounts asks the accounting how what has ended did: nothing where there is none.
func (t *Tools) accounts(jobs []string) map[string]string {
	out := map[string]string{}
	if len(jobs) == 0 || !t.has("sacct") {
		return out
	}
	text, err := t.Run("sacct", "-n", "-X", "-P", "--format=JobID,State", "-j", strings.Join(jobs, ","))
	if err != nil {
		return out
	}
	for line := range strings.Lines(text) {
		if name, state, ok := strings.Cut(strings.TrimSpace(line), "|"); ok && state != "COMPLETED" && state != "" {
			out[name] = state
		}
	}
	return out
}

// submit has the folder submit some tasks of a round, and the merge that waits for them and for the end of other jobs.
func (j *Job) submit(t *Tools, round int, tasks string, others ...string) error {
	if err := errors.Join(t.needs("sbatch"), t.needs("sh")); err != nil {
		return err
	}
	args := []string{j.path("submit.sh"), strconv.Itoa(round)}
	if tasks != "" {
		args = append(args, tasks, strings.Join(others, ":"))
	}
	if _, err := t.Run("sh", args...); err != nil {
		return fmt.Errorf("the job is written in %s and could not be submitted: %w", j.Dir, err)
	}
	return nil
}

// Submit submits the first round.
func (j *Job) Submit(t *Tools) error { return j.submit(t, 1, "") }
