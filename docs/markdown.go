package docs

import (
	"bytes"
	"iter"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// heading is a heading of a page, without what chapter was asked to cut off.
type heading struct {
	level int
	title string
}

// chapter goes through the chapter of a page whose heading has a level and begins with a mark: its headings, each
// with the blocks up to the next or up to a rule.
func chapter(source []byte, level int, mark string) iter.Seq2[heading, []ast.Node] {
	return func(yield func(heading, []ast.Node) bool) {
		page := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source))
		inside := false
		for n := page.FirstChild(); n != nil; n = n.NextSibling() {
			h, ok := n.(*ast.Heading)
			if !ok {
				continue
			}
			name := heading{h.Level, plain(source, h)}
			if h.Level <= level {
				rest, is := strings.CutPrefix(name.title, mark)
				inside = is && h.Level == level
				name.title = rest
			}
			var blocks []ast.Node
			for b := n.NextSibling(); b != nil && !ends(b); b = b.NextSibling() {
				blocks = append(blocks, b)
			}
			if inside && !yield(name, blocks) {
				return
			}
		}
	}
}

// ends says whether a block of a page ends what stands under the heading before it.
func ends(n ast.Node) bool { return n.Kind() == ast.KindHeading || n.Kind() == ast.KindThematicBreak }

// plain is the text of a node without its marks, on one line.
func plain(source []byte, n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch t := n.(type) {
		case *ast.CodeBlock: // a formula: it ends a sentence, if nothing else does
			if entering {
				b.WriteString("\x00")
				b.Write(bytes.TrimSpace(t.Lines().Value(source)))
				b.WriteString(". ")
			}
		case *ast.Text:
			if entering {
				b.Write(util.UnescapePunctuations(t.Segment.Value(source)))
				if t.SoftLineBreak() || t.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		default:
			if !entering && n.Type() == ast.TypeBlock {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.ReplaceAll(strings.Join(strings.Fields(b.String()), " "), " \x00", ": ")
}
