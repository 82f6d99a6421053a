package cluster

import (
	"slices"
	"strings"

	"windfall/sim/store"
)

// Designs are the commands that can be cut into shards.
var Designs = []string{"run", "compare", "pause", "respond", "optimise", "sensitivity", "value", "discover", "stress",
	"truth", "experiment", "study", "lesson"}

// Split parts the flags of the job, wherever they stand, from the words of the command that is to be run. Takes says
// whether a flag is one of the job, and whether it has a value.
func Split(words []string, takes func(flag string) (value, ours bool)) (job, command []string) {
	for i := 0; i < len(words); i++ {
		name, isFlag := strings.CutPrefix(words[i], "--")
		name, _, joined := strings.Cut(name, "=")
		value, ours := false, false
		if isFlag {
			value, ours = takes(name)
		}
		switch {
		case words[i] == "-h":
			job = append(job, "--help")
		case !ours:
			command = append(command, words[i])
		case value && !joined && i+1 < len(words):
			job = append(job, words[i], words[i+1])
			i++
		default:
			job = append(job, words[i])
		}
	}
	return job, command
}

// Check says what is wrong with a command for a cluster, before its own flags are read.
func Check(command []string) error {
	switch {
	case len(command) == 0:
		return problem("which command? One of %s, with all that belongs to it, such as: pause metro --array 8",
			strings.Join(Designs, ", "))
	case !slices.Contains(Designs, command[0]):
		return problem("%q has no shards; one of %s is needed", command[0], strings.Join(Designs, ", "))
	}
	for _, w := range command[1:] {
		switch name, _, _ := strings.Cut(w, "="); name {
		case "-":
			return problem("-: no task can read standard input; write the scenario to a file")
		case "--shard", "--after", "--resume":
			return problem("%s: the job gives every task its own", name)
		case "--open":
			return problem("--open: a cluster has no browser; open the report when the job is done")
		}
	}
	return nil
}

// valueOf is the value of a flag in a command; empty: it is not there.
func valueOf(command []string, flag string) (value string) {
	for i, w := range command {
		switch name, v, joined := strings.Cut(w, "="); {
		case name != flag:
		case joined:
			value = v
		case i+1 < len(command):
			value = command[i+1]
		}
	}
	return value
}

// shardMark stands in a command for the folder of a shard, until a script has its own name for it.
const shardMark = "@SHARD@"

// shard is the command line of a task: as typed, with the folder of the shard where the answer's was.
func shard(command []string, dir string, more ...string) string {
	line := store.ShellLine(append(store.Whole(command, shardMark), more...))
	return strings.Replace(line, shardMark, dir, 1)
}

// mergeFlags are those of a run that its merge needs to be told: that of an answer finds all in its folders.
func mergeFlags(command []string) (words []string) {
	if command[0] != "run" {
		return nil
	}
	for i, w := range command {
		switch name, _, joined := strings.Cut(w, "="); name {
		case "--no-report", "--no-pictures", "--strict", "--json", "--quiet":
			words = append(words, w)
		case "--pictures":
			words = append(words, w)
			if !joined && i+1 < len(command) {
				words = append(words, command[i+1])
			}
		}
	}
	return words
}
