package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	claimed = regexp.MustCompile(`(?m)^\| (V\d)\b(.*)$`)
	tested  = regexp.MustCompile("`(Test\\w+)`")
	command = regexp.MustCompile(`(?m)^# (V\d): .*\ngo test (.*) -run '(.*)'$`)
	defined = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// The commands of research.md run what verification.md names of V1 to V9, and no part of a command runs nothing.
func TestResearchersCanVerifyEachClaim(t *testing.T) {
	text, err := os.ReadFile("research.md")
	require.NoError(t, err)
	claims, err := os.ReadFile("verification.md")
	require.NoError(t, err)
	named := map[string][]string{}
	for _, row := range claimed.FindAllStringSubmatch(string(claims), -1) {
		for _, name := range tested.FindAllStringSubmatch(row[2], -1) {
			named[row[1]] = append(named[row[1]], name[1])
		}
	}
	require.Len(t, named, 9)
	commands := command.FindAllStringSubmatch(string(text), -1)
	require.Len(t, commands, len(named))
	for _, c := range commands {
		id, run := c[1], regexp.MustCompile(c[3])
		var there []string
		for _, folder := range strings.Fields(c[2]) {
			names := testsOf(t, filepath.Join("..", folder))
			assert.Regexp(t, run, strings.Join(names, "\n"), "%s: %s runs none of %s", id, c[3], folder)
			there = append(there, names...)
		}
		for _, name := range named[id] {
			assert.Regexp(t, run, name, "%s does not run", id)
			assert.Contains(t, there, name, "%s: it is in none of %s", id, c[2])
		}
		for _, part := range strings.Split(c[3], "|") {
			assert.Regexp(t, part, strings.Join(named[id], "\n"), "%s: %s runs nothing of the claim", id, part)
		}
	}
}

// testsOf are the tests of a folder.
func testsOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range defined.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
	}
	require.NotEmpty(t, names, folder)
	return names
}
