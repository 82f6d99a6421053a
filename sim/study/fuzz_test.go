package study

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is in the table [study]: it is a study, or a list of problems.
func FuzzStudy(f *testing.F) {
	const head = "extends = \"metro\"\nquestion = \"Does it?\"\n[run]\nweeks = 2\n[study]\n"
	for _, text := range []string{
		"kind = \"vary\"\nreplications = 2\n[study.vary]\nkeys = [\"media.*.weekly_budget\"]\nvalues = [\"x0\", \"x2\"]\n[study.expect.more]\ninequality = \"signups(x2) > signups(x0)\"\n",
		"kind = \"variants\"\n[study.variants.a.set]\n\"media.radio.weekly_budget\" = 0\n[study.expect.more]\ninequality = \"won(a) < won(plan)\"\n",
		"kind = \"vary\"\nanswer = \"{x}\"\n[study.show.x]\nvalue = \"won(plan)\"\n",
		"kind = 3\n",
	} {
		f.Add(text)
	}
	file := filepath.Join(f.TempDir(), "mine.toml")
	f.Fuzz(func(t *testing.T, text string) {
		require.NoError(t, os.WriteFile(file, []byte(head+text), 0o600))
		s, err := Open(file, nil)
		if err == nil && len(s.Settings) == 0 {
			t.Fatal("a study without a setting")
		}
	})
}
