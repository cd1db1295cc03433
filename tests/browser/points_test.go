package browser

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/harness"
)

// TestPointsArePutOnARequest: an approver puts points of the group on a request in its page. Everybody who may read it sees them there and on the page of the
// period, and they come back when it is withdrawn.
func TestPointsArePutOnARequest(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	r := e.API.Submit("sam", form("Sort the permits by street"))
	r.AwaitOpen("review/1/approvers")
	ana := open(t, chrome, "")
	ana.signIn(e.API.URL, "ana")
	ana.see(e.API.URL+"/requests/"+r.Ref+"/points", "40 of 40 points", "Points of the group approvers")
	set := func(points string) {
		_, err := evaluate[any](ana, `document.querySelector("[name=points-approvers]").value = "`+points+`"; document.querySelector("main form .button").click(); null`)
		require.NoError(t, err)
	}
	set("41")
	ana.await("more than is left of the 40 points")
	ana.see(e.API.URL+"/requests/"+r.Ref+"/points", "40 of 40 points")
	set("15")
	ana.await("It has 15 points.", "25 of 40 points")

	sam := open(t, chrome, "")
	sam.signIn(e.API.URL, "sam")
	sam.see(e.API.URL+"/requests/"+r.Ref, "It has 15 points.", "Approvers (group) 15")
	page := sam.see(e.API.URL+"/points", "Sort the permits by street", "Approvers (group) 15")
	require.NotContains(t, page, "25", "what others have left is not told")
	wide, err := evaluate[bool](sam, `document.documentElement.scrollWidth > window.innerWidth`)
	require.NoError(t, err)
	require.False(t, wide)

	r.Do("sam", "withdraw", map[string]any{"reason": "no longer needed"})
	r.AwaitClosed("withdrawn")
	ana.see(e.API.URL+"/points", "came back", "40")
	require.Contains(t, r.Events(), "points_returned")
}
