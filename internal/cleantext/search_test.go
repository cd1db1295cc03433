package cleantext_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"leanpmo/internal/cleantext"
)

// matches is what the store asks of a row.
func matches(text, query string) bool {
	for _, word := range cleantext.SearchWords(query) {
		if !strings.Contains(cleantext.Searchable(text), word.Folded) {
			return false
		}
	}
	return true
}

func TestSearchFindsEveryForm(t *testing.T) {
	for name, c := range map[string]struct{ text, query string }{
		"the other form":            {"Gro\u00dfen\u00fcbersicht Br\u00fccken", "gro\u00dfenu\u0308bersicht"},
		"typed on another system":   {"Gro\u00dfenu\u0308bersicht Bru\u0308cken", "GRO\u1e9eEN\u00dcBERSICHT"},
		"words in another order":    {"Size overview of bridges", "bridges size"},
		"inside a word":             {"Size overview", "view"},
		"a sharp s in capitals":     {"Stra\u00dfe", "STRASSE"},
		"two s for a sharp one":     {"STRASSE", "stra\u00dfe"},
		"the capital sharp s":       {"STRA\u1e9eE", "stra\u00dfe"},
		"a final sigma":             {"\u039f\u0394\u039f\u03a3 \u03ba\u03bb\u03b5\u03b9\u03c3\u03c4\u03ae", "\u03bf\u03b4\u03bf\u03c2"},
		"a sigma inside":            {"\u03bf\u03b4\u03cc\u03c2", "\u039f\u0394\u039f\u03a3"},
		"Greek capitals, no accent": {"\u03ba\u03bb\u03b5\u03b9\u03c3\u03c4\u03ae", "\u039a\u039b\u0395\u0399\u03a3\u03a4\u0397"},
		"Cyrillic":                  {"\u041e\u0442\u0447\u0451\u0442 \u043e \u0441\u043a\u043b\u0430\u0434\u0435", "\u0421\u041a\u041b\u0410\u0414\u0415 \u043e\u0442\u0447\u0451\u0442"},
		"Turkish, dotted":           {"\u0130stanbul", "istanbul"},
		"Turkish, dotless":          {"KAPI", "kap\u0131"},
		"Turkish, small":            {"kap\u0131", "KAPI"},
		"a ligature":                {"e\ufb03cient", "EFFICIENT"},
		"full width":                {"\uff21\uff22\uff23 report", "abc"},
		"half-width kana":           {"\uff76\uff80\uff76\uff85", "\u30ab\u30bf\u30ab\u30ca"},
		"Chinese, a word of two":    {"\u81ea\u52a8\u5316\u53d1\u7968\u5ba1\u6279", "\u53d1\u7968"},
		"Chinese beside Latin":      {"\u53d1\u7968ERP\u63a5\u53e3", "erp\u63a5\u53e3"},
		"Korean":                    {"\uc1a1\uc7a5 \uc2b9\uc778 \uc790\ub3d9\ud654", "\uc790\ub3d9 \uc2b9\uc778"},
		"Arabic without vowels":     {"\u0641\u064e\u0627\u062a\u0648\u0631\u0629", "\u0641\u0627\u062a\u0648\u0631\u0629"},
		"Persian without a joiner":  {"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u062e\u0648\u0627\u0647\u0645"},
		"Hebrew without points":     {"\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd"},
		"Thai":                      {"\u0e23\u0e30\u0e1a\u0e1a\u0e2d\u0e19\u0e38\u0e21\u0e31\u0e15\u0e34", "\u0e2d\u0e19\u0e38\u0e21\u0e31\u0e15\u0e34"},
		"Georgian capitals":         {"\u1c97\u1c91", "\u10d7\u10d1"},
		"a printer's apostrophe":    {"the city\u2019s map", "city's"},
		"a printer's hyphen":        {"e\u2011mail", "e-mail"},
		"nothing":                   {"anything", " \t"},
		"a number":                  {"R-12", "r-12"},
	} {
		t.Run(name, func(t *testing.T) { require.True(t, matches(c.text, c.query)) })
	}
	require.False(t, matches("Size overview", "size bridges"), "every word is needed")
	require.False(t, matches("\u53d1\u7968", "\u7968\u53d1"))
	require.False(t, matches("\u0438\u0433\u0440\u0430", "\u0439"), "a letter of its own, not one with an accent")
	require.False(t, matches("\u0e01\u0e32", "\u0e01\u0e34"), "a Thai vowel is no accent")
}

func TestFoldIsSettledAndBlindToForm(t *testing.T) {
	odd := []rune("aAiI\u0130\u0131\u0307\u0301\u0345\u00df\u1e9e\u03a3\u03c2\u03c3\u0390\u1fb3\u0410\u0439\u0640\u064e\uff21\ufb01\u200d\u2019\u2013\u4e00\u30ab\uff76\uff9e \n")
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom(odd)))
	rapid.Check(t, func(t *rapid.T) {
		text := text.Draw(t, "text")
		folded := cleantext.Fold(text)
		require.Equal(t, folded, cleantext.Fold(folded))
		require.Equal(t, folded, cleantext.Fold(norm.NFD.String(text)))
		require.Equal(t, folded, cleantext.Fold(norm.NFC.String(text)))
		require.True(t, matches(text, text))
		plain := rapid.StringOf(rapid.RuneFrom(nil, &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0, Hi: 127, Stride: 1}}})).Draw(t, "plain")
		require.Equal(t, cleantext.Fold(plain)+"|é", cleantext.Fold(plain+"|é"), "the quick way is the same")
	})
}
