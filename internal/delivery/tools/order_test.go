package tools

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestEventsApplyInTheOrderTheyHappened: three changes of an issue, whose webhooks arrive in any order, always leave what the last one says.
func TestEventsApplyInTheOrderTheyHappened(t *testing.T) {
	changes := []struct{ health, minute string }{{"red", "10"}, {"amber", "20"}, {"green", "30"}}
	for _, tool := range Names() {
		for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
			t.Run(fmt.Sprint(tool, order), func(t *testing.T) {
				server := &pmoServer{statuses: []int{200}}
				h := server.start(t, tool)
				for _, i := range order {
					c := changes[i]
					body := strings.NewReplacer("health:green", "health:"+c.health, "health::green", "health::"+c.health, "08:30:00", "08:"+c.minute+":00").Replace(recorded(t, tool+"_closed"))
					require.Equal(t, http.StatusAccepted, post(h, hooked(tool, body, hookSecret)))
				}
				r, results := &pmo.Request{}, []string{}
				now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
				for _, e := range server.events {
					now = now.Add(time.Second)
					results = append(results, r.ApplyReport(e.Report(), now).Result)
				}
				require.Equal(t, pmo.HealthGreen, r.Progress.Health, results)
				require.Equal(t, time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC), r.Progress.HappenedAt)
				require.Len(t, r.Ledger, 3, "one that comes late is in the ledger too")
			})
		}
	}
}

// TestOpenedAgainIsNotMerelyMoved: an issue that was closed has no percent any more; one that was moved keeps it.
func TestOpenedAgainIsNotMerelyMoved(t *testing.T) {
	open := map[string][]string{
		"azure":  {`"newValue": "2026-03-01T08:30:00Z"`, `"oldValue": "2026-03-01T08:30:00Z"`, `"Microsoft.VSTS.Common.ClosedDate": "2026-03-01T08:30:00Z",`, ""},
		"jira":   {`"key": "done"`, `"key": "indeterminate"`, `{"field": "resolution", "toString": "Done"}`, `{"field": "resolution", "from": "10000", "to": null}`},
		"linear": {`"type": "completed"`, `"type": "started"`, `"completedAt": null`, `"completedAt": "2026-02-28T10:00:00.000Z"`},
	}
	still := map[string][]string{
		"azure":  {`"Microsoft.VSTS.Common.ClosedDate": {"newValue": "2026-03-01T08:30:00Z"}`, `"System.Reason": {}`, `"Microsoft.VSTS.Common.ClosedDate": "2026-03-01T08:30:00Z",`, ""},
		"jira":   {`"key": "done"`, `"key": "indeterminate"`},
		"linear": {`"type": "completed"`, `"type": "started"`},
	}
	for tool := range open {
		t.Run(tool, func(t *testing.T) {
			server := &pmoServer{statuses: []int{200}}
			h := server.start(t, tool)
			for _, change := range [][]string{open[tool], still[tool]} {
				require.Equal(t, http.StatusAccepted, post(h, hooked(tool, strings.NewReplacer(change...).Replace(recorded(t, tool+"_closed")), hookSecret)))
			}
			require.Len(t, server.events, 2)
			again, moved := server.events[0], server.events[1]
			require.Contains(t, again.Note, "Opened again")
			require.True(t, again.Report().NoPercent)
			require.Contains(t, moved.Note, "Moved")
			require.False(t, moved.Report().NoPercent)
			require.Equal(t, []pmo.WorkStatus{pmo.WorkOpen, pmo.WorkOpen}, []pmo.WorkStatus{again.Status, moved.Status})
		})
	}
}
