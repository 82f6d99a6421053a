package result

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/sim/store"
	"windfall/sim/table"
)

// sealed writes what a manifest says with the sum that it must have.
func sealed(text []byte) ([]byte, bool) {
	m := map[string]json.RawMessage{}
	if json.Unmarshal(text, &m) != nil || len(m) == 0 {
		return nil, false
	}
	delete(m, "checksum")
	out, err := store.Seal(m)
	return out, err == nil
}

// Whatever a manifest says, and whoever summed it up: it is refused, or gives a run
// that can be read or says why not. Nothing panics, and nothing takes all memory.
func FuzzManifest(f *testing.F) {
	dir := f.TempDir()
	folder, err := Create(dir, Setup{Schema: small(), Start: firstDay,
		Manifest: Manifest{Manifest: store.Manifest{Version: "test"}, Run: &Run{Digest: "plan-1", Replications: 75}}})
	require.NoError(f, err)
	for _, b := range folder.Missing() {
		require.NoError(f, folder.Put(filledBlock(folder, b)))
	}
	_, err = folder.Finish(nil)
	require.NoError(f, err)
	folder.Close()
	path := filepath.Join(dir, store.ManifestName)
	whole, err := os.ReadFile(path)
	require.NoError(f, err)
	for _, change := range [][2]string{{"", ""}, {`"replications": 75`, `"replications": 1e7`}, {`"blocks": 2`, `"blocks": 1e9`}, {`"weeks": 10`, `"weeks": 2000`}, {`"csv"`, `"/../x"`}, {`"shard": null`, `"shard": {"index": 0, "count": 9}`}, {`"2013-11-12"`, `"9999-99-99"`}} {
		f.Add([]byte(strings.Replace(string(whole), change[0], change[1], 1)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if again, ok := sealed(text); ok {
			text = again
		}
		require.NoError(t, os.WriteFile(path, text, 0o600))
		if r, err := OpenPartial(dir); err == nil {
			_, _ = r.Summary()
		}
		_, _, _ = Merge([]string{dir}, filepath.Join(dir, store.ManifestName, "nowhere"))
	})
}

// Whatever is in a dictionary that its manifest knows.
func FuzzDictionary(f *testing.F) {
	words := table.DictionaryOf(small(), firstDay)
	f.Add(words.JSON())
	f.Add([]byte(`{"weeks": 1e9, "start": "2013-11-12"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m := &Manifest{Run: &Run{Columns: table.Digest(text), Weeks: 10, Inputs: 1, Start: firstDay.String()}}
		s, _, err := decodeDictionary(text, m)
		if err == nil && (s.Weeks != 10 || len(s.Inputs) != 1) {
			t.Fatal("it is not what its manifest says")
		}
	})
}
