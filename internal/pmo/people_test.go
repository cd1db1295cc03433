package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestReassignGivesASeatWhereNobodyIsLeft(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	r := pmo.New("a", "d", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: at})
	r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview, Group: "approvers"}, pmo.QuestionTerms{People: []string{"ana"}, Counting: pmo.CountSeats, DueAt: at.Add(time.Hour), OnSilence: pmo.VerdictReject}, at)
	move := func(from, to string) *pmo.Refusal {
		c := pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Question: "review/1/approvers", From: from, To: to, Reason: "she left"}
		refusal := r.CheckReassign(c)
		if refusal == nil {
			r.ApplyReassign(c, at)
		}
		return refusal
	}
	require.Equal(t, "/from", move("", "kim").Field, "ana is there")
	r.PeopleChanged("review/1/approvers", pmo.QuestionTerms{Gone: []pmo.Departure{{Person: "ana", Why: "who is no longer known"}}}, at)
	require.Empty(t, r.WaitingOn())
	require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "Nobody may answer it now: the PMO has to name somebody.")
	require.Nil(t, move("", "kim"))
	require.Equal(t, []string{"kim"}, r.WaitingOn())
	require.Equal(t, "/from", move("ana", "lea").Field, "kim is there now")
	require.Nil(t, move("kim", "lea"))
	require.Equal(t, []string{"lea"}, r.WaitingOn())
}
