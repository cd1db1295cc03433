// Package options reads and checks the options of `pmo-local` from flags and the environment. A flag has precedence over
// the environment, which has precedence over the default.
package options

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// Part is a part of the stack that can run alone.
type Part string

// The parts. All means the three others and the product itself.
const (
	Postgres Part = "postgres"
	Temporal Part = "temporal"
	UI       Part = "ui"
	All      Part = "all"
)

// Options says which parts to run, and where.
type Options struct {
	Data         string // folder for all data and logs
	HTTP         string // API and web pages
	Temporal     string // Temporal's gRPC frontend
	UI           string // Temporal's web UI
	SignIn       string // the provider that signs the local people in
	PostgresPort int
	Only         []string
	PostgresDSN  string // an already running Postgres, instead of starting one
	DSNFile      string // a file with such a DSN
	Namespace    string // the product's Temporal namespace
	Directory    string // people, groups and token hashes; empty means the local principals
	Policy       string // rules; empty means those in force, at first the built-in ones
	ReadyFile    string // written when everything is ready
	Demo         bool   // add the demo portfolio
}

// Bind declares the flags. Call Complete once they are parsed.
func (o *Options) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&o.Data, "data", ".pmo", "folder for data and logs")
	flags.StringVar(&o.HTTP, "http", "127.0.0.1:8080", "address of the API and web pages")
	flags.StringVar(&o.Temporal, "temporal", "127.0.0.1:7233", "address of Temporal")
	flags.StringVar(&o.UI, "ui", "127.0.0.1:8233", "address of the Temporal UI")
	flags.StringVar(&o.SignIn, "sign-in", "127.0.0.1:8180", "address of the provider that signs people in to the pages without proof; loopback alone")
	flags.IntVar(&o.PostgresPort, "postgres-port", 5433, "port of Postgres on 127.0.0.1")
	flags.StringSliceVar(&o.Only, "only", []string{string(All)}, "run only these parts: postgres, temporal, ui or all")
	flags.StringVar(&o.PostgresDSN, "postgres-dsn", "", "use this running Postgres; give a password in the environment or in --postgres-dsn-file")
	flags.StringVar(&o.DSNFile, "postgres-dsn-file", "", "use the running Postgres whose address is in this file")
	flags.StringVar(&o.Namespace, "namespace", "pmo", "Temporal namespace of the product")
	flags.StringVar(&o.Directory, "directory", "", "directory of people and tokens; without it the local principals")
	flags.StringVar(&o.Policy, "policy", "", "policy file; without it the policy in force, at first the built-in one")
	flags.BoolVar(&o.Demo, "demo", false, "add an example portfolio before saying ready; a second time adds nothing")
	flags.StringVar(&o.ReadyFile, "ready-file", "", "write addresses and pid to this file once ready")
}

// environment is the variable of each flag.
var environment = map[string]string{
	"data":              "PMO_DATA",
	"http":              "PMO_HTTP_ADDR",
	"temporal":          "PMO_TEMPORAL_ADDR",
	"ui":                "PMO_UI_ADDR",
	"sign-in":           "PMO_SIGN_IN_ADDR",
	"postgres-port":     "PMO_POSTGRES_PORT",
	"only":              "PMO_ONLY",
	"postgres-dsn":      "PMO_POSTGRES_DSN",
	"postgres-dsn-file": "PMO_POSTGRES_DSN_FILE",
	"namespace":         "PMO_TEMPORAL_NAMESPACE",
	"directory":         "PMO_DIRECTORY_FILE",
	"policy":            "PMO_POLICY_FILE",
	"ready-file":        "PMO_READY_FILE",
	"demo":              "PMO_DEMO",
}

// Complete reads the environment and checks all options. Every error is one sentence.
func (o *Options) Complete(flags *pflag.FlagSet) error {
	if flags.Changed("postgres-dsn") && hasPassword(o.PostgresDSN) {
		return errors.New("a password on the command line can be read by others: use PMO_POSTGRES_DSN or --postgres-dsn-file")
	}
	if err := fromEnvironment(flags); err != nil {
		return err
	}
	data, err := filepath.Abs(o.Data)
	if err != nil {
		return fmt.Errorf("find data folder: %w", err)
	}
	o.Data = data
	return errors.Join(o.checkParts(), o.checkAddresses(), o.checkFiles(), o.checkDemo())
}

func fromEnvironment(flags *pflag.FlagSet) error {
	var errs []error
	flags.VisitAll(func(f *pflag.Flag) {
		name, known := environment[f.Name]
		value := os.Getenv(name)
		if !known || f.Changed || value == "" {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("read %s: %w", name, err))
		}
	})
	return errors.Join(errs...)
}

// hasPassword recognizes both forms: postgres://user:password@host and password=….
func hasPassword(dsn string) bool {
	_, rest, isURL := strings.Cut(dsn, "://")
	user, _, hasUser := strings.Cut(rest, "@")
	return isURL && hasUser && strings.Contains(user, ":") || strings.Contains(dsn, "password=")
}

func (o *Options) checkParts() error {
	if len(o.Only) == 0 {
		return errors.New("--only names no part: postgres, temporal, ui or all")
	}
	for _, name := range o.Only {
		if !slices.Contains([]Part{Postgres, Temporal, UI, All}, Part(name)) {
			return fmt.Errorf("--only %s: unknown part; choose postgres, temporal, ui or all", name)
		}
	}
	if o.External() && slices.Contains(o.Only, string(Postgres)) {
		return errors.New("--only postgres starts a Postgres, --postgres-dsn uses a running one: choose one")
	}
	return nil
}

func (o *Options) checkAddresses() error {
	for _, p := range o.addresses() {
		if _, _, err := net.SplitHostPort(p.address); err != nil {
			return fmt.Errorf("--%s %q is not host:port", p.flag, p.address)
		}
	}
	if o.PostgresPort < 1 || o.PostgresPort > 65535 {
		return fmt.Errorf("--postgres-port %d is not a port", o.PostgresPort)
	}
	if err := o.checkDifferent(); err != nil {
		return err
	}
	if o.Product() && o.Directory == "" && !isLoopback(o.HTTP) {
		return fmt.Errorf("--http %s can be reached by others, and the local tokens are public: give --directory, or listen on 127.0.0.1", o.HTTP)
	}
	if o.SignsIn() && !isLoopback(o.SignIn) {
		return fmt.Errorf("--sign-in %s can be reached by others, and it asks for no proof: listen on 127.0.0.1", o.SignIn)
	}
	return nil
}

// listening is where one part listens, and the flag that says so.
type listening struct {
	flag, address string
	runs          bool
}

func (o *Options) addresses() []listening {
	return []listening{{"http", o.HTTP, o.Product()}, {"temporal", o.Temporal, o.Runs(Temporal)}, {"ui", o.UI, o.Runs(UI)}, {"sign-in", o.SignIn, o.SignsIn()},
		{"postgres-port", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.PostgresPort)), o.Runs(Postgres)}}
}

// checkDifferent refuses one port for two parts before any of them starts: the second would fail after the first has started.
func (o *Options) checkDifferent() error {
	all := slices.DeleteFunc(o.addresses(), func(l listening) bool { return !l.runs })
	for i, a := range all {
		for _, b := range all[i+1:] {
			if collide(a.address, b.address) {
				return fmt.Errorf("--%s and --%s both want %s: give one of them another port", a.flag, b.flag, b.address)
			}
		}
	}
	return nil
}

// collide reports whether two addresses have a port in common. An address without a host means all interfaces.
func collide(a, b string) bool {
	hostA, portA, _ := net.SplitHostPort(a) // both were checked before
	hostB, portB, _ := net.SplitHostPort(b)
	return portA == portB && portA != "0" && (everywhere(hostA) || everywhere(hostB) || hostA == hostB || isLoopback(a) && isLoopback(b))
}

func everywhere(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

func (o *Options) checkFiles() error {
	for flag, path := range map[string]string{"policy": o.Policy, "directory": o.Directory, "postgres-dsn-file": o.DSNFile} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("read --%s: %w", flag, err)
		}
	}
	return nil
}

// checkDemo refuses a demo without the product or without the local principals.
func (o *Options) checkDemo() error {
	switch {
	case o.Demo && !o.Product():
		return errors.New("--demo needs the whole product: remove --only")
	case o.Demo && o.Directory != "":
		return errors.New("--demo uses the local principals: remove --directory")
	}
	return nil
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Runs reports whether a part is to be started. Postgres is not when a running one is given.
func (o *Options) Runs(p Part) bool {
	if p == Postgres && o.External() {
		return false
	}
	return slices.Contains(o.Only, string(p)) || o.Product()
}

// Product reports whether the API and the worker run too.
func (o *Options) Product() bool { return slices.Contains(o.Only, string(All)) }

// SignsIn reports whether the provider of the local stack runs: where others reach the pages, and where a directory comes with a provider of its
// own, it does not.
func (o *Options) SignsIn() bool { return o.Product() && isLoopback(o.HTTP) && !o.OwnProvider() }

// OwnProvider reports whether people sign in with a provider that the environment names. The local people are no provider's.
func (o *Options) OwnProvider() bool {
	return o.Directory != "" && (os.Getenv("PMO_OIDC_FILE") != "" || os.Getenv("PMO_OIDC_ISSUER") != "")
}

// External reports whether a running Postgres is given.
func (o *Options) External() bool { return o.PostgresDSN != "" || o.DSNFile != "" }
