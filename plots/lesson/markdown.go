package lesson

import (
	"bytes"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"windfall/plots/words"
)

// markdown renders the texts of lessons; raw HTML in them is left out.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table))

func asHTML(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(words.Whole(text)), &b); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // goldmark escapes raw HTML
}
