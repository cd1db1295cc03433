package web

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
)

var update = flag.Bool("update", false, "write the golden file anew")

// Pages that ask for no right of the table.
const (
	noSignIn access.Action = "(without sign-in)"
	signedIn access.Action = "(signed in)"
)

// pageRights is the right behind each page and form: the action of the API's call that makes or refuses it.
var pageRights = map[string][]access.Action{
	"GET /start": {noSignIn}, "GET /start/{kind}": {noSignIn}, "POST /start/{kind}": {noSignIn}, "GET /status/{token}": {noSignIn},
	"GET /mails": {signedIn}, "GET /mails/{id}": {signedIn}, "GET /mails/{id}/html": {signedIn},
	"GET /unsubscribe/{token}": {noSignIn}, "POST /unsubscribe/{token}": {noSignIn},
	"POST /requests/{ref}/status-link/end": {access.RevokeStatusLink},
	"GET /assets/{name}":                   {noSignIn}, "GET /sign-in": {noSignIn}, "GET /sign-in/provider/{provider}": {noSignIn}, "GET /sign-in/callback": {noSignIn},
	"GET /sign-in/callback/{provider}": {noSignIn}, "POST /sign-in/signed-out/{provider}": {noSignIn},
	"POST /sign-out": {signedIn}, "GET /events": {access.ReadEvents}, "GET /": {access.ReadInbox, access.ListRequests},
	"GET /inbox": {access.ReadInbox}, "GET /inbox/several": {access.ReadInbox}, "POST /inbox/several": {access.Answer}, "GET /decided": {access.ReadInbox},
	"POST /requests/{ref}/note": {access.Answer}, "GET /requests": {access.ListRequests}, "GET /requests/new": {access.ReadPolicy}, "POST /requests/new": {access.Submit},
	"GET /similar": {access.ListRequests}, "GET /requests/new/{kind}": {access.ReadPolicy}, "POST /requests/new/{kind}": {access.Submit}, "GET /requests/{ref}": {access.ReadRequest},
	"POST /requests/{ref}/comments": {access.Comment}, "GET /requests/{ref}/comments/{id}": {access.Comment}, "POST /requests/{ref}/comments/{id}": {access.Comment},
	"POST /requests/{ref}/attachments": {access.Attach}, "POST /requests/{ref}/attachments/{id}/remove": {access.Detach},
	"GET /playbooks/{approach}": {access.ReadPolicy}, "GET /requests/{ref}/plan": {access.ReadPlan}, "POST /requests/{ref}/plan": {access.ProposePlan},
	"GET /requests/{ref}/approach": {access.ReadExplanation}, "POST /requests/{ref}/approach": {access.Amend},
	"GET /requests/{ref}/answer": {access.ReadRequest}, "POST /requests/{ref}/answer": {access.Answer},
	"GET /backlog": {access.ReadBacklog}, "POST /backlog/run": {access.RunPrioritization}, "GET /funding": {access.ReadBacklog, access.ReadTeams}, "GET /board": {access.ListRequests}, "POST /views": {access.KeepViews}, "POST /views/{id}": {access.KeepViews}, "GET /requests/{ref}/move": {access.ReadRequest},
	"GET /me/notifications": {access.ReadInbox}, "POST /me/notifications": {access.SetNotifications}, "POST /requests/{ref}/mute": {access.WatchSelf},
	"GET /resources": {access.ReadTeams, access.ReadPolicy}, "POST /resources": {access.EditResources}, "POST /resources/import": {access.EditResources},
	"GET /teams":  {access.ReadTeams},
	"GET /report": {access.ReadReports, access.ListRequests, access.ReadBacklog}, "GET /teams/{id}": {access.ReadTeams}, "POST /teams/{id}": {access.EditTeam}, "POST /teams/{id}/absences": {access.EditTeam}, "POST /teams/{id}/supply": {access.EditTeam},
	"GET /forecast": {access.ListRequests},
	"GET /imports":  {access.ReadReports}, "POST /imports": {access.ImportHistory}, "POST /imports/{source}/remove": {access.ImportHistory},
	"GET /skills": {access.ReadReports, access.ReadPolicy}, "GET /skills.csv": {access.ReadReports},
	"GET /calibration": {access.ReadReports}, "GET /retrospective": {access.ReadReports}, "GET /calibration.csv": {access.ReadReports},
	"GET /flow": {access.ReadReports}, "GET /flow.csv": {access.ReadReports}, "GET /policy": {access.ReadPolicy, access.ReadBacklog},
	"GET /assignments": {access.ReadTeams, access.ReadPolicy},
	"GET /what-if":     {access.ReadBacklog}, "GET /what-if/teams": {access.ReadTeams}, "GET /what-if/portfolio": {access.ReadTeams}, "GET /what-if/portfolio.csv": {access.ReadTeams},
	"GET /strategy": {access.ReadBacklog, access.ReadPolicy}, "POST /strategy": {access.SayKeyResult},
	"GET /points": {access.ReadBacklog, access.ReadPolicy}, "GET /requests/{ref}/points": {access.ReadExplanation}, "POST /requests/{ref}/points": {access.SpendPoints},
	"GET /requests/{ref}/scoring": {access.ReadExplanation}, "POST /requests/{ref}/scoring/{step:open|mine|reveal}": {access.SetInputs, access.Answer},
	"GET /policy/proposals": {access.ReadPolicy}, "GET /policy/propose": {access.ReadPolicy}, "POST /policy/propose": {access.ProposePolicy}, "GET /policy/proposals/{id}": {access.ReadPolicy},
	"GET /policy/proposals/{id}/{step:accept|reject|withdraw}": {access.ReadPolicy}, "POST /policy/proposals/{id}/{step:accept|reject|withdraw}": {access.DecidePolicy, access.WithdrawPolicy},
	"GET /policy/versions/{version}": {access.ReadPolicy},
	"GET /chat":                      {access.ReadOwnChat, access.ReadChats, access.ReadPolicy}, "POST /chat/{step:set|remove|test}": {access.SetOwnChat, access.SetChats},
	"GET /channels": {access.ReadChannels}, "GET /channels/{endpoint}": {access.ReadChannels}, "GET /channels/{endpoint}/{step:redeliver|enable}": {access.ManageChannels},
	"POST /channels/{endpoint}/{step:redeliver|enable}": {access.ManageChannels},
	"GET /access/audit": {access.ReadAudit}, "GET /access/audit.csv": {access.ReadAudit},
	"GET /access": {access.ReadOwnAccess}, "POST /access/tokens": {access.ManageOwnAccess, access.ManageAccess},
	"POST /access/{what:tokens|sessions}/{id}/end": {access.ManageOwnAccess, access.ManageAccess}, "POST /access/delegation": {access.SetDelegation}, "POST /access/people/{what:block|unblock|unlink}": {access.ManageAccess},
}

// commandRights are the rights of the commands that one route serves.
var commandRights = map[string]access.Action{"amend": access.Amend, "raid": access.LogRaid, "progress": access.ReportProgress, "withdraw": access.Withdraw, "hold": access.Hold,
	"resume": access.Resume, "wake": access.Wake, "cancel": access.Cancel, "pull": access.Pull, "inputs": access.SetInputs, "reassign": access.Reassign}

// TestEveryPageHasItsRight fails on a page or form without an entry, and on one that is reached without signing in and is not meant to be; the
// golden file says who may use each without any relation to the request, for review.
func TestEveryPageHasItsRight(t *testing.T) {
	b := newBrowser(t)
	var lines []string
	seen := map[string]bool{}
	require.NoError(t, chi.Walk(b.site.router, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		page := method + " " + route
		seen[page] = true
		actions := pageRights[page]
		if strings.Contains(route, "{command:") {
			for _, command := range strings.Split(strings.TrimSuffix(route[strings.Index(route, "{command:")+len("{command:"):], "}"), "|") {
				require.Contains(t, commandRights, command, page)
				actions = append(actions, commandRights[command])
			}
		}
		require.NotEmpty(t, actions, "%s has no entry in pageRights", page)
		for _, action := range actions {
			lines = append(lines, fmt.Sprintf("%-48s %-20s %s", page, action, whoMay(action)))
		}
		if actions[0] != noSignIn && !strings.ContainsAny(route, "{") {
			response := b.do(method, route, nil)
			require.Equal(t, http.StatusSeeOther, response.StatusCode, page)
			require.True(t, strings.HasPrefix(response.Header.Get("Location"), "/sign-in"), page)
		}
		return nil
	}))
	for page := range pageRights {
		require.True(t, seen[page], "%s is no page any more", page)
	}
	slices.Sort(lines)
	text := "# The right behind each page and form, and the roles that have it without any relation to a request.\n" + strings.Join(lines, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile("testdata/rights.golden", []byte(text), 0o644))
	}
	golden, err := os.ReadFile("testdata/rights.golden")
	require.NoError(t, err)
	require.Equal(t, string(golden), text, "rights of pages changed; review them and run with -update")
}

func whoMay(action access.Action) string {
	if action == noSignIn || action == signedIn {
		return "everybody"
	}
	var roles []string
	for _, role := range access.Roles() {
		if access.Can(access.Actor{ID: "x", Roles: []string{string(role)}}, action, access.Object{}).Allowed {
			roles = append(roles, string(role))
		}
	}
	if len(roles) == len(access.Roles()) {
		return "everybody"
	}
	if len(roles) == 0 {
		return "nobody: a relation is needed"
	}
	return strings.Join(roles, ", ")
}
