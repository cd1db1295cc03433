package web

import (
	"strings"

	"github.com/mileusna/useragent"
)

// shownUserAgent is how much is shown of one that names no browser we know.
const shownUserAgent = 60

// Browser says which browser a User-Agent header names, as in "Firefox on Linux". Of one that names none its beginning is shown.
func (t *reader) Browser(header string) string {
	header = firstRunes(strings.TrimSpace(header), longestUserAgent)
	found := useragent.Parse(header)
	switch {
	case header == "":
		return t.T("access.browser_unknown")
	case found.Name == "" || found.OS == "" || found.Bot:
		if short := firstRunes(header, shownUserAgent); short != header {
			return short + "…"
		}
		return header
	}
	return t.T("access.browser", "name", found.Name, "system", found.OS)
}
