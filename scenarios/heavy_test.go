package scenarios

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Tests read thousands of small plans, and the memory that they leave is small.
func init() { debug.SetGCPercent(400) }

// Whatever is in a file of up to 4 MB, it is checked in a few seconds, and many
// problems are 20 lines.
func TestNoFileTakesLong(t *testing.T) {
	const metro = "extends = \"metro\"\n"
	many := func(n int, format string) string {
		var b strings.Builder
		b.WriteString(metro)
		for i := range n {
			fmt.Fprintf(&b, strings.ReplaceAll(format, "#", "%[1]d"), i)
		}
		return b.String()
	}
	for name, c := range map[string]struct{ text, want string }{
		"channels":       {many(30000, "[channels.c#]\nweekly_budget = 1\n"), "keys and values; at most 50000 are allowed"},
		"few channels":   {many(65, "[channels.c#]\nweekly_budget = 1\n"), "channels; at most 64 are allowed"},
		"regions":        {many(20000, "[population.regions.c#]\nshare = 1\n"), "regions; at most 64 are allowed"},
		"changes":        {many(10000, "[changes.c#]\nfrom = 2013-09-03\nset = {\"channels.email.weekly_budget\" = 1}\n"), "changes; at most 1000 are allowed"},
		"unknown keys":   {many(40000, "k# = 1\n"), "and 39980 more"},
		"long schedule":  {"extends = \"metro\"\n[channels.email]\nweekly_budget = [" + strings.Repeat("{from=2013-09-03, value=1},", 120000) + "]\n", "keys and values; at most 50000 are allowed"},
		"extends":        {"extends = [" + strings.Repeat("\"metro\",", 20000) + "]\n", "at most 20 names are allowed"},
		"deep":           {"x = " + strings.Repeat("[", 1<<20), "nested more than 32 deep"},
		"deep goal":      {metro + "[goals.g]\nexpect = \"" + strings.Repeat("(", 1<<20) + "cac\"\n", "goals.g"},
		"long number":    {metro + "[channels.email]\nweekly_budget = " + strings.Repeat("9", 1<<20) + "\n", ""},
		"long expansion": {metro + "[channels.email]\nweekly_budget = \"" + strings.Repeat("1 to ", 1<<18) + "2\"\n", "channels.email.weekly_budget"},
	} {
		begun := time.Now()
		_, err := OpenBytes("mine.toml", []byte(c.text), CheckGoal(func(string) error { return errors.New("no") }))
		require.Error(t, err, name)
		assert.ErrorContains(t, err, c.want, name)
		assert.LessOrEqual(t, strings.Count(err.Error(), "\n"), mostShown, name)
		assert.Less(t, time.Since(begun), 20*time.Second, name) // 5 on a machine that is not busy
	}
}

// Links lead to the same file, however often they are followed; pipes are not waited
// for; and nothing is quoted of a file that is no scenario.
func TestBasesAreScenariosInRegularFiles(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		return path
	}
	require.NoError(t, os.Symlink(".", filepath.Join(dir, "a")))
	require.NoError(t, os.Symlink(".", filepath.Join(dir, "b")))
	_, err := Open(put("ring.toml", `extends = ["a/ring.toml", "b/ring.toml"]`))
	assert.ErrorContains(t, err, "is a cycle")
	put("base.toml", "extends = \"metro\"\n")
	last := "base.toml"
	for i := range 21 { // two ways to each: 2^20 without a memory of what was read
		name := fmt.Sprintf("double-%d.toml", i)
		put(name, fmt.Sprintf("extends = [\"a/%s\", \"b/%s\"]\n", last, last))
		last = name
	}
	begun := time.Now()
	_, err = Open(filepath.Join(dir, "double-17.toml"))
	require.NoError(t, err)
	assert.Less(t, time.Since(begun), 20*time.Second)
	_, err = Open(filepath.Join(dir, "double-20.toml"))
	assert.ErrorContains(t, err, "at most 20 names are allowed, and 20 files that extend each other")

	if mkfifo(filepath.Join(dir, "pipe.toml")) {
		_, err = Open(put("piped.toml", `extends = "pipe.toml"`))
		assert.ErrorContains(t, err, "is no regular file")
	}
	secret := put("secret", "hunter2 = hunter3\n")
	require.NoError(t, os.Symlink(secret, filepath.Join(dir, "linked.toml")))
	for _, ref := range []string{secret, "secret", "./secret", "linked.toml", "/etc/passwd"} {
		_, err = Open(put("spy.toml", fmt.Sprintf("extends = %q\n", ref)))
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "hunter", ref)
		assert.NotContains(t, err.Error(), "root:", ref)
	}
}

// The resolved text does not depend on how the path of a scenario was typed.
func TestResolvedTextIsTheSameForEveryWayToAFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "sub"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "base.toml"), []byte("extends = \"metro\"\n[run]\nweeks = 3\n"), 0o666))
	file := filepath.Join(dir, "sub", "mine.toml")
	require.NoError(t, os.WriteFile(file, []byte("extends = \"../base.toml\"\n[finance]\nopening_cash = 600_000\n"), 0o666))
	t.Chdir(dir)
	var want string
	for i, typed := range []string{file, "sub/mine.toml", "./sub/../sub/mine.toml"} {
		p, err := Load(typed)
		require.NoError(t, err)
		if i == 0 {
			want = Resolved(p)
			assert.Contains(t, want, "opening_cash = 600000  # mine.toml:3\n")
			assert.Contains(t, want, "weeks = 3  # ../base.toml:3\n")
		}
		assert.Equal(t, want, Resolved(p), typed)
	}
}
