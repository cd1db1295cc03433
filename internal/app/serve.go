package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"leanpmo/api"
	"leanpmo/internal/audit"
	"leanpmo/internal/backlog"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/directory"
	"leanpmo/internal/mcpserver"
	"leanpmo/internal/reconcile"
	"leanpmo/internal/temporalui"
	"leanpmo/web"
)

// shutdownTimeout bounds open HTTP requests at shutdown; the API limits each to ten seconds anyway.
const shutdownTimeout = 20 * time.Second

// errPlainTokens keeps publicly known tokens from being used over the network.
var errPlainTokens = errors.New("the directory holds tokens in plain: only a loopback PMO_HTTP_ADDR may use it; write token_sha256 instead")

// Serve runs the HTTP API until ctx ends.
func Serve(ctx context.Context, c Config, log *slog.Logger) error {
	if err := c.check(needDatabase | needDirectory | needAddress); err != nil {
		return err
	}
	p, err := c.open(ctx, "api", log)
	if err != nil {
		return err
	}
	defer p.close()
	if err := c.servable(p.directory); err != nil {
		return err
	}
	proxies, _ := clientaddr.Parse(c.TrustedProxies) // judged with the settings
	deps := api.Deps{Proxies: proxies, Commands: p.engine, Prioritizations: p.engine, Store: p.store, Directory: p.directory, Log: log,
		Submissions: c.limits(c.SubmissionPlaces), CommandLimits: c.limits(c.CommandPlaces), PrivateMetrics: c.MetricsAddr != "", SendsMail: c.SMTPAddress != "", CallsPerMinute: c.callsPerMinute(),
		CountBroken: p.countBroken, DirectoryFault: p.file.Fault, PeopleChanged: p.people.Look, PolicyState: p.rules.state, PolicyChanged: p.rules.lookNow, Backlogs: backlog.Reader{Store: p.store}, Collectors: p.collectors(), PublicURL: c.address(), TemporalUI: temporalui.New(c.TemporalUI, c.TemporalNamespace)}
	mails := newMailCounter()
	deps.Collectors = append(deps.Collectors, mails)
	if deps.Chats, err = c.chats(); err != nil {
		return err
	}
	deps.Refusals = audit.NewRefusals(p.store, log, time.Now)
	if err := c.serveDelivery(&deps, p.store, log); err != nil {
		return err
	}
	if err := p.awaitPolicy(ctx, c, log); err != nil || p.policy == nil {
		return err
	}
	deps.Policy = p.policy
	if err := p.people.Look(ctx); err != nil { // the server starts, and reads them as soon as it can
		log.WarnContext(ctx, "who signed in cannot be read yet", "cause", err)
	}
	a := api.New(deps)
	if err := c.servePages(p, a, deps.Refusals, log); err != nil {
		return err
	}
	if c.Agents {
		tools, err := mcpserver.New(mcpserver.Options{API: a, Log: log, PublicURL: c.PublicURL})
		if err != nil {
			return misconfigured([]error{err})
		}
		a.ServeTools(tools)
	}
	watch, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { a.WatchBroken(watch) })
	watching.Go(func() { a.ServeEvents(watch) })
	watching.Go(func() { sessionKeeper{directory: p.directory, store: p.store, log: log}.serve(watch) })
	watching.Go(func() { deps.Refusals.Serve(watch) })
	watching.Go(func() { p.people.Follow(watch) })
	watching.Go(func() { p.people.RefuseOthers(watch) })
	watching.Go(func() { p.follow(watch, c, log, c.servable) })
	defer watching.Wait()
	defer stop()
	servers := []*http.Server{newServer(c.HTTPAddr, a, log)}
	if c.MetricsAddr != "" {
		servers = append(servers, newServer(c.MetricsAddr, a.Metrics(), log))
	}
	failed := make(chan error, len(servers)+2)
	intake, err := c.mailIntake(ctx, p, a, mails, log)
	if err != nil {
		return err
	}
	watching.Go(func() { intake.serve(watch, failed) })
	defer p.watchPolicy(ctx, failed)()
	return serveHTTP(ctx, servers, func() {
		a.Drain()
		time.Sleep(c.DrainWait)
	}, failed, log)
}

// servePages makes the pages, which a serves beside the API.
func (c Config) servePages(p *dependencies, a *api.API, refusals *audit.Refusals, log *slog.Logger) error {
	pages := web.Options{API: a, Caller: api.SignedInAs, Position: a.FeedPosition, People: p.directory, Sessions: p.store, SignIns: p.people, Refusals: refusals, Log: log,
		Mails: c.Mails, Languages: p.store, Public: c.publicForm(p.store), Unsubscribes: unsubscribes{p.store}}
	if err := c.signIn(&pages); err != nil {
		return misconfigured([]error{err})
	}
	if c.MailIntakeListen != "" {
		pages.MailAddress = c.mailAddresses(p).Of
	}
	site, err := web.New(pages)
	if err != nil {
		return err
	}
	a.ServePages(site)
	return nil
}

// awaitPolicy settles the policy. Where that takes waiting for the database, a server that is alive and not ready answers meanwhile; when it
// cannot listen, the waiting ends with that error.
func (p *dependencies) awaitPolicy(ctx context.Context, c Config, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var ended chan error
	err := p.settlePolicy(ctx, func(cause string) {
		if ended != nil {
			return
		}
		ended = make(chan error, 1)
		servers := []*http.Server{newServer(c.HTTPAddr, api.Starting(cause), log)}
		go func() {
			defer cancel()
			ended <- serveHTTP(ctx, servers, func() {}, make(chan error, 1), log)
		}()
	})
	cancel()
	if ended != nil {
		err = errors.Join(err, <-ended)
	}
	return err
}

// servable refuses publicly known tokens where the server is reached over the network, and a public form whose requests would be nobody's.
func (c Config) servable(people *directory.Directory) error {
	var faults []error
	if people.PlainTokens() && !loopback(c.HTTPAddr) {
		faults = append(faults, errPlainTokens)
	}
	if fault := c.publicFormFault(people); fault != nil {
		faults = append(faults, fault)
	}
	return misconfigured(faults)
}

func (p *dependencies) countBroken(ctx context.Context) (ended, failing int, err error) {
	b, err := reconcile.CountBroken(ctx, p.engine, p.store)
	return b.Ended, b.Failing, err
}

func newServer(addr string, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: addr, Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 60 * time.Second,
		MaxHeaderBytes: 32 << 10,
	}
}

// serveHTTP serves until ctx ends, a listener fails or failed has an error. When ctx ends it calls drain; then it waits for open HTTP requests
// and returns. failed has room for an error of each server.
func serveHTTP(ctx context.Context, servers []*http.Server, drain func(), failed chan error, log *slog.Logger) error {
	for _, s := range servers {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
		if err != nil {
			return errors.Join(fmt.Errorf("listen on %s: %w", s.Addr, err), closeAll(servers))
		}
		log.InfoContext(ctx, "listening", "addr", listener.Addr().String())
		go func() { failed <- s.Serve(listener) }()
	}
	var cause error
	select {
	case <-ctx.Done():
		drain()
	case cause = <-failed:
	}
	// ctx has ended, but open HTTP requests may still finish.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, s := range servers {
		if err := s.Shutdown(stop); err != nil {
			cause = errors.Join(cause, fmt.Errorf("stop server on %s: %w", s.Addr, err))
		}
	}
	return cause
}

func closeAll(servers []*http.Server) error {
	var faults []error
	for _, s := range servers {
		faults = append(faults, s.Close())
	}
	return errors.Join(faults...)
}
