package result

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/store"
)

// The manifests of runs and of answers are one struct, and each has the keys that programs read in it.
func TestManifestsKeepTheirKeys(t *testing.T) {
	keys := func(m Manifest) (out []string) {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		all := map[string]any{}
		require.NoError(t, json.Unmarshal(text, &all))
		for key := range all {
			out = append(out, key)
		}
		return out
	}
	both := strings.Fields("windfall version command shard complete files")
	assert.ElementsMatch(t, append(strings.Fields("subject design"), both...),
		keys(Manifest{Manifest: store.Manifest{Windfall: "stress", Subject: "metro", Design: "d"}}))
	assert.ElementsMatch(t, append(strings.Fields("format scenario title digest seed replications block_size start weeks "+
		"columns_digest uncertain_inputs blocks precision at_most precision_reached table_format tables quantile_type "+
		"goals plan_warnings host started finished seconds"), both...), keys(*ofRun()))
}

// A manifest of a run that says nothing of one is refused, not followed.
func TestAManifestWithoutARunIsRefused(t *testing.T) {
	dir := t.TempDir()
	f, _, err := store.Take(dir, Kind, false, ofRun())
	require.NoError(t, err)
	require.NoError(t, f.Commit(Manifest{Manifest: store.Manifest{Windfall: Kind, Version: "test"}}))
	f.Close()
	_, err = Open(dir)
	require.ErrorContains(t, err, "a results folder of layout 0; this program reads layout 1")
	_, err = Create(dir, Setup{Schema: small(), Start: firstDay, Manifest: Manifest{Manifest: store.Manifest{Version: "test"}, Run: &Run{Replications: 1}}})
	require.ErrorContains(t, err, "layout 0")
}
