package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/wire"
)

func TestHowARequestWasWorkedIsExplained(t *testing.T) {
	over, part := -3.0, -0.1
	for _, c := range []struct {
		worked *approach.Worked
		want   []string
	}{
		{&approach.Worked{Recommended: "kanban", Began: "kanban", Ended: "kanban", Taken: true, Kept: true, Days: 27, DaysOver: &over, ForecastError: &part, Satisfied: true, Benefit: "partly_realised"},
			[]string{"worked as kanban, as recommended took", "took 27 days from the pull to the acceptance, 3 less than the first agreed plan said (-10 %)", "result accepted without remarks, never sent back", "benefit partly realised"}},
		{&approach.Worked{Recommended: "scrum", Began: "continuous_delivery", Ended: "kanban", Days: 5, Reworks: 2}, []string{"continuous delivery instead of scrum, changed to kanban", "took 5 days from the pull to the acceptance result", "sent back 2 times"}},
		{&approach.Worked{Began: "kanban", Ended: "kanban", Kept: true, Taken: true}, []string{"accepted with remarks"}},
	} {
		f := &fake{answers: map[string]any{"GET /v1/requests/R-7/explanation": wire.Explanation{Ref: "R-7", Worked: c.worked}}}
		said := strings.Join(strings.Fields(run(t, f, "explain", "R-7").out), " ")
		for _, want := range c.want {
			require.Contains(t, said, want)
		}
	}
}
