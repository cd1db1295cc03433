package stock

import (
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"leanpmo/internal/pmo"
)

// life is one request as its process would have left it: the state, and the entries of its ledger.
type life struct {
	*maker
	r       *pmo.Request
	entries []pmo.Entry
	at      time.Time // how far the life has been told
	ends    time.Time // nothing happens later
}

// teams have these leads and skills.
var teams = []pmo.Team{
	{ID: "falcon", Name: "Falcon", Leads: []string{"theo"}, Skills: []string{"web"}, Capacity: 400},
	{ID: "otter", Name: "Otter", Leads: []string{"lena"}, Skills: []string{"web", "gis"}, Capacity: 400},
	{ID: "heron", Name: "Heron", Leads: []string{"kai"}, Skills: []string{"mobile"}, Capacity: 400},
}

// mix says how many of a hundred requests are in a stage now; those that are missing have been closed.
var mix = []struct {
	stage pmo.Stage
	of100 int
}{{pmo.StageIntake, 1}, {pmo.StageReview, 4}, {pmo.StagePrioritization, 8}, {pmo.StageApproach, 1}, {pmo.StageAssignment, 1}, {pmo.StageExecution, 3}, {pmo.StageClosure, 1}}

// newLife tells a request up to the stage that its number gives it.
func (m *maker) newLife(n int) *life {
	stage, closed := pmo.StageClosure, true
	place := n % 100
	for _, s := range mix {
		if place < s.of100 {
			stage, closed = s.stage, false
			break
		}
		place -= s.of100
	}
	age := 2 * 365 * 24 * time.Hour
	if !closed {
		age = 90 * 24 * time.Hour
	}
	submitted := m.now.Add(-time.Duration(m.random.Float64() * float64(age))).Add(-time.Hour).Truncate(time.Second)
	requester := m.people[int(float64(len(m.people))*math.Pow(m.random.Float64(), 2))]
	content := m.content()
	l := &life{maker: m, at: submitted, ends: m.now}
	l.r = pmo.New(m.id(), "digest", pmo.Submission{Content: content, Requester: requester, SubmittedBy: requester, At: submitted})
	l.r.Number, l.r.Portfolio, l.r.Lane, l.r.LaneReason, l.r.Severity = int64(n+1), Portfolio, pmo.LaneStandard, "it is neither small and known nor large", "minor"
	l.r.Rules.Policy = "1"
	l.note(pmo.EventSubmitted, "", requester, "Submitted: "+content.Title)
	l.note(pmo.EventAdmitted, "", "", "Admitted in the standard lane, because it is neither small and known nor large.")
	l.tell(stage, closed, n)
	l.r.Seq, l.r.LedgerSeq = int64(len(l.entries)), int64(len(l.entries))
	l.r.ProjectionVersion = pmo.ProjectionVersion{Events: len(l.entries), At: l.at}
	return l
}

// id is a uuid of the maker's own random numbers, so that the same seed makes the same stock.
func (m *maker) id() string {
	id, err := uuid.NewRandomFromReader(m.random)
	if err != nil {
		panic(err) // a generator of numbers never ends
	}
	return id.String()
}

func (m *maker) content() pmo.Content {
	kinds := []string{"enhancement", "enhancement", "new_application", "support", "bug", "data", "procurement", "process_change"}
	number := func(list ...float64) *float64 { n := list[m.random.Intn(len(list))]; return &n }
	c := pmo.Content{Title: m.Text(4, 8), Kind: kinds[m.random.Intn(len(kinds))], Problem: m.Text(15, 60), Outcome: m.Text(8, 25),
		Baseline: pmo.Baseline{VolumePerMonth: 4, MinutesEach: 30 + 10*float64(m.random.Intn(30)), People: m.random.Intn(200)}, Size: 1 + float64(m.random.Intn(8)),
		Themes: []string{[]string{"service", "efficiency", "safety", "sustainability", "modernization"}[m.random.Intn(5)]}, Skills: []string{"web"},
		Inputs:       pmo.Inputs{BusinessValue: number(1, 2, 3, 5, 8, 13), TimeCriticality: number(1, 2, 3, 5, 8), RiskReduction: number(1, 2, 3), JobSize: number(1, 2, 3, 5, 8)},
		Confidential: m.random.Intn(50) == 0}
	if m.random.Intn(5) == 0 {
		c.WantedBy, c.WantedCause = pmo.Date(m.now.AddDate(0, m.random.Intn(9)-2, 0).Format(time.DateOnly)), m.Text(3, 9)
	}
	return c
}

// later moves on by some time, short stays more often than long ones, and never beyond the end.
func (l *life) later(mean time.Duration) {
	l.at = l.at.Add(time.Duration(l.random.ExpFloat64() * float64(mean))).Truncate(time.Second)
	if l.at.After(l.ends) {
		l.at = l.ends
	}
}

// note adds an entry with the key that the process gives it, and whom it tells.
func (l *life) note(event, question, actor, text string) {
	e := l.r.Note(l.at, pmo.By{Actor: actor}, pmo.Entry{Event: event, Question: question, Text: text})
	e.Seq = int64(len(l.entries) + 1)
	e.Key = fmt.Sprintf("%s/%s/%s*%d~%08x", event, l.r.Stage, question, len(l.entries)+1, l.random.Uint32())
	switch {
	case event == pmo.EventSubmitted:
		e.Key = event
	case actor != "":
		e.Key = fmt.Sprintf("%s@%032x", event, l.random.Uint64())
	case question != "":
		e.Key = event + "/" + question
	}
	l.entries = append(l.entries, e)
}

func (l *life) enter(stage pmo.Stage) {
	l.r.Stage, l.r.StageSince = stage, l.at
	l.note(pmo.EventStage, "", "", "Entered "+string(stage)+".")
}

// tell goes through the stages in their order.
func (l *life) tell(last pmo.Stage, closed bool, n int) {
	const day = 24 * time.Hour
	ends := pmo.OutcomeDelivered
	if closed && n%10 == 9 { // of those that are closed, some ended early
		last, ends = []pmo.Stage{pmo.StageReview, pmo.StagePrioritization}[n/10%2], []pmo.Outcome{pmo.OutcomeRejected, pmo.OutcomeWithdrawn}[n/10%2]
	}
	stages := []struct {
		stage pmo.Stage
		stay  time.Duration
		does  func(open bool)
	}{
		{pmo.StageIntake, day / 4, func(open bool) { l.ask(pmo.KindClarify, "", open, l.r.Requester) }},
		{pmo.StageReview, 3 * day, func(open bool) { l.ask(pmo.KindReview, "approvers", open, "ana", "bo") }},
		{pmo.StagePrioritization, 20 * day, func(bool) {}},
		{pmo.StageApproach, day, func(open bool) { l.pulled(); l.ask(pmo.KindApproach, "", open, "theo", "lena", "kai") }},
		{pmo.StageAssignment, day, l.offered},
		{pmo.StageExecution, 25 * day, l.executed},
		{pmo.StageClosure, 2 * day, func(open bool) { l.r.DoneAt = l.at; l.ask(pmo.KindAcceptance, "", open, l.r.Requester) }},
	}
	for _, s := range stages {
		if s.stage != pmo.StageIntake {
			l.enter(s.stage)
		}
		open := s.stage == last && !closed
		if s.stage == pmo.StageIntake && !open && l.random.Intn(3) > 0 {
			l.later(time.Minute)
			continue // complete as it was
		}
		l.later(s.stay / 4)
		s.does(open)
		if open {
			return
		}
		l.later(s.stay * 3 / 4)
		if s.stage == last {
			break
		}
	}
	l.close(ends)
}

func (l *life) close(outcome pmo.Outcome) {
	if outcome == pmo.OutcomeDelivered {
		l.r.AcceptedAt = l.at
		l.note(pmo.EventAccepted, "", "", "Accepted as it was agreed.")
		l.r.Lessons = []pmo.Lesson{{By: "theo", Observation: l.Text(8, 20), Recommendation: l.Text(5, 12)}}
	}
	l.r.Status, l.r.Outcome, l.r.ClosedAt, l.r.Reason = pmo.StatusClosed, outcome, l.at, l.Text(4, 10)
	l.note(pmo.EventClosed, "", "", "Closed as "+string(outcome)+": "+l.r.Reason)
}

func (l *life) pulled() {
	l.r.PulledAt, l.r.Pull = l.at, &pmo.Pull{Run: "prioritization/" + Portfolio + "/now/1", At: l.at, Why: "Rank 1 of 40, and a slot was free."}
	l.note(pmo.EventPulled, "", "", "Pulled: rank 1 of 40, and a slot was free.")
	l.r.Approach = &pmo.Approach{Recommended: "scrum", RunnerUp: "kanban", Reasons: []string{l.Text(6, 14), l.Text(6, 14), l.Text(6, 14)}, Sensitivity: []string{l.Text(6, 14)}, Policy: "1"}
	l.note(pmo.EventRecommended, "", "", "Recommended: scrum. "+l.Text(6, 14))
}

func (l *life) offered(open bool) {
	team := teams[l.random.Intn(len(teams))]
	l.r.Assignment = &pmo.Assignment{Team: team.ID, Leads: team.Leads, Size: l.r.Content.Size, Reasons: []string{l.Text(6, 14), l.Text(6, 14)}, OfferedAt: l.at, Policy: "1"}
	l.note(pmo.EventOffered, "", "", "Offered to "+team.Name+", which has the skills and the capacity.")
	l.ask(pmo.KindAssignment, team.ID, open, team.Leads...)
	if !open {
		l.r.Assignment.ConfirmedAt = l.at
		l.note(pmo.EventAssigned, "", "", team.Name+" accepts.")
	}
}

func (l *life) executed(open bool) {
	l.ask(pmo.KindPlan, "", false, l.r.Requester, "theo")
	l.r.StartedAt = l.at
	l.r.Plan = &pmo.Plan{Approach: "scrum", Summary: l.Text(10, 30), Iterations: 3, WeeksEach: 2, AgreedAt: l.at,
		Milestones: []pmo.Milestone{{Name: l.Text(2, 5), Due: pmo.Date(l.at.AddDate(0, 1, 0).Format(time.DateOnly))}, {Name: l.Text(2, 5), Due: pmo.Date(l.at.AddDate(0, 2, 0).Format(time.DateOnly))}}}
	l.note(pmo.EventPlanned, "", "", "The plan is agreed: "+l.r.Plan.Summary)
	if l.random.Intn(6) == 0 {
		l.later(24 * time.Hour)
		l.note(pmo.EventHeld, "", "petra", "On hold: "+l.Text(4, 9))
		l.later(5 * 24 * time.Hour)
		l.note(pmo.EventResumed, "", "petra", "Goes on.")
	}
	percent := 60
	l.r.Progress = &pmo.Progress{At: l.at, By: "theo", Percent: &percent, Note: l.Text(5, 20), Health: pmo.HealthGreen}
}

// ask asks a question and, unless it stays open, has it answered: sometimes after reminders.
func (l *life) ask(kind pmo.Kind, group string, open bool, people ...string) {
	q := pmo.Question{ID: pmo.QuestionID(kind, 1, group), Kind: kind, Round: 1, Group: group, Version: 1, Text: l.Text(6, 12) + "?", People: people, Escalation: []string{"petra"},
		Options: pmo.Options(kind), Quorum: pmo.Quorum{Mode: pmo.QuorumAny}, OpenedAt: l.at, DueAt: l.at.Add(72 * time.Hour), OnSilence: "escalate", Status: pmo.QuestionOpen, Policy: "1"}
	if open { // of what is open some is late and most is not
		q.DueAt = l.ends.Add(time.Duration(l.random.Intn(200)-50) * time.Hour)
	}
	l.note(pmo.EventAsked, q.ID, "", "Asked: "+q.Text)
	l.r.Rounds = map[pmo.Kind]int{kind: 1}
	if !open {
		l.later(36 * time.Hour)
		verdict := q.Options[0].Verdict
		for _, p := range people[:1] {
			q.Answers = append(q.Answers, pmo.Answer{By: p, For: p, Via: "web", Verdict: verdict, Reason: l.Text(0, 9), At: l.at})
			l.note(pmo.EventAnswered, q.ID, p, p+" answers "+verdict+".")
		}
		q.Status, q.Verdict, q.SettledBy, q.SettledAt = pmo.QuestionSettled, verdict, people[0], l.at
		l.note(pmo.EventSettled, q.ID, "", "Settled: "+verdict+".")
	}
	l.r.Questions = append(l.r.Questions, q)
}
