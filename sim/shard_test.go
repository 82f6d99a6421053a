package sim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseShard(t *testing.T) {
	type env map[string]string
	for _, c := range []struct {
		text string
		env  env
		want string // I/N, or the error
	}{
		{"0/1", nil, "0/1"},
		{"6/7", nil, "6/7"},
		{"7/7", nil, "shard 7/7: the index runs from 0 to the count less 1"},
		{"-1/7", nil, "shard -1/7: the index runs from 0 to the count less 1"},
		{"0/0", nil, "shard 0/0: the index runs from 0 to the count less 1"},
		{"3", nil, `shard "3": write I/N, such as 0/4, or auto`},
		{"1/x", nil, `shard "1/x": write I/N, such as 0/4, or auto`},
		{"auto", nil, "shard auto: no array job found; set HQ_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX or SLURM_ARRAY_TASK_ID, or write I/N"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "6", "SLURM_ARRAY_TASK_STEP": "1", "SLURM_ARRAY_TASK_COUNT": "7"}, "3/7"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "7", "SLURM_ARRAY_TASK_COUNT": "7"}, "3/7"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "16", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_MAX": "19", "SLURM_ARRAY_TASK_STEP": "3", "SLURM_ARRAY_TASK_COUNT": "4"}, "2/4"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_MAX": "5", "SLURM_ARRAY_TASK_COUNT": "2"},
			"shard auto: the Slurm array has gaps (2 tasks from 3 to 5); set WINDFALL_SHARDS to the number of shards, and the task number is the shard"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_MAX": "5", "SLURM_ARRAY_TASK_COUNT": "2", "WINDFALL_SHARDS": "7"}, "5/7"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "x", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "0"}, `shard auto: SLURM_ARRAY_TASK_ID="x" is not a whole number`},
		{"auto", env{"JOB_COMPLETION_INDEX": "2"}, "shard auto: JOB_COMPLETION_INDEX is set, but not the number of shards: set JOB_COMPLETIONS or WINDFALL_SHARDS"},
		{"auto", env{"JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "5"}, "2/5"},
		{"auto", env{"AWS_BATCH_JOB_ARRAY_INDEX": "9", "AWS_BATCH_JOB_ARRAY_SIZE": "10"}, "9/10"},
		{"auto", env{"HQ_TASK_ID": "4"}, "shard auto: HQ_TASK_ID is set, but not the number of shards: set WINDFALL_SHARDS"},
		{"auto", env{"HQ_TASK_ID": "4", "WINDFALL_SHARDS": "5", "SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2"}, "4/5"},
		{"auto", env{"HQ_TASK_ID": "5", "WINDFALL_SHARDS": "5"}, "shard auto (HQ_TASK_ID=5, WINDFALL_SHARDS=5): the index runs from 0 to the count less 1"},
	} {
		s, err := ParseShard(c.text, func(name string) string { return c.env[name] })
		if err != nil {
			assert.Equal(t, c.want, err.Error())
			continue
		}
		assert.Equal(t, c.want, s.String(), c.env)
	}
}

func TestFolderNamesTheRun(t *testing.T) {
	d := design("")
	name := d.DefaultOut()
	require.Regexp(t, `^results/run-test-market-[0-9a-f]{10}$`, name)
	same := design("elsewhere")
	same.Workers = 1
	assert.Equal(t, name, same.DefaultOut())
	for _, change := range []func(*Design){
		func(d *Design) { d.Seed++ },
		func(d *Design) { d.Settings[0].Digest = "plan-2" },
		func(d *Design) { d.Replications++ },
		func(d *Design) { d.Version = "v2" },
		func(d *Design) { d.Precision = Precision{"cac", 0.01, true} },
	} {
		other := design("")
		change(&other)
		assert.NotEqual(t, name, other.DefaultOut())
	}
}
