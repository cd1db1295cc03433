package pmo_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestCommandsAreLimited(t *testing.T) {
	long, lessons := strings.Repeat("ü", 4001), make([]pmo.Lesson, 51)
	for name, c := range map[string]struct {
		command any
		field   string // of the refusal; none: it is taken
	}{
		"a long note":              {pmo.Report{Note: long[:8000]}, ""},
		"a note that is too long":  {pmo.Report{Note: long}, "/note"},
		"a risk":                   {pmo.Report{Risks: []pmo.Risk{{Text: "a"}, {Text: long}}}, "/risks/1/text"},
		"a lesson":                 {pmo.Report{Lessons: []pmo.Lesson{{Observation: long}}}, "/lessons/0/observation"},
		"many lessons":             {pmo.Report{Lessons: lessons}, "/lessons"},
		"a plan's summary":         {pmo.Decide{Data: pmo.Data{Plan: &pmo.Plan{Summary: long}}}, "/data/plan/summary"},
		"a plan's milestone":       {pmo.Decide{Data: pmo.Data{Plan: &pmo.Plan{Milestones: []pmo.Milestone{{Name: long}}}}}, "/data/plan/milestones/0/name"},
		"many milestones":          {pmo.Decide{Data: pmo.Data{Plan: &pmo.Plan{Milestones: make([]pmo.Milestone, 51)}}}, "/data/plan/milestones"},
		"a form's text":            {pmo.Amend{Patch: pmo.Patch{Problem: ptr(strings.Repeat("p", 8000))}}, ""},
		"a form's text, too long":  {pmo.Amend{Patch: pmo.Patch{Problem: ptr(strings.Repeat("p", 8001))}}, "/patch/problem"},
		"a withdrawal":             {pmo.Stop{Reason: long}, "/reason"},
		"watchers":                 {pmo.Watch{Add: make([]string, 51)}, "/add"},
		"a reassignment's team":    {pmo.Reassign{Team: strings.Repeat("t", 201)}, "/team"},
		"the sender is not a text": {pmo.Stop{Header: pmo.Header{By: pmo.By{Digest: long}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			refusal := submitted().CheckLimits(c.command)
			if c.field == "" {
				require.Nil(t, refusal)
				return
			}
			require.NotNil(t, refusal)
			require.Equal(t, pmo.RefusedInvalid, refusal.Kind)
			require.Equal(t, c.field, refusal.Field)
		})
	}
	texts := pmo.Report{Risks: make([]pmo.Risk, 50), Lessons: make([]pmo.Lesson, 50)}
	for i := range texts.Risks {
		texts.Risks[i].Text, texts.Lessons[i].Observation = strings.Repeat("界", 1000), strings.Repeat("界", 1000)
	}
	require.ErrorContains(t, error(submitted().CheckLimits(texts)), "bytes", "each text is short enough, together they are not")
}

// TestStateStaysSmall lets a request take as much as its limits allow. It can always be ended.
func TestStateStaysSmall(t *testing.T) {
	r, report := inWork(t), pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Note: strings.Repeat("n", 4000), Lessons: make([]pmo.Lesson, 30)}
	for i := range report.Lessons {
		report.Lessons[i].Observation = strings.Repeat("l", 1000)
	}
	taken := 0
	for r.CheckLimits(report) == nil {
		require.Nil(t, r.CheckReport(report, start))
		r.ApplyReport(report, start)
		taken++
	}
	require.Equal(t, 3, taken, "the fourth has lessons above the limit")
	require.Equal(t, "/lessons", r.CheckLimits(report).Field)
	acceptance := pmo.Decide{Question: "acceptance/1", Verdict: pmo.VerdictAccept, Data: pmo.Data{Lessons: report.Lessons}}
	require.Equal(t, "/data/lessons", r.CheckLimits(acceptance).Field)
	report.Lessons = nil
	for r.CheckLimits(report) == nil { // the ledger's entries wait for a database that is away
		r.ApplyReport(report, start)
		taken++
	}
	require.Greater(t, taken, 50)
	state, err := json.Marshal(r)
	require.NoError(t, err)
	require.LessOrEqual(t, len(state), 512<<10)
	for _, reason := range []string{"", strings.Repeat("r", 4000)} {
		require.Nil(t, r.CheckLimits(pmo.Stop{Reason: reason}))
	}
	require.Nil(t, r.CheckCancel(pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "no longer needed"}))
}

// TestLimitsOfSignalsBelongToTheirVersion: replay repeats the check of a signal. A version that was released keeps its limits; to change them,
// give the next version others.
func TestLimitsOfSignalsBelongToTheirVersion(t *testing.T) {
	for version, want := range map[pmo.ProcessVersion][2]int{-1: {}, pmo.Process05: {128 << 10, 200}, pmo.Process06: {128 << 10, 200}} {
		bytes, characters := pmo.SignalLimitForTest(version)
		require.Equal(t, want, [2]int{bytes, characters}, version)
	}
}

// TestARefusedSignalTakesLittleRoom: nobody has checked how long the texts of a signal are.
func TestARefusedSignalTakesLittleRoom(t *testing.T) {
	r, long := submitted(), strings.Repeat("ü", 1<<20)
	r.RecordRefusedSignal(pmo.Decide{Question: long, Verdict: long, Reason: long}, &pmo.Refusal{Kind: pmo.RefusedForbidden, Detail: "may not"}, start)
	require.Less(t, len(asJSON(r.Ledger[len(r.Ledger)-1])), 2048)
}
