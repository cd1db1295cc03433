package options_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo-local/options"
)

func parse(t *testing.T, args ...string) (options.Options, error) {
	t.Helper()
	var o options.Options
	flags := pflag.NewFlagSet("pmo-local", pflag.ContinueOnError)
	o.Bind(flags)
	require.NoError(t, flags.Parse(args))
	return o, o.Complete(flags)
}

func TestDefaultsRunEverythingOnLoopback(t *testing.T) {
	o, err := parse(t)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", o.HTTP)
	require.True(t, filepath.IsAbs(o.Data))
	require.True(t, o.Product())
	for _, part := range []options.Part{options.Postgres, options.Temporal, options.UI} {
		require.True(t, o.Runs(part), part)
	}
}

func TestFlagWinsOverEnvironmentWinsOverDefault(t *testing.T) {
	t.Setenv("PMO_HTTP_ADDR", "127.0.0.1:1111")
	t.Setenv("PMO_POSTGRES_PORT", "2222")
	o, err := parse(t, "--http", "127.0.0.1:3333")
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:3333", o.HTTP)
	require.Equal(t, 2222, o.PostgresPort)
	require.Equal(t, "127.0.0.1:7233", o.Temporal)
}

func TestOnlyNamesParts(t *testing.T) {
	o, err := parse(t, "--only", "postgres", "--only", "temporal")
	require.NoError(t, err)
	require.True(t, o.Runs(options.Postgres))
	require.True(t, o.Runs(options.Temporal))
	require.False(t, o.Runs(options.UI))
	require.False(t, o.Product())
}

func TestPasswordFromTheEnvironmentIsTaken(t *testing.T) {
	t.Setenv("PMO_POSTGRES_DSN", "postgres://pmo:secret@127.0.0.1/pmo")
	o, err := parse(t)
	require.NoError(t, err)
	require.True(t, o.External())
	require.False(t, o.Runs(options.Postgres))
}

func TestRefusals(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dsn")
	require.NoError(t, os.WriteFile(file, []byte("postgres://127.0.0.1/pmo"), 0o600))
	cases := map[string]struct {
		args []string
		want string
	}{
		"unknown part":          {[]string{"--only", "kafka"}, "unknown part"},
		"no address":            {[]string{"--ui", "8233"}, "is not host:port"},
		"no port":               {[]string{"--postgres-port", "0"}, "is not a port"},
		"public tokens":         {[]string{"--http", "0.0.0.0:8080"}, "local tokens are public"},
		"sign-in for all":       {[]string{"--sign-in", "0.0.0.0:8180"}, "asks for no proof"},
		"password in a URL":     {[]string{"--postgres-dsn", "postgres://a:b@h/d"}, "can be read by others"},
		"password in a keyword": {[]string{"--postgres-dsn", "host=h password=b"}, "can be read by others"},
		"two Postgres":          {[]string{"--only", "postgres", "--postgres-dsn-file", file}, "choose one"},
		"missing policy":        {[]string{"--policy", "/nowhere.yaml"}, "--policy"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestWhoSignsPeopleIn: the provider of the local stack does on loopback, unless a directory comes with another one.
func TestWhoSignsPeopleIn(t *testing.T) {
	people := filepath.Join(t.TempDir(), "people.yaml")
	require.NoError(t, os.WriteFile(people, nil, 0o600))
	signsIn := func(args ...string) bool {
		o, err := parse(t, args...)
		require.NoError(t, err)
		return o.SignsIn()
	}
	require.True(t, signsIn())
	require.True(t, signsIn("--directory", people))
	require.False(t, signsIn("--only", "postgres"))
	require.False(t, signsIn("--directory", people, "--http", "0.0.0.0:8080"), "others reach the pages")
	t.Setenv("PMO_OIDC_ISSUER", "https://id.example.org")
	require.True(t, signsIn(), "the local people are no other provider's")
	require.False(t, signsIn("--directory", people))
}

func TestDemoNeedsTheProductAndTheLocalPrincipals(t *testing.T) {
	o, err := parse(t, "--demo")
	require.NoError(t, err)
	require.True(t, o.Demo)
	_, err = parse(t, "--demo", "--only", "postgres")
	require.ErrorContains(t, err, "--demo needs the whole product")
	people := filepath.Join(t.TempDir(), "people.yaml")
	require.NoError(t, os.WriteFile(people, nil, 0o600))
	_, err = parse(t, "--demo", "--directory", people)
	require.ErrorContains(t, err, "--demo uses the local principals")
}

// TestOnePortForTwoPartsIsRefused names both flags, before anything starts.
func TestOnePortForTwoPartsIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		flags []string
	}{
		"the same address":            {[]string{"--http", "127.0.0.1:8233"}, []string{"--http", "--ui"}},
		"another name of the machine": {[]string{"--http", "localhost:7233"}, []string{"--http", "--temporal"}},
		"all interfaces":              {[]string{"--ui", "0.0.0.0:7233"}, []string{"--temporal", "--ui"}},
		"the provider":                {[]string{"--sign-in", "127.0.0.1:8080"}, []string{"--http", "--sign-in"}},
		"the port of Postgres":        {[]string{"--postgres-port", "8080"}, []string{"--http", "--postgres-port"}},
	} {
		_, err := parse(t, c.args...)
		for _, flag := range c.flags {
			require.ErrorContains(t, err, flag, name)
		}
		require.ErrorContains(t, err, "both want", name)
	}
	for _, args := range [][]string{
		{"--only", "postgres,temporal", "--ui", "127.0.0.1:7233"}, // the UI does not run
		{"--postgres-dsn-file", "/dev/null", "--postgres-port", "8080"},
		{"--only", "postgres,temporal,ui", "--ui", "127.0.0.1:8180"}, // nobody signs in
		{"--ui", "127.0.0.2:18080", "--temporal", "192.0.2.1:18080"}, // other machines
	} {
		_, err := parse(t, args...)
		require.NoError(t, err, args)
	}
}
