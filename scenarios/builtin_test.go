package scenarios

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// What ships stands where it is looked for: TOML in library, a folder for each lesson, no name twice.
func TestWhatShips(t *testing.T) {
	library, err := fs.ReadDir(shipped, "library")
	require.NoError(t, err)
	for _, f := range library {
		require.True(t, !f.IsDir() && path.Ext(f.Name()) == ".toml", "library holds TOML alone, not %s", f.Name())
	}
	lessons, err := fs.ReadDir(shipped, "lessons")
	require.NoError(t, err)
	require.NotEmpty(t, lessons)
	for _, l := range lessons {
		require.Regexp(t, regexp.MustCompile(`^L[0-9]{2}-[a-z-]+$`), l.Name())
		files, err := fs.ReadDir(shipped, path.Join("lessons", l.Name()))
		require.NoError(t, err)
		var names []string
		for _, f := range files {
			names = append(names, f.Name())
			require.Contains(t, []string{"study.toml", "page.md", "exercises.md", "slides.md", "recorded.json", "pictures.json"}, f.Name())
		}
		for _, needed := range []string{"study.toml", "page.md", "exercises.md", "slides.md", "recorded.json", "pictures.json"} {
			require.True(t, slices.Contains(names, needed), "%s has no %s", l.Name(), needed)
		}
	}
	require.Len(t, builtins(shipped), len(library)-1+len(lessons), "each has a name of its own; shocks are no scenario")
	here, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, f := range here {
		require.NotEqual(t, ".toml", path.Ext(f.Name()), "%s would not ship: it belongs into library", f.Name())
	}
}

// A shipped scenario is found by its name, whatever folder it is in, and messages name its file.
func TestNamesOfShippedScenarios(t *testing.T) {
	for name, file := range map[string]string{
		"metro": "library/metro.toml", "L05-pause-the-brand": "lessons/L05-pause-the-brand/study.toml",
	} {
		s, err := Open(name)
		require.NoError(t, err)
		require.Equal(t, name, s.Plan.Name)
		require.Equal(t, file, s.Files[0])
		text, ok := Source(name)
		require.True(t, ok)
		onDisk, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(onDisk), text)
	}
	for _, none := range []string{"shocks", "study", "library"} {
		_, ok := Source(none)
		require.False(t, ok, none)
	}
}
