package store

import "strings"

// inessential are the flags that say where, on how many processors and in which parts something is run, and what is
// shown of it: no number depends on them. The value says whether one takes a word.
var inessential = map[string]bool{"out": true, "workers": true, "shard": true, "after": true, "pictures": true,
	"format": true, "resume": false, "quiet": false, "json": false, "all": false, "open": false, "no-pictures": false,
	"no-report": false, "strict": false}

// Essential is a command without what its numbers do not depend on: equal numbers have equal commands, as far as they
// were asked for alike.
func Essential(command []string) (out []string) {
	skip := false
	for _, word := range command {
		if skip {
			skip = false
			continue
		}
		flag, isFlag := strings.CutPrefix(word, "--")
		name, _, withValue := strings.Cut(flag, "=")
		takesWord, known := inessential[name]
		if isFlag && known {
			skip = takesWord && !withValue
			continue
		}
		out = append(out, word)
	}
	return out
}
