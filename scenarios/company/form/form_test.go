package form

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
)

// Plain questions take what is typed, keep the default where nothing is, and ask again where it is wrong; what they
// take makes a folder that is read back without a problem.
func TestAsk(t *testing.T) {
	typed := []string{"seat", "abc", "$29", "", "4%", "", "", "", "0", "", "", "google-ads, pigeons", "none", "5"}
	a, kinds := company.Defaults("acme", "ca"), map[string]string{}
	var out bytes.Buffer
	require.NoError(t, Questions(&a, kinds, strings.NewReader(strings.Join(typed, "\n")+"\n"), &out, true))
	want := company.Defaults("acme", "ca")
	want.Per, want.Price, want.Churn, want.Sellers, want.Channels, want.Media = "seat", "$29", "4%", "0", "google-ads, pigeons", "none"
	assert.Equal(t, want, a)
	assert.Equal(t, map[string]string{"pigeons": company.KindNames()[4]}, kinds)
	for _, q := range company.Questions() {
		d := company.Defaults("acme", "ca")
		assert.Contains(t, out.String(), q.Title+" [default: "+*q.Of(&d)+" ("+q.Source+")]")
	}
	assert.Contains(t, out.String(), "is not a number")
	assert.Contains(t, out.String(), "What kind of channel is pigeons?")

	dir := filepath.Join(t.TempDir(), "acme")
	require.NoError(t, company.New(dir, a, kinds, plan.NewDate(2026, 11, 20)))
	c, problems := company.Read(dir)
	wrong, _ := company.Split(problems)
	require.Empty(t, wrong)
	assert.False(t, c.Products[0].PerFirm)
	assert.Equal(t, 29., c.Products[0].Price.Value)
	assert.Equal(t, 0.04, c.ChurnPerMonth.Value)
	assert.Equal(t, "web", c.Teams[0].Kind)
	assert.Equal(t, []string{"paid-search", company.KindNames()[4]}, []string{c.Channels[0].Kind, c.Channels[1].Kind})
}

// Who does not type on a terminal is told so, and nothing is written.
func TestAskNeedsATerminal(t *testing.T) {
	pipe, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer pipe.Close()
	dir := filepath.Join(t.TempDir(), "acme")
	_, err = New(dir, Ask{"us", true}, pipe, &bytes.Buffer{})
	require.ErrorContains(t, err, "needs a terminal")
	assert.NoDirExists(t, dir)
	text, err := New(dir, Ask{"us", false}, pipe, &bytes.Buffer{})
	require.NoError(t, err)
	assert.Contains(t, text, "next: windfall company check")
	_, err = New(dir, Ask{"us", false}, pipe, &bytes.Buffer{})
	require.ErrorContains(t, err, "exists and is left as it is")
}
