package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func read[T any](p *product, args ...string) T {
	p.T.Helper()
	var v T
	require.NoError(p.T, json.Unmarshal([]byte(p.do("petra", append(args, "-o", "json")...)), &v))
	return v
}

// agrees compares what list, status, inbox, report and backlog say of the same requests with each other and with the ledger.
func (p *product) agrees() {
	p.T.Helper()
	items := read[wire.Page[wire.RequestItem]](p, "list", "--closed", "--limit", "200").Items
	for _, item := range items {
		p.sinceAgrees(item)
	}
	p.totalsAgree(items)
	for _, person := range []string{"ana", "bo", "theo", "sam", "petra"} {
		var inbox wire.Page[wire.InboxItem]
		require.NoError(p.T, json.Unmarshal([]byte(p.do(person, "inbox", "-o", "json")), &inbox))
		for _, i := range inbox.Items {
			p.inLedger(i.Request.Ref, i.Question.OpenedAt, fmt.Sprintf("%s was asked", i.Question.ID), func(e wire.LedgerEntry) bool {
				return e.Event == pmo.EventAsked && e.Question == i.Question.ID
			})
		}
	}
}

// sinceAgrees requires that list and status say the same time, and that the ledger has the entry that caused it.
func (p *product) sinceAgrees(item wire.RequestItem) {
	p.T.Helper()
	status := read[wire.Request](p, "status", item.Ref)
	require.WithinDuration(p.T, status.Since, item.Since, time.Millisecond, "%s in list and status", item.Ref)
	require.Equal(p.T, status.Delivered(), item.AcceptedAt != nil, item.Ref)
	events := []string{pmo.EventStage, pmo.EventSubmitted}
	switch {
	case item.Status == pmo.StatusClosed:
		events = []string{pmo.EventClosed}
	case item.Status == pmo.StatusOnHold:
		events = []string{pmo.EventHeld}
	case item.Status == pmo.StatusDeferred:
		events = []string{pmo.EventDeferred}
	case item.AcceptedAt != nil:
		events = []string{pmo.EventAccepted}
	}
	p.inLedger(item.Ref, item.Since, fmt.Sprintf("%s since", item.Status), func(e wire.LedgerEntry) bool { return slices.Contains(events, e.Event) })
	for _, q := range status.Questions {
		p.inLedger(item.Ref, q.OpenedAt, q.ID+" was asked", func(e wire.LedgerEntry) bool { return e.Event == pmo.EventAsked && e.Question == q.ID })
	}
}

// inLedger requires an entry of the request that satisfies is, at the time.
func (p *product) inLedger(ref string, at time.Time, what string, is func(wire.LedgerEntry) bool) {
	p.T.Helper()
	ledger := read[wire.Page[wire.LedgerEntry]](p, "ledger", ref)
	require.Empty(p.T, ledger.Next, "the ledger of %s is longer than a page", ref)
	require.True(p.T, slices.ContainsFunc(ledger.Items, func(e wire.LedgerEntry) bool { return is(e) && e.At.Sub(at).Abs() < time.Millisecond }),
		"%s: %s %s is not in the ledger", ref, what, at)
}

// totalsAgree requires that the report counts by stage what the list shows, and that the backlog has whatever waits for a pull.
func (p *product) totalsAgree(items []wire.RequestItem) {
	p.T.Helper()
	open, delivered, waiting := map[pmo.Stage]int{}, 0, 0
	for _, item := range items {
		switch {
		case item.AcceptedAt != nil:
			delivered++
		case item.Status != pmo.StatusClosed:
			open[item.Stage]++
		}
		if item.Stage == pmo.StagePrioritization && item.Status == pmo.StatusOpen {
			waiting++
		}
	}
	report := read[wire.FlowReport](p, "report", "flow")
	for _, s := range report.Stages {
		require.Equal(p.T, open[s.Stage], s.Open, "open in %s: list and report", s.Stage)
		require.Equal(p.T, s.Open, s.Age.N, "open in %s, with an age", s.Stage)
		if s.Stage != pmo.StageIntake {
			continue
		}
		require.Equal(p.T, len(report.Items)-s.Open, s.Days.N, "whatever is no longer in intake has left it once")
	}
	p.questionsAgree(items, report)
	reported := 0
	for _, i := range report.Items {
		if i.Outcome == string(pmo.OutcomeDelivered) {
			reported++
		}
	}
	require.Equal(p.T, delivered, reported, "delivered: list and report")
	total := 0
	for _, portfolio := range portfolios(items) {
		backlog := read[wire.Backlog](p, "backlog", "--portfolio", portfolio, "--limit", "200")
		total += len(backlog.Items) + backlog.Unranked
	}
	require.Equal(p.T, waiting, total, "waiting for a pull: list and backlog")
}

// questionsAgree requires that the report counts with each group the open questions of the list's requests.
func (p *product) questionsAgree(items []wire.RequestItem, report wire.FlowReport) {
	p.T.Helper()
	open, reported := map[string]int{}, map[string]int{}
	for _, item := range items {
		if item.Status == pmo.StatusClosed || item.AcceptedAt != nil {
			continue
		}
		for _, q := range read[wire.Request](p, "status", item.Ref).Questions {
			open[pmo.GroupOf(q.ID)]++
		}
	}
	for _, g := range report.Groups {
		if g.Open > 0 {
			reported[g.Group] = g.Open
		}
	}
	require.Equal(p.T, open, reported, "open questions: requests and report")
}

func portfolios(items []wire.RequestItem) []string {
	var list []string
	for _, i := range items {
		if i.Portfolio != "" && !slices.Contains(list, i.Portfolio) {
			list = append(list, i.Portfolio)
		}
	}
	return list
}
