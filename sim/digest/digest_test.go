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
// and with uncertain inputs and compares a digest of every number in the records
// with the one that was committed. Run it with GOARCH=arm64 or GOOS=js too.
func TestTheSameBitsOnEveryArchitecture(t *testing.T) {
	for _, name := range []string{"metro", "metro-uncertain"} {
		t.Run(name, func(t *testing.T) {
			p, err := scenarios.Load(name)
			require.NoError(t, err)
			pr, err := model.Prepare(p)
			require.NoError(t, err)
			state, rec := pr.NewState(), pr.Schema().NewRecord()
			hash := sha256.New()
			for _, r := range []int{0, 1, 49, 50} {
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
			require.Equal(t, strings.TrimSpace(string(want)), got, "the numbers of %s changed; if that was meant, run go test ./sim/digest -update and say so in the changelog", name)
		})
	}
}
