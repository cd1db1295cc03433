package notify

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestADelegateIsToldOfWhatTheyMayAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		delegate string
		change   func(*pmo.Request)
		event    string
		told     []string
	}{
		"asked":                          {"kim", nil, pmo.EventAsked, []string{"ana", "bo", "kim"}},
		"reminded":                       {"kim", nil, pmo.EventReminded, []string{"ana", "bo", "kim"}},
		"escalated":                      {"kim", nil, pmo.EventEscalated, []string{"ana", "bo", "kim"}},
		"a confidential request":         {"kim", confidential, pmo.EventAsked, []string{"ana", "bo", "kim"}},
		"somebody who judges not":        {"ada", nil, pmo.EventAsked, []string{"ana", "bo"}},
		"the requester":                  {"rita", nil, pmo.EventAsked, []string{"ana", "bo"}},
		"who was asked has answered":     {"kim", answeredBy("bo"), pmo.EventAsked, []string{"ana", "bo"}},
		"what asks for no answer":        {"kim", nil, pmo.EventSettled, []string{"ana", "bo"}},
		"a delegate who is asked anyway": {"ana", nil, pmo.EventAsked, []string{"ana", "bo"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newEnvironment(t)
			hooks := newReceiver(t, fails(0, 0))
			urls := map[string]string{}
			for _, person := range []string{"ana", "bo", "kim", "ada", "rita"} {
				urls[person] = hooks.URL
			}
			r := o.leading(o.dispatcher(urls))
			away := store.Delegation{Person: "bo", Delegate: c.delegate, From: day.Add(-time.Hour), Until: day.Add(time.Hour)}
			require.NoError(t, o.store.SetDelegation(context.Background(), away, "bo", day))
			change := c.change
			if change == nil {
				change = func(*pmo.Request) {}
			}
			e := entry("text")
			e.Event, e.Question, e.Recipients = c.event, "review/1/approvers", []string{"ana", "bo"}
			o.record(request("Signal timing sheet", change), e)
			r.drain()
			var told []string
			for _, g := range hooks.all() {
				told = append(told, g.Data.To...)
			}
			require.ElementsMatch(t, c.told, told)
		})
	}
}

// The members of a service's desk hear what the service would hear, also of a confidential request.
func TestTheDeskIsToldInPlaceOfItsService(t *testing.T) {
	for _, change := range []func(*pmo.Request){func(*pmo.Request) {}, confidential} {
		o := newEnvironment(t)
		hooks := newReceiver(t, fails(0, 0))
		r := o.leading(o.dispatcher(map[string]string{"rita": hooks.URL, "kim": hooks.URL}))
		_, err := o.store.SetDesks(context.Background(), map[string][]string{"public-form": {"rita"}}, day)
		require.NoError(t, err)
		e := entry("text")
		e.Event, e.Question, e.Recipients = pmo.EventSettled, "review/1/approvers", []string{"public-form"}
		o.record(request("Signal timing sheet", change), e)
		r.drain()
		told := hooks.all()
		require.Len(t, told, 1)
		require.Equal(t, []string{"rita"}, told[0].Data.To)
	}
}

func answeredBy(person string) func(*pmo.Request) {
	return func(r *pmo.Request) {
		r.Questions[0].Answers = []pmo.Answer{{By: person, For: person, Verdict: pmo.VerdictAbstain}}
	}
}
