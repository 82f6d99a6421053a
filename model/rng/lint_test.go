//go:build !js && !wasip1

// The linter runs the go command, which a browser has not.

package rng_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// portablePackages are the folders whose numbers reach a result and that must therefore have the
// same bits on every processor. A folder without a package, or one that does not compile yet, is
// passed over with a note.
var portablePackages = []string{"../../model", "../../model/rng", "../../sim"}

// TestNoFusableProducts enforces the portability rule of doc.go: no product may reach a sum
// without an explicit conversion in between, and of package math only exact functions are used.
func TestNoFusableProducts(t *testing.T) {
	var folders []string
	for _, folder := range portablePackages {
		if files, _ := filepath.Glob(filepath.Join(folder, "*.go")); len(files) == 0 {
			t.Logf("%s: no package yet", folder)
			continue
		}
		folders = append(folders, folder)
	}
	findings, notes, err := lintFolders(folders)
	require.NoError(t, err)
	for _, note := range notes {
		t.Log(note)
	}
	for _, finding := range findings {
		t.Error(finding)
	}
}

// TestLintSeesPlantedFaults plants one fault or one harmless look-alike per line and compares the
// lines that the lint names with those marked BAD.
func TestLintSeesPlantedFaults(t *testing.T) {
	const source = `package planted

import (
	"fmt"
	"math"
)

type law struct{ rate, scale float64; steps []float64 }

func direct(a, b, c float64) float64 {
	_ = a*b + c // BAD
	_ = c + a*b // BAD
	_ = a*b - c // BAD
	_ = c - a*b // BAD
	_ = c - (a * b) // BAD
	_ = c + -(a * b) // BAD
	_ = -(a*b) - c // BAD
	_ = a*b + c*a // BAD BAD
	_ = a*b*c + a // BAD
	_ = float64(a*b)*c + a // BAD
	c += a * b // BAD
	c -= a * b // BAD
	_ = float64(a*b) + c
	_ = c - float64(a*b)
	_ = float64(a*b) + float64(a*c)
	_ = a*b/c + c
	_ = (a + b) * c / a
	_ = 2*a + b
	_ = a*0.5 - b
	_ = 3*a + b // BAD
	_ = math.Floor(a*b) + c
	_ = math.Sqrt(a*b + c) // BAD
	if a*b > c && a*b+c > 1 { // BAD
		return 2 * 3.5
	}
	const k = 1.5*2.5 + 1
	c += float64(a * b)
	return c + k
}

func whole(a, b, c int) int { return a*b + c }

func small(a, b, c float32) float32 { return a*b + c } // BAD

type euro float64

func named(a, b, c euro) euro { return euro(a*b) + a*c } // BAD

func generic[T float32 | float64](a, b, c T) T { return a*b + c } // BAD

func acrossStatements(a, b, c float64) float64 {
	t := a * b // BAD
	r := t + c
	quiet := a * b
	if quiet > c {
		r++
	}
	kept := a
	kept *= b // BAD
	kept -= c
	var v = a * c // BAD
	w := v
	return r + w
}

func thin(a, b float64) float64 { return a * b } // BAD

func caller(a float64) float64 { return thin(a, 2.5) + 1 }

func alone(a, b float64) float64 { return a * b }

func caller2(a float64) bool { return alone(a, 2.5) > 1 }

func adds(x, y float64) float64 { return x + y }

func caller3(a, b float64) float64 { return adds(a*b, b) } // BAD

func addsRounded(x, y float64) float64 {
	x = float64(x)
	return x + y
}

func caller6(a, b float64) float64 { return addsRounded(a*b, b) }

func scales(x, y float64) float64 { return x / y }

func caller4(a, b float64) float64 { return scales(a*b, b) }

func (l *law) set(a, b float64) {
	l.rate = a * b // BAD
	l.scale = a * b
	for i := range l.steps {
		l.steps[i] = a * b // BAD
	}
}

func (l *law) total() float64 {
	sum := l.rate + 1
	for _, s := range l.steps {
		sum += s
	}
	return sum / l.scale
}

func literal(a, b float64) law {
	return law{rate: a * b, scale: a * b} // BAD
}

func value(a, b float64) func(float64) float64 {
	return func(x float64) float64 { return a * x } // BAD
}

func two(a, b float64) (float64, float64) {
	return a, a * b // BAD
}

func caller5() float64 {
	_, y := two(1, 2)
	return y + 1
}

func library(x float64) float64 {
	x = math.Exp(x) // BAD
	x = math.FMA(x, x, x) // BAD
	f := math.Log // BAD
	_ = math.MaxInt64 + math.Pi
	return math.Abs(f(math.Copysign(math.Trunc(x), x)))
}

func prints(a, b float64) float64 {
	s := []any{a * b}
	show(a*b, s)
	_ = fmt.Sprint(a*b, s)
	return a + b
}

func show(x any, more []any) {}
`
	findings, err := lintSource(source)
	require.NoError(t, err)
	found := map[int]int{}
	for _, finding := range findings {
		var line int
		_, err := fmt.Sscanf(finding, "planted.go:%d:", &line)
		require.NoError(t, err, finding)
		found[line]++
	}
	for i, text := range strings.Split(source, "\n") {
		assert.Equal(t, strings.Count(text, "BAD"), found[i+1], "planted.go:%d: %s", i+1, text)
	}
}

// exactMath are the functions of package math that are exact or correctly rounded everywhere.
var exactMath = map[string]bool{
	"Abs": true, "Ceil": true, "Copysign": true, "Float32bits": true, "Float32frombits": true, "Float64bits": true,
	"Float64frombits": true, "Floor": true, "Frexp": true, "Ilogb": true, "Inf": true, "IsInf": true, "IsNaN": true,
	"Ldexp": true, "Max": true, "Min": true, "Mod": true, "Modf": true, "NaN": true, "Nextafter": true,
	"Nextafter32": true, "Remainder": true, "Round": true, "RoundToEven": true, "Signbit": true, "Sqrt": true,
	"Trunc": true,
}

// unportable are packages whose floats differ between processors.
var unportable = map[string]bool{`"math/cmplx"`: true, `"math/rand"`: true, `"math/rand/v2"`: true}

// A linter follows products through a set of packages. The Go specification lets a compiler fuse
// x*y + z also across statements, and inlining carries products across functions, so it is not
// enough to look at sums of products. Values move along a graph whose nodes are the variables of
// the program (locals, parameters, results; a field stands for itself in all values of its
// struct, a slice for its elements). A product is at fault if its value can reach, unrounded, a
// variable that is somewhere an operand of + or -. The order of statements is ignored, which errs
// on the side of asking for a conversion too many.
//
// Not followed: interfaces and channels. A product that enters or leaves a function value is at
// fault without further questions.
type linter struct {
	fset     *token.FileSet
	info     *types.Info
	from     map[*types.Var][]*types.Var // from[v] are the variables whose values v may take.
	products map[*types.Var][]token.Pos  // Products whose values a variable may take.
	summed   map[*types.Var]token.Pos    // Where a variable, or one that takes its values, is in a sum.
	rounded  map[*types.Var]bool         // Parameters that are rounded on entry.
	findings map[token.Pos]string
	loaded   map[*types.Package]bool
	judged   map[string]bool // The files whose faults count; others are only followed.
}

func newLinter(fset *token.FileSet) *linter {
	return &linter{
		fset: fset, from: map[*types.Var][]*types.Var{},
		products: map[*types.Var][]token.Pos{}, summed: map[*types.Var]token.Pos{}, rounded: map[*types.Var]bool{}, findings: map[token.Pos]string{},
		loaded: map[*types.Package]bool{}, judged: map[string]bool{},
	}
}

// lintSource lints one file that imports nothing but the standard library.
func lintSource(source string) ([]string, error) {
	l := newLinter(token.NewFileSet())
	file, err := parser.ParseFile(l.fset, "planted.go", source, 0)
	if err != nil {
		return nil, err
	}
	l.judged["planted.go"] = true
	if _, err := l.add("planted", []*ast.File{file}, importer.ForCompiler(l.fset, "source", nil)); err != nil {
		return nil, err
	}
	return l.report(), nil
}

// listed is what the go command tells about a package.
type listed struct {
	ImportPath, Dir, Export   string
	GoFiles, CgoFiles, SFiles []string
	DepOnly                   bool
	Module                    *struct{ Main bool }
	Error                     *struct{ Err string }
}

// lintFolders lints the packages of folders. All packages of this module that they need are read
// from source, so that products are followed across packages; others from export data.
func lintFolders(folders []string) (findings, notes []string, err error) {
	needed, err := list(append([]string{"-deps"}, folders...))
	if err != nil {
		return nil, nil, err
	}
	var foreignPaths []string
	for _, p := range needed {
		if (p.Module == nil || !p.Module.Main) && p.ImportPath != "unsafe" {
			foreignPaths = append(foreignPaths, p.ImportPath)
		}
	}
	compiled, err := list(append([]string{"-export"}, foreignPaths...))
	if err != nil {
		return nil, nil, err
	}
	exports := map[string]string{}
	for _, p := range compiled {
		exports[p.ImportPath] = p.Export
	}

	own := map[string]*types.Package{}
	l := newLinter(token.NewFileSet())
	foreign := importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
	imports := importerFunc(func(path string) (*types.Package, error) {
		if own[path] != nil {
			return own[path], nil
		}
		return foreign.Import(path)
	})
	for _, p := range needed {
		if p.Module == nil || !p.Module.Main {
			continue
		}
		checked, err := l.addListed(p, imports)
		if err != nil {
			notes = append(notes, fmt.Sprintf("%s passed over: it does not compile: %v", p.ImportPath, err))
			continue
		}
		own[p.ImportPath] = checked
		if !p.DepOnly && len(p.SFiles)+len(p.CgoFiles) > 0 {
			findings = append(findings, p.ImportPath+": assembly or C in a portable package")
		}
	}
	return append(findings, l.report()...), notes, nil
}

// list asks the go command about packages, dependencies first.
func list(arguments []string) ([]listed, error) {
	var out, problems bytes.Buffer
	command := exec.Command("go", append([]string{"list", "-e", "-json"}, arguments...)...)
	command.Stdout, command.Stderr = &out, &problems
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, problems.String())
	}
	var packages []listed
	for decoder := json.NewDecoder(&out); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// addListed reads and adds a package that the go command knows.
func (l *linter) addListed(p listed, imports types.Importer) (*types.Package, error) {
	if p.Error != nil {
		return nil, errors.New(p.Error.Err)
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		l.judged[path] = !p.DepOnly
		file, err := parser.ParseFile(l.fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return l.add(p.ImportPath, files, imports)
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// add type-checks one package and enters its values into the graph.
func (l *linter) add(path string, files []*ast.File, imports types.Importer) (*types.Package, error) {
	l.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{},
		Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits: map[ast.Node]types.Object{},
	}
	checker := types.Config{Importer: imports}
	p, err := checker.Check(path, l.fset, files, l.info)
	if err != nil {
		return nil, err
	}
	l.loaded[p] = true
	for _, file := range files {
		for _, spec := range file.Imports {
			if unportable[spec.Path.Value] {
				l.fault(spec.Pos(), "import of "+spec.Path.Value+": its numbers differ between processors")
			}
		}
		l.walk(file, nil, false)
	}
	return p, nil
}

// walk enters the statements and expressions below a node; results are those of the function that
// it stands in, value says that this is a function value.
func (l *linter) walk(root ast.Node, results *types.Tuple, value bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				l.roundedOnEntry(n.Body)
				l.walk(n.Body, l.info.Defs[n.Name].(*types.Func).Signature().Results(), false)
			}
			return false
		case *ast.FuncLit:
			l.walk(n.Body, l.info.TypeOf(n).(*types.Signature).Results(), true)
			return false
		case *ast.BinaryExpr:
			if (n.Op == token.ADD || n.Op == token.SUB) && l.isFloat(n) && !l.isConstant(n) {
				l.sum(n.X)
				l.sum(n.Y)
			}
		case *ast.IncDecStmt:
			if l.isFloat(n.X) {
				l.sum(n.X)
			}
		case *ast.AssignStmt:
			l.assign(n)
		case *ast.ValueSpec:
			if len(n.Values) == len(n.Names) {
				for i, name := range n.Names {
					l.flow(l.variable(name), n.Values[i])
				}
			} else if len(n.Values) == 1 {
				for i, name := range n.Names {
					l.flowResult(l.variable(name), n.Values[0], i)
				}
			}
		case *ast.RangeStmt:
			if n.Value != nil {
				l.flow(l.variable(n.Value), n.X)
			}
		case *ast.ReturnStmt:
			l.returns(n, results, value)
		case *ast.CallExpr:
			l.call(n)
		case *ast.CompositeLit:
			l.composite(n)
		case *ast.SelectorExpr:
			if f, ok := l.info.Uses[n.Sel].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "math" &&
				f.Signature().Recv() == nil && !exactMath[f.Name()] {
				l.fault(n.Pos(), "math."+f.Name()+" differs between processors: use package rng")
			}
		}
		return true
	})
}

// roundedOnEntry notes the parameters that a function rounds first of all, by x = float64(x): what
// they are given does not matter.
func (l *linter) roundedOnEntry(body *ast.BlockStmt) {
	for _, statement := range body.List {
		n, ok := statement.(*ast.AssignStmt)
		if !ok || n.Tok != token.ASSIGN || len(n.Lhs) != 1 || len(n.Rhs) != 1 {
			return
		}
		conversion, ok := n.Rhs[0].(*ast.CallExpr)
		if !ok || !l.info.Types[conversion.Fun].IsType() {
			return
		}
		v := l.variable(n.Lhs[0])
		if v == nil || l.variable(conversion.Args[0]) != v {
			return
		}
		l.rounded[v] = true
	}
}

func (l *linter) assign(n *ast.AssignStmt) {
	switch n.Tok {
	case token.ASSIGN, token.DEFINE:
		if len(n.Lhs) == len(n.Rhs) {
			for i := range n.Lhs {
				l.flow(l.variable(n.Lhs[i]), n.Rhs[i])
			}
		} else {
			for i := range n.Lhs {
				l.flowResult(l.variable(n.Lhs[i]), n.Rhs[0], i)
			}
		}
	case token.ADD_ASSIGN, token.SUB_ASSIGN:
		if l.isFloat(n.Lhs[0]) {
			l.sum(n.Lhs[0])
			l.sum(n.Rhs[0])
		}
	case token.MUL_ASSIGN:
		if v := l.variable(n.Lhs[0]); v != nil && l.isFloat(n.Lhs[0]) && !l.isPowerOfTwo(n.Rhs[0]) {
			l.products[v] = append(l.products[v], n.Pos())
		}
	}
}

func (l *linter) returns(n *ast.ReturnStmt, results *types.Tuple, value bool) {
	for i := 0; results != nil && i < results.Len(); i++ {
		switch {
		case len(n.Results) == results.Len() && value:
			products, _ := l.values(n.Results[i])
			l.faultProducts(products, "a function value returns a product")
			l.flow(results.At(i), n.Results[i])
		case len(n.Results) == results.Len():
			l.flow(results.At(i), n.Results[i])
		case len(n.Results) == 1:
			l.flowResult(results.At(i), n.Results[0], i)
		}
	}
}

func (l *linter) call(n *ast.CallExpr) {
	if l.info.Types[n.Fun].IsType() {
		return
	}
	if l.info.Types[n.Fun].IsBuiltin() {
		if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "copy" {
			l.flow(l.variable(n.Args[0]), n.Args[1])
		}
		return
	}
	callee := l.callee(n)
	if callee != nil && !l.loaded[callee.Pkg()] {
		return // Without source, as those of the standard library: it keeps what it is given to itself.
	}
	if callee == nil {
		for _, a := range n.Args {
			products, _ := l.values(a)
			l.faultProducts(products, "a product is the argument of a function value")
		}
		return
	}
	signature := callee.Signature()
	if f, ok := n.Fun.(*ast.SelectorExpr); ok && signature.Recv() != nil {
		l.flow(signature.Recv(), f.X)
	}
	for i, a := range n.Args {
		if parameters := signature.Params(); parameters.Len() > 0 {
			l.flow(parameters.At(min(i, parameters.Len()-1)), a)
		}
	}
}

func (l *linter) composite(n *ast.CompositeLit) {
	t := l.info.TypeOf(n)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if field, ok := l.info.Uses[pair.Key.(*ast.Ident)].(*types.Var); ok {
				l.flow(field.Origin(), pair.Value)
			}
		} else {
			l.flow(structure.Field(i).Origin(), e)
		}
	}
}

// sum enters an operand of + or -.
func (l *linter) sum(e ast.Expr) {
	products, variables := l.values(e)
	l.faultProducts(products, "a product is added or subtracted")
	for _, v := range variables {
		l.summed[v] = e.Pos()
	}
}

// flow enters that v may take the values of e.
func (l *linter) flow(v *types.Var, e ast.Expr) {
	if v == nil || holdsInterfaces(v.Type()) {
		return
	}
	products, variables := l.values(e)
	l.products[v] = append(l.products[v], products...)
	for _, w := range variables {
		l.link(v, w)
	}
}

// flowResult enters that v may take result i of the call e.
func (l *linter) flowResult(v *types.Var, e ast.Expr, i int) {
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok && v != nil {
		if callee := l.callee(c); callee != nil && i < callee.Signature().Results().Len() {
			l.link(v, callee.Signature().Results().At(i))
		}
	}
}

// link enters that v takes the values of w; if they are slices or pointers, they also share them.
func (l *linter) link(v, w *types.Var) {
	l.from[v] = append(l.from[v], w)
	switch w.Type().Underlying().(type) {
	case *types.Slice, *types.Pointer, *types.Map:
		l.from[w] = append(l.from[w], v)
	}
}

// values are the bare products and the variables whose unrounded values e may have.
func (l *linter) values(e ast.Expr) (products []token.Pos, variables []*types.Var) {
	if l.isConstant(e) {
		return nil, nil
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.values(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.ADD || e.Op == token.SUB || e.Op == token.AND {
			return l.values(e.X)
		}
	case *ast.BinaryExpr:
		if e.Op == token.MUL && l.isFloat(e) && !l.isPowerOfTwo(e.X) && !l.isPowerOfTwo(e.Y) {
			return []token.Pos{e.Pos()}, nil
		}
		if e.Op == token.MUL && l.isPowerOfTwo(e.X) { // Exact: it hands on what it multiplies.
			return l.values(e.Y)
		}
		if e.Op == token.MUL && l.isPowerOfTwo(e.Y) {
			return l.values(e.X)
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr, *ast.SliceExpr:
		if v := l.variable(e); v != nil {
			return nil, []*types.Var{v}
		}
	case *ast.CompositeLit:
		if _, ok := l.info.TypeOf(e).Underlying().(*types.Struct); ok {
			return nil, nil
		}
		for _, x := range e.Elts {
			if pair, ok := x.(*ast.KeyValueExpr); ok {
				x = pair.Value
			}
			p, v := l.values(x)
			products, variables = append(products, p...), append(variables, v...)
		}
	case *ast.CallExpr:
		if l.info.Types[e.Fun].IsBuiltin() {
			if f, ok := e.Fun.(*ast.Ident); ok && f.Name == "append" {
				for _, a := range e.Args {
					p, v := l.values(a)
					products, variables = append(products, p...), append(variables, v...)
				}
			}
			return products, variables
		}
		if callee := l.callee(e); callee != nil && callee.Signature().Results().Len() == 1 {
			return nil, []*types.Var{callee.Signature().Results().At(0)}
		}
	}
	return products, variables
}

// variable is the variable that stands for an expression that can be assigned to.
func (l *linter) variable(e ast.Expr) *types.Var {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.variable(e.X)
	case *ast.Ident:
		object := l.info.Defs[e]
		if object == nil {
			object = l.info.Uses[e]
		}
		if v, ok := object.(*types.Var); ok {
			return v.Origin()
		}
	case *ast.SelectorExpr:
		if v, ok := l.info.Uses[e.Sel].(*types.Var); ok {
			return v.Origin()
		}
	case *ast.IndexExpr:
		return l.variable(e.X)
	case *ast.SliceExpr:
		return l.variable(e.X)
	case *ast.StarExpr:
		return l.variable(e.X)
	case *ast.CallExpr:
		if callee := l.callee(e); callee != nil && callee.Signature().Results().Len() == 1 {
			return callee.Signature().Results().At(0)
		}
	}
	return nil
}

// callee is the function that a call names, nil for function values and conversions.
func (l *linter) callee(n *ast.CallExpr) *types.Func {
	fun := ast.Unparen(n.Fun)
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	if index, ok := fun.(*ast.IndexListExpr); ok {
		fun = index.X
	}
	var name *ast.Ident
	switch f := fun.(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	default:
		return nil
	}
	if f, ok := l.info.Uses[name].(*types.Func); ok {
		return f.Origin()
	}
	return nil
}

// holdsInterfaces says that values of a type are interfaces or slices of them: what they hold is a
// rounded copy.
func holdsInterfaces(t types.Type) bool {
	switch t := t.(type) {
	case *types.TypeParam:
		return false
	case *types.Slice:
		return holdsInterfaces(t.Elem())
	}
	return types.IsInterface(t)
}

func (l *linter) isConstant(e ast.Expr) bool { return l.info.Types[e].Value != nil }

func (l *linter) isFloat(e ast.Expr) bool {
	t := l.info.TypeOf(e)
	if t == nil {
		return false
	}
	if p, ok := t.(*types.TypeParam); ok {
		constraint, _ := p.Constraint().Underlying().(*types.Interface)
		for i := 0; constraint != nil && i < constraint.NumEmbeddeds(); i++ {
			union, ok := constraint.EmbeddedType(i).(*types.Union)
			for j := 0; ok && j < union.Len(); j++ {
				if b, ok := union.Term(j).Type().Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
					return true
				}
			}
		}
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
}

// isPowerOfTwo says that e is a constant by which a product is exact.
func (l *linter) isPowerOfTwo(e ast.Expr) bool {
	value := l.info.Types[e].Value
	if value == nil {
		return false
	}
	float, exact := constant.Float64Val(constant.ToFloat(value))
	mantissa, _ := math.Frexp(float)
	return exact && math.Abs(mantissa) == 0.5
}

func (l *linter) faultProducts(products []token.Pos, what string) {
	for _, p := range products {
		l.fault(p, what+": wrap it in float64()")
	}
}

func (l *linter) fault(p token.Pos, what string) {
	position := l.fset.Position(p)
	if !l.judged[position.Filename] {
		return
	}
	l.findings[p] = fmt.Sprintf("%s:%d:%d: %s", shown(position.Filename), position.Line, position.Column, what)
}

// shown is a file name relative to the folder of this test.
func shown(name string) string {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(name) {
		if short, err := filepath.Rel(here, name); err == nil {
			return short
		}
	}
	return name
}

// report follows the graph backwards from the sums and lists all faults in order of place.
func (l *linter) report() []string {
	var open []*types.Var
	for v := range l.summed {
		if l.rounded[v] {
			delete(l.summed, v)
			continue
		}
		open = append(open, v)
	}
	for len(open) > 0 {
		v := open[len(open)-1]
		open = open[:len(open)-1]
		for _, w := range l.from[v] {
			if l.summed[w] == token.NoPos && !l.rounded[w] {
				l.summed[w] = l.summed[v]
				open = append(open, w)
			}
		}
	}
	for v, place := range l.summed {
		at := l.fset.Position(place)
		l.faultProducts(l.products[v], fmt.Sprintf("a product reaches the sum at %s:%d", shown(at.Filename), at.Line))
	}
	var texts []string
	for _, p := range slices.Sorted(maps.Keys(l.findings)) {
		texts = append(texts, l.findings[p])
	}
	return texts
}
