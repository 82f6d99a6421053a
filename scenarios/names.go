package scenarios

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// NamesOf are the names of scenarios side by side: those of their files, with a number where one has
// it already.
func NamesOf(files []string) (out []string) {
	for i, s := range files {
		name := strings.TrimSuffix(filepath.Base(s), ".toml")
		if slices.Contains(out, name) {
			name = fmt.Sprintf("%s (%d)", name, i+1)
		}
		out = append(out, name)
	}
	return out
}
