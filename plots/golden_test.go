package plots

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recording writes the golden pictures anew; look at the difference before.
var recording = os.Getenv("WINDFALL_RECORD") == "1"

// goldens are the pictures whose SVG and CSV are kept, one of a kind and shape.
func goldens() map[string]Drawing {
	all := testPictures()
	kept := map[string]Drawing{}
	for _, name := range []string{
		"dist-customers", "dist-ruin", "dist-few", "dist-constant", "panel", "fan-signups", "fan-narrow", "fan-cash",
		"brand-regions", "funnel", "cac",
		"curve-delay", "curve-budgets", "curve-many", "bars-nine", "bars-brand", "bars-difference", "weeks-pause", "slide",
		"pause", "paths", "heat", "value", "retained", "response", "tradeoff",
	} {
		kept[name] = all[name]
	}
	return kept
}

// TestGoldenPictures compares the text of pictures with what was looked at and
// found good; make record accepts what they are now.
func TestGoldenPictures(t *testing.T) {
	kept := goldens()
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		t.Run(name, func(t *testing.T) {
			p, err := kept[name].Picture()
			if err != nil {
				t.Fatal(err)
			}
			for suffix, encode := range map[string]func() ([]byte, error){".svg": p.SVG, ".csv": p.CSV} {
				got, err := encode()
				if err != nil {
					t.Fatal(err)
				}
				path := filepath.Join("testdata", name+suffix)
				if recording {
					if err := os.WriteFile(path, got, 0o644); err != nil {
						t.Fatal(err)
					}
					continue
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s differs from its golden file; the first line that does:\n%s", path, firstDifference(string(got), string(want)))
				}
			}
		})
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return "one of them ends early"
}
