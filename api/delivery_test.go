package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

const webhookSecret = "a-secret-of-at-least-24-bytes"

// withTools is an API that tools may report to; request A has the work item 17.
func withTools(t *testing.T) (*bundle, delivery.Secret) {
	b := setup(t)
	secret, err := delivery.NewSecret(webhookSecret)
	require.NoError(t, err)
	d := b.api.Deps
	d.Webhooks = secret
	d.Delivery = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	b.api = New(d)
	row := b.store.rows[requestA]
	row.Stage, row.Work = pmo.StageExecution, &pmo.WorkItem{ID: "17", Status: pmo.WorkOpen}
	b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
	return b, secret
}

func reported(b *bundle, change ...func(*http.Request)) *httptest.ResponseRecorder {
	return reportedBody(b, `{"work_item":"17","request":"`+requestA+`","percent":40,"health":"green","note":"runs","at":"2027-03-01T09:00:00Z","later":1}`, change...)
}

func reportedBody(b *bundle, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	req := httptest.NewRequest("POST", "/delivery/v1/webhooks/github", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	secret, _ := delivery.NewSecret(webhookSecret)
	secret.Sign(req.Header, "evt-1", now, []byte(body))
	for _, c := range change {
		c(req)
	}
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, req)
	return rec
}

func TestWebhookBecomesAReport(t *testing.T) {
	b, _ := withTools(t)
	rec := reported(b)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	require.Len(t, b.engine.sent, 1)
	forty := 40
	require.Equal(t, sent{requestA, contract.UpdateProgress, "evt-1", &pmo.Report{Percent: &forty, Health: pmo.HealthGreen, Note: "runs",
		HappenedAt: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)},
		pmo.By{Actor: "delivery.github", Via: "delivery"}}, b.engine.sent[0])
	reported(b)
	require.Equal(t, b.engine.sent[0], b.engine.sent[1], "the same webhook is the same command: the engine answers it once")
}

// Nobody would read a refusal of a tool's note, so what people could not see is left out.
func TestWebhookNoteIsCleaned(t *testing.T) {
	b, _ := withTools(t)
	rec := reportedBody(b, `{"work_item":"17","request":"`+requestA+`","note":" \u202eha\u001blf\u200b "}`)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	require.Equal(t, "half", b.engine.sent[0].cmd.(*pmo.Report).Note)
}

func TestWebhookIsNotBelieved(t *testing.T) {
	secret, err := delivery.NewSecret(webhookSecret)
	require.NoError(t, err)
	other, err := delivery.NewSecret("another-secret-of-24-bytes")
	require.NoError(t, err)
	body := `{"work_item":"17","request":"` + requestA + `"}`
	for name, c := range map[string]struct {
		change func(*http.Request)
		body   string
		status int
	}{
		"unsigned":           {func(r *http.Request) { r.Header.Del(delivery.HeaderSignature) }, body, 401},
		"by another secret":  {func(r *http.Request) { other.Sign(r.Header, "evt-1", now, []byte(body)) }, body, 401},
		"another id":         {func(r *http.Request) { r.Header.Set(delivery.HeaderID, "evt-2") }, body, 401},
		"another body":       {func(r *http.Request) { secret.Sign(r.Header, "evt-1", now, []byte("{}")) }, body, 401},
		"late":               {func(r *http.Request) { secret.Sign(r.Header, "evt-1", now.Add(-6*time.Minute), []byte(body)) }, body, 401},
		"from the future":    {func(r *http.Request) { secret.Sign(r.Header, "evt-1", now.Add(6*time.Minute), []byte(body)) }, body, 401},
		"of another item":    {nil, strings.Replace(body, `"17"`, `"18"`, 1), 404},
		"of no item":         {nil, strings.Replace(body, `"17"`, `""`, 1), 404},
		"of another request": {nil, strings.Replace(body, requestA, requestB, 1), 404},
		"of no request":      {nil, strings.Replace(body, requestA, "R-1", 1), 422},
		"out of range":       {nil, strings.Replace(body, "{", `{"percent":101,`, 1), 422},
		"unknown health":     {nil, strings.Replace(body, "{", `{"health":"blue",`, 1), 422},
		"no object":          {nil, `[]`, 400},
		"no source":          {func(r *http.Request) { r.URL.Path = "/delivery/v1/webhooks/Git%20Hub" }, body, 404},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := withTools(t)
			var changes []func(*http.Request)
			if c.change != nil {
				changes = append(changes, c.change)
			}
			rec := reportedBody(b, c.body, changes...)
			require.Equal(t, c.status, rec.Code, rec.Body)
			require.Empty(t, b.engine.sent)
			var p struct{ Kind string }
			require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &p))
			require.NotEmpty(t, p.Kind)
		})
	}
}

// TestWebhookBeforeTheReadModel: the item was opened a moment ago, and the row does not know it yet.
func TestWebhookBeforeTheReadModel(t *testing.T) {
	b, _ := withTools(t)
	row := b.store.rows[requestA]
	row.Work = nil
	b.store.rows[requestA] = row
	require.Equal(t, http.StatusOK, reported(b).Code)
}

func TestDeliveryIsThereWhenConfigured(t *testing.T) {
	off := setup(t)
	require.Equal(t, http.StatusNotFound, reported(off).Code)
	require.Equal(t, http.StatusNotFound, get(off, "/delivery/v1/work-items/17").Code)
	require.Equal(t, http.StatusOK, get(off, "/delivery/openapi.json").Code)
	on, _ := withTools(t)
	require.Equal(t, http.StatusTeapot, get(on, "/delivery/v1/work-items/17").Code)
	require.Equal(t, http.StatusTeapot, get(on, "/delivery/v1/work-items?key=12345678").Code)
}
