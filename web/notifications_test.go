package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const mutedID = "018f0000-0000-7000-8000-00000000000a"

func withNotifications(t *testing.T) *browser {
	b := newBrowser(t)
	b.api.answers["GET /v1/me/notifications"] = wire.Notifications{Version: 3, TimeZone: "Europe/Berlin", DigestHour: 7, Fixed: []notice.Kind{notice.Questions},
		Choices: notice.Choices{Quiet: &notice.Quiet{From: "22:00", Until: "07:00"}}.Choose(notice.Mail, notice.Work, notice.Never),
		Muted:   []wire.MutedRequest{{ID: mutedID, Ref: "R-7", Title: "<b>Lists</b>", At: now}}}
	b.api.answers["PUT /v1/me/notifications"] = wire.SetNotifications{Version: 4}
	b.signIn("sam")
	return b
}

func TestNotificationsAreChosenOnThePage(t *testing.T) {
	b := withNotifications(t)
	text := b.text(b.do("GET", "/me/notifications", nil))
	for _, want := range []string{`value="22:00"`, "In force: Europe/Berlin", "&lt;b&gt;Lists&lt;/b&gt;", "it cannot be muted or put off", `name="version" value="3"`, `aria-label="Work under way: E-mail"`} {
		require.Contains(t, text, want)
	}
	require.Regexp(t, `name="mail-work"(?s:[^/]|/[^s])*<option value="never" selected>`, text)
	form := url.Values{"version": {"3"}, "chat-course": {"digest"}, "mail-work": {"policy"}, "from": {"21:00"}, "until": {"06:00"}, "time_zone": {"Europe/Paris"}, "digest_hour": {"6"}, "away": {"instead"}}
	response := b.do("POST", "/me/notifications", form)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.JSONEq(t, `{"version":3,"choices":{"channels":[{"channel":"chat","kind":"course","urgency":"digest"}],"quiet":{"from":"21:00","until":"06:00"},"time_zone":"Europe/Paris","digest_hour":6,"away":"instead"}}`,
		string(b.api.sent["PUT /v1/me/notifications"]))
	b.api.refuse["PUT /v1/me/notifications"] = problem.InvalidField("/choices/quiet/from", "is not a time of day")
	form.Set("from", "never")
	response = b.do("POST", "/me/notifications", form)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	text = b.text(response)
	require.Contains(t, text, "choices/quiet/from: is not a time of day")
	require.Contains(t, text, `value="never"`, "the form is shown as it was filled in")
}

func TestARequestIsMutedAndHeardAgain(t *testing.T) {
	b := withNotifications(t)
	b.api.answers["PUT /v1/requests/"+mutedID+"/mute"], b.api.answers["DELETE /v1/requests/"+mutedID+"/mute"] = struct{}{}, struct{}{}
	response := b.do("POST", "/requests/"+mutedID+"/mute", url.Values{})
	require.Equal(t, "/me/notifications#muted", response.Header.Get("Location"))
	response = b.do("POST", "/requests/"+mutedID+"/mute", url.Values{"end": {"1"}})
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.GreaterOrEqual(t, b.do("GET", "/requests/"+mutedID+"/mute", nil).StatusCode, 400, "a link mutes nothing")
}
