package cluster

import (
	"fmt"
	"strings"

	"windfall/sim/store"
)

// head is how the scripts of a job begin.
func (j *Job) head(what string) string {
	return fmt.Sprintf("#!/bin/sh\n# %s of: windfall %s\n# Written by windfall %s. It is not to be changed: what all "+
		"tasks need beside goes\n# into env.sh in this folder (module load, ulimit, export), which is yours.\n", what,
		strings.ReplaceAll(store.ShellLine(j.Command), "\n", " "), j.Version)
}

// sbatch are the lines by which the scheduler is told what a script needs.
func (j *Job) sbatch(name, log string, processors string) string {
	lines := []string{"job-name=windfall-" + name, "output=" + j.path("logs", log), "open-mode=append",
		"cpus-per-task=" + processors, "time=" + j.Time}
	if j.Partition != "" {
		lines = append(lines, "partition="+j.Partition)
	}
	if j.Account != "" {
		lines = append(lines, "account="+j.Account)
	}
	return "#SBATCH --" + strings.Join(lines, "\n#SBATCH --") + "\n"
}

// begin is what the scripts do first: ROUND is the first word that they are given.
func (j *Job) begin(task string) string {
	return fmt.Sprintf(`
dir=%s
round=${1:-1}
[ ! -e "$dir/env.sh" ] || . "$dir/env.sh"
cd %s || exit 1
mark="$dir/state/$round-%s"
rm -f "$mark.ended"
echo "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID} $(hostname) $(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)" >"$mark.begun"
`, here(j.path()), here(j.From), task)
}

// program is how a script calls this program.
func (j *Job) program() string { return here(j.Program) }

// after says where the rounds before are merged, of a command that goes in rounds.
func (j *Job) after() []string {
	if j.Size.Rounds {
		return []string{"--after", j.Answer}
	}
	return nil
}

// arrayScript runs one shard.
func (j *Job) arrayScript() string {
	processors := valueOf(j.Command, "--workers")
	if processors == "" {
		processors = "1"
	}
	return j.head("One task, a shard,") + j.sbatch(store.Name(j.Command[0]), "%A_%a.txt", processors) +
		fmt.Sprintf(`
task=$SLURM_ARRAY_TASK_ID
export WINDFALL_SHARDS=%d # the number of a task is its shard, in an array of a few tasks, too
export GOMAXPROCS="${SLURM_CPUS_PER_TASK:-%s}"
`, j.Array, processors) + j.begin("$task") + fmt.Sprintf(`
%s %s
code=$?
blocks=$(find "$dir/shards/$task" -name '*.block' | wc -l)
echo "$code $blocks" >"$mark.ended.new" && mv "$mark.ended.new" "$mark.ended"
exit $code
`, j.program(), shard(j.Command, `"$dir/shards/$task"`, append([]string{"--shard", "auto"}, j.after()...)...))
}

// mergeScript puts the shards together, and submits the next round where there is one.
func (j *Job) mergeScript() string {
	next := ""
	if j.Size.Rounds {
		next = fmt.Sprintf(`
# The answer is not there yet: one more round.
[ $code = 3 ] || grep -q '"complete": true' %s/manifest.json || sh "$dir/submit.sh" $((round + 1)) || exit 1
`, here(j.Answer))
	}
	return j.head("The merge of all shards") + j.sbatch("merge", "merge-%j.txt", "1") + j.begin("merge") +
		fmt.Sprintf(`
%s merge "$dir"/shards/* --out %s
code=$?
echo "$code 0" >"$mark.ended.new" && mv "$mark.ended.new" "$mark.ended"
[ $code = 0 ] || [ $code = 3 ] || exit $code # 3: a goal of the scenario is missed, which is an answer
%sexit 0
`, j.program(), strings.TrimRight(store.ShellLine(append([]string{j.Answer}, mergeFlags(j.Command)...)), " "), next)
}

// submitScript submits a round.
func (j *Job) submitScript() string {
	all := fmt.Sprintf("0-%d", j.Array-1)
	most := ""
	if j.MaxRunning > 0 {
		most = fmt.Sprintf("%%%d", j.MaxRunning)
	}
	return j.head("Submits a round") + fmt.Sprintf(`#
#   sh submit.sh [ROUND [TASKS [JOBS]]]
#
# ROUND is 1, TASKS are all (3,5-7: some of them; merge: none), JOBS are those whose end the merge waits for, too.
dir=%s
round=${1:-1} tasks=${2:-%s} others=${3:-}
if [ "$tasks" = merge ]; then
  array=- after=
else
  array=$(sbatch --parsable --array="$tasks%s" "$dir/array.sh" "$round") || exit 1
  array=${array%%%%;*}
  after=afterok:$array
fi
[ -z "$others" ] || after=${after:+$after,}afterany:$others
echo "$round $array -" >>"$dir/state/jobs"
merge=$(sbatch --parsable ${after:+--dependency=$after --kill-on-invalid-dep=yes} "$dir/merge.sh" "$round") || exit 1
echo "$round - ${merge%%%%;*}" >>"$dir/state/jobs"
`, here(j.path()), all, most)
}

// commands is the list of the exact commands, for whoever wants to run them by hand.
func (j *Job) commands() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# What the tasks run, in %s. Any of them may be run by hand, again too.\n", here(j.From))
	for i := range j.Array {
		fmt.Fprintf(&b, "%s %s\n", j.program(), shard(j.Command, here(j.path("shards", fmt.Sprint(i))),
			append([]string{"--shard", fmt.Sprintf("%d/%d", i, j.Array)}, j.after()...)...))
	}
	fmt.Fprintf(&b, "\n# What puts them together.\n%s merge %s/* --out %s\n", j.program(),
		here(j.path("shards")), store.ShellLine(append([]string{j.Answer}, mergeFlags(j.Command)...)))
	if j.Size.Rounds {
		fmt.Fprintf(&b, "\n# It goes in rounds: all of the above again until the answer is there (\"complete\": true in its "+
			"manifest.json).\n")
	}
	return b.String()
}
