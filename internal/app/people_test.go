package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
)

type openQuestions struct {
	requests []pmo.Request
	away     map[string]string
	leads    map[string][]string
	read     int
}

func (o *openQuestions) Asking(_ context.Context, after string, limit int) ([]pmo.Request, error) {
	o.read++
	var page []pmo.Request
	for _, r := range o.requests {
		if r.ID > after && len(page) < limit {
			page = append(page, r.Snapshot())
		}
	}
	return page, nil
}

func (o *openQuestions) Delegates(context.Context, []string, time.Time) (map[string]string, error) {
	return o.away, nil
}

func (o *openQuestions) Leads(context.Context) (map[string][]string, error) { return o.leads, nil }

// TestRequestsOfATeamWithOtherLeadsAreTold: the team was changed by hand, and nobody's delegation.
func TestRequestsOfATeamWithOtherLeadsAreTold(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	dir, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	rules := policy.Default()
	var requests []pmo.Request
	for id, team := range map[string]string{"a": "falcon", "b": "heron"} {
		r := pmo.New(id, "d", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: at})
		r.Portfolio, r.Assignment = "digital", &pmo.Assignment{Team: team, Leads: []string{"theo"}}
		r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReport}, rules.QuestionTerms(r.TermsInput(pmo.KindReport, 1, "", nil, at), dir, nil), at)
		requests = append(requests, *r)
	}
	slices.SortFunc(requests, func(a, b pmo.Request) int { return strings.Compare(a.ID, b.ID) })
	open := &openQuestions{requests: requests, away: map[string]string{}, leads: map[string][]string{"falcon": {"theo"}, "heron": {"theo"}}}
	var told []string
	w := &peopleWatch{store: open, directory: dir, policy: policy.Holding(rules), log: slog.New(slog.DiscardHandler), tell: func(_ context.Context, id string) error {
		told = append(told, id)
		return nil
	}}
	require.NoError(t, w.look(t.Context(), at))
	require.Empty(t, told)
	open.leads = map[string][]string{"falcon": {"kai"}, "heron": {"theo"}}
	require.NoError(t, w.look(t.Context(), at.Add(time.Second)))
	require.Equal(t, []string{"a"}, told)
}

func TestRequestsWhosePeopleChangedAreTold(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	dir, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	rules := policy.Default()
	quorum := &pmo.Quorum{Mode: pmo.QuorumCount, N: 2}
	asking := func(id string, people ...string) pmo.Request {
		r := pmo.New(id, "d", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: at})
		r.Portfolio = "digital"
		terms := rules.QuestionTerms(r.TermsInput(pmo.KindReview, 1, "approvers", quorum, at), dir, nil)
		if people != nil {
			terms.People = people
		}
		r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview, Group: "approvers", Quorum: quorum}, terms, at)
		return *r
	}
	open := &openQuestions{requests: []pmo.Request{asking("a"), asking("b", "gone", "ana"), asking("c", "closed")}, away: map[string]string{}}
	var told []string
	w := &peopleWatch{store: open, directory: dir, policy: policy.Holding(rules), log: slog.New(slog.DiscardHandler), tell: func(_ context.Context, id string) error {
		told = append(told, id)
		if id == "c" {
			return problem.New(problem.NotFound, "it has ended")
		}
		return nil
	}}
	look := func(after time.Duration) {
		t.Helper()
		told = nil
		require.NoError(t, w.look(t.Context(), at.Add(after)))
	}
	look(0)
	require.Equal(t, []string{"b", "c"}, told, "a asks whom it would ask today")
	open.requests = open.requests[:1]
	reads := open.read
	look(time.Second)
	require.Equal(t, reads, open.read, "nothing is read while no delegation changed")
	open.away = map[string]string{"bo": "rita"}
	look(2 * time.Second)
	require.Equal(t, []string{"a"}, told, "rita is to hear of what bo is asked")
	look(3 * time.Second)
	require.Empty(t, told)
	look(3*time.Second + peopleAllEvery)
	require.Equal(t, []string{"a"}, told, "everything is looked at again from time to time")

	open.away = map[string]string{}
	look(4 * time.Second)
	other, err := directory.Parse([]byte(strings.ReplaceAll(string(directory.Local()), "id: approvers, name: Approvers, members: [ana, bo]", "id: approvers, name: Approvers, members: [ana, kai]")))
	require.NoError(t, err)
	dir.Replace(other)
	look(5 * time.Second)
	require.Equal(t, []string{"a"}, told, "kai is among the approvers now")

	broken := errors.New("away")
	w.seen, w.tell = nil, func(context.Context, string) error { return broken }
	require.ErrorIs(t, w.look(t.Context(), at), broken)
	require.Nil(t, w.seen, "it is looked at again")
}
