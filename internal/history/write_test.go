package history_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/history"
)

// TestWhatIsWrittenIsRead: the form that Write writes is one that Read takes.
func TestWhatIsWrittenIsRead(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 3, day, 8, 30, 0, 0, time.UTC) }
	items := []history.Item{{ID: "PMO-1", Kind: `Task, "large"`, Created: at(1), Started: at(2), Finished: at(5)}, {ID: "17", Finished: at(6)}}
	var file bytes.Buffer
	require.NoError(t, history.Write(&file, items))
	report, err := history.Read(&file, history.Options{Now: at(20)})
	require.NoError(t, err)
	require.Zero(t, report.FaultCount)
	require.Equal(t, items, report.Items)
}
