package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestSkillsDoNotDifferByCase(t *testing.T) {
	require.Equal(t, []string{"gis", "road design", "sql"}, pmo.Skills([]string{"GIS", " gis ", "Road  Design", "SQL"}))
	require.Nil(t, pmo.Skills(nil))
	require.Equal(t, []string{}, pmo.Skills([]string{}), "an emptied list stays a list")
	require.Equal(t, 4, limitOf(pmo.Team{}, 4))
	require.Equal(t, 2, limitOf(pmo.Team{WIPLimit: 2}, 4))
}

func TestSkillsHaveLevels(t *testing.T) {
	require.Equal(t, []string{"payments:3", "sql"}, pmo.Skills([]string{" Payments : 3", "payments:3", "SQL"}))
	require.Equal(t, []string{"payments", "sql", "c: c++"}, pmo.SkillNames([]string{"payments:3", "Payments", "sql:1", "C: C++"}), "what is no number belongs to the name")
	require.Nil(t, pmo.SkillNames(nil))
	require.Equal(t, map[string]int{"payments": 4, "sql": 5}, pmo.SkillLevels([]string{"payments:3", "payments:4", "sql"}, 5))
	for _, c := range []struct {
		has    string
		needed string
		covers bool
	}{{"payments", "payments:5", true}, {"payments:2", "payments", true}, {"payments:2", "Payments:3", false}, {"payments:3", "payments:3", true}, {"sql", "payments", false}} {
		require.Equal(t, c.covers, pmo.CoversSkill([]string{c.has}, c.needed), "%s for %s", c.has, c.needed)
	}
	for skill, wrong := range map[string]bool{"payments:0": true, "payments:6": true, "payments:-1": true, "payments:5": false, "payments": false, "a:b": false, "iso:9001": false} {
		require.Equal(t, wrong, pmo.SkillsFault([]string{skill}, 0) != "", skill)
	}
	require.Contains(t, pmo.SkillsFault([]string{"sql:2", "SQL:3"}, 1), "listed twice, with different levels: sql:2")
}
