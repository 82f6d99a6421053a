package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The fields of batch/v1 Job that an indexed job may have here, as the API of Kubernetes names and types them; a field
// that it does not know fails.
type kubernetesJob struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name string `yaml:"name"`
	} `yaml:"metadata"`
	Spec struct {
		Completions          int32  `yaml:"completions"`
		Parallelism          int32  `yaml:"parallelism"`
		CompletionMode       string `yaml:"completionMode"`
		BackoffLimitPerIndex *int32 `yaml:"backoffLimitPerIndex"`
		Template             struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Containers    []struct {
					Name       string   `yaml:"name"`
					Image      string   `yaml:"image"`
					Args       []string `yaml:"args"`
					WorkingDir string   `yaml:"workingDir"`
					Env        []struct {
						Name  string `yaml:"name"`
						Value string `yaml:"value"`
					} `yaml:"env"`
					Resources struct {
						Requests map[string]string `yaml:"requests"`
					} `yaml:"resources"`
					VolumeMounts []struct {
						Name      string `yaml:"name"`
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				} `yaml:"containers"`
				Volumes []struct {
					Name  string `yaml:"name"`
					Claim struct {
						ClaimName string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				} `yaml:"volumes"`
			} `yaml:"spec"`
		} `yaml:"template"`
	} `yaml:"spec"`
}

// readJob reads a job as the API would: unknown fields, doubled keys and wrong types are errors, and so are values that
// it refuses.
func readJob(text string) (j kubernetesJob, err error) {
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&j); err != nil {
		return j, err
	}
	name, quantity := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`), regexp.MustCompile(`^\d+(m|Mi|Gi)?$`)
	pod := j.Spec.Template.Spec
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = v.Claim.ClaimName != "" && name.MatchString(v.Name)
	}
	switch {
	case j.APIVersion != "batch/v1" || j.Kind != "Job":
		err = fmt.Errorf("%s %s", j.APIVersion, j.Kind)
	case !name.MatchString(j.Metadata.Name):
		err = fmt.Errorf("name %q", j.Metadata.Name)
	case j.Spec.CompletionMode != "Indexed" || j.Spec.Completions < 1 || j.Spec.Parallelism < 1:
		err = fmt.Errorf("completions %+v", j.Spec)
	case j.Spec.BackoffLimitPerIndex != nil && pod.RestartPolicy != "Never": // the API asks for that
		err = fmt.Errorf("restartPolicy %s", pod.RestartPolicy)
	case len(pod.Containers) != 1:
		err = fmt.Errorf("%d containers", len(pod.Containers))
	}
	for _, c := range pod.Containers {
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] || !strings.HasPrefix(m.MountPath, "/") {
				return j, fmt.Errorf("mount %+v", m)
			}
		}
		for _, q := range c.Resources.Requests {
			if !quantity.MatchString(q) {
				return j, fmt.Errorf("quantity %s", q)
			}
		}
	}
	return j, err
}

// files writes the files of a command and reads one of them.
func files(t *testing.T, name string, array int, rounds bool, command ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "job")
	_, err := Options{Command: command, Version: "9", Folder: dir, Array: array}.Files(&Gauge{rounds: rounds})
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(text)
}

func TestTheJobOfKubernetesIsOne(t *testing.T) {
	// Words that YAML, or Kubernetes, would read as something else stay what they are.
	command := []string{"run", "town", "--set", "a.b=\"0.1 to 0.9\"", "--set", "x: {y}\n# z", "--seed", "07", "--set", "k=$(HOME)"}
	j, err := readJob(files(t, "kubernetes.yaml", 12, false, append(command, "--out", "there")...))
	require.NoError(t, err)
	assert.EqualValues(t, 12, j.Spec.Completions)
	c := j.Spec.Template.Spec.Containers[0]
	want := append(append([]string{}, command[:8]...), "--set", "k=$$(HOME)", "--shard", "auto")
	assert.Equal(t, want, c.Args)
	assert.Equal(t, "WINDFALL_SHARDS", c.Env[0].Name)
	assert.Equal(t, "12", c.Env[0].Value)

	j, err = readJob(files(t, "kubernetes.yaml", 0, true, "optimise", "town"))
	require.NoError(t, err)
	assert.EqualValues(t, defaultFiles, j.Spec.Completions)
	assert.Equal(t, []string{"optimise", "town", "--shard", "auto", "--after", "answer"}, j.Spec.Template.Spec.Containers[0].Args)
}

// The check above sees what the API would refuse.
func TestAJobThatIsNoneIsSeen(t *testing.T) {
	text := files(t, "kubernetes.yaml", 2, false, "run", "town")
	for from, to := range map[string]string{
		"completionMode: Indexed": "completionMode: indexed", "completions: 2": "completion: 2", "batch/v1": "batch/v2",
		"restartPolicy: Never": "restartPolicy: OnFailure", "name: windfall-run": "name: Windfall_run",
		"parallelism: 2": "parallelism: two", "        - name: work\n          persistent": "        - name: other\n          persistent",
		"memory: 1Gi": "memory: 1 Gi", "workingDir: /work": "workingdir: /work",
	} {
		broken := strings.Replace(text, from, to, 1)
		require.NotEqual(t, text, broken, from)
		_, err := readJob(broken)
		require.Error(t, err, from)
	}
}

func TestTheArrayOfAWSBatchIsOne(t *testing.T) {
	var job struct { // SubmitJobRequest, as far as it is used
		Name  string `json:"jobName"`
		Queue string `json:"jobQueue"`
		Is    string `json:"jobDefinition"`
		Array struct {
			Size int `json:"size"`
		} `json:"arrayProperties"`
		Retry struct {
			Attempts int `json:"attempts"`
		} `json:"retryStrategy"`
		Overrides struct {
			Command     []string `json:"command"`
			Environment []struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			} `json:"environment"`
		} `json:"containerOverrides"`
	}
	d := json.NewDecoder(bytes.NewReader([]byte(files(t, "aws-batch.json", 5, false, "run", "town", "--out", "x"))))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&job))
	assert.Regexp(t, `^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`, job.Name)
	assert.Equal(t, 5, job.Array.Size)
	assert.Equal(t, []string{"run", "town", "--shard", "auto"}, job.Overrides.Command)
	assert.Equal(t, "WINDFALL_SHARDS", job.Overrides.Environment[0].Name)
	assert.Equal(t, "5", job.Overrides.Environment[0].Value)
	assert.True(t, job.Queue != "" && job.Is != "" && job.Retry.Attempts >= 1 && job.Retry.Attempts <= 10)
}

// The image holds a static program and nothing that could be run, or asked for, when it is used.
func TestTheImageIsOfTheProgramAlone(t *testing.T) {
	build, last, ok := strings.Cut(containerfile, "\nFROM scratch\n")
	require.True(t, ok)
	assert.Contains(t, build, "RUN CGO_ENABLED=0 go build ")
	assert.Contains(t, last, "COPY --from=build /windfall /windfall\n")
	assert.Contains(t, last, "ENTRYPOINT [\"/windfall\"]\n")
	for line := range strings.Lines(last) {
		word, _, _ := strings.Cut(line, " ")
		assert.Contains(t, []string{"COPY", "WORKDIR", "ENTRYPOINT"}, strings.TrimSpace(word))
	}
	module, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)
	assert.Contains(t, build, "golang:"+string(version[1])+" ")
}
