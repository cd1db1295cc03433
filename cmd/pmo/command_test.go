package main

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/version"
)

func run(args []string, env map[string]string) (string, error) {
	root := command(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.Execute()
	return out.String(), err
}

func TestVersion(t *testing.T) {
	out, err := run([]string{"version"}, nil)
	require.NoError(t, err)
	require.Equal(t, "pmo "+version.String()+"\n", out)
}

func TestExitCodes(t *testing.T) {
	for _, args := range [][]string{{"server"}, {"worker"}, {"migrate"}, {"server", "extra"}, {"server", "--no-such-flag"}} {
		_, err := run(args, nil)
		require.Error(t, err, args)
		require.Equal(t, exitUsage, exitCode(err), "%v: %v", args, err)
	}
	_, err := run([]string{"server"}, map[string]string{"PMO_LOG_LEVEL": "loud"})
	require.Equal(t, exitUsage, exitCode(err))
	require.Equal(t, exitFailed, exitCode(errors.New("boom")))
}

func TestHelpNamesTheEnvironment(t *testing.T) {
	out, err := run([]string{"server", "--help"}, nil)
	require.NoError(t, err)
	for _, name := range []string{"PMO_HTTP_ADDR", "PMO_METRICS_ADDR", "PMO_DATABASE_URL", "PMO_DATABASE_URL_FILE", "PMO_DIRECTORY_FILE",
		"PMO_POLICY_FILE", "PMO_SIGNAL_DECISIONS", "PMO_DRAIN_WAIT", "PMO_WORKFLOW_CACHE", "PMO_SUBMISSION_PLACES", "PMO_COMMAND_PLACES", "PMO_LINE", "PMO_LINE_WAIT", "PMO_LOG_LEVEL", "TEMPORAL_ADDRESS"} {
		require.Contains(t, out, name)
	}
}
