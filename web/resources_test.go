package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func TestResourcesAreShownAndChanged(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	staging := pmo.Resource{ID: "staging", Name: "<b>Staging</b>", Portfolio: "digital", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 2}}, Revision: 3}
	b.api.answers["GET /v1/resources"] = wire.Page[wire.ResourceLoad]{Items: []wire.ResourceLoad{{Resource: staging, Weeks: []wire.ResourceWeek{{From: "2027-03-01", Amount: 2, Held: 3}}}}}
	b.api.answers["PUT /v1/resources/staging"] = staging
	text := b.text(b.do("GET", "/resources?id=staging", nil))
	for _, part := range []string{"&lt;b&gt;Staging&lt;/b&gt;", "3 of 2", "too little", `value="2027-01-01..: 2"`, `name="revision" value="3"`} {
		require.Contains(t, text, part)
	}
	form := url.Values{"id": {"staging"}, "name": {"Staging"}, "revision": {"3"}, "amounts": {"2027-01-01..2027-06-30: 2, 2027-07-01..: 4"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/resources", form).StatusCode)
	require.Contains(t, string(b.api.sent["PUT /v1/resources/staging"]), `{"from":"2027-07-01","amount":4}`)
	form.Set("amounts", "a lot")
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/resources", form).StatusCode)
	sam := newBrowser(t).signIn("sam")
	sam.api.answers["GET /v1/resources"] = wire.Page[wire.ResourceLoad]{Items: []wire.ResourceLoad{}}
	require.NotContains(t, sam.text(sam.do("GET", "/resources", nil)), "<form method=\"post\" action=\"/resources\"")
}

// TestResourcesAreImportedInTwoSteps: the first says what would change, and the second takes the very same file; what is wrong with it is said.
func TestResourcesAreImportedInTwoSteps(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	b.api.answers["GET /v1/resources"] = wire.Page[wire.ResourceLoad]{Items: []wire.ResourceLoad{}}
	b.api.answers["POST /v1/resources/import"] = wire.ResourcesImported{Rows: 2, Dry: true, Resources: []wire.ResourceDifference{{Resource: "lab", Changes: []string{"name <b>Lab</b>"}}}}
	sent := func() (in wire.ImportResources) {
		require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/resources/import"], &in))
		return in
	}
	const csv = "resource,name\nlab,<b>Lab</b>\n"
	page := b.text(b.upload("/resources/import?portfolio=digital", "resources.csv", csv, nil))
	require.Equal(t, wire.ImportResources{File: csv, Portfolio: "digital", Dry: true}, sent())
	require.Contains(t, page, "lab: name &lt;b&gt;Lab&lt;/b&gt;")
	require.Contains(t, page, `action="/resources/import?portfolio=digital"`)
	carried := regexp.MustCompile(`name="text" value="([^"]+)"`).FindStringSubmatch(page)
	require.Len(t, carried, 2)
	response := b.upload("/resources/import?portfolio=digital", "", "", url.Values{"step": {"import"}, "text": {carried[1]}})
	require.Equal(t, "/resources?saved=1&portfolio=digital", response.Header.Get("Location"))
	require.Equal(t, wire.ImportResources{File: csv, Portfolio: "digital"}, sent())

	require.Equal(t, http.StatusUnprocessableEntity, b.upload("/resources/import", "", "", url.Values{"text": {" "}}).StatusCode)
	b.api.refuse["POST /v1/resources/import"] = problem.InvalidField("/file/2/amount", "line 2: amount is negative")
	response = b.upload("/resources/import", "", "", url.Values{"text": {csv}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "line 2: amount is negative")
}

// TestARequestSaysWhatItNeedsOfResources: in the form of a new one and of a change, and a need that is refused is said at its field.
func TestARequestSaysWhatItNeedsOfResources(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	for _, page := range []string{"/requests/new/enhancement", "/requests/R-8/amend"} {
		require.Contains(t, b.text(b.do("GET", page, nil)), `name="resources"`, page)
	}
	b.api.refuse["PATCH /v1/requests/018f0000-0000-7000-8000-00000000000a"] = problem.InvalidField("/patch/resources/0", "is more than is free in the week from 2027-03-01: 1 of staging")
	response := b.do("POST", "/requests/R-8/amend", url.Values{"revision": {"1"}, "title": {"Invoices"}, "resources": {"staging:2, licences"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, string(b.api.sent["PATCH /v1/requests/018f0000-0000-7000-8000-00000000000a"]), `"resources":["staging:2","licences"]`)
	page := b.text(response)
	require.Contains(t, page, "Is more than is free in the week from 2027-03-01: 1 of staging")
	require.Contains(t, page, `aria-invalid="true"`)
}
