package wire_test

import (
	"reflect"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestTheLimitOfCommentsIsOne(t *testing.T) {
	for _, form := range []any{wire.NewComment{}, wire.EditedComment{}} {
		text, _ := reflect.TypeOf(form).FieldByName("Text")
		require.Equal(t, strconv.Itoa(wire.MaxComment), text.Tag.Get("maxLength"))
	}
}
