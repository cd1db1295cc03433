package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"leanpmo/examples"
	"leanpmo/internal/app"
	"leanpmo/internal/devprovider"
	"leanpmo/internal/localstack"
)

// startProduct migrates the database, prepares the namespace and starts worker and API in this process.
func (s *stack) startProduct(ctx context.Context) error {
	config, err := s.productConfig()
	if err != nil {
		return err
	}
	if err := s.catchMails(ctx, &config); err != nil {
		return err
	}
	log, closeLog, err := s.productLog()
	if err != nil {
		return err
	}
	s.started(closeLog)
	if err := s.startSignIn(ctx, &config); err != nil {
		return err
	}
	if err := s.migrate(ctx, &config); err != nil {
		return err
	}
	if fault, err := app.LocaleFault(ctx, config); err != nil {
		return fmt.Errorf("read the locale of the pmo database: %w", err)
	} else if fault != "" {
		fmt.Fprintln(s.errOut, fault)
	}
	if _, err := app.SeedTeams(ctx, config, examples.Teams); err != nil {
		return fmt.Errorf("create the example teams: %w", err)
	}
	if s.policy, err = app.SettlePolicy(ctx, config); err != nil {
		return err
	}
	if err := app.Bootstrap(ctx, config); err != nil {
		return fmt.Errorf("prepare Temporal for the product: %w", err)
	}
	s.launch("worker", func(ctx context.Context) error { return app.Work(ctx, config, log) })
	s.launch("API", func(ctx context.Context) error { return app.Serve(ctx, config, log) })
	return awaitHTTP(ctx, s.url()+"/readyz", s.failed)
}

// migrate brings the database to our schema as its owner. From then on the product works with a role of its own.
func (s *stack) migrate(ctx context.Context, config *app.Config) error {
	product, err := localstack.EnsureProductRole(ctx, config.DatabaseURL)
	switch {
	case errors.Is(err, localstack.ErrMayNotCreateRoles):
		fmt.Fprintln(s.errOut, "the product runs as the owner of its tables, who may change the ledgers:", err)
	case err != nil:
		return err
	default:
		config.DatabaseRole = localstack.RoleProduct
	}
	if err := app.Migrate(ctx, *config); err != nil {
		return fmt.Errorf("migrate the pmo database: %w", err)
	}
	if product != "" {
		config.DatabaseURL = product
	}
	return nil
}

// memoryLimit is how much memory Go may take before it collects garbage earlier than it usually would; about 130 MiB of the program itself
// come on top. GOMEMLIMIT sets another one.
const memoryLimit = 420 << 20

// limitMemory is the first step: all workers of a process share one cache of workflows, made with the first of them, and Temporal's
// own workers run in this process too.
func (s *stack) limitMemory(context.Context) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	environment, err := fromEnvironment()
	if err != nil {
		return err
	}
	environment.LimitWorkflowCache()
	return nil
}

// localWorkflowCache is smaller than a worker's own default: Temporal's caches are in this process too, and reading a history again is
// cheap where its server is.
const localWorkflowCache = 500

func fromEnvironment() (app.Config, error) {
	c, err := app.FromEnv(os.LookupEnv)
	if os.Getenv("PMO_WORKFLOW_CACHE") == "" {
		c.WorkflowCache = localWorkflowCache
	}
	return c, err
}

func (s *stack) url() string { return "http://" + s.HTTP }

func (s *stack) productConfig() (app.Config, error) {
	s.directory = s.Directory
	if s.directory == "" {
		// Written again at each start, so that it fits this binary; --directory is for a custom one.
		s.directory = filepath.Join(s.Data, "directory.yaml")
		people, err := devprovider.WithIdentities(app.LocalDirectory(), s.issuer())
		if err != nil {
			return app.Config{}, err
		}
		if err := writeSecret(s.directory, string(people)); err != nil {
			return app.Config{}, err
		}
	}
	environment, err := fromEnvironment() // a custom directory may contain webhooks
	if err != nil {
		return app.Config{}, err
	}
	public := environment.PublicForm
	if public == "" && s.Directory == "" {
		public = app.LocalPublicForm // so that it can be looked at, on loopback alone
	}
	key, err := s.secretsKey(environment.SecretsKey)
	if err != nil {
		return app.Config{}, err
	}
	config := app.Config{
		SecretsKey: key,
		PublicForm: public, PublicPerHour: environment.PublicPerHour, AddressPerHour: environment.AddressPerHour,
		Agents:   s.Directory == "" || environment.Agents, // so that they can be tried
		HTTPAddr: s.HTTP, DatabaseURL: s.dsn(localstack.DatabasePMO),
		TemporalAddress: s.Temporal, TemporalNamespace: s.Namespace, TemporalUI: "http://" + s.UI,
		DirectoryFile: s.directory, PolicyFile: s.Policy, SignalDecisions: true,
		WorkflowCache:    environment.WorkflowCache,
		SubmissionPlaces: environment.SubmissionPlaces, CommandPlaces: environment.CommandPlaces, Line: environment.Line, LineWait: environment.LineWait,
		NotifyFile: filepath.Join(s.Data, "notifications.jsonl"), NotifySecret: environment.NotifySecret, NotifyAllowCIDRs: environment.NotifyAllowCIDRs,
		SMTPAddress: environment.SMTPAddress, SMTPUser: environment.SMTPUser, SMTPPassword: environment.SMTPPassword, SMTPTLS: environment.SMTPTLS,
		MailFrom: environment.MailFrom, MailsPerMinute: environment.MailsPerMinute,
		DeliveryToken: rand.Text(), // only the worker and the server in this process need it
	}
	if s.OwnProvider() {
		config.PublicURL, config.TrustedProxies = environment.PublicURL, environment.TrustedProxies
		config.OIDCFile, config.OIDCIssuer, config.OIDCClaim = environment.OIDCFile, environment.OIDCIssuer, environment.OIDCClaim
		config.OIDCClientID, config.OIDCClientSecret = environment.OIDCClientID, environment.OIDCClientSecret
	}
	return config, nil
}

// secretsKey is the key that seals what people store that is secret: that of the environment, else one of this stack's data, made at its first start.
func (s *stack) secretsKey(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	file := filepath.Join(s.Data, "secrets.key")
	kept, err := os.ReadFile(file)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return string(kept), err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // it never fails
	made := base64.StdEncoding.EncodeToString(secret[:])
	return made, os.WriteFile(file, []byte(made), 0o600)
}

func (s *stack) productLogFile() string { return filepath.Join(s.Data, "pmo.log") }

// productLog writes everything to a file and errors also to the terminal.
func (s *stack) productLog() (*slog.Logger, func() error, error) {
	file, err := localstack.OpenRotatingLog(s.productLogFile())
	if err != nil {
		return nil, nil, err
	}
	handler := slog.NewMultiHandler(
		slog.NewJSONHandler(file, nil),
		slog.NewTextHandler(s.errOut, &slog.HandlerOptions{Level: slog.LevelError}),
	)
	return slog.New(handler), file.Close, nil
}

// launch serves a part of the product until it is stopped, and reports one that ends by itself.
func (s *stack) launch(name string, serve func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		err := serve(ctx)
		if ctx.Err() == nil {
			s.failed <- fmt.Errorf("%s ended by itself (its log is %s): %w", name, s.productLogFile(), orEnded(err))
			err = nil // reported already
		}
		done <- err
	}()
	s.started(func() error {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			return fmt.Errorf("stop %s: %w", name, err)
		}
		return nil
	})
}

func orEnded(err error) error {
	if err == nil {
		return errors.New("no reason given")
	}
	return err
}
