package arch

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// replaced is a group of names that were replaced by standard terms. Entries in lower case match a word of prose and a part of a Go name,
// in singular and plural; entries with capitals match a whole Go name; entries with other characters match literally.
type replaced struct {
	within  string // a folder, or empty for the whole tree
	names   []string
	instead string
}

var replacedNames = []replaced{
	{"", []string{"alarm", "patient"}, "deadline timer, fired, keepEarlierTimer"},
	{"workflows", []string{"quiet", "degraded", "telling", "ordinarily", "handleStops"}, "idle, fallbacks, syncingWorkItem, activityOptions, handleLifecycle"},
	{"", []string{"projector.go", "workflows/publish.go", "workflows/work.go"}, "projection.go, visibility.go, workitem.go"},
	{"", []string{"tellTool", "tellHeirs", "heir", "nudge"}, "syncWorkItem, notifyMergeTargets, merge targets, wake"},
	{"", []string{"WorkTold", "worktold", "Unheard", "Resting", "LookAgain"}, "MarkSynced, missedReconfirmations, previousAssignment, retryAssignment"},
	{"internal/pmo", []string{"Told", "Tell", "Remember", "Shown"}, "projection version, recipients, CacheReceipt, Public"},
	{"", []string{"HoldIt", "PullNow", "WakeNow"}, "ApplyHold, ApplyPull, ApplyWake"},
	{"", []string{"outlook"}, "forecast cache"},
	{"internal/forecast", []string{"Facts"}, "Source"},
	{"", []string{"retell", "retold", "KeepInMemory"}, "replayLedger, SetCacheSize"},
	{"", []string{"giveBack", "likeness", "inTwoTrips"}, "release, similarityText, pipelined"},
	{"internal/store", []string{"stray"}, "orphans"},
	{"internal/reconcile", []string{"stray"}, "orphans"},
	{"internal/priority", []string{"flip"}, "sensitivity"},
	{"api", []string{"welcome", "borrow", "capped", "Thin"}, "createdResponse, inferSeat, limitConcurrency, unprocessed"},
	{"", []string{"api/shapes.go", "hollow", "checkask", "policy/strict"}, "types.go, placeholders, check_questions, yamlstrict"},
	{"internal/notify", []string{"spread"}, "jitter"},
	{"internal/app", []string{"Adapt"}, "ServeAdapter"},
	{"internal/demo", []string{"cast", "wave"}, "users, batch"},
	{"", []string{"newWorld", "newScene", "newCast", "*world", "*scene"}, "harness.Start, environment"},
	{"", []string{"tell Postgres", "tells Postgres", "Who may know whom", "move a wall"}, "update read model, Import rules, split it"},
}

// durable are names of before that stay, because histories, databases or callers have them: a change of the process, columns, JSON fields.
var durable = regexp.MustCompile(`\b(patient-alarm|likeness|told_events|told_at)\b|json:"[^"]*"`)

// wordsExempt are files that name what was replaced.
var wordsExempt = []string{"tests/arch/words_test.go"}

// TestReplacedNamesStayReplaced searches code, comments and pages for names that were replaced by standard terms.
func TestReplacedNamesStayReplaced(t *testing.T) {
	var found []string
	for _, s := range sources(t) {
		text := wordsText(s)
		if !wordsChecked(s.path) || !mayHave(text) {
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			for _, f := range replacedIn(s.path, line) {
				found = append(found, fmt.Sprintf("%s:%d: %s", s.path, i+1, f))
			}
		}
	}
	require.Empty(t, found, "%d names of before:\n%s", len(found), strings.Join(found, "\n"))
}

func wordsChecked(path string) bool {
	for _, exempt := range wordsExempt {
		if path == exempt {
			return false
		}
	}
	for _, ending := range []string{".go", ".md", ".yaml", ".yml", ".html", ".js", ".css", ".sh", "Makefile", "Dockerfile", ".ci/run"} {
		if strings.HasSuffix(path, ending) {
			return true
		}
	}
	return false // SQL keeps its columns, and migrations are never changed
}

// wordsText is what is checked of a file: of the changelog only what no release has yet.
func wordsText(s source) string {
	text := string(s.text)
	if s.path == "CHANGELOG.md" {
		if older := strings.Index(text, "\n## [0.3.0]"); older >= 0 {
			return text[:older]
		}
	}
	return text
}

// replacedIn lists the replaced names in a line of a file, each with what to write instead.
func replacedIn(path, line string) []string {
	if !mayHave(line) {
		return nil
	}
	line = durable.ReplaceAllString(line, " ")
	identifiers := identifier.FindAllString(line, -1)
	parts := map[string]bool{}
	for _, name := range identifiers {
		for _, part := range nameParts(name) {
			parts[part] = true
			parts[strings.TrimSuffix(part, "s")] = true
		}
	}
	var found []string
	for _, r := range replacedNames {
		if r.within != "" && !strings.HasPrefix(path, r.within+"/") {
			continue
		}
		for _, name := range r.names {
			if matchesName(name, line, identifiers, parts) {
				found = append(found, fmt.Sprintf("%q: use %s", name, r.instead))
			}
		}
	}
	return found
}

// mayHave is a quick answer for most files and lines: none of the names occurs in any form.
func mayHave(text string) bool {
	text = strings.ToLower(text)
	for _, r := range replacedNames {
		for _, name := range r.names {
			if strings.Contains(text, strings.ToLower(name)) {
				return true
			}
		}
	}
	return false
}

var (
	identifier = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)
	plainWord  = regexp.MustCompile(`^[a-z]+$`)
	goName     = regexp.MustCompile(`^[A-Za-z0-9]+$`)
)

func matchesName(name, line string, identifiers []string, parts map[string]bool) bool {
	switch {
	case plainWord.MatchString(name):
		return parts[name]
	case goName.MatchString(name):
		for _, i := range identifiers {
			if i == name {
				return true
			}
		}
		return false
	}
	return strings.Contains(line, name)
}

// nameParts splits a Go name where a capital letter begins a word: nextAlarmAt is next, alarm, at.
func nameParts(name string) []string {
	var parts []string
	start := 0
	runes := []rune(name)
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || unicode.IsUpper(runes[i]) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			parts = append(parts, strings.ToLower(string(runes[start:i])))
			start = i
		}
	}
	return parts
}

// TestReplacedNamesAreFound proves that the search above can fail, and what it leaves alone.
func TestReplacedNamesAreFound(t *testing.T) {
	for _, c := range []struct {
		path, line string
		found      int
	}{
		{"docs/a.md", "The alarms ring.", 1},
		{"workflows/a.go", "func (r *run) nextAlarmAt() time.Time {", 1},
		{"internal/pmo/a.go", "r.LookAgain = true", 1},
		{"internal/pmo/a.go", "r.lookAgain = true", 0},
		{"internal/pmo/a.go", "Told int64", 1},
		{"internal/store/a.go", "Told int64", 0},
		{"internal/contract/names.go", `ChangeKeepEarlierTimer = "patient-alarm" // a comment`, 0},
		{"internal/contract/names.go", `ChangeKeepEarlierTimer = "patient-alarm" // the alarm`, 1},
		{"internal/contract/a.go", "WaitForTeam []string `json:\"nudge,omitempty\"`", 0},
		{"internal/store/a.go", "SELECT likeness, told_at FROM request", 0},
		{"internal/store/a.go", "func likenessOf(c pmo.Content) string {", 1},
		{"docs/architecture.md", "## Who may know whom", 1},
		{"tests/x/a_test.go", "w := newWorld(t)", 1},
		{"tests/x/a_test.go", "impatient with false alarmism", 0},
	} {
		require.Len(t, replacedIn(c.path, c.line), c.found, "%s: %s", c.path, c.line)
	}
	require.Equal(t, []string{"next", "alarm", "at"}, nameParts("nextAlarmAt"))
	require.Equal(t, []string{"http", "server"}, nameParts("HTTPServer"))
}
