package docs

import (
	"embed"
	"strings"
)

// The pages of commands that answer a question.
//
//go:embed compare.md optimise.md pause.md respond.md stress.md why.md uncertainty.md
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
// is the question, or its chapter in uncertainty.md. Code and tables are left
// out. A command without a page has its name for a question.
func Of(command string) About {
	text, err := pages.ReadFile(command + ".md")
	page, mark := string(text), "\n## "
	if err != nil {
		text, _ = pages.ReadFile("uncertainty.md")
		_, page, _ = strings.Cut(string(text), "\n## "+command+": ")
		page, _, _ = strings.Cut(page, "\n## ")
		page, mark = "# "+page, "\n### "
	}
	title, rest, ok := strings.Cut(strings.TrimPrefix(page, "# "), "\n")
	if !ok || title == "" {
		return About{Question: command}
	}
	about := About{Question: title}
	for _, name := range quoted {
		_, section, ok := strings.Cut(rest, mark+name+"\n")
		if !ok {
			continue
		}
		section, _, _ = strings.Cut(section, mark)
		about.Sections = append(about.Sections, Section{name, paragraphs(section)})
	}
	return about
}

// paragraphs takes a section apart.
func paragraphs(section string) (out []Paragraph) {
	for i, part := range strings.Split(section, "```") {
		if i%2 == 1 {
			continue // code
		}
		for _, p := range strings.Split(part, "\n\n") {
			p = strings.TrimSpace(p)
			switch {
			case p == "" || strings.HasPrefix(p, "|"):
			case strings.HasPrefix(p, "- "):
				var list Paragraph
				for _, point := range strings.Split("\n"+p, "\n- ")[1:] {
					list.Points = append(list.Points, unmarked(point))
				}
				out = append(out, list)
			default:
				out = append(out, Paragraph{Text: unmarked(p)})
			}
		}
	}
	return out
}

// unmarked takes marks of code and emphasis out of a paragraph.
func unmarked(text string) string {
	return strings.NewReplacer("`", "", "*", "").Replace(plain(text))
}
