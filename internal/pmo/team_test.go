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
	require.Equal(t, 4, pmo.Team{}.LimitOr(4))
	require.Equal(t, 2, pmo.Team{WIPLimit: 2}.LimitOr(4))
}
