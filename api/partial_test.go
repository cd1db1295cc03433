package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// What null does to a field of a part.
type null string

const (
	clears   null = "clears"  // the field is empty afterwards
	mustStay null = "refused" // 422 with the field: it may not be empty
	nothing  null = "nothing" // it belongs to the call, not to what is changed
)

// part is a field that a door takes: a value for it, and what null does.
type part struct {
	value string
	null  null
}

// door is a command that takes a part of a whole.
type door struct {
	schema string // the parts, in the OpenAPI document
	groups string // names of those parts that are groups, with parts of their own; each ends with a blank
	parts  map[string]part
	// give sends one part, as JSON, and returns the whole before and after it.
	give func(t *testing.T, b *bundle, part string) (status int, doc map[string]any, before, after any)
}

func number(value string) part { return part{value, clears} }

var contentParts = map[string]part{
	"title": {`"New"`, mustStay}, "kind": {`"bug"`, mustStay}, "problem": {`"new"`, clears}, "outcome": {`"new"`, clears}, "success_measure": {`"new"`, clears},
	"users": {`"new"`, clears}, "themes": {`["service"]`, clears}, "objectives": {`["permits"]`, clears}, "sponsor": {`"theo"`, clears}, "wanted_by": {`"2027-09-09"`, clears}, "wanted_cause": {`"new"`, clears},
	"urgency": {`"critical"`, clears}, "others_to_act": {`"new"`, clears}, "workaround": {`"new"`, clears}, "class": {`"fixed_date"`, clears}, "size": {`9`, clears},
	"needs":              {`["R-2"]`, clears},
	"resources":          {`["kept"]`, clears},
	"second_team.skills": {`["new"]`, clears}, "second_team.share": number(`0.3`),
	"skills": {`["new"]`, clears}, "confidential": {`false`, clears},
	"baseline.volume_per_month": number(`9`), "baseline.minutes_each": number(`9`), "baseline.people": number(`9`), "baseline.money_per_year": number(`9`),
	"inputs.business_value": number(`8`), "inputs.time_criticality": number(`8`), "inputs.risk_reduction": number(`8`), "inputs.job_size": number(`8`),
	"inputs.cost_of_delay": number(`9000`), "inputs.duration": number(`9`), "inputs.reach": number(`900`), "inputs.impact": number(`2`), "inputs.confidence": number(`0.5`),
	"inputs.effort": number(`4`), "inputs.ease": number(`9`), "inputs.moscow": {`"should"`, clears},
	"context.people": number(`9`), "context.change_per_month": number(`9`), "context.criticality": {`"life"`, clears}, "context.incremental": {`false`, clears},
	"context.unknown_problem": {`false`, clears}, "context.interrupt_driven": {`false`, clears}, "context.unplanned_share": number(`9`), "context.product_owner": {`false`, clears},
	"context.fixed_price": {`false`, clears}, "context.separable": {`false`, clears}, "context.many_dependencies": {`false`, clears}, "context.many_releases_per_day": {`false`, clears},
	"context.nature": {`"research"`, clears}, "context.certified": {`false`, clears}, "context.technical_risk": {`false`, clears}, "context.skilled_pairs": {`false`, clears},
	"context.stable_team": {`"no"`, clears}, "context.buy_in": {`"no"`, clears}, "context.trust": {`"no"`, clears}, "context.decision_power": {`"no"`, clears},
	"context.experience": {`"no"`, clears}, "context.customer_access": {`"no"`, clears}, "context.clear_what": {`"no"`, clears}, "context.clear_how": {`"no"`, clears},
	"context.on_chaos": number(`9`), "context.level_1b": number(`9`), "context.level_2_up": number(`9`), "context.dont_know": {`["trust"]`, clears},
}

// doors are all commands that take a part of a whole.
var doors = map[string]door{
	"amend": {schema: "Patch", groups: "baseline inputs context second_team ", parts: contentParts, give: func(t *testing.T, b *bundle, part string) (int, map[string]any, any, any) {
		b.put(wholeRequest(t, b))
		status, doc, _ := b.call(t, "petra", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":`+part+`}`)
		return patched(t, b, status, doc, func(cmd any) pmo.Patch { return cmd.(*pmo.Amend).Patch })
	}},
	"answer of a form": {schema: "Patch", groups: "baseline inputs context second_team ", parts: contentParts, give: func(t *testing.T, b *bundle, part string) (int, map[string]any, any, any) {
		r := wholeRequest(t, b)
		r.Questions = []pmo.Question{{ID: "clarify/1", Kind: pmo.KindClarify, People: []string{"petra"}, Options: pmo.Options(pmo.KindClarify), Status: pmo.QuestionOpen}}
		b.put(r)
		status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/decisions", `{"decision":"clarify/1","verdict":"provide","data":{"patch":`+part+`}}`)
		return patched(t, b, status, doc, func(cmd any) pmo.Patch { return *cmd.(*pmo.Decide).Data.Patch })
	}},
	"inputs": {schema: "SetInputs", groups: "inputs ", parts: map[string]part{
		"inputs.business_value": number(`8`), "inputs.time_criticality": number(`8`), "inputs.risk_reduction": number(`8`), "inputs.job_size": number(`8`),
		"inputs.cost_of_delay": number(`9000`), "inputs.duration": number(`9`), "inputs.reach": number(`900`), "inputs.impact": number(`2`), "inputs.confidence": number(`0.5`),
		"inputs.effort": number(`4`), "inputs.ease": number(`9`), "inputs.moscow": {`"should"`, clears},
		"class": {`"fixed_date"`, mustStay}, "reason": {`"why"`, nothing}, "sure": {`"low"`, nothing},
	}, give: func(t *testing.T, b *bundle, part string) (int, map[string]any, any, any) {
		r := wholeRequest(t, b)
		b.put(r)
		if !strings.Contains(part, `"inputs"`) {
			part = strings.TrimSuffix(part, "}") + `,"inputs":{}}`
		}
		status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/inputs", part)
		before := asDocument(t, map[string]any{"inputs": r.Content.Inputs, "class": r.Content.Class})
		if status == 200 {
			r.ApplyInputs(*b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.SetInputs), now)
		}
		return status, doc, before, asDocument(t, map[string]any{"inputs": r.Content.Inputs, "class": r.Content.Class})
	}},
	"progress": {schema: "Report", parts: map[string]part{
		"percent": number(`9`), "health": {`"amber"`, mustStay}, "risks": {`[{"text":"new"}]`, clears}, "blocked": {`"new"`, clears},
		"note": {`"new"`, nothing}, "done": {`false`, nothing}, "lessons": {`[{"observation":"new"}]`, nothing},
		"earned_value": {`{"planned":1,"earned":1,"spent":1}`, mustStay}, "milestones": {`["new"]`, nothing}, "measure": {`{"unit":"items","done":1,"total":2}`, mustStay},
	}, give: func(t *testing.T, b *bundle, part string) (int, map[string]any, any, any) {
		r := wholeRequest(t, b)
		b.put(r)
		status, doc, _ := b.call(t, "lena", "POST", "/v1/requests/R-1/progress", part)
		before := asWholes(t, progressOf(t, r, part), "earned_value measure")
		if status == 200 {
			r.ApplyReport(*b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.Report), now)
		}
		return status, doc, before, asWholes(t, progressOf(t, r, part), "earned_value measure")
	}},
	"counter-proposal": {schema: "Plan", parts: map[string]part{
		"summary": {`"new"`, mustStay}, "milestones": {`[{"name":"new"}]`, clears}, "iterations": {`9`, mustStay}, "weeks_each": {`9`, mustStay}, "sle": {`"new"`, clears},
		"conditions": {`[{"id":"c1","note":"new"}]`, nothing}, "approach": {`"kanban"`, nothing}, "agreed_at": {`"2027-03-01T09:00:00Z"`, nothing},
		"version": {`7`, nothing}, "start": {`"2027-09-09"`, clears}, "due": {`"2027-11-11"`, clears}, "owner": {`"new"`, clears}, "goal": {`"new"`, clears}, "done_when": {`["new"]`, clears},
		"iteration_range": {`{"low":1,"high":2}`, clears}, "expectation": {`{"days":9,"probability":0.5}`, clears}, "wip_limit": {`9`, clears}, "classes": {`[{"name":"new","rule":"new"}]`, clears},
		"replenish_days": {`9`, clears}, "review_days": {`9`, clears}, "work_packages": {`[{"id":"new","name":"new"}]`, clears}, "budget": {`{"unit":"money","total":9}`, clears},
		"seam": {`{"planned":"new","agile":"new","meets":"new"}`, clears}, "risks": {`[{"text":"new"}]`, clears},
	}, give: func(t *testing.T, b *bundle, part string) (int, map[string]any, any, any) {
		r := wholeRequest(t, b)
		r.Conditions = []pmo.Condition{{ID: "c1", Text: "a pilot first", By: "ana"}}
		r.Questions = []pmo.Question{{ID: "plan/1", Kind: pmo.KindPlan, People: []string{"lena"}, Options: pmo.Options(pmo.KindPlan), Status: pmo.QuestionOpen}}
		b.put(r)
		status, doc, _ := b.call(t, "lena", "POST", "/v1/requests/R-1/decisions", `{"decision":"plan/1","verdict":"counter","reason":"sooner","data":{"plan":`+part+`}}`)
		before := r.Plan.Counter(pmo.Plan{}) // nobody has agreed on a proposal yet
		after := before
		if status == 200 {
			after = r.Plan.Counter(*b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.Decide).Data.Plan)
		}
		const groups = "iteration_range expectation budget seam"
		return status, doc, asWholes(t, before, groups), asWholes(t, after, groups)
	}},
	"note": {schema: "SetAnswerNote", parts: map[string]part{
		"claimed": {`false`, clears}, "follow_up": {`"2027-03-20"`, clears}, "draft": {`{"verdict":"reject"}`, clears}, "question": {`"review/1/approvers"`, nothing},
	}, give: func(t *testing.T, b *bundle, given string) (int, map[string]any, any, any) {
		r := wholeRequest(t, b)
		r.Content.Confidential = false
		r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, Group: "approvers", People: []string{"ana", "bo"}, Options: pmo.Options(pmo.KindReview), Status: pmo.QuestionOpen}}
		b.put(r)
		form := func(part string) string { return `{"question":"review/1/approvers",` + strings.TrimPrefix(part, "{") }
		if strings.Contains(given, `"question"`) {
			form = func(part string) string { return part }
		}
		note := func(body string) (int, map[string]any, any) {
			status, doc, _ := b.call(t, "ana", "PATCH", "/v1/requests/R-1/note", body)
			delete(doc, "draft_at")
			doc["claimed"] = doc["claimed_at"] != nil
			delete(doc, "claimed_at")
			if draft, ok := doc["draft"].(map[string]any); ok {
				doc["draft"] = draft["verdict"] // a draft is taken as a whole
			}
			return status, doc, doc
		}
		_, _, before := note(`{"question":"review/1/approvers","claimed":true,"follow_up":"2027-03-10","draft":{"verdict":"approve"}}`)
		status, doc, after := note(form(given))
		return status, doc, before, after
	}},
	"team": {schema: "TeamForm", parts: map[string]part{
		"members": {`["theo"]`, clears}, "approaches": {`["scrum"]`, clears}, "absences": {`[{"from":"2027-03-08","until":"2027-03-09","whole_team":true}]`, clears}, "load_ceiling": {`0.5`, clears}, "wip_limit": {`9`, clears},
		// Those that a form always gives; `pmo teams apply` keeps what its file leaves out.
		"name": {`"New"`, mustStay}, "portfolio": {`"digital"`, mustStay}, "leads": {`["theo"]`, mustStay}, "skills": {`["new"]`, mustStay},
		"capacity": {`9`, clears}, "shares": {`{"kai":0.5}`, clears}, "other_work": {`0.2`, clears}, "wip_per_person": {`3`, clears}, "pace": {`2`, clears},
		// A capacity per person decides on the capacity too, and so does what was finished.
		"capacity_per_person": {`4`, nothing}, "capacity_measured": {`true`, nothing}, "revision": {`3`, nothing},
	}, give: func(t *testing.T, b *bundle, given string) (int, map[string]any, any, any) {
		team := pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Members: []string{"lena", "kai"}, Skills: []string{"gis"}, Capacity: 2,
			LoadCeiling: 0.8, WIPLimit: 4, Approaches: []string{"kanban"}, Absences: []pmo.Absence{{From: "2027-03-01", Until: "2027-03-05", Amount: 1, Who: "kai"}}, Revision: 3,
			Shares: map[string]float64{"kai": 0.25}, OtherWork: 0.1, WIPPerPerson: 2, Pace: 0.5}
		b.store.teams = []store.TeamLoad{{Team: team}}
		b.store.finishedWork = slices.Repeat([]pmo.FinishedWork{{Size: 1, Started: b.api.Now().AddDate(0, 0, -9), Ended: b.api.Now().AddDate(0, 0, -2)}}, pmo.LeastFinished)
		form := map[string]json.RawMessage{"name": json.RawMessage(`"Heron"`), "portfolio": json.RawMessage(`"digital"`), "leads": json.RawMessage(`["kai"]`),
			"skills": json.RawMessage(`["gis"]`), "capacity": json.RawMessage(`2`), "revision": json.RawMessage(`3`)}
		require.NoError(t, json.Unmarshal([]byte(given), &form))
		status, doc, _ := b.call(t, "petra", "PUT", "/v1/teams/heron", string(asBytes(t, form)))
		after := team
		if status == 200 {
			after = *b.store.saved
		}
		after.Revision = team.Revision
		if after.CapacityPerPerson > 0 || after.CapacityMeasured {
			after.Capacity = team.Capacity
		}
		return status, doc, asWholes(t, wire.FormOf(team), "shares"), asWholes(t, wire.FormOf(after), "shares")
	}},
}

func init() {
	doors["note"] = door{schema: "SetAnswerNote", parts: map[string]part{
		"question": {`"review/1/approvers"`, nothing}, "claimed": {`false`, clears}, "follow_up": {`"2027-03-09"`, clears}, "draft": {`{"verdict":"abstain"}`, clears},
	}, give: func(t *testing.T, b *bundle, given string) (int, map[string]any, any, any) {
		at, day := now, now.AddDate(0, 0, 3)
		whole := store.AnswerNote{Person: "ana", Request: requestA, Question: "review/1/approvers", Claimed: &at, FollowUp: &day, DraftAt: &at, Draft: json.RawMessage(`{"verdict":"reject"}`)}
		b.store.rows[requestA] = store.Row{Request: inReview(requestA, 1, "sam"), Projected: now}
		b.store.discussion.notes = []store.AnswerNote{whole}
		note := map[string]json.RawMessage{"question": json.RawMessage(`"review/1/approvers"`)}
		require.NoError(t, json.Unmarshal([]byte(given), &note))
		status, doc, _ := b.call(t, "ana", "PATCH", "/v1/requests/R-1/note", string(asBytes(t, note)))
		parts := func(n store.AnswerNote) any {
			out := map[string]any{"claimed": "", "follow_up": string(dayOf(n.FollowUp)), "draft": ""}
			if n.Claimed != nil {
				out["claimed"] = "yes"
			}
			if n.DraftAt != nil {
				out["draft"] = string(n.Draft)
			}
			return asDocument(t, out)
		}
		return status, doc, parts(whole), parts(b.store.discussion.notes[0])
	}}
}

// wholeCommands are the operations that take no part of a whole, and why.
var wholeCommands = map[string]string{
	"submit": "the whole form", "split": "the whole forms of its parts", "decide": "an answer; its patch and its plan are doors of their own", "withdraw": "a reason", "hold": "a reason", "propose-plan": "a whole plan", "log-raid": "a whole entry, or how one was cleared",
	"resume": "a reason", "wake": "a reason", "cancel": "a reason and where it goes on", "reassign": "one seat, or the work", "pull": "a reason",
	"watch": "people are added and removed one by one", "prioritize": "a run", "propose-policy": "a whole document", "say-key-result": "one value", "accept-proposal": "a reason", "reject-proposal": "a reason", "withdraw-proposal": "a reason", "clear-delegation": "no body",
	"comment": "a text and whom to tell", "edit-comment": "the whole text", "withdraw-comment": "no body", "attach": "a whole link", "detach": "no body",
	"put-draft": "the whole form as it stands", "drop-draft": "no body", "put-view": "the whole view", "set-notifications": "the whole choices", "mute": "no body", "unmute": "no body", "import-history": "whole items", "import-supply": "a whole file; what it does not name stays", "remove-import": "no body", "drop-view": "no body", "revoke-status-link": "no body", "begin-visit": "no body",
	"make-my-token": "the whole form", "make-token": "the whole form", "revoke-my-token": "no body", "revoke-token": "no body", "end-my-session": "no body", "end-session": "no body",
	"set-my-chat": "a whole address", "remove-my-chat": "no body", "test-my-chat": "no body", "set-chat": "a whole address", "remove-chat": "no body", "test-chat": "no body",
	"redeliver": "one message or one endpoint", "enable-channel": "one endpoint",
	"put-resource": "the whole resource", "import-resources": "a whole file; what it does not name stays", "drop-resource": "no body",
	"block-person": "a reason", "unblock-person": "no body", "unlink-person": "no body",
	"spend-points": "a whole number", "open-scoring": "a whole question", "score": "whole scores", "reveal-scoring": "no body",
	"set-delegation": "who acts, from when and until when: one delegation takes the place of the one before, as a whole",
}

// doorOf is the door of an operation that has one.
var doorOf = map[string]string{"amend": "amend", "set-inputs": "inputs", "report-progress": "progress", "put-team": "team", "set-note": "note"}

// TestEveryCommandThatTakesAPartHasItsDoor: a new command says whether it takes a part of a whole.
func TestEveryCommandThatTakesAPartHasItsDoor(t *testing.T) {
	for path, item := range setup(t).api.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if o == nil || slices.Contains(readsByPost, o.OperationID) {
				continue
			}
			_, partial := doors[doorOf[o.OperationID]]
			require.True(t, partial != (wholeCommands[o.OperationID] != ""), "%s %s: in doors or in wholeCommands", o.OperationID, path)
		}
	}
}

// TestPartialMeansPartial gives each field of each door alone: nothing else changes. Then null: it clears, or is refused with the field.
func TestPartialMeansPartial(t *testing.T) {
	b := setup(t)
	schemas := b.api.huma.OpenAPI().Components.Schemas.Map()
	for name, d := range doors {
		require.ElementsMatch(t, fieldsOfSchema(t, schemas, d.schema, d.groups), keysOf(d.parts), name)
		for field, p := range d.parts {
			t.Run(name+" "+field, func(t *testing.T) { d.keepsTheOthers(t, b, field, p) })
			t.Run(name+" null "+field, func(t *testing.T) { d.takesNull(t, b, field, p) })
		}
	}
}

// asWholes is a document in which groups that are given as a whole are one value each.
func asWholes(t *testing.T, v any, groups string) map[string]any {
	doc := map[string]any{}
	require.NoError(t, json.Unmarshal(asBytes(t, v), &doc))
	for group := range strings.FieldsSeq(groups) {
		if whole, ok := doc[group]; ok {
			doc[group] = string(asBytes(t, whole))
		}
	}
	return doc
}

func (d door) keepsTheOthers(t *testing.T, b *bundle, field string, p part) {
	status, doc, before, after := d.give(t, b, nested(field, p.value))
	require.Equal(t, 200, status, doc)
	for name, value := range flat(before) {
		if name != field {
			require.Equal(t, value, flat(after)[name], "%s stays", name)
		}
	}
	if p.null != nothing && p.value != `"digital"` {
		require.NotEqual(t, flat(before)[field], flat(after)[field], "it is taken")
	}
}

func (d door) takesNull(t *testing.T, b *bundle, field string, p part) {
	status, doc, before, after := d.give(t, b, nested(field, "null"))
	switch p.null {
	case mustStay:
		require.Equal(t, 422, status, doc)
		require.True(t, slices.ContainsFunc(pointers(doc), func(at string) bool { return strings.HasSuffix(at, "/"+field) || strings.HasPrefix(at, "/data/plan/") }), doc)
	case clears:
		require.Equal(t, 200, status, doc)
		require.NotEmpty(t, flat(before)[field])
		require.Empty(t, flat(after)[field], "null clears it")
	}
	if status == 200 {
		for name, value := range flat(before) {
			if name != field {
				require.Equal(t, value, flat(after)[name], "%s stays", name)
			}
		}
	}
}

// wholeRequest has a value in every field that a door changes.
func wholeRequest(t *testing.T, b *bundle) pmo.Request {
	t.Helper()
	r := b.engine.states[requestA]
	c := filled[pmo.Content](t)
	c.SecondTeam.Share = 0.4
	c.Kind, c.Themes, c.Class, c.Urgency, c.Context.Criticality, c.Sponsor = "enhancement", []string{"safety"}, pmo.ClassStandard, "soon", "comfort", "rita"
	c.WantedBy, c.Baseline.People, c.Context.People = "2027-08-08", 7, 7
	c.Inputs.MoSCoW = "must"
	w := &c.Context
	w.Nature, w.DontKnow = "product", []string{"clear_how"}
	for _, answer := range []*string{&w.StableTeam, &w.BuyIn, &w.Trust, &w.DecisionPower, &w.Experience, &w.CustomerAccess, &w.ClearWhat, &w.ClearHow} {
		*answer = "partly"
	}
	for _, input := range []**float64{&c.Inputs.BusinessValue, &c.Inputs.TimeCriticality, &c.Inputs.RiskReduction, &c.Inputs.JobSize, &c.Inputs.CostOfDelay,
		&c.Inputs.Duration, &c.Inputs.Reach, &c.Inputs.Impact, &c.Inputs.Confidence, &c.Inputs.Effort, &c.Inputs.Ease} {
		three := 3.0
		*input = &three
	}
	percent := 40
	r.Content, r.Revision, r.Process = c, 1, pmo.LatestProcess
	r.Stage, r.Assignment, r.Approach = pmo.StageExecution, &pmo.Assignment{Team: "falcon", Leads: []string{"lena"}}, &pmo.Approach{Recommended: "kanban"}
	r.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow", Milestones: []pmo.Milestone{{Name: "pilot"}}, Iterations: 3, WeeksEach: 2, SLE: "85 % within 20 days", AgreedAt: now,
		Version: 3, Start: "2027-08-08", Due: "2027-10-10", Owner: "kai", Goal: "goal", DoneWhen: []string{"tested"}, IterationRange: &pmo.IterationRange{Low: 2, High: 4},
		Expectation: &pmo.PlanExpectation{Days: 20, Probability: 0.85}, WIPLimit: 3, Classes: []pmo.ServiceClass{{Name: "standard", Rule: "in order"}}, ReplenishDays: 7, ReviewDays: 14,
		WorkPackages: []pmo.WorkPackage{{ID: "a", Name: "A", Likely: 1, Pessimistic: 1}}, Budget: &pmo.Budget{Unit: pmo.BudgetTeamWeeks, Total: 5},
		Seam: &pmo.Seam{Planned: "p", Agile: "a", Meets: "m"}, Risks: []pmo.Risk{{Text: "late"}}}
	r.Progress = &pmo.Progress{By: "lena", At: now.Add(-time.Hour), Percent: &percent, Health: pmo.HealthRed, Note: "slow", Risks: []pmo.Risk{{Text: "late"}}, Blocked: "no licence", Measure: &pmo.Measure{Unit: pmo.MeasurePoints, Done: 3, Total: 9},
		EarnedValue: &pmo.EarnedValue{Planned: 2, Earned: 2, Spent: 2}}
	return r
}

// patched applies the patch that a door handed on.
func patched(t *testing.T, b *bundle, status int, doc map[string]any, patchOf func(cmd any) pmo.Patch) (int, map[string]any, any, any) {
	t.Helper()
	before := b.engine.states[requestA].Content
	after := before
	if status == 200 {
		last := b.engine.sent[len(b.engine.sent)-1]
		require.Contains(t, []string{contract.UpdateAmend, contract.UpdateDecide}, last.update)
		after, _ = patchOf(last.cmd).Apply(before)
	}
	return status, doc, asDocument(t, before), asDocument(t, after)
}

// progressOf are the parts of the progress that last from one report to the next.
// progressOf is what the latest report says, without what follows from what the next one gives: the health follows from the rule unless it is
// given, and the percent from a measure.
func progressOf(t *testing.T, r pmo.Request, given string) any {
	t.Helper()
	p := r.Progress
	doc := map[string]any{"percent": p.Percent, "risks": p.Risks, "blocked": p.Blocked, "earned_value": p.EarnedValue, "measure": p.Measure}
	if strings.Contains(given, `"health"`) {
		doc["health"] = p.Health
	}
	if strings.Contains(given, `"measure"`) {
		delete(doc, "percent")
	}
	return asDocument(t, doc)
}

// fieldsOfSchema names the properties of a schema; those of a group by group and name.
func fieldsOfSchema(t *testing.T, schemas map[string]*huma.Schema, name, groups string) []string {
	t.Helper()
	var fields []string
	data, err := json.Marshal(schemas[name]) // leaves out hidden properties, which the door itself sets
	require.NoError(t, err)
	var shown struct{ Properties map[string]json.RawMessage }
	require.NoError(t, json.Unmarshal(data, &shown))
	for field := range shown.Properties {
		s := schemas[name].Properties[field]
		if !strings.Contains(groups, field+" ") {
			fields = append(fields, field)
			continue
		}
		for _, inner := range fieldsOfSchema(t, schemas, s.Ref[strings.LastIndex(s.Ref, "/")+1:], "") {
			fields = append(fields, field+"."+inner)
		}
	}
	return fields
}

func keysOf[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

// nested is a JSON document with one field, such as {"inputs":{"job_size":8}}.
func nested(field, value string) string {
	if group, inner, ok := strings.Cut(field, "."); ok {
		return fmt.Sprintf(`{%q:{%q:%s}}`, group, inner, value)
	}
	return fmt.Sprintf(`{%q:%s}`, field, value)
}

func asBytes(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return data
}

// asDocument is a value as JSON, with fields left out where they are empty.
func asDocument(t *testing.T, v any) any {
	t.Helper()
	var document any
	require.NoError(t, json.Unmarshal(asBytes(t, v), &document))
	return document
}

// flat are the fields of a document, those of its groups by group and name.
func flat(document any) map[string]any {
	fields := map[string]any{}
	for name, value := range document.(map[string]any) {
		group, ok := value.(map[string]any)
		if !ok {
			fields[name] = value
			continue
		}
		for inner, v := range group {
			fields[name+"."+inner] = v
		}
	}
	for name, value := range fields {
		if v := reflect.ValueOf(value); !v.IsValid() || v.IsZero() {
			delete(fields, name)
		}
	}
	return fields
}
