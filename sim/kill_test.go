package sim

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/table"
)

// childTask names what this test binary does when it is started as a child of
// one of its own tests.
const childTask = "WINDFALL_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childTask) {
	case "":
		os.Exit(m.Run())
	case "run slowly":
		childRun(slowDesign(os.Getenv("WINDFALL_TEST_OUT")))
	case "run a pair slowly":
		childRun(held(os.Getenv("WINDFALL_TEST_OUT"), 0.11, time.Millisecond))
	case "run at full size":
		childRun(fullSize(os.Getenv("WINDFALL_TEST_OUT")))
		reportPeak()
	}
}

// child starts this test binary with a task.
func child(task, out string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childTask+"="+task, "WINDFALL_TEST_OUT="+out)
	c.Stderr = os.Stderr
	return c
}

// slowDesign is design, at 2 ms a replication.
func slowDesign(out string) Design {
	d := design(out)
	d.Prepare = fakeEngine(2 * time.Millisecond)
	return d
}

func TestAKilledRunGoesOn(t *testing.T) {
	dir := t.TempDir()
	whole := design(filepath.Join(dir, "whole"))
	mustRun(t, whole)
	want := content(t, whole.Out, table.CSV)

	d := design(filepath.Join(dir, "killed"))
	c := child("run slowly", d.Out)
	require.NoError(t, c.Start())
	blocks := func() []string {
		names, _ := filepath.Glob(filepath.Join(d.Out, "blocks", "*.block"))
		return names
	}
	require.Eventually(t, func() bool { return len(blocks()) > 0 }, 20*time.Second, time.Millisecond)
	time.Sleep(20 * time.Millisecond) // into the next blocks
	require.NoError(t, c.Process.Kill())
	require.ErrorContains(t, c.Wait(), "killed")
	kept := len(blocks())
	require.Less(t, kept, 5, "killed before its end")

	// What a kill in the middle of writing leaves behind.
	stale := filepath.Join(d.Out, "blocks", ".windfall-0123456789abcdef.tmp")
	require.NoError(t, os.WriteFile(stale, []byte("WFBLOCK1"), 0o600))
	resumed := -1
	d.Progress = func(p Progress) { resumed = p.Resumed }
	mustRun(t, d)
	assert.GreaterOrEqual(t, resumed, 50*(kept-1))
	requireSame(t, want, d.Out, table.CSV)
	left, err := filepath.Glob(filepath.Join(d.Out, "blocks", ".windfall*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestAFullDiskKeepsWhatIsComplete(t *testing.T) {
	dir := t.TempDir()
	whole := design(filepath.Join(dir, "whole"))
	mustRun(t, whole)
	small := filepath.Join(dir, "small")
	require.NoError(t, os.Mkdir(small, 0o755))
	mount := func(size string) error {
		return exec.Command("mount", "-t", "tmpfs", "-o", size, "tmpfs", small).Run()
	}
	if mount("size=3m") != nil {
		t.Skip("no right to mount a small file system; TestAnUnwritableBlockIsAClearError does without")
	}
	defer exec.Command("umount", small).Run()
	d := design(filepath.Join(small, "run"))
	d.Workers = 1
	blockSize := func() int64 {
		info, err := os.Stat(filepath.Join(whole.Out, "blocks", "000000.block"))
		require.NoError(t, err)
		return info.Size()
	}()
	// Room for about two and a half blocks.
	filler := make([]byte, 3<<20-blockSize*5/2-100<<10)
	require.NoError(t, os.WriteFile(filepath.Join(small, "filler"), filler, 0o600))
	_, err := Run(t.Context(), d)
	require.ErrorContains(t, err, "no space left on device")
	var unfinished *Unfinished
	require.ErrorAs(t, err, &unfinished)
	assert.Positive(t, unfinished.Done)
	assert.Contains(t, err.Error(), "runs are complete; they are kept in "+d.Out+": the same command with --resume goes on from there")
	left, _ := filepath.Glob(filepath.Join(d.Out, "blocks", ".windfall*"))
	assert.Empty(t, left)

	require.NoError(t, exec.Command("mount", "-o", "remount,size=64m", small).Run())
	d.Resume = true
	resumed := 0
	d.Progress = func(p Progress) { resumed = p.Resumed }
	mustRun(t, d)
	assert.Equal(t, unfinished.Done, resumed)
	requireSame(t, content(t, whole.Out, table.CSV), d.Out, table.CSV)
}

func TestAnUnwritableFolderIsAClearError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Run(t.Context(), design(filepath.Join(file, "run")))
	require.Error(t, err)
	assert.Contains(t, err.Error(), "is a file or below one, not a folder; nothing was written: choose another --out")
}
