package docs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every command that answers a question has a page, or a chapter, that says how
// to read the answer, what it cannot say, and by which method it was found.
func TestPagesOfCommands(t *testing.T) {
	for command, question := range map[string]string{
		"compare":     "Which plan is better, and how sure is that?",
		"pause":       "Should we pause the brand?",
		"respond":     "Where does the next dollar go?",
		"optimise":    "What is the best plan for a budget?",
		"stress":      "What would break this plan?",
		"truth":       "What does a channel really bring?",
		"fit":         "What does your history say of your plan?",
		"experiment":  "Would a planned test show the effect?",
		"why":         "What happened in the worst run, and why?",
		"sensitivity": "Which inputs matter, and how much is chance?",
		"value":       "What should we measure first?",
		"discover":    "When does the plan fail?",
	} {
		a := Of(command)
		assert.Equal(t, question, a.Question)
		require.Len(t, a.Sections, len(quoted), command)
		for i, s := range a.Sections {
			assert.Equal(t, quoted[i], s.Title)
			assert.NotEmpty(t, s.Text, "%s: %s", command, s.Title)
			for _, p := range s.Text {
				assert.NotContains(t, p.Text, "```")
				assert.NotContains(t, p.Text, "#")
			}
		}
	}
	assert.Equal(t, About{Question: "nothing"}, Of("nothing"))
	text := func(command string) string { return fmt.Sprintf("%+v", Of(command)) }
	assert.Contains(t, text("respond"), "--vary 'products.*.price=x0.5..x2:7' shows", "a star in code is no mark")
	assert.Contains(t, text("stress"), "{Text:business_value = cash_end - deferred revenue", "formulas stay")
	assert.Contains(t, text("discover"), "Points:[Begin with all runs,", "a numbered list is one")
	assert.NotContains(t, text("compare"), "|", "tables are left out")
}

// A formula that stands in a list is part of what is quoted of it.
func TestFormulasOfListsAreQuoted(t *testing.T) {
	for _, s := range Of("experiment").Sections {
		for _, p := range s.Text {
			for _, point := range p.Points {
				if strings.Contains(point, "The normal formula") {
					assert.Contains(t, point, "nothing changes: power = Phi(e/s - 1.96) + Phi(-e/s - 1.96). It is right")
					return
				}
			}
		}
	}
	t.Error("the page has no formula")
}
