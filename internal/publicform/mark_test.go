package publicform_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/publicform"
)

var (
	now    = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	secret = bytes.Repeat([]byte{7}, 32)
)

func TestAMarkIsSigned(t *testing.T) {
	m := publicform.NewMark(now)
	text := m.Text(secret)
	read, ok := publicform.ReadMark(secret, text)
	require.True(t, ok)
	require.Equal(t, m.Random, read.Random)
	require.Equal(t, 5*time.Second, read.Age(now.Add(5*time.Second)))
	for name, wrong := range map[string]string{"empty": "", "short": text[:20], "longer": text + "AAAA", "no base64": "?" + text[1:],
		"older": publicform.Mark{Random: m.Random, At: now.Add(-time.Hour)}.Text(bytes.Repeat([]byte{8}, 32))} {
		_, ok := publicform.ReadMark(secret, wrong)
		require.False(t, ok, name)
	}
	require.NotEqual(t, text, publicform.NewMark(now).Text(secret), "no two forms have the same")
}

// The same form sent twice is one request with one link; other answers are another.
func TestAMarkMakesTheSameKeyAndLinkOfTheSameAnswers(t *testing.T) {
	m := publicform.NewMark(now)
	require.Equal(t, m.Key("a"), m.Key("a"))
	require.Equal(t, m.Token("a"), m.Token("a"))
	require.NotEqual(t, m.Key("a"), m.Key("b"))
	require.NotEqual(t, m.Token("a"), m.Token("b"))
	require.NotEqual(t, m.Token("a"), publicform.NewMark(now).Token("a"))

	token := m.Token("a")
	require.Len(t, token, 43, "256 bits")
	hash, ok := publicform.HashOf(token)
	require.True(t, ok)
	require.NotContains(t, string(hash[:]), token)
	for _, wrong := range []string{"", "x", token[1:], token + "A", strings.Repeat("A", 42) + "B", strings.Repeat("/", 43)} {
		_, ok := publicform.HashOf(wrong)
		require.False(t, ok, wrong)
	}
}
