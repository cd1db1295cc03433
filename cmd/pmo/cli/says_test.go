package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

func TestNoDelegationSaysSo(t *testing.T) {
	none := &fake{answers: map[string]any{"GET /v1/me/delegation": problem.New(problem.NotFound, "nobody acts for you")}}
	require.Equal(t, "Nobody acts for you.\n", run(t, none, "delegation", "show").out)
	require.Equal(t, "{}\n", run(t, none, "delegation", "show", "-o", "json").out)
	over := &fake{answers: map[string]any{"GET /v1/me/delegation": map[string]any{"person": "ana", "delegate": "bo", "from": noon.Add(-48 * time.Hour), "until": noon.Add(-time.Hour)}}}
	require.Contains(t, run(t, over, "delegation", "show").out, "Nobody acts for you: bo did for ana")
	past := run(t, over, "delegation", "set", "bo", "--until", "2027-03-01")
	require.Equal(t, ExitUsage, past.code)
	require.ErrorContains(t, past.err, "--until is in the past: 2027-03-01 is over, now it is 2027-03-31")
}

func TestStatusSaysWhereAMergedRequestGoesOn(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": map[string]any{"id": "x", "ref": "R-4", "status": "closed", "outcome": "merged", "closed_by": "petra",
		"reason": "two asks in one", "closed_at": noon, "goes_on_in": []string{"R-7", "R-8"}}}}
	got := run(t, f, "status", "R-4")
	require.NoError(t, got.err)
	require.Regexp(t, `outcome +merged by petra, 2027-03-31 .* two asks in one`, got.out)
	require.Regexp(t, `goes on in +R-7, R-8\n`, got.out)
}

func TestReassignShowsWhatHasYetToHappen(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/requests/R-4/reassign": map[string]any{"id": "x", "number": 4, "result": "reassigned", "stage": "assignment", "status": "open",
		"done": "A team is looked for, otter first.", "next_step": "otter has yet to accept it."}}}
	got := run(t, f, "reassign", "R-4", "--team", "otter", "--reason", "short of people")
	require.NoError(t, got.err)
	require.Regexp(t, `done +A team is looked for, otter first\.`, got.out)
	require.Regexp(t, `yet to come +otter has yet to accept it\.`, got.out)
}

// What somebody gave may be as long as a file: an error repeats so much of it that it is recognised.
func TestATooLongValueIsNotRepeatedWhole(t *testing.T) {
	long := strings.Repeat("long ", 2000)
	_, got := submission(t, "title: "+long+"\nkind: bug\n")
	f := &fake{answers: map[string]any{"POST /v1/requests": problem.InvalidField("/title", "is longer than 500 characters")}}
	path := filepath.Join(t.TempDir(), "wish.yaml")
	require.NoError(t, os.WriteFile(path, []byte("title: "+long+"\nkind: bug\n"), 0o600))
	refused := run(t, f, "submit", "-f", path)
	for _, err := range []error{refused.err, run(t, f, strings.ReplaceAll(long, " ", "-")).err, run(t, f, "amend", "R-4", "--set", long).err} {
		require.Error(t, err)
		require.Less(t, len(err.Error()), 500)
	}
	require.NoError(t, got.err)
}
