// Package digest holds the golden digest: one hash over the records of a few
// replications, which must be the same on every architecture.
package digest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// recording accepts the digests as they are now.
var recording = os.Getenv("WINDFALL_RECORD") == "1"

// TestTheSameBitsOnEveryArchitecture replicates a mid-sized scenario with fixed
// and with uncertain inputs, a small one and one of full size, and compares a digest of every number in the records
// with the one that was committed. Run it with GOARCH=arm64 or GOOS=js too.
func TestTheSameBitsOnEveryArchitecture(t *testing.T) {
	for _, c := range []struct {
		name         string
		replications []int
		long         bool // with WINDFALL_VERIFY=1, and to record
	}{
		{"metro", []int{0, 1, 49, 50}, false},
		{"metro-uncertain", []int{0, 1, 49, 50}, false},
		{"town", []int{0, 1, 49, 50}, false},
		{"phone-system", []int{0, 1}, true},
	} {
		name := c.name
		t.Run(name, func(t *testing.T) {
			if c.long && !recording && os.Getenv("WINDFALL_VERIFY") != "1" {
				t.Skip("full size: with WINDFALL_VERIFY=1")
			}
			p, err := scenarios.Load(name)
			require.NoError(t, err)
			got := digest(t, p, c.replications, func(string) bool { return true })
			file := filepath.Join("testdata", name+".sha256")
			if recording {
				require.NoError(t, os.WriteFile(file, []byte(got+"\n"), 0o644))
			}
			require.Equal(t, committed(t, file), got,
				"the numbers of %s changed; if that was meant, run make record and say so in the changelog", name)
		})
	}
}

// TestWhatIsNotUsedMovesNoNumber replicates the scenarios of version 0.3, kept as they were: a mechanism that
// came later and that a scenario does not use must leave every number of it as it was. So the digest is over the
// columns of that version alone, and it is never renewed.
func TestWhatIsNotUsedMovesNoNumber(t *testing.T) {
	columns := strings.Fields(committed(t, filepath.Join("testdata", "kept", "columns.txt")))
	kept := func(column string) bool { return slices.Contains(columns, column) }
	for _, name := range []string{"metro", "metro-uncertain", "town"} {
		t.Run(name, func(t *testing.T) {
			p, err := scenarios.Load(filepath.Join("testdata", "kept", name+".toml"))
			require.NoError(t, err)
			require.Equal(t, committed(t, filepath.Join("testdata", "kept", name+".sha256")), digest(t, p, []int{0, 1, 49, 50}, kept))
		})
	}
}

// committed is what a file of the test data says.
func committed(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}

// digest is a hash over all numbers of some replications of a plan, as far as their columns are wanted.
func digest(t *testing.T, p *plan.Plan, replications []int, want func(column string) bool) string {
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	schema := pr.Schema()
	state, rec := pr.NewState(), schema.NewRecord()
	hash := sha256.New()
	// add takes rows of columns one after the other.
	add := func(kind string, columns []plan.Column, numbers []float64) {
		wanted := make([]bool, len(columns))
		for i := range columns {
			wanted[i] = want(kind + "/" + columns[i].Name)
		}
		for i, x := range numbers {
			if !wanted[i%len(columns)] {
				continue
			}
			if math.IsNaN(x) {
				x = math.NaN() // one bit pattern for what is missing
			}
			binary.Write(hash, binary.LittleEndian, math.Float64bits(x))
		}
	}
	inputs := make([]plan.Column, len(schema.Inputs))
	for i, name := range schema.Inputs {
		inputs[i].Name = name
	}
	for _, r := range replications {
		state.Replicate(1, r, rec)
		add("outcome", schema.Outcomes, rec.Outcomes)
		add("week", schema.Weekly, rec.Weekly)
		add("month", schema.Months, rec.Months)
		add("slice", schema.Slice, rec.Slices)
		add("input", inputs, rec.Inputs)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
