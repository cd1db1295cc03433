package mail

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

//go:embed texts
var textFiles embed.FS

// The languages of the catalogue; a mail to somebody whose language is not known is in the first one.
var languages = []string{"en", "de"}

var texts = mustReadTexts()

func mustReadTexts() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range languages {
		content, err := textFiles.ReadFile("texts/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		var catalogue map[string]string
		if err := json.Unmarshal(content, &catalogue); err != nil {
			panic(fmt.Errorf("read texts/%s.json: %w", lang, err))
		}
		all[lang] = catalogue
	}
	return all
}

// languageOf is a language of the catalogue: the wanted one, if it is there.
func languageOf(wanted string) string {
	if _, known := texts[wanted]; known {
		return wanted
	}
	return languages[0]
}

// say is a text of the catalogue with {name} replaced by the value that follows the name in pairs; the values are not read again.
func say(lang, key string, pairs ...string) string {
	found := texts[lang][key]
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(found)
}

// has reports whether the catalogue has a text.
func has(key string) bool {
	_, known := texts[languages[0]][key]
	return known
}

// dayOf says a day; one that is none as it stands.
func dayOf(lang string, date pmo.Date) string {
	at, err := date.Time(time.UTC)
	if err != nil {
		return string(date)
	}
	return say(lang, "day", "day", strconv.Itoa(at.Day()), "month", say(lang, "month."+strconv.Itoa(int(at.Month()))), "year", strconv.Itoa(at.Year()))
}

// moment says a point in time in a zone, with the name of the zone.
func moment(lang string, at time.Time, zone *time.Location) string {
	at = at.In(zone)
	return say(lang, "moment", "weekday", say(lang, "weekday."+strconv.Itoa(int(at.Weekday()))), "day", strconv.Itoa(at.Day()),
		"month", say(lang, "month."+strconv.Itoa(int(at.Month()))), "year", strconv.Itoa(at.Year()), "time", at.Format("15:04"), "zone", zone.String())
}
