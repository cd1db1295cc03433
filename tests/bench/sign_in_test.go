package bench

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/app"
	"leanpmo/internal/devprovider"
	"leanpmo/internal/directory"
	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness/stock"
)

// signsIn is how people sign in to a server of a bench: with the provider of the local stack.
type signsIn struct {
	issuer, client, secret string
	people                 string // the directory file, in which each person is known to the provider
}

// startProvider starts the provider for the pages at an address, with the people of a stock.
func startProvider(t *testing.T, public string, more int) signsIn {
	t.Helper()
	s := signsIn{issuer: "http://" + localstack.Loopback(testkit.Ports(t, 1)[0]), client: "bench", secret: "the-secret-of-the-bench", people: filepath.Join(testkit.Dir(t), "directory.yaml")}
	src, err := devprovider.WithIdentities(stock.Directory(directory.Local(), more), s.issuer)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.people, src, 0o600))
	provider, err := devprovider.New(devprovider.Options{Issuer: s.issuer, ClientID: s.client, ClientSecret: s.secret, Redirects: []string{app.SignInCallback(public)},
		People: func() ([]devprovider.Person, error) { return devprovider.FromDirectory(src, s.issuer) }})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- provider.Serve(ctx) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-ended) })
	return s
}
