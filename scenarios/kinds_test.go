package scenarios

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// otherKinds are values of other kinds than each kind of key takes.
var otherKinds = map[string][]string{
	"number": {`"high"`, `"5"`, `true`, `2013-04-02`, `["a"]`, `[3, 4]`, `{x = "a"}`, `""`},
	"text":   {`3`, `true`, `2013-04-02`, `["a"]`, `{x = 1}`},
	"flag":   {`3`, `"yes"`, `2013-04-02`, `[true]`, `{x = true}`},
	"date":   {`3`, `true`, `"soon"`, `[2013-04-02]`, `{x = 2013-04-02}`},
	"list":   {`3`, `true`, `"nothing-of-it"`, `2013-04-02`, `[3]`, `{x = "a"}`},
	"":       {`3`, `true`, `"a"`, `2013-04-02`, `[3]`},
}

// A value of another kind than a key takes is refused with its line, the key and what it takes, wherever it is written:
// in a file, in an override, in a dated change and in a shock.
func TestValuesOfAnotherKindAreRefused(t *testing.T) {
	base := mustLoad(t, everything+random)
	for n, p := range plan.Params() {
		fields, err := base.Fields(p.Pattern)
		if err != nil {
			continue // a thing that the plan does not have
		}
		key := fields[0].Key
		kinds := otherKinds[p.Kind]
		if kinds == nil {
			kinds = otherKinds[""]
		}
		for i, value := range kinds {
			if os.Getenv("WINDFALL_VERIFY") != "1" && i%len(kinds) != n%len(kinds) {
				continue // one each; the others in the long version
			}
			places := map[string]string{"mine.toml:2": fmt.Sprintf("extends = \"small\"\n%s = %s\n", key, value)}
			if p.Kind == "number" && p.Vary {
				places["mine.toml:5"] = fmt.Sprintf("extends = \"small\"\n[changes.x]\nfrom = 2013-04-02\n[changes.x.set]\n%q = %s\n", key, value)
				places["mine.toml:6"] = fmt.Sprintf("extends = \"small\"\n[shocks.x]\nfrom = 2013-04-02\nweeks = 2\n[shocks.x.multiply]\n%q = %s\n", key, value)
			}
			for at, text := range places {
				_, err := LoadBytes("mine.toml", []byte(text), withBuiltins(testFiles))
				var problems Problems
				if !errors.As(err, &problems) || !strings.HasPrefix(problems[0].Error(), at+": ") {
					t.Errorf("%s\n%s: %v", text, at, err)
				}
			}
			_, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n"), withBuiltins(testFiles), Set(key+"="+value))
			var problems Problems
			if !errors.As(err, &problems) || problems[0].File != SetPlace {
				t.Errorf("--set %s=%s: %v", key, value, err)
			}
		}
	}
	require.NotNil(t, base)
}
