package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// times are when the events of a question were recorded, after it was asked.
func (w *activitiesFake) times(question string) map[string][]time.Duration {
	var asked time.Time
	when := map[string][]time.Duration{}
	for _, e := range w.entries {
		if e.Question != question {
			continue
		}
		if e.Event == pmo.EventAsked {
			asked = e.At
		}
		when[e.Event] = append(when[e.Event], e.At.Sub(asked))
	}
	return when
}

func TestSilence(t *testing.T) {
	cases := map[string]struct {
		kind    pmo.Kind
		silence string
		state   string // where the question waits
		id      string
		after   func(*harness) // goes on after the deadline, at the earliest a step later
		outcome pmo.Outcome
	}{
		"clarify expires":                    {kind: pmo.KindClarify, state: "clarify", outcome: pmo.OutcomeExpired},
		"clarify goes on":                    {kind: pmo.KindClarify, silence: pmo.VerdictUnknown, state: "clarify", after: (*harness).fromReview, outcome: pmo.OutcomeDelivered},
		"sponsor expires":                    {kind: pmo.KindSponsor, state: "sponsor", outcome: pmo.OutcomeExpired},
		"sponsor rejects":                    {kind: pmo.KindSponsor, silence: pmo.VerdictReject, state: "sponsor", outcome: pmo.OutcomeRejected},
		"sponsor confirms":                   {kind: pmo.KindSponsor, silence: pmo.VerdictConfirm, state: "sponsor", after: (*harness).fromReview, outcome: pmo.OutcomeDelivered},
		"review rejects":                     {kind: pmo.KindReview, state: "half reviewed", id: first, outcome: pmo.OutcomeRejected},
		"review approves":                    {kind: pmo.KindReview, silence: pmo.VerdictApprove, state: "half reviewed", id: first, after: (*harness).fromBacklog, outcome: pmo.OutcomeDelivered},
		"reconfirm expires":                  {kind: pmo.KindReconfirm, state: "backlog", outcome: pmo.OutcomeExpired},
		"reconfirm is still there":           {kind: pmo.KindReconfirm, silence: pmo.VerdictStillNeed, state: "backlog", after: (*harness).fromBacklog, outcome: pmo.OutcomeDelivered},
		"reconfirm asks again, then expires": {kind: pmo.KindReconfirm, silence: pmo.VerdictAskAgain, state: "backlog", outcome: pmo.OutcomeExpired},
		"score asks again": {kind: pmo.KindScore, state: "score", outcome: pmo.OutcomeDelivered, after: func(s *harness) {
			s.decide("petra", "score/2", pmo.VerdictScore, with(pmo.Data{Inputs: inputs(3)})).fromBacklog()
		}},
		"score expires":           {kind: pmo.KindScore, silence: pmo.VerdictExpire, state: "score", outcome: pmo.OutcomeExpired},
		"approach is taken":       {kind: pmo.KindApproach, state: "approach", after: (*harness).fromAssignment, outcome: pmo.OutcomeDelivered},
		"approach asks again":     {kind: pmo.KindApproach, silence: pmo.VerdictAskAgain, state: "approach", outcome: pmo.OutcomeDelivered, after: func(s *harness) { s.decide("theo", "approach/2", pmo.VerdictAccept).fromAssignment() }},
		"assignment: next team":   {kind: pmo.KindAssignment, state: "assignment", id: "assignment/1/falcon", outcome: pmo.OutcomeDelivered, after: func(s *harness) { s.decide("theo", "assignment/2/falcon", pmo.VerdictAccept).fromPlan() }},
		"assignment asks again":   {kind: pmo.KindAssignment, silence: pmo.VerdictAskAgain, state: "assignment", id: "assignment/1/falcon", outcome: pmo.OutcomeDelivered, after: func(s *harness) { s.decide("theo", "assignment/2/falcon", pmo.VerdictAccept).fromPlan() }},
		"plan asks again":         {kind: pmo.KindPlan, state: "plan", outcome: pmo.OutcomeDelivered, after: func(s *harness) { s.bothAgree("plan/2").fromExecution() }},
		"plan is agreed":          {kind: pmo.KindPlan, silence: pmo.VerdictAgree, state: "plan", outcome: pmo.OutcomeDelivered, after: (*harness).fromExecution},
		"change asks again":       {kind: pmo.KindChange, state: "change", outcome: pmo.OutcomeDelivered, after: func(s *harness) { s.bothAgree("change/2").bothAgree("plan/2").fromExecution() }},
		"change is refused":       {kind: pmo.KindChange, silence: pmo.VerdictRefuse, state: "change", outcome: pmo.OutcomeDelivered, after: (*harness).fromExecution},
		"report":                  {kind: pmo.KindReport, state: "execution", outcome: pmo.OutcomeDelivered, after: (*harness).fromExecution},
		"acceptance is taken":     {kind: pmo.KindAcceptance, state: "acceptance", outcome: pmo.OutcomeDelivered},
		"acceptance asks again":   {kind: pmo.KindAcceptance, silence: pmo.VerdictAskAgain, state: "acceptance", outcome: pmo.OutcomeDelivered, after: func(s *harness) { s.decide("sam", "acceptance/2", pmo.VerdictAccept) }},
		"benefit is not reviewed": {kind: pmo.KindBenefit, state: "delivered", outcome: pmo.OutcomeDelivered},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newActivitiesFake()
			if terms := w.terms[c.kind]; c.silence != "" {
				terms.OnSilence = c.silence
				w.terms[c.kind] = terms
			}
			s := newHarness(t, w)
			in := waitStateOf(c.state).enter(s)
			if c.after != nil {
				lead := map[pmo.Kind]time.Duration{pmo.KindReconfirm: 90 * day, pmo.KindReport: 14 * day, pmo.KindReview: 7 * day}
				c.after(s.pass(lead[c.kind] + 7*day + time.Minute))
			}
			require.Equal(t, c.outcome, s.run(in).Outcome)
			if c.id == "" {
				c.id = pmo.QuestionID(c.kind, 1, "")
			}
			want := map[string][]time.Duration{pmo.EventAsked: {0}, pmo.EventReminded: {84 * time.Hour}, pmo.EventTimedOut: {7 * day}}
			if len(w.terms[c.kind].Escalation) > 0 {
				want[pmo.EventEscalated], want[pmo.EventTimedOut] = []time.Duration{7 * day}, []time.Duration{14 * day}
			}
			got := w.times(c.id)
			delete(got, pmo.EventAnswered)
			require.Equal(t, want, got)
		})
	}
}

func waitStateOf(name string) waitState {
	for _, p := range waitStates() {
		if p.name == name {
			return p
		}
	}
	panic("no such wait state: " + name)
}

// TestReviewPutOffBySilence: silence may put a review off to the latest date; its votes are kept for the next round.
func TestReviewPutOffBySilence(t *testing.T) {
	w := newActivitiesFake()
	terms := w.terms[pmo.KindReview]
	terms.OnSilence = pmo.VerdictDefer
	w.terms[pmo.KindReview] = terms
	s := newHarness(t, w)
	s.decide("ana", first, pmo.VerdictApprove, with(pmo.Data{Until: "nonsense"})). // data nobody asked for changes nothing
											pass(14*day).check(func(state pmo.Request) {
		require.Equal(t, pmo.StatusDeferred, state.Status)
		require.Equal(t, begin.Add(14*day+180*day), state.Deferral.Until)
	}).pass(180*day).decide("bo", "review/2/approvers", pmo.VerdictApprove).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

func TestSilentTeamIsAskedForAReport(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.toExecution().
		pass(14*day).decide("theo", "report/1", pmo.VerdictReported, because("nearly there")). // answers the question
		check(func(state pmo.Request) { require.Equal(t, pmo.HealthGreen, state.Progress.Health) }).
		pass(14*day).report(pmo.Report{Health: pmo.HealthAmber, Note: "late"}). // so does a report
		refused(pmo.RefusedSuperseded, "theo", "report/2", pmo.VerdictReported, because("late")).
		pass(22*day).check(func(state pmo.Request) {
		require.Equal(t, pmo.HealthUnknown, state.Progress.Health, "nobody said anything")
	}).
		pass(14*day).decide("theo", "report/4", pmo.VerdictReported, because("we are back")).
		check(func(state pmo.Request) {
			require.Equal(t, pmo.HealthGreen, state.Progress.Health, "by the rule: what a report says instead ends at the next one")
		}).
		fromExecution()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

// TestHoldMovesDueTimes: the clocks stop for exactly as long as the hold lasts, reminders and escalation included.
func TestHoldMovesDueTimes(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.at(day, func() {
		s.update(contract.UpdateHold, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "audit"}, "")
	})
	s.at(2*day, func() { s.decideNow("ana", first, pmo.VerdictApprove, pmo.RefusedOnHold) })
	s.at(31*day, func() { s.update(contract.UpdateResume, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}}, "") })
	require.Equal(t, pmo.OutcomeRejected, s.run(input()).Outcome)
	require.Equal(t, map[string][]time.Duration{pmo.EventAsked: {0}, pmo.EventReminded: {84*time.Hour + 30*day},
		pmo.EventEscalated: {37 * day}, pmo.EventTimedOut: {44 * day}}, s.activities.times(first))
}
