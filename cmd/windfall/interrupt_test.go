package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/gallery"
)

// tables are the files that a whole, a resumed and a merged run have in common.
var tables = []string{"summary.json", "replications.csv", "weekly.csv", "months.csv", "quarters.csv", "slices.csv", "columns.json", "scenario.toml"}

// small is a run that takes about a second; more makes it as long as a test
// needs it.
func small(out string, more ...string) []string {
	return append([]string{"run", "testdata/small.toml", "--no-pictures", "--workers", "1", "--out", out}, more...)
}

// child is the program in a process of its own: this test binary, which plays
// windfall under that name (see TestMain).
type child struct {
	*exec.Cmd
	out            string
	stdout, stderr bytes.Buffer
	goOn           func() // after until
}

// begin starts a command in a process of its own.
func begin(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{Cmd: &exec.Cmd{Path: os.Args[0], Args: append([]string{"windfall"}, args...), Env: os.Environ()}}
	c.Stdout, c.Stderr = &c.stdout, &c.stderr
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill() })
	return c
}

// until lets the process run in short steps until something is reached and holds it
// there, so that it is not far beyond however late this process sees it.
func (c *child) until(t *testing.T, reached func() bool) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		c.goOn = hold(t, c.Process)
		if reached() {
			return
		}
		require.Less(t, time.Since(begun), time.Minute)
		c.goOn()
	}
}

// stop sends signals to a process that is held, lets it go on and waits for its end.
func (c *child) stop(t *testing.T, signals ...os.Signal) error {
	t.Helper()
	for _, s := range signals {
		require.NoError(t, c.Process.Signal(s))
	}
	c.goOn()
	return c.Wait()
}

// start starts a run in a process of its own, and holds it when it has kept some
// blocks.
func start(t *testing.T, blocks int, out string, more ...string) *child {
	t.Helper()
	c := begin(t, small(out, more...)...)
	c.out = out
	c.until(t, func() bool { return c.blocks() >= blocks })
	return c
}

func (c *child) blocks() int {
	names, _ := filepath.Glob(filepath.Join(c.out, "blocks", "*.block"))
	return len(names)
}

// mainOK runs a command in this process.
func mainOK(t *testing.T, args ...string) (stdout string) {
	t.Helper()
	var out, errors bytes.Buffer
	require.Equal(t, exitDone, Main(args, nil, &out, &errors), "%s", &errors)
	return out.String()
}

func requireSameTables(t *testing.T, want, got string) {
	t.Helper()
	for _, name := range tables {
		a, err := os.ReadFile(filepath.Join(want, name))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(got, name))
		require.NoError(t, err)
		require.True(t, bytes.Equal(a, b), "%s differs", name)
	}
}

func TestAKilledRunResumesToTheSameBytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, 2, filepath.Join(dir, "killed"), "--replications", "350", "--no-report")
	require.NoError(t, c.Process.Kill())
	require.ErrorContains(t, c.Wait(), "killed")
	kept := c.blocks()
	require.Less(t, kept, 7, "killed before its end")
	mainOK(t, small(c.out, "--replications", "350", "--no-report", "--resume")...)
	mainOK(t, small(filepath.Join(dir, "whole"), "--replications", "350", "--no-report")...)
	requireSameTables(t, filepath.Join(dir, "whole"), c.out)
}

func TestCtrlCKeepsWhatIsDoneAndNamesTheCommandThatGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, 2, filepath.Join(dir, "interrupted"), "--replications", "5000")
	require.Error(t, c.stop(t, os.Interrupt))
	require.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), "%s", &c.stderr)
	assert.Regexp(t, fmt.Sprintf(`Partial results: [\d,]+ of 5,000 runs are kept in %s\.\n`, c.out), c.stdout.String())
	assert.Contains(t, c.stderr.String(), "ending after the runs in progress; Ctrl-C again stops at once\n")
	assert.Contains(t, c.stderr.String(), "--workers 1 --out "+c.out+" --replications 5000 --resume\n")

	// A longer run may not be shortened, so the rest is left undone here: what
	// resuming gives is TestAKilledRunResumesToTheSameBytes.
	var out, errors bytes.Buffer
	assert.Equal(t, exitUsage, Main(small(c.out, "--replications", "50"), nil, &out, &errors))
	assert.Contains(t, errors.String(), "it holds 5000 runs and 50 are asked for")
	assert.Equal(t, exitUsage, Main([]string{"merge", c.out, "--out", filepath.Join(dir, "merged")}, nil, &out, &errors))
	assert.Contains(t, errors.String(), "blocks are missing")
}

// A search that was interrupted goes on where it was: the plans that it tried are
// kept, and what comes out is what one that was left alone finds.
func TestAnInterruptedSearchGoesOn(t *testing.T) { // alone: it must be held in time
	dir := t.TempDir()
	search := func(out string) []string {
		return []string{"optimise", "testdata/small.toml", "--weeks", "4", "--levers", "media", "--evaluations", "14", "--replications", "12", "--hold-out", "10", "--no-pictures", "--workers", "1", "--out", filepath.Join(dir, out)}
	}
	c := begin(t, search("interrupted")...)
	tried := func() int {
		names, _ := filepath.Glob(filepath.Join(dir, "interrupted", blocksFolder, "search-*"))
		return len(names)
	}
	c.until(t, func() bool { return tried() >= 3 })
	require.Error(t, c.stop(t, os.Interrupt))
	require.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), "%s", &c.stderr)
	assert.Contains(t, c.stderr.String(), "interrupted; what is done is kept, go on with:")
	kept := tried()
	require.Less(t, kept, 14, "interrupted before its end")

	mainOK(t, append(search("interrupted"), "--resume")...)
	mainOK(t, search("whole")...)
	var found [2]string
	for i, out := range []string{"interrupted", "whole"} {
		text, err := os.ReadFile(filepath.Join(dir, out, "optimise.json"))
		require.NoError(t, err)
		found[i] = strings.ReplaceAll(string(text), filepath.Join(dir, out), "")
	}
	require.Equal(t, found[1], found[0])
	best, err := os.ReadFile(filepath.Join(dir, "interrupted", "best.toml"))
	require.NoError(t, err)
	require.Contains(t, string(best), "# Found with: windfall optimise testdata/small.toml")
	require.NotContains(t, string(best), "--resume", "it does all of it again")
}

// Any decision that was interrupted goes on where it was, and its folder holds the
// same answer and tables, to the byte, as that of one that was left alone.
func TestAnInterruptedDecisionResumesToTheSameBytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pause := func(out string) []string {
		return []string{"pause", "testdata/small.toml", "--weeks", "1,3", "--what", "paid-search", "--from", "2013-01-08", "--replications", "100", "--no-pictures", "--workers", "1", "--out", filepath.Join(dir, out)}
	}
	c := begin(t, pause("interrupted")...)
	blocks := func() int { // that are kept
		names, _ := filepath.Glob(filepath.Join(dir, "interrupted", blocksFolder, "*.block"))
		return len(names)
	}
	c.until(t, func() bool { return blocks() >= 1 })
	require.Error(t, c.stop(t, os.Interrupt))
	require.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), "%s", &c.stderr)
	require.LessOrEqual(t, blocks(), 2, "interrupted before its end")

	mainOK(t, append(pause("interrupted"), "--resume")...)
	mainOK(t, pause("whole")...)
	files, err := os.ReadDir(filepath.Join(dir, "whole"))
	require.NoError(t, err)
	tables := 0
	for _, f := range files {
		if f.Name() == "manifest.json" { // which command made it
			continue
		}
		a, err := os.ReadFile(filepath.Join(dir, "whole", f.Name()))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(dir, "interrupted", f.Name()))
		require.NoError(t, err)
		require.Equal(t, string(a), string(b), f.Name())
		if filepath.Ext(f.Name()) == ".csv" {
			tables++
		}
	}
	require.FileExists(t, filepath.Join(dir, "whole", "pause.json"))
	require.GreaterOrEqual(t, tables, 3)

	var out, errors bytes.Buffer
	require.Equal(t, exitUsage, Main(append(pause("whole"), "--resume"), nil, &out, &errors))
	require.Contains(t, errors.String(), "whole is finished; without --resume it is made anew")
}

func TestASecondCtrlCStopsAtOnce(t *testing.T) {
	t.Parallel()
	c := start(t, 1, filepath.Join(t.TempDir(), "stopped"), "--replications", "100000")
	require.Error(t, c.stop(t, os.Interrupt, syscall.SIGTERM))
	assert.Equal(t, exitInterrupted, c.ProcessState.ExitCode())
	assert.Contains(t, c.stderr.String(), "stopped at once; finished blocks are kept")
	assert.NotContains(t, c.stdout.String(), "Partial results")
}

// Whoever stops a run in the middle of a block loses none of its replications, and it
// goes on from there to the same bytes.
func TestCtrlCInTheMiddleOfABlockKeepsItsReplications(t *testing.T) { // alone: it must be held in time
	dir := t.TempDir()
	long := []string{"--replications", "100", "--weeks", "40", "--no-report"}
	c := start(t, 1, filepath.Join(dir, "begun"), long...)
	c.goOn()
	time.Sleep(5 * time.Millisecond) // into the second block
	c.until(t, func() bool { return true })
	require.Error(t, c.stop(t, os.Interrupt))
	require.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), "%s", &c.stderr)
	require.Equal(t, 2, c.blocks(), "the second is kept as far as it goes")
	assert.Regexp(t, `Partial results: [5-9]\d of 100 runs are kept in `, c.stdout.String())
	mainOK(t, small(c.out, append(long, "--resume")...)...)
	mainOK(t, small(filepath.Join(dir, "whole"), long...)...)
	requireSameTables(t, filepath.Join(dir, "whole"), c.out)
}

// Whoever has read the answer and stops the pictures has a complete run, and the same
// command draws them.
func TestCtrlCWhilePicturesAreDrawnLeavesACompleteRun(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "drawn")
	drawn := func() int {
		names, _ := filepath.Glob(filepath.Join(out, "plots", "*.svg"))
		return len(names)
	}
	c := start(t, 1, out, "--replications", "50", "--pictures", "all")
	c.goOn()
	c.until(t, func() bool { return drawn() > 0 })
	require.ErrorContains(t, c.stop(t, os.Interrupt), "interrupt")
	assert.Regexp(t, `; after 6 weeks it has `, c.stdout.String())
	assert.NotContains(t, c.stdout.String(), "Results in")
	require.Less(t, drawn(), len(gallery.Names()), "stopped before the last picture")
	mainOK(t, "report", out, "--pictures", "all")
	assert.Equal(t, len(gallery.Names())-1, drawn(), "retention is per year or over the run")
}

// The last word of an interrupted command is how to go on.
func TestCtrlCOnADecisionEndsWithHowToGoOn(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"stress", "respond"} {
		var stdout, stderr bytes.Buffer
		out := filepath.Join(t.TempDir(), command)
		cmd := &exec.Cmd{Path: os.Args[0], Args: []string{"windfall", command, "testdata/small.toml", "--replications", "5000", "--no-pictures", "--out", out}, Env: os.Environ(), Stdout: &stdout, Stderr: &stderr}
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(out, blocksFolder)); return err == nil }, 60*time.Second, time.Millisecond)
		time.Sleep(100 * time.Millisecond)
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.Error(t, cmd.Wait())
		assert.Equal(t, exitInterrupted, cmd.ProcessState.ExitCode(), "%s", &stderr)
		assert.Regexp(t, "interrupted; what is done is kept, go on with:\n  windfall "+command+" .*\n$", stderr.String())
		assert.NotContains(t, stderr.String(), "context canceled")
	}
}

// A study that was interrupted goes on where it was, and finds what one finds that
// was left alone.
func TestAnInterruptedStudyGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	small, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	file := filepath.Join(dir, "mine.toml")
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf(`extends = %q
question = "What does brand bring?"
[study]
kind = "vary"
replications = 60
[study.vary]
keys = ["media.*.weekly_budget"]
values = ["x0", "x2", "x3"]
[study.expect.more]
inequality = "signups(x2) > signups(x0)"
[study.control]
title = "brand lifts nothing"
set = {"channels.*.halo" = 0, "channels.inbound.enabled" = false}
[study.control.expect.same]
inequality = "abs(signups(x2) / signups(x0) - 1) < 50%%"
`, small)), 0o644))
	study := func(out string) []string {
		return []string{"study", file, "--no-pictures", "--no-report", "--workers", "1", "--out", filepath.Join(dir, out)}
	}
	c := begin(t, study("interrupted")...)
	kept := filepath.Join(dir, "interrupted", blocksFolder)
	c.until(t, func() bool { _, err := os.Stat(filepath.Join(kept, "study", "000000.block")); return err == nil })
	require.Error(t, c.stop(t, os.Interrupt))
	require.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), "%s", &c.stderr)
	assert.Regexp(t, "interrupted; what is done is kept, go on with:\n  windfall study .*\n$", c.stderr.String())

	var out, errors bytes.Buffer
	assert.Equal(t, exitUsage, Main(append(study("fresh"), "--resume"), nil, &out, &errors))
	assert.Contains(t, errors.String(), "nothing to resume")
	mainOK(t, append(study("interrupted"), "--resume")...)
	mainOK(t, study("whole")...)
	assert.NoDirExists(t, kept)
	for _, name := range []string{answerFile, settingsTable + ".csv"} {
		a, err := os.ReadFile(filepath.Join(dir, "interrupted", name))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(dir, "whole", name))
		require.NoError(t, err)
		require.Equal(t, string(b), string(a), name)
	}
}

// An export that is killed leaves nothing in its place, whenever that was; the same command makes it then, with the bytes
// of one that nobody killed. Ctrl-C leaves nothing at all.
func TestAKilledExportLeavesNothingInItsPlace(t *testing.T) {
	dir := t.TempDir()
	line := func(out string) []string {
		return []string{"export", "testdata/small.toml", "--replications", "100", "--workers", "1", "--out", filepath.Join(dir, out)}
	}
	for out, signals := range map[string][]os.Signal{"killed": {os.Kill}, "stopped": {os.Interrupt}} {
		c := begin(t, line(out)...)
		c.until(t, func() bool {
			files, _ := os.ReadDir(filepath.Join(dir, out+".part"))
			return len(files) > 4 // the tables are open
		})
		require.Error(t, c.stop(t, signals...))
		require.NoDirExists(t, filepath.Join(dir, out))
	}
	require.NoDirExists(t, filepath.Join(dir, "stopped.part"))
	require.DirExists(t, filepath.Join(dir, "killed.part"))
	again, fresh := begin(t, line("killed")...), begin(t, line("fresh")...)
	require.NoError(t, again.Wait(), again.stderr.String())
	require.NoError(t, fresh.Wait())
	require.NoDirExists(t, filepath.Join(dir, "killed.part"))
	for _, name := range []string{"panel.csv", "truth_channels.csv", "weeks.csv"} {
		one, err := os.ReadFile(filepath.Join(dir, "killed", name))
		require.NoError(t, err)
		other, err := os.ReadFile(filepath.Join(dir, "fresh", name))
		require.NoError(t, err)
		require.Equal(t, one, other, name)
	}
}

// Whoever reads the first line and closes the pipe (head -1) leaves a whole folder: what is written to nobody is
// dropped without a word, and the exit code is that of a closed pipe.
func TestAClosedPipeLeavesAWholeFolder(t *testing.T) {
	for _, args := range [][]string{
		{"run", "testdata/small.toml", "--replications", "50", "--pictures", "outcomes"},
		{"compare", "testdata/small.toml", "--plan", "media.radio.weekly_budget=0", "--replications", "20"},
	} {
		out := filepath.Join(t.TempDir(), "out")
		read, write, err := os.Pipe()
		require.NoError(t, err)
		c := &child{Cmd: &exec.Cmd{Path: os.Args[0], Args: slices.Concat([]string{"windfall"}, args, []string{"--out", out}), Env: os.Environ()}}
		c.Stdout, c.Stderr = write, &c.stderr
		require.NoError(t, read.Close()) // before anything is written
		require.NoError(t, c.Start())
		require.NoError(t, write.Close())
		require.Error(t, c.Wait())
		assert.Equal(t, exitClosed, c.ProcessState.ExitCode(), "%s", &c.stderr)
		assert.NotContains(t, c.stderr.String(), "cannot write")
		for _, file := range map[string][]string{"run": {"summary.json", "report.html", "summary.html", filepath.Join(gallery.Folder, "outcomes.png")},
			"compare": {"compare.json", "report.html", "summary.html"}}[args[0]] {
			assert.FileExists(t, filepath.Join(out, file))
		}
	}
}
