package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// longestName is the length of a name in bytes. File systems allow 255, from which
// come what is put before and after it.
const longestName = 100

// Name makes the name of a file or folder of a text: ASCII letters, digits and ._-,
// with no dot or dash in front, so that it is neither hidden, nor an option, nor a way
// out of its folder. A space becomes a dash. A text that loses more than that has a
// hash at its end, so that different texts have different names.
func Name(text string) string {
	lost := false
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_':
			return r
		case r != ' ':
			lost = true
		}
		return '-'
	}, text)
	plain := strings.TrimLeft(name, ".-")
	if !lost && plain == name && name != "" && len(name) <= longestName {
		return name
	}
	sum := sha256.Sum256([]byte(text))
	return strings.TrimLeft(plain[:min(len(plain), longestName-9)]+"-"+hex.EncodeToString(sum[:4]), "-")
}
