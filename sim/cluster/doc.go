// Package cluster runs a design on a cluster: it cuts a command into the tasks of an array job, writes them into a
// folder that can be read and run by hand, says how far they are, and runs again what is missing.
//
// The engine of it is a shard and a merge (sim/answer, sim/result) and the scheduler of the site. A task is the command
// as typed with --shard auto; the job that waits for all tasks is windfall merge; where the answer needs another round,
// that job submits the array once more. So what comes out is, byte for byte, what one machine gives.
//
//	Gauge             what a command runs, and what a replication of it costs
//	Options.Plan      how many tasks, and the folder of the job
//	Job.Status        done, running, waiting, missing or failed, task by task
//	Job.Resubmit      what is missing, and nothing else
//	Options.Files     the same tasks for Kubernetes, AWS Batch, GNU parallel and ssh
package cluster

import "fmt"

// Problem is a job that cannot be made or taken up; nothing was written.
type Problem struct{ text string }

// Error implements error.
func (p *Problem) Error() string { return p.text }

// BadInput marks it.
func (*Problem) BadInput() {}

func problem(format string, args ...any) error { return &Problem{fmt.Sprintf(format, args...)} }
