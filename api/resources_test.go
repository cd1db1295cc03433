package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestResources(t *testing.T) {
	b := setup(t)
	form := `{"name":"Staging","portfolio":"digital","amounts":[{"from":"2020-01-01","amount":2}]`
	status, _, _ := b.call(t, "sam", "PUT", "/v1/resources/staging", form+`}`)
	require.Equal(t, 403, status)
	status, doc, _ := b.call(t, "petra", "PUT", "/v1/resources/staging", form+`}`)
	require.Equal(t, 200, status, doc)
	require.InDelta(t, 1, doc["revision"], 0)
	status, _, _ = b.call(t, "petra", "PUT", "/v1/resources/staging", form+`}`)
	require.Equal(t, 409, status, "it exists")
	for amounts, pointer := range map[string]string{`[{"from":"2027-01-01","amount":-1}]`: "/amounts/0/amount", `[{"from":"2027-01-02","until":"2027-01-01","amount":1}]`: "/amounts/0/until",
		`[{"from":"2027-01-01","amount":1},{"from":"2027-02-01","amount":1}]`: "/amounts/1/from"} {
		status, doc, _ = b.call(t, "petra", "PUT", "/v1/resources/other", `{"name":"X","portfolio":"digital","amounts":`+amounts+`}`)
		require.Equal(t, 422, status, amounts)
		require.Equal(t, []string{pointer}, pointers(doc))
	}
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/resources/other", `{"name":"X","portfolio":"none","amounts":[]}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/portfolio"}, pointers(doc))
	status, doc, _ = b.call(t, "sam", "GET", "/v1/resources", "")
	require.Equal(t, 200, status, doc)

	b.store.held = []store.TeamHold{{RequestID: requestB, Number: 2, Resources: []string{"staging:2"}}}
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/resources/staging", `{"name":"Staging","portfolio":"digital","revision":1,"amounts":[{"from":"2020-01-01","amount":1}]}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/amounts"}, pointers(doc))
	status, doc, _ = b.call(t, "petra", "DELETE", "/v1/resources/staging", "")
	require.Equal(t, 422, status, doc)
	b.store.held = nil
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/resources/staging", "")
	require.Equal(t, 204, status)
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/resources/staging", "")
	require.Equal(t, 404, status)
	require.Nil(t, b.store.find("staging"))
}

// TestARequestNeedsResourcesThatThereAre: a form that names others is refused with their place, and nothing is submitted.
func TestARequestNeedsResourcesThatThereAre(t *testing.T) {
	b := setup(t)
	b.store.shared = []pmo.Resource{{ID: "staging", Portfolio: "digital"}}
	fields, err := b.api.resourceFaults(t.Context(), []string{"staging:2", "lab"}, "/patch")
	require.NoError(t, err)
	require.Len(t, fields, 1)
	require.Equal(t, "/patch/resources/1", fields[0].Pointer)
}
