package web

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestABrowserIsNamed(t *testing.T) {
	english, german := &reader{Lang: "en"}, &reader{Lang: "de"}
	for header, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari on iOS",
		"curl/8.14.1": "curl/8.14.1",
		"":            "a browser that does not say its name",
		"<script>":    "<script>",
	} {
		require.Equal(t, want, english.Browser(header))
	}
	require.Equal(t, "Firefox auf Linux", german.Browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))
	long := english.Browser(strings.Repeat("ü", 5000))
	require.Equal(t, shownUserAgent+1, utf8.RuneCountInString(long))
}

func FuzzABrowserIsNamed(f *testing.F) {
	f.Add("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	f.Add("Mozilla/5.0 (((((;;;;)")
	f.Fuzz(func(t *testing.T, header string) {
		require.LessOrEqual(t, utf8.RuneCountInString((&reader{Lang: "en"}).Browser(header)), longestUserAgent+20)
	})
}
