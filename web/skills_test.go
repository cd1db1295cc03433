package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

func TestSkillsPageSaysWhatDelaysAndWhatWouldHelp(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/policy"] = wire.Policy{Data: policy.Default().Document()}
	b.api.answers["GET /v1/reports/skills"] = wire.SkillsReport{Portfolio: "digital", Waiting: 3, Weeks: 8, Teams: map[string]string{"otter": "Otter"}, Skills: []assign.SkillDelay{
		{Skill: "<i>cobol", Level: 3, Tried: true, Delay: assign.Delay{Requests: 2, Weeks: 16, Value: 64, Money: 8000, Priced: 1}, Taught: assign.Help{Team: "otter", Less: assign.Delay{Requests: 2, Weeks: 16}}},
		{Skill: "gis", Level: 1, Teams: []string{"otter"}}}}
	b = b.signIn("petra")
	text := b.text(b.do("GET", "/skills", nil))
	for _, want := range []string{"&lt;i&gt;cobol:3", "nobody has it", "8000", "1 of 2 say", "2 more get a team, 16 weeks less", "helps nobody", "not tried", `href="/skills.csv?portfolio=digital"`} {
		require.Contains(t, text, want)
	}
	b.do("GET", "/skills?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/skills", nil)), "Fähigkeiten, die fehlen")
	b.api.answers["GET /v1/reports/skills"] = wire.SkillsReport{Portfolio: "digital"}
	b.do("GET", "/skills?lang=en", nil)
	require.Contains(t, b.text(b.do("GET", "/skills", nil)), "No request that you may read waits for a skill.")
}
