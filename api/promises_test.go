package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
	"leanpmo/internal/store"
)

// finishedEveryThirdDay gives the portfolio a history that forecasts can be made from.
func (b *bundle) finishedEveryThirdDay() {
	for i := range 30 {
		b.store.finished = append(b.store.finished, now.Add(-time.Duration(i)*72*time.Hour))
	}
}

// TestASubmissionIsAPromise: what the receipt says is recorded, once, also when it is given again.
func TestASubmissionIsAPromise(t *testing.T) {
	b := setup(t)
	b.finishedEveryThirdDay()
	id := engine.SubmissionRequestID("sam", "k1")
	state := inReview(id, 42, "sam")
	b.engine.states[id] = state
	b.store.rows[id] = store.Row{Request: state}
	for range 2 {
		status, first, _ := b.call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
		require.Equal(t, 201, status, first)
		require.Len(t, b.store.promises.told, 1)
		told, said := b.store.promises.told[0], first["forecast"].(map[string]any)
		require.Equal(t, promise.Submitted, told.Occasion)
		require.Equal(t, said["p85"], string(told.Finish.P85))
		require.Equal(t, []string{"sam"}, told.To)
		require.NotNil(t, said["start"])
	}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/"+id+"/promises", "")
	require.Equal(t, 200, status)
	first := doc["items"].([]any)[0].(map[string]any)
	require.Equal(t, map[string]any{"p50": "pending", "p85": "pending", "p95": "pending"}, first["kept"])
	require.Contains(t, first["words"], "85 % likely by ")
}

func TestPromisesSayWhyTheyChangedAndWhatCameOfThem(t *testing.T) {
	b := setup(t)
	told := promise.Promise{RequestID: requestA, Day: "2027-01-10", Occasion: promise.Submitted, Finish: promise.Days{P50: "2027-02-01", P85: "2027-02-20", P95: "2027-04-01"}}
	later := told
	later.Day, later.Occasion, later.Finish.P50, later.Reasons = "2027-01-20", promise.Daily, "2027-02-15", []promise.Difference{{Cause: promise.Queue, From: "2", To: "5"}}
	b.store.promises.told = []promise.Promise{told, later}
	row := b.store.rows[requestA]
	row.AcceptedAt = time.Date(2027, 2, 10, 12, 0, 0, 0, time.UTC)
	b.store.rows[requestA] = row
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/promises?limit=1", "")
	require.Equal(t, "2027-01-20", doc["next"])
	newest := doc["items"].([]any)[0].(map[string]any)
	require.Equal(t, "85 % likely by 2027-02-20, even odds by 2027-02-15; changed because ahead of it were 2 requests, now 5.", newest["words"])
	require.Equal(t, map[string]any{"p50": "kept", "p85": "kept", "p95": "pending"}, newest["kept"], "today is the first of March")
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/promises?limit=1&cursor=2027-01-20", "")
	require.NotContains(t, doc, "next")
	require.Equal(t, "missed", doc["items"].([]any)[0].(map[string]any)["kept"].(map[string]any)["p50"])
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/promises?cursor=soon", "")
	require.Equal(t, 422, status, doc)
}

// TestTheDigestSaysWhatIsNewAboutWhen to those who were told, without what a receipt said.
func TestTheDigestSaysWhatIsNewAboutWhen(t *testing.T) {
	b := setup(t)
	told := promise.Promise{RequestID: requestA, Day: "2027-03-01", ToldAt: now, Occasion: promise.Daily, To: []string{"sam"}, Cannot: "the pace broke"}
	receipt := told
	receipt.Occasion, receipt.Day = promise.Submitted, "2027-02-28"
	b.store.promises.told = []promise.Promise{receipt, told}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/digest", "")
	list := doc["forecasts"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, "Cannot forecast: the pace broke.", list[0].(map[string]any)["told"].(map[string]any)["words"])
	require.Equal(t, "R-1", list[0].(map[string]any)["request"].(map[string]any)["ref"])
	_, doc, _ = b.call(t, "ana", "GET", "/v1/digest", "")
	require.Empty(t, doc["forecasts"])
}

// TestForecastOfTheWantedDate says how likely it is kept, if it is approved and all in all.
func TestForecastOfTheWantedDate(t *testing.T) {
	b := setup(t)
	b.finishedEveryThirdDay()
	row := b.store.rows[requestA]
	row.Content.WantedBy = pmo.Date(now.AddDate(0, 0, 20).Format(time.DateOnly))
	b.store.rows[requestA] = row
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/forecast?within=14", "")
	wanted, start := doc["wanted"].(map[string]any), doc["start"].(map[string]any)
	require.InDelta(t, wanted["chance"].(float64)*13/22, wanted["overall"].(float64), 0.002)
	require.Contains(t, wanted["words"], "If it is approved: ")
	require.EqualValues(t, 14, start["within_days"])
	require.LessOrEqual(t, start["chance"].(float64), 0.591)
	require.Less(t, start["p85"], doc["p85"])
}
