package decide

import "windfall/sim/panel"

// A Part is one of the designs of a round, with a name that no other design of the sequence has. A part that was run
// before goes on under its name with more replications.
type Part struct {
	Name string
	Turn int // which of several like designs it is: the work is dealt by it
	// Again says that designs of later rounds are of the same replications with the same seed, so that it pays to keep
	// what they share.
	Again bool
	*Design
}

// A Sequence is what a question runs whose designs depend on what those before them gave. It goes in rounds: the parts
// of one wait for none of each other, and what comes next follows from whole panels alone. So it is the same sequence
// whoever ran the parts, and however often it was begun again with panels that are there.
type Sequence interface {
	// Next takes the panels of the last round, one a part (none at the beginning), and gives the next round; none:
	// the question can be answered.
	Next(panels []*panel.Panel) ([]Part, error)
	// Progress is the replications of the rounds before, and of all as far as can be told.
	Progress() (done, total int)
}
