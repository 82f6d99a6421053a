package scenarios

import (
	_ "embed"
	"fmt"
	"strings"

	"windfall/model/plan"
)

// referenceHead explains the language; the tables of keys follow it.
//
//go:embed reference_head.md
var referenceHead string

// Reference is the manual page of the scenario language: what a file looks
// like, and every key with its unit, range, default and meaning.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	writeKeys(&b, "", "Top level", "", false)
	for _, s := range plan.Sections() {
		title := "[" + strings.ReplaceAll(s.Pattern, "*", "NAME") + "]"
		writeKeys(&b, s.Pattern+".", "`"+title+"`", s.Doc, s.Named)
	}
	writeSense(&b)
	return b.String()
}

// writeSense lists the warnings about sense.
func writeSense(b *strings.Builder) {
	b.WriteString("\n## What check warns of\n\n" +
		"Beyond what is wrong, `windfall check` says what can run and makes no sense, each\n" +
		"with its place and its cure. All that have one fault are one warning. Where a number is\n" +
		"uncertain, or where another setting of a study in the file changes it, nothing is said.\n" +
		"Loads and the first week are those of the mean field.\n\n")
	for _, k := range warningKinds {
		fmt.Fprintf(b, "- %s\n", strings.ReplaceAll(k.says, "{}", "…"))
	}
}

// writeKeys writes the table of the keys that stand directly under prefix.
func writeKeys(b *strings.Builder, prefix, title, doc string, named bool) {
	var rows strings.Builder
	for _, p := range plan.Params() {
		key, ok := strings.CutPrefix(p.Pattern, prefix)
		if !ok || strings.Contains(key, ".") {
			continue
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s | %s | %s | %s |\n", key, p.Unit, cell(kindOf(p)), cell(p.Default), varies(p),
			cell(p.Doc))
	}
	if rows.Len() == 0 && doc == "" {
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	if doc != "" {
		b.WriteString(doc)
		if named {
			b.WriteString(" One table for each name.")
		}
		b.WriteString("\n")
	}
	if rows.Len() > 0 {
		b.WriteString("\n| key | unit | value | default | varies | meaning |\n|---|---|---|---|---|---|\n")
		b.WriteString(rows.String())
	}
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// kindOf says what a key takes, in few words.
func kindOf(p plan.Param) string {
	s := ""
	switch p.Kind {
	case "number":
		s = strings.TrimPrefix(p.Limits(), "a ")
	case "text":
		s = "text"
		if len(p.OneOf) > 0 {
			s = strings.Join(p.OneOf, ", ")
		}
	case "flag":
		s = "true, false"
	case "date":
		s = "date"
	case "list":
		s = "list of names by " + p.Names
	case "entries":
		s = "list of tables"
	}
	switch {
	case p.By == "month":
		s += "; by month"
	case p.Total:
		s += "; in all or by " + p.By
	case p.By != "":
		s += "; by " + p.By
	}
	return s
}

// varies says how a number may move.
func varies(p plan.Param) string {
	switch {
	case p.Vary:
		return "drawn, dated"
	case p.Draw:
		return "drawn"
	}
	return ""
}
