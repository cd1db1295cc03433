package activities

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestWhatIsFoundAheadIsWhatTheStepsWouldFind: route and terms that come with the admission are those that Route and Ask give one by one.
func TestWhatIsFoundAheadIsWhatTheStepsWouldFind(t *testing.T) {
	for name, content := range map[string]pmo.Content{
		"express": {Title: "Shorter list", Kind: "bug", Problem: "it is long", Outcome: "it is short", Size: 1},
		"gaps":    {Title: "Something", Kind: "programme"},
		"sponsor": {Title: "New payroll", Kind: "programme", Problem: "old", Outcome: "new", SuccessMeasure: "paid in time", Users: "all", Sponsor: "ana", Size: 20},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			require.NoError(t, b.store.SetDelegation(t.Context(), store.Delegation{Person: "ana", Delegate: "bo", From: day.AddDate(0, 0, -1), Until: day.AddDate(0, 0, 9)}, "ana", day))
			in := contract.AdmitInput{ID: uuid.NewString(), Requester: "sam", SubmittedAt: day, Content: content,
				Ahead: &contract.AheadInput{Process: pmo.LatestProcess, SubmittedBy: "rita", At: day}}
			admission, err := b.Admit(t.Context(), in)
			require.NoError(t, err)
			require.NotNil(t, admission.Ahead)
			require.NotEmpty(t, admission.Ahead.Steps)

			r := pmo.New(in.ID, "", pmo.Submission{Content: content, Requester: "sam", SubmittedBy: "rita", At: day})
			r.Admit(admission, day)
			found := 0
			for step := r.NextStep(day); step.Action != pmo.ActionWait; step = r.NextStep(day) {
				switch step.Action {
				case pmo.ActionRoute:
					route, err := b.Route(t.Context(), r.RouteInput())
					require.NoError(t, err)
					require.Equal(t, &route, admission.Ahead.RouteAt(r.Seq))
					r.SetRoute(route, day)
					found++
				case pmo.ActionOpenQuestion:
					asked := r.TermsOf(step.Question, day)
					terms, err := b.Ask(t.Context(), asked)
					require.NoError(t, err)
					require.Equal(t, &terms, admission.Ahead.TermsAt(r.Seq, pmo.QuestionID(asked.Kind, asked.Round, asked.Group)))
					r.OpenQuestion(step.Question, terms, day)
					found++
				default:
					require.Equal(t, pmo.ActionContinue, step.Action)
				}
			}
			require.Len(t, admission.Ahead.Steps, found)
		})
	}
}
