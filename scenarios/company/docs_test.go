package company

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page is docs/company.md.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/company.md")
	require.NoError(t, err)
	return string(text)
}

// listed holds a problem against the messages that the page lists.
func listed(t *testing.T, p Problem) {
	t.Helper()
	_, table, found := strings.Cut(page(t), "## Messages")
	require.True(t, found)
	for _, m := range regexp.MustCompile(`(?m)^\| (.+?) \|`).FindAllStringSubmatch(table, -1) {
		parts := strings.Split(m[1], "...")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		if regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(p.Message) {
			return
		}
	}
	assert.Fail(t, "docs/company.md does not list this message", "%s", p.Message)
}

// The page has the kinds of channels, every role of a column, and every key of company.toml.
func TestPageIsWhole(t *testing.T) {
	text := page(t)
	for _, k := range kinds {
		cost := "-"
		if k.CostPerLead.High > 0 {
			cost = fmt.Sprintf("%g-%g", k.CostPerLead.Low, k.CostPerLead.High)
		}
		half := "-"
		if k.HalfLife.High > 0 {
			half = fmt.Sprintf("%g-%g", k.HalfLife.Low, k.HalfLife.High)
		}
		assert.Contains(t, text, fmt.Sprintf("| %s | %s | %s | %s |", k.Name, cost, half, k.Rows))
	}
	for _, roles := range roleNames {
		for _, r := range roles {
			r = strings.TrimSuffix(strings.TrimSuffix(r, "_low"), "_high")
			assert.Contains(t, text, r)
		}
	}
	_, top := parseDocument("x", []byte("x = 1"))
	r := &reader{company: &Company{}, names: map[string]string{}, options: map[string]*fileOptions{}}
	r.toml(top)
	for _, key := range top.known {
		assert.Contains(t, text, key)
	}
}
