package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const inReviewA = "/v1/requests/" + requestA

// A text that shows nothing is none, and marks that turn the direction of writing are refused, at every door.
func TestTextsThatShowNothingAreRefused(t *testing.T) {
	b := setup(t)
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Leads: []string{"theo"}, Revision: 1}}}
	row := b.store.rows[requestA]
	row.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}
	b.store.rows[requestA] = row
	for name, c := range map[string]struct{ who, method, path, body, pointer string }{
		"zero width title":  {"sam", "POST", "/v1/requests", `{"title":"\u200b","kind":"support","problem":"p"}`, "/title"},
		"word joiner title": {"sam", "POST", "/v1/requests", `{"title":"\u2060","kind":"support","problem":"p"}`, "/title"},
		"Hangul title":      {"sam", "POST", "/v1/requests", `{"title":"\u3164","kind":"support","problem":"p"}`, "/title"},
		"turned title":      {"sam", "POST", "/v1/requests", `{"title":"\u202eevorppa","kind":"support","problem":"p"}`, "/title"},
		"turned problem":    {"sam", "POST", "/v1/requests", `{"title":"T","kind":"support","problem":"a\u2067b"}`, "/problem"},
		"escape sequence":   {"sam", "POST", "/v1/requests", `{"title":"T","kind":"support","problem":"\u001b[31mb"}`, "/problem"},
		"amended title":     {"sam", "PATCH", inReviewA, `{"revision":1,"patch":{"title":"\u200b"}}`, "/patch/title"},
		"amendment turned":  {"sam", "PATCH", inReviewA, `{"revision":1,"patch":{"problem":"\u202ea"}}`, "/patch/problem"},
		"skill":             {"sam", "PATCH", inReviewA, `{"revision":1,"patch":{"skills":["\u202ea"]}}`, "/patch/skills/0"},
		"amendment reason":  {"sam", "PATCH", inReviewA, `{"revision":1,"patch":{"size":2},"reason":"\u202ea"}`, "/reason"},
		"decision's reason": {"ana", "POST", inReviewA + "/decisions", `{"decision":"review/1/approvers","verdict":"reject","reason":"\u202ea"}`, "/reason"},
		"answer's title":    {"ana", "POST", inReviewA + "/decisions", `{"decision":"review/1/approvers","verdict":"approve","data":{"patch":{"title":"\u200b"}}}`, "/data/patch/title"},
		"plan":              {"ana", "POST", inReviewA + "/decisions", `{"decision":"review/1/approvers","verdict":"approve","data":{"plan":{"approach":"scrum","summary":"\u202ea"}}}`, "/data/plan/summary"},
		"milestone":         {"ana", "POST", inReviewA + "/decisions", `{"decision":"review/1/approvers","verdict":"approve","data":{"plan":{"approach":"scrum","summary":"a","milestones":[{"name":" "}]}}}`, "/data/plan/milestones/0/name"},
		"lesson":            {"ana", "POST", inReviewA + "/decisions", `{"decision":"review/1/approvers","verdict":"approve","data":{"lessons":[{"observation":"\u2060"}]}}`, "/data/lessons/0/observation"},
		"note":              {"theo", "POST", inReviewA + "/progress", `{"note":"\u202ea"}`, "/note"},
		"risk":              {"theo", "POST", inReviewA + "/progress", `{"risks":[{"text":" "}]}`, "/risks/0/text"},
		"no risk":           {"theo", "POST", inReviewA + "/progress", `{"risks":[{"text":""}]}`, "/risks/0/text"},
		"hold":              {"sam", "POST", inReviewA + "/hold", `{"reason":"\u202ea"}`, "/reason"},
		"withdrawal":        {"sam", "POST", inReviewA + "/withdraw", `{"reason":"\u202ea"}`, "/reason"},
		"cancellation":      {"petra", "POST", inReviewA + "/cancel", `{"reason":"   "}`, "/reason"},
		"reassignment":      {"petra", "POST", inReviewA + "/reassign", `{"reason":"\u00ad","team":"falcon"}`, "/reason"},
		"pull":              {"petra", "POST", inReviewA + "/pull", `{"reason":"\u200b"}`, "/reason"},
		"inputs":            {"petra", "POST", inReviewA + "/inputs", `{"inputs":{"job_size":2},"reason":"\u202ea"}`, "/reason"},
		"split":             {"petra", "POST", inReviewA + "/split", `{"reason":"r","parts":[{"title":"\u3164","kind":"support"},{"title":"b","kind":"support"}]}`, "/parts/0/title"},
		"team":              {"petra", "PUT", "/v1/teams/falcon", `{"name":"\u2800","portfolio":"digital","leads":["theo"],"skills":[],"capacity":6,"revision":1}`, "/name"},
		"prioritization":    {"petra", "POST", "/v1/prioritizations", `{"portfolio":"digital","reason":"\u202ea"}`, "/reason"},
	} {
		t.Run(name, func(t *testing.T) {
			status, doc, _ := b.call(t, c.who, c.method, c.path, c.body)
			require.Equal(t, 422, status, doc)
			require.Equal(t, "invalid_input", doc["kind"])
			require.Equal(t, []string{c.pointer}, pointers(doc))
			require.Empty(t, b.engine.submitted)
			require.Empty(t, b.engine.sent)
		})
	}
}

func TestTextsAreCleaned(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", `{"title":" Cafe\u0301\u200b ","kind":"support","problem":"p\u200eq\n\n r ","skills":["we\u00adb"]}`)
	require.Equal(t, 201, status, doc)
	require.Equal(t, pmo.Content{Title: "Caf\u00e9", Kind: "support", Problem: "pq\n\n r", Skills: []string{"web"}}, b.engine.submitted[0].Content)

	status, doc, _ = b.call(t, "ana", "POST", inReviewA+"/decisions", `{"decision":"review/1/approvers","verdict":"reject","reason":"   "}`)
	require.Equal(t, 200, status, doc)
	require.Empty(t, b.engine.sent[0].cmd.(*pmo.Decide).Reason, "the process refuses a rejection without a reason")
	_, _, _ = b.call(t, "sam", "POST", inReviewA+"/hold", `{"reason":" \u200b "}`)
	require.Empty(t, b.engine.sent[1].cmd.(*pmo.Stop).Reason)
}
