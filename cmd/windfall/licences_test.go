package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recording writes the licence texts anew.
var recording = os.Getenv("WINDFALL_RECORD") == "1"

// licenceFile matches the names of files with licence texts.
var licenceFile = regexp.MustCompile(`(?i)^((un)?licen[sc]e|copying|notice|patents)`)

// licenceTexts reads the licence texts of a folder, those in folders of them too.
func licenceTexts(t *testing.T, dir string) (texts []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		folder := e.IsDir() && (strings.EqualFold(e.Name(), "licenses") || e.Name() == "THIRD_PARTY_LICENSES")
		if !folder && (e.IsDir() || !licenceFile.MatchString(e.Name())) {
			continue
		}
		require.NoError(t, filepath.WalkDir(filepath.Join(dir, e.Name()), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
			return err
		}))
	}
	return texts
}

// Every module that is linked into the program on any system, the standard library, the
// scripts of the report and the program itself stand in it with their licences.
func TestLicencesAreThoseOfAllModules(t *testing.T) {
	modules := map[string]string{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		c := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		c.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := c.Output()
		require.NoError(t, err)
		for line := range strings.Lines(string(out)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				modules[name] = dir
			}
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	var b strings.Builder
	add := func(name string, texts ...string) {
		require.NotEmpty(t, texts, name)
		fmt.Fprintf(&b, "%s\n%s\n%s\n\n%s\n\n", strings.Repeat("=", 80), name, strings.Repeat("=", 80), strings.Join(texts, "\n\n"))
	}
	add("windfall", licenceTexts(t, filepath.Join("..", ".."))...)
	add("The Go standard library", licenceTexts(t, strings.TrimSpace(string(root)))...)
	charts, err := os.ReadFile("../../plots/report/assets/charts.LICENSES.txt")
	require.NoError(t, err)
	add("Scripts of the report", strings.TrimSpace(string(charts)))
	var names []string
	for name := range modules {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		add(name, licenceTexts(t, modules[name])...)
	}
	if recording {
		require.NoError(t, os.WriteFile("licences.txt", []byte(b.String()), 0o666))
		return
	}
	assert.True(t, b.String() == licences, "licences.txt is not current: go generate ./cmd/windfall")
	assert.Greater(t, len(names), 30)
}
