package sim

import (
	"strconv"
	"strings"

	"windfall/sim/store"
)

// ParseShard reads I/N, or asks the environment of an array job (auto):
//
//	HyperQueue            HQ_TASK_ID, and WINDFALL_SHARDS for the count
//	Kubernetes (indexed)  JOB_COMPLETION_INDEX, and JOB_COMPLETIONS or WINDFALL_SHARDS for the count
//	AWS Batch             AWS_BATCH_JOB_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_SIZE
//	Slurm                 SLURM_ARRAY_TASK_ID with _MIN, _MAX, _STEP and _COUNT
//
// WINDFALL_SHARDS, where it is set, is the count in any of them, and the index
// is then taken as it is, from 0: so an array of a few indices (sbatch
// --array=3,5) can run just the shards that are missing. Where several are set,
// the first in this list counts: HyperQueue runs inside of jobs of the others.
func ParseShard(text string, getenv func(string) string) (*store.Shard, error) {
	if text == "auto" {
		return shardFromEnvironment(getenv)
	}
	index, count, ok := strings.Cut(text, "/")
	i, errI := strconv.Atoi(index)
	n, errN := strconv.Atoi(count)
	if !ok || errI != nil || errN != nil {
		return nil, usage("shard %q: write I/N, such as 0/4, or auto", text)
	}
	return newShard(i, n, "shard "+text)
}

func newShard(index, count int, from string) (*store.Shard, error) {
	if count < 1 || index < 0 || index >= count {
		return nil, usage("%s: the index runs from 0 to the count less 1", from)
	}
	return &store.Shard{Index: index, Count: count}, nil
}

func shardFromEnvironment(getenv func(string) string) (*store.Shard, error) {
	env := environment{getenv: getenv}
	for _, scheduler := range []struct{ index, count string }{
		{"HQ_TASK_ID", ""},
		{"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"},
		{"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"},
		{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"},
	} {
		if getenv(scheduler.index) == "" {
			continue
		}
		index := env.number(scheduler.index)
		countName := "WINDFALL_SHARDS"
		if getenv(countName) == "" && scheduler.count != "" {
			countName = scheduler.count
		}
		if getenv(countName) == "" {
			hint := "set WINDFALL_SHARDS"
			if scheduler.count != "" {
				hint = "set " + scheduler.count + " or WINDFALL_SHARDS"
			}
			return nil, usage("shard auto: %s is set, but not the number of shards: %s", scheduler.index, hint)
		}
		count := env.number(countName)
		if countName == "SLURM_ARRAY_TASK_COUNT" {
			index = env.slurmIndex(index, count)
		}
		if env.err != nil {
			return nil, env.err
		}
		return newShard(index, count, "shard auto ("+scheduler.index+"="+getenv(scheduler.index)+", "+countName+"="+
			getenv(countName)+")")
	}
	return nil, usage("shard auto: no array job found; set HQ_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX " +
		"or SLURM_ARRAY_TASK_ID, or write I/N")
}

// environment reads whole numbers and keeps the first error.
type environment struct {
	getenv func(string) string
	err    error
}

func (e *environment) number(name string) int {
	n, err := strconv.Atoi(e.getenv(name))
	if err != nil && e.err == nil {
		e.err = usage("shard auto: %s=%q is not a whole number", name, e.getenv(name))
	}
	return n
}

// slurmIndex turns the number of an array task into an index from 0. Arrays may
// begin anywhere and have a step; an array with gaps has no index to speak of.
func (e *environment) slurmIndex(id, count int) int {
	lowest := e.number("SLURM_ARRAY_TASK_MIN")
	highest, step := lowest+count-1, 1
	if e.getenv("SLURM_ARRAY_TASK_STEP") != "" {
		step = max(1, e.number("SLURM_ARRAY_TASK_STEP"))
	}
	if e.getenv("SLURM_ARRAY_TASK_MAX") != "" {
		highest = e.number("SLURM_ARRAY_TASK_MAX")
	}
	if e.err == nil && ((highest-lowest)/step+1 != count || (id-lowest)%step != 0) {
		e.err = usage("shard auto: the Slurm array has gaps (%d tasks from %d to %d); set WINDFALL_SHARDS to the number of "+
			"shards, and the task number is the shard", count, lowest, highest)
	}
	return (id - lowest) / step
}
