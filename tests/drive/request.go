package drive

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// Request is one request as its tests see it.
type Request struct {
	api *API
	ID  string
	Ref string
}

// Submit sends a form as somebody and requires that it is taken and gets a number. A slow machine may take it (202) before a worker has
// given one.
func (a *API) Submit(as string, form any) *Request {
	a.t.Helper()
	answer, err := a.As(as).Try(http.MethodPost, "/v1/requests", form, "Idempotency-Key", uuid.NewString())
	require.NoError(a.t, err)
	require.Contains(a.t, []int{http.StatusCreated, http.StatusAccepted}, answer.Status, "%s", answer.Raw)
	r := &Request{api: a, ID: answer.Text("id"), Ref: answer.Text("ref")}
	if answer.Status == http.StatusAccepted {
		testkit.Eventually(a.t, "the request has a number", func() error {
			now, err := a.As(as).Try(http.MethodGet, r.Path(""), nil)
			if err != nil {
				return err
			}
			if r.Ref = now.Text("ref"); now.Status != http.StatusOK || r.Ref == "" {
				return fmt.Errorf("%d: %s", now.Status, now.Raw)
			}
			return nil
		})
	}
	return r
}

// Path is a route below the request.
func (r *Request) Path(rest string) string { return "/v1/requests/" + r.ID + rest }

// Do posts a command as somebody and requires that it is taken. What was not acknowledged is given again under its key, as clients do: a command that
// ends the request in the moment a timer fires is answered so.
func (r *Request) Do(as, command string, body map[string]any) *Answer {
	r.api.t.Helper()
	key := uuid.NewString()
	for range notAcknowledged {
		a, err := r.api.As(as).Try(http.MethodPost, r.Path("/"+command), body, "Idempotency-Key", key)
		require.NoError(r.api.t, err)
		if a.Status != http.StatusServiceUnavailable {
			require.Equal(r.api.t, http.StatusOK, a.Status, "%s of %s as %s: %s", command, r.ID, as, a.Raw)
			return a
		}
		time.Sleep(time.Second)
	}
	return r.api.As(as).Call(http.StatusOK, http.MethodPost, r.Path("/"+command), body, "Idempotency-Key", key)
}

// notAcknowledged is how often a command is given again that the server did not acknowledge.
const notAcknowledged = 5

// Decide answers an open question as somebody.
func (r *Request) Decide(as, question, verdict string, more ...any) *Answer {
	r.api.t.Helper()
	body := map[string]any{"decision": question, "verdict": verdict}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return r.Do(as, "decisions", body)
}

// Amend changes the content as somebody, from the revision there is.
func (r *Request) Amend(as string, patch map[string]any) *Answer {
	r.api.t.Helper()
	body := map[string]any{"revision": r.Read().At("revision"), "patch": patch, "reason": "it is another than thought"}
	return r.api.As(as).Call(http.StatusOK, http.MethodPatch, r.Path(""), body, "Idempotency-Key", uuid.NewString())
}

// Read is the request as anybody may read it.
func (r *Request) Read() *Answer {
	r.api.t.Helper()
	return r.api.As("petra").Get(r.Path(""))
}

// Await reads the request until ok, for a minute at most.
func (r *Request) Await(what string, ok func(*Answer) bool) *Answer {
	r.api.t.Helper()
	var last *Answer
	testkit.Eventually(r.api.t, what, func() error {
		answer, err := r.api.As("petra").Try(http.MethodGet, r.Path(""), nil)
		if err != nil {
			return err
		}
		last = answer
		if answer.Status != http.StatusOK || !ok(answer) {
			return fmt.Errorf("%d: stage %q, status %q, open %v", answer.Status, answer.Text("stage"), answer.Text("status"), Open(answer))
		}
		return nil
	})
	return last
}

// AwaitOpen waits until a question is open.
func (r *Request) AwaitOpen(question string) *Answer {
	r.api.t.Helper()
	return r.Await(question+" is open", func(a *Answer) bool { return slices.Contains(Open(a), question) })
}

// AwaitStage waits until the request is in a stage.
func (r *Request) AwaitStage(stage string) *Answer {
	r.api.t.Helper()
	return r.Await("stage "+stage, func(a *Answer) bool { return a.Text("stage") == stage })
}

// AwaitClosed waits for the end and requires the outcome.
func (r *Request) AwaitClosed(outcome string) *Answer {
	r.api.t.Helper()
	end := r.Await("closed", func(a *Answer) bool { return a.Text("status") == "closed" })
	require.Equal(r.api.t, outcome, end.Text("outcome"), "%s", end.Text("reason"))
	return end
}

// Open lists the ids of the open questions of a request as read.
func Open(a *Answer) []string {
	var open []string
	for _, q := range a.List("questions") {
		question, _ := q.(map[string]any)
		id, _ := question["id"].(string)
		open = append(open, id)
	}
	return open
}

// SameSubmission requires that two answers acknowledge the same submission: what identifies it is equal, and the rest of each answer is
// the request as it stood then.
func SameSubmission(t testing.TB, first, again *Answer) {
	t.Helper()
	for _, field := range []string{"id", "number", "ref", "digest", "submitted_at"} {
		require.NotEmpty(t, first.At(field), "%s: %s", field, first.Raw)
		require.Equal(t, first.At(field), again.At(field), "%s: %s", field, again.Raw)
	}
}

// Events lists the events of the request's ledger, in order.
func (r *Request) Events() []string {
	r.api.t.Helper()
	var events []string
	for _, item := range r.api.As("petra").Get(r.Path("/ledger?limit=200")).List("items") {
		entry, _ := item.(map[string]any)
		event, _ := entry["event"].(string)
		events = append(events, event)
	}
	return events
}

// Known is a request submitted before.
func (a *API) Known(id string) *Request { return &Request{api: a, ID: id} }
