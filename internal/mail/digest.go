package mail

import (
	"strconv"
	"time"

	"leanpmo/internal/notify"
)

// digestLetter says what a person has to know of a day.
func digestLetter(d notify.Data, lang string) Letter {
	g := d.Digest
	title := say(lang, "digest.subject", "day", dayOf(lang, g.Day))
	l := Letter{Lang: lang, Subject: title, Heading: title, Button: say(lang, "button.inbox"), Why: say(lang, "why.digest")}
	for _, part := range []struct {
		title string
		lines []notify.DigestLine
		more  int
	}{{"digest.waiting", g.Waiting, g.MoreWaiting}, {"digest.late", g.Late, g.MoreLate}, {"digest.changed", g.Changed, g.MoreChanged}} {
		if len(part.lines) > 0 {
			l.Sections = append(l.Sections, digestSection(lang, say(lang, part.title), d.Zone(), part.lines, part.more))
		}
	}
	l.Page = notify.Absolute(d.Links.Page)
	return l
}

func digestSection(lang, title string, zone *time.Location, lines []notify.DigestLine, more int) Section {
	s := Section{Title: title}
	for _, line := range lines {
		text := oneLine(requestOf(line.Request, lang))
		if line.Text != "" {
			text += ": " + oneLine(line.Text)
		}
		if !line.DueAt.IsZero() {
			text += " (" + say(lang, "digest.due", "moment", moment(lang, line.DueAt, zone)) + ")"
		}
		s.Items = append(s.Items, Item{Text: text, Page: notify.Absolute(line.Page)})
	}
	if more > 0 {
		s.More = say(lang, "digest.more", "n", strconv.Itoa(more))
	}
	return s
}
