package access_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
)

var update = flag.Bool("update", false, "write the golden file anew")

var relations = []struct {
	name     string
	relation access.Relation
}{
	{"none", 0}, {"requester", access.Requester}, {"submitter", access.SubmittedBy}, {"sponsor", access.Sponsor}, {"sponsor, unconfirmed", access.NamedSponsor}, {"watcher", access.Watcher},
	{"asked", access.Asked}, {"delegate", access.Delegate}, {"lead", access.Lead}, {"member", access.Member}, {"tool", access.Tool},
	{"asked+requester", access.Asked | access.Requester}, {"asked+submitter", access.Asked | access.SubmittedBy},
	{"delegate+requester", access.Delegate | access.Requester}, {"delegate of requester", access.Delegate | access.ForRequester},
	{"asked+sponsor", access.Asked | access.Sponsor}, {"asked+lead", access.Asked | access.Lead},
}

var letters = map[string]string{"": "+", pmo.RefusedForbidden: "-", access.NotFound: "?", pmo.RefusedOwnRequest: "o", pmo.RefusedNotAsked: "a"}

// TestMatrix holds the whole product of roles, relations, actions and what matters of the object against a file people can
// review. Rows that are alike over all stages are written once.
func TestMatrix(t *testing.T) {
	var text strings.Builder
	text.WriteString("# Who may do what. + allowed, - forbidden, ? not found, o own request, a not asked\n# Columns: ")
	for _, role := range access.Roles() {
		text.WriteString(string(role) + ", ")
	}
	text.WriteString("no role\n")
	for _, action := range access.Actions() {
		writeAction(&text, action)
	}
	path := filepath.Join("testdata", "matrix.golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	}
	golden, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(golden), text.String(), "rights changed; review them and run with -update")
}

// writeAction groups the situations an action can meet by the grid of rights they lead to.
func writeAction(text *strings.Builder, action access.Action) {
	var grids []string
	names := map[string][]string{}
	for _, s := range situations(action) {
		g := grid(action, s.object)
		if _, seen := names[g]; !seen {
			grids = append(grids, g)
		}
		names[g] = append(names[g], s.name)
	}
	for _, g := range grids {
		fmt.Fprintf(text, "\n%s [%s]\n%s", action, when(names[g]), g)
	}
}

// when shortens a list of situations that has every stage in it.
func when(names []string) string {
	words := strings.Join(names, ", ")
	for _, prefix := range []string{"open ", "confidential "} {
		var all []string
		for _, stage := range pmo.Stages() {
			all = append(all, prefix+string(stage))
		}
		words = strings.ReplaceAll(words, strings.Join(all, ", "), prefix+"in any stage")
	}
	return words
}

type situation struct {
	name   string
	object access.Object
}

func situations(action access.Action) []situation {
	var list []situation
	for _, confidential := range []bool{false, true} {
		word := map[bool]string{false: "open", true: "confidential"}[confidential]
		for _, stage := range pmo.Stages() {
			list = append(list, situation{word + " " + string(stage), access.Object{Confidential: confidential, Stage: stage}})
		}
	}
	return list
}

func grid(action access.Action, object access.Object) string {
	var g strings.Builder
	for _, r := range relations {
		object.Relation = r.relation
		fmt.Fprintf(&g, "  %-22s", r.name)
		for _, role := range append(access.Roles(), "") {
			d := access.Can(access.Actor{ID: "x", Roles: []string{string(role)}}, action, object)
			g.WriteString(" " + letters[d.Kind])
		}
		g.WriteString("\n")
	}
	return g.String()
}

// TestInvariants are the promises no change of the table may break.
func TestInvariants(t *testing.T) {
	for _, action := range access.Actions() {
		for _, s := range situations(action) {
			for _, r := range relations {
				for _, role := range append(access.Roles(), "") {
					object := s.object
					object.Relation = r.relation
					check(t, access.Actor{ID: "x", Roles: []string{string(role)}}, action, object)
				}
			}
		}
	}
}

func check(t *testing.T, actor access.Actor, action access.Action, object access.Object) {
	d := access.Can(actor, action, object)
	where := fmt.Sprintf("%v %s %+v", actor.Roles, action, object)
	require.Equal(t, d.Allowed, d.Kind == "" && d.Reason == "", where)
	if object.Confidential && object.Relation == 0 && access.OnRequest(action) && !access.SeesAll(actor) {
		require.Equal(t, access.NotFound, d.Kind, "confidential request shown: %s", where)
	}
	if object.Relation&access.Tool != 0 && action != access.ReportProgress {
		require.False(t, d.Allowed, "a tool did something else than report: %s", where)
	}
}

// TestAgents: whatever its roles and relations are, an agent does what is for agents alone, and sees a confidential request only where that is granted.
func TestAgents(t *testing.T) {
	for _, action := range access.Actions() {
		for _, s := range situations(action) {
			for _, r := range relations {
				for _, granted := range []bool{false, true} {
					object := s.object
					object.Relation = r.relation
					agent := access.Actor{ID: "x", Agent: true, Granted: granted, Roles: []string{"requester", "approver", "team", "pmo", "auditor", "admin"}}
					person := agent
					person.Agent = false
					may := access.Can(agent, action, object).Allowed
					require.False(t, may && !access.ForAgents(action), "an agent does %s", action)
					require.False(t, may && !access.Can(person, action, object).Allowed, "an agent may more than a person: %s", action)
					require.False(t, may && object.Confidential && access.OnRequest(action) && !granted, "an agent reads a confidential request: %s", action)
				}
			}
		}
	}
	require.Empty(t, access.Viewer(access.Actor{ID: "x", Agent: true}), "lists show it no confidential request either")
	require.Equal(t, "x", access.Viewer(access.Actor{ID: "x", Agent: true, Granted: true}))
	require.Equal(t, "x", access.Viewer(access.Actor{ID: "x"}))
}

func TestRolesAddUp(t *testing.T) {
	both := access.Actor{ID: "x", Roles: []string{"requester", "pmo"}}
	require.True(t, access.Can(both, access.Submit, access.Object{}).Allowed)
	require.True(t, access.Can(both, access.Cancel, access.Object{}).Allowed)
	d := access.Can(both, access.Pull, access.Object{Relation: access.Requester})
	require.Equal(t, pmo.RefusedOwnRequest, d.Kind)
}

func TestReasons(t *testing.T) {
	d := access.Can(access.Actor{ID: "x", Roles: []string{"requester"}}, access.Amend, access.Object{})
	require.Equal(t, "only the requester or who submitted it or the team's lead or the PMO may do this", d.Reason)
	require.Equal(t, pmo.RefusedForbidden, access.Can(access.Actor{}, "fly", access.Object{}).Kind)
}

// TestScopes: a limited token does what its scopes hold of its owner's rights, and nothing else; no limited token manages tokens, sessions or
// delegations.
func TestScopes(t *testing.T) {
	var text strings.Builder
	text.WriteString("# What a token may do that is limited to a scope.\n")
	for _, scope := range append(access.Scopes(), "") {
		fmt.Fprintf(&text, "%-8s", scope)
		for _, action := range access.Actions() {
			if access.ScopeOf(action) == scope {
				text.WriteString(" " + string(action))
			}
		}
		text.WriteString("\n")
	}
	path := filepath.Join("testdata", "scopes.golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	}
	golden, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(golden), text.String(), "rights changed; review them and run with -update")

	for _, action := range access.Actions() {
		for _, role := range access.Roles() {
			whole := access.Actor{ID: "x", Roles: []string{string(role)}}
			for _, scope := range access.Scopes() {
				limited := whole
				limited.Limited, limited.Scopes = true, []access.Scope{scope}
				may := access.Can(limited, action, access.Object{Relation: access.Requester | access.Lead}).Allowed
				require.False(t, may && scope != access.ScopeOf(action), "%s does %s", scope, action)
				require.False(t, may && !access.Can(whole, action, access.Object{Relation: access.Requester | access.Lead}).Allowed, "%s gives more than its owner has", scope)
			}
			whole.Limited = true
			require.False(t, access.Can(whole, action, access.Object{}).Allowed, "a token without a scope does %s", action)
		}
	}
	require.Equal(t, "your token was not made for this: it needs the scope answer",
		access.Can(access.Actor{ID: "x", Limited: true, Scopes: []access.Scope{access.ScopeRead}}, access.Answer, access.Object{}).Reason)
}
