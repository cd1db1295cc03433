package pmo_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

var everybody = []string{"sam", "lea", "ana", "bo", "cy", "petra", "theo", "lena", "dora"}

// machine throws commands, sensible and not, and time at a request and watches what must always hold.
type machine struct {
	driver
	seq, ledgerSeq int64
	closed         *pmo.Request
	keys           map[string]bool
}

func TestMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		five := 5.0
		content := pmo.Content{Title: "Vehicle booking", Kind: "enhancement", Size: 1}
		if rapid.Bool().Draw(t, "scored") {
			content.Inputs = pmo.Inputs{BusinessValue: &five, TimeCriticality: &five, RiskReduction: &five, JobSize: &five}
		}
		if rapid.Bool().Draw(t, "sponsored") {
			content.Sponsor = "dora"
		}
		m := &machine{keys: map[string]bool{}, driver: driver{now: start, draw: t, policy: drawPolicy(t),
			Request: pmo.New("r1", "d1", pmo.Submission{Content: content, Requester: "sam", SubmittedBy: rapid.SampledFrom([]string{"sam", "lea"}).Draw(t, "by"), At: start})}}
		m.settle()
		t.Repeat(map[string]func(*rapid.T){
			"": m.holds, "decide": m.decide, "agree": m.agree, "decide again": m.agree, "agree more": m.agree, "command": m.command, "stop": m.stop, "time": m.time, "pull": m.pull,
		})
	})
}

func (m *machine) who() pmo.By {
	by := pmo.By{Actor: rapid.SampledFrom(everybody).Draw(m.draw, "actor"), Via: "api"}
	if rapid.IntRange(0, 4).Draw(m.draw, "delegate") == 0 {
		by.For = rapid.SampledFrom(everybody).Draw(m.draw, "for")
	}
	return by
}

func (m *machine) take(name string, refusal *pmo.Refusal, apply func()) {
	if refusal != nil {
		require.NotEmpty(m.draw, refusal.Kind, name)
		require.NotEmpty(m.draw, refusal.Detail, name)
		return
	}
	require.False(m.draw, m.Closed(), "%s was taken by a closed request", name)
	apply()
	m.settle()
}

func (m *machine) data() pmo.Data {
	d := pmo.Data{}
	if rapid.Bool().Draw(m.draw, "full") {
		size := float64(rapid.IntRange(1, 3).Draw(m.draw, "size"))
		d = pmo.Data{Patch: &pmo.Patch{Size: &size}, Until: pmo.Date(m.now.AddDate(0, 0, rapid.IntRange(-1, 200).Draw(m.draw, "until")).Format(time.DateOnly)),
			Of: rapid.SampledFrom([]string{"r1", "r2"}).Draw(m.draw, "of"), Inputs: &pmo.Inputs{JobSize: &size}, Approach: "scrum", Plan: &pmo.Plan{Summary: "another"},
			Team: rapid.SampledFrom([]string{"falcon", "otter"}).Draw(m.draw, "named"), Person: rapid.SampledFrom(everybody).Draw(m.draw, "person")}
	}
	return d
}

// decide answers anything with anything.
func (m *machine) decide(t *rapid.T) {
	m.draw = t
	questions := []string{"", "review/9", "review/1", "clarify/1"}
	verdicts := []string{"", "perhaps", pmo.VerdictApprove, pmo.VerdictExpire}
	for _, q := range m.Questions {
		questions = append(questions, q.ID)
		for _, o := range q.Options {
			verdicts = append(verdicts, o.Verdict)
		}
	}
	c := pmo.Decide{Header: pmo.Header{By: m.who()}, Question: rapid.SampledFrom(questions).Draw(t, "question"), Verdict: rapid.SampledFrom(verdicts).Draw(t, "verdict"), Data: m.data()}
	if rapid.Bool().Draw(t, "reason") {
		c.Reason = "because"
	}
	m.take("decide", m.CheckDecide(c, m.now), func() { m.ApplyDecide(c, m.now) })
}

// agree is a sensible answer to an open question, so that requests come far.
func (m *machine) agree(t *rapid.T) {
	m.draw = t
	open := m.OpenQuestions()
	if len(open) == 0 {
		t.Skip("nobody is asked")
	}
	q := rapid.SampledFrom(open).Draw(t, "question")
	if len(q.Waiting()) == 0 {
		t.Skip("nobody may answer")
	}
	size := 1.0
	verdict := q.Options[0].Verdict
	if q.Kind == pmo.KindException {
		verdict = pmo.VerdictWait
		if len(q.Options) > 3 {
			verdict = rapid.SampledFrom([]string{pmo.VerdictWait, q.Options[1].Verdict, q.Options[3].Verdict}).Draw(t, "exception")
		}
	}
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: q.Waiting()[0]}}, Question: q.ID, Verdict: verdict, Reason: "yes", Data: pmo.Data{Inputs: &pmo.Inputs{
		BusinessValue: &size, TimeCriticality: &size, RiskReduction: &size, JobSize: &size}}}
	if q.Kind == pmo.KindException {
		c.Data.Team, c.Data.Person = "falcon", "cy"
	}
	if q.Kind == pmo.KindClarify {
		users := fmt.Sprint(m.now)
		c.Data.Patch = &pmo.Patch{Users: &users}
	}
	refusal := m.CheckDecide(c, m.now)
	if refusal != nil && m.Status == pmo.StatusOnHold {
		t.Skip("on hold")
	}
	m.take("agree", refusal, func() { m.ApplyDecide(c, m.now) })
	require.Nil(t, refusal)
}

func (m *machine) command(t *rapid.T) {
	m.draw = t
	by := m.who()
	switch rapid.IntRange(0, 6).Draw(t, "command") {
	case 0:
		patch := pmo.Patch{}
		if d := m.data(); d.Patch != nil {
			patch = *d.Patch
		}
		c := pmo.Amend{Header: pmo.Header{By: by}, Revision: m.Revision - rapid.IntRange(0, 1).Draw(t, "stale"), Patch: patch}
		m.take("amend", m.CheckAmend(c), func() { m.ApplyAmend(c, m.now) })
	case 1, 2:
		percent := rapid.IntRange(-1, 101).Draw(t, "percent")
		c := pmo.Report{Header: pmo.Header{By: by}, Percent: &percent, Done: rapid.Bool().Draw(t, "done")}
		m.take("report", m.CheckReport(c), func() { m.ApplyReport(c, m.now) })
	case 3:
		c := pmo.Reassign{Header: pmo.Header{By: by}, Reason: "away", Team: rapid.SampledFrom([]string{"", "falcon", "otter"}).Draw(t, "team")}
		if open := m.OpenQuestions(); len(open) > 0 && rapid.Bool().Draw(t, "person") {
			c.Question, c.From, c.To = open[0].ID, rapid.SampledFrom(everybody).Draw(t, "from"), rapid.SampledFrom(everybody).Draw(t, "to")
		}
		m.take("reassign", m.CheckReassign(c), func() { m.ApplyReassign(c, m.now) })
	case 4:
		d := m.data()
		if d.Inputs == nil {
			d.Inputs = &pmo.Inputs{}
		}
		c := pmo.SetInputs{Header: pmo.Header{By: by}, Inputs: *d.Inputs}
		m.take("inputs", m.CheckInputs(c), func() { m.ApplyInputs(c, m.now) })
	case 5:
		m.RetryAssignment()
		m.settle()
	case 6:
		c := pmo.OverridePull{Header: pmo.Header{By: by}, Reason: "a law"}
		m.take("pull", m.CheckPull(c), func() { m.ApplyPull(c, m.now) })
	}
}

func (m *machine) stop(t *rapid.T) {
	m.draw = t
	c := pmo.Stop{Header: pmo.Header{By: m.who()}, Reason: "because"}
	switch rapid.IntRange(0, 12).Draw(t, "stop") {
	case 0:
		m.take("withdraw", m.CheckWithdraw(c), func() { m.ApplyWithdraw(c, m.now) })
	case 1:
		c.Into = rapid.SampledFrom([][]string{nil, {"r2", "r3"}, {"r1"}}).Draw(t, "into")
		m.take("cancel", m.CheckCancel(c), func() { m.ApplyCancel(c, m.now) })
	case 2, 3, 4:
		m.take("hold", m.CheckHold(c), func() { m.ApplyHold(c, m.now) })
	case 5:
		m.take("wake", m.CheckWake(c), func() { m.ApplyWake(c, m.now) })
	default:
		m.take("resume", m.CheckResume(c), func() { m.ApplyResume(c, m.now) })
	}
}

func (m *machine) time(t *rapid.T) {
	m.draw = t
	jump := time.Duration(rapid.Int64Range(1, int64(100*day)).Draw(t, "jump"))
	if due, _ := m.NextDue(m.now); !due.IsZero() && rapid.Bool().Draw(t, "to the next due moment") {
		jump = due.Sub(m.now)
	}
	m.now = m.now.Add(jump)
	m.settle()
}

func (m *machine) pull(t *rapid.T) {
	m.draw = t
	waits := m.WaitsForPull()
	require.Equal(t, waits, m.TakeSlot(pmo.Pull{Run: "run", At: m.now}, m.now))
	m.settle()
}

// holds is what must be true whenever the process rests.
func (m *machine) holds(t *rapid.T) {
	m.draw = t
	m.grows(t)
	m.votes(t)
	m.waits(t)
	m.closes(t)
	m.holdsTeam(t)
	copied := m.Snapshot()
	data, err := json.Marshal(copied)
	require.NoError(t, err)
	var back pmo.Request
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, copied, back)
}

func (m *machine) grows(t *rapid.T) {
	require.GreaterOrEqual(t, m.Seq, m.seq)
	require.GreaterOrEqual(t, m.LedgerSeq, m.ledgerSeq)
	m.seq, m.ledgerSeq = m.Seq, m.LedgerSeq
	for _, e := range m.UnprojectedEntries() {
		require.False(t, m.keys[e.Key], "the ledger tells %s twice", e.Key)
		m.keys[e.Key] = true
		require.NotEmpty(t, e.Text)
	}
	m.MarkProjected(m.LedgerSeq)
	require.Empty(t, m.Ledger)
}

func (m *machine) votes(t *rapid.T) {
	seen := map[string]bool{}
	for _, q := range m.Questions {
		require.False(t, seen[q.ID], "%s is there twice", q.ID)
		seen[q.ID] = true
		var voters []string
		for _, a := range q.Answers {
			people := slices.Compact([]string{a.By, a.For})
			for _, person := range people {
				require.NotContains(t, voters, person, "%s votes twice on %s", person, q.ID)
				if q.Kind == pmo.KindReview {
					require.NotContains(t, []string{m.Requester, m.SubmittedBy}, person, "nobody judges their own request")
				}
			}
			voters = append(voters, people...)
		}
		if q.Open() {
			require.False(t, q.DueAt.IsZero(), "%s has no due date", q.ID)
		} else {
			require.False(t, q.SettledAt.IsZero())
		}
	}
}

func (m *machine) waits(t *rapid.T) {
	require.Contains(t, pmo.Stages(), m.Stage)
	require.Equal(t, m.Status == pmo.StatusOnHold, m.Hold != nil)
	due, _ := m.NextDue(m.now)
	switch m.Status {
	case pmo.StatusOpen:
		require.True(t, due.IsZero() || due.After(m.now))
		nobody := len(m.OpenQuestions()) == 0 && due.IsZero()
		require.False(t, nobody && !m.WaitsForPull() && (m.Stage != pmo.StageExecution || m.policy.rules.ReportEvery > 0), "nobody is asked and nothing is due in %s", m.Stage)
	case pmo.StatusDeferred:
		require.NotNil(t, m.Deferral)
		require.Equal(t, pmo.StageReview, m.Stage)
		require.True(t, due.After(m.now))
	case pmo.StatusOnHold:
		require.True(t, due.IsZero())
		require.Empty(t, m.WaitingOn())
	}
}

func (m *machine) closes(t *rapid.T) {
	if m.closed != nil {
		now := m.Snapshot()
		now.Seq = m.closed.Seq // a slot that comes too late is given back by one more projection
		require.Equal(t, *m.closed, now, "closed is closed")
		return
	}
	if m.Status != pmo.StatusClosed {
		require.Empty(t, m.Outcome)
		return
	}
	require.NotEmpty(t, m.Outcome)
	require.NotEmpty(t, m.Reason)
	require.False(t, m.ClosedAt.IsZero())
	require.Empty(t, m.OpenQuestions())
	final := m.Snapshot()
	m.closed = &final
}

// holdsTeam: nobody works without a slot, a team that agreed, and a way of working.
func (m *machine) holdsTeam(t *rapid.T) {
	if m.Status != pmo.StatusOpen || m.Stage != pmo.StageExecution && m.Stage != pmo.StageClosure {
		return
	}
	require.NotNil(t, m.Pull)
	require.NotNil(t, m.Assignment)
	require.False(t, m.Assignment.ConfirmedAt.IsZero())
	require.NotEmpty(t, m.Approach.Name())
}
