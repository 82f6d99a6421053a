//go:build !js && !wasip1

// The tests run the go command, which a browser has not.

package rng_test

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// portable are the packages whose numbers reach a record, an answer or a printed text, and must have the same bits on
// every processor.
var portable = []string{"windfall/model/...", "windfall/scenarios/...", "windfall/sim/...", "windfall/plots/words",
	"windfall/plots/page", "windfall/plots/picture"}

// fusing are packages among them that need not, and why.
var fusing = map[string]string{
	"windfall/model/dense/":         "the reference of tests, compared within errors",
	"windfall/model/known/":         "closed forms of tests, compared within errors",
	"windfall/model/expected/":      "a sanity check, printed with four digits and kept nowhere",
	"windfall/scenarios/calibrate/": "a program for one machine, whose pages have three digits",
	"windfall/sim/search/":          "it stands on gonum, whose kernels are assembly on amd64 alone",
}

// TestNoFusableProducts enforces the portability rule of doc.go on what the compiler makes of the packages for arm64,
// which has instructions that multiply and add and round once: there is none of them, but by a power of two, which is
// exact either way. So it sees what crosses statements and inlined functions, and nothing that a compiler does not do.
//
// The random numbers are looked at in every go test, all of them in make test: whatever changes in the engine, the
// compiler makes all of them anew.
func TestNoFusableProducts(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	packages, least := portable, 100_000
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		packages, least = []string{"windfall/model/rng"}, 3_000
	}
	found, listed := fusedProducts(t, root, "windfall/...", packages...)
	assert.Greater(t, listed, least, "the compiler lists what it makes")
	exempt := map[string]bool{}
	for _, f := range found {
		name := "windfall/" + f.file[:strings.LastIndex(f.file, "/")+1]
		if _, ok := fusing[name]; ok {
			exempt[name] = true
			continue
		}
		t.Errorf("%s:%d: a product is added in %s and rounded once on arm64: wrap it in float64()", f.file, f.line, f.function)
	}
	for name := range fusing {
		if len(packages) == len(portable) {
			assert.True(t, exempt[name], "%s fuses nothing, so that it is no exception", name)
		}
	}
}

// One fault or one harmless look-alike stands on each line.
const planted = `package planted

type law struct{ rate float64 }

func direct(a, b, c float64) float64 { return a*b + c } // BAD

func minus(a, b, c float64) float64 { return c - a*b } // BAD

func wrapped(a, b, c float64) float64 { return float64(a*b) + c }

func half(a, c float64) float64 { return 0.5*a + c }

func quarter(a, c float64) float64 { return a/4 - c }

func three(a, c float64) float64 { return 3*a + c } // BAD

func whole(a, b, c int) int { return a*b + c }

func across(a, b, c float64) float64 {
	t := a * b
	return t + c // BAD
}

func thin(a, b float64) float64 { return a * b }

func caller(a float64) float64 { return thin(a, a) + 1 } // BAD

func (l *law) sum(xs []float64) (s float64) {
	for _, x := range xs {
		s += l.rate * x // BAD
	}
	return s
}

var All = []any{direct, minus, wrapped, half, quarter, three, whole, across, caller, (*law).sum}
`

func TestFusedProductsAreSeen(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module planted\n\ngo 1.24\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "planted.go"), []byte(planted), 0o600))
	found, _ := fusedProducts(t, dir, "planted", ".")
	seen := map[int]bool{}
	for _, f := range found {
		seen[f.line] = true
	}
	for i, text := range strings.Split(planted, "\n") {
		assert.Equal(t, strings.Contains(text, "BAD"), seen[i+1], "planted.go:%d: %s", i+1, text)
	}
}

// fused is a product that the compiler adds without rounding it.
type fused struct {
	function, file string // the file from the root
	line           int
}

var fuses = regexp.MustCompile(`^FN?M(ADD|SUB)[SD]$`) // m, a, n, d: d is a plus or less m times n

// fusedProducts builds packages for arm64 and reads what the compiler made of those of ours among them; lines is how
// many instructions that was.
func fusedProducts(t *testing.T, root, ours string, packages ...string) (found []fused, lines int) {
	t.Helper()
	command := exec.Command("go", append([]string{"build", "-gcflags=" + ours + "=-S"}, packages...)...)
	command.Dir = root
	command.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	out, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	function, other := "", ""   // what is no listing, if the build fails
	last := map[string]string{} // constants that are in registers of the function
	scanner := bufio.NewScanner(out)
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		text := scanner.Text()
		if name, _, ok := strings.Cut(text, " STEXT"); ok && text[0] != '\t' {
			function = name
			clear(last)
			continue
		}
		file, line, op, operands, ok := instruction(text)
		if !ok {
			if len(other) < 2000 && !strings.HasPrefix(text, "\t") {
				other += text + "\n"
			}
			continue
		}
		lines++
		if op == "FMOVD" && operands[0] == '$' {
			constant, to, _ := strings.Cut(operands, ", ")
			last[to] = constant
			continue
		}
		to := operands[strings.LastIndex(operands, " ")+1:]
		if op[0] == 'F' && fuses.MatchString(op) {
			of := strings.Split(operands, ", ")
			if !powerOfTwo(last[of[0]]) && !powerOfTwo(last[of[2]]) {
				found = append(found, fused{function, strings.TrimPrefix(filepath.ToSlash(file), filepath.ToSlash(root)+"/"), line})
			}
		}
		delete(last, to)
	}
	require.NoError(t, scanner.Err())
	require.NoError(t, command.Wait(), "%.2000s", other)
	return found, lines
}

// instruction takes a line of a listing apart: a tab, address, offset and place, a tab, the operation, a tab, its
// operands, of which the last is what it writes.
func instruction(text string) (file string, line int, op, operands string, ok bool) {
	if !strings.HasPrefix(text, "\t0x") {
		return
	}
	at, rest, _ := strings.Cut(text[1:], "\t")
	op, operands, ok = strings.Cut(rest, "\t")
	_, place, in := strings.Cut(at, " (")
	colon := strings.LastIndexByte(place, ':')
	if !ok || !in || colon < 0 || op == "" || operands == "" {
		return file, line, op, operands, false
	}
	line, err := strconv.Atoi(strings.TrimSuffix(place[colon+1:], ")"))
	return place[:colon], line, op, operands, err == nil
}

// powerOfTwo tells whether a constant of a listing is a power of two, by which a product is exact.
func powerOfTwo(constant string) bool {
	constant, ok := strings.CutPrefix(constant, "$")
	if !ok {
		return false
	}
	x, err := strconv.ParseFloat(strings.Trim(constant, "()"), 64)
	if bits, long := strings.CutPrefix(constant, "f64."); long {
		var u uint64
		u, err = strconv.ParseUint(strings.TrimSuffix(bits, "(SB)"), 16, 64)
		x = math.Float64frombits(u)
	}
	mantissa, _ := math.Frexp(x)
	return err == nil && math.Abs(mantissa) == 0.5
}

// exactMath are the functions of package math that are exact or correctly rounded everywhere, and its constants.
var exactMath = strings.Fields("Abs Ceil Copysign Float32bits Float32frombits Float64bits Float64frombits Floor Frexp " +
	"Ilogb Inf IsInf IsNaN Ldexp Max Min Mod Modf NaN Nextafter Nextafter32 Remainder Round RoundToEven Signbit Sqrt Trunc")

// The engine takes of package math what is exact alone, no random numbers but ours, and has no assembly.
func TestOnlyExactMath(t *testing.T) {
	var faults []string
	seen := 0
	for _, folder := range []string{"../../model", "../../model/plan", "../../model/rng", "../../sim"} {
		assembly, err := filepath.Glob(filepath.Join(folder, "*.s"))
		require.NoError(t, err)
		faults = append(faults, assembly...)
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			if !strings.HasSuffix(file, "_test.go") && !bytes.HasPrefix(text, []byte("//go:build ignore")) {
				seen++
				faults = append(faults, inexact(t, file, text)...)
			}
		}
	}
	assert.Greater(t, seen, 50)
	assert.Empty(t, faults)
	assert.Equal(t, []string{"x.go:3: math/rand", "x.go:5: math.Exp", "x.go:6: math.Log", "x.go:7: math.FMA"},
		inexact(t, "x.go", []byte("package x\nimport \"math\"\nimport \"math/rand\"\nvar _ = math.MaxInt64 * math.Pi\n"+
			"var a = math.Exp(rand.Float64())\nvar f = math.Log\nvar b = math.Sqrt(math.FMA(1, 2, 3))\n")))
}

// inexact lists what a file takes of the standard library that differs between processors.
func inexact(t *testing.T, name string, text []byte) (out []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, 0)
	require.NoError(t, err)
	add := func(n ast.Node, what string) {
		out = append(out, fmt.Sprintf("%s:%d: %s", name, files.Position(n.Pos()).Line, what))
	}
	for _, i := range file.Imports {
		if path := strings.Trim(i.Path.Value, `"`); slices.Contains([]string{"math/cmplx", "math/rand", "math/rand/v2"}, path) {
			add(i, path)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := s.X.(*ast.Ident); ok && of.Name == "math" && of.Obj == nil && !slices.Contains(exactMath, s.Sel.Name) &&
			!constantName.MatchString(s.Sel.Name) {
			add(s, "math."+s.Sel.Name)
		}
		return true
	})
	return out
}

// constantName matches the constants of package math.
var constantName = regexp.MustCompile(`^(Max|Smallest|Min)(Int|Uint|Float|Nonzero)|^(E|Pi|Phi|Sqrt(2|E|Pi|Phi)|Ln2|Ln10|Log2E|Log10E)$`)
