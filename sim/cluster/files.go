package cluster

import (
	_ "embed" // the container file
	"encoding/json"
	"fmt"
	"strings"

	"windfall/sim/store"
)

// defaultFiles is the number of tasks for schedulers of which nothing is known.
const defaultFiles = 64

// AWS Batch takes arrays of this size.
const (
	leastBatch = 2
	mostBatch  = 10_000
)

//go:embed Containerfile
var containerfile string

// Files writes the tasks of a job for schedulers that are not Slurm.
func (o Options) Files(g *Gauge) ([]string, error) {
	j, err := o.job(Size{Rounds: g.rounds})
	if err != nil {
		return nil, err
	}
	if j.Array = o.Array; j.Array == 0 {
		j.Array = defaultFiles
	}
	files := map[string]string{"task.sh": j.taskScript(), "merge.sh": j.mergeByHand(), "parallel.sh": j.parallelScript(),
		"ssh.sh": j.sshScript(), "kubernetes.yaml": j.kubernetes(), "Containerfile": containerfile,
		"commands.txt": j.commands()}
	lines := []string{fmt.Sprintf("%s in %s: kubernetes.yaml, aws-batch.json, parallel.sh, ssh.sh, task.sh, "+
		"merge.sh, commands.txt, Containerfile", counted(j.Array, "task"), j.Dir)}
	if j.Array < leastBatch || j.Array > mostBatch {
		lines[0] = strings.Replace(lines[0], " aws-batch.json,", "", 1)
		lines = append(lines, fmt.Sprintf("note: AWS Batch takes arrays of %d to %d tasks, so there is no file for it",
			leastBatch, mostBatch))
	} else if files["aws-batch.json"], err = j.batch(); err != nil {
		return nil, err
	}
	lines = append(lines, "The answer will be in "+j.Answer, fmt.Sprintf("next: sh %s/parallel.sh && sh %[1]s/merge.sh",
		here(j.Dir)))
	return lines, j.write(files)
}

// taskScript runs one task, on this machine or on one that sees the same folders.
func (j *Job) taskScript() string {
	return j.head("One task, a shard,") + fmt.Sprintf(`
task=${1:?the number of a task is needed, from 0 to %d}
dir=%s
[ ! -e "$dir/env.sh" ] || . "$dir/env.sh"
cd %s || exit 1
export GOMAXPROCS="${GOMAXPROCS:-1}"
exec %s %s
`, j.Array-1, here(j.path()), here(j.From), j.program(), strings.Replace(shard(j.Command, `"$dir/shards/$task"`,
		append([]string{"--shard", taskMark}, j.after()...)...), taskMark, fmt.Sprintf(`"$task/%d"`, j.Array), 1))
}

// taskMark stands for the shard of a task.
const taskMark = "@TASK@"

// mergeByHand puts the shards together.
func (j *Job) mergeByHand() string {
	next := ""
	if j.Size.Rounds {
		next = fmt.Sprintf(`
grep -q '"complete": true' %s/manifest.json || echo "One more round: run all tasks again, and then this."
`, here(j.Answer))
	}
	return j.head("The merge of all shards") + fmt.Sprintf(`#
#   sh merge.sh [FOLDERS of the shards]
dir=%s
[ ! -e "$dir/env.sh" ] || . "$dir/env.sh"
cd %s || exit 1
[ $# -gt 0 ] || set -- "$dir"/shards/*
%s merge "$@" --out %s
code=$?
[ $code = 0 ] || exit $code
%s`, here(j.path()), here(j.From), j.program(),
		store.ShellLine(append([]string{j.Answer}, mergeFlags(j.Command)...)), next)
}

// parallelScript runs all tasks with GNU parallel.
func (j *Job) parallelScript() string {
	return j.head("All tasks, by GNU parallel,") + fmt.Sprintf(`#
#   sh parallel.sh [FLAGS of parallel, such as --jobs 4 or --sshlogin 8/one,16/other]
dir=%s
seq 0 %d | parallel --will-cite --joblog "$dir/logs/parallel.txt" "$@" sh %s {}
`, here(j.path()), j.Array-1, here(j.path("task.sh")))
}

// sshScript runs all tasks on machines that see the same folders.
func (j *Job) sshScript() string {
	return j.head("All tasks, by ssh,") + fmt.Sprintf(`#
#   sh ssh.sh [HOSTS]
#
# HOSTS is a file of machines that see the folders of this one, one a line; one that runs several tasks at a time stands
# there several times. It is the file hosts in this folder where nothing is said.
dir=%s
hosts=${1:-$dir/hosts}
[ -s "$hosts" ] || { echo "$hosts: a file of machines, one a line, is needed" >&2; exit 2; }
of=$(grep -c . "$hosts")
rm -f "$dir/logs/failed"
first=0
for host in $(cat "$hosts"); do
  (
    task=$first
    while [ "$task" -lt %d ]; do
      ${SSH:-ssh -n} "$host" sh %s "$task" || echo "task $task on $host" >>"$dir/logs/failed"
      task=$((task + of))
    done
  ) &
  first=$((first + 1))
done
wait
[ ! -e "$dir/logs/failed" ] || { echo "failed, run this again:" >&2; cat "$dir/logs/failed" >&2; exit 1; }
`, here(j.path()), j.Array, here(j.path("task.sh")))
}

// contained are the words of a task in a container, whose folders are below the one that it starts in: a shard has a
// name of its own in results/.
func (j *Job) contained() []string {
	words := append(store.Without(j.Command, "--out"), "--shard", "auto")
	if j.Size.Rounds {
		words = append(words, "--after", "answer")
	}
	return words
}

// kubernetes is an indexed job.
func (j *Job) kubernetes() string {
	var args []string
	for _, w := range j.contained() {
		text, _ := json.Marshal(strings.ReplaceAll(w, "$(", "$$(")) // Kubernetes expands $(NAME)
		args = append(args, "            - "+string(text))
	}
	return fmt.Sprintf(`# An indexed job of: windfall %s
#
#   kubectl apply -f kubernetes.yaml
#
# Yours are the image (Containerfile builds one) and the claim, a volume that all tasks may write to, in which they
# start: files that the command reads must be there. When all are done, in that folder:
#
#   windfall merge results/*-shard-*-of-%d --out answer
apiVersion: batch/v1
kind: Job
metadata:
  name: windfall-%s
spec:
  completions: %[2]d
  parallelism: %[2]d
  completionMode: Indexed
  backoffLimitPerIndex: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: windfall
          image: windfall:%[4]s
          args:
%[5]s
          workingDir: /work
          env:
            - name: WINDFALL_SHARDS
              value: "%[2]d"
            - name: GOMAXPROCS
              value: "1"
          resources:
            requests:
              cpu: "1"
              memory: 1Gi
          volumeMounts:
            - name: work
              mountPath: /work
      volumes:
        - name: work
          persistentVolumeClaim:
            claimName: windfall
`, strings.ReplaceAll(store.ShellLine(j.Command), "\n", " "), j.Array, j.Command[0], j.Version,
		strings.Join(args, "\n"))
}

// batch is what aws batch submit-job reads.
func (j *Job) batch() (string, error) {
	type pair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	text, err := json.MarshalIndent(map[string]any{
		"jobName": "windfall-" + j.Command[0], "jobQueue": "windfall", "jobDefinition": "windfall",
		"arrayProperties": map[string]any{"size": j.Array},
		"retryStrategy":   map[string]any{"attempts": 3},
		"containerOverrides": map[string]any{"command": j.contained(),
			"environment": []pair{{"WINDFALL_SHARDS", fmt.Sprint(j.Array)}, {"GOMAXPROCS", "1"}}},
	}, "", "  ")
	return string(text) + "\n", err
}
