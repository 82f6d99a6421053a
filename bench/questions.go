package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"windfall/bench/history"
)

// questions measures commands with their defaults over those of the commit before settings shared their work, each
// whole, one after the other in turn. Both read the scenarios of that commit.
func (b *bench) questions() error {
	before, dir, err := b.beforeSharing()
	if err != nil {
		return err
	}
	now, err := b.build("", "./cmd/windfall")
	if err != nil {
		return err
	}
	metro, uncertain, err := b.scenariosOf(dir)
	if err != nil {
		return err
	}
	b.part("questions with their defaults over those before settings shared their work: processor time of the whole " +
		"process")
	for _, c := range []struct {
		name, ran  string // ran: what of the answer says how much was run
		args       []string
		asked, aim bound
	}{
		{"respond", "replications", []string{metro}, atMost(0.35), atMost(0.23)},
		{"optimise", "search_replications", []string{metro}, atMost(0.35), atMost(0.23)},
		{"value", "draws", []string{uncertain, "--decide", "plan", "media.*.weekly_budget*=0.5"}, atMost(0.7), atMost(0.45)},
		{"discover", "replications", []string{uncertain, "--when", "out_of_business"}, atMost(0.7), atMost(0.45)},
		{"sensitivity", "runs", []string{uncertain}, atMost(0.7), atMost(0.45)},
	} {
		args := append([]string{c.name}, c.args...)
		was, ranBefore, err := b.question(before, c.ran, args...)
		if err != nil {
			return err
		}
		is, ran, err := b.question(now, c.ran, args...)
		if err != nil {
			return err
		}
		b.judge(c.name, is.cpu/was.cpu, c.asked, c.aim, "%.2f (%.0f s of %.0f s; %s %.0f of %.0f)", is.cpu, was.cpu,
			strings.ReplaceAll(c.ran, "_", " "), ran, ranBefore)
	}
	return nil
}

// question runs a question without pictures, and reads from its answer how much was run.
func (b *bench) question(program, ran string, args ...string) (u usage, n float64, err error) {
	u, err = b.timed(program, func() error {
		text, err := os.ReadFile(filepath.Join(b.results(), args[0]+".json"))
		if err != nil {
			return err
		}
		var answer map[string]any
		if err := json.Unmarshal(text, &answer); err != nil {
			return err
		}
		n, _ = answer[ran].(float64)
		return nil
	}, append(args, "--no-pictures")...)
	return u, n, err
}

// beforeSharing builds the command as it was before settings shared their work, and gives the folder of its sources.
func (b *bench) beforeSharing() (program, dir string, err error) {
	root, err := history.Root()
	if err != nil {
		return "", "", err
	}
	commit, err := history.BeforeSharing(root)
	if err != nil {
		return "", "", err
	}
	dir = filepath.Join(b.dir, "before-sharing")
	if err := history.Unpack(root, commit, dir); err != nil {
		return "", "", err
	}
	program, err = b.build(dir, "./cmd/windfall")
	return program, dir, err
}

// scenariosOf writes two scenarios of a commit so that both builds read the same text: a scenario that is built in is
// that of the build.
func (b *bench) scenariosOf(dir string) (metro, uncertain string, err error) {
	metro, uncertain = filepath.Join(b.dir, "metro.toml"), filepath.Join(b.dir, "metro-uncertain.toml")
	own := strings.NewReplacer(`extends = "metro"`, `extends = "metro.toml"`, `plan = "metro-uncertain"`,
		`plan = "self"`)
	for _, file := range []string{metro, uncertain} {
		text, err := os.ReadFile(filepath.Join(dir, "scenarios", filepath.Base(file)))
		if err != nil {
			return "", "", err
		}
		if err := os.WriteFile(file, []byte(own.Replace(string(text))), 0o600); err != nil {
			return "", "", fmt.Errorf("scenarios of both builds: %w", err)
		}
	}
	return metro, uncertain, nil
}
