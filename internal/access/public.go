package access

import (
	"time"

	"leanpmo/internal/pmo"
)

// StatusLinkFor is how long the link to the status of a public request works after its closure. Then also who asked is erased.
const StatusLinkFor = 30 * 24 * time.Hour

// PublicStatus is all that the link to its status shows of a request to people without an account. Names of people, reasons, scores, comments and
// other requests are no part of it.
type PublicStatus struct {
	Number      int64
	Title       string
	SubmittedAt time.Time
	Stage       pmo.Stage
	Status      pmo.Status
	Outcome     pmo.Outcome
	ClosedAt    time.Time
	Delivered   bool // the result was accepted; the request stays open for a review of its benefit
	Asked       bool // a question waits on who answers for the person
	P50, P85    pmo.Date
}

// Expected is if and when: the days by which it is done with even odds and with odds of 85 in 100; empty where nothing can be said.
type Expected struct{ P50, P85 pmo.Date }

// StatusByLink is what the link to its status shows of a request now; false when it shows nothing: it was revoked, the request closed too long
// ago, or it has become confidential.
func StatusByLink(r *pmo.Request, expected Expected, revoked bool, now time.Time) (PublicStatus, bool) {
	if revoked || r.Content.Confidential || r.Closed() && !now.Before(StatusLinkEnds(r.ClosedAt)) {
		return PublicStatus{}, false
	}
	s := PublicStatus{Number: r.Number, Title: r.Content.Title, SubmittedAt: r.SubmittedAt, Stage: r.Stage, Status: r.Status, Outcome: r.Outcome,
		ClosedAt: r.ClosedAt, Delivered: r.Delivered()}
	if r.Closed() || r.Delivered() {
		return s, true
	}
	s.P50, s.P85 = expected.P50, expected.P85
	for _, q := range r.OpenQuestions() {
		for _, person := range q.Waiting() {
			s.Asked = s.Asked || person == r.Requester && r.Status != pmo.StatusOnHold
		}
	}
	return s, true
}

// StatusLinkEnds is when the link to its status ends of a request that closed at a time.
func StatusLinkEnds(closed time.Time) time.Time { return closed.Add(StatusLinkFor) }
