package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/notice"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// byPolicy is the value of a choice that leaves it to the table of the policy.
const byPolicy = "policy"

type notificationsView struct {
	Notifications wire.Notifications
	Channels      []notice.Channel
	Kinds         []notificationKind
	Controls      []control // quiet hours, digest, delegates
	Faults        []string
}

// notificationKind is a row of the form: a kind of events with a choice for each channel.
type notificationKind struct {
	Kind    notice.Kind
	Fixed   bool // some of it cannot be muted
	Choices []control
}

// notifications shows what the reader hears of.
func (s *Site) notifications(w http.ResponseWriter, r *http.Request) error {
	view, err := s.notificationsView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "notifications", view)
}

func (s *Site) notificationsView(r *http.Request) (notificationsView, error) {
	found, err := s.api.Notifications(r.Context())
	if err != nil {
		return notificationsView{}, err
	}
	t, n := s.readerOf(r), found.Value
	view := notificationsView{Notifications: n, Channels: notice.Channels(), Controls: scheduleControls(t, n)}
	for _, kind := range notice.Kinds() {
		row := notificationKind{Kind: kind, Fixed: slices.Contains(n.Fixed, kind)}
		for _, channel := range view.Channels {
			c := control{Name: choiceName(channel, kind), Type: typeChoice, Label: t.T("notifications.of", "kind", t.Word("notifications.kind", kind), "channel", t.Word("notifications.channel", channel)), Value: byPolicy, Required: true,
				Choices: []choice{{byPolicy, t.T("notifications.by_policy")}}}
			for _, u := range notice.Urgencies() {
				c.Choices = append(c.Choices, choice{string(u), t.Word("notifications.urgency", u)})
			}
			if u := n.Choices.Chosen(channel, kind); u != "" {
				c.Value = string(u)
			}
			row.Choices = append(row.Choices, c)
		}
		view.Kinds = append(view.Kinds, row)
	}
	return view, nil
}

func choiceName(channel notice.Channel, kind notice.Kind) string {
	return string(channel) + "-" + string(kind)
}

// scheduleControls are the form for when messages come, and who gets them.
func scheduleControls(t *reader, n wire.Notifications) []control {
	quiet := notice.Quiet{}
	if n.Choices.Quiet != nil {
		quiet = *n.Choices.Quiet
	}
	hour, none := "", ""
	if n.Choices.DigestHour != nil {
		hour = strconv.Itoa(*n.Choices.DigestHour)
	}
	if n.Choices.NoDigest {
		none = "yes"
	}
	away := n.Choices.Away
	if away == "" {
		away = notice.AsWell
	}
	return []control{
		{Name: "from", Type: typeText, Label: t.T("notifications.from"), Help: t.T("notifications.quiet_help"), Value: quiet.From},
		{Name: "until", Type: typeText, Label: t.T("notifications.until"), Value: quiet.Until},
		{Name: "time_zone", Type: typeText, Label: t.T("notifications.time_zone"), Help: t.T("notifications.time_zone_help", "zone", n.TimeZone), Value: n.Choices.TimeZone},
		{Name: "digest_hour", Type: typeText, Label: t.T("notifications.digest_hour"), Help: t.T("notifications.digest_help"), Value: hour},
		{Name: "no_digest", Type: typeFlag, Label: t.T("notifications.no_digest"), Value: none},
		{Name: "away", Type: typeChoice, Label: t.T("notifications.away"), Help: t.T("notifications.away_help"), Value: string(away), Required: true,
			Choices: []choice{{string(notice.AsWell), t.T("notifications.as_well")}, {string(notice.Instead), t.T("notifications.instead")}}},
	}
}

// chooseNotifications keeps what the form says.
func (s *Site) chooseNotifications(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	set, refused := chosenNotifications(r.PostForm)
	if refused == nil {
		_, refused = s.api.SetNotifications(r.Context(), set)
	}
	if refused == nil {
		http.Redirect(w, r, "/me/notifications", http.StatusSeeOther)
		return nil
	}
	view, err := s.notificationsView(r)
	if err != nil {
		return err
	}
	view.Controls = fill(view.Controls, r.PostForm)
	for i := range view.Kinds {
		view.Kinds[i].Choices = fill(view.Kinds[i].Choices, r.PostForm)
	}
	faults := s.errorView(r, refused)
	if faults.Status >= http.StatusInternalServerError {
		return refused
	}
	if view.Faults = faults.Fields; len(view.Faults) == 0 {
		view.Faults = []string{faults.Detail}
	}
	return render(s, w, r, faults.Status, "notifications", view)
}

// chosenNotifications reads the form.
func chosenNotifications(form url.Values) (wire.SetNotifications, error) {
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return wire.SetNotifications{}, problem.New(problem.Invalid, "the version of the choices is missing")
	}
	c := notice.Choices{TimeZone: form.Get("time_zone"), NoDigest: form.Get("no_digest") != "", Away: notice.Away(form.Get("away"))}
	for _, channel := range notice.Channels() {
		for _, kind := range notice.Kinds() {
			if u := form.Get(choiceName(channel, kind)); u != byPolicy {
				c = c.Choose(channel, kind, notice.Urgency(u))
			}
		}
	}
	if from, until := form.Get("from"), form.Get("until"); from != "" || until != "" {
		c.Quiet = &notice.Quiet{From: from, Until: until}
	}
	if text := form.Get("digest_hour"); text != "" {
		hour, err := strconv.Atoi(text)
		if err != nil {
			hour = -1 // refused with the bounds
		}
		c.DigestHour = &hour
	}
	return wire.SetNotifications{Version: version, Choices: c}, nil
}

// muteRequest mutes a request, or ends that, and shows which are muted.
func (s *Site) muteRequest(w http.ResponseWriter, r *http.Request) error {
	if err := s.api.Mute(r.Context(), chi.URLParam(r, "ref"), r.PostFormValue("end") == ""); err != nil {
		return err
	}
	http.Redirect(w, r, "/me/notifications#muted", http.StatusSeeOther)
	return nil
}
