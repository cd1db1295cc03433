package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// submitted is a request of sam's, typed in by lea.
func submitted() *pmo.Request {
	r := pmo.New("r1", "d1", pmo.Submission{Requester: "sam", SubmittedBy: "lea", At: start, Watchers: []string{"mia"},
		Content: pmo.Content{Title: "Vehicle booking", Kind: "enhancement", Size: 1, Sponsor: "dora"}})
	r.Admit(pmo.Admission{Number: 42, Portfolio: "core", Lane: pmo.LaneStandard, Rules: pmo.Rules{Material: []string{"title", "size"}, Tolerance: .2,
		ReconfirmAfter: 90 * day, DeferAtMost: 180 * day, ClarifyRounds: 2}}, start)
	return r
}

// reviewed is a request whose review asks these people.
func reviewed(quorum pmo.Quorum, people ...string) (*pmo.Request, *pmo.Question) {
	r := submitted()
	r.EnterForTest(pmo.StageReview, start)
	r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: quorum}}}, start)
	return r, openAt(r, r.NextStep(start).Question, terms(start, people...))
}

func openAt(r *pmo.Request, a pmo.QuestionSpec, t pmo.QuestionTerms) *pmo.Question {
	if a.Quorum != nil {
		t.Quorum = *a.Quorum
	}
	return r.OpenQuestion(a, t, t.DueAt.Add(-7*day))
}

// terms is a week with a reminder in the middle, escalated to petra for another week, then rejected.
func terms(at time.Time, people ...string) pmo.QuestionTerms {
	return pmo.QuestionTerms{People: people, Escalation: []string{"petra"}, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}, Counting: pmo.CountSeats, DueAt: at.Add(7 * day),
		LastDueAt: at.Add(14 * day), Remind: []time.Time{at.Add(3 * day), at.Add(5 * day)}, OnSilence: pmo.VerdictReject}
}

func vote(actor, verdict string) pmo.Decide {
	return pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: actor}}, Question: "review/1/board", Verdict: verdict, Reason: "because"}
}

func kind(refusal *pmo.Refusal) string {
	if refusal == nil {
		return ""
	}
	return refusal.Kind
}

func TestOnePersonOneVote(t *testing.T) {
	byFor := func(actor, seat string) pmo.Decide {
		c := vote(actor, pmo.VerdictApprove)
		c.By.For = seat
		return c
	}
	cases := map[string]struct {
		votes []pmo.Decide
		last  string // the refusal of the last one
	}{
		"asked":                                   {[]pmo.Decide{vote("ana", pmo.VerdictApprove)}, ""},
		"not asked":                               {[]pmo.Decide{vote("theo", pmo.VerdictApprove)}, pmo.RefusedNotAsked},
		"the requester":                           {[]pmo.Decide{vote("sam", pmo.VerdictApprove)}, pmo.RefusedOwnRequest},
		"who typed it in":                         {[]pmo.Decide{vote("lea", pmo.VerdictApprove)}, pmo.RefusedOwnRequest},
		"the requester for an approver":           {[]pmo.Decide{byFor("sam", "ana")}, pmo.RefusedOwnRequest},
		"an approver for the requester":           {[]pmo.Decide{byFor("ana", "sam")}, pmo.RefusedOwnRequest},
		"a delegate":                              {[]pmo.Decide{byFor("kim", "ana")}, ""},
		"a delegate, then the absent herself":     {[]pmo.Decide{byFor("kim", "ana"), vote("ana", pmo.VerdictReject)}, pmo.RefusedDecided},
		"a delegate for two":                      {[]pmo.Decide{byFor("kim", "ana"), byFor("kim", "bo")}, pmo.RefusedDecided},
		"a delegate who is asked too, seat first": {[]pmo.Decide{byFor("bo", "ana"), vote("bo", pmo.VerdictApprove)}, pmo.RefusedDecided},
		"a delegate who is asked too, self first": {[]pmo.Decide{vote("bo", pmo.VerdictApprove), byFor("bo", "ana")}, pmo.RefusedDecided},
		"twice":                          {[]pmo.Decide{vote("ana", pmo.VerdictApprove), vote("ana", pmo.VerdictReject)}, pmo.RefusedDecided},
		"the escalation before its time": {[]pmo.Decide{vote("petra", pmo.VerdictApprove)}, pmo.RefusedNotAsked},
		"after it was settled":           {[]pmo.Decide{vote("ana", pmo.VerdictReject), vote("bo", pmo.VerdictApprove)}, pmo.RefusedClosed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo", "cy")
			for i, v := range c.votes {
				refusal := r.CheckDecide(v, start)
				if i == len(c.votes)-1 {
					require.Equal(t, c.last, kind(refusal))
				} else {
					require.Nil(t, refusal)
					r.ApplyDecide(v, start)
				}
			}
		})
	}
}

func TestCheckDecide(t *testing.T) {
	until := func(d pmo.Date) pmo.Decide {
		c := vote("ana", pmo.VerdictDefer)
		c.Data.Until = d
		return c
	}
	noReason := vote("ana", pmo.VerdictReject)
	noReason.Reason = ""
	elsewhere := vote("ana", pmo.VerdictApprove)
	elsewhere.Question = "review/2/board"
	tooMuch := 1e6
	patched := vote("ana", pmo.VerdictApprove)
	patched.Data.Patch = &pmo.Patch{Inputs: &pmo.Inputs{JobSize: &tooMuch}}
	cases := map[string]struct {
		decide      pmo.Decide
		kind, field string
	}{
		"no such verdict":    {vote("ana", "perhaps"), pmo.RefusedInvalid, "/verdict"},
		"silence's verdict":  {vote("ana", pmo.VerdictExpire), pmo.RefusedInvalid, "/verdict"},
		"reason missing":     {noReason, pmo.RefusedInvalid, "/reason"},
		"no date":            {until(""), pmo.RefusedInvalid, "/data/until"},
		"not a date":         {until("soon"), pmo.RefusedInvalid, "/data/until"},
		"a day gone":         {until("2026-11-02"), pmo.RefusedInvalid, "/data/until"},
		"the next day":       {until("2026-11-03"), "", ""},
		"the latest day":     {until("2027-05-01"), "", ""},
		"later than allowed": {until("2027-05-02"), pmo.RefusedInvalid, "/data/until"},
		"of nothing":         {vote("ana", pmo.VerdictDuplicate), pmo.RefusedInvalid, "/data/of"},
		"no such question":   {elsewhere, pmo.RefusedNoSuchQuestion, ""},
		"impossible inputs":  {patched, pmo.RefusedInvalid, "/data/patch/inputs/job_size"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
			before := r.Snapshot()
			refusal := r.CheckDecide(c.decide, start)
			require.Equal(t, c.kind, kind(refusal))
			if refusal != nil {
				require.Equal(t, c.field, refusal.Field)
			}
			require.Equal(t, before, r.Snapshot(), "checking changes nothing")
		})
	}
}

func TestNobodyToAsk(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll})
	require.True(t, q.Open())
	require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "nobody who may answer")
	at, what := r.NextDue(start)
	require.Equal(t, q.DueAt, at)
	require.Equal(t, "escalate review/1/board", what)
	passTo(r, q.DueAt)
	require.Equal(t, []string{"petra"}, r.WaitingOn())
	r.ApplyDecide(vote("petra", pmo.VerdictApprove), start.Add(8*day))
	r.NextStep(start.Add(8 * day))
	require.Equal(t, pmo.StagePrioritization, r.Stage)
}

// TestKeptVotesNeverLeaveNobodyToAsk: votes that would leave the new round stuck from the start are asked for again.
func TestKeptVotesNeverLeaveNobodyToAsk(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	q.OnSilence, q.Escalation = pmo.VerdictDefer, nil
	r.ApplyDecide(vote("ana", pmo.VerdictAbstain), start)
	r.ApplyDecide(vote("bo", pmo.VerdictAbstain), start)
	fire(r, start)
	require.Equal(t, pmo.StatusDeferred, r.Status)
	fire(r, r.Deferral.Until)
	again := openAt(r, r.NextStep(start.Add(180*day)).Question, terms(start.Add(180*day), "ana", "bo"))
	require.Equal(t, "review/2/board", again.ID)
	require.Equal(t, []string{"ana", "bo"}, again.Waiting())
}

func TestReassignedListsAreTheirOwn(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	told := r.Ledger[len(r.Ledger)-1].Recipients
	c := pmo.Reassign{Reason: "away", Question: q.ID, From: "ana", To: "cy"}
	require.Nil(t, r.CheckReassign(c))
	r.ApplyReassign(c, start)
	require.Equal(t, []string{"cy", "bo"}, q.People)
	require.Equal(t, []string{"ana", "bo"}, told, "what was told stays told")

	stands := vote("kim", pmo.VerdictApprove)
	stands.By.For = "cy"
	r.ApplyDecide(stands, start)
	require.Equal(t, pmo.RefusedInvalid, kind(r.CheckReassign(pmo.Reassign{Reason: "away", Question: q.ID, From: "bo", To: "kim"})), "kim has voted")
}

// TestWordsAnswerWhatAnApproverAsks: what an approver asked could be answered by changes of the form alone.
func TestWordsAnswerWhatAnApproverAsks(t *testing.T) {
	words := func(r *pmo.Request, q *pmo.Question) pmo.Decide {
		return pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: r.Requester}}, Question: q.ID, Verdict: pmo.VerdictAnswer, Reason: "since March, about forty"}
	}
	r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	r.ApplyDecide(vote("ana", pmo.VerdictNeedInfo), start)
	q := openAt(r, r.NextStep(start).Question, terms(start, r.Requester))
	c := words(r, q)
	c.Reason = ""
	require.Equal(t, "/reason", r.CheckDecide(c, start).Field)
	version, revision := r.Version, r.Revision
	require.Nil(t, r.CheckDecide(words(r, q), start))
	r.ApplyDecide(words(r, q), start)
	answered := r.Question("clarify/1")
	require.Equal(t, pmo.QuestionSettled, answered.Status)
	require.Equal(t, "since March, about forty", answered.Answers[0].Reason)
	require.Equal(t, []int{version, revision}, []int{r.Version, r.Revision}, "the form stays as it is")
	again := r.NextStep(start).Question
	require.Equal(t, pmo.KindReview, again.Kind, "the group is asked again")

	gap := submitted()
	gap.Admit(pmo.Admission{Number: 4, Missing: []pmo.Gap{{Field: "outcome", Why: "What for?"}}}, start)
	q = openAt(gap, gap.NextStep(start).Question, terms(start, gap.Requester))
	require.Equal(t, "/verdict", gap.CheckDecide(words(gap, q), start).Field, "a gap of the form is filled by its field")
}
