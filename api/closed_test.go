package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

const requestC = "018f0000-0000-7000-8000-00000000000c"

// merged is R-3, which went on in R-1 and in R-2; the latter is confidential.
func merged(t *testing.T) *bundle {
	b := setup(t)
	r := inReview(requestC, 3, "sam")
	r.Close(pmo.TriggerMerged, "two asks in one.", pmo.By{Actor: "petra"}, now.Add(-time.Minute))
	r.MergedInto = []string{requestA, requestB}
	b.put(r)
	return b
}

func TestAMergedRequestSaysWhereItGoesOn(t *testing.T) {
	b := merged(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-3", "")
	require.Equal(t, 200, status)
	require.Equal(t, []any{"R-1"}, doc["goes_on_in"], "R-2 is not for sam")
	_, doc, _ = b.call(t, "petra", "GET", "/v1/requests/R-3", "")
	require.Equal(t, []any{"R-1", "R-2"}, doc["goes_on_in"])
}

func TestTheRefusalOfAClosedRequestSaysHowItClosed(t *testing.T) {
	b := merged(t)
	b.engine.err = problem.New(problem.Closed, "the request is closed and takes no more commands")
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests/R-3/withdraw", "")
	require.Equal(t, 409, status)
	require.Equal(t, "the request was closed as merged on 2027-03-01 08:59 UTC by petra: two asks in one; it goes on in R-1", doc["detail"])
	status, doc, _ = b.call(t, "petra", "POST", "/v1/requests/R-3/split", `{"reason":"x","parts":[{"title":"A","kind":"support"},{"title":"B","kind":"support"}]}`)
	require.Equal(t, 409, status)
	require.Contains(t, doc["detail"], "by petra")
	require.Contains(t, doc["detail"], "R-1, R-2")
}

func TestReassignSaysWhatHasHappenedAndWhatHasYetTo(t *testing.T) {
	due := time.Date(2027, 3, 4, 9, 0, 0, 0, time.UTC)
	offer := pmo.OpenItem{ID: "assignment/2/otter", Kind: pmo.KindAssignment, Waiting: []string{"theo"}, DueAt: due}
	for name, c := range map[string]struct {
		cmd        pmo.Reassign
		before     string
		open       []pmo.OpenItem
		done, next string
	}{
		"the team has the offer": {pmo.Reassign{Team: "otter"}, "the work from falcon", []pmo.OpenItem{offer}, "The PMO took back the work from falcon. A team is looked for, otter first.",
			"otter has the offer and has yet to accept it: theo answers assignment/2/otter until 2027-03-04 09:00 +00:00. Nobody works on it before."},
		"another team has it": {pmo.Reassign{Team: "lynx"}, "the offer to falcon", []pmo.OpenItem{offer}, "The PMO took back the offer to falcon. A team is looked for, lynx first.",
			"lynx could not be offered it. otter has the offer and has yet to accept it: theo answers assignment/2/otter until 2027-03-04 09:00 +00:00. Nobody works on it before."},
		"two teams": {pmo.Reassign{Team: "otter", Second: "lynx"}, "the work from falcon and otter", []pmo.OpenItem{offer}, "The PMO took back the work from falcon and otter. A team is looked for, otter first and lynx as the second.",
			"lynx could not be offered it. otter has the offer and has yet to accept it: theo answers assignment/2/otter until 2027-03-04 09:00 +00:00. Nobody works on it before."},
		"no team yet": {pmo.Reassign{Team: "otter"}, "", nil, "No team had the work. A team is looked for, otter first.",
			"No team has the offer yet; the status says why when none fits. Nobody works on it before a team has accepted."},
		"a question": {pmo.Reassign{Question: "review/1/approvers", From: "ana", To: "kai"}, "", []pmo.OpenItem{{ID: "review/1/approvers", DueAt: due}},
			"kai is asked review/1/approvers instead of ana.", "kai has yet to answer, until 2027-03-04 09:00 +00:00."},
	} {
		t.Run(name, func(t *testing.T) {
			done, next := reassigned(&c.cmd, c.before, &pmo.Receipt{Open: c.open})
			require.Equal(t, c.done, done)
			require.Equal(t, c.next, next)
		})
	}
	b := setup(t)
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/reassign", `{"reason":"x","decision":"review/1/approvers","from":"ana","to":"kai"}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, "kai is asked review/1/approvers instead of ana.", doc["done"])
	require.NotEmpty(t, doc["next_step"])
}

func TestNoDelegationSaysSo(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "bo", "GET", "/v1/me/delegation", "")
	require.Equal(t, 404, status)
	require.Equal(t, "nobody acts for you: you have named no delegate", doc["detail"])
}

func TestAPastTimeSaysWhatIsWrongWithIt(t *testing.T) {
	b := setup(t)
	_, doc, _ := b.call(t, "bo", "PUT", "/v1/me/delegation", `{"delegate":"kai","from":"2027-02-01T00:00:00+01:00","until":"2027-02-28T00:00:00+01:00"}`)
	f := doc["errors"].([]any)[0].(map[string]any)
	require.Equal(t, "/until", f["pointer"])
	require.Equal(t, "is in the past: 2027-02-28 00:00 +01:00 is before now, 2027-03-01 10:00 +01:00", f["detail"])
}

// A path may be as long as a header: the answer does not repeat it whole.
func TestALongPathIsNotRepeated(t *testing.T) {
	b := setup(t)
	path := "/v1/requests/"
	for range 400 {
		path += "0123456789"
	}
	_, doc, _ := b.call(t, "sam", "GET", path, "")
	require.Less(t, len(doc["instance"].(string)), 300)
}
