package testkit_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

func TestStackPartsFailAndComeBackWithTheirData(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: starts the real Temporal server")
	}
	stack := testkit.StartStack(t, testkit.StackOptions{})
	register(t, stack)

	conn, err := pgx.Connect(t.Context(), stack.DSN(localstack.DatabasePMO))
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))

	stack.Temporal.Kill()
	require.Error(t, describe(t, stack, 200*time.Millisecond))
	stack.Temporal.Start()
	require.NoError(t, describe(t, stack, time.Minute))

	stack.Kill()
	stack.Start()
	require.NoError(t, describe(t, stack, time.Minute))
	stack.Restart()
	require.NoError(t, describe(t, stack, time.Minute))
}

func namespaces(t *testing.T, stack *testkit.Stack) client.NamespaceClient {
	t.Helper()
	c, err := client.NewNamespaceClient(client.Options{HostPort: stack.TemporalAddress})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func register(t *testing.T, stack *testkit.Stack) {
	t.Helper()
	require.NoError(t, namespaces(t, stack).Register(t.Context(), &workflowservice.RegisterNamespaceRequest{
		Namespace: stack.Namespace, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	}))
}

func describe(t *testing.T, stack *testkit.Stack, limit time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	_, err := namespaces(t, stack).Describe(ctx, stack.Namespace)
	return err
}
