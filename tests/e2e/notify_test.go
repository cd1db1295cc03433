package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notify"
	"leanpmo/tests/drive"
)

// TestRemindersAreTold lets a reminder and an escalation of seconds come due on the whole stack, and finds them in the file where the
// local stack writes what people would be told.
func TestRemindersAreTold(t *testing.T) {
	stack, api := product(t)
	file := filepath.Join(stack.Dir, "notifications.jsonl")
	f := form("Licences for a year")
	f["kind"] = "procurement"
	f["baseline"] = map[string]any{"money_per_year": 20000}
	r := api.Submit("sam", f)
	r.AwaitOpen("review/1/finance")

	asked := awaitTold(t, api, file, r.ID, "asked", "review/1/finance", "bo")
	require.Equal(t, r.Ref, asked.Data.Request.Ref)
	require.Equal(t, "Licences for a year", asked.Data.Request.Title)
	require.Equal(t, stack.HTTP+"/v1/requests/"+r.ID, asked.Data.Links.Request)
	require.NotEmpty(t, asked.Data.Question.Options)
	reminded := awaitTold(t, api, file, r.ID, "reminded", "review/1/approvers", "ana")
	require.Contains(t, reminded.Data.Text, "Reminder")
	require.False(t, reminded.Data.Question.DueAt.IsZero())
	awaitTold(t, api, file, r.ID, "escalated", "review/1/finance", "petra")
	awaitTold(t, api, file, r.ID, "stage_entered", "", "sam")
}

// awaitTold waits until somebody has been told of an event of a request.
func awaitTold(t *testing.T, api *drive.API, file, id, event, question, who string) notify.Payload {
	t.Helper()
	var found notify.Payload
	drive.Eventually(api, fmt.Sprintf("%s is told that %s was %s", who, question, event), func() error {
		for _, p := range toldIn(t, file) {
			asked := ""
			if p.Data.Question != nil {
				asked = p.Data.Question.ID
			}
			if p.Data.Request.ID == id && p.Data.Event == event && asked == question && p.Data.To[0] == who {
				found = p
				return nil
			}
		}
		return fmt.Errorf("not in %s", filepath.Base(file))
	})
	return found
}

func toldIn(t *testing.T, path string) []notify.Payload {
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
