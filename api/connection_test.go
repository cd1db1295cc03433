package api

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"
)

// A read deadline that passes while a handler works cancels the connection's context, for this call and all after it on the same
// connection. So no operation may set one: a command waits up to eight seconds for its answer.
func TestNoOperationSetsAReadDeadline(t *testing.T) {
	b := setup(t)
	seen := 0
	for path, item := range b.api.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o != nil {
				seen++
				require.Negative(t, o.BodyReadTimeout, "%s %s", o.Method, path)
			}
		}
	}
	require.Positive(t, seen)
}
