package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
)

func edited(t *testing.T, pairs ...string) *policy.Policy {
	t.Helper()
	p, err := changedDefault(t, pairs...)
	require.NoError(t, err)
	return p
}

func TestDiffSaysWhatChangesInWords(t *testing.T) {
	doc := policy.Default().Document()
	weight := doc.Scoring.Weights.BusinessValue
	other := edited(t, "business_value: 1", "business_value: 3")
	d := policy.Diff(policy.Default(), other)
	require.Equal(t, 1.0, weight)
	require.Equal(t, []policy.RuleChange{{Path: "scoring.weights.business_value", What: "changed", Before: "1", After: "3",
		Words: "scoring, weights, business value: 3 instead of 1."}}, d.Changes)
	require.Len(t, d.No, 1)
	require.Len(t, d.New, 1)
	require.Contains(t, d.New[0], "value counts 3")

	back := policy.Diff(other, policy.Default())
	require.Equal(t, d.No, back.New)
	require.Equal(t, d.New, back.No)
}

func TestDiffOfEqualRulesIsEmpty(t *testing.T) {
	commented, err := policy.Parse(append([]byte("# A comment.\n"), policy.Default().Source()...))
	require.NoError(t, err)
	for _, p := range []*policy.Policy{policy.Default(), commented, versioned(t, "7", "")} {
		d := policy.Diff(policy.Default(), p)
		require.Empty(t, d.Changes)
		require.Empty(t, d.No)
		require.Empty(t, d.New)
		require.True(t, policy.SameRules(policy.Default(), p))
	}
}

// An entry that comes or goes is one change, whatever follows it in the list; another order is one too.
func TestDiffNamesTheEntriesOfLists(t *testing.T) {
	source := string(policy.Default().Source())
	lanes := source[strings.Index(source, "\nlanes:")+1:]
	lanes = lanes[:strings.Index(lanes, "\nreview:")]
	first := lanes[strings.Index(lanes, "  - "):]
	first = first[:strings.Index(first[4:], "  - ")+4]
	fewer := edited(t, first, "")
	d := policy.Diff(policy.Default(), fewer)
	require.Len(t, d.Changes, 1)
	require.Equal(t, "removed", d.Changes[0].What)
	require.Contains(t, d.Changes[0].Path, "lanes[")
	require.Equal(t, "added", policy.Diff(fewer, policy.Default()).Changes[0].What)
}

// The text is kept, with its comments, where only the number changes.
func TestRenumberKeepsTheText(t *testing.T) {
	p, err := policy.Default().Renumber(9)
	require.NoError(t, err)
	require.Equal(t, 9, p.Version())
	require.Equal(t, strings.Replace(string(policy.Default().Source()), "version: 1\n", "version: 9\n", 1), string(p.Source()))
	fromJSON, err := policy.Parse([]byte(asJSON(t, p)))
	require.NoError(t, err)
	again, err := fromJSON.Renumber(10)
	require.NoError(t, err)
	require.Equal(t, 10, again.Version())
	require.True(t, policy.SameRules(p, again))
}

func asJSON(t *testing.T, p *policy.Policy) string {
	t.Helper()
	text, err := json.Marshal(p.Document())
	require.NoError(t, err)
	return string(text)
}
