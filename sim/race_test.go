//go:build race

package sim

// raced says that the race detector is on; it takes several times the memory.
const raced = true
