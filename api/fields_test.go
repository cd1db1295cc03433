package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestAnUnconfirmedSponsorHasNoRights: rita is named and has not confirmed; theo had.
func TestAnUnconfirmedSponsorHasNoRights(t *testing.T) {
	b := setup(t)
	r := b.engine.states[requestA]
	r.Content.Sponsor, r.Sponsored, r.Rules.NeedsSponsor = "rita", "", true
	b.put(r)
	for _, who := range []string{"rita", "theo"} {
		status, _, _ := b.call(t, who, "POST", "/v1/requests/R-1/inputs", `{"inputs":{"business_value":20},"class":"expedite","reason":"I say so"}`)
		require.Equal(t, 403, status, who)
		status, _, _ = b.call(t, who, "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"inputs":{"business_value":20}}}`)
		require.Equal(t, 403, status, who)
	}
	r.Sponsored = "rita"
	b.put(r)
	status, _, _ := b.call(t, "rita", "POST", "/v1/requests/R-1/inputs", `{"inputs":{"business_value":20},"class":"expedite"}`)
	require.Equal(t, 200, status)
}

func (b *bundle) put(r pmo.Request) {
	b.engine.states[r.ID] = r
	row := b.store.rows[r.ID]
	row.Request = r
	b.store.rows[r.ID] = row
}

// TestNoOneNamesThemselvesAsSponsor, whichever way.
func TestNoOneNamesThemselvesAsSponsor(t *testing.T) {
	b := setup(t)
	for path, c := range map[string][3]string{
		"/v1/requests":               {"POST", `{"title":"Coin meters","kind":"bug","problem":"p","sponsor":"sam"}`, "/sponsor"},
		"/v1/requests/R-1":           {"PATCH", `{"revision":4,"patch":{"sponsor":"sam"},"reason":"me"}`, "/patch/sponsor"},
		"/v1/requests/R-1/decisions": {"POST", `{"decision":"clarify/1","verdict":"provide","data":{"patch":{"sponsor":"sam"}}}`, "/data/patch/sponsor"},
	} {
		status, doc, _ := b.call(t, "sam", c[0], path, c[1])
		require.Equal(t, 422, status, path)
		require.Equal(t, []string{c[2]}, pointers(doc), path)
	}
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests", `{"title":"Coin meters","kind":"bug","problem":"p","sponsor":"petra","requester":"sam","reason":"on the phone"}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/sponsor"}, pointers(doc))
	status, doc, _ = b.call(t, "petra", "POST", "/v1/requests/R-1/split", `{"reason":"two things","parts":[{"title":"A","kind":"bug","problem":"p","sponsor":"sam"},{"title":"B","kind":"bug","problem":"p"}]}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/parts/0/sponsor"}, pointers(doc))
}

// TestAChangeThatWouldMoveWorkUnderWayIsRefused at the door, with the field.
func TestAChangeThatWouldMoveWorkUnderWayIsRefused(t *testing.T) {
	b := setup(t)
	source := strings.Replace(string(policy.Default().Source()), "portfolios:\n", "portfolios:\n  - {id: roads, name: Roads, time_zone: UTC, calendar: office, group: pmo, "+
		"wip_limit: 3, themes: [{id: paving, name: Paving}], when: '\"paving\" in themes'}\n", 1)
	parsed, err := policy.Parse([]byte(source))
	require.NoError(t, err)
	b.api.Policy = policy.Holding(parsed)
	r := b.engine.states[requestA]
	r.Stage, r.Portfolio, r.Questions = pmo.StageExecution, "digital", nil
	b.put(r)
	body := fmt.Sprintf(`{"revision":%d,"patch":{"themes":["paving"],"users":"drivers"}}`, r.Revision)
	status, doc, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1", body)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/patch/themes"}, pointers(doc))
	r.Stage = pmo.StageReview
	b.put(r)
	status, _, _ = b.call(t, "sam", "PATCH", "/v1/requests/R-1", body)
	require.Equal(t, 200, status, "it moves")
}

func TestAClassIsOneOfThePolicy(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/inputs", `{"inputs":{},"class":"urgent"}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/class"}, pointers(doc))
}

// TestTheScaleHoldsAtEveryDoor: inputs are on the policy's scale, a size that is given is at least the least.
func TestTheScaleHoldsAtEveryDoor(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct{ who, method, path, body, pointer string }{
		"submission":  {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","inputs":{"job_size":1e-300}}`, "/inputs/job_size"},
		"off scale":   {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","inputs":{"business_value":1000}}`, "/inputs/business_value"},
		"size":        {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","size":1e-9}`, "/size"},
		"inputs":      {"petra", "POST", "/v1/requests/R-1/inputs", `{"inputs":{"time_criticality":4}}`, "/inputs/time_criticality"},
		"patch":       {"sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"inputs":{"job_size":0.001}}}`, "/patch/inputs/job_size"},
		"size, patch": {"sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"size":0.01}}`, "/patch/size"},
		"score":       {"petra", "POST", "/v1/requests/R-1/decisions", `{"decision":"score/1","verdict":"score","data":{"inputs":{"risk_reduction":0}}}`, "/data/inputs/risk_reduction"},
		"clarify":     {"sam", "POST", "/v1/requests/R-1/decisions", `{"decision":"clarify/1","verdict":"provide","data":{"patch":{"inputs":{"job_size":7}}}}`, "/data/patch/inputs/job_size"},
		"split": {"petra", "POST", "/v1/requests/R-1/split",
			`{"reason":"two","parts":[{"title":"A","kind":"bug","problem":"p","inputs":{"job_size":7}},{"title":"B","kind":"bug","problem":"p"}]}`, "/parts/0/inputs/job_size"},
	} {
		status, doc, _ := b.call(t, c.who, c.method, c.path, c.body)
		require.Equal(t, 422, status, name)
		require.Equal(t, []string{c.pointer}, pointers(doc), name)
	}
}

// TestInputsFromBeforeTheScaleDoNotHinder: who patches one input answers for that one alone.
func TestInputsFromBeforeTheScaleDoNotHinder(t *testing.T) {
	b := setup(t)
	r := b.engine.states[requestA]
	old := 10.0
	r.Content.Inputs.BusinessValue = &old
	b.put(r)
	status, _, _ := b.call(t, "sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"inputs":{"job_size":5}}}`)
	require.Equal(t, 200, status)
}

// TestASplitThatCannotTakeEffectSubmitsNoPart: the work is done, which the read model does not know yet.
func TestASplitThatCannotTakeEffectSubmitsNoPart(t *testing.T) {
	b := setup(t)
	r := b.engine.states[requestA]
	r.Stage = pmo.StageClosure
	b.engine.states[requestA] = r
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/split", `{"reason":"two things","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`)
	require.Equal(t, 409, status, doc)
	require.Equal(t, "moved_on", doc["kind"])
	require.Empty(t, b.engine.submitted)
	require.Empty(t, b.engine.sent)
}
