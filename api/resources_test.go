package api

import (
	"fmt"
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

// TestAPortfolioHasABoundedNumberOfResources: one more is refused with the field that makes it, by form and by file.
func TestAPortfolioHasABoundedNumberOfResources(t *testing.T) {
	b := setup(t)
	for i := len(b.store.shared); i < store.MostResources; i++ {
		b.store.shared = append(b.store.shared, pmo.Resource{ID: fmt.Sprintf("r%d", i), Name: "R", Portfolio: "digital", Revision: 1})
	}
	status, doc, _ := b.call(t, "petra", "PUT", "/v1/resources/other", `{"name":"X","portfolio":"digital","amounts":[]}`)
	require.Equal(t, 422, status, doc)
	require.Equal(t, []string{"/portfolio"}, pointers(doc))
	require.Contains(t, fmt.Sprint(doc), "at most 1000")
	status, doc, _ = b.call(t, "petra", "POST", "/v1/resources/import", `{"file":"resource,name,unit,portfolio,from,until,amount\nother,X,seats,digital,2027-01-01,,3\n"}`)
	require.Equal(t, 422, status, doc)
	require.Equal(t, []string{"/file"}, pointers(doc))
	require.Nil(t, b.store.find("other"))
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

// TestNeedsOfResourcesAreCheckedAtEveryDoor: a submission, an amendment and a part of a split name what there is not.
func TestNeedsOfResourcesAreCheckedAtEveryDoor(t *testing.T) {
	b := setup(t)
	b.store.shared = []pmo.Resource{{ID: "staging", Portfolio: "digital", Amounts: []pmo.ResourceAmount{{From: "2020-01-01", Amount: 3}}}}
	for body, want := range map[string][]string{`["lab"]`: {"/resources/0"}, `["staging","staging:2"]`: {"/resources/1"}, `["staging:0"]`: {"/resources/0"}, `["staging:2","lab:1"]`: {"/resources/1"}} {
		status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", `{"title":"A","kind":"enhancement","problem":"p","resources":`+body+`}`)
		require.Equal(t, 422, status, doc)
		for i := range want {
			require.Contains(t, pointers(doc), want[i], doc)
		}
	}
	status, doc, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"resources":["lab"]}}`)
	require.Equal(t, 422, status, doc)
	require.Equal(t, []string{"/patch/resources/0"}, pointers(doc))
	const part = `{"title":"A","kind":"enhancement","problem":"p"`
	status, doc, _ = b.call(t, "petra", "POST", "/v1/requests/R-1/split", `{"reason":"r","parts":[`+part+`},`+part+`,"resources":["staging","lab"]}]}`)
	require.Equal(t, 422, status, doc)
	require.Equal(t, []string{"/parts/1/resources/1"}, pointers(doc))
	require.Empty(t, b.engine.sent)
}

// TestARequestThatHasItsPlaceNeedsNoMoreThanIsFree: what it needs already, and less, is always right.
func TestARequestThatHasItsPlaceNeedsNoMoreThanIsFree(t *testing.T) {
	b := setup(t)
	b.store.shared = []pmo.Resource{{ID: "staging", Portfolio: "digital", Amounts: []pmo.ResourceAmount{{From: "2020-01-01", Until: "2027-03-31", Amount: 3}, {From: "2027-04-01", Amount: 4}}}}
	amend := func(words string) (int, map[string]any) {
		status, doc, _ := b.call(t, "petra", "PATCH", "/v1/requests/R-1", `{"revision":1,"reason":"r","patch":{"resources":`+words+`}}`)
		return status, doc
	}
	status, doc := amend(`["staging:4"]`)
	require.Equal(t, 200, status, doc, "it waits for its place: the plan decides")
	b.store.held = []store.TeamHold{{RequestID: requestA, Resources: []string{"staging:2"}}, {RequestID: requestB, Resources: []string{"staging:1"}}}
	for _, words := range []string{`["staging:2"]`, `["staging"]`, `[]`} {
		status, doc = amend(words)
		require.Equal(t, 200, status, doc)
	}
	status, doc = amend(`["staging:3"]`)
	require.Equal(t, 422, status, doc)
	require.Equal(t, []string{"/patch/resources/0"}, pointers(doc))
	require.Contains(t, doc["errors"].([]any)[0].(map[string]any)["detail"], "is more than is free in the week from 2027-03-01: 2 of staging")
	b.store.shared[0].Portfolio, b.store.held[1].Until = "digital", "2027-03-05"
	status, _ = amend(`["staging:3"]`)
	require.Equal(t, 422, status, "this week it is held still")
	b.store.held = b.store.held[:1]
	status, doc = amend(`["staging:3"]`)
	require.Equal(t, 200, status, doc)
}
