package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestPolicyIsReadAsWritten holds that writing the default policy as JSON loses nothing, and that a change is read back.
func TestPolicyIsReadAsWritten(t *testing.T) {
	same, err := policy.Parse(Policy())
	require.NoError(t, err)
	require.Equal(t, policy.Default().Digest(), same.Digest())

	changed, err := policy.Parse(Policy(Fast, func(d *policy.Document) {
		review := d.Questions[pmo.KindReview]
		review.Remind = policy.RemindDoc{}
		review.Groups = []policy.GroupQuestionDoc{ReviewGroup("finance", "2s", "3s")}
	}))
	require.NoError(t, err)
	document := changed.Document()
	require.Equal(t, "1s", document.Replenishing.RunAtMostEvery.String())
	require.Equal(t, 1000, document.Portfolios[0].WIPLimit)
	finance := document.Questions[pmo.KindReview].Groups[0]
	require.Equal(t, "2s", finance.Due.String())
	require.Equal(t, "3s", finance.Escalate.Due.String())
	require.Equal(t, 12, policy.Default().Document().Portfolios[0].WIPLimit, "the default policy itself is not changed")
}
