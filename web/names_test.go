package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// Pages say teams, kinds and themes by their names. What cannot be read has its id, and what was known stays known.
func TestPagesSayNames(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon squad"}}}}
	b.api.answers["GET /v1/policy"] = wire.Policy{Data: policy.Default().Document()}
	b.signIn("petra")
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	b.site.Now = func() time.Time { return now }
	names := func() officeNames { return b.site.officeNames(t.Context()) }
	reader := &reader{Lang: "en", office: names}
	require.Equal(t, "Falcon squad", reader.TeamName("falcon"))
	require.Equal(t, "Defect", reader.KindName("bug"))
	require.Equal(t, "Better service for the public", reader.ThemeName("service"))
	require.Equal(t, []string{"Falcon squad", "Finance", "otter"}, []string{reader.GroupName("falcon"), reader.GroupName("finance"), reader.TeamName("otter")})

	b.api.refuse["GET /v1/teams"] = problem.New(problem.Unavailable, "the database is away")
	now = now.Add(2 * namesFor)
	require.Equal(t, "Falcon squad", reader.TeamName("falcon"))
	delete(b.api.refuse, "GET /v1/teams")
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon"}}}}
	require.Equal(t, "Falcon squad", reader.TeamName("falcon"), "read a moment ago")
	now = now.Add(2 * namesFor)
	require.Equal(t, "Falcon", reader.TeamName("falcon"))
}
