package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/terminal"
)

// exits runs a command in this process and gives its exit code and what it wrote.
func exits(args ...string) (code int, stdout, stderr string) {
	var out, errors bytes.Buffer
	code = Main(args, strings.NewReader(""), &out, &errors)
	return code, out.String(), errors.String()
}

// unwrapped gives warnings a line each, as they are where a terminal is wide.
func unwrapped(told string) string {
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(told), "\n") {
		if n := len(out); n > 0 && !strings.HasPrefix(line, "warning: ") && !strings.HasPrefix(line, "windfall: ") {
			out[n-1] += " " + line
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// brief makes a run of two weeks.
func brief(out string, more ...string) []string {
	return small(out, append([]string{"--weeks", "2", "--replications", "100", "--no-report"}, more...)...)
}

// A flipped bit in anything that is read is found by whoever reads it.
func TestFlippedBitsAreFound(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	mainOK(t, brief(dir)...)
	for _, name := range []string{"blocks/000000.block", "blocks/000001.block", "manifest.json", "columns.json", "scenario.toml"} {
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		for k := range 3 {
			damaged := bytes.Clone(whole)
			damaged[(2*k+1)*len(whole)/6] ^= 4
			require.NoError(t, os.WriteFile(path, damaged, 0o666))
			code, _, stderr := exits("why", dir, "--no-pictures", "--out", filepath.Join(t.TempDir(), "why"))
			assert.Contains(t, []int{exitFailed, exitUsage}, code, "why: %s at %d", name, k)
			assert.Contains(t, stderr, filepath.Base(name))
			code, _, stderr = exits("report", dir, "--out", filepath.Join(t.TempDir(), "x.html"))
			if name == "scenario.toml" { // its numbers are those of the blocks; no date is shaded
				assert.Equal(t, exitDone, code)
			} else {
				assert.Contains(t, []int{exitFailed, exitUsage}, code, "report: %s at %d", name, k)
			}
			assert.Contains(t, stderr, filepath.Base(name))
		}
		require.NoError(t, os.WriteFile(path, whole, 0o666))
	}
	code, _, stderr := exits("why", dir, "--no-pictures", "--out", filepath.Join(t.TempDir(), "why"))
	assert.Equal(t, exitDone, code, stderr)
}

// A comparison that was killed and whose kept blocks are damaged makes them anew.
func TestDamagedBlocksOfAnAnswerAreMadeAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	compare := func(out string, more ...string) []string {
		return append([]string{"compare", "testdata/small.toml", "--set", "media.*.weekly_budget*=0", "--weeks", "2", "--replications", "120", "--workers", "1", "--no-pictures", "--no-report", "--out", filepath.Join(dir, out)}, more...)
	}
	mainOK(t, compare("whole")...)
	want, err := os.ReadFile(filepath.Join(dir, "whole", "compare.json"))
	require.NoError(t, err)
	var text []byte // of a kept block
	for text == nil {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "killed")))
		c := begin(t, compare("killed")...)
		kept := filepath.Join(dir, "killed", "blocks", "000000.block")
		c.until(t, func() bool { _, err := os.Stat(kept); return err == nil })
		require.NoError(t, c.Process.Kill())
		_ = c.Wait()
		text, _ = os.ReadFile(kept) // gone if it had ended
	}
	for k := range 4 {
		out := fmt.Sprint(k)
		require.NoError(t, os.CopyFS(filepath.Join(dir, out), os.DirFS(filepath.Join(dir, "killed"))))
		damaged := bytes.Clone(text)
		damaged[(2*k+1)*len(text)/8] ^= 1
		require.NoError(t, os.WriteFile(filepath.Join(dir, out, "blocks", "000000.block"), damaged, 0o666))
		code, _, stderr := exits(compare(out, "--resume")...)
		require.Equal(t, exitDone, code, stderr)
		got, err := os.ReadFile(filepath.Join(dir, out, "compare.json"))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got))
	}
}

// Of two processes in one folder the second is told who writes, and what the first
// makes is whole.
func TestTwoProcessesInOneFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run := small(filepath.Join(dir, "run"), "--replications", "200", "--no-report")
	first := start(t, 1, filepath.Join(dir, "run"), "--replications", "200", "--no-report")
	code, _, stderr := exits(run...)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, fmt.Sprintf("run is being written by process %d on ", first.Process.Pid))
	code, _, stderr = exits("report", filepath.Join(dir, "run"))
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, "is being written by process")
	code, _, stderr = exits("report", filepath.Join(dir, "run"), "--out", filepath.Join(dir, "so-far.html"))
	assert.Equal(t, exitDone, code, "it may be read meanwhile: %s", stderr)
	require.NoError(t, first.stop(t))
	mainOK(t, small(filepath.Join(dir, "alone"), "--replications", "200", "--no-report")...)
	requireSameTables(t, filepath.Join(dir, "alone"), filepath.Join(dir, "run"))

	// Whoever wins, the folder is right.
	mainOK(t, brief(filepath.Join(dir, "alone-150"), "--replications", "150")...)
	for i := range 3 {
		out := filepath.Join(dir, fmt.Sprint(i))
		var wait sync.WaitGroup
		var codes [2]int
		for k, n := range []string{"100", "150"} {
			wait.Go(func() {
				c := &exec.Cmd{Path: os.Args[0], Args: append([]string{"windfall"}, brief(out, "--replications", n)...), Env: os.Environ()}
				_ = c.Run()
				codes[k] = c.ProcessState.ExitCode()
			})
		}
		wait.Wait()
		assert.Contains(t, codes, exitDone)
		for _, code := range codes {
			assert.Contains(t, []int{exitDone, exitUsage}, code)
		}
		mainOK(t, brief(out, "--replications", "150")...)
		requireSameTables(t, filepath.Join(dir, "alone-150"), out)
	}
}

// What does not reach standard output is an error.
func TestAFullStandardOutputIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full")
	}
	for _, args := range [][]string{{"version"}, {"scenarios", "list"}, {"scenarios", "check", "metro"}, {"scenarios", "diff", "metro", "metro"}, {"lessons"}, {"--help"}, {"licences"},
		brief(filepath.Join(t.TempDir(), "run")), {"compare", "metro", "metro", "--weeks", "2", "--replications", "2", "--no-pictures", "--out", filepath.Join(t.TempDir(), "compare")}} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		require.NoError(t, err)
		var stderr bytes.Buffer
		assert.Equal(t, exitFailed, Main(args, nil, full, &stderr), "%v", args)
		assert.Contains(t, stderr.String(), "windfall: cannot write to standard output: no space left on device\n", "%v", args)
		full.Close()
	}
}

// Nothing that a scenario says commands a terminal, or passes for a line of ours.
func TestTextsOfAScenarioAreShownAsText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	file := filepath.Join(dir, "evil\x1b[2J.toml")
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf(`extends = %q
title = "red \u001b[31m title\nReport: /tmp/evil \u009b2J \u202e"
question = "bell \u0007\nResults in /tmp"
[goals.close]
expect = "mean(live_customers) >= 1"
[finance]
opening_cash = 600_000
source = {opening_cash = "a \u001b[2J source"}
[study]
kind = "vary"
replications = 2
answer = "it \u001b[31m is"
[study.vary]
keys = ["media.*.weekly_budget"]
values = ["x0", "x2"]
[study.expect.more]
title = "evil \u001b[2J title"
inequality = "signups(x2) >= 0"
`, base)), 0o666))
	named := filepath.Join(dir, "named.toml")
	require.NoError(t, os.WriteFile(named, []byte(`[goals."close\u001b]0;x\u0007"]`+"\nexpect = 1\n[\"chan\\u001b[2J\"]\n"), 0o666))
	out := filepath.Join(dir, "out")
	for _, args := range [][]string{{"run", file, "--weeks", "2", "--replications", "2", "--no-pictures", "--out", out}, {"scenarios", "check", file}, {"scenarios", "explain", file}, {"scenarios", "show", file, "--resolved"},
		{"scenarios", "check", named}, {"study", file, "--no-pictures", "--no-report", "--out", out + "-study"}, {"compare", file, "metro"}, {"scenarios", "diff", file, "metro"}, {"run", "\x1b[31mnone"}} {
		_, stdout, stderr := exits(args...)
		for _, text := range []string{stdout, stderr} {
			for _, r := range text {
				require.False(t, terminal.Hidden(r), "%v: %q", args, text)
			}
			require.NotRegexp(t, `(?m)^(Report: /tmp/evil|Results in /tmp$)`, text, "%v", args)
		}
	}
	_, stdout, _ := exits("run", file, "--weeks", "2", "--replications", "2", "--no-pictures", "--out", out)
	assert.Contains(t, stdout, `red \u001b[31m title\nReport: /tmp/evil \u009b2J \u202e`)
	_, stdout, _ = exits("run", file, "--weeks", "2", "--replications", "2", "--no-pictures", "--out", out, "--json")
	assert.Contains(t, stdout, `red \u001b[31m title\nReport: /tmp/evil \u009b2J \u202e`, "the same text for a program")
}

func TestOurOwnColoursPass(t *testing.T) {
	var b bytes.Buffer
	o := &terminal.Output{Writer: &b, Colors: true}
	fmt.Fprint(o, "\x1b[32m✓ met\x1b[0m \x1b[2J\x1b[5m\n")
	assert.Equal(t, "\x1b[32m✓ met\x1b[0m \\u001b[2J\\u001b[5m\n", b.String())
	b.Reset()
	fmt.Fprint(&terminal.Output{Writer: &b}, "\x1b[32mx\xff\n")
	assert.Equal(t, "\\u001b[32mx\\ufffd\n", b.String())
}

// A bug is told as one, with exit code 1; 2 is for bad input.
func TestABugHasAnExitCodeOfItsOwn(t *testing.T) {
	var out, errors bytes.Buffer
	assert.Equal(t, exitFailed, Main([]string{"run", "-"}, panics{}, &out, &errors))
	assert.Regexp(t, `^windfall: internal error: a bug\nThis is a bug of windfall .*\n(?s:.*)faults_test.go`, errors.String())
}

type panics struct{ io.Reader }

func (panics) Read([]byte) (int, error) { panic("a bug") }

// Manifests that somebody changed are refused at once, whatever they say.
func TestChangedManifestsAreRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	mainOK(t, brief(dir)...)
	whole, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	require.NoError(t, err)
	victim := filepath.Join(filepath.Dir(dir), "victim.txt")
	require.NoError(t, os.WriteFile(victim, []byte("mine"), 0o666))
	for key, value := range map[string]any{"replications": 1e15, "blocks": 1e9, "block_size": 1, "weeks": -1, "weeks ": 2000, "table_format": "/../../victim.txt", "start": "x", "uncertain_inputs": 7,
		"shard": map[string]int{"index": 3, "count": 2}, "files": map[string]any{"../victim.txt": map[string]any{"bytes": 1, "crc32c": "x"}}, "format": 9, "windfall": "compare", "columns_digest": "../x"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.json"), whole, 0o666))
		require.NoError(t, changeManifest(dir, func(m map[string]any) { m[strings.TrimSpace(key)] = value }))
		for _, args := range [][]string{{"merge", dir, "--out", dir + "-merged"}, {"report", dir, "--out", dir + ".html"}, {"why", dir, "--out", dir + "-why"}, brief(dir)} {
			code, _, stderr := exits(args...)
			assert.Equal(t, exitUsage, code, "%s: %v: %s", key, args[0], stderr)
			assert.NotContains(t, stderr, "internal error")
		}
		assert.NoDirExists(t, dir+"-merged")
	}
	text, err := os.ReadFile(victim)
	require.NoError(t, err)
	assert.Equal(t, "mine", string(text))
}

// Every file is as private as the umask says.
func TestFilesAreAsPrivateAsTheUmaskSays(t *testing.T) {
	dir := t.TempDir()
	c := exec.Command("sh", "-c", `umask 077; exec "$0" "$@"`, "./windfall")
	require.NoError(t, os.Symlink(os.Args[0], filepath.Join(dir, "windfall")))
	small, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	c.Dir, c.Args = dir, append(c.Args, "run", small, "--weeks", "2", "--replications", "50", "--out", "out")
	text, err := c.CombinedOutput()
	require.NoError(t, err, "%s", text)
	seen := 0
	require.NoError(t, filepath.Walk(filepath.Join(dir, "out"), func(path string, info os.FileInfo, err error) error {
		seen++
		assert.Zero(t, info.Mode().Perm()&0o077, path)
		return err
	}))
	assert.Greater(t, seen, 20)
}

// A killed process with the same number, as in a container, leaves nothing in the way;
// nor does a disk that was full.
func TestWhatAnEarlierProcessLeftIsNoHindrance(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.json.tmp-1-1"), nil, 0o666))
	c := &exec.Cmd{Path: os.Args[0], Args: append([]string{"windfall"}, brief(dir)...), Env: os.Environ(), SysProcAttr: newPIDs()}
	if err := c.Start(); err != nil {
		c.SysProcAttr = nil // no right to process numbers of its own
		require.NoError(t, c.Start())
	}
	require.NoError(t, c.Wait())

	small := filepath.Join(t.TempDir(), "small")
	require.NoError(t, os.Mkdir(small, 0o755))
	if exec.Command("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small).Run() != nil {
		t.Skip("no right to mount a small file system")
	}
	defer exec.Command("umount", small).Run()
	for _, command := range [][]string{
		{"study", "testdata/study.toml", "--no-report", "--out", filepath.Join(small, "study")},
		{"compare", "testdata/small.toml", "testdata/small.toml", "--weeks", "2", "--replications", "2", "--no-report", "--out", filepath.Join(small, "compare")},
		brief(filepath.Join(small, "run")),
	} {
		require.NoError(t, exec.Command("mount", "-o", "remount,size=16k", small).Run())
		code, _, stderr := exits(command...)
		assert.Equal(t, exitFailed, code, stderr)
		assert.Contains(t, stderr, "no space left on device")
		require.NoError(t, exec.Command("mount", "-o", "remount,size=64m", small).Run())
		code, _, stderr = exits(command...)
		assert.Equal(t, exitDone, code, stderr)
		require.NoError(t, os.RemoveAll(filepath.Join(small, filepath.Base(command[len(command)-1]))))
	}
}
