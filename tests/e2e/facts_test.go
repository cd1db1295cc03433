package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
)

func smallForm() map[string]any {
	return map[string]any{"title": "Small form tweak", "kind": "enhancement", "problem": "p is bad", "outcome": "o is good",
		"baseline": map[string]any{"volume_per_month": 4, "minutes_each": 30}, "size": 1, "skills": []string{"web"}}
}

// grows: a request that grows is reviewed as the same form is when it is freshly submitted.
func grows(t *testing.T, api *drive.API) {
	fresh := smallForm()
	for field, value := range grownPatch() {
		fresh[field] = value
	}
	want := api.Submit("sam", fresh).AwaitOpen("clarify/1")
	r := api.Submit("sam", smallForm())
	require.Equal(t, "express", r.AwaitOpen("review/1/approvers").Text("lane"))
	r.Amend("sam", grownPatch())
	got := r.AwaitOpen("clarify/1")
	require.Equal(t, "review", got.Text("stage"))
	for _, fact := range []string{"lane", "lane_reason", "severity", "rules.needs_sponsor"} {
		require.Equal(t, want.At(fact), got.At(fact), fact)
	}
	require.Len(t, got.List("route.steps"), 3)
	r.Decide("sam", "clarify/1", "provide", "data", map[string]any{"patch": map[string]any{"sponsor": "bo", "success_measure": "half the calls"}})
	r.AwaitOpen("sponsor/1")
	r.Decide("bo", "sponsor/1", "confirm")
	r.AwaitOpen("review/2/approvers")
	require.Equal(t, "review", r.Decide("ana", "review/2/approvers", "approve").Text("stage"), "one yes is not enough")
}

func grownPatch() map[string]any {
	return map[string]any{"size": 40, "kind": "programme", "baseline": map[string]any{"money_per_year": 900000, "people": 900}}
}

// anotherSponsor: who is named and has not confirmed has no rights, and is asked; no one sponsors their own request.
func anotherSponsor(t *testing.T, api *drive.API) {
	r := api.Submit("sam", map[string]any{"title": "Coin meters", "kind": "new_application", "problem": "p is bad", "outcome": "o is good", "success_measure": "m is measured",
		"baseline": map[string]any{"people": 120, "money_per_year": 300000}, "size": 4, "sponsor": "bo"})
	r.AwaitOpen("sponsor/1")
	r.Decide("bo", "sponsor/1", "confirm")
	r.AwaitOpen("review/1/approvers")
	r.Amend("sam", map[string]any{"sponsor": "rita"})
	asked := r.AwaitOpen("sponsor/2")
	require.Nil(t, asked.At("sponsored"))
	api.As("rita").Call(http.StatusForbidden, http.MethodPost, r.Path("/inputs"),
		map[string]any{"inputs": map[string]any{"business_value": 20}, "class": "expedite", "reason": "I say so"})
	api.As("sam").Call(http.StatusUnprocessableEntity, http.MethodPatch, r.Path(""),
		map[string]any{"revision": asked.At("revision"), "patch": map[string]any{"sponsor": "sam"}, "reason": "me"})
	r.Decide("rita", "sponsor/2", "confirm")
	r.Await("rita speaks for it", func(a *drive.Answer) bool { return a.At("sponsored") == "rita" })
}
