package planfile

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
)

// TestEveryPlanReadsAsItWasWritten writes the skeleton of every approach and reads it again.
func TestEveryPlanReadsAsItWasWritten(t *testing.T) {
	size := 12.0
	for _, name := range pmo.Approaches() {
		plan := approach.Skeleton(approach.Work{Approach: approach.Approach(name), Size: &size, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Goal: "on: off, 12: 30", Mismatches: []string{"no"}})
		plan.Version = 3
		agreed := plan
		agreed.AgreedAt = time.Now()
		text, err := Write(agreed)
		require.NoError(t, err)
		read, faults := Read(text)
		require.Empty(t, faults, string(text))
		require.Equal(t, plan, read)
	}
}

func TestWhatIsNoPlanIsRefused(t *testing.T) {
	for text, path := range map[string]string{"colour: red": "colour", "iterations: many": "iterations", "agreed_at: 2026-03-02T00:00:00Z": "agreed_at", "work_packages: [{id: a, likely: soon}]": "work_packages[0].likely"} {
		_, faults := Read([]byte(text))
		require.NotEmpty(t, faults, text)
		require.Equal(t, path, faults[0].Path, text)
	}
}
