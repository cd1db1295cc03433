package accept

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
)

// TestARestartWithoutItsPolicyFileKeepsThePolicy runs the whole stack with a policy file, without one, and with an older one.
func TestARestartWithoutItsPolicyFileKeepsThePolicy(t *testing.T) {
	l := plan(t)
	ports := testkit.Ports(t, 2)
	http, signIn := localstack.Loopback(ports[0]), localstack.Loopback(ports[1])
	own, older := filepath.Join(l.data, "own.yaml"), filepath.Join(l.data, "older.yaml")
	source := string(policy.Default().Source())
	require.NoError(t, os.WriteFile(older, []byte(source), 0o600))
	require.NoError(t, os.WriteFile(own, []byte(strings.Replace(source, "version: 1\n", "version: 4\n", 1)), 0o600))
	p, err := policy.Load(own)
	require.NoError(t, err)
	whole := func(more ...string) testkit.PartConfig {
		return testkit.PartConfig{Name: "pmo-local", Path: testkit.Program(t, "pmo-local"), ReadyFile: l.ready,
			Args: append([]string{"--data", l.data, "--temporal", l.temporal, "--ui", l.ui, "--http", http, "--sign-in", signIn, "--postgres-port", strconv.Itoa(l.postgresPort), "--ready-file", l.ready}, more...)}
	}

	first := testkit.StartPart(t, whole("--policy", own))
	require.Contains(t, first.Output(), "version "+p.Name()+", in force since")
	first.Stop()

	again := testkit.StartPart(t, whole())
	require.Contains(t, again.Output(), "version "+p.Name()+", in force since")
	require.Contains(t, again.Output(), "; no policy file is given")
	again.Stop()

	cmd := exec.Command(testkit.Program(t, "pmo-local"), whole("--policy", older).Args...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.Contains(t, string(out), "pmo-local: the policy file is not the policy in force: its version is 1, and version 4 is in force;")
}
