package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func scoreOf(person string, value float64) store.PrivateScore {
	return store.PrivateScore{Person: person, Inputs: pmo.Inputs{BusinessValue: &value}, Sure: pmo.SureLow, Reason: "because of " + person, At: hours(5)}
}

func scoringEntry(event string, no string) pmo.Entry {
	return pmo.Entry{Event: event, Key: "scoring/" + no, At: hours(4), Text: event}
}

func TestPrivateScoresAreReadByOthersOnlyOnceRevealed(t *testing.T) {
	s := open(t)
	r := request("Waits", waiting)
	project(t, s, r)
	_, err := s.Scoring(t.Context(), r.ID, "ana")
	require.ErrorIs(t, err, store.ErrNotFound)
	round := store.ScoringRound{Request: r.ID, No: 1, OpenedBy: "petra", OpenedAt: hours(4), Inputs: []string{"business_value"}, People: []string{"ana", "bo", "kai"}}
	require.NoError(t, s.OpenScoring(t.Context(), round, scoringEntry(pmo.EventScoringOpened, "1")))
	require.ErrorIs(t, s.OpenScoring(t.Context(), round, scoringEntry(pmo.EventScoringOpened, "1b")), store.ErrConflict, "one is open")
	all := scoringEntry(pmo.EventScoringRevealed, "1/revealed")
	require.NoError(t, s.Score(t.Context(), r.ID, 1, scoreOf("ana", 5), all))
	require.NoError(t, s.Score(t.Context(), r.ID, 1, scoreOf("ana", 13), all), "it can be changed")
	require.ErrorIs(t, s.Score(t.Context(), r.ID, 1, scoreOf("theo", 13), all), store.ErrConflict, "nobody asked theo")
	for _, reader := range []string{"petra", "bo", ""} {
		seen, err := s.Scoring(t.Context(), r.ID, reader)
		require.NoError(t, err)
		require.Empty(t, seen.Scores, reader)
		require.Equal(t, []string{"ana"}, seen.Scored)
	}
	seen, err := s.Scoring(t.Context(), r.ID, "ana")
	require.NoError(t, err)
	require.Equal(t, []store.PrivateScore{scoreOf("ana", 13)}, seen.Scores)

	waits := func(who string) int {
		page, err := s.ScoringWaits(t.Context(), store.View{Viewer: who}, "", 10)
		require.NoError(t, err)
		return len(page.Items)
	}
	require.Equal(t, []int{0, 1, 0}, []int{waits("ana"), waits("bo"), waits("theo")})

	require.NoError(t, s.Score(t.Context(), r.ID, 1, scoreOf("bo", 1), all))
	require.NoError(t, s.Score(t.Context(), r.ID, 1, scoreOf("kai", 1), all))
	seen, err = s.Scoring(t.Context(), r.ID, "petra")
	require.NoError(t, err)
	require.Len(t, seen.Scores, 3, "all have scored")
	require.Empty(t, seen.RevealedBy)
	require.ErrorIs(t, s.Score(t.Context(), r.ID, 1, scoreOf("kai", 3), all), store.ErrConflict, "too late")
	require.ErrorIs(t, s.RevealScoring(t.Context(), r.ID, 1, "petra", hours(6), scoringEntry(pmo.EventScoringRevealed, "x")), store.ErrConflict)

	ledger, err := s.Ledger(t.Context(), r.ID, 0, 50)
	require.NoError(t, err)
	require.Len(t, ledger.Items, 2, "opened and revealed, once each")
	round.No, round.People = 2, []string{"bo", "kai"}
	require.NoError(t, s.OpenScoring(t.Context(), round, scoringEntry(pmo.EventScoringOpened, "2")))
	require.NoError(t, s.Score(t.Context(), r.ID, 2, scoreOf("bo", 8), scoringEntry(pmo.EventScoringRevealed, "2/all")))
	require.NoError(t, s.RevealScoring(t.Context(), r.ID, 2, "petra", hours(6), scoringEntry(pmo.EventScoringRevealed, "2/revealed")))
	seen, err = s.Scoring(t.Context(), r.ID, "theo")
	require.NoError(t, err)
	require.Equal(t, "petra", seen.RevealedBy)
	require.Len(t, seen.Scores, 1)
	confidential := request("Secret", waiting, func(r *pmo.Request) { r.Content.Confidential = true })
	project(t, s, confidential)
	round.Request, round.No = confidential.ID, 1
	require.NoError(t, s.OpenScoring(t.Context(), round, scoringEntry(pmo.EventScoringOpened, "1")))
	require.Zero(t, waits("kai"), "who may not read it does not hear of it")
}

// The values that people gave are read by one statement, which asks whether they are revealed. No other one, of a report, an export or a page,
// may name their table, but to write it and to say who has scored.
func TestOneStatementReadsPrivateScores(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var found []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, "private_score") {
				require.Equal(t, "scoring.go", name, line)
				found = append(found, strings.TrimSpace(line))
			}
		}
	}
	require.Len(t, found, 5, "each of them is looked at: %s", strings.Join(found, "\n"))
	require.Contains(t, found[1], "AND (p.person = $2 OR c.revealed_at IS NOT NULL)")
}
