package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// policyEvery is how often a process asks which version is in force: one row of an index.
const policyEvery = 2 * time.Second

// policyStore keeps the policy in force.
type policyStore interface {
	PolicyInForce(ctx context.Context) (store.PolicyVersion, error)
	VersionInForce(ctx context.Context) (int, error)
	PutPolicyInForce(ctx context.Context, p store.PolicyVersion) error
}

// rules are the policy a process works by. The policy in force is in the database: it decides whether the file may be used, and stays in force
// without one. A version that comes into force while the process runs takes the place of its policy. While the database is away a process with
// a file begins with the file, and compares it as soon as it can.
type rules struct {
	file      *policy.Policy // of PMO_POLICY_FILE; nil without one
	store     policyStore
	directory *directory.Directory
	log       *slog.Logger

	current  *policy.Current // holds none until it is known
	mu       sync.Mutex      // held by a look
	compared bool            // with the policy in force
	fault    atomic.Pointer[string]
}

// refusedPolicy is a configuration error: trying again does not help.
type refusedPolicy struct{ error }

func (r refusedPolicy) Unwrap() error      { return r.error }
func (refusedPolicy) Is(target error) bool { return target == ErrConfig }

func (c Config) rules(s policyStore, people *directory.Directory, log *slog.Logger) (*rules, error) {
	r := &rules{store: s, directory: people, log: log, current: policy.Holding(nil)}
	if c.PolicyFile == "" {
		return r, nil
	}
	var err error
	if r.file, err = policy.Load(c.PolicyFile); err != nil {
		return nil, err
	}
	return r, r.check(r.file)
}

func (r *rules) check(p *policy.Policy) error {
	if err := p.CheckDirectory(r.directory.AsListed()); err != nil {
		return fmt.Errorf("check the people of the policy against the directory: %w", err)
	}
	return nil
}

// begin settles which policy to work by. Without a file and a database it waits, and tells waiting why; it returns when ctx ends.
func (r *rules) begin(ctx context.Context, waiting func(cause string)) error {
	for {
		err := r.settle(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() == nil && !away(err):
			return err
		case r.file != nil:
			r.current.Take(r.file)
			r.says("not compared with the policy in force yet, because the database does not answer")
			r.log.WarnContext(ctx, "working by the policy file, which cannot be compared with the policy in force yet", "policy", r.file.Name(), "cause", err)
			return nil
		}
		r.log.WarnContext(ctx, "there is no policy file, and the policy in force cannot be read yet", "cause", err)
		waiting("the policy in force cannot be read: the database does not answer or has no schema yet")
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(startRetryInterval):
		}
	}
}

// away reports whether the error says nothing about the policy: the database does not answer, or is not migrated yet.
func away(err error) bool {
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrNoSchema)
}

// settle compares with the policy in force, and lets the file take force where it may.
func (r *rules) settle(ctx context.Context) error {
	for {
		stored, err := readStored(ctx, r.store)
		if err != nil {
			return err
		}
		p, takesForce, err := policy.Choose(r.file, stored)
		if err != nil {
			return refusedPolicy{err}
		}
		if err := r.check(p); err != nil {
			return err
		}
		if takesForce {
			err := r.store.PutPolicyInForce(ctx, store.PolicyVersion{Version: p.Version(), Source: p.Source(), Since: time.Now().UTC(), Actor: "operator"})
			if errors.Is(err, store.ErrConflict) {
				continue // another process stored one meanwhile, which is now compared
			}
			if err != nil {
				return err
			}
		}
		r.current.Take(p)
		r.compared = true
		r.says("")
		from := r.origin(p, stored)
		r.log.InfoContext(ctx, "policy in force", "policy", p.Name(), "from", from, "took_force", takesForce)
		if r.file != nil && from != fromFile {
			r.log.WarnContext(ctx, "the policy file is not used: another version was proposed and accepted since", "file", r.file.Name(), "policy", p.Name())
		}
		return nil
	}
}

const fromFile = "file"

// origin says where the policy comes from that a process works by.
func (r *rules) origin(p *policy.Policy, stored *policy.Stored) string {
	switch {
	case r.file != nil && p.Name() == r.file.Name():
		return fromFile
	case stored != nil:
		return "database"
	}
	return "built in"
}

// readStored returns nil when no policy has taken force yet.
func readStored(ctx context.Context, s policyStore) (*policy.Stored, error) {
	v, err := s.PolicyInForce(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &policy.Stored{Version: v.Version, Source: v.Source, Decided: v.Proposal != ""}, nil
}

// watch compares again and again until ctx ends. It returns an error when this process began by a file that it may not use.
func (r *rules) watch(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(policyEvery):
		}
		if err := r.look(ctx); err != nil {
			return err
		}
	}
}

// lookNow compares at once; what it cannot do now the watch does a moment later.
func (r *rules) lookNow(ctx context.Context) {
	if err := r.look(ctx); err != nil {
		r.log.WarnContext(ctx, "the policy in force is compared again", "cause", err)
	}
}

func (r *rules) look(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.compared {
		if err := r.settle(ctx); err != nil && !away(err) && ctx.Err() == nil {
			return err
		}
		return nil
	}
	version, err := r.store.VersionInForce(ctx)
	if err != nil {
		return nil // /readyz says that the database is away
	}
	using := r.current.Now()
	if version == using.Version() {
		r.says("")
		return nil
	}
	if err := r.take(ctx); err != nil && ctx.Err() == nil && !away(err) {
		if r.says(fmt.Sprintf("this process works by policy %d, and cannot work by policy %d, which is in force: %s", using.Version(), version, err)) {
			r.log.WarnContext(ctx, "the policy in force cannot be used", "policy", using.Name(), "in_force", version, "cause", err)
		}
	}
	return nil
}

// take works by the policy in force from now on.
func (r *rules) take(ctx context.Context) error {
	stored, err := readStored(ctx, r.store)
	if err != nil || stored == nil {
		return err
	}
	p, err := policy.Parse(stored.Source)
	if err != nil {
		return err
	}
	if err := r.check(p); err != nil {
		return err
	}
	before := r.current.Now()
	r.current.Take(p)
	r.says("")
	r.log.InfoContext(ctx, "policy in force", "policy", p.Name(), "from", "database", "before", before.Name())
	return nil
}

// says keeps what is wrong, and reports whether that is new.
func (r *rules) says(fault string) bool {
	before := r.fault.Swap(&fault)
	return before == nil || *before != fault
}

// state is the policy this process works by, and what is wrong about it; empty when it is the one in force.
func (r *rules) state() (name, fault string) {
	if f := r.fault.Load(); f != nil {
		fault = *f
	}
	return r.current.Now().Name(), fault
}

// SettlePolicy lets the policy of the configuration take force, or keeps the one in force, and says which one that is and where it comes from.
func SettlePolicy(ctx context.Context, c Config) (string, error) {
	file, _, err := c.openDirectory(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	s, err := store.Open(ctx, c.DatabaseURL, store.Options{MaxConns: 1, AppName: "leanpmo-policy"})
	if err != nil {
		return "", err
	}
	defer s.Close()
	r, err := c.rules(s, file.Directory, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	if err := r.settle(ctx); err != nil {
		return "", err
	}
	v, err := s.PolicyInForce(ctx)
	if err != nil {
		return "", err
	}
	from := "no policy file is given"
	if c.PolicyFile != "" {
		from = "as in " + c.PolicyFile
		if r.current.Now().Name() != r.file.Name() {
			from = fmt.Sprintf("%s (version %d) is not used: this one was proposed and accepted", c.PolicyFile, r.file.Version())
		}
	}
	return fmt.Sprintf("version %s, in force since %s; %s", r.current.Now().Name(), v.Since.Format("2006-01-02 15:04 MST"), from), nil
}
