package docs

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	engine "windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// The tables of columns in results.md say what the program says of each; WINDFALL_RECORD=1 writes them anew.
func TestColumnsOfThePage(t *testing.T) {
	s, err := scenarios.Open("metro-uncertain")
	require.NoError(t, err)
	schema := engine.NewSchema(s.Plan)
	data, err := os.ReadFile("results.md")
	require.NoError(t, err)
	page, rows := string(data), 0
	for title, columns := range map[string][]plan.Column{
		"replications": schema.Outcomes, "weekly": schema.Weekly, "months and quarters": schema.Months, "slices": schema.Slice,
	} {
		head, rest, found := strings.Cut(page, "\n### "+title+"\n")
		require.True(t, found, title)
		body, tail := rest, ""
		if end := strings.Index(rest, "\n#"); end >= 0 {
			body, tail = rest[:end], rest[end:]
		}
		known := map[string]plan.Column{}
		for _, c := range columns {
			known[c.Name] = c
		}
		body = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|.*$").ReplaceAllStringFunc(body, func(row string) string {
			rows++
			name := strings.Split(row, "`")[1]
			c, ok := known[name]
			if !assert.True(t, ok, "there is no column %s in %s", name, title) {
				return row
			}
			better := strings.TrimPrefix(c.Direction.String(), "neither")
			return fmt.Sprintf("| `%s` | %s | %s | %s |", c.Name, c.Unit, c.Meaning, better)
		})
		page = head + "\n### " + title + "\n" + body + tail
	}
	require.Greater(t, rows, 100)
	if os.Getenv("WINDFALL_RECORD") == "1" {
		data = []byte(page)
		require.NoError(t, os.WriteFile("results.md", data, 0o600))
	}
	assert.Equal(t, page, string(data), "make record writes it anew")
}
