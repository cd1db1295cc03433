package pmo_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestTheAPIHasTheLimitsOfTheTable: OpenAPI takes its limits from tags, which cannot be computed. Those of commands are those of limits.go.
func TestTheAPIHasTheLimitsOfTheTable(t *testing.T) {
	tags := 0
	for _, body := range []any{wire.Decision{}, wire.Amendment{}, wire.Report{}, wire.Reason{}, wire.Cancellation{}, wire.Reassignment{}, wire.OverridePull{},
		wire.SetInputs{}, wire.Watchers{}, wire.Split{}} {
		of := reflect.TypeOf(body)
		for i := range of.NumField() {
			field := of.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if most, ok := field.Tag.Lookup("maxLength"); ok && name != "on_behalf_of" { // it becomes part of the sender
				require.Equal(t, strconv.Itoa(pmo.TextLimitForTest(name)), most, "%s.%s", of.Name(), name)
				tags++
			}
			if field.Type.Kind() == reflect.Slice {
				most, err := strconv.Atoi(field.Tag.Get("maxItems"))
				require.NoError(t, err, "%s.%s has a limit", of.Name(), name)
				require.LessOrEqual(t, most, pmo.ElementsForTest, "%s.%s", of.Name(), name)
			}
		}
	}
	require.Greater(t, tags, 10)
}
