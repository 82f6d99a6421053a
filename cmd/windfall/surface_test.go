package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// renamed are the names of version 0.1.0 that are others now, line by line as in the recorded list; CHANGELOG.md says
// each of them. None is.
var renamed = map[string]string{}

// Whoever typed a command, wrote a key or read a column of version 0.1.0 finds it still, or its new name in the change log.
func TestNothingOfTheFirstVersionIsGone(t *testing.T) {
	was := readText(t, "testdata/surface-0.1.0.list")
	assert.Empty(t, gone(was, surface(t), renamed, readText(t, "../../CHANGELOG.md")))
	for kind, least := range map[string]int{"command ": 30, "flag ": 200, "key ": 150, "column ": 150} {
		assert.GreaterOrEqual(t, strings.Count(was, "\n"+kind), least, kind)
	}
}

// gone says which lines of the recorded list are neither there nor renamed, and what is wrong with the table of renames.
func gone(was string, now map[string]bool, renamed map[string]string, log string) (out []string) {
	listed := map[string]bool{}
	for line := range strings.Lines(was) {
		line = strings.TrimSpace(line)
		listed[line] = true
		name, other := renamed[line]
		last := name[strings.LastIndexAny(name, " .")+1:]
		switch {
		case strings.HasPrefix(line, "#") || !other && now[line]:
		case !other:
			out = append(out, line)
		case now[line] || !now[name]:
			out = append(out, line+" is not renamed to "+name)
		case !strings.Contains(log, "`"+last+"`"):
			out = append(out, "the change log does not name "+last)
		}
	}
	for old := range renamed {
		if !listed[old] {
			out = append(out, old+" was not there")
		}
	}
	return out
}

// The test above sees what it is there for.
func TestWhatIsGoneIsSeen(t *testing.T) {
	was, now := "# list\nkey a.b\nkey a.c\nflag windfall run --x\n", map[string]bool{"key a.b": true, "key a.d": true}
	assert.Equal(t, []string{"key a.c", "flag windfall run --x"}, gone(was, now, nil, ""))
	names := map[string]string{"key a.c": "key a.d", "flag windfall run --x": "flag windfall run --y"}
	assert.Equal(t, []string{"the change log does not name d", "flag windfall run --x is not renamed to flag windfall run --y"},
		gone(was, now, names, "nothing"))
	now["flag windfall run --y"] = true
	assert.Empty(t, gone(was, now, names, "`a.c` is now `d`, `--x` is `--y`"))
	names["key a.b"], names["key e"] = "key a.d", "key a.d"
	assert.Equal(t, []string{"key a.b is not renamed to key a.d", "key e was not there"}, gone(was, now, names, "`d` `--y`"))
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// surface lists what the program offers today, in the lines of the recorded list.
func surface(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	root := (&program{}).root()
	root.InitDefaultCompletionCmd("bash")
	walk(root, func(c *cobra.Command) {
		out["command "+c.CommandPath()] = true
		c.InitDefaultHelpFlag()
		add := func(f *pflag.Flag) {
			line := "flag " + c.CommandPath() + " --" + f.Name
			if f.Shorthand != "" {
				line += " -" + f.Shorthand
			}
			out[line] = true
		}
		c.LocalFlags().VisitAll(add)
		c.InheritedFlags().VisitAll(add)
	})
	section, key := regexp.MustCompile("^### `\\[(.*)\\]`"), regexp.MustCompile("^\\| `([^`]+)` \\|")
	prefix := ""
	for line := range strings.Lines(readText(t, "../../docs/scenario-reference.md")) {
		if m := section.FindStringSubmatch(line); m != nil {
			prefix = m[1] + "."
		}
		if m := key.FindStringSubmatch(line); m != nil {
			out["key "+prefix+m[1]] = true
		}
	}
	s, err := scenarios.Open("metro-uncertain")
	require.NoError(t, err)
	schema := model.NewSchema(s.Plan)
	for table, columns := range map[string][]plan.Column{
		"outcomes": schema.Outcomes, "weekly": schema.Weekly, "months": schema.Months, "slices": schema.Slice,
	} {
		for _, c := range columns {
			name, _, named := strings.Cut(c.Name, ".")
			if named {
				name += ".NAME"
			}
			out["column "+table+" "+name] = true
		}
	}
	return out
}
