package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

func changedDefault(t *testing.T, pairs ...string) (*policy.Policy, error) {
	t.Helper()
	text := string(policy.Default().Source())
	for i := 0; i+1 < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return policy.Parse([]byte(text))
}

// The public form asks what the policy marks, and nothing else, whatever the signed-in form asks.
func TestThePublicFormAsksOnlyWhatIsMarked(t *testing.T) {
	doc := policy.Default().Document()
	kinds := doc.PublicKinds()
	require.Len(t, kinds, 1)
	require.Equal(t, "support", kinds[0].ID)
	require.Len(t, kinds[0].Fields, 1)
	require.Equal(t, "problem", kinds[0].Fields[0].Field)

	p, err := changedDefault(t,
		`{field: others_to_act, need: optional,`, `{field: others_to_act, need: optional, public: true,`,
		`{field: title, need: required,`, `{field: title, need: required, public: true,`)
	require.NoError(t, err)
	doc = p.Document()
	var fields []string
	for _, f := range doc.PublicKinds()[0].Fields {
		fields = append(fields, f.Field)
	}
	require.Equal(t, []string{"problem", "others_to_act"}, fields)
}

func TestAPublicKindNeverAsksForJudgements(t *testing.T) {
	const asked = `{field: problem, need: wanted, public: true, ask: "What do you want to do, and what happens instead?"}`
	for _, field := range []string{"inputs", "sponsor", "confidential", "class", "size", "themes", "skills", "context"} {
		_, err := changedDefault(t, asked, `{field: `+field+`, need: optional, public: true, ask: "?"}`)
		require.ErrorContains(t, err, "is nothing to ask people without an account", field)
	}
	_, err := changedDefault(t, asked, `{field: confidential, need: optional, ask: "?"}`)
	require.ErrorContains(t, err, "a kind that may be confidential cannot be public")
	_, err = changedDefault(t, asked, `{field: problem, need: required, ask: "?"}`)
	require.ErrorContains(t, err, "the kind is public and the field is required")
	_, err = changedDefault(t, `{field: others_to_act, need: optional,`, `{field: others_to_act, need: required,`)
	require.ErrorContains(t, err, "the field is required, and support is public")
}

// Who answers for the service that owns public requests does not judge them, like every other delegate of a requester.
func TestTheDeskOfTheRequesterIsNotAskedToJudge(t *testing.T) {
	dir, err := directory.Parse([]byte(strings.ReplaceAll(string(directory.Local()), "members: [rita]", "members: [ana]")))
	require.NoError(t, err)
	in := pmo.QuestionTermsInput{Kind: pmo.KindReview, Group: "approvers", Portfolio: "digital", Requester: "public-form", OnBehalf: "public-form", At: monday}
	terms := policy.Default().QuestionTerms(in, dir, nil)
	require.NotContains(t, terms.People, "ana")
	require.Contains(t, terms.Note, "Not asked: ana, the requester's delegate.")

	in.Kind, in.Group = pmo.KindClarify, ""
	terms = policy.Default().QuestionTerms(in, dir, nil)
	require.Equal(t, []string{"public-form"}, terms.People, "one seat, which any member of the desk fills")
}
