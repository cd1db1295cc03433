package notice

import (
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/pmo"
)

// Away is who hears of a question while a person is away and somebody acts for them.
type Away string

// As well: both; instead: the delegate alone, as long as the delegate may answer and can be reached.
const (
	AsWell  Away = "as_well"
	Instead Away = "instead"
)

// Choice is when a person hears of a kind of events on a channel; it counts before the table.
type Choice struct {
	Channel Channel `json:"channel" enum:"chat,mail"`
	Kind    Kind    `json:"kind" enum:"questions,discussion,course,work"`
	Urgency Urgency `json:"urgency" enum:"now,digest,never"`
}

// Quiet are the hours in which nothing is sent but what must be heard; it waits until they end. Both are times of day as 22:00, in the person's
// time zone; hours over midnight are allowed.
type Quiet struct {
	From  string `json:"from" maxLength:"5" doc:"A time of day, such as 22:00"`
	Until string `json:"until" maxLength:"5" doc:"A time of day, such as 07:00"`
}

// Choices are a person's own choices. The zero value is what people have who chose nothing.
type Choices struct {
	Channels []Choice `json:"channels,omitempty" maxItems:"8" doc:"One for each channel and kind at most; the policy's table says the rest"`
	Quiet    *Quiet   `json:"quiet,omitempty" doc:"Hours in which nothing is sent but what must be heard; it waits until they end"`
	TimeZone string   `json:"time_zone,omitempty" maxLength:"64" doc:"Such as Europe/Berlin; that of the policy's first portfolio when absent"` // of the IANA database; empty: that of the policy's first portfolio
	// DigestHour is the hour of the day from which the digest is sent, 0 to 23; absent: 7.
	DigestHour *int `json:"digest_hour,omitempty" doc:"From which hour of the day the digest is sent, 0 to 23; 7 when absent"`
	NoDigest   bool `json:"no_digest,omitempty" doc:"No digest is sent"`
	Away       Away `json:"away,omitempty" enum:"as_well,instead" doc:"Who hears of questions while somebody acts for you: both, or the delegate alone as long as one may answer and can be reached"` // empty: as well
}

// defaultDigestHour is the hour of digests of people who chose none.
const defaultDigestHour = 7

// Hour is the hour of the day from which the person's digest is sent, in their time zone.
func (c Choices) Hour() int {
	if c.DigestHour == nil {
		return defaultDigestHour
	}
	return *c.DigestHour
}

// Zone is the person's time zone; that of the policy, else UTC, when they chose none.
func (c Choices) Zone(standard string) *time.Location {
	for _, name := range []string{c.TimeZone, standard} {
		if zone, err := time.LoadLocation(name); name != "" && err == nil {
			return zone
		}
	}
	return time.UTC
}

// Chosen is the person's choice for a channel and a kind; empty when they made none.
func (c Choices) Chosen(channel Channel, kind Kind) Urgency {
	for _, one := range c.Channels {
		if one.Channel == channel && one.Kind == kind {
			return one.Urgency
		}
	}
	return ""
}

// Choose sets the urgency of a kind on a channel; an empty one leaves it to the table.
func (c Choices) Choose(channel Channel, kind Kind, u Urgency) Choices {
	c.Channels = slices.DeleteFunc(slices.Clone(c.Channels), func(one Choice) bool { return one.Channel == channel && one.Kind == kind })
	if u != "" {
		c.Channels = append(c.Channels, Choice{channel, kind, u})
	}
	return c
}

// MailsOff reports whether the person gets no mails of a kind.
func (c Choices) MailsOff(kind Kind) bool {
	if kind == Digests {
		return c.NoDigest
	}
	return c.Chosen(Mail, kind) == Never
}

// SetMailsOff ends the mails of a kind; off is false for what the table says instead.
func (c Choices) SetMailsOff(kind Kind, off bool) Choices {
	switch {
	case kind == Digests:
		c.NoDigest = off
		return c
	case off:
		return c.Choose(Mail, kind, Never)
	}
	return c.Choose(Mail, kind, "")
}

// Fault is what is wrong with a field of choices.
type Fault struct {
	Pointer string // as /quiet/from
	Detail  string
}

// Faults lists what is wrong with choices; none: they can be kept.
func (c Choices) Faults() []Fault {
	var list []Fault
	add := func(wrong bool, pointer, detail string) {
		if wrong {
			list = append(list, Fault{pointer, detail})
		}
	}
	for i, one := range c.Channels {
		at := fmt.Sprintf("/channels/%d", i)
		add(!slices.Contains(Channels(), one.Channel), at+"/channel", fmt.Sprintf("%q is not one of %v", one.Channel, Channels()))
		add(!slices.Contains(Kinds(), one.Kind), at+"/kind", fmt.Sprintf("%q is not one of %v", one.Kind, Kinds()))
		add(!slices.Contains(Urgencies(), one.Urgency), at+"/urgency", fmt.Sprintf("%q is not one of %v", one.Urgency, Urgencies()))
		add(Choices{Channels: c.Channels[:i]}.Chosen(one.Channel, one.Kind) != "", at, "is the second choice for this channel and kind")
	}
	if c.TimeZone != "" {
		_, err := time.LoadLocation(c.TimeZone)
		add(err != nil || c.TimeZone == "Local", "/time_zone", fmt.Sprintf("%q is not a time zone such as Europe/Berlin", c.TimeZone))
	}
	if q := c.Quiet; q != nil {
		from, fromOK := timeOfDay(q.From)
		until, untilOK := timeOfDay(q.Until)
		add(!fromOK, "/quiet/from", fmt.Sprintf("%q is not a time of day such as 22:00", q.From))
		add(!untilOK, "/quiet/until", fmt.Sprintf("%q is not a time of day such as 07:00", q.Until))
		add(fromOK && untilOK && from == until, "/quiet/until", "is the beginning of the quiet hours: they would never end")
	}
	add(c.DigestHour != nil && (*c.DigestHour < 0 || *c.DigestHour > 23), "/digest_hour", "must be between 0 and 23")
	add(c.Away != "" && c.Away != AsWell && c.Away != Instead, "/away", fmt.Sprintf("%q is not one of %v", c.Away, []Away{AsWell, Instead}))
	return list
}

// timeOfDay reads a time such as 22:00, as the minutes since midnight.
func timeOfDay(text string) (minutes int, ok bool) {
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil && len(text) == len("15:04")
}

// quietUntil is when the quiet hours end in which a time lies; false when it lies in none. The hours are those of the clock on the wall, also on
// days on which it is put forward or back.
func (c Choices) quietUntil(at time.Time, zone *time.Location) (time.Time, bool) {
	if c.Quiet == nil {
		return time.Time{}, false
	}
	from, fromOK := timeOfDay(c.Quiet.From)
	until, untilOK := timeOfDay(c.Quiet.Until)
	if !fromOK || !untilOK || from == until {
		return time.Time{}, false
	}
	local := at.In(zone)
	minute, days := local.Hour()*60+local.Minute(), 0
	switch {
	case from < until && (minute < from || minute >= until):
		return time.Time{}, false
	case from > until && minute >= until && minute < from:
		return time.Time{}, false
	case from > until && minute >= from:
		days = 1
	}
	return time.Date(local.Year(), local.Month(), local.Day()+days, 0, until, 0, 0, zone), true
}

// DigestDue is the day, in the person's time zone, whose digest is due now; false before their hour, when that day has had one, and when they want
// none. Last is the day of the latest one; empty: there was none.
func (c Choices) DigestDue(now time.Time, standard string, last pmo.Date) (day pmo.Date, due bool) {
	local := now.In(c.Zone(standard))
	day = pmo.Date(local.Format(time.DateOnly))
	return day, !c.NoDigest && local.Hour() >= c.Hour() && last < day
}
