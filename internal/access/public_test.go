package access_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
)

var at = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

func publicRequest() *pmo.Request {
	r := pmo.New("018f", "", pmo.Submission{Requester: "public-form", SubmittedBy: "public-form", At: at, Content: pmo.Content{Title: "The printer is silent", Kind: "support"}})
	r.Number = 42
	return r
}

// canary fills every text of a value with a word that must not be shown.
func canary(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct && v.CanSet() {
			v.Set(reflect.New(v.Type().Elem()))
			canary(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				canary(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		canary(v.Index(0))
	case reflect.String:
		v.SetString("canary")
	}
}

// Whatever a request holds, its status link shows the title, where it stands and when it is expected.
func TestAStatusLinkShowsNothingInternal(t *testing.T) {
	r := &pmo.Request{}
	canary(reflect.ValueOf(r).Elem())
	r.Number, r.Content.Title, r.Content.Confidential = 42, "The printer is silent", false
	r.Stage, r.Status, r.Outcome = pmo.StageReview, pmo.StatusOpen, ""
	s, ok := access.StatusByLink(r, access.Expected{P50: "2027-04-01", P85: "2027-05-01"}, false, at)
	require.True(t, ok)
	body, err := json.Marshal(s)
	require.NoError(t, err)
	require.NotContains(t, string(body), "canary")
	require.Equal(t, `{"Number":42,"Title":"The printer is silent","SubmittedAt":"0001-01-01T00:00:00Z","Stage":"review","Status":"open","Outcome":"",`+
		`"ClosedAt":"0001-01-01T00:00:00Z","Delivered":false,"Asked":false,"P50":"2027-04-01","P85":"2027-05-01"}`, string(body), "a new part of it is to be thought over")
	state, err := json.Marshal(r)
	require.NoError(t, err)
	require.Greater(t, strings.Count(string(state), "canary"), 100, "the request is full of them")
}

func TestAStatusLinkEnds(t *testing.T) {
	shown := func(change func(*pmo.Request), revoked bool, now time.Time) bool {
		r := publicRequest()
		change(r)
		_, ok := access.StatusByLink(r, access.Expected{}, revoked, now)
		return ok
	}
	closed := func(r *pmo.Request) { r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeAnswered, at }
	require.True(t, shown(func(*pmo.Request) {}, false, at.AddDate(5, 0, 0)), "as long as it is open")
	require.False(t, shown(func(*pmo.Request) {}, true, at), "revoked")
	require.False(t, shown(func(r *pmo.Request) { r.Content.Confidential = true }, false, at), "confidential")
	require.True(t, shown(closed, false, at.Add(access.StatusLinkFor-time.Second)))
	require.False(t, shown(closed, false, at.Add(access.StatusLinkFor)))
}

func TestAStatusLinkSaysWhoseMoveItIs(t *testing.T) {
	r := publicRequest()
	r.Questions = []pmo.Question{{ID: "clarify/1", Kind: pmo.KindClarify, Status: pmo.QuestionOpen, People: []string{"public-form"}}}
	s, _ := access.StatusByLink(r, access.Expected{P50: "2027-04-01"}, false, at)
	require.True(t, s.Asked)
	require.EqualValues(t, "2027-04-01", s.P50)
	r.Status = pmo.StatusOnHold
	s, _ = access.StatusByLink(r, access.Expected{}, false, at)
	require.False(t, s.Asked)
	r.Status, r.AcceptedAt = pmo.StatusOpen, at
	s, _ = access.StatusByLink(r, access.Expected{P50: "2027-04-01"}, false, at)
	require.True(t, s.Delivered)
	require.Empty(t, s.P50, "what is delivered is not expected")
}
