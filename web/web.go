// Package web serves the pages of the product: what people read and do in a browser. A page asks the API for what it shows and gives its
// commands to the API, in the same process and as the person who is signed in, so that pages have no rights and no rules of their own.
// Everything works without JavaScript.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"leanpmo/internal/audit"
	"leanpmo/internal/caught"
	"leanpmo/internal/client"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/directory"
	"leanpmo/internal/inprocess"
	"leanpmo/internal/ratelimit"
	"leanpmo/internal/session"
	"leanpmo/internal/signin"
)

// Options are what the pages depend on.
type Options struct {
	API http.Handler
	// Caller makes calls to the API with a context those of a person; it is api.SignedInAs.
	Caller func(ctx context.Context, id string) context.Context
	// Position is how far the events have been read that pages follow; nil or an empty text: pages are not live.
	Position func() string
	People   *directory.Directory
	Sessions session.Store // nil: in memory
	// SignInsPerMinute bounds how often each address begins or ends signing in with the provider; 0: no bound.
	SignInsPerMinute int
	// Proxies are those that say truly whom they forward for.
	Proxies clientaddr.Proxies
	// Providers sign people in; empty: nobody signs in to the pages.
	Providers signin.Providers
	// SignIns says who somebody is whom a provider has signed in; it is set where there are providers.
	SignIns SignIns
	// Public is the form for people without an account; nil: there is none.
	Public *PublicForm
	// MailAddress is the address at which a person's mail becomes a comment on a request; nil: no mail is taken.
	MailAddress func(ctx context.Context, person, ref string) (string, error)
	// Unsubscribes ends mails by the links in them; nil: there are no such links.
	Unsubscribes Unsubscribes
	// Languages keeps in which language people see the pages, for what is sent to them; nil: it is not kept.
	Languages Languages
	// Mails are those that the local stack caught; nil: mails are sent.
	Mails *caught.Box
	// PublicURL is the address people reach the pages at, without a path; empty: unknown.
	PublicURL string
	// Plain says that the pages are served without TLS, as on loopback: the session's cookie then has no Secure attribute.
	Plain bool
	// TemporalUI is the base URL of the Temporal UI, for links to histories; empty: no links.
	TemporalUI string
	// Refusals writes refused sign-ins to the office ledger; nil: they are not written.
	Refusals *audit.Refusals
	Log      *slog.Logger
	Now      func() time.Time
}

// SignIns judges and stores sign-ins.
type SignIns interface {
	SignIn(ctx context.Context, who signin.Identity) (directory.Principal, error)
	SignOut(ctx context.Context, out signin.SignedOut) error
}

// Languages keeps the language of people.
type Languages interface {
	KeepLanguage(ctx context.Context, person, language string) error
}

// Site is the pages. It is an http.Handler.
type Site struct {
	Options
	router    *chi.Mux
	api       *client.Client
	sessions  *scs.SessionManager
	signIns   *ratelimit.Limiter
	mailLinks *ratelimit.Limiter // pages of links in mails, by address
	public    *publicPages       // nil: there is no public form
	pages     *pages
	assets    *assets

	names keptNames
}

// New reads templates, texts and assets, and registers every page.
func New(o Options) (*Site, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Site{Options: o, router: chi.NewMux(), sessions: newSessions(o), signIns: ratelimit.PerMinute(o.SignInsPerMinute, o.SignInsPerMinute, o.Now),
		public: newPublicPages(o.Public, o.Now), mailLinks: ratelimit.PerMinute(publicPagesPerMinute, publicPagesPerMinute, o.Now)}
	var err error
	if s.assets, err = readAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(s.assets); err != nil {
		return nil, err
	}
	// One try: the person may submit the form again, with the same key.
	if s.api, err = client.New("http://api.invalid", "", client.Options{Tries: 1, HTTP: &http.Client{Transport: inprocess.Transport{Handler: o.API}}}); err != nil {
		return nil, fmt.Errorf("make the client of the API: %w", err)
	}
	protection := http.NewCrossOriginProtection()
	if o.PublicURL != "" { // a proxy may not pass the Host header on
		if err := protection.AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, fmt.Errorf("trust the public address: %w", err)
		}
	}
	s.routes(protection)
	return s, nil
}

// ServeHTTP answers a request for a page.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// maxForm is the largest form a page takes. The largest legal request is about half of it.
const maxForm = 1 << 20

// rankingRoutes are the pages about the order of the backlog and where the capacity goes.
func (s *Site) rankingRoutes(r chi.Router) {
	r.Get("/backlog", s.page(s.backlog))
	r.Post("/backlog/run", s.page(s.runNow))
	r.Get("/funding", s.page(s.funding))
	r.Get("/what-if", s.page(s.whatIf))
	r.Get("/what-if/teams", s.page(s.whatIfTeams))
	r.Get("/what-if/portfolio", s.page(s.whatIfPortfolio))
	r.Get("/what-if/portfolio.csv", s.page(s.whatIfPortfolioCSV))
	r.Get("/requests/{ref}/scoring", s.page(s.scoring))
	r.Post("/requests/{ref}/scoring/{step:open|mine|reveal}", s.page(s.changeScoring))
	r.Get("/assignments", s.page(s.assignments))
	r.Get("/points", s.page(s.points))
	r.Get("/requests/{ref}/points", s.page(s.requestPoints))
	r.Post("/requests/{ref}/points", s.page(s.spendPoints))
	r.Get("/strategy", s.page(s.strategy))
	r.Post("/strategy", s.page(s.sayKeyResult))
}

func (s *Site) routes(protection *http.CrossOriginProtection) {
	r := s.router
	r.Use(withPageHeaders, protection.Handler, bounded, chooseLanguage)
	r.NotFound(s.page(func(http.ResponseWriter, *http.Request) error { return errNoPage }))
	r.Get("/assets/{name}", s.assets.serve)
	r.With(s.paced).Post("/sign-in/signed-out/{provider}", s.page(s.signedOutThere))
	r.Get(UnsubscribePath+"{token}", s.page(s.unsubscribeForm))
	r.Post(UnsubscribePath+"{token}", s.page(s.unsubscribe))
	r.Group(s.publicRoutes)
	r.Group(func(r chi.Router) {
		r.Use(s.visited, s.withSession)
		r.Get("/sign-in", s.page(s.signInPage))
		r.With(s.paced).Get("/sign-in/provider/{provider}", s.page(s.toProvider))
		r.With(s.paced).Get("/sign-in/callback", s.page(s.fromProvider))
		r.With(s.paced).Get("/sign-in/callback/{provider}", s.page(s.fromProvider))
		r.Group(func(r chi.Router) {
			r.Use(s.signedIn)
			r.Post("/sign-out", s.page(s.signOut))
			r.Get("/events", s.events)
			r.Get("/", s.page(s.home))
			r.Get("/inbox", s.page(s.inbox))
			r.Get("/inbox/several", s.page(s.several))
			r.Post("/inbox/several", s.page(s.answerSeveral))
			r.Get("/decided", s.page(s.decided))
			r.Post("/requests/{ref}/note", s.page(s.note))
			r.Get("/requests", s.page(s.requests))
			r.Get("/requests/new", s.page(s.chooseKind))
			r.Post("/requests/new", s.page(s.dropDraft))
			r.Get("/similar", s.page(s.similar))
			r.Get("/requests/new/{kind}", s.page(s.submitForm))
			r.Post("/requests/new/{kind}", s.page(s.submit))
			r.Get("/requests/{ref}", s.page(s.request))
			r.Post("/requests/{ref}/comments", s.page(s.addComment))
			r.Get("/requests/{ref}/comments/{id}", s.page(s.comment))
			r.Post("/requests/{ref}/comments/{id}", s.page(s.changeComment))
			r.Post("/requests/{ref}/attachments", s.page(s.attach))
			r.Post("/requests/{ref}/attachments/{id}/remove", s.page(s.detach))
			r.Post("/requests/{ref}/status-link/end", s.page(s.endStatusLink))
			r.Get("/requests/{ref}/answer", s.page(s.answerForm))
			r.Post("/requests/{ref}/answer", s.page(s.answer))
			r.Get("/requests/{ref}/{command:amend|progress|withdraw|hold|resume|wake|cancel|pull|inputs|reassign|raid}", s.page(s.commandForm))
			r.Post("/requests/{ref}/{command:amend|progress|withdraw|hold|resume|wake|cancel|pull|inputs|reassign|raid}", s.page(s.giveCommand))
			s.approachRoutes(r)
			s.rankingRoutes(r)
			r.Get("/board", s.page(s.board))
			r.Get("/forecast", s.page(s.selectionForecast))
			r.Get("/me/notifications", s.page(s.notifications))
			r.Post("/me/notifications", s.page(s.chooseNotifications))
			r.Post("/requests/{ref}/mute", s.page(s.muteRequest))
			r.Post("/views", s.page(s.keepView))
			r.Post("/views/{id}", s.page(s.changeView))
			r.Get("/requests/{ref}/move", s.page(s.moves))
			r.Get("/teams", s.page(s.teams))
			r.Get("/teams/{id}", s.page(s.team))
			r.Post("/teams/{id}", s.page(s.changeTeam))
			r.Post("/teams/{id}/absences", s.page(s.changeAbsences))
			r.Post("/teams/{id}/supply", s.page(s.importSupply))
			s.reportRoutes(r)
			s.mailRoutes(r)
			r.Get("/policy", s.page(s.policy))
			r.Get("/policy/proposals", s.page(s.policies))
			r.Get("/policy/propose", s.page(s.proposeForm))
			r.Post("/policy/propose", s.page(s.propose))
			r.Get("/policy/proposals/{id}", s.page(s.proposal))
			r.Get("/policy/proposals/{id}/{step:accept|reject|withdraw}", s.page(s.proposalStep))
			r.Post("/policy/proposals/{id}/{step:accept|reject|withdraw}", s.page(s.decideProposal))
			r.Get("/policy/versions/{version}", s.page(s.policyVersion))
			r.Get("/access", s.page(s.access))
			r.Get("/access/audit", s.page(s.audit))
			r.Get("/access/audit.csv", s.page(s.auditCSV))
			r.Post("/access/tokens", s.page(s.makeToken))
			r.Post("/access/{what:tokens|sessions}/{id}/end", s.page(s.endAccess))
			r.Post("/access/delegation", s.page(s.setDelegate))
			s.channelRoutes(r)
			r.Post("/access/people/{what:block|unblock|unlink}", s.page(s.changePerson))
		})
	})
}

// approachRoutes are the pages of ways of working and plans.
func (s *Site) approachRoutes(r chi.Router) {
	r.Get("/playbooks/{approach}", s.page(s.playbook))
	r.Get("/requests/{ref}/plan", s.page(s.planPage))
	r.Post("/requests/{ref}/plan", s.page(s.proposePlan))
	r.Get("/requests/{ref}/approach", s.page(s.approach))
	r.Post("/requests/{ref}/approach", s.page(s.answerApproach))
}

// channelRoutes are the pages of where notifications are sent.
func (s *Site) channelRoutes(r chi.Router) {
	r.Get(chatPath, s.page(s.chat))
	r.Post(chatPath+"/{step:set|remove|test}", s.page(s.changeChat))
	r.Get(channelsPath, s.page(s.channels))
	r.Get(channelsPath+"/{endpoint}", s.page(s.channel))
	r.Get(channelsPath+"/{endpoint}/{step:redeliver|enable}", s.page(s.channelStep))
	r.Post(channelsPath+"/{endpoint}/{step:redeliver|enable}", s.page(s.changeChannel))
}

// reportRoutes are the pages of what was measured, and of the history that forecasts use.
func (s *Site) reportRoutes(r chi.Router) {
	r.Get("/flow", s.page(s.flow))
	r.Get("/report", s.page(s.report))
	r.Get("/flow.csv", s.page(s.flowCSV))
	r.Get("/retrospective", s.page(s.retrospective))
	r.Get("/skills", s.page(s.skills))
	r.Get("/resources", s.page(s.resources))
	r.Post("/resources", s.page(s.changeResource))
	r.Post(resourcesImportPath, s.page(s.importResources))
	r.Get("/skills.csv", s.page(s.skillsCSV))
	r.Get("/calibration", s.page(s.calibration))
	r.Get("/calibration.csv", s.page(s.calibrationCSV))
	r.Get("/imports", s.page(s.imports))
	r.Post("/imports", s.page(s.tryImport))
	r.Post("/imports/{source}/remove", s.page(s.removeImport))
}

func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxForm)
		switch {
		case r.URL.Path == importsPath:
			most = maxImportForm
		case strings.HasPrefix(r.URL.Path, "/teams/") && strings.HasSuffix(r.URL.Path, supplyPath), r.URL.Path == resourcesImportPath:
			most = maxSupplyForm
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// withPageHeaders allows a page our own styles, scripts, pictures and fonts, and nothing else. Nobody may show it in a frame.
func withPageHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "+
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
