package answer

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// small is two weeks of a shipped scenario.
func small(t *testing.T) *decide.Design {
	t.Helper()
	s, err := scenarios.Open("metro", scenarios.Set("run.weeks=2", "opening.burn_in_weeks=1", `opening.plan="self"`))
	require.NoError(t, err)
	d := &decide.Design{Settings: []decide.Setting{{Name: "plan", Plan: s.Plan}}, Replications: 100, Seed: 7}
	d.Keep("plan", panel.Measure{Column: "signups"})
	return d
}

func place(dir string, shard *store.Shard) Place {
	return Place{Dir: dir, Manifest: store.Manifest{Windfall: "test", Subject: "small", Design: "d", Version: "v",
		Command: []string{"windfall", "test", "--out", dir}, Shard: shard}}
}

// followed runs the design in a folder, and closes it.
func followed(t *testing.T, p Place) (*panel.Panel, *Begun, error) {
	t.Helper()
	f, err := Take(p)
	require.NoError(t, err)
	defer f.Close()
	once := &Once{Parts: []decide.Part{{Design: small(t)}}}
	err = f.Follow(t.Context(), once, func(sim.Progress) {})
	begun, failed := f.Settled(err)
	require.NoError(t, failed)
	if err != nil {
		return nil, begun, err
	}
	require.NoError(t, f.Finish())
	return once.Panels[0], begun, nil
}

// The parts of a design, joined, are those of the whole, and of what is kept in memory.
func TestPartsAreTheWhole(t *testing.T) {
	dir := t.TempDir()
	whole, begun, err := followed(t, place(filepath.Join(dir, "whole"), nil))
	require.NoError(t, err)
	require.Nil(t, begun)
	memory, err := InMemory(t.Context(), 1, decide.Part{Design: small(t)})
	require.NoError(t, err)
	leaf := small(t).Measures[0]
	require.Equal(t, whole.Values(leaf), memory[0].Values(leaf))

	var dirs []string
	for i := range 2 {
		part := filepath.Join(dir, []string{"a", "b"}[i])
		_, begun, err := followed(t, place(part, &store.Shard{Index: i, Count: 2}))
		require.Error(t, err)
		require.NotNil(t, begun)
		require.Equal(t, part, begun.Folder)
		dirs = append(dirs, part)
	}
	parts, command, err := Parts("test", dirs, "joined")
	require.NoError(t, err)
	require.Equal(t, []string{"windfall", "test", "--out", "joined"}, command)
	p := place(filepath.Join(dir, "joined"), nil)
	p.Joined = parts
	joined, _, err := followed(t, p)
	require.NoError(t, err)
	require.Equal(t, whole.Values(leaf), joined.Values(leaf))

	p.Dir, p.Joined = filepath.Join(dir, "half"), parts[:1]
	_, _, err = followed(t, p)
	missing := new(store.MissingError)
	require.ErrorAs(t, err, &missing, "a shard is missing")
}

func TestAFolderIsNotTakenForAnotherAnswer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "answer")
	_, _, err := followed(t, place(dir, nil))
	require.NoError(t, err)
	refused := func(p Place) error {
		f, err := Take(p)
		if f != nil {
			f.Close()
		}
		return err
	}
	other := place(dir, nil)
	other.Subject = "another"
	occupied := new(store.OccupiedError)
	require.ErrorAs(t, refused(other), &occupied)
	again := place(dir, nil)
	again.Resume = true
	problem := new(decide.Problem)
	require.ErrorAs(t, refused(again), &problem)
	assert.Equal(t, "resume", problem.Part)
	after := place(filepath.Join(dir, "new"), nil)
	after.After = dir
	require.ErrorAs(t, refused(after), &problem)
	assert.Equal(t, "after", problem.Part)
	require.NoError(t, refused(place(dir, nil)), "the same answer is made anew")
	_, _, err = Parts("test", []string{dir}, "out")
	require.NoError(t, err, "it is begun")
}

func TestKeysDependOnWhatTheAnswerDependsOn(t *testing.T) {
	name, design := Keys("v", "test", "won", small(t), "x")
	for what, other := range map[string]func() (string, string){
		"version": func() (string, string) { return Keys("w", "test", "won", small(t), "x") },
		"command": func() (string, string) { return Keys("v", "pause", "won", small(t), "x") },
		"metric":  func() (string, string) { return Keys("v", "test", "cac", small(t), "x") },
		"asked":   func() (string, string) { return Keys("v", "test", "won", small(t), "y") },
	} {
		n, d := other()
		assert.NotEqual(t, name, n, what)
		assert.NotEqual(t, design, d, what)
	}
	rounds := small(t)
	rounds.Rounds = &decide.Rounds{Size: 50}
	n, d := Keys("v", "test", "won", rounds, "x")
	assert.NotEqual(t, name, n, "rounds may end with fewer")
	assert.NotEqual(t, design, d)
	more := small(t)
	more.Keep("plan", panel.Measure{Column: "won"})
	n, d = Keys("v", "test", "won", more, "x")
	assert.Equal(t, name, n, "what is kept does not name the answer")
	assert.NotEqual(t, design, d, "but its blocks")
}
