package sim_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pure are the packages that are arithmetic on numbers that they are given: a page in a browser
// can hold them.
var pure = []string{"windfall/sim/analysis", "windfall/sim/panel", "windfall/sim/metric"}

// inside are the packages of this module that the pure ones may stand on, those below a name included.
var inside = []string{"windfall/model", "windfall/sim/analysis", "windfall/sim/panel", "windfall/sim/metric"}

// outside are the packages of others that they may: names are compared by levenshtein.
var outside = []string{"github.com/agnivade/levenshtein"}

// unfit are the packages of the standard library that no package of ours among them uses itself: files,
// the network, processes, what ends a run from outside.
var unfit = []string{"os", "os/exec", "os/signal", "io/fs", "io/ioutil", "embed", "path/filepath", "syscall",
	"net", "net/http", "context", "runtime"}

// dependency is what the go command says of a package.
type dependency struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

// inBrowser runs the go command for a browser.
func inBrowser(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, problems bytes.Buffer
	command := exec.Command("go", args...)
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	command.Stdout, command.Stderr = &out, &problems
	require.NoError(t, command.Run(), problems.String())
	return out.Bytes()
}

// faults says what the pure packages must not stand on, of a list of packages.
func faults(list []dependency) (out []string) {
	below := func(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }
	for _, d := range list {
		switch {
		case d.Standard:
			continue
		case below(d.ImportPath, "windfall"):
			if !slices.ContainsFunc(inside, func(root string) bool { return below(d.ImportPath, root) }) {
				out = append(out, d.ImportPath)
			}
			for _, i := range d.Imports {
				if slices.Contains(unfit, i) {
					out = append(out, d.ImportPath+" imports "+i)
				}
			}
		case !slices.Contains(outside, d.ImportPath):
			out = append(out, d.ImportPath)
		}
	}
	return out
}

// Statistics, panels and the language that asks for numbers compile for a browser, and stand on
// nothing that reads a file, draws a picture or runs a plan.
func TestWhatIsPureStaysPure(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") == "1" { // as make test does
		inBrowser(t, append([]string{"build"}, pure...)...)
	}
	args := append([]string{"list", "-deps", "-json=ImportPath,Standard,Imports"}, pure...)
	decoder := json.NewDecoder(bytes.NewReader(inBrowser(t, args...)))
	var list []dependency
	for decoder.More() {
		var d dependency
		require.NoError(t, decoder.Decode(&d))
		list = append(list, d)
	}
	for _, p := range pure {
		assert.True(t, slices.ContainsFunc(list, func(d dependency) bool { return d.ImportPath == p }), p)
	}
	assert.Empty(t, faults(list))
}

// The test above sees what it is there for.
func TestImpurePackagesAreSeen(t *testing.T) {
	assert.Equal(t, []string{
		"windfall/sim/store", "windfall/sim/store imports os", "windfall/sim/result", "gonum.org/v1/plot",
		"github.com/parquet-go/parquet-go", "windfall/sim/metric imports path/filepath", "windfall/models",
	}, faults([]dependency{
		{"os", true, []string{"syscall"}},
		{"windfall/sim/store", false, []string{"fmt", "os"}},
		{"windfall/sim/result", false, nil},
		{"gonum.org/v1/plot", false, nil},
		{"github.com/parquet-go/parquet-go", false, nil},
		{"github.com/agnivade/levenshtein", false, []string{"os"}},
		{"windfall/sim/metric", false, []string{"math", "path/filepath"}},
		{"windfall/model/rng", false, []string{"math/bits"}},
		{"windfall/models", false, nil},
	}))
}
