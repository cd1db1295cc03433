// Package demo fills the local stack with a believable portfolio. Every request is submitted and brought where it stands through
// the public API, by the people of the local directory, as an office would.
package demo

import (
	_ "embed"
	"fmt"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
)

// Place is how far a story is brought.
type Place string

// The places, in the order of the process, then those beside it.
const (
	Intake       Place = "intake"        // the form has gaps, and the requester is asked
	Sponsor      Place = "sponsor"       // the sponsor is asked
	Review       Place = "review"        // approvers are asked
	HalfReviewed Place = "half_reviewed" // one of them has answered
	NeedInfo     Place = "need_info"     // one of them wants to know more
	Deferred     Place = "deferred"
	Backlog      Place = "backlog" // ranked, or waiting for its inputs
	Hold         Place = "hold"
	Approach     Place = "approach" // pulled; the way of working is to be confirmed
	Declined     Place = "declined" // a team has declined, another is asked
	NoRoom       Place = "no_room"  // no team has room
	Plan         Place = "plan"     // the plan is to be agreed
	Execution    Place = "execution"
	Acceptance   Place = "acceptance"
	Delivered    Place = "delivered"
	Rejected     Place = "rejected"
	Answered     Place = "answered"
	Merged       Place = "merged"
	Withdrawn    Place = "withdrawn"
)

// Story is one request of the demo.
type Story struct {
	Key     string          `json:"key"`
	By      string          `json:"by"` // who submits it
	Goes    Place           `json:"goes"`
	Form    wire.Submission `json:"form"`
	Wanted  int             `json:"wanted_in"` // days from now to the wanted date; 0: none
	Days    int             `json:"days"`      // of a deferral
	Reason  string          `json:"reason"`    // of the rejection, the hold, the question, …
	Into    string          `json:"into"`      // key of the story it is a double of
	Reports []wire.Report   `json:"reports"`

	until pmo.Date // of a deferral, as of today
	of    string   // id of the story it is a double of
}

// decision is the decision of the story: a verdict with what it needs.
func (s Story) decision(verdict string) wire.Decision {
	return wire.Decision{Verdict: verdict, Reason: s.Reason, Data: pmo.Data{Until: s.until, Of: s.of}}
}

// batches are the stories in the order in which they are processed.
type batches struct {
	Past    []Story `json:"past"`
	Work    []Story `json:"work"`
	Waiting []Story `json:"waiting"`
	Last    []Story `json:"last"`
}

//go:embed stories.yaml
var before []byte

//go:embed stories_waiting.yaml
var after []byte

// stories reads the embedded files.
func stories() (batches, error) {
	var first, second batches
	if faults := yamlstrict.Decode(before, &first); len(faults) > 0 {
		return batches{}, fmt.Errorf("read the stories: %w", faults.Err())
	}
	if faults := yamlstrict.Decode(after, &second); len(faults) > 0 {
		return batches{}, fmt.Errorf("read the waiting stories: %w", faults.Err())
	}
	return batches{Past: first.Past, Work: first.Work, Waiting: second.Waiting, Last: second.Last}, nil
}

func (w batches) all() []Story {
	var list []Story
	for _, batch := range [][]Story{w.Past, w.Work, w.Waiting, w.Last} {
		list = append(list, batch...)
	}
	return list
}

// requester is whose request it is.
func (s Story) requester() string {
	if s.Form.Requester != "" {
		return s.Form.Requester
	}
	return s.By
}

// form is the form as it is submitted today.
func (s Story) form(now time.Time) wire.Submission {
	f := s.Form
	if s.Wanted > 0 {
		f.WantedBy = inDays(now, s.Wanted)
	}
	return f
}

func inDays(now time.Time, days int) pmo.Date {
	return pmo.Date(now.UTC().AddDate(0, 0, days).Format(time.DateOnly))
}
