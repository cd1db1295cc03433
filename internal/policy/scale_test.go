package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestAPolicyWithoutAScale takes any input that can be scored, as policies before 0.5 did.
func TestAPolicyWithoutAScale(t *testing.T) {
	text := string(policy.Default().Source())
	without := strings.Replace(strings.Replace(text, "scale: [1, 2, 3, 5, 8, 13, 20]", "scale: []", 1), "least_size: 0.1", "least_size: 0", 1)
	p, err := policy.Parse([]byte(without))
	require.NoError(t, err)
	four, tiny := 4.0, 1e-300
	require.Empty(t, p.ValidateInputs(pmo.Inputs{BusinessValue: &four, JobSize: &four}, ""))
	require.Empty(t, p.SizeFault(1e-9))
	faults := p.ValidateInputs(pmo.Inputs{JobSize: &tiny}, "/inputs")
	require.Len(t, faults, 1)
	require.Equal(t, "/inputs/job_size", faults[0].Pointer)

	for wrong, path := range map[string]string{"scale: [1, 1]": "scoring.scale[1]", "scale: [0]": "scoring.scale[0]", "scale: [5, 3]": "scoring.scale[1]"} {
		_, err := policy.Parse([]byte(strings.Replace(text, "scale: [1, 2, 3, 5, 8, 13, 20]", wrong, 1)))
		require.ErrorContains(t, err, path)
	}
}
