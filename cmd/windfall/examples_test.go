package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/docs"
)

// walk visits every command.
func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		walk(c, visit)
	}
}

func TestEveryCommandHasAManualWithAnExample(t *testing.T) {
	p := &program{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
	walk(p.root(), func(c *cobra.Command) {
		assert.NotEmpty(t, c.Short, c.CommandPath())
		assert.Greater(t, len(c.Long), len(c.Short), c.CommandPath())
		assert.NotEmpty(t, c.Example, c.CommandPath())
		assert.False(t, strings.HasSuffix(c.Short, "."), c.CommandPath())
		for _, line := range strings.Split(c.Long, "\n") {
			assert.LessOrEqual(t, len(line), 80, "%s: %s", c.CommandPath(), line)
		}
	})
}

// What a flag does is said once: in the manual of its command, or for all that have it.
func TestManualsSayWhatTheFlagsDo(t *testing.T) {
	known := map[string]bool{"flags.txt": true}
	used := map[string]bool{}
	walk((&program{}).root(), func(c *cobra.Command) {
		known[strings.ReplaceAll(strings.TrimPrefix(c.CommandPath(), "windfall "), " ", "-")+".txt"] = true
		m, ok := docs.ManualOf(c.CommandPath())
		require.True(t, ok, c.CommandPath())
		c.Flags().VisitAll(func(f *pflag.Flag) {
			assert.NotEmpty(t, f.Usage, "%s --%s", c.CommandPath(), f.Name)
			used[f.Name] = used[f.Name] || m.Flags[f.Name] == ""
		})
		for name, usage := range m.Flags {
			assert.NotNil(t, c.Flags().Lookup(name), "%s --%s", c.CommandPath(), name)
			assert.NotEqual(t, docs.CommonFlags()[name], usage, "%s --%s says what flags.txt says", c.CommandPath(), name)
		}
	})
	for name := range docs.CommonFlags() {
		assert.True(t, used[name], "no command has --%s as flags.txt says it", name)
	}
	files, err := os.ReadDir("../../docs/commands")
	require.NoError(t, err)
	for _, f := range files {
		assert.True(t, known[f.Name()], "docs/commands/%s is of no command", f.Name())
	}
}

// Examples are parsed here, and run with WINDFALL_VERIFY=1.
func TestExamplesOfTheManualAreCommands(t *testing.T) {
	p := &program{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
	walk(p.root(), func(c *cobra.Command) {
		for _, line := range strings.Split(c.Example, "\n") {
			for _, command := range strings.Split(line, "|") {
				words := strings.Fields(strings.ReplaceAll(command, "'", ""))
				if len(words) == 0 || words[0] == "#" {
					continue
				}
				require.Equal(t, "windfall", words[0], line)
				requireCommand(t, p, words[1:])
			}
		}
	})
}

// requireCommand holds that words are a command with flags and arguments that it
// takes.
func requireCommand(t *testing.T, p *program, words []string) {
	t.Helper()
	found, rest, err := p.root().Find(words)
	require.NoError(t, err, words)
	require.NoError(t, found.ParseFlags(rest), words)
	require.NoError(t, found.ValidateArgs(redirected(found.Flags().Args())), words)
}

// redirected drops what a shell takes from the words of a command.
func redirected(words []string) []string {
	for i, w := range words {
		if w == ">" {
			return words[:i]
		}
	}
	return words
}

func TestExamplesOfTheManualRun(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("some minutes: with WINDFALL_VERIFY=1")
	}
	bin := t.TempDir()
	self, err := filepath.Abs(os.Args[0])
	require.NoError(t, err)
	require.NoError(t, os.Symlink(self, filepath.Join(bin, "windfall"))) // see TestMain
	p := &program{}
	walk(p.root(), func(c *cobra.Command) {
		script := exec.Command("sh", "-e", "-c", c.Example)
		script.Dir = t.TempDir()
		script.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		text, err := script.CombinedOutput()
		assert.NoError(t, err, "%s:\n%s", c.CommandPath(), text)
	})
}
