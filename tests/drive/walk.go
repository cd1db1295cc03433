package drive

import (
	"net/http"

	"github.com/stretchr/testify/require"
)

// Prioritize runs a prioritization now and waits for its end.
func (a *API) Prioritize(portfolio string) {
	a.t.Helper()
	body := map[string]any{"portfolio": portfolio, "reason": "capacity came free"}
	answer, err := a.As("petra").Try(http.MethodPost, "/v1/prioritizations", body)
	require.NoError(a.t, err)
	require.Contains(a.t, []int{http.StatusCreated, http.StatusAccepted}, answer.Status, "%s", answer.Raw)
}

// Team creates or replaces a team.
func (a *API) Team(id, name, portfolio, lead string, capacity float64, skills ...string) {
	a.t.Helper()
	body := map[string]any{"name": name, "portfolio": portfolio, "leads": []string{lead}, "skills": skills, "capacity": capacity}
	for _, known := range a.As("petra").Get("/v1/teams").List("items") {
		if team, _ := known.(map[string]any); team["id"] == id {
			body["revision"] = team["revision"]
		}
	}
	a.As("petra").Call(http.StatusOK, http.MethodPut, "/v1/teams/"+id, body)
}

// ToBacklog brings a request from review to the backlog: the two approvers of the local stack agree.
func (r *Request) ToBacklog() *Request {
	r.api.t.Helper()
	r.Approve().AwaitStage("prioritization")
	return r
}

// Approve lets the two approvers of the local stack agree, the second only if one is not enough.
func (r *Request) Approve() *Request {
	r.api.t.Helper()
	r.AwaitOpen("review/1/approvers")
	if r.Decide("ana", "review/1/approvers", "approve").Text("result") != "settled" {
		r.Decide("bo", "review/1/approvers", "approve")
	}
	return r
}

// Pull runs prioritizations until the request has left the backlog.
func (r *Request) Pull() *Request {
	r.api.t.Helper()
	r.api.Prioritize(r.Read().Text("portfolio"))
	r.Await("pulled", func(a *Answer) bool { return a.Text("pulled_at") != "" })
	return r
}

// ToExecution brings a pulled request to an agreed plan: the lead of the offered team accepts.
func (r *Request) ToExecution() *Request {
	r.api.t.Helper()
	state := r.Await("the way of working is settled or asked", func(a *Answer) bool { return a.Text("stage") != "prioritization" && len(Open(a)) > 0 })
	if state.Text("stage") == "approach" {
		r.Decide("theo", "approach/1", "accept")
		state = r.Await("a team is asked", func(a *Answer) bool { return a.Text("stage") == "assignment" && len(Open(a)) > 0 })
	}
	lead := state.Text("assignment.leads.0")
	r.Decide(lead, Open(state)[0], "accept")
	r.AwaitOpen("plan/1")
	r.Decide("sam", "plan/1", "agree")
	r.Decide(lead, "plan/1", "agree")
	return r
}

// ToEnd brings a request in execution to its end: two reports, done, accepted.
func (r *Request) ToEnd() *Answer {
	r.api.t.Helper()
	lead := r.Await("execution", func(a *Answer) bool { return a.Text("plan.agreed_at") != "" }).Text("assignment.leads.0")
	r.Do(lead, "progress", map[string]any{"percent": 50, "note": "half of it runs"})
	r.Do(lead, "progress", map[string]any{"percent": 100, "done": true})
	r.AwaitOpen("acceptance/1")
	r.Decide("sam", "acceptance/1", "accept")
	return r.AwaitClosed("delivered")
}
