package app

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

func vars(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}

func TestFromEnv(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "url")
	require.NoError(t, os.WriteFile(secret, []byte("postgres://pmo@db/pmo\n"), 0o600))
	c, err := FromEnv(vars(map[string]string{"PMO_DATABASE_URL_FILE": secret, "PMO_SIGNAL_DECISIONS": "true", "PMO_DRAIN_WAIT": "5s"}))
	require.NoError(t, err)
	require.Equal(t, Config{HTTPAddr: "127.0.0.1:8080", DatabaseURL: "postgres://pmo@db/pmo", SignalDecisions: true, DrainWait: 5 * time.Second, WorkflowCache: 2000,
		SubmissionPlaces: 16, CommandPlaces: 16, Line: 256, PublicPerHour: 60, AddressPerHour: 10, MailIntakePerHour: 20, MailsPerMinute: 300, LineWait: 4 * time.Second}, c)
}

func TestFromEnvNamesEveryFault(t *testing.T) {
	_, err := FromEnv(vars(map[string]string{"PMO_DATABASE_URL": "a-secret", "PMO_DATABASE_URL_FILE": "/none", "PMO_SIGNAL_DECISIONS": "maybe", "PMO_DRAIN_WAIT": "soon", "PMO_WORKFLOW_CACHE": "0",
		"PMO_SUBMISSION_PLACES": "0", "PMO_COMMAND_PLACES": "many", "PMO_LINE": "-1", "PMO_LINE_WAIT": "1m"}))
	require.ErrorIs(t, err, ErrConfig)
	for _, name := range []string{"PMO_DATABASE_URL", "PMO_SIGNAL_DECISIONS", "PMO_DRAIN_WAIT", "PMO_WORKFLOW_CACHE",
		"PMO_SUBMISSION_PLACES", "PMO_COMMAND_PLACES", "PMO_LINE ", "PMO_LINE_WAIT is more than 15s"} {
		require.ErrorContains(t, err, name)
	}
	require.NotContains(t, err.Error(), "a-secret")
	_, err = FromEnv(vars(map[string]string{"PMO_DATABASE_URL_FILE": "/none"}))
	require.ErrorContains(t, err, "PMO_DATABASE_URL_FILE")
}

func TestCheck(t *testing.T) {
	err := Config{HTTPAddr: "8080", MetricsAddr: "x"}.check(needDatabase | needDirectory | needAddress)
	for _, name := range []string{"PMO_DATABASE_URL", "PMO_DIRECTORY_FILE", "PMO_HTTP_ADDR", "PMO_METRICS_ADDR"} {
		require.ErrorContains(t, err, name)
	}
	require.NoError(t, Config{DatabaseURL: "x"}.check(needDatabase))
	require.Error(t, Migrate(t.Context(), Config{}))
	require.Error(t, Work(t.Context(), Config{}, slog.New(slog.DiscardHandler)))
}

func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{"127.0.0.1:80": true, "[::1]:80": true, "localhost:80": true, ":80": false, "0.0.0.0:80": false, "10.0.0.1:80": false, "x": false} {
		require.Equal(t, want, loopback(addr), addr)
	}
}

func local(t *testing.T, addr string) Config {
	file := filepath.Join(t.TempDir(), "directory.yaml")
	require.NoError(t, os.WriteFile(file, LocalDirectory(), 0o600))
	return Config{HTTPAddr: addr, DatabaseURL: "postgres://pmo@127.0.0.1:1/pmo?connect_timeout=1", TemporalAddress: "127.0.0.1:1", DirectoryFile: file}
}

func TestPlainTokensStayOnLoopback(t *testing.T) {
	err := Serve(t.Context(), local(t, "0.0.0.0:0"), slog.New(slog.DiscardHandler))
	require.ErrorIs(t, err, errPlainTokens)
	require.ErrorIs(t, err, ErrConfig)
}

// The API starts, answers "not ready" and stops while neither Postgres nor Temporal can be reached.
func TestServeStartsWithoutPostgresAndTemporal(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := listener.Addr().String()
	require.NoError(t, listener.Close())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, local(t, addr), slog.New(slog.DiscardHandler)) }()

	require.Eventually(t, func() bool { return status("http://"+addr+"/livez") == http.StatusOK }, testkit.Patience, 20*time.Millisecond)
	require.Equal(t, http.StatusServiceUnavailable, status("http://"+addr+"/readyz"))
	stop()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(testkit.Patience):
		t.Fatal("the server did not stop")
	}
}

func status(url string) int {
	response, err := http.Get(url)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
