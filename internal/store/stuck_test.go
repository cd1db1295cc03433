package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestStuckSaysWhyNothingGoesOn: the most pressing reason of each request first, for its requester, for the lead of its team, for everybody's.
func TestStuckSaysWhyNothingGoesOn(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon") // led by theo, with the skill go
	by := func(who string) func(*pmo.Request) {
		return func(r *pmo.Request) { r.Requester, r.SubmittedBy = who, who }
	}
	blocked := func(r *pmo.Request) { r.Progress = &pmo.Progress{At: hours(5), Blocked: "no licence"} }
	entered := func(at time.Time) func(*pmo.Request) { return func(r *pmo.Request) { r.StageSince = at } }
	forTeam := func(skill string) func(*pmo.Request) {
		return func(r *pmo.Request) { inAssignment(r); r.Content.Skills = []string{skill}; r.RetryAt = hours(9) }
	}
	done := func(r *pmo.Request) { r.DoneAt = hours(6) }
	for _, r := range []pmo.Request{
		request("exception", by("sam"), openQuestion(pmo.KindException, hours(9), "petra"), inExecution("falcon"), blocked),
		request("blocked", by("rita"), inExecution("falcon"), blocked),
		request("blocked before any report", by("rita"), inExecution("falcon"), entered(hours(2)), func(r *pmo.Request) {
			r.Raid = []pmo.RaidItem{{Number: 1, Kind: pmo.RaidBlocker, Text: "no licence", Since: hours(3)}}
		}),
		request("no longer blocked", by("rita"), inExecution("falcon"), func(r *pmo.Request) {
			r.Raid = []pmo.RaidItem{{Number: 1, Kind: pmo.RaidBlocker, Text: "no licence", Since: hours(3), Cleared: "bought", ClearedAt: hours(4)}, {Number: 2, Kind: pmo.RaidRisk, Text: "late", Since: hours(4)}}
		}),
		request("done though blocked", by("rita"), inExecution("falcon"), blocked, done),
		request("no report", by("sam"), inExecution("falcon"), openQuestion(pmo.KindReport, hours(9), "theo")),
		request("for a team", by("rita"), forTeam("Go")),
		request("for another team", by("rita"), forTeam("cobol")),
		request("long in review", by("sam"), func(r *pmo.Request) { r.Stage = pmo.StageReview }, entered(hours(-50))),
		request("just in review", by("sam"), func(r *pmo.Request) { r.Stage = pmo.StageReview }, entered(hours(-5))),
		request("on hold", by("sam"), entered(hours(-90)), func(r *pmo.Request) { r.Status, r.Hold = pmo.StatusOnHold, &pmo.Hold{Since: hours(0)} }),
		request("secret", by("rita"), inExecution("falcon"), blocked, entered(hours(1)), func(r *pmo.Request) { r.Content.Confidential = true }),
	} {
		project(t, s, r)
	}
	usual := map[pmo.Stage]time.Time{pmo.StageReview: hours(-10)}
	stuck := func(f store.Stuck) map[string]pmo.StuckReason {
		t.Helper()
		f.Usual = usual
		items, more, err := s.Stuck(t.Context(), f)
		require.NoError(t, err)
		require.False(t, more)
		list := map[string]pmo.StuckReason{}
		for _, i := range items {
			list[i.Title] = i.Why
		}
		return list
	}
	require.Equal(t, map[string]pmo.StuckReason{"exception": pmo.StuckException, "no report": pmo.StuckReport, "long in review": pmo.StuckOverUsual},
		stuck(store.Stuck{View: store.View{Viewer: "sam"}}), "a requester: their own")
	require.Equal(t, map[string]pmo.StuckReason{"exception": pmo.StuckException, "blocked": pmo.StuckBlocked, "blocked before any report": pmo.StuckBlocked, "no report": pmo.StuckReport, "secret": pmo.StuckBlocked,
		"for a team": pmo.StuckForTeam}, stuck(store.Stuck{View: store.View{Viewer: "theo"}}), "a lead: what their team has, and what it could take")
	require.Equal(t, map[string]pmo.StuckReason{"exception": pmo.StuckException, "blocked": pmo.StuckBlocked, "blocked before any report": pmo.StuckBlocked, "no report": pmo.StuckReport, "secret": pmo.StuckBlocked,
		"long in review": pmo.StuckOverUsual}, stuck(store.Stuck{View: store.View{Viewer: "petra", SeesAll: true}, All: true}), "the PMO: everybody's")
	require.NotContains(t, stuck(store.Stuck{View: store.View{Viewer: "ada"}, All: true}), "secret")
	require.Empty(t, stuck(store.Stuck{View: store.View{Viewer: "kai"}}))
	items, more, err := s.Stuck(t.Context(), store.Stuck{View: store.View{Viewer: "petra", SeesAll: true, Limit: 2}, All: true, Usual: usual})
	require.NoError(t, err)
	require.True(t, more)
	require.Len(t, items, 2)
	require.Equal(t, []string{"exception", "blocked"}, []string{items[0].Title, items[1].Title}, "the most pressing first")
}

// TestAListKnowsWhatIsPulled, as the request itself does.
func TestAListKnowsWhatIsPulled(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	pulled := func(r *pmo.Request) { r.Pull, r.PulledAt = &pmo.Pull{Run: "run/1", At: hours(2)}, hours(2) }
	states := []pmo.Request{
		request("in review"), request("waiting", waiting), request("just pulled", waiting, pulled), request("in execution", inExecution("falcon")), request("offered", inAssignment),
		request("on hold", func(r *pmo.Request) {
			r.Stage, r.PulledAt, r.Status, r.Hold = pmo.StageExecution, hours(2), pmo.StatusOnHold, &pmo.Hold{Since: hours(3)}
		}),
		request("waits again", waiting, func(r *pmo.Request) { r.PulledAt = hours(2) }),
	}
	for _, r := range states {
		project(t, s, r)
	}
	page, err := s.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	require.Len(t, page.Items, len(states))
	for _, r := range states {
		for _, i := range page.Items {
			if i.ID == r.ID {
				require.Equal(t, r.Pulled(), i.PulledAt != nil, r.Content.Title)
			}
		}
	}
}

// TestInboxOfRequests is the part of the inbox that is about some requests.
func TestInboxOfRequests(t *testing.T) {
	s := open(t)
	one, two := request("One", openQuestion(pmo.KindReview, hours(5), "ana")), request("Two", openQuestion(pmo.KindReview, hours(6), "ana"))
	for _, r := range []pmo.Request{one, two, request("Three", openQuestion(pmo.KindReview, hours(4), "ana"))} {
		project(t, s, r)
	}
	delegate(t, s, "ana", "bo")
	for person, seat := range map[string]string{"ana": "ana", "bo": "ana"} {
		items, err := s.InboxOf(t.Context(), person, hours(11), []string{two.ID, one.ID})
		require.NoError(t, err)
		require.Len(t, items, 2)
		require.Equal(t, []string{"One", "Two", seat}, []string{items[0].Title, items[1].Title, items[0].For})
	}
	items, err := s.InboxOf(t.Context(), "ana", hours(11), nil)
	require.NoError(t, err)
	require.Empty(t, items)
}

// TestCompletionEntries are those that say how far the work is, in order.
func TestCompletionEntries(t *testing.T) {
	s := open(t)
	r, other := request("One"), request("Other")
	planned, reported := entry(2, pmo.EventPlanned), entry(4, pmo.EventReported)
	reported.Completion = &pmo.Completion{Unit: pmo.UnitTeamWeeks, Scope: 8, Done: 2}
	project(t, s, r, entry(1, pmo.EventSubmitted), planned, entry(3, pmo.EventAsked), reported)
	project(t, s, other, entry(1, pmo.EventReported))
	entries, err := s.CompletionEntries(t.Context(), r.ID)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, pmo.EventPlanned, entries[0].Event)
	require.Equal(t, reported.Completion, entries[1].Completion)
}

// TestAgreedPlans are the entries with a plan, in order; a proposal has none.
func TestAgreedPlans(t *testing.T) {
	s := open(t)
	r := request("One")
	first, proposed, second := entry(1, pmo.EventPlanned), entry(2, pmo.EventPlanned), entry(3, pmo.EventPlanned)
	first.Plan, second.Plan = &pmo.Plan{Summary: "first"}, &pmo.Plan{Summary: "second", WorkPackages: []pmo.WorkPackage{{ID: "a", Name: "A", Pessimistic: 2}}}
	project(t, s, r, first, proposed, second)
	entries, err := s.AgreedPlans(t.Context(), r.ID)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, first.Plan, entries[0].Plan)
	require.Equal(t, second.Plan, entries[1].Plan)
}
