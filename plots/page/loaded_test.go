package page

import (
	"strings"
	"sync"

	"windfall/model/plan"
	"windfall/scenarios"
)

// loaded is a shipped scenario with changes. Tests ask for the same ones again and again: each is read once, and nobody
// changes it.
func loaded(name string, sets ...string) (*plan.Plan, error) {
	key := name + "\n" + strings.Join(sets, "\n")
	if p, ok := plansLoaded.Load(key); ok {
		return p.(*plan.Plan), nil
	}
	p, err := scenarios.Load(name, scenarios.Set(sets...))
	if err == nil {
		plansLoaded.Store(key, p)
	}
	return p, err
}

var plansLoaded sync.Map
