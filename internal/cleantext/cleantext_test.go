package cleantext_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"leanpmo/internal/cleantext"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"as it is":               {"Replace the parking meters", "Replace the parking meters"},
		"space around":           {" \t a b\u00a0\n", "a b"},
		"spaces":                 {"   ", ""},
		"zero width space":       {"\u200b", ""},
		"word joiner":            {"\u2060", ""},
		"Hangul filler":          {"\u3164", ""},
		"Braille blank":          {"\u2800\u2800", ""},
		"soft hyphen":            {"\u00ad", ""},
		"an accent on nothing":   {"\u0301", ""},
		"tags":                   {"a\U000e0041\U000e0042b", "ab"},
		"inside a word":          {"ap\u200bpr\ufeffo\u2060ve\u00ad", "approve"},
		"marks of direction":     {"\u200eabc\u200f\u061c", "abc"},
		"the other form":         {"Cafe\u0301", "Caf\u00e9"},
		"lines":                  {"one\n\n  two\n", "one\n\n  two"},
		"a family":               {"\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"},
		"a red heart":            {"\u2764\ufe0f", "\u2764\ufe0f"},
		"a rainbow flag":         {"\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\U0001f308"},
		"the flag of Scotland":   {"\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"},
		"Persian":                {"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"},
		"a joiner between Latin": {"ab\u200dcd", "abcd"},
		"a joiner after accents": {"a\u0301\u200c\u0301b", "\u00e1\u0301b"},
		"vowels, then a joiner":  {"\u0645\u06cc\u064e\u200c\u062e", "\u0645\u06cc\u064e\u200c\u062e"},
		"Devanagari":             {"\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"},
		"Hebrew":                 {"\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, cleantext.Clean(c.text))
			require.Empty(t, cleantext.Fault(c.text))
		})
	}
}

func TestFault(t *testing.T) {
	for _, text := range []string{"\u202eevorppa", "a\u202ab", "a\u2066b\u2069"} {
		require.Contains(t, cleantext.Fault(text), "direction")
	}
	for _, text := range []string{"a\x1b[31m", "a\x00", "a\u0085", "a\x7f"} {
		require.Contains(t, cleantext.Fault(text), "control character")
	}
	require.Empty(t, cleantext.Fault("a\r\n\tb"))
}

func TestCleanIsSettled(t *testing.T) {
	odd := []rune("a e\u0301\u0327\u034f\u200b\u200c\u200d\ufe0f\u2764\u0645\u06cc\u1100\u1161\u11a8\u3164\u00ad\u202e\u0958\ufeff\n")
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom(odd)))
	rapid.Check(t, func(t *rapid.T) {
		text := text.Draw(t, "text")
		clean := cleantext.Clean(text)
		require.True(t, utf8.ValidString(clean))
		require.True(t, norm.NFC.IsNormalString(clean))
		require.Equal(t, clean, cleantext.Clean(clean), "cleaning twice changes nothing")
		require.Equal(t, clean != "", cleantext.Shows(clean))
		require.Empty(t, cleantext.Fault(cleantext.Strip(text)))
	})
}
