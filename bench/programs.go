package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"windfall/bench/clock"
	"windfall/bench/history"
)

// build builds a program for this run: of this module, or of the module that lies in another folder.
func (b *bench) build(dir, pkg string, env ...string) (string, error) {
	key := strings.Join(append([]string{dir, pkg}, env...), " ")
	if out := b.built[key]; out != "" {
		return out, nil
	}
	out := filepath.Join(b.dir, fmt.Sprintf("%d-%s", len(b.built), filepath.Base(pkg)))
	// With -trimpath the name of the folder is no part of the packages, so that the next build finds them built.
	c := exec.Command("go", "build", "-trimpath", "-o", out, pkg)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	b.built[key] = out
	return out, nil
}

// firstCommand builds the command as it was before the speed work.
func (b *bench) firstCommand() (string, error) {
	root, err := history.Root()
	if err != nil {
		return "", err
	}
	commit, err := history.First(root)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(b.dir, "first")
	if _, err := os.Stat(dir); err != nil {
		if err := history.Unpack(root, commit, dir); err != nil {
			return "", err
		}
	}
	return b.build(dir, "./cmd/windfall")
}

// output runs a program that prints JSON.
func output(out any, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Stderr = os.Stderr
	text, err := c.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	return json.Unmarshal(text, out)
}

// usage is what a run of the command took.
type usage struct{ cpu, wall, megabytes float64 }

// windfall runs a build of the command, and throws its results away.
func (b *bench) windfall(program string, args ...string) (usage, error) {
	return b.timed(program, func() error { return nil }, append([]string{"run"}, args...)...)
}

// timed runs a verb of a build, looks at its results and throws them away.
func (b *bench) timed(program string, look func() error, args ...string) (usage, error) {
	defer os.RemoveAll(b.results())
	c := exec.Command(program, append(args, "--quiet", "--out", b.results())...)
	c.Stderr = os.Stderr
	begin := time.Now()
	if err := c.Run(); err != nil && c.ProcessState.ExitCode() != 3 { // a missed goal is no failure here
		return usage{}, fmt.Errorf("%s: %w", c, err)
	}
	u := usage{cpu: (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), wall: time.Since(begin).Seconds()}
	u.megabytes = clock.Megabytes(c.ProcessState)
	return u, look()
}
