package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"leanpmo/internal/access"
	"leanpmo/internal/version"
)

// routes is the whole table of routes. A request passes the middlewares from top to bottom, then the route's gate, then its handler.
func (a *API) routes() {
	r := a.router
	r.Use(withRequestID, a.logged, a.recovered, withSecurityHeaders, middleware.GetHead)
	r.NotFound(a.notFound)
	r.MethodNotAllowed(a.methodNotAllowed)

	r.Get("/livez", a.live)
	r.Get("/readyz", a.ready)
	if !a.PrivateMetrics {
		r.Method(http.MethodGet, "/metrics", a.Metrics())
	}
	r.Get("/openapi.json", a.openAPI)
	r.Get("/docs", docsPage)
	r.Get("/docs/docs.js", docsScript)
	r.Get("/docs/docs.css", docsStyle)

	a.deliveryAPI(r)

	r.Group(func(r chi.Router) {
		r.Use(limitConcurrency(inFlight, inFlightWait), timed, withPath, a.signedIn, guard)
		a.huma = humachi.New(r, a.description())
		a.v1()
	})
}

// v1 is the versioned API: method, path, right, name, what it does, handler.
func (a *API) v1() {
	add(a, op{method: "POST", path: "/v1/requests", action: access.Submit, id: "submit", summary: "Submit a request", status: 201, also: []int{202}}, (*API).submit)
	add(a, op{method: "GET", path: "/v1/requests", action: access.ListRequests, id: "list-requests", summary: "List requests"}, (*API).list)
	add(a, op{method: "GET", path: "/v1/requests/{ref}", action: access.ReadRequest, id: "read-request", summary: "One request, whole", also: []int{202}}, (*API).read)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/ledger", action: access.ReadLedger, id: "read-ledger", summary: "What happened to it, and why"}, (*API).ledger)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/explanation", action: access.ReadExplanation, id: "explain", summary: "Why this lane, route, rank, approach and team"}, (*API).explain)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/forecast", action: access.ReadForecast, id: "forecast", summary: "If and when"}, (*API).readForecast)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/plan", action: access.ReadPlan, id: "read-plan", summary: "The plan, proposed or agreed"}, (*API).plan)

	add(a, op{method: "PATCH", path: "/v1/requests/{ref}", action: access.Amend, id: "amend", summary: "Amend the form"}, (*API).amend)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/decisions", action: access.Answer, id: "decide", summary: "Answer a pending decision"}, (*API).decide)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/progress", action: access.ReportProgress, id: "report-progress", summary: "Report progress"}, (*API).progress)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/withdraw", action: access.Withdraw, id: "withdraw", summary: "Take it back"}, (*API).withdraw)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/hold", action: access.Hold, id: "hold", summary: "Stop its clocks"}, (*API).hold)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/resume", action: access.Resume, id: "resume", summary: "Go on after a hold"}, (*API).resume)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/wake", action: access.Wake, id: "wake", summary: "End a deferral early"}, (*API).wake)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/cancel", action: access.Cancel, id: "cancel", summary: "End it, with a reason"}, (*API).cancel)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/split", action: access.Cancel, id: "split", summary: "Submit its parts and close the whole as merged"}, (*API).split)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/reassign", action: access.Reassign, id: "reassign", summary: "Move a question to another person, or the work to another team"}, (*API).reassign)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/pull", action: access.Pull, id: "pull", summary: "Pull it now, past the ranking"}, (*API).pull)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/inputs", action: access.SetInputs, id: "set-inputs", summary: "Set what its score is computed from"}, (*API).inputs)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/watch", action: access.WatchSelf, id: "watch", summary: "Hear of it, or no longer"}, (*API).watch)

	add(a, op{method: "GET", path: "/v1/inbox", action: access.ReadInbox, id: "inbox", summary: "All that waits on me, most urgent first"}, (*API).inbox)
	add(a, op{method: "GET", path: "/v1/me/delegation", action: access.ReadInbox, id: "read-delegation", summary: "Who acts for me", fails: []int{404}}, (*API).delegation)
	add(a, op{method: "PUT", path: "/v1/me/delegation", action: access.SetDelegation, id: "set-delegation", summary: "Name who acts for me, until when"}, (*API).setDelegation)
	add(a, op{method: "DELETE", path: "/v1/me/delegation", action: access.SetDelegation, id: "clear-delegation", summary: "Nobody acts for me any more", status: 204}, (*API).clearDelegation)

	add(a, op{method: "GET", path: "/v1/backlog", action: access.ReadBacklog, id: "backlog", summary: "The ranked backlog, with scores and reasons"}, (*API).backlog)
	add(a, op{method: "POST", path: "/v1/prioritizations", action: access.RunPrioritization, id: "prioritize", summary: "Rank and pull now, or only look what would move", status: 201, also: []int{202}}, (*API).prioritize)
	add(a, op{method: "GET", path: "/v1/prioritizations", action: access.ReadRuns, id: "list-prioritizations", summary: "Runs, newest first"}, (*API).runs)
	add(a, op{method: "GET", path: "/v1/prioritizations/{id}", action: access.ReadRuns, id: "read-prioritization", summary: "One run's moves and causes", also: []int{202}}, (*API).run)

	add(a, op{method: "GET", path: "/v1/teams", action: access.ReadTeams, id: "list-teams", summary: "Teams, skills, capacity, load"}, (*API).teams)
	add(a, op{method: "PUT", path: "/v1/teams/{id}", action: access.EditTeam, id: "put-team", summary: "Create or change a team"}, (*API).putTeam)
	add(a, op{method: "GET", path: "/v1/policy", action: access.ReadPolicy, id: "read-policy", summary: "The rules in force, in plain words and as data"}, (*API).policy)
	add(a, op{method: "GET", path: "/v1/reports/flow", action: access.ReadReports, id: "report-flow", summary: "How work flows; format=csv for a spreadsheet"}, (*API).flow)
	a.documentFlow()
}

func (a *API) description() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Lean PMO", Version: version.Number, Description: "Requests from submission to closure. " +
				"Errors are problem documents (RFC 9457) with a stable `kind`. Writes take an `Idempotency-Key`: the same key and body is the same command."},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}},
			},
		},
		Formats: huma.DefaultFormats, DefaultFormat: "application/json", RejectUnknownQueryParameters: true,
	}
}
