package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// confidential is a request of sam, submitted by lea, that asks ana; theo leads its team and dora sponsors it.
func confidential() *pmo.Request {
	r := submitted()
	r.Requester, r.SubmittedBy, r.Content.Sponsor, r.Content.Confidential = "sam", "lea", "dora", true
	r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, People: []string{"ana"}, Status: pmo.QuestionOpen}}
	r.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}
	return r
}

func lastText(r *pmo.Request) string { return r.Ledger[len(r.Ledger)-1].Text }

func mergeOf(id string, wasConfidential bool, people ...string) pmo.Watch {
	return pmo.Watch{Header: pmo.Header{By: pmo.By{Via: "system", Actor: pmo.MergeActor(id)}}, Add: people, Confidential: wasConfidential}
}

// TestMergeDoesNotWidenWhoReadsAConfidentialRequest: the requester of an open request that an approver called a duplicate of a confidential one
// became its watcher and read it.
func TestMergeDoesNotWidenWhoReadsAConfidentialRequest(t *testing.T) {
	for name, c := range map[string]struct {
		splitFrom string
		watch     pmo.Watch
		watchers  []string
		says      string
	}{
		"open into confidential":         {watch: mergeOf("other", false, "rita", "ana"), watchers: []string{"wim", "ana"}, says: "Not made watchers by the merge, because this request is confidential: 1."},
		"confidential into confidential": {watch: mergeOf("other", true, "rita", "sam", "theo", "dora"), watchers: []string{"wim", "sam", "theo", "dora"}, says: "confidential: 1."},
		"only strangers":                 {watch: mergeOf("other", false, "rita", "bo"), watchers: []string{"wim"}, says: "confidential: 2."},
		"part of a confidential whole":   {splitFrom: "whole", watch: mergeOf("whole", true, "rita"), watchers: []string{"wim", "rita"}, says: "Watchers: 1 added, 0 removed."},
		"confidential part of open":      {splitFrom: "whole", watch: mergeOf("whole", false, "rita"), watchers: []string{"wim"}, says: "confidential: 1."},
		"other into a part":              {splitFrom: "whole", watch: mergeOf("other", true, "rita"), watchers: []string{"wim"}, says: "confidential: 1."},
	} {
		t.Run(name, func(t *testing.T) {
			r := confidential()
			r.Watchers, r.SplitFrom = []string{"wim"}, c.splitFrom
			r.ApplyMerge(c.watch, start)
			require.Equal(t, c.watchers, r.Watchers)
			require.Contains(t, lastText(r), c.says)
		})
	}
	open := submitted()
	open.Watchers = nil
	open.ApplyMerge(mergeOf("other", false, "rita"), start)
	require.Equal(t, []string{"rita"}, open.Watchers, "an open request may be read by everybody anyway")
	require.Equal(t, "Watchers: 1 added, 0 removed.", lastText(open))
}

// TestMakingARequestConfidentialDropsItsWatchers: people who watched an open request, which needs no permission, went on reading it.
func TestMakingARequestConfidentialDropsItsWatchers(t *testing.T) {
	opened := func() *pmo.Request {
		r := confidential()
		r.Content.Confidential = false
		r.Watchers = []string{"rita", "theo", "bo", "ana"}
		return r
	}
	secret := pmo.Patch{Confidential: ptr(true)}
	dropped := func(t *testing.T, r *pmo.Request) {
		t.Helper()
		require.Equal(t, []string{"theo", "ana"}, r.Watchers, "a lead and who is asked take part")
		var said bool
		for _, e := range r.Ledger {
			said = said || e.Event == pmo.EventWatched && e.Text == "No longer watchers, because the request became confidential: rita, bo. Who may share it can add them again."
			if said {
				require.NotContains(t, e.Recipients, "rita", "they may not read what happens from now on: %s", e.Text)
			}
		}
		require.True(t, said)
	}
	t.Run("amendment", func(t *testing.T) {
		r := opened()
		require.Equal(t, "amended", amend(r, secret).Result)
		dropped(t, r)
	})
	t.Run("answer of the requester", func(t *testing.T) {
		r := opened()
		r.Stage, r.Status = pmo.StageIntake, pmo.StatusOpen
		r.Questions = append(r.Questions, pmo.Question{ID: "clarify/1", Kind: pmo.KindClarify, Round: 1, People: []string{"sam"}, Options: pmo.Options(pmo.KindClarify),
			Status: pmo.QuestionOpen, Quorum: pmo.Quorum{Mode: pmo.QuorumAny}})
		c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: "clarify/1", Verdict: "provide", Data: pmo.Data{Patch: &secret}}
		require.Nil(t, r.CheckDecide(c, start))
		r.ApplyDecide(c, start)
		require.True(t, r.Content.Confidential)
		dropped(t, r)
	})
	t.Run("was confidential already", func(t *testing.T) {
		r := opened()
		r.Content.Confidential = true
		require.Equal(t, "unchanged", amend(r, secret).Result)
		require.Len(t, r.Watchers, 4, "they were added by people who may share it")
	})
	t.Run("another field", func(t *testing.T) {
		r := opened()
		amend(r, pmo.Patch{Users: ptr("drivers")})
		require.Len(t, r.Watchers, 4)
	})
}
