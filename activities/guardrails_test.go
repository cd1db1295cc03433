package activities

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What a pull does to the guardrails is in its reason, and a run keeps the guardrails as they are after its pulls. Nothing is held back.
func TestARunFlagsGuardrailsWithTheNumbers(t *testing.T) {
	b := newBench(t)
	support := b.waiting("Help", 20, 6)
	support.Content.Kind, support.Seq = "support", 2
	b.project(support)
	ordinary := b.waiting("Ordinary", 5, 2)
	done := b.rank("run-1", false)
	require.Equal(t, []string{support.ID, ordinary.ID}, done.Pulled, "a guardrail holds nothing back")
	require.Contains(t, done.Why[0], "; against a guardrail: Support then has 100 % of the work in process, the guardrail is at most 30 %")
	require.Contains(t, done.Why[1], "; towards a guardrail: Support then has 75 % of the work in process")
	const words = "Support has 75 % of the work in process (6 of 8 team-weeks); the guardrail is at most 30 %."
	require.Contains(t, done.Words, "Guardrail not kept: "+words)
	kept, err := b.store.Prioritization(t.Context(), "run-1")
	require.NoError(t, err)
	require.Len(t, kept.Guardrails, 3)
	require.True(t, kept.Guardrails[0].Broken)
	require.Equal(t, words, kept.Guardrails[0].Words)
	require.False(t, kept.Guardrails[1].Broken, "nothing is delivered yet")
	line, err := b.store.RankOf(t.Context(), support.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"against a guardrail: Support then has 100 % of the work in process, the guardrail is at most 30 %"}, line.Detail.Guardrails)
	require.Contains(t, b.rank("run-2", false).Words, "Guardrail not kept: "+words, "the next run counts what is in process")
}
