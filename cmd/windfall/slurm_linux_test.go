package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/cluster"
)

// A slurm is a cluster of two nodes on this machine, and the command built for it.
type slurm struct {
	t       *testing.T
	dir     string
	program string
	env     []string
}

// startSlurm starts a cluster, or skips where there can be none. It is stopped at the end of the test.
func startSlurm(t *testing.T) *slurm {
	t.Helper()
	for _, name := range []string{"slurmctld", "slurmd", "munged", "sbatch", "bash"} {
		_, err := exec.LookPath(name)
		if err != nil {
			_, err = os.Stat("/usr/sbin/" + name)
		}
		if err != nil || os.Getuid() != 0 || runtime.GOOS != "linux" {
			t.Skip("no Slurm can be started: it takes Linux, root, and the packages slurm-wlm and munge")
		}
	}
	script, err := filepath.Abs("../../.ci/slurm.sh")
	require.NoError(t, err)
	s := &slurm{t: t, dir: t.TempDir()}
	require.NoError(t, errors.Join(os.Chmod(filepath.Dir(s.dir), 0o755), os.Chmod(s.dir, 0o755))) // for munge
	lab := filepath.Join(s.dir, "slurm")
	s.env = append(os.Environ(), "WINDFALL_SLURM_DIR="+lab, "WINDFALL_SLURM_PORT="+strconv.Itoa(freePorts(t, 3)),
		"WINDFALL_SLURM_CPUS=2", "SLURM_CONF="+filepath.Join(lab, "slurm.conf"), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	t.Cleanup(func() {
		if t.Failed() {
			s.run("bash", script, "logs")
		}
		s.run("bash", script, "stop")
	})
	out, err := s.command("bash", script, "start").CombinedOutput()
	require.NoError(t, err, string(out))
	s.program = filepath.Join(s.dir, "windfall")
	out, err = exec.Command("go", "build", "-buildvcs=false", "-o", s.program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	small, err := os.ReadFile("testdata/small.toml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "small.toml"), small, 0o600))
	return s
}

// freePorts finds some ports in a row that nobody listens on.
func freePorts(t *testing.T, n int) int {
	t.Helper()
	for first := 26900; first < 30000; first += 10 {
		free := true
		for i := range n {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+i))
			if err != nil {
				free = false
				break
			}
			require.NoError(t, l.Close())
		}
		if free {
			return first
		}
	}
	t.Fatal("no free ports")
	return 0
}

func (s *slurm) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	return cmd
}

// run runs a program that must succeed.
func (s *slurm) run(name string, args ...string) string {
	s.t.Helper()
	var out, problems bytes.Buffer
	cmd := s.command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		s.t.Errorf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &out, &problems)
	}
	return out.String()
}

func (s *slurm) windfall(args ...string) string { s.t.Helper(); return s.run(s.program, args...) }

func (s *slurm) status(job string) (out cluster.Status) {
	s.t.Helper()
	require.NoError(s.t, json.Unmarshal([]byte(s.windfall("cluster", "status", job, "--json")), &out))
	return out
}

// until waits for something.
func (s *slurm) until(what string, is func() bool) {
	s.t.Helper()
	for end := time.Now().Add(4 * time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// idle waits until nothing is queued or runs.
func (s *slurm) idle() {
	s.t.Helper()
	s.until("an empty queue", func() bool { return s.run("squeue", "-h") == "" })
}

// answered waits for the answer of a job, and compares it with that of one machine.
func (s *slurm) answered(job, whole string) {
	s.t.Helper()
	s.until("the answer of "+job, func() bool { return s.status(job).Done })
	requireSameAnswer(s.t, answerIn(s.t, filepath.Join(s.dir, whole)), filepath.Join(s.dir, job, "answer"))
	s.idle()
}

// process finds the process that runs a shard of a job.
func (s *slurm) process(job string, shard int) (pid int) {
	want := fmt.Sprintf("--out\x00%s\x00", filepath.Join(s.dir, job, "shards", strconv.Itoa(shard)))
	s.until("a process", func() bool {
		files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && strings.HasPrefix(string(text), s.program) &&
				strings.Contains(string(text), want) {
				pid, _ = strconv.Atoi(strings.Split(file, "/")[2])
			}
		}
		return pid != 0
	})
	return pid
}

// Eight tasks on two nodes, one of which is killed: what is missing is run again, and nothing else; merged it is what
// one machine gives. A run that goes in rounds goes through them by itself.
func TestSlurm(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("a minute: with WINDFALL_VERIFY=1, as make test does; testdata/cluster.txtar has a scheduler made up")
	}
	s := startSlurm(t)
	pause := []string{"pause", "small.toml", "--weeks", "1,3", "--what", "paid-search", "--from", "2013-01-08",
		"--replications", "1600", "--no-pictures"}
	rounds := []string{"run", "small.toml", "--weeks", "2", "--precision", "signups=3%", "--no-pictures", "--no-report"}
	slurm := func(folder string, more []string, command ...string) []string {
		return append(append([]string{"cluster", "slurm", "--folder", folder}, command...), more...)
	}
	out := s.windfall(slurm("job", []string{"--array", "8", "--time", "10", "--partition", "test"}, pause...)...)
	require.Contains(t, out, "8 tasks")
	require.NoError(t, syscall.Kill(s.process("job", 3), syscall.SIGKILL))
	s.windfall(append(append([]string{}, pause...), "--out", "whole")...)
	s.windfall(append(append([]string{}, rounds...), "--out", "run-whole")...)
	s.idle()

	was := s.status("job")
	require.Equal(t, []int{7, 1}, []int{was.Counts[cluster.Done], was.Counts[cluster.Failed]})
	require.Contains(t, was.Tasks[3].Reason, "killed by signal 9")
	require.False(t, was.Done)
	text := s.windfall("cluster", "status", "job")
	require.Contains(t, text, "8 tasks: 7 done, 0 running, 0 waiting, 0 missing, 1 failed\n")
	require.Contains(t, text, "next: windfall cluster resubmit job\n")

	begun := func() (out []string) {
		for i := range 8 {
			text, err := os.ReadFile(filepath.Join(s.dir, "job", "state", fmt.Sprintf("1-%d.begun", i)))
			require.NoError(t, err)
			out = append(out, string(text))
		}
		return out
	}
	before := begun()
	require.Contains(t, s.windfall("cluster", "resubmit", "job"), "1 of 8 tasks submitted again (3)")
	s.windfall(slurm("rounds", []string{"--array", "3"}, rounds...)...)
	s.answered("job", "whole")
	for i, text := range begun() {
		assert.Equal(t, i == 3, text != before[i], "task %d", i)
	}
	require.Contains(t, s.windfall("cluster", "resubmit", "job"), "Nothing is missing")
	s.answered("rounds", "run-whole")
	require.Greater(t, s.status("rounds").Round, 1)
}

// What happens to a cluster: a node that takes nothing more, a shard that is damaged, a disk that is full, a daemon that
// dies. The answer is that of one machine in each case.
func TestSlurmFaults(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("some minutes: with WINDFALL_VERIFY=1")
	}
	s := startSlurm(t)
	command := []string{"pause", "small.toml", "--weeks", "1,3", "--what", "paid-search", "--from", "2013-01-08",
		"--replications", "2400", "--no-pictures"}
	submit := func(folder string, more ...string) {
		t.Helper()
		s.windfall(append(append([]string{"cluster", "slurm", "--folder", folder, "--array", "8"}, command...), more...)...)
	}
	s.windfall(append(append([]string{}, command...), "--out", "whole")...)

	s.run("scontrol", "update", "nodename=node2", "state=drain", "reason=test")
	submit("drained")
	s.answered("drained", "whole")
	done := readText(t, filepath.Join(s.dir, "slurm", "log", "jobs.txt"))
	require.Contains(t, done, "NodeList=node1 ")
	require.NotContains(t, done, "NodeList=node2 ")
	s.run("scontrol", "update", "nodename=node2", "state=resume")

	blocks, err := filepath.Glob(filepath.Join(s.dir, "drained", "shards", "5", "blocks", "*.block"))
	require.NoError(t, err)
	require.NotEmpty(t, blocks)
	text, err := os.ReadFile(blocks[0])
	require.NoError(t, err)
	text[len(text)/2] ^= 1
	require.NoError(t, os.WriteFile(blocks[0], text, 0o600))
	require.NoError(t, os.RemoveAll(filepath.Join(s.dir, "drained", "answer")))
	was := s.status("drained")
	require.Equal(t, 7, was.Counts[cluster.Done])
	require.Contains(t, was.Tasks[5].Reason, blocks[0][len(s.dir)+1:]+" is damaged")
	require.Contains(t, s.windfall("cluster", "resubmit", "drained"), "1 of 8 tasks submitted again (5)")
	s.answered("drained", "whole")

	submit("full", "--dry-run")
	shards := filepath.Join(s.dir, "full", "shards")
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=40k", "none", shards).CombinedOutput(); err != nil {
		t.Logf("not run: a full disk (%s)", out)
	} else {
		t.Cleanup(func() { _ = exec.Command("umount", shards).Run() })
		s.windfall("cluster", "resubmit", "full")
		s.idle()
		was := s.status("full")
		require.Positive(t, was.Counts[cluster.Failed])
		require.Contains(t, fmt.Sprint(was.Tasks), "no space left on device")
		require.False(t, was.Done)
		s.run("mount", "-o", "remount,size=100m", shards)
		s.windfall("cluster", "resubmit", "full")
		s.answered("full", "whole")
	}

	submit("killed")
	s.process("killed", 0)
	pid, _, _ := strings.Cut(readText(t, filepath.Join(s.dir, "slurm", "run", "node2.rec")), " ")
	n, err := strconv.Atoi(pid)
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(n, syscall.SIGKILL))
	s.answered("killed", "whole") // the tasks of the node are begun again on the other
}
