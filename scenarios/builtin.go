package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// The shipped scenarios, shocks and lessons. Messages name a file by its path in here.
//
//go:embed library lessons
var shipped embed.FS

// shocks is the file of the library that holds no scenario.
const shocks = "library/shocks.toml"

// builtins maps the names of the scenarios of a file system to their paths: a lesson has the name
// of its folder, any other scenario that of its file.
func builtins(files fs.FS) map[string]string {
	out := map[string]string{}
	_ = fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir() || path.Ext(p) != ".toml" || p == shocks:
		case path.Dir(path.Dir(p)) == "lessons":
			out[path.Base(path.Dir(p))] = p
		default:
			out[nameOf(p)] = p
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
			silent := &builder{plan: &plan.Plan{}}
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

// Shocks gives the text of the shipped shocks and the name of their file, which package
// edit reads.
func Shocks() (file, text string) {
	data, err := fs.ReadFile(shipped, shocks)
	if err != nil {
		panic("scenarios: " + err.Error()) // it is embedded
	}
	return shocks, string(data)
}

// Lesson reads a file that stands beside a shipped lesson, as its page for class. The error is
// fs.ErrNotExist where there is none.
func Lesson(name, file string) (string, error) {
	data, err := fs.ReadFile(shipped, path.Join("lessons", name, file))
	return string(data), err
}

// NamesOf are the names by which scenarios are told apart: those of their files, with a number where one has it
// already.
func NamesOf(scenarios []string) (out []string) {
	for i, s := range scenarios {
		name := strings.TrimSuffix(filepath.Base(s), ".toml")
		if slices.Contains(out, name) {
			name = fmt.Sprintf("%s (%d)", name, i+1)
		}
		out = append(out, name)
	}
	return out
}

// Runnable says what only the numbers of the market can show of a plan: that is bad input, too.
func (s *Scenario) Runnable() error {
	if _, err := model.Prepare(s.Plan); err != nil {
		return Problems{{File: s.Files[0], Message: err.Error()}}
	}
	return nil
}
