package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"leanpmo/internal/pmo"
)

//go:embed texts
var textFiles embed.FS

// languages lists the languages of the catalogue; the first one is used where no other fits.
var languages = []language.Tag{language.English, language.German}

var matcher = language.NewMatcher(languages)

// texts is a catalogue: for each language, texts by key. A text may contain {name}.
var texts = mustReadTexts()

func mustReadTexts() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, tag := range languages {
		content, err := textFiles.ReadFile("texts/" + tag.String() + ".json")
		if err != nil {
			panic(err)
		}
		var catalogue map[string]string
		if err := json.Unmarshal(content, &catalogue); err != nil {
			panic(fmt.Errorf("read texts/%s.json: %w", tag, err))
		}
		all[tag.String()] = catalogue
	}
	return all
}

// reader is who a page is written for: their language, their zone and the present moment. It says moments, numbers and names.
type reader struct {
	Lang string
	zone *time.Location
	now  time.Time
	name func(id string) string
	// office are the names of teams, kinds and themes.
	office func() officeNames
}

// readerOf reads language and zone from the cookies that the script and the choice at the foot of a page set, else from what the browser asks for.
func (s *Site) readerOf(r *http.Request) *reader {
	t := &reader{Lang: languages[0].String(), zone: time.UTC, now: s.Now(), name: s.nameOf, office: func() officeNames { return s.officeNames(r.Context()) }}
	wanted := r.Header.Get("Accept-Language")
	if c, err := r.Cookie("lang"); err == nil {
		wanted = c.Value
	}
	if _, i := language.MatchStrings(matcher, wanted); i < len(languages) {
		t.Lang = languages[i].String()
	}
	if c, err := r.Cookie("zone"); err == nil && len(c.Value) <= 64 && c.Value != "Local" {
		if zone, err := time.LoadLocation(c.Value); err == nil {
			t.zone = zone
		}
	}
	return t
}

// chooseLanguage keeps the language that a link at the foot of a page names, and shows the page again in it.
func chooseLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		chosen := q.Get("lang")
		if _, known := texts[chosen]; !known || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: chosen, Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			Secure: r.TLS != nil})
		q.Del("lang")
		target := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
		http.Redirect(w, r, localPath(target.RequestURI()), http.StatusSeeOther)
	})
}

func (s *Site) nameOf(id string) string {
	if name, known := s.People.Name(id); known {
		return name
	}
	return id
}

// T is a text of the catalogue in the reader's language, with {name} replaced by the value that follows the name in pairs. A text that a
// language lacks is English; an unknown key is an error that tests find.
func (t *reader) T(key string, pairs ...any) string {
	text, ok := texts[t.Lang][key]
	if !ok {
		text, ok = texts[languages[0].String()][key]
	}
	if !ok {
		return "[" + key + "]"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return text
}

// Has reports whether the catalogue has a key.
func (t *reader) Has(key string) bool {
	_, ok := texts[languages[0].String()][key]
	return ok
}

// Word is the catalogue's word for a value of a fixed list, such as a stage, or the value itself.
func (t *reader) Word(list string, value any) string {
	v := fmt.Sprint(value)
	if t.Has(list + "." + v) {
		return t.T(list + "." + v)
	}
	return strings.ReplaceAll(v, "_", " ")
}

// Name is a person's name.
func (t *reader) Name(id string) string { return t.name(id) }

// Names joins the names of people.
func (t *reader) Names(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = t.name(id)
	}
	switch len(names) {
	case 0:
		return t.T("nobody")
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + t.T("and") + " " + names[len(names)-1]
}

// Initials are the first letters of a name, for the mark beside it.
func (t *reader) Initials(id string) string {
	var letters strings.Builder
	for i, word := range strings.Fields(t.name(id)) {
		if i < 2 {
			letters.WriteString(strings.ToUpper(string([]rune(word)[:1])))
		}
	}
	return letters.String()
}

// Moment is a point in time as a page shows it: words that people say, the exact time on hover, and the machine's form.
type Moment struct{ Words, Exact, ISO string }

// When says a moment relative to now: "today at 14:00", "tomorrow", "Thursday, in 2 days", "3 weeks ago (12 Oct)".
func (t *reader) When(at time.Time) Moment {
	if at.IsZero() {
		return Moment{Words: t.T("never")}
	}
	at, now := at.In(t.zone), t.now.In(t.zone)
	return Moment{Words: t.words(at, now), Exact: t.Weekday(at) + ", " + t.date(at) + " " + at.Format("15:04 MST"), ISO: at.Format(time.RFC3339)}
}

// WhenAt is When for a moment that may be absent.
func (t *reader) WhenAt(at *time.Time) Moment {
	if at == nil {
		return t.When(time.Time{})
	}
	return t.When(*at)
}

// Day says a calendar day.
func (t *reader) Day(d pmo.Date) Moment {
	at, err := d.Time(t.zone)
	if err != nil {
		return Moment{Words: string(d)}
	}
	now := t.now.In(t.zone)
	return Moment{Words: t.dayWords(at, days(now, at)), Exact: t.Weekday(at) + ", " + t.date(at), ISO: string(d)}
}

// Week says the first day of a week, as the head of a column.
func (t *reader) Week(from pmo.Date) string { return weekLabel(t, from) }

func (t *reader) words(at, now time.Time) string {
	distance := days(now, at)
	clock := at.Format("15:04")
	switch {
	case distance == 0 && at.Before(now) && now.Sub(at) < time.Hour:
		return t.T("when.minutes_ago", "n", max(1, int(now.Sub(at)/time.Minute)))
	case distance == 0 && at.After(now) && at.Sub(now) < time.Hour:
		return t.T("when.in_minutes", "n", max(1, int(at.Sub(now)/time.Minute)))
	case distance == 0:
		return t.T("when.today", "clock", clock)
	case distance == 1:
		return t.T("when.tomorrow", "clock", clock)
	case distance == -1:
		return t.T("when.yesterday", "clock", clock)
	}
	return t.dayWords(at, distance)
}

func (t *reader) dayWords(at time.Time, distance int) string {
	switch {
	case distance == 0:
		return t.T("day.today")
	case distance == 1:
		return t.T("day.tomorrow")
	case distance == -1:
		return t.T("day.yesterday")
	case distance > 0 && distance < 14:
		return t.T("day.in_days", "weekday", t.Weekday(at), "n", distance)
	case distance < 0 && distance > -14:
		return t.T("day.days_ago", "weekday", t.Weekday(at), "n", -distance)
	case distance > 0:
		return t.T("day.in_weeks", "date", t.date(at), "n", int(math.Round(float64(distance)/7)))
	}
	return t.T("day.weeks_ago", "date", t.date(at), "n", int(math.Round(float64(-distance)/7)))
}

// Weekday is the day of the week in the reader's language.
func (t *reader) Weekday(at time.Time) string {
	return t.T("weekday." + strings.ToLower(at.Weekday().String()))
}

func (t *reader) date(at time.Time) string {
	return t.T("date", "d", at.Day(), "month", t.T("month."+monthKey(at.Month())), "y", at.Year())
}

// dayAndMonth is a date without its year, for axes.
func (t *reader) dayAndMonth(at time.Time) string {
	return t.T("date.short", "d", at.Day(), "month", t.T("month."+monthKey(at.Month())))
}

func monthKey(m time.Month) string { return strings.ToLower(m.String()[:3]) }

// days counts the calendar days from one moment to another, in their zone.
func days(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 12, 0, 0, 0, time.UTC)
	return int(b.Sub(a).Hours() / 24)
}

// Number writes a number with at most one decimal.
func (t *reader) Number(n float64) string {
	text := strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0")
	if t.Lang == "de" {
		text = strings.ReplaceAll(text, ".", ",")
	}
	return text
}

// Exact writes a number with at most two decimals, where it can be checked against others.
func (t *reader) Exact(n float64) string {
	text := strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64)
	if t.Lang == "de" {
		text = strings.ReplaceAll(text, ".", ",")
	}
	return text
}

// Capital writes a sentence with a capital letter first.
func (t *reader) Capital(text string) string {
	if text == "" {
		return ""
	}
	runes := []rune(text)
	return strings.ToUpper(string(runes[0])) + string(runes[1:])
}
