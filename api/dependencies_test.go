package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

const requestThree = "018f0000-0000-7000-8000-0000000000c3"

// with adds a request to what the store and the process know; change may change one that is there.
func (b *bundle) with(id string, number int64, requester string, change func(*pmo.Request)) {
	r, known := b.engine.states[id]
	if !known {
		r = inReview(id, number, requester)
	}
	change(&r)
	b.engine.states[id] = r
	b.store.rows[id] = store.Row{Request: r, Projected: now}
}

func needs(refs ...string) func(*pmo.Request) {
	return func(r *pmo.Request) { r.Content.Needs = refs }
}

func TestNeedsAreCheckedAtEveryDoor(t *testing.T) {
	b := setup(t)
	form := `{"title": "Search", "kind": "bug", "problem": "x", "outcome": "y", "needs": `
	for body, want := range map[string]string{
		`["R-99"]`:        "/needs/0",
		`["R-1", "R-2"]`:  "/needs/1", // it is confidential, and not for sam
		`["R-1", "1"]`:    "/needs/1",
		`["R-1", "R-1"]`:  "/needs/1",
		`["Invoices"]`:    "/needs/0",
		`["R-1","R-0"]`:   "/needs/1",
		`["R-1","R--7"]`:  "/needs/1",
		`["R-1","R-1.0"]`: "/needs/1",
	} {
		status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", form+body+"}")
		require.Equal(t, 422, status, "%s: %v", body, doc)
		require.Equal(t, []string{want}, pointers(doc), body)
	}
	unknown, hidden := "", ""
	for ref, text := range map[string]*string{"R-99": &unknown, "R-2": &hidden} {
		_, doc, _ := b.call(t, "sam", "POST", "/v1/requests", form+`["`+ref+`"]}`)
		*text = jsonOf(t, doc["errors"])
	}
	require.Equal(t, unknown, hidden, "whether a request exists is not told")

	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", form+`["r-1"]}`, "Idempotency-Key", "n1")
	require.Equal(t, 201, status, doc)
	require.Equal(t, []string{"r-1"}, b.engine.submitted[len(b.engine.submitted)-1].Content.Needs, "the engine writes it as R-1")

	b.with(requestThree, 3, "sam", needs("R-1"))
	status, doc, _ = b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision": 1, "patch": {"needs": ["R-3"]}}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/patch/needs/0"}, pointers(doc))
	require.Contains(t, jsonOf(t, doc), "closes a cycle: R-1 needs R-3 needs R-1")
	status, doc, _ = b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision": 1, "patch": {"needs": ["R-1"]}}`)
	require.Equal(t, 422, status)
	require.Contains(t, jsonOf(t, doc), "is this request itself")
	status, doc, _ = b.call(t, "bo", "PATCH", "/v1/requests/R-1", `{"revision": 1, "patch": {"needs": []}}`)
	require.Equal(t, 403, status, doc)
}

func TestACycleThroughWhatOneMayNotSeeNamesNothing(t *testing.T) {
	b := setup(t)
	b.with(requestThree, 3, "sam", needs("R-2"))
	b.with(requestB, 2, "rita", needs("R-1"))
	status, doc, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision": 1, "patch": {"needs": ["R-3"]}}`)
	require.Equal(t, 422, status)
	require.Contains(t, jsonOf(t, doc), "closes a cycle: R-1 needs R-3 needs another request needs R-1")
}

func TestWhatOneMayNotSeeStaysNeeded(t *testing.T) {
	b := setup(t)
	b.with(requestThree, 3, "sam", func(*pmo.Request) {})
	b.with(requestA, 1, "sam", needs("R-2", "R-3"))
	for patch, want := range map[string][]string{`["R-3"]`: {"R-3", "R-2"}, `[]`: {"R-2"}, `null`: {"R-2"}} {
		status, doc, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision": 1, "patch": {"needs": `+patch+`}}`)
		require.Equal(t, 200, status, doc)
		sent := b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.Amend).Patch
		after, _ := sent.Apply(b.engine.states[requestA].Content)
		require.Equal(t, want, after.Needs, patch)
	}
	status, doc, _ := b.call(t, "petra", "PATCH", "/v1/requests/R-1", `{"revision": 1, "patch": {"needs": null}}`)
	require.Equal(t, 200, status, doc)
	after, _ := b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.Amend).Patch.Apply(b.engine.states[requestA].Content)
	require.Empty(t, after.Needs, "the PMO sees it and takes it out")
}

func TestDependenciesAreShownAsFarAsTheReaderMayRead(t *testing.T) {
	b := setup(t)
	b.with(requestThree, 3, "sam", func(r *pmo.Request) { r.Status, r.Outcome = pmo.StatusClosed, pmo.OutcomeRejected })
	b.with(requestA, 1, "sam", needs("R-2", "R-3"))
	b.with(requestB, 2, "rita", needs("R-1"))
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1", "")
	require.Equal(t, []any{"R-3"}, doc["content"].(map[string]any)["needs"])
	found := doc["dependencies"].(map[string]any)
	require.Len(t, found["needs"], 1)
	first := found["needs"].([]any)[0].(map[string]any)
	require.Equal(t, "R-3", first["ref"])
	require.Equal(t, "lost", first["state"])
	require.Empty(t, found["needed_by"])
	require.Equal(t, "R-3 ended as rejected: it holds this request back no longer; take it out of what is needed, or ask for it again", found["problems"].([]any)[0])
	require.Equal(t, "a cycle: R-1 needs another request needs R-1", found["problems"].([]any)[1])

	_, doc, _ = b.call(t, "petra", "GET", "/v1/requests/R-1", "")
	require.Equal(t, []any{"R-2", "R-3"}, doc["content"].(map[string]any)["needs"])
	require.Len(t, doc["dependencies"].(map[string]any)["needed_by"], 1)

	b.store.down = true
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/"+requestA, "")
	require.NotContains(t, doc["content"], "needs", "what cannot be checked is not shown")
}

// TestAProposedChangeHidesWhatTheContentHides: the same list, at another place of the answer.
func TestAProposedChangeHidesWhatTheContentHides(t *testing.T) {
	b := setup(t)
	b.with(requestA, 1, "sam", func(r *pmo.Request) {
		r.Change = &pmo.Change{By: "petra", Patch: pmo.Patch{Needs: &[]string{"R-2", "R-1"}}}
		r.Questions = append(r.Questions, pmo.Question{ID: "clarify/1", Kind: pmo.KindClarify, Status: pmo.QuestionSettled, Data: &pmo.Data{Patch: &pmo.Patch{Needs: &[]string{"R-2"}}}})
	})
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1", "")
	require.NotContains(t, jsonOf(t, doc["change"]), "R-2")
	require.NotContains(t, jsonOf(t, doc["closed_questions"]), "R-2")
}

// rankedBeside is a line whose explanation names the confidential R-2 everywhere it can.
func rankedBeside() store.RankedRequest {
	return store.RankedRequest{ID: requestA, Number: 1, Title: "Invoices", Rank: 2, Score: 3, Scored: true,
		Why:         "R-1 is at rank 2 with score 3.25: cost of delay 9 ÷ job size 3. It needs R-2 first; together they are ranked by 7.5, their cost of delay over what they take. It stands behind R-2 (9.75). It would pass R-2 if its job size were 1 instead of 3.",
		Sensitivity: "It would pass R-2 if its job size were 1 instead of 3", LimitReason: "it needs R-2, which is not delivered (in review)", Prerequisites: []int64{2},
		Detail: &priority.Explanation{Above: &priority.Neighbour{ID: requestB, Number: 2, Rank: 1, Score: 9.75, Apart: "cost of delay 39 against 9"}, Below: &priority.Neighbour{ID: "x", Number: 9, Rank: 3, Score: 1},
			Up: []priority.InputChange{{Input: "job_size", From: 3, To: 1}}, Top: []priority.InputChange{{Input: "job_size", From: 3, To: 1}}, TopText: "It would pass R-2 if its job size were 1 instead of 3",
			NearTie: "It stays behind R-2 although its score is higher by 1 %", Needs: []priority.Ref{{ID: requestB, Number: 2}}, Unblocks: []priority.Ref{{ID: requestB, Number: 2}}, MoreUnblocked: 3,
			Inherited: 7.5, Problem: "A cycle: R-1 needs R-2 needs R-1."}}
}

// TestAnExplanationTellsNothingOfAConfidentialNeighbour, by any route that answers ranked requests.
func TestAnExplanationTellsNothingOfAConfidentialNeighbour(t *testing.T) {
	b := setup(t)
	b.store.lines = []store.RankedRequest{rankedBeside()}
	b.store.run = &store.Prioritization{ID: "prioritization/digital-1", Portfolio: "digital", Pulled: []string{requestB, requestA}, Words: "Ranked 2 requests, 2 pulled: R-2 (rank 1), R-1 (rank 2) (policy 1)."}
	for _, path := range []string{"/v1/backlog", "/v1/requests/R-1/explanation", "/v1/prioritizations/prioritization%2Fdigital-1"} {
		b.store.unreadable = []string{requestB}
		_, doc, _ := b.call(t, "sam", "GET", path, "")
		text := jsonOf(t, doc)
		for _, secret := range []string{"R-2", requestB, "9.75", "39", "7.5", "instead of 3"} {
			require.NotContains(t, text, secret, path)
		}
		require.Contains(t, text, "R-1 is at rank 2 with score 3.25: cost of delay 9 ÷ job size 3.", path)
		require.Contains(t, text, `"above":{"apart":"","hidden":true,"id":"","number":0,"rank":1,"score":0}`, path)
		require.Contains(t, text, `"number":9`, "of the other neighbour nothing is hidden")
		b.store.unreadable = nil
		_, doc, _ = b.call(t, "rita", "GET", path, "")
		require.Contains(t, jsonOf(t, doc), "It stands behind R-2 (9.75)", "%s: hers", path)
	}
	b.store.unreadable = []string{requestB}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/prioritizations/prioritization%2Fdigital-1", "")
	require.Equal(t, "Ranked 2 requests, 2 pulled: another request (rank 1), R-1 (rank 2) (policy 1).", doc["words"])
	require.Equal(t, []any{requestA}, doc["pulled"])
}

func TestFundingTakesWhatRequestsSayTheyNeed(t *testing.T) {
	b := setup(t)
	b.store.fundable = []store.Fundable{
		{ID: "a", Number: 11, Rank: 1, Class: "standard", Scored: true, Value: 20, Size: 4}, {ID: "b", Number: 12, Rank: 2, Class: "standard", Scored: true, Value: 1, Size: 4},
		{ID: "c", Number: 13, Rank: 3, Class: "standard", Scored: true, Value: 9, Size: 4}, {ID: "d", Number: 14, Rank: 4, Class: "standard", Scored: true, Value: 8, Size: 4},
	}
	waiting := func(id string, number int64, needs ...int64) dependency.Node {
		return dependency.Node{ID: id, Number: number, Status: pmo.StatusOpen, Waits: true, Readable: true, Needs: needs}
	}
	begun := dependency.Node{ID: "g", Number: 15, Status: pmo.StatusOpen, Begun: true, Readable: true}
	b.store.tied = []dependency.Node{waiting("a", 11, 12), waiting("b", 12), waiting("c", 13, 15), begun, waiting("d", 14, 1)}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/funding?capacity=8", "")
	require.EqualValues(t, 1, doc["waiting"], "R-14 needs R-1, which is still in review")
	require.Equal(t, map[string]any{"count": 2.0, "value": 21.0, "size": 8.0}, doc["set"], "R-11 brings R-12; R-13 with what has begun is worth less")
	require.Equal(t, []any{"R-12"}, doc["items"].([]any)[0].(map[string]any)["needs"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/funding?capacity=8&needs=R-11:", "")
	require.Equal(t, 29.0, doc["set"].(map[string]any)["value"], "R-11 needs nothing in this question")
	_, doc, _ = b.call(t, "sam", "GET", "/v1/funding?capacity=8&needs=R-14:", "")
	require.NotContains(t, doc, "waiting")
}
