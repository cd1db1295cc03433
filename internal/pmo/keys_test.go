package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestAKeyBelongsToOneCommand: hold, resume, withdraw, cancel, wake and pull may have equal payloads, so equal digests.
func TestAKeyBelongsToOneCommand(t *testing.T) {
	by := pmo.By{Actor: "sam", Key: "k", Digest: "d"}
	r := submitted()
	r.CacheReceipt("Hold", by, pmo.Receipt{Result: "held"})
	for _, other := range []string{"Resume", "Withdraw", "Cancel", "Wake", "Pull", "ReportProgress"} {
		_, known, refusal := r.CachedReceipt(other, by)
		require.False(t, known, other)
		require.Equal(t, pmo.RefusedKeyReused, kind(refusal), other)
	}
	answer, known, refusal := r.CachedReceipt("Hold", by)
	require.True(t, known)
	require.Nil(t, refusal)
	require.Equal(t, pmo.Receipt{Result: "held", Replayed: true}, answer)
}

// TestKeysRecordedWithoutTheirCommand: requests that began before 0.5 keep keys without a command. Their repetitions are answered, and
// another command with an equal payload is told by the result.
func TestKeysRecordedWithoutTheirCommand(t *testing.T) {
	for result, command := range map[string]string{"held": "Hold", "resumed": "Resume", "woken": "Wake", "withdrawn": "Withdraw",
		"cancelled": "Cancel", "merged": "Cancel", "pulled": "Pull", "reported": "ReportProgress", "recorded": "Decide", "watched": "Watch"} {
		by := pmo.By{Actor: "sam", Key: "k", Digest: "d"}
		r := submitted()
		r.Keys = []pmo.Key{{Key: "k", Digest: "d", Answer: pmo.Receipt{Result: result}}}
		_, known, refusal := r.CachedReceipt(command, by)
		require.True(t, known, result)
		require.Nil(t, refusal, result)
		if result != "recorded" && result != "watched" { // no other command has their payload
			_, _, refusal = r.CachedReceipt("Decide", by)
			require.Equal(t, pmo.RefusedKeyReused, kind(refusal), result)
		}
	}
}

// TestARepetitionGetsTheCompleteAnswer: what the process did until it was idle is part of the first answer.
func TestARepetitionGetsTheCompleteAnswer(t *testing.T) {
	by := pmo.By{Actor: "sam", Key: "k", Digest: "d"}
	r := submitted()
	r.CacheReceipt("Decide", by, pmo.Receipt{Result: "settled", Stage: pmo.StageReview})
	r.CacheReceipt("Decide", by, pmo.Receipt{Result: "settled", Stage: pmo.StagePrioritization, Open: []pmo.OpenItem{{ID: "x"}}, Truncated: true})
	require.Len(t, r.Keys, 1)
	answer, _, _ := r.CachedReceipt("Decide", by)
	require.Equal(t, pmo.Receipt{Result: "settled", Stage: pmo.StagePrioritization, Replayed: true}, answer)
}
