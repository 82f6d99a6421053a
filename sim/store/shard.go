package store

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Shard is one of Count parts of a design, Index from 0. Block b belongs to shard
// b mod Count, so parts differ by at most one block and a longer run moves none.
type Shard struct {
	Index int `json:"index"`
	Count int `json:"count"`
	// shift is how many shards on block 0 is: of several designs each begins with another shard.
	shift int
}

// Shifted is the same part of a design that is the n-th of several (from 0): block b belongs to shard b + n mod Count,
// so that many small designs are work for all shards. A design that goes on in a later round keeps its n.
func (s *Shard) Shifted(n int) *Shard {
	if s == nil {
		return nil
	}
	return &Shard{s.Index, s.Count, n}
}

// of is the index of the shard that a block belongs to.
func (s *Shard) of(block int) int { return (block + s.shift) % s.Count }

// String writes the shard as I/N.
func (s Shard) String() string { return strconv.Itoa(s.Index) + "/" + strconv.Itoa(s.Count) }

// Has tells whether a block belongs to the shard; the whole is nil.
func (s *Shard) Has(block int) bool { return s == nil || s.of(block) == s.Index }

// Same tells whether two parts are the same part of the same cut.
func (s *Shard) Same(other *Shard) bool {
	return s == nil && other == nil || s != nil && other != nil && s.Index == other.Index && s.Count == other.Count
}

// Called is the shard as messages call it.
func (s *Shard) Called() string {
	if s == nil {
		return "the whole"
	}
	return s.String()
}

// mostListed is the number of missing blocks that are named.
const mostListed = 20

// MissingError lists the blocks that no folder has, and the commands that make
// them.
type MissingError struct {
	Blocks []int
	Of     int // blocks in the design
	Lines  []string
}

// Error implements error.
func (e *MissingError) Error() string {
	return fmt.Sprintf("%d of %d blocks are missing:\n  %s", len(e.Blocks), e.Of, strings.Join(e.Lines, "\n  "))
}

// BadInput marks it: the answer was not written.
func (*MissingError) BadInput() {}

// Complete is an error that names the blocks that no part has. A missing block belongs to
// a shard of the cut that the parts were made with; the command is that of
// another shard, with its own number.
func (parts Parts) Complete(where map[int]Part) error {
	first := parts[0]
	e := &MissingError{Of: first.Blocks()}
	cut := first
	for _, p := range parts {
		if p.Shard != nil {
			cut = p
			break
		}
	}
	byShard := map[int][]string{}
	for b := range first.Blocks() {
		if _, there := where[b]; there {
			continue
		}
		e.Blocks = append(e.Blocks, b)
		shard := 0
		if cut.Shard != nil {
			shard = cut.Shard.of(b)
		}
		byShard[shard] = append(byShard[shard], fmt.Sprint(b))
	}
	if len(e.Blocks) == 0 {
		return nil
	}
	for _, index := range slices.Sorted(maps.Keys(byShard)) {
		e.Lines = append(e.Lines, parts.line(cut, index, byShard[index]))
	}
	return e
}

// line names missing blocks of a shard and the command that makes them.
func (parts Parts) line(cut Part, index int, blocks []string) string {
	var shard *Shard
	if cut.Shard != nil {
		shard = &Shard{Index: index, Count: cut.Shard.Count}
	}
	dir := ""
	for _, p := range parts {
		if p.Shard.Same(shard) {
			dir = p.Dir
			break
		}
	}
	noun := "block "
	if len(blocks) > 1 {
		noun = "blocks "
	}
	if more := len(blocks) - mostListed; more > 0 {
		blocks = append(blocks[:mostListed:mostListed], fmt.Sprintf("and %d more", more))
	}
	return noun + strings.Join(blocks, ", ") + ": " + Again(cut.Command, shard, dir)
}

// Without is a command without some of its flags, which have values but for those
// that begin with "--" and end with "!".
func Without(command []string, flags ...string) (words []string) {
	skip := false
	for _, w := range command {
		name, _, joined := strings.Cut(w, "=")
		switch {
		case skip:
			skip = false
		case slices.Contains(flags, name):
			skip = !joined
		case slices.Contains(flags, w+"!"):
		default:
			words = append(words, w)
		}
	}
	return words
}

// Again is the command that makes the blocks of a shard, from the one that made
// another part of the same design; dir is the folder that holds some of them.
func Again(command []string, shard *Shard, dir string) string {
	words := Without(command, "--shard", "--out", "--resume!")
	if shard != nil {
		words = append(words, "--shard", shard.String())
	}
	if dir != "" {
		words = append(words, "--out", dir, "--resume")
	}
	return ShellLine(words)
}

// Whole is the command of which another made a part, with its results in another folder:
// named where the command named one, or else at its end.
func Whole(command []string, dir string) []string {
	words := Without(command, "--shard", "--after", "--resume!")
	for i, w := range words {
		switch {
		case w == "--out" && i+1 < len(words):
			words[i+1] = dir
			return words
		case strings.HasPrefix(w, "--out="):
			words[i] = "--out=" + dir
			return words
		}
	}
	return append(words, "--out", dir)
}

// ShellLine writes the words of a command so that they can be pasted.
func ShellLine(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return strings.Join(quoted, " ")
}

// quote puts a word in quotes if a shell would cut or change it.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
