package api

import (
	"bytes"
	"encoding/csv"
	"strings"
	"time"
)

// flowCSV is the report's lines for a spreadsheet.
func flowCSV(r flowReport) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = escapeFormula(cells[i])
		}
		_ = w.Write(cells) // a buffer takes everything
	}
	write("ref", "kind", "class", "team", "approach", "stage", "outcome", "submitted_at", "pulled_at", "accepted_at", "closed_at")
	for _, l := range r.Items {
		write(l.Ref, l.Kind, l.Class, l.Team, l.Approach, string(l.Stage), l.Outcome, moment(&l.Submitted), moment(l.Pulled), moment(l.Accepted), moment(l.Closed))
	}
	w.Flush()
	return out.Bytes()
}

// escapeFormula keeps a spreadsheet from taking a text for a formula.
func escapeFormula(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n|%") == 0 {
		return "'" + cell
	}
	return cell
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
