package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
)

// mostNotificationRows bounds the table of who hears of what.
const mostNotificationRows = 100

// notifications checks the table of who hears of what.
func (c *checker) notifications() {
	table := c.doc.Notifications
	c.that(len(table) <= mostNotificationRows, "notifications", "are more than %d rows", mostNotificationRows)
	events := pmo.NotifiedEvents()
	for i, row := range table {
		at := fmt.Sprintf("notifications[%d]", i)
		listed(c, at+".events", row.Events, events, "an event of which anybody is notified")
		listed(c, at+".relations", row.Relations, notice.Relations(), fmt.Sprintf("one of %v", notice.Relations()))
		c.that(slices.Contains(notice.Channels(), row.Channel), at+".channel", "%q is not one of %v", row.Channel, notice.Channels())
		c.that(slices.Contains(notice.Urgencies(), row.Urgency), at+".urgency", "%q is not one of %v", row.Urgency, notice.Urgencies())
		c.that(!row.Must || row.Urgency == notice.Now, at+".must", "needs the urgency now: what must be heard is told at once")
	}
	c.asksAreHeard(table)
}

// listed checks that each of a row's entries is known and there once.
func listed[T ~string](c *checker, path string, list, known []T, what string) {
	for i, one := range list {
		c.that(slices.Contains(known, one), fmt.Sprintf("%s[%d]", path, i), "%q is not %s", one, what)
		c.that(!slices.Contains(list[:i], one), fmt.Sprintf("%s[%d]", path, i), "%q is listed twice", one)
	}
}

// asksAreHeard checks that whoever is asked hears of it on every channel: else a question waits until its deadline without anybody knowing.
func (c *checker) asksAreHeard(table notice.Table) {
	if len(table) == 0 {
		return
	}
	for _, channel := range notice.Channels() {
		reach := notice.Reach{Own: channel == notice.Chat, Mail: channel == notice.Mail}
		for _, t := range notice.Decide(notice.Event{Name: pmo.EventAsked, Relations: []notice.Relation{notice.Asked}}, notice.Rules{Table: table}, reach, time.Time{}) {
			c.that(t.Urgency == notice.Now, "notifications", "tell nobody at once by %s that they are asked", channel)
		}
	}
}

// Notifications is the table of who hears of what.
func (p *Policy) Notifications() notice.Table {
	if len(p.doc.Notifications) == 0 {
		return notice.Default()
	}
	return p.doc.Notifications
}

// TimeZone is that of people who chose none: of the first portfolio.
func (p *Policy) TimeZone() string { return p.doc.Portfolios[0].TimeZone }

var urgencyWords = map[notice.Urgency]string{notice.Now: "at once", notice.Digest: "in the digest of the day", notice.Never: "not at all"}

// notificationRules say in words who hears of what.
func (p *Policy) notificationRules() []Rule {
	rules := []Rule{always("A person hears of one moment once, by the most urgent of what they are to the request; of the rows below the first that fits counts.")}
	for _, row := range p.Notifications() {
		about := cmp.Or(strings.ReplaceAll(strings.Join(row.Events, ", "), "_", " "), "everything else")
		who := cmp.Or(strings.Join(stringsOf(row.Relations), ", "), "everybody whom it concerns")
		text := fmt.Sprintf("By %s, %s: %s hear of it %s", row.Channel, about, who, urgencyWords[row.Urgency])
		if row.Must {
			text += "; this cannot be muted, and quiet hours do not hold it"
		}
		rules = append(rules, always("%s.", text))
	}
	return rules
}

func stringsOf[T ~string](list []T) []string {
	return collect(list, func(t T) string { return string(t) })
}
