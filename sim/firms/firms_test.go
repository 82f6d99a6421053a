package firms_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/decide/truth"
	"windfall/sim/firms"
	"windfall/sim/panel"
	"windfall/sim/store"
	"windfall/sim/table"
)

// course is a small question, followed to its end.
func course(t *testing.T, a truth.Ask, workers int) *truth.Course {
	t.Helper()
	c, err := a.Course()
	require.NoError(t, err)
	var panels []*panel.Panel
	for {
		round, err := c.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			return c
		}
		panels, err = answer.InMemory(context.Background(), workers, round...)
		require.NoError(t, err)
	}
}

func written(t *testing.T, d *sim.Design, workers int) (text []byte, rows [][]string) {
	t.Helper()
	var manifest any
	dir, _, err := store.Take(t.TempDir(), "truth", false, &manifest)
	require.NoError(t, err)
	defer dir.Close()
	d.Workers = workers
	require.NoError(t, firms.Write(context.Background(), dir, table.CSV, *d))
	text, err = os.ReadFile(filepath.Join(dir.Dir, "firms.csv"))
	require.NoError(t, err)
	rows, err = csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return text, rows[1:]
}

// The table has the firms of the answer, by label, and the paired difference of customers won to the firm; it is the
// same on any number of workers.
func TestFirmsAddUpToTheDifference(t *testing.T) {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=26"))
	require.NoError(t, err)
	channels, _ := edit.CanGo(p)
	c := course(t, truth.Ask{Plan: p, Without: channels[:2], Pause: 4, Replications: 3}, 2)
	design := answer.Simulated(c.Design())
	text, rows := written(t, design, 1)
	again, _ := written(t, design, 2)
	require.Equal(t, string(text), string(again))
	a := c.Answer()
	for _, w := range a.Worlds {
		with, without := 0.0, 0.0
		for _, r := range rows {
			if r[1] != w.Name {
				continue
			}
			if r[9] != "" {
				with++
			}
			if r[16] != "" {
				without++
			}
			require.NotEmpty(t, r[len(r)-1], "a path")
		}
		require.InDelta(t, a.Won.Value*3, with, 1e-6, w.Name)
		require.InDelta(t, w.Won.Value*3, with-without, 1e-6, w.Name)
		for _, l := range w.Firms {
			n := 0.0
			for _, r := range rows {
				if r[1] == w.Name && r[3] == string(l.Label) {
					n++
				}
			}
			require.InDelta(t, l.Firms.Value*3, n, 1e-6, "%s: %s", w.Name, l.Label)
		}
	}
}
