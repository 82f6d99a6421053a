package scenarios

import (
	"errors"
	"slices"
	"strings"

	"windfall/model/plan"
)

// holdAgainst makes the plan that the scenario names as its baseline. It is the scenario of that name under the same
// overrides, so that what differs between the two is what the files say, and not what the command line did to one.
func (s *Base) holdAgainst(l *loader, b *builder) error {
	at, embedded := b.root.kid("baseline"), s.plain.kid("baseline_plan")
	fails := func(value, message, hint string) error {
		return Problems{b.problem(at, "baseline", value, message, hint)}
	}
	switch {
	case embedded != nil && s.plain.kid("resolved") == nil:
		return Problems{b.problem(embedded, "baseline_plan", "", "is written by windfall into resolved scenarios only; name "+
			"the scenario as baseline", "")}
	case b.plan.Baseline == "":
		return nil
	}
	base := &Base{file: s.file, plain: embedded}
	if embedded == nil || embedded.kind != table {
		var err error
		if base.file, base.plain, err = l.findBaseline(b.plan.Baseline, at, s.file); err != nil {
			p := Problem{Message: err.Error()}
			if errors.As(err, &p) && p.Key == "" { // of no file that was read
				return fails(at.show(), p.Message, p.Hint)
			}
			return err
		}
	}
	if base.plain = l.drawn(base.plain); len(l.problems) > 0 {
		return l.problems.sorted()
	}
	q, err := base.beside(l)
	if err != nil {
		return err
	}
	l.place(q, s.file)
	if l.checkBaseline != nil {
		if err := l.checkBaseline(b.plan, q); err != nil {
			return fails(at.show(), err.Error(), "")
		}
	}
	b.plan.BaselinePlan = q
	return nil
}

// findBaseline reads the files of a baseline that is named in a scenario, and refuses one that leads back to where it
// is named. Where problems are in its files, they are the error.
func (l *loader) findBaseline(ref string, at *node, from *file) (*file, *node, error) {
	writer := from
	if f := l.files[at.file]; f != nil {
		writer = f
	}
	passed := []*file{from}
	var first *file
	for {
		f, err := l.find(ref, writer)
		if err != nil {
			if first != nil { // what a baseline names is not run here
				return first, l.trees[first.id], nil
			}
			return nil, nil, err
		}
		if first == nil {
			first = f
		}
		if slices.ContainsFunc(passed, func(x *file) bool { return x.id == f.id }) {
			var names []string
			for _, x := range append(passed, f) {
				names = append(names, x.name)
			}
			return nil, nil, Problem{Message: "is a cycle: " + strings.Join(names, " is held against ")}
		}
		passed = append(passed, f)
		tree := l.tree(f, nil)
		if tree == nil || len(l.problems) > 0 {
			return nil, nil, l.problems.sorted()
		}
		next := tree.kid("baseline")
		if next == nil || next.kind != text || next.value == "" {
			return first, l.trees[first.id], nil
		}
		ref, writer = next.value.(string), f
	}
}

// beside makes the plan of a baseline under the overrides of the scenario that names it.
func (s *Base) beside(of *loader) (*plan.Plan, error) {
	l := *of
	l.sets = slices.DeleteFunc(slices.Clone(of.sets), func(set string) bool { return !concerns(s.plain, set) })
	l.variants, l.written, l.oneOfSeveral = nil, nil, true
	s.l = &l
	_, b, err := s.build(nil)
	if err != nil {
		return nil, err
	}
	b.plan.Baseline = ""
	return b.plan, nil
}

// concerns says whether an override is meant for a baseline too: not where it names the scenario itself, or a channel,
// change, goal or their like that the baseline has not.
func concerns(tree *node, set string) bool {
	key, _, _ := strings.Cut(set, "=")
	segs, err := plan.SplitKey(strings.TrimSuffix(strings.TrimSpace(key), "*"))
	if err != nil {
		return true
	}
	switch segs[0] {
	case "title", "question", "baseline", "goals":
		return false
	case "triggers", "media", "channels", "products", "teams", "cash_rules", "changes", "shocks", "correlations":
		return len(segs) < 2 || segs[1] == "*" || tree.at(segs[0], segs[1]) != nil
	}
	return true
}
