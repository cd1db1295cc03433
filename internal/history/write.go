package history

import (
	"encoding/csv"
	"fmt"
	"io"
	"time"
)

// Write writes items as CSV in the form that Read takes; unknown times are empty.
func Write(w io.Writer, items []Item) error {
	rows := [][]string{{"id", "kind", "created", "started", "finished"}}
	for _, i := range items {
		rows = append(rows, []string{i.ID, i.Kind, timeText(i.Created), timeText(i.Started), timeText(i.Finished)})
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return nil
}

func timeText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
