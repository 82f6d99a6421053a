package docs

import (
	"embed"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// The pages of commands that answer a question.
//
//go:embed compare.md experiment.md fit.md optimise.md pause.md respond.md stress.md truth.md why.md uncertainty.md
var pages embed.FS

// About is what a page says of a command.
type About struct {
	Question string
	Sections []Section // how to read the answer, what it cannot say, the method
}

// A Section is a part of a page under a title.
type Section struct {
	Title string
	Text  []Paragraph
}

// A Paragraph is a text, or a list of points.
type Paragraph struct {
	Text   string
	Points []string
}

// quoted are the sections of a command's page that its report quotes.
var quoted = []string{"How to read it", "What it cannot say", "Method"}

// Of gives what the documentation says of a command: its own page, whose title
// is the question, or its chapter in uncertainty.md. Code between fences and tables
// are left out; what is indented is a formula. A command without a page has its name for a question.
func Of(command string) About {
	text, err := pages.ReadFile(command + ".md")
	level, mark := 1, ""
	if err != nil {
		text, _ = pages.ReadFile("uncertainty.md")
		level, mark = 2, command+": "
	}
	about := About{Question: command}
	for name, blocks := range chapter(text, level, mark) {
		switch {
		case name.level == level:
			about.Question = name.title
		case name.level == level+1 && slices.Contains(quoted, name.title):
			about.Sections = append(about.Sections, Section{name.title, paragraphs(text, blocks)})
		}
	}
	slices.SortFunc(about.Sections, func(a, b Section) int {
		return slices.Index(quoted, a.Title) - slices.Index(quoted, b.Title)
	})
	return about
}

// paragraphs are the texts and lists among the blocks of a page.
func paragraphs(source []byte, blocks []ast.Node) (out []Paragraph) {
	for _, n := range blocks {
		switch n.Kind() {
		case ast.KindParagraph:
			out = append(out, Paragraph{Text: plain(source, n)})
		case ast.KindCodeBlock:
			out = append(out, Paragraph{Text: strings.TrimSpace(string(n.Lines().Value(source)))})
		case ast.KindList:
			var list Paragraph
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				list.Points = append(list.Points, plain(source, item))
			}
			out = append(out, list)
		}
	}
	return out
}
