package edit

import "strings"

// ParsePlan takes apart a plan made of another one as it is written, NAME: KEY=VALUE; KEY*=FACTOR, into its name and
// its overrides. Without a name the overrides are the name.
func ParsePlan(text string) (name string, changes []string) {
	before, after, ok := strings.Cut(text, ":")
	list := text
	if name = strings.TrimSpace(before); ok && name != "" && !strings.Contains(name, "=") {
		list = after
	} else {
		name = text
	}
	for _, s := range strings.Split(list, ";") {
		if s = strings.TrimSpace(s); s != "" {
			changes = append(changes, s)
		}
	}
	return name, changes
}
