package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestCommandsAreThoseThatAreTaken: what a request offers somebody is neither refused by their rights nor by its state, and what it does not
// offer is.
func TestCommandsAreThoseThatAreTaken(t *testing.T) {
	bodies := map[string]string{
		"amend": `{"revision":1,"patch":{"users":"all"}}`, "progress": `{"note":"it goes on"}`, "withdraw": `{"reason":"bought"}`, "hold": `{"reason":"a law"}`,
		"resume": `{"reason":"it passed"}`, "wake": `{"reason":"now"}`, "cancel": `{"reason":"no money"}`, "pull": `{"reason":"the mayor"}`, "inputs": `{"inputs":{"job_size":3}}`,
		"plan":     `{"version":0,"reason":"we know more now","plan":{"summary":"s","milestones":[{"name":"m"}]}}`,
		"reassign": `{"team":"otter","reason":"Falcon is short of people"}`,
		"raid":     `{"kind":"risk","text":"late"}`,
	}
	states := map[string]func(*pmo.Request){
		"review":  func(*pmo.Request) {},
		"on hold": func(r *pmo.Request) { r.Status, r.Hold = pmo.StatusOnHold, &pmo.Hold{By: "petra", Since: now} },
		"put off": func(r *pmo.Request) {
			r.Status, r.Deferral = pmo.StatusDeferred, &pmo.Deferral{Until: now.AddDate(0, 1, 0), By: "ana"}
		},
		"backlog": func(r *pmo.Request) { r.Stage = pmo.StagePrioritization },
		"with a team": func(r *pmo.Request) {
			r.Stage, r.Assignment = pmo.StageExecution, &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, ConfirmedAt: now}
		},
		"closed": func(r *pmo.Request) { r.Status, r.Outcome = pmo.StatusClosed, pmo.OutcomeRejected },
	}
	for name, make := range states {
		for _, person := range []string{"sam", "rita", "ana", "petra", "theo", "ada"} {
			b := setup(t)
			b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "otter"}}}
			row := b.store.rows[requestA]
			row.Revision = 1
			make(&row.Request)
			b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
			status, doc, _ := b.call(t, person, "GET", "/v1/requests/"+requestA, "")
			require.Equal(t, http.StatusOK, status)
			offered := map[string]bool{}
			for _, command := range doc["commands"].([]any) {
				offered[command.(string)] = true
			}
			for _, c := range commandsOffered {
				method, path := "POST", "/"+c.command
				if c.command == "amend" {
					method, path = "PATCH", ""
				}
				require.True(t, json.Valid([]byte(bodies[c.command])))
				b.engine.checks = true
				status, doc, _ := b.call(t, person, method, "/v1/requests/"+requestA+path, bodies[c.command])
				require.Equal(t, offered[c.command], status == http.StatusOK, "%s, %s, %s: %d %v", name, person, c.command, status, doc)
			}
		}
	}
}
