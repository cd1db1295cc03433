package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
	"leanpmo/internal/supply"
	"leanpmo/internal/wire"
)

// TestALeadImportsSupplyInTwoSteps: the first says what would change, and the second takes the very same file; from a file that is chosen, or pasted.
func TestALeadImportsSupplyInTwoSteps(t *testing.T) {
	b := teamsBrowser(t)
	b.api.answers["POST /v1/teams/import"] = wire.SupplyImported{Rows: 2, LeftOut: 3, Dry: true, Teams: []wire.SupplyChange{{Team: "otter", Changes: []string{"member <b>bo</b>"}}}}
	b = b.signIn("lena")
	sent := func() (in wire.ImportSupply) {
		require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/teams/import"], &in))
		return in
	}
	const csv = "team,person\notter,bo\n"
	page := b.text(b.upload("/teams/otter/supply", "supply.csv", csv, url.Values{"supply_new_skills": {"yes"}}))
	require.Equal(t, wire.ImportSupply{Format: "csv", File: csv, Team: "otter", NewSkills: true, Dry: true}, sent())
	require.Contains(t, page, "member &lt;b&gt;bo&lt;/b&gt;")
	require.Contains(t, page, "2 rows were read. Left out: 3 events")
	carried := regexp.MustCompile(`name="text" value="([^"]+)"`).FindStringSubmatch(page)
	require.Len(t, carried, 2)
	response := b.upload("/teams/otter/supply", "", "", url.Values{"step": {"import"}, "text": {carried[1]}, "supply_new_skills": {"yes"}})
	require.Equal(t, "/teams/otter?saved=1", response.Header.Get("Location"))
	require.Equal(t, wire.ImportSupply{Format: "csv", File: csv, Team: "otter", NewSkills: true}, sent())

	const calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
	b.upload("/teams/otter/supply", "", "", url.Values{"text": {calendar}, "supply_who": {"mia"}, "supply_amount": {"1,5"}})
	require.Equal(t, wire.ImportSupply{Format: "ics", File: calendar, Team: "otter", Who: "mia", Amount: 1.5, Dry: true}, sent())
}

func TestAFileOfSupplyThatIsWrongIsSaidOnThePage(t *testing.T) {
	b := teamsBrowser(t).signIn("lena")
	for text, why := range map[string]string{" ": "Choose a file, or paste its text.", strings.Repeat("x", supply.MaxFile+1): "The file is larger than 256 kB."} {
		response := b.upload("/teams/otter/supply", "", "", url.Values{"text": {text}})
		require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
		require.Contains(t, b.text(response), why)
	}
	require.Equal(t, http.StatusUnprocessableEntity, b.upload("/teams/otter/supply", "a.ics", "BEGIN:VCALENDAR", url.Values{"supply_amount": {"many"}}).StatusCode)
	require.Empty(t, b.api.sent)
	b.api.refuse["POST /v1/teams/import"] = problem.InvalidField("/file/2/share", "line 2: share is negative")
	response := b.upload("/teams/otter/supply", "", "", url.Values{"text": {"team,person,share\notter,bo,-1\n"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	page := b.text(response)
	require.Contains(t, page, "line 2: share is negative")
	require.Contains(t, page, "otter,bo,-1", "what was pasted stays")
	require.NotContains(t, b.text(teamsBrowser(t).signIn("sam").do("GET", "/teams/otter", nil)), "/supply", "who may not change the team is offered no form")
}
