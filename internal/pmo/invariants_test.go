package pmo_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"leanpmo/internal/pmo"
)

// seen is what the model remembers of a request beside its state.
type seen struct {
	atRest    bool                // every step that follows from the state was performed
	now       time.Time           // of the step
	asked     map[string]bool     // ids of all questions so far
	entries   map[string]bool     // keys of all ledger entries so far
	done      *pmo.Assignment     // who had the work when it was last reported as done
	doneRound int                 // the round of assignment of that report
	pending   bool                // a step waits for its answer from outside
	rounds    map[pmo.Kind]int    // the latest round of each kind so far
	fresh     map[string]pmo.Kind // questions that appeared in this step
}

// invariant is what must hold after every step. It returns what is wrong, or nothing.
type invariant struct {
	name  string
	since pmo.ProcessVersion // in requests that began before, it need not hold
	wrong func(was, is *pmo.Request, s seen) string
}

// invariants lists them all. Each is a pure function of the state before and after a step, and of what was seen.
var invariants = []invariant{
	{"status and outcome fit the table", -1, statusFits},
	{"a question is open only in the stages of its kind", -1, questionsFit},
	{"acceptance is asked for only after work in this assignment", pmo.Process05, acceptanceAfterWork},
	{"a slot is held only where the stage says", pmo.Process05, slotFits},
	{"a team has capacity only for pulled work", -1, capacityFits},
	{"work is done with a slot, a team that agreed and an agreed plan", pmo.Process05, workFits},
	{"whether work stays is asked only while the team that accepted it has no room", pmo.Process11, placeFits},
	{"what is delivered stays delivered", -1, deliveredStays},
	{"what is closed changes no more", -1, closedStays},
	{"an open request waits on somebody, a date, a run or a step", -1, waits},
	{"who is waited on may answer", -1, waitedOnMayAnswer},
	{"a kind and group has one open question", -1, oneOpenQuestion},
	{"seq grows with every change", -1, seqGrows},
	{"rounds are never reused", -1, roundsGrow},
	{"a plan is agreed before the work is done", -1, planBeforeDone},
	{"one person has one answer, none on their own request", -1, answersFit},
	{"a question has the dates of its status", -1, datesFit},
	{"the ledger tells everything once", -1, ledgerFits},
	{"conditions are never lost, changed or numbered twice", -1, conditionsStay},
	{"a plan that is agreed answers every condition", -1, agreedPlanAnswersConditions},
	{"what is accepted says of every condition that it is met, or why not", -1, acceptanceJudgesConditions},
	{"nobody is timed out who was never told", pmo.Process06, toldFirst},
}

func statusFits(_, is *pmo.Request, _ seen) string {
	switch {
	case !slices.Contains(pmo.Stages(), is.Stage):
		return "stage " + string(is.Stage)
	case (is.Status == pmo.StatusOnHold) != (is.Hold != nil):
		return "status on hold without a hold, or the other way round"
	case is.Status == pmo.StatusDeferred && is.Deferral == nil:
		return "deferred without a deferral"
	case is.Deferral != nil && (is.Stage != pmo.StageReview || is.Status == pmo.StatusOpen):
		return "a deferral in " + string(is.Stage) + ", " + string(is.Status)
	case is.Closed() != (is.Outcome != "") || is.Closed() != !is.ClosedAt.IsZero() || is.Closed() && is.Reason == "":
		return fmt.Sprintf("status %s, outcome %q, reason %q", is.Status, is.Outcome, is.Reason)
	case is.Closed() && !pmo.ClosesForTest(is.Stage, is.Outcome):
		return fmt.Sprintf("the table does not close %s as %s", is.Stage, is.Outcome)
	case is.Closed() && len(is.OpenQuestions()) > 0:
		return "closed with open questions"
	}
	return ""
}

var beforeClosure = slices.DeleteFunc(pmo.Stages(), func(s pmo.Stage) bool { return s == pmo.StageClosure })

// stagesOf names the stages in which a kind of question may be open. A kind that is not named may be open in any.
var stagesOf = map[pmo.Kind][]pmo.Stage{
	pmo.KindClarify: {pmo.StageIntake, pmo.StageReview, pmo.StageExecution}, pmo.KindSponsor: beforeClosure, pmo.KindReview: {pmo.StageReview},
	pmo.KindReconfirm: {pmo.StagePrioritization}, pmo.KindScore: {pmo.StagePrioritization}, pmo.KindApproach: {pmo.StageApproach},
	pmo.KindAssignment: {pmo.StageAssignment}, pmo.KindPlan: {pmo.StageExecution}, pmo.KindChange: {pmo.StageExecution},
	pmo.KindReport: {pmo.StageExecution}, pmo.KindPlanReview: {pmo.StageExecution}, pmo.KindPlace: {pmo.StageExecution}, pmo.KindAcceptance: {pmo.StageClosure}, pmo.KindBenefit: {pmo.StageClosure},
}

func questionsFit(_, is *pmo.Request, _ seen) string {
	for _, q := range is.OpenQuestions() {
		if stages, named := stagesOf[q.Kind]; named && !slices.Contains(stages, is.Stage) {
			return q.ID + " is open in " + string(is.Stage)
		}
	}
	return ""
}

// placeFits also says that a mark is of the team that has the work and accepted it.
func placeFits(_, is *pmo.Request, _ seen) string {
	a := is.Assignment
	if a != nil && a.NoRoom != nil && (a.NoRoom.Team != a.Team || a.ConfirmedAt.IsZero() || a.OverLimit) {
		return fmt.Sprintf("%s has no room for what %s has", a.NoRoom.Team, a.Team)
	}
	asks := a != nil && a.NoRoom != nil && a.NoRoom.Kept.IsZero() && is.DoneAt.IsZero()
	if is.Status == pmo.StatusOpen && is.OpenQuestionOf(pmo.KindPlace) != nil && !asks {
		return fmt.Sprintf("it is asked with %+v", a)
	}
	return ""
}

func acceptanceAfterWork(_, is *pmo.Request, s seen) string {
	asked := is.OpenQuestionOf(pmo.KindAcceptance) != nil && is.Status == pmo.StatusOpen
	switch {
	case !asked:
		return ""
	case s.done == nil || is.DoneAt.IsZero():
		return "nobody reported the work as done"
	case is.Assignment == nil || is.Assignment.Team != s.done.Team || is.Rounds[pmo.KindAssignment] != s.doneRound:
		return fmt.Sprintf("%s reported it done in round %d, now it is %v", s.done.Team, s.doneRound, is.Assignment)
	}
	return ""
}

func slotFits(_, is *pmo.Request, s seen) string {
	if is.Pull == nil {
		return ""
	}
	switch is.Stage {
	case pmo.StageApproach, pmo.StageAssignment, pmo.StageExecution, pmo.StageClosure:
		return ""
	case pmo.StageReview:
		if is.Change != nil || is.Closed() {
			return ""
		}
	case pmo.StagePrioritization:
		if !s.atRest || is.Closed() {
			return ""
		}
	}
	return "a slot in " + string(is.Stage)
}

func capacityFits(_, is *pmo.Request, _ seen) string {
	if is.Assignment != nil && is.Pull == nil {
		return "a team without a slot"
	}
	return ""
}

func workFits(_, is *pmo.Request, s seen) string {
	if !s.atRest || is.Status != pmo.StatusOpen || is.Stage != pmo.StageExecution && is.Stage != pmo.StageClosure {
		return ""
	}
	if is.Pull == nil || !is.TeamConfirmed() || is.Approach.Name() == "" || is.Plan == nil {
		return fmt.Sprintf("pull %v, assignment %v, approach %q, plan %v", is.Pull, is.Assignment, is.Approach.Name(), is.Plan)
	}
	if is.Stage == pmo.StageClosure && !is.Plan.Agreed() {
		return "no agreed plan"
	}
	return ""
}

func deliveredStays(was, is *pmo.Request, _ seen) string {
	switch {
	case was.Delivered() && !is.Delivered():
		return "accepted, and no longer"
	case is.Closed() && is.Delivered() != (is.Outcome == pmo.OutcomeDelivered):
		return fmt.Sprintf("accepted at %s, closed as %s", is.AcceptedAt, is.Outcome)
	}
	return ""
}

// closedStays compares what a closed request is, without who watches it, what its team's tool shows and the records of both.
func closedStays(was, is *pmo.Request, _ seen) string {
	if !was.Closed() {
		return ""
	}
	before, after := was.Public(), is.Public()
	before.Seq, before.LedgerSeq, before.Watchers, before.Work = after.Seq, after.LedgerSeq, after.Watchers, after.Work
	return changed(before, after)
}

// changed says what differs, apart from what each execution of the workflow sets.
func changed(before, after pmo.Request) string {
	before.ProjectionVersion, before.Process = after.ProjectionVersion, after.Process
	if reflect.DeepEqual(before, after) {
		return ""
	}
	a, b := string(asJSON(before)), string(asJSON(after))
	if a == b { // empty and absent are the same
		return ""
	}
	return a + " became " + b
}

func waits(_, is *pmo.Request, s seen) string {
	due, what := is.NextDue(s.now)
	switch {
	case is.Closed() || is.Status == pmo.StatusOnHold && due.IsZero():
		return ""
	case is.Status == pmo.StatusOnHold:
		return "on hold, and " + what + " is due"
	case s.pending || !s.atRest:
		return ""
	case !due.IsZero() && !due.After(s.now):
		return what + " is due and was not done"
	case !due.IsZero(), len(is.WaitingOn()) > 0, is.WaitsForPull():
		return ""
	case is.Stage == pmo.StageExecution && is.TeamConfirmed() && is.Plan.Agreed() && is.Rules.ReportEvery == 0:
		return "" // the team works, and by policy it is not asked how it goes
	}
	return "nobody is asked and nothing is due in " + string(is.Stage)
}

// waitedOnMayAnswer gives every person waited on a verdict that says yes: it may lack data, but it is theirs to give.
func waitedOnMayAnswer(_, is *pmo.Request, s seen) string {
	if is.Status == pmo.StatusOnHold {
		return ""
	}
	for _, q := range is.OpenQuestions() {
		for _, person := range q.Waiting() {
			c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: person}}, Question: q.ID, Verdict: q.Options[0].Verdict, Reason: "because"}
			if refusal := is.CheckDecide(c, s.now); refusal != nil && refusal.Kind != pmo.RefusedInvalid {
				return fmt.Sprintf("%s is asked %s and refused: %v", person, q.ID, refusal)
			}
		}
	}
	return ""
}

func oneOpenQuestion(_, is *pmo.Request, _ seen) string {
	open := map[string]bool{}
	for _, q := range is.OpenQuestions() {
		name := string(q.Kind) + "/" + q.Group
		if open[name] {
			return name + " is open twice"
		}
		open[name] = true
	}
	return ""
}

func seqGrows(was, is *pmo.Request, _ seen) string {
	if is.Seq < was.Seq || is.LedgerSeq < was.LedgerSeq {
		return fmt.Sprintf("%d became %d, %d became %d", was.Seq, is.Seq, was.LedgerSeq, is.LedgerSeq)
	}
	if is.Seq == was.Seq {
		return changed(was.Public(), is.Public())
	}
	return ""
}

func toldFirst(was, is *pmo.Request, _ seen) string {
	for _, q := range was.OpenQuestions() {
		after := is.Question(q.ID)
		if q.Announced.Seq == 0 || len(q.Waiting()) == 0 || after == nil || after.Announced.Seq == 0 {
			continue
		}
		if after.Status == pmo.QuestionTimedOut && slices.Equal(after.Waiting(), q.Waiting()) {
			return q.ID + " timed out before it was projected"
		}
	}
	return ""
}

func roundsGrow(_, is *pmo.Request, s seen) string {
	for kind, round := range s.rounds {
		if is.Rounds[kind] < round {
			return fmt.Sprintf("%s was in round %d, now %d", kind, round, is.Rounds[kind])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.fresh)) {
		if s.asked[id] {
			return id + " was asked before"
		}
	}
	ids := map[string]bool{}
	for _, q := range is.Questions {
		if ids[q.ID] {
			return q.ID + " is there twice"
		}
		ids[q.ID] = true
	}
	return ""
}

func planBeforeDone(_, is *pmo.Request, _ seen) string {
	if !is.DoneAt.IsZero() && (is.StartedAt.IsZero() || is.Plan == nil) {
		return fmt.Sprintf("done at %s, started at %s, plan %v", is.DoneAt, is.StartedAt, is.Plan)
	}
	return ""
}

func answersFit(_, is *pmo.Request, _ seen) string {
	for _, q := range is.Questions {
		var voters []string
		for _, a := range q.Answers {
			for _, person := range slices.Compact([]string{a.By, a.For}) {
				if slices.Contains(voters, person) {
					return person + " answers twice on " + q.ID
				}
				if q.Kind.Judges() && (person == is.Requester || person == is.SubmittedBy) {
					return person + " judges their own request on " + q.ID
				}
				voters = append(voters, person)
			}
		}
	}
	return ""
}

func datesFit(_, is *pmo.Request, _ seen) string {
	for _, q := range is.Questions {
		if q.Open() && q.DueAt.IsZero() || !q.Open() && (q.SettledAt.IsZero() || len(q.Remind) > 0) {
			return fmt.Sprintf("%s is %s, due at %s, settled at %s, reminds %v", q.ID, q.Status, q.DueAt, q.SettledAt, q.Remind)
		}
	}
	return ""
}

func ledgerFits(was, is *pmo.Request, s seen) string {
	for _, e := range is.Ledger {
		switch {
		case e.Seq <= was.LedgerSeq:
			continue
		case e.Text == "" || e.Event == "":
			return fmt.Sprintf("an entry without text: %v", e)
		case s.entries[e.Key]:
			return "the ledger tells " + e.Key + " twice"
		}
		if stage, question := pmo.SubjectOfKey(e.Event, e.Key); stage != "" && stage != string(e.Stage) || question != "" && question != e.Question {
			return fmt.Sprintf("the key %s is of %q and %q, its entry of %s and %q", e.Key, stage, question, e.Stage, e.Question)
		}
	}
	return ""
}
