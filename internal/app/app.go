// Package app reads the configuration and starts the server, the worker or an adapter with its dependencies.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"leanpmo/internal/claims"
	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/people"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// retention is how long Temporal keeps the history of a closed request. The read model and its ledger stay.
const retention = 90 * 24 * time.Hour

// Migrate brings the pmo database to this binary's schema, as the owner of its tables, and gives the product's role its rights.
func Migrate(ctx context.Context, c Config) error {
	if err := c.check(needDatabase); err != nil {
		return err
	}
	if err := store.Migrate(ctx, c.DatabaseURL); err != nil || c.DatabaseRole == "" {
		return err
	}
	err := store.GrantProduct(ctx, c.DatabaseURL, c.DatabaseRole)
	if errors.Is(err, store.ErrNoRole) {
		return fmt.Errorf("%w; docs/operations.md, Two roles, says how to create it", err)
	}
	return err
}

// errNoPolicy keeps Bootstrap from making the schedules of a policy that is not in force.
var errNoPolicy = errors.New("PMO_POLICY_FILE and PMO_DATABASE_URL are both missing: the schedules follow the policy of the file, or the one in force in the database")

// Bootstrap creates the namespace, search attributes and schedules; it is idempotent.
func Bootstrap(ctx context.Context, c Config) error {
	rules, err := c.policyToBootstrap(ctx)
	if err != nil {
		return err
	}
	e, err := engine.Dial(engine.Options{Address: c.TemporalAddress, Namespace: c.TemporalNamespace})
	if err != nil {
		return err
	}
	defer e.Close()
	return e.Bootstrap(ctx, retention, schedulesOf(rules))
}

// policyToBootstrap is the policy that server and worker would work by. It does not take force by this.
func (c Config) policyToBootstrap(ctx context.Context) (*policy.Policy, error) {
	var file *policy.Policy
	if c.PolicyFile != "" {
		var err error
		if file, err = policy.Load(c.PolicyFile); err != nil {
			return nil, err
		}
	}
	if c.DatabaseURL == "" {
		if file == nil {
			return nil, misconfigured([]error{errNoPolicy})
		}
		return file, nil
	}
	s, err := store.Open(ctx, c.DatabaseURL, store.Options{MaxConns: 1, AppName: "leanpmo-bootstrap"})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	stored, err := readStored(ctx, s)
	if err != nil && !errors.Is(err, store.ErrNoSchema) { // without a schema nothing is in force
		return nil, err
	}
	p, _, err := policy.Choose(file, stored)
	if err != nil {
		return nil, refusedPolicy{err}
	}
	return p, nil
}

// LocalDirectory is the directory file of the local stack, as YAML.
func LocalDirectory() []byte { return directory.Local() }

// LocalPublicForm is the service of that directory to which requests of the public form belong.
const LocalPublicForm = "public-form"

// dependencies are what both the server and the worker need.
type dependencies struct {
	store     *store.Store
	engine    *engine.Engine
	metrics   *engine.Metrics // of the SDK
	file      *directory.File
	directory *directory.Directory
	people    *people.Keeper // of the directory
	rules     *rules
	policy    *policy.Current // of rules, once they are known
}

func (c Config) open(ctx context.Context, name string, log *slog.Logger) (*dependencies, error) {
	file, settings, err := c.openDirectory(ctx, log)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, c.DatabaseURL, store.Options{AppName: "leanpmo-" + name})
	if err != nil {
		return nil, err
	}
	rules, err := c.rules(s, file.Directory, log)
	if err != nil {
		s.Close()
		return nil, err
	}
	metrics := engine.NewMetrics()
	e, err := engine.Dial(engine.Options{Address: c.TemporalAddress, Namespace: c.TemporalNamespace, Closed: closedRequests{s}, Log: log, Metrics: metrics})
	if err != nil {
		s.Close()
		return nil, err
	}
	return &dependencies{store: s, engine: e, metrics: metrics, file: file, directory: file.Directory, rules: rules,
		people: &people.Keeper{Directory: file.Directory, Store: s, NotFound: store.ErrNotFound, Settings: settings, Log: log, Now: time.Now}}, nil
}

// openDirectory opens the directory file, and says which groups claims fill besides.
func (c Config) openDirectory(ctx context.Context, log *slog.Logger) (*directory.File, claims.Settings, error) {
	settings, err := c.oidc()
	if err != nil {
		return nil, settings, misconfigured([]error{err})
	}
	file, err := directory.Open(c.DirectoryFile)
	if err != nil {
		return nil, settings, err
	}
	var groups []directory.Group
	for _, g := range settings.Groups {
		groups = append(groups, directory.Group{ID: g.ID, Name: g.Name})
	}
	if named := file.Directory.FillGroups(groups); len(named) > 0 {
		log.WarnContext(ctx, "the directory file names groups that claims are to fill; its members alone count", "groups", named)
	}
	return file, settings, nil
}

// awaitPeople reads who signed in and who is blocked. Where claims fill groups or admit people, it waits for the database: without it a
// question would be put to the wrong people.
func (p *dependencies) awaitPeople(ctx context.Context, log *slog.Logger) {
	for {
		err := p.people.Look(ctx)
		if err == nil || len(p.people.Settings.Groups) == 0 {
			return // Follow goes on
		}
		log.WarnContext(ctx, "who signed in cannot be read yet", "cause", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(startRetryInterval):
		}
	}
}

// settlePolicy settles by which policy this process works. It may wait; it returns without a policy only when ctx ends.
func (p *dependencies) settlePolicy(ctx context.Context, waiting func(cause string)) error {
	err := p.rules.begin(ctx, waiting)
	if p.rules.current.Now() != nil {
		p.policy = p.rules.current
	}
	return err
}

// follow takes new versions of the directory file until ctx ends. A process may refuse one that it could not work with.
func (p *dependencies) follow(ctx context.Context, c Config, log *slog.Logger, usable func(*directory.Directory) error) {
	p.file.Log = log
	p.file.Check = func(d *directory.Directory) error {
		if err := p.policy.Now().CheckDirectory(d.AsListed()); err != nil {
			return fmt.Errorf("check the people of the policy against the directory: %w", err)
		}
		return usable(d)
	}
	p.file.Follow(ctx, c.Reread)
}

// background runs until it is stopped; stop waits for its end.
func background(ctx context.Context, run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run(ctx)
	}()
	return func() {
		cancel()
		<-ended
	}
}

func (p *dependencies) close() {
	p.engine.Close()
	p.store.Close()
}

// closedRequests reads the receipt for a submission that is repeated after its request has closed.
type closedRequests struct{ store *store.Store }

// ClosedReceipt returns the receipt of the original submission.
func (c closedRequests) ClosedReceipt(ctx context.Context, id string) (pmo.Receipt, error) {
	row, err := c.store.Request(ctx, id)
	if err != nil {
		return pmo.Receipt{}, err
	}
	if !row.Closed() {
		return pmo.Receipt{}, fmt.Errorf("request %s is not closed", id)
	}
	return row.SubmissionReceipt(), nil
}
