package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/internal/policy"
)

// office is an API that knows the default policy, two teams and two people.
func office() *fake {
	return &fake{answers: map[string]any{
		"GET /v1/policy": map[string]any{"name": "Policy 1", "data": policy.Default().Document()},
		"GET /v1/teams": map[string]any{"items": []any{
			map[string]any{"id": "falcon", "name": "Falcon", "leads": []string{"theo"}, "skills": []string{"web", "gis"}, "capacity": 12, "wip": 4, "limit": 4, "load": 7},
			map[string]any{"id": "otter", "name": "Otter", "leads": []string{"lena"}, "skills": []string{"GIS", "data"}, "capacity": 10, "wip": 3, "limit": 4, "load": 7}}},
		"GET /v1/people": map[string]any{"items": []any{
			map[string]any{"id": "ana", "name": "Ana Moreau", "roles": []string{"approver"}, "groups": []string{"approvers", "architecture"}},
			map[string]any{"id": "sam", "name": "Sam Okafor", "roles": []string{"requester"}, "groups": []string{}}}},
		"GET /v1/requests": map[string]any{"items": []any{
			map[string]any{"ref": "R-4", "title": "One list of projects for every council district", "stage": "review", "status": "open", "submitted_at": noon.Add(-23 * 24 * time.Hour),
				"waiting_on": []string{"ana"}, "waits_on": "ana", "due_at": noon.Add(48 * time.Hour), "requester": "sam"},
			map[string]any{"ref": "R-5", "title": "Salt routes", "stage": "prioritization", "status": "open", "submitted_at": noon.Add(-5 * time.Hour), "waiting_on": []string{},
				"waits_on": "a slot: portfolio WIP limit 12 reached", "rank": 3, "requester": "rita"}}},
	}}
}

func TestValuesCanBeFound(t *testing.T) {
	for _, c := range []string{"kinds", "themes", "skills", "people", "teams", "list --sort age"} {
		got := run(t, office(), strings.Fields(c)...)
		require.NoError(t, got.err)
		golden(t, strings.Fields(c)[0], got.out)
	}
	for args, want := range map[string]string{"list --kind": "new_application\t", "list --theme": "service\t", "list --waiting-on": "ana\tAna Moreau", "reassign R-4 --to": "ana\tAna Moreau",
		"reassign R-4 --team": "falcon\tFalcon", "submit --template": "new_application\t", "decide R-4 approve --on-behalf-of": "ana\t", "backlog --portfolio": "digital\t"} {
		got := run(t, office(), append(append([]string{"__complete"}, strings.Fields(args)...), "")...)
		require.True(t, strings.HasPrefix(got.out, want), "%s: %q", args, got.out)
	}
}

func TestAFormStartsFromATemplate(t *testing.T) {
	got := run(t, office(), "submit", "--template", "enhancement")
	require.NoError(t, got.err)
	golden(t, "template", got.out)
	filled := strings.NewReplacer(`title: ""`, "title: Lists", `problem: ""`, "problem: p", `outcome: ""`, "outcome: o", "#size:", "size: 3", "#baseline:", "baseline:", "#  people:", "  people: 4",
		"#themes: []", "themes: [service]").Replace(got.out)
	read, err := forms.Read("t.yaml", []byte(filled))
	require.NoError(t, err)
	require.Equal(t, "enhancement", read[0].Kind)
	require.Equal(t, 4, read[0].Baseline.People)
	require.Empty(t, policy.Default().Validate(read[0].Content))
	for _, kind := range policy.Default().Kinds() {
		text, err := forms.Template(policy.Default().Document(), kind)
		require.NoError(t, err)
		_, err = forms.Read("t.yaml", []byte(strings.Replace(text, `title: ""`, "title: Lists", 1)))
		require.NoError(t, err, text)
	}
	got = run(t, office(), "submit", "--template", "enhancment")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, "did you mean enhancement?")
}

func TestSubmitAsksAtATerminal(t *testing.T) {
	f := office()
	f.answers["POST /v1/requests"] = map[string]any{"id": "x", "number": 4, "ref": "R-4", "stage": "review", "lane": "express", "submitted_at": time.Now()}
	got := typing(t, f, "wish\nsupport\nLists\n\n\n\n\n\n\nIt hurts\n2\nyes\n", "submit")
	require.NoError(t, got.err, got.out)
	sent := f.bodies[len(f.bodies)-1]
	require.JSONEq(t, `{"title":"Lists","kind":"support","problem":"It hurts","size":2}`, sent, got.out)
	f.asked = nil
	require.Equal(t, ExitUsage, typing(t, f, "support\nLists\n\n\n\n\n\n\nIt hurts\n2\nno\n", "submit").code)
	require.NotContains(t, f.asked, "POST /v1/requests")
}

func TestAnUnknownSkillSaysWhichIsNear(t *testing.T) {
	f := office()
	f.answers["POST /v1/requests"] = map[string]any{"id": "x", "number": 4, "ref": "R-4", "stage": "review", "lane": "express", "submitted_at": time.Now()}
	path := filepath.Join(t.TempDir(), "wish.yaml")
	require.NoError(t, os.WriteFile(path, []byte("title: Lists\nkind: bug\nskills: [gsi, WEB]\n"), 0o600))
	got := run(t, f, "submit", "-f", path)
	require.NoError(t, got.err)
	require.Contains(t, got.out, "no team has the skill gsi; did you mean gis?\n")
	require.NotContains(t, got.out, "skill web")
}
