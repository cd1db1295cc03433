package strategy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAnObjectiveStandsWhereItsKeyResultsStand(t *testing.T) {
	o := Objective{ID: "faster", Name: "Permits in days", KeyResults: []KeyResult{{ID: "days", Start: 30, Target: 10}, {ID: "online", Start: 0, Target: 80}}}
	const month = 30 * 24 * time.Hour
	got := Standing(o, nil, month, now)
	require.Nil(t, got.Progress, "unknown, and not zero")
	require.Nil(t, got.KeyResults[0].Progress)
	said := []Said{{Objective: "faster", KeyResult: "days", Value: 25, At: now.Add(-2 * month)}, {Objective: "faster", KeyResult: "days", Value: 15, At: now.Add(-month - 1)},
		{Objective: "other", KeyResult: "online", Value: 80, At: now}}
	got = Standing(o, said, month, now)
	require.Equal(t, 0.75, *got.KeyResults[0].Progress, "the newest counts; a target below the start is reached by going down")
	require.True(t, got.KeyResults[0].Stale)
	require.Nil(t, got.Progress, "one of them is unknown")
	got = Standing(o, append(said, Said{Objective: "faster", KeyResult: "online", Value: 100, At: now}), month, now)
	require.Equal(t, 1.0, *got.KeyResults[1].Progress, "no more than the target")
	require.False(t, got.KeyResults[1].Stale)
	require.Equal(t, 0.875, *got.Progress)
	got = Standing(o, []Said{{Objective: "faster", KeyResult: "days", Value: 40, At: now}}, month, now)
	require.Zero(t, *got.KeyResults[0].Progress)
}
