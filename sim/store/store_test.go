package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// note is the manifest of a folder in these tests.
type note struct {
	Windfall string         `json:"windfall"`
	Text     string         `json:"text"`
	Files    map[string]Sum `json:"files"`
}

const holdTask = "WINDFALL_TEST_HOLD"

// TestMain lets this test binary be a process that takes a folder and never ends.
func TestMain(m *testing.M) {
	if dir := os.Getenv(holdTask); dir != "" {
		if _, _, err := Take(dir, "test", false, &note{}); err != nil {
			panic(err)
		}
		_ = os.WriteFile(filepath.Join(dir, ".windfall-00000000000000ff.tmp"), []byte("half"), 0o600)
		fmt.Println("taken")
		select {}
	}
	os.Exit(m.Run())
}

func take(t *testing.T, dir string) *Folder {
	t.Helper()
	f, _, err := Take(dir, "test", false, &note{})
	require.NoError(t, err)
	return f
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestNamesStayInTheirFolder(t *testing.T) {
	for text, want := range map[string]string{"us-smb": "us-smb", "heat-ltv_cac": "heat-ltv_cac", "v1.2": "v1.2", "my plan": "my-plan"} {
		assert.Equal(t, want, Name(text))
	}
	for _, text := range []string{"x/../../../../evil", "..", "", ".hidden", "--out", "/etc/passwd", `C:\x`, "日本", "a\x1b[31mb\n", strings.Repeat("long", 90)} {
		got := Name(text)
		assert.Regexp(t, `^[A-Za-z0-9_][A-Za-z0-9._-]*$`, got, "%q", text)
		assert.LessOrEqual(t, len(got), longestName)
	}
	assert.NotEqual(t, Name("日本"), Name("中国"), "different texts have different names")
	assert.NotEqual(t, Name("a/b"), Name("a-b"))
	assert.NotEqual(t, Name(strings.Repeat("x", 200)), Name(strings.Repeat("x", 201)))
}

func TestNamesOfAFolderAreApart(t *testing.T) {
	assert.Equal(t, []string{"curve-P-x-0", "curve-p-x-0-2", "curve-P-x-0-3", "a"}, Names([]string{"curve-P-x-0", "curve-p-x-0", "curve-P-x-0", "a"}), "for file systems without large and small letters too")
	long := strings.Repeat("x", 150)
	names := Names([]string{long + "a", long + "b", long + "a"})
	assert.NotEqual(t, names[0], names[1])
	assert.NotEqual(t, names[0], names[2])
	for _, text := range []string{"con", "NUL", "aux.x", "lpt1", "x.", "cON.N", ".con.x"} {
		assert.Regexp(t, `-[0-9a-f]{8}$`, Name(text), "Windows has no file of the name %s", text)
		assert.NotRegexp(t, device, Name(text))
	}
}

// Names that readers of tables take for something else are behind the word for what
// they name; all others are as they are.
func TestNamesInTablesAreTexts(t *testing.T) {
	for _, name := range []string{"NA", "na", "null", "NULL", "NaN", "-nan", "None", "TRUE", "true", "T", "1-4", "10-19", "500-2000", "1e5", "1E5", "007", "12", "-5", "+5", "0x10", "inf", "=A1", "@x", "-x", "+x", "MARCH1", "SEPT2", "1-Mar", "3-4-2020", "may", "DEC-1", "1d5", "500+"} {
		assert.Equal(t, "size "+name, AsText("size", name))
	}
	for _, name := range []string{"", "radio", "paid-search", "x0.5", "2013-10-01", "2013-10", "2013Q4", "x1", "none", "no", "partners", "March-on", "decor", "1-4x", "a-b", "Nathan", "truest", "infinite"} {
		assert.Equal(t, name, AsText("size", name))
	}
}

func TestColumnsNeedNoQuotesInSQL(t *testing.T) {
	for text, want := range map[string]string{"from": "column_from", "Table": "column_table", "pause of 1 week": "pause_of_1_week", "± 95%": "column_95", "cash at the end, $": "cash_at_the_end", "": "", "P(x < 0)": "p_x_0"} {
		assert.Equal(t, want, Column(text))
	}
}

func FuzzName(f *testing.F) {
	f.Add("us-smb")
	f.Add("../x")
	f.Fuzz(func(t *testing.T, text string) {
		name := Name(text)
		if !filepath.IsLocal(name) || filepath.Base(name) != name || len(name) > longestName || device.MatchString(name) || Name(name) != name {
			t.Fatalf("%q gives %q", text, name)
		}
	})
}

// A folder is ours by a manifest that we wrote, and by nothing else.
func TestAFolderOfSomebodyElseIsLeftAlone(t *testing.T) {
	for file, why := range map[string]string{
		"settings/my.ini":    "it holds settings and no manifest.json",
		"chapter.tmp-2.txt":  "it holds chapter.tmp-2.txt and no manifest.json",
		"weekly.csv":         "it holds weekly.csv and no manifest.json",
		"manifest.json":      "manifest.json: it was not written by windfall",
		".windfall-xyz.tmp":  "it holds .windfall-xyz.tmp and no manifest.json",
		"000001.block.tmp-x": "no manifest.json",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(`{"name": "x"}`), 0o666))
		_, _, err := Take(dir, "test", false, &note{})
		var occupied *OccupiedError
		require.ErrorAs(t, err, &occupied, file)
		assert.ErrorContains(t, err, why)
		assert.NotContains(t, err.Error(), "remove the folder", "it is not ours to be removed")
		assert.FileExists(t, path)
		assert.Len(t, names(t, dir), 1, "nothing was added")
	}

	dir := t.TempDir()
	f := take(t, dir)
	require.NoError(t, f.Commit(note{Windfall: "test"}))
	f.Close()
	_, _, err := Take(dir, "other", false, &note{})
	assert.ErrorContains(t, err, `it is of "test", not of "other"; nothing was written: choose another --out, or remove the folder`)
	_, _, err = Take(filepath.Join(dir, ManifestName, "below"), "test", false, &note{})
	var file *NoFolderError
	assert.ErrorAs(t, err, &file)
	_, _, err = Take(filepath.Join(dir, "new"), "test", true, &note{})
	assert.EqualError(t, err, "nothing to resume: "+filepath.Join(dir, "new")+" holds no earlier run")
	assert.NoDirExists(t, filepath.Join(dir, "new"))
}

// Folders of 0.1.0 have no mark: they are left alone, and how to go on is said.
func TestFoldersOfTheFirstVersionAreNamed(t *testing.T) {
	dir := t.TempDir()
	manifest := filepath.Join(dir, ManifestName)
	require.NoError(t, os.WriteFile(manifest, []byte(`{"format": 1, "version": "0.1.0", "columns_digest": "8c", "replications": 50}`), 0o666))
	const how = "it was written by windfall 0.1.0, whose folders this version neither reads nor goes on with; run its command again, with a new --out"
	_, _, err := Take(dir, "run", false, &note{})
	require.ErrorContains(t, err, how)
	require.ErrorContains(t, err, "nothing was written")
	require.ErrorContains(t, ReadManifest(dir, "run", &note{}), how)
	require.NoError(t, os.Rename(manifest, filepath.Join(dir, "compare.json")))
	_, _, err = Take(dir, "compare", false, &note{})
	require.ErrorContains(t, err, "it holds compare.json and no manifest.json (windfall 0.1.0 wrote none: its answers stay as they are, and are made again with a new --out)")
	assert.Len(t, names(t, dir), 1)
}

// A kill before the first manifest, of this or an earlier version, leaves a folder that
// can be used.
func TestAFolderThatWasNotBegunIsNew(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "blocks"), 0o777))
	for _, name := range []string{lockName, ".windfall-0123456789abcdef.tmp", "manifest.json.tmp-1-1"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o666))
	}
	f := take(t, dir)
	require.NoError(t, f.Commit(note{Windfall: "test"}))
	f.Close()
	assert.Equal(t, []string{"blocks", ManifestName}, names(t, dir))
}

func TestAFolderInWhichNothingWasWrittenIsTakenBack(t *testing.T) {
	was := filepath.Join(t.TempDir(), "was")
	require.NoError(t, os.Mkdir(was, 0o777))
	for dir, stays := range map[string]bool{was: true, filepath.Join(t.TempDir(), "new"): false} {
		f, _, err := Take(dir, "run", false, &struct{}{})
		require.NoError(t, err)
		require.DirExists(t, dir)
		f.Close()
		_, err = os.Stat(dir)
		require.Equal(t, stays, err == nil, "only one that was made is removed")
	}
	full := filepath.Join(t.TempDir(), "full")
	f, _, err := Take(full, "run", false, &struct{}{})
	require.NoError(t, err)
	require.NoError(t, f.WriteBytes("x.txt", []byte("x")))
	f.Close()
	require.FileExists(t, filepath.Join(full, "x.txt"))
}

func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	err := unmade("d", &fs.PathError{Op: "mkdir", Path: "d", Err: syscall.EACCES})
	require.EqualError(t, err, "the results folder d cannot be made there (permission denied): choose another --out")
	var bad interface{ BadInput() }
	require.ErrorAs(t, err, &bad)
	err = unmade("d", &fs.PathError{Op: "mkdir", Path: "d", Err: syscall.ENOSPC})
	require.False(t, errors.As(err, &bad), "a full disk is not the user's: %v", err)
	if runtime.GOOS == "linux" {
		_, _, err := Take("/proc/x", "run", false, &struct{}{})
		require.EqualError(t, err, "the results folder /proc/x cannot be made there (no such file or directory): choose another --out")
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), holdTask+"="+dir)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	defer c.Process.Kill()
	_, err = io.ReadFull(out, make([]byte, len("taken\n")))
	require.NoError(t, err)

	_, _, err = Take(dir, "test", false, &note{})
	var busy *BusyError
	require.ErrorAs(t, err, &busy)
	host, _ := os.Hostname()
	assert.Regexp(t, fmt.Sprintf(`run is being written by process %d on %s, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ; nothing was written`, c.Process.Pid, host), err.Error())

	// The lock of a killed process is taken over, and what it left is swept.
	require.NoError(t, c.Process.Kill())
	_ = c.Wait()
	f := take(t, dir)
	assert.Equal(t, []string{lockName}, names(t, dir))
	_, _, err = Take(dir, "test", false, &note{})
	require.ErrorAs(t, err, &busy, "taken by this process")
	f.Close()
	assert.Empty(t, names(t, dir))
	take(t, dir).Close()
}

// However many begin at once, one has the folder and the others are told.
func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	for range 50 {
		got := make(chan error, 8)
		for range 8 {
			go func() {
				f, _, err := Take(dir, "test", false, &note{})
				if err == nil {
					if _, _, again := Take(dir, "test", false, &note{}); again == nil {
						err = fmt.Errorf("two have it")
					}
					time.Sleep(time.Millisecond)
					f.Close()
				}
				got <- err
			}()
		}
		for range 8 {
			if err := <-got; err != nil {
				var busy *BusyError
				require.ErrorAs(t, err, &busy)
			}
		}
	}
}

func TestManifestsAreSealed(t *testing.T) {
	text, err := Seal(note{Windfall: "test", Text: "an \"x\"\n"})
	require.NoError(t, err)
	var n note
	require.NoError(t, Unseal(text, "test", &n))
	assert.Equal(t, "an \"x\"\n", n.Text)
	for at := range text {
		damaged := append([]byte(nil), text...)
		damaged[at] ^= 1
		assert.Error(t, Unseal(damaged, "test", &n), "byte %d", at)
		assert.Error(t, Unseal(text[:at], "test", &n), "cut at %d", at)
	}
}

// A file is whole or not there, and the manifest knows it.
func TestFilesAreWholeAndSummed(t *testing.T) {
	dir := t.TempDir()
	f := take(t, dir)
	require.NoError(t, f.WriteBytes("a.csv", []byte("x,y\n")))
	assert.ErrorIs(t, f.Write("a.csv", func(w io.Writer) error { fmt.Fprint(w, "half"); return io.ErrShortWrite }), io.ErrShortWrite)
	assert.Equal(t, []string{lockName, "a.csv"}, names(t, dir))
	require.NoError(t, f.Commit(note{Windfall: "test", Files: f.Sums()}))
	f.Close()

	var n note
	require.NoError(t, ReadManifest(dir, "test", &n))
	assert.Equal(t, map[string]Sum{"a.csv": SumOf([]byte("x,y\n"))}, n.Files)
	assert.True(t, Intact(dir, n.Files))
	path := filepath.Join(dir, "a.csv")
	assert.False(t, Changed(path, n.Files["a.csv"]))
	require.NoError(t, os.WriteFile(path, []byte("x,z\n"), 0o666))
	assert.False(t, Intact(dir, n.Files))
	assert.True(t, Changed(path, n.Files["a.csv"]))
	require.NoError(t, os.Remove(path))
	assert.False(t, Intact(dir, n.Files))
	assert.False(t, Changed(path, n.Files["a.csv"]), "what is not there was not changed")
}

func TestOnlyOurFilesAreRemovedBelow(t *testing.T) {
	dir := t.TempDir()
	f := take(t, dir)
	for _, name := range []string{"settings/setting-000.kept", "settings/control/setting-001.kept", "settings/mine/notes.txt"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o666))
	}
	require.NoError(t, f.RemoveBelow("settings", "setting-*.kept"))
	assert.Equal(t, []string{"mine"}, names(t, filepath.Join(dir, "settings")))
	require.NoError(t, os.Remove(filepath.Join(dir, "settings/mine/notes.txt")))
	require.NoError(t, f.RemoveBelow("settings", "setting-*.kept"))
	assert.NoDirExists(t, filepath.Join(dir, "settings"))
	require.NoError(t, f.RemoveBelow("settings", "setting-*.kept"))
}

// A pipe is not waited for.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), ManifestName)
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip("no mkfifo")
	}
	_, err := ReadFile(pipe, 1<<20)
	assert.ErrorContains(t, err, "is no file of up to 1 MB")
	_, _, err = Take(filepath.Dir(pipe), "test", false, &note{})
	assert.Error(t, err)
}

// Of several designs each begins with another shard, so small ones are work for all; who has to make what
// is missing is told by its own number.
func TestShardsShareSmallDesigns(t *testing.T) {
	const designs, blocks, shards = 7, 2, 3
	work := make([]int, shards)
	for n := range designs {
		for b := range blocks {
			owners := 0
			for i := range shards {
				if part := (&Shard{Index: i, Count: shards}).Shifted(n); part.Has(b) {
					work[i]++
					owners++
				}
			}
			require.Equal(t, 1, owners, "block %d of design %d", b, n)
		}
	}
	require.Equal(t, []int{5, 5, 4}, work)
	require.True(t, (*Shard)(nil).Shifted(2).Has(5), "the whole has all")
	require.True(t, (&Shard{Index: 1, Count: 3}).Shifted(2).Same(&Shard{Index: 1, Count: 3}), "it is the same part")

	var parts Parts
	for i := range 2 { // the third shard was not run
		parts = append(parts, Part{Series: &Series{Replications: 10, Shard: (&Shard{Index: i, Count: 3}).Shifted(2)},
			Command: []string{"windfall", "study"}})
	}
	err := parts.Complete(map[int]Part{})
	require.ErrorContains(t, err, "1 of 1 blocks are missing")
	require.ErrorContains(t, err, "--shard 2/3")
}

// A copy of a block from a round in which fewer replications were wanted is how a later copy begins, whichever comes
// first; one that begins otherwise is refused.
func TestAShorterCopyOfABlockIsNoContradiction(t *testing.T) {
	of := func(count int, first float64) Part {
		s := (&Series{Identity: Identity{Version: "1"}, Shape: Shape{1, 2}, Replications: 10}).InMemory()
		b := NewBlock(s.Shape, 0, count)
		for c := range b.Columns {
			for i := range b.Columns[c] {
				b.Columns[c][i] = float64(i)
			}
		}
		b.Columns[1][0] = first
		require.NoError(t, s.Put(b))
		return Part{Series: s, Dir: "here"}
	}
	for _, parts := range []Parts{{of(20, 7), of(10, 7)}, {of(10, 7), of(20, 7)}} {
		where, err := parts.Locate()
		require.NoError(t, err)
		require.Contains(t, where, 0)
	}
	_, err := Parts{of(20, 7), of(10, 8)}.Locate()
	require.ErrorContains(t, err, "block 0 differs")
	_, err = Parts{of(10, 7), of(10, 8)}.Locate()
	require.ErrorContains(t, err, "block 0 differs")
}
