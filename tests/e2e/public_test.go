package e2e

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/publicform"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// stranger is somebody without an account, with a browser that keeps nothing.
type stranger struct {
	t   *testing.T
	url string
}

var strangersBrowser = &http.Client{Timeout: testkit.Patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (s stranger) do(method, path string, form url.Values) (status int, location, page string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(form.Encode()))
	require.NoError(s.t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := strangersBrowser.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res.StatusCode, res.Header.Get("Location"), string(body)
}

var markOfForm = regexp.MustCompile(`name="mark" value="([^"]+)"`)

// fill calls the form and fills it in.
func (s stranger) fill(title, problem string) url.Values {
	s.t.Helper()
	status, _, page := s.do(http.MethodGet, "/start/support", nil)
	require.Equal(s.t, http.StatusOK, status, page)
	mark := markOfForm.FindStringSubmatch(page)
	require.NotNil(s.t, mark, page)
	return url.Values{"mark": {html.UnescapeString(mark[1])}, "title": {title}, "problem": {problem}, "asker_name": {"Ida Larsen"}, "asker_contact": {"ida@example.net"},
		"confidential": {"yes"}, "sponsor": {"ana"}, "inputs.business_value": {"20"}, "step": {"send"}}
}

// send waits as long as a person needs, sends the form and returns where its status is.
func (s stranger) send(form url.Values) string {
	s.t.Helper()
	time.Sleep(publicform.LeastTime + time.Second) // the form's time is in whole seconds
	status, link, page := s.do(http.MethodPost, "/start/support", form)
	require.Equal(s.t, http.StatusSeeOther, status, page)
	return strings.TrimSuffix(link, "?new=1")
}

var numberOnPage = regexp.MustCompile(`>R-(\d+)`)

// request is the request that a status link shows.
func (s stranger) request(api *drive.API, link string) *drive.Request {
	s.t.Helper()
	var ref string
	testkit.Eventually(s.t, "the page of the status has the number", func() error {
		_, _, page := s.do(http.MethodGet, link, nil)
		if found := numberOnPage.FindStringSubmatch(page); found != nil {
			ref = "R-" + found[1]
			return nil
		}
		return errors.New("not yet")
	})
	return api.Known(api.As("petra").Get("/v1/requests/" + ref).Text("id"))
}

// publicForm takes requests of people without an account through the same process: what is missing is asked of the front desk, who stand for
// them, and the status link shows its own request and nothing internal.
func publicForm(t *testing.T, api *drive.API) {
	s := stranger{t, api.URL}
	form := s.fill("The printer is silent", "")
	status, _, page := s.do(http.MethodPost, "/start/support", form)
	require.Equal(t, http.StatusUnprocessableEntity, status, "no person is as quick")
	require.Contains(t, page, "That was too quick")
	link := s.send(form)
	require.Equal(t, link, s.send(form), "a second click is the same request")
	r := s.request(api, link)
	r.AwaitOpen("clarify/1")
	answer := r.Read()
	require.Equal(t, "public-form", answer.Text("requester"))
	for _, private := range []string{"Ida", "ida@example.net", `"confidential":true`, `"sponsor":"ana"`, `"business_value":`} {
		require.NotContains(t, string(answer.Raw), private)
	}
	require.Contains(t, string(api.As("petra").Get(r.Path("/ledger")).Raw), `"actor":"public-form"`)
	require.Equal(t, "ida@example.net", api.As("rita").Get(r.Path("/contact")).Text("contact"))
	require.Equal(t, http.StatusForbidden, must(api.As("sam").Try(http.MethodGet, r.Path("/contact"), nil)).Status)

	status, _, page = s.do(http.MethodGet, link, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "may get in touch with you", "the front desk is asked")
	require.Contains(t, string(api.As("rita").Get("/v1/inbox").Raw), r.ID, "it is in the inbox of the desk")
	refused := must(api.As("sam").Try(http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "clarify/1", "verdict": "provide", "data": map[string]any{"patch": map[string]any{"problem": "x"}}}))
	require.Equal(t, http.StatusForbidden, refused.Status)
	api.As("rita").Call(200, http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "clarify/1", "verdict": "provide", "on_behalf_of": "public-form",
		"data": map[string]any{"patch": map[string]any{"problem": "Nothing comes out of it, and the light blinks red"}}})
	r.AwaitOpen("review/1/approvers")
	_, _, page = s.do(http.MethodGet, link, nil)
	for _, internal := range []string{"Ana", "Bo Hansen", "Ida", "blinks red", "approvers"} {
		require.NotContains(t, page, internal)
	}

	other := s.send(s.fill("Another printer", "It is silent too"))
	require.NotEqual(t, link, other)
	_, _, page = s.do(http.MethodGet, other, nil)
	require.Contains(t, page, "Another printer")
	require.NotContains(t, page, "The printer is silent", "each link shows its own request alone")
	wrong := "A"
	if strings.HasSuffix(other, wrong) {
		wrong = "B"
	}
	status, _, _ = s.do(http.MethodGet, other[:len(other)-1]+wrong, nil)
	require.Equal(t, http.StatusNotFound, status)
	api.As("petra").Call(http.StatusNoContent, http.MethodDelete, s.request(api, other).Path("/status-link"), nil)
	status, _, _ = s.do(http.MethodGet, other, nil)
	require.Equal(t, http.StatusNotFound, status, "the PMO has ended it")

	r.Do("rita", "withdraw", map[string]any{"reason": "it prints again"})
	r.AwaitClosed("withdrawn")
	_, _, page = s.do(http.MethodGet, link, nil)
	require.Contains(t, page, "It was withdrawn")
	require.NotContains(t, page, "prints again")
}

// TestThePublicFormNeedsItsSetting: a server without it has no such pages; with it, all servers together take so many in an hour.
func TestThePublicFormNeedsItsSetting(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Processes})
	e.AddWorker()
	off := stranger{t, e.AddServer().API.URL}
	for _, page := range []string{"/start", "/start/support", "/status/" + strings.Repeat("A", 43)} {
		status, _, _ := off.do(http.MethodGet, page, nil)
		require.Equal(t, http.StatusNotFound, status, page)
	}
	limit := []string{"PMO_PUBLIC_FORM=public-form", "PMO_PUBLIC_PER_HOUR=1"}
	one, two := stranger{t, e.AddServer(limit...).API.URL}, stranger{t, e.AddServer(limit...).API.URL}
	status, _, _ := one.do(http.MethodGet, "/start/enhancement", nil)
	require.Equal(t, http.StatusNotFound, status, "the policy offers support alone")
	form := one.fill("The printer is silent", "Nothing comes out of it")
	link := one.send(form)
	require.Equal(t, link, two.send(form), "the same form is the same request on another server")
	next := two.fill("Another printer", "Nothing comes out of it")
	time.Sleep(publicform.LeastTime + time.Second)
	status, _, page := two.do(http.MethodPost, "/start/support", next)
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Contains(t, page, "as many requests as it may in an hour")
}
