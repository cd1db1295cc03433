package sealed

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func line(fill string) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(fill, 32)))
}

func keys(t *testing.T, lines ...string) Keys {
	t.Helper()
	k, err := ParseKeys(strings.Join(lines, "\n"))
	require.NoError(t, err)
	return k
}

func TestWhatIsSealedOpensWithItsKeyAndPurposeAlone(t *testing.T) {
	const secret = "https://hooks.slack.com/services/key"
	k := keys(t, "# of this year", line("a"), "")
	box, err := k.Seal(secret, "person:ana")
	require.NoError(t, err)
	require.NotContains(t, string(box), "slack")
	again, err := k.Seal(secret, "person:ana")
	require.NoError(t, err)
	require.NotEqual(t, box, again, "equal secrets do not look equal")
	opened, err := k.Open(box, "person:ana")
	require.NoError(t, err)
	require.Equal(t, secret, opened)
	_, err = k.Open(box, "person:bo")
	require.Error(t, err)
	for i := range box {
		changed := append([]byte(nil), box...)
		changed[i] ^= 1
		_, err = k.Open(changed, "person:ana")
		require.Error(t, err, i)
	}
	_, err = k.Open(box[:3], "person:ana")
	require.ErrorIs(t, err, ErrNoKey)

	replaced := keys(t, line("b"), line("a"))
	opened, err = replaced.Open(box, "person:ana")
	require.NoError(t, err, "the old key still opens")
	require.Equal(t, secret, opened)
	newer, err := replaced.Seal(secret, "person:ana")
	require.NoError(t, err)
	_, err = k.Open(newer, "person:ana")
	require.ErrorIs(t, err, ErrNoKey, "the first one seals")
}

func TestKeysAreReadAndNeverShown(t *testing.T) {
	for _, text := range []string{"short", line("a") + "\n" + "YWJj", strings.Repeat(line("a")+"\n", 9)} {
		_, err := ParseKeys(text)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "YWJj")
	}
	none := keys(t)
	require.False(t, none.Known())
	_, err := none.Seal("a", "b")
	require.ErrorIs(t, err, ErrNoKey)
	require.Equal(t, "*** *** ***", fmt.Sprintf("%s %v %#v", keys(t, line("a")), keys(t, line("a")), keys(t, line("a"))))
}
