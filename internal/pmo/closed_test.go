package pmo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestAClosedRequestSaysHowItClosed(t *testing.T) {
	r := submitted()
	r.Close(pmo.TriggerWithdrawn, strings.Repeat("ä", 400), pmo.By{Actor: "sam"}, start)
	refusal := r.CheckHold(pmo.Stop{Reason: "audit"})
	require.Equal(t, pmo.RefusedClosed, refusal.Kind)
	require.Equal(t, "the request was closed as withdrawn on "+start.UTC().Format("2006-01-02 15:04 UTC")+" by sam: "+strings.Repeat("ä", 300)+"…", refusal.Detail)
	before06 := pmo.Request{Status: pmo.StatusClosed, Outcome: pmo.OutcomeExpired}
	require.Equal(t, "the request was closed as expired", before06.HowItClosed())
}

func TestADeferralIntoThePastSaysWhatDayItIs(t *testing.T) {
	d := pmo.Data{Until: "2027-03-01", UntilAt: time.Date(2027, 3, 1, 6, 0, 0, 0, time.UTC)} // Chicago
	require.Equal(t, pmo.Date("2027-03-01"), d.TodayForTest(time.Date(2027, 3, 2, 3, 0, 0, 0, time.UTC)))
	require.Equal(t, pmo.Date("2027-03-02"), pmo.Data{Until: "2027-03-01"}.TodayForTest(time.Date(2027, 3, 2, 3, 0, 0, 0, time.UTC)))
}
