package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// inReview is a request that asks ana for review.
func inReview() *pmo.Request {
	r := submitted()
	r.Stage, r.Rules.DeferAtMost = pmo.StageReview, 180*24*time.Hour
	r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, Round: 1, Group: "approvers", People: []string{"ana"}, Status: pmo.QuestionOpen,
		Options: pmo.Options(pmo.KindReview), Quorum: pmo.Quorum{Mode: pmo.QuorumAny}}}
	return r
}

func deferral(d pmo.Data) pmo.Decide {
	return pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "ana"}}, Question: "review/1/approvers", Verdict: pmo.VerdictDefer, Reason: "after the budget", Data: d}
}

// TestADeferralEndsWhenTheDayBeginsInThePortfolio: it ended when the day began in UTC, the evening before in Chicago.
func TestADeferralEndsWhenTheDayBeginsInThePortfolio(t *testing.T) {
	chicago := time.Date(2027, 3, 31, 5, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		data  pmo.Data
		now   time.Time
		until time.Time
		field string
	}{
		"Chicago":                          {data: pmo.Data{Until: "2027-03-31", UntilAt: chicago}, now: chicago.AddDate(0, -1, 0), until: chicago},
		"the evening before is early":      {data: pmo.Data{Until: "2027-03-31", UntilAt: chicago}, now: chicago.Add(-time.Hour), until: chicago},
		"the day has begun":                {data: pmo.Data{Until: "2027-03-31", UntilAt: chicago}, now: chicago, field: "/data/until"},
		"Auckland: the day has begun":      {data: pmo.Data{Until: "2027-03-31", UntilAt: chicago.Add(-18 * time.Hour)}, now: chicago.Add(-17 * time.Hour), field: "/data/until"},
		"an earlier release knows no zone": {data: pmo.Data{Until: "2027-03-31"}, now: chicago.AddDate(0, -1, 0), until: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)},
		"a moment of another day":          {data: pmo.Data{Until: "2027-03-31", UntilAt: chicago.AddDate(0, 0, 1)}, now: chicago.AddDate(0, -1, 0), field: "/data/until"},
		"no date":                          {data: pmo.Data{UntilAt: chicago}, now: chicago.AddDate(0, -1, 0), field: "/data/until"},
	} {
		t.Run(name, func(t *testing.T) {
			r := inReview()
			refusal := r.CheckDecide(deferral(c.data), c.now)
			if c.field != "" {
				require.Equal(t, c.field, refusal.Field)
				return
			}
			require.Nil(t, refusal)
			r.ApplyDecide(deferral(c.data), c.now)
			require.Equal(t, c.until, r.Deferral.Until)
			require.Equal(t, pmo.StatusDeferred, r.Status)
			require.Equal(t, "Put off until 2027-03-31: after the budget", lastText(r))
		})
	}
}
