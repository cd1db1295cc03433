package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestPlaybooksAreShownByApproachAndByRequest(t *testing.T) {
	book := wire.Playbook{Title: "Kanban", Sections: []wire.PlaybookSection{{Name: "first_steps", Items: []string{"Draw the way work takes."}}}}
	f := &fake{answers: map[string]any{"GET /v1/playbooks/kanban": book, "GET /v1/requests/R-4/playbook": wire.Playbook{Title: "Scrum"}}}
	got := run(t, f, "approach", "playbook", "kanban", "--lang", "de")
	require.NoError(t, got.err)
	require.Equal(t, "Kanban\n\nfirst steps\n  - Draw the way work takes.\n", got.out)
	got = run(t, f, "approach", "playbook", "R-4")
	require.NoError(t, got.err)
	require.Equal(t, "Scrum\n", got.out)
}
