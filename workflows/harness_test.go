package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
	"leanpmo/workflows"
)

// anyWatch matches the argument of any watch signal.
const anyWatch = mock.Anything

var errGone = errors.New("unknown workflow")

// watchers notes whom a watch signal names.
func watchers(t *testing.T, told *[]string) func(mock.Arguments) {
	return func(args mock.Arguments) {
		watch, ok := args.Get(len(args) - 1).(pmo.Watch)
		require.True(t, ok)
		*told = append(*told, watch.Add...)
	}
}

const requestID = "7f3c2a10-0000-4000-8000-000000000001"

var begin = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// activitiesFake is what the activities of a test answer with, and what they were called with.
type activitiesFake struct {
	sync.Mutex
	admitted  pmo.Admission
	route     pmo.Route
	terms     map[pmo.Kind]pmo.QuestionTerms // by kind; dues are durations after At, see ask
	due       map[pmo.Kind]time.Duration
	recommend contract.Recommended
	teams     []contract.AssignResult // offered in turn; the last one again and again
	allowed   contract.CheckActorResult
	merge     pmo.MergeCheck
	hasGap    bool // the form has a gap until it names a success measure
	// wantsSponsor makes a form without a sponsor lack one.
	wantsSponsor bool
	looksAhead   bool             // the admission has what the steps after it need
	stuck        []stuckStep      // ordinary steps that wait for the database
	unreachable  bool             // the database is away: own steps fail
	unprojected  bool             // projections fail
	tries        map[string][]int // by activity: the attempts made, local ones as 0
	termsAsked   []pmo.QuestionTermsInput
	projected    []contract.ProjectInput
	entries      []pmo.Entry
	assigns      []contract.AssignInput
	tool         tool                     // the team's own
	report       func(pmo.WorkItemReport) // signals the request, as the work item's workflow does
}

type stuckStep struct {
	token []byte
	do    func() any
}

// recover brings the database back; steps that waited for it succeed.
func (s *harness) recover() {
	s.activities.unreachable, s.activities.unprojected = false, false
	for _, step := range s.activities.stuck {
		require.NoError(s.t, s.CompleteActivity(step.token, step.do(), nil))
	}
	s.activities.stuck = nil
}

// harness is a request under test with people acting at set times.
type harness struct {
	*testsuite.TestWorkflowEnvironment
	t          *testing.T
	activities *activitiesFake
	next       time.Duration
	calls      int      // updates sent
	answered   int      // updates answered or refused
	whenIdle   []func() // looked at whenever the request has come to rest, before somebody acts
}

func newActivitiesFake() *activitiesFake {
	return &activitiesFake{
		admitted: pmo.Admission{Number: 42, Portfolio: "core", Lane: pmo.LaneStandard, LaneReason: "it is ordinary work", Forecast: "cannot forecast yet",
			Rules: pmo.Rules{Policy: "1", Material: []string{"title", "outcome", "size"}, Tolerance: .2, ReportEvery: 14 * 24 * time.Hour,
				ReconfirmAfter: 90 * 24 * time.Hour, DeferAtMost: 180 * 24 * time.Hour, ClarifyRounds: 2, WorkItems: true}},
		route:     pmo.Route{Policy: "1", Reason: "standard", Steps: []pmo.RouteStep{{Group: "approvers", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}}}},
		terms:     defaultTerms(),
		due:       map[pmo.Kind]time.Duration{},
		recommend: contract.Recommended{Approach: pmo.Approach{Recommended: "kanban", Reasons: []string{"small independent work"}, Policy: "1"}, Plan: pmo.Plan{Approach: "kanban", Summary: "85 % within 10 days"}},
		teams:     []contract.AssignResult{{Team: "falcon", Leads: []string{"theo"}, Size: 1, Reasons: []string{"has the skills and room"}, Policy: "1"}},
		allowed:   contract.CheckActorResult{Allowed: true},
		tries:     map[string][]int{},
	}
}

func defaultTerms() map[pmo.Kind]pmo.QuestionTerms {
	one := func(person, silence string, escalation ...string) pmo.QuestionTerms {
		return pmo.QuestionTerms{People: []string{person}, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}, Counting: pmo.CountSeats, OnSilence: silence, Escalation: escalation, Policy: "1"}
	}
	both := pmo.QuestionTerms{People: []string{"sam", "theo"}, Quorum: pmo.Quorum{Mode: pmo.QuorumAll, Reject: pmo.RejectAny}, Counting: pmo.CountSeats, OnSilence: pmo.VerdictAskAgain, Policy: "1"}
	review, place := both, both
	review.OnSilence, place.OnSilence = pmo.VerdictSilent, pmo.VerdictKeep
	return map[pmo.Kind]pmo.QuestionTerms{
		pmo.KindClarify: one("sam", pmo.VerdictExpire), pmo.KindSponsor: one("dora", pmo.VerdictExpire),
		pmo.KindReview:       {People: []string{"ana", "bo"}, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}, Counting: pmo.CountSeats, OnSilence: pmo.VerdictReject, Escalation: []string{"petra"}, Policy: "1"},
		pmo.KindDuplicate:    one("sam", pmo.VerdictNotSame),
		pmo.KindChangeReview: {People: []string{"ana", "bo"}, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}, Counting: pmo.CountSeats, OnSilence: pmo.VerdictRefuse, Policy: "1"},
		pmo.KindReconfirm:    one("sam", pmo.VerdictExpire), pmo.KindScore: one("petra", pmo.VerdictAskAgain),
		pmo.KindApproach: one("theo", pmo.VerdictAutoAccept), pmo.KindAssignment: one("theo", pmo.VerdictNextTeam),
		pmo.KindPlan: both, pmo.KindChange: both, pmo.KindPlanReview: review, pmo.KindPlace: place, pmo.KindReport: one("theo", pmo.VerdictSilent),
		pmo.KindAcceptance: one("sam", pmo.VerdictAutoAccept), pmo.KindBenefit: one("dora", pmo.VerdictNotReview),
		pmo.KindException: one("petra", pmo.VerdictBacklog),
	}
}

func newHarness(t *testing.T, w *activitiesFake) *harness {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(begin)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: contract.RequestWorkflowID(requestID), TaskQueue: contract.QueueMain})
	env.SetTestTimeout(testkit.Patience)
	workflows.Register(env)
	w.register(env)
	h := &harness{TestWorkflowEnvironment: env, t: t, activities: w, next: time.Minute}
	w.report = func(report pmo.WorkItemReport) {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow(contract.SignalWorkItem, report) }, 0)
	}
	return h
}

func (w *activitiesFake) register(env *testsuite.TestWorkflowEnvironment) {
	as := func(name string) activity.RegisterOptions { return activity.RegisterOptions{Name: name} }
	env.RegisterActivityWithOptions(guarded(w, w.admit), as(contract.ActivityAdmit))
	env.RegisterActivityWithOptions(guarded(w, func(pmo.RouteInput) pmo.Route { return w.route }), as(contract.ActivityRoute))
	env.RegisterActivityWithOptions(guarded(w, func(contract.CheckMergeInput) pmo.MergeCheck { return w.merge }), as(contract.ActivityCheckMerge))
	env.RegisterActivityWithOptions(guarded(w, w.ask), as(contract.ActivityAsk))
	env.RegisterActivityWithOptions(guarded(w, w.recommended), as(contract.ActivityRecommend))
	env.RegisterActivityWithOptions(guarded(w, w.assign), as(contract.ActivityAssign))
	env.RegisterActivityWithOptions(guarded(w, w.project), as(contract.ActivityProject))
	env.RegisterActivityWithOptions(guarded(w, func(contract.CheckActorInput) contract.CheckActorResult { return w.allowed }), as(contract.ActivityCheckActor))
	env.RegisterActivityWithOptions(guarded(w, w.sendWanted), as(contract.ActivitySendWanted))
	env.RegisterActivityWithOptions(w.openWork, as(contract.ActivityOpenWork))
	env.RegisterActivityWithOptions(w.updateWork, as(contract.ActivityUpdateWork))
}

func guarded[In, Out any](w *activitiesFake, f func(In) Out) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (Out, error) {
		w.Lock() // a step and the projector run side by side
		defer w.Unlock()
		info := activity.GetInfo(ctx)
		attempt := int(info.Attempt)
		if info.IsLocalActivity {
			attempt = 0
		}
		w.tries[info.ActivityType.Name] = append(w.tries[info.ActivityType.Name], attempt)
		if w.unreachable || w.unprojected && info.ActivityType.Name == contract.ActivityProject {
			var none Out
			if attempt > 5 { // the test environment gives up after ten; a real server never does
				w.stuck = append(w.stuck, stuckStep{info.TaskToken, func() any { return f(in) }})
				return none, activity.ErrResultPending
			}
			return none, errors.New("the database is away")
		}
		return f(in), nil
	}
}

func (w *activitiesFake) admit(in contract.AdmitInput) pmo.Admission {
	a := w.admitted
	if w.hasGap && in.Content.SuccessMeasure == "" {
		a.Missing = []pmo.Gap{{Field: "success_measure", Why: "how shall we know?"}}
	}
	if w.wantsSponsor && in.Content.Sponsor == "" {
		a.Missing = append(a.Missing, pmo.Gap{Field: "sponsor", Why: "somebody stands behind it"})
	}
	if w.looksAhead && in.Ahead != nil {
		r := pmo.New(in.ID, "", pmo.Submission{Content: in.Content, Requester: in.Requester, SubmittedBy: in.Ahead.SubmittedBy, At: in.SubmittedAt})
		r.Process = in.Ahead.Process
		a.Ahead, _ = pmo.LookAhead(r, a, in.Ahead.At, func(pmo.RouteInput) (pmo.Route, error) { return w.route, nil }, w.termsOf)
	}
	return a
}

func (w *activitiesFake) ask(in pmo.QuestionTermsInput) pmo.QuestionTerms {
	w.termsAsked = append(w.termsAsked, in)
	return w.termsOf(in)
}

func (w *activitiesFake) termsOf(in pmo.QuestionTermsInput) pmo.QuestionTerms {
	a := w.terms[in.Kind]
	due := w.due[in.Kind]
	if due == 0 {
		due = 7 * 24 * time.Hour
	}
	a.DueAt = in.At.Add(due)
	a.Remind = []time.Time{in.At.Add(due / 2)}
	if len(a.Escalation) > 0 {
		a.LastDueAt = in.At.Add(2 * due)
	}
	if in.Quorum != nil {
		a.Quorum = *in.Quorum
	}
	if in.Kind == pmo.KindAssignment {
		a.People = in.Leads
	}
	return a
}

func (w *activitiesFake) recommended(in contract.RecommendInput) contract.Recommended {
	out := w.recommend
	if in.Chosen != "" {
		out.Plan = pmo.Plan{Approach: in.Chosen, Summary: "a plan for " + in.Chosen}
	}
	return out
}

func (w *activitiesFake) assign(in contract.AssignInput) contract.AssignResult {
	w.assigns = append(w.assigns, in)
	team := w.teams[min(len(w.assigns), len(w.teams))-1]
	if team.Team == "" {
		team.RetryAt = in.At.Add(time.Hour)
	}
	return team
}

func (w *activitiesFake) project(in contract.ProjectInput) contract.ProjectResult {
	w.projected = append(w.projected, in)
	w.entries = append(w.entries, in.Entries...)
	return contract.ProjectResult{LedgerSeq: in.Snapshot.LedgerSeq}
}

// input is an ordinary, complete submission by sam.
func input() contract.RequestInput {
	five := 5.0
	return contract.RequestInput{ID: requestID, Digest: "d1", CountEntries: true, Submission: pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: begin, Content: pmo.Content{
		Title: "Vehicle booking", Kind: "enhancement", Outcome: "bookings take a minute", Size: 1,
		Inputs: pmo.Inputs{BusinessValue: &five, TimeCriticality: &five, RiskReduction: &five, JobSize: &five}}}}
}

// then lets something happen one step later.
func (s *harness) then(f func()) *harness {
	s.at(s.next, f)
	s.next += time.Minute
	return s
}

func (s *harness) at(after time.Duration, f func()) {
	s.RegisterDelayedCallback(func() {
		for _, look := range s.whenIdle {
			look()
		}
		f()
	}, after)
}

// countTimers follows the timers of the workflow, with the time each fires: whenever it is idle, there is at most one.
func (s *harness) countTimers() map[string]time.Time {
	pending := map[string]time.Time{}
	s.SetOnTimerScheduledListener(func(id string, d time.Duration) { pending[id] = s.Now().Add(d) })
	s.SetOnTimerFiredListener(func(id string) { delete(pending, id) })
	s.SetOnTimerCanceledListener(func(id string) { delete(pending, id) })
	s.whenIdle = append(s.whenIdle, func() { require.LessOrEqual(s.t, len(pending), 1, "one timer at a time: %v", pending) })
	return pending
}

// beganWith makes the workflow behave as requests that began with a version of the process.
func (s *harness) beganWith(version pmo.ProcessVersion) {
	s.OnGetVersion(contract.ChangeProcess, workflow.DefaultVersion, workflow.Version(pmo.LatestProcess)).Return(workflow.Version(version))
}

// beganBeforeChanges makes the workflow behave as requests that began before every change of contract/names.go.
func (s *harness) beganBeforeChanges() {
	s.beganWith(pmo.ProcessVersion(workflow.DefaultVersion))
	for _, change := range []string{contract.ChangeKeepEarlierTimer, contract.ChangeWorkItemWorkflow} {
		s.OnGetVersion(change, workflow.DefaultVersion, workflow.Version(1)).Return(workflow.DefaultVersion)
	}
}

// update sends a command and requires that it is taken, or refused with this kind.
func (s *harness) update(name string, cmd any, refusal string) *pmo.Receipt {
	s.calls++
	var receipt pmo.Receipt
	done := func(result any, err error) {
		s.answered++
		s.judge(name, refusal, err)
		if r, ok := result.(pmo.Receipt); ok {
			receipt = r
		}
	}
	s.UpdateWorkflow(name, fmt.Sprintf("%s-%d", name, s.calls), &testsuite.TestUpdateCallback{
		OnAccept: func() {}, OnReject: func(err error) { s.answered++; s.judge(name, refusal, err) }, OnComplete: done}, cmd)
	return &receipt
}

func (s *harness) judge(name, refusal string, err error) {
	if refusal == "" {
		require.NoError(s.t, err, name)
		return
	}
	var app *temporal.ApplicationError
	require.ErrorAs(s.t, err, &app, "%s ought to be refused as %s", name, refusal)
	require.Equal(s.t, refusal, app.Type(), "%s: %s", name, err)
}

// decide answers a question one step later.
func (s *harness) decide(actor, question, verdict string, more ...func(*pmo.Decide)) *harness {
	return s.then(func() { s.decideNow(actor, question, verdict, "", more...) })
}

// refused tries an answer that is refused with this kind.
func (s *harness) refused(kind, actor, question, verdict string, more ...func(*pmo.Decide)) *harness {
	return s.then(func() { s.decideNow(actor, question, verdict, kind, more...) })
}

func (s *harness) decideNow(actor, question, verdict, refusal string, more ...func(*pmo.Decide)) {
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: actor, Via: "api"}}, Question: question, Verdict: verdict}
	for _, add := range more {
		add(&c)
	}
	s.update(contract.UpdateDecide, c, refusal)
}

func because(reason string) func(*pmo.Decide) { return func(c *pmo.Decide) { c.Reason = reason } }
func with(data pmo.Data) func(*pmo.Decide)    { return func(c *pmo.Decide) { c.Data = data } }

// pull sends the signal that a prioritization run sends.
func (s *harness) pull() *harness {
	return s.then(func() {
		s.SignalWorkflow(contract.SignalPulled, contract.Pulled{PrioritizationID: "prioritization/core-1", At: s.Now()})
	})
}

// snapshot is the state a query answers now.
func (s *harness) snapshot() pmo.Request {
	value, err := s.QueryWorkflow(contract.QuerySnapshot)
	require.NoError(s.t, err)
	var state pmo.Request
	require.NoError(s.t, value.Get(&state))
	return state
}

// check looks at the state one step later.
func (s *harness) check(f func(pmo.Request)) *harness { return s.then(func() { f(s.snapshot()) }) }

// run executes the request to its end and returns the last projected snapshot.
func (s *harness) run(in contract.RequestInput) pmo.Request {
	s.ExecuteWorkflow(contract.WorkflowRequest, in)
	require.True(s.t, s.IsWorkflowCompleted(), "the request did not end; it was last seen as %+v", s.last())
	require.Equal(s.t, s.calls, s.answered, "every update is answered; the workflow ended with %v", s.GetWorkflowError())
	return s.last()
}

func (s *harness) last() pmo.Request {
	if len(s.activities.projected) == 0 {
		return pmo.Request{}
	}
	return s.activities.projected[len(s.activities.projected)-1].Snapshot
}

// events is the events projected, in order.
func (w *activitiesFake) events() []string {
	var events []string
	for _, e := range w.entries {
		events = append(events, e.Event)
	}
	return events
}
