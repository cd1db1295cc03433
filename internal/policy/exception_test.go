package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestExceptionsNeedNoPolicy: a policy of before 0.5 says nothing about exceptions, and the PMO is asked as the default policy has it.
func TestExceptionsNeedNoPolicy(t *testing.T) {
	named := policy.Default()
	older, err := policy.Parse(edit(t, `  exception:
    ask: [portfolio]
    due: 5wd
    remind: {after: [1wd, 3wd]}
    on_silence: backlog
`, ""))
	require.NoError(t, err)
	for name, p := range map[string]*policy.Policy{"named": named, "older": older} {
		t.Run(name, func(t *testing.T) {
			in := askInput(pmo.KindException)
			in.Group = string(pmo.CauseNoTeam)
			terms := p.QuestionTerms(in, localDirectory(t), nil)
			require.Equal(t, []string{"petra"}, terms.People)
			require.Equal(t, "2026-11-30 10:00", terms.DueAt.Format("2006-01-02 15:04"))
			require.Len(t, terms.Remind, 2)
			require.Equal(t, pmo.VerdictBacklog, terms.OnSilence)
		})
	}
}

// TestExceptionsAreChecked like every other question.
func TestExceptionsAreChecked(t *testing.T) {
	_, err := policy.Parse(edit(t, "on_silence: backlog", "on_silence: wait", "rounds: 3", "rounds: 99"))
	require.ErrorContains(t, err, `questions.exception.on_silence: "wait" is not one of backlog, cancel`)
	require.ErrorContains(t, err, "exceptions.rounds: lies between 0 and 10")
}
