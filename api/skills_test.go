package api

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSkillsReportCountsOnlyWhatTheReaderMayRead: R-3 waits for cobol, which nobody has; Falcon has room for it.
func TestSkillsReportCountsOnlyWhatTheReaderMayRead(t *testing.T) {
	b := waitForTeam(t)
	status, doc, _ := b.call(t, "petra", "GET", "/v1/reports/skills?portfolio=digital", "")
	require.Equal(t, 200, status, doc)
	require.EqualValues(t, 3, doc["waiting"])
	skills := doc["skills"].([]any)
	require.Len(t, skills, 1)
	cobol := skills[0].(map[string]any)
	require.Equal(t, "cobol", cobol["skill"])
	require.EqualValues(t, 8, cobol["delay"].(map[string]any)["weeks"])
	require.Equal(t, "falcon", cobol["taught"].(map[string]any)["team"])
	require.EqualValues(t, 1, cobol["taught"].(map[string]any)["less"].(map[string]any)["requests"])
	csv, err := b.clientOf(t, "petra").SkillsCSV(t.Context(), "digital")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(csv), "skill,level,teams,requests,weeks,value,money,"), string(csv))
	require.Contains(t, string(csv), "\ncobol,1,,1,8,8,0,0,true,falcon,1,8,")

	b.store.unreadable = []string{requestC}
	_, doc, _ = b.call(t, "rita", "GET", "/v1/reports/skills", "")
	require.EqualValues(t, 2, doc["waiting"])
	require.Empty(t, doc["skills"], "nobody learns what a confidential request needs")
	status, _, _ = b.call(t, "petra", "GET", "/v1/reports/skills?portfolio=nowhere", "")
	require.Equal(t, 422, status)
}
