package engine

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"

	"leanpmo/internal/contract"
)

// namespace is the part of a server that knows the search attributes of a namespace.
type namespace struct {
	workflowservice.WorkflowServiceClient
	operatorservice.OperatorServiceClient
	known  map[string]enumspb.IndexedValueType
	denied bool // attributes may not be added
	added  []string
}

func (n *namespace) CountWorkflowExecutions(_ context.Context, _ *workflowservice.CountWorkflowExecutionsRequest, _ ...grpc.CallOption) (*workflowservice.CountWorkflowExecutionsResponse, error) {
	for _, key := range contract.Attributes() {
		if _, ok := n.known[key.GetName()]; !ok {
			return nil, serviceerror.NewInvalidArgument("unknown search attribute " + key.GetName())
		}
	}
	return &workflowservice.CountWorkflowExecutionsResponse{}, nil
}

func (n *namespace) ListSearchAttributes(context.Context, *operatorservice.ListSearchAttributesRequest, ...grpc.CallOption) (*operatorservice.ListSearchAttributesResponse, error) {
	return &operatorservice.ListSearchAttributesResponse{CustomAttributes: n.known}, nil
}

func (n *namespace) AddSearchAttributes(_ context.Context, in *operatorservice.AddSearchAttributesRequest, _ ...grpc.CallOption) (*operatorservice.AddSearchAttributesResponse, error) {
	if n.denied {
		return nil, serviceerror.NewPermissionDenied("request unauthorized", "")
	}
	for name, kind := range in.GetSearchAttributes() {
		n.known[name] = kind
		n.added = append(n.added, name)
	}
	return &operatorservice.AddSearchAttributesResponse{}, nil
}

// allBut knows all attributes of the product but some.
func allBut(missing ...string) *namespace {
	n := &namespace{known: map[string]enumspb.IndexedValueType{}}
	for _, key := range contract.Attributes() {
		n.known[key.GetName()] = key.GetValueType()
	}
	for _, name := range missing {
		delete(n.known, name)
	}
	return n
}

// TestRequireAttributes: a worker adds the search attributes of its release that the namespace lacks; where it may not, it says which, and
// what to run.
func TestRequireAttributes(t *testing.T) {
	require := require.New(t)
	ask := func(n *namespace) error {
		e, c := setup(t)
		c.On("WorkflowService").Return(n).Maybe()
		c.On("OperatorService").Return(n).Maybe()
		return e.RequireAttributes(t.Context())
	}
	title := contract.AttrTitle.GetName()

	all := allBut()
	require.NoError(ask(all))
	require.Empty(all.added, "nothing is written where nothing lacks")

	lacking := allBut(title)
	require.NoError(ask(lacking))
	require.Equal([]string{title}, lacking.added)

	denied := allBut(title)
	denied.denied = true
	err := ask(denied)
	require.ErrorContains(err, "namespace test lacks the search attributes "+title)
	require.ErrorContains(err, "run pmo bootstrap")
	var cause *serviceerror.PermissionDenied
	require.ErrorAs(err, &cause)

	other := allBut(contract.AttrDueAt.GetName())
	other.known[title] = enumspb.INDEXED_VALUE_TYPE_INT
	require.ErrorContains(ask(other), "search attribute "+title+" is a Int in namespace test", "an attribute of another type is not replaced")
	require.Empty(other.added)
}
