package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// peopleOfToday is a directory that ana, bo and cy have left, and whose approvers are rita and dee.
const peopleOfToday = `
principals:
  - {id: sam, name: Sam, roles: [requester], token: dev-sam}
  - {id: rita, name: Rita, roles: [requester], token: dev-rita}
  - {id: dee, name: Dee, roles: [approver], token: dev-dee}
  - {id: kai, name: Kai, roles: [team], token: dev-kai}
  - {id: petra, name: Petra, roles: [pmo], token: dev-petra}
  - {id: ada, name: Ada, roles: [admin], token: dev-ada}
groups:
  - {id: approvers, name: Approvers, members: [%members%]}
  - {id: pmo, name: Portfolio office, members: [%pmo%]}
`

// haveLeft is the API after a restart with the directory of today; request A was asked of ana, bo and cy.
func haveLeft(t *testing.T, members, pmoMembers string) *bundle {
	b := setup(t)
	dir, err := directory.Parse([]byte(replaceAll(peopleOfToday, "%members%", members, "%pmo%", pmoMembers)))
	require.NoError(t, err)
	r := inReview(requestA, 1, "sam")
	q := &r.Questions[0]
	q.People, q.Counting, q.Policy, q.Quorum = []string{"ana", "bo", "cy"}, pmo.CountSeats, policy.Default().Name(), pmo.Quorum{Mode: pmo.QuorumCount, N: 2}
	b.hold(r)
	b.api.Directory = dir
	return b
}

func (b *bundle) hold(r pmo.Request) {
	b.engine.states[r.ID] = r
	b.store.rows[r.ID] = store.Row{Request: r, Projected: now}
}

func replaceAll(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}

func TestNewMembersAnswerWhereThoseWhoWereAskedHaveLeft(t *testing.T) {
	b := haveLeft(t, "rita, dee", "petra")
	status, _, _ := b.call(t, "rita", "POST", inReviewA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 200, status)
	require.True(t, b.engine.sent[0].by.Joins)
	_, doc, _ := b.call(t, "rita", "GET", inReviewA, "")
	require.Equal(t, []any{"dee", "rita"}, doc["waiting_on"], "nobody waits on ana, bo and cy")
	require.Equal(t, true, doc["questions"].([]any)[0].(map[string]any)["may_answer"])
	status, doc, _ = b.call(t, "kai", "POST", inReviewA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 403, status)
	require.Equal(t, "not_asked", doc["kind"])
}

func TestWhoLeftTheGroupDoesNotAnswer(t *testing.T) {
	b := haveLeft(t, "rita, dee", "petra")
	r := b.engine.states[requestA]
	r.Questions[0].People = []string{"kai", "rita"}
	b.hold(r)
	b.store.inbox = []store.InboxItem{{RequestID: requestA, Requester: "sam", SubmittedBy: "sam", Question: r.Questions[0], For: "kai", Facts: r}}
	status, _, _ := b.call(t, "kai", "POST", inReviewA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 403, status)
	_, doc, _ := b.call(t, "kai", "GET", "/v1/inbox", "")
	require.Empty(t, doc["items"], "the inbox agrees with the door")
}

func TestStatusSaysThatNobodyCanAnswer(t *testing.T) {
	b := haveLeft(t, "", "")
	_, doc, _ := b.call(t, "sam", "GET", inReviewA, "")
	require.Empty(t, doc["waiting_on"])
	require.Empty(t, doc["questions"].([]any)[0].(map[string]any)["waiting"])
}

func TestASeatGoesOnlyToWhoMayAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		to, want string
	}{
		"an administrator":    {"ada", "may not answer it: administrators do not judge"},
		"the requester":       {"sam", "may not answer it: it is their own request"},
		"somebody unknown":    {"zed", "is not a person of the directory"},
		"nobody":              {"", "is not a person of the directory"},
		"somebody who may":    {"kai", ""},
		"a delegate of sam's": {"dee", "may not answer it: they are the requester's delegate"},
	} {
		t.Run(name, func(t *testing.T) {
			b := haveLeft(t, "rita", "petra")
			b.store.acts["dee"] = []string{"sam"}
			body := `{"decision":"review/1/approvers","from":"bo","to":"` + c.to + `","reason":"bo is ill"}`
			status, doc, _ := b.call(t, "petra", "POST", inReviewA+"/reassign", body)
			if c.want == "" {
				require.Equal(t, 200, status)
				return
			}
			require.Equal(t, 422, status)
			fault := doc["errors"].([]any)[0].(map[string]any)
			require.Equal(t, "/to", fault["pointer"])
			require.Equal(t, c.want, fault["detail"])
			require.Empty(t, b.engine.sent)
		})
	}
}

func TestReassignWithoutFromTakesTheSeatOfAGhost(t *testing.T) {
	b := haveLeft(t, "", "")
	status, _, _ := b.call(t, "petra", "POST", inReviewA+"/reassign", `{"decision":"review/1/approvers","to":"kai","reason":"all have left"}`)
	require.Equal(t, 200, status)
	require.Equal(t, &pmo.Reassign{Question: "review/1/approvers", From: "ana", To: "kai", Reason: "all have left"}, b.engine.sent[0].cmd)
	require.Equal(t, contract.UpdateReassign, b.engine.sent[0].update)
}

func TestAnAdministratorIsNobodysDelegate(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "bo", "PUT", "/v1/me/delegation", `{"delegate":"ada","until":"2027-03-10T00:00:00Z"}`)
	require.Equal(t, 422, status)
	require.Equal(t, "/delegate", doc["errors"].([]any)[0].(map[string]any)["pointer"])
	require.Nil(t, b.store.delegation)
}

// TestADelegatesRepeatedAnswerIsTheFirst: the delegation is over, and the answer was given while it lasted.
func TestADelegatesRepeatedAnswerIsTheFirst(t *testing.T) {
	b := setup(t)
	b.store.acts["kai"] = []string{"bo"}
	body := `{"decision":"review/1/approvers","verdict":"approve"}`
	answer := func(who string) int {
		status, _, _ := b.call(t, who, "POST", inReviewA+"/decisions", body, "Idempotency-Key", "k1")
		return status
	}
	require.Equal(t, 200, answer("kai"))
	r := b.engine.states[requestA]
	r.Questions[0].Answers = []pmo.Answer{{By: "kai", For: "bo", Verdict: "approve", At: now.Add(-time.Minute)}}
	b.hold(r)
	delete(b.store.acts, "kai")
	require.Equal(t, 200, answer("kai"))
	require.Len(t, b.engine.sent, 2)
	require.Equal(t, b.engine.sent[0], b.engine.sent[1], "the process recognises it by its key and content")
	require.Equal(t, 403, answer("theo"), "who gave no answer is refused")
}

// TestANewLeadAnswersAtOnce: the team got another lead while its report was asked for, and the request was not told yet.
func TestANewLeadAnswersAtOnce(t *testing.T) {
	b := haveLeft(t, "rita, dee", "petra")
	r := b.engine.states[requestA]
	r.Stage, r.Assignment = pmo.StageExecution, &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}
	r.Questions = []pmo.Question{{ID: "report/1", Kind: pmo.KindReport, Round: 1, People: []string{"theo"}, Options: pmo.Options(pmo.KindReport), Counting: pmo.CountOwnSeats,
		Status: pmo.QuestionOpen, Policy: policy.Default().Name(), OpenedAt: now}}
	b.hold(r)
	status, _, _ := b.call(t, "kai", "POST", inReviewA+"/decisions", `{"decision":"report/1","verdict":"on_track"}`)
	require.Equal(t, 403, status)
	b.api.leads.Store(nil)
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Leads: []string{"kai"}}}}
	verdict := pmo.Options(pmo.KindReport)[0].Verdict
	status, doc, _ := b.call(t, "kai", "POST", inReviewA+"/decisions", `{"decision":"report/1","verdict":"`+verdict+`"}`)
	require.Equal(t, 200, status, doc)
	require.True(t, b.engine.sent[0].by.Joins)
}

// TestReadyzNamesAPMOThatNobodyIsIn: an exception would reach nobody.
func TestReadyzNamesAPMOThatNobodyIsIn(t *testing.T) {
	for members, degraded := range map[string]bool{"petra": false, "": true, "ada": true} {
		b := haveLeft(t, "rita, dee", members)
		status, doc, _ := b.call(t, "", "GET", "/readyz", "")
		require.Equal(t, 200, status)
		require.Equal(t, degraded, doc["degraded"] == true, "members: %q", members)
		if degraded {
			require.Contains(t, doc["checks"].(map[string]any)["people"].(map[string]any)["detail"], "exceptions would reach nobody")
		}
	}
}
