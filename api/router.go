package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/version"
)

// routes registers every route. A call passes the middlewares from top to bottom, then the route's gate, then its handler.
func (a *API) routes() {
	r := a.router
	r.Use(withRequestID, a.withAddress, a.logged, a.recovered, withSecurityHeaders, middleware.GetHead)
	r.NotFound(a.notFound)
	r.MethodNotAllowed(a.methodNotAllowed)

	r.Get("/livez", live)
	r.Get("/readyz", a.ready)
	if !a.PrivateMetrics {
		r.Method(http.MethodGet, "/metrics", a.Metrics())
	}
	r.Get("/openapi.json", a.openAPI)
	r.Get("/docs", docsPage)
	r.Get(problem.Path, problem.Page)
	r.Get(problem.Path+"/{kind}", problem.Page)
	r.Get("/docs/docs.js", docsScript)
	r.Get("/docs/docs.css", docsStyle)

	a.deliveryAPI(r)
	a.calendarRoutes(r)
	a.toolRoutes(r)

	r.Group(func(r chi.Router) {
		r.Use(limitConcurrency(readsInFlight, a.writesInFlight(), inFlightWait), a.timed, withPath, a.signedIn, guard)
		a.huma = humachi.New(r, a.description())
		a.v1()
	})
	a.followEvents()
}

// v1 registers the routes of version 1: method, path, right, operation id, what it does, handler.
func (a *API) v1() {
	add(a, op{method: "POST", path: "/v1/requests", action: access.Submit, id: "submit", summary: "Submit a request", about: submitDescription, status: 201, also: []int{202}}, (*API).submit)
	add(a, op{method: "GET", path: "/v1/requests", action: access.ListRequests, id: "list-requests", summary: "List requests"}, (*API).list)
	add(a, op{method: "GET", path: "/v1/requests/{ref}", action: access.ReadRequest, id: "read-request", summary: "One request, whole", also: []int{202}}, (*API).read)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/ledger", action: access.ReadLedger, id: "read-ledger", summary: "What happened to it, and why"}, (*API).ledger)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/explanation", action: access.ReadExplanation, id: "explain", summary: "Why this lane, route, rank, approach and team"}, (*API).explain)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/approach", action: access.ReadExplanation, id: "read-approach", summary: "Which way of working fits by the answers as they are now, and what to ask next"}, (*API).approach)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/forecast", action: access.ReadForecast, id: "forecast", summary: "If and when"}, (*API).readForecast)
	add(a, op{method: "GET", path: "/v1/forecast", action: access.ListRequests, id: "forecast-selection", summary: "When several requests are all done", about: selectionAbout}, (*API).forecastSelection)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/promises", action: access.ReadForecast, id: "promises", summary: "What was told about when it is done, and what came of it; the newest first", about: promisesAbout}, (*API).promises)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/plan", action: access.ReadPlan, id: "read-plan", summary: "The plan, proposed or agreed, with its schedule, its baselines and what changed"}, (*API).plan)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/playbook", action: access.ReadPlan, id: "read-advice", summary: "The part of the playbook that matters now: when work begins, before a review, at the end"}, (*API).requestPlaybook)
	add(a, op{method: "GET", path: "/v1/playbooks/{approach}", action: access.ReadPolicy, id: "read-playbook", summary: "The playbook of a way of working"}, (*API).playbook)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/plan/draft", action: access.ReadPlan, id: "draft-plan", summary: "A plan of the weight of an approach, to begin a proposal with"}, (*API).draftPlan)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/plan", action: access.ProposePlan, id: "propose-plan", summary: "Propose another plan", about: proposePlanAbout}, (*API).proposePlan)

	add(a, op{method: "PATCH", path: "/v1/requests/{ref}", action: access.Amend, id: "amend", summary: "Amend the form"}, (*API).amend)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/decisions", action: access.Answer, id: "decide", summary: "Answer an open question"}, (*API).decide)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/progress", action: access.ReportProgress, id: "report-progress", summary: "Report progress"}, (*API).progress)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/raid", action: access.LogRaid, id: "log-raid", summary: "Add a risk, assumption, issue, dependency or blocker, or clear one", about: raidAbout}, (*API).raid)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/withdraw", action: access.Withdraw, id: "withdraw", summary: "Withdraw it"}, (*API).withdraw)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/hold", action: access.Hold, id: "hold", summary: "Stop its clocks"}, (*API).hold)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/resume", action: access.Resume, id: "resume", summary: "Go on after a hold"}, (*API).resume)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/wake", action: access.Wake, id: "wake", summary: "End a deferral early"}, (*API).wake)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/cancel", action: access.Cancel, id: "cancel", summary: "End it, with a reason"}, (*API).cancel)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/split", action: access.Cancel, id: "split", summary: "Submit its parts and close the whole as merged"}, (*API).split)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/reassign", action: access.Reassign, id: "reassign", summary: "Move a question to another person, or the work to another team"}, (*API).reassign)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/pull", action: access.Pull, id: "pull", summary: "Pull it now, past the ranking"}, (*API).pull)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/inputs", action: access.SetInputs, id: "set-inputs", summary: "Set what its score is computed from"}, (*API).inputs)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/watch", action: access.WatchSelf, id: "watch", summary: "Be notified of what happens to it, or no longer"}, (*API).watch)

	a.v1Discussion()

	add(a, op{method: "GET", path: "/v1/requests/{ref}/note", action: access.Answer, id: "read-note", summary: "What I noted on a question that waits on me"}, (*API).answerNote)
	add(a, op{method: "PATCH", path: "/v1/requests/{ref}/note", action: access.Answer, id: "set-note", summary: "I am on it; when I look again; what I have written so far"}, (*API).setAnswerNote)
	add(a, op{method: "GET", path: "/v1/similar", action: access.ListRequests, id: "similar", summary: "Requests that may ask for the same as one that is being written"}, (*API).similar)
	add(a, op{method: "GET", path: "/v1/me/drafts", action: access.KeepDrafts, id: "list-drafts", summary: "Submissions that I have begun, newest first"}, (*API).drafts)
	add(a, op{method: "GET", path: "/v1/me/drafts/{id}", action: access.KeepDrafts, id: "read-draft", summary: "One of them"}, (*API).draft)
	add(a, op{method: "PUT", path: "/v1/me/drafts/{id}", action: access.KeepDrafts, id: "put-draft", summary: "Save a submission that is not sent yet"}, (*API).putDraft)
	add(a, op{method: "DELETE", path: "/v1/me/drafts/{id}", action: access.KeepDrafts, id: "drop-draft", summary: "Discard it", status: 204}, (*API).dropDraft)
	add(a, op{method: "GET", path: "/v1/me/visit", action: access.ReadInbox, id: "read-visit", summary: "Since when I have not been here"}, (*API).visit)
	add(a, op{method: "POST", path: "/v1/me/visit", action: access.ReadInbox, id: "begin-visit", summary: "I am here; pages within half an hour are one visit"}, (*API).beginVisit)
	add(a, op{method: "GET", path: "/v1/me/decisions", action: access.ReadInbox, id: "my-decisions", summary: "What I answered, or others in my seat, newest first"}, (*API).decided)

	add(a, op{method: "GET", path: "/v1/inbox", action: access.ReadInbox, id: "inbox", summary: "The open questions that wait on me, most urgent first"}, (*API).inbox)
	add(a, op{method: "GET", path: "/v1/me/waiting", action: access.ReadInbox, id: "waiting-for-mine", summary: "What waiting for my groups came to, in days and in cost", about: waitingAbout}, (*API).waitingForMine)
	add(a, op{method: "GET", path: "/v1/digest", action: access.ReadInbox, id: "digest", summary: "What waits on me, what is late and what changed, for a day or since a time"}, (*API).digest)
	add(a, op{method: "GET", path: "/v1/me/delegation", action: access.ReadInbox, id: "read-delegation", summary: "Who acts for me", fails: []int{404}}, (*API).delegation)
	add(a, op{method: "PUT", path: "/v1/me/delegation", action: access.SetDelegation, id: "set-delegation", summary: "Name who acts for me, until when"}, (*API).setDelegation)
	add(a, op{method: "DELETE", path: "/v1/me/delegation", action: access.SetDelegation, id: "clear-delegation", summary: "Nobody acts for me any more", status: 204}, (*API).clearDelegation)

	add(a, op{method: "GET", path: "/v1/me/notifications", action: access.ReadInbox, id: "read-notifications", summary: "What I hear of, on which channel and when", about: notificationsAbout}, (*API).notifications)
	add(a, op{method: "PUT", path: "/v1/me/notifications", action: access.SetNotifications, id: "set-notifications", summary: "Choose that", about: notificationsAbout}, (*API).setNotifications)
	add(a, op{method: "PUT", path: "/v1/requests/{ref}/mute", action: access.WatchSelf, id: "mute", summary: "Hear nothing more of it but what cannot be muted", status: 204}, (*API).mute)
	add(a, op{method: "DELETE", path: "/v1/requests/{ref}/mute", action: access.WatchSelf, id: "unmute", summary: "Hear of it again", status: 204}, (*API).unmute)
	add(a, op{method: "GET", path: "/v1/me/views", action: access.ListRequests, id: "list-views", summary: "The filters of lists that I keep, by name"}, (*API).views)
	add(a, op{method: "PUT", path: "/v1/me/views/{id}", action: access.KeepViews, id: "put-view", summary: "Keep a filter of lists under a name"}, (*API).putView)
	add(a, op{method: "DELETE", path: "/v1/me/views/{id}", action: access.KeepViews, id: "drop-view", summary: "Keep it no longer", status: 204}, (*API).dropView)

	add(a, op{method: "GET", path: "/v1/stuck", action: access.ListRequests, id: "stuck", summary: "The requests that concern me and do not go on, and why"}, (*API).stuck)
	add(a, op{method: "GET", path: "/v1/board", action: access.ListRequests, id: "board", summary: "The open requests by stage, and the limits of what is in progress"}, (*API).board)
	a.rankingV1()
	a.v1Teams()
	add(a, op{method: "GET", path: "/v1/policy", action: access.ReadPolicy, id: "read-policy", summary: "The rules in force, in plain words and as data"}, (*API).policy)
	a.policyV1()
	add(a, op{method: "GET", path: "/v1/people", action: access.ReadPeople, id: "list-people", summary: "Who there is, to be named in requests and questions"}, (*API).people)
	add(a, op{method: "GET", path: "/v1/saved-views", action: access.ListRequests, id: "saved-views", summary: "The PMO's saved views of the Temporal UI, as links", about: savedViewsDescription}, (*API).savedViews)
	a.v1Reports()
	add(a, op{method: "GET", path: "/v1/imports", action: access.ReadReports, id: "list-imports", summary: "The finished work of other tools that forecasts use, by source"}, (*API).imports)
	add(a, op{method: "POST", path: "/v1/imports", action: access.ImportHistory, id: "import-history", summary: "Give finished work of another tool to the forecasts", about: importDescription}, (*API).importHistory)
	add(a, op{method: "DELETE", path: "/v1/imports/{source}", action: access.ImportHistory, id: "remove-import", summary: "Remove what was imported from a source", status: 204}, (*API).removeImport)
	a.v1Access()
	a.documentAudit()
	a.documentRequest()
	a.documentPatch()
}

// v1Teams registers teams, what they share, and who gets which.
func (a *API) v1Teams() {
	add(a, op{method: "GET", path: "/v1/teams", action: access.ReadTeams, id: "list-teams", summary: "Teams, skills, capacity, load"}, (*API).teams)
	add(a, op{method: "GET", path: "/v1/teams/{id}", action: access.ReadTeams, id: "read-team", summary: "One team: its load over the next weeks, and what waits for it"}, (*API).readTeam)
	add(a, op{method: "GET", path: "/v1/assignments", action: access.ReadTeams, id: "assignments", summary: "Which team each waiting request would get, planned together, beside the plain order", about: assignmentsAbout}, (*API).assignments)
	add(a, op{method: "POST", path: "/v1/teams/import", action: access.EditTeam, id: "import-supply", summary: "Members, parts of the week, skills and absences of teams from a file", about: importSupplyAbout}, (*API).importSupply)
	add(a, op{method: "PUT", path: "/v1/teams/{id}", action: access.EditTeam, id: "put-team", summary: "Create or change a team"}, (*API).putTeam)
	add(a, op{method: "GET", path: "/v1/resources", action: access.ReadTeams, id: "list-resources", summary: "What requests share, and how much of it is held by week", about: resourcesAbout}, (*API).resources)
	add(a, op{method: "POST", path: "/v1/resources/import", action: access.EditResources, id: "import-resources", summary: "What requests share, from a file", about: importResourcesAbout}, (*API).importResources)
	add(a, op{method: "PUT", path: "/v1/resources/{id}", action: access.EditResources, id: "put-resource", summary: "Create or change a resource that requests share"}, (*API).putResource)
	add(a, op{method: "DELETE", path: "/v1/resources/{id}", action: access.EditResources, id: "drop-resource", summary: "Delete a resource that nobody holds", status: 204, fails: []int{404}}, (*API).dropResource)
}

// v1Reports registers the reports.
func (a *API) v1Reports() {
	add(a, op{method: "GET", path: "/v1/reports/flow", action: access.ReadReports, id: "report-flow", summary: "How work flows; format=csv for a spreadsheet"}, (*API).flow)
	add(a, op{method: "GET", path: "/v1/reports/retrospective", action: access.ReadReports, id: "report-retrospective", summary: "What was recommended, what was chosen, and what came of it, by way of working", about: retrospectiveAbout}, (*API).retrospective)
	add(a, op{method: "GET", path: "/v1/reports/skills", action: access.ReadReports, id: "report-skills", summary: "Which skills delay the most value, and what one person or team with each would bring", about: skillsAbout}, (*API).skills)
	add(a, op{method: "GET", path: "/v1/reports/calibration", action: access.ReadReports, id: "report-calibration", summary: "Whether forecasts that were told came true as often as they said", about: calibrationAbout}, (*API).calibration)
	a.documentFlow()
	a.documentCalibration()
	a.documentSkills()
}

// v1Access registers tokens, sessions, who may come in, and the office ledger.
func (a *API) v1Access() {
	add(a, op{method: "GET", path: "/v1/me/tokens", action: access.ReadOwnAccess, id: "list-my-tokens", summary: "My tokens for the API, the newest first; those that work no longer are last"}, (*API).ownTokens)
	add(a, op{method: "POST", path: "/v1/me/tokens", action: access.ManageOwnAccess, id: "make-my-token", summary: "Make a token for myself", about: tokenDescription, status: 201}, (*API).makeOwnToken)
	add(a, op{method: "DELETE", path: "/v1/me/tokens/{id}", action: access.ManageOwnAccess, id: "revoke-my-token", summary: "Revoke one of my tokens", status: 204}, (*API).revokeOwnToken)
	add(a, op{method: "GET", path: "/v1/me/sessions", action: access.ReadOwnAccess, id: "list-my-sessions", summary: "Where I am signed in"}, (*API).ownSessions)
	add(a, op{method: "DELETE", path: "/v1/me/sessions/{id}", action: access.ManageOwnAccess, id: "end-my-session", summary: "Sign myself out somewhere", status: 204}, (*API).endOwnSession)
	add(a, op{method: "GET", path: "/v1/tokens", action: access.ReadAccess, id: "list-tokens", summary: "Everybody's tokens: those that work first, the newest first"}, (*API).allTokens)
	add(a, op{method: "POST", path: "/v1/tokens", action: access.ManageAccess, id: "make-token", summary: "Make a token for a service", about: tokenDescription, status: 201}, (*API).makeServiceToken)
	add(a, op{method: "DELETE", path: "/v1/tokens/{id}", action: access.ManageAccess, id: "revoke-token", summary: "Revoke anybody's token", status: 204}, (*API).revokeAnyToken)
	add(a, op{method: "GET", path: "/v1/sessions", action: access.ReadAccess, id: "list-sessions", summary: "Who is signed in where, the newest first"}, (*API).allSessions)
	add(a, op{method: "DELETE", path: "/v1/sessions/{id}", action: access.ManageAccess, id: "end-session", summary: "Sign anybody out", status: 204}, (*API).endAnySession)
	add(a, op{method: "GET", path: "/v1/audit", action: access.ReadAudit, id: "audit", summary: "The office ledger: what concerns no request", about: auditDescription}, (*API).audit)
	a.v1Channels()
	a.v1Chats()
	add(a, op{method: "GET", path: "/v1/sign-ins", action: access.ReadAccess, id: "list-sign-ins", summary: "Who signed in by which OpenID provider, and who is blocked"}, (*API).signIns)
	add(a, op{method: "PUT", path: "/v1/people/{id}/block", action: access.ManageAccess, id: "block-person", summary: "End somebody's access now", about: blockDescription, status: 204}, (*API).block)
	add(a, op{method: "DELETE", path: "/v1/people/{id}/block", action: access.ManageAccess, id: "unblock-person", summary: "Let somebody in again, who has to sign in anew", status: 204}, (*API).unblock)
	add(a, op{method: "DELETE", path: "/v1/people/{id}/link", action: access.ManageAccess, id: "unlink-person", summary: "Forget which account somebody of the directory file signs in with", about: "For whoever has another account of the same name now: the next sign-in with the name links it.", status: 204}, (*API).unlink)
}

// v1Channels registers where notifications are sent, and what became of them.
func (a *API) v1Channels() {
	add(a, op{method: "GET", path: "/v1/channels", action: access.ReadChannels, id: "list-channels", summary: "Where notifications are sent: what waits, what was given up, last success and failure", about: channelsAbout}, (*API).channels)
	add(a, op{method: "GET", path: "/v1/channels/dead", action: access.ReadChannels, id: "list-dead-messages", summary: "Notifications that were given up, the oldest first"}, (*API).deadMessages)
	add(a, op{method: "POST", path: "/v1/channels/redeliver", action: access.ManageChannels, id: "redeliver", summary: "Send again what was given up", about: redeliverAbout, fails: []int{404}}, (*API).redeliver)
	add(a, op{method: "POST", path: "/v1/channels/enable", action: access.ManageChannels, id: "enable-channel", summary: "Send to a disabled endpoint again, from now on", about: "What was given up stays given up until it is redelivered.", status: 204}, (*API).enableChannel)
}

// v1Chats registers the addresses of chats that people set.
func (a *API) v1Chats() {
	add(a, op{method: "GET", path: "/v1/me/chat", action: access.ReadOwnChat, id: "read-my-chat", summary: "In which chat I am told"}, (*API).ownChat)
	add(a, op{method: "PUT", path: "/v1/me/chat", action: access.SetOwnChat, id: "set-my-chat", summary: "Be told in a chat, by its incoming address", about: chatAbout, status: 204}, (*API).setOwnChat)
	add(a, op{method: "DELETE", path: "/v1/me/chat", action: access.SetOwnChat, id: "remove-my-chat", summary: "Remove the address of my chat", status: 204, fails: []int{404}}, (*API).removeOwnChat)
	add(a, op{method: "POST", path: "/v1/me/chat/test", action: access.SetOwnChat, id: "test-my-chat", summary: "Send a test to my chat", about: chatTestAbout, status: 204, fails: []int{404}}, (*API).testOwnChat)
	add(a, op{method: "GET", path: "/v1/chats", action: access.ReadChats, id: "list-chats", summary: "The chats of groups and portfolios", about: "At most 1000; of groups and portfolios, of which there are fewer."}, (*API).chats)
	add(a, op{method: "PUT", path: "/v1/chats/{endpoint}", action: access.SetChats, id: "set-chat", summary: "Tell a group or a portfolio in a chat, by its incoming address", about: chatAbout + " The room of a portfolio hears what the people of its requests hear, but nothing of confidential ones.", status: 204}, (*API).setChat)
	add(a, op{method: "DELETE", path: "/v1/chats/{endpoint}", action: access.SetChats, id: "remove-chat", summary: "Remove the address of a group's or portfolio's chat", status: 204}, (*API).removeOfficeChat)
	add(a, op{method: "POST", path: "/v1/chats/{endpoint}/test", action: access.SetChats, id: "test-chat", summary: "Send a test to a group's or portfolio's chat", about: chatTestAbout, status: 204}, (*API).testChat)
}

// v1Discussion registers what people say about a request, what is attached to it, and who asked for it without an account.
func (a *API) v1Discussion() {
	add(a, op{method: "GET", path: "/v1/requests/{ref}/comments", action: access.ReadRequest, id: "list-comments", summary: "What people say about it, newest first"}, (*API).comments)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/comments", action: access.Comment, id: "comment", summary: "Say something about it, to its readers", about: commentAbout, status: 201}, (*API).addComment)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/comments/{id}", action: access.ReadRequest, id: "read-comment", summary: "One comment, with what it said before"}, (*API).comment)
	add(a, op{method: "PUT", path: "/v1/requests/{ref}/comments/{id}", action: access.Comment, id: "edit-comment", summary: "Give your own comment another text"}, (*API).editComment)
	add(a, op{method: "DELETE", path: "/v1/requests/{ref}/comments/{id}", action: access.Comment, id: "withdraw-comment", summary: "Take your own comment back", status: 204}, (*API).withdrawComment)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/attachments", action: access.ReadRequest, id: "list-attachments", summary: "The links attached to it"}, (*API).attachments)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/attachments", action: access.Attach, id: "attach", summary: "Attach a link", about: attachmentsAbout, status: 201}, (*API).attach)
	add(a, op{method: "DELETE", path: "/v1/requests/{ref}/attachments/{id}", action: access.Attach, id: "detach", summary: "Remove an attached link", about: "Who attached it may, and whoever has the right `" + string(access.Detach) + "`.", status: 204}, (*API).detach)

	add(a, op{method: "GET", path: "/v1/requests/{ref}/contact", action: access.ReadContact, id: "read-contact", summary: "Who asked for it by the public form", about: contactAbout}, (*API).contact)
	add(a, op{method: "DELETE", path: "/v1/requests/{ref}/status-link", action: access.RevokeStatusLink, id: "revoke-status-link", summary: "End the link that shows its status to who asked by the public form", status: 204}, (*API).revokeStatusLink)
}

// rankingV1 are the operations about ranks, and what follows from them.
func (a *API) rankingV1() {
	add(a, op{method: "GET", path: "/v1/requests/{ref}/scoring", action: access.ReadExplanation, id: "read-scoring", summary: "The latest round of private scores"}, (*API).readScoring)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/scoring", action: access.SetInputs, id: "open-scoring", summary: "Ask several people to score its inputs privately", about: openScoringAbout, status: 201}, (*API).openScoring)
	add(a, op{method: "PUT", path: "/v1/requests/{ref}/scoring/mine", action: access.Answer, id: "score", summary: "Score it privately", about: scoreAbout}, (*API).score)
	add(a, op{method: "POST", path: "/v1/requests/{ref}/scoring/reveal", action: access.SetInputs, id: "reveal-scoring", summary: "Show everybody the private scores"}, (*API).revealScoring)
	add(a, op{method: "GET", path: "/v1/me/scoring", action: access.ReadInbox, id: "my-scoring", summary: "The rounds of private scores that wait on me, the oldest first"}, (*API).scoringWaits)
	add(a, op{method: "GET", path: "/v1/backlog", action: access.ReadBacklog, id: "backlog", summary: "The ranked backlog, with scores and reasons"}, (*API).backlog)
	add(a, op{method: "POST", path: "/v1/what-if/approach", action: access.ReadPolicy, id: "what-if-approach", summary: "Which way of working fits work that is nobody's request yet, and what to ask next"}, (*API).whatIfApproach)
	add(a, op{method: "GET", path: "/v1/funding", action: access.ReadBacklog, id: "funding", summary: "What to fund with a capacity: the set of most value beside the ranked list's cut line"}, (*API).funding)
	add(a, op{method: "GET", path: "/v1/strategy", action: access.ReadBacklog, id: "strategy", summary: "Where the capacity goes, by theme, kind and horizon, and where it should go", about: strategyAbout}, (*API).strategy)
	add(a, op{method: "GET", path: "/v1/points", action: access.ReadBacklog, id: "points", summary: "The points of stakeholders in this period: who has them, and where they are", about: pointsAbout}, (*API).points)
	add(a, op{method: "GET", path: "/v1/requests/{ref}/points", action: access.ReadExplanation, id: "request-points", summary: "The points of stakeholders on it"}, (*API).requestPoints)
	add(a, op{method: "PUT", path: "/v1/requests/{ref}/points", action: access.SpendPoints, id: "spend-points", summary: "Put points on it, or take them back", about: spendAbout}, (*API).spendPoints)
	add(a, op{method: "POST", path: "/v1/key-results", action: access.SayKeyResult, id: "say-key-result", summary: "Say what a key result of an objective is now", about: keyResultAbout}, (*API).sayKeyResult)
	add(a, op{method: "POST", path: "/v1/what-if/assignment", action: access.ReadTeams, id: "what-if-assignment", summary: "What other teams would change of what waits for one", about: whatIfAssignmentAbout}, (*API).whatIfAssignment)
	add(a, op{method: "POST", path: "/v1/what-if/portfolio", action: access.ReadTeams, id: "what-if-portfolio", summary: "The portfolio's next half year, simulated under its policy and under another one", about: whatIfPortfolioAbout}, (*API).whatIfPortfolio)
	add(a, op{method: "POST", path: "/v1/what-if/prioritization", action: access.ReadBacklog, id: "what-if-prioritization", summary: "What other rules or another backlog would change", about: whatIfAbout}, (*API).whatIf)
	add(a, op{method: "POST", path: "/v1/prioritizations", action: access.RunPrioritization, id: "prioritize", summary: "Rank and pull now, or only compute what would move", status: 201, also: []int{202}}, (*API).prioritize)
	add(a, op{method: "GET", path: "/v1/prioritizations", action: access.ReadRuns, id: "list-prioritizations", summary: "Runs, newest first"}, (*API).prioritizations)
	add(a, op{method: "GET", path: "/v1/prioritizations/{id}", action: access.ReadRuns, id: "read-prioritization", summary: "One run's moves and causes", also: []int{202}}, (*API).prioritization)
}

// policyV1 are the operations by which a policy is proposed and takes force, and those that say which ones did.
func (a *API) policyV1() {
	add(a, op{method: "POST", path: "/v1/policy", action: access.ProposePolicy, id: "propose-policy", summary: "Propose a version of the policy, or only try it", about: proposeAbout, status: 201, also: []int{200}}, (*API).proposePolicy)
	add(a, op{method: "GET", path: "/v1/policy/proposals", action: access.ReadPolicy, id: "list-proposals", summary: "Proposed policies, newest first"}, (*API).proposals)
	add(a, op{method: "GET", path: "/v1/policy/proposals/{id}", action: access.ReadPolicy, id: "read-proposal", summary: "One of them: what it changes, and what it would have done when it was made"}, (*API).readProposal)
	add(a, op{method: "GET", path: "/v1/policy/proposals/{id}/effect", action: access.ReadPolicy, id: "proposal-effect", summary: "What it would do to the backlogs as they are now", about: effectAbout, fails: []int{409}}, (*API).proposalEffect)
	add(a, op{method: "GET", path: "/v1/policy/proposals/{id}/replay", action: access.ReadPolicy, id: "replay-proposal", summary: "What it would have done with the requests that have ended", about: replayAbout}, (*API).replayProposal)
	add(a, op{method: "POST", path: "/v1/what-if/policy", action: access.ReadPolicy, id: "replay-policy", summary: "What a policy would have done with the requests that have ended", about: replayAbout}, (*API).replayPolicy)
	add(a, op{method: "POST", path: "/v1/policy/proposals/{id}/accept", action: access.DecidePolicy, id: "accept-proposal", summary: "Let a proposed policy take force", about: acceptAbout}, (*API).acceptProposal)
	add(a, op{method: "POST", path: "/v1/policy/proposals/{id}/reject", action: access.DecidePolicy, id: "reject-proposal", summary: "Reject a proposed policy, with a reason"}, (*API).rejectProposal)
	add(a, op{method: "POST", path: "/v1/policy/proposals/{id}/withdraw", action: access.WithdrawPolicy, id: "withdraw-proposal", summary: "Take your own proposal back"}, (*API).withdrawProposal)
	add(a, op{method: "GET", path: "/v1/policy/versions", action: access.ReadPolicy, id: "list-policy-versions", summary: "The policies that took force, newest first"}, (*API).policyVersions)
	add(a, op{method: "GET", path: "/v1/policy/versions/{version}", action: access.ReadPolicy, id: "read-policy-version", summary: "One of them, and what it changed"}, (*API).policyVersion)
}

// documentRequest corrects the schema of a request: what pmo.Request.Public leaves out is never answered.
func (a *API) documentRequest() {
	request := a.huma.OpenAPI().Components.Schemas.Map()["Request"]
	for _, internal := range []string{"ledger", "keys", "lines"} {
		delete(request.Properties, internal)
	}
	delete(a.huma.OpenAPI().Components.Schemas.Map()["Receipt"].Properties, "call")
	request.Properties["submitted_at"].Description = "When the submission was acknowledged"
	request.Properties["accepted_at"].Description = "When the requester accepted the result"
}

func (a *API) description() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Lean PMO", Version: version.Number, Description: "Requests from submission to closure. " +
				"Errors are problem documents (RFC 9457) with a stable `kind`. Writes take an `Idempotency-Key`. " +
				"It belongs to the person and, for commands to a request, to that request: the same command with the same body gets its first answer, " +
				"with the header `Idempotency-Replayed: true`; another command or body is refused (422, `idempotency_mismatch`). A refused " +
				"command leaves its key free. A request keeps its last 500 keys. Each write says what it means when it is given twice without a key."},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}},
			},
		},
		Formats: huma.DefaultFormats, DefaultFormat: "application/json", RejectUnknownQueryParameters: true,
	}
}

// Keyed is the header that makes a repeated write the same write. Input parts are exported: huma does not read unexported ones.
type Keyed struct {
	Key string `header:"Idempotency-Key" minLength:"1" maxLength:"128" doc:"The same key with the same command and body is the same command; with another command or body it is refused (422, idempotency_mismatch)"`
}

// RefPath names a request.
type RefPath struct {
	Ref string `path:"ref" doc:"Id or number" example:"R-42"`
}

// Paging is how lists are read page by page.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before"`
}

// Replayable is the header of an answer that was given before, to the same command under the same key.
type Replayable struct {
	Replayed string `header:"Idempotency-Replayed" doc:"true: this command was given before, this is its first answer, and nothing was done again"`
}

func replayable(replayed bool) Replayable {
	if !replayed {
		return Replayable{}
	}
	return Replayable{Replayed: "true"}
}

// receipt answers a command.
type receipt struct {
	Replayable
	Body pmo.Receipt
}

// op describes a route for the table of routes.
type op struct {
	method, path string
	action       access.Action
	id           string // operation id of the OpenAPI document
	summary      string
	about        string // more for the OpenAPI document than the summary has room for
	status       int    // of success; 200 when 0
	also         []int  // further statuses of success
	fails        []int  // further statuses of refusal
}

// add registers a route: its right, its place in the OpenAPI document with every status it can answer, and its handler.
func add[I, O any](a *API, o op, handler func(*API, context.Context, *I) (*O, error)) {
	operation := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, Tags: []string{tagOf(o.path)},
		DefaultStatus: o.status, Errors: o.errors(), MaxBodyBytes: maxBody + 1, // the guard has checked the size before
		Security: []map[string][]string{{"bearer": {}}}, Middlewares: huma.Middlewares{a.admitted(o.class()), a.gate(o.action)},
		Description: strings.TrimSpace(o.about + " Needs the right `" + string(o.action) + "`." + repeats(o.id)),
		// The guard has read the body, under the server's own limit. A deadline for reading it again would pass while a command waits
		// for its answer; net/http would then cancel the connection's context, and with it every later call on the connection.
		BodyReadTimeout: -1,
	}
	a.actions[o.method+" "+o.path] = o.action
	huma.Register(a.huma, operation, func(ctx context.Context, in *I) (*O, error) {
		if fields := cleanBody(in); len(fields) > 0 {
			return nil, a.answerProblem(ctx, pathOf(ctx), problem.InvalidFields(fields))
		}
		out, err := handler(a, ctx, in)
		if err != nil {
			a.refusedRight(ctx, o.action, o.method+" "+o.path, err)
			return nil, a.answerProblem(ctx, pathOf(ctx), err)
		}
		return out, nil
	})
	a.document(o)
}

// errors lists the statuses of refusal the route can answer.
func (o op) errors() []int {
	list := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	list = append(list, o.fails...)
	if strings.Contains(o.path, "{") {
		list = append(list, http.StatusNotFound)
	}
	if o.method != http.MethodGet {
		list = append(list, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(list)
	return list
}

// document adds the further statuses of success: huma documents only one.
func (a *API) document(o op) {
	item := a.huma.OpenAPI().Paths[o.path]
	registered := map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete}[o.method]
	usual := registered.Responses[fmt.Sprint(registered.DefaultStatus)]
	for _, status := range o.also {
		registered.Responses[fmt.Sprint(status)] = &huma.Response{Description: http.StatusText(status), Headers: usual.Headers, Content: usual.Content}
	}
}

func tagOf(path string) string {
	part, _, _ := strings.Cut(strings.TrimPrefix(path, "/v1/"), "/")
	return part
}

type pathKey struct{}

func pathOf(ctx context.Context) string {
	path, _ := ctx.Value(pathKey{}).(string)
	return path
}

// withPath puts the path into the context, so that handlers can name it in a problem.
func withPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), pathKey{}, r.URL.Path)))
	})
}

// Actions is the table of rights: "METHOD /path" to the action of internal/access.
func (a *API) Actions() map[string]access.Action { return a.actions }
