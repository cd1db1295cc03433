package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

func TestRead(t *testing.T) {
	b := setup(t)
	for _, ref := range []string{"R-1", "r-1", requestA, strings.ToUpper(requestA)} {
		status, doc, _ := b.call(t, "rita", "GET", "/v1/requests/"+ref, "")
		require.Equal(t, 200, status, ref)
		require.Equal(t, requestA, doc["id"])
		require.Equal(t, "R-1", doc["ref"])
		require.Equal(t, []any{"ana", "bo"}, doc["waiting_on"])
		require.NotEmpty(t, doc["projected_at"])
		require.Contains(t, doc, "forecast")
	}
	for _, ref := range []string{"R-99", "99", "R-", "../x", "R-1x", "018f0000-0000-7000-8000-0000000000ff"} {
		status, _, _ := b.call(t, "rita", "GET", "/v1/requests/"+strings.ReplaceAll(ref, "/", "%2F"), "")
		require.Equal(t, 404, status, ref)
	}
	status, doc, _ := b.call(t, "rita", "GET", "/v1/requests/R-1?colour=red", "")
	require.Equal(t, 422, status)
	require.Equal(t, []string{"query/colour"}, pointers(doc))
}

func TestReadBeforeItIsProjected(t *testing.T) {
	b := setup(t)
	fresh := "018f0000-0000-7000-8000-0000000000aa"
	b.engine.unprocessed[fresh] = engine.Description{ID: fresh, Requester: "sam", Stage: pmo.StageIntake, StartedAt: now}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/"+fresh, "")
	require.Equal(t, 202, status)
	require.Equal(t, "intake", doc["stage"])
	status, _, _ = b.call(t, "rita", "GET", "/v1/requests/"+fresh, "")
	require.Equal(t, 404, status, "it may be confidential")

	b.engine.states[fresh] = inReview(fresh, 3, "sam")
	status, doc, _ = b.call(t, "sam", "GET", "/v1/requests/"+fresh, "")
	require.Equal(t, 200, status)
	require.NotContains(t, doc, "projected_at")
}

func TestConfidentialIsNotFound(t *testing.T) {
	b := setup(t)
	for who, want := range map[string]int{"sam": 404, "kai": 404, "ada": 404, "rita": 200, "petra": 200, "ana": 200, "theo": 200} {
		status, _, _ := b.call(t, who, "GET", "/v1/requests/R-2", "")
		require.Equal(t, want, status, who)
	}
	for _, path := range []string{"/ledger", "/explanation", "/forecast", "/plan"} {
		status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-2"+path, "")
		require.Equal(t, 404, status)
		require.Equal(t, "not_found", doc["kind"])
	}
	status, _, _ := b.call(t, "sam", "POST", "/v1/requests/R-2/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 404, status)
}

func TestWithoutTheDatabase(t *testing.T) {
	b := setup(t)
	b.store.down = true
	status, doc, header := b.call(t, "ana", "GET", "/v1/requests", "")
	require.Equal(t, 503, status)
	require.Equal(t, "unavailable", doc["kind"])
	require.NotEmpty(t, header.Get("Retry-After"))
	status, _, _ = b.call(t, "ana", "GET", "/v1/requests/R-1", "")
	require.Equal(t, 503, status, "only the database knows numbers")
	status, _, _ = b.call(t, "ana", "GET", "/v1/requests/"+requestA, "")
	require.Equal(t, 200, status)
	status, _, _ = b.call(t, "ana", "POST", "/v1/requests/"+requestA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 200, status, "decisions go on")
	status, _, _ = b.call(t, "kai", "POST", "/v1/requests/"+requestA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 503, status, "a delegation may be what makes it right")
}

func TestDecide(t *testing.T) {
	b := setup(t)
	body := `{"decision":"review/1/approvers","verdict":"approve","reason":"saves time"}`
	status, doc, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", body, "Idempotency-Key", "k")
	require.Equal(t, 200, status, doc)
	require.Equal(t, "recorded", doc["result"])
	require.Equal(t, sent{requestA, contract.UpdateDecide, "k", &pmo.Decide{Question: "review/1/approvers", Verdict: "approve", Reason: "saves time"},
		pmo.By{Actor: "ana", Via: "api"}}, b.engine.sent[0])
	for _, c := range []struct {
		who, kind string
		status    int
	}{{"sam", "own_request", 403}, {"kai", "not_asked", 403}, {"petra", "not_asked", 403}, {"ada", "forbidden", 403}} {
		status, doc, _ := b.call(t, c.who, "POST", "/v1/requests/R-1/decisions", body)
		require.Equal(t, c.status, status, c.who)
		require.Equal(t, c.kind, doc["kind"], c.who)
	}
	require.Len(t, b.engine.sent, 1)
}

func TestDecideForSomebodyAway(t *testing.T) {
	b := setup(t)
	body := `{"decision":"review/1/approvers","verdict":"approve"%s}`
	send := func(who, behalf string) (int, map[string]any) {
		status, doc, _ := b.call(t, who, "POST", "/v1/requests/R-1/decisions", strings.Replace(body, "%s", behalf, 1))
		return status, doc
	}
	b.store.acts["kai"] = []string{"bo"}
	status, _ := send("kai", "")
	require.Equal(t, 200, status)
	require.Equal(t, pmo.By{Actor: "kai", For: "bo", Via: "api"}, b.engine.sent[0].by)
	status, _ = send("kai", `,"on_behalf_of":"bo"`)
	require.Equal(t, 200, status)
	status, doc := send("kai", `,"on_behalf_of":"ana"`)
	require.Equal(t, 403, status)
	require.Equal(t, "not_asked", doc["kind"])

	b.store.acts["kai"] = []string{"ana", "bo"}
	status, doc = send("kai", "")
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/on_behalf_of"}, pointers(doc))

	b.store.acts["kai"] = []string{"bo", "sam"}
	status, doc = send("kai", `,"on_behalf_of":"bo"`)
	require.Equal(t, 403, status, "the requester's delegate does not judge")
	require.Equal(t, "own_request", doc["kind"])

	b.store.acts["sam"] = []string{"ana"}
	status, doc = send("sam", `,"on_behalf_of":"ana"`)
	require.Equal(t, 403, status)
	require.Equal(t, "own_request", doc["kind"])
}

func TestDecideAsksTheProcessWhenTheRowIsBehind(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Questions, row.Seq = nil, 3
	b.store.rows[requestA] = row
	status, _, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 200, status)
	row.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, People: []string{"bo"}, Status: pmo.QuestionOpen}}
	b.store.rows[requestA] = row
	status, _, _ = b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 200, status)
}

func TestDecideData(t *testing.T) {
	b := setup(t)
	decide := func(data string) (int, map[string]any) {
		status, doc, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"duplicate","data":`+data+`}`)
		return status, doc
	}
	status, _ := decide(`{"of":"R-2"}`)
	require.Equal(t, 200, status)
	require.Equal(t, requestB, b.engine.sent[0].cmd.(*pmo.Decide).Data.Of)
	for data, pointer := range map[string]string{
		`{"of":"R-1"}`: "/data/of", `{"of":"R-77"}`: "/data/of", `{"until":"soon"}`: "/data/until",
		`{"inputs":{"job_size":-1}}`: "/data/inputs/job_size", `{"patch":{"urgency":"now"}}`: "/data/patch/urgency",
	} {
		status, doc := decide(data)
		require.Equal(t, 422, status, data)
		require.Equal(t, []string{pointer}, pointers(doc), data)
	}
}

func TestRefusalOfTheProcess(t *testing.T) {
	b := setup(t)
	for kind, want := range map[string]int{
		pmo.RefusedDecided: 409, pmo.RefusedSuperseded: 409, pmo.RefusedOnHold: 409, pmo.RefusedMovedOn: 409, pmo.RefusedClosed: 409,
		pmo.RefusedNotAsked: 403, pmo.RefusedOwnRequest: 403, pmo.RefusedInvalid: 422, pmo.RefusedKeyReused: 422, pmo.RefusedNoSuchQuestion: 404,
	} {
		b.engine.err = &pmo.Refusal{Kind: kind, Detail: "because"}
		status, doc, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
		require.Equal(t, want, status, kind)
		require.Equal(t, kind, doc["kind"])
		require.Equal(t, "because", doc["detail"])
		require.Equal(t, "/v1/requests/R-1/decisions", doc["instance"])
	}
}

func TestCommands(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}
	b.store.rows[requestA] = row
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Members: []string{"lena"}}}}
	percent, title, class := 40, "New title", pmo.ClassExpedite
	for _, c := range []struct {
		who, path, body, update string
		cmd                     any
	}{
		{"theo", "progress", `{"percent":40,"health":"amber"}`, contract.UpdateProgress, &pmo.Report{Percent: &percent, Health: pmo.HealthAmber}},
		{"lena", "progress", `{"done":true}`, contract.UpdateProgress, &pmo.Report{Done: true}},
		{"petra", "raid", `{"kind":"blocker","text":"no licence","owner":"dora","due":"2027-03-19"}`, contract.UpdateRaid,
			&pmo.LogRaid{Kind: pmo.RaidBlocker, Text: "no licence", Owner: "dora", Due: "2027-03-19"}},
		{"sam", "raid", `{"clear":3,"how":"bought"}`, contract.UpdateRaid, &pmo.LogRaid{Clear: 3, How: "bought"}},
		{"theo", "progress", `{"measure":{"unit":"items","done":3,"total":9},"milestones":["built"]}`, contract.UpdateProgress,
			&pmo.Report{Measure: &pmo.Measure{Unit: pmo.MeasureItems, Done: 3, Total: 9}, Milestones: []string{"built"}}},
		{"sam", "withdraw", ``, contract.UpdateWithdraw, &pmo.Stop{}},
		{"sam", "hold", `{"reason":"budget"}`, contract.UpdateHold, &pmo.Stop{Reason: "budget"}},
		{"petra", "resume", `{}`, contract.UpdateResume, &pmo.Stop{}},
		{"sam", "wake", ``, contract.UpdateWake, &pmo.Stop{}},
		{"petra", "cancel", `{"reason":"law changed","into":["R-2"]}`, contract.UpdateCancel, &pmo.Stop{Reason: "law changed", Into: []string{requestB}}},
		{"petra", "reassign", `{"reason":"away","decision":"review/1/approvers","from":"bo","to":"kai"}`, contract.UpdateReassign,
			&pmo.Reassign{Reason: "away", Question: "review/1/approvers", From: "bo", To: "kai"}},
		{"petra", "reassign", `{"reason":"skills","team":"falcon"}`, contract.UpdateReassign, &pmo.Reassign{Reason: "skills", Team: "falcon"}},
		{"petra", "pull", `{"reason":"audit"}`, contract.UpdatePull, &pmo.OverridePull{Reason: "audit"}},
		{"petra", "inputs", `{"inputs":{},"class":"expedite"}`, contract.UpdateInputs, &pmo.SetInputs{Class: &class}},
		{"kai", "watch", ``, contract.UpdateWatch, &pmo.Watch{Add: []string{"kai"}}},
		{"kai", "watch", `{"remove":["kai"]}`, contract.UpdateWatch, &pmo.Watch{Remove: []string{"kai"}}},
		{"sam", "watch", `{"add":["kai"]}`, contract.UpdateWatch, &pmo.Watch{Add: []string{"kai"}}},
	} {
		b.engine.sent = nil
		status, doc, _ := b.call(t, c.who, "POST", "/v1/requests/R-1/"+c.path, c.body)
		require.Equal(t, 200, status, "%s %s: %v", c.who, c.path, doc)
		require.Equal(t, []sent{{requestA, c.update, "", c.cmd, pmo.By{Actor: c.who, Via: "api"}}}, b.engine.sent)
	}
	b.engine.sent = nil
	status, doc, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"title":"New title"}}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, &pmo.Amend{Revision: 1, Patch: pmo.Patch{Title: &title, Merge: &pmo.Merge{}}}, b.engine.sent[0].cmd)
}

func TestAmendIsAJSONMergePatch(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1",
		`{"revision":1,"patch":{"wanted_by":null,"context":null,"inputs":{"job_size":5,"risk_reduction":null},"baseline":{"people":0}}}`)
	require.Equal(t, 200, status, doc)
	patch := b.engine.sent[0].cmd.(*pmo.Amend).Patch
	require.Equal(t, []string{"wanted_by", "baseline.people", "inputs.risk_reduction", "context"}, sorted(patch.Merge.Clear, "wanted_by", "baseline.people", "inputs.risk_reduction", "context"))
	for body, pointer := range map[string]string{`{"title":null}`: "/patch/title", `{"kind":null}`: "/patch/kind", `{"merge":{"clear":["size"]}}`: "/patch/merge"} {
		status, doc, _ = b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":`+body+`}`)
		require.Equal(t, 422, status, body)
		require.Equal(t, []string{pointer}, pointers(doc), body)
	}
	row := b.store.rows[requestA]
	row.Stage, row.Assignment = pmo.StageExecution, &pmo.Assignment{Team: "falcon", Leads: []string{"lena"}}
	b.store.rows[requestA] = row
	status, doc, _ = b.call(t, "lena", "POST", "/v1/requests/R-1/progress", `{"blocked":null,"risks":null}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, &pmo.Report{Blocked: new(string), Risks: []pmo.Risk{}}, b.engine.sent[1].cmd)
	status, doc, _ = b.call(t, "lena", "POST", "/v1/requests/R-1/progress", `{"risks":[{"text":"late","probability":6}]}`)
	require.Equal(t, 422, status, doc)
}

func TestACounterProposalIsPartialAndAddsUp(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Stage, row.Plan, row.Approach = pmo.StageExecution, &pmo.Plan{Approach: "kanban", Summary: "flow"}, &pmo.Approach{Recommended: "kanban"}
	row.Questions = append(row.Questions, pmo.Question{ID: "plan/1", Kind: pmo.KindPlan, People: []string{"sam"}, Options: pmo.Options(pmo.KindPlan), Status: pmo.QuestionOpen})
	b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
	counter := func(plan string) (int, map[string]any) {
		status, doc, _ := b.call(t, "sam", "POST", "/v1/requests/R-1/decisions", `{"decision":"plan/1","verdict":"counter","reason":"sooner","data":{"plan":`+plan+`}}`)
		return status, doc
	}
	status, doc := counter(`{"iterations":3}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/data/plan/weeks_each"}, pointers(doc))
	status, doc = counter(`{"iterations":3,"weeks_each":2}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, &pmo.Plan{Iterations: 3, WeeksEach: 2}, b.engine.sent[0].cmd.(*pmo.Decide).Data.Plan)
}

// sorted brings a list into the order of another one that has the same elements.
func sorted(list []string, order ...string) []string {
	slices.SortFunc(list, func(x, y string) int { return slices.Index(order, x) - slices.Index(order, y) })
	return list
}

func TestTheRequesterStatesInputsUntilReviewHasApprovedThem(t *testing.T) {
	b := setup(t)
	amend := func(who string) (int, map[string]any) {
		status, doc, _ := b.call(t, who, "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"inputs":{"business_value":20}}}`)
		return status, doc
	}
	status, doc := amend("sam")
	require.Equal(t, 200, status, doc)
	row := b.store.rows[requestA]
	row.Stage = pmo.StagePrioritization
	row.Questions = append(row.Questions, pmo.Question{ID: "reconfirm/1", Kind: pmo.KindReconfirm, People: []string{"sam"}, Options: pmo.Options(pmo.KindReconfirm), Status: pmo.QuestionOpen})
	b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
	status, doc = amend("sam")
	require.Equal(t, 403, status)
	require.Equal(t, "own_request", doc["kind"])
	status, doc, _ = b.call(t, "sam", "POST", "/v1/requests/R-1/decisions", `{"decision":"reconfirm/1","verdict":"still_needed","data":{"patch":{"inputs":{"job_size":1}}}}`)
	require.Equal(t, 403, status, doc)
	require.Equal(t, "own_request", doc["kind"])
	status, doc = amend("petra")
	require.Equal(t, 200, status, doc)
}

func TestCommandRefusals(t *testing.T) {
	b := setup(t)
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		pointers                []string
	}{
		{"rita", "POST", "withdraw", ``, 403, nil},
		{"rita", "POST", "hold", `{"reason":"x"}`, 403, nil},
		{"sam", "POST", "cancel", `{"reason":"x"}`, 403, nil},
		{"petra", "POST", "cancel", `{}`, 422, []string{"/reason"}},
		{"petra", "POST", "cancel", `{"reason":"x","into":["R-99"]}`, 422, []string{"/into/0"}},
		{"petra", "POST", "reassign", `{"reason":"x"}`, 422, []string{"/decision"}},
		{"petra", "POST", "reassign", `{"reason":"x","decision":"review/1/approvers","to":"sam"}`, 422, []string{"/to"}},
		{"petra", "POST", "reassign", `{"reason":"x","team":"none"}`, 422, []string{"/team"}},
		{"kai", "POST", "watch", `{"add":["rita"]}`, 403, nil},
		{"sam", "POST", "watch", `{"add":["nobody"]}`, 422, []string{"/add/0"}},
		{"kai", "POST", "progress", `{}`, 403, nil},
		{"theo", "POST", "inputs", `{"inputs":{"job_size":0}}`, 422, []string{"/inputs/job_size"}},
		{"sam", "PATCH", "", `{"revision":1,"patch":{}}`, 422, []string{"/patch"}},
		{"sam", "PATCH", "", `{"patch":{"title":"x"}}`, 422, []string{"/revision"}},
		{"sam", "PATCH", "", `{"revision":1,"patch":{"title":""}}`, 422, []string{"/patch/title"}},
		{"sam", "PATCH", "", `{"revision":1,"patch":{"kind":null,"size":-1}}`, 422, []string{"/patch/kind", "/patch/size"}},
	} {
		status, doc, _ := b.call(t, c.who, c.method, strings.TrimSuffix("/v1/requests/R-1/"+c.path, "/"), c.body)
		require.Equal(t, c.status, status, "%s %s %s: %v", c.who, c.path, c.body, doc)
		if c.pointers != nil {
			require.Equal(t, c.pointers, pointers(doc), "%s %s", c.path, c.body)
		}
	}
	require.Empty(t, b.engine.sent)
}

func TestSplit(t *testing.T) {
	b := setup(t)
	body := `{"reason":"two things","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`
	status, first, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/split", body)
	require.Equal(t, 200, status, first)
	require.Len(t, b.engine.submitted, 2)
	require.Equal(t, requestA, b.engine.submitted[0].SplitFrom)
	require.Equal(t, "sam", b.engine.submitted[0].Requester)
	cancel := b.engine.sent[0]
	require.Equal(t, contract.UpdateCancel, cancel.update)
	require.Len(t, cancel.cmd.(*pmo.Stop).Into, 2)
	require.Equal(t, first["parts"].([]any)[0].(map[string]any)["id"], cancel.cmd.(*pmo.Stop).Into[0])

	status, again, _ := b.call(t, "petra", "POST", "/v1/requests/"+requestA+"/split", body)
	require.Equal(t, 200, status)
	require.Equal(t, first, again)
	require.Equal(t, cancel.key, b.engine.sent[1].key)

	row := b.store.rows[requestA]
	row.Status = pmo.StatusClosed
	b.store.rows[requestA] = row
	status, _, _ = b.call(t, "petra", "POST", "/v1/requests/R-1/split", strings.Replace(body, "One", "Other", 1))
	require.Equal(t, 409, status)
	require.Len(t, b.engine.submitted, 4)

	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/split", `{"reason":"x","parts":[{"title":"One","kind":"support"},{"title":"","kind":"support"}]}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/parts/1/title"}, pointers(doc))
}

func TestForecast(t *testing.T) {
	b := setup(t)
	for i := range 30 {
		b.store.finished = append(b.store.finished, now.Add(-time.Duration(i)*72*time.Hour))
	}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/forecast", "")
	require.Equal(t, 200, status)
	require.NotContains(t, doc, "cannot_forecast")
	require.EqualValues(t, 5, doc["ahead"], "three wait, and of four that are not decided, without itself, 13/22 will")
	require.Equal(t, map[string]any{"chance": 13.0 / 22, "approved": 12.0, "decided": 20.0}, doc["approval"])
	require.Contains(t, doc["words"], "12 of the 20 requests decided in the last year were approved.")
	require.Less(t, doc["p50"], doc["p85"])

	row := b.store.rows[requestA]
	row.Status, row.Outcome = pmo.StatusClosed, pmo.OutcomeRejected
	b.store.rows[requestA] = row
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/forecast", "")
	require.Equal(t, "Closed as rejected.", doc["words"])
}

func TestExplanationAndPlan(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/explanation", "")
	require.Equal(t, 200, status)
	require.NotContains(t, doc, "rank")
	b.store.lines = []store.RankedRequest{{ID: requestA, Rank: 3, Why: "because"}}
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/explanation", "")
	require.Equal(t, "because", doc["rank"].(map[string]any)["why"])

	status, _, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/plan", "")
	require.Equal(t, 404, status)
	row := b.store.rows[requestA]
	row.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow"}
	b.store.rows[requestA] = row
	status, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/plan", "")
	require.Equal(t, 200, status)
	require.Equal(t, false, doc["agreed"])
	status, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/ledger", "")
	require.Equal(t, 200, status)
	require.Equal(t, []any{}, doc["items"])
}

// TestADeferralSaysWhenItsDayBegins: the moment comes from the policy, never from the caller.
func TestADeferralSaysWhenItsDayBegins(t *testing.T) {
	b := setup(t)
	example, err := policy.Load("../examples/policy.yaml")
	require.NoError(t, err)
	b.api.Policy = policy.Holding(example)
	for _, data := range []string{`{"until":"2027-03-31"}`, `{"until":"2027-03-31","until_at":"2027-03-31T12:00:00Z"}`} {
		status, doc, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"defer","reason":"later","data":`+data+`}`)
		require.Equal(t, 200, status, doc)
		got := b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.Decide)
		require.Equal(t, time.Date(2027, 3, 31, 5, 0, 0, 0, time.UTC), got.Data.UntilAt)
	}
	schema := b.api.OpenAPI().Components.Schemas.Map()["Data"]
	document, err := json.Marshal(schema)
	require.NoError(t, err)
	require.NotContains(t, string(document), "until_at")
}

// TestNoRequestGoesOnInOneThatHasEnded: neither by an approver's verdict nor by the PMO's cancellation.
func TestNoRequestGoesOnInOneThatHasEnded(t *testing.T) {
	for name, change := range map[string]func(*pmo.Request){
		"withdrawn": func(r *pmo.Request) { r.Status, r.Outcome = pmo.StatusClosed, pmo.OutcomeWithdrawn },
		"merged into this very one": func(r *pmo.Request) {
			r.Status, r.Outcome, r.MergedInto = pmo.StatusClosed, pmo.OutcomeMerged, []string{requestA}
		},
		"to be merged into this very one": func(r *pmo.Request) { r.Merge = &pmo.MergeProposal{Into: []string{requestA}} },
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			behind := b.store.rows[requestB].Request // the read model may be behind: the process is asked
			state := behind.Snapshot()
			state.Seq++
			change(&state)
			b.engine.states = map[string]pmo.Request{requestB: state}
			for _, c := range []struct{ who, path, body string }{
				{"ana", "decisions", `{"decision":"review/1/approvers","verdict":"duplicate","data":{"of":"R-2"}}`},
				{"petra", "cancel", `{"reason":"the same","into":["R-2"]}`},
			} {
				status, doc, _ := b.call(t, c.who, "POST", "/v1/requests/R-1/"+c.path, c.body)
				require.Equal(t, 409, status, doc)
				require.Equal(t, "moved_on", doc["kind"])
			}
			require.Empty(t, b.engine.sent)
		})
	}
}
