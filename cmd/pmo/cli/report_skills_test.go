package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/wire"
)

func TestReportSkillsPrintsWhatWouldHelp(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/reports/skills": wire.SkillsReport{Name: "Digital", Waiting: 3, Weeks: 8, Teams: map[string]string{"otter": "Otter"},
		Skills: []assign.SkillDelay{{Skill: "cobol", Level: 3, Tried: true, Delay: assign.Delay{Requests: 2, Weeks: 16, Value: 64, Money: 8000, Priced: 1}, Taught: assign.Help{Team: "otter", Less: assign.Delay{Requests: 2, Weeks: 16}}}, {Skill: "gis", Level: 1}}}}}
	got := run(t, f, "report", "skills", "--portfolio", "digital")
	require.NoError(t, got.err)
	for _, want := range []string{"Digital: 3 requests", "cobol:3", "8000", "Otter: 2 more get a team, 16 weeks less", "does not help", "not tried", "within 8 weeks"} {
		require.Contains(t, got.out, want)
	}
	f.answers["GET /v1/reports/skills"] = wire.SkillsReport{Name: "Digital"}
	require.Contains(t, run(t, f, "report", "skills").out, "None of them waits for a skill.")
}
