package scenarios

import (
	"embed"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"windfall/model"
)

// The shipped scenarios.
//
//go:embed *.toml lessons
var shipped embed.FS

// builtins maps the names of the scenarios of a file system to their paths.
func builtins(files fs.FS) map[string]string {
	out := map[string]string{}
	_ = fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".toml") {
			out[strings.TrimSuffix(path.Base(p), ".toml")] = p
		}
		return nil
	})
	return out
}

// Builtin is a shipped scenario.
type Builtin struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Question string   `json:"question"`
	Extends  []string `json:"extends"`
}

// List gives the shipped scenarios in order of name.
func List() []Builtin { return listBuiltins(shipped) }

func listBuiltins(files fs.FS) []Builtin {
	var out []Builtin
	for name, file := range builtins(files) {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			continue
		}
		b := Builtin{Name: name, Extends: []string{}}
		if root, problems := parse(file, data); len(problems) == 0 {
			p, _ := paramOf("title")
			silent := &builder{plan: &model.Plan{}}
			b.Title, b.Question = silent.text(root.kid("title"), "title", p), silent.text(root.kid("question"), "question", p)
			extends, _ := extendsOf(root)
			b.Extends = append(b.Extends, extends...)
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b Builtin) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// NameIn is how a scenario in a folder names this one, which was opened under a name, to extend it.
func (s *Scenario) NameIn(dir, name string) string {
	if _, shipped := builtins(shipped)[name]; shipped {
		return name
	}
	from, err1 := filepath.Abs(dir)
	to, err2 := filepath.Abs(s.Files[0])
	if rel, err := filepath.Rel(from, to); err1 == nil && err2 == nil && err == nil {
		return filepath.ToSlash(rel)
	}
	return s.Files[0]
}

// Source gives the text of a shipped scenario as it is.
func Source(name string) (string, bool) {
	file, ok := builtins(shipped)[name]
	if !ok {
		return "", false
	}
	data, err := fs.ReadFile(shipped, file)
	return string(data), err == nil
}

// Lesson reads a file of the shipped lessons: a scenario (NAME.toml), the page
// for class (NAME.md), or the recorded answers (recorded.json). The error is
// fs.ErrNotExist where there is none.
func Lesson(file string) (string, error) {
	data, err := fs.ReadFile(shipped, path.Join("lessons", file))
	return string(data), err
}
