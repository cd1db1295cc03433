package pmo_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// merged is a merge patch as the process gets it.
func merged(t *testing.T, document string) pmo.Patch {
	p, err := pmo.MergePatch([]byte(document))
	require.NoError(t, err)
	data, err := json.Marshal(p)
	require.NoError(t, err)
	var sent pmo.Patch
	require.NoError(t, json.Unmarshal(data, &sent))
	return sent
}

func full() pmo.Content {
	return pmo.Content{Title: "Patch me", WantedBy: "2027-03-31", Skills: []string{"web"}, Baseline: pmo.Baseline{VolumePerMonth: 4, MinutesEach: 30, People: 3},
		Inputs:  pmo.Inputs{BusinessValue: ptr(8.0), TimeCriticality: ptr(3.0), RiskReduction: ptr(2.0), JobSize: ptr(2.0)},
		Context: pmo.WorkContext{People: 7, ProductOwner: ptr(true)}}
}

func TestAPatchOfAGroupLeavesItsOtherFields(t *testing.T) {
	for document, want := range map[string]func(*pmo.Content){
		`{"inputs":{"job_size":5}}`:        func(c *pmo.Content) { c.Inputs.JobSize = ptr(5.0) },
		`{"inputs":{"job_size":null}}`:     func(c *pmo.Content) { c.Inputs.JobSize = nil },
		`{"inputs":{"business_value":0}}`:  func(c *pmo.Content) { c.Inputs.BusinessValue = ptr(0.0) },
		`{"inputs":null}`:                  func(c *pmo.Content) { c.Inputs = pmo.Inputs{} },
		`{"baseline":{"people":4}}`:        func(c *pmo.Content) { c.Baseline.People = 4 },
		`{"baseline":{"people":0}}`:        func(c *pmo.Content) { c.Baseline.People = 0 },
		`{"context":{"fixed_price":true}}`: func(c *pmo.Content) { c.Context.FixedPrice = ptr(true) },
		`{"wanted_by":null,"skills":null}`: func(c *pmo.Content) { c.WantedBy, c.Skills = "", nil },
		`{"inputs":{},"baseline":{}}`:      func(*pmo.Content) {},
	} {
		before, after := full(), full()
		want(&after)
		p := merged(t, document)
		got, changed := p.Apply(before)
		require.Equal(t, after, got, document)
		require.Equal(t, full(), before, "the content given is left alone")
		if document != `{"inputs":{},"baseline":{}}` {
			require.Equal(t, p.Fields(), changed, document)
		}
		again, err := p.Document()
		require.NoError(t, err)
		data, err := json.Marshal(again)
		require.NoError(t, err)
		got, _ = merged(t, string(data)).Apply(before)
		require.Equal(t, after, got, "written and read again: %s", document)
	}
	require.True(t, merged(t, `{}`).Empty())
}

// TestAPatchRecordedBeforeReplacesTheGroup: histories of released versions have patches without the mark; they lead where they led.
func TestAPatchRecordedBeforeReplacesTheGroup(t *testing.T) {
	got, changed := pmo.Patch{Inputs: &pmo.Inputs{JobSize: ptr(5.0)}}.Apply(full())
	require.Equal(t, []string{"inputs"}, changed)
	require.Equal(t, pmo.Inputs{JobSize: ptr(5.0)}, got.Inputs)
}

func TestOwnInputsAreJudgedByOthers(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	patch := merged(t, `{"inputs":{"business_value":13}}`)
	amend(r, patch)
	require.True(t, q.Open(), "nobody has judged the inputs yet")
	r.ApplyDecide(vote("ana", pmo.VerdictApprove), start)
	amend(r, merged(t, `{"inputs":{"business_value":20}}`))
	require.Equal(t, pmo.QuestionSuperseded, r.Question(q.ID).Status, "ana said yes to other inputs")
	require.Equal(t, pmo.StageReview, r.Stage)

	r.EnterForTest(pmo.StagePrioritization, start)
	c := pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Revision: r.Revision, Patch: patch}
	require.Equal(t, pmo.RefusedOwnRequest, kind(r.CheckAmend(c)))
	c.By.Actor = "petra"
	require.Nil(t, r.CheckAmend(c))
}
