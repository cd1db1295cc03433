package web

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
)

var (
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
	usedKey     = regexp.MustCompile(`\.T "([a-z_.-]+)"`)
)

// TestLanguagesSayTheSame: every language has every text, with the same values in it.
func TestLanguagesSayTheSame(t *testing.T) {
	english := texts["en"]
	for language, catalogue := range texts {
		for key, text := range english {
			require.Contains(t, catalogue, key, "%s lacks it", language)
			want, got := placeholder.FindAllString(text, -1), placeholder.FindAllString(catalogue[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, want, got, "%s: %s", language, key)
		}
		require.Len(t, catalogue, len(english), "%s has a text that English lacks", language)
	}
}

// TestTemplatesUseKnownTexts finds a misspelt key of a text in a template.
func TestTemplatesUseKnownTexts(t *testing.T) {
	files, err := fs.Glob(pageFiles, "pages/*.html")
	require.NoError(t, err)
	used := 0
	for _, file := range files {
		content, err := pageFiles.ReadFile(file)
		require.NoError(t, err)
		for _, match := range usedKey.FindAllStringSubmatch(string(content), -1) {
			require.Contains(t, texts["en"], match[1], file)
			used++
		}
	}
	require.Greater(t, used, 100)
}

// TestEveryValueHasAWord: what the domain can say is said in words.
func TestEveryValueHasAWord(t *testing.T) {
	english := &reader{Lang: "en"}
	has := func(list string, value any) {
		require.True(t, english.Has(fmt.Sprintf("%s.%s", list, value)), "%s.%s", list, value)
	}
	for _, stage := range pmo.Stages() {
		has("stage", stage)
		has("stage-says", stage)
		has("public.next", stage)
	}
	for _, kind := range pmo.Kinds() {
		has("kind", kind)
		for _, option := range pmo.Options(kind) {
			has("verdict", option.Verdict)
		}
		for _, verdict := range pmo.SilenceVerdicts(kind) {
			has("verdict", verdict)
		}
	}
	for _, outcome := range []pmo.Outcome{pmo.OutcomeDelivered, pmo.OutcomeRejected, pmo.OutcomeWithdrawn, pmo.OutcomeCancelled, pmo.OutcomeMerged, pmo.OutcomeAnswered, pmo.OutcomeExpired} {
		has("outcome", outcome)
		has("public.closed", outcome)
	}
	for _, unit := range []pmo.CompletionUnit{pmo.UnitTeamWeeks, pmo.UnitMilestones, pmo.UnitIterations, pmo.UnitPercent} {
		has("unit", unit)
	}
	for _, event := range pmo.CompletionEvents() {
		has("burnup-event", event)
	}
	for _, why := range pmo.StuckReasons() {
		has("stuck", why)
		has("stuck-chip", why)
	}
	for _, role := range access.Roles() {
		has("role", role)
	}
	for _, scope := range access.Scopes() {
		has("scope", scope)
	}
	for _, name := range pmo.Approaches() {
		has("approach", name)
	}
}

func TestWhen(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	now := time.Date(2027, 3, 27, 12, 0, 0, 0, zone) // the clocks change on the 28th
	english, german := &reader{Lang: "en", zone: zone, now: now}, &reader{Lang: "de", zone: zone, now: now}
	for _, c := range []struct {
		at     time.Time
		en, de string
	}{
		{now.Add(-20 * time.Minute), "20 min ago", "vor 20 Min."},
		{now.Add(30 * time.Second), "in 1 min", "in 1 Min."},
		{now.Add(3 * time.Hour), "today at 15:00", "heute um 15:00"},
		{now.AddDate(0, 0, 1), "tomorrow at 12:00", "morgen um 12:00"},
		{now.AddDate(0, 0, -1), "yesterday at 12:00", "gestern um 12:00"},
		{now.AddDate(0, 0, 5), "Thursday, in 5 days", "Donnerstag, in 5 Tagen"},
		{now.AddDate(0, 0, 21), "17 Apr 2027, in 3 weeks", "17. Apr. 2027, in 3 Wochen"},
		{now.AddDate(0, 0, -21), "6 Mar 2027, 3 weeks ago", "6. März 2027, vor 3 Wochen"},
		{time.Time{}, "not yet", "noch nicht"},
	} {
		require.Equal(t, c.en, english.When(c.at).Words)
		require.Equal(t, c.de, german.When(c.at).Words)
	}
	require.Equal(t, "Saturday, 27 Mar 2027 12:00 CET", english.When(now).Exact)
	require.Equal(t, "tomorrow", english.Day("2027-03-28").Words)
	require.Equal(t, "no day", english.Day("no day").Words)
}
