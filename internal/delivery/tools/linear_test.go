package tools

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

// TestLinearErrorsHaveCodes: Linear says 400, or 200, for errors of any kind; their code says which it is.
func TestLinearErrorsHaveCodes(t *testing.T) {
	for _, status := range []int{200, 400} {
		for code, want := range map[string]int{"RATELIMITED": 429, "AUTHENTICATION_ERROR": 403, "FORBIDDEN": 403, "INTERNAL_SERVER_ERROR": 503, "INPUT_ERROR": 422, "": 422} {
			t.Run(fmt.Sprint(status, " ", code), func(t *testing.T) {
				f := fakeLinear(t)
				c, _ := served(t, tracker(t, "linear", f))
				f.fail = func(w http.ResponseWriter, _ *http.Request) bool {
					w.Header().Set("X-RateLimit-Requests-Reset", fmt.Sprint(time.Now().Add(40*time.Second).UnixMilli()))
					answer(w, status, object{"errors": []any{object{"message": "secret words of the tool", "extensions": object{"code": code}}}})
					return true
				}
				key, n := work()
				_, err := c.Open(t.Context(), key, n)
				var e *delivery.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, want, e.Status)
				require.NotContains(t, e.Error(), "secret words")
				if want == 429 && status == 400 {
					require.InDelta(t, 40, e.RetryAfter.Seconds(), 2)
				}
			})
		}
	}
}

// TestLinearTextsAndLabelsAreKept: what the team writes around our part stays, and a label that another team has is not used.
func TestLinearTextsAndLabelsAreKept(t *testing.T) {
	f := fakeLinear(t)
	c, _ := served(t, tracker(t, "linear", f))
	key, n := work()
	n.Summary = "one\n---\nrule of the requester, and `leanpmo:" + uuid.NewString() + "/1`"
	item, err := c.Open(t.Context(), key, n)
	require.NoError(t, err)
	require.Equal(t, key, item.Key, "a requester's text cannot name another key")
	f.set(func() { f.issues[0]["description"] = f.issues[0]["description"].(string) + "\n\nNotes of the team." })
	summary := "another"
	_, err = c.Change(t.Context(), item.ID, delivery.Patch{Summary: &summary})
	require.NoError(t, err)
	item, err = c.Change(t.Context(), item.ID, status(pmo.WorkOnHold))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"lean-pmo", "team:falcon", "on-hold"}, item.Labels)
	text := f.issues[0]["description"].(string)
	for _, kept := range []string{"another", "[R-42](https://pmo.example/v1/requests/R-42)", "first booking 2027-04-01", "Notes of the team."} {
		require.Contains(t, text, kept)
	}
	require.NotContains(t, text, "rule of the requester")
}

// TestACopiedLinearIssueIsNotOurs: its text names our key, but its id does not follow from it.
func TestACopiedLinearIssueIsNotOurs(t *testing.T) {
	f := fakeLinear(t)
	c, _ := served(t, tracker(t, "linear", f))
	key, n := work()
	_, err := c.Open(t.Context(), key, n)
	require.NoError(t, err)
	twin := uuid.NewString()
	f.set(func() {
		f.issues = append(f.issues, object{"id": twin, "description": f.issues[0]["description"], "state": object{"type": "started"}})
	})
	_, err = c.Get(t.Context(), twin)
	var e *delivery.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, http.StatusNotFound, e.Status)
}

// TestAnOldLinearWebhookIsRefused: it is signed, but was sent long ago.
func TestAnOldLinearWebhookIsRefused(t *testing.T) {
	server := &pmoServer{statuses: []int{200}}
	h := server.start(t, "linear")
	for age, want := range map[time.Duration]int{-50 * time.Second: 202, 50 * time.Second: 202, 2 * time.Minute: 401, -2 * time.Minute: 401} {
		body := strings.Replace(recorded(t, "linear_closed"), `"webhookTimestamp": 0`, fmt.Sprintf(`"webhookTimestamp": %d`, time.Now().Add(-age).UnixMilli()), 1)
		require.Equal(t, want, post(h, hooked("linear", body, hookSecret)), age)
	}
	require.Len(t, server.events, 2)
}
