package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTeamsApplyRemovesOnlyWhenAsked(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/teams": map[string]any{"items": []any{
		map[string]any{"id": "a", "name": "A", "portfolio": "p", "leads": []string{"theo"}, "members": []string{"kai"}, "skills": []string{"web", "gis"},
			"capacity": 3, "wip_limit": 2, "revision": 7}}},
		"PUT /v1/teams/a": map[string]any{"id": "a"}}}
	path := filepath.Join(t.TempDir(), "teams.yaml")
	apply := func(team string, more ...string) result {
		f.asked = nil
		require.NoError(t, os.WriteFile(path, []byte("teams:\n  - "+team+"\n"), 0o600))
		return run(t, f, append([]string{"teams", "apply", "-f", path}, more...)...)
	}
	without := "{id: a, name: A, portfolio: p, leads: [theo], capacity: 4}"
	require.Equal(t, "a  changed\n", apply(without).out)
	require.JSONEq(t, `{"name":"A","portfolio":"p","leads":["theo"],"members":["kai"],"skills":["web","gis"],"approaches":[],"load_ceiling":0,"capacity":4,"wip_limit":2,"revision":7}`, f.lastBody())
	require.Equal(t, "a  is as it should be\n", apply("{id: a, name: A, portfolio: p, leads: [theo], capacity: 3}").out)

	got := apply("{id: a, name: A, portfolio: p, leads: [theo], skills: [web], capacity: 4}")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, "team a would lose skills gis. Give --replace to remove that; nothing was changed")
	require.NotContains(t, f.asked, "PUT /v1/teams/a")
	require.Equal(t, ExitUsage, apply("{id: a, name: A, portfolio: p, leads: [theo], skills: [], capacity: 4}").code)

	got = apply(without, "--replace")
	require.Equal(t, "a  changed; removed: members kai; skills web, gis; wip_limit 2\n", got.out)
	require.JSONEq(t, `{"name":"A","portfolio":"p","leads":["theo"],"members":[],"skills":[],"approaches":[],"load_ceiling":0,"wip_limit":0,"capacity":4,"revision":7}`, f.lastBody())
}

// TestTeamsApplyTakesZeroAndNullAsGiven: every figure of a team can be unset without --replace, which would empty the rest too.
func TestTeamsApplyTakesZeroAndNullAsGiven(t *testing.T) {
	now := map[string]any{"id": "a", "name": "A", "portfolio": "p", "leads": []string{"theo"}, "members": []string{"kai"}, "skills": []string{"web"}, "shares": map[string]any{"kai": 0.5},
		"capacity": 3, "load_ceiling": 0.7, "wip_limit": 2, "capacity_per_person": 1.5, "other_work": 0.1, "wip_per_person": 2, "pace": 1.5, "revision": 7}
	f := &fake{answers: map[string]any{"GET /v1/teams": map[string]any{"items": []any{now}}, "PUT /v1/teams/a": map[string]any{"id": "a"}}}
	path := filepath.Join(t.TempDir(), "teams.yaml")
	apply := func(fields string) (result, map[string]any) {
		require.NoError(t, os.WriteFile(path, []byte("teams:\n  - {id: a, "+fields+"}\n"), 0o600))
		got := run(t, f, "teams", "apply", "-f", path)
		var sent map[string]any
		require.NoError(t, json.Unmarshal([]byte(f.lastBody()), &sent))
		return got, sent
	}
	for field, was := range map[string]string{"load_ceiling": "0.7", "wip_limit": "2", "capacity_per_person": "1.5", "other_work": "0.1", "wip_per_person": "2", "pace": "1.5"} {
		for _, empty := range []string{"0", "null", ""} {
			got, sent := apply(field + ": " + empty)
			require.Equal(t, "a  changed; removed: "+field+" "+was+"\n", got.out, empty)
			require.EqualValues(t, 0, sent[field])
			for other, value := range now {
				if number, ok := value.(float64); ok && other != field {
					require.InDelta(t, number, sent[other], 0, "%s stays when %s is emptied", other, field)
				}
			}
			require.Equal(t, []any{"web"}, sent["skills"])
		}
	}
	got, sent := apply("capacity: 0, capacity_per_person: 0")
	require.NoError(t, got.err)
	require.EqualValues(t, 0, sent["capacity"], "0 is nothing")
	delete(now, "capacity_per_person")
	now["capacity_measured"] = true
	got, sent = apply("capacity_measured: false")
	require.Equal(t, "a  changed\n", got.out)
	require.NotContains(t, sent, "capacity_measured")
	require.EqualValues(t, 3, sent["capacity"], "the one measured last is stated from now on")
	require.NoError(t, os.WriteFile(path, []byte("teams:\n  - {id: a, shares: null}\n"), 0o600))
	require.ErrorContains(t, run(t, f, "teams", "apply", "-f", path).err, "team a would lose shares kai", "lists still ask for --replace")
}

// TestTeamsApplyKeepsAbsences: like every list, they stay where the file does not give them, and are removed only when asked.
func TestTeamsApplyKeepsAbsences(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/teams": map[string]any{"items": []any{
		map[string]any{"id": "a", "name": "A", "portfolio": "p", "leads": []string{"theo"}, "skills": []string{}, "capacity": 3, "revision": 7,
			"absences": []any{map[string]any{"from": "2027-03-01", "until": "2027-03-05", "amount": 1, "who": "theo"}}}}},
		"PUT /v1/teams/a": map[string]any{"id": "a"}}}
	path := filepath.Join(t.TempDir(), "teams.yaml")
	apply := func(team string, more ...string) result {
		f.asked = nil
		require.NoError(t, os.WriteFile(path, []byte("teams:\n  - "+team+"\n"), 0o600))
		return run(t, f, append([]string{"teams", "apply", "-f", path}, more...)...)
	}
	require.Equal(t, "a  changed\n", apply("{id: a, name: A, portfolio: p, leads: [theo], skills: [], capacity: 4}").out)
	require.Contains(t, f.lastBody(), `"absences":[{"from":"2027-03-01"`)
	more := "{id: a, name: A, portfolio: p, leads: [theo], skills: [], capacity: 3, absences: [{from: 2027-03-01, until: 2027-03-05, amount: 1, who: theo}, {from: 2027-04-01, until: 2027-04-01, whole_team: true}]}"
	require.Equal(t, "a  changed\n", apply(more).out)
	got := apply("{id: a, name: A, portfolio: p, leads: [theo], skills: [], capacity: 3, absences: []}")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, "team a would lose absences 2027-03-01 to 2027-03-05: 1 (theo). Give --replace to remove that")
	for _, team := range []string{"{id: a, name: A, portfolio: p, leads: [theo], skills: [], capacity: 3, absences: []}", "{id: a, name: A, portfolio: p, leads: [theo], skills: [], capacity: 3}"} {
		require.Equal(t, "a  changed; removed: absences 2027-03-01 to 2027-03-05: 1 (theo)\n", apply(team, "--replace").out)
		require.Contains(t, f.lastBody(), `"absences":[]`)
	}
	require.Equal(t, ExitUsage, apply("{id: a, name: A, absences: [{form: 2027-03-01}]}").code, "a misspelt field is found")
}
