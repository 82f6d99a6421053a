package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The image that the Containerfile of a job builds holds the command and its licence, needs nothing of a system and no
// network, and gives the bytes of the command itself. The stage that compiles stands on the Go of this machine and a
// shell, under the name of the image that the file asks for, so nothing is fetched.
func TestImageRunsAlone(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("compiles everything again: with WINDFALL_VERIFY=1")
	}
	tool := func(name string) string {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("not run: %s is not installed (Debian: buildah, busybox-static, util-linux)", name)
		}
		return path
	}
	tool("buildah")
	tool("unshare")
	project, err := filepath.Abs("../..")
	require.NoError(t, err)
	if os.Getuid() != 0 {
		t.Skip("not run: mounting an image takes root")
	}
	dir := t.TempDir()
	t.Setenv("BUILDAH_ISOLATION", "chroot")
	out := func(in, name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Stderr = in, os.Stderr
		text, err := cmd.Output()
		require.NoError(t, err, "%s %v", name, args)
		return string(text)
	}
	store := filepath.Join(dir, "store")
	buildah := func(args ...string) string {
		text := out(dir, "buildah", append([]string{"--root", store, "--runroot", filepath.Join(dir, "run")}, args...)...)
		return strings.TrimSpace(text)
	}
	t.Cleanup(func() { buildah("umount", "--all") })

	base := buildah("from", "scratch")
	root := buildah("mount", base)
	out(dir, "mkdir", "-p", root+"/bin", root+"/usr/local", root+"/tmp", root+"/root")
	out(dir, "cp", tool("busybox"), root+"/bin/sh")
	out(dir, "cp", "-a", strings.TrimSpace(out(dir, "go", "env", "GOROOT")), root+"/usr/local/go")
	buildah("umount", base)
	buildah("config", "--env", "PATH=/usr/local/go/bin:/bin", "--env", "HOME=/root", "--env", "GOFLAGS=-mod=vendor",
		"--env", "GOTOOLCHAIN=local", base)
	buildah("commit", base, "docker.io/library/golang:1.26")

	source := filepath.Join(dir, "source")
	out(dir, "cp", "-a", project, source)
	out(source, "go", "mod", "vendor")
	buildah("bud", "--pull-never", "--network", "none", "-f", filepath.Join(project, "sim", "cluster", "Containerfile"),
		"-t", "windfall", source)
	image := buildah("mount", buildah("from", "--pull-never", "localhost/windfall"))
	files, err := os.ReadDir(image)
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	require.Equal(t, []string{"LICENSE", "windfall", "work"}, names)

	run := []string{"run", "town", "--replications", "50", "--no-pictures", "--no-report", "--quiet", "--out"}
	out(dir, "unshare", append([]string{"--net", "chroot", image, "/windfall"}, append(run, "/work/inside")...)...)
	out(dir, image+"/windfall", append(run, "outside")...)
	for _, name := range []string{"replications.csv", "weekly.csv"} {
		inside, err := os.ReadFile(filepath.Join(image, "work", "inside", name))
		require.NoError(t, err)
		outside, err := os.ReadFile(filepath.Join(dir, "outside", name))
		require.NoError(t, err)
		require.Equal(t, string(outside), string(inside), name)
	}
}
