package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
)

type object = map[string]any

// Schema is a JSON schema (2020-12) of scenario files for editors, made from
// the parameter table. A scenario refers to it in its first line:
//
//	#:schema ./scenario.schema.json
func Schema() []byte {
	s := &schemaWriter{defs: object{}}
	s.common()
	root := s.section("")
	props := root["properties"].(object)
	names := object{"anyOf": []any{object{"type": "string"}, object{"type": "array", "items": object{"type": "string"}}}}
	props["extends"] = described(names, "Scenarios that this one takes its keys from: names of shipped scenarios, or "+
		"files relative to this one. Later ones override earlier ones, this file overrides all.")
	props["changes"] = named("Dated changes of any numbers.", s.move([]string{"from"}, object{
		"from": ref("start"), "until": ref("date"),
		"layer": described(object{"type": "integer", "minimum": 0, "maximum": mostLayers},
			"Changes of a layer above 0 act after shocks, and after all changes of lower layers whatever their dates. "+
				"Default: 0."),
	}))
	props["shocks"] = named("Things that happen to the plan, with a chance and at a date.",
		s.move([]string{"from", "weeks"}, object{
			"probability": shareSchema(),
			"from":        ref("start"), "from_latest": ref("date"),
			"weeks": object{"type": "number", "exclusiveMinimum": 0, "maximum": 2000},
		}))
	props["correlations"] = named("Ties between two uncertain numbers.", object{
		"type": "object", "additionalProperties": false, "required": []string{"between", "rho"},
		"properties": object{
			"between": object{"type": "array", "items": object{"type": "string"}, "minItems": 2, "maxItems": 2},
			"rho":     object{"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1},
			"enabled": object{"type": "boolean"}, "source": ref("source"),
		},
	})
	props["draws"] = named("Joint draws of uncertain numbers, such as the posterior of a fit: a replication takes one "+
		"row of a file, whole.", object{
		"type": "object", "additionalProperties": false, "required": []string{"file"},
		"properties": object{
			"file": described(object{"type": "string", "pattern": `\.csv$`}, "A CSV file, relative to this one: its header is "+
				"full keys, each row a draw."),
			"hash": described(object{"type": "string"}, "Hash of the keys and rows, whatever their order: another table is "+
				"refused. windfall explain shows it."),
			"except": described(object{"type": "array", "items": object{"type": "string"}}, "Columns that are not drawn: the "+
				"number in the scenario holds."),
			"enabled": object{"type": "boolean"}, "source": ref("source"),
		},
	})
	props["goals"] = named("Conditions on outcomes.", object{
		"type": "object", "additionalProperties": false, "required": []string{"expect"},
		"properties": object{"expect": object{"type": "string", "minLength": 1}, "enabled": object{"type": "boolean"},
			"source": ref("source")},
	})
	props["study"] = object{"type": "object", "description": "A study of this scenario; a plain run ignores it."}
	props["resolved"] = object{"type": "object", "description": "Written by windfall into resolved scenarios."}
	props["baseline_plan"] = object{"type": "object", "description": "Written by windfall into resolved scenarios."}
	props["opening_plan"] = object{"type": "object", "description": "Written by windfall into resolved scenarios."}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "windfall scenario"
	root["$defs"] = s.defs
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(root); err != nil {
		panic(err) // the schema is made of maps, texts and numbers
	}
	return b.Bytes()
}

type schemaWriter struct{ defs object }

func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

func described(o object, doc string) object {
	o["description"] = doc
	return o
}

const namePattern = `^[A-Za-z0-9_+-]{1,64}$`

// named is a table of tables by name.
func named(doc string, of object) object {
	return object{
		"type": "object", "description": doc, "additionalProperties": false,
		"properties":        object{"source": ref("source")},
		"patternProperties": object{namePattern: of},
	}
}

// common writes the definitions that all keys share.
func (s *schemaWriter) common() {
	s.defs["date"] = object{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	s.defs["start"] = object{"anyOf": []any{ref("date"), object{"const": "start"}}}
	s.defs["source"] = object{
		"description": "Where the values of this table come from: one text for all, or a table by key with default.",
		"anyOf":       []any{object{"type": "string"}, object{"type": "object", "additionalProperties": ref("source")}},
	}
	s.defs["percentage"] = object{"type": "string", "pattern": `^\s*[+-]?[0-9][0-9_]*(\.[0-9_]+)?\s*%\s*$`,
		"description": "A share, chance or factor in percent, such as \"55%\"."}
	s.defs["amount"] =
		object{"type": "string", "pattern": `^\s*[+-]?[^\s\d+\-.,_%"']{0,3}\s?[0-9][0-9_]*(\.[0-9_]+)?(k|M|B|bn)?\s*$`,
			"description": "An amount or a count with a scale, such as \"650k\", \"2.5M\" or \"$1.2bn\"."}
	s.defs["amounts"] = object{"type": "string",
		"pattern":     `^\s*[^"]*[0-9][0-9_]*(\.[0-9_]+)?(k|M|B|bn)?\s+to\s+[^"]*[0-9][0-9_]*(\.[0-9_]+)?(k|M|B|bn)?\s*$`,
		"description": "A 90% interval of amounts, such as \"40k to 60k\"."}
	s.defs["interval"] = object{"type": "string",
		"pattern":     `^\s*[+-]?[0-9][0-9_.eE+-]*\s*%?\s+to\s+[+-]?[0-9][0-9_.eE+-]*\s*%?\s*$`,
		"description": "A 90% interval, such as \"5 to 10\"."}
	var kinds []any
	for _, kind := range []string{"uniform", "loguniform", "normal", "lognormal", "logitnormal", "triangular", "pert",
		"discrete"} {
		for _, form := range distKinds[kind] {
			props := object{"dist": object{"const": kind}, "source": ref("source")}
			for _, f := range form {
				props[f] = object{"type": "number"}
				switch {
				case f == "values":
					props[f] = object{"type": "array", "items": object{"anyOf": []any{object{"type": "number"}, ref("amount")}},
						"minItems": 1}
				case kind == "discrete":
					props[f] = object{"type": "array", "items": object{"type": "number"}, "minItems": 1}
				case f != "sigma":
					props[f] = object{"anyOf": []any{object{"type": "number"}, ref("amount")}}
				}
			}
			kinds = append(kinds, object{"type": "object", "additionalProperties": false, "properties": props,
				"required": append([]string{"dist"}, form...)})
		}
	}
	s.defs["distribution"] = object{"anyOf": kinds}
	s.defs["effects"] = object{
		"type": "object",
		"additionalProperties": object{"anyOf": []any{
			object{"type": "number"}, ref("percentage"), ref("amount"), ref("interval"), ref("amounts"), ref("distribution"),
			ref("effects"),
		}},
	}
}

func (s *schemaWriter) move(required []string, props object) object {
	props["set"] = described(ref("effects"), "Values that keys take; a segment of a key may be *.")
	props["multiply"] = described(ref("effects"), "Factors on the values of keys.")
	props["no_growth"] = described(object{"type": "array", "items": object{"type": "string"}},
		"Keys that rise no more: each number stays at or below the lowest value it has had since from.")
	props["enabled"] = object{"type": "boolean"}
	props["source"] = ref("source")
	return object{"type": "object", "additionalProperties": false, "properties": props, "required": required}
}

// section writes the table whose keys start with prefix.
func (s *schemaWriter) section(prefix string) object {
	props := object{"source": ref("source")}
	inside := func(pattern string) (string, bool) {
		rest, ok := strings.CutPrefix(pattern, prefix)
		return rest, ok && rest != "" && !strings.Contains(rest, ".")
	}
	for _, p := range plan.Params() {
		if key, ok := inside(p.Pattern); ok {
			props[key] = s.key(p)
		}
	}
	for _, sec := range plan.Sections() {
		rest, ok := strings.CutPrefix(sec.Pattern, prefix)
		if !ok {
			continue
		}
		name, isNamed := strings.CutSuffix(rest, ".*")
		if strings.Contains(name, ".") || name == "" || isNamed != sec.Named {
			continue
		}
		if t := s.section(sec.Pattern + "."); sec.Named {
			props[name] = named(sec.Doc, t)
		} else {
			props[name] = described(t, sec.Doc)
		}
	}
	return object{"type": "object", "additionalProperties": false, "properties": props}
}

// key writes the schema of one key.
func (s *schemaWriter) key(p plan.Param) object {
	doc := p.Doc
	if p.Unit != "" {
		doc += " Unit: " + p.Unit + "."
	}
	if p.Money {
		doc += " " + currency.Default + " stands for the scenario's currency (run.currency)."
	}
	if p.Default != "" {
		doc += " Default: " + p.Default + "."
	}
	switch p.Kind {
	case "number":
		return described(s.number(p), doc)
	case "flag":
		return object{"type": "boolean", "description": doc}
	case "date":
		o := ref("date")
		if p.Default == "none" {
			o = object{"anyOf": []any{ref("date"), object{"const": "none"}}}
		}
		return described(o, doc)
	case "list":
		l := object{"type": "array", "items": object{"type": "string"}, "uniqueItems": true}
		if p.Default == "all" {
			l = object{"anyOf": []any{l, object{"const": "all"}}}
		}
		return described(l, doc)
	case "entries":
		return described(entriesSchema(p.Pattern), doc)
	}
	o := object{"type": "string", "description": doc}
	if words := p.OneOf; len(words) > 0 {
		if p.Default == "none" {
			words = append(slices.Clone(words), "none")
		}
		o["enum"] = words
	}
	return o
}

// entriesSchema writes the lists of tables that are no schedules.
func entriesSchema(pattern string) object {
	row := func(props object, required ...string) object {
		return object{"type": "array", "items": object{"type": "object", "additionalProperties": false, "properties": props,
			"required": required}}
	}
	switch pattern {
	case "economy.path":
		return row(object{"from": ref("date"), "regime": object{"enum": []string{"expansion", "recession"}}}, "from",
			"regime")
	case "opening.age_bands":
		years := object{"type": "number", "minimum": 0, "maximum": 100}
		return row(object{"from_years": years, "to_years": years, "share": shareSchema()}, "from_years", "to_years", "share")
	case "teams.*.ramping":
		whole := func(least, most int) object { return object{"type": "integer", "minimum": least, "maximum": most} }
		return row(object{"people": whole(1, 1000), "weeks_ago": whole(0, 520)}, "people", "weeks_ago")
	}
	panic("scenarios: no schema for " + pattern)
}

// shareSchema is a share that stands in no row of the parameter table.
func shareSchema() object {
	return object{"anyOf": []any{object{"type": "number", "minimum": 0, "maximum": 1}, ref("percentage")}}
}

// number gives a number that may be uncertain, dated, or a table; numbers of
// one range share a definition.
func (s *schemaWriter) number(p plan.Param) object {
	o := object{"type": "number"}
	if p.Whole {
		o["type"] = "integer"
	}
	if !math.IsInf(p.Low, 0) {
		o[map[bool]string{true: "exclusiveMinimum", false: "minimum"}[p.LowOpen]] = p.Low
	}
	o[map[bool]string{true: "exclusiveMaximum", false: "maximum"}[p.HighOpen]] = p.Most()
	name := rangeName(p)
	forms := []any{o}
	if p.Default == "none" {
		forms = append(forms, object{"const": "none"})
	}
	if p.Percent() {
		forms = append(forms, ref("percentage"))
	}
	if takesAmounts(p) {
		forms = append(forms, ref("amount"))
	}
	if p.Draw {
		forms = append(forms, ref("interval"), ref("distribution"))
	}
	if p.Draw && takesAmounts(p) {
		forms = append(forms, ref("amounts"))
	}
	value := object{"anyOf": slices.Clone(forms)}
	if p.Vary {
		forms = append(forms, object{"type": "array", "minItems": 1, "items": object{
			"type": "object", "additionalProperties": false, "required": []string{"value"},
			"properties": object{"from": ref("date"), "until": ref("date"), "source": ref("source"),
				"value": ref(name + "_value")},
		}})
		s.defs[name+"_value"] = value
	}
	s.defs[name] = object{"anyOf": forms}
	if p.Writes != "" {
		forms = []any{ref(name), object{"type": "object", "properties": object{"source": ref("source")}, "minProperties": 1,
			"patternProperties": object{monthKey.String(): ref(name)}, "additionalProperties": false}}
		name += "_by_month"
		s.defs[name] = object{"anyOf": forms}
	}
	if p.By == "" {
		return ref(name)
	}
	ways := []any{ref(name), object{
		"type": "object", "not": object{"required": []string{"dist"}},
		"properties":        object{"source": ref("source")},
		"patternProperties": object{namePattern: ref(name)}, "additionalProperties": false,
	}}
	if p.By == "month" {
		ways = append(ways, object{"type": "array", "items": ref(name), "minItems": 12, "maxItems": 12})
	}
	return object{"anyOf": ways}
}

// rangeName names a range, as in number_above_0_to_1.
func rangeName(p plan.Param) string {
	var b strings.Builder
	b.WriteString("number")
	if p.Whole {
		b.WriteString("_whole")
	}
	end := func(word string, x float64, open bool) {
		if math.IsInf(x, 0) {
			return
		}
		if open {
			word += "_open"
		}
		fmt.Fprintf(&b, "_%s_%s", word, strings.NewReplacer("-", "minus", ".", "p").Replace(plan.FormatNumber(x)))
	}
	end("from", p.Low, p.LowOpen)
	end("to", p.Most(), p.HighOpen)
	switch {
	case p.Vary:
	case p.Draw:
		b.WriteString("_drawn")
	default:
		b.WriteString("_fixed")
	}
	if p.Default == "none" {
		b.WriteString("_optional")
	}
	if p.Percent() {
		b.WriteString("_percent")
	}
	if takesAmounts(p) {
		b.WriteString("_amount")
	}
	return b.String()
}
