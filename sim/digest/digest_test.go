// Package digest holds the golden digest: one hash over the records of a few
// replications, which must be the same on every architecture.
package digest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
)

var update = flag.Bool("update", false, "accept the digests as they are now")

// TestTheSameBitsOnEveryArchitecture replicates a mid-sized scenario with fixed
// and with uncertain inputs, a small one and one of full size, and compares a digest of every number in the records
// with the one that was committed. Run it with GOARCH=arm64 or GOOS=js too.
func TestTheSameBitsOnEveryArchitecture(t *testing.T) {
	for _, c := range []struct {
		name         string
		replications []int
		long         bool // with WINDFALL_VERIFY=1, and to update
	}{
		{"metro", []int{0, 1, 49, 50}, false},
		{"metro-uncertain", []int{0, 1, 49, 50}, false},
		{"town", []int{0, 1, 49, 50}, false},
		{"phone-system", []int{0, 1}, true},
	} {
		name := c.name
		t.Run(name, func(t *testing.T) {
			if c.long && !*update && os.Getenv("WINDFALL_VERIFY") != "1" {
				t.Skip("full size: with WINDFALL_VERIFY=1")
			}
			p, err := scenarios.Load(name)
			require.NoError(t, err)
			pr, err := model.Prepare(p)
			require.NoError(t, err)
			state, rec := pr.NewState(), pr.Schema().NewRecord()
			hash := sha256.New()
			for _, r := range c.replications {
				state.Replicate(1, r, rec)
				for _, list := range [][]float64{rec.Outcomes, rec.Weekly, rec.Months, rec.Slices, rec.Inputs} {
					for _, x := range list {
						if math.IsNaN(x) {
							x = math.NaN() // one bit pattern for what is missing
						}
						binary.Write(hash, binary.LittleEndian, math.Float64bits(x))
					}
				}
			}
			got := hex.EncodeToString(hash.Sum(nil))
			file := filepath.Join("testdata", name+".sha256")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got+"\n"), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, strings.TrimSpace(string(want)), got, "the numbers of %s changed; if that was meant, run make record and say so in the changelog", name)
		})
	}
}
