package flow

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// event is an entry of the ledger, so many days after a Monday.
func event(days float64, kind, what string) Event {
	e := Event{Item: "a", Event: kind, At: at(days)}
	if kind == pmo.EventStage || kind == pmo.EventSubmitted {
		e.Stage = what
	} else {
		e.Question = what
	}
	return e
}

func TestStagesOfTheLedger(t *testing.T) {
	events := []Event{event(0, pmo.EventSubmitted, "intake"), event(1, pmo.EventStage, "review"), event(4, pmo.EventStage, "prioritization"), event(5, pmo.EventStage, "review")}
	require.Equal(t, []StageSpan{{Stage: "intake", Span: span(0, 1)}, {Stage: "review", Span: span(1, 4)}, {Stage: "prioritization", Span: span(4, 5)}, {Stage: "review", Span: Span{From: at(5)}}},
		StagesOf(events, nil), "it came back, and is there still")
	closed := StagesOf(events, p(7))
	require.Equal(t, span(5, 7), closed[3].Span)
	require.Equal(t, map[string]float64{"intake": 1, "review": 5, "prioritization": 1}, DaysIn(closed, at(9)))
	require.Equal(t, map[string]float64{"intake": 1, "review": 7, "prioritization": 1}, DaysIn(StagesOf(events, nil), at(9)))
	require.Equal(t, map[string][]float64{"review": {2}}, StageTimes([]Item{{Stages: closed}}, at(6), at(8), Options{}), "stays that ended in the time")
	require.Empty(t, StagesOf(nil, p(1)))
}

func TestQuestionsOfTheLedger(t *testing.T) {
	open := event(6, pmo.EventAsked, "approach/1")
	open.Open = true
	events := []Event{
		event(0, pmo.EventAsked, "review/1/approvers"), event(0, pmo.EventAsked, "review/1/finance"), event(1, pmo.EventAsked, "review/1/finance"),
		event(2, pmo.EventSettled, "review/1/approvers"), // wants to know more: the round is suspended, which has no entry of its own
		event(3, pmo.EventAsked, "review/2/finance"), event(5, pmo.EventTimedOut, "review/2/finance"), open,
	}
	questions := QuestionsOf(events, nil)
	require.Equal(t, []Question{{"review/1/approvers", "approvers", at(0), p(2), 0}, {"review/1/finance", "finance", at(0), p(2), 0}, {"review/2/finance", "finance", at(3), p(5), 0},
		{"approach/1", "delivery_leads", at(6), nil, 0}}, questions)
	require.Equal(t, map[string]float64{"approvers": 2, "finance": 4, "delivery_leads": 1}, DaysWith(questions, at(7)))
	groups := GroupTimes(questions, at(1), at(8), Options{})
	require.Equal(t, []string{"approvers", "finance", "delivery_leads"}, []string{groups[0].Group, groups[1].Group, groups[2].Group})
	require.Equal(t, 2, groups[1].Days.N)
	require.Equal(t, GroupTime{Group: "delivery_leads", Open: 1, Oldest: 2, Waited: 2}, groups[2])
	require.Equal(t, p(4), QuestionsOf(events[:1], p(4))[0].Answered, "it ended with the request")
	require.Equal(t, p(0), QuestionsOf(events[:1], nil)[0].Answered, "not open, and nothing is known of its end")
}

func TestHeldOfTheLedger(t *testing.T) {
	events := []Event{event(1, pmo.EventHeld, ""), event(2, pmo.EventResumed, ""), event(4, pmo.EventHeld, "")}
	require.Equal(t, []Span{span(1, 2), {From: at(4)}}, HeldOf(events, nil))
	require.Equal(t, []Span{span(1, 2), span(4, 6)}, HeldOf(events, p(6)))
	require.Empty(t, HeldOf(events[1:2], nil))
}
