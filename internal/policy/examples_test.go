package policy_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/yamlstrict"
)

const examples = "../../examples"

func read(t *testing.T, name string, into any) {
	src, err := os.ReadFile(filepath.Join(examples, name))
	require.NoError(t, err)
	require.NoError(t, yamlstrict.Decode(src, into).Err(), name)
}

func TestExampleTeams(t *testing.T) {
	dir := localDirectory(t)
	for _, team := range exampleTeams(t) {
		require.Contains(t, policy.Default().Portfolios(), team.Portfolio)
		require.NotEmpty(t, team.Skills)
		require.Positive(t, team.Capacity)
		for _, lead := range team.Leads {
			require.True(t, dir.InGroup(lead, "delivery-leads"), lead)
		}
	}
}

func exampleTeams(t *testing.T) []pmo.Team {
	var doc struct {
		Teams []pmo.Team `json:"teams"`
	}
	read(t, "teams.yaml", &doc)
	require.Len(t, doc.Teams, 3)
	return doc.Teams
}

func TestExamplePolicy(t *testing.T) {
	p, err := policy.Load(filepath.Join(examples, "policy.yaml"))
	require.NoError(t, err)
	require.NoError(t, p.CheckDirectory(localDirectory(t)))
	require.Equal(t, 2, p.Version())
	require.Equal(t, "America/Chicago", p.Calendar("digital").Location().String())
	require.Equal(t, time.Date(2027, 3, 31, 5, 0, 0, 0, time.UTC), p.DayBegins("digital", "2027-03-31"))
	require.Equal(t, time.Date(2027, 1, 31, 6, 0, 0, 0, time.UTC), p.DayBegins("digital", "2027-01-31"), "winter time")
	require.Zero(t, p.DayBegins("digital", ""))
}

// Every example goes through without a question about the form, into the lane its comment names, under both policies; and
// one of the example teams can take every request that needs work.
func TestExampleRequests(t *testing.T) {
	edited, err := policy.Load(filepath.Join(examples, "policy.yaml"))
	require.NoError(t, err)
	lanes := map[string]pmo.Lane{
		"request-street-closures.yaml": pmo.LaneExpress, "request-project-lists.yaml": pmo.LaneStandard,
		"request-crash-report.yaml": pmo.LaneStandard, "request-asset-register.yaml": pmo.LaneMajor,
		"request-camera-question.yaml": pmo.LaneStandard,
	}
	files, err := filepath.Glob(filepath.Join(examples, "request-*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, len(lanes))
	for name, lane := range lanes {
		var content pmo.Content
		read(t, name, &content)
		for _, p := range []*policy.Policy{policy.Default(), edited} {
			require.Empty(t, p.Validate(content), name)
			v := p.Admit(content, localDirectory(t))
			require.Empty(t, v.Missing, name)
			require.Equal(t, lane, v.Lane, name)
			_, err := p.Route(pmo.RouteInput{Portfolio: v.Portfolio, Lane: v.Lane, Severity: v.Severity, Requester: "sam", Content: content})
			require.NoError(t, err, name)
		}
		fits := func(team pmo.Team) bool {
			ceiling := team.LoadCeiling
			if ceiling == 0 {
				ceiling = 0.75
			}
			return content.Size <= team.Capacity*ceiling && !slices.ContainsFunc(content.Skills, func(s string) bool { return !slices.Contains(team.Skills, s) })
		}
		require.True(t, slices.ContainsFunc(exampleTeams(t), fits), "no team could take %s", name)
	}
}
