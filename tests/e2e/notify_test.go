package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notify"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// TestRemindersAreSent lets a reminder and an escalation of seconds come due on the whole stack, and finds them in the file where the
// local stack writes what people would be sent.
func TestRemindersAreSent(t *testing.T) {
	e := start(t)
	api := e.API
	file := filepath.Join(e.Stack.Dir, "notifications.jsonl")
	f := harness.Ordinary("Licences for a year")
	f.Kind, f.Baseline = "procurement", pmo.Baseline{MoneyPerYear: 20000}
	r := api.Submit("sam", f)
	r.AwaitOpen("review/1/finance")

	asked := awaitNotified(t, file, r.ID, "asked", "review/1/finance", "bo")
	require.Equal(t, r.Ref, asked.Data.Request.Ref)
	require.Equal(t, "Licences for a year", asked.Data.Request.Title)
	require.Equal(t, e.Stack.HTTP+"/v1/requests/"+r.ID, asked.Data.Links.Request)
	require.NotEmpty(t, asked.Data.Question.Options)
	reminded := awaitNotified(t, file, r.ID, "reminded", "review/1/approvers", "ana")
	require.Contains(t, textsOf(reminded.Data), "Reminder")
	require.False(t, reminded.Data.Question.DueAt.IsZero())
	awaitNotified(t, file, r.ID, "escalated", "review/1/finance", "petra")
	awaitNotified(t, file, r.ID, "stage_entered", "", "sam")
}

// awaitNotified waits until somebody has been notified of an event of a request.
func awaitNotified(t *testing.T, file, id, event, question, who string) notify.Payload {
	t.Helper()
	var found notify.Payload
	testkit.Eventually(t, fmt.Sprintf("%s is notified that %s was %s", who, question, event), func() error {
		for _, p := range notifiedIn(t, file) {
			if p.Data.Request.ID == id && p.Data.To[0] == who && tells(p.Data, event, question) {
				found = p
				return nil
			}
		}
		return fmt.Errorf("not in %s", filepath.Base(file))
	})
	return found
}

// textsOf is all that a message says: of the event it is about and of the others of the same moment.
func textsOf(d notify.Data) string {
	text := d.Text
	for _, h := range d.Happened {
		text += "\n" + h.Text
	}
	return text
}

// tells reports whether a message is about an event, alone or with others of the same moment.
func tells(d notify.Data, event, question string) bool {
	all := append([]notify.Happened{{Event: d.Event, Question: d.Question}}, d.Happened...)
	return slices.ContainsFunc(all, func(h notify.Happened) bool {
		return h.Event == event && (h.Question == nil && question == "" || h.Question != nil && h.Question.ID == question)
	})
}

func notifiedIn(t *testing.T, path string) []notify.Payload {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	var all []notify.Payload
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var l struct{ Message notify.Payload }
		if json.Unmarshal(lines.Bytes(), &l) == nil { // a line that is being written is whole at the next look
			all = append(all, l.Message)
		}
	}
	return all
}
