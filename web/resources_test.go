package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
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
