package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

func (b *bundle) importResources(t *testing.T, who string, in wire.ImportResources) (int, map[string]any) {
	t.Helper()
	body, err := json.Marshal(in)
	require.NoError(t, err)
	status, doc, _ := b.call(t, who, "POST", "/v1/resources/import", string(body))
	return status, doc
}

// TestAFileOfResourcesIsTakenWholeOrNot: a dry run stores nothing, a second import changes nothing, and a bad row keeps the good ones out.
func TestAFileOfResourcesIsTakenWholeOrNot(t *testing.T) {
	b := setup(t)
	file := wire.ImportResources{Dry: true, File: "resource,name,unit,portfolio,from,until,amount\nstaging,Staging,,digital,2020-01-01,,2\nlicences,Licences,seats,,2020-01-01,2030-06-30,5\nlicences,,,,2030-07-01,,8\n"}
	status, doc := b.importResources(t, "sam", file)
	require.Equal(t, http.StatusForbidden, status, doc)
	status, doc = b.importResources(t, "petra", file)
	require.Equal(t, http.StatusOK, status, doc)
	require.EqualValues(t, 3, doc["rows"])
	require.Equal(t, map[string]any{"resource": "staging", "name": "Staging", "changes": []any{"new resource of digital", "name Staging", "period 2020-01-01..: 2"}}, doc["resources"].([]any)[1])
	require.Nil(t, b.store.find("staging"), "a dry run stores nothing")
	bad := file
	bad.Dry, bad.File = false, file.File+"lab,Lab,,nowhere,2027-01-01,,1\nroom,Room,,,2027-01-01,,-1\nroom,,,,2027-02-01,,1\n"
	status, doc = b.importResources(t, "petra", bad)
	require.Equal(t, http.StatusUnprocessableEntity, status, doc)
	require.Equal(t, []string{"/file/6/amount"}, pointers(doc))
	bad.File = file.File + "lab,Lab,,nowhere,2027-01-01,,1\nroom,Room,,,2027-01-01,,1\nroom,,,,2027-02-01,,1\n"
	status, doc = b.importResources(t, "petra", bad)
	require.Equal(t, http.StatusUnprocessableEntity, status, doc)
	require.Equal(t, []string{"/file/5/portfolio", "/file/7/from"}, pointers(doc))
	require.Nil(t, b.store.find("staging"), "nothing is half-done")
	status, doc = b.importResources(t, "petra", wire.ImportResources{Portfolio: "nowhere", File: file.File})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/portfolio"}, pointers(doc))
	file.Dry = false
	for range 2 {
		status, doc = b.importResources(t, "petra", file)
		require.Equal(t, http.StatusOK, status, doc)
		require.Equal(t, 1, b.store.find("licences").Revision, "the second time it is so already")
	}
	require.Empty(t, doc["resources"].([]any)[0].(map[string]any)["changes"])
}

// TestAFileThatLeavesLessThanIsHeldIsRefused by line and field, with the names of those that hold it, in a dry run too.
func TestAFileThatLeavesLessThanIsHeldIsRefused(t *testing.T) {
	b := setup(t)
	b.store.shared = []pmo.Resource{{ID: "staging", Name: "Staging", Portfolio: "digital", Revision: 1, Amounts: []pmo.ResourceAmount{{From: "2020-01-01", Amount: 2}}},
		{ID: "lab", Name: "Lab", Portfolio: "digital", Revision: 1, Amounts: []pmo.ResourceAmount{{From: "2020-01-01", Amount: 2}}}}
	b.store.held = []store.TeamHold{{RequestID: requestA, Number: 1, Resources: []string{"staging:1", "lab:2"}}, {RequestID: requestB, Number: 2, Resources: []string{"staging"}}}
	for _, dry := range []bool{true, false} {
		status, doc := b.importResources(t, "petra", wire.ImportResources{Dry: dry, File: "resource,name,from,until,amount\nstaging,Stage,,,\nstaging,,2020-01-01,,1\nlab,,2020-01-01,2027-12-31,2\nnew,New,2027-01-01,,1\n"})
		require.Equal(t, http.StatusUnprocessableEntity, status, doc)
		require.Equal(t, []string{"/file/3/amount", "/file/4/until"}, pointers(doc), doc)
		require.Contains(t, doc["errors"].([]any)[0].(map[string]any)["detail"], "line 3: amount is less on 2027-03-01 than requests hold then: R-1, ")
		require.Contains(t, doc["errors"].([]any)[1].(map[string]any)["detail"], "is less on 2028-01-01")
		require.Nil(t, b.store.find("new"))
	}
	status, doc := b.importResources(t, "petra", wire.ImportResources{File: "resource,from,amount\nstaging,2020-01-01,3\n"})
	require.Equal(t, http.StatusOK, status, doc)
	require.InDelta(t, 3, b.store.find("staging").Amounts[0].Amount, 0)
}
