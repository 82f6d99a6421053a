// Package history takes earlier states of this module out of its git history, to measure against them.
package history

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// first is the subject of the commit that the speed work is held against: the engine before it, with a
// clock for its stages.
const first = "^model: a stage clock for programs built with the tag stages$"

// unshared is the subject of the commit whose commands ran each setting by itself, as often as a number said.
const unshared = "^That workers share a block has a test; a study's test uses the head that others use$"

// Root is the folder of this module.
func Root() (string, error) { return output("go", "list", "-m", "-f", "{{.Dir}}") }

// First is the commit before the speed work.
func First(root string) (string, error) { return commit(root, first) }

// BeforeSharing is the commit before settings shared their work.
func BeforeSharing(root string) (string, error) { return commit(root, unshared) }

// commit finds a commit by its subject.
func commit(root, subject string) (string, error) {
	name, err := output("git", "-C", root, "log", "--format=%H", "--grep", subject, "-n", "1")
	if err != nil || name == "" {
		return "", fmt.Errorf("the commit %q is not in the history of this clone (is it a shallow one?)", subject)
	}
	return name, nil
}

// Unpack writes the files of a commit, or of some of its folders, to a folder.
func Unpack(root, commit, dir string, parts ...string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	archive := exec.Command("git", append([]string{"-C", root, "archive", commit, "--"}, parts...)...)
	tar := exec.Command("tar", "-x", "-C", dir)
	var trouble bytes.Buffer
	archive.Stderr = &trouble
	pipe, err := archive.StdoutPipe()
	if err != nil {
		return err
	}
	tar.Stdin = pipe
	if err := tar.Start(); err != nil {
		return err
	}
	if err := archive.Run(); err != nil {
		return fmt.Errorf("git archive %s: %w: %s", commit, err, trouble.String())
	}
	return tar.Wait()
}

func output(name string, args ...string) (string, error) {
	text, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}
