package notice_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
)

// noon is 12:00 in Berlin.
var noon = time.Date(2027, 3, 1, 11, 0, 0, 0, time.UTC)

var everywhere = notice.Reach{Own: true, Mail: true}

func decide(event string, c notice.Choices, reach notice.Reach, at time.Time, relations ...notice.Relation) []notice.Told {
	return notice.Decide(notice.Event{Name: event, Relations: relations}, notice.Rules{Table: notice.Default(), Choices: c, Standard: "Europe/Berlin"}, reach, at)
}

func urgencies(told []notice.Told) string {
	text := ""
	for _, t := range told {
		text += string(t.Channel) + " " + string(t.Urgency)
		if !t.At.IsZero() {
			text += " at " + t.At.UTC().Format("15:04")
		}
		text += ";"
	}
	return text
}

func TestWhoHearsOfWhat(t *testing.T) {
	chat, mail, room := notice.Reach{Own: true}, notice.Reach{Mail: true}, notice.Reach{Room: true}
	night := &notice.Quiet{From: "22:00", Until: "07:00"}
	late := time.Date(2027, 3, 1, 22, 30, 0, 0, time.UTC) // 23:30 in Berlin
	mailOnly := notice.Choices{}.Choose(notice.Chat, notice.Questions, notice.Never).Choose(notice.Mail, notice.Questions, notice.Now)
	for name, c := range map[string]struct {
		event     string
		relations []notice.Relation
		choices   notice.Choices
		reach     notice.Reach
		at        time.Time
		want      string
	}{
		"a chat hears everything at once, as before there was a table": {pmo.EventReported, []notice.Relation{notice.Watcher}, notice.Choices{}, chat, noon, "chat now;"},
		"a room too":                        {pmo.EventReported, []notice.Relation{notice.Watcher}, notice.Choices{}, room, noon, "chat now;"},
		"nothing comes twice":               {pmo.EventAsked, []notice.Relation{notice.Asked}, notice.Choices{}, everywhere, noon, "chat now;mail never;"},
		"a mail for what to act on":         {pmo.EventAsked, []notice.Relation{notice.Asked}, notice.Choices{}, mail, noon, "mail now;"},
		"the deputy likewise":               {pmo.EventAsked, []notice.Relation{notice.Deputy}, notice.Choices{}, mail, noon, "mail now;"},
		"a watcher reads the digest":        {pmo.EventReported, []notice.Relation{notice.Watcher}, notice.Choices{}, mail, noon, "mail digest;"},
		"the most urgent role counts":       {pmo.EventCommented, []notice.Relation{notice.Watcher, notice.Mentioned}, notice.Choices{}, mail, noon, "mail now;"},
		"in whatever order":                 {pmo.EventCommented, []notice.Relation{notice.Mentioned, notice.Watcher}, notice.Choices{}, mail, noon, "mail now;"},
		"the end of one's own request":      {pmo.EventClosed, []notice.Relation{notice.Requester}, notice.Choices{}, mail, noon, "mail now;"},
		"who has no relation hears nothing": {pmo.EventClosed, nil, notice.Choices{}, mail, noon, "mail never;"},
		"own choice before the table":       {pmo.EventReported, []notice.Relation{notice.Watcher}, notice.Choices{}.Choose(notice.Mail, notice.Work, notice.Never), mail, noon, "mail never;"},
		"both when both were chosen":        {pmo.EventReported, []notice.Relation{notice.Lead}, notice.Choices{}.Choose(notice.Mail, notice.Work, notice.Now), everywhere, noon, "chat now;mail now;"},
		"another kind is not touched":       {pmo.EventCommented, []notice.Relation{notice.Watcher}, notice.Choices{}.Choose(notice.Mail, notice.Work, notice.Never), mail, noon, "mail digest;"},
		"a question cannot be muted":        {pmo.EventAsked, []notice.Relation{notice.Asked}, notice.Choices{}.Choose(notice.Mail, notice.Questions, notice.Never), mail, noon, "mail now;"},
		"nor left to the digest":            {pmo.EventReminded, []notice.Relation{notice.Asked}, notice.Choices{}.Choose(notice.Mail, notice.Questions, notice.Digest), mail, noon, "mail now;"},
		"but moved to another channel":      {pmo.EventAsked, []notice.Relation{notice.Asked}, mailOnly, everywhere, noon, "chat never;mail now;"},
		"if that reaches them":              {pmo.EventAsked, []notice.Relation{notice.Asked}, mailOnly, chat, noon, "chat now;"},
		"quiet hours hold what can wait":    {pmo.EventReported, []notice.Relation{notice.Lead}, notice.Choices{Quiet: night}, chat, late, "chat now at 06:00;"},
		"in one's own time zone":            {pmo.EventReported, []notice.Relation{notice.Lead}, notice.Choices{Quiet: night, TimeZone: "America/New_York"}, chat, late, "chat now;"},
		"not what must be heard":            {pmo.EventEscalated, []notice.Relation{notice.Asked}, notice.Choices{Quiet: night}, chat, late, "chat now;"},
		"nor the room of a group":           {pmo.EventReported, []notice.Relation{notice.Lead}, notice.Choices{Quiet: night}, room, late, "chat now;"},
		"nor what the day brings":           {pmo.EventReported, []notice.Relation{notice.Lead}, notice.Choices{Quiet: night}, chat, noon, "chat now;"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, urgencies(decide(c.event, c.choices, c.reach, c.at, c.relations...)))
		})
	}
}

func TestAMutedRequestTellsNothingButWhatMustBeHeard(t *testing.T) {
	rules := notice.Rules{Table: notice.Default()}
	told := notice.Decide(notice.Event{Name: pmo.EventClosed, Relations: []notice.Relation{notice.Requester}, Muted: true}, rules, everywhere, noon)
	require.Equal(t, "chat never;mail never;", urgencies(told))
	require.False(t, notice.InDigest(told))
	told = notice.Decide(notice.Event{Name: pmo.EventAsked, Relations: []notice.Relation{notice.Asked, notice.Watcher}, Muted: true}, rules, everywhere, noon)
	require.Equal(t, "chat now;mail never;", urgencies(told))
	require.True(t, told[0].Must)
}

// 79 digests in one morning, 35 mails after one meeting: what nobody has to act on is one line of a digest, whatever its number.
func TestAMeetingThatChangesManyRequestsSendsNoMails(t *testing.T) {
	for _, event := range []string{pmo.EventStage, pmo.EventPulled, pmo.EventAmended, pmo.EventReported, pmo.EventHealth, pmo.EventPlanned, pmo.EventCommented} {
		told := decide(event, notice.Choices{}, notice.Reach{Mail: true}, noon, notice.Watcher, notice.PMO)
		require.True(t, notice.InDigest(told), event)
	}
}

func TestTheFirstRowThatFitsCounts(t *testing.T) {
	table := notice.Table{
		{Events: []string{pmo.EventClosed}, Channel: notice.Mail, Urgency: notice.Never},
		{Relations: []notice.Relation{notice.Requester}, Channel: notice.Mail, Urgency: notice.Now, Must: true},
	}
	told := func(event string, relation notice.Relation) []notice.Told {
		return notice.Decide(notice.Event{Name: event, Relations: []notice.Relation{relation}}, notice.Rules{Table: table}, notice.Reach{Mail: true}, noon)
	}
	require.Equal(t, notice.Never, told(pmo.EventClosed, notice.Requester)[0].Urgency)
	require.Equal(t, notice.Now, told(pmo.EventStage, notice.Requester)[0].Urgency)
	require.Equal(t, notice.Never, told(pmo.EventStage, notice.Watcher)[0].Urgency, "what no row names is not told")
}

// The hours are those of the clock on the wall: on 28 March 2027 it is put forward at 2:00 in Berlin, on 31 October back at 3:00.
func TestQuietHoursEndByTheClockOnTheWall(t *testing.T) {
	for name, c := range map[string]struct{ from, until, at, want string }{
		"before midnight":    {"22:00", "07:00", "2027-03-01T22:30:00Z", "2027-03-02T06:00:00Z"},
		"after midnight":     {"22:00", "07:00", "2027-03-02T01:00:00Z", "2027-03-02T06:00:00Z"},
		"they begin":         {"22:00", "07:00", "2027-03-01T21:00:00Z", "2027-03-02T06:00:00Z"},
		"they are over":      {"22:00", "07:00", "2027-03-02T06:00:00Z", ""},
		"within a day":       {"12:00", "13:30", "2027-03-01T11:15:00Z", "2027-03-01T12:30:00Z"},
		"the clock forward":  {"22:00", "07:00", "2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z"},
		"the clock back":     {"22:00", "07:00", "2027-10-30T22:00:00Z", "2027-10-31T06:00:00Z"},
		"the end of a month": {"22:00", "07:00", "2027-04-30T21:00:00Z", "2027-05-01T05:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			require.NoError(t, err)
			told := decide(pmo.EventClosed, notice.Choices{Quiet: &notice.Quiet{From: c.from, Until: c.until}}, notice.Reach{Mail: true}, at, notice.Requester)
			got := ""
			if !told[0].At.IsZero() {
				got = told[0].At.UTC().Format(time.RFC3339)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestChoicesAreChecked(t *testing.T) {
	hour := 24
	faults := notice.Choices{
		Channels: []notice.Choice{{"pigeon", notice.Work, notice.Now}, {notice.Mail, "gossip", "soon"}, {notice.Mail, notice.Work, notice.Now}, {notice.Mail, notice.Work, notice.Never}},
		TimeZone: "Mars/Olympus", Quiet: &notice.Quiet{From: "25:00", Until: "7:00"}, DigestHour: &hour, Away: "never",
	}.Faults()
	var pointers []string
	for _, f := range faults {
		pointers = append(pointers, f.Pointer)
	}
	require.Equal(t, []string{"/channels/0/channel", "/channels/1/kind", "/channels/1/urgency", "/channels/3", "/time_zone", "/quiet/from", "/quiet/until", "/digest_hour", "/away"}, pointers)
	require.Empty(t, notice.Choices{}.Faults())
	require.Equal(t, "/quiet/until", notice.Choices{Quiet: &notice.Quiet{From: "07:00", Until: "07:00"}}.Faults()[0].Pointer)
}

func TestEveryEventHasAKindAndEveryKindEvents(t *testing.T) {
	var found []notice.Kind
	for _, event := range pmo.NotifiedEvents() {
		found = append(found, notice.KindOf(event))
	}
	for _, kind := range notice.Kinds() {
		require.Contains(t, found, kind)
	}
	require.Equal(t, notice.Work, notice.KindOf(pmo.EventReported))
	require.False(t, slices.Contains(pmo.NotifiedEvents(), pmo.EventAnswered), "the verdict is told")
}

func TestADigestIsDueFromItsHourOnOnceADay(t *testing.T) {
	at := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return at
	}
	six := 6
	for name, c := range map[string]struct {
		choices notice.Choices
		now     string
		last    pmo.Date
		day     pmo.Date
		due     bool
	}{
		"before the hour":       {notice.Choices{}, "2027-03-01T05:59:00Z", "", "2027-03-01", false},
		"from the hour on":      {notice.Choices{}, "2027-03-01T06:00:00Z", "", "2027-03-01", true},
		"an hour of one's own":  {notice.Choices{DigestHour: &six}, "2027-03-01T05:00:00Z", "", "2027-03-01", true},
		"the day has had one":   {notice.Choices{}, "2027-03-01T12:00:00Z", "2027-03-01", "2027-03-01", false},
		"the day after":         {notice.Choices{}, "2027-03-02T06:00:00Z", "2027-03-01", "2027-03-02", true},
		"a zone of one's own":   {notice.Choices{TimeZone: "America/New_York"}, "2027-03-02T02:00:00Z", "2027-02-28", "2027-03-01", true},
		"moved west, not twice": {notice.Choices{TimeZone: "America/New_York"}, "2027-03-02T02:00:00Z", "2027-03-02", "2027-03-01", false},
		"who wants none":        {notice.Choices{NoDigest: true}, "2027-03-01T12:00:00Z", "", "2027-03-01", false},
	} {
		t.Run(name, func(t *testing.T) {
			day, due := c.choices.DigestDue(at(c.now), "Europe/Berlin", c.last)
			require.Equal(t, c.day, day)
			require.Equal(t, c.due, due)
		})
	}
}
