package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// people is a directory of principals with roles, and of groups: "ana:approver bo:approver" and "approvers:ana,bo pmo:petra".
func people(t *testing.T, principals, groups string) *directory.Directory {
	var text strings.Builder
	text.WriteString("principals:\n")
	for _, p := range strings.Fields(principals) {
		id, role, _ := strings.Cut(p, ":")
		fmt.Fprintf(&text, "  - {id: %s, name: %s, roles: [%s], token: t-%s}\n", id, id, role, id)
	}
	text.WriteString("groups:\n")
	for _, g := range strings.Fields(groups) {
		id, members, _ := strings.Cut(g, ":")
		fmt.Fprintf(&text, "  - {id: %s, name: %s, members: [%s]}\n", id, id, strings.ReplaceAll(members, ",", ", "))
	}
	dir, err := directory.Parse([]byte(text.String()))
	require.NoError(t, err)
	return dir
}

const before = "sam:requester ana:approver bo:approver cy:approver petra:pmo theo:team kim:requester ada:admin"

// asked is a request of sam's with one question, asked by the policy of these people.
func asked(t *testing.T, kind pmo.Kind, dir *directory.Directory) *pmo.Request {
	r := pmo.New("a", "d", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: monday, Content: pmo.Content{Title: "x", Sponsor: "kim"}})
	r.Portfolio, r.Lane = "digital", pmo.LaneStandard
	r.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}
	spec := pmo.QuestionSpec{Kind: kind}
	if kind == pmo.KindReview {
		spec.Group, spec.Quorum = "approvers", &pmo.Quorum{Mode: pmo.QuorumCount, N: 2, Reject: pmo.RejectOutOfReach}
	}
	r.OpenQuestion(spec, policy.Default().QuestionTerms(r.TermsInput(kind, 1, spec.Group, spec.Quorum, monday), dir, nil), monday)
	return r
}

// refresh lets the only question of the request meet the people of a later hour.
func refresh(r *pmo.Request, dir *directory.Directory, away map[string]string) *pmo.Question {
	at := monday.Add(time.Hour)
	q := &r.Questions[0]
	r.PeopleChanged(q.ID, policy.Default().QuestionTerms(r.PeopleInput(q, at), dir, away), at)
	return q
}

func TestOpenQuestionsFollowThePeopleOfToday(t *testing.T) {
	groups := "approvers:ana,bo,cy pmo:petra delivery-leads:theo"
	for name, c := range map[string]struct {
		kind       pmo.Kind
		principals string
		groups     string
		away       map[string]string
		people     []string
		escalated  bool
		event      string // of the last entry
	}{
		"nobody changed":                   {kind: pmo.KindReview, people: []string{"ana", "bo", "cy"}, event: pmo.EventAsked},
		"all who were asked left":          {kind: pmo.KindReview, principals: "sam:requester rita:approver dee:approver petra:pmo theo:team", groups: "approvers:rita,dee pmo:petra delivery-leads:theo", people: []string{"dee", "rita"}, event: pmo.EventAsked},
		"too few are left for the quorum":  {kind: pmo.KindReview, principals: "sam:requester ana:approver petra:pmo theo:team", groups: "approvers:ana pmo:petra delivery-leads:theo", people: []string{"ana"}, escalated: true, event: pmo.EventEscalated},
		"nobody is left":                   {kind: pmo.KindReview, principals: "sam:requester petra:pmo theo:team", groups: "approvers: pmo:petra delivery-leads:theo", escalated: true, event: pmo.EventEscalated},
		"nobody is left anywhere":          {kind: pmo.KindReview, principals: "sam:requester theo:team", groups: "approvers: pmo: delivery-leads:theo", event: pmo.EventPeople},
		"left the group":                   {kind: pmo.KindReview, groups: "approvers:ana,bo pmo:petra delivery-leads:theo", people: []string{"ana", "bo"}, event: pmo.EventPeople},
		"joined the group":                 {kind: pmo.KindReview, groups: "approvers:ana,bo,cy,kim pmo:petra delivery-leads:theo", people: []string{"ana", "bo", "cy", "kim"}, event: pmo.EventAsked},
		"became an administrator":          {kind: pmo.KindReview, principals: "sam:requester ana:approver bo:approver cy:admin petra:pmo theo:team kim:requester", people: []string{"ana", "bo"}, event: pmo.EventPeople},
		"away, with a delegate who may":    {kind: pmo.KindReview, away: map[string]string{"bo": "kim"}, people: []string{"ana", "bo", "cy"}, event: pmo.EventAsked},
		"away, with a delegate who cannot": {kind: pmo.KindReview, away: map[string]string{"bo": "ada"}, people: []string{"ana", "cy"}, event: pmo.EventPeople},
		"away, whose delegate has a seat":  {kind: pmo.KindReview, away: map[string]string{"bo": "ana"}, people: []string{"ana", "cy"}, event: pmo.EventPeople},
		"two away with one delegate":       {kind: pmo.KindReview, away: map[string]string{"bo": "kim", "cy": "kim"}, people: []string{"ana", "bo"}, event: pmo.EventAsked},
		"too few, as delegates have seats": {kind: pmo.KindReview, away: map[string]string{"bo": "ana", "cy": "ana"}, people: []string{"ana"}, escalated: true, event: pmo.EventEscalated},
		"one side's delegate is the other": {kind: pmo.KindPlan, away: map[string]string{"theo": "sam"}, people: []string{"sam", "petra"}, event: pmo.EventAsked},
		"the sponsor left":                 {kind: pmo.KindSponsor, principals: "sam:requester petra:pmo theo:team ana:approver", groups: "approvers:ana pmo:petra delivery-leads:theo", escalated: true, event: pmo.EventEscalated},
		"the team's lead left":             {kind: pmo.KindReport, principals: "sam:requester petra:pmo ana:approver", groups: "approvers:ana pmo:petra delivery-leads:", escalated: true, event: pmo.EventEscalated},
		"one side of a plan left":          {kind: pmo.KindPlan, principals: "sam:requester petra:pmo ana:approver", groups: "approvers:ana pmo:petra delivery-leads:", people: []string{"sam", "petra"}, event: pmo.EventAsked},
		"the requester left":               {kind: pmo.KindAcceptance, principals: "petra:pmo ana:approver theo:team", groups: "approvers:ana pmo:petra delivery-leads:theo", escalated: true, event: pmo.EventEscalated},
		"the requester left, unescalated":  {kind: pmo.KindReconfirm, principals: "petra:pmo ana:approver theo:team", groups: "approvers:ana pmo:petra delivery-leads:theo", people: []string{"petra"}, event: pmo.EventAsked},
	} {
		t.Run(name, func(t *testing.T) {
			r := asked(t, c.kind, people(t, before, groups))
			if c.principals == "" {
				c.principals = before
			}
			if c.groups == "" {
				c.groups = groups
			}
			today := people(t, c.principals, c.groups)
			q := refresh(r, today, c.away)
			require.ElementsMatch(t, c.people, q.People)
			require.Equal(t, c.escalated, q.Escalated)
			require.Equal(t, c.event, r.Ledger[len(r.Ledger)-1].Event)
			if c.away == nil { // who is away and answers all the same is there
				require.ElementsMatch(t, q.Seats(), policy.Default().SeatsToday(r.PeopleInput(q, monday), today), "the door knows the same people")
			}
			if c.escalated {
				require.Equal(t, []string{"petra"}, q.Waiting()[len(q.Waiting())-1:])
				require.True(t, q.DueAt.After(monday.Add(24*time.Hour)), "whoever it is escalated to has time")
			}
			seq := r.Seq
			refresh(r, today, c.away)
			require.Equal(t, seq, r.Seq, "told again, nothing changes")
		})
	}
}

func TestAnAnswerStaysThoughItsPersonLeft(t *testing.T) {
	r := asked(t, pmo.KindReview, people(t, before, "approvers:ana,bo,cy pmo:petra delivery-leads:theo"))
	r.Stage = pmo.StageReview
	r.ApplyDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "ana"}}, Question: r.Questions[0].ID, Verdict: pmo.VerdictApprove}, monday)
	q := refresh(r, people(t, "sam:requester bo:approver petra:pmo theo:team", "approvers:bo pmo:petra delivery-leads:theo"), nil)
	require.Equal(t, []string{"ana", "bo"}, q.People)
	require.Equal(t, []string{"bo"}, q.Waiting())
	require.False(t, q.Escalated, "two can still agree")
}

func TestASeatThatThePMOMovedStaysWhereItIs(t *testing.T) {
	dir := people(t, before, "approvers:ana,bo,cy pmo:petra delivery-leads:theo")
	r := asked(t, pmo.KindReview, dir)
	r.Stage = pmo.StageReview
	move := pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Question: r.Questions[0].ID, From: "bo", To: "kim", Reason: "bo is ill"}
	require.Nil(t, r.CheckReassign(move))
	r.ApplyReassign(move, monday)
	require.Equal(t, []string{"ana", "kim", "cy"}, refresh(r, dir, nil).People)
}

func TestAQuestionOfAnotherPolicyLosesOnlyWhoCannotAnswer(t *testing.T) {
	r := asked(t, pmo.KindReview, people(t, before, "approvers:ana,bo,cy pmo:petra delivery-leads:theo"))
	r.Questions[0].Policy = "the policy of last year"
	q := refresh(r, people(t, "sam:requester ana:approver bo:approver rita:approver petra:pmo theo:team", "approvers:rita pmo:petra delivery-leads:theo"), nil)
	require.Equal(t, []string{"ana", "bo"}, q.People, "ana and bo were asked by other rules; cy is gone")
}

func TestDelegatesAreToldOnce(t *testing.T) {
	dir := people(t, before, "approvers:ana,bo,cy pmo:petra delivery-leads:theo")
	r := asked(t, pmo.KindReview, dir)
	q := refresh(r, dir, map[string]string{"bo": "kim"})
	last := r.Ledger[len(r.Ledger)-1]
	require.Equal(t, pmo.EventAsked, last.Event)
	require.Equal(t, []string{"kim"}, last.Recipients)
	require.Contains(t, last.Text, "kim may answer for bo")
	lines := len(r.Ledger)
	refresh(r, dir, map[string]string{"bo": "kim"})
	refresh(r, dir, nil)
	require.Len(t, r.Ledger, lines)
	require.Empty(t, q.Acting)
	refresh(r, dir, map[string]string{"bo": "kim"})
	require.Len(t, r.Ledger, lines+1, "another absence is told again")
}

// TestAQuestionFollowsTheLeadsOfToday: the team got another lead, who also hears of the work from now on.
func TestAQuestionFollowsTheLeadsOfToday(t *testing.T) {
	dir := people(t, before, "approvers:ana,bo,cy pmo:petra delivery-leads:theo")
	r := asked(t, pmo.KindReport, dir)
	in := r.PeopleInput(&r.Questions[0], monday)
	in.Leads = []string{"cy"}
	require.Equal(t, []string{"cy"}, policy.Default().SeatsToday(in, dir))
	terms := policy.Default().QuestionTerms(in, dir, nil)
	r.PeopleChanged(r.Questions[0].ID, terms, monday)
	require.Equal(t, []string{"cy"}, r.Questions[0].People)
	require.Equal(t, []string{"cy"}, r.Assignment.Leads)
	require.Equal(t, []string{"cy"}, r.Ledger[len(r.Ledger)-1].Recipients)
	seq := r.Seq
	r.PeopleChanged(r.Questions[0].ID, terms, monday)
	require.Equal(t, seq, r.Seq)
}

// TestAllOfTwoWithOnePersonLeftIsEscalatedAtOnce: bo is away, and ana, who acts for bo, has a seat.
func TestAllOfTwoWithOnePersonLeftIsEscalatedAtOnce(t *testing.T) {
	dir := people(t, before, "approvers:ana,bo pmo:petra delivery-leads:theo")
	for counting, escalated := range map[pmo.Counting]bool{pmo.CountOwnSeats: true, pmo.CountSeats: false} {
		r := asked(t, pmo.KindReview, dir)
		r.Questions[0].Quorum, r.Questions[0].Counting = pmo.Quorum{Mode: pmo.QuorumAll}, counting
		q := refresh(r, dir, map[string]string{"bo": "ana"})
		require.Equal(t, escalated, q.Escalated, "until CountOwnSeats ana could give her own seat up")
		require.True(t, q.Open())
		if escalated {
			require.Equal(t, []string{"ana", "petra"}, q.Waiting())
			refresh(r, dir, nil)
			require.Equal(t, []string{"ana", "bo", "petra"}, q.Waiting(), "bo is back")
		}
	}
}
