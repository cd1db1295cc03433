package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo/cli"
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

// TestHelpFitsTheTerminal: every command's help, with its flags, in a terminal of 100 columns and in a narrower one.
func TestHelpFitsTheTerminal(t *testing.T) {
	for _, columns := range []int{100, 80} {
		t.Setenv("COLUMNS", strconv.Itoa(columns))
		root := command(os.LookupEnv)
		commands := []*cobra.Command{root}
		for i := 0; i < len(commands); i++ {
			commands = append(commands, commands[i].Commands()...)
		}
		require.Greater(t, len(commands), 30)
		for _, cmd := range commands {
			_, flags, found := strings.Cut(cmd.UsageString(), "Flags:")
			if !found {
				continue
			}
			flags, _, _ = strings.Cut(flags, "\n\n")
			for _, line := range strings.Split(flags, "\n") {
				require.LessOrEqual(t, len([]rune(line)), columns, "%s: %s", cmd.CommandPath(), line)
			}
		}
	}
}

// TestComplaintFitsTheTerminal: an error is broken between words where there is a terminal, and left as it is for a script.
func TestComplaintFitsTheTerminal(t *testing.T) {
	long := errors.New(strings.Repeat("this is wrong and that is wrong ", 20))
	columns := func(n string) func(string) (string, bool) {
		return func(name string) (string, bool) { return n, name == "COLUMNS" && n != "" }
	}
	require.Equal(t, "pmo: "+long.Error(), cli.Complaint(long, io.Discard, columns("")))
	for i, line := range strings.Split(cli.Complaint(long, io.Discard, columns("100")), "\n") {
		require.LessOrEqual(t, len(line), 100)
		require.Equal(t, i > 0, strings.HasPrefix(line, "  "), "further lines are indented: %s", line)
	}
}
