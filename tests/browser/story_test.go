package browser

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// page is the documentation that shows what was read.
var page = filepath.Join("..", "..", "docs", "temporal-ui.md")

var (
	sentence = regexp.MustCompile(`\{"says":"([^"]*)`)
	differs  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+|\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?|http://127\.0\.0\.1:\d+`)
	labels   = regexp.MustCompile(`^Activity Type \w+ Summary |^Start To Fire Timeout .* Summary |^Name |^Signal Name `)
)

const readModel = "· " // marks a write to the read model

var marks = map[string]string{"Workflow Update": "✎ ", "Signal received": "✉ ", "Timer": "⏰ ", "Local Activity": "⚙ ", "Activity": "⚙ "}

// storyOf is the compact history line by line, without what differs from one request to the next.
func storyOf(rows []row) []string {
	var lines []string
	for _, r := range rows {
		mark, known := marks[r.Kind]
		if !known {
			continue // a version marker, and what else the SDK records for itself
		}
		if strings.HasPrefix(r.Details, "Activity Type Project ") {
			mark = readModel
		}
		text := labels.ReplaceAllString(r.Details, "")
		if said := sentence.FindStringSubmatch(text); said != nil {
			name, _, _ := strings.Cut(text, " ")
			text = name + ": " + said[1]
		} else if before, _, cut := strings.Cut(text, " Input {"); cut {
			text = before
		}
		lines = append(lines, mark+differs.ReplaceAllString(text, "…"))
	}
	return lines
}

// requireStory requires that the story says who decided what, and that it is the one in the documentation. Writes to the read model are
// in the documentation and not compared: several may share one, which depends on how fast the database is.
func requireStory(t *testing.T, rows []row) {
	t.Helper()
	lines := storyOf(rows)
	for _, fact := range []string{"✎ Decide: ana approves", "✉ pulled: R-1 is at rank 1", "✎ Decide: theo accepts: falcon", "✎ Decide: sam agrees", "✎ Decide: theo agrees", "✎ ReportProgress: theo", "✎ Decide: sam accepts"} {
		require.Contains(t, strings.Join(lines, "\n"), fact)
	}
	if *update {
		testkit.Printed(t, page, "story", "```\n"+strings.Join(lines, "\n")+"\n```\n", true, "")
	}
	var compared []string
	for _, line := range lines {
		if !strings.HasPrefix(line, readModel) {
			compared = append(compared, line)
		}
	}
	require.Equal(t, documented(t), compared, "look at it and take it anew with: make pictures")
}

// documented is the story of the documentation, without writes to the read model.
func documented(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, line := range testkit.Between(t, page, "story") {
		if line != "```" && !strings.HasPrefix(line, readModel) {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestStoryOfRows shows what is left out of a line, and what stays.
func TestStoryOfRows(t *testing.T) {
	require.Equal(t, []string{
		"✎ Decide: ana approves, 1 of 2; waits on bo",
		"⚙ approvers are asked",
		"⏰ next look at what is due, at the latest on …",
		"· ana approves → prioritization",
		"✉ pulled",
		"· Work item opened: …/requests/R-1",
	}, storyOf([]row{
		{5, "Workflow Update", `Name Decide Outcome Success {"says":"ana approves, 1 of 2; waits on bo","id":"111ad809`},
		{6, "Marker", "Marker Name Version"},
		{11, "Local Activity", "Activity Type Ask Summary approvers are asked"},
		{12, "Timer", "Start To Fire Timeout 2 days, 23 hours Summary next look at what is due, at the latest on 2026-11-30 09:55 UTC"},
		{14, "Local Activity", "Activity Type Project Summary ana approves → prioritization"},
		{22, "Signal received", `Signal Name pulled Input {"run":"prioritization/digital/now/01a21c6e-1567-7e3f-b8ad-e`},
		{59, "Local Activity", "Activity Type Project Summary Work item opened: http://127.0.0.1:16578/requests/R-1"},
	}))
}
