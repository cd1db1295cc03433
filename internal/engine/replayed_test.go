package engine

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// TestARepeatedCommandIsMarked: Temporal returns the first receipt of an update unchanged.
func TestARepeatedCommandIsMarked(t *testing.T) {
	e, c := setup(t)
	first := ""
	handle := mocks.NewWorkflowUpdateHandle(t)
	handle.On("Get", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		*args.Get(1).(*pmo.Receipt) = pmo.Receipt{Result: "held", Call: first}
	}).Return(nil)
	c.On("UpdateWorkflow", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		if first == "" {
			first = args.Get(1).(client.UpdateWorkflowOptions).Args[0].(*pmo.Stop).By.Call
		}
	}).Return(handle, nil)
	for _, replayed := range []bool{false, true, true} {
		receipt, err := e.Update(t.Context(), "r1", contract.UpdateHold, &pmo.Stop{Reason: "budget"}, pmo.By{Actor: "sam"}, "k")
		require.NoError(t, err)
		require.Equal(t, pmo.Receipt{Result: "held", Replayed: replayed}, receipt)
	}
}

// TestDecisionsWithoutAKeyAreKept over continue-as-new: the digest is their key in the state.
func TestDecisionsWithoutAKeyAreKept(t *testing.T) {
	scope, key := keysOf("ana", "r1", contract.UpdateDecide, "", "digest")
	require.Equal(t, "digest", scope, "updates recorded before are found")
	require.NotEmpty(t, key)
	_, again := keysOf("ana", "r1", contract.UpdateDecide, "", "digest")
	require.Equal(t, key, again)
	_, other := keysOf("bo", "r1", contract.UpdateDecide, "", "digest")
	require.NotEqual(t, key, other)
	_, hold := keysOf("ana", "r1", contract.UpdateHold, "", "digest")
	_, second := keysOf("ana", "r1", contract.UpdateHold, "", "digest")
	require.NotEqual(t, hold, second, "a second hold is another hold")
}

// TestAfterClosing the state of the closed execution says what a key was used for.
func TestAfterClosing(t *testing.T) {
	for _, c := range []struct {
		name  string
		known contract.CachedReceipt
		err   error
		kind  problem.Kind
	}{
		{"given before", contract.CachedReceipt{Found: true, Receipt: pmo.Receipt{Result: "held", Replayed: true, Call: "x"}}, nil, ""},
		{"another command", contract.CachedReceipt{KeyReused: true}, nil, problem.KeyReused},
		{"a new one", contract.CachedReceipt{}, nil, problem.Closed},
		{"no worker", contract.CachedReceipt{}, errors.New("no worker"), problem.Closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, fake := setup(t)
			fake.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, serviceerror.NewNotFound("workflow execution already completed"))
			describes(fake, "digest", false)
			value := &mocks.Value{}
			value.On("Get", mock.Anything).Run(func(args mock.Arguments) { *args.Get(0).(*contract.CachedReceipt) = c.known }).Return(nil).Maybe()
			fake.On("QueryWorkflow", mock.Anything, "request/r1", "", contract.QueryCachedReceipt, mock.Anything).Return(value, c.err)
			receipt, err := e.Update(t.Context(), "r1", contract.UpdateHold, &pmo.Stop{}, pmo.By{Actor: "sam"}, "k")
			if c.kind != "" {
				require.Equal(t, c.kind, problem.From(err).Kind, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, pmo.Receipt{Result: "held", Replayed: true}, receipt)
		})
	}
}
