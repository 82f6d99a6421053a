package scenarios

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON turns decoded TOML into what an editor validates: dates are texts.
func asJSON(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			x[k] = asJSON(x[k])
		}
	case []any:
		for i := range x {
			x[i] = asJSON(x[i])
		}
	case []map[string]any:
		var out []any
		for i := range x {
			out = append(out, asJSON(x[i]))
		}
		return out
	case time.Time:
		return x.Format(time.DateOnly)
	}
	return v
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var m map[string]any
	if _, err := toml.Decode(text, &m); err != nil {
		t.Fatal(err)
	}
	return s.Validate(asJSON(m))
}

func TestSchemaAcceptsScenarios(t *testing.T) {
	s := compiledSchema(t)
	for _, files := range []fs.FS{testFiles, shipped} {
		for name, file := range builtins(files) {
			data, err := fs.ReadFile(files, file)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(t, s, string(data)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range []string{"small", "small-uncertain"} {
		if err := validate(t, s, Resolved(mustOpen(t, name, Set("channels.search.halo=2")).Plan)); err != nil {
			t.Errorf("resolved %s: %v", name, err)
		}
	}
	if err := validate(t, s, New()); err != nil {
		t.Errorf("starter: %v", err)
	}
}

func TestSchemaRefusesWhatTheLoaderRefuses(t *testing.T) {
	s := compiledSchema(t)
	for _, text := range []string{
		"chanels.search.response = 1", "[channels.search]\nrespons = 1", "[channels.search]\nresponse = 1.4", "[channels.search]\nresponse = \"high\"",
		"[channels.search]\nweekly_budget = -1", "[channels.search]\ndriver = \"x\"", "[run]\nweeks = 1.5", "[run]\nweeks = \"5 to 10\"",
		"[channels.search]\nresponse = {dist = \"lognormal\", mean = 1}", "[channels.search]\nseason = [1, 2]", "[channels.search]\nweekly_budget = [{from = 2013-01-01}]",
		"[shocks.x]\nfrom = 2013-01-01", "[goals.x]\nexpect = \"\"", "[media.radio]\nreference_weekly_budget = [{from = 2013-01-01, value = 3}]",
		"[channels.\"a b\"]\nresponse = 0.1", "[run]\nstart = \"soon\"", "extends = 4",
	} {
		if err := validate(t, s, text); err == nil {
			t.Errorf("the schema accepts %q", text)
		}
		if _, err := LoadBytes("x.toml", []byte("title = \"x\"\n"+strings.ReplaceAll(text, "extends = 4", "extends = 4")), withBuiltins(testFiles)); err == nil {
			t.Errorf("the loader accepts %q", text)
		}
	}
}
