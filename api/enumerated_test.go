package api

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/session"
	"leanpmo/internal/store"
)

// wholeLists says why a list of an answer needs no word about what it leaves out: nothing is left out.
var wholeLists = map[string]string{
	"PolicyReplay.limits": "what it does not say", "ReplayCourse.route": "every group", "ReplayCourse.late": "every group", "ReplayLine.rejecters": "every group", "ReplayLine.words": "all that differs",
	"ScoringRound.inputs": "what is asked about, at most 12", "ScoringRound.people": "who is asked, at most 20", "ScoringRound.results": "one of each input asked about",
	"ScoringResult.scores": "one of each who is asked", "ScoringWait.inputs": "what is asked about, at most 12",
	"FlowReport.distribution": "one for each kind", "FlowReport.by_team": "one for each team", "FlowReport.by_kind": "one for each kind", "FlowReport.by_theme": "one for each theme", "FlowReport.by_stage": "one for each stage",
	"FlowReport.stages": "one for each stage", "FlowReport.throughput": "one for each week",
	"FlowReport.scatter": "every delivered request that one may read, in cells", "FlowReport.groups": "one for each group that was asked",
	"FlowReport.skipped": "every request with impossible times",
	"Request.questions":  "every open question", "Request.closed_questions": "the latest of each kind; rounds counts all", "Request.waiting_on": "everybody",
	"Request.commands": "every command the reader may give", "Request.latest": "the last lines; the ledger has all", "Request.similar": "the most similar, as many as the policy says", "Request.watchers": "limited at the door", "Request.gaps": "one for each field",
	"Request.missing": "one for each field", "Request.lessons": "limited at the door", "Retrospective.approaches": "every way of working", "Retrospective.suggestions": "at most three of each", "Retrospective.recommended": "every way of working", "SimilarRequests.lessons": "two of each of similar", "PlanView.lessons": "two of each similar request", "Request.raid": "every open entry, and the latest cleared ones; the ledger has all", "Request.merged_into": "limited at the door", "Request.declined": "one for each team",
	"OpenQuestion.remedies": "at most seven", "Question.remedies": "at most seven", "Unplaced.remedies": "at most seven", "Remedy.skills": "at most five", "Remedy.second": "the skills of the request that one team lacks",
	"Request.put_off": "one for each cause", "Request.quicker": "one for each fact", "Request.goes_on_in": "those of merged_into", "Request.conditions": "limited at the door",
	"Explanation.missing": "one for each field", "Explanation.similar": "the most similar, as many as the policy says", "Explanation.declined": "one for each team",
	"Request.needed_inputs": "all of the model", "Explanation.inputs": "all of the model",
	"Policy.words": "the whole policy", "Policy.rules": "the whole policy", "PolicyEffect.portfolios": "one for each portfolio", "PolicyEffect.limits": "all of them", "WhatIfAnswer.scenarios": "each that was asked", "Receipt.open": "truncated", "Prioritization.pulled": "every slot given",
	"SplitResult.parts": "every part", "Team.leads": "limited at the door", "Team.members": "limited at the door", "Team.skills": "limited at the door",
	"Team.approaches": "limited at the door", "Comment.mentions": "limited at the door", "CommentHistory.mentions": "limited at the door",
	"CommentHistory.earlier": "limited at the door", "SimilarRequests.similar": "the most similar",
	"Chats.items": "every group and portfolio that has one", "TeamDetail.weeks": "this one and the next seven", "TeamDetail.leads": "limited at the door", "TeamDetail.members": "limited at the door", "TeamDetail.skills": "limited at the door",
	"TeamDetail.approaches": "limited at the door", "TeamDetail.absences": "limited at the door", "Team.absences": "limited at the door",
	"Board.columns": "one for each stage; count is of all its requests", "Board.limits": "every limit of the portfolios",
	"Funding.words":            "four sentences",
	"AssignmentPlan.proposals": "every request that waits for a team: each has a slot, and slots are limited", "AssignmentPlan.teams": "every team of a portfolio", "AssignmentPlan.curve": "40 points", "TeamDetail.curve": "40 points", "SupplyImported.teams": "every team that the file names", "SupplyChange.changes": "all that the file changes", "ResourcesImported.resources": "every resource that the file names", "ResourceDifference.changes": "all that the file changes",
	"SkillsReport.skills": "one for each skill", "SkillDelay.teams": "every team that has it",
	"AssignmentAnswer.unknown_skills": "all that were asked about",
	"AssignmentAnswer.teams":          "every team of a portfolio", "TeamComparison.weeks": "this one and the next seven",
	"Strategy.themes": "one for each theme", "Strategy.kinds": "one for each kind with work", "Strategy.horizons": "one for each horizon", "Strategy.guardrails": "every guardrail",
	"Strategy.objectives": "every objective", "ObjectiveNow.key_results": "every key result", "Request.objectives": "limited at the door", "Explanation.objectives": "limited at the door",
	"Points.budgets": "one for each holder", "PointsRequest.stakes": "within the list, which says that there are more", "RequestPoints.stakes": "at most one for each holder and period, the latest 1000", "RequestPoints.mine": "one for each holder that the reader is or belongs to",
	"RankedRequest.if_pulled": "at most one for each guardrail",
	"Board.guardrails":        "every one that is not kept", "Backlog.guardrails": "every one that is not kept", "Prioritization.guardrails": "every guardrail",
	"Playbook.sections": "one for each section", "PlanView.baselines": "the first fifty that were agreed", "PlanView.changes": "all of them", "PlanView.signs": "one for each kind", "PlanView.lacks": "one for each field",
	"MadeToken.scopes":        "every scope it has",
	"ApproachAdvice.possible": "one for each approach", "ApproachAdvice.reasons": "the three heaviest", "ApproachAdvice.would_change": "the six likeliest",
	"ApproachAdvice.mismatches": "one for each attribute", "ApproachAdvice.practices": "all", "ApproachAdvice.answers": "one for each question",
	"GroupsWaiting.items": "one for each group", "Notifications.table": "every row", "Notifications.fixed": "every kind", "Notifications.muted": "limited at the door", "Choices.channels": "limited at the door",
	"Row.events": "limited by the policy", "Row.relations": "limited by the policy", "SelectionForecast.items": "all that are chosen; more than 100 are refused",
	"Resource.amounts": "limited at the door", "ResourceLoad.amounts": "limited at the door", "ResourceLoad.weeks": "this one and the next seven",
	"Calibration.levels": "three", "Calibration.words": "a sentence for each level, and two more",
}

// Every list of an answer is paged, says that there is more, or is in the table of those that are whole.
func TestNoListEndsWithoutAWord(t *testing.T) {
	api := setup(t).api.huma.OpenAPI()
	lists := 0
	for path, item := range api.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch} {
			if o == nil {
				continue
			}
			for status, answer := range o.Responses {
				media := answer.Content["application/json"]
				if status >= "300" || media == nil || media.Schema.Ref == "" {
					continue
				}
				name := media.Schema.Ref[strings.LastIndex(media.Schema.Ref, "/")+1:]
				for field, list := range api.Components.Schemas.Map()[name].Properties {
					if list.Type != huma.TypeArray {
						continue
					}
					lists++
					require.True(t, saysMore(api.Components.Schemas.Map()[name], field) || wholeLists[name+"."+field] != "",
						"%s: %s.%s ends without a word", path, name, field)
				}
			}
		}
	}
	require.Greater(t, lists, 20)
}

func saysMore(schema *huma.Schema, list string) bool {
	for _, name := range []string{"more_" + list, list + "_total", "truncated"} {
		if schema.Properties[name] != nil {
			return true
		}
	}
	return (list == "items" || list == "lines") && schema.Properties["next"] != nil
}

// keptID is the id of a token and of a session that are there.
const keptID = "00000000-0000-7000-8000-0000000000aa"

// keyedCall is a command as somebody gives it; other is the same command with another body.
type keyedCall struct{ who, method, path, body, other string }

var keyedCalls = map[string]keyedCall{
	"submit":          {"sam", "POST", "/v1/requests", `{"title":"Invoices by e-mail","kind":"enhancement"}`, `{"title":"Other","kind":"enhancement"}`},
	"amend":           {"sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"title":"A"}}`, `{"revision":1,"patch":{"title":"B"}}`},
	"decide":          {"ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`, `{"decision":"review/1/approvers","verdict":"abstain"}`},
	"report-progress": {"lena", "POST", "/v1/requests/R-1/progress", `{"percent":10}`, `{"percent":20}`},
	"propose-plan": {"lena", "POST", "/v1/requests/R-1/plan", `{"version":2,"reason":"a","plan":{"summary":"s","milestones":[{"name":"m"}]}}`,
		`{"version":2,"reason":"b","plan":{"summary":"s","milestones":[{"name":"m"}]}}`},
	"log-raid":           {"lena", "POST", "/v1/requests/R-1/raid", `{"kind":"risk","text":"a"}`, `{"kind":"risk","text":"b"}`},
	"withdraw":           {"sam", "POST", "/v1/requests/R-1/withdraw", `{"reason":"a"}`, `{"reason":"b"}`},
	"hold":               {"sam", "POST", "/v1/requests/R-1/hold", `{"reason":"a"}`, `{"reason":"b"}`},
	"resume":             {"sam", "POST", "/v1/requests/R-1/resume", `{"reason":"a"}`, `{"reason":"b"}`},
	"wake":               {"petra", "POST", "/v1/requests/R-1/wake", `{"reason":"a"}`, `{"reason":"b"}`},
	"cancel":             {"petra", "POST", "/v1/requests/R-1/cancel", `{"reason":"a"}`, `{"reason":"b"}`},
	"split":              {"petra", "POST", "/v1/requests/R-1/split", `{"reason":"two","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`, `{"reason":"x","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`},
	"reassign":           {"petra", "POST", "/v1/requests/R-1/reassign", `{"reason":"a","decision":"review/1/approvers","from":"ana","to":"kai"}`, `{"reason":"b","decision":"review/1/approvers","from":"ana","to":"kai"}`},
	"pull":               {"petra", "POST", "/v1/requests/R-1/pull", `{"reason":"a"}`, `{"reason":"b"}`},
	"set-inputs":         {"petra", "POST", "/v1/requests/R-1/inputs", `{"inputs":{"job_size":3}}`, `{"inputs":{"job_size":5}}`},
	"spend-points":       {"ana", "PUT", "/v1/requests/R-1/points", `{"points":3}`, `{"points":4}`},
	"open-scoring":       {"petra", "POST", "/v1/requests/R-1/scoring", `{"people":["ana","paul"]}`, `{"people":["ana","kai"]}`},
	"score":              {"ana", "PUT", "/v1/requests/R-1/scoring/mine", `{"inputs":{"business_value":3}}`, `{"inputs":{"business_value":5}}`},
	"reveal-scoring":     {"petra", "POST", "/v1/requests/R-1/scoring/reveal", "", ""},
	"watch":              {"sam", "POST", "/v1/requests/R-1/watch", `{"add":["rita"]}`, `{"add":["kai"]}`},
	"say-key-result":     {"petra", "POST", "/v1/key-results", `{"objective":"permits","key_result":"days","value":22}`, `{"objective":"permits","key_result":"days","value":21}`},
	"comment":            {"sam", "POST", "/v1/requests/R-1/comments", `{"text":"a"}`, `{"text":"b"}`},
	"edit-comment":       {"sam", "PUT", "/v1/requests/R-1/comments/" + commentA, `{"text":"a","version":1}`, `{"text":"b","version":1}`},
	"withdraw-comment":   {"sam", "DELETE", "/v1/requests/R-1/comments/" + commentA, "", ""},
	"attach":             {"sam", "POST", "/v1/requests/R-1/attachments", `{"url":"https://a.example","title":"a"}`, `{"url":"https://b.example","title":"b"}`},
	"detach":             {"sam", "DELETE", "/v1/requests/R-1/attachments/" + attachmentA, "", ""},
	"set-note":           {"ana", "PATCH", "/v1/requests/R-1/note", `{"question":"review/1/approvers","claimed":true}`, `{"question":"review/1/approvers","claimed":false}`},
	"revoke-status-link": {"petra", "DELETE", "/v1/requests/R-1/status-link", "", ""},
	"put-draft":          {"sam", "PUT", "/v1/me/drafts/" + requestB, `{"kind":"enhancement","fields":{"title":["a"]}}`, `{"kind":"enhancement","fields":{"title":["b"]}}`},
	"drop-draft":         {"sam", "DELETE", "/v1/me/drafts/" + requestB, "", ""},
	"put-view":           {"sam", "PUT", "/v1/me/views/" + requestB, `{"name":"a","filter":{}}`, `{"name":"b","filter":{}}`},
	"set-notifications":  {"sam", "PUT", "/v1/me/notifications", `{"version":0,"choices":{}}`, `{"version":0,"choices":{"no_digest":true}}`},
	"mute":               {"sam", "PUT", "/v1/requests/R-1/mute", "", ""},
	"unmute":             {"sam", "DELETE", "/v1/requests/R-1/mute", "", ""},
	"drop-view":          {"sam", "DELETE", "/v1/me/views/" + requestB, "", ""},
	"import-history":     {"petra", "POST", "/v1/imports", `{"source":"a","items":[{"id":"1","finished":"2026-01-01T00:00:00Z"}]}`, `{"source":"b","items":[{"id":"1","finished":"2026-01-01T00:00:00Z"}]}`},
	"remove-import":      {"petra", "DELETE", "/v1/imports/a", "", ""},
	"begin-visit":        {"sam", "POST", "/v1/me/visit", "", ""},
	"set-delegation":     {"ana", "PUT", "/v1/me/delegation", `{"delegate":"kai","until":"2027-03-10T08:00:00Z"}`, `{"delegate":"theo","until":"2027-03-10T08:00:00Z"}`},
	"clear-delegation":   {"ana", "DELETE", "/v1/me/delegation", "", ""},
	"make-my-token":      {"sam", "POST", "/v1/me/tokens", `{"name":"a","scopes":["read"],"days":1}`, `{"name":"b","scopes":["read"],"days":1}`},
	"make-token":         {"ada", "POST", "/v1/tokens", `{"principal":"robot","name":"a","scopes":["read"],"days":1}`, `{"principal":"robot","name":"b","scopes":["read"],"days":1}`},
	"revoke-my-token":    {"sam", "DELETE", "/v1/me/tokens/" + keptID, "", ""},
	"revoke-token":       {"ada", "DELETE", "/v1/tokens/" + keptID, "", ""},
	"end-my-session":     {"sam", "DELETE", "/v1/me/sessions/" + keptID, "", ""},
	"end-session":        {"ada", "DELETE", "/v1/sessions/" + keptID, "", ""},
	"prioritize":         {"petra", "POST", "/v1/prioritizations", `{"reason":"a"}`, `{"reason":"b"}`},
	"propose-policy":     {"petra", "POST", "/v1/policy", `{"returns_to":7,"reason":"a"}`, `{"returns_to":7,"reason":"b"}`},
	"accept-proposal":    {"paul", "POST", "/v1/policy/proposals/" + proposalA + "/accept", `{"reason":"a"}`, `{"reason":"b"}`},
	"reject-proposal":    {"paul", "POST", "/v1/policy/proposals/" + proposalA + "/reject", `{"reason":"a"}`, `{"reason":"b"}`},
	"withdraw-proposal":  {"petra", "POST", "/v1/policy/proposals/" + proposalA + "/withdraw", `{"reason":"a"}`, `{"reason":"b"}`},
	"put-team":           {"petra", "PUT", "/v1/teams/heron", `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":[],"capacity":2}`, `{"name":"Hero","portfolio":"digital","leads":["kai"],"skills":[],"capacity":2}`},
	"import-supply":      {"petra", "POST", "/v1/teams/import", `{"format":"csv","file":"team,skills\nheron,gis:2\n","new_skills":true}`, `{"format":"csv","file":"team,skills\nheron,gis:3\n","new_skills":true}`},
	"put-resource":       {"petra", "PUT", "/v1/resources/lab", `{"name":"Lab","portfolio":"digital","amounts":[]}`, `{"name":"Labs","portfolio":"digital","amounts":[]}`},
	"import-resources":   {"petra", "POST", "/v1/resources/import", `{"file":"resource,name\nlab,Lab\n"}`, `{"file":"resource,name\nlab,Labs\n"}`},
	"drop-resource":      {"petra", "DELETE", "/v1/resources/kept", "", ""},
	"block-person":       {"ada", "PUT", "/v1/people/sam/block", `{"reason":"a"}`, `{"reason":"b"}`},
	"unblock-person":     {"ada", "DELETE", "/v1/people/sam/block", "", ""},
	"unlink-person":      {"ada", "DELETE", "/v1/people/sam/link", "", ""},
	"set-my-chat":        {"sam", "PUT", "/v1/me/chat", `{"format":"slack","address":"https://hooks.slack.com/services/a"}`, `{"format":"slack","address":"https://hooks.slack.com/services/b"}`},
	"remove-my-chat":     {"sam", "DELETE", "/v1/me/chat", "", ""},
	"test-my-chat":       {"sam", "POST", "/v1/me/chat/test", "", ""},
	"set-chat":           {"petra", "PUT", "/v1/chats/group:approvers", `{"format":"slack","address":"https://hooks.slack.com/services/a"}`, `{"format":"slack","address":"https://hooks.slack.com/services/b"}`},
	"remove-chat":        {"petra", "DELETE", "/v1/chats/group:approvers", "", ""},
	"test-chat":          {"petra", "POST", "/v1/chats/group:approvers/test", "", ""},
	"redeliver":          {"ada", "POST", "/v1/channels/redeliver", `{"endpoint":"person:ana"}`, `{"endpoint":"person:kai"}`},
	"enable-channel":     {"ada", "POST", "/v1/channels/enable", `{"endpoint":"person:ana"}`, `{"endpoint":"person:kai"}`},
}

// Every route that takes a key, as the OpenAPI document lists them, hands it on and marks the answer to a repetition; what the API answers
// by itself refuses the key for another body. Of commands to a request, the process does: see the tests of its keys.
func TestEveryRouteThatTakesAKeyKeepsToIt(t *testing.T) {
	for path, item := range setup(t).api.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if o == nil || !slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == keyHeader }) {
				continue
			}
			c, known := keyedCalls[o.OperationID]
			require.True(t, known, "%s %s takes a key and is not tried here", o.OperationID, path)
			t.Run(o.OperationID, func(t *testing.T) { c.keeps(t) })
		}
	}
}

func (c keyedCall) keeps(t *testing.T) {
	b := setup(t)
	robot, err := directory.Parse([]byte(strings.ReplaceAll(string(directory.Local()), "groups:", "  - {id: robot, name: Robot, roles: [requester], service: true}\ngroups:")))
	require.NoError(t, err)
	b.api.Directory.Replace(robot)
	b.store.policies()
	b.store.versions = append([]store.PolicyVersion{{Version: 7, Source: otherRules(t)}}, b.store.versions...)
	b.store.proposals = []store.Proposal{{ID: proposalA, Version: 2, Base: 1, Source: otherRules(t), Proposer: "petra", State: store.ProposalOpen, Difference: []byte(`{}`), Effect: []byte(`[]`)}}
	b.store.public = fakePublic{requestA: {RequestID: requestA}}
	b.store.sessions = []session.Session{{ID: keptID, Person: "sam"}}
	b.store.tokens[[sha256.Size]byte{}] = &store.Token{ID: keptID, Principal: "sam"}
	if strings.Contains(c.path, "/chat") {
		b.api.Chats = chatSettings(t)
		if c.method != "PUT" {
			b.store.chats = map[string]store.ChatAddress{"person:sam": {Endpoint: "person:sam"}, "group:approvers": {Endpoint: "group:approvers"}}
		}
	}
	if c.path == "/v1/teams/import" {
		b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Capacity: 2, Revision: 1}}}
	}
	if strings.Contains(c.path, "/scoring/") {
		b.store.scoring = fakeScoring{requestA: {Request: requestA, No: 1, OpenedBy: "petra", OpenedAt: now, Inputs: []string{"business_value"}, People: []string{"ana", "paul"}}}
	}
	if strings.HasSuffix(c.path, "/progress") || strings.HasSuffix(c.path, "/plan") || strings.HasSuffix(c.path, "/raid") {
		row := b.store.rows[requestA]
		row.Stage, row.Assignment = pmo.StageExecution, &pmo.Assignment{Team: "falcon", Leads: []string{"lena"}}
		row.Plan = &pmo.Plan{Approach: "kanban", Summary: "s", Version: 2, AgreedAt: now}
		b.store.rows[requestA] = row
	}
	status, doc, header := b.call(t, c.who, c.method, c.path, c.body, keyHeader, "k")
	require.Less(t, status, http.StatusMultipleChoices, doc)
	require.Empty(t, header.Get("Idempotency-Replayed"))
	b.engine.replayed = true
	status, doc, header = b.call(t, c.who, c.method, c.path, c.body, keyHeader, "k")
	require.Less(t, status, http.StatusMultipleChoices, doc)
	require.Equal(t, "true", header.Get("Idempotency-Replayed"))
	if n := len(b.engine.sent); n > 0 && !strings.HasSuffix(c.path, "/split") {
		require.Equal(t, "k", b.engine.sent[n-1].key)
		return
	}
	if c.other != "" && c.path != "/v1/requests" {
		status, doc, _ = b.call(t, c.who, c.method, c.path, c.other, keyHeader, "k")
		require.Equal(t, http.StatusUnprocessableEntity, status, doc)
		require.Equal(t, "idempotency_mismatch", doc["kind"])
	}
}

// TestAnEmptiedFieldOfATeamIsAnotherBody than an absent one, under one key.
func TestAnEmptiedFieldOfATeamIsAnotherBody(t *testing.T) {
	b := setup(t)
	form := `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":["gis"],"capacity":2`
	status, doc, _ := b.call(t, "petra", "PUT", "/v1/teams/heron", form+`}`, keyHeader, "k")
	require.Equal(t, 200, status, doc)
	for _, other := range []string{`,"members":[]}`, `,"members":null}`, `,"wip_limit":0}`} {
		status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/heron", form+other, keyHeader, "k")
		require.Equal(t, 422, status, other)
		require.Equal(t, "idempotency_mismatch", doc["kind"])
	}
}

// A form of a team that leaves something out does not erase it; what is given as empty is emptied.
func TestAPartOfATeamDoesNotEraseTheWhole(t *testing.T) {
	b := setup(t)
	team := pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Members: []string{"lena"}, Skills: []string{"gis"}, Capacity: 2,
		LoadCeiling: 0.8, WIPLimit: 4, Approaches: []string{"kanban"}, Revision: 3}
	b.store.teams = append(b.store.teams, store.TeamLoad{Team: team})
	status, doc, _ := b.call(t, "petra", "PUT", "/v1/teams/heron", `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":["gis"],"capacity":3,"revision":3}`)
	require.Equal(t, 200, status, doc)
	want := team
	want.Capacity, want.Revision = 3, 4
	require.Equal(t, want, *b.store.saved)
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/heron",
		`{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":[],"members":[],"approaches":null,"load_ceiling":0,"wip_limit":0,"capacity":3,"revision":3}`)
	require.Equal(t, 200, status, doc)
	require.Empty(t, b.store.saved.Members)
	require.Empty(t, b.store.saved.Approaches)
	require.Zero(t, b.store.saved.WIPLimit)
	require.Zero(t, b.store.saved.LoadCeiling)
}
