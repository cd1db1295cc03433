// Package api is the thin HTTP API of the PMO: it establishes who acts and whether they may, passes commands to the engine and reads
// from the store. It contains no rule of the process. The JSON types are in internal/wire.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"

	"leanpmo/internal/access"
	"leanpmo/internal/admission"
	"leanpmo/internal/audit"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/contract"
	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/feed"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/temporalui"
)

// Commands calls the workflows of requests; *engine.Engine is one.
type Commands interface {
	Submit(ctx context.Context, s pmo.Submission, key string) (engine.Submitted, error)
	Update(ctx context.Context, id, name string, cmd pmo.Command, by pmo.By, key string) (pmo.Receipt, error)
	KeyUsed(ctx context.Context, id, actor, key string) bool
	Snapshot(ctx context.Context, id string) (pmo.Request, error)
	Describe(ctx context.Context, id string) (engine.Description, error)
	Ping(ctx context.Context) error
}

// Prioritizations starts prioritization runs; *engine.Engine is one.
type Prioritizations interface {
	PrioritizeNow(ctx context.Context, in contract.PrioritizationInput, key string) (string, error)
	PrioritizeSoon(ctx context.Context, portfolio, cause string, now time.Time, gap time.Duration) error
	PrioritizationResult(ctx context.Context, id string, wait time.Duration) (contract.PrioritizationResult, bool, error)
}

// Store is the read model and the few things the API itself writes; *store.Store is one.
type Store interface {
	requestReader
	rankingReader
	seatStore
	teamStore
	resourceStore
	accessStore
	keyStore
	flowReader
	workReader
	objectiveStore
	stuckReader
	changeReader
	feed.Source
	discussionStore
	noteStore
	draftStore
	officeReader
	blockStore
	channelStore
	chatStore
	publicStore
	viewStore
	notificationStore
	importStore
	promiseStore
	boardReader
	proposalStore
	scoringStore
	pointStore
	dependencyReader
	SchemaOK(ctx context.Context) error
	MayChangeLedgers(ctx context.Context) (bool, error)
	Ping(ctx context.Context) error
}

// readWithin is how long a command waits for the read model: without it, people can still submit and decide.
const readWithin = time.Second

// Deps are what the API depends on.
type Deps struct {
	Commands        Commands
	Prioritizations Prioritizations
	Store           Store
	Directory       *directory.Directory
	Policy          *policy.Current
	Log             *slog.Logger
	Now             func() time.Time
	// Submissions and CommandLimits bound what is in flight of each class; zero: admission.Default.
	Submissions, CommandLimits admission.Limits
	// CallsPerMinute bounds the calls of each person, and those by one token to half of it; 0: no bound, also none on the calls without a known
	// token.
	CallsPerMinute int
	// Proxies are those that say truly whom they forward for.
	Proxies clientaddr.Proxies
	// Refusals writes refused calls to the office ledger; nil: they are not written.
	Refusals *audit.Refusals
	// SendsMail says that notifications go by mail to people with an address.
	SendsMail bool
	// PrivateMetrics leaves /metrics out, for a listener of its own to serve Metrics.
	PrivateMetrics bool
	// Collectors are further metrics of this process.
	Collectors []prometheus.Collector
	// Delivery is our own implementation of the delivery API, for teams without a tool; nil: it is not served.
	Delivery http.Handler
	// CountBroken counts the open requests whose workflow was ended in Temporal, and those whose workflow tasks fail; nil: nobody counts.
	CountBroken func(ctx context.Context) (ended, failing int, err error)
	// PolicyState says by which policy this process works, and what is wrong about it, empty when it is the one in force; nil: nobody compares.
	PolicyState func() (name, fault string)
	// PolicyChanged takes the policy in force at once; nil: it is taken a moment later, or never.
	PolicyChanged func(ctx context.Context)
	// Backlogs reads what rankings rest on.
	Backlogs Backlogs
	// DirectoryFault is why the newest directory file is not in force; nil: nobody follows it.
	DirectoryFault func() error
	// PeopleChanged reads the people of the database at once; nil: they are read a moment later, or never.
	PeopleChanged func(ctx context.Context) error
	// Chats are what the addresses of chats that people set are kept with; the zero value: nobody sets one.
	Chats ChatSettings
	// PublicURL is where people reach the pages, for links in calendars; empty: these have none.
	PublicURL string
	// TemporalUI makes the links to the Temporal UI; the zero value makes none.
	TemporalUI temporalui.UI
	// Webhooks verifies what tools report back; nil: they cannot report.
	Webhooks Verifier
}

// API is the HTTP API. It is an http.Handler.
type API struct {
	Deps
	router         *chi.Mux
	huma           huma.API
	actions        map[string]access.Action // by "METHOD /path"
	metrics        *metrics
	places         map[class]*admission.Places
	forecasts      *cache.Cache
	flows          *flowReports
	fundings       *fundingAnswers
	work           *strategyWork
	retrospectives retrospectives
	measured       measured
	draining       atomic.Bool
	broken         atomic.Pointer[broken]
	leads          atomic.Pointer[teamLeads]
	pages          http.Handler
	tools          http.Handler
	rates          rates
	feed           *feed.Feed
	follows        connections
}

// New builds the API with all its routes.
func New(d Deps) *API {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	a := &API{Deps: d, router: chi.NewMux(), actions: map[string]access.Action{}, metrics: newMetrics(), forecasts: cache.New(d.Store, d.Policy), flows: newFlowReports(d.Store),
		fundings: newFundingAnswers(fundingWork), work: newStrategyWork(d.Store),
		feed: feed.New(d.Store, d.Log, d.Now), follows: connections{most: mostFollowing, of: map[string]int{}}}
	a.metrics.watchFollowers(a.feed.Followers)
	a.metrics.registry.MustRegister(d.Collectors...)
	a.makePlaces()
	a.rates = ratesOf(d)
	a.routes()
	return a
}

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.router.ServeHTTP(w, r) }

// ServePages makes a handler answer what is no route of the API. Call it before the API serves.
func (a *API) ServePages(h http.Handler) { a.pages = h }

// Drain makes the API answer "not ready", so that a load balancer sends new calls elsewhere before the listener closes. Those who follow the
// events are sent away: their connections have no end of their own.
func (a *API) Drain() {
	a.draining.Store(true)
	a.feed.Close()
}

// Metrics serves the metrics of the API, for Prometheus.
func (a *API) Metrics() http.Handler { return a.metrics.handler() }

// OpenAPI is the description of the API.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }
