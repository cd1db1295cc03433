package notify

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func event(text string) store.Event {
	e := store.Event{RequestID: "id", Number: 42, Title: strings.Repeat("té", 2000)}
	e.Entry = pmo.Entry{Event: pmo.EventAsked, Key: "asked/1", Question: "review/1/approvers", Text: text, At: day, Policy: "3"}
	return e
}

func one(e store.Event, d store.NotifyDetail) *told {
	return &told{to: []string{"ana"}, about: []about{{e, d, true}}}
}

func TestPayloadsStayWithinTheLimit(t *testing.T) {
	question := pmo.Question{ID: "review/1/approvers", Kind: pmo.KindReview, Options: pmo.Options(pmo.KindReview), DueAt: day}
	for _, text := range []string{"", "short", strings.Repeat("ü", 40_000), strings.Repeat("\x01", 40_000)} {
		body, err := compose(one(event(text), store.NotifyDetail{Question: &question}), "")
		require.NoError(t, err)
		require.Less(t, len(body), maxBody)
		require.True(t, utf8.Valid(body))
		var p Payload
		require.NoError(t, json.Unmarshal(body, &p))
		require.Equal(t, "R-42", p.Data.Request.Ref)
		require.Equal(t, "/v1/requests/id/decisions", p.Data.Links.Decisions)
		require.Len(t, p.Data.Question.Options, len(question.Options))
	}
	// A body that would still be too long contains only the reference.
	for i := range question.Options {
		question.Options = append(question.Options, question.Options[i])
		question.Options[i].Description = strings.Repeat("x", maxBody)
	}
	body, err := compose(one(event("text"), store.NotifyDetail{Question: &question}), "")
	require.NoError(t, err)
	require.Less(t, len(body), maxBody)
	require.Contains(t, string(body), `"ref":"R-42"`)
}

func TestMessageIDsDependOnEntryAndEndpointAlone(t *testing.T) {
	e := event("a")
	id := messageID(e, "person:ana")
	require.Regexp(t, "^msg_[0-9a-f]{32}$", id)
	e.Position, e.Cursor, e.Entry.Text = 99, "x", "b"
	require.Equal(t, id, messageID(e, "person:ana"))
	require.NotEqual(t, id, messageID(e, "person:bo"))
	e.Key = "asked/2"
	require.NotEqual(t, id, messageID(e, "person:ana"))
}

func TestSchedule(t *testing.T) {
	noJitter := func(d time.Duration) time.Duration { return d }
	var total time.Duration
	made := 1
	for ; ; made++ {
		wait, again := nextAttempt(made, 0, noJitter)
		if !again {
			break
		}
		total += wait
	}
	require.Equal(t, 10, made, "ten attempts")
	require.Equal(t, 75*time.Hour+35*time.Minute+5*time.Second, total)
	wait, _ := nextAttempt(1, time.Minute, noJitter)
	require.Equal(t, time.Minute, wait)
	wait, _ = nextAttempt(1, 365*24*time.Hour, noJitter)
	require.Equal(t, maxRetryAfter, wait, "a requested wait is bounded")
	for range 100 {
		d := addJitter(time.Hour)
		require.GreaterOrEqual(t, d, time.Hour)
		require.LessOrEqual(t, d, 72*time.Minute)
	}
	require.Zero(t, addJitter(0))
}

func TestJournalIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notifications.jsonl")
	j, err := OpenJournal(path)
	require.NoError(t, err)
	j.maxBytes = 1000
	for range 100 {
		require.NoError(t, j.write([]line{{ID: "msg", Endpoint: "person:ana", Message: json.RawMessage(`{"a":1}`)}}))
	}
	require.NoError(t, j.Close())
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.LessOrEqual(t, info.Size(), int64(1000))
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}
	require.Error(t, j.write([]line{{Message: json.RawMessage(`{}`)}}))
	_, err = OpenJournal(t.TempDir())
	require.Error(t, err)
}

func TestMessageSaysHowManyRecipientsItLeavesOut(t *testing.T) {
	to := make([]string, 103)
	for i := range to {
		to[i] = fmt.Sprintf("p%d", i)
	}
	data := payload(store.Event{}, store.NotifyDetail{}, true, to, "").Data
	require.Len(t, data.To, 100)
	require.Equal(t, 3, data.MoreTo)
	require.Zero(t, payload(store.Event{}, store.NotifyDetail{}, true, to[:100], "").Data.MoreTo)
}
