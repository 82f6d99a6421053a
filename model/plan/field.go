package plan

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// Dimension gives the names along a dimension in the order in which tables are
// indexed: size, industry, region, trigger, medium, channel, product, team or
// month.
func (p *Plan) Dimension(by string) []string {
	switch by {
	case "size":
		return namesOf(p.Population.Sizes, func(x *Size) string { return x.Name })
	case "industry":
		return namesOf(p.Population.Industries, func(x *Industry) string { return x.Name })
	case "region":
		return namesOf(p.Population.Regions, func(x *Region) string { return x.Name })
	case "trigger":
		return namesOf(p.Triggers, func(x *Trigger) string { return x.Name })
	case "medium":
		return namesOf(p.Media, func(x *Medium) string { return x.Name })
	case "channel":
		return namesOf(p.Channels, func(x *Channel) string { return x.Name })
	case "product":
		return namesOf(p.Products, func(x *Product) string { return x.Name })
	case "team":
		return namesOf(p.Teams, func(x *Team) string { return x.Name })
	case "month":
		return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	}
	panic("plan: no dimension " + by)
}

func namesOf[T any](xs []T, name func(*T) string) []string {
	out := make([]string, len(xs))
	for i := range xs {
		out[i] = name(&xs[i])
	}
	return out
}

// Field is a place in a plan that a key names: the row of the parameter table,
// the key in canonical form without the entry, a pointer to the Go value and,
// if the key names one entry of a by-table, its index (else -1).
type Field struct {
	Param Param
	Key   string
	Ptr   any // *float64, *[]float64, *Split, *string, *bool, *Date, *[]string, *[]RegimeFrom, *[]AgeBand, *[]Began
	Entry int
}

// Fields finds every place that a key names; a segment * stands for every name.
// It is an error if there is none, and the error names the nearest known key.
func (p *Plan) Fields(key string) ([]Field, error) {
	segs, err := SplitKey(key)
	if err != nil {
		return nil, err
	}
	var out []Field
	err = p.find(reflect.ValueOf(p).Elem(), segs, 0, nil, "", &out)
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s names nothing in this plan", key)
	}
	return out, nil
}

// AllFields lists every place of the plan, in the order of the struct fields
// and, within named tables, in the order of the plan.
func (p *Plan) AllFields() []Field {
	out := make([]Field, 0, 1024)
	p.collect(reflect.ValueOf(p).Elem(), "", "", &out)
	return out
}

// keysOf gives the key of every field of a struct, as its tag says it; empty or "-":
// none. A plan has hundreds of structs of a few types, and tags are slow to read.
func keysOf(t reflect.Type) []string {
	if keys, ok := keysOfType.Load(t); ok {
		return keys.([]string)
	}
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = t.Field(i).Tag.Get("toml")
	}
	keysOfType.Store(t, keys)
	return keys
}

var keysOfType sync.Map // of reflect.Type to []string

// collect lists the fields of one struct; at begins their keys, pattern their patterns.
func (p *Plan) collect(v reflect.Value, at, pattern string, out *[]Field) {
	for i, tag := range keysOf(v.Type()) {
		if tag == "" || tag == "-" {
			continue
		}
		f := v.Field(i)
		switch {
		case f.Kind() == reflect.Struct && f.Type() != splitType:
			p.collect(f, at+tag+".", pattern+tag+".", out)
		case isNamed(f.Type()):
			for j := range f.Len() {
				p.collect(f.Index(j), at+tag+"."+JoinKey(f.Index(j).FieldByName("Name").String())+".", pattern+tag+".*.", out)
			}
		default:
			*out = append(*out, Field{Param: paramAt(pattern + tag).In(p.Run.Currency), Key: at + tag, Ptr: f.Addr().Interface(),
				Entry: -1})
		}
	}
}

// find walks one struct along segs[i:]; at is the canonical path so far.
func (p *Plan) find(v reflect.Value, segs []string, i int, at []string, pattern string, out *[]Field) error {
	if i == len(segs) {
		return fmt.Errorf("%s is a table; name one of its keys", JoinKey(segs...))
	}
	keys := keysOf(v.Type())
	known := func(tag string) bool { return tag != "" && tag != "-" }
	if n := slices.Index(keys, segs[i]); n >= 0 && known(segs[i]) {
		return p.findField(v.Field(n), segs, i+1, append(slices.Clone(at), segs[i]), pattern+segs[i], out)
	}
	e := unknownKey(segs, i, slices.DeleteFunc(slices.Clone(keys), func(tag string) bool { return !known(tag) }))
	if i == 0 && e.Nearest == "" {
		e.Nearest = p.placed(segs)
	}
	return e
}

// placed gives the key that begins with what has a name, where that name was given alone: media.radio for radio; empty:
// nothing has a name like it.
func (p *Plan) placed(segs []string) string {
	var known []string
	tables := map[string]string{}
	v := reflect.ValueOf(p).Elem()
	for i, table := range keysOf(v.Type()) {
		if list := v.Field(i); table != "" && table != "-" && isNamed(list.Type()) {
			for j := range list.Len() {
				name := list.Index(j).FieldByName("Name").String()
				known, tables[name] = append(known, name), table
			}
		}
	}
	near := Nearest(segs[0], known)
	if near == "" {
		return ""
	}
	return JoinKey(append([]string{tables[near], near}, segs[1:]...)...)
}

func (p *Plan) findField(f reflect.Value, segs []string, i int, at []string, pattern string, out *[]Field) error {
	table := f.Kind() == reflect.Struct && f.Type() != splitType
	switch {
	case table:
		return p.find(f, segs, i, at, pattern+".", out)
	case isNamed(f.Type()):
		return p.findNamed(f, segs, i, at, pattern+".*", out)
	}
	field := Field{Param: paramAt(pattern).In(p.Run.Currency), Key: JoinKey(at...), Ptr: f.Addr().Interface(), Entry: -1}
	if i == len(segs) {
		*out = append(*out, field)
		return nil
	}
	if field.Param.By == "" || i+1 < len(segs) {
		return fmt.Errorf("%s is no key: %s holds one value", JoinKey(segs...), field.Key)
	}
	if segs[i] == "*" {
		*out = append(*out, field)
		return nil
	}
	names := p.Dimension(field.Param.By)
	if field.Entry = slices.Index(names, segs[i]); field.Entry < 0 {
		return unknownKey(segs, i, names)
	}
	*out = append(*out, field)
	return nil
}

func (p *Plan) findNamed(list reflect.Value, segs []string, i int, at []string, pattern string, out *[]Field) error {
	if i == len(segs) {
		return fmt.Errorf("%s is a table; name one of its keys", JoinKey(segs...))
	}
	var known []string
	var first error
	matched := false
	for j := range list.Len() {
		name := list.Index(j).FieldByName("Name").String()
		known = append(known, name)
		if segs[i] != name && segs[i] != "*" {
			continue
		}
		err := p.find(list.Index(j), segs, i+1, append(slices.Clone(at), name), pattern+".", out)
		matched = matched || err == nil
		if err != nil && first == nil {
			first = err
		}
	}
	switch {
	case matched:
		return nil
	case first != nil:
		return first
	}
	return unknownKey(segs, i, known)
}

// UnknownKeyError is a key that no plan, or not this plan, knows.
type UnknownKeyError struct {
	Key     string
	Nearest string // nearest known key, or empty
}

func (e *UnknownKeyError) Error() string {
	return e.Key + ": unknown key" + DidYouMean(e.Nearest)
}

func unknownKey(segs []string, i int, known []string) *UnknownKeyError {
	e := &UnknownKeyError{Key: JoinKey(segs...)}
	if len(segs) == 1 {
		e.Nearest = Misplaced(segs[0])
	}
	if near := Nearest(segs[i], known); near != "" && e.Nearest == "" {
		e.Nearest = JoinKey(slices.Concat(segs[:i], []string{near}, segs[i+1:])...)
	}
	return e
}

// Param gives the row of the parameter table for a key of this plan, a by-table
// or one of its entries.
func (p *Plan) Param(key string) (Param, bool) {
	fields, err := p.Fields(key)
	if err != nil {
		return Param{}, false
	}
	return fields[0].Param, true
}

// Numbers gives pointers to every number that a key names, in the order of the
// plan: a plain number, one entry of a by-table, a whole by-table (all its
// entries; the total of a Split that has no parts), and with * as a segment
// those of every name. All have the same Param if only names are starred.
func (p *Plan) Numbers(key string) ([]*float64, Param, error) {
	fields, err := p.Fields(key)
	if err != nil {
		return nil, Param{}, err
	}
	var out []*float64
	for _, f := range fields {
		switch v := f.Ptr.(type) {
		case *float64:
			out = append(out, v)
		case *[]float64:
			out = append(out, entries(*v, f.Entry)...)
		case *Split:
			switch {
			case v.Parts != nil:
				out = append(out, entries(v.Parts, f.Entry)...)
			case f.Entry >= 0:
				return nil, f.Param, fmt.Errorf("%s is one total for all regions here; it has no part %s", f.Key,
					p.Dimension(f.Param.By)[f.Entry])
			default:
				out = append(out, &v.Total)
			}
		default:
			return nil, f.Param, fmt.Errorf("%s is not a number", f.Key)
		}
	}
	if len(out) == 0 {
		return nil, fields[0].Param, fmt.Errorf("%s has no entries in this plan", key)
	}
	return out, fields[0].Param, nil
}

func entries(xs []float64, entry int) []*float64 {
	var out []*float64
	for i := range xs {
		if entry < 0 || entry == i {
			out = append(out, &xs[i])
		}
	}
	return out
}

// Clone copies a plan so that no number of the copy is shared with p. Texts,
// dates, lists of names, schedules, changes, shocks, inputs, origins and the
// opening plan are shared: they are not changed after loading.
func (p *Plan) Clone() *Plan {
	q := *p
	cloneNumbers(reflect.ValueOf(&q).Elem())
	return &q
}

func cloneNumbers(v reflect.Value) {
	t := v.Type()
	for i, tag := range keysOf(t) {
		if t != splitType && (tag == "" || tag == "-") {
			continue
		}
		f := v.Field(i)
		switch {
		case f.Kind() == reflect.Struct:
			cloneNumbers(f)
		case f.Kind() == reflect.Slice && f.Type() != textsType && !f.IsNil():
			c := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(c, f)
			f.Set(c)
			if f.Type().Elem().Kind() == reflect.Struct && isNamed(f.Type()) {
				for j := range c.Len() {
					cloneNumbers(c.Index(j))
				}
			}
		}
	}
}
