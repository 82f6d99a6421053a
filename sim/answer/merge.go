package answer

import (
	"errors"
	"fmt"
	"io/fs"

	"windfall/sim/decide"
	"windfall/sim/store"
)

// A Part is a folder whose blocks are put together with others.
type Part struct {
	Dir string
	store.Manifest
}

// after is the folder of the rounds that are merged; nothing if it is not there.
func (p *Place) after() ([]Part, error) {
	if p.Shard == nil {
		return nil, decide.Wrong("after", p.After, "rounds are those of shards; add --shard I/N")
	}
	var m store.Manifest
	err := store.ReadManifest(p.After, p.Windfall, &m)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, decide.Wrong("after", "", "%v", err)
	case m.Shard != nil:
		return nil, decide.Wrong("after", "", "%s holds a shard; name the folder in which the rounds were merged", p.After)
	case m.Complete:
		return nil, decide.Wrong("after", "", "%s holds the answer", p.After)
	case m.Design != p.Design:
		return nil, decide.Wrong("after", "", "%s holds rounds of another answer (other plans, files of draws, seed or "+
			"number of runs): %s",
			p.After, store.ShellLine(m.Command))
	}
	return []Part{{p.After, m}}, nil
}

// UnlikeError refuses folders that are not parts of one answer.
type UnlikeError struct {
	Here, There    string // folders
	What           string // they differ in
	ValueA, ValueB string
}

// Error implements error.
func (e *UnlikeError) Error() string {
	return fmt.Sprintf("%s (here) and %s (there) are not parts of one answer: %s: %s here, %s there", e.Here, e.There,
		e.What, e.ValueA, e.ValueB)
}

// Parts reads the shards of an answer of a kind, and gives the command that makes the whole of them, in a folder out:
// it is to be followed again, with their blocks in place of runs.
func Parts(kind string, dirs []string, out string) (parts []Part, whole []string, err error) {
	command := func(m store.Manifest) string {
		return store.ShellLine(store.Without(m.Command, "--shard", "--after", "--workers", "--out", "--resume!"))
	}
	if err := store.Once(dirs); err != nil {
		return nil, nil, err
	}
	for _, dir := range dirs {
		var m store.Manifest
		if err := store.ReadManifest(dir, kind, &m); err != nil {
			return nil, nil, err
		}
		switch {
		case m.Shard == nil && m.Complete:
			return nil, nil, fmt.Errorf("%s holds the answer, and none of the blocks that it was made of", dir)
		case parts == nil:
			whole = store.Whole(m.Command, out)
		case parts[0].Version != m.Version:
			return nil, nil, &UnlikeError{parts[0].Dir, dir, "version of the program", parts[0].Version, m.Version}
		case parts[0].Design != m.Design:
			return nil, nil, &UnlikeError{parts[0].Dir, dir, "command", command(parts[0].Manifest), command(m)}
		}
		parts = append(parts, Part{dir, m})
	}
	return parts, whole, nil
}
