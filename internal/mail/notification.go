package mail

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"leanpmo/internal/notify"
	"leanpmo/internal/pmo"
)

// Limits of a mail: how long a title is in a subject, in bytes, and how many events of a moment are said.
const (
	maxSubjectTitle = 90
	maxLines        = 10
)

// letterOf says what happened to a request. A confidential request shows its number alone: mails lie in many places.
func letterOf(p notify.Payload, nameOf func(id string) string, wanted string) Letter {
	d := p.Data
	lang := languageOf(wanted)
	if d.Digest != nil {
		return digestLetter(d, lang)
	}
	request := requestOf(d.Request, lang)
	l := Letter{Lang: lang, Heading: capital(oneLine(request)), Button: say(lang, "button.request"), Lines: linesOf(d, lang, nameOf), Why: say(lang, whyKey(p), "request", refOf(d.Request, lang))}
	l.Subject = capital(say(lang, subjectKey(d), "request", shortRequestOf(d.Request, lang), "stage", say(lang, "stage."+string(d.Stage))))
	if d.Links.Decisions != "" {
		l.Button = say(lang, "button.answer")
		if q := d.Question; q != nil && !q.DueAt.IsZero() {
			l.Due = say(lang, "due", "moment", moment(lang, q.DueAt, d.Zone()))
		}
	}
	l.Page = notify.Absolute(d.Links.Page)
	return l
}

// whyKey says why somebody gets a mail: by its kind, or because their answer is asked for.
func whyKey(p notify.Payload) string { return "why." + cmp.Or(string(p.MailKind()), "asked") }

// subjectKey is the sentence of what happened: of the kind of question that asks for an answer, else of the event.
func subjectKey(d notify.Data) string {
	if d.Links.Decisions != "" && d.Question != nil {
		if key := "ask." + string(d.Question.Kind); has(key) {
			return key
		}
		return "ask"
	}
	if key := "event." + d.Event; has(key) {
		return key
	}
	return "event"
}

// capital begins a text with a capital letter.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

func refOf(r notify.Subject, lang string) string {
	if r.Ref != "" {
		return r.Ref
	}
	return say(lang, "a_request")
}

// requestOf is how a heading names a request, as people wrote its title.
func requestOf(r notify.Subject, lang string) string {
	switch {
	case r.Confidential && r.Ref != "":
		return say(lang, "confidential", "ref", r.Ref)
	case r.Confidential:
		return say(lang, "a_confidential")
	case r.Title == "":
		return refOf(r, lang)
	case r.Ref == "":
		return r.Title
	}
	return r.Ref + ": " + r.Title
}

// shortRequestOf is how a subject names a request.
func shortRequestOf(r notify.Subject, lang string) string {
	if r.Confidential || r.Title == "" {
		return refOf(r, lang)
	}
	title := pmo.Truncate(oneLine(r.Title), maxSubjectTitle)
	if r.Ref == "" {
		return say(lang, "titled", "title", title)
	}
	return say(lang, "ref_titled", "ref", r.Ref, "title", title)
}

// linesOf say what happened: the sentence of each event, by whom, and what the ledger says of it.
func linesOf(d notify.Data, lang string, nameOf func(id string) string) []string {
	happened := d.Happened
	if len(happened) == 0 {
		happened = []notify.Happened{{Event: d.Event, Stage: d.Stage, Actor: d.Actor, For: d.For, Text: d.Text}}
	}
	var lines []string
	for _, h := range happened[max(0, len(happened)-maxLines):] {
		line := strings.TrimSpace(h.Text)
		if line == "" {
			line = say(lang, "said."+saidKey(h.Event))
		}
		if by := byWhom(h, lang, nameOf); by != "" && !d.Request.Confidential {
			line += "\n" + by
		}
		lines = append(lines, line)
	}
	return lines
}

// saidKey is what is said of an event whose text is not.
func saidKey(event string) string {
	if has("said." + event) {
		return event
	}
	return "something"
}

func byWhom(h notify.Happened, lang string, nameOf func(id string) string) string {
	switch {
	case h.Actor == "":
		return ""
	case h.For != "" && h.For != h.Actor:
		return say(lang, "by_for", "name", nameOf(h.Actor), "for", nameOf(h.For))
	}
	return say(lang, "by", "name", nameOf(h.Actor))
}
