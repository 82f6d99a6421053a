package scenarios

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"windfall/model/plan"
)

// Scenario is a loaded scenario: its plan, what is worth knowing about it, and
// the files that it was made of.
type Scenario struct {
	Plan     *plan.Plan
	Warnings Problems
	Files    []string // the file itself first, then its bases
	Study    *Raw     // the table [study] as written, nil without one
}

// Option changes how a scenario is loaded.
type Option func(*loader)

// Set overrides keys, each written KEY=VALUE as in a scenario file; in KEY a
// segment may be *, and KEY*=VALUE multiplies what the key holds on every day.
// Overrides act from the first day on and never enter the opening state.
func Set(assignments ...string) Option {
	return func(l *loader) { l.sets = append(l.sets, assignments...) }
}

// OneOfSeveral says that overrides are meant for several plans, of which this is one: in it
// they may do nothing.
func OneOfSeveral() Option { return func(l *loader) { l.oneOfSeveral = true } }

// Variant applies the table [study.variants.NAME] of the file, in the same way
// as Set and before it.
func Variant(name string) Option { return func(l *loader) { l.variants = append(l.variants, name) } }

// CheckGoal gives the loader a parser of the goal language; without it a goal
// is any text.
func CheckGoal(check func(expect string) error) Option {
	return func(l *loader) { l.checkGoal = check }
}

// SettledGoal gives Check a reader of goals that says why one is decided before any run, or "".
func SettledGoal(why func(p *plan.Plan, expect string) string) Option {
	return func(l *loader) { l.settledGoal = why }
}

// CheckStudy gives Check a reader of studies; without it a table [study] is any table.
func CheckStudy(check func(*Base) error) Option { return func(l *loader) { l.checkStudy = check } }

// CheckBaseline gives the loader a judge of whether a plan and its baseline can be set side by side.
func CheckBaseline(check func(p, baseline *plan.Plan) error) Option {
	return func(l *loader) { l.checkBaseline = check }
}

// Stdin replaces standard input, which a scenario named - is read from.
func Stdin(r io.Reader) Option { return func(l *loader) { l.stdin = r } }

func withBuiltins(files fs.FS) Option { return func(l *loader) { l.builtins = files } }

// Load reads a scenario: a shipped one by name, a file by path, or standard
// input as -. The error is Problems where the scenario is at fault.
func Load(nameOrPath string, opts ...Option) (*plan.Plan, error) {
	s, err := Open(nameOrPath, opts...)
	if err != nil {
		return nil, err
	}
	return s.Plan, nil
}

// LoadBytes reads a scenario from memory; name stands for its file in messages.
func LoadBytes(name string, data []byte, opts ...Option) (*plan.Plan, error) {
	s, err := OpenBytes(name, data, opts...)
	if err != nil {
		return nil, err
	}
	return s.Plan, nil
}

// Open is Load with warnings, files and the study.
func Open(nameOrPath string, opts ...Option) (*Scenario, error) {
	b, err := Read(nameOrPath, opts...)
	if err != nil {
		return nil, err
	}
	return b.Open()
}

// OpenBytes is LoadBytes with warnings, files and the study.
func OpenBytes(name string, data []byte, opts ...Option) (*Scenario, error) {
	b, err := read(newLoader(opts), &file{display: name, id: name, name: nameOf(name), data: data})
	if err != nil {
		return nil, err
	}
	return b.Open()
}

// Base is a scenario whose files have been read, to make many plans of it that differ
// in their overrides. One goroutine at a time may use it.
type Base struct {
	l     *loader
	file  *file
	plain *node
}

// Read reads the files of a scenario. Its options hold for every plan that is made
// of it. The error is Problems where the files are at fault.
func Read(nameOrPath string, opts ...Option) (*Base, error) {
	l := newLoader(opts)
	f, err := l.find(nameOrPath, nil)
	if err != nil {
		var p Problem
		if errors.As(err, &p) {
			return nil, Problems{p}
		}
		return nil, err
	}
	return read(l, f)
}

func read(l *loader, f *file) (*Base, error) {
	plain := l.tree(f, nil)
	if plain == nil || len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	if plain = l.drawn(plain); len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	return &Base{l: l, file: f, plain: plain}, nil
}

// Sets are the overrides with which the files were read.
func (s *Base) Sets() []string { return s.l.sets }

// Open makes the scenario with further options.
func (s *Base) Open(opts ...Option) (*Scenario, error) {
	scenario, _, err := s.open(opts)
	return scenario, err
}

// open makes the scenario, and what it was built with.
func (s *Base) open(opts []Option) (*Scenario, *builder, error) {
	l, b, err := s.build(opts)
	if err != nil {
		return nil, nil, err
	}
	if err := s.holdAgainst(l, b); err != nil {
		return nil, nil, err
	}
	b.notes()
	b.warnings = b.warnings.sorted().grouped()
	l.place(b.plan, s.file)
	return &Scenario{Plan: b.plan, Warnings: b.warnings, Files: l.order, Study: rawOf(s.plain.kid("study"))}, b, nil
}

// Plan makes the plan alone.
func (s *Base) Plan(opts ...Option) (*plan.Plan, error) {
	l, b, err := s.build(opts)
	if err != nil {
		return nil, err
	}
	l.place(b.plan, s.file)
	return b.plan, nil
}

// loader reads one scenario and everything that it extends.
type loader struct {
	sets, variants []string
	checkGoal      func(string) error
	settledGoal    func(*plan.Plan, string) string
	checkStudy     func(*Base) error
	checkBaseline  func(p, baseline *plan.Plan) error
	stdin          io.Reader
	oneOfSeveral   bool
	builtins       fs.FS

	files      map[string]*file // by display name
	order      []string
	trees      map[string]*node  // merged, by the file's id
	currencies map[string]string // in which a file counts, by display name
	stated     map[string]bool   // it or a base of it says so
	written    []*node           // overrides as they were written
	openings   map[day]*opening  // made already, by their trees and first days
	laid       map[*node]*withDraws
	drawsRead  map[string]*drawsTable
	drawsTexts map[string]string // tables that stand in a resolved scenario, by hash
	drawsFiles map[string]string // by display name
	rowsRight  map[rowsOf]bool   // trees whose rows of draws were all checked
	problems   Problems
}

// file is one file of scenario text.
type file struct {
	display string // as messages name it
	id      string // the same for every way to the same file
	name    string // without folder and ending
	dir     string // folder that relative names start from
	builtin bool
	data    []byte
}

func newLoader(opts []Option) *loader {
	l := &loader{stdin: os.Stdin, builtins: shipped, files: map[string]*file{}, trees: map[string]*node{},
		currencies: map[string]string{}, stated: map[string]bool{}, openings: map[day]*opening{},
		laid: map[*node]*withDraws{}, drawsRead: map[string]*drawsTable{}, drawsTexts: map[string]string{},
		drawsFiles: map[string]string{}, rowsRight: map[rowsOf]bool{}}
	for _, o := range opts {
		o(l)
	}
	return l
}

func nameOf(p string) string {
	return strings.TrimSuffix(path.Base(filepath.ToSlash(p)), ".toml")
}

func isPath(ref string) bool {
	return strings.HasSuffix(ref, ".toml") || strings.ContainsAny(ref, `/\`)
}

// find reads the file that a name or path means, as written in another file or
// (nil) on the command line.
func (l *loader) find(ref string, from *file) (*file, error) {
	if ref == "-" && from == nil {
		data, err := io.ReadAll(io.LimitReader(l.stdin, maxResolved+1))
		return &file{display: "standard input", id: "-", name: "stdin", dir: ".", data: data}, err
	}
	names := builtins(l.builtins)
	if p, ok := names[ref]; ok {
		data, err := fs.ReadFile(l.builtins, p)
		return &file{display: p, id: p, name: ref, builtin: true, data: data}, err
	}
	if from != nil && from.builtin {
		if p, ok := names[nameOf(ref)]; ok && isPath(ref) {
			data, err := fs.ReadFile(l.builtins, p)
			return &file{display: p, id: p, name: nameOf(ref), builtin: true, data: data}, err
		}
		return nil, l.noScenario(ref, names)
	}
	tries := []string{ref}
	if !isPath(ref) {
		tries = []string{ref + ".toml", ref}
	}
	if from != nil { // nobody's file is read, and quoted, because another one names it
		tries = slices.DeleteFunc(tries, func(t string) bool { return filepath.Ext(t) != ".toml" })
		if len(tries) == 0 {
			return nil, Problem{File: ref, Message: "a base is a shipped scenario or a file that ends in .toml"}
		}
	}
	for _, t := range tries {
		at := t
		if from != nil && !filepath.IsAbs(at) {
			at = filepath.Join(from.dir, at)
		}
		id, err := filepath.EvalSymlinks(at)
		if err == nil {
			id, err = filepath.Abs(id)
		}
		if err == nil && from != nil && filepath.Ext(id) != ".toml" {
			err = errors.New("is a link to a file that does not end in .toml")
		}
		var data []byte
		if err == nil {
			data, err = readFile(id, maxResolved)
		}
		if err == nil {
			return &file{display: at, id: id, name: nameOf(t), dir: filepath.Dir(at), data: data}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, Problem{File: at, Message: reason(err)}
		}
	}
	if isPath(ref) {
		at := ref
		if from != nil && !filepath.IsAbs(at) {
			at = filepath.Join(from.dir, at)
		}
		return nil, Problem{File: at, Message: "no such file",
			Hint: plan.Nearest(nameOf(ref), slices.Sorted(maps.Keys(names)))}
	}
	return nil, l.noScenario(ref, names)
}

func (l *loader) noScenario(ref string, names map[string]string) error {
	return Problem{File: ref, Message: "neither a shipped scenario nor a file",
		Hint: plan.Nearest(ref, slices.Sorted(maps.Keys(names)))}
}

// readFile reads at most one byte more than a file may have, of a regular file: a
// pipe would be waited for.
func readFile(p string, most int64) ([]byte, error) {
	info, err := os.Stat(p)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("is a folder; a scenario is a file")
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is no regular file; standard input is read with -")
	}
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// reason is the cause of a file error without its path.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// extendsOf reads the names of a file's bases.
func extendsOf(root *node) (refs []string, ok bool) {
	n := root.kid("extends")
	switch {
	case n == nil:
		return nil, true
	case n.kind == text:
		return []string{n.value.(string)}, true
	case n.kind != array:
		return nil, false
	}
	for _, e := range n.elems {
		if e.kind != text {
			return nil, false
		}
		refs = append(refs, e.value.(string))
	}
	return refs, true
}

// lacksBase tells a scenario that extends nothing and has not one key of a
// table that every plan needs.
func lacksBase(root *node) bool {
	return root.kid("extends") == nil && root.kid("resolved") == nil &&
		slices.ContainsFunc(plan.Params(), func(p plan.Param) bool {
			top, _, _ := strings.Cut(p.Pattern, ".")
			return p.Default == "required" && !strings.Contains(p.Pattern, "*") && root.kid(top) == nil
		})
}

// own are the top-level keys that a file does not pass on to those that extend it.
var own = []string{"extends", "title", "question", "baseline", "study", "resolved", "opening_plan", "baseline_plan"}

// tree parses a file, reads its bases and merges them: later bases over
// earlier ones, the file over all.
func (l *loader) tree(f *file, stack []string) *node {
	if t, ok := l.trees[f.id]; ok { // nil: it has problems, which are told once
		return t
	}
	l.trees[f.id] = nil
	l.files[f.display] = f
	l.order = append(l.order, f.display)
	root, problems := parse(f.display, f.data)
	l.problems = append(l.problems, problems...)
	if root == nil {
		return nil
	}
	refs, ok := extendsOf(root)
	if !ok {
		n := root.kid("extends")
		l.problems = append(l.problems, Problem{File: f.display, Line: n.line, Col: n.col, Key: "extends", Value: n.show(),
			Message: "must be the name of a scenario, or a list of names"})
	}
	if len(refs) > mostBases || len(refs) > 0 && len(stack) >= mostBases {
		n := root.kid("extends")
		l.problems = append(l.problems, Problem{File: f.display, Line: n.line, Col: n.col, Key: "extends",
			Message: fmt.Sprintf("at most %d names are allowed, and %d files that extend each other", mostBases, mostBases)})
		return nil
	}
	stack = append(slices.Clone(stack), f.id)
	var base *node
	for i, ref := range refs {
		at := root.kid("extends")
		if at.kind == array {
			at = at.elems[i]
		}
		problem := Problem{File: f.display, Line: at.line, Col: at.col, Key: "extends", Value: at.show()}
		b, err := l.find(ref, f)
		if err != nil {
			var p Problem
			if errors.As(err, &p) {
				problem.Message, problem.Hint = p.Message, p.Hint
			} else {
				problem.Message = err.Error()
			}
			l.problems = append(l.problems, problem)
			continue
		}
		if k := slices.Index(stack, b.id); k >= 0 {
			problem.Message = "is a cycle: " + l.ring(append(slices.Clone(stack[k:]), b.id))
			l.problems = append(l.problems, problem)
			continue
		}
		t := l.tree(b, stack)
		if t == nil {
			continue
		}
		t = t.copy()
		for _, k := range own {
			t.remove(k)
		}
		base = merge(base, t, "")
	}
	merged := merge(base, root, "")
	merged.file = f.display
	l.currencies[f.display], l.stated[f.display] = currencyOf(merged), merged.at("run", "currency") != nil
	l.trees[f.id] = merged
	return merged
}

// mostBases is the number of scenarios that one may extend, and how often in a row.
const mostBases = 20

// ring writes a cycle of files, each as it was named first.
func (l *loader) ring(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		for _, display := range l.order {
			if l.files[display].id == id {
				names[i] = display
				break
			}
		}
	}
	return strings.Join(names, " extends ")
}

// place names the files where values were set in a way that does not depend on how
// their names were typed: from the folder of the scenario.
func (l *loader) place(p *plan.Plan, f *file) {
	places := map[string]string{}
	from := filepath.Dir(f.id)
	if f.dir == "." && f.id == "-" {
		from, _ = filepath.Abs(".")
	}
	for display, x := range l.files {
		if rel, err := filepath.Rel(from, x.id); err == nil && filepath.IsAbs(x.id) {
			places[display] = filepath.ToSlash(rel)
		}
	}
	for display, id := range l.drawsFiles {
		if rel, err := filepath.Rel(from, id); err == nil {
			places[display] = filepath.ToSlash(rel)
		}
	}
	for key, o := range p.Origins {
		if place, ok := places[o.File]; ok && o.Line > 0 {
			o.File = place
			p.Origins[key] = o
		}
	}
}

// build makes the plan of the files that were read, with further options. What it
// reads or finds for this plan alone does not stay in the base.
func (s *Base) build(opts []Option) (*loader, *builder, error) {
	c := *s.l
	l, f, plain := &c, s.file, s.plain
	l.sets, l.variants, l.written = slices.Clone(l.sets), slices.Clone(l.variants), slices.Clone(l.written)
	l.files, l.order, l.trees = maps.Clone(l.files), slices.Clone(l.order), maps.Clone(l.trees)
	l.currencies, l.stated = maps.Clone(l.currencies), maps.Clone(l.stated)
	for _, o := range opts {
		o(l)
	}
	merged := l.override(plain, f)
	l.refuseDraws()
	l.checkCurrency(merged, f)
	if len(l.problems) > 0 {
		return nil, nil, l.problems.sorted()
	}
	b := build(merged, f.name, f.display)
	l.firstDay(b)
	b.oneOfSeveral, b.settledGoal = l.oneOfSeveral, l.settledGoal
	if len(b.problems) > 0 && lacksBase(merged) {
		b.problems = append(b.problems, Problem{File: f.display,
			Message: fmt.Sprintf("did you forget extends = %q?", starterBase)})
	}
	if l.checkGoal != nil {
		b.checkGoals(l.checkGoal)
	}
	if len(b.problems) == 0 {
		b.check()
	}
	if len(b.problems) == 0 && !l.oneOfSeveral {
		for _, o := range l.written {
			b.checkOverrides(o, nil)
		}
	}
	l.checkRowsOnce(b, plain)
	resolved := plain.kid("resolved")
	if resolved != nil && resolved.kind == table {
		b.readResolved(resolved)
	}
	opening := l.opening(b, plain, merged, f)
	problems := append(l.problems, b.problems...)
	if len(problems) > 0 {
		return nil, nil, problems.sorted()
	}
	if opening != nil {
		b.plan.OpeningPlan = opening.plan
		if b.dealt != nil && b.dealt == opening.dealt { // a total is dealt once: over what the opening plan sells
			b.plan.Opening.Customers = slices.Clone(opening.plan.Opening.Customers)
		}
		b.checkSameDraws()
		if b.checkSameMarket(); len(b.problems) == 0 {
			b.checkSamePrices()
		}
		if len(b.problems) == 0 {
			b.checkOpeningKeys()
		}
	}
	if len(b.problems) > 0 {
		return nil, nil, b.problems.sorted()
	}
	return l, b, nil
}

// day is a tree of which an opening plan is made, and the first day of the run.
type day struct {
	tree  *node
	start plan.Date
}

// opening is an opening plan that was made of a tree.
type opening struct {
	*builder
	digest string // of what shapes the opening state
}

// opening makes the opening plan of a scenario, or gives nil where that is the
// scenario itself. Nothing that acts from the first day on enters it.
func (l *loader) opening(b *builder, plain, merged *node, f *file) *builder {
	tree, name, display := plain, f.name, f.display
	at := plain.at("opening", "plan")
	over := merged.at("opening", "plan")
	switch embedded := plain.kid("opening_plan"); {
	case plain.kid("resolved") != nil:
		if embedded != nil && embedded.kind == table && merged == plain {
			o := build(l.drawn(embedded), f.name, f.display)
			l.firstDay(o)
			if r := embedded.kid("resolved"); r != nil && r.kind == table {
				o.readResolved(r)
			}
			if len(o.problems) == 0 {
				o.check()
			}
			b.problems = append(b.problems, o.problems...)
			o.plan = unmoved(o.plan)
			l.place(o.plan, f)
			return o
		}
		if embedded != nil && embedded.kind == table {
			tree = embedded
		}
	case embedded != nil:
		b.report(embedded, "opening_plan", "", "is written by windfall into resolved scenarios only; name the scenario in "+
			"[opening] plan", "")
		return nil
	case over != nil && over.kind == text && over.value == "self":
		return nil
	case over != at:
		b.report(over, "opening.plan", over.show(), "can be overridden by \"self\" only: the scenario with all overrides "+
			"makes its own opening state", "")
		return nil
	case at != nil && at.kind == text && at.value != "":
		ref, writer := at.value.(string), l.files[at.file]
		if ref == writer.name {
			tree, name, display = l.trees[writer.id], writer.name, writer.display
			break
		}
		o, err := l.find(ref, writer)
		if err != nil {
			p := Problem{Message: err.Error()}
			errors.As(err, &p)
			b.report(at, "opening.plan", at.show(), p.Message, p.Hint)
			return nil
		}
		if tree = l.tree(o, nil); tree == nil {
			return nil
		}
		name, display = o.name, o.display
	}
	if tree == merged {
		return nil
	}
	if tree = l.drawn(tree); tree == merged || len(b.problems)+len(l.problems) > 0 {
		return nil
	}
	made := day{tree, b.plan.Run.Start}
	o := l.openings[made]
	if o == nil {
		o = &opening{builder: build(tree, name, display)}
		if o.plan.Opening.Replay { // what came before the run, whenever that begins
			o.plan.Run.Start = b.plan.Run.Start
		}
		l.firstDay(o.builder)
		if len(o.problems) == 0 {
			o.check()
		}
		l.checkRowsOnce(o.builder, tree)
		if len(o.problems) > 0 {
			b.problems = append(b.problems, o.problems...)
			return nil
		}
		if r := tree.kid("resolved"); r != nil {
			o.readResolved(r)
		}
		o.plan, o.digest = unmoved(o.plan), openingDigest(o.plan)
		l.place(o.plan, f)
		l.openings[made] = o
	}
	if b.plan.Run.Start == o.plan.Run.Start && openingDigest(b.plan) == o.digest {
		return nil // the plan makes the same opening state by itself
	}
	return o.builder
}

// checkGoals parses goals with the command's parser.
func (b *builder) checkGoals(check func(string) error) {
	for _, g := range b.plan.Goals {
		if err := check(g.Expect); err != nil {
			key := "goals." + plan.JoinKey(g.Name) + ".expect"
			b.wrong(key, "")
			last := &b.problems[len(b.problems)-1]
			*last = Misread(*last, err)
		}
	}
}

// checkSameMarket reports an opening plan that divides the market differently.
func (b *builder) checkSameMarket() {
	p, o := b.plan, b.plan.OpeningPlan
	if p.Run.Currency != o.Run.Currency {
		b.wrong("opening.plan", "%s counts in %s, and this scenario in %s; nothing is converted", o.Name, o.Run.Currency,
			p.Run.Currency)
		return
	}
	for _, by := range []string{"size", "industry", "region"} {
		if !reflect.DeepEqual(p.Dimension(by), o.Dimension(by)) {
			b.wrong("opening.plan", "%s divides the market otherwise: its names by %s are %s, here they are %s", o.Name, by,
				strings.Join(o.Dimension(by), ", "), strings.Join(p.Dimension(by), ", "))
			return
		}
	}
	for i, s := range p.Population.Sizes {
		if x := o.Population.Sizes[i]; s.Lowest != x.Lowest || s.Highest != x.Highest {
			b.wrong("opening.plan", "%s has a size class %s from %s to %s; here it is another", o.Name, s.Name,
				fmt.Sprint(x.Lowest), fmt.Sprint(x.Highest))
			return
		}
	}
}
